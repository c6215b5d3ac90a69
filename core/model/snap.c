/*
 * Building and sharing snapshots; see snap.h.
 *
 * The builder finds rows again by a hash over the identity, because daemons
 * tell one session in several answers and large tables must not be searched.
 */
#include "core/model/snap.h"
#include "core/base/clock.h"
#include "core/base/octets.h"
#include "core/base/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
	struct session s;
	const char *key; /* of the identity; NULL for a twin */
	size_t key_len;
};

/* Where rows are found by their identity: open addressing, at most half full. */
struct slot {
	uint32_t hash, row; /* row: index + 1; 0: empty */
};

struct snap_builder {
	struct snap *snap; /* holds what the router says of itself until frozen */
	struct arena *scratch; /* rows and keys: gone when frozen */
	struct row **rows;
	size_t count, cap;
	struct slot *slots;
	size_t slot_count, keyed; /* slots: 0 or a power of two; rows with a key */
	struct str note;
	char *key; /* the identity looked for last */
	size_t key_len, key_cap;
	uint32_t key_hash;
	int64_t router_clock;
};

struct snap *snap_ref(struct snap *s)
{
	atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
	return s;
}

void snap_unref(struct snap *s)
{
	if (s != NULL && atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) == 1)
		arena_free(s->arena);
}

const struct session *snap_find(const struct snap *s, const char *vrf, const char *neighbor,
    enum afi_safi family)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->sessions[i].family == family &&
		    strcmp(text_or(s->sessions[i].neighbor, ""), neighbor) == 0 &&
		    strcmp(text_or(s->sessions[i].vrf, ""), vrf) == 0)
			return &s->sessions[i];
	return NULL;
}

struct snap_builder *snap_builder_new(const char *router)
{
	struct snap_builder *b = MEM_NEW(struct snap_builder);
	struct arena *a = arena_new();

	b->snap = arena_alloc(a, sizeof(*b->snap));
	b->snap->arena = a;
	b->snap->router = arena_strdup(a, router);
	atomic_init(&b->snap->refs, 1);
	b->scratch = arena_new();
	str_init(&b->note, 1024);
	b->router_clock = -1;
	return b;
}

/* Frees all but the snapshot and its arena. */
static void builder_close(struct snap_builder *b)
{
	arena_free(b->scratch);
	free(b->rows);
	free(b->slots);
	free(b->key);
	str_fini(&b->note);
	free(b);
}

void snap_builder_free(struct snap_builder *b)
{
	if (b == NULL)
		return;
	arena_free(b->snap->arena);
	builder_close(b);
}

struct arena *snap_builder_arena(struct snap_builder *b)
{
	return b->snap->arena;
}

static struct slice plain_vrf(struct slice vrf)
{
	if (slice_eq(vrf, "default") || slice_eq(vrf, "master") || slice_eq(vrf, "global"))
		return SLICE("");
	return vrf;
}

static void put_key(struct snap_builder *b, struct slice s)
{
	if (s.len > 0)
		memcpy(b->key + b->key_len, s.p, s.len);
	b->key_len += s.len;
}

/* Keys are short and alike: eight octets are mixed in one go.  Who chooses keys gains nothing by making them collide:
 * a search is never longer than the rows. */
static uint32_t mixed(const char *p, size_t n)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t h = n * odd, v = 0;

	for (; n >= OCTETS; p += OCTETS, n -= OCTETS) {
		h = (h ^ octets_load(p)) * odd;
		h ^= h >> 29;
	}
	for (; n > 0; n--)
		v = v << 8 | (unsigned char)p[n - 1];
	h = (h ^ v) * odd;
	return (uint32_t)(h >> 32);
}

static void make_key(struct snap_builder *b, struct slice vrf, struct slice neighbor,
    enum afi_safi family)
{
	MEM_GROW(b->key, b->key_cap, neighbor.len + vrf.len + 2);
	b->key[0] = (char)('A' + (int)family);
	b->key_len = 1;
	put_key(b, neighbor);
	b->key[b->key_len++] = ' ';
	put_key(b, vrf);
	b->key_hash = mixed(b->key, b->key_len);
}

static void put_slot(struct snap_builder *b, uint32_t hash, size_t row)
{
	size_t i = hash & (b->slot_count - 1);

	while (b->slots[i].row != 0)
		i = (i + 1) & (b->slot_count - 1);
	b->slots[i] = (struct slot){ hash, (uint32_t)row + 1 };
}

/* Room for one more, so that no search meets a full table. */
static void grow_slots(struct snap_builder *b)
{
	struct slot *old = b->slots;
	size_t count = b->slot_count;

	if (b->keyed < count / 2)
		return;
	b->slot_count = count > 0 ? count * 2 : 64;
	b->slots = mem_calloc(b->slot_count, sizeof(*b->slots));
	for (size_t i = 0; i < count; i++)
		if (old[i].row != 0)
			put_slot(b, old[i].hash, old[i].row - 1);
	free(old);
}

static struct row *find_row(struct snap_builder *b, struct slice vrf, struct slice neighbor,
    enum afi_safi family)
{
	struct row *r;

	make_key(b, vrf, neighbor, family);
	if (b->slot_count == 0)
		return NULL;
	for (size_t i = b->key_hash;; i++) {
		const struct slot *slot = &b->slots[i & (b->slot_count - 1)];

		if (slot->row == 0)
			return NULL;
		if (slot->hash != b->key_hash)
			continue;
		r = b->rows[slot->row - 1];
		if (r->key_len == b->key_len && memcmp(r->key, b->key, r->key_len) == 0)
			return r;
	}
}

struct session *snap_builder_find(struct snap_builder *b, struct slice vrf, struct slice neighbor,
    enum afi_safi family)
{
	struct row *r = find_row(b, plain_vrf(vrf), neighbor, family);

	return r ? &r->s : NULL;
}

/* "fe80::1%Ethernet1/1" */
static struct slice without_zone(struct slice name)
{
	const char *zone = memchr(name.p, '%', name.len);

	return zone != NULL ? slice_upto(name, (size_t)(zone - name.p)) : name;
}

/* A row of the identity that was just looked for (b->key). */
static struct session *new_row(struct snap_builder *b, struct slice vrf, struct slice neighbor,
    const struct addr *peer, enum afi_safi family)
{
	struct row *r = arena_alloc(b->scratch, sizeof(*r));

	session_init(&r->s);
	r->s.vrf = vrf.len > 0 ? text_safe(b->snap->arena, vrf) : TEXT_LIT("");
	r->s.neighbor = text_safe(b->snap->arena, neighbor);
	r->s.family = family;
	if (peer != NULL)
		r->s.peer = *peer;
	else
		addr_parse(without_zone(neighbor), &r->s.peer);
	r->key = memcpy(arena_octets(b->scratch, b->key_len), b->key, b->key_len); /* NULs too */
	r->key_len = b->key_len;
	grow_slots(b);
	put_slot(b, b->key_hash, b->count);
	b->keyed++;
	MEM_GROW(b->rows, b->cap, b->count + 1);
	b->rows[b->count++] = r;
	return &r->s;
}

struct session *snap_builder_peer(struct snap_builder *b, struct slice vrf, struct slice neighbor,
    const struct addr *peer, enum afi_safi family)
{
	struct session *s = snap_builder_find(b, vrf, neighbor, family);

	return s != NULL ? s : new_row(b, plain_vrf(vrf), neighbor, peer, family);
}

struct session *snap_builder_session(struct snap_builder *b, struct slice vrf,
    struct slice neighbor, enum afi_safi family)
{
	return snap_builder_peer(b, vrf, neighbor, NULL, family);
}

struct session *snap_builder_twin(struct snap_builder *b, const struct session *like)
{
	struct row *r = arena_alloc(b->scratch, sizeof(*r));

	session_init(&r->s);
	r->s.vrf = like->vrf;
	r->s.neighbor = like->neighbor;
	r->s.peer = like->peer;
	r->s.family = like->family;
	MEM_GROW(b->rows, b->cap, b->count + 1);
	b->rows[b->count++] = r;
	return &r->s;
}

struct session *snap_builder_fresh(struct snap_builder *b, size_t from, struct slice vrf,
    struct slice neighbor, const struct addr *peer, enum afi_safi family)
{
	struct session *s = snap_builder_find(b, vrf, neighbor, family);

	for (size_t i = from; s != NULL && i < b->count; i++)
		if (&b->rows[i]->s == s)
			return snap_builder_twin(b, s);
	return s != NULL ? s : new_row(b, plain_vrf(vrf), neighbor, peer, family);
}

struct session *snap_builder_at(struct snap_builder *b, size_t i)
{
	return i < b->count ? &b->rows[i]->s : NULL;
}

size_t snap_builder_count(const struct snap_builder *b)
{
	return b->count;
}

void snap_builder_rows(struct snap_builder *b, unsigned seen, unsigned parsed)
{
	b->snap->rows_seen += seen;
	b->snap->rows_parsed += parsed;
}

unsigned snap_builder_rows_seen(const struct snap_builder *b)
{
	return b->snap->rows_seen;
}

unsigned snap_builder_rows_parsed(const struct snap_builder *b)
{
	return b->snap->rows_parsed;
}

void snap_builder_router(struct snap_builder *b, asn_t local_as, const struct addr *router_id)
{
	if (local_as != ASN_UNKNOWN)
		b->snap->local_as = local_as;
	if (router_id != NULL && router_id->family != ADDR_NONE)
		b->snap->router_id = *router_id;
}

asn_t snap_builder_local_as(const struct snap_builder *b)
{
	return b->snap->local_as;
}

const struct addr *snap_builder_router_id(const struct snap_builder *b)
{
	return &b->snap->router_id;
}

void snap_builder_version(struct snap_builder *b, struct slice version)
{
	b->snap->version = text_safe(b->snap->arena, version);
}

struct text snap_builder_version_of(const struct snap_builder *b)
{
	return b->snap->version;
}

void snap_builder_clock(struct snap_builder *b, int64_t seconds)
{
	b->router_clock = seconds;
}

int64_t snap_builder_clock_of(const struct snap_builder *b)
{
	return b->router_clock;
}

void snap_builder_note(struct snap_builder *b, const char *fmt, ...)
{
	char line[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (b->note.len > 0)
		str_puts(&b->note, "; ");
	str_puts(&b->note, line);
}

struct text snap_builder_text(struct snap_builder *b, struct slice in)
{
	return text_safe(b->snap->arena, in);
}

static int by_identity(const void *a, const void *b)
{
	return session_key_cmp(a, b);
}

static count_t not_stale(count_t n)
{
	return n > 0 ? COUNT_UNKNOWN : n;
}

/* What follows from the state alone, said once for all drivers. */
static void settle(struct session *s)
{
	if (s->state == BGP_ESTABLISHED) {
		if (s->admin_down == TRI_UNKNOWN)
			s->admin_down = TRI_NO;
		if (s->limit_tripped == TRI_UNKNOWN)
			s->limit_tripped = TRI_NO;
	} else if (s->state != BGP_UNKNOWN) {
		s->received = not_stale(s->received);
		s->accepted = not_stale(s->accepted);
		s->advertised = not_stale(s->advertised);
		s->active = not_stale(s->active);
	}
}

struct snap *snap_builder_freeze(struct snap_builder *b, uint64_t generation)
{
	struct snap *s = b->snap;
	struct session *rows = arena_alloc(s->arena, b->count * sizeof(*rows));

	for (size_t i = 0; i < b->count; i++) {
		rows[i] = b->rows[i]->s;
		if (rows[i].local_as == ASN_UNKNOWN)
			rows[i].local_as = s->local_as;
		settle(&rows[i]);
	}
	qsort(rows, b->count, sizeof(*rows), by_identity);
	s->sessions = rows;
	s->count = b->count;
	s->generation = generation;
	s->taken_boot_ms = clock_boot_ms();
	s->taken_wall_ms = clock_wall_ms();
	s->note = text_safe(s->arena, str_slice(&b->note));
	builder_close(b);
	return s;
}
