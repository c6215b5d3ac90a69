/*
 * Metrics of the console: counts what happens, and hands a text to the listener every few seconds.
 *
 * The text is made in the UI thread because only it may read the world; the listener serves what it was given.
 */
#include "app/console_priv.h"
#include "core/judge/metrics.h"

enum { HAND_OVER_MS = 5000 };

void console_metrics_start(struct console *c)
{
	struct err e = ERR_INIT;

	if (c->config->metrics.listen == NULL)
		return;
	c->scrape = scrape_start(c->config->metrics.listen, METRICS_CONTENT_TYPE, &e);
	if (c->scrape == NULL)
		console_notice(c, "%s", e.text);
}

void console_metrics_event(struct console *c, const struct event *ev)
{
	c->event_counts[ev->kind]++;
}

void console_metrics_tick(struct console *c)
{
	const struct metrics_more more = { .events = c->event_counts, .ledger_known = c->present.w.no_action == NULL };
	int64_t now = c->present.w.now_boot_ms;
	struct str out;
	size_t len;

	if (c->scrape == NULL || now < c->metrics_due)
		return;
	c->metrics_due = now + HAND_OVER_MS;
	str_init(&out, METRICS_OCTETS_MAX);
	metrics_write(&c->present.w, &more, &out);
	len = out.len;
	if (!out.over)
		scrape_hand_over(c->scrape, str_take(&out), len);
	str_fini(&out);
}

void console_metrics_stop(struct console *c)
{
	scrape_stop(c->scrape);
	c->scrape = NULL;
}
