/* SSH against real servers on loopback: keys, host keys, jump hosts, and every way in which a server can fail. */
#include "backends/link/cli.h"
#include "backends/link/resolve.h"
#include "backends/link/secret.h"
#include "backends/link/ssh.h"
#include "core/base/clock.h"
#include "tests/dialog/sshd/sshd.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { SOON_MS = 20000 };

static struct sshd_lab lab;
static struct sshd server;

/* One router "r1" at the server, with the user's key, its host key enrolled; tests change what they are about. */
struct fixture {
	struct router_conf r[3];
	struct config config;
	struct ssh_way way;
	struct ssh_seen seen;
	struct link *link;
	struct err e;
	char store[160];
};

static int64_t soon(void)
{
	return clock_boot_ms() + SOON_MS;
}

static struct router_conf router(const char *name, unsigned port)
{
	return (struct router_conf){ .name = name, .os = "frr", .address = "127.0.0.1", .port = port,
		.user = getenv("USER_FOR_TEST"), .key = sshd_lab_path(&lab, "user"), .timeout_s = 10 };
}

static void enroll(struct fixture *f, const char *name, const char *type, const char *key)
{
	struct hostkey k = { .type = type, .base64 = sshd_lab_public(&lab, key) };

	assert_int_equal(hostkey_store_accept(f->store, name, &k, "test", "test", &f->e), 0);
}

static void begin(struct fixture *f)
{
	static unsigned number;

	memset(f, 0, sizeof(*f));
	snprintf(f->store, sizeof(f->store), "%s/store%u", lab.dir, number++);
	f->r[0] = router("r1", server.port);
	f->config = (struct config){ .routers = f->r, .router_count = 3 };
	f->way = (struct ssh_way){ .config = &f->config, .router = &f->r[0], .hostkey_dir = f->store,
		.cancel_fd = -1 };
	enroll(f, "r1", "ssh-ed25519", "host1");
	for (int i = 1; i < 3; i++)
		f->r[i] = router(i == 1 ? "j1" : "j2", server.port);
}

static int connect_it(struct fixture *f)
{
	return ssh_link_open(&f->way, &f->seen, &f->link, &f->e);
}

static void finish(struct fixture *f)
{
	if (f->link != NULL)
		f->link->ops->free(f->link);
	ssh_seen_fini(&f->seen);
	ssh_keys_forget();
}

static void expect_failure(struct fixture *f, enum err_code code, const char *words)
{
	int rc = connect_it(f);

	if (rc == 0 || f->e.code != code || strstr(f->e.text, words) == NULL)
		print_message("got %d %s: %s\n", rc, err_code_word(f->e.code), f->e.text);
	assert_int_equal(rc, -1);
	assert_int_equal(f->e.code, code);
	assert_non_null(strstr(f->e.text, words));
	finish(f);
}

static void expect_hello(struct fixture *f)
{
	struct str out;
	int status;

	str_init(&out, 0);
	if (f->link == NULL && connect_it(f) < 0)
		fail_msg("%s", f->e.text);
	if (link_run(f->link, "echo hello", soon(), &out, NULL, &status, &f->e) < 0)
		fail_msg("%s", f->e.text);
	assert_string_equal(out.p, "hello\n");
	assert_int_equal(status, 0);
	str_fini(&out);
}

static void test_key(void **state)
{
	struct link_status st = { 0 };
	struct fixture f;

	(void)state;
	begin(&f);
	expect_hello(&f);
	f.link->ops->describe(f.link, &st);
	assert_int_equal(strncmp(st.fingerprint, "SHA256:", 7), 0);
	assert_non_null(strstr(st.algorithms, "ssh-ed25519"));
	assert_false(st.legacy);
	assert_true(st.octets_in > 0);
	finish(&f);
}

static void test_streams_and_status(void **state)
{
	struct str out, errout;
	struct fixture f;
	int status;

	(void)state;
	begin(&f);
	str_init(&out, 0);
	str_init(&errout, 10);
	assert_int_equal(connect_it(&f), 0);
	assert_int_equal(link_run(f.link, "echo out; echo a longer complaint >&2; exit 7", soon(), &out, &errout,
			     &status, &f.e), 0);
	assert_string_equal(out.p, "out\n");
	assert_string_equal(errout.p, "a longer c");
	assert_int_equal(status, 7);
	expect_hello(&f); /* the same session again */
	str_fini(&out);
	str_fini(&errout);
	finish(&f);
}

static void test_big_answer_and_ceiling(void **state)
{
	struct fixture f;
	struct str out;

	(void)state;
	begin(&f);
	str_init(&out, 8 << 20);
	assert_int_equal(connect_it(&f), 0);
	assert_int_equal(link_run(f.link, "head -c 8000000 /dev/zero", soon(), &out, NULL, NULL, &f.e), 0);
	assert_int_equal(out.len, 8000000);
	str_fini(&out);
	str_init(&out, 100000);
	assert_int_equal(link_run(f.link, "cat /dev/zero", soon(), &out, NULL, NULL, &f.e), -1);
	assert_int_equal(f.e.code, ERR_LIMIT);
	str_fini(&out);
	expect_hello(&f); /* one endless answer does not spoil the session */
	finish(&f);
}

static void test_wrong_key(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	f.r[0].key = sshd_lab_path(&lab, "stranger");
	expect_failure(&f, ERR_AUTH, "key refused");
}

static void test_no_credential(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	f.r[0].key = NULL;
	expect_failure(&f, ERR_AUTH, "publickey");
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	assert_int_equal(chmod(path, mode), 0);
}

static void test_passphrase_from_command(void **state)
{
	const char *pass = sshd_lab_path(&lab, "pass");
	char command[256];
	struct fixture f;

	(void)state;
	write_file(pass, "secret\n", 0600);
	snprintf(command, sizeof(command), "cat  %s", pass);
	begin(&f);
	f.r[0].key = sshd_lab_path(&lab, "locked");
	f.r[0].passphrase_command = command;
	expect_hello(&f);
	f.link->ops->free(f.link);
	f.link = NULL;
	f.r[0].passphrase_command = "false"; /* a reconnect asks nobody */
	expect_hello(&f);
	finish(&f);
	begin(&f); /* forgotten now */
	f.r[0].key = sshd_lab_path(&lab, "locked");
	f.r[0].passphrase_command = "echo wrong";
	expect_failure(&f, ERR_AUTH, "passphrase does not open it");
	begin(&f);
	f.r[0].key = sshd_lab_path(&lab, "locked");
	f.r[0].passphrase_command = "false";
	expect_failure(&f, ERR_AUTH, "credential command false ended with status 1");
	begin(&f);
	f.r[0].key = sshd_lab_path(&lab, "locked");
	expect_failure(&f, ERR_AUTH, "no one to ask");
}

static int asked_at_terminal(void *ctx, const char *question, char *buf, size_t n, struct err *e)
{
	(void)e;
	assert_non_null(strstr(question, "locked"));
	snprintf(buf, n, "%s", (const char *)ctx);
	return 0;
}

static void test_passphrase_from_terminal(void **state)
{
	static char secret[] = "secret";
	struct fixture f;

	(void)state;
	begin(&f);
	f.r[0].key = sshd_lab_path(&lab, "locked");
	secret_on_ask(asked_at_terminal, secret);
	expect_hello(&f);
	secret_on_ask(NULL, NULL);
	finish(&f);
}

static void test_key_others_can_read(void **state)
{
	const char *copy = sshd_lab_path(&lab, "open-key");
	struct fixture f;

	(void)state;
	write_file(copy, "x", 0644);
	begin(&f);
	f.r[0].key = copy;
	expect_failure(&f, ERR_AUTH, "chmod 600");
}

static void test_unknown_host_key(void **state)
{
	struct fixture f;
	size_t before;

	(void)state;
	begin(&f);
	f.r[0].name = "new";
	before = sshd_connections(&server);
	expect_failure(&f, ERR_HOSTKEY, "unknown host key SHA256:");
	assert_int_equal(sshd_connections(&server), before + 1);
}

static void test_changed_host_key(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	enroll(&f, "r1", "ssh-ed25519", "host2");
	expect_failure(&f, ERR_HOSTKEY, "HOST KEY CHANGED");
}

static void test_second_key_of_a_server_is_no_change(void **state)
{
	struct sshd two;
	struct fixture f;
	char more[200];

	(void)state;
	snprintf(more, sizeof(more), "HostKey %s/host-rsa", lab.dir);
	sshd_start(&two, &lab, "host1", more);
	begin(&f);
	f.r[0].name = "rsa";
	f.r[0].port = two.port;
	enroll(&f, "rsa", "ssh-rsa", "host-rsa");
	expect_hello(&f);
	assert_string_equal(f.seen.type, "ssh-rsa");
	finish(&f);
	sshd_stop(&two);
}

static void test_fetch_for_enrolment(void **state)
{
	struct hostkey k;
	struct fixture f;

	(void)state;
	begin(&f);
	f.r[0].name = "fresh";
	f.r[0].key = "/nonexistent"; /* no credential is touched */
	assert_int_equal(hostkey_fetch(&f.way, &f.seen, &f.e), 0);
	assert_string_equal(f.seen.base64, sshd_lab_public(&lab, "host1"));
	k = (struct hostkey){ .type = f.seen.type, .base64 = f.seen.base64 };
	assert_int_equal(hostkey_store_accept(f.store, "fresh", &k, "test", "fetched", &f.e), 0);
	f.r[0].key = sshd_lab_path(&lab, "user");
	expect_hello(&f);
	finish(&f);
}

static void test_chain_of_jump_hosts(void **state)
{
	struct fixture f;
	struct str out;

	(void)state;
	begin(&f);
	f.r[0].jump = "j1";
	f.r[1].jump = "j2";
	enroll(&f, "j1", "ssh-ed25519", "host1");
	enroll(&f, "j2", "ssh-ed25519", "host1");
	expect_hello(&f);
	str_init(&out, 4 << 20);
	assert_int_equal(link_run(f.link, "head -c 3000000 /dev/zero", soon(), &out, NULL, NULL, &f.e), 0);
	assert_int_equal(out.len, 3000000);
	str_fini(&out);
	assert_int_equal(f.link->ops->pump(f.link, -1, clock_boot_ms() + 50, &f.e), 0);
	finish(&f);
}

static void test_jump_host_with_unknown_key(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	f.r[0].jump = "j1";
	expect_failure(&f, ERR_HOSTKEY, "jump host j1: unknown host key");
	begin(&f);
	f.r[0].jump = "j1";
	assert_int_equal(hostkey_fetch(&f.way, &f.seen, &f.e), -1);
	assert_int_equal(f.e.code, ERR_HOSTKEY);
	finish(&f);
}

static void test_jump_circle_and_stranger(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	f.r[0].jump = "j1";
	f.r[1].jump = "j1";
	expect_failure(&f, ERR_CONFIG, "circle");
	begin(&f);
	f.r[0].jump = "nowhere";
	expect_failure(&f, ERR_CONFIG, "no jump host \"nowhere\"");
}

static void test_legacy_only_where_named(void **state)
{
	struct link_status st = { 0 };
	struct sshd old;
	struct fixture f;

	(void)state;
	sshd_start(&old, &lab, "host1",
	    "KexAlgorithms diffie-hellman-group14-sha1\nCiphers aes128-cbc\nMACs hmac-sha1");
	begin(&f);
	f.r[0].port = old.port;
	expect_failure(&f, ERR_NET, "kex");
	begin(&f);
	f.r[0].port = old.port;
	f.r[0].kex = "diffie-hellman-group14-sha1";
	f.r[0].ciphers = "aes128-cbc";
	f.r[0].macs = "hmac-sha1";
	expect_hello(&f);
	f.link->ops->describe(f.link, &st);
	assert_true(st.legacy);
	assert_non_null(strstr(st.algorithms, "diffie-hellman-group14-sha1"));
	finish(&f);
	begin(&f);
	f.r[0].kex = "diffie-hellman-group14-md4";
	expect_failure(&f, ERR_CONFIG, "libssh knows none of these");
	sshd_stop(&old);
}

/* What old IOS and VRP need, each alone, against a real sshd that offers nothing else. */
static void test_every_legacy_algorithm(void **state)
{
	static const char *const kexes[] = { "diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1",
		"diffie-hellman-group-exchange-sha1" };
	static const char *const ciphers[] = { "aes128-cbc", "aes256-cbc", "3des-cbc" };
	struct link_status st;
	struct fixture f;
	struct sshd old;
	char more[400];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kexes); i++) {
		memset(&st, 0, sizeof(st));
		snprintf(more, sizeof(more), "HostKey %s/host-rsa\nHostKeyAlgorithms ssh-rsa\nKexAlgorithms %s\nCiphers %s\n"
		    "MACs hmac-sha1", lab.dir, kexes[i], ciphers[i]);
		sshd_start(&old, &lab, "host1", more);
		begin(&f);
		f.r[0].name = "rsa";
		f.r[0].port = old.port;
		enroll(&f, "rsa", "ssh-rsa", "host-rsa");
		expect_failure(&f, ERR_NET, "");
		begin(&f);
		f.r[0].name = "rsa";
		f.r[0].port = old.port;
		enroll(&f, "rsa", "ssh-rsa", "host-rsa");
		f.r[0].kex = kexes[i];
		f.r[0].host_key_algorithms = "ssh-rsa";
		f.r[0].ciphers = ciphers[i];
		f.r[0].macs = "hmac-sha1";
		expect_hello(&f);
		f.link->ops->describe(f.link, &st);
		assert_true(st.legacy);
		/* libssh 0.10 has no name for the key exchange of group-exchange-sha1 */
		if (strstr(st.algorithms, kexes[i]) == NULL && strstr(kexes[i], "group-exchange") == NULL)
			fail_msg("%s: %s", kexes[i], st.algorithms);
		assert_non_null(strstr(st.algorithms, "ssh-rsa (SHA-1 allowed)"));
		assert_non_null(strstr(st.algorithms, ciphers[i]));
		finish(&f);
		sshd_stop(&old);
	}
}

static int listener(unsigned *port, int backlog)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	if (backlog >= 0)
		assert_int_equal(listen(fd, backlog), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static void test_connection_refused(void **state)
{
	struct fixture f;
	int fd;

	(void)state;
	begin(&f);
	fd = listener(&f.r[0].port, -1); /* bound, so nobody else gets it, but not listening */
	expect_failure(&f, ERR_NET, "Connection refused");
	close(fd);
}

static void test_server_that_never_speaks(void **state)
{
	struct fixture f;
	int fd;

	(void)state;
	begin(&f);
	f.r[0].timeout_s = 1;
	fd = listener(&f.r[0].port, 8);
	expect_failure(&f, ERR_TIMEOUT, "no SSH greeting");
	close(fd);
}

/* A listener with a full backlog drops further SYNs: nothing answers at all. */
static void test_black_hole(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd, fill[8];
	struct fixture f;

	(void)state;
	begin(&f);
	f.r[0].timeout_s = 1;
	fd = listener(&f.r[0].port, 0);
	at.sin_port = htons((uint16_t)f.r[0].port);
	for (int i = 0; i < 8; i++) {
		fill[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		(void)connect(fill[i], (struct sockaddr *)&at, sizeof(at));
	}
	expect_failure(&f, ERR_TIMEOUT, "no answer from 127.0.0.1 port");
	for (int i = 0; i < 8; i++)
		close(fill[i]);
	close(fd);
}

static int dead_resolver(const char *host, const char *port, const struct addrinfo *hints, struct addrinfo **out)
{
	struct timespec a_second = { 1, 0 };

	(void)host;
	(void)port;
	(void)hints;
	*out = NULL;
	for (int i = 0; i < 3; i++)
		nanosleep(&a_second, NULL);
	return EAI_AGAIN;
}

static int no_such_name(const char *host, const char *port, const struct addrinfo *hints, struct addrinfo **out)
{
	(void)host;
	(void)port;
	(void)hints;
	*out = NULL;
	return EAI_NONAME;
}

static void test_names(void **state)
{
	int64_t began;
	struct fixture f;

	(void)state;
	resolve_replace(no_such_name);
	begin(&f);
	f.r[0].address = "r9.example";
	expect_failure(&f, ERR_NET, "name r9.example cannot be resolved");
	resolve_replace(dead_resolver);
	begin(&f);
	f.r[0].address = "r9.example";
	f.r[0].timeout_s = 1;
	began = clock_boot_ms();
	expect_failure(&f, ERR_TIMEOUT, "name r9.example");
	assert_true(clock_boot_ms() - began < 2500); /* not the resolver's three seconds */
	resolve_replace(NULL);
	begin(&f);
	f.r[0].address = "-oProxyCommand";
	expect_failure(&f, ERR_CONFIG, "address and user");
	begin(&f);
	f.r[0].user = "a b";
	expect_failure(&f, ERR_CONFIG, "address and user");
}

static void test_stopped_server_times_out(void **state)
{
	struct sshd own;
	struct fixture f;
	struct str out;

	(void)state;
	sshd_start(&own, &lab, "host1", "");
	begin(&f);
	f.r[0].port = own.port;
	str_init(&out, 0);
	expect_hello(&f);
	sshd_signal(&own, SIGSTOP);
	assert_int_equal(link_run(f.link, "echo x", clock_boot_ms() + 300, &out, NULL, NULL, &f.e), -1);
	assert_int_equal(f.e.code, ERR_TIMEOUT);
	str_fini(&out);
	finish(&f);
	sshd_stop(&own);
}

static void test_one_session_at_a_time(void **state)
{
	struct sshd own;
	struct fixture f;
	struct channel *held;
	struct str out;

	(void)state;
	sshd_start(&own, &lab, "host1", "MaxSessions 1\n");
	begin(&f);
	f.r[0].port = own.port;
	for (int i = 0; i < 30; i++)
		expect_hello(&f); /* the next channel is asked for before sshd has let go of the last */
	assert_int_equal(f.link->ops->exec(f.link, "cat", soon(), &held, &f.e), 0);
	str_init(&out, 0);
	assert_int_equal(link_run(f.link, "echo x", soon(), &out, NULL, NULL, &f.e), -1);
	assert_int_equal(f.e.code, ERR_DEVICE);
	assert_non_null(strstr(f.e.text, "MaxSessions"));
	err_clear(&f.e);
	f.link->ops->close(held);
	expect_hello(&f);
	str_fini(&out);
	finish(&f);
	sshd_stop(&own);
}

struct kill_on_data {
	struct sshd *server;
	size_t taken;
};

static int kill_server(void *ctx, const char *p, size_t n, struct err *e)
{
	struct kill_on_data *k = ctx;

	(void)p;
	(void)e;
	if (k->taken == 0)
		sshd_signal(k->server, SIGKILL);
	k->taken += n;
	return 0;
}

static void test_server_killed_in_an_answer(void **state)
{
	struct sshd own;
	struct fixture f;
	struct kill_on_data k = { .server = &own };
	struct link_sink sink = { kill_server, &k };

	(void)state;
	sshd_start(&own, &lab, "host1", "");
	begin(&f);
	f.r[0].port = own.port;
	expect_hello(&f);
	assert_int_equal(link_stream(f.link, "cat /dev/zero", soon(), &sink, SIZE_MAX, NULL, NULL, &f.e), -1);
	assert_int_equal(f.e.code, ERR_NET);
	assert_non_null(strstr(f.e.text, "connection lost"));
	err_clear(&f.e);
	assert_int_equal(f.link->ops->pump(f.link, -1, soon(), &f.e), -1);
	finish(&f);
	sshd_stop(&own);
}

static void *cancel_soon(void *arg)
{
	struct timespec bit = { 0, 100 * 1000 * 1000 };

	nanosleep(&bit, NULL);
	eventfd_write(*(int *)arg, 1);
	return NULL;
}

static void test_cancel_while_waiting(void **state)
{
	int fd = eventfd(0, EFD_CLOEXEC);
	pthread_t t;
	struct fixture f;
	struct str out;

	(void)state;
	begin(&f);
	f.way.cancel_fd = fd;
	str_init(&out, 0);
	expect_hello(&f);
	assert_int_equal(pthread_create(&t, NULL, cancel_soon, &fd), 0);
	assert_int_equal(link_run(f.link, "sleep 30", soon() + 60000, &out, NULL, NULL, &f.e), -1);
	assert_int_equal(f.e.code, ERR_CANCELLED);
	pthread_join(t, NULL);
	str_fini(&out);
	finish(&f);
	close(fd);
}

static void test_pump_wakes(void **state)
{
	int fd = eventfd(0, EFD_CLOEXEC);
	struct fixture f;

	(void)state;
	begin(&f);
	assert_int_equal(connect_it(&f), 0);
	eventfd_write(fd, 1);
	assert_int_equal(f.link->ops->pump(f.link, fd, INT64_MAX, &f.e), 0);
	expect_hello(&f);
	finish(&f);
	close(fd);
}

static void test_secrets(void **state)
{
	const char *path = sshd_lab_path(&lab, "password");
	struct err e = ERR_INIT;
	struct secret s;

	(void)state;
	write_file(path, "hunter2\nrest\n", 0600);
	assert_int_equal(secret_from_file(path, &s, &e), 0);
	assert_string_equal(s.text, "hunter2");
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(secret_from_file(path, &s, &e), -1);
	assert_non_null(strstr(e.text, "0600"));
	err_clear(&e);
	assert_int_equal(secret_from_command("echo a;b $HOME", -1, soon(), &s, &e), 0);
	assert_string_equal(s.text, "a;b $HOME"); /* no shell saw it */
	assert_int_equal(secret_from_command("sleep 30", -1, clock_boot_ms() + 200, &s, &e), -1);
	assert_int_equal(e.code, ERR_TIMEOUT);
	err_clear(&e);
	assert_int_equal(secret_from_command("/nonexistent/x y", -1, soon(), &s, &e), -1);
	assert_int_equal(e.code, ERR_AUTH);
	err_clear(&e);
	assert_int_equal(secret_from_command("true", -1, soon(), &s, &e), -1);
	assert_non_null(strstr(e.text, "printed nothing"));
}

static void test_file_is_replaced_with_its_mode(void **state)
{
	const char *path = sshd_lab_path(&lab, "include.conf"), *link_path = sshd_lab_path(&lab, "alias.conf");
	struct stat before, after;
	struct fixture f;
	bool in_place;
	struct str out;

	(void)state;
	write_file(path, "old\n", 0640);
	assert_int_equal(stat(path, &before), 0);
	begin(&f);
	str_init(&out, 0);
	assert_int_equal(connect_it(&f), 0);
	if (remote_write_file(f.link, &f.r[0], path, "new 'quoted' $HOME\n", soon(), &in_place, &f.e) < 0)
		fail_msg("%s", f.e.text);
	assert_false(in_place);
	assert_int_equal(remote_read_file(f.link, &f.r[0], path, soon(), &out, &f.e), 0);
	assert_string_equal(out.p, "new 'quoted' $HOME\n");
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_mode, before.st_mode);
	assert_int_not_equal(after.st_ino, before.st_ino);

	assert_int_equal(symlink(path, link_path), 0);
	assert_int_equal(remote_write_file(f.link, &f.r[0], link_path, "", soon(), &in_place, &f.e), 0);
	assert_true(in_place);
	assert_int_equal(lstat(link_path, &after), 0);
	assert_true(S_ISLNK(after.st_mode));
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_size, 0);
	str_fini(&out);
	finish(&f);
}

static void test_files_that_may_not_be_touched(void **state)
{
	static const char *const bad[] = { "relative", "/etc/../x", "/tmp/a b", "/tmp/$(id)", "/tmp/x;y", NULL };
	struct fixture f;
	bool in_place;
	struct str out;

	(void)state;
	begin(&f);
	str_init(&out, 0);
	assert_int_equal(connect_it(&f), 0);
	for (size_t i = 0; bad[i] != NULL; i++) {
		err_clear(&f.e);
		assert_int_equal(remote_write_file(f.link, &f.r[0], bad[i], "x", soon(), &in_place, &f.e), -1);
		assert_int_equal(f.e.code, ERR_REFUSED);
		assert_int_equal(remote_read_file(f.link, &f.r[0], bad[i], soon(), &out, NULL), -1);
	}
	err_clear(&f.e);
	assert_int_equal(remote_write_file(f.link, &f.r[0], sshd_lab_path(&lab, "absent"), "x", soon(), &in_place,
			     &f.e), -1);
	assert_int_equal(f.e.code, ERR_DEVICE);
	assert_non_null(strstr(f.e.text, "no such file"));
	err_clear(&f.e);
	assert_int_equal(remote_read_file(f.link, &f.r[0], sshd_lab_path(&lab, "absent"), soon(), &out, &f.e), -1);
	assert_int_equal(f.e.code, ERR_DEVICE);
	str_fini(&out);
	finish(&f);
}

static void test_programs_get_their_words(void **state)
{
	struct fixture f;
	struct str out;

	(void)state;
	begin(&f);
	str_init(&out, 0);
	assert_int_equal(connect_it(&f), 0);
	assert_int_equal(remote_run(f.link, &f.r[0], "printf [%s] a \"b c\" $HOME;id", soon(), &out, &f.e), 0);
	assert_string_equal(out.p, "[a][b c][$HOME;id]");
	str_clear(&out);
	assert_int_equal(remote_run(f.link, &f.r[0], "ls /nonexistent", soon(), &out, &f.e), -1);
	assert_int_equal(f.e.code, ERR_DEVICE);
	assert_non_null(strstr(out.p, "nonexistent"));
	str_fini(&out);
	finish(&f);
}

static int set_up(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	if (!sshd_lab_begin(&lab)) {
		print_message("1..0 # SKIP sshd and ssh-keygen are needed\n");
		exit(0);
	}
	setenv("USER_FOR_TEST", geteuid() == 0 ? "root" : getenv("USER") ? getenv("USER") : "nobody", 1);
	sshd_start(&server, &lab, "host1", "");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sshd_stop(&server);
	sshd_lab_end(&lab);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_streams_and_status),
		cmocka_unit_test(test_one_session_at_a_time),
		cmocka_unit_test(test_big_answer_and_ceiling),
		cmocka_unit_test(test_wrong_key),
		cmocka_unit_test(test_no_credential),
		cmocka_unit_test(test_passphrase_from_command),
		cmocka_unit_test(test_passphrase_from_terminal),
		cmocka_unit_test(test_key_others_can_read),
		cmocka_unit_test(test_unknown_host_key),
		cmocka_unit_test(test_changed_host_key),
		cmocka_unit_test(test_second_key_of_a_server_is_no_change),
		cmocka_unit_test(test_fetch_for_enrolment),
		cmocka_unit_test(test_chain_of_jump_hosts),
		cmocka_unit_test(test_jump_host_with_unknown_key),
		cmocka_unit_test(test_jump_circle_and_stranger),
		cmocka_unit_test(test_legacy_only_where_named),
		cmocka_unit_test(test_every_legacy_algorithm),
		cmocka_unit_test(test_connection_refused),
		cmocka_unit_test(test_server_that_never_speaks),
		cmocka_unit_test(test_black_hole),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_stopped_server_times_out),
		cmocka_unit_test(test_server_killed_in_an_answer),
		cmocka_unit_test(test_cancel_while_waiting),
		cmocka_unit_test(test_pump_wakes),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_file_is_replaced_with_its_mode),
		cmocka_unit_test(test_files_that_may_not_be_touched),
		cmocka_unit_test(test_programs_get_their_words),
	};

	return cmocka_run_group_tests_name("ssh", tests, set_up, tear_down);
}
