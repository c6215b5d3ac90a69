/*
 * Joining the frozen present into rows; see world.h.
 *
 * A row is made for every session on every change, so what is looked up per
 * row (network, exchange, ledger) must be cheap: the ledger is short, peers
 * are searched by bisection, and the exchange of one LAN is remembered from
 * row to row because neighbours on a LAN follow each other.
 */
#include "core/model/world.h"

#include <string.h>

int64_t world_router_age(const struct world *w, const struct world_router *r, bool *stale)
{
	int64_t age, limit = 2000 * (int64_t)r->conf->interval_s;

	*stale = true;
	if (r->snap == NULL)
		return -1;
	age = w->now_boot_ms - r->snap->taken_boot_ms;
	if (age < 0)
		age = 0;
	*stale = age > limit || !link_state_up(r->link.state);
	return age;
}

static const struct ledger_line *find_held(const struct world *w, const char *router,
    const struct session *s)
{
	for (size_t i = 0; i < w->ledger_count; i++) {
		const struct ledger_line *l = &w->ledger[i];

		if (strcmp(text_or(l->router, ""), router) == 0 &&
		    strcmp(text_or(l->neighbor, ""), text_or(s->neighbor, "")) == 0 &&
		    strcmp(text_or(l->vrf, ""), text_or(s->vrf, "")) == 0)
			return l;
	}
	return NULL;
}

static const struct exchange *find_exchange(const struct world *w, const struct addr *a,
    const struct exchange *last)
{
	for (size_t i = 0; last != NULL && i < last->prefix_count; i++)
		if (prefix_holds(&last->prefixes[i], a))
			return last;
	return peer_set_exchange_of(w->peers, a);
}

size_t world_sessions(const struct world *w, struct world_session **out)
{
	struct world_session *rows = NULL;
	const struct exchange *last = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < w->router_count; i++) {
		const struct world_router *r = &w->routers[i];
		bool stale;
		int64_t age = world_router_age(w, r, &stale);

		if (r->snap == NULL)
			continue;
		MEM_GROW(rows, cap, n + r->snap->count);
		for (size_t k = 0; k < r->snap->count; k++) {
			const struct session *s = &r->snap->sessions[k];
			const struct exchange *x = find_exchange(w, &s->peer, last);

			if (x != NULL)
				last = x;
			rows[n++] = (struct world_session){
				.router = r, .s = s, .exchange = x, .age_ms = age, .stale = stale,
				.peer = peer_set_find(w->peers, s->remote_as),
				.held = find_held(w, r->conf->name, s),
			};
		}
	}
	*out = rows;
	return n;
}

/* FNV-1a over the octets of a value. */
static uint64_t mix(uint64_t h, const void *p, size_t n)
{
	const unsigned char *b = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * 0x100000001b3u;
	return h;
}

uint64_t world_revision(const struct world *w)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < w->router_count; i++) {
		const struct world_router *r = &w->routers[i];
		uint64_t generation = r->snap ? r->snap->generation : 0;
		bool stale;

		world_router_age(w, r, &stale);
		h = mix(h, &r->snap, sizeof(r->snap));
		h = mix(h, &generation, sizeof(generation));
		h = mix(h, &r->link.state, sizeof(r->link.state));
		h = mix(h, &r->link.since_boot_ms, sizeof(r->link.since_boot_ms));
		h = mix(h, &stale, sizeof(stale));
	}
	if (w->replay != NULL)
		h = mix(h, &w->replay->turn, sizeof(w->replay->turn));
	h = mix(h, &w->peers, sizeof(w->peers));
	h = mix(h, &w->verdicts_revision, sizeof(w->verdicts_revision));
	h = mix(h, &w->collectors_revision, sizeof(w->collectors_revision));
	h = mix(h, &w->alerts_revision, sizeof(w->alerts_revision));
	h = mix(h, &w->outputs_revision, sizeof(w->outputs_revision));
	h = mix(h, &w->registered_revision, sizeof(w->registered_revision));
	h = mix(h, &w->past_revision, sizeof(w->past_revision));
	h = mix(h, &w->incidents_revision, sizeof(w->incidents_revision));
	h = mix(h, &w->journal, sizeof(w->journal));
	h = mix(h, &w->journal_count, sizeof(w->journal_count));
	if (w->journal_count > 0)
		h = mix(h, &w->journal[0].seq, sizeof(w->journal[0].seq));
	h = mix(h, &w->ledger, sizeof(w->ledger));
	h = mix(h, &w->ledger_revision, sizeof(w->ledger_revision));
	for (size_t i = 0; i < w->ledger_count; i++) {
		const struct ledger_line *l = &w->ledger[i];

		h = mix(h, text_or(l->id, ""), strlen(text_or(l->id, "")));
		h = mix(h, text_or(l->state, ""), strlen(text_or(l->state, "")));
	}
	if (w->book != NULL)
		h = mix(h, &w->book->revision, sizeof(w->book->revision));
	h = mix(h, &w->book, sizeof(w->book));
	h = mix(h, &(size_t){ calls_count(w->calls) }, sizeof(size_t));
	if (w->events != NULL && event_log_count(w->events) > 0) {
		size_t unacked = event_log_unacked(w->events);

		h = mix(h, &event_log_at(w->events, 0)->id, sizeof(uint64_t));
		h = mix(h, &unacked, sizeof(unacked));
	}
	return h;
}
