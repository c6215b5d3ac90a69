/* Our own connect, because libssh's has one deadline for resolving and connecting and cannot be cancelled. */
#include "backends/link/tcp.h"
#include "backends/link/link.h"
#include "core/base/clock.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <unistd.h>

enum {
	UNANSWERED_MS = 30000, /* data sent and not acknowledged for this long: the far side is dead */
	KEEPIDLE_S = 30,
	KEEPINTVL_S = 10,
	KEEPCNT = 3,
};

/* "192.0.2.1 port 22", in words for messages. */
static void name_of(const struct addrinfo *a, char *out, size_t n)
{
	char host[96], port[8]; /* numeric, with a scope at most */

	if (getnameinfo(a->ai_addr, a->ai_addrlen, host, sizeof(host), port, sizeof(port),
		NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		snprintf(out, n, "?");
	else
		snprintf(out, n, "%.95s port %.7s", host, port);
}

static void set(int fd, int level, int option, int value)
{
	/* Each is an improvement, none a condition: an old kernel may lack one. */
	(void)setsockopt(fd, level, option, &value, sizeof(value));
}

static void tune(int fd)
{
	set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPIDLE_S);
	set(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPINTVL_S);
	set(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPCNT);
	set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, UNANSWERED_MS);
}

static int connect_one(const struct addrinfo *a, int cancel_fd, int64_t deadline, struct err *e)
{
	int64_t began = clock_boot_ms();
	char who[128];
	struct pollfd p;
	int fd, problem = 0;
	socklen_t n = sizeof(problem);

	name_of(a, who, sizeof(who));
	fd = socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);
	if (fd < 0)
		return err_errno(e, ERR_IO, "socket for %s", who);
	tune(fd);
	if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
		return fd;
	if (errno != EINPROGRESS) {
		err_errno(e, ERR_NET, "%s", who);
		goto fail;
	}
	p = (struct pollfd){ .fd = fd, .events = POLLOUT };
	if (link_wait(&p, 1, cancel_fd, deadline, "connection", e) < 0) {
		if (e != NULL && e->code == ERR_TIMEOUT) {
			err_clear(e);
			err_set(e, ERR_TIMEOUT, "no answer from %s within %lld s", who,
			    (long long)(deadline - began + 999) / 1000);
		}
		goto fail;
	}
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &n);
	if (problem != 0) {
		errno = problem;
		err_errno(e, ERR_NET, "%s", who);
		goto fail;
	}
	return fd;
fail:
	close(fd);
	return -1;
}

int tcp_connect(const struct addrinfo *to, int cancel_fd, int64_t deadline, struct err *e)
{
	struct err last = ERR_INIT;
	int64_t now, share, left = 0;
	int fd;

	for (const struct addrinfo *a = to; a != NULL; a = a->ai_next)
		left++;
	for (; to != NULL; to = to->ai_next, left--) {
		now = clock_boot_ms();
		share = deadline > now ? (deadline - now) / left : 0;
		err_clear(&last);
		fd = connect_one(to, cancel_fd, now + share, &last);
		if (fd >= 0)
			return fd;
		if (last.code == ERR_CANCELLED)
			break;
	}
	return err_set(e, last.code ? last.code : ERR_NET, "%s",
	    last.code ? last.text : "no address to connect to");
}
