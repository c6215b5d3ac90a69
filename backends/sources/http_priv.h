/* What the two halves of http share: http.c is the thread and its queue, http_easy.c one request in libcurl's terms. */
#ifndef PEERDECK_SOURCES_HTTP_PRIV_H
#define PEERDECK_SOURCES_HTTP_PRIV_H

#include "backends/sources/http.h"

#include <curl/curl.h>

struct http_call {
	struct http_call *next;
	struct http *owner;
	char *url, *authorization, *ca_file, *accept;
	char *posted, *content_type; /* posted NULL: a GET */
	size_t posted_len;
	char **headers; /* NULL at the end */
	bool secret, status_is_enough;
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

/* False: it carries a secret, and its address is no place for one. */
bool http_easy_may_go(const struct http_call *c);
/* Puts all of the call into its curl handle. */
void http_easy_fill(struct http_call *c);
/* After curl is through with it: fills reply or err. */
void http_easy_end(struct http_call *c, CURLcode rc);
/* Overwrites and frees; NULL is fine. */
void http_forget(char *secret);

#endif
