/*
 * Acting on NX-OS: immediate, one neighbor at a time, each in a block of its own.
 *
 * A withdraw uses the out prefix-list, sent only when the router shows one of ours that denies all.  Graceful shutdown
 * is the neighbor's own `graceful-shutdown activate`.  `isolate` and maintenance mode would take every session.
 */
#include "backends/drivers/cisco_act.h"
#include "backends/drivers/recipes.h"

static const struct cisco_way way = {
	.nested = true,
	.family = { "ipv4 unicast", "ipv6 unicast" },
	.open = "configure terminal",
	.close = "end",
	.deny = PEERCONF_LIST,
	.deny_name = CISCO_DENY_LIST,
	.graceful = "graceful-shutdown activate",
	.group_yields = true,
	.soft_out = "clear bgp {family} {neighbor} soft out",
	.soft_in = "clear bgp {family} {neighbor} soft in",
	.vrf_unknown = "How NX-OS spells the soft clear of a neighbor in a VRF is not proven: add it yourself behind the lines.",
	.deny_ready = cisco_list_ready,
	.make = cisco_list_make,
	.unmake = cisco_list_unmake,
	.made = cisco_list_defined,
	.proven = cisco_list_proven,
};

static const char *const bgp_reads[] = { "show running-config bgp", NULL };
static const char *const list_reads[] = { "show running-config bgp", "show running-config rpm", NULL };

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
static const struct recipe gshut = { .verb = VERB_GSHUT, .reads = bgp_reads, .shows = cisco_shows, .way = &way,
	.build = cisco_gshut };
static const struct recipe refresh = { .verb = VERB_REFRESH, .way = &way, .build = cisco_refresh };

const struct recipe *const nxos_recipes[] = { &suspend, &resume, &withdraw, &withdraw_prefixes, &restore, &restore_prefixes, &gshut, &refresh, NULL };
