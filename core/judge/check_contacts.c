/*
 * Checks about people: who answers, at any hour, and who stands above.
 *
 * PeeringDB hides contacts from anonymous readers, so that none seen without a key means nothing; and a ladder that was
 * never built is not an empty ladder.
 */
#include "core/judge/check_table.h"
#include "core/base/clock.h"

#include <string.h>
#include <strings.h>

static bool role_is(const struct rung *r, const char *role)
{
	return text_known(r->role) && strcasecmp(r->role.s, role) == 0;
}

/* The network's own people, not those of an exchange, a facility or a registry. */
static bool is_own(const struct rung *r)
{
	return r->source == RUNG_BOOK || r->source == RUNG_PEERINGDB;
}

/* A way that can be tried: not run out, and not found dead by a call since. */
static bool usable(const struct evidence *ev, const struct rung *r)
{
	bool expired = r->source == RUNG_BOOK && r->expires_wall_ms > 0 && r->expires_wall_ms <= ev->now_wall_ms;

	return rung_reachable(r) && !expired && r->wrong_wall_ms <= 0;
}

static void tell_dead(const struct evidence *ev, struct judgement *j, const char *role)
{
	for (size_t i = 0; ev->ladder != NULL && i < ev->ladder->count; i++) {
		const struct rung *r = &ev->ladder->rungs[i];
		struct basis b = { .known = true, .wall_ms = r->wrong_wall_ms, .source = TEXT_LIT("our calls") };

		if (r->wrong_wall_ms > 0 && role_is(r, role))
			find_note(j, text_or(r->name, text_or(r->phone, "contact")), &b, "a call found this contact dead");
	}
}

static struct basis rung_basis(const struct rung *r)
{
	return (struct basis){ .known = true, .wall_ms = r->as_of_wall_ms,
		.source = r->source == RUNG_BOOK ? TEXT_LIT("contact book") : r->source == RUNG_RDAP ? TEXT_LIT("RDAP") : TEXT_LIT("PeeringDB") };
}

static const char *rung_name(const struct rung *r)
{
	return text_or(r->name, text_or(r->phone, text_or(r->email, "contact")));
}

/* Says that what was looked for is not there, if it can be said; else what would tell. */
static void none_found(const struct evidence *ev, struct judgement *j, const char *what)
{
	const struct basis key = { .wall_ms = ev->peer_basis.wall_ms, .source = ev->peer_basis.source,
		.missing = TEXT_LIT("a PeeringDB API key is needed to see contacts that are visible to users only") };

	if (ev->ladder == NULL || (ev->peer == NULL && !ev->peer_absent))
		find_unknown(j, NULL, &ev->peer_basis, "%s is not known: PeeringDB has not been read", what);
	else if (ev->peer_absent || ev->ladder->absent)
		find_fail(j, NULL, &ev->peer_basis, "%s: none; the network is not in PeeringDB, and the contact book has none", what);
	else if (ev->ladder->seen == CONTACTS_ALL)
		find_fail(j, NULL, &ev->peer_basis, "%s: none, neither in PeeringDB nor in the contact book", what);
	else
		find_unknown(j, NULL, &key, "%s: none that the public can see", what);
}

static bool says_24x7(struct text hours)
{
	return text_known(hours) && (strcasecmp(hours.s, "24x7") == 0 || strcasecmp(hours.s, "24/7") == 0);
}

/* The contact book knows: true if it decided. */
static bool noc_of_book(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	const struct rung *limited = NULL;
	char span[CLOCK_SPAN_LEN];

	for (size_t i = 0; i < ev->ladder->count; i++) {
		const struct rung *r = &ev->ladder->rungs[i];
		struct basis b = rung_basis(r);
		int64_t proof_s = r->proven_wall_ms > 0 ? (ev->now_wall_ms - r->proven_wall_ms) / 1000 : -1;

		if (r->source != RUNG_BOOK || !role_is(r, "NOC") || !usable(ev, r) || !text_known(r->hours))
			continue;
		if (!says_24x7(r->hours)) {
			limited = r;
			continue;
		}
		if (proof_s >= 0 && proof_s <= c->values[P_NOC_PROOF])
			find_pass(j, rung_name(r), &b, "answers 24x7; somebody got through %s ago", clock_span(proof_s, span));
		else
			find_pass(j, rung_name(r), &b, "answers 24x7 as the contact book says; %s", proof_s < 0 ? "nobody has tried yet" : "the last proof is old");
		return true;
	}
	if (limited == NULL)
		return false;
	{
		struct basis b = rung_basis(limited);

		find_fail(j, rung_name(limited), &b, "answers at %s only", limited->hours.s);
	}
	return true;
}

static bool noc_of_peeringdb(const struct evidence *ev, struct judgement *j)
{
	const struct rung *half = NULL;

	for (size_t i = 0; i < ev->ladder->count; i++) {
		const struct rung *r = &ev->ladder->rungs[i];
		struct basis b = rung_basis(r);

		if (!is_own(r) || !role_is(r, "NOC") || !usable(ev, r))
			continue;
		if (!text_empty(r->phone) && !text_empty(r->email)) {
			find_pass(j, rung_name(r), &b, "NOC contact with phone and mail (nobody publishes hours there)");
			return true;
		}
		half = r;
	}
	if (half != NULL) {
		struct basis b = rung_basis(half);
		const char *lacks = text_empty(half->phone) ? "phone" : "mail address";

		if (half->source == RUNG_PEERINGDB && ev->ladder->seen != CONTACTS_ALL)
			find_unknown(j, rung_name(half), &(struct basis){ .wall_ms = b.wall_ms, .source = b.source,
				.missing = TEXT_LIT("a PeeringDB API key is needed to see contacts that are visible to users only") },
			    "public NOC contact without a %s", lacks);
		else
			find_fail(j, rung_name(half), &b, "NOC contact without a %s", lacks);
	}
	return half != NULL;
}

void check_noc_24x7(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	tell_dead(ev, j, "NOC");
	if (ev->ladder != NULL && (noc_of_book(ev, c, j) || noc_of_peeringdb(ev, j)))
		return;
	none_found(ev, j, "a NOC contact");
}

/* Two entries that lead to the same phone are one way to reach somebody. */
static bool same_way(const struct rung *a, const struct rung *b)
{
	if (!text_empty(a->phone) && !text_empty(b->phone))
		return strcmp(a->phone.s, b->phone.s) == 0;
	return !text_empty(a->email) && !text_empty(b->email) && strcasecmp(a->email.s, b->email.s) == 0;
}

static bool is_step(const struct evidence *ev, const struct rung *r)
{
	return is_own(r) && usable(ev, r) && !role_is(r, "Sales") && !role_is(r, "Public Relations");
}

void check_escalation_path(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	int64_t need = c->values[P_ESCALATION_RUNGS], have = 0;
	const struct rung *first = NULL;

	for (size_t i = 0; ev->ladder != NULL && i < ev->ladder->count; i++) {
		const struct rung *r = &ev->ladder->rungs[i];
		bool again = false;

		for (size_t k = 0; k < i; k++)
			again = again || (is_step(ev, &ev->ladder->rungs[k]) && same_way(r, &ev->ladder->rungs[k]));
		if (!is_step(ev, r) || again)
			continue;
		first = first != NULL ? first : r;
		have++;
	}
	if (have >= need) {
		struct basis b = rung_basis(first);

		find_pass(j, NULL, &b, "%lld ways to reach different people, %s (%s) first", (long long)have, rung_name(first), text_or(first->role, "?"));
	} else if (have == 0 || ev->ladder->seen != CONTACTS_ALL) {
		none_found(ev, j, have == 0 ? "an escalation path" : "a further contact for escalation");
	} else {
		find_fail(j, NULL, &ev->peer_basis, "%lld contact that can be reached, %lld are asked for", (long long)have, (long long)need);
	}
}

void check_abuse_contact(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	(void)c;
	tell_dead(ev, j, "Abuse");
	for (size_t i = 0; ev->ladder != NULL && i < ev->ladder->count; i++) {
		const struct rung *r = &ev->ladder->rungs[i];
		struct basis b = rung_basis(r);

		if (!usable(ev, r) || !(r->source == RUNG_RDAP || (is_own(r) && role_is(r, "Abuse"))))
			continue;
		find_pass(j, rung_name(r), &b, "takes reports of abuse (%s)", text_empty(r->email) ? text_or(r->phone, "") : r->email.s);
		return;
	}
	if (ev->rdap.known || ev->ladder == NULL || ev->ladder->seen != CONTACTS_ALL)
		none_found(ev, j, "an abuse contact");
	else
		find_unknown(j, NULL, &ev->rdap, "no abuse contact in PeeringDB; the registry may have one");
}
