/*
 * golden - text against a file of tests/plan; PEERDECK_GOLDEN=write writes the files anew, what changed is read in the diff.
 */
#ifndef PEERDECK_TESTS_GOLDEN_H
#define PEERDECK_TESTS_GOLDEN_H

#include "core/base/mem.h"
#include "core/base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GOLDEN_MAX = 1 << 18 };

/* After <cmocka.h>. */
static void golden_compare(const char *name, const struct str *got)
{
	const char *mode = getenv("PEERDECK_GOLDEN");
	char path[128], *want = mem_calloc(GOLDEN_MAX, 1);
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "tests/plan/%s.txt", name);
	if (mode != NULL && strcmp(mode, "write") == 0) {
		f = fopen(path, "w");
		assert_non_null(f);
		fwrite(got->p, 1, got->len, f);
		fclose(f);
	}
	f = fopen(path, "r");
	if (f == NULL)
		fail_msg("%s is missing", path);
	n = fread(want, 1, GOLDEN_MAX - 1, f);
	fclose(f);
	if (n != got->len || memcmp(want, got->p, n) != 0)
		fail_msg("%s differs; now:\n%s", path, got->p);
	free(want);
}

#endif
