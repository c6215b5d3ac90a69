/*
 * deliver - one attempt to bring notices to one output of the configuration, by mail or by HTTP.
 */
#ifndef PEERDECK_APP_DELIVER_H
#define PEERDECK_APP_DELIVER_H

#include "backends/sources/http.h"
#include "core/model/notice.h"

/* Notices that go out in one attempt. */
size_t deliver_most(const struct output_conf *o);
/* Waits until the other side has answered, for the output's timeout at most, or until cancel_fd (-1 none) is readable:
 * for threads that may.  http NULL is fine for mail. */
void deliver(const struct config *c, const struct output_conf *o, struct http *http, const struct notice_batch *b, int cancel_fd,
    struct delivery *out);
/* The name of the host that we run on, "?" unknown. */
const char *deliver_host(void);

#endif
