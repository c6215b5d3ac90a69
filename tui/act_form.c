/* The form of an action: its fields, and what in them is said to be wrong before anything is asked; see act.h. */
#include "core/act/until.h"
#include "tui/act.h"

#include <stdio.h>
#include <string.h>

void act_begin_drain(struct act *a)
{
	char wait[24];

	act_begin(a, VERB_GSHUT, false);
	a->drain = true;
	snprintf(wait, sizeof(wait), "%dm", DRAIN_WAIT_S / 60);
	edit_set(&a->fields[ACT_WAIT], wait);
}

bool act_has_field(const struct act *a, int field)
{
	const struct verb_info *v = verb_info(a->verb); /* NULL while it is not known yet what an undo undoes */

	if (field == ACT_PREFIXES)
		return v != NULL && v->takes_prefixes;
	if (field == ACT_WAIT || field == ACT_FLOOR)
		return a->drain;
	return field != ACT_MESSAGE || a->drain || (v != NULL && v->takes_message);
}

/* The field `step` further on (1 or -1), round and round. */
static void go_to_field(struct act *a, int step)
{
	do
		a->field = (a->field + step + ACT_FIELDS) % ACT_FIELDS;
	while (!act_has_field(a, a->field));
}

static bool is_last_field(const struct act *a)
{
	for (int i = a->field + 1; i < ACT_FIELDS; i++)
		if (act_has_field(a, i))
			return false;
	return true;
}

static bool is_blank(const char *s)
{
	return s[strspn(s, " ")] == '\0';
}

/* What is typed must name prefixes: said here, while it can be mended. */
static bool prefixes_hold(struct act *a)
{
	struct chosen c = { NULL, 0 };
	struct err e = ERR_INIT;

	if (!act_has_field(a, ACT_PREFIXES) || chosen_parse(a->arena, slice_of(a->fields[ACT_PREFIXES].text.p), &c, &e) == 0)
		return true;
	snprintf(a->error, sizeof(a->error), "%.199s", e.text);
	a->field = ACT_PREFIXES;
	return false;
}

/* The terms of a drain likewise. */
static bool terms_hold(struct act *a, struct drain_terms *t)
{
	struct err e = ERR_INIT;

	*t = (struct drain_terms){ DRAIN_WAIT_S, COUNT_UNKNOWN, 0 };
	if (!a->drain)
		return true;
	if (until_duration(a->fields[ACT_WAIT].text.p, &t->wait_s, &e) != 0)
		a->field = ACT_WAIT;
	else if (drain_floor_parse(a->fields[ACT_FLOOR].text.p, t, &e) != 0)
		a->field = ACT_FLOOR;
	else
		return true;
	snprintf(a->error, sizeof(a->error), "%.199s", e.text);
	return false;
}

static void submit(struct act *a, struct request *rq)
{
	struct drain_terms terms;

	if (!prefixes_hold(a) || !terms_hold(a, &terms))
		return;
	if (is_blank(a->fields[ACT_REASON].text.p)) {
		snprintf(a->error, sizeof(a->error), "a reason is needed: it goes into the journal");
		a->field = ACT_REASON;
		return;
	}
	a->state = ACT_WAITING;
	snprintf(a->words, sizeof(a->words), "making the plan ...");
	*rq = (struct request){
		.kind = REQ_PLAN, .verb = a->verb, .targets = a->targets, .target_count = a->target_count,
		.reason = a->fields[ACT_REASON].text.p, .ticket = a->fields[ACT_TICKET].text.p,
		.message = act_has_field(a, ACT_MESSAGE) ? a->fields[ACT_MESSAGE].text.p : "",
		.prefixes = act_has_field(a, ACT_PREFIXES) ? a->fields[ACT_PREFIXES].text.p : "",
		.lasting = a->lasting, .drain = a->drain, .terms = terms, .scope = a->scope, .scope_name = a->scope_name,
	};
}

void act_propose(struct act *a, const char *reason, struct request *rq)
{
	edit_set(&a->fields[ACT_REASON], reason);
	submit(a, rq);
}

void act_form_key(struct act *a, keycode k, struct request *rq)
{
	a->error[0] = '\0';
	switch (k) {
	case K_ESC:
	case 'c' | MOD_CTRL:
	case 'g' | MOD_CTRL:
		a->state = ACT_NONE;
		break;
	case K_TAB:
	case K_DOWN:
		go_to_field(a, 1);
		break;
	case K_TAB | MOD_SHIFT:
	case K_UP:
		go_to_field(a, -1);
		break;
	case K_ENTER: /* the same everywhere, so that no field is passed over unseen */
		if (a->field == ACT_PREFIXES ? prefixes_hold(a) : !is_last_field(a) && !is_blank(a->fields[ACT_REASON].text.p))
			go_to_field(a, 1);
		else if (a->field != ACT_PREFIXES)
			submit(a, rq);
		break;
	default:
		edit_key(&a->fields[a->field], k);
	}
}
