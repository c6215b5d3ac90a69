/* Answers of a Prometheus server: any bytes; and descriptions of ports as somebody wrote them on a router. */
#include "backends/sources/prometheus.h"
#include "core/base/mem.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = { (const char *)data, size };
	struct err e = ERR_INIT, refused = ERR_INIT;
	struct prom_series s;
	struct prom_places p = { .asn = 64501, .router = "r1" };
	char *words = mem_strndup(in.p, in.len);
	struct str query;

	if (prom_read(in, size > 0 && data[0] == '<' ? 503 : 200, 300, &s, &e) == 0) {
		if (!isfinite(s.p95) || s.p95 < 0 || s.mean < 0 || s.samples == 0)
			abort();
	} else if (e.code == ERR_NONE || s.p95 >= 0) {
		abort();
	}
	str_init(&query, 8192);
	p.description = words;
	if (prom_fill(&query, "x{d=\"{description}\"}", &p, &refused) == 0 && strchr(strstr(query.p, "\"") + 1, '"')[1] != '}')
		abort();
	str_fini(&query);
	free(words);
	return 0;
}
