/* The configuration around one neighbor of Junos; see junos_place.h. */
#include "backends/drivers/junos_place.h"
#include "backends/drivers/flat.h"

#include <string.h>

static void read_leaf(struct arena *a, struct junos_place *p, struct slice leaf)
{
	struct slice word;

	if (!flat_word(&leaf, &word))
		return;
	if (slice_eq(word, "shutdown")) {
		p->shut = true;
		if (flat_word(&leaf, &word) && slice_eq(word, "notify-message"))
			p->message = arena_strndup(a, leaf.p, leaf.len);
	} else if (slice_eq(word, "graceful-shutdown")) {
		p->gshut |= flat_word(&leaf, &word) && slice_eq(word, "sender");
	} else if (slice_eq(word, "export")) {
		const char *more = flat_list(a, leaf);

		p->exports = arena_printf(a, "%s%s%s", p->exports, p->exports[0] != '\0' ? " " : "", more);
	}
}

static bool find_group(struct arena *a, struct junos_place *p, const struct addr *peer)
{
	const char *begin = arena_printf(a, "set %s group", p->root);
	struct scan c = scan_of(slice_of(p->bgp));
	struct slice rest, group, word, name;

	while (flat_next(&c, begin, &rest)) {
		if (!flat_word(&rest, &group) || !flat_word(&rest, &word) || !slice_eq(word, "neighbor") ||
		    !flat_word(&rest, &name) || !flat_is(name, peer))
			continue;
		p->group = arena_strndup(a, group.p, group.len);
		p->neighbor = arena_printf(a, "%s %s neighbor %.*s", begin, p->group, (int)name.len, name.p);
		return true;
	}
	return false;
}

/* "set ..." as "deactivate ...", for the neighbor, its group, and what stands above. */
bool junos_place_inactive(struct arena *a, const struct junos_place *p)
{
	struct slice rest;
	const char *group = arena_printf(a, "deactivate %s group %s", p->root, p->group);
	const char *neighbor = arena_printf(a, "deactivate%s", p->neighbor + strlen("set"));

	return (flat_find(p->bgp, arena_printf(a, "deactivate %s", p->root), &rest) && rest.len == 0) ||
	    (flat_find(p->bgp, group, &rest) && rest.len == 0) ||
	    (flat_find(p->bgp, neighbor, &rest) && rest.len == 0);
}

bool junos_place_read(const struct act_context *ctx, struct junos_place *p)
{
	const struct session *s = ctx->sessions[0];
	struct arena *a = ctx->arena;
	struct slice leaf, word;
	struct scan c;

	*p = (struct junos_place){ .message = "", .policy = "", .exports = "", .root = "protocols bgp" };
	p->bgp = flat_of(a, arena_printf(a, "%s\n%s", ctx->pre.answers[0], ctx->pre.answers[1]));
	if (!text_empty(s->vrf))
		p->root = arena_printf(a, "routing-instances %s protocols bgp", s->vrf.s);
	if (!find_group(a, p, &s->peer))
		return false;
	c = scan_of(slice_of(p->bgp));
	while (flat_next(&c, p->neighbor, &leaf))
		read_leaf(a, p, leaf);
	leaf = slice_of(p->exports);
	if (flat_word(&leaf, &word))
		p->policy = arena_strndup(a, word.p, word.len);
	return true;
}

void junos_term_read(struct arena *a, const char *policies, const char *policy, struct junos_term *t)
{
	const char *set = arena_printf(a, "set policy-options policy-statement %s", policy);
	const char *off = arena_printf(a, "deactivate policy-options policy-statement %s" JUNOS_TERM, policy);
	const char *term = arena_printf(a, "%s" JUNOS_TERM, set);
	struct scan c = scan_of(slice_of(policies));
	struct slice rest;

	*t = (struct junos_term){ false };
	t->first = flat_find(policies, set, &rest) && slice_starts(rest, "term WITHDRAW ");
	while (flat_next(&c, term, &rest)) {
		t->rejects |= slice_eq(rest, "then reject");
		t->matches |= slice_starts(rest, "from ") || slice_starts(rest, "to ");
	}
	t->inactive = flat_find(policies, off, &rest) && rest.len == 0;
}

bool junos_place_shared(const struct junos_place *p)
{
	struct scan c = scan_of(slice_of(p->bgp));
	size_t own = strlen(p->neighbor);
	struct slice line, w;

	while (scan_line(&c, &line)) {
		struct scan words = scan_of(line);
		bool in = false;

		if (slice_starts(line, p->neighbor) && line.len > own && line.p[own] == ' ')
			continue;
		while (scan_word(&words, &w)) {
			in |= slice_eq(w, "export") || slice_eq(w, "import");
			if (in && slice_eq(w, p->policy))
				return true;
		}
	}
	return false;
}
