/* Sessions at a place, network by network; see maintenance.h. */
#include "app/maintenance.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

int maintenance_place_find(const char *words, const struct world *w, struct maintenance_place *out, struct err *e)
{
	const char *name = strchr(words, ':');
	size_t n = name != NULL ? (size_t)(name - words) : 0;

	*out = (struct maintenance_place){ NULL, NULL, NULL };
	name = name != NULL ? name + 1 + strspn(name + 1, " ") : "";
	if (n == 8 && strncmp(words, "exchange", n) == 0) {
		out->exchange = peer_set_exchange_named(w->peers, name);
		return out->exchange != NULL ? 0 : err_set(e, ERR_USAGE, "no exchange \"%.60s\" is known from PeeringDB", name);
	}
	if (n == 6 && strncmp(words, "router", n) == 0) {
		out->router = name;
		return config_router(w->config, name) != NULL ? 0 : err_set(e, ERR_USAGE, "there is no router \"%.60s\" in the "
		    "configuration", name);
	}
	out->facility = name;
	return n == 8 && strncmp(words, "facility", n) == 0 && *name != '\0' ? 0 :
	    err_set(e, ERR_USAGE, "\"%.60s\": allowed are exchange:NAME, router:NAME and facility:NAME", words);
}

static bool at_facility(const struct peer *p, const char *name)
{
	for (size_t i = 0; p != NULL && i < p->site_count; i++)
		if (strcasecmp(text_or(p->sites[i].name, ""), name) == 0)
			return true;
	return false;
}

static bool concerned(const struct maintenance_place *p, const struct world_session *r)
{
	if (r->s->remote_as == ASN_UNKNOWN)
		return false;
	if (p->exchange != NULL)
		return r->exchange != NULL && r->exchange->ix_id == p->exchange->ix_id;
	if (p->router != NULL)
		return strcmp(r->router->conf->name, p->router) == 0;
	return at_facility(r->peer, p->facility);
}

static int by_asn(const void *a, const void *b)
{
	const struct world_session *x = *(const struct world_session *const *)a, *y = *(const struct world_session *const *)b;

	if (x->s->remote_as != y->s->remote_as)
		return x->s->remote_as > y->s->remote_as ? 1 : -1;
	return (x > y) - (x < y); /* both of one array: as the rows stand */
}

int maintenance_pick(const struct maintenance_place *p, const struct world_session *rows, size_t row_count,
    const struct world_session ***out, size_t *count, struct err *e)
{
	const struct world_session **list = mem_calloc(row_count + 1, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < row_count; i++)
		if (concerned(p, &rows[i]))
			list[n++] = &rows[i];
	qsort(list, n, sizeof(*list), by_asn);
	*out = list;
	*count = n;
	return n > 0 ? 0 : err_set(e, ERR_USAGE, "no session is seen there");
}

size_t maintenance_end(const struct world_session *const *list, size_t count, size_t from)
{
	size_t k = from + 1;

	while (k < count && list[k]->s->remote_as == list[from]->s->remote_as)
		k++;
	return k;
}
