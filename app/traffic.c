/* Rates toward sessions, interface by interface; see traffic.h. */
#include "app/traffic.h"
#include "backends/link/question.h"
#include "core/judge/param.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUBNET4 = 24, SUBNET6 = 64, NAME_LEN = 80, WHY_LEN = 160 };

/* One question, and what came of it. */
struct port {
	char router[NAME_LEN], peer[ADDR_STRLEN], name[NAME_LEN], why[WHY_LEN];
	struct addr local; /* what others share with it */
	char vrf[NAME_LEN];
	count_t in_bps, out_bps;
	bool again; /* an interface that another question told of already */
};
struct traffic {
	struct operation_way way;
	struct port *ports;
	size_t count, cap;
	unsigned out;  /* questions under way */
	bool orphan;   /* freed: the last question, as it goes, frees it */
};
struct asked {
	struct traffic *t;
	size_t port;
};

struct traffic *traffic_new(const struct operation_way *way)
{
	struct traffic *t = MEM_NEW(struct traffic);

	t->way = *way;
	return t;
}

static void destroy(struct traffic *t)
{
	free(t->ports);
	free(t);
}

void traffic_free(struct traffic *t)
{
	if (t == NULL)
		return;
	t->orphan = true;
	if (t->out == 0)
		destroy(t);
}

bool traffic_asking(const struct traffic *t)
{
	return t->out > 0;
}

static const struct session *row_of(const struct traffic *t, const struct operation_target *who)
{
	const struct world_router *r = present_router(t->way.present, who->router);

	for (size_t i = 0; r != NULL && r->snap != NULL && i < r->snap->count; i++)
		if (strcmp(text_or(r->snap->sessions[i].neighbor, ""), who->neighbor) == 0 &&
		    strcmp(text_or(r->snap->sessions[i].vrf, ""), who->vrf) == 0)
			return &r->snap->sessions[i];
	return NULL;
}

/* Is the neighbor in the subnet of the router's own address, as far as addresses tell? */
static bool connected(const struct session *s)
{
	struct prefix p = { .net = s->local, .len = s->local.family == ADDR_IP4 ? SUBNET4 : SUBNET6 };

	prefix_mask(&p);
	return s->local.family != ADDR_NONE && s->local.family == s->peer.family && prefix_holds(&p, &s->peer);
}

static bool asked_already(const struct traffic *t, const char *router, const struct session *s)
{
	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->ports[i].router, router) == 0 && strcmp(t->ports[i].vrf, text_or(s->vrf, "")) == 0 &&
		    t->ports[i].local.family != ADDR_NONE && addr_equal(&t->ports[i].local, &s->local))
			return true;
	return false;
}

static bool told_already(const struct traffic *t, size_t at)
{
	for (size_t i = 0; i < t->count; i++)
		if (i != at && t->ports[i].name[0] != '\0' && strcmp(t->ports[i].router, t->ports[at].router) == 0 &&
		    strcmp(t->ports[i].name, t->ports[at].name) == 0)
			return true;
	return false;
}

static void take(struct traffic *t, size_t at, const struct question *q)
{
	struct port *p = &t->ports[at];
	const struct iface *f;

	p->why[0] = '\0';
	if (q->err.code != ERR_NONE || q->report == NULL || q->report->iface_count == 0) {
		snprintf(p->why, sizeof(p->why), "%.150s", q->err.code != ERR_NONE ? q->err.text : "no interface was told");
		return;
	}
	f = &q->report->ifaces[0];
	snprintf(p->name, sizeof(p->name), "%s", text_or(f->name, ""));
	p->again = told_already(t, at);
	p->in_bps = f->input_bps;
	p->out_bps = f->output_bps;
	if (p->in_bps == COUNT_UNKNOWN || p->out_bps == COUNT_UNKNOWN)
		snprintf(p->why, sizeof(p->why), "%.70s tells no rates", text_or(f->name, "the interface"));
}

static void answered(void *ctx, struct question *q)
{
	struct asked *a = ctx;

	if (!a->t->orphan)
		take(a->t, a->port, q);
	question_free(q);
}

static void gone(void *ctx)
{
	struct asked *a = ctx;

	if (--a->t->out == 0 && a->t->orphan)
		destroy(a->t);
	free(a);
}

static struct port *add_port(struct traffic *t, const struct operation_target *who)
{
	struct port *p;

	MEM_GROW(t->ports, t->cap, t->count + 1);
	p = &t->ports[t->count++];
	*p = (struct port){ .in_bps = COUNT_UNKNOWN, .out_bps = COUNT_UNKNOWN, .why = "not answered yet" };
	snprintf(p->router, sizeof(p->router), "%s", who->router);
	snprintf(p->vrf, sizeof(p->vrf), "%s", who->vrf);
	snprintf(p->peer, sizeof(p->peer), "%s", who->neighbor);
	return p;
}

static void ask_one(struct traffic *t, const struct operation_target *who)
{
	struct worker *worker = pool_worker(t->way.pool, who->router);
	const struct session *s = row_of(t, who);
	struct question *q;
	struct asked *a;
	struct port *p;

	if (s != NULL && asked_already(t, who->router, s))
		return;
	p = add_port(t, who);
	if (s == NULL || worker == NULL) {
		snprintf(p->why, sizeof(p->why), "%s", s == NULL ? "this session was not read" : "this router is not read");
		return;
	}
	if (connected(s))
		p->local = s->local;
	a = MEM_NEW(struct asked);
	*a = (struct asked){ t, t->count - 1 };
	q = question_new(ASK_INTERFACE, s);
	q->answered = answered;
	q->answered_ctx = a;
	q->gone = gone;
	t->out++;
	worker_ask(worker, q);
}

void traffic_ask(struct traffic *t, const struct operation_target *targets, size_t n)
{
	if (t->out > 0)
		return;
	t->count = 0;
	for (size_t i = 0; i < n; i++)
		ask_one(t, &targets[i]);
}

count_t traffic_bps(const struct traffic *t)
{
	count_t sum = t->count > 0 ? 0 : COUNT_UNKNOWN;

	for (size_t i = 0; i < t->count; i++) {
		if (t->ports[i].why[0] != '\0')
			return COUNT_UNKNOWN;
		if (!t->ports[i].again)
			sum += t->ports[i].in_bps + t->ports[i].out_bps;
	}
	return sum;
}

void traffic_print(const struct traffic *t, struct str *out)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct port *p = &t->ports[i];
		char in[PARAM_WORDS_LEN], away[PARAM_WORDS_LEN];

		if (p->again)
			continue;
		if (p->why[0] != '\0')
			str_addf(out, "%s toward %s: traffic not known: %s\n", p->router, p->peer, p->why);
		else
			str_addf(out, "%s: all of %s now %s in, %s out\n", p->router, p->name, rate_words((double)p->in_bps, in),
			    rate_words((double)p->out_bps, away));
	}
}
