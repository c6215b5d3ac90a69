/* To be filled. */
#include "backends/drivers/drivers.h"

const struct driver driver_frr = {
	.name = "frr",
	.title = "frr",
};
