/* How the collecting of evidence goes: what, how much, when last, when next, and what is wrong. */
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "tui/view.h"

#include <stdlib.h>
#include <string.h>

typedef struct collector_line line;

static void show_what(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_ACCENT, text_or(((const line *)v)->what, ""));
}

static void show_have(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const line *l = v;

	(void)cx, (void)width;
	field_put(out, l->last_wall_ms == 0 ? ROLE_DIM : ROLE_NORMAL, text_or(l->have, ""));
}

static void show_last(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const line *l = v;
	char span[CLOCK_SPAN_LEN];

	(void)width;
	if (l->last_wall_ms == 0)
		field_put(out, ROLE_DIM, "never");
	else
		field_putf(out, ROLE_NORMAL, "%s ago", clock_span((cx->w->now_wall_ms - l->last_wall_ms) / 1000, span));
}

static void show_next(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const line *l = v;
	int64_t left = (l->next_wall_ms - cx->w->now_wall_ms) / 1000;
	char span[CLOCK_SPAN_LEN];

	(void)width;
	if (l->next_wall_ms == 0)
		field_put(out, ROLE_DIM, "-");
	else if (left <= 0)
		field_put(out, ROLE_NORMAL, "now");
	else
		field_putf(out, ROLE_NORMAL, "in %s", clock_span(left, span));
}

static void show_trouble(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_WARN, text_or(((const line *)v)->trouble, ""));
}

static const struct column columns[] = {
	{ .id = "what", .title = "WHAT", .help = "what is collected", .min = 8, .max = 18, .fit = true, .show = show_what },
	{ .id = "have", .title = "HAVE", .help = "how much of it is there", .min = 10, .max = 28, .fit = true, .show = show_have },
	{ .id = "last", .title = "LAST", .help = "when something was read last", .min = 8, .max = 12, .fit = true, .show = show_last },
	{ .id = "next", .title = "NEXT", .help = "when the next question is due", .min = 6, .max = 12, .fit = true, .show = show_next },
	{ .id = "trouble", .title = "TROUBLE", .help = "how many do not answer, and what one of them says", .min = 10, .max = 0, .show = show_trouble },
};

static size_t rows(const struct view_ctx *cx, void **out)
{
	line *all = mem_calloc(cx->w->collector_count + 1, sizeof(*all));

	if (cx->w->collector_count > 0)
		memcpy(all, cx->w->collectors, cx->w->collector_count * sizeof(*all));
	*out = all;
	return cx->w->collector_count;
}

static void key(const void *v, struct str *out)
{
	str_puts(out, text_or(((const line *)v)->what, ""));
}

static void aside(const struct view_ctx *cx, const void *v, struct page *p)
{
	const line *l = v;
	char iso[CLOCK_ISO_LEN];

	(void)cx;
	page_field(p, "what", ROLE_NORMAL, "%s", text_or(l->what, ""));
	page_field(p, "have", ROLE_NORMAL, "%s", text_or(l->have, ""));
	page_field(p, "last", ROLE_NORMAL, "%s", l->last_wall_ms > 0 ? clock_iso(l->last_wall_ms, iso) : "never");
	page_field(p, "trouble", text_empty(l->trouble) ? ROLE_DIM : ROLE_WARN, "%s", text_empty(l->trouble) ? "none" : l->trouble.s);
}

const struct view view_collectors = {
	.name = "collectors", .title = "Collectors", .about = "evidence beside the polls: routes, probes, ports, registries",
	.columns = columns, .column_count = ARRAY_LEN(columns), .row_size = sizeof(line),
	.rows = rows, .key = key, .aside = aside, .empty = "nothing is collected yet",
};
