/*
 * rtr - ROA payloads from an RTR cache (RFC 8210, versions 1 and 0), read whole.
 *
 * One look: connect, ask whether the serial is still the one we have, and if not, ask for everything.  A table is only
 * given when its end of data came.  Plain TCP: the cache is to be on this host or in one's own network.
 *
 * (librtr, which Debian has, keeps the connection in threads of its own, but it writes its debugging to the terminal and
 * cannot be ended while it waits; a console can do with neither.)
 */
#ifndef PEERDECK_SOURCES_RTR_H
#define PEERDECK_SOURCES_RTR_H

#include "core/base/err.h"
#include "core/base/str.h"
#include "core/model/vrp.h"

/* What was read last; zeroed before the first look. */
struct rtr_state {
	struct vrp_table *table; /* one reference; NULL: none yet */
	unsigned version;        /* that the cache speaks; 1 before the first look */
	uint16_t session;
	uint32_t serial;
};
void rtr_state_fini(struct rtr_state *s);

/* 0: s->table is up to date.  -1: it stays as it was. */
int rtr_look(struct rtr_state *s, const char *host, unsigned port, unsigned timeout_s, int cancel_fd, struct err *e);

/* One PDU at the start of `in`, as far as a table is concerned. */
enum rtr_kind { RTR_NOTIFY, RTR_RESPONSE, RTR_PAYLOAD, RTR_WITHDRAWAL, RTR_END, RTR_RESET, RTR_KEY, RTR_ERROR, RTR_OLDER };
struct rtr_pdu {
	enum rtr_kind kind;
	size_t length;
	uint16_t session;
	uint32_t serial; /* RTR_END */
	struct prefix prefix; /* RTR_PAYLOAD, RTR_WITHDRAWAL */
	int max_length;
	asn_t asn;
	char words[120]; /* RTR_ERROR */
};
/* 1 and *pdu; 0: more octets are needed; -1: this is no RTR. */
int rtr_read(struct slice in, struct rtr_pdu *pdu, struct err *e);

#endif
