/* One neighbor while it is being read; see frr_neighbor.h. */
#include "backends/drivers/frr_neighbor.h"
#include "backends/parse/family.h"

#include <stdlib.h>
#include <string.h>

static void parts_clear(struct frr_neighbor *n)
{
	for (size_t i = 0; i < n->count; i++) {
		str_fini(&n->parts[i].in);
		str_fini(&n->parts[i].out);
	}
	n->count = 0;
	n->part = NULL;
}

void frr_neighbor_init(struct frr_neighbor *n, struct snap_builder *b, bool adds)
{
	*n = (struct frr_neighbor){ .b = b, .adds = adds };
	str_init(&n->vrf, 256);
	str_init(&n->name, 256);
	session_init(&n->all);
}

void frr_neighbor_fini(struct frr_neighbor *n)
{
	parts_clear(n);
	free(n->parts);
	str_fini(&n->vrf);
	str_fini(&n->name);
}

void frr_neighbor_begin(struct frr_neighbor *n, struct slice name)
{
	parts_clear(n);
	session_init(&n->all);
	n->all.auth = AUTH_NONE;
	n->all.dynamic = TRI_NO;
	n->due_to = (struct text){ NULL };
	n->up_s = n->reset_s = -1;
	n->overflow = false;
	str_clear(&n->name);
	str_add(&n->name, name.p, name.len);
	if (n->adds)
		snap_builder_rows(n->b, 1, 0);
}

void frr_neighbor_family(struct frr_neighbor *n, struct slice family)
{
	struct frr_family *p;

	MEM_GROW(n->parts, n->cap, n->count + 1);
	p = &n->parts[n->count++];
	session_init(&p->s);
	p->s.soft_reconfig = TRI_NO;
	family_parse(family, &p->s.family);
	str_init(&p->in, 512);
	str_init(&p->out, 512);
	n->part = p;
}

void frr_neighbor_policy(struct str *list, const char *kind, struct slice name)
{
	if (list->len > 0)
		str_puts(list, ", ");
	str_puts(list, kind);
	str_add(list, name.p, name.len);
}

/* A session that never ended tells nothing by its last reset; and one with a family only tells that it had none
 * while it was being configured. */
static bool is_leftover(const struct frr_neighbor *n)
{
	if (n->all.last_error.code >= 0 || !text_known(n->due_to))
		return false;
	return (n->all.state == BGP_ESTABLISHED && n->all.flaps <= 0) ||
	       (n->count > 0 && strcmp(n->due_to.s, "No AFI/SAFI activated for peer") == 0);
}

static void settle_error(struct frr_neighbor *n)
{
	struct last_error *le = &n->all.last_error;

	if (is_leftover(n))
		return;
	if (le->code < 0 || !text_known(le->words))
		le->words = n->due_to;
	if (n->reset_s >= 0 && text_known(le->words))
		le->ago_s = n->reset_s;
}

/* What the summary says too is taken only where there was none. */
static void join_state(struct session *s, const struct frr_neighbor *n)
{
	s->state = n->all.state;
	s->admin_down = n->all.admin_down;
	s->limit_tripped = n->all.limit_tripped;
	s->messages_in = n->all.messages_in;
	s->messages_out = n->all.messages_out;
	s->flaps = n->all.flaps;
	s->since_s = n->up_s;
}

static void join_session(struct session *s, const struct frr_neighbor *n)
{
	const struct session *all = &n->all;

	if (s->state == BGP_UNKNOWN)
		join_state(s, n);
	if (n->overflow)
		s->limit_tripped = TRI_YES;
	if (all->remote_as != ASN_UNKNOWN)
		s->remote_as = all->remote_as;
	if (all->local_as != ASN_UNKNOWN)
		s->local_as = all->local_as;
	if (text_known(all->description))
		s->description = all->description;
	if (s->dynamic != TRI_YES)
		s->dynamic = all->dynamic;
	s->group = text_known(all->group) ? all->group : TEXT_LIT("");
	s->local = all->local;
	s->auth = all->auth;
	s->hold_time_s = all->hold_time_s;
	s->last_error = all->last_error;
	s->shutdown_message = all->shutdown_message;
}

static void join_family(struct session *s, const struct frr_neighbor *n, const struct frr_family *p)
{
	if (s->accepted == COUNT_UNKNOWN)
		s->accepted = p->s.accepted;
	if (s->advertised == COUNT_UNKNOWN)
		s->advertised = p->s.advertised;
	/* A family is told with its limit whatever the state: none told is none configured. */
	s->max_prefixes = p->s.max_prefixes != COUNT_UNKNOWN ? p->s.max_prefixes : 0;
	s->limit_action = p->s.limit_action;
	s->limit_warn_pct = p->s.limit_warn_pct;
	s->limit_restart_s = p->s.limit_restart_s;
	s->soft_reconfig = p->s.soft_reconfig;
	s->import_policy = snap_builder_text(n->b, str_slice(&p->in));
	s->export_policy = snap_builder_text(n->b, str_slice(&p->out));
}

static struct session *row(struct frr_neighbor *n, enum afi_safi af)
{
	struct slice vrf = str_slice(&n->vrf), name = str_slice(&n->name);

	return n->adds ? snap_builder_session(n->b, vrf, name, af) :
	    snap_builder_find(n->b, vrf, name, af);
}

void frr_neighbor_end(struct frr_neighbor *n)
{
	settle_error(n);
	if (snap_builder_local_as(n->b) == ASN_UNKNOWN)
		snap_builder_router(n->b, n->all.local_as, NULL);
	for (size_t i = 0; i < n->count; i++) {
		struct session *s = row(n, n->parts[i].s.family);

		if (s == NULL)
			continue;
		join_session(s, n);
		join_family(s, n, &n->parts[i]);
	}
	if (n->count == 0 && n->adds)
		join_session(row(n, AF_UNKNOWN), n);
	if (n->adds && n->all.state != BGP_UNKNOWN)
		snap_builder_rows(n->b, 0, 1);
}
