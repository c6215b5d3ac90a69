/*
 * What the history on disk says of a series over a window, kept by a keeper: the screen's thread never waits for a disk.
 */
#include "app/collect_priv.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

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

/* ---- the last probes ---- */

static const char PROBES[] = "probes", LOSS[] = "loss-percent";

void past_probes_key(char out[KEEPER_KEY_MAX + 1], const struct place *p)
{
	char series[HISTORY_NAME_MAX + 1];

	place_series(series, "probe", p, LOSS);
	snprintf(out, KEEPER_KEY_MAX + 1, "%s|%s", series, PROBES);
}

/* What a series said at that time; -1: nothing. */
static double value_at(const struct history_range *r, int64_t wall_ms)
{
	for (size_t i = r->count; i > 0; i--)
		if (r->samples[i - 1].wall_ms - 1000 <= wall_ms && wall_ms <= r->samples[i - 1].until_wall_ms + 1000)
			return r->samples[i - 1].value;
	return -1;
}

/* Equal samples stand as one with a count: they came at even steps, as near as anybody knows.  Beyond a time in which
 * nobody probed the windows say nothing of now. */
static void take_windows(struct past *p, const struct history_range of[3], int64_t step_ms, int64_t now)
{
	int64_t newer = now;

	p->windows = mem_calloc(PROBES_KEPT, sizeof(*p->windows));
	for (size_t i = of[0].count; i > 0; i--) {
		const struct history_sample *s = &of[0].samples[i - 1];
		int64_t n = s->count > 1 ? s->count : 1;

		for (int64_t k = n - 1; k >= 0; k--) {
			int64_t at = n > 1 ? s->wall_ms + (s->until_wall_ms - s->wall_ms) * k / (n - 1) : s->wall_ms;

			if (p->window_count == PROBES_KEPT || newer - at > 3 * step_ms)
				return;
			p->windows[p->window_count++] = (struct quality_window){ .wall_ms = at, .sent = COUNT_UNKNOWN, .received = COUNT_UNKNOWN,
				.told = true, .loss_percent = s->value, .min_ms = -1, .avg_ms = value_at(&of[1], at), .p95_ms = -1,
				.jitter_ms = value_at(&of[2], at) };
			newer = at;
		}
	}
}

static int ask_probes(const struct config *config, const char *series, struct past *p, int64_t now, struct err *e)
{
	static const char *const names[] = { "", "avg-ms", "jitter-ms" };
	int64_t step = (int64_t)config->evidence.ping_s * 1000;
	int64_t from = now - (step > 0 ? step : 3600000) * (PROBES_KEPT + 3);
	size_t base = strlen(series) - strlen(LOSS);
	struct history_range of[3] = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	int rc = 0;

	for (int i = 0; i < 3 && rc == 0; i++) {
		char *name = i == 0 ? mem_strdup(series) : mem_printf("%.*s%s", (int)base, series, names[i]);

		rc = history_read(config->data_dir, name, from, now, &of[i], e);
		free(name);
	}
	if (rc == 0)
		take_windows(p, of, step > 0 ? step : 3600000, now);
	for (int i = 0; i < 3; i++)
		history_range_fini(&of[i]);
	return rc;
}

/* Several series as one: the names one after another, a line each. */
static int read_sum(const struct config *config, const char *series, int64_t from, int64_t now, int64_t least, struct history_range *out,
    struct err *e)
{
	struct history_range all[PAST_SUM_MAX];
	struct scan c = scan_of(slice_of(series));
	struct slice name;
	size_t n = 0;
	int rc = 0;

	while (rc == 0 && n < PAST_SUM_MAX && scan_line(&c, &name)) {
		char *one = mem_strndup(name.p, name.len);

		rc = history_read(config->data_dir, one, from, now, &all[n], e);
		n += rc == 0;
		free(one);
	}
	if (rc == 0)
		history_sum(all, n, least, out);
	for (size_t i = 0; i < n; i++)
		history_range_fini(&all[i]);
	return rc;
}

static void past_free(void *answer)
{
	struct past *p = answer;

	if (p != NULL)
		free(p->windows);
	free(p);
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
	int rc;

	(void)cancel_fd;
	if (strcmp(bar + 1, PROBES) == 0) {
		p = MEM_NEW(struct past);
		rc = ask_probes(config, series, p, now, e);
		free(series);
		*answer = p;
		*as_of = now;
		if (rc < 0)
			past_free(p);
		return rc < 0 ? -1 : 0;
	}
	rc = strchr(series, '\n') != NULL ? read_sum(config, series, from, now, least, &r, e) : history_read(config->data_dir, series, from, now, &r, e);
	least = strchr(series, '\n') != NULL ? 0 : least;
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
	static const struct keeper_ops ops = { ask, past_free, NULL };
	const struct keeper_times times = { REFRESH_S, RETRY_S, GAP_MS };

	return keeper_start("history", &ops, (void *)(uintptr_t)config, &times, e);
}
