/* Words for sessions; see session.h. */
#include "core/model/session.h"
#include "core/base/scan.h"

#include <string.h>
#include <strings.h>

void session_init(struct session *s)
{
	static const struct session unknown = {
		.since_s = -1, .received = COUNT_UNKNOWN, .accepted = COUNT_UNKNOWN,
		.advertised = COUNT_UNKNOWN, .active = COUNT_UNKNOWN, .max_prefixes = COUNT_UNKNOWN,
		.limit_warn_pct = -1, .limit_restart_s = -1, .hold_time_s = -1,
		.messages_in = COUNT_UNKNOWN, .messages_out = COUNT_UNKNOWN, .flaps = COUNT_UNKNOWN,
		.last_error = { .code = -1, .subcode = -1, .ago_s = -1 },
	};

	*s = unknown; /* copied whole: each row of each table begins so */
}

bool session_take_remote_as(struct session *s, struct slice word)
{
	asn_t asn;

	if (!asn_parse(word, &asn))
		return false;
	s->remote_as = asn;
	s->remote_as_zero = asn == 0;
	return true;
}

static const struct {
	const char *word;
	int version;
} families[AF_COUNT] = {
	[AF_UNKNOWN] = { NULL, 0 },
	[AF_IPV4_UNICAST] = { "ipv4-unicast", 4 },
	[AF_IPV6_UNICAST] = { "ipv6-unicast", 6 },
	[AF_IPV4_MULTICAST] = { "ipv4-multicast", 4 },
	[AF_IPV6_MULTICAST] = { "ipv6-multicast", 6 },
	[AF_IPV4_LABELED] = { "ipv4-labeled-unicast", 4 },
	[AF_IPV6_LABELED] = { "ipv6-labeled-unicast", 6 },
	[AF_VPNV4_UNICAST] = { "vpnv4-unicast", 4 },
	[AF_VPNV6_UNICAST] = { "vpnv6-unicast", 6 },
	[AF_VPNV4_MULTICAST] = { "vpnv4-multicast", 4 },
	[AF_VPNV6_MULTICAST] = { "vpnv6-multicast", 6 },
	[AF_IPV4_FLOWSPEC] = { "ipv4-flowspec", 4 },
	[AF_IPV6_FLOWSPEC] = { "ipv6-flowspec", 6 },
	[AF_VPNV4_FLOWSPEC] = { "vpnv4-flowspec", 4 },
	[AF_VPNV6_FLOWSPEC] = { "vpnv6-flowspec", 6 },
	[AF_IPV4_MDT] = { "ipv4-mdt", 4 },
	[AF_MVPNV4] = { "mvpnv4-unicast", 4 },
	[AF_MVPNV6] = { "mvpnv6-unicast", 6 },
	[AF_L2VPN_VPLS] = { "l2vpn-vpls", 0 },
	[AF_L2VPN_EVPN] = { "l2vpn-evpn", 0 },
	[AF_LINK_STATE] = { "link-state", 0 },
	[AF_RT_FILTER] = { "rt-filter", 0 },
};

int afi_version(enum afi_safi af)
{
	return families[af].version;
}

const char *afi_safi_word(enum afi_safi af)
{
	return families[af].word;
}

bool afi_safi_parse(struct slice word, enum afi_safi *af)
{
	for (int i = AF_UNKNOWN + 1; i < AF_COUNT; i++)
		if (slice_eq(word, families[i].word)) {
			*af = (enum afi_safi)i;
			return true;
		}
	return false;
}

static const char *const state_words[] = {
	[BGP_IDLE] = "Idle", [BGP_CONNECT] = "Connect", [BGP_ACTIVE] = "Active",
	[BGP_OPENSENT] = "OpenSent", [BGP_OPENCONFIRM] = "OpenConfirm",
	[BGP_ESTABLISHED] = "Established",
};

const char *bgp_state_word(enum bgp_state st)
{
	return state_words[st];
}

bool bgp_state_parse(struct slice word, enum bgp_state *st)
{
	static const struct {
		const char *word;
		enum bgp_state st;
	} shorts[] = {
		{ "Establ", BGP_ESTABLISHED }, { "Estab", BGP_ESTABLISHED }, { "Up", BGP_ESTABLISHED },
		{ "OpenCfm", BGP_OPENCONFIRM }, { "OpnCfrm", BGP_OPENCONFIRM },
		{ "Open Sent", BGP_OPENSENT }, { "Open Confirm", BGP_OPENCONFIRM },
	};

	for (int i = BGP_IDLE; i <= BGP_ESTABLISHED; i++)
		if (word.len == strlen(state_words[i]) &&
		    strncasecmp(word.p, state_words[i], word.len) == 0) {
			*st = (enum bgp_state)i;
			return true;
		}
	for (size_t i = 0; i < ARRAY_LEN(shorts); i++)
		if (word.len == strlen(shorts[i].word) &&
		    strncasecmp(word.p, shorts[i].word, word.len) == 0) {
			*st = shorts[i].st;
			return true;
		}
	return false;
}

const char *auth_word(enum auth_kind k)
{
	static const char *const words[] = {
		[AUTH_NONE] = "none", [AUTH_MD5] = "md5", [AUTH_TCP_AO] = "tcp-ao",
		[AUTH_OTHER] = "other",
	};

	return words[k];
}

const char *limit_action_word(enum limit_action a)
{
	static const char *const words[] = {
		[LIMIT_TEARDOWN] = "teardown", [LIMIT_RESTART] = "restart", [LIMIT_WARN] = "warn",
		[LIMIT_BLOCK] = "block",
	};

	return words[a];
}

/* RFC 4271 section 4.5 and 6, RFC 4486 and 9003 (Cease), RFC 6608 (FSM), RFC 8538, RFC 9384. */
static const struct {
	int code, subcode;
	const char *words;
} notifications[] = {
	{ 1, 1, "Message header: connection not synchronized" },
	{ 1, 2, "Message header: bad message length" },
	{ 1, 3, "Message header: bad message type" },
	{ 1, -1, "Message header error" },
	{ 2, 1, "OPEN: unsupported version number" },
	{ 2, 2, "OPEN: bad peer AS" },
	{ 2, 3, "OPEN: bad BGP identifier" },
	{ 2, 4, "OPEN: unsupported optional parameter" },
	{ 2, 5, "OPEN: authentication failure" },
	{ 2, 6, "OPEN: unacceptable hold time" },
	{ 2, 7, "OPEN: unsupported capability" },
	{ 2, 11, "OPEN: role mismatch" },
	{ 2, -1, "OPEN message error" },
	{ 3, 1, "UPDATE: malformed attribute list" },
	{ 3, 2, "UPDATE: unrecognized well-known attribute" },
	{ 3, 3, "UPDATE: missing well-known attribute" },
	{ 3, 4, "UPDATE: attribute flags error" },
	{ 3, 5, "UPDATE: attribute length error" },
	{ 3, 6, "UPDATE: invalid ORIGIN" },
	{ 3, 8, "UPDATE: invalid NEXT_HOP" },
	{ 3, 9, "UPDATE: optional attribute error" },
	{ 3, 10, "UPDATE: invalid network field" },
	{ 3, 11, "UPDATE: malformed AS_PATH" },
	{ 3, -1, "UPDATE message error" },
	{ 4, -1, "Hold timer expired" },
	{ 5, 1, "FSM: unexpected message in OpenSent" },
	{ 5, 2, "FSM: unexpected message in OpenConfirm" },
	{ 5, 3, "FSM: unexpected message in Established" },
	{ 5, -1, "Finite state machine error" },
	{ 6, 1, "Cease: maximum number of prefixes reached" },
	{ 6, 2, "Cease: administrative shutdown" },
	{ 6, 3, "Cease: peer de-configured" },
	{ 6, 4, "Cease: administrative reset" },
	{ 6, 5, "Cease: connection rejected" },
	{ 6, 6, "Cease: other configuration change" },
	{ 6, 7, "Cease: connection collision resolution" },
	{ 6, 8, "Cease: out of resources" },
	{ 6, 9, "Cease: hard reset" },
	{ 6, 10, "Cease: BFD down" },
	{ 6, -1, "Cease" },
	{ 7, -1, "ROUTE-REFRESH message error" },
	{ 8, -1, "Send hold timer expired" },
};

const char *bgp_error_word(int code, int subcode)
{
	for (size_t i = 0; i < ARRAY_LEN(notifications); i++)
		if (notifications[i].code == code &&
		    (notifications[i].subcode == subcode || notifications[i].subcode == -1))
			return notifications[i].words;
	return NULL;
}

static bool last_error_is(const struct session *s, int code, int subcode, enum direction dir)
{
	return s->last_error.code == code && s->last_error.subcode == subcode &&
	       s->last_error.dir == dir;
}

const char *session_state_words(const struct session *s)
{
	if (s->state == BGP_ESTABLISHED)
		return "up";
	if (s->admin_down == TRI_YES)
		return "down (shut by us)";
	if (s->limit_tripped == TRI_YES)
		return "down (max-prefix)";
	/* Its text alone says so too, where the router hides its notification behind a later failure to connect. */
	if (last_error_is(s, 6, 2, DIR_RECEIVED) || (s->last_error.code < 0 && text_known(s->shutdown_message)))
		return "down (shut by peer)";
	switch (s->state) {
	case BGP_IDLE:
		return "down (idle)";
	case BGP_CONNECT:
		return "down (connecting)";
	case BGP_ACTIVE:
		return "down (no answer)";
	case BGP_OPENSENT:
	case BGP_OPENCONFIRM:
		return "down (opening)";
	default:
		return "unknown";
	}
}

bool session_limit_near(const struct session *s, int pct)
{
	count_t n = s->received != COUNT_UNKNOWN ? s->received : s->accepted;

	if (n == COUNT_UNKNOWN || s->max_prefixes <= 0)
		return false;
	return n * 100 >= s->max_prefixes * pct;
}

int session_key_cmp(const struct session *a, const struct session *b)
{
	int c = strcmp(text_or(a->vrf, ""), text_or(b->vrf, ""));

	if (c == 0)
		c = addr_cmp(&a->peer, &b->peer);
	if (c == 0)
		c = strcmp(text_or(a->neighbor, ""), text_or(b->neighbor, ""));
	if (c == 0)
		c = (int)a->family - (int)b->family;
	return c;
}
