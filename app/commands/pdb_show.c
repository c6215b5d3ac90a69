/* peerdeck pdb show, peerdeck network - one network as the cache has it. */
#include "app/commands/commands.h"
#include "app/commands/pdb_command.h"
#include "app/exit.h"
#include "app/output.h"
#include "app/output_json.h"
#include "backends/sources/pdb_find.h"
#include "backends/sources/pdb_set.h"
#include "backends/sources/pdb_tables.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>

static json_t *json_of_presence(const struct presence *p)
{
	json_t *o = json_object();

	json_put(o, "id", json_integer(p->id));
	json_put(o, "ix_id", json_integer(p->ix_id));
	json_put(o, "ixlan_id", json_integer(p->ixlan_id));
	json_put(o, "exchange", json_of_text(p->ix_name));
	json_put(o, "ipaddr4", json_of_addr(&p->ip4));
	json_put(o, "ipaddr6", json_of_addr(&p->ip6));
	json_put(o, "speed_mbit", json_of_count(p->speed_mbit));
	json_put(o, "rs_peer", json_of_tri(p->rs_peer));
	json_put(o, "operational", json_of_tri(p->operational));
	json_put(o, "read", json_of_time(p->read_wall_ms));
	return o;
}

static json_t *json_of_contacts(const struct peer *p)
{
	json_t *all = json_array();

	for (size_t i = 0; i < p->contact_count; i++) {
		const struct contact *c = &p->contacts[i];
		json_t *o = json_object();

		json_put(o, "role", json_of_text(c->role));
		json_put(o, "name", json_of_text(c->name));
		json_put(o, "phone", json_of_nonempty(text_or(c->phone, NULL)));
		json_put(o, "email", json_of_nonempty(text_or(c->email, NULL)));
		json_put(o, "url", json_of_nonempty(text_or(c->url, NULL)));
		json_put(o, "visible", json_of_text(c->visible));
		json_put(o, "read", json_of_time(c->read_wall_ms));
		json_put(o, "updated", json_of_time(c->updated_wall_ms));
		json_array_append_new(all, o);
	}
	return all;
}

/* null: its facilities were never read. */
static json_t *json_of_sites(const struct peer *p)
{
	json_t *all = p->sites_known ? json_array() : json_null();

	for (size_t i = 0; i < p->site_count; i++) {
		json_t *o = json_object();

		json_put(o, "fac_id", json_integer(p->sites[i].fac_id));
		json_put(o, "name", json_of_text(p->sites[i].name));
		json_put(o, "city", json_of_text(p->sites[i].city));
		json_put(o, "country", json_of_text(p->sites[i].country));
		json_array_append_new(all, o);
	}
	return all;
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
	json_put(o, "organization", json_of_nonempty(text_or(p->org_name, NULL)));
	json_put(o, "info_ratio", json_of_nonempty(text_or(p->info_ratio, NULL)));
	json_put(o, "info_scope", json_of_nonempty(text_or(p->info_scope, NULL)));
	json_put(o, "info_traffic", json_of_nonempty(text_or(p->info_traffic, NULL)));
	json_put(o, "contacts", json_of_contacts(p));
	json_put(o, "facilities", json_of_sites(p));
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

static void print_contacts(const struct peer *p)
{
	static const char *const titles[] = { "ROLE", "NAME", "PHONE", "EMAIL", "VISIBLE", NULL };
	struct out_table *t = out_table_new(titles);

	for (size_t i = 0; i < p->contact_count; i++) {
		const struct contact *c = &p->contacts[i];

		out_table_cell(t, text_or(c->role, NULL));
		out_table_cell(t, text_or(c->name, NULL));
		out_table_cell(t, text_or(c->phone, NULL));
		out_table_cell(t, text_or(c->email, NULL));
		out_table_cell(t, text_or(c->visible, NULL));
	}
	out_table_print(t, stdout);
}

static void print_sites(const struct peer *p)
{
	static const char *const titles[] = { "FACILITY", "CITY", "COUNTRY", NULL };
	struct out_table *t = out_table_new(titles);

	for (size_t i = 0; i < p->site_count; i++) {
		out_table_cell(t, text_or(p->sites[i].name, NULL));
		out_table_cell(t, text_or(p->sites[i].city, NULL));
		out_table_cell(t, text_or(p->sites[i].country, NULL));
	}
	out_table_print(t, stdout);
}

static void print_all(const struct peer *p)
{
	print_peer(p);
	if (p->contact_count > 0) {
		putchar('\n');
		print_contacts(p);
	} else if (p->contacts_seen == CONTACTS_PUBLIC_ONLY) {
		print_field("", "key needed: no contact is public, others may be hidden");
	}
	if (p->site_count > 0) {
		putchar('\n');
		print_sites(p);
	}
}

static const char *found_word(enum pdb_found_by by)
{
	static const char *const words[] = { [PDB_BY_ASN] = "asn", [PDB_BY_NAME] = "name", [PDB_BY_ADDRESS] = "address",
		[PDB_BY_MACRO] = "as-macro", [PDB_BY_EXCHANGE] = "exchange" };

	return words[by];
}

static void print_finds(const struct pdb_finds *f, const struct peer_set *set)
{
	static const char *const titles[] = { "ASN", "NAME", "ALSO", "POLICY", "TYPE", "FOUND BY", NULL };
	struct out_table *t = out_table_new(titles);

	for (size_t i = 0; i < f->n; i++) {
		const struct peer *p = peer_set_find(set, f->p[i].asn);
		char asn[24];

		snprintf(asn, sizeof(asn), "AS%u", f->p[i].asn);
		out_table_cell(t, asn);
		out_table_cell(t, p != NULL ? text_or(p->name, NULL) : NULL);
		out_table_cell(t, p != NULL && !text_empty(p->aka) ? p->aka.s : NULL);
		out_table_cell(t, p != NULL && !text_empty(p->policy_general) ? p->policy_general.s : NULL);
		out_table_cell(t, p != NULL && !text_empty(p->info_type) ? p->info_type.s : NULL);
		out_table_cell(t, found_word(f->p[i].by));
	}
	out_table_print(t, stdout);
	if (f->more)
		printf("and more: only the first %zu are shown\n", f->n);
}

static int print_finds_json(const struct pdb_finds *f, const struct peer_set *set, json_t *top)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct peer *p = peer_set_find(set, f->p[i].asn);
		json_t *o = p != NULL ? json_of_peer(p) : NULL;

		if (o == NULL)
			continue;
		json_put(o, "found_by", json_of_words(found_word(f->p[i].by)));
		json_array_append_new(top, o);
	}
	return 0;
}

static int say_nothing_found(const struct lookup *l, const char *words, const struct pdb_finds *f)
{
	struct store_asked asked;
	int64_t at;

	if (f->is_asn && (store_asked_get(l->store, PDB_NET, f->asn, &asked, NULL) == 1 ||
	    pdb_table_whole(l->store, PDB_NET, &at)))
		fprintf(stderr, "peerdeck: AS%u is not in PeeringDB\n", f->asn);
	else if (f->is_asn)
		fprintf(stderr, "peerdeck: AS%u is not in the cache (peerdeck pdb refresh AS%u asks for it)\n", f->asn, f->asn);
	else
		fprintf(stderr, "peerdeck: no network is found by \"%s\"%s\n", words, pdb_table_whole(l->store, PDB_NET, &at) ? "" :
		    ": the cache holds only networks that were seen (peerdeck pdb sync reads all)");
	return 1;
}

/* One question: a single network in full, several as a list. */
static int show_words(struct lookup *l, const char *words, json_t *top, struct err *e)
{
	struct pdb_finds f;
	struct peer_set *set;
	asn_t *asns;
	int rc = 0;

	if (pdb_find(l->store, words, &f, e) < 0)
		return -1;
	asns = mem_calloc(f.n, sizeof(*asns));
	for (size_t i = 0; i < f.n; i++)
		asns[i] = f.p[i].asn;
	set = pdb_load_only(l->store, asns, f.n, ASN_UNKNOWN, e);
	if (e->code != ERR_NONE)
		rc = -1;
	else if (f.n == 0)
		rc = say_nothing_found(l, words, &f);
	else if (top != NULL)
		rc = print_finds_json(&f, set, top);
	else if (set->peer_count == 1)
		print_all(&set->peers[0]);
	else
		print_finds(&f, set);
	peer_set_unref(set);
	pdb_finds_fini(&f);
	free(asns);
	return rc;
}

/* Several AS numbers are several questions; anything else is one. */
static bool all_asns(const struct pdb_args *a)
{
	asn_t asn;

	for (size_t i = 0; i < a->count; i++)
		if (!asn_parse(slice_of(a->words[i]), &asn))
			return false;
	return true;
}

static char *joined(const struct pdb_args *a)
{
	struct str s;

	str_init(&s, 0);
	for (size_t i = 0; i < a->count; i++)
		str_addf(&s, "%s%s", i > 0 ? " " : "", a->words[i]);
	return s.p;
}

/* Shows what the cache has; nothing is asked.  A network that is not there ends with status 1. */
int pdb_run_show(struct lookup *l, const struct pdb_args *a, struct err *e)
{
	json_t *top = a->json ? json_array() : NULL;
	int rc = 0;

	if (a->count == 0)
		return err_set(e, ERR_USAGE, "show whom? an AS number, a name, an address, ix:NAME or an AS macro");
	if (all_asns(a)) {
		for (size_t i = 0; rc >= 0 && i < a->count; i++) {
			int one = show_words(l, a->words[i], top, e);

			rc = one < 0 ? -1 : rc | one;
		}
	} else {
		char *words = joined(a);

		rc = show_words(l, words, top, e);
		free(words);
	}
	if (a->json && rc >= 0 && json_print(json_incref(top), e) != 0)
		rc = -1;
	json_decref(top);
	return rc;
}

enum { OPT_JSON = 1, OPT_HELP };
static const struct option_def options[] = {
	{ "json", NULL, "an array of networks; null is unknown", OPT_JSON },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};
static const char help[] =
    "Finds networks in the cache of PeeringDB, also those that we have no session with.\n"
    "  AS64501, 64501       by AS number\n"
    "  203.0.113.7          who has that address at an exchange\n"
    "  AS-EXAMPLE           whose AS macro it is; RIPE::AS-EXAMPLE of that source only\n"
    "  ix:NAME              who is at that exchange\n"
    "  anything else        part of a name; if no network has it, of an exchange\n";

int cmd_network(const struct options *o, int argc, char **argv)
{
	struct pdb_args a = { 0 };
	struct lookup l = { 0 };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id, rc = -1;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("network WORDS", help, options);
		a.json = a.json || id == OPT_JSON;
	}
	a.words = (const char *const *)argv + 1;
	a.count = (size_t)w.operands;
	if (e.code == ERR_NONE && lookup_open(&l, o, &e) == 0)
		rc = pdb_run_show(&l, &a, &e);
	lookup_close(&l);
	if (rc < 0)
		return exit_say(&e);
	return rc == 0 ? STATUS_DONE : STATUS_FAILED;
}
