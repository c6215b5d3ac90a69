/* What to ask PeeringDB; see pdb_sync.h. */
#include "backends/sources/pdb_sync.h"
#include "backends/sources/pdb_fetch.h"
#include "backends/sources/pdb_place.h"
#include "backends/sources/pdb_tables.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <stdlib.h>

/* How long to wait for another process that asks: somebody who looks up one network waits at the screen. */
enum { FEW = 5, HOLD_FEW_MS = 5000, HOLD_MANY_MS = 120000 };

/* True if contacts came with a snapshot lately, as fully as we could read them ourselves. */
static bool contacts_fresh(struct pdb_fetch *s)
{
	struct store_mark m;

	if (store_mark_get(s->store, PDB_POC, true, &m, NULL) == 1 && pdb_fetch_fresh(s, m.at_wall_ms))
		return true;
	return !pdb_ask_keyed(s->ask) && store_mark_get(s->store, PDB_POC, false, &m, NULL) == 1 &&
	       pdb_fetch_fresh(s, m.at_wall_ms);
}

static int row_age(void *arg, const struct pdb_row *row)
{
	int64_t *read_wall_ms = arg;

	*read_wall_ms = row->read_wall_ms;
	return 0;
}

/* The network came with a snapshot lately. */
static bool imported_lately(struct pdb_fetch *s, asn_t asn)
{
	int64_t key = asn, read_wall_ms = -1;

	return store_rows(s->store, PDB_NET, "asn", &key, 1, row_age, &read_wall_ms, NULL) == 0 &&
	       read_wall_ms >= 0 && pdb_fetch_fresh(s, read_wall_ms);
}

static void add_if_due(struct pdb_fetch *s, struct pdb_keys *due, asn_t asn, bool contacts)
{
	if (asn == ASN_UNKNOWN || (pdb_ask_public(s->ask) && asn_is_special(asn)))
		return;
	if (!pdb_fetch_lately(s, PDB_NET, asn) && !(contacts && imported_lately(s, asn)))
		pdb_keys_add(due, asn);
}

/* Whole tables were read lately: what they do not have does not exist. */
static bool tables_fresh(struct pdb_fetch *s)
{
	static const enum pdb_tag needed[] = { PDB_NET, PDB_NETIXLAN, PDB_NETFAC };
	int64_t at;

	for (size_t i = 0; i < ARRAY_LEN(needed); i++)
		if (!pdb_table_whole(s->store, needed[i], &at) || !pdb_fetch_fresh(s, at))
			return false;
	return true;
}

static struct pdb_keys due_asns(struct pdb_fetch *s)
{
	bool contacts = contacts_fresh(s);
	struct pdb_keys due = { 0 };

	if (contacts && tables_fresh(s))
		return due;
	for (size_t i = 0; i < s->w->asn_count; i++)
		add_if_due(s, &due, s->w->asns[i], contacts);
	add_if_due(s, &due, s->w->local_as, contacts);
	pdb_keys_sort(&due);
	return due;
}

static int sync_nets(struct pdb_fetch *s, const struct pdb_keys *asns, struct err *e)
{
	struct pdb_answer a[4];
	int rc;

	pdb_answer_init(&a[0], PDB_NET, "asn", asns);
	pdb_answer_init(&a[1], PDB_POC, "net_id", &a[0].ids);
	pdb_answer_init(&a[2], PDB_NETIXLAN, "net_id", &a[0].ids);
	pdb_answer_init(&a[3], PDB_NETFAC, "net_id", &a[0].ids);
	rc = pdb_fetch_answer(s, &a[0], e);
	if (rc == 0)
		rc = pdb_fetch_answer(s, &a[1], e);
	if (rc == 0)
		rc = pdb_fetch_answer(s, &a[2], e);
	if (rc == 0)
		rc = pdb_fetch_answer(s, &a[3], e);
	if (rc == 0)
		rc = pdb_fetch_save(s, a, 4, e);
	for (size_t i = 0; i < 4; i++)
		pdb_answer_fini(&a[i]);
	return rc;
}

int pdb_sync(struct pdb_ask *ask, struct store *store, const struct pdb_wanted *w,
    const struct pdb_sync_ops *ops, struct err *e)
{
	struct pdb_fetch s = { ask, store, w, ops, clock_wall_ms() };
	struct pdb_keys asns = due_asns(&s);
	int rc;

	if (asns.n > 0) { /* somebody else may be at it: what he has read need not be asked for again */
		pdb_ask_hold(ask, asns.n > FEW ? HOLD_MANY_MS : HOLD_FEW_MS);
		free(asns.p);
		s.now_wall_ms = clock_wall_ms();
		asns = due_asns(&s);
	}
	rc = pdb_fetch_batches(&s, &asns, sync_nets, e);
	if (rc == 0)
		rc = pdb_place(&s, e);
	pdb_ask_release(ask);
	free(asns.p);
	return rc;
}
