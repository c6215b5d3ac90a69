/* Finding a network in what a registry said; see registered.h. */
#include "core/model/registered.h"

#include <stdlib.h>

static int by_asn(const void *key, const void *entry)
{
	asn_t asn = *(const asn_t *)key, other = ((const struct registered *)entry)->asn;

	return asn < other ? -1 : asn > other;
}

const struct registered *registered_find(const struct registered_set *s, asn_t asn)
{
	return s != NULL && s->count > 0 ? bsearch(&asn, s->list, s->count, sizeof(*s->list), by_asn) : NULL;
}
