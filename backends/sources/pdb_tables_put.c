/* Downloaded tables into the store; see pdb_tables_put.h. */
#include "backends/sources/pdb_tables_put.h"
#include "backends/sources/pdb_file.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum {
	BULK_OCTETS = 1 << 20,   /* answers from this size on have their indexes made at the end */
	LOOK_ROWS = 2000,        /* between two looks at the operator */
	SUSPECT_ROWS = 1000,     /* a table of that size does not halve from one day to the next */
	FUTURE_MS = 86400000,    /* a time further ahead is a fault of the row, and must not move the watermark there */
};

struct put {
	struct store *store;
	const struct pdb_table *t;
	const struct pdb_tables_ops *ops;
	struct pdb_tables_sum *sum;
	struct pdb_table_sum *of; /* this table's */
	int64_t reading, newest, last_id;
	size_t repeated;
};

static void on_fault(void *arg, const char *words)
{
	struct put *p = arg;
	char *line = mem_printf("%s: %s", pdb_kinds[p->t->tag].tag, words);

	if (p->ops->fault != NULL)
		p->ops->fault(p->ops->arg, line);
	free(line);
}

static void tell(const struct put *p)
{
	char words[80];

	snprintf(words, sizeof(words), "storing %s: %zu rows", pdb_kinds[p->t->tag].tag, p->of->rows);
	if (p->ops->progress != NULL)
		p->ops->progress(p->ops->arg, words);
}

static int look_up(const struct put *p, struct err *e)
{
	if (p->ops->cancelled != NULL && p->ops->cancelled(p->ops->arg))
		return err_set(e, ERR_CANCELLED, "cancelled");
	if (p->of->rows % (10 * LOOK_ROWS) == 0)
		tell(p);
	return 0;
}

static int on_row(void *arg, const struct pdb_row *row, struct err *e)
{
	struct put *p = arg;
	const struct pdb_value *updated = &row->v[PDB_AT_UPDATED];
	bool changed;

	if (store_put(p->store, row, p->reading, &changed, e) < 0)
		return -1;
	/* The last second before is read again: its rows are no news. */
	p->of->changed += changed && (p->t->since_s < 0 || updated->i / 1000 > p->t->since_s + 1);
	p->of->deleted += changed && !pdb_row_live(row) && updated->i / 1000 > p->t->since_s + 1;
	p->repeated += row->v[PDB_AT_ID].i == p->last_id;
	p->last_id = row->v[PDB_AT_ID].i;
	if (updated->is == PDB_IS_INT && updated->i > p->newest && updated->i < clock_wall_ms() + FUTURE_MS)
		p->newest = updated->i;
	return ++p->of->rows % LOOK_ROWS == 0 ? look_up(p, e) : 0;
}

/* A whole table that is suddenly empty, half as long or one row again and again is a fault of whoever sent it: what is known
 * must not be thrown away for it. */
static int believe(const struct put *p, size_t known, struct err *e)
{
	if (p->repeated > SUSPECT_ROWS && p->repeated > p->of->rows / 2)
		return err_set(e, ERR_PARSE, "the same row comes %zu times; not believed", p->repeated);
	if (p->t->tag == PDB_POC) /* how many of them are to be seen depends on the key */
		return 0;
	if (known > 0 && p->of->rows == 0)
		return err_set(e, ERR_PARSE, "no row where %zu are known; not believed", known);
	if (known >= SUSPECT_ROWS && p->of->rows < known / 2)
		return err_set(e, ERR_PARSE, "only %zu rows where %zu are known; not believed", p->of->rows, known);
	return 0;
}

static int put_mark(struct put *p, int64_t at_wall_ms, struct err *e)
{
	struct store_mark m = { 0 };

	if (store_mark_get(p->store, p->t->tag, p->t->with_key, &m, e) < 0)
		return -1;
	m.updated_wall_ms = p->newest > m.updated_wall_ms ? p->newest : m.updated_wall_ms;
	m.at_wall_ms = at_wall_ms > m.at_wall_ms ? at_wall_ms : m.at_wall_ms;
	if (p->t->since_s < 0)
		m.whole_wall_ms = at_wall_ms;
	return store_mark_put(p->store, p->t->tag, p->t->with_key, &m, e);
}

/* When the data was what it says: now for an answer of the API; a dump tells, or is as old as its newest row. */
static int64_t date_of(const struct put *p, const struct pdb_read_end *end)
{
	return p->t->at_wall_ms > 0 ? p->t->at_wall_ms : end->generated_wall_ms > 0 ? end->generated_wall_ms : p->newest;
}

static int after_rows(struct put *p, const struct pdb_read_end *end, size_t known, struct err *e)
{
	int64_t date = date_of(p, end);

	if (end->truncated)
		return err_set(e, ERR_LIMIT, "the server sent a part only");
	if (p->t->since_s < 0) {
		if (believe(p, known, e) < 0 ||
		    store_sweep(p->store, p->t->tag, p->reading, p->t->at_wall_ms > 0 ? date : p->newest, !p->t->with_key,
		    &p->of->deleted, e) < 0)
			return -1;
		p->of->whole = true;
	}
	p->sum->dropped += end->dropped;
	p->sum->faults += end->faults;
	return store_reading_date(p->store, p->reading, date, e) < 0 ? -1 : put_mark(p, date, e);
}

static int put_table(struct store *store, const struct pdb_table *t, const struct pdb_tables_ops *ops,
    struct pdb_tables_sum *sum, struct err *e)
{
	struct put p = { .store = store, .t = t, .ops = ops, .sum = sum, .of = &sum->tag[t->tag] };
	const struct store_reading reading = { .at_wall_ms = t->at_wall_ms > 0 ? t->at_wall_ms : 0, .with_key = t->with_key,
		.origin = t->at_wall_ms > 0 ? "api" : pdb_file_name(t->path) };
	const struct pdb_read_ops rows = { .row = on_row, .fault = on_fault, .arg = &p };
	struct pdb_read_end end;
	struct stat st;
	bool bulk = t->since_s < 0 || (stat(t->path, &st) == 0 && st.st_size > BULK_OCTETS);
	size_t known = 0;
	int rc = t->since_s < 0 ? store_count(store, t->tag, &known, NULL, NULL, e) : 0;

	sum->at = t->tag;
	p.of->read = true;
	tell(&p);
	if (rc == 0)
		rc = store_reading_add(store, &reading, &p.reading, e);
	if (rc == 0 && bulk)
		rc = store_bulk_begin(store, t->tag, e);
	if (rc == 0)
		rc = pdb_file_read(t->path, t->tag, &rows, &end, e);
	if (rc == 0 && bulk)
		rc = store_bulk_end(store, t->tag, e);
	if (rc == 0)
		rc = after_rows(&p, &end, known, e);
	return rc;
}

static int put_all(struct store *store, const struct pdb_table *tables, size_t n, const struct pdb_tables_ops *ops,
    struct pdb_tables_sum *sum, struct err *e)
{
	int rc = store_begin(store, e);

	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = put_table(store, &tables[i], ops, sum, e);
	if (rc == 0)
		return store_commit(store, e);
	store_rollback(store);
	return -1;
}

int pdb_tables_put(struct store *store, const struct pdb_table *tables, size_t n, const struct pdb_tables_ops *ops,
    struct pdb_tables_sum *sum, struct err *e)
{
	struct err why = ERR_INIT;
	int rc;

	do {
		*sum = (struct pdb_tables_sum){ 0 };
		err_clear(&why);
		rc = put_all(store, tables, n, ops, sum, &why);
	} while (rc < 0 && store_heal(store));
	return rc == 0 ? 0 : err_set(e, why.code, "%s", why.text);
}
