/*
 * What the worker lends to an action: its command line, files, a fresh look.
 *
 * A command is typed on the CLI that is open and nowhere else: after a break
 * in the middle of a configuration the next line must not land in another
 * context.  Looking and reading files get ready again by themselves.
 */
#include "backends/link/dialog.h"
#include "backends/link/question.h"
#include "backends/link/worker_priv.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <string.h>

static int64_t step_deadline(const struct worker *w)
{
	return clock_boot_ms() + (int64_t)(w->conf->timeout_s ? w->conf->timeout_s : 15) * 1000;
}

/* A commit checks the whole configuration: on a large one that takes minutes. */
static int64_t line_deadline(const struct worker *w, const char *line)
{
	const struct dialogue *d = w->driver->acting != NULL ? w->driver->acting : w->driver->dialogue;
	int64_t soonest = step_deadline(w), commit;

	if (d == NULL || d->commit_s == 0 || strncmp(line, "commit", 6) != 0)
		return soonest;
	commit = clock_boot_ms() + (int64_t)d->commit_s * 1000;
	return commit > soonest ? commit : soonest;
}

static int open_acting(struct worker *w, struct err *e)
{
	w->acting_driver = *w->driver;
	w->acting_driver.transport = DRIVER_SHELL;
	w->acting_driver.dialogue = w->driver->acting;
	return cli_open(w->link, w->conf, &w->acting_driver, step_deadline(w), &w->acting, e);
}

/* Where lines of an action are typed; NULL when that is not open any more. */
static struct cli *line_cli(struct worker *w, struct err *e)
{
	struct cli *c = w->cli;

	if (w->driver->acting != NULL) {
		if (w->acting == NULL && w->link != NULL && open_acting(w, e) < 0)
			return NULL;
		c = w->acting;
	}
	if (c != NULL && !cli_broken(c))
		return c;
	err_set(e, ERR_NET, "the command line of %s broke off", w->conf->name);
	return NULL;
}

static int way_cli(void *ctx, const char *line, struct str *out, struct err *e)
{
	struct worker *w = ctx;
	struct link_sink sink = link_sink_str(out);
	struct cli *c = line_cli(w, e);

	return c == NULL ? -1 : cli_run(c, line, &sink, out->max, line_deadline(w, line), e);
}

static int way_step(void *ctx, const struct step *step, struct str *out, struct err *e)
{
	struct worker *w = ctx;
	struct link_sink sink = link_sink_str(out);
	const struct dialog_reply reply = { step->question, step->reply };
	struct cli *c = line_cli(w, e);

	return c == NULL ? -1
	    : cli_act(c, step->line, step->question ? &reply : NULL, &sink, out->max, line_deadline(w, step->line), e);
}

static int way_run(void *ctx, const char *line, struct str *out, struct err *e)
{
	struct worker *w = ctx;

	if (w->link == NULL)
		return err_set(e, ERR_NET, "the connection to %s broke off", w->conf->name);
	return remote_run(w->link, w->conf, line, step_deadline(w), out, e);
}

static int way_read_file(void *ctx, const char *path, struct str *out, struct err *e)
{
	struct worker *w = ctx;

	if (worker_get_ready(w, e) < 0)
		return -1;
	return remote_read_file(w->link, w->conf, path, step_deadline(w), out, e);
}

static void tell_in_place(struct worker *w, const char *path)
{
	struct msg *m = MEM_NEW(struct msg);

	m->kind = MSG_TEXT;
	m->router = w->conf->name;
	snprintf(m->words, sizeof(m->words),
	    "%s: %.100s was written in place: its directory does not allow a replacement", w->conf->name, path);
	inbox_post(w->pool->inbox, m);
}

static int way_write_file(void *ctx, const char *path, const char *content, struct err *e)
{
	struct worker *w = ctx;
	bool in_place = false;

	if (w->link == NULL)
		return err_set(e, ERR_NET, "the connection to %s broke off", w->conf->name);
	if (remote_write_file(w->link, w->conf, path, content, step_deadline(w), &in_place, e) < 0)
		return -1;
	if (in_place)
		tell_in_place(w, path);
	return 0;
}

static void close_acting(struct worker *w)
{
	cli_close(w->acting);
	w->acting = NULL;
}

/* From a break on there are only reads: they may have a new terminal. */
static int way_look(void *ctx, struct snap **out, struct err *e)
{
	struct worker *w = ctx;

	if (w->acting != NULL && cli_broken(w->acting))
		close_acting(w);
	if (worker_get_ready(w, e) < 0 || poll_router(w, true, out, e) < 0)
		return -1;
	poll_publish(w, *out);
	return 0;
}

struct taker {
	void (*take)(void *ctx, struct slice prefix);
	void *ctx;
};

static void take_prefix(void *ctx, struct slice prefix, struct slice next_hop, struct slice as_path)
{
	const struct taker *t = ctx;

	(void)next_hop;
	(void)as_path;
	t->take(t->ctx, prefix);
}

static int way_advertised(void *ctx, const struct session *s, void (*take)(void *, struct slice), void *take_ctx,
    struct err *e)
{
	struct taker taker = { take, take_ctx };
	struct worker *w = ctx;
	struct question *q;
	int rc;

	if (worker_get_ready(w, e) < 0)
		return -1;
	q = question_new(ASK_ROUTES, s);
	q->side = ROUTES_ADVERTISED;
	q->each = take_prefix;
	q->each_ctx = &taker;
	rc = question_ask(q, w->link, w->cli, w->conf, w->driver);
	if (rc < 0)
		err_set(e, q->err.code, "%s", q->err.text);
	else if (q->rows_parsed < q->rows_seen)
		rc = err_set(e, ERR_PARSE, "%u of %u rows of its advertised routes could not be read",
		    q->rows_seen - q->rows_parsed, q->rows_seen);
	question_free(q);
	return rc;
}

static bool way_wait(void *ctx, unsigned ms)
{
	struct worker *w = ctx;
	struct pollfd none = { .fd = -1 };
	int64_t until = clock_boot_ms() + ms;
	struct err own = ERR_INIT;

	if (w->link != NULL && w->link->ops->pump(w->link, -1, until, &own) < 0 && own.code != ERR_CANCELLED)
		worker_hang_up(w);
	while (!worker_stopping(w) && clock_boot_ms() < until)
		link_wait(&none, 1, w->cancel_fd, until, "", NULL);
	return !worker_stopping(w);
}

static bool has_act_login(const struct router_conf *c)
{
	return c->act_user != NULL || c->act_key != NULL || c->act_password_command != NULL || c->act_password_file != NULL;
}

/* The account that may change something: everything that names a login comes from the act-keys, nothing is mixed. */
static struct router_conf act_conf(const struct router_conf *c)
{
	struct router_conf a = *c;

	a.user = c->act_user != NULL ? c->act_user : c->user;
	if (c->act_key == NULL && c->act_password_command == NULL && c->act_password_file == NULL)
		return a;
	a.agent = false;
	a.key = c->act_key;
	a.certificate = c->act_certificate;
	a.passphrase_command = c->act_passphrase_command;
	a.password_command = c->act_password_command;
	a.password_file = c->act_password_file;
	return a;
}

/* A login of its own, open only while this job runs; the one that reads stays as it is meanwhile. */
static void run_over_act_login(struct worker *w, struct act_job *job, const struct act_io *io)
{
	struct link *link = w->link;
	struct cli *cli = w->cli;
	struct err why = ERR_INIT;

	w->acting_login = act_conf(w->conf);
	w->login = &w->acting_login;
	w->link = NULL;
	w->cli = NULL;
	if (worker_get_ready(w, &why) == 0) {
		worker_set_state(w, LINK_ACTING);
		act_job_run(job, io, w->conf, w->driver, w->pool->inbox);
	} else {
		err_prefix(&why, "the login that may act (%s)", w->acting_login.user);
		act_job_refuse(job, &why, w->pool->inbox);
	}
	worker_hang_up(w);
	w->login = w->conf;
	w->link = link;
	w->cli = cli;
	worker_post_status(w);
}

void act_way_run(struct worker *w, struct act_job *job)
{
	const struct act_io io = { .ctx = w, .cli = way_cli, .step = way_step, .run = way_run, .read_file = way_read_file,
		.write_file = way_write_file, .advertised = way_advertised, .look = way_look, .wait = way_wait };

	worker_set_state(w, LINK_ACTING);
	if (has_act_login(w->conf)) {
		run_over_act_login(w, job, &io);
	} else {
		act_job_run(job, &io, w->conf, w->driver, w->pool->inbox);
		close_acting(w);
	}
	act_job_free(job);
}
