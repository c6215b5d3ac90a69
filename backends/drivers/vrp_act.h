/*
 * vrp_act - what acting on VRP and Comware shares: the words of each, the peer as it is configured, views.
 */
#ifndef PEERDECK_DRIVERS_VRP_ACT_H
#define PEERDECK_DRIVERS_VRP_ACT_H

#include "core/act/build.h"

/* How the system says it; index 0: IPv4, 1: IPv6. */
struct dialect {
	bool comware;
	const char *family[2];     /* view of a public family */
	const char *vpn[2];        /* view of a VPN instance: its peers stand there */
	const char *vpn_family[2]; /* inside of it, or NULL: the same view */
	const char *list[2];       /* keyword of the list slot */
	const char *define[2];     /* what defines an entry of a list, before its name */
	const char *deny[2];       /* what defines a list that denies all */
};
#define VRP_DENY "NOC-DENY"

/* The peer as the configuration has it. */
struct place {
	const struct dialect *d;
	bool two_stage;
	const char *config; /* of BGP, flat */
	const char *bgp;    /* "bgp 64500" */
	const char *views;  /* before the peer's own lines: "" or a VPN instance, flat */
	const char *peer;   /* "192.0.2.10", as it is written there */
	bool ignore;
	const char *group;
};

/* The recipe's `way` is the dialect; its first two reads are the configuration of BGP and the version. */
bool vrp_read_place(const struct act_context *ctx, struct place *p);
int vrp_need_place(struct build *b, struct place *p); /* or refuses */

/* From user view to the view of the peer's own lines. */
void vrp_enter(struct build *b, const struct place *p, enum build_list l, size_t needs);
/* The same, from system view. */
void vrp_views(struct build *b, const struct place *p, enum build_list l, size_t needs);
/* Back to user view, with a commit where it takes one.  Gives the number of the step that made the lines hold;
 * `line`: of the first of them. */
size_t vrp_leave(struct build *b, const struct place *p, enum build_list l, size_t line, size_t needs);

/* One family's slot: which view, which keyword, and the name that stands there. */
struct vrp_slot {
	int version;             /* 0: IPv4, 1: IPv6 */
	const char *head;        /* flat: the view and the peer */
	const char *name[2];     /* the list and the route-policy that stand in export; "" none */
	bool communities;        /* it sends communities */
};
void vrp_read_slot(const struct act_context *ctx, const struct place *p, struct vrp_slot *s); /* s->version is set */
/* Of all families of the peer, or refuses. */
int vrp_read_slots(struct build *b, const struct place *p, struct vrp_slot slots[2], size_t *count);
/* In the family's view: `name` into the slot, or, where that is "", `now` out of it. */
void vrp_slot_lines(struct build *b, const struct place *p, const struct vrp_slot *s, enum build_list l, bool policy,
    const char *name, const char *now);

/* vrp_slots.c: the export slots of the peer's families; reads[2] shows the definitions of lists, or of route-policies. */
int vrp_withdraw(const struct act_context *ctx, struct plan_item *item, struct err *e);
int vrp_gshut(const struct act_context *ctx, struct plan_item *item, struct err *e);
int vrp_restore(const struct act_context *ctx, struct plan_item *item, struct err *e);
bool vrp_shows(const struct act_context *ctx, const struct plan_item *item, struct str *words);

/* vrp_prefixes.c: a list of ours in the list slot; reads[2] as for vrp_withdraw. */
int vrp_withdraw_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e);
int vrp_restore_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e);
bool vrp_shows_prefixes(const struct act_context *ctx, const struct plan_item *item, struct str *words);

#endif
