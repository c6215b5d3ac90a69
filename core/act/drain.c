/* The drain's table, and its waits as a replay of the journal; see drain.h. */
#include "core/act/drain.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>

struct cell {
	bool set;
	struct drain_turn turn;
};
#define GO(state, todo) { true, { DRAIN_##state, DRAIN_DO_##todo } }

static const struct cell table[DRAIN_STATES][DRAIN_INPUTS] = {
    [DRAIN_MARKING] = {
        [DRAIN_IN_MARKED] = GO(WAITING, WAIT),
        [DRAIN_IN_NOT_MARKED] = GO(UNMARKED, NOTHING),
    },
    [DRAIN_WAITING] = {
        [DRAIN_IN_HIGH] = GO(WAITING, WAIT),
        [DRAIN_IN_LOW] = GO(SHUTTING, SHUT),
        [DRAIN_IN_TIME] = GO(SHUTTING, SHUT),
        [DRAIN_IN_STOP] = GO(STOPPED, NOTHING),
        [DRAIN_IN_CHANGED] = GO(STOPPED, NOTHING),
    },
    [DRAIN_SHUTTING] = {
        [DRAIN_IN_SHUT] = GO(DONE, NOTHING),
        [DRAIN_IN_NOT_SHUT] = GO(UNSHUT, NOTHING),
    },
};

struct drain_turn drain_step(enum drain_state s, enum drain_input in)
{
	return table[s][in].set ? table[s][in].turn : (struct drain_turn){ s, DRAIN_DO_BUG };
}

bool drain_final(enum drain_state s)
{
	return s >= DRAIN_DONE;
}

const char *drain_state_word(enum drain_state s)
{
	static const char *const word[DRAIN_STATES] = { "marking", "waiting", "shutting", "done", "stopped", "unmarked",
		"unshut" };

	return word[s];
}

const char *drain_input_word(enum drain_input in)
{
	static const char *const word[DRAIN_INPUTS] = { "marked", "not marked", "high", "low", "time", "stop", "changed",
		"shut", "not shut" };

	return word[in];
}

/* ---- the waits ---- */

struct wait {
	struct drain_entry e;
	struct arena *arena;
};
struct drains {
	struct wait *waits;
	size_t count, cap;
};

struct drains *drains_new(void)
{
	return MEM_NEW(struct drains);
}

static void drop(struct drains *d, size_t at)
{
	arena_free(d->waits[at].arena);
	memmove(&d->waits[at], &d->waits[at + 1], (d->count - at - 1) * sizeof(*d->waits));
	d->count--;
}

void drains_free(struct drains *d)
{
	if (d == NULL)
		return;
	while (d->count > 0)
		drop(d, d->count - 1);
	free(d->waits);
	free(d);
}

static int64_t number(const struct journal_entry *e, const char *key, int64_t otherwise)
{
	uint64_t v;

	return slice_u64(slice_of(entry_more(e, key)), &v) && v <= INT64_MAX ? (int64_t)v : otherwise;
}

static void read_wait(struct wait *w, const struct journal_entry *e)
{
	struct arena *a = w->arena;

	w->e = (struct drain_entry){
	    .op = arena_strdup(a, e->id),
	    .waiting = true,
	    .turn = (unsigned)number(e, "turn", 0),
	    .until_wall_ms = number(e, "until_ms", 0),
	    .until_boot_ms = number(e, "until_boot_ms", 0),
	    .since_wall_ms = e->wall_ms,
	    .floor_bps = number(e, "floor_bps", COUNT_UNKNOWN),
	    .boot = arena_strdup(a, entry_more(e, "boot")),
	    .message = arena_strdup(a, entry_more(e, "message")),
	    .lines = arena_strdup(a, entry_more(e, "lines")),
	    .reason = arena_strdup(a, e->reason),
	    .ticket = arena_strdup(a, e->ticket),
	    .login = arena_strdup(a, e->login),
	    .name = arena_strdup(a, e->name),
	    .words = arena_strdup(a, e->words),
	    .owner = { .pid = (pid_t)number(e, "pid", 0), .start = (uint64_t)number(e, "start", 0) },
	};
	memcpy(w->e.owner.boot, w->e.boot, strnlen(w->e.boot, sizeof(w->e.owner.boot) - 1));
}

void drains_take(struct drains *d, const struct journal_entry *e)
{
	size_t at = 0;

	if (strcmp(e->kind, DRAIN_FACT) != 0)
		return;
	while (at < d->count && strcmp(d->waits[at].e.op, e->id) != 0)
		at++;
	if (at < d->count)
		drop(d, at);
	if (strncmp(entry_more(e, "state"), "waiting", 7) != 0)
		return;
	MEM_GROW(d->waits, d->cap, d->count + 1);
	d->waits[d->count] = (struct wait){ .arena = arena_new() };
	read_wait(&d->waits[d->count++], e);
}

size_t drains_count(const struct drains *d)
{
	return d->count;
}

const struct drain_entry *drains_at(const struct drains *d, size_t i)
{
	return i < d->count ? &d->waits[i].e : NULL;
}

const struct drain_entry *drains_find(const struct drains *d, const char *op)
{
	for (size_t i = 0; i < d->count; i++)
		if (strcmp(d->waits[i].e.op, op) == 0)
			return &d->waits[i].e;
	return NULL;
}

bool drain_due(const struct drain_entry *d, int64_t now_boot_ms, int64_t now_wall_ms)
{
	if (d->boot[0] != '\0' && strcmp(d->boot, process_boot()) == 0)
		return now_boot_ms >= d->until_boot_ms;
	return now_wall_ms >= d->until_wall_ms;
}
