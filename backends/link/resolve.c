/* Name lookup in a thread that may be left behind; see resolve.h. */
#include "backends/link/resolve.h"
#include "backends/link/link.h"
#include "core/base/mem.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { LOOKUP_STACK = 256 * 1024 };

static _Atomic(resolve_fn *) lookup_fn;

/* Owned by the caller and the thread; the second to let go frees it. */
struct lookup {
	atomic_int holders;
	char *host;
	char port[8];
	struct addrinfo hints, *found;
	int rc, done_fd;
	atomic_bool ready; /* orders rc and found before the reader, the descriptor only wakes it */
};

void resolve_replace(resolve_fn *fn)
{
	lookup_fn = fn;
}

static void lookup_release(struct lookup *l)
{
	if (atomic_fetch_sub(&l->holders, 1) != 1)
		return;
	if (l->found != NULL)
		freeaddrinfo(l->found);
	close(l->done_fd);
	free(l->host);
	free(l);
}

static void *lookup_thread(void *arg)
{
	struct lookup *l = arg;
	resolve_fn *fn = lookup_fn;

	l->rc = (fn ? fn : getaddrinfo)(l->host, l->port, &l->hints, &l->found);
	atomic_store(&l->ready, true);
	eventfd_write(l->done_fd, 1);
	lookup_release(l);
	return NULL;
}

static int lookup_start(struct lookup *l)
{
	pthread_attr_t attr;
	pthread_t thread;
	int rc;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, LOOKUP_STACK);
	rc = pthread_create(&thread, &attr, lookup_thread, l);
	pthread_attr_destroy(&attr);
	return rc;
}

static struct lookup *lookup_new(const char *host, unsigned port)
{
	struct lookup *l = MEM_NEW(struct lookup);

	atomic_init(&l->holders, 2);
	l->host = mem_strdup(host);
	snprintf(l->port, sizeof(l->port), "%u", port);
	l->hints = (struct addrinfo){ .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG };
	l->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return l;
}

int resolve_name(const char *host, unsigned port, int cancel_fd, int64_t deadline,
    struct addrinfo **out, struct err *e)
{
	struct addrinfo literal = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
	struct lookup *l = lookup_new(host, port);
	struct pollfd done = { .fd = l->done_fd, .events = POLLIN };
	int rc = -1;

	if (getaddrinfo(host, l->port, &literal, out) == 0) {
		rc = 0;
		goto alone;
	}
	if (l->done_fd < 0 || lookup_start(l) != 0) {
		err_set(e, ERR_IO, "name %s: no thread or descriptor left to resolve it", host);
		goto alone;
	}
	if (link_wait(&done, 1, cancel_fd, deadline, "answer from the name server", e) < 0) {
		err_prefix(e, "name %s", host);
		goto out;
	}
	if (!atomic_load(&l->ready) || l->rc != 0) {
		err_set(e, ERR_NET, "name %s cannot be resolved: %s", host, gai_strerror(l->rc));
		goto out;
	}
	*out = l->found;
	l->found = NULL;
	rc = 0;
	goto out;
alone: /* no thread holds it */
	lookup_release(l);
out:
	lookup_release(l);
	return rc;
}
