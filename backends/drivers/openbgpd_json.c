/*
 * bgpctl -j: neighbors and routes.
 *
 * Counts are told per neighbor, not per family.  A neighbor configured for one
 * family is a row of that family; one configured for several is one row
 * without a family, because its counts cannot be parted.
 */
#include "backends/drivers/openbgpd.h"
#include "backends/parse/duration.h"
#include "backends/parse/family.h"
#include "backends/parse/jstream.h"
#include "core/base/scan.h"

#include <stdlib.h>

struct neighbors {
	struct snap_builder *b;
	bool templates;
	bool seen; /* the list itself */
	/* the neighbor being read */
	struct session s;
	struct str name;
	bool is_template;
	bool configured; /* its config object was there: a limit that stands not in it is none */
	unsigned families;
	int64_t updown_s;
	struct last_error sent, received;
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

SETTER(set_remote_as, asn_parse(v->text, &t->s.remote_as))
SETTER(set_description, t->s.description = openbgpd_text(snap_builder_arena(t->b), v->text))
SETTER(set_group, t->s.group = snap_builder_text(t->b, v->text))
SETTER(set_state, bgp_state_parse(v->text, &t->s.state))
SETTER(set_updown, t->updown_s = duration_s(v->text))
SETTER(set_updown_sec, t->updown_s = to_count(v))
SETTER(set_own_text, t->s.own_message = openbgpd_text(snap_builder_arena(t->b), v->text))
SETTER(set_peer_text, t->s.shutdown_message = openbgpd_text(snap_builder_arena(t->b), v->text))
SETTER(set_error_sent, openbgpd_error(t->b, &t->sent, v->text, DIR_SENT))
SETTER(set_error_received, openbgpd_error(t->b, &t->received, v->text, DIR_RECEIVED))

static void set_addr(void *row, const struct jvalue *v)
{
	struct neighbors *t = row;

	str_clear(&t->name);
	str_add(&t->name, v->text.p, v->text.len);
}

static const struct jfield neighbor_fields[] = {
	JFIELD("remote_as", set_remote_as), JFIELD("description", set_description),
	JFIELD("group", set_group), JFIELD("remote_addr", set_addr), JFIELD("state", set_state),
	JFIELD("last_updown", set_updown), JFIELD("last_updown_sec", set_updown_sec),
	JFIELD("my_shutdown_reason", set_own_text), JFIELD("last_shutdown_reason", set_peer_text),
	JFIELD("last_error_sent", set_error_sent), JFIELD("last_error_received", set_error_received),
};

SETTER(set_template, t->is_template = jvalue_true(v))
SETTER(set_cloned, t->s.dynamic = jvalue_true(v) ? TRI_YES : TRI_NO)
SETTER(set_down, t->s.admin_down = jvalue_true(v) ? TRI_YES : TRI_NO)

static void set_max(void *row, const struct jvalue *v)
{
	struct neighbors *t = row;

	t->s.max_prefixes = to_count(v);
	if (t->s.limit_action == LIMIT_UNKNOWN)
		t->s.limit_action = LIMIT_TEARDOWN;
}

/* In minutes; bgpd.conf(5). */
static void set_restart(void *row, const struct jvalue *v)
{
	struct neighbors *t = row;
	count_t minutes = to_count(v);

	if (minutes <= 0)
		return;
	t->s.limit_action = LIMIT_RESTART;
	t->s.limit_restart_s = minutes * 60;
}

static void set_auth(void *row, const struct jvalue *v)
{
	struct neighbors *t = row;

	t->s.auth = slice_find(v->text, "md5") >= 0 || slice_find(v->text, "MD5") >= 0 ? AUTH_MD5 :
	    slice_eq(v->text, "none") || slice_eq(v->text, "false") ? AUTH_NONE : AUTH_OTHER;
}

static const struct jfield config_fields[] = {
	JFIELD("template", set_template), JFIELD("cloned", set_cloned), JFIELD("down", set_down),
	JFIELD("max_prefix", set_max), JFIELD("max_prefix_restart", set_restart),
	JFIELD("authentication", set_auth), JFIELD("auth_method", set_auth),
};

SETTER(set_hold, t->s.hold_time_s = (int)to_count(v))
SETTER(set_local, addr_parse(v->text, &t->s.local))
SETTER(set_sent, t->s.advertised = to_count(v))
SETTER(set_received, t->s.received = to_count(v))
SETTER(set_messages_out, t->s.messages_out = to_count(v))
SETTER(set_messages_in, t->s.messages_in = to_count(v))

/* Deeper ones, by their path from the neighbor on. */
static const struct {
	const char *path[5];
	void (*set)(void *row, const struct jvalue *v);
} deep_fields[] = {
	{ { "session", "holdtime" }, set_hold },
	{ { "session", "local", "address" }, set_local },
	{ { "stats", "prefixes", "sent" }, set_sent },
	{ { "stats", "prefixes", "received" }, set_received },
	{ { "stats", "message", "sent", "total" }, set_messages_out },
	{ { "stats", "message", "received", "total" }, set_messages_in },
};

/* {"neighbors":[{...}]}: the neighbor's object stands at depth 2. */
enum { AT = 2 };

static bool in_neighbor(const struct jpath *at)
{
	return at->depth >= AT && slice_eq(at->key[0], "neighbors") && slice_eq(at->key[1], "[]");
}

static void enter(void *ctx, const struct jpath *at)
{
	struct neighbors *t = ctx;

	if (at->depth == 1 && slice_eq(at->key[0], "neighbors"))
		t->seen = true;
	if (at->depth != AT || !in_neighbor(at))
		return;
	session_init(&t->s);
	t->s.dynamic = TRI_NO;
	str_clear(&t->name);
	t->is_template = t->configured = false;
	t->families = 0;
	t->updown_s = -1;
	t->sent = t->received = t->s.last_error;
}

static void value(void *ctx, const struct jpath *at, const struct jvalue *v)
{
	static const char *const family[] = { "config", "capabilities", "multiprotocol", "[]", NULL };
	struct neighbors *t = ctx;

	if (!in_neighbor(at) || at->depth == AT)
		return;
	if (at->depth == AT + 1)
		jfield_set(neighbor_fields, ARRAY_LEN(neighbor_fields), at->key[AT], t, v);
	else if (at->depth == AT + 2 && slice_eq(at->key[AT], "config")) {
		jfield_set(config_fields, ARRAY_LEN(config_fields), at->key[AT + 1], t, v);
		t->configured = t->configured || slice_eq(at->key[AT + 1], "announce_capabilities"); /* written after the limit */
	}
	else if (jpath_is(at, AT, family) && ++t->families == 1)
		family_parse(v->text, &t->s.family);
	for (size_t i = 0; at->depth > AT + 1 && i < ARRAY_LEN(deep_fields); i++)
		if (jpath_is(at, AT, deep_fields[i].path))
			deep_fields[i].set(t, v);
}

/* Of what was sent and what was received, only one is the last; which one is not told.  What was received
 * explains a session better that we did not shut. */
static void settle_error(struct neighbors *t)
{
	t->s.last_error = t->received.code >= 0 || !text_known(t->sent.words) ? t->received : t->sent;
	t->s.limit_tripped = t->s.state == BGP_IDLE && t->sent.code == 6 && t->sent.subcode == 1 ?
	    TRI_YES : TRI_NO;
	if (t->s.limit_tripped == TRI_YES)
		t->s.last_error = t->sent;
}

static void leave(void *ctx, const struct jpath *at)
{
	struct neighbors *t = ctx;
	struct session identity, *s;

	if (at->depth != AT || !in_neighbor(at) || (t->is_template && !t->templates))
		return;
	snap_builder_rows(t->b, 1, 0);
	if (t->name.len == 0)
		return;
	if (t->families != 1)
		t->s.family = AF_UNKNOWN;
	settle_error(t);
	if (t->configured && t->s.max_prefixes == COUNT_UNKNOWN)
		t->s.max_prefixes = 0;
	if (t->is_template)
		t->s.dynamic = TRI_YES;
	t->s.since_s = t->updown_s;
	s = snap_builder_session(t->b, SLICE(""), str_slice(&t->name), t->s.family);
	identity = *s;
	*s = t->s;
	s->vrf = identity.vrf;
	s->neighbor = identity.neighbor;
	s->peer = identity.peer;
	snap_builder_rows(t->b, 0, s->state != BGP_UNKNOWN || t->is_template ? 1 : 0);
}

static int done(void *ctx, struct err *e)
{
	struct neighbors *t = ctx;

	return t->seen ? 0 : err_set(e, ERR_PARSE, "no list of neighbors in the answer");
}

static void neighbors_free(void *ctx)
{
	struct neighbors *t = ctx;

	str_fini(&t->name);
	free(t);
}

static const struct jstream_ops ops = { enter, value, leave, done, neighbors_free };

static int read_json(const struct jstream_ops *o, void *ctx, struct snap_builder *b, struct slice out,
    bool lead, struct err *e)
{
	struct str sound;
	int rc;

	str_init(&sound, out.len * 2 + 64);
	if (openbgpd_repair(out, &sound))
		snap_builder_note(b, "a text in the JSON was not escaped and has been made readable");
	rc = jstream_whole(o, ctx, str_slice(&sound), lead, e);
	str_fini(&sound);
	return rc;
}

static int read_neighbors(struct snap_builder *b, struct slice out, bool alone, struct err *e)
{
	struct neighbors *t;

	if (openbgpd_refusal(out, e) != 0)
		return -1;
	t = MEM_NEW(struct neighbors);
	t->b = b;
	t->templates = alone;
	str_init(&t->name, 256);
	return read_json(&ops, t, b, out, alone, e);
}

int openbgpd_neighbors_query(struct snap_builder *b, struct slice out, struct err *e)
{
	return read_neighbors(b, out, false, e);
}

int openbgpd_neighbors_json(struct report *r, struct slice out, struct err *e)
{
	r->kind = REPORT_SESSIONS;
	return read_neighbors(r->sessions, out, true, e);
}

/* {"rib":[{"prefix","aspath","exit_nexthop"}]} */
struct rib {
	struct route_out *out;
	bool seen;
	struct str prefix, hop, path;
};

static bool is_route(const struct jpath *at)
{
	return at->depth == 2 && slice_eq(at->key[0], "rib");
}

static void rib_enter(void *ctx, const struct jpath *at)
{
	struct rib *t = ctx;

	t->seen = t->seen || at->depth == 0; /* {} is how bgpctl says that there is no route */
	if (!is_route(at))
		return;
	str_clear(&t->prefix);
	str_clear(&t->hop);
	str_clear(&t->path);
}

static void rib_value(void *ctx, const struct jpath *at, const struct jvalue *v)
{
	struct rib *t = ctx;
	struct str *to = NULL;

	if (at->depth != 3 || !slice_eq(at->key[0], "rib"))
		return;
	if (slice_eq(at->key[2], "prefix"))
		to = &t->prefix;
	else if (slice_eq(at->key[2], "exit_nexthop"))
		to = &t->hop;
	else if (slice_eq(at->key[2], "aspath"))
		to = &t->path;
	if (to != NULL && to->len == 0)
		str_add(to, v->text.p, v->text.len);
}

static void rib_leave(void *ctx, const struct jpath *at)
{
	struct rib *t = ctx;

	if (is_route(at))
		route_out_row(t->out, t->prefix.len > 0, str_slice(&t->prefix), str_slice(&t->hop), str_slice(&t->path));
}

static int rib_done(void *ctx, struct err *e)
{
	struct rib *t = ctx;

	return t->seen ? 0 : err_set(e, ERR_PARSE, "no list of routes in the answer");
}

static void rib_free(void *ctx)
{
	struct rib *t = ctx;

	str_fini(&t->prefix);
	str_fini(&t->hop);
	str_fini(&t->path);
	free(t);
}

static const struct jstream_ops rib_ops = { rib_enter, rib_value, rib_leave, rib_done, rib_free };

static struct rib *rib_new(struct route_out *out)
{
	struct rib *t = MEM_NEW(struct rib);

	t->out = out;
	str_init(&t->prefix, 256);
	str_init(&t->hop, 256);
	str_init(&t->path, 65536);
	return t;
}

/* No text of a peer stands in these: nothing to repair. */
struct intake openbgpd_rib_intake(struct route_out *out)
{
	return jstream_intake(&rib_ops, rib_new(out));
}

int openbgpd_rib_json(struct report *r, struct slice text, struct err *e)
{
	struct route_out out = route_out_report(r);
	int rc;

	if (openbgpd_refusal(text, e) != 0)
		return -1;
	rc = read_json(&rib_ops, rib_new(&out), r->sessions, text, true, e);
	route_out_report_end(&out);
	return rc;
}
