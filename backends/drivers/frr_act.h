/*
 * frr_act - what acting on FRR shares between its verbs.
 */
#ifndef PEERDECK_DRIVERS_FRR_ACT_H
#define PEERDECK_DRIVERS_FRR_ACT_H

#include "backends/drivers/frr_slots.h"
#include "core/act/build.h"

#define FRR_DENY_ALL "PEERDECK-DENY-ALL"

/* The neighbor in the running configuration, or a refusal; sets the instance's AS number. */
int frr_read_slots(struct build *b, struct frr_slots *f);
/* The slots of the neighbor's families, or a refusal. */
int frr_families(struct build *b, bool wanted[FRR_SLOTS]);

void frr_begin(struct build *b, enum build_list l, size_t needs);
void frr_router_bgp(struct build *b, enum build_list l, size_t needs);
void frr_end(struct build *b, enum build_list l, size_t needs);
/* "address-family F", `tmpl` with {name}, "exit-address-family". */
void frr_in_family(struct build *b, enum build_list l, int slot, struct slice name, const char *tmpl, size_t needs);

/* Lines "FAMILY NAME" ("-" none) of what goes to the ledger; false when the line is of another family. */
bool frr_saved_slot(struct slice line, int slot, struct slice *name);

/* frr_prefixes.c */
extern const struct recipe frr_withdraw_prefixes, frr_restore_prefixes;
/* frr_gshut.c */
extern const struct recipe frr_gshut;
int frr_gshut_restore(const struct act_context *ctx, struct plan_item *item, struct err *e);
bool frr_gshut_shows(const struct act_context *ctx, const struct plan_item *item, struct str *words);

extern const char *const frr_config_reads[];

#endif
