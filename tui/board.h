/*
 * board - the wallboard: for a big screen that nobody types at.
 *
 * Totals by state, and under them everything that is wrong, worst first: pages of it take turns where it does not fit.
 * What a stale router last said counts as unknown, and that data are old is said across the whole screen.
 *
 * A board holds no pointer into the world: it is filled, and drawn as often as wanted.
 */
#ifndef PEERDECK_TUI_BOARD_H
#define PEERDECK_TUI_BOARD_H

#include "tui/canvas.h"
#include "tui/view.h"

enum { BOARD_PAGE_S = 10 }; /* a page stays so long */

struct board_line {
	enum role role;
	int64_t since_s; /* -1 unknown */
	const char *what, *where, *why; /* never NULL */
};

struct board {
	struct arena *arena;
	struct board_line *lines; /* worst first */
	size_t count, cap, left_out; /* sessions that are down and have no line */
	size_t up, down, shut, unknown;
	size_t incidents, fresh_incidents, alerts, held, overdue, routers, routers_read; /* read: reached, and their data fresh */
	bool any_read, has_incidents, has_alerts; /* else a number would be a lie */
	char old[160]; /* which data are old; "" none */
	bool all_old;
};

void board_init(struct board *b);
void board_fini(struct board *b);
void board_fill(struct board *b, const struct view_ctx *cx);
/* leave: how the wallboard is left, for the last line. */
void board_draw(const struct board *b, const struct view_ctx *cx, struct canvas *c, const char *leave);

#endif
