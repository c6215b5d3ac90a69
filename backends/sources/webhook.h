/*
 * webhook - notices of alerts as HTTP POSTs: JSON of our own, and what Slack, PagerDuty and Alertmanager want.
 *
 * Bodies are built as JSON values, so no word of a router or a peer can end a string or begin a key.
 */
#ifndef PEERDECK_SOURCES_WEBHOOK_H
#define PEERDECK_SOURCES_WEBHOOK_H

#include "backends/sources/http.h"
#include "core/model/notice.h"

/* How many notices go into one request. */
size_t webhook_most(enum output_template t);

/* Appends the body.  key: PagerDuty's routing key, else NULL.  Pure. */
void webhook_body(struct str *out, enum output_template t, const struct notice_batch *b, const char *key);

/* What an answer means for the notices that were sent.  Pure. */
void webhook_judge(const struct http_reply *reply, struct delivery *out);

/* One attempt: reads the output's files, posts, waits until the answer, the output's timeout, or until cancel_fd (-1
 * none) is readable.  What went wrong is said in *out. */
void webhook_send(struct http *http, const struct output_conf *o, const struct notice_batch *b, int cancel_fd, struct delivery *out);

#endif
