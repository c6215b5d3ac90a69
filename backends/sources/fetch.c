/* One HTTP request whose wait ends early when a descriptor says so; see fetch.h. */
#include "backends/sources/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

/* The reply of a call that is given up when the keeper ends. */
struct guard {
	struct http_call *call;
	int cancel_fd, done_fd[2];
};

static void *guard_main(void *arg)
{
	struct guard *g = arg;
	struct pollfd p[] = { { .fd = g->cancel_fd, .events = POLLIN }, { .fd = g->done_fd[0], .events = POLLIN | POLLHUP } };

	while (poll(p, 2, -1) < 0 && errno == EINTR)
		continue;
	if (p[0].revents != 0)
		http_cancel(g->call);
	return NULL;
}

int fetch(struct http *http, const struct http_request *rq, int cancel_fd, struct http_reply *reply, struct err *e)
{
	struct http_call *call = http_send(http, rq);
	struct guard g = { .call = call, .cancel_fd = cancel_fd };
	pthread_t thread;
	bool guarded = pipe2(g.done_fd, O_CLOEXEC) == 0;
	int rc;

	guarded = guarded && pthread_create(&thread, NULL, guard_main, &g) == 0;
	rc = http_wait(call, reply, e);
	if (guarded) {
		close(g.done_fd[1]);
		pthread_join(thread, NULL);
		close(g.done_fd[0]);
	}
	http_end(call);
	return rc;
}
