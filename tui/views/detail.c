/* One session with all that is known of it: as a view, and as the pane beside the lists. */
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/judge/why.h"
#include "tui/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A session that is down has no prefixes: what the router still shows of it is told as that. */
static void count_field(struct page *p, const struct view_ctx *cx, const char *label, count_t n, bool up)
{
	char words[24];

	if (!up && n > 0)
		page_field(p, label, ROLE_DIM, "none while down; the router still shows %s", count_words(n, cx->g, words));
	else if (!up)
		page_field(p, label, ROLE_DIM, "none while down");
	else if (n == COUNT_UNKNOWN)
		page_field(p, label, ROLE_DIM, "unknown");
	else
		page_field(p, label, ROLE_NORMAL, "%s", count_words(n, cx->g, words));
}

static void text_field(struct page *p, const char *label, struct text t)
{
	if (!text_known(t))
		page_field(p, label, ROLE_DIM, "unknown");
	else
		page_field(p, label, text_empty(t) ? ROLE_DIM : ROLE_NORMAL, "%s", text_or(t, "none"));
}

/* The cause, how often it came lately, and what to try next. */
static void add_cause(const struct view_ctx *cx, const struct world_session *r, struct page *p, struct str *words)
{
	const struct why_past past = why_past_of(cx->w, r);
	const struct why y = why_find(r, &past);

	why_words(r, &y, words);
	if (words->len == 0)
		return;
	page_field(p, "why", ROLE_WARN, "%s", words->p);
	if (past.drops_day > 1) {
		str_clear(words);
		why_often_words(&y, words);
		page_field(p, "often", ROLE_WARN, "%s", words->p + strspn(words->p, " ;"));
	}
	for (size_t i = 0; str_clear(words), why_next(r, &y, i, words); i++)
		page_field(p, i == 0 ? "next" : "", ROLE_NORMAL, "%s", words->p);
}

static void add_why(const struct view_ctx *cx, const struct world_session *r, struct page *p)
{
	struct str words;

	str_init(&words, 0);
	add_cause(cx, r, p, &words);
	str_clear(&words);
	first_call_words(cx, r, &words);
	page_field(p, "call", ROLE_ACCENT, "%s", words.p);
	str_fini(&words);
}

static void add_flaps(const struct view_ctx *cx, const struct world_session *r, struct page *p)
{
	const struct damp_line *flaps = flaps_of(cx, r);
	struct str words;

	if (flaps == NULL)
		return;
	str_init(&words, 0);
	damp_words(flaps, &words);
	page_field(p, "flapping", ROLE_WARN, "%s", words.p + strlen("flaps "));
	str_fini(&words);
}

static void add_state(const struct view_ctx *cx, const struct world_session *r, struct page *p)
{
	const struct session *s = r->s;
	struct view_ctx plain = *cx;
	struct field f;
	char words[FIELD_MAX], span[CLOCK_SPAN_LEN];
	int64_t since = s->since_s + (cx->w->now_boot_ms - r->router->snap->taken_boot_ms) / 1000;

	plain.damped = NULL; /* a line of its own says that */
	state_field(&plain, r, 0, &f);
	if (s->since_s >= 0)
		page_field(p, "state", f.role, "%s for %s (%s)", f.s, clock_span(since, span),
		    bgp_state_word(s->state) ? bgp_state_word(s->state) : "?");
	else
		page_field(p, "state", f.role, "%s (%s)", f.s,
		    bgp_state_word(s->state) ? bgp_state_word(s->state) : "?");
	age_field(cx, r->router, 0, &f);
	page_field(p, "read", r->stale ? ROLE_WARN : ROLE_NORMAL, r->stale ? "%s: %s" : "%s ago%s", f.s,
	    r->stale ? (r->router->link.words[0] ? r->router->link.words : "the router does not answer") : "");
	add_flaps(cx, r, p);
	add_why(cx, r, p);
	last_error_words(s, words, sizeof(words));
	if (s->state == BGP_ESTABLISHED && (s->last_error.code > 0 || !text_empty(s->last_error.words)))
		page_field(p, "last error", ROLE_DIM, s->last_error.ago_s >= 0 ? "%s, %s ago" : "%s%s", words,
		    s->last_error.ago_s >= 0 ? clock_span(s->last_error.ago_s, span) : "");
	if (r->held != NULL)
		page_field(p, "held", ROLE_HELD, "%s by %s since %s: %s", text_or(r->held->verb, "?"),
		    text_or(r->held->who, "?"), clock_iso(r->held->since_wall_ms, words), text_or(r->held->reason, ""));
	if (!text_empty(s->own_message))
		page_field(p, "our message", ROLE_NORMAL, "\"%s\"", s->own_message.s);
}

static void add_prefixes(const struct view_ctx *cx, const struct world_session *r, struct page *p)
{
	const struct session *s = r->s;
	const char *act = limit_action_word(s->limit_action);
	count_t pdb = r->peer ? peer_published_limit(r->peer, s->family) : COUNT_UNKNOWN;
	bool up = s->state == BGP_ESTABLISHED;
	char words[24];

	page_head(p, "Prefixes");
	count_field(p, cx, "received", s->received, up);
	count_field(p, cx, "accepted", s->accepted, up);
	count_field(p, cx, "advertised", s->advertised, up);
	if (s->max_prefixes == COUNT_UNKNOWN)
		page_field(p, "limit", ROLE_DIM, "unknown");
	else
		page_field(p, "limit", s->limit_tripped == TRI_YES ? ROLE_BAD : ROLE_NORMAL, "%s%s%s%s",
		    s->max_prefixes == 0 ? "none" : count_words(s->max_prefixes, cx->g, words), act ? ", then " : "",
		    act ? act : "", s->limit_tripped == TRI_YES ? "; TRIPPED" : "");
	if (pdb == COUNT_UNKNOWN)
		page_field(p, "PeeringDB", ROLE_DIM, "unknown");
	else
		page_field(p, "PeeringDB", ROLE_NORMAL, "%s%s", count_words(pdb, cx->g, words),
		    pdb > 0 && s->max_prefixes > 0 && s->max_prefixes < pdb ? ", above our limit" : "");
}

static void add_config(const struct world_session *r, struct page *p)
{
	const struct session *s = r->s;

	page_head(p, "Configuration");
	text_field(p, "description", s->description);
	text_field(p, "import", s->import_policy);
	text_field(p, "export", s->export_policy);
	page_field(p, "auth", auth_word(s->auth) ? ROLE_NORMAL : ROLE_DIM, "%s",
	    auth_word(s->auth) ? auth_word(s->auth) : "unknown");
	if (s->hold_time_s >= 0)
		page_field(p, "hold time", ROLE_NORMAL, "%d s", s->hold_time_s);
	if (!text_empty(s->group))
		page_field(p, "group", ROLE_NORMAL, "%s", s->group.s);
	if (!text_empty(s->handle))
		page_field(p, "known as", ROLE_NORMAL, "%s", s->handle.s);
	if (s->dynamic == TRI_YES)
		page_field(p, "dynamic", ROLE_WARN, "made by a listen range: cannot be acted on alone");
	if (s->messages_in != COUNT_UNKNOWN || s->messages_out != COUNT_UNKNOWN)
		page_field(p, "messages", ROLE_NORMAL, "%" PRId64 " in, %" PRId64 " out", s->messages_in,
		    s->messages_out);
	if (s->flaps != COUNT_UNKNOWN)
		page_field(p, "flaps", ROLE_NORMAL, "%" PRId64, s->flaps);
}

void page_of_session(const struct view_ctx *cx, struct page *p)
{
	const struct world_session *r = view_focus_session(cx);
	char local[ADDR_STRLEN], own[16] = "";

	if (r == NULL) {
		page_line(p, ROLE_DIM, "%s", cx->focus->neighbor[0] ? "this session is not there any more" :
		    "no session is selected");
		return;
	}
	page_head(p, network_name(r->peer)[0] ? network_name(r->peer) : !text_empty(r->s->description) ?
	    r->s->description.s : text_or(r->s->neighbor, "session"));
	page_field(p, "neighbor", ROLE_NORMAL, "%s AS%u %s%s%s", text_or(r->s->neighbor, "?"),
	    r->s->remote_as, family_word(r->s->family), text_empty(r->s->vrf) ? "" : " vrf ",
	    text_or(r->s->vrf, ""));
	if (r->s->local_as != ASN_UNKNOWN)
		snprintf(own, sizeof(own), " AS%u", r->s->local_as);
	addr_print(&r->s->local, local);
	page_field(p, "router", ROLE_NORMAL, "%s%s%s%s", r->router->conf->name, local[0] ? " " : "", local, own);
	if (r->exchange != NULL)
		page_field(p, "exchange", ROLE_NORMAL, "%s", text_or(r->exchange->name, "?"));
	add_state(cx, r, p);
	add_prefixes(cx, r, p);
	add_past(cx, r, p);
	add_config(r, p);
}

static void detail_page(const struct view_ctx *cx, struct page *p)
{
	page_of_session(cx, p);
	page_blank(p);
	page_of_contacts(cx, p);
}

const struct view view_detail = {
	.name = "detail", .title = "Session", .about = "one session with all that is known of it",
	.page = detail_page, .acts = true,
};
