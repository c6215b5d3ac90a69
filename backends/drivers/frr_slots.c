/* The running configuration, read line by line; see frr_slots.h. */
#include "backends/drivers/frr_slots.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <string.h>

static const struct {
	enum afi_safi family;
	const char *words;
	int version;
} slots[FRR_SLOTS] = {
    { AF_IPV4_UNICAST, "ipv4 unicast", 4 },
    { AF_IPV6_UNICAST, "ipv6 unicast", 6 },
    { AF_IPV4_MULTICAST, "ipv4 multicast", 4 },
    { AF_IPV6_MULTICAST, "ipv6 multicast", 6 },
    { AF_IPV4_LABELED, "ipv4 labeled-unicast", 4 },
    { AF_IPV6_LABELED, "ipv6 labeled-unicast", 6 },
};

int frr_slots_index(enum afi_safi family)
{
	for (int i = 0; i < FRR_SLOTS; i++)
		if (slots[i].family == family)
			return i;
	return -1;
}

const char *frr_slots_family(int index)
{
	return slots[index].words;
}

int frr_slots_version(int index)
{
	return slots[index].version;
}

/* Where a walk through the configuration stands. */
struct walk {
	struct scan lines;
	struct slice line, word; /* the line, its first word */
	struct scan rest;        /* behind that word */
	bool ours;               /* inside the `router bgp` of the wanted VRF */
	struct slice asn;
	int slot;                /* address family; -1 outside of one, or of one without a slot */
	bool in_family;
	bool no;                 /* the line takes a default away: "no neighbor X send-community" */
};

static bool enter_bgp(struct walk *w, const char *vrf)
{
	struct slice what, kind = { "", 0 }, name = { "", 0 };

	w->in_family = false;
	w->slot = -1;
	if (!scan_word(&w->rest, &what) || !slice_eq(what, "bgp") || !scan_word(&w->rest, &w->asn))
		return false;
	while (scan_word(&w->rest, &kind)) {
		if (slice_eq(kind, "vrf") || slice_eq(kind, "view")) {
			scan_word(&w->rest, &name);
			break;
		}
	}
	if (slice_eq(kind, "view"))
		return false;
	return slice_eq(name, vrf);
}

static void enter_family(struct walk *w)
{
	struct slice words = slice_trim(scan_rest(&w->rest));

	w->in_family = true;
	w->slot = -1;
	for (int i = 0; i < FRR_SLOTS; i++)
		if (slice_eq(words, slots[i].words))
			w->slot = i;
}

/* Goes to the next `neighbor` line of the wanted instance. */
static bool next_neighbor(struct walk *w, const char *vrf)
{
	while (scan_line(&w->lines, &w->line)) {
		bool top = w->line.len > 0 && w->line.p[0] != ' ';

		w->rest = scan_of(w->line);
		if (!scan_word(&w->rest, &w->word))
			continue;
		if (top)
			w->ours = slice_eq(w->word, "router") && enter_bgp(w, vrf);
		else if (w->ours && slice_eq(w->word, "address-family"))
			enter_family(w);
		else if (w->ours && slice_eq(w->word, "exit-address-family"))
			w->in_family = false;
		w->no = w->ours && slice_eq(w->word, "no") && scan_word(&w->rest, &w->word);
		if (!top && w->ours && slice_eq(w->word, "neighbor"))
			return true;
	}
	return false;
}

static bool names(struct slice word, const struct session *s)
{
	struct addr a;

	if (s->peer.family != ADDR_NONE)
		return addr_parse(word, &a) && addr_equal(&a, &s->peer);
	return slice_eq(word, text_or(s->neighbor, ""));
}

static bool out_side(struct scan *c, struct slice *name)
{
	struct slice side;

	return scan_word(c, name) && scan_word(c, &side) && slice_eq(side, "out");
}

static void read_slot(struct frr_slot *slot, struct slice what, struct scan c, bool group)
{
	struct slice name;

	if (!out_side(&c, &name))
		return;
	if (slice_eq(what, "prefix-list"))
		*(group ? &slot->group_list : &slot->list) = name;
	else if (slice_eq(what, "distribute-list"))
		*(group ? &slot->group_distribute : &slot->distribute) = true;
	else if (slice_eq(what, "route-map"))
		*(group ? &slot->group_map : &slot->map) = name;
}

static void read_line(struct frr_slots *out, const struct walk *w, struct scan c, bool group)
{
	struct slice what, word;

	if (!scan_word(&c, &what))
		return;
	if (w->no) {
		out->silent |= slice_eq(what, "send-community") &&
		    (!scan_word(&c, &word) || slice_eq(word, "both") || slice_eq(word, "all") || slice_eq(word, "standard"));
		return;
	}
	if (slice_eq(what, "shutdown")) {
		*(group ? &out->group_shutdown : &out->shutdown) = true;
		if (!group && scan_word(&c, &word) && slice_eq(word, "message"))
			out->message = slice_trim(scan_rest(&c));
	} else if (!group && slice_eq(what, "peer-group")) {
		scan_word(&c, &out->group);
	} else if (w->in_family && w->slot >= 0) {
		read_slot(&out->slot[w->slot], what, c, group);
	} else if (!w->in_family) {
		read_slot(&out->slot[0], what, c, group); /* old form: IPv4 unicast without a block */
	}
}

static bool same(struct slice a, struct slice b)
{
	return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

static void pass(const char *config, const struct session *s, struct frr_slots *out, bool group)
{
	struct walk w = { .lines = scan_of(slice_of(config)), .slot = -1 };
	struct slice who;

	while (next_neighbor(&w, text_or(s->vrf, ""))) {
		struct scan c = w.rest;

		if (!scan_word(&c, &who) || (group ? !same(who, out->group) : !names(who, s)))
			continue;
		if (!group) {
			out->found = true;
			out->asn = w.asn;
		}
		read_line(out, &w, c, group);
	}
}

void frr_slots_read(const char *config, const struct session *s, struct frr_slots *out)
{
	*out = (struct frr_slots){ .asn = { "", 0 }, .group = { "", 0 }, .message = { "", 0 } };
	pass(config, s, out, false);
	if (out->group.len > 0)
		pass(config, s, out, true);
}

/* "ip prefix-list NAME ..." at the start of a line: what comes behind the name. */
static bool definition(struct slice line, const char *keyword, const char *name, struct slice *rest)
{
	struct scan c = scan_of(line);
	struct slice w;

	if (line.len == 0 || line.p[0] == ' ' || !scan_word(&c, &w) || !slice_eq(w, keyword) ||
	    !scan_word(&c, &w) || !slice_eq(w, "prefix-list") || !scan_word(&c, &w) || !slice_eq(w, name))
		return false;
	*rest = slice_trim(scan_rest(&c));
	return true;
}

struct frr_list frr_slots_list(const char *config, int version, const char *name)
{
	struct scan c = scan_of(slice_of(config));
	struct frr_list l = { 0, false };
	struct slice line, rest;

	while (scan_line(&c, &line)) {
		if (!definition(line, version == 4 ? "ip" : "ipv6", name, &rest))
			continue;
		l.lines++;
		l.exact = l.lines == 1 && slice_eq(rest, "seq 5 deny any");
	}
	return l;
}

unsigned frr_slots_uses(const char *config, const char *name)
{
	struct scan c = scan_of(slice_of(config));
	struct slice line, w;
	unsigned n = 0;

	while (scan_line(&c, &line)) {
		struct scan words = scan_of(line);

		if (line.len == 0 || line.p[0] != ' ')
			continue;
		while (scan_word(&words, &w))
			if (slice_eq(w, "prefix-list") && scan_word(&words, &w) && slice_eq(w, name))
				n++;
	}
	return n;
}
