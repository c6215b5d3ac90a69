/* Loss and delay toward a neighbor, and what the history says of its session, as evidence; see collect_fill.c. */
#include "app/collect_priv.h"
#include "backends/sources/prometheus.h"

/* What a query tells about this neighbor; nothing: not configured, not answered, or the reason. */
static bool series_of(const struct collect *c, const struct place *p, const char *query, struct prom_series *out, struct err *e)
{
	char key[KEEPER_KEY_MAX + 1];
	struct kept_view v;
	bool have;

	if (!collect_prom_key(c, p, query, key, e) || !keeper_get(c->prometheus, key, &v))
		return false;
	have = v.hold != NULL;
	if (have)
		*out = *(const struct prom_series *)v.answer;
	else
		*e = v.err;
	keeper_release(v.hold);
	return have;
}

/* The sample of another series that belongs to this moment; -1 none. */
static double value_at(const struct prom_series *s, int64_t wall_ms, int64_t within_ms)
{
	double value = -1;

	for (size_t i = 0; i < s->recent_count; i++) {
		int64_t off = s->recent[i].wall_ms > wall_ms ? s->recent[i].wall_ms - wall_ms : wall_ms - s->recent[i].wall_ms;

		if (off <= within_ms) {
			value = s->recent[i].value;
			within_ms = off;
		}
	}
	return value;
}

/* Who wrote a query for the loss measures by other means, and more often than pings may be sent: its samples are the
 * windows.  Only while they are fresh; then pings are the evidence again. */
static bool quality_of_prometheus(struct collect *c, struct evidence *ev, const struct place *p, struct quality_facts *q)
{
	const struct prometheus_conf *conf = &c->way.config->prometheus;
	struct prom_series loss = { .recent_count = 0 }, latency = { .recent_count = 0 }, jitter = { .recent_count = 0 };
	int64_t step_ms = (int64_t)conf->step_s * 1000;
	struct quality_window *w;
	struct err e = ERR_INIT;

	if (c->prometheus == NULL || conf->loss_pct == NULL)
		return false;
	if (!series_of(c, p, conf->loss_pct, &loss, &e) || ev->now_wall_ms - loss.last_wall_ms > 3 * step_ms + (int64_t)conf->every_s * 1000)
		return false; /* the collectors view says why */
	series_of(c, p, conf->latency_ms, &latency, &e);
	series_of(c, p, conf->jitter_ms, &jitter, &e);
	w = arena_alloc(ev->arena, (loss.recent_count + 1) * sizeof(*w));
	for (size_t i = 0; i < loss.recent_count; i++) {
		const struct prom_sample *s = &loss.recent[loss.recent_count - 1 - i];

		w[i] = (struct quality_window){ .wall_ms = s->wall_ms, .sent = COUNT_UNKNOWN, .received = COUNT_UNKNOWN, .told = true,
			.loss_percent = s->value, .min_ms = -1, .avg_ms = value_at(&latency, s->wall_ms, step_ms / 2), .p95_ms = -1,
			.jitter_ms = value_at(&jitter, s->wall_ms, step_ms / 2) };
	}
	q->windows = w;
	q->window_count = loss.recent_count;
	q->baseline_ms = latency.recent_count > 0 ? latency.mean : -1;
	q->basis = basis_known(ev, loss.last_wall_ms, "Prometheus: quality toward %s", p->neighbor);
	return true;
}

/* What the history has of the time before this process probed: a restart forgets no bad window. */
static size_t probes_before(struct collect *c, const struct place *p, struct quality_window *out)
{
	int64_t since = p->probe_count > 0 ? p->probes[p->probe_count < PROBES_KEPT ? 0 : p->probe_next].wall_ms : INT64_MAX;
	char key[KEEPER_KEY_MAX + 1];
	struct kept_view v;
	const struct past *past;
	size_t n = 0;

	past_probes_key(key, p);
	if (p->probe_count == PROBES_KEPT || !keeper_get(c->past, key, &v))
		return 0;
	past = v.answer;
	/* What this process has put itself is there as well, written a moment after it was seen. */
	for (size_t i = 0; past != NULL && i < past->window_count; i++)
		if (past->windows[i].wall_ms < since - 1000)
			out[n++] = past->windows[i];
	keeper_release(v.hold);
	return n;
}

void collect_take_quality(struct collect *c, struct evidence *ev, const struct place *p, struct quality_facts *q)
{
	struct quality_window *w = arena_alloc(ev->arena, (2 * PROBES_KEPT + 1) * sizeof(*w));
	char series[HISTORY_NAME_MAX + 1], key[KEEPER_KEY_MAX + 1];
	struct kept_view v;
	size_t before = 0;

	if (quality_of_prometheus(c, ev, p, q))
		return;
	for (size_t i = 0; i < p->probe_count; i++)
		w[i] = p->probes[(p->probe_next + PROBES_KEPT - 1 - i) % PROBES_KEPT];
	before = probes_before(c, p, w + p->probe_count);
	if (p->probe_count + before == 0) {
		q->basis = p->probe_err.code != ERR_NONE ? basis_missing(ev, "%s: ping: %s", p->router, p->probe_err.text) :
			c->way.config->evidence.ping_s == 0 ? basis_missing(ev, "set ping-every in the evidence block of the configuration") :
			basis_missing(ev, "%s has not been pinged yet", collect_about(ev, p));
		return;
	}
	q->windows = w;
	q->window_count = p->probe_count + before;
	q->basis = basis_known(ev, w[0].wall_ms, "%s: ping %s%s", p->router, p->neighbor, p->probe_count == 0 ? ", as the history has it" : "");
	q->baseline_ms = -1;
	place_series(series, "probe", p, "avg-ms");
	past_key(key, series, c->way.config->history.keep_s);
	if (keeper_get(c->past, key, &v) && v.hold != NULL && ((const struct past *)v.answer)->samples >= 24)
		q->baseline_ms = ((const struct past *)v.answer)->mean;
	keeper_release(v.hold);
}

/* ---- what the history says of the session ---- */

void collect_take_past(struct collect *c, struct evidence *ev, const struct place *p, struct evidence_session *s)
{
	char series[HISTORY_NAME_MAX + 1], key[KEEPER_KEY_MAX + 1];
	struct kept_view v;

	session_series(series, p, "received");
	past_key(key, series, c->way.config->history.keep_s);
	if (keeper_get(c->past, key, &v) && v.hold != NULL && ((const struct past *)v.answer)->slope_known) {
		s->slope_per_day = ((const struct past *)v.answer)->slope_per_day;
		s->slope_basis = basis_known(ev, v.as_of_wall_ms, "history of %s", collect_about(ev, p));
	}
	keeper_release(v.hold);
	session_series(series, p, "state");
	past_key(key, series, c->way.config->history.keep_s);
	if (p->up)
		s->was_established = TRI_YES;
	else if (keeper_get(c->past, key, &v)) {
		if (v.hold != NULL && ((const struct past *)v.answer)->ever_established)
			s->was_established = TRI_YES;
		keeper_release(v.hold);
	}
}
