/*
 * Graceful shutdown of one neighbor on FRR (RFC 8326), the way that every version knows.
 *
 * `neighbor X graceful-shutdown` marks, by version, nothing, what is received only, or both directions (10.6 on).  A
 * route-map of ours in the out slot that calls the one that stood there and adds 65535:0 marks exactly what is sent:
 * what the operator's map denies stays denied, what it sets stays set.
 */
#include "backends/drivers/frr_index.h"
#include "backends/drivers/frr_act.h"
#include "backends/drivers/outlist.h"
#include "core/base/scan.h"

#include <string.h>

#define GSHUT_NAME "PEERDECK-GSHUT-"

static const char *const set_tmpl = "neighbor {neighbor} route-map {name} out";
static const char *const no_tmpl = "no neighbor {neighbor} route-map {name} out";

static bool map_defined(const struct act_context *ctx, const char *name)
{
	return frr_index_map(frr_index_of(ctx), name, NULL);
}

/* A map per former one, so that each family keeps its own. */
struct maps {
	bool wanted[FRR_SLOTS];
	struct slice former[FRR_SLOTS]; /* its own; len 0: free, or inherited */
	struct slice called[FRR_SLOTS]; /* its own or inherited; len 0 none */
	const char *ours[FRR_SLOTS];
};

static bool same(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static void name_maps(const struct act_context *ctx, struct maps *m)
{
	const char *base = outlist_name(ctx, GSHUT_NAME, map_defined);
	unsigned n = 0;

	for (int k = 0; k < FRR_SLOTS; k++) {
		if (!m->wanted[k])
			continue;
		for (int j = 0; j < k && m->ours[k] == NULL; j++)
			if (m->wanted[j] && same(m->called[j], m->called[k]))
				m->ours[k] = m->ours[j];
		if (m->ours[k] == NULL)
			m->ours[k] = n++ == 0 ? base : arena_printf(ctx->arena, "%s.%u", base, n);
	}
}

static bool is_first(const struct maps *m, int slot)
{
	for (int j = 0; j < slot; j++)
		if (m->wanted[j] && strcmp(m->ours[j], m->ours[slot]) == 0)
			return false;
	return true;
}

static int read_maps(struct build *b, const struct frr_slots *f, struct maps *m)
{
	struct err ignored = ERR_INIT;

	if (f->silent)
		return build_refuse(b, "communities are not sent to it (no send-community): the mark would not reach it");
	for (int k = 0; k < FRR_SLOTS; k++) {
		const struct frr_slot *s = &f->slot[k];
		const char *called;

		if (!m->wanted[k])
			continue;
		m->former[k] = s->map;
		m->called[k] = s->map.len > 0 ? s->map : s->group_map;
		called = arena_strndup(b->ctx->arena, m->called[k].p, m->called[k].len);
		if (slice_starts(m->called[k], GSHUT_NAME))
			return build_refuse(b, "already marked: %s stands in its out slot", called);
		if (called[0] != '\0' && tmpl_name_check("route-map", called, &ignored) < 0)
			return build_refuse(b, "its out route-map has a name that peerdeck does not send back");
		if (called[0] != '\0' && !map_defined(b->ctx, called))
			return build_refuse(b, "its out route-map %s is not defined: nothing is announced there", called);
		/* Without any out policy FRR may announce nothing (RFC 8212): a map of ours would then open it. */
		if (called[0] == '\0' && b->item->advertised <= 0)
			return build_refuse(b, "has no out route-map, and nothing is announced to it");
		if (s->map.len == 0 && s->group_map.len > 0)
			build_warn(b, "%s inherits out route-map %s from peer-group %.*s: overridden for this neighbor only, "
			    "inherited again afterwards", frr_slots_family(k), called, (int)f->group.len, f->group.p);
	}
	return 0;
}

/* "gshut\n", then a line per slot: "ipv4 unicast FORMER OURS" ("-": it was free). */
static const char *save(struct build *b, const struct maps *m)
{
	const char *saved = "gshut\n";

	for (int k = 0; k < FRR_SLOTS; k++)
		if (m->wanted[k])
			saved = arena_printf(b->ctx->arena, "%s%s %.*s %s\n", saved, frr_slots_family(k),
			    m->former[k].len > 0 ? (int)m->former[k].len : 1, m->former[k].len > 0 ? m->former[k].p : "-",
			    m->ours[k]);
	return saved;
}

static const char *slot_words(struct build *b, const struct frr_slots *f, const bool wanted[FRR_SLOTS])
{
	const char *words = "";

	for (int k = 0; k < FRR_SLOTS; k++)
		if (wanted[k])
			words = arena_printf(b->ctx->arena, "%s%s %.*s\n", words, frr_slots_family(k),
			    f->slot[k].map.len > 0 ? (int)f->slot[k].map.len : 1, f->slot[k].map.len > 0 ? f->slot[k].map.p : "-");
	return words;
}

static void define_map(struct build *b, enum build_list l, const char *name, struct slice called, size_t needs)
{
	b->args.name = name;
	build_line(b, l, "route-map {name} permit 10")->needs = needs;
	if (called.len > 0) {
		b->args.name = arena_strndup(b->ctx->arena, called.p, called.len);
		build_line(b, l, "call {name}")->needs = needs;
	}
	build_line(b, l, "set community 65535:0 additive")->needs = needs;
	build_line(b, l, "exit")->needs = needs;
}

static void slot_back(struct build *b, enum build_list l, int slot, struct slice former, const char *ours, size_t needs)
{
	frr_in_family(b, l, slot, former.len > 0 ? former : slice_of(ours), former.len > 0 ? set_tmpl : no_tmpl, needs);
}

static void mark_steps(struct build *b, const struct maps *m)
{
	size_t set[FRR_SLOTS] = { 0 }, made[FRR_SLOTS] = { 0 }, first_slot = SIZE_MAX;

	frr_begin(b, BUILD_APPLY, 0);
	for (int k = 0; k < FRR_SLOTS; k++) {
		if (!m->wanted[k] || !is_first(m, k))
			continue;
		made[k] = build_at(b, BUILD_APPLY);
		define_map(b, BUILD_APPLY, m->ours[k], m->called[k], 0);
	}
	frr_router_bgp(b, BUILD_APPLY, 0);
	for (int k = 0; k < FRR_SLOTS; k++) {
		if (!m->wanted[k])
			continue;
		set[k] = build_at(b, BUILD_APPLY) + 1;
		first_slot = first_slot == SIZE_MAX ? set[k] : first_slot;
		frr_in_family(b, BUILD_APPLY, k, slice_of(m->ours[k]), set_tmpl, 0);
	}
	frr_end(b, BUILD_APPLY, 0);

	frr_begin(b, BUILD_UNDO, 1);
	frr_router_bgp(b, BUILD_UNDO, first_slot);
	for (int k = 0; k < FRR_SLOTS; k++)
		if (m->wanted[k])
			slot_back(b, BUILD_UNDO, k, m->former[k], m->ours[k], set[k]);
	build_line(b, BUILD_UNDO, "exit")->needs = first_slot;
	for (int k = 0; k < FRR_SLOTS; k++) {
		if (!m->wanted[k] || !is_first(m, k))
			continue;
		b->args.name = m->ours[k];
		build_line(b, BUILD_UNDO, "no route-map {name}")->needs = made[k];
	}
	frr_end(b, BUILD_UNDO, 1);
}

static int gshut(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct maps m = { .ours = { NULL } };
	struct frr_slots f;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (frr_read_slots(&b, &f) < 0 || frr_families(&b, m.wanted) < 0 || read_maps(&b, &f, &m) < 0)
		return -1;
	name_maps(ctx, &m);
	item->saved = save(&b, &m);
	item->touched = slot_words(&b, &f, m.wanted);
	mark_steps(&b, &m);
	return build_end(&b, PROOF_STILL_UP, BUILD_ROUTES_S);
}

/* ---- restore ---- */

static bool read_saved(struct arena *a, const char *saved, struct maps *m)
{
	struct scan c = scan_of(slice_of(saved));
	struct slice line, rest, word;
	bool any = false;

	*m = (struct maps){ .ours = { NULL } };
	while (scan_line(&c, &line))
		for (int k = 0; k < FRR_SLOTS; k++) {
			struct scan words;

			if (!frr_saved_slot(line, k, &rest))
				continue;
			words = scan_of(rest);
			if (!scan_word(&words, &m->former[k]) || !scan_word(&words, &word))
				continue;
			if (slice_eq(m->former[k], "-"))
				m->former[k] = SLICE("");
			m->ours[k] = arena_strndup(a, word.p, word.len);
			m->wanted[k] = any = true;
		}
	return any;
}

/* What our map calls: for the undo of a restore. */
static struct slice called_by(const struct act_context *ctx, const char *name)
{
	struct slice called;

	frr_index_map(frr_index_of(ctx), name, &called);
	return called;
}

static void back_steps(struct build *b, const struct maps *m, const bool ours[FRR_SLOTS])
{
	size_t set[FRR_SLOTS] = { 0 }, first = SIZE_MAX;

	frr_begin(b, BUILD_APPLY, 0);
	frr_router_bgp(b, BUILD_APPLY, 0);
	for (int k = 0; k < FRR_SLOTS; k++) {
		if (!ours[k])
			continue;
		set[k] = build_at(b, BUILD_APPLY) + 1;
		first = first == SIZE_MAX ? set[k] : first;
		slot_back(b, BUILD_APPLY, k, m->former[k], m->ours[k], 0);
	}
	build_line(b, BUILD_APPLY, "exit");
	for (int k = 0; k < FRR_SLOTS; k++) {
		b->args.name = m->ours[k];
		if (m->wanted[k] && is_first(m, k) && map_defined(b->ctx, m->ours[k]))
			build_line(b, BUILD_APPLY, "no route-map {name}");
	}
	frr_end(b, BUILD_APPLY, 0);

	frr_begin(b, BUILD_UNDO, first);
	for (int k = 0; k < FRR_SLOTS; k++)
		if (ours[k] && is_first(m, k))
			define_map(b, BUILD_UNDO, m->ours[k], called_by(b->ctx, m->ours[k]), first);
	frr_router_bgp(b, BUILD_UNDO, first);
	for (int k = 0; k < FRR_SLOTS; k++)
		if (ours[k])
			frr_in_family(b, BUILD_UNDO, k, slice_of(m->ours[k]), set_tmpl, set[k]);
	frr_end(b, BUILD_UNDO, first);
}

int frr_gshut_restore(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	bool ours[FRR_SLOTS] = { false }, any = false;
	struct frr_slots f;
	struct maps m;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (frr_read_slots(&b, &f) < 0)
		return -1;
	if (!read_saved(ctx->arena, ctx->own->saved, &m))
		return build_refuse(&b, "the ledger does not tell which out route-map stood there before");
	item->saved = ctx->own->saved;
	item->touched = slot_words(&b, &f, m.wanted);
	for (int k = 0; k < FRR_SLOTS; k++) {
		if (!m.wanted[k])
			continue;
		ours[k] = slice_eq(f.slot[k].map, m.ours[k]);
		any |= ours[k];
		if (!ours[k] && !same(f.slot[k].map, m.former[k]))
			return build_refuse(&b, "%s has route-map %.*s out now: somebody else set it after us; left as it is",
			    frr_slots_family(k), f.slot[k].map.len > 0 ? (int)f.slot[k].map.len : 4,
			    f.slot[k].map.len > 0 ? f.slot[k].map.p : "none");
	}
	if (any)
		back_steps(&b, &m, ours);
	else
		build_warn(&b, "the slot is as it was before us already: somebody else put it back; only read back");
	return build_end(&b, PROOF_STILL_UP, BUILD_ROUTES_S);
}

bool frr_gshut_shows(const struct act_context *ctx, const struct plan_item *item, struct str *words)
{
	struct frr_slots f;
	struct maps m;

	frr_slots_read(frr_index_of(ctx), ctx->sessions[0], &f);
	if (!read_saved(ctx->arena, item->saved, &m))
		return true;
	for (int k = 0; k < FRR_SLOTS; k++) {
		struct slice want = item->verb == VERB_RESTORE ? m.former[k] : slice_of(m.ours[k] == NULL ? "" : m.ours[k]);

		if (!m.wanted[k] || same(f.slot[k].map, want))
			continue;
		str_addf(words, "%s has %s%.*s out", frr_slots_family(k), f.slot[k].map.len > 0 ? "route-map " : "no route-map",
		    (int)f.slot[k].map.len, f.slot[k].map.p);
		return false;
	}
	return true;
}

const struct recipe frr_gshut = { .verb = VERB_GSHUT, .reads = frr_config_reads, .build = gshut, .shows = frr_gshut_shows };
