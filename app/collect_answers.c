/*
 * Questions to routers and what they answered; see collect_priv.h.
 *
 * A set is taken only when every row could be read: half a set would make a peer look inconsistent, or a /25
 * unseen.  What stood there before stays, with its age.
 */
#include "app/collect_priv.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NEVER_MS = 86400000, PORT_LEAST_MS = 10000 };

void place_series(char out[HISTORY_NAME_MAX + 1], const char *kind, const struct place *p, const char *what)
{
	snprintf(out, HISTORY_NAME_MAX + 1, "%s/%s/%s/%s/%s", kind, p->router, p->vrf, p->neighbor, what);
}

void session_series(char out[HISTORY_NAME_MAX + 1], const struct place *p, const char *what)
{
	snprintf(out, HISTORY_NAME_MAX + 1, "session/%s/%s/%s/%s/%s", p->router, p->vrf, p->neighbor, afi_safi_word(p->family), what);
}

void port_series(char out[HISTORY_NAME_MAX + 1], const struct place *p, const char *what)
{
	snprintf(out, HISTORY_NAME_MAX + 1, "port/%s/%s/%s", p->router, p->iface, what);
}

/* Lends the place's question to the router's worker. */
static struct question *prepare(struct collect *c, struct place *p, enum question_kind kind,
    void (*answered)(void *ctx, struct question *q))
{
	struct question *q = question_new(kind, &p->about);

	p->asking = true;
	q->answered = answered;
	q->answered_ctx = c;
	return q;
}

static struct place *place_of(struct collect *c, const struct question *q)
{
	for (struct place *p = c->places; p != NULL; p = p->hh.next)
		if (p->asking && p->question == q)
			return p;
	return NULL;
}

static void release(struct collect *c, struct place *p, unsigned gap_s)
{
	struct lane *l = collect_lane(c, p->router);

	p->asking = false;
	p->question = NULL;
	if (l != NULL)
		pace_answered(&l->pace, (int64_t)gap_s * 1000, clock_boot_ms());
	c->tick_due_ms = 0;
}

/* ---- routes ---- */

/* In the worker's thread; nobody else touches builder, odd and saw_origin until the answer is there. */
static void each(void *ctx, struct slice prefix, struct slice next_hop, struct slice as_path)
{
	struct place *p = ctx;
	struct prefix read;
	asn_t origin = as_path_origin(as_path);

	(void)next_hop;
	p->saw_origin = p->saw_origin || origin != ASN_UNKNOWN;
	if (!prefix_parse(prefix, &read) || !prefixset_add(p->builder, &read, origin))
		p->odd++;
}

static int whole(const struct place *p, const struct question *q, struct err *e)
{
	if (q->rows_seen != q->rows_parsed)
		return err_set(e, ERR_PARSE, "%u of %u rows of \"%.100s\" could not be read", q->rows_seen - q->rows_parsed, q->rows_seen,
		    q->asked.p);
	if (prefixset_builder_full(p->builder))
		return err_set(e, ERR_LIMIT, "more than %d prefixes", PREFIXES_MAX);
	return p->odd > 0 ? err_set(e, ERR_PARSE, "%zu prefixes of \"%.100s\" could not be read", p->odd, q->asked.p) : 0;
}

static void take_hops(struct side *d, const struct route_tally *t)
{
	free(d->hops);
	d->hops = mem_calloc(t->hop_count + 1, sizeof(*d->hops));
	memcpy(d->hops, t->hops, t->hop_count * sizeof(*d->hops));
	d->hop_count = t->hop_count;
	d->other_hops = t->other_hops;
}

/* The side's turn is over, well or not; frees the question. */
static void finish_routes(struct collect *c, struct place *p, struct question *q)
{
	const struct evidence_conf *conf = &c->way.config->evidence;
	struct side *d = &p->sides[q->side];

	d->tried = true;
	d->wanted_now = false;
	d->tried_wall_ms = clock_wall_ms();
	d->failures = d->err.code == ERR_NONE ? 0 : d->failures + 1;
	d->due_boot_ms = pace_due(clock_boot_ms(), d->err.code == ERR_REFUSED ? NEVER_MS : (int64_t)conf->routes_s * 1000, d->failures);
	if (d->err.code == ERR_NET || d->err.code == ERR_CANCELLED) /* the link went: soon again */
		d->due_boot_ms = pace_due(clock_boot_ms(), 60000, d->failures);
	c->generation++;
	release(c, p, conf->routes_gap_s);
	question_free(q);
}

static void take_set(struct collect *c, struct place *p, struct question *q, const struct read_set *r)
{
	struct side *d = &p->sides[q->side];

	if (d->set != r->set)
		c->sets++;
	d->added = r->added;
	d->removed = r->removed;
	prefixset_unref(d->set);
	d->set = r->set;
	memcpy(d->longest, r->longest, sizeof(d->longest));
	d->longest_count = r->longest_count;
	d->read_wall_ms = clock_wall_ms();
	d->origins = p->saw_origin || prefixset_count(d->set) == 0;
	d->count_then = q->side == ROUTES_RECEIVED ? p->about.received : q->side == ROUTES_ACCEPTED ? p->about.accepted : p->about.advertised;
	take_hops(d, &q->tally);
	finish_routes(c, p, q);
}

/* A set is frozen and compared by a job; until that is done the neighbor is still being asked. */
static void routes_answered(void *ctx, struct question *q)
{
	struct collect *c = ctx;
	struct place *p = place_of(c, q);
	struct side *d;

	if (p == NULL) {
		question_free(q);
		return;
	}
	d = &p->sides[q->side];
	d->err = q->err;
	p->question = NULL;
	if (d->err.code == ERR_NONE && whole(p, q, &d->err) == 0) {
		digest_set(c, p, q, take_set);
		return;
	}
	prefixset_builder_free(p->builder);
	p->builder = NULL;
	finish_routes(c, p, q);
}

void collect_ask_routes(struct collect *c, struct place *p, enum route_side side)
{
	struct question *q = prepare(c, p, ASK_ROUTES, routes_answered);

	q->side = side;
	q->each = each;
	q->each_ctx = p;
	p->question = q;
	p->odd = 0;
	p->saw_origin = false;
	p->builder = prefixset_builder_new(p->family == AF_IPV6_UNICAST ? ADDR_IP6 : ADDR_IP4);
	c->way.ask(c->way.ctx, p->router, q);
}

/* ---- probes ---- */

static void put(struct collect *c, const char *series, double value)
{
	history_put(c->way.history, HISTORY_GAUGE, series, clock_wall_ms(), value);
}

static void put_probe(struct collect *c, const struct place *p, const struct quality_window *w)
{
	char series[HISTORY_NAME_MAX + 1];

	place_series(series, "probe", p, "loss-percent");
	put(c, series, 100.0 * (double)(w->sent - w->received) / (double)w->sent);
	if (w->avg_ms >= 0) {
		place_series(series, "probe", p, "avg-ms");
		put(c, series, w->avg_ms);
	}
	if (w->jitter_ms >= 0) {
		place_series(series, "probe", p, "jitter-ms");
		put(c, series, w->jitter_ms);
	}
}

/* Of fewer than twenty packets the 95th percentile is the slowest one. */
static void take_probe(struct collect *c, struct place *p, const struct ping *ping)
{
	struct quality_window w = { .wall_ms = clock_wall_ms(), .sent = ping->sent, .received = ping->received, .min_ms = ping->min_ms,
		.avg_ms = ping->avg_ms, .p95_ms = ping->sent < 20 ? ping->max_ms : -1, .jitter_ms = ping->mdev_ms };

	if (ping->sent <= 0 || ping->received < 0 || ping->received > ping->sent) {
		err_set(&p->probe_err, ERR_PARSE, "the answer to the ping makes no sense");
		return;
	}
	if (ping->received == 0)
		w.min_ms = w.avg_ms = w.p95_ms = w.jitter_ms = -1;
	p->probes[p->probe_next] = w;
	p->probe_next = (p->probe_next + 1) % PROBES_KEPT;
	p->probe_count += p->probe_count < PROBES_KEPT;
	p->probe_wall_ms = w.wall_ms;
	put_probe(c, p, &w);
}

static void probe_answered(void *ctx, struct question *q)
{
	struct collect *c = ctx;
	const struct evidence_conf *conf = &c->way.config->evidence;
	struct place *p = place_of(c, q);

	if (p != NULL) {
		p->probe_err = q->err;
		p->probe_now = false;
		if (q->err.code == ERR_NONE && q->report != NULL)
			take_probe(c, p, &q->report->ping);
		p->probe_failures = p->probe_err.code == ERR_NONE ? 0 : p->probe_failures + 1;
		p->probe_due_ms = pace_due(clock_boot_ms(), p->probe_err.code == ERR_REFUSED ? NEVER_MS : (int64_t)conf->ping_s * 1000,
		    p->probe_failures);
		release(c, p, conf->small_gap_s);
	}
	question_free(q);
}

void collect_ask_probe(struct collect *c, struct place *p)
{
	struct question *q = prepare(c, p, ASK_PING, probe_answered);

	q->count = c->way.config->evidence.ping_count;
	p->question = q;
	c->way.ask(c->way.ctx, p->router, q);
}

/* ---- ports ---- */

static double rate_of(count_t before, count_t now, int64_t ms)
{
	return before == COUNT_UNKNOWN || now == COUNT_UNKNOWN || now < before || ms < PORT_LEAST_MS ? -1 :
		(double)(now - before) * 8000 / (double)ms;
}

/* Octets between two looks are the truth over that time; a rate that the router tells is its own mean over some minutes.
 * A counter that went back was reset: nothing is known of that time. */
static void take_rates(struct collect *c, struct place *p, const struct iface *f, bool same_port)
{
	int64_t now = clock_boot_ms(), ms = now - p->port_boot_ms;
	bool counted = same_port && p->port_boot_ms > 0 && p->in_octets != COUNT_UNKNOWN && f->input_octets != COUNT_UNKNOWN;
	double in = counted ? rate_of(p->in_octets, f->input_octets, ms) : f->input_bps != COUNT_UNKNOWN ? (double)f->input_bps : -1;
	double out = counted ? rate_of(p->out_octets, f->output_octets, ms) : f->output_bps != COUNT_UNKNOWN ? (double)f->output_bps : -1;
	char series[HISTORY_NAME_MAX + 1];

	if (in >= 0) {
		port_series(series, p, "in-bps");
		put(c, series, in);
	}
	if (out >= 0) {
		port_series(series, p, "out-bps");
		put(c, series, out);
	}
	p->in_octets = f->input_octets;
	p->out_octets = f->output_octets;
	p->port_boot_ms = now;
	p->port_wall_ms = clock_wall_ms();
}

static void take_port(struct collect *c, struct place *p, const struct report *r)
{
	const struct iface *f = r->iface_count > 0 ? &r->ifaces[0] : NULL;
	bool same;

	if (f == NULL || text_empty(f->name)) {
		err_set(&p->port_err, ERR_PARSE, "the router names no interface");
		return;
	}
	same = strcmp(p->iface, f->name.s) == 0;
	snprintf(p->iface, sizeof(p->iface), "%s", f->name.s);
	snprintf(p->description, sizeof(p->description), "%s", text_or(f->description, ""));
	p->speed_bps = f->speed_bps;
	p->found_boot_ms = clock_boot_ms();
	if (!same)
		collect_choose_leads(c);
	if (p->leads)
		take_rates(c, p, f, same);
}

static void port_answered(void *ctx, struct question *q)
{
	struct collect *c = ctx;
	const struct evidence_conf *conf = &c->way.config->evidence;
	struct place *p = place_of(c, q);

	if (p != NULL) {
		p->port_err = q->err;
		p->port_now = false;
		if (q->err.code == ERR_NONE && q->report != NULL)
			take_port(c, p, q->report);
		p->port_failures = p->port_err.code == ERR_NONE ? 0 : p->port_failures + 1;
		p->port_due_ms = pace_due(clock_boot_ms(), p->port_err.code == ERR_REFUSED ? NEVER_MS : (int64_t)conf->interface_s * 1000,
		    p->port_failures);
		release(c, p, conf->small_gap_s);
	}
	question_free(q);
}

void collect_ask_port(struct collect *c, struct place *p)
{
	struct question *q = prepare(c, p, ASK_INTERFACE, port_answered);

	p->question = q;
	c->way.ask(c->way.ctx, p->router, q);
}
