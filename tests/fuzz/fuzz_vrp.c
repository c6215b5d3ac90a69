/* Exports of validators: any bytes.  What is taken must be a table that validates without surprise. */
#include "backends/sources/vrp_file.h"
#include "core/base/mem.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void each(void *ctx, const struct prefix *p, asn_t origin, enum validity v)
{
	(void)p;
	(void)origin;
	*(size_t *)ctx += v != VALIDITY_UNKNOWN;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = ERR_INIT;
	int64_t made;
	struct vrp_table *t = vrp_file_parse((struct slice){ (const char *)data, size }, &made, &e);
	struct prefixset_builder *b;
	struct prefixset *s;
	size_t known = 0;

	if (t == NULL && e.code == ERR_NONE)
		abort();
	b = prefixset_builder_new(ADDR_IP4);
	for (int i = 0; i < 64; i++) {
		struct prefix p = { .net = { .family = ADDR_IP4, .b = { (uint8_t)(i * 4), 0, 2 } }, .len = (uint8_t)(i % 33) };

		prefix_mask(&p);
		prefixset_add(b, &p, (asn_t)(i % 3 + 1));
	}
	s = prefixset_freeze(b, true);
	vrp_validate(t, s, each, &known);
	if (known != prefixset_count(s))
		abort();
	prefixset_unref(s);
	vrp_unref(t);
	return 0;
}
