/*
 * peerdeck metrics - one look at every router, as OpenMetrics text.
 *
 * For a textfile collector, or to see what the console's listener would serve.  What is counted over time (events) is
 * the console's alone.
 */
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/gather.h"
#include "app/incident_book.h"
#include "app/records.h"
#include "core/judge/metrics.h"

#include <stdio.h>
#include <stdlib.h>

enum { OPT_HELP = 1, LOOK_MS = 60000 };
static const struct option_def options[] = {
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

static int print(const struct world *w, struct err *e)
{
	const struct metrics_more more = { .ledger_known = w->no_action == NULL };
	struct str out;
	int rc = 0;

	str_init(&out, METRICS_OCTETS_MAX);
	metrics_write(w, &more, &out);
	if (out.over)
		rc = err_set(e, ERR_LIMIT, "the metrics are larger than %d MiB", METRICS_OCTETS_MAX >> 20);
	else if (fwrite(out.p, 1, out.len, stdout) != out.len || fflush(stdout) != 0)
		rc = err_errno(e, ERR_IO, "standard output");
	str_fini(&out);
	return rc;
}

static int look(const struct options *o, size_t *failed, struct err *e)
{
	struct incident_book incidents = { 0 };
	struct records records = { 0 };
	struct gather g = { 0 };
	int rc = -1;

	if (gather_open(&g, o, e) != 0 || gather_look(&g, NULL, LOOK_MS, e) != 0)
		goto out;
	*failed = gather_report(&g, NULL);
	records_open(&records, g.config);
	records_refresh(&records, &g.present.w);
	incidents.path = records.path;
	incidents.set = incidents_new(&incident_defaults);
	incident_book_refresh(&incidents);
	g.present.w.incidents = incidents.set;
	rc = print(&g.present.w, e);
out:
	incidents_free(incidents.set);
	if (records.path != NULL)
		records_close(&records);
	gather_stop(&g);
	return rc;
}

int cmd_metrics(const struct options *o, int argc, char **argv)
{
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	size_t failed = 0;
	int id;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0)
		if (id == OPT_HELP)
			return option_help("metrics", "Reads every router once and prints OpenMetrics text. What is not known "
			    "has no sample.", options);
	if (e.code == ERR_NONE && w.operands != 0)
		err_set(&e, ERR_USAGE, "metrics takes no \"%.40s\"", argv[1]);
	if (e.code != ERR_NONE || look(o, &failed, &e) != 0)
		return exit_say(&e);
	return failed > 0 ? STATUS_FAILED : STATUS_DONE;
}
