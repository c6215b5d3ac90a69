/*
 * handover - what the next shift must know, from a time on.
 *
 * Built from the world alone: incidents open and closed, what we hold and until
 * when, actions, calls and who still owes an answer, verdicts that changed,
 * warnings nobody acknowledged, notes, and each session's changes as one line.
 * One structure, printed as text, Markdown or JSON and drawn on the screen.
 */
#ifndef PEERDECK_JUDGE_HANDOVER_H
#define PEERDECK_JUDGE_HANDOVER_H

#include "core/model/world.h"

struct handover_item {
	int64_t wall_ms;     /* 0: not a moment */
	const char *subject; /* session, network, incident id ...; "" none */
	const char *words;
	bool open;           /* somebody must still do something */
};

enum handover_part {
	HANDOVER_INCIDENTS_OPEN,
	HANDOVER_HELD,
	HANDOVER_CALLS_OPEN,  /* escalations without an acknowledgement, or acknowledged and not closed */
	HANDOVER_UNSEEN,      /* warnings that nobody acknowledged */
	HANDOVER_NOTES,
	HANDOVER_INCIDENTS_CLOSED,
	HANDOVER_ACTIONS,
	HANDOVER_CALLS,
	HANDOVER_VERDICTS,
	HANDOVER_CHANGES,
	HANDOVER_PARTS,
};
const char *handover_part_title(enum handover_part p); /* "Incidents still open" */
const char *handover_part_word(enum handover_part p);  /* "incidents_open": in JSON */

struct handover {
	int64_t from_wall_ms, to_wall_ms;
	const char *by;  /* who hands over */
	struct {
		const struct handover_item *items;
		size_t count;
	} parts[HANDOVER_PARTS];
	const char *caveat; /* what it does not know ("events before 03:00 are not known here"); "" none */
	struct arena *arena; /* owns all of it */
};

/* From then to now.  notes: of the journal's lines, those of kind "note".  Never NULL. */
struct handover *handover_new(const struct world *w, int64_t from_wall_ms);
void handover_free(struct handover *h); /* NULL is fine */

void handover_text(const struct handover *h, struct str *out);
void handover_markdown(const struct handover *h, struct str *out);

#endif
