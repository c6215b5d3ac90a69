/* To be filled. */
#include "backends/drivers/drivers.h"

const struct driver driver_bird = {
	.name = "bird",
	.title = "bird",
};
