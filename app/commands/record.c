/*
 * peerdeck record - a transcript of a router's answers for a bug report, and the check that it reads back.
 */
#include "app/ask.h"
#include "app/commands/commands.h"
#include "app/commands/record.h"
#include "app/exit.h"
#include "backends/link/replay.h"
#include "backends/link/ssh.h"
#include "backends/link/transcript.h"
#include "core/base/clock.h"
#include "core/model/setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_POLL = 1, OPT_CHECK, OPT_ALL, OPT_FOR, OPT_EVERY, OPT_TO, OPT_MOST, OPT_HELP, TRANSCRIPT_MAX = 256 << 20, STEP_S = 15, MOST_MIB = 1024 };
static const struct option_def options[] = {
	{ "poll", "N", "ask N times, at the router's interval (1)", OPT_POLL },
	{ "all", NULL, "every router of the configuration", OPT_ALL },
	{ "for", "SPAN", "go on so long (10m); an interrupt ends it in good order", OPT_FOR },
	{ "every", "SPAN", "ask at this interval instead of the configured ones", OPT_EVERY },
	{ "to", "FILE", "append to it instead of stdout", OPT_TO },
	{ "most", "MIB", "end when the file holds so much (1024)", OPT_MOST },
	{ "check", "FILE", "ask no router: play the transcript and say what is read in it", OPT_CHECK },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

static int64_t deadline_of(const struct router_conf *conf)
{
	return clock_boot_ms() + (int64_t)(conf->timeout_s ? conf->timeout_s : STEP_S) * 1000;
}

static void tell(const char *name, const struct snap *s)
{
	fprintf(stderr, "%s: %u of %u rows read, %zu sessions%s%s\n", name, s->rows_parsed, s->rows_seen, s->count,
	    text_empty(s->note) ? "" : "; ", text_or(s->note, ""));
}

static int flush(struct str *text, struct err *e)
{
	if (text->over)
		return err_set(e, ERR_LIMIT, "the transcript is longer than %d octets", TRANSCRIPT_MAX);
	if (fwrite(text->p, 1, text->len, stdout) != text->len || fflush(stdout) != 0)
		return err_errno(e, ERR_IO, "stdout");
	str_clear(text);
	return 0;
}

/* 1 when some rows could not be read: the transcript is what tells them. */
static int polls(struct link *l, const struct router_conf *conf, const struct driver *driver, unsigned count, bool print,
    struct err *e)
{
	struct pollfd none = { .fd = -1 };
	struct cli *cli = NULL;
	struct snap *snap;
	struct str text;
	int rc = cli_open(l, conf, driver, deadline_of(conf), &cli, e), partly = 0;

	str_init(&text, TRANSCRIPT_MAX);
	if (rc == 0)
		transcript_begin(&text, conf, driver, cli);
	for (unsigned i = 1; rc == 0 && i <= count; i++) {
		if (i > 1)
			link_wait(&none, 1, -1, clock_boot_ms() + (int64_t)conf->interval_s * 1000, "", NULL);
		rc = transcript_poll(&text, conf, driver, cli, i, &snap, e);
		if (rc == 0) {
			tell(conf->name, snap);
			partly |= snap->rows_parsed != snap->rows_seen || !text_empty(snap->note);
			snap_unref(snap);
		}
		if (print && flush(&text, rc == 0 ? e : NULL) < 0)
			rc = -1;
	}
	cli_close(cli);
	str_fini(&text);
	return rc < 0 ? -1 : partly;
}

static int record(const struct options *o, const char *name, unsigned count, struct err *e)
{
	struct config *c = options_config(o, e);
	const struct router_conf *r = c != NULL ? config_router(c, name) : NULL;
	char *keys = c != NULL ? options_path(c, DATA_HOSTKEYS) : NULL;
	const struct ssh_way way = { .config = c, .router = r, .hostkey_dir = keys, .cancel_fd = -1 };
	struct link *l = NULL;
	int rc = -1;

	if (c != NULL && (r == NULL || r->is_jump))
		err_set(e, ERR_USAGE, "%s names no router \"%s\"", c->path, name);
	ask_secrets_on_terminal();
	if (r != NULL && !r->is_jump && ssh_link_open(&way, NULL, &l, e) == 0) {
		rc = polls(l, r, driver_find(r->os), count, true, e);
		l->ops->free(l);
	}
	if (rc < 0)
		err_prefix(e, "%s", name);
	free(keys);
	config_free(c);
	return rc;
}

static int read_file(const char *path, struct str *out, struct err *e)
{
	FILE *f = fopen(path, "re");
	char buf[65536];
	size_t n;
	int rc = 0;

	if (f == NULL)
		return err_errno(e, ERR_IO, "%s", path);
	while (rc == 0 && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		if (str_add(out, buf, n) < 0)
			rc = err_set(e, ERR_LIMIT, "%s: longer than %d octets", path, TRANSCRIPT_MAX);
	if (rc == 0 && ferror(f))
		rc = err_errno(e, ERR_IO, "%s", path);
	fclose(f);
	return rc;
}

static int check(const char *path, struct err *e)
{
	struct router_conf conf = { .name = path, .interval_s = 1 };
	const struct driver *driver;
	struct link *l = NULL;
	struct str text;
	int rc = -1;

	str_init(&text, TRANSCRIPT_MAX);
	if (read_file(path, &text, e) == 0) {
		driver = transcript_driver(str_slice(&text));
		if (driver == NULL)
			err_set(e, ERR_PARSE, "%s: its first lines do not say which os: \"@ look TIME ROUTER OS poll\"", path);
		else if (replay_parse(path, str_slice(&text), -1, &l, e) == 0)
			rc = polls(l, &conf, driver, 1, false, e);
	}
	if (l != NULL)
		l->ops->free(l);
	str_fini(&text);
	return rc;
}

/* One option; false if it is none of those of a record that goes on. */
static bool take_more(struct record_ask *a, bool *on, int id, const char *value, struct err *e)
{
	static const struct setting spans[] = {
		{ "--for", SETTING_SPAN, offsetof(struct record_ask, for_s), .min = 1, .max = 31536000 },
		{ "--every", SETTING_SPAN, offsetof(struct record_ask, every_s), .min = 1, .max = 3600 },
		{ "--most", SETTING_NUMBER, offsetof(struct record_ask, most_mib), .min = 1, .max = 1048576 },
	};
	const struct setting *s = id == OPT_FOR ? &spans[0] : id == OPT_EVERY ? &spans[1] : id == OPT_MOST ? &spans[2] : NULL;

	if (s == NULL && id != OPT_ALL && id != OPT_TO)
		return false;
	*on = true;
	a->all = a->all || id == OPT_ALL;
	a->to = id == OPT_TO ? value : a->to;
	if (s != NULL && setting_read(s, value, NULL, a, e) != 0)
		e->code = ERR_USAGE;
	return true;
}

/* Which of the three it is: a check, one transcript, or what goes on. */
static int carry_out(const struct options *o, struct record_ask *a, bool on, const char *file, unsigned count, struct err *e)
{
	bool named = file != NULL || a->all;

	if ((named && a->count > 0) || (!named && a->count == 0))
		return err_set(e, ERR_USAGE, "wanted: peerdeck record ROUTER ..., peerdeck record --all, or peerdeck record --check FILE");
	if (file != NULL)
		return check(file, e);
	if (on || a->count > 1)
		return record_on(o, a, e);
	return record(o, a->names[0], count, e);
}

int cmd_record(const struct options *o, int argc, char **argv)
{
	static const struct setting number = { "--poll", SETTING_NUMBER, 0, .min = 1, .max = 1000 };
	struct record_ask a = { .to = "-", .most_mib = MOST_MIB };
	unsigned count = 1;
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value, *file = NULL;
	bool on = false;
	int id, rc;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("record ROUTER ...", "Writes what routers answer, with its times and without passwords, keys and SNMP "
			    "communities:\nfor a bug report, and to be replayed.\n", options);
		if (id == OPT_POLL && setting_read(&number, value, NULL, &count, &e) != 0)
			e.code = ERR_USAGE;
		file = id == OPT_CHECK ? value : file;
		take_more(&a, &on, id, value, &e);
		if (e.code != ERR_NONE)
			break;
	}
	if (e.code != ERR_NONE)
		return exit_say(&e);
	a.names = (const char *const *)argv + 1;
	a.count = (size_t)w.operands;
	rc = carry_out(o, &a, on, file, count, &e);
	return rc < 0 ? (int)exit_say(&e) : rc == 0 ? STATUS_DONE : STATUS_FAILED;
}
