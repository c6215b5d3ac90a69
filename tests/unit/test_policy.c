/* Policy files: the three that come with the program, and everything that can be wrong with one. */
#include "core/judge/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <string.h>
#include <cmocka.h>

#define HEAD "network {\n\tasn = 64500\n\tname = \"Example\"\n}\n"
#define CLAUSE "clause a {\n\tcheck = max-length\n\ttext = \"short prefixes\"\n}\n"

static void clauses_of(const char *path, size_t clauses, size_t rights, asn_t asn)
{
	struct policy_faults faults;
	struct err e = ERR_INIT;
	struct policy *p;

	policy_faults_init(&faults);
	p = policy_load(path, &faults, &e);
	if (p == NULL)
		fail_msg("%s", e.text);
	assert_int_equal(p->clause_count, clauses);
	assert_int_equal(p->right_count, rights);
	assert_int_equal(p->asn, asn);
	for (size_t i = 0; i < p->clause_count; i++) {
		assert_true(strlen(p->clauses[i].text) > 20);
		assert_non_null(p->clauses[i].from);
	}
	policy_free(p);
	policy_faults_fini(&faults);
}

static void the_three_are_whole(void **state)
{
	(void)state;
	clauses_of("policies/as211562.policy", 8, 0, 211562);
	clauses_of("policies/as52580.policy", 17, 1, 52580);
	clauses_of("policies/as54600.policy", 17, 8, 54600);
}

/* Every check of the table is asked for by one of the three. */
static void every_check_is_asked_for(void **state)
{
	static const char *const paths[] = { "policies/as211562.policy", "policies/as52580.policy", "policies/as54600.policy" };
	bool asked[64] = { false };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct err e = ERR_INIT;
		struct policy *p = policy_load(paths[i], NULL, &e);

		assert_non_null(p);
		for (size_t k = 0; k < p->clause_count; k++)
			asked[p->clauses[k].check - checks] = true;
		policy_free(p);
	}
	assert_int_equal(check_count(), 24);
	for (size_t i = 0; i < check_count(); i++)
		if (!asked[i])
			fail_msg("nobody asks for %s", checks[i].name);
}

/* Every fallback of the table can be read by its own kind, and is printed as it is written. */
static void fallbacks_are_readable(void **state)
{
	(void)state;
	for (size_t i = 0; i < check_count(); i++)
		for (size_t k = 0; k < check_param_count(&checks[i]); k++) {
			const struct param *p = &checks[i].params[k];
			char words[PARAM_WORDS_LEN];
			struct err e = ERR_INIT;
			int64_t v;

			if (param_read(p, p->fallback, &v, &e) != 0)
				fail_msg("%s: %s", checks[i].name, e.text);
			assert_string_equal(param_words(p, v, words), p->fallback);
			assert_true(strlen(checks[i].brief) <= 8);
		}
}

static void identity_is_read(void **state)
{
	struct err e = ERR_INIT;
	struct policy *p = policy_load("policies/as52580.policy", NULL, &e);

	(void)state;
	assert_non_null(p);
	assert_string_equal(p->name, "Azion");
	assert_string_equal(p->as_set, "AS-AZION");
	assert_string_equal(p->irr_sources, "RADB,TC");
	assert_string_equal(p->policy_contact, "peering@azion.com");
	assert_string_equal(p->operations_contact, "noc@azion.com");
	assert_string_equal(p->general, "selective");
	assert_non_null(policy_clause(p, "prefix-limit"));
	assert_int_equal(policy_clause(p, "prefix-limit")->values[0], 250);
	assert_int_equal(policy_clause(p, "minimum-traffic")->values[0], 500000000);
	assert_null(policy_clause(p, "nothing"));
	policy_free(p);
}

static void strings_go_on_in_the_next_line(void **state)
{
	struct policy_faults f;
	struct policy *p;

	(void)state;
	policy_faults_init(&f);
	p = policy_parse("t", SLICE(HEAD "clause a {\n check = max-length # a comment\n text = \"one \\\"two\\\" \"\n   \"three\" # here too\n"
	    "# between\n ipv4 = /22\n}\n"), &f);
	assert_non_null(p);
	assert_string_equal(p->clauses[0].text, "one \"two\" three");
	assert_int_equal(p->clauses[0].values[0], 22);
	policy_free(p);
	policy_faults_fini(&f);
}

struct wrong {
	const char *text;
	unsigned line;
	const char *words; /* a part of the message */
};

static const struct wrong wrongs[] = {
	{ "", 1, "no network block" },
	{ HEAD, 4, "no clause" },
	{ CLAUSE, 4, "no network block" },
	{ HEAD HEAD CLAUSE, 5, "second network block" },
	{ "network {\n asn = 0\n name = x\n}\n" CLAUSE, 2, "from 1 to 4294967295" },
	{ "network {\n name = x\n}\n" CLAUSE, 1, "no asn" },
	{ "network {\n asn = 1\n}\n" CLAUSE, 1, "no name" },
	{ "network {\n asn = 1\n name = x\n as-set = \"AS-X;rm\"\n}\n" CLAUSE, 4, "letters, digits" },
	{ "network {\n asn = 1\n name = x\n policy-contact = nobody\n}\n" CLAUSE, 4, "one mail address" },
	{ "network {\n asn = 1\n name = x\n general = maybe\n}\n" CLAUSE, 4, "open, selective, restrictive" },
	{ "network {\n asn = 1\n name = x\n colour = red\n}\n" CLAUSE, 4, "does not take \"colour\"" },
	{ HEAD "clause a {\n check = max-lenght\n text = \"x\"\n}\n", 6, "is \"max-length\" meant?" },
	{ HEAD "clause a {\n text = \"x\"\n}\n", 5, "names no check" },
	{ HEAD "clause a {\n check = max-length\n}\n", 5, "has no text" },
	{ HEAD "clause {\n check = max-length\n text = \"x\"\n}\n", 5, "without a name" },
	{ HEAD "clause a {\n check = max-length\n text = \"x\"\n ipv4 = 24\n}\n", 8, "length of a prefix with its slash" },
	{ HEAD "clause a {\n check = max-length\n text = \"x\"\n ipv4 = /33\n}\n", 8, "from /1 to /32" },
	{ HEAD "clause a {\n check = max-length\n text = \"x\"\n minimum = 5M\n}\n", 8, "it takes ipv4, ipv6, strict" },
	{ HEAD "clause a {\n check = min-traffic\n text = \"x\"\n minimum = 500\n}\n", 8, "with its unit, as 500M" },
	{ HEAD "clause a {\n check = min-traffic\n text = \"x\"\n minimum = 30d\n}\n", 8, "rate in bit/s" },
	{ HEAD "clause a {\n check = min-traffic\n text = \"x\"\n window = 30\n}\n", 8, "time with its unit" },
	{ HEAD "clause a {\n check = congestion-free\n text = \"x\"\n threshold = 180%\n}\n", 8, "from 1% to 100%" },
	{ HEAD "clause a {\n check = congestion-free\n text = \"x\"\n threshold = 0.8\n}\n", 8, "percentage with its sign" },
	{ HEAD "clause a {\n check = traffic-ratio\n text = \"x\"\n limit = 2:0\n}\n", 8, "as 2:1" },
	{ HEAD "clause a {\n check = quality\n text = \"x\"\n windows = 6 of 5\n}\n", 8, "the first not larger" },
	{ HEAD "clause a {\n check = quality\n text = \"x\"\n windows = 1 of 1\n}\n", 8, "from 2 of" },
	{ HEAD "clause a {\n check = quality\n text = \"x\"\n latency = 3s\n}\n", 8, "milliseconds" },
	{ HEAD "clause a {\n check = max-length\n text = \"x\"\n severity = bad\n}\n", 8, "info, minor, major, critical" },
	{ HEAD "clause a {\n check = max-length\n text = \"x\"\n on-fail = shout\n}\n", 8, "propose-withdraw" },
	{ HEAD "clause a {\n check = quality\n text = \"x\"\n on-fail = note\n automatic = yes\n at-most = 1 per hour\n}\n", 9, "contradicts itself" },
	{ HEAD "clause a {\n check = quality\n text = \"x\"\n on-fail = propose-suspend\n automatic = yes\n}\n", 9, "needs a limit" },
	{ HEAD "clause a {\n check = quality\n text = \"x\"\n at-most = 2 per hour\n}\n", 8, "nothing would be done" },
	{ HEAD "clause a {\n check = quality\n text = \"x\"\n on-fail = propose-suspend\n automatic = yes\n at-most = 2\n}\n", 10, "its unit" },
	{ HEAD "clause a {\n check = max-length\n text = \"x\"\n on-fail = propose-suspend\n automatic = yes\n at-most = 2 per hour\n}\n", 9,
	    "check = quality only" },
	{ HEAD CLAUSE CLAUSE, 9, "a second clause a" },
	{ HEAD CLAUSE "clause b {\n check = max-length\n text = \"x\"\n ipv4 = /22\n}\n", 9, "contradicts clause a (line 5): ipv4 = /22 here and /24 there" },
	{ HEAD "clause a {\n check = max-length\n check = quality\n text = \"x\"\n}\n", 7, "set twice" },
	{ HEAD "clause a {\n check = max-length\n text = \"x\n}\n", 7, "does not end in its line" },
	{ HEAD "clause a {\n check = max-length\n text = \"x\" y\n}\n", 7, "behind a string" },
	{ HEAD "clause a {\n check =\n text = \"x\"\n}\n", 6, "key without a value" },
	{ HEAD "clause a {\n check max-length\n}\n", 6, "is no statement" },
	{ HEAD "clause a {\n check = max-length\n text = \"x\"\n", 5, "does not end" },
	{ HEAD "clause a {\n check = max-length\n text = \"x\"\nclause b {\n}\n", 8, "begins inside" },
	{ HEAD CLAUSE "}\n", 9, "ends no block" },
	{ HEAD CLAUSE "rule x {\n}\n", 9, "there is no block \"rule\"" },
	{ HEAD CLAUSE "check = x\n", 9, "outside of a block" },
};

static void every_fault_names_line_and_what_is_allowed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrongs); i++) {
		struct policy_faults f;
		struct policy *p;
		bool told = false;

		policy_faults_init(&f);
		p = policy_parse("t", slice_of(wrongs[i].text), &f);
		if (p != NULL)
			fail_msg("taken: %s", wrongs[i].text);
		for (size_t k = 0; k < f.count; k++)
			told = told || (f.faults[k].line == wrongs[i].line && strstr(f.faults[k].words, wrongs[i].words) != NULL);
		if (!told)
			fail_msg("wanted line %u \"%s\", got line %u \"%s\"", wrongs[i].line, wrongs[i].words, f.faults[0].line, f.faults[0].words);
		policy_faults_fini(&f);
	}
}

static void all_faults_are_told_at_once(void **state)
{
	struct policy_faults f;

	(void)state;
	policy_faults_init(&f);
	assert_null(policy_parse("t", SLICE("network {\n asn = x\n}\nclause a {\n check = y\n}\nclause b {\n check = max-length\n ipv4 = 1\n}\n"), &f));
	assert_true(f.count >= 5);
	for (size_t i = 1; i < f.count; i++)
		assert_true(f.faults[i - 1].line <= f.faults[i].line);
	policy_faults_fini(&f);
}

/* A policy that acts by itself must not be writable by others; one that only tells may be. */
static void who_may_write_a_policy_that_acts(void **state)
{
	char path[] = "/tmp/peerdeck-policy-XXXXXX";
	int fd = mkstemp(path);
	struct err e = ERR_INIT;
	FILE *f = fdopen(fd, "w");

	(void)state;
	assert_non_null(f);
	fputs(HEAD "clause a {\n check = quality\n text = \"x\"\n on-fail = propose-suspend\n automatic = yes\n at-most = 2 per hour\n}\n", f);
	fclose(f);
	assert_int_equal(chmod(path, 0666), 0);
	assert_null(policy_load(path, NULL, &e));
	assert_non_null(strstr(e.text, "others can write it"));
	assert_int_equal(chmod(path, 0600), 0);
	err_clear(&e);
	{
		struct policy *p = policy_load(path, NULL, &e);

		assert_non_null(p);
		assert_true(p->clauses[0].automatic);
		assert_int_equal(p->clauses[0].per_hour, 2);
		policy_free(p);
	}
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_three_are_whole),
		cmocka_unit_test(every_check_is_asked_for),
		cmocka_unit_test(fallbacks_are_readable),
		cmocka_unit_test(identity_is_read),
		cmocka_unit_test(strings_go_on_in_the_next_line),
		cmocka_unit_test(every_fault_names_line_and_what_is_allowed),
		cmocka_unit_test(all_faults_are_told_at_once),
		cmocka_unit_test(who_may_write_a_policy_that_acts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
