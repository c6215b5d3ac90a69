/*
 * pdb_lookup - what a look-up of one network by its AS number costs, out of a cache that is opened for it.
 *
 * usage: pdb_lookup DATADIR ROUNDS FIRST STEP
 * Each round opens the store anew, so that no page of it is in the process, looks up another AS number (FIRST, FIRST + STEP, ...)
 * as "peerdeck pdb show" does, and closes it.  Prints "name value" lines for tests/bench/pdb.py.
 */
#include "backends/sources/pdb_find.h"
#include "backends/sources/pdb_set.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static double cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* One look-up; microseconds with and without opening and closing.  False if the network is not there. */
static bool look(const char *dir, asn_t asn, double *whole, double *only)
{
	double begin = cpu_us(), opened;
	struct store *s = store_open(dir);
	struct pdb_finds found = { 0 };
	struct err e = ERR_INIT;
	struct peer_set *set = NULL;
	char words[20];
	bool ok;

	opened = cpu_us();
	snprintf(words, sizeof(words), "AS%u", (unsigned)asn);
	ok = pdb_find(s, words, &found, &e) == 0 && found.n == 1;
	if (ok) {
		set = pdb_load_only(s, &found.p[0].asn, 1, ASN_UNKNOWN, &e);
		ok = set != NULL && peer_set_find(set, asn) != NULL;
	}
	*only = cpu_us() - opened;
	peer_set_unref(set);
	pdb_finds_fini(&found);
	store_close(s);
	*whole = cpu_us() - begin;
	return ok;
}

int main(int argc, char **argv)
{
	size_t rounds, missing = 0;
	double *whole, *only;

	if (argc < 5)
		return 2;
	rounds = strtoul(argv[2], NULL, 10);
	whole = mem_calloc(rounds, sizeof(*whole));
	only = mem_calloc(rounds, sizeof(*only));
	for (size_t i = 0; i < rounds; i++)
		missing += !look(argv[1], (asn_t)(strtoul(argv[3], NULL, 10) + i * strtoul(argv[4], NULL, 10)), &whole[i], &only[i]);
	qsort(whole, rounds, sizeof(*whole), ascending);
	qsort(only, rounds, sizeof(*only), ascending);
	printf("missing %zu\nwhole_p50 %.0f\nwhole_p99 %.0f\nonly_p50 %.0f\nonly_p99 %.0f\n", missing, whole[rounds / 2],
	    whole[rounds * 99 / 100], only[rounds / 2], only[rounds * 99 / 100]);
	free(whole);
	free(only);
	return missing > 0;
}
