/* peerdeck pdb - the cache of PeeringDB: fill it, look at it. */
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/lookup.h"
#include "app/output.h"
#include "app/output_json.h"
#include "backends/sources/pdb_import.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_JSON = 1, OPT_HELP, FAULTS_SHOWN = 20 };
static const struct option_def options[] = {
	{ "json", NULL, "status, show: as JSON; null is unknown", OPT_JSON },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct args {
	bool json;
	const char *const *words; /* behind the sub-command */
	size_t count;
};

/* --- import ------------------------------------------------------------------------ */

static void on_progress(void *arg, const char *words)
{
	(void)arg;
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "%s\n", words);
}

static void on_fault(void *arg, const char *words)
{
	size_t *told = arg;

	if (++*told <= FAULTS_SHOWN)
		fprintf(stderr, "peerdeck: %s\n", words);
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

static int run_import(struct lookup *l, const struct args *a, struct err *e)
{
	size_t told = 0;
	const struct pdb_import_ops ops = { on_progress, on_fault, &told };
	struct pdb_import_sum sum;

	if (a->count == 0)
		return err_set(e, ERR_USAGE, "import what? a directory or files like net.json, poc.json.gz");
	if (pdb_import(l->store, a->words, a->count, &ops, &sum, e) != 0)
		return -1;
	if (told > FAULTS_SHOWN)
		fprintf(stderr, "peerdeck: and %zu more\n", told - FAULTS_SHOWN);
	if (sum.dropped > 0)
		fprintf(stderr, "peerdeck: %zu rows dropped\n", sum.dropped);
	print_sum(&sum);
	/* A cache that could not be written is gone when this command ends. */
	return *store_note(l->store) != '\0' && strstr(store_note(l->store), "memory") != NULL ?
	    err_set(e, ERR_IO, "%s", store_note(l->store)) : 0;
}

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

static int run_status(struct lookup *l, const struct args *a, struct err *e)
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

static int read_asns(const struct args *a, asn_t **out, size_t *n, struct err *e)
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

static int run_refresh(struct lookup *l, const struct args *a, struct err *e)
{
	asn_t *asns = NULL;
	size_t n = 0;
	int rc = a->count > 0 ? read_asns(a, &asns, &n, e) : known_asns(l, &asns, &n, e);

	if (rc == 0)
		rc = lookup_ask(l, asns, n, NULL, 0, 0, e);
	if (rc == 0)
		printf("%zu networks asked, %u questions\n", n, pdb_ask_count(l->ask));
	free(asns);
	return rc;
}

/* --- show -------------------------------------------------------------------------- */

static json_t *json_of_presence(const struct presence *p)
{
	json_t *o = json_object();

	json_put(o, "ix_id", json_integer(p->ix_id));
	json_put(o, "ixlan_id", json_integer(p->ixlan_id));
	json_put(o, "exchange", json_of_text(p->ix_name));
	json_put(o, "ipaddr4", json_of_addr(&p->ip4));
	json_put(o, "ipaddr6", json_of_addr(&p->ip6));
	json_put(o, "speed_mbit", json_of_count(p->speed_mbit));
	json_put(o, "rs_peer", json_of_tri(p->rs_peer));
	json_put(o, "operational", json_of_tri(p->operational));
	return o;
}

static json_t *json_of_peer(const struct peer *p)
{
	json_t *o = json_object(), *ports = json_array();

	json_put(o, "asn", json_of_asn(p->asn));
	json_put(o, "net_id", json_integer(p->net_id));
	json_put(o, "name", json_of_text(p->name));
	json_put(o, "aka", json_of_nonempty(text_or(p->aka, NULL)));
	json_put(o, "website", json_of_nonempty(text_or(p->website, NULL)));
	json_put(o, "looking_glass", json_of_nonempty(text_or(p->looking_glass, NULL)));
	json_put(o, "irr_as_set", json_of_nonempty(text_or(p->irr_as_set, NULL)));
	json_put(o, "info_type", json_of_nonempty(text_or(p->info_type, NULL)));
	json_put(o, "info_prefixes4", json_of_count(p->info_prefixes4));
	json_put(o, "info_prefixes6", json_of_count(p->info_prefixes6));
	json_put(o, "policy_general", json_of_nonempty(text_or(p->policy_general, NULL)));
	json_put(o, "policy_url", json_of_nonempty(text_or(p->policy_url, NULL)));
	json_put(o, "status_dashboard", json_of_nonempty(text_or(p->status_dashboard, NULL)));
	json_put(o, "notes", json_of_nonempty(text_or(p->notes, NULL)));
	json_put(o, "contact_count", json_integer((json_int_t)p->contact_count));
	json_put(o, "contacts_note", json_of_words(contacts_seen_words(p->contacts_seen)));
	json_put(o, "read", json_of_time(p->fetched_wall_ms));
	json_put(o, "updated", json_of_time(p->updated_wall_ms));
	for (size_t i = 0; i < p->presence_count; i++)
		json_array_append_new(ports, json_of_presence(&p->presence[i]));
	json_put(o, "presence", ports);
	return o;
}

static void print_field(const char *name, const char *value)
{
	if (value != NULL && *value != '\0')
		printf("%-12s %s\n", name, value);
}

static void print_limit(const char *name, count_t n)
{
	char words[24];

	snprintf(words, sizeof(words), "%lld", (long long)n);
	print_field(name, n == COUNT_UNKNOWN ? "not told" : words);
}

static void print_ports(const struct peer *p)
{
	static const char *const titles[] = { "EXCHANGE", "IPV4", "IPV6", ">MBIT/S", "ROUTE SERVER", "OPERATIONAL", NULL };
	static const char *const tri[] = { [TRI_UNKNOWN] = NULL, [TRI_NO] = "no", [TRI_YES] = "yes" };
	struct out_table *t = out_table_new(titles);

	for (size_t i = 0; i < p->presence_count; i++) {
		const struct presence *port = &p->presence[i];
		char four[ADDR_STRLEN], six[ADDR_STRLEN];

		out_table_cell(t, text_or(port->ix_name, NULL));
		out_table_cell(t, *addr_print(&port->ip4, four) ? four : NULL);
		out_table_cell(t, *addr_print(&port->ip6, six) ? six : NULL);
		out_table_count(t, port->speed_mbit);
		out_table_cell(t, tri[port->rs_peer]);
		out_table_cell(t, tri[port->operational]);
	}
	out_table_print(t, stdout);
}

static void print_peer(const struct peer *p)
{
	char age[LOOKUP_AGE_LEN];

	printf("AS%u %s\n", p->asn, text_or(p->name, ""));
	print_field("also", text_or(p->aka, ""));
	print_field("type", text_or(p->info_type, ""));
	print_field("policy", text_or(p->policy_general, ""));
	print_field("AS macro", text_or(p->irr_as_set, ""));
	print_limit("prefixes v4", p->info_prefixes4);
	print_limit("prefixes v6", p->info_prefixes6);
	print_field("website", text_or(p->website, ""));
	print_field("looking gl.", text_or(p->looking_glass, ""));
	print_field("status page", text_or(p->status_dashboard, ""));
	print_field("notes", text_or(p->notes, ""));
	print_field("contacts", contacts_seen_words(p->contacts_seen));
	print_field("read", lookup_age(p->fetched_wall_ms, age));
	print_field("changed", lookup_age(p->updated_wall_ms, age));
	if (p->presence_count > 0)
		print_ports(p);
}

/* Shows what the cache has; nothing is asked.  A network that is not there ends with status 1. */
static int run_show(struct lookup *l, const struct args *a, struct err *e)
{
	struct peer_set *set = NULL;
	json_t *top = a->json ? json_array() : NULL;
	asn_t *asns = NULL;
	size_t n;
	int rc = a->count == 0 ? err_set(e, ERR_USAGE, "show whom? peerdeck pdb show AS64501") : read_asns(a, &asns, &n, e);

	if (rc == 0)
		set = lookup_set(l, asns, n, e);
	if (e->code != ERR_NONE)
		rc = -1;
	for (size_t i = 0; rc >= 0 && i < n; i++) {
		const struct peer *p = peer_set_find(set, asns[i]);

		if (p == NULL) {
			fprintf(stderr, "peerdeck: AS%u is %s\n", asns[i], peer_set_absent(set, asns[i]) ?
			    "not in PeeringDB" : "not in the cache (peerdeck pdb refresh asks for it)");
			rc = 1;
		} else if (a->json) {
			json_array_append_new(top, json_of_peer(p));
		} else {
			print_peer(p);
		}
	}
	if (a->json && rc >= 0 && json_print(json_incref(top), e) != 0)
		rc = -1;
	json_decref(top);
	peer_set_unref(set);
	free(asns);
	return rc;
}

/* --- the command ------------------------------------------------------------------- */

static const struct {
	const char *name;
	int (*run)(struct lookup *l, const struct args *a, struct err *e);
} verbs[] = {
	{ "import", run_import }, { "status", run_status }, { "refresh", run_refresh }, { "show", run_show },
};

static const char help[] =
    "  import DIR|FILE ...  read a snapshot: net.json, net-0.json.gz ... as the API gives them, or one object keyed by "
    "table\n"
    "  status               what the cache holds, and how old it is\n"
    "  refresh [AS<n> ...]  ask PeeringDB again: for these networks, or for all that were asked for\n"
    "  show AS<n> ...       one network as the cache has it\n";

static int run(const struct options *o, const char *verb, const struct args *a, struct err *e)
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
	return err_set(e, ERR_USAGE, "pdb %s: there is import, status, refresh and show", verb);
}

int cmd_pdb(const struct options *o, int argc, char **argv)
{
	struct args a = { 0 };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id, rc;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("pdb import|status|refresh|show ...", help, options);
		a.json = a.json || id == OPT_JSON;
	}
	if (e.code == ERR_NONE && w.operands == 0)
		err_set(&e, ERR_USAGE, "pdb what? import, status, refresh or show");
	if (e.code != ERR_NONE)
		return exit_say(&e);
	a.words = (const char *const *)argv + 2;
	a.count = (size_t)w.operands - 1;
	rc = run(o, argv[1], &a, &e);
	if (rc < 0)
		return exit_say(&e);
	return rc == 0 ? STATUS_DONE : STATUS_FAILED;
}
