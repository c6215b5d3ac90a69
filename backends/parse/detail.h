/*
 * detail - "show bgp neighbors" of IOS, IOS XR, NX-OS, EOS, Quagga and FRR, line by line.
 *
 *     BGP neighbor is 192.0.2.1,  vrf RED,  remote AS 64500, external link
 *      Description: peer
 *       BGP state = Established, up for 12w2d
 *      For address family: IPv4 Unicast
 *         Prefixes Current:               7     679328 (Consumes 92388608 bytes)
 *
 * What stands before the first "For address family" belongs to the neighbor and goes to all its rows.  A
 * heading that no body follows still names a family of the neighbor it stands behind, and of those after it.
 */
#ifndef PEERDECK_PARSE_DETAIL_H
#define PEERDECK_PARSE_DETAIL_H

#include "backends/parse/asked.h"
#include "core/base/err.h"
#include "core/model/snap.h"

/* Every family that the answer names becomes a row: for one answer that stands alone. */
int detail_read(struct snap_builder *b, struct slice out, struct asked asked, struct err *e);
/* For a poll that makes its rows here: families with a body, else the heading above the neighbor. */
int detail_poll(struct snap_builder *b, struct slice out, struct asked asked, struct err *e);
/* For a poll whose rows another query has made: adds to those and makes none.  Where the answer names no VRF, the
 * one row with that address, AS number and family is meant, if there is only one. */
int detail_fill(struct snap_builder *b, struct slice out, struct asked asked, struct err *e);

/* Classifies words on the end of a session ("BGP Notification received: administrative shutdown") into code,
 * subcode and direction as far as they say; the words themselves are kept by the caller. */
void detail_error_words(struct slice words, struct last_error *le);

#endif
