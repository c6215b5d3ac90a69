/*
 * pdb_ask - one question to PeeringDB at a time: paced, with the key, its answer judged.
 *
 * Rules of the server that are kept here (documents of server 2.82): a pause
 * between queries (20 a minute without a key, 40 with one, at least 2 s apart),
 * Retry-After obeyed (10 s where it is missing: so long the refusal itself is cached), a pause that doubles after every failure, no further
 * question for a long while after a refused key, the key never sent elsewhere.
 * The state is one line in plain words, "" when all is well.
 */
#ifndef PEERDECK_SOURCES_PDB_ASK_H
#define PEERDECK_SOURCES_PDB_ASK_H

#include "backends/sources/http.h"
#include "core/model/config.h"
#include "core/model/pdbrow.h"

enum {
	PDB_BATCH = 150,          /* values in one __in filter: the server's limit for ASNs */
	PDB_TABLE_MAX = 512 << 20, /* octets of a whole table: net is 45 MB today */
	PDB_BODY_MAX = 32 << 20, /* octets of one answer; 150 networks with 300 ports each are 20 MB */
};

struct pdb_ask;

/* Never NULL.  A key file that cannot be used is told by the state; reading goes on without it. */
struct pdb_ask *pdb_ask_new(const struct pdb_conf *conf, struct http *http);
void pdb_ask_free(struct pdb_ask *a);
/* Keeps pace, and the pauses that the server demands, together with everybody else who uses this data directory. */
void pdb_ask_share(struct pdb_ask *a, const char *data_dir);
/* Keeps others of the data directory from beginning a sync, so that not two ask for the same; waits up to max_ms for who is at
 * it.  False: still held, or cancelled; then one goes on beside the other. */
bool pdb_ask_hold(struct pdb_ask *a, int64_t max_ms);
void pdb_ask_release(struct pdb_ask *a);

/* Reads a key: a regular file of ours that nobody else can read, one line of printable ASCII. Caller frees. */
char *pdb_key_read(const char *path, struct err *e);

bool pdb_ask_keyed(const struct pdb_ask *a);
/* True if the url is PeeringDB's own: private ASNs are not asked there. */
bool pdb_ask_public(const struct pdb_ask *a);
const char *pdb_ask_state(const struct pdb_ask *a);
/* Milliseconds until a question may be asked after a failure or a throttle; 0 now. */
int64_t pdb_ask_pause_ms(const struct pdb_ask *a);
/* Forgets the pause after a failure (not one that the server demanded): the operator wants it now. */
void pdb_ask_retry(struct pdb_ask *a);

/* GET url/tag?column__in=keys; column NULL: the whole table.  Waits its turn.  The body of a complete answer
 * (an empty list where the server knows none) goes to *body, which the caller initialises and frees.
 * -1 also without asking, while a pause lasts. */
int pdb_ask_get(struct pdb_ask *a, enum pdb_tag tag, const char *column, const int64_t *keys, size_t n,
    struct str *body, struct err *e);
/* A whole table, or with since_s >= 0 what was created, changed or deleted in it after that time; the answer goes to
 * `sink` as it comes, up to PDB_TABLE_MAX octets.  `from`: where dump files are published (a URL: from/tag-0.json is read,
 * without the key), or NULL for the API.  Nothing is checked but the status. */
int pdb_ask_table(struct pdb_ask *a, enum pdb_tag tag, int64_t since_s, const char *from, const struct http_sink *sink,
    struct err *e);
/* Sleeps until a pause is over that is not longer than max_ms; false if it is longer, or cancelled. */
bool pdb_ask_sit_out(struct pdb_ask *a, int64_t max_ms);
/* The answer turned out to be unreadable: counts as a failure.  Returns -1. */
int pdb_ask_bad(struct pdb_ask *a, enum pdb_tag tag, const struct err *why);
/* Any thread: ends what is waited for; everything from then on fails with ERR_CANCELLED. */
void pdb_ask_cancel(struct pdb_ask *a);
/* Questions sent so far. */
unsigned pdb_ask_count(const struct pdb_ask *a);

#endif
