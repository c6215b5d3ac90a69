/*
 * Acting on Huawei VRP 5 and 8, and on HPE Comware, whose words differ a little.
 *
 * VRP 8 has candidates and `commit`; VRP 5 and Comware take each line at once.  Which VRP it is stands in its version.
 * `peer X ignore` is documented for all of them and is sent.  What holds routes back (the export slots of a peer in its
 * address family) nobody has yet seen working: those lines are prepared, pasted by a person, and proven by reading.
 */
#include "backends/drivers/flat.h"
#include "backends/drivers/recipes.h"
#include "backends/drivers/version.h"
#include "backends/drivers/vrp_act.h"

#include <string.h>

#define UNSEEN "Nobody has yet seen this system hold routes back this way."

static const struct dialect vrp = {
	.family = { "ipv4-family unicast", "ipv6-family unicast" },
	.vpn = { "ipv4-family vpn-instance {vrf}", "ipv6-family vpn-instance {vrf}" },
	.list = { "ip-prefix", "ipv6-prefix" },
	.define = { "ip ip-prefix", "ip ipv6-prefix" },
	.deny = { "ip ip-prefix " VRP_DENY " index 10 deny 0.0.0.0 0 less-equal 32",
	    "ip ipv6-prefix " VRP_DENY " index 10 deny :: 0 less-equal 128" },
};
static const struct dialect comware = {
	.comware = true,
	.family = { "address-family ipv4 unicast", "address-family ipv6 unicast" },
	.vpn = { "ip vpn-instance {vrf}", "ip vpn-instance {vrf}" },
	.vpn_family = { "address-family ipv4 unicast", "address-family ipv6 unicast" },
	.list = { "prefix-list", "prefix-list" },
	.define = { "ip prefix-list", "ipv6 prefix-list" },
	.deny = { "ip prefix-list " VRP_DENY " index 10 deny 0.0.0.0 0 less-equal 32",
	    "ipv6 prefix-list " VRP_DENY " index 10 deny :: 0 less-equal 128" },
};

/* ---- reading ---- */

static int version_index(const struct session *s)
{
	return s->peer.family == ADDR_IP6;
}

static const char *vpn_view(const struct act_context *ctx, const struct dialect *d)
{
	const struct session *s = ctx->sessions[0];
	const char *tmpl = d->vpn[version_index(s)];

	return text_empty(s->vrf) ? "" : arena_printf(ctx->arena, " %.*s%s", (int)(strlen(tmpl) - strlen("{vrf}")), tmpl, s->vrf.s);
}

static void read_peer(struct arena *a, struct place *p, struct slice leaf)
{
	struct slice word;

	if (slice_eq(leaf, "ignore"))
		p->ignore = true;
	else if (flat_word(&leaf, &word) && slice_eq(word, "group"))
		p->group = arena_strndup(a, leaf.p, leaf.len);
}

bool vrp_read_place(const struct act_context *ctx, struct place *p)
{
	const struct dialect *d = ctx->recipe->way;
	struct arena *a = ctx->arena;
	struct slice rest, word;
	struct scan c;

	*p = (struct place){ .d = d, .group = "", .peer = NULL };
	p->config = flat_of_indented(a, ctx->pre.answers[0]);
	if (!flat_find(p->config, "bgp", &rest) || !flat_word(&rest, &word))
		return false;
	p->bgp = arena_printf(a, "bgp %.*s", (int)word.len, word.p);
	p->views = vpn_view(ctx, d);
	c = scan_of(slice_of(p->config));
	while (flat_next(&c, arena_printf(a, "%s%s peer", p->bgp, p->views), &rest)) {
		if (!flat_word(&rest, &word) || !flat_is(word, &ctx->sessions[0]->peer))
			continue;
		p->peer = arena_strndup(a, word.p, word.len);
		read_peer(a, p, rest);
	}
	return p->peer != NULL;
}

/* VRP 8 commits, VRP 5 does not; Comware never does. */
static int need_stage(struct build *b, struct place *p)
{
	const char *version = strstr(b->ctx->pre.answers[1], "Version ");
	unsigned major, minor;

	if (p->d->comware)
		return 0;
	if (version == NULL || !version_read(version, &major, &minor) || (major != 5 && major != 8))
		return build_refuse(b,
		    "neither VRP 5 nor VRP 8: whether it wants a commit is not known (`display version` tells no such version)");
	p->two_stage = major == 8;
	return 0;
}

int vrp_need_place(struct build *b, struct place *p)
{
	if (!vrp_read_place(b->ctx, p))
		return build_refuse(b, "the configuration of BGP does not name this peer%s%s", text_empty(b->ctx->sessions[0]->vrf)
		    ? "" : " in VPN instance ", text_or(b->ctx->sessions[0]->vrf, ""));
	if (!asn_parse(slice_of(p->bgp + strlen("bgp ")), &b->args.asn))
		return build_refuse(b, "the AS number of its `bgp` view cannot be read");
	return need_stage(b, p);
}

/* ---- writing ---- */

void vrp_enter(struct build *b, const struct place *p, enum build_list l, size_t needs)
{
	build_line(b, l, "system-view")->needs = needs;
	vrp_views(b, p, l, needs);
}

void vrp_views(struct build *b, const struct place *p, enum build_list l, size_t needs)
{
	build_line(b, l, "bgp {asn}")->needs = needs;
	if (p->views[0] != '\0')
		build_line(b, l, p->d->vpn[version_index(b->ctx->sessions[0])])->needs = needs;
}

size_t vrp_leave(struct build *b, const struct place *p, enum build_list l, size_t line, size_t needs)
{
	size_t holds = line;
	struct step *s;

	if (p->two_stage) {
		holds = build_at(b, l);
		build_line(b, l, "commit")->needs = needs;
		s = build_line(b, l, "clear configuration candidate");
		s->rescue = true; /* else `return` would ask whether to commit what was refused */
		s->needs = needs;
	}
	s = build_line(b, l, "return");
	s->leave = true;
	s->needs = needs;
	return holds;
}

/* ---- suspend and resume ---- */

static int set_ignore(struct build *b, const struct place *p, bool on)
{
	static const char *const tmpl[2] = { "undo peer {neighbor} ignore", "peer {neighbor} ignore" };
	size_t at;

	b->item->touched = p->ignore ? "ignore" : "no ignore";
	vrp_enter(b, p, BUILD_APPLY, 0);
	at = build_at(b, BUILD_APPLY);
	build_line(b, BUILD_APPLY, tmpl[on]);
	at = vrp_leave(b, p, BUILD_APPLY, at, 0);
	vrp_enter(b, p, BUILD_UNDO, at);
	build_line(b, BUILD_UNDO, tmpl[!on])->needs = at;
	vrp_leave(b, p, BUILD_UNDO, at, at);
	return build_end(b, on ? PROOF_ADMIN_DOWN : PROOF_ADMIN_UP, BUILD_SHUT_S);
}

static int suspend(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct place p;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (vrp_need_place(&b, &p) < 0)
		return -1;
	if (p.ignore)
		return build_refuse(&b, "already shut in the configuration");
	return set_ignore(&b, &p, true);
}

static int resume(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct place p;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (vrp_need_place(&b, &p) < 0)
		return -1;
	item->touched = p.ignore ? "ignore" : "no ignore";
	if (!p.ignore && ctx->own == NULL)
		return build_refuse(&b, "not shut by its own line%s%s", p.group[0] != '\0' ? ", perhaps by its group " : "", p.group);
	if (p.ignore)
		return set_ignore(&b, &p, false);
	build_warn(&b, "no longer shut: somebody else opened it; only read back");
	return build_end(&b, PROOF_ADMIN_UP, BUILD_SHUT_S);
}

/* ---- refresh ---- */

static int refresh_comware(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	const char *family = version_index(ctx->sessions[0]) == 0 ? "ipv4" : "ipv6";
	struct build b;

	build_start(&b, ctx, item, 0, e);
	build_line(&b, BUILD_APPLY, arena_printf(ctx->arena, "refresh bgp {neighbor} import %s unicast%s", family,
	    text_empty(ctx->sessions[0]->vrf) ? "" : " vpn-instance {vrf}"));
	item->touched = "";
	return build_end(&b, PROOF_STILL_UP, BUILD_SHUT_S);
}

/* Nothing that can be read would prove a prepared one. */
static int refresh_vrp(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct build b;

	build_start(&b, ctx, item, 0, e);
	return build_refuse(&b,
	    "peerdeck has not seen a soft refresh on VRP and could not prove one by reading. By hand, in user view:\n"
	    "  refresh bgp %s%s import", version_index(ctx->sessions[0]) == 0 ? "" : "ipv6 ",
	    text_or(ctx->sessions[0]->neighbor, ""));
}

/* ---- the two systems ---- */

#define BGP "display current-configuration configuration bgp"
static const char *const bgp[] = { BGP, "display version", NULL };
static const char *const lists[] = { BGP, "display version", "display current-configuration | include prefix", NULL };
static const char *const policies[] = { BGP, "display version", "display current-configuration | include route-policy",
	NULL };

#define SLOTS .shows = vrp_shows, .prepare_only = UNSEEN
#define PREFIXES .shows = vrp_shows_prefixes, .prepare_only = UNSEEN
#define RECIPES(os) \
	static const struct recipe os##_recipe[] = { \
	    { .verb = VERB_SUSPEND, .way = &os, .reads = bgp, .build = suspend }, \
	    { .verb = VERB_RESUME, .way = &os, .reads = bgp, .build = resume }, \
	    { .verb = VERB_WITHDRAW, .way = &os, .reads = lists, .build = vrp_withdraw, SLOTS }, \
	    { .verb = VERB_RESTORE, .way = &os, .reads = bgp, .build = vrp_restore, SLOTS }, \
	    { .verb = VERB_GSHUT, .way = &os, .reads = policies, .build = vrp_gshut, SLOTS }, \
	    { .verb = VERB_REFRESH, .build = refresh_##os }, \
	    { .verb = VERB_WITHDRAW_PREFIXES, .way = &os, .reads = lists, .build = vrp_withdraw_prefixes, PREFIXES }, \
	    { .verb = VERB_RESTORE, .of_prefixes = true, .way = &os, .reads = lists, .build = vrp_restore_prefixes, PREFIXES }, \
	}; \
	const struct recipe *const os##_recipes[] = { &os##_recipe[0], &os##_recipe[1], &os##_recipe[2], &os##_recipe[3], \
		&os##_recipe[4], &os##_recipe[5], &os##_recipe[6], &os##_recipe[7], NULL }
RECIPES(vrp);
RECIPES(comware);
