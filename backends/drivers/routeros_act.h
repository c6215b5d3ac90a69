/*
 * routeros_act - what acting on RouterOS shares: the connection (a peer, in version 6) as it is configured.
 */
#ifndef PEERDECK_DRIVERS_ROUTEROS_ACT_H
#define PEERDECK_DRIVERS_ROUTEROS_ACT_H

#include "core/act/build.h"

/* The first reads of every recipe: each version answers its own. */
enum { ROUTEROS_VERSION, ROUTEROS_PRINT7, ROUTEROS_COUNT7, ROUTEROS_PRINT6, ROUTEROS_COUNT6, ROUTEROS_MORE7, ROUTEROS_MORE6 };

/* What differs between the versions. */
struct routeros_menu {
	unsigned major;
	const char *set, *chain; /* "SET [find name="X"] CHAIN=..." */
};

struct routeros_place {
	const struct routeros_menu *m;
	bool disabled;
	const char *chain; /* its own filter chain for what goes out; "" none */
};

bool routeros_read_place(const struct act_context *ctx, struct routeros_place *p);
int routeros_need_place(struct build *b, struct routeros_place *p); /* or refuses */
/* The answer of the version that the router runs. */
const char *routeros_answer(const struct act_context *ctx, const struct routeros_menu *m, size_t at7, size_t at6);
struct step *routeros_set_line(struct build *b, const struct routeros_place *p, enum build_list l, const char *what);
/* Whether the chain is one that holds everything back, or marks it. */
bool routeros_chain_is_ours(const char *chain);

/* routeros_prefixes.c: a chain of ours before the neighbor's; the reads show all filter rules. */
int routeros_withdraw_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e);
int routeros_restore_prefixes(const struct act_context *ctx, struct plan_item *item, struct err *e);
bool routeros_shows_prefixes(const struct act_context *ctx, const struct plan_item *item, struct str *words);

#endif
