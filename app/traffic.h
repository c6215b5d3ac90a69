/*
 * traffic - what flows now over the interfaces toward chosen sessions, each interface counted once.
 *
 * An interface may carry other neighbors' traffic too (an exchange's port): what it tells is about the interface, and its
 * words say so.  Sessions that share the router's own address and its subnet share the interface, so one of them is asked.
 * One that cannot be told makes the sum unknown, never smaller.  One thread: the one that takes the inbox.
 */
#ifndef PEERDECK_APP_TRAFFIC_H
#define PEERDECK_APP_TRAFFIC_H

#include "app/operation.h"

struct traffic;
struct traffic *traffic_new(const struct operation_way *way);
void traffic_free(struct traffic *t); /* NULL is fine; answers that are still to come find nobody */
/* Asks anew; not while it asks. */
void traffic_ask(struct traffic *t, const struct operation_target *targets, size_t n);
bool traffic_asking(const struct traffic *t);
/* Of the last asking that has ended, both directions of all interfaces; COUNT_UNKNOWN when any is not known. */
count_t traffic_bps(const struct traffic *t);
/* A line for each interface, or for who could not tell; "" before the first asking. */
void traffic_print(const struct traffic *t, struct str *out);

#endif
