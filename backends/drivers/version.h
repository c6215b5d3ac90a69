/*
 * version - comparing the releases that routers name.
 */
#ifndef PEERDECK_DRIVERS_VERSION_H
#define PEERDECK_DRIVERS_VERSION_H

#include <stdbool.h>

/* The first "NUMBER.NUMBER" in the router's words ("Junos: 21.4R3.15", "Version 8.180 (...)"); false: none. */
bool version_read(const char *words, unsigned *major, unsigned *minor);
bool version_least(const char *words, unsigned major, unsigned minor);

#endif
