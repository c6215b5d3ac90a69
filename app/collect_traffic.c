/* Ports, and what flows through them, as evidence; see collect_fill.c. */
#include "app/collect_priv.h"
#include "backends/sources/prometheus.h"

#include <stdio.h>
#include <string.h>

struct rates {
	double in_p95, out_p95, in_mean, out_mean, speed_bps;
	int64_t window_s, covered_s, wall_ms;
	count_t samples;
	const char *from;
	struct err err;
};

static bool one_rate(const struct collect *c, const struct place *p, const char *query, struct rates *r, double *p95, double *mean)
{
	char key[KEEPER_KEY_MAX + 1];
	struct kept_view v;
	bool have = false;

	if (!collect_prom_key(c, p, query, key, &r->err))
		return false;
	if (!keeper_get(c->prometheus, key, &v)) {
		keeper_want_also(c->prometheus, key); /* of a network that is no neighbor: nobody has wanted it yet */
		return false;
	}
	if (v.hold != NULL) {
		const struct prom_series *s = v.answer;

		*p95 = s->p95;
		*mean = s->mean;
		r->covered_s = r->covered_s < 0 || s->covered_s < r->covered_s ? s->covered_s : r->covered_s;
		r->wall_ms = s->last_wall_ms;
		r->samples = (count_t)s->samples;
		have = true;
	} else {
		r->err = v.err;
	}
	keeper_release(v.hold);
	return have;
}

static bool rates_of_queries(const struct collect *c, const struct place *p, const char *in_bps, const char *out_bps, struct rates *r)
{
	bool in, out;

	*r = (struct rates){ -1, -1, -1, -1, -1, c->way.config->prometheus.window_s, -1, -1, 0, "Prometheus", ERR_INIT };
	in = one_rate(c, p, in_bps, r, &r->in_p95, &r->in_mean);
	out = one_rate(c, p, out_bps, r, &r->out_p95, &r->out_mean);
	return in || out;
}

static bool of_network(const char *query)
{
	return query != NULL && strstr(query, "{asn}") != NULL;
}

/* The use of a port.  What a network has of it is not that. */
static bool rates_of_prometheus(const struct collect *c, const struct place *p, struct rates *r)
{
	const struct prometheus_conf *conf = &c->way.config->prometheus;
	double none;

	*r = (struct rates){ .err = ERR_INIT };
	if (c->prometheus == NULL || of_network(conf->in_bps) || of_network(conf->out_bps) || !rates_of_queries(c, p, conf->in_bps, conf->out_bps, r))
		return false;
	one_rate(c, p, conf->speed_bps, r, &none, &r->speed_bps);
	return true;
}

static bool rates_of_counters(const struct collect *c, const struct place *p, struct rates *r)
{
	static const char *const names[] = { "in-bps", "out-bps" };
	double *const p95[] = { &r->in_p95, &r->out_p95 }, *const mean[] = { &r->in_mean, &r->out_mean };
	int64_t window = c->way.config->history.keep_s;
	bool any = false;

	*r = (struct rates){ -1, -1, -1, -1, (double)p->speed_bps, window, -1, -1, 0, p->router, p->port_err };
	for (size_t i = 0; p->iface[0] != '\0' && i < ARRAY_LEN(names); i++) {
		char series[HISTORY_NAME_MAX + 1], key[KEEPER_KEY_MAX + 1];
		struct kept_view v;
		const struct past *past;

		port_series(series, p, names[i]);
		past_key(key, series, window);
		if (!keeper_get(c->past, key, &v))
			continue;
		past = v.answer;
		if (past != NULL && past->samples > 0) {
			*p95[i] = past->p95;
			*mean[i] = past->mean;
			r->covered_s = r->covered_s < 0 || past->covered_ms / 1000 < r->covered_s ? past->covered_ms / 1000 : r->covered_s;
			r->wall_ms = v.as_of_wall_ms;
			r->samples = past->samples;
			any = true;
		}
		keeper_release(v.hold);
	}
	return any;
}

/* Nobody else's neighbor is behind it, and it is no exchange's LAN. */
static enum tri is_private(const struct collect *c, const struct evidence_session *s, const struct place *p)
{
	if (s->exchange != NULL)
		return TRI_NO;
	for (const struct place *q = c->places; q != NULL; q = q->hh.next) {
		if (!q->present || q->router != p->router || q->asn == p->asn)
			continue;
		if (q->iface[0] == '\0')
			return TRI_UNKNOWN;
		if (strcmp(q->iface, p->iface) == 0)
			return TRI_NO;
	}
	return TRI_YES;
}

static void take_port(struct collect *c, struct evidence *ev, const struct evidence_session *s, const struct place *p, struct port_facts *f)
{
	struct rates r;
	bool have = rates_of_prometheus(c, p, &r) || rates_of_counters(c, p, &r);

	*f = (struct port_facts){ .router = p->router, .interface = text_safez(ev->arena, p->iface),
		.description = text_safez(ev->arena, p->description), .private_port = is_private(c, s, p), .speed_mbit = -1,
		.in_p95_bps = r.in_p95, .out_p95_bps = r.out_p95, .window_s = r.window_s, .covered_s = r.covered_s > 0 ? r.covered_s : 0 };
	if (r.speed_bps > 0)
		f->speed_mbit = (int64_t)(r.speed_bps / 1e6);
	else if (p->speed_bps > 0)
		f->speed_mbit = p->speed_bps / 1000000;
	if (have)
		f->basis = basis_known(ev, r.wall_ms, "%s: %s", r.from, p->iface);
	else if (r.err.code != ERR_NONE)
		f->basis = basis_missing(ev, "%s", r.err.text);
	else
		f->basis = basis_missing(ev, "%s %s has not been counted yet", p->router, p->iface);
}

static int port_index(const struct port_facts *ports, size_t n, const struct place *p)
{
	for (size_t i = 0; i < n; i++)
		if (ports[i].router == p->router && strcmp(text_or(ports[i].interface, ""), p->iface) == 0)
			return (int)i;
	return -1;
}

static void take_ports(struct collect *c, struct evidence *ev, struct place *const *at)
{
	struct port_facts *ports = arena_alloc(ev->arena, (ev->session_count + 1) * sizeof(*ports));
	size_t n = 0;

	for (size_t i = 0; i < ev->session_count; i++) {
		struct evidence_session *s = &ev->sessions[i];

		if (at[i] == NULL || at[i]->iface[0] == '\0')
			continue;
		s->port = port_index(ports, n, at[i]);
		if (s->port < 0) {
			take_port(c, ev, s, at[i], &ports[n]);
			s->port = (int)n++;
		}
	}
	ev->ports = ports;
	ev->port_count = n;
}

/* One direction of the ports together, where the history saw all of them at the same times for nearly as long as each. */
static double p95_together(struct collect *c, struct evidence *ev, struct place *const *from, const char *what, int64_t covered_s, char **wanted)
{
	char series[HISTORY_NAME_MAX + 1], key[KEEPER_KEY_MAX + 1];
	struct kept_view v;
	double p95 = -1;
	size_t n = 0;

	for (size_t i = 0; i < ev->port_count; i++) {
		port_series(series, from[i], what);
		if (n + strlen(series) + 24 > KEEPER_KEY_MAX || ev->port_count > PAST_SUM_MAX)
			return -1;
		n += (size_t)snprintf(key + n, KEEPER_KEY_MAX + 1 - n, "%s%s", i > 0 ? "\n" : "", series);
	}
	snprintf(key + n, KEEPER_KEY_MAX + 1 - n, "|%lld", (long long)c->way.config->history.keep_s);
	free(*wanted);
	*wanted = mem_strdup(key);
	if (!keeper_get(c->past, key, &v)) {
		keeper_want_also(c->past, key);
		return -1;
	}
	if (v.hold != NULL && ((const struct past *)v.answer)->covered_ms / 100 >= covered_s * 9)
		p95 = ((const struct past *)v.answer)->p95;
	keeper_release(v.hold);
	return p95;
}

/* Instead of a bound, where it can be had. */
static void take_together(struct collect *c, struct evidence *ev, struct place *const *from, struct traffic_facts *t)
{
	double in = p95_together(c, ev, from, "in-bps", t->covered_s, &from[0]->sums[0]);
	double out = p95_together(c, ev, from, "out-bps", t->covered_s, &from[0]->sums[1]);

	if (in < 0 || out < 0)
		return;
	t->in_p95_bps = in;
	t->out_p95_bps = out;
	t->in_least_bps = t->out_least_bps = 0;
}

/* Traffic of the network alone: only if every port that it is reached over is private and counted. */
static void traffic_of_ports(struct collect *c, struct evidence *ev, struct place *const *at)
{
	struct traffic_facts t = { .in_avg_bps = 0, .out_avg_bps = 0, .in_p95_bps = 0, .out_p95_bps = 0, .covered_s = -1 };
	struct place **counted = arena_alloc(ev->arena, (ev->port_count + 1) * sizeof(struct place *));
	bool of_history = true;

	if (ev->port_count == 0)
		return;
	for (size_t i = 0; i < ev->port_count; i++) {
		const struct port_facts *p = &ev->ports[i];
		struct place *from = NULL;
		struct rates r;

		for (size_t k = 0; k < ev->session_count; k++)
			if (ev->sessions[k].port == (int)i)
				from = at[k];
		if (p->private_port != TRI_YES || !p->basis.known || from == NULL || (!rates_of_prometheus(c, from, &r) && !rates_of_counters(c, from, &r)) ||
		    r.in_mean < 0 || r.out_mean < 0)
			return;
		counted[i] = from;
		of_history = of_history && r.from == from->router;
		t.in_avg_bps += r.in_mean;
		t.out_avg_bps += r.out_mean;
		t.in_p95_bps += r.in_p95;
		t.out_p95_bps += r.out_p95;
		if (ev->port_count > 1) {
			t.in_least_bps = r.in_p95 > t.in_least_bps ? r.in_p95 : t.in_least_bps;
			t.out_least_bps = r.out_p95 > t.out_least_bps ? r.out_p95 : t.out_least_bps;
		}
		t.window_s = r.window_s;
		t.covered_s = t.covered_s < 0 || r.covered_s < t.covered_s ? r.covered_s : t.covered_s;
		t.samples += r.samples;
	}
	for (size_t i = 0; i < ev->session_count; i++)
		if (at[i] != NULL && at[i]->up && ev->sessions[i].port < 0)
			return; /* some traffic may go where nobody counts */
	if (ev->port_count > 1 && of_history)
		take_together(c, ev, counted, &t);
	t.basis = basis_known(ev, ev->now_wall_ms, "counters of %zu private ports%s", ev->port_count,
	    ev->port_count < 2 ? "" : t.out_least_bps == 0 && t.in_least_bps == 0 ? ", together" : ", each by itself");
	ev->traffic = t;
}

/* A query per AS is the better answer: it holds exchanges too. */
static void traffic_of_prometheus(struct collect *c, struct evidence *ev, const struct place *p)
{
	const struct prometheus_conf *conf = &c->way.config->prometheus;
	const char *in = conf->network_in_bps != NULL ? conf->network_in_bps : conf->in_bps;
	const char *out = conf->network_out_bps != NULL ? conf->network_out_bps : conf->out_bps;
	struct rates r;

	if (c->prometheus == NULL || !of_network(in) || !of_network(out))
		return;
	if (rates_of_queries(c, p, in, out, &r))
		ev->traffic = (struct traffic_facts){ basis_known(ev, r.wall_ms, "Prometheus: traffic of AS%u", ev->asn), r.in_mean,
			r.out_mean, r.in_p95, r.out_p95, r.window_s, r.covered_s > 0 ? r.covered_s : 0, r.samples, 0, 0 };
	else
		ev->traffic.basis = r.err.code != ERR_NONE ? basis_missing(ev, "%s", r.err.text) : basis_missing(ev, "it is being asked for: wait");
}

static void take_flow(struct collect *c, struct evidence *ev, const struct place *p)
{
	const struct prometheus_conf *conf = &c->way.config->prometheus;
	struct rates r = { .covered_s = -1, .err = ERR_INIT };
	double p95 = -1, mean = -1;

	if (c->prometheus == NULL || conf->stray_bps == NULL)
		return;
	if (one_rate(c, p, conf->stray_bps, &r, &p95, &mean))
		ev->flow = (struct flow_facts){ .basis = basis_known(ev, r.wall_ms, "Prometheus: stray-bps"), .unannounced_bps = mean, .total_bps = -1 };
	else if (r.err.code != ERR_NONE)
		ev->flow.basis = basis_missing(ev, "%s", r.err.text);
}

void collect_take_traffic(struct collect *c, struct evidence *ev, struct place *const *at, const struct place *any)
{
	take_ports(c, ev, at);
	traffic_of_ports(c, ev, at);
	traffic_of_prometheus(c, ev, any);
	take_flow(c, ev, any);
}
