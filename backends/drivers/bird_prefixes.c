/*
 * Withdrawing chosen prefixes on BIRD: a set per protocol in the hook file, which the export filter tests,
 *     define PD_WD_<protocol> = [ 192.0.2.255/32 ];      # a member that is never announced: a set is not empty
 * to which peerdeck adds members, and takes them out again.  A set holds one IP version, so a protocol with both
 * channels has PD_WD4_ and PD_WD6_.
 */
#include "backends/drivers/bird_act.h"
#include "core/base/scan.h"

#include <string.h>

struct set {
	const char *name;
	const char *at, *end; /* what stands between the brackets, in the file */
};

static struct slice inner(const struct set *s)
{
	return slice_trim((struct slice){ s->at, (size_t)(s->end - s->at) });
}

/* `define NAME = [ ... ];` on a line of its own, comment behind it allowed. */
static bool parse_define(struct slice line, const char *name, struct set *s)
{
	struct scan c = scan_of(line);
	struct slice w, members;

	if (!scan_word(&c, &w) || !slice_eq(w, "define"))
		return false;
	scan_blanks(&c);
	if (!scan_lit(&c, name))
		return false;
	scan_blanks(&c);
	if (!scan_lit(&c, "="))
		return false;
	scan_blanks(&c);
	if (!scan_lit(&c, "[") || !scan_until(&c, ']', &members))
		return false;
	*s = (struct set){ name, members.p, members.p + members.len };
	return true;
}

/* The IP version of the members; 0: none, or not only plain prefixes. */
static int version_of(const struct set *s)
{
	struct scan c = scan_of((struct slice){ s->at, (size_t)(s->end - s->at) });
	struct slice member;
	int version = 0;
	bool more;

	do {
		struct prefix p;

		more = scan_until(&c, ',', &member);
		if (more)
			c.p++;
		if (!prefix_parse(slice_trim(member), &p) || (version != 0 && version != p.net.family))
			return 0;
		version = p.net.family;
	} while (more);
	return version;
}

static bool find_set(const struct act_context *ctx, const char *file, int version, struct set *s)
{
	static const char *const begin[][2] = { { "PD_WD4_", "PD_WD6_" }, { "PD_WD_", "PD_WD_" },
		{ "NOC_WD4_", "NOC_WD6_" }, { "NOC_WD_", "NOC_WD_" } };

	for (size_t i = 0; i < ARRAY_LEN(begin); i++) {
		struct scan c = scan_of(slice_of(file));
		const char *name = bird_symbol(ctx, begin[i][version == 6]);
		struct slice line;

		while (scan_line(&c, &line))
			if (parse_define(line, name, s) && version_of(s) == version)
				return true;
	}
	return false;
}

static int not_provisioned(struct build *b, int version)
{
	const char *file = b->ctx->router->hook_file, *name = bird_symbol(b->ctx, "PD_WD_");

	if (file == NULL)
		file = "/etc/bird/peerdeck.conf";
	return build_refuse(b,
	    "not provisioned: BIRD has no switch for this at run time. Needed, once, for IPv%d:\n  hook-file = \"%s\"   (this "
	    "router in peerdeck.conf)\n  include \"%s\";   (bird.conf, before the protocol)\n  define %s = [ %s ];   (in "
	    "that file; a member that is never announced)\n  if net ~ %s then reject;   (first in the protocol's export filter)",
	    version, file, file, name, version == 4 ? "192.0.2.255/32" : "2001:db8::ffff/128", name);
}

static const char *with_members(const struct act_context *ctx, const char *file, const struct set *s, const char *members)
{
	return arena_printf(ctx->arena, "%.*s %s %s", (int)(s->at - file), file, members, s->end);
}

/* "NAME\nmembers before\nmembers now\n" for each set. */
static int withdraw(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	const char *before = ctx->pre.answers[0], *now = before, *saved = "", *touched = "";
	struct build b;

	build_start(&b, ctx, item, BIRD_MESSAGE_MAX, e);
	for (int v = 4; v <= 6; v += 2) {
		struct chosen c = chosen_of_version(ctx->arena, ctx->prefixes, v);
		const char *members;
		struct slice old;
		struct set s;

		if (c.count == 0)
			continue;
		if (ctx->router->hook_file == NULL || !find_set(ctx, now, v, &s))
			return not_provisioned(&b, v);
		old = inner(&s);
		members = arena_printf(ctx->arena, "%.*s, %s", (int)old.len, old.p, chosen_words(ctx->arena, c));
		saved = arena_printf(ctx->arena, "%s%s\n%.*s\n%s\n", saved, s.name, (int)old.len, old.p, members);
		touched = arena_printf(ctx->arena, "%sdefine %s = [ %.*s ];\n", touched, s.name, (int)old.len, old.p);
		now = with_members(ctx, now, &s, members);
	}
	item->saved = saved;
	item->touched = touched;
	return bird_reconfigure(&b, now, before, PROOF_PREFIXES_GONE);
}

static bool find_by_name(const char *file, const char *name, struct set *s)
{
	struct scan c = scan_of(slice_of(file));
	struct slice line;

	while (scan_line(&c, &line))
		if (parse_define(line, name, s))
			return true;
	return false;
}

static bool same(struct slice a, struct slice b)
{
	return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

static int restore(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	const char *before = ctx->pre.answers[0], *now = before, *touched = "";
	struct scan c = scan_of(slice_of(ctx->own->saved));
	struct slice name, old, ours;
	struct build b;

	build_start(&b, ctx, item, BIRD_MESSAGE_MAX, e);
	if (ctx->router->hook_file == NULL)
		return not_provisioned(&b, 4);
	while (scan_line(&c, &name) && scan_line(&c, &old) && scan_line(&c, &ours)) {
		struct set s;

		if (!find_by_name(now, arena_strndup(ctx->arena, name.p, name.len), &s))
			return build_refuse(&b, "%.*s is no longer in %s", (int)name.len, name.p, ctx->router->hook_file);
		touched = arena_printf(ctx->arena, "%sdefine %s = [ %.*s ];\n", touched, s.name, (int)inner(&s).len, inner(&s).p);
		if (same(inner(&s), ours))
			now = arena_printf(ctx->arena, "%.*s %.*s %s", (int)(s.at - now), now, (int)old.len, old.p, s.end);
		else if (!same(inner(&s), old))
			return build_refuse(&b, "%s is [ %.*s ]: somebody else set it after us; left as it is", s.name,
			    (int)inner(&s).len, inner(&s).p);
	}
	item->touched = touched;
	item->saved = ctx->own->saved;
	if (touched[0] == '\0')
		return build_refuse(&b, "the ledger does not tell what stood in %s before", ctx->router->hook_file);
	if (now != before)
		return bird_reconfigure(&b, now, before, PROOF_PREFIXES_BACK);
	build_warn(&b, "the prefixes are out of %s already: somebody else put it back; only read back", ctx->router->hook_file);
	return build_end(&b, PROOF_PREFIXES_BACK, BUILD_ROUTES_S);
}

const struct recipe bird_withdraw_prefixes = { .verb = VERB_WITHDRAW_PREFIXES, .reads = bird_hook_reads, .build = withdraw };
const struct recipe bird_restore_prefixes = { .verb = VERB_RESTORE, .of_prefixes = true, .reads = bird_hook_reads,
	.build = restore };
