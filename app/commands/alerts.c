/*
 * peerdeck alerts - what the rules of the configuration find in one look at the routers.
 *
 * Nothing is told to anybody: that is the console's.  It waits out the `for` of a rule, one look cannot.
 * `alerts test NAME` sends one notice, marked as a test, through one output and says what the other side answered.
 */
#include "app/commands/commands.h"
#include "app/deliver.h"
#include "app/exit.h"
#include "app/gather.h"
#include "app/incident_book.h"
#include "app/output.h"
#include "app/output_json.h"
#include "app/records.h"
#include "core/base/clock.h"
#include "core/judge/alert.h"

#include <stdio.h>
#include <string.h>

enum { OPT_HELP = 1, OPT_JSON, LOOK_MS = 60000 };
static const struct option_def options[] = {
	{ "json", NULL, "objects instead of a table", OPT_JSON },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

static const char *state_word(const struct alert *al, int64_t now_wall_ms)
{
	if (alert_silent(al, now_wall_ms))
		return "silenced";
	if (al->muted)
		return "maintenance";
	if (al->state == ALERT_PENDING)
		return "holds";
	return alert_quiet(al->rule, now_wall_ms) ? "quiet hours" : "fires";
}

static json_t *alert_json(const struct alert *al, int64_t now_wall_ms)
{
	json_t *o = json_object();

	json_put(o, "rule", json_of_words(al->rule->name));
	json_put(o, "on", json_of_words(alert_on_words[al->rule->on]));
	json_put(o, "severity", json_of_words(severity_word(al->rule->severity)));
	json_put(o, "state", json_of_words(state_word(al, now_wall_ms)));
	json_put(o, "key", json_of_words(al->key));
	json_put(o, "router", json_of_nonempty(al->router));
	json_put(o, "vrf", json_of_nonempty(al->vrf));
	json_put(o, "neighbor", json_of_nonempty(al->neighbor));
	json_put(o, "exchange", json_of_nonempty(al->exchange));
	json_put(o, "asn", json_of_asn(al->asn));
	json_put(o, "acknowledged_by", json_of_nonempty(alert_acked(al) ? al->acked_by : ""));
	json_put(o, "silenced_until", json_of_time(al->silent_until_wall_ms));
	json_put(o, "words", json_of_words(al->words));
	return o;
}

static int print(const struct alerts *set, int64_t now_wall_ms, bool json, struct err *e)
{
	static const char *const titles[] = { "RULE", "SEVERITY", "STATE", "WHAT", NULL };
	struct out_table *t = json ? NULL : out_table_new(titles);
	json_t *list = json ? json_array() : NULL;
	const struct alert *al;

	for (size_t i = 0; (al = alerts_at(set, i)) != NULL; i++) {
		if (json) {
			json_array_append_new(list, alert_json(al, now_wall_ms));
			continue;
		}
		out_table_cell(t, al->rule->name);
		out_table_cell(t, severity_word(al->rule->severity));
		out_table_cell(t, state_word(al, now_wall_ms));
		out_table_cell(t, al->words);
	}
	if (json)
		return json_print(list, e);
	out_table_print(t, stdout);
	return 0;
}

/* One look judges no network: silence about that would read as "all met". */
static void say_what_is_not_judged(const struct config *c)
{
	for (size_t i = 0; i < c->alert_count; i++)
		if (c->alerts[i].on == ALERT_VERDICT)
			fprintf(stderr, "peerdeck: alert %s: verdicts are not judged here; peerdeck verdicts does\n", c->alerts[i].name);
}

static int look(const struct options *o, bool json, size_t *failed, struct err *e)
{
	struct incident_book incidents = { 0 };
	struct records records = { 0 };
	struct alerts *set = NULL;
	struct gather g = { 0 };
	int rc = -1;

	if (gather_open(&g, o, e) != 0)
		goto out;
	if (g.config->alert_count == 0) {
		err_set(e, ERR_CONFIG, "no alert is configured in %s: see alert in peerdeck.conf(5)", g.config->path);
		goto out;
	}
	if (gather_look(&g, NULL, LOOK_MS, e) != 0)
		goto out;
	*failed = gather_report(&g, NULL);
	say_what_is_not_judged(g.config);
	records_open(&records, g.config);
	records_refresh(&records, &g.present.w);
	incidents.path = records.path;
	incidents.set = incidents_new(&incident_defaults);
	incidents.alerts = set = alerts_new(g.config);
	incident_book_refresh(&incidents);
	g.present.w.incidents = incidents.set;
	alerts_follow(set, &g.present.w);
	rc = print(set, g.present.w.now_wall_ms, json, e);
out:
	alerts_free(set);
	incidents_free(incidents.set);
	if (records.path != NULL)
		records_close(&records);
	gather_stop(&g);
	return rc;
}

/* ---- alerts test ---- */

static int no_output(const struct config *c, const char *name, struct err *e)
{
	struct str known;

	str_init(&known, 300);
	for (size_t i = 0; i < c->output_count; i++)
		str_addf(&known, "%s%s", i > 0 ? ", " : "", c->outputs[i].name);
	err_set(e, ERR_USAGE, "there is no output \"%.40s\" in %s; %s%s", name, c->path, known.len > 0 ? "there are: " :
	    "see output in peerdeck.conf(5)", known.p);
	str_fini(&known);
	return -1;
}

static json_t *delivery_json(const struct output_conf *o, const struct delivery *d)
{
	json_t *j = json_object();

	json_put(j, "output", json_of_words(o->name));
	json_put(j, "taken", json_boolean(d->fate == DELIVERY_DONE));
	json_put(j, "answer", json_of_words(d->words));
	return j;
}

/* 0: it was tried, *taken says whether the other side took it. */
static int try_output(const struct options *o, const char *name, bool json, bool *taken, struct err *e)
{
	struct config *c = options_config(o, e);
	const struct output_conf *output = c != NULL ? config_output(c, name) : NULL;
	const struct notice *one;
	struct http *http = NULL;
	struct delivery d;
	struct notice n;
	int rc = -1;

	if (c == NULL || (output == NULL && no_output(c, name, e) != 0) || (output->kind == OUTPUT_WEBHOOK && (http = http_start(e)) == NULL))
		goto out;
	notice_test(&n, output->name, c->operator_name, clock_wall_ms());
	one = &n;
	deliver(c, output, http, &(struct notice_batch){ &one, 1, 0, deliver_host(), c->local_as, n.at_wall_ms }, -1, &d);
	*taken = d.fate == DELIVERY_DONE;
	if (json)
		rc = json_print(delivery_json(output, &d), e);
	else
		rc = printf("%s: %s: %s\n", output->name, *taken ? "taken" : "not taken", d.words) > 0 ? 0 : err_errno(e, ERR_IO, "stdout");
out:
	http_stop(http);
	config_free(c);
	return rc;
}

static int cmd_test(const struct options *o, const char *name, bool json)
{
	struct err e = ERR_INIT;
	bool taken = false;

	if (try_output(o, name, json, &taken, &e) != 0)
		return exit_say(&e);
	return taken ? STATUS_DONE : STATUS_FAILED;
}

int cmd_alerts(const struct options *o, int argc, char **argv)
{
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	size_t failed = 0;
	bool json = false;
	int id;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("alerts [test OUTPUT]", "Reads every router once and says which rules of the configuration "
			    "hold. Nobody is told.\nalerts test OUTPUT sends one notice, marked as a test, through an output now.", options);
		json = json || id == OPT_JSON;
	}
	if (e.code == ERR_NONE && w.operands == 2 && strcmp(argv[1], "test") == 0)
		return cmd_test(o, argv[2], json);
	if (e.code == ERR_NONE && w.operands == 1 && strcmp(argv[1], "test") == 0)
		err_set(&e, ERR_USAGE, "alerts test needs the name of an output");
	if (e.code == ERR_NONE && w.operands != 0)
		err_set(&e, ERR_USAGE, "alerts takes no \"%.40s\"", argv[1]);
	if (e.code != ERR_NONE || look(o, json, &failed, &e) != 0)
		return exit_say(&e);
	return failed > 0 ? STATUS_FAILED : STATUS_DONE;
}
