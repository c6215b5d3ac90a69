/*
 * Acting on IOS and IOS-XE: immediate, one neighbor at a time.
 *
 * A withdraw uses the out prefix-list, which leaves the route-map alone.  What IOS does with a prefix-list that is not
 * defined is not proven, so it is sent only when the router shows one of ours that denies all; routes go out anew only
 * after a soft clear.  `shutdown graceful` ends in a real shutdown and is not used.
 */
#include "backends/drivers/cisco_act.h"
#include "backends/drivers/recipes.h"

static bool has_map(const struct act_context *ctx, const char *name)
{
	return peerconf_has_map(ctx->pre.answers[1], name);
}

static const struct cisco_way way = {
	.family = { "ipv4", "ipv6" },
	.family_holds_vrf = true,
	.open = "configure terminal",
	.close = "end",
	.deny = PEERCONF_LIST,
	.deny_name = CISCO_DENY_LIST,
	.mark = PEERCONF_MAP,
	.soft_out = "clear bgp {family} {neighbor} soft out",
	.soft_in = "clear bgp {family} {neighbor} soft in",
	.vrf_unknown = "How IOS spells the soft clear of a neighbor in a VRF is not proven: add it yourself behind the lines.",
	.deny_ready = cisco_list_ready,
	.make = cisco_list_make,
	.unmake = cisco_list_unmake,
	.made = cisco_list_defined,
	.proven = cisco_list_proven,
	.defined = has_map,
	.mark_kit = "  route-map NAME-GSHUT permit 10\n   continue\n   set community 65535:0 additive\n  (then the entries of NAME; "
	            "and neighbor X send-community)",
};

static const char *const bgp_reads[] = { "show running-config | section router bgp", NULL };
static const char *const list_reads[] = { "show running-config | section router bgp",
	"show running-config | section prefix-list", NULL };
static const char *const map_reads[] = { "show running-config | section router bgp",
	"show running-config | section route-map", NULL };

static const struct recipe suspend = { .verb = VERB_SUSPEND, .reads = bgp_reads, .shows = cisco_shows, .way = &way,
	.build = cisco_suspend };
static const struct recipe resume = { .verb = VERB_RESUME, .reads = bgp_reads, .shows = cisco_shows, .way = &way,
	.build = cisco_resume };
static const struct recipe withdraw = { .verb = VERB_WITHDRAW, .reads = list_reads, .shows = cisco_shows, .way = &way,
	.build = cisco_withdraw };
static const struct recipe withdraw_prefixes = { .verb = VERB_WITHDRAW_PREFIXES, .reads = list_reads, .shows = cisco_shows,
	.way = &way, .build = cisco_withdraw_prefixes };
static const struct recipe restore_prefixes = { .verb = VERB_RESTORE, .of_prefixes = true, .reads = list_reads,
	.shows = cisco_shows, .way = &way, .build = cisco_restore_prefixes };
static const struct recipe restore = { .verb = VERB_RESTORE, .reads = bgp_reads, .shows = cisco_shows, .way = &way,
	.build = cisco_restore };
static const struct recipe gshut = { .verb = VERB_GSHUT, .reads = map_reads, .shows = cisco_shows, .way = &way,
	.build = cisco_gshut, .prepare_only = "A change of the out route-map is not proven on IOS." };
static const struct recipe refresh = { .verb = VERB_REFRESH, .way = &way, .build = cisco_refresh };

const struct recipe *const ios_recipes[] = { &suspend, &resume, &withdraw, &withdraw_prefixes, &restore, &restore_prefixes, &gshut, &refresh, NULL };
