/* Exchanges of addresses; see pdb_place.h. */
#include "backends/sources/pdb_place.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdlib.h>

struct places {
	struct pdb_fetch *s;
	struct pdb_keys own_nets, nets; /* ids of our own network, and of all seen */
	struct pdb_keys facs;     /* that we are in */
	struct pdb_keys ixes;     /* that we or a seen address are on */
	bool *placed;         /* per wanted address: it is on a known exchange */
	struct pdb_keys ixlans;   /* whose prefix holds a wanted address */
};

static int note_net(void *arg, const struct pdb_row *row)
{
	struct places *p = arg;

	pdb_keys_add(&p->nets, row->v[PDB_AT_ID].i);
	if (pdb_row_int(row, "asn", 0) == p->s->w->local_as)
		pdb_keys_add(&p->own_nets, row->v[PDB_AT_ID].i);
	return 0;
}

static bool is_address(const struct pdb_row *row, const char *field, const struct addr *a)
{
	struct slice s = pdb_row_text(row, field);
	struct addr b;

	return s.p != NULL && addr_parse(s, &b) && addr_equal(a, &b);
}

static int note_port(void *arg, const struct pdb_row *row)
{
	struct places *p = arg;
	bool here = pdb_keys_hold(&p->own_nets, pdb_row_int(row, "net_id", 0));

	for (size_t i = 0; i < p->s->w->addr_count; i++)
		if (is_address(row, "ipaddr4", &p->s->w->addrs[i]) || is_address(row, "ipaddr6", &p->s->w->addrs[i]))
			p->placed[i] = here = true;
	if (here)
		pdb_keys_add(&p->ixes, pdb_row_int(row, "ix_id", 0));
	return 0;
}

static int note_site(void *arg, const struct pdb_row *row)
{
	struct places *p = arg;

	pdb_keys_add(&p->facs, pdb_row_int(row, "fac_id", 0));
	return 0;
}

static int note_prefix(void *arg, const struct pdb_row *row)
{
	struct places *p = arg;
	struct prefix prefix;

	if (!prefix_parse(pdb_row_text(row, "prefix"), &prefix))
		return 0;
	for (size_t i = 0; i < p->s->w->addr_count; i++)
		if (prefix_holds(&prefix, &p->s->w->addrs[i])) {
			p->placed[i] = true;
			pdb_keys_add(&p->ixlans, pdb_row_int(row, "ixlan_id", 0));
		}
	return 0;
}

/* Which exchanges the networks in the store say that we are on. */
static int find_places(struct places *p, struct err *e)
{
	const struct pdb_wanted *w = p->s->w;
	struct pdb_keys asns = { 0 };
	int rc;

	for (size_t i = 0; i < w->asn_count; i++)
		pdb_keys_add(&asns, w->asns[i]);
	pdb_keys_add(&asns, w->local_as);
	pdb_keys_sort(&asns);
	p->placed = mem_calloc(w->addr_count, sizeof(*p->placed));
	rc = store_rows(p->s->store, PDB_NET, "asn", asns.p, asns.n, note_net, p, e);
	pdb_keys_sort(&p->nets);
	pdb_keys_sort(&p->own_nets);
	if (rc == 0)
		rc = store_rows(p->s->store, PDB_NETIXLAN, "net_id", p->nets.p, p->nets.n, note_port, p, e);
	if (rc == 0)
		rc = store_rows(p->s->store, PDB_NETFAC, "net_id", p->own_nets.p, p->own_nets.n, note_site, p, e);
	pdb_keys_sort(&p->facs);
	if (rc == 0)
		rc = store_rows(p->s->store, PDB_IXPFX, NULL, NULL, 0, note_prefix, p, e);
	pdb_keys_sort(&p->ixes);
	pdb_keys_sort(&p->ixlans);
	free(asns.p);
	return rc;
}

static void places_fini(struct places *p)
{
	free(p->nets.p);
	free(p->own_nets.p);
	free(p->ixes.p);
	free(p->ixlans.p);
	free(p->facs.p);
	free(p->placed);
}

/* Links between ourselves, which no exchange has: not worth a question. */
static bool is_private(const struct addr *a)
{
	static const char *const ranges[] = { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
		"169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10" };

	for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
		struct prefix p;

		if (prefix_parse(slice_of(ranges[i]), &p) && prefix_holds(&p, a))
			return true;
	}
	return a->family == ADDR_NONE;
}

static bool some_unplaced(const struct places *p)
{
	for (size_t i = 0; i < p->s->w->addr_count; i++)
		if (!p->placed[i] && !is_private(&p->s->w->addrs[i]))
			return true;
	return false;
}

struct ages {
	const struct pdb_fetch *s;
	struct pdb_keys known;
};

static int note_fresh(void *arg, const struct pdb_row *row)
{
	struct ages *a = arg;

	if (pdb_fetch_fresh(a->s, row->read_wall_ms))
		pdb_keys_add(&a->known, row->v[PDB_AT_ID].i);
	return 0;
}

/* Takes those out of `ids` that were read lately, or asked for and not found. */
static int keep_due(struct pdb_fetch *s, enum pdb_tag tag, struct pdb_keys *ids, struct err *e)
{
	struct ages a = { .s = s };
	size_t kept = 0;
	int rc = store_rows(s->store, tag, "id", ids->p, ids->n, note_fresh, &a, e);

	pdb_keys_sort(&a.known);
	for (size_t i = 0; i < ids->n; i++)
		if (!pdb_keys_hold(&a.known, ids->p[i]) && !pdb_fetch_lately(s, tag, ids->p[i]))
			ids->p[kept++] = ids->p[i];
	ids->n = kept;
	free(a.known.p);
	return rc;
}

/* Exchanges by id, with their LANs and prefixes. */
static int sync_ixes(struct pdb_fetch *s, const struct pdb_keys *ixes, struct err *e)
{
	struct pdb_answer a[3];
	int rc;

	pdb_answer_init(&a[0], PDB_IX, "id", ixes);
	pdb_answer_init(&a[1], PDB_IXLAN, "ix_id", ixes);
	pdb_answer_init(&a[2], PDB_IXPFX, "ixlan_id", &a[1].ids);
	rc = pdb_fetch_answer(s, &a[0], e);
	if (rc == 0)
		rc = pdb_fetch_answer(s, &a[1], e);
	if (rc == 0)
		rc = pdb_fetch_answer(s, &a[2], e);
	if (rc == 0)
		rc = pdb_fetch_save(s, a, 3, e);
	for (size_t i = 0; i < 3; i++)
		pdb_answer_fini(&a[i]);
	return rc;
}

/* The buildings that we are in: whom to call there. */
static int sync_facs(struct pdb_fetch *s, const struct pdb_keys *facs, struct err *e)
{
	struct pdb_answer a;
	int rc;

	pdb_answer_init(&a, PDB_FAC, "id", facs);
	rc = pdb_fetch_answer(s, &a, e);
	if (rc == 0)
		rc = pdb_fetch_save(s, &a, 1, e);
	pdb_answer_fini(&a);
	return rc;
}

static int sync_all_prefixes(struct pdb_fetch *s, struct err *e)
{
	struct pdb_answer a;
	int rc;

	pdb_answer_init(&a, PDB_IXPFX, NULL, NULL);
	rc = pdb_fetch_answer(s, &a, e);
	if (rc == 0)
		rc = pdb_fetch_save(s, &a, 1, e);
	pdb_answer_fini(&a);
	return rc;
}

/* The LANs that hold our addresses; the store then knows their exchange. */
static int sync_ixlans(struct pdb_fetch *s, const struct pdb_keys *ixlans, struct err *e)
{
	struct pdb_answer a;
	int rc;

	pdb_answer_init(&a, PDB_IXLAN, "id", ixlans);
	rc = pdb_fetch_answer(s, &a, e);
	if (rc == 0)
		rc = pdb_fetch_save(s, &a, 1, e);
	pdb_answer_fini(&a);
	return rc;
}

static int note_ix(void *arg, const struct pdb_row *row)
{
	pdb_keys_add(arg, pdb_row_int(row, "ix_id", 0));
	return 0;
}

/* Exchanges of addresses whose networks do not name the port. */
static int sync_lans(struct pdb_fetch *s, struct places *p, struct err *e)
{
	struct pdb_keys due = { 0 }, ixes = { 0 };
	int rc = 0;

	for (size_t i = 0; i < p->ixlans.n; i++)
		pdb_keys_add(&due, p->ixlans.p[i]);
	rc = keep_due(s, PDB_IXLAN, &due, e);
	if (rc == 0)
		rc = pdb_fetch_batches(s, &due, sync_ixlans, e);
	if (rc == 0)
		rc = store_rows(s->store, PDB_IXLAN, "id", p->ixlans.p, p->ixlans.n, note_ix, &ixes, e);
	pdb_keys_sort(&ixes);
	if (rc == 0)
		rc = keep_due(s, PDB_IX, &ixes, e);
	if (rc == 0)
		rc = pdb_fetch_batches(s, &ixes, sync_ixes, e);
	free(due.p);
	free(ixes.p);
	return rc;
}

static bool prefixes_due(struct pdb_fetch *s, const struct places *p)
{
	struct store_mark mark;

	return some_unplaced(p) &&
	       (store_mark_get(s->store, PDB_IXPFX, false, &mark, NULL) != 1 || !pdb_fetch_fresh(s, mark.at_wall_ms));
}

/* What was stored meanwhile may have given more addresses their place. */
static int find_places_again(struct places *p, struct err *e)
{
	struct pdb_fetch *s = p->s;

	places_fini(p);
	*p = (struct places){ .s = s };
	return find_places(p, e);
}

int pdb_place(struct pdb_fetch *s, struct err *e)
{
	struct places p = { .s = s };
	int rc = find_places(&p, e);

	if (rc == 0)
		rc = keep_due(s, PDB_IX, &p.ixes, e);
	if (rc == 0 && p.ixes.n > 0) {
		rc = pdb_fetch_batches(s, &p.ixes, sync_ixes, e);
		if (rc == 0)
			rc = find_places_again(&p, e);
	}
	if (rc == 0 && prefixes_due(s, &p)) {
		rc = sync_all_prefixes(s, e);
		if (rc == 0)
			rc = find_places_again(&p, e);
	}
	if (rc == 0)
		rc = sync_lans(s, &p, e);
	if (rc == 0)
		rc = keep_due(s, PDB_FAC, &p.facs, e);
	if (rc == 0)
		rc = pdb_fetch_batches(s, &p.facs, sync_facs, e);
	places_fini(&p);
	return rc;
}
