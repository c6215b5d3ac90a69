/*
 * The listener's thread; see scrape.h.
 *
 * All sockets are non-blocking and every client has a deadline, so that one that hangs takes its place for a
 * few seconds and nothing else.  The text is shared with its readers by count: handing over a new one never waits.
 */
#include "backends/sources/scrape.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/model/net.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* A text and those who send it. */
struct served {
	unsigned refs; /* under the lock */
	char *text;
	size_t len;
	int64_t made_boot_ms;
};

struct client {
	int fd; /* -1: free place */
	int64_t deadline;
	char sent[SCRAPE_REQUEST_MAX];
	size_t sent_len;
	char head[400]; /* of the reply; "" still reading */
	size_t head_len, done; /* octets of head and body that are out */
	struct served *body;   /* NULL none */
};

struct scrape {
	pthread_t thread;
	pthread_mutex_t lock;
	struct served *now; /* NULL: nothing was handed over yet */
	atomic_bool ending;
	int listen_fd, wake_fd;
	const char *content_type;
	struct client clients[SCRAPE_CLIENTS_MAX];
};

/* ---- the text ---- */

static void let_go(struct scrape *s, struct served *t)
{
	bool last;

	if (t == NULL)
		return;
	pthread_mutex_lock(&s->lock);
	last = --t->refs == 0;
	pthread_mutex_unlock(&s->lock);
	if (!last)
		return;
	free(t->text);
	free(t);
}

/* NULL when there is none, or none that may still be called fresh. */
static struct served *take_text(struct scrape *s)
{
	struct served *t;

	pthread_mutex_lock(&s->lock);
	t = s->now;
	if (t != NULL && clock_boot_ms() - t->made_boot_ms > SCRAPE_OLD_MS)
		t = NULL;
	if (t != NULL)
		t->refs++;
	pthread_mutex_unlock(&s->lock);
	return t;
}

void scrape_hand_over(struct scrape *s, char *text, size_t len)
{
	struct served *fresh = MEM_NEW(struct served), *old;

	*fresh = (struct served){ .refs = 1, .text = text, .len = len, .made_boot_ms = clock_boot_ms() };
	pthread_mutex_lock(&s->lock);
	old = s->now;
	s->now = fresh;
	pthread_mutex_unlock(&s->lock);
	let_go(s, old);
}

/* ---- clients ---- */

static void drop(struct scrape *s, struct client *c)
{
	close(c->fd);
	let_go(s, c->body);
	c->body = NULL;
	c->fd = -1;
}

static void reply(struct client *c, const char *status, const char *type, size_t length, const char *more)
{
	int n = snprintf(c->head, sizeof(c->head), "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
	    "Connection: close\r\n\r\n%s", status, type, length, more);

	c->head_len = n > 0 && (size_t)n < sizeof(c->head) ? (size_t)n : 0;
	c->deadline = clock_boot_ms() + SCRAPE_REPLY_MS;
}

static void refuse(struct client *c, const char *status)
{
	char words[80];

	snprintf(words, sizeof(words), "%s\n", status);
	reply(c, status, "text/plain", strlen(words), words);
}

static void answer(struct scrape *s, struct client *c, enum scrape_ask ask)
{
	static const char *const refusals[] = {
		[SCRAPE_BAD] = "400 Bad Request", [SCRAPE_METHOD] = "405 Method Not Allowed",
		[SCRAPE_UNKNOWN] = "404 Not Found", [SCRAPE_LONG] = "431 Request Header Fields Too Large",
	};

	if (ask != SCRAPE_GET && ask != SCRAPE_HEAD) {
		refuse(c, refusals[ask]);
		return;
	}
	c->body = take_text(s);
	if (c->body == NULL) {
		refuse(c, "503 Service Unavailable");
		return;
	}
	reply(c, "200 OK", s->content_type, c->body->len, "");
	if (ask == SCRAPE_HEAD) {
		let_go(s, c->body);
		c->body = NULL;
	}
}

static void receive(struct scrape *s, struct client *c)
{
	ssize_t n = recv(c->fd, c->sent + c->sent_len, sizeof(c->sent) - c->sent_len, 0);
	enum scrape_ask ask;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		drop(s, c);
		return;
	}
	c->sent_len += (size_t)n;
	ask = scrape_read((struct slice){ c->sent, c->sent_len });
	if (ask != SCRAPE_MORE)
		answer(s, c, ask);
}

static void deliver(struct scrape *s, struct client *c)
{
	size_t body = c->body != NULL ? c->body->len : 0, at = c->done;
	const char *from = at < c->head_len ? c->head + at : c->body->text + (at - c->head_len);
	size_t left = at < c->head_len ? c->head_len - at : body - (at - c->head_len);
	ssize_t n = send(c->fd, from, left, MSG_NOSIGNAL);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		c->done += (size_t)n;
	if (n <= 0 || c->done == c->head_len + body) {
		shutdown(c->fd, SHUT_WR);
		drop(s, c);
	}
}

/* One too many is closed at once: who scrapes tries again. */
static void welcome(struct scrape *s)
{
	int fd = accept4(s->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	for (size_t i = 0; i < SCRAPE_CLIENTS_MAX; i++)
		if (s->clients[i].fd < 0) {
			s->clients[i] = (struct client){ .fd = fd, .deadline = clock_boot_ms() + SCRAPE_REQUEST_MS };
			return;
		}
	close(fd);
}

/* ---- the thread ---- */

static int until_deadline(const struct scrape *s)
{
	int64_t first = -1, left;

	for (size_t i = 0; i < SCRAPE_CLIENTS_MAX; i++)
		if (s->clients[i].fd >= 0 && (first < 0 || s->clients[i].deadline < first))
			first = s->clients[i].deadline;
	if (first < 0)
		return -1;
	left = first - clock_boot_ms();
	return left > 0 ? (int)left : 0;
}

static void serve(struct scrape *s, const struct pollfd *fds)
{
	int64_t now = clock_boot_ms();

	for (size_t i = 0; i < SCRAPE_CLIENTS_MAX; i++) {
		struct client *c = &s->clients[i];

		if (c->fd < 0)
			continue;
		if (now >= c->deadline || (fds[i].revents & (POLLERR | POLLNVAL)) != 0)
			drop(s, c);
		else if (fds[i].revents != 0 && c->head_len == 0)
			receive(s, c);
		else if (fds[i].revents != 0)
			deliver(s, c);
	}
}

static void *run(void *arg)
{
	struct scrape *s = arg;
	struct pollfd fds[SCRAPE_CLIENTS_MAX + 2];

	while (!atomic_load(&s->ending)) {
		for (size_t i = 0; i < SCRAPE_CLIENTS_MAX; i++)
			fds[i] = (struct pollfd){ .fd = s->clients[i].fd, .events = s->clients[i].head_len == 0 ? POLLIN : POLLOUT };
		fds[SCRAPE_CLIENTS_MAX] = (struct pollfd){ .fd = s->listen_fd, .events = POLLIN };
		fds[SCRAPE_CLIENTS_MAX + 1] = (struct pollfd){ .fd = s->wake_fd, .events = POLLIN };
		if (poll(fds, ARRAY_LEN(fds), until_deadline(s)) < 0)
			continue;
		serve(s, fds);
		if (fds[SCRAPE_CLIENTS_MAX].revents != 0)
			welcome(s);
	}
	return NULL;
}

static int listen_at(const char *where, struct err *e)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };
	const int on = 1;
	struct addr a;
	uint16_t port;
	bool is_six;
	int fd, rc;

	if (!endpoint_parse(slice_of(where), &a, &port) || !addr_is_loopback(&a))
		return err_set(e, ERR_CONFIG, "metrics: listen = \"%.60s\" is no loopback address with a port", where);
	is_six = a.family == ADDR_IP6;
	memcpy(&four.sin_addr, a.b, sizeof(four.sin_addr));
	memcpy(&six.sin6_addr, a.b, sizeof(six.sin6_addr));
	four.sin_port = six.sin6_port = htons(port);
	fd = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_errno(e, ERR_IO, "metrics: %s", where);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	rc = is_six ? bind(fd, (struct sockaddr *)&six, sizeof(six)) : bind(fd, (struct sockaddr *)&four, sizeof(four));
	if (rc != 0 || listen(fd, SCRAPE_CLIENTS_MAX) != 0) {
		err_errno(e, ERR_IO, "metrics are not served at %s", where);
		close(fd);
		return -1;
	}
	return fd;
}

struct scrape *scrape_start(const char *where, const char *content_type, struct err *e)
{
	int fd = listen_at(where, e);
	struct scrape *s;

	if (fd < 0)
		return NULL;
	s = MEM_NEW(struct scrape);
	s->listen_fd = fd;
	s->content_type = content_type;
	s->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&s->lock, NULL);
	for (size_t i = 0; i < SCRAPE_CLIENTS_MAX; i++)
		s->clients[i].fd = -1;
	if (s->wake_fd >= 0 && pthread_create(&s->thread, NULL, run, s) == 0)
		return s;
	err_set(e, ERR_IO, "metrics: no thread can be had");
	if (s->wake_fd >= 0)
		close(s->wake_fd);
	close(fd);
	pthread_mutex_destroy(&s->lock);
	free(s);
	return NULL;
}

void scrape_stop(struct scrape *s)
{
	const uint64_t one = 1;

	if (s == NULL)
		return;
	atomic_store(&s->ending, true);
	while (write(s->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	pthread_join(s->thread, NULL);
	for (size_t i = 0; i < SCRAPE_CLIENTS_MAX; i++)
		if (s->clients[i].fd >= 0)
			drop(s, &s->clients[i]);
	let_go(s, s->now);
	close(s->listen_fd);
	close(s->wake_fd);
	pthread_mutex_destroy(&s->lock);
	free(s);
}
