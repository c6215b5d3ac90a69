/* What is on the wallboard; see board.h. */
#include "tui/board.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/judge/alert.h"
#include "core/judge/incident.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SESSIONS_MOST = 400, ALERTS_MOST = 200 };

void board_init(struct board *b)
{
	*b = (struct board){ .arena = arena_new() };
}

void board_fini(struct board *b)
{
	free(b->lines);
	arena_free(b->arena);
	*b = (struct board){ 0 };
}

static void add_line(struct board *b, enum role role, int64_t since_s, const char *what, const char *where, const char *why)
{
	MEM_GROW(b->lines, b->cap, b->count + 1);
	b->lines[b->count++] = (struct board_line){ role, since_s, what, where, why };
}

static int64_t ago_s(const struct view_ctx *cx, int64_t wall_ms)
{
	int64_t s = (cx->w->now_wall_ms - wall_ms) / 1000;

	return wall_ms <= 0 ? -1 : s > 0 ? s : 0;
}

/* ---- routers ---- */

/* Remembers the router that nobody has heard of for the longest time. */
static void add_router(struct board *b, const struct view_ctx *cx, const struct world_router *r, int64_t *oldest_ms)
{
	bool stale, up = link_state_up(r->link.state);
	int64_t age_ms = world_router_age(cx->w, r, &stale);
	char span[CLOCK_SPAN_LEN];

	b->any_read = b->any_read || r->snap != NULL;
	b->routers_read += up && !stale;
	if (age_ms >= 0 && stale && age_ms > *oldest_ms) {
		*oldest_ms = age_ms;
		snprintf(b->old, sizeof(b->old), "%.60s was read %s ago", r->conf->name, clock_span(age_ms / 1000, span));
	}
	if (!up)
		add_line(b, ROLE_ALARM, ago_s(cx, r->link.since_wall_ms), arena_strdup(b->arena, r->conf->name),
		    age_ms < 0 ? "never read" : arena_printf(b->arena, "NOT READ, data %s old", clock_span(age_ms / 1000, span)),
		    arena_printf(b->arena, "%s", r->link.words[0] != '\0' ? r->link.words : link_state_word(r->link.state)));
	else if (stale && age_ms >= 0)
		add_line(b, ROLE_ALARM, age_ms / 1000, arena_strdup(b->arena, r->conf->name), "DATA OLD", "connected, but no complete look came");
}

static void add_lossy(struct board *b, const struct view_ctx *cx)
{
	for (size_t i = 0; i < cx->w->router_count; i++) {
		const struct world_router *r = &cx->w->routers[i];

		if (r->snap != NULL && r->snap->rows_parsed < r->snap->rows_seen)
			add_line(b, ROLE_WARN, -1, arena_strdup(b->arena, r->conf->name), "not all read",
			    arena_printf(b->arena, "%u of %u rows", r->snap->rows_parsed, r->snap->rows_seen));
	}
}

static void add_routers(struct board *b, const struct view_ctx *cx)
{
	int64_t oldest_ms = -1;

	b->routers = cx->w->router_count;
	for (size_t i = 0; i < cx->w->router_count; i++)
		add_router(b, cx, &cx->w->routers[i], &oldest_ms);
	b->all_old = b->routers_read == 0;
	if (b->all_old && b->old[0] == '\0')
		snprintf(b->old, sizeof(b->old), "no router has been read yet");
}

/* ---- what fell together, what is held ---- */

static void add_incidents(struct board *b, const struct view_ctx *cx)
{
	const struct incident *in;
	struct str words;

	b->has_incidents = cx->w->incidents != NULL;
	if (!b->has_incidents)
		return;
	b->incidents = incidents_open(cx->w->incidents, &b->fresh_incidents);
	str_init(&words, 0);
	for (int fresh = 1; fresh >= 0; fresh--) /* those that nobody has seen first */
		for (size_t i = 0; (in = incidents_at(cx->w->incidents, i)) != NULL; i++) {
			if (in->closed_wall_ms != 0 || (in->acked_wall_ms == 0) != fresh)
				continue;
			str_clear(&words);
			incident_words(in, &words);
			add_line(b, in->down == 0 ? ROLE_GOOD : fresh ? ROLE_ALARM : ROLE_BAD, ago_s(cx, in->opened_wall_ms),
			    in->name[0] != '\0' ? arena_strdup(b->arena, in->name) : fresh ? "NEW incident" : "incident",
			    in->down == 0 ? "all back" : arena_printf(b->arena, "%zu of %zu down", in->down, in->count), arena_strdup(b->arena, words.p));
		}
	str_fini(&words);
}

static void add_held(struct board *b, const struct view_ctx *cx, bool overdue)
{
	for (size_t i = 0; i < cx->w->ledger_count; i++) {
		const struct ledger_line *l = &cx->w->ledger[i];
		const struct peer *p = peer_set_find(cx->w->peers, l->remote_as);
		bool late = strcmp(text_or(l->state, ""), "overdue") == 0;
		char until[CLOCK_ISO_LEN] = "";

		if (late != overdue)
			continue;
		b->held++;
		b->overdue += late;
		if (l->until_wall_ms > 0)
			clock_iso(l->until_wall_ms, until);
		add_line(b, late ? ROLE_ALARM : ROLE_HELD, ago_s(cx, l->since_wall_ms), network_name(p)[0] != '\0' ?
			arena_strdup(b->arena, network_name(p)) : arena_printf(b->arena, "AS%" PRIu32, l->remote_as),
		    arena_printf(b->arena, "%s %s", text_or(l->router, "?"), text_or(l->neighbor, "?")),
		    arena_printf(b->arena, "%s%s by %s%s%.16s%s%s", late ? "OVERDUE: " : "", text_or(l->verb, "held"), text_or(l->who, "?"),
			until[0] != '\0' ? ", until " : "", until, text_or(l->reason, "")[0] != '\0' ? ": " : "", text_or(l->reason, "")));
	}
}

static void add_alerts(struct board *b, const struct view_ctx *cx)
{
	size_t n = cx->w->alerts != NULL ? alerts_count(cx->w->alerts) : 0;
	struct alert *all;

	b->has_alerts = cx->w->alerts != NULL;
	if (!b->has_alerts)
		return;
	b->alerts = alerts_firing(cx->w->alerts, NULL);
	n = n < ALERTS_MOST ? n : ALERTS_MOST;
	all = mem_calloc(n + 1, sizeof(*all));
	alerts_copy(cx->w->alerts, all, n);
	for (size_t i = 0; i < n; i++)
		/* What is about a session stands there with its reason. */
		if (all[i].state == ALERT_FIRING && !all[i].muted && all[i].rule->on != ALERT_STATE && all[i].rule->on != ALERT_INCIDENT &&
		    all[i].rule->on != ALERT_ROUTER_LOST)
			add_line(b, all[i].rule->severity >= SEV_ALARM ? ROLE_ALARM : ROLE_WARN, ago_s(cx, all[i].since_wall_ms),
			    arena_printf(b->arena, "alert %s", all[i].rule->name), severity_word(all[i].rule->severity),
			    arena_strdup(b->arena, all[i].words));
	free(all);
}

/* ---- sessions ---- */

/* What fell last first; what nobody knows the time of last. */
static int by_since(const void *va, const void *vb)
{
	const struct world_session *a = *(const struct world_session *const *)va, *b = *(const struct world_session *const *)vb;

	if ((a->s->since_s < 0) != (b->s->since_s < 0))
		return a->s->since_s < 0 ? 1 : -1;
	if (a->s->since_s != b->s->since_s)
		return a->s->since_s < b->s->since_s ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* Its name in PeeringDB, else its number and what the router's configuration calls it. */
static const char *who_is(struct board *b, const struct world_session *r)
{
	const char *name = network_name(r->peer), *called = text_or(r->s->description, "");

	if (*name != '\0')
		return arena_strdup(b->arena, name);
	if (r->s->remote_as == ASN_UNKNOWN)
		return *called != '\0' ? arena_strdup(b->arena, called) : "AS unknown";
	return arena_printf(b->arena, "AS%" PRIu32 "%s%s", r->s->remote_as, *called != '\0' ? " " : "", called);
}

static void add_session(struct board *b, const struct world_session *r)
{
	const char *exchange = r->exchange != NULL ? text_or(r->exchange->name, "") : "";
	struct str why;

	str_init(&why, 0);
	why_down_words(r, &why);
	add_line(b, ROLE_BAD, r->s->since_s, who_is(b, r),
	    arena_printf(b->arena, "%s %s%s%s", r->router->conf->name, text_or(r->s->neighbor, "?"), *exchange ? " " : "", exchange),
	    why.len > 0 ? arena_strdup(b->arena, why.p) : arena_strdup(b->arena, session_state_words(r->s)));
	str_fini(&why);
}

static void add_sessions(struct board *b, const struct view_ctx *cx)
{
	const struct world_session **down = mem_calloc(cx->session_count + 1, sizeof(const struct world_session *));
	size_t n = 0;

	for (size_t i = 0; i < cx->session_count; i++) {
		const struct world_session *r = &cx->sessions[i];

		if (r->stale || r->s->state == BGP_UNKNOWN)
			b->unknown++;
		else if (r->s->state == BGP_ESTABLISHED)
			b->up++;
		else if (r->s->admin_down == TRI_YES)
			b->shut++;
		else
			down[n++] = r;
	}
	b->down = n;
	qsort(down, n, sizeof(const struct world_session *), by_since);
	for (size_t i = 0; i < n && i < SESSIONS_MOST; i++)
		add_session(b, down[i]);
	b->left_out = n > SESSIONS_MOST ? n - SESSIONS_MOST : 0;
	free(down);
}

void board_fill(struct board *b, const struct view_ctx *cx)
{
	board_fini(b);
	board_init(b);
	add_routers(b, cx);
	add_incidents(b, cx);
	add_held(b, cx, true);
	add_alerts(b, cx);
	add_lossy(b, cx);
	add_sessions(b, cx);
	add_held(b, cx, false);
}
