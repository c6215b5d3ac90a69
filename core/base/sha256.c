/* SHA-256 over OpenSSL's EVP; see sha256.h.  A failure there is a broken installation: abort, as for memory. */
#include "core/base/sha256.h"
#include "core/base/mem.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct sha256 {
	EVP_MD_CTX *md;
};

struct sha256 *sha256_new(void)
{
	struct sha256 *h = MEM_NEW(struct sha256);

	h->md = EVP_MD_CTX_new();
	if (h->md == NULL || EVP_DigestInit_ex(h->md, EVP_sha256(), NULL) != 1)
		abort();
	return h;
}

void sha256_add(struct sha256 *h, const void *p, size_t n)
{
	if (EVP_DigestUpdate(h->md, p, n) != 1)
		abort();
}

void sha256_add_field(struct sha256 *h, const char *text)
{
	size_t n = text == NULL ? 0 : strlen(text);
	uint8_t be[8];

	for (int i = 0; i < 8; i++)
		be[i] = (uint8_t)((uint64_t)n >> (56 - 8 * i));
	sha256_add(h, be, sizeof(be));
	if (n > 0)
		sha256_add(h, text, n);
}

void sha256_end(struct sha256 *h, char out[SHA256_HEX_LEN])
{
	static const char digit[] = "0123456789abcdef";
	unsigned char d[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (EVP_DigestFinal_ex(h->md, d, &n) != 1 || n != 32)
		abort();
	for (unsigned i = 0; i < n; i++) {
		out[2 * i] = digit[d[i] >> 4];
		out[2 * i + 1] = digit[d[i] & 15];
	}
	out[64] = '\0';
	EVP_MD_CTX_free(h->md);
	free(h);
}

void sha256_of(const void *p, size_t n, char out[SHA256_HEX_LEN])
{
	struct sha256 *h = sha256_new();

	sha256_add(h, p, n);
	sha256_end(h, out);
}
