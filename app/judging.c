/* Rounds of judging, in small steps; see judging.h. */
#include "app/judging.h"
#include "core/base/clock.h"
#include "core/judge/assemble.h"

#include <stdlib.h>
#include <time.h>

enum { ROUND_MS = 5000 }; /* a round begins at most this often */

int judging_open(struct judging *j, const char *policy_path, const char *journal_path, struct err *e)
{
	j->policy = policy_load(policy_path, NULL, e);
	if (j->policy == NULL)
		return -1;
	j->book = verdict_book_new(j->policy);
	j->rulings = rulings_open(journal_path);
	rulings_refresh(j->rulings, j->book);
	return 0;
}

void judging_close(struct judging *j)
{
	verdict_book_free(j->book);
	rulings_close(j->rulings);
	policy_free(j->policy);
	j->book = NULL;
	j->rulings = NULL;
	j->policy = NULL;
}

void judging_evidence(const struct judging *j, const struct world *w, const struct world_session *const *rows, size_t count, asn_t asn,
    struct arena *a, struct evidence *ev)
{
	const struct assemble_input in = { .w = w, .rows = rows, .row_count = count, .book = w->book, .calls = w->calls };

	evidence_assemble(ev, a, asn, &in);
	if (j->collect != NULL)
		j->collect(j->collect_ctx, ev);
	rulings_into(j->rulings, ev);
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int by_asn(const void *a, const void *b)
{
	const struct world_session *const *x = a, *const *y = b;

	if ((*x)->s->remote_as != (*y)->s->remote_as)
		return (*x)->s->remote_as < (*y)->s->remote_as ? -1 : 1;
	return *x < *y ? -1 : *x > *y;
}

static void judge(struct judging *j, const struct world *w, const struct world_session *const *rows, size_t count)
{
	struct arena *a = arena_new();
	struct evidence ev;

	judging_evidence(j, w, rows, count, rows[0]->s->remote_as, a, &ev);
	verdict_book_judge(j->book, &ev, j->changed, j->changed_ctx);
	mirrors_judge(j->mirrors, &ev, w);
	arena_free(a);
}

/* Our own sessions (iBGP) are no peers. */
static size_t peers_of(const struct world *w, const struct world_session *rows, size_t n, const struct world_session **out)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		asn_t asn = rows[i].s->remote_as;

		if (asn != ASN_UNKNOWN && asn != w->config->local_as && asn != rows[i].s->local_as)
			out[count++] = &rows[i];
	}
	qsort(out, count, sizeof(const struct world_session *), by_asn);
	return count;
}

/* True when the end was reached. */
static bool judge_from(struct judging *j, const struct world *w, const struct world_session *const *rows, size_t n, int64_t until_us)
{
	size_t from = 0, to;

	while (from < n && rows[from]->s->remote_as <= j->at)
		from++;
	for (; from < n; from = to) {
		for (to = from + 1; to < n && rows[to]->s->remote_as == rows[from]->s->remote_as; to++)
			;
		judge(j, w, rows + from, to - from);
		j->at = rows[from]->s->remote_as;
		if (now_us() >= until_us && to < n)
			return false;
	}
	return true;
}

bool judging_step(struct judging *j, const struct world *w, int64_t budget_us)
{
	struct world_session *rows = NULL;
	const struct world_session **peers;
	int64_t until = now_us() + budget_us;
	size_t n;
	bool done;

	if (j->policy == NULL || (!j->under_way && w->now_boot_ms < j->next_boot_ms))
		return false;
	if (!j->under_way) {
		j->under_way = true;
		j->at = ASN_UNKNOWN;
		j->round_wall_ms = w->now_wall_ms;
		j->next_boot_ms = w->now_boot_ms + ROUND_MS;
	}
	n = world_sessions(w, &rows);
	peers = mem_calloc(n + 1, sizeof(const struct world_session *));
	n = peers_of(w, rows, n, peers);
	done = judge_from(j, w, peers, n, until);
	if (done) {
		j->under_way = false;
		verdict_book_forget(j->book, j->round_wall_ms);
		mirrors_forget(j->mirrors, j->round_wall_ms);
	}
	free(peers);
	free(rows);
	return done;
}

void judging_again(struct judging *j)
{
	j->next_boot_ms = 0;
}
