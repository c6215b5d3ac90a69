/* Recording, configuration and folder of a replay; see replaying.h. */
#include "app/replaying.h"
#include "backends/sources/peeringdb.h"
#include "core/act/until.h"
#include "core/base/clock.h"
#include "core/model/book.h"
#include "core/model/driver.h"
#include "core/model/store.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DAY_MS = 86400000, INTERVAL_S = 10, INTERVAL_MOST_S = 3600, GAPS_MAX = 1001 };

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* How often it was polled then: what is older than twice that is stale.  The middle of the first gaps; breaks do not
 * count. */
static unsigned interval_of(const struct recording *rec, uint32_t router)
{
	int64_t gaps[GAPS_MAX], before = 0;
	size_t n = 0;

	for (size_t i = 0; i < rec->count && n < GAPS_MAX; i++) {
		const struct look *l = &rec->looks[i];

		if (l->kind != LOOK_POLL || l->router != router)
			continue;
		if (before > 0)
			gaps[n++] = l->end_ms - before;
		before = l->end_ms;
	}
	if (n == 0)
		return INTERVAL_S;
	qsort(gaps, n, sizeof(*gaps), by_size);
	n = (size_t)(gaps[n / 2] + 500) / 1000;
	return n < 1 ? 1 : n > INTERVAL_MOST_S ? INTERVAL_MOST_S : (unsigned)n;
}

/* What the operator's block says about the place; nothing about the way there. */
static void take_routers(struct config *c, const struct recording *rec)
{
	struct router_conf *routers = arena_alloc(c->arena, (rec->router_count + 1) * sizeof(*routers));

	memset(routers, 0, (rec->router_count + 1) * sizeof(*routers));
	for (size_t i = 0; i < rec->router_count; i++) {
		const struct router_conf *known = config_router(c, rec->routers[i].name);
		const struct driver *d = driver_find(rec->routers[i].os);

		routers[i] = (struct router_conf){ .name = rec->routers[i].name, .os = d != NULL ? d->name : rec->routers[i].os,
			.address = "recording", .port = 22, .timeout_s = 15, .interval_s = interval_of(rec, (uint32_t)i),
			.read_only = true };
		if (known == NULL)
			continue;
		routers[i].exchange = known->exchange;
		routers[i].exchange_lan = known->exchange_lan;
		routers[i].facility = known->facility;
	}
	c->routers = routers;
	c->router_count = rec->router_count;
}

static void reach_nobody(struct config *c)
{
	c->pdb.enabled = false;
	c->irr.host = NULL;
	c->rpki.vrp_file = NULL; /* what is valid now says little about then */
	c->rpki.rtr_host = NULL;
	c->prometheus.url = NULL;
	c->ripestat.enabled = false;
	c->rdap.enabled = false;
	c->mail.command = NULL;
	c->mail.folder = NULL;
	c->metrics.listen = NULL;
	for (size_t i = 0; i < c->alert_count; i++)
		c->alerts[i].outputs &= ALERT_TO_SCREEN;
	c->output_count = 0;
	c->data_group = NULL;
	c->read_only = true;
	c->record = false;
}

/* Without a configuration of its own a bug report is replayed on whatever host reads it. */
static struct config *find_config(struct replaying *r, const struct options *o, struct err *e)
{
	struct err own = ERR_INIT;
	struct config *c = options_config(o, &own);

	if (c != NULL)
		return c;
	if (o->config != NULL) {
		err_set(e, own.code, "%s", own.text);
		return NULL;
	}
	c = config_parse("the replay", "local-as = 64512\n", e);
	if (c != NULL)
		c->local_as = r->recording->local_as;
	snprintf(r->note, sizeof(r->note), "replayed without a configuration: %.200s", own.text);
	return c;
}

static int make_folder(struct replaying *r, struct err *e)
{
	const char *tmp = getenv("TMPDIR");

	r->dir = mem_printf("%s/peerdeck-replay-XXXXXX", tmp != NULL && *tmp != '\0' ? tmp : "/tmp");
	if (mkdtemp(r->dir) != NULL)
		return 0;
	err_errno(e, ERR_IO, "%s", r->dir);
	free(r->dir);
	r->dir = NULL;
	return -1;
}

int replaying_open(struct replaying *r, const struct options *o, const char *const *files, size_t count, struct err *e)
{
	struct err no_cache = ERR_INIT;

	*r = (struct replaying){ 0 };
	if (recording_open(files, count, &r->recording, e) < 0)
		return -1;
	if ((r->config = find_config(r, o, e)) == NULL || make_folder(r, e) < 0)
		goto fail;
	if (r->recording->cut > 0)
		snprintf(r->note, sizeof(r->note), "%zu look%s cut off in the recording and left out", r->recording->cut,
		    r->recording->cut == 1 ? " is" : "s are");
	if (store_copy(r->config->data_dir, r->dir, &no_cache) < 0)
		snprintf(r->note, sizeof(r->note), "PeeringDB's names are missing: %.200s", no_cache.text);
	take_routers(r->config, r->recording);
	reach_nobody(r->config);
	r->config->data_dir = r->dir;
	return 0;
fail:
	replaying_close(r);
	return -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static int forget_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	return at->level == 0 || strncmp(path + at->base, "cache.db", 8) == 0 ? 0 : remove(path);
}

void replaying_forget(const struct replaying *r)
{
	nftw(r->dir, forget_one, 16, FTW_DEPTH | FTW_PHYS);
}

void replaying_close(struct replaying *r)
{
	if (r->dir != NULL)
		nftw(r->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(r->dir);
	config_free(r->config);
	recording_free(r->recording);
	*r = (struct replaying){ 0 };
}

int64_t replaying_begin_ms(const struct replaying *r)
{
	return r->recording->looks[0].end_ms;
}

int64_t replaying_end_ms(const struct replaying *r)
{
	return r->recording->looks[r->recording->count - 1].end_ms;
}

/* "03:12" and "03:12:45": the day of now, unless only the day beside it is in the recording. */
static bool time_of_day(const struct replaying *r, const char *words, int64_t now_ms, int64_t *out)
{
	char whole[CLOCK_ISO_LEN + 8], day[CLOCK_ISO_LEN];
	size_t n = strlen(words);

	if (n != 5 && n != 8)
		return false;
	clock_iso(now_ms, day);
	snprintf(whole, sizeof(whole), "%.11s%.8s%sZ", day, words, n == 5 ? ":00" : "");
	if (!clock_iso_read(whole, strlen(whole), out))
		return false;
	if (*out > replaying_end_ms(r) && *out - DAY_MS >= replaying_begin_ms(r))
		*out -= DAY_MS;
	else if (*out < replaying_begin_ms(r) && *out + DAY_MS <= replaying_end_ms(r))
		*out += DAY_MS;
	return true;
}

int replaying_time(const struct replaying *r, const char *words, int64_t now_ms, int64_t *out, struct err *e)
{
	struct err own = ERR_INIT;
	int64_t s;

	if ((words[0] == '+' || words[0] == '-') && until_duration(words + 1, &s, &own) == 0)
		*out = now_ms + (words[0] == '+' ? s : -s) * 1000;
	else if (!time_of_day(r, words, now_ms, out) && !clock_iso_read(words, strlen(words), out) &&
		 !book_date(slice_of(words), false, out))
		return err_set(e, ERR_USAGE, "\"%.40s\" is no time of the recording: 03:12, 03:12:45, 2026-11-20T03:12:45Z, +5m, -90s",
		    words);
	if (*out < replaying_begin_ms(r))
		*out = replaying_begin_ms(r);
	if (*out > replaying_end_ms(r))
		*out = replaying_end_ms(r);
	return 0;
}
