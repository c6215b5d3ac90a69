/*
 * simrouter - a router that is not there, over real SSH on the loopback.
 *
 *     simrouter --script tests/sim/os/ios.sim [--state FILE] [--log FILE] [--fault NAME[=ARG][/once]] ...
 *               [--user U] [--password P] [--key FILE.pub] [--auth password,kbdint,publickey]
 *               [--hostkey FILE] [--legacy] [--set NAME=VALUE] ...
 *
 * `--os NAME` is short for --script tests/sim/os/NAME.sim beside where it was started.  Prints "hostkey TYPE
 * FINGERPRINT", "key TYPE BASE64" and "port N", then serves until it is killed or the process that started it is
 * gone.  Tests drive the console against it; it is no part of the console.
 */
#include "core/base/mem.h"
#include "tests/sim/fault.h"
#include "tests/sim/server.h"
#include "tests/sim/terminal.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

static const struct option options[] = {
	{ "os", 1, NULL, 'o' }, { "script", 1, NULL, 's' }, { "state", 1, NULL, 't' }, { "log", 1, NULL, 'l' },
	{ "fault", 1, NULL, 'f' }, { "user", 1, NULL, 'u' }, { "password", 1, NULL, 'p' }, { "key", 1, NULL, 'k' },
	{ "auth", 1, NULL, 'a' }, { "hostkey", 1, NULL, 'h' }, { "legacy", 0, NULL, 'L' }, { "set", 1, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

struct asked {
	const char *script, *state, *sets[32];
	size_t set_count;
	struct server_conf server;
};

static bool read_option(struct asked *a, int c)
{
	switch (c) {
	case 'o': a->script = mem_printf("tests/sim/os/%s.sim", optarg); return true;
	case 's': a->script = optarg; return true;
	case 't': a->state = optarg; return true;
	case 'l': terminal_log_path = optarg; return true;
	case 'f': return fault_read(optarg);
	case 'u': a->server.user = optarg; return true;
	case 'p': a->server.password = optarg; return true;
	case 'k': a->server.key = optarg; return true;
	case 'a': a->server.methods = optarg; return true;
	case 'h': a->server.hostkey = optarg; return true;
	case 'L': a->server.legacy = true; return true;
	case 'v':
		if (strchr(optarg, '=') == NULL || a->set_count == ARRAY_LEN(a->sets))
			return false;
		a->sets[a->set_count++] = optarg;
		return true;
	default: return false;
	}
}

int main(int argc, char **argv)
{
	struct asked a = { .server = { .user = "noc", .password = "secret", .methods = "password,kbdint,publickey" } };
	struct script *script;
	struct router router;
	int c;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (!read_option(&a, c)) {
			fprintf(stderr, "simrouter: not understood: %s\n", optarg != NULL ? optarg : argv[optind - 1]);
			return 2;
		}
	script = a.script != NULL ? script_read(a.script) : NULL;
	if (script == NULL) {
		fprintf(stderr, "usage: simrouter --script FILE [options]\n");
		return 2;
	}
	for (size_t i = 0; i < a.set_count; i++) {
		char *name = mem_strndup(a.sets[i], strcspn(a.sets[i], "="));

		record_set(&script->vars, name, strchr(a.sets[i], '=') + 1);
		free(name);
	}
	router_init(&router, script, a.state);
	return server_run(&router, &a.server) == 0 ? 0 : 1;
}
