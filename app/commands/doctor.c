/*
 * peerdeck doctor - everything that must be right before a night shift, step by step.
 *
 * Here: the configuration, files, records and libraries of this machine.
 * doctor_router.c: the way to each router and what the account may do there.
 */
#include "app/commands/commands.h"
#include "app/commands/doctor.h"
#include "app/exit.h"
#include "app/ask.h"
#include "core/act/journal.h"
#include "core/act/ledger.h"
#include "core/base/clock.h"
#include "core/model/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Debian's package with the fixes of 2026; what the library says of itself does not tell. */
#define LIBSSH_PACKAGE "libssh-4"
#define LIBSSH_LEAST "0.10.6-0+deb12u3"

enum { OPT_JSON = 1, OPT_HELP };
static const struct option_def options[] = {
	{ "json", NULL, "an array of objects", OPT_JSON },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

/* Runs a program without a shell; its exit status, -1 if it cannot be run.  The first line it prints goes to out. */
static int run_program(const char *const *argv, char *out, size_t size)
{
	int fds[2], status;
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	if (pipe(fds) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(127);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	close(fds[1]);
	while (pid > 0 && len + 1 < size && (n = read(fds[0], out + len, size - 1 - len)) > 0)
		len += (size_t)n;
	out[len] = '\0';
	out[strcspn(out, "\n")] = '\0';
	close(fds[0]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) == 127)
		return -1;
	return WEXITSTATUS(status);
}

static void check_libssh(struct findings *f)
{
	static const char *const query[] = { "dpkg-query", "-W", "-f", "${Version}", LIBSSH_PACKAGE, NULL };
	char version[120] = "", none[8];
	const char *const compare[] = { "dpkg", "--compare-versions", version, "ge", LIBSSH_LEAST, NULL };

	if (run_program(query, version, sizeof(version)) != 0 || version[0] == '\0')
		findings_add(f, FINDING_WARN, "libssh", "see that your libssh has the fixes of Debian's " LIBSSH_LEAST,
		    "the package system does not tell its version");
	else if (run_program(compare, none, sizeof(none)) == 0)
		findings_add(f, FINDING_OK, "libssh", NULL, "%s %s", LIBSSH_PACKAGE, version);
	else
		findings_add(f, FINDING_FAIL, "libssh", "apt-get install --only-upgrade " LIBSSH_PACKAGE,
		    "%s %s is older than %s, which has security fixes", LIBSSH_PACKAGE, version, LIBSSH_LEAST);
}

/* A file that is named in the configuration. secret: nobody else may read it. */
static void check_file(struct findings *f, const char *about, const char *what, const char *path, bool secret)
{
	struct stat st;

	if (path == NULL)
		return;
	if (stat(path, &st) != 0 || access(path, R_OK) != 0)
		findings_add(f, FINDING_FAIL, about, NULL, "%s %s: %s", what, path, strerror(errno));
	else if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		findings_add(f, FINDING_FAIL, about, "chmod go-w it", "%s %s can be written by others", what, path);
	else if (secret && (st.st_mode & (S_IRGRP | S_IROTH)) != 0)
		findings_add(f, FINDING_FAIL, about, "chmod 600 it", "%s %s can be read by others", what, path);
	else
		findings_add(f, FINDING_OK, about, NULL, "%s %s", what, path);
}

static void check_files(struct findings *f, const struct config *c)
{
	check_file(f, "policy", "file", c->policy, false);
	for (size_t i = 0; i < c->router_count; i++) {
		const struct router_conf *r = &c->routers[i];

		check_file(f, r->name, "key", r->key, true);
		check_file(f, r->name, "certificate", r->certificate, false);
		check_file(f, r->name, "password file", r->password_file, true);
		check_file(f, r->name, "enable file", r->enable_file, true);
		if (r->agent && r->key == NULL && getenv("SSH_AUTH_SOCK") == NULL)
			findings_add(f, FINDING_WARN, r->name, "start an agent, or name a key in the router's block",
			    "only the agent is to be used, and SSH_AUTH_SOCK is not set");
		if (r->kex != NULL || r->host_key_algorithms != NULL || r->ciphers != NULL || r->macs != NULL)
			findings_add(f, FINDING_WARN, r->name, "take them out when the router can do better",
			    "algorithms other than the default are allowed");
	}
}

/* An action that was begun and has no outcome: under way, or left by a process that died. */
static void check_claim(void *ctx, const struct claim *c, enum claim_life life)
{
	struct findings *f = ctx;
	struct str words;

	str_init(&words, 400);
	claim_words(&words, c, life);
	findings_add(f, life == CLAIM_LEFT ? FINDING_WARN : FINDING_OK, "journal", life == CLAIM_LEFT
	    ? "peerdeck held --look, or any console, reads the router and settles it" : NULL, "%s: %s", c->router, words.p);
	str_fini(&words);
}

static void check_ledger(struct findings *f, const char *path)
{
	struct ledger *l = ledger_new(path);
	struct err e = ERR_INIT;

	if (ledger_refresh(l, NULL, &e) != 0)
		findings_add(f, FINDING_FAIL, "ledger", NULL, "%s", e.text);
	for (size_t i = 0; i < ledger_count(l); i++) {
		const struct ledger_entry *h = ledger_at(l, i);
		char span[CLOCK_SPAN_LEN];

		findings_add(f, h->state == LEDGER_HELD ? FINDING_OK : FINDING_WARN, "ledger",
		    "look at the router, then resume or restore", "%s %s: %s by %s since %s (%s): %s", h->router,
		    h->neighbor, verb_info(h->verb)->past, *h->name ? h->name : h->login,
		    clock_span((clock_wall_ms() - h->wall_ms) / 1000, span), ledger_state_word(h->state), h->reason);
	}
	ledger_free(l);
}

static void check_journal(struct findings *f, const struct config *c)
{
	char *path = options_path(c, DATA_JOURNAL);
	struct journal *j = journal_open(path, c->operator_name);
	struct journal_report r;
	struct err e = ERR_INIT;

	if (journal_writable(j, &e) != 0)
		findings_add(f, FINDING_FAIL, "journal", "without a journal no action is possible", "%s", e.text);
	else if (journal_verify(path, NULL, &r, &e) != 0)
		findings_add(f, FINDING_FAIL, "journal", NULL, "%s", e.text);
	else
		findings_add(f, r.ok ? FINDING_OK : FINDING_FAIL, "journal", "keep the file as it is and find out who "
		    "changed it", "%s: %s", path, r.words);
	err_clear(&e);
	if (access(path, R_OK) == 0 && journal_claims(j, check_claim, f, &e) != 0)
		findings_add(f, FINDING_FAIL, "journal", NULL, "%s", e.text);
	check_ledger(f, path);
	journal_free(j);
	free(path);
}

static void check_peeringdb(struct findings *f, const struct config *c)
{
	struct store *s = store_open(c->data_dir);
	int64_t oldest = 0, newest = 0;
	struct err e = ERR_INIT;
	char span[CLOCK_SPAN_LEN];
	size_t nets = 0;

	check_file(f, "peeringdb", "API key", c->pdb.api_key_file, true);
	check_file(f, "peeringdb", "CA file", c->pdb.ca_file, false);
	if (*store_note(s) != '\0')
		findings_add(f, FINDING_WARN, "peeringdb", "the cache is built anew by itself", "%s", store_note(s));
	if (store_count(s, PDB_NET, &nets, &oldest, &newest, &e) != 0)
		findings_add(f, FINDING_WARN, "peeringdb", NULL, "%s", e.text);
	else if (nets == 0)
		findings_add(f, FINDING_WARN, "peeringdb", c->pdb.enabled ? "the console fills it while it runs; or "
		    "peerdeck pdb import" : "peerdeck pdb import DIR|FILE", "the cache holds no network");
	else
		findings_add(f, FINDING_OK, "peeringdb", NULL, "%zu networks in the cache, read %s ago; %s", nets,
		    clock_span((clock_wall_ms() - oldest) / 1000, span), c->pdb.enabled ? c->pdb.url : "cache only");
	store_close(s);
}

static int check_all(struct findings *f, const struct options *o, char **names, int count, struct err *e)
{
	struct config *c = options_config(o, e);

	check_libssh(f);
	if (c == NULL) {
		findings_add(f, FINDING_FAIL, "config", NULL, "%s", e->text);
		return -1;
	}
	findings_add(f, FINDING_OK, "config", NULL, "%s: %zu routers and jump hosts", c->path, c->router_count);
	if (options_data_dir(c, e) != 0) {
		findings_add(f, FINDING_FAIL, "data", NULL, "%s", e->text);
		config_free(c);
		return -1;
	}
	findings_add(f, FINDING_OK, "data", NULL, "%s", c->data_dir);
	check_files(f, c);
	check_journal(f, c);
	check_peeringdb(f, c);
	ask_secrets_on_terminal();
	doctor_routers(f, c, names, count);
	config_free(c);
	return 0;
}

int cmd_doctor(const struct options *o, int argc, char **argv)
{
	struct option_walk w;
	struct findings *f;
	struct err e = ERR_INIT;
	const char *value;
	bool json = false;
	int status = STATUS_DONE;
	int id;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("doctor [ROUTER ...]", "Checks configuration, permissions, libraries, records, "
			    "and the way to each router.\nNothing is changed anywhere.\n", options);
		json = json || id == OPT_JSON;
	}
	if (id < 0)
		return exit_say(&e);
	f = findings_new(json);
	if (check_all(f, o, argv + 1, w.operands, &e) != 0)
		status = exit_of(&e);
	else if (findings_count(f, FINDING_FAIL) > 0)
		status = STATUS_FAILED;
	return findings_end(f, &e) != 0 ? exit_say(&e) : status;
}
