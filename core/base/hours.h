/*
 * hours - when somebody can be reached: "24x7", "Mo-Fr 08:00-18:00, Sa 10:00-14:00".
 *
 * Parts are joined by "," or ";": days (Mo Tu We Th Fr Sa Su, "Mo-Fr", or
 * none: every day) and from-to.  What ends before it begins runs into the
 * next day.  Local time of whoever is called.
 */
#ifndef PEERDECK_BASE_HOURS_H
#define PEERDECK_BASE_HOURS_H

#include <stdbool.h>

bool hours_valid(const char *s);
/* weekday 0 Monday; minute of the day.  False also for what is not valid. */
bool hours_open(const char *s, int weekday, int minute);

#endif
