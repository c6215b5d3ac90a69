/* Alerts: which rules hold, for how long, and what they say; those that fire first. */
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/judge/alert.h"
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

typedef struct alert row;

static void show_state(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)width;
	if (alert_silent(r, cx->w->now_wall_ms))
		field_put(out, ROLE_DIM, "silenced");
	else if (r->muted)
		field_put(out, ROLE_DIM, "maintenance");
	else if (r->state == ALERT_PENDING)
		field_put(out, ROLE_DIM, "waiting");
	else if (r->unsure)
		field_put(out, ROLE_WARN, "not known");
	else if (alert_acked(r) && r->over_boot_ms < 0)
		field_put(out, ROLE_DIM, "acked");
	else if (r->over_boot_ms >= 0)
		field_put(out, ROLE_GOOD, "ending");
	else if (alert_quiet(r->rule, cx->w->now_wall_ms))
		field_put(out, ROLE_WARN, "quiet hours");
	else
		field_put(out, r->rule->severity == SEV_ALARM ? ROLE_ALARM : ROLE_WARN, "FIRING");
}

static bool state_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	const row *r = v;

	(void)cx;
	*out = r->muted ? 10 : r->state == ALERT_PENDING ? 9 : SEV_ALARM - r->rule->severity + (alert_acked(r) ? 4 : 0);
	return true;
}

static void show_severity(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	enum severity s = ((const row *)v)->rule->severity;

	(void)cx, (void)width;
	field_put(out, s == SEV_ALARM ? ROLE_ALARM : s == SEV_WARN ? ROLE_WARN : ROLE_NORMAL, severity_word(s));
}

static void show_since(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	char span[CLOCK_SPAN_LEN];

	(void)width;
	field_put(out, ROLE_NORMAL, clock_span((cx->w->now_boot_ms - ((const row *)v)->since_boot_ms) / 1000, span));
}

static bool since_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const row *)v)->since_boot_ms;
	return true;
}

static void show_rule(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_ACCENT, ((const row *)v)->rule->name);
}

static void show_words(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, ((const row *)v)->words);
}

static const struct column columns[] = {
	{ .id = "state", .title = "STATE", .help = "fires, waits until it held long enough, or is muted", .min = 6, .max = 11, .fit = true, .show = show_state, .number = state_number },
	{ .id = "severity", .title = "SEVERITY", .help = "as the rule says", .min = 7, .max = 8, .fit = true, .show = show_severity },
	{ .id = "since", .title = "SINCE", .help = "how long it holds", .min = 5, .max = 6, .fit = true, .right = true, .show = show_since, .number = since_number },
	{ .id = "rule", .title = "RULE", .help = "its name in the configuration", .min = 6, .max = 16, .fit = true, .show = show_rule },
	{ .id = "what", .title = "WHAT", .help = "what it found", .min = 20, .max = 0, .show = show_words },
};

static size_t rows_of(const struct view_ctx *cx, void **out)
{
	size_t n = cx->w->alerts != NULL ? alerts_count(cx->w->alerts) : 0;
	row *all = mem_calloc(n + 1, sizeof(*all));

	alerts_copy(cx->w->alerts, all, n);
	*out = all;
	return n;
}

static void key_of(const void *v, struct str *out)
{
	str_puts(out, ((const row *)v)->key);
}

static void focus_of(const void *v, struct focus *f)
{
	const row *r = v;

	snprintf(f->router, sizeof(f->router), "%s", r->router);
	snprintf(f->vrf, sizeof(f->vrf), "%s", r->vrf);
	snprintf(f->neighbor, sizeof(f->neighbor), "%s", r->neighbor);
	f->asn = r->asn;
}

static void aside_of(const struct view_ctx *cx, const void *v, struct page *p)
{
	const row *r = v;
	char iso[CLOCK_ISO_LEN];

	page_field(p, "rule", ROLE_NORMAL, "%s: %s, %s", r->rule->name, alert_on_words[r->rule->on], severity_word(r->rule->severity));
	page_field(p, "since", ROLE_NORMAL, "%s", clock_iso(r->since_wall_ms, iso));
	page_field(p, "goes to", r->told ? ROLE_NORMAL : ROLE_DIM, "%s%s", r->rule->to_words, r->told ? "" : " (not yet)");
	if (alert_silent(r, cx->w->now_wall_ms))
		page_field(p, "silenced", ROLE_NORMAL, "until %s by %s", clock_iso(r->silent_until_wall_ms, iso), r->acked_by);
	else if (alert_acked(r))
		page_field(p, "acked", ROLE_NORMAL, "%s by %s", clock_iso(r->acked_wall_ms, iso), r->acked_by);
	page_field(p, "what", ROLE_NORMAL, "%s", r->words);
}

/* ---- the outputs, over the list ---- */

static char *ago(int64_t wall_ms, int64_t now_wall_ms, char out[CLOCK_SPAN_LEN])
{
	return clock_span(wall_ms < now_wall_ms ? (now_wall_ms - wall_ms) / 1000 : 0, out);
}

/* How many wait, the age of the oldest, and when the next attempt is made. */
static void waiting_words(const struct output_state *s, int64_t now, struct str *out)
{
	char span[CLOCK_SPAN_LEN];

	if (s->queued > 0)
		str_addf(out, ", %zu wait, the oldest %s", s->queued, ago(s->oldest_wall_ms, now, span));
	if (s->failures > 0 && s->retry_wall_ms > now)
		str_addf(out, ", again in %s", clock_span((s->retry_wall_ms - now + 999) / 1000, span));
	if (s->dropped > 0)
		str_addf(out, ", %llu DROPPED", (unsigned long long)s->dropped);
	if (s->refused > 0)
		str_addf(out, ", %llu refused", (unsigned long long)s->refused);
}

static void output_field(struct page *p, const struct output_line *o, int64_t now)
{
	const struct output_state *s = &o->state;
	char span[CLOCK_SPAN_LEN];
	struct str words;

	str_init(&words, 1000);
	if (s->failures > 0)
		str_addf(&words, "FAILS (%u) ", s->failures);
	if (s->sent_wall_ms > 0)
		str_addf(&words, "sent %s ago", ago(s->sent_wall_ms, now, span));
	else
		str_puts(&words, "nothing sent yet");
	waiting_words(s, now, &words);
	if (s->queued > 0 && s->failures == 0 && quiet_now(&o->conf->quiet, now))
		str_puts(&words, " (quiet hours)");
	if (s->error[0] != '\0')
		str_addf(&words, ": %s", s->error);
	page_field(p, o->conf->name, s->failures > 0 ? ROLE_ALARM : s->dropped > 0 || s->refused > 0 ? ROLE_WARN : ROLE_NORMAL, "%s", words.p);
	str_fini(&words);
}

enum { OUTPUTS_SHOWN = 4 };

/* Those that fail first: there may be more than there is room for. */
static void head_of(const struct view_ctx *cx, struct page *p)
{
	const struct world *w = cx->w;
	size_t shown = 0;

	p->label_width = 10;
	if (w->outputs_note != NULL && w->outputs_note[0] != '\0')
		page_line(p, ROLE_WARN, "%s", w->outputs_note);
	for (int failing = 1; failing >= 0; failing--)
		for (size_t i = 0; i < w->output_count; i++)
			if ((w->outputs[i].state.failures > 0) == (failing != 0) && shown++ < OUTPUTS_SHOWN)
				output_field(p, &w->outputs[i], w->now_wall_ms);
	if (shown > OUTPUTS_SHOWN)
		page_line(p, ROLE_DIM, "and %zu more output%s", shown - OUTPUTS_SHOWN, shown - OUTPUTS_SHOWN == 1 ? "" : "s");
	if (w->output_count > 0 && w->outputs_elsewhere)
		page_line(p, ROLE_DIM, "another console on this host tells them");
}

/* To the router's sessions, or to the neighbor's where it is about one. */
static const char *open_row(const void *v, struct str *filter)
{
	const row *r = v;

	if (r->router[0] == '\0')
		return r->rule->on == ALERT_INCIDENT ? "incidents" : NULL;
	str_addf(filter, "router:^\\Q%s\\E$", r->router);
	if (r->neighbor[0] != '\0')
		str_addf(filter, " neighbor:^\\Q%s\\E$", r->neighbor);
	return "sessions";
}

const struct view view_alerts = {
	.name = "alerts", .title = "Alerts", .about = "what the alert rules of the configuration find",
	.columns = columns, .column_count = ARRAY_LEN(columns), .row_size = sizeof(row),
	.rows = rows_of, .key = key_of, .focus = focus_of, .aside = aside_of, .head = head_of, .open = open_row, .sort = "state",
	.empty = "no rule holds now (or none is configured: peerdeck.conf(5), alert)",
};
