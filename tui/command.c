/* The table of commands; see command.h. */
#include "tui/command.h"
#include "core/base/mem.h"

#include <string.h>

#define ROW(ID, NAME, GROUP, ARG, HINT, HELP) \
	[ID] = { .id = ID, .name = NAME, .group = GROUP, .arg = ARG, .hint = HINT, .help = HELP, .verb = VERB_COUNT }
#define ACT(ID, NAME, VERB, HINT, HELP) \
	[ID] = { .id = ID, .name = NAME, .group = GROUP_ACT, .arg = ARG_NONE, .hint = HINT, .help = HELP, .verb = VERB }

static const struct command commands[CMD_COUNT] = {
	ROW(CMD_UP, "up", GROUP_MOVE, ARG_NONE, NULL, "one row up"),
	ROW(CMD_DOWN, "down", GROUP_MOVE, ARG_NONE, NULL, "one row down"),
	ROW(CMD_PAGE_UP, "page-up", GROUP_MOVE, ARG_NONE, NULL, "one screen up"),
	ROW(CMD_PAGE_DOWN, "page-down", GROUP_MOVE, ARG_NONE, NULL, "one screen down"),
	ROW(CMD_HALF_UP, "half-up", GROUP_MOVE, ARG_NONE, NULL, "half a screen up"),
	ROW(CMD_HALF_DOWN, "half-down", GROUP_MOVE, ARG_NONE, NULL, "half a screen down"),
	ROW(CMD_TOP, "top", GROUP_MOVE, ARG_NONE, NULL, "the first row"),
	ROW(CMD_BOTTOM, "bottom", GROUP_MOVE, ARG_NONE, NULL, "the last row"),

	ROW(CMD_OPEN, "open", GROUP_VIEW, ARG_NONE, "open", "go into what is under the cursor"),
	ROW(CMD_BACK, "back", GROUP_VIEW, ARG_NONE, NULL, "out one level: search, marks, filter, view"),
	ROW(CMD_CLOSE, "close", GROUP_VIEW, ARG_NONE, NULL, "close this view; at home, this part of a split screen, or ask to leave"),
	ROW(CMD_QUIT, "quit", GROUP_VIEW, ARG_NONE, NULL, "leave peerdeck, after asking"),
	ROW(CMD_VIEW, "view", GROUP_VIEW, ARG_VIEW, NULL, "go to a view by its name"),
	ROW(CMD_NEXT_PANE, "next-pane", GROUP_VIEW, ARG_NONE, NULL, "the keys go to the next pane, or part of a split screen"),
	ROW(CMD_PANE, "pane", GROUP_VIEW, ARG_NONE, NULL, "show or hide the detail pane"),
	ROW(CMD_SPLIT, "split", GROUP_VIEW, ARG_MAY_VIEW, NULL, "split the screen: one more list, with a selection and a filter of its own"),
	ROW(CMD_SPLIT_NEXT, "split-next", GROUP_VIEW, ARG_NONE, NULL, "the keys go to the next part of a split screen"),
	ROW(CMD_SPLIT_CLOSE, "split-close", GROUP_VIEW, ARG_NONE, NULL, "close this part of a split screen"),
	ROW(CMD_SPLIT_SWAP, "split-swap", GROUP_VIEW, ARG_NONE, NULL, "change places with the next part of a split screen"),
	ROW(CMD_SPLIT_GROW, "split-grow", GROUP_VIEW, ARG_NONE, NULL, "more room for this part of a split screen"),
	ROW(CMD_SPLIT_SHRINK, "split-shrink", GROUP_VIEW, ARG_NONE, NULL, "less room for this part of a split screen"),

	ROW(CMD_RANGE_SHORTER, "range-shorter", GROUP_VIEW, ARG_NONE, "shorter", "plot and timeline: a shorter time: week, day, hour"),
	ROW(CMD_RANGE_LONGER, "range-longer", GROUP_VIEW, ARG_NONE, "longer", "plot and timeline: a longer time: hour, day, week"),
	ROW(CMD_RANGE, "range", GROUP_VIEW, ARG_WORDS, NULL, "plot and timeline: this time: hour, day or week"),

	ROW(CMD_FILTER, "filter", GROUP_FIND, ARG_WORDS, "filter",
	    "show rows that match: regex, !inverted, column:value as asn:13335"),
	ROW(CMD_SEARCH, "search", GROUP_FIND, ARG_WORDS, NULL, "jump to rows that match a regular expression"),
	ROW(CMD_SEARCH_NEXT, "search-next", GROUP_FIND, ARG_NONE, NULL, "the next row that matches"),
	ROW(CMD_SEARCH_PREV, "search-prev", GROUP_FIND, ARG_NONE, NULL, "the row before that matches"),
	ROW(CMD_FIND_NETWORK, "find-network", GROUP_FIND, ARG_WORDS, NULL,
	    "find any network: AS number, name, address, ix:NAME, AS macro"),
	ROW(CMD_SORT, "sort", GROUP_FIND, ARG_COLUMN, NULL, "sort by a column; again: invert"),
	ROW(CMD_SORT_NEXT, "sort-next", GROUP_FIND, ARG_NONE, "sort", "sort by the next column"),
	ROW(CMD_SORT_PREV, "sort-prev", GROUP_FIND, ARG_NONE, NULL, "sort by the column before"),
	ROW(CMD_SORT_INVERT, "sort-invert", GROUP_FIND, ARG_NONE, NULL, "turn the order round"),

	ROW(CMD_MARK, "mark", GROUP_MARK, ARG_NONE, "mark", "mark or unmark this row; actions then work on the marks"),
	ROW(CMD_MARK_ALL, "mark-all", GROUP_MARK, ARG_NONE, NULL, "mark all rows that are shown"),
	ROW(CMD_MARK_CLEAR, "mark-clear", GROUP_MARK, ARG_NONE, NULL, "forget all marks"),
	ROW(CMD_SCOPE, "scope", GROUP_MARK, ARG_NONE, "scope",
	    "mark all sessions of this network, exchange, router or peer group"),
	ROW(CMD_COPY, "copy", GROUP_MARK, ARG_NONE, NULL, "put the marked rows or this row on the clipboard (OSC 52)"),

	ACT(CMD_SUSPEND, "suspend", VERB_SUSPEND, "suspend", "plan to shut sessions administratively"),
	ACT(CMD_TERMINATE, "terminate", VERB_SUSPEND, NULL, "plan to shut sessions for good: nobody is reminded of them"),
	ACT(CMD_RESUME, "resume", VERB_RESUME, "resume", "plan to open what was suspended"),
	ACT(CMD_WITHDRAW, "withdraw", VERB_WITHDRAW, "withdraw", "plan to advertise nothing; sessions stay up"),
	ACT(CMD_WITHDRAW_PREFIXES, "withdraw-prefixes", VERB_WITHDRAW_PREFIXES, NULL,
	    "plan to advertise chosen prefixes no longer; the others stay"),
	ACT(CMD_RESTORE, "restore", VERB_RESTORE, "restore", "plan to advertise again exactly what was, after withdraw or gshut"),
	ACT(CMD_GSHUT, "gshut", VERB_GSHUT, NULL, "plan to mark routes for graceful shutdown (RFC 8326): traffic drains"),
	ACT(CMD_DRAIN, "drain", VERB_GSHUT, NULL, "plan a graceful shutdown, a wait for time or traffic, then a suspend"),
	ACT(CMD_DRAIN_STOP, "drain-stop", VERB_COUNT, NULL, "end the waits of drains: nothing is shut, the graceful shutdown stays"),
	ACT(CMD_ROUTE_REFRESH, "route-refresh", VERB_REFRESH, NULL, "plan to ask peers for their routes again, without a reset"),
	ACT(CMD_UNDO, "undo", VERB_COUNT, NULL, "plan to take back your last action, with its whole batch"),
	ACT(CMD_APPROVALS, "approvals", VERB_COUNT, NULL, "plans of others that wait for a second person"),
	ACT(CMD_ACTION, "action", VERB_COUNT, NULL, "show the action under way again"),
	ACT(CMD_HALT, "halt", VERB_COUNT, NULL, "begin no further session of the action under way"),

	ROW(CMD_CALL, "call", GROUP_CONTACT, ARG_NONE, "call", "note a call, a mail or an acknowledgement: one key each"),
	ROW(CMD_MESSAGE, "message", GROUP_CONTACT, ARG_NONE, "message", "compose a mail from what is seen, and show it"),
	ROW(CMD_MAINTENANCE, "maintenance", GROUP_CONTACT, ARG_NONE, NULL,
	    "a mail to every network of an exchange, a router or a facility"),
	ROW(CMD_EDIT, "edit", GROUP_CONTACT, ARG_NONE, NULL,
	    "edit our notes on this network; on the ladder: the contact under the cursor"),

	ROW(CMD_WAIVE, "waive", GROUP_WATCH, ARG_WORDS, NULL, "policy view: take this failure as it is: waive 2027-03-31 REASON"),
	ROW(CMD_ATTEST, "attest", GROUP_WATCH, ARG_WORDS, NULL, "policy view: a person's word: attest met|not-met 2027-03-31 HOW IT WAS FOUND OUT"),
	ROW(CMD_PROPOSAL, "proposal", GROUP_WATCH, ARG_NONE, NULL, "make the plan that a failed clause of the policy proposes for this network"),
	ROW(CMD_HANDOVER_ACK, "handover-ack", GROUP_WATCH, ARG_NONE, NULL, "the next shift has read the handover"),
	ROW(CMD_NOTE, "note", GROUP_WATCH, ARG_WORDS, NULL, "note something for the next shift"),
	ROW(CMD_INCIDENT, "incident", GROUP_WATCH, ARG_NONE, NULL, "go to the incident that this session is in"),
	ROW(CMD_INCIDENT_NOTE, "incident-note", GROUP_WATCH, ARG_WORDS, NULL, "note something on this incident"),
	ROW(CMD_INCIDENT_NAME, "incident-name", GROUP_WATCH, ARG_WORDS, NULL, "give this incident a name"),
	ROW(CMD_INCIDENT_ASSIGN, "incident-assign", GROUP_WATCH, ARG_WORDS, NULL, "say who works on this incident"),
	ROW(CMD_INCIDENT_MERGE, "incident-merge", GROUP_WATCH, ARG_WORDS, NULL,
	    "put this incident into another: a part of its id, name or subject"),
	ROW(CMD_INCIDENT_SPLIT, "incident-split", GROUP_WATCH, ARG_WORDS, NULL,
	    "part sessions from this incident: by neighbor, router, AS or name"),
	ROW(CMD_INCIDENT_CLOSE, "incident-close", GROUP_WATCH, ARG_WORDS, NULL, "close this incident, saying why"),
	ROW(CMD_ALERT_SILENCE, "alert-silence", GROUP_WATCH, ARG_WORDS, NULL,
	    "tell nothing of this alert, or the marked ones, for a while: alert-silence 2h WHY"),
	ROW(CMD_ALERT_TEST, "alert-test", GROUP_WATCH, ARG_WORDS, NULL, "send a test notice through an output of alerts, named as configured"),
	ROW(CMD_READ_ONLY, "read-only", GROUP_WATCH, ARG_NONE, NULL, "switch read-only on or off"),
	ROW(CMD_ACK, "ack", GROUP_WATCH, ARG_NONE, NULL, "acknowledge this event or alert, the marked ones, or this incident"),
	ROW(CMD_ACK_ALL, "ack-all", GROUP_WATCH, ARG_NONE, NULL, "acknowledge every event"),
	ROW(CMD_VERIFY, "verify", GROUP_WATCH, ARG_NONE, NULL, "check the journal's chain from end to end"),
	ROW(CMD_REFRESH, "refresh", GROUP_WATCH, ARG_NONE, "refresh", "read the router of this row now"),
	ROW(CMD_REFRESH_ALL, "refresh-all", GROUP_WATCH, ARG_NONE, NULL, "read all routers now"),
	ROW(CMD_SYNC_PEERS, "sync-peers", GROUP_WATCH, ARG_NONE, NULL, "read all of PeeringDB, or what changed in it, meanwhile"),
	ROW(CMD_COLLECT_NOW, "collect-now", GROUP_WATCH, ARG_NONE, NULL, "read the prefixes, pings and ports of this network now"),
	ROW(CMD_REFRESH_PEERS, "refresh-peers", GROUP_WATCH, ARG_NONE, NULL, "ask PeeringDB again about this network"),

	ROW(CMD_PALETTE, "palette", GROUP_SCREEN, ARG_NONE, "command", "type a command; Tab completes, Up recalls"),
	ROW(CMD_HELP, "help", GROUP_SCREEN, ARG_NONE, "help", "what every key does now"),
	ROW(CMD_THEME, "theme", GROUP_SCREEN, ARG_THEME, NULL, "change the colours"),
	ROW(CMD_WALLBOARD, "wallboard", GROUP_SCREEN, ARG_NONE, NULL, "totals and what is wrong for a big screen; q goes back"),
	ROW(CMD_REDRAW, "redraw", GROUP_SCREEN, ARG_NONE, NULL, "draw the whole screen again"),
	ROW(CMD_RECORD, "record", GROUP_WATCH, ARG_NONE, NULL, "keep what is heard from the routers, for a replay; again: no longer"),
	ROW(CMD_REPLAY_PAUSE, "replay-pause", GROUP_WATCH, ARG_NONE, "pause/run", "replay: let time stand, or run again"),
	ROW(CMD_REPLAY_FASTER, "replay-faster", GROUP_WATCH, ARG_NONE, "faster", "replay: twice as fast"),
	ROW(CMD_REPLAY_SLOWER, "replay-slower", GROUP_WATCH, ARG_NONE, "slower", "replay: half as fast"),
	ROW(CMD_REPLAY_NEXT, "replay-next", GROUP_WATCH, ARG_NONE, "next event", "replay: go on to the next event, and stand there"),
	ROW(CMD_REPLAY_PREV, "replay-prev", GROUP_WATCH, ARG_NONE, "back", "replay: back to the event before, and stand there"),
	ROW(CMD_REPLAY_JUMP, "replay-jump", GROUP_WATCH, ARG_WORDS, "time", "replay: go to a time: 03:12:45, +5m, -90s, 2026-11-20T03:12Z"),
	ROW(CMD_STOP, "stop", GROUP_SCREEN, ARG_NONE, NULL, "stop peerdeck and go to the shell (fg comes back)"),
};

const struct command *command_at(enum command_id id)
{
	return &commands[id];
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < CMD_COUNT; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

const char *command_group_title(enum command_group g)
{
	static const char *const titles[GROUP_COUNT] = {
		[GROUP_MOVE] = "Moving", [GROUP_VIEW] = "Views", [GROUP_FIND] = "Filter, search, sort",
		[GROUP_MARK] = "Marks", [GROUP_ACT] = "Actions", [GROUP_CONTACT] = "Calling", [GROUP_WATCH] = "Watching",
		[GROUP_SCREEN] = "Screen",
	};

	return titles[g];
}

bool command_key_may_carry(const struct command *c)
{
	return c->arg == ARG_VIEW || c->arg == ARG_MAY_VIEW || c->arg == ARG_COLUMN;
}
