/*
 * shared - how wide a file in a folder may be: what a group shares follows the folder (data-group), else only its owner.
 */
#ifndef PEERDECK_BASE_SHARED_H
#define PEERDECK_BASE_SHARED_H

#include <sys/types.h>

/* The owner's bits, and the same for the group when the group may write in `folder`. */
mode_t shared_bits(const char *folder, mode_t owner);
/* The same for a file or folder at `path`, by the folder that it is in. */
mode_t shared_bits_beside(const char *path, mode_t owner);

#endif
