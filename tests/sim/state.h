/*
 * state - what a simulated router knows: neighbors, policies, lists.
 *
 * Everything is a record of a kind with named fields, so that a script can
 * give each OS the fields it speaks of.  The machine itself knows a few of a
 * `neighbor`: admin (up, down), target (the state that it reaches while it is
 * up), routes_in, routes_kept, routes_out, slots (the names of fields that
 * hold names of policies which may deny everything), changed_ms; and of a
 * `policy`: name, denies (yes, no), active (no: skipped).
 */
#ifndef SIM_STATE_H
#define SIM_STATE_H

#include "core/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct field {
	char *name, *value;
};
struct record {
	char *kind;
	struct field *fields;
	size_t count, cap;
};
struct state {
	struct record *records;
	size_t count, cap;
	bool undefined_denies; /* what a policy does that is named but does not exist */
	bool none_denies;      /* what an empty slot does (eBGP without policy on IOS XR) */
	int64_t delay_ms;      /* from "admin up" to the target state */
};

/* "" when there is no such field. */
const char *record_get(const struct record *r, const char *name);
void record_set(struct record *r, const char *name, const char *value);
struct record *state_add(struct state *s, const char *kind);
void state_remove(struct state *s, struct record *r);
struct record *state_find(const struct state *s, const char *kind, const char *name, const char *value);
struct state *state_copy(const struct state *s);
void state_free(struct state *s);

/* One line "KIND field=value field="two words" ..."; blank and # lines are nothing.  False: not understood. */
bool state_read_line(struct state *s, const char *line);
void state_print(const struct state *s, struct str *out);

/* What a neighbor's fields come to at this moment: state, received, accepted, advertised, since_s; else its field. */
const char *state_value(const struct record *r, const struct state *s, const char *name, int64_t now_ms,
    char buf[32]);
/* A neighbor was opened or shut: its session begins anew. */
void state_reset(const struct state *s, struct record *r, int64_t now_ms);
/* Works out anew what a neighbor is denied by its policies: at once, or on a soft refresh. */
void state_refresh(const struct state *s, struct record *r);

#endif
