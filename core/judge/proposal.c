/*
 * Which sessions a failed clause would take down, and whether that may be.
 *
 * The sessions are those that the verdict's failing lines name; a failure of the network as a whole names all.  What
 * would leave an address family without any healthy session of this network is never proposed: a bad path is better
 * than none, and only a person can know of another one.
 */
#include "core/judge/proposal.h"

#include <stdio.h>
#include <string.h>

/* As find_session names it in a line. */
static bool line_names(const struct verdict_line *l, const struct evidence_session *s)
{
	const char *family = s->s->family == AF_IPV4_UNICAST ? " ipv4" : s->s->family == AF_IPV6_UNICAST ? " ipv6" : "";
	char name[240];

	snprintf(name, sizeof(name), "%s %s%s", s->router, text_or(s->s->neighbor, "?"), family);
	return strcmp(name, l->about.s) == 0;
}

static bool is_live(const struct evidence_session *s)
{
	return s->s->state == BGP_ESTABLISHED && !s->stale;
}

static bool same_neighbor(const struct evidence_session *a, const struct evidence_session *b)
{
	return strcmp(a->router, b->router) == 0 && text_same(a->s->neighbor, b->s->neighbor) &&
	       strcmp(text_or(a->s->vrf, ""), text_or(b->s->vrf, "")) == 0;
}

static void name_failing(const struct verdict *v, const struct evidence *ev, bool *named)
{
	bool any = false;

	for (size_t i = 0; i < ev->session_count; i++)
		for (size_t k = 0; k < v->line_count; k++)
			if (v->lines[k].value == LINE_FAIL && line_names(&v->lines[k], &ev->sessions[i]))
				named[i] = any = true;
	for (size_t i = 0; !any && i < ev->session_count; i++)
		named[i] = true;
	/* A neighbor is acted on with all its families. */
	for (size_t i = 0; i < ev->session_count; i++)
		for (size_t k = 0; k < ev->session_count; k++)
			named[k] = named[k] || (named[i] && same_neighbor(&ev->sessions[i], &ev->sessions[k]));
}

static bool other_path(const struct evidence *ev, const bool *named, enum afi_safi family)
{
	for (size_t i = 0; i < ev->session_count; i++)
		if (!named[i] && ev->sessions[i].s->family == family && is_live(&ev->sessions[i]))
			return true;
	return false;
}

static bool is_first(const struct evidence *ev, const bool *named, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (named[k] && is_live(&ev->sessions[k]) && same_neighbor(&ev->sessions[k], &ev->sessions[i]))
			return false;
	return true;
}

static struct text copied(struct arena *a, struct text t)
{
	return (struct text){ arena_strdup(a, text_or(t, "")) };
}

static void take_targets(const struct evidence *ev, const bool *named, struct arena *a, struct proposal *out)
{
	struct proposal_target *to = arena_alloc(a, (ev->session_count + 1) * sizeof(*to));

	for (size_t i = 0; i < ev->session_count; i++) {
		const struct evidence_session *s = &ev->sessions[i];

		if (!named[i] || !is_live(s))
			continue;
		if (!other_path(ev, named, s->s->family))
			out->refused = (struct text){ arena_printf(a, "%s %s is the last %s path to AS%u", s->router, text_or(s->s->neighbor, "?"),
			    afi_version(s->s->family) == 6 ? "IPv6" : "IPv4", ev->asn) };
		if (is_first(ev, named, i))
			to[out->target_count++] = (struct proposal_target){ { arena_strdup(a, s->router) }, copied(a, s->s->vrf), copied(a, s->s->neighbor) };
	}
	out->targets = to;
	if (out->target_count == 0)
		out->refused = TEXT_LIT("none of its sessions is up");
}

bool proposal_of(const struct verdict *v, const struct evidence *ev, struct arena *a, struct proposal *out)
{
	bool *named;

	*out = (struct proposal){ .clause = v->clause, .what = v->clause->on_fail, .refused = TEXT_LIT(""), .held = TEXT_LIT("") };
	if (v->value != VERDICT_FAIL || verdict_waived(v) ||
	    (v->clause->on_fail != ON_FAIL_PROPOSE_SUSPEND && v->clause->on_fail != ON_FAIL_PROPOSE_WITHDRAW))
		return false;
	named = arena_alloc(a, ev->session_count + 1);
	name_failing(v, ev, named);
	take_targets(ev, named, a, out);
	out->reason = (struct text){ arena_printf(a, "policy clause %s: %.170s", v->clause->id, v->words.s) };
	return true;
}
