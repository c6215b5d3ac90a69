/* Journal: who did what, when, with which outcome; and what we hold down now. */
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct journal_line line;
typedef struct ledger_line held;

#define TEXT_CELL(NAME, TYPE, FIELD, ROLE) \
	static void NAME(const struct view_ctx *cx, const void *v, int width, struct field *out) \
	{ \
		(void)cx, (void)width; \
		field_put(out, ROLE, text_or(((const TYPE *)v)->FIELD, "")); \
	}

TEXT_CELL(show_who, line, who, ROLE_NORMAL)
TEXT_CELL(show_what, line, what, ROLE_ACCENT)
TEXT_CELL(show_router, line, router, ROLE_NORMAL)
TEXT_CELL(show_neighbor, line, neighbor, ROLE_NORMAL)
TEXT_CELL(show_reason, line, reason, ROLE_NORMAL)

static void show_outcome(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const char *w = text_or(((const line *)v)->outcome, "");

	(void)cx, (void)width;
	field_put(out, strncmp(w, "done", 4) == 0 ? ROLE_GOOD : w[0] ? ROLE_WARN : ROLE_DIM, w);
}

static void show_seq(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_putf(out, ROLE_DIM, "%llu", (unsigned long long)((const line *)v)->seq);
}

static bool seq_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = (int64_t)((const line *)v)->seq;
	return true;
}

static void show_time(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)width;
	time_words(((const line *)v)->wall_ms, cx->w->now_wall_ms, out->s, sizeof(out->s));
	out->role = ROLE_NORMAL;
}

static bool time_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const line *)v)->wall_ms;
	return true;
}

static void show_asn(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const line *l = v;

	(void)cx, (void)width;
	field_put(out, ROLE_DIM, "");
	if (l->remote_as != ASN_UNKNOWN)
		field_putf(out, ROLE_NORMAL, "%u", l->remote_as);
}

static bool asn_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const line *)v)->remote_as;
	return *out != ASN_UNKNOWN;
}

static const struct column journal_columns[] = {
	{ .id = "seq", .title = "SEQ", .help = "place in the chain", .min = 4, .max = 8, .right = true, .descends = true,
	    .rank = 2, .fit = true, .show = show_seq, .number = seq_number },
	{ .id = "time", .title = "UTC", .help = "when", .min = 8, .max = 11, .fit = true, .descends = true, .show = show_time,
	    .number = time_number },
	{ .id = "who", .title = "WHO", .help = "operator", .min = 6, .max = 14, .fit = true, .show = show_who },
	{ .id = "what", .title = "WHAT", .help = "action or note", .min = 8, .max = 16, .fit = true, .show = show_what },
	{ .id = "router", .title = "ROUTER", .help = "where", .min = 6, .max = 16, .fit = true, .show = show_router },
	{ .id = "asn", .title = "ASN", .help = "of which network", .min = 6, .max = 10, .fit = true, .right = true, .rank = 4,
	    .show = show_asn, .number = asn_number },
	{ .id = "neighbor", .title = "NEIGHBOR", .help = "whom", .min = 11, .max = 39, .fit = true, .tail = true,
	    .show = show_neighbor },
	{ .id = "outcome", .title = "OUTCOME", .help = "done, failed, unverified, unknown", .min = 10, .max = 30, .fit = true,
	    .show = show_outcome },
	{ .id = "reason", .title = "REASON", .help = "as given", .min = 10, .max = 0, .show = show_reason },
};

static void journal_aside(const struct view_ctx *cx, const void *v, struct page *p)
{
	const line *l = v;
	char iso[CLOCK_ISO_LEN];

	(void)cx;
	page_line(p, ROLE_NORMAL, "%s  %s %s %s %s", clock_iso(l->wall_ms, iso), text_or(l->who, ""), text_or(l->what, ""),
	    text_or(l->router, ""), text_or(l->neighbor, ""));
	page_field(p, "outcome", ROLE_NORMAL, "%s", text_or(l->outcome, "none"));
	page_field(p, "reason", ROLE_NORMAL, "%s", text_or(l->reason, "none"));
}

static size_t journal_rows(const struct view_ctx *cx, void **out)
{
	line *rows = mem_calloc(cx->w->journal_count + 1, sizeof(*rows));

	if (cx->w->journal_count > 0)
		memcpy(rows, cx->w->journal, cx->w->journal_count * sizeof(*rows));
	*out = rows;
	return cx->w->journal_count;
}

static void journal_key(const void *v, struct str *out)
{
	str_addf(out, "%llu", (unsigned long long)((const line *)v)->seq);
}

static void journal_focus(const void *v, struct focus *out)
{
	const line *l = v;

	snprintf(out->router, sizeof(out->router), "%s", text_or(l->router, ""));
	snprintf(out->neighbor, sizeof(out->neighbor), "%s", text_or(l->neighbor, ""));
}

const struct view view_journal = {
	.name = "journal", .title = "Journal", .about = "who did what, with which outcome, newest first",
	.columns = journal_columns, .column_count = ARRAY_LEN(journal_columns), .row_size = sizeof(line),
	.aside = journal_aside, .rows = journal_rows, .key = journal_key, .focus = journal_focus,
	.empty = "the journal is empty: nothing has been done yet",
};

TEXT_CELL(held_router, held, router, ROLE_NORMAL)
TEXT_CELL(held_who, held, who, ROLE_NORMAL)
TEXT_CELL(held_reason, held, reason, ROLE_NORMAL)
TEXT_CELL(held_id, held, id, ROLE_DIM)

static void held_verb(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const char *name = text_or(((const held *)v)->verb, "");
	enum verb verb;

	(void)width;
	field_putf(out, ROLE_HELD, "%s %s", cx->g->held, !verb_parse(name, &verb) ? name :
	    verb == VERB_GSHUT ? "draining" : verb_info(verb)->past);
}

static void held_state(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const char *w = text_or(((const held *)v)->state, "");

	(void)cx, (void)width;
	field_put(out, strcmp(w, "held") == 0 ? ROLE_NORMAL : ROLE_WARN, w);
}

static void held_neighbor(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const held *h = v;

	(void)cx, (void)width;
	field_putf(out, ROLE_NORMAL, "%s%s%s", text_or(h->vrf, ""), text_empty(h->vrf) ? "" : "/",
	    text_or(h->neighbor, ""));
}

static void held_asn(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_putf(out, ROLE_NORMAL, "%u", ((const held *)v)->remote_as);
}

static bool held_asn_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const held *)v)->remote_as;
	return *out != ASN_UNKNOWN;
}

static void held_network(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)width;
	field_put(out, ROLE_ACCENT, network_name(peer_set_find(cx->w->peers, ((const held *)v)->remote_as)));
}

static bool held_since_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	*out = (cx->w->now_wall_ms - ((const held *)v)->since_wall_ms) / 1000;
	return true;
}

static void held_since(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	char span[CLOCK_SPAN_LEN];
	int64_t s;

	(void)width;
	held_since_number(cx, v, &s);
	field_put(out, ROLE_NORMAL, clock_span(s, span));
}

static const struct column held_columns[] = {
	{ .id = "router", .title = "ROUTER", .help = "where", .min = 5, .max = 16, .fit = true, .show = held_router },
	{ .id = "asn", .title = "ASN", .help = "the neighbor's AS", .min = 5, .max = 10, .fit = true, .right = true,
	    .show = held_asn, .number = held_asn_number },
	{ .id = "network", .title = "NETWORK", .help = "its name", .min = 8, .max = 20, .show = held_network },
	{ .id = "neighbor", .title = "NEIGHBOR", .help = "address, after its VRF", .min = 11, .max = 39, .fit = true,
	    .tail = true, .show = held_neighbor },
	{ .id = "held", .title = "HELD", .help = "what we did to it", .min = 6, .max = 13, .fit = true, .show = held_verb },
	{ .id = "state", .title = "STATE", .help = "held; came back; undo open: its inverse was begun, look at the router", .min = 4, .max = 10, .fit = true, .show = held_state },
	{ .id = "since", .title = "SINCE", .help = "for how long", .min = 5, .max = 6, .right = true, .descends = true,
	    .show = held_since, .number = held_since_number },
	{ .id = "who", .title = "WHO", .help = "operator", .min = 5, .max = 14, .fit = true, .show = held_who },
	{ .id = "reason", .title = "REASON", .help = "as given", .min = 10, .max = 0, .show = held_reason },
	{ .id = "id", .title = "ID", .help = "of the action in the journal", .min = 8, .max = 20, .rank = 5, .show = held_id },
};

static size_t held_rows(const struct view_ctx *cx, void **out)
{
	held *rows = mem_calloc(cx->w->ledger_count + 1, sizeof(*rows));

	if (cx->w->ledger_count > 0)
		memcpy(rows, cx->w->ledger, cx->w->ledger_count * sizeof(*rows));
	*out = rows;
	return cx->w->ledger_count;
}

static void held_aside(const struct view_ctx *cx, const void *v, struct page *p)
{
	const held *h = v;
	char iso[CLOCK_ISO_LEN];

	page_field(p, "network", ROLE_NORMAL, "AS%u %s", h->remote_as,
	    network_name(peer_set_find(cx->w->peers, h->remote_as)));
	page_field(p, "held since", ROLE_NORMAL, "%s by %s", clock_iso(h->since_wall_ms, iso), text_or(h->who, "?"));
	page_field(p, "reason", ROLE_NORMAL, "%s", text_or(h->reason, "none"));
	if (strcmp(text_or(h->state, ""), "undo open") == 0)
		page_field(p, "undo open", ROLE_WARN, "resume or restore was begun and its outcome is not known: look at the "
		    "router, then do it again");
	page_field(p, "action", ROLE_NORMAL, "%s", text_or(h->id, ""));
}

static void held_key(const void *v, struct str *out)
{
	const held *h = v;

	str_addf(out, "%s|%s|%s|%s", text_or(h->id, ""), text_or(h->router, ""), text_or(h->vrf, ""),
	    text_or(h->neighbor, ""));
}

static void held_focus(const void *v, struct focus *out)
{
	const held *h = v;

	snprintf(out->router, sizeof(out->router), "%s", text_or(h->router, ""));
	snprintf(out->vrf, sizeof(out->vrf), "%s", text_or(h->vrf, ""));
	snprintf(out->neighbor, sizeof(out->neighbor), "%s", text_or(h->neighbor, ""));
	out->family = h->family;
	out->asn = h->remote_as;
}

static const char *held_open(const void *v, struct str *filter)
{
	(void)v, (void)filter;
	return "detail";
}

const struct view view_held = {
	.name = "held", .title = "Held by us", .about = "what is suspended or withdrawn now, by whom and why",
	.columns = held_columns, .column_count = ARRAY_LEN(held_columns), .row_size = sizeof(held),
	.aside = held_aside, .rows = held_rows, .key = held_key, .focus = held_focus, .open = held_open, .paned = true, .acts = true,
	.empty = "nothing is suspended or withdrawn by us",
};
