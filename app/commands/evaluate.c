/* peerdeck evaluate - a network that wants to peer, held against the policy; or, the other way round, we against theirs. */
#include "app/collect_once.h"
#include "app/commands/commands.h"
#include "app/commands/evaluate.h"
#include "app/exit.h"
#include "app/judging.h"
#include "app/lookup.h"
#include "app/mirrors.h"
#include "app/people.h"
#include "core/base/clock.h"
#include "core/judge/assemble.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_JSON = 1, OPT_POLICY, OPT_MIRROR, OPT_ROUTERS, OPT_OFFLINE, OPT_HELP, WAIT_MS = 120000, LOOK_MS = 60000 };
static const struct option_def options[] = {
	{ "json", NULL, "one object; null is unknown", OPT_JSON },
	{ "policy", "FILE", "this policy; without it the configured one, with --mirror that of the network's block", OPT_POLICY },
	{ "mirror", NULL, "do we meet the network's policy?", OPT_MIRROR },
	{ "routers", NULL, "with --mirror: read our routers, and judge what we advertise to it", OPT_ROUTERS },
	{ "offline", NULL, "only what is in the cache of PeeringDB; no registry or other source is asked", OPT_OFFLINE },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct args {
	bool json, mirror, routers, offline;
	const char *policy;
	asn_t asn;
};

/* Whose policy is asked: a file named, the network's own (mirror), ours. */
static struct policy *policy_for(const struct args *a, const struct config *c, struct err *e)
{
	const struct network_conf *n = config_network(c, a->asn);
	const char *path = a->policy != NULL ? a->policy : a->mirror ? (n != NULL ? n->policy : NULL) : c->policy;

	if (path != NULL)
		return policy_load(path, NULL, e);
	if (a->mirror)
		err_set(e, ERR_USAGE, "which policy has AS%u? give --policy FILE, or write network AS%u { policy = FILE } into %s", a->asn, a->asn, c->path);
	else
		err_set(e, ERR_CONFIG, "no policy is configured in %s: set policy = FILE there, or give --policy FILE", c->path);
	return NULL;
}

static void fill(void *ctx, struct evidence *ev)
{
	collect_fill(ctx, ev);
}

static void fill_nothing(void *ctx, struct evidence *ev)
{
	struct basis *const bases[] = { &ev->irr.basis, &ev->own_irr.basis, &ev->vrps.basis, &ev->visible.basis, &ev->announced.basis,
		&ev->traffic.basis };

	(void)ctx;
	for (size_t i = 0; i < ARRAY_LEN(bases); i++)
		*bases[i] = basis_missing(ev, "leave --offline away");
}

/* Registries, payloads, RIPEstat and Prometheus as configured; no router.  NULL, and said on stderr, if they cannot be
 * asked: what they know is then unknown. */
static struct collect *sources_open(struct lookup *l, const struct policy *p, bool mirror)
{
	struct collect_way way = { .config = l->config };
	struct err e = ERR_INIT;
	struct collect *c;

	if (l->http == NULL && (l->config->prometheus.url != NULL || l->config->ripestat.enabled))
		l->http = http_start(&e);
	way.http = l->http;
	c = collect_new(&way, &e);
	collect_own(c, mirror ? NULL : p->as_set, p->irr_sources); /* the other's policy names the other's macro */
	if (e.code != ERR_NONE)
		fprintf(stderr, "peerdeck: %s\n", e.text);
	return c;
}

/* The first look asks, and the second finds. */
static void sources_wait(struct collect *c, const struct judging *j, const struct world *w, asn_t asn)
{
	struct arena *scratch = arena_new();
	struct evidence ev;

	judging_evidence(j, w, NULL, 0, asn, scratch, &ev);
	arena_free(scratch);
	if (!collect_sources_settled(c, clock_boot_ms() + WAIT_MS))
		fprintf(stderr, "peerdeck: not every source answered within %d s: what is missing is not known\n", WAIT_MS / 1000);
}

static int judge(struct lookup *l, const struct args *a, struct policy *p, struct peer_set *peers, struct err *e)
{
	struct world w = { .config = l->config, .peers = peers, .now_wall_ms = clock_wall_ms(), .now_boot_ms = clock_boot_ms() };
	char *path = options_path(l->config, DATA_JOURNAL);
	struct people *people = people_open(l->config, path);
	struct collect *sources = a->offline ? NULL : sources_open(l, p, a->mirror);
	struct judging j = { .policy = p, .rulings = rulings_open(path), .collect = sources != NULL ? fill : fill_nothing, .collect_ctx = sources };
	struct evaluation v = { .policy = p, .mirror = a->mirror, .arena = arena_new() };
	struct evidence ev;
	int rc;

	w.book = people_book(people);
	w.calls = people_calls(people);
	w.registered = lookup_registered(l, &a->asn, 1, !a->offline, v.arena);
	rulings_refresh(j.rulings, NULL);
	if (sources != NULL)
		sources_wait(sources, &j, &w, a->asn);
	judging_evidence(&j, &w, NULL, 0, a->asn, v.arena, &ev);
	v.ev = &ev;
	v.them = ev.peer;
	v.ladder = ev.ladder;
	v.asn = a->asn;
	if (a->mirror) {
		v.seen = arena_alloc(v.arena, sizeof(*v.seen));
		mirrors_evidence(&ev, &w, v.arena, v.seen);
	} else {
		v.seen = &ev;
	}
	v.verdicts = judge_network(p, v.seen, v.arena);
	rc = a->json ? evaluation_json(&v, e) : evaluation_print(&v);
	arena_free(v.arena);
	rulings_close(j.rulings);
	people_close(people);
	collect_quit(sources);
	collect_free(sources);
	free(path);
	return rc;
}

/* Our sessions with it, read now: what we advertise on each is what it judges.  lost: routers that were not read. */
static int judge_sessions(struct gather *g, const struct args *a, struct policy *p, size_t lost, struct err *e)
{
	struct evaluation v = { .policy = p, .mirror = true, .arena = arena_new(), .asn = a->asn };
	struct policy *ours = g->config->policy != NULL ? policy_load(g->config->policy, NULL, NULL) : NULL;
	struct collect_once once = { 0 };
	struct evidence ev;
	int rc = -1;

	if (collect_once_open(&once, g, ours != NULL ? ours->as_set : NULL, ours != NULL ? ours->irr_sources : NULL, e) != 0)
		goto out;
	collect_mirror(once.collect, a->asn);
	if (!collect_once_wait(&once, a->asn, true, WAIT_MS))
		fprintf(stderr, "peerdeck: not all evidence came in time: what is missing is not known\n");
	collect_once_evidence(&once, a->asn, v.arena, &ev);
	if (ev.session_count == 0 && lost > 0) {
		err_set(e, ERR_NET, "no session with AS%u was seen, but not all routers were read", a->asn);
		goto out;
	}
	if (ev.session_count == 0) {
		err_set(e, ERR_USAGE, "there is no session with AS%u; without --routers what can be known is judged", a->asn);
		goto out;
	}
	v.ev = &ev;
	v.them = ev.peer;
	v.ladder = ev.ladder;
	v.seen = arena_alloc(v.arena, sizeof(*v.seen));
	mirrors_evidence(&ev, &g->present.w, v.arena, v.seen);
	v.verdicts = judge_network(p, v.seen, v.arena);
	rc = a->json ? evaluation_json(&v, e) : evaluation_print(&v);
out:
	arena_free(v.arena);
	collect_once_close(&once);
	policy_free(ours);
	return rc;
}

static int run_routers(const struct options *o, const struct args *a, struct err *e)
{
	struct gather g = { 0 };
	struct policy *p = NULL;
	int rc = -1;

	if (gather_open(&g, o, e) == 0 && (p = policy_for(a, g.config, e)) != NULL && gather_look(&g, NULL, LOOK_MS, e) == 0) {
		size_t lost = gather_report(&g, NULL);

		rc = judge_sessions(&g, a, p, lost, e);
	}
	gather_stop(&g);
	policy_free(p);
	return rc;
}

static int run(const struct options *o, const struct args *a, struct err *e)
{
	struct lookup l = { 0 };
	struct peer_set *peers = NULL;
	struct policy *p = NULL;
	struct err asked = ERR_INIT;
	int rc = -1;

	if (lookup_open(&l, o, e) != 0)
		goto out;
	p = policy_for(a, l.config, e);
	if (p == NULL)
		goto out;
	if (!a->offline && l.config->pdb.enabled && lookup_ask(&l, &a->asn, 1, NULL, 0, l.config->pdb.refresh_s, &asked) != 0)
		fprintf(stderr, "peerdeck: PeeringDB: %s; what follows is from the cache\n", asked.text);
	peers = lookup_set(&l, &a->asn, 1, e);
	if (peers != NULL)
		rc = judge(&l, a, p, peers, e);
out:
	peer_set_unref(peers);
	policy_free(p);
	lookup_close(&l);
	return rc;
}

int cmd_evaluate(const struct options *o, int argc, char **argv)
{
	struct args a = { 0 };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("evaluate AS<n>", "What a peering request needs to be answered: what is met, not met and not known, common\n"
			    "exchanges and facilities, sessions and limits to set up, contacts.\n", options);
		a.json = a.json || id == OPT_JSON;
		a.mirror = a.mirror || id == OPT_MIRROR;
		a.routers = a.routers || id == OPT_ROUTERS;
		a.offline = a.offline || id == OPT_OFFLINE;
		a.policy = id == OPT_POLICY ? value : a.policy;
	}
	if (id == 0 && w.operands != 1)
		err_set(&e, ERR_USAGE, "evaluate needs one network: peerdeck evaluate AS64501");
	else if (id == 0 && (!asn_parse(slice_of(argv[1]), &a.asn) || a.asn == ASN_UNKNOWN))
		err_set(&e, ERR_USAGE, "\"%s\" is no AS number", argv[1]);
	if (e.code == ERR_NONE && a.routers && (!a.mirror || a.offline))
		err_set(&e, ERR_USAGE, "--routers goes with --mirror, and not with --offline");
	if (e.code == ERR_NONE && a.routers)
		run_routers(o, &a, &e);
	else if (e.code == ERR_NONE)
		run(o, &a, &e);
	return e.code != ERR_NONE ? exit_say(&e) : STATUS_DONE;
}
