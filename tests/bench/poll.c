/*
 * poll - what one poll costs the client: CPU with parse and diff, and memory per connected router.
 *
 * usage: poll CONFIG DATADIR ROUNDS
 * Host keys are accepted in DATADIR/hostkeys.  Polls every router ROUNDS times as fast as they answer, and
 * prints "name value" lines for tests/bench/run.
 */
#include "backends/link/worker.h"
#include "core/model/diff.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static double cpu_ms(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

static long resident_kib(void)
{
	char line[128];
	long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f != NULL && fgets(line, sizeof(line), f) != NULL)
		pages = strtol(strchr(line, ' '), NULL, 10);
	if (f != NULL)
		fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

struct bench {
	const struct config *config;
	struct inbox *inbox;
	struct pool *pool;
	struct event_log *log;
	struct snap **last;
	size_t sessions;
};

static size_t router_index(const struct bench *b, const char *name)
{
	for (size_t i = 0; i < b->config->router_count; i++)
		if (strcmp(b->config->routers[i].name, name) == 0)
			return i;
	abort();
}

/* Waits for `want` snapshots, diffing each against the former one of its router. */
static int take_snaps(struct bench *b, size_t want)
{
	struct pollfd fd = { inbox_fd(b->inbox), POLLIN, 0 };
	struct msg *m;

	while (want > 0) {
		if (poll(&fd, 1, 30000) <= 0)
			return -1;
		while ((m = inbox_take(b->inbox)) != NULL) {
			if (m->kind == MSG_LINK && m->link.state == LINK_LOCKED)
				fprintf(stderr, "%s: %s\n", m->router, m->link.words);
			if (m->kind == MSG_SNAP && want > 0) {
				size_t i = router_index(b, m->router);

				diff_snaps(b->last[i], m->snap, &diff_defaults, b->log);
				snap_unref(b->last[i]);
				b->last[i] = snap_ref(m->snap);
				b->sessions = m->snap->count;
				want--;
			}
			msg_free(m);
		}
	}
	return 0;
}

static int poll_round(struct bench *b)
{
	for (size_t i = 0; i < b->config->router_count; i++)
		worker_poll_now(pool_worker(b->pool, b->config->routers[i].name));
	return take_snaps(b, b->config->router_count);
}

/* The first of every six polls reads the details too (QUERY_SLOW), so the cheapest rounds are the plain ones. */
static int measure(struct bench *b, long rounds)
{
	double all = 0, cheapest_sum = 0, *each = calloc((size_t)rounds, sizeof(*each));
	long plain = 0;

	for (long i = 0; i < rounds; i++) {
		double before = cpu_ms();

		if (poll_round(b) < 0) {
			free(each);
			return -1;
		}
		each[i] = cpu_ms() - before;
		all += each[i];
	}
	for (long i = 0; i < rounds; i++)
		if (each[i] < 2 * all / (double)rounds) {
			cheapest_sum += each[i];
			plain++;
		}
	printf("fast_ms %.3f\nmixed_ms %.3f\n", cheapest_sum / (double)plain, all / (double)rounds);
	free(each);
	return 0;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct bench b = { 0 };
	char dir[512];
	long before;

	if (argc != 4 || (b.config = config_load(argv[1], &e)) == NULL)
		goto fail;
	snprintf(dir, sizeof(dir), "%s/hostkeys", argv[2]);
	before = resident_kib();
	b.inbox = inbox_new();
	b.log = event_log_new(1000);
	b.last = calloc(b.config->router_count, sizeof(struct snap *));
	b.pool = pool_new(b.config, b.inbox, dir, 32);
	if (pool_start(b.pool, NULL, &e) < 0 || take_snaps(&b, b.config->router_count) < 0 ||
	    measure(&b, strtol(argv[3], NULL, 10)) < 0)
		goto fail;
	printf("router_kib %ld\nsessions %zu\n", (resident_kib() - before) / (long)b.config->router_count, b.sessions);
	pool_free(b.pool);
	for (size_t i = 0; i < b.config->router_count; i++)
		snap_unref(b.last[i]);
	free(b.last);
	event_log_free(b.log);
	inbox_free(b.inbox);
	return 0;
fail:
	fprintf(stderr, "poll: %s\n", e.code ? e.text : "a router did not answer");
	return 1;
}
