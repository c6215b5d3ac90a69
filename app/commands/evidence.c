/*
 * peerdeck evidence - all that the journal knows of one action, to be attached to a mail.
 *
 * The records themselves are in it, unchanged, with their place in the chain,
 * so that whoever gets the bundle can hash them again; and the whole chain is
 * verified before a word is printed.  Secrets were taken out before the
 * records were written.
 */
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/output_json.h"
#include "core/act/journal.h"
#include "core/base/clock.h"
#include "core/base/version.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_OUTPUT = 1, OPT_JSON, OPT_HELP };
static const struct option_def options[] = {
	{ "output", "FILE", "write there (a new file, readable by you alone) instead of to the terminal", OPT_OUTPUT },
	{ "json", NULL, "only the JSON object, without the text", OPT_JSON },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct bundle {
	const char *id;
	bool json;
	json_t *records; /* that name the action, or its plan, in the journal's order */
	struct journal_report report;
	uint64_t first, last;
};

static bool is_about(const json_t *rec, const char *id)
{
	static const char *const keys[] = { "id", "plan", "digest", "op" };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const char *value = json_string_value(json_object_get(rec, keys[i]));

		if (value != NULL && strcmp(value, id) == 0)
			return true;
	}
	return false;
}

static int on_entry(void *ctx, const struct journal_entry *j)
{
	struct bundle *b = ctx;
	json_t *rec = json_loadb(j->line, j->line_len, JSON_REJECT_DUPLICATES, NULL);

	if (rec != NULL && is_about(rec, b->id)) {
		b->first = b->first == 0 ? j->seq : b->first;
		b->last = j->seq;
		json_array_append(b->records, rec);
	}
	json_decref(rec);
	return 0;
}

/* ---- as text ---- */

static const char *get(const json_t *rec, const char *key)
{
	return json_string_value(json_object_get(rec, key));
}

static void field(FILE *to, const char *name, const char *value)
{
	const char *line = value, *end;

	if (value == NULL || *value == '\0')
		return;
	for (; *line != '\0'; line = *end != '\0' ? end + 1 : end) {
		end = line + strcspn(line, "\n");
		fprintf(to, "  %-12s %.*s\n", line == value ? name : "", (int)(end - line), line);
	}
}

static void count_field(FILE *to, const char *name, const json_t *rec, const char *key)
{
	const json_t *v = json_object_get(rec, key);

	if (json_is_integer(v))
		fprintf(to, "  %-12s %lld\n", name, (long long)json_integer_value(v));
}

/* A list of texts, or of steps: {"line": ...}, {"run": ...}, {"file": path, "content": ...}. */
static void list_field(FILE *to, const char *name, const json_t *rec, const char *key)
{
	const json_t *list = json_object_get(rec, key), *one;
	size_t i;

	json_array_foreach(list, i, one) {
		const char *file = get(one, "file");

		if (json_is_string(one)) {
			field(to, i == 0 ? name : "", json_string_value(one));
		} else if (file != NULL) {
			fprintf(to, "  %-12s file %s:\n", i == 0 ? name : "", file);
			field(to, "", get(one, "content"));
		} else if (get(one, "line") != NULL) {
			field(to, i == 0 ? name : "", get(one, "line"));
		} else if (get(one, "run") != NULL) {
			fprintf(to, "  %-12s $ %s\n", i == 0 ? name : "", get(one, "run"));
		}
	}
}

static void print_who(FILE *to, const json_t *rec)
{
	const json_t *who = json_object_get(rec, "who");
	const char *name = get(who, "name"), *sudo = get(who, "sudo_user"), *tty = get(who, "tty");

	fprintf(to, "  %-12s %s (uid %lld)%s%s%s%s on %s%s%s\n", "who", get(who, "login") ? get(who, "login") : "?",
	    (long long)json_integer_value(json_object_get(who, "uid")), name ? ", named " : "", name ? name : "",
	    sudo ? ", by sudo of " : "", sudo ? sudo : "", get(who, "host") ? get(who, "host") : "?",
	    tty ? ", " : "", tty ? tty : "");
}

static void print_record(FILE *to, const json_t *rec)
{
	static const char *const texts[] = { "id", "plan", "op", "router", "vrf", "neighbor", "network", "scope", "reason",
		"ticket", "message", "digest", "proof", "before", "saved", "outcome", "words" };
	static const char *const lists[] = { "warnings", "impact", "send", "paste", "confirm", "undo", "replies" };

	fprintf(to, "record %lld  %s  %s%s%s\n", (long long)json_integer_value(json_object_get(rec, "seq")),
	    get(rec, "time") ? get(rec, "time") : "?", get(rec, "kind") ? get(rec, "kind") : "?",
	    get(rec, "verb") ? " " : "", get(rec, "verb") ? get(rec, "verb") : "");
	print_who(to, rec);
	count_field(to, "remote AS", rec, "remote_as");
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		field(to, texts[i], get(rec, texts[i]));
	count_field(to, "received", rec, "received");
	count_field(to, "advertised", rec, "advertised");
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		list_field(to, lists[i], rec, lists[i]);
	field(to, "hash", get(rec, "hash"));
	field(to, "after", get(rec, "prev"));
	fputc('\n', to);
}

static void print_text(FILE *to, const struct bundle *b, const char *path)
{
	char now[CLOCK_ISO_LEN];
	const json_t *rec;
	size_t i;

	fprintf(to, "Evidence of action %s\n\n", b->id);
	fprintf(to, "  %-12s %s by peerdeck %s\n", "made", clock_iso(clock_wall_ms(), now), PEERDECK_VERSION);
	fprintf(to, "  %-12s %s\n", "journal", path);
	fprintf(to, "  %-12s %s\n", "verified", b->report.words);
	fprintf(to, "  %-12s %llu:%s\n", "head", (unsigned long long)b->report.head_seq, b->report.head);
	fprintf(to, "  %-12s %zu, from number %llu to %llu\n\n", "records", json_array_size(b->records),
	    (unsigned long long)b->first, (unsigned long long)b->last);
	json_array_foreach(b->records, i, rec)
		print_record(to, rec);
	fputs("Each record's hash is the SHA-256 of the record as JSON with sorted keys, no blanks and ASCII only, without\n"
	      "its own \"hash\"; \"prev\" is the hash of the record before it.  The records follow as they stand.\n\n", to);
}

/* ---- as an object ---- */

static json_t *json_of_bundle(const struct bundle *b, const char *path)
{
	json_t *o = json_object(), *chain = json_object();

	json_put(o, "id", json_of_words(b->id));
	json_put(o, "made", json_of_time(clock_wall_ms()));
	json_put(o, "peerdeck", json_of_words(PEERDECK_VERSION));
	json_put(chain, "journal", json_of_words(path));
	json_put(chain, "ok", json_boolean(b->report.ok));
	json_put(chain, "words", json_of_words(b->report.words));
	json_put(chain, "records", json_integer((json_int_t)b->report.records));
	json_put(chain, "head_seq", json_integer((json_int_t)b->report.head_seq));
	json_put(chain, "head", json_of_words(b->report.head));
	json_put(o, "chain", chain);
	json_object_set(o, "records", b->records);
	return o;
}

static int print_bundle(FILE *to, const struct bundle *b, const char *path, struct err *e)
{
	json_t *o = json_of_bundle(b, path);
	int rc;

	if (!b->json)
		print_text(to, b, path);
	rc = json_dumpf(o, to, JSON_INDENT(1) | JSON_SORT_KEYS | JSON_ENSURE_ASCII);
	json_decref(o);
	fputc('\n', to);
	if (rc != 0 || fflush(to) != 0 || ferror(to))
		return err_errno(e, ERR_IO, "writing the bundle");
	return 0;
}

/* Never over something that is there: a bundle may be evidence already. */
static int write_bundle(const char *name, const struct bundle *b, const char *path, struct err *e)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), rc;
	FILE *to = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (to == NULL)
		return err_errno(e, ERR_IO, "%s", name);
	rc = print_bundle(to, b, path, e);
	if (fclose(to) != 0 && rc == 0)
		rc = err_errno(e, ERR_IO, "%s", name);
	if (rc == 0)
		fprintf(stderr, "peerdeck: %s: %zu records\n", name, json_array_size(b->records));
	return rc;
}

static int run(const struct options *o, struct bundle *b, const char *output, struct err *e)
{
	struct config *c = options_config(o, e);
	char *path = c != NULL ? options_path(c, DATA_JOURNAL) : NULL;
	uint64_t at = 0;
	int rc = -1;

	if (c == NULL)
		return -1;
	b->records = json_array();
	if (access(path, F_OK) != 0 && errno == ENOENT)
		err_set(e, ERR_IO, "%s: there is no journal: nothing was done yet", path);
	else if (journal_verify(path, NULL, &b->report, e) == 0 && journal_read(path, &at, on_entry, b, e) == 0)
		rc = 0;
	if (rc == 0 && json_array_size(b->records) == 0)
		rc = err_set(e, ERR_USAGE, "%.60s: no record of the journal names this action, plan or digest; "
		    "peerdeck journal show --json lists them", b->id);
	if (rc == 0)
		rc = output != NULL ? write_bundle(output, b, path, e) : print_bundle(stdout, b, path, e);
	if (rc == 0 && !b->report.ok)
		rc = err_set(e, ERR_REFUSED, "the journal does not verify: %s", b->report.words);
	json_decref(b->records);
	free(path);
	config_free(c);
	return rc;
}

int cmd_evidence(const struct options *o, int argc, char **argv)
{
	struct bundle b = { .json = false };
	const char *value, *output = NULL;
	struct option_walk w;
	struct err e = ERR_INIT;
	int id;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("evidence ID", "What the journal holds of one action, or of all actions of a plan, "
			    "as text and JSON\nto attach to a mail: what was sent, what was answered, before and after, hashes.\n",
			    options);
		b.json = b.json || id == OPT_JSON;
		output = id == OPT_OUTPUT ? value : output;
	}
	if (id == 0 && w.operands != 1)
		id = err_set(&e, ERR_USAGE, "evidence takes the id of one action or plan; peerdeck held and peerdeck journal "
		    "show them");
	b.id = argc > 1 ? argv[1] : "";
	return id < 0 || run(o, &b, output, &e) != 0 ? exit_say(&e) : STATUS_DONE;
}
