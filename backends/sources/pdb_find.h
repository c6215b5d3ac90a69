/*
 * pdb_find - which networks are meant by a few words, out of the cache.
 *
 *	AS64501, 64501, 1.10      that network
 *	203.0.113.7, 2001:db8::7  who has that address on a peering LAN
 *	AS-EXAMPLE, RIPE::AS-EX   whose AS macro it is (with a source: only of that source)
 *	ix:NAME                   who is at that exchange (name, part of it, or PeeringDB's id)
 *	anything else             part of a name, also known as, or long name; if no network has it, an exchange
 */
#ifndef PEERDECK_SOURCES_PDB_FIND_H
#define PEERDECK_SOURCES_PDB_FIND_H

#include "core/model/store.h"

enum pdb_found_by { PDB_BY_ASN, PDB_BY_NAME, PDB_BY_ADDRESS, PDB_BY_MACRO, PDB_BY_EXCHANGE };

struct pdb_found {
	asn_t asn;
	uint32_t net_id;
	enum pdb_found_by by;
	int rank; /* 0 the whole name, 1 its beginning, 2 a part */
};

struct pdb_finds {
	struct pdb_found *p; /* best first; free with pdb_finds_fini */
	size_t n, cap;
	bool more;            /* there are more than FIND_MAX */
	uint32_t ix_id;       /* the exchange that an address or a name led to; 0 none */
	bool is_asn, is_addr; /* how the words were taken */
	asn_t asn;
};
enum { PDB_FIND_MAX = 500 };

/* Nothing found is no error. */
int pdb_find(struct store *s, const char *words, struct pdb_finds *out, struct err *e);
void pdb_finds_fini(struct pdb_finds *f);

#endif
