/*
 * Withdrawing chosen prefixes on RouterOS 6 and 7: prepared, never sent.
 *
 * The connection gets a chain of ours, which rejects the prefixes and jumps into the chain that it had: that one stays
 * untouched, and its name is put back before ours is removed.  Rules of chains are never numbered.
 */
#include "backends/drivers/outlist.h"
#include "backends/drivers/routeros_act.h"

#include <string.h>

/* How each version writes a rule. */
struct words {
	const char *reject, *remove;
};

static const struct words words7 = {
	"/routing/filter/rule/add chain={name} rule=\"{reject_rule}\"",
	"/routing/filter/rule/remove [find chain=\"{name}\"]",
};
static const struct words words6 = {
	"/routing filter add chain={name} prefix={prefix} action=discard",
	"/routing filter remove [find chain=\"{name}\"]",
};

struct change {
	struct routeros_place p;
	const char *former, *now; /* chains */
};

static const struct words *words_of(const struct change *c)
{
	return c->p.m->major == 7 ? &words7 : &words6;
}

static bool defines_chain(const struct act_context *ctx, const char *name)
{
	for (size_t at = ROUTEROS_MORE7; at <= ROUTEROS_MORE6; at++)
		if (strstr(ctx->pre.answers[at], name) != NULL)
			return true;
	return false;
}

static void put_chain(struct build *b, const struct change *c, enum build_list l, const char *chain)
{
	b->args.name = chain;
	routeros_set_line(b, &c->p, l, arena_printf(b->ctx->arena, "%s={name}", c->p.m->chain));
}

static void take(struct build *b, const struct change *c, enum build_list l)
{
	const struct words *w = words_of(c);

	b->args.name = c->now;
	for (size_t i = 0; i < b->ctx->prefixes.count; i++) {
		b->args.prefix = &b->ctx->prefixes.p[i];
		build_line(b, l, w->reject);
	}
	build_line(b, l, w == &words7
	    ? arena_printf(b->ctx->arena, "/routing/filter/rule/add chain={name} rule=\"jump %s\"", c->former)
	    : arena_printf(b->ctx->arena, "/routing filter add chain={name} action=jump jump-target=%s", c->former));
	put_chain(b, c, l, c->now);
}

static void give_back(struct build *b, const struct change *c, enum build_list l)
{
	put_chain(b, c, l, c->former);
	b->args.name = c->now;
	build_line(b, l, words_of(c)->remove);
}

static int finish(struct build *b, const struct change *c, enum proof_kind proof)
{
	b->item->touched = arena_printf(b->ctx->arena, "%s=%s", c->p.m->chain, c->p.chain);
	return build_end(b, proof, BUILD_ROUTES_S);
}

int routeros_withdraw_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct change c;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (routeros_need_place(&b, &c.p) < 0)
		return -1;
	if (c.p.chain[0] == '\0')
		return build_refuse(&b, "has no %s of its own: restoring would have to unset it, which advertises everything",
		    c.p.m->chain);
	if (routeros_chain_is_ours(c.p.chain))
		return build_refuse(&b, "%s is %s: restore that first", c.p.m->chain, c.p.chain);
	c.former = c.p.chain;
	c.now = outlist_name(ctx, OUTLIST_NAME, defines_chain);
	if (tmpl_name_check("the chain", c.former, e) < 0)
		return -1;
	item->saved = arena_printf(ctx->arena, "%s %s", c.former, c.now);
	take(&b, &c, BUILD_APPLY);
	give_back(&b, &c, BUILD_UNDO);
	return finish(&b, &c, PROOF_PREFIXES_GONE);
}

/* "FORMER NOW" */
static bool saved_chains(struct arena *a, const char *saved, const char **former, const char **now)
{
	struct scan c = scan_of(slice_of(saved == NULL ? "" : saved));
	struct slice was, is;

	if (!scan_word(&c, &was) || !scan_word(&c, &is))
		return false;
	*former = arena_strndup(a, was.p, was.len);
	*now = arena_strndup(a, is.p, is.len);
	return true;
}

int routeros_restore_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct change c;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (routeros_need_place(&b, &c.p) < 0)
		return -1;
	item->saved = ctx->own->saved;
	if (!saved_chains(ctx->arena, item->saved, &c.former, &c.now) || tmpl_name_check("the chain", c.former, e) < 0)
		return build_refuse(&b, "the ledger does not tell which chain it had before");
	if (strcmp(c.p.chain, c.former) == 0) {
		build_warn(&b, "%s is as it was before us already: somebody else put it back; only read back", c.p.m->chain);
		return finish(&b, &c, PROOF_PREFIXES_BACK);
	}
	if (strcmp(c.p.chain, c.now) != 0)
		return build_refuse(&b, "%s is %s: somebody else set it after us; left as it is", c.p.m->chain,
		    c.p.chain[0] != '\0' ? c.p.chain : "unset");
	give_back(&b, &c, BUILD_APPLY);
	take(&b, &c, BUILD_UNDO);
	return finish(&b, &c, PROOF_PREFIXES_BACK);
}

/* A rule of the chain that is not disabled and holds all of `what`. */
static bool has_rule(const struct act_context *ctx, const struct routeros_place *p, const char *chain, const char *what)
{
	struct scan c = scan_of(slice_of(routeros_answer(ctx, p->m, ROUTEROS_MORE7, ROUTEROS_MORE6)));
	const char *bare = arena_printf(ctx->arena, "chain=%s ", chain), *quoted = arena_printf(ctx->arena, "chain=\"%s\" ", chain);
	struct slice line;

	while (scan_line(&c, &line)) {
		const char *text = arena_printf(ctx->arena, "%.*s ", (int)line.len, line.p);
		struct scan words = scan_of(slice_of(text));
		struct slice number, flags;

		if (scan_word(&words, &number) && scan_word(&words, &flags) && flags.len <= 3 &&
		    memchr(flags.p, 'X', flags.len) != NULL)
			continue;
		if ((strstr(text, bare) != NULL || strstr(text, quoted) != NULL) && strstr(text, what) != NULL)
			return true;
	}
	return false;
}

bool routeros_shows_prefixes(const struct act_context *ctx, const struct plan_item *item, struct str *words)
{
	const char *former, *now, *want;
	char text[PREFIX_STRLEN];
	struct routeros_place p;

	if (!saved_chains(ctx->arena, item->saved, &former, &now) || !routeros_read_place(ctx, &p)) {
		str_puts(words, "the connection cannot be read any more");
		return false;
	}
	want = item->verb == VERB_RESTORE ? former : now;
	if (strcmp(p.chain, want) != 0) {
		str_addf(words, "%s is %s, not %s", p.m->chain, p.chain[0] != '\0' ? p.chain : "unset", want);
		return false;
	}
	for (size_t i = 0; item->verb != VERB_RESTORE && i < item->prefixes.count; i++) {
		const char *prefix = prefix_print(&item->prefixes.p[i], text);
		const char *rule = p.m->major == 7 ? arena_printf(ctx->arena, "dst==%s)", prefix)
		                                   : arena_printf(ctx->arena, "prefix=%s ", prefix);

		if (has_rule(ctx, &p, now, rule))
			continue;
		str_addf(words, "no rule of chain %s rejects %s", now, prefix);
		return false;
	}
	return true;
}
