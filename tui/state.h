/*
 * state - what the ui remembers between two keys; shared by ui, operate, navigate, find, ask and frame, and by nobody else.
 */
#ifndef PEERDECK_TUI_STATE_H
#define PEERDECK_TUI_STATE_H

#include "tui/act.h"
#include "tui/approve.h"
#include "tui/board.h"
#include "tui/choose.h"
#include "tui/call.h"
#include "tui/compose.h"
#include "tui/decode.h"
#include "tui/inventory.h"
#include "tui/maintenance.h"
#include "tui/prompt.h"
#include "tui/screen.h"
#include "tui/split.h"
#include "tui/table.h"
#include "tui/request.h"

enum { VIEWS_MAX = 32, DEPTH_MAX = 8, TOO_NARROW = 40, TOO_LOW = 8 };

/* One level: a view, and the table that it is looked at through. */
struct level {
	const struct view *view;
	struct table *table; /* NULL for pages */
	bool owned;          /* made by drilling in: filter and cursor go with it */
};

/* What belongs to one part of the screen; most of the ui knows only the part that has the keys. */
#define PART_FIELDS \
	struct table *tables; /* VIEWS_MAX of them, in the order of the views */ \
	struct level levels[DEPTH_MAX]; \
	size_t depth; /* levels[depth - 1] is shown */ \
	struct focus focus; \
	struct page page;    /* of the page view shown */ \
	struct page pane[2]; /* session, contacts */ \
	bool pane_off, pane_focused, pane_shown; \
	int pane_at; /* which of them has the keys while pane_focused */ \
	int page_rows; \
	struct scope chosen; /* what was marked by it; SCOPE_NONE nothing, or only by hand */

struct part {
	PART_FIELDS
};

struct ui {
	struct screen *screen; /* NULL offscreen */
	struct canvas *canvas;
	const struct theme *theme;
	const struct glyphs *glyphs;
	bool mono; /* forced: no colour whatever is asked for */
	char *history;
	struct keymap *keys;
	struct decoder decoder;

	const struct world *world; /* of the call under way */
	struct world_session *sessions;
	size_t session_count;
	uint64_t revision, solid;
	uint64_t turn;   /* counts revisions: a table that rested while the world went on and came back to one is not of it */
	struct pin *pin; /* of `sessions` */
	bool seen_world;

	union { /* the part that has the keys */
		struct part part;
		struct {
			PART_FIELDS
		};
	};
	struct part parts[PARTS_MAX]; /* the others, in their places; parts[part_at] is not used */
	size_t part_count, part_at;
	bool parts_fit; /* all of them are on the screen */
	int shares[PARTS_MAX]; /* of the screen */
	const char *layout[PARTS_MAX]; /* views to begin with */
	size_t layout_count;

	enum plot_style plot;
	unsigned range_s;          /* of plots and of the timeline */
	size_t past_page;          /* of the timeline; while it is not the newest, nothing moves under the reader: */
	int64_t page_until_wall_ms; /* the time ends here; 0 now */
	struct damped *damped;     /* what flapped ... */
	int64_t damped_boot_ms;    /* ... then */

	bool wallboard, only_wallboard; /* nothing but the board is shown; nothing else ever was */
	struct board board;
	int64_t board_boot_ms; /* when it was filled; 0 never */

	struct prompt prompt;
	char former_filter[512]; /* while a filter is typed: what Esc goes back to */
	struct act act;
	struct choose choose;
	struct approve approve;
	struct call_dialogue call;
	struct compose compose;
	struct inventory inventory;
	struct maintenance_dialogue maintenance;
	struct target about; /* of the last REQ_MESSAGE */
	char notice[240]; /* until the next key */
	uint64_t read_notices; /* the world's count of notices when the last key came: that one was on the screen */
	uint64_t said_after;   /* ... when `notice` was said: what the world says later goes before it */
	struct str copied;
	struct ruling_request ruling; /* of the last request for one */
	char ruling_clause[48], ruling_words[300];
	char incident[40], incident_words[4096]; /* of the last request about an incident */
	struct str alert_keys; /* of the last request to acknowledge alerts */
	char sought[200]; /* the words of the last find-network */
	uint64_t *acked; /* of the last request to acknowledge */
	size_t acked_cap;
};

static inline struct level *ui_level(struct ui *u)
{
	return &u->levels[u->depth - 1];
}

struct view_ctx ui_ctx(const struct ui *u);
/* Joins the world's rows anew if it changed, and follows with the table shown. */
void ui_follow(struct ui *u, const struct world *w);
void ui_say(struct ui *u, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void ui_set_theme(struct ui *u, const char *name);

/* navigate.c, find.c: true if the command was theirs. */
bool ui_navigate(struct ui *u, enum command_id id, const char *arg);
void ui_go_to(struct ui *u, const char *view);
bool ui_find(struct ui *u, enum command_id id, const char *arg);
void ui_set_filter(struct ui *u, const char *text);
void ui_search_for(struct ui *u, const char *text);
/* part.c: the parts of the screen. */
void part_init(struct part *p, const struct view *home);
void part_fini(struct part *p);
/* The keys go to part i. */
void part_select(struct ui *u, size_t i);
/* One more, after that with the keys, which it gets; NULL: a view that goes with it. False: why is said. */
bool part_add(struct ui *u, const char *view);
void part_close(struct ui *u);
bool ui_part(struct ui *u, enum command_id id, const char *arg); /* true if the command was its */
/* mark.c: marking the sessions of a scope, and naming what is marked. */
void ui_choose_scope(struct ui *u);
void ui_mark_scope(struct ui *u, const struct scope *s);
/* How the targets of an action that begins now are called: "exchange X", "some of exchange X", "marked sessions", "". */
void ui_name_targets(struct ui *u, char words[200], char name[80]);
/* past.c: ranges and pages of the history. */
void ui_first_page(struct ui *u);
bool ui_past(struct ui *u, enum command_id id, const char *arg);
/* Beyond the last row the next older page comes, before the first the newer one; true: the page was turned. */
bool ui_turn_page(struct ui *u, long rows);
/* incident.c: likewise. */
bool ui_incident(struct ui *u, const struct command *c, const char *arg, struct request *rq);
/* alert.c: likewise. */
bool ui_alerts(struct ui *u, const struct command *c, const char *arg, struct request *rq);
/* ask.c: what app must do goes into rq. */
void ui_ask(struct ui *u, const struct command *c, struct request *rq);
/* ruling.c: waive and attest, with their words; a proposal of the policy. */
void ui_rule(struct ui *u, const struct command *c, const char *arg, struct request *rq);
void ui_propose(struct ui *u, struct request *rq);
/* Asks app to look for networks, and shows what is found. */
/* replaying.c: true if the command is one of a replay. */
bool ui_replay(struct ui *u, const struct command *c, const char *words, struct request *rq);
void ui_replay_words(const struct replay_state *r, char *out, size_t n);
void ui_find_network(struct ui *u, const char *words, struct request *rq);
/* operate.c: carries out a command on what is shown; what app must do goes into rq. */
void ui_operate(struct ui *u, const struct command *c, const char *arg, struct request *rq);
void ui_key(struct ui *u, keycode k, struct request *rq);
void ui_paste(struct ui *u, struct slice raw);
/* frame.c */
void ui_frame(struct ui *u);
/* status.c */
void ui_draw_status(struct ui *u, int y);
void ui_draw_hints(struct ui *u, int y);
size_t ui_routers_up(const struct world *w);

#endif
