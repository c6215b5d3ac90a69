/*
 * rulings - what people ruled about policies, and what was judged before: waivers, attestations and verdicts of the
 * journal.
 *
 * The one place where these facts of the journal are read and written.  The newest ruling of a network about a clause
 * takes the place of the older ones; one that has expired is no ruling.  What changes verdicts is written by a thread
 * of its own, because a disk may take its time and the screen must not.
 */
#ifndef PEERDECK_APP_RULINGS_H
#define PEERDECK_APP_RULINGS_H

#include "core/act/journal.h"
#include "core/judge/verdict_book.h"

struct rulings;

struct rulings *rulings_open(const char *journal_path);
void rulings_close(struct rulings *r); /* NULL is fine; what is still to be written is written first */
/* Reads what was appended; with a book, verdicts of the journal go into it (once each).  True if anything is new. */
bool rulings_refresh(struct rulings *r, struct verdict_book *b);
/* Puts those of ev->asn in. */
void rulings_into(const struct rulings *r, struct evidence *ev);

struct ruling {
	asn_t asn;
	const char *subject; /* clause id or check name */
	const char *words;   /* reason of a waiver, what was found out for an attestation: not empty */
	const char *ticket;  /* NULL none */
	bool waiver;         /* else an attestation: */
	bool holds;
	int64_t expires_wall_ms;
};
/* Durable when it returns 0. */
int rulings_write(struct journal *j, const struct ruling *r, struct err *e);
/* Visits those that hold now, oldest first. */
void rulings_each(const struct rulings *r, void (*visit)(void *ctx, const struct ruling *one, const char *who, int64_t wall_ms), void *ctx);

/* How often the clause (NULL: any) acted automatically since then, about this network (ASN_UNKNOWN: any). */
unsigned rulings_automatic(const struct rulings *r, const char *clause, asn_t asn, int64_t since_wall_ms);

/* --- verdicts, written behind --- */
struct fact_writer;
struct fact_writer *fact_writer_start(struct journal *j);
void fact_writer_stop(struct fact_writer *w); /* NULL is fine; writes what waits, for a second at most: the next console judges the rest anew */
/* policy: whose; words are kept.  Never waits for the disk. */
void fact_writer_verdict(struct fact_writer *w, const struct policy *p, const struct verdict_change *c);
/* The first failure since the last call, "" none. */
void fact_writer_trouble(struct fact_writer *w, char *out, size_t n);

#endif
