/*
 * junos_place - what acting on Junos reads from the configuration ("| display set").
 */
#ifndef PEERDECK_DRIVERS_JUNOS_PLACE_H
#define PEERDECK_DRIVERS_JUNOS_PLACE_H

#include "core/act/recipe.h"
#include "core/base/mem.h"

/* The neighbor as the configuration has it. */
struct junos_place {
	const char *bgp;      /* all of BGP, flat */
	const char *root;     /* "protocols bgp" or "routing-instances V protocols bgp" */
	const char *group;
	const char *neighbor; /* "set ROOT group G neighbor X", in the router's writing */
	bool shut, gshut;
	const char *message;  /* of the shutdown; "" none */
	const char *policy;   /* the first export policy of the neighbor itself; "" none */
	const char *exports;  /* all of them */
};

/* From the first two answers, protocols bgp and routing-instances.  False: not named there by itself. */
bool junos_place_read(const struct act_context *ctx, struct junos_place *p);
/* The neighbor, its group or what stands above is deactivated. */
bool junos_place_inactive(struct arena *a, const struct junos_place *p);
/* Its first export policy is named elsewhere too, so that a term in it would hold back more. */
bool junos_place_shared(const struct junos_place *p);

/* The term WITHDRAW of a policy. */
struct junos_term {
	bool first, rejects, matches, inactive;
};
void junos_term_read(struct arena *a, const char *policies, const char *policy, struct junos_term *t);
#define JUNOS_TERM " term WITHDRAW"

#endif
