/*
 * What every poll shows, as samples over time: prefix counts and states of sessions.
 *
 * Only what changed is put at once; what did not is put once a minute, so that a gap in the history means that nobody
 * looked.  Unknown is not put: it is no value.  Nor are counters of a session that is down: what routers print there is
 * zero, nothing, or what was before.
 */
#include "app/console_priv.h"
#include "core/model/history.h"

#include <stdio.h>
#include <stdlib.h>

enum { SAMPLES = 4 /* of a session at most */, REPEAT_MS = 60000 };

struct history_seen {
	struct snap *last; /* one reference; NULL before the first */
	int64_t repeat_boot_ms;
};

void console_history_series(char out[HISTORY_NAME_MAX + 1], const char *router, const struct session *s, const char *what)
{
	snprintf(out, HISTORY_NAME_MAX + 1, "session/%s/%s/%s/%s/%s", router, text_or(s->vrf, ""), text_or(s->neighbor, ""),
	    afi_safi_word(s->family) != NULL ? afi_safi_word(s->family) : "", what);
}

static const struct {
	const char *what;
	size_t at;
} counters[] = {
	{ "received", offsetof(struct session, received) },
	{ "accepted", offsetof(struct session, accepted) },
	{ "advertised", offsetof(struct session, advertised) },
};

static count_t counter(const struct session *s, size_t at)
{
	return *(const count_t *)(const void *)((const char *)s + at);
}

static void put_session(struct history *h, const struct snap *snap, const struct session *s, const struct session *before)
{
	char series[HISTORY_NAME_MAX + 1];
	bool up = s->state == BGP_ESTABLISHED, was_up = before != NULL && before->state == BGP_ESTABLISHED;

	for (size_t i = 0; up && i < ARRAY_LEN(counters); i++) {
		count_t n = counter(s, counters[i].at);

		if (n == COUNT_UNKNOWN || (was_up && counter(before, counters[i].at) == n))
			continue;
		console_history_series(series, snap->router, s, counters[i].what);
		history_put(h, HISTORY_GAUGE, series, snap->taken_wall_ms, (double)n);
	}
	if (s->state == BGP_UNKNOWN || (before != NULL && before->state == s->state))
		return;
	console_history_series(series, snap->router, s, "state");
	history_put(h, HISTORY_STATE, series, snap->taken_wall_ms, (double)s->state);
}

static void put_snap(struct history *h, struct history_seen *seen, struct snap *snap)
{
	bool repeat = snap->taken_boot_ms >= seen->repeat_boot_ms;
	const struct snap *last = repeat ? NULL : seen->last;
	size_t at = 0;

	/* Both are sorted by identity: one walk finds what each was before. */
	for (size_t i = 0; i < snap->count; i++) {
		const struct session *s = &snap->sessions[i], *before = NULL;

		while (last != NULL && at < last->count && session_key_cmp(&last->sessions[at], s) < 0)
			at++;
		if (last != NULL && at < last->count && session_key_cmp(&last->sessions[at], s) == 0)
			before = &last->sessions[at];
		put_session(h, snap, s, before);
	}
	if (repeat)
		seen->repeat_boot_ms = snap->taken_boot_ms + REPEAT_MS;
	snap_unref(seen->last);
	seen->last = snap_ref(snap);
}

void console_history_start(struct console *c)
{
	c->history = history_open(c->config->data_dir, &c->config->history);
	c->history_seen = mem_calloc(c->present.w.router_count, sizeof(*c->history_seen));
}

void console_history_tick(struct console *c)
{
	struct history_state st;

	bool put = false;

	/* One snapshot at a time: a big one takes some milliseconds. */
	c->history_more = false;
	for (size_t n = c->present.w.router_count; n > 0 && !c->history_more; n--) {
		size_t i = c->history_at++ % c->present.w.router_count;
		struct snap *snap = c->present.w.routers[i].snap;

		if (snap == NULL || snap == c->history_seen[i].last)
			continue;
		if (!history_has_room(c->history, snap->count * SAMPLES)) { /* later, when the disk has caught up: nothing is dropped */
			c->history_at--;
			break;
		}
		c->history_more = put;
		if (put)
			c->history_at--;
		else
			put_snap(c->history, &c->history_seen[i], snap);
		put = true;
	}
	history_state(c->history, &st);
	if (st.note[0] != '\0' && !c->history_noted)
		console_notice(c, "%s", st.note);
	c->history_noted = st.note[0] != '\0';
}

void console_history_stop(struct console *c)
{
	for (size_t i = 0; c->history_seen != NULL && i < c->present.w.router_count; i++)
		snap_unref(c->history_seen[i].last);
	free(c->history_seen);
	history_close(c->history);
}
