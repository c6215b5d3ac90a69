/*
 * net - AS numbers, addresses, prefixes.
 *
 * AS numbers are 32 bit (RFC 6793), read as asplain or asdot (RFC 5396) and
 * always printed as asplain.  0 is reserved (RFC 7607) and stands for
 * "unknown".  Addresses are kept in binary; what goes into a router command
 * is printed from binary again, never copied from text.
 */
#ifndef PEERDECK_MODEL_NET_H
#define PEERDECK_MODEL_NET_H

#include "core/base/str.h"

#include <stdbool.h>
#include <stdint.h>

typedef uint32_t asn_t;
#define ASN_UNKNOWN 0u
/* RFC 7300: never a network's.  As an origin it says that there is none: the path ends in an AS_SET. */
#define ASN_NONE 4294967295u

/* "64500", "AS64500", "as1.10": true and *asn, else false. */
bool asn_parse(struct slice s, asn_t *asn);
/* Reserved for documentation or private use, or never assigned to a network (IANA special registry). */
bool asn_is_special(asn_t asn);

enum addr_family { ADDR_NONE = 0, ADDR_IP4 = 4, ADDR_IP6 = 6 };

struct addr {
	uint8_t family; /* enum addr_family */
	uint8_t b[16];  /* network order; IPv4 in the first four, the rest zero */
};

#define ADDR_STRLEN 46
/* A plain address; no zone, no mask, no port. */
bool addr_parse(struct slice s, struct addr *a);
/* RFC 5952 form; "" for ADDR_NONE. */
char *addr_print(const struct addr *a, char out[ADDR_STRLEN]);
int addr_cmp(const struct addr *a, const struct addr *b); /* family, then value */
bool addr_equal(const struct addr *a, const struct addr *b);

bool addr_is_loopback(const struct addr *a); /* 127.0.0.0/8, ::1 */

/* "192.0.2.1:179" or "[2001:db8::1]:179": an address and a port from 1 to 65535. */
bool endpoint_parse(struct slice s, struct addr *a, uint16_t *port);

struct prefix {
	struct addr net;
	uint8_t len; /* bits */
};

#define PREFIX_STRLEN (ADDR_STRLEN + 4)
/* "192.0.2.0/24"; host bits are cleared. */
bool prefix_parse(struct slice s, struct prefix *p);
/* Clears the host bits. */
void prefix_mask(struct prefix *p);
char *prefix_print(const struct prefix *p, char out[PREFIX_STRLEN]);
bool prefix_holds(const struct prefix *p, const struct addr *a);

#endif
