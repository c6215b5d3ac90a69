/* One datagram to the log's socket; see syslog_out.h. */
#include "app/syslog_out.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { FACILITY_DAEMON = 3 << 3 };

static int level_of(enum severity s)
{
	static const int levels[] = { [SEV_INFO] = 6, [SEV_NOTICE] = 5, [SEV_WARN] = 4, [SEV_ALARM] = 1 };

	return levels[s];
}

int syslog_out(const char *socket_path, enum severity severity, const char *words, struct err *e)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	char line[1024];
	int fd, n, rc = 0;

	if (strlen(socket_path) >= sizeof(to.sun_path))
		return err_set(e, ERR_IO, "syslog: the path %.120s is too long", socket_path);
	memcpy(to.sun_path, socket_path, strlen(socket_path) + 1);
	n = snprintf(line, sizeof(line), "<%d>peerdeck[%d]: %.900s", FACILITY_DAEMON | level_of(severity), (int)getpid(), words);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || sendto(fd, line, (size_t)n, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof(to)) != n)
		rc = err_errno(e, ERR_IO, "syslog: %s", socket_path);
	if (fd >= 0)
		close(fd);
	return rc;
}
