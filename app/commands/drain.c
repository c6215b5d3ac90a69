/*
 * peerdeck drain - graceful shutdown, wait until the traffic has left, then suspend.
 *
 * Both plans are shown and confirmed together; the wait stands in the
 * journal, so that a console goes on with it when this command is killed.
 * An interrupt while waiting ends the wait: the marks stand, nothing is shut.
 */
#include "app/approving.h"
#include "app/ask.h"
#include "app/choice.h"
#include "app/commands/commands.h"
#include "app/drain_plan.h"
#include "app/exit.h"
#include "app/gather.h"
#include "app/settle.h"
#include "backends/link/question.h"
#include "core/act/confirm.h"
#include "core/act/until.h"
#include "core/base/clock.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_REASON = 1, OPT_MESSAGE, OPT_TICKET, OPT_WAIT, OPT_FLOOR, OPT_YES, OPT_HELP, LOOK_MS = 60000 };
static const struct option_def options[] = {
	{ "reason", "TEXT", "why; goes into the journal (needed)", OPT_REASON },
	{ "message", "TEXT", "what the peer is told when the session is shut (RFC 9003)", OPT_MESSAGE },
	{ "ticket", "ID", "goes into the journal", OPT_TICKET },
	{ "wait", "TIME", "at most so long between the two steps (5m)", OPT_WAIT },
	{ "floor", "RATE", "shut earlier, once no more than this flows: 500k, 20M, 1.5G bit/s, or 10% of now", OPT_FLOOR },
	CHOICE_OPTIONS,
	{ "yes", NULL, "do not ask", OPT_YES },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct drain {
	struct drain_ask ask;
	struct drain_plan *plan;
	bool yes, over;
	enum drain_state end;
	struct choice choice;
	struct gather g;
	struct journal *journal;
	struct ledger *ledger;
	struct approvals *approvals;
	struct operation op;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	interrupted = sig;
}

static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
}

static int open_all(struct drain *d, const struct options *o, struct err *e)
{
	char *path;

	if (choice_empty(&d->choice))
		return err_set(e, ERR_USAGE, "name the sessions:\n%s", SELECTOR_HELP);
	if (d->ask.reason == NULL || *d->ask.reason == '\0')
		return err_set(e, ERR_USAGE, "--reason is needed: it stays in the journal");
	if (gather_open(&d->g, o, e) != 0 || choice_check(&d->choice, &d->g.present.w, e) != 0)
		return -1;
	if (d->g.present.w.read_only)
		return err_set(e, ERR_REFUSED, "read-only: no action is possible");
	path = options_path(d->g.config, DATA_JOURNAL);
	d->journal = journal_open(path, d->g.config->operator_name);
	d->ledger = ledger_new(path);
	d->approvals = approvals_new(path);
	free(path);
	if (journal_writable(d->journal, e) != 0 || ledger_refresh(d->ledger, NULL, e) != 0)
		return -1;
	return gather_look(&d->g, NULL, LOOK_MS, e);
}

/* Begins the plans of what the words name. */
static int begin(struct drain *d, struct err *e)
{
	const struct world_session **picked = NULL;
	struct operation_target *targets = NULL;
	struct world_session *rows = NULL;
	size_t n = world_sessions(&d->g.present.w, &rows), count;
	char scope[200], name[80];
	int rc = choice_pick(&d->choice, &d->g.present.w, rows, n, &picked, &count, e);

	if (rc == 0) {
		choice_scope(&d->choice, &d->g.present.w, scope, name);
		d->ask.scope = scope;
		d->ask.scope_name = name;
		count = operation_targets(picked, count, &targets);
		d->plan = drain_plan_new(&d->op, &d->ask, targets, count, e);
		rc = d->plan != NULL ? 0 : -1;
	}
	free(targets);
	free(picked);
	free(rows);
	return rc;
}

static void give_back(struct msg *m)
{
	struct question *q = m->asked;

	if (m->kind != MSG_ASKED || q == NULL || q->answered == NULL)
		return;
	m->asked = NULL;
	q->answered(q->answered_ctx, q);
}

/* Takes one report for the operation, or waits a little for one. */
static void take_one(struct drain *d)
{
	struct msg *m = gather_wait(&d->g, clock_boot_ms() + 500);

	if (m == NULL)
		return;
	if (m->kind == MSG_ACT && operation_take(&d->op, m->act) && !m->act->planning && m->act->neighbor[0] != '\0')
		fprintf(stderr, "%s %s: %s: %s\n", m->act->router, m->act->neighbor, run_state_word(m->act->state), m->act->words);
	give_back(m);
	msg_free(m);
}

static int make_plan(struct drain *d, struct err *e)
{
	enum drain_plan_state at;

	if (begin(d, e) != 0)
		return -1;
	while ((at = drain_plan_step(d->plan, e)) == DRAIN_PLAN_GOES_ON)
		take_one(d);
	return at == DRAIN_PLAN_SHOWN ? 0 : -1;
}

static void print(const struct drain *d)
{
	struct str text;

	str_init(&text, 64 << 20);
	plan_print(&text, d->op.plan);
	fputs(text.p, stdout);
	fflush(stdout);
	str_fini(&text);
}

static int confirm(const struct drain *d, struct err *e)
{
	char question[240], answer[96], words[128];
	struct confirm c;

	if (d->yes)
		return 0;
	confirm_of(d->op.plan, &c);
	confirm_words(&c, words, sizeof(words));
	snprintf(question, sizeof(question), "Type %s to drain %zu session%s: ", words, c.todo, c.todo == 1 ? "" : "s");
	if (!ask_possible())
		return err_set(e, ERR_REFUSED, "not confirmed: there is no terminal to ask at (--yes acts without asking)");
	if (ask_line(question, answer, sizeof(answer), e) != 0)
		return err_prefix(e, "not confirmed, nothing was sent");
	return confirm_holds(&c, answer) ? 0 : err_set(e, ERR_REFUSED, "not confirmed: nothing was sent");
}

static void told(void *ctx, const char *op, enum drain_state state, const char *words)
{
	struct drain *d = ctx;

	if (strcmp(op, drain_plan_wish(d->plan)->op) != 0)
		return;
	fprintf(drain_final(state) ? stdout : stderr, "drain %s: %s\n", drain_state_word(state), words);
	fflush(stdout);
	d->over = drain_final(state);
	d->end = state;
}

static void take(struct draining *waits, struct msg *m)
{
	if (m->kind == MSG_ACT)
		(void)draining_take(waits, m->act);
	give_back(m);
	msg_free(m);
}

static int wait_and_shut(struct drain *d, struct err *e)
{
	const struct operation_way way = d->op.way;
	struct draining *waits = draining_new(&way, told, d);
	int64_t tick = 0;

	if (drain_wait(d->journal, drain_plan_wish(d->plan), e) != 0) {
		draining_free(waits);
		return err_prefix(e, "marked, but the wait could not be journalled: suspend by hand");
	}
	while (!d->over) {
		struct msg *m = gather_wait(&d->g, clock_boot_ms() + 500);

		if (m != NULL)
			take(waits, m);
		if (interrupted != 0 && draining_stop(waits, drain_plan_wish(d->plan)->op, NULL) == 0)
			continue;
		if (clock_boot_ms() >= tick) {
			draining_tick(waits);
			tick = clock_boot_ms() + 500;
		}
	}
	draining_free(waits);
	if (d->end != DRAIN_DONE)
		fputs("peerdeck: the graceful shutdown stands; peerdeck restore ends it, peerdeck suspend shuts\n", stderr);
	return d->end == DRAIN_DONE ? STATUS_DONE : d->end == DRAIN_UNSHUT ? STATUS_UNPROVEN : STATUS_FAILED;
}

static int run(struct drain *d, const struct options *o, struct err *e)
{
	struct operation_way way;

	if (open_all(d, o, e) != 0)
		return -1;
	gather_report(&d->g, NULL);
	way = (struct operation_way){ .pool = d->g.pool, .inbox = d->g.inbox, .present = &d->g.present,
			.journal = d->journal, .ledger = d->ledger, .approvals = d->approvals };
	settle_and_wait(&d->g, &way);
	operation_init(&d->op, &way);
	if (ledger_refresh(d->ledger, NULL, e) != 0 || make_plan(d, e) != 0)
		return -1;
	print(d);
	if (plan_todo(d->op.plan, NULL) == 0)
		return err_set(e, ERR_REFUSED, "nothing can be drained");
	catch_signals();
	if (approving_wait(&d->op, &d->g, &interrupted, e) != 0 || confirm(d, e) != 0)
		return -1;
	if (operation_perform(&d->op, d->op.plan->digest, e) != 0)
		return -1;
	while (d->op.phase == OPERATION_RUNNING)
		take_one(d);
	if (drain_step(DRAIN_MARKING, d->op.done > 0 ? DRAIN_IN_MARKED : DRAIN_IN_NOT_MARKED).act != DRAIN_DO_WAIT) {
		puts("drain unmarked: the graceful shutdown is not proven; nothing was shut");
		return d->op.unknown + d->op.unverified > 0 ? STATUS_UNPROVEN : STATUS_FAILED;
	}
	return wait_and_shut(d, e);
}

static int read_options(struct drain *d, int argc, char **argv, struct err *e)
{
	struct option_walk w;
	const char *value;
	int id;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, e)) > 0) {
		if (id == OPT_HELP)
			return 1;
		choice_option(&d->choice, id, value);
		d->yes = d->yes || id == OPT_YES;
		d->ask.reason = id == OPT_REASON ? value : d->ask.reason;
		d->ask.message = id == OPT_MESSAGE ? value : d->ask.message;
		d->ask.ticket = id == OPT_TICKET ? value : d->ask.ticket;
		if (id == OPT_WAIT && until_duration(value, &d->ask.terms.wait_s, e) != 0)
			return err_prefix(e, "--wait");
		if (id == OPT_FLOOR && drain_floor_parse(value, &d->ask.terms, e) != 0)
			return -1;
	}
	d->choice.words = (const char *const *)argv + 1;
	d->choice.count = (size_t)w.operands;
	return id;
}

int cmd_drain(const struct options *o, int argc, char **argv)
{
	struct drain d = { .ask.terms = { DRAIN_WAIT_S, COUNT_UNKNOWN, 0 } };
	struct err e = ERR_INIT;
	int status = read_options(&d, argc, argv, &e);

	if (status > 0)
		return option_help("drain SELECTOR ... --reason TEXT",
		    "Graceful shutdown (RFC 8326), a wait until the traffic has left, then suspend.\nSELECTOR is one of:\n"
		    SELECTOR_HELP, options);
	if (status == 0)
		status = run(&d, o, &e);
	operation_fini(&d.op);
	gather_stop(&d.g);
	drain_plan_free(d.plan);
	approvals_free(d.approvals);
	ledger_free(d.ledger);
	journal_free(d.journal);
	return status < 0 ? exit_say(&e) : status;
}
