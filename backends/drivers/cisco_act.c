/* Opening, closing, suspend, resume, refresh; see cisco_act.h. */
#include "backends/drivers/cisco_act.h"
#include "core/base/scan.h"

#include <string.h>

enum { OCTETS_MAX = 128 };

const struct cisco_way *cisco_way_of(const struct act_context *ctx)
{
	return ctx->recipe->way;
}

static bool in_vrf(const struct build *b)
{
	return !text_empty(b->ctx->sessions[0]->vrf);
}

int cisco_start(struct build *b, const struct act_context *ctx, struct plan_item *item, struct peerconf *conf,
    struct err *e)
{
	const struct cisco_way *w = cisco_way_of(ctx);
	const struct session *s = ctx->sessions[0];

	build_start(b, ctx, item, OCTETS_MAX, e);
	(w->read != NULL ? w->read : peerconf_read)(ctx->pre.answers[0], s, conf);
	if (!conf->found)
		return build_refuse(b, "the running configuration does not name this neighbor%s%s",
		    in_vrf(b) ? " in VRF " : "", text_or(s->vrf, ""));
	if ((!w->paths || conf->asn_in_path) && !asn_parse(conf->asn, &b->args.asn))
		return build_refuse(b, "the AS number of its `router bgp` cannot be read");
	return w->ready != NULL ? w->ready(b) : 0;
}

struct step *cisco_open(struct build *b, enum build_list l)
{
	const struct cisco_way *w = cisco_way_of(b->ctx);
	struct step *s = build_line(b, l, w->open);

	s->enters = w->paths;
	return s;
}

/* ---- where a statement goes ---- */

static void line(struct cisco_edit *d, const char *tmpl)
{
	build_line(d->b, d->list, tmpl)->needs = d->needs;
}

void cisco_enter(struct cisco_edit *d, int family)
{
	const struct cisco_way *w = d->way;
	bool vrf = in_vrf(d->b), holds = vrf && w->family_holds_vrf;
	int first = peerconf_index(d->b->ctx->sessions[0]->family);

	d->family = family;
	if (w->paths)
		return;
	if (w->up != NULL && (d->entered || d->list == BUILD_UNDO))
		line(d, w->up);
	d->entered = true;
	line(d, "router bgp {asn}");
	if (vrf && !holds)
		line(d, "vrf {vrf}");
	if (w->nested)
		line(d, "neighbor {neighbor}");
	if (holds && family < 0)
		family = first < 0 ? 0 : first;
	if (family < 0)
		return;
	d->b->args.family = w->family[family];
	line(d, holds ? "address-family {family} vrf {vrf}" : "address-family {family}");
}

/* "set protocols bgp neighbor X address-family ipv4-unicast STATEMENT" */
static const char *path_of(struct cisco_edit *d, bool no, const char *statement)
{
	struct peerconf conf;

	d->way->read(d->b->ctx->pre.answers[0], d->b->ctx->sessions[0], &conf);
	if (d->family >= 0)
		d->b->args.family = d->way->family[d->family];
	return arena_printf(d->b->ctx->arena, "%s %sprotocols bgp %sneighbor {neighbor} %s%s", no ? "delete" : "set",
	    in_vrf(d->b) ? "vrf name {vrf} " : "", conf.asn_in_path ? "{asn} " : "",
	    d->family >= 0 ? "address-family {family} " : "", statement);
}

struct step *cisco_say(struct cisco_edit *d, bool no, const char *statement)
{
	const char *tmpl = d->way->paths ? path_of(d, no, statement)
	                                 : arena_printf(d->b->ctx->arena, "%s%s%s", no ? "no " : "",
	                                       d->way->nested ? "" : "neighbor {neighbor} ", statement);
	struct step *s = build_line(d->b, d->list, tmpl);

	s->needs = d->needs;
	return s;
}

static void leave(struct build *b, enum build_list l, const char *tmpl, size_t needs)
{
	struct step *s = build_line(b, l, tmpl);

	s->needs = needs;
	s->leave = true;
}

static void undo_immediate(struct build *b, size_t first, size_t trace, void (*inverse)(struct cisco_edit *d, const void *what),
    const void *what)
{
	const struct cisco_way *w = cisco_way_of(b->ctx);
	struct cisco_edit d = { .b = b, .way = w, .list = BUILD_UNDO, .needs = first, .trace = trace };

	cisco_open(b, BUILD_UNDO)->needs = trace;
	inverse(&d, what);
	leave(b, BUILD_UNDO, w->close, trace);
}

static void undo_commit(struct build *b, size_t committed, void (*inverse)(struct cisco_edit *d, const void *what),
    const void *what)
{
	const struct cisco_way *w = cisco_way_of(b->ctx);
	struct cisco_edit d = { .b = b, .way = w, .list = BUILD_UNDO, .needs = committed, .trace = committed };

	if (w->undo != NULL) {
		build_line(b, BUILD_UNDO, w->undo)->needs = committed;
		return;
	}
	if (w->confirm == NULL)
		cisco_open(b, BUILD_UNDO)->needs = committed;
	inverse(&d, what);
	for (size_t i = 0; w->confirm != NULL && w->confirm[i] != NULL; i++)
		build_line(b, BUILD_UNDO, w->confirm[i])->needs = committed;
	if (w->confirm == NULL) {
		build_line(b, BUILD_UNDO, w->close)->needs = committed;
		build_line(b, BUILD_UNDO, w->after)->needs = committed;
	}
	build_line(b, BUILD_UNDO, w->rescue)->rescue = true;
}

void cisco_close(struct build *b, size_t first, size_t trace, void (*inverse)(struct cisco_edit *d, const void *what),
    const void *what)
{
	const struct cisco_way *w = cisco_way_of(b->ctx);
	size_t committed = build_at(b, BUILD_APPLY);

	if (w->rescue == NULL) {
		leave(b, BUILD_APPLY, w->close, 0);
		undo_immediate(b, first, trace, inverse, what);
		return;
	}
	b->args.number = CISCO_CONFIRM_S;
	build_line(b, BUILD_APPLY, w->close);
	build_line(b, BUILD_APPLY, w->rescue)->rescue = true;
	if (w->confirm == NULL)
		build_line(b, BUILD_APPLY, w->after);
	for (size_t i = 0; w->confirm != NULL && w->confirm[i] != NULL; i++)
		build_line(b, BUILD_CONFIRM, w->confirm[i]);
	undo_commit(b, committed, inverse, what);
	b->item->undo_unproven = w->confirm != NULL;
}

/* ---- suspend and resume ---- */

static void shut(struct cisco_edit *d, const void *no)
{
	cisco_enter(d, -1);
	cisco_say(d, *(const bool *)no, "shutdown");
}

int cisco_suspend(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	static const bool no = true;
	struct peerconf conf;
	struct cisco_edit d;
	struct build b;
	size_t first;

	if (cisco_start(&b, ctx, item, &conf, e) < 0)
		return -1;
	if (conf.shutdown)
		return build_refuse(&b, "already shut in the running configuration");
	item->touched = "no shutdown";
	d = (struct cisco_edit){ .b = &b, .way = cisco_way_of(ctx), .list = BUILD_APPLY };
	cisco_open(&b, BUILD_APPLY);
	cisco_enter(&d, -1);
	first = build_at(&b, BUILD_APPLY);
	if (ctx->message != NULL)
		build_warn(&b, "whether the text reaches the peer has not been proven on this OS");
	cisco_say(&d, false, ctx->message != NULL ? "shutdown reason {message}" : "shutdown");
	cisco_close(&b, first, first, shut, &no);
	return build_end(&b, PROOF_ADMIN_DOWN, BUILD_SHUT_S);
}

int cisco_resume(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	static const bool again = false;
	struct peerconf conf;
	struct cisco_edit d;
	struct build b;
	size_t first;

	if (cisco_start(&b, ctx, item, &conf, e) < 0)
		return -1;
	item->touched = conf.shutdown ? "shutdown" : "no shutdown";
	if (!conf.shutdown && conf.group_shutdown)
		return build_refuse(&b, "shut by %.*s, which it inherits from, not by itself", (int)conf.group[0].len,
		    conf.group[0].p);
	if (!conf.shutdown) {
		build_warn(&b, "no longer shut: somebody else opened it; only read back");
		return build_end(&b, PROOF_ADMIN_UP, BUILD_SHUT_S);
	}
	d = (struct cisco_edit){ .b = &b, .way = cisco_way_of(ctx), .list = BUILD_APPLY };
	cisco_open(&b, BUILD_APPLY);
	cisco_enter(&d, -1);
	first = build_at(&b, BUILD_APPLY);
	cisco_say(&d, true, "shutdown");
	cisco_close(&b, first, first, shut, &again);
	return build_end(&b, PROOF_ADMIN_UP, BUILD_SHUT_S);
}

/* ---- refresh ---- */

int cisco_refresh(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	const struct cisco_way *w = cisco_way_of(ctx);
	const char *tmpl = w->soft_in;
	struct build b;

	build_start(&b, ctx, item, OCTETS_MAX, e);
	if (in_vrf(&b)) {
		if (w->soft_in_vrf == NULL)
			return build_refuse(&b, "%s", w->vrf_unknown);
		tmpl = w->soft_in_vrf;
	}
	for (size_t i = 0; i < ctx->session_count; i++) {
		int f = peerconf_index(ctx->sessions[i]->family);

		if (f < 0)
			continue;
		b.args.family = f == 0 ? "ipv4 unicast" : "ipv6 unicast";
		build_line(&b, BUILD_APPLY, tmpl);
	}
	if (build_at(&b, BUILD_APPLY) == 0)
		return build_refuse(&b, "carries neither IPv4 nor IPv6 unicast");
	item->touched = "";
	return build_end(&b, PROOF_STILL_UP, BUILD_SHUT_S);
}
