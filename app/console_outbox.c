/* Alerts of the console on their way to mail and webhooks: what is news goes into the outbox, how it fares comes back. */
#include "app/console_priv.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SAID_AT_ONCE = 1000 };

bool console_wants_http(const struct config *c)
{
	for (size_t i = 0; i < c->output_count; i++)
		if (c->outputs[i].kind == OUTPUT_WEBHOOK)
			return true;
	return c->pdb.enabled || c->prometheus.url != NULL || c->ripestat.enabled || c->rdap.enabled;
}

void console_outbox_start(struct console *c)
{
	if ((c->alerts == NULL && c->config->output_count == 0) || c->is_replay) /* a replay tells nobody */
		return;
	c->outbox = outbox_start(c->config, c->http, c->inbox);
	if (c->outbox == NULL)
		console_notice(c, "alerts are told on this terminal only: no thread can be had");
	c->present.w.outputs = c->output_lines;
	c->present.w.outputs_note = c->outputs_note;
	for (size_t i = 0; i < c->config->output_count; i++)
		c->output_lines[i].conf = &c->config->outputs[i];
	c->present.w.output_count = c->outbox != NULL ? c->config->output_count : 0;
}

static void as_news(struct console *c, const struct alert_notice *n)
{
	struct notice out;

	alert_as_notice(n, c->present.w.now_wall_ms, &out);
	snprintf(out.id, sizeof(out.id), "%llx-%x-%x", (unsigned long long)out.at_wall_ms, (unsigned)getpid(), ++c->notices);
	outbox_post(c->outbox, &out, n->outputs);
}

void console_outbox_post(struct console *c, const struct alert_notice *n)
{
	if (c->outbox != NULL)
		as_news(c, n);
}

/* This console has begun to tell: all that fires is laid over what the former one left. */
static void begin_saying(struct console *c)
{
	free(c->saying);
	c->saying_at = 0;
	c->saying_count = c->alerts != NULL ? alerts_count(c->alerts) : 0;
	c->saying = mem_calloc(c->saying_count + 1, sizeof(*c->saying));
	alerts_copy(c->alerts, c->saying, c->saying_count);
}

bool console_outbox_said(struct console *c)
{
	if (outbox_asks(c->outbox))
		begin_saying(c);
	for (size_t i = 0; c->saying != NULL && i < SAID_AT_ONCE; i++) {
		const struct alert *al = &c->saying[c->saying_at];

		if (c->saying_at == c->saying_count) {
			free(c->saying);
			c->saying = NULL;
			outbox_post_all_said(c->outbox);
		} else if (al->state == ALERT_FIRING && al->told) {
			as_news(c, &(struct alert_notice){ ALERT_NEWS_FIRING, *al, al->rule->outputs });
		}
		c->saying_at++;
	}
	return c->saying == NULL;
}

void console_outbox_tick(struct console *c)
{
	uint64_t revision = outbox_revision(c->outbox);

	if (c->outbox == NULL)
		return;
	if (c->alerts == NULL) /* outputs without rules: nothing is open */
		console_outbox_said(c);
	outbox_flush(c->outbox);
	if (revision == c->present.w.outputs_revision || !outbox_lines(c->outbox, c->output_lines))
		return;
	outbox_note(c->outbox, c->outputs_note, sizeof(c->outputs_note));
	c->present.w.outputs_elsewhere = !outbox_leads(c->outbox);
	c->present.w.outputs_revision = revision;
}

void console_alert_test(struct console *c, const char *output)
{
	const struct world *w = &c->present.w;

	for (size_t i = 0; c->outbox != NULL && i < c->config->output_count; i++)
		if (strcmp(c->config->outputs[i].name, output) == 0) {
			console_notice(c, "a test notice is on its way through %.40s", output); /* the answer takes its place */
			outbox_test(c->outbox, i, w->operator_name[0] != '\0' ? w->operator_name : w->operator_login);
		}
}

void console_outbox_stop(struct console *c)
{
	c->present.w.outputs = NULL;
	c->present.w.output_count = 0;
	outbox_stop(c->outbox);
	free(c->saying);
	c->saying = NULL;
	c->outbox = NULL;
}
