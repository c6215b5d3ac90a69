/* The alerts view with its outputs as golden screens, and what its keys ask for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/judge/alert.h"
#include "tests/screen/night.h"
#include "tui/canvas.h"
#include "tui/ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char rules[] =
    "alert peer-down { on = state\n severity = alarm\n for = 0\n to = \"bell pager chat\" }\n"
    "alert near-limit { on = headroom\n for = 0\n to = \"chat mails\" }\n"
    "alert unread { on = router-lost\n severity = warning\n for = 5m\n to = \"chat\" }\n"
    "output pager { kind = webhook\n template = pagerduty\n url = \"https://events.example/v2/enqueue\"\n token-file = \"key\" }\n"
    "output chat { kind = webhook\n template = slack\n url-file = \"chat.url\" }\n"
    "output mails { kind = mail\n command = \"/usr/sbin/sendmail -t\"\n from = noc@example.net\n to = noc@example.net\n quiet = \"00:00-23:59\" }\n"
    "output own { kind = webhook\n url = \"http://127.0.0.1:9/\" }\n"
    "output more { kind = webhook\n url = \"http://127.0.0.1:9/\" }\n";

struct stage {
	struct night *n;
	struct config *config;
	struct alerts *alerts;
	struct output_line lines[OUTPUTS_MAX];
	struct ui *u;
	struct request last;
	char words[2000];
};

/* The pager works, the chat does not and drops, mail waits for the morning, two were never used. */
static void fare(struct stage *s)
{
	for (size_t i = 0; i < s->config->output_count; i++)
		s->lines[i].conf = &s->config->outputs[i];
	s->lines[0].state = (struct output_state){ .sent_wall_ms = NIGHT_WALL - 180000, .sent = 12 };
	s->lines[1].state = (struct output_state){ .sent_wall_ms = NIGHT_WALL - 7200000, .failed_wall_ms = NIGHT_WALL - 9000, .failures = 7,
		.error = "HTTP 503: service unavailable", .retry_wall_ms = NIGHT_WALL + 95000, .queued = 2000,
		.oldest_wall_ms = NIGHT_WALL - 1500000, .dropped = 18000 };
	s->lines[2].state = (struct output_state){ .sent_wall_ms = NIGHT_WALL - 86400000 * 2, .queued = 3, .oldest_wall_ms = NIGHT_WALL - 9000000 };
	s->n->w.outputs = s->lines;
	s->n->w.output_count = s->config->output_count;
	s->n->w.outputs_revision = 1;
}

static void open_stage(struct stage *s, int w, int h, const char *theme, bool ascii, bool outputs)
{
	struct ui_settings settings = { .theme = theme, .ascii = ascii };
	struct err e = ERR_INIT;
	char *text = mem_printf("%s%s", night_config, rules);

	*s = (struct stage){ .n = night_new() };
	s->config = config_parse("night.conf", text, &e);
	free(text);
	if (s->config == NULL)
		fail_msg("%s", e.text);
	s->alerts = alerts_new(s->config);
	s->n->w.config = s->config;
	alerts_follow(s->alerts, &s->n->w);
	s->n->w.alerts = s->alerts;
	s->n->w.alerts_revision = alerts_revision(s->alerts);
	if (outputs)
		fare(s);
	s->u = ui_new_offscreen(&settings, w, h, &e);
	if (s->u == NULL)
		fail_msg("%s", e.text);
	ui_draw(s->u, &s->n->w);
}

static void close_stage(struct stage *s)
{
	ui_free(s->u);
	alerts_free(s->alerts);
	night_free(s->n);
	config_free(s->config);
}

static void type(struct stage *s, const char *keys)
{
	struct request rq;

	ui_feed(s->u, keys, strlen(keys));
	while (ui_input(s->u, &s->n->w, &rq)) {
		s->last = rq;
		snprintf(s->words, sizeof(s->words), "%s", rq.words != NULL ? rq.words : "");
	}
	ui_draw(s->u, &s->n->w);
}

static char *screen_text(const struct stage *s)
{
	struct str out;
	char *taken;

	str_init(&out, 0);
	canvas_text(ui_canvas(s->u), &out);
	taken = str_take(&out);
	str_fini(&out);
	return taken;
}

static void on_screen(const struct stage *s, const char *words)
{
	char *text = screen_text(s);

	if (strstr(text, words) == NULL)
		fail_msg("'%s' is not on\n%s", words, text);
	free(text);
}

static void golden(const struct stage *s, const char *name)
{
	char path[160], *text = screen_text(s), buf[65536] = "";
	FILE *f;

	snprintf(path, sizeof(path), "tests/screen/golden/%s.txt", name);
	f = fopen(path, getenv("GOLDEN_WRITE") != NULL ? "we" : "re");
	assert_non_null(f);
	if (getenv("GOLDEN_WRITE") != NULL)
		fputs(text, f);
	else
		buf[fread(buf, 1, sizeof(buf) - 1, f)] = '\0';
	fclose(f);
	if (getenv("GOLDEN_WRITE") == NULL && strcmp(buf, text) != 0)
		fail_msg("%s: the screen is now\n%s", path, text);
	free(text);
}

static void goldens(void **state)
{
	static const struct {
		const char *name, *theme;
		int w, h;
		bool ascii, outputs;
	} screens[] = {
		{ "alerts-80", "dark", 80, 24, false, true }, { "alerts-200", "dark", 200, 50, false, true },
		{ "alerts-mono-80", "mono", 80, 24, true, true }, { "alerts-no-output-80", "dark", 80, 24, false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
		struct stage s;

		open_stage(&s, screens[i].w, screens[i].h, screens[i].theme, screens[i].ascii, screens[i].outputs);
		type(&s, "Z");
		golden(&s, screens[i].name);
		close_stage(&s);
	}
}

static void another_console_tells(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "dark", false, true);
	s.n->w.outputs_elsewhere = true;
	type(&s, "Z");
	on_screen(&s, "another console on this host tells them");
	close_stage(&s);
}

static void t_asks_and_tries(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "dark", false, true);
	type(&s, "Zt");
	assert_int_equal(s.last.kind, REQ_NONE);
	on_screen(&s, "alert-test pager");
	type(&s, "\r");
	assert_int_equal(s.last.kind, REQ_ALERT_TEST);
	assert_string_equal(s.words, "pager");
	s.last.kind = REQ_NONE;
	type(&s, ":alert-test nobody\r");
	assert_int_equal(s.last.kind, REQ_NONE);
	on_screen(&s, "'nobody' is no output; there are: pager, chat, mails");
	close_stage(&s);
}

static void t_without_outputs_says_so(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "dark", false, false);
	type(&s, "Zt");
	assert_int_equal(s.last.kind, REQ_NONE);
	on_screen(&s, "no output is configured");
	close_stage(&s);
}

static void a_acknowledges(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "dark", false, true);
	type(&s, "Za");
	assert_int_equal(s.last.kind, REQ_ALERT_ACK);
	assert_non_null(strstr(s.words, "peer-down|"));
	*strchr(s.words, '\n') = '\0';
	alerts_ack(s.alerts, s.words, "alice", NIGHT_WALL);
	s.n->w.alerts_revision = alerts_revision(s.alerts);
	type(&s, "G");
	on_screen(&s, "acked");
	s.last.kind = REQ_NONE;
	type(&s, "*a"); /* all that are marked */
	assert_int_equal(s.last.kind, REQ_ALERT_ACK);
	assert_true(strchr(s.words, '\n') != strrchr(s.words, '\n'));
	close_stage(&s);
}

static void s_silences(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "dark", false, true);
	type(&s, "Zs");
	assert_int_equal(s.last.kind, REQ_NONE);
	on_screen(&s, "alert-silence 2h");
	type(&s, "port move\r");
	assert_int_equal(s.last.kind, REQ_ALERT_SILENCE);
	assert_int_equal(s.last.until_wall_ms, NIGHT_WALL + 7200000);
	assert_string_equal(s.last.reason, "port move");
	*strchr(s.words, '\n') = '\0';
	alerts_silence(s.alerts, s.words, "alice", NIGHT_WALL, s.last.until_wall_ms);
	s.n->w.alerts_revision = alerts_revision(s.alerts);
	type(&s, "g");
	on_screen(&s, "silenced");
	s.last.kind = REQ_NONE;
	type(&s, ":alert-silence soon\r");
	assert_int_equal(s.last.kind, REQ_NONE);
	close_stage(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goldens),
		cmocka_unit_test(another_console_tells),
		cmocka_unit_test(t_asks_and_tries),
		cmocka_unit_test(t_without_outputs_says_so),
		cmocka_unit_test(a_acknowledges),
		cmocka_unit_test(s_silences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
