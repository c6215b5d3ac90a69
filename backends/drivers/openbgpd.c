/* To be filled. */
#include "backends/drivers/drivers.h"

const struct driver driver_openbgpd = {
	.name = "openbgpd",
	.title = "openbgpd",
};
