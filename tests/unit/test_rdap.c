/* Abuse contacts of a registry: read from answers of any shape, asked for with care. */
#include "backends/sources/rdap.h"
#include "core/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "tests/unit/pdb_server.h"

static const char answer[] =
    "{\"objectClassName\":\"autnum\",\"handle\":\"AS64501\",\"name\":\"NORTH\",\"port43\":\"whois.registry.example\",\"entities\":["
    "{\"roles\":[\"registrant\"],\"vcardArray\":[\"vcard\",[[\"fn\",{},\"text\",\"North Ltd\"],[\"email\",{},\"text\",\"office@north.example\"]]],"
    " \"entities\":[{\"roles\":[\"Abuse\",\"technical\"],\"vcardArray\":[\"vcard\",[[\"version\",{},\"text\",\"4.0\"],"
    "[\"fn\",{},\"text\",\"Abuse \\u001b[31mdesk\"],[\"tel\",{\"type\":\"voice\"},\"uri\",\"tel:+12025550199\"],"
    "[\"email\",{},\"text\",\"abuse@north.example\"],[\"email\",{},\"text\",\"second@north.example\"]]]}]},"
    "{\"roles\":[\"abuse\"],\"vcardArray\":[\"vcard\",[[\"email\",{},\"text\",\"abuse@north.example\"],[\"tel\",{},\"uri\",\"tel:+12025550199\"]]]},"
    "{\"roles\":[\"abuse\"],\"vcardArray\":[\"vcard\",[[\"fn\",{},\"text\",\"nobody can be reached here\"]]]}]}";

static struct rdap_answer *parse(const char *text, struct err *e)
{
	return rdap_parse(64501, slice_of(text), 1000, e);
}

static void abuse_contacts_are_found_at_any_depth(void **state)
{
	struct rdap_answer *x = parse(answer, NULL);

	(void)state;
	assert_non_null(x);
	assert_true(x->r.found);
	assert_int_equal(x->r.count, 1); /* the registrant is none; the second is the same; the third has no address */
	assert_string_equal(x->r.contacts[0].email.s, "abuse@north.example");
	assert_string_equal(x->r.contacts[0].phone.s, "+12025550199");
	assert_null(strchr(x->r.contacts[0].name.s, '\x1b'));
	assert_int_equal(x->r.asked_wall_ms, 1000);
	rdap_answer_free(x);
}

static void answers_of_odd_shapes_are_refused_or_empty(void **state)
{
	static const char *const bad[] = { "<html>", "[]", "{}", "{\"objectClassName\":\"entity\"}", "{\"objectClassName\":5}", "{\"a\":",
		"{\"objectClassName\":\"autnum\",\"startAutnum\":64000,\"endAutnum\":64500}" };
	static const char *const empty[] = { "{\"objectClassName\":\"autnum\"}", "{\"objectClassName\":\"autnum\",\"entities\":{}}",
		"{\"objectClassName\":\"autnum\",\"entities\":[5,null,{\"roles\":\"abuse\"},{\"roles\":[\"abuse\"],\"vcardArray\":[\"vcard\",7]},"
		"{\"roles\":[\"abuse\"],\"vcardArray\":[\"vcard\",[[],5,[\"email\"],[\"email\",{},\"text\",[\"x\"]]]]}]}" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err e = ERR_INIT;

		assert_null(parse(bad[i], &e));
		assert_int_equal(e.code, ERR_PARSE);
	}
	for (size_t i = 0; i < ARRAY_LEN(empty); i++) {
		struct rdap_answer *x = parse(empty[i], NULL);

		assert_non_null(x);
		assert_int_equal(x->r.count, 0);
		rdap_answer_free(x);
	}
}

static struct pdb_server server;
static char url[100];
static struct rdap_conf conf;

static int start(void **state)
{
	(void)state;
	snprintf(url, sizeof(url), "x");
	return server_start(&server, NULL, "tests/data/pdb");
}

static int stop(void **state)
{
	(void)state;
	server_stop(&server);
	return 0;
}

static struct rdap_answer *ask(const char *base, asn_t asn, struct err *e)
{
	struct rdap_answer *x;
	struct str body;

	snprintf(url, sizeof(url), "%s/rdap", base);
	conf = (struct rdap_conf){ .enabled = true, .url = url, .timeout_s = 10, .refresh_s = 3600 };
	str_init(&body, 0);
	x = rdap_ask(&conf, server.http, asn, -1, &body, e);
	str_fini(&body);
	return x;
}

static void a_registry_is_asked_and_redirects_are_followed(void **state)
{
	struct rdap_answer *x = ask(server.url, 64501, NULL);

	(void)state;
	assert_non_null(x);
	assert_string_equal(x->r.contacts[0].email.s, "abuse@as64501.example");
	rdap_answer_free(x);
	x = ask(server.redirect, 64501, NULL);
	assert_non_null(x);
	assert_int_equal(x->r.count, 1);
	rdap_answer_free(x);
	assert_int_equal(server_count(&server, "keys"), 0);
}

static void a_number_that_is_not_there_is_an_answer(void **state)
{
	struct rdap_answer *x = ask(server.url, 65000, NULL);

	(void)state;
	assert_non_null(x);
	assert_false(x->r.found);
	rdap_answer_free(x);
}

static void faults_are_told(void **state)
{
	static const struct {
		const char *fault, *words;
	} faults[] = { { "html502", "status 502" }, { "html200", "unreadable" }, { "429", "asks us to wait" }, { "huge", "longer than" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct err e = ERR_INIT;
		char what[60];

		snprintf(what, sizeof(what), "fault?name=%s&tag=rdap&count=1", faults[i].fault);
		server_do(&server, what);
		assert_null(ask(server.url, 64501, &e));
		if (strstr(e.text, faults[i].words) == NULL)
			fail_msg("%s: \"%s\"", faults[i].fault, e.text);
	}
}

/* A redirect to plain http from https would let anybody on the way answer; one that goes round ends. */
static void redirects_are_bounded(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	server_do(&server, "fault?name=loop&tag=rdap&count=20");
	assert_null(ask(server.url, 64501, &e));
	assert_non_null(strstr(e.text, "not followed"));
	assert_int_equal(e.code, ERR_REFUSED);
	server_do(&server, "reset");
}

static void https_does_not_lead_to_http(void **state)
{
	struct pdb_server tls;
	struct err e = ERR_INIT;
	struct str body;

	(void)state;
	assert_int_equal(server_start(&tls, "--tls", "tests/data/pdb"), 0);
	snprintf(url, sizeof(url), "%s/rdap", tls.url);
	conf = (struct rdap_conf){ .enabled = true, .url = url, .ca_file = tls.ca, .timeout_s = 10, .refresh_s = 3600 };
	json_decref(server_control(&tls, tls.url, "fault?name=plain&tag=rdap&count=1"));
	str_init(&body, 0);
	assert_null(rdap_ask(&conf, tls.http, 64501, -1, &body, &e));
	assert_non_null(strstr(e.text, "not followed"));
	str_fini(&body);
	server_stop(&tls);
}

/* Kept with its age, asked again when that has passed, and still there when the registry is not. */
static void answers_outlive_the_registry(void **state)
{
	char dir[] = "/tmp/peerdeck-rdap-XXXXXX", file[80];
	const asn_t asns[] = { 64502, 64501 };
	struct arena *a = arena_new();
	const struct registered_set *s;
	const struct registered *one;

	(void)state;
	assert_non_null(mkdtemp(dir));
	server_do(&server, "reset");
	snprintf(url, sizeof(url), "%s/rdap", server.url);
	conf = (struct rdap_conf){ .enabled = true, .url = url, .timeout_s = 10, .refresh_s = 3600 };
	s = rdap_lookup(&conf, dir, NULL, asns, 2, a); /* offline, nothing kept */
	assert_int_equal(registered_find(s, 64501)->asked_wall_ms, -1);
	rdap_lookup(&conf, dir, server.http, asns, 2, a);
	assert_int_equal(server_count(&server, "rdap"), 2);
	rdap_lookup(&conf, dir, server.http, asns, 2, a); /* out of the cache */
	assert_int_equal(server_count(&server, "rdap"), 2);
	conf.refresh_s = 0;
	server_do(&server, "fault?name=html502&tag=rdap&count=1");
	s = rdap_lookup(&conf, dir, server.http, asns, 2, a);
	assert_int_equal(server_count(&server, "rdap"), 3); /* after the first failure no other is asked */
	one = registered_find(s, 64501);
	assert_non_null(one);
	assert_string_equal(one->contacts[0].email.s, "abuse@as64501.example");
	assert_true(clock_wall_ms() - one->asked_wall_ms < 60000);
	assert_non_null(strstr(registered_find(s, 64502)->trouble.s, "502"));
	assert_null(registered_find(s, 64503));
	arena_free(a);
	snprintf(file, sizeof(file), "%s/answers.db", dir);
	unlink(file);
	rmdir(dir);
}

static void a_keeper_asks_what_is_wanted(void **state)
{
	struct keeper *k;
	struct kept_view v;

	(void)state;
	server_do(&server, "reset");
	snprintf(url, sizeof(url), "%s/rdap", server.url);
	conf = (struct rdap_conf){ .enabled = true, .url = url, .timeout_s = 10, .refresh_s = 3600 };
	k = rdap_keeper(&conf, NULL, server.http, NULL);
	assert_non_null(k);
	keeper_want_also(k, "64501");
	assert_true(keeper_settled(k, clock_boot_ms() + 10000));
	assert_true(keeper_get(k, "64501", &v));
	assert_non_null(v.answer);
	assert_int_equal(((const struct rdap_answer *)v.answer)->r.count, 1);
	keeper_release(v.hold);
	keeper_stop(k);
	conf.enabled = false;
	assert_null(rdap_keeper(&conf, NULL, server.http, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(abuse_contacts_are_found_at_any_depth),
		cmocka_unit_test(answers_of_odd_shapes_are_refused_or_empty),
		cmocka_unit_test(a_registry_is_asked_and_redirects_are_followed),
		cmocka_unit_test(a_number_that_is_not_there_is_an_answer),
		cmocka_unit_test(faults_are_told),
		cmocka_unit_test(redirects_are_bounded),
		cmocka_unit_test(https_does_not_lead_to_http),
		cmocka_unit_test(answers_outlive_the_registry),
		cmocka_unit_test(a_keeper_asks_what_is_wanted),
	};

	return cmocka_run_group_tests_name("rdap", tests, start, stop);
}
