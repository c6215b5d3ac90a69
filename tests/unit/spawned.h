/*
 * spawned - a server of tests/data, started for one test on a port of its own, gone with it.
 *
 * The program prints its port as its first line and ends when its standard input closes.
 */
#ifndef PEERDECK_TESTS_SPAWNED_H
#define PEERDECK_TESTS_SPAWNED_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct spawned {
	pid_t pid;
	int keep;
	unsigned port;
};

static inline int spawned_start(struct spawned *s, const char *program, const char *arg)
{
	int in[2], out[2];
	char line[64] = "";
	FILE *f;

	*s = (struct spawned){ .keep = -1 };
	if (pipe(in) < 0 || pipe(out) < 0)
		return -1;
	s->pid = fork();
	if (s->pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		closefrom(3);
		execl(program, program, arg, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	s->keep = in[1];
	f = fdopen(out[0], "r");
	s->port = f != NULL && fgets(line, sizeof(line), f) != NULL ? (unsigned)strtoul(line, NULL, 10) : 0;
	fclose(f);
	return s->port != 0 ? 0 : -1;
}

static inline void spawned_stop(struct spawned *s)
{
	close(s->keep);
	waitpid(s->pid, NULL, 0);
}

#endif
