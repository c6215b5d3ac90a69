/* Lines of an answer on its way in; see lines.h. */
#include "backends/parse/lines.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_LEN = 65536, HEAD_MAX = 4096 };

struct lines {
	const struct lines_ops *ops;
	void *ctx;
	struct str part; /* of a line whose end has not come */
	struct str head;
};

static void give(struct lines *l, struct slice line)
{
	if (line.len > 0 && line.p[line.len - 1] == '\r')
		line.len--;
	l->ops->line(l->ctx, line);
}

static int feed(void *state, const char *p, size_t n, struct err *e)
{
	struct lines *l = state;
	const char *end;

	str_add(&l->head, p, n < HEAD_MAX - l->head.len ? n : HEAD_MAX - l->head.len);
	while ((end = memchr(p, '\n', n)) != NULL) {
		size_t len = (size_t)(end - p);

		if (l->part.len > 0) {
			if (str_add(&l->part, p, len) < 0)
				break;
			give(l, str_slice(&l->part));
			str_clear(&l->part);
		} else {
			give(l, (struct slice){ p, len });
		}
		p += len + 1;
		n -= len + 1;
	}
	if (end != NULL || str_add(&l->part, p, n) < 0)
		return err_set(e, ERR_LIMIT, "a line of the answer is longer than %d octets", LINE_MAX_LEN);
	return 0;
}

static void drop(void *state)
{
	struct lines *l = state;

	if (l->ops->free != NULL)
		l->ops->free(l->ctx);
	str_fini(&l->part);
	str_fini(&l->head);
	free(l);
}

static int finish(void *state, struct err *e)
{
	struct lines *l = state;
	int rc;

	if (l->part.len > 0)
		give(l, str_slice(&l->part));
	rc = l->ops->done(l->ctx, str_slice(&l->head), e);
	drop(l);
	return rc;
}

struct intake lines_intake(const struct lines_ops *ops, void *ctx)
{
	struct lines *l = MEM_NEW(struct lines);

	l->ops = ops;
	l->ctx = ctx;
	str_init(&l->part, LINE_MAX_LEN);
	str_init(&l->head, HEAD_MAX);
	return (struct intake){ l, feed, finish, drop };
}

int lines_whole(const struct lines_ops *ops, void *ctx, struct slice in, struct err *e)
{
	struct intake i = lines_intake(ops, ctx);

	if (i.feed(i.state, in.p, in.len, e) < 0) {
		i.drop(i.state);
		return -1;
	}
	return i.finish(i.state, e);
}
