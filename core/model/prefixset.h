/*
 * prefixset - the prefixes of one session, or of one macro, held compactly.
 *
 * A frozen, sorted array of one address family: 5 octets a prefix of IPv4, 17 of IPv6 (address and length, in network
 * order, so that memcmp is the order), and 4 for the origin AS where one is kept.  A million IPv4 prefixes with their
 * origins take 9 MB.  Sets are reference counted; equal ones share one body (prefixset_share), because what a peer
 * sends in ten places, or at two looks, is mostly the same.
 *
 * Order: by address, then the shorter prefix first, so that what covers a prefix stands before it.
 */
#ifndef PEERDECK_MODEL_PREFIXSET_H
#define PEERDECK_MODEL_PREFIXSET_H

#include "core/model/session.h"

enum { PREFIXES_MAX = 4000000 }; /* of one set; a full table has a quarter of that */

struct prefixset;

struct prefixset_builder;
struct prefixset_builder *prefixset_builder_new(enum addr_family family);
/* False: of the other family, or the ceiling is reached (prefixset_builder_full).  origin: ASN_UNKNOWN where there is
 * none or it is not known.  Twice the same prefix counts once, the first origin stays. */
bool prefixset_add(struct prefixset_builder *b, const struct prefix *p, asn_t origin);
bool prefixset_builder_full(const struct prefixset_builder *b);
void prefixset_builder_free(struct prefixset_builder *b); /* NULL is fine */
/* Ends the builder; one reference.  keep_origins: false saves 4 octets each where nobody asks for them. */
struct prefixset *prefixset_freeze(struct prefixset_builder *b, bool keep_origins);

struct prefixset *prefixset_ref(struct prefixset *s); /* NULL is fine, here and in all of the following */
void prefixset_unref(struct prefixset *s);
/* If one of `known` (NULLs are passed over) holds the same, gives that one and lets go of s; else s. */
struct prefixset *prefixset_share(struct prefixset *s, struct prefixset *const *known, size_t n);
bool prefixset_same(const struct prefixset *a, const struct prefixset *b); /* origins too */

enum addr_family prefixset_family(const struct prefixset *s);
size_t prefixset_count(const struct prefixset *s);
int prefixset_longest(const struct prefixset *s); /* bits; -1: empty */
const count_t *prefixset_of_length(const struct prefixset *s); /* 129 */
bool prefixset_has_default(const struct prefixset *s);
size_t prefixset_octets(const struct prefixset *s); /* memory held */
/* The i-th in order; origin may be NULL. */
void prefixset_at(const struct prefixset *s, size_t i, struct prefix *p, asn_t *origin);
/* Exactly this prefix?  *origin (may be NULL) gets its origin. */
bool prefixset_find(const struct prefixset *s, const struct prefix *p, asn_t *origin);
bool prefixset_has_origin(const struct prefixset *s, asn_t origin);
/* All of both; origins are not kept.  Either may be NULL. */
struct prefixset *prefixset_union(const struct prefixset *a, const struct prefixset *b, enum addr_family family);

/* Only in a, only in b; by exact prefix.  `visit` (may be NULL) gets each in order, in_b false: only in a; nonzero ends. */
void prefixset_diff(const struct prefixset *a, const struct prefixset *b, count_t *only_a, count_t *only_b,
    int (*visit)(void *ctx, const struct prefix *p, asn_t origin, bool in_b), void *ctx);

/* The packed array itself, for keeping on disk; without origins. */
struct slice prefixset_packed(const struct prefixset *s);
/* A set from it; NULL if the octets are none: wrong size, order, length or host bits. */
struct prefixset *prefixset_unpack(enum addr_family family, struct slice packed);

/* The difference matrix over the places of one network and family. */
enum { PREFIXSET_EXAMPLES = 8 };
struct prefixset_missing {
	count_t missing; /* prefixes that another place has and this one has not */
	struct prefix examples[PREFIXSET_EXAMPLES];
	size_t example_count;
};
/* `out` has n places. *total: prefixes seen anywhere; *in_all: at each of them. */
void prefixset_compare(struct prefixset *const *sets, size_t n, struct prefixset_missing *out, count_t *total,
    count_t *in_all);

/* The origin AS of a printed AS path: its last number; ASN_NONE for an AS_SET, ASN_UNKNOWN for an empty path or words. */
asn_t as_path_origin(struct slice path);
/* The first AS, the neighbor's; ASN_UNKNOWN likewise. */
asn_t as_path_first(struct slice path);

#endif
