/*
 * peerdeck enroll - accepting a router's host key, the only way in which one becomes known.
 *
 * The key is fetched without any credential and shown; a person compares the
 * fingerprint with what the router's own console says and types yes, or the
 * fingerprint comes with the command, or whole keys come from a file that was
 * made on the routers.  Who accepted it, and how, is kept with the key and in
 * the journal.
 */
#include "app/ask.h"
#include "app/commands/commands.h"
#include "app/exit.h"
#include "backends/drivers/detect.h"
#include "backends/link/hostkey.h"
#include "backends/link/probe.h"
#include "backends/link/ssh.h"
#include "core/act/journal.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_ACCEPT = 1, OPT_FROM, OPT_REPLACE, OPT_NO_DETECT, OPT_HELP, LOGIN_S = 45, FILE_MAX_OCTETS = 4 << 20 };
static const struct option_def options[] = {
	{ "accept", "SHA256:...", "accept the key if it has this fingerprint, without asking", OPT_ACCEPT },
	{ "from", "FILE", "take keys from lines \"ROUTER TYPE BASE64\", made on the routers", OPT_FROM },
	{ "replace", NULL, "the router has a new key: forget those that were accepted", OPT_REPLACE },
	{ "no-detect", NULL, "do not log in afterwards to tell which router OS it is", OPT_NO_DETECT },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

struct enroll {
	const struct config *config;
	char *dir;
	const char *who;
	const char *accept; /* NULL: ask */
	bool replace, no_detect;
	struct journal *journal;
};

static const char *login_name(void)
{
	const struct passwd *pw = getpwuid(getuid());

	return pw != NULL ? pw->pw_name : "?";
}

static int keep(const struct enroll *x, const char *router, const struct hostkey *key, const char *how, struct err *e)
{
	char fingerprint[HOSTKEY_FINGERPRINT_LEN], words[200];
	struct err note = ERR_INIT;
	int rc = x->replace ? hostkey_store_replace(x->dir, router, key, x->who, how, e)
			    : hostkey_store_accept(x->dir, router, key, x->who, how, e);

	if (rc != 0)
		return -1;
	hostkey_fingerprint(key->base64, fingerprint);
	printf("%s: accepted %s %s\n", router, key->type, fingerprint);
	snprintf(words, sizeof(words), "host key %s %s accepted (%s)", key->type, fingerprint, how);
	if (journal_note(x->journal, "enroll", router, words, &note) != 0)
		fprintf(stderr, "peerdeck: not journalled: %s\n", note.text);
	return 0;
}

/* 1: known already, 0: may be accepted, -1: another key stands in its place and --replace was not given. */
static int compare(const struct enroll *x, const char *router, const struct hostkey *key, struct err *e)
{
	struct hostkeys known;
	struct err changed = ERR_INIT;
	int rc = 0;

	if (hostkey_store_find(x->dir, router, &known, e) != 0)
		return -1;
	if (known.count > 0 && hostkey_check(&known, router, key, &changed) == 0)
		rc = 1;
	else if (known.count > 0 && !x->replace)
		rc = err_set(e, ERR_HOSTKEY, "%s; if the router was replaced: peerdeck enroll --replace %s", changed.text,
		    router);
	hostkey_store_free(&known);
	return rc;
}

static int confirm(const struct enroll *x, const char *router, const char *fingerprint, struct err *e)
{
	char answer[64];

	if (x->accept != NULL)
		return strcmp(x->accept, fingerprint) == 0 ? 0 :
		    err_set(e, ERR_HOSTKEY, "%s: the key has another fingerprint than --accept says: nothing was accepted",
			router);
	printf("Compare it with what the router's own console shows (ssh-keygen -lf on the router's key file).\n");
	fflush(stdout);
	if (ask_line("Type yes to accept this key: ", answer, sizeof(answer), e) != 0)
		return -1;
	return strcmp(answer, "yes") == 0 ? 0 : err_set(e, ERR_REFUSED, "%s: not accepted", router);
}

static void tell_found(const struct router_conf *r, const struct ssh_seen *seen, const struct probe *p)
{
	const struct detect_seen what = { slice_of(seen->banner), str_slice(&p->prompt), str_slice(&p->version) };
	const struct driver *configured = driver_find(r->os);
	struct detect_found found[DETECT_MAX];
	size_t n = detect_os(&what, found);
	bool same = false;

	for (size_t i = 0; i < n; i++)
		same = same || found[i].driver == configured;
	if (n == 0)
		printf("%s: which router OS it is cannot be told (%s); os = %s stays as it is\n", r->name, seen->banner, r->os);
	else if (same)
		printf("%s: os = %s fits what it says of itself\n", r->name, r->os);
	for (size_t i = 0; i < n && !same; i++)
		printf("%s: looks like %s (by its %s), but its block says os = %s; suggested:\n    os = %s\n", r->name,
		    found[i].driver->title, found[i].by, r->os, found[i].driver->name);
}

/* Once, for the person at the terminal; what the console believes is the os of the block, and only that. */
static void detect(const struct enroll *x, const struct router_conf *r)
{
	const struct ssh_way way = { .config = x->config, .router = r, .hostkey_dir = x->dir, .cancel_fd = -1 };
	struct ssh_seen seen = { 0 };
	struct err e = ERR_INIT;
	struct link *l = NULL;
	struct probe p;

	probe_init(&p);
	if (ssh_link_open(&way, &seen, &l, &e) != 0 ||
	    probe_run(l, clock_boot_ms() + LOGIN_S * 1000, &p, &e) != 0)
		printf("%s: not logged in to see which router OS it is: %s\n", r->name, e.text);
	if (l != NULL) {
		tell_found(r, &seen, &p);
		l->ops->free(l);
	}
	probe_fini(&p);
	ssh_seen_fini(&seen);
}

static int enroll_router(const struct enroll *x, const struct router_conf *r, struct err *e)
{
	const struct ssh_way way = { .config = x->config, .router = r, .hostkey_dir = x->dir, .cancel_fd = -1 };
	struct ssh_seen seen = { 0 };
	struct hostkey key;
	int rc = hostkey_fetch(&way, &seen, e);

	if (rc != 0) {
		err_prefix(e, "%s", r->name);
		goto out;
	}
	key = (struct hostkey){ .type = seen.type, .base64 = seen.base64 };
	printf("%s (%s port %u)\n  %s %s\n", r->name, r->address, r->port, seen.type, seen.fingerprint);
	rc = compare(x, r->name, &key, e);
	if (rc > 0) {
		printf("%s: this key is known already\n", r->name);
		rc = 0;
		goto out;
	}
	if (rc == 0)
		rc = confirm(x, r->name, seen.fingerprint, e);
	if (rc == 0)
		rc = keep(x, r->name, &key,
		    x->accept ? "peerdeck enroll --accept" : "peerdeck enroll, confirmed at the terminal", e);
out:
	if (rc == 0 && !r->is_jump && !x->no_detect)
		detect(x, r);
	ssh_seen_fini(&seen);
	return rc;
}

static const struct router_conf *known_router(const struct enroll *x, const char *name, struct err *e)
{
	const struct router_conf *r = config_router(x->config, name);

	if (r == NULL)
		err_set(e, ERR_USAGE, "%s names no router or jump host \"%s\"", x->config->path, name);
	return r;
}

static int enroll_line(const struct enroll *x, struct slice line, struct err *e)
{
	struct scan c = scan_of(line);
	struct slice word[3];
	char *field[3] = { NULL }, fingerprint[HOSTKEY_FINGERPRINT_LEN];
	struct hostkey key;
	int rc = -1;

	for (int i = 0; i < 3; i++) {
		if (!scan_word(&c, &word[i]))
			return err_set(e, ERR_PARSE, "a line must be \"ROUTER TYPE BASE64\"");
		field[i] = mem_strndup(word[i].p, word[i].len);
		if (i < 2 && word[i].len > 64) {
			err_set(e, ERR_PARSE, "a line must be \"ROUTER TYPE BASE64\"");
			goto out;
		}
	}
	key = (struct hostkey){ .type = field[1], .base64 = field[2] };
	if (!hostkey_fingerprint(key.base64, fingerprint)) {
		err_set(e, ERR_PARSE, "the key of %s is no base64", field[0]);
		goto out;
	}
	if (known_router(x, field[0], e) == NULL)
		goto out;
	rc = compare(x, field[0], &key, e);
	if (rc == 0)
		rc = keep(x, field[0], &key, "peerdeck enroll --from", e);
	rc = rc > 0 ? 0 : rc;
out:
	for (int i = 0; i < 3; i++)
		free(field[i]);
	return rc;
}

static int read_file(const char *path, struct str *out, struct err *e)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char buf[4096];
	size_t n;
	int rc = 0;

	if (f == NULL)
		return err_errno(e, ERR_IO, "%s", path);
	while (rc == 0 && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		if (str_add(out, buf, n) != 0)
			rc = err_set(e, ERR_LIMIT, "%s: larger than %d octets", path, FILE_MAX_OCTETS);
	if (rc == 0 && ferror(f))
		rc = err_errno(e, ERR_IO, "%s", path);
	if (f != stdin)
		fclose(f);
	return rc;
}

static int enroll_file(const struct enroll *x, const char *path, struct err *e)
{
	struct str text;
	struct slice line;
	struct scan c;
	unsigned number = 0;
	int rc;

	str_init(&text, FILE_MAX_OCTETS);
	rc = read_file(path, &text, e);
	c = scan_of(str_slice(&text));
	while (rc == 0 && scan_line(&c, &line)) {
		number++;
		line = slice_trim(line);
		if (line.len == 0 || line.p[0] == '#')
			continue;
		rc = enroll_line(x, line, e);
		if (rc != 0)
			err_prefix(e, "%s:%u", path, number);
	}
	str_fini(&text);
	return rc;
}

/* All routers are tried; the first error decides the status. */
static int run(const struct options *o, struct enroll *x, const char *from, char **names, int count, struct err *e)
{
	struct config *c = options_config(o, e);
	char *journal;
	int rc = -1;

	if (c == NULL || options_data_dir(c, e) != 0)
		goto out;
	x->config = c;
	x->dir = options_path(c, DATA_HOSTKEYS);
	x->who = login_name();
	journal = options_path(c, DATA_JOURNAL);
	x->journal = journal_open(journal, c->operator_name);
	free(journal);
	ask_secrets_on_terminal();
	rc = from != NULL ? enroll_file(x, from, e) : 0;
	for (int i = 0; i < count; i++) {
		struct err why = ERR_INIT;
		const struct router_conf *r = known_router(x, names[i], &why);

		if (r == NULL || enroll_router(x, r, &why) != 0) {
			if (e->code != ERR_NONE)
				fprintf(stderr, "peerdeck: %s\n", e->text);
			*e = why;
			rc = -1;
		}
	}
	journal_free(x->journal);
	free(x->dir);
out:
	config_free(c);
	return rc;
}

int cmd_enroll(const struct options *o, int argc, char **argv)
{
	struct enroll x = { 0 };
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value, *from = NULL;
	int id;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("enroll ROUTER ...",
			    "Shows a router's host key and, once confirmed, accepts it.  No credential is used\n"
			    "before that; then it logs in once to tell which router OS it is.\n", options);
		x.accept = id == OPT_ACCEPT ? value : x.accept;
		x.no_detect = x.no_detect || id == OPT_NO_DETECT;
		x.replace = x.replace || id == OPT_REPLACE;
		from = id == OPT_FROM ? value : from;
	}
	if (e.code == ERR_NONE && w.operands == 0 && from == NULL)
		err_set(&e, ERR_USAGE, "enroll needs a router's name, or --from FILE");
	if (e.code == ERR_NONE && x.accept != NULL && w.operands != 1)
		err_set(&e, ERR_USAGE, "--accept is about one router");
	if (e.code == ERR_NONE)
		run(o, &x, from, argv + 1, w.operands, &e);
	return e.code == ERR_NONE ? STATUS_DONE : exit_say(&e);
}
