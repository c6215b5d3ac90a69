/*
 * The export slots of a peer on VRP and Comware; see vrp_act.h.
 *
 * A list that denies all goes into the list slot to announce nothing; for a graceful shutdown the route-policy A makes
 * room for A-GSHUT, which does the same and adds 65535:0.  What stood there is stored, and put back by its name.
 */
#include "backends/drivers/flat.h"
#include "backends/drivers/vrp_act.h"

#include <string.h>

static const char *keyword(const struct place *p, const struct vrp_slot *s, bool policy)
{
	return policy ? "route-policy" : p->d->list[s->version];
}

void vrp_read_slot(const struct act_context *ctx, const struct place *p, struct vrp_slot *s)
{
	struct arena *a = ctx->arena;
	bool vpn = p->views[0] != '\0';
	const char *inner = vpn ? p->d->vpn_family[s->version] : p->d->family[s->version];
	struct scan c = scan_of(slice_of(p->config));
	struct slice rest, word, name;

	s->head = arena_printf(a, "%s%s%s%s peer %s", p->bgp, p->views, inner == NULL ? "" : " ", inner == NULL ? "" : inner,
	    p->peer);
	s->name[0] = s->name[1] = "";
	while (flat_next(&c, s->head, &rest)) {
		if (!flat_word(&rest, &word))
			continue;
		s->communities |= slice_eq(word, "advertise-community");
		for (int policy = 0; policy < 2; policy++)
			if (slice_eq(word, keyword(p, s, policy == 1)) && flat_word(&rest, &name) && slice_eq(rest, "export"))
				s->name[policy] = arena_strndup(a, name.p, name.len);
	}
}

int vrp_read_slots(struct build *b, const struct place *p, struct vrp_slot slots[2], size_t *count)
{
	*count = 0;
	for (size_t i = 0; i < b->ctx->session_count && *count < 2; i++) {
		enum afi_safi af = b->ctx->sessions[i]->family;

		if (af != AF_IPV4_UNICAST && af != AF_IPV6_UNICAST)
			return build_refuse(b, "carries %s, which is not held back this way",
			    afi_safi_word(af) == NULL ? "an unknown address family" : afi_safi_word(af));
		slots[*count] = (struct vrp_slot){ .version = af == AF_IPV6_UNICAST };
		vrp_read_slot(b->ctx, p, &slots[(*count)++]);
	}
	return 0;
}

/* Lines of all definitions; a list that permits anything does not deny all. */
static bool denies_all(const char *definitions, const char *line)
{
	const char *name_end = strstr(line, " index");
	size_t n = (size_t)(name_end - line);
	struct scan c = scan_of(slice_of(definitions));
	struct slice l;
	bool denies = false;

	while (scan_line(&c, &l)) {
		l = slice_trim(l);
		if (!slice_starts(l, line) && (l.len <= n || strncmp(l.p, line, n) != 0 || l.p[n] != ' '))
			continue;
		if (slice_find(l, " permit ") >= 0)
			return false;
		denies |= slice_eq(l, line);
	}
	return denies;
}

static bool defines_policy(const char *definitions, const char *name)
{
	struct scan c = scan_of(slice_of(definitions));
	struct slice rest, word;

	while (flat_next(&c, "route-policy", &rest))
		if (flat_word(&rest, &word) && slice_eq(word, name))
			return true;
	return false;
}

/* "route-policy A" of a graceful shutdown is "A-GSHUT": the same and the community. */
static const char *gshut_name(struct arena *a, const struct vrp_slot *s)
{
	return s->name[1][0] != '\0' ? arena_printf(a, "%s-GSHUT", s->name[1]) : "NOC-GSHUT";
}

static int need_provisioned(struct build *b, const struct place *p, const struct vrp_slot *s, bool policy)
{
	const char *definitions = b->ctx->pre.answers[2], *name = gshut_name(b->ctx->arena, s);

	if (!policy && denies_all(definitions, p->d->deny[s->version]))
		return 0;
	if (!policy)
		return build_refuse(b, "not provisioned: needed, once, in system view:\n  %s", p->d->deny[s->version]);
	if (!s->communities)
		return build_refuse(b, "this peer is sent no communities: needs `peer %s advertise-community` in its family", p->peer);
	if (defines_policy(definitions, name))
		return 0;
	return build_refuse(b, "not provisioned: needed, once, in system view:\n  route-policy %s permit node 10   (%s%s)\n"
	    "   apply community 65535:0 additive", name, s->name[1][0] != '\0' ? "with the matches of " : "permits all",
	    s->name[1]);
}

void vrp_slot_lines(struct build *b, const struct place *p, const struct vrp_slot *s, enum build_list l, bool policy,
    const char *name, const char *now)
{
	bool vpn = p->views[0] != '\0';
	const char *inner = vpn ? p->d->vpn_family[s->version] : p->d->family[s->version];

	if (inner != NULL)
		build_line(b, l, inner);
	b->args.name = name[0] != '\0' ? name : now;
	build_line(b, l, arena_printf(b->ctx->arena, "%speer {neighbor} %s {name} export", name[0] != '\0' ? "" : "undo ",
	    keyword(p, s, policy)));
	if (inner != NULL)
		build_line(b, l, "quit");
}

/* "list -\n" or "policy NAME\n" for each family, in the order of the sessions. */
static const char *saved_line(struct arena *a, bool policy, const char *name)
{
	return arena_printf(a, "%s %s\n", policy ? "policy" : "list", name[0] != '\0' ? name : "-");
}

static int swap(struct build *b, const struct place *p, const struct vrp_slot *slots, size_t count, bool policy,
    const char *const *names, enum proof_kind proof)
{
	struct plan_item *item = b->item;

	item->touched = "";
	for (enum build_list l = BUILD_APPLY; l <= BUILD_UNDO; l++) {
		vrp_enter(b, p, l, 0);
		for (size_t i = 0; i < count; i++)
			vrp_slot_lines(b, p, &slots[i], l, policy, l == BUILD_APPLY ? names[i] : slots[i].name[policy],
			    l == BUILD_APPLY ? slots[i].name[policy] : names[i]);
		vrp_leave(b, p, l, 0, 0);
	}
	for (size_t i = 0; i < count; i++)
		item->touched = arena_printf(b->ctx->arena, "%s%s", item->touched,
		    saved_line(b->ctx->arena, policy, slots[i].name[policy]));
	return build_end(b, proof, BUILD_ROUTES_S);
}

static int hold_back(const struct act_context *ctx, struct plan_item *item, bool policy, struct err *e)
{
	const char *names[2], *saved = "";
	struct vrp_slot slots[2];
	struct place p;
	struct build b;
	size_t n;

	build_start(&b, ctx, item, 0, e);
	if (vrp_need_place(&b, &p) < 0 || vrp_read_slots(&b, &p, slots, &n) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		names[i] = policy ? gshut_name(ctx->arena, &slots[i]) : VRP_DENY;
		if (strcmp(slots[i].name[policy], VRP_DENY) == 0 || strstr(slots[i].name[policy], "-GSHUT") != NULL)
			return build_refuse(&b, "%s stands in its export slot already", slots[i].name[policy]);
		if (need_provisioned(&b, &p, &slots[i], policy) < 0)
			return -1;
		saved = arena_printf(ctx->arena, "%s%s", saved, saved_line(ctx->arena, policy, slots[i].name[policy]));
	}
	item->saved = saved;
	return swap(&b, &p, slots, n, policy, names, policy ? PROOF_STILL_UP : PROOF_NOTHING_SENT);
}

/* What line number `i` of `saved` names. */
static bool saved_name(struct arena *a, const char *saved, size_t i, const char **name)
{
	struct scan c = scan_of(slice_of(saved));
	struct slice line, word;

	for (size_t k = 0; scan_line(&c, &line); k++) {
		if (k != i || !flat_word(&line, &word) || line.len == 0)
			continue;
		*name = slice_eq(line, "-") ? "" : arena_strndup(a, line.p, line.len);
		return true;
	}
	return false;
}

int vrp_withdraw(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	return hold_back(ctx, item, false, e);
}

int vrp_gshut(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	return hold_back(ctx, item, true, e);
}

int vrp_restore(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	bool policy = ctx->own->verb == VERB_GSHUT;
	enum proof_kind proof = policy ? PROOF_STILL_UP : PROOF_SENT_AGAIN;
	size_t n, ours = 0;
	const char *names[2];
	struct vrp_slot slots[2];
	struct place p;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	item->saved = ctx->own->saved;
	if (vrp_need_place(&b, &p) < 0 || vrp_read_slots(&b, &p, slots, &n) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!saved_name(ctx->arena, item->saved, i, &names[i]))
			return build_refuse(&b, "the ledger does not tell what stood in the export slot before");
		ours += policy ? strstr(slots[i].name[1], "-GSHUT") != NULL : strcmp(slots[i].name[0], VRP_DENY) == 0;
	}
	if (ours == n)
		return swap(&b, &p, slots, n, policy, names, proof);
	item->touched = "not ours";
	build_warn(&b, "what was put into the export slot is no longer there: somebody else changed it; only read back");
	return build_end(&b, proof, BUILD_ROUTES_S);
}

/* Whether the slots are as item->saved and the verb say. */
bool vrp_shows(const struct act_context *ctx, const struct plan_item *item, struct str *words)
{
	enum verb verb = item->verb == VERB_RESTORE && ctx->own != NULL ? ctx->own->verb : item->verb;
	bool policy = verb == VERB_GSHUT;
	struct place p;

	if (!vrp_read_place(ctx, &p)) {
		str_puts(words, "the configuration does not name the peer any more");
		return false;
	}
	for (size_t i = 0; i < ctx->session_count && i < 2; i++) {
		struct vrp_slot s = { .version = ctx->sessions[i]->family == AF_IPV6_UNICAST };
		const char *want = "", *have;
		bool ours;

		vrp_read_slot(ctx, &p, &s);
		have = s.name[policy];
		ours = policy ? strstr(have, "-GSHUT") != NULL : strcmp(have, VRP_DENY) == 0;
		(void)saved_name(ctx->arena, item->saved == NULL ? "" : item->saved, i, &want);
		if (item->verb == VERB_RESTORE ? strcmp(have, want) == 0 : ours)
			continue;
		str_addf(words, "%s in its export slot: %s", keyword(&p, &s, policy), have[0] != '\0' ? have : "none");
		return false;
	}
	return true;
}
