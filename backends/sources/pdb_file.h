/*
 * pdb_file - a file of PeeringDB's rows, compressed or not, read as it comes.
 */
#ifndef PEERDECK_SOURCES_PDB_FILE_H
#define PEERDECK_SOURCES_PDB_FILE_H

#include "backends/sources/pdb_read.h"

/* The tag that a file's name tells, PDB_TAGS if none: "net.json", "dir/net-0.json.gz". */
enum pdb_tag pdb_file_tag(const char *path);
/* The name without its directory; points into path. */
const char *pdb_file_name(const char *path);
/* tag: of its rows; PDB_TAGS if only a keyed object can tell.  *end is filled if it returns 0. */
int pdb_file_read(const char *path, enum pdb_tag tag, const struct pdb_read_ops *ops, struct pdb_read_end *end, struct err *e);

#endif
