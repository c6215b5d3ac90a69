/*
 * peerdeck handover - what the next shift must know; peerdeck note - a word for it.
 *
 * No router is asked: what the consoles and commands of this host wrote down is told.
 */
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/output_json.h"
#include "app/shift.h"
#include "core/base/clock.h"
#include "core/judge/handover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_SINCE = 1, OPT_JSON, OPT_MARKDOWN, OPT_ACK, OPT_HELP, SHIFT_S = 8 * 3600 };
static const struct option_def options[] = {
	{ "since", "WHEN", "8h, 2d, or a UTC time; default: the last acknowledged handover, else 8h", OPT_SINCE },
	{ "markdown", NULL, "for a ticket or a wiki", OPT_MARKDOWN },
	{ "json", NULL, "an object, a list for each part", OPT_JSON },
	{ "ack", NULL, "the next shift has read it: the following one begins here", OPT_ACK },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct args {
	const char *since;
	bool json, markdown, ack;
};

static json_t *part_json(const struct handover *h, enum handover_part p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < h->parts[p].count; i++) {
		const struct handover_item *it = &h->parts[p].items[i];
		json_t *o = json_object();

		json_put(o, "time", json_of_time(it->wall_ms));
		json_put(o, "about", json_of_nonempty(it->subject));
		json_put(o, "words", json_of_words(it->words));
		json_put(o, "open", json_boolean(it->open));
		json_array_append_new(list, o);
	}
	return list;
}

static int print_json(const struct handover *h, struct err *e)
{
	json_t *o = json_object();

	json_put(o, "from", json_of_time(h->from_wall_ms));
	json_put(o, "to", json_of_time(h->to_wall_ms));
	json_put(o, "by", json_of_words(h->by));
	json_put(o, "caveat", json_of_nonempty(h->caveat));
	for (int p = 0; p < HANDOVER_PARTS; p++)
		json_put(o, handover_part_word((enum handover_part)p), part_json(h, (enum handover_part)p));
	return json_print(o, e);
}

static int print(const struct handover *h, const struct args *a, struct err *e)
{
	struct str out;

	if (a->json)
		return print_json(h, e);
	str_init(&out, 64 << 20);
	if (a->markdown)
		handover_markdown(h, &out);
	else
		handover_text(h, &out);
	fputs(out.p, stdout);
	str_fini(&out);
	return 0;
}

static int acknowledge(struct shift *s, const struct handover *h, struct err *e)
{
	char from[CLOCK_ISO_LEN], to[CLOCK_ISO_LEN];
	const struct journal_more more[] = { { "op", "ack" }, { "from", clock_iso(h->from_wall_ms, from) },
		{ "to", clock_iso(h->to_wall_ms, to) } };
	const struct journal_fact f = { .kind = "handover", .remote_as = ASN_UNKNOWN, .words = "acknowledged", .more = more,
		.more_count = ARRAY_LEN(more) };

	if (journal_fact(s->records.journal, &f, e) != 0)
		return -1;
	fprintf(stderr, "acknowledged: the next handover begins at %s\n", to);
	return 0;
}

/* The events are read before it is known when the last handover was: a little too many do no harm. */
static int run(const struct options *o, const struct args *a, struct err *e)
{
	struct shift s = { 0 };
	struct handover *h = NULL;
	int64_t now = clock_wall_ms(), from = now - 7 * 86400000LL;
	int rc = -1;

	if (a->since != NULL && shift_since(a->since, now, &from, e) != 0)
		return -1;
	if (shift_open(&s, o, from, e) != 0)
		goto out;
	if (a->since == NULL)
		from = s.incidents.handed_wall_ms > 0 ? s.incidents.handed_wall_ms : now - SHIFT_S * 1000LL;
	h = handover_new(&s.present.w, from);
	rc = print(h, a, e);
	if (rc == 0 && a->ack)
		rc = acknowledge(&s, h, e);
out:
	handover_free(h);
	shift_close(&s);
	return rc;
}

int cmd_handover(const struct options *o, int argc, char **argv)
{
	struct args a = { 0 };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("handover", "What the next shift must know: incidents, what we hold, calls, what "
			    "nobody acknowledged.", options);
		a.json = a.json || id == OPT_JSON;
		a.markdown = a.markdown || id == OPT_MARKDOWN;
		a.ack = a.ack || id == OPT_ACK;
		if (id == OPT_SINCE)
			a.since = value;
	}
	if (e.code == ERR_NONE && w.operands != 0)
		err_set(&e, ERR_USAGE, "handover takes no \"%.40s\"", argv[1]);
	if (e.code == ERR_NONE && a.json && a.markdown)
		err_set(&e, ERR_USAGE, "--json or --markdown, not both");
	return e.code == ERR_NONE && run(o, &a, &e) == 0 ? STATUS_DONE : exit_say(&e);
}

static const struct option_def note_options[] = {
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

int cmd_note(const struct options *o, int argc, char **argv)
{
	struct config *c = NULL;
	struct journal *j = NULL;
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	char *path = NULL;

	option_begin(&w, note_options, argc, argv);
	while (option_next(&w, &value, &e) > 0)
		return option_help("note WORDS", "A word for the journal and for the next shift.", note_options);
	if (e.code == ERR_NONE && (w.operands != 1 || argv[1][0] == '\0'))
		err_set(&e, ERR_USAGE, "one text in quotes, please: peerdeck note \"port 7 is moved at 04:00\"");
	if (e.code == ERR_NONE && (c = options_config(o, &e)) != NULL && options_data_dir(c, &e) == 0) {
		path = options_path(c, DATA_JOURNAL);
		j = journal_open(path, c->operator_name);
		journal_note(j, "note", NULL, argv[1], &e);
	}
	journal_free(j);
	free(path);
	config_free(c);
	return e.code == ERR_NONE ? STATUS_DONE : exit_say(&e);
}
