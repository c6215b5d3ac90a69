/* Coming in: the prompt is learnt, the pager switched off, privileged mode entered; see dialog.h. */
#include "backends/link/dialog_priv.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>

enum { LEARN_TRIES = 4 };

static void remember_last(struct dialog *d, size_t end)
{
	const char *nl = memrchr(d->pending.p, '\n', end);
	size_t from = nl ? (size_t)(nl - d->pending.p) + 1 : 0;

	str_clear(&d->last_line);
	str_add(&d->last_line, d->pending.p + from, end - from < PROMPT_MAX ? end - from : PROMPT_MAX);
}

/* "The password needs to be changed. Change now? [Y/N]:" is for people. */
static bool asks(struct dialog *d)
{
	return d->pending.len > 0 && d->pending.len <= PROMPT_MAX &&
	       patterns_find(d->questions, str_slice(&d->pending), true, NULL) >= 0 && dialog_nothing_follows(d, ASKED_MS);
}

/* Reads until what is pending ends like one of the patterns; gives it. */
static int next_tail(struct dialog *d, const struct patterns *looked_for, struct str *out, int64_t deadline,
    struct err *e)
{
	size_t from;
	int rc;

	for (;;) {
		const char *nl = memrchr(d->pending.p, '\n', d->pending.len);

		if (nl != NULL)
			remember_last(d, (size_t)(nl - d->pending.p));
		if (nl != NULL)
			dialog_keep_from(&d->pending, (size_t)(nl - d->pending.p) + 1);
		if (d->pending.len > 0 && d->pending.len <= PROMPT_MAX &&
		    patterns_find(looked_for, str_slice(&d->pending), true, &from) >= 0) {
			if (!dialog_nothing_follows(d, EMPTY_MS))
				continue;
			d->led = from > 0;
			str_clear(out);
			str_add(out, d->pending.p + from, d->pending.len - from);
			str_clear(&d->pending);
			return 0;
		}
		if (asks(d))
			return err_set(e, ERR_NET, "the router asks \"%s\", which nothing here answers", d->pending.p);
		rc = dialog_read_more(d, deadline, e);
		if (rc < 0)
			return -1;
		if (rc == 0)
			return err_set(e, ERR_TIMEOUT, "no prompt in time%s%.60s",
			    d->pending.len || d->last_line.len ? "; last seen: " : "",
			    d->pending.len ? d->pending.p : d->last_line.p);
	}
}

static int next_candidate(struct dialog *d, struct str *out, int64_t deadline, struct err *e)
{
	return next_tail(d, d->prompts, out, deadline, e);
}

static int learn_prompt(struct dialog *d, int64_t deadline, struct err *e)
{
	struct str again;
	int rc = -1;

	str_init(&again, PROMPT_MAX + 1);
	if (next_candidate(d, &d->prompt, deadline, e) < 0)
		goto out;
	for (int i = 0; rc < 0 && i < LEARN_TRIES; i++) {
		if (dialog_type(d, "", true, deadline, e) < 0 || next_candidate(d, &again, deadline, e) < 0)
			goto out;
		if (strcmp(again.p, d->prompt.p) == 0)
			rc = 0;
		str_clear(&d->prompt);
		str_add(&d->prompt, again.p, again.len);
	}
	if (rc < 0)
		err_set(e, ERR_DEVICE, "the prompt is never the same: \"%s\"", d->prompt.p);
out:
	str_fini(&again);
	return rc;
}

static int drop(void *ctx, const char *p, size_t n, struct err *e)
{
	(void)ctx;
	(void)p;
	(void)n;
	(void)e;
	return 0;
}

static int send_setup(struct dialog *d, int64_t deadline, struct err *e)
{
	const struct link_sink sink = { drop, NULL };
	struct err own;

	for (size_t i = 0; d->table->setup != NULL && d->table->setup[i] != NULL; i++) {
		err_clear(&own);
		if (dialog_run(d, d->table->setup[i], &sink, PENDING_MAX, deadline, &own) < 0 &&
		    own.code != ERR_DEVICE)
			return err_set(e, own.code, "%s", own.text);
	}
	return 0;
}

/* How CLIs ask for a decision; no prompt ends like this. */
#define DECISIONS "(yes|no|y|n|all|cancel|c)"
static const char *const questions[] = {
	"(?i)[\\[(](confirm|" DECISIONS "([/,|]" DECISIONS ")*)[\\])][?: ]*([\\[(]\\w+[\\])])?[?:> ]*$",
	NULL,
};

static int compile(struct dialog *d, struct err *e)
{
	const struct dialogue *t = d->table;
	const struct {
		struct patterns **to;
		const char *pattern[3];
	} one[] = { { &d->prompts, { t->prompt, t->config_prompt } }, { &d->pager, { t->pager } },
		{ &d->lead, { t->lead } }, { &d->stamp, { t->stamp } }, { &d->config, { t->config_prompt } } };

	for (size_t i = 0; i < ARRAY_LEN(one); i++)
		if (patterns_new(one[i].pattern, one[i].to, e) < 0)
			return -1;
	return patterns_new(t->errors, &d->errors, e) < 0 ? -1 : patterns_new(questions, &d->questions, e);
}

int dialog_open(struct channel *c, const struct dialogue *table, int64_t deadline, struct dialog **out,
    struct err *e)
{
	struct dialog *d = MEM_NEW(struct dialog);

	d->c = c;
	d->table = table;
	str_init(&d->prompt, PROMPT_MAX + 1);
	str_init(&d->pending, PENDING_MAX);
	str_init(&d->last_line, PROMPT_MAX);
	if (compile(d, e) == 0 && learn_prompt(d, deadline, e) == 0 && send_setup(d, deadline, e) == 0) {
		*out = d;
		return 0;
	}
	d->broken = true;
	dialog_close(d);
	return -1;
}

static bool is_privileged(const struct dialog *d)
{
	return strchr(d->prompt.p, '#') != NULL;
}

enum { ASKED_SECRET, ASKED_PROMPT };

/* The secret goes only to a prompt that asks for it, and only once; then the prompt is another one. */
static int answer_enable(struct dialog *d, const struct patterns *asked, const char *secret, int64_t deadline,
    struct err *e)
{
	struct str seen;
	int rc = -1;

	str_init(&seen, PROMPT_MAX + 1);
	if (dialog_type(d, d->table->enable, true, deadline, e) < 0 || next_tail(d, asked, &seen, deadline, e) < 0)
		goto out;
	if (patterns_find(asked, str_slice(&seen), true, NULL) == ASKED_SECRET &&
	    (dialog_type(d, secret, true, deadline, e) < 0 || next_tail(d, asked, &seen, deadline, e) < 0))
		goto out;
	if (patterns_find(asked, str_slice(&seen), true, NULL) == ASKED_SECRET) {
		err_set(e, ERR_AUTH, "privileged mode was refused: it asks for the secret again");
		goto out;
	}
	str_clear(&d->prompt);
	str_add(&d->prompt, seen.p, seen.len);
	rc = is_privileged(d) ? 0 : err_set(e, ERR_AUTH, "privileged mode was refused: %s", d->last_line.p);
out:
	str_fini(&seen);
	return rc;
}

int dialog_enable(struct dialog *d, const char *secret, int64_t deadline, struct err *e)
{
	struct str whole_line; /* "Password:" behind other words is somebody's text */
	const char *asked[] = { NULL, d->table->prompt, NULL };
	struct patterns *p;
	int rc = -1;

	if (is_privileged(d))
		return 0;
	str_init(&whole_line, 0);
	str_addf(&whole_line, "^(?:%s)", d->table->password_prompt);
	asked[ASKED_SECRET] = whole_line.p;
	if (patterns_new(asked, &p, e) == 0) {
		rc = answer_enable(d, p, secret, deadline, e);
		patterns_free(p);
	}
	str_fini(&whole_line);
	d->broken = rc < 0;
	return rc;
}

void dialog_close(struct dialog *d)
{
	if (d == NULL)
		return;
	if (!d->broken && d->table->bye != NULL)
		dialog_type(d, d->table->bye, true, clock_boot_ms(), NULL);
	d->c->link->ops->close(d->c);
	patterns_free(d->prompts);
	patterns_free(d->pager);
	patterns_free(d->errors);
	patterns_free(d->lead);
	patterns_free(d->stamp);
	patterns_free(d->questions);
	patterns_free(d->config);
	str_fini(&d->prompt);
	str_fini(&d->pending);
	str_fini(&d->last_line);
	free(d);
}
