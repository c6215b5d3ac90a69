/*
 * render - templates of a script, filled from the state.
 *
 *     |words {name} {name:-15} {name:8} {name/form}     a line; numbers pad as printf does; forms: see render.c
 *     +words                                             a line without its end
 *     @for KIND [COND ...] ... @end                      for every record that fits; {,} is a comma but after the last
 *     @if COND ... / @else / @end
 *     @count NAME KIND [COND ...]                        how many fit, as a variable
 *     @include TEMPLATE
 *
 * A name is a field of the record that a @for stands on, else a variable.  A condition is NAME=WORDS or NAME!=WORDS,
 * WORDS being filled in before the record is looked at; all conditions of a line must hold.  Braces that hold
 * anything else than a name stand for themselves, so that JSON can be written as it is.
 */
#ifndef SIM_RENDER_H
#define SIM_RENDER_H

#include "tests/sim/script.h"

struct scene {
	const struct script *script;
	const struct state *state;
	struct record *vars;
	const struct record *on; /* the record of the innermost @for; NULL none */
	int64_t now_ms;
	bool last; /* `on` is the last one */
};

void render_text(const struct scene *s, const char *text, struct str *out);
void render_template(const struct scene *s, const char *name, struct str *out);
/* Whether a record fits conditions (words from the `from`th on). */
bool render_fits(const struct scene *s, const struct record *r, const struct words *conds, size_t from);

#endif
