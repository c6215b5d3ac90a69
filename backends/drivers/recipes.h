/*
 * recipes - how each router OS acts: one NULL-terminated list per driver, named in its table.
 */
#ifndef PEERDECK_DRIVERS_RECIPES_H
#define PEERDECK_DRIVERS_RECIPES_H

#include "core/act/recipe.h"

extern const struct recipe *const bird_recipes[];
extern const struct recipe *const comware_recipes[];
extern const struct recipe *const eos_recipes[];
extern const struct recipe *const frr_recipes[];
extern const struct recipe *const gobgp_recipes[];
extern const struct recipe *const ios_recipes[];
extern const struct recipe *const iosxr_recipes[];
extern const struct recipe *const junos_recipes[];
extern const struct recipe *const nxos_recipes[];
extern const struct recipe *const openbgpd_recipes[];
extern const struct recipe *const routeros_recipes[];
extern const struct recipe *const srlinux_recipes[];
extern const struct recipe *const sros_recipes[];
extern const struct recipe *const vrp_recipes[];
extern const struct recipe *const vyos_recipes[];

#endif
