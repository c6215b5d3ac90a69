/*
 * Acting on Arista EOS: every change in a configuration session of its own, committed with a timer and confirmed after
 * the proof; an unconfirmed one is taken back by the router.
 *
 * Names of sessions cannot be used twice, so they are counted up from what the router lists.  A timer that is already
 * running would block ours, and abandoned sessions fill the table: both are refused with the line that clears them.
 * `shutdown reason` is known from hearsay: the session is the probe, a refusal there changes nothing.
 */
#include "backends/drivers/cisco_act.h"
#include "backends/drivers/recipes.h"
#include "core/base/scan.h"

#include <string.h>

#define SESSION "peerdeck-"

enum { OCTETS_MAX = 128 }; /* of a text: what every receiver takes */

/* "peerdeck-12" -> 12; 0 for any other word. */
static unsigned session_number(struct slice word)
{
	uint64_t n;

	if (word.len > 0 && word.p[0] == '*')
		word = slice_from(word, 1);
	if (!slice_starts(word, SESSION) || !slice_u64(slice_from(word, strlen(SESSION)), &n) || n > 1000000)
		return 0;
	return (unsigned)n;
}

/* The number that the last item before this one uses; 0 none. */
static unsigned earlier_number(const struct act_context *ctx)
{
	unsigned n = 0;

	for (size_t i = 0; i < ctx->earlier_count; i++) {
		const struct plan_item *before = &ctx->earlier[i];

		if (before->skip == NULL && before->apply_count > 0)
			n = session_number(slice_of(strrchr(before->apply[0].line, ' ') + 1));
	}
	return n;
}

static int name_session(struct build *b)
{
	const struct act_context *ctx = b->ctx;
	struct scan lines = scan_of(slice_of(ctx->pre.answers[ctx->pre.count - 1]));
	struct slice line, name, state;
	unsigned last = earlier_number(ctx), n, most = 0;

	while (scan_line(&lines, &line)) {
		struct scan c = scan_of(line);

		if (slice_find(line, "pendingCommitTimer") >= 0)
			return build_refuse(b, "a commit timer is running on the router: %.*s", (int)line.len, line.p);
		if (!scan_word(&c, &name) || (slice_eq(name, "*") && !scan_word(&c, &name)))
			continue;
		n = session_number(name);
		most = n > most ? n : most;
		if (n > 0 && scan_word(&c, &state) && slice_eq(state, "pending"))
			return build_refuse(b, "the configuration session %.*s of ours was left behind: clear it with\n"
			    "  configure session %.*s abort", (int)name.len, name.p, (int)name.len, name.p);
	}
	b->args.session = arena_printf(ctx->arena, SESSION "%u", (last > 0 ? last : most) + 1);
	return 0;
}

static bool has_map(const struct act_context *ctx, const char *name)
{
	return peerconf_has_map(ctx->pre.answers[1], name);
}

static const char *const confirm[] = { "configure session {session} commit", NULL };

static const struct cisco_way way = {
	.family = { "ipv4", "ipv6" },
	.open = "configure session {session}",
	.close = "commit timer 00:02:00",
	.rescue = "abort",
	.confirm = confirm,
	.undo = "configure session {session} abort",
	.deny = PEERCONF_LIST,
	.deny_name = CISCO_DENY_LIST,
	.mark = PEERCONF_MAP,
	.ready = name_session,
	.deny_ready = cisco_list_ready,
	.make = cisco_list_make,
	.unmake = cisco_list_unmake,
	.made = cisco_list_defined,
	.proven = cisco_list_proven,
	.v6_block = true,
	.defined = has_map,
	.mark_kit = "  route-map NAME-GSHUT permit 10\n   set community GSHUT additive\n  (with the matches of NAME)",
};

#define READ_BGP "show running-config section router bgp"
#define READ_SESSIONS "show configuration sessions"
static const char *const bgp_reads[] = { READ_BGP, READ_SESSIONS, NULL };
static const char *const list_reads[] = { READ_BGP, "show running-config section prefix-list", READ_SESSIONS, NULL };
static const char *const map_reads[] = { READ_BGP, "show running-config section route-map", READ_SESSIONS, NULL };

static const struct recipe suspend = { .verb = VERB_SUSPEND, .message_max = OCTETS_MAX, .reads = bgp_reads,
	.shows = cisco_shows, .way = &way, .build = cisco_suspend };
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
	.build = cisco_gshut };

const struct recipe *const eos_recipes[] = { &suspend, &resume, &withdraw, &withdraw_prefixes, &restore, &restore_prefixes, &gshut, NULL };
