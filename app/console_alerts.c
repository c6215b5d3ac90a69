/*
 * Alerts of the console: rules held against the world once a second, and told on this terminal.
 *
 * Many that fire at once are told as one: a bell and a line, not a hundred.
 */
#include "app/console_priv.h"

#include <stdio.h>

enum { FOLLOW_MS = 1000 };

void console_alerts_start(struct console *c)
{
	if (c->config->alert_count == 0)
		return;
	c->alerts = alerts_new(c->config);
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

/* The worst of what came stands for all. */
static void tell_news(struct console *c)
{
	const struct alert_notice *n;
	struct alert_notice worst = { 0 };
	unsigned outputs = 0;
	size_t count = 0;

	while ((n = alerts_news(c->alerts)) != NULL) {
		if (count++ == 0 || (n->news == ALERT_NEWS_FIRING && (worst.news != ALERT_NEWS_FIRING ||
		    n->alert.rule->severity > worst.alert.rule->severity)))
			worst = *n;
		outputs |= n->news == ALERT_NEWS_RESOLVED ? n->outputs & ~(unsigned)ALERT_TO_BELL : n->outputs;
	}
	if (count > 0)
		tell(c, &worst, count, outputs);
}

void console_alerts_tick(struct console *c)
{
	int64_t now = c->present.w.now_boot_ms;

	if (c->alerts == NULL || now < c->alerts_due)
		return;
	c->alerts_due = now + FOLLOW_MS;
	alerts_follow(c->alerts, &c->present.w);
	c->present.w.alerts_revision = alerts_revision(c->alerts);
	if (!c->screen_lent && !c->screen_gone) /* else they wait */
		tell_news(c);
}

void console_alerts_stop(struct console *c)
{
	c->present.w.alerts = NULL;
	alerts_free(c->alerts);
	c->alerts = NULL;
}
