/*
 * Withdrawing chosen prefixes on Junos: members of a prefix-list that a term of the neighbor's first export policy rejects.
 *
 * Like the term WITHDRAW it is provisioned once, because hanging a policy onto a neighbor can reset it.  The list holds a
 * member that is never announced: what an empty one matches differs.  `from prefix-list` takes each prefix for itself
 * alone, nothing inside of it.
 */
#include "backends/drivers/flat.h"
#include "backends/drivers/junos_act.h"

#include <string.h>

#define LIST "NOC-WD-"

/* The list that an early term of the policy rejects by; NULL: there is none such. */
static const char *find_list(struct arena *a, const char *policies, const char *policy)
{
	struct scan c = scan_of(slice_of(policies));
	const char *head = arena_printf(a, "set policy-options policy-statement %s term", policy), *list = NULL, *in = "";
	bool rejects = false, more = false, passed = false;
	struct slice rest, term;

	while (flat_next(&c, head, &rest)) {
		if (!flat_word(&rest, &term))
			continue;
		if (!slice_eq(term, in)) {
			if (list != NULL && rejects && !more)
				return list;
			list = NULL;
			rejects = more = false;
			in = arena_strndup(a, term.p, term.len);
		}
		if (slice_starts(rest, "from prefix-list " LIST) && list == NULL)
			list = arena_strndup(a, rest.p + strlen("from prefix-list "), rest.len - strlen("from prefix-list "));
		else if (slice_starts(rest, "from ") || slice_starts(rest, "to "))
			more = true;
		rejects |= slice_eq(rest, "then reject");
		passed |= slice_starts(rest, "then accept") || slice_starts(rest, "then next policy");
		if (passed)
			return NULL; /* what stands behind may never be reached */
	}
	return list != NULL && rejects && !more ? list : NULL;
}

/* Lines that name the list other than its own members. */
static size_t uses_of(struct arena *a, const char *policies, const char *list)
{
	struct scan c = scan_of(slice_of(policies));
	const char *own = arena_printf(a, "set policy-options prefix-list %s ", list);
	const char *word = arena_printf(a, "prefix-list %s", list);
	struct slice line;
	size_t n = 0;

	while (scan_line(&c, &line))
		n += !slice_starts(line, own) && slice_ends(line, word);
	return n;
}

static bool is_member(struct arena *a, const char *policies, const char *list, const struct prefix *p)
{
	struct scan c = scan_of(slice_of(policies));
	struct slice rest, word;
	struct prefix have;

	while (flat_next(&c, arena_printf(a, "set policy-options prefix-list %s", list), &rest))
		if (flat_word(&rest, &word) && prefix_parse(word, &have) && have.len == p->len && addr_equal(&have.net, &p->net))
			return true;
	return false;
}

static int not_provisioned(struct build *b, const struct junos_place *p, const char *why)
{
	asn_t asn = b->ctx->sessions[0]->remote_as;
	const char *list = arena_printf(b->ctx->arena, LIST "AS%u", asn);
	const char *policy = p->policy[0] != '\0' ? p->policy : arena_printf(b->ctx->arena, "NOC-AS%u-OUT", asn);

	return build_refuse(b,
	    "not provisioned: %s. Needed, once:\n"
	    "  set policy-options prefix-list %s 192.0.2.255/32   (a member that is never announced)\n"
	    "  set policy-options policy-statement %s term PREFIXES from prefix-list %s\n"
	    "  set policy-options policy-statement %s term PREFIXES then reject\n"
	    "  (before every term that accepts; the policy is the first of the neighbor's own list, and used by no other)",
	    why, list, policy, list, policy);
}

static int need_list(struct build *b, struct junos_place *p, const char **policies, const char **list)
{
	struct arena *a = b->ctx->arena;
	struct slice rest;

	if (junos_need_place(b, p) < 0)
		return -1;
	if (p->policy[0] == '\0')
		return not_provisioned(b, p, "the neighbor has no export policy of its own");
	if (junos_place_shared(p))
		return not_provisioned(b, p, "its first export policy is used by other neighbors too");
	*policies = flat_of(a, b->ctx->pre.answers[2]);
	*list = find_list(a, *policies, p->policy);
	if (*list == NULL)
		return not_provisioned(b, p, "its first export policy does not begin with a term that rejects a prefix-list "
		    LIST "...");
	if (!flat_find(*policies, arena_printf(a, "set policy-options prefix-list %s", *list), &rest))
		return not_provisioned(b, p, "the prefix-list of that term has no member");
	if (uses_of(a, *policies, *list) != 1)
		return not_provisioned(b, p, "the prefix-list of that term is used elsewhere too");
	b->args.name = *list;
	return 0;
}

static size_t members(struct build *b, enum build_list l, const char *policies, const char *list, bool add, bool have,
    size_t needs)
{
	size_t n = 0;

	for (size_t i = 0; i < b->ctx->prefixes.count; i++) {
		if (is_member(b->ctx->arena, policies, list, &b->ctx->prefixes.p[i]) != have)
			continue;
		b->args.prefix = &b->ctx->prefixes.p[i];
		build_line(b, l, add ? "set policy-options prefix-list {name} {prefix}"
		                     : "delete policy-options prefix-list {name} {prefix}")->needs = needs;
		n++;
	}
	return n;
}

static const char *touched(struct build *b, const char *policies, const char *list)
{
	const char *words = arena_printf(b->ctx->arena, "prefix-list %s:", list);
	char text[PREFIX_STRLEN];

	for (size_t i = 0; i < b->ctx->prefixes.count; i++)
		if (is_member(b->ctx->arena, policies, list, &b->ctx->prefixes.p[i]))
			words = arena_printf(b->ctx->arena, "%s %s", words, prefix_print(&b->ctx->prefixes.p[i], text));
	return words;
}

static int change(struct build *b, const char *policies, const char *list, bool add, enum proof_kind proof)
{
	size_t at;

	junos_begin(b, BUILD_APPLY, 0);
	members(b, BUILD_APPLY, policies, list, add, !add, 0);
	at = junos_commit_confirmed(b);
	members(b, BUILD_UNDO, policies, list, !add, !add, at);
	return junos_finish(b, at, proof, BUILD_ROUTES_S);
}

static int withdraw(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	const char *policies, *list;
	struct junos_place p;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (need_list(&b, &p, &policies, &list) < 0)
		return -1;
	for (size_t i = 0; i < ctx->prefixes.count; i++)
		if (is_member(ctx->arena, policies, list, &ctx->prefixes.p[i]))
			return build_refuse(&b, "a chosen prefix stands in prefix-list %s already", list);
	item->saved = list;
	item->touched = touched(&b, policies, list);
	return change(&b, policies, list, true, PROOF_PREFIXES_GONE);
}

static int restore(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	const char *policies, *list;
	struct junos_place p;
	bool any = false;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (need_list(&b, &p, &policies, &list) < 0)
		return -1;
	if (strcmp(list, ctx->own->saved) != 0)
		return build_refuse(&b, "the prefix-list was %s and is now %s: look at it first", ctx->own->saved, list);
	for (size_t i = 0; i < ctx->prefixes.count; i++)
		any |= is_member(ctx->arena, policies, list, &ctx->prefixes.p[i]);
	item->saved = list;
	item->touched = touched(&b, policies, list);
	if (any)
		return change(&b, policies, list, false, PROOF_PREFIXES_BACK);
	build_warn(&b, "the prefixes are out of %s already: somebody else did that; only read back", list);
	return build_end(&b, PROOF_PREFIXES_BACK, BUILD_ROUTES_S);
}

static bool shows(const struct act_context *ctx, const struct plan_item *item, struct str *words)
{
	const char *policies = flat_of(ctx->arena, ctx->pre.answers[2]);
	bool want = item->verb == VERB_WITHDRAW_PREFIXES;

	for (size_t i = 0; i < item->prefixes.count; i++)
		if (is_member(ctx->arena, policies, item->saved, &item->prefixes.p[i]) != want) {
			str_addf(words, "prefix-list %s %s", item->saved, want ? "lacks a prefix" : "still holds a prefix");
			return false;
		}
	return true;
}

const struct recipe junos_withdraw_prefixes = { .verb = VERB_WITHDRAW_PREFIXES, .reads = junos_bgp_and_policies,
	.build = withdraw, .shows = shows };
const struct recipe junos_restore_prefixes = { .verb = VERB_RESTORE, .of_prefixes = true, .reads = junos_bgp_and_policies,
	.build = restore, .shows = shows };
