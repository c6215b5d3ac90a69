/* One request in libcurl's terms: its options, its body as it comes, and what its end means; see http.h. */
#include "backends/sources/http_priv.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/base/version.h"

#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 15000, STALL_OCTETS = 100 /* a second */ };

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

static bool carries_secret(const struct http_call *c)
{
	return c->authorization != NULL || c->secret;
}

void http_forget(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}

static void add_line(struct http_call *c, const char *name, const char *value)
{
	char *line = mem_printf("%s: %s", name, value);

	c->lines = curl_slist_append(c->lines, line);
	http_forget(line);
}

static void add_lines(struct http_call *c)
{
	add_line(c, "Accept", c->accept != NULL ? c->accept : "application/json");
	if (c->authorization != NULL)
		add_line(c, "Authorization", c->authorization);
	if (c->posted != NULL) {
		add_line(c, "Content-Type", c->content_type != NULL ? c->content_type : "application/json");
		add_line(c, "Expect", ""); /* libcurl else waits a second for a 100 that small servers never send */
	}
	for (char **h = c->headers; h != NULL && *h != NULL; h++)
		c->lines = curl_slist_append(c->lines, *h);
}

void http_easy_fill(struct http_call *c)
{
	CURL *h = c->easy;

	add_lines(c);
	curl_easy_setopt(h, CURLOPT_URL, c->url);
	if (c->posted != NULL) {
		curl_easy_setopt(h, CURLOPT_POST, 1L);
		curl_easy_setopt(h, CURLOPT_POSTFIELDS, c->posted);
		curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->posted_len);
	}
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
	if (carries_secret(c) && slice_starts(slice_of(c->url), "http://"))
		curl_easy_setopt(h, CURLOPT_PROXY, ""); /* clear text to loopback must not take a way round */
}

bool http_easy_may_go(const struct http_call *c)
{
	return !carries_secret(c) || may_carry_key(c->url);
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

/* The far side has said what became of the request; what is wrong with the words that follow changes nothing. */
static bool status_is_known(const struct http_call *c)
{
	long status = 0;

	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	return c->status_is_enough && status >= 200;
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

void http_easy_end(struct http_call *c, CURLcode rc)
{
	if (rc == CURLE_OK || status_is_known(c))
		read_reply(c);
	else
		name_failure(c, rc);
}
