/* What to ask PeeringDB, and storing it; see pdb_sync.h. */
#include "backends/sources/pdb_sync.h"
#include "backends/sources/pdb_read.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A growing set of row ids or ASNs. */
struct keys {
	int64_t *p;
	size_t n, cap;
};

struct sync {
	struct pdb_ask *ask;
	struct store *store;
	const struct pdb_wanted *w;
	const struct pdb_sync_ops *ops;
	int64_t now_wall_ms;
};

static int key_cmp(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return a < b ? -1 : a > b;
}

static void keys_add(struct keys *k, int64_t v)
{
	MEM_GROW(k->p, k->cap, k->n + 1);
	k->p[k->n++] = v;
}

static void keys_sort(struct keys *k)
{
	size_t kept = 0;

	if (k->n > 1)
		qsort(k->p, k->n, sizeof(*k->p), key_cmp);
	for (size_t i = 0; i < k->n; i++)
		if (kept == 0 || k->p[kept - 1] != k->p[i])
			k->p[kept++] = k->p[i];
	k->n = kept;
}

static bool keys_hold(const struct keys *k, int64_t v)
{
	return k->n > 0 && bsearch(&v, k->p, k->n, sizeof(*k->p), key_cmp) != NULL;
}

static void progress(const struct sync *s, const char *words)
{
	if (s->ops->progress != NULL)
		s->ops->progress(s->ops->arg, words);
}

static bool fresh(const struct sync *s, int64_t at_wall_ms)
{
	/* A date in the future is a clock that was set back: read again. */
	return at_wall_ms <= s->now_wall_ms && s->now_wall_ms - at_wall_ms < (int64_t)s->w->refresh_s * 1000;
}

/* --- answers: kept as text until all of a batch are there, then stored at once ------ */

struct answer {
	enum pdb_tag tag;
	const char *column; /* that was asked for, and of which only the asked keys are taken */
	const struct keys *asked;
	struct str body;
	struct keys ids; /* of the rows */
};

static void answer_init(struct answer *a, enum pdb_tag tag, const char *column, const struct keys *asked)
{
	*a = (struct answer){ .tag = tag, .column = column, .asked = asked };
	str_init(&a->body, PDB_BODY_MAX);
}

static void answer_fini(struct answer *a)
{
	str_fini(&a->body);
	free(a->ids.p);
}

/* The server ignores a filter that it does not know and sends the whole table: only what was asked for counts. */
static bool was_asked(const struct answer *a, const struct pdb_row *row)
{
	return a->column == NULL || keys_hold(a->asked, pdb_row_int(row, a->column, -1));
}

static int collect_id(void *arg, const struct pdb_row *row, struct err *e)
{
	struct answer *a = arg;

	(void)e;
	if (was_asked(a, row))
		keys_add(&a->ids, row->v[PDB_AT_ID].i);
	return 0;
}

static int read_answer(const struct answer *a, const struct pdb_read_ops *ops, struct err *e)
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
static int fetch(struct sync *s, struct answer *a, struct err *e)
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
	keys_sort(&a->ids);
	return 0;
}

struct put {
	struct sync *s;
	const struct answer *a;
	int64_t reading;
	struct keys gone;
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
	if (!keys_hold(&p->a->ids, row->v[PDB_AT_ID].i))
		keys_add(&p->gone, row->v[PDB_AT_ID].i);
	return 0;
}

/* Stores the rows of an answer, and drops those of the asked keys that are no longer there. */
static int put_answer(struct sync *s, const struct answer *a, int64_t reading, struct err *e)
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

static int put_answers(struct sync *s, const struct answer *answers, size_t n, struct err *e)
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

/* --- networks ---------------------------------------------------------------------- */

/* True if contacts came with a snapshot lately, as fully as we could read them ourselves. */
static bool contacts_fresh(struct sync *s)
{
	struct store_mark m;

	if (store_mark_get(s->store, PDB_POC, true, &m, NULL) == 1 && fresh(s, m.at_wall_ms))
		return true;
	return !pdb_ask_keyed(s->ask) && store_mark_get(s->store, PDB_POC, false, &m, NULL) == 1 &&
	       fresh(s, m.at_wall_ms);
}

/* Asked lately, and as fully as we can now. */
static bool asked_lately(struct sync *s, enum pdb_tag tag, int64_t key)
{
	struct store_asked a;

	return store_asked_get(s->store, tag, key, &a, NULL) == 1 && fresh(s, a.at_wall_ms) &&
	       (tag != PDB_NET || a.with_key || !pdb_ask_keyed(s->ask));
}

static int row_age(void *arg, const struct pdb_row *row)
{
	int64_t *read_wall_ms = arg;

	*read_wall_ms = row->read_wall_ms;
	return 0;
}

/* The network came with a snapshot lately. */
static bool imported_lately(struct sync *s, asn_t asn)
{
	int64_t key = asn, read_wall_ms = -1;

	return store_rows(s->store, PDB_NET, "asn", &key, 1, row_age, &read_wall_ms, NULL) == 0 &&
	       read_wall_ms >= 0 && fresh(s, read_wall_ms);
}

static void add_if_due(struct sync *s, struct keys *due, asn_t asn, bool contacts)
{
	if (asn == ASN_UNKNOWN || (pdb_ask_public(s->ask) && asn_is_special(asn)))
		return;
	if (!asked_lately(s, PDB_NET, asn) && !(contacts && imported_lately(s, asn)))
		keys_add(due, asn);
}

static struct keys due_asns(struct sync *s)
{
	bool contacts = contacts_fresh(s);
	struct keys due = { 0 };

	for (size_t i = 0; i < s->w->asn_count; i++)
		add_if_due(s, &due, s->w->asns[i], contacts);
	add_if_due(s, &due, s->w->local_as, contacts);
	keys_sort(&due);
	return due;
}

struct found {
	const char *column;
	struct keys keys;
};

static int collect_key(void *arg, const struct pdb_row *row, struct err *e)
{
	struct found *f = arg;

	(void)e;
	keys_add(&f->keys, pdb_row_int(row, f->column, 0));
	return 0;
}

/* Remembers what was asked for and whether it is there. */
static int put_asked(struct sync *s, const struct answer *a, struct err *e)
{
	struct found found = { .column = a->column };
	const struct pdb_read_ops ops = { .row = collect_key, .arg = &found };
	int rc = read_answer(a, &ops, e);

	keys_sort(&found.keys);
	for (size_t i = 0; rc == 0 && i < a->asked->n; i++) {
		struct store_asked row = { .tag = a->tag, .key = a->asked->p[i], .at_wall_ms = s->now_wall_ms,
			.found = keys_hold(&found.keys, a->asked->p[i]), .with_key = pdb_ask_keyed(s->ask) };

		rc = store_asked_put(s->store, &row, e);
	}
	free(found.keys.p);
	return rc;
}

static int store_once(struct sync *s, const struct answer *answers, size_t n, struct err *e)
{
	const struct store_mark mark = { 0, s->now_wall_ms };
	int rc = store_begin(s->store, e);

	if (rc == 0)
		rc = put_answers(s, answers, n, e);
	if (rc == 0 && answers[0].column != NULL)
		rc = put_asked(s, &answers[0], e);
	if (rc == 0 && answers[0].column == NULL)
		rc = store_mark_put(s->store, answers[0].tag, false, &mark, e);
	return rc == 0 ? store_commit(s->store, e) : -1;
}

/* Stores answers in one transaction, the first being what was asked for; once more if the store could be healed. */
static int save(struct sync *s, const struct answer *answers, size_t n, struct err *e)
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

static int sync_nets(struct sync *s, const struct keys *asns, struct err *e)
{
	struct answer a[3];
	int rc;

	answer_init(&a[0], PDB_NET, "asn", asns);
	answer_init(&a[1], PDB_POC, "net_id", &a[0].ids);
	answer_init(&a[2], PDB_NETIXLAN, "net_id", &a[0].ids);
	rc = fetch(s, &a[0], e);
	if (rc == 0)
		rc = fetch(s, &a[1], e);
	if (rc == 0)
		rc = fetch(s, &a[2], e);
	if (rc == 0)
		rc = save(s, a, 3, e);
	for (size_t i = 0; i < 3; i++)
		answer_fini(&a[i]);
	return rc;
}

/* --- exchanges --------------------------------------------------------------------- */

struct places {
	struct sync *s;
	struct keys own_nets, nets; /* ids of our own network, and of all seen */
	struct keys ixes;     /* that we or a seen address are on */
	bool *placed;         /* per wanted address: it is on a known exchange */
	struct keys ixlans;   /* whose prefix holds a wanted address */
};

static int note_net(void *arg, const struct pdb_row *row)
{
	struct places *p = arg;

	keys_add(&p->nets, row->v[PDB_AT_ID].i);
	if (pdb_row_int(row, "asn", 0) == p->s->w->local_as)
		keys_add(&p->own_nets, row->v[PDB_AT_ID].i);
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
	bool here = keys_hold(&p->own_nets, pdb_row_int(row, "net_id", 0));

	for (size_t i = 0; i < p->s->w->addr_count; i++)
		if (is_address(row, "ipaddr4", &p->s->w->addrs[i]) || is_address(row, "ipaddr6", &p->s->w->addrs[i]))
			p->placed[i] = here = true;
	if (here)
		keys_add(&p->ixes, pdb_row_int(row, "ix_id", 0));
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
			keys_add(&p->ixlans, pdb_row_int(row, "ixlan_id", 0));
		}
	return 0;
}

/* Which exchanges the networks in the store say that we are on. */
static int find_places(struct places *p, struct err *e)
{
	const struct pdb_wanted *w = p->s->w;
	struct keys asns = { 0 };
	int rc;

	for (size_t i = 0; i < w->asn_count; i++)
		keys_add(&asns, w->asns[i]);
	keys_add(&asns, w->local_as);
	keys_sort(&asns);
	p->placed = mem_calloc(w->addr_count, sizeof(*p->placed));
	rc = store_rows(p->s->store, PDB_NET, "asn", asns.p, asns.n, note_net, p, e);
	keys_sort(&p->nets);
	keys_sort(&p->own_nets);
	if (rc == 0)
		rc = store_rows(p->s->store, PDB_NETIXLAN, "net_id", p->nets.p, p->nets.n, note_port, p, e);
	if (rc == 0)
		rc = store_rows(p->s->store, PDB_IXPFX, NULL, NULL, 0, note_prefix, p, e);
	keys_sort(&p->ixes);
	keys_sort(&p->ixlans);
	free(asns.p);
	return rc;
}

static void places_fini(struct places *p)
{
	free(p->nets.p);
	free(p->own_nets.p);
	free(p->ixes.p);
	free(p->ixlans.p);
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
	const struct sync *s;
	struct keys known;
};

static int note_fresh(void *arg, const struct pdb_row *row)
{
	struct ages *a = arg;

	if (fresh(a->s, row->read_wall_ms))
		keys_add(&a->known, row->v[PDB_AT_ID].i);
	return 0;
}

/* Takes those out of `ids` that were read lately, or asked for and not found. */
static int keep_due(struct sync *s, enum pdb_tag tag, struct keys *ids, struct err *e)
{
	struct ages a = { .s = s };
	size_t kept = 0;
	int rc = store_rows(s->store, tag, "id", ids->p, ids->n, note_fresh, &a, e);

	keys_sort(&a.known);
	for (size_t i = 0; i < ids->n; i++)
		if (!keys_hold(&a.known, ids->p[i]) && !asked_lately(s, tag, ids->p[i]))
			ids->p[kept++] = ids->p[i];
	ids->n = kept;
	free(a.known.p);
	return rc;
}

/* Exchanges by id, with their LANs and prefixes. */
static int sync_ixes(struct sync *s, const struct keys *ixes, struct err *e)
{
	struct answer a[3];
	int rc;

	answer_init(&a[0], PDB_IX, "id", ixes);
	answer_init(&a[1], PDB_IXLAN, "ix_id", ixes);
	answer_init(&a[2], PDB_IXPFX, "ixlan_id", &a[1].ids);
	rc = fetch(s, &a[0], e);
	if (rc == 0)
		rc = fetch(s, &a[1], e);
	if (rc == 0)
		rc = fetch(s, &a[2], e);
	if (rc == 0)
		rc = save(s, a, 3, e);
	for (size_t i = 0; i < 3; i++)
		answer_fini(&a[i]);
	return rc;
}

static int sync_all_prefixes(struct sync *s, struct err *e)
{
	struct answer a;
	int rc;

	answer_init(&a, PDB_IXPFX, NULL, NULL);
	rc = fetch(s, &a, e);
	if (rc == 0)
		rc = save(s, &a, 1, e);
	answer_fini(&a);
	return rc;
}

/* The LANs that hold our addresses; the store then knows their exchange. */
static int sync_ixlans(struct sync *s, const struct keys *ixlans, struct err *e)
{
	struct answer a;
	int rc;

	answer_init(&a, PDB_IXLAN, "id", ixlans);
	rc = fetch(s, &a, e);
	if (rc == 0)
		rc = save(s, &a, 1, e);
	answer_fini(&a);
	return rc;
}

static int note_ix(void *arg, const struct pdb_row *row)
{
	keys_add(arg, pdb_row_int(row, "ix_id", 0));
	return 0;
}

/* Runs `sync_some` over the keys in batches. */
static int in_batches(struct sync *s, const struct keys *all,
    int (*sync_some)(struct sync *s, const struct keys *some, struct err *e), struct err *e)
{
	int rc = 0;

	for (size_t at = 0; rc == 0 && at < all->n; at += PDB_BATCH) {
		struct keys part = { all->p + at, all->n - at < PDB_BATCH ? all->n - at : PDB_BATCH, 0 };

		rc = sync_some(s, &part, e);
	}
	return rc;
}

/* Exchanges of addresses whose networks do not name the port. */
static int sync_lans(struct sync *s, struct places *p, struct err *e)
{
	struct keys due = { 0 }, ixes = { 0 };
	int rc = 0;

	for (size_t i = 0; i < p->ixlans.n; i++)
		keys_add(&due, p->ixlans.p[i]);
	rc = keep_due(s, PDB_IXLAN, &due, e);
	if (rc == 0)
		rc = in_batches(s, &due, sync_ixlans, e);
	if (rc == 0)
		rc = store_rows(s->store, PDB_IXLAN, "id", p->ixlans.p, p->ixlans.n, note_ix, &ixes, e);
	keys_sort(&ixes);
	if (rc == 0)
		rc = keep_due(s, PDB_IX, &ixes, e);
	if (rc == 0)
		rc = in_batches(s, &ixes, sync_ixes, e);
	free(due.p);
	free(ixes.p);
	return rc;
}

static bool prefixes_due(struct sync *s, const struct places *p)
{
	struct store_mark mark;

	return some_unplaced(p) &&
	       (store_mark_get(s->store, PDB_IXPFX, false, &mark, NULL) != 1 || !fresh(s, mark.at_wall_ms));
}

/* What was stored meanwhile may have given more addresses their place. */
static int find_places_again(struct places *p, struct err *e)
{
	struct sync *s = p->s;

	places_fini(p);
	*p = (struct places){ .s = s };
	return find_places(p, e);
}

static int sync_places(struct sync *s, struct err *e)
{
	struct places p = { .s = s };
	int rc = find_places(&p, e);

	if (rc == 0)
		rc = keep_due(s, PDB_IX, &p.ixes, e);
	if (rc == 0 && p.ixes.n > 0) {
		rc = in_batches(s, &p.ixes, sync_ixes, e);
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
	places_fini(&p);
	return rc;
}

int pdb_sync(struct pdb_ask *ask, struct store *store, const struct pdb_wanted *w,
    const struct pdb_sync_ops *ops, struct err *e)
{
	struct sync s = { ask, store, w, ops, clock_wall_ms() };
	struct keys asns = due_asns(&s);
	int rc = in_batches(&s, &asns, sync_nets, e);

	if (rc == 0)
		rc = sync_places(&s, e);
	free(asns.p);
	return rc;
}
