/* The list of drivers; driver.h tells the contract. */
#include "backends/drivers/drivers.h"

#include <strings.h>

/* Sorted by name. */
static const struct driver *const drivers[] = {
	&driver_bird,
	&driver_comware,
	&driver_eos,
	&driver_frr,
	&driver_gobgp,
	&driver_ios,
	&driver_iosxr,
	&driver_junos,
	&driver_nxos,
	&driver_openbgpd,
	&driver_routeros,
	&driver_srlinux,
	&driver_sros,
	&driver_vrp,
	&driver_vyos,
	NULL,
};

const struct driver *const *driver_all(void)
{
	return drivers;
}

static bool is_called(const struct driver *d, const char *name)
{
	if (strcasecmp(d->name, name) == 0)
		return true;
	for (const char *const *a = d->aliases; a != NULL && *a != NULL; a++)
		if (strcasecmp(*a, name) == 0)
			return true;
	return false;
}

const struct driver *driver_find(const char *name)
{
	for (size_t i = 0; drivers[i] != NULL; i++)
		if (is_called(drivers[i], name))
			return drivers[i];
	return NULL;
}
