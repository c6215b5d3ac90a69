/* The ledger: what replaying a journal gives, for every way an action can end. */
#include "core/act/ledger.h"
#include "core/act/undo.h"
#include "core/base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

struct house {
	char dir[64], path[96], head[104];
	struct journal *journal;
	struct ledger *ledger;
	struct plan *plan;
};

static int open_house(void **state)
{
	struct house *h = MEM_NEW(struct house);

	snprintf(h->dir, sizeof(h->dir), "/tmp/peerdeck-ledger-XXXXXX");
	if (mkdtemp(h->dir) == NULL)
		return -1;
	snprintf(h->path, sizeof(h->path), "%s/journal.jsonl", h->dir);
	snprintf(h->head, sizeof(h->head), "%s.head", h->path);
	h->journal = journal_open(h->path, "Night Shift");
	h->ledger = ledger_new(h->path);
	h->plan = plan_new(VERB_SUSPEND, "fibre works", "CHG-1", "back 06:00 UTC");
	plan_seal(h->plan, NULL, 0);
	*state = h;
	return 0;
}

static int close_house(void **state)
{
	struct house *h = *state;

	journal_free(h->journal);
	ledger_free(h->ledger);
	plan_unref(h->plan);
	unlink(h->path);
	unlink(h->head);
	rmdir(h->dir);
	free(h);
	return 0;
}

static struct plan_item item_of(enum verb verb, const char *neighbor)
{
	return (struct plan_item){
	    .router = "r1",
	    .vrf = "red",
	    .neighbor = neighbor,
	    .handle = "as64501_v4",
	    .network = "Example Net",
	    .remote_as = 64501,
	    .verb = verb,
	    .message = "back 06:00 UTC",
	    .saved = "keep\nipv4 unicast X\n",
	    .advertised = 12,
	    .received = COUNT_UNKNOWN,
	};
}

static void begin(struct house *h, const char *id, enum verb verb, const char *neighbor)
{
	struct plan_item i = item_of(verb, neighbor);
	struct err e = ERR_INIT;

	if (journal_intent(h->journal, id, h->plan, &i, &e) < 0)
		fail_msg("%s", e.text);
}

static void end(struct house *h, const char *id, enum verb verb, const char *neighbor, enum run_state state)
{
	const struct journal_outcome o = { .state = state, .words = "so", .advertised_after = COUNT_UNKNOWN };
	struct plan_item i = item_of(verb, neighbor);
	struct err e = ERR_INIT;

	if (journal_outcome(h->journal, id, h->plan, &i, &o, &e) < 0)
		fail_msg("%s", e.text);
}

static size_t count(struct house *h)
{
	struct err e = ERR_INIT;

	if (ledger_refresh(h->ledger, NULL, &e) < 0)
		fail_msg("%s", e.text);
	return ledger_count(h->ledger);
}

static void keeps_all_that_an_inverse_needs(void **state)
{
	struct house *h = *state;
	const struct ledger_entry *l;

	begin(h, "a", VERB_SUSPEND, "192.0.2.1");
	assert_int_equal(count(h), 1);
	l = ledger_find(h->ledger, "r1", "red", "192.0.2.1", VERB_COUNT);
	assert_non_null(l);
	assert_int_equal(l->state, LEDGER_OPEN); /* begun, and nothing more is known */
	end(h, "a", VERB_SUSPEND, "192.0.2.1", RUN_DONE);
	assert_int_equal(count(h), 1);
	l = ledger_at(h->ledger, 0);
	assert_int_equal(l->state, LEDGER_HELD);
	assert_string_equal(l->saved, "keep\nipv4 unicast X\n");
	assert_string_equal(l->message, "back 06:00 UTC");
	assert_string_equal(l->reason, "fibre works");
	assert_string_equal(l->ticket, "CHG-1");
	assert_string_equal(l->handle, "as64501_v4");
	assert_string_equal(l->name, "Night Shift");
	assert_int_equal(l->remote_as, 64501);
	assert_int_equal(l->advertised, 12);
	assert_null(ledger_find(h->ledger, "r1", "", "192.0.2.1", VERB_COUNT)); /* another VRF */
	assert_null(ledger_find(h->ledger, "r1", "red", "192.0.2.1", VERB_WITHDRAW));
	assert_null(ledger_at(h->ledger, 1));
}

static void each_outcome(void **state)
{
	static const struct {
		enum run_state outcome;
		size_t left;
		enum ledger_state held;
	} ends[] = {
	    { RUN_DONE, 1, LEDGER_HELD },
	    { RUN_FAILED, 0, LEDGER_HELD },
	    { RUN_UNVERIFIED, 1, LEDGER_UNVERIFIED },
	    { RUN_UNKNOWN, 1, LEDGER_UNKNOWN },
	};
	struct house *h = *state;

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		char id[8], who[16];

		snprintf(id, sizeof(id), "id%zu", i);
		snprintf(who, sizeof(who), "192.0.2.%zu", i + 1);
		begin(h, id, VERB_WITHDRAW, who);
		end(h, id, VERB_WITHDRAW, who, ends[i].outcome);
		count(h);
		if (ends[i].left == 0)
			assert_null(ledger_find(h->ledger, "r1", "red", who, VERB_COUNT));
		else
			assert_int_equal(ledger_find(h->ledger, "r1", "red", who, VERB_COUNT)->state, ends[i].held);
	}
}

static void an_inverse_closes_only_when_done(void **state)
{
	struct house *h = *state;

	begin(h, "a", VERB_WITHDRAW, "192.0.2.1");
	end(h, "a", VERB_WITHDRAW, "192.0.2.1", RUN_DONE);
	begin(h, "b", VERB_RESTORE, "192.0.2.1");
	assert_int_equal(count(h), 1);
	assert_string_equal(ledger_at(h->ledger, 0)->inverse_id, "b");
	end(h, "b", VERB_RESTORE, "192.0.2.1", RUN_FAILED);
	assert_int_equal(count(h), 1);
	assert_string_equal(ledger_at(h->ledger, 0)->inverse_id, "");
	begin(h, "c", VERB_RESTORE, "192.0.2.1");
	end(h, "c", VERB_RESTORE, "192.0.2.1", RUN_UNKNOWN);
	assert_int_equal(count(h), 1);
	assert_string_equal(ledger_at(h->ledger, 0)->inverse_id, "c"); /* stays visible */
	begin(h, "d", VERB_RESUME, "192.0.2.1"); /* the inverse of something else */
	end(h, "d", VERB_RESUME, "192.0.2.1", RUN_DONE);
	assert_int_equal(count(h), 1);
	begin(h, "e", VERB_RESTORE, "192.0.2.1");
	end(h, "e", VERB_RESTORE, "192.0.2.1", RUN_DONE);
	assert_int_equal(count(h), 0);
}

static void the_newest_is_ended_first(void **state)
{
	struct house *h = *state;

	begin(h, "a", VERB_GSHUT, "192.0.2.1");
	end(h, "a", VERB_GSHUT, "192.0.2.1", RUN_DONE);
	begin(h, "b", VERB_WITHDRAW, "192.0.2.1");
	end(h, "b", VERB_WITHDRAW, "192.0.2.1", RUN_DONE);
	begin(h, "c", VERB_RESTORE, "192.0.2.1");
	end(h, "c", VERB_RESTORE, "192.0.2.1", RUN_DONE);
	assert_int_equal(count(h), 1);
	assert_int_equal(ledger_at(h->ledger, 0)->verb, VERB_GSHUT);
}

static void held_again_is_one_entry(void **state)
{
	struct house *h = *state;

	for (int i = 0; i < 2; i++) { /* somebody opened it by hand in between */
		begin(h, i == 0 ? "a" : "b", VERB_SUSPEND, "192.0.2.1");
		end(h, i == 0 ? "a" : "b", VERB_SUSPEND, "192.0.2.1", RUN_DONE);
	}
	assert_int_equal(count(h), 1);
	assert_string_equal(ledger_at(h->ledger, 0)->id, "b");
}

static void another_console_is_seen(void **state)
{
	struct house *h = *state;
	struct ledger *other = ledger_new(h->path);
	bool changed = true;

	assert_int_equal(ledger_refresh(other, &changed, NULL), 0);
	assert_false(changed);
	begin(h, "a", VERB_SUSPEND, "192.0.2.1");
	assert_int_equal(ledger_refresh(other, &changed, NULL), 0);
	assert_true(changed);
	assert_int_equal(ledger_count(other), 1);
	ledger_free(other);
}

static void undo_is_the_last_batch_of_this_person(void **state)
{
	struct house *h = *state;
	struct err e = ERR_INIT;
	struct undo u;

	assert_int_equal(undo_find(h->ledger, getuid(), NULL, &u, &e), -1);
	assert_non_null(strstr(e.text, "nothing to undo"));
	err_clear(&e);
	begin(h, "a1", VERB_WITHDRAW, "192.0.2.1");
	end(h, "a1", VERB_WITHDRAW, "192.0.2.1", RUN_DONE);
	begin(h, "a2", VERB_WITHDRAW, "192.0.2.2");
	end(h, "a2", VERB_WITHDRAW, "192.0.2.2", RUN_FAILED); /* as it was: nothing to take back */
	assert_int_equal(ledger_refresh(h->ledger, NULL, &e), 0);
	assert_int_equal(undo_find(h->ledger, getuid(), NULL, &u, &e), 0);
	assert_int_equal(u.verb, VERB_RESTORE);
	assert_int_equal(u.count, 1);
	assert_string_equal(u.entries[0]->neighbor, "192.0.2.1");
	assert_non_null(strstr(u.reason, "undo: fibre works"));
	free(u.entries);
	assert_int_equal(undo_find(h->ledger, getuid(), "a1", &u, &e), 0);
	assert_int_equal(u.count, 1);
	free(u.entries);
	assert_int_equal(undo_find(h->ledger, (int64_t)getuid() + 1, NULL, &u, &e), -1); /* another person's is not ours */
	err_clear(&e);
	assert_int_equal(undo_find(h->ledger, getuid(), "a9", &u, &e), -1);
	err_clear(&e);
	begin(h, "a3", VERB_RESTORE, "192.0.2.1");
	end(h, "a3", VERB_RESTORE, "192.0.2.1", RUN_DONE);
	assert_int_equal(ledger_refresh(h->ledger, NULL, &e), 0);
	assert_int_equal(undo_find(h->ledger, getuid(), NULL, &u, &e), -1); /* and nothing older in its place */
	assert_non_null(strstr(e.text, "your last action was restore"));
}

static void what_is_for_good_says_so(void **state)
{
	struct house *h = *state;
	struct err e = ERR_INIT;

	plan_unref(h->plan);
	h->plan = plan_new(VERB_SUSPEND, "contract ended", "", "");
	plan_set_lasting(h->plan);
	plan_set_scope(h->plan, "AS64501: 1 session on 1 router", "AS64501");
	plan_seal(h->plan, NULL, 0);
	begin(h, "b1", VERB_SUSPEND, "192.0.2.1");
	end(h, "b1", VERB_SUSPEND, "192.0.2.1", RUN_DONE);
	assert_int_equal(ledger_refresh(h->ledger, NULL, &e), 0);
	assert_true(ledger_at(h->ledger, 0)->lasting);
	assert_string_equal(ledger_at(h->ledger, 0)->scope, "AS64501: 1 session on 1 router");
	assert_int_equal(ledger_at(h->ledger, 0)->uid, getuid());
}

int main(void)
{
#define IN_HOUSE(f) cmocka_unit_test_setup_teardown(f, open_house, close_house)
	const struct CMUnitTest tests[] = {
	    IN_HOUSE(keeps_all_that_an_inverse_needs),
	    IN_HOUSE(each_outcome),
	    IN_HOUSE(an_inverse_closes_only_when_done),
	    IN_HOUSE(the_newest_is_ended_first),
	    IN_HOUSE(held_again_is_one_entry),
	    IN_HOUSE(another_console_is_seen),
	    IN_HOUSE(undo_is_the_last_batch_of_this_person),
	    IN_HOUSE(what_is_for_good_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
