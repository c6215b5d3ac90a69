/*
 * One thread, one curl multi handle, a queue of calls; see http.h.
 *
 * A call is shared by two parties: the thread that waits for it and the HTTP
 * thread.  All of its fields but the curl handle are guarded by the one lock;
 * the HTTP thread marks it done and wakes the waiter, who frees it.
 */
#include "backends/sources/http_priv.h"
#include "core/base/mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_TIMEOUT_MS = 60000, DEFAULT_CEILING = 16 << 20, POLL_MS = 60000 };

struct http {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t ended; /* a call is done */
	CURLM *multi;
	struct http_call *queued, **queue_end; /* sent, not yet taken by the thread */
	struct http_call *running; /* the thread's; cancel looks through it */
	unsigned calls; /* not yet ended by their senders */
	bool stop;
};

/* --- the HTTP thread --------------------------------------------------------------- */

/* Marks a call done.  The lock is held; the curl handle is gone. */
static void conclude(struct http *h, struct http_call *c)
{
	c->done = true;
	pthread_cond_broadcast(&h->ended);
}

static void close_handle(struct http *h, struct http_call *c)
{
	curl_multi_remove_handle(h->multi, c->easy);
	curl_easy_cleanup(c->easy);
	curl_slist_free_all(c->lines);
	c->easy = NULL;
	c->lines = NULL;
}

static void unlink_running(struct http *h, struct http_call *c)
{
	struct http_call **at = &h->running;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
}

/* Takes a queued call into curl.  The lock is held. */
static void begin_call(struct http *h, struct http_call *c)
{
	if (c->cancelled || h->stop || !http_easy_may_go(c)) {
		err_set(&c->err, c->cancelled || h->stop ? ERR_CANCELLED : ERR_REFUSED,
		    c->cancelled || h->stop ? "cancelled" : "%s is not sent over plain http; use https in the url",
		    c->secret ? "a secret" : "an API key");
		conclude(h, c);
		return;
	}
	c->easy = curl_easy_init();
	if (c->easy == NULL)
		abort(); /* out of memory */
	http_easy_fill(c);
	c->next = h->running;
	h->running = c;
	curl_multi_add_handle(h->multi, c->easy);
}

static void begin_queued(struct http *h)
{
	while (h->queued != NULL) {
		struct http_call *c = h->queued;

		h->queued = c->next;
		begin_call(h, c);
	}
	h->queue_end = &h->queued;
}

static void end_cancelled(struct http *h)
{
	struct http_call *next;

	for (struct http_call *c = h->running; c != NULL; c = next) {
		next = c->next;
		if (!c->cancelled && !h->stop)
			continue;
		close_handle(h, c);
		unlink_running(h, c);
		err_set(&c->err, ERR_CANCELLED, "cancelled");
		conclude(h, c);
	}
}

static void end_finished(struct http *h)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
		struct http_call *c = NULL;
		CURLcode rc = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&c);
		http_easy_end(c, rc);
		close_handle(h, c);
		unlink_running(h, c);
		conclude(h, c);
	}
}

static void *http_main(void *arg)
{
	struct http *h = arg;
	bool stop = false;
	int running;

	while (!stop) {
		curl_multi_perform(h->multi, &running);
		pthread_mutex_lock(&h->lock);
		end_finished(h);
		end_cancelled(h);
		begin_queued(h);
		stop = h->stop && h->running == NULL;
		running = h->running != NULL;
		pthread_mutex_unlock(&h->lock);
		if (!stop)
			curl_multi_poll(h->multi, NULL, 0, POLL_MS, NULL);
	}
	return NULL;
}

/* --- any thread -------------------------------------------------------------------- */

static void curl_begin(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct http *http_start(struct err *e)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct http *h = MEM_NEW(struct http);

	pthread_once(&once, curl_begin);
	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->ended, NULL);
	h->queue_end = &h->queued;
	h->multi = curl_multi_init();
	if (h->multi == NULL)
		abort(); /* out of memory */
	if (pthread_create(&h->thread, NULL, http_main, h) != 0) {
		err_set(e, ERR_IO, "cannot start the thread for HTTP");
		curl_multi_cleanup(h->multi);
		free(h);
		return NULL;
	}
	return h;
}

void http_stop(struct http *h)
{
	if (h == NULL)
		return;
	pthread_mutex_lock(&h->lock);
	h->stop = true;
	pthread_mutex_unlock(&h->lock);
	curl_multi_wakeup(h->multi);
	pthread_join(h->thread, NULL);
	pthread_mutex_lock(&h->lock);
	while (h->calls > 0)
		pthread_cond_wait(&h->ended, &h->lock);
	pthread_mutex_unlock(&h->lock);
	curl_multi_cleanup(h->multi);
	pthread_cond_destroy(&h->ended);
	pthread_mutex_destroy(&h->lock);
	free(h);
}

static char **copy_headers(const char *const *from)
{
	size_t n = 0;
	char **all;

	while (from != NULL && from[n] != NULL)
		n++;
	all = mem_calloc(n + 1, sizeof(*all));
	for (size_t i = 0; i < n; i++)
		all[i] = mem_strdup(from[i]);
	return all;
}

static void copy_posted(struct http_call *c, const struct http_request *r)
{
	c->content_type = mem_strdup(r->content_type);
	c->headers = copy_headers(r->headers);
	c->secret = r->secret;
	c->status_is_enough = r->status_is_enough;
	if (r->body == NULL)
		return;
	c->posted = mem_calloc(r->body->len + 1, 1);
	c->posted_len = r->body->len;
	memcpy(c->posted, r->body->p, r->body->len);
}

struct http_call *http_send(struct http *h, const struct http_request *r)
{
	struct http_call *c = MEM_NEW(struct http_call);

	c->owner = h;
	c->url = mem_strdup(r->url);
	c->authorization = mem_strdup(r->authorization);
	c->ca_file = mem_strdup(r->ca_file);
	c->accept = mem_strdup(r->accept);
	copy_posted(c, r);
	c->timeout_ms = r->timeout_ms ? r->timeout_ms : DEFAULT_TIMEOUT_MS;
	c->stall_ms = r->stall_ms;
	c->sink = r->sink;
	c->ceiling = r->ceiling ? r->ceiling : DEFAULT_CEILING;
	c->reply.retry_after_s = -1;
	str_init(&c->reply.body, c->ceiling);
	pthread_mutex_lock(&h->lock);
	h->calls++;
	*h->queue_end = c;
	h->queue_end = &c->next;
	pthread_mutex_unlock(&h->lock);
	curl_multi_wakeup(h->multi);
	return c;
}

int http_wait(struct http_call *c, struct http_reply *reply, struct err *e)
{
	struct http *h = c->owner;
	int rc = 0;

	pthread_mutex_lock(&h->lock);
	while (!c->done)
		pthread_cond_wait(&h->ended, &h->lock);
	pthread_mutex_unlock(&h->lock);
	if (c->err.code != ERR_NONE) {
		rc = err_set(e, c->err.code, "%s", c->err.text);
		str_fini(&c->reply.body);
	} else {
		*reply = c->reply;
	}
	return rc;
}

void http_cancel(struct http_call *c)
{
	struct http *h = c->owner;

	pthread_mutex_lock(&h->lock);
	c->cancelled = true;
	pthread_mutex_unlock(&h->lock);
	curl_multi_wakeup(h->multi);
}

void http_end(struct http_call *c)
{
	struct http *h = c->owner;

	http_forget(c->url);
	http_forget(c->authorization);
	if (c->posted != NULL)
		explicit_bzero(c->posted, c->posted_len);
	free(c->posted);
	free(c->content_type);
	for (char **line = c->headers; *line != NULL; line++)
		http_forget(*line);
	free(c->headers);
	free(c->ca_file);
	free(c->accept);
	free(c);
	pthread_mutex_lock(&h->lock);
	h->calls--;
	pthread_cond_broadcast(&h->ended);
	pthread_mutex_unlock(&h->lock);
}

void http_reply_fini(struct http_reply *r)
{
	str_fini(&r->body);
}

void http_escape(struct str *out, struct slice s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] != '\0' && strchr(plain, s.p[i]) != NULL)
			str_putc(out, s.p[i]);
		else
			str_addf(out, "%%%02X", (unsigned char)s.p[i]);
}
