/*
 * Lines of neighbors in detail; see detail_lines.h.
 *
 * A table of line beginnings, each with the function that takes what follows.
 */
#include "backends/parse/detail_priv.h"
#include "backends/parse/duration.h"
#include "backends/parse/summary.h"
#include "backends/parse/words.h"

#include <string.h>
#include <strings.h>

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

static void take_state(struct detail_reader *rd, struct slice v)
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

static void take_description(struct detail_reader *rd, struct slice v)
{
	rd->all.description = snap_builder_text(rd->b, v);
}

static void take_group(struct detail_reader *rd, struct slice v)
{
	rd->all.group = snap_builder_text(rd->b, words_upto(v, " ,"));
}

static void take_hold(struct detail_reader *rd, struct slice v)
{
	uint64_t n;
	struct scan c = scan_of(v);

	if (scan_u64(&c, &n) && n <= 65535)
		rd->all.hold_time_s = (int)n;
}

static void take_local(struct detail_reader *rd, struct slice v)
{
	addr_parse(words_upto(v, ", "), &rd->all.local);
}

/* "1; dropped 0" or "1, dropped 0" */
static void take_connections(struct detail_reader *rd, struct slice v)
{
	uint64_t n;
	struct scan c = scan_of(words_behind(v, "dropped "));

	if (scan_u64(&c, &n) && n <= INT64_MAX)
		rd->all.flaps = (count_t)n;
}

static void keep_error(struct detail_reader *rd, struct slice why, int64_t ago, enum direction dir)
{
	struct last_error *le = &rd->all.last_error;

	*le = (struct last_error){ .code = -1, .subcode = -1, .dir = dir, .ago_s = ago };
	if (why.len > 0)
		le->words = snap_builder_text(rd->b, why);
	detail_error_words(why, le);
}

/* "00:23:58, due to Active open failed", "never" */
static void take_reset(struct detail_reader *rd, struct slice v)
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

static void take_reset_reason(struct detail_reader *rd, struct slice v)
{
	struct last_error *le = &rd->all.last_error;

	if (le->code < 0)
		detail_error_words(v, le);
	if (!text_known(le->words))
		le->words = snap_builder_text(rd->b, v);
}

static void take_shut(struct detail_reader *rd, struct slice v)
{
	(void)v;
	rd->all.admin_down = TRI_YES;
	if (rd->all.state == BGP_UNKNOWN)
		rd->all.state = BGP_IDLE;
}

static void take_md5(struct detail_reader *rd, struct slice v)
{
	(void)v;
	rd->all.auth = AUTH_MD5;
}

static void take_ao(struct detail_reader *rd, struct slice v)
{
	(void)v;
	rd->all.auth = AUTH_TCP_AO;
}

static void take_options(struct detail_reader *rd, struct slice v)
{
	if (has(v, "md5"))
		rd->all.auth = AUTH_MD5;
	else if (has(v, "TCP AO"))
		rd->all.auth = AUTH_TCP_AO;
	else if (rd->all.auth == AUTH_UNKNOWN)
		rd->all.auth = AUTH_NONE;
}

static void take_received_messages(struct detail_reader *rd, struct slice v)
{
	int64_t n;

	if (has(v, " messages") && word_count(words_upto(v, " "), &n))
		rd->all.messages_in = n;
}

static void take_sent_messages(struct detail_reader *rd, struct slice v)
{
	int64_t n;

	if (has(v, " messages") && word_count(words_upto(v, " "), &n))
		rd->all.messages_out = n;
}

/* "598  591" in "Message statistics", "10 24" in "Local Policy Denied Prefixes" */
static void take_total(struct detail_reader *rd, struct slice v)
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

static void take_messages(struct detail_reader *rd, struct slice v)
{
	(void)v;
	rd->in_messages = true;
	rd->in_prefixes = false;
}

static void take_prefixes(struct detail_reader *rd, struct slice v)
{
	(void)v;
	rd->in_prefixes = true;
	rd->in_messages = false;
}

/* EOS: "Local AS is 65001, local router ID 192.0.2.3"; XR: "Remote AS 65001, local AS 65001, internal link" */
static void take_local_as(struct detail_reader *rd, struct slice v)
{
	struct addr id = { 0 };

	asn_parse(words_upto(v, ", "), &rd->all.local_as);
	addr_parse(words_upto(words_behind(v, "local router ID "), ", "), &id);
	if (snap_builder_router_id(rd->b)->family == ADDR_NONE)
		snap_builder_router(rd->b, ASN_UNKNOWN, &id);
}

static void take_remote_as(struct detail_reader *rd, struct slice v)
{
	session_take_remote_as(&rd->all, words_upto(v, ", "));
	if (has(v, "local AS "))
		take_local_as(rd, words_behind(v, "local AS "));
}

/* EOS says the VRF behind the version: "BGP version 4, remote router ID 192.0.2.2, VRF red" */
static void take_version(struct detail_reader *rd, struct slice v)
{
	if (has(v, ", VRF "))
		rd->vrf = words_upto(words_behind(v, ", VRF "), ", ");
}

/* ---- what is said of a family ---- */

static void take_current(struct detail_reader *rd, struct slice v)
{
	struct words w;
	int64_t sent, got;

	words_cut(&w, v);
	if (w.n >= 2 && word_count(w.w[0], &sent) && word_count(w.w[1], &got)) {
		rd->own.advertised = sent;
		rd->own.accepted = got;
	}
}

static void take_denied(struct detail_reader *rd, struct slice v)
{
	(void)v;
	rd->in_denied = true;
	rd->in_messages = false;
}

/* IOS XR: "Prefix advertised 12, suppressed 0, withdrawn 0" */
static void take_advertised(struct detail_reader *rd, struct slice v)
{
	int64_t n;

	if (word_count(words_upto(v, ","), &n))
		rd->own.advertised = n;
}

static void take_maximum(struct detail_reader *rd, struct slice v)
{
	int64_t n;

	if (!word_count(words_upto(v, " ("), &n))
		return;
	rd->own.max_prefixes = n;
	rd->own.limit_action = has(v, "warning-only") || has(v, "warning only") ? LIMIT_WARN : LIMIT_TEARDOWN;
}

/* "75%, restart interval 0 min" */
static void take_threshold(struct detail_reader *rd, struct slice v)
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

static void take_import(struct detail_reader *rd, struct slice v)
{
	if (v.len > 0 && v.p[0] == '*')
		v = slice_from(v, 1);
	rd->own.import_policy = snap_builder_text(rd->b, words_upto(v, " ,"));
}

static void take_export(struct detail_reader *rd, struct slice v)
{
	if (v.len > 0 && v.p[0] == '*')
		v = slice_from(v, 1);
	rd->own.export_policy = snap_builder_text(rd->b, words_upto(v, " ,"));
}

static void take_import_list(struct detail_reader *rd, struct slice v)
{
	if (!text_known(rd->own.import_policy))
		take_import(rd, v);
}

static void take_export_list(struct detail_reader *rd, struct slice v)
{
	if (!text_known(rd->own.export_policy))
		take_export(rd, v);
}

static void take_soft(struct detail_reader *rd, struct slice v)
{
	(void)v;
	rd->own.soft_reconfig = TRI_YES;
}

static void take_denied_exactly(struct detail_reader *rd, struct slice v)
{
	int64_t n;

	if (word_count(words_upto(v, ". "), &n))
		rd->denied = n;
}

static const struct {
	const char *beginning;
	void (*take)(struct detail_reader *rd, struct slice behind);
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
	{ "Prefix advertised ", take_advertised },
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

void detail_line(struct detail_reader *rd, struct slice line)
{
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
