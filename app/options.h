/*
 * options - what is common to all commands, and the parsing they share.
 *
 * `--config FILE`, `--data-dir DIR` and `--read-only` may stand before or
 * behind the command's name.
 */
#ifndef PEERDECK_APP_OPTIONS_H
#define PEERDECK_APP_OPTIONS_H

#include "core/base/err.h"
#include "core/model/config.h"

#include <stdbool.h>

struct options {
	const char *config;   /* NULL: the usual places */
	const char *data_dir; /* NULL: as configured */
	bool read_only;
	bool wallboard; /* the console only; read-only too */
};

/* Takes the common options out of argv (which is shortened). -1: ERR_USAGE. */
int options_take(struct options *o, int *argc, char **argv, struct err *e);

/* The configuration with --data-dir laid over it (--read-only is the present's: it can be switched off at the screen,
 * what the file says cannot); every os is one that a driver reads. */
struct config *options_config(const struct options *o, struct err *e);
/* Makes the data directory (0700) if it is not there; refuses one that others can write. */
int options_data_dir(const struct config *c, struct err *e);
/* DATA_DIR/name, to be freed. */
char *options_path(const struct config *c, const char *name);

/* Files in the data directory. */
#define DATA_JOURNAL "journal.jsonl"
#define DATA_HOSTKEYS "hostkeys"
#define DATA_HISTORY "history"

/*
 * One option of one command.  The command's function walks argv with
 * option_next(), which knows "--name value", "--name=value" and "--".
 */
struct option_def {
	const char *name;  /* without "--" */
	const char *value; /* what it takes, as shown in the help; NULL: nothing */
	const char *help;
	int id;            /* > 0 */
};
struct option_walk {
	const struct option_def *defs; /* ends with name NULL */
	int argc;
	char **argv; /* argv[0] is the command's name; operands gather behind it */
	int at, operands;
	bool only_operands;
};
void option_begin(struct option_walk *w, const struct option_def *defs, int argc, char **argv);
/* The id of the next option (*value gets its value or NULL); 0 at the end: operands are argv[1] to
 * argv[w->operands]; -1 with ERR_USAGE. */
int option_next(struct option_walk *w, const char **value, struct err *e);

/* Prints "usage: peerdeck FORM [options]", the words and the options to stdout; gives STATUS_DONE. */
int option_help(const char *form, const char *words, const struct option_def *defs);

#endif
