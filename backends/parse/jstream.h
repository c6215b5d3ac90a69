/*
 * jstream - JSON read as it comes (its tokens: jlex).
 *
 * Tables of hundreds of neighbors and routes by the hundred thousand are
 * never held as a tree: each scalar is handed over with the path to it, each
 * object and array with its begin and end.  Input is distrusted:
 *   - an answer that does not begin like JSON is the device's own words
 *     (ERR_DEVICE), an empty one or one that ends early is ERR_PARSE;
 *   - depth, key length and size have ceilings (ERR_LIMIT, ERR_PARSE);
 *   - keys may come twice (both are handed over), numbers may come quoted;
 *   - octets that are not UTF-8 pass: text_safe() is what judges them;
 *   - several documents may follow each other (FRR prints one per VRF), each an object or an array: a value
 *     always has a path.
 */
#ifndef PEERDECK_PARSE_JSTREAM_H
#define PEERDECK_PARSE_JSTREAM_H

#include "core/base/err.h"
#include "core/base/str.h"
#include "core/model/driver.h"

#include <stdbool.h>
#include <stdint.h>

enum { JPATH_MAX = 32, JPATH_OCTETS = 4096 };

/* Where we are: key[0] is a key of the outermost object; "[]" stands for a place in an array. */
struct jpath {
	struct slice key[JPATH_MAX];
	size_t depth;
	bool array; /* in `enter`: what begins is an array, not an object */
};

enum jtype { JNULL, JBOOL, JNUMBER, JSTRING };

struct jvalue {
	enum jtype type;
	struct slice text; /* a number as written, a string unescaped, "true", "false", "null" */
};

/* Whole numbers, also quoted ("64500") or written with an empty fraction (1.0); false for anything else. */
bool jvalue_int(const struct jvalue *v, int64_t *n);
bool jvalue_true(const struct jvalue *v); /* true, "true", or a number other than 0 */

/* What the reader of one shape provides; any may be NULL.  Slices live until the call returns. */
struct jstream_ops {
	void (*enter)(void *ctx, const struct jpath *at); /* object or array begins */
	void (*value)(void *ctx, const struct jpath *at, const struct jvalue *v);
	void (*leave)(void *ctx, const struct jpath *at);
	int (*done)(void *ctx, struct err *e); /* all was well-formed: was it what was asked for? */
	void (*free)(void *ctx);               /* at the end in any case */
};

struct jstream;
struct jstream *jstream_new(const struct jstream_ops *ops, void *ctx);
int jstream_feed(struct jstream *js, const char *p, size_t n, struct err *e);
/* Ends and frees; -1 unless the input was complete and `done` was content. */
int jstream_finish(struct jstream *js, struct err *e);
void jstream_free(struct jstream *js); /* broken off */

/* The same as an intake fed from a channel. */
struct intake jstream_intake(const struct jstream_ops *ops, void *ctx);
/* A whole answer at once.  Lines before the first that begins with { or [ are skipped if `lead` (a pasted
 * prompt and command). */
int jstream_whole(const struct jstream_ops *ops, void *ctx, struct slice in, bool lead, struct err *e);

/* A row's fields as a table: the setter of the first field of that name is called. */
struct jfield {
	const char *name;
	size_t len;
	void (*set)(void *row, const struct jvalue *v);
};
#define JFIELD(key, fn) { (key), sizeof(key) - 1, (fn) }
bool jfield_set(const struct jfield *fields, size_t count, struct slice key, void *row,
    const struct jvalue *v);

/* True if the path from `from` on is exactly these keys; "*" stands for any one.  NULL-terminated. */
bool jpath_is(const struct jpath *at, size_t from, const char *const *keys);

#endif
