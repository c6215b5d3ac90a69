/* peerdeck presence - where we meet another network, what is missing there, and what has drifted. */
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/gather.h"
#include "app/lookup.h"
#include "app/output.h"
#include "app/people.h"
#include "core/judge/presence_seen.h"
#include "app/presence_json.h"
#include "backends/sources/pdb_find.h"
#include "backends/sources/pdb_set.h"
#include "core/base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_JSON = 1, OPT_OFFLINE, OPT_HELP, LOOK_MS = 60000 };
static const struct option_def options[] = {
	{ "json", NULL, "an object for each network; null is unknown", OPT_JSON },
	{ "offline", NULL, "ask no router: sessions are then unknown", OPT_OFFLINE },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct look {
	struct lookup l;
	struct gather g;
	bool json, online;
	struct presence_seen *seen;
	size_t seen_count;
	bool all_read;
	struct people *people; /* whose book knows private peerings */
};

/* --- words ------------------------------------------------------------------------- */

static void print_port(struct out_table *t, const char *whose, const struct addr *four, const struct addr *six,
    const struct presence *row)
{
	static const char *const tri[] = { [TRI_UNKNOWN] = NULL, [TRI_NO] = "no", [TRI_YES] = "yes" };
	char a[ADDR_STRLEN], b[ADDR_STRLEN];

	out_table_cell(t, whose);
	out_table_cell(t, *addr_print(four, a) ? a : NULL);
	out_table_cell(t, *addr_print(six, b) ? b : NULL);
	out_table_count(t, row != NULL ? row->speed_mbit : COUNT_UNKNOWN);
	out_table_cell(t, row != NULL ? tri[row->rs_peer] : NULL);
	out_table_cell(t, row != NULL ? tri[row->operational] : "only seen on a router");
}

static void print_meetings(const struct common_exchange *x, bool all_read)
{
	for (size_t i = 0; i < x->meeting_count; i++) {
		const struct meeting *m = &x->meetings[i];
		char a[ADDR_STRLEN], b[ADDR_STRLEN];

		addr_print(m->version == 4 ? &m->theirs->ip4 : &m->theirs->ip6, a);
		addr_print(m->version == 4 ? &m->ours->ip4 : &m->ours->ip6, b);
		if (m->seen != NULL)
			printf("  session  IPv%d  %s on %s: %s\n", m->version, a, m->seen->router,
			    bgp_state_word(m->seen->state) != NULL ? bgp_state_word(m->seen->state) : "state unknown");
		else if (m->elsewhere)
			printf("  session  IPv%d  %s: not from %s, but from another port of ours\n", m->version, a, *b ? b : "this port");
		else
			printf("  %s  IPv%d  %s%s%s\n", all_read ? "missing" : "none seen", m->version, a, *b ? " from " : "", b);
	}
}

static void print_exchange(const struct common_exchange *x, bool online, bool all_read)
{
	static const char *const titles[] = { "PORT", "IPV4", "IPV6", ">MBIT/S", "ROUTE SERVER", "OPERATIONAL", NULL };
	struct out_table *t = out_table_new(titles);

	printf("\n%s\n", text_or(x->name, "exchange without a name"));
	if (x->exchange != NULL && !text_empty(x->exchange->status_dashboard))
		printf("  status page %s\n", x->exchange->status_dashboard.s);
	if (x->exchange != NULL && (!text_empty(x->exchange->tech_phone) || !text_empty(x->exchange->tech_email)))
		printf("  technical   %s  %s\n", text_or(x->exchange->tech_phone, ""), text_or(x->exchange->tech_email, ""));
	for (size_t i = 0; i < x->our_count; i++)
		print_port(t, "ours", &x->ours[i].ip4, &x->ours[i].ip6, x->ours[i].row);
	for (size_t i = 0; i < x->their_count; i++)
		print_port(t, "theirs", &x->theirs[i]->ip4, &x->theirs[i]->ip6, x->theirs[i]);
	out_table_print(t, stdout);
	if (online)
		print_meetings(x, all_read);
}

static void print_facilities(const struct presence_view *v)
{
	if (v->facility_count == 0) {
		printf("\n%s\n", v->facilities_known ? "no common facility" : "common facilities: not known");
		return;
	}
	printf("\ncommon facilities\n");
	for (size_t i = 0; i < v->facility_count; i++) {
		const struct common_facility *f = &v->facilities[i];

		printf("  %s  %s %s", text_or(f->theirs->name, "?"), text_or(f->theirs->city, ""), text_or(f->theirs->country, ""));
		if (f->facility != NULL)
			printf("  %s  %s", text_or(f->facility->tech_phone, ""), text_or(f->facility->tech_email, ""));
		putchar('\n');
	}
}

static void print_privates(const struct presence_view *v, bool online)
{
	if (v->private_count > 0)
		printf("\nprivate peerings, by the contact book\n");
	for (size_t i = 0; i < v->private_count; i++) {
		const struct book_port *port = v->privates[i].port;
		const struct presence_seen *seen = v->privates[i].seen;
		const char *state = seen != NULL ? bgp_state_word(seen->state) : v->all_read ? "no session" : "none seen";
		char address[ADDR_STRLEN];

		addr_print(&port->address, address);
		printf("  %s  %s  %s", text_or(port->where, "somewhere"), text_or(port->router, ""), *address ? address : "address not said");
		if (port->speed_mbit >= 0)
			printf("  %" PRId64 " Mbit/s", port->speed_mbit);
		printf("  %s%s%s\n", online && *address ? (state != NULL ? state : "state unknown") : "", text_empty(port->note) ? "" : "  ",
		    text_or(port->note, ""));
	}
}

static void print_view(const struct presence_view *v, bool online)
{
	char age[LOOKUP_AGE_LEN];

	printf("AS%u%s%s\n", v->asn, v->theirs != NULL ? " " : "", v->theirs != NULL ? text_or(v->theirs->name, "") : "");
	print_privates(v, online);
	if (v->theirs == NULL)
		return;
	printf("read from PeeringDB %s\n", lookup_age(v->theirs->fetched_wall_ms, age));
	if (v->ours == NULL)
		printf("our own network is not in the cache of PeeringDB: only what the routers show is known of our side\n");
	if (v->exchange_count == 0)
		printf("no common exchange\n");
	for (size_t i = 0; i < v->exchange_count; i++)
		print_exchange(&v->exchanges[i], online, v->all_read);
	print_facilities(v);
	if (v->drift_count > 0)
		printf("\nPeeringDB and the routers disagree\n");
	for (size_t i = 0; i < v->drift_count; i++)
		printf("  %-15s  %s\n", drift_word(v->drifts[i].kind), text_or(v->drifts[i].words, ""));
	if (online && !v->all_read)
		printf("\nnot all routers were read: a session may be on one of those\n");
}

/* --- one network, or all of an exchange ----------------------------------------------- */

static struct presence_view *view_of(const struct look *k, struct arena *a, const struct peer_set *set, asn_t asn)
{
	const struct presence_in in = { .set = set, .asn = asn, .seen = k->seen, .seen_count = k->seen_count,
		.all_read = k->all_read, .book = k->people != NULL ? people_book(k->people) : NULL };

	return presence_of(a, &in);
}

static bool is_port_of(const struct peer_set *set, asn_t asn, const struct addr *a)
{
	const struct peer *p = peer_set_find(set, asn);

	for (size_t i = 0; p != NULL && i < p->presence_count; i++)
		if (addr_equal(&p->presence[i].ip4, a) || addr_equal(&p->presence[i].ip6, a))
			return true;
	return false;
}

/* The rows of this network, and of those who have the addresses now that sessions with it go to: else an address that was
 * given to somebody else would be told as gone. */
static struct peer_set *load_with_owners(struct look *k, asn_t asn, struct err *e)
{
	struct peer_set *set = pdb_load(k->l.store, &asn, 1, k->l.config->local_as, e);
	asn_t *asns = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; e->code == ERR_NONE && i < k->seen_count; i++) {
		const struct presence_seen *s = &k->seen[i];
		struct pdb_finds found = { 0 };
		char words[ADDR_STRLEN];

		if (s->remote_as != asn || s->peer.family == ADDR_NONE || is_port_of(set, asn, &s->peer))
			continue;
		if (pdb_find(k->l.store, addr_print(&s->peer, words), &found, e) == 0) {
			MEM_GROW(asns, cap, n + found.n + 1);
			for (size_t f = 0; f < found.n; f++)
				asns[n++] = found.p[f].asn;
		}
		pdb_finds_fini(&found);
	}
	if (e->code == ERR_NONE && n > 0) {
		asns[n++] = asn;
		peer_set_unref(set);
		set = pdb_load(k->l.store, asns, n, k->l.config->local_as, e);
	}
	free(asns);
	return set;
}

static int show_network(struct look *k, asn_t asn, struct err *e)
{
	struct peer_set *set = load_with_owners(k, asn, e);
	struct arena *a = arena_new();
	const struct presence_view *v = view_of(k, a, set, asn);
	int rc = 0;

	if (e->code != ERR_NONE)
		rc = -1;
	else if (k->json)
		rc = json_print(presence_json(v, k->online), e);
	else
		print_view(v, k->online);
	if (rc == 0 && v->theirs == NULL) {
		fprintf(stderr, "peerdeck: AS%u is %s\n", asn, peer_set_absent(set, asn) ? "not in PeeringDB" :
		    "not in the cache (peerdeck pdb refresh asks for it)");
		rc = 1;
	}
	arena_free(a);
	peer_set_unref(set);
	return rc;
}

/* The part of a view that is at one exchange. */
static const struct common_exchange *at_exchange(const struct presence_view *v, uint32_t ix_id)
{
	for (size_t i = 0; i < v->exchange_count; i++)
		if (v->exchanges[i].ix_id == ix_id)
			return &v->exchanges[i];
	return NULL;
}

static void print_members(const struct look *k, struct arena *a, const struct peer_set *set, uint32_t ix_id)
{
	static const char *const titles[] = { "ASN", "NAME", "POLICY", ">PORTS", ">SESSIONS", ">MISSING", NULL };
	struct out_table *t = out_table_new(titles);

	for (size_t i = 0; i < set->peer_count; i++) {
		const struct presence_view *v = view_of(k, a, set, set->peers[i].asn);
		const struct common_exchange *x = at_exchange(v, ix_id);
		char asn[24];
		count_t sessions = 0;

		for (size_t m = 0; x != NULL && m < x->meeting_count; m++)
			sessions += x->meetings[m].seen != NULL;
		snprintf(asn, sizeof(asn), "AS%u", set->peers[i].asn);
		out_table_cell(t, asn);
		out_table_cell(t, text_or(set->peers[i].name, NULL));
		out_table_cell(t, text_or(set->peers[i].policy_general, NULL));
		out_table_count(t, x != NULL ? (count_t)x->their_count : COUNT_UNKNOWN);
		out_table_count(t, x != NULL && k->online ? sessions : COUNT_UNKNOWN);
		out_table_count(t, x != NULL && k->online && k->all_read ? (count_t)x->missing : COUNT_UNKNOWN);
	}
	out_table_print(t, stdout);
}

static int show_exchange(struct look *k, uint32_t ix_id, const struct pdb_finds *f, struct err *e)
{
	asn_t *asns = mem_calloc(f->n, sizeof(*asns));
	struct peer_set *set;
	const struct exchange *x;
	struct arena *a = arena_new();
	int rc = 0;

	for (size_t i = 0; i < f->n; i++)
		asns[i] = f->p[i].asn;
	set = pdb_load(k->l.store, asns, f->n, k->l.config->local_as, e);
	x = peer_set_exchange(set, ix_id, 0);
	if (e->code != ERR_NONE) {
		rc = -1;
	} else if (k->json) {
		json_t *o = presence_json_exchange(x, ix_id), *all = json_array();

		for (size_t i = 0; i < set->peer_count; i++)
			json_array_append_new(all, presence_json(view_of(k, a, set, set->peers[i].asn), k->online));
		json_object_set_new(o, "networks", all);
		rc = json_print(o, e);
	} else {
		printf("%s\n", x != NULL ? text_or(x->name, "?") : "exchange");
		if (x != NULL)
			printf("status page %s\ntechnical   %s  %s\npolicy      %s  %s\n", text_or(x->status_dashboard, "-"),
			    text_or(x->tech_phone, ""), text_or(x->tech_email, ""), text_or(x->policy_phone, ""), text_or(x->policy_email, ""));
		print_members(k, a, set, ix_id);
	}
	free(asns);
	arena_free(a);
	peer_set_unref(set);
	return rc;
}

static int show(struct look *k, const char *words, struct err *e)
{
	struct pdb_finds f;
	int rc = pdb_find(k->l.store, words, &f, e);

	if (rc < 0)
		return -1;
	if (f.is_asn)
		rc = show_network(k, f.asn, e);
	else if (f.n > 0 && f.p[0].by == PDB_BY_EXCHANGE)
		rc = show_exchange(k, f.ix_id, &f, e);
	else if (f.n == 1 || (f.n > 1 && f.p[0].rank == 0 && f.p[1].rank > 0))
		rc = show_network(k, f.p[0].asn, e);
	else if (f.n > 1)
		rc = err_set(e, ERR_USAGE, "\"%s\" is part of the names of %zu networks (AS%u, AS%u ...): name one", words, f.n, f.p[0].asn,
		    f.p[1].asn);
	else
		rc = err_set(e, ERR_USAGE, "no network and no exchange is found by \"%s\" in the cache (peerdeck pdb sync reads all of "
		    "PeeringDB)", words);
	pdb_finds_fini(&f);
	return rc;
}

static int run(const struct options *o, const char *words, struct look *k, struct err *e)
{
	char *path = NULL;
	int rc = -1;

	if (lookup_open(&k->l, o, e) != 0 || gather_open(&k->g, o, e) != 0)
		goto out;
	if (k->online) {
		if (gather_look(&k->g, NULL, LOOK_MS, e) != 0)
			goto out;
		k->all_read = gather_report(&k->g, NULL) == 0;
	}
	path = options_path(k->l.config, DATA_JOURNAL);
	k->people = people_open(k->l.config, path);
	k->seen = presence_seen_of(&k->g.present.w, &k->seen_count);
	rc = show(k, words, e);
out:
	free(k->seen);
	free(path);
	people_close(k->people);
	gather_stop(&k->g);
	lookup_close(&k->l);
	return rc;
}

int cmd_presence(const struct options *o, int argc, char **argv)
{
	struct look k = { .online = true };
	struct option_walk w;
	struct err e = ERR_INIT;
	struct str words;
	const char *value;
	int id, rc;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("presence AS<n>|NAME|ix:EXCHANGE", "Common exchanges and facilities with a network: ports of both sides, "
			    "sessions, those that are missing,\nand where PeeringDB and the routers disagree.  Of an exchange: all networks there.\n",
			    options);
		k.json = k.json || id == OPT_JSON;
		k.online = k.online && id != OPT_OFFLINE;
	}
	if (e.code == ERR_NONE && w.operands == 0)
		err_set(&e, ERR_USAGE, "presence of whom? peerdeck presence AS64501, or ix:NAME");
	if (e.code != ERR_NONE)
		return exit_say(&e);
	str_init(&words, 0);
	for (int i = 1; i <= w.operands; i++)
		str_addf(&words, "%s%s", i > 1 ? " " : "", argv[i]);
	rc = run(o, words.p, &k, &e);
	str_fini(&words);
	if (rc < 0)
		return exit_say(&e);
	return rc == 0 ? STATUS_DONE : STATUS_FAILED;
}
