/* The past that the screen shows: what it wants is told to the archive's threads, what they read goes into the world. */
#include "app/console_priv.h"

#include <stdio.h>

void console_past_start(struct console *c)
{
	struct err e = ERR_INIT;

	c->archive = archive_start(c->config, c->records.path, &e);
	if (c->archive == NULL)
		snprintf(c->present.w.no_past, sizeof(c->present.w.no_past), "the history is not read: %.150s", e.text);
}

void console_past_tick(struct console *c)
{
	struct world *w = &c->present.w;
	uint64_t newest = w->events != NULL && event_log_count(w->events) > 0 ? event_log_at(w->events, 0)->id : 0;
	struct ui_wants wants;

	c->past_waits = false;
	if (c->archive == NULL)
		return;
	ui_wants(c->ui, &wants);
	if (newest != c->past_event)
		archive_news(c->archive);
	c->past_event = newest;
	archive_want(c->archive, &wants, wants.track ? collect_interface(c->collect, wants.router, wants.vrf, wants.neighbor) : "", w);
	c->past_waits = archive_take(c->archive, w);
}

void console_past_stop(struct console *c)
{
	archive_stop(c->archive, &c->present.w);
	c->archive = NULL;
}
