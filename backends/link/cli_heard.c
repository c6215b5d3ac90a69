/*
 * Commands told to an ear, and answered from memory; see cli.h.
 */
#include "backends/link/cli_priv.h"
#include "core/base/clock.h"

#include <stdlib.h>
#include <string.h>

enum { QUESTION_MAX = 8192, HEARD_MAX = 16 << 20 };

/* Without any prefix and program of a router's block. */
static struct router_conf plain_conf(const struct driver *driver)
{
	return (struct router_conf){ .name = "", .os = driver->name };
}

void cli_question(const struct driver *driver, const char *command, struct str *out)
{
	const struct router_conf plain = plain_conf(driver);
	struct err e = ERR_INIT;
	size_t before = out->len;

	if (command == NULL && driver->transport == DRIVER_SHELL) {
		str_puts(out, "shell");
		return;
	}
	if (command == NULL || driver->transport == DRIVER_EXEC) {
		if (cli_command_line(&plain, driver, command, out, &e) == 0)
			return;
		out->len = before;
		out->p[before] = '\0';
	}
	str_puts(out, command != NULL ? command : "");
}

void cli_listen(struct cli *c, const struct cli_ear *ear)
{
	c->ear = ear;
}

struct cli *cli_remembering(const struct cli_memory *m, const struct router_conf *conf, const struct driver *driver)
{
	struct cli *c = MEM_NEW(struct cli);

	*c = (struct cli){ .conf = conf, .driver = driver, .memory = m };
	return c;
}

int64_t cli_answered_ms(const struct cli *c)
{
	return c->memory != NULL ? c->answered_ms : clock_boot_ms();
}

bool cli_remembers(const struct cli *c)
{
	return c->memory != NULL;
}

/* What passes to the sink is kept for the ear, up to its ceiling. */
struct overheard {
	const struct link_sink *sink;
	struct str text;
	size_t left_out;
};

static int take_overheard(void *ctx, const char *p, size_t n, struct err *e)
{
	struct overheard *o = ctx;

	if (o->left_out > 0 || str_add(&o->text, p, n) < 0)
		o->left_out += n;
	return o->sink->take(o->sink->ctx, p, n, e);
}

static void tell(struct cli *c, const char *question, const struct overheard *o, const struct err *why)
{
	c->ear->heard(c->ear->ctx, question, str_slice(&o->text), o->left_out, why);
}

int cli_run(struct cli *c, const char *command, const struct link_sink *sink, size_t ceiling, int64_t deadline,
    struct err *e)
{
	struct overheard o = { .sink = sink };
	struct link_sink through = { take_overheard, &o };
	struct err own = ERR_INIT;
	struct str question;
	int rc;

	if (c->memory == NULL && c->ear == NULL)
		return cli_ask(c, command, sink, ceiling, deadline, e);
	str_init(&question, QUESTION_MAX);
	cli_question(c->driver, command, &question);
	if (c->memory != NULL) {
		rc = c->memory->answer(c->memory->ctx, question.p, sink, &c->answered_ms, e);
	} else {
		str_init(&o.text, HEARD_MAX);
		rc = cli_ask(c, command, &through, ceiling, deadline, &own);
		tell(c, question.p, &o, rc < 0 ? &own : NULL);
		str_fini(&o.text);
		if (rc < 0)
			err_set(e, own.code, "%s", own.text);
	}
	str_fini(&question);
	return rc;
}

int cli_host(struct cli *c, struct link *l, const struct router_conf *conf, const char *line, int64_t deadline,
    struct str *out, struct err *e)
{
	const struct router_conf plain = plain_conf(c->driver);
	struct link_sink sink = link_sink_str(out);
	struct overheard o = { .sink = NULL };
	struct err own = ERR_INIT;
	struct str question;
	int rc;

	if (c->memory == NULL && c->ear == NULL)
		return remote_run(l, conf, line, deadline, out, e);
	str_init(&question, QUESTION_MAX);
	rc = remote_line(&plain, line, &question, e);
	if (rc == 0 && c->memory != NULL) {
		rc = c->memory->answer(c->memory->ctx, question.p, &sink, &c->answered_ms, e);
	} else if (rc == 0) {
		rc = remote_run(l, conf, line, deadline, out, &own);
		str_init(&o.text, HEARD_MAX);
		str_add(&o.text, out->p, out->len);
		tell(c, question.p, &o, rc < 0 ? &own : NULL);
		str_fini(&o.text);
		if (rc < 0)
			err_set(e, own.code, "%s", own.text);
	}
	str_fini(&question);
	return rc;
}
