/*
 * Two looks at one router become events; see diff.h.
 *
 * Both snapshots are sorted by identity, so one walk over both finds what is
 * new, gone and changed.
 */
#include "core/model/diff.h"

#include <stdio.h>
#include <string.h>

const struct diff_rules diff_defaults = { .near_pct = 90, .jump_pct = 20, .jump_min = 50, .loss_pct = 50, .loss_min = 10 };

/* One comparison on its way. */
struct diff {
	const struct snap *old, *now;
	const struct diff_rules *rules;
	struct event_log *log;
	struct addr local; /* ours toward the neighbor that is compared, as last known */
};

/* Cuts what a full buffer has left of a character. */
static void cut_tail(char *s)
{
	size_t n = strlen(s), lead = n;

	while (lead > 0 && ((unsigned char)s[lead - 1] & 0xc0) == 0x80)
		lead--;
	if (lead > 0) {
		unsigned char c = (unsigned char)s[lead - 1];
		size_t want = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;

		if (n - (lead - 1) < want)
			s[lead - 1] = '\0';
	}
}

static struct event event_of(const struct diff *d, const struct session *s, enum event_kind kind,
    enum severity severity)
{
	struct event ev = { .kind = kind, .severity = severity, .family = s->family, .remote_as = s->remote_as,
		.wall_ms = d->now->taken_wall_ms, .before = COUNT_UNKNOWN, .after = COUNT_UNKNOWN, .local = d->local };

	snprintf(ev.router, sizeof(ev.router), "%s", d->now->router);
	snprintf(ev.vrf, sizeof(ev.vrf), "%s", text_or(s->vrf, ""));
	snprintf(ev.neighbor, sizeof(ev.neighbor), "%s", text_or(s->neighbor, ""));
	cut_tail(ev.vrf);
	cut_tail(ev.neighbor);
	return ev;
}

__attribute__((format(printf, 5, 6))) static void emit(const struct diff *d, const struct session *s,
    enum event_kind kind, enum severity severity, const char *fmt, ...)
{
	struct event ev = event_of(d, s, kind, severity);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(ev.words, sizeof(ev.words), fmt, ap);
	va_end(ap);
	cut_tail(ev.words);
	event_log_add(d->log, ev);
}

__attribute__((format(printf, 6, 7))) static void emit_jump(const struct diff *d, const struct session *s, enum severity severity,
    count_t before, count_t after, const char *fmt, ...)
{
	struct event ev = event_of(d, s, EVENT_PREFIX_JUMP, severity);
	va_list ap;

	ev.before = before;
	ev.after = after;
	ev.of_accepted = s->received != COUNT_UNKNOWN && s->received != after;
	va_start(ap, fmt);
	vsnprintf(ev.words, sizeof(ev.words), fmt, ap);
	va_end(ap);
	event_log_add(d->log, ev);
}

static bool jumped(const struct diff *d, count_t before, count_t after)
{
	count_t change = after > before ? after - before : before - after;

	return change >= d->rules->jump_min && change * 100 >= before * d->rules->jump_pct;
}

/* Routes can vanish while the session stays up: no NOTIFICATION tells of it (RFC 7606), only the counter does. */
static bool is_loss(const struct diff *d, count_t before, count_t after)
{
	return after < before && (after == 0 ||
	    (before >= d->rules->loss_min && (before - after) * 100 >= before * d->rules->loss_pct));
}

static void compare_prefixes(const struct diff *d, const struct session *s, count_t before, count_t after)
{
	if (is_loss(d, before, after))
		emit_jump(d, s, SEV_ALARM, before, after, "lost %s prefixes: %lld -> %lld, the session is up",
		    after == 0 ? "all" : "most", (long long)before, (long long)after);
	else if (jumped(d, before, after))
		emit_jump(d, s, after < before ? SEV_WARN : SEV_NOTICE, before, after, "prefixes: %lld -> %lld", (long long)before,
		    (long long)after);
}

/* As many are received as before, and our import policy lets no more of them in than this. */
static void compare_accepted(const struct diff *d, const struct session *old, const struct session *now)
{
	if (old->received == COUNT_UNKNOWN || now->received == COUNT_UNKNOWN || old->accepted == COUNT_UNKNOWN ||
	    now->accepted == COUNT_UNKNOWN || is_loss(d, old->received, now->received))
		return;
	if (is_loss(d, old->accepted, now->accepted))
		emit_jump(d, now, SEV_ALARM, old->accepted, now->accepted, "import refuses %s: accepted %lld -> %lld of %lld received",
		    now->accepted == 0 ? "all prefixes" : "most prefixes", (long long)old->accepted, (long long)now->accepted,
		    (long long)now->received);
}

static bool up(const struct session *s)
{
	return s->state == BGP_ESTABLISHED;
}

static count_t prefixes(const struct session *s)
{
	return s->received != COUNT_UNKNOWN ? s->received : s->accepted;
}

/* Why it is down, in one line; "" if the router does not say. */
static void say_why(const struct session *s, char *out, size_t size)
{
	const struct last_error *le = &s->last_error;
	const char *word = le->code > 0 ? bgp_error_word(le->code, le->subcode) : NULL;

	out[0] = '\0';
	if (word == NULL && !text_empty(le->words))
		snprintf(out, size, "%s", le->words.s);
	else if (word != NULL)
		snprintf(out, size, "%s%s (%d/%d)%s%s%s", word,
		    le->dir == DIR_SENT ? ", sent" : le->dir == DIR_RECEIVED ? ", received" : "", le->code,
		    le->subcode > 0 ? le->subcode : 0, text_empty(s->shutdown_message) ? "" : ": \"",
		    text_or(s->shutdown_message, ""), text_empty(s->shutdown_message) ? "" : "\"");
	cut_tail(out);
}

static bool peer_shut_it(const struct session *s)
{
	return s->last_error.code == 6 && s->last_error.subcode == 2 && s->last_error.dir == DIR_RECEIVED;
}

static void went_down(const struct diff *d, const struct session *s)
{
	char why[160];

	say_why(s, why, sizeof(why));
	if (s->admin_down == TRI_YES)
		emit(d, s, EVENT_ADMIN, SEV_NOTICE, "shut by us");
	else if (s->limit_tripped == TRI_YES)
		emit(d, s, EVENT_LIMIT_TRIPPED, SEV_ALARM, "down: more prefixes than the configured limit%s%s",
		    why[0] ? ": " : "", why);
	else
		emit(d, s, EVENT_DOWN, peer_shut_it(s) ? SEV_WARN : SEV_ALARM, "down%s%s", why[0] ? ": " : "", why);
}

/* Up in both looks, but not all the time between them. */
static bool was_down_between(const struct diff *d, const struct session *old, const struct session *now)
{
	int64_t elapsed_s = (d->now->taken_boot_ms - d->old->taken_boot_ms) / 1000;

	if (old->flaps != COUNT_UNKNOWN && now->flaps > old->flaps)
		return true;
	return now->since_s >= 0 && now->since_s + 2 < elapsed_s;
}

static void compare_counts(const struct diff *d, const struct session *old, const struct session *now)
{
	count_t before = prefixes(old), after = prefixes(now);

	if (session_limit_near(now, d->rules->near_pct) && !session_limit_near(old, d->rules->near_pct))
		emit(d, now, EVENT_LIMIT_NEAR, SEV_WARN, "%lld of at most %lld prefixes", (long long)after,
		    (long long)now->max_prefixes);
	if (before == COUNT_UNKNOWN || after == COUNT_UNKNOWN)
		return;
	if ((old->received == COUNT_UNKNOWN) != (now->received == COUNT_UNKNOWN))
		return; /* one is received, the other accepted prefixes */
	compare_prefixes(d, now, before, after);
	compare_accepted(d, old, now);
}

static void compare(const struct diff *d, const struct session *old, const struct session *now)
{
	if (up(old) && !up(now)) {
		went_down(d, now);
	} else if (!up(old) && up(now)) {
		emit(d, now, EVENT_UP, SEV_NOTICE, "up");
	} else if (!up(now)) {
		if (old->admin_down != TRI_YES && now->admin_down == TRI_YES)
			emit(d, now, EVENT_ADMIN, SEV_NOTICE, "shut by us");
		else if (old->admin_down == TRI_YES && now->admin_down == TRI_NO)
			emit(d, now, EVENT_ADMIN, SEV_NOTICE, "opened by us");
		if (old->limit_tripped != TRI_YES && now->limit_tripped == TRI_YES)
			emit(d, now, EVENT_LIMIT_TRIPPED, SEV_ALARM, "more prefixes than the configured limit");
	} else if (was_down_between(d, old, now)) {
		char why[160];

		say_why(now, why, sizeof(why));
		emit(d, now, EVENT_DOWN, SEV_WARN, "flapped: was down and is up again%s%s", why[0] ? ": " : "", why);
	} else {
		compare_counts(d, old, now);
	}
}

void diff_snaps(const struct snap *old, const struct snap *now, const struct diff_rules *rules,
    struct event_log *log)
{
	struct diff d = { old, now, rules, log, { 0 } };
	bool complete = now->rows_seen == now->rows_parsed;
	size_t i = 0, k = 0;

	if (old == NULL)
		return;
	while (i < old->count || k < now->count) {
		int c = i == old->count ? 1 : k == now->count ? -1 :
		    session_key_cmp(&old->sessions[i], &now->sessions[k]);

		d.local = (struct addr){ 0 };
		if (c == 0) {
			/* a session that is down often tells no address of ours */
			d.local = now->sessions[k].local.family != ADDR_NONE ? now->sessions[k].local : old->sessions[i].local;
			compare(&d, &old->sessions[i++], &now->sessions[k++]);
		} else if (c > 0) {
			emit(&d, &now->sessions[k], EVENT_NEW, SEV_NOTICE, "new session, %s",
			    session_state_words(&now->sessions[k]));
			k++;
		} else {
			if (complete)
				emit(&d, &old->sessions[i], EVENT_GONE, SEV_WARN,
				    "no longer configured on the router (was %s)",
				    session_state_words(&old->sessions[i]));
			i++;
		}
	}
}
