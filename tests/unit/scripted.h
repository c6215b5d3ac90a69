/*
 * scripted - a router of any OS that gives written answers, for planning and performing without a network.
 *
 * It has two faces, before and after: the line `turns` makes it show the other one (answers and sessions), the line
 * `back` the first again.  So a test says in two texts what an action changes, and sees every line that was sent.
 * Include it after <cmocka.h>.
 */
#ifndef PEERDECK_TESTS_SCRIPTED_H
#define PEERDECK_TESTS_SCRIPTED_H

#include "core/act/action.h"
#include "core/act/journal.h"
#include "core/act/ledger.h"
#include "core/base/clock.h"
#include "core/base/match.h"
#include "core/base/mem.h"
#include "core/model/driver.h"
#include "tests/unit/golden.h"

#include <unistd.h>

enum { SCRIPTED_MAX = 20, SCRIPTED_LINES = 64 };

struct scripted_row {
	const char *vrf, *neighbor, *handle, *group;
	enum afi_safi family;
	asn_t asn;
	enum bgp_state state[2]; /* before, after */
	enum tri down[2];
	count_t advertised[2];
	bool reset;              /* in the change, it came up anew */
};

struct scripted {
	const struct driver *driver;
	struct router_conf conf;
	const char *version;
	struct {
		const char *command, *text[2]; /* text[1] NULL: the same; text[0] NULL: refused */
	} answers[SCRIPTED_MAX];
	struct {
		const char *line, *says;      /* to lines that are sent: the beginning, and the answer; others: nothing */
	} says[SCRIPTED_MAX];
	struct scripted_row rows[SCRIPTED_MAX];
	const char *turns, *back;         /* beginnings of lines */
	const char *refuses;              /* the beginning of a line that is refused */
	bool pastes;                      /* somebody types prepared lines at the first wait */
	bool after;
	/* what happened */
	char *sent[SCRIPTED_LINES];
	size_t sent_count;
	uint64_t generation;
};

static bool scripted_begins(const char *line, const char *with)
{
	return with != NULL && strncmp(line, with, strlen(with)) == 0;
}

static int scripted_cli(void *ctx, const char *line, struct str *out, struct err *e)
{
	struct scripted *s = ctx;

	for (size_t i = 0; i < SCRIPTED_MAX && s->answers[i].command != NULL; i++) {
		const char *text = s->answers[i].text[s->after && s->answers[i].text[1] != NULL];

		if (strcmp(line, s->answers[i].command) != 0)
			continue;
		return text == NULL ? err_set(e, ERR_DEVICE, "bad command") : str_puts(out, text);
	}
	assert_true(s->sent_count < SCRIPTED_LINES);
	s->sent[s->sent_count++] = mem_strdup(line);
	if (scripted_begins(line, s->refuses))
		return err_set(e, ERR_DEVICE, "refused by the script");
	if (scripted_begins(line, s->turns))
		s->after = true;
	else if (scripted_begins(line, s->back))
		s->after = false;
	for (size_t i = 0; i < SCRIPTED_MAX && s->says[i].line != NULL; i++)
		if (scripted_begins(line, s->says[i].line))
			str_puts(out, s->says[i].says);
	return 0;
}

static int scripted_look(void *ctx, struct snap **out, struct err *e)
{
	struct scripted *sc = ctx;
	struct snap_builder *b = snap_builder_new(sc->conf.name);

	(void)e;
	if (sc->version != NULL)
		snap_builder_version(b, slice_of(sc->version));
	snap_builder_router(b, 64500, NULL);
	for (size_t i = 0; i < SCRIPTED_MAX && sc->rows[i].neighbor != NULL; i++) {
		const struct scripted_row *r = &sc->rows[i];
		struct session *s = snap_builder_session(b, slice_of(r->vrf == NULL ? "" : r->vrf), slice_of(r->neighbor),
		    r->family == AF_UNKNOWN ? AF_IPV4_UNICAST : r->family);
		bool after = sc->after;

		s->remote_as = r->asn;
		s->handle = snap_builder_text(b, slice_of(r->handle == NULL ? "" : r->handle));
		s->group = snap_builder_text(b, slice_of(r->group == NULL ? "" : r->group));
		s->state = r->state[after] == BGP_UNKNOWN ? r->state[0] : r->state[after];
		s->admin_down = r->down[after];
		s->advertised = r->advertised[after];
		s->received = 300;
		s->since_s = after && r->reset ? 1 : clock_boot_ms() / 1000 - 96400;
	}
	*out = snap_builder_freeze(b, ++sc->generation);
	return 0;
}

/* Two prefixes of each IP version go out; the first of them does not while the router shows its other face. */
static int scripted_routes(void *ctx, const struct session *row, void (*take)(void *, struct slice), void *take_ctx,
    struct err *e)
{
	static const char *const all[2][2] = { { "203.0.113.0/24", "198.51.100.0/24" },
		{ "2001:db8:113::/48", "2001:db8:100::/48" } };
	struct scripted *s = ctx;
	bool told = false;

	for (size_t i = 0; i < s->driver->route_count; i++)
		told |= s->driver->routes[i].side == ROUTES_ADVERTISED;
	if (!told)
		return err_set(e, ERR_REFUSED, "advertised routes of one neighbor cannot be asked for on %s", s->driver->title);
	for (size_t i = s->after ? 1 : 0; i < 2; i++)
		take(take_ctx, slice_of(all[afi_version(row->family) == 6][i]));
	return 0;
}

/* A file is an answer to "file:PATH". */
static int scripted_file(void *ctx, const char *path, struct str *out, struct err *e)
{
	struct scripted *s = ctx;

	for (size_t i = 0; i < SCRIPTED_MAX && s->answers[i].command != NULL; i++)
		if (strncmp(s->answers[i].command, "file:", 5) == 0 && strcmp(s->answers[i].command + 5, path) == 0)
			return str_puts(out, s->answers[i].text[0]);
	return err_set(e, ERR_DEVICE, "no such file");
}

static bool scripted_wait(void *ctx, unsigned ms)
{
	struct scripted *s = ctx;

	clock_fake_advance(ms);
	s->after |= s->pastes;
	return true;
}

static struct act_io scripted_io(struct scripted *s)
{
	return (struct act_io){ .ctx = s, .cli = scripted_cli, .read_file = scripted_file, .advertised = scripted_routes, .look = scripted_look, .wait = scripted_wait };
}

static struct scripted scripted_new(const char *os, const char *version)
{
	struct scripted s = { .driver = driver_find(os), .version = version };

	clock_fake(100000000, 1795176000000);
	assert_non_null(s.driver);
	s.conf = (struct router_conf){ .name = s.driver->name, .os = s.driver->name };
	return s;
}

static void scripted_free(struct scripted *s)
{
	while (s->sent_count > 0)
		free(s->sent[--s->sent_count]);
}

static struct act_progress *scripted_last(struct inbox *in)
{
	struct act_progress *last = NULL;
	struct msg *m;

	while ((m = inbox_take(in)) != NULL) {
		if (m->act != NULL && m->act->final) {
			last = m->act;
			m->act = NULL;
		}
		msg_free(m);
	}
	return last;
}

/* All rows with `all`, else the first; one target per neighbor and VRF. */
static size_t scripted_targets(struct scripted *s, struct act_target *t, bool all)
{
	size_t n = 0;

	for (size_t i = 0; i < SCRIPTED_MAX && s->rows[i].neighbor != NULL && (all || n == 0); i++) {
		const char *vrf = s->rows[i].vrf == NULL ? "" : s->rows[i].vrf;

		if (n > 0 && strcmp(t[n - 1].neighbor, s->rows[i].neighbor) == 0 && strcmp(t[n - 1].vrf, vrf) == 0)
			continue;
		t[n++] = (struct act_target){ .vrf = vrf, .neighbor = s->rows[i].neighbor, .network = "Example Net" };
	}
	return n;
}

static struct plan *scripted_plan(struct scripted *s, enum verb verb, const char *message, bool all,
    const struct ledger *held)
{
	struct arena *words = arena_new();
	struct act_request req = { .verb = verb, .message = message, .several = all };
	struct err ignored = ERR_INIT;
	struct plan *plan = plan_new(verb, "fibre works", "CHG-1", message);
	struct act_target targets[SCRIPTED_MAX];
	size_t n = scripted_targets(s, targets, all);
	struct act_io io = scripted_io(s);
	struct inbox *in = inbox_new();
	struct act_progress *p;
	struct act_job *job;

	if (verb_info(verb)->takes_prefixes)
		(void)chosen_parse(words, SLICE("203.0.113.0/24, 2001:db8:113::/48"), &req.prefixes, &ignored);
	job = act_job_plan(&req, s->conf.name, targets, n, held);
	arena_free(words);
	act_job_run(job, &io, &s->conf, s->driver, in);
	act_job_free(job);
	p = scripted_last(in);
	plan_join(plan, act_progress_take_part(p));
	act_progress_free(p);
	plan_seal(plan, NULL, 0);
	inbox_free(in);
	return plan;
}

/* The whole plan against tests/plan/NAME-VERB.txt. */
__attribute__((unused)) static void scripted_golden(struct scripted *s, const char *name, enum verb verb)
{
	struct plan *p = scripted_plan(s, verb, verb == VERB_SUSPEND ? "CHG-1 fibre works, back 06:00 UTC" : NULL, true, NULL);
	char file[64];
	struct str text;

	str_init(&text, 0);
	plan_print(&text, p);
	snprintf(file, sizeof(file), "%s-%s", name, verb_info(verb)->name);
	golden_compare(file, &text);
	str_fini(&text);
	plan_unref(p);
}

/* The first session is refused in words that hold `why`. */
__attribute__((unused)) static void scripted_refuses(struct scripted *s, enum verb verb, const char *why)
{
	struct plan *p = scripted_plan(s, verb, NULL, false, NULL);

	assert_int_equal(p->count, 1);
	if (p->items[0].skip == NULL || strstr(p->items[0].skip, why) == NULL)
		fail_msg("not said: %s, in: %s", why, p->items[0].skip == NULL ? "(not refused)" : p->items[0].skip);
	assert_int_equal(s->sent_count, 0); /* planning only reads */
	plan_unref(p);
}

/* ---- carrying out, with a journal and the ledger out of it ---- */

struct scripted_house {
	char dir[64], path[96], head[112];
	struct journal *journal;
	struct ledger *ledger;
};

__attribute__((unused)) static void scripted_open(struct scripted_house *h)
{
	snprintf(h->dir, sizeof(h->dir), "/tmp/peerdeck-scripted-XXXXXX");
	assert_non_null(mkdtemp(h->dir));
	snprintf(h->path, sizeof(h->path), "%s/journal.jsonl", h->dir);
	snprintf(h->head, sizeof(h->head), "%s.head", h->path);
	h->journal = journal_open(h->path, NULL);
	assert_non_null(h->journal);
	h->ledger = ledger_new(h->path);
}

__attribute__((unused)) static void scripted_close(struct scripted_house *h)
{
	journal_free(h->journal);
	ledger_free(h->ledger);
	unlink(h->path);
	unlink(h->head);
	rmdir(h->dir);
}

/* Plans the first session, confirms and carries out: its final state; the lines stand in s->sent. */
__attribute__((unused)) static enum run_state scripted_act(struct scripted *s, struct scripted_house *h, enum verb verb)
{
	struct plan *plan;
	struct act_io io = scripted_io(s);
	struct inbox *in = inbox_new();
	struct err e = ERR_INIT;
	struct act_progress *end;
	struct act_job *job;
	enum run_state state;

	scripted_free(s);
	assert_int_equal(ledger_refresh(h->ledger, NULL, &e), 0);
	plan = scripted_plan(s, verb, NULL, false, h->ledger);
	if (plan->items[0].skip != NULL)
		fail_msg("not planned: %s", plan->items[0].skip);
	job = act_job_perform(plan, plan->digest, s->conf.name, h->journal, h->ledger, &e);
	if (job == NULL)
		fail_msg("%s", e.text);
	act_job_run(job, &io, &s->conf, s->driver, in);
	act_job_free(job);
	end = scripted_last(in);
	state = end->state;
	act_progress_free(end);
	plan_unref(plan);
	inbox_free(in);
	assert_int_equal(ledger_refresh(h->ledger, NULL, &e), 0);
	return state;
}

/* The plan that restores the first session after `verb`, against tests/plan/NAME-ENDING.txt. */
__attribute__((unused)) static void scripted_golden_back(struct scripted *s, const char *name, enum verb verb, const char *ending)
{
	struct scripted_house h;
	struct plan *p;
	char file[64];
	struct str text;

	scripted_open(&h);
	assert_int_equal(scripted_act(s, &h, verb), RUN_DONE);
	p = scripted_plan(s, VERB_RESTORE, NULL, false, h.ledger);
	str_init(&text, 0);
	plan_print(&text, p);
	snprintf(file, sizeof(file), "%s-%s", name, ending);
	golden_compare(file, &text);
	str_fini(&text);
	plan_unref(p);
	scripted_close(&h);
}

__attribute__((unused)) static void scripted_golden_restore(struct scripted *s, const char *name)
{
	scripted_golden_back(s, name, VERB_WITHDRAW, "restore");
}

/* The lines that were sent, one after another, and no other. */
__attribute__((unused)) static void scripted_sent(struct scripted *s, const char *const *want, size_t n)
{
	for (size_t i = 0; i < n && i < s->sent_count; i++)
		if (strcmp(s->sent[i], want[i]) != 0)
			fail_msg("line %zu is \"%s\", not \"%s\"", i + 1, s->sent[i], want[i]);
	if (s->sent_count != n)
		fail_msg("%zu lines were sent, not %zu; the last: %s", s->sent_count, n,
		    s->sent_count > 0 ? s->sent[s->sent_count - 1] : "none");
}

#endif
