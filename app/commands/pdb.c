/* peerdeck pdb - the cache of PeeringDB: fill it, look at it. */
#include "app/commands/pdb_command.h"
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/output.h"
#include "app/output_json.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_JSON = 1, OPT_FULL, OPT_DUMP, OPT_HELP };
static const struct option_def options[] = {
	{ "full", NULL, "sync: read all of every table again, not only what changed", OPT_FULL },
	{ "dump", "DIR|URL", "sync: from dump files (net-0.json ...) instead of the API", OPT_DUMP },
	{ "json", NULL, "status, show: as JSON; null is unknown", OPT_JSON },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

/* --- status ------------------------------------------------------------------------ */

struct table_status {
	size_t rows;
	int64_t oldest, newest;
};

static int read_status(struct lookup *l, struct table_status st[PDB_TAGS], size_t *asked, size_t *absent,
    struct err *e)
{
	struct store_asked *all;
	size_t n;

	for (int i = 0; i < PDB_TAGS; i++)
		if (store_count(l->store, (enum pdb_tag)i, &st[i].rows, &st[i].oldest, &st[i].newest, e) != 0)
			return -1;
	if (store_asked_all(l->store, PDB_NET, &all, &n, e) != 0)
		return -1;
	*asked = n;
	*absent = 0;
	for (size_t i = 0; i < n; i++)
		*absent += !all[i].found;
	free(all);
	return 0;
}

/* "none", "in use", or why it is not. */
static const char *key_words(const struct lookup *l, struct err *problem)
{
	char *key;

	if (l->config->pdb.api_key_file == NULL)
		return "none: only public contacts are seen";
	key = pdb_key_read(l->config->pdb.api_key_file, problem);
	if (key == NULL)
		return problem->text;
	explicit_bzero(key, strlen(key));
	free(key);
	return "in use";
}

static int status_json(struct lookup *l, const struct table_status st[PDB_TAGS], size_t asked, size_t absent,
    struct err *e)
{
	json_t *o = json_object(), *tables = json_object();
	struct err key = ERR_INIT;

	json_put(o, "enabled", json_boolean(l->config->pdb.enabled));
	json_put(o, "url", json_of_words(l->config->pdb.url));
	json_put(o, "key", json_of_words(key_words(l, &key)));
	json_put(o, "refresh_s", json_integer(l->config->pdb.refresh_s));
	json_put(o, "note", json_of_nonempty(store_note(l->store)));
	json_put(o, "networks_asked", json_integer((json_int_t)asked));
	json_put(o, "networks_absent", json_integer((json_int_t)absent));
	for (int i = 0; i < PDB_TAGS; i++) {
		json_t *t = json_object();

		json_put(t, "rows", json_integer((json_int_t)st[i].rows));
		json_put(t, "oldest", json_of_time(st[i].oldest));
		json_put(t, "newest", json_of_time(st[i].newest));
		json_put(tables, pdb_kinds[i].tag, t);
	}
	json_put(o, "tables", tables);
	return json_print(o, e);
}

static void status_print(struct lookup *l, const struct table_status st[PDB_TAGS], size_t asked, size_t absent)
{
	static const char *const titles[] = { "TABLE", ">ROWS", ">NEWEST READ", ">OLDEST READ", NULL };
	struct out_table *t = out_table_new(titles);
	struct err key = ERR_INIT;
	char age[LOOKUP_AGE_LEN];

	printf("source   %s%s\n", l->config->pdb.url, l->config->pdb.enabled ? "" : " (disabled)");
	printf("key      %s\n", key_words(l, &key));
	printf("cache    %s/cache.db\n", l->config->data_dir);
	printf("asked    %zu networks, of which %zu are not in PeeringDB\n\n", asked, absent);
	for (int i = 0; i < PDB_TAGS; i++) {
		if (st[i].rows == 0)
			continue;
		out_table_cell(t, pdb_kinds[i].tag);
		out_table_count(t, (count_t)st[i].rows);
		out_table_cell(t, lookup_age(st[i].newest, age));
		out_table_cell(t, lookup_age(st[i].oldest, age));
	}
	out_table_print(t, stdout);
}

static int run_status(struct lookup *l, const struct pdb_args *a, struct err *e)
{
	struct table_status st[PDB_TAGS];
	size_t asked, absent;

	if (read_status(l, st, &asked, &absent, e) != 0)
		return -1;
	if (a->json)
		return status_json(l, st, asked, absent, e);
	status_print(l, st, asked, absent);
	return 0;
}

/* --- refresh ----------------------------------------------------------------------- */

int pdb_read_asns(const struct pdb_args *a, asn_t **out, size_t *n, struct err *e)
{
	*out = mem_calloc(a->count, sizeof(**out));
	for (*n = 0; *n < a->count; ++*n)
		if (!asn_parse(slice_of(a->words[*n]), &(*out)[*n]) || (*out)[*n] == ASN_UNKNOWN)
			return err_set(e, ERR_USAGE, "\"%s\" is no AS number (AS64501, 64501, 1.10)", a->words[*n]);
	return 0;
}

/* All networks that were ever asked for. */
static int known_asns(struct lookup *l, asn_t **out, size_t *n, struct err *e)
{
	struct store_asked *all;

	if (store_asked_all(l->store, PDB_NET, &all, n, e) != 0)
		return -1;
	*out = mem_calloc(*n, sizeof(**out));
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = (asn_t)all[i].key;
	free(all);
	return 0;
}

static int run_refresh(struct lookup *l, const struct pdb_args *a, struct err *e)
{
	asn_t *asns = NULL;
	size_t n = 0;
	int rc = a->count > 0 ? pdb_read_asns(a, &asns, &n, e) : known_asns(l, &asns, &n, e);

	if (rc == 0)
		rc = lookup_ask(l, asns, n, NULL, 0, 0, e);
	if (rc == 0)
		printf("%zu networks asked, %u questions\n", n, pdb_ask_count(l->ask));
	free(asns);
	return rc;
}

/* --- the command ------------------------------------------------------------------- */

static const struct {
	const char *name;
	int (*run)(struct lookup *l, const struct pdb_args *a, struct err *e);
} verbs[] = {
	{ "sync", pdb_run_sync }, { "import", pdb_run_import }, { "export", pdb_run_export },
	{ "status", run_status }, { "refresh", run_refresh }, { "show", pdb_run_show },
};

static const char help[] =
    "  sync                 read all tables, or what changed in them since the last time\n"
    "  import DIR|FILE ...  read a snapshot: net.json, net-0.json.gz ... as the API gives them, or one object keyed by "
    "table\n"
    "  export DIR|FILE.json  write the cache as a snapshot, for networks without internet\n"
    "  status               what the cache holds, and how old it is\n"
    "  refresh [AS<n> ...]  ask PeeringDB again: for these networks, or for all that were asked for\n"
    "  show WORDS ...       networks as the cache has them: by AS number, name, address, exchange or AS macro\n";

static int run(const struct options *o, const char *verb, const struct pdb_args *a, struct err *e)
{
	struct lookup l = { 0 };
	int rc = -1;

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (strcmp(verbs[i].name, verb) != 0)
			continue;
		if (lookup_open(&l, o, e) == 0)
			rc = verbs[i].run(&l, a, e);
		lookup_close(&l);
		return rc;
	}
	return err_set(e, ERR_USAGE, "pdb %s: there is sync, import, export, status, refresh and show", verb);
}

int cmd_pdb(const struct options *o, int argc, char **argv)
{
	struct pdb_args a = { 0 };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id, rc;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("pdb sync|import|export|status|refresh|show ...", help, options);
		a.json = a.json || id == OPT_JSON;
		a.full = a.full || id == OPT_FULL;
		a.dump = id == OPT_DUMP ? value : a.dump;
	}
	if (e.code == ERR_NONE && w.operands == 0)
		err_set(&e, ERR_USAGE, "pdb what? sync, import, export, status, refresh or show");
	if (e.code != ERR_NONE)
		return exit_say(&e);
	a.words = (const char *const *)argv + 2;
	a.count = (size_t)w.operands - 1;
	rc = run(o, argv[1], &a, &e);
	if (rc < 0)
		return exit_say(&e);
	return rc == 0 ? STATUS_DONE : STATUS_FAILED;
}
