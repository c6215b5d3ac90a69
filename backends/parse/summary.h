/*
 * summary - the table of neighbors that Cisco IOS, IOS XR, NX-OS, Arista EOS, Quagga and FRR, Huawei VRP and
 * HPE Comware print, one row per neighbor.
 *
 *     Neighbor        V    AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
 *     10.10.80.1      4 4210410100
 *                              578124  577455     3272    0    0     9w3d 297
 *
 * The header says which columns there are; rows are read by words, because real rows stand beside their header.
 * A row that a router has broken over two or three lines is put together again.  Lines before a table
 * ("For address family:", "VRF: RED", "BGP summary information for VRF", "BGP router identifier") say VRF and
 * family.
 */
#ifndef PEERDECK_PARSE_SUMMARY_H
#define PEERDECK_PARSE_SUMMARY_H

#include "backends/parse/asked.h"
#include "core/base/err.h"
#include "core/model/snap.h"

/* `asked` fills in what the answer does not say. Fails if there is no such table and no word that there are
 * no neighbors. */
int summary_read(struct snap_builder *b, struct slice out, struct asked asked, struct err *e);

/* A state as printed in such tables: "Idle (Admin)", "Shut (Admin)", "Idle(NoIf)", "Idle (PfxCt)", "(Policy)".
 * False if it is no state. */
bool summary_state(struct slice words, struct session *s);

#endif
