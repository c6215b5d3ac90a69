/* Any octets as a text: what comes out is valid UTF-8 without a control. */
#include "core/base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct text t = text_safe(a, (struct slice){ (const char *)data, size });
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)t.s;

	while (*p != 0) {
		utf8proc_int32_t cp;
		utf8proc_ssize_t n = utf8proc_iterate(p, -1, &cp);

		if (n <= 0 || cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || (cp >= 0x202a && cp <= 0x202e))
			abort();
		p += n;
	}
	if (text_fit(t.s, 10, NULL) > strlen(t.s))
		abort();
	arena_free(a);
	return 0;
}
