/* peerdeck verdicts - every network that there are sessions with, held against the policy, once. */
#include "app/collect_once.h"
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/gather.h"
#include "app/judging.h"
#include "app/output.h"
#include "app/output_verdicts.h"
#include "app/people.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_JSON = 1, OPT_POLICY, OPT_CLAUSE, OPT_FAILED, OPT_EXPLAIN, OPT_MAIL, OPT_QUICK, OPT_HELP, LOOK_MS = 60000, COLLECT_MS = 180000 };
static const struct option_def options[] = {
	{ "json", NULL, "an array of networks with all verdicts and their evidence", OPT_JSON },
	{ "policy", "FILE", "this policy and not the configured one", OPT_POLICY },
	{ "clause", "NAME", "only this clause or check", OPT_CLAUSE },
	{ "failed", NULL, "only what is not met", OPT_FAILED },
	{ "explain", NULL, "clause, rule, all evidence, and how to fix it", OPT_EXPLAIN },
	{ "for-peer", NULL, "what is not met, in words for the peer", OPT_MAIL },
	{ "quick", NULL, "ask routers and registries nothing beyond one poll: more is then not known", OPT_QUICK },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct args {
	bool json, failed, explain, for_peer, quick;
	const char *policy, *clause;
	asn_t only[64];
	size_t only_count;
};

static bool wanted(const struct args *a, const struct verdict *v)
{
	if (a->clause != NULL && strcmp(a->clause, v->clause->id) != 0 && strcmp(a->clause, v->clause->check->name) != 0)
		return false;
	return !(a->failed || a->for_peer) || (v->value == VERDICT_FAIL && !verdict_waived(v));
}

static bool wanted_network(const struct args *a, asn_t asn)
{
	for (size_t i = 0; i < a->only_count; i++)
		if (a->only[i] == asn)
			return true;
	return a->only_count == 0;
}

static void add_rows(struct out_table *t, const struct args *a, const struct network_verdicts *n)
{
	struct verdict *v = verdicts_sorted(n->verdicts, n->count);
	char asn[20];

	snprintf(asn, sizeof(asn), "AS%u", n->asn);
	for (size_t i = 0; i < n->count; i++) {
		if (!wanted(a, &v[i]))
			continue;
		out_table_cell(t, asn);
		out_table_cell(t, text_or(n->name, NULL));
		out_table_cell(t, v[i].clause->id);
		out_table_cell(t, verdict_state_word(&v[i]));
		out_table_cell(t, clause_severity_word(v[i].clause->severity));
		out_table_cell(t, v[i].words.s);
		out_table_cell(t, v[i].value == VERDICT_UNKNOWN ? text_or(v[i].missing, NULL) : text_or(v[i].source, NULL));
	}
	free(v);
}

static void explain(const struct args *a, const struct policy *p, const struct network_verdicts *n)
{
	struct verdict *v = verdicts_sorted(n->verdicts, n->count);
	struct str out;

	str_init(&out, 4 * 1024 * 1024);
	for (size_t i = 0; i < n->count; i++)
		if (wanted(a, &v[i])) {
			str_puts(&out, out.len > 0 ? "\n" : "");
			verdict_explain(&v[i], p, n->asn, a->for_peer, &out);
		}
	if (out.len > 0)
		printf("%s\n", out.p);
	str_fini(&out);
	free(v);
}

static json_t *json_of_network(const struct args *a, const struct network_verdicts *n)
{
	json_t *o = json_object(), *verdicts = json_array(), *proposals = json_array();

	for (size_t i = 0; i < n->count; i++)
		if (wanted(a, &n->verdicts[i]))
			json_array_append_new(verdicts, json_of_verdict(&n->verdicts[i], &n->trends[i]));
	for (size_t i = 0; i < n->proposal_count; i++)
		json_array_append_new(proposals, json_of_proposal(&n->proposals[i]));
	json_put(o, "asn", json_of_asn(n->asn));
	json_put(o, "name", json_of_nonempty(n->name.s));
	json_put(o, "sessions", json_integer((json_int_t)n->sessions));
	json_put(o, "established", json_integer((json_int_t)n->live));
	json_put(o, "failed", json_integer((json_int_t)n->sum.failed));
	json_put(o, "unknown", json_integer((json_int_t)n->sum.unknown));
	json_put(o, "waived", json_integer((json_int_t)n->sum.waived));
	json_put(o, "passed", json_integer((json_int_t)n->sum.passed));
	json_put(o, "judged", json_of_time(n->judged_wall_ms));
	json_put(o, "verdicts", verdicts);
	json_put(o, "proposals", proposals);
	return o;
}

/* lost: routers that were not read; a session may be on one of those. */
static int print(const struct args *a, const struct judging *j, size_t lost, struct err *e)
{
	static const char *const titles[] = { "NETWORK", "NAME", "CLAUSE", "VERDICT", "SEVERITY", "FOUND", "SOURCE, OR WHAT IS MISSING", NULL };
	struct out_table *t = !a->json && !a->explain && !a->for_peer ? out_table_new(titles) : NULL;
	json_t *top = a->json ? json_array() : NULL;
	const struct network_verdicts *n;
	size_t found = 0;

	for (size_t i = 0; (n = verdict_book_at(j->book, i)) != NULL; i++) {
		if (!wanted_network(a, n->asn))
			continue;
		found++;
		if (t != NULL)
			add_rows(t, a, n);
		else if (top != NULL)
			json_array_append_new(top, json_of_network(a, n));
		else
			explain(a, j->policy, n);
	}
	if (t != NULL)
		out_table_print(t, stdout);
	if (found == 0 && a->only_count > 0 && lost > 0)
		err_set(e, ERR_NET, "no session with AS%u was seen, but not all routers were read", a->only[0]);
	else if (found == 0 && a->only_count > 0)
		err_set(e, ERR_USAGE, "there is no session with AS%u; peerdeck evaluate is for networks that are no peers yet", a->only[0]);
	return top != NULL ? json_print(top, e) : 0;
}

static void fill(void *ctx, struct evidence *ev)
{
	collect_fill(((struct collect_once *)ctx)->collect, ev);
}

static int by_number(const void *a, const void *b)
{
	asn_t x = *(const asn_t *)a, y = *(const asn_t *)b;

	return x < y ? -1 : x > y;
}

/* All evidence about the networks that are asked for, one after another, within one deadline for all. */
static void collect_all(struct collect_once *once, const struct args *a, const struct world *w)
{
	int64_t deadline = clock_boot_ms() + COLLECT_MS;
	struct world_session *rows = NULL;
	size_t n = world_sessions(w, &rows);
	asn_t *asns = mem_calloc(n + 1, sizeof(*asns));

	for (size_t i = 0; i < n; i++)
		asns[i] = rows[i].s->remote_as;
	qsort(asns, n, sizeof(*asns), by_number);
	for (size_t i = 0; i < n; i++) {
		int64_t left = deadline - clock_boot_ms();

		if ((i > 0 && asns[i] == asns[i - 1]) || asns[i] == w->config->local_as || asns[i] == ASN_UNKNOWN || !wanted_network(a, asns[i]))
			continue;
		if (left <= 0 || !collect_once_wait(once, asns[i], true, left))
			fprintf(stderr, "peerdeck: AS%u: not all evidence came in time: what is missing is not known\n", asns[i]);
	}
	free(asns);
	free(rows);
}

static int judge_all(struct gather *g, struct judging *j)
{
	char *path = options_path(g->config, DATA_JOURNAL);
	struct people *people = people_open(g->config, path);

	g->present.w.book = people_book(people);
	g->present.w.calls = people_calls(people);
	while (!judging_step(j, &g->present.w, 1000000))
		;
	g->present.w.book = NULL;
	g->present.w.calls = NULL;
	people_close(people);
	free(path);
	return 0;
}

static int run(const struct options *o, const struct args *a, size_t *lost, struct err *e)
{
	struct gather g = { 0 };
	struct judging j = { 0 };
	struct collect_once once = { 0 };
	char *path = NULL;
	const char *policy;
	int rc = -1;

	if (gather_open(&g, o, e) != 0)
		goto out;
	policy = a->policy != NULL ? a->policy : g.config->policy;
	if (policy == NULL) {
		err_set(e, ERR_CONFIG, "no policy is configured in %s: set policy = FILE there, or give --policy FILE", g.config->path);
		goto out;
	}
	path = options_path(g.config, DATA_JOURNAL);
	if (judging_open(&j, policy, path, e) != 0 || gather_look(&g, NULL, LOOK_MS, e) != 0)
		goto out;
	*lost = gather_report(&g, NULL);
	if (!a->quick) {
		if (collect_once_open(&once, &g, j.policy->as_set, j.policy->irr_sources, e) != 0)
			goto out;
		collect_all(&once, a, &g.present.w);
		j.collect = fill;
		j.collect_ctx = &once;
	}
	judge_all(&g, &j);
	rc = print(a, &j, *lost, e);
out:
	free(path);
	judging_close(&j);
	collect_once_close(&once);
	gather_stop(&g);
	return rc;
}

int cmd_verdicts(const struct options *o, int argc, char **argv)
{
	struct args a = { 0 };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	size_t lost = 0;
	int id;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("verdicts [AS<n> ...]", "Reads every router once and holds each network against the policy.\n", options);
		a.json = a.json || id == OPT_JSON;
		a.failed = a.failed || id == OPT_FAILED;
		a.explain = a.explain || id == OPT_EXPLAIN;
		a.for_peer = a.for_peer || id == OPT_MAIL;
		a.quick = a.quick || id == OPT_QUICK;
		a.policy = id == OPT_POLICY ? value : a.policy;
		a.clause = id == OPT_CLAUSE ? value : a.clause;
	}
	for (int i = 1; id == 0 && i <= w.operands && e.code == ERR_NONE; i++)
		if (a.only_count == ARRAY_LEN(a.only) || !asn_parse(slice_of(argv[i]), &a.only[a.only_count++]))
			err_set(&e, ERR_USAGE, "\"%s\" is no AS number (at most %zu)", argv[i], ARRAY_LEN(a.only));
	if (e.code == ERR_NONE)
		run(o, &a, &lost, &e);
	if (e.code != ERR_NONE)
		return exit_say(&e);
	return lost > 0 ? STATUS_FAILED : STATUS_DONE;
}
