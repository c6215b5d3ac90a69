/*
 * keymap - which key means which command, from files.
 *
 * A line is `bind KEY COMMAND [VIEW]` or `unbind KEY [VIEW]`; '#' begins a
 * comment.  COMMAND is a name of the command table, with `:ARGUMENT` where a
 * view or a column is needed (`view:events`, `sort:state`).  Without VIEW it
 * holds in all views; with it, it goes before the general one there.  Two
 * bindings of one key for one view in one file are a conflict and an error;
 * a later file overrides an earlier one.
 *
 * A binding cannot carry text for a router, nor an answer to a question.
 */
#ifndef PEERDECK_TUI_KEYMAP_H
#define PEERDECK_TUI_KEYMAP_H

#include "core/base/err.h"
#include "core/base/str.h"
#include "tui/command.h"
#include "tui/key.h"

struct binding {
	keycode key;
	const struct command *command; /* NULL: unbound on purpose */
	const char *arg;  /* NULL none */
	const char *view; /* NULL all */
	int file, line;   /* which load, and where */
};

struct keymap;

/* What a binding may name besides commands: the views know. */
struct keymap_names {
	bool (*is_view)(const char *name);
	bool (*has_column)(const char *view, const char *column); /* view NULL: any */
	void (*views)(struct str *out);                           /* all of them, for messages */
};

struct keymap *keymap_new(const struct keymap_names *names);
void keymap_free(struct keymap *k);
/* The compiled-in text of "default", "vi", "emacs"; NULL if there is none of that name. */
const char *keymap_builtin(const char *name);
/* Reads text over what is there. `file` is for messages. On error nothing of it is taken. */
int keymap_read(struct keymap *k, const char *file, const char *text, struct err *e);
/* Reads a file over what is there. */
int keymap_read_file(struct keymap *k, const char *path, struct err *e);

/* What the key does in this view; NULL nothing. */
const struct binding *keymap_find(const struct keymap *k, keycode key, const char *view);
/* Bindings in the order of files, those that are overridden left out; NULL past the end. */
const struct binding *keymap_at(const struct keymap *k, size_t i);
/* Appends the keys of a command as they act in this view: "s, F5". arg NULL: any. False if there are none. */
bool keymap_keys(const struct keymap *k, const struct command *c, const char *arg, const char *view,
    struct str *out);
/* The first of them alone, "" if none. */
char *keymap_key(const struct keymap *k, enum command_id id, const char *view, char out[KEY_NAME_LEN]);

#endif
