/* The table of verbs: complete, and each inverse goes back. */
#include "core/act/verb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void every_verb_has_a_row(void **state)
{
	(void)state;
	for (int v = 0; v < VERB_COUNT; v++) {
		const struct verb_info *i = verb_info((enum verb)v);
		enum verb back;

		assert_non_null(i);
		assert_non_null(i->name);
		assert_non_null(i->past);
		assert_non_null(i->help);
		assert_true(verb_parse(i->name, &back));
		assert_int_equal(back, v);
		if (i->opens_ledger)
			assert_true(i->inverse == VERB_RESUME || i->inverse == VERB_RESTORE);
	}
	assert_null(verb_info(VERB_COUNT));
}

static void unknown_names_are_refused(void **state)
{
	enum verb v;

	(void)state;
	assert_false(verb_parse("", &v));
	assert_false(verb_parse("Suspend", &v));
	assert_false(verb_parse("suspend ", &v));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_verb_has_a_row),
	    cmocka_unit_test(unknown_names_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
