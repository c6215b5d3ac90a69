/* Any octets as JSON in two pieces: every enter has its leave, every path its depth. */
#include "backends/parse/jstream.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void enter(void *ctx, const struct jpath *at)
{
	if (at->depth > JPATH_MAX)
		abort();
	++*(int *)ctx;
}

static void leave(void *ctx, const struct jpath *at)
{
	if (--*(int *)ctx < 0 || (size_t)*(int *)ctx != at->depth)
		abort();
}

static int done(void *ctx, struct err *e)
{
	(void)e;
	if (*(int *)ctx != 0)
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct jstream_ops ops = { .enter = enter, .leave = leave, .done = done };
	int open = 0;
	struct err e = ERR_INIT;
	struct jstream *js = jstream_new(&ops, &open);

	if (jstream_feed(js, (const char *)data, size / 2, &e) != 0 ||
	    jstream_feed(js, (const char *)data + size / 2, size - size / 2, &e) != 0) {
		jstream_free(js);
		return e.code == ERR_NONE ? abort(), 1 : 0;
	}
	jstream_finish(js, &e);
	return 0;
}
