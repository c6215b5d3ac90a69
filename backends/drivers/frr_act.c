/*
 * Acting on FRR.
 *
 * Suspend is `neighbor X shutdown message T`.  To announce nothing, the neighbor's out prefix-list slot gets a list of
 * ours that denies all, in each of its families: that slot is ANDed with the out route-map, which stays untouched.  It
 * is one slot: a list of the operator's that stands there is saved and put back.  A list that is empty but defined
 * would permit everything, so its content is checked and written each time; when nobody uses it any more it is removed,
 * so that the configuration is afterwards what it was.
 */
#include "backends/drivers/frr_act.h"
#include "backends/drivers/recipes.h"
#include "core/act/build.h"
#include "core/base/scan.h"

#include <string.h>

enum { MESSAGE_MAX = 255 };
#define DENY_ALL FRR_DENY_ALL

/* ---- shared ---- */

/* "router bgp 64500 view NAME" */
static bool is_view(const struct build *b, const char *name)
{
	struct scan c = scan_of(slice_of(b->ctx->pre.answers[0]));
	const char *tail = arena_printf(b->ctx->arena, " view %s", name);
	struct slice line;

	while (name[0] != '\0' && scan_line(&c, &line))
		if (slice_starts(line, "router bgp ") && slice_ends(line, tail))
			return true;
	return false;
}

/* The neighbor in the running configuration, or a refusal. */
int frr_read_slots(struct build *b, struct frr_slots *f)
{
	const struct session *s = b->ctx->sessions[0];

	frr_slots_read(frr_index_of(b->ctx), s, f);
	if (!f->found && is_view(b, text_or(s->vrf, "")))
		return build_refuse(b, "%s is a view of BGP, no VRF: peerdeck reads views and does not act in them, because nobody "
		    "has yet seen its lines work there", s->vrf.s);
	if (!f->found)
		return build_refuse(b, "the running configuration does not name this neighbor%s%s",
		    text_empty(s->vrf) ? "" : " in VRF ", text_or(s->vrf, ""));
	if (!asn_parse(f->asn, &b->args.asn))
		return build_refuse(b, "the AS number of its `router bgp` cannot be read");
	return 0;
}

void frr_router_bgp(struct build *b, enum build_list l, size_t needs)
{
	bool vrf = !text_empty(b->ctx->sessions[0]->vrf);

	build_line(b, l, vrf ? "router bgp {asn} vrf {vrf}" : "router bgp {asn}")->needs = needs;
}

void frr_begin(struct build *b, enum build_list l, size_t needs)
{
	build_line(b, l, "configure terminal")->needs = needs;
}

void frr_end(struct build *b, enum build_list l, size_t needs)
{
	struct step *s = build_line(b, l, "end");

	s->needs = needs;
	s->leave = true;
}

/* ---- suspend and resume ---- */

static const char *shut_words(struct arena *a, const struct frr_slots *f)
{
	if (!f->shutdown)
		return "no shutdown";
	if (f->message.len == 0)
		return "shutdown";
	return arena_printf(a, "shutdown message %.*s", (int)f->message.len, f->message.p);
}

static int suspend(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct frr_slots f;
	struct build b;
	size_t at;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	if (frr_read_slots(&b, &f) < 0)
		return -1;
	if (f.shutdown)
		return build_refuse(&b, "already shut in the running configuration");
	item->touched = shut_words(ctx->arena, &f);
	frr_begin(&b, BUILD_APPLY, 0);
	frr_router_bgp(&b, BUILD_APPLY, 0);
	at = build_at(&b, BUILD_APPLY);
	build_line(&b, BUILD_APPLY,
	    ctx->message != NULL ? "neighbor {neighbor} shutdown message {message}" : "neighbor {neighbor} shutdown");
	frr_end(&b, BUILD_APPLY, 0);
	frr_begin(&b, BUILD_UNDO, at);
	frr_router_bgp(&b, BUILD_UNDO, at);
	build_line(&b, BUILD_UNDO, "no neighbor {neighbor} shutdown")->needs = at;
	frr_end(&b, BUILD_UNDO, at);
	return build_end(&b, PROOF_ADMIN_DOWN, BUILD_SHUT_S);
}

/* The inverse of a resume puts back the shutdown with its former text, where that may be sent. */
static void shut_again(struct build *b, const struct frr_slots *f, size_t needs)
{
	struct err ignored = ERR_INIT;
	const char *former = arena_strndup(b->ctx->arena, f->message.p, f->message.len);
	bool sendable = f->message.len > 0 && tmpl_message_check(former, MESSAGE_MAX, &ignored) == 0;

	b->args.message = former;
	if (f->message.len > 0 && !sendable)
		build_warn(b, "its shutdown text holds characters that peerdeck does not send: an undo shuts without it");
	build_line(b, BUILD_UNDO,
	    sendable ? "neighbor {neighbor} shutdown message {message}" : "neighbor {neighbor} shutdown")
	    ->needs = needs;
}

static int resume(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct frr_slots f;
	struct build b;
	size_t at;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	if (frr_read_slots(&b, &f) < 0)
		return -1;
	item->touched = shut_words(ctx->arena, &f);
	if (!f.shutdown && f.group_shutdown)
		return build_refuse(&b, "shut by its peer-group %.*s, not by itself", (int)f.group.len, f.group.p);
	if (!f.shutdown) {
		build_warn(&b, "no longer shut: somebody else opened it; only read back");
		return build_end(&b, PROOF_ADMIN_UP, BUILD_SHUT_S);
	}
	frr_begin(&b, BUILD_APPLY, 0);
	frr_router_bgp(&b, BUILD_APPLY, 0);
	at = build_at(&b, BUILD_APPLY);
	build_line(&b, BUILD_APPLY, "no neighbor {neighbor} shutdown");
	frr_end(&b, BUILD_APPLY, 0);
	frr_begin(&b, BUILD_UNDO, at);
	frr_router_bgp(&b, BUILD_UNDO, at);
	shut_again(&b, &f, at);
	frr_end(&b, BUILD_UNDO, at);
	return build_end(&b, PROOF_ADMIN_UP, BUILD_SHUT_S);
}

/* ---- withdraw ---- */

/* Lists of ours: which versions the neighbor needs, whether to leave them defined afterwards. */
struct lists {
	bool need[2];    /* ip, ipv6 */
	bool defined[2]; /* now, or by an earlier item of the job */
	bool keep;       /* were there before us */
};

static const int versions[2] = { 4, 6 };
static const char *const define_tmpl[2] = { "ip prefix-list " DENY_ALL " seq 5 deny any",
	"ipv6 prefix-list " DENY_ALL " seq 5 deny any" };
static const char *const remove_tmpl[2] = { "no ip prefix-list " DENY_ALL, "no ipv6 prefix-list " DENY_ALL };

static bool says_keep(const char *saved)
{
	return strncmp(saved, "keep\n", 5) == 0;
}

/* Whether the lists were there before us is known for sure only while nobody uses them; else the first of our
 * withdraws knew it. */
static bool keep_lists(const struct act_context *ctx, bool unused)
{
	for (size_t i = 0; i < ctx->held_count; i++)
		if (ctx->held[i].verb == VERB_WITHDRAW)
			return says_keep(ctx->held[i].saved);
	for (size_t i = 0; i < ctx->earlier_count; i++)
		if (ctx->earlier[i].skip == NULL && ctx->earlier[i].saved != NULL)
			return says_keep(ctx->earlier[i].saved);
	return unused;
}

static bool defines(const struct plan_item *before, const char *line)
{
	for (size_t k = 0; before->skip == NULL && k < before->apply_count; k++)
		if (strcmp(before->apply[k].line, line) == 0)
			return true;
	return false;
}

static int read_lists(struct build *b, struct lists *l)
{
	const struct frr_index *config = frr_index_of(b->ctx);
	bool any = false, unused = frr_index_uses(config, DENY_ALL) == 0;

	for (int v = 0; v < 2; v++) {
		struct frr_list now = frr_index_list(config, versions[v], DENY_ALL);

		if (now.lines > 0 && !now.exact)
			return build_refuse(b, "the %s prefix-list " DENY_ALL
			    " exists with other content than `seq 5 deny any`: mend or remove it first",
			    v == 0 ? "ip" : "ipv6");
		l->defined[v] = now.lines > 0;
		any |= now.lines > 0;
	}
	l->keep = any && keep_lists(b->ctx, unused);
	for (int v = 0; v < 2; v++)
		for (size_t i = 0; l->need[v] && !l->defined[v] && i < b->ctx->earlier_count; i++) /* carried out by then */
			l->defined[v] = defines(&b->ctx->earlier[i], define_tmpl[v]);
	return 0;
}

int frr_families(struct build *b, bool wanted[FRR_SLOTS])
{
	memset(wanted, 0, FRR_SLOTS * sizeof(*wanted));
	for (size_t i = 0; i < b->ctx->session_count; i++) {
		enum afi_safi af = b->ctx->sessions[i]->family;
		int k = frr_slots_index(af);

		if (k < 0)
			return build_refuse(b, "carries %s, which a prefix-list cannot hold back",
			    afi_safi_word(af) == NULL ? "an unknown address family" : afi_safi_word(af));
		wanted[k] = true;
	}
	return 0;
}

/* The neighbor's families, in the order of the slots. */
static int families(struct build *b, bool wanted[FRR_SLOTS], struct lists *l)
{
	if (frr_families(b, wanted) < 0)
		return -1;
	for (int k = 0; k < FRR_SLOTS; k++)
		l->need[frr_slots_version(k) == 6] |= wanted[k];
	return 0;
}

void frr_in_family(struct build *b, enum build_list l, int slot, struct slice name, const char *tmpl, size_t needs)
{
	b->args.family = frr_slots_family(slot);
	b->args.name = arena_strndup(b->ctx->arena, name.p, name.len);
	build_line(b, l, "address-family {family}")->needs = needs;
	build_line(b, l, tmpl)->needs = needs;
	build_line(b, l, "exit-address-family")->needs = needs;
}

static void slot_line(struct build *b, enum build_list l, int slot, struct slice list, bool set, size_t needs)
{
	frr_in_family(b, l, slot, list,
	    set ? "neighbor {neighbor} prefix-list {name} out" : "no neighbor {neighbor} prefix-list {name} out", needs);
}

/* Puts the slot back: the operator's list over ours, or ours off. */
static void slot_back(struct build *b, enum build_list l, int slot, struct slice former, size_t needs)
{
	slot_line(b, l, slot, former.len > 0 ? former : SLICE(DENY_ALL), former.len > 0, needs);
}

static void remove_lists(struct build *b, enum build_list l, const bool which[2], const size_t needs[2])
{
	for (int v = 0; v < 2; v++)
		if (which[v])
			build_line(b, l, remove_tmpl[v])->needs = needs[v];
}

static int check_slots(struct build *b, const struct frr_slots *f, const bool wanted[FRR_SLOTS])
{
	struct err ignored = ERR_INIT;

	for (int k = 0; k < FRR_SLOTS; k++) {
		const struct frr_slot *s = &f->slot[k];

		if (!wanted[k])
			continue;
		if (s->distribute || s->group_distribute)
			return build_refuse(b, "%s has a distribute-list out, which excludes a prefix-list: not possible "
			    "without touching the operator's filter", frr_slots_family(k));
		if (slice_eq(s->list, DENY_ALL))
			return build_refuse(b, "already withdrawn: " DENY_ALL " stands in its out slot");
		if (s->list.len > 0 &&
		    tmpl_name_check("list", arena_strndup(b->ctx->arena, s->list.p, s->list.len), &ignored) < 0)
			return build_refuse(b, "its out prefix-list has a name that peerdeck does not send back");
		if (s->list.len == 0 && s->group_list.len > 0)
			build_warn(b, "%s inherits out prefix-list %.*s from peer-group %.*s: overridden for this "
			    "neighbor only, inherited again afterwards", frr_slots_family(k),
			    (int)s->group_list.len, s->group_list.p, (int)f->group.len, f->group.p);
	}
	return 0;
}

/* "keep\n" or "own\n", then a line per family: "ipv4 unicast LIST" ("-": the slot was free). */
static const char *save(struct build *b, const struct frr_slots *f, const bool wanted[FRR_SLOTS], bool keep)
{
	const char *saved = keep ? "keep\n" : "own\n";

	for (int k = 0; k < FRR_SLOTS; k++)
		if (wanted[k])
			saved = arena_printf(b->ctx->arena, "%s%s %.*s\n", saved, frr_slots_family(k),
			    f->slot[k].list.len > 0 ? (int)f->slot[k].list.len : 1,
			    f->slot[k].list.len > 0 ? f->slot[k].list.p : "-");
	return saved;
}

static void withdraw_steps(struct build *b, const struct frr_slots *f, const bool wanted[FRR_SLOTS],
    const struct lists *l)
{
	size_t set[FRR_SLOTS] = { 0 }, defined[2] = { 0 }, first = SIZE_MAX, first_slot = SIZE_MAX;
	bool drop[2];

	frr_begin(b, BUILD_APPLY, 0);
	for (int v = 0; v < 2; v++) {
		drop[v] = l->need[v] && !l->defined[v];
		defined[v] = build_at(b, BUILD_APPLY);
		if (l->need[v])
			build_line(b, BUILD_APPLY, define_tmpl[v]); /* no change where it is defined already */
		if (drop[v] && first == SIZE_MAX)
			first = defined[v];
	}
	frr_router_bgp(b, BUILD_APPLY, 0);
	for (int k = 0; k < FRR_SLOTS; k++) {
		if (!wanted[k])
			continue;
		set[k] = build_at(b, BUILD_APPLY) + 1; /* behind its address-family line */
		if (first_slot == SIZE_MAX)
			first_slot = set[k];
		slot_line(b, BUILD_APPLY, k, SLICE(DENY_ALL), true, 0);
	}
	frr_end(b, BUILD_APPLY, 0);

	if (first == SIZE_MAX)
		first = first_slot;
	frr_begin(b, BUILD_UNDO, first);
	frr_router_bgp(b, BUILD_UNDO, first_slot);
	for (int k = 0; k < FRR_SLOTS; k++)
		if (wanted[k])
			slot_back(b, BUILD_UNDO, k, f->slot[k].list, set[k]);
	if (drop[0] || drop[1])
		build_line(b, BUILD_UNDO, "exit")->needs = first_slot;
	remove_lists(b, BUILD_UNDO, drop, defined);
	frr_end(b, BUILD_UNDO, first);
}

static int withdraw(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	bool wanted[FRR_SLOTS];
	struct lists l = { 0 };
	struct frr_slots f;
	struct build b;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	if (frr_read_slots(&b, &f) < 0 || families(&b, wanted, &l) < 0 || check_slots(&b, &f, wanted) < 0 ||
	    read_lists(&b, &l) < 0)
		return -1;
	item->saved = save(&b, &f, wanted, l.keep);
	item->touched = strchr(item->saved, '\n') + 1;
	withdraw_steps(&b, &f, wanted, &l);
	return build_end(&b, PROOF_NOTHING_SENT, BUILD_ROUTES_S);
}

/* ---- restore ---- */

struct former {
	bool wanted[FRR_SLOTS];
	struct slice list[FRR_SLOTS]; /* len 0: the slot was free */
};

bool frr_saved_slot(struct slice line, int slot, struct slice *name)
{
	size_t n = strlen(frr_slots_family(slot));

	if (!slice_starts(line, frr_slots_family(slot)) || line.len < n + 2 || line.p[n] != ' ')
		return false;
	*name = slice_from(line, n + 1);
	if (slice_eq(*name, "-"))
		*name = SLICE("");
	return true;
}

static int read_saved(struct build *b, const char *saved, struct former *f)
{
	struct scan c = scan_of(slice_of(saved));
	struct slice line;
	bool any = false;

	memset(f, 0, sizeof(*f));
	scan_line(&c, &line); /* keep or own */
	while (scan_line(&c, &line))
		for (int k = 0; k < FRR_SLOTS; k++)
			if (frr_saved_slot(line, k, &f->list[k]))
				f->wanted[k] = any = true;
	return any ? 0 : build_refuse(b, "the ledger does not tell what stood in the out slot before");
}

static unsigned uses_of(const struct frr_index *config, const struct session *s)
{
	struct frr_slots f;
	unsigned n = 0;

	frr_slots_read(config, s, &f);
	for (int k = 0; k < FRR_SLOTS; k++)
		n += slice_eq(f.slot[k].list, DENY_ALL) ? 1 : 0;
	return n;
}

/* Places that will use our lists when this neighbor, and those before it in the job, are done. */
static unsigned uses_left(const struct build *b)
{
	struct frr_index *config = frr_index_of(b->ctx);
	unsigned uses = frr_index_uses(config, DENY_ALL), freed = uses_of(config, b->ctx->sessions[0]);
	struct frr_sum *sum = frr_index_sum(config);

	if (sum->of != b->ctx->earlier || sum->count > b->ctx->earlier_count)
		*sum = (struct frr_sum){ .of = b->ctx->earlier };
	for (; sum->count < b->ctx->earlier_count; sum->count++) {
		const struct plan_item *before = &b->ctx->earlier[sum->count];
		struct session s = { .vrf = { before->vrf }, .neighbor = { before->neighbor } };

		(void)addr_parse(slice_of(before->neighbor), &s.peer);
		if (before->skip == NULL)
			sum->sum += uses_of(config, &s);
	}
	freed += sum->sum;
	return uses > freed ? uses - freed : 0;
}

static void restore_steps(struct build *b, const struct former *f, const bool ours[FRR_SLOTS], const bool drop[2])
{
	size_t set[FRR_SLOTS] = { 0 }, first = SIZE_MAX;

	frr_begin(b, BUILD_APPLY, 0);
	frr_router_bgp(b, BUILD_APPLY, 0);
	for (int k = 0; k < FRR_SLOTS; k++) {
		if (!ours[k])
			continue;
		set[k] = build_at(b, BUILD_APPLY) + 1;
		if (first == SIZE_MAX)
			first = set[k];
		slot_back(b, BUILD_APPLY, k, f->list[k], 0);
	}
	if (drop[0] || drop[1]) {
		build_line(b, BUILD_APPLY, "exit");
		remove_lists(b, BUILD_APPLY, drop, (size_t[2]){ 0, 0 });
	}
	frr_end(b, BUILD_APPLY, 0);

	frr_begin(b, BUILD_UNDO, first);
	for (int v = 0; v < 2; v++)
		if (drop[v])
			build_line(b, BUILD_UNDO, define_tmpl[v])->needs = first;
	frr_router_bgp(b, BUILD_UNDO, first);
	for (int k = 0; k < FRR_SLOTS; k++)
		if (ours[k])
			slot_line(b, BUILD_UNDO, k, SLICE(DENY_ALL), true, set[k]);
	frr_end(b, BUILD_UNDO, first);
}

static const char *slot_words(struct build *b, const struct frr_slots *f, const bool wanted[FRR_SLOTS])
{
	return strchr(save(b, f, wanted, false), '\n') + 1;
}

static bool same_list(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static int restore(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	bool ours[FRR_SLOTS] = { false }, any = false, drop[2] = { false, false };
	struct former former;
	struct frr_slots f;
	struct build b;

	if (ctx->own->verb == VERB_GSHUT)
		return frr_gshut_restore(ctx, item, e);
	build_start(&b, ctx, item, MESSAGE_MAX, e);
	if (frr_read_slots(&b, &f) < 0 || read_saved(&b, ctx->own->saved, &former) < 0)
		return -1;
	item->touched = slot_words(&b, &f, former.wanted);
	for (int k = 0; k < FRR_SLOTS; k++) {
		if (!former.wanted[k])
			continue;
		ours[k] = slice_eq(f.slot[k].list, DENY_ALL);
		any |= ours[k];
		if (!ours[k] && !same_list(f.slot[k].list, former.list[k]))
			return build_refuse(&b, "%s has prefix-list %.*s out now: somebody else set it after us; left as it is",
			    frr_slots_family(k), (int)f.slot[k].list.len, f.slot[k].list.p);
	}
	if (!any) {
		build_warn(&b, "the slot is as it was before us already: somebody else put it back; only read back");
		return build_end(&b, PROOF_SENT_AGAIN, BUILD_ROUTES_S);
	}
	if (!says_keep(ctx->own->saved) && uses_left(&b) == 0)
		for (int v = 0; v < 2; v++)
			drop[v] = frr_index_list(frr_index_of(ctx), versions[v], DENY_ALL).exact;
	restore_steps(&b, &former, ours, drop);
	return build_end(&b, PROOF_SENT_AGAIN, BUILD_ROUTES_S);
}

/* ---- refresh ---- */

static int refresh(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	bool vrf = !text_empty(ctx->sessions[0]->vrf);
	struct build b;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	for (size_t i = 0; i < ctx->session_count; i++) {
		int k = frr_slots_index(ctx->sessions[i]->family);

		if (k < 0)
			continue;
		b.args.family = frr_slots_family(k);
		build_line(&b, BUILD_APPLY, vrf ? "clear bgp vrf {vrf} {family} {neighbor} soft in"
		                                : "clear bgp {family} {neighbor} soft in");
	}
	item->touched = "";
	return build_end(&b, PROOF_STILL_UP, BUILD_SHUT_S);
}

const char *const frr_config_reads[] = { "show running-config bgpd", NULL };

/* Of a graceful shutdown; what a withdraw put in is proven by what is advertised. */
static bool shows_restored(const struct act_context *ctx, const struct plan_item *item, struct str *words)
{
	return item->saved == NULL || strncmp(item->saved, "gshut\n", 6) != 0 || frr_gshut_shows(ctx, item, words);
}

static const struct recipe recipe_suspend = {
    .verb = VERB_SUSPEND,
    .message_max = MESSAGE_MAX,
    .reads = frr_config_reads,
    .build = suspend,
};
static const struct recipe recipe_resume = { .verb = VERB_RESUME, .reads = frr_config_reads, .build = resume };
static const struct recipe recipe_withdraw = {
    .verb = VERB_WITHDRAW,
    .reads = frr_config_reads,
    .build = withdraw,
};
static const struct recipe recipe_restore = { .verb = VERB_RESTORE, .reads = frr_config_reads, .build = restore,
	.shows = shows_restored };
static const struct recipe recipe_refresh = { .verb = VERB_REFRESH, .build = refresh };

const struct recipe *const frr_recipes[] = {
    &recipe_suspend,
    &recipe_resume,
    &recipe_withdraw,
    &frr_withdraw_prefixes,
    &recipe_restore,
    &frr_restore_prefixes,
    &frr_gshut,
    &recipe_refresh,
    NULL,
};
