/* peerdeck policy - policy files checked and shown; waivers and attestations written and listed. */
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/output.h"
#include "app/output_verdicts.h"
#include "app/rulings.h"
#include "core/base/clock.h"
#include "core/model/book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_JSON = 1, OPT_REASON, OPT_UNTIL, OPT_TICKET, OPT_MET, OPT_NOT_MET, OPT_POLICY, OPT_HELP };
static const struct option_def options[] = {
	{ "json", NULL, "show, list: objects instead of words", OPT_JSON },
	{ "reason", "WORDS", "waive: why; attest: what was found out and how", OPT_REASON },
	{ "until", "DATE", "waive, attest: when it expires, 2027-03-31 or 2027-03-31T12:00:00Z", OPT_UNTIL },
	{ "ticket", "WORDS", "waive, attest: a ticket", OPT_TICKET },
	{ "met", NULL, "attest: the clause is met", OPT_MET },
	{ "not-met", NULL, "attest: it is not", OPT_NOT_MET },
	{ "policy", "FILE", "waive, attest: of this policy and not the configured one", OPT_POLICY },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};
static const char words[] =
    "  check FILE ...          says everything that is wrong with policy files\n"
    "  show [FILE]             a policy as it was understood; without FILE the configured one\n"
    "  waive AS<n> CLAUSE      a failure is taken as it is, with --reason and --until\n"
    "  attest AS<n> CLAUSE     a person's word for what no machine can see, with --met or --not-met,\n"
    "                          --reason and --until\n"
    "  list [AS<n>]            waivers and attestations\n"
    "A new ruling takes the place of the former one; to end one, give an --until that is past.\n";

struct args {
	bool json, met, not_met;
	const char *reason, *until, *ticket, *policy;
};

static int check_files(char **paths, int n)
{
	int bad = 0;

	for (int i = 0; i < n; i++) {
		struct policy_faults faults;
		struct err e = ERR_INIT;
		struct policy *p;

		policy_faults_init(&faults);
		p = policy_load(paths[i], &faults, &e);
		if (p != NULL)
			printf("%s: AS%u %s: %zu clauses, %zu rights: well formed\n", paths[i], p->asn, p->name, p->clause_count, p->right_count);
		for (size_t k = 0; k < faults.count; k++)
			printf("%s:%u: %s\n", paths[i], faults.faults[k].line, faults.faults[k].words);
		if (p == NULL && faults.count == 0)
			printf("%s\n", e.text);
		bad += p == NULL;
		policy_free(p);
		policy_faults_fini(&faults);
	}
	return bad == 0 ? STATUS_DONE : STATUS_CONFIG;
}

static void show_words(const char *label, const char *value)
{
	if (value != NULL)
		printf("  %-20s %s\n", label, value);
}

static void show_clause(const struct clause *c)
{
	char value[PARAM_WORDS_LEN];

	printf("\n%s  (%s, %s%s)\n  \"%s\"\n", c->id, clause_severity_word(c->severity), on_fail_word(c->on_fail),
	    c->automatic ? ", automatically" : "", c->text);
	show_words("from", c->from);
	show_words("check", c->check->name);
	for (size_t i = 0; i < check_param_count(c->check); i++)
		show_words(c->check->params[i].key, param_words(&c->check->params[i], c->values[i], value));
	show_words("judged by", c->check->sees);
}

static void show_policy(const struct policy *p)
{
	printf("AS%u %s\n", p->asn, p->name);
	show_words("file", p->path);
	show_words("policy", p->general);
	show_words("as-set", p->as_set);
	show_words("irr sources", p->irr_sources);
	if (p->net_id > 0)
		printf("  %-20s %u\n", "PeeringDB net", p->net_id);
	show_words("policy contact", p->policy_contact);
	show_words("operations contact", p->operations_contact);
	show_words("url", p->url);
	show_words("document", p->document);
	for (size_t i = 0; i < p->clause_count; i++)
		show_clause(&p->clauses[i]);
	for (size_t i = 0; i < p->right_count; i++) {
		printf("\nright %s\n  \"%s\"\n", p->rights[i].id, p->rights[i].text);
		show_words("from", p->rights[i].from);
		show_words("command", p->rights[i].command);
	}
}

static int json_policy(const struct policy *p, struct err *e)
{
	json_t *o = json_object(), *clauses = json_array(), *rights = json_array();

	for (size_t i = 0; i < p->clause_count; i++)
		json_array_append_new(clauses, json_of_clause(&p->clauses[i]));
	for (size_t i = 0; i < p->right_count; i++) {
		json_t *r = json_object();

		json_put(r, "id", json_of_words(p->rights[i].id));
		json_put(r, "text", json_of_words(p->rights[i].text));
		json_put(r, "from", json_of_words(p->rights[i].from));
		json_put(r, "command", json_of_words(p->rights[i].command));
		json_array_append_new(rights, r);
	}
	json_put(o, "asn", json_of_asn(p->asn));
	json_put(o, "name", json_of_words(p->name));
	json_put(o, "file", json_of_words(p->path));
	json_put(o, "general", json_of_words(p->general));
	json_put(o, "as_set", json_of_words(p->as_set));
	json_put(o, "irr_sources", json_of_words(p->irr_sources));
	json_put(o, "peeringdb_net", p->net_id > 0 ? json_integer(p->net_id) : json_null());
	json_put(o, "policy_contact", json_of_words(p->policy_contact));
	json_put(o, "operations_contact", json_of_words(p->operations_contact));
	json_put(o, "clauses", clauses);
	json_put(o, "rights", rights);
	return json_print(o, e);
}

/* FILE, else the configured one; *c is what was read for it and may be NULL. */
static struct policy *policy_for(const struct options *o, const char *path, struct config **c, struct err *e)
{
	if (path == NULL && *c == NULL && (*c = options_config(o, e)) == NULL)
		return NULL;
	if (path == NULL && (*c)->policy == NULL) {
		err_set(e, ERR_CONFIG, "no policy is configured in %s: set policy = FILE there, or name a file", (*c)->path);
		return NULL;
	}
	return policy_load(path != NULL ? path : (*c)->policy, NULL, e);
}

static int show(const struct options *o, const struct args *a, const char *path, struct err *e)
{
	struct config *c = NULL;
	struct policy *p = policy_for(o, path, &c, e);
	int rc = p != NULL ? 0 : -1;

	if (p != NULL && a->json)
		rc = json_policy(p, e);
	else if (p != NULL)
		show_policy(p);
	policy_free(p);
	config_free(c);
	return rc;
}

/* A clause of the policy, or a check of it; else an error that says what there is. */
static int check_subject(const struct policy *p, const char *subject, struct err *e)
{
	struct str all;

	str_init(&all, 1000);
	for (size_t i = 0; i < p->clause_count; i++) {
		if (strcmp(p->clauses[i].id, subject) == 0 || strcmp(p->clauses[i].check->name, subject) == 0) {
			str_fini(&all);
			return 0;
		}
		str_addf(&all, "%s%s", i ? ", " : "", p->clauses[i].id);
	}
	err_set(e, ERR_USAGE, "the policy of AS%u has no clause \"%s\"; it has %s", p->asn, subject, all.p);
	str_fini(&all);
	return -1;
}

static int check_ruling(const struct args *a, bool waiver, int64_t *until, struct err *e)
{
	if (a->reason == NULL || *a->reason == '\0')
		return err_set(e, ERR_USAGE, "--reason is needed: %s", waiver ? "why is the failure taken as it is?" : "what was found out, and how?");
	if (a->until == NULL)
		return err_set(e, ERR_USAGE, "--until is needed: a ruling without an end is forgotten and stays");
	if (!book_date(slice_of(a->until), true, until))
		return err_set(e, ERR_USAGE, "--until %s: allowed is a date, as 2027-03-31 or 2027-03-31T12:00:00Z", a->until);
	if (!waiver && a->met == a->not_met)
		return err_set(e, ERR_USAGE, "attest needs one of --met and --not-met");
	if (waiver && (a->met || a->not_met))
		return err_set(e, ERR_USAGE, "--met and --not-met belong to attest");
	return 0;
}

static int rule(const struct options *o, const struct args *a, const struct ruling *asked, struct err *e)
{
	struct ruling r = *asked;
	struct config *c = options_config(o, e);
	struct journal *j = NULL;
	char *path = NULL, until[CLOCK_ISO_LEN];
	struct policy *p = NULL;
	int rc = -1;

	if (c == NULL || check_ruling(a, r.waiver, &r.expires_wall_ms, e) != 0)
		goto out;
	p = policy_for(o, a->policy, &c, e);
	if (p == NULL || check_subject(p, r.subject, e) != 0)
		goto out;
	if (c->read_only || o->read_only) {
		err_set(e, ERR_REFUSED, "read-only: no ruling is written");
		goto out;
	}
	if (options_data_dir(c, e) != 0)
		goto out;
	r.words = a->reason;
	r.ticket = a->ticket;
	r.holds = a->met;
	path = options_path(c, DATA_JOURNAL);
	j = journal_open(path, c->operator_name);
	rc = rulings_write(j, &r, e);
	if (rc == 0)
		printf("AS%u %s: %s until %s\n", r.asn, r.subject, r.waiver ? "waived" : r.holds ? "attested as met" : "attested as not met",
		    clock_iso(r.expires_wall_ms, until));
out:
	journal_free(j);
	free(path);
	policy_free(p);
	config_free(c);
	return rc;
}

struct listing {
	asn_t only;
	struct out_table *table;
	json_t *array;
	int64_t now;
};

static const char *kind_of(const struct ruling *r)
{
	return r->waiver ? "waiver" : r->holds ? "attested met" : "attested not met";
}

static void list_one(void *ctx, const struct ruling *r, const char *who, int64_t wall_ms)
{
	struct listing *l = ctx;
	char until[CLOCK_ISO_LEN], since[CLOCK_ISO_LEN], asn[20];
	bool expired = r->expires_wall_ms <= l->now;

	if (l->only != ASN_UNKNOWN && l->only != r->asn)
		return;
	snprintf(asn, sizeof(asn), "AS%u", r->asn);
	if (l->array != NULL) {
		json_t *o = json_object();

		json_put(o, "asn", json_of_asn(r->asn));
		json_put(o, "clause", json_of_words(r->subject));
		json_put(o, "kind", json_of_words(r->waiver ? "waiver" : "attest"));
		json_put(o, "holds", r->waiver ? json_null() : json_boolean(r->holds));
		json_put(o, "by", json_of_words(who));
		json_put(o, "reason", json_of_words(r->words));
		json_put(o, "ticket", json_of_words(r->ticket));
		json_put(o, "since", json_of_time(wall_ms));
		json_put(o, "until", json_of_time(r->expires_wall_ms));
		json_put(o, "expired", json_boolean(expired));
		json_array_append_new(l->array, o);
		return;
	}
	out_table_cell(l->table, asn);
	out_table_cell(l->table, r->subject);
	out_table_cell(l->table, kind_of(r));
	out_table_cell(l->table, expired ? "expired" : clock_iso(r->expires_wall_ms, until));
	out_table_cell(l->table, clock_iso(wall_ms, since));
	out_table_cell(l->table, who);
	out_table_cell(l->table, r->words);
}

static int list(const struct options *o, const struct args *a, asn_t only, struct err *e)
{
	static const char *const titles[] = { "NETWORK", "CLAUSE", "RULING", "UNTIL", "SINCE", "BY", "REASON", NULL };
	struct config *c = options_config(o, e);
	struct listing l = { .only = only, .now = clock_wall_ms() };
	struct rulings *r;
	char *path;

	if (c == NULL)
		return -1;
	path = options_path(c, DATA_JOURNAL);
	r = rulings_open(path);
	rulings_refresh(r, NULL);
	if (a->json)
		l.array = json_array();
	else
		l.table = out_table_new(titles);
	rulings_each(r, list_one, &l);
	if (l.table != NULL)
		out_table_print(l.table, stdout);
	rulings_close(r);
	free(path);
	config_free(c);
	return l.array != NULL ? json_print(l.array, e) : 0;
}

static int run(const struct options *o, const struct args *a, int n, char **argv, struct err *e)
{
	const char *verb = n > 0 ? argv[1] : "";
	struct ruling r = { .waiver = strcmp(verb, "waive") == 0 };
	asn_t only = ASN_UNKNOWN;

	if (strcmp(verb, "check") == 0 && n >= 2)
		return check_files(argv + 2, n - 1);
	if (strcmp(verb, "show") == 0 && n <= 2)
		return show(o, a, n == 2 ? argv[2] : NULL, e);
	if ((r.waiver || strcmp(verb, "attest") == 0) && n == 3) {
		if (!asn_parse(slice_of(argv[2]), &r.asn) || r.asn == ASN_UNKNOWN)
			return err_set(e, ERR_USAGE, "\"%s\" is no AS number", argv[2]);
		r.subject = argv[3];
		return rule(o, a, &r, e);
	}
	if (strcmp(verb, "list") == 0 && n <= 2) {
		if (n == 2 && !asn_parse(slice_of(argv[2]), &only))
			return err_set(e, ERR_USAGE, "\"%s\" is no AS number", argv[2]);
		return list(o, a, only, e);
	}
	return err_set(e, ERR_USAGE, "policy needs check FILE, show [FILE], waive AS CLAUSE, attest AS CLAUSE or list [AS]");
}

int cmd_policy(const struct options *o, int argc, char **argv)
{
	struct args a = { 0 };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id, rc = STATUS_USAGE;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("policy check|show|waive|attest|list", words, options);
		a.json = a.json || id == OPT_JSON;
		a.met = a.met || id == OPT_MET;
		a.not_met = a.not_met || id == OPT_NOT_MET;
		a.reason = id == OPT_REASON ? value : a.reason;
		a.until = id == OPT_UNTIL ? value : a.until;
		a.ticket = id == OPT_TICKET ? value : a.ticket;
		a.policy = id == OPT_POLICY ? value : a.policy;
	}
	if (id == 0)
		rc = run(o, &a, w.operands, argv, &e);
	return e.code != ERR_NONE ? exit_say(&e) : rc;
}
