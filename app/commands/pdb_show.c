/* peerdeck pdb show, peerdeck network - one network as the cache has it. */
#include "app/commands/pdb_command.h"
#include "app/output.h"
#include "app/output_json.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>

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
int pdb_run_show(struct lookup *l, const struct pdb_args *a, struct err *e)
{
	struct peer_set *set = NULL;
	json_t *top = a->json ? json_array() : NULL;
	asn_t *asns = NULL;
	size_t n;
	int rc = a->count == 0 ? err_set(e, ERR_USAGE, "show whom? peerdeck pdb show AS64501") : pdb_read_asns(a, &asns, &n, e);

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

