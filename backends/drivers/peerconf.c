/* The walk through a configuration that nests by indentation; see peerconf.h. */
#include "backends/drivers/peerconf.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <string.h>

enum { DEPTH = 12 };

/* The lines that the current one stands under. */
struct nest {
	struct scan lines;
	struct {
		size_t indent;
		struct slice line;
	} up[DEPTH];
	size_t depth;
	struct slice line; /* without its indentation */
};

static bool nest_next(struct nest *n)
{
	struct slice line;

	while (scan_line(&n->lines, &line)) {
		size_t indent = 0;

		while (indent < line.len && line.p[indent] == ' ')
			indent++;
		n->line = slice_trim(line);
		if (n->line.len == 0 || n->line.p[0] == '!')
			continue;
		while (n->depth > 0 && n->up[n->depth - 1].indent >= indent)
			n->depth--;
		if (n->depth == DEPTH)
			n->depth--;
		n->up[n->depth].indent = indent;
		n->up[n->depth++].line = n->line;
		return true;
	}
	return false;
}

/* What a line says and about whom. */
struct statement {
	struct slice asn, vrf, who;
	bool group;  /* who is a template or a group */
	bool in_family;
	int family;  /* -1: one that is not handled */
	struct scan rest;
	bool any;    /* there are words behind the name */
	struct slice above; /* the line that it stands under */
};

static int family_of(struct scan *c, struct slice *vrf)
{
	struct slice afi = SLICE(""), word;
	int family;

	scan_word(c, &afi);
	family = slice_eq(afi, "ipv4") ? 0 : slice_eq(afi, "ipv6") ? 1 : -1;
	while (scan_word(c, &word)) {
		if (slice_eq(word, "vrf"))
			scan_word(c, vrf);
		else if (!slice_eq(word, "unicast"))
			family = -1;
	}
	return family;
}

static bool opens_group(struct slice word)
{
	return slice_eq(word, "neighbor-group") || slice_eq(word, "session-group") || slice_eq(word, "af-group");
}

/* One of the lines above, or the line itself: adds what it tells. */
static void take_context(struct statement *s, struct slice line)
{
	struct scan c = scan_of(line);
	struct slice word, kind;

	if (!scan_word(&c, &word))
		return;
	if (slice_eq(word, "vrf")) {
		scan_word(&c, &s->vrf);
	} else if (slice_eq(word, "address-family")) {
		s->in_family = true;
		s->family = family_of(&c, &s->vrf);
	} else if (slice_eq(word, "neighbor")) {
		s->any = scan_word(&c, &s->who) && !scan_done(&c);
		s->rest = c;
	} else if (opens_group(word)) {
		s->group = true;
		scan_word(&c, &s->who);
		if (scan_word(&c, &kind) && slice_eq(kind, "address-family")) {
			s->in_family = true;
			s->family = family_of(&c, &s->vrf);
		}
	} else if (slice_eq(word, "template")) {
		s->group = true;
		scan_word(&c, &kind);
		scan_word(&c, &s->who);
	}
}

static bool is_context(struct slice line)
{
	static const char *const words[] = { "vrf", "address-family", "template", "neighbor-group", "session-group",
		"af-group", "router" };
	struct scan c = scan_of(line);
	struct slice word;

	scan_word(&c, &word);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (slice_eq(word, words[i]))
			return true;
	return false;
}

/* False for lines that are not about a neighbor of BGP. */
static bool read_statement(const struct nest *n, struct statement *s)
{
	struct scan top = scan_of(n->up[0].line);
	struct slice word, bgp;

	*s = (struct statement){ .asn = SLICE(""), .vrf = SLICE(""), .who = SLICE(""), .family = -1,
		.above = n->depth > 1 ? n->up[n->depth - 2].line : SLICE("") };
	if (!scan_word(&top, &word) || !slice_eq(word, "router") || !scan_word(&top, &bgp) || !slice_eq(bgp, "bgp") ||
	    !scan_word(&top, &s->asn))
		return false;
	for (size_t i = 1; i < n->depth; i++)
		take_context(s, n->up[i].line);
	if (s->who.len == 0)
		return false;
	if (!slice_starts(n->line, "neighbor ") && !is_context(n->line)) { /* stands in a block of its own */
		s->rest = scan_of(n->line);
		s->any = true;
	}
	return true;
}

/* ---- what the statements of one name add ---- */

static bool names(struct slice word, const struct session *s)
{
	struct addr a;

	if (s->peer.family != ADDR_NONE)
		return addr_parse(word, &a) && addr_equal(&a, &s->peer);
	return slice_eq(word, text_or(s->neighbor, ""));
}

static bool same(struct slice a, struct slice b)
{
	return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

static void add_group(struct peerconf *out, struct slice name)
{
	for (size_t i = 0; i < out->groups; i++)
		if (same(out->group[i], name))
			return;
	if (name.len > 0 && out->groups < PEERCONF_GROUPS)
		out->group[out->groups++] = name;
}

/* "peer-group G", "peer group G", "inherit peer G", "inherit peer-policy G 10", "use neighbor-group G" */
static void take_group(struct peerconf *out, struct slice what, struct scan c)
{
	struct slice kind, name = SLICE("");

	if (slice_eq(what, "peer-group")) {
		scan_word(&c, &name);
	} else if (scan_word(&c, &kind)) {
		if (slice_eq(what, "peer") && !slice_eq(kind, "group"))
			return;
		scan_word(&c, &name);
	}
	add_group(out, name);
}

/* "NAME out" and nothing behind it but a sequence number. */
static bool out_side(struct scan c, struct slice *name)
{
	struct slice side;

	return scan_word(&c, name) && scan_word(&c, &side) && slice_eq(side, "out");
}

static void take_slot(struct peerconf *out, const struct statement *s, enum peerconf_kind kind, struct slice name,
    bool inherited)
{
	int first = s->in_family ? s->family : 0, last = s->in_family ? s->family : PEERCONF_FAMILIES - 1;

	for (int f = first; f >= 0 && f <= last; f++) {
		struct peerconf_slot *slot = &out->family[f].slot[kind];

		if (inherited) {
			if (slot->inherited.len == 0)
				slot->inherited = name;
		} else if (s->in_family || slot->name.len == 0) {
			slot->name = name;
			slot->top = !s->in_family;
		}
	}
}

static void take_out_side(struct peerconf *out, const struct statement *s, struct slice what, struct scan c,
    bool inherited)
{
	static const char *const words[PEERCONF_KINDS] = { "prefix-list", "route-map", "route-policy" };
	struct slice name;

	if (!out_side(c, &name))
		return;
	for (int k = 0; k < PEERCONF_KINDS; k++)
		if (slice_eq(what, words[k]))
			take_slot(out, s, (enum peerconf_kind)k, name, inherited);
	if (!slice_eq(what, "distribute-list") && !slice_eq(what, "filter-list"))
		return;
	for (int f = 0; f < PEERCONF_FAMILIES; f++)
		if (!s->in_family || s->family == f)
			out->family[f].distribute = true;
}

static void take(struct peerconf *out, const struct statement *s, bool inherited)
{
	struct scan c = s->rest;
	struct slice what, word;

	if (!inherited && s->in_family && s->family >= 0)
		out->family[s->family].block = true;
	if (!s->any || !scan_word(&c, &what))
		return;
	if (slice_eq(what, "shutdown")) {
		*(inherited ? &out->group_shutdown : &out->shutdown) = true;
	} else if (slice_eq(what, "graceful-shutdown") || slice_eq(what, "graceful-maintenance")) {
		out->graceful |= scan_word(&c, &word) && slice_eq(word, "activate");
	} else if (slice_eq(what, "activate") && slice_eq(s->above, "graceful-maintenance")) {
		out->graceful = true;
	} else if (slice_eq(what, "send-community-gshut-ebgp") && s->in_family && s->family >= 0) {
		out->family[s->family].gshut_community = true;
	} else if (slice_eq(what, "peer-group") || slice_eq(what, "peer") || slice_eq(what, "inherit") ||
	    slice_eq(what, "use")) {
		take_group(out, what, c);
	} else {
		take_out_side(out, s, what, c, inherited);
	}
}

void peerconf_read(const char *config, const struct session *s, struct peerconf *out)
{
	struct nest n = { .lines = scan_of(slice_of(config)) };
	struct statement st;

	*out = (struct peerconf){ .asn = { "", 0 } };
	while (nest_next(&n)) {
		if (!read_statement(&n, &st) || st.group || !slice_eq(st.vrf, text_or(s->vrf, "")) || !names(st.who, s))
			continue;
		out->found = true;
		out->asn = st.asn;
		take(out, &st, false);
	}
	for (size_t g = 0; g < out->groups; g++) {
		n = (struct nest){ .lines = scan_of(slice_of(config)) };
		while (nest_next(&n))
			if (read_statement(&n, &st) && same(st.who, out->group[g]))
				take(out, &st, true);
	}
}

int peerconf_index(enum afi_safi family)
{
	if (family == AF_IPV4_UNICAST || family == AF_VPNV4_UNICAST)
		return 0;
	return family == AF_IPV6_UNICAST || family == AF_VPNV6_UNICAST ? 1 : -1;
}

/* ---- lists and policies ---- */

/* "[seq N] deny 0.0.0.0/0 le 32"; *all: takes every prefix. */
static bool entry_denies(struct scan c, int version, bool *all)
{
	struct slice word, rest;

	if (!scan_word(&c, &word))
		return false;
	if (slice_eq(word, "seq") && (!scan_word(&c, &word) || !scan_word(&c, &word)))
		return false;
	if (!slice_eq(word, "deny"))
		return false;
	rest = slice_trim(scan_rest(&c));
	*all = slice_eq(rest, "any") || slice_eq(rest, version == 4 ? "0.0.0.0/0 le 32" : "::/0 le 128") ||
	    slice_eq(rest, version == 4 ? "0.0.0.0/0 ge 0 le 32" : "0::/0 le 128");
	return true;
}

/* "ip prefix-list NAME", with c behind the name. */
static bool heads_list(struct slice line, int version, const char *name, struct scan *c)
{
	struct slice word;

	*c = scan_of(line);
	return scan_word(c, &word) && slice_eq(word, version == 4 ? "ip" : "ipv6") && scan_word(c, &word) &&
	    slice_eq(word, "prefix-list") && scan_word(c, &word) && slice_eq(word, name);
}

enum peerconf_list peerconf_prefix_list(const char *config, int version, const char *name)
{
	struct nest n = { .lines = scan_of(slice_of(config)) };
	bool seen = false, other = false, any = false;
	struct scan c;

	while (nest_next(&n)) {
		struct slice entry;
		bool all = false;

		if (!heads_list(n.up[0].line, version, name, &c))
			continue;
		seen = true;
		entry = n.depth > 1 ? n.line : slice_trim(scan_rest(&c)); /* EOS writes the entries under the name */
		if (entry.len == 0 || slice_starts(entry, "description"))
			continue;
		other |= !entry_denies(scan_of(entry), version, &all);
		any |= all;
	}
	return !seen ? PEERCONF_NO_LIST : !other && any ? PEERCONF_DENIES_ALL : PEERCONF_OTHER_LIST;
}

enum peerconf_list peerconf_route_policy(const char *config, const char *name)
{
	struct scan lines = scan_of(slice_of(config));
	struct slice line, word;
	bool inside = false, seen = false, drops = false, other = false;

	while (scan_line(&lines, &line)) {
		struct scan c = scan_of(line);

		line = slice_trim(line);
		if (scan_word(&c, &word) && slice_eq(word, "route-policy") && scan_word(&c, &word)) {
			inside = slice_eq(word, name);
			seen |= inside;
		} else if (slice_eq(line, "end-policy")) {
			inside = false;
		} else if (inside && line.len > 0 && line.p[0] != '#') {
			drops |= slice_eq(line, "drop");
			other |= !slice_eq(line, "drop");
		}
	}
	return !seen ? PEERCONF_NO_LIST : drops && !other ? PEERCONF_DENIES_ALL : PEERCONF_OTHER_LIST;
}

bool peerconf_has_map(const char *config, const char *name)
{
	struct scan lines = scan_of(slice_of(config));
	struct slice line, word;

	while (scan_line(&lines, &line)) {
		struct scan c = scan_of(line);

		if (scan_word(&c, &word) && slice_eq(word, "route-map") && scan_word(&c, &word) && slice_eq(word, name))
			return true;
	}
	return false;
}
