/* Words that several views share; see view.h. */
#include "core/base/clock.h"
#include "tui/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { STATE_WIDE = 21, STATE_NARROW = 14 }; /* "x down (shut by peer)", "x shut by peer" */

const char *count_words(count_t n, const struct glyphs *g, char out[24])
{
	if (n == COUNT_UNKNOWN)
		snprintf(out, 24, "%s", g->dash);
	else if (n >= 10000 && n < 1000000 && n % 1000 == 0)
		snprintf(out, 24, "%" PRId64 "k", n / 1000);
	else if (n < 100000)
		snprintf(out, 24, "%" PRId64, n);
	else if (n < 1000000)
		snprintf(out, 24, "%" PRId64 "k", n / 1000);
	else if (n < 100000000)
		snprintf(out, 24, "%" PRId64 ".%02" PRId64 "M", n / 1000000, n % 1000000 / 10000);
	else
		snprintf(out, 24, "%" PRId64 "M", n / 1000000);
	return out;
}

const char *network_name(const struct peer *p)
{
	return p ? text_or(p->name, "") : "";
}

const char *family_word(enum afi_safi af)
{
	const char *w = afi_safi_word(af);

	if (af == AF_IPV4_UNICAST)
		return "ipv4";
	if (af == AF_IPV6_UNICAST)
		return "ipv6";
	return w ? w : "?";
}

/* "down (no answer)" -> "no answer" where the column has no room for all such words: the glyph says down. */
static void put_state(struct field *out, enum role role, const char *glyph, const char *words, int width)
{
	size_t n = strlen(words);

	if (width > 0 && width < STATE_NARROW && strcmp(words, "down (shut by peer)") == 0)
		field_putf(out, role, "%s peer shut", glyph);
	else if (width > 0 && width < STATE_WIDE && strncmp(words, "down (", 6) == 0)
		field_putf(out, role, "%s %.*s", glyph, (int)(n - 7), words + 6);
	else
		field_putf(out, role, "%s %s", glyph, words);
}

static bool held_by(const struct world_session *r, const char *verb)
{
	return r->held != NULL && strcmp(text_or(r->held->verb, ""), verb) == 0;
}

/* Under way, or broken off before the router was read: what it did to a session that is up nobody has seen yet. */
static bool is_unproven(const struct world_session *r)
{
	const char *state = text_or(r->held->state, "");

	return strcmp(state, "open") == 0 || strcmp(state, "unknown") == 0;
}

static void held_field(const struct view_ctx *cx, const struct world_session *r, int width,
    struct field *out)
{
	bool up = r->s->state == BGP_ESTABLISHED, narrow = width > 0 && width < STATE_WIDE;
	char words[64];

	snprintf(words, sizeof(words), "up, %s not proven", text_or(r->held->verb, "?"));
	if (up && is_unproven(r))
		put_state(out, ROLE_WARN, cx->g->opening, narrow ? "unproven" : words, width);
	else if (held_by(r, "suspend") && up)
		put_state(out, ROLE_BAD, cx->g->warn, narrow ? "not held" : "up though suspended", width);
	else if (held_by(r, "suspend"))
		put_state(out, ROLE_HELD, cx->g->held, width == 0 ? "down (suspended by us)" :
		    narrow ? "suspended" : "suspended by us", width);
	else if (up && held_by(r, "gshut"))
		put_state(out, ROLE_HELD, cx->g->held, narrow ? "draining" : "up, draining by us", width);
	else if (up)
		put_state(out, ROLE_HELD, cx->g->held, narrow ? "withdrawn" : "up, withdrawn by us", width);
	else
		put_state(out, ROLE_BAD, cx->g->held, session_state_words(r->s), width);
}

static void put_field(const struct view_ctx *cx, const struct world_session *r, int width, struct field *out)
{
	const struct glyphs *g = cx->g;
	const char *words = session_state_words(r->s);

	if (r->stale) {
		char was[64];

		snprintf(was, sizeof(was), width > 0 ? "was %s" : "stale, was %s", words);
		if (width > 0 && strncmp(words, "down (", 6) == 0)
			snprintf(was, sizeof(was), "was %.*s", (int)strlen(words) - 7, words + 6);
		put_state(out, ROLE_STALE, g->unknown, was, width);
	} else if (r->held != NULL) {
		held_field(cx, r, width, out);
	} else if (r->s->state == BGP_ESTABLISHED) {
		put_state(out, ROLE_GOOD, g->up, words, width);
	} else if (r->s->admin_down == TRI_YES) { /* on the router, and no action of ours explains it */
		put_state(out, ROLE_ADMIN, g->admin, width == 0 ? "down (shut by us, unexplained)" :
		    width < STATE_WIDE ? "unexplained" : "shut, unexplained", width);
	} else if (r->s->limit_tripped == TRI_YES) {
		put_state(out, ROLE_BAD, g->limit, words, width);
	} else if (r->s->state == BGP_OPENSENT || r->s->state == BGP_OPENCONFIRM) {
		put_state(out, ROLE_WARN, g->opening, words, width);
	} else if (r->s->state == BGP_UNKNOWN) {
		put_state(out, ROLE_DIM, g->unknown, words, width);
	} else {
		put_state(out, ROLE_BAD, g->down, words, width);
	}
}

/* The mark stands behind the glyph, where no column is too narrow for it; the state itself stays what it is. */
void state_field(const struct view_ctx *cx, const struct world_session *r, int width, struct field *out)
{
	const struct damp_line *flaps = flaps_of(cx, r);
	struct field plain;
	const char *blank;

	put_field(cx, r, width, out);
	if (flaps == NULL)
		return;
	plain = *out;
	blank = strchr(plain.s, ' ');
	if (width == 0 || blank == NULL)
		field_putf(out, plain.role, "%.600s, flaps %ux", plain.s, flaps->times);
	else
		field_putf(out, plain.role, "%.*s~%u%.600s", (int)(blank - plain.s), plain.s, flaps->times, blank);
}

int64_t state_rank(const struct view_ctx *cx, const struct world_session *r)
{
	bool up = r->s->state == BGP_ESTABLISHED, shut = r->s->admin_down == TRI_YES;

	if (r->stale)
		return 3;
	if (up && held_by(r, "suspend"))
		return 0;
	if (up && session_limit_near(r->s, (int)cx->w->config->near_pct))
		return 4;
	if (r->held != NULL && (up || shut))
		return 5;
	if (up)
		return 7;
	if (shut)
		return 6;
	return r->s->state == BGP_OPENSENT || r->s->state == BGP_OPENCONFIRM ? 2 : 1;
}

void last_error_words(const struct session *s, char *out, size_t n)
{
	const struct last_error *e = &s->last_error;
	const char *dir = e->dir == DIR_SENT ? "sent " : e->dir == DIR_RECEIVED ? "received " : "";
	const char *name = e->code > 0 ? bgp_error_word(e->code, e->subcode) : NULL;
	const char *said = text_or(s->shutdown_message, "");
	size_t at = 0;

	out[0] = '\0';
	if (said[0] != '\0')
		at = (size_t)snprintf(out, n, "\"%s\" ", said);
	if (at >= n)
		return;
	if (e->code > 0 && e->subcode > 0)
		snprintf(out + at, n - at, "%s%d/%d %s", dir, e->code, e->subcode,
		    name ? name : text_or(e->words, ""));
	else if (e->code > 0)
		snprintf(out + at, n - at, "%s%d %s", dir, e->code, name ? name : text_or(e->words, ""));
	else
		snprintf(out + at, n - at, "%s", text_or(e->words, ""));
}

void age_field(const struct view_ctx *cx, const struct world_router *r, int width, struct field *out)
{
	bool stale;
	int64_t s = world_router_age(cx->w, r, &stale);
	char span[CLOCK_SPAN_LEN];

	if (s < 0) {
		field_put(out, ROLE_STALE, "never");
		return;
	}
	s /= 1000;
	if (s >= 3600 && s < 86400)
		snprintf(span, sizeof(span), "%" PRId64 "h", s / 3600);
	else if (s >= 86400)
		snprintf(span, sizeof(span), "%" PRId64 "d", s / 86400);
	else
		clock_span(s, span);
	if (stale)
		field_putf(out, ROLE_STALE, width > 0 && width < 6 + (int)strlen(span) ? "stale%s" : "stale %s", span);
	else
		field_put(out, ROLE_DIM, span);
}

count_t limit_count(const struct session *s)
{
	if (s->state != BGP_ESTABLISHED)
		return COUNT_UNKNOWN; /* what a router still shows of a dead session is not a count */
	return s->received != COUNT_UNKNOWN ? s->received : s->accepted;
}

void time_words(int64_t wall_ms, int64_t now_wall_ms, char *out, size_t n)
{
	char iso[CLOCK_ISO_LEN], today[CLOCK_ISO_LEN];

	clock_iso(wall_ms, iso);
	clock_iso(now_wall_ms, today);
	if (strncmp(iso, today, 10) == 0)
		snprintf(out, n, "%.8s", iso + 11);
	else
		snprintf(out, n, "%.5s %.5s", iso + 5, iso + 11);
}
