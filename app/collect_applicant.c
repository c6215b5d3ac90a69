/*
 * What can be known of a network that no session of ours tells about: its visibility, what it announces to the world,
 * what it registers.  Such a network is no neighbor, so nobody wants its answers before its evidence is asked for:
 * the first filling asks, a later one finds.
 */
#include "app/collect_priv.h"
#include "backends/sources/irr.h"
#include "backends/sources/ripestat.h"

/* Seen by at least one of the collectors' full-table peers. */
static void take_visible(struct collect *c, struct evidence *ev, asn_t asn, struct basis *basis, enum tri *seen, struct text *where)
{
	char key[KEEPER_KEY_MAX + 1];
	const struct ripestat_answer *a;
	struct kept_view v;
	count_t seeing, total;

	if (basis->known || c->ripestat == NULL)
		return;
	ripestat_key(key, RIPESTAT_STATUS, asn);
	if (!keeper_get(c->ripestat, key, &v)) {
		c->applicant_asn = asn == ev->asn ? asn : c->applicant_asn;
		keeper_want_also(c->ripestat, key);
	}
	a = v.answer;
	if (a == NULL) {
		*basis = collect_no_answer(ev, &v);
		return;
	}
	seeing = a->seeing[0] > a->seeing[1] ? a->seeing[0] : a->seeing[1];
	total = a->seeing[0] > a->seeing[1] ? a->total[0] : a->total[1];
	*basis = basis_known(ev, v.as_of_wall_ms, "RIPEstat routing-status");
	*seen = seeing > 0 ? TRI_YES : a->seeing[0] == 0 && a->seeing[1] == 0 ? TRI_NO : TRI_UNKNOWN;
	*where = text_safez(ev->arena, arena_printf(ev->arena, "%lld of %lld peers of RIPE's collectors", (long long)seeing, (long long)total));
	keeper_release(v.hold);
}

static void take_announced_registered(struct collect *c, struct evidence *ev, const struct ripestat_answer *a, const struct kept_view *irr)
{
	const struct irr_expansion *x = irr->answer;
	struct heap h = { .good = 0 };

	if (c->irr == NULL)
		return;
	if (x == NULL) {
		ev->announced.registered.basis = collect_no_answer(ev, irr);
		return;
	}
	digest_against(a->v4, x->v4, &h);
	digest_against(a->v6, x->v6, &h);
	collect_take_heap(ev, &ev->announced.registered, &h);
	ev->announced.registered.basis = basis_known(ev, irr->as_of_wall_ms, "IRR %s, and RIPEstat", c->way.config->irr.host);
}

static void take_announced_rpki(struct collect *c, struct evidence *ev, const struct ripestat_answer *a, const struct kept_view *vrps)
{
	struct heap h = { .good = 0 };

	if (c->rpki == NULL)
		return;
	if (vrps->answer == NULL || collect_stale(c, vrps, ev->now_wall_ms)) {
		ev->announced.rpki.basis = vrps->answer == NULL ? collect_no_answer(ev, vrps) : basis_missing(ev, "newer ROA payloads");
		return;
	}
	digest_validate(vrps->answer, a->v4, ev->asn, &h);
	digest_validate(vrps->answer, a->v6, ev->asn, &h);
	collect_take_heap(ev, &ev->announced.rpki, &h);
	ev->announced.rpki.basis = basis_known(ev, vrps->as_of_wall_ms, "%zu ROA payloads, and RIPEstat", vrp_count(vrps->answer));
}

static void take_announced(struct collect *c, struct evidence *ev, const struct kept_view *irr, const struct kept_view *vrps)
{
	char key[KEEPER_KEY_MAX + 1];
	const struct ripestat_answer *a;
	struct kept_view v;

	if (c->ripestat == NULL || ev->session_count > 0)
		return;
	ripestat_key(key, RIPESTAT_ANNOUNCED, ev->asn);
	if (!keeper_get(c->ripestat, key, &v)) {
		c->applicant_asn = ev->asn;
		keeper_want_also(c->ripestat, key);
	}
	a = v.answer;
	if (a == NULL) {
		ev->announced.basis = collect_no_answer(ev, &v);
		return;
	}
	ev->announced.basis = basis_known(ev, v.as_of_wall_ms, "RIPEstat announced-prefixes");
	ev->announced.prefixes4 = (count_t)prefixset_count(a->v4);
	ev->announced.prefixes6 = (count_t)prefixset_count(a->v6);
	take_announced_registered(c, ev, a, irr);
	take_announced_rpki(c, ev, a, vrps);
	keeper_release(v.hold);
}

void collect_take_world(struct collect *c, struct evidence *ev, const struct kept_view *irr, const struct kept_view *vrps)
{
	take_visible(c, ev, ev->asn, &ev->visible.basis, &ev->visible.seen, &ev->visible.where);
	if (collect_network(c, ev->asn)->mirrored)
		take_visible(c, ev, ev->local_as, &ev->own_visible.basis, &ev->own_visible.seen, &ev->own_visible.where);
	take_announced(c, ev, irr, vrps);
}
