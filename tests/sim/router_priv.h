/* What router.c lends to router_line.c. */
#ifndef SIM_ROUTER_PRIV_H
#define SIM_ROUTER_PRIV_H

#include "tests/sim/render.h"
#include "tests/sim/router.h"

void router_publish(const struct router *r);
void router_settle(const struct router *r, struct state *now, const struct state *before);
void router_replace(struct router *r, struct state *now);
void router_touch(struct router *r); /* undoes a commit whose time has come */
struct scene shell_scene(struct shell *sh);

#endif
