/* What every kind of link shares: waiting under a deadline, and running one command. */
#include "backends/link/link.h"
#include "core/base/clock.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

enum { READ_SIZE = 16384 };

int link_wait(struct pollfd *fds, size_t n, int cancel_fd, int64_t deadline, const char *what,
    struct err *e)
{
	struct pollfd all[LINK_WAIT_MAX + 1];
	int64_t left;
	int ready;

	memcpy(all, fds, n * sizeof(*fds));
	all[n] = (struct pollfd){ .fd = cancel_fd, .events = POLLIN };
	do {
		left = deadline - clock_boot_ms();
		left = left < 0 ? 0 : left > INT_MAX ? INT_MAX : left;
		ready = poll(all, (nfds_t)n + 1, (int)left);
		if (ready == 0 && clock_boot_ms() >= deadline)
			return err_set(e, ERR_TIMEOUT, "no %s in time", what);
		if (ready < 0 && errno != EINTR)
			return err_errno(e, ERR_IO, "poll");
	} while (ready <= 0);
	if (all[n].revents != 0)
		return err_set(e, ERR_CANCELLED, "asked to stop");
	memcpy(fds, all, n * sizeof(*fds));
	return 0;
}

/* The far side's complaint is for people: what does not fit is left out, and that is no error. */
static void keep_some(struct str *s, const char *p, size_t n)
{
	size_t room;

	if (s == NULL)
		return;
	room = s->max - s->len;
	str_add(s, p, n < room ? n : room);
}

int link_stream(struct link *l, const char *command, int64_t deadline, const struct link_sink *sink,
    size_t ceiling, struct str *errout, int *status, struct err *e)
{
	char buf[READ_SIZE];
	struct channel *c;
	size_t total = 0;
	bool is_err;
	ssize_t n;
	int rc = -1;

	if (status != NULL)
		*status = -1;
	if (l->ops->exec(l, command, deadline, &c, e) < 0)
		return -1;
	while ((n = l->ops->read(c, buf, sizeof(buf), &is_err, deadline, e)) > 0) {
		if (is_err) {
			keep_some(errout, buf, (size_t)n);
			continue;
		}
		total += (size_t)n;
		if (total > ceiling) {
			err_set(e, ERR_LIMIT, "the answer is longer than %zu octets", ceiling);
			goto out;
		}
		if (sink->take(sink->ctx, buf, (size_t)n, e) < 0)
			goto out;
	}
	if (n < 0)
		goto out;
	if (status != NULL)
		*status = l->ops->status(c);
	rc = 0;
out:
	l->ops->close(c);
	return rc;
}

static int take_whole(void *ctx, const char *p, size_t n, struct err *e)
{
	struct str *out = ctx;

	if (str_add(out, p, n) < 0)
		return err_set(e, ERR_LIMIT, "the answer is longer than %zu octets", out->max);
	return 0;
}

struct link_sink link_sink_str(struct str *out)
{
	return (struct link_sink){ take_whole, out };
}

int link_run(struct link *l, const char *command, int64_t deadline, struct str *out,
    struct str *errout, int *status, struct err *e)
{
	struct link_sink sink = link_sink_str(out);

	return link_stream(l, command, deadline, &sink, out->max, errout, status, e);
}
