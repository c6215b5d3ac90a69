/*
 * One thread, one curl multi handle, a queue of calls; see http.h.
 *
 * A call is shared by two parties: the thread that waits for it and the HTTP
 * thread.  All of its fields but the curl handle are guarded by the one lock;
 * the HTTP thread marks it done and wakes the waiter, who frees it.
 */
#include "backends/sources/http.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/base/version.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
	DEFAULT_TIMEOUT_MS = 60000,
	DEFAULT_CEILING = 16 << 20,
	CONNECT_MS = 15000,
	STALL_OCTETS = 100, /* a second */
	POLL_MS = 60000,
};

struct http_call {
	struct http_call *next;
	struct http *owner;
	char *url, *authorization, *ca_file, *accept;
	unsigned timeout_ms, stall_ms;
	const struct http_sink *sink;
	size_t sunk, ceiling; /* HTTP thread only; sunk: octets that the sink took */
	bool sink_failed;
	CURL *easy;               /* HTTP thread only */
	struct curl_slist *lines; /* likewise */
	char detail[CURL_ERROR_SIZE]; /* likewise */
	bool done, cancelled;
	struct http_reply reply;
	struct err err;
};

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

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
	struct http_call *c = arg;
	long status = 0;

	if (c->sink != NULL)
		curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status == 200) {
		c->sunk += size * n;
		if (c->sunk > c->ceiling)
			return 0;
		c->sink_failed = c->sink->put(c->sink->arg, p, size * n) != 0;
		return c->sink_failed ? 0 : size * n;
	}
	return str_add(&c->reply.body, p, size * n) == 0 ? size * n : 0;
}

/* A key in clear text would be anybody's; a loopback address is a test or a tunnel. */
static bool may_carry_key(const char *url)
{
	struct slice s = slice_of(url);

	return slice_starts(s, "https://") || slice_starts(s, "http://127.0.0.1:") || slice_starts(s, "http://127.0.0.1/") ||
	       slice_starts(s, "http://[::1]:") || slice_starts(s, "http://[::1]/");
}

static void add_line(struct http_call *c, const char *name, const char *value)
{
	char *line = mem_printf("%s: %s", name, value);

	c->lines = curl_slist_append(c->lines, line);
	explicit_bzero(line, strlen(line));
	free(line);
}

static void set_options(struct http_call *c)
{
	CURL *h = c->easy;

	curl_easy_setopt(h, CURLOPT_URL, c->url);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L);
	if (c->ca_file != NULL)
		curl_easy_setopt(h, CURLOPT_CAINFO, c->ca_file);
	curl_easy_setopt(h, CURLOPT_USERAGENT, "peerdeck/" PEERDECK_VERSION);
	curl_easy_setopt(h, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, c->lines);
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, (long)c->timeout_ms);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, (long)(c->timeout_ms < CONNECT_MS ? c->timeout_ms : CONNECT_MS));
	if (c->stall_ms > 0) {
		curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, (long)STALL_OCTETS);
		curl_easy_setopt(h, CURLOPT_LOW_SPEED_TIME, (long)((c->stall_ms + 999) / 1000));
	}
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(h, CURLOPT_PRIVATE, c);
	curl_easy_setopt(h, CURLOPT_ERRORBUFFER, c->detail);
	if (c->authorization != NULL && slice_starts(slice_of(c->url), "http://"))
		curl_easy_setopt(h, CURLOPT_PROXY, ""); /* clear text to loopback must not take a way round */
}

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
	if (c->cancelled || h->stop || (c->authorization != NULL && !may_carry_key(c->url))) {
		err_set(&c->err, c->cancelled || h->stop ? ERR_CANCELLED : ERR_REFUSED,
		    c->cancelled || h->stop ? "cancelled" : "an API key is not sent over plain http; use https in the url");
		conclude(h, c);
		return;
	}
	c->easy = curl_easy_init();
	if (c->easy == NULL)
		abort(); /* out of memory */
	add_line(c, "Accept", c->accept != NULL ? c->accept : "application/json");
	if (c->authorization != NULL)
		add_line(c, "Authorization", c->authorization);
	set_options(c);
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

static void read_reply(struct http_call *c)
{
	curl_off_t after = 0;
	char *location = NULL;
	long status = 0;

	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(c->easy, CURLINFO_RETRY_AFTER, &after);
	curl_easy_getinfo(c->easy, CURLINFO_REDIRECT_URL, &location);
	c->reply.status = (int)status;
	c->reply.retry_after_s = after > 0 ? (int64_t)after : -1;
	if (location != NULL)
		strncat(c->reply.location, location, sizeof(c->reply.location) - 1);
}

static void name_failure(struct http_call *c, CURLcode rc)
{
	const char *why = c->detail[0] != '\0' ? c->detail : curl_easy_strerror(rc);

	switch (rc) {
	case CURLE_OPERATION_TIMEDOUT:
		err_set(&c->err, ERR_TIMEOUT, c->stall_ms > 0 ? "no complete answer within %u s, or it came to a standstill" :
		    "no complete answer within %u s", (c->timeout_ms + 999) / 1000);
		break;
	case CURLE_WRITE_ERROR:
		if (c->sink_failed)
			err_set(&c->err, ERR_IO, "the answer could not be kept");
		else
			err_set(&c->err, ERR_LIMIT, "the answer is longer than %zu octets", c->ceiling);
		break;
	case CURLE_PARTIAL_FILE:
		err_set(&c->err, ERR_NET, "the answer was cut");
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
		err_set(&c->err, ERR_NET, "certificate not accepted: %s", why);
		break;
	default:
		err_set(&c->err, ERR_NET, "%s", why);
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
		if (rc == CURLE_OK)
			read_reply(c);
		else
			name_failure(c, rc);
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

struct http_call *http_send(struct http *h, const struct http_request *r)
{
	struct http_call *c = MEM_NEW(struct http_call);

	c->owner = h;
	c->url = mem_strdup(r->url);
	c->authorization = mem_strdup(r->authorization);
	c->ca_file = mem_strdup(r->ca_file);
	c->accept = mem_strdup(r->accept);
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

	if (c->authorization != NULL)
		explicit_bzero(c->authorization, strlen(c->authorization));
	free(c->url);
	free(c->authorization);
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
