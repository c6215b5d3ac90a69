/*
 * Withdrawing chosen prefixes on SR OS, in either CLI: prepared, never sent.
 *
 * A policy of ours stands first in the neighbor's own export list: it rejects what a prefix-list of ours names and leaves
 * the rest to the policies that held before, be they its own or inherited.  Both go once no list names them any more.
 */
#include "backends/drivers/flat.h"
#include "backends/drivers/outlist.h"
#include "backends/drivers/sros_act.h"

#include <string.h>

struct change {
	struct sros_place p;
	const char *now;    /* our policy and our prefix-list */
	const char *before; /* its own export list; "" it is inherited */
};

#define MD_LIST "/configure policy-options prefix-list {session}"
#define MD_POLICY "/configure policy-options policy-statement {session}"
#define CLASSIC "configure router policy-options "

static bool defines(const struct act_context *ctx, const char *name)
{
	const char *quoted = arena_printf(ctx->arena, "\"%s\"", name);

	return strstr(ctx->pre.answers[0], quoted) != NULL || strstr(ctx->pre.answers[1], quoted) != NULL;
}

/* ---- lines ---- */

static void make_policy(struct build *b, const struct change *c, enum build_list l)
{
	bool md = c->p.md;

	b->args.session = c->now;
	if (!md)
		build_line(b, l, CLASSIC "begin");
	for (size_t i = 0; i < b->ctx->prefixes.count; i++) {
		b->args.prefix = &b->ctx->prefixes.p[i];
		build_line(b, l, md ? MD_LIST " prefix {prefix} type exact" : CLASSIC "prefix-list {session} prefix {prefix} exact");
	}
	build_line(b, l, md ? MD_POLICY " entry 10 from prefix-list [{session}]"
	                    : CLASSIC "policy-statement {session} entry 10 from prefix-list {session}");
	build_line(b, l, md ? MD_POLICY " entry 10 action action-type reject"
	                    : CLASSIC "policy-statement {session} entry 10 action reject");
	build_line(b, l, md ? MD_POLICY " default-action action-type next-policy"
	                    : CLASSIC "policy-statement {session} default-action next-policy");
	if (!md)
		build_line(b, l, CLASSIC "commit");
}

static void unmake_policy(struct build *b, const struct change *c, enum build_list l)
{
	b->args.session = c->now;
	if (c->p.md) {
		build_line(b, l, "delete " MD_POLICY);
		build_line(b, l, "delete " MD_LIST);
		return;
	}
	build_line(b, l, CLASSIC "begin");
	build_line(b, l, CLASSIC "no policy-statement {session}");
	build_line(b, l, CLASSIC "no prefix-list {session}");
	build_line(b, l, CLASSIC "commit");
}

/* `was_own`: a list that is named again would be added to, in MD. */
static void put_list(struct build *b, const struct change *c, enum build_list l, const char *names, bool was_own)
{
	b->args.name = c->p.group;
	if (c->p.md && was_own)
		build_line(b, l, "delete /configure router Base bgp neighbor {neighbor} export");
	if (!c->p.md || names[0] != '\0')
		sros_export_line(b, &c->p, l, names);
}

static void candidate(struct build *b, const struct change *c, enum build_list l, bool opens)
{
	if (!c->p.md)
		return;
	build_line(b, l, opens ? "edit-config private" : "commit");
	if (!opens)
		build_line(b, l, "quit-config");
}

static void take(struct build *b, const struct change *c, enum build_list l, const char *behind)
{
	candidate(b, c, l, true);
	make_policy(b, c, l);
	put_list(b, c, l, arena_printf(b->ctx->arena, "%s%s%s", c->now, behind[0] != '\0' ? " " : "", behind),
	    c->before[0] != '\0');
	candidate(b, c, l, false);
}

static void give_back(struct build *b, const struct change *c, enum build_list l)
{
	candidate(b, c, l, true);
	put_list(b, c, l, c->before, true);
	unmake_policy(b, c, l);
	candidate(b, c, l, false);
}

/* ---- plans ---- */

static size_t count_words(const char *list)
{
	struct slice rest = slice_of(list), w;
	size_t n = 0;

	while (flat_word(&rest, &w))
		n++;
	return n;
}

int sros_withdraw_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct change c;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (sros_need_place(&b, &c.p) < 0)
		return -1;
	if (c.p.own && (flat_list_begins(c.p.exports, SROS_REJECT) || flat_list_begins(c.p.exports, SROS_GSHUT)))
		return build_refuse(&b, "its export list begins with %.40s: restore that first", c.p.exports);
	if (count_words(c.p.exports) >= SROS_POLICIES_MAX)
		return build_refuse(&b, "its export list is full: SR OS takes %d policies", SROS_POLICIES_MAX);
	c.now = outlist_name(ctx, OUTLIST_NAME, defines);
	c.before = c.p.own ? c.p.exports : "";
	item->saved = arena_printf(ctx->arena, "%s %s", c.now, c.p.own ? arena_printf(ctx->arena, "own %s", c.before) : "inherited");
	item->touched = sros_exports_words(ctx->arena, &c.p);
	if (!c.p.own)
		build_warn(&b, "inherits its export list: an own one for the time being, inherited again afterwards");
	take(&b, &c, BUILD_APPLY, c.p.exports);
	give_back(&b, &c, BUILD_UNDO);
	return build_end(&b, PROOF_PREFIXES_GONE, BUILD_ROUTES_S);
}

/* "NOW own A B", "NOW inherited" */
static bool read_saved(struct arena *a, const char *saved, const char **now, const char **before)
{
	struct slice rest = slice_of(saved == NULL ? "" : saved), word, own;

	if (!flat_word(&rest, &word) || !flat_word(&rest, &own) || slice_eq(own, "own") != (rest.len > 0))
		return false;
	*now = arena_strndup(a, word.p, word.len);
	*before = arena_strndup(a, rest.p, rest.len);
	return true;
}

static bool as_before(const struct change *c)
{
	return c->p.own ? strcmp(c->p.exports, c->before) == 0 : c->before[0] == '\0';
}

int sros_restore_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct slice behind, first;
	struct change c;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (sros_need_place(&b, &c.p) < 0)
		return -1;
	item->saved = ctx->own->saved;
	item->touched = sros_exports_words(ctx->arena, &c.p);
	if (!read_saved(ctx->arena, item->saved, &c.now, &c.before))
		return build_refuse(&b, "the ledger does not tell what the export list was before");
	if (as_before(&c)) {
		build_warn(&b, "the export list is as it was before us already: somebody else put it back; only read back");
		return build_end(&b, PROOF_PREFIXES_BACK, BUILD_ROUTES_S);
	}
	if (!c.p.own || !flat_list_begins(c.p.exports, c.now))
		return build_refuse(&b, "its export list is %s: somebody else set it after us; left as it is",
		    c.p.exports[0] != '\0' ? c.p.exports : "gone");
	behind = slice_of(c.p.exports);
	(void)flat_word(&behind, &first);
	give_back(&b, &c, BUILD_APPLY);
	take(&b, &c, BUILD_UNDO, arena_strndup(ctx->arena, behind.p, behind.len));
	return build_end(&b, PROOF_PREFIXES_BACK, BUILD_ROUTES_S);
}

bool sros_shows_prefixes(const struct act_context *ctx, const struct plan_item *item, struct str *words)
{
	struct change c;

	if (!sros_read_place(ctx, &c.p) || !read_saved(ctx->arena, item->saved, &c.now, &c.before)) {
		str_puts(words, "the configuration does not name the neighbor any more");
		return false;
	}
	if (item->verb == VERB_RESTORE ? as_before(&c) : c.p.own && flat_list_begins(c.p.exports, c.now))
		return true;
	str_addf(words, "the configuration has %s", sros_exports_words(ctx->arena, &c.p));
	return false;
}
