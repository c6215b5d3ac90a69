/* Routers: the state of every link with its reason in words, and how much was read. */
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct world_router *row;

static const struct world_router *router_of(const void *v)
{
	return *(const row *)v;
}

static void show_router(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_ACCENT, router_of(v)->conf->name);
}

static void show_os(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, router_of(v)->conf->os);
}

static void show_link(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const struct world_router *r = router_of(v);
	const char *words = link_state_word(r->link.state);

	(void)width;
	if (link_state_up(r->link.state))
		field_putf(out, ROLE_GOOD, "%s %s", cx->g->up, words);
	else if (r->link.state == LINK_LOCKED)
		field_putf(out, ROLE_BAD, "%s %s", cx->g->limit, words);
	else if (r->link.state == LINK_WAITING || r->link.state == LINK_STOPPED)
		field_putf(out, ROLE_BAD, "%s %s", cx->g->down, words);
	else
		field_putf(out, ROLE_WARN, "%s %s", cx->g->opening, words);
}

static bool up_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	const struct snap *s = router_of(v)->snap;

	(void)cx;
	*out = 0;
	for (size_t i = 0; s != NULL && i < s->count; i++)
		*out += s->sessions[i].state == BGP_ESTABLISHED;
	return s != NULL;
}

static void show_sessions(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	int64_t up;
	bool stale;

	(void)width;
	world_router_age(cx->w, router_of(v), &stale);
	if (!up_number(cx, v, &up))
		field_put(out, ROLE_DIM, cx->g->dash);
	else if (stale)
		field_putf(out, ROLE_STALE, "was %lld/%zu", (long long)up, router_of(v)->snap->count);
	else
		field_putf(out, ROLE_NORMAL, "%lld of %zu", (long long)up, router_of(v)->snap->count);
}

static void show_age(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	age_field(cx, router_of(v), width, out);
}

static bool age_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	bool stale;

	*out = world_router_age(cx->w, router_of(v), &stale) / 1000;
	return router_of(v)->snap != NULL;
}

/* Lost rows come first: silent loss is the worst fault. */
static void show_why(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const struct world_router *r = router_of(v);
	const struct snap *s = r->snap;
	size_t at;

	(void)width;
	field_put(out, ROLE_NORMAL, "");
	if (s != NULL && s->rows_parsed < s->rows_seen)
		field_putf(out, ROLE_WARN, "%u of %u rows read; ", s->rows_parsed, s->rows_seen);
	at = strlen(out->s);
	if (!link_state_up(r->link.state) && r->link.words[0] != '\0') {
		int64_t in = (r->link.retry_boot_ms - cx->w->now_boot_ms + 999) / 1000;

		out->role = r->link.state == LINK_LOCKED ? ROLE_BAD : ROLE_WARN;
		if (r->link.state == LINK_WAITING && in >= 0)
			snprintf(out->s + at, sizeof(out->s) - at, "%s; again in %llds", r->link.words,
			    (long long)in);
		else
			snprintf(out->s + at, sizeof(out->s) - at, "%s", r->link.words);
	} else if (s != NULL && !text_empty(s->note)) {
		snprintf(out->s + at, sizeof(out->s) - at, "%s", s->note.s);
	} else if (at >= 2) {
		out->s[at - 2] = '\0';
	}
}

static void show_rows(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const struct snap *s = router_of(v)->snap;

	(void)width;
	if (s == NULL)
		field_put(out, ROLE_DIM, cx->g->dash);
	else
		field_putf(out, s->rows_parsed < s->rows_seen ? ROLE_WARN : ROLE_NORMAL, "%u/%u", s->rows_parsed,
		    s->rows_seen);
}

static void show_since(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	char span[CLOCK_SPAN_LEN];
	const struct world_router *r = router_of(v);

	(void)width;
	if (r->link.since_boot_ms <= 0)
		field_put(out, ROLE_DIM, cx->g->dash);
	else
		field_put(out, ROLE_NORMAL,
		    clock_span((cx->w->now_boot_ms - r->link.since_boot_ms) / 1000, span));
}

static void show_poll(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const struct link_status *l = &router_of(v)->link;

	(void)width;
	if (l->polls == 0)
		field_put(out, ROLE_DIM, cx->g->dash);
	else
		field_putf(out, ROLE_NORMAL, "%u, %u ms", l->polls, l->poll_ms);
}

static bool poll_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = router_of(v)->link.poll_ms;
	return router_of(v)->link.polls > 0;
}

static void show_legacy(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	bool legacy = router_of(v)->link.legacy;

	(void)cx, (void)width;
	field_put(out, legacy ? ROLE_WARN : ROLE_DIM, legacy ? "legacy!" : "");
}

static void show_mode(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	bool locked = router_of(v)->conf->read_only;

	(void)cx, (void)width;
	field_put(out, locked ? ROLE_ADMIN : ROLE_DIM, locked ? "read-only" : "");
}

static void show_fingerprint(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, router_of(v)->link.fingerprint);
}

static void show_algorithms(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_DIM, router_of(v)->link.algorithms);
}

static void show_address(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const struct router_conf *c = router_of(v)->conf;

	(void)cx, (void)width;
	field_putf(out, ROLE_NORMAL, c->port == 22 ? "%s" : "%s:%u", c->address, c->port);
}

static void show_version(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const struct snap *s = router_of(v)->snap;

	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, s ? text_or(s->version, "") : "");
}

static const struct column columns[] = {
	{ .id = "router", .title = "ROUTER", .help = "name in the configuration", .min = 6, .max = 20, .fit = true,
	    .show = show_router },
	{ .id = "os", .title = "OS", .help = "driver", .min = 4, .max = 10, .fit = true, .show = show_os },
	{ .id = "link", .title = "LINK", .help = "state of the SSH session", .min = 13, .max = 14, .show = show_link },
	{ .id = "sessions", .title = "UP", .help = "sessions up of all", .min = 8, .max = 10, .right = true,
	    .show = show_sessions, .number = up_number },
	{ .id = "age", .title = "AGE", .help = "of the last complete reading", .min = 4, .max = 9, .fit = true, .right = true,
	    .descends = true, .show = show_age, .number = age_number },
	{ .id = "since", .title = "SINCE", .help = "how long the link is in this state", .min = 5, .max = 6, .right = true,
	    .rank = 2, .show = show_since },
	{ .id = "mode", .title = "MODE", .help = "read-only: no action there", .min = 4, .max = 9, .fit = true, .rank = 3,
	    .show = show_mode },
	{ .id = "legacy", .title = "ALGOS", .help = "legacy!: old algorithms, as its entry names them", .min = 7, .max = 7,
	    .rank = 1, .show = show_legacy },
	{ .id = "why", .title = "WHY", .help = "what is wrong, in words", .min = 20, .max = 64,
	    .show = show_why },
	{ .id = "rows", .title = "ROWS", .help = "read of seen", .min = 7, .max = 11, .right = true, .rank = 3,
	    .show = show_rows },
	{ .id = "poll", .title = "POLLS", .help = "done so far, time of the last", .min = 10, .max = 14, .right = true,
	    .rank = 3, .show = show_poll, .number = poll_number },
	{ .id = "address", .title = "ADDRESS", .help = "where we connect", .min = 12, .max = 30, .fit = true, .rank = 4,
	    .show = show_address },
	{ .id = "version", .title = "VERSION", .help = "as the router says", .min = 10, .max = 24, .fit = true, .rank = 4,
	    .show = show_version },
	{ .id = "fingerprint", .title = "HOST KEY", .help = "of the key it showed", .min = 16, .max = 51, .rank = 5,
	    .show = show_fingerprint },
	{ .id = "algorithms", .title = "ALGORITHMS", .help = "in use on the link", .min = 14, .max = 0, .rank = 6,
	    .show = show_algorithms },
};

static void aside_of(const struct view_ctx *cx, const void *v, struct page *p)
{
	const struct world_router *r = router_of(v);
	const struct link_status *l = &r->link;
	struct field f;

	show_link(cx, v, 0, &f);
	page_field(p, r->conf->name, f.role, "%s", f.s);
	show_why(cx, v, 0, &f);
	if (f.s[0] != '\0')
		page_field(p, "why", f.role, "%s", f.s);
	if (l->attempts > 0)
		page_field(p, "failures", ROLE_NORMAL, "%u in a row", l->attempts);
	page_field(p, "address", ROLE_NORMAL, "%s port %u as %s%s%s", r->conf->address, r->conf->port,
	    r->conf->user ? r->conf->user : "?", r->conf->jump ? " by way of " : "", r->conf->jump ? r->conf->jump : "");
	if (r->snap != NULL)
		page_field(p, "version", ROLE_NORMAL, "%s, AS%u", text_or(r->snap->version, "unknown"), r->snap->local_as);
	if (l->fingerprint[0] != '\0')
		page_field(p, "host key", ROLE_NORMAL, "%s", l->fingerprint);
	if (l->algorithms[0] != '\0')
		page_field(p, "algorithms", l->legacy ? ROLE_WARN : ROLE_DIM, "%s%s", l->legacy ? "legacy: " : "",
		    l->algorithms);
}

static size_t rows_of(const struct view_ctx *cx, void **out)
{
	row *rows = mem_calloc(cx->w->router_count + 1, sizeof(row));

	for (size_t i = 0; i < cx->w->router_count; i++)
		rows[i] = &cx->w->routers[i];
	*out = rows;
	return cx->w->router_count;
}

static void key_of(const void *v, struct str *out)
{
	str_puts(out, router_of(v)->conf->name);
}

static void focus_of(const void *v, struct focus *out)
{
	snprintf(out->router, sizeof(out->router), "%s", router_of(v)->conf->name);
}

static bool is_down(const void *v)
{
	return !link_state_up(router_of(v)->link.state);
}

static const char *open_row(const void *v, struct str *filter)
{
	str_addf(filter, "router:^\\Q%s\\E$", router_of(v)->conf->name);
	return "sessions";
}

const struct view view_routers = {
	.name = "routers", .title = "Routers", .about = "the links, with reasons in words",
	.columns = columns, .column_count = ARRAY_LEN(columns), .row_size = sizeof(row),
	.aside = aside_of, .rows = rows_of, .key = key_of, .focus = focus_of, .is_down = is_down, .open = open_row,
	.empty = "the configuration names no router",
};
