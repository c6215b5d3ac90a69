/* LANs by addresses; see lan.h. */
#include "core/judge/lan.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NEIGHBORS_LEAST = 2, /* beside one address of ours */
	NAMED4 = 24, NAMED6 = 64, /* longer ones are named so: nobody told us the mask */
	SHORTEST4 = 16, SHORTEST6 = 48, /* what is spread wider stands in no LAN: multihop sessions */
	PAIRED_MOST = 256, /* LANs; with more none are paired: that is a square */
	SAME_PCT = 50, /* of those who are in either must be in both */
};

/* A stretch of addresses that is one LAN; `vrf` belongs to an item. */
struct segment {
	const char *vrf;
	struct prefix p;
	size_t lan;
};

static uint8_t named_len(const struct addr *a)
{
	return a->family == ADDR_IP4 ? NAMED4 : NAMED6;
}

/* The smallest that holds both. */
static void widen(struct prefix *p, const struct addr *a)
{
	while (p->len > 0 && !prefix_holds(p, a)) {
		p->len--;
		prefix_mask(p);
	}
}

static struct prefix named_around(const struct addr *a)
{
	struct prefix p = { .net = *a, .len = named_len(a) };

	prefix_mask(&p);
	return p;
}

static int beside_cmp(const void *x, const void *y)
{
	const struct lan_item *a = *(const struct lan_item *const *)x, *b = *(const struct lan_item *const *)y;
	int c = strcmp(a->router, b->router);

	c = c != 0 ? c : strcmp(a->vrf, b->vrf);
	c = c != 0 ? c : addr_cmp(&a->local, &b->local);
	return c != 0 ? c : addr_cmp(&a->peer, &b->peer);
}

static bool same_local(const struct lan_item *a, const struct lan_item *b)
{
	return strcmp(a->router, b->router) == 0 && strcmp(a->vrf, b->vrf) == 0 && addr_equal(&a->local, &b->local);
}

/* What neighbors beside one address of ours, sorted, span; false if that is no LAN. */
static bool span(const struct lan_item *const *beside, size_t count, struct prefix *out)
{
	const struct addr *local = &beside[0]->local;
	struct prefix near = named_around(local), wide = near;
	size_t in_near = 0, in_all = 0;

	for (size_t i = 0; i < count; i++) {
		if (i > 0 && addr_equal(&beside[i]->peer, &beside[i - 1]->peer))
			continue;
		widen(&wide, &beside[i]->peer);
		in_near += prefix_holds(&near, &beside[i]->peer);
		in_all++;
	}
	*out = wide.len >= (local->family == ADDR_IP4 ? SHORTEST4 : SHORTEST6) ? wide : near;
	return (out->len == near.len ? in_near : in_all) >= NEIGHBORS_LEAST;
}

static int segment_cmp(const void *x, const void *y)
{
	const struct segment *a = x, *b = y;
	int c = strcmp(a->vrf, b->vrf);

	c = c != 0 ? c : addr_cmp(&a->p.net, &b->p.net);
	return c != 0 ? c : (int)a->p.len - (int)b->p.len;
}

/* Sorted, one inside another is the other's: prefixes nest or are apart. */
static size_t join(struct segment *s, size_t count)
{
	size_t kept = 0;

	qsort(s, count, sizeof(*s), segment_cmp);
	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && strcmp(s[kept - 1].vrf, s[i].vrf) == 0 && prefix_holds(&s[kept - 1].p, &s[i].p.net))
			continue;
		s[kept] = s[i];
		s[kept].lan = kept;
		kept++;
	}
	return kept;
}

static size_t segments(struct lan_item *items, size_t count, struct segment **out)
{
	const struct lan_item **sorted = mem_calloc(count + 1, sizeof(*sorted));
	size_t n = 0, found = 0, cap = 0;

	*out = NULL;
	for (size_t i = 0; i < count; i++)
		if (items[i].peer.family != ADDR_NONE && items[i].local.family == items[i].peer.family)
			sorted[n++] = &items[i];
	qsort(sorted, n, sizeof(*sorted), beside_cmp);
	for (size_t i = 0, end; i < n; i = end) {
		struct prefix p;

		for (end = i + 1; end < n && same_local(sorted[i], sorted[end]); end++)
			;
		if (end - i < NEIGHBORS_LEAST || !span(&sorted[i], end - i, &p))
			continue;
		MEM_GROW(*out, cap, found + 1);
		(*out)[found++] = (struct segment){ .vrf = sorted[i]->vrf, .p = p };
	}
	free(sorted);
	return found > 0 ? join(*out, found) : 0;
}

/* The last segment that begins at or before the address: as they are apart, no other can hold it. */
static const struct segment *segment_of(const struct segment *s, size_t count, const struct lan_item *it)
{
	const struct segment key = { .vrf = it->vrf, .p = { .net = it->peer, .len = 128 } };
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (segment_cmp(&s[mid], &key) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0 || strcmp(s[low - 1].vrf, it->vrf) != 0 || !prefix_holds(&s[low - 1].p, &it->peer))
		return NULL;
	return it->local.family == ADDR_NONE || prefix_holds(&s[low - 1].p, &it->local) ? &s[low - 1] : NULL;
}

/* ---- two address families of one LAN ---- */

static int who_cmp(const void *x, const void *y)
{
	const struct lan_item *a = *(const struct lan_item *const *)x, *b = *(const struct lan_item *const *)y;
	int c = strcmp(a->router, b->router);

	return c != 0 ? c : a->asn < b->asn ? -1 : a->asn > b->asn;
}

/* How many networks meet one of our routers in both of two LANs: common[a * count + b]; a twice: in that one. */
static void count_common(const struct lan_item *const *in, size_t n, size_t count, unsigned *common)
{
	size_t here[PAIRED_MOST];

	for (size_t i = 0, end; i < n; i = end) {
		size_t k = 0;

		for (end = i; end < n && who_cmp(&in[i], &in[end]) == 0; end++) {
			bool seen = false;

			for (size_t h = 0; h < k; h++)
				seen = seen || here[h] == in[end]->lan;
			if (!seen)
				here[k++] = in[end]->lan;
		}
		for (size_t a = 0; a < k; a++)
			for (size_t b = 0; b < k; b++)
				common[here[a] * count + here[b]]++;
	}
}

/* The one of the other family that shares most; LAN_NONE if that is too little, or two share as much. */
static size_t partner(const struct segment *s, size_t count, const unsigned *common, size_t a)
{
	size_t found = LAN_NONE, best_both = 0, best_either = 1;
	bool twice = false;

	for (size_t b = 0; b < count; b++) {
		size_t both = common[a * count + b], either = common[a * count + a] + common[b * count + b] - both;

		if (s[b].p.net.family == s[a].p.net.family || both * 100 < either * SAME_PCT || both == 0)
			continue;
		twice = both * best_either == best_both * either;
		if (both * best_either > best_both * either) {
			found = b;
			best_both = both;
			best_either = either;
		}
	}
	return twice ? LAN_NONE : found;
}

static void pair_families(struct segment *s, size_t count, const struct lan_item *items, size_t item_count)
{
	const struct lan_item **in;
	unsigned *common;
	size_t n = 0;

	if (count < 2 || count > PAIRED_MOST)
		return;
	in = mem_calloc(item_count + 1, sizeof(*in));
	common = mem_calloc(count * count, sizeof(*common));
	for (size_t i = 0; i < item_count; i++)
		if (items[i].lan != LAN_NONE && items[i].asn != ASN_UNKNOWN)
			in[n++] = &items[i];
	qsort(in, n, sizeof(*in), who_cmp);
	count_common(in, n, count, common);
	for (size_t a = 0; a < count; a++) {
		size_t b = s[a].p.net.family == ADDR_IP4 ? partner(s, count, common, a) : LAN_NONE;

		if (b != LAN_NONE && partner(s, count, common, b) == a)
			s[b].lan = a;
	}
	free(common);
	free(in);
}

static void name_lan(struct lan *l, const struct segment *s)
{
	char words[PREFIX_STRLEN];
	size_t len = strlen(l->name);

	snprintf(l->name + len, sizeof(l->name) - len, "%s%s", len > 0 ? " + " : "", prefix_print(&s->p, words));
}

size_t lans_find(struct lan_item *items, size_t count, struct lan **lans)
{
	struct segment *s;
	size_t n = segments(items, count, &s);

	for (size_t i = 0; i < count; i++) {
		const struct segment *in = items[i].peer.family != ADDR_NONE ? segment_of(s, n, &items[i]) : NULL;

		items[i].lan = in != NULL ? in->lan : LAN_NONE;
	}
	pair_families(s, n, items, count);
	*lans = mem_calloc(n + 1, sizeof(**lans));
	for (size_t k = 0; k < n; k++)
		name_lan(&(*lans)[s[k].lan], &s[k]);
	for (size_t k = 0; k < n; k++) {
		struct lan *l = &(*lans)[k];
		size_t len = strlen(l->name);

		/* two VRFs may use the same addresses */
		if (len > 0 && s[k].vrf[0] != '\0')
			snprintf(l->name + len, sizeof(l->name) - len, " (vrf %.16s)", s[k].vrf);
	}
	for (size_t i = 0; i < count; i++)
		if (items[i].lan != LAN_NONE)
			items[i].lan = s[items[i].lan].lan;
	free(s);
	return n;
}
