/*
 * gobgp -j neighbor.
 *
 * `neighbor` is an array, `neighbor X` one object.  What is zero is left out,
 * so a count of an Established session that is not there is 0, and one of a
 * session that is down says nothing (advertised keeps its old value).  Only
 * `neighbor X` counts what is advertised: in the array it is never told.  The
 * numbers of admin_state moved by one in version 4: they are kept until the
 * version is known, from the CLI or from the sessions that are up.
 */
#include "backends/drivers/gobgp.h"
#include "backends/parse/family.h"
#include "backends/parse/jstream.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>

struct family_part {
	int64_t afi, safi;
	count_t received, accepted, advertised, max;
	int warn_pct;
	bool configured; /* its configuration was told */
};

struct admin {
	struct session *s;
	int64_t state;
};

struct neighbors {
	struct snap_builder *b;
	bool open, any;
	size_t base; /* depth of the neighbor's object: 1 in an array, else 0 */
	struct session s;
	struct str name, vrf, in, out;
	int64_t session_state, admin_state;
	struct family_part *parts;
	size_t count, cap;
	struct admin *admins; /* one per row, judged at the end */
	size_t admin_count, admin_cap;
	struct text refusal;
};

static count_t to_count(const struct jvalue *v)
{
	int64_t n;

	return jvalue_int(v, &n) && n >= 0 ? n : COUNT_UNKNOWN;
}

#define SETTER(name, statement)                             \
	static void name(void *row, const struct jvalue *v) \
	{                                                   \
		struct neighbors *t = row;                  \
		statement;                                  \
	}

static void take_name(struct str *to, const struct jvalue *v)
{
	str_clear(to);
	str_add(to, v->text.p, v->text.len);
}

static void take_policy(struct str *to, const struct jvalue *v)
{
	if (to->len > 0)
		str_puts(to, ", ");
	str_add(to, v->text.p, v->text.len);
}

/* 0.0.0.0 and :: stand for "any". */
static void take_local(struct neighbors *t, const struct jvalue *v)
{
	static const struct addr none;
	struct addr a;

	if (addr_parse(v->text, &a) && memcmp(a.b, none.b, sizeof(a.b)) != 0)
		t->s.local = a;
}

/* Enums are numbers; a JSON writer that prints names may come. */
static int64_t take_enum(const struct jvalue *v, const char *const *names, size_t count)
{
	int64_t n;

	if (jvalue_int(v, &n))
		return n;
	for (size_t i = 0; i < count; i++)
		if (names[i] != NULL && slice_ends(v->text, names[i]))
			return (int64_t)i;
	return 0;
}

static void set_session_state(void *row, const struct jvalue *v)
{
	static const char *const names[] = { "UNKNOWN", "_IDLE", "_CONNECT", "_ACTIVE", "_OPENSENT",
		"_OPENCONFIRM", "_ESTABLISHED" };

	((struct neighbors *)row)->session_state = take_enum(v, names, ARRAY_LEN(names));
}

SETTER(set_name, take_name(&t->name, v))
SETTER(set_vrf, take_name(&t->vrf, v))
SETTER(set_peer_as, asn_parse(v->text, &t->s.remote_as))
SETTER(set_local_as, asn_parse(v->text, &t->s.local_as))
SETTER(set_description, t->s.description = snap_builder_text(t->b, v->text))
SETTER(set_group, t->s.group = snap_builder_text(t->b, v->text))
SETTER(set_password, t->s.auth = v->text.len > 0 ? AUTH_MD5 : AUTH_NONE)
SETTER(set_admin_state, jvalue_int(v, &t->admin_state))
SETTER(set_flops, t->s.flaps = to_count(v))
SETTER(set_in_total, t->s.messages_in = to_count(v))
SETTER(set_out_total, t->s.messages_out = to_count(v))
SETTER(set_hold, t->s.hold_time_s = (int)to_count(v))
SETTER(set_config_hold, t->s.hold_time_s = t->s.hold_time_s < 0 ? (int)to_count(v) : t->s.hold_time_s)
SETTER(set_local, take_local(t, v))
SETTER(set_disconnect, t->s.last_error.words = snap_builder_text(t->b, v->text))
SETTER(add_import, take_policy(&t->in, v))
SETTER(add_export, take_policy(&t->out, v))
SETTER(set_dynamic, t->s.dynamic = jvalue_true(v) ? TRI_YES : TRI_NO)

static const struct {
	const char *path[6];
	void (*set)(void *row, const struct jvalue *v);
} fields[] = {
	{ { "conf", "neighbor_address" }, set_name },
	{ { "conf", "vrf" }, set_vrf },
	{ { "conf", "peer_asn" }, set_peer_as },
	{ { "conf", "peer_as" }, set_peer_as },
	{ { "conf", "local_asn" }, set_local_as },
	{ { "conf", "local_as" }, set_local_as },
	{ { "conf", "description" }, set_description },
	{ { "conf", "peer_group" }, set_group },
	{ { "conf", "auth_password" }, set_password },
	{ { "state", "neighbor_address" }, set_name },
	{ { "state", "peer_asn" }, set_peer_as },
	{ { "state", "peer_as" }, set_peer_as },
	{ { "state", "session_state" }, set_session_state },
	{ { "state", "admin_state" }, set_admin_state },
	{ { "state", "flops" }, set_flops },
	{ { "state", "disconnect_message" }, set_disconnect },
	{ { "state", "messages", "received", "total" }, set_in_total },
	{ { "state", "messages", "sent", "total" }, set_out_total },
	{ { "timers", "state", "negotiated_hold_time" }, set_hold },
	{ { "timers", "config", "hold_time" }, set_config_hold },
	{ { "transport", "local_address" }, set_local },
	{ { "apply_policy", "import_policy", "policies", "[]", "name" }, add_import },
	{ { "apply_policy", "export_policy", "policies", "[]", "name" }, add_export },
	{ { "conf", "dynamic" }, set_dynamic },
};

static void family_value(struct family_part *p, const struct jpath *at, size_t from, const struct jvalue *v)
{
	static const struct {
		const char *path[4];
		size_t offset;
	} counts[] = {
		{ { "state", "family", "afi" }, offsetof(struct family_part, afi) },
		{ { "state", "family", "safi" }, offsetof(struct family_part, safi) },
		{ { "config", "family", "afi" }, offsetof(struct family_part, afi) },
		{ { "config", "family", "safi" }, offsetof(struct family_part, safi) },
		{ { "state", "received" }, offsetof(struct family_part, received) },
		{ { "state", "accepted" }, offsetof(struct family_part, accepted) },
		{ { "state", "advertised" }, offsetof(struct family_part, advertised) },
		{ { "prefix_limits", "max_prefixes" }, offsetof(struct family_part, max) },
	};
	static const char *const pct[] = { "prefix_limits", "shutdown_threshold_pct", NULL };

	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		if (jpath_is(at, from, counts[i].path))
			memcpy((char *)p + counts[i].offset, &(int64_t){ to_count(v) }, sizeof(int64_t));
	if (jpath_is(at, from, pct))
		p->warn_pct = (int)to_count(v);
	p->configured = p->configured || slice_eq(at->key[from], "config");
}

static void neighbor_begin(struct neighbors *t, size_t base)
{
	t->open = t->any = true;
	t->base = base;
	t->session_state = t->admin_state = 0;
	t->count = 0;
	session_init(&t->s);
	t->s.auth = AUTH_NONE;
	t->s.dynamic = TRI_NO;
	t->s.messages_in = t->s.messages_out = t->s.flaps = 0;
	str_clear(&t->name);
	str_clear(&t->vrf);
	str_clear(&t->in);
	str_clear(&t->out);
	snap_builder_rows(t->b, 1, 0);
}

static void join_part(struct session *s, const struct family_part *p)
{
	if (s->state == BGP_ESTABLISHED) {
		s->received = p->received;
		s->accepted = p->accepted;
		s->advertised = p->advertised;
	}
	/* A limit stands beside the family's configuration; where that is told without one, none is configured. */
	if (p->configured || p->max > 0)
		s->max_prefixes = p->max;
	if (p->max <= 0)
		return;
	s->limit_action = LIMIT_TEARDOWN;
	s->limit_warn_pct = p->warn_pct;
}

static void add_row(struct neighbors *t, const struct family_part *p)
{
	enum afi_safi af = AF_UNKNOWN;
	struct session *s, identity;

	family_by_number(p->afi, p->safi, &af);
	s = snap_builder_session(t->b, str_slice(&t->vrf), str_slice(&t->name), af);
	identity = *s;
	*s = t->s;
	s->vrf = identity.vrf;
	s->neighbor = identity.neighbor;
	s->peer = identity.peer;
	s->family = identity.family;
	join_part(s, p);
	MEM_GROW(t->admins, t->admin_cap, t->admin_count + 1);
	t->admins[t->admin_count++] = (struct admin){ s, t->admin_state };
}

static void neighbor_end(struct neighbors *t)
{
	/* api.PeerState_SessionState, the same in all versions. */
	static const enum bgp_state states[] = { BGP_UNKNOWN, BGP_IDLE, BGP_CONNECT, BGP_ACTIVE,
		BGP_OPENSENT, BGP_OPENCONFIRM, BGP_ESTABLISHED };
	static const struct family_part none = { .warn_pct = -1 };

	t->open = false;
	if (t->name.len == 0)
		return;
	if (t->session_state > 0 && t->session_state < (int64_t)ARRAY_LEN(states))
		t->s.state = states[t->session_state];
	if (t->in.len > 0)
		t->s.import_policy = snap_builder_text(t->b, str_slice(&t->in));
	if (t->out.len > 0)
		t->s.export_policy = snap_builder_text(t->b, str_slice(&t->out));
	if (snap_builder_local_as(t->b) == ASN_UNKNOWN)
		snap_builder_router(t->b, t->s.local_as, NULL);
	for (size_t i = 0; i < t->count; i++)
		add_row(t, &t->parts[i]);
	if (t->count == 0)
		add_row(t, &none);
	snap_builder_rows(t->b, 0, t->s.state != BGP_UNKNOWN ? 1 : 0);
}

static void enter(void *ctx, const struct jpath *at)
{
	static const char *const part[] = { "afi_safis", "[]", NULL };
	struct neighbors *t = ctx;

	if (at->depth == 0)
		return;
	if (!t->open)
		neighbor_begin(t, slice_eq(at->key[0], "[]") ? 1 : 0);
	if (!jpath_is(at, t->base, part))
		return;
	MEM_GROW(t->parts, t->cap, t->count + 1);
	t->parts[t->count++] = (struct family_part){ .warn_pct = -1, .advertised = t->base == 0 ? 0 : COUNT_UNKNOWN };
}

static void value(void *ctx, const struct jpath *at, const struct jvalue *v)
{
	struct neighbors *t = ctx;

	if (at->depth == 1 && slice_eq(at->key[0], "error"))
		t->refusal = snap_builder_text(t->b, v->text);
	if (!t->open)
		return;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (jpath_is(at, t->base, fields[i].path)) {
			fields[i].set(t, v);
			return;
		}
	if (t->count > 0 && at->depth > t->base + 2 && slice_eq(at->key[t->base], "afi_safis"))
		family_value(&t->parts[t->count - 1], at, t->base + 2, v);
}

static void leave(void *ctx, const struct jpath *at)
{
	struct neighbors *t = ctx;

	if (at->depth == 0)
		t->any = true; /* also an array without neighbors is an answer */
	if (t->open && at->depth == t->base)
		neighbor_end(t);
}

/* 3.x: up 0 (left out), down 1, prefix limit 2.  4.x: up 1, down 2, prefix limit 3.  -1: cannot be told. */
static int admin_offset(const struct neighbors *t)
{
	struct text version = snap_builder_version_of(t->b);
	uint64_t major;
	struct scan c;

	if (text_known(version)) {
		c = scan_of(slice_of(version.s));
		if (scan_u64(&c, &major))
			return major >= 4 ? 1 : 0;
	}
	for (size_t i = 0; i < t->admin_count; i++) {
		if (t->admins[i].state == 0)
			return 0;
		if (t->admins[i].state == 3 || t->admins[i].s->state == BGP_ESTABLISHED)
			return 1;
	}
	return -1;
}

static int done(void *ctx, struct err *e)
{
	struct neighbors *t = ctx;
	int offset = admin_offset(t);

	if (text_known(t->refusal))
		return err_set(e, ERR_DEVICE, "the router says: %s", t->refusal.s);
	if (!t->any)
		return err_set(e, ERR_PARSE, "no neighbors in the answer");
	if (offset < 0 && t->admin_count > 0)
		snap_builder_note(t->b, "which sessions are shut cannot be told without the version of GoBGP");
	for (size_t i = 0; offset >= 0 && i < t->admin_count; i++) {
		t->admins[i].s->admin_down = t->admins[i].state == offset + 1 ? TRI_YES : TRI_NO;
		t->admins[i].s->limit_tripped = t->admins[i].state == offset + 2 ? TRI_YES : TRI_NO;
	}
	return 0;
}

static void neighbors_free(void *ctx)
{
	struct neighbors *t = ctx;

	str_fini(&t->name);
	str_fini(&t->vrf);
	str_fini(&t->in);
	str_fini(&t->out);
	free(t->parts);
	free(t->admins);
	free(t);
}

static const struct jstream_ops ops = { enter, value, leave, done, neighbors_free };

static struct neighbors *neighbors_new(struct snap_builder *b)
{
	struct neighbors *t = MEM_NEW(struct neighbors);

	t->b = b;
	str_init(&t->name, 256);
	str_init(&t->vrf, 256);
	str_init(&t->in, 512);
	str_init(&t->out, 512);
	return t;
}

struct intake gobgp_neighbors_intake(struct snap_builder *b)
{
	return jstream_intake(&ops, neighbors_new(b));
}

/* Adds to the rows that are there what `neighbor X` alone counts. */
int gobgp_advertised_query(struct snap_builder *b, struct slice out, struct err *e)
{
	struct snap_builder *own = snap_builder_new("");
	int rc;

	snap_builder_version(own, slice_of(text_or(snap_builder_version_of(b), "")));
	rc = jstream_whole(&ops, neighbors_new(own), out, true, e);
	for (size_t i = 0; rc == 0 && i < snap_builder_count(own); i++) {
		const struct session *told = snap_builder_at(own, i);
		struct session *s = snap_builder_find(b, slice_of(text_or(told->vrf, "")),
		    slice_of(text_or(told->neighbor, "")), told->family);

		if (s != NULL)
			s->advertised = told->advertised;
	}
	snap_builder_free(own);
	return rc;
}

int gobgp_neighbors_json(struct report *r, struct slice out, struct err *e)
{
	r->kind = REPORT_SESSIONS;
	return jstream_whole(&ops, neighbors_new(r->sessions), out, true, e);
}
