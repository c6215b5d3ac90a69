/*
 * killer - runs a program and kills it with SIGKILL between two of its system calls.
 *
 *     killer [--from NAME:K] [--at N] [--count FILE] -- PROGRAM ARGUMENT ...
 *
 * Calls of all its threads and children are counted, in the order in which they begin, from the K-th call of NAME
 * (flock, fdatasync, execve) on; before call number N begins, the whole program is killed.  Without --at it runs to its
 * end.  FILE gets "calls N" and "killed yes|no".  The exit status is the program's, 137 when it was killed.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *name;
	long nr;
} names[] = { { "flock", SYS_flock }, { "fdatasync", SYS_fdatasync }, { "execve", SYS_execve } };

struct killer {
	long from_nr, from_left; /* counting begins when from_left is 0 */
	long at, calls;
	const char *count_file;
	pid_t leader;
	int status, killed;
};

static int read_from(struct killer *k, const char *words)
{
	const char *colon = strchr(words, ':');

	for (size_t i = 0; colon != NULL && i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(names[i].name, words, (size_t)(colon - words)) == 0) {
			k->from_nr = names[i].nr;
			k->from_left = strtol(colon + 1, NULL, 10);
			return 0;
		}
	return -1;
}

static void on_call(struct killer *k, long nr)
{
	if (k->from_left > 0 && nr == k->from_nr)
		k->from_left--;
	if (k->from_left > 0)
		return;
	k->calls++;
	if (k->calls == k->at) {
		k->killed = 1;
		kill(k->leader, SIGKILL);
	}
}

/* The signal to hand on to the stopped thread. */
static int on_stop(struct killer *k, pid_t tid, int status)
{
	struct __ptrace_syscall_info info;
	int sig = WSTOPSIG(status);

	if (sig == (SIGTRAP | 0x80)) {
		if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof(info), &info) > 0 && info.op == PTRACE_SYSCALL_INFO_ENTRY)
			on_call(k, (long)info.entry.nr);
		return 0;
	}
	return status >> 16 != 0 || sig == SIGSTOP || sig == SIGTRAP ? 0 : sig;
}

static void trace(struct killer *k)
{
	int status;
	pid_t tid;

	while ((tid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (tid <= 0)
			continue;
		if (WIFSTOPPED(status))
			ptrace(PTRACE_SYSCALL, tid, 0, (long)on_stop(k, tid, status));
		else if (tid == k->leader)
			k->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
}

static int begin(struct killer *k, char **argv)
{
	int status;

	k->leader = fork();
	if (k->leader == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (k->leader < 0 || waitpid(k->leader, &status, 0) < 0 || !WIFSTOPPED(status))
		return -1;
	if (ptrace(PTRACE_SETOPTIONS, k->leader, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
	        PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL) < 0)
		return -1;
	return (int)ptrace(PTRACE_SYSCALL, k->leader, 0, 0);
}

static int report(const struct killer *k)
{
	FILE *f;

	if (k->count_file == NULL)
		return 0;
	f = fopen(k->count_file, "w");
	if (f == NULL)
		return -1;
	fprintf(f, "calls %ld\nkilled %s\n", k->calls, k->killed ? "yes" : "no");
	return fclose(f);
}

int main(int argc, char **argv)
{
	struct killer k = { .from_left = 0 };
	int i = 1;

	for (; i + 1 < argc && strcmp(argv[i], "--") != 0; i += 2) {
		if (strcmp(argv[i], "--at") == 0)
			k.at = strtol(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--count") == 0)
			k.count_file = argv[i + 1];
		else if (strcmp(argv[i], "--from") != 0 || read_from(&k, argv[i + 1]) < 0)
			break;
	}
	if (i + 1 >= argc || strcmp(argv[i], "--") != 0) {
		fprintf(stderr, "usage: killer [--from NAME:K] [--at N] [--count FILE] -- PROGRAM ARGUMENT ...\n");
		return 2;
	}
	if (begin(&k, argv + i + 1) < 0) {
		perror("killer");
		return 2;
	}
	trace(&k);
	return report(&k) == 0 ? k.status : 2;
}
