/*
 * pdb_command - the inside of `peerdeck pdb`, shared by its files.
 */
#ifndef PEERDECK_APP_PDB_COMMAND_H
#define PEERDECK_APP_PDB_COMMAND_H

#include "app/lookup.h"

struct pdb_args {
	bool json, full;
	const char *dump;         /* NULL none */
	const char *const *words; /* behind the sub-command */
	size_t count;
};

/* Words of the command line as AS numbers; *out is allocated, caller frees. */
int pdb_read_asns(const struct pdb_args *a, asn_t **out, size_t *n, struct err *e);
/* 0, 1 (done, but what was asked for is not there), or -1 and an error. */
int pdb_run_sync(struct lookup *l, const struct pdb_args *a, struct err *e);
int pdb_run_import(struct lookup *l, const struct pdb_args *a, struct err *e);
int pdb_run_export(struct lookup *l, const struct pdb_args *a, struct err *e);
int pdb_run_show(struct lookup *l, const struct pdb_args *a, struct err *e);

#endif
