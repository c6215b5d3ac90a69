/*
 * hostkey - our own store of the routers' host keys.
 *
 * One plain file per router, DIR/ROUTER.hostkey, so that a lookup reads one
 * small file and no file of another program is ever consulted or changed.
 * DIR is made with mode 0700.  A file holds comment lines ("#...") and one
 * line per accepted key, fields divided by a blank:
 *
 *     TYPE BASE64 WHEN WHO HOW
 *     ssh-ed25519 AAAAC3Nza... 2026-11-20T03:12:45Z noc1 peerdeck enroll, fingerprint typed
 *
 * TYPE and BASE64 are those of RFC 4253 6.6 and of OpenSSH's public key
 * files; WHEN is UTC; WHO is a login name; HOW is free words.
 */
#ifndef PEERDECK_LINK_HOSTKEY_H
#define PEERDECK_LINK_HOSTKEY_H

#include "core/base/err.h"
#include "core/base/mem.h"

#include <stdbool.h>
#include <stddef.h>

#define HOSTKEY_FINGERPRINT_LEN 64 /* "SHA256:" + 43 of base64 + NUL, rounded up */

struct hostkey {
	const char *type, *base64; /* as offered or stored */
	const char *when, *who, *how; /* stored ones only */
};
struct hostkeys {
	const struct hostkey *keys;
	size_t count;
	struct arena *arena;
};

/* Whether a name can be a file name of ours: [A-Za-z0-9._:-]+ without a leading '-' or '.'. */
bool hostkey_router_ok(const char *router);
/* Path of the router's file, into the arena. */
const char *hostkey_path(struct arena *a, const char *dir, const char *router);
/* All keys accepted for the router; none and no error when there is no file.  A file that group or others can
 * write is refused (ERR_HOSTKEY).  Free with hostkey_store_free. */
int hostkey_store_find(const char *dir, const char *router, struct hostkeys *out, struct err *e);
void hostkey_store_free(struct hostkeys *k);
/* Puts the key in the place of the router's former key of this type; other types stay.  Written beside, synced,
 * renamed. */
int hostkey_store_accept(const char *dir, const char *router, const struct hostkey *key, const char *who,
    const char *how, struct err *e);
/* As `accept`, and forgets keys of every other type as well: the router was replaced. */
int hostkey_store_replace(const char *dir, const char *router, const struct hostkey *key, const char *who,
    const char *how, struct err *e);
/* "SHA256:..." as OpenSSH prints it; false when base64 is not base64. */
bool hostkey_fingerprint(const char *base64, char out[HOSTKEY_FINGERPRINT_LEN]);
/* 0 when `offered` is among the accepted.  Else ERR_HOSTKEY with the words for the operator. */
int hostkey_check(const struct hostkeys *accepted, const char *router, const struct hostkey *offered, struct err *e);

#endif
