/*
 * jlex - the tokens of JSON (RFC 8259), out of input that comes in pieces.
 *
 * Most of what a full PeeringDB or a router with many neighbors costs us is walking over strings; they are looked at eight octets at
 * a time and handed over where they stand, unless they hold an escape or are cut by the end of a piece.
 */
#ifndef PEERDECK_PARSE_JLEX_H
#define PEERDECK_PARSE_JLEX_H

#include "core/base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum jtoken {
	JTOKEN_MORE,   /* the piece is used up */
	JTOKEN_FAULT,  /* what stands here is no token; `fault` says why */
	JTOKEN_STRING, /* text: unescaped, without its quotes */
	JTOKEN_NUMBER, /* text: as written */
	JTOKEN_TRUE,
	JTOKEN_FALSE,
	JTOKEN_NULL,
	JTOKEN_OPEN,    /* { */
	JTOKEN_CLOSE,   /* } */
	JTOKEN_OPEN_LIST,
	JTOKEN_CLOSE_LIST,
	JTOKEN_COLON,
	JTOKEN_COMMA,
};

struct jlex {
	const char *p, *end; /* what is left of the piece */
	struct str carry;    /* a token that the end of a piece cut; not empty only between two pieces */
	size_t looked;       /* so much of a cut string was looked at */
	bool escaped;        /* and had an escape in it */
	struct str plain;    /* a string without its escapes */
	struct slice text;   /* of the last token; until the next call */
	const char *fault;
};

/* `most`: octets of one token. */
void jlex_init(struct jlex *l, size_t most);
void jlex_fini(struct jlex *l);
/* Gives the next piece; the former one must be used up.  It must live as long as its tokens are taken. */
void jlex_piece(struct jlex *l, const char *p, size_t n);
enum jtoken jlex_next(struct jlex *l);
/* True if the input ended within a token. */
bool jlex_cut(const struct jlex *l);

#endif
