/*
 * How fast answers are read: for tests/bench/parse.py.
 *
 *     parse OS COMMAND FILE ROUNDS     CPU milliseconds of the quickest reading of the file, and rows read in one
 *     parse routes FORM N              N routes of one neighbor through the reader that the console feeds: peak of extra
 *                                      memory in KiB, CPU milliseconds, megabytes; FORM as in `forms` below
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
	double best = 0;
	int rc = -1;

	str_init(&text, FILE_MAX_OCTETS);
	str_init(&words, 4096);
	if (reading == NULL || load(path, &text) != 0)
		goto out;
	driver_command_words(d, command, &words);
	if (read_once(reading, words.p, str_slice(&text), &rows, &before) != 0)
		goto out;
	for (int i = 0; i < rounds; i++) {
		double began = cpu_ms(), took;

		read_once(reading, words.p, str_slice(&text), &rows, &before);
		took = cpu_ms() - began;
		best = i == 0 || took < best ? took : best;
	}
	printf("%.5f %zu\n", best, rows);
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

/* Printed with: a comma or nothing, the first three octets of the prefix, and once more, two AS numbers, a last octet. */
#define FRR_ROW "%s\"%u.%u.%u.0/24\":[{\"valid\":true,\"bestpath\":true,\"selectionReason\":\"First path received\"," \
	"\"pathFrom\":\"external\",\"prefix\":\"%u.%u.%u.0\",\"prefixLen\":24,\"metric\":0,\"weight\":0,\"peerId\":" \
	"\"192.0.2.1\",\"path\":\"64501 %u %u\",\"origin\":\"IGP\",\"nexthops\":[{\"ip\":\"192.0.2.%u\",\"hostname\":" \
	"\"r1\",\"afi\":\"ipv4\",\"used\":true}]}]"
#define EOS_ROW "%s\"%u.%u.%u.0/24\":{\"address\":\"%u.%u.%u.0\",\"maskLength\":24,\"totalPaths\":1,\"bgpRoutePaths\":[{" \
	"\"asPathEntry\":{\"asPathType\":\"External\",\"asPath\":\"64501 %u %u i\"},\"med\":0,\"localPreference\":100," \
	"\"weight\":0,\"nextHop\":\"192.0.2.%u\",\"routeType\":{\"valid\":true,\"active\":true}}]}"
#define JUNOS_ROW "%s* %u.%u.%u.0/24          192.0.2.1            0       100        64501 %u %u I\n"
#define JUNOS_XML "%s<rt><rt-destination>%u.%u.%u.0/24</rt-destination><rt-entry><active-tag>*</active-tag><nh><to>192.0.2.1" \
	"</to></nh><med>0</med><as-path>64501 %u %u I</as-path></rt-entry></rt>\n"
#define JUNOS_JSON "%s{\"rt-destination\":[{\"data\":\"%u.%u.%u.0/24\"}],\"rt-entry\":[{\"nh\":[{\"to\":[{\"data\":" \
	"\"192.0.2.1\"}]}],\"as-path\":[{\"data\":\"64501 %u %u I\"}]}]}"

enum form { FORM_FRR, FORM_EOS, FORM_JUNOS, FORM_JUNOS_XML, FORM_JUNOS_JSON, FORMS };
static const struct {
	const char *name, *os;
	enum route_side side;
	const char *head, *tail;
} forms[FORMS] = {
	[FORM_FRR] = { "frr", "frr", ROUTES_ACCEPTED, "{\"routes\":{", "}}" },
	[FORM_EOS] = { "eos", "eos", ROUTES_ACCEPTED, "{\"vrfs\":{\"default\":{\"bgpRouteEntries\":{", "}}}}" },
	[FORM_JUNOS] = { "junos", "junos", ROUTES_RECEIVED, "inet.0: 200000 destinations, 200000 routes (200000 active)\n"
	    "  Prefix                  Nexthop              MED     Lclpref    AS path\n", "" },
	[FORM_JUNOS_XML] = { "junos-xml", "junos", ROUTES_RECEIVED, "<rpc-reply><route-information><route-table>\n",
	    "</route-table></route-information></rpc-reply>\n" },
	[FORM_JUNOS_JSON] = { "junos-json", "junos", ROUTES_RECEIVED, "{\n\"route-information\":[{\"route-table\":[{\"rt\":[\n",
	    "]}]}]}\n" },
};

static int row(char *buf, size_t size, enum form form, unsigned i)
{
	unsigned a = 1 + i / 65536, b = i >> 8 & 255, c = i & 255, as1 = 64500 + i % 500, as2 = 65000 + i % 77;
	const char *comma = i > 0 ? "," : "";

	switch (form) {
	case FORM_FRR:
		return snprintf(buf, size, FRR_ROW, comma, a, b, c, a, b, c, as1, as2, 1 + i % 200);
	case FORM_EOS:
		return snprintf(buf, size, EOS_ROW, comma, a, b, c, a, b, c, as1, as2, 1 + i % 200);
	case FORM_JUNOS:
		return snprintf(buf, size, JUNOS_ROW, "", a, b, c, as1, as2);
	case FORM_JUNOS_XML:
		return snprintf(buf, size, JUNOS_XML, "", a, b, c, as1, as2);
	default:
		return snprintf(buf, size, JUNOS_JSON, comma, a, b, c, as1, as2);
	}
}

static int feed(struct intake *in, const char *p, size_t n, struct err *e)
{
	return in->feed(in->state, p, n, e);
}

static int routes(enum form form, unsigned count)
{
	const struct driver *d = driver_find(forms[form].os);
	struct route_tally tally;
	struct route_out out = { .take = take, .ctx = &tally };
	struct intake in = { 0 };
	struct err e = ERR_INIT;
	char buf[ROW_MAX * 2];
	double octets = 0, began;
	long before;
	int n, rc;

	tally_init(&tally);
	for (size_t i = 0; i < d->route_count && in.state == NULL; i++)
		if (d->routes[i].side == forms[form].side)
			in = d->routes[i].open(&out);
	before = memory("VmRSS:");
	began = cpu_ms();
	rc = feed(&in, forms[form].head, strlen(forms[form].head), &e);
	for (unsigned i = 0; rc == 0 && i < count; i++) {
		n = row(buf, sizeof(buf), form, i);
		octets += n;
		rc = feed(&in, buf, (size_t)n, &e);
	}
	if (rc == 0)
		rc = feed(&in, forms[form].tail, strlen(forms[form].tail), &e);
	if (rc != 0 || in.finish(in.state, &e) != 0 || tally.total != count || tally.of_length[0][24] != count) {
		fprintf(stderr, "parse: %s\n", e.text);
		return -1;
	}
	printf("%ld %.1f %.1f\n", memory("VmHWM:") - before, cpu_ms() - began, octets / 1e6);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "routes") == 0) {
		for (int form = 0; form < FORMS; form++)
			if (strcmp(argv[2], forms[form].name) == 0)
				return routes((enum form)form, (unsigned)strtoul(argv[3], NULL, 10)) != 0;
	}
	if (argc == 5)
		return readings(argv[1], argv[2], argv[3], (int)strtol(argv[4], NULL, 10)) != 0;
	fputs("usage: parse OS COMMAND FILE ROUNDS | parse routes FORM N\n", stderr);
	return 2;
}
