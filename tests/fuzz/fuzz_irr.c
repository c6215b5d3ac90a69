/* What an IRR server may send: any bytes as the answers to one query of each kind; and macros as PeeringDB holds them. */
#include "backends/sources/irr.h"
#include "backends/sources/irr_wire.h"
#include "core/base/scan.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int on_word(void *ctx, struct slice word, struct err *e)
{
	size_t *octets = ctx;

	(void)e;
	if (word.len == 0)
		abort();
	for (size_t i = 0; i < word.len; i++)
		if (word.p[i] == ' ' || word.p[i] == '\n')
			abort();
	*octets += word.len;
	return 0;
}

static void macros(struct slice in)
{
	struct slice source, macro;

	while (irr_macro_next(&in, &source, &macro))
		if (irr_macro_valid(macro))
			for (size_t i = 0; i < macro.len; i++)
				if (macro.p[i] == '!' || macro.p[i] == '\n')
					abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = ERR_INIT;
	struct irr_wire *w;
	enum irr_answer a;
	char words[200];
	size_t octets = 0;
	int pair[2];

	macros((struct slice){ (const char *)data, size });
	if (size > 60000 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return 0;
	if (write(pair[1], data, size) == (ssize_t)size) {
		close(pair[1]);
		w = irr_wire_over(pair[0], 1, -1);
		while (irr_wire_answer(w, on_word, &octets, &a, words, &e) == 0)
			continue;
		if (e.code == ERR_NONE || octets > size)
			abort();
		irr_wire_close(w);
	} else {
		close(pair[0]);
		close(pair[1]);
	}
	return 0;
}
