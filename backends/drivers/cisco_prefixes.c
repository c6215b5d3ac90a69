/*
 * Withdrawing chosen prefixes on CLIs of Cisco's kind and on VyOS: a list or policy of ours takes the place in the out
 * side of the neighbor, denies the prefixes, and passes the others on to what stood there.
 *
 * What the vendor's documents and a lab have not shown to work is sent only where the router itself shows that it works
 * so there already (way.proven); else the lines are prepared.
 */
#include "backends/drivers/cisco_act.h"
#include "backends/drivers/outlist.h"

#include <string.h>

#define UNPROVEN "Nobody has yet seen this system hold routes back by a new out prefix-list, and this neighbor has none. " \
	"Where it has one, or " CISCO_DENY_LIST " is kept on the router, the lines are sent."

static const int versions[PEERCONF_FAMILIES] = { 4, 6 };

/* ---- prefix-lists of IOS, NX-OS and EOS ---- */

bool cisco_list_defined(const struct act_context *ctx, const char *name)
{
	return peerconf_prefix_list(ctx->pre.answers[1], 4, name) != PEERCONF_NO_LIST ||
	    peerconf_prefix_list(ctx->pre.answers[1], 6, name) != PEERCONF_NO_LIST;
}

bool cisco_list_proven(const struct act_context *ctx, int family, const char *former)
{
	return former[0] != '\0' ||
	    peerconf_prefix_list(ctx->pre.answers[1], versions[family], CISCO_DENY_LIST) == PEERCONF_DENIES_ALL;
}

/* EOS: entries stand in a block. */
static void block_lines(struct build *b, enum build_list l, const struct outlist *list, size_t needs)
{
	build_line(b, l, "ipv6 prefix-list {name}")->needs = needs;
	for (size_t i = 0; i < list->count; i++) {
		b->args.prefix = &list->e[i].p;
		build_line(b, l, arena_printf(b->ctx->arena, "seq %zu %s {prefix}%s", (i + 1) * 5,
		    list->e[i].permit ? "permit" : "deny", outlist_range(b->ctx->arena, &list->e[i])))->needs = needs;
	}
	build_line(b, l, "exit")->needs = needs;
}

int cisco_list_make(struct build *b, enum build_list l, int family, const char *former, const char *name, size_t needs)
{
	struct outlist before, list;
	int v = versions[family];

	outlist_read(b->ctx->arena, b->ctx->pre.answers[1], v, former, &before);
	if (former[0] != '\0' && !before.defined)
		return build_refuse(b, "its out prefix-list %s is not defined on the router: what that lets through is not known",
		    former);
	if (before.odd.len > 0)
		return build_refuse(b, "its out prefix-list %s cannot be copied exactly (at most %d entries): \"%.*s\"", former,
		    OUTLIST_MAX, (int)before.odd.len, before.odd.p);
	outlist_without(b->ctx->arena, b->ctx->prefixes, v, former[0] != '\0' ? &before : NULL, &list);
	b->args.name = name;
	if (v == 6 && cisco_way_of(b->ctx)->v6_block)
		block_lines(b, l, &list, needs);
	else
		outlist_lines(b, l, v, &list, needs);
	return 0;
}

void cisco_list_unmake(struct build *b, enum build_list l, int family, const char *name, size_t needs)
{
	b->args.name = name;
	build_line(b, l, versions[family] == 6 ? "no ipv6 prefix-list {name}" : "no ip prefix-list {name}")->needs = needs;
}

/* ---- the change ---- */

/* `what` of the steps: the places, and whether the inverse takes our lists away or makes them again. */
struct taken {
	struct cisco_change c;
};

static const char *text_of(const struct build *b, struct slice s)
{
	return arena_strndup(b->ctx->arena, s.p, s.len);
}

static int make_all(struct build *b, enum build_list l, const struct cisco_change *c, const struct peerconf *conf,
    size_t needs)
{
	const struct cisco_way *w = cisco_way_of(b->ctx);

	for (int f = 0; f < PEERCONF_FAMILIES; f++) {
		struct slice former = c->place[f].former;

		if (!c->place[f].wanted)
			continue;
		if (former.len == 0)
			former = conf->family[f].slot[c->kind].inherited;
		if (w->make(b, l, f, text_of(b, former), text_of(b, c->place[f].now), needs) < 0)
			return -1;
	}
	return 0;
}

static void unmake_all(struct cisco_edit *d, const struct cisco_change *c)
{
	bool up = d->way->up != NULL;

	for (int f = 0; f < PEERCONF_FAMILIES; f++) {
		if (!c->place[f].wanted)
			continue;
		if (up)
			build_line(d->b, d->list, d->way->up)->needs = d->trace;
		up = false;
		d->way->unmake(d->b, d->list, f, text_of(d->b, c->place[f].now), d->trace);
	}
}

static void ours_in(struct cisco_edit *d, const void *what)
{
	const struct taken *t = what;

	cisco_put_ours(d, &t->c);
}

static void ours_out(struct cisco_edit *d, const void *what)
{
	const struct taken *t = what;

	cisco_put_back(d, &t->c);
	unmake_all(d, &t->c);
}

/* The inverse of taking ours out. */
static void ours_in_again(struct cisco_edit *d, const void *what)
{
	const struct taken *t = what;
	struct peerconf conf;

	(d->way->read != NULL ? d->way->read : peerconf_read)(d->b->ctx->pre.answers[0], d->b->ctx->sessions[0], &conf);
	if (d->way->up != NULL)
		build_line(d->b, d->list, d->way->up)->needs = d->needs;
	if (make_all(d->b, d->list, &t->c, &conf, d->needs) < 0)
		return; /* the error sticks in the build */
	cisco_put_ours(d, &t->c);
}

/* Only the families that chosen prefixes are of. */
static void narrow(struct build *b, struct cisco_change *c)
{
	for (int f = 0; f < PEERCONF_FAMILIES; f++)
		c->place[f].wanted &= chosen_of_version(b->ctx->arena, b->ctx->prefixes, versions[f]).count > 0;
}

static int check_places(struct build *b, const struct peerconf *conf, struct cisco_change *c)
{
	const struct cisco_way *w = cisco_way_of(b->ctx);
	const char *name = outlist_name(b->ctx, OUTLIST_NAME, w->made);

	for (int f = 0; f < PEERCONF_FAMILIES; f++) {
		struct slice stands = c->place[f].former.len > 0 ? c->place[f].former : conf->family[f].slot[c->kind].inherited;

		if (!c->place[f].wanted)
			continue;
		if (slice_eq(stands, w->deny_name))
			return build_refuse(b, "withdrawn as a whole: %s stands in its out side", w->deny_name);
		if (w->free_is_silent && stands.len == 0)
			return build_refuse(b, "IPv%d has nothing in its out side: nothing is announced there", versions[f]);
		if (w->proven != NULL && !w->proven(b->ctx, f, text_of(b, stands)))
			b->item->prepare_only = UNPROVEN;
		/* Policies share one space of names, lists have one for each IP version. */
		c->place[f].now = slice_of(w->deny == PEERCONF_POLICY && f == 1 ? arena_printf(b->ctx->arena, "%s.6", name) : name);
		if (stands.len > 0 && w->deny == PEERCONF_LIST)
			build_warn(b, "prefix-list %.*s is copied as it is now: later changes of it reach this neighbor only after "
			    "the restore", (int)stands.len, stands.p);
	}
	return 0;
}

int cisco_withdraw_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct taken t = { .c = { .kind = cisco_way_of(ctx)->deny } };
	const char *prepared;
	struct peerconf conf;
	struct build b;

	if (cisco_start(&b, ctx, item, &conf, e) < 0 || cisco_wanted_families(&b, &t.c) < 0)
		return -1;
	narrow(&b, &t.c);
	if (cisco_read_places(&b, &conf, &t.c) < 0 || check_places(&b, &conf, &t.c) < 0)
		return -1;
	prepared = item->prepare_only;
	item->saved = cisco_save(&b, &t.c, true);
	item->touched = cisco_save(&b, &t.c, false);
	cisco_open(&b, BUILD_APPLY);
	if (make_all(&b, BUILD_APPLY, &t.c, &conf, 0) < 0)
		return -1;
	cisco_change_steps(&b, &t.c, &t, 1, ours_in, ours_out); /* behind the opening */
	if (prepared != NULL)
		item->prepare_only = prepared;
	return build_end(&b, PROOF_PREFIXES_GONE, CISCO_ROUTES_S);
}

int cisco_restore_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct taken t;
	struct peerconf conf;
	struct build b;
	int as_before;

	if (cisco_start(&b, ctx, item, &conf, e) < 0)
		return -1;
	if (!cisco_read_saved(ctx->own->saved, &t.c))
		return build_refuse(&b, "the ledger does not tell what stood in the out side before");
	as_before = cisco_compare_places(&b, &conf, &t.c);
	if (as_before < 0)
		return -1;
	item->saved = ctx->own->saved;
	item->touched = cisco_save(&b, &t.c, true);
	if (as_before > 0) {
		build_warn(&b, "the out side is as it was before us already: somebody else put it back; only read back");
		return build_end(&b, PROOF_PREFIXES_BACK, CISCO_ROUTES_S);
	}
	cisco_open(&b, BUILD_APPLY);
	cisco_change_steps(&b, &t.c, &t, 0, ours_out, ours_in_again);
	return build_end(&b, PROOF_PREFIXES_BACK, CISCO_ROUTES_S);
}
