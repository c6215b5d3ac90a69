/*
 * subject - the networks that a command is about, with the addresses of their neighbors when sessions were chosen.
 */
#ifndef PEERDECK_APP_SUBJECT_H
#define PEERDECK_APP_SUBJECT_H

#include "app/lookup.h"
#include "app/options.h"

struct subject {
	asn_t asn;
	struct addr *addrs;
	size_t addr_count, addr_cap;
};
struct subjects {
	struct subject *p;
	size_t n, cap;
};

/* "AS64501" alone needs no router; other selectors name sessions, and the routers are read for them. */
int subjects_find(const struct options *o, const char *const *words, size_t count, struct subjects *out, struct err *e);
void subjects_fini(struct subjects *s);
/* Asks PeeringDB for what the cache does not have; what goes wrong is said on stderr. */
void subjects_ask(struct lookup *l, const struct subjects *s);

#endif
