/*
 * The sessions of a network with one another: what each lacks; and whether others tell of the network at all.  Made by
 * a job whenever any session tells other prefixes.
 */
#include "app/collect_priv.h"
#include "core/base/mem.h"

#include <stdlib.h>
#include <string.h>

struct compared {
	struct prefixset **sets;
	char **keys;
	size_t count;
	struct prefixset_missing *missing;
	count_t total, in_all;
	int64_t oldest_wall_ms;
};
struct network_job {
	struct job job;
	asn_t asn;
	struct others *others;
	struct compared of[4]; /* as in struct network */
	bool mirrored; /* the advertised ones as well */
	const struct other *seen; /* of `others`; NULL: none tells of it */
};

static void forget(struct network *n)
{
	for (int i = 0; i < 4; i++) {
		for (size_t k = 0; k < n->consistent[i].compared; k++)
			free(n->consistent[i].keys[k]);
		free(n->consistent[i].keys);
		free(n->consistent[i].missing);
		n->consistent[i].keys = NULL;
		n->consistent[i].missing = NULL;
		n->consistent[i].compared = 0;
	}
}

static void network_run(struct job *job)
{
	struct network_job *j = (struct network_job *)job;

	for (int i = 0; i < 4; i++)
		if (j->of[i].sets != NULL)
			prefixset_compare(j->of[i].sets, j->of[i].count, j->of[i].missing, &j->of[i].total, &j->of[i].in_all);
	/* Is the network the origin of something that another network tells us? */
	for (size_t i = 0; j->seen == NULL && i < j->others->count; i++)
		if (j->others->sets[i].asn != j->asn && prefixset_has_origin(j->others->sets[i].set, j->asn))
			j->seen = &j->others->sets[i];
}

static void network_take(void *ctx, struct job *job)
{
	struct network_job *j = (struct network_job *)job;
	struct network *n = collect_network(ctx, j->asn);

	forget(n);
	for (int i = 0; i < 4; i++) {
		n->consistent[i].compared = j->of[i].count;
		n->consistent[i].keys = j->of[i].keys;
		n->consistent[i].missing = j->of[i].missing;
		n->consistent[i].total = j->of[i].total;
		n->consistent[i].in_all = j->of[i].in_all;
		n->consistent[i].oldest_wall_ms = j->of[i].oldest_wall_ms;
		j->of[i].keys = NULL;
		j->of[i].missing = NULL;
	}
	n->seen = j->seen != NULL ? TRI_YES : TRI_UNKNOWN;
	if (j->seen != NULL) {
		n->seen_router = j->seen->router;
		memcpy(n->seen_neighbor, j->seen->neighbor, sizeof(n->seen_neighbor));
		n->seen_wall_ms = j->seen->read_wall_ms;
	}
	n->stamp = j->mirrored == n->mirrored ? j->others->stamp : 0;
	n->busy = false;
	((struct collect *)ctx)->generation++;
}

static void network_drop(struct job *job)
{
	struct network_job *j = (struct network_job *)job;

	for (int i = 0; i < 4; i++) {
		for (size_t k = 0; k < j->of[i].count; k++) {
			prefixset_unref(j->of[i].sets[k]);
			if (j->of[i].keys != NULL)
				free(j->of[i].keys[k]);
		}
		free(j->of[i].sets);
		free(j->of[i].keys);
		free(j->of[i].missing);
	}
	others_unref(j->others);
	free(j);
}

static void gather(const struct collect *c, asn_t asn, enum afi_safi family, enum route_side side, struct compared *out)
{
	size_t most = 0;

	for (const struct place *p = c->places; p != NULL; p = p->hh.next)
		most += p->asn == asn;
	out->sets = mem_calloc(most + 1, sizeof(*out->sets));
	out->keys = mem_calloc(most + 1, sizeof(*out->keys));
	out->missing = mem_calloc(most + 1, sizeof(*out->missing));
	out->oldest_wall_ms = INT64_MAX;
	for (const struct place *p = c->places; p != NULL; p = p->hh.next) {
		const struct side *d = &p->sides[side];

		if (p->asn != asn || !p->present || !p->up || p->family != family || d->set == NULL)
			continue;
		out->sets[out->count] = prefixset_ref(d->set);
		out->keys[out->count++] = mem_strdup(p->key);
		out->oldest_wall_ms = d->read_wall_ms < out->oldest_wall_ms ? d->read_wall_ms : out->oldest_wall_ms;
	}
}

struct network *collect_network(struct collect *c, asn_t asn)
{
	struct network *n = NULL;

	HASH_FIND(hh, c->networks, &asn, sizeof(asn), n);
	if (n == NULL) {
		n = MEM_NEW(struct network);
		n->asn = asn;
		HASH_ADD(hh, c->networks, asn, sizeof(n->asn), n);
	}
	return n;
}

void collect_mirror(struct collect *c, asn_t asn)
{
	struct network *n = collect_network(c, asn);

	if (!n->mirrored)
		n->stamp = 0;
	n->mirrored = true;
}

const struct network *digest_network(struct collect *c, asn_t asn)
{
	struct network *n = collect_network(c, asn);
	struct network_job *j;

	if (n->stamp == c->sets || n->busy)
		return n;
	j = MEM_NEW(struct network_job);
	j->job = (struct job){ .run = network_run, .take = network_take, .drop = network_drop };
	j->asn = asn;
	j->others = collect_others(c);
	gather(c, asn, AF_IPV4_UNICAST, ROUTES_RECEIVED, &j->of[0]);
	gather(c, asn, AF_IPV6_UNICAST, ROUTES_RECEIVED, &j->of[1]);
	j->mirrored = n->mirrored;
	if (n->mirrored) {
		gather(c, asn, AF_IPV4_UNICAST, ROUTES_ADVERTISED, &j->of[2]);
		gather(c, asn, AF_IPV6_UNICAST, ROUTES_ADVERTISED, &j->of[3]);
	}
	n->busy = true;
	work_give(c->work, &j->job, c);
	return n;
}

void digest_free(struct collect *c)
{
	struct network *n, *next;

	HASH_ITER(hh, c->networks, n, next) {
		forget(n);
		HASH_DEL(c->networks, n);
		free(n);
	}
}
