/*
 * The quality guard: loss, latency and jitter from the router to the neighbor.
 *
 * Never on one probe: some of the last windows must be bad, and it is good again only after a run of good ones.  Which
 * of the two holds is found by going through the windows from the oldest on, so that the same windows always give the
 * same verdict, whoever looks and whenever the program was started.
 */
#include "core/judge/check_table.h"
#include "core/base/clock.h"

#include <math.h>
#include <stdio.h>

enum { QUALITY_WORDS = 160, QUORUM_MOST = 100 };

static double loss_of(const struct quality_window *w)
{
	if (w->told)
		return isfinite(w->loss_percent) && w->loss_percent >= 0 && w->loss_percent <= 100 ? w->loss_percent : -1;
	return w->sent > 0 && w->received >= 0 && w->received <= w->sent ? (double)(w->sent - w->received) * 100 / (double)w->sent : -1;
}

static double usec(double ms)
{
	return isfinite(ms) && ms >= 0 ? ms * 1000 : -1;
}

/* What makes the window bad; NULL: it is good, or says nothing. */
static const char *fault_of(const struct quality_window *w, double baseline_ms, const struct clause *c)
{
	double tail = usec(w->p95_ms) >= 0 ? usec(w->p95_ms) : usec(w->avg_ms), avg = usec(w->avg_ms), usual = usec(baseline_ms);

	if (loss_of(w) * 100 >= (double)c->values[P_QUALITY_LOSS])
		return "loss";
	if (tail >= (double)c->values[P_QUALITY_LATENCY])
		return "latency";
	if (avg >= 0 && usual >= 0 && avg - usual >= (double)c->values[P_QUALITY_OVER])
		return "latency above the usual";
	return usec(w->jitter_ms) >= (double)c->values[P_QUALITY_JITTER] ? "jitter" : NULL;
}

static const char *window_words(const struct quality_window *w, char out[QUALITY_WORDS])
{
	int n = w->told ? snprintf(out, QUALITY_WORDS, "%.3g %% loss", loss_of(w)) :
		snprintf(out, QUALITY_WORDS, "%.3g %% loss of %lld probes", loss_of(w), (long long)w->sent);

	if (w->avg_ms >= 0)
		n += snprintf(out + n, QUALITY_WORDS - (size_t)n, ", %.3g ms on average", w->avg_ms);
	if (w->p95_ms >= 0)
		n += snprintf(out + n, QUALITY_WORDS - (size_t)n, ", %.3g ms 95th percentile", w->p95_ms);
	if (w->jitter_ms >= 0)
		snprintf(out + n, QUALITY_WORDS - (size_t)n, ", %.3g ms jitter", w->jitter_ms);
	return out;
}

struct watch {
	bool bad[QUORUM_MOST]; /* ring of the last windows that said something */
	size_t seen, good_run, bad_now;
	bool failing;
	const struct quality_window *last_bad;
	const char *why; /* of the last bad one */
};

/* One more window, in the order of time. */
static void watch_window(struct watch *s, const struct quality_window *w, double baseline_ms, const struct clause *c)
{
	size_t need = (size_t)(c->values[P_QUALITY_WINDOWS] / 1000), of = (size_t)(c->values[P_QUALITY_WINDOWS] % 1000);
	const char *why = fault_of(w, baseline_ms, c);

	if (loss_of(w) < 0)
		return;
	if (s->seen >= of && s->bad[s->seen % of])
		s->bad_now--;
	s->bad[s->seen % of] = why != NULL;
	s->seen++;
	s->good_run = why != NULL ? 0 : s->good_run + 1;
	if (why != NULL) {
		s->bad_now++;
		s->last_bad = w;
		s->why = why;
	}
	if (s->bad_now >= need)
		s->failing = true;
	else if (s->good_run >= (size_t)c->values[P_QUALITY_RECOVER])
		s->failing = false;
}

static struct basis lacking(const struct quality_facts *q, const char *missing)
{
	return (struct basis){ .source = q->basis.source, .wall_ms = q->basis.wall_ms, .missing = { missing } };
}

static void quality_of(const struct evidence *ev, const struct evidence_session *s, const struct clause *c, struct judgement *j)
{
	const struct quality_facts *q = &s->quality;
	const char *about = find_session(j, s);
	size_t of = (size_t)(c->values[P_QUALITY_WINDOWS] % 1000);
	struct watch state = { .seen = 0 };
	char words[QUALITY_WORDS], span[CLOCK_SPAN_LEN];
	struct basis b;

	if (!q->basis.known || q->window_count == 0) {
		find_unknown(j, about, &q->basis, "its quality is not known");
		return;
	}
	if ((ev->now_wall_ms - q->windows[0].wall_ms) / 1000 > c->values[P_QUALITY_AGE]) {
		b = lacking(q, "new probes from the router to this neighbor");
		find_unknown(j, about, &b, "the last probes are %s old", clock_span((ev->now_wall_ms - q->windows[0].wall_ms) / 1000, span));
		return;
	}
	for (size_t i = q->window_count; i > 0; i--)
		watch_window(&state, &q->windows[i - 1], q->baseline_ms, c);
	if (state.failing) {
		find_fail(j, about, &q->basis, "%s: %zu of the last %zu windows are bad, at last %s", state.why, state.bad_now,
		    state.seen < of ? state.seen : of, window_words(state.last_bad, words));
	} else if (state.seen < of) {
		b = lacking(q, "more windows of probes: it takes time");
		find_unknown(j, about, &b, "%zu of %zu windows are there", state.seen, of);
	} else {
		find_pass(j, about, &q->basis, "%s%s", window_words(&q->windows[0], words), state.bad_now ? "; some windows were bad" : "");
	}
}

void check_quality(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	const struct evidence_session *s;
	size_t at = 0;

	while ((s = find_live(ev, j, &at)) != NULL)
		quality_of(ev, s, c, j);
	find_no_session(ev, j, "its quality is not known");
}
