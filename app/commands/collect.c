/*
 * peerdeck collect AS - what can be known about one network, read now: prefixes, registries, payloads, probes, ports.
 *
 * Judges nothing.  What is not known says what would make it known, as in the verdicts.
 */
#include "app/collect_once.h"
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/output_json.h"
#include "core/base/scan.h"
#include "core/judge/policy.h"
#include "core/model/setting.h"

#include <stdlib.h>

enum { TIMEOUT_S = 600, LOOK_MS = 60000 };

struct args {
	unsigned timeout_s;
	bool json;
	asn_t asn;
};

/* ---- JSON ---- */

static json_t *json_of_basis(const struct basis *b)
{
	json_t *o = json_object();

	json_put(o, "known", json_boolean(b->known));
	json_put(o, "source", json_of_text(b->source));
	json_put(o, "at", json_of_time(b->wall_ms));
	json_put(o, "missing", json_of_text(b->missing));
	return o;
}

static json_t *json_of_texts(const struct text *t, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_of_text(t[i]));
	return list;
}

static json_t *json_of_tally(const struct tally *t)
{
	json_t *o = json_of_basis(&t->basis);

	if (!t->basis.known)
		return o;
	json_put(o, "good", json_of_count(t->good));
	json_put(o, "bad", json_of_count(t->bad));
	json_put(o, "open", json_of_count(t->open));
	json_put(o, "examples", json_of_texts(t->examples, t->example_count));
	return o;
}

static json_t *json_of_prefixes(const struct prefix_facts *f, bool received)
{
	json_t *o = json_of_basis(&f->basis);

	json_put(o, "after_policy", json_boolean(f->after_policy));
	json_put(o, "count", json_of_count(f->count));
	json_put(o, "longest", json_of_count(f->longest));
	json_put(o, "longest_prefixes", json_of_texts(f->long_examples, f->long_example_count));
	json_put(o, "default_route", f->basis.known ? json_boolean(f->default_route) : json_null());
	json_put(o, "added", json_of_count(f->added));
	json_put(o, "removed", json_of_count(f->removed));
	if (received) {
		json_put(o, "registered", json_of_tally(&f->registered));
		json_put(o, "rpki", json_of_tally(&f->rpki));
		json_put(o, "seen_elsewhere", json_of_tally(&f->seen_elsewhere));
		json_put(o, "next_hops", json_of_tally(&f->next_hops));
		json_put(o, "filter", json_of_tally(&f->filter));
	} else {
		json_put(o, "own_macro", json_of_tally(&f->own_macro));
	}
	return o;
}

static json_t *json_of_real(double v)
{
	return v < 0 ? json_null() : json_real(v);
}

static json_t *json_of_quality(const struct quality_facts *q)
{
	json_t *o = json_of_basis(&q->basis), *list = json_array();

	for (size_t i = 0; i < q->window_count; i++) {
		const struct quality_window *w = &q->windows[i];
		json_t *one = json_object();

		json_put(one, "at", json_of_time(w->wall_ms));
		json_put(one, "loss_percent", w->told ? json_of_real(w->loss_percent) : w->sent > 0 ?
		    json_of_real(100.0 * (double)(w->sent - w->received) / (double)w->sent) : json_null());
		json_put(one, "sent", json_of_count(w->sent));
		json_put(one, "received", json_of_count(w->received));
		json_put(one, "min_ms", json_of_real(w->min_ms));
		json_put(one, "avg_ms", json_of_real(w->avg_ms));
		json_put(one, "p95_ms", json_of_real(w->p95_ms));
		json_put(one, "jitter_ms", json_of_real(w->jitter_ms));
		json_array_append_new(list, one);
	}
	json_put(o, "windows", list);
	return o;
}

static json_t *json_of_session(const struct evidence_session *s)
{
	json_t *o = json_object();

	json_put(o, "router", json_of_words(s->router));
	json_put(o, "neighbor", json_of_text(s->s->neighbor));
	json_put(o, "vrf", json_of_text(s->s->vrf));
	json_put(o, "family", json_of_words(afi_safi_word(s->s->family)));
	json_put(o, "state", json_of_words(bgp_state_word(s->s->state)));
	json_put(o, "received", json_of_prefixes(&s->received, true));
	json_put(o, "advertised", json_of_prefixes(&s->advertised, false));
	json_put(o, "quality", json_of_quality(&s->quality));
	json_put(o, "port", s->port < 0 ? json_null() : json_integer(s->port));
	return o;
}

static json_t *json_of_port(const struct port_facts *p)
{
	json_t *o = json_of_basis(&p->basis);

	json_put(o, "router", json_of_words(p->router));
	json_put(o, "interface", json_of_text(p->interface));
	json_put(o, "private", json_of_tri(p->private_port));
	json_put(o, "speed_mbit", json_of_count(p->speed_mbit));
	json_put(o, "in_p95_bps", json_of_real(p->in_p95_bps));
	json_put(o, "out_p95_bps", json_of_real(p->out_p95_bps));
	json_put(o, "window_s", json_of_count(p->window_s));
	json_put(o, "covered_s", json_of_count(p->covered_s));
	return o;
}

static json_t *json_of_consistency(const struct evidence *ev, const struct consistency *k)
{
	json_t *o = json_of_basis(&k->basis), *list = json_array();

	json_put(o, "compared", json_integer((json_int_t)k->compared));
	json_put(o, "unread", json_integer((json_int_t)k->unread));
	json_put(o, "total", json_of_count(k->total));
	json_put(o, "in_all", json_of_count(k->in_all));
	for (size_t i = 0; i < k->difference_count; i++) {
		const struct difference *d = &k->differences[i];
		json_t *one = json_object();

		json_put(one, "router", json_of_words(ev->sessions[d->session].router));
		json_put(one, "neighbor", json_of_text(ev->sessions[d->session].s->neighbor));
		json_put(one, "missing", json_of_count(d->missing));
		json_put(one, "examples", json_of_texts(d->examples, d->example_count));
		json_array_append_new(list, one);
	}
	json_put(o, "differences", list);
	return o;
}

static json_t *json_of_sources(const struct evidence *ev)
{
	json_t *o = json_object(), *irr = json_of_basis(&ev->irr.basis), *own = json_of_basis(&ev->own_irr.basis),
	       *vrps = json_of_basis(&ev->vrps.basis), *visible = json_of_basis(&ev->visible.basis),
	       *traffic = json_of_basis(&ev->traffic.basis);

	json_put(irr, "macro", json_of_text(ev->irr.macro));
	json_put(irr, "prefixes4", json_of_count(ev->irr.prefixes4));
	json_put(irr, "prefixes6", json_of_count(ev->irr.prefixes6));
	json_put(own, "macro", json_of_text(ev->own_irr.macro));
	json_put(own, "prefixes4", json_of_count(ev->own_irr.prefixes4));
	json_put(own, "prefixes6", json_of_count(ev->own_irr.prefixes6));
	json_put(vrps, "count", json_of_count(ev->vrps.vrps));
	json_put(visible, "seen", json_of_tri(ev->visible.seen));
	json_put(visible, "where", json_of_text(ev->visible.where));
	json_put(traffic, "in_p95_bps", json_of_real(ev->traffic.in_p95_bps));
	json_put(traffic, "out_p95_bps", json_of_real(ev->traffic.out_p95_bps));
	json_put(traffic, "covered_s", json_of_count(ev->traffic.covered_s));
	json_put(o, "irr", irr);
	json_put(o, "own_irr", own);
	json_put(o, "rpki", vrps);
	json_put(o, "visible", visible);
	json_put(o, "traffic", traffic);
	return o;
}

static json_t *json_of_lines(const struct collector_line *l, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		json_put(o, "what", json_of_text(l[i].what));
		json_put(o, "have", json_of_text(l[i].have));
		json_put(o, "last", json_of_time(l[i].last_wall_ms));
		json_put(o, "next", json_of_time(l[i].next_wall_ms));
		json_put(o, "trouble", json_of_nonempty(text_or(l[i].trouble, "")));
		json_array_append_new(list, o);
	}
	return list;
}

static int print_json(const struct evidence *ev, const struct collector_line *l, size_t n, struct err *e)
{
	json_t *top = json_object(), *sessions = json_array(), *ports = json_array();

	for (size_t i = 0; i < ev->session_count; i++)
		json_array_append_new(sessions, json_of_session(&ev->sessions[i]));
	for (size_t i = 0; i < ev->port_count; i++)
		json_array_append_new(ports, json_of_port(&ev->ports[i]));
	json_put(top, "asn", json_of_asn(ev->asn));
	json_put(top, "sessions", sessions);
	json_put(top, "ports", ports);
	json_put(top, "consistent_ipv4", json_of_consistency(ev, &ev->consistent[0]));
	json_put(top, "consistent_ipv6", json_of_consistency(ev, &ev->consistent[1]));
	json_put(top, "sources", json_of_sources(ev));
	json_put(top, "collectors", json_of_lines(l, n));
	return json_print(top, e);
}

/* ---- words ---- */

static void say_tally(const char *what, const struct tally *t, const char *good, const char *bad)
{
	if (!t->basis.known) {
		printf("    %-12s unknown: %s\n", what, text_or(t->basis.missing, "not read"));
		return;
	}
	printf("    %-12s %lld %s, %lld %s", what, (long long)t->good, good, (long long)t->bad, bad);
	for (size_t i = 0; i < t->example_count; i++)
		printf("%s%s", i ? ", " : ": ", t->examples[i].s);
	printf("\n");
}

static void say_prefixes(const char *what, const struct prefix_facts *f)
{
	if (!f->basis.known) {
		printf("  %-12s unknown: %s\n", what, text_or(f->basis.missing, "not read"));
		return;
	}
	printf("  %-12s %lld prefixes%s, longest /%d %s%s\n", what, (long long)f->count, f->after_policy ? " behind our import policy" : "",
	    f->longest, text_or(f->longest_prefix, ""), f->default_route ? ", a default route" : "");
	if (f->after_policy)
		printf("    %-12s %s\n", "the rest", text_or(f->basis.missing, "cannot be read"));
}

static void say_session(const struct evidence_session *s)
{
	const struct quality_facts *q = &s->quality;

	printf("%s %s %s\n", s->router, text_or(s->s->neighbor, "?"), afi_safi_word(s->s->family));
	say_prefixes("received", &s->received);
	if (s->received.basis.known) {
		say_tally("registered", &s->received.registered, "yes", "no");
		say_tally("RPKI", &s->received.rpki, "valid", "invalid");
		say_tally("elsewhere", &s->received.seen_elsewhere, "seen", "not seen");
		say_tally("next hops", &s->received.next_hops, "its own", "another's");
		say_tally("let in", &s->received.filter, "registered", "not registered");
	}
	say_prefixes("advertised", &s->advertised);
	if (s->advertised.basis.known)
		say_tally("our macro", &s->advertised.own_macro, "inside", "outside");
	if (q->window_count > 0 && q->windows[0].told)
		printf("  %-12s %.3g %% loss", "quality", q->windows[0].loss_percent);
	else if (q->window_count > 0)
		printf("  %-12s %lld of %lld came back", "ping", (long long)q->windows[0].received, (long long)q->windows[0].sent);
	if (q->window_count > 0 && q->windows[0].avg_ms >= 0)
		printf(", %.3g ms\n", q->windows[0].avg_ms);
	else if (q->window_count > 0)
		printf("\n");
	else
		printf("  %-12s unknown: %s\n", "ping", text_or(q->basis.missing, "not read"));
}

static void say_lines(const struct collector_line *l, size_t n)
{
	printf("\n");
	for (size_t i = 0; i < n; i++)
		printf("%-18s %s%s%s\n", l[i].what.s, text_or(l[i].have, ""), text_empty(l[i].trouble) ? "" : "; ", text_or(l[i].trouble, ""));
}

/* ---- the command ---- */

static int print(struct collect_once *once, const struct args *a, struct err *e)
{
	struct arena *arena = arena_new();
	const struct collector_line *lines;
	struct evidence ev;
	size_t n = collect_lines(once->collect, arena, &lines);
	int rc = 0;

	collect_once_evidence(once, a->asn, arena, &ev);
	if (a->json) {
		rc = print_json(&ev, lines, n, e);
	} else {
		for (size_t i = 0; i < ev.session_count; i++)
			say_session(&ev.sessions[i]);
		if (ev.session_count == 0)
			printf("no session with AS%u\n", a->asn);
		say_lines(lines, n);
	}
	arena_free(arena);
	return rc;
}

static int collect_now_print(const struct options *o, const struct args *a, struct err *e)
{
	struct collect_once once = { .collect = NULL };
	struct policy *policy = NULL;
	struct gather g = { .config = NULL };
	int rc = -1;

	if (gather_open(&g, o, e) != 0)
		goto out;
	if (g.config->policy != NULL && (policy = policy_load(g.config->policy, NULL, e)) == NULL)
		goto out;
	if (gather_look(&g, NULL, LOOK_MS, e) != 0 || collect_once_open(&once, &g, policy != NULL ? policy->as_set : NULL,
	    policy != NULL ? policy->irr_sources : NULL, e) != 0)
		goto out;
	gather_report(&g, NULL);
	if (!collect_once_wait(&once, a->asn, true, (int64_t)a->timeout_s * 1000))
		fprintf(stderr, "peerdeck: not everything was answered within %u s\n", a->timeout_s);
	rc = print(&once, a, e);
out:
	collect_once_close(&once);
	policy_free(policy);
	gather_stop(&g);
	return rc;
}

int cmd_collect(const struct options *o, int argc, char **argv)
{
	enum { OPT_JSON = 1, OPT_TIMEOUT, OPT_HELP };
	static const struct option_def options[] = {
		{ "json", NULL, "as JSON", OPT_JSON },
		{ "timeout", "TIME", "for the whole (600s)", OPT_TIMEOUT },
		{ "help", NULL, "this text", OPT_HELP },
		{ NULL, NULL, NULL, 0 },
	};
	static const struct setting span = { "--timeout", SETTING_SPAN, offsetof(struct args, timeout_s), .min = 1, .max = 86400 };
	struct args a = { .timeout_s = TIMEOUT_S };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("collect AS", "Reads now what can be known about a network: its prefixes from the routers,\n"
							 "registries, ROA payloads, pings, ports.  Judges nothing.", options);
		a.json = a.json || id == OPT_JSON;
		if (id == OPT_TIMEOUT && setting_read(&span, value, NULL, &a, &e) != 0)
			e.code = ERR_USAGE;
	}
	if (e.code == ERR_NONE && (w.operands != 1 || !asn_parse(slice_of(argv[1]), &a.asn)))
		err_set(&e, ERR_USAGE, "wanted: peerdeck collect AS, as in: peerdeck collect AS64501");
	if (e.code == ERR_NONE && collect_now_print(o, &a, &e) == 0)
		return STATUS_DONE;
	return exit_say(&e);
}
