/* Any text as JSON and as XML: refused in words, or a tree that can be walked. */
#include "backends/parse/xml.h"

#include "tests/fuzz/copy.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk(const struct jnode *n)
{
	size_t count = 1;

	if (n->name == NULL)
		abort();
	jget_count(n, "a");
	jget_addr(n, "a/b");
	for (const struct jnode *d = n->down; d != NULL; d = d->next)
		count += walk(d);
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char *out = fuzz_copy(data, size);
	struct slice answer = { out, size };
	struct jnode *root;
	struct err e = ERR_INIT;

	if (jget_json(a, answer, &root, &e) == 0)
		walk(root);
	else if (e.code == ERR_NONE)
		abort();
	err_clear(&e);
	if (xml_tree(a, answer, &root, &e) == 0)
		walk(root);
	else if (e.code == ERR_NONE)
		abort();
	arena_free(a);
	free(out);
	return 0;
}
