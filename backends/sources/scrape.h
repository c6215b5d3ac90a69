/*
 * scrape - a thread that hands one text to whoever asks for /metrics on the loopback.
 *
 * Just enough HTTP/1.1 for a Prometheus: GET and HEAD, one request a connection, then it
 * is closed.  A few clients at once, small requests, short deadlines; who is too slow
 * or too many is turned away.  The text is handed over by whichever thread made it, which never
 * waits for a client; text older than SCRAPE_OLD_MS is not served: fresh or nothing.
 */
#ifndef PEERDECK_SOURCES_SCRAPE_H
#define PEERDECK_SOURCES_SCRAPE_H

#include "core/base/err.h"
#include "core/base/str.h"

enum {
	SCRAPE_REQUEST_MAX = 4096, /* octets of request line and header */
	SCRAPE_CLIENTS_MAX = 8,
	SCRAPE_REQUEST_MS = 2000,  /* to send the request */
	SCRAPE_REPLY_MS = 10000,   /* to take the reply */
	SCRAPE_OLD_MS = 60000,
};

enum scrape_ask {
	SCRAPE_MORE,    /* not whole yet */
	SCRAPE_GET,
	SCRAPE_HEAD,
	SCRAPE_BAD,     /* 400: no HTTP/1.x request */
	SCRAPE_METHOD,  /* 405 */
	SCRAPE_UNKNOWN, /* 404: another path */
	SCRAPE_LONG,    /* 431 */
};
/* What a client has sent so far. */
enum scrape_ask scrape_read(struct slice sent);

struct scrape;

/* Listens at "127.0.0.1:9716" (endpoint_parse; nothing but loopback) and starts the thread.  NULL: ERR_CONFIG, ERR_IO. */
struct scrape *scrape_start(const char *listen, const char *content_type, struct err *e);
/* The text to serve from now on; taken over, freed with free().  In any thread. */
void scrape_hand_over(struct scrape *s, char *text, size_t len);
void scrape_stop(struct scrape *s); /* at once, whoever is being served; NULL is fine */

#endif
