/* peerdeck call - note what came of a call or a mail, so that everybody on shift sees it. */
#include "app/climb.h"
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/selector.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_RUNG = 1, OPT_OUTCOME, OPT_NOTE, OPT_BY, OPT_AT, OPT_TICKET, OPT_INCIDENT, OPT_TO, OPT_WAY, OPT_EXCHANGE, OPT_FACILITY,
	OPT_HELP };
static const struct option_def options[] = {
	{ "rung", "N", "which one, as peerdeck ladder numbers them", OPT_RUNG },
	{ "outcome", "WORD", "dialling no-answer message mail-sent ack refused wrong closed", OPT_OUTCOME },
	{ "by", "NAME", "ack: who of them said so", OPT_BY },
	{ "at", "TIME", "ack: when, UTC (2026-11-27T03:12Z); now if not said", OPT_AT },
	{ "note", "TEXT", "anything worth knowing", OPT_NOTE },
	{ "ticket", "ID", "ours or theirs", OPT_TICKET },
	{ "to", "NAME", "who was called, if on no rung", OPT_TO },
	{ "way", "NUMBER", "phone or mail of --to", OPT_WAY },
	{ "exchange", "NAME", "the people of an exchange, not of a network", OPT_EXCHANGE },
	{ "facility", "NAME", "those of a facility", OPT_FACILITY },
	{ "incident", "ID", "the incident that it is about", OPT_INCIDENT },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct args {
	uint64_t rung;
	bool has_outcome;
	enum call_outcome outcome;
	const char *note, *by, *ticket, *incident, *to, *way;
	struct venue venue; /* the matter is a place's */
	int64_t at;
};

static int take(struct args *a, int id, const char *value, struct err *e)
{
	switch (id) {
	case OPT_RUNG:
		return slice_u64(slice_of(value), &a->rung) && a->rung > 0 ? 0 :
		    err_set(e, ERR_USAGE, "--rung \"%.20s\": allowed is a number from 1 on", value);
	case OPT_OUTCOME:
		a->has_outcome = call_outcome_find(value, &a->outcome);
		return a->has_outcome ? 0 : err_set(e, ERR_USAGE, "--outcome \"%.40s\": allowed are dialling, no-answer, message, "
		    "mail-sent, ack, refused, wrong, closed", value);
	case OPT_AT:
		return book_date(slice_of(value), false, &a->at) ? 0 :
		    err_set(e, ERR_USAGE, "--at \"%.40s\": allowed is a time in UTC, 2026-11-27T03:12Z", value);
	case OPT_NOTE:
		a->note = value;
		return 0;
	case OPT_BY:
		a->by = value;
		return 0;
	case OPT_TICKET:
		a->ticket = value;
		return 0;
	case OPT_INCIDENT:
		a->incident = value;
		return 0;
	case OPT_TO:
		a->to = value;
		return 0;
	case OPT_WAY:
		a->way = value;
		return 0;
	case OPT_EXCHANGE:
	case OPT_FACILITY:
		a->venue.kind = id == OPT_EXCHANGE ? VENUE_EXCHANGE : VENUE_FACILITY;
		snprintf(a->venue.name, sizeof(a->venue.name), "%s", value);
		return 0;
	default:
		return 0;
	}
}

static int check(const struct args *a, struct err *e)
{
	if (!a->has_outcome)
		return err_set(e, ERR_USAGE, "what came of it? --outcome no-answer, mail-sent, ack ...; --help tells them");
	if (a->rung == 0 && a->way == NULL && a->outcome != CALL_CLOSED)
		return err_set(e, ERR_USAGE, "who was called? --rung N, as peerdeck ladder numbers them, or --to NAME --way NUMBER");
	if (a->rung > 0 && (a->way != NULL || a->to != NULL))
		return err_set(e, ERR_USAGE, "--to and --way are for somebody on no rung: not with --rung");
	if (a->to != NULL && a->way == NULL)
		return err_set(e, ERR_USAGE, "--to %.60s: over which phone or mail? --way NUMBER", a->to);
	if (a->by != NULL && a->outcome != CALL_ACK)
		return err_set(e, ERR_USAGE, "--by goes with --outcome ack");
	if (a->at > clock_wall_ms() + 60000)
		return err_set(e, ERR_USAGE, "--at lies in the future");
	return 0;
}

static int write_call(struct climb *c, const struct subject *s, const struct args *a, struct err *e)
{
	struct call call = { .outcome = a->outcome, .asn = s->asn, .rung = (unsigned)a->rung, .ack_wall_ms = a->at };
	char words[VENUE_WORDS_LEN], subject[CALL_SUBJECT_LEN];
	struct ladder l;

	if (a->venue.kind != VENUE_NONE) {
		call.venue = text_safez(c->arena, venue_words(&a->venue, words));
		climb_venue(c, &a->venue, &l);
	} else {
		climb_ladder(c, s->asn, s, &l);
	}
	call_subject(call.asn, call.venue, subject);
	if (a->rung > l.count)
		return err_set(e, ERR_USAGE, "--rung %llu: the ladder of %s has %zu rungs", (unsigned long long)a->rung, subject, l.count);
	if (a->rung > 0) {
		const struct rung *r = &l.rungs[a->rung - 1];

		call.role = r->role;
		call.contact = r->name;
		call.way = a->outcome == CALL_MAIL && !text_empty(r->email) ? r->email : text_empty(r->phone) ? r->email : r->phone;
	}
	if (a->way != NULL) {
		call.contact = text_safez(c->arena, a->to);
		call.role = text_empty(call.contact) ? TEXT_LIT("by hand") : call.contact;
		call.way = text_safez(c->arena, a->way);
	}
	call.by = text_safez(c->arena, a->by);
	call.note = text_safez(c->arena, a->note);
	call.ticket = text_safez(c->arena, a->ticket);
	call.incident = text_safez(c->arena, a->incident);
	if (people_call(c->people, c->journal, &call, e) != 0)
		return -1;
	printf("noted: %s %s%s%s%s%s\n", subject, call_outcome_words(a->outcome), text_empty(call.role) ? "" : ", ",
	    text_or(call.role, ""), text_empty(call.way) ? "" : " ", text_or(call.way, ""));
	return 0;
}

int cmd_call(const struct options *o, int argc, char **argv)
{
	struct args a = { .at = -1 };
	struct subjects s = { 0 };
	struct climb c = { 0 };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	struct subject nobody = { .asn = ASN_UNKNOWN };
	bool place;
	int id, rc = -1;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("call SELECTOR | --exchange NAME | --facility NAME --rung N --outcome WORD", "Notes a call, a mail or an acknowledgement in the "
			    "journal.\n" SELECTOR_HELP, options);
		if (take(&a, id, value, &e) != 0)
			break;
	}
	place = a.venue.kind != VENUE_NONE;
	if (e.code == ERR_NONE && place && w.operands > 0)
		err_set(&e, ERR_USAGE, "a network or a place, not both");
	if (e.code == ERR_NONE && !place && w.operands != 1)
		err_set(&e, ERR_USAGE, "one network, please: peerdeck call AS64501 --rung 1 --outcome no-answer");
	if (e.code == ERR_NONE)
		check(&a, &e);
	if (e.code != ERR_NONE)
		return exit_say(&e);
	if (!place && subjects_find(o, (const char *const *)argv + 1, 1, &s, &e) == 0 && s.n != 1)
		err_set(&e, ERR_USAGE, "%s are sessions with %zu networks: one, please", argv[1], s.n);
	if (e.code == ERR_NONE && climb_open(&c, o, place ? NULL : &s, false, &e) == 0)
		rc = write_call(&c, place ? &nobody : &s.p[0], &a, &e);
	climb_close(&c);
	subjects_fini(&s);
	return rc == 0 ? STATUS_DONE : exit_say(&e);
}
