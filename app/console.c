/* The loop; see console.h. */
#include "app/console.h"
#include "app/console_priv.h"
#include "app/exit.h"
#include "app/replaying.h"
#include "backends/link/recorder.h"
#include "backends/link/question.h"
#include "core/base/clock.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
	HANDSHAKES = 32,
	EVENTS_KEPT = 5000,
	FRAME_MS = 40,      /* a burst of messages is drawn at most this often; keys are drawn at once */
	RECORDS_MS = 1000,  /* how often another console's journal records are looked for */
	PEERS_MS = 1000,    /* how often the networks seen are told to PeeringDB's thread */
	TICK_MS = 1000,     /* ages count on */
	WORK_US = 5000,     /* a long table is filtered so long at once */
	MESSAGES_MS = 5,    /* messages are taken so long at once; then keys are looked for */
};

/* Before any thread starts, so that all of them inherit it. */
static int catch_signals(struct err *e)
{
	static const int wanted[] = { SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT };
	sigset_t set;
	int fd;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		sigaddset(&set, wanted[i]);
	signal(SIGPIPE, SIG_IGN);
	fd = sigprocmask(SIG_BLOCK, &set, NULL) == 0 ? signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK) : -1;
	return fd >= 0 ? fd : err_errno(e, ERR_IO, "signals");
}

static void on_signal(struct console *c, int sig)
{
	const struct request quit = { .kind = REQ_QUIT }, stop = { .kind = REQ_STOP_PROCESS };

	if (c->screen_lent && sig != SIGHUP && sig != SIGTERM) {
		if (sig == SIGTSTP) /* of the whole group: the editor has stopped itself, and no shell wakes it */
			child_continue(&c->message.child);
		return;
	}
	switch (sig) {
	case SIGWINCH:
		ui_resize(c->ui, 0, 0);
		break;
	case SIGTSTP:
		console_request(c, &stop);
		break;
	case SIGCONT: /* the shell has set the terminal back while we stood still */
		ui_suspend(c->ui);
		ui_resume(c->ui);
		break;
	case SIGHUP:
		c->screen_gone = true;
		console_request(c, &quit);
		break;
	default:
		console_request(c, &quit);
		break;
	}
}

static void take_signals(struct console *c)
{
	struct signalfd_siginfo info;

	while (read(c->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
		on_signal(c, (int)info.ssi_signo);
}

/* A question of the console's own comes back to who asked it. */
static void answered(struct msg *m)
{
	struct question *q = m->asked;

	m->asked = NULL;
	if (q == NULL || q->answered == NULL)
		question_free(q);
	else if (q->answered_wall_ms == 0)
		q->answered(q->answered_ctx, q);
	else { /* of a recording: what is said is as old as it is */
		int64_t now = clock_wall_ms();

		clock_hold(q->answered_wall_ms);
		q->answered(q->answered_ctx, q);
		clock_hold(now);
	}
}

void console_take_messages(struct console *c)
{
	int64_t until = clock_steady_ms() + MESSAGES_MS;

	do {
		struct msg *m = inbox_take(c->inbox);

		if (m == NULL)
			return;
		c->snaps_came = c->snaps_came || m->kind == MSG_SNAP;
		if (present_take(&c->present, m))
			continue;
		if (m->kind == MSG_ACT)
			console_progress(c, m->act);
		if (m->kind == MSG_ASKED)
			answered(m);
		msg_free(m);
	} while (clock_steady_ms() < until);
}

/* Tells PeeringDB's thread which networks and addresses are seen now. */
void console_want_peers(struct console *c)
{
	struct world_session *rows = NULL;
	size_t n = world_sessions(&c->present.w, &rows);
	asn_t *asns = mem_calloc(n, sizeof(*asns));
	struct addr *addrs = mem_calloc(n, sizeof(*addrs));

	for (size_t i = 0; i < n; i++) {
		asns[i] = rows[i].s->remote_as;
		addrs[i] = rows[i].s->peer;
	}
	if (c->pdb != NULL)
		pdb_want(c->pdb, asns, n, addrs, n);
	free(addrs);
	free(asns);
	free(rows);
}

static void records_tick(struct console *c)
{
	int64_t now = c->present.w.now_boot_ms;

	if (now < c->records_due)
		return;
	records_refresh(&c->records, &c->present.w);
	console_tell_approval(c);
	console_upkeep(c);
	console_people_tick(c);
	console_policy_records(c);
	c->records_due = now + RECORDS_MS;
}

static void peers_tick(struct console *c)
{
	int64_t now = c->present.w.now_boot_ms;

	if (!c->snaps_came || now < c->peers_due)
		return;
	console_want_peers(c);
	c->snaps_came = false;
	c->peers_due = now + PEERS_MS;
}

static bool can_draw(const struct console *c)
{
	return !c->screen_gone && !c->screen_lent;
}

static bool key_waits(const struct console *c)
{
	struct pollfd p = { .fd = can_draw(c) ? ui_fd(c->ui) : -1, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

static void (*const ticks[])(struct console *c) = {
	console_history_tick, console_evidence_tick, console_policy_tick, console_incidents_tick, console_alerts_tick,
	console_outbox_tick, console_metrics_tick, console_past_tick, console_drain_tick, console_record_tick,
	records_tick, peers_tick,
};

/* Each is short when there is nothing to do.  A key that comes goes before what is left of a round, which goes on after
 * it where it was: so no key waits for more than one of them, and none of them waits for ever. */
static void do_what_is_due(struct console *c)
{
	do {
		present_now(&c->present);
		ticks[c->tick_at](c);
		c->tick_at = (c->tick_at + 1) % ARRAY_LEN(ticks);
	} while (c->tick_at != 0 && !key_waits(c));
}

/* A moment of a replay is done with before the next: whatever waits for it waits as long as a turn of the replay. */
bool console_due(struct console *c)
{
	present_now(&c->present);
	for (size_t i = 0; i < ARRAY_LEN(ticks); i++)
		ticks[i](c);
	return !c->history_more && !incidents_busy(c->incidents.set);
}

/* Work that was cut short waits for no clock. */
static bool is_busy(const struct console *c)
{
	return c->tick_at != 0 || c->history_more || c->rows_wait || c->alerts_more || incidents_busy(c->incidents.set) ||
	    collect_busy(c->collect);
}

static int shorter(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

static void leave_dead_terminal(struct console *c)
{
	const struct request quit = { .kind = REQ_QUIT };

	c->screen_gone = true;
	console_request(c, &quit);
}

/* Sleeps until something is to be done.  Messages alone wait until the last frame is FRAME_MS old, so that a burst
 * of them is drawn once; keys never wait. */
static void sleep_until_work(struct console *c)
{
	int64_t drawn = clock_steady_ms();
	struct pollfd fds[] = {
		{ .fd = can_draw(c) ? ui_fd(c->ui) : -1, .events = POLLIN },
		{ .fd = c->signal_fd, .events = POLLIN },
		{ .fd = c->screen_lent ? -1 : c->question.wake_fd, .events = POLLIN },
		{ .fd = inbox_fd(c->inbox), .events = POLLIN },
		{ .fd = c->message.child.fd, .events = POLLIN },
	};
	int tick = c->judging.under_way || c->past_waits ? FRAME_MS : (int)(TICK_MS - drawn % TICK_MS), left;

	if (is_busy(c))
		tick = 0;
	if (c->replay != NULL)
		tick = shorter(tick, console_replay_wait_ms(c));
	if (poll(fds, ARRAY_LEN(fds), shorter(ui_timeout_ms(c->ui, drawn), tick)) < 0)
		return; /* a signal: its descriptor tells which */
	if ((fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0 && (fds[0].revents & POLLIN) == 0)
		leave_dead_terminal(c);
	left = tick == 0 ? 0 : FRAME_MS - (int)(clock_steady_ms() - drawn);
	if (fds[3].revents != 0 && fds[0].revents == 0 && fds[1].revents == 0 && fds[4].revents == 0 && left > 0) {
		fds[3].fd = -1;
		poll(fds, ARRAY_LEN(fds), left);
	}
}

static bool done(const struct console *c)
{
	return c->leaving && c->op.phase != OPERATION_RUNNING && !console_upkeep_busy(c);
}

static void draw(struct console *c)
{
	if (!can_draw(c))
		return;
	ui_draw(c->ui, &c->present.w);
	c->drawn_steady_ms = clock_steady_ms();
}

/* Keys are read against the world that was drawn, which is what the operator saw when typing; only then it changes. */
static void loop(struct console *c)
{
	struct request rq;
	bool typed;

	while (!done(c)) {
		take_signals(c);
		console_message_tick(c);
		typed = key_waits(c);
		while (can_draw(c) && !done(c) && ui_input(c->ui, &c->present.w, &rq))
			console_request(c, &rq);
		if (can_draw(c))
			tty_question_serve(&c->question, c->ui);
		if (done(c))
			break;
		if (typed) /* what a key does is seen at once, whatever else waits */
			draw(c);
		console_take_messages(c);
		if (c->replay != NULL)
			console_replay_tick(c);
		else
			do_what_is_due(c);
		c->rows_wait = can_draw(c) && !key_waits(c) && ui_work(c->ui, &c->present.w, WORK_US);
		if (!key_waits(c) && (!is_busy(c) || clock_steady_ms() - c->drawn_steady_ms >= FRAME_MS))
			draw(c);
		sleep_until_work(c);
	}
}

static int open_ui(struct console *c, struct err *e)
{
	const char *no_color = getenv("NO_COLOR"), *dir = config_xdg(c->config->arena, "XDG_CONFIG_HOME", ".config");
	struct ui_settings s = {
		.keymap = c->config->keymap,
		.keys = dir != NULL ? arena_printf(c->config->arena, "%s/keys.conf", dir) : NULL,
		.theme = c->config->theme,
		.layout = c->config->layout,
		.wallboard = c->wallboard,
		.ascii = c->config->ascii,
		.plot = c->config->plot,
		.links = c->config->mail.links,
		.no_color = no_color != NULL && *no_color != '\0',
		.history = arena_printf(c->config->arena, "%s/%s", c->config->data_dir, DATA_HISTORY),
	};

	c->ui = ui_new(&s, e);
	return c->ui != NULL ? 0 : -1;
}

/* Workers are started last: what they post finds everything in its place. */
int console_parts_start(struct console *c, struct err *e)
{
	char *hostkeys = options_path(c->config, DATA_HOSTKEYS);
	struct operation_way way;
	struct err no_pdb = ERR_INIT;

	present_init(&c->present, c->config, EVENTS_KEPT);
	c->present.w.read_only = c->config->read_only || c->read_only;
	c->inbox = inbox_new();
	records_open(&c->records, c->config);
	console_people_start(c);
	console_policy_start(c);
	console_message_start(c);
	c->pool = pool_new(c->config, c->inbox, hostkeys, HANDSHAKES);
	free(hostkeys);
	way = (struct operation_way){ .pool = c->pool, .inbox = c->inbox, .present = &c->present,
		.journal = c->records.journal, .ledger = c->records.ledger, .approvals = c->records.approvals };
	operation_init(&c->op, &way);
	console_upkeep_start(c, &way);
	if (c->ui == NULL && open_ui(c, e) != 0)
		return -1;
	console_history_start(c);
	console_alerts_start(c); /* before the journal is read: who acknowledged them stands there */
	console_incidents_start(c);
	console_metrics_start(c);
	if (console_wants_http(c->config))
		c->http = http_start(&no_pdb);
	c->pdb = pdb_start(c->config, c->inbox, c->http, &no_pdb);
	if (no_pdb.code != ERR_NONE)
		console_notice(c, "PeeringDB: %s", no_pdb.text);
	console_outbox_start(c);
	console_evidence_start(c);
	c->op.way.collect = c->collect;
	c->op.way.history = c->history;
	console_past_start(c);
	return 0;
}

void console_parts_stop(struct console *c)
{
	console_past_stop(c);
	pdb_stop(c->pdb);
	console_evidence_quit(c);
	console_outbox_stop(c);
	http_stop(c->http);
	if (c->pool != NULL)
		pool_free(c->pool);
	blast_free(c->blast);
	operation_fini(&c->op);
	console_metrics_stop(c);
	console_alerts_stop(c);
	console_incidents_stop(c);
	console_evidence_stop(c);
	console_history_stop(c);
	console_policy_stop(c);
	console_upkeep_stop(c);
	console_message_stop(c);
	console_people_stop(c);
	records_close(&c->records);
	present_fini(&c->present);
	inbox_free(c->inbox);
	memset((char *)c + offsetof(struct console, present), 0, sizeof(*c) - offsetof(struct console, present));
}

/* The terminal is given back first: stopping the workers may take a moment. */
static void stop(struct console *c)
{
	ui_free(c->ui);
	tty_question_close(&c->question);
	console_replay_stop(c);
	console_parts_stop(c);
	recorder_free(c->recorder);
	tty_question_fini(&c->question);
	close(c->signal_fd);
}

static int run(struct console *c, const struct replaying *r, const struct replay_start *how, struct err *e)
{
	tty_question_open(&c->question);
	c->question.nobody = c->wallboard; /* before any worker starts */
	if (console_parts_start(c, e) == 0) {
		if (r == NULL)
			console_record_start(c);
		if ((r != NULL ? console_replay_start(c, r, how, e) : pool_start(c->pool, NULL, e)) == 0)
			loop(c);
	}
	stop(c);
	return e->code != ERR_NONE ? (int)exit_say(e) : STATUS_DONE;
}

int console_run(const struct options *o)
{
	struct console c = { .signal_fd = -1, .read_only = o->read_only || o->wallboard, .wallboard = o->wallboard };
	struct err e = ERR_INIT;
	int status;

	c.config = options_config(o, &e);
	if (c.config == NULL || options_data_dir(c.config, &e) != 0 || (c.signal_fd = catch_signals(&e)) < 0) {
		config_free(c.config);
		return exit_say(&e);
	}
	status = run(&c, NULL, NULL, &e);
	config_free(c.config);
	return status;
}

int console_run_replay(const struct options *o, const struct replaying *r, int64_t at_ms, unsigned speed_permille, bool paused)
{
	const struct replay_start how = { at_ms, speed_permille, paused };
	struct console c = { .signal_fd = -1, .read_only = o->read_only, .config = r->config, .is_replay = true };
	struct err e = ERR_INIT;

	if ((c.signal_fd = catch_signals(&e)) < 0)
		return exit_say(&e);
	clock_hold(replaying_begin_ms(r));
	return run(&c, r, &how, &e);
}
