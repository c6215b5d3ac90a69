/*
 * confirm - what must be typed before a plan is carried out.
 *
 * One rule for the console and the command line.  One session: "yes".  More:
 * their number, or the AS when all are with one network, or the name of the
 * scope they were chosen by.  Ending what somebody terminated for good needs
 * the word "terminated", whatever the number.
 */
#ifndef PEERDECK_ACT_CONFIRM_H
#define PEERDECK_ACT_CONFIRM_H

#include "core/act/plan.h"

struct confirm {
	size_t todo;
	asn_t asn;      /* the network of all that will be done; ASN_UNKNOWN when there are several */
	char name[80];  /* of the scope, "" none */
	bool terminated;
};
void confirm_of(const struct plan *p, struct confirm *out);
/* Upper and lower case are the same; blanks around it do not count. */
bool confirm_holds(const struct confirm *c, const char *typed);
/* "41, AS64501 or DE-CIX Frankfurt": what is accepted. */
void confirm_words(const struct confirm *c, char *out, size_t size);

#endif
