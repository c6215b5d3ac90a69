/* Snapshot files out of the cache; see pdb_export.h. */
#include "backends/sources/pdb_export.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* What all tables of one export share. */
struct export {
	struct store *store;
	int64_t oldest_wall_ms; /* -1: no row */
	bool keyed;
	size_t *rows; /* per tag, or NULL */
};

struct out {
	FILE *f;
	const struct pdb_kind *kind;
	size_t rows;
};

/* One character, or U+FFFD for octets that are none: JSON is UTF-8. */
static size_t put_char(FILE *f, struct slice s)
{
	uint32_t c;
	size_t n = text_decode(s, &c);

	if (n == 0) {
		fputs("\xef\xbf\xbd", f);
		return 1;
	}
	if (c == '"' || c == '\\')
		fprintf(f, "\\%c", (int)c);
	else if (c < 0x20 || c == 0x7f)
		fprintf(f, "\\u%04x", c);
	else
		fwrite(s.p, 1, n, f);
	return n;
}

static void put_text(FILE *f, struct slice s)
{
	putc('"', f);
	while (s.len > 0)
		s = slice_from(s, put_char(f, s));
	putc('"', f);
}

/* Whole seconds, as the API writes them. */
static void put_time(FILE *f, int64_t wall_ms)
{
	char iso[CLOCK_ISO_LEN];

	fprintf(f, "\"%s\"", clock_iso(wall_ms, iso));
}

static void put_value(FILE *f, enum pdb_type type, const struct pdb_value *v)
{
	if (v->is == PDB_NULL)
		fputs("null", f);
	else if (v->is == PDB_IS_TEXT)
		put_text(f, v->s);
	else if (v->is == PDB_IS_REAL)
		fprintf(f, "%.17g", v->r);
	else if (type == PDB_TIME)
		put_time(f, v->i);
	else if (type == PDB_BOOL)
		fputs(v->i != 0 ? "true" : "false", f);
	else
		fprintf(f, "%lld", (long long)v->i);
}

static int put_row(void *arg, const struct pdb_row *row)
{
	struct out *o = arg;

	fputs(o->rows++ > 0 ? ",\n{" : "\n{", o->f);
	for (size_t i = 0; i < o->kind->field_count; i++) {
		fprintf(o->f, "%s\"%s\":", i > 0 ? "," : "", o->kind->fields[i].name);
		put_value(o->f, o->kind->fields[i].type, &row->v[i]);
	}
	putc('}', o->f);
	return 0;
}

/* Every network that was asked for was asked for with a key, or the whole table was read with one. */
static bool contacts_keyed(struct store *s)
{
	struct store_mark m;
	struct store_asked *all;
	size_t n = 0;
	bool keyed;

	if (store_mark_get(s, PDB_POC, true, &m, NULL) == 1)
		return true;
	if (store_asked_all(s, PDB_NET, &all, &n, NULL) < 0)
		return false;
	keyed = n > 0;
	for (size_t i = 0; i < n; i++)
		keyed = keyed && all[i].with_key;
	free(all);
	return keyed;
}

static int put_table(const struct export *x, FILE *f, enum pdb_tag tag, struct err *e)
{
	struct out o = { .f = f, .kind = &pdb_kinds[tag] };

	fputs("{\"data\":[", f);
	if (store_rows(x->store, tag, NULL, NULL, 0, put_row, &o, e) < 0)
		return -1;
	fprintf(f, "\n],\"meta\":{\"generated\":%lld.%03lld%s}}", (long long)(x->oldest_wall_ms / 1000),
	    (long long)(x->oldest_wall_ms % 1000), tag == PDB_POC && x->keyed ? ",\"with_key\":true" : "");
	if (x->rows != NULL)
		x->rows[tag] = o.rows;
	return 0;
}

static int some_rows(struct store *s, enum pdb_tag tag, struct err *e)
{
	size_t n;

	return store_count(s, tag, &n, NULL, NULL, e) < 0 ? -1 : n > 0;
}

static int put_keyed(const struct export *x, FILE *f, struct err *e)
{
	bool first = true;

	putc('{', f);
	for (int i = 0; i < PDB_TAGS; i++) {
		int some = some_rows(x->store, (enum pdb_tag)i, e);

		if (some == 0)
			continue;
		fprintf(f, "%s\"%s\":", first ? "" : ",\n", pdb_kinds[i].tag);
		if (some < 0 || put_table(x, f, (enum pdb_tag)i, e) < 0)
			return -1;
		first = false;
	}
	fputs("}\n", f);
	return 0;
}

/* Writes beside `path` and puts it in place when all is on disk.  tag PDB_TAGS: all tables in one object. */
static int put_file(const struct export *x, const char *path, enum pdb_tag tag, struct err *e)
{
	char *part = mem_printf("%s.part", path);
	int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600); /* hidden contacts may be in it */
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
	int rc;

	if (f == NULL) {
		err_errno(e, ERR_IO, "%s", part);
		free(part);
		return -1;
	}
	rc = tag == PDB_TAGS ? put_keyed(x, f, e) : put_table(x, f, tag, e);
	if (rc == 0 && (fflush(f) != 0 || ferror(f) || fsync(fd) < 0))
		rc = err_errno(e, ERR_IO, "%s", part);
	if (fclose(f) != 0 && rc == 0)
		rc = err_errno(e, ERR_IO, "%s", part);
	if (rc == 0 && rename(part, path) < 0)
		rc = err_errno(e, ERR_IO, "%s", path);
	if (rc < 0)
		unlink(part);
	free(part);
	return rc;
}

static int put_directory(const struct export *x, const char *dir, struct err *e)
{
	int rc = mkdir(dir, 0700) < 0 && errno != EEXIST ? err_errno(e, ERR_IO, "%s", dir) : 0;

	for (int i = 0; rc == 0 && i < PDB_TAGS; i++) {
		char *path = mem_printf("%s/%s-0.json", dir, pdb_kinds[i].tag);
		int some = some_rows(x->store, (enum pdb_tag)i, e);

		rc = some < 0 ? -1 : some > 0 ? put_file(x, path, (enum pdb_tag)i, e) : 0;
		free(path);
	}
	return rc;
}

static int find_oldest(struct export *x, struct err *e)
{
	for (int i = 0; i < PDB_TAGS; i++) {
		size_t count;
		int64_t oldest;

		if (store_count(x->store, (enum pdb_tag)i, &count, &oldest, NULL, e) < 0)
			return -1;
		if (count > 0 && (x->oldest_wall_ms < 0 || oldest < x->oldest_wall_ms))
			x->oldest_wall_ms = oldest;
	}
	return x->oldest_wall_ms >= 0 ? 0 : err_set(e, ERR_REFUSED, "the cache holds no row of PeeringDB to export");
}

int pdb_export(struct store *s, const char *path, size_t rows[PDB_TAGS], struct err *e)
{
	struct export x = { .store = s, .oldest_wall_ms = -1, .rows = rows };
	/* One transaction: a sync of another process in the middle must not mix two states. */
	int rc = store_begin(s, e);

	x.keyed = contacts_keyed(s);
	if (rc == 0)
		rc = find_oldest(&x, e);
	if (rc == 0)
		rc = slice_ends(slice_of(path), ".json") ? put_file(&x, path, PDB_TAGS, e) : put_directory(&x, path, e);
	store_rollback(s);
	return rc;
}
