/* The router itself: shared state, commits and their timers; see router.h. */
#include "tests/sim/router.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "tests/sim/render.h"
#include "tests/sim/router_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATE_MAX = 4 << 20 };

/* Written beside and renamed: a test may read at any moment. */
void router_publish(const struct router *r)
{
	char path[4096];
	struct str out;
	FILE *f;

	if (r->state_file == NULL)
		return;
	snprintf(path, sizeof(path), "%s.new", r->state_file);
	str_init(&out, STATE_MAX);
	state_print(r->running, &out);
	f = fopen(path, "we");
	if (f == NULL || fwrite(out.p, 1, out.len, f) != out.len)
		perror(path);
	if (f != NULL && fclose(f) == 0 && rename(path, r->state_file) != 0)
		perror(r->state_file);
	str_fini(&out);
}

static void copy_record(struct record *to, const struct record *from)
{
	for (size_t i = 0; i < from->count; i++)
		record_set(to, from->fields[i].name, from->fields[i].value);
}

void router_init(struct router *r, const struct script *s, const char *state_file)
{
	*r = (struct router){ .script = s, .state_file = state_file };
	pthread_mutex_init(&r->lock, NULL);
	copy_record(&r->vars, &s->vars);
	r->running = state_copy(&s->state);
	for (size_t i = 0; i < r->running->count; i++)
		if (strcmp(r->running->records[i].kind, "neighbor") == 0) {
			char now[32];

			snprintf(now, sizeof(now), "%lld", (long long)(clock_boot_ms() - r->running->delay_ms));
			record_set(&r->running->records[i], "changed_ms", now);
			state_refresh(r->running, &r->running->records[i]);
		}
	r->startup = state_copy(r->running);
	router_publish(r);
}

/* A session begins anew where what an operator sees of it as shut has changed. */
void router_settle(const struct router *r, struct state *now, const struct state *before)
{
	for (size_t i = 0; i < now->count; i++) {
		struct record *n = &now->records[i];
		const struct record *old = NULL;

		if (strcmp(n->kind, "neighbor") != 0)
			continue;
		for (size_t k = 0; k < before->count && old == NULL; k++)
			if (strcmp(before->records[k].kind, "neighbor") == 0 &&
			    strcmp(record_get(&before->records[k], "address"), record_get(n, "address")) == 0 &&
			    strcmp(record_get(&before->records[k], "vrf"), record_get(n, "vrf")) == 0 &&
			    strcmp(record_get(&before->records[k], "family"), record_get(n, "family")) == 0)
				old = &before->records[k];
		if (old == NULL || strcmp(record_get(old, "admin"), record_get(n, "admin")) != 0)
			state_reset(now, n, clock_boot_ms());
		else if (!r->script->effect_soft)
			state_refresh(now, n);
	}
}

/* `now` becomes the running state; the router's own from here. */
void router_replace(struct router *r, struct state *now)
{
	router_settle(r, now, r->running);
	state_free(r->running);
	r->running = now;
	router_publish(r);
}

void router_touch(struct router *r)
{
	if (r->before_commit == NULL || clock_boot_ms() < r->revert_at_ms)
		return;
	router_replace(r, r->before_commit);
	r->before_commit = NULL;
}

void router_reload(struct router *r)
{
	state_free(r->before_commit);
	r->before_commit = NULL;
	router_replace(r, state_copy(r->startup));
}

void shell_init(struct shell *sh, struct router *r, bool exec)
{
	const struct script *s = r->script;

	*sh = (struct shell){ .router = r, .pager = s->pager_lines > 0 && !exec };
	sh->mode = script_mode(s, exec && s->exec != NULL ? s->exec : s->start);
	copy_record(&sh->vars, &r->vars);
}

void shell_fini(struct shell *sh)
{
	state_free(sh->candidate);
	for (size_t i = 0; i < sh->vars.count; i++) {
		free(sh->vars.fields[i].name);
		free(sh->vars.fields[i].value);
	}
	free(sh->vars.fields);
}

struct scene shell_scene(struct shell *sh)
{
	bool dirty = sh->candidate != NULL && sh->changed;

	record_set(&sh->vars, "dirty", dirty ? "yes" : "no");
	record_set(&sh->vars, "star", dirty ? "*" : "");
	record_set(&sh->vars, "tilde", dirty ? "*" : "~");
	record_set(&sh->vars, "mode", sh->mode->name);
	record_set(&sh->vars, "confirming", sh->router->before_commit != NULL ? "yes" : "no");
	return (struct scene){ .script = sh->router->script, .vars = &sh->vars, .now_ms = clock_boot_ms(),
		.state = sh->router->running };
}

void shell_words(struct shell *sh, const char *text, struct str *out)
{
	struct scene s = shell_scene(sh);

	render_text(&s, text, out);
}

void shell_prompt(struct shell *sh, struct str *out)
{
	struct str text;

	/* "\n" in a prompt is a line end: prompts of two lines */
	str_init(&text, 0);
	shell_words(sh, sh->mode->prompt, &text);
	for (const char *p = text.p; *p != '\0'; p++) {
		bool end = p[0] == '\\' && p[1] == 'n';

		str_putc(out, end ? '\n' : *p);
		p += end;
	}
	str_fini(&text);
}

void shell_says(struct shell *sh, const char *template, struct str *out)
{
	struct scene s = shell_scene(sh);

	render_template(&s, template, out);
}

void shell_banner(struct shell *sh, struct str *out)
{
	shell_says(sh, "banner", out);
}
