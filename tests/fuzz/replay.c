/*
 * replay - runs files through a fuzz target once: the main of a target that is built without libFuzzer.
 *
 * Each file is given whole and cut short at some places, because answers that
 * break off are what a router really sends.  Arguments are files and
 * directories; speaks TAP.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CUTS = 16 };

static unsigned files, runs;

/* The target gets memory of exactly that size, so that a sanitizer sees one octet too many. */
static void run(const uint8_t *data, size_t size)
{
	uint8_t *exact = mem_calloc(size ? size : 1, 1);

	if (size > 0)
		memcpy(exact, data, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	runs++;
}

static void run_file(const char *path, size_t size)
{
	FILE *f = fopen(path, "re");
	uint8_t *data;

	if (f == NULL)
		return;
	data = mem_calloc(size ? size : 1, 1);
	size = fread(data, 1, size, f);
	fclose(f);
	files++;
	for (size_t i = 0; i <= CUTS; i++)
		run(data, size - size * i / CUTS);
	free(data);
}

static void run_path(const char *path)
{
	struct dirent *entry;
	struct stat st;
	DIR *dir;

	if (stat(path, &st) != 0)
		return;
	if (!S_ISDIR(st.st_mode)) {
		run_file(path, (size_t)st.st_size);
		return;
	}
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		char *below = mem_printf("%s/%s", path, entry->d_name);

		if (entry->d_name[0] != '.')
			run_path(below);
		free(below);
	}
	if (dir != NULL)
		closedir(dir);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		run_path(argv[i]);
	printf("%s - %u inputs of %u files\n", files > 0 ? "ok" : "not ok", runs, files);
	return files > 0 ? 0 : 1;
}
