/*
 * cisco_act - acting on CLIs of Cisco's kind: IOS, IOS XR, NX-OS, EOS; and on VyOS, whose neighbors have the same places.
 *
 * They differ in how a change is opened and closed, in whether a neighbor has
 * a block of its own, and in what its out side is called: a struct cisco_way
 * (recipe.way) says that, and the verbs are the same.
 *
 * Every name that stood in the out side is stored and put back; a place that
 * was free is freed again.  What is inherited is never taken for one's own.
 */
#ifndef PEERDECK_DRIVERS_CISCO_ACT_H
#define PEERDECK_DRIVERS_CISCO_ACT_H

#include "backends/drivers/peerconf.h"
#include "core/act/build.h"

#define CISCO_DENY_LIST "PEERDECK-DENY-ALL" /* prefix-list, IPv4 and IPv6 */
#define CISCO_DENY_POLICY "PEERDECK-DROP"   /* XR route-policy */
#define CISCO_GSHUT_SUFFIX "-GSHUT"         /* of the marking variant of an out policy */

enum { CISCO_CONFIRM_S = 120, CISCO_ROUTES_S = 60 };

struct cisco_way {
	/* where a neighbor stands */
	/* Reads the configuration; NULL: peerconf_read. */
	void (*read)(const char *config, const struct session *s, struct peerconf *out);
	bool paths;                /* each line is "set PATH" or "delete PATH"; no blocks */
	bool nested;               /* "neighbor X" opens a block; else each line names the neighbor */
	const char *family[PEERCONF_FAMILIES]; /* behind "address-family" */
	bool family_holds_vrf;     /* IOS: "address-family ipv4 vrf V" in place of a block "vrf V" */
	const char *up;            /* to the top of configuration mode before it is entered anew; NULL not needed */
	/* a change: opened, closed, confirmed; NULL-terminated lists */
	const char *open;          /* "configure terminal" */
	const char *close;         /* "end", or a commit that reverts by itself: nothing takes effect before it */
	const char *rescue;        /* throws the candidate away; NULL: immediate, `close` only leaves */
	const char *const *confirm; /* NULL: `close` is final, and */
	const char *after;         /* leaves the mode */
	const char *undo;          /* takes an unconfirmed commit back; NULL: the inverse lines and `confirm` */
	/* the out side */
	enum peerconf_kind deny;   /* what a withdraw sets */
	const char *deny_name;
	enum peerconf_kind mark;   /* what a graceful shutdown swaps */
	const char *graceful;      /* or: a statement of the neighbor that does it */
	bool free_is_silent;       /* a free out side announces nothing (XR, eBGP) */
	bool group_yields;         /* a neighbor may have an out side of its own beside its group's */
	const char *soft_out;      /* routes go out anew only when asked: the command; NULL by themselves */
	const char *soft_in, *soft_in_vrf;
	const char *vrf_unknown;   /* why the clear commands of a VRF are left to a person; NULL: they are known */
	/* Before anything is built: names a session, refuses what stands in the way.  NULL: nothing to look at. */
	int (*ready)(struct build *b);
	/* The deny list or policy as far as the router has it; may add the lines that define it, or refuse. */
	int (*deny_ready)(struct build *b, const bool family[PEERCONF_FAMILIES]);
	/* Whether the marking variant NAME of an out policy is defined. */
	bool (*defined)(const struct act_context *ctx, const char *name);
	const char *mark_kit;      /* how to define it, for a refusal */
	/* Chosen prefixes: what takes the place of the former list or policy.  `former`: its name, "" none. */
	int (*make)(struct build *b, enum build_list l, int family, const char *former, const char *name, size_t needs);
	void (*unmake)(struct build *b, enum build_list l, int family, const char *name, size_t needs);
	bool (*made)(const struct act_context *ctx, const char *name);
	bool (*proven)(const struct act_context *ctx, int family, const char *former); /* NULL: it is */
	bool v6_block; /* "ipv6 prefix-list NAME" opens a block (EOS) */
};

/* For recipe.build; pre.answers[0] is the configuration of BGP. */
int cisco_suspend(const struct act_context *ctx, struct plan_item *item, struct err *e);
int cisco_resume(const struct act_context *ctx, struct plan_item *item, struct err *e);
int cisco_refresh(const struct act_context *ctx, struct plan_item *item, struct err *e);
int cisco_withdraw(const struct act_context *ctx, struct plan_item *item, struct err *e);
int cisco_gshut(const struct act_context *ctx, struct plan_item *item, struct err *e);
int cisco_restore(const struct act_context *ctx, struct plan_item *item, struct err *e);
int cisco_withdraw_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e);
int cisco_restore_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e);
/* For recipe.shows. */
bool cisco_shows(const struct act_context *ctx, const struct plan_item *item, struct str *words);

/* For way.deny_ready with a prefix-list; pre.answers[1] holds the lists.  A list that the router has and that denies all
 * shows that it knows the idiom; without one the item is prepare-only and defines it. */
int cisco_list_ready(struct build *b, const bool family[PEERCONF_FAMILIES]);

/* For way.make and way.unmake with a prefix-list; pre.answers[1] holds the lists. */
int cisco_list_make(struct build *b, enum build_list l, int family, const char *former, const char *name, size_t needs);
void cisco_list_unmake(struct build *b, enum build_list l, int family, const char *name, size_t needs);
bool cisco_list_defined(const struct act_context *ctx, const char *name);
/* Whether this router is known to hold routes back by an out prefix-list: one stands there, or the deny list is kept. */
bool cisco_list_proven(const struct act_context *ctx, int family, const char *former);

/* ---- shared by cisco_act.c, cisco_out.c and cisco_prefixes.c ---- */

/* A change being written into one list of an item. */
struct cisco_edit {
	struct build *b;
	const struct cisco_way *way;
	enum build_list list;
	size_t needs;  /* of undo steps */
	size_t trace;  /* likewise, of those that take away what was defined before the change */
	bool entered;  /* a block was entered before */
	int family;    /* paths: of the statements; -1 the neighbor itself */
};
/* What stands, or shall stand, in one place. */
struct cisco_place {
	bool wanted, top;
	struct slice former, now; /* len 0: free */
};
struct cisco_change {
	enum peerconf_kind kind;
	bool graceful;
	struct cisco_place place[PEERCONF_FAMILIES];
};
int cisco_wanted_families(struct build *b, struct cisco_change *c);
int cisco_read_places(struct build *b, const struct peerconf *conf, struct cisco_change *c);
/* 0 if what stands there is ours, 1 if it is as before us already, -1 refused. */
int cisco_compare_places(struct build *b, const struct peerconf *conf, struct cisco_change *c);
const char *cisco_save(const struct build *b, const struct cisco_change *c, bool with_now);
bool cisco_read_saved(const char *saved, struct cisco_change *c);
/* `what` is a struct cisco_change. */
void cisco_put_back(struct cisco_edit *d, const void *what);
void cisco_put_ours(struct cisco_edit *d, const void *what);
/* Between opening and closing: the change, then what makes routes go out anew.  `forward` and `backward` get `what`;
 * `trace` as in cisco_close, 0: the change itself is the first. */
void cisco_change_steps(struct build *b, const struct cisco_change *c, const void *what, size_t trace,
    void (*forward)(struct cisco_edit *, const void *), void (*backward)(struct cisco_edit *, const void *));


const struct cisco_way *cisco_way_of(const struct act_context *ctx);
/* Starts the item: reads the neighbor out of the configuration, or refuses. */
int cisco_start(struct build *b, const struct act_context *ctx, struct plan_item *item, struct peerconf *conf,
    struct err *e);
/* The line that opens a change. */
struct step *cisco_open(struct build *b, enum build_list l);
/* Goes to the neighbor (family -1) or to its part of an address family, from the top or from anywhere. */
void cisco_enter(struct cisco_edit *d, int family);
/* A statement about the neighbor, "no " before it if `no`. */
struct step *cisco_say(struct cisco_edit *d, bool no, const char *statement);
/* Closes what was changed by the apply list: commit, confirmation, undo.  `first` is the first apply step that changes
 * the neighbor, `trace` the first that leaves anything; `inverse` writes the inverse lines. */
void cisco_close(struct build *b, size_t first, size_t trace, void (*inverse)(struct cisco_edit *d, const void *what),
    const void *what);

#endif
