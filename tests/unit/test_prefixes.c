/*
 * Withdrawing chosen prefixes, on routers made of variables: what is asked for is checked and narrowed, the others stay,
 * withdraws stand side by side, a restore ends the newest and leaves what was there before it; and a graceful shutdown
 * of one neighbor on FRR, which has its place beside.
 */
#include "tests/unit/fake_house.h"

#include "core/act/announced.h"
#include "core/act/chosen.h"

static void words_become_prefixes_or_are_refused_by_name(void **state)
{
	static const struct {
		const char *words, *why; /* why NULL: fine */
	} rows[] = {
		{ "203.0.113.0/24", NULL },
		{ "203.0.113.0/24,2001:db8::/32  198.51.100.0/24", NULL },
		{ "203.0.113.0/24, 203.0.113.0/24", NULL },
		{ "", "no prefix is named" },
		{ " , ", "no prefix is named" },
		{ "203.0.113.1/24", "is 203.0.113.0/24 meant?" },
		{ "2001:db8::1/32", "is 2001:db8::/32 meant?" },
		{ "203.0.113.0/33", "\"203.0.113.0/33\" is no prefix" },
		{ "2001:db8::/129", "is no prefix" },
		{ "203.0.113.0", "is no prefix" },
		{ "203.0.113.0/24;x", "is no prefix" },
		{ "AS64500", "is no prefix" },
		{ "10.0.0.0/8 le 24", "\"le\" is no prefix" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct chosen c = { NULL, 0 };
		struct err e = ERR_INIT;
		int rc = chosen_parse(a, slice_of(rows[i].words), &c, &e);

		if (rows[i].why == NULL)
			assert_int_equal(rc, 0);
		else if (rc == 0 || strstr(e.text, rows[i].why) == NULL)
			fail_msg("\"%s\": %s", rows[i].words, rc == 0 ? "taken" : e.text);
	}
	arena_free(a);
}

static void a_table_may_lose_a_few_by_itself(void **state)
{
	(void)state;
	assert_false(announced_lost_others(COUNT_UNKNOWN, 3));
	assert_false(announced_lost_others(12, 12));
	assert_true(announced_lost_others(12, 11));
	assert_false(announced_lost_others(900000, 899000));
	assert_true(announced_lost_others(900000, 700000));
}

static void house_of(struct house *h, const char *os)
{
	fake_init(&h->f, "r1", os);
	fake_add(&h->f, "192.0.2.10", "as64501_v4", 64501)->v6_too = strcmp(os, "frr") == 0;
	fake_add(&h->f, "192.0.2.11", "as64502_v4", 64502);
	if (strcmp(os, "bird") == 0)
		fake_hook(&h->f, "define PD_as64501_v4 = 0;\ndefine PD_WD_as64501_v4 = [ 192.0.2.255/32 ];\n"
		                 "define PD_as64502_v4 = 0;\ndefine PD_WD_as64502_v4 = [ 192.0.2.255/32 ]; # none\n");
	if (strcmp(os, "openbgpd") == 0)
		fake_hook(&h->f, "# kept by peerdeck\n");
	if (strcmp(os, "frr") != 0)
		return;
	snprintf(h->f.s[0].list[0], sizeof(h->f.s[0].list[0]), "AS64501-OUT");
	h->f.extra_config = "ip prefix-list AS64501-OUT seq 5 permit 203.0.113.0/24\n"
	                    "ip prefix-list AS64501-OUT seq 10 permit 198.51.100.0/22 ge 24 le 24\n"
	                    "route-map OUT permit 10\nexit\n";
}

/* Which of the first three IPv4 prefixes go out to the session, as digits. */
static const char *going(struct house *h, size_t at)
{
	static char out[8];
	size_t n = 0;

	for (size_t i = 0; i < 3; i++) {
		struct prefix p;

		(void)prefix_parse(slice_of(fake_prefixes[0][i]), &p);
		if (fake_advertised(&h->f, &h->f.s[at], 0) > 0 && fake_list_lets(&h->f, h->f.s[at].list[0], &p) &&
		    fake_hook_lets(&h->f, &h->f.s[at], fake_prefixes[0][i]))
			out[n++] = (char)('1' + i);
	}
	out[n] = '\0';
	return out;
}

static const char *const all_os[] = { "frr", "bird", "openbgpd" };

static void chosen_ones_go_and_come_back(void **state)
{
	struct house *h = *state;

	for (size_t o = 0; o < ARRAY_LEN(all_os); o++) {
		char *before, *after;

		house_of(h, all_os[o]);
		before = picture(&h->f);
		assert_int_equal(act_one(h, VERB_WITHDRAW_PREFIXES, "192.0.2.11", NULL), RUN_DONE);
		assert_string_equal(going(h, 1), "23");
		assert_int_equal(ledger_at(h->ledger, 0)->prefixes.count, 1); /* no IPv6 on this session */
		assert_int_equal(act_one(h, VERB_WITHDRAW_PREFIXES, "192.0.2.10", NULL), RUN_DONE);
		assert_string_equal(going(h, 0), strcmp(all_os[o], "frr") == 0 ? "2" : "23"); /* its own list holds back one */
		assert_int_equal(act_one(h, VERB_RESTORE, "192.0.2.11", NULL), RUN_DONE);
		assert_int_equal(act_one(h, VERB_RESTORE, "192.0.2.10", NULL), RUN_DONE);
		after = picture(&h->f);
		assert_string_equal(after, before);
		assert_int_equal(ledger_count(h->ledger), 0);
		free(before);
		free(after);
		reset_house(h);
	}
}

static void withdraws_stand_side_by_side(void **state)
{
	struct house *h = *state;

	for (size_t o = 0; o < ARRAY_LEN(all_os); o++) {
		char *before, *after;

		house_of(h, all_os[o]);
		before = picture(&h->f);
		assert_int_equal(act_one(h, VERB_WITHDRAW_PREFIXES, "192.0.2.11", NULL), RUN_DONE);
		h->f.chosen = "192.0.2.0/24";
		assert_int_equal(act_one(h, VERB_WITHDRAW_PREFIXES, "192.0.2.11", NULL), RUN_DONE);
		assert_string_equal(going(h, 1), "2");
		assert_int_equal(ledger_count(h->ledger), 2);
		assert_int_equal(act_one(h, VERB_WITHDRAW, "192.0.2.11", NULL), RUN_DONE);
		assert_string_equal(going(h, 1), "");
		assert_int_equal(ledger_count(h->ledger), 3);
		assert_int_equal(act_one(h, VERB_RESTORE, "192.0.2.11", NULL), RUN_DONE);
		assert_string_equal(going(h, 1), "2");
		assert_int_equal(act_one(h, VERB_RESTORE, "192.0.2.11", NULL), RUN_DONE);
		assert_string_equal(going(h, 1), "23");
		assert_int_equal(act_one(h, VERB_RESTORE, "192.0.2.11", NULL), RUN_DONE);
		after = picture(&h->f);
		assert_string_equal(after, before);
		free(before);
		free(after);
		reset_house(h);
	}
}

static void skipped(struct house *h, const char *who, const char *chosen, const char *why)
{
	struct plan *p;

	h->f.chosen = chosen;
	p = fake_plan(&h->f, VERB_WITHDRAW_PREFIXES, NULL, &who, 1, h->ledger);
	if (p->items[0].skip == NULL || strstr(p->items[0].skip, why) == NULL)
		fail_msg("not said: %s, in: %s", why, p->items[0].skip == NULL ? "(not skipped)" : p->items[0].skip);
	plan_unref(p);
}

static void what_is_not_announced_is_not_withdrawn(void **state)
{
	struct house *h = *state;

	house_of(h, "frr");
	skipped(h, "192.0.2.11", "203.0.113.0/25", "203.0.113.0/25 is not advertised to it, only 203.0.113.0/24");
	skipped(h, "192.0.2.11", "203.0.112.0/22", "not advertised to it, only 1 inside of it");
	skipped(h, "192.0.2.11", "10.0.0.0/8", "10.0.0.0/8 is not advertised to it now");
	skipped(h, "192.0.2.11", "2001:db8:113::/48", "the session carries no IPv6");
	skipped(h, "192.0.2.10", "192.0.2.0/24", "192.0.2.0/24 is not advertised to it now");
	h->f.chosen = NULL;
	assert_int_equal(act_one(h, VERB_WITHDRAW_PREFIXES, "192.0.2.11", NULL), RUN_DONE);
	skipped(h, "192.0.2.11", "203.0.113.0/24", "withdrawn by us already");
	assert_int_equal(act_one(h, VERB_RESTORE, "192.0.2.11", NULL), RUN_DONE);
	assert_int_equal(act_one(h, VERB_WITHDRAW, "192.0.2.11", NULL), RUN_DONE);
	skipped(h, "192.0.2.11", "203.0.113.0/24", "withdrawn as a whole already");
	reset_house(h);
	house_of(h, "gobgp");
	skipped(h, "192.0.2.11", "203.0.113.0/24", "4.6.0");
	reset_house(h);
	house_of(h, "bird");
	free(h->f.hook);
	h->f.hook = mem_strdup("define PD_as64502_v4 = 0;\n");
	skipped(h, "192.0.2.11", "203.0.113.0/24", "define PD_WD_as64502_v4 = [ ");
}

static void some_of_them_are_left_out_and_said(void **state)
{
	static const char *const who = "192.0.2.11";
	struct house *h = *state;
	struct plan *p;

	house_of(h, "frr");
	h->f.chosen = "10.0.0.0/8, 203.0.113.0/24, 2001:db8:113::/48";
	p = fake_plan(&h->f, VERB_WITHDRAW_PREFIXES, NULL, &who, 1, h->ledger);
	assert_null(p->items[0].skip);
	assert_int_equal(p->items[0].prefixes.count, 1);
	assert_int_equal(p->items[0].others, 2);
	assert_non_null(p->items[0].warnings);
	assert_non_null(strstr(p->items[0].warnings[0], "carries no IPv6: 2001:db8:113::/48"));
	assert_non_null(strstr(p->items[0].warnings[1], "10.0.0.0/8 is not advertised"));
	plan_unref(p);
}

static void somebody_else_takes_the_slot(struct fake *f)
{
	snprintf(f->s[1].list[0], sizeof(f->s[1].list[0]), "THEIRS");
}

static void what_somebody_else_set_is_left(void **state)
{
	static const char *const who = "192.0.2.11";
	struct house *h = *state;
	struct plan *p;

	house_of(h, "frr");
	assert_int_equal(act_one(h, VERB_WITHDRAW_PREFIXES, who, NULL), RUN_DONE);
	somebody_else_takes_the_slot(&h->f);
	p = fake_plan(&h->f, VERB_RESTORE, NULL, &who, 1, h->ledger);
	assert_non_null(p->items[0].skip);
	assert_non_null(strstr(p->items[0].skip, "THEIRS"));
	plan_unref(p);
}

static void frr_marks_with_a_map_that_calls_the_former(void **state)
{
	struct house *h = *state;
	char *before, *after;

	house_of(h, "frr");
	snprintf(h->f.s[0].map[0], sizeof(h->f.s[0].map[0]), "OUT");
	before = picture(&h->f);
	assert_int_equal(act_one(h, VERB_GSHUT, "192.0.2.10", NULL), RUN_DONE);
	assert_string_equal(h->f.s[0].map[0], "PEERDECK-GSHUT-192.0.2.10");
	assert_string_equal(h->f.s[0].map[1], "PEERDECK-GSHUT-192.0.2.10.2"); /* had none: calls none */
	assert_string_equal(h->f.defs[1], " call OUT");
	assert_int_equal(act_one(h, VERB_WITHDRAW_PREFIXES, "192.0.2.10", NULL), RUN_DONE); /* another slot */
	assert_int_equal(act_one(h, VERB_RESTORE, "192.0.2.10", NULL), RUN_DONE);
	assert_int_equal(act_one(h, VERB_RESTORE, "192.0.2.10", NULL), RUN_DONE);
	after = picture(&h->f);
	assert_string_equal(after, before);
	free(before);
	free(after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_become_prefixes_or_are_refused_by_name),
		cmocka_unit_test(a_table_may_lose_a_few_by_itself),
		cmocka_unit_test_setup_teardown(chosen_ones_go_and_come_back, open_house, close_house),
		cmocka_unit_test_setup_teardown(withdraws_stand_side_by_side, open_house, close_house),
		cmocka_unit_test_setup_teardown(what_is_not_announced_is_not_withdrawn, open_house, close_house),
		cmocka_unit_test_setup_teardown(some_of_them_are_left_out_and_said, open_house, close_house),
		cmocka_unit_test_setup_teardown(what_somebody_else_set_is_left, open_house, close_house),
		cmocka_unit_test_setup_teardown(frr_marks_with_a_map_that_calls_the_former, open_house, close_house),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
