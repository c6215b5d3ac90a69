/* The files of the contact book: one, or every *.contacts of a folder; see book.h. */
#include "core/base/scan.h"
#include "core/model/book_priv.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 4 << 20, FILES_MAX = 500 };

static int read_file(const char *path, char **out, size_t *len, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	ssize_t n;
	int rc = -1;

	*out = NULL;
	if (fd < 0 || fstat(fd, &st) != 0) {
		err_errno(e, ERR_IO, "%s", path);
		goto out;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX) {
		err_set(e, ERR_IO, "%s: not a plain file of at most 4 MiB", path);
		goto out;
	}
	if ((st.st_mode & S_IWOTH) != 0) {
		err_set(e, ERR_REFUSED, "%s: anybody can write it (mode %04o): chmod o-w", path, (unsigned)st.st_mode & 07777);
		goto out;
	}
	*out = mem_calloc((size_t)st.st_size + 1, 1);
	while (*len < (size_t)st.st_size && (n = read(fd, *out + *len, (size_t)st.st_size - *len)) > 0)
		*len += (size_t)n;
	rc = 0;
out:
	if (fd >= 0)
		close(fd);
	return rc;
}

static void read_one(struct book *b, const char *path)
{
	struct err e = ERR_INIT;
	char *text;
	size_t len = 0;

	if (read_file(path, &text, &len, &e) != 0)
		book_fault(b, "%s", e.text);
	else
		book_read(b, path, (struct slice){ text, len });
	free(text);
}

static int is_book(const struct dirent *d)
{
	return d->d_name[0] != '.' && slice_ends(slice_of(d->d_name), ".contacts");
}

void book_read_path(struct book *b, const char *path)
{
	struct dirent **list = NULL;
	struct stat st;
	int n;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
		read_one(b, path);
		return;
	}
	n = scandir(path, &list, is_book, alphasort);
	if (n < 0)
		book_fault(b, "%s: %s", path, strerror(errno));
	if (n > FILES_MAX)
		book_fault(b, "%s: more than %d files, the rest is not read", path, FILES_MAX);
	for (int i = 0; i < n; i++) {
		char *full = mem_printf("%s/%s", path, list[i]->d_name);

		if (i < FILES_MAX)
			read_one(b, full);
		free(full);
		free(list[i]);
	}
	free(list);
}
