/* The drain's table, every (state, input) pair; and its waits as they stand in the journal. */
#include "core/act/drain.h"
#include "core/act/held.h"
#include "core/act/journal.h"
#include "core/act/ledger.h"
#include "core/act/plan.h"
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

static const struct {
	enum drain_state from;
	enum drain_input in;
	enum drain_state to;
	enum drain_do todo;
} allowed[] = {
    { DRAIN_MARKING, DRAIN_IN_MARKED, DRAIN_WAITING, DRAIN_DO_WAIT },
    { DRAIN_MARKING, DRAIN_IN_NOT_MARKED, DRAIN_UNMARKED, DRAIN_DO_NOTHING },
    { DRAIN_WAITING, DRAIN_IN_HIGH, DRAIN_WAITING, DRAIN_DO_WAIT },
    { DRAIN_WAITING, DRAIN_IN_LOW, DRAIN_SHUTTING, DRAIN_DO_SHUT },
    { DRAIN_WAITING, DRAIN_IN_TIME, DRAIN_SHUTTING, DRAIN_DO_SHUT },
    { DRAIN_WAITING, DRAIN_IN_STOP, DRAIN_STOPPED, DRAIN_DO_NOTHING },
    { DRAIN_WAITING, DRAIN_IN_CHANGED, DRAIN_STOPPED, DRAIN_DO_NOTHING },
    { DRAIN_SHUTTING, DRAIN_IN_SHUT, DRAIN_DONE, DRAIN_DO_NOTHING },
    { DRAIN_SHUTTING, DRAIN_IN_NOT_SHUT, DRAIN_UNSHUT, DRAIN_DO_NOTHING },
};

static void every_pair(void **state)
{
	(void)state;
	for (int s = 0; s < DRAIN_STATES; s++)
		for (int in = 0; in < DRAIN_INPUTS; in++) {
			struct drain_turn got = drain_step((enum drain_state)s, (enum drain_input)in);
			struct drain_turn want = { (enum drain_state)s, DRAIN_DO_BUG };

			for (size_t i = 0; i < ARRAY_LEN(allowed); i++)
				if ((int)allowed[i].from == s && (int)allowed[i].in == in)
					want = (struct drain_turn){ allowed[i].to, allowed[i].todo };
			if (got.next != want.next || got.act != want.act)
				fail_msg("%s + %s: %s", drain_state_word((enum drain_state)s),
				    drain_input_word((enum drain_input)in), drain_state_word(got.next));
			if (got.act == DRAIN_DO_SHUT) /* nothing is shut that was not marked and waited for */
				assert_int_equal(s, DRAIN_WAITING);
			if (drain_final((enum drain_state)s))
				assert_int_equal(got.act, DRAIN_DO_BUG);
		}
}

static int mark(struct journal *j, const char *from, const char *to, const char *turn)
{
	struct process self;
	char pid[16], start[24];
	const struct journal_more more[] = { { "turn", turn }, { "until_ms", "1795176000000" }, { "until_boot_ms", "5000" },
		{ "boot", self.boot }, { "pid", pid }, { "start", start }, { "floor_bps", "20000000" }, { "message", "back 06:00" },
		{ "lines", "r1/192.0.2.1=abc" } };
	const struct journal_fact f = { .kind = DRAIN_FACT, .id = "OP1", .remote_as = ASN_UNKNOWN, .reason = "fibre works",
		.ticket = "CHG-1", .more = more, .more_count = ARRAY_LEN(more) };
	struct err e = ERR_INIT;

	process_self(&self);
	snprintf(pid, sizeof(pid), "%ld", (long)self.pid);
	snprintf(start, sizeof(start), "%llu", (unsigned long long)self.start);
	return journal_mark(j, &f, from, to, &e);
}

static void a_wait_changes_hands_once(void **state)
{
	char dir[64] = "/tmp/peerdeck-drain-XXXXXX", path[96], head[112];
	const struct drain_entry *d;
	struct process self;
	struct journal *a, *b;
	struct ledger *l;
	struct ledger_entry marked = { .op = "OP1", .verb = VERB_GSHUT, .state = LEDGER_HELD, .inverse_id = "", .router = "r1",
		.vrf = "", .neighbor = "192.0.2.1" };

	(void)state;
	process_self(&self);
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/journal.jsonl", dir);
	snprintf(head, sizeof(head), "%s.head", path);
	a = journal_open(path, "alice");
	b = journal_open(path, "bob");
	l = ledger_new(path);
	assert_int_equal(mark(a, "", "waiting 1", "1"), 0);
	assert_int_equal(mark(b, "waiting 1", "waiting 2", "2"), 0);
	assert_int_equal(mark(a, "waiting 1", "waiting 2", "2"), -1); /* bob was first */
	assert_int_equal(ledger_refresh(l, NULL, NULL), 0);
	assert_int_equal(drains_count(ledger_drains(l)), 1);
	d = drains_find(ledger_drains(l), "OP1");
	assert_non_null(d);
	assert_int_equal(d->turn, 2);
	assert_int_equal(d->floor_bps, 20000000);
	assert_string_equal(d->message, "back 06:00");
	assert_string_equal(d->lines, "r1/192.0.2.1=abc");
	assert_true(process_same(&d->owner, &self));
	assert_false(drain_due(d, 4999, INT64_MAX)); /* a jump of the wall clock in the same boot */
	assert_true(drain_due(d, 5000, 0));
	assert_string_equal(held_word_in(l, &marked, NULL), "draining");
	marked.op = "OP2";
	assert_string_equal(held_word_in(l, &marked, NULL), "held");
	marked.op = "OP1";
	assert_int_equal(mark(b, "waiting 2", "stopped", "2"), 0);
	assert_int_equal(ledger_refresh(l, NULL, NULL), 0);
	assert_int_equal(drains_count(ledger_drains(l)), 0);
	assert_string_equal(held_word_in(l, &marked, NULL), "held");
	journal_free(a);
	journal_free(b);
	ledger_free(l);
	unlink(path);
	unlink(head);
	rmdir(dir);
}

static void floors_as_they_are_typed(void **state)
{
	static const struct {
		const char *text;
		count_t bps;
		unsigned share;
	} good[] = { { "", COUNT_UNKNOWN, 0 }, { "  ", COUNT_UNKNOWN, 0 }, { "0", 0, 0 }, { "500k", 500000, 0 }, { "20M", 20000000, 0 },
		{ "1.5G", 1500000000, 0 }, { "0.25M", 250000, 0 }, { " 8000 ", 8000, 0 }, { "10%", COUNT_UNKNOWN, 10 }, { "99%", COUNT_UNKNOWN, 99 } };
	static const char *const bad[] = { "x", "5X", "5 k", "-1", "0%", "100%", "1.5%", "1.2345M", "1.", ".5M", "1e9", "99999999999",
		"0.0005", "5k%" };
	struct drain_terms t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		struct err e = ERR_INIT;

		if (drain_floor_parse(good[i].text, &t, &e) != 0 || t.floor_bps != good[i].bps || t.share != good[i].share)
			fail_msg("\"%s\": %lld, %u %%, %s", good[i].text, (long long)t.floor_bps, t.share, e.text);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err e = ERR_INIT;

		if (drain_floor_parse(bad[i], &t, &e) != -1 || strstr(e.text, "20M") == NULL)
			fail_msg("\"%s\" is taken as %lld, %u %%", bad[i], (long long)t.floor_bps, t.share);
	}
}

static void a_share_of_the_unknown_is_unknown(void **state)
{
	struct drain_terms t = { 300, COUNT_UNKNOWN, 10 };

	(void)state;
	drain_floor_of(&t, COUNT_UNKNOWN);
	assert_int_equal(t.floor_bps, COUNT_UNKNOWN);
	drain_floor_of(&t, 0); /* nothing flows: a floor of nothing would never be told from a dead counter */
	assert_int_equal(t.floor_bps, COUNT_UNKNOWN);
	drain_floor_of(&t, 8300099);
	assert_int_equal(t.floor_bps, 830009);
	t = (struct drain_terms){ 300, 500, 0 };
	drain_floor_of(&t, 8000000);
	assert_int_equal(t.floor_bps, 500);
}

static struct plan *suspend_of(const char *router, const char *line)
{
	struct plan *p = plan_new(VERB_SUSPEND, "works", NULL, NULL);
	struct plan_part *part = MEM_NEW(struct plan_part);
	struct step *s;

	part->arena = arena_new();
	part->items = arena_alloc(part->arena, sizeof(*part->items));
	s = arena_alloc(part->arena, sizeof(*s));
	*s = (struct step){ .kind = STEP_CLI, .line = line };
	part->items[part->count++] = (struct plan_item){ .router = router, .vrf = "", .neighbor = "192.0.2.1", .handle = "",
		.network = "", .remote_as = 64501, .verb = VERB_SUSPEND, .apply = s, .apply_count = 1, .since_s = -1,
		.received = COUNT_UNKNOWN, .advertised = COUNT_UNKNOWN };
	plan_join(p, part);
	plan_seal(p, NULL, 0);
	return p;
}

static void only_what_was_confirmed_is_sent(void **state)
{
	struct plan *p = suspend_of("xr1", "neighbor 192.0.2.1 shutdown"), *other = suspend_of("xr1", "no neighbor 192.0.2.1"),
		    *tail = suspend_of("r1", "neighbor 192.0.2.1 shutdown");
	char seal[DRAIN_SEAL_LEN], again[DRAIN_SEAL_LEN];
	struct str names;

	(void)state;
	str_init(&names, 0);
	str_puts(&names, "r9/192.0.2.9=00");
	drain_name_lines(p, &names);
	const struct drain_entry d = { .op = "OP1", .lines = names.p };
	assert_true(drain_as_confirmed(&d, p));
	assert_false(drain_as_confirmed(&d, other));
	assert_false(drain_as_confirmed(&d, tail)); /* "r1/..." stands in it, as the end of "xr1/..." */
	drain_seal(names.p, seal);
	drain_seal("r9/192.0.2.9=00", again);
	assert_string_not_equal(seal, again);
	assert_int_equal(strlen(seal), DRAIN_SEAL_LEN - 1);
	str_fini(&names);
	plan_unref(p);
	plan_unref(other);
	plan_unref(tail);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_pair), cmocka_unit_test(a_wait_changes_hands_once),
		cmocka_unit_test(floors_as_they_are_typed), cmocka_unit_test(a_share_of_the_unknown_is_unknown),
		cmocka_unit_test(only_what_was_confirmed_is_sent) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
