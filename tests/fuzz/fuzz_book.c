/* Any text as a contact book: faults in words, and what was read holds together.  Any octets as a zone's file. */
#include "core/judge/ladder.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_zone(struct arena *a, const uint8_t *data, size_t size)
{
	struct err e = ERR_INIT;
	const struct zone *z = zone_parse(a, "fuzz", (struct slice){ (const char *)data, size }, &e);
	int offset;

	for (int64_t t = 0; z != NULL && t < INT64_C(5000000000000); t += INT64_C(333333333333)) {
		struct zone_time at = zone_at(z, t);

		if (at.weekday < 0 || at.weekday > 6 || at.hour < 0 || at.hour > 23 || at.minute < 0 || at.minute > 59)
			abort();
	}
	zone_rule_offset((struct slice){ (const char *)data, size }, INT64_C(1793155512), &offset);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct book *b = book_new();
	struct arena *a = arena_new();

	b->zone_dir = "/nonexistent";
	book_read(b, "fuzz.contacts", (struct slice){ (const char *)data, size });
	for (size_t i = 0; i < b->fault_count; i++)
		if (strstr(b->faults[i].words.s, "fuzz.contacts") == NULL)
			abort();
	for (size_t i = 0; i < b->network_count; i++) {
		struct ladder_input in = { .asn = b->networks[i].asn, .book = b, .now_wall_ms = INT64_C(1793155512000) };
		struct ladder l;
		char words[100];

		if (book_find(b, b->networks[i].asn) != &b->networks[i])
			abort();
		ladder_build(a, &in, &l);
		for (size_t k = 0; k < l.count; k++)
			rung_clock_words(&l.rungs[k], in.now_wall_ms, words, sizeof(words));
	}
	try_zone(a, data, size);
	arena_free(a);
	book_free(b);
	return 0;
}
