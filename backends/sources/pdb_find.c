/* Networks by a few words; see pdb_find.h. */
#include "backends/sources/pdb_find.h"
#include "backends/sources/pdb_keys.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct seek {
	struct store *store;
	struct pdb_finds *out;
	const char *words;
	struct addr addr;
	struct slice macro, source; /* "AS-EX" and "RIPE", or no source */
	struct pdb_keys nets, lans, ixes;
};

static void add(struct seek *k, const struct pdb_row *net, enum pdb_found_by by, int rank)
{
	struct pdb_finds *f = k->out;

	if (f->n == PDB_FIND_MAX) {
		f->more = true;
		return;
	}
	MEM_GROW(f->p, f->cap, f->n + 1);
	f->p[f->n++] = (struct pdb_found){ (asn_t)pdb_row_int(net, "asn", 0), (uint32_t)net->v[PDB_AT_ID].i, by, rank };
}

/* 0 whole, 1 at the beginning, 2 somewhere, 3 not at all; case is ignored. */
static int match(struct slice text, const char *words)
{
	size_t n = strlen(words);

	for (size_t i = 0; n <= text.len && i + n <= text.len; i++)
		if (strncasecmp(text.p + i, words, n) == 0)
			return i > 0 ? 2 : text.len == n ? 0 : 1;
	return 3;
}

static int on_asn(void *arg, const struct pdb_row *row)
{
	add(arg, row, PDB_BY_ASN, 0);
	return 0;
}

static int on_exchange_net(void *arg, const struct pdb_row *row)
{
	add(arg, row, PDB_BY_EXCHANGE, 0);
	return 0;
}

static int on_address_net(void *arg, const struct pdb_row *row)
{
	add(arg, row, PDB_BY_ADDRESS, 0);
	return 0;
}

static int on_name(void *arg, const struct pdb_row *row)
{
	static const char *const fields[] = { "name", "aka", "name_long" };
	struct seek *k = arg;
	int best = 3;

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		int rank = match(pdb_row_text(row, fields[i]), k->words);

		best = rank < best ? rank : best;
	}
	if (best < 3)
		add(k, row, PDB_BY_NAME, best);
	return 0;
}

/* --- AS macros ---------------------------------------------------------------------- */

static bool same_word(struct slice a, struct slice b)
{
	return a.len == b.len && strncasecmp(a.p, b.p, a.len) == 0;
}

/* "RIPE::AS-EX" and "AS-EX@RIPE" into name and source. */
static struct slice split_macro(struct slice s, struct slice *source)
{
	ptrdiff_t at = slice_find(s, "::");

	*source = (struct slice){ "", 0 };
	if (at >= 0) {
		*source = slice_upto(s, (size_t)at);
		return slice_from(s, (size_t)at + 2);
	}
	at = slice_find(s, "@");
	if (at < 0)
		return s;
	*source = slice_from(s, (size_t)at + 1);
	return slice_upto(s, (size_t)at);
}

static int on_macro(void *arg, const struct pdb_row *row)
{
	struct seek *k = arg;
	struct slice all = pdb_row_text(row, "irr_as_set");

	for (size_t from = 0, to; from < all.len; from = to + 1) {
		struct slice source, name;

		for (to = from; to < all.len && strchr(" ,;\t", all.p[to]) == NULL; to++)
			;
		name = split_macro((struct slice){ all.p + from, to - from }, &source);
		if (same_word(name, k->macro) && (k->source.len == 0 || same_word(source, k->source))) {
			add(k, row, PDB_BY_MACRO, 0);
			break;
		}
	}
	return 0;
}

static bool is_macro(struct slice s)
{
	struct slice source, name = split_macro(s, &source);

	for (size_t i = 0; i + 3 <= name.len; i++)
		if ((i == 0 || name.p[i - 1] == ':') && strncasecmp(name.p + i, "AS-", 3) == 0)
			return true;
	return source.len > 0 && name.len > 0 && memchr(s.p, ' ', s.len) == NULL && slice_find(s, "::") >= 0;
}

/* --- addresses ----------------------------------------------------------------------- */

static int on_prefix(void *arg, const struct pdb_row *row)
{
	struct seek *k = arg;
	struct prefix p;

	if (prefix_parse(pdb_row_text(row, "prefix"), &p) && prefix_holds(&p, &k->addr))
		pdb_keys_add(&k->lans, pdb_row_int(row, "ixlan_id", 0));
	return 0;
}

static int on_lan(void *arg, const struct pdb_row *row)
{
	struct seek *k = arg;

	pdb_keys_add(&k->ixes, pdb_row_int(row, "ix_id", 0));
	return 0;
}

static int on_port(void *arg, const struct pdb_row *row)
{
	struct seek *k = arg;
	struct slice text = pdb_row_text(row, k->addr.family == ADDR_IP4 ? "ipaddr4" : "ipaddr6");
	struct addr a;

	if (text.p == NULL || !addr_parse(text, &a) || !addr_equal(&a, &k->addr))
		return 0;
	pdb_keys_add(&k->nets, pdb_row_int(row, "net_id", 0));
	k->out->ix_id = (uint32_t)pdb_row_int(row, "ix_id", 0);
	return 0;
}

/* By the LAN that holds it; where no prefix does, all ports are looked through. */
static int find_address(struct seek *k, struct err *e)
{
	int rc = store_rows(k->store, PDB_IXPFX, NULL, NULL, 0, on_prefix, k, e);

	pdb_keys_sort(&k->lans);
	if (rc == 0)
		rc = store_rows(k->store, PDB_IXLAN, "id", k->lans.p, k->lans.n, on_lan, k, e);
	pdb_keys_sort(&k->ixes);
	if (rc == 0)
		rc = store_rows(k->store, PDB_NETIXLAN, k->ixes.n > 0 ? "ix_id" : NULL, k->ixes.p, k->ixes.n, on_port, k, e);
	pdb_keys_sort(&k->nets);
	if (k->out->ix_id == 0 && k->ixes.n > 0)
		k->out->ix_id = (uint32_t)k->ixes.p[0];
	return rc == 0 ? store_rows(k->store, PDB_NET, "id", k->nets.p, k->nets.n, on_address_net, k, e) : -1;
}

/* --- exchanges ------------------------------------------------------------------------ */

struct best_ix {
	const char *words;
	int rank;
	uint32_t id;
};

static int on_ix(void *arg, const struct pdb_row *row)
{
	static const char *const fields[] = { "name", "aka", "name_long" };
	struct best_ix *b = arg;
	uint64_t id;

	if (slice_u64(slice_of(b->words), &id) && (int64_t)id == row->v[PDB_AT_ID].i) {
		*b = (struct best_ix){ b->words, -1, (uint32_t)id };
		return 1;
	}
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		int rank = match(pdb_row_text(row, fields[i]), b->words);

		if (rank < b->rank) {
			b->rank = rank;
			b->id = (uint32_t)row->v[PDB_AT_ID].i;
		}
	}
	return 0;
}

static int on_ix_port(void *arg, const struct pdb_row *row)
{
	struct seek *k = arg;

	pdb_keys_add(&k->nets, pdb_row_int(row, "net_id", 0));
	return 0;
}

static int find_exchange(struct seek *k, const char *words, struct err *e)
{
	struct best_ix b = { words, 3, 0 };
	int64_t id;

	if (store_rows(k->store, PDB_IX, NULL, NULL, 0, on_ix, &b, e) < 0)
		return -1;
	id = k->out->ix_id = b.id;
	if (b.id == 0)
		return 0;
	if (store_rows(k->store, PDB_NETIXLAN, "ix_id", &id, 1, on_ix_port, k, e) < 0)
		return -1;
	pdb_keys_sort(&k->nets);
	return store_rows(k->store, PDB_NET, "id", k->nets.p, k->nets.n, on_exchange_net, k, e);
}

/* --- the whole ------------------------------------------------------------------------- */

static int order(const void *x, const void *y)
{
	const struct pdb_found *a = x, *b = y;

	if (a->rank != b->rank)
		return a->rank - b->rank;
	return a->asn < b->asn ? -1 : a->asn > b->asn;
}

static int seek(struct seek *k, struct err *e)
{
	struct slice s = slice_of(k->words);
	asn_t asn;

	if (strncasecmp(k->words, "ix:", 3) == 0)
		return find_exchange(k, k->words + 3, e);
	if (asn_parse(s, &asn) && asn != ASN_UNKNOWN) {
		const int64_t key = asn;

		k->out->is_asn = true;
		k->out->asn = asn;
		return store_rows(k->store, PDB_NET, "asn", &key, 1, on_asn, k, e);
	}
	if (addr_parse(s, &k->addr)) {
		k->out->is_addr = true;
		return find_address(k, e);
	}
	if (is_macro(s)) {
		k->macro = split_macro(s, &k->source);
		return store_rows(k->store, PDB_NET, NULL, NULL, 0, on_macro, k, e);
	}
	if (store_rows(k->store, PDB_NET, NULL, NULL, 0, on_name, k, e) < 0)
		return -1;
	return k->out->n > 0 ? 0 : find_exchange(k, k->words, e);
}

int pdb_find(struct store *s, const char *words, struct pdb_finds *out, struct err *e)
{
	struct seek k = { .store = s, .out = out };
	struct slice trimmed = slice_trim(slice_of(words));
	char *copy = mem_strndup(trimmed.p, trimmed.len);
	int rc = 0;

	*out = (struct pdb_finds){ 0 };
	k.words = copy;
	if (*copy != '\0')
		rc = seek(&k, e);
	if (out->n > 0)
		qsort(out->p, out->n, sizeof(*out->p), order);
	free(k.nets.p);
	free(k.lans.p);
	free(k.ixes.p);
	free(copy);
	return rc;
}

void pdb_finds_fini(struct pdb_finds *f)
{
	free(f->p);
	*f = (struct pdb_finds){ 0 };
}
