/* The verdicts of all networks, kept and compared; see verdict_book.h. */
#include "core/judge/verdict_book.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>

struct record {
	struct network_verdicts shown; /* arena NULL: only known from the journal */
	struct verdict_trend *trends;
};
struct verdict_book {
	const struct policy *policy;
	struct record *records; /* sorted by ASN */
	size_t count, cap;
	const struct network_verdicts **judged; /* those that were judged, by ASN */
	size_t judged_count;
	uint64_t revision;
	bool (*leave)(void *ctx, const struct proposal *p, struct str *why);
	void *leave_ctx;
};

struct verdict_book *verdict_book_new(const struct policy *p)
{
	struct verdict_book *b = MEM_NEW(struct verdict_book);

	b->policy = p;
	return b;
}

static void record_fini(struct record *r)
{
	arena_free(r->shown.arena);
	free(r->trends);
}

void verdict_book_free(struct verdict_book *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < b->count; i++)
		record_fini(&b->records[i]);
	free(b->records);
	free(b->judged);
	free(b);
}

const struct policy *verdict_book_policy(const struct verdict_book *b)
{
	return b->policy;
}

void verdict_book_leave(struct verdict_book *b, bool (*leave)(void *ctx, const struct proposal *p, struct str *why), void *ctx)
{
	b->leave = leave;
	b->leave_ctx = ctx;
}

/* The place of this number, or where it belongs. */
static size_t place_of(const struct verdict_book *b, asn_t asn)
{
	size_t low = 0, high = b->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (b->records[mid].shown.asn < asn)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct record *record_of(struct verdict_book *b, asn_t asn)
{
	size_t at = place_of(b, asn), n = b->policy->clause_count;
	struct record *r;

	if (at < b->count && b->records[at].shown.asn == asn)
		return &b->records[at];
	MEM_GROW(b->records, b->cap, b->count + 1);
	memmove(&b->records[at + 1], &b->records[at], (b->count - at) * sizeof(*b->records));
	b->count++;
	r = &b->records[at];
	*r = (struct record){ .shown = { .asn = asn }, .trends = mem_calloc(n, sizeof(*r->trends)) };
	for (size_t i = 0; i < n; i++)
		r->trends[i] = (struct verdict_trend){ .changed_wall_ms = -1, .unknown_since_ms = -1 };
	return r;
}

/* Records move when one is added: what is handed out is found again. */
static void relist(struct verdict_book *b)
{
	b->judged = mem_realloc(b->judged, b->count + 1, sizeof(struct network_verdicts *));
	b->judged_count = 0;
	for (size_t i = 0; i < b->count; i++)
		if (b->records[i].shown.arena != NULL)
			b->judged[b->judged_count++] = &b->records[i].shown;
}

static void settle(struct verdict_trend *t, enum verdict_value before, enum verdict_value after, int64_t wall_ms)
{
	t->settled = true;
	t->before = before;
	t->value = after;
	t->changed_wall_ms = wall_ms;
	t->changes++;
	t->unknown_since_ms = -1;
}

void verdict_book_past(struct verdict_book *b, asn_t asn, const char *clause, enum verdict_value before, enum verdict_value after, int64_t wall_ms)
{
	const struct clause *c = policy_clause(b->policy, clause);
	struct record *r;

	if (c == NULL || asn == ASN_UNKNOWN)
		return;
	r = record_of(b, asn);
	settle(&r->trends[c - b->policy->clauses], before, after, wall_ms);
	relist(b);
}

/* Whether this verdict, now, is a change to be told. */
static bool is_change(struct verdict_trend *t, const struct verdict *v, int64_t now)
{
	if (v->value == VERDICT_UNKNOWN) {
		if (!t->settled || t->value == VERDICT_UNKNOWN)
			return false;
		if (t->unknown_since_ms < 0)
			t->unknown_since_ms = now;
		return now - t->unknown_since_ms >= VERDICT_HOLD_MS;
	}
	t->unknown_since_ms = -1;
	if (t->settled)
		return t->value != v->value;
	if (v->value == VERDICT_FAIL)
		return true;
	t->settled = true;
	t->value = t->before = VERDICT_PASS;
	return false;
}

static void compare(struct record *r, const struct verdict *v, struct verdict_trend *t, int64_t now,
    void (*changed)(void *ctx, const struct verdict_change *c), void *ctx)
{
	struct verdict_change c = { .asn = r->shown.asn, .clause = v->clause, .before = t->settled ? t->value : VERDICT_UNKNOWN, .after = v->value,
		.waived = verdict_waived(v), .words = v->words.s };

	if (!is_change(t, v, now))
		return;
	settle(t, c.before, c.after, now);
	if (changed != NULL)
		changed(ctx, &c);
}

static void hold(const struct verdict_book *b, struct arena *a, struct proposal *p)
{
	struct str why;

	if (b->leave == NULL || !p->clause->automatic || !text_empty(p->refused))
		return;
	str_init(&why, 300);
	if (!b->leave(b->leave_ctx, p, &why))
		p->held = text_safez(a, why.len > 0 ? why.p : "it is left to a person");
	str_fini(&why);
}

static void propose(const struct verdict_book *b, struct network_verdicts *n, const struct evidence *ev)
{
	struct proposal *p = arena_alloc(n->arena, (n->count + 1) * sizeof(*p));

	n->proposals = p;
	n->proposal_count = 0;
	for (size_t i = 0; i < n->count; i++)
		if (proposal_of(&n->verdicts[i], ev, n->arena, &p[n->proposal_count]))
			hold(b, n->arena, &p[n->proposal_count++]);
}

static bool same_words(const struct network_verdicts *a, const struct network_verdicts *b)
{
	if (a->arena == NULL || a->count != b->count || a->proposal_count != b->proposal_count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->verdicts[i].value != b->verdicts[i].value || !text_same(a->verdicts[i].words, b->verdicts[i].words) ||
		    a->verdicts[i].waived_until_ms != b->verdicts[i].waived_until_ms)
			return false;
	for (size_t i = 0; i < a->proposal_count; i++)
		if (!text_same(a->proposals[i].held, b->proposals[i].held) || !text_same(a->proposals[i].refused, b->proposals[i].refused))
			return false;
	return true;
}

void verdict_book_judge(struct verdict_book *b, const struct evidence *ev, void (*changed)(void *ctx, const struct verdict_change *c), void *ctx)
{
	struct record *r = record_of(b, ev->asn);
	struct network_verdicts now = { .asn = ev->asn, .count = b->policy->clause_count, .arena = arena_new(), .judged_wall_ms = ev->now_wall_ms,
		.trends = r->trends, .sessions = ev->session_count };
	bool fresh = r->shown.arena == NULL;

	now.name = (struct text){ arena_strdup(now.arena, ev->peer != NULL ? text_or(ev->peer->name, "") : "") };
	now.verdicts = judge_network(b->policy, ev, now.arena);
	now.sum = verdict_sum_of(now.verdicts, now.count);
	for (size_t i = 0; i < ev->session_count; i++)
		now.live += ev->sessions[i].s->state == BGP_ESTABLISHED && !ev->sessions[i].stale;
	propose(b, &now, ev);
	if (!same_words(&r->shown, &now))
		b->revision++;
	arena_free(r->shown.arena);
	r->shown = now;
	for (size_t i = 0; i < now.count; i++)
		compare(r, &now.verdicts[i], &r->trends[i], ev->now_wall_ms, changed, ctx);
	if (fresh)
		relist(b);
}

void verdict_book_forget(struct verdict_book *b, int64_t before_wall_ms)
{
	for (size_t i = 0; i < b->count; i++) {
		struct record *r = &b->records[i];

		if (r->shown.arena == NULL || r->shown.judged_wall_ms >= before_wall_ms)
			continue;
		arena_free(r->shown.arena);
		r->shown = (struct network_verdicts){ .asn = r->shown.asn };
		b->revision++;
	}
	relist(b);
}

size_t verdict_book_count(const struct verdict_book *b)
{
	return b->judged_count;
}

const struct network_verdicts *verdict_book_at(const struct verdict_book *b, size_t i)
{
	return i < b->judged_count ? b->judged[i] : NULL;
}

const struct network_verdicts *verdict_book_find(const struct verdict_book *b, asn_t asn)
{
	size_t at = b != NULL ? place_of(b, asn) : 0;

	return b != NULL && at < b->count && b->records[at].shown.asn == asn && b->records[at].shown.arena != NULL ? &b->records[at].shown : NULL;
}

uint64_t verdict_book_revision(const struct verdict_book *b)
{
	return b != NULL ? b->revision : 0;
}
