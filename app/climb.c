/* What a ladder is built from, opened for one command; see climb.h. */
#include "app/climb.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>

static void say_faults(const struct book *b)
{
	for (size_t i = 0; i < b->fault_count; i++)
		fprintf(stderr, "peerdeck: %s\n", b->faults[i].words.s);
	if (b->faults_more > 0)
		fprintf(stderr, "peerdeck: and %zu more faults in the contact book\n", b->faults_more);
}

int climb_open(struct climb *c, const struct options *o, const struct subjects *s, bool ask, struct err *e)
{
	size_t n = s != NULL ? s->n : 0;
	asn_t *asns = mem_calloc(n + 1, sizeof(*asns));
	char *path = NULL;
	int rc = -1;

	*c = (struct climb){ .arena = arena_new() };
	for (size_t i = 0; i < n; i++)
		asns[i] = s->p[i].asn;
	if (lookup_open(&c->lookup, o, e) != 0 || options_data_dir(c->lookup.config, e) != 0)
		goto out;
	if (ask && n > 0 && c->lookup.config->pdb.enabled)
		subjects_ask(&c->lookup, s);
	c->set = lookup_set(&c->lookup, asns, n, e);
	if (e->code != ERR_NONE)
		goto out;
	path = options_path(c->lookup.config, DATA_JOURNAL);
	c->people = people_open(c->lookup.config, path);
	c->journal = journal_open(path, c->lookup.config->operator_name);
	c->book = people_book(c->people);
	c->calls = people_calls(c->people);
	c->registered = lookup_registered(&c->lookup, asns, n, ask, c->arena);
	say_faults(c->book);
	rc = 0;
out:
	free(path);
	free(asns);
	return rc;
}

void climb_close(struct climb *c)
{
	people_close(c->people);
	journal_free(c->journal);
	peer_set_unref(c->set);
	lookup_close(&c->lookup);
	arena_free(c->arena);
}

/* Those that the sessions run over; a network may have several sessions on one LAN. */
static size_t session_exchanges(struct climb *c, const struct subject *s, const struct exchange *const **out)
{
	const struct exchange **list = arena_alloc(c->arena, (s->addr_count + 1) * sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < s->addr_count; i++) {
		const struct exchange *x = peer_set_exchange_of(c->set, &s->addrs[i]);
		bool there = x == NULL;

		for (size_t k = 0; k < n; k++)
			there = there || list[k]->ix_id == x->ix_id;
		if (!there)
			list[n++] = x;
	}
	*out = list;
	return n;
}

void climb_ladder(struct climb *c, asn_t asn, const struct subject *s, struct ladder *out)
{
	struct ladder_input in = { .asn = asn, .book = c->book, .peers = c->set, .calls = c->calls,
		.registered = c->registered, .now_wall_ms = clock_wall_ms() };
	asn_t own = c->lookup.config->local_as;

	if (s != NULL && s->addr_count > 0)
		in.exchange_count = session_exchanges(c, s, &in.exchanges);
	else
		in.exchange_count = ladder_common_exchanges(c->arena, c->set, asn, own, &in.exchanges);
	if (in.exchange_count == 0 || s == NULL || s->addr_count == 0)
		in.facility_count = ladder_common_facilities(c->arena, c->set, asn, own, &in.facilities);
	ladder_build(c->arena, &in, out);
}

void climb_venue(struct climb *c, const struct venue *v, struct ladder *out)
{
	const struct world w = { .config = c->lookup.config, .book = c->book, .peers = c->set, .calls = c->calls,
		.now_wall_ms = clock_wall_ms() };

	ladder_of_venue(c->arena, &w, v, out);
}
