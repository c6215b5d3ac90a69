/* The queue between threads: order, the descriptor's state, ownership. */
#include "core/model/inbox.h"

#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WRITERS = 4, EACH = 2000 };

static int acts_freed;

static void count_act(struct act_progress *act)
{
	(void)act;
	acts_freed++;
}

static int questions_freed;

static void count_question(struct question *q)
{
	(void)q;
	questions_freed++;
}

static bool readable(const struct inbox *in)
{
	struct pollfd p = { .fd = inbox_fd(in), .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

static struct msg *text_msg(const char *words)
{
	struct msg *m = MEM_NEW(struct msg);

	m->kind = MSG_TEXT;
	strncpy(m->words, words, sizeof(m->words) - 1);
	return m;
}

static void test_order_and_descriptor(void **state)
{
	struct inbox *in = inbox_new();
	struct msg *m;

	(void)state;
	assert_false(readable(in));
	assert_null(inbox_take(in));
	inbox_post(in, text_msg("one"));
	inbox_post(in, text_msg("two"));
	assert_true(readable(in));
	m = inbox_take(in);
	assert_string_equal(m->words, "one");
	msg_free(m);
	assert_true(readable(in));
	m = inbox_take(in);
	assert_string_equal(m->words, "two");
	msg_free(m);
	assert_false(readable(in));
	inbox_free(in);
}

static void test_free_releases_what_waits(void **state)
{
	struct inbox *in = inbox_new();
	struct snap *s = snap_builder_freeze(snap_builder_new("r1"), 1);
	struct msg *m = text_msg("");

	(void)state;
	m->kind = MSG_SNAP;
	m->snap = snap_ref(s);
	inbox_post(in, m);
	m = text_msg("");
	m->kind = MSG_ACT;
	m->act = (struct act_progress *)&acts_freed;
	m->act_free = count_act;
	inbox_post(in, m);
	m = text_msg("");
	m->kind = MSG_ASKED; /* an answer that nobody waits for any more */
	m->asked = (struct question *)&questions_freed;
	m->asked_free = count_question;
	inbox_post(in, m);
	inbox_free(in);
	assert_int_equal(acts_freed, 1);
	assert_int_equal(questions_freed, 1);
	assert_int_equal(atomic_load(&s->refs), 1);
	snap_unref(s);
}

static void *writer(void *arg)
{
	for (int i = 0; i < EACH; i++)
		inbox_post(arg, text_msg("x"));
	return NULL;
}

static void test_many_writers_lose_nothing(void **state)
{
	struct inbox *in = inbox_new();
	pthread_t t[WRITERS];
	struct pollfd p = { .fd = inbox_fd(in), .events = POLLIN };
	struct msg *m;
	int got = 0;

	(void)state;
	for (int i = 0; i < WRITERS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, writer, in), 0);
	while (got < WRITERS * EACH) {
		assert_int_equal(poll(&p, 1, 10000), 1);
		while ((m = inbox_take(in)) != NULL) {
			msg_free(m);
			got++;
		}
	}
	for (int i = 0; i < WRITERS; i++)
		pthread_join(t[i], NULL);
	assert_false(readable(in));
	inbox_free(in);
}

static void test_every_state_has_a_word(void **state)
{
	(void)state;
	for (int i = 0; i < LINK_STATES; i++)
		assert_non_null(link_state_word((enum link_state)i));
	assert_string_equal(link_state_word((enum link_state)LINK_STATES), "?");
	assert_true(link_state_up(LINK_POLLING));
	assert_false(link_state_up(LINK_WAITING));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order_and_descriptor),
		cmocka_unit_test(test_free_releases_what_waits),
		cmocka_unit_test(test_many_writers_lose_nothing),
		cmocka_unit_test(test_every_state_has_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
