/*
 * Acting on SR Linux: private candidates, `commit now`.
 *
 * What holds routes back is its own maintenance mode: a provisioned group with exactly this neighbor as its member and a
 * profile that names an export policy.  A group whose lists of neighbors and of peer groups are both empty stands for
 * every session of the instance: such a group is never touched, nor one with any other member.
 */
#include "backends/drivers/flat.h"
#include "backends/drivers/recipes.h"
#include "core/act/build.h"

#include <string.h>

#define COMMITTED "have been committed"
#define GROUP "set / system maintenance group"
#define PROFILE "set / system maintenance profile"

static void candidate(struct build *b, enum build_list l, const char *tmpl, size_t needs)
{
	struct step *s;

	build_line(b, l, "enter candidate private")->needs = needs;
	build_line(b, l, tmpl)->needs = needs;
	s = build_line(b, l, "commit now");
	s->expect = COMMITTED;
	s->needs = needs;
	s = build_line(b, l, "discard now");
	s->rescue = true;
	s->needs = needs;
}

/* One statement, committed, and its inverse. */
static int change(struct build *b, const char *tmpl, const char *inverse, enum proof_kind proof, unsigned deadline_s)
{
	size_t committed;

	candidate(b, BUILD_APPLY, tmpl, 0);
	committed = build_at(b, BUILD_APPLY) - 2;
	candidate(b, BUILD_UNDO, inverse, committed);
	return build_end(b, proof, deadline_s);
}

static int nothing_left(struct build *b, const char *what, enum proof_kind proof)
{
	build_warn(b, "%s: somebody else did that; only read back", what);
	return build_end(b, proof, BUILD_SHUT_S);
}

/* ---- suspend and resume ---- */

#define NEIGHBOR "/ network-instance {instance} protocols bgp neighbor {neighbor} "

/* Its own admin-state: "enable", "disable", or "" where it has none. */
static const char *admin_state(const struct act_context *ctx, bool *known)
{
	const char *flat = flat_of(ctx->arena, ctx->pre.answers[0]);
	const char *instance = text_empty(ctx->sessions[0]->vrf) ? "default" : ctx->sessions[0]->vrf.s;
	struct scan c = scan_of(slice_of(flat));
	const char *head = arena_printf(ctx->arena, "set / network-instance %s protocols bgp neighbor", instance);
	const char *state = "";
	struct slice rest, word;

	*known = false;
	while (flat_next(&c, head, &rest)) {
		if (!flat_word(&rest, &word) || !flat_is(word, &ctx->sessions[0]->peer))
			continue;
		*known = true;
		if (flat_word(&rest, &word) && slice_eq(word, "admin-state"))
			state = arena_strndup(ctx->arena, rest.p, rest.len);
	}
	return state;
}

static int need_neighbor(struct build *b, const char **state)
{
	bool known;

	*state = admin_state(b->ctx, &known);
	return known ? 0 : build_refuse(b,
	    "the configuration does not name this neighbor (dynamic, or not to be seen by this login)");
}

/* What puts the former state back: the leaf goes where there was none. */
static const char *back_to(const char *former)
{
	if (strcmp(former, "disable") == 0)
		return "set " NEIGHBOR "admin-state disable";
	return former[0] == '\0' ? "delete " NEIGHBOR "admin-state" : "set " NEIGHBOR "admin-state enable";
}

static int suspend(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	const char *state;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (need_neighbor(&b, &state) < 0)
		return -1;
	if (strcmp(state, "disable") == 0)
		return build_refuse(&b, "already shut in the configuration");
	item->saved = state[0] == '\0' ? "none" : "enable";
	item->touched = arena_printf(ctx->arena, "admin-state %s", item->saved);
	return change(&b, "set " NEIGHBOR "admin-state disable", back_to(state), PROOF_ADMIN_DOWN, BUILD_SHUT_S);
}

static int resume(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	bool none = ctx->own != NULL && ctx->own->saved != NULL && strcmp(ctx->own->saved, "none") == 0;
	const char *state;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (need_neighbor(&b, &state) < 0)
		return -1;
	item->touched = arena_printf(ctx->arena, "admin-state %s", state[0] == '\0' ? "none" : state);
	if (strcmp(state, "disable") != 0 && ctx->own == NULL)
		return build_refuse(&b, "not shut by its own statement (perhaps by its group or under maintenance)");
	if (strcmp(state, "disable") != 0)
		return nothing_left(&b, "no longer shut", PROOF_ADMIN_UP);
	return change(&b, back_to(none ? "" : "enable"), back_to("disable"), PROOF_ADMIN_UP, BUILD_SHUT_S);
}

/* ---- maintenance groups ---- */

struct group {
	const char *name, *profile;
	unsigned members; /* lines of members */
	bool fits;        /* one of them is exactly this neighbor in this instance */
	bool enabled;
};

static bool member_fits(const struct act_context *ctx, struct slice rest)
{
	const char *instance = text_empty(ctx->sessions[0]->vrf) ? "default" : ctx->sessions[0]->vrf.s;
	const char *begin = arena_printf(ctx->arena, "bgp network-instance %s neighbor ", instance);

	if (!slice_starts(rest, begin))
		return false;
	return flat_is(slice_of(flat_list(ctx->arena, slice_from(rest, strlen(begin)))), &ctx->sessions[0]->peer);
}

static void read_group(const struct act_context *ctx, const char *flat, struct group *g)
{
	const char *head = arena_printf(ctx->arena, GROUP " %s", g->name);
	struct scan c = scan_of(slice_of(flat));
	struct slice rest, word;

	g->profile = "";
	while (flat_next(&c, head, &rest)) {
		if (!flat_word(&rest, &word))
			continue;
		if (slice_eq(word, "maintenance-profile"))
			g->profile = arena_strndup(ctx->arena, rest.p, rest.len);
		else if (slice_eq(word, "maintenance-mode"))
			g->enabled |= slice_eq(rest, "admin-state enable");
		else if (slice_eq(word, "members") && ++g->members > 0)
			g->fits |= member_fits(ctx, rest);
	}
}

/* The group with this profile and exactly this neighbor. */
static bool find_group(const struct act_context *ctx, const char *profile, struct group *g)
{
	const char *flat = flat_of(ctx->arena, ctx->pre.answers[0]);
	struct scan c = scan_of(slice_of(flat));
	struct slice rest, word, policy;

	if (!flat_find(flat, arena_printf(ctx->arena, PROFILE " %s bgp export-policy", profile), &policy) || policy.len == 0)
		return false;
	while (flat_next(&c, GROUP, &rest)) {
		if (!flat_word(&rest, &word))
			continue;
		*g = (struct group){ .name = arena_strndup(ctx->arena, word.p, word.len) };
		read_group(ctx, flat, g);
		if (g->fits && g->members == 1 && strcmp(g->profile, profile) == 0)
			return true;
	}
	return false;
}

static const char *profile_of(enum verb verb)
{
	return verb == VERB_GSHUT ? "NOC-GSHUT" : "NOC-WITHDRAW";
}

static int need_group(struct build *b, enum verb verb, struct group *g)
{
	const char *profile = profile_of(verb), *neighbor = text_or(b->ctx->sessions[0]->neighbor, "");
	const char *instance = text_empty(b->ctx->sessions[0]->vrf) ? "default" : b->ctx->sessions[0]->vrf.s;

	if (find_group(b->ctx, profile, g)) {
		b->args.name = g->name;
		return 0;
	}
	return build_refuse(b,
	    "not provisioned: no maintenance group has exactly this neighbor as its member and the profile %s with an "
	    "export policy. Needed, once (%s):\n"
	    "  set / system maintenance profile %s bgp export-policy POLICY\n"
	    "  set / system maintenance group GROUP maintenance-profile %s\n"
	    "  set / system maintenance group GROUP members bgp network-instance %s neighbor [ %s ]\n"
	    "  set / system maintenance group GROUP maintenance-mode admin-state disable",
	    profile,
	    verb == VERB_GSHUT ? "POLICY adds 65535:0 and accepts what the present one accepts" : "POLICY rejects all",
	    profile, profile, instance, neighbor);
}

#define MODE "set / system maintenance group {name} maintenance-mode admin-state "

static int enter(const struct act_context *ctx, struct plan_item *item, enum proof_kind proof, struct err *e)
{
	struct group g;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (need_group(&b, ctx->verb, &g) < 0)
		return -1;
	if (g.enabled)
		return build_refuse(&b, "already under maintenance by group %s", g.name);
	item->saved = g.name;
	item->touched = arena_printf(ctx->arena, "group %s, profile %s, disabled", g.name, g.profile);
	build_warn(&b, "while it is under maintenance, SR Linux refuses changes of this neighbor");
	return change(&b, MODE "enable", MODE "disable", proof, BUILD_ROUTES_S);
}

static int withdraw(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	return enter(ctx, item, PROOF_NOTHING_SENT, e);
}

static int gshut(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	return enter(ctx, item, PROOF_STILL_UP, e);
}

static int restore(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	bool withdrawn = ctx->own->verb == VERB_WITHDRAW;
	enum proof_kind proof = withdrawn ? PROOF_SENT_AGAIN : PROOF_STILL_UP;
	struct group g;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (need_group(&b, ctx->own->verb, &g) < 0)
		return -1;
	if (strcmp(g.name, ctx->own->saved) != 0)
		return build_refuse(&b, "the group was %s and is now %s: look at it first", ctx->own->saved, g.name);
	item->saved = ctx->own->saved;
	item->touched = arena_printf(ctx->arena, "group %s, profile %s, %s", g.name, g.profile,
	    g.enabled ? "enabled" : "disabled");
	if (!g.enabled)
		return nothing_left(&b, "no longer under maintenance", proof);
	return change(&b, MODE "disable", MODE "enable", proof, BUILD_ROUTES_S);
}

static bool shows_group(const struct act_context *ctx, const struct plan_item *item, struct str *words)
{
	enum verb verb = item->verb == VERB_RESTORE && ctx->own != NULL ? ctx->own->verb : item->verb;
	bool want = item->verb != VERB_RESTORE;
	struct group g;

	if (!find_group(ctx, profile_of(verb), &g)) {
		str_puts(words, "the maintenance group is gone");
		return false;
	}
	if (g.enabled != want)
		str_addf(words, "group %s is %s", g.name, g.enabled ? "still under maintenance" : "not under maintenance");
	return g.enabled == want;
}

static int refresh(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct build b;

	build_start(&b, ctx, item, 0, e);
	build_line(&b, BUILD_APPLY,
	    "tools network-instance {instance} protocols bgp neighbor {neighbor} soft-clear");
	item->touched = "";
	return build_end(&b, PROOF_STILL_UP, BUILD_SHUT_S);
}

static const char *const neighbor[] = {
	"info flat from running network-instance {instance} protocols bgp neighbor {neighbor}", NULL };
static const char *const maintenance[] = { "info flat from running system maintenance", NULL };

/* ---- chosen prefixes ---- */

static int no_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct build b;

	build_start(&b, ctx, item, 0, e);
	return build_refuse(&b, "chosen prefixes cannot be withdrawn on SR Linux by peerdeck: its maintenance mode knows a session only "
	    "as a whole, and a prefix-set in the export policy of %s nobody has yet seen changed.  Withdraw all of it, or "
	    "add them to such a set by hand.", text_or(ctx->sessions[0]->neighbor, ""));
}

static const struct recipe recipe[] = {
    { .verb = VERB_SUSPEND, .reads = neighbor, .build = suspend },
    { .verb = VERB_RESUME, .reads = neighbor, .build = resume },
    { .verb = VERB_WITHDRAW, .reads = maintenance, .build = withdraw, .shows = shows_group },
    { .verb = VERB_RESTORE, .reads = maintenance, .build = restore, .shows = shows_group },
    { .verb = VERB_GSHUT, .reads = maintenance, .build = gshut, .shows = shows_group },
    { .verb = VERB_REFRESH, .build = refresh },
    { .verb = VERB_WITHDRAW_PREFIXES, .build = no_prefixes },
};

const struct recipe *const srlinux_recipes[] = { &recipe[0], &recipe[1], &recipe[2], &recipe[3], &recipe[4],
	&recipe[5], &recipe[6], NULL };
