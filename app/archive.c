/* Keys, keepers and the world; see archive.h. */
#include "app/archive_priv.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/model/keeper.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REFRESH_S = 15, LATELY_S = 60, RETRY_S = 5, NEWS_MS = 3000 };
#define KEPT_MS (INT64_C(8) * 86400 * 1000)

enum shelf_of { TRACKS, CHRONICLES, LATELY, SHELVES };

/* One keeper with what its thread keeps, and what the world shows of it. */
struct shelf {
	struct archive *archive;
	struct keeper *keeper;
	struct deeds deeds;            /* the thread's own */
	char key[KEEPER_KEY_MAX + 1];  /* wanted now; "" nothing */
	struct kept *held;
	const void *answer;            /* of what is held */
	char held_key[KEEPER_KEY_MAX + 1];
};

struct archive {
	const struct config *config;
	struct shelf shelves[SHELVES];
	bool news;
	int64_t asked_boot_ms; /* when something was asked for anew */
	pthread_mutex_t lock;
	struct peer_set *peers; /* guarded by lock: for names in filters */
};

static int ask_track(void *ctx, const char *key, int cancel_fd, void **answer, int64_t *as_of, struct err *e)
{
	struct shelf *s = ctx;

	(void)cancel_fd;
	*as_of = clock_wall_ms();
	deeds_refresh(&s->deeds, *as_of - KEPT_MS);
	*answer = archive_track(s->archive->config, &s->deeds, key, *as_of, e);
	return *answer != NULL ? 0 : -1;
}

static int ask_chronicle(void *ctx, const char *key, int cancel_fd, void **answer, int64_t *as_of, struct err *e)
{
	struct shelf *s = ctx;
	struct peer_set *peers;

	pthread_mutex_lock(&s->archive->lock);
	peers = s->archive->peers != NULL ? peer_set_ref(s->archive->peers) : NULL;
	pthread_mutex_unlock(&s->archive->lock);
	*as_of = clock_wall_ms();
	deeds_refresh(&s->deeds, *as_of - KEPT_MS);
	*answer = archive_chronicle(s->archive->config, &s->deeds, peers, key, *as_of, cancel_fd, e);
	peer_set_unref(peers);
	return *answer != NULL ? 0 : -1;
}

static int ask_lately(void *ctx, const char *key, int cancel_fd, void **answer, int64_t *as_of, struct err *e)
{
	struct shelf *s = ctx;

	(void)key, (void)cancel_fd;
	*as_of = clock_wall_ms();
	*answer = archive_lately(s->archive->config, *as_of, e);
	return *answer != NULL ? 0 : -1;
}

struct archive *archive_start(const struct config *config, const char *journal, struct err *e)
{
	static const struct keeper_ops ops[SHELVES] = {
		[TRACKS] = { ask_track, archive_track_free, NULL },
		[CHRONICLES] = { ask_chronicle, archive_chronicle_free, NULL },
		[LATELY] = { ask_lately, archive_lately_free, NULL },
	};
	static const unsigned refresh_s[SHELVES] = { REFRESH_S, REFRESH_S, LATELY_S };
	struct archive *a = MEM_NEW(struct archive);

	a->config = config;
	pthread_mutex_init(&a->lock, NULL);
	for (int i = 0; i < SHELVES; i++) {
		struct shelf *s = &a->shelves[i];
		const struct keeper_times times = { refresh_s[i], RETRY_S, 0 };

		s->archive = a;
		s->deeds.path = journal;
		s->keeper = keeper_start("history", &ops[i], s, &times, e);
		if (s->keeper == NULL) {
			archive_stop(a, NULL);
			return NULL;
		}
	}
	return a;
}

void archive_stop(struct archive *a, struct world *w)
{
	if (a == NULL)
		return;
	if (w != NULL) {
		w->track = NULL;
		w->chronicle = NULL;
		w->lately = NULL;
	}
	for (int i = 0; i < SHELVES; i++) {
		keeper_release(a->shelves[i].held);
		keeper_stop(a->shelves[i].keeper);
		deeds_fini(&a->shelves[i].deeds);
	}
	peer_set_unref(a->peers);
	pthread_mutex_destroy(&a->lock);
	free(a);
}

static void want(struct shelf *s, const char *key)
{
	const char *const keys[] = { key };

	if (strcmp(key, s->key) == 0)
		return;
	snprintf(s->key, sizeof(s->key), "%s", key);
	keeper_want(s->keeper, keys, key[0] != '\0');
}

static void want_chronicle(struct archive *a, const struct ui_wants *wants)
{
	char key[KEEPER_KEY_MAX + 1] = "";
	int n;

	if (wants->chronicle) {
		n = snprintf(key, sizeof(key), "%u\t%lld\t%zu\t%s", wants->range_s, (long long)wants->until_wall_ms, wants->page,
		    wants->filter);
		if (n < 0 || (size_t)n >= sizeof(key)) /* too long: the list filters what it got */
			snprintf(key, sizeof(key), "%u\t%lld\t%zu\t", wants->range_s, (long long)wants->until_wall_ms, wants->page);
	}
	want(&a->shelves[CHRONICLES], key);
}

void archive_want(struct archive *a, const struct ui_wants *wants, const char *interface, const struct world *w)
{
	char key[KEEPER_KEY_MAX + 1] = "";

	if (wants->track)
		snprintf(key, sizeof(key), "%s\t%s\t%s\t%s\t%s\t%u\t%u", wants->router, wants->vrf, wants->neighbor,
		    afi_safi_word(wants->family) != NULL ? afi_safi_word(wants->family) : "", interface, wants->range_s, wants->asn);
	want(&a->shelves[TRACKS], key);
	want_chronicle(a, wants);
	want(&a->shelves[LATELY], "all");
	if (a->peers != w->peers) {
		pthread_mutex_lock(&a->lock);
		peer_set_unref(a->peers);
		a->peers = w->peers != NULL ? peer_set_ref(w->peers) : NULL;
		pthread_mutex_unlock(&a->lock);
	}
}

void archive_news(struct archive *a)
{
	a->news = true;
}

/* What was written a moment ago is in the file after a second. */
static void read_news(struct archive *a, int64_t now_boot_ms)
{
	if (!a->news || now_boot_ms - a->asked_boot_ms < NEWS_MS)
		return;
	a->news = false;
	a->asked_boot_ms = now_boot_ms;
	for (int i = 0; i < LATELY; i++)
		if (a->shelves[i].key[0] != '\0')
			keeper_refresh(a->shelves[i].keeper, a->shelves[i].key);
}

/* The same time and page, only another filter: the list goes on with what it has until the answer comes. */
static bool differs_by_filter(const struct shelf *s)
{
	const char *p = s->key;

	for (int tabs = 0; *p != '\0' && tabs < 3; p++)
		tabs += *p == '\t';
	return strncmp(s->key, s->held_key, (size_t)(p - s->key)) == 0;
}

/* The answer to what is wanted now, never to what was; NULL none yet.  *waits: it is still to come. */
static const void *take(struct shelf *s, bool *waits, bool *changed, char trouble[200])
{
	struct kept_view v = { .hold = NULL };

	if (s->key[0] != '\0')
		keeper_get(s->keeper, s->key, &v);
	*waits = *waits || (s->key[0] != '\0' && v.hold == NULL && v.err.code == ERR_NONE);
	if (v.err.code != ERR_NONE)
		snprintf(trouble, 200, "%.199s", v.err.text);
	if (v.hold == NULL && s->held != NULL && s == &s->archive->shelves[CHRONICLES] && s->key[0] != '\0' && differs_by_filter(s))
		return s->answer;
	*changed = *changed || v.hold != s->held;
	keeper_release(s->held);
	s->held = v.hold;
	s->answer = v.hold != NULL ? v.answer : NULL;
	snprintf(s->held_key, sizeof(s->held_key), "%s", s->key);
	return s->answer;
}

bool archive_take(struct archive *a, struct world *w)
{
	bool waits = false, changed = false, ignored = false, lately_changed = false;

	read_news(a, w->now_boot_ms);
	w->no_past[0] = '\0';
	w->track = take(&a->shelves[TRACKS], &waits, &ignored, w->no_past);
	w->chronicle = take(&a->shelves[CHRONICLES], &waits, &changed, w->no_past);
	w->lately = take(&a->shelves[LATELY], &ignored, &lately_changed, w->no_past);
	if (changed || lately_changed)
		w->past_revision++;
	return waits;
}
