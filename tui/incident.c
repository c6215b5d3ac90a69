/* Commands on incidents (acknowledge, name, note, assign, merge, split, close), and on the handover. */
#include "core/base/scan.h"
#include "core/judge/incident.h"
#include "tui/state.h"

#include <stdio.h>
#include <string.h>

static const struct {
	enum command_id id;
	enum incident_op op;
	bool words; /* needs some */
} ops[] = {
	{ CMD_INCIDENT_NOTE, INCIDENT_NOTE, true },
	{ CMD_INCIDENT_NAME, INCIDENT_NAME, true },
	{ CMD_INCIDENT_ASSIGN, INCIDENT_ASSIGN, true },
	{ CMD_INCIDENT_MERGE, INCIDENT_MERGE, true },
	{ CMD_INCIDENT_SPLIT, INCIDENT_SPLIT, true },
	{ CMD_INCIDENT_CLOSE, INCIDENT_CLOSE, true },
};

/* In the list the one under the cursor, on its page that one, elsewhere the one that the selected session is in. */
static const struct incident *here(struct ui *u)
{
	struct level *l = ui_level(u);
	const void *row = l->table != NULL && strcmp(l->view->name, "incidents") == 0 ? table_selected(l->table) : NULL;
	struct focus f = u->focus;

	if (u->world->incidents == NULL)
		return NULL;
	if (row != NULL)
		l->view->focus(row, &f);
	if (f.incident[0] != '\0')
		return incidents_find(u->world->incidents, f.incident);
	return incidents_of(u->world->incidents, f.router, f.vrf, f.neighbor);
}

static void ask_app(struct ui *u, const struct incident *i, enum incident_op op, const char *words, struct request *rq)
{
	snprintf(u->incident, sizeof(u->incident), "%s", i->id);
	snprintf(u->incident_words, sizeof(u->incident_words), "%s", words);
	rq->kind = REQ_INCIDENT;
	rq->incident = u->incident;
	rq->incident_op = op;
	rq->reason = u->incident_words;
}

/* One of the words is this, and not only begins with it: 192.0.2.10 is not 192.0.2.1. */
static bool holds_word(const char *words, const char *wanted)
{
	struct scan c = scan_of(slice_of(words));
	struct slice word;

	while (scan_word(&c, &word))
		if (slice_eq(word, wanted))
			return true;
	return false;
}

/* "192.0.2.1 192.0.2.7" or a part of the network's name: the members that match leave. */
static bool matching_members(const struct ui *u, const struct incident *i, const char *words, struct str *out)
{
	size_t n = 0;

	for (size_t k = 0; k < i->count; k++) {
		const struct incident_member *m = &i->members[k];
		char asn[16];

		snprintf(asn, sizeof(asn), "AS%u", m->asn);
		if (!holds_word(words, m->neighbor) && strcasecmp(words, asn) != 0 && strcmp(words, m->router) != 0 &&
		    strcasestr(network_name(peer_set_find(u->world->peers, m->asn)), words) == NULL)
			continue;
		str_addf(out, "%s\t%s\t%s\t%u\n", m->router, m->vrf, m->neighbor, m->asn);
		n++;
	}
	return n > 0 && n < i->count;
}

static void split(struct ui *u, const struct incident *i, const char *words, struct request *rq)
{
	struct str members;

	str_init(&members, sizeof(u->incident_words) - 1);
	if (matching_members(u, i, words, &members) && !members.over)
		ask_app(u, i, INCIDENT_SPLIT, members.p, rq);
	else
		ui_say(u, "'%.60s' fits none or all of the sessions: split needs some of them (neighbor, router, AS or name)", words);
	str_fini(&members);
}

/* The words name the one that takes it in: a part of its id, of its name or of what it is about, that fits no other. */
static void merge(struct ui *u, const struct incident *i, const char *words, struct request *rq)
{
	const struct incident *to = NULL;
	size_t found = 0;

	for (size_t k = 0; k < incidents_count(u->world->incidents); k++) {
		const struct incident *o = incidents_at(u->world->incidents, k);

		if (o == i || o->closed_wall_ms != 0 || words[0] == '\0' ||
		    (strstr(o->id, words) == NULL && strcasestr(o->name, words) == NULL && strcasestr(o->key, words) == NULL))
			continue;
		to = o;
		found++;
	}
	if (found == 1)
		ask_app(u, i, INCIDENT_MERGE, to->id, rq);
	else
		ui_say(u, found == 0 ? "'%.40s' is in the id, name or subject of no other open incident; the list (0) shows them" :
		    "'%.40s' fits more than one incident: say more of it", words);
}

static void act_on(struct ui *u, const struct command *c, enum incident_op op, const char *arg, struct request *rq)
{
	const struct incident *i = here(u);
	char line[80];

	if (i == NULL) {
		ui_say(u, "no incident is selected here: the list of incidents is at 0");
	} else if (arg == NULL) {
		snprintf(line, sizeof(line), "%s ", c->name);
		prompt_open(&u->prompt, PROMPT_PALETTE, line);
	} else if (i->closed_wall_ms != 0 && op != INCIDENT_NOTE && op != INCIDENT_NAME) {
		ui_say(u, "%s is closed", i->id);
	} else if (op == INCIDENT_SPLIT) {
		split(u, i, arg, rq);
	} else if (op == INCIDENT_MERGE) {
		merge(u, i, arg, rq);
	} else {
		ask_app(u, i, op, arg, rq);
		ui_say(u, "%s: noted", i->id);
	}
}

static bool ack_here(struct ui *u, struct request *rq)
{
	const char *view = ui_level(u)->view->name;
	const struct incident *i;

	if (strcmp(view, "incidents") != 0 && strcmp(view, "incident") != 0)
		return false;
	i = here(u);
	if (i == NULL || i->closed_wall_ms != 0)
		ui_say(u, "no open incident is selected");
	else if (i->acked_wall_ms != 0)
		ui_say(u, "%s has it already", i->acked_by);
	else
		ask_app(u, i, INCIDENT_ACK, "", rq);
	return true;
}

static void note(struct ui *u, const char *arg, struct request *rq)
{
	if (arg == NULL) {
		prompt_open(&u->prompt, PROMPT_PALETTE, "note ");
		return;
	}
	snprintf(u->incident_words, sizeof(u->incident_words), "%s", arg);
	rq->kind = REQ_NOTE;
	rq->reason = u->incident_words;
}

bool ui_incident(struct ui *u, const struct command *c, const char *arg, struct request *rq)
{
	if (c->id == CMD_ACK)
		return ack_here(u, rq);
	if (c->id == CMD_HANDOVER_ACK) {
		rq->kind = REQ_HANDOVER_ACK;
		return true;
	}
	if (c->id == CMD_NOTE) {
		note(u, arg, rq);
		return true;
	}
	if (c->id == CMD_INCIDENT) {
		if (here(u) == NULL)
			ui_say(u, "the selected session is in no open incident");
		else
			ui_go_to(u, "incident");
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(ops); i++)
		if (ops[i].id == c->id) {
			act_on(u, c, ops[i].op, arg, rq);
			return true;
		}
	return false;
}
