/*
 * peerdeck routes - the routes of one neighbor, printed as they come.
 *
 * Nothing is held but a tally: a full table costs as much memory as an empty
 * one.  The rows are printed by the worker's thread; this one waits.
 */
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/neighbor.h"
#include "app/output_json.h"
#include "core/base/clock.h"
#include "core/model/setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_JSON = 1, OPT_COUNT, OPT_FAMILY, OPT_TIMEOUT, OPT_HELP, TIMEOUT_S = 600 };
static const struct option_def options[] = {
	{ "json", NULL, "one object: the routes as they come, then the tally; null is unknown", OPT_JSON },
	{ "count", NULL, "only the tally: how many, of which length, by which next hops", OPT_COUNT },
	{ "family", "ipv4|ipv6", "which family of a neighbor that has both (that of its address)", OPT_FAMILY },
	{ "timeout", "SECONDS", "give up after that long (600)", OPT_TIMEOUT },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct args {
	bool json, count;
	unsigned timeout_s;
	int ip;
	enum route_side side;
	const char *selector;
	/* while it goes on */
	bool opened, any;
	struct str cell;
};

static const char *safe(struct args *a, struct slice s)
{
	str_clear(&a->cell);
	text_append(&a->cell, s);
	return a->cell.p;
}

static void print_row(void *ctx, struct slice prefix, struct slice next_hop, struct slice as_path)
{
	struct args *a = ctx;

	printf("%-20s ", safe(a, prefix));
	printf("%-20s ", next_hop.len > 0 ? safe(a, next_hop) : "-");
	printf("%s\n", as_path.len > 0 ? safe(a, as_path) : "-");
	a->any = true;
}

static void print_json_cell(struct args *a, const char *key, struct slice s)
{
	json_t *v = s.len > 0 ? json_string(safe(a, s)) : json_null();

	printf("\"%s\": ", key);
	json_dumpf(v, stdout, JSON_ENCODE_ANY);
	json_decref(v);
}

static void print_json_row(void *ctx, struct slice prefix, struct slice next_hop, struct slice as_path)
{
	struct args *a = ctx;

	fputs(a->any ? ",\n    {" : "\n    {", stdout);
	print_json_cell(a, "prefix", prefix);
	fputs(", ", stdout);
	print_json_cell(a, "next_hop", next_hop);
	fputs(", ", stdout);
	print_json_cell(a, "as_path", as_path);
	putchar('}');
	a->any = true;
}

static void prepare(void *ctx, struct question *q, const struct world_session *row)
{
	struct args *a = ctx;

	(void)row;
	q->side = a->side;
	q->each_ctx = a;
	if (!a->count)
		q->each = a->json ? print_json_row : print_row;
	a->opened = a->json;
	if (a->json)
		fputs(a->count ? "{" : "{\n  \"routes\": [", stdout);
}

static json_t *json_lengths(const struct route_tally *t, int kind)
{
	json_t *o = json_object();
	char key[16];

	for (int i = 0; i <= 128; i++)
		if (t->of_length[kind][i] > 0) {
			snprintf(key, sizeof(key), "%d", i);
			json_put(o, key, json_integer(t->of_length[kind][i]));
		}
	return o;
}

static json_t *json_hops(const struct route_tally *t)
{
	json_t *top = json_array();

	for (size_t i = 0; i < t->hop_count; i++)
		json_array_append_new(top, json_pack("{s:s, s:I}", "next_hop", t->hops[i].words, "routes",
		    (json_int_t)t->hops[i].routes));
	return top;
}

/* What follows the rows in the same object. */
static void print_json_tail(const struct args *a, const struct question *q, const struct err *failed)
{
	json_t *o = json_object();
	const struct route_tally *t = q != NULL ? &q->tally : NULL;
	char *words, *from;

	json_put(o, "neighbor", json_of_words(a->selector));
	json_put(o, "side", json_of_words(route_side_word(a->side)));
	json_put(o, "command", q != NULL ? json_of_words(q->asked.p) : json_null());
	json_put(o, "error", failed != NULL ? json_of_words(failed->text) : json_null());
	json_put(o, "note", q != NULL ? json_of_words(q->note) : json_null());
	json_put(o, "total", t != NULL ? json_of_count(t->total) : json_null());
	json_put(o, "rows_seen", q != NULL ? json_integer(q->rows_seen) : json_null());
	json_put(o, "rows_parsed", q != NULL ? json_integer(q->rows_parsed) : json_null());
	if (t != NULL) {
		json_put(o, "ipv4_lengths", json_lengths(t, 0));
		json_put(o, "ipv6_lengths", json_lengths(t, 1));
		json_put(o, "ipv4_longest", json_of_count(t->longest[0]));
		json_put(o, "ipv6_longest", json_of_count(t->longest[1]));
		json_put(o, "longer_than_24", json_of_count(tally_longer(t, 0, 24)));
		json_put(o, "longer_than_48", json_of_count(tally_longer(t, 1, 48)));
		json_put(o, "next_hops", json_hops(t));
		json_put(o, "other_next_hops", json_of_count(t->other_hops));
	}
	words = json_dumps(o, JSON_INDENT(2));
	from = strchr(words, '\n');
	if (!a->count)
		fputs(a->any ? "\n  ]," : "],", stdout);
	puts(from != NULL ? from : "\n}");
	free(words);
	json_decref(o);
}

static void print_lengths(FILE *to, const struct route_tally *t, int kind, const char *name, int usual)
{
	if (t->longest[kind] < 0)
		return;
	fprintf(to, "%s: longest /%d, %lld longer than /%d; by length:", name, t->longest[kind],
	    (long long)tally_longer(t, kind, usual), usual);
	for (int i = 0; i <= 128; i++)
		if (t->of_length[kind][i] > 0)
			fprintf(to, " /%d %lld", i, (long long)t->of_length[kind][i]);
	fputc('\n', to);
}

static void print_tally(FILE *to, const struct args *a, const struct question *q)
{
	const struct route_tally *t = &q->tally;

	fprintf(to, "%s: %lld routes %s\n", a->selector, (long long)t->total, route_side_word(a->side));
	if (q->rows_seen != q->rows_parsed)
		fprintf(to, "%u of %u rows read\n", q->rows_parsed, q->rows_seen);
	print_lengths(to, t, 0, "IPv4", 24);
	print_lengths(to, t, 1, "IPv6", 48);
	if (t->odd > 0)
		fprintf(to, "%lld of other kinds\n", (long long)t->odd);
	if (t->hop_count > 0)
		fputs("next hops:", to);
	for (size_t i = 0; i < t->hop_count; i++)
		fprintf(to, " %s %lld", t->hops[i].words, (long long)t->hops[i].routes);
	if (t->other_hops > 0)
		fprintf(to, " others %lld", (long long)t->other_hops);
	if (t->hop_count > 0)
		fputc('\n', to);
	if (q->note != NULL)
		fprintf(to, "note: %s\n", q->note);
}

static int run(const struct options *o, struct args *a, struct err *e)
{
	const struct neighbor_ask ask = { .selector = a->selector, .ip = a->ip, .timeout_s = a->timeout_s,
		.kind = ASK_ROUTES, .prepare = prepare, .ctx = a };
	struct question *q = NULL;
	struct gather g = { 0 };
	int rc = neighbor_ask(&g, o, &ask, &q, e);

	if (a->opened)
		print_json_tail(a, q, rc == 0 ? NULL : e);
	else if (rc == 0)
		print_tally(a->count ? stdout : stderr, a, q);
	if (rc == 0 && q->rows_seen != q->rows_parsed)
		rc = 1;
	question_free(q);
	gather_stop(&g);
	return rc;
}

static int take_option(struct args *a, int id, const char *value, struct err *e)
{
	static const struct setting timeout = { "--timeout", SETTING_SPAN, offsetof(struct args, timeout_s),
		.min = 1, .max = 3600 };

	a->json = a->json || id == OPT_JSON;
	a->count = a->count || id == OPT_COUNT;
	if (id == OPT_FAMILY)
		a->ip = strcmp(value, "ipv4") == 0 ? 4 : strcmp(value, "ipv6") == 0 ? 6 : -1;
	if (a->ip < 0)
		return err_set(e, ERR_USAGE, "--family %s: ipv4 or ipv6", value);
	if (id == OPT_TIMEOUT && setting_read(&timeout, value, NULL, a, e) != 0)
		e->code = ERR_USAGE;
	return e->code == ERR_NONE ? 0 : -1;
}

int cmd_routes(const struct options *o, int argc, char **argv)
{
	struct args a = { .timeout_s = TIMEOUT_S };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id, rc;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("routes ROUTER/NEIGHBOR received|accepted|advertised",
			    "The routes of one neighbor, before our policy (received), after it (accepted), or sent to it.",
			    options);
		if (take_option(&a, id, value, &e) != 0)
			break;
	}
	if (e.code == ERR_NONE && (w.operands != 2 || !route_side_parse(argv[2], &a.side)))
		err_set(&e, ERR_USAGE, "wanted: peerdeck routes ROUTER/NEIGHBOR received|accepted|advertised");
	if (e.code != ERR_NONE)
		return exit_say(&e);
	a.selector = argv[1];
	str_init(&a.cell, 0);
	rc = run(o, &a, &e);
	str_fini(&a.cell);
	return rc < 0 ? (int)exit_say(&e) : rc == 0 ? STATUS_DONE : STATUS_FAILED;
}
