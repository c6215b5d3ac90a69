/* Typing, echo, paging, and the faults of the way out; see terminal.h. */
#include "tests/sim/terminal.h"
#include "tests/sim/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ANSWER_MAX = 64 << 20, PIECE = 8192 };

const char *terminal_log_path;

static void pause_ms(long ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static void log_line(const struct terminal *t, const char *line)
{
	FILE *f = terminal_log_path != NULL ? fopen(terminal_log_path, "ae") : NULL;

	if (f == NULL)
		return;
	fprintf(f, "%s\t%s\n", t->shell.mode->name, t->shell.mode->noecho ? "********" : line);
	fclose(f);
}

/* ---- out ---- */

static void send_raw(struct terminal *t, const char *p, size_t n)
{
	if (t->stuck || t->cut)
		return;
	if (t->send(t->ctx, p, n) < 0)
		t->cut = true;
	t->sent += n;
}

/* How many octets may go before something happens. */
static size_t until_fault(const struct terminal *t, size_t n)
{
	static const enum fault_kind at[] = { FAULT_CUT, FAULT_HALF_OPEN };

	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		if (faults[at[i]].on && t->sent + n > (unsigned long)faults[at[i]].arg)
			n = t->sent >= (unsigned long)faults[at[i]].arg ? 0 : (size_t)faults[at[i]].arg - t->sent;
	if (faults[FAULT_SLOW].on && n > 1)
		n = 1;
	if (faults[FAULT_SYSLOG].on && faults[FAULT_SYSLOG].arg > 0) {
		size_t every = (size_t)faults[FAULT_SYSLOG].arg, left = every - t->sent % every;

		n = n > left ? left : n;
	}
	return n;
}

static void log_in_between(struct terminal *t)
{
	struct str s;

	str_init(&s, 0);
	shell_words(&t->shell, "\r\n*Nov 20 03:12:45.123: %LINEPROTO-5-UPDOWN: Line protocol changed state to up\r\n", &s);
	if (!t->stuck && !t->cut && t->send(t->ctx, s.p, s.len) < 0)
		t->cut = true;
	str_fini(&s);
}

static void out(struct terminal *t, const char *p, size_t n)
{
	while (n > 0 && !t->stuck && !t->cut) {
		size_t now = until_fault(t, n < PIECE ? n : PIECE);

		if (now == 0) {
			t->cut = fault_take(FAULT_CUT);
			t->stuck = !t->cut && fault_take(FAULT_HALF_OPEN);
			continue;
		}
		if (faults[FAULT_SLOW].on)
			pause_ms(faults[FAULT_SLOW].arg);
		send_raw(t, p, now);
		if (faults[FAULT_SYSLOG].on && faults[FAULT_SYSLOG].arg > 0 &&
		    t->sent % (unsigned long)faults[FAULT_SYSLOG].arg == 0 && fault_take(FAULT_SYSLOG))
			log_in_between(t);
		p += now;
		n -= now;
	}
}

/* Line ends as on a terminal. */
static void out_text(struct terminal *t, const char *p, size_t n)
{
	struct str s;

	str_init(&s, ANSWER_MAX);
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n' && t->pty)
			str_putc(&s, '\r');
		str_putc(&s, p[i]);
	}
	out(t, s.p, s.len);
	str_fini(&s);
}

static void prompt(struct terminal *t)
{
	struct str s;

	if (t->shell.closed || faults[FAULT_NO_PROMPT].on)
		return;
	if (faults[FAULT_CHANGED_PROMPT].on && t->commands == (unsigned)faults[FAULT_CHANGED_PROMPT].arg &&
	    fault_take(FAULT_CHANGED_PROMPT))
		record_set(&t->shell.vars, "host", "renamed");
	if (faults[FAULT_SYSLOG].on && faults[FAULT_SYSLOG].arg == 0 && fault_take(FAULT_SYSLOG))
		log_in_between(t);
	str_init(&s, 0);
	shell_prompt(&t->shell, &s);
	out_text(t, s.p, s.len);
	str_fini(&s);
}

/* ---- pager ---- */

/* The next page; the question behind it while something remains. */
static void next_page(struct terminal *t)
{
	const char *p = t->paged.p + t->paged_at;
	size_t n = 0;

	for (unsigned lines = 0; p[n] != '\0' && lines < t->shell.router->script->pager_lines; n++)
		lines += p[n] == '\n';
	out_text(t, p, n);
	t->paged_at += n;
	if (p[n] != '\0') {
		out(t, record_get(&t->shell.vars, "pager"), strlen(record_get(&t->shell.vars, "pager")));
		return;
	}
	str_clear(&t->paged);
	t->paged_at = 0;
	prompt(t);
}

static void pager_key(struct terminal *t, char key)
{
	out(t, "\r                              \r", 32);
	if (key != ' ' && key != '\r' && key != '\n') {
		str_clear(&t->paged);
		t->paged_at = 0;
		prompt(t);
		return;
	}
	next_page(t);
}

static void answer(struct terminal *t, struct str *text)
{
	if (t->shell.pager && text->len > 0) {
		str_add(&t->paged, text->p, text->len);
		t->paged_at = 0;
		next_page(t);
		return;
	}
	out_text(t, text->p, text->len);
	prompt(t);
}

/* ---- commands ---- */

static void flood(struct terminal *t)
{
	char row[80];
	int n = snprintf(row, sizeof(row), "%-70s\r\n", "192.0.2.1 4 64501 1 1 1 0 0 00:00:01 17");

	for (long left = faults[FAULT_FLOOD].arg; left > 0 && !t->cut && !t->stuck; left -= n)
		out(t, row, (size_t)n);
	fault_take(FAULT_FLOOD);
}

static bool is_pager_command(const char *line)
{
	return strstr(line, "length") != NULL || strstr(line, "more") != NULL;
}

static bool begins(const char *line, const char *with)
{
	return strncmp(line, with, strlen(with)) == 0;
}

/* A commit that changes something, in a session or at its name: "configure session x commit". */
static bool is_commit(const char *line)
{
	return (begins(line, "commit") && !begins(line, "commit check") && !begins(line, "commit validate")) ||
	       (begins(line, "configure session ") && strstr(line, " commit") != NULL);
}

static bool enters_configuration(const char *line)
{
	return (begins(line, "configure") || begins(line, "edit-config") || begins(line, "enter candidate") ||
	    strcmp(line, "system-view") == 0) && strstr(line, " abort") == NULL;
}

/* True: a fault has answered. */
static bool answered_by_fault(struct terminal *t, const char *line, struct str *text)
{
	bool shows = strncmp(line, "show", 4) == 0 || strncmp(line, "display", 7) == 0 || line[0] == '/';

	if (faults[FAULT_HANG].on && t->commands == (unsigned)faults[FAULT_HANG].arg && fault_take(FAULT_HANG))
		t->stuck = true;
	else if (faults[FAULT_RELOAD].on && t->commands == (unsigned)faults[FAULT_RELOAD].arg && fault_take(FAULT_RELOAD))
		t->reload = t->cut = true;
	else if ((faults[FAULT_ERROR].on && t->commands == (unsigned)faults[FAULT_ERROR].arg &&
	    fault_take(FAULT_ERROR)) || (faults[FAULT_PAGER_REFUSED].on && is_pager_command(line)))
		shell_line(&t->shell, "no-such-command-here", text);
	else if (faults[FAULT_COMMIT_REFUSED].on && is_commit(line) && fault_take(FAULT_COMMIT_REFUSED))
		shell_says(&t->shell, "commit_refused", text);
	else if (faults[FAULT_LOCKED].on && enters_configuration(line) && fault_take(FAULT_LOCKED))
		shell_says(&t->shell, "locked", text);
	else if (faults[FAULT_AUTH_FAILED].on)
		str_puts(text, "% Authorization failed\n");
	else if (faults[FAULT_FLOOD].on && shows)
		flood(t);
	else
		return false;
	return true;
}

static void command(struct terminal *t, const char *line, struct str *text)
{
	struct router *r = t->shell.router;

	pthread_mutex_lock(&r->lock);
	log_line(t, line);
	if (line[0] != '\0')
		t->commands++;
	if (line[0] == '\0' || !answered_by_fault(t, line, text))
		shell_line(&t->shell, line, text);
	if (t->reload)
		router_reload(r);
	pthread_mutex_unlock(&r->lock);
}

/* Keys are repeated as they come. */
static void echo_keys(struct terminal *t)
{
	size_t from = t->echoed;

	t->echoed = t->line.len;
	if (!t->pty || faults[FAULT_NO_ECHO].on || t->shell.mode->noecho || from >= t->line.len)
		return;
	if (faults[FAULT_LATE_ECHO].on)
		pause_ms(faults[FAULT_LATE_ECHO].arg);
	out(t, t->line.p + from, t->line.len - from);
}

static void echo(struct terminal *t)
{
	echo_keys(t);
	t->echoed = 0;
	if (!t->pty || faults[FAULT_NO_ECHO].on)
		return;
	out(t, "\r\n", 2);
	if (faults[FAULT_DUP_ECHO].on && t->line.len > 0 && !t->shell.mode->noecho) {
		prompt(t);
		out(t, t->line.p, t->line.len);
		out(t, "\r\n", 2);
	}
}

static void enter(struct terminal *t)
{
	struct str text;

	str_init(&text, ANSWER_MAX);
	echo(t);
	command(t, t->line.p, &text);
	str_clear(&t->line);
	answer(t, &text);
	str_fini(&text);
}

static void key(struct terminal *t, char c)
{
	if (t->paged.len > 0)
		pager_key(t, c);
	else if (c == '\n' || c == '\r')
		enter(t);
	else if (c == '?' || c == '\t')
		log_line(t, c == '?' ? "HELP" : "TAB"); /* CLIs act on these at once: no console may send them */
	else
		str_putc(&t->line, c);
}

void terminal_type(struct terminal *t)
{
	for (size_t i = 0; i < t->in.len && !t->stuck && !t->cut && !t->shell.closed; i++) {
		if (t->in.p[i] == '\n' && i > 0 && t->in.p[i - 1] == '\r')
			continue;
		key(t, t->in.p[i]);
	}
	echo_keys(t);
	str_clear(&t->in);
}

void terminal_exec(struct terminal *t, const char *line)
{
	struct str text;

	str_init(&text, ANSWER_MAX);
	command(t, line, &text);
	out_text(t, text.p, text.len);
	str_fini(&text);
}

void terminal_greet(struct terminal *t)
{
	struct str s;

	str_init(&s, 0);
	shell_banner(&t->shell, &s);
	out_text(t, s.p, s.len);
	str_fini(&s);
	prompt(t);
}

void terminal_init(struct terminal *t, struct router *r, bool pty, bool exec)
{
	*t = (struct terminal){ .pty = pty };
	shell_init(&t->shell, r, exec);
	str_init(&t->in, 0);
	str_init(&t->line, 0);
	str_init(&t->paged, ANSWER_MAX);
}

void terminal_fini(struct terminal *t)
{
	shell_fini(&t->shell);
	str_fini(&t->in);
	str_fini(&t->line);
	str_fini(&t->paged);
}
