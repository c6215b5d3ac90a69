/* From words to sessions; see selector.h. */
#include "app/selector.h"
#include "core/base/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int wrong_form(const char *text, struct err *e)
{
	return err_set(e, ERR_USAGE, "\"%.80s\" is no selector; the forms are ROUTER/NEIGHBOR, AS64501, AS64501@ROUTER, "
	    "ix:NAME, router:NAME, group:NAME", text);
}

static bool keep(char *to, size_t size, struct slice from)
{
	if (from.len == 0 || from.len >= size)
		return false;
	memcpy(to, from.p, from.len);
	to[from.len] = '\0';
	return true;
}

static int parse_as(const char *text, struct selector *out, struct err *e)
{
	struct scan c = scan_of(slice_of(text));
	struct slice number;
	bool at = scan_until(&c, '@', &number);

	out->kind = SELECT_AS;
	if (!asn_parse(number, &out->asn) || out->asn == ASN_UNKNOWN)
		return wrong_form(text, e);
	if (at && (!scan_lit(&c, "@") || !keep(out->router, sizeof(out->router), scan_rest(&c))))
		return wrong_form(text, e);
	return 0;
}

/* A router's name holds no '@', so that the last one parts it from the group's. */
static int parse_group(const char *text, struct selector *out, struct err *e)
{
	const char *name = text + 6, *at = strrchr(name, '@');
	size_t len = at != NULL ? (size_t)(at - name) : strlen(name);

	out->kind = SELECT_GROUP;
	if (!keep(out->group, sizeof(out->group), (struct slice){ name, len }) ||
	    (at != NULL && !keep(out->router, sizeof(out->router), slice_of(at + 1))))
		return wrong_form(text, e);
	return 0;
}

int selector_parse(const char *text, struct selector *out, struct err *e)
{
	const char *slash = strchr(text, '/');

	*out = (struct selector){ .text = text };
	if (strncasecmp(text, "ix:", 3) == 0) {
		out->kind = SELECT_EXCHANGE;
		out->exchange = text + 3;
		return *out->exchange != '\0' ? 0 : wrong_form(text, e);
	}
	if (strncasecmp(text, "router:", 7) == 0) {
		out->kind = SELECT_ROUTER;
		return keep(out->router, sizeof(out->router), slice_of(text + 7)) ? 0 : wrong_form(text, e);
	}
	if (strncasecmp(text, "group:", 6) == 0)
		return parse_group(text, out, e);
	if (slash != NULL) {
		out->kind = SELECT_NEIGHBOR;
		if (!keep(out->router, sizeof(out->router), (struct slice){ text, (size_t)(slash - text) }) ||
		    !keep(out->neighbor, sizeof(out->neighbor), slice_of(slash + 1)))
			return wrong_form(text, e);
		if (!addr_parse(slice_of(out->neighbor), &out->peer))
			out->peer.family = ADDR_NONE;
		return 0;
	}
	return strncasecmp(text, "as", 2) == 0 ? parse_as(text, out, e) : wrong_form(text, e);
}

static const struct world_router *find_router(const struct world *w, const char *name)
{
	for (size_t i = 0; i < w->router_count; i++)
		if (strcmp(w->routers[i].conf->name, name) == 0)
			return &w->routers[i];
	return NULL;
}

static int unknown_router(const struct selector *sel, const struct world *w, struct err *e)
{
	struct str known;

	str_init(&known, 300);
	for (size_t i = 0; i < w->router_count; i++)
		str_addf(&known, "%s%s", i ? ", " : "", w->routers[i].conf->name);
	err_set(e, ERR_USAGE, "%s: there is no router \"%s\"; the routers are %s%s", sel->text, sel->router, known.p,
	    known.over ? " ..." : "");
	str_fini(&known);
	return -1;
}

/* A LAN that PeeringDB does not know can be named in a router's block. */
static bool names_local_exchange(const struct selector *sel, const struct router_conf *conf)
{
	return conf->exchange != NULL && strcasecmp(conf->exchange, sel->exchange) == 0;
}

static int unknown_exchange(const struct selector *sel, const struct world *w, struct err *e)
{
	struct str known;

	str_init(&known, 300);
	for (size_t i = 0; w->peers != NULL && i < w->peers->exchange_count; i++)
		str_addf(&known, "%s%s (%u)", known.len ? ", " : "", text_or(w->peers->exchanges[i].name, "?"),
		    w->peers->exchanges[i].ix_id);
	if (known.len == 0)
		err_set(e, ERR_USAGE, "%s: no exchange is known; see peerdeck pdb --help", sel->text);
	else
		err_set(e, ERR_USAGE, "%s: no exchange, or more than one, is named so; known are %s%s", sel->text,
		    known.p, known.over ? " ..." : "");
	str_fini(&known);
	return -1;
}

int selector_check(const struct selector *sel, const struct world *w, struct err *e)
{
	if (sel->router[0] != '\0' && find_router(w, sel->router) == NULL)
		return unknown_router(sel, w, e);
	if (sel->kind != SELECT_EXCHANGE || peer_set_exchange_named(w->peers, sel->exchange) != NULL)
		return 0;
	for (size_t i = 0; i < w->router_count; i++)
		if (names_local_exchange(sel, w->routers[i].conf))
			return 0;
	return unknown_exchange(sel, w, e);
}

static bool is_neighbor(const struct selector *sel, const struct session *s)
{
	if (sel->peer.family != ADDR_NONE && addr_equal(&sel->peer, &s->peer))
		return true;
	return strcmp(sel->neighbor, text_or(s->neighbor, "")) == 0 ||
	       (!text_empty(s->handle) && strcmp(sel->neighbor, s->handle.s) == 0);
}

static void exchange_scope(const struct selector *sel, const struct world *w, struct scope *out)
{
	const struct exchange *x = peer_set_exchange_named(w->peers, sel->exchange);

	out->ix_id = x != NULL ? x->ix_id : 0;
	snprintf(out->name, sizeof(out->name), "%s", x != NULL ? text_or(x->name, sel->exchange) : sel->exchange);
}

void selector_scope(const struct selector *sel, const struct world *w, struct scope *out)
{
	static const enum scope_kind kinds[] = { [SELECT_NEIGHBOR] = SCOPE_NONE, [SELECT_AS] = SCOPE_AS,
		[SELECT_EXCHANGE] = SCOPE_EXCHANGE, [SELECT_ROUTER] = SCOPE_ROUTER, [SELECT_GROUP] = SCOPE_GROUP };
	const struct peer *p = peer_set_find(w->peers, sel->asn);

	*out = (struct scope){ .kind = kinds[sel->kind], .asn = sel->asn };
	snprintf(out->router, sizeof(out->router), "%s", sel->router);
	if (sel->kind == SELECT_EXCHANGE)
		exchange_scope(sel, w, out);
	else if (sel->kind == SELECT_AS && p != NULL)
		snprintf(out->name, sizeof(out->name), "%s", text_or(p->name, ""));
	else if (sel->kind == SELECT_GROUP)
		snprintf(out->name, sizeof(out->name), "%s", sel->group);
}

bool selector_matches(const struct selector *sel, const struct world *w, const struct world_session *row)
{
	struct scope scope;

	if (sel->kind == SELECT_NEIGHBOR)
		return strcmp(sel->router, row->router->conf->name) == 0 && is_neighbor(sel, row->s);
	selector_scope(sel, w, &scope);
	return scope_holds(&scope, row);
}

/* What there is instead: the neighbors of that router, or the networks seen. */
static int no_match(const struct selector *sel, const struct world_session *rows, size_t count, struct err *e)
{
	struct str seen;
	bool cut;

	str_init(&seen, 240);
	for (size_t i = 0; i < count; i++) {
		const struct session *s = rows[i].s;

		if (sel->router[0] != '\0' && strcmp(sel->router, rows[i].router->conf->name) != 0)
			continue;
		if (sel->kind == SELECT_GROUP && !text_empty(s->group) &&
		    slice_find(str_slice(&seen), s->group.s) < 0)
			str_addf(&seen, "%s%s", seen.len ? ", " : "", s->group.s);
		if (sel->kind == SELECT_NEIGHBOR && slice_find(str_slice(&seen), text_or(s->neighbor, "?")) < 0)
			str_addf(&seen, "%s%s", seen.len ? ", " : "", text_or(s->neighbor, "?"));
	}
	cut = seen.over;
	if (sel->kind == SELECT_NEIGHBOR && seen.len > 0)
		err_set(e, ERR_USAGE, "%s: no such neighbor; %s has %s%s", sel->text, sel->router, seen.p,
		    cut ? " ..." : "");
	else if (sel->kind == SELECT_GROUP && seen.len > 0)
		err_set(e, ERR_USAGE, "%s: no session is in a peer group called so; there are %s%s", sel->text, seen.p,
		    cut ? " ..." : "");
	else
		err_set(e, ERR_USAGE, "%s: no session was seen that it names", sel->text);
	str_fini(&seen);
	return -1;
}

static int mark_matches(const struct selector *sel, const struct world *w, const struct world_session *rows,
    size_t count, bool *marks, struct err *e)
{
	size_t found = 0;

	if (selector_check(sel, w, e) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (selector_matches(sel, w, &rows[i])) {
			marks[i] = true;
			found++;
		}
	return found > 0 ? 0 : no_match(sel, rows, count, e);
}

int selector_pick(const char *const *words, size_t word_count, const struct world *w,
    const struct world_session *rows, size_t row_count, const struct world_session ***out, size_t *count,
    struct err *e)
{
	bool *marks = mem_calloc(row_count, sizeof(*marks));
	int rc = 0;

	*count = 0;
	*out = mem_calloc(row_count, sizeof(const struct world_session *));
	for (size_t i = 0; rc == 0 && i < word_count; i++) {
		struct selector sel;

		rc = selector_parse(words[i], &sel, e);
		if (rc == 0)
			rc = mark_matches(&sel, w, rows, row_count, marks, e);
	}
	for (size_t i = 0; rc == 0 && i < row_count; i++)
		if (marks[i] || word_count == 0)
			(*out)[(*count)++] = &rows[i];
	if (rc != 0) {
		free(*out);
		*out = NULL;
	}
	free(marks);
	return rc;
}

const char *selector_router(const struct selector *sels, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (sels[i].router[0] == '\0' || strcmp(sels[i].router, sels[0].router) != 0)
			return NULL;
	return count > 0 ? sels[0].router : NULL;
}
