/* Help: made from the live bindings and the table of commands, so that it cannot be wrong. */
#include "core/base/mem.h"
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

static void add_view_keys(const struct view_ctx *cx, struct page *p)
{
	const struct view *v;

	for (size_t i = 0; (v = view_at(i)) != NULL; i++) {
		struct str keys;

		str_init(&keys, 0);
		if (keymap_keys(cx->keys, command_at(CMD_VIEW), v->name, cx->home, &keys))
			page_field(p, keys.p, ROLE_NORMAL, "%s: %s", v->name, v->about);
		str_fini(&keys);
	}
}

static void add_sort_keys(const struct view_ctx *cx, struct page *p)
{
	const struct binding *b;
	char name[KEY_NAME_LEN];

	for (size_t i = 0; (b = keymap_at(cx->keys, i)) != NULL; i++)
		if (b->command == command_at(CMD_SORT) && keymap_find(cx->keys, b->key, cx->home) == b)
			page_field(p, key_name(b->key, name), ROLE_NORMAL, "sort by %s", b->arg);
}

static void add_command(const struct view_ctx *cx, struct page *p, const struct command *c)
{
	struct str keys;

	str_init(&keys, 0);
	if (!keymap_keys(cx->keys, c, NULL, cx->home, &keys))
		str_addf(&keys, ":%s", c->name);
	page_field(p, keys.p, ROLE_NORMAL, "%s", c->help);
	str_fini(&keys);
}

static void add_columns(const struct view_ctx *cx, struct page *p)
{
	const struct view *v = view_find(cx->home);

	if (v == NULL || v->column_count == 0)
		return;
	page_head(p, "Columns here: sort by them, filter with column:value");
	for (size_t i = 0; i < v->column_count; i++)
		page_field(p, v->columns[i].id, ROLE_NORMAL, "%s", v->columns[i].help);
}

static void add_signs(const struct view_ctx *cx, struct page *p)
{
	page_head(p, "Signs");
	page_field(p, cx->g->up, ROLE_NORMAL, "up");
	page_field(p, cx->g->down, ROLE_NORMAL, "down");
	page_field(p, cx->g->limit, ROLE_NORMAL, "down, max-prefix was passed; routers: host key not accepted");
	page_field(p, cx->g->admin, ROLE_NORMAL, "shut on the router; unexplained: no action of ours did it");
	page_field(p, cx->g->held, ROLE_NORMAL, "suspended or withdrawn with peerdeck, stands in the ledger");
	page_field(p, cx->g->opening, ROLE_NORMAL, "on its way up");
	page_field(p, cx->g->unknown, ROLE_NORMAL, "stale: what it was when last read");
	page_field(p, cx->g->dash, ROLE_NORMAL, "unknown: the router did not say");
}

static void help_page(const struct view_ctx *cx, struct page *p)
{
	p->label_width = 22;
	page_line(p, ROLE_DIM, "Keys as they act in %s. What has no key is typed: %s", cx->home, ":name");
	for (int g = 0; g < GROUP_COUNT; g++) {
		page_head(p, command_group_title((enum command_group)g));
		for (int i = 0; i < CMD_COUNT; i++) {
			const struct command *c = command_at((enum command_id)i);

			if (c->group != (enum command_group)g)
				continue;
			if (c->id == CMD_VIEW)
				add_view_keys(cx, p);
			else if (c->id == CMD_SORT)
				add_sort_keys(cx, p);
			else
				add_command(cx, p, c);
		}
	}
	add_columns(cx, p);
	add_signs(cx, p);
}

const struct view view_help = {
	.name = "help", .title = "Help", .about = "what every key does now",
	.page = help_page,
};
