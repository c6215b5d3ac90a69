/* Downloads on disk; see pdb_spool.h. */
#include "backends/sources/pdb_spool.h"
#include "core/base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The server gives the same large answer to an anonymous client once an hour: so long a finished one is as good as new. */
enum { YOUNG_S = 3600, TAIL = 64 };

struct pdb_spool {
	int dir, lock, fd; /* fd: the download under way, -1 none */
	char *path, *name;
	atomic_llong octets;
	char first; /* octet that is no blank; 0 none yet */
};

/* Everything that is unfinished, or older than a sync may use. */
static void tidy(int dir, bool all)
{
	DIR *d = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)); /* a dup would share the place in the list */
	struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		struct stat st;
		const char *dot = strrchr(entry->d_name, '.');

		if (dot == NULL || fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
			continue;
		if (strcmp(dot, ".part") == 0 || (strcmp(dot, ".json") == 0 && (all || time(NULL) - st.st_mtime > YOUNG_S ||
		    st.st_mtime > time(NULL))))
			unlinkat(dir, entry->d_name, 0);
	}
	if (d != NULL)
		closedir(d);
}

struct pdb_spool *pdb_spool_open(const char *data_dir, struct err *e)
{
	struct pdb_spool *s = MEM_NEW(struct pdb_spool);

	s->lock = s->dir = s->fd = -1;
	s->path = mem_printf("%s/sync", data_dir);
	if (mkdir(s->path, 0700) < 0 && errno != EEXIST)
		err_errno(e, ERR_IO, "%s", s->path);
	else if ((s->dir = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0 ||
	    (s->lock = openat(s->dir, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) < 0)
		err_errno(e, ERR_IO, "%s", s->path);
	else if (flock(s->lock, LOCK_EX | LOCK_NB) < 0)
		err_set(e, ERR_REFUSED, "another peerdeck is reading PeeringDB's tables just now (%s/lock)", s->path);
	else {
		tidy(s->dir, false);
		return s;
	}
	pdb_spool_close(s);
	return NULL;
}

void pdb_spool_close(struct pdb_spool *s)
{
	if (s == NULL)
		return;
	pdb_spool_drop(s);
	if (s->lock >= 0)
		close(s->lock);
	if (s->dir >= 0)
		close(s->dir);
	free(s->path);
	free(s);
}

char *pdb_spool_find(const struct pdb_spool *s, const char *name)
{
	char *file = mem_printf("%s.json", name);
	bool there = faccessat(s->dir, file, R_OK, 0) == 0;
	char *path = there ? mem_printf("%s/%s", s->path, file) : NULL;

	free(file);
	return path;
}

static int put(void *arg, const char *p, size_t n)
{
	struct pdb_spool *s = arg;

	for (size_t i = 0; s->first == 0 && i < n; i++)
		if (strchr(" \t\r\n", p[i]) == NULL)
			s->first = p[i];
	atomic_fetch_add(&s->octets, (long long)n);
	while (n > 0) {
		ssize_t k = write(s->fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return -1;
		p += k;
		n -= (size_t)k;
	}
	return 0;
}

int pdb_spool_begin(struct pdb_spool *s, const char *name, struct http_sink *sink, struct err *e)
{
	char *file = mem_printf("%s.part", name);

	s->fd = openat(s->dir, file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->fd < 0)
		err_errno(e, ERR_IO, "%s/%s", s->path, file);
	free(file);
	s->name = mem_strdup(name);
	s->first = 0;
	atomic_store(&s->octets, 0);
	*sink = (struct http_sink){ put, s };
	return s->fd >= 0 ? 0 : -1;
}

long long pdb_spool_octets(const struct pdb_spool *s)
{
	return atomic_load(&s->octets);
}

/* Cheap, so that a broken answer ends the sync before the next question; each row is checked when it is stored. */
static int look(const struct pdb_spool *s, struct err *e)
{
	char tail[TAIL];
	off_t size = lseek(s->fd, 0, SEEK_END), at = size > TAIL ? size - TAIL : 0;
	ssize_t n = pread(s->fd, tail, sizeof(tail), at);

	if (size == 0 || s->first == 0)
		return err_set(e, ERR_PARSE, "empty answer");
	if (s->first != '{')
		return err_set(e, ERR_PARSE, s->first == '<' ? "a web page instead of data" : "no JSON object");
	while (n > 0 && strchr(" \t\r\n", tail[n - 1]) != NULL)
		n--;
	return n > 0 && tail[n - 1] == '}' ? 0 : err_set(e, ERR_PARSE, "the answer was cut");
}

char *pdb_spool_keep(struct pdb_spool *s, struct err *e)
{
	char *part = mem_printf("%s.part", s->name), *file = mem_printf("%s.json", s->name), *path = NULL;

	if (look(s, e) == 0) {
		if (renameat(s->dir, part, s->dir, file) < 0)
			err_errno(e, ERR_IO, "%s/%s", s->path, file);
		else
			path = mem_printf("%s/%s", s->path, file);
	}
	free(part);
	free(file);
	pdb_spool_drop(s);
	return path;
}

void pdb_spool_drop(struct pdb_spool *s)
{
	if (s->fd >= 0) {
		char *part = mem_printf("%s.part", s->name);

		close(s->fd);
		unlinkat(s->dir, part, 0);
		free(part);
	}
	s->fd = -1;
	free(s->name);
	s->name = NULL;
}

void pdb_spool_clear(struct pdb_spool *s)
{
	tidy(s->dir, true);
}
