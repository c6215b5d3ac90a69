/* The ledger as a replay of the journal; see ledger.h. */
#include "core/act/ledger.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ledger {
	char *path;
	uint64_t offset;
	struct held *held;
	size_t count, cap;
	struct drains *drains;
	struct returning *returns;
	size_t return_count, return_cap;
	struct ledger_last *last; /* one per uid */
	size_t last_count, last_cap;
	bool changed;
};

/* An entry with the strings it owns. */
struct held {
	struct ledger_entry e;
	struct arena *arena;
};

struct returning {
	struct ledger_return r;
	struct arena *arena;
};

struct ledger *ledger_new(const char *journal_path)
{
	struct ledger *l = MEM_NEW(struct ledger);

	l->path = mem_strdup(journal_path);
	l->drains = drains_new();
	return l;
}

static void drop(struct ledger *l, size_t at)
{
	arena_free(l->held[at].arena);
	memmove(&l->held[at], &l->held[at + 1], (l->count - at - 1) * sizeof(*l->held));
	l->count--;
}

static void forget_return(struct ledger *l, size_t at)
{
	arena_free(l->returns[at].arena);
	memmove(&l->returns[at], &l->returns[at + 1], (l->return_count - at - 1) * sizeof(*l->returns));
	l->return_count--;
}

void ledger_free(struct ledger *l)
{
	if (l == NULL)
		return;
	while (l->return_count > 0)
		forget_return(l, l->return_count - 1);
	free(l->returns);
	drains_free(l->drains);
	while (l->count > 0)
		drop(l, l->count - 1);
	free(l->held);
	free(l->last);
	free(l->path);
	free(l);
}

static bool same_session(const struct ledger_entry *h, const struct journal_entry *j)
{
	return strcmp(h->router, j->router) == 0 && strcmp(h->neighbor, j->neighbor) == 0 &&
	    strcmp(h->vrf, j->vrf) == 0;
}

static void open_entry(struct ledger *l, const struct journal_entry *j, enum verb verb)
{
	struct arena *a = arena_new();
	struct held *h;

	MEM_GROW(l->held, l->cap, l->count + 1);
	h = &l->held[l->count++];
	h->arena = a;
	h->e = (struct ledger_entry){
	    .id = arena_strdup(a, j->id),
	    .plan = arena_strdup(a, j->plan),
	    .verb = verb,
	    .prefixes = entry_prefixes(j, a),
	    .state = LEDGER_OPEN,
	    .router = arena_strdup(a, j->router),
	    .vrf = arena_strdup(a, j->vrf),
	    .neighbor = arena_strdup(a, j->neighbor),
	    .handle = arena_strdup(a, j->handle),
	    .network = arena_strdup(a, j->network),
	    .remote_as = j->remote_as,
	    .lasting = j->lasting,
	    .uid = j->uid,
	    .scope = arena_strdup(a, j->scope),
	    .login = arena_strdup(a, j->login),
	    .name = arena_strdup(a, j->name),
	    .reason = arena_strdup(a, j->reason),
	    .ticket = arena_strdup(a, j->ticket),
	    .message = arena_strdup(a, j->message),
	    .saved = arena_strdup(a, j->saved),
	    .received = j->received,
	    .advertised = j->advertised,
	    .op = arena_strdup(a, j->op),
	    .until_wall_ms = j->until_wall_ms,
	    .until_boot_ms = j->until_boot_ms,
	    .boot = arena_strdup(a, j->boot),
	    .overdue_words = "",
	    .wall_ms = j->wall_ms,
	    .inverse_id = "",
	};
}

static struct held *by_id(struct ledger *l, const char *id)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->held[i].e.id, id) == 0)
			return &l->held[i];
	return NULL;
}

/* The inverse of something held was begun: until its outcome is known the entry says so. */
static void mark_inverse(struct ledger *l, const struct journal_entry *j, enum verb verb)
{
	for (size_t i = l->count; i > 0; i--) {
		struct held *h = &l->held[i - 1];

		if (verb_info(h->e.verb)->inverse != verb || !same_session(&h->e, j))
			continue;
		h->e.inverse_id = arena_strdup(h->arena, j->id);
		return;
	}
}

/* The same, and not another one beside: withdraws of different prefixes stand side by side. */
static bool replaces(const struct ledger_entry *now, const struct ledger_entry *before)
{
	return now->verb == before->verb &&
	    (now->prefixes.count == 0 || chosen_overlaps(now->prefixes, before->prefixes));
}

/* What is held again replaces what was held before: somebody else had ended that. */
static void drop_older(struct ledger *l, const struct held *h, const struct journal_entry *j)
{
	for (size_t i = (size_t)(h - l->held); i > 0; i--)
		if (replaces(&h->e, &l->held[i - 1].e) && same_session(&l->held[i - 1].e, j)) {
			drop(l, i - 1);
			h--;
		}
}

static void end_held(struct ledger *l, struct held *h, const struct journal_entry *j)
{
	const char *outcome = j->outcome;

	if (strcmp(outcome, "failed") == 0) {
		drop(l, (size_t)(h - l->held));
	} else if (strcmp(outcome, "done") == 0) {
		h->e.state = LEDGER_HELD;
		drop_older(l, h, j);
	} else {
		h->e.state = strcmp(outcome, "unverified") == 0 ? LEDGER_UNVERIFIED : LEDGER_UNKNOWN;
	}
}

/* What is acted on again returns no more. */
static void end_returns(struct ledger *l, const struct journal_entry *j)
{
	for (size_t i = l->return_count; i > 0; i--)
		if (same_session(&l->returns[i - 1].r.was, j))
			forget_return(l, i - 1);
}

/* Its strings go on living in the entry's arena. */
static void begin_return(struct ledger *l, size_t at, const struct journal_entry *j)
{
	struct held *h = &l->held[at];
	struct returning *r;

	MEM_GROW(l->returns, l->return_cap, l->return_count + 1);
	r = &l->returns[l->return_count++];
	*r = (struct returning){ .arena = h->arena,
		.r = { .was = h->e, .inverse_id = arena_strdup(h->arena, j->id), .back_wall_ms = j->wall_ms } };
	h->arena = NULL;
	drop(l, at);
}

static void end_inverse(struct ledger *l, const struct journal_entry *j, enum verb verb)
{
	for (size_t i = l->count; i > 0; i--) {
		struct ledger_entry *h = &l->held[i - 1].e;

		if (verb_info(h->verb)->inverse != verb || !same_session(h, j))
			continue;
		if (strcmp(j->outcome, "done") == 0)
			begin_return(l, i - 1, j);
		else if (strcmp(j->outcome, "failed") == 0)
			h->inverse_id = "";
		return; /* one inverse ends one action, the newest */
	}
}

static void take_fact(struct ledger *l, const struct journal_entry *j)
{
	struct held *h = by_id(l, j->id);

	l->changed = true;
	if (strcmp(j->kind, LEDGER_UNTIL) == 0) {
		if (h == NULL)
			return;
		h->e.overdue = strcmp(entry_more(j, "state"), "overdue") == 0;
		h->e.overdue_words = arena_strdup(h->arena, j->words);
		return;
	}
	for (size_t i = l->return_count; i > 0; i--) {
		if (strcmp(l->returns[i - 1].r.inverse_id, j->id) != 0)
			continue;
		if (strcmp(entry_more(j, "state"), "back") == 0)
			forget_return(l, i - 1);
		else
			l->returns[i - 1].r.late = true;
	}
}

static void remember_last(struct ledger *l, const struct journal_entry *j, enum verb verb)
{
	struct ledger_last *last = NULL;

	for (size_t i = 0; i < l->last_count; i++)
		if (l->last[i].uid == j->uid)
			last = &l->last[i];
	if (last == NULL) {
		MEM_GROW(l->last, l->last_cap, l->last_count + 1);
		last = &l->last[l->last_count++];
	}
	*last = (struct ledger_last){ .uid = j->uid, .verb = verb };
	snprintf(last->plan, sizeof(last->plan), "%s", j->plan);
}

const struct ledger_last *ledger_last(const struct ledger *l, int64_t uid)
{
	for (size_t i = 0; i < l->last_count; i++)
		if (l->last[i].uid == uid)
			return &l->last[i];
	return NULL;
}

static int replay(void *ctx, const struct journal_entry *j)
{
	struct ledger *l = ctx;
	enum verb verb;
	struct held *h;

	if (strcmp(j->kind, DRAIN_FACT) == 0) {
		drains_take(l->drains, j);
		l->changed = true;
	}
	if (strcmp(j->kind, LEDGER_UNTIL) == 0 || strcmp(j->kind, LEDGER_BACK) == 0)
		take_fact(l, j);
	if (!verb_parse(j->verb, &verb))
		return 0;
	if (strcmp(j->kind, "intent") == 0) {
		remember_last(l, j, verb);
		end_returns(l, j);
		if (verb_info(verb)->opens_ledger)
			open_entry(l, j, verb);
		else
			mark_inverse(l, j, verb);
		l->changed = true;
	} else if (strcmp(j->kind, "outcome") == 0) {
		h = by_id(l, j->id);
		if (h != NULL)
			end_held(l, h, j);
		else
			end_inverse(l, j, verb);
		l->changed = true;
	}
	return 0;
}

int ledger_refresh(struct ledger *l, bool *changed, struct err *e)
{
	int rc;

	l->changed = false;
	rc = journal_read(l->path, &l->offset, replay, l, e);
	if (changed != NULL)
		*changed = l->changed;
	return rc;
}

size_t ledger_count(const struct ledger *l)
{
	return l->count;
}

const struct ledger_entry *ledger_at(const struct ledger *l, size_t i)
{
	return i < l->count ? &l->held[i].e : NULL;
}

const struct ledger_entry *ledger_find(const struct ledger *l, const char *router, const char *vrf,
    const char *neighbor, enum verb verb)
{
	for (size_t i = l->count; i > 0; i--) {
		const struct ledger_entry *h = &l->held[i - 1].e;

		if ((verb == VERB_COUNT || h->verb == verb) && strcmp(h->router, router) == 0 &&
		    strcmp(h->vrf, vrf) == 0 && strcmp(h->neighbor, neighbor) == 0)
			return h;
	}
	return NULL;
}

const struct drains *ledger_drains(const struct ledger *l)
{
	return l->drains;
}

size_t ledger_returns(const struct ledger *l)
{
	return l->return_count;
}

const struct ledger_return *ledger_return_at(const struct ledger *l, size_t i)
{
	return i < l->return_count ? &l->returns[i].r : NULL;
}

const char *ledger_state_word(enum ledger_state s)
{
	static const char *const word[] = {
	    [LEDGER_HELD] = "held",
	    [LEDGER_UNVERIFIED] = "unverified",
	    [LEDGER_UNKNOWN] = "unknown",
	    [LEDGER_OPEN] = "open",
	};

	return word[s];
}
