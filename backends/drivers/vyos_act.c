/*
 * Acting on VyOS: its own configuration, in the login's CLI; a change made in vtysh would be undone by the next commit.
 *
 * Nothing must be provisioned: the list that denies all is set in the same commit.  There is no text for the peer (the
 * model has a leaf without a value), and no commit-confirm: unconfirmed, it reboots the router.
 */
#include "backends/drivers/cisco_act.h"
#include "backends/drivers/outlist.h"
#include "backends/drivers/recipes.h"
#include "core/base/scan.h"

#include <string.h>

/* A word of "show configuration commands", values without their apostrophes. */
static bool next_word(struct scan *c, struct slice *word)
{
	if (!scan_word(c, word))
		return false;
	if (word->len >= 2 && word->p[0] == '\'' && word->p[word->len - 1] == '\'')
		*word = (struct slice){ word->p + 1, word->len - 2 };
	return true;
}

/* "set [vrf name V] protocols bgp [N] neighbor|peer-group WHO", with c behind it. */
struct path {
	struct slice vrf, asn, kind, who;
	struct scan rest;
};

static bool read_path(struct slice line, struct path *p)
{
	struct scan c = scan_of(line);
	struct slice w;

	*p = (struct path){ .vrf = SLICE(""), .asn = SLICE("") };
	if (!next_word(&c, &w) || !slice_eq(w, "set") || !next_word(&c, &w))
		return false;
	if (slice_eq(w, "vrf") && (!next_word(&c, &w) || !next_word(&c, &p->vrf) || !next_word(&c, &w)))
		return false;
	if (!slice_eq(w, "protocols") || !next_word(&c, &w) || !slice_eq(w, "bgp") || !next_word(&c, &p->kind))
		return false;
	if (p->kind.len > 0 && p->kind.p[0] >= '0' && p->kind.p[0] <= '9') {
		p->asn = p->kind;
		if (!next_word(&c, &p->kind))
			return false;
	}
	if (!next_word(&c, &p->who))
		return false;
	p->rest = c;
	return slice_eq(p->kind, "neighbor") || slice_eq(p->kind, "peer-group");
}

/* "prefix-list export 'NAME'" of one address family. */
static void take_family(struct peerconf_family *f, struct scan c, bool inherited)
{
	struct slice what, side, name;
	struct peerconf_slot *slot;

	if (!next_word(&c, &what) || !next_word(&c, &side) || !slice_eq(side, "export") || !next_word(&c, &name))
		return;
	f->distribute |= slice_eq(what, "distribute-list") || slice_eq(what, "filter-list");
	if (!slice_eq(what, "prefix-list") && !slice_eq(what, "route-map"))
		return;
	slot = &f->slot[slice_eq(what, "prefix-list") ? PEERCONF_LIST : PEERCONF_MAP];
	*(inherited ? &slot->inherited : &slot->name) = name;
}

static void take(struct peerconf *out, struct scan c, bool inherited)
{
	struct slice what, word;

	if (!next_word(&c, &what))
		return;
	if (slice_eq(what, "shutdown")) {
		*(inherited ? &out->group_shutdown : &out->shutdown) = true;
	} else if (slice_eq(what, "peer-group") && !inherited && next_word(&c, &word)) {
		out->group[0] = word;
		out->groups = 1;
	} else if (slice_eq(what, "address-family") && next_word(&c, &word)) {
		int f = slice_eq(word, "ipv4-unicast") ? 0 : slice_eq(word, "ipv6-unicast") ? 1 : -1;

		if (f >= 0)
			take_family(&out->family[f], c, inherited);
	}
}

static bool is_neighbor(const struct path *p, const struct session *s)
{
	struct addr a;

	if (!slice_eq(p->kind, "neighbor") || !slice_eq(p->vrf, text_or(s->vrf, "")))
		return false;
	if (s->peer.family != ADDR_NONE)
		return addr_parse(p->who, &a) && addr_equal(&a, &s->peer);
	return slice_eq(p->who, text_or(s->neighbor, ""));
}

static void read_commands(const char *config, const struct session *s, struct peerconf *out)
{
	struct scan lines = scan_of(slice_of(config));
	struct slice line;
	struct path p;

	*out = (struct peerconf){ .asn = { "", 0 } };
	while (scan_line(&lines, &line)) {
		if (!read_path(line, &p) || !is_neighbor(&p, s))
			continue;
		out->found = true;
		out->asn = p.asn;
		out->asn_in_path = p.asn.len > 0;
		take(out, p.rest, false);
	}
	lines = scan_of(slice_of(config));
	while (out->groups > 0 && scan_line(&lines, &line))
		if (read_path(line, &p) && slice_eq(p.kind, "peer-group") && p.who.len == out->group[0].len &&
		    memcmp(p.who.p, out->group[0].p, p.who.len) == 0)
			take(out, p.rest, true);
}

/* ---- policies ---- */

/* Lines "set policy KIND NAME ..."; `other`: of them, those that are not among `ours`. */
static size_t policy_lines(const char *config, const char *kind, const char *name, const char *const *ours, size_t *other)
{
	struct scan lines = scan_of(slice_of(config));
	struct slice line, w;
	size_t n = 0;

	*other = 0;
	while (scan_line(&lines, &line)) {
		struct scan c = scan_of(line);
		bool known = false;

		if (!next_word(&c, &w) || !slice_eq(w, "set") || !next_word(&c, &w) || !slice_eq(w, "policy") ||
		    !next_word(&c, &w) || !slice_eq(w, kind) || !next_word(&c, &w) || !slice_eq(w, name))
			continue;
		n++;
		line = slice_trim(scan_rest(&c));
		for (size_t i = 0; ours != NULL && ours[i] != NULL; i++)
			known |= slice_eq(line, ours[i]);
		*other += !known;
	}
	return n;
}

static int list_ready(struct build *b, const bool family[PEERCONF_FAMILIES])
{
	static const struct {
		const char *kind, *set[3], *shown[5];
	} lists[PEERCONF_FAMILIES] = {
		{ "prefix-list", { "action deny", "le 32", "prefix 0.0.0.0/0" },
		    { "rule 10 action 'deny'", "rule 10 le '32'", "rule 10 prefix '0.0.0.0/0'", "rule 10", NULL } },
		{ "prefix-list6", { "action deny", "le 128", "prefix ::/0" },
		    { "rule 10 action 'deny'", "rule 10 le '128'", "rule 10 prefix '::/0'", "rule 10", NULL } },
	};
	bool stays = false;

	for (int f = 0; f < PEERCONF_FAMILIES; f++) {
		size_t other;

		if (!family[f])
			continue;
		stays |= policy_lines(b->ctx->pre.answers[0], lists[f].kind, CISCO_DENY_LIST, lists[f].shown, &other) == 0;
		if (other > 0)
			return build_refuse(b, "the %s " CISCO_DENY_LIST " exists with more than a rule 10 that denies everything: "
			    "mend or remove it first", lists[f].kind);
		for (size_t i = 0; i < ARRAY_LEN(lists[f].set); i++) /* set again it is no change */
			build_line(b, BUILD_APPLY, arena_printf(b->ctx->arena, "set policy %s " CISCO_DENY_LIST " rule 10 %s",
			    lists[f].kind, lists[f].set[i]));
	}
	if (stays)
		build_warn(b, "the list " CISCO_DENY_LIST " stays defined afterwards: it denies all, and nothing uses it");
	return 0;
}

/* ---- chosen prefixes ---- */

static const char *const list_kind[PEERCONF_FAMILIES] = { "prefix-list", "prefix-list6" };

/* "rule 10 le '24'" into the entry of that rule; rules come in order, their lines together. */
static bool take_rule(struct arena *a, struct outlist *l, uint64_t *rule, struct scan c, int version)
{
	struct outlist_entry *e;
	struct slice w, value;
	uint64_t n;

	if (!next_word(&c, &w) || !slice_eq(w, "rule"))
		return slice_eq(w, "description");
	if (!next_word(&c, &w) || !slice_u64(w, &n))
		return false;
	if (n != *rule && !outlist_add(a, l, &(struct outlist_entry){ .permit = false }))
		return false;
	*rule = n;
	e = &l->e[l->count - 1];
	if (!next_word(&c, &w))
		return true;
	if (!next_word(&c, &value))
		return slice_eq(w, "description");
	if (slice_eq(w, "action"))
		e->permit = slice_eq(value, "permit");
	else if (slice_eq(w, "prefix"))
		return prefix_parse(value, &e->p) && e->p.net.family == version;
	else if ((slice_eq(w, "ge") || slice_eq(w, "le")) && slice_u64(value, &n) && n <= 128)
		*(slice_eq(w, "ge") ? &e->ge : &e->le) = (unsigned)n;
	else
		return slice_eq(w, "description");
	return true;
}

static void read_list(struct arena *a, const char *config, int family, const char *name, struct outlist *out)
{
	struct scan lines = scan_of(slice_of(config));
	struct slice line, w;
	uint64_t rule = 0;

	*out = (struct outlist){ .odd = SLICE("") };
	while (scan_line(&lines, &line)) {
		struct scan c = scan_of(line);

		if (!next_word(&c, &w) || !slice_eq(w, "set") || !next_word(&c, &w) || !slice_eq(w, "policy") ||
		    !next_word(&c, &w) || !slice_eq(w, list_kind[family]) || !next_word(&c, &w) || !slice_eq(w, name))
			continue;
		out->defined = true;
		if (!take_rule(a, out, &rule, c, family == 0 ? 4 : 6) && out->odd.len == 0)
			out->odd = line;
	}
	for (size_t i = 0; i < out->count; i++)
		if (out->e[i].p.net.family == ADDR_NONE && out->odd.len == 0)
			out->odd = SLICE("a rule without a prefix");
}

static bool list_made(const struct act_context *ctx, const char *name)
{
	size_t other;

	return policy_lines(ctx->pre.answers[0], list_kind[0], name, NULL, &other) > 0 ||
	    policy_lines(ctx->pre.answers[0], list_kind[1], name, NULL, &other) > 0;
}

static void rule_line(struct build *b, enum build_list l, int family, size_t rule, const char *what, size_t needs)
{
	build_line(b, l, arena_printf(b->ctx->arena, "set policy %s {name} rule %zu %s", list_kind[family], rule, what))->needs =
	    needs;
}

static int list_make(struct build *b, enum build_list l, int family, const char *former, const char *name, size_t needs)
{
	struct outlist before, list;

	read_list(b->ctx->arena, b->ctx->pre.answers[0], family, former, &before);
	if (former[0] != '\0' && (!before.defined || before.odd.len > 0))
		return build_refuse(b, "its export list %s cannot be copied exactly%s%.*s", former,
		    before.defined ? ": " : ": it is not defined", (int)before.odd.len, before.odd.p);
	outlist_without(b->ctx->arena, b->ctx->prefixes, family == 0 ? 4 : 6, former[0] != '\0' ? &before : NULL, &list);
	b->args.name = name;
	for (size_t i = 0; i < list.count; i++) {
		const struct outlist_entry *e = &list.e[i];

		rule_line(b, l, family, (i + 1) * 10, e->permit ? "action permit" : "action deny", needs);
		b->args.prefix = &e->p;
		rule_line(b, l, family, (i + 1) * 10, "prefix {prefix}", needs);
		if (e->ge > 0)
			rule_line(b, l, family, (i + 1) * 10, arena_printf(b->ctx->arena, "ge %u", e->ge), needs);
		if (e->le > 0)
			rule_line(b, l, family, (i + 1) * 10, arena_printf(b->ctx->arena, "le %u", e->le), needs);
	}
	return 0;
}

static void list_unmake(struct build *b, enum build_list l, int family, const char *name, size_t needs)
{
	b->args.name = name;
	build_line(b, l, family == 0 ? "delete policy prefix-list {name}" : "delete policy prefix-list6 {name}")->needs = needs;
}

static bool has_map(const struct act_context *ctx, const char *name)
{
	size_t other;

	return policy_lines(ctx->pre.answers[0], "route-map", name, NULL, &other) > 0;
}

static const struct cisco_way way = {
	.read = read_commands,
	.paths = true,
	.family = { "ipv4-unicast", "ipv6-unicast" },
	.open = "configure",
	.close = "commit",
	.rescue = "exit discard",
	.after = "exit",
	.deny = PEERCONF_LIST,
	.deny_name = CISCO_DENY_LIST,
	.mark = PEERCONF_MAP,
	.group_yields = true,
	.deny_ready = list_ready,
	.make = list_make,
	.unmake = list_unmake,
	.made = list_made,
	.defined = has_map,
	.mark_kit = "  set policy route-map NAME-GSHUT rule 10 action permit\n"
	            "  set policy route-map NAME-GSHUT rule 10 set community add 65535:0   (with the matches of NAME)",
};

/* Whole, and without a value: "show configuration commands" holds secrets, which nothing here keeps. */
static const char *const reads[] = { "show configuration commands", NULL };

static const struct recipe suspend = { .verb = VERB_SUSPEND, .reads = reads, .shows = cisco_shows, .way = &way,
	.build = cisco_suspend };
static const struct recipe resume = { .verb = VERB_RESUME, .reads = reads, .shows = cisco_shows, .way = &way,
	.build = cisco_resume };
static const struct recipe withdraw = { .verb = VERB_WITHDRAW, .reads = reads, .shows = cisco_shows, .way = &way,
	.build = cisco_withdraw };
static const struct recipe withdraw_prefixes = { .verb = VERB_WITHDRAW_PREFIXES, .reads = reads, .shows = cisco_shows,
	.way = &way, .build = cisco_withdraw_prefixes };
static const struct recipe restore_prefixes = { .verb = VERB_RESTORE, .of_prefixes = true, .reads = reads,
	.shows = cisco_shows, .way = &way, .build = cisco_restore_prefixes };
static const struct recipe restore = { .verb = VERB_RESTORE, .reads = reads, .shows = cisco_shows, .way = &way,
	.build = cisco_restore };
static const struct recipe gshut = { .verb = VERB_GSHUT, .reads = reads, .shows = cisco_shows, .way = &way,
	.build = cisco_gshut };

const struct recipe *const vyos_recipes[] = { &suspend, &resume, &withdraw, &withdraw_prefixes, &restore, &restore_prefixes, &gshut, NULL };
