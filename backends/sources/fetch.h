/*
 * fetch - one HTTP request for a keeper's thread, given up when its cancel_fd becomes readable.
 */
#ifndef PEERDECK_SOURCES_FETCH_H
#define PEERDECK_SOURCES_FETCH_H

#include "backends/sources/http.h"

/* As http_send, http_wait and http_end in one.  0: *reply is to be ended with http_reply_fini. */
int fetch(struct http *http, const struct http_request *rq, int cancel_fd, struct http_reply *reply, struct err *e);

#endif
