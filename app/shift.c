/* The shift's world; see shift.h. */
#include "app/shift.h"
#include "core/base/clock.h"
#include "core/model/history.h"
#include "core/model/setting.h"

#include <stdlib.h>

enum { EVENTS_MAX = 100000 };

static int add_event(void *ctx, const struct event *ev)
{
	event_log_add(ctx, *ev);
	return 0;
}

int shift_open(struct shift *s, const struct options *o, int64_t from_wall_ms, struct err *e)
{
	struct world *w = &s->present.w;

	s->config = options_config(o, e);
	if (s->config == NULL || options_data_dir(s->config, e) != 0)
		return -1;
	present_init(&s->present, s->config, EVENTS_MAX);
	records_open(&s->records, s->config);
	records_refresh(&s->records, w);
	s->people = people_open(s->config, s->records.path);
	w->book = people_book(s->people);
	w->calls = people_calls(s->people);
	s->incidents.path = s->records.path;
	s->incidents.set = incidents_new(&incident_defaults);
	incident_book_refresh(&s->incidents);
	w->incidents = s->incidents.set;
	if (history_events(s->config->data_dir, from_wall_ms, w->now_wall_ms, EVENTS_MAX, add_event, w->events, e) != 0)
		return -1;
	incidents_recall(s->incidents.set, w->events);
	return 0;
}

void shift_close(struct shift *s)
{
	if (s->config == NULL)
		return;
	incidents_free(s->incidents.set);
	people_close(s->people);
	if (s->records.path != NULL)
		records_close(&s->records);
	if (s->present.w.routers != NULL)
		present_fini(&s->present);
	config_free(s->config);
}

int shift_since(const char *words, int64_t now_wall_ms, int64_t *from_wall_ms, struct err *e)
{
	static const struct setting span = { .key = "since", .kind = SETTING_SPAN, .min = 1, .max = 366U * 86400 };
	unsigned seconds = 0;
	struct err own = ERR_INIT;
	const struct setting_base base = { .dir = "" };

	if (book_date(slice_of(words), false, from_wall_ms)) {
		if (*from_wall_ms <= now_wall_ms)
			return 0;
		return err_set(e, ERR_USAGE, "--since %s lies in the future", words);
	}
	if (setting_read(&span, words, &base, &seconds, &own) != 0)
		return err_set(e, ERR_USAGE, "--since \"%.40s\": allowed is a time back (8h, 90m, 2d) or a UTC time "
		    "(2026-11-20T03:12Z)", words);
	*from_wall_ms = now_wall_ms - (int64_t)seconds * 1000;
	return 0;
}
