/*
 * Metrics of the console: counts what happens, and hands a text to the listener every few seconds.
 *
 * What the text tells is cut out of the world here, where the world may be read; the text itself, megabytes for many
 * sessions, is made in a thread of its own, so that no key waits for it.  The listener serves what it was given.
 */
#include "app/collect_work.h"
#include "app/console_priv.h"
#include "core/judge/metrics.h"

#include <stdlib.h>

enum { HAND_OVER_MS = 5000 };

struct metrics_job {
	struct job job; /* first */
	struct scrape *scrape;
	struct metrics_cut *cut;
};

static void run(struct job *j)
{
	struct metrics_job *m = (struct metrics_job *)j;
	struct str out;
	size_t len;

	str_init(&out, METRICS_OCTETS_MAX);
	metrics_cut_write(m->cut, &out);
	len = out.len;
	if (!out.over)
		scrape_hand_over(m->scrape, str_take(&out), len);
	str_fini(&out);
}

static void take(void *console, struct job *j)
{
	struct console *c = console;

	(void)j;
	c->metrics_under_way = false;
}

static void drop(struct job *j)
{
	struct metrics_job *m = (struct metrics_job *)j;

	metrics_cut_free(m->cut);
	free(m);
}

void console_metrics_start(struct console *c)
{
	struct err e = ERR_INIT;

	if (c->config->metrics.listen == NULL)
		return;
	c->metrics_work = work_start("metrics", &e);
	if (c->metrics_work != NULL)
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
	struct metrics_job *m;

	if (c->scrape == NULL)
		return;
	work_take(c->metrics_work, c);
	if (now < c->metrics_due || c->metrics_under_way)
		return;
	c->metrics_due = now + HAND_OVER_MS;
	c->metrics_under_way = true;
	m = MEM_NEW(struct metrics_job);
	m->job = (struct job){ .run = run, .take = take, .drop = drop };
	m->scrape = c->scrape;
	m->cut = metrics_cut_new(&c->present.w, &more);
	work_give(c->metrics_work, &m->job, c);
}

void console_metrics_stop(struct console *c)
{
	work_stop(c->metrics_work);
	c->metrics_work = NULL;
	scrape_stop(c->scrape);
	c->scrape = NULL;
}
