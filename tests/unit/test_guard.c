/*
 * What a policy may do by itself: as much as the person whose console it is, and no more than one person may.
 */
#include "app/guard.h"
#include "core/base/mem.h"
#include "core/judge/verdict_book.h"
#include "tests/unit/staged.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define HOUSE "local-as = 211562\nrouter r1 { os = frr\n address = 127.0.0.1 }\nrouter r2 { os = frr\n address = 127.0.0.1 }\n"
#define CLAUSE(more) "network {\n asn = 211562\n name = \"X\"\n}\nclause quality {\n check = quality\n text = \"Loss.\"\n severity = critical\n" \
	" on-fail = propose-suspend\n loss = 5%\n windows = 2 of 3\n" more "}\n"

static bool in_night(const char *group)
{
	return strcmp(group, "night") == 0;
}

static struct config *house(const char *more)
{
	struct err e = ERR_INIT;
	char *text = mem_printf("%s%s", HOUSE, more);
	struct config *c = config_parse("test", text, &e);

	if (c == NULL)
		fail_msg("%s", e.text);
	free(text);
	return c;
}

static const struct proposal_target TWO[] = {
	{ { "r1" }, { "" }, { "192.0.2.7" } },
	{ { "r2" }, { "" }, { "198.51.100.7" } },
};

/* "" allowed, else why not. */
static const char *asked(const char *more, enum on_fail what, size_t targets, char why[300])
{
	const struct proposal p = { .what = what, .targets = TWO, .target_count = targets };
	struct config *c = house(more);
	struct str words;
	bool may;

	str_init(&words, 299);
	may = guard_leave(c, in_night, &p, &words);
	snprintf(why, 300, "%s", words.len > 0 ? words.p : "");
	assert_int_equal(may, why[0] == '\0');
	str_fini(&words);
	config_free(c);
	return why;
}

static void roles_bound_a_policy_as_they_bound_a_person(void **state)
{
	char why[300];

	(void)state;
	assert_string_equal(asked("", ON_FAIL_PROPOSE_SUSPEND, 2, why), "");
	assert_string_equal(asked("role a { group = night\n verbs = \"suspend\" }\n", ON_FAIL_PROPOSE_SUSPEND, 2, why), "");
	asked("role a { group = night\n verbs = \"suspend\"\n routers = \"r1\" }\n", ON_FAIL_PROPOSE_SUSPEND, 2, why);
	assert_non_null(strstr(why, "your role a may not suspend on r2"));
	assert_string_equal(asked("role a { group = night\n verbs = \"suspend\"\n routers = \"r1\" }\n", ON_FAIL_PROPOSE_SUSPEND, 1, why), "");
	asked("role a { group = night\n verbs = \"suspend\" }\n", ON_FAIL_PROPOSE_WITHDRAW, 1, why);
	assert_non_null(strstr(why, "may not withdraw on r1"));
	asked("role b { group = day\n verbs = \"*\" }\n", ON_FAIL_PROPOSE_SUSPEND, 1, why);
	assert_non_null(strstr(why, "you have no role"));
}

static void what_needs_four_eyes_needs_them_here_too(void **state)
{
	char why[300];

	(void)state;
	asked("approval { sessions = 1 }\n", ON_FAIL_PROPOSE_SUSPEND, 2, why);
	assert_string_equal(why, "more than 1 session need a second person");
	assert_string_equal(asked("approval { sessions = 1 }\n", ON_FAIL_PROPOSE_SUSPEND, 1, why), "");
	asked("approval { routers = \"r2\" }\n", ON_FAIL_PROPOSE_SUSPEND, 2, why);
	assert_string_equal(why, "actions on r2 need a second person");
	assert_string_equal(asked("approval { routers = \"r2\" }\n", ON_FAIL_PROPOSE_SUSPEND, 1, why), "");
}

static bool leave(void *ctx, const struct proposal *p, struct str *why)
{
	return guard_leave(ctx, in_night, p, why);
}

static struct policy *policy_of(const char *text)
{
	struct policy_faults faults;
	struct policy *p;

	policy_faults_init(&faults);
	p = policy_parse("test", slice_of(text), &faults);
	if (p == NULL)
		fail_msg("line %u: %s", faults.faults[0].line, faults.faults[0].words);
	policy_faults_fini(&faults);
	return p;
}

/* The proposal that r1's loss leads to, its reason to be left to a person in `held`. */
static void judged(const char *clause, struct config *c, char held[300])
{
	struct quality_window bad[STAGED_WINDOWS];
	struct policy *p = policy_of(clause);
	struct verdict_book *b = verdict_book_new(p);
	const struct network_verdicts *n;
	struct staged t;

	staged_init(&t);
	for (size_t i = 0; i < STAGED_WINDOWS; i++) {
		bad[i] = t.windows[i];
		bad[i].received = 10;
	}
	t.ev.sessions[0].quality.windows = bad;
	verdict_book_leave(b, leave, c);
	verdict_book_judge(b, &t.ev, NULL, NULL);
	n = verdict_book_find(b, STAGED_ASN);
	assert_int_equal(n->proposal_count, 1);
	assert_int_equal(n->proposals[0].target_count, 1);
	assert_true(text_empty(n->proposals[0].refused));
	snprintf(held, 300, "%s", n->proposals[0].held.s);
	verdict_book_free(b);
	policy_free(p);
	staged_fini(&t);
}

static void what_it_may_not_do_stays_a_proposal_with_the_reason(void **state)
{
	struct config *free_house = house(""), *strict = house("approval { routers = \"r1\" }\n");
	char held[300];

	(void)state;
	judged(CLAUSE(" automatic = yes\n at-most = 1 per hour\n"), free_house, held);
	assert_string_equal(held, "");
	judged(CLAUSE(" automatic = yes\n at-most = 1 per hour\n"), strict, held);
	assert_string_equal(held, "actions on r1 need a second person");
	/* What a person does anyhow is held against the rules when he does it. */
	judged(CLAUSE(""), strict, held);
	assert_string_equal(held, "");
	config_free(free_house);
	config_free(strict);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles_bound_a_policy_as_they_bound_a_person),
		cmocka_unit_test(what_needs_four_eyes_needs_them_here_too),
		cmocka_unit_test(what_it_may_not_do_stays_a_proposal_with_the_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
