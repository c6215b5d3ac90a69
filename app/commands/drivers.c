/* peerdeck drivers - the router OSes that are known, what is read of them and what can be done on them. */
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/output.h"
#include "app/output_json.h"
#include "core/act/recipe.h"
#include "core/model/driver.h"

#include <stdio.h>
#include <string.h>

enum { OPT_JSON = 1, OPT_COMMANDS, OPT_HELP };
static const struct option_def options[] = {
	{ "json", NULL, "an array of objects", OPT_JSON },
	{ "commands", NULL, "also the outputs that peerdeck parse reads", OPT_COMMANDS },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

static json_t *json_of_verbs(const struct driver *d)
{
	json_t *verbs = json_array();

	for (size_t i = 0; d->recipes != NULL && d->recipes[i] != NULL; i++)
		json_array_append_new(verbs, json_of_words(verb_info(d->recipes[i]->verb)->name));
	return verbs;
}

static json_t *json_of_prepared(const struct driver *d)
{
	json_t *verbs = json_array();

	for (size_t i = 0; d->recipes != NULL && d->recipes[i] != NULL; i++)
		if (d->recipes[i]->prepare_only != NULL)
			json_array_append_new(verbs, json_of_words(verb_info(d->recipes[i]->verb)->name));
	return verbs;
}

static size_t message_max(const struct driver *d)
{
	size_t most = 0;

	for (size_t i = 0; d->recipes != NULL && d->recipes[i] != NULL; i++)
		if (d->recipes[i]->message_max > most)
			most = d->recipes[i]->message_max;
	return most;
}

static json_t *json_of_driver(const struct driver *d)
{
	json_t *o = json_object(), *aliases = json_array(), *commands = json_array();

	for (size_t i = 0; d->aliases != NULL && d->aliases[i] != NULL; i++)
		json_array_append_new(aliases, json_of_words(d->aliases[i]));
	for (size_t i = 0; i < d->reading_count; i++)
		json_array_append_new(commands, json_of_words(d->readings[i].command));
	json_put(o, "name", json_of_words(d->name));
	json_put(o, "title", json_of_words(d->title));
	json_put(o, "aliases", aliases);
	json_put(o, "cli", json_of_words(d->cli));
	json_put(o, "verbs", json_of_verbs(d));
	json_put(o, "prepare_only", json_of_prepared(d));
	json_put(o, "why_no_verbs", json_of_words(d->no_recipes));
	json_put(o, "message_octets", json_integer((json_int_t)message_max(d)));
	json_put(o, "readings", commands);
	return o;
}

static int print_json(struct err *e)
{
	json_t *top = json_array();

	for (const struct driver *const *d = driver_all(); *d != NULL; d++)
		json_array_append_new(top, json_of_driver(*d));
	return json_print(top, e);
}

static void add_words(struct str *out, const char *word)
{
	str_addf(out, "%s%s", out->len > 0 ? " " : "", word);
}

static void print_driver(struct out_table *t, const struct driver *d)
{
	struct str aliases, verbs;

	str_init(&aliases, 0);
	str_init(&verbs, 0);
	for (size_t i = 0; d->aliases != NULL && d->aliases[i] != NULL; i++)
		add_words(&aliases, d->aliases[i]);
	for (size_t i = 0; d->recipes != NULL && d->recipes[i] != NULL; i++)
		str_addf(&verbs, "%s%s%s", verbs.len > 0 ? " " : "", verb_info(d->recipes[i]->verb)->name,
		    d->recipes[i]->prepare_only != NULL ? "(prepared)" : "");
	if (verbs.len == 0)
		str_addf(&verbs, "reading only%s%s", d->no_recipes ? ": " : "", d->no_recipes ? d->no_recipes : "");
	out_table_cell(t, d->name);
	out_table_cell(t, d->title);
	out_table_cell(t, aliases.len > 0 ? aliases.p : NULL);
	out_table_cell(t, verbs.p);
	str_fini(&aliases);
	str_fini(&verbs);
}

static void print_table(bool commands)
{
	static const char *const titles[] = { "OS", "TITLE", "ALIASES", "CAN", NULL };
	struct out_table *t = out_table_new(titles);

	for (const struct driver *const *d = driver_all(); *d != NULL; d++)
		print_driver(t, *d);
	out_table_print(t, stdout);
	if (!commands)
		return;
	for (const struct driver *const *d = driver_all(); *d != NULL; d++) {
		printf("\n%s reads the output of:\n", (*d)->name);
		for (size_t i = 0; i < (*d)->reading_count; i++)
			printf("  %s\n", (*d)->readings[i].command);
	}
}

int cmd_drivers(const struct options *o, int argc, char **argv)
{
	bool json = false, commands = false;
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id;

	(void)o;
	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("drivers", "Lists the router OSes, and what can be done on each.\n", options);
		json = json || id == OPT_JSON;
		commands = commands || id == OPT_COMMANDS;
	}
	if (id == 0 && w.operands > 0)
		err_set(&e, ERR_USAGE, "drivers takes no operand (\"%s\")", argv[1]);
	if (e.code == ERR_NONE && json)
		print_json(&e);
	else if (e.code == ERR_NONE)
		print_table(commands);
	return e.code == ERR_NONE ? STATUS_DONE : exit_say(&e);
}
