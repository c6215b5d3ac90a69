/* peerdeck sessions - every session of every router, read once. */
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/gather.h"
#include "app/output.h"
#include "app/output_json.h"
#include "app/selector.h"
#include "core/base/clock.h"
#include "core/model/scope.h"
#include "core/model/setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_JSON = 1, OPT_TIMEOUT, OPT_REPLAY, OPT_AT, OPT_HELP, TIMEOUT_S = 60, FILES_MAX = 64 };
static const struct option_def options[] = {
	{ "json", NULL, "an array of objects; null is unknown", OPT_JSON },
	{ "timeout", "SECONDS", "give up on routers that have not answered by then (60)", OPT_TIMEOUT },
	{ "replay", "FILE", "ask no router: what this recording says (may be given again)", OPT_REPLAY },
	{ "at", "TIME", "of the recording; its end", OPT_AT },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct args {
	const char *files[FILES_MAX]; /* recordings */
	size_t file_count;
	const char *at;
	bool json;
	unsigned timeout_s;
	const char *const *words; /* selectors */
	size_t count;
};

static void put_identity(json_t *o, const struct world_session *row)
{
	const struct session *s = row->s;
	const struct snap *snap = row->router->snap;
	const char *vrf = text_or(s->vrf, "");

	json_put(o, "router", json_of_words(row->router->conf->name));
	json_put(o, "neighbor", s->peer.family != ADDR_NONE ? json_of_addr(&s->peer) : json_of_text(s->neighbor));
	json_put(o, "remote_as", json_of_asn(s->remote_as));
	json_put(o, "name", row->peer != NULL ? json_of_text(row->peer->name) : json_null());
	json_put(o, "exchange", row->exchange != NULL ? json_of_text(row->exchange->name) :
	    json_of_words(scope_local_exchange(row)));
	json_put(o, "vrf", json_of_words(*vrf != '\0' ? vrf : "default"));
	json_put(o, "afi_safi", json_of_words(afi_safi_word(s->family)));
	json_put(o, "local_as", json_of_asn(s->local_as != ASN_UNKNOWN ? s->local_as : snap->local_as));
	json_put(o, "local_address", json_of_addr(&s->local));
	json_put(o, "handle", json_of_text(s->handle));
	json_put(o, "group", json_of_text(s->group));
	json_put(o, "description", json_of_text(s->description));
}

static void put_state(json_t *o, const struct world_session *row)
{
	const struct session *s = row->s;

	json_put(o, "state", json_of_words(bgp_state_word(s->state)));
	json_put(o, "state_words", json_of_words(session_state_words(s)));
	json_put(o, "admin_down", json_of_tri(s->admin_down));
	json_put(o, "uptime_s", json_of_count(s->since_s));
	json_put(o, "age_s", json_real((double)(row->age_ms / 100) / 10));
	json_put(o, "last_error", json_of_last_error(s));
	json_put(o, "shutdown_message", json_of_text(s->shutdown_message));
	json_put(o, "own_message", json_of_text(s->own_message));
	json_put(o, "flaps", json_of_count(s->flaps));
	json_put(o, "dynamic", json_of_tri(s->dynamic));
	json_put(o, "hold_time_s", json_of_count(s->hold_time_s));
	json_put(o, "auth", json_of_words(auth_word(s->auth)));
	json_put(o, "messages_in", json_of_count(s->messages_in));
	json_put(o, "messages_out", json_of_count(s->messages_out));
}

static void put_prefixes(json_t *o, const struct session *s)
{
	json_put(o, "prefixes_received", json_of_count(s->received));
	json_put(o, "prefixes_accepted", json_of_count(s->accepted));
	json_put(o, "prefixes_advertised", json_of_count(s->advertised));
	json_put(o, "prefixes_active", json_of_count(s->active));
	json_put(o, "max_prefixes", json_of_count(s->max_prefixes));
	json_put(o, "limit_action", json_of_words(limit_action_word(s->limit_action)));
	json_put(o, "limit_warn_pct", json_of_count(s->limit_warn_pct));
	json_put(o, "limit_restart_s", json_of_count(s->limit_restart_s));
	json_put(o, "limit_tripped", json_of_tri(s->limit_tripped));
	json_put(o, "import_policy", json_of_text(s->import_policy));
	json_put(o, "export_policy", json_of_text(s->export_policy));
	json_put(o, "soft_reconfiguration", json_of_tri(s->soft_reconfig));
}

static int print_json(const struct world_session *const *rows, size_t count, struct err *e)
{
	json_t *top = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *o = json_object();

		put_identity(o, rows[i]);
		put_state(o, rows[i]);
		put_prefixes(o, rows[i]->s);
		json_array_append_new(top, o);
	}
	return json_print(top, e);
}

static void print_row(struct out_table *t, const struct world_session *row)
{
	const struct session *s = row->s;
	char asn[16], span[CLOCK_SPAN_LEN];

	snprintf(asn, sizeof(asn), "AS%u", s->remote_as);
	out_table_cell(t, row->router->conf->name);
	out_table_cell(t, row->peer != NULL ? text_or(row->peer->name, NULL) : NULL);
	out_table_cell(t, s->remote_as != ASN_UNKNOWN ? asn : NULL);
	out_table_cell(t, text_or(s->neighbor, NULL));
	out_table_cell(t, text_empty(s->vrf) ? "default" : s->vrf.s);
	out_table_cell(t, afi_safi_word(s->family));
	out_table_cell(t, session_state_words(s));
	out_table_cell(t, clock_span(s->since_s, span));
	out_table_count(t, s->received);
	out_table_count(t, s->accepted);
	out_table_count(t, s->advertised);
	out_table_count(t, s->max_prefixes);
	out_table_cell(t, text_or(s->description, NULL));
}

static void print_table(const struct world_session *const *rows, size_t count)
{
	static const char *const titles[] = { "ROUTER", "NETWORK", "ASN", "NEIGHBOR", "VRF", "FAMILY", "STATE",
		">SINCE", ">RECEIVED", ">ACCEPTED", ">SENT", ">LIMIT", "DESCRIPTION", NULL };
	struct out_table *t = out_table_new(titles);

	for (size_t i = 0; i < count; i++)
		print_row(t, rows[i]);
	out_table_print(t, stdout);
}

static int print(const struct args *a, const struct gather *g, bool partial, struct err *e)
{
	const struct world *w = &g->present.w;
	const struct world_session **picked = NULL;
	struct world_session *rows = NULL;
	size_t n = world_sessions(w, &rows), count = 0;
	int rc = selector_pick(a->words, a->count, w, rows, n, &picked, &count, e);

	if (rc == 0 && a->json)
		rc = print_json(picked, count, e);
	else if (rc == 0)
		print_table(picked, count);
	if (rc != 0 && partial) /* what was meant may be on a router that was not read */
		e->code = e->code == ERR_USAGE ? ERR_NET : e->code;
	free(picked);
	free(rows);
	return rc;
}

/* Selectors are read before anything is connected to; *only gets the one router they are about, if it is one. */
static int check_selectors(const struct args *a, const struct world *w, const char **only, struct err *e)
{
	struct selector *sels = mem_calloc(a->count, sizeof(*sels));
	const char *router;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < a->count; i++)
		rc = selector_parse(a->words[i], &sels[i], e);
	for (size_t i = 0; rc == 0 && i < a->count; i++)
		rc = selector_check(&sels[i], w, e);
	router = rc == 0 ? selector_router(sels, a->count) : NULL;
	for (size_t i = 0; router != NULL && i < w->router_count; i++)
		if (strcmp(w->routers[i].conf->name, router) == 0)
			*only = w->routers[i].conf->name;
	free(sels);
	return rc;
}

static int run(const struct options *o, const struct args *a, struct err *e)
{
	struct gather g = { 0 };
	const char *only = NULL;
	size_t failed;
	int rc = -1;

	if (a->file_count > 0) {
		if (gather_replay(&g, o, a->files, a->file_count, a->at, e) != 0 || check_selectors(a, &g.present.w, &only, e) != 0)
			goto out;
	} else if (gather_open(&g, o, e) != 0 || check_selectors(a, &g.present.w, &only, e) != 0 ||
		   gather_look(&g, only, (int64_t)a->timeout_s * 1000, e) != 0) {
		goto out;
	}
	failed = gather_report(&g, only);
	rc = print(a, &g, failed > 0, e);
	if (rc == 0 && failed > 0)
		rc = 1;
out:
	gather_stop(&g);
	return rc;
}

int cmd_sessions(const struct options *o, int argc, char **argv)
{
	static const struct setting timeout = { "--timeout", SETTING_SPAN, offsetof(struct args, timeout_s),
		.min = 1, .max = 3600 };
	struct args a = { .timeout_s = TIMEOUT_S };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id, rc;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("sessions [SELECTOR ...]", "Reads every router once and prints its sessions, "
			    "or those that a selector names:\n" SELECTOR_HELP, options);
		if (id == OPT_JSON)
			a.json = true;
		a.at = id == OPT_AT ? value : a.at;
		if (id == OPT_REPLAY && a.file_count == FILES_MAX)
			err_set(&e, ERR_USAGE, "more than %d recordings", FILES_MAX);
		else if (id == OPT_REPLAY)
			a.files[a.file_count++] = value;
		if (id == OPT_TIMEOUT && setting_read(&timeout, value, NULL, &a, &e) != 0)
			e.code = ERR_USAGE;
		if (e.code != ERR_NONE)
			break;
	}
	if (e.code == ERR_NONE && a.at != NULL && a.file_count == 0)
		err_set(&e, ERR_USAGE, "--at TIME is of a recording: --replay FILE");
	if (e.code != ERR_NONE)
		return exit_say(&e);
	a.words = (const char *const *)argv + 1;
	a.count = (size_t)w.operands;
	rc = run(o, &a, &e);
	return rc < 0 ? exit_say(&e) : rc == 0 ? STATUS_DONE : STATUS_FAILED;
}
