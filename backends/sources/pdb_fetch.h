/*
 * pdb_fetch - answers of PeeringDB brought into the store, a batch as a whole or not at all.
 *
 * Inside of pdb_sync: answers that belong together are first all fetched and
 * checked, then stored in one transaction, together with the note that they
 * were asked for.  Rows that an answer no longer has are dropped.
 */
#ifndef PEERDECK_SOURCES_PDB_FETCH_H
#define PEERDECK_SOURCES_PDB_FETCH_H

#include "backends/sources/pdb_ask.h"
#include "backends/sources/pdb_keys.h"
#include "backends/sources/pdb_wanted.h"
#include "core/model/store.h"

/* One pdb_sync at work. */
struct pdb_fetch {
	struct pdb_ask *ask;
	struct store *store;
	const struct pdb_wanted *w;
	const struct pdb_sync_ops *ops;
	int64_t now_wall_ms;
};

struct pdb_answer {
	enum pdb_tag tag;
	const char *column;           /* that is asked for; NULL: the whole table */
	const struct pdb_keys *asked; /* its values; must outlive the answer */
	struct str body;
	struct pdb_keys ids;          /* of the rows, once fetched */
};
void pdb_answer_init(struct pdb_answer *a, enum pdb_tag tag, const char *column, const struct pdb_keys *asked);
void pdb_answer_fini(struct pdb_answer *a);

/* Asks, and reads the answer once to see that it is one.  No question if there are no keys. */
int pdb_fetch_answer(struct pdb_fetch *s, struct pdb_answer *a, struct err *e);
/* Stores answers in one transaction, the first being what was asked for; once more if the store could be healed. */
int pdb_fetch_save(struct pdb_fetch *s, const struct pdb_answer *answers, size_t n, struct err *e);
/* Runs `some` over the keys, PDB_BATCH at a time, until it fails. */
int pdb_fetch_batches(struct pdb_fetch *s, const struct pdb_keys *all,
    int (*some)(struct pdb_fetch *s, const struct pdb_keys *keys, struct err *e), struct err *e);

/* Younger than refresh_s. */
bool pdb_fetch_fresh(const struct pdb_fetch *s, int64_t at_wall_ms);
/* Asked lately, and as fully as we can now. */
bool pdb_fetch_lately(struct pdb_fetch *s, enum pdb_tag tag, int64_t key);

#endif
