/* See secret.h. */
#include "backends/sources/secret.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_MAX = 8192 };

static char *trimmed(const char *path, const char *buf, size_t n, struct err *e)
{
	struct slice s = slice_trim((struct slice){ buf, n });

	while (s.len > 0 && scan_is_space(s.p[s.len - 1]))
		s.len--;
	while (s.len > 0 && scan_is_space(*s.p))
		s = slice_from(s, 1);
	if (s.len == 0 || memchr(s.p, '\0', s.len) != NULL) {
		err_set(e, ERR_CONFIG, "%s: %s", path, s.len == 0 ? "is empty" : "holds no text");
		return NULL;
	}
	return mem_strndup(s.p, s.len);
}

char *secret_read(const char *path, struct err *e)
{
	char buf[SECRET_MAX + 1], *out = NULL;
	struct stat st;
	ssize_t n = 0;
	size_t at = 0;
	/* a FIFO or a terminal would let the sender wait */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &st) != 0) {
		err_errno(e, ERR_CONFIG, "%s", path);
		goto out;
	}
	if (!S_ISREG(st.st_mode) || (st.st_mode & 037) != 0) {
		err_set(e, ERR_CONFIG, "%s: %s", path, S_ISREG(st.st_mode) ? "others can read it, or its group can change it: chmod 600" :
		    "is no file");
		goto out;
	}
	while (at < sizeof(buf) && ((n = read(fd, buf + at, sizeof(buf) - at)) > 0 || (n < 0 && errno == EINTR)))
		at += n > 0 ? (size_t)n : 0;
	if (n < 0)
		err_errno(e, ERR_CONFIG, "%s", path);
	else if (at > SECRET_MAX)
		err_set(e, ERR_CONFIG, "%s: is longer than %d octets", path, SECRET_MAX);
	else
		out = trimmed(path, buf, at, e);
	explicit_bzero(buf, sizeof(buf));
out:
	if (fd >= 0)
		close(fd);
	return out;
}

void secret_free(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}
