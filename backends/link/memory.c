/* Answers of a look; see memory.h. */
#include "backends/link/memory.h"
#include "backends/link/dialog_match.h"
#include "core/base/scan.h"

#include <string.h>

enum { HEAD_MAX = 4096 };

/* Up to the next answer to the question. */
static bool seek(struct memory *m, const char *question, struct answer *a)
{
	while (recording_answer(&m->walk, a, &m->answer))
		if (slice_eq(a->question, question))
			return true;
	return false;
}

/* As cli finds it: a line that is one of the device's complaints. */
static int find_refusal(const struct memory *m, struct err *e)
{
	struct scan c = scan_of(slice_upto(str_slice(&m->answer), HEAD_MAX < m->answer.len ? HEAD_MAX : m->answer.len));
	struct slice line;

	while (m->errors != NULL && scan_line(&c, &line))
		if (patterns_find(m->errors, line, false, NULL) >= 0) {
			line = slice_trim(line);
			return err_set(e, ERR_DEVICE, "%.*s", (int)(line.len < 400 ? line.len : 400), line.p);
		}
	return 0;
}

static int give(void *ctx, const char *question, const struct link_sink *sink, int64_t *at_ms, struct err *e)
{
	struct memory *m = ctx;
	struct answer a;

	if (m->look == NULL && m->find != NULL) {
		const struct look *l = m->find(m->find_ctx, question);

		if (l != NULL && memory_open(m, l, e) < 0)
			return -1;
	}
	if (m->look == NULL)
		return err_set(e, m->missing, "not in the recording: %.200s", question);
	if (!seek(m, question, &a)) {
		m->walk = (struct answer_walk){ .rest = str_slice(&m->text) };
		if (!seek(m, question, &a))
			return err_set(e, m->missing, "not in the recording: %.200s", question);
	}
	*at_ms = a.at_ms > 0 ? a.at_ms : m->look->end_ms;
	if (m->answer.over)
		return err_set(e, ERR_LIMIT, "the recorded answer is too long");
	if (m->answer.len > 0 && sink->take(sink->ctx, m->answer.p, m->answer.len, e) < 0)
		return -1;
	if (a.code != ERR_NONE)
		return err_set(e, a.code, "%.*s", (int)(a.words.len < 400 ? a.words.len : 400), a.words.p);
	return a.told ? 0 : find_refusal(m, e);
}

void memory_init(struct memory *m, const struct recording *r, const struct driver *driver, enum err_code missing)
{
	*m = (struct memory){ .give = { give, m }, .recording = r, .driver = driver, .missing = missing };
	str_init(&m->text, RECORDING_LOOK_MAX);
	str_init(&m->answer, RECORDING_LOOK_MAX);
	if (driver->dialogue != NULL && patterns_new(driver->dialogue->errors, &m->errors, NULL) < 0)
		m->errors = NULL;
}

void memory_fini(struct memory *m)
{
	str_fini(&m->text);
	str_fini(&m->answer);
	patterns_free(m->errors);
}

int memory_open(struct memory *m, const struct look *l, struct err *e)
{
	str_clear(&m->text);
	m->look = l;
	if (recording_text(m->recording, l, &m->text, e) < 0)
		return -1;
	m->walk = (struct answer_walk){ .rest = str_slice(&m->text) };
	return 0;
}
