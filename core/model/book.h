/*
 * book - what we ourselves know about networks: whom to call, what was agreed, what to mind.
 *
 * Two sources, one order.  Files that a team writes by hand
 * (peerdeck-contacts(5)); and entries made in a console, which are facts of
 * the journal with an author, a time and a version.  An entry of a console
 * goes before the file's of the same key and says where the two differ; the
 * file is never written.
 *
 * A version is a compare-and-set: an edit says which version it makes, and
 * the first record of the journal that makes it wins.  Whoever comes second
 * was looking at something older and is told so.
 *
 * A broken line is a fault with its file and line; the rest is used.  All
 * texts are owned by the book.  One thread.
 */
#ifndef PEERDECK_MODEL_BOOK_H
#define PEERDECK_MODEL_BOOK_H

#include "core/base/err.h"
#include "core/base/text.h"
#include "core/base/zone.h"
#include "core/model/net.h"

/* Our own people stand under this number: no network has it (RFC 7607). */
#define BOOK_OURS ASN_UNKNOWN

struct book_contact {
	struct text key;   /* names the entry within its network: "noc", "noc-2" */
	struct text role;  /* "NOC", "Technical" ... or the team's own word */
	struct text name, phone, email, url, hours, languages, note;
	const struct zone *zone;  /* NULL: not said */
	struct text proven_how;
	int64_t proven_wall_ms;   /* -1 never */
	int64_t written_wall_ms;  /* -1 not said */
	int64_t expires_wall_ms;  /* -1 never */
	struct text author;
	struct text file;         /* "" for an entry of a console */
	unsigned line;
	unsigned version;         /* of the console's entry; 0 for a file's */
	struct text differs;      /* what the file says instead, where a console's entry took its place */
};

/* A private peering, or a port that PeeringDB does not know. */
struct book_port {
	struct text where;        /* "Equinix FR5", "PNI Frankfurt" */
	struct text router, note;
	struct addr address;      /* the neighbor's; ADDR_NONE not said */
	int64_t speed_mbit;       /* -1 not said */
};

/* Fields of a network that can be edited in a console. */
enum book_field { BOOK_NOTE, BOOK_WARN, BOOK_AUTH, BOOK_TAGS, BOOK_FIELDS };
const char *book_field_word(enum book_field f); /* "note", "warn", "auth", "tags" */
bool book_field_find(const char *word, enum book_field *f);

struct book_network {
	asn_t asn;
	struct text venue;                /* of a place: "exchange X-IX"; unknown for a network */
	struct text name;
	struct text field[BOOK_FIELDS];   /* unknown: not said */
	unsigned version[BOOK_FIELDS];    /* of a console's edit; 0 none */
	struct text author[BOOK_FIELDS];  /* of that edit */
	int64_t edited_wall_ms[BOOK_FIELDS];
	struct book_contact *contacts;
	size_t contact_count, contact_cap;
	struct book_port *ports;
	size_t port_count, port_cap;
};

struct book_fault {
	struct text words; /* "peers.contacts:12: ..." */
};

struct book {
	struct book_network *networks; /* sorted by asn */
	size_t network_count, network_cap;
	struct book_network *places; /* exchanges and facilities, as the files name them */
	size_t place_count, place_cap;
	struct book_fault *faults;
	size_t fault_count, fault_cap;
	size_t faults_more; /* beyond those kept */
	const char *zone_dir; /* NULL: the system's; tests have their own */
	struct arena *arena;
	uint64_t revision;  /* changes with every edit */
};

struct book *book_new(void);
void book_free(struct book *b); /* NULL is fine */
/* Reads text in the format of peerdeck-contacts(5) over what is there; `name` stands in faults. */
void book_read(struct book *b, const char *name, struct slice text);
/* A file, or every *.contacts of a folder, in the order of names.  What cannot be read is a fault too. */
void book_read_path(struct book *b, const char *path);
void book_fault(struct book *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* All accept a NULL book.  BOOK_OURS finds our own people. */
const struct book_network *book_find(const struct book *b, asn_t asn);
/* "exchange X-IX", "facility FR5"; capitals or not. */
const struct book_network *book_find_venue(const struct book *b, const char *venue);
const struct book_contact *book_contact_find(const struct book_network *n, const char *key);
/* "do not suspend without asking ...", or NULL. */
const char *book_warning(const struct book *b, asn_t asn);
/* For who builds one: the network's entry, made if it is not there.  Pointers into the book move with it. */
struct book_network *book_network_get(struct book *b, asn_t asn);
struct book_network *book_venue_get(struct book *b, const char *venue);
/* A key for one more contact of this role: "noc", "noc-2"; n may be NULL. */
#define BOOK_KEY_LEN 64
void book_new_key(const struct book_network *n, const char *role, char out[BOOK_KEY_LEN]);

/* An entry made in a console, as a fact of the journal tells it. */
enum book_op { BOOK_SET, BOOK_EXPIRE, BOOK_FIELD };
struct book_edit {
	enum book_op op;
	asn_t asn;
	const char *key;      /* of the contact; BOOK_FIELD: unused */
	unsigned version;     /* the one that this edit makes: present + 1 */
	struct book_contact contact; /* BOOK_SET; BOOK_EXPIRE: only note and expiry */
	const char *zone;     /* BOOK_SET: name of the zone; NULL or "": not said */
	enum book_field field;
	const char *value;    /* BOOK_FIELD; "" takes it away */
	const char *author;
	int64_t wall_ms;
};
/* False: it is not the next version (somebody else's edit stands), nothing was changed. */
bool book_apply(struct book *b, const struct book_edit *e);
/* The version that the next edit of this contact or field must make. */
unsigned book_next_version(const struct book *b, const struct book_edit *e);

/* What may stand in a contact, said once for files and consoles: 0, or -1 and why.  Names as in the file: role, name,
 * phone, mail, url, hours, zone, languages, note, proven, written, expires, by. */
int book_contact_put(struct book *b, struct book_contact *c, struct slice key, struct slice value, struct err *e);
void book_contact_init(struct book_contact *c);
/* "2026-11-27" (its end, if `end`) or "2026-11-27T03:12:45Z". */
bool book_date(struct slice s, bool end, int64_t *wall_ms);
/* "100G", "2.5G", "400M", or Mbit/s as a number. */
bool book_speed(struct slice s, int64_t *mbit);

#endif
