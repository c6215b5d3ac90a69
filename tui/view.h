/*
 * view - what a view is: a table declared as data, or a page of words.
 *
 * A view holds no state.  It says how its rows come out of the frozen world,
 * what names a row (so that cursor and marks stay on the thing itself), what
 * a row stands for (a session, a network, a router, an event) and where Enter
 * leads.  Everything else is done by table, page and ui.
 */
#ifndef PEERDECK_TUI_VIEW_H
#define PEERDECK_TUI_VIEW_H

#include "core/judge/damp.h"
#include "core/judge/ladder.h"
#include "core/model/pin.h"
#include "core/model/world.h"
#include "tui/column.h"
#include "tui/keymap.h"
#include "tui/page.h"
#include "tui/plot.h"


/* What a row, or the selection as a whole, stands for.  Copies: they outlive a snapshot. */
struct focus {
	char router[80], vrf[80], neighbor[80]; /* "" none */
	enum afi_safi family;
	asn_t asn;
	uint64_t event_id; /* 0 none */
	uint64_t event_first; /* of the oldest in this line; a session that flaps has more than one */
	char clause[48];   /* of the policy; "" none */
	char incident[24]; /* id, "" none */
};

struct view_ctx {
	const struct world *w;
	const struct world_session *sessions; /* all of them, in the routers' order */
	size_t session_count;
	const struct glyphs *g;
	const struct keymap *keys;
	const struct focus *focus; /* of the list that was last moved in */
	const char *home;          /* help: the view it was called from */
	struct pin *pin;           /* keeps what `sessions` point to; NULL: nothing does */
	uint64_t solid;            /* pin_solid of the world */
	enum plot_style plot;
	unsigned range_s;          /* of plots and of the timeline */
	bool older_page;           /* the timeline shows an older page than the newest */
	const struct damped *damped; /* what flaps now; may be NULL */
};

struct view {
	const char *name, *title;
	const char *about; /* one line for the help view */
	/* A table: */
	const struct column *columns;
	size_t column_count;
	size_t row_size;
	const char *sort; /* column sorted by at first; NULL: as the rows come */
	/* Fills *out with rows (free with free()). */
	size_t (*rows)(const struct view_ctx *cx, void **out);
	void (*key)(const void *row, struct str *out); /* names the row, whatever its data */
	void (*focus)(const void *row, struct focus *out); /* fields that do not apply stay empty */
	bool (*is_stale)(const void *row); /* NULL never */
	bool (*is_down)(const void *row);  /* for the count in the title; NULL: not counted */
	bool (*is_shut)(const void *row);  /* down by intention, counted apart; NULL: not counted */
	/* All words of the selected row, shown under the list where its cells are cut; NULL none. */
	void (*aside)(const struct view_ctx *cx, const void *row, struct page *p);
	/* Lines over the list, NULL none. */
	void (*head)(const struct view_ctx *cx, struct page *p);
	const char *empty; /* what to say when there is no row at all */
	/* Drawn over a page or a list; returns the rows that it took, r.h at most. NULL none. */
	int (*draw)(const struct view_ctx *cx, struct canvas *c, struct rect r);
	bool of_past; /* shows the history: range and pages of it are switched here */
	/* Or a page: */
	void (*page)(const struct view_ctx *cx, struct page *p);
	/* Where Enter leads, with a filter for it in *filter; NULL nowhere. */
	const char *(*open)(const void *row, struct str *filter);
	enum command_id enter; /* what Enter does where `open` is NULL; CMD_UP: nothing */
	bool of_focus; /* a list about the selection of another: it comes on top of that, and has no selection of its own */
	bool paned; /* shows detail and contacts of the selection where there is room */
	bool acts;  /* its rows are sessions: actions work here */
	bool pinned; /* its rows are copies of cx->sessions, and point to nothing but what a pin keeps and the ledger */
};

extern const struct keymap_names view_keymap_names;
extern const struct view view_presence, view_found;
extern const struct view view_sessions, view_networks, view_prefixes, view_contacts, view_routers,
    view_events, view_journal, view_held, view_help, view_detail,
    view_policy, view_matrix, view_clause, view_mirror, view_incidents, view_incident, view_handover, view_collectors, view_alerts,
    view_plot, view_timeline;

const struct view *view_find(const char *name); /* NULL if unknown */
const struct view *view_at(size_t i);           /* NULL past the end; 0 is home */
void view_names(struct str *out);               /* "sessions, networks, ..." */
/* view NULL: in any. */
bool view_has_column(const char *view, const char *column);

/* The session in focus, NULL if it is gone. */
const struct world_session *view_focus_session(const struct view_ctx *cx);
const struct world_router *view_focus_router(const struct view_ctx *cx);
/* Detail and contacts as pages, also for the panes. */
void page_of_session(const struct view_ctx *cx, struct page *p);
void page_of_contacts(const struct view_ctx *cx, struct page *p);

/* The ladder of the network in focus, over the exchange of the session in focus where there is one. */
/* The open incident that the selection is, or is in; NULL none. */
struct incident;
const struct incident *view_focus_incident(const struct view_ctx *cx);
/* The selection is an incident of many networks: its place, whose ladder view_ladder then gives.  False otherwise. */
struct venue;
bool view_venue(const struct view_ctx *cx, struct venue *out);
/* What was tried about the selection's network, and its incident; NULL nothing that is still open. */
const struct escalation *view_escalation(const struct view_ctx *cx);
void view_ladder(const struct view_ctx *cx, struct arena *a, struct ladder *out);
/* What a row of the ladder view stands for: its number (1 the first) and its rung, whose texts live as long as the world. */
bool view_ladder_row(const void *row, size_t *number, struct rung *out);

/* --- the policy --- */
struct clause;
struct verdict;
enum role verdict_role(const struct verdict *v);
const char *verdict_glyph(const struct verdict *v, const struct glyphs *g);
/* The clause behind a row of the policy view; NULL none. */
const struct clause *view_policy_row(const void *row);
/* A badge for a list of sessions: "!3" clauses not met, "?5" not known, "ok"; nothing when not judged. */
void verdict_badge(const struct view_ctx *cx, asn_t asn, struct field *out);

/* --- the past --- */
/* "last hour", "last day", "last week". */
const char *range_words(unsigned range_s);
/* The session's flapping, NULL if it does not flap now. */
const struct damp_line *flaps_of(const struct view_ctx *cx, const struct world_session *r);
/* Lines about the last hour of the session in focus: a line of each counter, what happened. */
void add_past(const struct view_ctx *cx, const struct world_session *r, struct page *p);

/* --- words that several views share --- */
/* "-" for unknown, else exact up to 99999 (whole thousands as "20k") and then "190k", "1.02M". */
const char *count_words(count_t n, const struct glyphs *g, char out[24]);
const char *network_name(const struct peer *p); /* "" unknown */
const char *family_word(enum afi_safi af);      /* "ipv4", "ipv6", else the whole word; "?" unknown */
/* The state as shown: glyph, words and role; says "stale" and "suspended by us". width 0: for filters, with
 * "down" in it whenever it is down. */
void state_field(const struct view_ctx *cx, const struct world_session *r, int width, struct field *out);
/* Why it is down, in one sentence with the NOTIFICATION's code, name and direction and the peer's text; nothing when up. */
void why_down_words(const struct world_session *r, struct str *out);
/* The number to call first, else why there is none and the exchange's. */
void first_call_words(const struct view_ctx *cx, const struct world_session *r, struct str *out);
/* Why there is no contact: not in PeeringDB, key needed, none published, not asked. */
void no_contact_words(const struct view_ctx *cx, asn_t asn, const struct peer *p, struct str *out);
/* For sorting: what needs eyes first. */
int64_t state_rank(const struct view_ctx *cx, const struct world_session *r);
/* "received 6/2 Cease: administrative shutdown" or ""; the peer's own text in front where there is one. */
void last_error_words(const struct session *s, char *out, size_t n);
/* What stands between two sessions and a fresh look: "stale 4m", "12s", "never". */
void age_field(const struct view_ctx *cx, const struct world_router *r, int width, struct field *out);
count_t limit_count(const struct session *s); /* received, else accepted, else unknown */
/* "12:04:31", with the date before it when it is not today (UTC). */
void time_words(int64_t wall_ms, int64_t now_wall_ms, char *out, size_t n);

#endif
