/*
 * setting - one key of the configuration file: what it may hold, and where it goes.
 *
 * A block of the file is a table of settings.  From the table come the
 * reading of a value, the refusal that says what is allowed, and the list of
 * keys that is shown when a key is not known.  Pure: no files, no libconfuse.
 */
#ifndef PEERDECK_MODEL_SETTING_H
#define PEERDECK_MODEL_SETTING_H

#include "core/base/err.h"
#include "core/base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum setting_kind {
	SETTING_NAME,     /* const char *: [A-Za-z0-9._:-]+ without a leading '-' (hosts, users, routers) */
	SETTING_TEXT,     /* const char *: one line of printable UTF-8 */
	SETTING_WORDS,    /* const char *: a command without shell characters, split on blanks by its user */
	SETTING_PATH,     /* const char *: a file here; "~/" expanded, relative to the file read */
	SETTING_FAR_PATH, /* const char *: an absolute path on the router, [A-Za-z0-9._/-] */
	SETTING_LIST,     /* const char *: names joined by commas, for libssh */
	SETTING_PREFIXES, /* const char *: IPv4 and IPv6 prefixes parted by blanks */
	SETTING_URL,      /* const char *: http:// or https:// */
	SETTING_LOOPBACK, /* const char *: "127.0.0.1:9716", "[::1]:9716"; no other address */
	SETTING_CHOICE,   /* const char *: one of `choices`, or a path where `max` is 1 */
	SETTING_BOOL,     /* bool: yes, no, true, false, on, off */
	SETTING_NUMBER,   /* unsigned: min..max */
	SETTING_SPAN,     /* unsigned seconds: "10s" "2m" "1h" "1d" or bare seconds; min..max */
	SETTING_SPAN_MS,  /* unsigned milliseconds: also "200ms" */
	SETTING_ASN,      /* asn_t */
};

struct setting {
	const char *key;
	enum setting_kind kind;
	size_t offset;               /* of the field in the block's struct */
	const char *fallback;        /* as it would be written in the file; NULL: zero or NULL */
	uint32_t min, max;           /* numbers and spans, in the field's unit */
	const char *const *choices;  /* NULL-terminated */
	bool required;
};

/* Where relative and "~/" paths lead. */
struct setting_base {
	const char *dir;  /* of the file read; "" keeps relative paths as they are */
	const char *home; /* NULL: "~/" is refused */
	struct arena *arena;
};

/* Reads `value` into the field of `block`.  On error says the value and what is allowed (no file, no line). */
int setting_read(const struct setting *def, const char *value, const struct setting_base *base, void *block,
    struct err *e);
/* True if the text may stand as a router's, host's or user's name. */
bool setting_name_valid(const char *s);
/* The one of `words` (count of them) that was probably meant by `word`; NULL if none is near. */
const char *setting_closest(const char *word, const char *const *words, size_t count);

#endif
