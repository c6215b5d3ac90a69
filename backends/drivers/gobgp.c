/* To be filled. */
#include "backends/drivers/drivers.h"

const struct driver driver_gobgp = {
	.name = "gobgp",
	.title = "gobgp",
};
