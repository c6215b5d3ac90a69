/* The four shapes of a webhook's body; see webhook.h.  Fields stand in the order in which the services document them. */
#include "backends/sources/webhook.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "core/base/version.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum {
	SUMMARY_MAX = 1024, /* PagerDuty's, in characters; octets are never fewer */
	SLACK_MOST = 20,    /* attachments; Slack advises against more */
	LIST_MOST = 100,
	HOLD_S = 86400,     /* of an alert that its rule never repeats, for Alertmanager */
};

size_t webhook_most(enum output_template t)
{
	return t == TEMPLATE_PAGERDUTY ? 1 : t == TEMPLATE_SLACK ? SLACK_MOST : LIST_MOST;
}

/* ---- values ---- */

/* Notices hold safe text; names from the configuration may be in any bytes. */
static json_t *words(const char *s)
{
	json_t *v = json_string(s);
	struct str safe;

	if (v != NULL)
		return v;
	str_init(&safe, 8192);
	text_append(&safe, slice_of(s));
	v = json_string(safe.p);
	str_fini(&safe);
	return v != NULL ? v : json_null();
}

static json_t *words_or_null(const char *s)
{
	return *s != '\0' ? words(s) : json_null();
}

static json_t *iso(int64_t wall_ms)
{
	char buf[CLOCK_ISO_LEN];

	return json_string(clock_iso(wall_ms, buf));
}

static void put(json_t *o, const char *key, json_t *v)
{
	if (json_object_set_new(o, key, v) != 0)
		abort(); /* out of memory */
}

/* "AS64500" */
static void put_asn(json_t *o, const char *key, asn_t asn)
{
	char buf[16];

	if (asn == ASN_UNKNOWN)
		return;
	snprintf(buf, sizeof(buf), "AS%" PRIu32, asn);
	put(o, key, json_string(buf));
}

static void put_known(json_t *o, const char *key, const char *value)
{
	if (*value != '\0')
		put(o, key, words(value));
}

static void dump(struct str *out, json_t *o)
{
	char *s = json_dumps(o, JSON_COMPACT | JSON_ENSURE_ASCII);

	if (s == NULL)
		abort(); /* out of memory */
	str_puts(out, s);
	explicit_bzero(s, strlen(s)); /* a routing key may be in it */
	free(s);
	json_decref(o);
}

static bool over(const struct notice *n)
{
	return n->news == ALERT_NEWS_RESOLVED;
}

/* ---- our own ---- */

static json_t *own_notice(const struct notice *n)
{
	json_t *o = json_object();

	put(o, "id", words(n->id));
	put(o, "key", words(n->key));
	put(o, "news", json_string(alert_news_word(n->news)));
	put(o, "test", json_boolean(n->test));
	put(o, "rule", words(n->rule));
	put(o, "on", json_string(alert_on_words[n->on]));
	put(o, "severity", json_string(severity_word(n->severity)));
	put(o, "router", words_or_null(n->router));
	put(o, "vrf", words_or_null(n->vrf));
	put(o, "neighbor", words_or_null(n->neighbor));
	put(o, "exchange", words_or_null(n->exchange));
	put(o, "asn", n->asn == ASN_UNKNOWN ? json_null() : json_integer(n->asn));
	put(o, "words", words(n->words));
	put(o, "since", iso(n->since_wall_ms));
	put(o, "at", iso(n->at_wall_ms));
	return o;
}

static json_t *own(const struct notice_batch *b)
{
	json_t *o = json_object(), *list = json_array();

	put(o, "version", json_integer(1));
	put(o, "source", json_string("peerdeck/" PEERDECK_VERSION));
	put(o, "host", words(b->host));
	put(o, "local_as", json_integer(b->local_as));
	put(o, "sent", iso(b->now_wall_ms));
	put(o, "dropped", json_integer((json_int_t)b->dropped));
	for (size_t i = 0; i < b->count; i++)
		json_array_append_new(list, own_notice(b->notices[i]));
	put(o, "notices", list);
	return o;
}

/* ---- Slack, and who speaks like it ---- */

/* Slack's three escapes: without them a word could be a link or call a whole channel. */
static json_t *slack_words(const char *s)
{
	struct str out;
	json_t *v;

	str_init(&out, 0);
	for (; *s != '\0'; s++)
		if (*s == '&')
			str_puts(&out, "&amp;");
		else if (*s == '<')
			str_puts(&out, "&lt;");
		else if (*s == '>')
			str_puts(&out, "&gt;");
		else
			str_putc(&out, *s);
	v = words(out.p);
	str_fini(&out);
	return v;
}

static json_t *slack_attachment(const struct notice *n)
{
	static const char *const colours[] = { [SEV_INFO] = "#439fe0", [SEV_NOTICE] = "#439fe0", [SEV_WARN] = "warning", [SEV_ALARM] = "danger" };
	json_t *o = json_object();
	char *title = mem_printf("%s%s: %s (%s)", n->test ? "TEST " : "", n->rule, alert_news_word(n->news), severity_word(n->severity));
	char *all = mem_printf("%s: %s", title, n->words);

	put(o, "fallback", slack_words(all));
	put(o, "color", json_string(over(n) ? "good" : colours[n->severity]));
	put(o, "title", slack_words(title));
	put(o, "text", slack_words(n->words));
	put(o, "ts", json_integer(n->at_wall_ms / 1000));
	free(all);
	free(title);
	return o;
}

static json_t *slack(const struct notice_batch *b)
{
	json_t *o = json_object(), *list = json_array();
	const struct notice *first = b->notices[0];
	size_t ended = 0;
	char *text;

	for (size_t i = 0; i < b->count; i++)
		ended += over(b->notices[i]);
	if (b->count == 1)
		text = mem_printf("%s%s: %s: %s", first->test ? "TEST " : "", first->rule, alert_news_word(first->news), first->words);
	else
		text = mem_printf("peerdeck on %s: %zu firing, %zu resolved", b->host, b->count - ended, ended);
	if (b->dropped > 0) {
		char *more = mem_printf("%s (%" PRIu64 " older notices were dropped: too many at once)", text, b->dropped);

		free(text);
		text = more;
	}
	put(o, "text", slack_words(text));
	for (size_t i = 0; i < b->count; i++)
		json_array_append_new(list, slack_attachment(b->notices[i]));
	put(o, "attachments", list);
	free(text);
	return o;
}

/* ---- PagerDuty, Events API v2 ---- */

static json_t *details(const struct notice *n, uint64_t dropped)
{
	json_t *o = json_object();

	put(o, "rule", words(n->rule));
	put_known(o, "router", n->router);
	put_known(o, "vrf", n->vrf);
	put_known(o, "neighbor", n->neighbor);
	put_known(o, "exchange", n->exchange);
	put_asn(o, "asn", n->asn);
	put(o, "since", iso(n->since_wall_ms));
	if (dropped > 0)
		put(o, "older_notices_dropped", json_integer((json_int_t)dropped));
	return o;
}

static json_t *pagerduty_payload(const struct notice_batch *b, const struct notice *n)
{
	static const char *const severities[] = { [SEV_INFO] = "info", [SEV_NOTICE] = "info", [SEV_WARN] = "warning", [SEV_ALARM] = "critical" };
	json_t *o = json_object();
	char *summary = mem_printf("%s: %s", n->rule, n->words);

	if (strlen(summary) > SUMMARY_MAX) /* a rule's name is short and words are: only for what may come */
		summary[SUMMARY_MAX] = '\0';
	put(o, "summary", words(summary));
	put(o, "source", words(n->router[0] != '\0' ? n->router : b->host));
	put(o, "severity", json_string(severities[n->severity]));
	put(o, "timestamp", iso(n->since_wall_ms));
	put(o, "component", words(n->neighbor[0] != '\0' ? n->neighbor : n->rule));
	if (n->exchange[0] != '\0')
		put(o, "group", words(n->exchange));
	put(o, "class", json_string(alert_on_words[n->on]));
	put(o, "custom_details", details(n, b->dropped));
	free(summary);
	return o;
}

static json_t *pagerduty(const struct notice_batch *b, const char *key)
{
	const struct notice *n = b->notices[0];
	json_t *o = json_object();
	char short_key[NOTICE_ID_LEN];

	notice_short_key(n, b->local_as, short_key);
	put(o, "routing_key", words(key != NULL ? key : ""));
	put(o, "event_action", json_string(over(n) ? "resolve" : "trigger"));
	put(o, "dedup_key", json_string(short_key));
	if (!over(n)) {
		put(o, "payload", pagerduty_payload(b, n));
		put(o, "client", json_string("peerdeck"));
	}
	return o;
}

/* ---- Alertmanager, API v2 ---- */

/* Labels are what makes it the same alert: nothing in them may change while it lasts. */
static json_t *labels(const struct notice_batch *b, const struct notice *n)
{
	json_t *o = json_object();

	put(o, "alertname", words(n->rule));
	put(o, "severity", json_string(severity_word(n->severity)));
	put(o, "on", json_string(alert_on_words[n->on]));
	put(o, "key", words(n->key));
	put_asn(o, "local_as", b->local_as);
	put_known(o, "router", n->router);
	put_known(o, "vrf", n->vrf);
	put_known(o, "neighbor", n->neighbor);
	put_asn(o, "asn", n->asn);
	return o;
}

/* Until when it counts as firing without being told again: Alertmanager takes silence for the end. */
static int64_t holds_until(const struct notice_batch *b, const struct notice *n)
{
	int64_t hold_s = n->repeat_s > 0 ? (int64_t)n->repeat_s * 3 : HOLD_S;

	if (n->test)
		hold_s = 60;
	return b->now_wall_ms + (hold_s < 60 ? 60 : hold_s) * 1000;
}

static json_t *manager_alert(const struct notice_batch *b, const struct notice *n)
{
	json_t *o = json_object(), *notes = json_object();

	put(o, "labels", labels(b, n));
	put(notes, "summary", words(n->words));
	put_known(notes, "exchange", n->exchange);
	if (b->dropped > 0)
		put(notes, "older_notices_dropped", json_sprintf("%" PRIu64, b->dropped));
	put(o, "annotations", notes);
	put(o, "startsAt", iso(n->since_wall_ms));
	put(o, "endsAt", iso(over(n) ? n->at_wall_ms : holds_until(b, n)));
	return o;
}

static json_t *alertmanager(const struct notice_batch *b)
{
	json_t *list = json_array();

	for (size_t i = 0; i < b->count; i++)
		json_array_append_new(list, manager_alert(b, b->notices[i]));
	return list;
}

void webhook_body(struct str *out, enum output_template t, const struct notice_batch *b, const char *key)
{
	switch (t) {
	case TEMPLATE_SLACK:
		dump(out, slack(b));
		break;
	case TEMPLATE_PAGERDUTY:
		dump(out, pagerduty(b, key));
		break;
	case TEMPLATE_ALERTMANAGER:
		dump(out, alertmanager(b));
		break;
	default:
		dump(out, own(b));
		break;
	}
}
