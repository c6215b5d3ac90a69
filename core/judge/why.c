/* Causes out of what routers print; see why.h.  The sentences are in why_words.c. */
#include "core/judge/why.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A router notes the error and the change of state at slightly different times. */
enum { SAME_MOMENT_S = 90, LOSS_STEPS_MS = 600000 };

/* What routers print where there was no NOTIFICATION, or beside one: FRR "lastResetDueTo", BIRD "Error:" and "Last
 * error:", IOS and NX-OS "last reset ... due to", XR "BGP Reset reason", EOS "idleReason", Junos "Last Error" and
 * "Last Event", SR OS "Last Event", VRP "error", GoBGP "disconnect_reason".  First hit wins, so the narrow ones lead. */
static const struct {
	const char *words;
	enum why_who who;
	enum why_how how;
} told[] = {
	{ "bfd", WHY_PATH, WHY_BFD },
	{ "md5", WHY_NOBODY_KNOWS, WHY_AUTH },
	{ "password", WHY_NOBODY_KNOWS, WHY_AUTH },
	{ "authentication", WHY_NOBODY_KNOWS, WHY_AUTH },
	{ "tcp-ao", WHY_NOBODY_KNOWS, WHY_AUTH },
	{ "hold timer", WHY_NOBODY_KNOWS, WHY_HOLD_TIMER },
	{ "hold time expired", WHY_NOBODY_KNOWS, WHY_HOLD_TIMER },
	{ "holdtime", WHY_NOBODY_KNOWS, WHY_HOLD_TIMER },
	{ "holdtimer", WHY_NOBODY_KNOWS, WHY_HOLD_TIMER },
	{ "maximum prefix", WHY_WE, WHY_LIMIT },
	{ "maximum number of prefixes", WHY_WE, WHY_LIMIT },
	{ "prefix limit", WHY_WE, WHY_LIMIT },
	{ "prefixlimit", WHY_WE, WHY_LIMIT },
	{ "route limit", WHY_WE, WHY_LIMIT },
	{ "max-prefix", WHY_WE, WHY_LIMIT },
	{ "bad peer as", WHY_NOBODY_KNOWS, WHY_WRONG_AS },
	{ "remote as", WHY_NOBODY_KNOWS, WHY_WRONG_AS },
	{ "wrong remote-as", WHY_NOBODY_KNOWS, WHY_WRONG_AS },
	{ "interface down", WHY_PATH, WHY_INTERFACE },
	{ "interface flap", WHY_PATH, WHY_INTERFACE },
	{ "interface shutdown", WHY_PATH, WHY_INTERFACE },
	{ "link down", WHY_PATH, WHY_INTERFACE },
	{ "neighbor lost", WHY_PATH, WHY_INTERFACE },
	{ "network is unreachable", WHY_PATH, WHY_INTERFACE },
	{ "network unreachable", WHY_PATH, WHY_INTERFACE },
	{ "network is down", WHY_PATH, WHY_INTERFACE },
	{ "no route to", WHY_PATH, WHY_INTERFACE },
	{ "host unreachable", WHY_PATH, WHY_INTERFACE },
	{ "host is unreachable", WHY_PATH, WHY_INTERFACE },
	{ "route to peer", WHY_PATH, WHY_INTERFACE },
	{ "waiting for nht", WHY_PATH, WHY_INTERFACE },
	{ "next hop not reachable", WHY_PATH, WHY_INTERFACE },
	{ "connection refused", WHY_PEER, WHY_REFUSED },
	{ "connection reset", WHY_PEER, WHY_REFUSED },
	{ "refused", WHY_PEER, WHY_REFUSED },
	{ "peer closed", WHY_PEER, WHY_CLOSED },
	{ "closed the session", WHY_PEER, WHY_CLOSED },
	{ "connection closed", WHY_NOBODY_KNOWS, WHY_CLOSED },
	{ "remote close", WHY_PEER, WHY_CLOSED },
	{ "closed by peer", WHY_PEER, WHY_CLOSED },
	{ "transport connection", WHY_NOBODY_KNOWS, WHY_CLOSED },
	{ "timed out", WHY_PATH, WHY_NO_ANSWER },
	{ "timeout", WHY_PATH, WHY_NO_ANSWER },
	{ "connect retry", WHY_PATH, WHY_NO_ANSWER },
};

static bool says(const struct session *s, const char *words)
{
	return strcasestr(text_or(s->last_error.words, ""), words) != NULL;
}

static bool error_is_old(const struct session *s)
{
	return s->last_error.ago_s >= 0 && s->since_s >= 0 && s->last_error.ago_s > s->since_s + SAME_MOMENT_S;
}

static enum why_who closer(const struct last_error *e)
{
	return e->dir == DIR_SENT ? WHY_WE : e->dir == DIR_RECEIVED ? WHY_PEER : WHY_NOBODY_KNOWS;
}

/* RFC 4271 4.5, RFC 4486, RFC 9384 (Cease/10: BFD down). */
static enum why_how notification(const struct last_error *e)
{
	bool theirs = e->dir == DIR_RECEIVED;

	if (e->code == 4)
		return WHY_HOLD_TIMER;
	if (e->code == 2 && e->subcode == 2)
		return WHY_WRONG_AS;
	if (e->code == 2 && e->subcode == 5)
		return WHY_AUTH;
	if (e->code == 6 && e->subcode == 10)
		return WHY_BFD;
	if (e->code == 6 && e->subcode == 1 && !theirs)
		return WHY_LIMIT;
	if (e->code == 6 && theirs && e->subcode >= 2 && e->subcode <= 4)
		return WHY_PEER_SHUT;
	return WHY_NOTIFICATION;
}

static bool find_told(const struct session *s, struct why *y)
{
	for (size_t i = 0; i < ARRAY_LEN(told); i++)
		if (says(s, told[i].words)) {
			y->how = told[i].how;
			y->who = told[i].who != WHY_NOBODY_KNOWS ? told[i].who : closer(&s->last_error);
			if (y->who == WHY_NOBODY_KNOWS && y->how == WHY_HOLD_TIMER)
				y->who = WHY_PATH;
			return true;
		}
	return false;
}

/* A dead host, a filter and a wrong password look the same from here: no TCP connection.  Where a password is
 * configured that is said as a possibility, never as a finding. */
static void find_by_state(const struct session *s, struct why *y)
{
	if (s->state == BGP_OPENSENT || s->state == BGP_OPENCONFIRM) {
		y->how = WHY_OPENING;
	} else if (s->state == BGP_CONNECT || s->state == BGP_ACTIVE) {
		y->suspected = s->auth == AUTH_MD5 || s->auth == AUTH_TCP_AO;
		y->how = y->suspected ? WHY_AUTH : WHY_NO_ANSWER;
		y->who = y->suspected ? WHY_NOBODY_KNOWS : WHY_PATH;
	}
}

static void take_notification(const struct last_error *e, struct why *y)
{
	y->how = notification(e);
	y->who = y->how == WHY_BFD ? WHY_PATH : closer(e);
	if (y->how == WHY_HOLD_TIMER && y->who == WHY_WE)
		y->who = WHY_PATH; /* we closed it because nothing came any more */
}

static void find_cause(const struct world_session *r, struct why *y)
{
	const struct session *s = r->s;
	bool coded = s->last_error.code > 0 && !y->old_error;

	if (s->admin_down == TRI_YES) {
		y->how = r->held != NULL ? WHY_HELD : WHY_ADMIN;
		y->who = WHY_WE;
	} else if (s->limit_tripped == TRI_YES) {
		y->how = WHY_LIMIT;
		y->who = WHY_WE;
	} else if (coded) {
		take_notification(&s->last_error, y);
	} else if (s->last_error.code <= 0 && !text_empty(s->shutdown_message)) {
		y->how = WHY_PEER_SHUT;
		y->who = WHY_PEER;
	} else if ((y->old_error || !find_told(s, y)) && y->past.fell.code > 0) {
		y->recalled = true;
		take_notification(&y->past.fell, y);
	} else if (y->how == WHY_UNKNOWN) {
		find_by_state(s, y);
	}
}

/* Until nine of ten are back. */
static bool still_lost(const struct session *s, const struct why_past *past)
{
	count_t now = !past->lost_accepted && s->received != COUNT_UNKNOWN ? s->received : s->accepted;

	return past->lost_before > 0 && now != COUNT_UNKNOWN && now * 10 < past->lost_before * 9;
}

struct why why_find(const struct world_session *r, const struct why_past *past)
{
	struct why y = { .since_s = r->s->since_s, .stale = r->stale, .past = { .known_s = -1, .fell = { .code = -1, .subcode = -1 } } };

	if (past != NULL)
		y.past = *past;
	if (r->s->state == BGP_ESTABLISHED) {
		y.how = still_lost(r->s, &y.past) ? WHY_PREFIXES : WHY_UP;
		y.who = y.how == WHY_PREFIXES && y.past.lost_accepted ? WHY_WE : WHY_NOBODY_KNOWS;
		return y;
	}
	y.old_error = error_is_old(r->s);
	find_cause(r, &y);
	return y;
}

static bool is_about(const struct event *e, const struct world_session *r)
{
	return e->family == r->s->family && strcmp(e->neighbor, text_or(r->s->neighbor, "")) == 0 &&
	    strcmp(e->router, r->router->conf->name) == 0 && strcmp(e->vrf, text_or(r->s->vrf, "")) == 0;
}

/* The newest loss, with what there was before the first of those that came close after one another. */
static void take_loss(const struct event *e, struct why_past *past)
{
	bool accepted = e->of_accepted || strncmp(e->words, "import", 6) == 0; /* the history keeps the words only */

	if (past->lost_wall_ms != 0 && (past->lost_wall_ms - e->wall_ms > LOSS_STEPS_MS || accepted != past->lost_accepted))
		return;
	if (past->lost_wall_ms == 0) {
		past->lost_after = e->after;
		past->lost_accepted = accepted;
	}
	past->lost_wall_ms = e->wall_ms;
	past->lost_before = e->before;
}

/* "down: Hold timer expired, sent (4/0)", as diff.c writes it: the history keeps no more than the words. */
static void take_fall(const struct event *e, const struct world *w, struct why_past *past)
{
	const char *code = strstr(e->words, ", received ("), *sent = strstr(e->words, ", sent (");
	struct scan c;
	uint64_t major, minor;

	if (code == NULL && sent == NULL)
		return;
	past->fell.dir = code != NULL ? DIR_RECEIVED : DIR_SENT;
	c = scan_of(slice_of(strchr(code != NULL ? code : sent, '(') + 1));
	if (!scan_u64(&c, &major) || !scan_lit(&c, "/") || !scan_u64(&c, &minor) || major == 0 || major > 255 || minor > 255)
		return;
	past->fell.code = (int)major;
	past->fell.subcode = (int)minor;
	past->fell.ago_s = (w->now_wall_ms - e->wall_ms) / 1000;
}

struct why_past why_past_of(const struct world *w, const struct world_session *r)
{
	struct why_past past = { .known_s = -1, .fell = { .code = -1, .subcode = -1, .ago_s = -1 } };
	bool fell = false;
	size_t n = w->events != NULL ? event_log_count(w->events) : 0;

	for (size_t i = 0; i < n; i++) {
		const struct event *e = event_log_at(w->events, i);
		int64_t ago_s = (w->now_wall_ms - e->wall_ms) / 1000;

		past.known_s = ago_s > past.known_s ? ago_s : past.known_s;
		if (ago_s > 86400 || !is_about(e, r))
			continue;
		if (e->kind == EVENT_DOWN || e->kind == EVENT_LIMIT_TRIPPED) {
			if (!fell)
				take_fall(e, w, &past);
			fell = true;
			past.drops_day++;
			past.drops_hour += ago_s <= 3600;
		}
		if (e->kind == EVENT_PREFIX_JUMP && e->severity == SEV_ALARM)
			take_loss(e, &past);
	}
	return past;
}

const char *why_who_word(enum why_who who)
{
	static const char *const words[] = { "unknown", "we", "the peer", "the path" };

	return words[who];
}

const char *why_how_word(enum why_how how)
{
	static const char *const words[WHY_HOWS] = {
		[WHY_UNKNOWN] = "unknown", [WHY_UP] = "up", [WHY_PREFIXES] = "prefixes-lost", [WHY_HELD] = "suspended", [WHY_ADMIN] = "admin-down",
		[WHY_LIMIT] = "max-prefix", [WHY_PEER_SHUT] = "peer-shut", [WHY_HOLD_TIMER] = "hold-timer",
		[WHY_BFD] = "bfd", [WHY_INTERFACE] = "interface", [WHY_WRONG_AS] = "wrong-as",
		[WHY_NOTIFICATION] = "notification", [WHY_AUTH] = "authentication", [WHY_REFUSED] = "refused",
		[WHY_CLOSED] = "closed", [WHY_NO_ANSWER] = "no-answer", [WHY_OPENING] = "opening",
	};

	return words[how];
}
