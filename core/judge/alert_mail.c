/* See alert_mail.h. */
#include "core/judge/alert_mail.h"
#include "core/base/clock.h"
#include "core/judge/eml.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void subject(struct str *out, const struct notice_batch *b)
{
	const struct notice *n = b->notices[0];
	size_t over = 0;

	for (size_t i = 0; i < b->count; i++)
		over += b->notices[i]->news == ALERT_NEWS_RESOLVED;
	if (b->count == 1)
		str_addf(out, "%s[%s] %s: %s", n->test ? "TEST " : "", n->news == ALERT_NEWS_RESOLVED ? "resolved" : severity_word(n->severity),
		    n->rule, n->words);
	else
		str_addf(out, "[peerdeck] %zu firing, %zu resolved", b->count - over, over);
}

static void field(struct str *out, const char *label, const char *value)
{
	if (*value != '\0')
		str_addf(out, "  %-9s %s\n", label, value);
}

static void one_notice(struct str *out, const struct notice *n)
{
	char since[CLOCK_ISO_LEN], at[CLOCK_ISO_LEN], asn[16] = "";

	if (n->asn != ASN_UNKNOWN)
		snprintf(asn, sizeof(asn), "AS%" PRIu32, n->asn);
	str_addf(out, "%s (%s, %s)\n", n->words, alert_news_word(n->news), severity_word(n->severity));
	field(out, "rule", n->rule);
	field(out, "router", n->router);
	field(out, "vrf", n->vrf);
	field(out, "neighbor", n->neighbor);
	field(out, "network", asn);
	field(out, "exchange", n->exchange);
	field(out, "since", clock_iso(n->since_wall_ms, since));
	field(out, n->news == ALERT_NEWS_RESOLVED ? "over at" : "told at", clock_iso(n->at_wall_ms, at));
	str_putc(out, '\n');
}

int alert_mail(struct str *out, const struct output_conf *o, const char *name, const struct notice_batch *b, struct err *e)
{
	struct str head, body;
	char id[64 + NOTICE_ID_LEN];
	int rc;

	str_init(&head, 2000);
	str_init(&body, 1 << 20);
	subject(&head, b);
	for (size_t i = 0; i < b->count; i++)
		one_notice(&body, b->notices[i]);
	if (b->dropped > 0)
		str_addf(&body, "%" PRIu64 " older notices were dropped: there were too many at once.\n\n", b->dropped);
	str_addf(&body, "peerdeck on %s\n", b->host);
	/* the same when the same is sent again */
	snprintf(id, sizeof(id), "peerdeck.%s.%zu", b->notices[0]->id, b->count);
	rc = eml_write(out, &(struct eml){ .from = o->from, .from_name = name, .to = o->to, .subject = head.p, .body = body.p, .id = id,
		.wall_ms = b->now_wall_ms }, false, e);
	str_fini(&head);
	str_fini(&body);
	return rc;
}
