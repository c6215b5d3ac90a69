/* A drain's two plans; see drain_plan.h. */
#include "app/drain_plan.h"
#include "app/traffic.h"
#include "core/base/clock.h"
#include "core/judge/param.h"

#include <stdlib.h>
#include <string.h>

enum { TRAFFIC_MS = 30000 };

struct drain_plan {
	struct operation *op;
	enum { SUSPEND, TRAFFIC, GSHUT, SHOWN } at;
	char id[ACT_ID_LEN];
	struct drain_wish wish;
	struct arena *arena; /* of the wish, the targets and the scope */
	struct operation_target *targets;
	size_t count;
	const char *scope, *scope_name;
	struct plan *suspend;
	struct traffic *traffic;
	int64_t until_boot_ms; /* how long what flows is waited for */
};

static int plan(struct drain_plan *d, enum verb verb, struct err *e)
{
	const struct operation_ask ask = { .verb = verb, .reason = d->wish.reason, .ticket = d->wish.ticket,
		.message = verb == VERB_SUSPEND ? d->wish.message : "", .scope = d->scope, .scope_name = d->scope_name };

	return operation_plan(d->op, &ask, d->targets, d->count, e);
}

static const char *copy(struct drain_plan *d, const char *s)
{
	return arena_strdup(d->arena, s != NULL ? s : "");
}

struct drain_plan *drain_plan_new(struct operation *op, const struct drain_ask *ask, const struct operation_target *targets,
    size_t count, struct err *e)
{
	struct drain_plan *d = MEM_NEW(struct drain_plan);

	d->op = op;
	d->arena = arena_new();
	act_id_new(d->id);
	d->wish = (struct drain_wish){ .op = d->id, .terms = ask->terms, .reason = copy(d, ask->reason),
		.ticket = copy(d, ask->ticket), .message = copy(d, ask->message), .lines = "" };
	d->scope = copy(d, ask->scope);
	d->scope_name = copy(d, ask->scope_name);
	d->targets = arena_alloc(d->arena, (count + 1) * sizeof(*d->targets));
	for (d->count = 0; d->count < count; d->count++)
		d->targets[d->count] = (struct operation_target){ copy(d, targets[d->count].router), copy(d, targets[d->count].vrf),
			copy(d, targets[d->count].neighbor),
			targets[d->count].network != NULL ? copy(d, targets[d->count].network) : NULL };
	d->traffic = traffic_new(&op->way);
	d->until_boot_ms = clock_boot_ms() + TRAFFIC_MS;
	if (plan(d, VERB_SUSPEND, e) != 0) {
		drain_plan_free(d);
		return NULL;
	}
	traffic_ask(d->traffic, d->targets, d->count);
	return d;
}

void drain_plan_free(struct drain_plan *d)
{
	if (d == NULL)
		return;
	plan_unref(d->suspend);
	traffic_free(d->traffic);
	arena_free(d->arena);
	free(d);
}

static void show_lines(const struct plan_item *item, struct str *out)
{
	str_addf(out, "%s %s", item->router, item->neighbor);
	if (item->skip != NULL) {
		str_addf(out, " is not shut: %s\n", item->skip);
		return;
	}
	if (item->message != NULL)
		str_addf(out, ", which is told \"%s\"", item->message);
	str_puts(out, ":\n");
	plan_print_sent(out, "  ", item);
}

/* What the suspend warns of is to be known before the marking is confirmed. */
static void warn_of_suspend(const struct drain_plan *d)
{
	for (size_t i = 0; i < d->suspend->count; i++) {
		const struct plan_item *item = &d->suspend->items[i];

		for (size_t k = 0; item->skip == NULL && item->warnings != NULL && item->warnings[k] != NULL; k++)
			plan_warn(d->op->plan, "%s %s, when it is shut: %s", item->router, item->neighbor, item->warnings[k]);
	}
}

static void show_terms(const struct drain_plan *d, struct str *out)
{
	const struct drain_terms *t = &d->wish.terms;
	char span[CLOCK_SPAN_LEN], rate[PARAM_WORDS_LEN];

	str_addf(out, "suspend of what was marked, after %s", clock_span(t->wait_s, span));
	if (t->floor_bps != COUNT_UNKNOWN)
		str_addf(out, ", or once no more than %s flow, both directions together, twice in a row",
		    rate_words((double)t->floor_bps, rate));
	else
		str_puts(out, t->share > 0 ? "; of what flows now nothing can be told, so only the timer counts" : " (no traffic floor)");
	if (t->floor_bps != COUNT_UNKNOWN && t->share > 0)
		str_addf(out, " (%u %% of what flows now)", t->share);
	str_puts(out, "\n");
	traffic_print(d->traffic, out);
}

/* What follows the marking: the terms, the exact lines of the suspend, and their seal. */
static void tell_then(struct drain_plan *d)
{
	char seal[DRAIN_SEAL_LEN];
	struct str text, names;

	str_init(&text, 0);
	str_init(&names, 0);
	show_terms(d, &text);
	str_puts(&text, "with these lines:\n");
	for (size_t i = 0; i < d->suspend->count; i++)
		show_lines(&d->suspend->items[i], &text);
	drain_name_lines(d->suspend, &names);
	d->wish.lines = arena_strdup(d->arena, names.p);
	drain_seal(d->wish.lines, seal);
	str_puts(&text, seal);
	plan_op(d->op->plan, d->id);
	plan_then(d->op->plan, text.p);
	warn_of_suspend(d);
	str_fini(&names);
	str_fini(&text);
}

/* The suspend is planned: is there anything to shut? */
static int keep_suspend(struct drain_plan *d, struct err *e)
{
	const struct plan *p = d->op->plan;

	if (plan_todo(p, NULL) == 0)
		return err_set(e, ERR_REFUSED, "could not be suspended afterwards: %.300s",
		    p->count > 0 && p->items[0].skip != NULL ? p->items[0].skip : "nothing to do");
	d->suspend = plan_ref(d->op->plan);
	d->at = TRAFFIC;
	return 0;
}

enum drain_plan_state drain_plan_step(struct drain_plan *d, struct err *e)
{
	if (d->at == SUSPEND && d->op->phase == OPERATION_SHOWN && keep_suspend(d, e) != 0)
		return DRAIN_PLAN_REFUSED;
	if (d->at == TRAFFIC && (!traffic_asking(d->traffic) || clock_boot_ms() >= d->until_boot_ms)) {
		drain_floor_of(&d->wish.terms, traffic_bps(d->traffic));
		if (plan(d, VERB_GSHUT, e) != 0)
			return DRAIN_PLAN_REFUSED;
		tell_then(d);
		d->at = GSHUT;
	}
	if (d->at == GSHUT && d->op->phase == OPERATION_SHOWN)
		d->at = SHOWN;
	return d->at == SHOWN ? DRAIN_PLAN_SHOWN : DRAIN_PLAN_GOES_ON;
}

bool drain_plan_shown(const struct drain_plan *d)
{
	return d->at == SHOWN;
}

const char *drain_plan_words(const struct drain_plan *d)
{
	return d->at == TRAFFIC ? "reading what flows now" : "reading the routers";
}

const struct drain_wish *drain_plan_wish(const struct drain_plan *d)
{
	return &d->wish;
}
