/*
 * Acting on OpenBGPD.
 *
 * Suspend and resume are bgpctl's own.  To announce nothing to one neighbor, a `deny quick to X` goes into a file that
 * bgpd.conf includes (hook-file), and the configuration is reloaded after `bgpd -n` found no fault.  A reload wipes the
 * down flag and text of every session that was shut by bgpctl, although it stays Idle: they are shut again right after.
 * Exit codes and "request processed" prove nothing; the read-back does.
 */
#include "backends/drivers/recipes.h"
#include "core/act/build.h"
#include "core/base/scan.h"

#include <string.h>

enum { MESSAGE_MAX = 255 };
#define DEFAULT_CONFIG "/etc/bgpd.conf"
#define PROCESSED "request processed"

static int suspend(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct build b;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	build_line(&b, BUILD_APPLY,
	    ctx->message != NULL ? "neighbor {neighbor} down \"{message}\"" : "neighbor {neighbor} down")
	    ->expect = PROCESSED;
	build_line(&b, BUILD_UNDO, "neighbor {neighbor} up")->expect = PROCESSED;
	build_warn(&b, "a reload of bgpd wipes the mark of it (the session stays down); a restart ends it");
	item->touched = "up";
	return build_end(&b, PROOF_ADMIN_DOWN, BUILD_SHUT_S);
}

/* Also when the flag is gone: after a reload the session is Idle for good, and only `up` brings it back. */
static int resume(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct build b;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	build_line(&b, BUILD_APPLY, "neighbor {neighbor} up")->expect = PROCESSED;
	build_line(&b, BUILD_UNDO, "neighbor {neighbor} down")->expect = PROCESSED;
	item->touched = item->admin_down == TRI_YES ? "down" : "up";
	return build_end(&b, PROOF_ADMIN_UP, BUILD_SHUT_S);
}

static int not_provisioned(struct build *b)
{
	return build_refuse(b,
	    "not provisioned: to withdraw, peerdeck needs a file of its own that bgpd.conf includes after its other "
	    "filter rules:\n  touch /etc/bgpd/peerdeck.conf\n  include \"/etc/bgpd/peerdeck.conf\"   (last line of "
	    "bgpd.conf)\n  hook-file = \"/etc/bgpd/peerdeck.conf\"   (this router in peerdeck.conf)");
}

/* The message that a shut session carries, if we may send it again. */
static const char *down_message(const struct act_context *ctx, const struct session *s)
{
	struct err ignored = ERR_INIT;

	for (size_t i = 0; i < ctx->held_count; i++) {
		const struct act_held *h = &ctx->held[i];

		if (h->verb == VERB_SUSPEND && strcmp(h->neighbor, text_or(s->neighbor, "")) == 0 &&
		    h->message[0] != '\0')
			return h->message;
	}
	if (!text_empty(s->own_message) && tmpl_message_check(s->own_message.s, MESSAGE_MAX, &ignored) == 0)
		return s->own_message.s;
	return NULL;
}

static bool is_held(const struct act_context *ctx, const struct session *s)
{
	for (size_t i = 0; i < ctx->held_count; i++)
		if (ctx->held[i].verb == VERB_SUSPEND &&
		    strcmp(ctx->held[i].neighbor, text_or(s->neighbor, "")) == 0)
			return true;
	return false;
}

/* What must be shut again after a reload: what is shut now, and what we hold though its mark was wiped. */
static bool stays_down(const struct act_context *ctx, size_t at)
{
	const struct session *s = &ctx->snap->sessions[at];

	if (at > 0 && text_same(ctx->snap->sessions[at - 1].neighbor, s->neighbor))
		return false;
	if (s->state == BGP_ESTABLISHED || s->peer.family == ADDR_NONE)
		return false;
	return s->admin_down == TRI_YES || is_held(ctx, s);
}

static void shut_again(struct build *b, enum build_list l, size_t needs)
{
	const struct act_context *ctx = b->ctx;
	struct tmpl_args mine = b->args;

	for (size_t i = 0; i < ctx->snap->count; i++) {
		const struct session *s = &ctx->snap->sessions[i];
		struct step *step;

		if (!stays_down(ctx, i))
			continue;
		b->args.neighbor = &s->peer;
		b->args.message = down_message(ctx, s);
		step = build_line(b, l,
		    b->args.message != NULL ? "neighbor {neighbor} down \"{message}\""
		                            : "neighbor {neighbor} down");
		step->expect = PROCESSED;
		step->needs = needs;
	}
	b->args = mine;
}

/* Writes `now` instead of `before`, checks, reloads. */
static int reload(struct build *b, const char *now, const char *before, enum proof_kind proof)
{
	const char *path = b->ctx->router->hook_file;
	size_t reloaded;

	b->args.path = b->ctx->router->config_file != NULL ? b->ctx->router->config_file : DEFAULT_CONFIG;
	build_file(b, BUILD_APPLY, path, now);
	build_run(b, BUILD_APPLY, "bgpd -n -f {path}")->expect = "configuration OK";
	reloaded = build_at(b, BUILD_APPLY);
	build_line(b, BUILD_APPLY, "reload")->expect = PROCESSED;
	shut_again(b, BUILD_APPLY, 0);

	build_file(b, BUILD_UNDO, path, before);
	{
		struct step *back = build_line(b, BUILD_UNDO, "reload");

		back->expect = PROCESSED;
		back->needs = reloaded;
	}
	shut_again(b, BUILD_UNDO, reloaded);
	b->item->undo_unproven = true;
	build_warn(b, "the reload also applies whatever else was changed in %s since the last one", b->args.path);
	if (build_at(b, BUILD_APPLY) > reloaded + 1)
		build_warn(b, "the reload wipes the mark of the sessions that are shut; they are shut again right after");
	return build_end(b, proof, BUILD_ROUTES_S);
}

static bool has_line(const char *text, const char *line)
{
	struct scan c = scan_of(slice_of(text));
	struct slice l;

	while (scan_line(&c, &l))
		if (slice_eq(slice_trim(l), line))
			return true;
	return false;
}

static const char *without_line(struct arena *a, const char *text, const char *line)
{
	struct scan c = scan_of(slice_of(text));
	struct slice l;
	struct str out;
	const char *r;

	str_init(&out, 1 << 20);
	for (const char *from = c.p; scan_line(&c, &l); from = c.p)
		if (!slice_eq(slice_trim(l), line))
			str_add(&out, from, (size_t)(c.p - from));
	r = arena_strndup(a, out.p, out.len);
	str_fini(&out);
	return r;
}

static const char *with_line(struct arena *a, const char *text, const char *line)
{
	size_t n = strlen(text);

	return arena_printf(a, "%s%s%s\n", text, n > 0 && text[n - 1] != '\n' ? "\n" : "", line);
}

static int add_rule(const struct act_context *ctx, struct plan_item *item, const char *tmpl,
    enum proof_kind proof, struct err *e)
{
	const char *file = ctx->pre.answers[0], *line;
	struct build b;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	if (ctx->router->hook_file == NULL)
		return not_provisioned(&b);
	line = tmpl_line(ctx->arena, tmpl, &b.args, e);
	if (line == NULL)
		return -1;
	if (has_line(file, line))
		return build_refuse(&b, "\"%s\" stands in %s already", line, ctx->router->hook_file);
	item->saved = line;
	item->touched = "(no such rule)";
	return reload(&b, with_line(ctx->arena, file, line), file, proof);
}

static int withdraw(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	return add_rule(ctx, item, "deny quick to {neighbor}", PROOF_NOTHING_SENT, e);
}

static int gshut(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	return add_rule(
	    ctx, item, "match to {neighbor} set community GRACEFUL_SHUTDOWN", PROOF_STILL_UP, e);
}

/* One rule per prefix; it takes that prefix alone, nothing inside of it. */
static int withdraw_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	const char *file = ctx->pre.answers[0], *lines = "";
	struct build b;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	if (ctx->router->hook_file == NULL)
		return not_provisioned(&b);
	for (size_t i = 0; i < ctx->prefixes.count; i++) {
		const char *line;

		b.args.prefix = &ctx->prefixes.p[i];
		line = tmpl_line(ctx->arena, "deny quick to {neighbor} prefix {prefix}", &b.args, e);
		if (line == NULL)
			return -1;
		if (has_line(file, line))
			return build_refuse(&b, "\"%s\" stands in %s already", line, ctx->router->hook_file);
		lines = arena_printf(ctx->arena, "%s%s%s", lines, i > 0 ? "\n" : "", line);
	}
	item->saved = lines;
	item->touched = "(no such rule)";
	return reload(&b, with_line(ctx->arena, file, lines), file, PROOF_PREFIXES_GONE);
}

static int restore_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	const char *before = ctx->pre.answers[0], *now = before, *there = "";
	struct scan c = scan_of(slice_of(ctx->own->saved));
	struct slice line;
	struct build b;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	if (ctx->router->hook_file == NULL)
		return not_provisioned(&b);
	while (scan_line(&c, &line)) {
		const char *rule = arena_strndup(ctx->arena, line.p, line.len);

		if (!has_line(now, rule))
			continue;
		there = arena_printf(ctx->arena, "%s%s\n", there, rule);
		now = without_line(ctx->arena, now, rule);
	}
	item->saved = ctx->own->saved;
	item->touched = there[0] != '\0' ? there : "(no such rule)";
	if (there[0] != '\0')
		return reload(&b, now, before, PROOF_PREFIXES_BACK);
	build_warn(&b, "the rules are no longer in %s: somebody else took them out; only read back", ctx->router->hook_file);
	return build_end(&b, PROOF_PREFIXES_BACK, BUILD_ROUTES_S);
}

static int restore(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	const char *file = ctx->pre.answers[0], *line = ctx->own->saved;
	struct build b;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	if (ctx->router->hook_file == NULL)
		return not_provisioned(&b);
	item->saved = line;
	item->touched = line;
	if (has_line(file, line))
		return reload(&b, without_line(ctx->arena, file, line), file, PROOF_SENT_AGAIN);
	item->touched = "(no such rule)";
	build_warn(&b, "\"%s\" is no longer in %s: somebody else took it out; only read back", line,
	    ctx->router->hook_file);
	return build_end(&b, PROOF_SENT_AGAIN, BUILD_ROUTES_S);
}

static int refresh(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct build b;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	build_line(&b, BUILD_APPLY, "neighbor {neighbor} refresh")->expect = PROCESSED;
	item->touched = "";
	return build_end(&b, PROOF_STILL_UP, BUILD_SHUT_S);
}

static const char *const hook[] = { "file:{hook_file}", NULL };

static const struct recipe recipe_suspend = {
    .verb = VERB_SUSPEND,
    .message_max = MESSAGE_MAX,
    .build = suspend,
};
static const struct recipe recipe_resume = { .verb = VERB_RESUME, .build = resume };
static const struct recipe recipe_withdraw = { .verb = VERB_WITHDRAW, .reads = hook, .build = withdraw };
static const struct recipe recipe_restore = { .verb = VERB_RESTORE, .reads = hook, .build = restore };
static const struct recipe recipe_withdraw_prefixes = { .verb = VERB_WITHDRAW_PREFIXES, .reads = hook,
	.build = withdraw_prefixes };
static const struct recipe recipe_restore_prefixes = { .verb = VERB_RESTORE, .of_prefixes = true, .reads = hook,
	.build = restore_prefixes };
static const struct recipe recipe_gshut = { .verb = VERB_GSHUT, .reads = hook, .build = gshut };
static const struct recipe recipe_refresh = { .verb = VERB_REFRESH, .build = refresh };

const struct recipe *const openbgpd_recipes[] = {
    &recipe_suspend,
    &recipe_resume,
    &recipe_withdraw,
    &recipe_withdraw_prefixes,
    &recipe_restore,
    &recipe_restore_prefixes,
    &recipe_gshut,
    &recipe_refresh,
    NULL,
};
