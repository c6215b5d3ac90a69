/* Presence: where we meet the selected network, which sessions are missing there, what has drifted. */
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/judge/presence_seen.h"
#include "tui/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *speed_words(int64_t mbit, char out[24])
{
	if (mbit < 0)
		return "speed unknown";
	if (mbit >= 1000 && mbit % 1000 == 0)
		snprintf(out, 24, "%" PRId64 "G", mbit / 1000);
	else
		snprintf(out, 24, "%" PRId64 "M", mbit);
	return out;
}

static void add_port(struct page *p, const char *whose, const struct addr *four, const struct addr *six, const struct presence *row)
{
	char a[ADDR_STRLEN], b[ADDR_STRLEN], speed[24];
	bool down = row != NULL && row->operational == TRI_NO;

	addr_print(four, a);
	addr_print(six, b);
	page_field(p, whose, down ? ROLE_WARN : ROLE_NORMAL, "%s%s%s%s  %s%s%s", a, *a && *b ? "  " : "", b,
	    *a || *b ? "" : "address not known", row != NULL ? speed_words(row->speed_mbit, speed) : "seen on a router only",
	    row != NULL && row->rs_peer == TRI_YES ? "  route server" : "", down ? "  not operational" : "");
}

static void add_meeting(const struct view_ctx *cx, struct page *p, const struct meeting *m, bool all_read)
{
	char a[ADDR_STRLEN];
	const char *state;

	addr_print(m->version == 4 ? &m->theirs->ip4 : &m->theirs->ip6, a);
	if (m->seen != NULL) {
		state = bgp_state_word(m->seen->state);
		page_field(p, "session", m->seen->state == BGP_ESTABLISHED ? ROLE_GOOD : state != NULL ? ROLE_BAD : ROLE_STALE,
		    "%s %s on %s: %s", m->seen->state == BGP_ESTABLISHED ? cx->g->up : state != NULL ? cx->g->down : cx->g->unknown, a,
		    m->seen->router, state != NULL ? state : "state unknown");
	} else if (m->elsewhere) {
		page_field(p, "session", ROLE_DIM, "%s only from another port of ours", a);
	} else {
		page_field(p, all_read ? "missing" : "none seen", all_read ? ROLE_WARN : ROLE_DIM, "%s %s  IPv%d", cx->g->unknown, a,
		    m->version);
	}
}

static void add_exchange(const struct view_ctx *cx, struct page *p, const struct common_exchange *x, bool all_read)
{
	const struct exchange *e = x->exchange;

	page_head(p, text_or(x->name, "exchange without a name"));
	for (size_t i = 0; i < x->our_count; i++)
		add_port(p, "our port", &x->ours[i].ip4, &x->ours[i].ip6, x->ours[i].row);
	for (size_t i = 0; i < x->their_count; i++)
		add_port(p, "their port", &x->theirs[i]->ip4, &x->theirs[i]->ip6, x->theirs[i]);
	for (size_t i = 0; i < x->meeting_count; i++)
		add_meeting(cx, p, &x->meetings[i], all_read);
	if (e == NULL)
		return;
	if (!text_empty(e->status_dashboard))
		page_field(p, "status page", ROLE_NORMAL, "%s", e->status_dashboard.s);
	if (!text_empty(e->tech_phone) || !text_empty(e->tech_email))
		page_field(p, "technical", ROLE_NORMAL, "%s  %s", text_or(e->tech_phone, ""), text_or(e->tech_email, ""));
	if (!text_empty(e->policy_phone) || !text_empty(e->policy_email))
		page_field(p, "policy", ROLE_NORMAL, "%s  %s", text_or(e->policy_phone, ""), text_or(e->policy_email, ""));
}

static void add_facilities(struct page *p, const struct presence_view *v)
{
	page_head(p, "Common facilities");
	for (size_t i = 0; i < v->facility_count; i++) {
		const struct common_facility *f = &v->facilities[i];

		page_line(p, ROLE_NORMAL, "%s  %s %s", text_or(f->theirs->name, "?"), text_or(f->theirs->city, ""),
		    text_or(f->theirs->country, ""));
		if (f->facility != NULL && (!text_empty(f->facility->tech_phone) || !text_empty(f->facility->tech_email)))
			page_field(p, "technical", ROLE_NORMAL, "%s  %s", text_or(f->facility->tech_phone, ""),
			    text_or(f->facility->tech_email, ""));
	}
	if (v->facility_count == 0)
		page_line(p, ROLE_DIM, v->facilities_known ? "none" : "not known: the facilities of one side were not read");
}

/* What our own book knows and PeeringDB does not. */
static void add_privates(const struct view_ctx *cx, struct page *p, const struct presence_view *v)
{
	if (v->private_count > 0)
		page_head(p, "Private peerings (contact book)");
	for (size_t i = 0; i < v->private_count; i++) {
		const struct private_peering *x = &v->privates[i];
		const char *state = x->seen != NULL ? bgp_state_word(x->seen->state) : NULL;
		char address[ADDR_STRLEN], speed[24];

		addr_print(&x->port->address, address);
		page_field(p, "port", ROLE_NORMAL, "%s  %s%s%s  %s%s%s", text_or(x->port->where, "somewhere"), text_or(x->port->router, ""),
		    text_empty(x->port->router) ? "" : "  ", *address ? address : "address not said",
		    speed_words(x->port->speed_mbit, speed), text_empty(x->port->note) ? "" : "  ", text_or(x->port->note, ""));
		if (x->seen != NULL)
			page_field(p, "session", x->seen->state == BGP_ESTABLISHED ? ROLE_GOOD : ROLE_BAD, "%s on %s: %s",
			    x->seen->state == BGP_ESTABLISHED ? cx->g->up : cx->g->down, x->seen->router, state != NULL ? state : "state unknown");
		else if (*address)
			page_field(p, v->all_read ? "missing" : "none seen", v->all_read ? ROLE_WARN : ROLE_DIM, "%s %s", cx->g->unknown, address);
	}
}

static void add_drift(struct page *p, const struct presence_view *v)
{
	if (v->drift_count == 0)
		return;
	page_head(p, "PeeringDB and the routers disagree");
	for (size_t i = 0; i < v->drift_count; i++)
		page_line(p, ROLE_WARN, "%s", text_or(v->drifts[i].words, ""));
}

static void add_network(const struct view_ctx *cx, struct page *p, const struct presence_view *v)
{
	char span[CLOCK_SPAN_LEN];

	if (v->exchange_count > 0)
		page_field(p, "sessions", v->missing > 0 && v->all_read ? ROLE_WARN : ROLE_NORMAL, v->all_read ? "%zu missing of those that could be" :
		    "%zu not seen; not every router was read lately", v->missing);
	if (!text_empty(v->theirs->policy_general))
		page_field(p, "policy", ROLE_NORMAL, "%s  %s", v->theirs->policy_general.s, text_or(v->theirs->policy_url, ""));
	page_field(p, "PeeringDB", ROLE_DIM, "read %s ago", clock_span((cx->w->now_wall_ms - v->theirs->fetched_wall_ms) / 1000, span));
	if (v->ours == NULL)
		page_line(p, ROLE_WARN, "our own network is not known from PeeringDB: of our side only what the routers show");
	if (v->exchange_count == 0)
		page_line(p, ROLE_DIM, "no common exchange");
}

static void add_all(const struct view_ctx *cx, struct page *p, const struct presence_view *v)
{
	if (v->theirs == NULL) {
		add_privates(cx, p, v);
		page_line(p, ROLE_WARN, peer_set_absent(cx->w->peers, v->asn) ? "not in PeeringDB: nothing is known of its ports" :
		    "not read from PeeringDB yet: nothing is known of its ports");
		return;
	}
	add_network(cx, p, v);
	for (size_t i = 0; i < v->exchange_count; i++)
		add_exchange(cx, p, &v->exchanges[i], v->all_read);
	add_privates(cx, p, v);
	add_facilities(p, v);
	add_drift(p, v);
}

static void page_of_presence(const struct view_ctx *cx, struct page *p)
{
	asn_t asn = cx->focus->asn;
	struct presence_in in = { .set = cx->w->peers, .asn = asn, .book = cx->w->book };
	struct presence_seen *seen;
	struct arena *a;
	char head[200];

	if (asn == ASN_UNKNOWN) {
		page_line(p, ROLE_DIM, "no network is selected: put the cursor on one in sessions or networks, or :find-network WORDS");
		return;
	}
	snprintf(head, sizeof(head), "Presence of AS%u %s", asn, network_name(peer_set_find(cx->w->peers, asn)));
	page_head(p, head);
	if (cx->w->peers == NULL) {
		page_line(p, ROLE_DIM, "PeeringDB's cache is being read");
		return;
	}
	a = arena_new();
	in.seen = seen = presence_seen_of(cx->w, &in.seen_count);
	in.all_read = presence_all_read(cx->w);
	add_all(cx, p, presence_of(a, &in));
	free(seen);
	arena_free(a);
}

const struct view view_presence = {
	.name = "presence", .title = "Presence", .about = "common exchanges and facilities, missing sessions, drift",
	.page = page_of_presence,
};
