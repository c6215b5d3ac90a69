/*
 * fake_house - a fake router with a journal and the ledger out of it, to act on and compare before and after.
 */
#ifndef PEERDECK_TESTS_FAKE_HOUSE_H
#define PEERDECK_TESTS_FAKE_HOUSE_H

#include "tests/unit/fake_router.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <cmocka.h>

struct house {
	char dir[64], path[96], head[104];
	struct journal *journal;
	struct ledger *ledger;
	struct fake f;
};

static int open_house(void **state)
{
	struct house *h = MEM_NEW(struct house);

	clock_fake(100000000, 1795176000000);
	snprintf(h->dir, sizeof(h->dir), "/tmp/peerdeck-perform-XXXXXX");
	if (mkdtemp(h->dir) == NULL)
		return -1;
	snprintf(h->path, sizeof(h->path), "%s/journal.jsonl", h->dir);
	snprintf(h->head, sizeof(h->head), "%s.head", h->path);
	h->journal = journal_open(h->path, NULL);
	h->ledger = ledger_new(h->path);
	*state = h;
	return 0;
}

__attribute__((unused)) static void reset_house(struct house *h)
{
	fake_free(&h->f);
	journal_free(h->journal);
	ledger_free(h->ledger);
	unlink(h->path);
	unlink(h->head);
	h->journal = journal_open(h->path, NULL);
	h->ledger = ledger_new(h->path);
}

static int close_house(void **state)
{
	struct house *h = *state;

	fake_free(&h->f);
	journal_free(h->journal);
	ledger_free(h->ledger);
	unlink(h->path);
	unlink(h->head);
	rmdir(h->dir);
	free(h);
	return 0;
}

struct tally {
	int intents, outcomes;
	char last[24], words[600];
};

static int tally_each(void *ctx, const struct journal_entry *e)
{
	struct tally *t = ctx;

	t->intents += strcmp(e->kind, "intent") == 0;
	if (strcmp(e->kind, "outcome") == 0) {
		t->outcomes++;
		snprintf(t->last, sizeof(t->last), "%s", e->outcome);
		snprintf(t->words, sizeof(t->words), "%s", e->words);
	}
	return 0;
}

static struct tally read_tally(const struct house *h)
{
	struct journal_report r;
	struct tally t = { 0 };
	uint64_t at = 0;

	assert_int_equal(journal_verify(h->path, NULL, &r, NULL), 0);
	assert_true(r.ok);
	assert_int_equal(journal_read(h->path, &at, tally_each, &t, NULL), 0);
	assert_int_equal(t.intents, t.outcomes); /* every one ends in one final state */
	return t;
}

/* Plans and performs one verb; the state it ended in. */
static enum run_state act_on(struct house *h, enum verb verb, const char *const *who, size_t n, const char *message)
{
	struct plan *plan = fake_plan(&h->f, verb, message, who, n, h->ledger);
	struct err e = ERR_INIT;
	struct act_progress *end;
	enum run_state state;

	h->f.journal_path = h->path;
	end = fake_perform(&h->f, plan, h->journal, h->ledger, &e);
	if (end == NULL)
		fail_msg("%s: %s", verb_info(verb)->name,
		    plan->items[0].skip != NULL ? plan->items[0].skip : e.text);
	state = end->state;
	assert_true(run_final(state));
	if (h->f.sent_count > 0)
		assert_true(h->f.intents_at_first_line);
	assert_int_equal(ledger_refresh(h->ledger, NULL, &e), 0);
	(void)read_tally(h);
	act_progress_free(end);
	plan_unref(plan);
	return state;
}

static enum run_state act_one(struct house *h, enum verb verb, const char *who, const char *message)
{
	return act_on(h, verb, &who, 1, message);
}

/* All that an outsider could see of the router's state. */
static char *picture(struct fake *f)
{
	struct str s;
	char *text;

	str_init(&s, 0);
	if (strcmp(f->os, "frr") == 0)
		fake_frr_config(f, &s);
	for (size_t i = 0; i < f->count; i++)
		str_addf(&s, "%s up %d shut %d sends %lld %lld\n", f->s[i].neighbor, f->s[i].up, f->s[i].shut,
		    (long long)fake_advertised(f, &f->s[i], 0), (long long)fake_advertised(f, &f->s[i], 1));
	str_addf(&s, "hook %s applied %s", f->hook == NULL ? "" : f->hook, f->applied == NULL ? "" : f->applied);
	text = mem_strdup(s.p);
	str_fini(&s);
	return text;
}

#endif
