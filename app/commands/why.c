/*
 * peerdeck why - why a session is down, or what became of its prefixes: the console's sentence, with what to try next.
 *
 * Every router concerned is read once; how often it fell, and what was lost while it was up, comes from the history that
 * the consoles of this host keep.
 */
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/gather.h"
#include "app/output_json.h"
#include "app/people.h"
#include "app/records.h"
#include "app/selector.h"
#include "core/base/clock.h"
#include "core/judge/why.h"
#include "core/model/history.h"
#include "core/model/setting.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_JSON = 1, OPT_TIMEOUT, OPT_HELP, TIMEOUT_S = 60, EVENTS_MOST = 100000, DAY_MS = 86400000 };
static const struct option_def options[] = {
	{ "json", NULL, "an array of objects; null is unknown", OPT_JSON },
	{ "timeout", "SECONDS", "give up on routers that have not answered by then (60)", OPT_TIMEOUT },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct args {
	bool json;
	unsigned timeout_s;
	const char **words; /* selectors; none: every session that is not as it should be */
	size_t count;
	char *joined; /* "ROUTER NEIGHBOR" as one */
};

/* What is said of one session, in words. */
struct said {
	struct why y;
	struct str words, often, call;
};

static void said_init(struct said *s, const struct world *w, const struct world_session *r)
{
	const struct why_past past = why_past_of(w, r);
	const struct view_ctx cx = { .w = w, .g = glyphs_of(true) };

	*s = (struct said){ .y = why_find(r, &past) };
	str_init(&s->words, 0);
	str_init(&s->often, 0);
	str_init(&s->call, 0);
	why_words(r, &s->y, &s->words);
	if (past.drops_day > 1)
		why_often_words(&s->y, &s->often);
	first_call_words(&cx, r, &s->call);
}

static void said_fini(struct said *s)
{
	str_fini(&s->words);
	str_fini(&s->often);
	str_fini(&s->call);
}

static json_t *next_json(const struct world_session *r, const struct why *y)
{
	json_t *list = json_array();
	struct str words;

	str_init(&words, 0);
	for (size_t i = 0; str_clear(&words), why_next(r, y, i, &words); i++)
		json_array_append_new(list, json_of_words(words.p));
	str_fini(&words);
	return list;
}

static json_t *session_json(const struct world_session *r, const struct said *d)
{
	const struct session *s = r->s;
	const struct why_past *past = &d->y.past;
	json_t *o = json_object();

	json_put(o, "router", json_of_words(r->router->conf->name));
	json_put(o, "vrf", json_of_words(text_empty(s->vrf) ? "default" : s->vrf.s));
	json_put(o, "neighbor", json_of_text(s->neighbor));
	json_put(o, "afi_safi", json_of_words(afi_safi_word(s->family)));
	json_put(o, "remote_as", json_of_asn(s->remote_as));
	json_put(o, "name", r->peer != NULL ? json_of_text(r->peer->name) : json_null());
	json_put(o, "state", json_of_words(bgp_state_word(s->state)));
	json_put(o, "state_words", json_of_words(session_state_words(s)));
	json_put(o, "since_s", json_of_count(s->since_s));
	json_put(o, "who", json_of_words(why_who_word(d->y.who)));
	json_put(o, "how", json_of_words(why_how_word(d->y.how)));
	json_put(o, "suspected", json_boolean(d->y.suspected));
	json_put(o, "error_is_old", json_boolean(d->y.old_error));
	json_put(o, "words", json_of_nonempty(d->words.p));
	json_put(o, "drops_hour", past->known_s < 0 ? json_null() : json_integer(past->drops_hour));
	json_put(o, "drops_day", past->known_s < 0 ? json_null() : json_integer(past->drops_day));
	json_put(o, "history_s", json_of_count(past->known_s));
	json_put(o, "last_error", json_of_last_error(s));
	json_put(o, "shutdown_message", json_of_text(s->shutdown_message));
	json_put(o, "next", next_json(r, &d->y));
	json_put(o, "call", json_of_nonempty(d->call.p));
	return o;
}

static void print_field(const char *label, const char *words)
{
	if (words[0] != '\0')
		printf("  %-6s %s\n", label, words);
}

static void print_session(const struct world_session *r, const struct said *d)
{
	const struct session *s = r->s;
	const char *name = network_name(r->peer);
	char span[CLOCK_SPAN_LEN];
	struct str words;

	printf("%s %s%s%s AS%u%s%s %s\n", r->router->conf->name, text_or(s->vrf, ""), text_empty(s->vrf) ? "" : "/", text_or(s->neighbor, "?"),
	    s->remote_as, name[0] ? " " : "", name, family_word(s->family));
	printf("  state  %s%s%s\n", session_state_words(s), s->since_s >= 0 ? " for " : "", s->since_s >= 0 ? clock_span(s->since_s, span) : "");
	print_field("why", d->words.p);
	print_field("often", d->often.p + strspn(d->often.p, " ;"));
	if (d->y.how == WHY_UP) /* nothing is wrong that is known */
		return;
	str_init(&words, 0);
	for (size_t i = 0; str_clear(&words), why_next(r, &d->y, i, &words); i++)
		print_field(i == 0 ? "next" : "", words.p);
	str_fini(&words);
	print_field("call", d->call.p);
}

static int print(const struct args *a, const struct world *w, const struct world_session *const *rows, size_t count, struct err *e)
{
	json_t *list = a->json ? json_array() : NULL;
	size_t told = 0;

	for (size_t i = 0; i < count; i++) {
		struct said d;

		said_init(&d, w, rows[i]);
		if (a->count == 0 && d.y.how == WHY_UP) {
			said_fini(&d);
			continue;
		}
		told++;
		if (a->json)
			json_array_append_new(list, session_json(rows[i], &d));
		else
			print_session(rows[i], &d);
		said_fini(&d);
	}
	if (a->json)
		return json_print(list, e);
	if (told == 0)
		puts("no session is down, as far as the routers were read");
	return 0;
}

static int add_event(void *ctx, const struct event *ev)
{
	event_log_add(ctx, *ev);
	return 0;
}

/* What only the files of this host know: holds, the book, calls, and the events of the last day. */
static int add_records(struct gather *g, struct records *records, struct people **people, struct err *e)
{
	struct world *w = &g->present.w;

	records_open(records, g->config);
	records_refresh(records, w);
	*people = people_open(g->config, records->path);
	w->book = people_book(*people);
	w->calls = people_calls(*people);
	if (w->events == NULL)
		w->events = event_log_new(EVENTS_MOST);
	return history_events(g->config->data_dir, w->now_wall_ms - DAY_MS, w->now_wall_ms, EVENTS_MOST, add_event, w->events, e);
}

static int tell(const struct args *a, struct gather *g, struct err *e)
{
	const struct world_session **picked = NULL;
	struct world_session *rows = NULL;
	struct records records = { 0 };
	struct people *people = NULL;
	struct err no_history = ERR_INIT;
	size_t n, count = 0;
	int rc;

	present_now(&g->present);
	if (add_records(g, &records, &people, &no_history) != 0)
		fprintf(stderr, "peerdeck: how often it fell is not known: %s\n", no_history.text);
	n = world_sessions(&g->present.w, &rows);
	rc = selector_pick(a->words, a->count, &g->present.w, rows, n, &picked, &count, e);
	if (rc == 0)
		rc = print(a, &g->present.w, picked, count, e);
	free(picked);
	free(rows);
	people_close(people);
	records_close(&records);
	return rc;
}

/* "r1 192.0.2.1" is what people type: the name of a router before a neighbor; or "r1" alone. */
static void join_router(struct args *a, const struct world *w)
{
	for (size_t i = 0; a->joined == NULL && a->count > 0 && a->count <= 2 && i < w->router_count; i++)
		if (strcmp(w->routers[i].conf->name, a->words[0]) == 0) {
			a->joined = a->count == 2 ? mem_printf("%s/%s", a->words[0], a->words[1]) : mem_printf("router:%s", a->words[0]);
			a->words[0] = a->joined;
			a->count = 1;
		}
}

static int check_selectors(const struct args *a, const struct world *w, const char **only, struct err *e)
{
	struct selector *sels = mem_calloc(a->count + 1, sizeof(*sels));
	const char *router;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < a->count; i++)
		rc = selector_parse(a->words[i], &sels[i], e) != 0 ? -1 : selector_check(&sels[i], w, e);
	router = rc == 0 && a->count > 0 ? selector_router(sels, a->count) : NULL;
	for (size_t i = 0; router != NULL && i < w->router_count; i++)
		if (strcmp(w->routers[i].conf->name, router) == 0)
			*only = w->routers[i].conf->name;
	free(sels);
	return rc;
}

static int run(const struct options *o, struct args *a, struct err *e)
{
	struct gather g = { 0 };
	const char *only = NULL;
	size_t failed = 0;
	int rc = -1;

	if (gather_open(&g, o, e) != 0)
		goto out;
	join_router(a, &g.present.w);
	if (check_selectors(a, &g.present.w, &only, e) != 0 || gather_look(&g, only, (int64_t)a->timeout_s * 1000, e) != 0)
		goto out;
	failed = gather_report(&g, only);
	rc = tell(a, &g, e);
	if (rc != 0 && failed > 0) /* what was meant may be on a router that was not read */
		e->code = e->code == ERR_USAGE ? ERR_NET : e->code;
	if (rc == 0 && failed > 0)
		rc = 1;
out:
	gather_stop(&g);
	return rc;
}

int cmd_why(const struct options *o, int argc, char **argv)
{
	static const struct setting timeout = { "--timeout", SETTING_SPAN, offsetof(struct args, timeout_s), .min = 1, .max = 3600 };
	struct args a = { .timeout_s = TIMEOUT_S };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id, rc;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("why [ROUTER NEIGHBOR | SELECTOR ...]", "Why sessions are down, or what became of their prefixes, "
			    "and what to try next.\nWithout words: every session that is not up with its prefixes.\n" SELECTOR_HELP, options);
		a.json = a.json || id == OPT_JSON;
		if (id == OPT_TIMEOUT && setting_read(&timeout, value, NULL, &a, &e) != 0)
			e.code = ERR_USAGE;
		if (e.code != ERR_NONE)
			break;
	}
	if (e.code != ERR_NONE)
		return exit_say(&e);
	a.words = (const char **)(void *)(argv + 1);
	a.count = (size_t)w.operands;
	rc = run(o, &a, &e);
	free(a.joined);
	return rc < 0 ? exit_say(&e) : rc == 0 ? STATUS_DONE : STATUS_FAILED;
}
