/* Question and answer with a CLI; see dialog.h. */
#include "backends/link/dialog_priv.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>

enum {
	ECHO_TAIL = 20,    /* octets of a question that its echo must show */
	ECHO_MS = 10000,   /* typed keys are repeated within this, or not at all */
	ERROR_LINES = 64,  /* device errors stand at the top of an answer */
	QUIET_MS = 1000,   /* silence that makes a prompt behind other text believed */
};

/* One question under way. */
struct answer {
	const char *line;
	const struct dialog_reply *reply; /* NULL none; used once */
	const struct link_sink *sink;
	size_t ceiling, total;
	unsigned lines;
	bool echoed, mid_line; /* mid_line: pending continues a line that was already passed on */
	bool after_pager;
	bool begun;        /* a first line has come */
	struct str held;   /* lines that belong to the prompt if it comes next */
	struct err device; /* the first error line */
	bool marked;       /* that is but the mark below the fault, "^": the words come in the next line */
};

static bool is_prompt(const struct dialog *d, struct slice tail)
{
	size_t from;

	if (tail.len > PROMPT_MAX || tail.len == 0)
		return false;
	if (d->led && patterns_find(d->prompts, tail, true, &from) >= 0)
		tail = slice_from(tail, from);
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
	struct slice line, words;

	while (a->lines < ERROR_LINES && (a->device.code == ERR_NONE || a->marked) && scan_line(&c, &line)) {
		a->lines++;
		words = slice_trim(line);
		if (a->marked ? words.len > 0 : patterns_find(d->errors, line, false, NULL) >= 0) {
			err_clear(&a->device);
			err_set(&a->device, ERR_DEVICE, "%.*s", (int)words.len, words.p);
			a->marked = slice_eq(words, "^");
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

static bool is_lead(const struct dialog *d, struct slice line)
{
	return d->table->lead != NULL && patterns_find(d->lead, slice_trim(line), false, NULL) >= 0;
}

/* Where the lines begin at the end of `text` that may belong to the prompt: a lead, and blank lines before it. */
static size_t held_from(const struct dialog *d, struct slice text)
{
	size_t at = text.len;

	while (at > 0) {
		const char *before = memrchr(text.p, '\n', at - 1);
		size_t from = before ? (size_t)(before - text.p) + 1 : 0;
		struct slice line = { text.p + from, at - from };

		if (slice_trim(line).len > 0 && (at != text.len || !is_lead(d, line)))
			break;
		at = from;
	}
	return at;
}

/* Lines go on, but those that may belong to the prompt wait for what follows. */
static int pass_or_hold(struct dialog *d, struct answer *a, struct slice text, struct err *e)
{
	size_t at;

	if (d->table->lead == NULL || text.len == 0)
		return pass_on(d, a, text, e);
	if (a->held.len == 0) {
		at = held_from(d, text);
		return str_add(&a->held, text.p + at, text.len - at), pass_on(d, a, slice_upto(text, at), e);
	}
	str_add(&a->held, text.p, text.len);
	at = held_from(d, str_slice(&a->held));
	if (pass_on(d, a, slice_upto(str_slice(&a->held), at), e) < 0)
		return -1;
	dialog_keep_from(&a->held, at);
	return 0;
}

/* The prompt has come, or something else behind the lines that wait. */
static int let_go(struct dialog *d, struct answer *a, bool prompt, struct err *e)
{
	struct slice held = str_slice(&a->held), last = slice_trim(held);
	int rc = 0;

	if (held.len == 0)
		return 0;
	if (!prompt || last.len == 0) /* without a lead, blank lines are the answer's own */
		rc = pass_on(d, a, held, e);
	str_clear(&a->held);
	return rc;
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
	for (struct scan ahead = c; a->echoed && !a->begun && scan_line(&ahead, &line); a->begun = true)
		if (patterns_find(d->stamp, slice_trim(line), false, NULL) >= 0)
			c = ahead;
	return pass_or_hold(d, a, scan_rest(&c), e);
}

/* Passes on all complete lines of what is pending. */
static int sort_pending(struct dialog *d, struct answer *a, struct err *e)
{
	const char *end = memrchr(d->pending.p, '\n', d->pending.len);
	size_t lines;

	if (a->after_pager && d->pending.len > 0) {
		dialog_strip_wipe(&d->pending);
		a->after_pager = d->pending.len == 0;
		end = memrchr(d->pending.p, '\n', d->pending.len);
	}
	if (end != NULL) {
		lines = (size_t)(end - d->pending.p) + 1;
		if (pass_lines(d, a, (struct slice){ d->pending.p, lines }, e) < 0)
			return -1;
		dialog_keep_from(&d->pending, lines);
		a->mid_line = false;
	}
	if (d->pending.len > PROMPT_MAX && a->echoed) {
		if (let_go(d, a, false, e) < 0 || pass_on(d, a, str_slice(&d->pending), e) < 0)
			return -1;
		str_clear(&d->pending);
		a->mid_line = true;
	}
	return 0;
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

enum verdict { ANSWER_BROKEN = -1, ANSWER_OPEN, ANSWER_COMPLETE, ANSWER_LOOK_AGAIN };

static enum verdict judge_tail(struct dialog *d, struct answer *a, bool quiet, struct err *e)
{
	struct slice tail = str_slice(&d->pending);

	if (!a->echoed)
		return ANSWER_OPEN;
	if (!a->mid_line && is_prompt(d, tail)) {
		if (!dialog_nothing_follows(d, a->total == 0 && d->table->echoes ? EMPTY_MS : 0))
			return ANSWER_LOOK_AGAIN;
		d->configuring = patterns_find(d->config, tail, true, NULL) >= 0;
		str_clear(&d->pending);
		return let_go(d, a, true, e) < 0 ? ANSWER_BROKEN : ANSWER_COMPLETE;
	}
	if (!quiet || !ends_with_prompt(d, tail))
		return ANSWER_OPEN;
	if (let_go(d, a, false, e) < 0 || pass_on(d, a, slice_upto(tail, tail.len - d->prompt.len), e) < 0)
		return ANSWER_BROKEN;
	str_clear(&d->pending);
	return ANSWER_COMPLETE;
}

/* A question that is not the prompt.  Only what the caller expected is answered, once. */
static enum verdict judge_question(struct dialog *d, struct answer *a, int64_t deadline, struct err *e)
{
	const struct dialog_reply *reply = a->reply;
	struct slice tail = str_slice(&d->pending);
	struct patterns *expected;
	int fits;

	if (!a->echoed || a->mid_line || tail.len == 0 || tail.len > PROMPT_MAX ||
	    patterns_find(d->questions, tail, true, NULL) < 0)
		return ANSWER_OPEN;
	if (!dialog_nothing_follows(d, ASKED_MS))
		return ANSWER_LOOK_AGAIN;
	tail = str_slice(&d->pending);
	a->reply = NULL;
	if (reply == NULL)
		return err_set(e, ERR_NET, "the router asks \"%.*s\", which nothing here answers", (int)tail.len, tail.p);
	if (patterns_new((const char *const[]){ reply->question, NULL }, &expected, e) < 0)
		return ANSWER_BROKEN;
	fits = patterns_find(expected, tail, false, NULL);
	patterns_free(expected);
	if (fits < 0)
		return err_set(e, ERR_NET, "the router asks \"%.*s\", which was not expected", (int)tail.len, tail.p);
	if (let_go(d, a, false, e) < 0 || pass_on(d, a, tail, e) < 0 || dialog_type(d, reply->answer, true, deadline, e) < 0)
		return ANSWER_BROKEN;
	str_clear(&d->pending);
	a->mid_line = true;
	return ANSWER_LOOK_AGAIN;
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
		if (v == ANSWER_OPEN)
			v = judge_question(d, a, deadline, e);
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
		rc = dialog_read_more(d, until, e);
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

/* Keys come back one by one, a log line may have broken in between: what stands before and behind it is one. */
static bool echo_is_whole(struct slice seen, struct slice line)
{
	const char *nl = memchr(seen.p, '\n', seen.len), *last = memrchr(seen.p, '\n', seen.len);
	struct slice tail = last ? slice_from(seen, (size_t)(last - seen.p) + 1) : seen;
	size_t before;

	if (tail.len >= line.len)
		return memcmp(tail.p + tail.len - line.len, line.p, line.len) == 0;
	before = line.len - tail.len;
	return nl != NULL && (size_t)(nl - seen.p) >= before && memcmp(nl - before, line.p, before) == 0 &&
	       memcmp(tail.p, line.p + before, tail.len) == 0;
}

/* Types the line, and Enter only when the router has shown that it understood what was typed. */
static int type_and_compare(struct dialog *d, const char *line, int64_t deadline, struct err *e)
{
	int64_t until = clock_boot_ms() + ECHO_MS;
	int rc = 1;

	str_clear(&d->pending);
	if (dialog_type(d, line, false, deadline, e) < 0)
		return -1;
	while (!echo_is_whole(str_slice(&d->pending), slice_of(line))) {
		rc = dialog_read_more(d, until < deadline ? until : deadline, e);
		if (rc < 0)
			return -1;
		if (rc == 0)
			return err_set(e, ERR_NET, "the router did not repeat \"%.80s\" as it was typed: Enter was not pressed", line);
	}
	return dialog_type(d, "", true, deadline, e);
}

static int ask(struct dialog *d, struct answer *a, bool compare, int64_t deadline, struct err *e)
{
	struct str shown = { 0 }; /* the line as it must be in configuration mode */
	int rc;

	if (d->broken)
		return err_set(e, ERR_NET, "the CLI is out of step");
	if (check_line(a->line, e) < 0)
		return -1;
	if (!d->table->echoes)
		str_clear(&d->pending);
	a->echoed = !d->table->echoes;
	str_init(&a->held, PENDING_MAX + PROMPT_MAX);
	if (d->configuring && d->table->config_show != NULL && strncmp(a->line, "show ", 5) == 0) {
		str_init(&shown, 0);
		str_addf(&shown, "%s%s", d->table->config_show, a->line);
		a->line = shown.p;
	}
	rc = compare && d->table->echoes ? type_and_compare(d, a->line, deadline, e)
					 : dialog_type(d, a->line, true, deadline, e);
	if (rc == 0)
		rc = read_answer(d, a, deadline, e);
	str_fini(&a->held);
	str_fini(&shown);
	d->broken = rc < 0;
	return rc == 0 && a->device.code ? err_set(e, ERR_DEVICE, "%s", a->device.text) : rc;
}

int dialog_run(struct dialog *d, const char *line, const struct link_sink *sink, size_t ceiling,
    int64_t deadline, struct err *e)
{
	struct answer a = { .line = line, .sink = sink, .ceiling = ceiling };

	return ask(d, &a, false, deadline, e);
}

int dialog_act(struct dialog *d, const char *line, const struct dialog_reply *reply, const struct link_sink *sink,
    size_t ceiling, int64_t deadline, struct err *e)
{
	struct answer a = { .line = line, .reply = reply, .sink = sink, .ceiling = ceiling };

	return ask(d, &a, true, deadline, e);
}

bool dialog_broken(const struct dialog *d)
{
	return d->broken;
}

const char *dialog_prompt(const struct dialog *d)
{
	return d->prompt.p;
}
