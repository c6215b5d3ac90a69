/* A queue for handshake places; see places.h. */
#include "backends/link/places.h"
#include "backends/link/link.h"
#include "core/base/mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct waiter {
	struct waiter *next;
	int fd;
	bool granted;
};

struct places {
	pthread_mutex_t lock;
	unsigned left;
	struct waiter *first;
};

struct places *places_new(unsigned count)
{
	struct places *p = MEM_NEW(struct places);

	pthread_mutex_init(&p->lock, NULL);
	p->left = count > 0 ? count : 1;
	return p;
}

void places_free(struct places *p)
{
	if (p == NULL)
		return;
	pthread_mutex_destroy(&p->lock);
	free(p);
}

static void enqueue(struct places *p, struct waiter *w)
{
	struct waiter **at = &p->first;

	while (*at != NULL)
		at = &(*at)->next;
	*at = w;
}

static void dequeue(struct places *p, struct waiter *w)
{
	struct waiter **at = &p->first;

	while (*at != NULL && *at != w)
		at = &(*at)->next;
	if (*at == w)
		*at = w->next;
}

int places_take(struct places *p, int cancel_fd, struct err *e)
{
	struct waiter w = { .fd = -1 };
	struct pollfd ready;
	bool granted;

	pthread_mutex_lock(&p->lock);
	if (p->left > 0 && p->first == NULL) {
		p->left--;
		pthread_mutex_unlock(&p->lock);
		return 0;
	}
	w.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w.fd >= 0)
		enqueue(p, &w);
	pthread_mutex_unlock(&p->lock);
	if (w.fd < 0)
		return err_errno(e, ERR_IO, "eventfd");
	ready = (struct pollfd){ .fd = w.fd, .events = POLLIN };
	link_wait(&ready, 1, cancel_fd, INT64_MAX, "place", e);
	pthread_mutex_lock(&p->lock);
	granted = w.granted;
	if (!granted)
		dequeue(p, &w);
	pthread_mutex_unlock(&p->lock);
	close(w.fd);
	if (granted && e != NULL && e->code != ERR_NONE) { /* cancelled in the same moment */
		places_give(p);
		granted = false;
	}
	return granted ? 0 : -1;
}

void places_give(struct places *p)
{
	struct waiter *w;

	pthread_mutex_lock(&p->lock);
	w = p->first;
	if (w != NULL) {
		p->first = w->next;
		w->granted = true;
		eventfd_write(w->fd, 1);
	} else {
		p->left++;
	}
	pthread_mutex_unlock(&p->lock);
}
