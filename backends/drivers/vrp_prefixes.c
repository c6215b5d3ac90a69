/*
 * Withdrawing chosen prefixes on VRP and Comware: prepared, never sent.
 *
 * A list of ours takes the place in the export slot of the peer: it denies the prefixes and goes on with the entries of
 * the list that stood there, or permits everything.  A list is gone only after the slot no longer names it: a slot whose
 * list is not defined holds nothing back.
 */
#include "backends/drivers/flat.h"
#include "backends/drivers/outlist.h"
#include "backends/drivers/vrp_act.h"

#include <string.h>

/* One family of the peer whose slot takes a list of ours. */
struct taken {
	struct vrp_slot slot;
	const char *former, *now; /* names; "" none */
	struct outlist list;      /* of ours */
	bool made;                /* the list is to be made, or is there to be taken away */
};

struct change {
	struct place p;
	struct taken t[2];
	size_t count;
};

static int version_of(const struct vrp_slot *s)
{
	return s->version == 1 ? 6 : 4;
}

/* ---- lists ---- */

static bool defines_list(const struct act_context *ctx, const char *name)
{
	struct scan c = scan_of(slice_of(ctx->pre.answers[2]));
	struct slice line, word;

	while (scan_line(&c, &line)) {
		struct scan words = scan_of(line);

		for (int i = 0; i < 3 && scan_word(&words, &word); i++)
			if (slice_eq(word, name))
				return true;
	}
	return false;
}

/* "index 10 permit 203.0.113.0 24 greater-equal 25 less-equal 32" */
static bool read_entry(struct slice rest, int version, struct outlist_entry *entry)
{
	struct slice word, value;
	uint64_t n;

	*entry = (struct outlist_entry){ .permit = false };
	if (!flat_word(&rest, &word))
		return false;
	if (slice_eq(word, "index") && (!flat_word(&rest, &word) || !flat_word(&rest, &word)))
		return false;
	entry->permit = slice_eq(word, "permit");
	if ((!entry->permit && !slice_eq(word, "deny")) || !flat_word(&rest, &word) || !addr_parse(word, &entry->p.net) ||
	    entry->p.net.family != version || !flat_word(&rest, &value) || !slice_u64(value, &n) ||
	    n > (version == 4 ? 32 : 128))
		return false;
	entry->p.len = (uint8_t)n;
	while (flat_word(&rest, &word)) {
		if (!flat_word(&rest, &value) || !slice_u64(value, &n) || n > 128)
			return false;
		if (slice_eq(word, "greater-equal"))
			entry->ge = (unsigned)n;
		else if (slice_eq(word, "less-equal"))
			entry->le = (unsigned)n;
		else
			return false; /* match-network: not to be copied by what we know */
	}
	return true;
}

static void read_list(const struct build *b, const struct place *p, const struct vrp_slot *s, const char *name,
    struct outlist *out)
{
	const char *flat = flat_of(b->ctx->arena, b->ctx->pre.answers[2]);
	const char *head = arena_printf(b->ctx->arena, "%s %s", p->d->define[s->version], name);
	struct scan c = scan_of(slice_of(flat));
	struct outlist_entry entry;
	struct slice rest;

	*out = (struct outlist){ .odd = SLICE("") };
	while (flat_next(&c, head, &rest)) {
		out->defined = true;
		if (slice_starts(rest, "description"))
			continue;
		if ((!read_entry(rest, version_of(s), &entry) || !outlist_add(b->ctx->arena, out, &entry)) && out->odd.len == 0)
			out->odd = rest;
	}
}

static void make_list(struct build *b, const struct change *c, const struct taken *t, enum build_list l)
{
	struct arena *a = b->ctx->arena;

	b->args.name = t->now;
	for (size_t i = 0; i < t->list.count; i++) {
		const struct outlist_entry *entry = &t->list.e[i];

		b->args.prefix = &entry->p;
		build_line(b, l, arena_printf(a, "%s {name} index %zu %s {prefix_net} {prefix_len}%s%s", c->p.d->define[t->slot.version],
		    (i + 1) * 5, entry->permit ? "permit" : "deny",
		    entry->ge > 0 ? arena_printf(a, " greater-equal %u", entry->ge) : "",
		    entry->le > 0 ? arena_printf(a, " less-equal %u", entry->le) : ""));
	}
}

/* ---- the lines ---- */

/* The slots first or last: never does one name a list that is not there. */
static void take(struct build *b, const struct change *c, enum build_list l)
{
	build_line(b, l, "system-view");
	for (size_t i = 0; i < c->count; i++)
		if (c->t[i].made)
			make_list(b, c, &c->t[i], l);
	vrp_views(b, &c->p, l, 0);
	for (size_t i = 0; i < c->count; i++)
		vrp_slot_lines(b, &c->p, &c->t[i].slot, l, false, c->t[i].now, c->t[i].former);
	vrp_leave(b, &c->p, l, 0, 0);
}

static void give_back(struct build *b, const struct change *c, enum build_list l)
{
	bool out = false;

	build_line(b, l, "system-view");
	vrp_views(b, &c->p, l, 0);
	for (size_t i = 0; i < c->count; i++)
		vrp_slot_lines(b, &c->p, &c->t[i].slot, l, false, c->t[i].former, c->t[i].now);
	for (size_t i = 0; i < c->count; i++) {
		if (!c->t[i].made)
			continue;
		if (!out)
			build_line(b, l, "quit");
		if (!out && c->p.views[0] != '\0')
			build_line(b, l, "quit");
		out = true;
		b->args.name = c->t[i].now;
		build_line(b, l, arena_printf(b->ctx->arena, "undo %s {name}", c->p.d->define[c->t[i].slot.version]));
	}
	vrp_leave(b, &c->p, l, 0, 0);
}

/* "ipv4 FORMER NOW\n" for each family; "-" none. */
static const char *saved_words(struct arena *a, const struct change *c, bool with_now)
{
	const char *saved = "";

	for (size_t i = 0; i < c->count; i++)
		saved = arena_printf(a, "%sipv%d %s%s%s\n", saved, version_of(&c->t[i].slot),
		    c->t[i].former[0] != '\0' ? c->t[i].former : "-", with_now ? " " : "", with_now ? c->t[i].now : "");
	return saved;
}

/* ---- plans ---- */

/* The families that chosen prefixes are of. */
static int start(struct build *b, const struct act_context *ctx, struct plan_item *item, struct change *c, struct err *e)
{
	struct vrp_slot slots[2];
	size_t n;

	build_start(b, ctx, item, 0, e);
	*c = (struct change){ .count = 0 };
	if (vrp_need_place(b, &c->p) < 0 || vrp_read_slots(b, &c->p, slots, &n) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (chosen_of_version(ctx->arena, ctx->prefixes, version_of(&slots[i])).count > 0)
			c->t[c->count++] = (struct taken){ .slot = slots[i] };
	return 0;
}

int vrp_withdraw_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	const char *name = outlist_name(ctx, OUTLIST_NAME, defines_list);
	struct change c;
	struct build b;

	if (start(&b, ctx, item, &c, e) < 0)
		return -1;
	for (size_t i = 0; i < c.count; i++) {
		struct taken *t = &c.t[i];
		struct outlist before;

		t->former = t->slot.name[0];
		t->now = name;
		t->made = true;
		if (strcmp(t->former, VRP_DENY) == 0)
			return build_refuse(&b, "withdrawn as a whole: " VRP_DENY " stands in its export slot");
		read_list(&b, &c.p, &t->slot, t->former, &before);
		if (t->former[0] != '\0' && !before.defined)
			return build_refuse(&b, "its export list %s is not defined on the router: what that lets through is not known",
			    t->former);
		if (before.odd.len > 0)
			return build_refuse(&b, "its export list %s cannot be copied exactly (at most %d entries): \"%.*s\"", t->former,
			    OUTLIST_MAX, (int)before.odd.len, before.odd.p);
		outlist_without(ctx->arena, ctx->prefixes, version_of(&t->slot), before.defined ? &before : NULL, &t->list);
		if (before.defined)
			build_warn(&b, "list %s is copied as it is now: later changes of it reach this peer only after the restore",
			    t->former);
	}
	item->saved = saved_words(ctx->arena, &c, true);
	item->touched = saved_words(ctx->arena, &c, false);
	take(&b, &c, BUILD_APPLY);
	give_back(&b, &c, BUILD_UNDO);
	return build_end(&b, PROOF_PREFIXES_GONE, BUILD_ROUTES_S);
}

/* What the ledger has of one family. */
static bool saved_names(struct arena *a, const char *saved, const struct vrp_slot *s, const char **former, const char **now)
{
	struct slice rest, word;

	if (saved == NULL || !flat_find(saved, s->version == 1 ? "ipv6" : "ipv4", &rest) || !flat_word(&rest, &word) ||
	    rest.len == 0)
		return false;
	*former = slice_eq(word, "-") ? "" : arena_strndup(a, word.p, word.len);
	*now = arena_strndup(a, rest.p, rest.len);
	return true;
}

int vrp_restore_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct change all, c;
	struct build b;

	if (start(&b, ctx, item, &all, e) < 0)
		return -1;
	item->saved = ctx->own->saved;
	c = (struct change){ .p = all.p };
	for (size_t i = 0; i < all.count; i++) {
		struct taken *t = &all.t[i];
		const char *stands = t->slot.name[0];

		if (!saved_names(ctx->arena, item->saved, &t->slot, &t->former, &t->now))
			return build_refuse(&b, "the ledger does not tell what stood in the export slot before");
		if (strcmp(stands, t->now) != 0 && strcmp(stands, t->former) != 0)
			return build_refuse(&b, "%s stands in its export slot: somebody else set it after us; left as it is",
			    stands[0] != '\0' ? stands : "nothing");
		read_list(&b, &c.p, &t->slot, t->now, &t->list);
		t->made = t->list.defined && t->list.odd.len == 0;
		if (strcmp(stands, t->now) == 0)
			c.t[c.count++] = *t; /* else put back by somebody else */
	}
	item->touched = saved_words(ctx->arena, &c, true);
	if (c.count == 0) {
		build_warn(&b, "the export slot is as it was before us already: somebody else put it back; only read back");
		return build_end(&b, PROOF_PREFIXES_BACK, BUILD_ROUTES_S);
	}
	give_back(&b, &c, BUILD_APPLY);
	take(&b, &c, BUILD_UNDO);
	return build_end(&b, PROOF_PREFIXES_BACK, BUILD_ROUTES_S);
}

bool vrp_shows_prefixes(const struct act_context *ctx, const struct plan_item *item, struct str *words)
{
	struct place p;

	if (!vrp_read_place(ctx, &p)) {
		str_puts(words, "the configuration does not name the peer any more");
		return false;
	}
	for (size_t i = 0; i < ctx->session_count && i < 2; i++) {
		struct vrp_slot s = { .version = ctx->sessions[i]->family == AF_IPV6_UNICAST };
		const char *former, *now, *want;

		if (!saved_names(ctx->arena, item->saved, &s, &former, &now))
			continue; /* a family without chosen prefixes */
		vrp_read_slot(ctx, &p, &s);
		want = item->verb == VERB_RESTORE ? former : now;
		if (strcmp(s.name[0], want) == 0)
			continue;
		str_addf(words, "its export slot has %s, not %s", s.name[0][0] != '\0' ? s.name[0] : "nothing",
		    want[0] != '\0' ? want : "nothing");
		return false;
	}
	return true;
}
