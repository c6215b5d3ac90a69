/* Any text as a router's prefix-lists and as words for chosen prefixes: what is read holds together and is printed back
 * to be read as the same. */
#include "backends/drivers/outlist.h"
#include "core/act/chosen.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_lists(struct arena *a, const char *text)
{
	for (int version = 4; version <= 6; version += 2) {
		struct outlist l;

		outlist_read(a, text, version, "A", &l);
		if (l.count > OUTLIST_MAX || (l.count > 0 && !l.defined))
			abort();
		for (size_t i = 0; i < l.count; i++)
			if (l.e[i].p.net.family != version || l.e[i].ge > 128 || l.e[i].le > 128)
				abort();
	}
}

static void read_words(struct arena *a, const char *text, size_t size)
{
	struct chosen c = { NULL, 0 }, again = { NULL, 0 };
	struct err e = ERR_INIT;

	if (chosen_parse(a, (struct slice){ text, size }, &c, &e) < 0) {
		if (e.text[0] == '\0' || c.count != 0)
			abort();
		return;
	}
	if (c.count == 0 || c.count > CHOSEN_MAX || chosen_parse(a, slice_of(chosen_words(a, c)), &again, &e) < 0 ||
	    again.count != c.count || !chosen_overlaps(c, again))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char *text = mem_calloc(size + 1, 1); /* as answers are kept: ended by NUL */

	if (size > 0)
		memcpy(text, data, size);
	read_lists(a, text);
	read_words(a, text, size);
	arena_free(a);
	free(text);
	return 0;
}
