/* Reading and asking keymaps; see keymap.h. */
#include "tui/keymap.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS_FILE_MAX = 256 * 1024 };

/* Made from keymaps/NAME.keys at build; see the Makefile. */
extern const char keymap_text_default[], keymap_text_vi[], keymap_text_emacs[];

struct keymap {
	struct binding *list;
	size_t count, cap;
	int files;
	const struct keymap_names *names;
	struct arena *arena;
};

struct keymap *keymap_new(const struct keymap_names *names)
{
	struct keymap *k = MEM_NEW(struct keymap);

	k->names = names;
	k->arena = arena_new();
	return k;
}

void keymap_free(struct keymap *k)
{
	if (k == NULL)
		return;
	arena_free(k->arena);
	free(k->list);
	free(k);
}

const char *keymap_builtin(const char *name)
{
	if (strcmp(name, "default") == 0)
		return keymap_text_default;
	if (strcmp(name, "vi") == 0)
		return keymap_text_vi;
	if (strcmp(name, "emacs") == 0)
		return keymap_text_emacs;
	return NULL;
}

static bool same_place(const struct binding *a, const struct binding *b)
{
	return a->key == b->key && (a->view == NULL) == (b->view == NULL) &&
	       (a->view == NULL || strcmp(a->view, b->view) == 0);
}

/* Where one line is read: for messages. */
struct place {
	const char *file;
	int line;
};

static int add(struct keymap *k, struct place at, struct binding b, struct err *e)
{
	char name[KEY_NAME_LEN];

	for (size_t i = 0; i < k->count; i++) {
		struct binding *old = &k->list[i];

		if (!same_place(old, &b))
			continue;
		if (old->file == b.file)
			return err_set(e, ERR_CONFIG, "%s:%d: key %s is bound already in line %d%s%s", at.file,
			    at.line, key_name(b.key, name), old->line, b.view ? " for view " : "",
			    b.view ? b.view : "");
		*old = b;
		return 0;
	}
	MEM_GROW(k->list, k->cap, k->count + 1);
	k->list[k->count++] = b;
	return 0;
}

static int check_view(const struct keymap *k, struct place at, const char *name, struct err *e)
{
	struct str all;

	if (k->names->is_view(name))
		return 0;
	str_init(&all, 0);
	k->names->views(&all);
	err_set(e, ERR_CONFIG, "%s:%d: no view '%s': %s", at.file, at.line, name, all.p);
	str_fini(&all);
	return -1;
}

static int check_arg(const struct keymap *k, struct place at, const struct binding *b, struct err *e)
{
	const struct command *c = b->command;

	if (b->arg == NULL && command_key_may_carry(c) && c->arg != ARG_MAY_VIEW)
		return err_set(e, ERR_CONFIG, "%s:%d: %s needs a %s: %s:NAME", at.file, at.line, c->name,
		    c->arg == ARG_VIEW ? "view" : "column", c->name);
	if (b->arg == NULL)
		return 0;
	if (!command_key_may_carry(c))
		return err_set(e, ERR_CONFIG, "%s:%d: a key cannot carry an argument for %s", at.file,
		    at.line, c->name);
	if (c->arg == ARG_VIEW || c->arg == ARG_MAY_VIEW)
		return check_view(k, at, b->arg, e);
	if (!k->names->has_column(b->view, b->arg))
		return err_set(e, ERR_CONFIG, "%s:%d: no column '%s' in %s%s", at.file, at.line, b->arg,
		    b->view ? "view " : "any view", b->view ? b->view : "");
	return 0;
}

/* words: bind KEY COMMAND [VIEW] */
static int read_bind(struct keymap *k, struct place at, char *words[4], size_t n, struct err *e)
{
	struct binding b = { .line = at.line, .file = k->files };
	bool binds = strcmp(words[0], "bind") == 0;
	size_t view_at = binds ? 3 : 2;
	char *colon;

	if (!binds && strcmp(words[0], "unbind") != 0)
		return err_set(e, ERR_CONFIG, "%s:%d: '%s' is neither bind nor unbind", at.file, at.line,
		    words[0]);
	if (n < view_at || n > view_at + 1)
		return err_set(e, ERR_CONFIG, "%s:%d: write `%s`", at.file, at.line,
		    binds ? "bind KEY COMMAND [VIEW]" : "unbind KEY [VIEW]");
	if (!key_parse(words[1], &b.key))
		return err_set(e, ERR_CONFIG, "%s:%d: no key '%s': a character, C-x, M-x, F1-F12, Enter, Esc, "
		    "Tab, Space, Up, PgDn ...", at.file, at.line, words[1]);
	if (n > view_at) {
		if (check_view(k, at, words[view_at], e) != 0)
			return -1;
		b.view = words[view_at];
	}
	if (!binds)
		return add(k, at, b, e);
	colon = strchr(words[2], ':');
	if (colon != NULL) {
		*colon = '\0';
		b.arg = colon + 1;
	}
	b.command = command_find(words[2]);
	if (b.command == NULL)
		return err_set(e, ERR_CONFIG, "%s:%d: no command '%s': see the help view or peerdeck-keys(5)",
		    at.file, at.line, words[2]);
	if (check_arg(k, at, &b, e) != 0)
		return -1;
	return add(k, at, b, e);
}

static int read_line(struct keymap *k, struct place at, struct slice line, struct err *e)
{
	struct scan c = scan_of(line);
	struct slice word;
	char *words[5] = { NULL };
	size_t n = 0;

	while (n < ARRAY_LEN(words) && scan_word(&c, &word)) {
		/* '#' alone is a key; at the start or before text it is a comment. */
		if (word.p[0] == '#' && !(n == 1 && word.len == 1))
			break;
		words[n++] = arena_strndup(k->arena, word.p, word.len);
	}
	if (n == 0)
		return 0;
	if (n > 4)
		return err_set(e, ERR_CONFIG, "%s:%d: too many words", at.file, at.line);
	return read_bind(k, at, words, n, e);
}

int keymap_read(struct keymap *k, const char *file, const char *text, struct err *e)
{
	struct scan c = scan_of(slice_of(text));
	struct place at = { file, 0 };
	struct slice line;
	size_t count = k->count;
	struct binding *before = mem_calloc(count + 1, sizeof(*before));
	int r = 0;

	if (count > 0)
		memcpy(before, k->list, count * sizeof(*before));
	k->files++;
	while (r == 0 && scan_line(&c, &line)) {
		at.line++;
		r = read_line(k, at, line, e);
	}
	if (r != 0) {
		if (count > 0)
			memcpy(k->list, before, count * sizeof(*before));
		k->count = count;
	}
	free(before);
	return r;
}

int keymap_read_file(struct keymap *k, const char *path, struct err *e)
{
	FILE *f = fopen(path, "re");
	struct str text;
	char buf[4096];
	size_t n;
	int r = -1;

	if (f == NULL)
		return err_errno(e, ERR_CONFIG, "%s", path);
	str_init(&text, KEYS_FILE_MAX);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		str_add(&text, buf, n);
	if (ferror(f))
		err_errno(e, ERR_CONFIG, "%s", path);
	else if (text.over)
		err_set(e, ERR_CONFIG, "%s: larger than %d octets", path, KEYS_FILE_MAX);
	else if (memchr(text.p, '\0', text.len) != NULL)
		err_set(e, ERR_CONFIG, "%s: not a text file", path);
	else
		r = keymap_read(k, path, text.p, e);
	str_fini(&text);
	fclose(f);
	return r;
}

const struct binding *keymap_find(const struct keymap *k, keycode key, const char *view)
{
	const struct binding *general = NULL;

	for (size_t i = 0; i < k->count; i++) {
		const struct binding *b = &k->list[i];

		if (b->key != key)
			continue;
		if (b->view == NULL)
			general = b;
		else if (view != NULL && strcmp(b->view, view) == 0)
			return b->command ? b : NULL;
	}
	return general && general->command ? general : NULL;
}

const struct binding *keymap_at(const struct keymap *k, size_t i)
{
	return i < k->count ? &k->list[i] : NULL;
}

static bool is_wanted(const struct keymap *k, const struct binding *b, const struct command *c,
    const char *arg, const char *view)
{
	if (b->command != c || keymap_find(k, b->key, view) != b)
		return false;
	return arg == NULL || (b->arg != NULL && strcmp(arg, b->arg) == 0);
}

bool keymap_keys(const struct keymap *k, const struct command *c, const char *arg, const char *view,
    struct str *out)
{
	char name[KEY_NAME_LEN];
	bool any = false;

	for (size_t i = 0; i < k->count; i++)
		if (is_wanted(k, &k->list[i], c, arg, view)) {
			str_addf(out, "%s%s", any ? ", " : "", key_name(k->list[i].key, name));
			any = true;
		}
	return any;
}

char *keymap_key(const struct keymap *k, enum command_id id, const char *view, char out[KEY_NAME_LEN])
{
	out[0] = '\0';
	for (size_t i = 0; i < k->count; i++)
		if (is_wanted(k, &k->list[i], command_at(id), NULL, view))
			return key_name(k->list[i].key, out);
	return out;
}
