/*
 * Alerts of the console: rules held against the world once a second, and told on this terminal.
 *
 * Many that fire at once are told as one: a bell and a line, not a hundred.
 */
#include "app/console_priv.h"
#include "app/syslog_out.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <stdio.h>
#include <stdlib.h>

enum { FOLLOW_MS = 1000, NEWS_AT_ONCE = 1000 /* some ms; the rest in the next round of the loop */ };

/* What was told before a restart; who stopped and started is not told the same again. */
static void restore_one(void *ctx, const struct notice *n)
{
	struct console *c = ctx;

	alerts_restore(c->alerts, n, clock_boot_ms(), clock_wall_ms());
}

static void restore(struct console *c)
{
	struct outstore *store = outstore_open(c->config->data_dir);

	outstore_each_open(store, restore_one, c);
	outstore_close(store);
}

void console_alerts_start(struct console *c)
{
	if (c->config->alert_count == 0)
		return;
	c->alerts = alerts_new(c->config);
	restore(c);
	c->present.w.alerts = c->alerts;
}

static void tell(struct console *c, const struct alert_notice *first, size_t count, unsigned outputs)
{
	char more[40] = "", line[300];

	if (count > 1)
		snprintf(more, sizeof(more), " (and %zu more)", count - 1);
	snprintf(line, sizeof(line), "%s: %s: %s%s", first->alert.rule->name, alert_news_word(first->news), first->alert.words, more);
	console_notice(c, "alert %s", line);
	ui_alert(c->ui, (outputs & ALERT_TO_BELL) != 0, (outputs & ALERT_TO_TERMINAL) != 0 ? line : NULL);
}

static void log_it(struct console *c, const struct alert_notice *n)
{
	const struct alert *al = &n->alert;
	struct err e = ERR_INIT;
	char line[400];

	snprintf(line, sizeof(line), "%s: %s: %s", al->rule->name, alert_news_word(n->news), al->words);
	if (syslog_out(SYSLOG_SOCKET, n->news == ALERT_NEWS_RESOLVED ? SEV_NOTICE : al->rule->severity, line, &e) != 0)
		snprintf(c->alerts_kept.lost, sizeof(c->alerts_kept.lost), "alert %s was not logged: %.120s", al->rule->name, e.text);
}

/* For the terminal the worst of what came stands for all; the log gets each.  True: that was all. */
static bool take_news(struct console *c)
{
	struct alert_news_kept *kept = &c->alerts_kept;
	const struct alert_notice *n;

	for (size_t i = 0; i < NEWS_AT_ONCE; i++) {
		if ((n = alerts_news(c->alerts)) == NULL)
			return true;
		if (kept->count++ == 0 || (n->news == ALERT_NEWS_FIRING && (kept->worst.news != ALERT_NEWS_FIRING ||
		    n->alert.rule->severity > kept->worst.alert.rule->severity)))
			kept->worst = *n;
		kept->outputs |= n->news == ALERT_NEWS_RESOLVED ? n->outputs & ~(unsigned)ALERT_TO_BELL : n->outputs;
		console_outbox_post(c, n);
		if ((n->outputs & ALERT_TO_SYSLOG) != 0 && (c->outbox == NULL || outbox_leads(c->outbox))) /* once on this host */
			log_it(c, n);
	}
	return false;
}

void console_alerts_tick(struct console *c)
{
	int64_t now = c->present.w.now_boot_ms;

	if (c->alerts == NULL || (now < c->alerts_due && !c->alerts_more) || !outbox_decided(c->outbox))
		return;
	if (now >= c->alerts_due && !c->alerts_more) {
		c->alerts_due = now + FOLLOW_MS;
		alerts_follow(c->alerts, &c->present.w);
		c->present.w.alerts_revision = alerts_revision(c->alerts);
	}
	c->alerts_more = !console_outbox_said(c) || !take_news(c);
	if (!c->alerts_more && c->alerts_kept.count > 0 && !c->screen_lent && !c->screen_gone) { /* else it waits */
		tell(c, &c->alerts_kept.worst, c->alerts_kept.count, c->alerts_kept.outputs);
		c->alerts_kept.count = 0;
		c->alerts_kept.outputs = 0;
		if (c->alerts_kept.lost[0] != '\0') /* after the alert, which the status bar counts anyway */
			console_notice(c, "%s", c->alerts_kept.lost);
		c->alerts_kept.lost[0] = '\0';
	}
}

/* What somebody does to alerts: here at once, a fact in the journal a moment later, and from there on the other consoles. */
static void take_in_hand(struct console *c, const char *keys, int64_t until_wall_ms, const char *why)
{
	const struct world *w = &c->present.w;
	const char *who = w->operator_name[0] != '\0' ? w->operator_name : w->operator_login;
	struct scan s = scan_of(slice_of(keys));
	struct slice line;
	char until[24];

	if (c->alerts == NULL)
		return;
	snprintf(until, sizeof(until), "%lld", (long long)until_wall_ms);
	while (scan_line(&s, &line)) {
		char *key = mem_strndup(line.p, line.len);
		const struct journal_more more[] = { { "key", key }, { "op", until_wall_ms > 0 ? "silence" : "ack" },
			{ "until_ms", until_wall_ms > 0 ? until : "" } };
		const struct journal_fact f = { .kind = "alert", .remote_as = ASN_UNKNOWN, .words = why, .more = more,
			.more_count = ARRAY_LEN(more) };

		if (until_wall_ms > 0)
			alerts_silence(c->alerts, key, who, w->now_wall_ms, until_wall_ms);
		else
			alerts_ack(c->alerts, key, who, w->now_wall_ms);
		scribe_fact(c->scribe, &f);
		free(key);
	}
	c->alerts_due = 0; /* what is muted now is found at once */
	c->present.w.alerts_revision = alerts_revision(c->alerts);
}

void console_alert_ack(struct console *c, const char *keys)
{
	take_in_hand(c, keys, 0, "acknowledged");
}

void console_alert_silence(struct console *c, const char *keys, int64_t until_wall_ms, const char *why)
{
	char iso[CLOCK_ISO_LEN];

	take_in_hand(c, keys, until_wall_ms, *why != '\0' ? why : "silenced");
	console_notice(c, "silenced until %s", clock_iso(until_wall_ms, iso));
}

void console_alerts_stop(struct console *c)
{
	c->present.w.alerts = NULL;
	alerts_free(c->alerts);
	c->alerts = NULL;
}
