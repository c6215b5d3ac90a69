/*
 * http - one thread that does all HTTP, over curl multi (its only includer).
 *
 * Any thread sends a request and waits for its reply; another may cancel it.  A
 * request with a body is a POST, all others are GETs.
 * TLS 1.2 or later, verified; redirects are never followed (a key must not
 * travel to another host, and an answer from there would be another's); the size
 * of a body is counted after decompression; every request has a deadline.
 */
#ifndef PEERDECK_SOURCES_HTTP_H
#define PEERDECK_SOURCES_HTTP_H

#include "core/base/err.h"
#include "core/base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct http;
struct http_call;

/* Takes the body of a 200 as it comes, in the HTTP thread; anything but 0 ends the call with ERR_IO. */
struct http_sink {
	int (*put)(void *arg, const char *p, size_t n);
	void *arg;
};

struct http_request {
	const char *url;           /* http or https */
	const char *authorization; /* value of that header, or NULL; only sent over https or to a loopback address */
	const char *ca_file;       /* NULL: the system's store */
	const char *accept;        /* NULL: application/json */
	unsigned timeout_ms;       /* whole request; 0: 60000 */
	unsigned stall_ms;         /* ends when fewer than 100 octets/s came for that long; 0: only the deadline counts */
	const struct http_sink *sink; /* NULL: the body goes into the reply; else it must outlive the call */
	size_t ceiling;            /* octets of body; 0: 16 MiB */
	const struct str *body;    /* what is posted; NULL: a GET */
	const char *content_type;  /* of it; NULL: application/json */
	const char *const *headers; /* more lines as "Name: value", NULL at the end; NULL none */
	bool secret;               /* url, body or headers hold a secret: over https or to a loopback address only */
	bool status_is_enough;     /* once the status is there, a body that is too long, drips or breaks off is no failure */
};

struct http_reply {
	int status;            /* 200, 404, 429 ... */
	int64_t retry_after_s; /* Retry-After, as seconds from now; -1 if the reply has none */
	char location[300];    /* of a redirect; "" if none */
	struct str body;       /* empty if a sink took it */
};

struct http *http_start(struct err *e);
/* Cancels what is under way, waits until its senders have ended their calls, and frees.  Nothing may be sent from
 * then on.  NULL is fine. */
void http_stop(struct http *h);

/* Queues a request; strings are copied.  Never NULL: what is wrong is told by http_wait. */
struct http_call *http_send(struct http *h, const struct http_request *r);
/* Waits for the reply, once per call.  0: a reply of whatever status, the caller ends it with http_reply_fini;
 * -1: none came (ERR_NET, ERR_TIMEOUT, ERR_LIMIT, ERR_CANCELLED, ERR_REFUSED), nothing to end. */
int http_wait(struct http_call *c, struct http_reply *reply, struct err *e);
/* Ends a call early; whoever waits gets ERR_CANCELLED (or the reply, if that came first).  Any thread. */
void http_cancel(struct http_call *c);
void http_end(struct http_call *c); /* frees a call that has been waited for */
void http_reply_fini(struct http_reply *r);

/* Appends `s` with everything but unreserved characters percent-encoded (RFC 3986). */
void http_escape(struct str *out, struct slice s);

#endif
