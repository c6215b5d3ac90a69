/*
 * text - words from outside, made safe where they enter.
 *
 * Descriptions, RFC 9003 messages, PeeringDB names, banners and library
 * errors come from people we do not know.  `struct text` is the only type
 * that drawing, logs and output accept for them; only text_safe() makes one.
 *
 * Guarantees of a text: valid UTF-8 (bad octets become U+FFFD); no C0, C1,
 * DEL (shown as U+2400.. pictures, line ends and tabs as one blank); no bidi
 * or zero-width controls (shown as "<U+202E>"); at most two combining marks
 * on one base.  NUL-terminated, never NULL.
 */
#ifndef PEERDECK_BASE_TEXT_H
#define PEERDECK_BASE_TEXT_H

#include "core/base/mem.h"
#include "core/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	const char *s; /* NULL only in a zeroed struct: unknown */
};

/* The longest text kept, in octets of input; what is longer is cut with an ellipsis. */
#define TEXT_MAX 2048

/* A safe copy of `in`, owned by the arena. */
struct text text_safe(struct arena *a, struct slice in);
/* The same for the texts of one row: what is empty stays as it is in `out`. */
void text_safe_row(struct arena *a, const struct slice *in, struct text *out, size_t n);
struct text text_safez(struct arena *a, const char *in); /* NULL gives the unknown text */
/* Appends the safe form of `in` to out. */
void text_append(struct str *out, struct slice in);
/* For our own words only: string literals. */
#define TEXT_LIT(lit) ((struct text){ "" lit })

bool text_known(struct text t);
bool text_empty(struct text t); /* unknown or "" */
const char *text_or(struct text t, const char *otherwise);
bool text_same(struct text a, struct text b); /* unknown equals only unknown */

/* One UTF-8 code point at the start of s: octets taken, 0 when s is empty or does not begin with a valid one. */
size_t text_decode(struct slice s, uint32_t *cp);
/* The octets of a code point, 0 if it is none; not NUL-terminated. */
size_t text_encode(uint32_t cp, char out[4]);

/* Cells that a valid UTF-8 string takes on a terminal (0 for combining marks, 2 for wide). */
int text_width(const char *s);
/* Octets of the longest prefix of s that fits into `cells`; *used gets its width (may be NULL). */
size_t text_fit(const char *s, int cells, int *used);

#endif
