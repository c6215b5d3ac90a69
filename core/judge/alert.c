/* Alerts as they come, last and end; see alert.h.  What a rule finds in the world is alert_find.c's. */
#include "core/judge/alert_priv.h"

#include <stdlib.h>
#include <string.h>

static const struct alert_place nowhere = { "", "", "", "", ASN_UNKNOWN };

bool alert_quiet(const struct alert_conf *rule, int64_t wall_ms)
{
	return quiet_now(&rule->quiet, wall_ms);
}

struct alerts *alerts_new(const struct config *c)
{
	struct alerts *a = MEM_NEW(struct alerts);

	a->config = c;
	for (size_t i = 0; i < c->output_count; i++)
		if (c->outputs[i].kind == OUTPUT_WEBHOOK && c->outputs[i].template == TEMPLATE_ALERTMANAGER)
			a->listings |= ALERT_TO_OUTPUT(i);
	return a;
}

void alerts_free(struct alerts *a)
{
	struct alert_entry *en, *next;

	if (a == NULL)
		return;
	HASH_ITER(hh, a->all, en, next) {
		HASH_DEL(a->all, en);
		free(en);
	}
	alert_free_acks(a);
	free(a->news);
	free(a);
}

/* ---- what is told ---- */

static void tell(struct alerts *a, const struct alert *al, enum alert_news news, unsigned outputs)
{
	MEM_GROW(a->news, a->news_cap, a->news_count + 1);
	a->news[a->news_count++] = (struct alert_notice){ news, *al, outputs };
}

const struct alert_notice *alerts_news(struct alerts *a)
{
	if (a->news_at < a->news_count)
		return &a->news[a->news_at++];
	a->news_at = a->news_count = 0;
	return NULL;
}

static bool window_holds(const struct window_conf *m, const struct alert *al, int64_t wall_ms)
{
	if (wall_ms < m->from_wall_ms || wall_ms >= m->until_wall_ms)
		return false;
	return (m->asn == ASN_UNKNOWN || m->asn == al->asn) && (m->exchange == NULL || strcmp(m->exchange, al->exchange) == 0) &&
	    (m->router == NULL || strcmp(m->router, al->router) == 0);
}

static bool muted(const struct alerts *a, const struct alert *al, int64_t wall_ms)
{
	if (alert_silent(al, wall_ms))
		return true;
	for (size_t i = 0; i < a->config->window_count; i++)
		if (window_holds(&a->config->windows[i], al, wall_ms))
			return true;
	return false;
}

/* Fires, is told when that is allowed for the first time, and again when it is time. */
static void go_on(struct alerts *a, struct alert *al, const struct world *w)
{
	int64_t now = w->now_boot_ms;

	if (al->state == ALERT_PENDING && now - al->since_boot_ms >= (int64_t)al->rule->for_s * 1000)
		al->state = ALERT_FIRING;
	if (al->state != ALERT_FIRING || al->muted || al->unsure || alert_quiet(al->rule, w->now_wall_ms))
		return;
	if (!al->told) {
		tell(a, al, ALERT_NEWS_FIRING, al->rule->outputs);
		al->told = true;
		al->told_boot_ms = now;
	} else if (al->rule->repeat_s > 0 && now - al->told_boot_ms >= (int64_t)al->rule->repeat_s * 1000) {
		if (!alert_acked(al) || (al->rule->outputs & a->listings) != 0)
			tell(a, al, ALERT_NEWS_REPEATED, !alert_acked(al) ? al->rule->outputs : al->rule->outputs & a->listings);
		al->told_boot_ms = now;
	}
}

/* True when it is over for good. */
static bool end(struct alerts *a, struct alert *al, const struct world *w)
{
	if (al->state == ALERT_PENDING)
		return true;
	if (al->over_boot_ms < 0)
		al->over_boot_ms = w->now_boot_ms;
	if (w->now_boot_ms - al->over_boot_ms < (int64_t)al->rule->for_s * 1000)
		return false;
	/* Good news of something that nobody was told about would only puzzle. */
	if (al->told)
		tell(a, al, ALERT_NEWS_RESOLVED, alert_quiet(al->rule, w->now_wall_ms) ?
		    al->rule->outputs & (ALERT_TO_SCREEN | ALERT_TO_FAR) : al->rule->outputs);
	return true;
}

/* ---- a round ---- */

/* Whole characters only. */
static void keep_words(char *out, size_t size, const char *words)
{
	struct slice rest = slice_of(words);
	size_t n, all = 0;
	uint32_t cp;

	while ((n = text_decode((struct slice){ rest.p + all, rest.len - all }, &cp)) > 0 && all + n < size)
		all += n;
	memcpy(out, words, all);
	out[all] = '\0';
}

void alert_holds(struct alerts *a, const struct alert_conf *rule, const struct alert_place *at, const char *thing, const char *words)
{
	struct alert_entry *en;
	char key[ALERT_KEY_LEN], said[sizeof(en->alert.words)];

	at = at != NULL ? at : &nowhere;
	snprintf(key, sizeof(key), "%s|%s|%s|%s|%s", rule->name, at->router, at->vrf, at->neighbor, thing);
	HASH_FIND_STR(a->all, key, en);
	if (en == NULL) {
		if (HASH_COUNT(a->all) >= ALERTS_MAX) {
			a->left_out++;
			return;
		}
		en = MEM_NEW(struct alert_entry);
		en->alert = (struct alert){ .rule = rule, .asn = at->asn, .since_wall_ms = a->world->now_wall_ms,
			.since_boot_ms = a->world->now_boot_ms, .over_boot_ms = -1 };
		snprintf(en->alert.key, sizeof(en->alert.key), "%s", key);
		snprintf(en->alert.router, sizeof(en->alert.router), "%s", at->router);
		snprintf(en->alert.vrf, sizeof(en->alert.vrf), "%s", at->vrf);
		snprintf(en->alert.neighbor, sizeof(en->alert.neighbor), "%s", at->neighbor);
		HASH_ADD_STR(a->all, alert.key, en);
		alert_find_ack(a, &en->alert);
		a->revision++;
	}
	en->alert.restored = false;
	en->round = a->round;
	en->alert.over_boot_ms = -1;
	snprintf(en->alert.exchange, sizeof(en->alert.exchange), "%s", at->exchange);
	keep_words(said, sizeof(said), words);
	if (strcmp(said, en->alert.words) != 0) {
		memcpy(en->alert.words, said, sizeof(said));
		a->revision++;
	}
}

/* Nobody knows about the sessions of a router that is not read; about the router itself, we do. */
static bool cannot_know(const struct alerts *a, const struct alert *al)
{
	if (al->rule->on != ALERT_STATE && al->rule->on != ALERT_HEADROOM)
		return al->restored && alert_not_seen_yet(a, al);
	for (size_t i = 0; i < a->world->router_count; i++) {
		const struct world_router *r = &a->world->routers[i];
		bool stale;

		if (strcmp(r->conf->name, al->router) != 0)
			continue;
		world_router_age(a->world, r, &stale);
		return stale;
	}
	return false;
}

/* What of an alert is drawn, but for its words. */
static unsigned face(const struct alert *al)
{
	return (al->state == ALERT_FIRING) | (unsigned)al->unsure << 1 | (unsigned)al->muted << 2 | (unsigned)al->told << 3 |
	    (unsigned)(al->over_boot_ms >= 0) << 4;
}

/* True when it is over for good. */
static bool follow_one(struct alerts *a, struct alert_entry *en, const struct world *w)
{
	struct alert *al = &en->alert;
	unsigned before = face(al);
	bool over = false;

	al->unsure = en->round != a->round && cannot_know(a, al);
	if (al->unsure)
		al->over_boot_ms = -1;
	al->muted = muted(a, al, w->now_wall_ms);
	if (en->round == a->round)
		go_on(a, al, w);
	else if (al->state == ALERT_PENDING || !al->unsure)
		over = end(a, al, w);
	a->revision += face(al) != before;
	return over;
}

void alerts_follow(struct alerts *a, const struct world *w)
{
	struct alert_entry *en, *next;

	a->world = w;
	if (a->round++ == 0)
		a->started_boot_ms = w->now_boot_ms;
	a->left_out = 0;
	alert_find(a, w);
	HASH_ITER(hh, a->all, en, next)
		if (follow_one(a, en, w)) {
			HASH_DEL(a->all, en);
			free(en);
			a->revision++;
		}
	a->world = NULL;
}

/* ---- looking ---- */

size_t alerts_count(const struct alerts *a)
{
	return HASH_COUNT(a->all);
}

const struct alert *alerts_at(const struct alerts *a, size_t i)
{
	const struct alert_entry *en = a->all;

	while (en != NULL && i-- > 0)
		en = en->hh.next;
	return en != NULL ? &en->alert : NULL;
}

void alerts_copy(const struct alerts *a, struct alert *out, size_t n)
{
	const struct alert_entry *en = a != NULL ? a->all : NULL;

	for (size_t i = 0; i < n && en != NULL; i++, en = en->hh.next)
		out[i] = en->alert;
}

uint64_t alerts_revision(const struct alerts *a)
{
	return a->revision;
}

size_t alerts_firing(const struct alerts *a, enum severity *worst)
{
	size_t n = 0;

	for (const struct alert_entry *en = a->all; en != NULL; en = en->hh.next) {
		if (en->alert.state != ALERT_FIRING || en->alert.muted)
			continue;
		if (worst != NULL && (n == 0 || en->alert.rule->severity > *worst))
			*worst = en->alert.rule->severity;
		n++;
	}
	return n;
}

uint64_t alerts_left_out(const struct alerts *a)
{
	return a->left_out;
}
