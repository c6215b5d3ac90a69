/* The port in a printed route; see route_iface.h. */
#include "backends/parse/route_iface.h"
#include "backends/parse/refusal.h"
#include "backends/parse/words.h"
#include "core/base/mem.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { LETTERS_MIN = 2 };

static bool is_word_of_routing(struct slice w)
{
	static const char *const words[] = { "IPv4", "IPv6", "bgp-", "ospf-", "isis-", "AS", "L1", "L2", "type", "vrf" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (w.len >= strlen(words[i]) && strncasecmp(w.p, words[i], strlen(words[i])) == 0 &&
		    (w.len == strlen(words[i]) || words[i][strlen(words[i]) - 1] == '-' || isdigit((unsigned char)w.p[strlen(words[i])])))
			return true;
	return false;
}

/* "ge-0/0/0.0", "Eth1/1", "HundredGigE0/0/0/1", "Vlan100" */
static bool is_port(struct slice w)
{
	size_t letters = 0, digits = 0;

	while (letters < w.len && (isalpha((unsigned char)w.p[letters]) || w.p[letters] == '-'))
		letters++;
	for (size_t i = letters; i < w.len; i++) {
		if (!isalnum((unsigned char)w.p[i]) && strchr("/.:_-", w.p[i]) == NULL)
			return false;
		digits += isdigit((unsigned char)w.p[i]) ? 1 : 0;
	}
	return letters >= LETTERS_MIN && digits > 0 && letters < w.len && isdigit((unsigned char)w.p[letters]) &&
	       !is_word_of_routing(w);
}

static bool tells_the_way(const struct words *w)
{
	struct prefix p;

	for (size_t i = 0; i < w->n; i++)
		if (slice_find(w->w[i], "via") >= 0 || slice_starts(w->w[i], "direct") || slice_starts(w->w[i], "Direct") ||
		    prefix_parse(w->w[i], &p))
			return true;
	return false;
}

int route_iface(struct slice out, struct str *name, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line, word;
	struct words w;

	while (scan_line(&c, &line)) {
		words_cut(&w, line);
		if (!tells_the_way(&w))
			continue;
		for (size_t i = 0; i < w.n; i++) {
			word = words_upto(w.w[i], ",;");
			if (is_port(word)) {
				str_add(name, word.p, word.len);
				return 0;
			}
		}
	}
	return refusal_or_not_found(out, "interface", e);
}
