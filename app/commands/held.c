/*
 * peerdeck held - what we hold suspended or withdrawn, who, why, until when, and whether it is still so.
 *
 * Actions that were left without an outcome are settled first, by reading
 * their routers; --look reads all routers, so that the state is what they
 * say now.  With neither, no router is asked and only the journal tells.
 */
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/gather.h"
#include "app/output.h"
#include "app/output_json.h"
#include "app/settle.h"
#include "core/act/held.h"
#include "core/base/clock.h"
#include "core/judge/param.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_JSON = 1, OPT_LOOK, OPT_OFFLINE, OPT_HELP, LOOK_MS = 60000 };
static const struct option_def options[] = {
	{ "look", NULL, "read the routers: is it still so?", OPT_LOOK },
	{ "offline", NULL, "ask no router, not even for what was left without an outcome", OPT_OFFLINE },
	{ "json", NULL, "an object: held, drains, returning, unsettled", OPT_JSON },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct held {
	bool json, look, offline;
	struct gather g;
	struct journal *journal;
	struct ledger *ledger;
	struct arena *arena;
	const struct claim **open; /* by whomever */
	enum claim_life *lives;
	size_t open_count, open_cap, life_cap;
};

static void on_claim(void *ctx, const struct claim *c, enum claim_life life)
{
	struct held *h = ctx;

	MEM_GROW(h->open, h->open_cap, h->open_count + 1);
	MEM_GROW(h->lives, h->life_cap, h->open_count + 1);
	h->lives[h->open_count] = life;
	h->open[h->open_count++] = claim_copy(h->arena, c);
}

static int read_records(struct held *h, struct err *e)
{
	char *path = options_path(h->g.config, DATA_JOURNAL);

	h->journal = journal_open(path, h->g.config->operator_name);
	h->ledger = ledger_new(path);
	free(path);
	return ledger_refresh(h->ledger, NULL, e);
}

/* The routers are read where somebody asked for it, or where something must be settled. */
static int look(struct held *h, struct err *e)
{
	const struct operation_way way = { .inbox = h->g.inbox, .present = &h->g.present, .journal = h->journal,
		.ledger = h->ledger };
	struct operation_way with = way;

	if (h->offline || (!h->look && settling_left(h->journal) == 0))
		return 0;
	if (gather_look(&h->g, NULL, LOOK_MS, e) != 0)
		return -1;
	gather_report(&h->g, NULL);
	with.pool = h->g.pool;
	settle_and_wait(&h->g, &with);
	return ledger_refresh(h->ledger, NULL, e);
}

static const struct snap *snap_of(struct held *h, const char *router)
{
	const struct world_router *r = present_router(&h->g.present, router);

	return r != NULL ? r->snap : NULL;
}

static const char *who(const struct ledger_entry *l)
{
	return *l->name != '\0' ? l->name : l->login;
}

/* ---- for people ---- */

static void held_row(struct out_table *t, const struct ledger_entry *l, const char *state)
{
	char asn[24], since[CLOCK_ISO_LEN], until[CLOCK_ISO_LEN];

	snprintf(asn, sizeof(asn), "AS%u", l->remote_as);
	out_table_cell(t, state);
	out_table_cell(t, verb_word(l->verb, l->lasting));
	out_table_cell(t, l->router);
	out_table_cell(t, l->neighbor);
	out_table_cell(t, *l->vrf != '\0' ? l->vrf : NULL);
	out_table_cell(t, l->remote_as != ASN_UNKNOWN ? asn : NULL);
	out_table_cell(t, *l->network != '\0' ? l->network : NULL);
	out_table_cell(t, clock_iso(l->wall_ms, since));
	out_table_cell(t, l->until_wall_ms > 0 ? clock_iso(l->until_wall_ms, until) : NULL);
	out_table_cell(t, who(l));
	out_table_cell(t, *l->ticket != '\0' ? l->ticket : NULL);
	out_table_cell(t, l->overdue ? l->overdue_words : l->reason);
}

static void print_table(struct held *h)
{
	static const char *const titles[] = { "STATE", "VERB", "ROUTER", "NEIGHBOR", "VRF", "AS", "NETWORK", "SINCE", "UNTIL",
		"WHO", "TICKET", "REASON", NULL };
	struct out_table *t;

	if (ledger_count(h->ledger) + ledger_returns(h->ledger) == 0) {
		puts("Nothing is held down or withdrawn by us.");
		return;
	}
	t = out_table_new(titles);
	for (size_t i = 0; i < ledger_count(h->ledger); i++) {
		const struct ledger_entry *l = ledger_at(h->ledger, i);

		held_row(t, l, held_word_in(h->ledger, l, snap_of(h, l->router)));
	}
	for (size_t i = 0; i < ledger_returns(h->ledger); i++) {
		const struct ledger_return *r = ledger_return_at(h->ledger, i);

		held_row(t, &r->was, r->late ? "NOT BACK" : "returning");
	}
	out_table_print(t, stdout);
}

/* What waits for its suspend, and until when at the latest. */
static void print_drains(const struct held *h)
{
	const struct drains *all = ledger_drains(h->ledger);

	for (size_t i = 0; i < drains_count(all); i++) {
		const struct drain_entry *d = drains_at(all, i);
		char iso[CLOCK_ISO_LEN], rate[PARAM_WORDS_LEN];

		printf("drain %s by %s waits until %s", d->op, *d->name != '\0' ? d->name : d->login,
		    clock_iso(d->until_wall_ms, iso));
		if (d->floor_bps != COUNT_UNKNOWN)
			printf(", or for traffic of at most %s", rate_words((double)d->floor_bps, rate));
		printf(", then it is shut%s%s\n", *d->reason != '\0' ? ": " : "", d->reason);
	}
}

static void print_open(const struct held *h)
{
	struct str words;

	str_init(&words, 400);
	for (size_t i = 0; i < h->open_count; i++) {
		str_clear(&words);
		claim_words(&words, h->open[i], h->lives[i]);
		printf("%s: %s\n", h->open[i]->router, words.p);
	}
	str_fini(&words);
}

/* ---- for programs ---- */

static json_t *json_of_held(struct held *h, const struct ledger_entry *l)
{
	const struct snap *snap = snap_of(h, l->router);
	json_t *o = json_object();

	json_put(o, "id", json_of_words(l->id));
	json_put(o, "op", json_of_nonempty(l->op));
	json_put(o, "verb", json_of_words(verb_info(l->verb)->name));
	json_put(o, "lasting", json_boolean(l->lasting));
	json_put(o, "plan", json_of_words(l->plan));
	json_put(o, "scope", json_of_nonempty(l->scope));
	json_put(o, "router", json_of_words(l->router));
	json_put(o, "vrf", json_of_words(*l->vrf != '\0' ? l->vrf : "default"));
	json_put(o, "neighbor", json_of_words(l->neighbor));
	json_put(o, "remote_as", json_of_asn(l->remote_as));
	json_put(o, "network", json_of_nonempty(l->network));
	json_put(o, "state", json_of_words(held_word_in(h->ledger, l, snap)));
	json_put(o, "router_says", json_of_words(held_sentence(held_look(l, snap))));
	json_put(o, "login", json_of_words(l->login));
	json_put(o, "name", json_of_nonempty(l->name));
	json_put(o, "reason", json_of_nonempty(l->reason));
	json_put(o, "ticket", json_of_nonempty(l->ticket));
	json_put(o, "message", json_of_nonempty(l->message));
	json_put(o, "since", json_of_time(l->wall_ms));
	json_put(o, "until", json_of_time(l->until_wall_ms));
	json_put(o, "overdue", l->overdue ? json_of_words(l->overdue_words) : json_null());
	json_put(o, "received_before", json_of_count(l->received));
	json_put(o, "advertised_before", json_of_count(l->advertised));
	return o;
}

static json_t *json_of_return(struct held *h, const struct ledger_return *r)
{
	json_t *o = json_of_held(h, &r->was);
	struct str words;

	str_init(&words, 400);
	(void)held_back(r, snap_of(h, r->was.router), &words);
	json_put(o, "state", json_of_words(r->late ? "not back" : "returning"));
	json_put(o, "router_says", json_of_words(words.p));
	json_put(o, "ended_by", json_of_words(r->inverse_id));
	json_put(o, "ended", json_of_time(r->back_wall_ms));
	str_fini(&words);
	return o;
}

static json_t *json_of_open(const struct claim *c, enum claim_life life)
{
	json_t *o = json_object();
	struct str words;

	str_init(&words, 400);
	claim_words(&words, c, life);
	json_put(o, "id", json_of_words(c->id));
	json_put(o, "verb", json_of_words(verb_info(c->verb)->name));
	json_put(o, "router", json_of_words(c->router));
	json_put(o, "vrf", json_of_words(*c->vrf != '\0' ? c->vrf : "default"));
	json_put(o, "neighbor", json_of_words(c->neighbor));
	json_put(o, "login", json_of_words(c->login));
	json_put(o, "since", json_of_time(c->wall_ms));
	json_put(o, "under_way", json_boolean(life != CLAIM_LEFT));
	json_put(o, "words", json_of_words(words.p));
	str_fini(&words);
	return o;
}

static json_t *json_of_drain(const struct drain_entry *d)
{
	json_t *o = json_object();

	json_put(o, "op", json_of_words(d->op));
	json_put(o, "login", json_of_words(d->login));
	json_put(o, "name", json_of_nonempty(d->name));
	json_put(o, "since", json_of_time(d->since_wall_ms));
	json_put(o, "until", json_of_time(d->until_wall_ms));
	json_put(o, "floor_bps", json_of_count(d->floor_bps));
	json_put(o, "reason", json_of_nonempty(d->reason));
	json_put(o, "ticket", json_of_nonempty(d->ticket));
	return o;
}

static int print_json(struct held *h, struct err *e)
{
	json_t *o = json_object(), *held = json_array(), *back = json_array(), *open = json_array(), *drains = json_array();
	const struct drains *all = ledger_drains(h->ledger);

	for (size_t i = 0; i < ledger_count(h->ledger); i++)
		json_array_append_new(held, json_of_held(h, ledger_at(h->ledger, i)));
	for (size_t i = 0; i < ledger_returns(h->ledger); i++)
		json_array_append_new(back, json_of_return(h, ledger_return_at(h->ledger, i)));
	for (size_t i = 0; i < h->open_count; i++)
		json_array_append_new(open, json_of_open(h->open[i], h->lives[i]));
	for (size_t i = 0; i < drains_count(all); i++)
		json_array_append_new(drains, json_of_drain(drains_at(all, i)));
	json_put(o, "held", held);
	json_put(o, "drains", drains);
	json_put(o, "returning", back);
	json_put(o, "unsettled", open);
	return json_print(o, e);
}

/* STATUS_UNPROVEN while something is not known: left without an outcome, unverified, unknown. */
static int status_of(const struct held *h)
{
	for (size_t i = 0; i < h->open_count; i++)
		if (h->lives[i] == CLAIM_LEFT)
			return STATUS_UNPROVEN;
	for (size_t i = 0; i < ledger_count(h->ledger); i++) {
		const struct ledger_entry *l = ledger_at(h->ledger, i);

		if (l->state == LEDGER_UNKNOWN || l->state == LEDGER_UNVERIFIED)
			return STATUS_UNPROVEN;
	}
	return STATUS_DONE;
}

static int held_run(struct held *h, const struct options *o, struct err *e)
{
	h->arena = arena_new();
	if (gather_open(&h->g, o, e) != 0 || read_records(h, e) != 0 || look(h, e) != 0 ||
	    journal_claims(h->journal, on_claim, h, e) != 0)
		return -1;
	if (h->json) {
		if (print_json(h, e) != 0)
			return -1;
	} else {
		print_table(h);
		print_drains(h);
		print_open(h);
	}
	return status_of(h);
}

int cmd_held(const struct options *o, int argc, char **argv)
{
	struct held h = { 0 };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id, status = 0;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("held",
			    "What we hold suspended or withdrawn: who, why, until when, and whether it is still so.\n", options);
		h.json = h.json || id == OPT_JSON;
		h.look = h.look || id == OPT_LOOK;
		h.offline = h.offline || id == OPT_OFFLINE;
	}
	if (id == 0 && w.operands > 0)
		id = err_set(&e, ERR_USAGE, "held takes no words (\"%s\")", argv[1]);
	if (id == 0 && h.look && h.offline)
		id = err_set(&e, ERR_USAGE, "--look and --offline exclude each other");
	if (id == 0)
		status = held_run(&h, o, &e);
	gather_stop(&h.g);
	ledger_free(h.ledger);
	journal_free(h.journal);
	arena_free(h.arena);
	free(h.open);
	free(h.lives);
	return id < 0 || status < 0 ? exit_say(&e) : status;
}
