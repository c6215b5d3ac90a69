/* Connecting without ever being stuck; see dial.h. */
#include "backends/sources/dial.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOOK_MS = 100 };

int dial_wait(int fd, short events, int cancel_fd, int64_t deadline_boot_ms, struct err *e)
{
	struct pollfd p[] = { { .fd = fd, .events = events }, { .fd = cancel_fd, .events = POLLIN } };
	int64_t left;
	int rc;

	do {
		left = deadline_boot_ms - clock_boot_ms();
		rc = left <= 0 ? 0 : poll(p, 2, left > 60000 ? 60000 : (int)left);
	} while ((rc < 0 && errno == EINTR) || (rc == 0 && left > 60000));
	if (rc < 0)
		return err_errno(e, ERR_NET, "poll");
	if (p[1].revents != 0)
		return err_set(e, ERR_CANCELLED, "cancelled");
	return rc == 0 ? err_set(e, ERR_TIMEOUT, "no answer in time") : 0;
}

static bool cancelled(int cancel_fd)
{
	struct pollfd p = { .fd = cancel_fd, .events = POLLIN };

	return cancel_fd >= 0 && poll(&p, 1, 0) == 1;
}

/* An address needs nobody to be asked, and no thread. */
static bool is_address(const char *host, const char *port, struct addrinfo **found)
{
	const struct addrinfo literal = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };

	return getaddrinfo(host, port, &literal, found) == 0;
}

/* Resolving cannot be interrupted, but it can be left alone: what is still asked then is not freed. */
static int resolve(const char *host, const char *port, int cancel_fd, int64_t deadline, struct addrinfo **found, struct err *e)
{
	struct request {
		struct gaicb cb;
		struct addrinfo hints;
	} *r = MEM_NEW(struct request);
	struct gaicb *list[] = { &r->cb };
	const struct timespec look = { 0, LOOK_MS * 1000000L };
	int rc;

	r->hints.ai_socktype = SOCK_STREAM;
	r->cb.ar_name = mem_strdup(host);
	r->cb.ar_service = mem_strdup(port);
	r->cb.ar_request = &r->hints;
	rc = getaddrinfo_a(GAI_NOWAIT, list, 1, NULL);
	while (rc == 0 && gai_error(&r->cb) == EAI_INPROGRESS) {
		gai_suspend((const struct gaicb *const *)list, 1, &look);
		if (!cancelled(cancel_fd) && clock_boot_ms() < deadline)
			continue;
		if (gai_cancel(&r->cb) == EAI_NOTCANCELED)
			return err_set(e, cancelled(cancel_fd) ? ERR_CANCELLED : ERR_TIMEOUT, "its name is not resolved in time");
		break;
	}
	rc = rc == 0 ? gai_error(&r->cb) : rc;
	if (rc != 0)
		err_set(e, ERR_NET, "%s", gai_strerror(rc));
	*found = rc == 0 ? r->cb.ar_result : NULL;
	free((char *)r->cb.ar_name);
	free((char *)r->cb.ar_service);
	free(r);
	return rc == 0 ? 0 : -1;
}

static int connect_one(const struct addrinfo *ai, int64_t timeout_ms, int cancel_fd, struct err *e)
{
	int error = 0, fd = socket(ai->ai_family, ai->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, ai->ai_protocol);
	socklen_t len = sizeof(error);

	if (fd < 0)
		return err_errno(e, ERR_NET, "socket");
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) == 0)
		return fd;
	if (errno != EINPROGRESS)
		err_errno(e, ERR_NET, "connect");
	else if (dial_wait(fd, POLLOUT, cancel_fd, clock_boot_ms() + timeout_ms, e) == 0) {
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 && error == 0)
			return fd;
		errno = error;
		err_errno(e, ERR_NET, "connect");
	}
	close(fd);
	return -1;
}

int dial_open(const char *host, unsigned port, int64_t timeout_ms, int cancel_fd, struct err *e)
{
	struct addrinfo *found = NULL;
	struct err why = ERR_INIT;
	char service[12];
	int fd = -1;

	snprintf(service, sizeof(service), "%u", port);
	if (is_address(host, service, &found) || resolve(host, service, cancel_fd, clock_boot_ms() + timeout_ms, &found, &why) == 0)
		for (const struct addrinfo *ai = found; ai != NULL && fd < 0; ai = ai->ai_next) {
			err_clear(&why);
			fd = connect_one(ai, timeout_ms, cancel_fd, &why);
		}
	if (found != NULL)
		freeaddrinfo(found);
	return fd >= 0 ? fd : err_set(e, why.code, "%s port %u: %s", host, port, why.text);
}
