/* peerdeck ping and peerdeck interface - the way from the router to one neighbor. */
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/neighbor.h"
#include "app/output_json.h"
#include "core/model/setting.h"

#include <stdio.h>
#include <string.h>

enum { OPT_JSON = 1, OPT_NUMBER, OPT_TIMEOUT, OPT_HELP, TIMEOUT_S = 90 };
static const struct option_def ping_options[] = {
	{ "json", NULL, "one object; null is unknown", OPT_JSON },
	{ "number", "N", "packets to send (10)", OPT_NUMBER },
	{ "timeout", "SECONDS", "give up after that long (90)", OPT_TIMEOUT },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};
static const struct option_def interface_options[] = {
	{ "json", NULL, "an array of objects; null is unknown", OPT_JSON },
	{ "timeout", "SECONDS", "give up after that long (90)", OPT_TIMEOUT },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct args {
	bool json;
	unsigned timeout_s, number;
	enum question_kind kind;
	const char *selector;
};

static json_t *json_ms(double ms)
{
	return ms >= 0 ? json_real(ms) : json_null();
}

static int print_ping_json(const struct args *a, const struct question *q, struct err *e)
{
	const struct ping *p = &q->report->ping;
	json_t *o = json_object();

	json_put(o, "neighbor", json_of_words(a->selector));
	json_put(o, "command", json_of_words(q->asked.p));
	json_put(o, "sent", json_of_count(p->sent));
	json_put(o, "received", json_of_count(p->received));
	json_put(o, "min_ms", json_ms(p->min_ms));
	json_put(o, "avg_ms", json_ms(p->avg_ms));
	json_put(o, "max_ms", json_ms(p->max_ms));
	json_put(o, "mdev_ms", json_ms(p->mdev_ms));
	return json_print(o, e);
}

static void print_ms(const char *name, double ms)
{
	if (ms >= 0)
		printf("  %s %g ms", name, ms);
}

static void print_ping(const struct args *a, const struct question *q)
{
	const struct ping *p = &q->report->ping;

	printf("%s: %lld sent, %lld received", a->selector, (long long)p->sent, (long long)p->received);
	if (p->sent > 0 && p->received >= 0)
		printf(", %.0f %% lost", (double)(p->sent - p->received) * 100 / (double)p->sent);
	print_ms("min", p->min_ms);
	print_ms("avg", p->avg_ms);
	print_ms("max", p->max_ms);
	print_ms("mdev", p->mdev_ms);
	puts("\n(ICMP from the router, best effort: routers answer it when they have time)");
}

static int print_ifaces_json(const struct args *a, const struct question *q, struct err *e)
{
	json_t *top = json_array();

	for (size_t i = 0; i < q->report->iface_count; i++) {
		const struct iface *f = &q->report->ifaces[i];
		json_t *o = json_object();

		json_put(o, "neighbor", json_of_words(a->selector));
		json_put(o, "command", json_of_words(q->asked.p));
		json_put(o, "name", json_of_text(f->name));
		json_put(o, "description", json_of_text(f->description));
		json_put(o, "link", json_of_text(f->link));
		json_put(o, "protocol", json_of_text(f->protocol));
		json_put(o, "speed_bps", json_of_count(f->speed_bps));
		json_put(o, "input_bps", json_of_count(f->input_bps));
		json_put(o, "output_bps", json_of_count(f->output_bps));
		json_put(o, "input_octets", json_of_count(f->input_octets));
		json_put(o, "output_octets", json_of_count(f->output_octets));
		json_put(o, "input_errors", json_of_count(f->input_errors));
		json_put(o, "output_errors", json_of_count(f->output_errors));
		json_put(o, "crc_errors", json_of_count(f->crc_errors));
		json_array_append_new(top, o);
	}
	return json_print(top, e);
}

static void print_count(const char *name, count_t n, const char *unit)
{
	if (n >= 0)
		printf("  %-8s %lld%s\n", name, (long long)n, unit);
	else
		printf("  %-8s unknown\n", name);
}

static void print_ifaces(const struct args *a, const struct question *q)
{
	for (size_t i = 0; i < q->report->iface_count; i++) {
		const struct iface *f = &q->report->ifaces[i];

		printf("%s: %s  %s%s%s\n", a->selector, text_or(f->name, "?"), text_or(f->link, "?"),
		    text_empty(f->description) ? "" : "  ", text_or(f->description, ""));
		print_count("speed", f->speed_bps, " bit/s");
		print_count("in", f->input_bps, " bit/s");
		print_count("out", f->output_bps, " bit/s");
		print_count("octets in", f->input_octets, "");
		print_count("octets out", f->output_octets, "");
		print_count("errors in", f->input_errors, "");
		print_count("errors out", f->output_errors, "");
	}
}

static void prepare(void *ctx, struct question *q, const struct world_session *row)
{
	const struct args *a = ctx;

	(void)row;
	q->count = a->number;
}

static int run(const struct options *o, struct args *a, struct err *e)
{
	const struct neighbor_ask ask = { .selector = a->selector, .timeout_s = a->timeout_s, .kind = a->kind,
		.prepare = prepare, .ctx = a };
	struct question *q = NULL;
	struct gather g = { 0 };
	int rc = neighbor_ask(&g, o, &ask, &q, e);

	if (rc == 0 && a->json)
		rc = a->kind == ASK_PING ? print_ping_json(a, q, e) : print_ifaces_json(a, q, e);
	else if (rc == 0)
		(a->kind == ASK_PING ? print_ping : print_ifaces)(a, q);
	if (rc == 0 && a->kind == ASK_PING && q->report->ping.received == 0)
		rc = 1;
	question_free(q);
	gather_stop(&g);
	return rc;
}

static int take_option(struct args *a, int id, const char *value, struct err *e)
{
	static const struct setting spans[] = {
		{ "--timeout", SETTING_SPAN, offsetof(struct args, timeout_s), .min = 1, .max = 3600 },
		{ "--number", SETTING_NUMBER, offsetof(struct args, number), .min = 1, .max = 100 },
	};

	a->json = a->json || id == OPT_JSON;
	if ((id == OPT_TIMEOUT || id == OPT_NUMBER) && setting_read(&spans[id == OPT_NUMBER], value, NULL, a, e) != 0)
		e->code = ERR_USAGE;
	return e->code == ERR_NONE ? 0 : -1;
}

static int reach(const struct options *o, int argc, char **argv, enum question_kind kind)
{
	const struct option_def *options = kind == ASK_PING ? ping_options : interface_options;
	struct args a = { .timeout_s = TIMEOUT_S, .number = 10, .kind = kind };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id, rc;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP && kind == ASK_PING)
			return option_help("ping ROUTER/NEIGHBOR", "Pings the neighbor from the router.", options);
		if (id == OPT_HELP)
			return option_help("interface ROUTER/NEIGHBOR", "The router's interface toward the neighbor.", options);
		if (take_option(&a, id, value, &e) != 0)
			break;
	}
	if (e.code == ERR_NONE && w.operands != 1)
		err_set(&e, ERR_USAGE, "wanted: peerdeck %s ROUTER/NEIGHBOR", kind == ASK_PING ? "ping" : "interface");
	if (e.code != ERR_NONE)
		return exit_say(&e);
	a.selector = argv[1];
	rc = run(o, &a, &e);
	return rc < 0 ? (int)exit_say(&e) : rc == 0 ? STATUS_DONE : STATUS_FAILED;
}

int cmd_ping(const struct options *o, int argc, char **argv)
{
	return reach(o, argc, argv, ASK_PING);
}

int cmd_interface(const struct options *o, int argc, char **argv)
{
	return reach(o, argc, argv, ASK_INTERFACE);
}
