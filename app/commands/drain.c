/*
 * peerdeck drain - graceful shutdown, wait until the traffic has left, then suspend.
 *
 * Both plans are shown and confirmed together; the wait stands in the
 * journal, so that a console goes on with it when this command is killed.
 * An interrupt while waiting ends the wait: the marks stand, nothing is shut.
 */
#include "app/ask.h"
#include "app/commands/commands.h"
#include "app/drain.h"
#include "app/exit.h"
#include "app/gather.h"
#include "app/selector.h"
#include "app/settle.h"
#include "backends/link/question.h"
#include "core/act/until.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

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
	{ "floor", "RATE", "shut earlier, once no more than this flows: bit/s, with k, M or G", OPT_FLOOR },
	{ "yes", NULL, "do not ask", OPT_YES },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct drain {
	struct drain_wish wish;
	char id[ACT_ID_LEN];
	bool yes, over;
	enum drain_state end;
	const char *const *words;
	size_t count;
	struct gather g;
	struct journal *journal;
	struct ledger *ledger;
	struct operation op;
	struct operation_target *targets;
	struct arena *kept; /* their strings: the second plan is made when the rows they came from are gone */
	size_t target_count;
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

static int read_rate(const char *text, count_t *bps, struct err *e)
{
	static const struct {
		const char *letter;
		count_t times;
	} units[] = { { "k", 1000 }, { "M", 1000000 }, { "G", 1000000000 }, { "", 1 } };
	struct scan c = scan_of(slice_of(text));
	uint64_t n;

	if (scan_u64(&c, &n) && n < 1000000000)
		for (size_t i = 0; i < ARRAY_LEN(units); i++) {
			struct scan rest = c;

			if (scan_lit(&rest, units[i].letter) && scan_done(&rest)) {
				*bps = (count_t)n * units[i].times;
				return 0;
			}
		}
	return err_set(e, ERR_USAGE, "--floor %.40s: allowed is a rate in bit/s: 500k, 20M, 1G", text);
}

static int open_all(struct drain *d, const struct options *o, struct err *e)
{
	char *path;

	if (d->count == 0)
		return err_set(e, ERR_USAGE, "name the sessions:\n%s", SELECTOR_HELP);
	if (d->wish.reason == NULL || *d->wish.reason == '\0')
		return err_set(e, ERR_USAGE, "--reason is needed: it stays in the journal");
	if (gather_open(&d->g, o, e) != 0)
		return -1;
	if (d->g.present.w.read_only)
		return err_set(e, ERR_REFUSED, "read-only: no action is possible");
	path = options_path(d->g.config, DATA_JOURNAL);
	d->journal = journal_open(path, d->g.config->operator_name);
	d->ledger = ledger_new(path);
	free(path);
	if (journal_writable(d->journal, e) != 0 || ledger_refresh(d->ledger, NULL, e) != 0)
		return -1;
	return gather_look(&d->g, NULL, LOOK_MS, e);
}

static void keep_targets(struct drain *d)
{
	d->kept = arena_new();
	for (size_t i = 0; i < d->target_count; i++) {
		struct operation_target *t = &d->targets[i];

		*t = (struct operation_target){ arena_strdup(d->kept, t->router), arena_strdup(d->kept, t->vrf),
			arena_strdup(d->kept, t->neighbor), arena_strdup(d->kept, t->network) };
	}
}

static int choose(struct drain *d, struct err *e)
{
	const struct world_session **picked = NULL;
	struct world_session *rows = NULL;
	size_t n = world_sessions(&d->g.present.w, &rows), count;
	int rc = selector_pick(d->words, d->count, &d->g.present.w, rows, n, &picked, &count, e);

	if (rc == 0) {
		d->target_count = operation_targets(picked, count, &d->targets);
		keep_targets(d);
	}
	free(picked);
	free(rows);
	return rc;
}

/* Takes reports until the operation has left a phase. */
static void wait_while(struct drain *d, enum operation_phase phase)
{
	while (d->op.phase == phase) {
		struct msg *m = gather_wait(&d->g, clock_boot_ms() + 500);

		if (m == NULL)
			continue;
		if (m->kind == MSG_ACT && operation_take(&d->op, m->act) && !m->act->planning && m->act->neighbor[0] != '\0')
			fprintf(stderr, "%s %s: %s: %s\n", m->act->router, m->act->neighbor, run_state_word(m->act->state),
			    m->act->words);
		msg_free(m);
	}
}

static int plan(struct drain *d, enum verb verb, const char *message, struct err *e)
{
	const struct operation_ask ask = { .verb = verb, .reason = d->wish.reason, .ticket = d->wish.ticket,
		.message = message };

	return operation_plan(&d->op, &ask, d->targets, d->target_count, e);
}

/* Both steps are planned; what is shown is the first, with the second's lines. */
static int plan_both(struct drain *d, struct err *e)
{
	char *then;

	if (plan(d, VERB_SUSPEND, d->wish.message, e) != 0)
		return -1;
	wait_while(d, OPERATION_PLANNING);
	if (plan_todo(d->op.plan, NULL) == 0)
		return err_set(e, ERR_REFUSED, "cannot be suspended afterwards: %.300s",
		    d->op.plan->count > 0 && d->op.plan->items[0].skip != NULL ? d->op.plan->items[0].skip : "nothing to do");
	then = drain_then(d->op.plan, &d->wish);
	if (plan(d, VERB_GSHUT, NULL, e) != 0) {
		free(then);
		return -1;
	}
	plan_op(d->op.plan, d->id);
	plan_then(d->op.plan, then);
	free(then);
	wait_while(d, OPERATION_PLANNING);
	return 0;
}

static int confirm(struct drain *d, struct err *e)
{
	char question[120], answer[64], count[24];
	struct str text;

	str_init(&text, 64 << 20);
	plan_print(&text, d->op.plan);
	fputs(text.p, stdout);
	fflush(stdout);
	str_fini(&text);
	if (plan_todo(d->op.plan, NULL) == 0)
		return err_set(e, ERR_REFUSED, "nothing can be drained");
	if (d->yes)
		return 0;
	snprintf(count, sizeof(count), "%zu", plan_todo(d->op.plan, NULL));
	snprintf(question, sizeof(question), "Type %s to drain: ", strcmp(count, "1") == 0 ? "yes" : count);
	if (!ask_possible())
		return err_set(e, ERR_REFUSED, "not confirmed: there is no terminal to ask at (--yes acts without asking)");
	if (ask_line(question, answer, sizeof(answer), e) != 0)
		return err_prefix(e, "not confirmed, nothing was sent");
	return strcmp(answer, strcmp(count, "1") == 0 ? "yes" : count) == 0 ? 0
	    : err_set(e, ERR_REFUSED, "not confirmed: nothing was sent");
}

static void told(void *ctx, const char *op, enum drain_state state, const char *words)
{
	struct drain *d = ctx;

	if (strcmp(op, d->id) != 0)
		return;
	fprintf(drain_final(state) ? stdout : stderr, "drain %s: %s\n", drain_state_word(state), words);
	fflush(stdout);
	d->over = drain_final(state);
	d->end = state;
}

static void take(struct draining *waits, struct msg *m)
{
	if (m->kind == MSG_ACT) {
		(void)draining_take(waits, m->act);
	} else if (m->kind == MSG_ASKED && m->asked != NULL) {
		struct question *q = m->asked;

		m->asked = NULL;
		q->answered(q->answered_ctx, q);
	}
	msg_free(m);
}

static int wait_and_shut(struct drain *d, struct err *e)
{
	const struct operation_way way = d->op.way;
	struct draining *waits = draining_new(&way, told, d);
	int64_t tick = 0;

	if (drain_wait(d->journal, &d->wish, e) != 0) {
		draining_free(waits);
		return err_prefix(e, "marked, but the wait could not be journalled: suspend by hand");
	}
	while (!d->over) {
		struct msg *m = gather_wait(&d->g, clock_boot_ms() + 500);

		if (m != NULL)
			take(waits, m);
		if (interrupted != 0 && draining_stop(waits, d->id, NULL) == 0)
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
			.journal = d->journal, .ledger = d->ledger };
	settle_and_wait(&d->g, &way);
	operation_init(&d->op, &way);
	if (ledger_refresh(d->ledger, NULL, e) != 0 || choose(d, e) != 0 || plan_both(d, e) != 0 || confirm(d, e) != 0)
		return -1;
	catch_signals();
	if (operation_perform(&d->op, d->op.plan->digest, e) != 0)
		return -1;
	wait_while(d, OPERATION_RUNNING);
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
		d->yes = d->yes || id == OPT_YES;
		d->wish.reason = id == OPT_REASON ? value : d->wish.reason;
		d->wish.message = id == OPT_MESSAGE ? value : d->wish.message;
		d->wish.ticket = id == OPT_TICKET ? value : d->wish.ticket;
		if (id == OPT_WAIT && until_duration(value, &d->wish.terms.wait_s, e) != 0)
			return err_prefix(e, "--wait");
		if (id == OPT_FLOOR && read_rate(value, &d->wish.terms.floor_bps, e) != 0)
			return -1;
	}
	d->words = (const char *const *)argv + 1;
	d->count = (size_t)w.operands;
	return id;
}

int cmd_drain(const struct options *o, int argc, char **argv)
{
	struct drain d = { .wish.terms = { DRAIN_WAIT_S, COUNT_UNKNOWN } };
	struct err e = ERR_INIT;
	int status = read_options(&d, argc, argv, &e);

	if (status > 0)
		return option_help("drain SELECTOR ... --reason TEXT",
		    "Graceful shutdown (RFC 8326), a wait until the traffic has left, then suspend.\nSELECTOR is one of:\n"
		    SELECTOR_HELP, options);
	act_id_new(d.id);
	d.wish.op = d.id;
	if (status == 0)
		status = run(&d, o, &e);
	operation_fini(&d.op);
	gather_stop(&d.g);
	ledger_free(d.ledger);
	journal_free(d.journal);
	free(d.targets);
	arena_free(d.kept);
	free(d.wish.lines);
	return status < 0 ? exit_say(&e) : status;
}
