/* What of PeeringDB's tables is to be read, and how it comes; see pdb_tables.h.  pdb_tables_put.c stores it. */
#include "backends/sources/pdb_tables.h"
#include "backends/sources/pdb_file.h"
#include "backends/sources/pdb_spool.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	ATTEMPTS = 3,             /* per table */
	SIT_OUT_MS = 120000,      /* a longer pause ends the sync; what came is used by the next */
	WHOLE_AGAIN_MS = 86400000, /* PeeringDB asks for one full sync a day at most */
	TELL_MS = 500,
};

/* A download as it comes: through us into the spool. */
struct inflow {
	struct http_sink spool;
	const struct pdb_tables_ops *ops;
	const struct pdb_spool *s;
	const char *tag;
	int64_t told_boot_ms;
};

static void tell(const struct pdb_tables_ops *ops, const char *words)
{
	if (ops->progress != NULL)
		ops->progress(ops->arg, words);
}

static int inflow_put(void *arg, const char *p, size_t n)
{
	struct inflow *in = arg;
	int64_t now = clock_boot_ms();
	char words[80];

	if (now - in->told_boot_ms >= TELL_MS) {
		in->told_boot_ms = now;
		snprintf(words, sizeof(words), "reading %s: %.1f MB", in->tag, (double)pdb_spool_octets(in->s) / 1e6);
		tell(in->ops, words);
	}
	return in->spool.put(in->spool.arg, p, n);
}

static bool is_url(const char *from)
{
	struct slice s = slice_of(from);

	return slice_starts(s, "https://") || slice_starts(s, "http://");
}

/* The mark that a sync with or without a key goes on from. */
static int mark_of(struct store *store, const struct pdb_ask *ask, enum pdb_tag tag, struct store_mark *m, struct err *e)
{
	*m = (struct store_mark){ 0 };
	return store_mark_get(store, tag, tag == PDB_POC && ask != NULL && pdb_ask_keyed(ask), m, e) < 0 ? -1 : 0;
}

bool pdb_table_whole(struct store *store, enum pdb_tag tag, int64_t *at_wall_ms)
{
	struct store_mark m = { 0 };

	if (store_mark_get(store, tag, false, &m, NULL) != 1 || m.updated_wall_ms <= 0)
		return false;
	*at_wall_ms = m.at_wall_ms;
	return true;
}

/* --- from the net ------------------------------------------------------------------ */

static int download_once(struct pdb_ask *ask, struct pdb_spool *spool, const char *name, struct pdb_table *t, const char *from,
    const struct pdb_tables_ops *ops, struct err *e)
{
	struct inflow in = { .ops = ops, .s = spool, .tag = pdb_kinds[t->tag].tag };
	const struct http_sink sink = { inflow_put, &in };
	struct err why = ERR_INIT;

	if (pdb_spool_begin(spool, name, &in.spool, e) < 0)
		return -1;
	if (pdb_ask_table(ask, t->tag, t->since_s, from, &sink, e) < 0) {
		pdb_spool_drop(spool);
		return -1;
	}
	t->path = pdb_spool_keep(spool, &why);
	if (t->path != NULL)
		return 0;
	if (why.code == ERR_PARSE) {
		pdb_ask_bad(ask, t->tag, &why);
		return err_set(e, why.code, "%s", pdb_ask_state(ask));
	}
	return err_set(e, why.code, "%s", why.text);
}

/* Asks again after a pause that is not too long. */
static int download(struct pdb_ask *ask, struct pdb_spool *spool, struct pdb_table *t, const char *from,
    const struct pdb_tables_ops *ops, struct err *e)
{
	const char *tag = pdb_kinds[t->tag].tag;
	char *name = t->since_s >= 0 ? mem_printf("%s-since-%lld%s", tag, (long long)t->since_s, t->with_key ? "-key" : "") :
	    mem_printf("%s-%s%s", tag, from != NULL ? "dump" : "all", t->with_key ? "-key" : "");
	char words[120];
	int rc = -1;

	t->path = pdb_spool_find(spool, name);
	for (int i = 0; t->path == NULL && i < ATTEMPTS; i++) {
		struct err why = ERR_INIT;

		if (pdb_ask_pause_ms(ask) > 0)
			snprintf(words, sizeof(words), "waiting %lld s before asking for %s",
			    (long long)(pdb_ask_pause_ms(ask) / 1000 + 1), tag);
		else
			snprintf(words, sizeof(words), "reading %s", tag);
		tell(ops, words);
		if (!pdb_ask_sit_out(ask, SIT_OUT_MS)) {
			err_set(e, pdb_ask_pause_ms(ask) > 0 ? ERR_REFUSED : ERR_CANCELLED, "%s",
			    pdb_ask_pause_ms(ask) > 0 ? pdb_ask_state(ask) : "cancelled");
			break;
		}
		if (download_once(ask, spool, name, t, from, ops, &why) == 0)
			break;
		if (i == ATTEMPTS - 1 || why.code == ERR_CANCELLED || why.code == ERR_IO || why.code == ERR_AUTH)
			err_set(e, why.code, "%s", why.text);
		if (e->code != ERR_NONE)
			break;
	}
	if (t->path != NULL)
		rc = 0;
	free(name);
	return rc;
}

static int plan_since(struct pdb_ask *ask, struct store *store, bool whole, struct pdb_table *t, struct err *e)
{
	struct store_mark m;

	if (mark_of(store, ask, t->tag, &m, e) < 0)
		return -1;
	t->with_key = t->tag == PDB_POC && pdb_ask_keyed(ask);
	t->since_s = -1;
	/* A contact that its network hides vanishes from what we may see without being told as deleted: only all of them tell. */
	if (t->tag == PDB_POC && clock_wall_ms() - m.whole_wall_ms >= WHOLE_AGAIN_MS)
		return 0;
	/* Output times are whole seconds, and `since` is strict: the last second is read again. */
	t->since_s = !whole && m.updated_wall_ms > 0 ? m.updated_wall_ms / 1000 - 1 : -1;
	if (whole && pdb_ask_public(ask) && m.whole_wall_ms > 0 && clock_wall_ms() - m.whole_wall_ms < WHOLE_AGAIN_MS)
		return err_set(e, ERR_REFUSED, "all of %s was read less than a day ago, and PeeringDB asks for once a day at most; "
		    "leave out --full to read what changed", pdb_kinds[t->tag].tag);
	return 0;
}

static int from_net(struct pdb_ask *ask, struct pdb_spool *spool, struct store *store, const struct pdb_tables_how *how,
    const struct pdb_tables_ops *ops, struct pdb_table *tables, size_t *n, struct err *e)
{
	for (int i = 0; i < PDB_TAGS; i++) {
		struct pdb_table *t = &tables[(*n)++];

		*t = (struct pdb_table){ .tag = (enum pdb_tag)i, .since_s = -1, .at_wall_ms = clock_wall_ms() };
		if (how->from != NULL)
			t->at_wall_ms = -1;
		else if (plan_since(ask, store, how->whole, t, e) < 0)
			return -1;
		if (download(ask, spool, t, how->from, ops, e) < 0)
			return -1;
	}
	return 0;
}

/* --- from a directory --------------------------------------------------------------- */

static char *dump_file(const char *dir, const char *tag)
{
	static const char *const endings[] = { "-0.json", "-0.json.gz", ".json", ".json.gz" };

	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		char *path = mem_printf("%s/%s%s", dir, tag, endings[i]);

		if (access(path, R_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

static int from_directory(const char *dir, struct pdb_table *tables, size_t *n, struct err *e)
{
	for (int i = 0; i < PDB_TAGS; i++) {
		char *path = dump_file(dir, pdb_kinds[i].tag);

		if (path != NULL)
			tables[(*n)++] = (struct pdb_table){ .tag = (enum pdb_tag)i, .since_s = -1, .at_wall_ms = -1, .path = path };
	}
	return *n > 0 ? 0 : err_set(e, ERR_USAGE, "%s holds no file like net-0.json or net.json.gz", dir);
}

/* --- the whole ----------------------------------------------------------------------- */

static int via_spool(struct pdb_ask *ask, struct store *store, const char *data_dir, const struct pdb_tables_how *how,
    const struct pdb_tables_ops *ops, struct pdb_table *tables, size_t *n, struct pdb_tables_sum *sum, struct err *e)
{
	struct pdb_spool *spool = pdb_spool_open(data_dir, e);
	struct err why = ERR_INIT;
	int rc;

	if (spool == NULL)
		return -1;
	rc = from_net(ask, spool, store, how, ops, tables, n, e);
	if (rc == 0) {
		rc = pdb_tables_put(store, tables, *n, ops, sum, &why);
		/* What cannot be read must not be read again from the disk; what could not be stored may. */
		if (rc == 0 || why.code == ERR_PARSE || why.code == ERR_LIMIT)
			pdb_spool_clear(spool);
	}
	if (why.code == ERR_PARSE || why.code == ERR_LIMIT) {
		pdb_ask_bad(ask, sum->at, &why);
		err_set(e, why.code, "%s", pdb_ask_state(ask));
	} else if (why.code != ERR_NONE) {
		err_set(e, why.code, "%s: %s", pdb_kinds[sum->at].tag, why.text);
	}
	pdb_spool_close(spool);
	return rc;
}

int pdb_tables(struct pdb_ask *ask, struct store *store, const char *data_dir, const struct pdb_tables_how *how,
    const struct pdb_tables_ops *ops, struct pdb_tables_sum *sum, struct err *e)
{
	struct pdb_table tables[PDB_TAGS] = { 0 };
	struct err none = ERR_INIT;
	size_t n = 0;
	int rc;

	if (e == NULL)
		e = &none;
	*sum = (struct pdb_tables_sum){ 0 };
	if (how->from == NULL || is_url(how->from)) {
		rc = via_spool(ask, store, data_dir, how, ops, tables, &n, sum, e);
	} else {
		rc = from_directory(how->from, tables, &n, e);
		if (rc == 0)
			rc = pdb_tables_put(store, tables, n, ops, sum, e);
		if (rc < 0)
			err_prefix(e, "%s: %s", how->from, n > 0 ? pdb_kinds[sum->at].tag : "dump");
	}
	for (size_t i = 0; i < n; i++)
		free(tables[i].path);
	return rc;
}
