/* The RTR protocol, as far as a client needs it that asks for whole tables; see rtr.h. */
#include "backends/sources/rtr.h"
#include "backends/sources/dial.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/base/text.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	IN_MAX = 65536,
	PDU_MAX = 8192, /* an error carries the PDU that it is about */
	HEADER = 8,
};

/* RFC 8210 section 5. */
enum { NOTIFY = 0, SERIAL_QUERY = 1, RESET_QUERY = 2, RESPONSE = 3, IPV4 = 4, IPV6 = 6, END = 7, RESET = 8, KEY = 9, ERROR = 10 };

void rtr_state_fini(struct rtr_state *s)
{
	vrp_unref(s->table);
	s->table = NULL;
}

static uint32_t be32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

/* ---- reading ---- */

static int read_payload(struct slice in, bool six, struct rtr_pdu *pdu, struct err *e)
{
	const unsigned char *p = (const unsigned char *)in.p + HEADER;
	size_t octets = six ? 16 : 4;

	if (pdu->length != HEADER + 4 + octets + 4)
		return err_set(e, ERR_PARSE, "a payload of %zu octets", pdu->length);
	pdu->kind = (p[0] & 1) != 0 ? RTR_PAYLOAD : RTR_WITHDRAWAL;
	pdu->prefix = (struct prefix){ .net.family = six ? ADDR_IP6 : ADDR_IP4, .len = p[1] };
	pdu->max_length = p[2];
	if (p[1] > octets * 8 || p[2] > octets * 8 || p[2] < p[1])
		return err_set(e, ERR_PARSE, "a payload of length %u to %u", p[1], p[2]);
	memcpy(pdu->prefix.net.b, p + 4, octets);
	prefix_mask(&pdu->prefix);
	pdu->asn = be32(in.p + HEADER + 4 + octets);
	return 1;
}

/* Octets behind their number; false: there are fewer than it says. */
static bool counted(struct slice *rest, struct slice *out)
{
	size_t n;

	if (rest->len < 4)
		return false;
	n = be32(rest->p);
	if (n > rest->len - 4)
		return false;
	*out = (struct slice){ rest->p + 4, n };
	*rest = slice_from(*rest, 4 + n);
	return true;
}

/* The text behind the PDU that the error is about. */
static void read_error(struct slice in, unsigned code, struct rtr_pdu *pdu)
{
	struct slice rest = slice_from(slice_upto(in, pdu->length), HEADER), words;
	struct str safe;

	str_init(&safe, 1024);
	if (counted(&rest, &words) && counted(&rest, &words)) /* the PDU, then the text */
		text_append(&safe, slice_upto(words, 100));
	snprintf(pdu->words, sizeof(pdu->words), "error %u%s%.90s", code, safe.len > 0 ? ": " : "", safe.p);
	str_fini(&safe);
	pdu->kind = code == 4 ? RTR_OLDER : RTR_ERROR; /* 4: unsupported protocol version */
}

int rtr_read(struct slice in, struct rtr_pdu *pdu, struct err *e)
{
	const unsigned char *p = (const unsigned char *)in.p;
	unsigned field;

	*pdu = (struct rtr_pdu){ .kind = RTR_ERROR };
	if (in.len < HEADER)
		return in.len > 0 && p[0] > 1 ? err_set(e, ERR_PARSE, "this is no RTR cache") : 0;
	pdu->length = be32(in.p + 4);
	if (p[0] > 1 || p[1] > ERROR || pdu->length < HEADER || pdu->length > PDU_MAX)
		return err_set(e, ERR_PARSE, "this is no RTR cache");
	if (in.len < pdu->length)
		return 0;
	field = (unsigned)p[2] << 8 | p[3];
	pdu->session = (uint16_t)field;
	switch (p[1]) {
	case NOTIFY:
		pdu->kind = RTR_NOTIFY;
		return 1;
	case RESPONSE:
		pdu->kind = RTR_RESPONSE;
		return 1;
	case IPV4:
	case IPV6:
		return read_payload(in, p[1] == IPV6, pdu, e);
	case END:
		if (pdu->length < HEADER + 4)
			return err_set(e, ERR_PARSE, "an end of data of %zu octets", pdu->length);
		pdu->kind = RTR_END;
		pdu->serial = be32(in.p + HEADER);
		return 1;
	case RESET:
		pdu->kind = RTR_RESET;
		return 1;
	case KEY:
		pdu->kind = RTR_KEY;
		return 1;
	case ERROR:
		read_error(in, field, pdu);
		return 1;
	default:
		return err_set(e, ERR_PARSE, "a PDU of type %u, which a cache does not send", p[1]);
	}
}

/* ---- talking ---- */

struct talk {
	int fd, cancel_fd;
	int64_t silence_ms;
	char *in;
	size_t at, have;
};

static int ask(struct talk *t, const struct rtr_state *s, bool everything, struct err *e)
{
	const uint32_t serial = s->serial;
	unsigned char q[12] = { (unsigned char)s->version, everything ? RESET_QUERY : SERIAL_QUERY };
	size_t n = everything ? 8 : 12;

	q[7] = (unsigned char)n;
	if (!everything) {
		q[2] = (unsigned char)(s->session >> 8);
		q[3] = (unsigned char)s->session;
		for (int i = 0; i < 4; i++)
			q[8 + i] = (unsigned char)(serial >> (24 - 8 * i));
	}
	/* Twelve octets into an empty buffer of a fresh connection do not come apart. */
	return send(t->fd, q, n, MSG_NOSIGNAL) == (ssize_t)n ? 0 : err_errno(e, ERR_NET, "sending");
}

static int next(struct talk *t, struct rtr_pdu *pdu, struct err *e)
{
	int rc;

	while ((rc = rtr_read((struct slice){ t->in + t->at, t->have - t->at }, pdu, e)) == 0) {
		ssize_t n;

		memmove(t->in, t->in + t->at, t->have - t->at);
		t->have -= t->at;
		t->at = 0;
		n = recv(t->fd, t->in + t->have, IN_MAX - t->have, 0);
		if (n == 0)
			return err_set(e, ERR_NET, "the cache closed the connection");
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return err_errno(e, ERR_NET, "receiving");
		if (n < 0 && dial_wait(t->fd, POLLIN, t->cancel_fd, clock_boot_ms() + t->silence_ms, e) < 0)
			return -1;
		t->have += n > 0 ? (size_t)n : 0;
	}
	t->at += pdu->length;
	return rc < 0 ? -1 : 0;
}

enum outcome { SAME, WHOLE, AGAIN_ALL, OLDER_VERSION };

/* Reads up to the end of data. */
static int receive(struct talk *t, bool everything, struct vrp_builder *b, struct rtr_pdu *end, enum outcome *o, struct err *e)
{
	bool changed = false;

	for (;;) {
		if (next(t, end, e) < 0)
			return -1;
		switch (end->kind) {
		case RTR_ERROR:
			return err_set(e, ERR_DEVICE, "%s", end->words);
		case RTR_OLDER:
		case RTR_RESET:
			*o = end->kind == RTR_OLDER ? OLDER_VERSION : AGAIN_ALL;
			return 0;
		case RTR_END:
			*o = everything ? WHOLE : changed ? AGAIN_ALL : SAME;
			return 0;
		case RTR_PAYLOAD:
			if (everything && !vrp_add(b, &end->prefix, end->max_length, end->asn))
				return err_set(e, ERR_LIMIT, "more than %d payloads", VRPS_MAX);
			changed = true;
			break;
		case RTR_WITHDRAWAL:
			if (everything)
				return err_set(e, ERR_PARSE, "a withdrawal inside a whole table");
			changed = true;
			break;
		default:
			break;
		}
	}
}

static int take_table(struct rtr_state *s, struct vrp_builder **b, const struct rtr_pdu *end, struct err *e)
{
	if (vrp_builder_count(*b) == 0)
		return err_set(e, ERR_PARSE, "the cache holds no payload");
	vrp_unref(s->table);
	s->table = vrp_freeze(*b);
	*b = NULL;
	s->session = end->session;
	s->serial = end->serial;
	return 0;
}

/* A cache that knows only version 0 says so once, and closes (RFC 8210 section 7). */
static int look(struct rtr_state *s, struct talk *t, bool *older, struct err *e)
{
	bool everything = s->table == NULL;

	for (;;) {
		struct vrp_builder *b = vrp_builder_new();
		enum outcome o = SAME;
		struct rtr_pdu end;
		int rc = ask(t, s, everything, e);

		if (rc == 0)
			rc = receive(t, everything, b, &end, &o, e);
		if (rc == 0 && o == WHOLE)
			rc = take_table(s, &b, &end, e);
		vrp_builder_free(b);
		if (rc < 0 || o == WHOLE || o == SAME)
			return rc;
		if (o == OLDER_VERSION) {
			*older = s->version == 1;
			return *older ? 0 : err_set(e, ERR_PARSE, "the cache speaks neither version 1 nor 0");
		}
		if (everything)
			return err_set(e, ERR_PARSE, "the cache does not tell its whole table");
		everything = true;
	}
}

int rtr_look(struct rtr_state *s, const char *host, unsigned port, unsigned timeout_s, int cancel_fd, struct err *e)
{
	bool again = true;
	int rc = 0;

	if (s->table == NULL)
		s->version = 1;
	while (again && rc == 0) {
		struct talk t = { .cancel_fd = cancel_fd, .silence_ms = (int64_t)timeout_s * 1000 };

		again = false;
		t.fd = dial_open(host, port, t.silence_ms, cancel_fd, e);
		if (t.fd < 0)
			return err_prefix(e, "RTR");
		t.in = mem_calloc(1, IN_MAX);
		rc = look(s, &t, &again, e);
		if (again)
			s->version = 0;
		free(t.in);
		close(t.fd);
	}
	return rc == 0 ? 0 : err_prefix(e, "RTR %s port %u", host, port);
}
