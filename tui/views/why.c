/* Why a session is down (core/judge/why.h), as the views say it; and whom to call first. */
#include "core/judge/why.h"
#include "tui/view.h"

void why_down_words(const struct world_session *r, struct str *out)
{
	const struct why y = why_find(r, NULL);

	why_words(r, &y, out);
}

/* The first rung of the network's own people that has a number; else the first that has a mail address. */
static const struct rung *first_rung(const struct ladder *l)
{
	const struct rung *mail = NULL;

	for (size_t i = 0; i < l->count; i++) {
		const struct rung *r = &l->rungs[i];

		if ((r->source != RUNG_BOOK && r->source != RUNG_PEERINGDB) || r->wrong_wall_ms > 0)
			continue;
		if (!text_empty(r->phone))
			return r;
		if (mail == NULL && !text_empty(r->email))
			mail = r;
	}
	return mail;
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
	const struct exchange *x = r->exchange;
	struct ladder_input in = { .asn = r->s->remote_as, .book = cx->w->book, .peers = cx->w->peers, .calls = cx->w->calls,
		.registered = cx->w->registered, .now_wall_ms = cx->w->now_wall_ms };
	struct arena *a = arena_new();
	const struct rung *first;
	struct ladder l;

	ladder_build(a, &in, &l);
	first = first_rung(&l);
	if (first != NULL) {
		str_addf(out, "%s  %s%s%s", text_empty(first->phone) ? first->email.s : first->phone.s, text_or(first->role, "contact"),
		    text_empty(first->name) ? "" : ", ", text_or(first->name, ""));
	} else {
		no_contact_words(cx, r->s->remote_as, r->peer, out);
		if (x != NULL && (!text_empty(x->tech_phone) || !text_empty(x->tech_email)))
			str_addf(out, "; exchange %s: %s", text_or(x->name, "?"),
			    text_empty(x->tech_phone) ? x->tech_email.s : x->tech_phone.s);
	}
	arena_free(a);
}
