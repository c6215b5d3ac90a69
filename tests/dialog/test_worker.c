/* The router's thread: states and their words, snapshots, recovery; over transcripts and over a real server. */
#include "backends/link/replay.h"
#include "backends/link/worker.h"
#include "backends/link/hostkey.h"
#include "core/base/clock.h"
#include "tests/dialog/sshd/sshd.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { SOON_MS = 20000 };

#define SUMMARY \
	"| {\"default\":{\"ipv4Unicast\":{\"routerId\":\"192.0.2.1\",\"as\":64500,\"vrfName\":\"default\",\"peers\":{\n" \
	"| \"192.0.2.9\":{\"remoteAs\":64501,\"localAs\":64500,\"state\":\"Established\",\"peerState\":\"OK\"," \
	"\"pfxRcd\":5,\"pfxSnt\":2,\"peerUptimeMsec\":60000}},\"totalPeers\":1}}}\n"
#define LOGIN "> vtysh\n$ r1# \n@ echo\n"
#define REST \
	"> show version\n| FRRouting 8.4.4 (r1) on Linux.\n" \
	"> show bgp vrf all neighbors json\n| {\"default\":{\"vrfId\":0,\"vrfName\":\"default\"}}\n" \
	"> show running-config bgpd | include ^router bgp|shutdown\n| router bgp 64500\n"
#define SUMMARY_ASKED "> show bgp vrf all summary json\n"

struct fixture {
	struct router_conf r[1];
	struct config config;
	struct inbox *inbox;
	struct pool *pool;
	const char *const *transcripts; /* one per connection, the last one again and again; NULL: refused */
	size_t connections, transcript_count;
	const char *store; /* of host keys */
	struct err e;
};

static int reach(void *ctx, const struct router_conf *router, int cancel_fd, struct link **out, struct err *e)
{
	struct fixture *f = ctx;
	size_t i = f->connections < f->transcript_count ? f->connections : f->transcript_count - 1;

	(void)router;
	f->connections++;
	if (f->transcripts[i] == NULL)
		return err_set(e, ERR_NET, "192.0.2.1 port 22: Connection refused");
	return replay_parse("transcript", slice_of(f->transcripts[i]), cancel_fd, out, e);
}

static void prepare(struct fixture *f, const char *const *transcripts, size_t count, const char *store)
{
	memset(f, 0, sizeof(*f));
	f->r[0] = (struct router_conf){ .name = "r1", .os = "frr", .address = "192.0.2.1", .user = "noc",
		.cli = "vtysh", .interval_s = 1, .timeout_s = 1 };
	f->config = (struct config){ .routers = f->r, .router_count = 1 };
	f->transcripts = transcripts;
	f->transcript_count = count;
	f->inbox = inbox_new();
	f->store = store;
	f->pool = pool_new(&f->config, f->inbox, store, 4);
	pool_use_reach(f->pool, reach, f);
}

static void begin(struct fixture *f, const char *const *transcripts, size_t count)
{
	prepare(f, transcripts, count, "/nonexistent");
	assert_int_equal(pool_start(f->pool, NULL, &f->e), 0);
}

static void finish(struct fixture *f)
{
	pool_free(f->pool);
	inbox_free(f->inbox);
}

typedef bool wanted_fn(const struct msg *m, const void *arg);

/* The next message that is wanted, within the deadline; freed by the caller. */
static struct msg *await(struct fixture *f, wanted_fn *wanted, const void *arg)
{
	int64_t deadline = clock_boot_ms() + SOON_MS;
	struct pollfd p = { .fd = inbox_fd(f->inbox), .events = POLLIN };
	char last[256] = "nothing";
	struct msg *m;

	while (clock_boot_ms() < deadline) {
		while ((m = inbox_take(f->inbox)) != NULL) {
			if (wanted(m, arg))
				return m;
			if (m->kind == MSG_LINK)
				snprintf(last, sizeof(last), "%s: %s", link_state_word(m->link.state), m->link.words);
			msg_free(m);
		}
		poll(&p, 1, (int)(deadline - clock_boot_ms()));
	}
	fail_msg("the message did not come; last was %s", last);
	return NULL;
}

static bool is_snap(const struct msg *m, const void *arg)
{
	(void)arg;
	return m->kind == MSG_SNAP;
}

static bool is_state(const struct msg *m, const void *arg)
{
	return m->kind == MSG_LINK && m->link.state == *(const enum link_state *)arg;
}

static bool has_words(const struct msg *m, const void *arg)
{
	return m->kind == MSG_LINK && strstr(m->link.words, arg) != NULL;
}

static struct msg *await_state(struct fixture *f, enum link_state state)
{
	return await(f, is_state, &state);
}

#define ROS_V7 "/routing/bgp/session/print detail without-paging"
#define ROS_V6 "/routing bgp peer print status without-paging"
#define ROS_UNKNOWN "bad command name bgp (line 1 column 10)\n"

static void begin_routeros(struct fixture *f, const char *const *transcripts)
{
	memset(f, 0, sizeof(*f));
	f->r[0] = (struct router_conf){ .name = "r1", .os = "routeros", .address = "192.0.2.1", .user = "noc",
		.interval_s = 1, .timeout_s = 1 };
	f->config = (struct config){ .routers = f->r, .router_count = 1 };
	f->transcripts = transcripts;
	f->transcript_count = 1;
	f->inbox = inbox_new();
	f->pool = pool_new(&f->config, f->inbox, "/nonexistent", 4);
	pool_use_reach(f->pool, reach, f);
	assert_int_equal(pool_start(f->pool, NULL, &f->e), 0);
}

/* Two queries for two versions: one answer is enough, and no answer is not "no sessions". */
static void test_one_of_two_must_be_answered(void **state)
{
	static const char *const six[] = { "> " ROS_V7 "\n| " ROS_UNKNOWN "> " ROS_V6
		"\n| Flags: X - disabled, E - established \n|  0 E name=\"peer1\" remote-address=192.0.2.9 "
		"remote-as=64501 state=established uptime=1h2m3s prefix-count=5\n" };
	static const char *const seven_empty[] = { "> " ROS_V7 "\n|\n> " ROS_V6 "\n| " ROS_UNKNOWN };
	static const char *const neither[] = { "> " ROS_V7 "\n| " ROS_UNKNOWN "> " ROS_V6 "\n| " ROS_UNKNOWN };
	struct fixture f;
	struct msg *m;

	(void)state;
	begin_routeros(&f, six);
	m = await(&f, is_snap, NULL);
	assert_int_equal(m->snap->count, 1);
	assert_true(text_empty(m->snap->note)); /* that version 7 is not there is no news */
	msg_free(m);
	finish(&f);
	begin_routeros(&f, seven_empty);
	m = await(&f, is_snap, NULL);
	assert_int_equal(m->snap->count, 0);
	msg_free(m);
	finish(&f);
	begin_routeros(&f, neither);
	m = await(&f, has_words, "bad command name");
	assert_int_equal(m->link.last_good_boot_ms, 0);
	msg_free(m);
	finish(&f);
}

static void test_polls_and_counts(void **state)
{
	static const char *const t[] = { LOGIN REST SUMMARY_ASKED SUMMARY };
	struct fixture f;
	struct msg *m;

	(void)state;
	begin(&f, t, 1);
	for (uint64_t generation = 1; generation <= 2; generation++) {
		m = await(&f, is_snap, NULL);
		assert_int_equal(m->snap->generation, generation);
		assert_int_equal(m->snap->count, 1);
		assert_int_equal(m->snap->sessions[0].remote_as, 64501);
		assert_non_null(strstr(text_or(m->snap->version, ""), "8.4.4")); /* asked once, carried on */
		msg_free(m);
		m = await_state(&f, LINK_READY);
		assert_int_equal(m->link.cause, ERR_NONE);
		assert_true(m->link.last_good_boot_ms > 0);
		msg_free(m);
		worker_poll_now(pool_worker(f.pool, "r1"));
	}
	assert_int_equal(f.connections, 1);
	finish(&f);
}

static void test_half_a_json_posts_no_snapshot(void **state)
{
	static const char *const t[] = { LOGIN REST SUMMARY_ASKED SUMMARY SUMMARY_ASKED
	    "| {\"default\":{\"ipv4Unicast\":{\"peers\":{\"192.0\n" SUMMARY_ASKED "| % BGP instance not found\n" };
	struct fixture f;
	struct msg *m;

	(void)state;
	begin(&f, t, 1);
	m = await(&f, is_snap, NULL);
	msg_free(m);
	m = await(&f, has_words, "summary: ");
	assert_int_equal(m->link.state, LINK_READY); /* the connection is fine */
	assert_int_equal(m->link.cause, ERR_PARSE);
	msg_free(m);
	m = await(&f, has_words, "summary: % BGP instance not found");
	assert_int_equal(m->link.cause, ERR_DEVICE);
	msg_free(m);
	m = await(&f, is_snap, NULL); /* round again: well */
	assert_int_equal(m->snap->count, 1);
	msg_free(m);
	assert_int_equal(f.connections, 1);
	finish(&f);
}

static void test_hung_router_is_left_after_three(void **state)
{
	static const char *const t[] = { LOGIN REST SUMMARY_ASKED "| {\n@ hang\n",
		LOGIN REST SUMMARY_ASKED SUMMARY };
	struct fixture f;
	struct msg *m;

	(void)state;
	begin(&f, t, 2);
	m = await(&f, has_words, "no prompt after");
	assert_int_equal(m->link.cause, ERR_TIMEOUT);
	msg_free(m);
	m = await_state(&f, LINK_WAITING);
	assert_int_equal(m->link.cause, ERR_TIMEOUT);
	assert_true(m->link.retry_boot_ms > 0);
	msg_free(m);
	m = await(&f, is_snap, NULL);
	msg_free(m);
	assert_int_equal(f.connections, 2);
	finish(&f);
}

static void test_lost_and_refused_and_back(void **state)
{
	static const char *const t[] = { LOGIN REST SUMMARY_ASKED "| {\n@ cut\n", NULL,
		LOGIN REST SUMMARY_ASKED SUMMARY };
	struct fixture f;
	struct msg *m;

	(void)state;
	begin(&f, t, 3);
	m = await(&f, has_words, "connection lost");
	assert_int_equal(m->link.state, LINK_WAITING);
	msg_free(m);
	m = await(&f, has_words, "Connection refused");
	assert_int_equal(m->link.attempts, 2);
	msg_free(m);
	worker_poll_now(pool_worker(f.pool, "r1")); /* R does not wait for the backoff */
	m = await(&f, is_snap, NULL);
	msg_free(m);
	m = await_state(&f, LINK_READY);
	assert_int_equal(m->link.attempts, 0);
	assert_string_equal(m->link.words, "");
	msg_free(m);
	finish(&f);
}

/* Refuses for its host key once, and meanwhile somebody enrolls it. */
static int reach_while_enrolled(void *ctx, const struct router_conf *router, int cancel_fd, struct link **out, struct err *e)
{
	static const struct hostkey key = { .type = "ssh-ed25519",
		.base64 = "AAAAC3NzaC1lZDI1NTE5AAAAIGZha2VmYWtlZmFrZWZha2VmYWtlZmFrZWZha2VmYWtlZmFr" };
	struct fixture *f = ctx;

	if (f->connections++ > 0)
		return replay_parse("transcript", slice_of(f->transcripts[0]), cancel_fd, out, e);
	if (hostkey_store_accept(f->store, router->name, &key, "test", "", e) < 0)
		return -1;
	return err_set(e, ERR_HOSTKEY, "not enrolled");
}

static void test_enrolled_while_connecting(void **state)
{
	static const char *const t[] = { LOGIN REST SUMMARY_ASKED SUMMARY };
	char dir[] = "/tmp/peerdeck-worker.XXXXXX", path[64];
	struct fixture f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	prepare(&f, t, 1, dir);
	pool_use_reach(f.pool, reach_while_enrolled, &f);
	assert_int_equal(pool_start(f.pool, NULL, &f.e), 0);
	msg_free(await(&f, is_snap, NULL));
	assert_int_equal(f.connections, 2);
	finish(&f);
	snprintf(path, sizeof(path), "%s/r1.hostkey", dir);
	unlink(path);
	rmdir(dir);
}

static void test_stops_at_once_from_a_hang(void **state)
{
	static const char *const t[] = { "> vtysh\n@ hang\n" };
	struct fixture f;
	int64_t began;

	(void)state;
	begin(&f, t, 1);
	f.r[0].timeout_s = 60;
	msg_free(await_state(&f, LINK_LOGIN));
	began = clock_boot_ms();
	finish(&f);
	assert_true(clock_boot_ms() - began < 5000);
}

static void test_unknown_names(void **state)
{
	struct router_conf r = { .name = "r1", .os = "toaster", .address = "192.0.2.1", .user = "noc" };
	struct config c = { .routers = &r, .router_count = 1 };
	struct inbox *in = inbox_new();
	struct pool *p = pool_new(&c, in, "/nonexistent", 4);
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(pool_start(p, "r2", &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
	err_clear(&e);
	assert_int_equal(pool_start(p, NULL, &e), -1);
	assert_int_equal(e.code, ERR_CONFIG);
	assert_null(pool_worker(p, "r1"));
	pool_free(p);
	inbox_free(in);
}

/* A vtysh that is a shell script: prompts and echoes as the real one does without a terminal. */
static const char fake_vtysh[] =
    "#!/bin/sh\nprintf 'Hello.\\nr1# '\nwhile IFS= read -r l; do\nprintf '%s\\n' \"$l\"\ncase $l in\n"
    "exit) exit 0;;\n'show version') echo 'FRRouting 8.4.4 (r1).';;\n"
    "*summary*) echo '{\"default\":{\"ipv4Unicast\":{\"as\":64500,\"vrfName\":\"default\",\"peers\":{}}}}';;\n"
    "*neighbors*) echo '{\"default\":{\"vrfId\":0,\"vrfName\":\"default\"}}';;\n*running*) echo 'router bgp 64500';;\nesac\nprintf 'r1# '\ndone\n";

static void write_fake(struct sshd_lab *lab)
{
	FILE *f = fopen(sshd_lab_path(lab, "vtysh"), "w");

	assert_non_null(f);
	fputs(fake_vtysh, f);
	fclose(f);
	assert_int_equal(chmod(sshd_lab_path(lab, "vtysh"), 0755), 0);
}

static struct sshd_lab lab;
static struct sshd server;
static struct fixture real;

static int begin_real(void **state)
{
	(void)state;
	memset(&real, 0, sizeof(real));
	if (!sshd_lab_begin(&lab))
		return 0;
	write_fake(&lab);
	sshd_start(&server, &lab, "host1", "");
	real.r[0] = (struct router_conf){ .name = "r1", .os = "frr", .address = "127.0.0.1",
		.port = server.port, .user = geteuid() == 0 ? "root" : getenv("USER"),
		.key = sshd_lab_path(&lab, "user"), .cli = sshd_lab_path(&lab, "vtysh"), .interval_s = 1,
		.timeout_s = 10 };
	real.config = (struct config){ .routers = real.r, .router_count = 1 };
	real.inbox = inbox_new();
	real.pool = pool_new(&real.config, real.inbox, sshd_lab_path(&lab, "store"), 1);
	return 0;
}

static int finish_real(void **state)
{
	(void)state;
	if (real.pool == NULL)
		return 0;
	finish(&real);
	sshd_stop(&server);
	sshd_lab_end(&lab);
	return 0;
}

static void test_locked_until_enrolled_then_killed_then_back(void **state)
{
	struct hostkey key = { .type = "ssh-ed25519" };
	struct msg *m;

	(void)state;
	if (real.pool == NULL)
		skip();
	assert_int_equal(pool_start(real.pool, "r1", &real.e), 0);
	m = await_state(&real, LINK_LOCKED);
	assert_non_null(strstr(m->link.words, "run peerdeck enroll r1"));
	assert_int_equal(strncmp(m->link.fingerprint, "SHA256:", 7), 0);
	msg_free(m);
	key.base64 = sshd_lab_public(&lab, "host1");
	assert_int_equal(hostkey_store_accept(sshd_lab_path(&lab, "store"), "r1", &key, "test", "", &real.e), 0);
	msg_free(await(&real, is_snap, NULL)); /* seen without being told */
	assert_int_equal(sshd_connections(&server), 2); /* and without hammering */

	sshd_signal(&server, SIGKILL);
	m = await_state(&real, LINK_WAITING);
	assert_int_equal(m->link.cause, ERR_NET);
	msg_free(m);
	msg_free(await(&real, is_snap, NULL));
	assert_int_equal(sshd_connections(&server), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_polls_and_counts),
		cmocka_unit_test(test_one_of_two_must_be_answered),
		cmocka_unit_test(test_half_a_json_posts_no_snapshot),
		cmocka_unit_test(test_hung_router_is_left_after_three),
		cmocka_unit_test(test_lost_and_refused_and_back),
		cmocka_unit_test(test_enrolled_while_connecting),
		cmocka_unit_test(test_stops_at_once_from_a_hang),
		cmocka_unit_test(test_unknown_names),
		cmocka_unit_test_setup_teardown(test_locked_until_enrolled_then_killed_then_back, begin_real,
		    finish_real),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
