/*
 * What the slow sources are asked: for the networks that are there, for our own macro, for ports and series.
 */
#include "app/collect_priv.h"
#include "backends/sources/irr.h"
#include "backends/sources/prometheus.h"
#include "backends/sources/rdap.h"
#include "backends/sources/ripestat.h"
#include "backends/sources/rpki.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/model/peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COST_PAST = 5 };

struct keys {
	char **k;
	size_t n, cap;
};

static void add(struct keys *s, const char *key)
{
	MEM_GROW(s->k, s->cap, s->n + 1);
	s->k[s->n++] = mem_strdup(key);
}

static void keys_free(struct keys *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->k[i]);
	free(s->k);
}

static void want_all(struct keeper *k, struct keys *s)
{
	keeper_want(k, (const char *const *)s->k, s->n);
	keys_free(s);
}

/* What a network publishes may hold anything; its own AS number is asked for in any case. */
void collect_macros(char out[KEEPER_KEY_MAX + 1], const struct peer *peer, asn_t asn)
{
	const char *published = peer != NULL ? text_or(peer->irr_as_set, "") : "";

	if (strlen(published) > KEEPER_KEY_MAX - 80)
		published = "";
	snprintf(out, KEEPER_KEY_MAX + 1, "%s%sAS%u", published, *published ? " " : "", asn);
}

/* Once per round of wants. */
static bool first_of_network(struct collect *c, const struct place *p)
{
	struct network *n = p->internal || p->asn == ASN_UNKNOWN ? NULL : collect_network(c, p->asn);
	bool first = n != NULL && n->round != c->round;

	if (first)
		n->round = c->round;
	return first;
}

static void add_strays(struct keys *s, const struct digest *d)
{
	char key[KEEPER_KEY_MAX + 1];

	for (size_t i = 0; i < d->stray_count; i++) {
		stray_key(key, d->stray[i]);
		add(s, key);
	}
}

static void want_irr(struct collect *c, const struct world *w)
{
	char macros[KEEPER_KEY_MAX + 1], key[KEEPER_KEY_MAX + 1];
	struct keys s = { NULL, 0, 0 };

	for (const struct place *p = c->places; p != NULL; p = p->hh.next)
		if (first_of_network(c, p)) {
			collect_macros(macros, peer_set_find(w->peers, p->asn), p->asn);
			irr_key(key, macros, NULL);
			add(&s, key);
		}
	for (const struct place *p = c->places; p != NULL; p = p->hh.next) {
		add_strays(&s, &p->received);
		add_strays(&s, &p->accepted);
	}
	if (c->applicant[0] != '\0')
		add(&s, c->applicant);
	if (c->own_macro != NULL) {
		irr_key(key, c->own_macro, c->own_sources);
		add(&s, key);
	}
	want_all(c->irr, &s);
}

static void add_past(struct keys *s, const struct collect *c, const struct place *p)
{
	static const char *const rates[] = { "in-bps", "out-bps" };
	int64_t window = c->way.config->history.keep_s;
	char series[HISTORY_NAME_MAX + 1], key[KEEPER_KEY_MAX + 1];

	for (size_t i = 0; p->iface[0] != '\0' && i < ARRAY_LEN(rates) && p->leads; i++) {
		port_series(series, p, rates[i]);
		past_key(key, series, window);
		add(s, key);
	}
	for (size_t i = 0; i < ARRAY_LEN(p->sums); i++)
		if (p->sums[i] != NULL)
			add(s, p->sums[i]);
	if (p->internal)
		return;
	session_series(series, p, "received");
	past_key(key, series, window);
	add(s, key);
	session_series(series, p, "state");
	past_key(key, series, window);
	add(s, key);
	if (p->probe_count < PROBES_KEPT) {
		past_probes_key(key, p);
		add(s, key);
	}
	place_series(series, "probe", p, "avg-ms");
	past_key(key, series, window);
	add(s, key);
}

bool collect_want_past(struct collect *c, long *left)
{
	bool first = !c->past_begun;
	struct keys s = { NULL, 0, 0 };

	if (first)
		c->past_next = c->places;
	c->past_begun = true;
	for (; c->past_next != NULL && *left > 0; c->past_next = c->past_next->hh.next) {
		add_past(&s, c, c->past_next);
		*left -= COST_PAST;
	}
	keeper_want_part(c->past, (const char *const *)s.k, s.n, first, c->past_next == NULL);
	keys_free(&s);
	return c->past_next == NULL;
}

/* ---- Prometheus ---- */

bool collect_prom_key(const struct collect *c, const struct place *p, const char *query, char out[KEEPER_KEY_MAX + 1], struct err *e)
{
	const struct prom_places places = { p->asn, p->router, p->neighbor[0] ? p->neighbor : NULL, p->iface[0] ? p->iface : NULL,
		p->description[0] ? p->description : NULL };
	struct str filled;
	bool good;

	(void)c;
	if (query == NULL)
		return false;
	str_init(&filled, 2048);
	good = prom_fill(&filled, query, &places, e) == 0;
	snprintf(out, KEEPER_KEY_MAX + 1, "%s", good ? filled.p : "");
	str_fini(&filled);
	return good;
}

static void want_prometheus(struct collect *c)
{
	const struct prometheus_conf *conf = &c->way.config->prometheus;
	const char *const queries[] = { conf->in_bps, conf->out_bps, conf->speed_bps, conf->loss_pct, conf->latency_ms, conf->jitter_ms,
		conf->stray_bps, conf->network_in_bps, conf->network_out_bps };
	char key[KEEPER_KEY_MAX + 1];
	struct keys s = { NULL, 0, 0 };

	for (const struct place *p = c->places; p != NULL; p = p->hh.next)
		for (size_t i = 0; !p->internal && i < ARRAY_LEN(queries); i++)
			if (collect_prom_key(c, p, queries[i], key, NULL))
				add(&s, key);
	want_all(c->prometheus, &s);
}

/* ---- RIPEstat ---- */

/* What a network and the origins behind it announce as the world sees it; the network's own visibility. */
static void want_ripestat(struct collect *c)
{
	char key[KEEPER_KEY_MAX + 1];
	struct keys s = { NULL, 0, 0 };

	for (const struct place *p = c->places; p != NULL; p = p->hh.next) {
		if (p->internal || p->asn == ASN_UNKNOWN)
			continue;
		ripestat_key(key, RIPESTAT_STATUS, p->asn);
		add(&s, key);
		for (size_t i = 0; i < p->received.unseen_count; i++) {
			ripestat_key(key, RIPESTAT_ANNOUNCED, p->received.unseen[i]);
			add(&s, key);
		}
		for (size_t i = 0; i < p->mirrored.unseen_count; i++) {
			ripestat_key(key, RIPESTAT_ANNOUNCED, p->mirrored.unseen[i]);
			add(&s, key);
		}
		if (collect_network(c, p->asn)->mirrored) {
			ripestat_key(key, RIPESTAT_STATUS, c->way.config->local_as);
			add(&s, key);
		}
	}
	if (c->applicant_asn != ASN_UNKNOWN) {
		ripestat_key(key, RIPESTAT_STATUS, c->applicant_asn);
		add(&s, key);
	}
	want_all(c->ripestat, &s);
}

void collect_want(struct collect *c, const struct world *w)
{
	c->round++;
	if (c->irr != NULL)
		want_irr(c, w);
	if (c->rpki != NULL)
		keeper_want_also(c->rpki, RPKI_KEY);
	if (c->prometheus != NULL)
		want_prometheus(c);
	if (c->ripestat != NULL)
		want_ripestat(c);
	if (c->rdap != NULL)
		collect_want_rdap(c);
}

void collect_sources_start(struct collect *c, struct err *e)
{
	const struct config *conf = c->way.config;

	c->irr = irr_keeper(&conf->irr, conf->data_dir, e);
	c->rpki = rpki_keeper(&conf->rpki, e);
	c->prometheus = prom_keeper(&conf->prometheus, c->way.http, e);
	c->ripestat = ripestat_keeper(&conf->ripestat, c->way.http, e);
	c->rdap = rdap_keeper(&conf->rdap, conf->data_dir, c->way.http, e);
	c->past = past_keeper(conf, e);
}

void collect_sources_stop(struct collect *c)
{
	keeper_stop(c->irr);
	keeper_stop(c->rpki);
	keeper_stop(c->prometheus);
	keeper_stop(c->ripestat);
	keeper_stop(c->rdap);
	keeper_stop(c->past);
	c->irr = c->rpki = c->prometheus = c->ripestat = c->rdap = c->past = NULL;
}

bool collect_sources_settled(struct collect *c, int64_t deadline_boot_ms)
{
	struct keeper *const all[] = { c->irr, c->rpki, c->prometheus, c->ripestat, c->rdap, c->past };
	bool settled = true;

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		settled = keeper_settled(all[i], deadline_boot_ms) && settled;
	return settled;
}
