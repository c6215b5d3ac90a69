/*
 * Acting on SR OS, in its two CLIs.
 *
 * Which one answers is read, not guessed: each knows one of the two commands that show the configuration.  Classic takes
 * one line at a time, at once.  MD-CLI has private candidates and `commit confirmed`, which is accepted or cancelled from
 * the session that made it: it stays in configuration mode in between, where every show command works.
 *
 * To announce nothing, or with GRACEFUL_SHUTDOWN, a provisioned policy is put first in the neighbor's own export list,
 * before those that hold now, be they its own or inherited; afterwards the own list is what it was, or inherited again.
 */
#include "backends/drivers/flat.h"
#include "backends/drivers/recipes.h"
#include "backends/drivers/sros_act.h"

#include <string.h>

enum { CONFIRM_MIN = 5 };

/* ---- reading ---- */

static bool find_bgp(struct sros_place *p)
{
	static const char *const roots[] = { "/configure router Base bgp", "configure router Base bgp",
		"configure router bgp" };
	struct slice rest;

	for (size_t i = 0; i < ARRAY_LEN(roots); i++)
		if (flat_find(p->config, roots[i], &rest)) {
			p->bgp = roots[i];
			return true;
		}
	return false;
}

static const char *list_at(struct arena *a, const struct sros_place *p, const char *where)
{
	struct slice rest;

	if (!flat_find(p->config, arena_printf(a, "%s export%s", where, p->md ? " policy" : ""), &rest))
		return "";
	return flat_list(a, rest);
}

/* MD: "BGP neighbor X group G"; classic: "BGP group G neighbor X". */
static bool find_neighbor(struct arena *a, struct sros_place *p, const struct addr *peer)
{
	struct scan c = scan_of(slice_of(p->config));
	struct slice rest, group = SLICE(""), word, name;

	while (flat_next(&c, p->bgp, &rest)) {
		if (!flat_word(&rest, &word))
			continue;
		if (!p->md && (!slice_eq(word, "group") || !flat_word(&rest, &group) || !flat_word(&rest, &word)))
			continue;
		if (!slice_eq(word, "neighbor") || !flat_word(&rest, &name) || !flat_is(name, peer))
			continue;
		p->group = arena_strndup(a, group.p, group.len);
		p->neighbor = p->md ? arena_printf(a, "%s neighbor %.*s", p->bgp, (int)name.len, name.p)
		                    : arena_printf(a, "%s group %s neighbor %.*s", p->bgp, p->group, (int)name.len, name.p);
		return true;
	}
	return false;
}

static void read_leaves(struct arena *a, struct sros_place *p)
{
	struct slice rest;

	if (p->md && flat_find(p->config, arena_printf(a, "%s group", p->neighbor), &rest))
		p->group = arena_strndup(a, rest.p, rest.len);
	p->shut = flat_find(p->config, arena_printf(a, "%s %s", p->neighbor, p->md ? "admin-state disable" : "shutdown"),
	    &rest);
	p->exports = list_at(a, p, p->neighbor);
	p->own = p->exports[0] != '\0';
	if (!p->own)
		p->exports = list_at(a, p, arena_printf(a, "%s group %s", p->bgp, p->group));
	if (p->exports[0] == '\0')
		p->exports = list_at(a, p, p->bgp);
}

bool sros_read_place(const struct act_context *ctx, struct sros_place *p)
{
	bool md = ctx->pre.answers[0][0] != '\0', classic = ctx->pre.answers[1][0] != '\0';

	*p = (struct sros_place){ .md = md, .exports = "", .group = "" };
	if (md == classic)
		return false;
	p->config = md ? flat_of(ctx->arena, ctx->pre.answers[0]) : flat_of_indented(ctx->arena, ctx->pre.answers[1]);
	if (!find_bgp(p) || !find_neighbor(ctx->arena, p, &ctx->sessions[0]->peer))
		return false;
	read_leaves(ctx->arena, p);
	return true;
}

int sros_need_place(struct build *b, struct sros_place *p)
{
	const struct act_context *ctx = b->ctx;

	if (!text_empty(ctx->sessions[0]->vrf))
		return build_refuse(b, "in %s: peerdeck acts on SR OS only on sessions of the Base router",
		    ctx->sessions[0]->vrf.s);
	if (ctx->pre.answers[0][0] == '\0' && ctx->pre.answers[1][0] == '\0')
		return build_refuse(b,
		    "neither `admin show configuration` (MD-CLI) nor `admin display-config` (classic) was answered: which "
		    "CLI this is stays unknown, or this login may not read the configuration");
	if (!sros_read_place(ctx, p))
		return build_refuse(b, "the configuration does not name this neighbor (dynamic, or not to be seen by this login)");
	b->args.name = p->group;
	return 0;
}

/* The lines of one policy: are all rejected at once, or all marked and passed on? */
static bool policy_does(const struct sros_place *p, struct arena *a, const char *policy)
{
	bool reject = strcmp(policy, SROS_REJECT) == 0, does = false, adds = false;
	struct scan c = scan_of(slice_of(p->config));
	const char *head = arena_printf(a, "%sconfigure %s policy-statement %s", p->md ? "/" : "",
	    p->md ? "policy-options" : "router Base policy-options", policy);
	struct slice rest;

	if (!p->md && !flat_find(p->config, head, &rest))
		head = arena_printf(a, "configure router policy-options policy-statement %s", policy);
	while (flat_next(&c, head, &rest)) {
		bool passes = slice_find(rest, "accept") >= 0 || slice_find(rest, "next-") >= 0;

		if (reject && passes)
			return false;
		does |= reject ? slice_starts(rest, "default-action") &&
		        (slice_find(rest, "reject") >= 0 || slice_find(rest, "drop") >= 0)
		               : slice_find(rest, "next-policy") >= 0;
		adds |= slice_find(rest, "community add") >= 0;
	}
	return does && (reject || adds);
}

static int need_policy(struct build *b, const struct sros_place *p, const char *policy)
{
	bool reject = strcmp(policy, SROS_REJECT) == 0;

	if (policy_does(p, b->ctx->arena, policy))
		return 0;
	if (reject && p->md)
		return build_refuse(b, "not provisioned: needed, once:\n"
		    "  /configure policy-options policy-statement " SROS_REJECT " default-action action-type reject");
	if (reject)
		return build_refuse(b, "not provisioned: needed, once, between `begin` and `commit` of "
		    "/configure router policy-options:\n  policy-statement " SROS_REJECT "\n      default-action reject");
	if (p->md)
		return build_refuse(b, "not provisioned: needed, once:\n"
		    "  /configure policy-options community GRACEFUL-SHUTDOWN member 65535:0\n"
		    "  /configure policy-options policy-statement " SROS_GSHUT " default-action action-type next-policy\n"
		    "  /configure policy-options policy-statement " SROS_GSHUT " default-action community add [GRACEFUL-SHUTDOWN]");
	return build_refuse(b, "not provisioned: needed, once, between `begin` and `commit` of "
	    "/configure router policy-options:\n  community GRACEFUL-SHUTDOWN members 65535:0\n  policy-statement " SROS_GSHUT
	    "\n      default-action next-policy\n          community add GRACEFUL-SHUTDOWN");
}

/* ---- writing ---- */

const char *sros_neighbor_tmpl(struct build *b, const struct sros_place *p, const char *leaf)
{
	return arena_printf(b->ctx->arena,
	    p->md ? "/configure router Base bgp neighbor {neighbor} %s"
	          : "configure router bgp group {name} neighbor {neighbor} %s", leaf);
}

static void begin(struct build *b, const struct sros_place *p)
{
	if (p->md)
		build_line(b, BUILD_APPLY, "edit-config private");
}

/* MD only: what stands in the candidate until now is committed for a while; classic has done it already. */
static void commit(struct build *b, const struct sros_place *p)
{
	size_t at = build_at(b, BUILD_APPLY);

	if (!p->md)
		return;
	b->args.number = CONFIRM_MIN;
	build_line(b, BUILD_APPLY, "commit confirmed {number}");
	build_line(b, BUILD_APPLY, "discard")->rescue = true;
	build_line(b, BUILD_APPLY, "quit-config")->rescue = true;
	build_line(b, BUILD_CONFIRM, "commit confirmed accept");
	build_line(b, BUILD_CONFIRM, "quit-config")->leave = true;
	build_line(b, BUILD_UNDO, "commit confirmed cancel")->needs = at;
	build_line(b, BUILD_UNDO, "quit-config")->needs = at;
	b->item->undo_unproven = true;
}

static int nothing_left(struct build *b, const char *what, enum proof_kind proof)
{
	build_warn(b, "%s: somebody else did that; only read back", what);
	return build_end(b, proof, BUILD_SHUT_S);
}

static int set_shut(struct build *b, const struct sros_place *p, bool shut)
{
	static const char *const leaf[2][2] = { { "no shutdown", "shutdown" },
		{ "admin-state enable", "admin-state disable" } };

	begin(b, p);
	build_line(b, BUILD_APPLY, sros_neighbor_tmpl(b, p, leaf[p->md][shut]));
	commit(b, p);
	if (!p->md)
		build_line(b, BUILD_UNDO, sros_neighbor_tmpl(b, p, leaf[0][!shut]));
	return build_end(b, shut ? PROOF_NOT_UP : PROOF_SHOWN, BUILD_SHUT_S);
}

static int suspend(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct sros_place p;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (sros_need_place(&b, &p) < 0)
		return -1;
	if (p.shut)
		return build_refuse(&b, "already shut in the configuration");
	item->touched = "not shut";
	return set_shut(&b, &p, true);
}

static int resume(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct sros_place p;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (sros_need_place(&b, &p) < 0)
		return -1;
	item->touched = p.shut ? "shut" : "not shut";
	if (!p.shut && ctx->own == NULL)
		return build_refuse(&b, "not shut by its own statement (perhaps by its group, or down for another reason)");
	if (!p.shut)
		return nothing_left(&b, "no longer shut", PROOF_SHOWN);
	return set_shut(&b, &p, false);
}

/* ---- the export list ---- */

void sros_export_line(struct build *b, const struct sros_place *p, enum build_list l, const char *names)
{
	b->args.names = names;
	if (names[0] != '\0')
		build_line(b, l, sros_neighbor_tmpl(b, p, p->md ? "export policy [{names}]" : "export {names}"));
	else
		build_line(b, l, sros_neighbor_tmpl(b, p, "no export")); /* classic */
}

/* From what stands there to `names`; "" gives the list up, so that it is inherited. */
static int set_exports(struct build *b, const struct sros_place *p, const char *names, enum proof_kind proof)
{
	begin(b, p);
	if (p->md && p->own) /* a list that is named again would be added to */
		build_line(b, BUILD_APPLY, "delete /configure router Base bgp neighbor {neighbor} export");
	if (!p->md || names[0] != '\0')
		sros_export_line(b, p, BUILD_APPLY, names);
	commit(b, p);
	if (!p->md)
		sros_export_line(b, p, BUILD_UNDO, p->own ? p->exports : "");
	return build_end(b, proof, BUILD_ROUTES_S);
}

const char *sros_exports_words(struct arena *a, const struct sros_place *p)
{
	return arena_printf(a, "%s export %s", p->own ? "own" : "inherited", p->exports[0] != '\0' ? p->exports : "none");
}

static int put_first(const struct act_context *ctx, struct plan_item *item, const char *policy, enum proof_kind proof,
    struct err *e)
{
	size_t n = 1;
	struct slice rest, w;
	struct sros_place p;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (sros_need_place(&b, &p) < 0)
		return -1;
	if (p.own && (flat_list_begins(p.exports, SROS_REJECT) || flat_list_begins(p.exports, SROS_GSHUT)))
		return build_refuse(&b, "its export list begins with %.40s already", p.exports);
	if (need_policy(&b, &p, policy) < 0)
		return -1;
	for (rest = slice_of(p.exports); flat_word(&rest, &w); n++)
		;
	if (n > SROS_POLICIES_MAX)
		return build_refuse(&b, "its export list is full: SR OS takes %d policies", SROS_POLICIES_MAX);
	item->saved = p.own ? arena_printf(ctx->arena, "own %s", p.exports) : "inherited";
	item->touched = sros_exports_words(ctx->arena, &p);
	if (!p.own)
		build_warn(&b, "inherits its export list: an own one for the time being, inherited again afterwards");
	return set_exports(&b, &p, arena_printf(ctx->arena, "%s %s", policy, p.exports), proof);
}

static int withdraw(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	return put_first(ctx, item, SROS_REJECT, PROOF_NOTHING_SENT, e);
}

static int gshut(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	return put_first(ctx, item, SROS_GSHUT, PROOF_STILL_UP, e);
}

static int restore(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	bool withdrawn = ctx->own->verb == VERB_WITHDRAW;
	enum proof_kind proof = withdrawn ? PROOF_SENT_AGAIN : PROOF_STILL_UP;
	const char *saved = ctx->own->saved, *names;
	struct sros_place p;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (sros_need_place(&b, &p) < 0)
		return -1;
	names = strncmp(saved, "own ", 4) == 0 ? saved + 4 : "";
	if (names[0] == '\0' && strcmp(saved, "inherited") != 0)
		return build_refuse(&b, "the ledger does not tell what the export list was before");
	item->saved = saved;
	item->touched = sros_exports_words(ctx->arena, &p);
	if (!p.own || !flat_list_begins(p.exports, withdrawn ? SROS_REJECT : SROS_GSHUT))
		return nothing_left(&b, "our policy no longer stands first in its export list", proof);
	return set_exports(&b, &p, names, proof);
}

static int refresh(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct sros_place p;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (sros_need_place(&b, &p) < 0)
		return -1;
	build_line(&b, BUILD_APPLY, p.md ? "reset router Base bgp neighbor {neighbor} soft"
	                                 : "clear router bgp neighbor {neighbor} soft");
	item->touched = "";
	return build_end(&b, PROOF_STILL_UP, BUILD_SHUT_S);
}

/* ---- what the configuration must show afterwards ---- */

static bool shows(const struct act_context *ctx, const struct plan_item *item, struct str *words)
{
	bool list = item->verb != VERB_SUSPEND && item->verb != VERB_RESUME, ours, want;
	struct sros_place p;

	if (!sros_read_place(ctx, &p)) {
		str_puts(words, "the configuration does not name the neighbor any more");
		return false;
	}
	want = item->verb == VERB_SUSPEND || item->verb == VERB_WITHDRAW || item->verb == VERB_GSHUT;
	ours = p.own && (flat_list_begins(p.exports, SROS_REJECT) || flat_list_begins(p.exports, SROS_GSHUT));
	if ((list ? ours : p.shut) == want)
		return true;
	if (list)
		str_addf(words, "the configuration has %s", sros_exports_words(ctx->arena, &p));
	else
		str_addf(words, "the configuration says %s", p.shut ? "shut" : "not shut");
	return false;
}

static const char *const reads[] = { "try:admin show configuration full-context", "try:admin display-config", NULL };

#define RECIPE(VERB, function, proves) { .verb = VERB, .reads = reads, .build = function, .shows = proves }
#define PREFIXES .reads = reads, .shows = sros_shows_prefixes, \
	.prepare_only = "Nobody has yet seen a policy by prefix-list written and taken back here."
static const struct recipe recipe[] = {
    RECIPE(VERB_SUSPEND, suspend, shows),
    RECIPE(VERB_RESUME, resume, shows),
    RECIPE(VERB_WITHDRAW, withdraw, shows),
    RECIPE(VERB_RESTORE, restore, shows),
    RECIPE(VERB_GSHUT, gshut, shows),
    RECIPE(VERB_REFRESH, refresh, NULL),
    { .verb = VERB_WITHDRAW_PREFIXES, .build = sros_withdraw_prefixes, PREFIXES },
    { .verb = VERB_RESTORE, .of_prefixes = true, .build = sros_restore_prefixes, PREFIXES },
};

const struct recipe *const sros_recipes[] = { &recipe[0], &recipe[1], &recipe[2], &recipe[3], &recipe[4], &recipe[5],
	&recipe[6], &recipe[7], NULL };
