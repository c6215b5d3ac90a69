/* peerdeck pdb sync, import, export - the cache from PeeringDB or files, and into files. */
#include "app/commands/pdb_command.h"
#include "app/output.h"
#include "backends/sources/pdb_export.h"
#include "backends/sources/pdb_import.h"
#include "backends/sources/pdb_tables.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FAULTS_SHOWN = 20 };

/* On a terminal one line that is written over; elsewhere nothing. */
static void on_progress(void *arg, const char *words)
{
	(void)arg;
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%s\033[K", words);
}

static void end_progress(void)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K");
}

static void on_fault(void *arg, const char *words)
{
	size_t *told = arg;

	if (++*told <= FAULTS_SHOWN) {
		end_progress();
		fprintf(stderr, "peerdeck: %s\n", words);
	}
}

static void say_faults(size_t told, size_t dropped)
{
	if (told > FAULTS_SHOWN)
		fprintf(stderr, "peerdeck: and %zu more\n", told - FAULTS_SHOWN);
	if (dropped > 0)
		fprintf(stderr, "peerdeck: %zu rows dropped\n", dropped);
}

/* A cache that could not be written is gone when this command ends. */
static int must_be_kept(const struct lookup *l, struct err *e)
{
	return *store_note(l->store) != '\0' && strstr(store_note(l->store), "memory") != NULL ?
	    err_set(e, ERR_IO, "%s", store_note(l->store)) : 0;
}

static void print_sum(const struct pdb_import_sum *sum)
{
	static const char *const titles[] = { "TABLE", ">ROWS", ">NEW OR NEWER", NULL };
	struct out_table *t = out_table_new(titles);

	for (int i = 0; i < PDB_TAGS; i++) {
		if (sum->rows[i] == 0)
			continue;
		out_table_cell(t, pdb_kinds[i].tag);
		out_table_count(t, (count_t)sum->rows[i]);
		out_table_count(t, (count_t)sum->changed[i]);
	}
	out_table_print(t, stdout);
}

int pdb_run_import(struct lookup *l, const struct pdb_args *a, struct err *e)
{
	size_t told = 0;
	const struct pdb_import_ops ops = { on_progress, on_fault, &told };
	struct pdb_import_sum sum;

	if (a->count == 0)
		return err_set(e, ERR_USAGE, "import what? a directory or files like net.json, poc.json.gz");
	if (pdb_import(l->store, a->words, a->count, &ops, &sum, e) != 0)
		return -1;
	end_progress();
	say_faults(told, sum.dropped);
	print_sum(&sum);
	return must_be_kept(l, e);
}

static void print_sync(const struct pdb_tables_sum *sum)
{
	static const char *const titles[] = { "TABLE", "READ", ">ROWS", ">NEW OR NEWER", ">DELETED", NULL };
	struct out_table *t = out_table_new(titles);

	for (int i = 0; i < PDB_TAGS; i++) {
		if (!sum->tag[i].read)
			continue;
		out_table_cell(t, pdb_kinds[i].tag);
		out_table_cell(t, sum->tag[i].whole ? "all" : "changes");
		out_table_count(t, (count_t)sum->tag[i].rows);
		out_table_count(t, (count_t)sum->tag[i].changed);
		out_table_count(t, (count_t)sum->tag[i].deleted);
	}
	out_table_print(t, stdout);
}

int pdb_run_sync(struct lookup *l, const struct pdb_args *a, struct err *e)
{
	size_t told = 0;
	const struct pdb_tables_ops ops = { .progress = on_progress, .fault = on_fault, .arg = &told };
	const struct pdb_tables_how how = { .whole = a->full, .from = a->dump };
	struct pdb_tables_sum sum;
	int rc;

	if (a->count > 0)
		return err_set(e, ERR_USAGE, "pdb sync takes no words; for one network: pdb refresh %s", a->words[0]);
	if (lookup_source(l, a->dump, e) != 0)
		return -1;
	rc = pdb_tables(l->ask, l->store, l->config->data_dir, &how, &ops, &sum, e);
	end_progress();
	if (rc != 0)
		return -1;
	say_faults(told, sum.dropped);
	print_sync(&sum);
	return must_be_kept(l, e);
}

int pdb_run_export(struct lookup *l, const struct pdb_args *a, struct err *e)
{
	static const char *const titles[] = { "TABLE", ">ROWS", NULL };
	size_t rows[PDB_TAGS] = { 0 };
	struct out_table *t;

	if (a->count != 1)
		return err_set(e, ERR_USAGE, "export where to? a directory, or one file that ends in .json");
	if (pdb_export(l->store, a->words[0], rows, e) != 0)
		return -1;
	t = out_table_new(titles);
	for (int i = 0; i < PDB_TAGS; i++) {
		if (rows[i] == 0)
			continue;
		out_table_cell(t, pdb_kinds[i].tag);
		out_table_count(t, (count_t)rows[i]);
	}
	out_table_print(t, stdout);
	return 0;
}
