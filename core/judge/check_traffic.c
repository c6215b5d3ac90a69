/*
 * Checks about traffic: enough of it, ports with room, balance, and only to what we announce.
 *
 * Only what was counted counts; a window of which too little was measured says nothing yet.
 */
#include "core/judge/check_table.h"
#include "core/base/clock.h"

#include <math.h>

/* Enough of the window was measured; false: told what is missing. */
static bool covered(const struct basis *b, const char *about, int64_t window_s, int64_t covered_s, int64_t least, const char *what, struct judgement *j)
{
	char asked[CLOCK_SPAN_LEN], there[CLOCK_SPAN_LEN];

	if (!b->known) {
		find_unknown(j, about, b, "%s is not known", what);
		return false;
	}
	if (covered_s * 10000 >= window_s * least)
		return true;
	find_unknown(j, about, &(struct basis){ .source = b->source, .wall_ms = b->wall_ms, .missing = TEXT_LIT("more measurements: it takes time") },
	    "%s was measured over %s only, %s are asked for", what, clock_span(covered_s, there), clock_span(window_s, asked));
	return false;
}

/* Whoever collects over a shorter time than the clause names has decided so. */
static int64_t window_of(int64_t asked, int64_t collected)
{
	return collected > 0 && collected < asked ? collected : asked;
}

static bool measured(double v)
{
	return isfinite(v) && v >= 0;
}

void check_min_traffic(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	const struct traffic_facts *t = &ev->traffic;
	int64_t way = c->values[P_TRAFFIC_DIRECTION];
	const char *dir = way == TRAFFIC_TO_PEER ? "to the peer" : way == TRAFFIC_FROM_PEER ? "from the peer" : "in both directions together";
	double rate = way == TRAFFIC_TO_PEER ? t->out_p95_bps : way == TRAFFIC_FROM_PEER ? t->in_p95_bps :
	    measured(t->in_p95_bps) && measured(t->out_p95_bps) ? t->in_p95_bps + t->out_p95_bps : -1;
	double surely = way == TRAFFIC_TO_PEER ? t->out_least_bps : way == TRAFFIC_FROM_PEER ? t->in_least_bps : fmax(t->in_least_bps, t->out_least_bps);
	char has[PARAM_WORDS_LEN], least[PARAM_WORDS_LEN], fullest[PARAM_WORDS_LEN];

	if (!covered(&t->basis, NULL, window_of(c->values[P_TRAFFIC_WINDOW], t->window_s), t->covered_s, c->values[P_TRAFFIC_COVERAGE], "its traffic", j))
		return;
	rate_words((double)c->values[P_TRAFFIC_MINIMUM], least);
	if (!measured(rate))
		find_unknown(j, NULL, &(struct basis){ .source = t->basis.source, .wall_ms = t->basis.wall_ms, .missing = TEXT_LIT("a counter of this direction") },
		    "its traffic %s is not known", dir);
	else if (rate < (double)c->values[P_TRAFFIC_MINIMUM])
		find_fail(j, NULL, &t->basis, "95th percentile %s is %s, asked for are %s", dir, rate_words(rate, has), least);
	else if (surely > 0 && surely < (double)c->values[P_TRAFFIC_MINIMUM])
		find_unknown(j, NULL, &(struct basis){ .source = t->basis.source, .wall_ms = t->basis.wall_ms,
			.missing = TEXT_LIT("one count of all its ports together: a Prometheus query for its traffic (network-in-bps, network-out-bps)") },
		    "95th percentile %s is between %s, that of the fullest port, and %s; asked for are %s", dir, rate_words(surely, fullest),
		    rate_words(rate, has), least);
	else
		find_pass(j, NULL, &t->basis, "95th percentile %s is %s, asked for are %s", dir, rate_words(rate, has), least);
}

static void port_of(const struct port_facts *p, const struct clause *c, const char *about, struct judgement *j)
{
	double worst = fmax(measured(p->in_p95_bps) ? p->in_p95_bps : -1, measured(p->out_p95_bps) ? p->out_p95_bps : -1);
	bool both = measured(p->in_p95_bps) && measured(p->out_p95_bps);
	const char *way = worst == p->in_p95_bps ? "inbound" : "outbound";
	char rate[PARAM_WORDS_LEN];
	double pct;

	if (!covered(&p->basis, about, window_of(c->values[P_PORT_WINDOW], p->window_s), p->covered_s, c->values[P_PORT_COVERAGE], "the use of this port", j))
		return;
	if (worst < 0 || p->speed_mbit <= 0) {
		find_unknown(j, about, &(struct basis){ .source = p->basis.source, .wall_ms = p->basis.wall_ms, .missing = TEXT_LIT("speed and rates of this port") },
		    p->speed_mbit <= 0 ? "its speed is not known" : "its rates are not known");
		return;
	}
	pct = worst / ((double)p->speed_mbit * 1e6) * 100;
	if (pct * 100 >= (double)c->values[P_PORT_THRESHOLD])
		find_fail(j, about, &p->basis, "used to %.0f %% %s (95th percentile %s of %lld Mbit/s)", pct, way, rate_words(worst, rate), (long long)p->speed_mbit);
	else if (!both)
		find_unknown(j, about, &(struct basis){ .source = p->basis.source, .wall_ms = p->basis.wall_ms, .missing = TEXT_LIT("the rate of the other direction") },
		    "used to %.0f %% %s; the other direction is not known", pct, way);
	else
		find_pass(j, about, &p->basis, "used to %.0f %% %s (95th percentile)", pct, way);
}

/* Every port that a live session runs over, and every private one. */
void check_congestion_free(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	const struct evidence_session *s;
	const struct basis none = { .wall_ms = -1, .missing = TEXT_LIT("read interface counters, or name a Prometheus query for ports") };
	size_t at = 0;

	for (size_t i = 0; i < ev->port_count; i++)
		port_of(&ev->ports[i], c, arena_printf(ev->arena, "%s %s", ev->ports[i].router, text_or(ev->ports[i].interface, "?")), j);
	while ((s = find_live(ev, j, &at)) != NULL)
		if (s->port < 0 || (size_t)s->port >= ev->port_count)
			find_unknown(j, find_session(j, s), &none, "the port toward it is not known");
	find_no_session(ev, j, "there is no port toward it");
}

void check_traffic_ratio(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	const struct traffic_facts *t = &ev->traffic;
	int64_t way = c->values[P_RATIO_DIRECTION];
	double out = t->out_avg_bps, in = t->in_avg_bps, limit = (double)c->values[P_RATIO_LIMIT] / 1000, large, small;
	char out_words[PARAM_WORDS_LEN], in_words[PARAM_WORDS_LEN];
	bool exceeded;

	if (!covered(&t->basis, NULL, window_of(c->values[P_RATIO_WINDOW], t->window_s), t->covered_s, c->values[P_RATIO_COVERAGE], "its traffic", j))
		return;
	if (!measured(out) || !measured(in)) {
		find_unknown(j, NULL, &(struct basis){ .source = t->basis.source, .wall_ms = t->basis.wall_ms, .missing = TEXT_LIT("counters of both directions") },
		    "one direction of its traffic is not known");
		return;
	}
	rate_words(out, out_words);
	rate_words(in, in_words);
	if (out + in < (double)c->values[P_RATIO_BELOW]) {
		find_pass(j, NULL, &t->basis, "too little traffic for a ratio: %s out, %s in", out_words, in_words);
		return;
	}
	large = way == RATIO_OUT_IN || (way == RATIO_EITHER && out >= in) ? out : in;
	small = way == RATIO_OUT_IN || (way == RATIO_EITHER && out >= in) ? in : out;
	exceeded = large > small * limit;
	if (exceeded)
		find_fail(j, NULL, &t->basis, "%s from us to the peer, %s from the peer to us: %s:%s is above %g:1", out_words, in_words,
		    large == out ? "out" : "in", large == out ? "in" : "out", limit);
	else
		find_pass(j, NULL, &t->basis, "%s from us to the peer, %s from the peer to us, within %g:1", out_words, in_words, limit);
}

void check_only_announced(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	const struct flow_facts *f = &ev->flow;
	char rate[PARAM_WORDS_LEN];

	if (!f->basis.known || !measured(f->unannounced_bps))
		find_unknown(j, NULL, &f->basis, "where its traffic goes is not known");
	else if (f->unannounced_bps >= (double)c->values[P_ONLY_BELOW])
		find_fail(j, NULL, &f->basis, "%s to destinations that we do not announce to it%s%s", rate_words(f->unannounced_bps, rate),
		    text_empty(f->example) ? "" : ", as ", text_or(f->example, ""));
	else
		find_pass(j, NULL, &f->basis, "%s to destinations that we do not announce to it", rate_words(f->unannounced_bps, rate));
}
