/* Names of series, and finding a session's last hour; see track.h. */
#include "core/model/track.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void track_series(char out[HISTORY_NAME_MAX + 1], const char *router, const char *vrf, const char *neighbor, enum afi_safi family,
    const char *what)
{
	const char *word = afi_safi_word(family);

	snprintf(out, HISTORY_NAME_MAX + 1, "session/%s/%s/%s/%s/%s", router, vrf, neighbor, word != NULL ? word : "", what);
}

static int by_series(const void *key, const void *row)
{
	return strcmp(key, ((const struct lately_row *)row)->series);
}

const float *lately_find(const struct lately *l, const char *series)
{
	const struct lately_row *r = l != NULL && l->count > 0 ?
	    bsearch(series, l->rows, l->count, sizeof(*l->rows), by_series) : NULL;

	return r != NULL ? r->cells : NULL;
}
