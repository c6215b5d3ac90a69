/*
 * vrp - validated ROA payloads, and what they say about a route (RFC 6811).
 *
 * A table is frozen and reference counted.  A route is valid if a payload covers its prefix, has its origin, and allows
 * its length; invalid if payloads cover it and none fits; not found if none covers it.
 */
#ifndef PEERDECK_MODEL_VRP_H
#define PEERDECK_MODEL_VRP_H

#include "core/model/prefixset.h"

enum { VRPS_MAX = 5000000 };

struct vrp_table;
struct vrp_builder;

struct vrp_builder *vrp_builder_new(void);
void vrp_builder_free(struct vrp_builder *b); /* NULL is fine */
/* False: the length makes no sense for the prefix, or the ceiling is reached. */
bool vrp_add(struct vrp_builder *b, const struct prefix *p, int max_length, asn_t asn);
size_t vrp_builder_count(const struct vrp_builder *b);
/* Ends the builder; one reference. */
struct vrp_table *vrp_freeze(struct vrp_builder *b);

struct vrp_table *vrp_ref(struct vrp_table *t); /* NULL is fine, here and in all of the following */
void vrp_unref(struct vrp_table *t);
size_t vrp_count(const struct vrp_table *t);

enum validity {
	VALIDITY_UNKNOWN, /* covered, but the route's origin is not known */
	VALIDITY_VALID,
	VALIDITY_INVALID,
	VALIDITY_NOT_FOUND,
};
/* Every prefix of the set in order, one walk through both. */
void vrp_validate(const struct vrp_table *t, const struct prefixset *set,
    void (*each)(void *ctx, const struct prefix *p, asn_t origin, enum validity v), void *ctx);

#endif
