/* The ledger beside what the router says: every finding, every word, and when something is back. */
#include "core/act/held.h"
#include "core/base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

struct row {
	enum bgp_state state;
	enum tri admin_down;
	count_t received, advertised;
};

static struct snap *snap_of(const struct row *rows, size_t n)
{
	static const enum afi_safi family[] = { AF_IPV4_UNICAST, AF_IPV6_UNICAST };
	struct snap_builder *b = snap_builder_new("r1");

	for (size_t i = 0; i < n; i++) {
		struct session *s = snap_builder_session(b, SLICE(""), SLICE("192.0.2.1"), family[i]);

		s->state = rows[i].state;
		s->admin_down = rows[i].admin_down;
		s->received = rows[i].received;
		s->advertised = rows[i].advertised;
	}
	return snap_builder_freeze(b, 1);
}

static struct ledger_entry entry_of(enum verb verb)
{
	return (struct ledger_entry){ .verb = verb, .state = LEDGER_HELD, .router = "r1", .vrf = "", .neighbor = "192.0.2.1",
		.inverse_id = "", .overdue_words = "", .received = 100, .advertised = 12 };
}

#define UP BGP_ESTABLISHED
#define DOWN BGP_IDLE

static void findings(void **state)
{
	static const struct {
		enum verb verb;
		struct row row;
		enum held_finding want;
	} cases[] = {
		{ VERB_SUSPEND, { DOWN, TRI_YES, 0, 0 }, HELD_SO },
		{ VERB_SUSPEND, { UP, TRI_NO, 100, 12 }, HELD_CAME_BACK },      /* BIRD after somebody's `configure` */
		{ VERB_SUSPEND, { UP, TRI_YES, 100, 12 }, HELD_CAME_BACK },
		{ VERB_SUSPEND, { DOWN, TRI_NO, 0, 0 }, HELD_UNMARKED },        /* OpenBGPD after a reload */
		{ VERB_SUSPEND, { DOWN, TRI_UNKNOWN, 0, 0 }, HELD_UNSEEN },
		{ VERB_WITHDRAW, { UP, TRI_NO, 100, 0 }, HELD_SO },
		{ VERB_WITHDRAW, { UP, TRI_NO, 100, 12 }, HELD_ANNOUNCES },
		{ VERB_WITHDRAW, { UP, TRI_NO, 100, COUNT_UNKNOWN }, HELD_SO },
		{ VERB_WITHDRAW, { DOWN, TRI_NO, 0, 12 }, HELD_SO },
		{ VERB_GSHUT, { UP, TRI_NO, 100, 12 }, HELD_SO },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct ledger_entry l = entry_of(cases[i].verb);
		struct snap *s = snap_of(&cases[i].row, 1);

		if (held_look(&l, s) != cases[i].want)
			fail_msg("case %zu: %s", i, held_sentence(held_look(&l, s)));
		snap_unref(s);
	}
	{
		const struct ledger_entry l = entry_of(VERB_SUSPEND);
		struct snap *none = snap_of(NULL, 0);

		assert_int_equal(held_look(&l, none), HELD_GONE);
		assert_int_equal(held_look(&l, NULL), HELD_UNSEEN);
		snap_unref(none);
	}
}

static void words(void **state)
{
	const struct row up = { UP, TRI_NO, 100, 12 }, shut = { DOWN, TRI_YES, 0, 0 }, open = { DOWN, TRI_NO, 0, 0 };
	struct snap *is_up = snap_of(&up, 1), *is_shut = snap_of(&shut, 1), *unmarked = snap_of(&open, 1);
	struct ledger_entry l = entry_of(VERB_SUSPEND);

	(void)state;
	assert_string_equal(held_word(&l, NULL), "held");
	assert_string_equal(held_word(&l, is_shut), "held");
	assert_string_equal(held_word(&l, is_up), "came back");
	assert_string_equal(held_word(&l, unmarked), "mark lost");
	l.overdue = true;
	assert_string_equal(held_word(&l, is_shut), "overdue");
	assert_string_equal(held_word(&l, is_up), "came back"); /* what the router says goes before what we wanted */
	l.inverse_id = "x";
	assert_string_equal(held_word(&l, is_up), "undo open");
	l.inverse_id = "";
	l.state = LEDGER_UNKNOWN;
	assert_string_equal(held_word(&l, is_up), "unknown");
	snap_unref(is_up);
	snap_unref(is_shut);
	snap_unref(unmarked);
}

static void back_or_not(void **state)
{
	static const struct {
		struct row rows[2];
		size_t n;
		enum held_back want;
	} cases[] = {
		{ { { UP, TRI_NO, 100, 12 } }, 1, BACK_YES },
		{ { { UP, TRI_NO, 90, 12 } }, 1, BACK_YES },            /* within the tolerance */
		{ { { UP, TRI_NO, 89, 12 } }, 1, BACK_SHORT },
		{ { { UP, TRI_NO, 100, 0 } }, 1, BACK_SHORT },
		{ { { UP, TRI_NO, COUNT_UNKNOWN, 12 } }, 1, BACK_YES }, /* unknown is not missed */
		{ { { DOWN, TRI_NO, 0, 0 } }, 1, BACK_NOT_UP },
		{ { { UP, TRI_NO, 60, 6 }, { UP, TRI_NO, 40, 6 } }, 2, BACK_YES },
		{ { { UP, TRI_NO, 100, 12 }, { DOWN, TRI_NO, 0, 0 } }, 2, BACK_NOT_UP },
		{ { { UP, TRI_NO, 0, 0 } }, 0, BACK_NOT_UP },
	};
	struct ledger_return r = { .was = entry_of(VERB_SUSPEND), .inverse_id = "i", .back_wall_ms = 0 };
	struct str said;

	(void)state;
	str_init(&said, 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct snap *s = snap_of(cases[i].rows, cases[i].n);

		str_clear(&said);
		if (held_back(&r, s, &said) != cases[i].want)
			fail_msg("case %zu: %s", i, said.p);
		assert_true(said.len > 0);
		snap_unref(s);
	}
	r.back_wall_ms = INT64_MAX; /* the look is older than the resume */
	{
		struct snap *s = snap_of(cases[0].rows, 1);

		assert_int_equal(held_back(&r, s, &said), BACK_UNSEEN);
		assert_int_equal(held_back(&r, NULL, &said), BACK_UNSEEN);
		snap_unref(s);
	}
	str_fini(&said);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(findings), cmocka_unit_test(words), cmocka_unit_test(back_or_not) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
