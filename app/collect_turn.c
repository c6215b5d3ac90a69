/*
 * Whose turn it is to be asked; see collect.h.
 *
 * A router is a lane with one question under way.  Of all that is due in a lane, what somebody waits for goes first,
 * then what is overdue longest.
 */
#include "app/collect_priv.h"

enum {
	FIND_MS = 86400000, /* the interface toward a neighbor is looked for again */
	COST_OFFER = 1,
};

enum turn { TURN_NONE, TURN_RECEIVED, TURN_ACCEPTED, TURN_ADVERTISED, TURN_PROBE, TURN_PORT };
struct choice {
	struct place *place;
	enum turn turn;
	bool now;
	int64_t due;
};

static void offer(struct choice *best, struct place *p, enum turn turn, bool now, int64_t due, int64_t now_boot_ms)
{
	if (!now && due > now_boot_ms)
		return;
	if (best->place == NULL || now > best->now || (now == best->now && due < best->due))
		*best = (struct choice){ p, turn, now, due };
}

static bool small_enough(const struct evidence_conf *conf, const struct place *p, int side)
{
	count_t n = collect_count(&p->about, (enum route_side)side);

	return n == COUNT_UNKNOWN || n <= (count_t)conf->routes_most;
}

static void offers(const struct collect *c, struct place *p, struct choice *best, int64_t now)
{
	const struct evidence_conf *conf = &c->way.config->evidence;
	bool find = p->iface[0] == '\0' || now - p->found_boot_ms > FIND_MS;

	for (int i = 0; p->up && !p->internal && i < ROUTE_SIDES; i++)
		if (p->sides[i].wanted_now || (conf->routes_s > 0 && small_enough(conf, p, i)))
			offer(best, p, (enum turn)(TURN_RECEIVED + i), p->sides[i].wanted_now, p->sides[i].due_boot_ms, now);
	/* Of what somebody waits for the small goes first: asking for all again and again must not keep it back. */
	if (place_prober(p) == p && (conf->ping_s > 0 || p->probe_now))
		offer(best, p, TURN_PROBE, p->probe_now, p->probe_now ? 0 : p->probe_due_ms, now);
	if ((conf->interface_s > 0 && (find || p->leads)) || p->port_now)
		offer(best, p, TURN_PORT, p->port_now, p->port_now ? 0 : p->port_due_ms, now);
}

static void ask(struct collect *c, const struct choice *t)
{
	switch (t->turn) {
	case TURN_RECEIVED:
	case TURN_ACCEPTED:
	case TURN_ADVERTISED:
		collect_ask_routes(c, t->place, (enum route_side)(t->turn - TURN_RECEIVED));
		break;
	case TURN_PROBE:
		collect_ask_probe(c, t->place);
		break;
	case TURN_PORT:
		collect_ask_port(c, t->place);
		break;
	case TURN_NONE:
		break;
	}
}

static void serve(struct collect *c, struct lane *l, const struct choice *best, int64_t now)
{
	/* What somebody waits for does not wait for the pause. */
	if (best->place == NULL || (best->now ? l->pace.asking : !pace_free(&l->pace, now)))
		return;
	pace_asked(&l->pace, now);
	ask(c, best);
}

bool collect_serve(struct collect *c, int64_t now, long *left)
{
	for (; c->serve_at < c->lane_count && *left > 0; c->serve_at++) {
		struct lane *l = &c->lanes[c->serve_at];
		struct choice best = { .place = NULL };

		if (!l->ready || l->pace.asking)
			continue;
		for (struct place *p = l->first; p != NULL; p = p->lane_next) {
			*left -= COST_OFFER;
			if (p->present && !p->asking)
				offers(c, p, &best, now);
		}
		serve(c, l, &best, now);
	}
	if (c->serve_at < c->lane_count)
		return false;
	c->serve_at = 0;
	return true;
}
