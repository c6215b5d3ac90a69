/* The listener for scrapers: what it answers, what it refuses, and that nobody holds it up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "backends/sources/scrape.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GET "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

static void reads_requests(void **state)
{
	static const struct {
		const char *sent;
		enum scrape_ask ask;
	} rows[] = {
		{ GET, SCRAPE_GET },
		{ "GET /metrics?name[]=x HTTP/1.0\n\n", SCRAPE_GET },
		{ "HEAD /metrics HTTP/1.1\r\n\r\n", SCRAPE_HEAD },
		{ "GET /metrics HTTP/1.1\r\n", SCRAPE_MORE },
		{ "", SCRAPE_MORE },
		{ "POST /metrics HTTP/1.1\r\n\r\n", SCRAPE_METHOD },
		{ "GET / HTTP/1.1\r\n\r\n", SCRAPE_UNKNOWN },
		{ "GET /metricsx HTTP/1.1\r\n\r\n", SCRAPE_UNKNOWN },
		{ "GET http://example.net/metrics HTTP/1.1\r\n\r\n", SCRAPE_BAD },
		{ "GET /metrics HTTP/2\r\n\r\n", SCRAPE_BAD },
		{ "GET /metrics\r\n\r\n", SCRAPE_BAD },
		{ "\r\n\r\n", SCRAPE_BAD },
	};
	char *much = mem_calloc(SCRAPE_REQUEST_MAX + 1, 1);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (scrape_read(slice_of(rows[i].sent)) != rows[i].ask)
			fail_msg("row %zu: \"%s\"", i, rows[i].sent);
	memset(much, 'x', SCRAPE_REQUEST_MAX);
	assert_int_equal(scrape_read(slice_of(much)), SCRAPE_LONG);
	free(much);
}

/* A port that was free a moment ago: the test can run twice at once. */
static struct scrape *start(struct sockaddr_in *at)
{
	struct scrape *s = NULL;

	for (int i = 0; i < 20 && s == NULL; i++) {
		socklen_t len = sizeof(*at);
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		struct err e = ERR_INIT;
		char where[32];

		*at = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
		assert_int_equal(bind(fd, (struct sockaddr *)at, sizeof(*at)), 0);
		assert_int_equal(getsockname(fd, (struct sockaddr *)at, &len), 0);
		close(fd);
		snprintf(where, sizeof(where), "127.0.0.1:%u", ntohs(at->sin_port));
		s = scrape_start(where, "text/x", &e);
	}
	assert_non_null(s);
	return s;
}

static int reach(const struct sockaddr_in *at)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct timeval wait = { .tv_sec = 10 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	assert_int_equal(connect(fd, (const struct sockaddr *)at, sizeof(*at)), 0);
	return fd;
}

/* Everything until the far side closes. */
static char *ask(const struct sockaddr_in *at, const char *request)
{
	int fd = reach(at);
	char part[4096], *got;
	struct str all;
	ssize_t n;

	str_init(&all, 64 << 20);
	assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), (ssize_t)strlen(request));
	while ((n = recv(fd, part, sizeof(part), 0)) > 0)
		str_add(&all, part, (size_t)n);
	close(fd);
	got = str_take(&all);
	str_fini(&all);
	return got;
}

static void answers(const struct sockaddr_in *at, const char *request, const char *begins, const char *ends)
{
	char *got = ask(at, request);

	if (strncmp(got, begins, strlen(begins)) != 0 || strlen(got) < strlen(ends) ||
	    strcmp(got + strlen(got) - strlen(ends), ends) != 0)
		fail_msg("wanted \"%s ... %s\", got: %.300s", begins, ends, got);
	free(got);
}

static void serves_what_was_handed_over(void **state)
{
	struct sockaddr_in at;
	struct scrape *s = start(&at);

	(void)state;
	answers(&at, GET, "HTTP/1.1 503 ", "\n");
	scrape_hand_over(s, mem_strdup("one\n# EOF\n"), 10);
	answers(&at, GET, "HTTP/1.1 200 OK\r\nContent-Type: text/x\r\nContent-Length: 10\r\n", "\r\n\r\none\n# EOF\n");
	scrape_hand_over(s, mem_strdup("two\n# EOF\n"), 10);
	answers(&at, GET, "HTTP/1.1 200 ", "two\n# EOF\n");
	answers(&at, "HEAD /metrics HTTP/1.1\r\n\r\n", "HTTP/1.1 200 ", "\r\n\r\n");
	answers(&at, "GET /x HTTP/1.1\r\n\r\n", "HTTP/1.1 404 ", "\n");
	answers(&at, "PUT /metrics HTTP/1.1\r\n\r\n", "HTTP/1.1 405 ", "\n");
	answers(&at, "rubbish\r\n\r\n", "HTTP/1.1 400 ", "\n");
	scrape_stop(s);
}

static void a_large_text_arrives_whole(void **state)
{
	const size_t size = 9 << 20;
	struct sockaddr_in at;
	struct scrape *s = start(&at);
	char *text = mem_calloc(size + 1, 1), *got;

	(void)state;
	memset(text, 'x', size);
	scrape_hand_over(s, text, size);
	got = ask(&at, GET);
	assert_int_equal(strlen(strstr(got, "\r\n\r\n") + 4), size);
	free(got);
	scrape_stop(s);
}

static void nobody_holds_it_up(void **state)
{
	struct sockaddr_in at;
	struct scrape *s = start(&at);
	int silent[SCRAPE_CLIENTS_MAX];
	char *got, end;

	(void)state;
	scrape_hand_over(s, mem_strdup("one\n"), 4);
	for (int i = 0; i < SCRAPE_CLIENTS_MAX; i++) {
		silent[i] = reach(&at);
		assert_int_equal(send(silent[i], "GET /me", 7, MSG_NOSIGNAL), 7);
	}
	got = ask(&at, GET); /* one too many: turned away at once, not left hanging */
	assert_null(strstr(got, "one\n"));
	free(got);
	for (int i = 0; i < SCRAPE_CLIENTS_MAX; i++) {
		assert_true(recv(silent[i], &end, 1, 0) <= 0); /* their time is over */
		close(silent[i]);
	}
	answers(&at, GET, "HTTP/1.1 200 ", "one\n");
	silent[0] = reach(&at);
	scrape_stop(s); /* does not wait for that one */
	close(silent[0]);
}

static void old_text_is_not_served(void **state)
{
	struct sockaddr_in at;
	struct scrape *s;

	(void)state;
	clock_fake(1000000, 1000000);
	s = start(&at);
	scrape_hand_over(s, mem_strdup("one\n"), 4);
	answers(&at, GET, "HTTP/1.1 200 ", "one\n");
	clock_fake_advance(SCRAPE_OLD_MS + 1);
	answers(&at, GET, "HTTP/1.1 503 ", "\n");
	scrape_stop(s);
	clock_real();
}

static void refuses_other_addresses_and_taken_ports(void **state)
{
	struct err e = ERR_INIT;
	struct sockaddr_in at;
	struct scrape *s = start(&at);
	char where[32];

	(void)state;
	assert_null(scrape_start("0.0.0.0:9716", "text/x", &e));
	assert_int_equal(e.code, ERR_CONFIG);
	err_clear(&e);
	assert_null(scrape_start("[::]:9716", "text/x", &e));
	err_clear(&e);
	snprintf(where, sizeof(where), "127.0.0.1:%u", ntohs(at.sin_port));
	assert_null(scrape_start(where, "text/x", &e));
	assert_int_equal(e.code, ERR_IO);
	assert_non_null(strstr(e.text, where));
	scrape_stop(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_requests),
		cmocka_unit_test(serves_what_was_handed_over),
		cmocka_unit_test(a_large_text_arrives_whole),
		cmocka_unit_test(nobody_holds_it_up),
		cmocka_unit_test(old_text_is_not_served),
		cmocka_unit_test(refuses_other_addresses_and_taken_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
