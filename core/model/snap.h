/*
 * snap - one complete look at one router, frozen.
 *
 * A worker fills a builder, freezes it and posts the result; from then on
 * nothing changes in it and any thread may read it.  References are counted
 * atomically; the last snap_unref frees the arena that owns everything.
 *
 * Rows seen and rows parsed are kept apart: a difference is shown, because
 * silent loss is the worst fault this tool can have.  A reading that ended
 * early is never frozen; it is thrown away and the former snapshot stays.
 */
#ifndef PEERDECK_MODEL_SNAP_H
#define PEERDECK_MODEL_SNAP_H

#include "core/base/err.h"
#include "core/model/session.h"

#include <stdatomic.h>

struct snap {
	atomic_uint refs;
	const char *router; /* name in the configuration */
	uint64_t generation; /* counts up per router */
	int64_t taken_boot_ms, taken_wall_ms;
	unsigned rows_seen, rows_parsed;
	asn_t local_as;
	struct addr router_id;
	struct text version; /* "FRRouting 8.4.4" as the router says */
	struct text note;    /* what could not be read, in words; empty when all was */
	const struct session *sessions; /* sorted by session_key_cmp */
	size_t count;
	struct arena *arena;
};

struct snap *snap_ref(struct snap *s);
void snap_unref(struct snap *s); /* NULL is fine */
/* The session of this identity, or NULL. */
const struct session *snap_find(const struct snap *s, const char *vrf, const char *neighbor,
    enum afi_safi family);

struct snap_builder;

struct snap_builder *snap_builder_new(const char *router);
void snap_builder_free(struct snap_builder *b);
struct arena *snap_builder_arena(struct snap_builder *b);
/* Finds the row of this identity or adds one, all else unknown.  vrf "default", "master", "global" and
 * "" are the default VRF.  The pointer is valid until freeze. */
struct session *snap_builder_session(struct snap_builder *b, struct slice vrf, struct slice neighbor,
    enum afi_safi family);
/* The same where the caller has read the neighbor's address already (ADDR_NONE: it has none); NULL: read from its
 * name. */
struct session *snap_builder_peer(struct snap_builder *b, struct slice vrf, struct slice neighbor,
    const struct addr *peer, enum afi_safi family);
/* Finds only; NULL if there is none. */
struct session *snap_builder_find(struct snap_builder *b, struct slice vrf, struct slice neighbor,
    enum afi_safi family);
/* Another row of the identity of `like`: an answer that does not name the VRF can show two neighbors that look the
 * same, and none of them must be lost.  Finding by identity still gives the first. */
struct session *snap_builder_twin(struct snap_builder *b, const struct session *like);
/* As snap_builder_peer, but a row of this identity at index `from` or later (told by the same answer) is left
 * alone and gets a twin. */
struct session *snap_builder_fresh(struct snap_builder *b, size_t from, struct slice vrf,
    struct slice neighbor, const struct addr *peer, enum afi_safi family);
/* Row i in the order of adding, NULL past the end: to apply what is said per neighbor to all its families. */
struct session *snap_builder_at(struct snap_builder *b, size_t i);
size_t snap_builder_count(const struct snap_builder *b);
void snap_builder_rows(struct snap_builder *b, unsigned seen, unsigned parsed); /* adds */
unsigned snap_builder_rows_seen(const struct snap_builder *b);
unsigned snap_builder_rows_parsed(const struct snap_builder *b);
void snap_builder_router(struct snap_builder *b, asn_t local_as, const struct addr *router_id);
asn_t snap_builder_local_as(const struct snap_builder *b);
const struct addr *snap_builder_router_id(const struct snap_builder *b);
void snap_builder_version(struct snap_builder *b, struct slice version);
/* What snap_builder_version was told, else unknown.  The worker tells every builder of a connection what the
 * ONCE queries found, before the other queries are parsed: some numbers mean different things by version. */
struct text snap_builder_version_of(const struct snap_builder *b);
/* The router's own clock in its own zone, seconds since 1970 as if that were UTC; -1 unknown (the default).
 * For outputs that print moments and not durations. */
void snap_builder_clock(struct snap_builder *b, int64_t seconds);
int64_t snap_builder_clock_of(const struct snap_builder *b);
/* What could not be read, in words; several are joined with "; ". */
void snap_builder_note(struct snap_builder *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Text helpers bound to the builder's arena. */
struct text snap_builder_text(struct snap_builder *b, struct slice in);
/* Ends the builder (it is freed) and gives the snapshot, one reference, taken now.  On the way every row is
 * settled: an Established session is not shut, and counts that a daemon keeps from before a session went down
 * are unknown. */
struct snap *snap_builder_freeze(struct snap_builder *b, uint64_t generation);

#endif
