/* Channels, waiting and tunnels over connected sessions; see ssh.h.  Getting there is in ssh_connect.c. */
#include "backends/link/ssh_priv.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <libssh/callbacks.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	SLICE_MS = 1000,       /* longest single wait of ssh_breathe */
	KEEPALIVE_MS = 30000,  /* idle for this long: say something, so that TCP notices a dead peer */
	STATUS_MS = 1000,      /* how long the exit status may come after the end of the output */
	SLOT_MS = 2000,        /* how long sshd may take to notice that a channel was closed */
	SLOT_PAUSE_MS = 20,
};

struct ssh_chan {
	struct channel channel;
	ssh_channel ch;
	struct ssh_channel_callbacks_struct callbacks;
	int status;
	bool arrived; /* octets, since it was last looked */
};

int64_t ssh_step_deadline(const struct router_conf *conf)
{
	return clock_boot_ms() + (int64_t)(conf->timeout_s ? conf->timeout_s : 15) * 1000;
}

/* channel -> pipe. The end of the one is the end of the other. */
static void carry_down(struct hop *h)
{
	struct stretch *s = &h->down;
	ssize_t sent;
	int n;

	for (;;) {
		if (s->from == s->to) {
			n = ssh_channel_read_nonblocking(h->tunnel, s->p, TUNNEL_BUFFER, 0);
			if (n <= 0) {
				if (n == SSH_ERROR || ssh_channel_is_eof(h->tunnel))
					shutdown(h->pipe_fd, SHUT_WR);
				return;
			}
			s->from = 0;
			s->to = (size_t)n;
		}
		sent = send(h->pipe_fd, s->p + s->from, s->to - s->from, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent <= 0)
			return;
		s->from += (size_t)sent;
	}
}

/* pipe -> channel, as far as the channel's window lets it. */
static void carry_up(struct hop *h)
{
	struct stretch *s = &h->up;
	ssize_t got;
	int n;

	for (;;) {
		if (s->from == s->to) {
			got = recv(h->pipe_fd, s->p, TUNNEL_BUFFER, MSG_DONTWAIT);
			if (got <= 0)
				return;
			s->from = 0;
			s->to = (size_t)got;
		}
		n = ssh_channel_write(h->tunnel, s->p + s->from, (uint32_t)(s->to - s->from));
		if (n <= 0)
			return;
		s->from += (size_t)n;
	}
}

static void carry_tunnels(struct ssh_link *l)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->hops[i].tunnel != NULL && l->hops[i].pipe_fd >= 0) {
			carry_up(&l->hops[i]);
			carry_down(&l->hops[i]);
		}
}

/* What to wait for on all hops; at most two descriptors each. */
static size_t poll_set(struct ssh_link *l, struct pollfd *set)
{
	size_t n = 0;

	for (size_t i = 0; i < l->count; i++) {
		struct hop *h = &l->hops[i];

		if (h->session == NULL || h->fd < 0)
			continue;
		set[n] = (struct pollfd){ .fd = h->fd, .events = POLLIN };
		if ((ssh_get_poll_flags(h->session) & SSH_WRITE_PENDING) != 0)
			set[n].events |= POLLOUT;
		n++;
		if (h->pipe_fd < 0)
			continue;
		set[n] = (struct pollfd){ .fd = h->pipe_fd };
		if (h->up.from == h->up.to)
			set[n].events |= POLLIN;
		if (h->down.from != h->down.to)
			set[n].events |= POLLOUT;
		n++;
	}
	return n;
}

int ssh_breathe(struct ssh_link *l, int64_t deadline, const char *what, struct err *e)
{
	struct pollfd set[2 * HOPS_MAX];
	int64_t slice = clock_boot_ms() + SLICE_MS;
	struct err waited = ERR_INIT;
	size_t n;

	carry_tunnels(l);
	n = poll_set(l, set);
	if (link_wait(set, n, l->link.cancel_fd, slice < deadline ? slice : deadline, what, &waited) == 0) {
		carry_tunnels(l);
		return 0;
	}
	if (waited.code == ERR_TIMEOUT && clock_boot_ms() < deadline)
		return 0;
	return err_set(e, waited.code, "%s", waited.text);
}

static struct hop *last_hop(struct ssh_link *l)
{
	return &l->hops[l->count - 1];
}

static int lost(struct ssh_link *l, const char *doing, struct err *e)
{
	const char *why = ssh_get_error(last_hop(l)->session);

	return err_set(e, ERR_NET, "connection lost while %s%s%s", doing, *why ? ": " : "", why);
}

static void on_exit_status(ssh_session session, ssh_channel channel, int status, void *ctx)
{
	struct ssh_chan *c = ctx;

	(void)session;
	(void)channel;
	c->status = status;
}

/* Says only that something came: what it does not take stays for reading. */
static int on_data(ssh_session session, ssh_channel channel, void *data, uint32_t len, int is_stderr, void *ctx)
{
	struct ssh_chan *c = ctx;

	(void)session, (void)channel, (void)data, (void)len, (void)is_stderr;
	c->arrived = true;
	return 0;
}

static void chan_close(struct channel *channel)
{
	struct ssh_chan *c = (struct ssh_chan *)channel;

	ssh_remove_channel_callbacks(c->ch, &c->callbacks);
	if (ssh_channel_is_open(c->ch))
		ssh_channel_close(c->ch);
	ssh_channel_free(c->ch);
	free(c);
}

/* 0 open, 1 refused while the connection stands, -1. */
static int chan_try(struct ssh_link *l, int64_t deadline, struct ssh_chan **out, struct err *e)
{
	struct ssh_chan *c = MEM_NEW(struct ssh_chan);
	int rc;

	c->channel.link = &l->link;
	c->status = -1;
	c->ch = ssh_channel_new(last_hop(l)->session);
	if (c->ch == NULL) {
		free(c);
		return lost(l, "opening a channel", e);
	}
	ssh_channel_set_blocking(c->ch, 0);
	c->callbacks.userdata = c;
	c->callbacks.channel_exit_status_function = on_exit_status;
	c->callbacks.channel_data_function = on_data;
	ssh_callbacks_init(&c->callbacks);
	ssh_add_channel_callbacks(c->ch, &c->callbacks);
	while ((rc = ssh_channel_open_session(c->ch)) == SSH_AGAIN)
		if (ssh_breathe(l, deadline, "channel from the router", e) < 0)
			break;
	if (rc == SSH_OK) {
		*out = c;
		return 0;
	}
	chan_close(&c->channel);
	if (rc == SSH_AGAIN)
		return -1;
	return ssh_is_connected(last_hop(l)->session) ? 1 : lost(l, "opening a channel", e);
}

/* sshd counts a channel until it has seen both ends closed, which can be after our next open: with "MaxSessions 1"
 * that one is refused.  So a refusal is taken for final only when it lasts. */
static int chan_open(struct ssh_link *l, int64_t deadline, struct ssh_chan **out, struct err *e)
{
	int64_t last = clock_boot_ms() + SLOT_MS;
	struct err waited;
	int rc;

	while ((rc = chan_try(l, deadline, out, e)) == 1) {
		int64_t now = clock_boot_ms(), until = now + SLOT_PAUSE_MS;

		if (now >= last || until >= deadline)
			return err_set(e, ERR_DEVICE, "the router opens no further channel (MaxSessions in its sshd_config?): %s",
			    ssh_get_error(last_hop(l)->session));
		while (clock_boot_ms() < until) {
			err_clear(&waited);
			if (ssh_breathe(l, until, "channel", &waited) < 0 && waited.code != ERR_TIMEOUT)
				return err_set(e, waited.code, "%s", waited.text);
			if (ssh_event_dopoll(l->event, 0) == SSH_ERROR)
				return lost(l, "opening a channel", e);
		}
	}
	return rc;
}

static int op_exec(struct link *link, const char *command, int64_t deadline, struct channel **out,
    struct err *e)
{
	struct ssh_link *l = SSH_LINK(link);
	struct ssh_chan *c;
	int rc;

	if (chan_open(l, deadline, &c, e) < 0)
		return -1;
	while ((rc = ssh_channel_request_exec(c->ch, command)) == SSH_AGAIN)
		if (ssh_breathe(l, deadline, "start of the command", e) < 0)
			goto fail;
	if (rc != SSH_OK) {
		err_set(e, ssh_is_connected(last_hop(l)->session) ? ERR_DEVICE : ERR_NET,
		    "the router did not run the command: %s", ssh_get_error(last_hop(l)->session));
		goto fail;
	}
	l->spoke_boot_ms = clock_boot_ms();
	*out = &c->channel;
	return 0;
fail:
	chan_close(&c->channel);
	return -1;
}

static int op_shell(struct link *link, int cols, int rows, int64_t deadline, struct channel **out,
    struct err *e)
{
	struct ssh_link *l = SSH_LINK(link);
	struct ssh_chan *c;
	int rc;

	if (chan_open(l, deadline, &c, e) < 0)
		return -1;
	while ((rc = ssh_channel_request_pty_size(c->ch, "vt100", cols, rows)) == SSH_AGAIN)
		if (ssh_breathe(l, deadline, "terminal", e) < 0)
			goto fail;
	if (rc == SSH_OK)
		while ((rc = ssh_channel_request_shell(c->ch)) == SSH_AGAIN)
			if (ssh_breathe(l, deadline, "shell", e) < 0)
				goto fail;
	if (rc != SSH_OK) {
		err_set(e, ssh_is_connected(last_hop(l)->session) ? ERR_DEVICE : ERR_NET,
		    "the router gave no terminal: %s", ssh_get_error(last_hop(l)->session));
		goto fail;
	}
	l->spoke_boot_ms = clock_boot_ms();
	*out = &c->channel;
	return 0;
fail:
	chan_close(&c->channel);
	return -1;
}

static ssize_t op_read(struct channel *channel, char *buf, size_t n, bool *is_err, int64_t deadline,
    struct err *e)
{
	struct ssh_chan *c = (struct ssh_chan *)channel;
	struct ssh_link *l = SSH_LINK(channel->link);
	int got;

	for (;;) {
		c->arrived = false;
		for (int stream = 0; stream < 2; stream++) {
			got = ssh_channel_read_nonblocking(c->ch, buf, (uint32_t)n, stream);
			if (got > 0) {
				*is_err = stream == 1;
				l->heard_boot_ms = clock_boot_ms();
				l->octets_in += (uint64_t)got;
				return got;
			}
			if (got == SSH_ERROR)
				return lost(l, "reading the answer", e);
		}
		if (c->arrived) /* looking for the one stream took octets of the other off the socket: it would be silent now */
			continue;
		if (!ssh_is_connected(last_hop(l)->session))
			return lost(l, "reading the answer", e);
		if (ssh_channel_is_eof(c->ch) || ssh_channel_is_closed(c->ch))
			return 0;
		if (ssh_breathe(l, deadline, "complete answer", e) < 0)
			return -1;
	}
}

static int op_write(struct channel *channel, const char *p, size_t n, int64_t deadline, struct err *e)
{
	struct ssh_chan *c = (struct ssh_chan *)channel;
	struct ssh_link *l = SSH_LINK(channel->link);
	int sent;

	while (n > 0) {
		sent = ssh_channel_write(c->ch, p, (uint32_t)n);
		if (sent < 0 || !ssh_is_connected(last_hop(l)->session))
			return lost(l, "sending a command", e);
		if (ssh_channel_is_closed(c->ch))
			return err_set(e, ERR_NET, "the far side closed the channel");
		p += sent;
		n -= (size_t)sent;
		if (n > 0 && ssh_breathe(l, deadline, "room to send", e) < 0)
			return -1;
	}
	l->spoke_boot_ms = clock_boot_ms();
	return 0;
}

static int op_end(struct channel *channel)
{
	return ssh_channel_send_eof(((struct ssh_chan *)channel)->ch) == SSH_OK ? 0 : -1;
}

/* It comes after the end of the output, where reading the channel no longer looks at the session. */
static int op_status(struct channel *channel)
{
	struct ssh_chan *c = (struct ssh_chan *)channel;
	struct ssh_link *l = SSH_LINK(channel->link);
	int64_t deadline = clock_boot_ms() + STATUS_MS;

	while (c->status < 0 && !ssh_channel_is_closed(c->ch) && clock_boot_ms() < deadline) {
		if (ssh_event_dopoll(l->event, 0) == SSH_ERROR)
			break;
		if (c->status < 0 && !ssh_channel_is_closed(c->ch) &&
		    ssh_breathe(l, deadline, "exit status", NULL) < 0)
			break;
	}
	return c->status;
}

/* Lets every hop answer what came in (keepalives, rekeying), and speaks when nothing was said for long. */
static int tend(struct ssh_link *l, struct err *e)
{
	int64_t now = clock_boot_ms();
	int64_t last = l->heard_boot_ms > l->spoke_boot_ms ? l->heard_boot_ms : l->spoke_boot_ms;

	carry_tunnels(l);
	if (ssh_event_dopoll(l->event, 0) == SSH_ERROR || !ssh_is_connected(last_hop(l)->session))
		return lost(l, "idle", e);
	if (now - last >= KEEPALIVE_MS) {
		for (size_t i = 0; i < l->count; i++)
			if (ssh_send_ignore(l->hops[i].session, "") == SSH_ERROR)
				return lost(l, "idle", e);
		l->spoke_boot_ms = now;
	}
	carry_tunnels(l);
	return 0;
}

static int op_pump(struct link *link, int wake_fd, int64_t until, struct err *e)
{
	struct ssh_link *l = SSH_LINK(link);
	struct pollfd set[2 * HOPS_MAX + 1];
	struct err waited;
	int64_t stop;
	size_t n;

	for (;;) {
		if (tend(l, e) < 0)
			return -1;
		set[0] = (struct pollfd){ .fd = wake_fd, .events = POLLIN };
		n = 1 + poll_set(l, set + 1);
		stop = clock_boot_ms() + KEEPALIVE_MS / 2;
		err_clear(&waited);
		if (link_wait(set, n, link->cancel_fd, stop < until ? stop : until, "", &waited) == 0) {
			if (set[0].revents != 0)
				return 0;
		} else if (waited.code != ERR_TIMEOUT) {
			return err_set(e, waited.code, "%s", waited.text);
		} else if (clock_boot_ms() >= until) {
			return 0;
		}
	}
}

static void op_describe(struct link *link, struct link_status *st)
{
	struct ssh_link *l = SSH_LINK(link);

	memcpy(st->fingerprint, l->fingerprint, sizeof(st->fingerprint));
	memcpy(st->algorithms, l->algorithms, sizeof(st->algorithms));
	st->legacy = l->legacy;
	st->octets_in = l->octets_in;
}

static void hop_fini(struct hop *h)
{
	if (h->tunnel != NULL)
		ssh_channel_free(h->tunnel);
	if (h->session != NULL) {
		ssh_disconnect(h->session);
		ssh_free(h->session);
	} else if (h->fd >= 0) {
		close(h->fd);
	}
	if (h->pipe_fd >= 0)
		close(h->pipe_fd);
	free(h->down.p);
	free(h->up.p);
}

void ssh_link_free(struct link *link)
{
	struct ssh_link *l = SSH_LINK(link);

	if (l->event != NULL) {
		ssh_event_remove_session(l->event, last_hop(l)->session);
		ssh_event_free(l->event);
	}
	/* From the router back to ourselves; a farewell is carried as far as it goes without waiting. */
	for (size_t i = l->count; i-- > 0;) {
		hop_fini(&l->hops[i]);
		l->count = i;
		carry_tunnels(l);
	}
	free(l);
}

const struct link_ops ssh_link_ops = {
	.exec = op_exec,
	.shell = op_shell,
	.read = op_read,
	.write = op_write,
	.end = op_end,
	.status = op_status,
	.close = chan_close,
	.pump = op_pump,
	.describe = op_describe,
	.free = ssh_link_free,
};
