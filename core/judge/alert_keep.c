/* What alerts know from elsewhere: from before a restart, and from who has them in hand; see alert.h. */
#include "core/judge/alert_priv.h"
#include "core/judge/verdict_book.h"

#include <stdlib.h>
#include <string.h>

enum {
	ACKS_MAX = 5000,
	SKEW_MS = 15000,     /* two consoles find the same thing so far apart, at most */
	RECORDS_MS = 10000,  /* within this journal and ledger have been read */
};

static const struct alert_conf *rule_of(const struct alerts *a, const char *name)
{
	for (size_t i = 0; i < a->config->alert_count; i++)
		if (strcmp(a->config->alerts[i].name, name) == 0)
			return &a->config->alerts[i];
	return NULL;
}

static void copy(char *out, size_t size, const char *from)
{
	snprintf(out, size, "%s", from);
}

void alert_as_notice(const struct alert_notice *n, int64_t wall_ms, struct notice *out)
{
	const struct alert *al = &n->alert;

	*out = (struct notice){ .news = n->news, .on = al->rule->on, .severity = al->rule->severity, .asn = al->asn,
		.repeat_s = al->rule->repeat_s, .since_wall_ms = al->since_wall_ms, .at_wall_ms = wall_ms };
	copy(out->key, sizeof(out->key), al->key);
	copy(out->rule, sizeof(out->rule), al->rule->name);
	copy(out->router, sizeof(out->router), al->router);
	copy(out->vrf, sizeof(out->vrf), al->vrf);
	copy(out->neighbor, sizeof(out->neighbor), al->neighbor);
	copy(out->exchange, sizeof(out->exchange), al->exchange);
	copy(out->words, sizeof(out->words), al->words);
}

/* A time of the wall clock in boot time; what a clock that was wrong puts into the future is now. */
static int64_t as_boot(int64_t wall_ms, int64_t now_boot_ms, int64_t now_wall_ms)
{
	return wall_ms < now_wall_ms ? now_boot_ms - (now_wall_ms - wall_ms) : now_boot_ms;
}

bool alerts_restore(struct alerts *a, const struct notice *n, int64_t now_boot_ms, int64_t now_wall_ms)
{
	const struct alert_conf *rule = rule_of(a, n->rule);
	struct alert_entry *en;
	struct alert *al;

	HASH_FIND_STR(a->all, n->key, en);
	if (rule == NULL || rule->on != n->on || en != NULL || HASH_COUNT(a->all) >= ALERTS_MAX)
		return en != NULL;
	en = MEM_NEW(struct alert_entry);
	al = &en->alert;
	*al = (struct alert){ .rule = rule, .state = ALERT_FIRING, .unsure = true, .told = true, .restored = true, .asn = n->asn,
		.since_wall_ms = n->since_wall_ms, .since_boot_ms = as_boot(n->since_wall_ms, now_boot_ms, now_wall_ms),
		.told_boot_ms = as_boot(n->at_wall_ms, now_boot_ms, now_wall_ms), .over_boot_ms = -1 };
	copy(al->key, sizeof(al->key), n->key);
	copy(al->router, sizeof(al->router), n->router);
	copy(al->vrf, sizeof(al->vrf), n->vrf);
	copy(al->neighbor, sizeof(al->neighbor), n->neighbor);
	copy(al->exchange, sizeof(al->exchange), n->exchange);
	copy(al->words, sizeof(al->words), n->words);
	HASH_ADD_STR(a->all, alert.key, en);
	alert_find_ack(a, al);
	a->revision++;
	return true;
}

static const struct world_router *router_of(const struct world *w, const char *name)
{
	for (size_t i = 0; i < w->router_count; i++)
		if (strcmp(w->routers[i].conf->name, name) == 0)
			return &w->routers[i];
	return NULL;
}

static bool judged(const struct world *w, asn_t asn)
{
	for (size_t i = 0; w->verdicts != NULL && i < verdict_book_count(w->verdicts); i++)
		if (verdict_book_at(w->verdicts, i)->asn == asn)
			return true;
	return false;
}

/* One of its families is up without a prefix, as it was. */
static bool still_empty(const struct world_router *r, const struct alert *al)
{
	for (size_t i = 0; i < r->snap->count; i++) {
		const struct session *s = &r->snap->sessions[i];

		if (strcmp(text_or(s->neighbor, ""), al->neighbor) == 0 && strcmp(text_or(s->vrf, ""), al->vrf) == 0 &&
		    s->state == BGP_ESTABLISHED && s->received <= 0 && s->accepted <= 0)
			return true;
	}
	return false;
}

bool alert_not_seen_yet(const struct alerts *a, const struct alert *al)
{
	const struct world *w = a->world;
	const struct world_router *r = router_of(w, al->router);

	switch (al->rule->on) {
	case ALERT_ROUTER_LOST: /* at the start nobody has tried */
		return r != NULL && !link_state_up(r->link.state);
	case ALERT_STALE:
		return r != NULL && (!link_state_up(r->link.state) || r->snap == NULL);
	case ALERT_PREFIXES: /* what was lost before the restart is no incident of this console: only their return is seen */
		return r != NULL && (!link_state_up(r->link.state) || r->snap == NULL || still_empty(r, al));
	case ALERT_VERDICT:
		return !judged(w, al->asn);
	default:
		return a->started_boot_ms == 0 || w->now_boot_ms - a->started_boot_ms < RECORDS_MS;
	}
}

/* ---- acknowledgements ---- */

static bool about(const struct alert_ack *ack, const struct alert *al)
{
	return ack->wall_ms + SKEW_MS >= al->since_wall_ms;
}

static void take_ack(struct alert *al, const struct alert_ack *ack)
{
	copy(al->acked_by, sizeof(al->acked_by), ack->who);
	al->acked_wall_ms = ack->wall_ms;
	al->silent_until_wall_ms = ack->until_wall_ms;
}

void alert_find_ack(const struct alerts *a, struct alert *al)
{
	struct alert_ack *ack;

	HASH_FIND_STR(a->acks, al->key, ack);
	if (ack != NULL && about(ack, al))
		take_ack(al, ack);
}

static struct alert_ack *need_ack(struct alerts *a, const char *key)
{
	struct alert_ack *ack;

	HASH_FIND_STR(a->acks, key, ack);
	if (ack == NULL && HASH_COUNT(a->acks) >= ACKS_MAX)
		ack = a->acks; /* the oldest */
	if (ack != NULL)
		HASH_DEL(a->acks, ack);
	else
		ack = MEM_NEW(struct alert_ack);
	*ack = (struct alert_ack){ .wall_ms = 0 };
	copy(ack->key, sizeof(ack->key), key);
	HASH_ADD_STR(a->acks, key, ack);
	return ack;
}

static void set_ack(struct alerts *a, const char *key, const char *who, int64_t wall_ms, int64_t until_wall_ms)
{
	struct alert_ack *ack = need_ack(a, key);
	struct alert_entry *en;

	copy(ack->who, sizeof(ack->who), *who != '\0' ? who : "?");
	ack->wall_ms = wall_ms;
	ack->until_wall_ms = until_wall_ms;
	HASH_FIND_STR(a->all, key, en);
	if (en == NULL || !about(ack, &en->alert))
		return;
	take_ack(&en->alert, ack);
	a->revision++;
}

void alerts_ack(struct alerts *a, const char *key, const char *who, int64_t wall_ms)
{
	set_ack(a, key, who, wall_ms, 0);
}

void alerts_silence(struct alerts *a, const char *key, const char *who, int64_t wall_ms, int64_t until_wall_ms)
{
	set_ack(a, key, who, wall_ms, until_wall_ms);
}

bool alert_silent(const struct alert *al, int64_t wall_ms)
{
	return al->silent_until_wall_ms > wall_ms;
}

bool alert_acked(const struct alert *al)
{
	return al->acked_by[0] != '\0' && al->silent_until_wall_ms == 0;
}

void alert_free_acks(struct alerts *a)
{
	struct alert_ack *ack, *next;

	HASH_ITER(hh, a->acks, ack, next) {
		HASH_DEL(a->acks, ack);
		free(ack);
	}
}
