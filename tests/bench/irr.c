/* irr PORT MACRO SOURCES - expands a macro at 127.0.0.1 and prints its prefixes as bgpq4 does with -F '%n/%l\n'. */
#include "backends/sources/irr.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	struct irr_conf conf = { .host = "127.0.0.1", .timeout_s = 60 };
	struct err e = ERR_INIT;
	struct irr_expansion *x;

	if (argc < 4)
		return 2;
	conf.port = (unsigned)strtoul(argv[1], NULL, 10);
	x = irr_expand(&conf, argv[2], argv[3], -1, &e);
	if (x == NULL) {
		fprintf(stderr, "irr: %s\n", e.text);
		return 1;
	}
	for (int six = 0; six < 2; six++) {
		const struct prefixset *s = six ? x->v6 : x->v4;

		for (size_t i = 0; i < prefixset_count(s); i++) {
			char text[PREFIX_STRLEN];
			struct prefix p;

			prefixset_at(s, i, &p, NULL);
			puts(prefix_print(&p, text));
		}
	}
	irr_expansion_free(x);
	return 0;
}
