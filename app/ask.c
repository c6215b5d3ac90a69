/* Questions at the terminal; see ask.h. */
#include "app/ask.h"
#include "backends/link/secret.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Ctrl-C ends the question, not the process: a console with routers behind it may be waiting for the answer. */
enum { CTRL_C = 3 };

/* Reads up to the line end; what does not fit is an error, not a cut answer. */
static int read_line(int fd, char *buf, size_t n, struct err *e)
{
	size_t len = 0;
	char c;

	for (;;) {
		ssize_t got = read(fd, &c, 1);

		if (got < 0)
			return err_errno(e, ERR_IO, "/dev/tty");
		if (got == 0 || c == CTRL_C)
			return err_set(e, ERR_CANCELLED, "no answer");
		if (c == '\n')
			break;
		if (len + 1 >= n)
			return err_set(e, ERR_LIMIT, "the answer is longer than %zu octets", n - 1);
		buf[len++] = c;
	}
	buf[len] = '\0';
	return 0;
}

static int ask(const char *question, bool echo, char *buf, size_t n, struct err *e)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	struct termios former, quiet;
	int rc = -1;

	if (fd < 0)
		return err_set(e, ERR_REFUSED, "there is no terminal to ask at: %s", question);
	if (tcgetattr(fd, &former) != 0) {
		err_errno(e, ERR_IO, "/dev/tty");
		goto out;
	}
	quiet = former;
	quiet.c_lflag |= ICANON;
	quiet.c_lflag &= ~(tcflag_t)ISIG;
	quiet.c_cc[VEOL] = CTRL_C; /* given at once, like a line end */
	if (!echo)
		quiet.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(fd, TCSAFLUSH, &quiet);
	dprintf(fd, "%s%s", question, question[strlen(question) - 1] == ' ' ? "" : ": ");
	rc = read_line(fd, buf, n, e);
	tcsetattr(fd, TCSANOW, &former);
	if (!echo)
		dprintf(fd, "\n");
out:
	close(fd);
	return rc;
}

bool ask_possible(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

int ask_line(const char *question, char *buf, size_t n, struct err *e)
{
	return ask(question, true, buf, n, e);
}

int ask_secret(const char *question, char *buf, size_t n, struct err *e)
{
	return ask(question, false, buf, n, e);
}

/* Workers ask one after another, often for the same key: who declined once is not asked again by this command. */
static int ask_for_worker(void *ctx, const char *question, char *buf, size_t n, struct err *e)
{
	static bool declined;

	(void)ctx;
	if (declined)
		return err_set(e, ERR_AUTH, "no passphrase was given");
	if (ask_secret(question, buf, n, e) == 0)
		return 0;
	declined = true;
	return -1;
}

void ask_secrets_on_terminal(void)
{
	secret_on_ask(ask_for_worker, NULL);
}
