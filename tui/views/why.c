/* Why a session is down (core/judge/why.h), as the views say it; and whom to call first. */
#include "core/judge/why.h"
#include "tui/view.h"

void why_down_words(const struct world_session *r, struct str *out)
{
	const struct why y = why_find(r, NULL);

	why_words(r, &y, out);
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
