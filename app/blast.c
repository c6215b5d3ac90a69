/* What has no other path; see blast.h. */
#include "app/blast.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXAMPLES = 5, SLOTS_FIRST = 4096, FAILED_MAX = 16384, FAILED_SHOWN = 8, PORTS_MAX = 16 };

/* A prefix of the plan's sessions; an empty slot has family ADDR_NONE. */
struct slot {
	struct prefix p;
	uint32_t realm; /* where it counts: a VRF; for announcements the network they go to */
	bool elsewhere;
};

struct ask {
	struct blast *b;
	const char *router;
	struct question *q; /* NULL once it is out or done */
	struct chosen only; /* of these prefixes alone, where there are any */
	uint32_t realm;
	bool own; /* of a session in the plan */
	bool out;
};

struct blast {
	struct blast_way way;
	pthread_mutex_t lock; /* over the set: the routes come in the workers' threads */
	struct slot *slots;
	size_t slot_count; /* a power of two */
	size_t prefixes, elsewhere, odd;
	bool full;
	/* one thread's */
	enum route_side side;
	struct ask *asks;
	size_t count, done, out, own, own_done;
	size_t own_down, own_unknown, other_unknown; /* sessions */
	bool cancelled;
	asn_t ours; /* by the configuration; may be unknown */
	struct arena *arena;
	const char **vrfs;
	size_t vrf_count;
	struct str failed;  /* "edge1 192.0.2.1: why", a line each */
	struct str traffic; /* likewise */
};

/* ---- the set ---- */

static size_t hash_of(const struct prefix *p, uint32_t realm)
{
	uint64_t h = 0xcbf29ce484222325u ^ realm;

	for (size_t i = 0; i < sizeof(p->net.b); i++)
		h = (h ^ p->net.b[i]) * 0x100000001b3u;
	h = (h ^ p->net.family) * 0x100000001b3u;
	h = (h ^ p->len) * 0x100000001b3u;
	return (size_t)(h ^ h >> 32);
}

static bool prefix_same(const struct prefix *a, const struct prefix *b)
{
	return a->len == b->len && addr_equal(&a->net, &b->net);
}

/* Where it stands, or where it would. */
static struct slot *slot_of(const struct blast *b, const struct prefix *p, uint32_t realm)
{
	size_t at = hash_of(p, realm) & (b->slot_count - 1);

	while (b->slots[at].p.net.family != ADDR_NONE &&
	       (b->slots[at].realm != realm || !prefix_same(&b->slots[at].p, p)))
		at = (at + 1) & (b->slot_count - 1);
	return &b->slots[at];
}

static void make_room(struct blast *b)
{
	struct slot *old = b->slots;
	size_t n = b->slot_count;

	if (b->prefixes * 2 < n)
		return;
	b->slot_count = n * 2;
	b->slots = mem_calloc(b->slot_count, sizeof(*b->slots));
	for (size_t i = 0; i < n; i++)
		if (old[i].p.net.family != ADDR_NONE)
			*slot_of(b, &old[i].p, old[i].realm) = old[i];
	free(old);
}

static bool is_meant(const struct ask *a, const struct prefix *p)
{
	return a->only.count == 0 || chosen_has(a->only, p);
}

static void note_own(struct blast *b, const struct ask *a, const struct prefix *p)
{
	struct slot *s;

	if (!is_meant(a, p))
		return;
	make_room(b);
	s = slot_of(b, p, a->realm);
	if (s->p.net.family != ADDR_NONE)
		return;
	if (b->prefixes >= BLAST_PREFIXES) {
		b->full = true;
		return;
	}
	*s = (struct slot){ .p = *p, .realm = a->realm };
	b->prefixes++;
}

static void note_other(struct blast *b, const struct ask *a, const struct prefix *p)
{
	struct slot *s = slot_of(b, p, a->realm);

	if (s->p.net.family == ADDR_NONE || s->elsewhere)
		return;
	s->elsewhere = true;
	b->elsewhere++;
}

static void take_route(void *ctx, struct slice text, struct slice next_hop, struct slice as_path)
{
	struct ask *a = ctx;
	struct prefix p;
	bool known = prefix_parse(text, &p);

	(void)next_hop, (void)as_path;
	pthread_mutex_lock(&a->b->lock);
	if (!known)
		a->b->odd++;
	else if (a->own)
		note_own(a->b, a, &p);
	else
		note_other(a->b, a, &p);
	pthread_mutex_unlock(&a->b->lock);
}

/* ---- asking ---- */

void blast_free(struct blast *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < b->count; i++)
		question_free(b->asks[i].q);
	pthread_mutex_destroy(&b->lock);
	str_fini(&b->failed);
	str_fini(&b->traffic);
	arena_free(b->arena);
	free(b->vrfs);
	free(b->slots);
	free(b->asks);
	free(b);
}

/* One that could not be asked makes the count a bound. */
static void miss(struct blast *b, bool own, const char *router, const char *what, const char *why)
{
	if (own)
		b->own_unknown++;
	else
		b->other_unknown++;
	str_addf(&b->failed, "%s %s%s: %s\n", router, what, own ? " (of this plan)" : "", why);
}

static void take_interface(struct blast *b, const struct ask *a, const struct question *q)
{
	const struct iface *f = q->err.code == ERR_NONE && q->report != NULL && q->report->iface_count > 0
	    ? &q->report->ifaces[0] : NULL;
	char peer[ADDR_STRLEN];

	str_addf(&b->traffic, "%s toward %s: ", a->router, addr_print(&q->peer, peer));
	if (f == NULL) {
		str_addf(&b->traffic, "not known: %s\n", q->err.code != ERR_NONE ? q->err.text : "no interface was told");
	} else if (f->input_bps == COUNT_UNKNOWN || f->output_bps == COUNT_UNKNOWN) {
		str_addf(&b->traffic, "not known: %s tells no rates\n", text_or(f->name, "the interface"));
	} else {
		str_addf(&b->traffic, "all of %s now %.1f Mbit/s in, %.1f Mbit/s out\n", text_or(f->name, "the interface"),
		    (double)f->input_bps / 1e6, (double)f->output_bps / 1e6);
	}
}

static void take_answer(struct blast *b, const struct ask *a, const struct question *q)
{
	char peer[ADDR_STRLEN];

	if (q->kind == ASK_INTERFACE)
		take_interface(b, a, q);
	else if (q->err.code != ERR_NONE || q->rows_seen != q->rows_parsed)
		miss(b, a->own, a->router, addr_print(&q->peer, peer),
		    q->err.code != ERR_NONE ? q->err.text : "not all of its routes could be read");
}

static void answered(void *ctx, struct question *q);

static bool is_out(const struct blast *b, const char *router)
{
	for (size_t i = 0; i < b->count; i++)
		if (b->asks[i].out && strcmp(b->asks[i].router, router) == 0)
			return true;
	return false;
}

static void lend(struct blast *b, struct ask *a)
{
	struct question *q = a->q;

	a->q = NULL;
	a->out = true;
	b->out++;
	q->side = b->side;
	q->each = q->kind == ASK_ROUTES ? take_route : NULL;
	q->each_ctx = a;
	q->answered = answered;
	q->answered_ctx = a;
	if (b->way.ask(b->way.ctx, a->router, q))
		return;
	err_set(&q->err, ERR_REFUSED, "this router is not read");
	take_answer(b, a, q);
	question_free(q);
	a->out = false;
	b->out--;
	b->done++;
	b->own_done += a->own;
}

/* One question to every router that has none out; those about others wait until all of the plan's are answered. */
static void ask_on(struct blast *b)
{
	size_t done;

	do { /* what could not be lent is answered at once, which may be what others waited for */
		done = b->done;
		for (size_t i = 0; i < b->count; i++)
			if (b->asks[i].q != NULL && (b->asks[i].own || b->own_done == b->own) && !is_out(b, b->asks[i].router))
				lend(b, &b->asks[i]);
	} while (b->done != done);
}

static void answered(void *ctx, struct question *q)
{
	struct ask *a = ctx;
	struct blast *b = a->b;

	a->out = false;
	b->out--;
	b->done++;
	b->own_done += a->own;
	take_answer(b, a, q);
	question_free(q);
	if (!b->cancelled) {
		ask_on(b);
		if (b->way.changed != NULL)
			b->way.changed(b->way.ctx);
	} else if (b->out == 0) {
		blast_free(b);
	}
}

/* ---- whom to ask ---- */

static const struct plan_item *item_of(const struct plan *p, const struct world_session *row)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].skip == NULL && strcmp(p->items[i].router, row->router->conf->name) == 0 &&
		    strcmp(p->items[i].neighbor, text_or(row->s->neighbor, "")) == 0 &&
		    strcmp(p->items[i].vrf, text_or(row->s->vrf, "")) == 0)
			return &p->items[i];
	return NULL;
}

static bool has_network(const struct plan *p, asn_t asn)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].skip == NULL && p->items[i].remote_as == asn)
			return true;
	return false;
}

static uint32_t vrf_number(struct blast *b, const char *vrf)
{
	for (size_t i = 0; i < b->vrf_count; i++)
		if (strcmp(b->vrfs[i], vrf) == 0)
			return (uint32_t)i;
	b->vrfs[b->vrf_count] = arena_strdup(b->arena, vrf);
	return (uint32_t)b->vrf_count++;
}

/* Can this session be another path of the plan's? */
static bool counts(const struct blast *b, const struct plan *p, const struct world_session *row)
{
	const struct session *s = row->s;
	asn_t ours = s->local_as != ASN_UNKNOWN ? s->local_as : row->router->snap->local_as;
	bool internal = s->remote_as != ASN_UNKNOWN && (s->remote_as == ours || s->remote_as == b->ours);

	return s->state == BGP_ESTABLISHED && (s->family == AF_IPV4_UNICAST || s->family == AF_IPV6_UNICAST) &&
	       (b->side == ROUTES_ADVERTISED ? has_network(p, s->remote_as) : !internal);
}

static void add_ask(struct blast *b, const struct world_session *row, const struct plan_item *item)
{
	struct ask *a = &b->asks[b->count++];

	*a = (struct ask){ .b = b, .router = row->router->conf->name, .q = question_new(ASK_ROUTES, row->s), .own = item != NULL };
	a->realm = b->side == ROUTES_ADVERTISED ? (uint32_t)row->s->remote_as : vrf_number(b, text_or(row->s->vrf, ""));
	if (item == NULL)
		return;
	a->only = chosen_copy(b->arena, item->prefixes);
	b->own++;
}

static void collect_row(struct blast *b, const struct plan *p, const struct world_session *row)
{
	const struct plan_item *item = item_of(p, row);
	const struct session *s = row->s;
	const char *router = row->router->conf->name;

	if (item != NULL && s->state != BGP_ESTABLISHED && !row->stale)
		b->own_down++;
	else if (item != NULL && s->family != AF_IPV4_UNICAST && s->family != AF_IPV6_UNICAST)
		miss(b, true, router, text_or(s->neighbor, "?"), "only IPv4 and IPv6 unicast are compared");
	else if (item == NULL && !counts(b, p, row))
		return;
	else if (row->stale)
		miss(b, item != NULL, router, text_or(s->neighbor, "?"), "this router is not read now");
	else
		add_ask(b, row, item);
}

/* The interfaces toward the plan's neighbors, each neighbor once. */
static void collect_ports(struct blast *b, const struct plan *p, const struct world_session *rows, size_t n)
{
	const struct plan_item *last[PORTS_MAX];
	size_t ports = 0;

	for (size_t i = 0; i < n && ports < PORTS_MAX; i++) {
		const struct plan_item *item = item_of(p, &rows[i]);
		bool twice = item == NULL || rows[i].stale;

		for (size_t k = 0; k < ports && !twice; k++)
			twice = last[k] == item;
		if (twice)
			continue;
		last[ports++] = item;
		b->asks[b->count++] = (struct ask){ .b = b, .router = rows[i].router->conf->name,
			.q = question_new(ASK_INTERFACE, rows[i].s) };
	}
}

bool blast_possible(enum verb v)
{
	return verb_info(v)->opens_ledger;
}

struct blast *blast_begin(const struct plan *p, const struct world *w, const struct blast_way *way)
{
	struct blast *b = MEM_NEW(struct blast);
	struct world_session *rows = NULL;
	size_t n = world_sessions(w, &rows);
	bool back = p->verb == VERB_WITHDRAW || p->verb == VERB_WITHDRAW_PREFIXES;

	b->way = *way;
	b->ours = w->config != NULL ? w->config->local_as : ASN_UNKNOWN;
	pthread_mutex_init(&b->lock, NULL);
	str_init(&b->failed, FAILED_MAX);
	str_init(&b->traffic, FAILED_MAX);
	b->arena = arena_new();
	b->slot_count = SLOTS_FIRST;
	b->slots = mem_calloc(b->slot_count, sizeof(*b->slots));
	b->side = back ? ROUTES_ADVERTISED : ROUTES_ACCEPTED;
	b->asks = mem_calloc(n + PORTS_MAX + 1, sizeof(*b->asks));
	b->vrfs = mem_calloc(n + 1, sizeof(*b->vrfs));
	for (size_t i = 0; i < n; i++)
		collect_row(b, p, &rows[i]);
	for (size_t i = 0; i < w->router_count; i++)
		if (w->routers[i].snap == NULL)
			miss(b, false, w->routers[i].conf->name, "(all its sessions)", "this router was not read yet");
	if (b->own == 0) /* nothing to compare with */
		for (; b->count > 0; b->count--)
			question_free(b->asks[b->count - 1].q);
	collect_ports(b, p, rows, n);
	free(rows);
	ask_on(b);
	return b;
}

bool blast_ended(const struct blast *b)
{
	return b->out == 0 && b->done == b->count;
}

void blast_cancel(struct blast *b)
{
	if (b == NULL)
		return;
	b->cancelled = true;
	if (b->out == 0)
		blast_free(b);
}

/* ---- words ---- */

void blast_sums(const struct blast *b, struct blast_sums *out)
{
	*out = (struct blast_sums){ b->prefixes, b->elsewhere, b->own_unknown, b->other_unknown };
}

static void count_sentence(const struct blast *b, struct str *out)
{
	bool more = b->full || b->own_unknown > 0, fewer = b->other_unknown > 0;
	const char *bound = more && fewer ? "as far as could be asked, " : more ? "at least " : fewer ? "at most " : "";

	str_addf(out, "%s%zu of %zu prefixes %s", bound, b->prefixes - b->elsewhere, b->prefixes,
	    b->side == ROUTES_ADVERTISED ? "are announced to these networks nowhere else" : "have no other path");
}

void blast_words(const struct blast *b, struct str *out)
{
	size_t done = b->done;

	if (!blast_ended(b))
		str_addf(out, "asking the routers: %zu of %zu answers", done, b->count);
	else if (b->own == 0 && b->own_unknown == 0)
		str_puts(out, b->own_down > 0 ? "none is lost: no session of this plan is up" : "no session of this plan was seen");
	else if (b->own == 0 || (b->prefixes == 0 && b->own_unknown > 0))
		str_puts(out, "not known: the sessions of this plan could not be asked");
	else
		count_sentence(b, out);
}

static void print_examples(const struct blast *b, struct str *out)
{
	char text[PREFIX_STRLEN];
	size_t shown = 0;

	for (size_t i = 0; i < b->slot_count && shown < EXAMPLES; i++) {
		const struct slot *s = &b->slots[i];

		if (s->p.net.family == ADDR_NONE || s->elsewhere)
			continue;
		str_addf(out, "%s%s", shown == 0 ? "            such as " : ", ", prefix_print(&s->p, text));
		if (b->side != ROUTES_ADVERTISED && b->vrfs[s->realm][0] != '\0')
			str_addf(out, " (vrf %s)", b->vrfs[s->realm]);
		shown++;
	}
	if (shown > 0)
		str_puts(out, "\n");
}

static void print_lines(const char *label, const struct str *from, struct str *out)
{
	struct scan c = scan_of(str_slice(from));
	struct slice line;
	size_t n = 0;

	while (scan_line(&c, &line)) {
		if (n < FAILED_SHOWN)
			str_addf(out, "  %-10s%.*s\n", n == 0 ? label : "", (int)line.len, line.p);
		n++;
	}
	if (n > FAILED_SHOWN)
		str_addf(out, "            and %zu more\n", n - FAILED_SHOWN);
}

void blast_print(const struct blast *b, struct str *out)
{
	str_puts(out, "  paths     ");
	blast_words(b, out);
	str_putc(out, '\n');
	if (!blast_ended(b))
		return;
	print_examples(b, out);
	if (b->own > 0)
		str_addf(out, "            exact prefixes were compared%s: a less specific route may still lead there\n",
		    b->side == ROUTES_ADVERTISED ? "" : ", on external sessions");
	if (b->full)
		str_addf(out, "            more than %d prefixes: the rest was not compared\n", BLAST_PREFIXES);
	if (b->odd > 0)
		str_addf(out, "            %zu routes of other kinds were not compared\n", b->odd);
	print_lines("not known", &b->failed, out);
	print_lines("traffic", &b->traffic, out);
}
