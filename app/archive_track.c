/* One session over a time, and all sessions over the last hour, out of the history; see archive_priv.h. */
#include "app/archive_priv.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAIL_MS = 60000 /* what did not change is put once a minute */, LATELY_MS = TRACK_HOUR * 1000 };

int64_t archive_hold_ms(const struct config *c, const char *router)
{
	const struct router_conf *r = config_router(c, router);
	int64_t between = r != NULL ? (int64_t)r->interval_s * 2500 : 0;

	return between > HISTORY_SAME_MS ? between : HISTORY_SAME_MS;
}

bool archive_part(const char **key, char *out, size_t size)
{
	size_t n = strcspn(*key, "\t");
	bool fits = n < size;

	snprintf(out, size, "%.*s", (int)n, *key);
	*key += n + ((*key)[n] == '\t');
	return fits;
}

static int read_course(const struct config *c, const char *series, const struct track *t, int64_t hold_ms, struct course *out,
    struct err *e)
{
	struct history_range r = { NULL, 0 };

	if (series[0] != '\0' && history_read(c->data_dir, series, t->from_wall_ms - hold_ms, t->to_wall_ms, &r, e) < 0)
		return -1;
	course_fill(out, &r, t->from_wall_ms, t->to_wall_ms, hold_ms, TAIL_MS);
	history_range_fini(&r);
	return 0;
}

static int read_courses(const struct config *c, const char *interface, struct track *t, struct err *e)
{
	static const char *const words[TRACK_KINDS] = { [TRACK_RECEIVED] = "received", [TRACK_ACCEPTED] = "accepted",
		[TRACK_ADVERTISED] = "advertised", [TRACK_STATE] = "state", [TRACK_LOSS] = "loss-percent", [TRACK_RTT] = "avg-ms",
		[TRACK_IN] = "in-bps", [TRACK_OUT] = "out-bps" };
	int64_t polls = archive_hold_ms(c, t->router), probes = (int64_t)c->evidence.ping_s * 2500,
		ports = (int64_t)c->evidence.interface_s * 2500;

	for (int k = 0; k < TRACK_KINDS; k++) {
		char series[HISTORY_NAME_MAX + 1] = "";
		int64_t hold = polls;

		if (k <= TRACK_STATE) {
			track_series(series, t->router, t->vrf, t->neighbor, t->family, words[k]);
		} else if (k <= TRACK_RTT) {
			snprintf(series, sizeof(series), "probe/%s/%s/%s/%s", t->router, t->vrf, t->neighbor, words[k]);
			hold = probes > polls ? probes : polls;
		} else if (interface[0] != '\0') {
			snprintf(series, sizeof(series), "port/%s/%s/%s", t->router, interface, words[k]);
			hold = ports > polls ? ports : polls;
		}
		if (read_course(c, series, t, hold, &t->course[k], e) < 0)
			return -1;
	}
	return 0;
}

/* ---- marks ---- */

struct marking {
	struct track *t;
	const struct deeds *deeds;
	size_t cap;
};

static void add_mark(struct marking *m, const struct event *ev)
{
	MEM_GROW(m->t->marks, m->cap, m->t->mark_count + 1);
	m->t->marks[m->t->mark_count++] = (struct track_mark){ .wall_ms = ev->wall_ms, .kind = ev->kind, .severity = ev->severity };
	memcpy(m->t->marks[m->t->mark_count - 1].words, ev->words, sizeof(ev->words));
}

static int take_event(void *ctx, const struct event *ev)
{
	struct marking *m = ctx;
	bool other_family = ev->neighbor[0] != '\0' && ev->family != m->t->family && ev->family != AF_UNKNOWN;

	if (!other_family && !deeds_tell(m->deeds, ev))
		add_mark(m, ev);
	return 0;
}

static int newest_first(const void *a, const void *b)
{
	int64_t x = ((const struct track_mark *)a)->wall_ms, y = ((const struct track_mark *)b)->wall_ms;

	return x < y ? 1 : x > y ? -1 : 0;
}

/* What was done to it, and calls of its network as a whole. */
static bool concerns(const struct track *t, const struct chronicle_line *l)
{
	const struct event *e = &l->e;

	if (e->neighbor[0] == '\0')
		return strcmp(l->what, "call") == 0 && t->asn != ASN_UNKNOWN && e->remote_as == t->asn;
	return strcmp(e->neighbor, t->neighbor) == 0 && strcmp(e->router, t->router) == 0 && strcmp(e->vrf, t->vrf) == 0;
}

static int read_marks(const struct config *c, const struct deeds *d, struct track *t, struct err *e)
{
	struct marking m = { t, d, 0 };

	if (history_events_of(c->data_dir, t->router, t->vrf, t->neighbor, t->from_wall_ms, t->to_wall_ms, TRACK_MARKS + 1,
		take_event, &m, e) < 0)
		return -1;
	for (size_t i = 0; i < d->count; i++) {
		const struct event *ev = &d->lines[i].e;

		if (ev->wall_ms >= t->from_wall_ms && ev->wall_ms <= t->to_wall_ms && concerns(t, &d->lines[i]))
			add_mark(&m, ev);
	}
	if (t->mark_count > 0)
		qsort(t->marks, t->mark_count, sizeof(*t->marks), newest_first);
	t->more_marks = t->mark_count > TRACK_MARKS;
	if (t->more_marks)
		t->mark_count = TRACK_MARKS;
	return 0;
}

void archive_track_free(void *track)
{
	struct track *t = track;

	if (t == NULL)
		return;
	free(t->marks);
	free(t);
}

struct track *archive_track(const struct config *c, struct deeds *d, const char *key, int64_t now_wall_ms, struct err *e)
{
	struct track *t = MEM_NEW(struct track);
	char family[40], interface[80], range[16], asn[16];

	archive_part(&key, t->router, sizeof(t->router));
	archive_part(&key, t->vrf, sizeof(t->vrf));
	archive_part(&key, t->neighbor, sizeof(t->neighbor));
	archive_part(&key, family, sizeof(family));
	archive_part(&key, interface, sizeof(interface));
	archive_part(&key, range, sizeof(range));
	archive_part(&key, asn, sizeof(asn));
	if (!asn_parse(slice_of(asn), &t->asn))
		t->asn = ASN_UNKNOWN;
	afi_safi_parse(slice_of(family), &t->family);
	t->range_s = (unsigned)strtoul(range, NULL, 10);
	t->to_wall_ms = now_wall_ms;
	t->from_wall_ms = now_wall_ms - (int64_t)t->range_s * 1000;
	if (read_courses(c, interface, t, e) < 0 || read_marks(c, d, t, e) < 0) {
		archive_track_free(t);
		return NULL;
	}
	return t;
}

/* ---- all of them, lately ---- */

struct collecting {
	const struct config *config;
	struct lately *out;
	struct course *course;
	size_t cap;
};

static void take_series(void *ctx, const char *series, const struct history_range *r)
{
	struct collecting *g = ctx;
	struct lately_row *row;
	char router[80];
	const char *name = series + strlen("session/");

	snprintf(router, sizeof(router), "%.*s", (int)strcspn(name, "/"), name);
	course_fill(g->course, r, g->out->to_wall_ms - LATELY_MS, g->out->to_wall_ms, archive_hold_ms(g->config, router), TAIL_MS);
	if (!g->course->any)
		return;
	MEM_GROW(g->out->rows, g->cap, g->out->count + 1);
	row = &g->out->rows[g->out->count++];
	snprintf(row->series, sizeof(row->series), "%s", series);
	for (size_t i = 0; i < LATELY_CELLS; i++) {
		double low, high;

		row->cells[i] = course_column(g->course, i, LATELY_CELLS, &low, &high) ? (float)low : -1;
	}
}

static int by_series(const void *a, const void *b)
{
	return strcmp(((const struct lately_row *)a)->series, ((const struct lately_row *)b)->series);
}

void archive_lately_free(void *lately)
{
	struct lately *l = lately;

	if (l == NULL)
		return;
	free(l->rows);
	free(l);
}

struct lately *archive_lately(const struct config *c, int64_t now_wall_ms, struct err *e)
{
	struct lately *l = MEM_NEW(struct lately);
	struct course *course = MEM_NEW(struct course);
	struct collecting g = { c, l, course, 0 };
	int rc;

	l->to_wall_ms = now_wall_ms;
	rc = history_latest(c->data_dir, "session/", "/received", now_wall_ms - LATELY_MS - HISTORY_SAME_MS, take_series, &g, e);
	free(course);
	if (rc < 0) {
		archive_lately_free(l);
		return NULL;
	}
	if (l->count > 0)
		qsort(l->rows, l->count, sizeof(*l->rows), by_series);
	return l;
}
