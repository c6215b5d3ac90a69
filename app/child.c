/* Programs beside the console; see child.h. */
#include "app/child.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGS_MAX = 32, GRACE_MS = 500 };

/* argv's strings lie in the copy. */
static char *split(const char *command, const char *more, char **argv)
{
	char *copy = mem_strdup(command), *save = NULL;
	size_t n = 0;

	for (char *word = strtok_r(copy, " \t", &save); word != NULL && n + 2 < ARGS_MAX; word = strtok_r(NULL, " \t", &save))
		argv[n++] = word;
	if (n > 0 && more != NULL)
		argv[n++] = (char *)more;
	argv[n] = NULL;
	return copy;
}

static int memory_file(const char *name, const struct str *content, struct err *e)
{
	int fd = memfd_create(name, MFD_CLOEXEC);
	size_t at = 0;
	ssize_t n;

	if (fd < 0)
		return err_errno(e, ERR_IO, "%s", name);
	while (content != NULL && at < content->len && (n = write(fd, content->p + at, content->len - at)) > 0)
		at += (size_t)n;
	lseek(fd, 0, SEEK_SET);
	return fd;
}

/* Between fork and exec: only what is safe there. */
static void __attribute__((noreturn)) become(char *const *argv, int in, int said, bool apart)
{
	sigset_t none;

	if (apart)
		setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (in >= 0) {
		dup2(in, STDIN_FILENO);
		dup2(said, STDOUT_FILENO);
		dup2(said, STDERR_FILENO);
	}
	execvp(argv[0], argv);
	_exit(127);
}

static int begin(struct child *c, const char *command, const char *more, const struct str *input, bool apart, struct err *e)
{
	char *argv[ARGS_MAX], *copy = split(command, more, argv);
	int in = -1, rc = -1;

	*c = (struct child)CHILD_NONE;
	if (argv[0] == NULL) {
		err_set(e, ERR_CONFIG, "there is no command to run");
		goto out;
	}
	snprintf(c->name, sizeof(c->name), "%s", argv[0]);
	if (input != NULL && ((in = memory_file("message", input, e)) < 0 || (c->said_fd = memory_file("said", NULL, e)) < 0))
		goto out;
	c->pid = fork();
	if (c->pid == 0)
		become(argv, in, c->said_fd, apart);
	if (c->pid < 0) {
		err_errno(e, ERR_IO, "%s", c->name);
		c->pid = 0;
		goto out;
	}
	c->fd = pidfd_open(c->pid, 0);
	rc = 0;
out:
	if (in >= 0)
		close(in);
	if (rc != 0 && c->said_fd >= 0)
		close(c->said_fd);
	free(copy);
	return rc;
}

int child_start(struct child *c, const char *command, const char *more, const struct str *input, struct err *e)
{
	return begin(c, command, more, input, false, e);
}

static void close_all(struct child *c)
{
	if (c->fd >= 0)
		close(c->fd);
	if (c->said_fd >= 0)
		close(c->said_fd);
	c->pid = 0;
	c->fd = c->said_fd = -1;
}

static void why(const struct child *c, int status, struct err *e)
{
	char raw[200];
	struct str safe;
	ssize_t n = c->said_fd >= 0 ? pread(c->said_fd, raw, sizeof(raw) - 1, 0) : 0;

	str_init(&safe, 2000);
	raw[n > 0 ? n : 0] = '\0';
	text_append(&safe, (struct slice){ raw, strcspn(raw, "\n") });
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127 && safe.len == 0)
		err_set(e, ERR_IO, "%s: no such program", c->name);
	else
		err_set(e, ERR_IO, "%s: %s %d%s%s", c->name, WIFEXITED(status) ? "exit status" : "ended by signal",
		    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), safe.len > 0 ? ": " : "", safe.p);
	str_fini(&safe);
}

int child_take(struct child *c, bool *ok, struct err *e)
{
	int status;
	pid_t got;

	if (c->pid == 0)
		return 0;
	got = waitpid(c->pid, &status, WNOHANG);
	if (got == 0 || (got < 0 && errno == EINTR))
		return 0;
	*ok = got == c->pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (!*ok)
		why(c, status, e);
	close_all(c);
	return 1;
}

void child_continue(const struct child *c)
{
	if (c->pid > 0)
		kill(c->pid, SIGCONT);
}

/* True once it has ended; false when the time is over or cancel_fd is readable. */
static bool ends_within(const struct child *c, int timeout_ms, int cancel_fd)
{
	struct pollfd p[] = { { .fd = c->fd, .events = POLLIN }, { .fd = cancel_fd, .events = POLLIN } };
	int64_t end = clock_steady_ms() + timeout_ms, left = timeout_ms;

	while (poll(p, 2, (int)left) < 0 && errno == EINTR)
		left = end > clock_steady_ms() ? end - clock_steady_ms() : 0;
	return (p[0].revents & POLLIN) != 0;
}

/* An editor saves what it has; one that stands still hears it only when it goes on, and one that hears nothing is not
 * waited for. */
void child_stop(struct child *c)
{
	int status;

	if (c->pid == 0)
		return;
	kill(c->pid, SIGTERM);
	kill(c->pid, SIGCONT);
	if (!ends_within(c, GRACE_MS, -1))
		kill(c->pid, SIGKILL);
	waitpid(c->pid, &status, 0);
	close_all(c);
}

/* With all that it started: a script's `sleep` would live on. */
static void end_group(struct child *c)
{
	int status;

	kill(-c->pid, SIGTERM);
	ends_within(c, GRACE_MS, -1);
	kill(-c->pid, SIGKILL);
	waitpid(c->pid, &status, 0);
	close_all(c);
}

int child_run(const char *command, const struct str *input, unsigned timeout_s, int cancel_fd, struct err *e)
{
	struct child c;
	bool ok = false;

	if (begin(&c, command, NULL, input, true, e) != 0)
		return -1;
	if (c.fd < 0 || !ends_within(&c, (int)timeout_s * 1000, cancel_fd)) {
		err_set(e, ERR_TIMEOUT, "%s: was not through within %u s and was ended", c.name, timeout_s);
		end_group(&c);
		return -1;
	}
	while (child_take(&c, &ok, e) == 0)
		continue; /* the descriptor says that it has ended */
	return ok ? 0 : -1;
}
