/* Arguments common to all commands; see options.h. */
#include "app/options.h"
#include "core/act/role.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/model/driver.h"
#include "core/model/setting.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COMMON_CONFIG = 1, COMMON_DATA_DIR, COMMON_READ_ONLY, COMMON_WALLBOARD };
static const struct option_def common[] = {
	{ "config", "FILE", "the configuration file", COMMON_CONFIG },
	{ "data-dir", "DIR", "where journal, host keys and cache are kept", COMMON_DATA_DIR },
	{ "read-only", NULL, "no action is possible", COMMON_READ_ONLY },
	{ "wallboard", NULL, "the console as a wallboard: nothing but q does anything", COMMON_WALLBOARD },
	{ NULL, NULL, NULL, 0 },
};

/* Does `arg` spell this option?  *value gets what stands behind "=". */
static bool spells(const char *arg, const struct option_def *def, const char **value)
{
	size_t n = strlen(def->name);

	if (strncmp(arg, "--", 2) != 0 || strncmp(arg + 2, def->name, n) != 0)
		return false;
	*value = arg[2 + n] == '=' ? arg + 3 + n : NULL;
	return arg[2 + n] == '=' || arg[2 + n] == '\0';
}

static const struct option_def *find(const struct option_def *defs, const char *arg, const char **value)
{
	for (; defs->name != NULL; defs++)
		if (spells(arg, defs, value))
			return defs;
	return NULL;
}

/* The value of the option at argv[*at], which may be the next argument. */
static int take_value(const struct option_def *def, int argc, char **argv, int *at, const char **value, struct err *e)
{
	if (def->value == NULL && *value != NULL)
		return err_set(e, ERR_USAGE, "--%s takes no value", def->name);
	if (def->value == NULL || *value != NULL)
		return 0;
	if (*at + 1 >= argc)
		return err_set(e, ERR_USAGE, "--%s needs %s", def->name, def->value);
	*value = argv[++*at];
	return 0;
}

int options_take(struct options *o, int *argc, char **argv, struct err *e)
{
	int kept = 1;

	for (int i = 1; i < *argc; i++) {
		const char *value = NULL;
		const struct option_def *def = find(common, argv[i], &value);

		if (strcmp(argv[i], "--") == 0) {
			while (i < *argc)
				argv[kept++] = argv[i++];
			break;
		}
		if (def == NULL) {
			argv[kept++] = argv[i];
			continue;
		}
		if (take_value(def, *argc, argv, &i, &value, e) != 0)
			return -1;
		if (def->id == COMMON_CONFIG)
			o->config = value;
		else if (def->id == COMMON_DATA_DIR)
			o->data_dir = value;
		else if (def->id == COMMON_WALLBOARD)
			o->wallboard = true;
		else
			o->read_only = true;
	}
	argv[kept] = NULL;
	*argc = kept;
	return 0;
}

void option_begin(struct option_walk *w, const struct option_def *defs, int argc, char **argv)
{
	*w = (struct option_walk){ .defs = defs, .argc = argc, .argv = argv, .at = 1 };
}

static int unknown_option(const struct option_walk *w, const char *arg, struct err *e)
{
	const char *names[32], *near;
	char word[64] = "";
	size_t n = 0;

	for (const struct option_def *d = w->defs; d->name != NULL && n < ARRAY_LEN(names); d++)
		names[n++] = d->name;
	arg += strspn(arg, "-");
	memcpy(word, arg, strcspn(arg, "=") < sizeof(word) ? strcspn(arg, "=") : sizeof(word) - 1);
	near = setting_closest(word, names, n);
	return err_set(e, ERR_USAGE, "%s has no option --%s%s%s%s; peerdeck %s --help tells them", w->argv[0], word,
	    near ? " (is --" : "", near ? near : "", near ? " meant?)" : "", w->argv[0]);
}

int option_next(struct option_walk *w, const char **value, struct err *e)
{
	while (w->at < w->argc) {
		char *arg = w->argv[w->at];
		const struct option_def *def;

		*value = NULL;
		if (!w->only_operands && strcmp(arg, "--") == 0) {
			w->only_operands = true;
			w->at++;
			continue;
		}
		if (w->only_operands || arg[0] != '-' || arg[1] == '\0') {
			w->argv[++w->operands] = arg;
			w->at++;
			continue;
		}
		def = find(w->defs, arg, value);
		if (def == NULL)
			return unknown_option(w, arg, e);
		if (take_value(def, w->argc, w->argv, &w->at, value, e) != 0)
			return -1;
		w->at++;
		return def->id;
	}
	return 0;
}

int option_help(const char *form, const char *words, const struct option_def *defs)
{
	printf("usage: peerdeck %s\n%s", form, words);
	for (; defs->name != NULL; defs++) {
		char spelled[40];

		snprintf(spelled, sizeof(spelled), "--%s%s%s", defs->name, defs->value ? " " : "",
		    defs->value ? defs->value : "");
		printf("  %-22s %s\n", spelled, defs->help);
	}
	return 0;
}

/* core/ does not see the drivers, so that what an os may be is checked here. */
static int check_drivers(const struct config *c, struct err *e)
{
	for (size_t i = 0; i < c->router_count; i++) {
		const struct router_conf *r = &c->routers[i];
		struct str known;

		if (r->is_jump || driver_find(r->os) != NULL)
			continue;
		str_init(&known, 400);
		for (const struct driver *const *d = driver_all(); *d != NULL; d++)
			str_addf(&known, "%s%s", known.len ? ", " : "", (*d)->name);
		err_set(e, ERR_CONFIG, "%s:%u: router %s: os = \"%s\": known are %s", c->path, r->line, r->name, r->os,
		    known.p);
		str_fini(&known);
		return -1;
	}
	return 0;
}

struct config *options_config(const struct options *o, struct err *e)
{
	struct config *c = config_load(o->config, e);

	if (c == NULL)
		return NULL;
	if (check_drivers(c, e) != 0 || role_check(c, e) != 0) {
		config_free(c);
		return NULL;
	}
	if (o->data_dir != NULL)
		c->data_dir = arena_strdup(c->arena, o->data_dir);
	return c;
}

/* With data-group the directory belongs to that group, which may write in it, and so do the files made in it. */
static int share(const struct config *c, const struct stat *st, struct err *e)
{
	struct group gr, *found = NULL;
	char buf[16384];

	if (c->data_group == NULL)
		return (st->st_mode & S_IWGRP) == 0 ? 0 :
		    err_set(e, ERR_CONFIG, "data directory %s: its group can write it: chmod g-w %s, or name that group as "
			"data-group", c->data_dir, c->data_dir);
	if (getgrnam_r(c->data_group, &gr, buf, sizeof(buf), &found) != 0 || found == NULL)
		return err_set(e, ERR_CONFIG, "data-group = \"%s\": there is no such group on this host", c->data_group);
	umask(007);
	if (st->st_gid == gr.gr_gid && (st->st_mode & (S_ISGID | S_IRWXG)) == (S_ISGID | S_IRWXG))
		return 0;
	if (st->st_uid != geteuid() || chown(c->data_dir, (uid_t)-1, gr.gr_gid) != 0 || chmod(c->data_dir, 02770) != 0)
		return err_set(e, ERR_CONFIG, "data directory %s: it is to be shared by group %s: chgrp %s %s; chmod 2770 %s",
		    c->data_dir, c->data_group, c->data_group, c->data_dir, c->data_dir);
	return 0;
}

static int make_parents(char *path)
{
	for (char *p = path + 1; *p; p++)
		if (*p == '/') {
			*p = '\0';
			if (mkdir(path, 0700) != 0 && errno != EEXIST)
				return -1;
			*p = '/';
		}
	return mkdir(path, 0700) != 0 && errno != EEXIST ? -1 : 0;
}

int options_data_dir(const struct config *c, struct err *e)
{
	char *path = mem_strdup(c->data_dir);
	struct stat st;
	int rc = 0;

	if (make_parents(path) != 0 || stat(path, &st) != 0)
		rc = err_errno(e, ERR_IO, "data directory %s", c->data_dir);
	else if (!S_ISDIR(st.st_mode))
		rc = err_set(e, ERR_IO, "data directory %s: is not a directory", c->data_dir);
	else if ((st.st_mode & S_IWOTH) != 0)
		rc = err_set(e, ERR_CONFIG, "data directory %s: others can write it: chmod o-w %s", c->data_dir,
		    c->data_dir);
	else
		rc = share(c, &st, e);
	free(path);
	return rc;
}

char *options_path(const struct config *c, const char *name)
{
	return mem_printf("%s/%s", c->data_dir, name);
}
