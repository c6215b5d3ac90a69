/* OpenBGPD: JSON that is none, texts of peers, rows named by descriptions. */
#include "reading.h"

#include "backends/drivers/openbgpd.h"

static void strings_are_made_sound(void **state)
{
	static const struct {
		const char *in, *out;
		bool changed;
	} cases[] = {
		{ "\t\"a\": \"plain\",\n", "\t\"a\": \"plain\",\n", false },
		{ "\t\"a\": \"say \"hi\"\",\n", "\t\"a\": \"say \\\"hi\\\"\",\n", true },
		{ "\t\"a\": \"caf\\303\\251\"\n", "\t\"a\": \"caf\xc3\xa9\"\n", true },
		{ "\t\"a\": \"x \\\" y \\\\ z\"\n", "\t\"a\": \"x \\\" y \\\\ z\"\n", false },
		{ "\t\"a\": \"x \\q\"\n", "\t\"a\": \"x \\\\q\"\n", true },
		/* A peer's text cannot become a field of its own. */
		{ "\t\"a\": \"x\", \"state\": \"Established\",\n",
		    "\t\"a\": \"x\\\", \\\"state\\\": \\\"Established\",\n", true },
		{ "\t\"a\": 12,\n", "\t\"a\": 12,\n", false },
		{ "\t\"a\": \"\n", "\t\"a\": \"\n", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str out;

		str_init(&out, 0);
		assert_int_equal(openbgpd_repair(slice_of(cases[i].in), &out), cases[i].changed);
		assert_string_equal(out.p, cases[i].out);
		str_fini(&out);
	}
}

static struct snap *poll(const char *path)
{
	struct snap_builder *b = snap_builder_new("r3");
	char *out = capture(path);
	struct err e = ERR_INIT;

	if (run_query(b, "openbgpd", "neighbors", out, 0, &e) != 0)
		fail_msg("%s", e.text);
	free(out);
	return snap_builder_freeze(b, 1);
}

static void the_lab(void **state)
{
	struct snap *s = poll("openbgpd/show-neighbor.json");
	const struct session *f = snap_find(s, "", "192.0.2.20", AF_IPV4_UNICAST);

	(void)state;
	assert_int_equal(s->rows_seen, 21);
	assert_int_equal(s->rows_parsed, 21);
	assert_non_null(strstr(s->note.s, "not escaped"));
	assert_string_equal(f->shutdown_message.s, "CHG-77 moving to port \"xe-0/1\", back 05:00 UTC");
	assert_string_equal(session_state_words(f), "down (shut by peer)");
	f = snap_find(s, "", "192.0.2.15", AF_IPV4_UNICAST);
	assert_string_equal(f->shutdown_message.s, "Wartung: Glasfaser in Köln bis 04:00 UTC");
	f = snap_find(s, "", "192.0.2.14", AF_IPV4_UNICAST);
	assert_int_equal(f->admin_down, TRI_YES);
	assert_string_equal(f->own_message.s, "CHG-1042 fibre works until 06:00 UTC");
	assert_int_equal(f->since_s, -1);
	f = snap_find(s, "", "192.0.2.11", AF_IPV4_UNICAST);
	assert_int_equal(f->limit_tripped, TRI_YES);
	f = snap_find(s, "", "203.0.113.14", AF_IPV4_UNICAST);
	assert_int_equal(f->state, BGP_ESTABLISHED);
	assert_int_equal(f->limit_action, LIMIT_RESTART);
	snap_unref(s);
}

static void text_says_the_same(void **state)
{
	char *out = capture("openbgpd/show-neighbor.txt");
	struct snap *t = read_sessions("openbgpd", "show neighbor", out), *j = poll("openbgpd/show-neighbor.json");

	(void)state;
	assert_int_equal(t->count, j->count);
	for (size_t i = 0; i < j->count; i++) {
		const struct session *a = &j->sessions[i], *b = NULL;

		for (size_t k = 0; k < t->count; k++)
			if (text_same(t->sessions[k].neighbor, a->neighbor))
				b = &t->sessions[k];
		assert_non_null(b);
		assert_int_equal(a->state, b->state);
		assert_int_equal(a->admin_down, b->admin_down);
		assert_int_equal(a->received, b->received);
		assert_int_equal(a->max_prefixes, b->max_prefixes);
		assert_int_equal(a->last_error.code, b->last_error.code);
		assert_true(text_same(a->shutdown_message, b->shutdown_message));
		assert_true(text_same(a->own_message, b->own_message));
	}
	snap_unref(t);
	snap_unref(j);
	free(out);
}

static void a_list_that_breaks_off_is_an_error(void **state)
{
	char *out = capture("openbgpd/show-neighbor-established.json");
	size_t len = strlen(out);

	(void)state;
	while (len > 0 && out[len - 1] != '}')
		len--;
	for (size_t cut = 0; cut < len; cut += 13) {
		struct snap_builder *b = snap_builder_new("r3");
		struct err e = ERR_INIT;
		char *part = mem_strndup(out, cut);

		assert_int_equal(run_query(b, "openbgpd", "neighbors", part, 0, &e), -1);
		free(part);
		snap_builder_free(b);
	}
	free(out);
}

static void rows_named_by_description(void **state)
{
	static const char out[] =
	    "Neighbor                   AS    MsgRcvd    MsgSent  OutQ Up/Down  State/PrfRcvd\n"
	    "two words               64500         44         43     0 00:18:00      8/50\n"
	    "192.0.2.10              64510          0          0     0 Never    Idle\n"
	    "range                       0          0          0     0 Never    Template\n"
	    "not a row\n";
	struct snap *s = read_sessions("openbgpd", "bgpctl show summary", out);
	const struct session *f = snap_find(s, "", "two words", AF_UNKNOWN);

	(void)state;
	assert_int_equal(s->rows_seen, 4);
	assert_int_equal(s->rows_parsed, 3);
	assert_int_equal(f->received, 8);
	assert_int_equal(f->max_prefixes, 50);
	assert_int_equal(f->since_s, 1080);
	assert_int_equal(snap_find(s, "", "192.0.2.10", AF_UNKNOWN)->since_s, -1);
	snap_unref(s);
}

static void refusals_in_their_own_words(void **state)
{
	static const char cmd[] = "bgpctl -j show neighbor";

	(void)state;
	assert_refused("openbgpd", cmd, "bgpctl: connect: /run/bgpd.sock.0: Permission denied\n", ERR_DEVICE, "Permission denied");
	assert_refused("openbgpd", cmd, "unknown argument: nonsense\nvalid commands/args:\n  reload\n", ERR_DEVICE, "unknown argument");
	assert_refused("openbgpd", cmd, "", ERR_PARSE, "empty answer");
	assert_refused("openbgpd", cmd, "{\n\n}\n", ERR_PARSE, "no list of neighbors");
	assert_refused("openbgpd", "show summary", "something else\n", ERR_PARSE, "no summary");
}

static void words_to_codes(void **state)
{
	static const struct {
		const char *words;
		int code, subcode;
	} cases[] = {
		{ "Cease, received max-prefix exceeded", 6, 1 }, { "Cease, sent max-prefix exceeded", 6, 0 },
		{ "HoldTimer expired", 4, 0 }, { "error in OPEN message, AS unacceptable", 2, 2 },
		{ "Cease, something new", 6, 0 }, { "unheard of", -1, -1 }, { "none", -1, -1 }, { "", -1, -1 },
	};
	struct snap_builder *b = snap_builder_new("r3");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct last_error le = { .code = -1, .subcode = -1 };

		openbgpd_error(b, &le, slice_of(cases[i].words), DIR_SENT);
		assert_int_equal(le.code, cases[i].code);
		assert_int_equal(le.subcode, cases[i].subcode);
	}
	snap_builder_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_are_made_sound),
		cmocka_unit_test(the_lab),
		cmocka_unit_test(text_says_the_same),
		cmocka_unit_test(a_list_that_breaks_off_is_an_error),
		cmocka_unit_test(rows_named_by_description),
		cmocka_unit_test(refusals_in_their_own_words),
		cmocka_unit_test(words_to_codes),
	};

	return cmocka_run_group_tests_name("driver openbgpd", tests, NULL, NULL);
}
