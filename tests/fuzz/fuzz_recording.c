/* Recordings: any octets, read and walked through; what is accepted can be read again. */
#include "backends/link/recording.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice in = { (const char *)data, size };
	struct recording *r = NULL;
	struct err e = ERR_INIT;
	struct str text, answer;

	if (recording_parse("fuzz", in, &r, &e) < 0)
		return 0;
	str_init(&text, 1 << 22);
	str_init(&answer, 1 << 22);
	for (size_t i = 0; i < r->count; i++) {
		struct answer_walk w = { 0 };
		struct answer a;

		str_clear(&text);
		if (recording_text(r, &r->looks[i], &text, &e) < 0)
			abort(); /* it was there a moment ago */
		w.rest = str_slice(&text);
		while (recording_answer(&w, &a, &answer))
			continue;
		if (i > 0 && r->looks[i].end_ms < r->looks[i - 1].end_ms)
			abort();
	}
	str_fini(&text);
	str_fini(&answer);
	recording_free(r);
	return 0;
}
