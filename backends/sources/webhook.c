/* Sending a webhook; see webhook.h. */
#include "backends/sources/webhook.h"
#include "backends/sources/fetch.h"
#include "backends/sources/secret.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_MAX = 64 << 10, HEADERS_MAX = 16, BODY_MAX = 4 << 20, WORDS_OF_ANSWER = 120, RETRY_AFTER_MAX_S = 86400 };

/* What the output's files hold. */
struct secrets {
	char *url, *token, *headers, *authorization;
	const char *lines[HEADERS_MAX + 1]; /* in headers */
};

static void secrets_fini(struct secrets *s)
{
	secret_free(s->url);
	secret_free(s->token);
	secret_free(s->headers);
	secret_free(s->authorization);
}

/* Cut into lines in place; a line that is no header is refused without being shown. */
static int split_headers(const char *path, struct secrets *s, struct err *e)
{
	char *save = NULL;
	size_t n = 0;

	for (char *line = strtok_r(s->headers, "\r\n", &save); line != NULL; line = strtok_r(NULL, "\r\n", &save)) {
		size_t name = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

		if (name == 0 || line[name] != ':' || n == HEADERS_MAX)
			return err_set(e, ERR_CONFIG, "%s: allowed are at most %d lines as Name: value", path, HEADERS_MAX);
		s->lines[n++] = line;
	}
	return 0;
}

static int read_secrets(const struct output_conf *o, struct secrets *s, struct err *e)
{
	*s = (struct secrets){ .url = NULL };
	if (o->url_file != NULL && (s->url = secret_read(o->url_file, e)) == NULL)
		return -1;
	if (s->url != NULL && !slice_starts(slice_of(s->url), "https://") && !slice_starts(slice_of(s->url), "http://"))
		return err_set(e, ERR_CONFIG, "%s: holds no address that begins with https://", o->url_file);
	if (o->token_file != NULL && (s->token = secret_read(o->token_file, e)) == NULL)
		return -1;
	if (s->token != NULL && strpbrk(s->token, "\r\n") != NULL)
		return err_set(e, ERR_CONFIG, "%s: holds more than one line", o->token_file);
	if (s->token != NULL && o->template != TEMPLATE_PAGERDUTY)
		s->authorization = mem_printf("Bearer %s", s->token);
	if (o->header_file == NULL)
		return 0;
	s->headers = secret_read(o->header_file, e);
	return s->headers != NULL ? split_headers(o->header_file, s, e) : -1;
}

/* The first line of what the other side said, safe and short. */
static void first_words(const struct http_reply *reply, struct str *out)
{
	struct slice s = slice_trim(str_slice(&reply->body));
	size_t n = 0;

	while (n < s.len && n < WORDS_OF_ANSWER && s.p[n] != '\n' && s.p[n] != '\r')
		n++;
	if (n > 0)
		str_puts(out, ": ");
	text_append(out, slice_upto(s, n));
}

static enum delivery_fate fate_of(int status)
{
	if (status >= 200 && status <= 299)
		return DELIVERY_DONE;
	/* These words will never be taken.  All else may be mended: by them (5xx, 429) or by us (a new token, a new url). */
	return status == 400 || status == 413 || status == 422 ? DELIVERY_REFUSED : DELIVERY_LATER;
}

void webhook_judge(const struct http_reply *reply, struct delivery *out)
{
	struct str said;

	str_init(&said, 1000);
	*out = (struct delivery){ .fate = fate_of(reply->status), .retry_after_s = reply->retry_after_s };
	if (out->retry_after_s > RETRY_AFTER_MAX_S)
		out->retry_after_s = RETRY_AFTER_MAX_S;
	first_words(reply, &said);
	if (reply->status >= 300 && reply->status <= 399)
		snprintf(out->words, sizeof(out->words), "HTTP %d: redirects are not followed; name the new address in url", reply->status);
	else
		snprintf(out->words, sizeof(out->words), "HTTP %d%.280s", reply->status, said.p);
	str_fini(&said);
}

static void post(struct http *http, const struct output_conf *o, const struct secrets *s, const struct str *body, int cancel_fd,
    struct delivery *out)
{
	const struct http_request rq = { .url = s->url != NULL ? s->url : o->url, .authorization = s->authorization, .ca_file = o->ca_file,
		.timeout_ms = o->timeout_s * 1000, .ceiling = ANSWER_MAX, .body = body, .headers = s->lines,
		.accept = "application/json, text/plain, */*", .secret = s->url != NULL || s->headers != NULL || s->token != NULL,
		.status_is_enough = true };
	struct http_reply reply;
	struct err e = ERR_INIT;

	if (fetch(http, &rq, cancel_fd, &reply, &e) == 0) {
		webhook_judge(&reply, out);
		http_reply_fini(&reply);
	} else {
		snprintf(out->words, sizeof(out->words), "%.290s", e.text);
	}
}

void webhook_send(struct http *http, const struct output_conf *o, const struct notice_batch *b, int cancel_fd, struct delivery *out)
{
	struct secrets secrets;
	struct err e = ERR_INIT;
	struct str body;

	*out = (struct delivery){ .fate = DELIVERY_LATER, .retry_after_s = -1 };
	str_init(&body, BODY_MAX);
	if (read_secrets(o, &secrets, &e) != 0) {
		snprintf(out->words, sizeof(out->words), "%.290s", e.text);
	} else {
		webhook_body(&body, o->template, b, secrets.token);
		post(http, o, &secrets, &body, cancel_fd, out);
	}
	explicit_bzero(body.p, body.len);
	str_fini(&body);
	secrets_fini(&secrets);
}
