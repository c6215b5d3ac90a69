/* peerdeck message - a mail to a network composed from what is seen; maintenance mails, one file each. */
#include "app/commands/commands.h"
#include "app/console_priv.h"
#include "app/exit.h"
#include "app/gather.h"
#include "app/maintenance.h"
#include "app/message.h"
#include "app/selector.h"
#include "backends/sources/rdap.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { OPT_TEMPLATE = 1, OPT_RUNG, OPT_TO, OPT_TICKET, OPT_FROM, OPT_UNTIL, OPT_WORK, OPT_EVIDENCE, OPT_EML, OPT_PRINT,
	OPT_MAINTENANCE, OPT_EXCHANGE, OPT_ROUTER, OPT_FACILITY, OPT_DIR, OPT_LIST, OPT_HELP, LOOK_MS = 60000 };
static const struct option_def options[] = {
	{ "template", "NAME", "session-down suspend withdraw max-prefix policy-breach maintenance, or your own", OPT_TEMPLATE },
	{ "rung", "N", "whom to write to, as peerdeck ladder numbers them", OPT_RUNG },
	{ "to", "ADDRESS", "another recipient", OPT_TO },
	{ "ticket", "ID", "ours", OPT_TICKET },
	{ "evidence", "TEXT", "instead of what the router shows", OPT_EVIDENCE },
	{ "until", "TIME", "end of what we did, or of a maintenance", OPT_UNTIL },
	{ "eml", "FILE", "write the message into a new file", OPT_EML },
	{ "print", NULL, "show it; nothing else is done (the default)", OPT_PRINT },
	{ "maintenance", NULL, "to every network of an exchange, a router or a facility", OPT_MAINTENANCE },
	{ "exchange", "NAME", "its name or PeeringDB id", OPT_EXCHANGE },
	{ "router", "NAME", "of the configuration", OPT_ROUTER },
	{ "facility", "NAME", "as PeeringDB names it", OPT_FACILITY },
	{ "from", "TIME", "begin of the maintenance", OPT_FROM },
	{ "work", "TEXT", "what is done", OPT_WORK },
	{ "dir", "DIR", "a file each into this folder: AS64501.eml", OPT_DIR },
	{ "list", NULL, "maintenance: only who would get one", OPT_LIST },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct args {
	const char *value[OPT_HELP];
};

struct seen {
	struct gather g;
	struct records records;
	struct people *people;
	struct world_session *rows;
	size_t row_count;
	struct arena *arena;
};

static int look(struct seen *s, const struct options *o, struct err *e)
{
	struct world *w = &s->g.present.w;

	s->arena = arena_new();
	if (gather_open(&s->g, o, e) != 0 || options_data_dir(s->g.config, e) != 0 || gather_look(&s->g, NULL, LOOK_MS, e) != 0)
		return -1;
	gather_report(&s->g, NULL);
	records_open(&s->records, s->g.config);
	records_refresh(&s->records, w);
	s->people = people_open(s->g.config, s->records.path);
	w->book = people_book(s->people);
	w->calls = people_calls(s->people);
	s->row_count = world_sessions(w, &s->rows);
	return 0;
}

static void look_away(struct seen *s)
{
	free(s->rows);
	people_close(s->people);
	if (s->records.path != NULL)
		records_close(&s->records);
	gather_stop(&s->g);
	arena_free(s->arena);
}

/* Its abuse contact may be the only one there is. */
static void ask_registry(struct seen *s, asn_t asn)
{
	const struct config *c = s->g.config;
	struct err ignored = ERR_INIT;
	struct http *http = c->rdap.enabled ? http_start(&ignored) : NULL;

	if (c->rdap.enabled)
		s->g.present.w.registered = rdap_lookup(&c->rdap, c->data_dir, http, &asn, 1, s->arena);
	http_stop(http);
}

static void ladder_of(struct seen *s, asn_t asn, const struct world_session *one, struct ladder *l)
{
	const struct world *w = &s->g.present.w;
	struct ladder_input in = { .asn = asn, .book = w->book, .peers = w->peers, .calls = w->calls,
		.registered = w->registered, .now_wall_ms = w->now_wall_ms };
	const struct exchange **x = arena_alloc(s->arena, sizeof(*x));

	if (one != NULL && one->exchange != NULL) {
		*x = one->exchange;
		in.exchanges = x;
		in.exchange_count = 1;
	}
	ladder_build(s->arena, &in, l);
}

static int compose(struct seen *s, const struct args *a, const struct world_session *const *rows, size_t n, const char *template,
    struct draft *d, struct err *e)
{
	struct message_about m = { .w = &s->g.present.w, .asn = rows[0]->s->remote_as, .sessions = rows, .session_count = n,
		.ticket = a->value[OPT_TICKET], .from = a->value[OPT_FROM], .until = a->value[OPT_UNTIL], .work = a->value[OPT_WORK],
		.evidence = a->value[OPT_EVIDENCE] };
	struct ladder l;
	uint64_t rung;

	ladder_of(s, m.asn, n == 1 ? rows[0] : NULL, &l);
	m.ladder = &l;
	m.rung = message_rung(&l, template);
	if (a->value[OPT_RUNG] != NULL) {
		if (!slice_u64(slice_of(a->value[OPT_RUNG]), &rung) || rung == 0 || rung > l.count)
			return err_set(e, ERR_USAGE, "--rung \"%.20s\": the ladder of AS%u has %zu rungs", a->value[OPT_RUNG], m.asn, l.count);
		m.rung = (size_t)rung - 1;
		if (text_empty(l.rungs[m.rung].email))
			return err_set(e, ERR_USAGE, "--rung %s has no mail address", a->value[OPT_RUNG]);
	}
	if (message_compose(s->arena, &m, template, d, e) != 0)
		return -1;
	if (a->value[OPT_TO] != NULL) {
		str_clear(&d->to);
		str_puts(&d->to, a->value[OPT_TO]);
	}
	return 0;
}

/* --- one network --------------------------------------------------------------------- */

static int one_network(struct seen *s, const struct args *a, const char *const *words, size_t n, struct err *e)
{
	const struct world_session **picked = NULL;
	struct draft d;
	struct str text;
	size_t count = 0;
	int rc = -1;

	draft_init(&d);
	str_init(&text, 1 << 20);
	if (selector_pick(words, n, &s->g.present.w, s->rows, s->row_count, &picked, &count, e) != 0)
		goto out;
	for (size_t i = 1; i < count; i++)
		if (picked[i]->s->remote_as != picked[0]->s->remote_as) {
			err_set(e, ERR_USAGE, "a message goes to one network: these sessions are with AS%u and AS%u",
			    picked[0]->s->remote_as, picked[i]->s->remote_as);
			goto out;
		}
	ask_registry(s, picked[0]->s->remote_as);
	if (compose(s, a, picked, count, a->value[OPT_TEMPLATE] != NULL ? a->value[OPT_TEMPLATE] : message_template(picked[0]), &d,
	    e) != 0)
		goto out;
	draft_print(&d, &text);
	fputs(text.p, stdout); /* shown in any case: what is in the file was seen */
	rc = a->value[OPT_EML] != NULL ? draft_write(&d, s->g.config, a->value[OPT_EML], e) : 0;
out:
	free(picked);
	str_fini(&text);
	draft_fini(&d);
	return rc;
}

/* --- maintenance ------------------------------------------------------------------------ */

/* One line a network: what would be, or was, written. */
static int one_mail(struct seen *s, const struct args *a, const struct world_session *const *rows, size_t n, struct err *e)
{
	struct draft d;
	struct str text;
	char *path = NULL;
	int rc = -1;

	draft_init(&d);
	str_init(&text, 1 << 20);
	if (compose(s, a, rows, n, "maintenance", &d, e) != 0)
		goto out;
	if (a->value[OPT_DIR] != NULL)
		path = mem_printf("%s/AS%u.eml", a->value[OPT_DIR], d.asn);
	printf("AS%-10u %zu session%s  %s%s%s\n", d.asn, n, n == 1 ? " " : "s", d.to.len > 0 ? d.to.p : "NO MAIL ADDRESS: not written",
	    path != NULL && d.to.len > 0 ? "  " : "", path != NULL && d.to.len > 0 ? path : "");
	if (a->value[OPT_LIST] == NULL && path == NULL) {
		draft_print(&d, &text);
		printf("\n%s\n", text.p);
	}
	rc = d.to.len == 0 ? 1 : path != NULL ? draft_write(&d, s->g.config, path, e) : 0;
out:
	free(path);
	str_fini(&text);
	draft_fini(&d);
	return rc;
}

static int find_place(const struct seen *s, const struct args *a, struct maintenance_place *p, struct err *e)
{
	static const struct {
		int id;
		const char *word;
	} kinds[] = { { OPT_EXCHANGE, "exchange" }, { OPT_ROUTER, "router" }, { OPT_FACILITY, "facility" } };
	const char *words = NULL;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (a->value[kinds[i].id] != NULL) {
			if (words != NULL)
				return err_set(e, ERR_USAGE, "one of --exchange, --router, --facility");
			words = arena_printf(s->arena, "%s:%s", kinds[i].word, a->value[kinds[i].id]);
		}
	if (words == NULL)
		return err_set(e, ERR_USAGE, "--maintenance of what? one of --exchange, --router, --facility");
	return maintenance_place_find(words, &s->g.present.w, p, e);
}

/* 1 if some network got none. */
static int maintenance(struct seen *s, const struct args *a, struct err *e)
{
	const struct world_session **list = NULL;
	struct maintenance_place place;
	size_t n = 0, missing = 0, networks = 0;
	int rc = -1;

	if (find_place(s, a, &place, e) != 0 || maintenance_pick(&place, s->rows, s->row_count, &list, &n, e) != 0)
		goto out;
	if (a->value[OPT_DIR] != NULL && mkdir(a->value[OPT_DIR], 0700) != 0 && errno != EEXIST) {
		err_errno(e, ERR_IO, "%s", a->value[OPT_DIR]);
		goto out;
	}
	for (size_t i = 0, k; i < n; i = k, networks++) {
		k = maintenance_end(list, n, i);
		rc = one_mail(s, a, list + i, k - i, e);
		if (rc < 0)
			goto out;
		missing += rc > 0;
	}
	printf("%zu networks, %zu without a mail address\n", networks, missing);
	rc = missing > 0;
out:
	free(list);
	return rc;
}

int cmd_message(const struct options *o, int argc, char **argv)
{
	struct seen s = { .arena = NULL };
	struct args a = { .value = { NULL } };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id, rc = -1;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("message SELECTOR | message --maintenance", "Composes a mail from what is seen and shows it; "
			    "nothing is sent.\n" SELECTOR_HELP, options);
		a.value[id] = value != NULL ? value : "";
	}
	if (e.code == ERR_NONE && a.value[OPT_MAINTENANCE] == NULL && w.operands == 0)
		err_set(&e, ERR_USAGE, "a message to whom? peerdeck message AS64501, or --help");
	if (e.code == ERR_NONE && a.value[OPT_MAINTENANCE] != NULL && w.operands > 0)
		err_set(&e, ERR_USAGE, "--maintenance chooses by --exchange, --router or --facility");
	if (e.code != ERR_NONE)
		return exit_say(&e);
	if (look(&s, o, &e) == 0)
		rc = a.value[OPT_MAINTENANCE] != NULL ? maintenance(&s, &a, &e) :
		    one_network(&s, &a, (const char *const *)argv + 1, (size_t)w.operands, &e);
	look_away(&s);
	if (rc < 0)
		return exit_say(&e);
	return rc == 0 ? STATUS_DONE : STATUS_FAILED;
}
