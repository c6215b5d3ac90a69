/* Errors as exit statuses; see exit.h. */
#include "app/exit.h"

#include <stdio.h>

int exit_of(const struct err *e)
{
	switch (e->code) {
	case ERR_NONE:
		return STATUS_DONE;
	case ERR_USAGE:
		return STATUS_USAGE;
	case ERR_CONFIG:
		return STATUS_CONFIG;
	case ERR_REFUSED:
	case ERR_CANCELLED:
		return STATUS_REFUSED;
	default:
		return STATUS_FAILED;
	}
}

int exit_say(const struct err *e)
{
	fprintf(stderr, "peerdeck: %s\n", e->text);
	return exit_of(e);
}
