/* Everything over a time, a page at a time, out of the event store and the journal; see archive_priv.h. */
#include "app/archive_priv.h"
#include "core/base/mem.h"
#include "core/judge/damp.h"
#include "tui/filter.h"
#include "tui/view.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { READ_MOST = 100000 /* the newest events of a time that pages are made of */, LOOK_EVERY = 1024 };

struct telling {
	struct chronicle *out;
	const struct deeds *deeds;
	size_t deed; /* the next of them, by time */
	const struct filter *filter;
	struct view_ctx cx;
	struct chronicle_line *ring; /* the newest that match, READ_MOST at most */
	size_t count, cap, next;
	size_t dropped;
	int cancel_fd;
	size_t taken;
	bool cancelled;
	uint64_t serial; /* event ids of this reading: the order of putting */
};

static void count_cell(struct chronicle *c, const struct event *e)
{
	int64_t span = c->to_wall_ms - c->from_wall_ms;
	size_t at;

	if (span <= 0 || e->wall_ms < c->from_wall_ms || e->wall_ms > c->to_wall_ms)
		return;
	at = (size_t)((e->wall_ms - c->from_wall_ms) * CHRONICLE_CELLS / (span + 1));
	c->cells[at].all++;
	c->cells[at].bad += e->severity >= SEV_WARN;
}

static void keep(struct telling *t, const struct chronicle_line *l)
{
	size_t at = t->count < READ_MOST ? t->count : t->next;

	if (t->count < READ_MOST)
		MEM_GROW(t->ring, t->cap, t->count + 1);
	t->ring[at] = *l;
	t->ring[at].e.id = ++t->serial;
	if (t->count < READ_MOST) {
		t->count++;
		return;
	}
	t->next = (t->next + 1) % READ_MOST;
	t->dropped++;
}

static void tell(struct telling *t, const struct chronicle_line *l)
{
	if (!filter_match(t->filter, &t->cx, l))
		return;
	count_cell(t->out, &l->e);
	t->out->total++;
	keep(t, l);
}

/* Deeds up to this moment come first. */
static void tell_deeds(struct telling *t, int64_t until_wall_ms)
{
	for (; t->deed < t->deeds->count && t->deeds->lines[t->deed].e.wall_ms <= until_wall_ms; t->deed++)
		if (t->deeds->lines[t->deed].e.wall_ms >= t->out->from_wall_ms)
			tell(t, &t->deeds->lines[t->deed]);
}

/* Whoever leaves the console does not wait for a long history. */
static bool is_cancelled(struct telling *t)
{
	struct pollfd p = { .fd = t->cancel_fd, .events = POLLIN };

	return ++t->taken % LOOK_EVERY == 0 && poll(&p, 1, 0) > 0;
}

static int take_event(void *ctx, const struct event *ev)
{
	struct telling *t = ctx;
	struct chronicle_line l = { .e = *ev, .times = 1, .first_wall_ms = ev->wall_ms };

	if (is_cancelled(t)) {
		t->cancelled = true;
		return 1;
	}
	tell_deeds(t, ev->wall_ms);
	if (deeds_tell(t->deeds, ev))
		return 0;
	snprintf(l.what, sizeof(l.what), "%s", event_kind_word(ev->kind));
	tell(t, &l);
	return 0;
}

static int newest_first(const void *va, const void *vb)
{
	const struct chronicle_line *a = *(const struct chronicle_line *const *)va, *b = *(const struct chronicle_line *const *)vb;

	if (a->e.wall_ms != b->e.wall_ms)
		return a->e.wall_ms < b->e.wall_ms ? 1 : -1;
	return a->e.id < b->e.id ? 1 : -1;
}

/* The event is the first member of its line. */
static void put_line(struct chronicle_line *out, const struct damp_line *l)
{
	struct str words;

	*out = *(const struct chronicle_line *)(const void *)l->newest;
	out->times = l->times;
	out->e.severity = l->gravest;
	out->first_wall_ms = l->oldest->wall_ms;
	if (l->times < 2)
		return;
	str_init(&words, sizeof(out->e.words) - 1);
	damp_words(l, &words);
	snprintf(out->e.words, sizeof(out->e.words), "%s", words.p);
	str_fini(&words);
}

/* Newest first, runs that flap joined, as many lines as a page holds.  All pages are cut out of the same lines, so that
 * a storm in one moment is whole. */
static void make_page(struct telling *t, size_t page, const struct flap_conf *conf)
{
	const struct chronicle_line **sorted = mem_calloc(t->count + 1, sizeof(*sorted));
	const struct event **events = mem_calloc(t->count + 1, sizeof(*events));
	struct chronicle *c = t->out;
	struct damp_line *lines = NULL;
	size_t n, first;

	for (size_t i = 0; i < t->count; i++)
		sorted[i] = &t->ring[(t->next + i) % t->count];
	qsort(sorted, t->count, sizeof(*sorted), newest_first);
	for (size_t i = 0; i < t->count; i++)
		events[i] = &sorted[i]->e;
	n = damp_lines(events, t->count, conf, &lines);
	first = page * CHRONICLE_LINES < n ? page * CHRONICLE_LINES : n;
	c->older = n > first + CHRONICLE_LINES;
	c->cut = t->dropped > 0;
	c->count = c->older ? CHRONICLE_LINES : n - first;
	c->lines = mem_calloc(c->count + 1, sizeof(*c->lines));
	for (size_t i = 0; i < c->count; i++) {
		put_line(&c->lines[i], &lines[first + i]);
	}
	free(lines);
	free(events);
	free(sorted);
}

void archive_chronicle_free(void *chronicle)
{
	struct chronicle *c = chronicle;

	if (c == NULL)
		return;
	free(c->lines);
	free(c);
}

struct chronicle *archive_chronicle(const struct config *config, struct deeds *d, const struct peer_set *peers, const char *key,
    int64_t now_wall_ms, int cancel_fd, struct err *e)
{
	struct chronicle *c = MEM_NEW(struct chronicle);
	struct world w = { .config = config, .peers = (struct peer_set *)(uintptr_t)peers, .now_wall_ms = now_wall_ms };
	struct telling t = { .out = c, .deeds = d, .cancel_fd = cancel_fd, .cx = { .w = &w, .g = glyphs_of(true) } };
	char range[16], until[24], page[16];
	struct filter *filter;
	struct err no_filter = ERR_INIT;
	int rc;

	archive_part(&key, range, sizeof(range));
	archive_part(&key, until, sizeof(until));
	archive_part(&key, page, sizeof(page));
	filter = filter_new(key, view_timeline.columns, view_timeline.column_count, &no_filter);
	t.filter = filter;
	c->to_wall_ms = strtoll(until, NULL, 10) > 0 ? strtoll(until, NULL, 10) : now_wall_ms;
	c->from_wall_ms = c->to_wall_ms - strtoll(range, NULL, 10) * 1000;
	rc = history_events(config->data_dir, c->from_wall_ms, c->to_wall_ms, 0, take_event, &t, e);
	if (t.cancelled)
		rc = err_set(e, ERR_CANCELLED, "not read to the end");
	tell_deeds(&t, c->to_wall_ms);
	if (rc == 0)
		make_page(&t, strtoul(page, NULL, 10), &config->flap);
	filter_free(filter);
	free(t.ring);
	if (rc < 0) {
		archive_chronicle_free(c);
		return NULL;
	}
	return c;
}
