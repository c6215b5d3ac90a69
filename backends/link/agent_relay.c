/* The agent behind a deadline; see agent_relay.h. */
#include "backends/link/agent_relay.h"
#include "backends/link/link.h"
#include "core/base/mem.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { RELAY_STACK = 64 * 1024, RELAY_BUFFER = 4096 };

struct agent_relay {
	pthread_t thread;
	int agent_fd, ours_fd, libssh_fd, stop_fd, cancel_fd;
	int64_t deadline;
};

static int connect_agent(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd;

	if (path == NULL || strlen(path) >= sizeof(to.sun_path))
		return -1;
	memcpy(to.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Agent messages are small and asked one at a time: what is read can be written at once. */
static bool carry(int from, int to)
{
	char buf[RELAY_BUFFER];
	ssize_t n = recv(from, buf, sizeof(buf), MSG_DONTWAIT);
	bool fine = true;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0 || send(to, buf, (size_t)n, MSG_NOSIGNAL) != n)
		fine = false;
	explicit_bzero(buf, sizeof(buf));
	return fine;
}

static void *relay_thread(void *arg)
{
	struct agent_relay *r = arg;
	struct pollfd p[3];

	do {
		p[0] = (struct pollfd){ .fd = r->ours_fd, .events = POLLIN };
		p[1] = (struct pollfd){ .fd = r->agent_fd, .events = POLLIN };
		p[2] = (struct pollfd){ .fd = r->stop_fd, .events = POLLIN };
		if (link_wait(p, 3, r->cancel_fd, r->deadline, "", NULL) < 0 || p[2].revents != 0)
			break;
	} while ((p[0].revents == 0 || carry(r->ours_fd, r->agent_fd)) &&
		 (p[1].revents == 0 || carry(r->agent_fd, r->ours_fd)));
	shutdown(r->ours_fd, SHUT_RDWR);
	shutdown(r->agent_fd, SHUT_RDWR);
	return NULL;
}

struct agent_relay *agent_relay_start(const char *socket_path, int cancel_fd, int64_t deadline)
{
	struct agent_relay *r = MEM_NEW(struct agent_relay);
	pthread_attr_t attr;
	int pair[2] = { -1, -1 }, rc = -1;

	r->deadline = deadline;
	r->cancel_fd = cancel_fd;
	r->agent_fd = connect_agent(socket_path);
	r->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r->agent_fd < 0 || r->stop_fd < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		goto out;
	r->ours_fd = pair[0];
	r->libssh_fd = pair[1];
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, RELAY_STACK);
	rc = pthread_create(&r->thread, &attr, relay_thread, r);
	pthread_attr_destroy(&attr);
out:
	if (rc == 0)
		return r;
	for (int i = 0; i < 2; i++)
		if (pair[i] >= 0)
			close(pair[i]);
	if (r->agent_fd >= 0)
		close(r->agent_fd);
	if (r->stop_fd >= 0)
		close(r->stop_fd);
	free(r);
	return NULL;
}

int agent_relay_fd(const struct agent_relay *r)
{
	return r->libssh_fd;
}

void agent_relay_stop(struct agent_relay *r)
{
	eventfd_write(r->stop_fd, 1);
	pthread_join(r->thread, NULL);
	close(r->agent_fd);
	close(r->ours_fd);
	close(r->stop_fd);
	free(r);
}
