/* The writer of the exposition; see metrics.h. */
#include "core/judge/metrics.h"
#include "core/judge/incident.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum metric_type { METRIC_GAUGE, METRIC_COUNTER };

/* OpenMetrics: in a label's value \, " and the line end are escaped, nothing else. */
static void put_label(struct str *out, const char *name, const char *value, bool first)
{
	str_putc(out, first ? '{' : ',');
	str_puts(out, name);
	str_add(out, "=\"", 2);
	for (const char *p = value;; p++) {
		size_t plain = strcspn(p, "\n\\\"");

		str_add(out, p, plain);
		p += plain;
		if (*p == '\0')
			break;
		str_putc(out, '\\');
		str_putc(out, *p == '\n' ? 'n' : *p);
	}
	str_putc(out, '"');
}

/* A line of a series; by hand, because there are seven for each of 20,000 sessions. */
static void put_line(struct str *out, const char *name, const char *labels, count_t value)
{
	char digits[24], *p = digits + sizeof(digits);
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	*--p = '\n';
	do {
		*--p = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (value < 0)
		*--p = '-';
	*--p = ' ';
	str_puts(out, name);
	str_puts(out, labels);
	str_add(out, p, (size_t)(digits + sizeof(digits) - p));
}

static void put_head(struct str *out, const char *name, enum metric_type type, const char *help)
{
	static const char seconds[] = "_seconds";
	size_t n = strlen(name), tail = sizeof(seconds) - 1;

	str_addf(out, "# TYPE %s %s\n", name, type == METRIC_COUNTER ? "counter" : "gauge");
	if (n > tail && strcmp(name + n - tail, seconds) == 0)
		str_addf(out, "# UNIT %s seconds\n", name);
	str_addf(out, "# HELP %s %s\n", name, help);
}

static void put_number(struct str *out, const char *name, const char *help, uint64_t value)
{
	put_head(out, name, METRIC_GAUGE, help);
	str_addf(out, "%s %" PRIu64 "\n", name, value);
}

/* ---- sessions ---- */

static count_t tri_value(enum tri t)
{
	return t == TRI_UNKNOWN ? COUNT_UNKNOWN : t == TRI_YES;
}

static count_t value_up(const struct session *s)
{
	return s->state == BGP_UNKNOWN ? COUNT_UNKNOWN : s->state == BGP_ESTABLISHED;
}
static count_t value_admin(const struct session *s)
{
	return tri_value(s->admin_down);
}
static count_t value_tripped(const struct session *s)
{
	return tri_value(s->limit_tripped);
}
static count_t value_received(const struct session *s)
{
	return s->received;
}
static count_t value_accepted(const struct session *s)
{
	return s->accepted;
}
static count_t value_advertised(const struct session *s)
{
	return s->advertised;
}
static count_t value_max(const struct session *s)
{
	return s->max_prefixes;
}

static const struct session_metric {
	const char *name;
	count_t (*value)(const struct session *s);
	const char *help;
} session_metrics[] = {
	{ "peerdeck_session_up", value_up, "1 if the session is Established, 0 if it is not." },
	{ "peerdeck_session_admin_down", value_admin, "1 if the session is shut administratively on our router." },
	{ "peerdeck_session_limit_tripped", value_tripped, "1 if the session is held down because max-prefix was passed." },
	{ "peerdeck_session_received_prefixes", value_received, "Prefixes received from the peer, before our policy." },
	{ "peerdeck_session_accepted_prefixes", value_accepted, "Prefixes accepted by our policy." },
	{ "peerdeck_session_advertised_prefixes", value_advertised, "Prefixes advertised to the peer." },
	{ "peerdeck_session_max_prefixes", value_max, "The configured limit of prefixes." },
};

/* ---- the cut ---- */

/* A router whose sessions are told: its data were fresh when it was cut. */
struct cut_router {
	const char *name; /* of the configuration */
	struct snap *snap;
};

struct metrics_cut {
	struct cut_router *routers;
	size_t count;
	struct str rest; /* what comes after the sessions: short, and of things that change */
};

/* A session that becomes series. */
struct series {
	const char *router;
	const struct session *s;
	char *labels;
};

/* Two rows with the same labels would be one series with two values: the router names them by nothing. */
static bool same_labels(const struct session *a, const struct session *b)
{
	return a->family == b->family && a->remote_as == b->remote_as && strcmp(text_or(a->vrf, ""), text_or(b->vrf, "")) == 0 &&
	    strcmp(text_or(a->neighbor, ""), text_or(b->neighbor, "")) == 0;
}

/* "{router=...,family=...}": written once for all families. */
static char *labels_of(const struct series *r)
{
	const char *family = afi_safi_word(r->s->family);
	char asn[16] = "", *labels;
	struct str out;

	str_init(&out, 0);
	if (r->s->remote_as != ASN_UNKNOWN)
		snprintf(asn, sizeof(asn), "%" PRIu32, r->s->remote_as);
	put_label(&out, "router", r->router, true);
	put_label(&out, "vrf", text_empty(r->s->vrf) ? "default" : r->s->vrf.s, false);
	put_label(&out, "neighbor", text_or(r->s->neighbor, ""), false);
	put_label(&out, "asn", asn, false);
	put_label(&out, "family", family != NULL ? family : "", false);
	str_putc(&out, '}');
	labels = str_take(&out);
	str_fini(&out);
	return labels;
}

/* The sessions that become series; the caller frees the labels and the array. */
static struct series *choose(const struct metrics_cut *c, size_t *count, uint64_t *left_out)
{
	struct series *kept;
	size_t all = 0, n = 0;

	*left_out = 0;
	for (size_t i = 0; i < c->count; i++)
		all += c->routers[i].snap->count;
	kept = mem_calloc(all + 1, sizeof(*kept));
	for (size_t i = 0; i < c->count; i++)
		for (size_t k = 0; k < c->routers[i].snap->count; k++) {
			const struct series one = { c->routers[i].name, &c->routers[i].snap->sessions[k], NULL };
			bool same = n > 0 && kept[n - 1].router == one.router && same_labels(kept[n - 1].s, one.s);

			if (n == METRICS_SESSIONS_MAX || same)
				(*left_out)++;
			else
				kept[n++] = one;
		}
	for (size_t i = 0; i < n; i++)
		kept[i].labels = labels_of(&kept[i]);
	*count = n;
	return kept;
}

static void put_sessions(const struct metrics_cut *c, struct str *out)
{
	uint64_t left_out;
	size_t n;
	struct series *rows = choose(c, &n, &left_out);

	for (size_t k = 0; k < ARRAY_LEN(session_metrics); k++) {
		const struct session_metric *m = &session_metrics[k];

		put_head(out, m->name, METRIC_GAUGE, m->help);
		for (size_t i = 0; i < n; i++) {
			count_t v = m->value(rows[i].s);

			if (v != COUNT_UNKNOWN)
				put_line(out, m->name, rows[i].labels, v);
		}
	}
	put_number(out, "peerdeck_sessions_left_out", "Sessions without series: labels the same as another's, or past the ceiling.",
	    left_out);
	for (size_t i = 0; i < n; i++)
		free(rows[i].labels);
	free(rows);
}

/* ---- routers ---- */

/* Before the first attempt has ended nobody knows whether it can be read. */
static bool router_known(const struct world_router *r)
{
	return r->snap != NULL || r->link.attempts > 0 || r->link.state == LINK_WAITING || r->link.state == LINK_LOCKED ||
	    r->link.state == LINK_STOPPED;
}

static void put_router(struct str *out, const char *name, const struct world_router *r)
{
	str_puts(out, name);
	put_label(out, "router", r->conf->name, true);
	str_puts(out, "} ");
}

static void put_router_up(const struct world *w, struct str *out)
{
	static const char name[] = "peerdeck_router_up";

	put_head(out, name, METRIC_GAUGE, "1 if the router is read and its data are fresh, 0 if not.");
	for (size_t i = 0; i < w->router_count; i++) {
		bool stale;

		if (!router_known(&w->routers[i]))
			continue;
		world_router_age(w, &w->routers[i], &stale);
		put_router(out, name, &w->routers[i]);
		str_addf(out, "%d\n", !stale);
	}
}

static void put_router_age(const struct world *w, struct str *out)
{
	static const char name[] = "peerdeck_router_snapshot_age_seconds";

	put_head(out, name, METRIC_GAUGE, "Age of the last complete look at the router.");
	for (size_t i = 0; i < w->router_count; i++) {
		bool stale;
		int64_t age = world_router_age(w, &w->routers[i], &stale);

		if (age < 0)
			continue;
		put_router(out, name, &w->routers[i]);
		str_addf(out, "%" PRId64 ".%03d\n", age / 1000, (int)(age % 1000));
	}
}

static void put_router_polls(const struct world *w, struct str *out)
{
	static const char polls[] = "peerdeck_router_polls", last[] = "peerdeck_router_poll_duration_seconds";

	put_head(out, polls, METRIC_COUNTER, "Looks at the router since the start of peerdeck.");
	for (size_t i = 0; i < w->router_count; i++) {
		put_router(out, "peerdeck_router_polls_total", &w->routers[i]);
		str_addf(out, "%u\n", w->routers[i].link.polls);
	}
	put_head(out, last, METRIC_GAUGE, "How long the last look at the router took.");
	for (size_t i = 0; i < w->router_count; i++) {
		if (w->routers[i].link.polls == 0)
			continue;
		put_router(out, last, &w->routers[i]);
		str_addf(out, "%u.%03u\n", w->routers[i].link.poll_ms / 1000, w->routers[i].link.poll_ms % 1000);
	}
}

/* ---- what is noted down ---- */

static void put_ledger(const struct world *w, struct str *out)
{
	uint64_t overdue = 0;

	for (size_t i = 0; i < w->ledger_count; i++)
		overdue += w->ledger[i].until_wall_ms > 0 && w->ledger[i].until_wall_ms < w->now_wall_ms;
	put_number(out, "peerdeck_ledger_held", "Sessions that we hold suspended or withdrawn.", w->ledger_count);
	put_number(out, "peerdeck_ledger_overdue", "Of those, past the time they were to end.", overdue);
}

static void put_incidents(const struct world *w, struct str *out)
{
	size_t unacked, open = incidents_open(w->incidents, &unacked);

	put_number(out, "peerdeck_incidents_open", "Incidents that are not closed.", open);
	put_number(out, "peerdeck_incidents_unacknowledged", "Of those, that nobody has acknowledged.", unacked);
}

static void put_events(const uint64_t *counts, struct str *out)
{
	put_head(out, "peerdeck_events", METRIC_COUNTER, "Events since the start of this console.");
	for (int k = 0; k < EVENT_KINDS; k++) {
		str_puts(out, "peerdeck_events_total");
		put_label(out, "kind", event_kind_word((enum event_kind)k), true);
		str_addf(out, "} %" PRIu64 "\n", counts[k]);
	}
}

static void cut_sessions(struct metrics_cut *c, const struct world *w)
{
	c->routers = mem_calloc(w->router_count + 1, sizeof(*c->routers));
	for (size_t i = 0; i < w->router_count; i++) {
		const struct world_router *r = &w->routers[i];
		bool stale;

		world_router_age(w, r, &stale);
		if (r->snap != NULL && !stale)
			c->routers[c->count++] = (struct cut_router){ r->conf->name, snap_ref(r->snap) };
	}
}

struct metrics_cut *metrics_cut_new(const struct world *w, const struct metrics_more *more)
{
	struct metrics_cut *c = MEM_NEW(struct metrics_cut);

	str_init(&c->rest, METRICS_OCTETS_MAX);
	cut_sessions(c, w);
	put_router_up(w, &c->rest);
	put_router_age(w, &c->rest);
	put_router_polls(w, &c->rest);
	if (more->ledger_known)
		put_ledger(w, &c->rest);
	if (w->incidents != NULL)
		put_incidents(w, &c->rest);
	if (more->events != NULL)
		put_events(more->events, &c->rest);
	str_puts(&c->rest, "# EOF\n");
	return c;
}

void metrics_cut_write(const struct metrics_cut *c, struct str *out)
{
	put_sessions(c, out);
	str_add(out, c->rest.p, c->rest.len);
	out->over = out->over || c->rest.over;
}

void metrics_cut_free(struct metrics_cut *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->count; i++)
		snap_unref(c->routers[i].snap);
	free(c->routers);
	str_fini(&c->rest);
	free(c);
}

void metrics_write(const struct world *w, const struct metrics_more *more, struct str *out)
{
	struct metrics_cut *c = metrics_cut_new(w, more);

	metrics_cut_write(c, out);
	metrics_cut_free(c);
}
