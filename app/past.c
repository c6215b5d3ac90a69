/*
 * What the history on disk says of a series over a window, kept by a keeper: the screen's thread never waits for a disk.
 */
#include "app/collect_priv.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REFRESH_S = 600, RETRY_S = 60, GAP_MS = 20 };

void past_key(char out[KEEPER_KEY_MAX + 1], const char *series, int64_t window_s)
{
	snprintf(out, KEEPER_KEY_MAX + 1, "%s|%lld", series, (long long)window_s);
}

/* Least squares over the middles of the samples, in values a day. */
static void slope(const struct history_range *r, struct past *out)
{
	double n = 0, st = 0, sv = 0, stt = 0, stv = 0, d;

	for (size_t i = 0; i < r->count; i++) {
		const struct history_sample *s = &r->samples[i];
		double w = (double)(s->until_wall_ms - s->wall_ms) / 1000 + 1;
		double t = (double)(s->wall_ms - r->samples[0].wall_ms + (s->until_wall_ms - s->wall_ms) / 2) / 86400000;

		n += w;
		st += w * t;
		sv += w * s->value;
		stt += w * t * t;
		stv += w * t * s->value;
	}
	d = n * stt - st * st;
	out->slope_known = r->count >= 2 && d > 1e-9;
	out->slope_per_day = out->slope_known ? (n * stv - st * sv) / d : 0;
}

static double mean(const struct history_range *r, int64_t least_ms)
{
	double sum = 0, time = 0;

	for (size_t i = 0; i < r->count; i++) {
		double ms = (double)(r->samples[i].until_wall_ms - r->samples[i].wall_ms);

		ms = ms < (double)least_ms ? (double)least_ms : ms;
		sum += r->samples[i].value * ms;
		time += ms;
	}
	return time > 0 ? sum / time : -1;
}

static int ask(void *ctx, const char *key, int cancel_fd, void **answer, int64_t *as_of, struct err *e)
{
	const struct config *config = ctx;
	const char *bar = strrchr(key, '|');
	char *series = mem_strndup(key, (size_t)(bar - key));
	int64_t now = clock_wall_ms(), from = now - strtoll(bar + 1, NULL, 10) * 1000;
	int64_t least = (int64_t)config->evidence.interface_s * 1000;
	struct history_range r;
	struct past *p;
	int rc = history_read(config->data_dir, series, from, now, &r, e);

	(void)cancel_fd;
	free(series);
	if (rc < 0)
		return -1;
	p = MEM_NEW(struct past);
	p->p95 = history_percentile(&r, 95, least);
	p->mean = mean(&r, least);
	p->covered_ms = history_covered_ms(&r, least);
	if (p->covered_ms > now - from)
		p->covered_ms = now - from;
	for (size_t i = 0; i < r.count; i++) {
		p->samples += r.samples[i].count;
		p->ever_established = p->ever_established || r.samples[i].value == (double)BGP_ESTABLISHED;
	}
	slope(&r, p);
	history_range_fini(&r);
	*answer = p;
	*as_of = now;
	return 0;
}

struct keeper *past_keeper(const struct config *config, struct err *e)
{
	static const struct keeper_ops ops = { ask, free, NULL };
	const struct keeper_times times = { REFRESH_S, RETRY_S, GAP_MS };

	return keeper_start("history", &ops, (void *)(uintptr_t)config, &times, e);
}
