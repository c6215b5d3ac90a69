/* The way to each router, step by step, and what the account may do there; see doctor.h. */
#include "app/commands/doctor.h"
#include "app/options.h"
#include "backends/link/cli.h"
#include "backends/link/ssh.h"
#include "core/act/recipe.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>

enum { ANSWER_MAX = 16 << 20 };

/* What is being done, so that a failure can be told with its step. */
struct visit {
	struct findings *f;
	const struct config *config;
	const struct router_conf *router;
	const struct driver *driver;
	const char *hostkey_dir;
	enum link_state step;
};

static void on_step(void *ctx, enum link_state state, const char *words)
{
	struct visit *v = ctx;

	(void)words;
	v->step = state;
}

static const char *advice_for(const struct err *e)
{
	switch (e->code) {
	case ERR_HOSTKEY:
		return "peerdeck enroll ROUTER, after comparing the fingerprint on the router";
	case ERR_AUTH:
		return "user, key, agent or password in the router's block; the account on the router";
	case ERR_NET:
	case ERR_TIMEOUT:
		return "address and port in the router's block; the way there; filters on the router";
	case ERR_DEVICE:
		return "what the account may do on the router; prefix and cli in the router's block";
	default:
		return NULL;
	}
}

static int64_t deadline_of(const struct router_conf *r)
{
	return clock_boot_ms() + (int64_t)r->timeout_s * 1000;
}

static void check_hostkeys(const struct visit *v)
{
	struct hostkeys known;
	struct err e = ERR_INIT;

	if (hostkey_store_find(v->hostkey_dir, v->router->name, &known, &e) != 0) {
		findings_add(v->f, FINDING_FAIL, v->router->name, NULL, "%s", e.text);
		return;
	}
	if (known.count == 0)
		findings_add(v->f, FINDING_FAIL, v->router->name, "peerdeck enroll ROUTER", "no host key was accepted");
	for (size_t i = 0; i < known.count; i++)
		findings_add(v->f, FINDING_OK, v->router->name, NULL, "host key %s, accepted %s by %s", known.keys[i].type,
		    known.keys[i].when, known.keys[i].who);
	hostkey_store_free(&known);
}

/* The first line that says something, for people. */
static struct slice first_words(struct slice answer)
{
	struct scan c = scan_of(answer);
	struct slice line;

	while (scan_line(&c, &line)) {
		line = slice_trim(line);
		if (line.len > 1)
			return slice_upto(line, 100);
	}
	return SLICE("");
}

static void check_account(const struct visit *v, struct cli *cli)
{
	struct link_sink sink;
	struct str answer;
	struct err e = ERR_INIT;
	struct slice words;

	if (v->driver->doctor == NULL)
		return;
	str_init(&answer, ANSWER_MAX);
	sink = link_sink_str(&answer);
	if (cli_run(cli, v->driver->doctor, &sink, ANSWER_MAX, deadline_of(v->router), &e) != 0) {
		findings_add(v->f, FINDING_FAIL, v->router->name, advice_for(&e), "%s: %s", v->driver->doctor, e.text);
	} else {
		words = first_words(str_slice(&answer));
		findings_add(v->f, answer.len > 0 ? FINDING_OK : FINDING_WARN, v->router->name,
		    "the command ran but said nothing", "%s: %zu octets%s%.*s", v->driver->doctor, answer.len,
		    words.len > 0 ? ": " : "", (int)words.len, words.p);
	}
	str_fini(&answer);
}

static void check_hook(const struct visit *v, struct link *link)
{
	struct err e = ERR_INIT;
	struct str out;

	if (v->router->hook_file == NULL)
		return;
	str_init(&out, ANSWER_MAX);
	if (remote_read_file(link, v->router, v->router->hook_file, deadline_of(v->router), &out, &e) != 0)
		findings_add(v->f, FINDING_WARN, v->router->name, "withdraw needs this file: see peerdeck-drivers(7)",
		    "hook file: %s", e.text);
	else
		findings_add(v->f, FINDING_OK, v->router->name, NULL, "hook file %s can be read", v->router->hook_file);
	str_fini(&out);
}

static void say_verbs(const struct visit *v)
{
	struct str verbs;

	str_init(&verbs, 0);
	for (const struct recipe *const *r = v->driver->recipes; r != NULL && *r != NULL; r++)
		str_addf(&verbs, " %s%s", verb_info((*r)->verb)->name, (*r)->prepare_only != NULL ? "(prepared)" : "");
	if (v->router->read_only || v->config->read_only)
		findings_add(v->f, FINDING_OK, v->router->name, NULL, "read-only by the configuration");
	else if (verbs.len > 0)
		findings_add(v->f, FINDING_OK, v->router->name, NULL, "%s can:%s", v->driver->title, verbs.p);
	else
		findings_add(v->f, FINDING_OK, v->router->name, NULL, "%s: reading only", v->driver->title);
	str_fini(&verbs);
}

static void visit_router(struct visit *v)
{
	const struct ssh_way way = { .config = v->config, .router = v->router, .hostkey_dir = v->hostkey_dir,
		.cancel_fd = -1, .ctx = v, .step = on_step };
	struct ssh_seen seen = { 0 };
	struct link *link = NULL;
	struct cli *cli = NULL;
	struct err e = ERR_INIT;

	if (ssh_link_open(&way, &seen, &link, &e) != 0) {
		findings_add(v->f, FINDING_FAIL, v->router->name, advice_for(&e), "%s: %s", link_state_word(v->step),
		    e.text);
		goto out;
	}
	findings_add(v->f, FINDING_OK, v->router->name, NULL, "logged in as %s (%s)", v->router->user, seen.algorithms);
	if (v->driver == NULL) /* a jump host: only a way in */
		goto out;
	if (cli_open(link, v->router, v->driver, deadline_of(v->router), &cli, &e) != 0) {
		findings_add(v->f, FINDING_FAIL, v->router->name, advice_for(&e), "command line: %s", e.text);
		goto out;
	}
	check_account(v, cli);
	check_hook(v, link);
	say_verbs(v);
out:
	cli_close(cli);
	if (link != NULL)
		link->ops->free(link);
	ssh_seen_fini(&seen);
}

static bool wanted(const char *name, char **names, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return count == 0;
}

void doctor_routers(struct findings *f, const struct config *c, char **names, int count)
{
	char *dir = options_path(c, DATA_HOSTKEYS);

	for (int i = 0; i < count; i++)
		if (config_router(c, names[i]) == NULL)
			findings_add(f, FINDING_FAIL, names[i], NULL, "%s names no such router", c->path);
	for (size_t i = 0; i < c->router_count; i++) {
		struct visit v = { .f = f, .config = c, .router = &c->routers[i], .hostkey_dir = dir };

		if (!wanted(v.router->name, names, count))
			continue;
		v.driver = v.router->is_jump ? NULL : driver_find(v.router->os);
		check_hostkeys(&v);
		visit_router(&v);
	}
	free(dir);
}
