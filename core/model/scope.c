/* Sets of sessions; see scope.h. */
#include "core/model/scope.h"
#include "core/base/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool in_lans(const char *lans, const struct addr *a)
{
	struct scan c = scan_of(slice_of(lans));
	struct slice word;

	while (scan_word(&c, &word)) {
		struct prefix p;

		if (prefix_parse(word, &p) && prefix_holds(&p, a))
			return true;
	}
	return false;
}

const char *scope_local_exchange(const struct world_session *row)
{
	const struct router_conf *conf = row->router->conf;
	asn_t own = row->s->local_as;

	if (row->exchange != NULL || conf->exchange == NULL)
		return NULL;
	if (conf->exchange_lan != NULL)
		return in_lans(conf->exchange_lan, &row->s->peer) ? conf->exchange : NULL;
	if (own == ASN_UNKNOWN && row->router->snap != NULL)
		own = row->router->snap->local_as;
	return own != ASN_UNKNOWN && own == row->s->remote_as ? NULL : conf->exchange;
}

static bool exchange_of_row(const struct world_session *row, struct scope *out)
{
	const char *local = scope_local_exchange(row);

	if (row->exchange != NULL) {
		out->ix_id = row->exchange->ix_id;
		snprintf(out->name, sizeof(out->name), "%s", text_or(row->exchange->name, "?"));
		return true;
	}
	if (local != NULL)
		snprintf(out->name, sizeof(out->name), "%s", local);
	return local != NULL;
}

bool scope_of_row(enum scope_kind kind, const struct world_session *row, struct scope *out)
{
	*out = (struct scope){ .kind = kind };
	switch (kind) {
	case SCOPE_AS:
		out->asn = row->s->remote_as;
		if (row->peer != NULL)
			snprintf(out->name, sizeof(out->name), "%s", text_or(row->peer->name, ""));
		return out->asn != ASN_UNKNOWN;
	case SCOPE_EXCHANGE:
		return exchange_of_row(row, out);
	case SCOPE_GROUP:
		snprintf(out->name, sizeof(out->name), "%s", text_or(row->s->group, ""));
		snprintf(out->router, sizeof(out->router), "%s", row->router->conf->name);
		return out->name[0] != '\0';
	case SCOPE_ROUTER:
		snprintf(out->router, sizeof(out->router), "%s", row->router->conf->name);
		return true;
	default:
		return false;
	}
}

static bool on_exchange(const struct scope *s, const struct world_session *row)
{
	const char *local = scope_local_exchange(row);

	if (row->exchange != NULL)
		return s->ix_id != 0 && row->exchange->ix_id == s->ix_id;
	return local != NULL && strcasecmp(local, s->name) == 0;
}

bool scope_holds(const struct scope *s, const struct world_session *row)
{
	if (s->router[0] != '\0' && strcmp(s->router, row->router->conf->name) != 0)
		return false;
	switch (s->kind) {
	case SCOPE_AS:
		return row->s->remote_as == s->asn;
	case SCOPE_EXCHANGE:
		return on_exchange(s, row);
	case SCOPE_ROUTER:
		return true;
	case SCOPE_GROUP:
		return strcmp(text_or(row->s->group, ""), s->name) == 0;
	default:
		return false;
	}
}

void scope_words(const struct scope *s, char *out, size_t size)
{
	const char *on = s->router[0] != '\0' ? " on " : "";

	switch (s->kind) {
	case SCOPE_AS:
		snprintf(out, size, "AS%u%s%s%s%s", s->asn, s->name[0] != '\0' ? " " : "", s->name, on, s->router);
		break;
	case SCOPE_EXCHANGE:
		snprintf(out, size, "exchange %s%s%s", s->name, on, s->router);
		break;
	case SCOPE_ROUTER:
		snprintf(out, size, "router %s", s->router);
		break;
	case SCOPE_GROUP:
		snprintf(out, size, "peer group %s%s%s", s->name, on, s->router);
		break;
	default:
		snprintf(out, size, "%s", "");
		break;
	}
}

void scope_name(const struct scope *s, char *out, size_t size)
{
	if (s->kind == SCOPE_AS)
		snprintf(out, size, "AS%u", s->asn);
	else
		snprintf(out, size, "%s", s->kind == SCOPE_ROUTER ? s->router : s->name);
}

/* ---- how many ---- */

static int cmp_rows(const void *va, const void *vb)
{
	const struct world_session *a = *(const struct world_session *const *)va,
		*b = *(const struct world_session *const *)vb;
	int c = strcmp(a->router->conf->name, b->router->conf->name);

	if (c == 0)
		c = strcmp(text_or(a->s->vrf, ""), text_or(b->s->vrf, ""));
	return c != 0 ? c : strcmp(text_or(a->s->neighbor, ""), text_or(b->s->neighbor, ""));
}

struct scope_size scope_size(const struct scope *s, const struct world_session *rows, size_t count)
{
	const struct world_session **held = mem_calloc(count + 1, sizeof(*held));
	struct scope_size n = { 0, 0 };
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		if (scope_holds(s, &rows[i]))
			held[found++] = &rows[i];
	qsort(held, found, sizeof(*held), cmp_rows);
	for (size_t i = 0; i < found; i++) {
		n.sessions += i == 0 || cmp_rows(&held[i - 1], &held[i]) != 0;
		n.routers += i == 0 || strcmp(held[i - 1]->router->conf->name, held[i]->router->conf->name) != 0;
	}
	free(held);
	return n;
}

void scope_size_words(struct scope_size n, char *out, size_t size)
{
	snprintf(out, size, "%zu session%s on %zu router%s", n.sessions, n.sessions == 1 ? "" : "s", n.routers,
	    n.routers == 1 ? "" : "s");
}
