/*
 * Acting on Junos.
 *
 * Everything goes through `configure exclusive` and `commit confirmed`: a private copy would be kinder to colleagues, but
 * Junos allows no `commit confirmed` there.  Exclusive refuses to begin while somebody has uncommitted edits, so nobody
 * else's work is ever committed or thrown away.  Undoing is the inverse statement, never `rollback N`, which would take
 * back what others have committed since; `rollback 0` only empties our own candidate after a refusal.
 *
 * A policy is never hung onto or taken off a neighbor: that can move it between internal groups and reset it.  To announce
 * nothing, the neighbor's first export policy has an inactive term WITHDRAW, which is activated.
 *
 * A poll does not tell "shut by us" on Junos: the configuration, read again, does.
 */
#include "backends/drivers/flat.h"
#include "backends/drivers/junos_act.h"
#include "backends/drivers/recipes.h"
#include "backends/drivers/version.h"
#include "core/act/build.h"

#include <string.h>

enum { MESSAGE_MAX = 128, CONFIRM_MIN = 5 };
#define COMMITTED "commit complete"

int junos_need_place(struct build *b, struct junos_place *p)
{
	if (!junos_place_read(b->ctx, p))
		return build_refuse(b,
		    "the configuration that this login may read does not name this neighbor by itself (an `allow` range, "
		    "apply-groups, or no permission)");
	if (junos_place_inactive(b->ctx->arena, p))
		return build_refuse(b, "deactivated in the configuration: not ours to bring back");
	b->args.name = p->group;
	return 0;
}

/* shutdown and graceful-shutdown are statements of 19.1 and later. */
static int need_release(struct build *b, const char *statement)
{
	if (version_least(b->ctx->version, 19, 1))
		return 0;
	return build_refuse(b, "%s has no `%s` for a neighbor: Junos has it from 19.1 on",
	    b->ctx->version[0] != '\0' ? b->ctx->version : "a release that is not known", statement);
}

/* ---- writing ---- */

/* A line below the neighbor, in whatever instance it is. */
static struct step *leaf_line(struct build *b, enum build_list l, const char *verb, const char *leaf)
{
	bool instance = !text_empty(b->ctx->sessions[0]->vrf);

	return build_line(b, l,
	    arena_printf(b->ctx->arena, "%s %sprotocols bgp group {name} neighbor {neighbor} %s", verb,
	        instance ? "routing-instances {vrf} " : "", leaf));
}

void junos_begin(struct build *b, enum build_list l, size_t needs)
{
	build_line(b, l, "configure exclusive")->needs = needs;
}

static void leave(struct build *b, enum build_list l, size_t needs)
{
	/* A bare `exit` would log out where `configure` was refused. */
	struct step *s = build_line(b, l, "exit configuration-mode");

	s->needs = needs;
	s->leave = true;
}

/* Behind the statement of apply: the commit that reverts by itself.  Gives its number. */
size_t junos_commit_confirmed(struct build *b)
{
	size_t at = build_at(b, BUILD_APPLY);

	b->args.number = CONFIRM_MIN;
	build_line(b, BUILD_APPLY, "commit confirmed {number}")->expect = COMMITTED;
	build_line(b, BUILD_APPLY, "rollback 0")->rescue = true;
	leave(b, BUILD_APPLY, 0);
	junos_begin(b, BUILD_CONFIRM, 0);
	build_line(b, BUILD_CONFIRM, "commit")->expect = COMMITTED;
	leave(b, BUILD_CONFIRM, 0);
	b->item->undo_unproven = true;
	b->item->persists = true;
	junos_begin(b, BUILD_UNDO, at);
	return at;
}

/* Behind the statement of undo. */
int junos_finish(struct build *b, size_t committed, enum proof_kind proof, unsigned deadline_s)
{
	struct step *s = build_line(b, BUILD_UNDO, "commit");

	s->expect = COMMITTED;
	s->needs = committed;
	s = build_line(b, BUILD_UNDO, "rollback 0");
	s->rescue = true;
	s->needs = committed;
	leave(b, BUILD_UNDO, committed);
	return build_end(b, proof, deadline_s);
}

static int nothing_left(struct build *b, const char *what, enum proof_kind proof)
{
	build_warn(b, "%s: somebody else did that; only read back", what);
	return build_end(b, proof, BUILD_SHUT_S);
}

/* ---- suspend and resume ---- */

static const char *shut_words(struct arena *a, const struct junos_place *p)
{
	if (!p->shut)
		return "no shutdown";
	return p->message[0] == '\0' ? "shutdown" : arena_printf(a, "shutdown notify-message %s", p->message);
}

static const char *shut_leaf(const char *message)
{
	return message != NULL ? "shutdown notify-message \"{message}\"" : "shutdown";
}

static int suspend(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct junos_place p;
	struct build b;
	size_t at;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	if (need_release(&b, "shutdown") < 0 || junos_need_place(&b, &p) < 0)
		return -1;
	if (p.shut)
		return build_refuse(&b, "already shut in the configuration");
	item->touched = shut_words(ctx->arena, &p);
	junos_begin(&b, BUILD_APPLY, 0);
	leaf_line(&b, BUILD_APPLY, "set", shut_leaf(ctx->message));
	at = junos_commit_confirmed(&b);
	leaf_line(&b, BUILD_UNDO, "delete", "shutdown")->needs = at;
	return junos_finish(&b, at, PROOF_NOT_UP, BUILD_SHUT_S);
}

static int resume(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct err ignored = ERR_INIT;
	struct junos_place p;
	struct build b;
	size_t at;

	build_start(&b, ctx, item, MESSAGE_MAX, e);
	if (junos_need_place(&b, &p) < 0)
		return -1;
	item->touched = shut_words(ctx->arena, &p);
	if (!p.shut && ctx->own == NULL)
		return build_refuse(&b, "not shut by its own statement (perhaps by its group, or down for another reason)");
	if (!p.shut)
		return nothing_left(&b, "no longer shut", PROOF_SHOWN);
	junos_begin(&b, BUILD_APPLY, 0);
	leaf_line(&b, BUILD_APPLY, "delete", "shutdown");
	at = junos_commit_confirmed(&b);
	b.args.message = p.message[0] != '\0' && tmpl_message_check(p.message, MESSAGE_MAX, &ignored) == 0
	    ? p.message : NULL;
	if (p.message[0] != '\0' && b.args.message == NULL)
		build_warn(&b, "its notify-message holds characters that peerdeck does not send: an undo shuts without it");
	leaf_line(&b, BUILD_UNDO, "set", shut_leaf(b.args.message))->needs = at;
	return junos_finish(&b, at, PROOF_SHOWN, BUILD_SHUT_S);
}

/* ---- withdraw ---- */

static int not_provisioned(struct build *b, const struct junos_place *p, const char *why)
{
	const struct session *s = b->ctx->sessions[0];
	const char *name = s->remote_as != ASN_UNKNOWN ? arena_printf(b->ctx->arena, "NOC-AS%u-OUT", s->remote_as)
	                                               : "NOC-PEER-OUT";

	return build_refuse(b,
	    "not provisioned: %s. Needed, once, in a maintenance window because the session may be reset:\n"
	    "  set policy-options policy-statement %s term WITHDRAW then reject\n"
	    "  set policy-options policy-statement %s term PASS then next policy\n"
	    "  deactivate policy-options policy-statement %s term WITHDRAW\n"
	    "  %s export [ %s ... ]   (first of the neighbor's own list, then the policies of now; used by no other)",
	    why, name, name, name, p->neighbor, name);
}

static int check_term(struct build *b, const struct junos_place *p, struct junos_term *t)
{
	if (p->policy[0] == '\0')
		return not_provisioned(b, p, "the neighbor has no export policy of its own");
	if (junos_place_shared(p))
		return not_provisioned(b, p, "its first export policy is used by other neighbors too");
	junos_term_read(b->ctx->arena, flat_of(b->ctx->arena, b->ctx->pre.answers[2]), p->policy, t);
	if (!t->first || !t->rejects || t->matches)
		return not_provisioned(b, p, "its first export policy does not begin with a term WITHDRAW that rejects all");
	b->args.name = p->policy;
	return 0;
}

static int toggle(struct build *b, bool activate, enum proof_kind proof)
{
	static const char *const tmpl[2] = { "deactivate policy-options policy-statement {name}" JUNOS_TERM,
		"activate policy-options policy-statement {name}" JUNOS_TERM };
	size_t at;

	junos_begin(b, BUILD_APPLY, 0);
	build_line(b, BUILD_APPLY, tmpl[activate]);
	at = junos_commit_confirmed(b);
	build_line(b, BUILD_UNDO, tmpl[!activate])->needs = at;
	return junos_finish(b, at, proof, BUILD_ROUTES_S);
}

static int withdraw(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct junos_place p;
	struct junos_term t;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (junos_need_place(&b, &p) < 0 || check_term(&b, &p, &t) < 0)
		return -1;
	if (!t.inactive)
		return build_refuse(&b, "already withdrawn: term WITHDRAW of %s is active", p.policy);
	item->saved = p.policy;
	item->touched = arena_printf(ctx->arena, "export %s, term WITHDRAW inactive", p.exports);
	return toggle(&b, true, PROOF_NOTHING_SENT);
}

/* ---- graceful shutdown ---- */

static int gshut_steps(struct build *b, bool on)
{
	size_t at;

	junos_begin(b, BUILD_APPLY, 0);
	leaf_line(b, BUILD_APPLY, on ? "set" : "delete", "graceful-shutdown sender");
	at = junos_commit_confirmed(b);
	leaf_line(b, BUILD_UNDO, on ? "delete" : "set", "graceful-shutdown sender")->needs = at;
	return junos_finish(b, at, PROOF_STILL_UP, BUILD_ROUTES_S);
}

static int gshut(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct junos_place p;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (need_release(&b, "graceful-shutdown sender") < 0 || junos_need_place(&b, &p) < 0)
		return -1;
	if (p.gshut)
		return build_refuse(&b, "graceful-shutdown sender stands in the configuration already");
	item->saved = "no graceful-shutdown sender";
	item->touched = item->saved;
	return gshut_steps(&b, true);
}

static int restore_withdrawn(struct build *b, struct junos_place *p)
{
	struct plan_item *item = b->item;
	struct junos_term t;

	item->saved = b->ctx->own->saved;
	if (strcmp(p->policy, item->saved) != 0)
		return build_refuse(b, "its first export policy was %s and is now %s: look at it first", item->saved,
		    p->policy[0] != '\0' ? p->policy : "none");
	if (check_term(b, p, &t) < 0)
		return -1;
	item->touched = arena_printf(b->ctx->arena, "export %s, term WITHDRAW %s", p->exports,
	    t.inactive ? "inactive" : "active");
	if (t.inactive)
		return nothing_left(b, "term WITHDRAW is no longer active", PROOF_SENT_AGAIN);
	return toggle(b, false, PROOF_SENT_AGAIN);
}

static int restore(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct junos_place p;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (junos_need_place(&b, &p) < 0)
		return -1;
	if (ctx->own->verb == VERB_WITHDRAW)
		return restore_withdrawn(&b, &p);
	item->saved = ctx->own->saved;
	item->touched = p.gshut ? "graceful-shutdown sender" : "no graceful-shutdown sender";
	if (!p.gshut)
		return nothing_left(&b, "graceful-shutdown sender is no longer there", PROOF_STILL_UP);
	return gshut_steps(&b, false);
}

static int refresh(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct build b;

	build_start(&b, ctx, item, 0, e);
	build_line(&b, BUILD_APPLY, text_empty(ctx->sessions[0]->vrf)
	    ? "clear bgp neighbor {neighbor} soft-inbound" : "clear bgp neighbor {neighbor} instance {vrf} soft-inbound");
	item->touched = "";
	return build_end(&b, PROOF_STILL_UP, BUILD_SHUT_S);
}

/* ---- what the configuration must show afterwards ---- */

static bool shows_leaves(const struct act_context *ctx, const struct plan_item *item, struct str *words)
{
	struct junos_place p;
	bool want = item->verb == VERB_SUSPEND || item->verb == VERB_GSHUT, have;

	if (!junos_place_read(ctx, &p)) {
		str_puts(words, "the configuration does not name the neighbor any more");
		return false;
	}
	have = item->verb == VERB_SUSPEND || item->verb == VERB_RESUME ? p.shut : p.gshut;
	if (have != want)
		str_addf(words, "the configuration %s %s", have ? "still has" : "has no",
		    item->verb == VERB_GSHUT || item->verb == VERB_RESTORE ? "graceful-shutdown sender" : "shutdown");
	return have == want;
}

static bool shows_term(const struct act_context *ctx, const struct plan_item *item, struct str *words)
{
	bool want = item->verb == VERB_WITHDRAW;
	struct junos_term t;

	if (item->verb == VERB_RESTORE && item->saved != NULL && strchr(item->saved, ' ') != NULL)
		return shows_leaves(ctx, item, words);
	junos_term_read(ctx->arena, flat_of(ctx->arena, ctx->pre.answers[2]), item->saved, &t);
	if (t.inactive == want)
		str_addf(words, "term WITHDRAW of %s is %s", item->saved, t.inactive ? "still inactive" : "still active");
	return t.inactive != want;
}

#define BGP "show configuration protocols bgp | display set", "show configuration routing-instances | display set"
static const char *const bgp[] = { BGP, NULL };
const char *const junos_bgp_and_policies[] = { BGP, "show configuration policy-options | display set", NULL };

static const struct recipe recipe_suspend = {
    .verb = VERB_SUSPEND,
    .message_max = MESSAGE_MAX,
    .reads = bgp,
    .build = suspend,
    .shows = shows_leaves,
};
static const struct recipe recipe_resume = {
    .verb = VERB_RESUME,
    .reads = bgp,
    .build = resume,
    .shows = shows_leaves,
};
static const struct recipe recipe_withdraw = {
    .verb = VERB_WITHDRAW,
    .reads = junos_bgp_and_policies,
    .build = withdraw,
    .shows = shows_term,
};
static const struct recipe recipe_restore = {
    .verb = VERB_RESTORE,
    .reads = junos_bgp_and_policies,
    .build = restore,
    .shows = shows_term,
};
static const struct recipe recipe_gshut = {
    .verb = VERB_GSHUT,
    .reads = bgp,
    .build = gshut,
    .shows = shows_leaves,
};
static const struct recipe recipe_refresh = { .verb = VERB_REFRESH, .build = refresh };

const struct recipe *const junos_recipes[] = {
    &recipe_suspend,
    &recipe_resume,
    &recipe_withdraw,
    &junos_withdraw_prefixes,
    &recipe_restore,
    &junos_restore_prefixes,
    &recipe_gshut,
    &recipe_refresh,
    NULL,
};
