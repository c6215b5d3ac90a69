/*
 * build - what recipes write steps with: every line through tmpl, everything in the plan's arena.
 *
 * Errors stick: after the first one the rest does nothing, and build_end
 * returns -1 with it, so that a recipe reads as a list of lines.
 */
#ifndef PEERDECK_ACT_BUILD_H
#define PEERDECK_ACT_BUILD_H

#include "core/act/plan.h"
#include "core/act/tmpl.h"

enum build_list { BUILD_APPLY, BUILD_UNDO, BUILD_CONFIRM, BUILD_LISTS };

struct build {
	const struct act_context *ctx;
	struct plan_item *item;
	struct err *e;
	struct tmpl_args args; /* neighbor, protocol, vrf, message set from the context; the recipe sets the rest */
	bool bad;
	struct {
		struct step *steps;
		size_t count, cap;
	} list[BUILD_LISTS];
	const char **warnings;
	size_t warning_count, warning_cap;
	struct step nowhere; /* what build_line returns after an error */
};

void build_start(struct build *b, const struct act_context *ctx, struct plan_item *item, size_t message_max,
    struct err *e);
/* Adds a line; the returned step may be refined (expect, leave, needs) until the next addition. */
struct step *build_line(struct build *b, enum build_list l, const char *tmpl);
struct step *build_run(struct build *b, enum build_list l, const char *tmpl);
struct step *build_file(struct build *b, enum build_list l, const char *path, const char *content);
/* Index that the next step of the list will have. */
size_t build_at(const struct build *b, enum build_list l);
void build_warn(struct build *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Refuses, in words. Always -1. */
int build_refuse(struct build *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Gives all to the item: 0, or -1 if anything failed. */
int build_end(struct build *b, enum proof_kind proof, unsigned deadline_s);

#define BUILD_SHUT_S 15  /* a suspend shows within */
#define BUILD_PASTE_S 300 /* somebody has pasted prepared lines within */
#define BUILD_ROUTES_S 30 /* routes are withdrawn or sent again within */

#endif
