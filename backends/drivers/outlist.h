/*
 * outlist - a prefix-list of the router, read to be copied with chosen prefixes denied in front.
 *
 * A neighbor has one place for a prefix-list in its out side.  To withdraw a
 * few prefixes a list of ours takes that place: first what is withdrawn, then
 * the entries of the list that stood there, as they are; where none stood,
 * everything.  Putting the former name back restores exactly what was.
 */
#ifndef PEERDECK_DRIVERS_OUTLIST_H
#define PEERDECK_DRIVERS_OUTLIST_H

#include "core/act/build.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/model/net.h"

#define OUTLIST_NAME "PEERDECK-WD-" /* ours begin so, the neighbor's address behind */

enum { OUTLIST_MAX = 500 }; /* entries that are copied */

struct outlist_entry {
	bool permit;
	struct prefix p;
	unsigned ge, le; /* bits; 0: as long as the prefix */
};

struct outlist {
	bool defined;
	struct outlist_entry *e;
	size_t count;
	struct slice odd; /* the first line that cannot be copied exactly; len 0 none */
};

/* "[seq N] permit|deny PREFIX|any [eq N] [ge N] [le N]", as FRR, IOS, NX-OS and EOS write it. */
bool outlist_entry_read(struct scan c, int version, struct outlist_entry *entry);
/* The list out of a configuration, entries in its order; version 4, 6. */
void outlist_read(struct arena *a, const char *config, int version, const char *name, struct outlist *out);
/* Adds one; false when there are too many. */
bool outlist_add(struct arena *a, struct outlist *l, const struct outlist_entry *entry);

/* What takes its place: `denied` in front, then `former`, or everything where that is NULL. */
void outlist_without(struct arena *a, struct chosen denied, int version, const struct outlist *former,
    struct outlist *out);
/* " ge 24 le 32" as far as it has them. */
const char *outlist_range(struct arena *a, const struct outlist_entry *entry);
/* "ip prefix-list {name} seq N ..." for each entry, seq counting up in fives; b->args.name is the list's name. */
void outlist_lines(struct build *b, enum build_list l, int version, const struct outlist *list, size_t needs);

/* A name for a list or map of ours about this neighbor that the configuration does not define: `begin`, the address, the
 * VRF, and a number if need be.  `defined` tells about one name. */
const char *outlist_name(const struct act_context *ctx, const char *begin,
    bool (*defined)(const struct act_context *ctx, const char *name));

#endif
