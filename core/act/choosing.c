/*
 * What is decided about chosen prefixes while an item is planned, and proven afterwards.
 *
 * A prefix that is not advertised to the neighbor now is left out, said so: what we did not take away is not ours to
 * bring back.  Withdraws of other prefixes on the same session stand side by side, and a restore ends the newest.
 */
#include "core/act/action_priv.h"
#include "core/act/announced.h"

#include <string.h>

enum { NOTES_MAX = 8 };

/* What is decided about them for one item. */
struct choosing {
	struct act_context *ctx;
	struct plan_item *item;
	struct announced now;
	const char **notes;
	size_t note_count;
};

static bool is_about(const struct act_held *h, const struct plan_item *item)
{
	return strcmp(h->neighbor, item->neighbor) == 0 && strcmp(h->vrf, item->vrf) == 0;
}

static void note(struct choosing *c, const char *words)
{
	if (c->note_count + 1 < NOTES_MAX)
		c->notes[c->note_count++] = words;
}

static bool carries(const struct act_context *ctx, int version)
{
	for (size_t i = 0; i < ctx->session_count; i++)
		if (afi_version(ctx->sessions[i]->family) == version)
			return true;
	return false;
}

static struct chosen carried(struct choosing *c, struct chosen from)
{
	struct arena *a = c->ctx->arena;

	for (int v = 4; v <= 6; v += 2) {
		struct chosen out = chosen_of_version(a, from, v);

		if (out.count == 0 || carries(c->ctx, v))
			continue;
		note(c, arena_printf(a, "left out, the session carries no IPv%d: %s", v, chosen_words(a, out)));
		from = chosen_of_version(a, from, v == 4 ? 6 : 4);
	}
	return from;
}

/* Why this one is not there to be withdrawn. */
static const char *not_there(const struct choosing *c, size_t at, const struct prefix *p)
{
	struct arena *a = c->ctx->arena;
	char text[PREFIX_STRLEN], other[PREFIX_STRLEN];

	prefix_print(p, text);
	for (size_t i = 0; i < c->ctx->held_count; i++) {
		const struct act_held *h = &c->ctx->held[i];

		if (is_about(h, c->item) && chosen_has(h->prefixes, p))
			return arena_printf(a, "%s is withdrawn by us already (%s)", text, h->id);
	}
	if (c->now.holds[at].net.family != ADDR_NONE)
		return arena_printf(a, "%s is not advertised to it, only %s, which holds it", text,
		    prefix_print(&c->now.holds[at], other));
	if (c->now.inside[at] > 0)
		return arena_printf(a, "%s is not advertised to it, only %u inside of it", text, c->now.inside[at]);
	return arena_printf(a, "%s is not advertised to it now", text);
}

/* Leaves only what is advertised now: what we did not take away is not ours to bring back. */
static void narrow(struct choosing *c, struct chosen from)
{
	struct prefix *p = arena_alloc(c->ctx->arena, (from.count + 1) * sizeof(*p));
	size_t n = 0;

	for (size_t i = 0; i < from.count; i++) {
		if (c->now.of[i])
			p[n++] = from.p[i];
		else if (c->item->skip == NULL)
			c->item->skip = not_there(c, i, &from.p[i]);
	}
	c->ctx->prefixes = (struct chosen){ p, n };
	if (n == 0)
		return;
	for (size_t i = 0; i < from.count; i++)
		if (!c->now.of[i])
			note(c, arena_printf(c->ctx->arena, "left out: %s", not_there(c, i, &from.p[i])));
	c->item->skip = NULL;
}

static void choose_known(struct choosing *c, struct chosen from)
{
	c->ctx->prefixes = from;
	if (!c->now.known)
		note(c, arena_printf(c->ctx->arena, "whether they are advertised now is not known, and will not be: %s",
		    c->now.why.text));
	else if (c->ctx->verb == VERB_WITHDRAW_PREFIXES)
		narrow(c, from);
	c->item->others = c->now.others;
	c->item->prefixes = c->ctx->prefixes = chosen_copy(c->ctx->arena, c->ctx->prefixes); /* may be the job's */
}

/* What a restore of `own` leaves: the next older of ours on this session. */
static const struct act_held *held_beside(const struct act_context *ctx, const struct plan_item *item)
{
	for (const struct act_held *h = ctx->own; h > ctx->held; h--)
		if (verb_info(h[-1].verb)->inverse == VERB_RESTORE && is_about(&h[-1], item))
			return &h[-1];
	return NULL;
}

static void note_beside(struct choosing *c)
{
	const struct act_held *more = held_beside(c->ctx, c->item);
	struct arena *a = c->ctx->arena;

	if (more != NULL)
		note(c, arena_printf(a, "held all the same afterwards, by an earlier action (%s): %s%s%s; restore again for it",
		    more->id, verb_info(more->verb)->name, more->prefixes.count > 0 ? " " : "",
		    chosen_words(a, more->prefixes)));
}

static const struct act_held *held_whole(const struct act_context *ctx, const struct plan_item *item)
{
	for (size_t i = 0; i < ctx->held_count; i++)
		if (ctx->held[i].verb == VERB_WITHDRAW && is_about(&ctx->held[i], item))
			return &ctx->held[i];
	return NULL;
}

static void choose(const struct act_io *io, struct choosing *c, struct chosen from)
{
	const struct act_context *ctx = c->ctx;
	struct err why = ERR_INIT;

	if (ctx->verb == VERB_WITHDRAW_PREFIXES)
		from = carried(c, from);
	if (from.count == 0)
		c->item->skip = c->note_count > 0 ? c->notes[0] : "no prefix is chosen";
	else if (announced_read(io, ctx->sessions, ctx->session_count, from, &c->now, &why) < 0)
		c->item->skip = arena_printf(ctx->arena, "its advertised routes could not be read: %s", why.text);
	else
		choose_known(c, from);
}

void choose_prefixes(const struct act_io *io, struct act_context *ctx, struct plan_item *item, struct chosen from)
{
	struct choosing c = { .ctx = ctx, .item = item,
		.notes = arena_alloc(ctx->arena, NOTES_MAX * sizeof(const char *)) };
	const struct act_held *whole = held_whole(ctx, item);

	if (ctx->verb == VERB_RESTORE)
		note_beside(&c);
	if (ctx->verb == VERB_WITHDRAW_PREFIXES && whole != NULL)
		item->skip = arena_printf(ctx->arena, "withdrawn as a whole already (%s): restore that first", whole->id);
	else if (ctx->verb == VERB_WITHDRAW_PREFIXES || (ctx->verb == VERB_RESTORE && from.count > 0))
		choose(io, &c, from);
	c.notes[c.note_count] = NULL;
	ctx->notes = c.notes;
}

bool routes_show(const struct act_io *io, const struct act_context *ctx, const struct plan_item *item, struct str *words)
{
	struct err why = ERR_INIT;
	struct announced now;

	if (item->proof != PROOF_PREFIXES_GONE && item->proof != PROOF_PREFIXES_BACK)
		return true;
	if (announced_read(io, ctx->sessions, ctx->session_count, item->prefixes, &now, &why) == 0)
		return announced_judge(item, &now, words) == PROOF_HOLDS;
	str_clear(words);
	str_addf(words, "its advertised routes could not be read: %s", why.text);
	return false;
}
