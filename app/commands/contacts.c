/* peerdeck contacts - whom to call about a network, in the order to try. */
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/lookup.h"
#include "app/output.h"
#include "app/output_json.h"
#include "app/selector.h"
#include "app/subject.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_JSON = 1, OPT_OFFLINE, OPT_HELP };
static const struct option_def options[] = {
	{ "json", NULL, "an array of networks; null is unknown", OPT_JSON },
	{ "offline", NULL, "only what is in the cache", OPT_OFFLINE },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct args {
	bool json, offline;
	const char *const *words;
	size_t count;
};

/* --- exchanges of a network -------------------------------------------------------- */

struct places {
	const struct exchange **p;
	size_t n, cap;
};

static void place_add(struct places *l, const struct exchange *x)
{
	for (size_t i = 0; i < l->n; i++)
		if (x == NULL || l->p[i]->ix_id == x->ix_id)
			return;
	if (x == NULL)
		return;
	MEM_GROW(l->p, l->cap, l->n + 1);
	l->p[l->n++] = x;
}

static bool is_at(const struct peer *p, uint32_t ix_id)
{
	for (size_t i = 0; i < p->presence_count; i++)
		if (p->presence[i].ix_id == ix_id)
			return true;
	return false;
}

/* Those that the sessions run over; without sessions those where both we and the network are. */
static struct places exchanges_of(const struct peer_set *set, const struct subject *s, asn_t local_as)
{
	const struct peer *peer = peer_set_find(set, s->asn), *own = peer_set_find(set, local_as);
	struct places l = { 0 };

	for (size_t i = 0; i < s->addr_count; i++)
		place_add(&l, peer_set_exchange_of(set, &s->addrs[i]));
	if (s->addr_count > 0 || peer == NULL || own == NULL)
		return l;
	for (size_t i = 0; i < set->exchange_count; i++)
		if (is_at(peer, set->exchanges[i].ix_id) && is_at(own, set->exchanges[i].ix_id))
			place_add(&l, &set->exchanges[i]);
	return l;
}

/* --- printing ---------------------------------------------------------------------- */

/* Why there is no contact, or not all of them; "" when the list is whole. */
static const char *contacts_words(const struct peer_set *set, const struct subject *s)
{
	const struct peer *p = peer_set_find(set, s->asn);

	if (p == NULL && asn_is_special(s->asn))
		return "a private or reserved AS number: PeeringDB has no such network";
	if (p == NULL)
		return peer_set_absent(set, s->asn) ? "not in PeeringDB" : "not in the cache: PeeringDB was never asked";
	if (p->contacts_seen == CONTACTS_ALL)
		return p->contact_count > 0 ? "" : "PeeringDB lists no contact";
	if (p->contact_count > 0)
		return "only public contacts: an API key is needed to see whether there are others";
	return "no public contact: an API key is needed to see whether there are others";
}

static json_t *json_of_contact(const struct contact *c, size_t rung)
{
	json_t *o = json_object();

	json_put(o, "rung", json_integer((json_int_t)rung));
	json_put(o, "role", json_of_text(c->role));
	json_put(o, "name", json_of_nonempty(text_or(c->name, NULL)));
	json_put(o, "phone", json_of_nonempty(text_or(c->phone, NULL)));
	json_put(o, "email", json_of_nonempty(text_or(c->email, NULL)));
	json_put(o, "url", json_of_nonempty(text_or(c->url, NULL)));
	json_put(o, "visible", json_of_text(c->visible));
	json_put(o, "updated", json_of_time(c->updated_wall_ms));
	json_put(o, "source", json_of_words("peeringdb"));
	return o;
}

static json_t *json_of_exchange(const struct exchange *x)
{
	json_t *o = json_object();

	json_put(o, "id", json_integer(x->ix_id));
	json_put(o, "name", json_of_text(x->name));
	json_put(o, "city", json_of_nonempty(text_or(x->city, NULL)));
	json_put(o, "tech_phone", json_of_nonempty(text_or(x->tech_phone, NULL)));
	json_put(o, "tech_email", json_of_nonempty(text_or(x->tech_email, NULL)));
	json_put(o, "policy_phone", json_of_nonempty(text_or(x->policy_phone, NULL)));
	json_put(o, "policy_email", json_of_nonempty(text_or(x->policy_email, NULL)));
	json_put(o, "status_dashboard", json_of_nonempty(text_or(x->status_dashboard, NULL)));
	return o;
}

static const char *seen_word(enum contacts_seen seen)
{
	return seen == CONTACTS_ALL ? "all" : seen == CONTACTS_PUBLIC_ONLY ? "public" : NULL;
}

static json_t *json_of_abuse(const struct registered *r, size_t i, size_t rung)
{
	json_t *o = json_of_contact(&r->contacts[i], rung);

	json_put(o, "read", json_of_time(r->asked_wall_ms));
	json_put(o, "source", json_of_words("rdap"));
	return o;
}

static json_t *json_of_subject(const struct peer_set *set, const struct registered *r, const struct subject *s, asn_t local_as)
{
	const struct peer *p = peer_set_find(set, s->asn);
	json_t *o = json_object(), *contacts = json_array(), *exchanges = json_array();
	struct places l = exchanges_of(set, s, local_as);

	json_put(o, "asn", json_of_asn(s->asn));
	json_put(o, "name", p != NULL ? json_of_text(p->name) : json_null());
	json_put(o, "in_peeringdb", p != NULL ? json_true() : peer_set_absent(set, s->asn) ? json_false() : json_null());
	json_put(o, "contacts_seen", json_of_words(p != NULL ? seen_word(p->contacts_seen) : NULL));
	json_put(o, "note", json_of_nonempty(contacts_words(set, s)));
	json_put(o, "read", p != NULL ? json_of_time(p->fetched_wall_ms) : json_null());
	json_put(o, "age_s", p != NULL ? json_of_count((clock_wall_ms() - p->fetched_wall_ms) / 1000) : json_null());
	for (size_t i = 0; p != NULL && i < p->contact_count; i++)
		json_array_append_new(contacts, json_of_contact(&p->contacts[i], i + 1));
	for (size_t i = 0; r != NULL && i < r->count; i++)
		json_array_append_new(contacts, json_of_abuse(r, i, json_array_size(contacts) + 1));
	for (size_t i = 0; i < l.n; i++)
		json_array_append_new(exchanges, json_of_exchange(l.p[i]));
	json_put(o, "contacts", contacts);
	json_put(o, "exchanges", exchanges);
	free(l.p);
	return o;
}

static const char *nonempty(struct text t)
{
	return text_empty(t) ? NULL : t.s;
}

static void put_contact(struct out_table *t, const struct contact *c, size_t rung)
{
	char iso[CLOCK_ISO_LEN], number[24];

	snprintf(number, sizeof(number), "%zu", rung);
	out_table_cell(t, number);
	out_table_cell(t, nonempty(c->role));
	out_table_cell(t, nonempty(c->name));
	out_table_cell(t, nonempty(c->phone));
	out_table_cell(t, nonempty(c->email));
	out_table_cell(t, nonempty(c->visible));
	clock_iso(c->updated_wall_ms, iso);
	iso[10] = '\0'; /* the day is enough */
	out_table_cell(t, c->updated_wall_ms > 0 ? iso : NULL);
}

static void put_exchange(struct out_table *t, const struct exchange *x, size_t rung)
{
	char number[24];

	snprintf(number, sizeof(number), "%zu", rung);
	out_table_cell(t, number);
	out_table_cell(t, "exchange");
	out_table_cell(t, nonempty(x->name));
	out_table_cell(t, nonempty(x->tech_phone));
	out_table_cell(t, nonempty(x->tech_email));
	out_table_cell(t, NULL);
	out_table_cell(t, NULL);
}

static void put_abuse(struct out_table *t, const struct registered *r, size_t i, size_t rung)
{
	struct contact c = r->contacts[i];

	c.role = TEXT_LIT("Abuse (RDAP)");
	put_contact(t, &c, rung);
}

static void print_subject(const struct peer_set *set, const struct registered *r, const struct subject *s, asn_t local_as)
{
	static const char *const titles[] = { ">", "ROLE", "NAME", "PHONE", "EMAIL", "VISIBLE", "UPDATED", NULL };
	const struct peer *p = peer_set_find(set, s->asn);
	struct places l = exchanges_of(set, s, local_as);
	const char *note = contacts_words(set, s);
	struct out_table *t;
	char age[LOOKUP_AGE_LEN];
	size_t rung = 0;

	printf("AS%u%s%s\n", s->asn, p != NULL ? " " : "", p != NULL ? text_or(p->name, "") : "");
	if (p != NULL)
		printf("read from PeeringDB %s\n", lookup_age(p->fetched_wall_ms, age));
	if (*note != '\0')
		printf("%s\n", note);
	if ((p != NULL && p->contact_count > 0) || l.n > 0 || (r != NULL && r->count > 0)) {
		t = out_table_new(titles);
		for (size_t i = 0; p != NULL && i < p->contact_count; i++)
			put_contact(t, &p->contacts[i], ++rung);
		for (size_t i = 0; i < l.n; i++)
			put_exchange(t, l.p[i], ++rung);
		for (size_t i = 0; r != NULL && i < r->count; i++)
			put_abuse(t, r, i, ++rung);
		out_table_print(t, stdout);
	}
	free(l.p);
}

/* --- the command ------------------------------------------------------------------- */

/* 1 if a network has nobody to call. */
static int print(const struct args *a, const struct peer_set *set, const struct registered_set *registered, const struct subjects *s,
    asn_t local_as, struct err *e)
{
	json_t *top = a->json ? json_array() : NULL;
	int nobody = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct peer *p = peer_set_find(set, s->p[i].asn);
		const struct registered *r = registered_find(registered, s->p[i].asn);

		nobody |= (p == NULL || p->contact_count == 0) && (r == NULL || r->count == 0);
		if (a->json)
			json_array_append_new(top, json_of_subject(set, r, &s->p[i], local_as));
		else
			print_subject(set, r, &s->p[i], local_as);
		if (!a->json && i + 1 < s->n)
			putchar('\n');
	}
	return a->json && json_print(top, e) != 0 ? -1 : nobody;
}

static int run(const struct options *o, const struct args *a, struct err *e)
{
	struct subjects s = { 0 };
	struct peer_set *set = NULL;
	struct lookup l = { 0 };
	struct arena *arena = arena_new();
	asn_t *asns = NULL;
	int rc = -1;

	if (subjects_find(o, a->words, a->count, &s, e) != 0 || lookup_open(&l, o, e) != 0)
		goto out;
	asns = mem_calloc(s.n, sizeof(*asns));
	for (size_t i = 0; i < s.n; i++)
		asns[i] = s.p[i].asn;
	if (!a->offline && l.config->pdb.enabled)
		subjects_ask(&l, &s);
	set = lookup_set(&l, asns, s.n, e);
	rc = e->code != ERR_NONE ? -1 : print(a, set, lookup_registered(&l, asns, s.n, !a->offline, arena), &s, l.config->local_as, e);
out:
	peer_set_unref(set);
	lookup_close(&l);
	subjects_fini(&s);
	free(asns);
	arena_free(arena);
	return rc;
}

int cmd_contacts(const struct options *o, int argc, char **argv)
{
	struct args a = { 0 };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id, rc;

	if (argc > 1 && (strcmp(argv[1], "add") == 0 || strcmp(argv[1], "edit") == 0 || strcmp(argv[1], "expire") == 0 ||
	    strcmp(argv[1], "check") == 0))
		return cmd_book(o, argc - 1, argv + 1);
	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("contacts SELECTOR ... | add | edit | expire | check", "Prints whom to call, in the order to try: contacts of "
			    "the network, then of the exchange, as PeeringDB lists them.\nadd, edit, expire and check work on the contact book: contacts add --help.\n" SELECTOR_HELP
			    "  AS64501 alone connects to no router and works for any network.\n", options);
		a.json = a.json || id == OPT_JSON;
		a.offline = a.offline || id == OPT_OFFLINE;
	}
	if (e.code == ERR_NONE && w.operands == 0)
		err_set(&e, ERR_USAGE, "contacts of whom? peerdeck contacts AS64501, or --help");
	if (e.code != ERR_NONE)
		return exit_say(&e);
	a.words = (const char *const *)argv + 1;
	a.count = (size_t)w.operands;
	rc = run(o, &a, &e);
	if (rc < 0)
		return exit_say(&e);
	return rc == 0 ? STATUS_DONE : STATUS_FAILED;
}
