/*
 * irr_wire - one connection to a server of routing registries: IRRd's whois protocol, framed.
 *
 * Queries are queued and sent while answers are read, so that thousands of them are under way at once and neither side
 * waits for the other.  An answer is one of (IRRd documentation, "Whois queries"):
 *
 *	A<octets>\n<data>\nC\n     data; the length counts its last line end
 *	C\n                        done, nothing to say
 *	D\n                        no such key
 *	E\n                        several of this key
 *	F <words>\n                an error
 *
 * What is not framed so is ERR_PARSE: half an answer must not pass for a whole one.
 */
#ifndef PEERDECK_SOURCES_IRR_WIRE_H
#define PEERDECK_SOURCES_IRR_WIRE_H

#include "core/base/err.h"
#include "core/base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct irr_wire;

/* Connects; timeout_s: the longest silence.  cancel_fd: readable when to give up, or -1. */
struct irr_wire *irr_wire_open(const char *host, unsigned port, unsigned timeout_s, int cancel_fd, struct err *e);
/* Over a descriptor that is connected already (tests, fuzzing); takes fd over. */
struct irr_wire *irr_wire_over(int fd, unsigned timeout_s, int cancel_fd);
void irr_wire_close(struct irr_wire *w); /* NULL is fine */

/* Queues one query; a line end is added. */
void irr_wire_query(struct irr_wire *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
size_t irr_wire_queued(const struct irr_wire *w); /* octets not sent yet */

enum irr_answer { IRR_DATA, IRR_DONE, IRR_NO_KEY, IRR_SEVERAL, IRR_ERROR };
/* The next answer, in the order of the queries.  Each word of its data goes to `word` (may be NULL) as it comes; -1 from
 * it ends with its error.  ERR_TIMEOUT, ERR_NET, ERR_PARSE, ERR_LIMIT, ERR_CANCELLED: the connection is of no more use.
 * IRR_ERROR: *words (may be NULL) gets the server's own. */
int irr_wire_answer(struct irr_wire *w, int (*word)(void *ctx, struct slice word, struct err *e), void *ctx,
    enum irr_answer *answer, char words[200], struct err *e);

#endif
