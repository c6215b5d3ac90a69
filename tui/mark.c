/*
 * Marking by scope.
 *
 * The marks are the truth about what is acted on; the scope is only their
 * name.  It is given to a plan as long as the marks are exactly its sessions
 * at that moment: one taken off, or one that came up since, and the plan says
 * "some of".
 */
#include "tui/state.h"

#include <stdio.h>
#include <string.h>

/* The session that the selection stands for, in a list of sessions or of networks, routers, what is held. */
static const struct world_session *row_here(struct ui *u)
{
	struct level *l = ui_level(u);
	const void *row = l->table != NULL ? table_selected(l->table) : NULL;
	struct focus f = u->focus;

	if (row != NULL && l->view->focus != NULL) {
		f = (struct focus){ .router = "" };
		l->view->focus(row, &f);
	}
	for (size_t i = 0; i < u->session_count; i++) {
		const struct world_session *s = &u->sessions[i];

		if (f.neighbor[0] != '\0' && (strcmp(s->router->conf->name, f.router) != 0 ||
		    strcmp(text_or(s->s->neighbor, ""), f.neighbor) != 0 || strcmp(text_or(s->s->vrf, ""), f.vrf) != 0))
			continue;
		if (f.neighbor[0] == '\0' && f.asn != ASN_UNKNOWN && s->s->remote_as != f.asn)
			continue;
		if (f.neighbor[0] == '\0' && f.asn == ASN_UNKNOWN && strcmp(s->router->conf->name, f.router) != 0)
			continue;
		return s;
	}
	return NULL;
}

void ui_choose_scope(struct ui *u)
{
	const struct world_session *row = row_here(u);

	if (row == NULL)
		ui_say(u, "no session is selected here: a scope is chosen from one of its sessions");
	else if (!choose_open(&u->choose, row, u->sessions, u->session_count))
		ui_say(u, "this session belongs to nothing that can be chosen as a whole");
}

static bool in_scope(const void *row, const void *ctx)
{
	return scope_holds(ctx, row);
}

void ui_mark_scope(struct ui *u, const struct scope *s)
{
	const struct scope scope = *s;
	struct scope_size n = scope_size(&scope, u->sessions, u->session_count);
	char words[200], size[64];
	struct table *t;

	ui_go_to(u, "sessions");
	if (ui_level(u)->owned) {
		ui_navigate(u, CMD_BACK, NULL);
		ui_follow(u, u->world);
	}
	ui_set_filter(u, ""); /* none of what is marked may be out of sight */
	t = ui_level(u)->table;
	if (t == NULL || strcmp(t->view->name, "sessions") != 0)
		return;
	table_mark_where(t, in_scope, &scope);
	u->chosen = scope;
	scope_words(&scope, words, sizeof(words));
	scope_size_words(n, size, sizeof(size));
	ui_say(u, "marked: %s, %s. An action's key plans it; Esc lets go", words, size);
}

/* Of the rows that are targets now: how many the scope holds, and how many it does not. */
static void count_targets(const struct ui *u, const struct table *t, size_t *in, size_t *out)
{
	const void *row;

	*in = *out = 0;
	for (size_t i = 0; (row = table_target(t, i)) != NULL; i++)
		++*(scope_holds(&u->chosen, row) ? in : out);
}

void ui_name_targets(struct ui *u, char words[200], char name[80])
{
	const struct table *t = ui_level(u)->table;
	size_t in, out, all = 0;

	words[0] = name[0] = '\0';
	if (t == NULL || t->marks == 0)
		return;
	snprintf(words, 200, "%s", t->marks > 1 ? "marked sessions" : "");
	if (u->chosen.kind == SCOPE_NONE || strcmp(t->view->name, "sessions") != 0)
		return;
	count_targets(u, t, &in, &out);
	for (size_t i = 0; i < u->session_count; i++)
		all += scope_holds(&u->chosen, &u->sessions[i]);
	if (out > 0 || in == 0)
		return;
	scope_words(&u->chosen, words, 200);
	if (in == all) {
		scope_name(&u->chosen, name, 80);
	} else {
		char whole[160];

		snprintf(whole, sizeof(whole), "%.159s", words);
		snprintf(words, 200, "some of %s", whole);
	}
}
