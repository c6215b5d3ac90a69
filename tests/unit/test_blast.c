/* What has no other path, with routers that are lists of routes. */
#include "app/blast.h"
#include "core/base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { ROUTERS = 2, ASKED_MAX = 32, PER_ROUTER = 3 };

struct answer {
	const char *router, *neighbor;
	enum route_side side;
	const char *prefixes[6];
	const char *error;
};

struct bench {
	struct config *config;
	struct world w;
	struct world_router routers[ROUTERS];
	const struct answer *answers;
	struct question *asked[ASKED_MAX];
	const char *asked_router[ASKED_MAX];
	size_t asked_count, told;
	bool deaf; /* r2 has no worker */
	struct blast *b;
	struct plan plan;
	struct plan_item items[2];
};

static bool ask(void *ctx, const char *router, struct question *q)
{
	struct bench *b = ctx;

	if (b->deaf && strcmp(router, "r2") == 0)
		return false;
	for (size_t i = 0; i < b->asked_count; i++) /* one at a time */
		assert_string_not_equal(b->asked_router[i], router);
	assert_true(b->asked_count < ASKED_MAX);
	b->asked_router[b->asked_count] = router;
	b->asked[b->asked_count++] = q;
	return true;
}

static void changed(void *ctx)
{
	((struct bench *)ctx)->told++;
}

static void add_session(struct snap_builder *sb, const char *vrf, const char *neighbor, asn_t asn)
{
	struct session *s;
	struct addr a;

	assert_true(addr_parse(slice_of(neighbor), &a));
	s = snap_builder_session(sb, slice_of(vrf), slice_of(neighbor), AF_IPV4_UNICAST);
	s->peer = a;
	s->remote_as = asn;
	s->local_as = asn == 64500 ? ASN_UNKNOWN : 64500; /* some tell it of no session: the configuration does */
	s->state = BGP_ESTABLISHED;
}

/* r1: 192.0.2.1 (64501), 192.0.2.9 (64509), in VRF red 192.0.2.8; r2: 192.0.2.2 (64501), the internal 192.0.2.200. */
static void begin(struct bench *b, const struct answer *answers, enum verb v)
{
	static const char text[] = "local-as = 64500\nrouter r1 { os = frr\n address = 127.0.0.1 }\n"
				   "router r2 { os = frr\n address = 127.0.0.1 }\n";
	struct err e = ERR_INIT;
	struct snap_builder *sb[ROUTERS];

	*b = (struct bench){ .answers = answers };
	b->config = config_parse("test", text, &e);
	if (b->config == NULL)
		fail_msg("%s", e.text);
	b->w = (struct world){ .config = b->config, .routers = b->routers, .router_count = ROUTERS };
	for (size_t i = 0; i < ROUTERS; i++) {
		b->routers[i] = (struct world_router){ .conf = &b->config->routers[i], .link = { .state = LINK_READY } };
		sb[i] = snap_builder_new(b->config->routers[i].name);
	}
	add_session(sb[0], "", "192.0.2.1", 64501);
	add_session(sb[0], "", "192.0.2.9", 64509);
	add_session(sb[0], "red", "192.0.2.8", 64508);
	add_session(sb[1], "", "192.0.2.2", 64501);
	add_session(sb[1], "", "192.0.2.200", 64500);
	for (size_t i = 0; i < ROUTERS; i++)
		b->routers[i].snap = snap_builder_freeze(sb[i], 1);
	b->items[0] = (struct plan_item){ .router = "r1", .vrf = "", .neighbor = "192.0.2.1", .remote_as = 64501 };
	b->plan = (struct plan){ .verb = v, .items = b->items, .count = 1 };
}

static void start(struct bench *b)
{
	b->b = blast_begin(&b->plan, &b->w, &(struct blast_way){ ask, changed, b });
}

static void answer_one(struct bench *b)
{
	struct question *q = b->asked[0];
	const char *router = b->asked_router[0];
	const struct answer *a = b->answers;
	char neighbor[ADDR_STRLEN];

	b->asked_count--;
	memmove(b->asked, b->asked + 1, b->asked_count * sizeof(b->asked[0]));
	memmove(b->asked_router, b->asked_router + 1, b->asked_count * sizeof(b->asked_router[0]));
	addr_print(&q->peer, neighbor);
	while (a->router != NULL && (strcmp(a->router, router) != 0 || strcmp(a->neighbor, neighbor) != 0 || a->side != q->side))
		a++;
	if (q->kind == ASK_INTERFACE) {
		struct iface *f;

		q->report = report_new();
		f = report_iface(q->report);
		f->name = TEXT_LIT("ix0");
		f->input_bps = 3200000;
		f->output_bps = 100000;
	} else if (a->router == NULL || a->error != NULL) {
		err_set(&q->err, ERR_DEVICE, "%s", a->router != NULL ? a->error : "no such thing");
	} else {
		for (size_t i = 0; a->prefixes[i] != NULL; i++, q->rows_seen++, q->rows_parsed++)
			q->each(q->each_ctx, slice_of(a->prefixes[i]), SLICE(""), SLICE(""));
	}
	q->answered(q->answered_ctx, q);
}

/* Answers all; what came out is in `out`. */
static void finish_asking(struct bench *b, struct str *out)
{
	str_init(out, 0);
	while (b->asked_count > 0)
		answer_one(b);
	assert_true(blast_ended(b->b));
	blast_print(b->b, out);
}

static void end(struct bench *b, struct str *out)
{
	blast_cancel(b->b);
	str_fini(out);
	for (size_t i = 0; i < ROUTERS; i++)
		snap_unref(b->routers[i].snap);
	config_free(b->config);
}

static void expect(const struct str *out, const char *words)
{
	if (strstr(out->p, words) == NULL)
		fail_msg("\"%s\" is not in:\n%s", words, out->p);
}

#define OTHERS \
	{ "r1", "192.0.2.9", ROUTES_ACCEPTED, { "10.1.0.0/16", "10.0.0.0/7" }, NULL }, \
	{ "r1", "192.0.2.8", ROUTES_ACCEPTED, { "10.3.0.0/16" }, NULL }, \
	{ "r2", "192.0.2.200", ROUTES_ACCEPTED, { "10.3.0.0/16" }, NULL }
#define NO_MORE { NULL, NULL, ROUTES_ACCEPTED, { NULL }, NULL }
#define OWN { "r1", "192.0.2.1", ROUTES_ACCEPTED, { "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.3.0.0/16" }, NULL }

/* Neither another VRF nor an internal session nor a less specific route is another path. */
static void only_what_is_a_path_counts(void **state)
{
	const struct answer answers[] = { OWN, OTHERS, { "r2", "192.0.2.2", ROUTES_ACCEPTED, { "10.2.0.0/16" }, NULL }, NO_MORE };
	struct bench b;
	struct str out;
	struct blast_sums sums;

	(void)state;
	begin(&b, answers, VERB_SUSPEND);
	start(&b);
	assert_int_equal(b.asked_count, 1); /* the plan's session first, the others wait for it */
	assert_false(blast_ended(b.b));
	finish_asking(&b, &out);
	expect(&out, "paths     1 of 3 prefixes have no other path\n");
	expect(&out, "such as 10.3.0.0/16\n");
	expect(&out, "traffic   r1 toward 192.0.2.1: all of ix0 now 3.2 Mbit/s in, 0.1 Mbit/s out");
	assert_null(strstr(out.p, "not known"));
	blast_sums(b.b, &sums);
	assert_true(sums.prefixes == 3 && sums.elsewhere == 2 && sums.own_unknown + sums.other_unknown == 0);
	assert_int_equal(b.told, 5); /* four sessions, one interface */
	end(&b, &out);
}

static void what_could_not_be_asked_makes_a_bound(void **state)
{
	const struct answer answers[] = { OWN, OTHERS, { "r2", "192.0.2.2", ROUTES_ACCEPTED, { NULL }, "busy" }, NO_MORE };
	struct bench b;
	struct str out;

	(void)state;
	begin(&b, answers, VERB_SUSPEND);
	start(&b);
	finish_asking(&b, &out);
	expect(&out, "at most 2 of 3 prefixes have no other path");
	expect(&out, "not known r2 192.0.2.2: busy");
	end(&b, &out);
}

static void what_the_plans_session_does_not_tell_is_unknown(void **state)
{
	const struct answer answers[] = { { "r1", "192.0.2.1", ROUTES_ACCEPTED, { NULL }, "not enabled" }, OTHERS, NO_MORE };
	struct bench b;
	struct str out;

	(void)state;
	begin(&b, answers, VERB_SUSPEND);
	b.deaf = true;
	start(&b);
	finish_asking(&b, &out);
	expect(&out, "paths     not known");
	expect(&out, "r1 192.0.2.1 (of this plan): not enabled");
	expect(&out, "r2 192.0.2.2: this router is not read");
	end(&b, &out);
}

/* Of announcements: the chosen prefixes, toward the same network. */
static void announcements_are_compared_by_network(void **state)
{
	const struct answer answers[] = {
		{ "r1", "192.0.2.1", ROUTES_ADVERTISED, { "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16" }, NULL },
		{ "r2", "192.0.2.2", ROUTES_ADVERTISED, { "10.1.0.0/16" }, NULL }, NO_MORE };
	struct bench b;
	struct str out;
	struct err e = ERR_INIT;
	struct arena *a = arena_new();

	(void)state;
	begin(&b, answers, VERB_WITHDRAW_PREFIXES);
	assert_int_equal(chosen_parse(a, SLICE("10.1.0.0/16 10.2.0.0/16"), &b.items[0].prefixes, &e), 0);
	start(&b);
	arena_free(a);
	finish_asking(&b, &out);
	expect(&out, "1 of 2 prefixes are announced to these networks nowhere else");
	expect(&out, "such as 10.2.0.0/16\n");
	end(&b, &out);
}

static void cancelling_asks_nothing_further(void **state)
{
	const struct answer answers[] = { OWN, OTHERS, NO_MORE };
	struct bench b;
	struct str out;

	(void)state;
	begin(&b, answers, VERB_GSHUT);
	start(&b);
	blast_cancel(b.b);
	answer_one(&b);
	assert_int_equal(b.asked_count, 0);
	assert_int_equal(b.told, 0);
	b.b = NULL;
	str_init(&out, 0);
	end(&b, &out);
	assert_false(blast_possible(VERB_RESUME));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_a_path_counts),
		cmocka_unit_test(what_could_not_be_asked_makes_a_bound),
		cmocka_unit_test(what_the_plans_session_does_not_tell_is_unknown),
		cmocka_unit_test(announcements_are_compared_by_network),
		cmocka_unit_test(cancelling_asks_nothing_further),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
