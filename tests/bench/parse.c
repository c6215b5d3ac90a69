/*
 * How fast answers are read: for tests/bench/parse.py.
 *
 *     parse OS COMMAND FILE ROUNDS     CPU milliseconds per reading of the file, and rows read in one
 *     parse routes N                   N routes of FRR's JSON through the streaming reader: peak of extra memory in
 *                                      KiB, CPU milliseconds, megabytes
 */
#include "core/base/str.h"
#include "core/model/driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FILE_MAX_OCTETS = 256 << 20, ROW_MAX = 400 };

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int load(const char *path, struct str *out)
{
	FILE *f = fopen(path, "re");
	char buf[65536];
	size_t n;

	if (f == NULL)
		return -1;
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0 && str_add(out, buf, n) == 0)
		;
	fclose(f);
	return 0;
}

/* What was read before goes when this is there, as the console's snapshots do. */
static int read_once(const struct reading *reading, const char *command, struct slice text, size_t *rows,
    struct report **before)
{
	struct report *r = report_new();
	struct err e = ERR_INIT;
	int rc;

	r->command = command;
	rc = reading->parse(r, text, &e);
	*rows = r->kind == REPORT_SESSIONS ? snap_builder_count(r->sessions) : r->route_count;
	report_free(*before);
	*before = r;
	if (rc != 0)
		fprintf(stderr, "parse: %s\n", e.text);
	return rc;
}

static int readings(const char *os, const char *command, const char *path, int rounds)
{
	const struct driver *d = driver_find(os);
	const struct reading *reading = d != NULL ? driver_reading(d, command) : NULL;
	struct report *before = NULL;
	struct str text, words;
	size_t rows = 0;
	double began;
	int rc = -1;

	str_init(&text, FILE_MAX_OCTETS);
	str_init(&words, 4096);
	if (reading == NULL || load(path, &text) != 0)
		goto out;
	driver_command_words(d, command, &words);
	if (read_once(reading, words.p, str_slice(&text), &rows, &before) != 0)
		goto out;
	began = cpu_ms();
	for (int i = 0; i < rounds; i++)
		read_once(reading, words.p, str_slice(&text), &rows, &before);
	printf("%.5f %zu\n", (cpu_ms() - began) / rounds, rows);
	rc = 0;
out:
	report_free(before);
	str_fini(&text);
	str_fini(&words);
	return rc;
}

/* VmHWM or VmRSS of this process, in KiB. */
static long memory(const char *key)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[200];
	long kib = -1;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, key, strlen(key)) == 0)
			kib = strtol(line + strlen(key), NULL, 10);
	if (f != NULL)
		fclose(f);
	return kib;
}

static void take(void *ctx, struct slice prefix, struct slice next_hop, struct slice as_path)
{
	(void)as_path;
	tally_route(ctx, prefix, next_hop);
}

static int row(char *buf, size_t size, unsigned i)
{
	unsigned a = 1 + i / 65536, b = i >> 8 & 255, c = i & 255;

	return snprintf(buf, size, "%s\"%u.%u.%u.0/24\":[{\"valid\":true,\"bestpath\":true,\"selectionReason\":\"First path "
	    "received\",\"pathFrom\":\"external\",\"prefix\":\"%u.%u.%u.0\",\"prefixLen\":24,\"network\":\"%u.%u.%u.0/24\","
	    "\"metric\":0,\"weight\":0,\"peerId\":\"192.0.2.1\",\"path\":\"64501 %u %u\",\"origin\":\"IGP\",\"nexthops\":[{\"ip\":"
	    "\"192.0.2.%u\",\"hostname\":\"r1\",\"afi\":\"ipv4\",\"used\":true}]}]", i > 0 ? "," : "", a, b, c, a, b, c, a, b, c,
	    64500 + i % 500, 65000 + i % 77, 1 + i % 200);
}

static int routes(unsigned count)
{
	const struct driver *d = driver_find("frr");
	struct route_tally tally;
	struct route_out out = { .take = take, .ctx = &tally };
	struct intake in;
	struct err e = ERR_INIT;
	char buf[ROW_MAX * 2];
	double octets = 0, began;
	long before;
	int n, rc;

	tally_init(&tally);
	in = d->routes[ROUTES_ACCEPTED].open(&out);
	before = memory("VmRSS:");
	began = cpu_ms();
	rc = in.feed(in.state, "{\"routes\":{", 11, &e);
	for (unsigned i = 0; rc == 0 && i < count; i++) {
		n = row(buf, sizeof(buf), i);
		octets += n;
		rc = in.feed(in.state, buf, (size_t)n, &e);
	}
	if (rc == 0)
		rc = in.feed(in.state, "}}", 2, &e);
	if (rc != 0 || in.finish(in.state, &e) != 0 || tally.total != count) {
		fprintf(stderr, "parse: %s\n", e.text);
		return -1;
	}
	printf("%ld %.1f %.1f\n", memory("VmHWM:") - before, cpu_ms() - began, octets / 1e6);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "routes") == 0)
		return routes((unsigned)strtoul(argv[2], NULL, 10)) != 0;
	if (argc == 5)
		return readings(argv[1], argv[2], argv[3], (int)strtol(argv[4], NULL, 10)) != 0;
	fputs("usage: parse OS COMMAND FILE ROUNDS | parse routes N\n", stderr);
	return 2;
}
