/* The ladder and the network in words, for the pane beside a list. */
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/judge/venue.h"
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

static void add_line(struct page *p, const char *label, struct text t)
{
	if (!text_empty(t))
		page_field(p, label, ROLE_NORMAL, "%s", t.s);
}

static void add_rung(const struct view_ctx *cx, struct page *p, const struct rung *r, size_t step, const struct call *tried)
{
	char there[64], at[16];
	const char *phone = text_or(r->phone, ""), *mail = text_or(r->email, "");

	page_line(p, ROLE_ACCENT, "%zu. %s%s%s", step, text_or(r->role, "contact"), text_empty(r->name) ? "" : "  ",
	    text_or(r->name, ""));
	page_line(p, rung_reachable(r) ? ROLE_NORMAL : ROLE_DIM, "   %s%s%s", rung_reachable(r) ? phone : "no phone, no mail",
	    *phone && *mail ? "  " : "", mail);
	rung_clock_words(r, cx->w->now_wall_ms, there, sizeof(there));
	if (there[0] != '\0')
		page_line(p, ROLE_DIM, "   there %s", there);
	if (r->wrong_wall_ms > 0)
		page_line(p, ROLE_BAD, "   found dead");
	if (!text_empty(r->differs))
		page_line(p, ROLE_WARN, "   %s", r->differs.s);
	if (tried != NULL) {
		time_words(tried->wall_ms, cx->w->now_wall_ms, at, sizeof(at));
		page_line(p, ROLE_NORMAL, "   %s %s: %s", at, text_or(tried->who, "?"), call_outcome_words(tried->outcome));
	}
}

static void add_ladder(const struct view_ctx *cx, struct page *p)
{
	const struct escalation *e = view_escalation(cx);
	struct arena *a = arena_new();
	char span[CLOCK_SPAN_LEN];
	struct ladder l;
	struct str words;

	view_ladder(cx, a, &l);
	for (size_t i = 0; i < l.count; i++)
		add_rung(cx, p, &l.rungs[i], i + 1, ladder_last_call(&l.rungs[i], cx->w->calls, e));
	if (*l.venue != '\0') {
		struct venue v;

		if (venue_parse(l.venue, &v) && *venue_ladder_words(&l, &v) != '\0')
			page_line(p, ROLE_WARN, "%s", venue_ladder_words(&l, &v));
	} else if (l.published == 0) {
		str_init(&words, 300);
		no_contact_words(cx, cx->focus->asn, peer_set_find(cx->w->peers, cx->focus->asn), &words);
		page_line(p, ROLE_WARN, "%s", words.p);
		str_fini(&words);
	} else if (*ladder_words(&l) != '\0') {
		page_line(p, ROLE_WARN, "%s", ladder_words(&l));
	}
	if (l.fetched_wall_ms > 0)
		page_line(p, ROLE_DIM, "read from PeeringDB %s ago",
		    clock_span((cx->w->now_wall_ms - l.fetched_wall_ms) / 1000, span));
	if (cx->w->peers != NULL && !text_empty(cx->w->peers->state))
		page_line(p, ROLE_DIM, "%s", cx->w->peers->state.s);
	arena_free(a);
}

static void add_own(struct page *p, const struct book_network *n)
{
	if (n == NULL)
		return;
	page_head(p, "We know");
	for (int f = 0; f < BOOK_FIELDS; f++)
		if (!text_empty(n->field[f]))
			page_field(p, book_field_word((enum book_field)f), f == BOOK_WARN ? ROLE_WARN : ROLE_NORMAL, "%s", n->field[f].s);
	for (size_t i = 0; i < n->port_count; i++) {
		const struct book_port *port = &n->ports[i];
		char addr[ADDR_STRLEN];

		page_field(p, "port", ROLE_NORMAL, "%s%s%s  %s", text_or(port->where, ""), text_empty(port->router) ? "" : "  ",
		    text_or(port->router, ""), addr_print(&port->address, addr));
		if (port->speed_mbit > 0)
			page_field(p, "speed", ROLE_NORMAL, "%lld Mbit/s", (long long)port->speed_mbit);
	}
}

static void add_network(struct page *p, const struct peer *peer)
{
	page_head(p, "Network");
	add_line(p, "also known as", peer->aka);
	add_line(p, "policy", peer->policy_general);
	add_line(p, "policy page", peer->policy_url);
	add_line(p, "website", peer->website);
	add_line(p, "status page", peer->status_dashboard);
	add_line(p, "looking glass", peer->looking_glass);
	add_line(p, "as-set", peer->irr_as_set);
	add_line(p, "type", peer->info_type);
	add_line(p, "scope", peer->info_scope);
	add_line(p, "notes", peer->notes);
}

static void add_exchange(struct page *p, const struct exchange *x)
{
	char head[160];

	snprintf(head, sizeof(head), "Exchange %s", text_or(x->name, "?"));
	page_head(p, head);
	add_line(p, "policy phone", x->policy_phone);
	add_line(p, "policy mail", x->policy_email);
	add_line(p, "status page", x->status_dashboard);
	add_line(p, "website", x->website);
}

void page_of_contacts(const struct view_ctx *cx, struct page *p)
{
	const struct peer *peer = peer_set_find(cx->w->peers, cx->focus->asn);
	const struct world_session *s = view_focus_session(cx);
	char head[200], words[VENUE_WORDS_LEN];
	struct venue v;

	if (view_venue(cx, &v)) {
		venue_words(&v, words);
		snprintf(head, sizeof(head), "Ladder of %s", words);
		page_head(p, head);
		add_ladder(cx, p);
		return;
	}
	if (cx->focus->asn == ASN_UNKNOWN) {
		page_line(p, ROLE_DIM, "no network is selected: put the cursor on one in sessions or networks");
		return;
	}
	snprintf(head, sizeof(head), "Ladder of AS%u %s", cx->focus->asn, network_name(peer));
	page_head(p, head);
	add_ladder(cx, p);
	add_own(p, book_find(cx->w->book, cx->focus->asn));
	if (s != NULL && s->exchange != NULL)
		add_exchange(p, s->exchange);
	if (peer != NULL)
		add_network(p, peer);
}
