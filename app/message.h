/*
 * message - a mail to one network, composed from what is seen: facts, recipient, the letter, the file.
 *
 * Composing touches nothing outside.  What is written to a file or handed to
 * the mailer is exactly the draft that was shown.
 */
#ifndef PEERDECK_APP_MESSAGE_H
#define PEERDECK_APP_MESSAGE_H

#include "core/judge/ladder.h"
#include "core/judge/letter.h"
#include "core/judge/venue.h"
#include "core/judge/verdict.h"
#include "core/model/world.h"

/* What it is about; NULL and "" are unknown. */
struct message_about {
	const struct world *w;
	asn_t asn;
	const struct world_session *const *sessions; /* all with that network */
	size_t session_count;
	const struct ladder *ladder;
	size_t rung;          /* index of the recipient; ladder->count: nobody */
	const struct venue *venue;    /* it goes to the people of a place, asn is ASN_UNKNOWN; NULL to a network */
	const struct incident *incident; /* with a venue */
	const struct verdict *breach; /* not met, for policy-breach; NULL none */
	const char *ticket, *from, *until, *work, *evidence; /* given by the operator */
};

struct draft {
	char template[40];
	asn_t asn;
	char venue[VENUE_WORDS_LEN]; /* "" a network */
	char router[80], vrf[80], neighbor[80]; /* of the first session; "" none */
	struct text role, name; /* of the rung; owned by whom composed */
	unsigned rung;        /* its number; 0 nobody */
	struct str to, subject, body;
	int64_t wall_ms;
	char id[64];
};
void draft_init(struct draft *d);
void draft_fini(struct draft *d);

/* "AS64501", "exchange-X-IX": for names of files. */
void draft_slug(const struct draft *d, char out[80]);
/* The template that fits what is seen: suspend, withdraw, max-prefix, session-down, else maintenance. */
const char *message_template(const struct world_session *s);
/* Whom to write to: for maintenance the role Maintenance first, for a breach Policy, else as the ladder stands; index of a
 * rung with an address, ladder->count if there is none. */
size_t message_rung(const struct ladder *l, const char *template);
/* Fills d; the arena keeps what the facts are made of. */
int message_compose(struct arena *a, const struct message_about *m, const char *template, struct draft *d, struct err *e);

/* "To: ...\nSubject: ...\n\nbody", as an editor gets it, and back. */
void draft_print(const struct draft *d, struct str *out);
int draft_read(struct draft *d, struct slice text, struct err *e);
/* The whole message as RFC 5322 wants it. */
int draft_eml(const struct draft *d, const struct config *c, bool crlf, struct str *out, struct err *e);
/* Writes it into a new file; an existing one is never overwritten. */
int draft_write(const struct draft *d, const struct config *c, const char *path, struct err *e);

#endif
