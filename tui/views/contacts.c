/* Contacts: whom to call about the selected network, in the order to try; and the exchange's people. */
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "tui/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void add_line(struct page *p, const char *label, struct text t)
{
	if (!text_empty(t))
		page_field(p, label, ROLE_NORMAL, "%s", t.s);
}

static void add_contact(const struct view_ctx *cx, struct page *p, const struct contact *c, size_t step)
{
	char words[160], span[CLOCK_SPAN_LEN];
	size_t at = 0;

	words[0] = '\0';
	if (!text_empty(c->phone))
		at += (size_t)snprintf(words + at, sizeof(words) - at, "%s  ", c->phone.s);
	if (at < sizeof(words) && !text_empty(c->email))
		snprintf(words + at, sizeof(words) - at, "%s", c->email.s);
	page_line(p, ROLE_ACCENT, "%zu. %s%s%s", step, text_or(c->role, "contact"),
	    text_empty(c->name) ? "" : "  ", text_or(c->name, ""));
	page_line(p, words[0] ? ROLE_NORMAL : ROLE_DIM, "   %s", words[0] ? words : "no phone, no mail");
	if (!text_empty(c->url))
		page_line(p, ROLE_NORMAL, "   %s", c->url.s);
	if (c->updated_wall_ms > 0 && cx->w->now_wall_ms - c->updated_wall_ms > INT64_C(63072000000))
		page_line(p, ROLE_DIM, "   last changed %s ago",
		    clock_span((cx->w->now_wall_ms - c->updated_wall_ms) / 1000, span));
}

static void add_ladder(const struct view_ctx *cx, struct page *p, const struct peer *peer)
{
	char span[CLOCK_SPAN_LEN];
	struct str words;

	for (size_t i = 0; peer != NULL && i < peer->contact_count; i++)
		add_contact(cx, p, &peer->contacts[i], i + 1);
	if (peer == NULL || peer->contact_count == 0) {
		str_init(&words, 0);
		no_contact_words(cx, cx->focus->asn, peer, &words);
		page_line(p, ROLE_WARN, "%s", words.p);
		str_fini(&words);
	} else if (peer->contacts_seen == CONTACTS_PUBLIC_ONLY) {
		page_line(p, ROLE_WARN, "public contacts only; key needed: read without an API key, there may be more");
	}
	if (peer != NULL)
		page_line(p, ROLE_DIM, "read from PeeringDB %s ago",
		    clock_span((cx->w->now_wall_ms - peer->fetched_wall_ms) / 1000, span));
	if (cx->w->peers != NULL && !text_empty(cx->w->peers->state))
		page_line(p, ROLE_DIM, "%s", cx->w->peers->state.s);
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
	add_line(p, "phone", x->tech_phone);
	add_line(p, "mail", x->tech_email);
	add_line(p, "policy phone", x->policy_phone);
	add_line(p, "policy mail", x->policy_email);
	add_line(p, "status page", x->status_dashboard);
	add_line(p, "website", x->website);
}

void page_of_contacts(const struct view_ctx *cx, struct page *p)
{
	const struct peer *peer = peer_set_find(cx->w->peers, cx->focus->asn);
	const struct world_session *s = view_focus_session(cx);
	char head[200];

	if (cx->focus->asn == ASN_UNKNOWN) {
		page_line(p, ROLE_DIM, "no network is selected: put the cursor on one in sessions or networks");
		return;
	}
	snprintf(head, sizeof(head), "Contacts of AS%u %s", cx->focus->asn, network_name(peer));
	page_head(p, head);
	add_ladder(cx, p, peer);
	if (s != NULL && s->exchange != NULL)
		add_exchange(p, s->exchange);
	if (peer != NULL)
		add_network(p, peer);
}

const struct view view_contacts = {
	.name = "contacts", .title = "Contacts", .about = "whom to call about the selected network, in order",
	.page = page_of_contacts,
};
