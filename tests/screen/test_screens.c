/*
 * The screens of the standing night against tests/screen/golden, and what keys do to them.
 *
 * `GOLDEN_WRITE=1 build/release/tests/screen/test_screens` writes them anew:
 * then read the difference as an operator would.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/screen/night.h"
#include "tui/canvas.h"
#include "tui/compose.h"
#include "tui/ui.h"

struct stage {
	struct night *n;
	struct ui *u;
	struct request last; /* its strings are copied into the fields below */
	char reason[256], message[300];
	size_t targets;
	struct plan *plan;
};

static void open_stage(struct stage *s, int w, int h, const char *theme, bool ascii)
{
	struct ui_settings settings = { .theme = theme, .ascii = ascii };
	struct err e = ERR_INIT;

	*s = (struct stage){ .n = night_new() };
	s->u = ui_new_offscreen(&settings, w, h, &e);
	if (s->u == NULL)
		fail_msg("%s", e.text);
	ui_draw(s->u, &s->n->w);
}

static void close_stage(struct stage *s)
{
	plan_unref(s->plan);
	ui_free(s->u);
	night_free(s->n);
}

static void show_message(struct stage *s, const char *template)
{
	const struct message_view v = { .template = template, .to = "noc@charlie.example", .rung = 1,
		.subject = "[AS64500 - AS64503] BGP session down at EXAMPLE-IX, 192.0.2.13 since 2026-10-28 02:32Z",
		.recipient = "to rung 1: NOC, Charlie NOC", .mailer = "/usr/sbin/sendmail -t -i",
		.body = "Dear Charlie NOC,\n\nour BGP session with you is down:\n\n  you 192.0.2.13 AS64503  -  we 192.0.2.1 AS64500\n"
			"  EXAMPLE-IX, ipv4-unicast, our router r1: down (shut by peer) since 2026-10-28 02:32Z\n\n"
			"All times are UTC.\n" };

	ui_message_show(s->u, &v);
}

/* The list of all, one without an address among them. */
static void show_maintenance(struct stage *s)
{
	const struct message_view v = { .template = "maintenance", .to = "", .many = true, .subject =
		"[AS64500 - AS64501] Maintenance at EXAMPLE-IX, 2026-10-29 00:00Z to 2026-10-29 02:00Z",
		.recipient = "3 networks, 1 without a mail address",
		.body = "AS64501  noc@alpha.example\nAS64503  noc@charlie.example\nAS64509  NO MAIL ADDRESS: is left out\n\n"
			"The first of them:\n\nDear Alpha NOC, 24x7,\n\nwe will work on our side of EXAMPLE-IX:\n" };

	ui_message_show(s->u, &v);
}

/* As the journal gives it back. */
static void note_call(struct stage *s, const struct call *call)
{
	struct call noted = *call;

	noted.who = TEXT_LIT("alice");
	noted.wall_ms = NIGHT_WALL;
	calls_add(s->n->calls, &noted);
}

/* Types, answers a plan request with a plan, and draws. */
static void type(struct stage *s, const char *keys)
{
	struct request rq;

	ui_feed(s->u, keys, strlen(keys));
	clock_fake_advance(100); /* a lone ESC is one */
	while (ui_input(s->u, &s->n->w, &rq)) {
		s->last = rq;
		s->targets = rq.target_count;
		if (rq.kind == REQ_MESSAGE)
			show_message(s, "session-down");
		if (rq.kind == REQ_MAINTENANCE)
			show_maintenance(s);
		if (rq.kind == REQ_CALL)
			note_call(s, rq.call);
		if (rq.kind != REQ_PLAN)
			continue;
		snprintf(s->reason, sizeof(s->reason), "%s", rq.reason);
		snprintf(s->message, sizeof(s->message), "%s", rq.message);
		plan_unref(s->plan);
		s->plan = night_plan(s->n->book, rq.verb, rq.reason, rq.message, rq.targets, rq.target_count);
		ui_plan_show(s->u, s->plan);
	}
	clock_fake(NIGHT_BOOT, NIGHT_WALL);
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

static void expect_on_screen(const struct stage *s, const char *words, bool there)
{
	char *text = screen_text(s);

	if ((strstr(text, words) != NULL) != there)
		fail_msg("'%s' is %s on\n%s", words, there ? "not" : "", text);
	free(text);
}

static char *read_golden(const char *path)
{
	FILE *f = fopen(path, "re");
	struct str s;
	char buf[4096], *taken;
	size_t n;

	str_init(&s, 0);
	while (f != NULL && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		str_add(&s, buf, n);
	if (f != NULL)
		fclose(f);
	taken = str_take(&s);
	str_fini(&s);
	return taken;
}

static void expect_golden(const char *name, const char *text)
{
	char path[160];
	char *want;

	snprintf(path, sizeof(path), "tests/screen/golden/%s.txt", name);
	if (getenv("GOLDEN_WRITE") != NULL) {
		FILE *f = fopen(path, "we");

		assert_non_null(f);
		fputs(text, f);
		fclose(f);
		return;
	}
	want = read_golden(path);
	if (strcmp(want, text) != 0)
		fail_msg("%s: the screen is now\n%s", path, text);
	free(want);
}

static void golden(struct stage *s, const char *name, int w)
{
	char full[80], *text = screen_text(s);

	snprintf(full, sizeof(full), "%s-%d", name, w);
	expect_golden(full, text);
	free(text);
}

static const struct {
	const char *name, *keys;
} screens[] = {
	{ "sessions", "" }, { "networks", "2" }, { "prefixes", "3" }, { "contacts", "jj4" }, { "routers", "5jjj" },
	{ "events", "6jjj" }, { "journal", "7" }, { "held", "8" }, { "incidents", "0" }, { "handover", "H" },
	{ "timeline", "F" }, { "plot", "/neighbor:192.0.2.11$\rb" }, { "detail-past", "/neighbor:192.0.2.11$\r\r\004" },
	{ "incident", "0j\r" }, { "help", "9" }, { "detail", "jj\r" },
	{ "sorted", "S" }, { "filtered", "/state:down !asn:64505\r" }, { "searched", "fhosting\r" },
	{ "marked", "   " }, { "palette", ":s\t" }, { "form", "sloss on the link\t\tback at 22:00 UTC" },
	{ "form-prefixes", "W203.0.113.1/24\r" }, { "journal-filtered", "7/who:alice asn:64509 what:withdraw router:r1\r" }, { "form-drain", "zfibre works\t\t\t10%" },
	{ "presence", "2/asn:64501\rE" }, { "presence-none", "2/asn:64503\rE" }, { "presence-private", "2/asn:64508\rE" }, { "found", ":find-network alpha\r" },
	{ "ladder", "c" }, { "ladder-incident", "0c" }, { "incident-calls", "0CnCaSam\x13\r" },
	{ "inventory", "e" }, { "inventory-contact", "ce" }, { "maintenance", ":maintenance\r" }, { "maintenance-list", ":maintenance\r\x13" },
	{ "call", "C" }, { "call-ack", "Ca" }, { "message", "m" },
	{ "plan-one", "sloss\r\r\r" }, { "plan-two", "  sloss\r\r\r" }, { "quit", "q" },
	{ "split", "K\tjj" }, { "split-filtered", "K/down\r" }, { "split-three", "KK++" }, { "split-plan", "K\tsloss\r\r\r" },
};

static void test_every_view_in_two_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(screens); i++)
		for (int wide = 0; wide < 2; wide++) {
			struct stage s;
			int w = wide ? 200 : 80;

			open_stage(&s, w, wide ? 50 : 24, "dark", false);
			type(&s, screens[i].keys);
			golden(&s, screens[i].name, w);
			close_stage(&s);
		}
}

/* Nobody may take a replay for the network as it is now: the badge is there at every size and without any colour. */
static void test_a_replay_says_so(void **state)
{
	static const struct {
		const char *name, *theme;
		int w, h;
		bool paused, ended, behind;
		unsigned permille;
	} looks[] = {
		{ "replay", "dark", 80, 24, false, false, false, 1000 }, { "replay", "dark", 200, 50, false, false, true, 60000 },
		{ "replay-mono", "mono", 80, 24, true, false, false, 500 }, { "replay-small", "mono", 40, 12, false, true, false, 1000 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
		struct replay_state r = { .begin_ms = NIGHT_WALL - 600000, .end_ms = NIGHT_WALL + 600000, .now_ms = NIGHT_WALL,
			.speed_permille = looks[i].permille, .paused = looks[i].paused, .ended = looks[i].ended, .behind = looks[i].behind };
		struct stage s;

		open_stage(&s, looks[i].w, looks[i].h, looks[i].theme, false);
		s.n->w.replay = &r;
		s.n->w.read_only = true;
		type(&s, "");
		expect_on_screen(&s, "REPLAY ", true);
		expect_on_screen(&s, "READ-ONLY", false);
		golden(&s, looks[i].name, looks[i].w);
		close_stage(&s);
	}
}

/* The keys of a replay ask for time and nothing else; what acts is refused before anything is asked for. */
static void test_keys_of_a_replay(void **state)
{
	static const struct {
		const char *key;
		enum replay_op op;
	} keys[] = { { "!", REPLAY_PAUSE }, { "}", REPLAY_FASTER }, { "{", REPLAY_SLOWER }, { ".", REPLAY_NEXT }, { ",", REPLAY_PREV } };
	struct replay_state r = { .begin_ms = 1, .end_ms = NIGHT_WALL, .now_ms = NIGHT_WALL, .speed_permille = 1000 };
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, "!");
	expect_on_screen(&s, "no recording is replayed here", true);
	assert_int_not_equal(s.last.kind, REQ_REPLAY);
	s.n->w.replay = &r;
	s.n->w.read_only = true;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		s.last.kind = REQ_NONE;
		type(&s, keys[i].key);
		assert_int_equal(s.last.kind, REQ_REPLAY);
		assert_int_equal(s.last.replay_op, keys[i].op);
	}
	type(&s, "J02:31:05\r");
	assert_int_equal(s.last.replay_op, REPLAY_JUMP);
	assert_string_equal(s.last.words, "02:31:05");
	s.last.kind = REQ_NONE;
	for (const char *act = "sTuwtdUz"; *act != '\0'; act++) {
		const char one[] = { *act, '\0' };

		type(&s, "1");
		type(&s, one);
		expect_on_screen(&s, "replay: no router is touched", true);
		assert_int_equal(s.last.kind, REQ_NONE);
	}
	type(&s, "L");
	expect_on_screen(&s, "replay: no router is touched", true);
	close_stage(&s);
}

static void test_find_network_asks_and_shows(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 100, 30, "dark", false);
	type(&s, ":find-network RIPE::AS-EXAMPLE\r");
	assert_int_equal(s.last.kind, REQ_FIND_NETWORK);
	assert_string_equal(s.last.words, "RIPE::AS-EXAMPLE");
	expect_on_screen(&s, "Alpha Networks", true);
	type(&s, "\r");
	expect_on_screen(&s, "Presence of AS64501", true);
	close_stage(&s);
}

/* From a down session to a noted call: two keys, and the ladder one key away. */
static void test_one_key_notes_a_call(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "dark", false);
	type(&s, "C");
	expect_on_screen(&s, "2. Escalation  Lee", true); /* the NOC did not answer: the next one */
	type(&s, "n");
	assert_int_equal(s.last.kind, REQ_CALL);
	assert_int_equal(s.last.call->outcome, CALL_NO_ANSWER);
	assert_int_equal(s.last.call->asn, 64503);
	assert_int_equal(s.last.call->rung, 2);
	assert_string_equal(s.last.call->way.s, "+44 20 5550 333");
	assert_string_equal(s.last.call->neighbor.s, "192.0.2.13");
	type(&s, "c\r");
	expect_on_screen(&s, "1. NOC  Charlie NOC", true); /* Enter: the rung under the cursor */
	type(&s, "m");
	assert_int_equal(s.last.call->outcome, CALL_MAIL);
	assert_string_equal(s.last.call->way.s, "noc@charlie.example");
	close_stage(&s);
}

static void test_the_registry_is_the_last_rung(void **state)
{
	(void)state;
	for (int wide = 0; wide < 2; wide++) {
		struct stage s;

		open_stage(&s, wide ? 200 : 80, wide ? 50 : 24, "dark", false);
		s.n->w.registered = night_registered(s.n->arena);
		type(&s, "/asn:64504\rcG");
		golden(&s, "ladder-rdap", wide ? 200 : 80);
		close_stage(&s);
	}
}

/* From the list of incidents, from its page and from the session that is in it: it is about the incident. */
static void test_a_call_knows_its_incident(void **state)
{
	static const char *const ways[] = { "0Cn", "0\rCn", "Cn", "0cCn" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		struct stage s;
		const char *id;

		open_stage(&s, 80, 24, "dark", false);
		id = incidents_of(s.n->incidents, "r1", "", "192.0.2.13")->id;
		type(&s, ways[i]);
		assert_int_equal(s.last.kind, REQ_CALL);
		assert_string_equal(s.last.call->incident.s, id);
		assert_int_equal(s.last.call->asn, 64503);
		type(&s, "m");
		assert_int_equal(s.last.kind, REQ_MESSAGE);
		assert_string_equal(s.last.incident, id);
		close_stage(&s);
	}
}

/* What fell at an exchange together: its own people, and calls and the message are about the place. */
static void test_an_incident_of_an_exchange_has_its_ladder(void **state)
{
	const struct incident_fact fell = { .op = INCIDENT_OPEN, .id = "I-20261028-0244-0beef", .who = "", .words = "", .other = "",
		.wall_ms = NIGHT_WALL - 60000, .by = GROUP_EXCHANGE, .key = "EXAMPLE-IX",
		.members = "r9\t\t192.0.2.201\t64501\nr9\t\t192.0.2.202\t64503\nr9\t\t192.0.2.203\t64504\n" };

	(void)state;
	for (int wide = 0; wide < 2; wide++) {
		struct stage s;

		open_stage(&s, wide ? 200 : 80, wide ? 50 : 24, "dark", false);
		incidents_fact(s.n->incidents, &fell);
		type(&s, "0/EXAMPLE-IX\r\r");
		golden(&s, "incident-exchange", wide ? 200 : 80);
		type(&s, "c");
		golden(&s, "ladder-exchange", wide ? 200 : 80);
		type(&s, "Cn");
		assert_int_equal(s.last.kind, REQ_CALL);
		assert_string_equal(s.last.call->incident.s, fell.id);
		assert_string_equal(s.last.call->venue.s, "exchange EXAMPLE-IX");
		assert_int_equal(s.last.call->asn, ASN_UNKNOWN);
		assert_int_equal(s.last.call->rung, 1);
		expect_on_screen(&s, "called, no answer", true);
		type(&s, "m");
		assert_int_equal(s.last.kind, REQ_MESSAGE);
		assert_int_equal(s.last.asn, ASN_UNKNOWN);
		assert_string_equal(s.last.incident, fell.id);
		close_stage(&s);
	}
}

/* Nobody on the ladder: who was called is typed by hand, and the outcome that was chosen is noted for him. */
static void test_a_call_to_nobody_on_the_ladder(void **state)
{
	const struct incident_fact fell = { .op = INCIDENT_OPEN, .id = "I-20261028-0244-0dead", .who = "", .words = "", .other = "",
		.wall_ms = NIGHT_WALL - 60000, .by = GROUP_EXCHANGE, .key = "NOWHERE-IX",
		.members = "r9\t\t192.0.2.201\t64501\nr9\t\t192.0.2.202\t64503\n" };
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "dark", false);
	incidents_fact(s.n->incidents, &fell);
	type(&s, "0/NOWHERE\rcC");
	expect_on_screen(&s, "nobody is on this ladder", true);
	type(&s, "nKim at the desk\r\r\r"); /* neither phone nor mail: asked again */
	expect_on_screen(&s, "a phone number or a mail address, please", true);
	assert_int_not_equal(s.last.kind, REQ_CALL);
	type(&s, "+49 30 5550 1\r\r");
	assert_int_equal(s.last.kind, REQ_CALL);
	assert_int_equal(s.last.call->outcome, CALL_NO_ANSWER);
	assert_int_equal(s.last.call->rung, 0);
	assert_string_equal(s.last.call->contact.s, "Kim at the desk");
	assert_string_equal(s.last.call->way.s, "+49 30 5550 1");
	assert_string_equal(s.last.call->incident.s, fell.id);
	/* A ladder with rungs takes somebody else likewise. */
	type(&s, "1CtPat\r030 1\r\rv");
	assert_int_equal(s.last.call->outcome, CALL_MESSAGE);
	assert_string_equal(s.last.call->contact.s, "Pat");
	assert_int_not_equal(s.last.call->asn, ASN_UNKNOWN);
	close_stage(&s);
}

static void test_the_book_warns_in_the_plan(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "dark", false);
	type(&s, "sloss\r\r\r");
	expect_on_screen(&s, "AS64503: do not suspend without asking Kim: carries our mail", true);
	close_stage(&s);
}

static void test_an_acknowledgement_needs_a_name(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "dark", false);
	type(&s, "Ca\x13"); /* C-s with nothing typed */
	expect_on_screen(&s, "who of them acknowledged?", true);
	assert_int_not_equal(s.last.kind, REQ_CALL);
	type(&s, "Sam\x13");
	assert_int_equal(s.last.kind, REQ_CALL);
	assert_string_equal(s.last.call->by.s, "Sam");
	assert_true(s.last.call->ack_wall_ms == NIGHT_WALL);
	close_stage(&s);
}

/* What is typed before the message is on the screen does nothing to it; then each key asks for one thing. */
static void test_a_message_is_shown_before_anything(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "dark", false);
	type(&s, "mS"); /* S was typed before anything was seen */
	assert_int_equal(s.last.kind, REQ_MESSAGE);
	assert_int_equal(s.last.asn, 64503);
	assert_string_equal(s.last.targets[0].neighbor, "192.0.2.13");
	expect_on_screen(&s, "message: session-down, nothing has been sent", true);
	type(&s, "\t");
	assert_int_equal(s.last.kind, REQ_MESSAGE_STEP);
	assert_int_equal(s.last.step, MESSAGE_TEMPLATE);
	assert_string_equal(s.last.template, "suspend");
	type(&s, "S");
	assert_int_equal(s.last.step, MESSAGE_SEND);
	type(&s, "w");
	assert_int_equal(s.last.step, MESSAGE_WRITE);
	type(&s, "\033");
	assert_int_equal(s.last.step, MESSAGE_CLOSE);
	expect_on_screen(&s, "nothing has been sent", false);
	close_stage(&s);
}

/* The ladder is about the selection of the list below it, also after that moved. */
static void test_the_ladder_follows_the_selection(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "dark", false);
	type(&s, "c");
	expect_on_screen(&s, "AS64503 Charlie Hosting", true);
	expect_on_screen(&s, "MIND: do not suspend without asking Kim", true);
	type(&s, "\033");
	type(&s, "jc");
	expect_on_screen(&s, "AS64504 Delta Content", true);
	expect_on_screen(&s, "MIND", false);
	close_stage(&s);
}

static void test_ascii_has_no_other_octets(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
		struct stage s;
		char *text;

		open_stage(&s, 120, 45, "mono", true);
		type(&s, screens[i].keys);
		text = screen_text(&s);
		for (const char *p = text; *p != '\0'; p++)
			if ((unsigned char)*p > 126)
				fail_msg("%s: not ASCII: %s", screens[i].name, p);
		free(text);
		close_stage(&s);
	}
}

static void test_roles_of_home(void **state)
{
	struct stage s;
	struct str out;

	(void)state;
	open_stage(&s, 80, 24, "dark", false);
	str_init(&out, 0);
	canvas_roles(ui_canvas(s.u), &out);
	expect_golden("sessions-80-roles", out.p);
	str_fini(&out);
	close_stage(&s);
}

static void test_every_size_down_to_one_cell(void **state)
{
	static const char *const keys[] = { "", "2", "3", "5", "9", "F", "/neighbor:192.0.2.11$\rb", "\r", "s", "sx\r\r\r", "/up", ":vi\t", "q", "K", "KK", "KK\t\t\r" };

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
		struct stage s;

		open_stage(&s, 100, 45, "mono", false);
		type(&s, keys[k]);
		for (int h = 60; h >= 1; h -= h > 12 ? 7 : 1)
			for (int w = 220; w >= 1; w -= w > 45 ? 13 : 3) {
				ui_resize(s.u, w, h);
				ui_draw(s.u, &s.n->w);
			}
		ui_resize(s.u, 20, 5);
		ui_draw(s.u, &s.n->w);
		expect_on_screen(&s, "terminal too small", true);
		ui_resize(s.u, 1, 1);
		ui_draw(s.u, &s.n->w);
		close_stage(&s);
	}
}

/* ---- a split screen ---- */

static void test_keys_go_to_one_part_alone(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, "K"); /* the events get the keys */
	expect_on_screen(&s, "▶ Events", true);
	expect_on_screen(&s, "  Tab Sessions", true);
	type(&s, "/down\r");
	expect_on_screen(&s, "▶ Events  ", true);
	type(&s, "\t");
	expect_on_screen(&s, "▶ Sessions  17,", true); /* all of them: the filter is the other's */
	expect_on_screen(&s, "Tab Events", true);
	type(&s, "/asn:64501\r");
	expect_on_screen(&s, "filter asn:64501", true);
	expect_on_screen(&s, "filter down", true);
	type(&s, "2"); /* another view in this part; the other stays */
	expect_on_screen(&s, "▶ Sessions > Networks", true);
	expect_on_screen(&s, "Tab Events", true);
	type(&s, "q"); /* closes the view, then the part, then asks */
	expect_on_screen(&s, "▶ Sessions  ", true);
	type(&s, "q");
	expect_on_screen(&s, "▶", false);
	expect_on_screen(&s, "filter down", true);
	type(&s, "q");
	expect_on_screen(&s, "Leave peerdeck?", true);
	close_stage(&s);
}

static void test_an_action_takes_the_marks_of_its_part(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, "  :split sessions\r");
	type(&s, "jjsone\r\r\r");
	assert_int_equal(s.last.kind, REQ_PLAN);
	assert_int_equal(s.targets, 1);
	type(&s, "\033");
	type(&s, "\tsboth\r\r\r");
	assert_int_equal(s.last.kind, REQ_PLAN);
	assert_int_equal(s.targets, 2);
	close_stage(&s);
}

/* The list of sessions was left a while ago: what the scope holds is marked in what it shows now. */
static void test_a_scope_is_marked_from_another_list(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, "2/64501\r");
	type(&s, "o1"); /* all of the network */
	expect_on_screen(&s, ", 4 marked", true);
	type(&s, "sboth\r\r\r");
	assert_int_equal(s.last.kind, REQ_PLAN);
	assert_int_equal(s.targets, 4);
	close_stage(&s);
}

static void test_no_room_is_said(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, "KKK");
	expect_on_screen(&s, "no room for one more part", true);
	type(&s, ":split detail\r");
	expect_on_screen(&s, "a part of the screen begins with a list", true);
	ui_resize(s.u, 80, 16); /* only one of the three has room now, and says so */
	ui_draw(s.u, &s.n->w);
	expect_on_screen(&s, "of 3: no room for the others", true);
	type(&s, "\t");
	expect_on_screen(&s, "part 1 of 3", true);
	ui_resize(s.u, 80, 24);
	ui_draw(s.u, &s.n->w);
	expect_on_screen(&s, "▶ Sessions", true);
	expect_on_screen(&s, "Events", true);
	close_stage(&s);
}

static void test_it_may_begin_split(void **state)
{
	struct ui_settings settings = { .theme = "mono", .layout = "incidents, events" };
	struct err e = ERR_INIT;
	struct stage s = { .n = night_new() };

	(void)state;
	s.u = ui_new_offscreen(&settings, 80, 24, &e);
	assert_non_null(s.u);
	ui_draw(s.u, &s.n->w);
	expect_on_screen(&s, "▶ Incidents", true);
	expect_on_screen(&s, "Tab Events", true);
	close_stage(&s);
	settings.layout = "incidents nothing";
	assert_null(ui_new_offscreen(&settings, 80, 24, &e));
	assert_non_null(strstr(e.text, "layout: 'nothing'"));
	err_clear(&e);
	settings.layout = "help";
	assert_null(ui_new_offscreen(&settings, 80, 24, &e));
}

/* ---- the wallboard ---- */

static void open_board(struct stage *s, int w, int h, const char *theme, bool ascii)
{
	struct ui_settings settings = { .theme = theme, .ascii = ascii, .wallboard = true };
	struct err e = ERR_INIT;

	*s = (struct stage){ .n = night_new() };
	s->u = ui_new_offscreen(&settings, w, h, &e);
	assert_non_null(s->u);
	ui_draw(s->u, &s->n->w);
}

static void test_the_wallboard_in_its_sizes(void **state)
{
	static const struct {
		int w, h;
	} sizes[] = { { 80, 24 }, { 200, 50 }, { 300, 80 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct stage s;

		open_board(&s, sizes[i].w, sizes[i].h, "dark", false);
		s.n->w.now_wall_ms -= 10000; /* the first page */
		ui_draw(s.u, &s.n->w);
		golden(&s, "wallboard", sizes[i].w);
		close_stage(&s);
	}
	for (int h = 60; h >= 1; h -= h > 12 ? 7 : 1)
		for (int w = 320; w >= 1; w -= w > 45 ? 23 : 3) {
			struct stage s;

			open_board(&s, w, h, "mono", true);
			close_stage(&s);
		}
}

static void test_no_key_does_anything_to_a_wallboard(void **state)
{
	struct stage s;
	char *before, *after;

	(void)state;
	open_board(&s, 80, 24, "mono", false);
	before = screen_text(&s);
	type(&s, "sloss\r\r\ryes\r:suspend\r/x\rLKu5\t \033\032\033[200~yes\r\033[201~");
	assert_int_equal(s.last.kind, REQ_NONE);
	after = screen_text(&s);
	assert_string_equal(before, after);
	free(before);
	free(after);
	type(&s, "q"); /* without being asked */
	assert_int_equal(s.last.kind, REQ_QUIT);
	close_stage(&s);
	open_stage(&s, 80, 24, "mono", false);
	type(&s, ":wallboard\r");
	expect_on_screen(&s, "peerdeck wallboard", true);
	type(&s, "sq");
	expect_on_screen(&s, "peerdeck wallboard", false);
	expect_on_screen(&s, " Sessions  17", true);
	assert_int_not_equal(s.last.kind, REQ_QUIT);
	close_stage(&s);
}

static void test_a_wallboard_does_not_pass_old_for_fresh(void **state)
{
	struct stage s;

	(void)state;
	open_board(&s, 80, 24, "mono", true);
	expect_on_screen(&s, "O L D   D A T A", true);
	expect_on_screen(&s, "lost3", true);
	expect_on_screen(&s, " 2 UNKNOWN", true); /* its sessions, up when it was last read */
	expect_on_screen(&s, " 2/4 ROUTERS READ", true);
	expect_on_screen(&s, "? NO ALERT RULES", true);
	s.n->w.now_boot_ms += 3600000; /* nobody was heard for an hour */
	s.n->w.now_wall_ms += 3600000;
	ui_draw(s.u, &s.n->w);
	expect_on_screen(&s, "nothing is fresh", true);
	expect_on_screen(&s, " 17 UNKNOWN", true);
	expect_on_screen(&s, " 0 UP", true);
	for (size_t i = 0; i < s.n->w.router_count; i++) {
		snap_unref(s.n->routers[i].snap);
		s.n->routers[i].snap = NULL;
	}
	s.n->w.now_boot_ms += 1000;
	ui_draw(s.u, &s.n->w);
	expect_on_screen(&s, "? DOWN", true); /* unknown is not none */
	expect_on_screen(&s, "no router has been read yet", true);
	close_stage(&s);
}

static void test_pages_of_the_wallboard_take_turns(void **state)
{
	struct stage s;
	char *first, *second, *third;

	(void)state;
	open_board(&s, 80, 16, "mono", true);
	s.n->w.now_wall_ms -= s.n->w.now_wall_ms % 120000; /* the first of two, three or four */
	ui_draw(s.u, &s.n->w);
	expect_on_screen(&s, "page 1 of ", true);
	expect_on_screen(&s, "page 1 of 1", false);
	first = screen_text(&s);
	s.n->w.now_wall_ms += 10000;
	ui_draw(s.u, &s.n->w);
	expect_on_screen(&s, "page 2 of ", true);
	second = screen_text(&s);
	s.n->w.now_wall_ms += 9000;
	ui_draw(s.u, &s.n->w);
	third = screen_text(&s);
	assert_string_not_equal(strchr(first, '\n'), strchr(second, '\n'));
	assert_string_equal(strchr(second, '\n'), strchr(third, '\n'));
	free(first);
	free(second);
	free(third);
	close_stage(&s);
}

/* ---- the way of an action ---- */

static void test_enter_on_a_plan_cancels(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, "sloss on the link\r\r\r");
	assert_int_equal(s.last.kind, REQ_PLAN);
	assert_int_equal(s.last.verb, VERB_SUSPEND);
	assert_string_equal(s.reason, "loss on the link");
	assert_int_equal(s.targets, 1);
	expect_on_screen(&s, ">[ Cancel ]<", true);
	type(&s, "\r");
	assert_int_equal(s.last.kind, REQ_CANCEL_PLAN);
	expect_on_screen(&s, "Cancel", false);
	close_stage(&s);
}

static void test_confirmation_names_the_digest(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, "sloss\r\tbye\r");
	assert_int_equal(s.last.kind, REQ_PLAN);
	assert_string_equal(s.message, "bye");
	type(&s, "\t\r");
	assert_int_equal(s.last.kind, REQ_CONFIRM);
	assert_string_equal(s.last.digest, s.plan->digest);
	ui_act_progress(s.u, "r1", "", "192.0.2.13", ACT_DONE, "shut, proven after 1.2 s");
	ui_act_finished(s.u, "1 done");
	ui_draw(s.u, &s.n->w);
	expect_on_screen(&s, "DONE", true);
	expect_on_screen(&s, "proven after 1.2 s", true);
	type(&s, "\033");
	expect_on_screen(&s, "proven after 1.2 s", false);
	close_stage(&s);
}

static void test_several_need_their_number(void **state)
{
	static const char *const wrong[] = { "yes\r", "1\r", "3\r", "AS64501\r", "\t\r" };
	struct stage s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		open_stage(&s, 80, 24, "mono", false);
		type(&s, "  sloss\r\r\r");
		assert_int_equal(s.targets, 2);
		type(&s, wrong[i]);
		assert_int_not_equal(s.last.kind, REQ_CONFIRM);
		close_stage(&s);
	}
	open_stage(&s, 80, 24, "mono", false);
	type(&s, "  sloss\r\r\r");
	type(&s, "2\r");
	assert_int_equal(s.last.kind, REQ_CONFIRM);
	close_stage(&s);
}

static void test_paste_confirms_nothing(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, "\033[200~sq\r\033[201~");
	assert_int_equal(s.last.kind, REQ_NONE);
	expect_on_screen(&s, "pasted text was not used", true);
	type(&s, "s\033[200~reason of\rtwo lines\033[201~\r\r\r");
	assert_string_equal(s.reason, "reason of two lines");
	type(&s, "\033[200~yes\r\033[201~");
	assert_int_equal(s.last.kind, REQ_PLAN);
	type(&s, "\r"); /* nothing of it stands in the answer: Enter is Cancel */
	assert_int_equal(s.last.kind, REQ_CANCEL_PLAN);
	close_stage(&s);
}

/* What is typed while the routers are read must not answer a question that is not yet on the screen. */
static void test_typed_ahead_is_flushed(void **state)
{
	struct stage s;
	struct request rq;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	ui_feed(s.u, "sloss\r\r\ryes\r", 12);
	assert_true(ui_input(s.u, &s.n->w, &rq));
	assert_int_equal(rq.kind, REQ_PLAN);
	s.plan = night_plan(s.n->book, rq.verb, rq.reason, rq.message, rq.targets, rq.target_count);
	ui_plan_show(s.u, s.plan);
	assert_false(ui_input(s.u, &s.n->w, &rq));
	close_stage(&s);
}

static void test_read_only_refuses_in_words(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	s.n->w.read_only = true;
	type(&s, "s");
	assert_int_equal(s.last.kind, REQ_NONE);
	expect_on_screen(&s, "READ-ONLY", true);
	expect_on_screen(&s, "read-only: suspend is not possible; L switches it off", true);
	type(&s, "L");
	expect_on_screen(&s, "Allow actions again?", true);
	type(&s, "x");
	assert_int_equal(s.last.kind, REQ_NONE);
	type(&s, "Ly");
	assert_int_equal(s.last.kind, REQ_READ_ONLY);
	assert_false(s.last.read_only);
	s.n->w.read_only = false;
	s.n->w.no_action = "the journal cannot be written: No space left on device";
	type(&s, "s");
	expect_on_screen(&s, "no action is possible: the journal cannot be written", true);
	close_stage(&s);
}

static void test_a_reason_is_needed(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, "s  \r");
	assert_int_equal(s.last.kind, REQ_NONE);
	expect_on_screen(&s, "a reason is needed", true);
	type(&s, "\033");
	expect_on_screen(&s, "a reason is needed", false);
	close_stage(&s);
}

static void test_terms_of_a_drain_are_read(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, "zworks\t\t\025soon\r\rbye\r");
	assert_int_equal(s.last.kind, REQ_NONE);
	expect_on_screen(&s, "allowed is a duration", true);
	type(&s, "\0251h\tlots\r\r");
	assert_int_equal(s.last.kind, REQ_NONE);
	expect_on_screen(&s, "a share of now (10%)", true);
	type(&s, "\0251.5M\r\r");
	assert_int_equal(s.last.kind, REQ_PLAN);
	assert_true(s.last.drain);
	assert_int_equal(s.last.terms.wait_s, 3600);
	assert_int_equal(s.last.terms.floor_bps, 1500000);
	assert_int_equal(s.last.terms.share, 0);
	assert_string_equal(s.last.message, "bye");
	close_stage(&s);
}

static void test_message_counts_octets_up_to_255(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, "sx\t\tgr\xc3\xbc\xc3\x9f");
	expect_on_screen(&s, "6 of 255 octets", true);
	for (int i = 0; i < 30; i++)
		type(&s, "0123456789");
	expect_on_screen(&s, "255 of 255 octets", true);
	expect_on_screen(&s, "cut it at 128", true);
	close_stage(&s);
}

static void test_esc_backs_out_one_level(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, "2\r");
	expect_on_screen(&s, "Sessions > Networks > Sessions", true);
	expect_on_screen(&s, "asn:64503", true);
	type(&s, "\r");
	expect_on_screen(&s, "MNT-4711", true);
	type(&s, "\033");
	expect_on_screen(&s, "Networks > Sessions", true);
	type(&s, "\033");
	expect_on_screen(&s, "> Networks  11", true);
	type(&s, "\033");
	expect_on_screen(&s, "> Networks", false);
	type(&s, "\033");
	type(&s, "q");
	expect_on_screen(&s, "Leave peerdeck?", true);
	type(&s, "y");
	assert_int_equal(s.last.kind, REQ_QUIT);
	close_stage(&s);
}

static void test_palette(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, ":view ev\t\r");
	expect_on_screen(&s, "> Events", true);
	type(&s, ":sort severity\r");
	expect_on_screen(&s, "LEVEL", true);
	type(&s, ":fly\r");
	expect_on_screen(&s, "no command 'fly'", true);
	type(&s, ":filter router:r1\r");
	expect_on_screen(&s, "filter router:r1", true);
	type(&s, ":\033[A\033[A\r"); /* recalls :fly */
	expect_on_screen(&s, "no command 'fly'", true);
	type(&s, ":refresh-all\r");
	assert_int_equal(s.last.kind, REQ_REFRESH);
	assert_null(s.last.router);
	close_stage(&s);
}

static void test_requests(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, "R");
	assert_int_equal(s.last.kind, REQ_REFRESH);
	assert_string_equal(s.last.router, "r1");
	type(&s, "\x1a");
	assert_int_equal(s.last.kind, REQ_STOP_PROCESS);
	type(&s, "6ja");
	assert_int_equal(s.last.kind, REQ_ACK_EVENTS);
	assert_int_equal(s.last.event_count, 1);
	type(&s, "7v");
	assert_int_equal(s.last.kind, REQ_JOURNAL_VERIFY);
	close_stage(&s);
}

static void test_ack_takes_the_marks(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, "6  a");
	assert_int_equal(s.last.kind, REQ_ACK_EVENTS);
	assert_int_equal(s.last.event_count, 2);
	expect_on_screen(&s, "marked", false); /* used up: the next `a` is about the cursor alone */
	type(&s, "1a");
	expect_on_screen(&s, "go to the events", true);
	close_stage(&s);
}

static void test_tab_goes_round_the_panes(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, "\t");
	expect_on_screen(&s, "no pane beside the list", true);
	ui_resize(s.u, 160, 44);
	ui_draw(s.u, &s.n->w);
	expect_on_screen(&s, "neighbor      192.0.2.13", true);
	type(&s, "\tjj");
	expect_on_screen(&s, "neighbor      192.0.2.13", false); /* the session's page was scrolled ... */
	expect_on_screen(&s, "Ladder of AS64503", true);
	type(&s, "\t");
	expect_on_screen(&s, "the keys scroll this", true); /* ... then the contacts ... */
	type(&s, "\tj");
	expect_on_screen(&s, "the keys scroll this", false);
	expect_on_screen(&s, "neighbor      192.0.2.14", true); /* ... then the list has the keys again */
	close_stage(&s);
}

static void test_every_verb_has_a_command(void **state)
{
	static const struct {
		const char *keys;
		enum verb verb;
	} rows[] = { { "d", VERB_GSHUT }, { ":route-refresh\r", VERB_REFRESH }, { "t", VERB_RESTORE } };
	struct stage s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		open_stage(&s, 80, 24, "mono", false);
		type(&s, rows[i].keys);
		type(&s, "loss\r\r");
		assert_int_equal(s.last.kind, REQ_PLAN);
		assert_int_equal(s.last.verb, rows[i].verb);
		close_stage(&s);
	}
}

static void test_a_batch_can_be_stopped_between_sessions(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	type(&s, ":halt\r");
	expect_on_screen(&s, "no action is under way", true);
	type(&s, "  sloss\r\r\r");
	type(&s, "2\r");
	assert_int_equal(s.last.kind, REQ_CONFIRM);
	expect_on_screen(&s, "C-c: begin no further session", true);
	type(&s, "\003");
	assert_int_equal(s.last.kind, REQ_STOP_BATCH);
	expect_on_screen(&s, "what is under way is finished and proven", true);
	ui_act_progress(s.u, "r1", "", "192.0.2.14", ACT_LEFT, "stopped before it was begun");
	ui_act_finished(s.u, "1 done, 1 not begun and left as they were");
	ui_draw(s.u, &s.n->w);
	expect_on_screen(&s, "not begun   r1 192.0.2.14", true);
	expect_on_screen(&s, "1 not begun and left as they were", true);
	close_stage(&s);
}

/* Read-only, why nothing is possible, routers, age and new events are told however little room there is. */
static void test_status_never_drops_what_matters(void **state)
{
	static const char *const musts[] = { "READ-ONLY", "NO ACTION: ", "routers 2/4 up", "oldest 5m", "2 new incidents" };
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	s.n->w.read_only = true;
	s.n->w.no_action = "the journal cannot be written: /var/lib/peerdeck/journal.jsonl: No space left on device";
	snprintf(s.n->w.notice, sizeof(s.n->w.notice), "suspend: 1 done");
	for (int width = 96; width >= 84; width -= 4) {
		ui_resize(s.u, width, 24);
		ui_draw(s.u, &s.n->w);
		for (size_t i = 0; i < ARRAY_LEN(musts); i++)
			expect_on_screen(&s, musts[i], true);
	}
	expect_on_screen(&s, "alice", false);
	close_stage(&s);
}

static void world_says(struct stage *s, const char *words)
{
	snprintf(s->n->w.notice, sizeof(s->n->w.notice), "%s", words);
	s->n->w.notices++;
	ui_draw(s->u, &s->n->w);
}

/* What comes later takes the place of "looking for ...", also when it says the same as the time before. */
static void test_a_later_answer_replaces_the_notice(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 80, 24, "mono", false);
	world_says(&s, "as it was before");
	for (int i = 0; i < 2; i++) {
		type(&s, ":find-network AS64999\r");
		expect_on_screen(&s, "looking for AS64999", true);
		world_says(&s, "nobody answered about it");
		expect_on_screen(&s, "looking for AS64999", false);
		expect_on_screen(&s, " nobody answered about it", true);
		type(&s, "j"); /* read: the hints are back */
		expect_on_screen(&s, "? help", true);
	}
	world_says(&s, "one thing"); /* and what the screen says after that goes before it */
	type(&s, ":sort nothing\r");
	expect_on_screen(&s, "no column 'nothing' here", true);
	close_stage(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_view_in_two_sizes),
		cmocka_unit_test(test_a_replay_says_so),
		cmocka_unit_test(test_keys_of_a_replay),
		cmocka_unit_test(test_find_network_asks_and_shows),
		cmocka_unit_test(test_a_later_answer_replaces_the_notice),
		cmocka_unit_test(test_one_key_notes_a_call),
		cmocka_unit_test(test_the_registry_is_the_last_rung),
		cmocka_unit_test(test_a_call_knows_its_incident),
		cmocka_unit_test(test_an_incident_of_an_exchange_has_its_ladder),
		cmocka_unit_test(test_a_call_to_nobody_on_the_ladder),
		cmocka_unit_test(test_the_book_warns_in_the_plan),
		cmocka_unit_test(test_an_acknowledgement_needs_a_name),
		cmocka_unit_test(test_a_message_is_shown_before_anything),
		cmocka_unit_test(test_the_ladder_follows_the_selection),
		cmocka_unit_test(test_ascii_has_no_other_octets),
		cmocka_unit_test(test_roles_of_home),
		cmocka_unit_test(test_every_size_down_to_one_cell),
		cmocka_unit_test(test_keys_go_to_one_part_alone),
		cmocka_unit_test(test_an_action_takes_the_marks_of_its_part),
		cmocka_unit_test(test_a_scope_is_marked_from_another_list),
		cmocka_unit_test(test_no_room_is_said),
		cmocka_unit_test(test_it_may_begin_split),
		cmocka_unit_test(test_the_wallboard_in_its_sizes),
		cmocka_unit_test(test_no_key_does_anything_to_a_wallboard),
		cmocka_unit_test(test_a_wallboard_does_not_pass_old_for_fresh),
		cmocka_unit_test(test_pages_of_the_wallboard_take_turns),
		cmocka_unit_test(test_enter_on_a_plan_cancels),
		cmocka_unit_test(test_confirmation_names_the_digest),
		cmocka_unit_test(test_several_need_their_number),
		cmocka_unit_test(test_paste_confirms_nothing),
		cmocka_unit_test(test_typed_ahead_is_flushed),
		cmocka_unit_test(test_read_only_refuses_in_words),
		cmocka_unit_test(test_a_reason_is_needed),
		cmocka_unit_test(test_terms_of_a_drain_are_read),
		cmocka_unit_test(test_message_counts_octets_up_to_255),
		cmocka_unit_test(test_esc_backs_out_one_level),
		cmocka_unit_test(test_palette),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_ack_takes_the_marks),
		cmocka_unit_test(test_tab_goes_round_the_panes),
		cmocka_unit_test(test_every_verb_has_a_command),
		cmocka_unit_test(test_a_batch_can_be_stopped_between_sessions),
		cmocka_unit_test(test_status_never_drops_what_matters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
