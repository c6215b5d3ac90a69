/*
 * Incidents of the console: fed by every event, shared with the other consoles on the host through the journal.
 *
 * What somebody does to one is done here at once, and is a fact in the journal a moment later; read back, it changes
 * nothing more.
 */
#include "app/console_priv.h"
#include "app/incident_book.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READ_MS = 2000, PAST_S = 86400, PAST_EVENTS = 5000, SHIFT_MS = 8 * 3600000 };

static void on_event(void *ctx, const struct event *ev)
{
	struct console *c = ctx;

	incidents_event(c->incidents.set, &c->present.w, ev);
	history_event(c->history, ev);
	console_metrics_event(c, ev);
}

static int add_past(void *ctx, const struct event *ev)
{
	struct event old = *ev;

	old.acked = true;
	event_log_add(ctx, old);
	return 0;
}

/* Of the last day, so that "3 times since yesterday" is true also after a restart.  Before any worker runs: nothing of
 * it may be taken for news. */
static void recall(struct console *c)
{
	int64_t now = clock_wall_ms();
	struct err e = ERR_INIT;

	if (history_events(c->config->data_dir, now - PAST_S * 1000LL, now, PAST_EVENTS, add_past, c->present.w.events,
		&e) != 0)
		console_notice(c, "the events of the last day could not be read: %s", e.text);
}

void console_incidents_start(struct console *c)
{
	struct incident_rules rules = incident_defaults;

	c->incidents.path = c->records.path;
	c->incidents.alerts = c->alerts;
	rules.window_ms = (int64_t)c->config->incident.window_s * 1000;
	rules.quiet_ms = (int64_t)c->config->incident.quiet_s * 1000;
	rules.salt = (unsigned)getpid() * 64;
	c->incidents.set = incidents_new(&rules);
	c->scribe = scribe_start(c->records.journal, c->inbox);
	recall(c);
	incident_book_refresh(&c->incidents);
	c->present.w.incidents = c->incidents.set;
	event_log_sink(c->present.w.events, on_event, c);
}

void console_incidents_tick(struct console *c)
{
	int64_t now = c->present.w.now_boot_ms;
	const struct incident_fact *f;

	if (now >= c->incidents_due) {
		incident_book_refresh(&c->incidents);
		c->incidents_due = now + READ_MS;
	}
	incidents_follow(c->incidents.set, &c->present.w);
	while ((f = incidents_untold(c->incidents.set)) != NULL)
		incident_book_write(c->scribe, f);
	c->present.w.handed_wall_ms = c->incidents.handed_wall_ms > 0 ? c->incidents.handed_wall_ms :
	    c->present.w.now_wall_ms - SHIFT_MS;
	c->present.w.incidents_revision = incidents_revision(c->incidents.set);
}

void console_incidents_stop(struct console *c)
{
	if (c->present.w.events != NULL)
		event_log_sink(c->present.w.events, NULL, NULL);
	scribe_stop(c->scribe);
	c->present.w.incidents = NULL;
	incidents_free(c->incidents.set);
}

/* An incident that others do not know yet is told before what is done to it. */
static void tell_first(struct console *c)
{
	const struct incident_fact *f;

	while ((f = incidents_untold(c->incidents.set)) != NULL)
		incident_book_write(c->scribe, f);
}

void console_incident_share(struct console *c, const char *id)
{
	incidents_share(c->incidents.set, id);
	tell_first(c);
}

void console_incident(struct console *c, const struct request *rq)
{
	const struct world *w = &c->present.w;
	char fresh[INCIDENT_ID_LEN] = "";
	struct incident_fact f = { .op = rq->incident_op, .id = rq->incident, .words = rq->reason != NULL ? rq->reason : "",
		.who = w->operator_name[0] != '\0' ? w->operator_name : w->operator_login, .other = fresh,
		.wall_ms = w->now_wall_ms };

	if (f.op == INCIDENT_SPLIT)
		incident_id_new(w->now_wall_ms, (unsigned)w->now_boot_ms, fresh);
	console_incident_share(c, rq->incident);
	incidents_fact(c->incidents.set, &f);
	incident_book_write(c->scribe, &f);
}

void console_handover_ack(struct console *c)
{
	char from[CLOCK_ISO_LEN], to[CLOCK_ISO_LEN];
	const struct journal_more more[] = { { "op", "ack" }, { "from", clock_iso(c->present.w.handed_wall_ms, from) },
		{ "to", clock_iso(c->present.w.now_wall_ms, to) } };
	const struct journal_fact f = { .kind = "handover", .remote_as = ASN_UNKNOWN, .words = "acknowledged", .more = more,
		.more_count = ARRAY_LEN(more) };

	scribe_fact(c->scribe, &f);
	c->incidents.handed_wall_ms = c->present.w.now_wall_ms;
	console_notice(c, "the handover is acknowledged: the next one begins now");
}

void console_note(struct console *c, const char *words)
{
	const struct journal_fact f = { .kind = "note", .remote_as = ASN_UNKNOWN, .words = words };

	scribe_fact(c->scribe, &f);
	c->records_due = 0;
	console_notice(c, "noted for the handover");
}
