/* When alerts fire, are told, end and keep silent.  Time is the world's: moved by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/mem.h"
#include "core/judge/alert.h"
#include "core/judge/incident.h"
#include "tui/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "local-as = 64500\nrouter r1 { os = frr\n address = 192.0.2.1\n exchange = X }\n" \
	     "router r2 { os = frr\n address = 192.0.2.2 }\n"
/* 2026-11-20T12:00:00Z */
#define NOON INT64_C(1795176000000)
enum { HOUR = 3600 };

struct stage {
	struct config *config;
	struct world_router routers[2];
	struct world w;
	struct alerts *alerts;
	uint64_t generation;
};

static void open_stage(struct stage *st, const char *blocks)
{
	char *text = mem_printf("%s%s", HEAD, blocks);
	struct err e = ERR_INIT;

	memset(st, 0, sizeof(*st));
	st->config = config_parse("test.conf", text, &e);
	if (st->config == NULL)
		fail_msg("%s", e.text);
	free(text);
	for (int i = 0; i < 2; i++)
		st->routers[i] = (struct world_router){ .conf = &st->config->routers[i], .link = { .state = LINK_READY } };
	st->w = (struct world){ .config = st->config, .routers = st->routers, .router_count = 2, .now_boot_ms = 10000000, .now_wall_ms = NOON };
	st->alerts = alerts_new(st->config);
}

static void close_stage(struct stage *st)
{
	alerts_free(st->alerts);
	for (int i = 0; i < 2; i++)
		snap_unref(st->routers[i].snap);
	config_free(st->config);
}

struct shown {
	enum bgp_state state;
	enum tri admin;
	count_t received, max;
};
static const struct shown up = { BGP_ESTABLISHED, TRI_NO, COUNT_UNKNOWN, COUNT_UNKNOWN }, down = { BGP_ACTIVE, TRI_NO, COUNT_UNKNOWN, COUNT_UNKNOWN },
	shut = { BGP_IDLE, TRI_YES, COUNT_UNKNOWN, COUNT_UNKNOWN }, not_said = { BGP_UNKNOWN, TRI_UNKNOWN, COUNT_UNKNOWN, COUNT_UNKNOWN };

/* r1 shows its one session so, now. */
static void shows(struct stage *st, struct shown v)
{
	struct snap_builder *b = snap_builder_new("r1");
	struct session *s = snap_builder_session(b, SLICE(""), SLICE("192.0.2.7"), AF_IPV4_UNICAST);

	s->remote_as = 64501;
	s->state = v.state;
	s->admin_down = v.admin;
	s->received = v.received;
	s->max_prefixes = v.max;
	snap_unref(st->routers[0].snap);
	st->routers[0].snap = snap_builder_freeze(b, ++st->generation);
	st->routers[0].snap->taken_boot_ms = st->w.now_boot_ms;
}

static void pass(struct stage *st, int64_t seconds)
{
	st->w.now_boot_ms += seconds * 1000;
	st->w.now_wall_ms += seconds * 1000;
	if (st->routers[0].snap != NULL && link_state_up(st->routers[0].link.state))
		st->routers[0].snap->taken_boot_ms = st->w.now_boot_ms;
	alerts_follow(st->alerts, &st->w);
}

/* Exactly these news came, in this order, as letters: f firing, s still firing, r resolved. */
static void news(struct stage *st, const char *wanted)
{
	const struct alert_notice *n;
	char got[64] = "";
	size_t len = 0;

	while ((n = alerts_news(st->alerts)) != NULL && len < sizeof(got) - 1) {
		got[len++] = alert_news_word(n->news)[0];
		got[len] = '\0';
	}
	assert_string_equal(got, wanted);
}

#define STATE "alert a { on = state\n severity = alarm\n to = \"bell terminal\" }\n"

static void fires_once_and_is_resolved(void **state)
{
	struct stage st;
	enum severity worst = SEV_INFO;
	const struct alert_notice *n;
	uint64_t revision;

	(void)state;
	open_stage(&st, STATE);
	shows(&st, down);
	pass(&st, 0);
	news(&st, "");
	assert_int_equal(alerts_count(st.alerts), 1);
	assert_int_equal(alerts_firing(st.alerts, &worst), 0);
	pass(&st, 59);
	news(&st, "");
	pass(&st, 1);
	n = alerts_news(st.alerts);
	assert_non_null(n);
	assert_int_equal(n->news, ALERT_NEWS_FIRING);
	assert_int_equal(n->outputs, ALERT_TO_SCREEN | ALERT_TO_BELL | ALERT_TO_TERMINAL);
	assert_string_equal(n->alert.words, "r1 192.0.2.7 AS64501: down (no answer)");
	assert_string_equal(n->alert.key, "a|r1||192.0.2.7|");
	assert_string_equal(n->alert.exchange, "X");
	assert_int_equal(alerts_firing(st.alerts, &worst), 1);
	assert_int_equal(worst, SEV_ALARM);
	revision = alerts_revision(st.alerts);
	pass(&st, 60);
	news(&st, "");
	assert_int_equal(alerts_revision(st.alerts), revision); /* nothing to draw anew */
	shows(&st, up);
	pass(&st, 0);
	news(&st, "");
	assert_int_not_equal(alerts_revision(st.alerts), revision);
	pass(&st, 60);
	news(&st, "r");
	assert_int_equal(alerts_count(st.alerts), 0);
	close_stage(&st);
}

/* The session is up all the time: only the incident knows. */
static void lost_prefixes_fire_until_they_are_back(void **state)
{
	struct stage st;
	const struct event ev = { .kind = EVENT_PREFIX_JUMP, .severity = SEV_ALARM, .wall_ms = NOON, .router = "r1", .neighbor = "192.0.2.7",
		.family = AF_IPV4_UNICAST, .remote_as = 64501, .before = 800, .after = 0, .words = "lost all prefixes: 800 -> 0, the session is up" };
	struct shown v = up;
	const struct alert_notice *n;
	struct incidents *set = incidents_new(&incident_defaults);

	(void)state;
	open_stage(&st, "alert p { on = prefixes-lost\n for = 10s }\n");
	v.received = 0;
	shows(&st, v);
	incidents_event(set, &st.w, &ev);
	incidents_follow(set, &st.w);
	st.w.incidents = set;
	pass(&st, 0);
	pass(&st, 10);
	n = alerts_news(st.alerts);
	assert_non_null(n);
	assert_string_equal(n->alert.words, "r1 192.0.2.7 AS64501: lost all prefixes: 800 -> 0, the session is up");
	v.received = 790;
	shows(&st, v);
	pass(&st, 2);
	incidents_follow(set, &st.w);
	pass(&st, 0);
	pass(&st, 10);
	news(&st, "r");
	st.w.incidents = NULL;
	incidents_free(set);
	close_stage(&st);
}

static void what_is_short_never_fires(void **state)
{
	struct stage st;

	(void)state;
	open_stage(&st, STATE);
	for (int i = 0; i < 10; i++) {
		shows(&st, down);
		pass(&st, 30);
		shows(&st, up);
		pass(&st, 30);
	}
	news(&st, "");
	close_stage(&st);
}

static void what_flaps_is_one_alert(void **state)
{
	struct stage st;

	(void)state;
	open_stage(&st, STATE);
	shows(&st, down);
	pass(&st, 0);
	pass(&st, 60);
	news(&st, "f");
	for (int i = 0; i < 10; i++) {
		shows(&st, up);
		pass(&st, 30);
		shows(&st, down);
		pass(&st, 30);
	}
	news(&st, "");
	close_stage(&st);
}

static void repeats_while_it_lasts(void **state)
{
	struct stage st;

	(void)state;
	open_stage(&st, "alert a { on = state\n for = 0\n repeat = 1h }\n");
	shows(&st, down);
	pass(&st, 0);
	pass(&st, HOUR - 1);
	news(&st, "f");
	pass(&st, 1);
	pass(&st, HOUR);
	news(&st, "ss");
	close_stage(&st);
}

static void never_for_what_we_shut(void **state)
{
	struct ledger_line held = { .router = { "r1" }, .vrf = { "" }, .neighbor = { "192.0.2.7" }, .verb = { "suspend" } };
	struct stage st;

	(void)state;
	open_stage(&st, "alert a { on = state\n for = 0 }\n");
	shows(&st, shut);
	pass(&st, 0);
	news(&st, "");
	shows(&st, not_said);
	pass(&st, 0);
	news(&st, "");
	shows(&st, down); /* not said to be shut, but we hold it */
	st.w.ledger = &held;
	st.w.ledger_count = 1;
	pass(&st, 0);
	news(&st, "");
	held.verb = TEXT_LIT("withdraw"); /* that takes no session down */
	pass(&st, 0);
	news(&st, "f");
	shows(&st, shut); /* and now we shut it */
	pass(&st, 0);
	news(&st, "r");
	close_stage(&st);
}

static void a_lost_router_is_one_alert(void **state)
{
	struct stage st;

	(void)state;
	open_stage(&st, "alert a { on = state\n for = 0\n repeat = 1h }\nalert b { on = router-lost\n for = 0\n repeat = 0 }\n");
	shows(&st, up);
	pass(&st, 0);
	st.routers[0].link.state = LINK_WAITING;
	pass(&st, 100);
	news(&st, "f");
	assert_string_equal(alerts_at(st.alerts, 0)->rule->name, "b");
	st.routers[0].link.state = LINK_READY;
	shows(&st, down);
	pass(&st, 0);
	news(&st, "rf");
	st.routers[0].link.state = LINK_CONNECTING; /* the session's alert neither ends nor repeats */
	st.routers[0].link.attempts = 1;
	pass(&st, 2 * HOUR);
	news(&st, "f");
	assert_true(alerts_at(st.alerts, 0)->unsure);
	close_stage(&st);
}

static void nobody_tried_yet_is_not_lost(void **state)
{
	struct stage st;

	(void)state;
	open_stage(&st, "alert b { on = router-lost\n for = 0 }\n");
	st.routers[0].link.state = LINK_HANDSHAKE;
	st.routers[1].link.state = LINK_IDLE;
	pass(&st, 0);
	news(&st, "");
	close_stage(&st);
}

static void clock_jumps_change_nothing(void **state)
{
	static const int64_t jumps[] = { 400 * 86400000LL, -400 * 86400000LL, 1000, -86400000LL };
	struct stage st;

	(void)state;
	open_stage(&st, STATE);
	shows(&st, down);
	pass(&st, 0);
	pass(&st, 60);
	news(&st, "f");
	for (size_t i = 0; i < ARRAY_LEN(jumps); i++) {
		st.w.now_wall_ms += jumps[i];
		pass(&st, 1);
		news(&st, "");
	}
	close_stage(&st);
}

static void quiet_hours_put_off(void **state)
{
	struct stage st;

	(void)state;
	open_stage(&st, "alert a { on = state\n for = 0\n repeat = 0\n quiet = \"11:00-13:00\" }\n");
	shows(&st, down);
	pass(&st, 0);
	news(&st, "");
	assert_int_equal(alerts_firing(st.alerts, NULL), 1); /* the screen shows it */
	pass(&st, HOUR);
	news(&st, "f");
	close_stage(&st);
}

static void quiet_hours_go_over_midnight(void **state)
{
	const struct alert_conf rule = { .quiet = { 22 * 60, 6 * 60 } }, none = { .quiet = { -1, -1 } };

	(void)state;
	assert_false(alert_quiet(&rule, NOON));
	assert_false(alert_quiet(&rule, NOON + 599 * 60000LL));
	assert_true(alert_quiet(&rule, NOON + 600 * 60000LL));
	assert_true(alert_quiet(&rule, NOON - 361 * 60000LL));
	assert_false(alert_quiet(&rule, NOON - 360 * 60000LL));
	assert_false(alert_quiet(&none, NOON));
}

/* A private session of a router on an exchange is not on the exchange: its maintenance mutes nothing of it. */
static void a_private_session_is_not_on_the_exchange(void **state)
{
	static const char *const lans[] = { "192.0.2.0/24", "198.51.100.0/24" };
	struct router_conf conf;
	struct stage st;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		open_stage(&st, "alert a { on = state\n exchange = X\n for = 0 }\n");
		conf = st.config->routers[0];
		conf.exchange_lan = (char *)lans[i];
		st.routers[0].conf = &conf;
		shows(&st, down);
		pass(&st, 0);
		news(&st, i == 0 ? "f" : "");
		close_stage(&st);
	}
}

static void maintenance_mutes_until_it_ends(void **state)
{
	static const char *const about[] = { "asn = 64501", "exchange = X", "router = r1" }, *const other[] = { "asn = 64502", "exchange = Y", "router = r2" };
	struct stage st;

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		char *blocks = mem_printf("alert a { on = state\n for = 0\n repeat = 0 }\nmaintenance m { %s\n from = \"2026-11-20T11:00Z\"\n"
		    " until = \"2026-11-20T13:00Z\" }\n", i < 3 ? about[i] : other[i - 3]);

		open_stage(&st, blocks);
		shows(&st, down);
		pass(&st, 0);
		news(&st, i < 3 ? "" : "f");
		assert_int_equal(alerts_firing(st.alerts, NULL), i < 3 ? 0 : 1);
		pass(&st, HOUR);
		news(&st, i < 3 ? "f" : "");
		close_stage(&st);
		free(blocks);
	}
}

static void good_news_only_of_what_was_told(void **state)
{
	struct stage st;

	(void)state;
	open_stage(&st, "alert a { on = state\n for = 0 }\nmaintenance m { asn = 64501\n from = \"2026-11-20\"\n until = \"2026-11-20\" }\n");
	shows(&st, down);
	pass(&st, 0);
	shows(&st, up);
	pass(&st, 0);
	news(&st, "");
	assert_int_equal(alerts_count(st.alerts), 0);
	close_stage(&st);
}

static void headroom_by_its_threshold(void **state)
{
	static const struct { count_t received, max; const char *threshold, *wanted; } rows[] = {
		{ 90, 100, "", "f" }, { 89, 100, "", "" }, { 50, 100, "threshold = 50\n", "f" }, { 49, 100, "threshold = 50\n", "" },
		{ COUNT_UNKNOWN, 100, "", "" }, { 90, COUNT_UNKNOWN, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *blocks = mem_printf("alert a { on = headroom\n%s for = 0 }\n", rows[i].threshold);
		struct stage st;

		open_stage(&st, blocks);
		shows(&st, (struct shown){ BGP_ESTABLISHED, TRI_NO, rows[i].received, rows[i].max });
		pass(&st, 0);
		news(&st, rows[i].wanted);
		close_stage(&st);
		free(blocks);
	}
}

static void matches_narrow(void **state)
{
	static const struct { const char *match, *wanted; } rows[] = {
		{ "asn = 64501", "f" }, { "asn = 64502", "" }, { "exchange = X", "f" }, { "exchange = Y", "" }, { "router = r1", "f" },
		{ "router = r2", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *blocks = mem_printf("alert a { on = state\n for = 0\n %s }\n", rows[i].match);
		struct stage st;

		open_stage(&st, blocks);
		shows(&st, down);
		pass(&st, 0);
		news(&st, rows[i].wanted);
		close_stage(&st);
		free(blocks);
	}
}

static void overdue_and_stale(void **state)
{
	struct ledger_line held = { .id = { "A1" }, .router = { "r1" }, .neighbor = { "192.0.2.7" }, .verb = { "suspend" }, .who = { "mia" },
		.remote_as = 64501, .until_wall_ms = NOON + 1000 };
	struct stage st;

	(void)state;
	open_stage(&st, "alert a { on = ledger-overdue\n for = 0 }\nalert b { on = stale\n threshold = 300\n for = 0 }\n");
	st.w.ledger = &held;
	st.w.ledger_count = 1;
	shows(&st, up);
	pass(&st, 0);
	news(&st, "");
	pass(&st, 2);
	news(&st, "f");
	assert_string_equal(alerts_at(st.alerts, 0)->words, "r1 192.0.2.7: suspend by mia is overdue");
	st.routers[0].snap->taken_boot_ms = st.w.now_boot_ms - 301000;
	alerts_follow(st.alerts, &st.w);
	news(&st, "f");
	st.w.ledger_count = 0;
	pass(&st, 0); /* both over */
	news(&st, "rr");
	close_stage(&st);
}

static void an_incident_until_somebody_has_it(void **state)
{
	const struct incident_fact open = { .op = INCIDENT_OPEN, .id = "I-20261120-1200-001", .who = "", .words = "", .other = "",
		.wall_ms = NOON, .by = GROUP_EXCHANGE, .key = "X", .members = "r1\t\t192.0.2.7\t64501" };
	const struct incident_fact ack = { .op = INCIDENT_ACK, .id = "I-20261120-1200-001", .who = "mia", .words = "", .other = "", .wall_ms = NOON };
	struct incidents *set = incidents_new(&incident_defaults);
	struct stage st;

	(void)state;
	open_stage(&st, "alert a { on = incident\n for = 0 }\n");
	st.w.incidents = set;
	incidents_fact(set, &open);
	pass(&st, 0);
	news(&st, "f");
	incidents_fact(set, &ack);
	pass(&st, 0);
	news(&st, "r");
	close_stage(&st);
	incidents_free(set);
}

static void refuses_rules_that_could_not_work(void **state)
{
	static const struct { const char *block, *words; } rows[] = {
		{ "alert a { on = weather }", "state, headroom" },
		{ "alert a { severity = alarm }", "needs on" },
		{ "alert a { on = state\n severity = red }", "info, notice, warning, alarm" },
		{ "alert a { on = router-lost\n asn = 64501 }", "asn can not be matched" },
		{ "alert a { on = verdict\n exchange = X }", "exchange can not be matched" },
		{ "alert a { on = incident\n router = r1 }", "router can not be matched" },
		{ "alert a { on = state\n router = r9 }", "no router \"r9\"" },
		{ "alert a { on = state\n threshold = 5 }", "no threshold" },
		{ "alert a { on = headroom\n threshold = 101 }", "at most 100" },
		{ "alert a { on = state\n quiet = night }", "22:00-06:00" },
		{ "alert a { on = state\n quiet = \"24:00-06:00\" }", "22:00-06:00" },
		{ "alert a { on = state\n quiet = \"06:00-06:00\" }", "22:00-06:00" },
		{ "alert a { on = state\n to = \"screen pigeon\" }", "screen pigeon" },
		{ "maintenance m { from = \"2026-11-20\"\n until = \"2026-11-21\" }", "needs an asn" },
		{ "maintenance m { asn = 1\n from = \"2026-11-21\"\n until = \"2026-11-19\" }", "before it begins" },
		{ "maintenance m { asn = 1\n from = today\n until = \"2026-11-19\" }", "\"today\" is no UTC time" },
		{ "maintenance m { router = r9\n from = \"2026-11-20\"\n until = \"2026-11-21\" }", "no router \"r9\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *text = mem_printf("%s%s\n", HEAD, rows[i].block);
		struct err e = ERR_INIT;

		assert_null(config_parse("test.conf", text, &e));
		if (strstr(e.text, rows[i].words) == NULL || strstr(e.text, "test.conf:") == NULL)
			fail_msg("\"%s\" is not in: %s", rows[i].words, e.text);
		free(text);
	}
}

static void notifications_hold_no_controls(void **state)
{
	struct str out;

	(void)state;
	str_init(&out, 0);
	screen_notice(&out, true, "a;b\033]c\a\n");
	assert_string_equal(out.p, "\033]777;notify;peerdeck;a,b]c\a");
	str_clear(&out);
	screen_notice(&out, false, "4;1");
	assert_string_equal(out.p, "\033]9;peerdeck: 4,1\a");
	str_fini(&out);
}

/* ---- what is known from before a restart ---- */

static void restore(struct stage *st, const char *rule, enum alert_on on, const char *router, const char *neighbor, int64_t told_ago_s)
{
	struct notice n = { .on = on, .severity = SEV_ALARM, .asn = 64501, .since_wall_ms = st->w.now_wall_ms - HOUR * 1000,
		.at_wall_ms = st->w.now_wall_ms - told_ago_s * 1000 };

	snprintf(n.key, sizeof(n.key), "%s|%s||%s|", rule, router, neighbor);
	snprintf(n.rule, sizeof(n.rule), "%s", rule);
	snprintf(n.router, sizeof(n.router), "%s", router);
	snprintf(n.neighbor, sizeof(n.neighbor), "%s", neighbor);
	snprintf(n.words, sizeof(n.words), "as it was");
	alerts_restore(st->alerts, &n, st->w.now_boot_ms, st->w.now_wall_ms);
}

static void restored_is_not_told_again(void **state)
{
	struct stage st;

	(void)state;
	open_stage(&st, STATE);
	restore(&st, "a", ALERT_STATE, "r1", "192.0.2.7", 600);
	restore(&st, "a", ALERT_STATE, "r1", "192.0.2.7", 600);
	assert_int_equal(alerts_count(st.alerts), 1);
	pass(&st, 100); /* nothing was read yet: nobody knows */
	news(&st, "");
	assert_true(alerts_at(st.alerts, 0)->unsure);
	shows(&st, down);
	pass(&st, 1);
	pass(&st, 100);
	news(&st, "");
	assert_false(alerts_at(st.alerts, 0)->unsure);
	assert_true(st.w.now_boot_ms - alerts_at(st.alerts, 0)->since_boot_ms > HOUR * 1000);
	pass(&st, HOUR - 802); /* its rule repeats an hour after it was last told, before the restart */
	news(&st, "");
	pass(&st, 1);
	news(&st, "s");
	close_stage(&st);
}

static void restored_ends_once_it_is_known(void **state)
{
	struct stage st;

	(void)state;
	open_stage(&st, STATE);
	restore(&st, "a", ALERT_STATE, "r1", "192.0.2.7", 600);
	pass(&st, 500);
	news(&st, "");
	shows(&st, up);
	pass(&st, 1);
	pass(&st, 59);
	news(&st, "");
	pass(&st, 2);
	news(&st, "r");
	close_stage(&st);
}

static void a_lost_router_ends_when_it_is_there(void **state)
{
	struct stage st;

	(void)state;
	open_stage(&st, "alert l { on = router-lost\n for = 0 }\n");
	st.routers[0].link.state = LINK_IDLE;
	restore(&st, "l", ALERT_ROUTER_LOST, "r1", "", 600);
	pass(&st, 100); /* nobody has tried: no end, and no beginning */
	news(&st, "");
	st.routers[0].link.state = LINK_READY;
	pass(&st, 1);
	news(&st, "r");
	close_stage(&st);
}

static void lost_prefixes_end_when_they_are_back(void **state)
{
	struct stage st;
	struct shown v = up;

	(void)state;
	open_stage(&st, "alert p { on = prefixes-lost\n for = 0 }\n");
	restore(&st, "p", ALERT_PREFIXES, "r1", "192.0.2.7", 600);
	pass(&st, 100);
	news(&st, "");
	v.received = 0;
	shows(&st, v);
	pass(&st, 100);
	news(&st, "");
	v.received = 500;
	shows(&st, v);
	pass(&st, 1);
	news(&st, "r");
	close_stage(&st);
}

static void a_rule_that_is_gone_restores_nothing(void **state)
{
	struct stage st;

	(void)state;
	open_stage(&st, STATE);
	restore(&st, "gone", ALERT_STATE, "r1", "192.0.2.7", 600);
	restore(&st, "a", ALERT_ROUTER_LOST, "r1", "", 600); /* it watches something else now */
	assert_int_equal(alerts_count(st.alerts), 0);
	close_stage(&st);
}

/* ---- who has it in hand ---- */

#define OUTPUTS "output chat { kind = webhook\n template = slack\n url = \"https://example.net/\" }\n" \
		"output am { kind = webhook\n template = alertmanager\n url = \"https://example.net/\" }\n"

static void acknowledged_is_not_repeated(void **state)
{
	struct stage st;
	const struct alert_notice *n;

	(void)state;
	open_stage(&st, OUTPUTS "alert a { on = state\n for = 0\n repeat = 10m\n to = \"bell chat am\" }\n");
	shows(&st, down);
	pass(&st, 0);
	n = alerts_news(st.alerts);
	assert_int_equal(n->outputs, ALERT_TO_SCREEN | ALERT_TO_BELL | ALERT_TO_OUTPUT(0) | ALERT_TO_OUTPUT(1));
	alerts_ack(st.alerts, "a|r1||192.0.2.7|", "alice", st.w.now_wall_ms);
	assert_string_equal(alerts_at(st.alerts, 0)->acked_by, "alice");
	pass(&st, 600);
	n = alerts_news(st.alerts); /* Alertmanager takes silence for the end: it alone is told again */
	assert_int_equal(n->news, ALERT_NEWS_REPEATED);
	assert_int_equal(n->outputs, ALERT_TO_OUTPUT(1));
	news(&st, "");
	shows(&st, up);
	pass(&st, 1);
	news(&st, "r");
	shows(&st, down);
	pass(&st, 60);
	assert_string_equal(alerts_at(st.alerts, 0)->acked_by, ""); /* it is another one */
	close_stage(&st);
}

static void silenced_is_told_when_that_is_over(void **state)
{
	struct stage st;

	(void)state;
	open_stage(&st, "alert a { on = state\n for = 0\n repeat = 10m\n to = bell }\n");
	shows(&st, down);
	alerts_silence(st.alerts, "a|r1||192.0.2.7|", "alice", st.w.now_wall_ms, st.w.now_wall_ms + 7200000);
	pass(&st, 0);
	news(&st, "");
	assert_true(alerts_at(st.alerts, 0)->muted);
	assert_int_equal(alerts_firing(st.alerts, NULL), 0);
	pass(&st, 7199);
	news(&st, "");
	pass(&st, 1);
	news(&st, "f");
	pass(&st, 600); /* nobody acknowledged it: its rule goes on */
	news(&st, "s");
	alerts_silence(st.alerts, "a|r1||192.0.2.7|", "alice", st.w.now_wall_ms, st.w.now_wall_ms + 7200000);
	pass(&st, 700);
	news(&st, "");
	shows(&st, up);
	pass(&st, 1);
	news(&st, "r"); /* who was told is told of the end */
	close_stage(&st);
}

static void an_acknowledgement_may_come_first(void **state)
{
	struct stage st;

	(void)state;
	open_stage(&st, STATE);
	alerts_ack(st.alerts, "a|r1||192.0.2.7|", "bob", st.w.now_wall_ms + 5000); /* the other console found it earlier */
	shows(&st, down);
	pass(&st, 10);
	assert_string_equal(alerts_at(st.alerts, 0)->acked_by, "bob");
	close_stage(&st);
}

/* Who was told must not believe that it lasts; the bell is for the morning. */
static void an_end_in_quiet_hours_goes_beyond(void **state)
{
	struct stage st;
	const struct alert_notice *n;

	(void)state;
	open_stage(&st, OUTPUTS "alert a { on = state\n for = 0\n quiet = \"12:30-18:00\"\n to = \"bell chat\" }\n");
	shows(&st, down);
	pass(&st, 0);
	news(&st, "f");
	pass(&st, 1800);
	shows(&st, up);
	pass(&st, 1);
	n = alerts_news(st.alerts);
	assert_int_equal(n->news, ALERT_NEWS_RESOLVED);
	assert_int_equal(n->outputs, ALERT_TO_SCREEN | ALERT_TO_OUTPUT(0));
	close_stage(&st);
}

static void refused(const char *block, const char *words)
{
	char *text = mem_printf("%s%s", HEAD, block);
	struct err e = ERR_INIT;

	assert_null(config_parse("test.conf", text, &e));
	if (strstr(e.text, words) == NULL)
		fail_msg("%s: not \"%s\"", e.text, words);
	free(text);
}

static void an_output_that_could_never_send_is_refused(void **state)
{
	(void)state;
	refused("output o { kind = webhook }\n", "needs either url or url-file");
	refused("output o { kind = webhook\n url = \"https://a/\"\n url-file = \"f\" }\n", "needs either url or url-file");
	refused("output o { kind = webhook\n url = \"https://u:p@a/\" }\n", "allowed is a URL");
	refused("output o { kind = webhook\n template = pagerduty\n url = \"https://a/\" }\n", "routing key");
	refused("output o { kind = webhook\n url = \"https://a/\"\n to = \"a@b\" }\n", "kind = mail");
	refused("output o { kind = mail\n command = x\n from = a@b\n to = c@d\n url = \"https://a/\" }\n", "kind = webhook");
	refused("output o { kind = mail\n from = a@b\n to = c@d }\n", "needs a command");
	refused("output o { kind = mail\n command = x\n to = c@d }\n", "needs a sender");
	refused("output o { kind = mail\n command = x\n from = a@b }\n", "needs to");
	refused("output o { kind = mail\n command = \"x; y\"\n from = a@b\n to = c@d }\n", "command");
	refused("output bell { kind = webhook\n url = \"https://a/\" }\n", "taken");
	refused("output o { kind = webhook\n url = \"https://a/\"\n quiet = \"22-6\" }\n", "quiet");
	refused("output o { kind = webhook\n url = \"ftp://a/\" }\n", "http");
	refused("alert a { on = state\n to = \"bell nobody\" }\n", "names of output blocks");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fires_once_and_is_resolved),
		cmocka_unit_test(lost_prefixes_fire_until_they_are_back),
		cmocka_unit_test(what_is_short_never_fires),
		cmocka_unit_test(what_flaps_is_one_alert),
		cmocka_unit_test(repeats_while_it_lasts),
		cmocka_unit_test(never_for_what_we_shut),
		cmocka_unit_test(a_lost_router_is_one_alert),
		cmocka_unit_test(nobody_tried_yet_is_not_lost),
		cmocka_unit_test(clock_jumps_change_nothing),
		cmocka_unit_test(quiet_hours_put_off),
		cmocka_unit_test(quiet_hours_go_over_midnight),
		cmocka_unit_test(a_private_session_is_not_on_the_exchange),
		cmocka_unit_test(maintenance_mutes_until_it_ends),
		cmocka_unit_test(good_news_only_of_what_was_told),
		cmocka_unit_test(headroom_by_its_threshold),
		cmocka_unit_test(matches_narrow),
		cmocka_unit_test(overdue_and_stale),
		cmocka_unit_test(an_incident_until_somebody_has_it),
		cmocka_unit_test(notifications_hold_no_controls),
		cmocka_unit_test(refuses_rules_that_could_not_work),
		cmocka_unit_test(restored_is_not_told_again),
		cmocka_unit_test(restored_ends_once_it_is_known),
		cmocka_unit_test(a_lost_router_ends_when_it_is_there),
		cmocka_unit_test(lost_prefixes_end_when_they_are_back),
		cmocka_unit_test(a_rule_that_is_gone_restores_nothing),
		cmocka_unit_test(acknowledged_is_not_repeated),
		cmocka_unit_test(silenced_is_told_when_that_is_over),
		cmocka_unit_test(an_acknowledgement_may_come_first),
		cmocka_unit_test(an_end_in_quiet_hours_goes_beyond),
		cmocka_unit_test(an_output_that_could_never_send_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
