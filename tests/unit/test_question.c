/* Routes, ping and interface of one neighbor: commands, answers, refusals, over transcripts. */
#include "backends/link/cli.h"
#include "backends/link/question.h"
#include "backends/link/replay.h"
#include "backends/parse/linux_link.h"
#include "backends/parse/route_iface.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 200000, EXTRA_MAX = 4 << 20 };

struct fixture {
	struct link *link;
	struct cli *cli;
	struct session about;
	struct question *q;
	const struct driver *driver;
	struct router_conf conf;
};

static void begin(struct fixture *f, const char *os, const char *transcript, const char *neighbor)
{
	struct err e = ERR_INIT;

	*f = (struct fixture){ .driver = driver_find(os), .conf = { .name = "r1", .os = os, .timeout_s = 5 } };
	assert_non_null(f->driver);
	assert_int_equal(replay_parse("test", slice_of(transcript), -1, &f->link, &e), 0);
	if (cli_open(f->link, &f->conf, f->driver, clock_boot_ms() + 5000, &f->cli, &e) < 0)
		fail_msg("%s", e.text);
	session_init(&f->about);
	f->about.vrf = TEXT_LIT("");
	f->about.handle = TEXT_LIT("peer1");
	assert_true(addr_parse(slice_of(neighbor), &f->about.peer));
	f->about.family = f->about.peer.family == ADDR_IP6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST;
}

static int ask(struct fixture *f, enum question_kind kind, enum route_side side)
{
	question_free(f->q);
	f->q = question_new(kind, &f->about);
	f->q->side = side;
	return question_ask(f->q, f->link, f->cli, &f->conf, f->driver);
}

static void finish(struct fixture *f)
{
	question_free(f->q);
	cli_close(f->cli);
	f->link->ops->free(f->link);
}

#define FRR_LOGIN "> env PATH=\"$PATH\":/usr/sbin:/sbin vtysh\n$ r1# \n@ echo\n> terminal length 0\n"
#define FRR_ASK "> show bgp ipv4 unicast neighbors 192.0.2.1 "

static void test_routes_are_counted(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "frr", FRR_LOGIN FRR_ASK "routes json\n| {\"routes\":{\"10.0.0.0/8\":[{\"path\":\"64501 i\",\"nexthops\":"
	    "[{\"ip\":\"192.0.2.1\"}]}],\"10.1.1.0/25\":[{\"nexthops\":[{\"ip\":\"192.0.2.1\"}]},{\"nexthops\":"
	    "[{\"ip\":\"192.0.2.7\"}]}],\"2001:db8::/32\":[{\"nexthops\":[{\"ip\":\"2001:db8::1\"}]}]}}\n", "192.0.2.1");
	assert_int_equal(ask(&f, ASK_ROUTES, ROUTES_ACCEPTED), 0);
	assert_int_equal(f.q->tally.total, 3); /* of the session's own family */
	assert_int_equal(f.q->tally.longest[0], 25);
	assert_int_equal(f.q->tally.longest[1], -1);
	assert_int_equal(f.q->tally.of_length[0][25], 2);
	assert_int_equal(tally_longer(&f.q->tally, 0, 24), 2);
	assert_int_equal(f.q->tally.hop_count, 2);
	assert_string_equal(f.q->tally.hops[0].words, "192.0.2.1");
	assert_int_equal(f.q->tally.hops[0].routes, 2);
	finish(&f);
}

static void test_a_refusal_says_which_line_is_missing(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "frr", FRR_LOGIN FRR_ASK "received-routes json\n"
	    "| {\"warning\":\"Inbound soft reconfiguration not enabled\"}\n" FRR_ASK "routes json\n| {\"routes\":{}}\n",
	    "192.0.2.1");
	assert_int_equal(ask(&f, ASK_ROUTES, ROUTES_RECEIVED), -1);
	assert_int_equal(f.q->err.code, ERR_DEVICE);
	assert_non_null(strstr(f.q->err.text, "Inbound soft reconfiguration not enabled"));
	assert_non_null(strstr(f.q->err.text, "neighbor 192.0.2.1 soft-reconfiguration inbound"));
	assert_int_equal(ask(&f, ASK_ROUTES, ROUTES_ACCEPTED), 0); /* the dialogue is still in step */
	assert_int_equal(f.q->tally.total, 0);
	finish(&f);
}

static void test_a_vrf_has_its_own_command(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "frr", FRR_LOGIN "> show bgp vrf cust-a ipv4 unicast neighbors 192.0.2.1 advertised-routes json\n"
	    "| {\"advertisedRoutes\":{\"10.0.0.0/8\":{\"nextHop\":\"0.0.0.0\",\"path\":\"i\"}},\"totalPrefixCounter\":1}\n",
	    "192.0.2.1");
	f.about.vrf = TEXT_LIT("cust-a");
	assert_int_equal(ask(&f, ASK_ROUTES, ROUTES_ADVERTISED), 0);
	assert_int_equal(f.q->tally.total, 1);
	f.about.vrf = TEXT_LIT("a b; reboot");
	assert_int_equal(ask(&f, ASK_ROUTES, ROUTES_ADVERTISED), -1);
	assert_int_equal(f.q->err.code, ERR_REFUSED);
	finish(&f);
}

static void test_what_an_os_does_not_tell(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "gobgp", "> x\n", "192.0.2.1");
	assert_int_equal(ask(&f, ASK_ROUTES, ROUTES_ACCEPTED), -1);
	assert_int_equal(f.q->err.code, ERR_REFUSED);
	finish(&f);
}

/* What an answer of this length costs beyond what was there: the heap as malloc counts it. */
static size_t extra_of(struct intake in, const char *head, const char *(*row)(char *buf, size_t size, unsigned i),
    const char *tail)
{
	struct err e = ERR_INIT;
	size_t before = mallinfo2().uordblks, most = before, now;
	char buf[400];

	assert_int_equal(in.feed(in.state, head, strlen(head), &e), 0);
	for (unsigned i = 0; i < MANY; i++) {
		const char *text = row(buf, sizeof(buf), i);

		if (in.feed(in.state, text, strlen(text), &e) != 0)
			fail_msg("%s", e.text);
		if (i % 1000 == 0 && (now = mallinfo2().uordblks) > most)
			most = now;
	}
	assert_int_equal(in.feed(in.state, tail, strlen(tail), &e), 0);
	if (in.finish(in.state, &e) != 0)
		fail_msg("%s", e.text);
	return most - before;
}

static const char *json_row(char *buf, size_t size, unsigned i)
{
	snprintf(buf, size, "%s\"10.%u.%u.0/24\":[{\"valid\":true,\"bestpath\":true,\"prefix\":\"10.%u.%u.0\",\"prefixLen\":24,"
	    "\"path\":\"64501 64502 %u\",\"origin\":\"IGP\",\"nexthops\":[{\"ip\":\"192.0.2.%u\",\"used\":true}]}]",
	    i > 0 ? "," : "", i >> 8 & 255, i & 255, i >> 8 & 255, i & 255, 64600 + i % 100, i % 250);
	return buf;
}

static const char *text_row(char *buf, size_t size, unsigned i)
{
	snprintf(buf, size, " *>  10.%u.%u.0/24     192.0.2.%-3u              0             0 64501 64502 %u i\n", i >> 8 & 255,
	    i & 255, i % 250, 64600 + i % 100);
	return buf;
}

static void take(void *ctx, struct slice prefix, struct slice next_hop, struct slice as_path)
{
	(void)as_path;
	tally_route(ctx, prefix, next_hop);
}

static const struct route_query *accepted_of(const char *os)
{
	const struct driver *d = driver_find(os);

	for (size_t i = 0; i < d->route_count; i++)
		if (d->routes[i].side == ROUTES_ACCEPTED)
			return &d->routes[i];
	return NULL;
}

static void test_a_full_table_costs_no_memory(void **state)
{
	struct route_tally t;
	struct route_out out = { .take = take, .ctx = &t };

	(void)state;
	tally_init(&t);
	assert_true(extra_of(accepted_of("frr")->open(&out), "{\"routes\":{", json_row, "}}") < EXTRA_MAX);
	assert_int_equal(t.total, MANY);
	assert_int_equal(t.hop_count, TALLY_HOPS);
	assert_true(t.other_hops > 0);
	tally_init(&t);
	out.seen = out.parsed = 0;
	assert_true(extra_of(accepted_of("ios")->open(&out),
	    "     Network          Next Hop            Metric LocPrf Weight Path\n", text_row, "\n") < EXTRA_MAX);
	assert_int_equal(t.total, MANY);
	assert_int_equal(out.parsed, MANY);
}

/* Every driver's tables fill into commands that need nothing unknown, and end where a pager would begin. */
static void test_commands_of_every_driver(void **state)
{
	(void)state;
	for (const struct driver *const *d = driver_all(); *d != NULL; d++) {
		struct fixture f = { .driver = *d };
		struct err e = ERR_INIT;
		struct str line;

		session_init(&f.about);
		f.about.vrf = TEXT_LIT("red");
		f.about.handle = TEXT_LIT("peer1");
		addr_parse(SLICE("192.0.2.1"), &f.about.peer);
		f.about.family = AF_IPV4_UNICAST;
		f.q = question_new(ASK_ROUTES, &f.about);
		str_init(&line, 1024);
		for (size_t i = 0; i < (*d)->route_count; i++) {
			const struct route_query *rq = &(*d)->routes[i];

			if (question_fill(f.q, rq->command, NULL, &line, &e) < 0)
				fail_msg("%s: %s", (*d)->name, e.text);
			assert_null(strpbrk(line.p, "{}[]"));
			if (rq->vrf_command != NULL && question_fill(f.q, rq->vrf_command, NULL, &line, &e) < 0)
				fail_msg("%s: %s", (*d)->name, e.text);
			if (rq->missing != NULL && question_fill(f.q, rq->missing, NULL, &line, &e) < 0)
				fail_msg("%s: %s", (*d)->name, e.text);
		}
		for (size_t i = 0; i < (*d)->ping_count; i++) {
			if (question_fill(f.q, (*d)->ping[i].command, NULL, &line, &e) < 0)
				fail_msg("%s: %s", (*d)->name, e.text);
			assert_null(strpbrk(line.p, "{}[]"));
		}
		for (size_t i = 0; i < (*d)->iface_count; i++) {
			if (question_fill(f.q, (*d)->iface[i].show, "ge-0/0/0", &line, &e) < 0)
				fail_msg("%s: %s", (*d)->name, e.text);
			assert_int_equal(question_fill(f.q, (*d)->iface[i].show, "x; reboot", &line, NULL), -1);
		}
		str_fini(&line);
		question_free(f.q);
	}
}

static void test_what_is_not_known_is_left_out(void **state)
{
	struct fixture f = { 0 };
	struct err e = ERR_INIT;
	struct str line;

	(void)state;
	session_init(&f.about);
	f.about.vrf = f.about.handle = TEXT_LIT("");
	addr_parse(SLICE("192.0.2.1"), &f.about.peer);
	f.q = question_new(ASK_PING, &f.about);
	str_init(&line, 1024);
	assert_int_equal(question_fill(f.q, "ping {neighbor} count {count}[ source {local}]", NULL, &line, &e), 0);
	assert_string_equal(line.p, "ping 192.0.2.1 count 10");
	addr_parse(SLICE("192.0.2.9"), &f.q->local);
	assert_int_equal(question_fill(f.q, "ping {neighbor} count {count}[ source {local}]", NULL, &line, &e), 0);
	assert_string_equal(line.p, "ping 192.0.2.1 count 10 source 192.0.2.9");
	str_fini(&line);
	question_free(f.q);
}

#define IOS_LOGIN "> shell\n$ r1#\n@ echo\n> terminal length 0\n> terminal width 511\n"

static void test_interface_of_a_router(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "ios", IOS_LOGIN "> show ip route 192.0.2.1\n| Routing entry for 192.0.2.0/24\n"
	    "|   Known via \"connected\", distance 0, metric 0 (connected, via interface)\n"
	    "|   * directly connected, via GigabitEthernet0/1.100\n> show interfaces GigabitEthernet0/1\n"
	    "| GigabitEthernet0/1 is up, line protocol is up\n|   MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec,\n"
	    "|   5 minute input rate 1000 bits/sec, 3 packets/sec\n|   5 minute output rate 2000 bits/sec, 3 packets/sec\n"
	    "|      7 packets input, 700 bytes, 0 no buffer\n|      0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored\n"
	    "|      9 packets output, 900 bytes, 0 underruns\n|      4 output errors, 0 collisions, 1 interface resets\n"
	    "> ping 192.0.2.1 repeat 10\n| Type escape sequence to abort.\n| !!!!!!!!!.\n"
	    "| Success rate is 90 percent (9/10), round-trip min/avg/max = 1/2/10 ms\n", "192.0.2.1");
	if (ask(&f, ASK_INTERFACE, 0) != 0)
		fail_msg("%s", f.q->err.text);
	assert_string_equal(f.q->report->ifaces[0].name.s, "GigabitEthernet0/1");
	assert_int_equal(f.q->report->ifaces[0].input_bps, 1000);
	assert_int_equal(f.q->report->ifaces[0].output_errors, 4);
	assert_int_equal(ask(&f, ASK_PING, 0), 0);
	assert_int_equal(f.q->report->ping.sent, 10);
	assert_int_equal(f.q->report->ping.received, 9);
	finish(&f);
}

static void test_ports_in_printed_routes(void **state)
{
	static const char *const cases[][2] = {
		{ "  Routing Descriptor Blocks\n    directly connected, via HundredGigE0/0/0/1\n", "HundredGigE0/0/0/1" },
		{ "192.0.2.0/24, ubest/mbest: 1/0, attached\n    *via 192.0.2.9, Eth1/1, [0/0], 3w2d, direct\n", "Eth1/1" },
		{ " C      192.0.2.0/24 is directly connected, Ethernet1\n", "Ethernet1" },
		{ "192.0.2.0/24     *[Direct/0] 1w2d 03:04:05\n                    >  via ge-0/0/0.0\n", "ge-0/0/0.0" },
		{ "   192.0.2.0/24  Direct 0   0    D  192.0.2.9   GigabitEthernet0/0/1\n", "GigabitEthernet0/0/1" },
		{ "% Network not in table\n", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = ERR_INIT;
		struct str name;

		str_init(&name, 128);
		assert_int_equal(route_iface(slice_of(cases[i][0]), &name, &e), cases[i][1] ? 0 : -1);
		if (cases[i][1] != NULL)
			assert_string_equal(name.p, cases[i][1]);
		str_fini(&name);
	}
}

static void test_links_of_a_host(void **state)
{
	struct report *r = report_new();
	struct err e = ERR_INIT;
	struct str dev;

	(void)state;
	assert_int_equal(linux_link_read(r, slice_of("[{\"ifindex\":2,\"ifname\":\"ix0\",\"flags\":[\"BROADCAST\",\"UP\",\"LOWER_UP\"],"
	    "\"operstate\":\"UP\",\"ifalias\":\"the exchange\",\"stats64\":{\"rx\":{\"bytes\":100,\"packets\":2,\"errors\":3},"
	    "\"tx\":{\"bytes\":200,\"errors\":4}}}]\n"), &e), 0);
	assert_string_equal(r->ifaces[0].name.s, "ix0");
	assert_string_equal(r->ifaces[0].link.s, "up");
	assert_int_equal(r->ifaces[0].input_octets, 100);
	assert_int_equal(r->ifaces[0].output_errors, 4);
	assert_int_equal(r->ifaces[0].speed_bps, COUNT_UNKNOWN);
	str_init(&dev, 64);
	assert_int_equal(linux_route_device(slice_of("[{\"dst\":\"192.0.2.1\",\"dev\":\"ix0\",\"flags\":[]}]"), &dev, &e), 0);
	assert_string_equal(dev.p, "ix0");
	assert_int_equal(linux_route_device(slice_of("RTNETLINK answers: Network is unreachable\n"), &dev, &e), -1);
	assert_int_equal(linux_speed(slice_of("10000\n")), 10000000000);
	assert_int_equal(linux_speed(slice_of("-1\n")), COUNT_UNKNOWN);
	str_fini(&dev);
	report_free(r);
}

static void note_gone(void *ctx)
{
	++*(unsigned *)ctx;
}

/* Who waits for an answer hears of the end of the question even if there was none: a console that ends takes no more. */
static void an_unanswered_question_says_that_it_goes(void **state)
{
	struct session s = { .family = AF_IPV4_UNICAST };
	struct question *q = question_new(ASK_INTERFACE, &s);
	unsigned gone = 0;

	(void)state;
	q->answered_ctx = &gone;
	q->gone = note_gone;
	question_free(q);
	assert_int_equal(gone, 1);
	question_free(question_new(ASK_INTERFACE, &s));
	question_free(NULL);
	assert_int_equal(gone, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unanswered_question_says_that_it_goes),
		cmocka_unit_test(test_routes_are_counted),
		cmocka_unit_test(test_a_refusal_says_which_line_is_missing),
		cmocka_unit_test(test_a_vrf_has_its_own_command),
		cmocka_unit_test(test_what_an_os_does_not_tell),
		cmocka_unit_test(test_a_full_table_costs_no_memory),
		cmocka_unit_test(test_commands_of_every_driver),
		cmocka_unit_test(test_what_is_not_known_is_left_out),
		cmocka_unit_test(test_interface_of_a_router),
		cmocka_unit_test(test_ports_in_printed_routes),
		cmocka_unit_test(test_links_of_a_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
