/* Causes as sentences, and what to try next; see why.h. */
#include "core/base/clock.h"
#include "core/judge/why.h"

#include <inttypes.h>

/* "4 Hold timer expired", "6/2 Cease: administrative shutdown". */
static void error_words(const struct last_error *e, struct str *out)
{
	const char *name = bgp_error_word(e->code, e->subcode);

	str_addf(out, "%d", e->code);
	if (e->subcode > 0)
		str_addf(out, "/%d", e->subcode);
	str_addf(out, " %s", name ? name : text_or(e->words, "of unknown meaning"));
}

static void coded(const struct last_error *e, const char *lead, struct str *out)
{
	str_puts(out, lead);
	if (e->code <= 0)
		return;
	str_addf(out, ": %s", e->dir == DIR_RECEIVED ? "received " : e->dir == DIR_SENT ? "sent " : "");
	error_words(e, out);
}

static const char *closed_by(const struct last_error *e)
{
	return e->dir == DIR_RECEIVED ? "the peer closed it" :
	    e->dir == DIR_SENT ? "our router closed it" : "it was closed";
}

static void limit_words(const struct session *s, struct str *out)
{
	coded(&s->last_error, "our router closed it: more prefixes came than the limit allows", out);
	if (s->max_prefixes > 0)
		str_addf(out, "; limit %" PRId64, s->max_prefixes);
	if (s->last_error.code <= 0 && !text_empty(s->last_error.words))
		str_addf(out, "; the router says: %s", s->last_error.words.s);
}

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

static void add_last_error(const struct session *s, const struct why *y, struct str *out)
{
	char span[CLOCK_SPAN_LEN];

	if (s->last_error.code > 0 && y->old_error) {
		str_addf(out, "; an earlier error, %s ago, was ", clock_span(s->last_error.ago_s, span));
		error_words(&s->last_error, out);
	} else if (!text_empty(s->last_error.words)) {
		str_addf(out, "; the router says: %s", s->last_error.words.s);
	}
}

static void held_words(const struct world_session *r, struct str *out)
{
	str_addf(out, "suspended with peerdeck by %s: %s", text_or(r->held->who, "?"),
	    text_or(r->held->reason, "no reason given"));
}

/* A cause without a NOTIFICATION, in front of the router's own words. */
static const char *lead_of(const struct why *y)
{
	switch (y->how) {
	case WHY_BFD:
		return "the path: BFD saw it fail";
	case WHY_INTERFACE:
		return "the path: an interface is down or the route to the neighbor is gone";
	case WHY_HOLD_TIMER:
		return "the hold timer ran out: nothing came from the other side in time";
	case WHY_REFUSED:
		return "the neighbor refuses the TCP connection";
	case WHY_CLOSED:
		return y->who == WHY_PEER ? "the peer closed the connection without a NOTIFICATION" :
		    "the connection was closed without a NOTIFICATION";
	case WHY_NO_ANSWER:
		return "no TCP connection comes about: the neighbor does not answer";
	case WHY_AUTH:
		return "authentication does not fit";
	case WHY_WRONG_AS:
		return "the AS numbers do not fit";
	default:
		return NULL;
	}
}

/* A NOTIFICATION as a sentence. */
static void notification_words(const struct last_error *e, enum why_how how, struct str *out)
{
	if (how == WHY_PEER_SHUT) {
		coded(e, e->subcode == 4 ? "the peer reset it" :
		    e->subcode == 3 ? "the peer removed it from its configuration" : "the peer shut it", out);
		return;
	}
	coded(e, closed_by(e), out);
	if (how == WHY_HOLD_TIMER)
		str_puts(out, e->dir == DIR_SENT ? "; nothing came from the peer in time" :
		    e->dir == DIR_RECEIVED ? "; nothing came from us in time" : "");
}

/* It ended in some way, and since then no TCP connection comes about, which a changed password does too. */
static bool may_be_password(const struct session *s, const struct why *y)
{
	return (s->auth == AUTH_MD5 || s->auth == AUTH_TCP_AO) && (s->state == BGP_CONNECT || s->state == BGP_ACTIVE) &&
	    (y->how == WHY_HOLD_TIMER || y->how == WHY_NOTIFICATION || y->how == WHY_CLOSED);
}

static void cause_words(const struct session *s, const struct why *y, struct str *out)
{
	char span[CLOCK_SPAN_LEN];

	if (y->how == WHY_LIMIT && !y->recalled) {
		limit_words(s, out);
		return;
	}
	if (y->recalled) {
		notification_words(&y->past.fell, y->how, out);
		str_addf(out, ", as the router said when it fell %s ago; now ", clock_span(y->past.fell.ago_s, span));
		state_words(s, out);
		return;
	}
	if (y->how == WHY_PEER_SHUT || (s->last_error.code > 0 && !y->old_error)) {
		notification_words(&s->last_error, y->how, out);
		if (may_be_password(s, y) && y->how != WHY_HOLD_TIMER) /* which is far more often loss: there it is a step to try */
			str_puts(out, "; no TCP connection since then: a changed password would look so too, and one is configured");
		return;
	}
	if (y->how != WHY_NO_ANSWER && !y->suspected && lead_of(y) != NULL)
		str_puts(out, lead_of(y));
	else
		state_words(s, out);
	add_last_error(s, y, out);
	if (y->past.drops_day > 0 && s->last_error.code <= 0 && text_empty(s->last_error.words))
		str_puts(out, "; how it ended the router does not tell");
	if (y->suspected)
		str_puts(out, "; a wrong password would look the same, and one is configured");
}

static void lost_words(const struct session *s, const struct why *y, struct str *out)
{
	char iso[CLOCK_ISO_LEN];
	count_t now = !y->past.lost_accepted && s->received != COUNT_UNKNOWN ? s->received : s->accepted;

	str_addf(out, y->past.lost_accepted ? "up, but our import refuses what it let in before: %" PRId64 " were accepted, %" PRId64 " now" :
	    "up, but its prefixes are gone: %" PRId64 " were received, %" PRId64 " now", y->past.lost_before, now);
	if (y->past.lost_accepted && s->received != COUNT_UNKNOWN)
		str_addf(out, " of %" PRId64 " received", s->received);
	str_addf(out, "; since %s", clock_iso(y->past.lost_wall_ms, iso));
}

void why_words(const struct world_session *r, const struct why *y, struct str *out)
{
	const struct session *s = r->s;

	if (y->how == WHY_UP)
		return;
	if (y->stale)
		str_puts(out, "when last read: ");
	if (y->how == WHY_HELD)
		held_words(r, out);
	else if (y->how == WHY_PREFIXES)
		lost_words(s, y, out);
	else if (y->how == WHY_ADMIN)
		str_puts(out, "shut administratively on our router, not by this peerdeck");
	else
		cause_words(s, y, out);
	if (!text_empty(s->shutdown_message) && s->admin_down != TRI_YES)
		str_addf(out, "; the peer says: \"%s\"", s->shutdown_message.s);
}

void why_often_words(const struct why *y, struct str *out)
{
	char span[CLOCK_SPAN_LEN];

	if (y->since_s >= 0)
		str_addf(out, " for %s", clock_span(y->since_s, span));
	if (y->past.drops_day > 1)
		str_addf(out, "; dropped %u times in the last hour, %u in the last %s", y->past.drops_hour,
		    y->past.drops_day, y->past.known_s >= 86400 ? "day" : clock_span(y->past.known_s, span));
}

/* ---- what to try next ---- */

static bool limit_next(const struct world_session *r, size_t i, struct str *out)
{
	const struct session *s = r->s;
	count_t published = peer_published_limit(r->peer, s->family);

	if (i == 0 && published != COUNT_UNKNOWN && s->max_prefixes > 0)
		return str_addf(out, "limit %" PRId64 "; PeeringDB says %" PRId64 "%s", s->max_prefixes, published,
		           published > s->max_prefixes ? ": the limit is too low, raise it" :
		                                         ": more than the network publishes came, a leak is likely") == 0;
	if (i == 0)
		return str_puts(out, "PeeringDB publishes no limit: ask the peer how many prefixes are right") == 0;
	if (i == 1 && s->limit_restart_s > 0)
		return str_addf(out, "the router tries again by itself %" PRId64 " s after the trip", s->limit_restart_s) == 0;
	return i == 1 && str_puts(out, "it stays down until it is resumed (u) or cleared on the router") == 0;
}

static const char *const *next_of(enum why_how how)
{
	static const char *const held[] = { "resume it (u) when the reason is gone", NULL };
	static const char *const admin[] = { "ask the shift who shut it; the journal of this peerdeck does not know",
		NULL };
	static const char *const peer_shut[] = { "a maintenance of the peer? look for its mail, then call (c)",
		"nothing on our side brings it back", NULL };
	static const char *const timer[] = { "ping the neighbor from the router: loss or a full port?",
		"look at the other sessions on this exchange and interface (0)", "then call the peer (c)", NULL };
	static const char *const path[] = { "look at the interface: errors, light, speed",
		"all sessions of this interface or exchange down? then it is the port or the fabric (0)", NULL };
	static const char *const auth[] = { "ping the neighbor: if it answers, compare passwords with the peer (c)",
		"was a password changed on either side lately?", NULL };
	static const char *const as[] = { "compare our AS and theirs in both configurations with the peer (c)", NULL };
	static const char *const refused[] = { "the host answers, BGP does not: is the session configured there? call (c)",
		NULL };
	static const char *const silent[] = { "ping the neighbor from the router", "PeeringDB: still this address, still "
		"operational? (E)", "then call the peer (c)", NULL };
	static const char *const other[] = { "call the peer with the code above (c)", NULL };
	static const char *const lost[] = { "our import policy, prefix lists or RPKI changed? accepted against received tells",
		"route-refresh asks for the routes again, without a reset", "then ask the peer what it stopped advertising (c)", NULL };
	static const char *const none[] = { NULL };

	switch (how) {
	case WHY_PREFIXES:
		return lost;
	case WHY_HELD:
		return held;
	case WHY_ADMIN:
		return admin;
	case WHY_PEER_SHUT:
		return peer_shut;
	case WHY_HOLD_TIMER:
		return timer;
	case WHY_BFD:
	case WHY_INTERFACE:
		return path;
	case WHY_AUTH:
		return auth;
	case WHY_WRONG_AS:
		return as;
	case WHY_REFUSED:
		return refused;
	case WHY_CLOSED:
	case WHY_NO_ANSWER:
	case WHY_UNKNOWN:
		return silent;
	case WHY_NOTIFICATION:
	case WHY_OPENING:
		return other;
	default:
		return none;
	}
}

bool why_next(const struct world_session *r, const struct why *y, size_t i, struct str *out)
{
	const char *const *steps = next_of(y->how);

	if (y->how == WHY_LIMIT)
		return limit_next(r, i, out);
	if (may_be_password(r->s, y)) {
		size_t at = y->how == WHY_HOLD_TIMER ? 2 : 0;

		if (i == at)
			return str_puts(out, "was a password changed on either side lately? compare them with the peer (c)") == 0;
		i -= i > at;
	}
	for (size_t k = 0; k <= i; k++)
		if (steps[k] == NULL)
			return false;
	return str_puts(out, steps[i]) == 0;
}
