/* Ends what is held until a time, and watches what comes back; see expiry.h. */
#include "app/expiry.h"
#include "core/act/held.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AGAIN_MS = 60000, REMIND_MS = 15 * 60 * 1000 };

/* What is remembered about one action while the console runs. */
struct tried {
	char id[ACT_ID_LEN];
	int64_t again_ms;  /* not tried before, boot ms */
	int64_t remind_ms; /* not told before */
	int64_t late_ms;   /* what returns is late from then on */
};
struct expiry {
	struct operation op;
	expiry_told told;
	void *ctx;
	char id[ACT_ID_LEN]; /* of the entry that is being ended; "" none */
	char words[480];     /* the last that was said about it */
	char reason[400];    /* of its end */
	struct tried *tried;
	size_t count, cap;
};

struct expiry *expiry_new(const struct operation_way *way, expiry_told told, void *ctx)
{
	struct expiry *x = MEM_NEW(struct expiry);

	operation_init(&x->op, way);
	x->told = told;
	x->ctx = ctx;
	return x;
}

void expiry_free(struct expiry *x)
{
	if (x == NULL)
		return;
	operation_fini(&x->op);
	free(x->tried);
	free(x);
}

bool expiry_busy(const struct expiry *x)
{
	return x->op.phase == OPERATION_RUNNING;
}

static struct tried *tried_of(struct expiry *x, const char *id)
{
	struct tried *t;

	for (size_t i = 0; i < x->count; i++)
		if (strcmp(x->tried[i].id, id) == 0)
			return &x->tried[i];
	MEM_GROW(x->tried, x->cap, x->count + 1);
	t = &x->tried[x->count++];
	*t = (struct tried){ .again_ms = 0 };
	snprintf(t->id, sizeof(t->id), "%s", id);
	return t;
}

static const struct ledger_entry *entry_of(const struct expiry *x, const char *id)
{
	const struct ledger *l = x->op.way.ledger;

	for (size_t i = 0; i < ledger_count(l); i++)
		if (strcmp(ledger_at(l, i)->id, id) == 0)
			return ledger_at(l, i);
	return NULL;
}

static void mark(struct expiry *x, const char *kind, const char *id, const struct ledger_entry *l, const char *from,
    const char *to, const char *words)
{
	const struct journal_fact f = { .kind = kind, .id = id, .router = l->router, .vrf = l->vrf,
		.neighbor = l->neighbor, .network = l->network, .remote_as = l->remote_as, .ticket = l->ticket,
		.words = words };

	/* Refused: another console was first, and its mark says the same.  Not written: it is told all the same. */
	(void)journal_mark(x->op.way.journal, &f, from, to, NULL);
}

/* ---- held until ---- */

static void overdue(struct expiry *x, const struct ledger_entry *l, const char *why)
{
	struct tried *t = tried_of(x, l->id);
	char words[400];

	t->again_ms = clock_boot_ms() + AGAIN_MS;
	snprintf(words, sizeof(words), "OVERDUE: %s was to end now and could not: %.300s", verb_info(l->verb)->name, why);
	if (!l->overdue)
		mark(x, LEDGER_UNTIL, l->id, l, "", "overdue", words);
	if (clock_boot_ms() < t->remind_ms)
		return;
	t->remind_ms = clock_boot_ms() + REMIND_MS;
	x->told(x->ctx, SEV_ALARM, l, words);
}

static const struct session *row_of(const struct snap *snap, const struct ledger_entry *l)
{
	for (size_t i = 0; i < snap->count; i++)
		if (strcmp(text_or(snap->sessions[i].neighbor, ""), l->neighbor) == 0 &&
		    strcmp(text_or(snap->sessions[i].vrf, ""), l->vrf) == 0)
			return &snap->sessions[i];
	return NULL;
}

/* Why it must not be ended by itself; NULL: nothing speaks against it.  The plan looks closer. */
static const char *against(const struct expiry *x, const struct ledger_entry *l)
{
	const struct world_router *r = present_router(x->op.way.present, l->router);
	const struct session *s;

	if (x->op.way.present->w.read_only)
		return "this console is read-only";
	if (r == NULL)
		return "its router is not in the configuration any more";
	if (r->snap == NULL || r->link.state == LINK_WAITING || r->link.state == LINK_LOCKED)
		return r->link.words[0] != '\0' ? r->link.words : "the router is not connected";
	s = row_of(r->snap, l);
	if (s == NULL)
		return held_sentence(HELD_GONE);
	if (l->verb == VERB_SUSPEND && l->message[0] != '\0' && !text_empty(s->own_message) &&
	    s->admin_down == TRI_YES && strcmp(s->own_message.s, l->message) != 0)
		return "it is shut with another message now: somebody else shut it again";
	return NULL;
}

static void begin(struct expiry *x, const struct ledger_entry *l)
{
	const struct operation_target t = { l->router, l->vrf, l->neighbor, l->network };
	const struct operation_ask ask = { .verb = verb_info(l->verb)->inverse, .ticket = l->ticket, .reason = x->reason };
	char iso[CLOCK_ISO_LEN];
	struct err e = ERR_INIT;

	tried_of(x, l->id)->again_ms = clock_boot_ms() + AGAIN_MS;
	snprintf(x->id, sizeof(x->id), "%s", l->id);
	x->words[0] = '\0';
	snprintf(x->reason, sizeof(x->reason), "held until %s (%.300s)", clock_iso(l->until_wall_ms, iso), l->reason);
	if (operation_plan(&x->op, &ask, &t, 1, &e) == 0)
		return;
	overdue(x, l, e.text);
	x->id[0] = '\0';
}

static void begin_what_is_due(struct expiry *x)
{
	const struct ledger *ledger = x->op.way.ledger;
	int64_t now = clock_boot_ms(), wall = clock_wall_ms();

	for (size_t i = 0; i < ledger_count(ledger) && x->id[0] == '\0'; i++) {
		const struct ledger_entry *l = ledger_at(ledger, i);
		const char *why;

		if (l->state == LEDGER_OPEN || l->inverse_id[0] != '\0' || !held_due(l, process_boot(), now, wall) ||
		    now < tried_of(x, l->id)->again_ms)
			continue;
		why = against(x, l);
		if (why != NULL)
			overdue(x, l, why);
		else
			begin(x, l);
	}
}

static const char *skipped_because(const struct plan *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].skip != NULL)
			return p->items[i].skip;
	return "there is nothing to do";
}

static void end(struct expiry *x, const char *why)
{
	const struct ledger_entry *l;

	(void)ledger_refresh(x->op.way.ledger, NULL, NULL);
	l = entry_of(x, x->id);
	if (l != NULL && why != NULL)
		overdue(x, l, why);
	x->id[0] = '\0';
	operation_fini(&x->op);
}

bool expiry_take(struct expiry *x, struct act_progress *p)
{
	enum operation_phase before = x->op.phase;
	struct err e = ERR_INIT;

	if (!operation_take(&x->op, p))
		return false;
	if (p->words[0] != '\0' && p->neighbor[0] != '\0')
		snprintf(x->words, sizeof(x->words), "%s", p->words);
	if (before == OPERATION_PLANNING && x->op.phase == OPERATION_SHOWN) {
		if (plan_todo(x->op.plan, NULL) == 0)
			end(x, skipped_because(x->op.plan));
		else if (operation_perform(&x->op, x->op.plan->digest, &e) != 0)
			end(x, e.text);
	} else if (x->op.phase == OPERATION_ENDED) {
		const struct ledger_entry *l = entry_of(x, x->id);

		if (l != NULL && x->op.done > 0)
			x->told(x->ctx, SEV_NOTICE, l, "its time has come: ended, and proven");
		end(x, x->op.done > 0 ? NULL : x->words);
	}
	return true;
}

/* ---- coming back ---- */

static void watch(struct expiry *x, const struct ledger_return *r)
{
	const struct world_router *router = present_router(x->op.way.present, r->was.router);
	struct tried *t = tried_of(x, r->inverse_id);
	int64_t ago = clock_wall_ms() - r->back_wall_ms, now = clock_boot_ms();
	enum held_back back;
	struct str words;

	if (t->late_ms == 0) /* on the clock that does not jump, from when it was first seen */
		t->late_ms = now + (ago > 0 && ago < (int64_t)HELD_BACK_S * 1000 ? (int64_t)HELD_BACK_S * 1000 - ago
		                                                                 : (int64_t)HELD_BACK_S * 1000);
	str_init(&words, 400);
	back = held_back(r, router == NULL ? NULL : router->snap, &words);
	if (back == BACK_YES && now >= t->again_ms) {
		t->again_ms = now + AGAIN_MS; /* if it cannot be written */
		mark(x, LEDGER_BACK, r->inverse_id, &r->was, r->late ? "late" : "", "back", words.p);
		str_puts(&words, ": back as before");
		x->told(x->ctx, SEV_NOTICE, &r->was, words.p);
	} else if (back != BACK_YES && !r->late && now >= t->late_ms && now >= t->again_ms) {
		t->again_ms = now + AGAIN_MS;
		mark(x, LEDGER_BACK, r->inverse_id, &r->was, "", "late", words.p);
		str_addf(&words, ": NOT BACK %d min after it was %s", HELD_BACK_S / 60,
		    verb_info(verb_info(r->was.verb)->inverse)->past);
		x->told(x->ctx, SEV_WARN, &r->was, words.p);
	}
	str_fini(&words);
}

void expiry_tick(struct expiry *x, bool quiet)
{
	for (size_t i = 0; i < ledger_returns(x->op.way.ledger); i++)
		watch(x, ledger_return_at(x->op.way.ledger, i));
	if (!quiet && x->op.phase == OPERATION_NONE)
		begin_what_is_due(x);
}
