/*
 * The blast radius of the plan that is shown, on demand.
 *
 * The answers come one by one between frames; what is known so far is shown
 * with the plan, and goes when the plan does.
 */
#include "app/console_priv.h"

static bool ask(void *ctx, const char *router, struct question *q)
{
	return console_ask_router(ctx, router, q);
}

static void show(void *ctx)
{
	const struct console *c = ctx;
	struct str line, text;

	if (c->blast == NULL) /* still in blast_begin */
		return;
	str_init(&line, 400);
	str_init(&text, 1 << 16);
	blast_words(c->blast, &line);
	blast_print(c->blast, &text);
	ui_plan_blast(c->ui, blast_ended(c->blast) ? PLAN_BLAST_KNOWN : PLAN_BLAST_ASKING, line.p, text.p);
	str_fini(&line);
	str_fini(&text);
}

void console_blast_forget(struct console *c)
{
	blast_cancel(c->blast);
	c->blast = NULL;
}

void console_blast(struct console *c)
{
	const struct blast_way way = { ask, show, c };
	bool asking = c->blast != NULL && !blast_ended(c->blast);

	console_blast_forget(c);
	if (c->op.phase != OPERATION_SHOWN)
		return;
	if (asking) {
		ui_plan_blast(c->ui, PLAN_BLAST_NONE, "not asked to the end", "");
		return;
	}
	c->blast = blast_begin(c->op.plan, &c->present.w, &way);
	show(c);
}
