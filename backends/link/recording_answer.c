/* The answers of one look; see recording.h. */
#include "backends/link/recording.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

static struct slice content(struct slice line)
{
	return slice_from(line, line.len > 1 && line.p[1] == ' ' ? 2 : line.len > 0 ? 1 : 0);
}

/* "@ done TIME", "@ not TIME CODE WORDS". */
static void take_ending(struct slice line, struct answer *a)
{
	struct scan c = scan_of(line);
	struct slice when, code;
	bool failed;

	scan_lit(&c, "@");
	scan_blanks(&c);
	failed = scan_lit(&c, "not ");
	if (!failed && !scan_lit(&c, "done "))
		return;
	a->told = true;
	if (!scan_word(&c, &when) || !clock_iso_read(when.p, when.len, &a->at_ms) || !failed)
		return;
	a->code = ERR_NET;
	if (scan_word(&c, &code))
		for (int i = ERR_USAGE; i <= ERR_CANCELLED; i++)
			if (slice_eq(code, err_code_word((enum err_code)i)))
				a->code = (enum err_code)i;
	a->words = slice_trim(scan_rest(&c));
}

/* Version 1: "# TIME poll ..." */
static void take_comment(struct slice line, struct answer_walk *w)
{
	struct scan c = scan_of(content(line));
	struct slice when;
	int64_t ms;

	if (scan_word(&c, &when) && clock_iso_read(when.p, when.len, &ms))
		w->before_ms = ms;
}

static bool find_question(struct answer_walk *w, struct scan *c, struct answer *a)
{
	struct slice line;

	while (scan_line(c, &line)) {
		if (line.len == 0)
			continue;
		if (line.p[0] == '#')
			take_comment(line, w);
		if (line.p[0] == '>') {
			a->question = content(line);
			a->at_ms = w->before_ms;
			return true;
		}
	}
	return false;
}

bool recording_answer(struct answer_walk *w, struct answer *out, struct str *text)
{
	struct scan c = scan_of(w->rest);
	struct slice line, said = { "", 0 };

	*out = (struct answer){ .words = { "", 0 } };
	str_clear(text);
	if (!find_question(w, &c, out))
		return false;
	for (;;) {
		struct scan before = c;

		if (!scan_line(&c, &line) || (line.len > 0 && line.p[0] == '>')) {
			w->rest = scan_rest(&before);
			break;
		}
		if (line.len == 0)
			continue;
		if (line.p[0] == '|') {
			str_add(text, content(line).p, content(line).len);
			str_putc(text, '\n');
		} else if (line.p[0] == '!' && said.len == 0) {
			said = content(line);
		} else if (line.p[0] == '@') {
			take_ending(line, out);
		} else if (line.p[0] == '#') {
			take_comment(line, w);
		}
	}
	if (out->code == ERR_NONE && said.len > 0 && text->len == 0) { /* version 1 knew no other way to say it */
		out->code = ERR_DEVICE;
		out->words = said;
	}
	return true;
}
