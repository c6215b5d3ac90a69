/* One neighbor in the running configuration; see frr_slots.h. */
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

static int slot_of(struct slice family)
{
	for (int i = 0; i < FRR_SLOTS; i++)
		if (slice_eq(family, slots[i].words))
			return i;
	return -1;
}

static void read_line(struct frr_slots *out, const struct frr_line *l, bool group)
{
	struct scan c = l->rest;
	struct slice what, word;
	int slot;

	if (!scan_word(&c, &what))
		return;
	if (l->no) {
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
	} else if (l->family.len == 0) {
		read_slot(&out->slot[0], what, c, group); /* old form: IPv4 unicast without a block */
	} else if ((slot = slot_of(l->family)) >= 0) {
		read_slot(&out->slot[slot], what, c, group);
	}
}

void frr_slots_read(const struct frr_index *x, const struct session *s, struct frr_slots *out)
{
	const char *vrf = text_or(s->vrf, "");
	char name[ADDR_STRLEN];
	const struct frr_line *l;

	*out = (struct frr_slots){ .asn = { "", 0 }, .group = { "", 0 }, .message = { "", 0 } };
	l = frr_index_neighbor(x, vrf, slice_of(s->peer.family != ADDR_NONE ? addr_print(&s->peer, name) : text_or(s->neighbor, "")));
	for (; l != NULL; l = frr_index_next(x, l)) {
		out->found = true;
		out->asn = l->asn;
		read_line(out, l, false);
	}
	l = out->group.len > 0 ? frr_index_neighbor(x, vrf, out->group) : NULL;
	for (; l != NULL; l = frr_index_next(x, l))
		read_line(out, l, true);
}
