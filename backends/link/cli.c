/* One way to ask, for all drivers; see cli.h. */
#include "backends/link/cli.h"
#include "backends/link/cli_priv.h"
#include "backends/link/dialog.h"
#include "backends/link/dialog_match.h"
#include "backends/link/secret.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 511, ROWS = 1000, COMPLAINT_MAX = 1024, HEAD_MAX = 4096, COMMAND_MAX = 8192 };

void cli_quote(struct str *out, const char *words)
{
	str_putc(out, '\'');
	for (; *words != '\0'; words++)
		if (*words == '\'')
			str_puts(out, "'\\''");
		else
			str_putc(out, *words);
	str_putc(out, '\'');
}

void cli_prefix(const struct router_conf *conf, struct str *out)
{
	if (conf->prefix != NULL && *conf->prefix != '\0')
		str_addf(out, "%s ", conf->prefix);
	else
		/* Quoted so that sh, csh and fish all read it alike. */
		str_puts(out, "env PATH=\"$PATH\":/usr/sbin:/sbin ");
}

int cli_command_line(const struct router_conf *conf, const struct driver *driver,
    const char *command, struct str *out, struct err *e)
{
	const char *program = conf->cli ? conf->cli : driver->cli;

	if (program == NULL && command != NULL) { /* no shell behind the login: RouterOS */
		str_puts(out, command);
		return out->over ? err_set(e, ERR_LIMIT, "the command is too long") : 0;
	}
	if (conf->cli == NULL || (conf->prefix != NULL && *conf->prefix != '\0'))
		cli_prefix(conf, out);
	if (command == NULL) {
		str_puts(out, program);
	} else if (driver->shell_line != NULL) {
		if (driver->shell_line(out, program, command) < 0)
			return err_set(e, ERR_USAGE, "this cannot be said to %s: %s", program, command);
	} else {
		str_addf(out, "%s %s", program, command);
	}
	return out->over ? err_set(e, ERR_LIMIT, "the command is too long") : 0;
}

/* With a configured secret only: reading needs no privileged mode. */
static int enable(struct cli *c, int64_t deadline, struct err *e)
{
	struct secret s;
	int rc;

	if (c->driver->dialogue->enable == NULL || (c->conf->enable_command == NULL && c->conf->enable_file == NULL))
		return 0;
	if (secret_from("enable secret", c->conf->enable_command, c->conf->enable_file, c->link->cancel_fd, deadline,
	    &s, e) < 0)
		return -1;
	rc = dialog_enable(c->dialog, s.text, deadline, e);
	secret_wipe(&s);
	return rc;
}

static int open_dialog(struct cli *c, int64_t deadline, struct err *e)
{
	struct link *l = c->link;
	struct channel *ch;
	struct str line;
	int rc = -1;

	str_init(&line, COMMAND_MAX);
	if (c->driver->transport == DRIVER_SHELL)
		rc = l->ops->shell(l, COLUMNS, ROWS, deadline, &ch, e);
	else if (cli_command_line(c->conf, c->driver, NULL, &line, e) == 0)
		rc = l->ops->exec(l, line.p, deadline, &ch, e);
	str_fini(&line);
	if (rc < 0)
		return -1;
	if (dialog_open(ch, c->driver->dialogue, deadline, &c->dialog, e) < 0)
		return -1;
	return enable(c, deadline, e);
}

int cli_open(struct link *l, const struct router_conf *conf, const struct driver *driver,
    int64_t deadline, struct cli **out, struct err *e)
{
	struct cli *c = MEM_NEW(struct cli);
	int rc;

	*c = (struct cli){ .link = l, .conf = conf, .driver = driver };
	if (driver->transport == DRIVER_EXEC)
		rc = patterns_new(driver->dialogue ? driver->dialogue->errors : NULL, &c->errors, e);
	else
		rc = open_dialog(c, deadline, e);
	if (rc < 0)
		cli_close(c);
	else
		*out = c;
	return rc;
}

void cli_close(struct cli *c)
{
	if (c == NULL)
		return;
	dialog_close(c->dialog);
	patterns_free(c->errors);
	free(c);
}

bool cli_broken(const struct cli *c)
{
	return c->dialog != NULL && dialog_broken(c->dialog);
}

/* Keeps the beginning of an answer for the error patterns while it flows on. */
struct head {
	const struct link_sink *sink;
	struct str text;
};

static int take_head(void *ctx, const char *p, size_t n, struct err *e)
{
	struct head *h = ctx;
	size_t room = h->text.max - h->text.len;

	str_add(&h->text, p, n < room ? n : room);
	return h->sink->take(h->sink->ctx, p, n, e);
}

static int find_error(const struct cli *c, struct slice text, struct err *e)
{
	struct scan lines = scan_of(text);
	struct slice line;

	while (scan_line(&lines, &line))
		if (patterns_find(c->errors, line, false, NULL) >= 0) {
			line = slice_trim(line);
			return err_set(e, ERR_DEVICE, "%.*s", (int)line.len, line.p);
		}
	return 0;
}

static int run_exec(struct cli *c, const char *command, const struct link_sink *sink,
    size_t ceiling, int64_t deadline, struct err *e)
{
	struct head head = { .sink = sink };
	struct link_sink through = { take_head, &head };
	struct str line, complaint;
	struct slice said;
	int rc = -1;

	str_init(&line, COMMAND_MAX);
	str_init(&complaint, COMPLAINT_MAX);
	str_init(&head.text, HEAD_MAX);
	if (cli_command_line(c->conf, c->driver, command, &line, e) < 0 ||
	    link_stream(c->link, line.p, deadline, &through, ceiling, &complaint, NULL, e) < 0)
		goto out;
	said = slice_trim(str_slice(&complaint));
	if (find_error(c, str_slice(&head.text), e) < 0 || find_error(c, said, e) < 0)
		goto out;
	if (head.text.len == 0 && said.len > 0) {
		err_set(e, ERR_DEVICE, "%.*s", (int)said.len, said.p);
		goto out;
	}
	rc = 0;
out:
	str_fini(&line);
	str_fini(&complaint);
	str_fini(&head.text);
	return rc;
}

int cli_ask(struct cli *c, const char *command, const struct link_sink *sink, size_t ceiling, int64_t deadline,
    struct err *e)
{
	if (c->dialog != NULL)
		return dialog_run(c->dialog, command, sink, ceiling, deadline, e);
	return run_exec(c, command, sink, ceiling, deadline, e);
}

int cli_act(struct cli *c, const char *command, const struct dialog_reply *reply, const struct link_sink *sink,
    size_t ceiling, int64_t deadline, struct err *e)
{
	if (c->driver->transport == DRIVER_SHELL)
		return dialog_act(c->dialog, command, reply, sink, ceiling, deadline, e);
	return cli_run(c, command, sink, ceiling, deadline, e);
}

const char *cli_prompt(const struct cli *c)
{
	return c->dialog != NULL ? dialog_prompt(c->dialog) : NULL;
}
