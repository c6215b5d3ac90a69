/* What a typed line does: the rules of the script, one operation after another; see script.h. */
#include "core/base/clock.h"
#include "core/base/match.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "tests/sim/router_priv.h"

#include <stdlib.h>
#include <string.h>

/* One line under way. */
struct doing {
	struct shell *sh;
	struct str *out;
	struct state *before; /* the running state when the line began; NULL: not changed yet */
	size_t *chosen;       /* indices into the records that are worked on */
	size_t count, cap;
	bool stop;
};

static struct state *worked_on(struct doing *d)
{
	return d->sh->candidate != NULL ? d->sh->candidate : d->sh->router->running;
}

static void changes(struct doing *d)
{
	if (d->sh->candidate != NULL)
		d->sh->changed = true;
	else if (d->before == NULL)
		d->before = state_copy(d->sh->router->running);
}

static char *filled(struct doing *d, const char *text)
{
	struct str s;

	str_init(&s, 0);
	shell_words(d->sh, text, &s);
	return str_take(&s);
}

static void say(struct doing *d, const char *text)
{
	shell_words(d->sh, text, d->out);
	str_putc(d->out, '\n');
}

/* Splits "name=value" words, fills the values in, gives each to a record. */
static void assign(struct doing *d, struct record *r, const struct words *w, size_t from)
{
	for (size_t i = from; i < w->count; i++) {
		char *eq = strchr(w->word[i], '=');
		char *name, *value;

		if (eq == NULL)
			continue;
		name = mem_strndup(w->word[i], (size_t)(eq - w->word[i]));
		value = filled(d, eq + 1);
		record_set(r, name, value);
		free(name);
		free(value);
	}
}

static void choose(struct doing *d, size_t at)
{
	MEM_GROW(d->chosen, d->cap, d->count + 1);
	d->chosen[d->count++] = at;
}

static void op_with(struct doing *d, const char *rest)
{
	char *error = strstr(rest, " :: "), *conds = mem_strndup(rest, error ? (size_t)(error - rest) : strlen(rest));
	const struct state *s = worked_on(d);
	struct scene scene = shell_scene(d->sh);
	struct words w;

	words_cut(&w, conds);
	d->count = 0;
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->records[i].kind, w.word[0]) == 0 && render_fits(&scene, &s->records[i], &w, 1))
			choose(d, i);
	if (d->count == 0 && error != NULL) {
		say(d, error + 4);
		d->stop = true;
	}
	words_fini(&w);
	free(conds);
}

static void op_set(struct doing *d, const char *rest)
{
	struct words w;

	words_cut(&w, rest);
	changes(d);
	for (size_t i = 0; i < d->count; i++)
		assign(d, &worked_on(d)->records[d->chosen[i]], &w, 0);
	words_fini(&w);
}

static void op_drop(struct doing *d, const char *rest)
{
	(void)rest;
	changes(d);
	while (d->count > 0)
		state_remove(worked_on(d), &worked_on(d)->records[d->chosen[--d->count]]);
}

static void op_new(struct doing *d, const char *rest)
{
	struct state *s;
	struct record *r = NULL;
	struct words w;

	words_cut(&w, rest);
	changes(d);
	s = worked_on(d);
	if (w.count > 1 && strchr(w.word[1], '=') != NULL) {
		char *key = mem_strndup(w.word[1], strcspn(w.word[1], "=")), *value = filled(d, strchr(w.word[1], '=') + 1);

		r = state_find(s, w.word[0], key, value);
		free(key);
		free(value);
	}
	if (r == NULL)
		r = state_add(s, w.word[0]);
	assign(d, r, &w, 1);
	d->count = 0;
	choose(d, (size_t)(r - s->records));
	words_fini(&w);
}

static void op_begin(struct doing *d, const char *rest)
{
	(void)rest;
	if (d->sh->candidate == NULL)
		d->sh->candidate = state_copy(d->sh->router->running);
	d->sh->changed = false;
}

static void op_discard(struct doing *d, const char *rest)
{
	(void)rest;
	state_free(d->sh->candidate);
	d->sh->candidate = NULL;
	d->sh->changed = false;
}

static void op_confirm(struct doing *d, const char *rest)
{
	(void)rest;
	state_free(d->sh->router->before_commit);
	d->sh->router->before_commit = NULL;
}

/* "120" or "00:02:00" */
static int64_t seconds_of(const char *text)
{
	int64_t n = 0;

	for (const char *p = text; p != NULL; p = strchr(p, ':')) {
		p += *p == ':';
		n = n * 60 + strtoll(p, NULL, 10);
	}
	return n;
}

/* The candidate becomes the running state, and goes on as a copy of it. */
static void op_commit(struct doing *d, const char *rest)
{
	struct router *r = d->sh->router;
	char *seconds = filled(d, rest);

	if (d->sh->candidate != NULL) {
		if (*seconds == '\0')
			op_confirm(d, "");
		else if (r->before_commit == NULL)
			r->before_commit = state_copy(r->running);
		r->revert_at_ms = clock_boot_ms() + seconds_of(seconds) * 1000;
		router_replace(r, state_copy(d->sh->candidate));
		d->sh->changed = false;
	}
	free(seconds);
}

static void op_rollback(struct doing *d, const char *rest)
{
	struct router *r = d->sh->router;

	(void)rest;
	if (r->before_commit != NULL)
		router_replace(r, r->before_commit);
	r->before_commit = NULL;
}

static void op_save(struct doing *d, const char *rest)
{
	(void)rest;
	state_free(d->sh->router->startup);
	d->sh->router->startup = state_copy(d->sh->router->running);
}

static void op_refresh(struct doing *d, const char *rest)
{
	(void)rest;
	for (size_t i = 0; i < d->count; i++)
		state_refresh(d->sh->router->running, &d->sh->router->running->records[d->chosen[i]]);
	router_publish(d->sh->router);
}

static void op_go(struct doing *d, const char *rest)
{
	d->sh->mode = script_mode(d->sh->router->script, rest);
}

static void op_leave(struct doing *d, const char *rest)
{
	(void)rest;
	if (d->sh->mode->parent != NULL)
		d->sh->mode = script_mode(d->sh->router->script, d->sh->mode->parent);
	else
		d->sh->closed = true;
}

static void op_let(struct doing *d, const char *rest)
{
	struct words w;

	words_cut(&w, rest);
	assign(d, &d->sh->vars, &w, 0);
	words_fini(&w);
}

static void op_print(struct doing *d, const char *rest)
{
	struct scene s = shell_scene(d->sh);

	render_template(&s, rest, d->out);
}

static void op_fail(struct doing *d, const char *rest)
{
	say(d, rest);
	d->stop = true;
}

static void op_pager(struct doing *d, const char *rest)
{
	d->sh->pager = strcmp(rest, "on") == 0;
}

static void op_close(struct doing *d, const char *rest)
{
	(void)rest;
	d->sh->closed = true;
}

static void op_if(struct doing *d, const char *rest)
{
	(void)d; /* looked at before the rule was taken */
	(void)rest;
}

static const struct {
	const char *verb;
	void (*run)(struct doing *d, const char *rest);
} ops[] = { { "if", op_if }, { "print", op_print }, { "say", say }, { "fail", op_fail }, { "go", op_go },
	{ "leave", op_leave }, { "let", op_let }, { "with", op_with }, { "set", op_set }, { "drop", op_drop },
	{ "new", op_new }, { "begin", op_begin }, { "commit", op_commit }, { "confirm", op_confirm },
	{ "discard", op_discard }, { "rollback", op_rollback }, { "save", op_save }, { "refresh", op_refresh },
	{ "pager", op_pager }, { "close", op_close } };

static void run_op(struct doing *d, const struct op *o)
{
	for (size_t i = 0; i < ARRAY_LEN(ops); i++)
		if (strcmp(ops[i].verb, o->verb) == 0) {
			ops[i].run(d, o->rest);
			return;
		}
	str_addf(d->out, "simrouter: the script says \"%s\", which is nothing\n", o->verb);
}

static void keep_capture(void *ctx, const char *name, const char *value)
{
	record_set(ctx, name, value);
}

static bool rule_in_mode(const struct rule *r, const struct mode *m)
{
	for (size_t i = 0; i < r->modes.count; i++)
		if (strcmp(r->modes.word[i], "*") == 0 || strcmp(r->modes.word[i], m->name) == 0)
			return true;
	return false;
}

static bool rule_holds(struct shell *sh, const struct rule *r)
{
	struct scene s = shell_scene(sh);
	bool holds = true;

	for (size_t i = 0; i < r->count && holds; i++)
		if (strcmp(r->ops[i].verb, "if") == 0) {
			struct words w;

			words_cut(&w, r->ops[i].rest);
			holds = render_fits(&s, NULL, &w, 0);
			words_fini(&w);
		}
	return holds;
}

static const struct rule *find_rule(struct shell *sh, const struct words *line)
{
	const struct script *s = sh->router->script;

	for (size_t i = 0; i < s->rule_count; i++)
		if (rule_in_mode(&s->rules[i], sh->mode) &&
		    words_fit(&s->rules[i].pattern, line, keep_capture, &sh->vars) && rule_holds(sh, &s->rules[i]))
			return &s->rules[i];
	return NULL;
}

/* ---- output filters: "COMMAND | include REGEX", where no rule of the script knows the whole line ---- */

static const struct {
	const char *words;
	bool keep;
} filters[] = { { " | include ", true }, { " | exclude ", false }, { " | grep ", true }, { " | match ", true } };

/* Where a filter begins in the line; NULL none. */
static const char *find_filter(const char *line, const char **pattern, bool *keep)
{
	for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
		const char *at = strstr(line, filters[i].words);

		if (at == NULL)
			continue;
		*pattern = at + strlen(filters[i].words);
		*keep = filters[i].keep;
		return at;
	}
	return NULL;
}

static void filter_lines(struct str *out, size_t from, const char *pattern, bool keep)
{
	struct scan c = scan_of(slice_from(str_slice(out), from));
	struct slice line;
	struct str kept;

	str_init(&kept, out->max);
	while (scan_line(&c, &line))
		if ((match_text(pattern, line, NULL) == 1) == keep)
			str_addf(&kept, "%.*s\n", (int)line.len, line.p);
	out->len = from;
	str_add(out, kept.p, kept.len);
	str_fini(&kept);
}

static bool shell_filtered(struct shell *sh, const char *line, struct str *out)
{
	const char *pattern, *at;
	size_t from = out->len;
	struct words w;
	char *bare;
	bool keep, found;

	at = find_filter(line, &pattern, &keep);
	if (at == NULL)
		return false;
	bare = mem_strndup(line, (size_t)(at - line));
	words_cut(&w, bare);
	found = find_rule(sh, &w) != NULL;
	words_fini(&w);
	if (found) {
		shell_line(sh, bare, out);
		words_cut(&w, pattern);
		filter_lines(out, from, w.count == 1 ? w.word[0] : pattern, keep);
		words_fini(&w);
	}
	free(bare);
	return found;
}

void shell_line(struct shell *sh, const char *line, struct str *out)
{
	struct doing d = { .sh = sh, .out = out };
	const struct rule *r;
	struct words w;

	router_touch(sh->router);
	words_cut(&w, line);
	if (w.count == 0 && !sh->mode->noecho)
		goto out;
	record_set(&sh->vars, "line", line);
	r = find_rule(sh, &w);
	if (r == NULL && shell_filtered(sh, line, out))
		goto out;
	if (r == NULL)
		op_print(&d, "unknown");
	for (size_t i = 0; r != NULL && i < r->count && !d.stop; i++)
		run_op(&d, &r->ops[i]);
	if (d.before != NULL) {
		router_settle(sh->router, sh->router->running, d.before);
		router_publish(sh->router);
	}
	state_free(d.before);
	free(d.chosen);
out:
	words_fini(&w);
}
