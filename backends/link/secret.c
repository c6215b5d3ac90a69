/* Where secrets come from; see secret.h. */
#include "backends/link/secret.h"
#include "backends/link/link.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MAX = 32 };

extern char **environ;

static pthread_mutex_t ask_lock = PTHREAD_MUTEX_INITIALIZER;
static secret_ask_fn *ask_fn;
static void *ask_ctx;

void secret_wipe(struct secret *s)
{
	explicit_bzero(s, sizeof(*s));
}

static void cut_line(struct secret *s)
{
	s->text[strcspn(s->text, "\r\n")] = '\0';
}

/* argv in the arena, NULL-terminated. */
static char **split(struct arena *a, const char *command, struct err *e)
{
	char **argv = arena_alloc(a, (WORDS_MAX + 1) * sizeof(*argv));
	struct scan c = scan_of(slice_of(command));
	struct slice w;
	size_t n = 0;

	while (scan_word(&c, &w)) {
		if (n == WORDS_MAX) {
			err_set(e, ERR_CONFIG, "a credential command may have at most %d words", WORDS_MAX);
			return NULL;
		}
		argv[n++] = arena_strndup(a, w.p, w.len);
	}
	if (n == 0) {
		err_set(e, ERR_CONFIG, "the credential command is empty");
		return NULL;
	}
	return argv;
}

/* stdin and stderr on /dev/null (the screen is not theirs), stdout on the pipe, a process group of its own. */
static int start(char **argv, int out_fd, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none;
	int rc;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out_fd, 1);
	posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setsigmask(&attr, &none);
	rc = posix_spawnp(pid, argv[0], &files, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return rc;
}

/* All that it prints up to the ceiling; the rest is read and dropped, so that it can end. */
static int read_line(int fd, int cancel_fd, int64_t deadline, struct secret *out, struct err *e)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char spare[256];
	size_t len = 0;
	ssize_t n;

	for (;;) {
		size_t room = SECRET_MAX - 1 - len;

		if (link_wait(&p, 1, cancel_fd, deadline, "secret from its command", e) < 0)
			return -1;
		n = read(fd, room ? out->text + len : spare, room ? room : sizeof(spare));
		if (n <= 0)
			break;
		len += room ? (size_t)n : 0;
	}
	explicit_bzero(spare, sizeof(spare));
	out->text[len] = '\0';
	return 0;
}

/* Waits for the end until the deadline, then ends it. 0 only for exit status 0. */
static int reap(pid_t pid, int cancel_fd, int64_t deadline, const char *name, struct err *e)
{
	struct pollfd p = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	int status = 0, rc = -1;

	if (p.fd < 0 || link_wait(&p, 1, cancel_fd, deadline, "end of the credential command", e) < 0)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		rc = 0;
	else if (WIFEXITED(status))
		err_set(e, ERR_AUTH, "credential command %s ended with status %d", name, WEXITSTATUS(status));
	else
		err_set(e, ERR_AUTH, "credential command %s was killed", name);
	if (p.fd >= 0)
		close(p.fd);
	return rc;
}

int secret_from_command(const char *command, int cancel_fd, int64_t deadline, struct secret *out,
    struct err *e)
{
	struct arena *a = arena_new();
	char **argv = split(a, command, e);
	int fds[2] = { -1, -1 }, problem, rc = -1;
	pid_t pid;

	memset(out, 0, sizeof(*out));
	if (argv == NULL)
		goto out;
	if (pipe2(fds, O_CLOEXEC) < 0) {
		err_errno(e, ERR_IO, "pipe");
		goto out;
	}
	problem = start(argv, fds[1], &pid);
	close(fds[1]);
	if (problem != 0) {
		err_set(e, ERR_AUTH, "credential command %s: %s", argv[0], strerror(problem));
		goto out;
	}
	rc = read_line(fds[0], cancel_fd, deadline, out, e);
	if (rc < 0)
		kill(-pid, SIGKILL);
	if (reap(pid, cancel_fd, deadline, argv[0], e) < 0)
		rc = -1;
	cut_line(out);
	if (rc == 0 && out->text[0] == '\0')
		rc = err_set(e, ERR_AUTH, "credential command %s printed nothing", argv[0]);
out:
	if (fds[0] >= 0)
		close(fds[0]);
	if (rc < 0)
		secret_wipe(out);
	arena_free(a);
	return rc;
}

int secret_from_file(const char *path, struct secret *out, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = -1;
	struct stat st;
	ssize_t n;

	memset(out, 0, sizeof(*out));
	if (fd < 0)
		return err_errno(e, ERR_AUTH, "%s", path);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || (st.st_mode & 077) != 0) {
		err_set(e, ERR_AUTH, "%s must be a file of mode 0600: others may read it", path);
		goto out;
	}
	n = read(fd, out->text, SECRET_MAX - 1);
	if (n < 0) {
		err_errno(e, ERR_AUTH, "%s", path);
		goto out;
	}
	cut_line(out);
	rc = out->text[0] == '\0' ? err_set(e, ERR_AUTH, "%s is empty", path) : 0;
out:
	close(fd);
	return rc;
}

int secret_from(const char *what, const char *command, const char *file, int cancel_fd,
    int64_t deadline, struct secret *out, struct err *e)
{
	if (command != NULL)
		return secret_from_command(command, cancel_fd, deadline, out, e);
	if (file != NULL)
		return secret_from_file(file, out, e);
	return err_set(e, ERR_AUTH, "no %s is configured", what);
}

void secret_on_ask(secret_ask_fn *ask, void *ctx)
{
	pthread_mutex_lock(&ask_lock);
	ask_fn = ask;
	ask_ctx = ctx;
	pthread_mutex_unlock(&ask_lock);
}

int secret_ask(const char *question, struct secret *out, struct err *e)
{
	int rc;

	memset(out, 0, sizeof(*out));
	pthread_mutex_lock(&ask_lock);
	if (ask_fn == NULL)
		rc = err_set(e, ERR_AUTH, "%s: no one to ask", question);
	else
		rc = ask_fn(ask_ctx, question, out->text, sizeof(out->text), e);
	pthread_mutex_unlock(&ask_lock);
	return rc;
}
