/* Where the configuration file is, and who may have written it; see config.h. */
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/model/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 1024 * 1024 };

/* Who can write this file can make us run commands: only its owner (us or root) may. */
static int check_owner(int fd, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_errno(e, ERR_CONFIG, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_CONFIG, "%s: is not a regular file", path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return err_set(e, ERR_CONFIG, "%s: belongs to user %u; allowed are you and root", path,
		    (unsigned)st.st_uid);
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return err_set(e, ERR_CONFIG, "%s: others can write it (mode %04o): chmod go-w %s", path,
		    (unsigned)st.st_mode & 07777, path);
	return 0;
}

static int slurp(int fd, const char *path, struct str *out, struct err *e)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, ERR_CONFIG, "%s", path);
		if (str_add(out, buf, (size_t)n) != 0)
			return err_set(e, ERR_CONFIG, "%s: is larger than %d octets", path, FILE_MAX);
	}
	if (memchr(out->p, '\0', out->len) != NULL)
		return err_set(e, ERR_CONFIG, "%s: holds a NUL octet, it is no text", path);
	return 0;
}

/* The first of the usual places where a file is; the last one if none is there. */
static const char *find_file(struct arena *a)
{
	const char *env = getenv("PEERDECK_CONF"), *dir = config_xdg(a, "XDG_CONFIG_HOME", ".config");
	const char *mine = dir == NULL ? NULL : arena_printf(a, "%s/peerdeck.conf", dir);

	if (env != NULL && *env != '\0')
		return env;
	if (mine != NULL && access(mine, F_OK) == 0)
		return mine;
	return "/etc/peerdeck/peerdeck.conf";
}

struct config *config_load(const char *path, struct err *e)
{
	struct arena *a = arena_new();
	struct config *c = NULL;
	struct str text;
	int fd = -1;

	str_init(&text, FILE_MAX);
	if (path == NULL)
		path = find_file(a);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		err_errno(e, ERR_CONFIG, "%s", path);
		goto out;
	}
	if (check_owner(fd, path, e) == 0 && slurp(fd, path, &text, e) == 0)
		c = config_parse(path, text.p, e);
out:
	if (fd >= 0)
		close(fd);
	str_fini(&text);
	arena_free(a);
	return c;
}
