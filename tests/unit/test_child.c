/* Ending a program that runs beside the console: also one that stands still, and one that does not hear. */
#include "app/child.h"
#include "core/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

enum { MOST_MS = 2000, HANGS_S = 20 };

/* It is gone, and that was soon. */
static void expect_end(struct child *c)
{
	int64_t began = clock_steady_ms();
	pid_t pid = c->pid;

	child_stop(c);
	assert_true(clock_steady_ms() - began < MOST_MS);
	assert_int_equal(c->pid, 0);
	assert_int_equal(kill(pid, 0), -1);
}

static void one_that_stands_still(void **state)
{
	struct child c = CHILD_NONE;
	struct err e = ERR_INIT;
	int status;

	(void)state;
	assert_int_equal(child_start(&c, "sleep 60", NULL, NULL, &e), 0);
	kill(c.pid, SIGSTOP);
	assert_int_equal(waitpid(c.pid, &status, WUNTRACED), c.pid);
	assert_true(WIFSTOPPED(status));
	expect_end(&c);
}

static void one_that_does_not_hear(void **state)
{
	char path[] = "/tmp/peerdeck-child-XXXXXX", ready[64];
	struct child c = CHILD_NONE;
	struct err e = ERR_INIT;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	snprintf(ready, sizeof(ready), "%s.ready", path);
	assert_true(dprintf(fd, "#!/bin/sh\ntrap '' TERM\n: > %s\nexec sleep 60\n", ready) > 0);
	assert_int_equal(fchmod(fd, 0700), 0);
	close(fd);
	assert_int_equal(child_start(&c, path, NULL, NULL, &e), 0);
	while (access(ready, F_OK) != 0)
		usleep(10000);
	expect_end(&c);
	unlink(ready);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_stands_still),
		cmocka_unit_test(one_that_does_not_hear),
	};

	alarm(HANGS_S);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
