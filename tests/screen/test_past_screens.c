/* The past on the screen: plots in every style, ranges and pages by keys, what flaps as one line.  As test_screens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/screen/night.h"
#include "tui/canvas.h"
#include "tui/ui.h"

struct stage {
	struct night *n;
	struct ui *u;
	struct request last;
};

static void open_stage(struct stage *s, int w, int h, const struct ui_settings *settings)
{
	struct err e = ERR_INIT;

	*s = (struct stage){ .n = night_new() };
	s->u = ui_new_offscreen(settings, w, h, &e);
	if (s->u == NULL)
		fail_msg("%s", e.text);
	ui_draw(s->u, &s->n->w);
}

static void close_stage(struct stage *s)
{
	ui_free(s->u);
	night_free(s->n);
}

static void type(struct stage *s, const char *keys)
{
	struct request rq;

	ui_feed(s->u, keys, strlen(keys));
	clock_fake_advance(100);
	while (ui_input(s->u, &s->n->w, &rq))
		s->last = rq;
	clock_fake(NIGHT_BOOT, NIGHT_WALL);
	ui_draw(s->u, &s->n->w);
}

static char *screen_text(const struct stage *s)
{
	struct str out;
	char *taken;

	str_init(&out, 0);
	canvas_text(ui_canvas(s->u), &out);
	taken = mem_strdup(out.p);
	str_fini(&out);
	return taken;
}

static void expect_on_screen(const struct stage *s, const char *words, bool there)
{
	char *text = screen_text(s);

	if ((strstr(text, words) != NULL) != there)
		fail_msg("'%s' is %s on\n%s", words, there ? "not" : "", text);
	free(text);
}

static void golden(const struct stage *s, const char *name)
{
	char path[160], want[32768];
	char *text = screen_text(s);
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "tests/screen/golden/%s.txt", name);
	f = fopen(path, getenv("GOLDEN_WRITE") != NULL ? "we" : "re");
	assert_non_null(f);
	if (getenv("GOLDEN_WRITE") != NULL) {
		fputs(text, f);
	} else {
		n = fread(want, 1, sizeof(want) - 1, f);
		want[n] = '\0';
		if (strcmp(want, text) != 0)
			fail_msg("%s: the screen is now\n%s", path, text);
	}
	fclose(f);
	free(text);
}

#define ALPHA "/neighbor:192.0.2.11$\r"

static void plots_in_every_style(void **state)
{
	static const struct {
		struct ui_settings settings;
		const char *name;
	} styles[] = {
		{ { .theme = "mono", .plot = "blocks" }, "plot-blocks-80" },
		{ { .theme = "mono", .ascii = true }, "plot-ascii-80" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(styles); i++) {
		struct stage s;

		open_stage(&s, 80, 24, &styles[i].settings);
		type(&s, ALPHA "b");
		golden(&s, styles[i].name);
		close_stage(&s);
	}
}

/* What was read for another session or another time is never shown as this one's. */
static void a_range_is_asked_for_and_waited_for(void **state)
{
	const struct ui_settings settings = { .theme = "dark" };
	struct ui_wants wants;
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, &settings);
	ui_wants(s.u, &wants);
	assert_false(wants.track || wants.chronicle);
	type(&s, ALPHA "b");
	ui_wants(s.u, &wants);
	assert_true(wants.track);
	assert_string_equal(wants.neighbor, "192.0.2.11");
	assert_int_equal(wants.range_s, TRACK_HOUR);
	expect_on_screen(&s, "least 0", true);
	type(&s, "]");
	ui_wants(s.u, &wants);
	assert_int_equal(wants.range_s, TRACK_DAY);
	expect_on_screen(&s, "last day", true);
	expect_on_screen(&s, "the history is being read", true);
	expect_on_screen(&s, "least 0", false);
	type(&s, ":range week\r");
	ui_wants(s.u, &wants);
	assert_int_equal(wants.range_s, TRACK_WEEK);
	type(&s, "]");
	expect_on_screen(&s, "a week is the longest", true);
	snprintf(s.n->w.no_past, sizeof(s.n->w.no_past), "history.db: cannot be read");
	type(&s, "\x0c");
	expect_on_screen(&s, "history.db: cannot be read", true);
	type(&s, ":range hour\r");
	expect_on_screen(&s, "least 0", true);
	type(&s, "\033");
	type(&s, "\033");
	type(&s, "\r"); /* another session */
	expect_on_screen(&s, "0..812", false);
	close_stage(&s);
}

static void the_timeline_turns_its_pages(void **state)
{
	const struct ui_settings settings = { .theme = "dark" };
	struct ui_wants wants;
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, &settings);
	type(&s, "F");
	ui_wants(s.u, &wants);
	assert_true(wants.chronicle);
	assert_int_equal(wants.page, 0);
	assert_true(wants.until_wall_ms == 0);
	type(&s, "jjjj");
	ui_wants(s.u, &wants);
	assert_int_equal(wants.page, 0);
	type(&s, "j");
	ui_wants(s.u, &wants);
	assert_int_equal(wants.page, 1);
	assert_true(wants.until_wall_ms == NIGHT_WALL); /* nothing moves while older pages are read */
	expect_on_screen(&s, "up from its first row goes back", true);
	type(&s, "k");
	ui_wants(s.u, &wants);
	assert_int_equal(wants.page, 0);
	type(&s, "/kind:call\r");
	ui_wants(s.u, &wants);
	assert_string_equal(wants.filter, "kind:call");
	expect_on_screen(&s, "called, no answer", true);
	expect_on_screen(&s, "flaps 12x", false);
	close_stage(&s);
}

static void rows_of_the_timeline_lead_on(void **state)
{
	const struct ui_settings settings = { .theme = "dark" };
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, &settings);
	type(&s, "Fj\r");
	expect_on_screen(&s, "192.0.2.11 AS64501 ipv4", true);
	type(&s, "\033");
	type(&s, "jj\r");
	expect_on_screen(&s, "filter asn:64503", true);
	close_stage(&s);
}

/* Down and up, six times: one line, a mark that hides no state, and one key acknowledges all of it. */
static void what_flaps_is_one_line(void **state)
{
	const struct ui_settings settings = { .theme = "dark" };
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, &settings);
	for (int i = 0; i < 6; i++)
		night_event(s.n->w.events, 60000 - i * 10000, i % 2 == 0 ? EVENT_DOWN : EVENT_UP, i % 2 == 0 ? SEV_ALARM : SEV_NOTICE, "r1",
		    "192.0.2.12", 64502, i % 2 == 0 ? "down: Hold timer expired" : "up");
	s.n->w.now_boot_ms += 2000;
	ui_draw(s.u, &s.n->w);
	expect_on_screen(&s, "\xe2\x97\x8f~6 up", true);
	golden(&s, "sessions-flap-80");
	type(&s, "6");
	expect_on_screen(&s, "flaps 6x in 50s: up, last 02:45:02", true);
	golden(&s, "events-flap-80");
	type(&s, "ja");
	assert_int_equal(s.last.kind, REQ_ACK_EVENTS);
	close_stage(&s);
	open_stage(&s, 80, 24, &settings);
	for (int i = 0; i < 6; i++)
		night_event(s.n->w.events, 10000 - i * 1000, i % 2 == 0 ? EVENT_DOWN : EVENT_UP, i % 2 == 0 ? SEV_ALARM : SEV_NOTICE, "r1",
		    "192.0.2.12", 64502, "x");
	type(&s, "6a");
	assert_int_equal(s.last.kind, REQ_ACK_EVENTS);
	assert_int_equal(s.last.event_count, 6);
	close_stage(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plots_in_every_style), cmocka_unit_test(a_range_is_asked_for_and_waited_for),
		cmocka_unit_test(the_timeline_turns_its_pages), cmocka_unit_test(rows_of_the_timeline_lead_on),
		cmocka_unit_test(what_flaps_is_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
