/*
 * Sending and framing; see irr_wire.h.
 *
 * One buffer each way.  Data are cut into words where they lie in the buffer, a word that is cut by its end is moved
 * to the front; so 20 MB of prefixes pass through 64 KB.
 */
#include "backends/sources/irr_wire.h"
#include "backends/sources/dial.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	IN_MAX = 65536,
	WORD_MAX = 1024,
	ANSWER_MAX = 256 << 20, /* octets of one answer; they pass, none is held */
	OUT_MAX = 64 << 20,
	WHOLE_S = 900,          /* a server that drips never lets silence come */
};

struct irr_wire {
	int fd, cancel_fd;
	int64_t silence_ms, whole_deadline;
	struct str out;
	size_t sent;
	char *in;
	size_t at, have; /* of what is in the buffer: read so far, received */
};

static int wait_for(const struct irr_wire *w, short events, struct err *e)
{
	int64_t silence = clock_boot_ms() + w->silence_ms;
	bool whole = silence > w->whole_deadline;
	int rc = dial_wait(w->fd, events, w->cancel_fd, whole ? w->whole_deadline : silence, e);

	if (rc < 0 && e != NULL && e->code == ERR_TIMEOUT) {
		err_clear(e);
		err_set(e, ERR_TIMEOUT, whole ? "not done within %d s" : "no answer for %d s",
		    whole ? WHOLE_S : (int)(w->silence_ms / 1000));
	}
	return rc;
}

struct irr_wire *irr_wire_over(int fd, unsigned timeout_s, int cancel_fd)
{
	struct irr_wire *w = MEM_NEW(struct irr_wire);

	w->fd = fd;
	w->cancel_fd = cancel_fd;
	w->silence_ms = (int64_t)timeout_s * 1000;
	w->whole_deadline = clock_boot_ms() + WHOLE_S * 1000;
	w->in = mem_calloc(1, IN_MAX);
	str_init(&w->out, OUT_MAX);
	if (fd >= 0)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	return w;
}

struct irr_wire *irr_wire_open(const char *host, unsigned port, unsigned timeout_s, int cancel_fd, struct err *e)
{
	int fd = dial_open(host, port, (int64_t)timeout_s * 1000, cancel_fd, e);

	return fd >= 0 ? irr_wire_over(fd, timeout_s, cancel_fd) : NULL;
}

void irr_wire_close(struct irr_wire *w)
{
	if (w == NULL)
		return;
	if (w->fd >= 0)
		close(w->fd);
	str_fini(&w->out);
	free(w->in);
	free(w);
}

/* ---- sending and receiving ---- */

void irr_wire_query(struct irr_wire *w, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	str_puts(&w->out, line);
	str_putc(&w->out, '\n');
}

size_t irr_wire_queued(const struct irr_wire *w)
{
	return w->out.len - w->sent;
}

static int send_some(struct irr_wire *w, struct err *e)
{
	ssize_t n = send(w->fd, w->out.p + w->sent, w->out.len - w->sent, MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : err_errno(e, ERR_NET, "sending");
	w->sent += (size_t)n;
	if (w->sent == w->out.len) {
		str_clear(&w->out);
		w->sent = 0;
	}
	return 0;
}

/* Reads more behind what is there; what was read of the buffer goes. */
static int receive(struct irr_wire *w, struct err *e)
{
	ssize_t n;

	memmove(w->in, w->in + w->at, w->have - w->at);
	w->have -= w->at;
	w->at = 0;
	if (w->have == IN_MAX)
		return err_set(e, ERR_PARSE, "a line of more than %d octets", IN_MAX);
	if (w->out.over)
		return err_set(e, ERR_LIMIT, "too many queries at once");
	for (;;) {
		bool pending = w->sent < w->out.len;

		if (pending && send_some(w, e) < 0)
			return -1;
		n = recv(w->fd, w->in + w->have, IN_MAX - w->have, 0);
		if (n > 0)
			break;
		if (n == 0)
			return err_set(e, ERR_NET, "the server closed the connection in the middle of an answer");
		if (errno != EAGAIN && errno != EINTR)
			return err_errno(e, ERR_NET, "receiving");
		if (wait_for(w, (short)(POLLIN | (w->sent < w->out.len ? POLLOUT : 0)), e) < 0)
			return -1;
	}
	w->have += (size_t)n;
	return 0;
}

static int read_line(struct irr_wire *w, struct slice *line, struct err *e)
{
	const char *end;

	while ((end = memchr(w->in + w->at, '\n', w->have - w->at)) == NULL)
		if (receive(w, e) < 0)
			return -1;
	*line = (struct slice){ w->in + w->at, (size_t)(end - (w->in + w->at)) };
	w->at = (size_t)(end - w->in) + 1;
	if (line->len > 0 && line->p[line->len - 1] == '\r')
		line->len--;
	return 0;
}

static bool blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* The words among the next `left` octets. */
static int read_words(struct irr_wire *w, uint64_t left, int (*word)(void *ctx, struct slice word, struct err *e), void *ctx,
    struct err *e)
{
	while (left > 0) {
		size_t n = w->have - w->at, end = 0;
		const char *p = w->in + w->at;

		if (n > left)
			n = (size_t)left;
		while (end < n && !blank(p[end]))
			end++;
		if (end == n && n < left) { /* the word may go on */
			if (end > WORD_MAX)
				return err_set(e, ERR_PARSE, "a word of more than %d octets", WORD_MAX);
			if (receive(w, e) < 0)
				return -1;
			continue;
		}
		if (end == n)
			return err_set(e, ERR_PARSE, "the length of an answer is wrong: it ends in the middle of a line");
		if (end > 0 && word != NULL && word(ctx, (struct slice){ p, end }, e) < 0)
			return -1;
		if (left == end + 1 && p[end] != '\n')
			return err_set(e, ERR_PARSE, "the length of an answer is wrong: it ends in the middle of a line");
		w->at += end + 1;
		left -= end + 1;
	}
	return 0;
}

static void take_words(char out[200], struct slice words)
{
	struct str safe;

	str_init(&safe, 4096);
	text_append(&safe, slice_upto(slice_trim(words), 300));
	snprintf(out, 200, "%.190s", safe.p);
	str_fini(&safe);
}

int irr_wire_answer(struct irr_wire *w, int (*word)(void *ctx, struct slice word, struct err *e), void *ctx,
    enum irr_answer *answer, char words[200], struct err *e)
{
	struct slice line;
	uint64_t length;

	if (read_line(w, &line, e) < 0)
		return -1;
	if (slice_eq(line, "C") || slice_eq(line, "D") || slice_eq(line, "E")) {
		*answer = line.p[0] == 'C' ? IRR_DONE : line.p[0] == 'D' ? IRR_NO_KEY : IRR_SEVERAL;
		return 0;
	}
	if (slice_starts(line, "F")) {
		*answer = IRR_ERROR;
		if (words != NULL)
			take_words(words, slice_from(line, 1));
		return 0;
	}
	if (!slice_starts(line, "A") || !slice_u64(slice_from(line, 1), &length))
		return err_set(e, ERR_PARSE, "this is no answer of an IRR server");
	if (length > ANSWER_MAX)
		return err_set(e, ERR_LIMIT, "an answer of %llu octets", (unsigned long long)length);
	if (read_words(w, length, word, ctx, e) < 0 || read_line(w, &line, e) < 0)
		return -1;
	if (!slice_eq(line, "C"))
		return err_set(e, ERR_PARSE, "the length of an answer is wrong: no end where it should be");
	*answer = IRR_DATA;
	return 0;
}
