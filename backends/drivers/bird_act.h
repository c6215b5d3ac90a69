/*
 * bird_act - what acting on BIRD through the hook file shares.
 */
#ifndef PEERDECK_DRIVERS_BIRD_ACT_H
#define PEERDECK_DRIVERS_BIRD_ACT_H

#include "core/act/build.h"

enum { BIRD_MESSAGE_MAX = 255 };

/* Writes `now` into the hook file instead of `before`, checks, configures on trial, stops again what was stopped. */
int bird_reconfigure(struct build *b, const char *now, const char *before, enum proof_kind proof);
/* `begin` and the protocol's name, as a symbol that needs no quotes. */
const char *bird_symbol(const struct act_context *ctx, const char *begin);

extern const char *const bird_hook_reads[];
/* bird_prefixes.c */
extern const struct recipe bird_withdraw_prefixes, bird_restore_prefixes;

#endif
