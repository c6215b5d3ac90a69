/*
 * Checks about prefixes: length, visibility, consistency, registration, default routes, and our own announcements.
 *
 * Where only routes behind our import policy could be read, a prefix that is there is a fact, and one that is not there
 * may have been dropped: such a set can fail a clause and cannot meet it.
 */
#include "core/judge/check_table.h"

#include <string.h>

static bool is_unicast(const struct evidence_session *s)
{
	return s->s->family == AF_IPV4_UNICAST || s->s->family == AF_IPV6_UNICAST || s->s->family == AF_UNKNOWN;
}

static const struct evidence_session *next_unicast(const struct evidence *ev, struct judgement *j, size_t *at)
{
	const struct evidence_session *s;

	while ((s = find_live(ev, j, at)) != NULL && !is_unicast(s))
		;
	return s;
}

/* What is good so far is behind our own policy only: says what would show the rest. */
static void hidden_by_policy(const struct evidence_session *s, const char *what, struct judgement *j)
{
	const char *about = find_session(j, s);

	find_unknown(j, about, &(struct basis){ .source = s->received.basis.source, .wall_ms = s->received.basis.wall_ms,
		.missing = text_known(s->received.basis.missing) ? s->received.basis.missing :
		    TEXT_LIT("keep routes before the import policy on the router (soft-reconfiguration, adj-RIB-in)") },
	    "%s behind our import policy; what it drops is not known", what);
}

static void length_of(const struct evidence_session *s, const struct clause *c, struct judgement *j)
{
	int ip = afi_version(s->s->family);
	int64_t limit = c->values[ip == 6 ? P_LENGTH_6 : P_LENGTH_4] - (c->values[P_LENGTH_STRICT] ? 1 : 0);
	const struct prefix_facts *f = &s->received;
	const char *about = find_session(j, s);

	if (!f->basis.known)
		find_unknown(j, about, &f->basis, "the received prefixes are not known");
	else if (f->longest > limit)
		find_fail(j, about, &f->basis, "longer than /%lld: %s", (long long)limit,
		    f->long_example_count ? find_examples(j, f->long_examples, f->long_example_count, COUNT_UNKNOWN) : text_or(f->longest_prefix, "?"));
	else if (f->after_policy)
		hidden_by_policy(s, "no longer prefix", j);
	else if (f->longest < 0)
		find_pass(j, about, &f->basis, "no prefix is received");
	else
		find_pass(j, about, &f->basis, "longest is /%d (%s)", f->longest, text_or(f->longest_prefix, "?"));
}

void check_max_length(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	const struct evidence_session *s;
	size_t at = 0;

	while ((s = next_unicast(ev, j, &at)) != NULL)
		length_of(s, c, j);
	find_no_session(ev, j, "the length of its prefixes is not known");
}

/* A share of a tally must be good.  least: hundredths of a percent. */
static void share_of(const char *about, const struct tally *t, int64_t least, const char *good, const char *bad, struct judgement *j)
{
	count_t all = t->good + t->bad;

	if (!t->basis.known || t->good == COUNT_UNKNOWN || t->bad == COUNT_UNKNOWN)
		find_unknown(j, about, &t->basis, "how many are %s is not known", good);
	else if (all == 0 && t->open <= 0)
		find_pass(j, about, &t->basis, "no prefix is there to be %s", good);
	else if (t->bad > 0 && (double)t->good * 10000 < (double)least * (double)all)
		find_fail(j, about, &t->basis, "%lld of %lld %s: %s", (long long)t->bad, (long long)all, bad, find_examples(j, t->examples, t->example_count, t->bad));
	else if (t->open > 0)
		find_unknown(j, about, &(struct basis){ .source = t->basis.source, .wall_ms = t->basis.wall_ms,
			.missing = TEXT_LIT("the route objects of other origins: they are asked for") }, "%lld of %lld are %s; %lld of origins outside of its macro are not known",
		    (long long)t->good, (long long)(all + t->open), good, (long long)t->open);
	else
		find_pass(j, about, &t->basis, "%lld of %lld are %s", (long long)t->good, (long long)all, good);
}

void check_prefixes_visible(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	const struct evidence_session *s;
	size_t at = 0;

	while ((s = next_unicast(ev, j, &at)) != NULL)
		share_of(find_session(j, s), &s->received.seen_elsewhere, c->values[P_VISIBLE_LEAST], "seen by another path", "are seen by no other path", j);
	find_no_session(ev, j, "whether its prefixes are visible is not known");
}

static void rpki_of(const char *about, const struct tally *t, int64_t way, struct judgement *j)
{
	if (!t->basis.known)
		return; /* it stands beside: registration is judged without it */
	if (t->bad > 0 && way == RPKI_FAILS)
		find_fail(j, about, &t->basis, "%lld RPKI invalid: %s", (long long)t->bad, find_examples(j, t->examples, t->example_count, t->bad));
	else
		find_note(j, about, &t->basis, "RPKI: %lld valid, %lld invalid, %lld not found", (long long)t->good, (long long)t->bad, (long long)t->open);
}

/* No session tells what it announces: what it registers, and what the world sees of it. */
static void registered_unseen(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	const char *macro = text_or(ev->irr.macro, "it");
	const bool nothing = ev->irr.basis.known && ev->irr.prefixes4 == 0 && ev->irr.prefixes6 == 0;

	if (!ev->irr.basis.known)
		find_unknown(j, NULL, &ev->irr.basis, "what is registered for %s is not known", macro);
	else if (nothing)
		find_fail(j, NULL, &ev->irr.basis, "no prefix is registered for %s", macro);
	else
		find_note(j, NULL, &ev->irr.basis, "%lld IPv4 and %lld IPv6 prefixes are registered for %s", (long long)ev->irr.prefixes4,
		    (long long)ev->irr.prefixes6, macro);
	if (!ev->announced.basis.known) {
		find_unknown(j, NULL, &ev->announced.basis, "what it would announce is not known");
		return;
	}
	share_of("as the world sees it", &ev->announced.registered, c->values[P_IRR_LEAST], "registered", "have no route object", j);
	rpki_of("as the world sees it", &ev->announced.rpki, c->values[P_IRR_RPKI], j);
}

void check_irr_registered(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	const struct evidence_session *s;
	size_t at = 0;

	while ((s = next_unicast(ev, j, &at)) != NULL) {
		share_of(find_session(j, s), &s->received.registered, c->values[P_IRR_LEAST], "registered", "have no route object", j);
		rpki_of(find_session(j, s), &s->received.rpki, c->values[P_IRR_RPKI], j);
	}
	if (find_silent(j))
		registered_unseen(ev, c, j);
}

/* Nothing is announced: that our macro holds nothing is known all the same. */
static void own_macro_unseen(const struct evidence *ev, struct judgement *j)
{
	const struct basis no_session = { .wall_ms = -1, .missing = TEXT_LIT("a session that is Established") };
	const char *macro = text_or(ev->own_irr.macro, "our macro");

	if (ev->own_irr.basis.known && ev->own_irr.prefixes4 == 0 && ev->own_irr.prefixes6 == 0)
		find_fail(j, NULL, &ev->own_irr.basis, "%s holds no prefix", macro);
	else if (ev->own_irr.basis.known)
		find_note(j, NULL, &ev->own_irr.basis, "%s holds %lld IPv4 and %lld IPv6 prefixes", macro, (long long)ev->own_irr.prefixes4,
		    (long long)ev->own_irr.prefixes6);
	else
		find_unknown(j, NULL, &ev->own_irr.basis, "what %s holds is not known", macro);
	find_unknown(j, NULL, &no_session, "nothing is announced to it yet");
}

void check_own_as_macro(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	const struct evidence_session *s;
	size_t at = 0;

	(void)c;
	while ((s = next_unicast(ev, j, &at)) != NULL)
		share_of(find_session(j, s), &s->advertised.own_macro, 10000, "in our macro", "are announced by us and not in our macro", j);
	if (find_silent(j))
		own_macro_unseen(ev, j);
}

static void difference_of(const struct evidence *ev, const struct consistency *k, const struct difference *d, int64_t tolerance, struct judgement *j)
{
	const char *about = d->session < ev->session_count ? find_session(j, &ev->sessions[d->session]) : NULL;

	if (d->missing > tolerance)
		find_fail(j, about, &k->basis, "%lld of %lld prefixes are missing here: %s", (long long)d->missing, (long long)k->total,
		    find_examples(j, d->examples, d->example_count, d->missing));
	else
		find_note(j, about, &k->basis, "%lld prefixes are missing here, which is tolerated", (long long)d->missing);
}

static void consistency_of(const struct evidence *ev, const struct consistency *k, int ip, int64_t tolerance, struct judgement *j)
{
	const char *about = ip == 6 ? "IPv6" : "IPv4";
	struct basis rest = k->basis;

	for (size_t i = 0; k->basis.known && i < k->difference_count; i++)
		difference_of(ev, k, &k->differences[i], tolerance, j);
	if (k->unread > 0)
		rest.missing = text_or(k->unread_missing, NULL) != NULL ? k->unread_missing : rest.missing;
	if (!k->basis.known || k->unread > 0)
		find_unknown(j, about, &rest, k->basis.known ? "the sets of %zu sessions are not known" : "the sets of prefixes are not known", k->unread);
	else if (k->compared < 2)
		find_pass(j, about, &k->basis, "one point of interconnection only");
	else
		find_pass(j, about, &k->basis, "%lld prefixes, compared over %zu sessions", (long long)k->total, k->compared);
}

static size_t live_sessions(const struct evidence *ev, int ip)
{
	size_t n = 0;

	for (size_t i = 0; i < ev->session_count; i++)
		n += ev->sessions[i].s->state == BGP_ESTABLISHED && is_unicast(&ev->sessions[i]) && afi_version(ev->sessions[i].s->family) == ip;
	return n;
}

void check_consistent_announcements(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	for (int i = 0; i < 2; i++) {
		int ip = i ? 6 : 4;
		size_t n = live_sessions(ev, ip);
		const struct basis one = { .known = true, .wall_ms = ev->now_wall_ms, .source = TEXT_LIT("the sessions seen") };

		if (n == 1)
			find_pass(j, i ? "IPv6" : "IPv4", &one, "one point of interconnection only");
		else if (n > 1)
			consistency_of(ev, &ev->consistent[i], ip, c->values[P_CONSISTENT_TOLERANCE], j);
	}
	find_no_session(ev, j, "what it announces where is not known");
}

static bool default_received(const struct evidence *ev, struct judgement *j)
{
	const struct evidence_session *s;
	bool found = false;

	for (size_t i = 0; i < ev->session_count; i++) {
		s = &ev->sessions[i];
		if (s->s->state != BGP_ESTABLISHED || s->stale || !s->received.basis.known)
			continue;
		if (s->received.default_route) {
			find_fail(j, find_session(j, s), &s->received.basis, "a default route is received");
			found = true;
		} else {
			find_note(j, find_session(j, s), &s->received.basis, "no default route is received%s", s->received.after_policy ? " behind our import policy" : "");
		}
	}
	return found;
}

/* A default toward us cannot be seen in BGP: traffic to what we do not announce gives it away. */
void check_no_default_route(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	const struct flow_facts *f = &ev->flow;
	char rate[PARAM_WORDS_LEN];

	if (default_received(ev, j))
		return;
	if (!f->basis.known || f->unannounced_bps < 0)
		find_unknown(j, NULL, &f->basis, "whether it points a default or static route at us cannot be seen in BGP");
	else if (f->unannounced_bps >= (double)c->values[P_DEFAULT_BELOW])
		find_fail(j, NULL, &f->basis, "%s to destinations that we do not announce to it%s%s", rate_words(f->unannounced_bps, rate),
		    text_empty(f->example) ? "" : ", as ", text_or(f->example, ""));
	else
		find_pass(j, NULL, &f->basis, "%s to destinations that we do not announce to it", rate_words(f->unannounced_bps, rate));
}
