/* Prefix-lists read and written; see outlist.h. */
#include "backends/drivers/outlist.h"

#include <string.h>

static bool read_range(struct scan *c, struct outlist_entry *entry)
{
	struct slice word, value;
	uint64_t n;

	while (scan_word(c, &word)) {
		if (!scan_word(c, &value) || !slice_u64(value, &n) || n > 128)
			return false;
		if (slice_eq(word, "ge"))
			entry->ge = (unsigned)n;
		else if (slice_eq(word, "le"))
			entry->le = (unsigned)n;
		else if (slice_eq(word, "eq"))
			entry->ge = entry->le = (unsigned)n;
		else
			return false;
	}
	return true;
}

bool outlist_entry_read(struct scan c, int version, struct outlist_entry *entry)
{
	struct slice word;

	*entry = (struct outlist_entry){ .permit = false };
	if (!scan_word(&c, &word))
		return false;
	if (slice_eq(word, "seq") && (!scan_word(&c, &word) || !scan_word(&c, &word)))
		return false;
	entry->permit = slice_eq(word, "permit");
	if ((!entry->permit && !slice_eq(word, "deny")) || !scan_word(&c, &word))
		return false;
	if (slice_eq(word, "any")) {
		entry->p.net.family = (uint8_t)version;
		entry->le = version == 4 ? 32 : 128;
		return scan_done(&c) || !scan_word(&c, &word);
	}
	return prefix_parse(word, &entry->p) && entry->p.net.family == version && read_range(&c, entry);
}

bool outlist_add(struct arena *a, struct outlist *l, const struct outlist_entry *entry)
{
	if (l->e == NULL)
		l->e = arena_alloc(a, (OUTLIST_MAX + CHOSEN_MAX + 1) * sizeof(*l->e));
	if (l->count >= OUTLIST_MAX)
		return false;
	l->e[l->count++] = *entry;
	return true;
}

static void take(struct arena *a, struct slice text, int version, struct outlist *out)
{
	struct outlist_entry entry;

	if (text.len == 0 || text.p[0] == '!' || slice_starts(text, "description"))
		return;
	if ((!outlist_entry_read(scan_of(text), version, &entry) || !outlist_add(a, out, &entry)) && out->odd.len == 0)
		out->odd = text;
}

/* "ip prefix-list NAME" at the start of a line, with c behind the name. */
static bool heads(struct slice line, int version, const char *name, struct scan *c)
{
	struct slice w;

	*c = scan_of(line);
	return line.len > 0 && line.p[0] != ' ' && scan_word(c, &w) && slice_eq(w, version == 4 ? "ip" : "ipv6") &&
	    scan_word(c, &w) && slice_eq(w, "prefix-list") && scan_word(c, &w) && slice_eq(w, name);
}

/* EOS writes the entries under the name, the others each with it. */
void outlist_read(struct arena *a, const char *config, int version, const char *name, struct outlist *out)
{
	struct scan lines = scan_of(slice_of(config)), c;
	struct slice line;
	bool inside = false;

	*out = (struct outlist){ .odd = SLICE("") };
	while (scan_line(&lines, &line)) {
		if (heads(line, version, name, &c)) {
			out->defined = inside = true;
			take(a, slice_trim(scan_rest(&c)), version, out);
		} else if (inside && line.len > 0 && line.p[0] == ' ') {
			take(a, slice_trim(line), version, out);
		} else {
			inside = false;
		}
	}
}

void outlist_without(struct arena *a, struct chosen denied, int version, const struct outlist *former, struct outlist *out)
{
	const struct outlist_entry all = { .permit = true, .p = { .net = { .family = (uint8_t)version } },
		.le = version == 4 ? 32 : 128 };

	*out = (struct outlist){ .defined = true, .odd = SLICE("") };
	out->e = arena_alloc(a, (OUTLIST_MAX + CHOSEN_MAX + 1) * sizeof(*out->e));
	for (size_t i = 0; i < denied.count; i++)
		if (denied.p[i].net.family == version)
			out->e[out->count++] = (struct outlist_entry){ .p = denied.p[i] };
	for (size_t i = 0; former != NULL && i < former->count; i++)
		out->e[out->count++] = former->e[i];
	if (former == NULL || former->count == 0)
		out->e[out->count++] = all;
}

const char *outlist_range(struct arena *a, const struct outlist_entry *entry)
{
	if (entry->ge > 0 && entry->le > 0)
		return arena_printf(a, " ge %u le %u", entry->ge, entry->le);
	if (entry->ge > 0)
		return arena_printf(a, " ge %u", entry->ge);
	return entry->le > 0 ? arena_printf(a, " le %u", entry->le) : "";
}

void outlist_lines(struct build *b, enum build_list l, int version, const struct outlist *list, size_t needs)
{
	for (size_t i = 0; i < list->count; i++) {
		b->args.prefix = &list->e[i].p;
		build_line(b, l, arena_printf(b->ctx->arena, "%s prefix-list {name} seq %zu %s {prefix}%s",
		    version == 4 ? "ip" : "ipv6", (i + 1) * 5, list->e[i].permit ? "permit" : "deny",
		    outlist_range(b->ctx->arena, &list->e[i])))->needs = needs;
	}
}

const char *outlist_name(const struct act_context *ctx, const char *begin,
    bool (*defined)(const struct act_context *ctx, const char *name))
{
	const struct session *s = ctx->sessions[0];
	char text[ADDR_STRLEN];
	const char *base, *name;

	if (s->peer.family != ADDR_NONE)
		addr_print(&s->peer, text);
	for (char *p = text; s->peer.family != ADDR_NONE && *p != '\0'; p++)
		if (*p == ':')
			*p = '_'; /* not every system takes a colon in a name */
	base = arena_printf(ctx->arena, "%s%s%s%s", begin, s->peer.family != ADDR_NONE ? text : text_or(s->neighbor, ""),
	    text_empty(s->vrf) ? "" : "-", text_or(s->vrf, ""));
	name = base;
	for (unsigned n = 2; defined(ctx, name) && n < 100; n++)
		name = arena_printf(ctx->arena, "%s-%u", base, n);
	return name;
}
