/* peerdeck journal - what was done, whether the record of it is whole, and a copy of it for others. */
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/output.h"
#include "app/output_json.h"
#include "core/act/journal.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_JSON = 1, OPT_LAST, OPT_HEAD, OPT_HELP };
static const struct option_def options[] = {
	{ "json", NULL, "objects instead of a table", OPT_JSON },
	{ "last", "N", "show: only the newest N records", OPT_LAST },
	{ "head", "SEQ:HASH", "verify: the head as known from the syslog", OPT_HEAD },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct args {
	bool json;
	uint64_t last; /* 0: all */
	const char *head;
};

/* Where records go while the file is read. */
struct sink {
	struct out_table *table;
	json_t *array;
	uint64_t from; /* first seq that is wanted */
	uint64_t seen;
};

static void row(struct out_table *t, const struct journal_entry *j)
{
	char when[CLOCK_ISO_LEN], seq[24];

	snprintf(seq, sizeof(seq), "%llu", (unsigned long long)j->seq);
	out_table_cell(t, seq);
	out_table_cell(t, clock_iso(j->wall_ms, when));
	out_table_cell(t, *j->name != '\0' ? j->name : j->login);
	out_table_cell(t, j->kind);
	out_table_cell(t, *j->verb != '\0' ? j->verb : NULL);
	out_table_cell(t, *j->router != '\0' ? j->router : NULL);
	out_table_cell(t, *j->neighbor != '\0' ? j->neighbor : NULL);
	out_table_cell(t, *j->outcome != '\0' ? j->outcome : NULL);
	out_table_cell(t, *j->words != '\0' ? j->words : j->reason);
}

static int on_entry(void *ctx, const struct journal_entry *j)
{
	struct sink *s = ctx;
	json_t *o;

	s->seen = j->seq;
	if (j->seq < s->from)
		return 0;
	if (s->table != NULL)
		row(s->table, j);
	if (s->array != NULL) {
		o = json_loadb(j->line, j->line_len, JSON_REJECT_DUPLICATES, NULL);
		json_array_append_new(s->array, o != NULL ? o : json_null());
	}
	return 0;
}

static int show(const struct args *a, const char *path, struct err *e)
{
	static const char *const titles[] = { ">SEQ", "TIME", "WHO", "KIND", "VERB", "ROUTER", "NEIGHBOR", "OUTCOME",
		"WORDS", NULL };
	struct sink s = { 0 };
	uint64_t at = 0;
	int rc;

	if (a->last > 0) {
		if (journal_read(path, &at, on_entry, &s, e) != 0)
			return -1;
		s.from = s.seen >= a->last ? s.seen - a->last + 1 : 0;
		at = 0;
	}
	if (a->json)
		s.array = json_array();
	else
		s.table = out_table_new(titles);
	rc = journal_read(path, &at, on_entry, &s, e);
	if (s.table != NULL)
		out_table_print(s.table, stdout);
	if (s.array != NULL && json_print(s.array, e) != 0)
		rc = -1;
	return rc;
}

static int verify(const struct args *a, const char *path, struct err *e)
{
	struct journal_report r;
	json_t *o;

	if (journal_verify(path, a->head, &r, e) != 0)
		return -1;
	if (!a->json) {
		printf("%s: %s\n", path, r.words);
		return r.ok ? 0 : 1;
	}
	o = json_object();
	json_put(o, "ok", json_boolean(r.ok));
	json_put(o, "records", json_integer((json_int_t)r.records));
	json_put(o, "first_bad", r.first_bad > 0 ? json_integer((json_int_t)r.first_bad) : json_null());
	json_put(o, "torn_octets", json_integer((json_int_t)r.torn_octets));
	json_put(o, "head_seq", json_integer((json_int_t)r.head_seq));
	json_put(o, "head", json_of_nonempty(r.head));
	json_put(o, "words", json_of_words(r.words));
	return json_print(o, e) != 0 ? -1 : r.ok ? 0 : 1;
}

/* The records as they stand, so that whoever gets them can check the chain. */
static int export_lines(const struct args *a, const char *path, struct err *e)
{
	FILE *f = fopen(path, "re");
	char buf[65536];
	size_t n;
	int rc = 0;

	(void)a;
	if (f == NULL)
		return err_errno(e, ERR_IO, "%s", path);
	while (rc == 0 && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		if (fwrite(buf, 1, n, stdout) != n)
			rc = err_errno(e, ERR_IO, "standard output");
	if (rc == 0 && (ferror(f) || fflush(stdout) != 0))
		rc = err_errno(e, ERR_IO, "%s", path);
	fclose(f);
	return rc;
}

static const struct {
	const char *name;
	int (*run)(const struct args *a, const char *path, struct err *e);
} subcommands[] = { { "show", show }, { "verify", verify }, { "export", export_lines } };

static int run(const struct options *o, const struct args *a, const char *sub, struct err *e)
{
	struct config *c;
	char *path;
	int rc = -1;

	for (size_t i = 0; i < ARRAY_LEN(subcommands); i++) {
		if (strcmp(subcommands[i].name, sub) != 0)
			continue;
		c = options_config(o, e);
		if (c == NULL)
			return -1;
		path = options_path(c, DATA_JOURNAL);
		if (access(path, F_OK) != 0 && errno == ENOENT)
			err_set(e, ERR_IO, "%s: there is no journal: nothing was done yet", path);
		else
			rc = subcommands[i].run(a, path, e);
		free(path);
		config_free(c);
		return rc;
	}
	return err_set(e, ERR_USAGE, "journal knows show, verify and export, not \"%s\"", sub);
}

int cmd_journal(const struct options *o, int argc, char **argv)
{
	struct args a = { 0 };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id, rc;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("journal [show | verify | export]",
			    "Shows what was done, checks that the record of it is whole, or prints it as it stands.\n",
			    options);
		a.json = a.json || id == OPT_JSON;
		if (id == OPT_HEAD)
			a.head = value;
		if (id == OPT_LAST && !slice_u64(slice_of(value), &a.last))
			err_set(&e, ERR_USAGE, "--last %s: allowed is a number of records", value);
	}
	if (e.code == ERR_NONE && w.operands > 1)
		err_set(&e, ERR_USAGE, "journal takes one word (\"%s\")", argv[2]);
	if (e.code != ERR_NONE)
		return exit_say(&e);
	rc = run(o, &a, w.operands == 1 ? argv[1] : "show", &e);
	return rc < 0 ? exit_say(&e) : rc == 0 ? STATUS_DONE : STATUS_FAILED;
}
