/* PeeringDB's JSON, read row by row: what is good is taken, what is not is named. */
#include "backends/sources/pdb_read.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct got {
	int rows;
	enum pdb_tag tag;
	int64_t id, asn, prefixes4, updated;
	char name[64];
	int faults;
	char fault[300];
	int fail_at; /* row at which the sink fails; 0 never */
};

static int on_row(void *arg, const struct pdb_row *row, struct err *e)
{
	struct got *g = arg;
	struct slice name = pdb_row_text(row, "name");

	if (++g->rows == g->fail_at)
		return err_set(e, ERR_IO, "disk full");
	g->tag = row->tag;
	g->id = row->v[PDB_AT_ID].i;
	g->asn = pdb_row_int(row, "asn", -1);
	g->prefixes4 = pdb_row_int(row, "info_prefixes4", -1);
	g->updated = pdb_row_int(row, "updated", -1);
	snprintf(g->name, sizeof(g->name), "%.*s", (int)name.len, name.p != NULL ? name.p : "");
	return 0;
}

static void on_fault(void *arg, const char *words)
{
	struct got *g = arg;

	g->faults++;
	snprintf(g->fault, sizeof(g->fault), "%s", words);
}

/* Reads in pieces of `step` octets. */
static int read_all(enum pdb_tag tag, const char *in, size_t len, size_t step, struct got *g, struct pdb_read_end *end,
    struct err *e)
{
	const struct pdb_read_ops ops = { on_row, on_fault, g };
	struct pdb_read *r = pdb_read_new(tag, &ops);

	*e = (struct err)ERR_INIT;
	for (size_t at = 0; at < len; at += step)
		if (pdb_read_feed(r, in + at, len - at < step ? len - at : step, e) < 0) {
			pdb_read_free(r);
			return -1;
		}
	return pdb_read_finish(r, end, e);
}

static int read_net(const char *in, struct got *g, struct err *e)
{
	struct pdb_read_end end;

	*g = (struct got){ 0 };
	return read_all(PDB_NET, in, strlen(in), 7, g, &end, e);
}

static void reads_a_row_at_any_cut(void **state)
{
	static const char in[] = "{\"meta\": {\"generated\": 1700000000.5}, \"data\": [{\"id\": 3, \"asn\": 4294967295,"
		"\"name\": \"A \\u017c\\n\", \"social_media\": [{\"service\": \"x\", \"name\": \"no\"}], "
		"\"info_prefixes4\": null, \"updated\": \"2023-11-14T22:13:20Z\", \"unheard_of\": {\"id\": 9}}]}";
	struct pdb_read_end end;
	struct err e;

	(void)state;
	for (size_t step = 1; step < sizeof(in); step++) {
		struct got g = { 0 };

		assert_int_equal(read_all(PDB_NET, in, sizeof(in) - 1, step, &g, &end, &e), 0);
		assert_int_equal(g.rows, 1);
		assert_int_equal(g.id, 3);
		assert_int_equal(g.asn, 4294967295);
		assert_int_equal(g.prefixes4, -1);
		assert_string_equal(g.name, "A \xc5\xbc\n");
		assert_int_equal(g.updated, 1700000000000);
		assert_int_equal(g.faults, 0);
		assert_int_equal(end.generated_wall_ms, 1700000000500);
	}
}

static void every_cut_is_an_error(void **state)
{
	static const char in[] = "{\"data\":[{\"id\":1,\"asn\":2,\"name\":\"x\"},{\"id\":2,\"asn\":3}],\"meta\":{}}";

	(void)state;
	for (size_t n = 0; n < sizeof(in) - 1; n++) {
		struct pdb_read_end end;
		struct got g = { 0 };
		struct err e;

		assert_int_equal(read_all(PDB_NET, in, n, 16, &g, &end, &e), -1);
		assert_int_not_equal(e.code, ERR_NONE);
	}
}

static void keyed_dump_tells_its_tags(void **state)
{
	static const char in[] = "{\"net\":{\"data\":[{\"id\":1,\"asn\":2}]},\"gadget\":{\"data\":[{\"id\":7}]},"
		"\"ix\":{\"data\":[{\"id\":5,\"name\":\"X\"}],\"meta\":{\"generated\":1}}}";
	struct pdb_read_end end;
	struct got g = { 0 };
	struct err e;

	(void)state;
	assert_int_equal(read_all(PDB_TAGS, in, strlen(in), 9, &g, &end, &e), 0);
	assert_int_equal(g.rows, 2);
	assert_int_equal(g.tag, PDB_IX);
	assert_int_equal(g.id, 5);
	assert_int_equal(end.generated_wall_ms, 1000);
}

static void wrong_types_leave_the_field_unknown(void **state)
{
	struct got g;
	struct err e;

	(void)state;
	assert_int_equal(read_net("{\"data\":[{\"id\":1,\"asn\":2,\"info_prefixes4\":\"many\",\"name\":\"n\"}]}", &g, &e), 0);
	assert_int_equal(g.rows, 1);
	assert_int_equal(g.prefixes4, -1);
	assert_string_equal(g.name, "n");
	assert_string_equal(g.fault, "row 1: info_prefixes4 is text of another kind, wanted is a count; left unknown");
	assert_int_equal(read_net("{\"data\":[{\"id\":1,\"asn\":2,\"name\":{\"a\":1},\"info_prefixes4\":-5}]}", &g, &e), 0);
	assert_int_equal(g.rows, 1);
	assert_string_equal(g.name, "");
	assert_int_equal(g.faults, 2);
	assert_int_equal(read_net("{\"data\":[{\"id\":1,\"asn\":\"64500\"}]}", &g, &e), 0);
	assert_int_equal(g.asn, 64500); /* a quoted number is one */
}

static void rows_without_identity_are_dropped(void **state)
{
	struct got g;
	struct err e;

	(void)state;
	assert_int_equal(read_net("{\"data\":[{\"asn\":2},{\"id\":1},{\"id\":1,\"asn\":4294967296},{\"id\":0,\"asn\":1},"
	    "5,null,[1],{\"id\":9,\"asn\":9}]}", &g, &e), 0);
	assert_int_equal(g.rows, 1);
	assert_int_equal(g.id, 9);
	assert_true(g.faults >= 7);
}

static void not_an_answer_is_an_error(void **state)
{
	static const struct {
		const char *in, *words;
	} cases[] = {
		{ "", "empty" },
		{ " \n ", "empty" },
		{ "<html>", "web page" },
		{ "[1]", "no JSON object" },
		{ "Bad Gateway", "no JSON object" },
		{ "{}", "no list" },
		{ "{\"meta\":{}}", "no list" },
		{ "{\"data\":null}", "no list" },
		{ "{\"data\":{}}", "no list" },
		{ "{\"data\":\"x\"}", "no list" },
		{ "{\"data\":[{\"id\":1,}]}", "unreadable" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct got g;
		struct err e;

		assert_int_equal(read_net(cases[i].in, &g, &e), -1);
		assert_non_null(strstr(e.text, cases[i].words));
		assert_int_equal(g.rows, 0);
	}
}

static void data_of_no_tag_is_an_error(void **state)
{
	static const char in[] = "{\"data\":[{\"id\":1,\"asn\":2}]}";
	struct pdb_read_end end;
	struct got g = { 0 };
	struct err e;

	(void)state;
	assert_int_equal(read_all(PDB_TAGS, in, strlen(in), 100, &g, &end, &e), -1);
	assert_int_equal(g.rows, 0);
}

static void deep_nesting_is_refused(void **state)
{
	char in[200] = "{\"data\":[{\"id\":1,\"x\":";
	struct got g;
	struct err e;

	(void)state;
	for (int i = 0; i < 60; i++)
		strncat(in, "[", sizeof(in) - strlen(in) - 1);
	assert_int_equal(read_net(in, &g, &e), -1);
	assert_non_null(strstr(e.text, "deep"));
}

static void endless_string_is_refused(void **state)
{
	const struct pdb_read_ops ops = { on_row, on_fault, &(struct got){ 0 } };
	struct pdb_read *r = pdb_read_new(PDB_NET, &ops);
	char *block = mem_calloc(1 << 16, 1);
	struct err e = ERR_INIT;
	int rc = 0, fed = 0;

	(void)state;
	memset(block, 'x', 1 << 16);
	assert_int_equal(pdb_read_feed(r, "{\"data\":[{\"name\":\"", 18, &e), 0);
	while (rc == 0 && fed++ < 1000)
		rc = pdb_read_feed(r, block, 1 << 16, &e);
	assert_int_equal(e.code, ERR_LIMIT);
	assert_true(fed < 100);
	pdb_read_free(r);
	free(block);
}

static void invalid_utf8_passes_to_text(void **state)
{
	struct got g;
	struct err e;

	(void)state;
	assert_int_equal(read_net("{\"data\":[{\"id\":1,\"asn\":2,\"name\":\"a\xff\xc3(b\"}]}", &g, &e), 0);
	assert_string_equal(g.name, "a\xff\xc3(b"); /* text_safe() judges where it is shown */
}

static void failing_sink_ends_the_reading(void **state)
{
	static const char in[] = "{\"data\":[{\"id\":1,\"asn\":2},{\"id\":2,\"asn\":3},{\"id\":3,\"asn\":4}]}";
	struct pdb_read_end end;
	struct got g = { .fail_at = 2 };
	struct err e;

	(void)state;
	assert_int_equal(read_all(PDB_NET, in, strlen(in), 1000, &g, &end, &e), -1);
	assert_string_equal(e.text, "disk full");
	assert_int_equal(g.rows, 2);
}

static void error_answers_are_read(void **state)
{
	char said[40];

	(void)state;
	pdb_read_said(SLICE("{\"meta\":{\"error\":\"Entity not found\"}}"), said, sizeof(said));
	assert_string_equal(said, "Entity not found");
	pdb_read_said(SLICE("<html>"), said, sizeof(said));
	assert_string_equal(said, "");
	pdb_read_said(SLICE("{\"meta\":{\"error\":\"a very long error that does not fit into the buffer\"}}"), said,
	    sizeof(said));
	assert_int_equal(strlen(said), sizeof(said) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_row_at_any_cut),
		cmocka_unit_test(every_cut_is_an_error),
		cmocka_unit_test(keyed_dump_tells_its_tags),
		cmocka_unit_test(wrong_types_leave_the_field_unknown),
		cmocka_unit_test(rows_without_identity_are_dropped),
		cmocka_unit_test(not_an_answer_is_an_error),
		cmocka_unit_test(data_of_no_tag_is_an_error),
		cmocka_unit_test(deep_nesting_is_refused),
		cmocka_unit_test(endless_string_is_refused),
		cmocka_unit_test(invalid_utf8_passes_to_text),
		cmocka_unit_test(failing_sink_ends_the_reading),
		cmocka_unit_test(error_answers_are_read),
	};

	return cmocka_run_group_tests_name("pdbread", tests, NULL, NULL);
}
