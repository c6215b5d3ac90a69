/* What people did, out of the journal: lines as the timeline shows them; see archive_priv.h. */
#include "app/archive_priv.h"
#include "core/act/journal.h"
#include "core/judge/incident.h"
#include "core/model/calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEEDS_MAX = 20000, SAME_MS = 120000 };

struct reading {
	struct deeds *d;
	int64_t since;
};

static const char *outcome_words(const struct journal_entry *j)
{
	enum call_outcome o;

	return call_outcome_find(entry_more(j, "outcome"), &o) ? call_outcome_words(o) : "";
}

/* Words from outside are made safe where they enter, and cut between characters. */
static void say(struct chronicle_line *l, struct arena *a, const char *lead, const char *words)
{
	const char *all = text_or(text_safez(a, arena_printf(a, "%s%s", lead, words)), "");
	int cells = sizeof(l->e.words) - 1;
	size_t n;

	while ((n = text_fit(all, cells, NULL)) >= sizeof(l->e.words))
		cells -= 8;
	memcpy(l->e.words, all, n);
	l->e.words[n] = '\0';
}

static const char *who_of(const struct journal_entry *j)
{
	return *j->name != '\0' ? j->name : j->login;
}

static void say_incident(struct chronicle_line *l, const struct journal_entry *j, struct arena *a)
{
	const char *op = entry_more(j, "op"), *key = entry_more(j, "key");
	bool itself = strcmp(entry_more(j, "itself"), "yes") == 0, opened = strcmp(op, "open") == 0;

	snprintf(l->incident, sizeof(l->incident), "%.23s", text_or(text_safez(a, j->id), ""));
	l->e.severity = opened ? SEV_WARN : SEV_INFO;
	say(l, a, itself ? arena_printf(a, "%s: ", opened ? "opened" : op) : arena_printf(a, "%s: %s: ", who_of(j), op),
	    *j->words != '\0' ? j->words : *key != '\0' ? key : j->id);
}

static bool is_word(const char *kind)
{
	static const char *const kinds[] = { "note", "waiver", "attestation", "handover", "approve", "propose", "automatic" };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i], kind) == 0)
			return true;
	return false;
}

static bool fill(struct chronicle_line *l, const struct journal_entry *j, struct arena *a)
{
	snprintf(l->what, sizeof(l->what), "%.15s", j->kind);
	l->e.kind = EVENT_NOTE;
	if (strcmp(j->kind, "outcome") == 0) {
		snprintf(l->what, sizeof(l->what), "action");
		l->e.kind = EVENT_ACTION;
		l->e.severity = strcmp(j->outcome, "done") == 0 ? SEV_NOTICE : SEV_WARN;
		say(l, a, arena_printf(a, "%s: %s %s: ", who_of(j), j->verb, j->outcome), *j->reason != '\0' ? j->reason : j->words);
	} else if (strcmp(j->kind, "call") == 0) {
		say(l, a, arena_printf(a, "%s: %s ", who_of(j), outcome_words(j)), entry_more(j, "role"));
	} else if (strcmp(j->kind, "incident") == 0) {
		say_incident(l, j, a);
	} else if (is_word(j->kind)) {
		say(l, a, arena_printf(a, "%s: ", who_of(j)), *j->words != '\0' ? j->words : j->reason);
	} else {
		return false;
	}
	return true;
}

static void copy(char *out, size_t size, const char *s, struct arena *a)
{
	snprintf(out, size, "%.63s", text_or(text_safez(a, s), ""));
}

static int take(void *ctx, const struct journal_entry *j)
{
	struct reading *r = ctx;
	struct deeds *d = r->d;
	struct chronicle_line l = { .e = { .wall_ms = j->wall_ms, .remote_as = j->remote_as, .before = COUNT_UNKNOWN,
		.after = COUNT_UNKNOWN, .acked = true }, .times = 1, .first_wall_ms = j->wall_ms };
	struct arena *a;

	if (j->wall_ms < r->since)
		return 0;
	a = arena_new();
	if (fill(&l, j, a)) {
		copy(l.e.router, sizeof(l.e.router), j->router, a);
		copy(l.e.vrf, sizeof(l.e.vrf), j->vrf, a);
		copy(l.e.neighbor, sizeof(l.e.neighbor), j->neighbor, a);
		if (d->count == DEEDS_MAX) /* the older half is beyond every page */
			memmove(d->lines, d->lines + DEEDS_MAX / 2, (d->count -= DEEDS_MAX / 2) * sizeof(*d->lines));
		MEM_GROW(d->lines, d->cap, d->count + 1);
		d->lines[d->count++] = l;
	}
	arena_free(a);
	return 0;
}

void deeds_refresh(struct deeds *d, int64_t since_wall_ms)
{
	struct reading r = { d, since_wall_ms };

	if (access(d->path, R_OK) == 0)
		(void)journal_read(d->path, &d->offset, take, &r, NULL);
}

void deeds_fini(struct deeds *d)
{
	free(d->lines);
	*d = (struct deeds){ .path = d->path };
}

bool deeds_tell(const struct deeds *d, const struct event *ev)
{
	const char *what = ev->kind == EVENT_ACTION ? "action" : ev->kind == EVENT_NOTE && ev->severity == SEV_INFO ? "call" : NULL;

	for (size_t i = d->count; what != NULL && i-- > 0;) {
		const struct chronicle_line *l = &d->lines[i];

		if (l->e.wall_ms + SAME_MS < ev->wall_ms)
			return false;
		if (strcmp(l->what, what) == 0 && llabs(l->e.wall_ms - ev->wall_ms) <= SAME_MS && l->e.remote_as == ev->remote_as &&
		    strcmp(l->e.router, ev->router) == 0 && strcmp(l->e.neighbor, ev->neighbor) == 0)
			return true;
	}
	return false;
}
