/* Finding the looks of recordings; see recording.h.  Their text stays in the files until it is asked for. */
#include "backends/link/recording.h"
#include "backends/link/recording_priv.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_HEAD = 4096, BLOCK = 1 << 18 };

/* One file being read: whole lines would be too much to hold, their beginnings say what is wanted. */
struct reading {
	struct index_state ix;
	char head[LINE_HEAD];
	size_t head_len;
	uint64_t at, line_at; /* octets before the block; where the line began */
	bool in_line;
};

static int line_over(struct reading *d, bool whole, struct err *e)
{
	size_t n = d->head_len;

	if (n > 0 && d->head[n - 1] == '\r')
		n--;
	return index_line(&d->ix, (struct slice){ d->head, n }, d->line_at, whole, e);
}

static int feed(struct reading *d, const char *p, size_t n, struct err *e)
{
	const char *end = p + n, *from = p;

	while (from < end) {
		const char *nl = memchr(from, '\n', (size_t)(end - from)), *stop = nl != NULL ? nl : end;
		size_t piece = (size_t)(stop - from), room = LINE_HEAD - d->head_len;

		if (!d->in_line) {
			d->line_at = d->at + (uint64_t)(from - p);
			d->head_len = 0;
			room = LINE_HEAD;
			d->in_line = true;
		}
		memcpy(d->head + d->head_len, from, piece < room ? piece : room);
		d->head_len += piece < room ? piece : room;
		if (nl == NULL)
			break;
		d->in_line = false;
		if (line_over(d, true, e) < 0)
			return -1;
		from = nl + 1;
	}
	d->at += n;
	return 0;
}

static int read_fd(struct recording *r, const char *name, int fd, struct err *e)
{
	struct reading *d = MEM_NEW(struct reading);
	char *block = mem_calloc(1, BLOCK);
	off_t at = 0;
	ssize_t n;
	int rc = 0;

	index_begin(&d->ix, r, name);
	MEM_GROW(r->fds, r->file_cap, r->file_count + 1);
	r->paths = mem_realloc(r->paths, r->file_cap, sizeof(*r->paths));
	r->paths[r->file_count] = mem_strdup(name);
	r->fds[r->file_count++] = fd;
	while (rc == 0 && (n = pread(fd, block, BLOCK, at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			rc = err_errno(e, ERR_IO, "%s", name);
			break;
		}
		rc = feed(d, block, (size_t)n, e);
		at += n;
	}
	if (rc == 0 && d->in_line)
		rc = line_over(d, false, e);
	if (rc == 0)
		rc = index_end(&d->ix, e);
	free(block);
	free(d);
	return rc;
}

static int read_path(struct recording *r, const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return err_errno(e, ERR_IO, "%s", path);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(e, ERR_IO, "%s: is not a file that can be read again and again", path);
	}
	return read_fd(r, path, fd, e); /* which it keeps */
}

static int read_folder(struct recording *r, const char *path, struct err *e)
{
	struct dirent *d;
	DIR *dir = opendir(path);
	int rc = 0;

	if (dir == NULL)
		return err_errno(e, ERR_IO, "%s", path);
	while (rc == 0 && (d = readdir(dir)) != NULL)
		if (slice_ends(slice_of(d->d_name), RECORDING_SUFFIX)) {
			char *file = mem_printf("%s/%s", path, d->d_name);

			rc = read_path(r, file, e);
			free(file);
		}
	closedir(dir);
	return rc;
}

static int by_end(const void *a, const void *b)
{
	const struct look *x = a, *y = b;

	if (x->end_ms != y->end_ms)
		return x->end_ms < y->end_ms ? -1 : 1;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static struct recording *recording_new(void)
{
	struct recording *r = MEM_NEW(struct recording);

	r->arena = arena_new();
	r->local_as = ASN_UNKNOWN;
	return r;
}

/* Sorted, unless nothing is there: half a screen of nothing would look like a network without sessions. */
static int finish(struct recording *r, const char *name, struct recording **out, struct err *e)
{
	if (r->count == 0) {
		err_set(e, ERR_PARSE, "%s: no whole look at a router is in it%s", name, r->cut > 0 ? ", only one that is cut" : "");
		recording_free(r);
		return -1;
	}
	qsort(r->looks, r->count, sizeof(*r->looks), by_end);
	*out = r;
	return 0;
}

int recording_open(const char *const *paths, size_t count, struct recording **out, struct err *e)
{
	struct recording *r = recording_new();
	struct stat st;

	for (size_t i = 0; i < count; i++)
		if ((stat(paths[i], &st) == 0 && S_ISDIR(st.st_mode) ? read_folder(r, paths[i], e) : read_path(r, paths[i], e)) < 0) {
			recording_free(r);
			return -1;
		}
	return finish(r, count > 0 ? paths[0] : "recording", out, e);
}

int recording_parse(const char *name, struct slice text, struct recording **out, struct err *e)
{
	struct recording *r = recording_new();
	int fd = memfd_create("recording", MFD_CLOEXEC);

	if (fd < 0 || (text.len > 0 && write(fd, text.p, text.len) != (ssize_t)text.len)) {
		err_errno(e, ERR_IO, "%s", name);
		if (fd >= 0)
			close(fd);
		recording_free(r);
		return -1;
	}
	if (read_fd(r, name, fd, e) < 0) {
		recording_free(r);
		return -1;
	}
	return finish(r, name, out, e);
}

void recording_free(struct recording *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->file_count; i++) {
		close(r->fds[i]);
		free(r->paths[i]);
	}
	free(r->fds);
	free(r->paths);
	free(r->routers);
	free(r->looks);
	arena_free(r->arena);
	free(r);
}

int recording_text(const struct recording *r, const struct look *l, struct str *out, struct err *e)
{
	char *block = mem_calloc(1, BLOCK);
	uint64_t left = l->len;
	off_t at = (off_t)l->at;
	int rc = 0;

	while (rc == 0 && left > 0) {
		ssize_t n = pread(r->fds[l->file], block, left < BLOCK ? (size_t)left : BLOCK, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			rc = n < 0 ? err_errno(e, ERR_IO, "%s", r->paths[l->file]) :
			    err_set(e, ERR_IO, "%s became shorter while it was read", r->paths[l->file]);
		else if (str_add(out, block, (size_t)n) < 0)
			rc = err_set(e, ERR_LIMIT, "a look in %s is too long", r->paths[l->file]);
		left -= n > 0 ? (uint64_t)n : 0;
		at += n > 0 ? n : 0;
	}
	free(block);
	return rc;
}
