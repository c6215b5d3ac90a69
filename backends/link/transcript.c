/* Writing what replay reads; see transcript.h. */
#include "backends/link/transcript.h"
#include "backends/link/recorder.h"
#include "core/act/redact.h"
#include "core/base/clock.h"
#include "core/base/scan.h"
#include "core/base/version.h"

#include <stdio.h>
#include <string.h>

enum { ANSWER_MAX = 64 << 20, LINE_MAX_LEN = 8192 };

#define HEAD "# peerdeck transcript: os " /* version 1 */

void transcript_begin(struct str *out, const struct router_conf *conf, const struct driver *driver, const struct cli *cli)
{
	recording_put_first(out, ASN_UNKNOWN);
	recording_put_look(out, conf->name, driver->name, "poll");
	recording_put_head(out, driver, cli);
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

static int record_query(struct str *out, const struct router_conf *conf, const struct driver *driver, struct cli *cli,
    const struct query *q, const char *command, unsigned poll, struct snap_builder *b, struct err *e)
{
	int64_t began = clock_boot_ms(), seconds = q->timeout_s ? q->timeout_s : conf->timeout_s ? conf->timeout_s : 15;
	struct err asked = ERR_INIT, read = ERR_INIT;
	struct str answer, safe, question;
	struct link_sink sink;
	int rc;

	str_init(&question, LINE_MAX_LEN);
	cli_question(driver, command, &question);
	str_init(&answer, ANSWER_MAX);
	str_init(&safe, (size_t)2 * ANSWER_MAX);
	sink = link_sink_str(&answer);
	rc = cli_run(cli, command, &sink, ANSWER_MAX, began + seconds * 1000, &asked);
	redact_answer(&safe, str_slice(&answer));
	recording_put_answer(out, question.p, str_slice(&safe), rc < 0 ? &asked : NULL);
	str_addf(out, "# poll %u, %s: %zu octets in %lld ms\n", poll, q->name, answer.len, (long long)(clock_boot_ms() - began));
	if (rc == 0 && read_answer(q, b, str_slice(&safe), &read) < 0)
		str_addf(out, "# %s: %s\n", q->name, read.text);
	if ((rc < 0 && q->one_of == 0) || read.code != ERR_NONE)
		snap_builder_note(b, "%s: %s", q->name, rc < 0 ? asked.text : read.text);
	str_fini(&question);
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

	if (poll > 1)
		recording_put_look(out, conf->name, driver->name, "poll");
	for (size_t w = 0; w < ARRAY_LEN(order); w++)
		for (size_t i = 0; i < driver->query_count; i++)
			if (driver->queries[i].when == order[w] &&
			    record_all(out, conf, driver, cli, &driver->queries[i], poll, b, e) < 0) {
				recording_put_end(out, e);
				snap_builder_free(b);
				return -1;
			}
	recording_put_end(out, NULL);
	*snap = snap_builder_freeze(b, poll);
	str_addf(out, "# poll %u: %u of %u rows read, %zu sessions\n", poll, (*snap)->rows_parsed, (*snap)->rows_seen,
	    (*snap)->count);
	return 0;
}

const struct driver *transcript_driver(struct slice text)
{
	struct scan c = scan_of(text);
	struct slice line, word, skipped;
	char name[32];

	while (scan_line(&c, &line) && line.len > 0 && (line.p[0] == '#' || line.p[0] == '@')) {
		struct scan words = scan_of(line);

		if (slice_starts(line, HEAD)) {
			word = slice_from(line, strlen(HEAD));
			for (size_t i = 0; i < word.len; i++)
				if (word.p[i] == ',' || word.p[i] == ' ')
					word.len = i;
		} else if (!slice_starts(line, "@ look ") || !scan_lit(&words, "@ look ") || !scan_word(&words, &skipped) ||
			   !scan_word(&words, &skipped) || !scan_word(&words, &word)) {
			continue;
		}
		snprintf(name, sizeof(name), "%.*s", (int)(word.len < sizeof(name) ? word.len : sizeof(name) - 1), word.p);
		return driver_find(name);
	}
	return NULL;
}
