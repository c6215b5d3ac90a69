/*
 * FRR's neighbors as JSON: what is said of a neighbor goes to all its families.
 *
 * The objects stand at {vrf:{neighbor:{}}} or {neighbor:{}}; a neighbor may be
 * named by address or interface, so its object is known by what stands in it
 * first (remoteAs, or bgpNeighborAddr).  Fields come before and after the
 * families, so both are collected and joined when the object ends.
 */
#include "backends/drivers/frr.h"
#include "backends/drivers/frr_neighbor.h"
#include "backends/parse/jstream.h"
#include "core/base/scan.h"

#include <stdlib.h>

struct neighbors {
	struct frr_neighbor n;
	size_t depth; /* of the object of the neighbor being read; 0: none */
	unsigned objects;
	bool no_such;
	struct text refusal;
};

static count_t to_count(const struct jvalue *v)
{
	int64_t n;

	return jvalue_int(v, &n) && n >= 0 ? n : COUNT_UNKNOWN;
}

static asn_t to_asn(const struct jvalue *v)
{
	asn_t asn;

	return v->type != JNULL && asn_parse(v->text, &asn) ? asn : ASN_UNKNOWN;
}

static int64_t to_seconds(const struct jvalue *ms)
{
	count_t n = to_count(ms);

	return n >= 0 ? n / 1000 : -1;
}

static struct text to_text(struct neighbors *t, const struct jvalue *v)
{
	return snap_builder_text(t->n.b, v->text);
}

#define SETTER(name, statement)                                 \
	static void name(void *row, const struct jvalue *v)     \
	{                                                       \
		struct neighbors *t = row;                      \
		statement;                                      \
	}

SETTER(set_remote_as, t->n.all.remote_as = to_asn(v))
SETTER(set_local_as, t->n.all.local_as = to_asn(v))
SETTER(set_description, t->n.all.description = to_text(t, v))
SETTER(set_group, t->n.all.group = to_text(t, v))
SETTER(set_state, frr_state(&t->n.all, v->text))
SETTER(set_shut, t->n.all.admin_down = jvalue_true(v) ? TRI_YES : t->n.all.admin_down)
SETTER(set_up_ms, t->n.up_s = to_seconds(v))
SETTER(set_hold_ms, t->n.all.hold_time_s = (int)to_seconds(v))
SETTER(set_dropped, t->n.all.flaps = to_count(v))
SETTER(set_reset_ms, t->n.reset_s = to_seconds(v))
SETTER(set_error_code, frr_error_code(&t->n.all.last_error, v->text))
SETTER(set_notification, t->n.all.last_error.words = to_text(t, v))
SETTER(set_peer_text, t->n.all.shutdown_message = frr_peer_text(snap_builder_arena(t->n.b), v->text))
SETTER(set_host, addr_parse(v->text, &t->n.all.local))
SETTER(set_auth, t->n.all.auth = jvalue_true(v) ? AUTH_MD5 : AUTH_NONE)
SETTER(set_dynamic, t->n.all.dynamic = jvalue_true(v) ? TRI_YES : TRI_NO)
SETTER(set_overflow, t->n.overflow = jvalue_true(v))

static void set_due_to(void *row, const struct jvalue *v)
{
	struct neighbors *t = row;

	t->n.due_to = to_text(t, v);
	frr_error_direction(&t->n.all.last_error, v->text);
}

static const struct jfield fields[] = {
	JFIELD("remoteAs", set_remote_as), JFIELD("localAs", set_local_as),
	JFIELD("nbrDesc", set_description), JFIELD("peerGroup", set_group),
	JFIELD("bgpState", set_state), JFIELD("adminShutDown", set_shut),
	JFIELD("bgpTimerUpMsec", set_up_ms), JFIELD("bgpTimerHoldTimeMsecs", set_hold_ms),
	JFIELD("connectionsDropped", set_dropped), JFIELD("lastResetTimerMsecs", set_reset_ms),
	JFIELD("lastErrorCodeSubcode", set_error_code), JFIELD("lastNotificationReason", set_notification),
	JFIELD("lastShutdownDescription", set_peer_text), JFIELD("lastResetDueTo", set_due_to),
	JFIELD("hostLocal", set_host), JFIELD("authenticationEnabled", set_auth),
	JFIELD("dynamicPeer", set_dynamic), JFIELD("prefixesConfigExceedMax", set_overflow),
};

SETTER(set_messages_out, t->n.all.messages_out = to_count(v))
SETTER(set_messages_in, t->n.all.messages_in = to_count(v))

static const struct jfield message_fields[] = {
	JFIELD("totalSent", set_messages_out), JFIELD("totalRecv", set_messages_in),
};

static void set_restart(void *row, const struct jvalue *v)
{
	struct neighbors *t = row;

	t->n.part->s.limit_action = LIMIT_RESTART;
	t->n.part->s.limit_restart_s = to_seconds(v);
}

static void set_warning_only(void *row, const struct jvalue *v)
{
	struct neighbors *t = row;

	if (jvalue_true(v))
		t->n.part->s.limit_action = LIMIT_WARN;
}

static void set_max(void *row, const struct jvalue *v)
{
	struct neighbors *t = row;

	t->n.part->s.max_prefixes = to_count(v);
	if (t->n.part->s.limit_action == LIMIT_UNKNOWN)
		t->n.part->s.limit_action = LIMIT_TEARDOWN;
}

SETTER(set_accepted, t->n.part->s.accepted = to_count(v))
SETTER(set_sent, t->n.part->s.advertised = to_count(v))
SETTER(set_threshold, t->n.part->s.limit_warn_pct = (int)to_count(v))
SETTER(set_soft, t->n.part->s.soft_reconfig = jvalue_true(v) ? TRI_YES : TRI_NO)
SETTER(add_in_map, frr_neighbor_policy(&t->n.part->in, "", v->text))
SETTER(add_out_map, frr_neighbor_policy(&t->n.part->out, "", v->text))
SETTER(add_in_list, frr_neighbor_policy(&t->n.part->in, "prefix-list ", v->text))
SETTER(add_out_list, frr_neighbor_policy(&t->n.part->out, "prefix-list ", v->text))
SETTER(add_in_path, frr_neighbor_policy(&t->n.part->in, "filter-list ", v->text))
SETTER(add_out_path, frr_neighbor_policy(&t->n.part->out, "filter-list ", v->text))
SETTER(add_in_net, frr_neighbor_policy(&t->n.part->in, "distribute-list ", v->text))
SETTER(add_out_net, frr_neighbor_policy(&t->n.part->out, "distribute-list ", v->text))

static const struct jfield family_fields[] = {
	JFIELD("acceptedPrefixCounter", set_accepted), JFIELD("sentPrefixCounter", set_sent),
	JFIELD("prefixAllowedMax", set_max), JFIELD("prefixAllowedMaxWarning", set_warning_only),
	JFIELD("prefixAllowedWarningThresh", set_threshold),
	JFIELD("prefixAllowedRestartIntervalMsecs", set_restart),
	JFIELD("inboundSoftConfigPermit", set_soft),
	JFIELD("routeMapForIncomingAdvertisements", add_in_map),
	JFIELD("routeMapForOutgoingAdvertisements", add_out_map),
	JFIELD("incomingUpdatePrefixFilterList", add_in_list),
	JFIELD("outgoingUpdatePrefixFilterList", add_out_list),
	JFIELD("incomingUpdateAsPathFilterList", add_in_path),
	JFIELD("outgoingUpdateAsPathFilterList", add_out_path),
	JFIELD("incomingUpdateNetworkFilterList", add_in_net),
	JFIELD("outgoingUpdateNetworkFilterList", add_out_net),
};

static void neighbor_begin(struct neighbors *t, const struct jpath *at)
{
	t->depth = at->depth - 1;
	if (t->depth >= 2) {
		str_clear(&t->n.vrf);
		str_add(&t->n.vrf, at->key[t->depth - 2].p, at->key[t->depth - 2].len);
	}
	frr_neighbor_begin(&t->n, at->key[t->depth - 1]);
}

static void enter(void *ctx, const struct jpath *at)
{
	static const char *const family[] = { "addressFamilyInfo", "*", NULL };
	struct neighbors *t = ctx;

	if (at->depth == 1)
		t->objects++; /* an instance, or a neighbor */
	if (t->depth > 0 && jpath_is(at, t->depth, family))
		frr_neighbor_family(&t->n, at->key[t->depth + 1]);
}

static void outer_value(struct neighbors *t, const struct jpath *at, const struct jvalue *v)
{
	struct slice key = at->key[at->depth - 1];

	if (slice_eq(key, "vrfName")) {
		str_clear(&t->n.vrf);
		str_add(&t->n.vrf, v->text.p, v->text.len);
	} else if (slice_eq(key, "warning") || slice_eq(key, "error")) {
		t->refusal = to_text(t, v);
	} else if (slice_eq(key, "bgpNoSuchNeighbor")) {
		t->no_such = true;
	}
}

static void value(void *ctx, const struct jpath *at, const struct jvalue *v)
{
	struct neighbors *t = ctx;
	struct slice key = at->key[at->depth - 1];

	if (t->depth == 0 && at->depth >= 2 &&
	    (slice_eq(key, "remoteAs") || slice_eq(key, "bgpNeighborAddr")))
		neighbor_begin(t, at);
	if (t->depth == 0)
		outer_value(t, at, v);
	else if (at->depth == t->depth + 1)
		jfield_set(fields, ARRAY_LEN(fields), key, t, v);
	else if (at->depth == t->depth + 2 && slice_eq(at->key[t->depth], "messageStats"))
		jfield_set(message_fields, ARRAY_LEN(message_fields), key, t, v);
	else if (at->depth == t->depth + 3 && t->n.part != NULL)
		jfield_set(family_fields, ARRAY_LEN(family_fields), key, t, v);
}

static void leave(void *ctx, const struct jpath *at)
{
	struct neighbors *t = ctx;

	if (t->depth > 0 && at->depth == t->depth) {
		frr_neighbor_end(&t->n);
		t->depth = 0;
	} else if (t->depth > 0 && at->depth == t->depth + 2) {
		t->n.part = NULL;
	}
}

static int done(void *ctx, struct err *e)
{
	struct neighbors *t = ctx;

	if (text_known(t->refusal))
		return err_set(e, ERR_DEVICE, "the router says: %s", t->refusal.s);
	if (t->no_such)
		return err_set(e, ERR_DEVICE, "the router knows no such neighbor");
	if (t->objects == 0)
		return err_set(e, ERR_PARSE, "the answer names neither a BGP instance nor a neighbor");
	return 0;
}

static void neighbors_free(void *ctx)
{
	struct neighbors *t = ctx;

	frr_neighbor_fini(&t->n);
	free(t);
}

static const struct jstream_ops ops = { enter, value, leave, done, neighbors_free };

static struct neighbors *neighbors_new(struct snap_builder *b, bool adds)
{
	struct neighbors *t = MEM_NEW(struct neighbors);

	frr_neighbor_init(&t->n, b, adds);
	return t;
}

struct intake frr_neighbors_intake(struct snap_builder *b)
{
	return jstream_intake(&ops, neighbors_new(b, false));
}

int frr_neighbors_json(struct report *r, struct slice out, struct err *e)
{
	struct neighbors *t = neighbors_new(r->sessions, true);
	struct slice vrf = frr_asked_vrf(r);

	r->kind = REPORT_SESSIONS;
	str_add(&t->n.vrf, vrf.p, vrf.len);
	return jstream_whole(&ops, t, out, true, e);
}
