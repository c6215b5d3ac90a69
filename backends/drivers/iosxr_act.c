/*
 * Acting on IOS XR: a candidate, locked for ourselves, committed on trial and confirmed after the proof.
 *
 * The trial belongs to the configuration session, so that is kept open until then; what must be read meanwhile is asked
 * with `do` (struct dialogue).  If it is lost, the router takes the trial back by itself, at its time at the latest.  An eBGP neighbor
 * without a route-policy out announces nothing: a restore always names the former policy.
 */
#include "backends/drivers/cisco_act.h"
#include "backends/drivers/recipes.h"
#include "core/base/scan.h"

static int policy_ready(struct build *b, const bool family[PEERCONF_FAMILIES])
{
	(void)family; /* one policy serves both */
	switch (peerconf_route_policy(b->ctx->pre.answers[1], CISCO_DENY_POLICY)) {
	case PEERCONF_DENIES_ALL:
		break;
	case PEERCONF_OTHER_LIST:
		return build_refuse(b, "the route-policy " CISCO_DENY_POLICY " exists and does more than `drop`: mend or remove it "
		    "first");
	case PEERCONF_NO_LIST:
		build_warn(b, "the route-policy " CISCO_DENY_POLICY " stays defined afterwards: it only drops, and nothing uses it");
		break;
	}
	/* The same in every item of a job, so that an earlier one does not change what this one sends. */
	build_line(b, BUILD_APPLY, "route-policy " CISCO_DENY_POLICY);
	build_line(b, BUILD_APPLY, "drop");
	build_line(b, BUILD_APPLY, "end-policy");
	return 0;
}

/* ---- chosen prefixes: a policy that drops them and applies the former one ---- */

static bool policy_made(const struct act_context *ctx, const char *name)
{
	struct scan c = scan_of(slice_of(ctx->pre.answers[1]));
	struct slice line, w;

	while (scan_line(&c, &line)) {
		struct scan words = scan_of(line);

		if (scan_word(&words, &w) && slice_eq(w, "route-policy") && scan_word(&words, &w) && slice_eq(w, name))
			return true;
	}
	return false;
}

static int policy_make(struct build *b, enum build_list l, int family, const char *former, const char *name, size_t needs)
{
	struct chosen c = chosen_of_version(b->ctx->arena, b->ctx->prefixes, family == 0 ? 4 : 6);

	b->args.name = name;
	build_line(b, l, "route-policy {name}")->needs = needs;
	for (size_t i = 0; i < c.count; i++) {
		b->args.prefix = &c.p[i];
		build_line(b, l, "if destination in ({prefix}) then")->needs = needs;
		build_line(b, l, "drop")->needs = needs;
		build_line(b, l, "endif")->needs = needs;
	}
	b->args.name = former;
	build_line(b, l, "apply {name}")->needs = needs;
	build_line(b, l, "end-policy")->needs = needs;
	return 0;
}

static void policy_unmake(struct build *b, enum build_list l, int family, const char *name, size_t needs)
{
	(void)family;
	b->args.name = name;
	build_line(b, l, "no route-policy {name}")->needs = needs;
}

static const char *const confirm[] = { "commit", "end", NULL };

static const struct cisco_way way = {
	.nested = true,
	.family = { "ipv4 unicast", "ipv6 unicast" },
	.up = "root",
	.open = "configure exclusive",
	.close = "commit confirmed {number}",
	.rescue = "abort",
	.confirm = confirm,
	.deny = PEERCONF_POLICY,
	.deny_name = CISCO_DENY_POLICY,
	.graceful = "graceful-maintenance activate",
	.free_is_silent = true,
	.group_yields = true,
	.soft_in = "clear bgp {family} {neighbor} soft in",
	.soft_in_vrf = "clear bgp vrf {vrf} {family} {neighbor} soft in",
	.deny_ready = policy_ready,
	.make = policy_make,
	.unmake = policy_unmake,
	.made = policy_made,
};

static const char *const bgp_reads[] = { "show running-config router bgp {asn}", NULL };
static const char *const policy_reads[] = { "show running-config router bgp {asn}",
	"try:show running-config route-policy " CISCO_DENY_POLICY, NULL };

static const char *const names_reads[] = { "show running-config router bgp {asn}",
	"show running-config | include ^route-policy", NULL };

static const struct recipe suspend = { .verb = VERB_SUSPEND, .reads = bgp_reads, .shows = cisco_shows, .way = &way,
	.build = cisco_suspend };
static const struct recipe resume = { .verb = VERB_RESUME, .reads = bgp_reads, .shows = cisco_shows, .way = &way,
	.build = cisco_resume };
static const struct recipe withdraw = { .verb = VERB_WITHDRAW, .reads = policy_reads, .shows = cisco_shows, .way = &way,
	.build = cisco_withdraw };
static const struct recipe withdraw_prefixes = { .verb = VERB_WITHDRAW_PREFIXES, .reads = names_reads, .shows = cisco_shows,
	.way = &way, .build = cisco_withdraw_prefixes };
static const struct recipe restore_prefixes = { .verb = VERB_RESTORE, .of_prefixes = true, .reads = names_reads,
	.shows = cisco_shows, .way = &way, .build = cisco_restore_prefixes };
static const struct recipe restore = { .verb = VERB_RESTORE, .reads = bgp_reads, .shows = cisco_shows, .way = &way,
	.build = cisco_restore };
static const struct recipe gshut = { .verb = VERB_GSHUT, .reads = bgp_reads, .shows = cisco_shows, .way = &way,
	.build = cisco_gshut };
static const struct recipe refresh = { .verb = VERB_REFRESH, .way = &way, .build = cisco_refresh };

const struct recipe *const iosxr_recipes[] = { &suspend, &resume, &withdraw, &withdraw_prefixes, &restore, &restore_prefixes, &gshut, &refresh, NULL };
