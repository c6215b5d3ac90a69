/*
 * The figures of acting for `make bench`: appending to the journal beside a raw write and fdatasync of the same octets, in
 * turns on the same file system; and planning for 1,000 sessions of one router beside journalling their intents.
 *
 * usage: journal DIR ROUNDS -> "NAME VALUE" lines, in microseconds
 */
#include "backends/drivers/recipes.h"
#include "core/act/action.h"
#include "core/act/journal.h"
#include "core/act/plan.h"
#include "core/base/mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SESSIONS = 1000, MORE_TIMES = 4 };

static double now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
	double d = *(const double *)a - *(const double *)b;

	return d < 0 ? -1 : d > 0;
}

static void print_quantiles(const char *name, double *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_size);
	printf("%s_p50 %.1f\n%s_p99 %.1f\n", name, v[n / 2], name, v[n * 99 / 100]);
}

/* ---- a router of 1,000 neighbors, made of two texts ---- */

struct made {
	size_t sessions;
	struct str config;
	uint64_t generation;
};

static void name_of(size_t i, char out[64])
{
	snprintf(out, 64, "10.%zu.%zu.1", i / 250 + 1, i % 250);
}

static int made_cli(void *ctx, const char *line, struct str *out, struct err *e)
{
	const struct made *m = ctx;

	(void)line;
	return str_add(out, m->config.p, m->config.len) == 0 ? 0 : err_set(e, ERR_LIMIT, "too long");
}

static int made_look(void *ctx, struct snap **out, struct err *e)
{
	struct made *m = ctx;
	struct snap_builder *b = snap_builder_new("r1");

	(void)e;
	snap_builder_version(b, SLICE("frr"));
	snap_builder_router(b, 64500, NULL);
	for (size_t i = 0; i < m->sessions; i++) {
		char name[64];
		struct session *s;

		name_of(i, name);
		s = snap_builder_session(b, SLICE(""), slice_of(name), AF_IPV4_UNICAST);
		s->remote_as = (asn_t)(4200000000 + i);
		s->state = BGP_ESTABLISHED;
		s->admin_down = TRI_NO;
		s->received = s->advertised = 100;
		s->since_s = 1000;
	}
	*out = snap_builder_freeze(b, ++m->generation);
	return 0;
}

static bool made_wait(void *ctx, unsigned ms)
{
	(void)ctx;
	(void)ms;
	return true;
}

static void make_config(struct made *m)
{
	str_init(&m->config, 16 << 20);
	str_puts(&m->config, "router bgp 64500\n no bgp default ipv4-unicast\n");
	for (int part = 0; part < 2; part++) {
		if (part == 1)
			str_puts(&m->config, " !\n address-family ipv4 unicast\n");
		for (size_t i = 0; i < m->sessions; i++) {
			char name[64];

			name_of(i, name);
			if (part == 0)
				str_addf(&m->config, " neighbor %s remote-as %zu\n", name, 4200000000 + i);
			else
				str_addf(&m->config, "  neighbor %s activate\n  neighbor %s maximum-prefix 1000\n", name, name);
		}
	}
	str_puts(&m->config, " exit-address-family\nexit\n!\nend\n");
}

static struct plan *make_plan(struct made *m, enum verb verb, double *us)
{
	const struct act_request req = { .verb = verb, .several = true };
	static const struct router_conf conf = { .name = "r1", .os = "frr" };
	const struct driver driver = { .name = "frr", .title = "frr", .recipes = frr_recipes };
	const struct act_io io = { .ctx = m, .cli = made_cli, .look = made_look, .wait = made_wait };
	struct act_target *targets = mem_calloc(m->sessions, sizeof(*targets));
	struct plan *plan = plan_new(verb, "bench", "", NULL);
	char (*names)[64] = mem_calloc(m->sessions, sizeof(*names));
	struct inbox *in = inbox_new();
	double began = now_us();
	struct act_job *job;
	struct msg *msg;

	for (size_t i = 0; i < m->sessions; i++) {
		name_of(i, names[i]);
		targets[i] = (struct act_target){ .vrf = "", .neighbor = names[i] };
	}
	job = act_job_plan(&req, "r1", targets, m->sessions, NULL);
	act_job_run(job, &io, &conf, &driver, in);
	act_job_free(job);
	while ((msg = inbox_take(in)) != NULL) {
		if (msg->act != NULL && msg->act->final)
			plan_join(plan, act_progress_take_part(msg->act));
		msg_free(msg);
	}
	plan_seal(plan, NULL, 0);
	*us = now_us() - began;
	inbox_free(in);
	free(targets);
	free(names);
	return plan;
}

/* ---- appending ---- */

/* In turns, so that whatever else the disk does hits both. */
static void append(const char *dir, const struct plan *plan, size_t rounds)
{
	char *path = mem_printf("%s/journal.jsonl", dir), *raw_path = mem_printf("%s/raw", dir), *junk = mem_calloc(65536, 1);
	double *ours = mem_calloc(rounds, sizeof(double)), *raw = mem_calloc(rounds, sizeof(double));
	struct journal *j = journal_open(path, "bench");
	int fd = open(raw_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	off_t size = 0;

	memset(junk, 'x', 65536);
	for (size_t i = 0; i < rounds; i++) {
		char id[64];
		double t = now_us();
		off_t end;
		FILE *f;

		snprintf(id, sizeof(id), "B%zu", i);
		if (journal_intent(j, id, plan, &plan->items[i % plan->count], NULL) != 0)
			exit(1);
		ours[i] = now_us() - t;
		f = fopen(path, "r");
		fseeko(f, 0, SEEK_END);
		end = ftello(f);
		fclose(f);
		t = now_us();
		if (write(fd, junk, (size_t)(end - size)) != end - size || fdatasync(fd) != 0)
			exit(1);
		raw[i] = now_us() - t;
		size = end;
	}
	printf("record_octets %.0f\n", (double)size / (double)rounds);
	print_quantiles("append", ours, rounds);
	print_quantiles("fdatasync", raw, rounds);
	close(fd);
	journal_free(j);
	free(ours);
	free(raw);
	free(junk);
	free(path);
	free(raw_path);
}

/* The plan of so many, made five times; prints the best time. */
static struct plan *best_plan(const char *name, size_t sessions, enum verb verb)
{
	struct made m = { .sessions = sessions };
	struct plan *plan = NULL;
	double us, best = 0;

	make_config(&m);
	for (int i = 0; i < 5; i++) {
		plan_unref(plan);
		plan = make_plan(&m, verb, &us);
		if (plan_todo(plan, NULL) != sessions)
			exit(1);
		best = i == 0 || us < best ? us : best;
	}
	printf("%s %.0f\n", name, best);
	str_fini(&m.config);
	return plan;
}

int main(int argc, char **argv)
{
	struct plan *plan;

	if (argc != 3)
		return 2;
	plan_unref(best_plan("plan_more_us", SESSIONS * MORE_TIMES, VERB_SUSPEND));
	plan_unref(best_plan("withdraw_more_us", SESSIONS * MORE_TIMES, VERB_WITHDRAW));
	plan_unref(best_plan("withdraw_us", SESSIONS, VERB_WITHDRAW));
	plan_unref(best_plan("gshut_more_us", SESSIONS * MORE_TIMES, VERB_GSHUT));
	plan_unref(best_plan("gshut_us", SESSIONS, VERB_GSHUT));
	plan = best_plan("plan_us", SESSIONS, VERB_SUSPEND);
	append(argv[1], plan, strtoul(argv[2], NULL, 10));
	plan_unref(plan);
	return 0;
}
