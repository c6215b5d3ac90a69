/*
 * peerdeck incidents - what fell together, and who works on it; peerdeck events - what happened, one line each.
 *
 * Both tell what the consoles of this host saw and wrote down; no router is asked.
 */
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/output.h"
#include "app/output_json.h"
#include "app/shift.h"
#include "core/base/clock.h"
#include "core/model/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_SINCE = 1, OPT_JSON, OPT_ALL, OPT_ROUTER, OPT_ASN, OPT_HELP, DAY_MS = 86400000, PAST_MS = 2 * DAY_MS };
static const struct option_def incident_options[] = {
	{ "all", NULL, "closed ones too", OPT_ALL },
	{ "json", NULL, "objects with members and notes", OPT_JSON },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};
static const struct option_def event_options[] = {
	{ "since", "WHEN", "8h, 2d, or a UTC time; default 1d", OPT_SINCE },
	{ "router", "NAME", "of this router only", OPT_ROUTER },
	{ "asn", "ASN", "of this network only", OPT_ASN },
	{ "json", NULL, "objects instead of a table", OPT_JSON },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

/* ---- incidents ---- */

static json_t *members_json(const struct incident *i)
{
	json_t *list = json_array();

	for (size_t k = 0; k < i->count; k++) {
		const struct incident_member *m = &i->members[k];
		json_t *o = json_object();

		json_put(o, "router", json_of_words(m->router));
		json_put(o, "vrf", json_of_nonempty(m->vrf));
		json_put(o, "neighbor", json_of_nonempty(m->neighbor));
		json_put(o, "asn", json_of_asn(m->asn));
		json_put(o, "since", json_of_time(m->since_wall_ms));
		json_put(o, "words", json_of_nonempty(m->words));
		json_put(o, "back", json_boolean(m->back));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *notes_json(const struct incident *i)
{
	json_t *list = json_array();

	for (size_t k = 0; k < i->note_count; k++) {
		json_t *o = json_object();

		json_put(o, "time", json_of_time(i->notes[k].wall_ms));
		json_put(o, "who", json_of_words(i->notes[k].who));
		json_put(o, "words", json_of_words(i->notes[k].words));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *incident_json(const struct incident *i, const char *words)
{
	json_t *o = json_object();

	json_put(o, "id", json_of_words(i->id));
	json_put(o, "name", json_of_nonempty(i->name));
	json_put(o, "words", json_of_words(words));
	json_put(o, "shared", json_of_words(group_by_word(i->by)));
	json_put(o, "key", json_of_words(i->key));
	json_put(o, "fell", json_integer((json_int_t)i->count));
	json_put(o, "of", i->whole > 0 ? json_integer((json_int_t)(i->whole > i->count ? i->whole : i->count)) : json_null());
	json_put(o, "forming", json_boolean(i->provisional));
	json_put(o, "opened", json_of_time(i->opened_wall_ms));
	json_put(o, "acknowledged", json_of_time(i->acked_wall_ms));
	json_put(o, "acknowledged_by", json_of_nonempty(i->acked_by));
	json_put(o, "owner", json_of_nonempty(i->owner));
	json_put(o, "closed", json_of_time(i->closed_wall_ms));
	json_put(o, "closed_by", json_of_nonempty(i->closed_by));
	json_put(o, "merged_into", json_of_nonempty(i->merged_into));
	json_put(o, "sessions", members_json(i));
	json_put(o, "notes", notes_json(i));
	return o;
}

static void incident_row(struct out_table *t, const struct incident *i, const char *words)
{
	char iso[CLOCK_ISO_LEN];

	out_table_cell(t, i->id);
	out_table_cell(t, i->closed_wall_ms != 0 ? "closed" : i->acked_wall_ms != 0 ? "open" : "NEW");
	out_table_cell(t, clock_iso(i->opened_wall_ms, iso));
	out_table_cell(t, i->owner[0] ? i->owner : i->acked_by[0] ? i->acked_by : NULL);
	out_table_cell(t, words);
}

static int print_incidents(const struct incidents *set, bool all, bool json, struct err *e)
{
	static const char *const titles[] = { "ID", "STATE", "OPENED", "OWNER", "WHAT", NULL };
	struct out_table *t = json ? NULL : out_table_new(titles);
	json_t *list = json ? json_array() : NULL;
	struct str words;

	str_init(&words, 0);
	for (size_t k = 0; k < incidents_count(set); k++) {
		const struct incident *i = incidents_at(set, k);

		if (i->closed_wall_ms != 0 && !all)
			continue;
		str_clear(&words);
		incident_words(i, &words);
		if (json)
			json_array_append_new(list, incident_json(i, words.p));
		else
			incident_row(t, i, words.p);
	}
	str_fini(&words);
	if (json)
		return json_print(list, e);
	out_table_print(t, stdout);
	return 0;
}

int cmd_incidents(const struct options *o, int argc, char **argv)
{
	struct shift s = { 0 };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	bool all = false, json = false;
	int id, rc = -1;

	option_begin(&w, incident_options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("incidents", "What fell together, as the consoles of this host settled it.",
			    incident_options);
		all = all || id == OPT_ALL;
		json = json || id == OPT_JSON;
	}
	if (e.code == ERR_NONE && w.operands != 0)
		err_set(&e, ERR_USAGE, "incidents takes no \"%.40s\"", argv[1]);
	if (e.code == ERR_NONE && shift_open(&s, o, clock_wall_ms() - PAST_MS, &e) == 0)
		rc = print_incidents(s.incidents.set, all, json, &e);
	shift_close(&s);
	return rc == 0 ? STATUS_DONE : exit_say(&e);
}

/* ---- events ---- */

struct wanted {
	const char *router;
	asn_t asn;
	struct out_table *table;
	json_t *list;
};

static json_t *event_json(const struct event *ev)
{
	json_t *o = json_object();

	json_put(o, "time", json_of_time(ev->wall_ms));
	json_put(o, "kind", json_of_words(event_kind_word(ev->kind)));
	json_put(o, "severity", json_of_words(severity_word(ev->severity)));
	json_put(o, "router", json_of_nonempty(ev->router));
	json_put(o, "vrf", json_of_nonempty(ev->vrf));
	json_put(o, "neighbor", json_of_nonempty(ev->neighbor));
	json_put(o, "family", json_of_words(afi_safi_word(ev->family)));
	json_put(o, "asn", json_of_asn(ev->remote_as));
	json_put(o, "words", json_of_words(ev->words));
	return o;
}

static int take_event(void *ctx, const struct event *ev)
{
	struct wanted *want = ctx;
	char iso[CLOCK_ISO_LEN], asn[16];

	if ((want->router != NULL && strcmp(want->router, ev->router) != 0) ||
	    (want->asn != ASN_UNKNOWN && want->asn != ev->remote_as))
		return 0;
	if (want->list != NULL)
		return json_array_append_new(want->list, event_json(ev));
	snprintf(asn, sizeof(asn), "%u", ev->remote_as);
	out_table_cell(want->table, clock_iso(ev->wall_ms, iso));
	out_table_cell(want->table, severity_word(ev->severity));
	out_table_cell(want->table, ev->router[0] ? ev->router : NULL);
	out_table_cell(want->table, ev->neighbor[0] ? ev->neighbor : NULL);
	out_table_cell(want->table, ev->remote_as != ASN_UNKNOWN ? asn : NULL);
	out_table_cell(want->table, ev->words);
	return 0;
}

static int print_events(const struct config *c, int64_t from, int64_t now, struct wanted *want, bool json, struct err *e)
{
	static const char *const titles[] = { "TIME", "LEVEL", "ROUTER", "NEIGHBOR", ">ASN", "WHAT", NULL };
	int rc;

	want->list = json ? json_array() : NULL;
	want->table = json ? NULL : out_table_new(titles);
	rc = history_events(c->data_dir, from, now, 0, take_event, want, e);
	if (json)
		return json_print(want->list, rc == 0 ? e : NULL) == 0 ? rc : -1;
	out_table_print(want->table, stdout);
	return rc;
}

int cmd_events(const struct options *o, int argc, char **argv)
{
	struct wanted want = { .asn = ASN_UNKNOWN };
	struct config *c = NULL;
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int64_t now = clock_wall_ms(), from = now - DAY_MS;
	bool json = false;
	int id, rc = -1;

	option_begin(&w, event_options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("events", "What happened, oldest first, also before the console was started.",
			    event_options);
		json = json || id == OPT_JSON;
		if (id == OPT_ROUTER)
			want.router = value;
		if ((id == OPT_SINCE && shift_since(value, now, &from, &e) != 0) ||
		    (id == OPT_ASN && !asn_parse(slice_of(value), &want.asn) &&
			err_set(&e, ERR_USAGE, "--asn \"%.20s\" is no AS number", value) != 0))
			break;
	}
	if (e.code == ERR_NONE && w.operands != 0)
		err_set(&e, ERR_USAGE, "events takes no \"%.40s\"", argv[1]);
	if (e.code == ERR_NONE && (c = options_config(o, &e)) != NULL)
		rc = print_events(c, from, now, &want, json, &e);
	config_free(c);
	return rc == 0 ? STATUS_DONE : exit_say(&e);
}
