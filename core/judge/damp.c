/* Runs of transitions; see damp.h. */
#include "core/judge/damp.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define uthash_fatal(msg) abort()
#include <uthash.h>

enum { NONE = -1, KEY_LEN = 216 };

/* While walking from the newest event back: the run of each session that is still open, and all runs there were. */
struct run {
	size_t newest, oldest;
	unsigned times;
	enum severity gravest;
	bool unacked, flaps;
};

struct place {
	char key[KEY_LEN];
	long run;
	UT_hash_handle hh;
};

struct walk {
	const struct event *const *events;
	struct run *runs;
	size_t run_count, run_cap;
	long *run_of;     /* by event; NONE: by itself */
	size_t *older;    /* by event: the next one of its run, SIZE_MAX at the end */
	struct place *places;
};

static bool is_change(const struct event *e)
{
	return e->kind == EVENT_UP || e->kind == EVENT_DOWN || e->kind == EVENT_LIMIT_TRIPPED || e->kind == EVENT_ROUTER_LOST ||
	    e->kind == EVENT_ROUTER_BACK;
}

/* Down and up again between two looks: diff.c says so in one event. */
static unsigned weight(const struct event *e)
{
	return e->kind == EVENT_DOWN && strncmp(e->words, "flapped", 7) == 0 ? 2 : 1;
}

static void key_of(const char *router, const char *vrf, const char *neighbor, enum afi_safi family, char out[KEY_LEN])
{
	snprintf(out, KEY_LEN, "%.63s\t%.63s\t%.63s\t%d", router, vrf, neighbor, neighbor[0] != '\0' ? (int)family : 0);
}

static struct place *place_of(struct place **all, const char *key)
{
	struct place *p;

	HASH_FIND_STR(*all, key, p);
	if (p == NULL) {
		p = MEM_NEW(struct place);
		snprintf(p->key, sizeof(p->key), "%s", key);
		p->run = NONE;
		HASH_ADD_STR(*all, key, p);
	}
	return p;
}

static void places_free(struct place *all)
{
	struct place *p, *next;

	HASH_ITER(hh, all, p, next) {
		HASH_DEL(all, p);
		free(p);
	}
}

static bool is_unacked(const struct event *e)
{
	return e->severity >= SEV_WARN && !e->acked;
}

static void take(struct walk *w, size_t i, const struct flap_conf *conf)
{
	const struct event *e = w->events[i];
	struct place *p;
	char key[KEY_LEN];
	struct run *r;

	w->run_of[i] = NONE;
	w->older[i] = SIZE_MAX;
	if (!is_change(e))
		return;
	key_of(e->router, e->vrf, e->neighbor, e->family, key);
	p = place_of(&w->places, key);
	r = p->run != NONE ? &w->runs[p->run] : NULL;
	if (r == NULL || llabs(w->events[r->oldest]->wall_ms - e->wall_ms) > (int64_t)conf->quiet_s * 1000) {
		MEM_GROW(w->runs, w->run_cap, w->run_count + 1);
		p->run = (long)w->run_count;
		r = &w->runs[w->run_count++];
		*r = (struct run){ .newest = i, .oldest = i };
	} else {
		w->older[r->oldest] = i;
		r->oldest = i;
	}
	r->times += weight(e);
	r->gravest = e->severity > r->gravest ? e->severity : r->gravest;
	r->unacked = r->unacked || is_unacked(e);
	w->run_of[i] = p->run;
}

/* Enough changes close together, anywhere in the run. */
static bool flaps(const struct walk *w, const struct run *r, const struct flap_conf *conf)
{
	size_t late = r->newest;
	unsigned inside = 0;

	if (conf->changes == 0 || r->times < conf->changes)
		return false;
	for (size_t early = r->newest; early != SIZE_MAX; early = w->older[early]) {
		inside += weight(w->events[early]);
		while (w->events[late]->wall_ms - w->events[early]->wall_ms > (int64_t)conf->within_s * 1000) {
			inside -= weight(w->events[late]);
			late = w->older[late];
		}
		if (inside >= conf->changes)
			return true;
	}
	return false;
}

static void walk_fini(struct walk *w)
{
	places_free(w->places);
	free(w->runs);
	free(w->run_of);
	free(w->older);
}

size_t damp_lines(const struct event *const *events, size_t n, const struct flap_conf *conf, struct damp_line **lines)
{
	struct walk w = { .events = events, .run_of = mem_calloc(n + 1, sizeof(*w.run_of)),
		.older = mem_calloc(n + 1, sizeof(*w.older)) };
	size_t count = 0;

	*lines = mem_calloc(n + 1, sizeof(**lines));
	for (size_t i = 0; i < n; i++)
		take(&w, i, conf);
	for (size_t k = 0; k < w.run_count; k++)
		w.runs[k].flaps = flaps(&w, &w.runs[k], conf);
	for (size_t i = 0; i < n; i++) {
		const struct run *r = w.run_of[i] != NONE ? &w.runs[w.run_of[i]] : NULL;

		if (r == NULL || !r->flaps)
			(*lines)[count++] = (struct damp_line){ events[i], events[i], 1, events[i]->severity, is_unacked(events[i]) };
		else if (r->newest == i)
			(*lines)[count++] = (struct damp_line){ events[i], events[r->oldest], r->times, r->gravest, r->unacked };
	}
	walk_fini(&w);
	return count;
}

void damp_words(const struct damp_line *l, struct str *out)
{
	char span[CLOCK_SPAN_LEN], iso[CLOCK_ISO_LEN];
	int64_t lasted = (l->newest->wall_ms - l->oldest->wall_ms) / 1000;

	/* In this order, because a list cuts the end: how often, what it is now, when. */
	if (l->times > 1)
		str_addf(out, "flaps %ux in %s: ", l->times, clock_span(lasted > 0 ? lasted : 0, span));
	str_puts(out, l->newest->words);
	if (l->times > 1)
		str_addf(out, ", last %.8s", clock_iso(l->newest->wall_ms, iso) + 11);
}

/* ---- what flaps now ---- */

struct flapping {
	char key[KEY_LEN];
	struct damp_line line;
	struct event newest, oldest; /* copies: the log goes on */
	UT_hash_handle hh;
};

struct damped {
	struct flapping *all;
};

/* The newest run of each. */
static void keep_line(struct damped *d, const struct damp_line *l)
{
	const struct event *e = l->newest;
	struct flapping *f = MEM_NEW(struct flapping), *known;

	key_of(e->router, e->vrf, e->neighbor, e->family, f->key);
	HASH_FIND_STR(d->all, f->key, known);
	if (known != NULL) {
		free(f);
		return;
	}
	f->newest = *l->newest;
	f->oldest = *l->oldest;
	f->line = *l;
	f->line.newest = &f->newest;
	f->line.oldest = &f->oldest;
	HASH_ADD_STR(d->all, key, f);
}

struct damped *damped_new(const struct event_log *log, const struct flap_conf *conf, int64_t now_wall_ms)
{
	struct damped *d = MEM_NEW(struct damped);
	size_t n = log != NULL ? event_log_count(log) : 0, count;
	const struct event **events = mem_calloc(n + 1, sizeof(*events));
	struct damp_line *lines;

	for (size_t i = 0; i < n; i++)
		events[i] = event_log_at(log, i);
	count = damp_lines(events, n, conf, &lines);
	for (size_t i = 0; i < count; i++)
		if (lines[i].times > 1 && now_wall_ms - lines[i].newest->wall_ms <= (int64_t)conf->quiet_s * 1000)
			keep_line(d, &lines[i]);
	free(lines);
	free(events);
	return d;
}

void damped_free(struct damped *d)
{
	struct flapping *f, *next;

	if (d == NULL)
		return;
	HASH_ITER(hh, d->all, f, next) {
		HASH_DEL(d->all, f);
		free(f);
	}
	free(d);
}

size_t damped_count(const struct damped *d)
{
	return d != NULL ? HASH_COUNT(d->all) : 0;
}

const struct damp_line *damped_find(const struct damped *d, const char *router, const char *vrf, const char *neighbor,
    enum afi_safi family)
{
	struct flapping *f = NULL;
	char key[KEY_LEN];

	if (damped_count(d) == 0)
		return NULL;
	key_of(router, vrf, neighbor, family, key);
	HASH_FIND_STR(d->all, key, f);
	return f != NULL ? &f->line : NULL;
}
