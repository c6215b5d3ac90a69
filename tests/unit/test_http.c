/* HTTP against a real server on loopback: deadlines, ceilings, certificates, redirects, cancelling. */
#include "core/base/clock.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "tests/unit/pdb_server.h"

static struct pdb_server plain, tls;

static int start(void **state)
{
	(void)state;
	return server_start(&plain, NULL, "tests/data/pdb") | server_start(&tls, "--tls", "tests/data/pdb");
}

static int stop(void **state)
{
	(void)state;
	server_stop(&plain);
	server_stop(&tls);
	return 0;
}

static int reset(void **state)
{
	(void)state;
	server_do(&plain, "reset");
	server_do(&tls, "reset");
	return 0;
}

/* Asks for /api/net with these settings; the body is thrown away. */
static int get_net(const char *base, struct http_request rq, struct err *e)
{
	struct http_reply reply;
	char url[200];
	int rc;

	snprintf(url, sizeof(url), "%s/api/net", base);
	rq.url = url;
	rc = server_get(&plain, &rq, &reply, e);
	if (rc > 0)
		http_reply_fini(&reply);
	return rc;
}

static void answer_comes_decompressed(void **state)
{
	struct http_reply reply;
	char url[100];
	struct http_request rq = { .url = url };

	(void)state;
	snprintf(url, sizeof(url), "%s/api/net?asn=64501", plain.url);
	assert_int_equal(server_get(&plain, &rq, &reply, NULL), 200);
	assert_non_null(strstr(reply.body.p, "Northwind Transit"));
	assert_int_equal(reply.retry_after_s, -1);
	http_reply_fini(&reply);
}

static void program_names_itself(void **state)
{
	json_t *c;

	(void)state;
	assert_int_equal(get_net(plain.url, (struct http_request){ 0 }, NULL), 200);
	c = server_control(&plain, plain.url, "counters");
	assert_int_equal(strncmp(json_string_value(json_array_get(json_object_get(c, "agents"), 0)), "peerdeck/", 9), 0);
	json_decref(c);
}

static void certificate_is_verified(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(get_net(tls.url, (struct http_request){ .ca_file = tls.ca }, NULL), 200);
	assert_int_equal(get_net(tls.url, (struct http_request){ 0 }, &e), -ERR_NET);
	assert_non_null(strstr(e.text, "certificate"));
	assert_int_equal(server_count(&tls, "total"), 1);
}

static void key_goes_where_it_belongs_only(void **state)
{
	struct http_request keyed = { .authorization = "Api-Key good", .ca_file = tls.ca };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(get_net(tls.url, keyed, NULL), 200);
	assert_int_equal(server_count(&tls, "keys"), 1);
	/* Another host in clear text: refused before anything is sent (192.0.2.1 answers nobody). */
	assert_int_equal(get_net("http://192.0.2.1", keyed, &e), -ERR_REFUSED);
	assert_int_equal(get_net("http://127.0.0.1.example.net", keyed, &e), -ERR_REFUSED);
}

static void redirect_is_not_followed(void **state)
{
	struct http_request rq = { .authorization = "Api-Key good" };
	struct http_reply reply;
	char url[100];

	(void)state;
	snprintf(url, sizeof(url), "%s/api/net", plain.redirect);
	rq.url = url;
	assert_int_equal(server_get(&plain, &rq, &reply, NULL), 301);
	assert_int_equal(strncmp(reply.location, plain.url, strlen(plain.url)), 0);
	http_reply_fini(&reply);
	assert_int_equal(server_count(&plain, "total"), 0); /* the target saw neither request nor key */
}

static void stall_ends_at_the_deadline(void **state)
{
	int64_t begun = clock_boot_ms();

	(void)state;
	server_do(&plain, "fault?name=stall");
	assert_int_equal(get_net(plain.url, (struct http_request){ .timeout_ms = 300 }, NULL), -ERR_TIMEOUT);
	assert_in_range(clock_boot_ms() - begun, 250, 10000);
}

static void drip_ends_at_the_deadline(void **state)
{
	(void)state;
	server_do(&plain, "fault?name=drip");
	assert_int_equal(get_net(plain.url, (struct http_request){ .timeout_ms = 300 }, NULL), -ERR_TIMEOUT);
}

static void wrong_length_is_no_answer(void **state)
{
	(void)state;
	server_do(&plain, "fault?name=length");
	assert_int_equal(get_net(plain.url, (struct http_request){ 0 }, NULL), -ERR_NET);
}

static void lost_connection_is_no_answer(void **state)
{
	(void)state;
	server_do(&plain, "fault?name=reset");
	assert_int_equal(get_net(plain.url, (struct http_request){ 0 }, NULL), -ERR_NET);
	assert_int_equal(get_net("http://127.0.0.1:1", (struct http_request){ 0 }, NULL), -ERR_NET);
}

static void ceiling_counts_what_comes_out(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	server_do(&plain, "fault?name=huge"); /* under 1 MB on the wire */
	assert_int_equal(get_net(plain.url, (struct http_request){ .ceiling = 4 << 20 }, &e), -ERR_LIMIT);
	assert_non_null(strstr(e.text, "4194304"));
}

static void retry_after_is_told(void **state)
{
	struct http_reply reply;
	char url[100];
	struct http_request rq = { .url = url };

	(void)state;
	snprintf(url, sizeof(url), "%s/api/net", plain.url);
	server_do(&plain, "set?retry_after=77");
	server_do(&plain, "fault?name=429");
	assert_int_equal(server_get(&plain, &rq, &reply, NULL), 429);
	assert_int_equal(reply.retry_after_s, 77);
	http_reply_fini(&reply);
	server_do(&plain, "set?retry_after=0");
	assert_int_equal(server_get(&plain, &rq, &reply, NULL), 429);
	assert_int_equal(reply.retry_after_s, -1);
	http_reply_fini(&reply);
}

static void *cancel_soon(void *call)
{
	http_cancel(call);
	return NULL;
}

static void cancel_ends_a_stall_at_once(void **state)
{
	int64_t begun = clock_boot_ms();
	struct err e = ERR_INIT;
	struct http_reply reply;
	struct http_call *c;
	pthread_t t;
	char url[100];

	(void)state;
	server_do(&plain, "fault?name=stall");
	snprintf(url, sizeof(url), "%s/api/net", plain.url);
	c = http_send(plain.http, &(struct http_request){ .url = url });
	pthread_create(&t, NULL, cancel_soon, c);
	assert_int_equal(http_wait(c, &reply, &e), -1);
	pthread_join(t, NULL);
	http_end(c);
	assert_int_equal(e.code, ERR_CANCELLED);
	assert_in_range(clock_boot_ms() - begun, 0, 5000);
}

static void *wait_for_end(void *call)
{
	struct http_reply reply;
	struct err *e = mem_calloc(1, sizeof(*e));

	http_wait(call, &reply, e);
	http_end(call);
	return e;
}

static void stopping_ends_what_runs(void **state)
{
	struct http *http = http_start(NULL);
	struct http_call *c;
	struct err *e;
	pthread_t t;
	char url[100];

	(void)state;
	server_do(&plain, "fault?name=stall");
	snprintf(url, sizeof(url), "%s/api/net", plain.url);
	c = http_send(http, &(struct http_request){ .url = url });
	pthread_create(&t, NULL, wait_for_end, c);
	http_stop(http);
	pthread_join(t, (void **)&e);
	assert_int_equal(e->code, ERR_CANCELLED);
	free(e);
}

static void calls_run_side_by_side(void **state)
{
	struct http_reply reply;
	struct http_call *slow, *quick;
	char url[100];

	(void)state;
	snprintf(url, sizeof(url), "%s/api/ix", plain.url);
	server_do(&plain, "fault?name=stall&tag=ix");
	slow = http_send(plain.http, &(struct http_request){ .url = url, .timeout_ms = 60000 });
	snprintf(url, sizeof(url), "%s/api/net", plain.url);
	quick = http_send(plain.http, &(struct http_request){ .url = url });
	assert_int_equal(http_wait(quick, &reply, NULL), 0);
	http_reply_fini(&reply);
	http_end(quick);
	http_cancel(slow);
	assert_int_equal(http_wait(slow, &reply, NULL), -1);
	http_end(slow);
}

static void text_is_escaped(void **state)
{
	struct str out;

	(void)state;
	str_init(&out, 0);
	http_escape(&out, SLICE("a b&c=/\xc3\xa9~"));
	assert_string_equal(out.p, "a%20b%26c%3D%2F%C3%A9~");
	str_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(answer_comes_decompressed, reset),
		cmocka_unit_test_setup(program_names_itself, reset),
		cmocka_unit_test_setup(certificate_is_verified, reset),
		cmocka_unit_test_setup(key_goes_where_it_belongs_only, reset),
		cmocka_unit_test_setup(redirect_is_not_followed, reset),
		cmocka_unit_test_setup(stall_ends_at_the_deadline, reset),
		cmocka_unit_test_setup(drip_ends_at_the_deadline, reset),
		cmocka_unit_test_setup(wrong_length_is_no_answer, reset),
		cmocka_unit_test_setup(lost_connection_is_no_answer, reset),
		cmocka_unit_test_setup(ceiling_counts_what_comes_out, reset),
		cmocka_unit_test_setup(retry_after_is_told, reset),
		cmocka_unit_test_setup(cancel_ends_a_stall_at_once, reset),
		cmocka_unit_test_setup(stopping_ends_what_runs, reset),
		cmocka_unit_test_setup(calls_run_side_by_side, reset),
		cmocka_unit_test(text_is_escaped),
	};

	return cmocka_run_group_tests_name("http", tests, start, stop);
}
