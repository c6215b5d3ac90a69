/*
 * routeros_pairs - "key=value" as RouterOS prints it.
 *
 *     remote.address=192.0.2.1 .as=64501 comment="a \"b\" c"
 *
 * A key that begins with a dot goes on with the group of the key before ("remote.as"); a value in quotes may hold
 * blanks and escaped quotes.
 */
#ifndef PEERDECK_DRIVERS_ROUTEROS_PAIRS_H
#define PEERDECK_DRIVERS_ROUTEROS_PAIRS_H

#include "core/base/scan.h"

enum { ROS_GROUP_MAX = 40, ROS_KEY_MAX = 2 * ROS_GROUP_MAX };

/* Of one record; zeroed at its beginning. */
struct ros_pairs {
	char group[ROS_GROUP_MAX]; /* of the last key with a dot: "remote." */
	char key[ROS_KEY_MAX];     /* the full key of the last pair */
};

/* The next pair of a line; words without "=" are passed over.  False at its end. */
bool ros_pair(struct ros_pairs *p, struct scan *c, struct slice *key, struct slice *value);

#endif
