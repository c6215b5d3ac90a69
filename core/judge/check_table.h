/*
 * check_table - the checks, for the table in check_table.c; each is described there.
 */
#ifndef PEERDECK_JUDGE_CHECK_TABLE_H
#define PEERDECK_JUDGE_CHECK_TABLE_H

#include "core/judge/policy.h"

#define CHECK(name) void name(const struct evidence *ev, const struct clause *c, struct judgement *j)

/* check_network.c */
CHECK(check_asn_public);
CHECK(check_asn_visible);
CHECK(check_bgp_capable);
CHECK(check_peeringdb_complete);
/* check_contacts.c */
CHECK(check_noc_24x7);
CHECK(check_escalation_path);
CHECK(check_abuse_contact);
/* check_exchanges.c */
CHECK(check_ix_rules);
CHECK(check_all_common_ixps);
CHECK(check_min_capacity);
/* check_sessions.c */
CHECK(check_session_auth);
CHECK(check_max_prefixes);
CHECK(check_explicit_filter);
/* check_prefixes.c */
CHECK(check_max_length);
CHECK(check_prefixes_visible);
CHECK(check_consistent_announcements);
CHECK(check_no_default_route);
CHECK(check_irr_registered);
CHECK(check_own_as_macro);
/* check_traffic.c */
CHECK(check_min_traffic);
CHECK(check_congestion_free);
CHECK(check_traffic_ratio);
CHECK(check_only_announced);
/* check_quality.c */
CHECK(check_quality);

/* What the parameters of a check are, in the order of its row. */
enum { P_COMPLETE_NEED, P_COMPLETE_AGE };
enum { NEED_CONTACT, NEED_AS_SET, NEED_PREFIXES, NEED_POLICY, NEED_TYPE, NEED_PORTS, NEED_WEBSITE };
enum { P_NOC_PROOF };
enum { P_ESCALATION_RUNGS };
enum { P_IXPS_GRACE, P_IXPS_RS };
enum { P_CAPACITY_PORTS, P_CAPACITY_SPEED, P_CAPACITY_LAG };
enum { P_AUTH_KIND };
enum { AUTH_AS_AGREED, AUTH_MUST_MD5, AUTH_MUST_AO, AUTH_MUST_ANY };
enum { P_LIMIT_4, P_LIMIT_6, P_LIMIT_EXCEED };
enum { EXCEED_NEVER, EXCEED_PUBLISHED };
enum { P_LENGTH_4, P_LENGTH_6, P_LENGTH_STRICT };
enum { P_VISIBLE_LEAST };
enum { P_CONSISTENT_TOLERANCE };
enum { P_IRR_LEAST, P_IRR_RPKI };
enum { RPKI_FAILS, RPKI_BESIDE };
enum { P_DEFAULT_BELOW };
enum { P_ONLY_BELOW };
enum { P_TRAFFIC_MINIMUM, P_TRAFFIC_DIRECTION, P_TRAFFIC_WINDOW, P_TRAFFIC_COVERAGE };
enum { TRAFFIC_TO_PEER, TRAFFIC_FROM_PEER, TRAFFIC_SUM };
enum { P_PORT_THRESHOLD, P_PORT_WINDOW, P_PORT_COVERAGE };
enum { P_RATIO_LIMIT, P_RATIO_DIRECTION, P_RATIO_WINDOW, P_RATIO_COVERAGE, P_RATIO_BELOW };
enum { RATIO_OUT_IN, RATIO_IN_OUT, RATIO_EITHER };
enum { P_QUALITY_LOSS, P_QUALITY_LATENCY, P_QUALITY_OVER, P_QUALITY_JITTER, P_QUALITY_WINDOWS, P_QUALITY_RECOVER, P_QUALITY_AGE };

#endif
