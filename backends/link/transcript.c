/* Writing what replay reads; see transcript.h. */
#include "backends/link/transcript.h"
#include "core/act/redact.h"
#include "core/base/clock.h"
#include "core/base/scan.h"
#include "core/base/version.h"

#include <stdio.h>
#include <string.h>

enum { ANSWER_MAX = 64 << 20, LINE_MAX_LEN = 8192 };

#define HEAD "# peerdeck transcript: os "

/* Each line of the text with the mark before it. */
static void add_lines(struct str *out, char mark, struct slice text)
{
	struct scan c = scan_of(text);
	struct slice line;

	while (scan_line(&c, &line))
		str_addf(out, "%c %.*s\n", mark, (int)line.len, line.p);
}

/* Questions stand as they are without any prefix or program of the router's block: local paths are nobody's business,
 * and whoever replays has another block. */
static struct router_conf plain_conf(const struct driver *driver)
{
	return (struct router_conf){ .name = "replay", .os = driver->name };
}

static void add_time(struct str *out)
{
	char when[CLOCK_ISO_LEN];

	str_addf(out, "# %s ", clock_iso(clock_wall_ms(), when));
}

void transcript_begin(struct str *out, const struct router_conf *conf, const struct driver *driver, const struct cli *cli)
{
	const struct router_conf plain = plain_conf(driver);
	struct str line;
	struct err e = ERR_INIT;

	str_addf(out, HEAD "%s, router %s, peerdeck " PEERDECK_VERSION "\n", driver->name, conf->name);
	add_time(out);
	str_puts(out, "begun; passwords, keys and communities of SNMP are taken out\n");
	if (cli_prompt(cli) == NULL)
		return;
	str_init(&line, LINE_MAX_LEN);
	if (driver->transport == DRIVER_SHELL)
		str_puts(&line, "shell");
	else
		cli_command_line(&plain, driver, NULL, &line, &e);
	str_addf(out, "> %s\n$ %s\n", line.p, cli_prompt(cli));
	if (driver->dialogue->echoes)
		str_puts(out, "@ echo\n");
	for (size_t i = 0; driver->dialogue->setup != NULL && driver->dialogue->setup[i] != NULL; i++)
		str_addf(out, "> %s\n", driver->dialogue->setup[i]);
	str_fini(&line);
}

static int read_answer(const struct query *q, struct snap_builder *b, struct slice answer, struct err *e)
{
	struct intake in;

	if (q->parse != NULL)
		return q->parse(b, answer, e);
	in = q->open(b);
	if (in.feed(in.state, answer.p, answer.len, e) < 0) {
		in.drop(in.state);
		return -1;
	}
	return in.finish(in.state, e);
}

/* As it is sent: an exec channel gets a whole shell command line. */
static void add_question(struct str *out, const struct driver *driver, const struct cli *cli, const char *command)
{
	const struct router_conf plain = plain_conf(driver);
	struct str line;
	struct err e = ERR_INIT;

	str_init(&line, LINE_MAX_LEN);
	if (cli_prompt(cli) != NULL || cli_command_line(&plain, driver, command, &line, &e) < 0) {
		str_clear(&line);
		str_puts(&line, command);
	}
	str_addf(out, "> %s\n", line.p);
	str_fini(&line);
}

static int record_query(struct str *out, const struct router_conf *conf, const struct driver *driver, struct cli *cli,
    const struct query *q, const char *command, unsigned poll, struct snap_builder *b, struct err *e)
{
	int64_t began = clock_boot_ms(), seconds = q->timeout_s ? q->timeout_s : conf->timeout_s ? conf->timeout_s : 15;
	struct err asked = ERR_INIT, read = ERR_INIT;
	struct str answer, safe;
	struct link_sink sink;
	int rc;

	str_init(&answer, ANSWER_MAX);
	str_init(&safe, (size_t)2 * ANSWER_MAX);
	sink = link_sink_str(&answer);
	rc = cli_run(cli, command, &sink, ANSWER_MAX, began + seconds * 1000, &asked);
	redact_answer(&safe, str_slice(&answer));
	add_time(out);
	str_addf(out, "poll %u, %s: %zu octets in %lld ms\n", poll, q->name, answer.len, (long long)(clock_boot_ms() - began));
	add_question(out, driver, cli, command);
	add_lines(out, '|', str_slice(&safe));
	if (rc == 0 && read_answer(q, b, str_slice(&safe), &read) < 0)
		str_addf(out, "# %s: %s\n", q->name, read.text);
	if (rc < 0 && answer.len == 0)
		add_lines(out, '!', slice_of(asked.text));
	if ((rc < 0 && q->one_of == 0) || read.code != ERR_NONE)
		snap_builder_note(b, "%s: %s", q->name, rc < 0 ? asked.text : read.text);
	str_fini(&answer);
	str_fini(&safe);
	if (rc < 0 && (asked.code != ERR_DEVICE || cli_broken(cli)))
		return err_set(e, asked.code, "%s: %s", q->name, asked.text);
	return 0;
}

/* Once, or for every neighbor that is up. */
static int record_all(struct str *out, const struct router_conf *conf, const struct driver *driver, struct cli *cli,
    const struct query *q, unsigned poll, struct snap_builder *b, struct err *e)
{
	const char *gap = q->each ? strstr(q->command, "{neighbor}") : NULL;
	char address[ADDR_STRLEN];
	struct str command;
	int rc = 0;

	if (gap == NULL)
		return record_query(out, conf, driver, cli, q, q->command, poll, b, e);
	str_init(&command, LINE_MAX_LEN);
	for (size_t i = 0; rc == 0 && i < snap_builder_count(b); i++) {
		const struct session *s = snap_builder_at(b, i);

		if (s->state != BGP_ESTABLISHED || s->peer.family == ADDR_NONE)
			continue;
		str_clear(&command);
		str_addf(&command, "%.*s%s%s", (int)(gap - q->command), q->command, addr_print(&s->peer, address),
		    gap + strlen("{neighbor}"));
		rc = record_query(out, conf, driver, cli, q, command.p, poll, b, e);
	}
	str_fini(&command);
	return rc;
}

int transcript_poll(struct str *out, const struct router_conf *conf, const struct driver *driver, struct cli *cli,
    unsigned poll, struct snap **snap, struct err *e)
{
	static const enum query_when order[] = { QUERY_ONCE, QUERY_ALWAYS, QUERY_SLOW };
	struct snap_builder *b = snap_builder_new(conf->name);

	for (size_t w = 0; w < ARRAY_LEN(order); w++)
		for (size_t i = 0; i < driver->query_count; i++)
			if (driver->queries[i].when == order[w] &&
			    record_all(out, conf, driver, cli, &driver->queries[i], poll, b, e) < 0) {
				snap_builder_free(b);
				return -1;
			}
	*snap = snap_builder_freeze(b, poll);
	str_addf(out, "# poll %u: %u of %u rows read, %zu sessions\n", poll, (*snap)->rows_parsed, (*snap)->rows_seen,
	    (*snap)->count);
	return 0;
}

const struct driver *transcript_driver(struct slice text)
{
	struct scan c = scan_of(text);
	struct slice line, word;
	char name[32];

	while (scan_line(&c, &line) && line.len > 0 && line.p[0] == '#') {
		if (!slice_starts(line, HEAD))
			continue;
		word = slice_from(line, strlen(HEAD));
		for (size_t i = 0; i < word.len; i++)
			if (word.p[i] == ',' || word.p[i] == ' ')
				word.len = i;
		snprintf(name, sizeof(name), "%.*s", (int)(word.len < sizeof(name) ? word.len : sizeof(name) - 1), word.p);
		return driver_find(name);
	}
	return NULL;
}
