/*
 * Journal and ledger as lines of the world.
 *
 * Other consoles write into the same journal, so it is read again every few
 * seconds; only what was appended is read.
 */
#include "app/records.h"
#include "app/options.h"
#include "core/act/held.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINES_KEPT = 1000, LINES_MOST = 2000 };

void records_open(struct records *r, const struct config *c)
{
	*r = (struct records){ .path = options_path(c, DATA_JOURNAL), .arena = arena_new() };
	r->journal = journal_open(r->path, c->operator_name);
	r->ledger = ledger_new(r->path);
	r->approvals = approvals_new(r->path);
}

void records_close(struct records *r)
{
	approvals_free(r->approvals);
	arena_free(r->proposal_arena);
	free(r->proposals);
	ledger_free(r->ledger);
	journal_free(r->journal);
	arena_free(r->arena);
	arena_free(r->held_arena);
	free(r->lines);
	free(r->held);
	free(r->path);
}

static struct text copy(struct arena *a, struct text t)
{
	return (struct text){ arena_strdup(a, t.s) };
}

/* Keeps the newest lines in an arena of their own and lets go of the rest. */
static void forget_old_lines(struct records *r)
{
	struct arena *kept = arena_new();

	r->count = LINES_KEPT;
	for (size_t i = 0; i < r->count; i++) {
		struct journal_line *l = &r->lines[i];

		l->who = copy(kept, l->who);
		l->what = copy(kept, l->what);
		l->router = copy(kept, l->router);
		l->neighbor = copy(kept, l->neighbor);
		l->outcome = copy(kept, l->outcome);
		l->reason = copy(kept, l->reason);
	}
	arena_free(r->arena);
	r->arena = kept;
}

static struct journal_line line_of(struct arena *a, const struct journal_entry *j)
{
	const char *outcome = *j->outcome != '\0' ? j->outcome : strcmp(j->kind, "intent") == 0 ? "begun" : "";

	return (struct journal_line){
		.seq = j->seq,
		.wall_ms = j->wall_ms,
		.who = text_safez(a, *j->name != '\0' ? j->name : j->login),
		.what = text_safez(a, *j->verb != '\0' ? j->verb : j->kind),
		.router = text_safez(a, j->router),
		.neighbor = text_safez(a, j->neighbor),
		.outcome = text_safez(a, outcome),
		.reason = text_safez(a, *j->reason != '\0' ? j->reason : j->words),
		.remote_as = j->remote_as,
	};
}

static int on_entry(void *ctx, const struct journal_entry *j)
{
	struct records *r = ctx;

	if (strcmp(j->kind, "plan") == 0) /* its sessions follow as intents */
		return 0;
	if (r->count == LINES_MOST)
		forget_old_lines(r);
	if (r->lines == NULL)
		r->lines = mem_calloc(LINES_MOST, sizeof(*r->lines));
	memmove(r->lines + 1, r->lines, r->count * sizeof(*r->lines));
	r->lines[0] = line_of(r->arena, j);
	r->count++;
	return 0;
}

static const struct snap *snap_of(const struct world *w, const char *router)
{
	for (size_t i = 0; i < w->router_count; i++)
		if (strcmp(w->routers[i].conf->name, router) == 0)
			return w->routers[i].snap;
	return NULL;
}

static struct ledger_line held_line(struct arena *a, const struct ledger *in, const struct ledger_entry *l,
    const struct world *w)
{
	return (struct ledger_line){
		.id = text_safez(a, l->id),
		.router = text_safez(a, l->router),
		.vrf = text_safez(a, l->vrf),
		.neighbor = text_safez(a, l->neighbor),
		.verb = text_safez(a, verb_info(l->verb)->name),
		.who = text_safez(a, *l->name != '\0' ? l->name : l->login),
		.reason = text_safez(a, l->reason),
		.state = text_safez(a, held_word_in(in, l, snap_of(w, l->router))),
		.remote_as = l->remote_as,
		.since_wall_ms = l->wall_ms,
		.until_wall_ms = l->until_wall_ms,
		.lasting = l->lasting,
	};
}

static bool same_line(const struct ledger_line *a, const struct ledger_line *b)
{
	return text_same(a->id, b->id) && text_same(a->router, b->router) && text_same(a->vrf, b->vrf) &&
	       text_same(a->neighbor, b->neighbor) && text_same(a->verb, b->verb) && text_same(a->who, b->who) &&
	       text_same(a->reason, b->reason) && text_same(a->state, b->state) && a->remote_as == b->remote_as &&
	       a->since_wall_ms == b->since_wall_ms && a->until_wall_ms == b->until_wall_ms && a->lasting == b->lasting;
}

static bool same_lines(const struct records *r, const struct ledger_line *lines, size_t n)
{
	if (r->held == NULL || r->held_count != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!same_line(&r->held[i], &lines[i]))
			return false;
	return true;
}

/* Rows on the screen point into the lines: those that say the same stay, and others are told by the revision. */
static void refresh_held(struct records *r, struct world *w)
{
	size_t n = ledger_count(r->ledger);
	struct ledger_line *lines = mem_calloc(n, sizeof(*lines));
	struct arena *a = arena_new();

	for (size_t i = 0; i < n; i++)
		lines[i] = held_line(a, r->ledger, ledger_at(r->ledger, i), w);
	if (same_lines(r, lines, n)) {
		free(lines);
		arena_free(a);
		return;
	}
	free(r->held);
	arena_free(r->held_arena);
	r->held = lines;
	r->held_arena = a;
	r->held_count = n;
	w->ledger = lines;
	w->ledger_count = n;
	w->ledger_revision++;
}

/* The status line and the refusals lead in with these words themselves. */
static void say_no_action(struct records *r, const struct err *why)
{
	static const char lead[] = "no action is possible: ", journal[] = "journal ";
	const char *words = why->text;
	size_t at = strlen(r->path);

	if (strncmp(words, lead, sizeof(lead) - 1) == 0)
		words += sizeof(lead) - 1;
	/* The path comes after the reason: a line of 80 cells must not end before it. */
	if (strncmp(words, journal, sizeof(journal) - 1) == 0 &&
	    strncmp(words + sizeof(journal) - 1, r->path, at) == 0 &&
	    strncmp(words + sizeof(journal) - 1 + at, ": ", 2) == 0)
		snprintf(r->no_action, sizeof(r->no_action), "%.140s (journal %.140s)",
		    words + sizeof(journal) - 1 + at + 2, r->path);
	else
		snprintf(r->no_action, sizeof(r->no_action), "%.290s", words);
}

/* Others at work, one after the other as there is room: who, on what, how. */
struct at_work {
	char *out;
	size_t size, others, sessions;
	char login[64], plan[40];
};

static void on_claim(void *ctx, const struct claim *c, enum claim_life life)
{
	struct at_work *p = ctx;

	if (life != CLAIM_LIVE)
		return;
	if (strcmp(p->login, c->login) == 0 && strcmp(p->plan, c->plan) == 0) {
		p->sessions++;
		return;
	}
	if (p->login[0] != '\0') {
		p->others++;
		return;
	}
	p->sessions = 1;
	snprintf(p->login, sizeof(p->login), "%s", c->login);
	snprintf(p->plan, sizeof(p->plan), "%s", c->plan);
	snprintf(p->out, p->size, "%s is acting on AS%u (%s, %s)", c->login, c->remote_as, verb_info(c->verb)->name,
	    c->router);
}

static void refresh_presence(const struct records *r, struct world *w)
{
	char words[sizeof(w->presence)] = "";
	struct at_work p = { .out = words, .size = sizeof(words) };
	size_t at;
	int rc;

	/* Put together beside, because a worker that is writing leaves what was shown as it is. */
	rc = journal_claims_now(r->journal, on_claim, &p, NULL);
	if (rc == JOURNAL_BUSY)
		return;
	snprintf(w->presence, sizeof(w->presence), "%s", rc == 0 ? words : "");
	if (rc != 0)
		return;
	at = strlen(w->presence);
	if (p.sessions > 1)
		at += (size_t)snprintf(w->presence + at, sizeof(w->presence) - at, " +%zu sessions", p.sessions - 1);
	if (p.others > 0 && at < sizeof(w->presence))
		snprintf(w->presence + at, sizeof(w->presence) - at, " +%zu others", p.others);
}

static struct proposal_line proposal_line_of(const struct approval *p, const char *person, int64_t now, struct arena *a)
{
	enum approval_state state = approval_state(p, now);
	const char *said = approval_state_word(state);

	if (state == APPROVAL_GIVEN)
		said = arena_printf(a, "approved by %s", p->approver);
	else if (state == APPROVAL_WAITS && strcmp(p->person, person) == 0)
		said = "yours: waits for another";
	return (struct proposal_line){
		.digest = arena_strdup(a, p->digest),
		.who = text_safez(a, p->login),
		.words = text_safez(a, p->words),
		.state = text_safez(a, said),
		.waits = state == APPROVAL_WAITS && strcmp(p->person, person) != 0,
		.left_s = state == APPROVAL_WAITS || state == APPROVAL_GIVEN ? (p->expires_wall_ms - now) / 1000 : 0,
	};
}

/* Newest first; what lapsed or was carried out is only in the journal. */
static void refresh_proposals(struct records *r, struct world *w)
{
	char person[APPROVAL_PERSON_LEN];
	int64_t now = clock_wall_ms();
	size_t n = approvals_count(r->approvals);

	approval_person(person);
	arena_free(r->proposal_arena);
	r->proposal_arena = arena_new();
	r->proposals = mem_realloc(r->proposals, n + 1, sizeof(*r->proposals));
	w->proposal_count = 0;
	for (size_t i = n; i > 0; i--) {
		const struct approval *p = approvals_at(r->approvals, i - 1);

		if (approval_state(p, now) == APPROVAL_WAITS || approval_state(p, now) == APPROVAL_GIVEN)
			r->proposals[w->proposal_count++] = proposal_line_of(p, person, now, r->proposal_arena);
	}
	w->proposals = r->proposals;
}

void records_refresh(struct records *r, struct world *w)
{
	struct err e = ERR_INIT;
	int writable = journal_writable_now(r->journal, &e);

	if (writable != JOURNAL_BUSY) /* who writes now will tell */
		r->no_action[0] = '\0';
	if (writable < 0)
		say_no_action(r, &e);
	err_clear(&e);
	if (access(r->path, F_OK) == 0 && (journal_read(r->path, &r->offset, on_entry, r, &e) != 0 ||
	    ledger_refresh(r->ledger, NULL, &e) != 0 || approvals_refresh(r->approvals, &e) != 0) && r->no_action[0] == '\0')
		say_no_action(r, &e);
	w->no_action = r->no_action[0] != '\0' ? r->no_action : NULL;
	w->journal = r->lines;
	w->journal_count = r->count;
	refresh_held(r, w);
	refresh_presence(r, w);
	refresh_proposals(r, w);
}
