/* Question and answer with a CLI; see dialog.h. */
#include "backends/link/dialog.h"
#include "backends/link/dialog_match.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>

enum {
	READ_SIZE = 16384,
	PROMPT_MAX = 200,      /* a longer unfinished line is no prompt */
	PENDING_MAX = 65536,
	ECHO_TAIL = 20,        /* octets of a question that its echo must show */
	ERROR_LINES = 64,      /* device errors stand at the top of an answer */
	QUIET_MS = 1000,       /* silence that makes a prompt behind other text believed */
	EMPTY_MS = 30,         /* a prompt without an answer may stand between two echoes: wait so long for more */
	LEARN_TRIES = 4,
};

struct dialog {
	struct channel *c;
	const struct dialogue *table;
	struct patterns *prompts, *pager, *errors;
	struct str prompt; /* learnt */
	struct str pending; /* octets after the last line end */
	struct str last_line; /* before the prompt was learnt, for the words of a failure */
	bool broken;
};

/* One question under way. */
struct answer {
	const char *line;
	const struct link_sink *sink;
	size_t ceiling, total;
	unsigned lines;
	bool echoed, mid_line; /* mid_line: pending continues a line that was already passed on */
	bool after_pager;
	struct err device; /* the first error line */
};

/* Octets of the escape sequence at p[0] == ESC, 0 if its end is not there yet. */
static size_t escape_length(const char *p, size_t n)
{
	if (n < 2)
		return 0;
	if (p[1] != '[')
		return 2;
	for (size_t i = 2; i < n; i++)
		if ((unsigned char)p[i] >= 0x40)
			return i + 1;
	return 0;
}

/* Removes from `at` on what only a terminal would act on: escape sequences, "\r" before a line end.  What is not
 * complete stays for the next time. */
static void strip_controls(struct str *s, size_t at)
{
	size_t to = at, escape;

	if (memchr(s->p + at, '\r', s->len - at) == NULL && memchr(s->p + at, '\033', s->len - at) == NULL)
		return;
	for (size_t i = at; i < s->len; i++) {
		if (s->p[i] == '\r' && s->p[i + 1] == '\n')
			continue;
		escape = s->p[i] == '\033' ? escape_length(s->p + i, s->len - i) : 0;
		if (escape > 0)
			i += escape - 1;
		else
			s->p[to++] = s->p[i];
	}
	s->len = to;
	s->p[to] = '\0';
}

/* A pager wipes its question out with backspaces or returns before it goes on. */
static void strip_wipe(struct str *s)
{
	size_t wiped = strspn(s->p, "\b\r ");

	while (wiped > 0 && s->p[wiped - 1] == ' ')
		wiped--;
	memmove(s->p, s->p + wiped, s->len - wiped + 1);
	s->len -= wiped;
}

static void keep_from(struct str *s, size_t at)
{
	memmove(s->p, s->p + at, s->len - at + 1);
	s->len -= at;
}

static bool is_prompt(const struct dialog *d, struct slice tail)
{
	size_t from;

	if (tail.len > PROMPT_MAX || tail.len == 0)
		return false;
	if (tail.len == d->prompt.len && memcmp(tail.p, d->prompt.p, tail.len) == 0)
		return true;
	return prompt_of_host(tail, prompt_host(str_slice(&d->prompt))) &&
	       patterns_find(d->prompts, tail, true, &from) >= 0 && from == 0;
}

static bool ends_with_prompt(const struct dialog *d, struct slice tail)
{
	return tail.len > d->prompt.len && d->prompt.len > 0 &&
	       memcmp(tail.p + tail.len - d->prompt.len, d->prompt.p, d->prompt.len) == 0;
}

static bool is_echo(const struct answer *a, struct slice line)
{
	size_t n = strlen(a->line), want = n < ECHO_TAIL ? n : ECHO_TAIL;

	while (line.len > 0 && line.p[line.len - 1] == ' ' && !(n > 0 && a->line[n - 1] == ' '))
		line.len--;
	return line.len >= want && memcmp(line.p + line.len - want, a->line + n - want, want) == 0;
}

/* Slow devices echo what came while they were busy, and once more behind their prompt. */
static bool echoed_again(const struct dialog *d, const struct answer *a, struct slice line)
{
	return prompt_of_host(line, prompt_host(str_slice(&d->prompt))) && is_echo(a, line);
}

static void look_for_errors(const struct dialog *d, struct answer *a, struct slice text)
{
	struct scan c = scan_of(text);
	struct slice line;

	while (a->lines < ERROR_LINES && a->device.code == ERR_NONE && scan_line(&c, &line)) {
		a->lines++;
		if (patterns_find(d->errors, line, false, NULL) >= 0) {
			line = slice_trim(line);
			err_set(&a->device, ERR_DEVICE, "%.*s", (int)line.len, line.p);
		}
	}
}

static int pass_on(struct dialog *d, struct answer *a, struct slice text, struct err *e)
{
	if (text.len == 0)
		return 0;
	a->total += text.len;
	if (a->total > a->ceiling)
		return err_set(e, ERR_LIMIT, "the answer to \"%.60s\" is longer than %zu octets", a->line,
		    a->ceiling);
	look_for_errors(d, a, text);
	return a->sink->take(a->sink->ctx, text.p, text.len, e);
}

/* Complete lines in, those after the echo out. */
static int pass_lines(struct dialog *d, struct answer *a, struct slice text, struct err *e)
{
	struct scan c = scan_of(text);
	struct slice line;

	while (!a->echoed && scan_line(&c, &line))
		a->echoed = is_echo(a, line);
	for (struct scan ahead = c; a->echoed && a->total == 0 && scan_line(&ahead, &line) && echoed_again(d, a, line);)
		c = ahead;
	return pass_on(d, a, scan_rest(&c), e);
}

/* Passes on all complete lines of what is pending. */
static int sort_pending(struct dialog *d, struct answer *a, struct err *e)
{
	const char *end = memrchr(d->pending.p, '\n', d->pending.len);
	size_t lines;

	if (a->after_pager && d->pending.len > 0) {
		strip_wipe(&d->pending);
		a->after_pager = d->pending.len == 0;
		end = memrchr(d->pending.p, '\n', d->pending.len);
	}
	if (end != NULL) {
		lines = (size_t)(end - d->pending.p) + 1;
		if (pass_lines(d, a, (struct slice){ d->pending.p, lines }, e) < 0)
			return -1;
		keep_from(&d->pending, lines);
		a->mid_line = false;
	}
	if (d->pending.len > PROMPT_MAX && a->echoed) {
		if (pass_on(d, a, str_slice(&d->pending), e) < 0)
			return -1;
		str_clear(&d->pending);
		a->mid_line = true;
	}
	return 0;
}

/* Where the octets begin that strip_controls could not judge. */
static size_t unjudged(const struct str *s)
{
	const char *escape = memrchr(s->p, '\033', s->len);

	if (escape != NULL)
		return (size_t)(escape - s->p);
	return s->len > 0 && s->p[s->len - 1] == '\r' ? s->len - 1 : s->len;
}

/* What it said before it ended tells why: "sudo: a password is required". */
static int ended(struct dialog *d, struct err *e)
{
	struct slice last = slice_trim(str_slice(d->pending.len > 0 ? &d->pending : &d->last_line));

	return err_set(e, ERR_NET, "the CLI ended%s%.*s", last.len ? ": " : "",
	    (int)(last.len > 160 ? 160 : last.len), last.p);
}

/* More octets into pending. 1 some, 0 none until `deadline`, -1 error. */
static int read_more(struct dialog *d, int64_t deadline, struct err *e)
{
	char buf[READ_SIZE];
	struct err own = ERR_INIT;
	size_t at = unjudged(&d->pending);
	bool is_err;
	ssize_t n = d->c->link->ops->read(d->c, buf, sizeof(buf), &is_err, deadline, &own);

	if (n < 0 && own.code == ERR_TIMEOUT)
		return 0;
	if (n < 0)
		return err_set(e, own.code, "%s", own.text);
	if (n == 0)
		return ended(d, e);
	if (str_add(&d->pending, buf, (size_t)n) < 0)
		return err_set(e, ERR_LIMIT, "a line of the answer is longer than %d octets", PENDING_MAX);
	strip_controls(&d->pending, at);
	return 1;
}

static int answer_pager(struct dialog *d, struct answer *a, int64_t deadline, struct err *e)
{
	const char *key = d->table->pager_answer ? d->table->pager_answer : " ";
	size_t from;

	if (d->pending.len == 0 || patterns_find(d->pager, str_slice(&d->pending), true, &from) < 0)
		return 0;
	str_clear(&d->pending);
	a->after_pager = true;
	return d->c->link->ops->write(d->c, key, strlen(key), deadline, e);
}

/* A line may begin like the prompt: when more follows in the same moment, it is not one.  True if the answer ends. */
static bool nothing_follows(struct dialog *d, int ms)
{
	struct err own = ERR_INIT;

	/* A connection that breaks after the prompt is the next question's trouble. */
	return read_more(d, clock_boot_ms() + ms, &own) <= 0;
}

enum verdict { ANSWER_BROKEN = -1, ANSWER_OPEN, ANSWER_COMPLETE, ANSWER_LOOK_AGAIN };

static enum verdict judge_tail(struct dialog *d, struct answer *a, bool quiet, struct err *e)
{
	struct slice tail = str_slice(&d->pending);

	if (!a->echoed)
		return ANSWER_OPEN;
	if (!a->mid_line && is_prompt(d, tail)) {
		if (!nothing_follows(d, a->total == 0 && d->table->echoes ? EMPTY_MS : 0))
			return ANSWER_LOOK_AGAIN;
		str_clear(&d->pending);
		return ANSWER_COMPLETE;
	}
	if (!quiet || !ends_with_prompt(d, tail))
		return ANSWER_OPEN;
	if (pass_on(d, a, slice_upto(tail, tail.len - d->prompt.len), e) < 0)
		return ANSWER_BROKEN;
	str_clear(&d->pending);
	return ANSWER_COMPLETE;
}

static int read_answer(struct dialog *d, struct answer *a, int64_t deadline, struct err *e)
{
	enum verdict v;
	bool quiet = false;
	int64_t until;
	int rc;

	for (;;) {
		if (sort_pending(d, a, e) < 0 || answer_pager(d, a, deadline, e) < 0)
			return -1;
		v = judge_tail(d, a, quiet, e);
		if (v == ANSWER_COMPLETE || v == ANSWER_BROKEN)
			return v == ANSWER_COMPLETE ? 0 : -1;
		if (v == ANSWER_LOOK_AGAIN)
			continue;
		if (clock_boot_ms() >= deadline)
			return err_set(e, ERR_TIMEOUT, "no %s after \"%.60s\" in time",
			    a->echoed ? "prompt" : "echo", a->line);
		until = clock_boot_ms() + QUIET_MS;
		if (until > deadline || !a->echoed || !ends_with_prompt(d, str_slice(&d->pending)))
			until = deadline;
		rc = read_more(d, until, e);
		if (rc < 0)
			return -1;
		quiet = rc == 0;
	}
}

static int check_line(const char *line, struct err *e)
{
	for (const char *p = line; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f || *p == '?')
			return err_set(e, ERR_USAGE, "a line for a CLI may not hold control bytes or \"?\"");
	return 0;
}

static int type(struct dialog *d, const char *line, int64_t deadline, struct err *e)
{
	struct str typed;
	int rc;

	str_init(&typed, 0);
	str_puts(&typed, line);
	str_putc(&typed, '\n');
	rc = typed.over ? err_set(e, ERR_LIMIT, "the line is too long")
			: d->c->link->ops->write(d->c, typed.p, typed.len, deadline, e);
	str_fini(&typed);
	return rc;
}

int dialog_run(struct dialog *d, const char *line, const struct link_sink *sink, size_t ceiling,
    int64_t deadline, struct err *e)
{
	struct answer a = { .line = line, .sink = sink, .ceiling = ceiling, .echoed = !d->table->echoes };

	if (d->broken)
		return err_set(e, ERR_NET, "the CLI is out of step");
	if (check_line(line, e) < 0)
		return -1;
	if (!d->table->echoes)
		str_clear(&d->pending);
	if (type(d, line, deadline, e) < 0 || read_answer(d, &a, deadline, e) < 0) {
		d->broken = true;
		return -1;
	}
	return a.device.code ? err_set(e, ERR_DEVICE, "%s", a.device.text) : 0;
}

bool dialog_broken(const struct dialog *d)
{
	return d->broken;
}

const char *dialog_prompt(const struct dialog *d)
{
	return d->prompt.p;
}

static void remember_last(struct dialog *d, size_t end)
{
	const char *nl = memrchr(d->pending.p, '\n', end);
	size_t from = nl ? (size_t)(nl - d->pending.p) + 1 : 0;

	str_clear(&d->last_line);
	str_add(&d->last_line, d->pending.p + from, end - from < PROMPT_MAX ? end - from : PROMPT_MAX);
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
			keep_from(&d->pending, (size_t)(nl - d->pending.p) + 1);
		if (d->pending.len > 0 && d->pending.len <= PROMPT_MAX &&
		    patterns_find(looked_for, str_slice(&d->pending), true, &from) >= 0) {
			if (!nothing_follows(d, EMPTY_MS))
				continue;
			str_clear(out);
			str_add(out, d->pending.p + from, d->pending.len - from);
			str_clear(&d->pending);
			return 0;
		}
		rc = read_more(d, deadline, e);
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
		if (type(d, "", deadline, e) < 0 || next_candidate(d, &again, deadline, e) < 0)
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

int dialog_open(struct channel *c, const struct dialogue *table, int64_t deadline, struct dialog **out,
    struct err *e)
{
	struct dialog *d = MEM_NEW(struct dialog);
	const char *prompts[] = { table->prompt, table->config_prompt, NULL };
	const char *pagers[] = { table->pager, NULL };

	d->c = c;
	d->table = table;
	str_init(&d->prompt, PROMPT_MAX + 1);
	str_init(&d->pending, PENDING_MAX);
	str_init(&d->last_line, PROMPT_MAX);
	if (patterns_new(prompts, &d->prompts, e) == 0 && patterns_new(pagers, &d->pager, e) == 0 &&
	    patterns_new(table->errors, &d->errors, e) == 0 && learn_prompt(d, deadline, e) == 0 &&
	    send_setup(d, deadline, e) == 0) {
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

/* The secret goes only to a prompt that asks for it; then the prompt is another one. */
static int answer_enable(struct dialog *d, const struct patterns *asked, const char *secret, int64_t deadline,
    struct err *e)
{
	struct str seen;
	int rc = -1;

	str_init(&seen, PROMPT_MAX + 1);
	if (type(d, d->table->enable, deadline, e) < 0 || next_tail(d, asked, &seen, deadline, e) < 0)
		goto out;
	if (!prompt_of_host(str_slice(&seen), prompt_host(str_slice(&d->prompt))) &&
	    (type(d, secret, deadline, e) < 0 || next_candidate(d, &seen, deadline, e) < 0))
		goto out;
	str_clear(&d->prompt);
	str_add(&d->prompt, seen.p, seen.len);
	rc = is_privileged(d) ? 0 : err_set(e, ERR_AUTH, "privileged mode was refused: %s", d->last_line.p);
out:
	str_fini(&seen);
	return rc;
}

int dialog_enable(struct dialog *d, const char *secret, int64_t deadline, struct err *e)
{
	const char *const asked[] = { d->table->password_prompt, d->table->prompt, NULL };
	struct patterns *p;
	int rc = -1;

	if (is_privileged(d))
		return 0;
	if (patterns_new(asked, &p, e) == 0) {
		rc = answer_enable(d, p, secret, deadline, e);
		patterns_free(p);
	}
	d->broken = rc < 0;
	return rc;
}

void dialog_close(struct dialog *d)
{
	if (d == NULL)
		return;
	if (!d->broken && d->table->bye != NULL)
		type(d, d->table->bye, clock_boot_ms(), NULL);
	d->c->link->ops->close(d->c);
	patterns_free(d->prompts);
	patterns_free(d->pager);
	patterns_free(d->errors);
	str_fini(&d->prompt);
	str_fini(&d->pending);
	str_fini(&d->last_line);
	free(d);
}
