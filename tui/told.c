/* What the console tells the screen: plans, actions, approvals, messages, alerts; see ui.h. */
#include "tui/state.h"
#include "tui/ui.h"

/* What was typed before a question was shown is no answer to it. */
static void flush_input(struct ui *u)
{
	if (u->screen != NULL)
		screen_flush_input(u->screen);
	decoder_flush(&u->decoder);
}

void ui_plan_waiting(struct ui *u, const char *words)
{
	act_waiting(&u->act, words);
}

void ui_plan_show(struct ui *u, const struct plan *p)
{
	flush_input(u);
	act_show(&u->act, p);
}

void ui_plan_approval(struct ui *u, enum plan_approval state, const char *words)
{
	act_approval(&u->act, state, words);
}

void ui_plan_blast(struct ui *u, enum plan_blast state, const char *words, const char *lines)
{
	act_blast(&u->act, state, words, lines);
}

void ui_proposal_show(struct ui *u, const char *digest, const char *text)
{
	approve_show(&u->approve, digest, text);
	flush_input(u);
}

void ui_proposal_say(struct ui *u, const char *words)
{
	approve_say(&u->approve, words);
}

void ui_plan_close(struct ui *u, const char *words)
{
	flush_input(u);
	act_refuse(&u->act, words);
}

void ui_act_progress(struct ui *u, const char *router, const char *vrf, const char *neighbor,
    enum act_mark mark, const char *words)
{
	struct target t = { router, vrf ? vrf : "", neighbor, ASN_UNKNOWN };

	act_progress_item(&u->act, &t, mark, words);
}

void ui_act_finished(struct ui *u, const char *words)
{
	act_end(&u->act, words);
}

void ui_message_show(struct ui *u, const struct message_view *v)
{
	if (!u->compose.open)
		flush_input(u);
	compose_show(&u->compose, v);
}

void ui_message_close(struct ui *u)
{
	u->compose.open = false;
}

void ui_alert(struct ui *u, bool bell, const char *words)
{
	if (u->screen == NULL)
		return;
	if (bell)
		screen_bell(u->screen);
	if (words != NULL)
		screen_notify(u->screen, words);
}
