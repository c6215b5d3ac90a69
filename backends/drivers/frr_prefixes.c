/*
 * Withdrawing chosen prefixes on FRR: a list of ours in the neighbor's out prefix-list slot (outlist.h).
 *
 * It is a new list each time, made before it is attached, and never one in use that is changed: FRR sends routes anew
 * when a slot gets another list, not when a list in a slot changes.  The slot is ANDed with the out route-map.
 */
#include "backends/drivers/frr_act.h"
#include "backends/drivers/outlist.h"

#include <string.h>

static const char *const set_tmpl = "neighbor {neighbor} prefix-list {name} out";
static const char *const no_tmpl = "no neighbor {neighbor} prefix-list {name} out";

static bool defined(const struct act_context *ctx, const char *name)
{
	const struct frr_index *x = frr_index_of(ctx);

	return frr_index_list(x, 4, name).lines > 0 || frr_index_list(x, 6, name).lines > 0;
}

/* Only its own lines are read: the configuration of a thousand neighbors is not searched for each of them. */
static void read_list(const struct act_context *ctx, int version, const char *name, struct outlist *out)
{
	struct slice text = frr_index_list(frr_index_of(ctx), version, name).text;

	outlist_read(ctx->arena, arena_strndup(ctx->arena, text.p, text.len), version, name, out);
}

/* The slots that carry chosen prefixes: one per IP version. */
static int wanted_slots(struct build *b, bool wanted[FRR_SLOTS])
{
	bool have[2] = { false, false };

	if (frr_families(b, wanted) < 0)
		return -1;
	for (int k = 0; k < FRR_SLOTS; k++) {
		int v6 = frr_slots_version(k) == 6;

		wanted[k] = wanted[k] && chosen_of_version(b->ctx->arena, b->ctx->prefixes, frr_slots_version(k)).count > 0;
		if (wanted[k] && have[v6])
			return build_refuse(b, "carries several families of IPv%d: which of them is meant is not known",
			    frr_slots_version(k));
		have[v6] |= wanted[k];
	}
	return 0;
}

static int read_former(struct build *b, const struct frr_slots *f, int slot, struct outlist *former)
{
	const struct frr_slot *s = &f->slot[slot];
	struct slice list = s->list.len > 0 ? s->list : s->group_list;
	const char *name = arena_strndup(b->ctx->arena, list.p, list.len), *family = frr_slots_family(slot);
	struct err ignored = ERR_INIT;

	if (s->distribute || s->group_distribute)
		return build_refuse(b, "%s has a distribute-list out, which excludes a prefix-list: not possible without "
		    "touching the operator's filter", family);
	if (slice_eq(list, FRR_DENY_ALL))
		return build_refuse(b, "withdrawn as a whole: " FRR_DENY_ALL " stands in its out slot");
	if (s->list.len > 0 && tmpl_name_check("list", name, &ignored) < 0)
		return build_refuse(b, "its out prefix-list has a name that peerdeck does not send back");
	read_list(b->ctx, frr_slots_version(slot), name, former);
	if (list.len > 0 && !former->defined)
		return build_refuse(b, "its out prefix-list %s is not defined: nothing is announced there", name);
	if (former->odd.len > 0)
		return build_refuse(b, "its out prefix-list %s cannot be copied exactly (at most %d entries): \"%.*s\"", name,
		    OUTLIST_MAX, (int)former->odd.len, former->odd.p);
	if (former->count > 0)
		build_warn(b, "prefix-list %s is copied as it is now%s: later changes of it reach this neighbor only after "
		    "the restore", name, s->list.len == 0 ? " (inherited from its peer-group)" : "");
	return 0;
}

/* "list NAME\n", then a line per slot: "ipv4 unicast LIST" ("-": it was free). */
static const char *save(struct build *b, const struct frr_slots *f, const bool wanted[FRR_SLOTS], const char *name)
{
	const char *saved = arena_printf(b->ctx->arena, "list %s\n", name);

	for (int k = 0; k < FRR_SLOTS; k++)
		if (wanted[k])
			saved = arena_printf(b->ctx->arena, "%s%s %.*s\n", saved, frr_slots_family(k),
			    f->slot[k].list.len > 0 ? (int)f->slot[k].list.len : 1,
			    f->slot[k].list.len > 0 ? f->slot[k].list.p : "-");
	return saved;
}

static void slot_line(struct build *b, enum build_list l, int slot, struct slice to, const char *ours, size_t needs)
{
	frr_in_family(b, l, slot, to.len > 0 ? to : slice_of(ours), to.len > 0 ? set_tmpl : no_tmpl, needs);
}

/* Takes the lists of ours away again, once no slot has them. */
static void remove_lists(struct build *b, enum build_list l, const char *name, const size_t needs[2], const bool have[2])
{
	b->args.name = name;
	for (int v6 = 0; v6 < 2; v6++)
		if (have[v6])
			build_line(b, l, v6 ? "no ipv6 prefix-list {name}" : "no ip prefix-list {name}")->needs = needs[v6];
}

static int steps(struct build *b, const struct frr_slots *f, const bool wanted[FRR_SLOTS], const char *name)
{
	size_t set[FRR_SLOTS] = { 0 }, defined_at[2] = { 0, 0 }, first = 1, first_slot = SIZE_MAX;
	bool have[2] = { false, false };

	frr_begin(b, BUILD_APPLY, 0);
	for (int k = 0; k < FRR_SLOTS; k++) {
		struct outlist former, list;
		int v = frr_slots_version(k);

		if (!wanted[k])
			continue;
		if (read_former(b, f, k, &former) < 0)
			return -1;
		outlist_without(b->ctx->arena, b->ctx->prefixes, v, &former, &list);
		have[v == 6] = true;
		defined_at[v == 6] = build_at(b, BUILD_APPLY);
		b->args.name = name;
		outlist_lines(b, BUILD_APPLY, v, &list, 0);
	}
	frr_router_bgp(b, BUILD_APPLY, 0);
	for (int k = 0; k < FRR_SLOTS; k++) {
		if (!wanted[k])
			continue;
		set[k] = build_at(b, BUILD_APPLY) + 1;
		first_slot = first_slot == SIZE_MAX ? set[k] : first_slot;
		slot_line(b, BUILD_APPLY, k, slice_of(name), name, 0);
	}
	frr_end(b, BUILD_APPLY, 0);

	frr_begin(b, BUILD_UNDO, first);
	frr_router_bgp(b, BUILD_UNDO, first_slot);
	for (int k = 0; k < FRR_SLOTS; k++)
		if (wanted[k])
			slot_line(b, BUILD_UNDO, k, f->slot[k].list, name, set[k]);
	build_line(b, BUILD_UNDO, "exit")->needs = first_slot;
	remove_lists(b, BUILD_UNDO, name, defined_at, have);
	frr_end(b, BUILD_UNDO, first);
	return 0;
}

static int withdraw(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	bool wanted[FRR_SLOTS];
	struct frr_slots f;
	const char *name;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (frr_read_slots(&b, &f) < 0 || wanted_slots(&b, wanted) < 0)
		return -1;
	name = outlist_name(ctx, OUTLIST_NAME, defined);
	item->saved = save(&b, &f, wanted, name);
	item->touched = strchr(item->saved, '\n') + 1;
	if (steps(&b, &f, wanted, name) < 0)
		return -1;
	return build_end(&b, PROOF_PREFIXES_GONE, BUILD_ROUTES_S);
}

/* ---- restore ---- */

struct former {
	const char *name; /* of our list */
	bool wanted[FRR_SLOTS];
	struct slice list[FRR_SLOTS];
};

static int read_saved(struct build *b, struct former *f)
{
	struct scan c = scan_of(slice_of(b->ctx->own->saved));
	struct slice line;
	bool any = false;

	*f = (struct former){ .name = "" };
	if (!scan_line(&c, &line) || !slice_starts(line, "list "))
		return build_refuse(b, "the ledger does not tell which list is ours");
	f->name = arena_strndup(b->ctx->arena, line.p + 5, line.len - 5);
	while (scan_line(&c, &line))
		for (int k = 0; k < FRR_SLOTS; k++)
			if (frr_saved_slot(line, k, &f->list[k]))
				f->wanted[k] = any = true;
	return any ? 0 : build_refuse(b, "the ledger does not tell what stood in the out slot before");
}

static bool same(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static void restore_steps(struct build *b, const struct former *f, const bool ours[FRR_SLOTS])
{
	size_t set[FRR_SLOTS] = { 0 }, removed[2] = { 0, 0 }, first = SIZE_MAX;
	bool have[2] = { false, false };

	frr_begin(b, BUILD_APPLY, 0);
	frr_router_bgp(b, BUILD_APPLY, 0);
	for (int k = 0; k < FRR_SLOTS; k++) {
		if (!ours[k])
			continue;
		have[frr_slots_version(k) == 6] = frr_index_list(frr_index_of(b->ctx), frr_slots_version(k), f->name).lines > 0;
		set[k] = build_at(b, BUILD_APPLY) + 1;
		first = first == SIZE_MAX ? set[k] : first;
		slot_line(b, BUILD_APPLY, k, f->list[k], f->name, 0);
	}
	build_line(b, BUILD_APPLY, "exit");
	remove_lists(b, BUILD_APPLY, f->name, removed, have);
	frr_end(b, BUILD_APPLY, 0);

	frr_begin(b, BUILD_UNDO, first);
	for (int v6 = 0; v6 < 2; v6++) {
		struct outlist list;

		read_list(b->ctx, v6 ? 6 : 4, f->name, &list);
		b->args.name = f->name;
		if (have[v6])
			outlist_lines(b, BUILD_UNDO, v6 ? 6 : 4, &list, first);
	}
	frr_router_bgp(b, BUILD_UNDO, first);
	for (int k = 0; k < FRR_SLOTS; k++)
		if (ours[k])
			slot_line(b, BUILD_UNDO, k, slice_of(f->name), f->name, set[k]);
	frr_end(b, BUILD_UNDO, first);
}

static int restore(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	bool ours[FRR_SLOTS] = { false }, any = false;
	struct former former;
	struct frr_slots f;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (frr_read_slots(&b, &f) < 0 || read_saved(&b, &former) < 0)
		return -1;
	item->touched = strchr(save(&b, &f, former.wanted, ""), '\n') + 1;
	for (int k = 0; k < FRR_SLOTS; k++) {
		if (!former.wanted[k])
			continue;
		ours[k] = slice_eq(f.slot[k].list, former.name);
		any |= ours[k];
		if (!ours[k] && !same(f.slot[k].list, former.list[k]))
			return build_refuse(&b, "%s has prefix-list %.*s out now: somebody else set it after us; left as it is",
			    frr_slots_family(k), f.slot[k].list.len > 0 ? (int)f.slot[k].list.len : 4,
			    f.slot[k].list.len > 0 ? f.slot[k].list.p : "none");
	}
	if (any) {
		restore_steps(&b, &former, ours);
	} else {
		build_warn(&b, "the slot is as it was before us already: somebody else put it back; only read back");
	}
	return build_end(&b, PROOF_PREFIXES_BACK, BUILD_ROUTES_S);
}

const struct recipe frr_withdraw_prefixes = { .verb = VERB_WITHDRAW_PREFIXES, .reads = frr_config_reads, .build = withdraw };
const struct recipe frr_restore_prefixes = { .verb = VERB_RESTORE, .of_prefixes = true, .reads = frr_config_reads,
	.build = restore };
