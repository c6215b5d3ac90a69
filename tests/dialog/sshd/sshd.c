/* Real sshd processes behind a listener of ours; see sshd.h. */
#include "tests/dialog/sshd/sshd.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char sshd_program[] = "/usr/sbin/sshd";

static const char *keep(struct sshd_lab *lab, const char *words)
{
	if (lab->kept_count == SSHD_KEPT)
		abort();
	return lab->kept[lab->kept_count++] = strdup(words);
}

const char *sshd_lab_path(struct sshd_lab *lab, const char *name)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", lab->dir, name);
	return keep(lab, path);
}

static int run(char *const argv[])
{
	pid_t pid;
	int status;

	if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) != 0)
		return -1;
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool make_key(struct sshd_lab *lab, const char *type, const char *name, const char *phrase)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", lab->dir, name);
	return run((char *[]){ "ssh-keygen", "-q", "-a", "1", "-t", (char *)type, "-N", (char *)phrase, "-f",
		       path, NULL }) == 0;
}

static bool append(const char *to, const char *from)
{
	char buf[2048];
	FILE *in = fopen(from, "r"), *out = fopen(to, "a");
	bool fine = in != NULL && out != NULL && fgets(buf, sizeof(buf), in) != NULL && fputs(buf, out) >= 0;

	if (in != NULL)
		fclose(in);
	if (out != NULL)
		fclose(out);
	return fine;
}

bool sshd_lab_begin(struct sshd_lab *lab)
{
	if (access(sshd_program, X_OK) != 0)
		return false;
	if (geteuid() == 0)
		(void)mkdir("/run/sshd", 0755); /* as the init script does; sshd insists when root */
	lab->kept_count = 0;
	snprintf(lab->dir, sizeof(lab->dir), "/tmp/peerdeck-ssh.XXXXXX");
	return mkdtemp(lab->dir) != NULL && make_key(lab, "ed25519", "host1", "") &&
	       make_key(lab, "ed25519", "host2", "") && make_key(lab, "rsa", "host-rsa", "") &&
	       make_key(lab, "ed25519", "user", "") && make_key(lab, "ed25519", "locked", "secret") &&
	       make_key(lab, "ed25519", "stranger", "") &&
	       append(sshd_lab_path(lab, "authorized"), sshd_lab_path(lab, "user.pub")) &&
	       append(sshd_lab_path(lab, "authorized"), sshd_lab_path(lab, "locked.pub"));
}

void sshd_lab_end(struct sshd_lab *lab)
{
	if (strncmp(lab->dir, "/tmp/peerdeck-ssh.", 18) == 0)
		run((char *[]){ "rm", "-rf", "--", lab->dir, NULL });
	while (lab->kept_count > 0)
		free(lab->kept[--lab->kept_count]);
}

const char *sshd_lab_public(struct sshd_lab *lab, const char *name)
{
	char path[160], line[1024], *key;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.pub", lab->dir, name);
	f = fopen(path, "r");
	if (f == NULL || fgets(line, sizeof(line), f) == NULL)
		abort();
	fclose(f);
	key = strchr(line, ' ') + 1;
	key[strcspn(key, " \n")] = '\0';
	return keep(lab, key);
}

static void serve_one(struct sshd *s, int fd)
{
	char *argv[] = { (char *)sshd_program, "-i", "-f", s->config, "-E", s->log, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none;
	pid_t pid;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, fd, 0);
	posix_spawn_file_actions_adddup2(&files, fd, 1);
	posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setsigmask(&attr, &none);
	pthread_mutex_lock(&s->lock);
	if (s->count < SSHD_CHILDREN && posix_spawn(&pid, argv[0], &files, &attr, argv, environ) == 0)
		s->children[s->count++] = pid;
	pthread_mutex_unlock(&s->lock);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	close(fd);
}

static void *listen_thread(void *arg)
{
	struct sshd *s = arg;
	struct pollfd p[2];
	int fd;

	for (;;) {
		p[0] = (struct pollfd){ .fd = s->listen_fd, .events = POLLIN };
		p[1] = (struct pollfd){ .fd = s->stop_fd, .events = POLLIN };
		if (poll(p, 2, -1) < 0 || p[1].revents != 0)
			return NULL;
		fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			serve_one(s, fd);
	}
}

static void write_config(struct sshd *s, const char *host_key, const char *more)
{
	FILE *f = fopen(s->config, "w");

	if (f == NULL)
		abort();
	fprintf(f, "HostKey %s/%s\nAuthorizedKeysFile %s/authorized\nStrictModes no\nUsePAM no\n"
		   "PasswordAuthentication no\nPermitRootLogin yes\nPidFile none\n%s\n",
	    s->lab->dir, host_key, s->lab->dir, more);
	fclose(f);
}

void sshd_start(struct sshd *s, const struct sshd_lab *lab, const char *host_key, const char *more)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);

	memset(s, 0, sizeof(*s));
	s->lab = lab;
	pthread_mutex_init(&s->lock, NULL);
	s->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	s->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (bind(s->listen_fd, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(s->listen_fd, 32) < 0 ||
	    getsockname(s->listen_fd, (struct sockaddr *)&at, &n) < 0)
		abort();
	s->port = ntohs(at.sin_port);
	snprintf(s->config, sizeof(s->config), "%s/sshd.%u", lab->dir, s->port);
	snprintf(s->log, sizeof(s->log), "%s/sshd.%u.log", lab->dir, s->port);
	write_config(s, host_key, more);
	if (pthread_create(&s->thread, NULL, listen_thread, s) != 0)
		abort();
}

void sshd_signal(struct sshd *s, int signal_number)
{
	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->count; i++)
		if (s->children[i] > 0) {
			kill(-s->children[i], signal_number);
			if (signal_number == SIGKILL) {
				waitpid(s->children[i], NULL, 0);
				s->children[i] = 0;
			}
		}
	pthread_mutex_unlock(&s->lock);
}

size_t sshd_connections(struct sshd *s)
{
	size_t n;

	pthread_mutex_lock(&s->lock);
	n = s->count;
	pthread_mutex_unlock(&s->lock);
	return n;
}

void sshd_stop(struct sshd *s)
{
	eventfd_write(s->stop_fd, 1);
	pthread_join(s->thread, NULL);
	sshd_signal(s, SIGKILL);
	close(s->listen_fd);
	close(s->stop_fd);
	pthread_mutex_destroy(&s->lock);
}
