/* Snapshots from files; see pdb_import.h. */
#include "backends/sources/pdb_import.h"
#include "backends/sources/pdb_file.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PROGRESS_ROWS = 20000 };

struct import {
	struct store *store;
	const struct pdb_import_ops *ops;
	struct pdb_import_sum *sum;
	const char *name; /* of the file being read, without its directory */
	int64_t reading;
	size_t file_rows;
	int64_t newest[PDB_TAGS]; /* `updated`; -1 if the tag is not in this file */
	bool hidden; /* a contact that only a key shows was among the rows */
};

static void say(const struct import *im, void (*to)(void *, const char *), const char *words)
{
	char *line = mem_printf("%s: %s", im->name, words);

	if (to != NULL)
		to(im->ops->arg, line);
	free(line);
}

static void on_fault(void *arg, const char *words)
{
	struct import *im = arg;

	say(im, im->ops->fault, words);
}

static int on_row(void *arg, const struct pdb_row *row, struct err *e)
{
	struct import *im = arg;
	const struct pdb_value *updated = &row->v[PDB_AT_UPDATED];
	struct slice visible = pdb_row_text(row, "visible");
	bool changed;
	char words[60];

	if (store_put(im->store, row, im->reading, &changed, e) < 0)
		return -1;
	im->sum->rows[row->tag]++;
	im->sum->changed[row->tag] += changed;
	if (updated->is == PDB_IS_INT && updated->i > im->newest[row->tag])
		im->newest[row->tag] = updated->i;
	else if (im->newest[row->tag] < 0)
		im->newest[row->tag] = 0;
	if (row->tag == PDB_POC && visible.p != NULL && !slice_eq(visible, "Public"))
		im->hidden = true;
	if (++im->file_rows % PROGRESS_ROWS == 0) {
		snprintf(words, sizeof(words), "%zu rows", im->file_rows);
		say(im, im->ops->progress, words);
	}
	return 0;
}

/* Without a date of its own a snapshot is at least as old as its newest row. */
static int64_t date_of(const struct import *im, const struct pdb_read_end *end)
{
	int64_t newest = 0;

	for (int i = 0; i < PDB_TAGS; i++)
		if (im->newest[i] > newest)
			newest = im->newest[i];
	return end->generated_wall_ms > 0 ? end->generated_wall_ms : newest;
}

/* A snapshot may be a part of a table, so a sync cannot go on from it: it notes when the table was read, and leaves a
 * watermark of a sync alone. */
static int put_mark(struct import *im, enum pdb_tag tag, bool with_key, int64_t date, struct err *e)
{
	struct store_mark m = { 0 };

	if (store_mark_get(im->store, tag, with_key, &m, e) < 0)
		return -1;
	if (m.updated_wall_ms > 0 || date < m.at_wall_ms)
		return 0;
	m.at_wall_ms = date;
	return store_mark_put(im->store, tag, with_key, &m, e);
}

static int finish_file(struct import *im, const struct pdb_read_end *end, struct err *e)
{
	int64_t date = date_of(im, end);

	im->sum->files++;
	im->sum->dropped += end->dropped;
	im->sum->faults += end->faults;
	if (store_reading_date(im->store, im->reading, date, e) < 0)
		return -1;
	for (int i = 0; i < PDB_TAGS; i++)
		if (im->newest[i] >= 0 && put_mark(im, (enum pdb_tag)i, i == PDB_POC && (im->hidden || end->with_key), date, e) < 0)
			return -1;
	return 0;
}

static int import_file(struct import *im, const char *path, struct err *e)
{
	const struct store_reading reading = { .at_wall_ms = 0, .with_key = false, .origin = pdb_file_name(path) };
	const struct pdb_read_ops ops = { .row = on_row, .fault = on_fault, .arg = im };
	struct pdb_read_end end;
	int rc;

	im->name = pdb_file_name(path);
	im->file_rows = 0;
	im->hidden = false;
	for (int i = 0; i < PDB_TAGS; i++)
		im->newest[i] = -1;
	rc = store_reading_add(im->store, &reading, &im->reading, e);
	if (rc == 0 && pdb_file_tag(path) != PDB_TAGS)
		rc = store_bulk_begin(im->store, pdb_file_tag(path), e);
	if (rc == 0)
		rc = pdb_file_read(path, pdb_file_tag(path), &ops, &end, e);
	if (rc == 0 && pdb_file_tag(path) != PDB_TAGS)
		rc = store_bulk_end(im->store, pdb_file_tag(path), e);
	if (rc == 0)
		rc = finish_file(im, &end, e);
	return rc == 0 ? 0 : err_prefix(e, "%s", path);
}

static int is_snapshot(const struct dirent *d)
{
	return pdb_file_tag(d->d_name) != PDB_TAGS;
}

static int import_directory(struct import *im, const char *path, struct err *e)
{
	struct dirent **names;
	int n = scandir(path, &names, is_snapshot, alphasort), rc = 0;

	if (n < 0)
		return err_errno(e, ERR_IO, "%s", path);
	if (n == 0)
		rc = err_set(e, ERR_USAGE, "%s holds no file like net.json, net-0.json or net.json.gz", path);
	for (int i = 0; i < n; i++) {
		char *file = mem_printf("%s/%s", path, names[i]->d_name);

		if (rc == 0)
			rc = import_file(im, file, e);
		free(file);
		free(names[i]);
	}
	free(names);
	return rc;
}

static int import_all(struct import *im, const char *const *paths, size_t n, struct err *e)
{
	int rc = store_begin(im->store, e);

	for (size_t i = 0; rc == 0 && i < n; i++) {
		struct stat st;

		if (stat(paths[i], &st) < 0)
			rc = err_errno(e, ERR_IO, "%s", paths[i]);
		else if (S_ISDIR(st.st_mode))
			rc = import_directory(im, paths[i], e);
		else
			rc = import_file(im, paths[i], e);
	}
	if (rc == 0)
		return store_commit(im->store, e);
	store_rollback(im->store);
	return -1;
}

int pdb_import(struct store *s, const char *const *paths, size_t n, const struct pdb_import_ops *ops,
    struct pdb_import_sum *sum, struct err *e)
{
	struct import im = { .store = s, .ops = ops, .sum = sum };
	struct err why = ERR_INIT;
	int rc;

	do {
		*sum = (struct pdb_import_sum){ 0 };
		err_clear(&why);
		rc = import_all(&im, paths, n, &why);
	} while (rc < 0 && store_heal(s));
	return rc == 0 ? 0 : err_set(e, why.code, "%s", why.text);
}
