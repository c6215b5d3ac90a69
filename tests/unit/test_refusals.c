/*
 * What every router OS says when it refuses, in its own words: known on the way of questions, of actions, and by every
 * reader, and shown as the device said it.
 */
#include "backends/link/dialog_match.h"
#include "tests/unit/reading.h"

struct refusal {
	const char *os;
	const char *invalid, *unauthorized, *unknown, *incomplete; /* NULL: the OS has no words of its own for it */
};

static const struct refusal refusals[] = {
	{ "bird", "syntax error, unexpected CF_SYM_UNDEFINED, expecting END", "Access denied", "No such command",
	    "Incomplete command" },
	{ "comware", "% Wrong parameter found at '^' position.", "Permission denied.",
	    "% Unrecognized command found at '^' position.", "% Incomplete command found at '^' position." },
	{ "eos", "% Invalid input", "% Authorization denied for command 'show bgp summary'", "% Invalid command",
	    "% Incomplete command" },
	{ "frr", "% There is no matched command.", "% [BGP] Permission denied", "% Unknown command: show foo",
	    "% Command incomplete: show bgp" },
	{ "gobgp", "Error: invalid argument \"foo\"", "Error: rpc error: code = PermissionDenied desc = no",
	    "Error: unknown command \"foo\" for \"gobgp\"", "Error: usage: gobgp neighbor <addr>" },
	{ "ios", "% Invalid input detected at '^' marker.", "Command authorization failed.",
	    "% Unknown command or computer name, or unable to find computer address", "% Incomplete command." },
	{ "iosxr", "% Invalid input detected at '^' marker.", "% This command is not authorized",
	    "% Unknown command or computer name, or unable to find computer address", "% Incomplete command." },
	{ "junos", "syntax error, expecting <command>.", "error: permission denied", "unknown command.",
	    "missing argument." },
	{ "nxos", "% Invalid command at '^' marker.", "% Permission denied for the role",
	    "% Invalid parameter detected at '^' marker.", "% Incomplete command at '^' marker." },
	{ "openbgpd", "unknown argument: foo", "bgpctl: connect: /var/run/bgpd.sock.0: Permission denied",
	    "ambiguous argument: s", "missing argument:" },
	{ "routeros", "input does not match any value of disabled", "not enough permissions (9)",
	    "bad command name foo (line 1 column 1)", "missing value(s) of argument(s) numbers" },
	{ "srlinux", "Parsing error: Invalid value 'x' for 'neighbor'", "Error: Permission denied",
	    "Parsing error: Unknown token 'foo'. Options are ['bgp']", "Parsing error: Missing value for 'neighbor'" },
	{ "sros", "Error: Invalid parameter.", "MINOR: CLI Command not allowed for this user.", "Error: Bad command.",
	    "Error: Missing parameter" },
	{ "vrp", "Error: Wrong parameter found at '^' position.", "Error: Failed to pass the authorization.",
	    "Error: Unrecognized command found at '^' position.", "Error:Incomplete command found at '^' position." },
	{ "vyos", "% There is no matched command.", "% [BGP] Permission denied", "% Unknown command: show foo",
	    "% Command incomplete: show bgp" },
};

/* VyOS is acted on through a CLI of its own. */
static const struct refusal acting[] = {
	{ "vyos", "Configuration path: [protocols bgp foo] is not valid", "Set failed", "Invalid command: [foo]",
	    "Incomplete command: set protocols bgp" },
};

enum { KINDS = 4 };

static const char *words_of(const struct refusal *r, int kind)
{
	const char *const all[KINDS] = { r->invalid, r->unauthorized, r->unknown, r->incomplete };

	return all[kind];
}

static void known_to(const char *os, const struct dialogue *t, const char *words)
{
	struct patterns *p;
	struct err e = ERR_INIT;

	assert_int_equal(patterns_new(t->errors, &p, &e), 0);
	if (patterns_find(p, slice_of(words), false, NULL) < 0)
		fail_msg("%s: taken for an answer: %s", os, words);
	patterns_free(p);
}

static bool stated(const char *os)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
		if (strcmp(refusals[i].os, os) == 0)
			return true;
	return false;
}

/* A new system may come before its words do: that is said. */
static void every_system_is_here(void **state)
{
	size_t missing = 0, all = 0;

	(void)state;
	for (const struct driver *const *d = driver_all(); *d != NULL; d++, all++)
		if (!stated((*d)->name)) {
			print_message("# %s: what it says when it refuses does not stand here\n", (*d)->name);
			missing++;
		}
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
		assert_non_null(driver_find(refusals[i].os));
	assert_int_equal(all - missing, ARRAY_LEN(refusals));
}

static void known_on_the_way_of_questions_and_actions(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
		for (int kind = 0; kind < KINDS; kind++)
			known_to(refusals[i].os, driver_find(refusals[i].os)->dialogue, words_of(&refusals[i], kind));
	for (size_t i = 0; i < ARRAY_LEN(acting); i++)
		for (int kind = 0; kind < KINDS; kind++)
			known_to(acting[i].os, driver_find(acting[i].os)->acting, words_of(&acting[i], kind));
}

static void shown_in_its_words(const char *os, const char *what, const struct err *e, const char *words)
{
	if (e->code == ERR_NONE)
		fail_msg("%s, %s: taken for an answer: %s", os, what, words);
	if (strstr(e->text, words) == NULL)
		fail_msg("%s, %s: \"%s\" is not shown, but \"%s\"", os, what, words, e->text);
}

static void asked(const char *os, const struct query *q, const char *words)
{
	struct snap_builder *b = snap_builder_new("r1");
	struct err e = ERR_INIT;

	run_query(b, os, q->name, words, 7, &e);
	shown_in_its_words(os, q->name, &e, words);
	snap_builder_free(b);
}

static void nothing(void *ctx, struct slice prefix, struct slice next_hop, struct slice as_path)
{
	(void)ctx, (void)prefix, (void)next_hop, (void)as_path;
	fail_msg("a route was read from a refusal");
}

static void asked_for_routes(const char *os, const struct route_query *q, const char *words)
{
	struct route_out out = { .take = nothing };
	struct intake in = q->open(&out);
	struct err e = ERR_INIT;

	if (in.feed(in.state, words, strlen(words), &e) != 0)
		in.drop(in.state);
	else
		in.finish(in.state, &e);
	shown_in_its_words(os, q->command, &e, words);
}

static void no_reader_takes_it_for_an_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		const struct driver *d = driver_find(refusals[i].os);

		for (int kind = 0; kind < KINDS; kind++) {
			for (size_t k = 0; k < d->query_count; k++)
				if (d->queries[k].when == QUERY_ALWAYS)
					asked(d->name, &d->queries[k], words_of(&refusals[i], kind));
			for (size_t k = 0; k < d->route_count; k++)
				asked_for_routes(d->name, &d->routes[k], words_of(&refusals[i], kind));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_system_is_here),
		cmocka_unit_test(known_on_the_way_of_questions_and_actions),
		cmocka_unit_test(no_reader_takes_it_for_an_answer),
	};

	return cmocka_run_group_tests_name("refusals", tests, NULL, NULL);
}
