/*
 * sha256 - fingerprints of plans and journal records (the only includer of OpenSSL's EVP).
 */
#ifndef PEERDECK_BASE_SHA256_H
#define PEERDECK_BASE_SHA256_H

#include <stddef.h>

#define SHA256_HEX_LEN 65 /* 64 lower-case digits and NUL */

struct sha256;

struct sha256 *sha256_new(void);
void sha256_add(struct sha256 *h, const void *p, size_t n);
/* As sha256_add of the length and then of the text, so that neighbouring fields cannot run together.  NULL is "". */
void sha256_add_field(struct sha256 *h, const char *text);
/* Writes the digest and frees h. */
void sha256_end(struct sha256 *h, char out[SHA256_HEX_LEN]);
/* All at once. */
void sha256_of(const void *p, size_t n, char out[SHA256_HEX_LEN]);

#endif
