/*
 * The queue between the threads; see inbox.h.
 *
 * The eventfd is written only when the queue stops being empty and read only
 * when it becomes so: a burst of messages costs one system call on each side.
 */
#include "core/model/inbox.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct inbox {
	pthread_mutex_t lock;
	struct msg *first, **last;
	int fd;
};

static const char *const state_words[LINK_STATES] = {
	[LINK_IDLE] = "not started",
	[LINK_RESOLVING] = "resolving",
	[LINK_QUEUED] = "queued",
	[LINK_CONNECTING] = "connecting",
	[LINK_HANDSHAKE] = "key exchange",
	[LINK_AUTH] = "authenticating",
	[LINK_LOGIN] = "logging in",
	[LINK_READY] = "ready",
	[LINK_POLLING] = "polling",
	[LINK_ACTING] = "acting",
	[LINK_WAITING] = "waiting",
	[LINK_LOCKED] = "locked",
	[LINK_STOPPED] = "stopped",
};

const char *link_state_word(enum link_state s)
{
	return (unsigned)s < LINK_STATES ? state_words[s] : "?";
}

bool link_state_up(enum link_state s)
{
	return s == LINK_READY || s == LINK_POLLING || s == LINK_ACTING;
}

struct inbox *inbox_new(void)
{
	struct inbox *in = MEM_NEW(struct inbox);

	in->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (in->fd < 0)
		abort();
	pthread_mutex_init(&in->lock, NULL);
	in->last = &in->first;
	return in;
}

void inbox_free(struct inbox *in)
{
	struct msg *m;

	if (in == NULL)
		return;
	while ((m = inbox_take(in)) != NULL)
		msg_free(m);
	close(in->fd);
	pthread_mutex_destroy(&in->lock);
	free(in);
}

int inbox_fd(const struct inbox *in)
{
	return in->fd;
}

void inbox_post(struct inbox *in, struct msg *m)
{
	bool was_empty;

	m->next = NULL;
	pthread_mutex_lock(&in->lock);
	was_empty = in->first == NULL;
	*in->last = m;
	in->last = &m->next;
	if (was_empty)
		eventfd_write(in->fd, 1);
	pthread_mutex_unlock(&in->lock);
}

struct msg *inbox_take(struct inbox *in)
{
	struct msg *m;
	eventfd_t count;

	pthread_mutex_lock(&in->lock);
	m = in->first;
	if (m != NULL) {
		in->first = m->next;
		m->next = NULL;
	}
	if (in->first == NULL) {
		in->last = &in->first;
		eventfd_read(in->fd, &count);
	}
	pthread_mutex_unlock(&in->lock);
	return m;
}

void msg_free(struct msg *m)
{
	if (m == NULL)
		return;
	snap_unref(m->snap);
	peer_set_unref(m->peers);
	if (m->act != NULL)
		m->act_free(m->act);
	if (m->asked != NULL && m->asked_free != NULL)
		m->asked_free(m->asked);
	free(m);
}
