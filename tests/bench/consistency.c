/*
 * consistency SETS PREFIXES - reads that many sets through a driver's reader of routes, compares them, validates one; for
 * tests/bench/consistency.py.  Prints "name value" lines: CPU milliseconds and KiB.
 */
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/model/driver.h"
#include "core/model/prefixset.h"
#include "core/model/vrp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static struct prefixset_builder *builder;

static double cpu_ms(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}

static void take(void *ctx, struct slice prefix, struct slice next_hop, struct slice as_path)
{
	struct prefix p;

	(void)ctx;
	(void)next_hop;
	if (prefix_parse(prefix, &p))
		prefixset_add(builder, &p, as_path_origin(as_path));
}

struct feeding {
	struct intake in;
	struct str piece;
	double *ms; /* spent in the reader */
};

static void feed(struct feeding *f)
{
	double before = cpu_ms();
	struct err e = ERR_INIT;

	if (f->in.feed(f->in.state, f->piece.p, f->piece.len, &e) < 0) {
		fprintf(stderr, "consistency: %s\n", e.text);
		exit(1);
	}
	*f->ms += cpu_ms() - before;
	str_clear(&f->piece);
}

/* A table of FRR as it comes over the link, in pieces; each place lacks another few prefixes. */
static struct prefixset *read_set(const struct route_query *q, unsigned place, unsigned prefixes, double *ms)
{
	struct route_out out = { .take = take };
	struct feeding f = { .in = q->open(&out), .ms = ms };
	struct prefixset *set;
	double before;
	bool first = true;

	builder = prefixset_builder_new(ADDR_IP4);
	str_init(&f.piece, 1 << 20);
	str_puts(&f.piece, "{\"vrfId\":0,\"vrfName\":\"default\",\"routerId\":\"192.0.2.1\",\"localAS\":64500,\"receivedRoutes\":{");
	for (unsigned i = 0; i < prefixes; i++) {
		unsigned a = 1 + (i >> 16), b = i >> 8 & 255, c = i & 255;

		if (i % 50000 == place)
			continue;
		str_addf(&f.piece, "%s\"%u.%u.%u.0/24\":{\"addrPrefix\":\"%u.%u.%u.0\",\"prefixLen\":24,\"network\":\"%u.%u.%u.0/24\","
		    "\"nextHop\":\"192.0.2.10\",\"weight\":0,\"path\":\"64496 %u\",\"origin\":\"IGP\",\"appliedStatusSymbols\":{\"valid\":true}}",
		    first ? "" : ",", a, b, c, a, b, c, a, b, c, 65550 + i % 300);
		first = false;
		if (f.piece.len > 32000)
			feed(&f);
	}
	str_puts(&f.piece, "},\"totalPrefixCounter\":0,\"filteredPrefixCounter\":0}");
	feed(&f);
	before = cpu_ms();
	if (f.in.finish(f.in.state, NULL) < 0)
		exit(1);
	set = prefixset_freeze(builder, true);
	*ms += cpu_ms() - before;
	str_fini(&f.piece);
	return set;
}

static void count(void *ctx, const struct prefix *p, asn_t origin, enum validity v)
{
	(void)p;
	(void)origin;
	*(size_t *)ctx += v == VALIDITY_VALID;
}

static struct vrp_table *payloads(unsigned n)
{
	struct vrp_builder *b = vrp_builder_new();

	for (unsigned i = 0; i < n; i++) {
		struct prefix p = { .net = { .family = ADDR_IP4, .b = { (uint8_t)(1 + (i >> 16)), (uint8_t)(i >> 8), (uint8_t)i } }, .len = 24 };

		vrp_add(b, &p, 24, 65550 + i % 300);
	}
	return vrp_freeze(b);
}

int main(int argc, char **argv)
{
	unsigned n = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 10, prefixes = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 200000;
	const struct driver *d = driver_find("frr");
	struct prefixset **sets = mem_calloc(n, sizeof(struct prefixset *));
	struct prefixset_missing *missing = mem_calloc(n, sizeof(*missing));
	double start, compared, read = 0;
	count_t total, in_all;
	struct vrp_table *vrps;
	struct rusage u;
	size_t octets = 0, valid = 0;

	for (unsigned i = 0; i < n; i++) {
		sets[i] = read_set(&d->routes[0], i, prefixes, &read);
		octets += prefixset_octets(sets[i]);
	}
	start = cpu_ms();
	prefixset_compare(sets, n, missing, &total, &in_all);
	compared = cpu_ms() - start;
	if (total != (count_t)prefixes || in_all > total || missing[0].missing == 0) {
		fprintf(stderr, "consistency: %lld of %lld, %lld missing\n", (long long)in_all, (long long)total, (long long)missing[0].missing);
		return 1;
	}
	vrps = payloads(500000);
	start = cpu_ms();
	vrp_validate(vrps, sets[0], count, &valid);
	printf("read_ms %.1f\ncompare_ms %.1f\nvalidate_ms %.1f\nset_kib %zu\nvalid %zu\n", read, compared, cpu_ms() - start, octets / 1024, valid);
	vrp_unref(vrps);
	getrusage(RUSAGE_SELF, &u);
	printf("peak_kib %ld\n", u.ru_maxrss);
	for (unsigned i = 0; i < n; i++)
		prefixset_unref(sets[i]);
	free(sets);
	free(missing);
	return 0;
}
