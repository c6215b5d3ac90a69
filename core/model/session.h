/*
 * session - one BGP session in one address family, as a router tells it.
 *
 * One `struct session` stands for one neighbor in one address family of one
 * VRF of one router.  What a router did not say stays unknown: counters hold
 * COUNT_UNKNOWN, texts are !text_known(), enums hold their *_UNKNOWN.
 * Unknown is never zero.
 */
#ifndef PEERDECK_MODEL_SESSION_H
#define PEERDECK_MODEL_SESSION_H

#include "core/base/text.h"
#include "core/model/net.h"

#include <stdint.h>

typedef int64_t count_t;
#define COUNT_UNKNOWN ((count_t)-1)

enum tri { TRI_UNKNOWN = 0, TRI_NO, TRI_YES };

/* RFC 4271 section 8. */
enum bgp_state {
	BGP_UNKNOWN = 0,
	BGP_IDLE,
	BGP_CONNECT,
	BGP_ACTIVE,
	BGP_OPENSENT,
	BGP_OPENCONFIRM,
	BGP_ESTABLISHED,
};

enum afi_safi {
	AF_UNKNOWN = 0,
	AF_IPV4_UNICAST,
	AF_IPV6_UNICAST,
	AF_IPV4_MULTICAST,
	AF_IPV6_MULTICAST,
	AF_IPV4_LABELED,
	AF_IPV6_LABELED,
	AF_VPNV4_UNICAST,
	AF_VPNV6_UNICAST,
	AF_VPNV4_MULTICAST,
	AF_VPNV6_MULTICAST,
	AF_IPV4_FLOWSPEC,
	AF_IPV6_FLOWSPEC,
	AF_VPNV4_FLOWSPEC,
	AF_VPNV6_FLOWSPEC,
	AF_IPV4_MDT,
	AF_MVPNV4,
	AF_MVPNV6,
	AF_L2VPN_VPLS,
	AF_L2VPN_EVPN,
	AF_LINK_STATE,
	AF_RT_FILTER,
	AF_COUNT,
};

enum auth_kind { AUTH_UNKNOWN = 0, AUTH_NONE, AUTH_MD5, AUTH_TCP_AO, AUTH_OTHER };
/* What the router does when the configured max-prefix is passed. */
enum limit_action { LIMIT_UNKNOWN = 0, LIMIT_TEARDOWN, LIMIT_RESTART, LIMIT_WARN, LIMIT_BLOCK };
enum direction { DIR_UNKNOWN = 0, DIR_SENT, DIR_RECEIVED };

/* The last NOTIFICATION or other end of the session. */
struct last_error {
	int code, subcode;  /* RFC 4271 6.x, RFC 4486; -1 unknown */
	enum direction dir; /* sent by us, or received from the peer */
	struct text words;  /* in the router's own words */
	int64_t ago_s;      /* seconds before `taken`; -1 unknown */
};

struct session {
	/* identity: router + vrf + neighbor + family */
	struct text vrf;      /* "" is the default one */
	struct text neighbor; /* what names it on the router: address, or interface of an unnumbered one */
	struct addr peer;     /* the neighbor's address; ADDR_NONE if there is none */
	enum afi_safi family;
	struct text handle; /* another name that the OS acts on: BIRD protocol, RouterOS connection, Junos group */
	struct text group;  /* peer group or template */

	asn_t remote_as, local_as;
	bool remote_as_zero; /* the router prints AS 0: it knows the neighbor, but no AS is configured (RFC 7607) */
	struct addr local;
	enum bgp_state state;
	enum tri admin_down;
	enum tri limit_tripped; /* held down because max-prefix was passed */
	enum tri dynamic;       /* made by a listen range: cannot be acted on alone */
	int64_t since_s;        /* seconds since the last change of state, when taken; -1 unknown */

	count_t received, accepted, advertised, active;
	count_t max_prefixes;
	enum limit_action limit_action;
	int limit_warn_pct;      /* -1 unknown */
	int64_t limit_restart_s; /* -1 unknown */
	enum tri soft_reconfig;  /* routes before policy are kept */

	struct text description, import_policy, export_policy; /* "" = known to have none */
	enum auth_kind auth;
	int hold_time_s; /* negotiated, else configured; -1 unknown */
	count_t messages_in, messages_out;
	count_t flaps; /* times it left Established */
	struct last_error last_error;
	struct text shutdown_message; /* the peer's RFC 9003 text */
	struct text own_message;      /* the text that we sent */
};

/* All unknown. */
void session_init(struct session *s);
/* Reads a printed AS number into remote_as, 0 included.  False: not one. */
bool session_take_remote_as(struct session *s, struct slice word);
/* An address family says which IP version its prefixes are: 4, 6 or 0. */
int afi_version(enum afi_safi af);

const char *bgp_state_word(enum bgp_state st);     /* "Established" ... ; NULL if unknown */
bool bgp_state_parse(struct slice word, enum bgp_state *st); /* any case; "Establ", "Estab", "OpenCfm" too */
const char *afi_safi_word(enum afi_safi af);       /* "ipv4-unicast" ...; NULL if unknown */
bool afi_safi_parse(struct slice word, enum afi_safi *af);   /* that word exactly */
const char *auth_word(enum auth_kind k);           /* "md5"; NULL if unknown */
const char *limit_action_word(enum limit_action a);

/* RFC 4271/4486/8538/9384 name of a NOTIFICATION, "Cease: administrative shutdown"; NULL if unknown. */
const char *bgp_error_word(int code, int subcode);

/* One state for people, in words: "up", "down (shut by us)", "down (max-prefix)", "down (shut by peer)",
 * "connecting", "idle" ...; never longer than 20 cells. */
const char *session_state_words(const struct session *s);
/* The limit is near: received (else accepted) at or above `pct` percent of max_prefixes. */
bool session_limit_near(const struct session *s, int pct);

/* Order and equality of identity within one router: vrf, peer address, neighbor, family. */
int session_key_cmp(const struct session *a, const struct session *b);

#endif
