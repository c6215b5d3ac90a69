/* What the rules of alerts find in a world; one function for each thing they can watch. */
#include "core/judge/alert_priv.h"
#include "core/judge/incident.h"
#include "core/judge/verdict_book.h"
#include "core/model/scope.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 1024 }; /* what is longer than an alert keeps is cut there, between characters */

/* ---- sessions ---- */

/* Of what we withdrew from, only the routes are gone: when the session falls, that is news. */
static bool we_shut(const struct ledger_line *held)
{
	const char *verb = held != NULL ? text_or(held->verb, "") : "";

	return strcmp(verb, "suspend") == 0 || strcmp(verb, "terminate") == 0;
}

static bool down_by_itself(const struct session *s)
{
	return s->state != BGP_UNKNOWN && s->state != BGP_ESTABLISHED && s->admin_down != TRI_YES;
}

static bool limit_near(const struct world *w, const struct alert_conf *rule, const struct session *s)
{
	unsigned pct = rule->threshold > 0 ? rule->threshold : w->config->near_pct;

	return s->limit_tripped == TRI_YES || (s->state == BGP_ESTABLISHED && session_limit_near(s, (int)pct));
}

static void session_words(const struct world_session *row, enum alert_on on, char out[WORDS])
{
	const struct session *s = row->s;
	const char *family = afi_safi_word(s->family);
	char asn[20] = "";

	if (s->remote_as != ASN_UNKNOWN)
		snprintf(asn, sizeof(asn), " AS%" PRIu32, s->remote_as);
	if (on == ALERT_STATE || s->limit_tripped == TRI_YES)
		snprintf(out, WORDS, "%s %s%s: %s", row->router->conf->name, text_or(s->neighbor, "?"), asn, session_state_words(s));
	else
		snprintf(out, WORDS, "%s %s%s %s: %" PRId64 " of %" PRId64 " prefixes", row->router->conf->name,
		    text_or(s->neighbor, "?"), asn, family != NULL ? family : "",
		    (int64_t)(s->received != COUNT_UNKNOWN ? s->received : s->accepted), (int64_t)s->max_prefixes);
}

static void check_session(struct alerts *a, const struct alert_conf *rule, const struct world_session *row)
{
	const struct session *s = row->s;
	const char *family = afi_safi_word(s->family), *local = scope_local_exchange(row);
	const struct alert_place at = { row->router->conf->name, text_or(s->vrf, ""), text_or(s->neighbor, ""),
		row->exchange != NULL ? text_or(row->exchange->name, "") : local != NULL ? local : "", s->remote_as };
	char words[WORDS];

	if ((rule->asn != ASN_UNKNOWN && rule->asn != s->remote_as) || (rule->router != NULL && strcmp(rule->router, at.router) != 0) ||
	    (rule->exchange != NULL && strcmp(rule->exchange, at.exchange) != 0))
		return;
	if (!(rule->on == ALERT_STATE ? down_by_itself(s) : limit_near(a->world, rule, s)))
		return;
	session_words(row, rule->on, words);
	/* All families of a neighbor go down with it; a limit is one family's. */
	alert_holds(a, rule, &at, rule->on == ALERT_HEADROOM && family != NULL ? family : "", words);
}

static bool watches_sessions(const struct config *c)
{
	for (size_t i = 0; i < c->alert_count; i++)
		if (c->alerts[i].on == ALERT_STATE || c->alerts[i].on == ALERT_HEADROOM)
			return true;
	return false;
}

static void find_sessions(struct alerts *a, const struct world *w)
{
	struct world_session *rows = NULL;
	size_t n = watches_sessions(w->config) ? world_sessions(w, &rows) : 0;

	for (size_t i = 0; i < n; i++) {
		if (rows[i].stale || we_shut(rows[i].held))
			continue;
		for (size_t k = 0; k < w->config->alert_count; k++) {
			const struct alert_conf *rule = &w->config->alerts[k];

			if (rule->on == ALERT_STATE || rule->on == ALERT_HEADROOM)
				check_session(a, rule, &rows[i]);
		}
	}
	free(rows);
}

/* ---- routers ---- */

/* Somebody tried, and it did not work: at the start nobody has. */
static bool lost(const struct world_router *r)
{
	return !link_state_up(r->link.state) && (r->link.attempts > 0 || r->link.state == LINK_WAITING || r->link.state == LINK_LOCKED ||
	    r->link.state == LINK_STOPPED);
}

static void find_routers(struct alerts *a, const struct alert_conf *rule, const struct world *w)
{
	for (size_t i = 0; i < w->router_count; i++) {
		const struct world_router *r = &w->routers[i];
		const struct alert_place at = { r->conf->name, "", "", "", ASN_UNKNOWN };
		bool stale, holds;
		int64_t age = world_router_age(w, r, &stale);
		char words[WORDS];

		if (rule->router != NULL && strcmp(rule->router, r->conf->name) != 0)
			continue;
		if (rule->on == ALERT_ROUTER_LOST) {
			holds = lost(r);
			snprintf(words, sizeof(words), "%s cannot be read: %s", r->conf->name,
			    r->link.words[0] != '\0' ? r->link.words : link_state_word(r->link.state));
		} else {
			holds = link_state_up(r->link.state) && age >= 0 &&
			    (rule->threshold > 0 ? age > (int64_t)rule->threshold * 1000 : stale);
			snprintf(words, sizeof(words), "%s: what is shown is %" PRId64 " s old", r->conf->name, age / 1000);
		}
		if (holds)
			alert_holds(a, rule, &at, "", words);
	}
}

/* ---- what is noted down ---- */

static void find_overdue(struct alerts *a, const struct alert_conf *rule, const struct world *w)
{
	for (size_t i = 0; i < w->ledger_count; i++) {
		const struct ledger_line *l = &w->ledger[i];
		const struct alert_place at = { text_or(l->router, ""), text_or(l->vrf, ""), text_or(l->neighbor, ""), "", l->remote_as };
		char words[WORDS];

		if (l->until_wall_ms <= 0 || l->until_wall_ms > w->now_wall_ms || (rule->asn != ASN_UNKNOWN && rule->asn != l->remote_as) ||
		    (rule->router != NULL && strcmp(rule->router, at.router) != 0))
			continue;
		snprintf(words, sizeof(words), "%s %s: %s by %s is overdue", at.router, at.neighbor, text_or(l->verb, "held"),
		    text_or(l->who, "?"));
		alert_holds(a, rule, &at, text_or(l->id, ""), words);
	}
}

static void find_verdicts(struct alerts *a, const struct alert_conf *rule, const struct world *w)
{
	for (size_t i = 0; w->verdicts != NULL && i < verdict_book_count(w->verdicts); i++) {
		const struct network_verdicts *v = verdict_book_at(w->verdicts, i);
		const struct alert_place at = { "", "", "", "", v->asn };
		char words[WORDS], thing[16];

		if (v->sum.failed == 0 || (rule->asn != ASN_UNKNOWN && rule->asn != v->asn))
			continue;
		snprintf(thing, sizeof(thing), "AS%" PRIu32, v->asn);
		snprintf(words, sizeof(words), "%s %s: %zu clause%s of the policy not met", thing, text_or(v->name, ""), v->sum.failed,
		    v->sum.failed == 1 ? "" : "s");
		alert_holds(a, rule, &at, thing, words);
	}
}

/* Whoever is in an open incident for it, until nine of ten are back or somebody closes that. */
static void find_lost_prefixes(struct alerts *a, const struct alert_conf *rule, const struct world *w)
{
	for (size_t k = 0; w->incidents != NULL && k < incidents_count(w->incidents); k++) {
		const struct incident *i = incidents_at(w->incidents, k);

		for (size_t n = 0; i->closed_wall_ms == 0 && n < i->count; n++) {
			const struct incident_member *m = &i->members[n];
			const struct alert_place at = { m->router, m->vrf, m->neighbor, "", m->asn };
			const char *family = afi_safi_word(m->family);
			char words[WORDS];

			if (m->back || m->what != INCIDENT_PREFIXES || (rule->asn != ASN_UNKNOWN && rule->asn != m->asn) ||
			    (rule->router != NULL && strcmp(rule->router, m->router) != 0))
				continue;
			snprintf(words, sizeof(words), "%s %s AS%" PRIu32 ": %s", m->router, m->neighbor, m->asn, m->words);
			alert_holds(a, rule, &at, family != NULL ? family : "", words);
		}
	}
}

static void find_incidents(struct alerts *a, const struct alert_conf *rule, const struct world *w)
{
	struct str words;

	str_init(&words, 0);
	for (size_t k = 0; w->incidents != NULL && k < incidents_count(w->incidents); k++) {
		const struct incident *i = incidents_at(w->incidents, k);
		const struct alert_place at = { i->by == GROUP_ROUTER ? i->key : "", "", "", i->by == GROUP_EXCHANGE ? i->key : "", ASN_UNKNOWN };

		if (i->closed_wall_ms != 0 || i->acked_wall_ms != 0)
			continue;
		str_clear(&words);
		incident_words(i, &words);
		alert_holds(a, rule, &at, i->id, words.p);
	}
	str_fini(&words);
}

void alert_find(struct alerts *a, const struct world *w)
{
	find_sessions(a, w);
	for (size_t i = 0; i < w->config->alert_count; i++) {
		const struct alert_conf *rule = &w->config->alerts[i];

		switch (rule->on) {
		case ALERT_ROUTER_LOST:
		case ALERT_STALE:
			find_routers(a, rule, w);
			break;
		case ALERT_LEDGER_OVERDUE:
			find_overdue(a, rule, w);
			break;
		case ALERT_VERDICT:
			find_verdicts(a, rule, w);
			break;
		case ALERT_PREFIXES:
			find_lost_prefixes(a, rule, w);
			break;
		case ALERT_INCIDENT:
			find_incidents(a, rule, w);
			break;
		default:
			break;
		}
	}
}
