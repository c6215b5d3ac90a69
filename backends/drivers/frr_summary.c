/*
 * FRR's summary as JSON.
 *
 * The same object of peers stands at three depths, by what was asked:
 * {vrf:{family:{peers}}}, {family:{peers}} and {peers}.  So rows are found by
 * the key "peers", whatever is above it; the family may then have to come
 * from the command.  pfxRcd is the count of accepted routes (peer->pcount).
 */
#include "backends/drivers/frr.h"
#include "backends/parse/duration.h"
#include "backends/parse/family.h"
#include "backends/parse/jstream.h"
#include "core/base/scan.h"

#include <stdlib.h>

struct summary {
	struct snap_builder *b;
	enum afi_safi asked; /* the family when the answer does not name it */
	struct slice asked_vrf;
	struct str vrf;      /* vrfName of the instance being read */
	unsigned instances;
	asn_t local_as;
	struct text refusal;
	/* the row */
	struct session *s;
	bool never;
	size_t depth;
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

static void set_remote_as(void *row, const struct jvalue *v)
{
	((struct summary *)row)->s->remote_as = to_asn(v);
}

static void set_local_as(void *row, const struct jvalue *v)
{
	((struct summary *)row)->s->local_as = to_asn(v);
}

static void set_state(void *row, const struct jvalue *v)
{
	frr_state(((struct summary *)row)->s, v->text);
}

static void set_peer_state(void *row, const struct jvalue *v)
{
	struct session *s = ((struct summary *)row)->s;

	if (slice_eq(v->text, "Admin"))
		s->admin_down = TRI_YES;
	else if (slice_eq(v->text, "PfxCt"))
		s->limit_tripped = TRI_YES;
}

static void set_received(void *row, const struct jvalue *v)
{
	struct session *s = ((struct summary *)row)->s;

	s->received = s->accepted = to_count(v);
}

static void set_advertised(void *row, const struct jvalue *v)
{
	((struct summary *)row)->s->advertised = to_count(v);
}

static void set_uptime(void *row, const struct jvalue *v)
{
	struct summary *t = row;

	t->never = slice_eq(v->text, "never");
	t->s->since_s = duration_s(v->text);
}

/* Since it came up, or since it went down; 0 beside "never". */
static void set_uptime_ms(void *row, const struct jvalue *v)
{
	struct summary *t = row;
	int64_t ms;

	if (!t->never && jvalue_int(v, &ms) && ms >= 0)
		t->s->since_s = ms / 1000;
}

static void set_dropped(void *row, const struct jvalue *v)
{
	((struct summary *)row)->s->flaps = to_count(v);
}

static void set_messages_in(void *row, const struct jvalue *v)
{
	((struct summary *)row)->s->messages_in = to_count(v);
}

static void set_messages_out(void *row, const struct jvalue *v)
{
	((struct summary *)row)->s->messages_out = to_count(v);
}

static void set_description(void *row, const struct jvalue *v)
{
	struct summary *t = row;

	t->s->description = snap_builder_text(t->b, v->text);
}

static void set_dynamic(void *row, const struct jvalue *v)
{
	((struct summary *)row)->s->dynamic = jvalue_true(v) ? TRI_YES : TRI_NO;
}

/* What `summary failed` adds. */
static void set_error_code(void *row, const struct jvalue *v)
{
	frr_error_code(&((struct summary *)row)->s->last_error, v->text);
}

static void set_due_to(void *row, const struct jvalue *v)
{
	struct summary *t = row;

	frr_error_direction(&t->s->last_error, v->text);
	if (!text_known(t->s->last_error.words))
		t->s->last_error.words = snap_builder_text(t->b, v->text);
}

static void set_notification(void *row, const struct jvalue *v)
{
	struct summary *t = row;

	t->s->last_error.words = snap_builder_text(t->b, v->text);
}

static void set_peer_text(void *row, const struct jvalue *v)
{
	struct summary *t = row;

	t->s->shutdown_message = frr_peer_text(snap_builder_arena(t->b), v->text);
}

static const struct jfield fields[] = {
	JFIELD("remoteAs", set_remote_as), JFIELD("localAs", set_local_as),
	JFIELD("msgRcvd", set_messages_in), JFIELD("msgSent", set_messages_out),
	JFIELD("peerUptime", set_uptime), JFIELD("peerUptimeMsec", set_uptime_ms),
	JFIELD("pfxRcd", set_received), JFIELD("prefixReceivedCount", set_received),
	JFIELD("pfxSnt", set_advertised), JFIELD("state", set_state),
	JFIELD("peerState", set_peer_state), JFIELD("connectionsDropped", set_dropped),
	JFIELD("desc", set_description), JFIELD("dynamicPeer", set_dynamic),
	JFIELD("lastErrorCodeSubcode", set_error_code), JFIELD("lastResetDueTo", set_due_to),
	JFIELD("lastNotificationReason", set_notification),
	JFIELD("lastShutdownDescription", set_peer_text),
};

static enum afi_safi row_family(const struct summary *t, const struct jpath *at)
{
	enum afi_safi af;

	if (at->depth >= 3 && family_parse(at->key[at->depth - 3], &af))
		return af;
	return t->asked;
}

static struct slice row_vrf(const struct summary *t, const struct jpath *at)
{
	if (t->vrf.len > 0)
		return str_slice(&t->vrf);
	return at->depth >= 4 ? at->key[at->depth - 4] : t->asked_vrf;
}

static void enter(void *ctx, const struct jpath *at)
{
	struct summary *t = ctx;

	if (at->depth == 0 || t->s != NULL)
		return;
	if (at->depth == 1)
		t->instances++; /* {"default":{}}: an instance without neighbors */
	if (at->depth < 2 || !slice_eq(at->key[at->depth - 2], "peers"))
		return;
	snap_builder_rows(t->b, 1, 0);
	t->s = snap_builder_session(t->b, row_vrf(t, at), at->key[at->depth - 1], row_family(t, at));
	t->s->dynamic = TRI_NO;
	t->s->local_as = t->local_as;
	t->depth = at->depth;
	t->never = false;
}

/* Of the instance: the first one speaks for the router. */
static void instance_value(struct summary *t, const struct jpath *at, const struct jvalue *v)
{
	struct slice key = at->key[at->depth - 1];
	struct addr id;

	if (slice_eq(key, "vrfName")) {
		str_clear(&t->vrf);
		str_add(&t->vrf, v->text.p, v->text.len);
	} else if (slice_eq(key, "as")) {
		t->local_as = to_asn(v);
		if (snap_builder_local_as(t->b) == ASN_UNKNOWN)
			snap_builder_router(t->b, t->local_as, NULL);
	} else if (slice_eq(key, "routerId") && addr_parse(v->text, &id)) {
		if (snap_builder_router_id(t->b)->family == ADDR_NONE)
			snap_builder_router(t->b, ASN_UNKNOWN, &id);
		t->instances++;
	} else if (slice_eq(key, "warning") || slice_eq(key, "error")) {
		t->refusal = snap_builder_text(t->b, v->text);
	}
}

static void value(void *ctx, const struct jpath *at, const struct jvalue *v)
{
	struct summary *t = ctx;

	if (t->s == NULL)
		instance_value(t, at, v);
	else if (at->depth == t->depth + 1)
		jfield_set(fields, ARRAY_LEN(fields), at->key[t->depth], t, v);
}

static void leave(void *ctx, const struct jpath *at)
{
	struct summary *t = ctx;

	if (t->s != NULL && at->depth == t->depth) {
		if (t->s->state != BGP_UNKNOWN || t->s->flaps != COUNT_UNKNOWN)
			snap_builder_rows(t->b, 0, 1);
		t->s = NULL;
	} else if (at->depth <= 1) {
		str_clear(&t->vrf);
	}
}

static int done(void *ctx, struct err *e)
{
	struct summary *t = ctx;

	if (text_known(t->refusal))
		return err_set(e, ERR_DEVICE, "the router says: %s", t->refusal.s);
	if (t->instances == 0)
		return err_set(e, ERR_PARSE, "the summary names no BGP instance");
	return 0;
}

static void summary_free(void *ctx)
{
	struct summary *t = ctx;

	str_fini(&t->vrf);
	free(t);
}

static const struct jstream_ops ops = { enter, value, leave, done, summary_free };

static struct summary *summary_new(struct snap_builder *b)
{
	struct summary *t = MEM_NEW(struct summary);

	t->b = b;
	t->asked_vrf = SLICE("");
	str_init(&t->vrf, 256);
	return t;
}

struct intake frr_summary_intake(struct snap_builder *b)
{
	return jstream_intake(&ops, summary_new(b));
}

int frr_summary_json(struct report *r, struct slice out, struct err *e)
{
	struct summary *t = summary_new(r->sessions);

	r->kind = REPORT_SESSIONS;
	t->asked = frr_asked_family(r);
	t->asked_vrf = frr_asked_vrf(r);
	return jstream_whole(&ops, t, out, true, e);
}
