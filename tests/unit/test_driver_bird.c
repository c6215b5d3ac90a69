/* BIRD: protocols in full and in short, moments by the router's clock, and what is no answer. */
#include "reading.h"

#include "backends/drivers/bird.h"

static const char status[] =
    "BIRD 2.0.12 ready.\nBIRD 2.0.12\nRouter ID is 192.0.2.2\nHostname is r2\n"
    "Current server time is 2026-11-20 19:53:03.080\nLast reboot on 2026-11-20 19:52:17.386\n"
    "Last reconfiguration on 2026-11-20 19:52:56.520\nDaemon is up and running\n";

static const char protocols[] =
    "BIRD 3.0.1 ready.\n"
    "Name       Proto      Table      State  Since         Info\n"
    "device1    Device     ---        up     19:52:17.386\n"
    "\n"
    "a_name_longer_than_its_column BGP        ---        up     19:52:18.380  Established   \n"
    "  Description:    Two words\n"
    "  VRF:            red\n"
    "  BGP state:          Established\n"
    "    Neighbor address: 2001:db8::1\n"
    "    Neighbor AS:      64501\n"
    "    Local AS:         64500\n"
    "    Neighbor ID:      192.0.2.1\n"
    "    Source address:   2001:db8::2\n"
    "    Hold timer:       117.621/180\n"
    "  Channel ipv4\n"
    "    State:          UP\n"
    "    Import state:   UP\n"
    "    Input filter:   in4\n"
    "    Output filter:  (unnamed)\n"
    "    Receive limit:  2000\n"
    "      Action:       disable\n"
    "    Import limit:   1000 [HIT]\n"
    "      Action:       block\n"
    "    Export limit:   60\n"
    "      Action:       warn\n"
    "    Routes:         990 imported, 10 filtered, 8 exported, 3 preferred\n"
    "    Route change stats:     received   rejected   filtered    ignored   RX limit      limit   accepted\n"
    "      Import updates:              4          0          0          0          0          0          4\n"
    "  Channel ipv6\n"
    "    State:          UP\n"
    "    Receive limit:  50\n"
    "      Action:       restart\n"
    "    Routes:         1 imported, 2 exported\n"
    "\n"
    "shut       BGP        ---        down   2026-11-18    \n"
    "  Message:        our \"words\"\n"
    "  BGP state:          Down\n"
    "    Neighbor address: 192.0.2.12\n"
    "    Neighbor AS:      64512\n"
    "  Channel ipv4\n"
    "    State:          DOWN\n"
    "\n"
    "tripped    BGP        ---        down   2026-11-20 19:00:00  Automatic shutdown: Route limit exceeded\n"
    "  BGP state:          Down\n"
    "    Neighbor address: 192.0.2.13\n"
    "    Neighbor AS:      64513\n"
    "  Channel ipv4\n"
    "    State:          DOWN\n"
    "\n"
    "bypeer     BGP        ---        start  23:59:59.000  Active        Received: Administrative shutdown\n"
    "  Message:        see you \xc3\xa9 later\n"
    "  BGP state:          Active\n"
    "    Neighbor address: 192.0.2.14\n"
    "    Neighbor AS:      64514\n"
    "    Last error:       Received: Administrative shutdown\n"
    "  Channel ipv4\n"
    "    State:          DOWN\n"
    "\n"
    "stale      BGP        ---        start  19:52:17.386  Passive\n"
    "  Message:        an old text of ours\n"
    "  BGP state:          Passive\n"
    "    Neighbor address: 192.0.2.14\n"
    "    Neighbor AS:      64514\n"
    "    Last error:       BGP Error: Hold timer expired\n"
    "  Channel ipv4\n"
    "    State:          DOWN\n"
    "\n"
    "dyn        BGP        ---        start  19:52:17.386  Passive\n"
    "  BGP state:          Passive\n"
    "    Neighbor range:   192.0.2.128/25\n"
    "    Neighbor AS:      0\n"
    "  Channel ipv4\n"
    "    State:          DOWN\n"
    "\n";

static struct snap *poll(void)
{
	struct snap_builder *b = snap_builder_new("r2");
	struct err e = ERR_INIT;

	assert_int_equal(run_query(b, "bird", "status", status, 0, &e), 0);
	if (run_query(b, "bird", "protocols", protocols, 0, &e) != 0)
		fail_msg("%s", e.text);
	return snap_builder_freeze(b, 1);
}

static void one_row_per_channel(void **state)
{
	struct snap *s = poll();
	const struct session *v4 = snap_find(s, "red", "2001:db8::1", AF_IPV4_UNICAST);
	const struct session *v6 = snap_find(s, "red", "2001:db8::1", AF_IPV6_UNICAST);

	(void)state;
	assert_string_equal(s->version.s, "BIRD 3.0.1");
	assert_int_equal(s->rows_seen, 5); /* the range is no session */
	assert_int_equal(s->rows_parsed, 5);
	assert_int_equal(s->count, 6);
	assert_non_null(v4);
	assert_non_null(v6);
	assert_string_equal(v4->handle.s, "a_name_longer_than_its_column");
	assert_int_equal(v4->since_s, 45);
	assert_int_equal(v4->accepted, 990);
	assert_int_equal(v4->received, 1000);
	assert_int_equal(v4->advertised, 8);
	assert_int_equal(v4->max_prefixes, 1000);
	assert_int_equal(v4->limit_action, LIMIT_BLOCK);
	assert_string_equal(v4->import_policy.s, "in4");
	assert_int_equal(v4->hold_time_s, 180);
	assert_int_equal(v6->received, COUNT_UNKNOWN); /* filtered routes are not kept */
	assert_int_equal(v6->max_prefixes, 50);
	assert_int_equal(v6->limit_action, LIMIT_RESTART);
	snap_unref(s);
}

static void who_shut_it(void **state)
{
	struct snap *s = poll();
	const struct session *f = snap_find(s, "", "192.0.2.12", AF_IPV4_UNICAST);

	(void)state;
	assert_int_equal(f->admin_down, TRI_YES);
	assert_string_equal(f->own_message.s, "our \"words\"");
	assert_false(text_known(f->shutdown_message));
	assert_int_equal(f->since_s, 2 * 86400); /* a date only: whole days */

	f = snap_find(s, "", "192.0.2.13", AF_IPV4_UNICAST);
	assert_int_equal(f->admin_down, TRI_NO);
	assert_int_equal(f->limit_tripped, TRI_YES);
	assert_int_equal(f->since_s, 53 * 60 + 3);

	f = snap_find(s, "", "192.0.2.14", AF_IPV4_UNICAST);
	assert_string_equal(f->handle.s, "bypeer");
	assert_int_equal(f->last_error.code, 6);
	assert_int_equal(f->last_error.subcode, 2);
	assert_int_equal(f->last_error.dir, DIR_RECEIVED);
	assert_string_equal(f->shutdown_message.s, "see you é later");
	assert_int_equal(f->since_s, 19 * 3600 + 53 * 60 + 4); /* yesterday, by the clock */

	/* The same address and family again: the second protocol goes by its own name. */
	f = snap_find(s, "", "stale", AF_IPV4_UNICAST);
	assert_non_null(f);
	assert_int_equal(f->peer.family, ADDR_IP4);
	assert_int_equal(f->state, BGP_ACTIVE);
	assert_int_equal(f->last_error.code, 4);
	assert_int_equal(f->last_error.dir, DIR_SENT);
	assert_false(text_known(f->shutdown_message));
	snap_unref(s);
}

static void breaks_off(void **state)
{
	(void)state;
	for (size_t cut = 0; cut < sizeof(protocols) - 1; cut++) {
		struct snap_builder *b = snap_builder_new("r2");
		struct err e = ERR_INIT;
		char *part = mem_strndup(protocols, cut);

		/* After the empty line of a protocol nothing tells that more should come; the channel's end does. */
		if (cut < 2 || strcmp(part + cut - 2, "\n\n") != 0) {
			assert_int_equal(run_query(b, "bird", "protocols", part, 0, &e), -1);
			assert_int_equal(e.code, ERR_PARSE);
		}
		free(part);
		snap_builder_free(b);
	}
}

static void refusals_in_their_own_words(void **state)
{
	(void)state;
	assert_refused("bird", "show protocols", "BIRD 2.0.12 ready.\nsyntax error, unexpected CF_SYM_UNDEFINED\n", ERR_DEVICE, "syntax error");
	assert_refused("bird", "show protocols", "Unable to connect to server control socket (/x): No such file\n", ERR_DEVICE, "Unable to connect");
	assert_refused("bird", "show protocols", "BIRD 2.0.12 ready.\nNo such command. Press `?' for help.\n", ERR_DEVICE, "No such command");
	assert_refused("bird", "show protocols", "bash: line 1: birdc: command not found\n", ERR_DEVICE, "not found");
	assert_refused("bird", "show protocols", "", ERR_PARSE, "empty answer");
	assert_refused("bird", "show protocols", "BIRD 2.0.12 ready.\n", ERR_PARSE, "empty answer");
	assert_refused("bird", "show status", "BIRD 2.0.12 ready.\nhello\n", ERR_PARSE, "router ID");
}

static void bird1_has_no_channels(void **state)
{
	static const char out[] =
	    "BIRD 1.6.3 ready.\n"
	    "name     proto    table    state  since       info\n"
	    "R1       BGP      master   up     2018-01-14 11:50:09  Established   \n"
	    "  Description:    One\n"
	    "  Preference:     100\n"
	    "  Input filter:   ACCEPT\n"
	    "  Import limit:   100\n"
	    "    Action:       restart\n"
	    "  Routes:         5 imported, 2 exported, 5 preferred\n"
	    "  BGP state:          Established\n"
	    "    Neighbor address: 192.0.2.7\n"
	    "    Neighbor AS:      64507\n";
	struct snap *s = read_sessions("bird", "show protocols all", out);
	const struct session *f = snap_find(s, "", "192.0.2.7", AF_IPV4_UNICAST);

	(void)state;
	assert_non_null(f);
	assert_int_equal(f->accepted, 5);
	assert_int_equal(f->limit_action, LIMIT_RESTART);
	snap_unref(s);
}

static void moments(void **state)
{
	static const struct {
		const char *in;
		bool ok, day, exact;
		int64_t seconds;
	} cases[] = {
		{ "1970-01-01 00:00:00", true, true, true, 0 },
		{ "2026-11-20 19:53:03.080", true, true, true, 1795204383 },
		{ "2024-02-29", true, true, false, 1709164800 },
		{ "2000-03-01 00:00:01", true, true, true, 951868801 },
		{ "19:53:03.080", true, false, true, 71583 },
		{ "Established", false, false, true, 0 }, { "2026-13-01", false, true, true, 0 },
		{ "25:00:00", false, false, true, 0 }, { "", false, false, true, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t seconds;
		bool day, exact;

		assert_int_equal(bird_moment(slice_of(cases[i].in), &seconds, &day, &exact), cases[i].ok);
		if (!cases[i].ok)
			continue;
		assert_int_equal(seconds, cases[i].seconds);
		assert_int_equal(day, cases[i].day);
		assert_int_equal(exact, cases[i].exact);
	}
}

static void the_lab(void **state)
{
	char *out = capture("bird/show-protocols-all.txt");
	struct snap *s = read_sessions("bird", "show protocols all", out);

	(void)state;
	assert_int_equal(s->rows_seen, 21);
	assert_int_equal(s->rows_parsed, 21);
	assert_string_equal(session_state_words(snap_find(s, "", "192.0.2.11", AF_IPV4_UNICAST)), "down (max-prefix)");
	assert_string_equal(session_state_words(snap_find(s, "", "192.0.2.14", AF_IPV4_UNICAST)), "down (shut by us)");
	/* The peer that shut refuses our next attempt, which hides its notification but not its text. */
	assert_string_equal(snap_find(s, "", "192.0.2.15", AF_IPV4_UNICAST)->shutdown_message.s,
	    "Wartung: Glasfaser in K\303\266ln bis 04:00 UTC");
	assert_string_equal(session_state_words(snap_find(s, "", "192.0.2.15", AF_IPV4_UNICAST)), "down (shut by peer)");
	assert_false(text_known(snap_find(s, "", "192.0.2.14", AF_IPV4_UNICAST)->shutdown_message));
	snap_unref(s);
	free(out);
}

static void quotes_for_the_shell(void **state)
{
	struct str out;

	(void)state;
	str_init(&out, 0);
	driver_find("bird")->shell_line(&out, "birdc", "disable r1 \"it's\"");
	assert_string_equal(out.p, "birdc 'disable r1 \"it'\\''s\"'");
	str_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_row_per_channel),
		cmocka_unit_test(who_shut_it),
		cmocka_unit_test(breaks_off),
		cmocka_unit_test(refusals_in_their_own_words),
		cmocka_unit_test(bird1_has_no_channels),
		cmocka_unit_test(moments),
		cmocka_unit_test(the_lab),
		cmocka_unit_test(quotes_for_the_shell),
	};

	return cmocka_run_group_tests_name("driver bird", tests, NULL, NULL);
}
