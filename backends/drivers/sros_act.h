/*
 * sros_act - what acting on SR OS shares: the neighbor as it is configured, in either CLI, and its export list.
 */
#ifndef PEERDECK_DRIVERS_SROS_ACT_H
#define PEERDECK_DRIVERS_SROS_ACT_H

#include "core/act/build.h"

enum { SROS_POLICIES_MAX = 15 };
#define SROS_REJECT "NOC-REJECT"
#define SROS_GSHUT "NOC-GSHUT"

struct sros_place {
	bool md;
	const char *config;   /* flat */
	const char *bgp;      /* "configure router Base bgp" as it is written here */
	const char *neighbor; /* that, the group in classic, and the neighbor */
	const char *group;
	bool shut, own;       /* own: an export list of its own */
	const char *exports;  /* that hold, in order: its own, else the group's, else BGP's; "" none */
};

bool sros_read_place(const struct act_context *ctx, struct sros_place *p);
int sros_need_place(struct build *b, struct sros_place *p); /* or refuses; b->args.name is the group then */
/* The template of a line about this neighbor. */
const char *sros_neighbor_tmpl(struct build *b, const struct sros_place *p, const char *leaf);
/* Gives the neighbor these names as its own export list; "": none of its own, so that it is inherited. */
void sros_export_line(struct build *b, const struct sros_place *p, enum build_list l, const char *names);
/* "own export A B", "inherited export none" */
const char *sros_exports_words(struct arena *a, const struct sros_place *p);

/* sros_prefixes.c */
int sros_withdraw_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e);
int sros_restore_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e);
bool sros_shows_prefixes(const struct act_context *ctx, const struct plan_item *item, struct str *words);

#endif
