/* One rule for all that lies in the data directory; see shared.h. */
#include "core/base/shared.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

mode_t shared_bits(const char *folder, mode_t owner)
{
	struct stat st;

	return stat(folder, &st) == 0 && (st.st_mode & S_IWGRP) != 0 ? owner | (owner >> 3) : owner;
}

mode_t shared_bits_beside(const char *path, mode_t owner)
{
	char copy[PATH_MAX];

	snprintf(copy, sizeof(copy), "%s", path);
	return shared_bits(dirname(copy), owner);
}
