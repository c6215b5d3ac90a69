/*
 * A limit and what it should be; see limit.h.
 *
 * The suggestion: what the peer asks for by publishing it, because it knows its own growth; never more than ten times
 * what is received (a typing error in PeeringDB must not open the gate); never so low that the next few prefixes trip
 * it; without a published number our own default.
 */
#include "core/judge/limit.h"
#include "core/base/scan.h"
#include "core/model/driver.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GENEROUS = 10, SMALL = 1000 };

static count_t with_room(count_t n)
{
	return n + (n + 4) / 5 + 1;
}

static count_t suggest(const struct limit_advice *a, const char **why)
{
	count_t n;

	if (a->published > 0 && (a->counted == COUNT_UNKNOWN || a->published <= SMALL || a->published <= a->counted * GENEROUS)) {
		n = a->published;
		*why = "what the peer publishes";
	} else if (a->policy != COUNT_UNKNOWN) {
		n = a->policy;
		*why = a->published > 0 ? "our default; what the peer publishes is more than ten times what it sends" : "our default; the peer publishes nothing";
	} else {
		n = COUNT_UNKNOWN;
		*why = "";
	}
	if (n != COUNT_UNKNOWN && a->policy != COUNT_UNKNOWN && n < a->policy && a->counted != COUNT_UNKNOWN && with_room(a->counted) <= a->policy) {
		n = a->policy;
		*why = "our default, which holds what the peer publishes";
	}
	if (n != COUNT_UNKNOWN && a->counted != COUNT_UNKNOWN && n < with_room(a->counted)) {
		n = with_room(a->counted);
		*why = "a fifth more than is received now: both the default and what the peer publishes are too small";
	}
	return n;
}

struct limit_advice limit_advise(const struct evidence_session *s, count_t published, count_t policy)
{
	struct limit_advice a = {
		.configured = s->s->max_prefixes,
		.policy = policy,
		.published = published,
		.counted = s->s->received != COUNT_UNKNOWN ? s->s->received : s->s->accepted,
		.accepted_only = s->s->received == COUNT_UNKNOWN && s->s->accepted != COUNT_UNKNOWN,
		.slope_known = s->slope_basis.known && isfinite(s->slope_per_day),
		.slope_per_day = s->slope_per_day,
	};

	if (a.configured > 0 && a.counted != COUNT_UNKNOWN) {
		a.headroom_known = true;
		a.headroom = a.configured - a.counted;
	}
	if (a.headroom_known && a.slope_known && a.slope_per_day > 0.01) {
		a.trips = true;
		a.days_left = a.headroom > 0 ? (double)a.headroom / a.slope_per_day : 0;
	}
	a.suggested = suggest(&a, &a.why);
	a.change = a.suggested != COUNT_UNKNOWN && a.configured != COUNT_UNKNOWN && a.suggested != a.configured;
	return a;
}

static size_t put(char *out, size_t at, const char *words)
{
	return at < LIMIT_WORDS_LEN ? at + (size_t)snprintf(out + at, LIMIT_WORDS_LEN - at, "%s%s", at ? ", " : "", words) : at;
}

char limit_advice_words(const struct limit_advice *a, char out[LIMIT_WORDS_LEN])
{
	char part[100];
	size_t at = 0;

	out[0] = '\0';
	if (a->counted != COUNT_UNKNOWN) {
		snprintf(part, sizeof(part), "%s %lld", a->accepted_only ? "accepted" : "received", (long long)a->counted);
		at = put(out, at, part);
	}
	if (a->headroom_known) {
		snprintf(part, sizeof(part), a->headroom >= 0 ? "headroom %lld (%lld %%)" : "%lld over the limit", (long long)llabs(a->headroom),
		    (long long)(a->headroom * 100 / a->configured));
		at = put(out, at, part);
	}
	if (a->slope_known && fabs(a->slope_per_day) >= 0.05) {
		snprintf(part, sizeof(part), "%+.1f a day", a->slope_per_day);
		at = put(out, at, part);
	}
	if (a->trips && a->days_left < 3650) {
		snprintf(part, sizeof(part), a->days_left >= 1 ? "trips in %.0f days" : "trips within a day", a->days_left);
		at = put(out, at, part);
	}
	if (a->published > 0) {
		snprintf(part, sizeof(part), "the peer publishes %lld", (long long)a->published);
		at = put(out, at, part);
	}
	if (a->change) {
		snprintf(part, sizeof(part), "%lld suggested", (long long)a->suggested);
		put(out, at, part);
	}
	return out[0];
}

static void put_place(struct slice name, const struct session *s, count_t limit, struct str *out)
{
	char address[ADDR_STRLEN];
	bool six = afi_version(s->family) == 6;

	if (slice_eq(name, "as"))
		str_addf(out, "%u", s->local_as);
	else if (slice_eq(name, "neighbor")) /* printed from binary again where it can be */
		str_puts(out, s->peer.family != ADDR_NONE ? addr_print(&s->peer, address) : text_or(s->neighbor, "NEIGHBOR"));
	else if (slice_eq(name, "handle"))
		str_puts(out, text_or(s->handle, "NAME"));
	else if (slice_eq(name, "group"))
		str_puts(out, text_or(s->group, "GROUP"));
	else if (slice_eq(name, "limit"))
		str_addf(out, "%lld", (long long)limit);
	else if (slice_eq(name, "ip"))
		str_puts(out, six ? "6" : "4");
	else if (slice_eq(name, "six"))
		str_puts(out, six ? "6" : "");
	else
		str_addf(out, "{%.*s}", (int)name.len, name.p);
}

void limit_lines(const struct evidence_session *s, count_t limit, struct str *out)
{
	const struct driver *d = s->os != NULL ? driver_find(s->os) : NULL;
	struct slice part, name;
	struct scan c;

	if (d == NULL || d->limit_lines == NULL || limit == COUNT_UNKNOWN)
		return;
	if (!text_empty(s->s->vrf))
		str_addf(out, "(in VRF %s)\n", s->s->vrf.s);
	c = scan_of(slice_of(d->limit_lines));
	while (!scan_done(&c)) {
		bool place = scan_until(&c, '{', &part);

		str_add(out, part.p, part.len);
		if (!place || !scan_lit(&c, "{"))
			break;
		if (c.p < c.end && *c.p >= 'a' && *c.p <= 'z' && scan_until(&c, '}', &name) && scan_lit(&c, "}"))
			put_place(name, s->s, limit, out);
		else /* a brace of the OS's own */
			str_putc(out, '{');
	}
}
