/* A folder of recordings stays within its size: the oldest files go; see recorder.h. */
#include "backends/link/recorder.h"
#include "backends/link/recording.h"
#include "core/base/scan.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct kept {
	char *path;
	uint64_t octets;
};

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct kept *)a)->path, ((const struct kept *)b)->path);
}

/* Names begin with the time of their first line, so that their order is that of time. */
void recorder_tidy(const char *folder, uint64_t most, const char *current)
{
	struct kept *files = NULL;
	size_t n = 0, cap = 0;
	uint64_t sum = 0;
	struct dirent *d;
	struct stat st;
	DIR *dir = opendir(folder);

	while (dir != NULL && (d = readdir(dir)) != NULL) {
		if (!slice_ends(slice_of(d->d_name), RECORDING_SUFFIX))
			continue;
		MEM_GROW(files, cap, n + 1);
		files[n].path = mem_printf("%s/%s", folder, d->d_name);
		files[n].octets = lstat(files[n].path, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
		sum += files[n++].octets;
	}
	if (dir != NULL)
		closedir(dir);
	if (n > 0)
		qsort(files, n, sizeof(*files), by_path);
	for (size_t i = 0; i < n; i++) {
		if (most > 0 && sum > most && strcmp(files[i].path, current) != 0 && unlink(files[i].path) == 0)
			sum -= files[i].octets;
		free(files[i].path);
	}
	free(files);
}
