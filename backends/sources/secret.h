/*
 * secret - a token from a file, kept out of the configuration, of arguments and of logs.
 */
#ifndef PEERDECK_SOURCES_SECRET_H
#define PEERDECK_SOURCES_SECRET_H

#include "core/base/err.h"

/* The file without blanks and line ends around it; NULL (ERR_CONFIG names the file, never what is in it) when it cannot
 * be read, is empty, or when others than owner and group may read it.  Ended with secret_free. */
char *secret_read(const char *path, struct err *e);
void secret_free(char *secret); /* overwrites it; NULL is fine */

#endif
