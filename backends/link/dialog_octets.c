/* Octets from and to a terminal, below lines and prompts; see dialog_priv.h. */
#include "backends/link/dialog_priv.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <string.h>

enum { READ_SIZE = 16384 };

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
void dialog_strip_wipe(struct str *s)
{
	size_t wiped = strspn(s->p, "\b\r ");

	while (wiped > 0 && s->p[wiped - 1] == ' ')
		wiped--;
	memmove(s->p, s->p + wiped, s->len - wiped + 1);
	s->len -= wiped;
}

void dialog_keep_from(struct str *s, size_t at)
{
	memmove(s->p, s->p + at, s->len - at + 1);
	s->len -= at;
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
int dialog_read_more(struct dialog *d, int64_t deadline, struct err *e)
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

/* A line may begin like the prompt: when more follows in the same moment, it is not one.  True if the answer ends. */
bool dialog_nothing_follows(struct dialog *d, int ms)
{
	struct err own = ERR_INIT;

	/* A connection that breaks after the prompt is the next question's trouble. */
	return dialog_read_more(d, clock_boot_ms() + ms, &own) <= 0;
}

int dialog_type(struct dialog *d, const char *line, bool enter, int64_t deadline, struct err *e)
{
	struct str typed;
	int rc;

	str_init(&typed, 0);
	str_puts(&typed, line);
	if (enter)
		str_putc(&typed, '\n');
	rc = typed.over ? err_set(e, ERR_LIMIT, "the line is too long")
			: d->c->link->ops->write(d->c, typed.p, typed.len, deadline, e);
	str_fini(&typed);
	return rc;
}
