/*
 * dialog - question and answer with a CLI that prompts.
 *
 * The prompt is learnt after login: a tail that looks like one, and that
 * comes again after an empty line (a banner does not).  From then on an
 * answer ends with exactly that prompt at the start of a line, or with the
 * same host's prompt in another mode ("r1# ", "r1(config)# ").  Where the far
 * side echoes, an answer begins after the echo of the question; whatever
 * stands before it (a late prompt, a syslog line) belongs to the past.
 *
 * FRR's vtysh on an exec channel without a terminal prompts and echoes too
 * (readline does, seen with 8.4.4); it shortens the echo of lines beyond 80
 * columns to their tail, so the tail of a long question is enough.
 *
 * After a failure other than ERR_DEVICE the two sides may be out of step: a
 * broken dialog refuses everything until it is closed and a new one opened.
 */
#ifndef PEERDECK_LINK_DIALOG_H
#define PEERDECK_LINK_DIALOG_H

#include "backends/link/link.h"
#include "core/model/driver.h"

struct dialog;

/* Takes the channel over, also on failure.  Learns the prompt and sends the setup lines (refusals are survived). */
int dialog_open(struct channel *c, const struct dialogue *d, int64_t deadline, struct dialog **out, struct err *e);
/* Goes to privileged mode, where the table has one and the prompt does not show it already.  The secret is sent only
 * to the prompt that the table names, alone on its line, and only once.  ERR_AUTH: refused. */
int dialog_enable(struct dialog *d, const char *secret, int64_t deadline, struct err *e);
/* Says good-bye without waiting, closes the channel, frees. NULL is fine. */
void dialog_close(struct dialog *d);

/* Types one line; the answer without echo and prompt goes into the sink as it comes.  ERR_DEVICE: one of its first
 * lines is an error line of the device (its words are the error's); the sink got the answer all the same.
 * ERR_LIMIT: longer than `ceiling`.  ERR_USAGE: the line holds control bytes or "?", which CLIs act upon at once. */
int dialog_run(struct dialog *d, const char *line, const struct link_sink *sink, size_t ceiling, int64_t deadline,
    struct err *e);
/* What a line may be asked back ("Proceed? [yes/no]"), and what is then typed; any other question stays unanswered. */
struct dialog_reply {
	const char *question; /* PCRE2 */
	const char *answer;
};
/* As dialog_run, for lines that change something.  Where the far side repeats keys, Enter is pressed only when what
 * came back is the line, so that a key lost on the way or a completion changes nothing.  `reply` may be NULL.  A
 * question that was not expected is left unanswered (ERR_NET with its words, and the dialog is broken): closing the
 * channel is what no router takes for a yes. */
int dialog_act(struct dialog *d, const char *line, const struct dialog_reply *reply, const struct link_sink *sink,
    size_t ceiling, int64_t deadline, struct err *e);
bool dialog_broken(const struct dialog *d);
const char *dialog_prompt(const struct dialog *d);

#endif
