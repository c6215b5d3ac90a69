/* Answers of a registry over RDAP: any bytes.  What is taken out of them can be drawn, and is bounded. */
#include "backends/sources/rdap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = ERR_INIT;
	struct rdap_answer *x = rdap_parse(64501, (struct slice){ (const char *)data, size }, 1000, &e);

	if ((x == NULL) != (e.code != ERR_NONE) || (x != NULL && x->r.count > 32))
		abort();
	for (size_t i = 0; x != NULL && i < x->r.count; i++) {
		const struct contact *c = &x->r.contacts[i];

		if ((text_empty(c->email) && text_empty(c->phone)) || strchr(text_or(c->email, ""), '\x1b') != NULL ||
		    strchr(text_or(c->phone, ""), '\n') != NULL)
			abort();
	}
	rdap_answer_free(x);
	return 0;
}
