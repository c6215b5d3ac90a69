/* Commands on alerts: acknowledge those of the list, and try an output. */
#include "core/judge/alert.h"
#include "tui/state.h"

#include <stdio.h>
#include <string.h>

/* The marked ones, else the one under the cursor, by key, a line each. */
static bool ack_here(struct ui *u, struct request *rq)
{
	struct table *t = ui_level(u)->table;
	const void *row;
	size_t n = 0;

	if (t == NULL || strcmp(ui_level(u)->view->name, "alerts") != 0)
		return false;
	str_clear(&u->alert_keys);
	for (size_t i = 0; (row = table_target(t, i)) != NULL; i++, n++) {
		t->view->key(row, &u->alert_keys);
		str_putc(&u->alert_keys, '\n');
	}
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
			ui_say(u, "a test notice is on its way through %.40s", arg);
			return;
		}
	say_outputs(u, arg);
}

bool ui_alerts(struct ui *u, const struct command *c, const char *arg, struct request *rq)
{
	if (c->id == CMD_ACK)
		return ack_here(u, rq);
	if (c->id != CMD_ALERT_TEST)
		return false;
	try_output(u, arg, rq);
	return true;
}
