/* Junos in JSON and XML; see junos_read.h. */
#include "backends/drivers/junos_read.h"
#include "backends/parse/asked.h"
#include "backends/parse/detail.h"
#include "backends/parse/duration.h"
#include "backends/parse/family.h"
#include "backends/parse/refusal.h"
#include "backends/parse/summary.h"
#include "backends/parse/words.h"
#include "backends/parse/xml.h"

#include <string.h>

enum afi_safi junos_rib(struct slice rib, struct slice *instance)
{
	static const struct {
		const char *table;
		enum afi_safi family;
	} tables[] = {
		{ "bgp.l3vpn.0", AF_VPNV4_UNICAST }, { "bgp.l3vpn-inet6.0", AF_VPNV6_UNICAST },
		{ "bgp.l3vpn.2", AF_VPNV4_MULTICAST }, { "bgp.l2vpn.0", AF_L2VPN_VPLS },
		{ "bgp.l2vpn.1", AF_L2VPN_VPLS }, { "bgp.evpn.0", AF_L2VPN_EVPN },
		{ "bgp.mvpn.0", AF_MVPNV4 }, { "bgp.mvpn-inet6.0", AF_MVPNV6 },
		{ "bgp.mdt.0", AF_IPV4_MDT }, { "bgp.rtarget.0", AF_RT_FILTER },
		{ "lsdist.0", AF_LINK_STATE }, { "inet.0", AF_IPV4_UNICAST }, { "inet6.0", AF_IPV6_UNICAST },
		{ "inet.2", AF_IPV4_MULTICAST }, { "inet6.2", AF_IPV6_MULTICAST },
		{ "inet.3", AF_IPV4_LABELED }, { "inet6.3", AF_IPV6_LABELED },
		{ "inetflow.0", AF_IPV4_FLOWSPEC }, { "inet6flow.0", AF_IPV6_FLOWSPEC },
		{ "evpn.0", AF_L2VPN_EVPN }, { "mdt.0", AF_IPV4_MDT }, { "mvpn.0", AF_MVPNV4 },
		{ "mvpn-inet6.0", AF_MVPNV6 }, { "l2vpn.0", AF_L2VPN_VPLS }, { "l2id.0", AF_L2VPN_VPLS },
	};

	*instance = SLICE("");
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		size_t n = strlen(tables[i].table);

		if (!slice_ends(rib, tables[i].table))
			continue;
		if (rib.len == n)
			return tables[i].family;
		if (rib.p[rib.len - n - 1] == '.') {
			*instance = slice_upto(rib, rib.len - n - 1);
			return tables[i].family;
		}
	}
	return AF_UNKNOWN;
}

struct slice junos_address(struct slice printed)
{
	struct slice name;
	struct addr a;

	return word_is_neighbor(printed, &name, &a) ? name : printed;
}

static bool is_instance(struct slice name)
{
	return name.len > 0 && !slice_eq(name, "master");
}

/* The policies of a list come in one text, parted by blanks. */
static void take_text(struct snap_builder *b, const struct jnode *p, const char *path, struct text *to)
{
	struct slice v = jget_text(p, path);

	if (v.len > 0)
		*to = snap_builder_text(b, v);
}

static void take_last_error(struct snap_builder *b, struct session *s, const struct jnode *p)
{
	struct slice v = jget_text(p, "last-error");

	if (v.len == 0 || slice_eq(v, "None"))
		return;
	s->last_error.words = snap_builder_text(b, v);
	detail_error_words(v, &s->last_error);
	for (const struct jnode *n = jget(p, "bgp-error"); n != NULL; n = jget_again(n)) {
		struct slice name = jget_text(n, "name");
		count_t sent = jget_count(n, "send-count"), got = jget_count(n, "receive-count");

		if (name.len == v.len && memcmp(name.p, v.p, v.len) == 0 && s->last_error.dir == DIR_UNKNOWN &&
		    (sent > 0) != (got > 0))
			s->last_error.dir = sent > 0 ? DIR_SENT : DIR_RECEIVED;
	}
}

static void take_limit(struct session *s, const struct jnode *p)
{
	for (const struct jnode *n = jget(p, "bgp-option-information/prefix-limit"); n; n = jget_again(n)) {
		struct slice action = jget_text(n, "limit-action");
		count_t pct = jget_count(n, "warning-percentage");

		if (family_of(jget_text(n, "nlri-type")) != s->family)
			continue;
		s->max_prefixes = jget_count(n, "prefix-count");
		s->limit_action = slice_find(action, "eardown") >= 0 ? LIMIT_TEARDOWN :
		    action.len > 0 || s->max_prefixes != COUNT_UNKNOWN ? LIMIT_WARN : LIMIT_UNKNOWN;
		if (pct >= 0 && pct <= 100)
			s->limit_warn_pct = (int)pct;
	}
}

/* What is said of the peer, for one of its rows. */
static void take_peer_into(struct snap_builder *b, struct session *s, const struct jnode *p)
{
	count_t hold = jget_count(p, "active-holdtime");
	struct slice seconds = jget_text(p, "elapsed-time/@seconds");
	struct slice options = jget_text(p, "bgp-option-information/bgp-options");

	s->remote_as = jget_asn(p, "peer-as");
	s->local_as = jget_asn(p, "local-as");
	s->local = jget_addr(p, "local-address");
	if (seconds.len == 0)
		seconds = jget_text(p, "elapsed-time/attributes/junos:seconds");
	s->since_s = seconds.len > 0 ? (int64_t)jget_count(p, "elapsed-time/@seconds") : -1;
	if (s->since_s < 0 && seconds.len > 0)
		s->since_s = jget_count(p, "elapsed-time/attributes/junos:seconds");
	if (s->since_s < 0)
		s->since_s = duration_s(jget_text(p, "elapsed-time"));
	summary_state(jget_text(p, "peer-state"), s);
	if (s->state == BGP_ESTABLISHED)
		s->admin_down = TRI_NO;
	else if (slice_find(jget_text(p, "bgp-option-information/bgp-options-extended"), "Shutdown") >= 0 ||
	         slice_find(jget_text(p, "peer-flags"), "Shutdown") >= 0)
		s->admin_down = TRI_YES;
	if (hold <= 0)
		hold = jget_count(p, "bgp-option-information/holdtime");
	if (hold >= 0 && hold <= 65535)
		s->hold_time_s = (int)hold;
	s->flaps = jget_count(p, "flap-count");
	s->messages_in = jget_count(p, "input-messages");
	s->messages_out = jget_count(p, "output-messages");
	if (options.len > 0)
		s->auth = slice_find(options, "AuthKey") >= 0 ? AUTH_MD5 : AUTH_NONE;
	if (jget_text(p, "description").len > 0)
		take_text(b, p, "description", &s->description);
	take_text(b, p, "peer-group", &s->group);
	take_text(b, p, "bgp-option-information/import-policy", &s->import_policy);
	take_text(b, p, "bgp-option-information/export-policy", &s->export_policy);
	take_last_error(b, s, p);
	take_limit(s, p);
}

static void take_rib(struct session *s, const struct jnode *rib)
{
	s->active = jget_count(rib, "active-prefix-count");
	s->received = jget_count(rib, "received-prefix-count");
	s->accepted = jget_count(rib, "accepted-prefix-count");
	s->advertised = jget_count(rib, "advertised-prefix-count");
}

/* Families of a peer without tables: those configured, else that of its address. */
static void take_without_ribs(struct snap_builder *b, size_t from, struct slice vrf, struct slice name,
    const struct jnode *p)
{
	struct slice list = jget_text(p, "bgp-option-information/address-families");
	struct addr a = { 0 };
	struct words w;
	bool any = false;

	words_cut(&w, list);
	for (size_t i = 0; i < w.n; i++)
		if (family_of(w.w[i]) != AF_UNKNOWN) {
			take_peer_into(b, snap_builder_fresh(b, from, vrf, name, NULL, family_of(w.w[i])), p);
			any = true;
		}
	if (any)
		return;
	word_is_neighbor(name, &(struct slice){ 0 }, &a); /* it may have a zone */
	take_peer_into(b, snap_builder_fresh(b, from, vrf, name, &a, a.family == ADDR_IP6 ? AF_IPV6_UNICAST :
	    AF_IPV4_UNICAST), p);
}

static void take_peer(struct snap_builder *b, size_t from, struct slice asked, const struct jnode *p)
{
	struct slice name = junos_address(jget_text(p, "peer-address")), vrf = asked, instance;
	struct slice cfg = jget_text(p, "peer-cfg-rti");
	bool any = false, vpn = false;

	if (name.len == 0) {
		snap_builder_rows(b, 1, 0);
		return;
	}
	if (is_instance(cfg))
		vrf = cfg;
	/* of a VPN session the tables of instances are copies of what bgp.l3vpn.0 has counted */
	for (const struct jnode *rib = jget(p, "bgp-rib"); rib != NULL; rib = jget_again(rib))
		vpn = vpn || slice_starts(jget_text(rib, "name"), "bgp.") ||
		    (cfg.len > 0 && !is_instance(cfg));
	for (const struct jnode *rib = jget(p, "bgp-rib"); rib != NULL; rib = jget_again(rib)) {
		enum afi_safi f = junos_rib(jget_text(rib, "name"), &instance);
		struct session *s;

		if (vpn && is_instance(instance))
			continue;
		s = snap_builder_fresh(b, from, vrf.len > 0 ? vrf : instance, name, NULL, f);
		take_peer_into(b, s, p);
		take_rib(s, rib);
		any = true;
	}
	if (!any)
		take_without_ribs(b, from, vrf, name, p);
	snap_builder_rows(b, 1, 1);
}

/* bgp-information, however deep routing engines and logical systems have wrapped it. */
static const struct jnode *find_information(const struct jnode *n, int depth)
{
	const struct jnode *at = jget(n, "bgp-information");

	for (const struct jnode *d = n->down; at == NULL && d != NULL && depth > 0; d = d->next)
		at = find_information(d, depth - 1);
	return at;
}

static void take_router_id(struct snap_builder *b, const struct jnode *info)
{
	struct addr first = { 0 };

	for (const struct jnode *p = jget(info, "bgp-peer"); p != NULL; p = jget_again(p)) {
		struct addr id = jget_addr(p, "local-id");

		if (first.family == ADDR_NONE)
			first = id;
		if (slice_eq(jget_text(p, "peer-cfg-rti"), "master") && id.family != ADDR_NONE) {
			first = id;
			break;
		}
	}
	snap_builder_router(b, ASN_UNKNOWN, &first);
}

int junos_tree(struct arena *scratch, struct slice out, struct jnode **root, struct err *e)
{
	struct slice t = slice_trim(out);
	ptrdiff_t angle = slice_find(t, "<"), brace = slice_find(t, "{");

	if (angle >= 0 && (brace < 0 || angle < brace))
		return xml_tree(scratch, out, root, e);
	return jget_json(scratch, out, root, e);
}

static int read_information(struct arena *scratch, struct slice out, const struct jnode **info, struct err *e)
{
	struct jnode *root;

	if (junos_tree(scratch, out, &root, e) != 0)
		return -1;
	*info = find_information(root, 4);
	return *info != NULL ? 0 : refusal_or_not_found(out, "bgp-information", e);
}

static int take_information(struct snap_builder *b, struct slice out, struct slice vrf, struct err *e)
{
	struct arena *scratch = arena_new(); /* the tree is larger than what is kept of it */
	const struct jnode *info = NULL;
	size_t from = snap_builder_count(b);
	int rc = read_information(scratch, out, &info, e);

	for (; info != NULL; info = jget_again(info)) {
		for (const struct jnode *p = jget(info, "bgp-peer"); p != NULL; p = jget_again(p))
			take_peer(b, from, vrf, p);
		take_router_id(b, info);
	}
	arena_free(scratch);
	return rc;
}

int junos_poll_neighbors(struct snap_builder *b, struct slice out, struct err *e)
{
	return take_information(b, out, SLICE(""), e);
}

/* The summary names no instance of a peer that is down, so its rows are only those that stand already. */
int junos_poll_summary(struct snap_builder *b, struct slice out, struct err *e)
{
	struct arena *scratch = arena_new();
	const struct jnode *info = NULL;
	int rc = read_information(scratch, out, &info, e);

	for (const struct jnode *p = info != NULL ? jget(info, "bgp-peer") : NULL; p != NULL; p = jget_again(p)) {
		struct addr a = jget_addr(p, "peer-address");
		struct slice instance = SLICE("");
		struct session probe;
		struct session *s;

		session_init(&probe);
		take_peer_into(b, &probe, p);
		junos_rib(jget_text(p, "bgp-rib/name"), &instance);
		for (size_t i = 0; (s = snap_builder_at(b, i)) != NULL; i++)
			if (addr_equal(&s->peer, &a) && s->remote_as == probe.remote_as && s->state == probe.state &&
			    (instance.len == 0 || slice_eq(instance, text_or(s->vrf, ""))))
				s->since_s = probe.since_s;
	}
	arena_free(scratch);
	return rc;
}

int junos_sessions(struct report *r, struct slice out, struct err *e)
{
	struct asked a = asked_of(slice_of(r->command));
	struct slice vrf = a.vrf; /* "master" too: then a table of another name says nothing */

	if (slice_find(out, "bgp-information") >= 0)
		return take_information(r->sessions, out, vrf, e);
	return junos_text(r->sessions, out, vrf, e);
}
