/* Groups of what fell together; see grouping.h. */
#include "core/judge/grouping.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define uthash_fatal(msg) abort()
#include <uthash.h>

/* A group explains nothing unless it holds at least this many, and this share of its whole. */
enum { FELL_LEAST = 2, SHARE_PCT = 50 };

/* A value that neighbors share: "exchange EXAMPLE-IX". */
struct candidate {
	struct group g;
	char name[GROUP_KEY_LEN + 4]; /* kind and key, for the hash */
	size_t left;                  /* fallen ones that no group has taken yet */
	asn_t asn;                    /* of all fallen ones, ASN_UNKNOWN when they differ */
	bool mixed;
	size_t *members, member_count, member_cap; /* of the fallen */
	UT_hash_handle hh;
};

const char *group_by_word(enum group_by by)
{
	static const char *const words[GROUP_BYS] = { "exchange", "lan", "facility", "interface", "router", "network", "session" };

	return words[by];
}

static void copy(char out[GROUP_KEY_LEN], const char *s)
{
	size_t n = strnlen(s, GROUP_KEY_LEN - 1);

	memcpy(out, s, n);
	out[n] = '\0';
}

bool group_key(const struct group_item *item, enum group_by by, char out[GROUP_KEY_LEN])
{
	switch (by) {
	case GROUP_EXCHANGE:
		copy(out, item->exchange);
		break;
	case GROUP_LAN:
		copy(out, item->lan != NULL ? item->lan : "");
		break;
	case GROUP_FACILITY:
		copy(out, item->facility);
		break;
	case GROUP_INTERFACE:
		copy(out, item->interface);
		break;
	case GROUP_ROUTER:
		copy(out, item->router);
		break;
	case GROUP_ASN:
		out[0] = '\0';
		if (item->asn != ASN_UNKNOWN)
			snprintf(out, GROUP_KEY_LEN, "AS%u", item->asn);
		break;
	default:
		snprintf(out, GROUP_KEY_LEN, "%s%s%s %s", item->router, *item->vrf ? "/" : "", item->vrf, item->neighbor);
		break;
	}
	return out[0] != '\0';
}

size_t group_whole(const struct group_item *items, size_t count, enum group_by by, const char *key)
{
	size_t n = 0;
	char own[GROUP_KEY_LEN];

	for (size_t i = 0; i < count; i++)
		n += group_key(&items[i], by, own) && strcmp(own, key) == 0;
	return n;
}

static struct candidate *candidate_of(struct candidate **all, enum group_by by, const char *key)
{
	struct candidate *c;
	char name[GROUP_KEY_LEN + 4];

	snprintf(name, sizeof(name), "%d %s", by, key);
	HASH_FIND_STR(*all, name, c);
	if (c != NULL)
		return c;
	c = MEM_NEW(struct candidate);
	c->g.by = by;
	snprintf(c->g.key, sizeof(c->g.key), "%s", key);
	memcpy(c->name, name, sizeof(name));
	HASH_ADD_STR(*all, name, c);
	return c;
}

static void count_item(struct candidate *c, const struct group_item *it, size_t index)
{
	c->g.whole++;
	if (!it->fell)
		return;
	if (c->g.fell > 0 && c->asn != it->asn)
		c->mixed = true;
	c->asn = it->asn;
	c->g.fell++;
	c->left++;
	MEM_GROW(c->members, c->member_cap, c->member_count + 1);
	c->members[c->member_count++] = index;
}

/* Neighbors of one router follow each other and share most with the one before: that candidate is found at once. */
static struct candidate *candidate_like(struct candidate **all, struct candidate *before, enum group_by by, const char *key)
{
	return before != NULL && strcmp(before->g.key, key) == 0 ? before : candidate_of(all, by, key);
}

static struct candidate *candidates(const struct group_item *items, size_t count)
{
	struct candidate *all = NULL, *before[GROUP_NONE] = { NULL };
	char key[GROUP_KEY_LEN];

	for (size_t i = 0; i < count; i++)
		for (int by = GROUP_EXCHANGE; by < GROUP_NONE; by++)
			if (group_key(&items[i], (enum group_by)by, key)) {
				before[by] = candidate_like(&all, before[by], (enum group_by)by, key);
				count_item(before[by], &items[i], i);
			}
	return all;
}

static bool explains(const struct candidate *c)
{
	return c->left >= FELL_LEAST && c->left * 100 >= c->g.whole * SHARE_PCT;
}

/* How many it explains, times the square of the share that fell: 8 of 8 of one network beat 15 of 27 of an exchange that some of
 * other networks fell on for reasons of their own. */
static double score(const struct candidate *c)
{
	double share = (double)c->left / (double)c->g.whole;

	return (double)c->left * share * share;
}

/* Where two explain as much, one network is the narrower word for it than where it happens to be; else the order of the
 * kinds decides, what lies outside our router first. */
static bool better(const struct candidate *a, const struct candidate *b)
{
	double left, right;

	if (b == NULL)
		return true;
	left = score(a);
	right = score(b);
	if (left < right || left > right)
		return left > right;
	if ((a->g.by == GROUP_ASN) != (b->g.by == GROUP_ASN))
		return a->g.by == GROUP_ASN;
	return a->g.by < b->g.by;
}

static struct candidate *best(struct candidate *all)
{
	struct candidate *found = NULL, *c, *next;

	HASH_ITER(hh, all, c, next)
		if (explains(c) && better(c, found))
			found = c;
	return found;
}

static void forget(struct candidate *all)
{
	struct candidate *c, *next;

	HASH_ITER(hh, all, c, next) {
		HASH_DEL(all, c);
		free(c->members);
		free(c);
	}
}

/* Takes the item out of every candidate that it counts for. */
static void take(struct candidate **all, struct candidate *before[GROUP_NONE], struct group_item *it, size_t group)
{
	char key[GROUP_KEY_LEN];

	it->group = group;
	for (int by = GROUP_EXCHANGE; by < GROUP_NONE; by++)
		if (group_key(it, (enum group_by)by, key)) {
			before[by] = candidate_like(all, before[by], (enum group_by)by, key);
			before[by]->left--;
		}
}

static const size_t untaken = (size_t)-1;

size_t group_fallen(struct group_item *items, size_t count, struct group **groups)
{
	struct candidate *all = candidates(items, count), *before[GROUP_NONE] = { NULL }, *c;
	size_t n = 0, cap = 0;

	*groups = NULL;
	for (size_t i = 0; i < count; i++)
		items[i].group = untaken;
	while ((c = best(all)) != NULL) {
		MEM_GROW(*groups, cap, n + 1);
		(*groups)[n] = c->g;
		(*groups)[n].fell = c->left;
		for (size_t i = 0; i < c->member_count; i++)
			if (items[c->members[i]].group == untaken)
				take(&all, before, &items[c->members[i]], n);
		n++;
	}
	for (size_t i = 0; i < count; i++) {
		struct group alone = { .by = GROUP_NONE, .fell = 1, .whole = 1 };

		if (!items[i].fell || items[i].group != untaken)
			continue;
		group_key(&items[i], GROUP_NONE, alone.key);
		MEM_GROW(*groups, cap, n + 1);
		items[i].group = n;
		(*groups)[n++] = alone;
	}
	forget(all);
	return n;
}
