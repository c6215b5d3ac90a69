/* Checks about how our own routers are configured toward the network: authentication, limit, filter. */
#include "core/base/scan.h"
#include "core/judge/check_table.h"
#include "core/judge/limit.h"

#include <string.h>

/* What is configured matters whether the session is up or not; false: too old, and told so. */
static bool configured(const struct evidence_session *s, struct judgement *j)
{
	if (!s->stale)
		return true;
	find_unknown(j, find_session(j, s), &(struct basis){ .source = s->basis.source, .wall_ms = s->basis.wall_ms,
		.missing = TEXT_LIT("reach its router again") }, "its router's data is too old to be judged");
	return false;
}

static bool is_unicast(const struct evidence_session *s)
{
	return s->s->family == AF_IPV4_UNICAST || s->s->family == AF_IPV6_UNICAST || s->s->family == AF_UNKNOWN;
}

static void no_session_configured(const struct evidence *ev, struct judgement *j, const char *what)
{
	const struct basis b = { .wall_ms = -1, .missing = TEXT_LIT("a configured session") };

	if (ev->session_count == 0)
		find_unknown(j, NULL, &b, "%s: there is no session yet", what);
}

static void auth_of(const struct evidence *ev, const struct evidence_session *s, int64_t asked, struct judgement *j)
{
	const char *about = find_session(j, s), *has = auth_word(s->s->auth), *want;
	enum auth_kind agreed = ev->agreed_auth.kind;
	struct basis unread = { .source = s->basis.source, .wall_ms = s->basis.wall_ms,
		.missing = TEXT_LIT("the router's answer about authentication of this neighbor") };

	if (asked == AUTH_AS_AGREED && (!ev->agreed_auth.basis.known || agreed == AUTH_UNKNOWN)) {
		find_unknown(j, about, &ev->agreed_auth.basis, "configured is %s; what was agreed is not noted", has != NULL ? has : "not known");
		return;
	}
	if (s->s->auth == AUTH_UNKNOWN) {
		find_unknown(j, about, &unread, "which authentication is configured is not known");
		return;
	}
	if (asked == AUTH_MUST_ANY) {
		if (s->s->auth == AUTH_NONE)
			find_fail(j, about, &s->basis, "no authentication is configured");
		else
			find_pass(j, about, &s->basis, "%s is configured", has);
		return;
	}
	if (asked != AUTH_AS_AGREED)
		agreed = asked == AUTH_MUST_MD5 ? AUTH_MD5 : AUTH_TCP_AO;
	want = auth_word(agreed);
	if (s->s->auth == agreed)
		find_pass(j, about, &s->basis, "%s, as %s", has, asked == AUTH_AS_AGREED ? "agreed" : "asked");
	else
		find_fail(j, about, &s->basis, "%s is configured, %s was %s", has, want, asked == AUTH_AS_AGREED ? "agreed" : "asked");
}

void check_session_auth(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	for (size_t i = 0; i < ev->session_count; i++)
		if (configured(&ev->sessions[i], j))
			auth_of(ev, &ev->sessions[i], c->values[P_AUTH_KIND], j);
	no_session_configured(ev, j, "authentication");
}

/* What a person enters to set it; told only where the clause is not met. */
static void limit_remedy(const struct evidence_session *s, const struct limit_advice *a, struct judgement *j)
{
	struct str lines;
	struct scan c;
	struct slice line;

	str_init(&lines, 2000);
	limit_lines(s, a->suggested, &lines);
	c = scan_of(str_slice(&lines));
	if (lines.len > 0)
		find_note(j, find_session(j, s), NULL, "to set %lld (%s), enter on %s:", (long long)a->suggested, a->why, s->router);
	while (scan_line(&c, &line))
		find_note(j, NULL, NULL, "    %.*s", (int)line.len, line.p);
	str_fini(&lines);
}

static void limit_of(const struct evidence *ev, const struct evidence_session *s, const struct clause *c, struct judgement *j)
{
	int64_t policy = c->values[afi_version(s->s->family) == 6 ? P_LIMIT_6 : P_LIMIT_4];
	count_t published = ev->peer != NULL ? peer_published_limit(ev->peer, s->s->family) : COUNT_UNKNOWN;
	count_t limit = s->s->max_prefixes;
	const char *about = find_session(j, s);
	struct limit_advice a = limit_advise(s, published, policy);
	char words[LIMIT_WORDS_LEN];

	if (limit == COUNT_UNKNOWN)
		find_unknown(j, about, &(struct basis){ .source = s->basis.source, .wall_ms = s->basis.wall_ms,
			.missing = TEXT_LIT("the router's answer about the limit of this neighbor") }, "its limit is not known");
	else if (limit == 0)
		find_fail(j, about, &s->basis, "no limit is configured; %lld is the default", (long long)policy);
	else if (limit > policy && c->values[P_LIMIT_EXCEED] == EXCEED_PUBLISHED && published > 0 && limit <= published)
		find_pass(j, about, &s->basis, "limit %lld: above the default %lld and within the %lld that the peer publishes", (long long)limit,
		    (long long)policy, (long long)published);
	else if (limit > policy)
		find_fail(j, about, &s->basis, "limit %lld is above the default %lld", (long long)limit, (long long)policy);
	else
		find_pass(j, about, &s->basis, "limit %lld, default %lld", (long long)limit, (long long)policy);
	if (limit_advice_words(&a, words) != '\0')
		find_note(j, about, &s->basis, "%s", words);
	if (a.change && (limit == 0 || limit > policy))
		limit_remedy(s, &a, j);
}

void check_max_prefixes(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	for (size_t i = 0; i < ev->session_count; i++)
		if (is_unicast(&ev->sessions[i]) && configured(&ev->sessions[i], j))
			limit_of(ev, &ev->sessions[i], c, j);
	no_session_configured(ev, j, "the prefix limit");
}

/* Where filters have no name by neighbor, what one does shows that it is there: something unregistered came and was not
 * let in.  That all is registered that came shows nothing. */
static void filter_unnamed(const struct evidence_session *s, const char *about, struct judgement *j)
{
	const struct tally *content = &s->received.filter, *came = &s->received.registered;
	const struct basis unread = { .source = s->basis.source, .wall_ms = s->basis.wall_ms,
		.missing = TEXT_LIT("the router's answer about the import policy of this neighbor, or a person's word (attest)") };

	if (content->basis.known && came->basis.known && !s->received.after_policy && came->bad > 0)
		find_pass(j, about, &content->basis, "%lld prefixes that are not registered came, and none was let in", (long long)came->bad);
	else
		find_unknown(j, about, &unread, "whether it is filtered is not known%s",
		    content->basis.known ? ": all that is let in is registered, and nothing else came" : "");
}

static void filter_of(const struct evidence_session *s, struct judgement *j)
{
	const struct tally *content = &s->received.filter;
	const char *about = find_session(j, s);

	if (text_known(s->s->import_policy) && text_empty(s->s->import_policy))
		find_fail(j, about, &s->basis, "no import policy is configured");
	else if (content->basis.known && content->bad > 0)
		find_fail(j, about, &content->basis, "%s lets %lld prefixes in that are not registered: %s", text_or(s->s->import_policy, "the router"),
		    (long long)content->bad, find_examples(j, content->examples, content->example_count, content->bad));
	else if (!text_known(s->s->import_policy))
		filter_unnamed(s, about, j);
	else
		find_pass(j, about, &s->basis, "import policy %s%s", s->s->import_policy.s,
		    content->basis.known ? ", and all that it lets in is registered" : ", which is not held against the registries");
	/* It stands beside: a filter is configured, whatever is known of what it lists. */
	if (!content->basis.known && text_known(s->s->import_policy) && !text_empty(s->s->import_policy) && s->s->state == BGP_ESTABLISHED)
		find_note(j, about, &content->basis, "what the filter lets in is not known: %s", text_or(content->basis.missing, "not read"));
}

void check_explicit_filter(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	(void)c;
	for (size_t i = 0; i < ev->session_count; i++)
		if (is_unicast(&ev->sessions[i]) && configured(&ev->sessions[i], j))
			filter_of(&ev->sessions[i], j);
	no_session_configured(ev, j, "filtering");
}
