/*
 * command - everything the operator can ask for, one row each.
 *
 * From this table come the names in keymap files, the help view, the line of
 * hints, the palette's completion and the list in the man page.
 */
#ifndef PEERDECK_TUI_COMMAND_H
#define PEERDECK_TUI_COMMAND_H

#include "core/act/verb.h"
#include "core/base/str.h"

enum command_id {
	CMD_UP, CMD_DOWN, CMD_PAGE_UP, CMD_PAGE_DOWN, CMD_HALF_UP, CMD_HALF_DOWN, CMD_TOP, CMD_BOTTOM,
	CMD_OPEN, CMD_BACK, CMD_CLOSE, CMD_QUIT, CMD_VIEW, CMD_NEXT_PANE, CMD_PANE,
	CMD_RANGE_SHORTER, CMD_RANGE_LONGER, CMD_RANGE,
	CMD_SPLIT, CMD_SPLIT_NEXT, CMD_SPLIT_CLOSE, CMD_SPLIT_SWAP, CMD_SPLIT_GROW, CMD_SPLIT_SHRINK,
	CMD_FILTER, CMD_SEARCH, CMD_SEARCH_NEXT, CMD_SEARCH_PREV,
	CMD_FIND_NETWORK, CMD_SORT, CMD_SORT_NEXT, CMD_SORT_PREV, CMD_SORT_INVERT,
	CMD_MARK, CMD_MARK_ALL, CMD_MARK_CLEAR, CMD_SCOPE, CMD_COPY,
	CMD_SUSPEND, CMD_TERMINATE, CMD_RESUME, CMD_WITHDRAW, CMD_WITHDRAW_PREFIXES, CMD_RESTORE, CMD_GSHUT, CMD_DRAIN,
	CMD_DRAIN_STOP, CMD_ROUTE_REFRESH,
	CMD_UNDO, CMD_APPROVALS,
	CMD_ACTION, CMD_HALT,
	CMD_INCIDENT, CMD_INCIDENT_NOTE, CMD_INCIDENT_NAME, CMD_INCIDENT_ASSIGN, CMD_INCIDENT_MERGE, CMD_INCIDENT_SPLIT,
	CMD_INCIDENT_CLOSE, CMD_HANDOVER_ACK, CMD_NOTE,
	CMD_CALL, CMD_MESSAGE, CMD_MAINTENANCE, CMD_EDIT,
	CMD_READ_ONLY, CMD_ACK, CMD_ACK_ALL, CMD_VERIFY,
	CMD_ALERT_SILENCE, CMD_ALERT_TEST,
	CMD_WAIVE, CMD_ATTEST, CMD_PROPOSAL,
	CMD_REFRESH, CMD_REFRESH_ALL, CMD_REFRESH_PEERS, CMD_SYNC_PEERS, CMD_COLLECT_NOW, CMD_PALETTE, CMD_HELP, CMD_THEME, CMD_WALLBOARD, CMD_REDRAW,
	CMD_STOP,
	CMD_RECORD,
	/* Of a replay only, in the order of their hints. */
	CMD_REPLAY_PAUSE, CMD_REPLAY_NEXT, CMD_REPLAY_PREV, CMD_REPLAY_FASTER, CMD_REPLAY_SLOWER, CMD_REPLAY_JUMP,
	CMD_COUNT,
};

enum command_group { GROUP_MOVE, GROUP_VIEW, GROUP_FIND, GROUP_MARK, GROUP_ACT, GROUP_CONTACT, GROUP_WATCH, GROUP_SCREEN, GROUP_COUNT };

/* What an argument may be; also what the palette completes. */
enum command_arg { ARG_NONE, ARG_MAY_VIEW /* or none */, ARG_VIEW, ARG_COLUMN, ARG_THEME, ARG_WORDS };

struct command {
	enum command_id id;
	const char *name;
	enum command_group group;
	enum command_arg arg;
	const char *help;  /* one line */
	const char *hint;  /* one word for the line of hints, NULL: not there */
	enum verb verb;    /* for GROUP_ACT: what is planned; VERB_COUNT else */
};

const struct command *command_at(enum command_id id);
const struct command *command_find(const char *name); /* NULL if unknown */
const char *command_group_title(enum command_group g);
/* A key may carry a view or a column: never words of the operator, which could reach a router. */
bool command_key_may_carry(const struct command *c);

#endif
