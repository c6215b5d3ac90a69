/*
 * Neighbors in detail; see detail.h.
 *
 * A table of line beginnings, each with the function that takes what follows.  What is said of the neighbor is
 * gathered in one session (`all`) and given to each of its rows when the next neighbor begins; what is said of a
 * family goes to its row at once.
 */
#include "backends/parse/detail.h"
#include "backends/parse/duration.h"
#include "backends/parse/family.h"
#include "backends/parse/refusal.h"
#include "backends/parse/summary.h"
#include "backends/parse/words.h"

#include <string.h>
#include <strings.h>

enum { FAMILIES_MAX = 24 };

struct reader {
	struct snap_builder *b;
	struct asked asked;
	bool poll, fill;       /* detail_poll, detail_fill */
	bool seen, in_messages, in_prefixes, in_denied;
	bool open;             /* a neighbor has begun */
	struct slice neighbor, vrf;
	struct session all;    /* what is said of the neighbor */
	struct session own;    /* what is said of the family that is open */
	enum afi_safi family;  /* the open one, AF_UNKNOWN outside */
	bool body;             /* the open family has a body */
	enum afi_safi heading; /* of the last heading without a body: it stands over neighbors */
	enum afi_safi above;   /* the heading that stood over the open neighbor */
	bool has_body;         /* one of the open neighbor's families had one */
	struct session *rows[FAMILIES_MAX];
	size_t row_count;
	int64_t denied, reset_s;
};

static bool has(struct slice s, const char *words)
{
	return slice_find(s, words) >= 0;
}

static bool has_nocase(struct slice s, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= s.len; i++)
		if (strncasecmp(s.p + i, word, n) == 0)
			return true;
	return false;
}

void detail_error_words(struct slice words, struct last_error *le)
{
	static const struct {
		const char *word;
		int code, subcode;
	} known[] = {
		{ "administrative shutdown", 6, 2 }, { "admin. shutdown", 6, 2 },
		{ "admin shutdown", 6, 2 }, { "administratively shut", 6, 2 }, { "peer de-config", 6, 3 },
		{ "peer deconfig", 6, 3 }, { "de-configured", 6, 3 }, { "neighbor deleted", 6, 3 },
		{ "administrative reset", 6, 4 }, { "user reset", 6, 4 }, { "admin. reset", 6, 4 },
		{ "connection rejected", 6, 5 }, { "other configuration change", 6, 6 },
		{ "collision", 6, 7 }, { "out of resource", 6, 8 }, { "hard reset", 6, 9 },
		{ "maximum number of prefixes", 6, 1 }, { "maximum prefix", 6, 1 },
		{ "max prefix", 6, 1 }, { "prefix limit", 6, 1 }, { "bfd", 6, 10 },
		{ "hold time", 4, 0 }, { "holdtime", 4, 0 }, { "hold timer", 4, 0 },
		{ "holdtimer", 4, 0 }, { "bad peer as", 2, 2 }, { "peer in wrong as", 2, 2 },
		{ "bad bgp identifier", 2, 3 }, { "unsupported capability", 2, 7 }, { "cease", 6, -1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(known) && le->code < 0; i++)
		if (has_nocase(words, known[i].word)) {
			le->code = known[i].code;
			le->subcode = known[i].subcode;
		}
	if (le->dir != DIR_UNKNOWN)
		return;
	if (has_nocase(words, "received") || has_nocase(words, "by peer"))
		le->dir = DIR_RECEIVED;
	else if (has_nocase(words, "sent") || has_nocase(words, "by us"))
		le->dir = DIR_SENT;
}

/* ---- what is said of the neighbor ---- */

static void take_state(struct reader *rd, struct slice v)
{
	struct slice word = words_upto(v, ",");
	ptrdiff_t up = slice_find(v, "up for "), down = slice_find(v, "down for ");
	struct scan c = scan_of(word);
	struct slice first;

	if (up > 0 && (size_t)up < word.len) /* "Established up for 00:00:26" */
		word = slice_trim(slice_upto(word, (size_t)up));
	if (!summary_state(word, &rd->all) && scan_word(&c, &first))
		summary_state(first, &rd->all);
	if (rd->all.state == BGP_ESTABLISHED)
		rd->all.admin_down = TRI_NO;
	if (up < 0)
		up = slice_find(v, "Up for ");
	if (up >= 0)
		rd->all.since_s = duration_s(words_upto(slice_from(v, (size_t)up + 7), ","));
	else if (down >= 0)
		rd->all.since_s = duration_s(words_upto(slice_from(v, (size_t)down + 9), ","));
}

static void take_description(struct reader *rd, struct slice v)
{
	rd->all.description = snap_builder_text(rd->b, v);
}

static void take_group(struct reader *rd, struct slice v)
{
	rd->all.group = snap_builder_text(rd->b, words_upto(v, " ,"));
}

static void take_hold(struct reader *rd, struct slice v)
{
	uint64_t n;
	struct scan c = scan_of(v);

	if (scan_u64(&c, &n) && n <= 65535)
		rd->all.hold_time_s = (int)n;
}

static void take_local(struct reader *rd, struct slice v)
{
	addr_parse(words_upto(v, ", "), &rd->all.local);
}

/* "1; dropped 0" or "1, dropped 0" */
static void take_connections(struct reader *rd, struct slice v)
{
	uint64_t n;
	struct scan c = scan_of(words_behind(v, "dropped "));

	if (scan_u64(&c, &n) && n <= INT64_MAX)
		rd->all.flaps = (count_t)n;
}

static void keep_error(struct reader *rd, struct slice why, int64_t ago, enum direction dir)
{
	struct last_error *le = &rd->all.last_error;

	*le = (struct last_error){ .code = -1, .subcode = -1, .dir = dir, .ago_s = ago };
	if (why.len > 0)
		le->words = snap_builder_text(rd->b, why);
	detail_error_words(why, le);
}

/* "00:23:58, due to Active open failed", "never" */
static void take_reset(struct reader *rd, struct slice v)
{
	int64_t ago = -1;
	enum direction dir = DIR_UNKNOWN;
	struct slice why = words_behind(v, "due to ");

	if (slice_starts(v, "by us ")) {
		dir = DIR_SENT;
		v = slice_from(v, 6);
	} else if (slice_starts(v, "by peer ")) {
		dir = DIR_RECEIVED;
		v = slice_from(v, 8);
	}
	ago = duration_s(words_upto(v, ","));
	if (ago < 0)
		return;
	if (rd->reset_s >= 0 && rd->reset_s <= ago) /* NX-OS tells one of each side: the later counts */
		return;
	if (why.len == 0 && dir == DIR_UNKNOWN)
		return;
	rd->reset_s = ago;
	keep_error(rd, why, ago, dir);
}

static void take_reset_reason(struct reader *rd, struct slice v)
{
	struct last_error *le = &rd->all.last_error;

	if (le->code < 0)
		detail_error_words(v, le);
	if (!text_known(le->words))
		le->words = snap_builder_text(rd->b, v);
}

static void take_shut(struct reader *rd, struct slice v)
{
	(void)v;
	rd->all.admin_down = TRI_YES;
	if (rd->all.state == BGP_UNKNOWN)
		rd->all.state = BGP_IDLE;
}

static void take_md5(struct reader *rd, struct slice v)
{
	(void)v;
	rd->all.auth = AUTH_MD5;
}

static void take_ao(struct reader *rd, struct slice v)
{
	(void)v;
	rd->all.auth = AUTH_TCP_AO;
}

static void take_options(struct reader *rd, struct slice v)
{
	if (has(v, "md5"))
		rd->all.auth = AUTH_MD5;
	else if (has(v, "TCP AO"))
		rd->all.auth = AUTH_TCP_AO;
	else if (rd->all.auth == AUTH_UNKNOWN)
		rd->all.auth = AUTH_NONE;
}

static void take_received_messages(struct reader *rd, struct slice v)
{
	int64_t n;

	if (has(v, " messages") && word_count(words_upto(v, " "), &n))
		rd->all.messages_in = n;
}

static void take_sent_messages(struct reader *rd, struct slice v)
{
	int64_t n;

	if (has(v, " messages") && word_count(words_upto(v, " "), &n))
		rd->all.messages_out = n;
}

/* "598  591" in "Message statistics", "10 24" in "Local Policy Denied Prefixes" */
static void take_total(struct reader *rd, struct slice v)
{
	struct words w;
	int64_t a, z;

	words_cut(&w, v);
	if (w.n < 2)
		return;
	if (rd->in_messages && word_count(w.w[0], &a) && word_count(w.w[1], &z)) {
		rd->all.messages_out = a;
		rd->all.messages_in = z;
		rd->in_messages = false;
	} else if (rd->in_denied && word_count(w.w[1], &z)) {
		rd->denied = z;
		rd->in_denied = false;
	}
}

static void take_messages(struct reader *rd, struct slice v)
{
	(void)v;
	rd->in_messages = true;
	rd->in_prefixes = false;
}

static void take_prefixes(struct reader *rd, struct slice v)
{
	(void)v;
	rd->in_prefixes = true;
	rd->in_messages = false;
}

/* EOS: "Local AS is 65001, local router ID 192.0.2.3"; XR: "Remote AS 65001, local AS 65001, internal link" */
static void take_local_as(struct reader *rd, struct slice v)
{
	struct addr id = { 0 };

	asn_parse(words_upto(v, ", "), &rd->all.local_as);
	addr_parse(words_upto(words_behind(v, "local router ID "), ", "), &id);
	if (snap_builder_router_id(rd->b)->family == ADDR_NONE)
		snap_builder_router(rd->b, ASN_UNKNOWN, &id);
}

static void take_remote_as(struct reader *rd, struct slice v)
{
	asn_parse(words_upto(v, ", "), &rd->all.remote_as);
	if (has(v, "local AS "))
		take_local_as(rd, words_behind(v, "local AS "));
}

/* EOS says the VRF behind the version: "BGP version 4, remote router ID 192.0.2.2, VRF red" */
static void take_version(struct reader *rd, struct slice v)
{
	if (has(v, ", VRF "))
		rd->vrf = words_upto(words_behind(v, ", VRF "), ", ");
}

/* ---- what is said of a family ---- */

static void take_current(struct reader *rd, struct slice v)
{
	struct words w;
	int64_t sent, got;

	words_cut(&w, v);
	if (w.n >= 2 && word_count(w.w[0], &sent) && word_count(w.w[1], &got)) {
		rd->own.advertised = sent;
		rd->own.accepted = got;
	}
}

static void take_denied(struct reader *rd, struct slice v)
{
	(void)v;
	rd->in_denied = true;
	rd->in_messages = false;
}

static void take_maximum(struct reader *rd, struct slice v)
{
	int64_t n;

	if (!word_count(words_upto(v, " ("), &n))
		return;
	rd->own.max_prefixes = n;
	rd->own.limit_action = has(v, "warning-only") || has(v, "warning only") ? LIMIT_WARN : LIMIT_TEARDOWN;
}

/* "75%, restart interval 0 min" */
static void take_threshold(struct reader *rd, struct slice v)
{
	struct scan c = scan_of(v);
	uint64_t n;

	if (scan_u64(&c, &n) && n <= 100)
		rd->own.limit_warn_pct = (int)n;
	c = scan_of(words_behind(v, "restart interval "));
	if (scan_u64(&c, &n) && n > 0 && n < 1000000) {
		rd->own.limit_action = LIMIT_RESTART;
		rd->own.limit_restart_s = (int64_t)n * 60;
	}
}

static void take_import(struct reader *rd, struct slice v)
{
	if (v.len > 0 && v.p[0] == '*')
		v = slice_from(v, 1);
	rd->own.import_policy = snap_builder_text(rd->b, words_upto(v, " ,"));
}

static void take_export(struct reader *rd, struct slice v)
{
	if (v.len > 0 && v.p[0] == '*')
		v = slice_from(v, 1);
	rd->own.export_policy = snap_builder_text(rd->b, words_upto(v, " ,"));
}

static void take_import_list(struct reader *rd, struct slice v)
{
	if (!text_known(rd->own.import_policy))
		take_import(rd, v);
}

static void take_export_list(struct reader *rd, struct slice v)
{
	if (!text_known(rd->own.export_policy))
		take_export(rd, v);
}

static void take_soft(struct reader *rd, struct slice v)
{
	(void)v;
	rd->own.soft_reconfig = TRI_YES;
}

static void take_denied_exactly(struct reader *rd, struct slice v)
{
	int64_t n;

	if (word_count(words_upto(v, ". "), &n))
		rd->denied = n;
}

static const struct {
	const char *beginning;
	void (*take)(struct reader *rd, struct slice behind);
} lines[] = {
	{ "BGP state = ", take_state }, { "BGP state is ", take_state }, { "BGP state: ", take_state },
	{ "Description: ", take_description }, { "BGP version ", take_version },
	{ "Remote AS ", take_remote_as }, { "Local AS is ", take_local_as },
	{ "Member of peer-group ", take_group }, { "Inherits from template ", take_group },
	{ "Inherits session configuration from session-template ", take_group },
	{ "Inherits peer configuration from peer-template ", take_group },
	{ "Inherits configuration from and member of peer-group ", take_group },
	{ "Hold time is ", take_hold }, { "Local host: ", take_local },
	{ "Local TCP address is ", take_local }, { "Connections established ", take_connections },
	{ "Last reset ", take_reset }, { "Peer reset reason: ", take_reset_reason },
	{ "BGP Notification received", take_reset_reason }, { "Administratively shut down", take_shut },
	{ "Admin. shutdown", take_shut }, { "TCP MD5 authentication is enabled", take_md5 },
	{ "MD5 authentication is enabled", take_md5 }, { "Peer Authentication Enabled", take_md5 },
	{ "AO keychain ", take_ao }, { "TCP AO Key chain", take_ao }, { "TCP-AO", take_ao },
	{ "Option Flags:", take_options }, { "win-scale, ", take_options },
	{ "Message statistics", take_messages }, { "Prefix statistics", take_prefixes },
	{ "Total:", take_total }, { "Total messages:", take_total },
	{ "Received ", take_received_messages }, { "Sent ", take_sent_messages },
	{ "Prefixes Current:", take_current }, { "Local Policy Denied Prefixes", take_denied },
	{ "Maximum prefixes allowed ", take_maximum }, { "Threshold for warning message ", take_threshold },
	{ "Route map for incoming advertisements is ", take_import },
	{ "Route map for outgoing advertisements is ", take_export },
	{ "Inbound route-map configured is ", take_import },
	{ "Outbound route-map configured is ", take_export },
	{ "Inbound route map is ", take_import }, { "Outbound route map is ", take_export },
	{ "Policy for incoming advertisements is ", take_import },
	{ "Policy for outgoing advertisements is ", take_export },
	{ "Incoming update prefix filter list is ", take_import_list },
	{ "Outgoing update prefix filter list is ", take_export_list },
	{ "Inbound ip prefix-list configured is ", take_import_list },
	{ "Outbound ip prefix-list configured is ", take_export_list },
	{ "Inbound soft reconfiguration allowed", take_soft },
	{ "Exact no. of prefixes denied : ", take_denied_exactly },
	{ "Exact no. of prefixes denied: ", take_denied_exactly },
};

/* ---- neighbors and families ---- */

static void add_row(struct reader *rd, struct session *s)
{
	for (size_t i = 0; i < rd->row_count; i++)
		if (rd->rows[i] == s)
			return;
	if (rd->row_count < FAMILIES_MAX)
		rd->rows[rd->row_count++] = s;
}

static struct slice vrf_of(const struct reader *rd)
{
	return rd->vrf.len > 0 ? rd->vrf : rd->asked.vrf;
}

/* What a family's part said, over the row's. */
static void give_family(struct session *s, const struct session *own, int64_t denied)
{
	if (own->accepted != COUNT_UNKNOWN)
		s->accepted = own->accepted;
	if (own->advertised != COUNT_UNKNOWN)
		s->advertised = own->advertised;
	if (own->active != COUNT_UNKNOWN)
		s->active = own->active;
	if (own->received != COUNT_UNKNOWN)
		s->received = own->received;
	else if (own->accepted != COUNT_UNKNOWN && denied >= 0)
		s->received = own->accepted + denied;
	if (own->max_prefixes != COUNT_UNKNOWN) {
		s->max_prefixes = own->max_prefixes;
		s->limit_action = own->limit_action;
		s->limit_warn_pct = own->limit_warn_pct;
		s->limit_restart_s = own->limit_restart_s;
	}
	if (text_known(own->import_policy))
		s->import_policy = own->import_policy;
	if (text_known(own->export_policy))
		s->export_policy = own->export_policy;
	if (own->soft_reconfig != TRI_UNKNOWN)
		s->soft_reconfig = own->soft_reconfig;
}

/* The row that a fill means, NULL if none or more than one is. */
static struct session *row_meant(struct reader *rd, enum afi_safi f)
{
	struct session *s, *found = NULL;
	struct addr a = { 0 };

	if (vrf_of(rd).len > 0)
		return snap_builder_find(rd->b, vrf_of(rd), rd->neighbor, f);
	addr_parse(rd->neighbor, &a);
	for (size_t i = 0; (s = snap_builder_at(rd->b, i)) != NULL; i++) {
		if (s->family != f || !addr_equal(&s->peer, &a) || s->remote_as != rd->all.remote_as)
			continue;
		if (found != NULL)
			return NULL;
		found = s;
	}
	return found;
}

static void end_family(struct reader *rd)
{
	struct session *s = NULL;

	if (!rd->open || rd->family == AF_UNKNOWN)
		return;
	if (rd->fill)
		s = row_meant(rd, rd->family);
	else if (rd->body || !rd->poll)
		s = snap_builder_session(rd->b, vrf_of(rd), rd->neighbor, rd->family);
	if (s != NULL) {
		give_family(s, &rd->own, rd->denied);
		add_row(rd, s);
	}
	rd->family = AF_UNKNOWN;
}

/* What the neighbor's part said, over the row's. */
static void give_neighbor(struct session *s, const struct session *all)
{
	s->remote_as = all->remote_as != ASN_UNKNOWN ? all->remote_as : s->remote_as;
	s->local_as = all->local_as != ASN_UNKNOWN ? all->local_as : s->local_as;
	if (all->local.family != ADDR_NONE)
		s->local = all->local;
	if (all->state != BGP_UNKNOWN)
		s->state = all->state;
	if (all->admin_down != TRI_UNKNOWN)
		s->admin_down = all->admin_down;
	if (all->dynamic != TRI_UNKNOWN)
		s->dynamic = all->dynamic;
	if (all->since_s >= 0)
		s->since_s = all->since_s;
	if (text_known(all->description))
		s->description = all->description;
	if (text_known(all->group))
		s->group = all->group;
	if (all->auth != AUTH_UNKNOWN)
		s->auth = all->auth;
	if (all->hold_time_s >= 0)
		s->hold_time_s = all->hold_time_s;
	if (all->messages_in != COUNT_UNKNOWN)
		s->messages_in = all->messages_in;
	if (all->messages_out != COUNT_UNKNOWN)
		s->messages_out = all->messages_out;
	if (all->flaps != COUNT_UNKNOWN)
		s->flaps = all->flaps;
	if (text_known(all->last_error.words) || all->last_error.code >= 0)
		s->last_error = all->last_error;
	if (s->last_error.code == 6 && s->last_error.subcode == 1 && s->state != BGP_ESTABLISHED)
		s->limit_tripped = TRI_YES;
}

static enum afi_safi only_family(const struct reader *rd)
{
	return rd->above != AF_UNKNOWN ? rd->above : rd->asked.family;
}

static void end_neighbor(struct reader *rd)
{
	struct session *s;

	end_family(rd);
	if (!rd->open)
		return;
	for (int f = AF_UNKNOWN; rd->fill && f < AF_COUNT; f++) /* families that the detail does not name */
		if ((s = row_meant(rd, (enum afi_safi)f)) != NULL)
			add_row(rd, s);
	if (!rd->fill && (rd->row_count == 0 || (!rd->has_body && rd->above != AF_UNKNOWN)))
		add_row(rd, snap_builder_session(rd->b, vrf_of(rd), rd->neighbor, only_family(rd)));
	for (size_t i = 0; i < rd->row_count; i++)
		give_neighbor(rd->rows[i], &rd->all);
	if (snap_builder_local_as(rd->b) == ASN_UNKNOWN)
		snap_builder_router(rd->b, rd->all.local_as, NULL);
	rd->open = false;
	if (!rd->fill)
		snap_builder_rows(rd->b, 1, 1);
}

/* "BGP neighbor is 192.0.2.1,  vrf RED,  remote AS 64500, local AS 64501 no-prepend, external link" */
static bool begin_neighbor(struct reader *rd, struct slice line)
{
	struct slice v = words_behind(line, "BGP neighbor is "), name;

	if (!slice_starts(line, "BGP neighbor is "))
		return false;
	end_neighbor(rd);
	name = words_upto(v, ", ");
	session_init(&rd->all);
	rd->row_count = 0;
	rd->above = rd->heading;
	rd->has_body = false;
	rd->reset_s = -1;
	rd->in_messages = rd->in_prefixes = rd->in_denied = false;
	rd->vrf = SLICE("");
	if (name.len == 0 && !has(v, "remote AS")) {
		snap_builder_rows(rd->b, 1, 0);
		return true;
	}
	if (name.len > 0 && name.p[0] == '*')
		rd->all.dynamic = TRI_YES;
	if (!word_is_address(name, &rd->neighbor))
		rd->neighbor = name;
	rd->vrf = words_upto(words_behind(v, "vrf "), ", ");
	asn_parse(words_upto(words_behind(v, "remote AS "), ", "), &rd->all.remote_as);
	asn_parse(words_upto(words_behind(v, "local AS "), ", "), &rd->all.local_as);
	rd->open = rd->seen = true;
	return true;
}

/* True if nothing but blank lines stands between here and the next neighbor, heading or the end. */
static bool bodiless(struct scan ahead)
{
	struct slice line;

	while (scan_line(&ahead, &line)) {
		line = slice_trim(line);
		if (line.len > 0)
			return slice_starts(line, "BGP neighbor is") || has(line, "ddress family: ") ||
			       has(line, "ddress Family: ");
	}
	return true;
}

static bool begin_family(struct reader *rd, struct slice line, struct scan ahead)
{
	struct slice name = words_behind(line, "or address family: ");

	if (name.len == 0)
		name = words_behind(line, "or Address Family: ");
	if (name.len == 0)
		return false;
	end_family(rd);
	session_init(&rd->own);
	rd->family = family_of(name);
	rd->denied = -1;
	rd->body = !bodiless(ahead);
	rd->in_messages = rd->in_prefixes = rd->in_denied = false;
	if (rd->body)
		rd->has_body = true;
	else
		rd->heading = rd->family;
	rd->seen = true;
	return true;
}

/* NX-OS "1 accepted paths consume ...", "2 sent paths"; XR and FRR "13 accepted prefixes, 0 are bestpaths" */
static bool take_counted(struct reader *rd, struct slice line)
{
	struct scan c = scan_of(line);
	uint64_t n;

	if (rd->family == AF_UNKNOWN || !scan_u64(&c, &n) || n > INT64_MAX)
		return false;
	if (scan_lit(&c, " accepted p")) {
		struct slice best = words_behind(line, ", ");

		rd->own.accepted = (count_t)n;
		c = scan_of(best);
		if (has(best, "bestpath") && scan_u64(&c, &n) && n <= INT64_MAX)
			rd->own.active = (count_t)n;
		return true;
	}
	if (scan_lit(&c, " sent p")) {
		rd->own.advertised = (count_t)n;
		return true;
	}
	return false;
}

/* EOS: in "Prefix statistics:" every family has a line, "IPv4 Unicast:   2   8"; those without sessions say 0. */
static bool take_statistic(struct reader *rd, struct slice line)
{
	ptrdiff_t colon = slice_find(line, ":");
	enum afi_safi f;
	struct words w;
	int64_t sent, got;

	if (!rd->in_prefixes || colon <= 0)
		return false;
	f = family_of(slice_upto(line, (size_t)colon));
	words_cut(&w, slice_from(line, (size_t)colon + 1));
	if (f == AF_UNKNOWN || w.n < 2 || !word_count(w.w[0], &sent) || !word_count(w.w[1], &got))
		return false;
	if (sent == 0 && got == 0 && rd->row_count > 0)
		return true;
	session_init(&rd->own);
	rd->family = f;
	rd->body = true;
	rd->denied = -1;
	rd->own.advertised = sent;
	rd->own.received = got;
	end_family(rd);
	return true;
}

static void take_line(struct reader *rd, struct slice raw, struct scan ahead)
{
	struct slice line = slice_trim(raw);

	if (begin_neighbor(rd, line) || begin_family(rd, line, ahead) || !rd->open)
		return;
	if (take_counted(rd, line) || take_statistic(rd, line))
		return;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		if (slice_starts(line, lines[i].beginning)) {
			lines[i].take(rd, slice_trim(slice_from(line, strlen(lines[i].beginning))));
			return;
		}
	if (has(line, "hold time is "))
		take_hold(rd, words_behind(line, "hold time is "));
	else if (has(line, "hold time = "))
		take_hold(rd, words_behind(line, "hold time = "));
}

static int read(struct reader *rd, struct slice out, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line;

	session_init(&rd->own);
	while (scan_line(&c, &line))
		take_line(rd, line, c);
	end_neighbor(rd);
	return rd->seen ? 0 : refusal_or_not_found(out, "BGP neighbor", e);
}

int detail_read(struct snap_builder *b, struct slice out, struct asked asked, struct err *e)
{
	struct reader rd = { .b = b, .asked = asked };

	return read(&rd, out, e);
}

int detail_poll(struct snap_builder *b, struct slice out, struct asked asked, struct err *e)
{
	struct reader rd = { .b = b, .asked = asked, .poll = true };

	return read(&rd, out, e);
}

int detail_fill(struct snap_builder *b, struct slice out, struct asked asked, struct err *e)
{
	struct reader rd = { .b = b, .asked = asked, .fill = true };

	return read(&rd, out, e);
}
