/*
 * Acting on GoBGP.
 *
 * `disable --reason` loses the text in every version seen; `shutdown --reason` sends it but the session comes back by
 * itself: so the one, and right after it the other.  Up to 4.5 a withdraw to one peer empties the adj-out that it
 * shows while the peer keeps every route: refused.
 */
#include "backends/drivers/recipes.h"
#include "core/act/build.h"

enum { MESSAGE_MAX = 128 }; /* a longer one is refused by the CLI */

static int suspend(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct build b;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	if (ctx->message != NULL && item->established)
		build_line(&b, BUILD_APPLY, "neighbor {neighbor} shutdown --reason \"{message}\"");
	build_line(&b, BUILD_APPLY, "neighbor {neighbor} disable");
	build_line(&b, BUILD_UNDO, "neighbor {neighbor} enable");
	build_warn(&b, "until the next restart of gobgpd: it keeps no such change");
	item->touched = "enabled";
	return build_end(&b, PROOF_ADMIN_DOWN, BUILD_SHUT_S);
}

static int resume(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct build b;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	build_line(&b, BUILD_APPLY, "neighbor {neighbor} enable");
	build_line(&b, BUILD_UNDO, "neighbor {neighbor} disable");
	item->touched = item->admin_down == TRI_YES ? "disabled" : "enabled";
	return build_end(&b, PROOF_ADMIN_UP, BUILD_SHUT_S);
}

static int no_withdraw(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	bool bare = ctx->version[0] == '\0' || (ctx->version[0] >= '0' && ctx->version[0] <= '9');

	(void)item;
	return err_set(e, ERR_REFUSED,
	    "%s%s%s cannot change what one peer is sent: it has no export policy per peer, and before 4.6.0 it sends no "
	    "withdrawals when a policy changes (its adj-out looks empty while the peer keeps every route). From "
	    "4.6.0 on that is said to be mended, but peerdeck has not proven it there. Suspend the session instead.",
	    bare ? "GoBGP" : "", bare && ctx->version[0] != '\0' ? " " : "", ctx->version);
}

static int refresh(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct build b;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	build_line(&b, BUILD_APPLY, "neighbor {neighbor} softresetin");
	item->touched = "";
	return build_end(&b, PROOF_STILL_UP, BUILD_SHUT_S);
}

static const struct recipe recipe_suspend = {
    .verb = VERB_SUSPEND,
    .message_max = MESSAGE_MAX,
    .build = suspend,
};
static const struct recipe recipe_resume = { .verb = VERB_RESUME, .build = resume };
static const struct recipe recipe_withdraw = { .verb = VERB_WITHDRAW, .build = no_withdraw };
static const struct recipe recipe_withdraw_prefixes = { .verb = VERB_WITHDRAW_PREFIXES, .build = no_withdraw };
static const struct recipe recipe_restore = { .verb = VERB_RESTORE, .build = no_withdraw };
static const struct recipe recipe_gshut = { .verb = VERB_GSHUT, .build = no_withdraw };
static const struct recipe recipe_refresh = { .verb = VERB_REFRESH, .build = refresh };

const struct recipe *const gobgp_recipes[] = {
    &recipe_suspend,
    &recipe_resume,
    &recipe_withdraw,
    &recipe_withdraw_prefixes,
    &recipe_restore,
    &recipe_gshut,
    &recipe_refresh,
    NULL,
};
