/* peerdeck journal - what was done, whether the record of it is whole, and a copy of it for others. */
#include "app/commands/commands.h"
#include "app/commands/journal_export.h"
#include "app/exit.h"
#include "app/output.h"
#include "app/output_json.h"
#include "core/act/journal.h"
#include "core/act/until.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_JSON = 1, OPT_LAST, OPT_SINCE, OPT_ROUTER, OPT_ASN, OPT_WHO, OPT_VERB, OPT_HEAD, OPT_FROM, OPT_TO, OPT_CSV, OPT_HELP };
static const struct option_def options[] = {
	{ "json", NULL, "objects instead of a table", OPT_JSON },
	{ "last", "N", "show: only the newest N records (of those that the filters leave)", OPT_LAST },
	{ "since", "TIME", "show: from then on: 2h, 3d, 2026-11-27 or 2026-11-27T03:00:00Z (UTC)", OPT_SINCE },
	{ "router", "NAME", "show: only about this router", OPT_ROUTER },
	{ "asn", "AS", "show: only about this network", OPT_ASN },
	{ "who", "NAME", "show: only by this login or operator's name", OPT_WHO },
	{ "verb", "VERB", "show: only this verb (or kind: call, approve, enroll ...)", OPT_VERB },
	{ "head", "SEQ:HASH", "verify: the head as known from the syslog", OPT_HEAD },
	{ "from", "TIME", "export: records from then on: 2h (ago), 2026-11-28, 2026-11-28T06:00Z", OPT_FROM },
	{ "to", "TIME", "export: records before then", OPT_TO },
	{ "csv", NULL, "export: a table for spreadsheets instead of the records as they stand", OPT_CSV },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct args {
	bool json;
	uint64_t last; /* 0: all */
	int64_t since_wall_ms; /* 0: all */
	asn_t asn;
	const char *router, *who, *verb; /* NULL: any */
	const char *head;
	struct journal_range range;
};

/* Where records go while the file is read. */
struct sink {
	struct out_table *table;
	json_t *array;
	const struct args *a;
	uint64_t skip; /* so many of those that pass are older than the last N */
	uint64_t passed;
};

/* As it is shown: a suspend for good is a terminate. */
static const char *verb_of(const struct journal_entry *j)
{
	return j->lasting && *j->verb != '\0' ? "terminate" : j->verb;
}

static bool passes(const struct args *a, const struct journal_entry *j)
{
	if (j->wall_ms < a->since_wall_ms || (a->asn != ASN_UNKNOWN && a->asn != j->remote_as))
		return false;
	if (a->router != NULL && strcmp(a->router, j->router) != 0)
		return false;
	if (a->who != NULL && strcmp(a->who, j->login) != 0 && strcmp(a->who, j->name) != 0)
		return false;
	return a->verb == NULL || strcmp(a->verb, verb_of(j)) == 0 || strcmp(a->verb, j->kind) == 0;
}

static void row(struct out_table *t, const struct journal_entry *j)
{
	char when[CLOCK_ISO_LEN], seq[24];

	snprintf(seq, sizeof(seq), "%llu", (unsigned long long)j->seq);
	out_table_cell(t, seq);
	out_table_cell(t, clock_iso(j->wall_ms, when));
	out_table_cell(t, *j->name != '\0' ? j->name : j->login);
	out_table_cell(t, j->kind);
	out_table_cell(t, *j->verb != '\0' ? verb_of(j) : NULL);
	out_table_cell(t, *j->router != '\0' ? j->router : NULL);
	out_table_cell(t, *j->neighbor != '\0' ? j->neighbor : NULL);
	out_table_cell(t, *j->outcome != '\0' ? j->outcome : NULL);
	out_table_cell(t, *j->words != '\0' ? j->words : j->reason);
}

static int on_entry(void *ctx, const struct journal_entry *j)
{
	struct sink *s = ctx;
	json_t *o;

	if (!passes(s->a, j) || s->passed++ < s->skip)
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
	struct sink s = { .a = a };
	uint64_t at = 0;
	int rc;

	if (a->last > 0) {
		if (journal_read(path, &at, on_entry, &s, e) != 0)
			return -1;
		s.skip = s.passed > a->last ? s.passed - a->last : 0;
		s.passed = at = 0;
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

static int export_range(const struct args *a, const char *path, struct err *e)
{
	return journal_export(path, &a->range, e);
}

static int take_option(struct args *a, int id, const char *value, struct err *e)
{
	enum verb verb;
	bool lasting;

	switch (id) {
	case OPT_LAST:
		return slice_u64(slice_of(value), &a->last) ? 0 :
		    err_set(e, ERR_USAGE, "--last %s: allowed is a number of records", value);
	case OPT_SINCE:
		return until_past(value, clock_wall_ms(), &a->since_wall_ms, e) == 0 ? 0 : err_prefix(e, "--since");
	case OPT_ASN:
		return asn_parse(slice_of(value), &a->asn) && a->asn != ASN_UNKNOWN ? 0 :
		    err_set(e, ERR_USAGE, "--asn %.40s: allowed is an AS number", value);
	case OPT_VERB: /* kinds are many and others' to name; a verb is checked, so that a slip is not an empty list */
		a->verb = value;
		if (!verb_parse_lasting(value, &verb, &lasting) && strspn(value, "abcdefghijklmnopqrstuvwxyz-_") < strlen(value))
			return err_set(e, ERR_USAGE, "--verb %.40s: a verb or a kind of record is one small word", value);
		return 0;
	case OPT_FROM:
		return until_past(value, clock_wall_ms(), &a->range.from_ms, e) == 0 ? 0 : err_prefix(e, "--from");
	case OPT_TO:
		return until_past(value, clock_wall_ms(), &a->range.to_ms, e) == 0 ? 0 : err_prefix(e, "--to");
	case OPT_CSV:
		a->range.csv = true;
		return 0;
	case OPT_ROUTER:
		a->router = value;
		return 0;
	case OPT_WHO:
		a->who = value;
		return 0;
	case OPT_HEAD:
		a->head = value;
		return 0;
	default:
		a->json = true;
		return 0;
	}
}

static const struct {
	const char *name;
	int (*run)(const struct args *a, const char *path, struct err *e);
} subcommands[] = { { "show", show }, { "verify", verify }, { "export", export_range } };

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
		if (take_option(&a, id, value, &e) != 0)
			break;
	}
	if (e.code == ERR_NONE && w.operands > 1)
		err_set(&e, ERR_USAGE, "journal takes one word (\"%s\")", argv[2]);
	if (e.code != ERR_NONE)
		return exit_say(&e);
	rc = run(o, &a, w.operands == 1 ? argv[1] : "show", &e);
	return rc < 0 ? exit_say(&e) : rc == 0 ? STATUS_DONE : STATUS_FAILED;
}
