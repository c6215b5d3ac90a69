/*
 * sshd - real OpenSSH servers on loopback for tests, no port chosen in advance.
 *
 * A listener of ours takes each connection and starts `sshd -i` for it in a
 * process group of its own, so that tests can stop or kill exactly that one
 * and two runs never meet.  All of it ends with sshd_stop; files live in one
 * directory under /tmp that sshd_lab_end removes.
 */
#ifndef PEERDECK_TESTS_SSHD_H
#define PEERDECK_TESTS_SSHD_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

enum { SSHD_CHILDREN = 64, SSHD_KEPT = 512 };

struct sshd_lab {
	char dir[64];
	char *kept[SSHD_KEPT]; /* strings given out, freed at the end */
	size_t kept_count;
};
/* Makes the directory with keys: host1 host2 host-rsa user locked (passphrase "secret") stranger; authorized holds
 * user and locked.  false when sshd or ssh-keygen is missing. */
bool sshd_lab_begin(struct sshd_lab *lab);
void sshd_lab_end(struct sshd_lab *lab);
/* DIR/NAME; lives until sshd_lab_end. */
const char *sshd_lab_path(struct sshd_lab *lab, const char *name);
/* The base64 part of NAME.pub. */
const char *sshd_lab_public(struct sshd_lab *lab, const char *name);

struct sshd {
	const struct sshd_lab *lab;
	char config[128], log[128];
	int listen_fd, stop_fd;
	unsigned port;
	pthread_t thread;
	pthread_mutex_t lock;
	pid_t children[SSHD_CHILDREN];
	size_t count;
};
/* host_key: name in the lab; more: further sshd_config lines, or "". */
void sshd_start(struct sshd *s, const struct sshd_lab *lab, const char *host_key, const char *more);
/* Sends a signal to every server that was started; forgets them after SIGKILL. */
void sshd_signal(struct sshd *s, int signal_number);
size_t sshd_connections(struct sshd *s); /* so far */
void sshd_stop(struct sshd *s);

#endif
