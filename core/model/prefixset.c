/* Sorted, packed, shared; see prefixset.h. */
#include "core/model/prefixset.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct prefixset {
	atomic_uint refs;
	enum addr_family family;
	size_t count;
	unsigned char *body; /* count * size_of(family) */
	asn_t *origins;      /* NULL: not kept */
	count_t of_length[129];
	int longest;
	uint64_t hash; /* of the body and the origins */
};

/* While building: the address as two words, so that comparing is two comparisons. */
struct row {
	uint64_t hi, lo;
	uint32_t at; /* when it was added: the first of equal ones wins */
	asn_t origin;
	uint8_t len;
};

struct prefixset_builder {
	enum addr_family family;
	struct row *rows;
	size_t count, cap;
	bool sorted, full;
};

static size_t size_of(enum addr_family family)
{
	return family == ADDR_IP6 ? 17 : 5;
}

/* ---- building ---- */

struct prefixset_builder *prefixset_builder_new(enum addr_family family)
{
	struct prefixset_builder *b = MEM_NEW(struct prefixset_builder);

	b->family = family;
	b->sorted = true;
	return b;
}

static uint64_t word_of(const unsigned char *p, int octets)
{
	uint64_t w = 0;

	for (int i = 0; i < 8; i++)
		w = w << 8 | (i < octets ? p[i] : 0u);
	return w;
}

static int row_cmp(const void *x, const void *y)
{
	const struct row *a = x, *b = y;

	if (a->hi != b->hi)
		return a->hi < b->hi ? -1 : 1;
	if (a->lo != b->lo)
		return a->lo < b->lo ? -1 : 1;
	return a->len < b->len ? -1 : a->len > b->len;
}

static int row_order(const void *x, const void *y)
{
	int c = row_cmp(x, y);
	uint32_t a = ((const struct row *)x)->at, b = ((const struct row *)y)->at;

	return c != 0 ? c : a < b ? -1 : a > b;
}

bool prefixset_add(struct prefixset_builder *b, const struct prefix *p, asn_t origin)
{
	struct row r = { .at = (uint32_t)b->count, .origin = origin, .len = p->len };
	bool six = b->family == ADDR_IP6;
	int c;

	if (p->net.family != (uint8_t)b->family || p->len > (six ? 128 : 32))
		return false;
	r.hi = word_of(p->net.b, six ? 8 : 4);
	r.lo = six ? word_of(p->net.b + 8, 8) : 0;
	c = b->count == 0 ? 1 : row_cmp(&r, &b->rows[b->count - 1]);
	if (c == 0)
		return true;
	if (b->count >= PREFIXES_MAX) {
		b->full = true;
		return false;
	}
	b->sorted = b->sorted && c > 0;
	MEM_GROW(b->rows, b->cap, b->count + 1);
	b->rows[b->count++] = r;
	return true;
}

bool prefixset_builder_full(const struct prefixset_builder *b)
{
	return b->full;
}

void prefixset_builder_free(struct prefixset_builder *b)
{
	if (b == NULL)
		return;
	free(b->rows);
	free(b);
}

static void sort_rows(struct prefixset_builder *b)
{
	size_t n = 0;

	if (b->sorted || b->count == 0)
		return;
	qsort(b->rows, b->count, sizeof(*b->rows), row_order);
	for (size_t i = 1; i < b->count; i++)
		if (row_cmp(&b->rows[n], &b->rows[i]) != 0)
			b->rows[++n] = b->rows[i];
	b->count = n + 1;
}

static void pack(const struct row *r, bool six, unsigned char *out)
{
	for (int i = 0; i < (six ? 8 : 4); i++)
		out[i] = (unsigned char)(r->hi >> (56 - 8 * i));
	for (int i = 0; six && i < 8; i++)
		out[8 + i] = (unsigned char)(r->lo >> (56 - 8 * i));
	out[six ? 16 : 4] = r->len;
}

/* FNV-1a over words: tells different sets apart quickly; equal hashes are compared in full. */
static uint64_t hash_of(const void *p, size_t n, uint64_t h)
{
	const unsigned char *at = p;
	uint64_t w;

	for (; n >= sizeof(w); n -= sizeof(w), at += sizeof(w)) {
		memcpy(&w, at, sizeof(w));
		h = (h ^ w) * 1099511628211u;
		h ^= h >> 29;
	}
	for (; n > 0; n--)
		h = (h ^ *at++) * 1099511628211u;
	return h;
}

struct prefixset *prefixset_freeze(struct prefixset_builder *b, bool keep_origins)
{
	struct prefixset *s = MEM_NEW(struct prefixset);
	size_t size = size_of(b->family);

	sort_rows(b);
	atomic_init(&s->refs, 1);
	s->family = b->family;
	s->count = b->count;
	s->longest = -1;
	s->body = mem_calloc(b->count > 0 ? b->count : 1, size);
	s->origins = keep_origins ? mem_calloc(b->count > 0 ? b->count : 1, sizeof(*s->origins)) : NULL;
	for (size_t i = 0; i < b->count; i++) {
		const struct row *r = &b->rows[i];

		pack(r, b->family == ADDR_IP6, s->body + i * size);
		if (keep_origins)
			s->origins[i] = r->origin;
		s->of_length[r->len]++;
		s->longest = r->len > s->longest ? r->len : s->longest;
	}
	s->hash = hash_of(s->body, s->count * size, 14695981039346656037u);
	if (keep_origins)
		s->hash = hash_of(s->origins, s->count * sizeof(*s->origins), s->hash);
	prefixset_builder_free(b);
	return s;
}

/* ---- holding ---- */

struct prefixset *prefixset_ref(struct prefixset *s)
{
	if (s != NULL)
		atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
	return s;
}

void prefixset_unref(struct prefixset *s)
{
	if (s == NULL || atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) != 1)
		return;
	free(s->body);
	free(s->origins);
	free(s);
}

bool prefixset_same(const struct prefixset *a, const struct prefixset *b)
{
	if (a == b)
		return true;
	return a != NULL && b != NULL && a->hash == b->hash && a->count == b->count && a->family == b->family &&
	       (a->origins == NULL) == (b->origins == NULL) && memcmp(a->body, b->body, a->count * size_of(a->family)) == 0 &&
	       (a->origins == NULL || memcmp(a->origins, b->origins, a->count * sizeof(*a->origins)) == 0);
}

struct prefixset *prefixset_share(struct prefixset *s, struct prefixset *const *known, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (known[i] != NULL && known[i] != s && prefixset_same(known[i], s)) {
			prefixset_unref(s);
			return prefixset_ref(known[i]);
		}
	return s;
}

/* ---- asking ---- */

static const count_t no_lengths[129];

enum addr_family prefixset_family(const struct prefixset *s)
{
	return s != NULL ? s->family : ADDR_NONE;
}

size_t prefixset_count(const struct prefixset *s)
{
	return s != NULL ? s->count : 0;
}

int prefixset_longest(const struct prefixset *s)
{
	return s != NULL ? s->longest : -1;
}

const count_t *prefixset_of_length(const struct prefixset *s)
{
	return s != NULL ? s->of_length : no_lengths;
}

bool prefixset_has_default(const struct prefixset *s)
{
	return s != NULL && s->of_length[0] > 0;
}

size_t prefixset_octets(const struct prefixset *s)
{
	return s == NULL ? 0 : sizeof(*s) + s->count * (size_of(s->family) + (s->origins != NULL ? sizeof(asn_t) : 0));
}

void prefixset_at(const struct prefixset *s, size_t i, struct prefix *p, asn_t *origin)
{
	size_t size = size_of(s->family);
	const unsigned char *at = s->body + i * size;

	*p = (struct prefix){ .net.family = (uint8_t)s->family, .len = at[size - 1] };
	memcpy(p->net.b, at, size - 1);
	if (origin != NULL)
		*origin = s->origins != NULL ? s->origins[i] : ASN_UNKNOWN;
}

bool prefixset_find(const struct prefixset *s, const struct prefix *p, asn_t *origin)
{
	unsigned char key[17];
	size_t low = 0, high = prefixset_count(s), size;

	if (s == NULL || p->net.family != (uint8_t)s->family)
		return false;
	size = size_of(s->family);
	memcpy(key, p->net.b, size - 1);
	key[size - 1] = p->len;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = memcmp(s->body + mid * size, key, size);

		if (c == 0) {
			if (origin != NULL)
				*origin = s->origins != NULL ? s->origins[mid] : ASN_UNKNOWN;
			return true;
		}
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

bool prefixset_has_origin(const struct prefixset *s, asn_t origin)
{
	for (size_t i = 0; s != NULL && s->origins != NULL && i < s->count; i++)
		if (s->origins[i] == origin)
			return true;
	return false;
}

static void add_all(struct prefixset_builder *b, const struct prefixset *s)
{
	struct prefix p;

	for (size_t i = 0; i < prefixset_count(s); i++) {
		prefixset_at(s, i, &p, NULL);
		prefixset_add(b, &p, ASN_UNKNOWN);
	}
}

struct prefixset *prefixset_union(const struct prefixset *a, const struct prefixset *b, enum addr_family family)
{
	struct prefixset_builder *u = prefixset_builder_new(family);

	add_all(u, a);
	add_all(u, b);
	return prefixset_freeze(u, false);
}

struct slice prefixset_packed(const struct prefixset *s)
{
	return s == NULL ? (struct slice){ "", 0 } : (struct slice){ (const char *)s->body, s->count * size_of(s->family) };
}

struct prefixset *prefixset_unpack(enum addr_family family, struct slice packed)
{
	size_t size = size_of(family);
	struct prefixset_builder *b;

	if (packed.len % size != 0 || packed.len / size > PREFIXES_MAX)
		return NULL;
	b = prefixset_builder_new(family);
	for (size_t at = 0; at < packed.len; at += size) {
		struct prefix p = { .net.family = (uint8_t)family, .len = (uint8_t)packed.p[at + size - 1] }, masked;
		bool good = at == 0 || memcmp(packed.p + at - size, packed.p + at, size) < 0;

		memcpy(p.net.b, packed.p + at, size - 1);
		masked = p;
		if (good && p.len <= (family == ADDR_IP6 ? 128 : 32))
			prefix_mask(&masked);
		else
			good = false;
		if (!good || memcmp(&masked, &p, sizeof(p)) != 0) {
			prefixset_builder_free(b);
			return NULL;
		}
		prefixset_add(b, &p, ASN_UNKNOWN);
	}
	return prefixset_freeze(b, false);
}

/* ---- comparing ---- */

void prefixset_diff(const struct prefixset *a, const struct prefixset *b, count_t *only_a, count_t *only_b,
    int (*visit)(void *ctx, const struct prefix *p, asn_t origin, bool in_b), void *ctx)
{
	size_t i = 0, j = 0, n = prefixset_count(a), m = prefixset_count(b);
	size_t size = size_of(a != NULL ? a->family : prefixset_family(b));
	bool end = false;

	*only_a = *only_b = 0;
	while (a != b && (i < n || j < m)) {
		int c = i == n ? 1 : j == m ? -1 : memcmp(a->body + i * size, b->body + j * size, size);

		if (c != 0 && visit != NULL && !end) {
			struct prefix p;
			asn_t origin;

			prefixset_at(c < 0 ? a : b, c < 0 ? i : j, &p, &origin);
			end = visit(ctx, &p, origin, c > 0) != 0;
		}
		*only_a += c < 0;
		*only_b += c > 0;
		i += c <= 0;
		j += c >= 0;
	}
}

static void note_missing(struct prefixset_missing *m, const struct prefixset *from, size_t at)
{
	if (m->example_count < PREFIXSET_EXAMPLES)
		prefixset_at(from, at, &m->examples[m->example_count++], NULL);
	m->missing++;
}

/* All equal, which is what a policy asks for, is told by pointers and hashes alone. */
static bool all_same(struct prefixset *const *sets, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (!prefixset_same(sets[0], sets[i]))
			return false;
	return true;
}

void prefixset_compare(struct prefixset *const *sets, size_t n, struct prefixset_missing *out, count_t *total,
    count_t *in_all)
{
	size_t *at = mem_calloc(n > 0 ? n : 1, sizeof(*at)), size = n > 0 ? size_of(prefixset_family(sets[0])) : 5;

	memset(out, 0, n * sizeof(*out));
	*total = *in_all = 0;
	if (n > 0 && all_same(sets, n)) {
		*total = *in_all = (count_t)prefixset_count(sets[0]);
		n = 0;
	}
	while (n > 0) {
		const unsigned char *least = NULL;
		size_t from = 0, have = 0;

		for (size_t i = 0; i < n; i++) {
			const unsigned char *p = sets[i]->body + at[i] * size;

			if (at[i] < sets[i]->count && (least == NULL || memcmp(p, least, size) < 0)) {
				least = p;
				from = i;
			}
		}
		if (least == NULL)
			break;
		for (size_t i = 0; i < n; i++)
			have += at[i] < sets[i]->count && memcmp(sets[i]->body + at[i] * size, least, size) == 0;
		for (size_t i = 0, row = at[from]; i < n; i++) {
			if (at[i] < sets[i]->count && memcmp(sets[i]->body + at[i] * size, least, size) == 0)
				at[i]++;
			else if (have < n)
				note_missing(&out[i], sets[from], row);
		}
		*total += 1;
		*in_all += have == n;
	}
	free(at);
}

/* ---- AS paths ---- */

asn_t as_path_origin(struct slice path)
{
	asn_t asn;
	size_t at;

	path = slice_trim(path);
	if (path.len > 0 && (path.p[path.len - 1] == '}' || path.p[path.len - 1] == ']'))
		return ASN_NONE;
	for (at = path.len; at > 0 && path.p[at - 1] != ' '; at--)
		continue;
	return asn_parse(slice_from(path, at), &asn) ? asn : ASN_UNKNOWN;
}

asn_t as_path_first(struct slice path)
{
	struct scan c = scan_of(path);
	struct slice word;
	asn_t asn;

	return scan_word(&c, &word) && asn_parse(word, &asn) ? asn : ASN_UNKNOWN;
}
