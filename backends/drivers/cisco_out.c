/*
 * Withdraw, graceful shutdown and restore: one name in the out side of a neighbor, changed and put back.
 *
 * What was there goes into the ledger as lines "ipv4 neighbor|family KIND FORMER NOW" ("-": the place was free), or as
 * the one word "graceful" where the OS has a statement of its own.
 */
#include "backends/drivers/cisco_act.h"
#include "core/base/scan.h"

#include <string.h>

static const char *const family_word[PEERCONF_FAMILIES] = { "ipv4", "ipv6" };
static const char *const kind_word[PEERCONF_KINDS] = { "prefix-list", "route-map", "route-policy" };
static const char *const kind_out[PEERCONF_KINDS] = { "prefix-list {name} out", "route-map {name} out",
	"route-policy {name} out" };
/* VyOS: set, delete */
static const char *const kind_export[PEERCONF_KINDS][2] = { { "prefix-list export {name}", "prefix-list export" },
	{ "route-map export {name}", "route-map export" }, { NULL, NULL } };

static const char *text_of(const struct build *b, struct slice s)
{
	return arena_strndup(b->ctx->arena, s.p, s.len);
}

static bool same(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

/* ---- lines ---- */

/* Puts `to` where `from` stands. */
static void set(struct cisco_edit *d, const struct cisco_change *c, int family, struct slice from, struct slice to)
{
	cisco_enter(d, c->place[family].top ? -1 : family);
	d->b->args.name = text_of(d->b, to.len > 0 ? to : from);
	cisco_say(d, to.len == 0, d->way->paths ? kind_export[c->kind][to.len == 0] : kind_out[c->kind]);
}

void cisco_put_back(struct cisco_edit *d, const void *what)
{
	const struct cisco_change *c = what;

	if (c->graceful) {
		cisco_enter(d, -1);
		cisco_say(d, true, d->way->graceful);
	}
	for (int f = 0; f < PEERCONF_FAMILIES; f++)
		if (c->place[f].wanted)
			set(d, c, f, c->place[f].now, c->place[f].former);
}

void cisco_put_ours(struct cisco_edit *d, const void *what)
{
	const struct cisco_change *c = what;

	if (c->graceful) {
		cisco_enter(d, -1);
		cisco_say(d, false, d->way->graceful);
	}
	for (int f = 0; f < PEERCONF_FAMILIES; f++)
		if (c->place[f].wanted)
			set(d, c, f, c->place[f].former, c->place[f].now);
}

/* Some send their routes anew only when asked. */
static void send_anew(struct build *b, const struct cisco_change *c, enum build_list l, size_t needs)
{
	const struct cisco_way *w = cisco_way_of(b->ctx);

	for (int f = 0; w->soft_out != NULL && f < PEERCONF_FAMILIES; f++) {
		if (!c->place[f].wanted)
			continue;
		b->args.family = f == 0 ? "ipv4 unicast" : "ipv6 unicast";
		build_line(b, l, w->soft_out)->needs = needs;
	}
}

void cisco_change_steps(struct build *b, const struct cisco_change *c, const void *what, size_t trace,
    void (*forward)(struct cisco_edit *, const void *), void (*backward)(struct cisco_edit *, const void *))
{
	struct cisco_edit d = { .b = b, .way = cisco_way_of(b->ctx), .list = BUILD_APPLY };
	size_t first = build_at(b, BUILD_APPLY);

	forward(&d, what);
	cisco_close(b, first + 1, trace > 0 ? trace : first + 1, backward, what); /* behind `router bgp` */
	if (!text_empty(b->ctx->sessions[0]->vrf) && d.way->soft_out != NULL && !c->graceful) {
		b->item->prepare_only = d.way->vrf_unknown;
		return;
	}
	send_anew(b, c, BUILD_APPLY, 0);
	send_anew(b, c, BUILD_UNDO, first + 1);
}

/* ---- what stands there ---- */

int cisco_wanted_families(struct build *b, struct cisco_change *c)
{
	for (size_t i = 0; i < b->ctx->session_count; i++) {
		enum afi_safi af = b->ctx->sessions[i]->family;
		int f = peerconf_index(af);

		if (f < 0)
			return build_refuse(b, "carries %s, whose out side peerdeck does not handle on this OS",
			    afi_safi_word(af) == NULL ? "an unknown address family" : afi_safi_word(af));
		c->place[f].wanted = true;
	}
	return 0;
}

static int check_inherited(struct build *b, const struct peerconf *conf, enum peerconf_kind kind, int f)
{
	const struct cisco_way *w = cisco_way_of(b->ctx);
	struct slice inherited = conf->family[f].slot[kind].inherited;

	if (inherited.len == 0 || conf->family[f].slot[kind].name.len > 0)
		return 0;
	if (!w->group_yields)
		return build_refuse(b, "inherits %s %.*s out from %.*s: a member's out side cannot be set for itself alone",
		    kind_word[kind], (int)inherited.len, inherited.p, (int)conf->group[0].len, conf->group[0].p);
	build_warn(b, "%s inherits %s %.*s out: overridden for this neighbor only, inherited again afterwards",
	    family_word[f], kind_word[kind], (int)inherited.len, inherited.p);
	return 0;
}

int cisco_read_places(struct build *b, const struct peerconf *conf, struct cisco_change *c)
{
	struct err ignored = ERR_INIT;

	for (int f = 0; f < PEERCONF_FAMILIES; f++) {
		const struct peerconf_slot *slot = &conf->family[f].slot[c->kind];
		struct cisco_place *p = &c->place[f];

		if (!p->wanted)
			continue;
		p->former = slot->name;
		p->top = slot->name.len > 0 ? slot->top : !cisco_way_of(b->ctx)->nested &&
		    !cisco_way_of(b->ctx)->paths && !conf->family[f].block;
		if (f == 1 && slot->name.len == 0)
			p->top = false; /* IPv6 has no place outside of its address-family */
		if (slot->name.len > 0 && tmpl_name_check("the name", text_of(b, slot->name), &ignored) < 0)
			return build_refuse(b, "its %s out, %.*s, has a name that peerdeck does not send back",
			    kind_word[c->kind], (int)slot->name.len, slot->name.p);
		if (check_inherited(b, conf, c->kind, f) < 0)
			return -1;
		if (c->kind == PEERCONF_LIST && conf->family[f].distribute)
			return build_refuse(b, "%s has a distribute-list or filter-list out beside: not possible without "
			    "touching the operator's filter", family_word[f]);
	}
	return 0;
}

const char *cisco_save(const struct build *b, const struct cisco_change *c, bool with_now)
{
	const char *saved = c->graceful ? "graceful\n" : "";

	for (int f = 0; f < PEERCONF_FAMILIES; f++) {
		const struct cisco_place *p = &c->place[f];

		if (!p->wanted)
			continue;
		saved = arena_printf(b->ctx->arena, "%s%s %s %s %.*s%s%.*s\n", saved, family_word[f],
		    p->top ? "neighbor" : "family", kind_word[c->kind], p->former.len > 0 ? (int)p->former.len : 1,
		    p->former.len > 0 ? p->former.p : "-", with_now ? " " : "", with_now ? (int)p->now.len : 0, p->now.p);
	}
	return saved;
}

bool cisco_read_saved(const char *saved, struct cisco_change *c)
{
	struct scan lines = scan_of(slice_of(saved));
	struct slice line, word[5];
	bool any = false;

	*c = (struct cisco_change){ .kind = PEERCONF_LIST };
	while (scan_line(&lines, &line)) {
		struct scan words = scan_of(line);
		size_t n = 0;

		c->graceful |= slice_eq(line, "graceful");
		while (n < ARRAY_LEN(word) && scan_word(&words, &word[n]))
			n++;
		for (int f = 0; n == ARRAY_LEN(word) && f < PEERCONF_FAMILIES; f++) {
			if (!slice_eq(word[0], family_word[f]))
				continue;
			any = true;
			c->place[f] = (struct cisco_place){ .wanted = true, .top = slice_eq(word[1], "neighbor"),
				.former = slice_eq(word[3], "-") ? SLICE("") : word[3], .now = word[4] };
			for (int k = 0; k < PEERCONF_KINDS; k++)
				if (slice_eq(word[2], kind_word[k]))
					c->kind = (enum peerconf_kind)k;
		}
	}
	return any || c->graceful;
}

/* ---- withdraw ---- */

int cisco_withdraw(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	const struct cisco_way *w = cisco_way_of(ctx);
	struct cisco_change c = { .kind = w->deny };
	bool families[PEERCONF_FAMILIES];
	struct peerconf conf;
	struct build b;

	if (cisco_start(&b, ctx, item, &conf, e) < 0 || cisco_wanted_families(&b, &c) < 0 || cisco_read_places(&b, &conf, &c) < 0)
		return -1;
	for (int f = 0; f < PEERCONF_FAMILIES; f++) {
		struct cisco_place *p = &c.place[f];

		families[f] = p->wanted;
		p->now = slice_of(w->deny_name);
		if (p->wanted && same(p->former, p->now))
			return build_refuse(&b, "already withdrawn: %s stands in its out side", w->deny_name);
		if (p->wanted && w->free_is_silent && p->former.len == 0 && conf.family[f].slot[w->deny].inherited.len == 0)
			return build_refuse(&b, "%s has no %s out: nothing is announced there", family_word[f], kind_word[w->deny]);
	}
	item->saved = cisco_save(&b, &c, true);
	item->touched = cisco_save(&b, &c, false);
	cisco_open(&b, BUILD_APPLY);
	if (w->deny_ready(&b, families) < 0)
		return -1;
	cisco_change_steps(&b, &c, &c, 0, cisco_put_ours, cisco_put_back);
	return build_end(&b, PROOF_NOTHING_SENT, CISCO_ROUTES_S);
}

int cisco_list_ready(struct build *b, const bool family[PEERCONF_FAMILIES])
{
	static const char *const define[PEERCONF_FAMILIES] = { "ip prefix-list " CISCO_DENY_LIST " seq 5 deny 0.0.0.0/0 le 32",
		"ipv6 prefix-list " CISCO_DENY_LIST " seq 5 deny ::/0 le 128" };

	for (int f = 0; f < PEERCONF_FAMILIES; f++) {
		enum peerconf_list now;

		if (!family[f])
			continue;
		now = peerconf_prefix_list(b->ctx->pre.answers[1], f == 0 ? 4 : 6, CISCO_DENY_LIST);
		if (now == PEERCONF_OTHER_LIST)
			return build_refuse(b, "the %s prefix-list " CISCO_DENY_LIST " exists and does not deny everything: mend or "
			    "remove it first", f == 0 ? "ip" : "ipv6");
		if (now == PEERCONF_DENIES_ALL)
			continue;
		build_line(b, BUILD_APPLY, define[f]);
		b->item->prepare_only = "The prefix-list " CISCO_DENY_LIST " is not on the router, and how this OS treats one that "
		    "is missing or new is not proven. Once it is there, and peerdeck reads that it denies all, this is sent.";
	}
	return 0;
}

/* ---- graceful shutdown ---- */

static int mark_places(struct build *b, const struct peerconf *conf, struct cisco_change *c)
{
	const struct cisco_way *w = cisco_way_of(b->ctx);

	c->kind = w->mark;
	if (cisco_wanted_families(b, c) < 0 || cisco_read_places(b, conf, c) < 0)
		return -1;
	for (int f = 0; f < PEERCONF_FAMILIES; f++) {
		struct cisco_place *p = &c->place[f];
		const char *variant;

		if (!p->wanted)
			continue;
		if (p->former.len == 0)
			return build_refuse(b, "not provisioned: %s has no %s out of its own whose marking variant could take its "
			    "place", family_word[f], kind_word[w->mark]);
		if (slice_ends(p->former, CISCO_GSHUT_SUFFIX))
			return build_refuse(b, "already marked: %.*s stands in its out side", (int)p->former.len, p->former.p);
		variant = arena_printf(b->ctx->arena, "%.*s" CISCO_GSHUT_SUFFIX, (int)p->former.len, p->former.p);
		if (!w->defined(b->ctx, variant))
			return build_refuse(b, "not provisioned: needed, once, a %s %s: as %.*s, and every route gets the community "
			    "65535:0.\n%s", kind_word[w->mark], variant, (int)p->former.len, p->former.p, w->mark_kit);
		p->now = slice_of(variant);
	}
	return 0;
}

int cisco_gshut(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	const struct cisco_way *w = cisco_way_of(ctx);
	struct cisco_change c = { .graceful = w->graceful != NULL };
	struct peerconf conf;
	struct build b;

	if (cisco_start(&b, ctx, item, &conf, e) < 0)
		return -1;
	if (c.graceful && conf.graceful)
		return build_refuse(&b, "already active: %s", w->graceful);
	if (!c.graceful && mark_places(&b, &conf, &c) < 0)
		return -1;
	for (size_t i = 0; c.graceful && w->deny == PEERCONF_POLICY && i < ctx->session_count; i++) {
		int f = peerconf_index(ctx->sessions[i]->family);

		if (f >= 0 && !conf.family[f].gshut_community)
			return build_refuse(&b, "not provisioned: without `send-community-gshut-ebgp` in its address-family %s the "
			    "community does not reach the peer", w->family[f]);
	}
	if (c.graceful && w->deny != PEERCONF_POLICY)
		build_warn(&b, "the neighbor needs send-community, and its out route-map may take precedence over the marking");
	item->saved = cisco_save(&b, &c, true);
	item->touched = c.graceful ? "not graceful" : cisco_save(&b, &c, false);
	cisco_open(&b, BUILD_APPLY);
	cisco_change_steps(&b, &c, &c, 0, cisco_put_ours, cisco_put_back);
	return build_end(&b, PROOF_STILL_UP, CISCO_ROUTES_S);
}

/* ---- restore ---- */

/* 0 if what stands there is ours, 1 if it is as before us already, -1 refused. */
int cisco_compare_places(struct build *b, const struct peerconf *conf, struct cisco_change *c)
{
	bool any = c->graceful && conf->graceful;

	for (int f = 0; f < PEERCONF_FAMILIES; f++) {
		struct cisco_place *p = &c->place[f];
		struct slice stands = conf->family[f].slot[c->kind].name;

		if (!p->wanted)
			continue;
		if (same(stands, p->now)) {
			any = true;
			continue;
		}
		if (!same(stands, p->former))
			return build_refuse(b, "%s has %s %.*s out now: somebody else set it after us; left as it is", family_word[f],
			    kind_word[c->kind], stands.len > 0 ? (int)stands.len : 4, stands.len > 0 ? stands.p : "none");
		p->wanted = false; /* put back by somebody else */
	}
	return any ? 0 : 1;
}

int cisco_restore(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct peerconf conf;
	struct cisco_change c;
	struct build b;
	int as_before;

	if (cisco_start(&b, ctx, item, &conf, e) < 0)
		return -1;
	if (!cisco_read_saved(ctx->own->saved, &c))
		return build_refuse(&b, "the ledger does not tell what stood in the out side before");
	as_before = cisco_compare_places(&b, &conf, &c);
	if (as_before < 0)
		return -1;
	item->saved = ctx->own->saved;
	item->touched = cisco_save(&b, &c, true);
	if (as_before > 0) {
		build_warn(&b, "the out side is as it was before us already: somebody else put it back; only read back");
		return build_end(&b, PROOF_SENT_AGAIN, CISCO_ROUTES_S);
	}
	cisco_open(&b, BUILD_APPLY);
	cisco_change_steps(&b, &c, &c, 0, cisco_put_back, cisco_put_ours);
	return build_end(&b, PROOF_SENT_AGAIN, CISCO_ROUTES_S);
}

/* ---- read back ---- */

static bool shows_places(const struct peerconf *conf, const char *saved, bool restored, struct str *words)
{
	struct cisco_change c;

	if (!cisco_read_saved(saved, &c) || (c.graceful && conf->graceful == restored)) {
		str_puts(words, "the configuration does not show it");
		return false;
	}
	for (int f = 0; f < PEERCONF_FAMILIES; f++) {
		struct slice stands = conf->family[f].slot[c.kind].name;

		if (!c.place[f].wanted || same(stands, restored ? c.place[f].former : c.place[f].now))
			continue;
		str_addf(words, "the configuration shows %s %.*s out for %s", kind_word[c.kind],
		    stands.len > 0 ? (int)stands.len : 2, stands.len > 0 ? stands.p : "no", family_word[f]);
		return false;
	}
	return true;
}

bool cisco_shows(const struct act_context *ctx, const struct plan_item *item, struct str *words)
{
	const struct cisco_way *w = cisco_way_of(ctx);
	struct peerconf conf;

	(w->read != NULL ? w->read : peerconf_read)(ctx->pre.answers[0], ctx->sessions[0], &conf);
	switch (item->verb) {
	case VERB_SUSPEND:
	case VERB_RESUME:
		if (conf.found && conf.shutdown == (item->verb == VERB_SUSPEND))
			return true;
		str_addf(words, "the configuration shows it %sshut", conf.shutdown ? "" : "not ");
		return false;
	case VERB_REFRESH:
		return true;
	default:
		return shows_places(&conf, item->saved, item->verb == VERB_RESTORE, words);
	}
}
