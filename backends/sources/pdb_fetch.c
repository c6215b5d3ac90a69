/* Answers into the store; see pdb_fetch.h. */
#include "backends/sources/pdb_fetch.h"
#include "backends/sources/pdb_read.h"
#include "core/base/scan.h"

#include <stdio.h>
#include <stdlib.h>

static void progress(const struct pdb_fetch *s, const char *words)
{
	if (s->ops->progress != NULL)
		s->ops->progress(s->ops->arg, words);
}

bool pdb_fetch_fresh(const struct pdb_fetch *s, int64_t at_wall_ms)
{
	/* A date in the future is a clock that was set back: read again. */
	return at_wall_ms <= s->now_wall_ms && s->now_wall_ms - at_wall_ms < (int64_t)s->w->refresh_s * 1000;
}

bool pdb_fetch_lately(struct pdb_fetch *s, enum pdb_tag tag, int64_t key)
{
	struct store_asked a;

	return store_asked_get(s->store, tag, key, &a, NULL) == 1 && pdb_fetch_fresh(s, a.at_wall_ms) &&
	       (tag != PDB_NET || a.with_key || !pdb_ask_keyed(s->ask));
}

void pdb_answer_init(struct pdb_answer *a, enum pdb_tag tag, const char *column, const struct pdb_keys *asked)
{
	*a = (struct pdb_answer){ .tag = tag, .column = column, .asked = asked };
	str_init(&a->body, PDB_BODY_MAX);
}

void pdb_answer_fini(struct pdb_answer *a)
{
	str_fini(&a->body);
	free(a->ids.p);
}

/* The server ignores a filter that it does not know and sends the whole table: only what was asked for counts. */
static bool was_asked(const struct pdb_answer *a, const struct pdb_row *row)
{
	return a->column == NULL || pdb_keys_hold(a->asked, pdb_row_int(row, a->column, -1));
}

static int collect_id(void *arg, const struct pdb_row *row, struct err *e)
{
	struct pdb_answer *a = arg;

	(void)e;
	if (was_asked(a, row))
		pdb_keys_add(&a->ids, row->v[PDB_AT_ID].i);
	return 0;
}

static int read_answer(const struct pdb_answer *a, const struct pdb_read_ops *ops, struct err *e)
{
	struct pdb_read *r = pdb_read_new(a->tag, ops);
	struct pdb_read_end end;

	if (pdb_read_feed(r, a->body.p, a->body.len, e) < 0) {
		pdb_read_free(r);
		return -1;
	}
	if (pdb_read_finish(r, &end, e) < 0)
		return -1;
	return end.truncated ? err_set(e, ERR_LIMIT, "the server sent a part only") : 0;
}

/* Asks for keys from..from+n of a->asked, and checks the answer. */
int pdb_fetch_answer(struct pdb_fetch *s, struct pdb_answer *a, struct err *e)
{
	const struct pdb_read_ops ops = { .row = collect_id, .arg = a };
	struct err why = ERR_INIT;
	size_t n = a->asked != NULL ? a->asked->n : 0;
	char words[100];

	if (a->column != NULL && n == 0) {
		str_puts(&a->body, "{\"data\":[]}");
		return 0;
	}
	snprintf(words, sizeof(words), "asking PeeringDB for %s", pdb_kinds[a->tag].tag);
	progress(s, words);
	if (pdb_ask_get(s->ask, a->tag, a->column, n ? a->asked->p : NULL, n, &a->body, e) < 0)
		return -1;
	if (read_answer(a, &ops, &why) < 0) {
		pdb_ask_bad(s->ask, a->tag, &why);
		return err_set(e, why.code, "%s", pdb_ask_state(s->ask));
	}
	pdb_keys_sort(&a->ids);
	return 0;
}

struct put {
	struct pdb_fetch *s;
	const struct pdb_answer *a;
	int64_t reading;
	struct pdb_keys gone;
	bool with_key;
};

static int put_row(void *arg, const struct pdb_row *row, struct err *e)
{
	struct put *p = arg;

	return was_asked(p->a, row) ? store_put(p->s->store, row, p->reading, NULL, e) : 0;
}

static int note_gone(void *arg, const struct pdb_row *row)
{
	struct put *p = arg;
	struct slice visible = pdb_row_text(row, "visible");

	/* Without a key hidden contacts are left out silently: that is no sign that they are gone. */
	if (row->tag == PDB_POC && !p->with_key && visible.p != NULL && !slice_eq(visible, "Public"))
		return 0;
	if (!pdb_keys_hold(&p->a->ids, row->v[PDB_AT_ID].i))
		pdb_keys_add(&p->gone, row->v[PDB_AT_ID].i);
	return 0;
}

/* Stores the rows of an answer, and drops those of the asked keys that are no longer there. */
static int put_answer(struct pdb_fetch *s, const struct pdb_answer *a, int64_t reading, struct err *e)
{
	struct put p = { .s = s, .a = a, .reading = reading, .with_key = pdb_ask_keyed(s->ask) };
	const struct pdb_read_ops ops = { .row = put_row, .arg = &p };
	int rc = 0;

	if (a->column != NULL && a->asked->n > 0)
		rc = store_rows(s->store, a->tag, a->column, a->asked->p, a->asked->n, note_gone, &p, e);
	for (size_t i = 0; rc == 0 && i < p.gone.n; i++)
		rc = store_drop(s->store, a->tag, p.gone.p[i], e);
	if (rc == 0)
		rc = read_answer(a, &ops, e);
	free(p.gone.p);
	return rc;
}

static int put_answers(struct pdb_fetch *s, const struct pdb_answer *answers, size_t n, struct err *e)
{
	const struct store_reading reading = { .at_wall_ms = s->now_wall_ms,
		.with_key = pdb_ask_keyed(s->ask), .origin = "api" };
	int64_t id;
	int rc;

	rc = store_reading_add(s->store, &reading, &id, e);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = put_answer(s, &answers[i], id, e);
	return rc;
}

struct found {
	const char *column;
	struct pdb_keys keys;
};

static int collect_key(void *arg, const struct pdb_row *row, struct err *e)
{
	struct found *f = arg;

	(void)e;
	pdb_keys_add(&f->keys, pdb_row_int(row, f->column, 0));
	return 0;
}

/* Remembers what was asked for and whether it is there. */
static int put_asked(struct pdb_fetch *s, const struct pdb_answer *a, struct err *e)
{
	struct found found = { .column = a->column };
	const struct pdb_read_ops ops = { .row = collect_key, .arg = &found };
	int rc = read_answer(a, &ops, e);

	pdb_keys_sort(&found.keys);
	for (size_t i = 0; rc == 0 && i < a->asked->n; i++) {
		struct store_asked row = { .tag = a->tag, .key = a->asked->p[i], .at_wall_ms = s->now_wall_ms,
			.found = pdb_keys_hold(&found.keys, a->asked->p[i]), .with_key = pdb_ask_keyed(s->ask) };

		rc = store_asked_put(s->store, &row, e);
	}
	free(found.keys.p);
	return rc;
}

static int store_once(struct pdb_fetch *s, const struct pdb_answer *answers, size_t n, struct err *e)
{
	struct store_mark mark = { 0 };
	int rc = store_begin(s->store, e);

	if (rc == 0)
		rc = put_answers(s, answers, n, e);
	if (rc == 0 && answers[0].column != NULL)
		rc = put_asked(s, &answers[0], e);
	/* That a network is in no building must be told from not having asked. */
	for (size_t i = 1; rc == 0 && i < n; i++)
		if (answers[i].tag == PDB_NETFAC)
			rc = put_asked(s, &answers[i], e);
	if (rc == 0 && answers[0].column == NULL) {
		/* Where a sync goes on from stays as it was. */
		rc = store_mark_get(s->store, answers[0].tag, false, &mark, e) < 0 ? -1 : 0;
		mark.at_wall_ms = s->now_wall_ms;
		if (rc == 0)
			rc = store_mark_put(s->store, answers[0].tag, false, &mark, e);
	}
	return rc == 0 ? store_commit(s->store, e) : -1;
}

int pdb_fetch_save(struct pdb_fetch *s, const struct pdb_answer *answers, size_t n, struct err *e)
{
	struct err why = ERR_INIT;
	int rc;

	for (int attempt = 0; attempt < 2; attempt++) {
		err_clear(&why);
		rc = store_once(s, answers, n, &why);
		if (rc == 0)
			break;
		store_rollback(s->store);
		if (!store_heal(s->store))
			break;
	}
	if (rc < 0)
		return err_set(e, why.code, "%s", why.text);
	if (s->ops->stored != NULL)
		s->ops->stored(s->ops->arg);
	return 0;
}

int pdb_fetch_batches(struct pdb_fetch *s, const struct pdb_keys *all,
    int (*some)(struct pdb_fetch *s, const struct pdb_keys *some, struct err *e), struct err *e)
{
	int rc = 0;

	for (size_t at = 0; rc == 0 && at < all->n; at += PDB_BATCH) {
		struct pdb_keys part = { all->p + at, all->n - at < PDB_BATCH ? all->n - at : PDB_BATCH, 0 };

		rc = some(s, &part, e);
	}
	return rc;
}
