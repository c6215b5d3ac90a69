/* Reading history.db for whoever may wait for a disk, and the arithmetic over what was read; see history.h. */
#include "backends/store/history_db.h"
#include "core/base/mem.h"
#include "core/base/str.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { RANGE_MAX = 2000000, NAMES_MAX = 1 << 24 /* octets */ };

int history_open_readonly(const char *dir, sqlite3 **db, struct err *e)
{
	char *path = mem_printf("%s/history.db", dir);
	struct stat st;
	int rc = 0;

	*db = NULL;
	if (stat(path, &st) != 0)
		goto out;
	*db = db_open_readonly(path, &history_schema);
	/* A console that starts for the first time is making it right now, and may be done with it between two looks. */
	if (*db == NULL && !db_is_blank(path) && (*db = db_open_readonly(path, &history_schema)) == NULL)
		rc = err_set(e, ERR_IO, "%s: cannot be read, or is not of this version of peerdeck", path);
out:
	free(path);
	return rc;
}

static int next(sqlite3 *db, sqlite3_stmt *st, struct err *e)
{
	int rc = sqlite3_step(st);

	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : err_set(e, ERR_IO, "history: %s", sqlite3_errmsg(db));
}

static int take_rows(sqlite3 *db, sqlite3_stmt *st, struct history_range *out, struct err *e)
{
	size_t cap = 0;
	int rc;

	while ((rc = next(db, st, e)) == 1) {
		if (out->count >= RANGE_MAX)
			return err_set(e, ERR_LIMIT, "history: more than %d samples: ask for a shorter time", RANGE_MAX);
		MEM_GROW(out->samples, cap, out->count + 1);
		out->samples[out->count++] = (struct history_sample){ sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1),
			sqlite3_column_double(st, 2), sqlite3_column_double(st, 3), sqlite3_column_double(st, 4),
			(unsigned)sqlite3_column_int64(st, 5) };
	}
	return rc;
}

int history_read(const char *dir, const char *series, int64_t from_wall_ms, int64_t to_wall_ms,
    struct history_range *out, struct err *e)
{
	sqlite3 *db;
	sqlite3_stmt *st;
	int rc = history_open_readonly(dir, &db, e);

	*out = (struct history_range){ NULL, 0 };
	if (db == NULL)
		return rc;
	rc = -1;
	st = db_prepare(db, "SELECT wall_ms, until_ms, value, low, high, n FROM sample WHERE series ="
			    " (SELECT id FROM series WHERE name = ?1) AND until_ms >= ?2 AND wall_ms <= ?3 ORDER BY seq", e);
	if (st != NULL) {
		sqlite3_bind_text(st, 1, series, -1, SQLITE_STATIC);
		sqlite3_bind_int64(st, 2, from_wall_ms);
		sqlite3_bind_int64(st, 3, to_wall_ms);
		rc = take_rows(db, st, out, e);
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	if (rc < 0)
		history_range_fini(out);
	return rc;
}

/* The names, each with its NUL, one behind the other; the number of them or -1. */
static long gather_names(sqlite3 *db, const char *prefix, struct str *all, struct err *e)
{
	sqlite3_stmt *st = db_prepare(db, "SELECT name FROM series WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name", e);
	long n = 0;
	int rc = -1;

	if (st == NULL)
		return -1;
	sqlite3_bind_text(st, 1, prefix, -1, SQLITE_STATIC);
	while ((rc = next(db, st, e)) == 1) {
		const char *name = (const char *)sqlite3_column_text(st, 0);

		if (str_add(all, name != NULL ? name : "", strlen(name != NULL ? name : "") + 1) < 0) {
			rc = err_set(e, ERR_LIMIT, "history: too many series");
			break;
		}
		n++;
	}
	sqlite3_finalize(st);
	return rc < 0 ? -1 : n;
}

int history_names(const char *dir, const char *prefix, const char ***names, size_t *count, struct err *e)
{
	sqlite3 *db;
	struct str all;
	int rc = history_open_readonly(dir, &db, e);
	long n;

	*names = NULL;
	*count = 0;
	if (db == NULL)
		return rc;
	str_init(&all, NAMES_MAX);
	n = gather_names(db, prefix, &all, e);
	if (n >= 0) {
		char *at, *block = mem_calloc(1, (size_t)n * sizeof(char *) + all.len + 1);

		*names = (const char **)(void *)block;
		*count = (size_t)n;
		at = block + (size_t)n * sizeof(char *);
		memcpy(at, all.p, all.len);
		for (size_t i = 0; i < *count; i++, at += strlen(at) + 1)
			(*names)[i] = at;
	}
	str_fini(&all);
	sqlite3_close(db);
	return n < 0 ? -1 : 0;
}

void history_range_fini(struct history_range *r)
{
	free(r->samples);
	*r = (struct history_range){ NULL, 0 };
}

static int64_t lasted(const struct history_sample *s, int64_t least_ms)
{
	int64_t ms = s->until_wall_ms - s->wall_ms;

	return ms < least_ms ? least_ms : ms;
}

int64_t history_covered_ms(const struct history_range *r, int64_t least_ms)
{
	int64_t sum = 0;

	for (size_t i = 0; i < r->count; i++)
		sum += lasted(&r->samples[i], least_ms);
	return sum;
}

static int by_value(const void *x, const void *y)
{
	double a = ((const struct history_sample *)x)->value, b = ((const struct history_sample *)y)->value;

	return a < b ? -1 : a > b;
}

double history_percentile(const struct history_range *r, double percent, int64_t least_ms)
{
	double want = (double)history_covered_ms(r, least_ms) * percent / 100, seen = 0, found = -1;
	struct history_sample *sorted;

	if (r->count == 0)
		return -1;
	sorted = mem_calloc(r->count, sizeof(*sorted));
	memcpy(sorted, r->samples, r->count * sizeof(*sorted));
	qsort(sorted, r->count, sizeof(*sorted), by_value);
	for (size_t i = 0; i < r->count; i++) {
		seen += (double)lasted(&sorted[i], least_ms);
		found = sorted[i].value;
		if (seen >= want)
			break;
	}
	free(sorted);
	return found;
}

/* ---- series together ---- */

static int64_t holds_until(const struct history_range *r, size_t i, int64_t least_ms)
{
	const struct history_sample *s = &r->samples[i];
	int64_t end = s->wall_ms + lasted(s, least_ms);

	if (i + 1 == r->count)
		return end;
	if (r->samples[i + 1].wall_ms - end <= least_ms || end > r->samples[i + 1].wall_ms)
		return r->samples[i + 1].wall_ms;
	return end;
}

static int by_time(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return a < b ? -1 : a > b;
}

/* All moments at which the sum may change, in order. */
static size_t moments(const struct history_range *all, size_t n, int64_t least_ms, int64_t **out)
{
	size_t count = 0, most = 1;

	for (size_t k = 0; k < n; k++)
		most += 2 * all[k].count;
	*out = mem_calloc(most, sizeof(**out));
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < all[k].count; i++) {
			(*out)[count++] = all[k].samples[i].wall_ms;
			(*out)[count++] = holds_until(&all[k], i, least_ms);
		}
	qsort(*out, count, sizeof(**out), by_time);
	return count;
}

/* The sum from this moment on; false if one of them was not seen then.  at: where each series was looked at last. */
static bool sum_at(const struct history_range *all, size_t n, int64_t moment, int64_t least_ms, size_t *at, double *sum)
{
	*sum = 0;
	for (size_t k = 0; k < n; k++) {
		while (at[k] + 1 < all[k].count && all[k].samples[at[k] + 1].wall_ms <= moment)
			at[k]++;
		if (all[k].count == 0 || all[k].samples[at[k]].wall_ms > moment || holds_until(&all[k], at[k], least_ms) <= moment)
			return false;
		*sum += all[k].samples[at[k]].value;
	}
	return true;
}

void history_sum(const struct history_range *all, size_t n, int64_t least_ms, struct history_range *out)
{
	int64_t *when;
	size_t count = moments(all, n, least_ms, &when), *at = mem_calloc(n + 1, sizeof(*at));
	double sum;

	*out = (struct history_range){ mem_calloc(count + 1, sizeof(*out->samples)), 0 };
	for (size_t i = 0; i + 1 < count; i++)
		if (when[i] < when[i + 1] && sum_at(all, n, when[i], least_ms, at, &sum))
			out->samples[out->count++] = (struct history_sample){ when[i], when[i + 1], sum, sum, sum, 1 };
	free(when);
	free(at);
}
