/* main - arguments to the console or to a one-shot command. */
#include "app/commands/commands.h"
#include "app/console.h"
#include "app/exit.h"
#include "app/options.h"
#include "core/base/version.h"
#include "core/model/setting.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

static const struct command {
	const char *name, *help;
	int (*run)(const struct options *o, int argc, char **argv);
} commands[] = {
	{ "sessions", "every session of every router, read once", cmd_sessions },
	{ "why", "why sessions are down, how often, and what to try next", cmd_why },
	{ "routes", "the routes of one neighbor: received, accepted or advertised", cmd_routes },
	{ "ping", "ping a neighbor from its router", cmd_ping },
	{ "interface", "the router's interface toward a neighbor: speed, rates, errors", cmd_interface },
	{ "collect", "what can be known about a network now: prefixes, registries, RPKI, pings, ports", cmd_collect },
	{ "plan", "what an action would send, without sending it", cmd_plan },
	{ "suspend", "shut sessions administratively", cmd_act },
	{ "terminate", "shut sessions for good: nobody is reminded of it", cmd_act },
	{ "resume", "open sessions that were shut", cmd_act },
	{ "withdraw", "advertise nothing to neighbors, sessions stay up", cmd_act },
	{ "restore", "advertise again what was advertised", cmd_act },
	{ "gshut", "graceful shutdown (RFC 8326) toward neighbors", cmd_act },
	{ "drain", "graceful shutdown, wait until traffic has left, then suspend", cmd_drain },
	{ "undo", "take back your last action, or one by its id", cmd_undo },
	{ "refresh", "ask peers for their routes again", cmd_act },
	{ "enroll", "accept a router's host key", cmd_enroll },
	{ "doctor", "check configuration, permissions, records and the way to each router", cmd_doctor },
	{ "held", "what we hold suspended or withdrawn, and whether it is still so", cmd_held },
	{ "approve", "let happen what somebody else planned (two persons)", cmd_approve },
	{ "evidence", "all that the journal knows of one action, to attach to a mail", cmd_evidence },
	{ "handover", "what the next shift must know", cmd_handover },
	{ "note", "a word for the journal and the next shift", cmd_note },
	{ "incidents", "what fell together, and who works on it", cmd_incidents },
	{ "events", "what happened, also before the console was started", cmd_events },
	{ "journal", "what was done, and whether the record is whole", cmd_journal },
	{ "contacts", "whom to call about a network, in the order to try", cmd_contacts },
	{ "ladder", "whom to call about a network: book, PeeringDB, exchange; what was tried, who is next", cmd_ladder },
	{ "call", "note a call, a mail or an acknowledgement", cmd_call },
	{ "message", "a mail to a network, composed from what is seen; maintenance mails", cmd_message },
	{ "policy", "policy files: check, show; waivers and attestations", cmd_policy },
	{ "verdicts", "every network held against the policy, once", cmd_verdicts },
	{ "evaluate", "a network that wants to peer, held against the policy", cmd_evaluate },
	{ "network", "find a network: by AS number, name, address, exchange or AS macro", cmd_network },
	{ "presence", "where we meet a network, which sessions are missing there, what has drifted", cmd_presence },
	{ "pdb", "the cache of PeeringDB: sync, import, export, status, refresh, show", cmd_pdb },
	{ "alerts", "which alerts of the configuration hold now", cmd_alerts },
	{ "metrics", "one look at every router, as OpenMetrics text", cmd_metrics },
	{ "record", "what routers answer, with its times and without secrets: to be replayed, or for a bug report", cmd_record },
	{ "replay", "the console on a recording, time running or standing; no router is touched", cmd_replay },
	{ "drivers", "the router OSes, and what can be done on each", cmd_drivers },
	{ "parse", "what a driver reads in one printed output", cmd_parse },
};

static void help(void)
{
	puts("usage: peerdeck [--config FILE] [--data-dir DIR] [--read-only] [--wallboard] [COMMAND ...]\n"
	     "Without a command the console opens.  Commands:\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].help);
	puts("\npeerdeck COMMAND --help tells more; so do peerdeck(1) and peerdeck.conf(5).");
}

static const struct command *find_command(const char *name, struct err *e)
{
	const char *names[ARRAY_LEN(commands)], *near;

	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
		names[i] = commands[i].name;
	}
	near = setting_closest(name, names, ARRAY_LEN(names));
	err_set(e, ERR_USAGE, "there is no command \"%s\"%s%s%s; peerdeck --help lists them", name,
	    near ? " (is \"" : "", near ? near : "", near ? "\" meant?)" : "");
	return NULL;
}

/* Secrets pass through this process: nothing of it may reach a file that others read. */
static void harden(void)
{
	const struct rlimit none = { 0, 0 };

	umask(077);
	setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* whose leak check reads the process as a debugger does */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	const struct command *c;
	struct err e = ERR_INIT;

	setlocale(LC_ALL, "");
	harden();
	if (options_take(&o, &argc, argv, &e) != 0)
		return exit_say(&e);
	if (argc < 2)
		return console_run(&o);
	if (o.wallboard) {
		err_set(&e, ERR_USAGE, "--wallboard is for the console: no command goes with it");
		return exit_say(&e);
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		help();
		return STATUS_DONE;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		puts("peerdeck " PEERDECK_VERSION);
		return STATUS_DONE;
	}
	c = find_command(argv[1], &e);
	if (c == NULL)
		return exit_say(&e);
	return c->run(&o, argc - 1, argv + 1);
}
