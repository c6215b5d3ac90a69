/*
 * junos_act - what acting on Junos shares: the neighbor, the candidate, commits that revert by themselves.
 */
#ifndef PEERDECK_DRIVERS_JUNOS_ACT_H
#define PEERDECK_DRIVERS_JUNOS_ACT_H

#include "backends/drivers/junos_place.h"
#include "core/act/build.h"

/* The neighbor as configured, or a refusal. */
int junos_need_place(struct build *b, struct junos_place *p);
void junos_begin(struct build *b, enum build_list l, size_t needs);
/* Behind the statements of apply: the commit that reverts by itself, and the beginning of undo.  Gives its number. */
size_t junos_commit_confirmed(struct build *b);
/* Behind the statements of undo. */
int junos_finish(struct build *b, size_t committed, enum proof_kind proof, unsigned deadline_s);

/* What acting reads: protocols bgp, routing-instances, policy-options. */
extern const char *const junos_bgp_and_policies[];
/* junos_prefixes.c */
extern const struct recipe junos_withdraw_prefixes, junos_restore_prefixes;

#endif
