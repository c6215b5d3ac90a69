/*
 * Why a session is down, in one sentence; and whom to call first.
 *
 * Only what the router said is told: the last NOTIFICATION with its direction
 * (RFC 4271, 4486), the peer's text (RFC 9003), its own words.  An error that
 * is older than the present state is told as old.
 */
#include "core/base/clock.h"
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

enum { SAME_MOMENT_S = 90 }; /* a router notes the error and the change of state at slightly different times */

static void state_words(const struct session *s, struct str *out)
{
	switch (s->state) {
	case BGP_IDLE:
		str_puts(out, "our router does not try to connect now (Idle)");
		break;
	case BGP_CONNECT:
		str_puts(out, "our router is connecting; the neighbor has not answered yet (Connect)");
		break;
	case BGP_ACTIVE:
		str_puts(out, "no TCP connection comes about: the neighbor does not answer or refuses (Active)");
		break;
	case BGP_OPENSENT:
	case BGP_OPENCONFIRM:
		str_puts(out, "TCP stands, the two have not agreed on a session yet");
		break;
	default:
		str_puts(out, "the router does not tell its state");
		break;
	}
}

/* "4 Hold timer expired", "6/2 Cease: administrative shutdown". */
static void error_words(const struct last_error *e, struct str *out)
{
	const char *name = bgp_error_word(e->code, e->subcode);

	str_addf(out, "%d", e->code);
	if (e->subcode > 0)
		str_addf(out, "/%d", e->subcode);
	str_addf(out, " %s", name ? name : text_or(e->words, "of unknown meaning"));
}

static bool error_is_old(const struct session *s)
{
	return s->last_error.ago_s >= 0 && s->since_s >= 0 && s->last_error.ago_s > s->since_s + SAME_MOMENT_S;
}

static void closed_words(const struct session *s, struct str *out)
{
	const struct last_error *e = &s->last_error;
	bool shut = e->code == 6 && e->subcode == 2;

	if (s->limit_tripped == TRI_YES)
		str_puts(out, "our router closed it: more prefixes came than the limit allows");
	else if (e->dir == DIR_RECEIVED)
		str_puts(out, shut ? "the peer shut it" : "the peer closed it");
	else if (e->dir == DIR_SENT)
		str_puts(out, "our router closed it");
	else
		str_puts(out, "it was closed");
	if (e->code <= 0)
		return;
	str_addf(out, ": %s", e->dir == DIR_RECEIVED ? "received " : e->dir == DIR_SENT ? "sent " : "");
	error_words(e, out);
}

static void shut_words(const struct world_session *r, struct str *out)
{
	if (r->held != NULL)
		str_addf(out, "suspended with peerdeck by %s: %s", text_or(r->held->who, "?"),
		    text_or(r->held->reason, "no reason given"));
	else
		str_puts(out, "shut administratively on our router, not by this peerdeck");
}

static void add_last_error(const struct session *s, struct str *out)
{
	char span[CLOCK_SPAN_LEN];

	if (s->last_error.code > 0) {
		str_addf(out, "; an earlier error, %s ago, was ", clock_span(s->last_error.ago_s, span));
		error_words(&s->last_error, out);
	} else if (!text_empty(s->last_error.words)) {
		str_addf(out, "; the router says: %s", s->last_error.words.s);
	}
}

void why_down_words(const struct world_session *r, struct str *out)
{
	const struct session *s = r->s;
	bool coded = s->last_error.code > 0 && !error_is_old(s);

	if (s->state == BGP_ESTABLISHED)
		return;
	if (r->stale)
		str_puts(out, "when last read: ");
	if (s->admin_down == TRI_YES) {
		shut_words(r, out);
	} else if (s->limit_tripped == TRI_YES || coded) {
		closed_words(s, out);
	} else {
		state_words(s, out);
		add_last_error(s, out);
	}
	if (!text_empty(s->shutdown_message) && s->admin_down != TRI_YES)
		str_addf(out, "; the peer says: \"%s\"", s->shutdown_message.s);
}

/* The first of the ladder that has a number; else the first that has a mail address. */
static const struct contact *first_contact(const struct peer *p)
{
	for (size_t i = 0; i < p->contact_count; i++)
		if (!text_empty(p->contacts[i].phone))
			return &p->contacts[i];
	for (size_t i = 0; i < p->contact_count; i++)
		if (!text_empty(p->contacts[i].email))
			return &p->contacts[i];
	return NULL;
}

void no_contact_words(const struct view_ctx *cx, asn_t asn, const struct peer *p, struct str *out)
{
	if (p == NULL && peer_set_absent(cx->w->peers, asn))
		str_addf(out, "AS%u is not in PeeringDB", asn);
	else if (p == NULL && !cx->w->config->pdb.enabled)
		str_addf(out, "AS%u is not in the imported PeeringDB data, and asking PeeringDB is off", asn);
	else if (p == NULL)
		str_addf(out, "PeeringDB has not answered about AS%u yet", asn);
	else if (p->contacts_seen == CONTACTS_UNKNOWN)
		str_puts(out, "PeeringDB has not been asked for its contacts yet");
	else if (p->contacts_seen == CONTACTS_PUBLIC_ONLY)
		str_puts(out, "no public contact; key needed: with a PeeringDB API key there may be some");
	else
		str_puts(out, "no contact: the network publishes none");
}

void first_call_words(const struct view_ctx *cx, const struct world_session *r, struct str *out)
{
	const struct contact *c = r->peer ? first_contact(r->peer) : NULL;
	const struct exchange *x = r->exchange;

	if (c != NULL) {
		str_addf(out, "%s  %s%s%s", text_empty(c->phone) ? c->email.s : c->phone.s, text_or(c->role, "contact"),
		    text_empty(c->name) ? "" : ", ", text_or(c->name, ""));
		return;
	}
	no_contact_words(cx, r->s->remote_as, r->peer, out);
	if (x != NULL && (!text_empty(x->tech_phone) || !text_empty(x->tech_email)))
		str_addf(out, "; exchange %s: %s", text_or(x->name, "?"),
		    text_empty(x->tech_phone) ? x->tech_email.s : x->tech_phone.s);
}
