/*
 * One complete look at a router: the driver's queries into one builder.
 *
 * What a skipped SLOW query would have said is carried over from the former
 * snapshot, so that a cheap poll tells as much as a full one.  A mandatory
 * query that fails ends the look: no half snapshot ever leaves this file.
 */
#include "backends/link/worker_priv.h"
#include "core/base/clock.h"

#include <stdlib.h>
#include <string.h>

enum {
	CEILING = 16 << 20,
	ANSWER_KEPT = 256 * 1024, /* a buffer that grew beyond this is given back */
	SLOW_EVERY = 6,
	EACH_MAX = 100, /* a gobgp costs the router 20 ms of CPU: 2 s a minute at most */
	COMMAND_MAX = 512,
};

/* An intake behind a sink.  Once the parser rejects, the rest of the answer is read and dropped: the dialogue must
 * stay in step although the words are useless. */
struct stream {
	struct intake in;
	struct err rejected;
	bool open;
};

static int64_t query_deadline(const struct worker *w, const struct query *q)
{
	unsigned s = q->timeout_s ? q->timeout_s : w->conf->timeout_s ? w->conf->timeout_s : 15;

	return clock_boot_ms() + (int64_t)s * 1000;
}

static int take_stream(void *ctx, const char *p, size_t n, struct err *e)
{
	struct stream *s = ctx;

	(void)e;
	if (s->open && s->in.feed(s->in.state, p, n, &s->rejected) < 0) {
		s->in.drop(s->in.state);
		s->open = false;
	}
	return 0;
}

static int query_stream(struct worker *w, const struct query *q, const char *command, struct snap_builder *b,
    struct err *e)
{
	struct stream s = { .in = q->open(b), .open = true };
	struct link_sink sink = { take_stream, &s };

	if (cli_run(w->cli, command, &sink, q->ceiling ? q->ceiling : CEILING, query_deadline(w, q), e) < 0) {
		if (s.open)
			s.in.drop(s.in.state);
		return -1;
	}
	if (s.open && s.in.finish(s.in.state, &s.rejected) == 0)
		return 0;
	return err_set(e, s.rejected.code ? s.rejected.code : ERR_PARSE, "%s",
	    s.rejected.code ? s.rejected.text : "the answer cannot be read");
}

static int query_whole(struct worker *w, const struct query *q, const char *command, struct snap_builder *b,
    struct err *e)
{
	struct link_sink sink = link_sink_str(&w->answer);
	size_t ceiling = q->ceiling ? q->ceiling : CEILING;
	int rc;

	str_clear(&w->answer);
	w->answer.max = ceiling;
	rc = cli_run(w->cli, command, &sink, ceiling, query_deadline(w, q), e);
	if (rc == 0 && q->parse(b, str_slice(&w->answer), e) < 0)
		rc = err_set(e, ERR_PARSE, "the answer cannot be read");
	if (w->answer.cap > ANSWER_KEPT) {
		str_fini(&w->answer);
		str_init(&w->answer, CEILING);
	}
	return rc;
}

/* Which of the queries that stand for one another was answered, and what the others said. */
struct one_of {
	unsigned answered; /* a bit per one_of */
	struct err why;    /* of the last refusal */
	unsigned refused;
};

/* A refusal of an optional query is a note; a lost link or a dialogue out of step never is. */
static int run_query(struct worker *w, const struct query *q, const char *command, struct snap_builder *b,
    struct one_of *c, struct err *e)
{
	struct err own = ERR_INIT;
	int rc = q->open ? query_stream(w, q, command, b, &own) : query_whole(w, q, command, b, &own);

	if (rc == 0) {
		c->answered |= 1u << q->one_of;
		return 0;
	}
	if (q->one_of != 0 && !cli_broken(w->cli) && own.code == ERR_DEVICE) {
		c->refused |= 1u << q->one_of;
		err_clear(&c->why);
		err_set(&c->why, own.code, "%s: %s", q->name, own.text);
		return 0;
	}
	if (q->optional && !cli_broken(w->cli) &&
	    (own.code == ERR_DEVICE || own.code == ERR_PARSE || own.code == ERR_LIMIT)) {
		snap_builder_note(b, "%s: %s", q->name, own.text);
		if (q->when == QUERY_SLOW)
			str_addf(&w->slow_notes, "%s%s: %s", w->slow_notes.len ? "; " : "", q->name, own.text);
		return 0;
	}
	err_set(e, own.code, "%s", own.text);
	return err_prefix(e, "%s", q->name);
}

/* Whether row i is the first of a neighbor that is up: its families share one answer. */
static bool to_ask(struct snap_builder *b, size_t i)
{
	const struct session *s = snap_builder_at(b, i);

	if (s->state != BGP_ESTABLISHED || s->peer.family == ADDR_NONE)
		return false;
	for (size_t j = 0; j < i; j++)
		if (addr_equal(&snap_builder_at(b, j)->peer, &s->peer))
			return false;
	return true;
}

static int run_each(struct worker *w, const struct query *q, struct snap_builder *b, struct one_of *c,
    struct err *e)
{
	const char *gap = strstr(q->command, "{neighbor}");
	char address[ADDR_STRLEN];
	struct str command;
	size_t asked = 0;
	int rc = 0;

	str_init(&command, COMMAND_MAX);
	for (size_t i = 0; rc == 0 && i < snap_builder_count(b); i++) {
		if (!to_ask(b, i))
			continue;
		if (asked++ == EACH_MAX) {
			snap_builder_note(b, "%s: asked for the first %d neighbors only", q->name, EACH_MAX);
			break;
		}
		str_clear(&command);
		str_addf(&command, "%.*s%s%s", (int)(gap - q->command), q->command,
		    addr_print(&snap_builder_at(b, i)->peer, address), gap + strlen("{neighbor}"));
		rc = run_query(w, q, command.p, b, c, e);
	}
	str_fini(&command);
	return rc;
}

static int run_queries(struct worker *w, enum query_when when, struct snap_builder *b, struct err *e)
{
	struct one_of c = { .why = ERR_INIT };

	for (size_t i = 0; i < w->driver->query_count; i++) {
		const struct query *q = &w->driver->queries[i];

		if (q->when == when && (q->each ? run_each(w, q, b, &c, e) : run_query(w, q, q->command, b, &c, e)) < 0)
			return -1;
	}
	if ((c.refused & ~c.answered) != 0) /* all refused: nothing is known, which is not "no sessions" */
		return err_set(e, c.why.code, "%s", c.why.text);
	return 0;
}

static int by_identity(const void *a, const void *b)
{
	return session_key_cmp(a, b);
}

static const struct session *before(const struct worker *w, const struct session *s)
{
	if (w->last == NULL || w->last->count == 0)
		return NULL;
	return bsearch(s, w->last->sessions, w->last->count, sizeof(*s), by_identity);
}

static bool same_state(const struct session *a, const struct session *b)
{
	return a->state == b->state &&
	       (a->admin_down == b->admin_down || a->admin_down == TRI_UNKNOWN) &&
	       (a->limit_tripped == b->limit_tripped || a->limit_tripped == TRI_UNKNOWN) &&
	       /* a session that flapped between two polls is younger than the time between them */
	       (a->since_s < 0 || b->since_s < 0 || a->since_s >= b->since_s);
}

/* Whether the ALWAYS queries show something that calls for the whole picture. */
static bool changed(struct worker *w, struct snap_builder *b)
{
	size_t n = snap_builder_count(b);

	if (w->last == NULL || n != w->last->count)
		return true;
	for (size_t i = 0; i < n; i++) {
		const struct session *now = snap_builder_at(b, i), *then = before(w, now);

		if (then == NULL || !same_state(now, then))
			return true;
	}
	return false;
}

static void carry(struct worker *w, struct snap_builder *b)
{
	if (w->driver->carry != NULL)
		for (size_t i = 0; i < snap_builder_count(b); i++) {
			struct session *now = snap_builder_at(b, i);
			const struct session *then = before(w, now);

			if (then != NULL)
				w->driver->carry(now, then, snap_builder_arena(b));
		}
	if (w->slow_notes.len > 0)
		snap_builder_note(b, "%s", w->slow_notes.p);
}

/* What a QUERY_ONCE said on this connection. */
static void carry_router(struct worker *w, struct snap_builder *b)
{
	if (w->last == NULL)
		return;
	if (text_known(w->last->version))
		snap_builder_version(b, slice_of(w->last->version.s));
	snap_builder_router(b, w->last->local_as, &w->last->router_id);
}

static int fill(struct worker *w, bool all, struct snap_builder *b, struct err *e)
{
	bool slow;

	if (w->once_done)
		carry_router(w, b);
	if ((all || !w->once_done) && run_queries(w, QUERY_ONCE, b, e) < 0)
		return -1;
	if (run_queries(w, QUERY_ALWAYS, b, e) < 0)
		return -1;
	slow = all || !w->once_done || w->until_slow == 0 || changed(w, b);
	if (!slow) {
		carry(w, b);
		w->until_slow--;
		return 0;
	}
	str_clear(&w->slow_notes);
	if (run_queries(w, QUERY_SLOW, b, e) < 0)
		return -1;
	w->until_slow = SLOW_EVERY - 1;
	w->once_done = true;
	return 0;
}

int poll_router(struct worker *w, bool all, struct snap **out, struct err *e)
{
	struct snap_builder *b;

	if (w->driver->query_count == 0) /* nothing asked must not look like nothing there */
		return err_set(e, ERR_REFUSED, "the driver %s cannot read sessions yet", w->driver->name);
	b = snap_builder_new(w->conf->name);
	if (fill(w, all, b, e) < 0) {
		snap_builder_free(b);
		return -1;
	}
	*out = snap_builder_freeze(b, w->last ? w->last->generation + 1 : 1);
	return 0;
}

void poll_publish(struct worker *w, struct snap *s)
{
	struct msg *m = MEM_NEW(struct msg);

	m->kind = MSG_SNAP;
	m->router = w->conf->name;
	m->snap = snap_ref(s);
	inbox_post(w->pool->inbox, m);
	snap_unref(w->last);
	w->last = snap_ref(s);
	w->st.last_good_boot_ms = s->taken_boot_ms;
}
