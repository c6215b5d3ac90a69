/*
 * peerdeck replay - the console on recorded dialogues; no router is touched.
 */
#include "app/commands/commands.h"
#include "app/console.h"
#include "app/exit.h"
#include "app/replaying.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_SPEED = 1, OPT_AT, OPT_PAUSED, OPT_LIST, OPT_HELP, SPEED_MOST = 16000 };
static const struct option_def options[] = {
	{ "speed", "N", "so many times as fast as it went: 10, 0.5 (1)", OPT_SPEED },
	{ "at", "TIME", "begin there: 03:12, 03:12:45, 2026-11-20T03:12:45Z, +5m (from the beginning)", OPT_AT },
	{ "paused", NULL, "time stands until it is let run", OPT_PAUSED },
	{ "list", NULL, "no console: say what is in the recording", OPT_LIST },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

static int read_speed(const char *words, unsigned *permille, struct err *e)
{
	char *end;
	double n = strtod(words, &end);

	if (*end != '\0' || end == words || !(n >= 0.125 && n <= SPEED_MOST))
		return err_set(e, ERR_USAGE, "--speed \"%.40s\": wanted is 0.125 to %d", words, SPEED_MOST);
	*permille = (unsigned)(n * 1000 + 0.5);
	return 0;
}

static void list(const struct replaying *r)
{
	const struct recording *rec = r->recording;
	char from[CLOCK_ISO_LEN], to[CLOCK_ISO_LEN], span[CLOCK_SPAN_LEN];
	int64_t begin = replaying_begin_ms(r), end = replaying_end_ms(r);

	printf("%s to %s, %s\n", clock_iso(begin, from), clock_iso(end, to), clock_span((end - begin) / 1000, span));
	for (size_t i = 0; i < rec->router_count; i++) {
		size_t looks = 0, failed = 0, asked = 0;

		for (size_t j = 0; j < rec->count; j++)
			if (rec->looks[j].router == i) {
				looks += rec->looks[j].kind == LOOK_POLL;
				asked += rec->looks[j].kind == LOOK_ASKED;
				failed += rec->looks[j].kind != LOOK_ASKED && rec->looks[j].code != ERR_NONE;
			}
		printf("%s (%s): %zu looks every %us, %zu failures, %zu questions\n", rec->routers[i].name, rec->routers[i].os, looks,
		    r->config->routers[i].interval_s, failed, asked);
	}
	if (r->note[0] != '\0')
		printf("%s\n", r->note);
}

struct args {
	const char *at;
	unsigned speed_permille;
	bool paused, list;
};

static int run(const struct options *o, const struct args *a, const char *const *files, size_t count)
{
	struct replaying r = { 0 };
	struct err e = ERR_INIT;
	int64_t at = 0;
	int status = STATUS_DONE;

	if (replaying_open(&r, o, files, count, &e) < 0)
		return exit_say(&e);
	at = replaying_begin_ms(&r);
	if (a->at != NULL && replaying_time(&r, a->at, at, &at, &e) < 0)
		status = exit_say(&e);
	else if (a->list)
		list(&r);
	else
		status = console_run_replay(o, &r, at, a->speed_permille, a->paused);
	replaying_close(&r);
	return status;
}

int cmd_replay(const struct options *o, int argc, char **argv)
{
	struct args a = { .speed_permille = 1000 };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("replay FILE ...", "Opens the console on recordings of peerdeck record, or of the console itself "
			    "(record = yes): files,\nor folders of them.  The clocks are those of then, and no router is touched.\n", options);
		a.at = id == OPT_AT ? value : a.at;
		a.paused = a.paused || id == OPT_PAUSED;
		a.list = a.list || id == OPT_LIST;
		if (id == OPT_SPEED && read_speed(value, &a.speed_permille, &e) < 0)
			break;
	}
	if (e.code == ERR_NONE && w.operands == 0)
		err_set(&e, ERR_USAGE, "wanted: peerdeck replay FILE ...");
	if (e.code != ERR_NONE)
		return exit_say(&e);
	return run(o, &a, (const char *const *)argv + 1, (size_t)w.operands);
}
