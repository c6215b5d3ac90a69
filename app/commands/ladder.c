/* peerdeck ladder - whom to call about a network, what was tried already, and who is next. */
#include "app/climb.h"
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/output.h"
#include "app/output_json.h"
#include "app/selector.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_JSON = 1, OPT_OFFLINE, OPT_EXCHANGE, OPT_FACILITY, OPT_HELP };
static const struct option_def options[] = {
	{ "json", NULL, "an array of networks; null is unknown", OPT_JSON },
	{ "offline", NULL, "only what is in the cache and in the contact book", OPT_OFFLINE },
	{ "exchange", "NAME", "whom to call at an exchange, as PeeringDB names it", OPT_EXCHANGE },
	{ "facility", "NAME", "whom to call at a facility", OPT_FACILITY },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

/* --- json ---------------------------------------------------------------------- */

static json_t *json_of_clock(const struct rung *r, int64_t now)
{
	struct rung_clock c = rung_clock(r, now);
	json_t *o = json_object();
	char local[8];

	snprintf(local, sizeof(local), "%02d:%02d", c.local.hour % 24, c.local.minute % 60);
	json_put(o, "time", c.when == WHEN_UNKNOWN ? json_null() : json_of_words(local));
	json_put(o, "night", c.when == WHEN_UNKNOWN ? json_null() : json_boolean(c.when == WHEN_NIGHT));
	json_put(o, "in_hours", json_of_tri(c.open));
	return o;
}

static json_t *json_of_rung(const struct ladder *l, size_t i, const struct call *last, int64_t now)
{
	const struct rung *r = &l->rungs[i];
	json_t *o = json_object();

	json_put(o, "rung", json_integer((json_int_t)i + 1));
	json_put(o, "source", json_of_words(rung_source_word(r->source)));
	json_put(o, "role", json_of_nonempty(text_or(r->role, NULL)));
	json_put(o, "name", json_of_nonempty(text_or(r->name, NULL)));
	json_put(o, "phone", json_of_nonempty(text_or(r->phone, NULL)));
	json_put(o, "email", json_of_nonempty(text_or(r->email, NULL)));
	json_put(o, "url", json_of_nonempty(text_or(r->url, NULL)));
	json_put(o, "hours", json_of_nonempty(text_or(r->hours, NULL)));
	json_put(o, "zone", json_of_nonempty(text_or(r->zone, NULL)));
	json_put(o, "local", json_of_clock(r, now));
	json_put(o, "languages", json_of_nonempty(text_or(r->languages, NULL)));
	json_put(o, "note", json_of_nonempty(text_or(r->note, NULL)));
	json_put(o, "proven", json_of_time(r->proven_wall_ms));
	json_put(o, "proven_how", json_of_nonempty(text_or(r->proven_how, NULL)));
	json_put(o, "wrong", json_of_time(r->wrong_wall_ms));
	json_put(o, "as_of", json_of_time(r->as_of_wall_ms));
	json_put(o, "changed", json_of_time(r->changed_wall_ms));
	json_put(o, "expires", json_of_time(r->expires_wall_ms));
	json_put(o, "differs", json_of_nonempty(text_or(r->differs, NULL)));
	json_put(o, "same_as", r->same_as > 0 ? json_integer((json_int_t)r->same_as) : json_null());
	json_put(o, "key", json_of_nonempty(r->entry != NULL ? text_or(r->entry->key, NULL) : NULL));
	json_put(o, "last_call", json_of_words(last != NULL ? call_outcome_word(last->outcome) : NULL));
	return o;
}

static json_t *json_of_call(const struct call *c)
{
	json_t *o = json_object();

	json_put(o, "time", json_of_time(c->wall_ms));
	json_put(o, "who", json_of_text(c->who));
	json_put(o, "outcome", json_of_words(call_outcome_word(c->outcome)));
	json_put(o, "role", json_of_nonempty(text_or(c->role, NULL)));
	json_put(o, "contact", json_of_nonempty(text_or(c->contact, NULL)));
	json_put(o, "way", json_of_nonempty(text_or(c->way, NULL)));
	json_put(o, "by", json_of_nonempty(text_or(c->by, NULL)));
	json_put(o, "acked", c->outcome == CALL_ACK ? json_of_time(c->ack_wall_ms) : json_null());
	json_put(o, "ticket", json_of_nonempty(text_or(c->ticket, NULL)));
	json_put(o, "note", json_of_nonempty(text_or(c->note, NULL)));
	return o;
}

static json_t *json_of_escalation(const struct climb *c, const struct escalation *e, int64_t now)
{
	static const char *const words[] = { "open", "acknowledged", "closed" };
	const struct call *dialling = escalation_dialling(c->calls, e, now), *call;
	json_t *o = json_object(), *list = json_array();

	json_put(o, "state", json_of_words(escalation_lapsed(e, now) ? "lapsed" : words[e->state]));
	json_put(o, "opened", json_of_time(e->opened_wall_ms));
	json_put(o, "next_due", json_of_time(escalation_due_ms(c->calls, e, 1000 * (int64_t)c->lookup.config->ladder.step_s)));
	json_put(o, "dialling", dialling != NULL ? json_of_call(dialling) : json_null());
	json_put(o, "acknowledged_by", json_of_nonempty(text_or(e->acked_by, NULL)));
	for (size_t i = 0; (call = escalation_call(c->calls, e, i)) != NULL; i++)
		json_array_append_new(list, json_of_call(call));
	json_put(o, "calls", list);
	return o;
}

static json_t *json_of_inventory(const struct book_network *n)
{
	json_t *o = json_object(), *ports = json_array();

	for (int f = 0; f < BOOK_FIELDS; f++)
		json_put(o, book_field_word((enum book_field)f), json_of_nonempty(text_or(n->field[f], NULL)));
	for (size_t i = 0; i < n->port_count; i++) {
		json_t *p = json_object();

		json_put(p, "where", json_of_text(n->ports[i].where));
		json_put(p, "router", json_of_nonempty(text_or(n->ports[i].router, NULL)));
		json_put(p, "address", json_of_addr(&n->ports[i].address));
		json_put(p, "speed_mbit", json_of_count(n->ports[i].speed_mbit));
		json_put(p, "note", json_of_nonempty(text_or(n->ports[i].note, NULL)));
		json_array_append_new(ports, p);
	}
	json_put(o, "ports", ports);
	return o;
}

static const struct escalation *open_of(const struct climb *c, const struct ladder *l)
{
	return *l->venue != '\0' ? escalation_open_at(c->calls, l->venue, NULL, clock_wall_ms()) :
	    escalation_open(c->calls, l->asn, NULL, clock_wall_ms());
}

static const struct escalation *newest_of(const struct climb *c, const struct ladder *l)
{
	return *l->venue != '\0' ? escalation_of_venue(c->calls, l->venue) : escalation_of(c->calls, l->asn);
}

/* What is to be said of the whole list; "" nothing. */
static const char *words_of(const struct ladder *l)
{
	struct venue v;

	return venue_parse(l->venue, &v) ? venue_ladder_words(l, &v) : ladder_words(l);
}

static json_t *json_of(const struct climb *c, const struct ladder *l)
{
	const struct peer *p = peer_set_find(c->set, l->asn);
	const struct book_network *n = book_find(c->book, l->asn);
	const struct escalation *open = open_of(c, l), *e = newest_of(c, l);
	size_t next = ladder_next(l, c->calls, open);
	json_t *o = json_object(), *rungs = json_array();
	int64_t now = clock_wall_ms();

	json_put(o, "asn", l->asn == BOOK_OURS ? json_null() : json_of_asn(l->asn));
	json_put(o, "place", json_of_nonempty(l->venue));
	json_put(o, "name", p != NULL ? json_of_text(p->name) : json_of_nonempty(n != NULL ? text_or(n->name, NULL) : NULL));
	json_put(o, "note", json_of_nonempty(words_of(l)));
	json_put(o, "read", json_of_time(l->fetched_wall_ms));
	json_put(o, "expired_entries", json_integer((json_int_t)l->expired));
	for (size_t i = 0; i < l->count; i++)
		json_array_append_new(rungs, json_of_rung(l, i, ladder_last_call(&l->rungs[i], c->calls, open), now));
	json_put(o, "rungs", rungs);
	json_put(o, "next", next < l->count ? json_integer((json_int_t)next + 1) : json_null());
	json_put(o, "escalation", e != NULL ? json_of_escalation(c, e, now) : json_null());
	json_put(o, "inventory", n != NULL && l->asn != BOOK_OURS ? json_of_inventory(n) : json_null());
	return o;
}

/* --- for people ------------------------------------------------------------------ */

static const char *nonempty(struct text t)
{
	return text_empty(t) ? NULL : t.s;
}

static void put_rung(struct out_table *t, const struct ladder *l, size_t i, const struct call *last, bool next, int64_t now)
{
	const struct rung *r = &l->rungs[i];
	char number[24], local[64], proven[LOOKUP_AGE_LEN];

	snprintf(number, sizeof(number), "%s%zu", next ? "->" : "", i + 1);
	out_table_cell(t, number);
	out_table_cell(t, nonempty(r->role));
	out_table_cell(t, nonempty(r->name));
	out_table_cell(t, nonempty(r->phone));
	out_table_cell(t, nonempty(r->email));
	rung_clock_words(r, now, local, sizeof(local));
	out_table_cell(t, *local != '\0' ? local : NULL);
	out_table_cell(t, rung_source_word(r->source));
	out_table_cell(t, r->wrong_wall_ms > 0 ? "WRONG" : r->proven_wall_ms > 0 ? lookup_age(r->proven_wall_ms, proven) : NULL);
	out_table_cell(t, last != NULL ? call_outcome_words(last->outcome) : NULL);
}

static void print_notes(const struct ladder *l)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct rung *r = &l->rungs[i];

		if (!text_empty(r->differs))
			printf("%zu: %s\n", i + 1, r->differs.s);
		if (!text_empty(r->note))
			printf("%zu: note: %s\n", i + 1, r->note.s);
		if (r->same_as > 0)
			printf("%zu: the same as %zu\n", i + 1, r->same_as);
	}
	if (l->expired > 0)
		printf("%zu entr%s of the contact book %s expired\n", l->expired, l->expired == 1 ? "y" : "ies",
		    l->expired == 1 ? "has" : "have");
}

static void print_escalation(const struct climb *c, const struct escalation *e, int64_t now)
{
	const struct call *dialling = escalation_dialling(c->calls, e, now), *call;
	int64_t due = escalation_due_ms(c->calls, e, 1000 * (int64_t)c->lookup.config->ladder.step_s);
	char iso[CLOCK_ISO_LEN];

	printf("\n%s since %s\n", e->state == ESCALATION_CLOSED ? "closed, begun" : e->state == ESCALATION_ACKED ?
	    "acknowledged, begun" : escalation_lapsed(e, now) ? "lapsed, begun" : "open", clock_iso(e->opened_wall_ms, iso));
	for (size_t i = 0; (call = escalation_call(c->calls, e, i)) != NULL; i++)
		printf("  %s  %s  %s  %s %s%s%s%s%s\n", clock_iso(call->wall_ms, iso), text_or(call->who, "?"),
		    call_outcome_words(call->outcome), text_or(call->role, ""), text_or(call->way, ""),
		    text_empty(call->by) ? "" : ", by ", text_or(call->by, ""), text_empty(call->note) ? "" : ": ",
		    text_or(call->note, ""));
	if (dialling != NULL)
		printf("  %s is calling now\n", text_or(dialling->who, "?"));
	if (due >= 0 && !escalation_lapsed(e, now))
		printf("  next rung %s %s\n", due <= now ? "is due since" : "is due at", clock_iso(due, iso));
}

static void print_inventory(const struct book_network *n)
{
	for (int f = 0; n != NULL && f < BOOK_FIELDS; f++)
		if (!text_empty(n->field[f]))
			printf("%s: %s\n", book_field_word((enum book_field)f), n->field[f].s);
}

static void print_one(const struct climb *c, const struct ladder *l)
{
	static const char *const titles[] = { ">", "ROLE", "NAME", "PHONE", "EMAIL", "THERE", "SOURCE", "PROVEN", "TRIED", NULL };
	const struct peer *p = peer_set_find(c->set, l->asn);
	int64_t now = clock_wall_ms();
	const struct escalation *open = open_of(c, l), *e = newest_of(c, l);
	size_t next = ladder_next(l, c->calls, open);
	char age[LOOKUP_AGE_LEN];

	if (*l->venue != '\0')
		printf("%s\n", l->venue);
	else if (l->asn == BOOK_OURS)
		printf("Our own escalation\n");
	else
		printf("AS%u%s%s\n", l->asn, p != NULL ? " " : "", p != NULL ? text_or(p->name, "") : "");
	if (l->fetched_wall_ms > 0)
		printf("read from PeeringDB %s\n", lookup_age(l->fetched_wall_ms, age));
	if (l->asn != BOOK_OURS)
		print_inventory(book_find(c->book, l->asn));
	if (*words_of(l) != '\0')
		printf("%s\n", words_of(l));
	if (l->count > 0) {
		struct out_table *t = out_table_new(titles);

		for (size_t i = 0; i < l->count; i++)
			put_rung(t, l, i, ladder_last_call(&l->rungs[i], c->calls, open), i == next, now);
		out_table_print(t, stdout);
	}
	print_notes(l);
	if (e != NULL)
		print_escalation(c, e, now);
}

/* --- the command ------------------------------------------------------------------- */

/* 1 if a network has nobody to call. */
static int print(struct climb *c, const struct subjects *s, const struct venue *v, bool json, struct err *e)
{
	json_t *top = json ? json_array() : NULL;
	int nobody = 0;

	for (size_t i = 0; i < s->n; i++) {
		struct ladder l;

		if (v->kind != VENUE_NONE)
			climb_venue(c, v, &l);
		else
			climb_ladder(c, s->p[i].asn, &s->p[i], &l);
		nobody |= l.count == 0;
		if (json)
			json_array_append_new(top, json_of(c, &l));
		else
			print_one(c, &l);
		if (!json && i + 1 < s->n)
			putchar('\n');
	}
	return json && json_print(top, e) != 0 ? -1 : nobody;
}

static int run(const struct options *o, const char *const *words, size_t n, const struct venue *v, bool json, bool offline, struct err *e)
{
	struct subject ours = { .asn = BOOK_OURS };
	struct subjects s = { 0 }, own = { .p = &ours, .n = 1 };
	bool is_ours = v->kind != VENUE_NONE || (n == 1 && strcmp(words[0], "ours") == 0);
	struct climb c = { 0 };
	int rc = -1;

	if ((!is_ours && subjects_find(o, words, n, &s, e) != 0) || climb_open(&c, o, is_ours ? NULL : &s, !offline, e) != 0)
		goto out;
	rc = print(&c, is_ours ? &own : &s, v, json, e);
out:
	climb_close(&c);
	subjects_fini(&s);
	return rc;
}

int cmd_ladder(const struct options *o, int argc, char **argv)
{
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	bool json = false, offline = false;
	struct venue v = { .kind = VENUE_NONE };
	int id, rc;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("ladder SELECTOR ... | ours | --exchange NAME | --facility NAME", "Prints whom to call, in the order to try: the contact book, "
			    "PeeringDB, the exchange,\nthe facility; what time it is there, what was tried and who is next.\n"
			    SELECTOR_HELP "  AS64501 alone connects to no router and works for any network.\n"
			    "  ours               our own escalation\n", options);
		if (id == OPT_EXCHANGE || id == OPT_FACILITY) {
			v.kind = id == OPT_EXCHANGE ? VENUE_EXCHANGE : VENUE_FACILITY;
			snprintf(v.name, sizeof(v.name), "%s", value);
		}
		json = json || id == OPT_JSON;
		offline = offline || id == OPT_OFFLINE;
	}
	if (e.code == ERR_NONE && v.kind != VENUE_NONE && w.operands > 0)
		err_set(&e, ERR_USAGE, "networks or one place, not both");
	if (e.code == ERR_NONE && w.operands == 0 && v.kind == VENUE_NONE)
		err_set(&e, ERR_USAGE, "the ladder of whom? peerdeck ladder AS64501, or --help");
	if (e.code != ERR_NONE)
		return exit_say(&e);
	rc = run(o, (const char *const *)argv + 1, (size_t)w.operands, &v, json, offline, &e);
	if (rc < 0)
		return exit_say(&e);
	return rc == 0 ? STATUS_DONE : STATUS_FAILED;
}
