/*
 * registered - what a number registry says of networks: whom to tell about abuse.
 *
 * Made anew by whoever asks the registry, looked at by everybody; owned by the arena that it was built in.
 */
#ifndef PEERDECK_MODEL_REGISTERED_H
#define PEERDECK_MODEL_REGISTERED_H

#include "core/model/peer.h"

struct registered {
	asn_t asn;
	int64_t asked_wall_ms; /* of the answer; -1: there is none */
	bool found;            /* false with an answer: the registry has no such AS number */
	const struct contact *contacts; /* role "Abuse"; read_wall_ms: asked_wall_ms */
	size_t count;
	struct text trouble;   /* why it could not be asked, or not again; unknown: nothing is wrong */
};

struct registered_set {
	const struct registered *list; /* sorted by asn */
	size_t count;
};

/* NULL: nothing is known about it, or the set is NULL. */
const struct registered *registered_find(const struct registered_set *s, asn_t asn);

#endif
