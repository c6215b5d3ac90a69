/* Prefixes of an action; see chosen.h. */
#include "core/act/chosen.h"
#include "core/base/scan.h"

#include <string.h>

bool chosen_has(struct chosen c, const struct prefix *p)
{
	for (size_t i = 0; i < c.count; i++)
		if (c.p[i].len == p->len && addr_equal(&c.p[i].net, &p->net))
			return true;
	return false;
}

bool chosen_overlaps(struct chosen a, struct chosen b)
{
	for (size_t i = 0; i < a.count; i++)
		if (chosen_has(b, &a.p[i]))
			return true;
	return false;
}

struct chosen chosen_copy(struct arena *a, struct chosen from)
{
	struct prefix *p = arena_alloc(a, (from.count + 1) * sizeof(*p));

	if (from.count > 0)
		memcpy(p, from.p, from.count * sizeof(*p));
	return (struct chosen){ p, from.count };
}

struct chosen chosen_of_version(struct arena *a, struct chosen from, int version)
{
	struct prefix *p = arena_alloc(a, (from.count + 1) * sizeof(*p));
	size_t n = 0;

	for (size_t i = 0; i < from.count; i++)
		if (from.p[i].net.family == version)
			p[n++] = from.p[i];
	return (struct chosen){ p, n };
}

/* Host bits are most likely a slip: what is meant is asked for, not guessed. */
static int read_word(struct slice w, struct prefix *p, struct err *e)
{
	const char *slash = memchr(w.p, '/', w.len);
	char masked[PREFIX_STRLEN];
	struct addr typed;

	if (slash == NULL || !prefix_parse(w, p) || !addr_parse(slice_upto(w, (size_t)(slash - w.p)), &typed))
		return err_set(e, ERR_USAGE, "\"%.*s\" is no prefix: written like 203.0.113.0/24 or 2001:db8:1::/48",
		    (int)(w.len < 80 ? w.len : 80), w.p);
	if (!addr_equal(&typed, &p->net))
		return err_set(e, ERR_USAGE, "%.*s has bits behind its length: is %s meant?", (int)w.len, w.p,
		    prefix_print(p, masked));
	return 0;
}

int chosen_parse(struct arena *a, struct slice words, struct chosen *out, struct err *e)
{
	struct prefix *p = arena_alloc(a, CHOSEN_MAX * sizeof(*p)), one;
	struct chosen now = { p, out->count };
	size_t at = 0, before;

	if (out->count > 0)
		memcpy(p, out->p, out->count * sizeof(*p));
	before = now.count;
	while (at < words.len) {
		size_t from;

		while (at < words.len && strchr(", \t", words.p[at]) != NULL)
			at++;
		for (from = at; at < words.len && strchr(", \t", words.p[at]) == NULL;)
			at++;
		if (at == from)
			break;
		if (read_word((struct slice){ words.p + from, at - from }, &one, e) < 0)
			return -1;
		before = SIZE_MAX; /* something was named, if only what is there already */
		if (chosen_has(now, &one))
			continue;
		if (now.count == CHOSEN_MAX)
			return err_set(e, ERR_USAGE, "more than %d prefixes at once", CHOSEN_MAX);
		p[now.count++] = one;
	}
	if (before != SIZE_MAX)
		return err_set(e, ERR_USAGE, "no prefix is named");
	*out = now;
	return 0;
}

void chosen_print(struct str *out, struct chosen c)
{
	char text[PREFIX_STRLEN];

	for (size_t i = 0; i < c.count; i++)
		str_addf(out, "%s%s", i > 0 ? ", " : "", prefix_print(&c.p[i], text));
}

const char *chosen_words(struct arena *a, struct chosen c)
{
	const char *words;
	struct str s;

	str_init(&s, 0);
	chosen_print(&s, c);
	words = arena_strndup(a, s.p, s.len);
	str_fini(&s);
	return words;
}

bool chosen_read_route(struct slice word, struct prefix *p)
{
	struct addr net;

	if (memchr(word.p, '/', word.len) != NULL)
		return prefix_parse(word, p);
	if (!addr_parse(word, &net) || net.family != ADDR_IP4)
		return false;
	*p = (struct prefix){ .net = net };
	if (net.b[0] != 0)
		p->len = net.b[0] < 128 ? 8 : net.b[0] < 192 ? 16 : 24;
	prefix_mask(p);
	return true;
}
