/* The bodies of webhooks field by field, what answers mean, and the mail; with words that would like to be more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "backends/sources/webhook.h"
#include "core/judge/alert_mail.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 2026-11-20T12:00:00Z */
#define NOON INT64_C(1795176000000)
#define HOSTILE "AS64501 \"},{\"x\":1} \\ <!channel> <https://evil.example|click> & \xe2\x98\xa0 =?UTF-8?Q?x?="

static struct notice sample(void)
{
	struct notice n = { .news = ALERT_NEWS_FIRING, .id = "id-1", .key = "down|r1||192.0.2.7|", .rule = "down", .on = ALERT_STATE,
		.severity = SEV_ALARM, .router = "r1", .neighbor = "192.0.2.7", .exchange = "X", .asn = 64501, .repeat_s = 3600,
		.since_wall_ms = NOON - 60000, .at_wall_ms = NOON };

	snprintf(n.words, sizeof(n.words), "%s", HOSTILE);
	return n;
}

static struct notice resolved(void)
{
	struct notice n = sample();

	n.news = ALERT_NEWS_RESOLVED;
	snprintf(n.id, sizeof(n.id), "id-2");
	return n;
}

static json_t *body(enum output_template t, const struct notice *const *n, size_t count, uint64_t dropped, const char *key)
{
	const struct notice_batch b = { n, count, dropped, "noc1", 64500, NOON };
	json_error_t why;
	json_t *o;
	struct str s;

	str_init(&s, 0);
	webhook_body(&s, t, &b, key);
	o = json_loads(s.p, JSON_REJECT_DUPLICATES, &why);
	if (o == NULL)
		fail_msg("%s: %s", why.text, s.p);
	str_fini(&s);
	return o;
}

/* The whole body, compared with what the service documents: no field more, none less. */
static void is(json_t *got, const char *wanted)
{
	json_error_t why;
	json_t *w = json_loads(wanted, JSON_REJECT_DUPLICATES, &why);
	char *a, *b;

	if (w == NULL)
		fail_msg("%s at %d", why.text, why.position);
	a = json_dumps(got, JSON_SORT_KEYS);
	b = json_dumps(w, JSON_SORT_KEYS);
	assert_string_equal(a, b);
	free(a);
	free(b);
	json_decref(got);
	json_decref(w);
}

#define J_HOSTILE "AS64501 \\\"},{\\\"x\\\":1} \\\\ <!channel> <https://evil.example|click> & \xe2\x98\xa0 =?UTF-8?Q?x?="
#define S_HOSTILE "AS64501 \\\"},{\\\"x\\\":1} \\\\ &lt;!channel&gt; &lt;https://evil.example|click&gt; &amp; \xe2\x98\xa0 =?UTF-8?Q?x?="

static void own_shape(void **state)
{
	const struct notice a = sample(), b = resolved(), *const all[] = { &a, &b };
	json_t *o = body(TEMPLATE_JSON, all, 2, 7, NULL);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(json_array_get(json_object_get(o, "notices"), 1), "news")), "resolved");
	assert_int_equal(json_integer_value(json_object_get(o, "dropped")), 7);
	json_array_remove(json_object_get(o, "notices"), 1);
	assert_int_equal(strncmp(json_string_value(json_object_get(o, "source")), "peerdeck/", 9), 0);
	json_object_del(o, "source");
	is(o, "{\"version\":1,\"host\":\"noc1\",\"local_as\":64500,\"sent\":\"2026-11-20T12:00:00Z\",\"dropped\":7,\"notices\":["
	      "{\"id\":\"id-1\",\"key\":\"down|r1||192.0.2.7|\",\"news\":\"firing\",\"test\":false,\"rule\":\"down\",\"on\":\"state\","
	      "\"severity\":\"alarm\",\"router\":\"r1\",\"vrf\":null,\"neighbor\":\"192.0.2.7\",\"exchange\":\"X\",\"asn\":64501,"
	      "\"words\":\"" J_HOSTILE "\",\"since\":\"2026-11-20T11:59:00Z\",\"at\":\"2026-11-20T12:00:00Z\"}]}");
}

static void slack_shape(void **state)
{
	const struct notice a = sample(), b = resolved(), *const one[] = { &a }, *const both[] = { &a, &b };
	json_t *o;

	(void)state;
	is(body(TEMPLATE_SLACK, one, 1, 0, NULL), "{\"text\":\"down: firing: " S_HOSTILE "\",\"attachments\":[{"
	    "\"fallback\":\"down: firing (alarm): " S_HOSTILE "\",\"color\":\"danger\",\"title\":\"down: firing (alarm)\","
	    "\"text\":\"" S_HOSTILE "\",\"ts\":1795176000}]}");
	o = body(TEMPLATE_SLACK, both, 2, 5, NULL);
	assert_string_equal(json_string_value(json_object_get(o, "text")),
	    "peerdeck on noc1: 1 firing, 1 resolved (5 older notices were dropped: too many at once)");
	assert_string_equal(json_string_value(json_object_get(json_array_get(json_object_get(o, "attachments"), 1), "color")), "good");
	json_decref(o);
}

static void pagerduty_shape(void **state)
{
	const struct notice a = sample(), b = resolved(), *const one[] = { &a }, *const over[] = { &b };
	char key[NOTICE_ID_LEN], *wanted;
	json_t *o = body(TEMPLATE_PAGERDUTY, one, 1, 3, "R0UT1NGKEY");

	(void)state;
	notice_short_key(&a, 64500, key);
	assert_int_equal(strlen(key), 40);
	assert_string_equal(json_string_value(json_object_get(o, "dedup_key")), key);
	json_object_del(o, "dedup_key");
	is(o, "{\"routing_key\":\"R0UT1NGKEY\",\"event_action\":\"trigger\",\"client\":\"peerdeck\",\"payload\":{"
	      "\"summary\":\"down: " J_HOSTILE "\",\"source\":\"r1\",\"severity\":\"critical\",\"timestamp\":\"2026-11-20T11:59:00Z\","
	      "\"component\":\"192.0.2.7\",\"group\":\"X\",\"class\":\"state\",\"custom_details\":{\"rule\":\"down\",\"router\":\"r1\","
	      "\"neighbor\":\"192.0.2.7\",\"exchange\":\"X\",\"asn\":\"AS64501\",\"since\":\"2026-11-20T11:59:00Z\","
	      "\"older_notices_dropped\":3}}}");
	wanted = NULL;
	assert_true(asprintf(&wanted, "{\"routing_key\":\"R0UT1NGKEY\",\"event_action\":\"resolve\",\"dedup_key\":\"%s\"}", key) > 0);
	is(body(TEMPLATE_PAGERDUTY, over, 1, 0, "R0UT1NGKEY"), wanted);
	free(wanted);
	assert_int_equal(webhook_most(TEMPLATE_PAGERDUTY), 1);
}

static void alertmanager_shape(void **state)
{
	const struct notice a = sample(), b = resolved(), *const both[] = { &a, &b };

	(void)state;
#define LABELS "\"labels\":{\"alertname\":\"down\",\"severity\":\"alarm\",\"on\":\"state\",\"key\":\"down|r1||192.0.2.7|\"," \
	       "\"local_as\":\"AS64500\",\"router\":\"r1\",\"neighbor\":\"192.0.2.7\",\"asn\":\"AS64501\"}," \
	       "\"annotations\":{\"summary\":\"" J_HOSTILE "\",\"exchange\":\"X\"},\"startsAt\":\"2026-11-20T11:59:00Z\""
	is(body(TEMPLATE_ALERTMANAGER, both, 2, 0, NULL), "[{" LABELS ",\"endsAt\":\"2026-11-20T15:00:00Z\"},"
	    "{" LABELS ",\"endsAt\":\"2026-11-20T12:00:00Z\"}]");
}

static void names_of_any_bytes_are_made_safe(void **state)
{
	struct notice n = sample();
	const struct notice *const one[] = { &n };

	(void)state;
	snprintf(n.rule, sizeof(n.rule), "bad \xff\xfe name");
	for (int t = 0; t < TEMPLATES; t++)
		json_decref(body((enum output_template)t, one, 1, 0, "k"));
}

static void judged(int status, const char *said, enum delivery_fate fate, const char *words)
{
	struct http_reply r = { .status = status, .retry_after_s = -1 };
	struct delivery d;

	str_init(&r.body, 0);
	str_puts(&r.body, said);
	webhook_judge(&r, &d);
	assert_int_equal(d.fate, fate);
	assert_string_equal(d.words, words);
	str_fini(&r.body);
}

static void answers_mean_what_they_say(void **state)
{
	(void)state;
	judged(200, "ok", DELIVERY_DONE, "HTTP 200: ok");
	judged(202, "", DELIVERY_DONE, "HTTP 202");
	judged(204, "", DELIVERY_DONE, "HTTP 204");
	judged(302, "moved", DELIVERY_LATER, "HTTP 302: redirects are not followed; name the new address in url");
	judged(400, "invalid_payload\nmore", DELIVERY_REFUSED, "HTTP 400: invalid_payload");
	judged(413, "", DELIVERY_REFUSED, "HTTP 413");
	judged(401, "token", DELIVERY_LATER, "HTTP 401: token");
	judged(404, "no_service", DELIVERY_LATER, "HTTP 404: no_service");
	judged(429, "", DELIVERY_LATER, "HTTP 429");
	judged(500, "\x1b[2J", DELIVERY_LATER, "HTTP 500: \xe2\x90\x9b[2J");
	judged(503, "", DELIVERY_LATER, "HTTP 503");
}

static void mail_shape(void **state)
{
	const struct output_conf o = { .name = "noc", .from = "deck@example.net", .to = "noc@example.net" };
	struct notice a = sample(), b = resolved();
	const struct notice *const both[] = { &a, &b }, *const one[] = { &a };
	const struct notice_batch many = { both, 2, 9, "noc1", 64500, NOON }, single = { one, 1, 0, "noc1", 64500, NOON };
	struct err e = ERR_INIT;
	struct str out;

	(void)state;
	str_init(&out, 1 << 20);
	snprintf(a.words, sizeof(a.words), "down\nBcc: x@example.org");
	assert_int_equal(alert_mail(&out, &o, "Our NOC", &single, &e), 0);
	assert_non_null(strstr(out.p, "Subject: [alarm] down: down Bcc: x@example.org\n"));
	assert_non_null(strstr(out.p, "Message-ID: <peerdeck.id-1.1@example.net>\n"));
	*strstr(out.p, "\n\n") = '\0';
	assert_null(strstr(out.p, "\nBcc:")); /* no word begins a header */
	str_clear(&out);
	assert_int_equal(alert_mail(&out, &o, NULL, &many, &e), 0);
	assert_non_null(strstr(out.p, "Subject: [peerdeck] 1 firing, 1 resolved\n"));
	assert_non_null(strstr(out.p, "9 older notices were dropped"));
	str_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_shape),
		cmocka_unit_test(slack_shape),
		cmocka_unit_test(pagerduty_shape),
		cmocka_unit_test(alertmanager_shape),
		cmocka_unit_test(names_of_any_bytes_are_made_safe),
		cmocka_unit_test(answers_mean_what_they_say),
		cmocka_unit_test(mail_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
