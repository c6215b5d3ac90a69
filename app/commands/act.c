/*
 * peerdeck plan|suspend|resume|withdraw|restore ... - actions without the screen.
 *
 * The plan is printed exactly as the console shows it; nothing is sent
 * before it was confirmed at the terminal, or by --yes.  What is sent is what
 * was printed.
 */
#include "app/approving.h"
#include "app/ask.h"
#include "app/blast.h"
#include "app/choice.h"
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/gather.h"
#include "app/operation.h"
#include "app/output_json.h"
#include "app/people.h"
#include "app/settle.h"
#include "core/act/approval.h"
#include "core/act/confirm.h"
#include "core/act/until.h"
#include "core/act/undo.h"
#include "backends/link/question.h"
#include "core/base/clock.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_REASON = 1, OPT_MESSAGE, OPT_TICKET, OPT_UNTIL, OPT_YES, OPT_TERMINATED, OPT_PREFIX, OPT_JSON, OPT_BLAST, OPT_HELP, LOOK_MS = 60000 };
static const struct option_def options[] = {
	{ "reason", "TEXT", "why; goes into the journal (needed to act)", OPT_REASON },
	{ "prefix", "PREFIX,...", "withdraw: only these, several times or with commas; the others stay", OPT_PREFIX },
	{ "message", "TEXT", "suspend: what the peer is told (RFC 9003)", OPT_MESSAGE },
	{ "ticket", "ID", "goes into the journal", OPT_TICKET },
	CHOICE_OPTIONS,
	{ "until", "TIME", "what is held ends by itself then: 2h, 06:00, 2026-11-28T06:00Z (UTC)", OPT_UNTIL },
	{ "blast", NULL, "ask the routers which prefixes will have no other path; may take minutes", OPT_BLAST },
	{ "yes", NULL, "do not ask", OPT_YES },
	{ "terminated", NULL, "with --yes: also end what was terminated for good", OPT_TERMINATED },
	{ "json", NULL, "print plan and outcomes as one object (the plan for people goes to stderr)", OPT_JSON },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct args {
	enum verb verb;
	bool lasting, plan_only, undo, yes, terminated, json, blast;
	const char *reason, *message, *ticket, *until;
	int64_t until_wall_ms; /* 0 none */
	struct str prefixes; /* words */
	struct choice choice;
};

/* How one session ended, for the answer in JSON. */
struct outcome {
	const struct plan_item *item;
	char state[24], words[480];
};
struct act {
	struct args a;
	struct gather g;
	struct journal *journal;
	struct ledger *ledger;
	struct people *people; /* the contact book warns of what not to do */
	struct approvals *approvals;
	struct operation op;
	struct blast *blast; /* NULL not asked */
	struct outcome *outcomes; /* one per item of the plan */
};

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	interrupted = sig;
}

/* An interrupt ends the work between two sessions: what was begun is proven and journalled first. */
static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
}

static int open_records(struct act *x, struct err *e)
{
	char *path = options_path(x->g.config, DATA_JOURNAL);
	int rc = 0;

	x->journal = journal_open(path, x->g.config->operator_name);
	x->ledger = ledger_new(path);
	x->people = people_open(x->g.config, path);
	x->g.present.w.book = people_book(x->people);
	x->approvals = approvals_new(path);
	free(path);
	if (!x->a.plan_only)
		rc = journal_writable(x->journal, e);
	return rc == 0 ? ledger_refresh(x->ledger, NULL, e) : -1;
}

static int check_args(const struct args *a, const struct world *w, struct err *e)
{
	if (a->undo && a->choice.count > 1)
		return err_set(e, ERR_USAGE, "undo takes at most one id of an action or of a plan");
	if (!a->undo && choice_empty(&a->choice))
		return err_set(e, ERR_USAGE, "name the sessions: ROUTER/NEIGHBOR, AS64501, AS64501@ROUTER, ix:NAME, "
		    "router:NAME, group:NAME, or --asn, --exchange, --router, --group");
	if (!a->plan_only && !a->undo && (a->reason == NULL || *a->reason == '\0'))
		return err_set(e, ERR_USAGE, "--reason is needed: it stays in the journal");
	if (!a->plan_only && w->read_only)
		return err_set(e, ERR_REFUSED, "read-only: no action is possible");
	if (a->until != NULL && (!verb_info(a->verb)->opens_ledger || a->lasting))
		return err_set(e, ERR_USAGE, "--until is for what is held and can end: suspend, withdraw and gshut");
	return a->undo ? 0 : choice_check(&a->choice, w, e);
}

/* The inverse of what the ledger holds of one action. */
static int begin_undo(struct act *x, struct err *e)
{
	const struct operation_way way = { .pool = x->g.pool, .inbox = x->g.inbox, .present = &x->g.present,
		.journal = x->journal, .ledger = x->ledger, .approvals = x->approvals };
	const char *id = x->a.choice.count > 0 ? x->a.choice.words[0] : NULL;
	struct undo u;
	int rc;

	operation_init(&x->op, &way);
	if (undo_find(x->ledger, getuid(), id, &u, e) != 0)
		return -1;
	rc = operation_undo(&x->op, &u, x->a.reason, x->a.ticket, e);
	free(u.entries);
	return rc;
}

static int begin_plan(struct act *x, struct err *e)
{
	const struct operation_way way = { .pool = x->g.pool, .inbox = x->g.inbox, .present = &x->g.present,
		.journal = x->journal, .ledger = x->ledger, .approvals = x->approvals };
	const struct world_session **picked = NULL;
	struct world_session *rows = NULL;
	struct operation_target *targets = NULL;
	const struct world *w = &x->g.present.w;
	size_t n = world_sessions(w, &rows), count;
	char scope[200], name[80];
	struct operation_ask ask = { .verb = x->a.verb, .lasting = x->a.lasting, .reason = x->a.reason,
		.ticket = x->a.ticket, .message = x->a.message, .prefixes = x->a.prefixes.p, .scope = scope, .scope_name = name };
	int rc = choice_pick(&x->a.choice, w, rows, n, &picked, &count, e);

	operation_init(&x->op, &way);
	if (rc == 0) {
		count = operation_targets(picked, count, &targets);
		choice_scope(&x->a.choice, w, scope, name);
		rc = operation_plan(&x->op, &ask, targets, count, e);
		if (rc == 0 && x->a.until_wall_ms != 0)
			plan_until(x->op.plan, x->a.until_wall_ms);
	}
	free(targets);
	free(picked);
	free(rows);
	return rc;
}

static void note(struct act *x, const struct act_progress *p)
{
	for (size_t i = 0; x->outcomes != NULL && i < x->op.plan->count; i++) {
		const struct plan_item *it = &x->op.plan->items[i];

		if (strcmp(it->router, p->router) != 0 || strcmp(it->vrf, p->vrf) != 0 ||
		    strcmp(it->neighbor, p->neighbor) != 0)
			continue;
		snprintf(x->outcomes[i].state, sizeof(x->outcomes[i].state), "%s", run_state_word(p->state));
		snprintf(x->outcomes[i].words, sizeof(x->outcomes[i].words), "%s", p->words);
	}
}

/* Progress on stderr, outcomes on stdout (with --json: all on stderr, the object follows). */
static void tell(struct act *x, const struct act_progress *p)
{
	FILE *to = run_final(p->state) && !x->a.json ? stdout : stderr;

	if (p->planning || p->neighbor[0] == '\0')
		return;
	note(x, p);
	fprintf(to, "%s %s%s%s: %s%s%s\n", p->router, p->neighbor, p->vrf[0] ? " vrf " : "", p->vrf,
	    run_state_word(p->state), p->words[0] ? ": " : "", p->words);
	fflush(to);
}

static void wait_for(struct act *x, enum operation_phase while_in)
{
	while (x->op.phase == while_in) {
		struct msg *m = gather_wait(&x->g, clock_boot_ms() + 500);

		if (interrupted != 0 && !atomic_load(&x->op.plan->stop)) {
			fputs("peerdeck: interrupted: what is under way is finished, nothing further is begun\n", stderr);
			plan_stop(x->op.plan);
		}
		if (m == NULL)
			continue;
		if (m->kind == MSG_ACT && operation_take(&x->op, m->act))
			tell(x, m->act);
		msg_free(m);
	}
}

static void print_plan(const struct plan *p, FILE *to)
{
	struct str text;

	str_init(&text, 64 << 20);
	plan_print(&text, p);
	fputs(text.p, to);
	fflush(to);
	str_fini(&text);
}

/* Nothing is asked with --yes; but what was terminated for good is not ended in passing. */
static int confirm_unasked(const struct act *x, const struct confirm *c, struct err *e)
{
	if (c->terminated && !x->a.terminated)
		return err_set(e, ERR_REFUSED, "not confirmed: sessions of this plan were terminated for good; "
		    "--terminated with --yes ends that");
	return 0;
}

static int confirm(const struct act *x, struct err *e)
{
	const struct plan *p = x->op.plan;
	char question[240], answer[96], words[128];
	struct confirm c;

	confirm_of(p, &c);
	if (x->a.yes)
		return confirm_unasked(x, &c, e);
	confirm_words(&c, words, sizeof(words));
	snprintf(question, sizeof(question), "Type %s to %s %zu session%s: ", words, verb_word(p->verb, p->lasting), c.todo,
	    c.todo == 1 ? "" : "s");
	if (!ask_possible())
		return err_set(e, ERR_REFUSED, "not confirmed: there is no terminal to ask at (--yes acts without asking)");
	if (ask_line(question, answer, sizeof(answer), e) != 0)
		return err_prefix(e, "not confirmed, nothing was sent");
	return confirm_holds(&c, answer) ? 0 : err_set(e, ERR_REFUSED, "not confirmed: nothing was sent");
}

static json_t *json_of_steps(const struct step *steps, size_t count)
{
	static const char *const kinds[] = { [STEP_CLI] = "cli", [STEP_FILE] = "file", [STEP_RUN] = "run",
		[STEP_PAUSE] = "pause" };
	json_t *a = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *o = json_object();

		json_put(o, "kind", json_of_words(kinds[steps[i].kind]));
		json_put(o, "path", json_of_words(steps[i].path));
		json_put(o, "line", json_of_words(steps[i].line));
		json_put(o, "only_after_refusal", json_boolean(steps[i].rescue));
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *json_of_lines(const char *const *lines)
{
	json_t *a = json_array();

	for (size_t i = 0; lines != NULL && lines[i] != NULL; i++)
		json_array_append_new(a, json_of_words(lines[i]));
	return a;
}

static json_t *json_of_prefixes(struct chosen c)
{
	json_t *a = json_array();

	for (size_t i = 0; i < c.count; i++) {
		char text[PREFIX_STRLEN];

		json_array_append_new(a, json_of_words(prefix_print(&c.p[i], text)));
	}
	return a;
}

static json_t *json_of_item(const struct plan_item *it, const struct outcome *out)
{
	json_t *o = json_object();
	struct str proof;

	str_init(&proof, 4096);
	if (it->skip == NULL)
		plan_print_proof(&proof, it);
	json_put(o, "router", json_of_words(it->router));
	json_put(o, "vrf", json_of_words(*it->vrf != '\0' ? it->vrf : "default"));
	json_put(o, "neighbor", json_of_words(it->neighbor));
	json_put(o, "remote_as", json_of_asn(it->remote_as));
	json_put(o, "name", json_of_nonempty(it->network));
	json_put(o, "prefixes", json_of_prefixes(it->prefixes));
	json_put(o, "skip", json_of_words(it->skip));
	json_put(o, "warnings", json_of_lines(it->warnings));
	json_put(o, "prepare_only", json_of_words(it->prepare_only));
	json_put(o, "apply", json_of_steps(it->apply, it->apply_count));
	json_put(o, "confirm", json_of_steps(it->confirm, it->confirm_count));
	json_put(o, "undo", json_of_steps(it->undo, it->undo_count));
	json_put(o, "proof", json_of_nonempty(proof.p));
	json_put(o, "outcome", json_of_nonempty(out != NULL ? out->state : NULL));
	json_put(o, "words", json_of_nonempty(out != NULL ? out->words : NULL));
	str_fini(&proof);
	return o;
}

/* Counts stand only where they are exact; else null, and the words say what is known. */
static json_t *json_of_blast(const struct blast *b)
{
	struct blast_sums sums;
	json_t *o;
	struct str words;
	bool exact;

	if (b == NULL)
		return json_null();
	o = json_object();
	str_init(&words, 400);
	blast_words(b, &words);
	blast_sums(b, &sums);
	exact = blast_ended(b) && sums.own_unknown == 0 && sums.other_unknown == 0;
	json_put(o, "words", json_of_words(words.p));
	json_put(o, "without_other_path", exact ? json_integer((json_int_t)(sums.prefixes - sums.elsewhere)) : json_null());
	json_put(o, "prefixes", exact ? json_integer((json_int_t)sums.prefixes) : json_null());
	json_put(o, "sessions_not_known", json_integer((json_int_t)(sums.own_unknown + sums.other_unknown)));
	str_fini(&words);
	return o;
}

/* Of the plan as a whole: what the contact book says, what was not read. */
static json_t *json_of_warnings(const struct plan *p)
{
	json_t *a = json_array();

	for (size_t i = 0; i < p->warning_count; i++)
		json_array_append_new(a, json_of_words(p->warnings[i]));
	return a;
}

static int print_json(const struct act *x, struct err *e)
{
	const struct plan *p = x->op.plan;
	json_t *o = json_object(), *items = json_array();

	json_put(o, "verb", json_of_words(verb_info(p->verb)->name));
	json_put(o, "lasting", json_boolean(p->lasting));
	json_put(o, "scope", json_of_nonempty(p->scope));
	json_put(o, "digest", json_of_words(p->digest));
	json_put(o, "reason", json_of_nonempty(p->reason));
	json_put(o, "ticket", json_of_nonempty(p->ticket));
	json_put(o, "message", json_of_nonempty(p->message));
	json_put(o, "impact", json_of_lines(p->impact));
	json_put(o, "warnings", json_of_warnings(p));
	for (size_t i = 0; i < p->count; i++)
		json_array_append_new(items, json_of_item(&p->items[i], x->outcomes ? &x->outcomes[i] : NULL));
	json_put(o, "sessions", items);
	json_put(o, "blast", json_of_blast(x->blast));
	return json_print(o, e);
}

static bool ask_router(void *ctx, const char *router, struct question *q)
{
	struct worker *w = pool_worker(((struct act *)ctx)->g.pool, router);

	if (w != NULL)
		worker_ask(w, q);
	return w != NULL;
}

/* Asks what has no other path, and prints it under the plan.  An interrupt ends the asking, and the command. */
static int ask_blast(struct act *x, struct err *e)
{
	const struct blast_way way = { ask_router, NULL, x };
	FILE *to = x->a.json ? stderr : stdout;
	struct str text;

	if (!blast_possible(x->op.plan->verb)) {
		fputs("  paths     this verb takes no path away\n", to);
		return 0;
	}
	x->blast = blast_begin(x->op.plan, &x->g.present.w, &way);
	while (!blast_ended(x->blast) && interrupted == 0) {
		struct msg *m = gather_wait(&x->g, clock_boot_ms() + 500);

		if (m != NULL && m->kind == MSG_ASKED && m->asked != NULL && m->asked->answered != NULL) {
			m->asked->answered(m->asked->answered_ctx, m->asked);
			m->asked = NULL;
		}
		if (m != NULL)
			msg_free(m);
	}
	if (interrupted != 0)
		return err_set(e, ERR_CANCELLED, "interrupted while asking for other paths: nothing was sent");
	str_init(&text, 1 << 16);
	blast_print(x->blast, &text);
	fputs(text.p, to);
	fflush(to);
	str_fini(&text);
	return 0;
}

/* From the plan on: shows, asks, carries out.  The status, or -1 with e set. */
static int carry_out(struct act *x, struct err *e)
{
	const struct plan *p = x->op.plan;

	if (!x->a.plan_only || !x->a.json)
		print_plan(p, x->a.json ? stderr : stdout);
	if (x->a.blast && plan_todo(p, NULL) > 0) {
		catch_signals();
		if (ask_blast(x, e) != 0)
			return -1;
	}
	if (x->a.plan_only || plan_todo(p, NULL) == 0)
		return plan_todo(p, NULL) > 0 ? STATUS_DONE : STATUS_REFUSED;
	catch_signals();
	if (approving_wait(&x->op, &x->g, &interrupted, e) != 0 || confirm(x, e) != 0)
		return -1;
	x->outcomes = mem_calloc(p->count, sizeof(*x->outcomes));
	if (operation_perform(&x->op, p->digest, e) != 0)
		return -1;
	if (e->code != ERR_NONE)
		fprintf(stderr, "peerdeck: %s\n", e->text);
	wait_for(x, OPERATION_RUNNING);
	if (x->op.unknown + x->op.unverified > 0)
		return STATUS_UNPROVEN;
	return x->op.failed > 0 || x->op.done < plan_todo(p, NULL) ? STATUS_FAILED : STATUS_DONE;
}

/* What earlier runs left without an outcome is settled before anything new is planned. */
static void settle_left(struct act *x)
{
	const struct operation_way way = { .pool = x->g.pool, .inbox = x->g.inbox, .present = &x->g.present,
		.journal = x->journal, .ledger = x->ledger, .approvals = x->approvals };

	settle_and_wait(&x->g, &way);
	(void)ledger_refresh(x->ledger, NULL, NULL);
}

static int act_run(struct act *x, const struct options *o, struct err *e)
{
	int status;

	if (gather_open(&x->g, o, e) != 0 || check_args(&x->a, &x->g.present.w, e) != 0 || open_records(x, e) != 0 ||
	    gather_look(&x->g, NULL, LOOK_MS, e) != 0)
		return -1;
	gather_report(&x->g, NULL);
	if (!x->a.plan_only)
		settle_left(x);
	if ((x->a.undo ? begin_undo(x, e) : begin_plan(x, e)) != 0)
		return -1;
	wait_for(x, OPERATION_PLANNING);
	status = carry_out(x, e);
	if (x->a.json && (status >= 0 || x->op.phase == OPERATION_ENDED) && print_json(x, e) != 0)
		return -1;
	return status;
}

static int read_options(struct args *a, int argc, char **argv, struct err *e)
{
	struct option_walk w;
	const char *value;
	int id;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, e)) > 0) {
		if (id == OPT_HELP)
			return 1;
		choice_option(&a->choice, id, value);
		if (id == OPT_PREFIX)
			str_addf(&a->prefixes, "%s%s", a->prefixes.len > 0 ? "," : "", value);
		a->yes = a->yes || id == OPT_YES;
		a->terminated = a->terminated || id == OPT_TERMINATED;
		a->json = a->json || id == OPT_JSON;
		a->blast = a->blast || id == OPT_BLAST;
		a->reason = id == OPT_REASON ? value : a->reason;
		a->message = id == OPT_MESSAGE ? value : a->message;
		a->ticket = id == OPT_TICKET ? value : a->ticket;
		a->until = id == OPT_UNTIL ? value : a->until;
	}
	a->choice.words = (const char *const *)argv + 1;
	a->choice.count = (size_t)w.operands;
	if (id == 0 && a->until != NULL && until_parse(a->until, clock_wall_ms(), &a->until_wall_ms, e) < 0)
		return -1;
	return id;
}

static int help(const struct args *a, const char *name)
{
	char form[120], words[1200];

	if (a->undo)
		return option_help("undo [ID]", "Plans the inverse of your last action and its batch, or of the action or plan "
		    "with this id.\nOptions:\n", options);
	snprintf(form, sizeof(form), a->plan_only ? "%s VERB SELECTOR ..." : "%s SELECTOR ... --reason TEXT", name);
	snprintf(words, sizeof(words), "%s:\n%s\nSELECTOR is one of:\n%s\nOptions:\n", name,
	    a->plan_only ? "Shows exactly what a verb would send, and sends nothing.\n"
			   "VERB is suspend, terminate, resume, withdraw, restore, gshut or refresh."
			 : a->lasting ? "shut the session for good: nobody is reminded of it" : verb_info(a->verb)->help,
	    SELECTOR_HELP);
	return option_help(form, words, options);
}

/* "withdraw --prefix" is the verb for chosen prefixes. */
static int name_prefixes(struct args *a, struct err *e)
{
	if (a->prefixes.len > 0 && a->verb == VERB_WITHDRAW)
		a->verb = VERB_WITHDRAW_PREFIXES;
	if (a->prefixes.len > 0 && !verb_info(a->verb)->takes_prefixes)
		return err_set(e, ERR_USAGE, "--prefix goes with withdraw only; a restore brings back what its withdraw took");
	if (a->prefixes.len == 0 && verb_info(a->verb)->takes_prefixes)
		return err_set(e, ERR_USAGE, "withdraw-prefixes needs --prefix");
	return 0;
}

static int act_command(struct args a, const struct options *o, int argc, char **argv)
{
	struct act x = { .a = a };
	struct err e = ERR_INIT;
	int status;

	str_init(&x.a.prefixes, 1 << 16);
	status = read_options(&x.a, argc, argv, &e);
	if (status > 0) {
		str_fini(&x.a.prefixes);
		return help(&a, argv[0]);
	}
	if (status == 0 && a.plan_only) {
		if (x.a.choice.count == 0 || !verb_parse_lasting(x.a.choice.words[0], &x.a.verb, &x.a.lasting))
			status = err_set(&e, ERR_USAGE, "plan needs a verb: suspend, terminate, resume, withdraw, restore, "
			    "gshut or refresh");
		x.a.choice.words++;
		x.a.choice.count--;
	}
	if (status == 0)
		status = name_prefixes(&x.a, &e);
	if (status == 0)
		status = act_run(&x, o, &e);
	str_fini(&x.a.prefixes);
	operation_fini(&x.op);
	gather_stop(&x.g);
	blast_free(x.blast);
	people_close(x.people);
	approvals_free(x.approvals);
	ledger_free(x.ledger);
	journal_free(x.journal);
	free(x.outcomes);
	return status < 0 ? exit_say(&e) : status;
}

int cmd_plan(const struct options *o, int argc, char **argv)
{
	return act_command((struct args){ .plan_only = true }, o, argc, argv);
}

int cmd_undo(const struct options *o, int argc, char **argv)
{
	return act_command((struct args){ .undo = true }, o, argc, argv);
}

int cmd_act(const struct options *o, int argc, char **argv)
{
	struct args a = { 0 };

	if (!verb_parse_lasting(argv[0], &a.verb, &a.lasting)) /* main's table names only verbs */
		return STATUS_USAGE;
	return act_command(a, o, argc, argv);
}
