/* Left-over actions and who settles them; see settle.h. */
#include "app/settle.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AGAIN_MS = 30000 }; /* what could not be settled is looked at again after so long */

struct left {
	char id[ACT_ID_LEN], job[ACT_ID_LEN]; /* of the action; of the job that looks, "" none under way */
	int64_t again_ms;
};
struct settling {
	struct operation_way way;
	struct left *left;
	size_t count, cap;
};

struct settling *settling_new(const struct operation_way *way)
{
	struct settling *s = MEM_NEW(struct settling);

	s->way = *way;
	return s;
}

void settling_free(struct settling *s)
{
	if (s == NULL)
		return;
	free(s->left);
	free(s);
}

struct found {
	struct arena *arena;
	const struct claim **claims;
	size_t count, cap;
};

static void on_claim(void *ctx, const struct claim *c, enum claim_life life)
{
	struct found *f = ctx;

	if (life != CLAIM_LEFT)
		return;
	MEM_GROW(f->claims, f->cap, f->count + 1);
	f->claims[f->count++] = claim_copy(f->arena, c);
}

static struct left *left_of(struct settling *s, const char *id)
{
	struct left *l;

	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->left[i].id, id) == 0)
			return &s->left[i];
	MEM_GROW(s->left, s->cap, s->count + 1);
	l = &s->left[s->count++];
	*l = (struct left){ .again_ms = 0 };
	memcpy(l->id, id, strnlen(id, sizeof(l->id) - 1));
	return l;
}

/* Only routers that answer: the others are looked at again when they do. */
static bool readable(const struct settling *s, const char *router)
{
	struct world_router *r = present_router(s->way.present, router);

	return r != NULL && r->snap != NULL && r->link.state != LINK_WAITING && r->link.state != LINK_LOCKED &&
	    r->link.state != LINK_STOPPED && pool_worker(s->way.pool, router) != NULL;
}

static void give(struct settling *s, const struct claim *c)
{
	struct left *l = left_of(s, c->id);
	struct act_job *job;

	if (l->job[0] != '\0' || clock_boot_ms() < l->again_ms || !readable(s, c->router))
		return;
	job = act_job_settle(c, s->way.journal, s->way.ledger);
	memcpy(l->job, act_job_id(job), strlen(act_job_id(job)) + 1);
	worker_act(pool_worker(s->way.pool, c->router), job);
}

static size_t under_way(const struct settling *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		n += s->left[i].job[0] != '\0';
	return n;
}

size_t settling_begin(struct settling *s)
{
	struct found f = { .arena = arena_new() };

	if (journal_claims_now(s->way.journal, on_claim, &f, NULL) == 0 && s->way.ledger != NULL)
		(void)ledger_refresh(s->way.ledger, NULL, NULL);
	for (size_t i = 0; i < f.count; i++)
		give(s, f.claims[i]);
	free(f.claims);
	arena_free(f.arena);
	return under_way(s);
}

bool settling_take(struct settling *s, const struct act_progress *p)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->left[i].job[0] != '\0' && strcmp(s->left[i].job, p->job) == 0) {
			s->left[i].job[0] = '\0';
			s->left[i].again_ms = clock_boot_ms() + AGAIN_MS;
			return true;
		}
	return false;
}

static void count_left(void *ctx, const struct claim *c, enum claim_life life)
{
	size_t *n = ctx;

	(void)c;
	*n += life == CLAIM_LEFT;
}

size_t settling_left(struct journal *j)
{
	size_t n = 0;

	(void)journal_claims(j, count_left, &n, NULL);
	return n;
}

void settle_and_wait(struct gather *g, const struct operation_way *way)
{
	struct settling *s = settling_new(way);
	size_t open = settling_begin(s);

	while (open > 0) {
		struct msg *m = gather_wait(g, clock_boot_ms() + 500);

		if (m == NULL)
			continue;
		if (m->kind == MSG_ACT && settling_take(s, m->act)) {
			fprintf(stderr, "peerdeck: %s %s: %s: %s\n", m->act->router, m->act->neighbor,
			    verb_info(m->act->verb)->name, m->act->words);
			open--;
		}
		msg_free(m);
	}
	settling_free(s);
}
