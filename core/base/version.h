/*
 * version - of this program, for --version and the User-Agent.
 */
#ifndef PEERDECK_BASE_VERSION_H
#define PEERDECK_BASE_VERSION_H

#define PEERDECK_VERSION "0.1"

#endif
