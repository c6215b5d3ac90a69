/* Lines to the system's log: their form, and that a daemon that is gone or does not read delays nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/syslog_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct place {
	char dir[64], path[100];
	int fd;
};

static void listen_there(struct place *p)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	snprintf(p->dir, sizeof(p->dir), "/tmp/peerdeck-syslog-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->path, sizeof(p->path), "%s/log", p->dir);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", p->path);
	p->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(p->fd, (struct sockaddr *)&at, sizeof(at)), 0);
}

static void leave(struct place *p)
{
	close(p->fd);
	unlink(p->path);
	rmdir(p->dir);
}

static void a_line_has_its_level(void **state)
{
	static const struct { enum severity s; const char *begins; } rows[] = {
		{ SEV_INFO, "<30>" }, { SEV_NOTICE, "<29>" }, { SEV_WARN, "<28>" }, { SEV_ALARM, "<25>" },
	};
	char got[2048], wanted[100];
	struct place p;

	(void)state;
	listen_there(&p);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e = ERR_INIT;
		ssize_t n;

		assert_int_equal(syslog_out(p.path, rows[i].s, "a: firing: r1", &e), 0);
		n = recv(p.fd, got, sizeof(got) - 1, 0);
		assert_true(n > 0);
		got[n] = '\0';
		snprintf(wanted, sizeof(wanted), "%speerdeck[%d]: a: firing: r1", rows[i].begins, (int)getpid());
		assert_string_equal(got, wanted);
	}
	leave(&p);
}

static void a_daemon_that_does_not_read_delays_nothing(void **state)
{
	struct err e = ERR_INIT;
	struct place p;
	int i = 0;

	(void)state;
	listen_there(&p);
	while (i < 100000 && syslog_out(p.path, SEV_ALARM, "words", &e) == 0)
		i++;
	assert_true(i < 100000); /* it was full, and we came back */
	assert_int_equal(e.code, ERR_IO);
	leave(&p);
	err_clear(&e);
	assert_int_equal(syslog_out(p.path, SEV_ALARM, "words", &e), -1); /* and now it is gone */
	assert_non_null(strstr(e.text, p.path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_has_its_level),
		cmocka_unit_test(a_daemon_that_does_not_read_delays_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
