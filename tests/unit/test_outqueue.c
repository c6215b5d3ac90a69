/* What waits for one output: order, what need not be told, bounds, quiet hours; and the alerts that are open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/judge/openset.h"
#include "core/judge/outqueue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 2026-11-20T12:00:00Z */
#define NOON INT64_C(1795176000000)
enum { MINUTE = 60000, MOST = 100 };

static struct output_conf plain(void)
{
	return (struct output_conf){ .name = "out", .kind = OUTPUT_WEBHOOK, .quiet = { -1, -1 }, .severity = SEV_INFO, .quiet_severity = SEV_ALARM };
}

static struct notice of(const char *key, enum alert_news news, int64_t at)
{
	struct notice n = { .news = news, .severity = SEV_WARN, .asn = ASN_UNKNOWN, .at_wall_ms = at };

	snprintf(n.key, sizeof(n.key), "%s", key);
	snprintf(n.words, sizeof(n.words), "%s at %lld", key, (long long)at);
	return n;
}

static void add(struct outqueue *q, const char *key, enum alert_news news)
{
	const struct notice n = of(key, news, NOON);

	outqueue_add(q, &n);
}

/* Takes what is due and says it as "a:f b:r"; then it fares as `fate`. */
static void goes(struct outqueue *q, int64_t wall_ms, size_t most, enum delivery_fate fate, const char *wanted)
{
	const struct notice *out[MOST];
	size_t n = outqueue_take(q, wall_ms, out, most);
	struct str got;

	str_init(&got, 0);
	for (size_t i = 0; i < n; i++)
		str_addf(&got, "%s%s:%c", i > 0 ? " " : "", out[i]->key, alert_news_word(out[i]->news)[0]);
	assert_string_equal(got.p, wanted);
	str_fini(&got);
	if (n > 0)
		outqueue_done(q, fate);
}

static void order_is_kept(void **state)
{
	const struct output_conf o = plain();
	struct outqueue *q = outqueue_new(&o);

	(void)state;
	add(q, "a", ALERT_NEWS_FIRING);
	add(q, "b", ALERT_NEWS_FIRING);
	goes(q, NOON, MOST, DELIVERY_DONE, "a:f b:f");
	add(q, "b", ALERT_NEWS_RESOLVED);
	add(q, "c", ALERT_NEWS_FIRING);
	add(q, "a", ALERT_NEWS_REPEATED);
	goes(q, NOON, 2, DELIVERY_LATER, "b:r c:f");
	goes(q, NOON, MOST, DELIVERY_DONE, "b:r c:f a:s");
	goes(q, NOON, MOST, DELIVERY_DONE, "");
	outqueue_free(q);
}

static void what_ended_untold_is_not_told(void **state)
{
	const struct output_conf o = plain();
	struct outqueue *q = outqueue_new(&o);

	(void)state;
	add(q, "a", ALERT_NEWS_FIRING);
	add(q, "a", ALERT_NEWS_RESOLVED);
	add(q, "never", ALERT_NEWS_RESOLVED);
	goes(q, NOON, MOST, DELIVERY_DONE, "");
	outqueue_free(q);
}

/* Its answer never came: somebody may have seen it, so the end follows. */
static void what_may_have_been_seen_is_ended(void **state)
{
	const struct output_conf o = plain();
	struct outqueue *q = outqueue_new(&o);

	(void)state;
	add(q, "a", ALERT_NEWS_FIRING);
	goes(q, NOON, MOST, DELIVERY_LATER, "a:f");
	add(q, "a", ALERT_NEWS_RESOLVED);
	goes(q, NOON, MOST, DELIVERY_DONE, "a:f a:r");
	assert_false(outqueue_got(q, "a"));
	outqueue_free(q);
}

static void flapping_goes_on(void **state)
{
	const struct output_conf o = plain();
	struct outqueue *q = outqueue_new(&o);

	(void)state;
	add(q, "a", ALERT_NEWS_FIRING);
	goes(q, NOON, MOST, DELIVERY_DONE, "a:f");
	for (int i = 0; i < 50; i++) {
		add(q, "a", ALERT_NEWS_RESOLVED);
		add(q, "a", ALERT_NEWS_FIRING);
	}
	goes(q, NOON, MOST, DELIVERY_DONE, "a:s");
	add(q, "a", ALERT_NEWS_RESOLVED);
	goes(q, NOON, MOST, DELIVERY_DONE, "a:r");
	outqueue_free(q);
}

static void newer_words_replace_those_that_wait(void **state)
{
	const struct output_conf o = plain();
	struct outqueue *q = outqueue_new(&o);
	const struct notice newer = of("a", ALERT_NEWS_REPEATED, NOON + MINUTE);
	const struct notice *out[2];

	(void)state;
	add(q, "a", ALERT_NEWS_FIRING);
	outqueue_add(q, &newer);
	assert_int_equal(outqueue_take(q, NOON, out, 2), 1);
	assert_int_equal(out[0]->news, ALERT_NEWS_FIRING);
	assert_string_equal(out[0]->words, newer.words);
	outqueue_done(q, DELIVERY_DONE);
	outqueue_free(q);
}

static void told_before_is_not_told_again(void **state)
{
	const struct output_conf o = plain();
	struct outqueue *q = outqueue_new(&o);

	(void)state;
	outqueue_restore_got(q, "a");
	add(q, "a", ALERT_NEWS_FIRING);
	goes(q, NOON, MOST, DELIVERY_DONE, "");
	add(q, "a", ALERT_NEWS_RESOLVED);
	goes(q, NOON, MOST, DELIVERY_DONE, "a:r");
	outqueue_free(q);
}

static void less_than_its_severity_is_not_told(void **state)
{
	struct output_conf o = plain();
	struct outqueue *q;

	(void)state;
	o.severity = SEV_ALARM;
	q = outqueue_new(&o);
	add(q, "a", ALERT_NEWS_FIRING);
	add(q, "a", ALERT_NEWS_RESOLVED);
	goes(q, NOON, MOST, DELIVERY_DONE, "");
	outqueue_free(q);
}

static void one_bad_among_many_is_found(void **state)
{
	const struct output_conf o = plain();
	struct outqueue *q = outqueue_new(&o);
	struct output_state s = { 0 };

	(void)state;
	add(q, "a", ALERT_NEWS_FIRING);
	add(q, "bad", ALERT_NEWS_FIRING);
	add(q, "c", ALERT_NEWS_FIRING);
	goes(q, NOON, MOST, DELIVERY_REFUSED, "a:f bad:f c:f");
	goes(q, NOON, MOST, DELIVERY_DONE, "a:f");
	goes(q, NOON, MOST, DELIVERY_REFUSED, "bad:f");
	goes(q, NOON, MOST, DELIVERY_DONE, "c:f");
	outqueue_state(q, &s);
	assert_int_equal(s.refused, 1);
	assert_int_equal(s.sent, 2);
	add(q, "bad", ALERT_NEWS_RESOLVED); /* it was never told */
	add(q, "d", ALERT_NEWS_FIRING);
	add(q, "e", ALERT_NEWS_FIRING);
	goes(q, NOON, MOST, DELIVERY_DONE, "d:f e:f"); /* many again */
	outqueue_free(q);
}

static void quiet_hours_put_off(void **state)
{
	struct output_conf o = plain();
	struct notice alarm = of("alarm", ALERT_NEWS_FIRING, NOON);
	struct outqueue *q;

	(void)state;
	o.quiet = (struct quiet_hours){ 11 * 60, 13 * 60 };
	q = outqueue_new(&o);
	alarm.severity = SEV_ALARM;
	add(q, "a", ALERT_NEWS_FIRING);
	outqueue_add(q, &alarm);
	goes(q, NOON, MOST, DELIVERY_DONE, "alarm:f");
	goes(q, NOON + 60 * MINUTE, MOST, DELIVERY_DONE, "a:f");
	add(q, "a", ALERT_NEWS_RESOLVED);
	goes(q, NOON, MOST, DELIVERY_DONE, "");
	goes(q, NOON + 60 * MINUTE, MOST, DELIVERY_DONE, "a:r");
	outqueue_free(q);
}

/* PagerDuty and Alertmanager keep a list of what is open: an end makes no noise there. */
static void lists_hear_of_ends_in_quiet_hours(void **state)
{
	struct output_conf o = plain();
	struct outqueue *q;

	(void)state;
	o.template = TEMPLATE_PAGERDUTY;
	o.quiet = (struct quiet_hours){ 11 * 60, 13 * 60 };
	q = outqueue_new(&o);
	add(q, "a", ALERT_NEWS_FIRING);
	goes(q, NOON - 120 * MINUTE, MOST, DELIVERY_DONE, "a:f");
	add(q, "a", ALERT_NEWS_RESOLVED);
	goes(q, NOON, MOST, DELIVERY_DONE, "a:r");
	add(q, "b", ALERT_NEWS_FIRING);
	goes(q, NOON - 120 * MINUTE, MOST, DELIVERY_LATER, "b:f"); /* perhaps seen: the end must not go first */
	add(q, "b", ALERT_NEWS_RESOLVED);
	goes(q, NOON, MOST, DELIVERY_DONE, "");
	goes(q, NOON + 60 * MINUTE, MOST, DELIVERY_DONE, "b:f b:r");
	outqueue_free(q);
}

static void storm_is_bounded_and_said(void **state)
{
	const struct output_conf o = plain();
	struct outqueue *q = outqueue_new(&o);
	struct output_state s = { 0 };
	char key[20];
	size_t sent = 0, n;

	(void)state;
	add(q, "old", ALERT_NEWS_FIRING);
	goes(q, NOON, MOST, DELIVERY_DONE, "old:f");
	add(q, "old", ALERT_NEWS_RESOLVED); /* an end is what gives way last */
	for (int i = 0; i < 20000; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		add(q, key, ALERT_NEWS_FIRING);
	}
	outqueue_state(q, &s);
	assert_int_equal(s.queued, OUTQUEUE_MAX);
	assert_int_equal(s.dropped, 20001 - OUTQUEUE_MAX);
	assert_int_equal(outqueue_unsaid(q), 20001 - OUTQUEUE_MAX);
	for (int i = 0; i < 20000; i++) { /* all is over before most was told */
		snprintf(key, sizeof(key), "k%d", i);
		if (i == 18100)
			goes(q, NOON, 2, DELIVERY_DONE, "old:r k18100:f");
		add(q, key, ALERT_NEWS_RESOLVED);
	}
	assert_int_equal(outqueue_unsaid(q), 0); /* said with what went out */
	while ((n = outqueue_take(q, NOON, (const struct notice *[MOST]){ NULL }, MOST)) > 0) {
		outqueue_done(q, DELIVERY_DONE);
		sent += n;
	}
	assert_int_equal(sent, 1); /* the end of the one that was told */
	outqueue_free(q);
}

static void a_day_is_enough(void **state)
{
	const struct output_conf o = plain();
	struct outqueue *q = outqueue_new(&o);
	struct output_state s = { 0 };

	(void)state;
	add(q, "a", ALERT_NEWS_FIRING);
	goes(q, NOON, MOST, DELIVERY_LATER, "a:f");
	goes(q, NOON + OUTQUEUE_KEEP_MS + 1, MOST, DELIVERY_DONE, "");
	outqueue_state(q, &s);
	assert_int_equal(s.dropped, 1);
	outqueue_free(q);
}

/* ---- the store ---- */

static void restore_item(void *ctx, uint64_t id, unsigned attempts, const struct notice *n)
{
	outqueue_restore(ctx, id, attempts, n);
}

static void restore_got(void *ctx, const char *key)
{
	outqueue_restore_got(ctx, key);
}

static struct outqueue *reopened(struct outstore **store, struct outqueue *q, const struct output_conf *o, const char *dir)
{
	struct outstore_changes c = { NULL, 0, 0 };

	outqueue_changes(q, &c);
	assert_int_equal(outstore_write(*store, &c), 0);
	outstore_changes_fini(&c);
	outqueue_free(q);
	outstore_close(*store);
	*store = outstore_open(dir);
	assert_string_equal(outstore_note(*store), "");
	q = outqueue_new(o);
	outstore_each_item(*store, o->name, restore_item, q);
	outstore_each_got(*store, o->name, restore_got, q);
	return q;
}

static void a_restart_forgets_nothing(void **state)
{
	char dir[] = "/tmp/peerdeck-outqueue-XXXXXX", *path;
	const struct output_conf o = plain();
	struct outstore *store;
	struct outqueue *q = outqueue_new(&o);
	const struct notice *out[2];

	(void)state;
	assert_non_null(mkdtemp(dir));
	store = outstore_open(dir);
	add(q, "a", ALERT_NEWS_FIRING);
	add(q, "b", ALERT_NEWS_FIRING);
	q = reopened(&store, q, &o, dir);
	goes(q, NOON, 1, DELIVERY_DONE, "a:f");
	assert_int_equal(outqueue_take(q, NOON, out, 2), 1); /* b is under way when the program is killed */
	q = reopened(&store, q, &o, dir);
	add(q, "b", ALERT_NEWS_RESOLVED);
	add(q, "a", ALERT_NEWS_RESOLVED);
	q = reopened(&store, q, &o, dir);
	goes(q, NOON, MOST, DELIVERY_DONE, "b:f b:r a:r");
	q = reopened(&store, q, &o, dir);
	goes(q, NOON, MOST, DELIVERY_DONE, "");
	assert_false(outqueue_got(q, "a"));
	outqueue_free(q);
	outstore_close(store);
	for (size_t i = 0; i < 3; i++) {
		path = mem_printf("%s/outbox.db%s", dir, (const char *const[]){ "", "-wal", "-shm" }[i]);
		remove(path);
		free(path);
	}
	assert_int_equal(remove(dir), 0);
}

/* ---- what is open ---- */

static void note_over(void *ctx, const struct notice *n)
{
	str_puts(ctx, n->key);
}

static void taking_over_finds_what_ended(void **state)
{
	struct openset *s = openset_new();
	const struct notice a = of("a", ALERT_NEWS_FIRING, NOON), b = of("b", ALERT_NEWS_FIRING, NOON), c = of("c", ALERT_NEWS_FIRING, NOON);
	struct str over;

	(void)state;
	str_init(&over, 0);
	assert_true(openset_put(s, &a));
	assert_true(openset_put(s, &b));
	assert_false(openset_put(s, &b));
	openset_sync_begin(s);
	assert_false(openset_put(s, &b));
	assert_true(openset_put(s, &c));
	openset_sync_end(s, note_over, &over);
	assert_string_equal(over.p, "a");
	assert_int_equal(openset_count(s), 2);
	assert_false(openset_end(s, "a"));
	assert_true(openset_end(s, "c"));
	str_fini(&over);
	openset_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_is_kept),
		cmocka_unit_test(what_ended_untold_is_not_told),
		cmocka_unit_test(what_may_have_been_seen_is_ended),
		cmocka_unit_test(flapping_goes_on),
		cmocka_unit_test(newer_words_replace_those_that_wait),
		cmocka_unit_test(told_before_is_not_told_again),
		cmocka_unit_test(less_than_its_severity_is_not_told),
		cmocka_unit_test(one_bad_among_many_is_found),
		cmocka_unit_test(quiet_hours_put_off),
		cmocka_unit_test(lists_hear_of_ends_in_quiet_hours),
		cmocka_unit_test(storm_is_bounded_and_said),
		cmocka_unit_test(a_day_is_enough),
		cmocka_unit_test(a_restart_forgets_nothing),
		cmocka_unit_test(taking_over_finds_what_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
