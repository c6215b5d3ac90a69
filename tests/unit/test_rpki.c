/* ROA payloads: both formats of exports, an RTR cache, what is damaged, and RFC 6811 against counting by hand. */
#include "backends/sources/rpki.h"
#include "backends/sources/rtr.h"
#include "backends/sources/vrp_file.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "tests/unit/spawned.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static struct vrp_table *parse(const char *text, int64_t *made)
{
	struct err e = ERR_INIT;
	struct vrp_table *t = vrp_file_parse(slice_of(text), made, &e);

	if (t == NULL)
		fail_msg("%s", e.text);
	return t;
}

static void both_formats(void **state)
{
	int64_t made;
	struct vrp_table *t = parse("{\"metadata\":{\"generated\":1790000000,\"generatedTime\":\"2026-09-21T14:13:20Z\"},\"roas\":["
				    "{\"asn\":\"AS64501\",\"prefix\":\"192.0.2.0/24\",\"maxLength\":24,\"ta\":\"ripe\"}]}", &made);

	(void)state;
	assert_int_equal(vrp_count(t), 1);
	assert_true(made == 1790000000000);
	vrp_unref(t);
	t = parse("{\"metadata\":{\"buildtime\":\"2026-11-20T03:12:45Z\",\"vrps\":2},\"roas\":["
		  "{\"asn\":64501,\"prefix\":\"192.0.2.0/24\",\"maxLength\":24,\"ta\":\"ripe\",\"expires\":1790000000},"
		  "{\"asn\":0,\"prefix\":\"2001:db8::/32\",\"maxLength\":128,\"ta\":\"apnic\"}]}", &made);
	assert_int_equal(vrp_count(t), 2);
	assert_true(made == 1795144365000);
	vrp_unref(t);
	t = parse("{\"roas\":[{\"asn\":\"64501\",\"prefix\":\"192.0.2.0/24\",\"maxLength\":\"24\"}]}", &made);
	assert_true(made == -1);
	vrp_unref(t);
}

static void damage_rejects_the_whole(void **state)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "", "" }, { "no json", "" }, { "{}", "no list \"roas\"" }, { "{\"roas\":[]}", "no payload" },
		{ "{\"roas\":[{\"asn\":\"AS1\",\"prefix\":\"10.0.0.0/8\",\"maxLength\":8}", "" },
		{ "{\"roas\":[{\"asn\":\"AS1\",\"prefix\":\"10.0.0.0/8\",\"maxLength\":7}]}", "row 1" },
		{ "{\"roas\":[{\"asn\":\"AS1\",\"prefix\":\"10.0.0.0/8\",\"maxLength\":33}]}", "row 1" },
		{ "{\"roas\":[{\"asn\":\"AS1\",\"prefix\":\"10.0.0.0/8\",\"maxLength\":8},{\"asn\":\"ASX\",\"prefix\":\"10.0.0.0/8\",\"maxLength\":8}]}",
		    "row 2" },
		{ "{\"roas\":[{\"asn\":-5,\"prefix\":\"10.0.0.0/8\",\"maxLength\":8}]}", "row 1" },
		{ "{\"roas\":[{\"asn\":4294967296,\"prefix\":\"10.0.0.0/8\",\"maxLength\":8}]}", "row 1" },
		{ "{\"roas\":[{\"prefix\":\"10.0.0.0/8\",\"maxLength\":8}]}", "row 1" },
		{ "{\"roas\":[{\"asn\":\"AS1\",\"prefix\":\"hello\",\"maxLength\":8}]}", "row 1" },
		{ "{\"roas\":[7]}", "row 1" },
		{ "{\"roas\":{\"asn\":\"AS1\",\"prefix\":\"10.0.0.0/8\",\"maxLength\":8}}", "" },
	};
	int64_t made;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = ERR_INIT;

		if (vrp_file_parse(slice_of(cases[i].text), &made, &e) != NULL)
			fail_msg("taken: %s", cases[i].text);
		if (e.code == ERR_NONE || strstr(e.text, cases[i].words) == NULL)
			fail_msg("%s: %s", cases[i].text, e.text);
	}
}

static void prefix(struct prefix *p, const char *words)
{
	assert_true(prefix_parse(slice_of(words), p));
}

static char got[600];

static void note(void *ctx, const struct prefix *p, asn_t origin, enum validity v)
{
	char text[PREFIX_STRLEN];

	(void)ctx;
	(void)origin;
	snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s=%c ", prefix_print(p, text), "?vin"[v]);
}

static void routes_are_judged(void **state)
{
	static const struct {
		const char *prefix;
		asn_t origin;
	} routes[] = {
		{ "10.0.0.0/8", 1 }, { "10.0.0.0/16", 1 }, { "10.0.0.0/17", 1 }, { "10.1.0.0/16", 2 }, { "10.1.0.0/24", 2 },
		{ "10.2.0.0/16", 3 }, { "11.0.0.0/8", 1 }, { "10.3.0.0/16", ASN_UNKNOWN }, { "10.4.0.0/16", ASN_NONE },
		{ "12.0.0.0/24", 9 }, { "0.0.0.0/0", 1 }, { "11.1.0.0/16", ASN_UNKNOWN },
	};
	struct vrp_builder *vb = vrp_builder_new();
	struct prefixset_builder *b = prefixset_builder_new(ADDR_IP4);
	struct prefixset *s;
	struct vrp_table *t;
	struct prefix p;

	(void)state;
	prefix(&p, "10.0.0.0/8");
	assert_true(vrp_add(vb, &p, 16, 1));
	prefix(&p, "10.1.0.0/16");
	assert_true(vrp_add(vb, &p, 16, 2));
	prefix(&p, "12.0.0.0/8");
	assert_true(vrp_add(vb, &p, 24, 0)); /* AS0: nobody may */
	prefix(&p, "2001:db8::/32");
	assert_true(vrp_add(vb, &p, 48, 1));
	t = vrp_freeze(vb);
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		prefix(&p, routes[i].prefix);
		prefixset_add(b, &p, routes[i].origin);
	}
	s = prefixset_freeze(b, true);
	got[0] = '\0';
	vrp_validate(t, s, note, NULL);
	assert_string_equal(got, "0.0.0.0/0=n 10.0.0.0/8=v 10.0.0.0/16=v 10.0.0.0/17=i 10.1.0.0/16=v 10.1.0.0/24=i 10.2.0.0/16=i "
				 "10.3.0.0/16=? 10.4.0.0/16=i 11.0.0.0/8=n 11.1.0.0/16=n 12.0.0.0/24=i ");
	prefixset_unref(s);
	vrp_unref(t);
}

/* Against a model that looks at every payload for every route. */
struct model_vrp {
	struct prefix p;
	int longest;
	asn_t asn;
};
struct model {
	struct model_vrp *v;
	size_t n;
};

static void compare(void *ctx, const struct prefix *p, asn_t origin, enum validity v)
{
	const struct model *m = ctx;
	enum validity want = VALIDITY_NOT_FOUND;

	for (size_t i = 0; i < m->n && want != VALIDITY_VALID; i++)
		if (m->v[i].p.len <= p->len && prefix_holds(&m->v[i].p, &p->net))
			want = m->v[i].asn == origin && p->len <= m->v[i].longest ? VALIDITY_VALID : VALIDITY_INVALID;
	assert_int_equal(v, want);
}

static struct prefix any_prefix(void)
{
	struct prefix p = { .net = { .family = ADDR_IP4, .b = { 10, (uint8_t)(rand() % 4), (uint8_t)(rand() % 256) } },
		.len = (uint8_t)(6 + rand() % 19) };

	prefix_mask(&p);
	return p;
}

static void random_tables_agree_with_a_model(void **state)
{
	(void)state;
	srand(11);
	for (int round = 0; round < 200; round++) {
		struct model_vrp v[40];
		struct model m = { v, ARRAY_LEN(v) };
		struct vrp_builder *vb = vrp_builder_new();
		struct prefixset_builder *b = prefixset_builder_new(ADDR_IP4);
		struct prefixset *s;
		struct vrp_table *t;

		for (size_t i = 0; i < m.n; i++) {
			v[i] = (struct model_vrp){ any_prefix(), 0, (asn_t)(1 + rand() % 3) };
			v[i].longest = v[i].p.len + rand() % 3;
			assert_true(vrp_add(vb, &v[i].p, v[i].longest, v[i].asn));
		}
		for (int i = 0; i < 60; i++) {
			struct prefix p = any_prefix();

			prefixset_add(b, &p, (asn_t)(1 + rand() % 3));
		}
		t = vrp_freeze(vb);
		s = prefixset_freeze(b, true);
		vrp_validate(t, s, compare, &m);
		prefixset_unref(s);
		vrp_unref(t);
	}
}

static void with_cache(const char *mode, size_t count, const char *words)
{
	struct spawned server;
	struct rtr_state st = { .table = NULL };
	struct err e = ERR_INIT;
	const struct vrp_table *first;
	int rc;

	assert_int_equal(spawned_start(&server, "tests/data/rtr_server.py", mode), 0);
	rc = rtr_look(&st, "127.0.0.1", server.port, 1, -1, &e);
	if (count == 0 && (rc == 0 || strstr(e.text, words) == NULL || strstr(e.text, "RTR 127.0.0.1 port") == NULL))
		fail_msg("%s: %s", mode, rc == 0 ? "a table" : e.text);
	if (count > 0 && (rc != 0 || vrp_count(st.table) != count))
		fail_msg("%s: %zu payloads, %s", mode, vrp_count(st.table), e.text);
	first = st.table;
	if (count > 0) {
		assert_int_equal(rtr_look(&st, "127.0.0.1", server.port, 5, -1, &e), 0);
		if (strcmp(mode, "changing") == 0)
			assert_int_equal(vrp_count(st.table), count + 1);
		else
			assert_ptr_equal(st.table, first); /* nothing changed */
	}
	rtr_state_fini(&st);
	spawned_stop(&server);
}

static void a_cache_that_works(void **state)
{
	(void)state;
	with_cache("good", 3, "");
	with_cache("old", 3, "");
	with_cache("changing", 3, "");
}

static void caches_that_do_not(void **state)
{
	struct rtr_state st = { .table = NULL };
	struct err e = ERR_INIT;

	(void)state;
	with_cache("nodata", 0, "error 2: not yet");
	with_cache("garbage", 0, "no RTR cache");
	with_cache("stall", 0, "no answer in time");
	with_cache("empty", 0, "no payload");
	with_cache("cut", 0, "closed");
	assert_int_equal(rtr_look(&st, "127.0.0.1", 1, 1, -1, &e), -1);
	assert_non_null(strstr(e.text, "RTR: 127.0.0.1 port 1"));
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static const struct vrp_table *look(struct keeper *k, struct kept_view *v)
{
	keeper_refresh(k, NULL);
	for (int i = 0; i < 500; i++) {
		int64_t before = clock_wall_ms();

		assert_true(keeper_get(k, RPKI_KEY, v));
		if (!v->asking && v->tried_wall_ms != 0 && i > 20)
			return v->answer;
		keeper_release(v->hold);
		while (clock_wall_ms() < before + 10)
			usleep(1000);
	}
	fail_msg("no answer");
	return NULL;
}

static void a_file_is_read_when_it_changes(void **state)
{
	char path[] = "/tmp/peerdeck-vrp-XXXXXX";
	struct rpki_conf conf = { .vrp_file = path, .stale_s = 86400 };
	struct kept_view v;
	const struct vrp_table *first;
	struct keeper *k;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	write_file(path, "{\"roas\":[{\"asn\":1,\"prefix\":\"10.0.0.0/8\",\"maxLength\":8}]}");
	k = rpki_keeper(&conf, NULL);
	keeper_want_also(k, RPKI_KEY);
	assert_true(keeper_settled(k, clock_boot_ms() + 10000));
	first = look(k, &v);
	assert_int_equal(vrp_count(first), 1);
	keeper_release(v.hold);
	assert_ptr_equal(look(k, &v), first);
	keeper_release(v.hold);
	write_file(path, "{\"roas\":[{\"asn\":1,\"prefix\":\"10.0.0.0/8\",\"maxLength\":8},{\"asn\":2,\"prefix\":\"11.0.0.0/8\",\"maxLength\":8}]}");
	assert_int_equal(vrp_count(look(k, &v)), 2);
	assert_int_equal(v.err.code, ERR_NONE);
	keeper_release(v.hold);
	write_file(path, "{\"roas\":["); /* half written: the former table stays, the error is told */
	assert_int_equal(vrp_count(look(k, &v)), 2);
	assert_int_equal(v.err.code, ERR_PARSE);
	assert_non_null(strstr(v.err.text, path));
	keeper_release(v.hold);
	keeper_stop(k);
	unlink(path);
}

/* An error PDU too short for what it should carry says its code, and takes no word from what comes behind it. */
static void a_short_error_has_no_text(void **state)
{
	(void)state;
	for (unsigned length = 8; length < 16; length++) {
		char *in = mem_calloc(length + 24, 1);
		struct rtr_pdu pdu;
		struct err e = ERR_INIT;

		memset(in, 'x', length + 24);
		memcpy(in, "\x01\x0a\x00\x02\x00\x00\x00", 7);
		in[7] = (char)length;
		memset(in + 8, 0, length - 8);
		memcpy(in + length, "\x00\x00\x00\x00\x00\x00\x00\x04", 8); /* would be a text of four octets */
		assert_int_equal(rtr_read((struct slice){ in, length + 24 }, &pdu, &e), 1);
		assert_int_equal(pdu.kind, RTR_ERROR);
		assert_int_equal(pdu.length, length);
		assert_string_equal(pdu.words, "error 2");
		free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_error_has_no_text),
		cmocka_unit_test(both_formats),
		cmocka_unit_test(damage_rejects_the_whole),
		cmocka_unit_test(routes_are_judged),
		cmocka_unit_test(random_tables_agree_with_a_model),
		cmocka_unit_test(a_cache_that_works),
		cmocka_unit_test(caches_that_do_not),
		cmocka_unit_test(a_file_is_read_when_it_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
