/* Answers by key: asked once, kept with their age, errors beside them, ended while asking. */
#include "core/model/keeper.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static atomic_int asked, freed, ended;
static atomic_bool failing;

static int ask(void *ctx, const char *key, int cancel_fd, void **answer, int64_t *as_of, struct err *e)
{
	atomic_fetch_add(&asked, 1);
	(void)ctx;
	if (strcmp(key, "stall") == 0) {
		struct pollfd p = { .fd = cancel_fd, .events = POLLIN };

		poll(&p, 1, 60000);
		return err_set(e, ERR_CANCELLED, "cancelled");
	}
	if (strcmp(key, "bad") == 0 || atomic_load(&failing))
		return err_set(e, ERR_NET, "nobody there");
	*answer = mem_printf("answer to %s", key);
	*as_of = clock_wall_ms();
	return 0;
}

static void answer_free(void *answer)
{
	atomic_fetch_add(&freed, 1);
	free(answer);
}

static void end(void *ctx)
{
	(void)ctx;
	atomic_fetch_add(&ended, 1);
}

static const struct keeper_ops ops = { ask, answer_free, end };

static struct keeper *begin(unsigned refresh_s, unsigned retry_s)
{
	const struct keeper_times times = { refresh_s, retry_s, 0 };

	atomic_store(&asked, 0);
	atomic_store(&freed, 0);
	atomic_store(&ended, 0);
	atomic_store(&failing, false);
	return keeper_start("test", &ops, NULL, &times, NULL);
}

static void answers_are_kept(void **state)
{
	static const char *const keys[] = { "a", "b", "bad" };
	struct keeper *k = begin(3600, 3600);
	struct keeper_state st;
	struct kept_view v;

	(void)state;
	keeper_want(k, keys, 3);
	assert_true(keeper_settled(k, clock_boot_ms() + 10000));
	assert_true(keeper_get(k, "a", &v));
	assert_string_equal(v.answer, "answer to a");
	assert_int_equal(v.err.code, ERR_NONE);
	keeper_release(v.hold);
	assert_true(keeper_get(k, "bad", &v) == true && v.hold == NULL && v.err.code == ERR_NET);
	assert_false(keeper_get(k, "c", &v));
	keeper_state(k, &st);
	assert_true(st.wanted == 3 && st.answered == 2 && st.failing == 1 && st.last_wall_ms > 0);
	assert_string_equal(st.words, "nobody there");
	assert_int_equal(atomic_load(&asked), 3);
	keeper_want(k, keys, 3); /* nothing new */
	assert_true(keeper_settled(k, clock_boot_ms() + 10000));
	assert_int_equal(atomic_load(&asked), 3);
	assert_true(keeper_get(k, "a", &v));
	keeper_want(k, keys + 1, 1); /* a is let go, but not under our hands */
	assert_string_equal(v.answer, "answer to a");
	assert_int_equal(atomic_load(&freed), 0);
	keeper_release(v.hold);
	assert_true(keeper_get(k, "b", &v));
	keeper_stop(k);
	assert_string_equal(v.answer, "answer to b");
	keeper_release(v.hold);
	assert_int_equal(atomic_load(&ended), 1);
}

static void wants_may_come_in_parts(void **state)
{
	static const char *const keys[] = { "a", "b", "c" };
	struct keeper *k = begin(3600, 3600);
	struct keeper_state st;

	(void)state;
	keeper_want(k, keys, 2);
	assert_true(keeper_settled(k, clock_boot_ms() + 10000));
	keeper_want_part(k, keys + 2, 1, true, false);
	keeper_state(k, &st);
	assert_int_equal(st.wanted, 3); /* a and b may be in a part that comes yet */
	keeper_want_part(k, keys + 1, 1, false, true);
	assert_true(keeper_settled(k, clock_boot_ms() + 10000));
	keeper_state(k, &st);
	assert_int_equal(st.wanted, 2); /* a was in none */
	assert_int_equal(atomic_load(&asked), 3);
	keeper_stop(k);
}

static void an_error_stands_beside_the_answer(void **state)
{
	struct keeper *k = begin(3600, 3600);
	struct kept_view v = { .hold = NULL };

	(void)state;
	keeper_want_also(k, "a");
	assert_true(keeper_settled(k, clock_boot_ms() + 10000));
	atomic_store(&failing, true);
	keeper_refresh(k, NULL);
	for (int i = 0; i < 500 && v.err.code == ERR_NONE; i++) {
		keeper_release(v.hold);
		assert_true(keeper_get(k, "a", &v));
		poll(NULL, 0, 10);
	}
	assert_int_equal(v.err.code, ERR_NET);
	assert_string_equal(v.answer, "answer to a");
	keeper_release(v.hold);
	keeper_stop(k);
	assert_int_equal(atomic_load(&freed), 1);
}

static void a_stall_does_not_hold_the_end(void **state)
{
	struct keeper *k = begin(3600, 3600);
	int64_t start = clock_boot_ms();
	struct kept_view v;

	(void)state;
	keeper_want_also(k, "stall");
	assert_false(keeper_settled(k, start + 200));
	assert_true(keeper_get(k, "stall", &v) && v.asking);
	keeper_want(k, NULL, 0); /* let go while it is asked */
	keeper_stop(k);
	assert_true(clock_boot_ms() - start < 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_kept),
		cmocka_unit_test(wants_may_come_in_parts),
		cmocka_unit_test(an_error_stands_beside_the_answer),
		cmocka_unit_test(a_stall_does_not_hold_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
