/* Parts of the screen, each with views, selection and filter of its own: made, left, resized. */
#include "tui/state.h"

#include <stdlib.h>
#include <string.h>

enum { SHARE = 100, SHARE_STEP = 15, SHARE_LEAST = 25, SHARE_MOST = 400 };

void part_init(struct part *p, const struct view *home)
{
	*p = (struct part){ .tables = mem_calloc(VIEWS_MAX, sizeof(*p->tables)), .depth = 1 };
	page_init(&p->page);
	page_init(&p->pane[0]);
	page_init(&p->pane[1]);
	for (size_t i = 0; i < VIEWS_MAX && view_at(i) != NULL; i++) {
		table_init(&p->tables[i], view_at(i));
		if (view_at(i) == home)
			p->levels[0] = (struct level){ .view = home, .table = &p->tables[i] };
	}
}

void part_fini(struct part *p)
{
	for (size_t i = 1; i < p->depth; i++)
		if (p->levels[i].owned) {
			table_fini(p->levels[i].table);
			free(p->levels[i].table);
		}
	for (size_t i = 0; p->tables != NULL && i < VIEWS_MAX && view_at(i) != NULL; i++)
		table_fini(&p->tables[i]);
	free(p->tables);
	page_fini(&p->page);
	page_fini(&p->pane[0]);
	page_fini(&p->pane[1]);
	*p = (struct part){ 0 };
}

void part_select(struct ui *u, size_t i)
{
	if (i == u->part_at)
		return;
	u->parts[u->part_at] = u->part;
	u->part = u->parts[i];
	u->part_at = i;
}

static const struct view *home_for(const struct ui *u, const char *name)
{
	static const char *const usual[] = { "events", "sessions", "incidents" };

	if (name != NULL)
		return view_find(name);
	for (size_t k = 0; k < ARRAY_LEN(usual); k++) {
		bool there = strcmp(u->levels[u->depth - 1].view->name, usual[k]) == 0;

		for (size_t i = 0; i < u->part_count; i++)
			there = there || (i != u->part_at && strcmp(u->parts[i].levels[0].view->name, usual[k]) == 0);
		if (!there)
			return view_find(usual[k]);
	}
	return view_at(0);
}

bool part_add(struct ui *u, const char *name)
{
	const struct view *home = home_for(u, name);
	struct rect whole = { 0, 0, canvas_width(u->canvas), canvas_height(u->canvas) - 2 }, places[PARTS_MAX];
	int even[PARTS_MAX] = { 1, 1, 1 };

	if (home == NULL || home->page != NULL || home->of_focus) {
		ui_say(u, "a part of the screen begins with a list: sessions, networks, events, incidents ...");
		return false;
	}
	if (u->part_count == PARTS_MAX || !split_layout(whole, u->part_count + 1, even, places)) {
		ui_say(u, "no room for one more part: %zu %s here", u->part_count, u->part_count == 1 ? "is all that fits" : "parts are all that fit");
		return false;
	}
	u->parts[u->part_at] = u->part;
	memmove(&u->parts[u->part_at + 2], &u->parts[u->part_at + 1], (u->part_count - u->part_at - 1) * sizeof(u->parts[0]));
	memmove(&u->shares[u->part_at + 2], &u->shares[u->part_at + 1], (u->part_count - u->part_at - 1) * sizeof(u->shares[0]));
	u->part_at++;
	u->part_count++;
	if (u->shares[u->part_at] == 0)
		u->shares[u->part_at] = SHARE;
	part_init(&u->part, home);
	return true;
}

/* The keys go to the part before it. */
void part_close(struct ui *u)
{
	size_t at = u->part_at, last = u->part_count - 1;

	if (u->part_count == 1)
		return;
	part_fini(&u->part);
	memmove(&u->parts[at], &u->parts[at + 1], (last - at) * sizeof(u->parts[0]));
	u->part_count--;
	u->part_at = at > 0 ? at - 1 : 0;
	u->part = u->parts[u->part_at];
}

static void swap_with_next(struct ui *u)
{
	size_t at = u->part_at, other = (at + 1) % u->part_count;

	u->parts[at] = u->parts[other];
	u->part_at = other; /* the keys go with it */
}

static void grow(struct ui *u, int by)
{
	int *share = &u->shares[u->part_at];

	*share += by;
	*share = *share < SHARE_LEAST ? SHARE_LEAST : *share > SHARE_MOST ? SHARE_MOST : *share;
}

bool ui_part(struct ui *u, enum command_id id, const char *arg)
{
	if (id == CMD_SPLIT) {
		part_add(u, arg);
		return true;
	}
	if (id != CMD_SPLIT_NEXT && id != CMD_SPLIT_CLOSE && id != CMD_SPLIT_SWAP && id != CMD_SPLIT_GROW && id != CMD_SPLIT_SHRINK)
		return false;
	if (u->part_count == 1)
		ui_say(u, "the screen is not split; split does that");
	else if (id == CMD_SPLIT_NEXT)
		part_select(u, (u->part_at + 1) % u->part_count);
	else if (id == CMD_SPLIT_CLOSE)
		part_close(u);
	else if (id == CMD_SPLIT_SWAP)
		swap_with_next(u);
	else
		grow(u, id == CMD_SPLIT_GROW ? SHARE_STEP : -SHARE_STEP);
	return true;
}
