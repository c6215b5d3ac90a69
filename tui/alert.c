/* Commands on alerts: acknowledge those of the list, and try an output. */
#include "core/act/until.h"
#include "core/judge/alert.h"
#include "tui/state.h"

#include <stdio.h>
#include <string.h>

static bool in_list(struct ui *u)
{
	return ui_level(u)->table != NULL && strcmp(ui_level(u)->view->name, "alerts") == 0;
}

/* The marked ones, else the one under the cursor, by key, a line each.  Returns how many. */
static size_t gather_keys(struct ui *u)
{
	struct table *t = ui_level(u)->table;
	const void *row;
	size_t n = 0;

	str_clear(&u->alert_keys);
	for (; (row = table_target(t, n)) != NULL; n++) {
		t->view->key(row, &u->alert_keys);
		str_putc(&u->alert_keys, '\n');
	}
	return n;
}

static bool ack_here(struct ui *u, struct request *rq)
{
	struct table *t = ui_level(u)->table;
	size_t n;

	if (!in_list(u))
		return false;
	n = gather_keys(u);
	if (n == 0) {
		ui_say(u, "there is no alert to acknowledge");
		return true;
	}
	rq->kind = REQ_ALERT_ACK;
	rq->words = u->alert_keys.p;
	ui_say(u, n == 1 ? "acknowledged: it is told again only when it is over" : "%zu acknowledged: told again only when they are over", n);
	if (t->marks > 0)
		table_mark_clear(t);
	return true;
}

/* "2h port move, CASE-7" */
static void silence(struct ui *u, const char *arg, struct request *rq)
{
	struct err e = ERR_INIT;
	char until[40];
	size_t word = arg != NULL ? strcspn(arg, " ") : 0;

	if (!in_list(u)) {
		ui_say(u, "go to the alerts to silence one");
		return;
	}
	if (arg == NULL) {
		prompt_open(&u->prompt, PROMPT_PALETTE, "alert-silence 2h ");
		return;
	}
	snprintf(until, sizeof(until), "%.*s", (int)(word < sizeof(until) ? word : sizeof(until) - 1), arg);
	if (until_parse(until, u->world->now_wall_ms, &rq->until_wall_ms, &e) != 0) {
		ui_say(u, "%.200s", e.text);
		return;
	}
	if (gather_keys(u) == 0) {
		ui_say(u, "there is no alert to silence");
		return;
	}
	snprintf(u->incident_words, sizeof(u->incident_words), "%s", arg + word + strspn(arg + word, " "));
	rq->kind = REQ_ALERT_SILENCE;
	rq->words = u->alert_keys.p;
	rq->reason = u->incident_words;
	if (ui_level(u)->table->marks > 0)
		table_mark_clear(ui_level(u)->table);
}

static void say_outputs(struct ui *u, const char *arg)
{
	struct str names;

	str_init(&names, 160);
	for (size_t i = 0; i < u->world->output_count; i++)
		str_addf(&names, "%s%s", i > 0 ? ", " : "", u->world->outputs[i].conf->name);
	ui_say(u, "'%.40s' is no output; there are: %s", arg, names.p);
	str_fini(&names);
}

/* Never at the first key: it may wake somebody. */
static void try_output(struct ui *u, const char *arg, struct request *rq)
{
	const struct world *w = u->world;
	char line[100];

	if (w->output_count == 0) {
		ui_say(u, "no output is configured: see output in peerdeck.conf(5)");
		return;
	}
	if (arg == NULL) {
		snprintf(line, sizeof(line), "alert-test %s", w->outputs[0].conf->name);
		prompt_open(&u->prompt, PROMPT_PALETTE, line);
		return;
	}
	for (size_t i = 0; i < w->output_count; i++)
		if (strcmp(w->outputs[i].conf->name, arg) == 0) {
			rq->kind = REQ_ALERT_TEST;
			rq->words = w->outputs[i].conf->name;
			return;
		}
	say_outputs(u, arg);
}

bool ui_alerts(struct ui *u, const struct command *c, const char *arg, struct request *rq)
{
	if (c->id == CMD_ACK)
		return ack_here(u, rq);
	if (c->id == CMD_ALERT_SILENCE) {
		silence(u, arg, rq);
		return true;
	}
	if (c->id != CMD_ALERT_TEST)
		return false;
	try_output(u, arg, rq);
	return true;
}
