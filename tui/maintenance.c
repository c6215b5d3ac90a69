/* The form of a maintenance mail; see maintenance.h. */
#include "tui/maintenance.h"
#include "core/base/clock.h"

#include <stdio.h>

void maintenance_begin(struct maintenance_dialogue *d, const struct view_ctx *cx)
{
	const struct world_session *s = view_focus_session(cx);
	char place[160] = "", from[CLOCK_ISO_LEN];

	if (s != NULL && s->exchange != NULL)
		snprintf(place, sizeof(place), "exchange:%s", text_or(s->exchange->name, ""));
	else if (s != NULL)
		snprintf(place, sizeof(place), "router:%s", s->router->conf->name);
	clock_iso(cx->w->now_wall_ms + INT64_C(86400000), from);
	from[10] = '\0';
	form_begin(&d->form, "compose them, nothing is written yet", "maintenance mail to every network at a place");
	snprintf(d->form.note, sizeof(d->form.note), "exchange:NAME, router:NAME or facility:NAME; times are UTC");
	form_add(&d->form, "where", place);
	form_add(&d->form, "from", from);
	form_add(&d->form, "until", from);
	form_add(&d->form, "work", "");
	form_add(&d->form, "ticket", "");
	d->form.at = 1;
	d->open = true;
}

void maintenance_key(struct maintenance_dialogue *d, keycode k, struct request *rq)
{
	enum form_end end = form_key(&d->form, k);

	if (end == FORM_GOES_ON)
		return;
	d->open = false;
	if (end == FORM_LEFT)
		return;
	d->ask = (struct maintenance_ask){ form_text(&d->form, 0), form_text(&d->form, 1), form_text(&d->form, 2),
		form_text(&d->form, 3), form_text(&d->form, 4) };
	rq->kind = REQ_MAINTENANCE;
	rq->maintenance = &d->ask;
}
