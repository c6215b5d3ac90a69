/* Incidents: what fell together, open ones first, newest on top. */
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/judge/incident.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct incident_row {
	char id[INCIDENT_ID_LEN], owner[INCIDENT_WHO_LEN], words[FIELD_MAX];
	int64_t opened_wall_ms, closed_wall_ms;
	size_t down, count;
	bool acked, forming;
	asn_t asn; /* where all members share one */
};

typedef struct incident_row row;

static void show_state(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)cx, (void)width;
	if (r->closed_wall_ms != 0)
		field_put(out, ROLE_DIM, "closed");
	else if (!r->acked)
		field_put(out, ROLE_ALARM, "NEW");
	else if (r->down == 0)
		field_put(out, ROLE_GOOD, "back");
	else
		field_put(out, ROLE_WARN, "open");
}

static bool state_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	const row *r = v;

	(void)cx;
	*out = r->closed_wall_ms != 0 ? 3 : !r->acked ? 0 : r->down > 0 ? 1 : 2;
	return true;
}

static void show_opened(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)width;
	time_words(((const row *)v)->opened_wall_ms, cx->w->now_wall_ms, out->s, sizeof(out->s));
	out->role = ROLE_NORMAL;
}

static bool opened_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const row *)v)->opened_wall_ms;
	return true;
}

static void show_lasts(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;
	int64_t end = r->closed_wall_ms != 0 ? r->closed_wall_ms : cx->w->now_wall_ms;
	char span[CLOCK_SPAN_LEN];

	(void)width;
	field_put(out, r->closed_wall_ms != 0 ? ROLE_DIM : ROLE_NORMAL, clock_span((end - r->opened_wall_ms) / 1000, span));
}

static void show_down(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)cx, (void)width;
	field_putf(out, r->down > 0 ? ROLE_BAD : ROLE_GOOD, "%zu/%zu", r->down, r->count);
}

static bool down_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = (int64_t)((const row *)v)->down;
	return true;
}

static void show_words(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)cx, (void)width;
	field_put(out, r->closed_wall_ms != 0 ? ROLE_DIM : r->down > 0 ? ROLE_BAD : ROLE_NORMAL, r->words);
}

static void show_owner(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)cx, (void)width;
	field_put(out, r->owner[0] ? ROLE_ACCENT : ROLE_DIM, r->owner[0] ? r->owner : "nobody");
}

static void show_id(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_DIM, ((const row *)v)->id);
}

static const struct column columns[] = {
	{ .id = "state", .title = "STATE", .help = "NEW until acknowledged; open, back, closed", .min = 6, .max = 6,
	    .show = show_state, .number = state_number },
	{ .id = "opened", .title = "UTC", .help = "when the first of it fell", .min = 8, .max = 11, .fit = true,
	    .descends = true, .show = show_opened, .number = opened_number },
	{ .id = "lasts", .title = "LASTS", .help = "until now, or until it was closed", .min = 5, .max = 6, .right = true,
	    .rank = 2, .show = show_lasts },
	{ .id = "down", .title = "DOWN", .help = "still down, of all that fell", .min = 5, .max = 9, .fit = true, .right = true,
	    .descends = true, .show = show_down, .number = down_number },
	{ .id = "owner", .title = "OWNER", .help = "who works on it", .min = 6, .max = 12, .fit = true, .rank = 3,
	    .show = show_owner },
	{ .id = "what", .title = "WHAT", .help = "what they share, or its name", .min = 24, .max = 0, .show = show_words },
	{ .id = "id", .title = "ID", .help = "its name in the journal", .min = 21, .max = 21, .rank = 4, .show = show_id },
};

static asn_t shared_as(const struct incident *i)
{
	for (size_t k = 1; k < i->count; k++)
		if (i->members[k].asn != i->members[0].asn)
			return ASN_UNKNOWN;
	return i->count > 0 ? i->members[0].asn : ASN_UNKNOWN;
}

static row row_of(const struct incident *i)
{
	row r = { .opened_wall_ms = i->opened_wall_ms, .closed_wall_ms = i->closed_wall_ms, .down = i->down,
		.count = i->count, .acked = i->acked_wall_ms != 0, .forming = !i->settled, .asn = shared_as(i) };
	struct str words;

	str_init(&words, FIELD_MAX - 1);
	if (i->name[0] != '\0')
		str_addf(&words, "%s: ", i->name);
	incident_words(i, &words);
	if (i->closed_wall_ms != 0)
		str_addf(&words, " (%s)", i->closed_words);
	snprintf(r.words, sizeof(r.words), "%s", words.p);
	snprintf(r.id, sizeof(r.id), "%s", i->id);
	snprintf(r.owner, sizeof(r.owner), "%s", i->owner[0] ? i->owner : i->acked_by);
	str_fini(&words);
	return r;
}

static size_t rows_of(const struct view_ctx *cx, void **out)
{
	size_t n = cx->w->incidents != NULL ? incidents_count(cx->w->incidents) : 0;
	row *rows = mem_calloc(n + 1, sizeof(*rows));

	for (size_t i = 0; i < n; i++)
		rows[i] = row_of(incidents_at(cx->w->incidents, i));
	*out = rows;
	return n;
}

static void key_of(const void *v, struct str *out)
{
	str_puts(out, ((const row *)v)->id);
}

static void focus_of(const void *v, struct focus *out)
{
	const row *r = v;

	out->asn = r->asn;
	snprintf(out->incident, sizeof(out->incident), "%s", r->id);
}

static void aside_of(const struct view_ctx *cx, const void *v, struct page *p)
{
	const row *r = v;

	(void)cx;
	page_line(p, r->down > 0 ? ROLE_BAD : ROLE_NORMAL, "%s", r->words);
	page_line(p, ROLE_DIM, "%s%s", r->id, r->forming ? ", more may come" : "");
}

static const char *open_row(const void *v, struct str *filter)
{
	(void)v, (void)filter;
	return "incident";
}

const struct view view_incidents = {
	.name = "incidents", .title = "Incidents", .about = "what fell together, and who works on it",
	.columns = columns, .column_count = ARRAY_LEN(columns), .row_size = sizeof(row), .sort = "state",
	.rows = rows_of, .key = key_of, .focus = focus_of, .aside = aside_of, .open = open_row,
	.empty = "no incident since yesterday that this host knows of",
};
