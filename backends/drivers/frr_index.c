/* A running configuration by what is looked for in it; see frr_index.h. */
#include "backends/drivers/frr_index.h"

#include <string.h>

enum { NONE = -1 };

enum kind { NEIGHBOR, LIST4, LIST6, USE, MAP };

/* Entries of one key hang together in the order of their lines. */
struct entry {
	struct frr_line line; /* NEIGHBOR */
	struct frr_list list; /* LIST4, LIST6: the first of its key counts for all */
	unsigned uses;        /* USE: likewise */
	struct slice called;  /* MAP: likewise; what it calls first */
	enum kind kind;
	struct slice vrf, name;
	int same, bucket; /* the next of this key; the next key of the bucket */
	int last;         /* of the first of a key: its last one */
};
struct frr_index {
	struct arena *arena;
	struct entry *entries;
	size_t count, cap;
	int *buckets;
	size_t bucket_count; /* a power of two */
	struct frr_sum sum;
};

static bool same(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static size_t hash(enum kind kind, struct slice vrf, struct slice name)
{
	uint64_t h = 1469598103934665603u ^ (uint64_t)kind;

	for (size_t i = 0; i < vrf.len; i++)
		h = (h ^ (unsigned char)vrf.p[i]) * 1099511628211u;
	h = (h ^ 0xff) * 1099511628211u;
	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (unsigned char)name.p[i]) * 1099511628211u;
	return (size_t)(h ^ (h >> 32));
}

static int find(const struct frr_index *x, enum kind kind, struct slice vrf, struct slice name)
{
	int i = x->buckets[hash(kind, vrf, name) & (x->bucket_count - 1)];

	while (i != NONE && (x->entries[i].kind != kind || !same(x->entries[i].name, name) || !same(x->entries[i].vrf, vrf)))
		i = x->entries[i].bucket;
	return i;
}

static struct entry *add(struct frr_index *x, enum kind kind, struct slice vrf, struct slice name)
{
	size_t bucket = hash(kind, vrf, name) & (x->bucket_count - 1);
	int first = find(x, kind, vrf, name), at = (int)x->count;
	struct entry *e;

	if (x->count == x->cap) {
		struct entry *more = arena_alloc(x->arena, 2 * x->cap * sizeof(*more));

		memcpy(more, x->entries, x->count * sizeof(*more));
		x->entries = more;
		x->cap *= 2;
	}
	e = &x->entries[x->count++];
	*e = (struct entry){ .kind = kind, .vrf = vrf, .name = name, .same = NONE, .bucket = NONE, .last = at };
	if (first == NONE) {
		e->bucket = x->buckets[bucket];
		x->buckets[bucket] = at;
	} else {
		x->entries[x->entries[first].last].same = at;
		x->entries[first].last = at;
	}
	return e;
}

/* One of its kind for all lines. */
static struct entry *counted(struct frr_index *x, enum kind kind, struct slice name)
{
	int at = find(x, kind, SLICE(""), name);

	return at != NONE ? &x->entries[at] : add(x, kind, SLICE(""), name);
}

/* ---- the walk ---- */

struct walk {
	bool ours; /* inside a `router bgp` that is no view */
	struct slice vrf, asn, family;
	struct slice map; /* inside a route-map */
};

static void enter_bgp(struct walk *w, struct scan rest)
{
	struct slice what, kind = { "", 0 };

	*w = (struct walk){ .vrf = SLICE("") };
	if (!scan_word(&rest, &what) || !slice_eq(what, "bgp") || !scan_word(&rest, &w->asn))
		return;
	while (scan_word(&rest, &kind)) {
		if (slice_eq(kind, "view"))
			return;
		if (slice_eq(kind, "vrf")) {
			scan_word(&rest, &w->vrf);
			break;
		}
	}
	w->ours = true;
}

static void take_neighbor(struct frr_index *x, const struct walk *w, struct scan rest, bool no)
{
	char text[ADDR_STRLEN];
	struct slice who;
	struct addr a;

	if (!scan_word(&rest, &who))
		return;
	if (addr_parse(who, &a)) /* one name for all ways to write it */
		who = slice_of(arena_strdup(x->arena, addr_print(&a, text)));
	add(x, NEIGHBOR, w->vrf, who)->line = (struct frr_line){ .vrf = w->vrf, .asn = w->asn, .rest = rest,
		.family = w->family, .no = no };
}

/* "ip prefix-list NAME seq 5 ..." */
static void take_list(struct frr_index *x, struct slice line, struct slice first, struct scan rest)
{
	struct slice w;
	struct entry *e;

	if (!scan_word(&rest, &w) || !slice_eq(w, "prefix-list") || !scan_word(&rest, &w))
		return;
	e = counted(x, slice_eq(first, "ip") ? LIST4 : LIST6, w);
	e->list.lines++;
	e->list.exact = e->list.lines == 1 && slice_eq(slice_trim(scan_rest(&rest)), "seq 5 deny any");
	if (e->list.lines == 1)
		e->list.text = line;
	e->list.text.len = (size_t)(line.p + line.len - e->list.text.p);
}

static void enter_map(struct frr_index *x, struct walk *w, struct scan rest)
{
	if (scan_word(&rest, &w->map))
		counted(x, MAP, w->map);
}

static void take_call(struct frr_index *x, const struct walk *w, struct scan rest)
{
	struct entry *e = counted(x, MAP, w->map);

	if (e->called.len == 0)
		scan_word(&rest, &e->called);
}

static void take_uses(struct frr_index *x, struct scan words)
{
	struct slice w;

	while (scan_word(&words, &w))
		if (slice_eq(w, "prefix-list") && scan_word(&words, &w))
			counted(x, USE, w)->uses++;
}

static void take_line(struct frr_index *x, struct walk *w, struct slice line)
{
	bool top = line.len > 0 && line.p[0] != ' ', no;
	struct scan rest = scan_of(line);
	struct slice word;

	if (!scan_word(&rest, &word))
		return;
	if (top) {
		*w = (struct walk){ .ours = false };
		if (slice_eq(word, "router"))
			enter_bgp(w, rest);
		else if (slice_eq(word, "ip") || slice_eq(word, "ipv6"))
			take_list(x, line, word, rest);
		else if (slice_eq(word, "route-map"))
			enter_map(x, w, rest);
		return;
	}
	take_uses(x, scan_of(line));
	if (w->map.len > 0 && slice_eq(word, "call"))
		take_call(x, w, rest);
	if (!w->ours)
		return;
	if (slice_eq(word, "address-family"))
		w->family = slice_trim(scan_rest(&rest));
	else if (slice_eq(word, "exit-address-family"))
		w->family = SLICE("");
	no = slice_eq(word, "no") && scan_word(&rest, &word);
	if (slice_eq(word, "neighbor"))
		take_neighbor(x, w, rest, no);
}

struct frr_index *frr_index_new(struct arena *a, const char *config)
{
	struct frr_index *x = arena_alloc(a, sizeof(*x));
	struct scan c = scan_of(slice_of(config));
	struct walk w = { .ours = false };
	struct slice line;
	size_t lines = 1;

	for (const char *p = config; (p = strchr(p, '\n')) != NULL; p++)
		lines++;
	*x = (struct frr_index){ .arena = a, .cap = 64, .bucket_count = 64 };
	while (x->bucket_count < lines)
		x->bucket_count *= 2;
	x->entries = arena_alloc(a, x->cap * sizeof(*x->entries));
	x->buckets = arena_alloc(a, x->bucket_count * sizeof(*x->buckets));
	memset(x->buckets, 0xff, x->bucket_count * sizeof(*x->buckets)); /* all NONE */
	while (scan_line(&c, &line))
		take_line(x, &w, line);
	return x;
}

struct frr_index *frr_index_of(const struct act_context *ctx)
{
	struct act_memo *m = ctx->memo;

	if (m == NULL)
		return frr_index_new(ctx->arena, ctx->pre.answers[0]);
	if (m->of != ctx->pre.answers[0]) {
		m->of = ctx->pre.answers[0];
		m->made = frr_index_new(m->arena, m->of);
	}
	return m->made;
}

/* ---- asking ---- */

const struct frr_line *frr_index_neighbor(const struct frr_index *x, const char *vrf, struct slice name)
{
	int at = find(x, NEIGHBOR, slice_of(vrf), name);

	return at != NONE ? &x->entries[at].line : NULL;
}

const struct frr_line *frr_index_next(const struct frr_index *x, const struct frr_line *l)
{
	const struct entry *e = (const struct entry *)(const void *)((const char *)l - offsetof(struct entry, line));

	return e->same != NONE ? &x->entries[e->same].line : NULL;
}

struct frr_list frr_index_list(const struct frr_index *x, int version, const char *name)
{
	int at = find(x, version == 4 ? LIST4 : LIST6, SLICE(""), slice_of(name));

	return at != NONE ? x->entries[at].list : (struct frr_list){ .text = SLICE("") };
}

bool frr_index_map(const struct frr_index *x, const char *name, struct slice *called)
{
	int at = find(x, MAP, SLICE(""), slice_of(name));

	if (called != NULL)
		*called = at != NONE ? x->entries[at].called : SLICE("");
	return at != NONE;
}

unsigned frr_index_uses(const struct frr_index *x, const char *name)
{
	int at = find(x, USE, SLICE(""), slice_of(name));

	return at != NONE ? x->entries[at].uses : 0;
}

struct frr_sum *frr_index_sum(struct frr_index *x)
{
	return &x->sum;
}
