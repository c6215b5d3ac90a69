/*
 * Acting on BIRD.
 *
 * Suspend and resume are birdc's disable and enable.  BIRD has no switch at run time for what is exported to one peer:
 * the configuration must include a file (hook-file) with a constant per protocol that the export filter tests,
 *     define PD_<protocol> = 0;      # 0 normal, 1 graceful shutdown, 2 nothing
 * which peerdeck edits, followed by check, `configure timeout`, proof, `configure confirm`.
 *
 * The trap: any `configure` starts every protocol that was stopped by hand, ours and other people's.  So all that are
 * down and disabled are disabled again right behind it, in the same breath, the ones we hold with their message.
 */
#include "backends/drivers/bird_act.h"
#include "backends/drivers/recipes.h"
#include "core/act/build.h"
#include "core/base/scan.h"

#include <string.h>

enum { MESSAGE_MAX = BIRD_MESSAGE_MAX, VALUE_NORMAL = 0, VALUE_GSHUT = 1, VALUE_NOTHING = 2, CONFIRM_S = 60 };
#define RECONFIGURED "^Reconfigur(ed|ation in progress)"

/* ---- suspend and resume ---- */

static int suspend(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct build b;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	build_line(&b, BUILD_APPLY,
	    ctx->message != NULL ? "disable {protocol} \"{message}\"" : "disable {protocol}")
	    ->expect = ": (already )?disabled$";
	build_line(&b, BUILD_UNDO, "enable {protocol}")->expect = "enabled$";
	build_warn(&b, "any `configure` on this router, by anybody, starts the session again");
	item->touched = "enabled";
	return build_end(&b, PROOF_ADMIN_DOWN, BUILD_SHUT_S);
}

static int resume(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct build b;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	build_line(&b, BUILD_APPLY, "enable {protocol}")->expect = "enabled$";
	build_line(&b, BUILD_UNDO, "disable {protocol}")->expect = "disabled$";
	item->touched = item->admin_down == TRI_YES ? "disabled" : "enabled";
	return build_end(&b, PROOF_ADMIN_UP, BUILD_SHUT_S);
}

/* ---- the hook ---- */

struct hook {
	const char *name;       /* "PD_as64496_v4" */
	const char *at, *end;   /* the value's digits in the file */
	unsigned value;
};

/* `define NAME = VALUE;` on a line of its own, comment behind it allowed. */
static bool parse_define(struct slice line, const char *name, struct hook *h)
{
	struct scan c = scan_of(line);
	struct slice w;
	uint64_t v;

	if (!scan_word(&c, &w) || !slice_eq(w, "define"))
		return false;
	scan_blanks(&c);
	if (!scan_lit(&c, name))
		return false;
	scan_blanks(&c);
	if (!scan_lit(&c, "="))
		return false;
	scan_blanks(&c);
	h->at = c.p;
	if (!scan_u64(&c, &v) || v > VALUE_NOTHING)
		return false;
	h->end = c.p;
	h->value = (unsigned)v;
	scan_blanks(&c);
	return scan_lit(&c, ";");
}

const char *bird_symbol(const struct act_context *ctx, const char *begin)
{
	char *name = arena_printf(ctx->arena, "%s%s", begin, text_or(ctx->sessions[0]->handle, ""));

	for (char *p = name; *p != '\0'; p++)
		if (strchr(".:-", *p) != NULL)
			*p = '_';
	return name;
}

static bool find_hook(const struct act_context *ctx, const char *file, struct hook *h)
{
	static const char *const prefix[] = { "PD_", "NOC_" };

	for (size_t i = 0; i < ARRAY_LEN(prefix); i++) {
		struct scan c = scan_of(slice_of(file));
		struct slice line;
		const char *name = bird_symbol(ctx, prefix[i]);

		h->name = name;
		while (scan_line(&c, &line))
			if (parse_define(line, name, h))
				return true;
	}
	h->name = bird_symbol(ctx, "PD_");
	return false;
}

static int not_provisioned(struct build *b, const struct hook *h)
{
	const char *file = b->ctx->router->hook_file;

	if (file == NULL)
		file = "/etc/bird/peerdeck.conf";
	return build_refuse(b,
	    "not provisioned: BIRD has no switch for this at run time. Needed, once:\n  hook-file = \"%s\"   (this "
	    "router in peerdeck.conf)\n  include \"%s\";   (bird.conf, before the protocol)\n  define %s = 0;   (in "
	    "that file)\n  if %s = 2 then reject;   (first in the protocol's export filter)\n  if %s = 1 then "
	    "bgp_community.add((65535,0));",
	    file, file, h->name, h->name, h->name);
}

static const char *with_value(const struct act_context *ctx, const char *file, const struct hook *h, unsigned v)
{
	return arena_printf(ctx->arena, "%.*s%u%s", (int)(h->at - file), file, v, h->end);
}

/* ---- what a configure would start ---- */

struct protocol_row {
	struct slice name, state, info;
};

/* Name Proto Table State Since Info; Since is one word, or two in the long form. */
static bool parse_row(struct slice line, struct protocol_row *r)
{
	struct scan c = scan_of(line);
	struct slice proto, table, since, more;
	struct scan ahead;

	if (!scan_word(&c, &r->name) || !scan_word(&c, &proto) || !scan_word(&c, &table) ||
	    !scan_word(&c, &r->state) || !scan_word(&c, &since))
		return false;
	ahead = c;
	if (scan_word(&ahead, &more) && more.len >= 8 && more.p[2] == ':' && more.p[5] == ':')
		c = ahead;
	r->info = slice_trim(scan_rest(&c));
	return true;
}

static const char *held_message(const struct act_context *ctx, const char *protocol)
{
	for (size_t i = 0; i < ctx->held_count; i++)
		if (ctx->held[i].verb == VERB_SUSPEND && strcmp(ctx->held[i].handle, protocol) == 0 &&
		    ctx->held[i].message[0] != '\0')
			return ctx->held[i].message;
	return NULL;
}

/* Disables again what is down by hand.  Gives the names of what cannot be kept as it is: limits that tripped. */
static void stop_again(struct build *b, enum build_list l, size_t needs, struct str *tripped)
{
	struct scan c = scan_of(slice_of(b->ctx->pre.answers[1]));
	struct tmpl_args mine = b->args;
	struct protocol_row r;
	struct slice line;

	while (scan_line(&c, &line)) {
		struct step *s;

		if (!parse_row(line, &r) || !slice_eq(r.state, "down"))
			continue;
		if (slice_starts(r.info, "Automatic shutdown")) {
			str_addf(tripped, "%s%.*s", tripped->len > 0 ? ", " : "", (int)r.name.len, r.name.p);
			continue;
		}
		b->args.protocol = arena_strndup(b->ctx->arena, r.name.p, r.name.len);
		b->args.message = held_message(b->ctx, b->args.protocol);
		s = build_line(
		    b, l, b->args.message != NULL ? "disable {protocol} \"{message}\"" : "disable {protocol}");
		s->expect = "disabled$";
		s->needs = needs;
	}
	b->args = mine;
}

static void warn_configure(struct build *b, size_t kept, const struct str *tripped)
{
	build_warn(b, "`configure` also applies whatever else was changed in the configuration files since the last one");
	if (kept > 0)
		build_warn(b,
		    "`configure` starts the %zu protocol%s that somebody stopped; %s stopped again right after, but may "
		    "come up for a moment", kept, kept == 1 ? "" : "s", kept == 1 ? "it is" : "they are");
	if (tripped->len > 0)
		build_warn(b, "`configure` starts protocols again that a route limit stopped: %.400s", tripped->p);
}

int bird_reconfigure(struct build *b, const char *now, const char *before, enum proof_kind proof)
{
	const char *path = b->ctx->router->hook_file;
	struct str tripped, again;
	size_t configured;
	struct step *s;

	str_init(&tripped, 4096);
	str_init(&again, 4096);
	b->args.number = CONFIRM_S;
	build_file(b, BUILD_APPLY, path, now);
	build_line(b, BUILD_APPLY, "configure check")->expect = "^Configuration OK";
	configured = build_at(b, BUILD_APPLY);
	build_line(b, BUILD_APPLY, "configure timeout {number}")->expect = RECONFIGURED;
	stop_again(b, BUILD_APPLY, 0, &tripped);
	build_line(b, BUILD_CONFIRM, "configure confirm")->expect = "^Reconfiguration confirmed";

	build_file(b, BUILD_UNDO, path, before);
	s = build_line(b, BUILD_UNDO, "configure undo");
	s->expect = RECONFIGURED;
	s->needs = configured;
	stop_again(b, BUILD_UNDO, configured, &again);
	warn_configure(b, build_at(b, BUILD_APPLY) - configured - 1, &tripped);
	str_fini(&tripped);
	str_fini(&again);
	b->item->undo_unproven = true;
	return build_end(b, proof, BUILD_ROUTES_S);
}

static int set_value(const struct act_context *ctx, struct plan_item *item, unsigned value,
    enum proof_kind proof, struct err *e)
{
	const char *file = ctx->pre.answers[0];
	struct build b;
	struct hook h;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	if (!find_hook(ctx, file, &h) || ctx->router->hook_file == NULL)
		return not_provisioned(&b, &h);
	if (h.value == value)
		return build_refuse(&b, "%s is %u already in %s", h.name, value, ctx->router->hook_file);
	item->touched = arena_printf(ctx->arena, "define %s = %u;", h.name, h.value);
	item->saved = arena_printf(ctx->arena, "%u", h.value);
	return bird_reconfigure(&b, with_value(ctx, file, &h, value), file, proof);
}

static int withdraw(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	return set_value(ctx, item, VALUE_NOTHING, PROOF_NOTHING_SENT, e);
}

static int gshut(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	return set_value(ctx, item, VALUE_GSHUT, PROOF_STILL_UP, e);
}

static int restore(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	unsigned ours = ctx->own->verb == VERB_WITHDRAW ? VALUE_NOTHING : VALUE_GSHUT;
	const char *file = ctx->pre.answers[0];
	struct build b;
	struct hook h;
	uint64_t former;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	if (!find_hook(ctx, file, &h) || ctx->router->hook_file == NULL)
		return not_provisioned(&b, &h);
	if (!slice_u64(slice_of(ctx->own->saved), &former) || former > VALUE_NOTHING)
		return build_refuse(&b, "the ledger does not tell the former value of %s", h.name);
	item->touched = arena_printf(ctx->arena, "define %s = %u;", h.name, h.value);
	item->saved = arena_printf(ctx->arena, "%u", h.value);
	if (h.value == ours)
		return bird_reconfigure(&b, with_value(ctx, file, &h, (unsigned)former), file, PROOF_SENT_AGAIN);
	if (h.value != former)
		return build_refuse(&b, "%s is %u: somebody else set it after us (%u), and it was %u before; left as it is",
		    h.name, h.value, ours, (unsigned)former);
	build_warn(&b, "%s is %u already: somebody else put it back; only read back", h.name, h.value);
	return build_end(&b, PROOF_SENT_AGAIN, BUILD_ROUTES_S);
}

static int refresh(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	bool v2 = strstr(ctx->version, " 2.") != NULL;
	struct build b;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	build_line(&b, BUILD_APPLY, v2 ? "reload in {protocol}" : "reload bgp in {protocol}")->expect =
	    "reloading";
	item->touched = "";
	return build_end(&b, PROOF_STILL_UP, BUILD_SHUT_S);
}

const char *const bird_hook_reads[] = { "file:{hook_file}", "show protocols", NULL };

static const struct recipe recipe_suspend = {
    .verb = VERB_SUSPEND,
    .message_max = MESSAGE_MAX,
    .build = suspend,
};
static const struct recipe recipe_resume = { .verb = VERB_RESUME, .build = resume };
static const struct recipe recipe_withdraw = { .verb = VERB_WITHDRAW, .reads = bird_hook_reads, .build = withdraw };
static const struct recipe recipe_restore = { .verb = VERB_RESTORE, .reads = bird_hook_reads, .build = restore };
static const struct recipe recipe_gshut = { .verb = VERB_GSHUT, .reads = bird_hook_reads, .build = gshut };
static const struct recipe recipe_refresh = { .verb = VERB_REFRESH, .build = refresh };

const struct recipe *const bird_recipes[] = {
    &recipe_suspend,
    &recipe_resume,
    &recipe_withdraw,
    &bird_withdraw_prefixes,
    &recipe_restore,
    &bird_restore_prefixes,
    &recipe_gshut,
    &recipe_refresh,
    NULL,
};
