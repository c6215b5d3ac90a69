/* Playing a transcript; see replay.h for its format. */
#include "backends/link/replay.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 16 << 20, TYPED_MAX = 64 * 1024 };

enum item_kind { ITEM_ASK, ITEM_TEXT, ITEM_STDERR, ITEM_PROMPT, ITEM_ECHO, ITEM_KEYS, ITEM_WAIT, ITEM_HANG, ITEM_CUT, ITEM_EXIT };

struct item {
	enum item_kind kind;
	const char *text; /* with its line end where it has one */
	size_t len;
	uint64_t number; /* times to say a text; milliseconds; status */
};

struct replay {
	struct link link;
	struct arena *arena;
	struct item *items;
	size_t count, cap;
	size_t last; /* record answered last: where the search goes on */
	size_t chunk, cut_after;
	uint64_t octets;
	bool echo, keys, lost;
};

struct replay_channel {
	struct channel channel;
	size_t at, from; /* item, octets of it already given (over all repetitions) */
	int64_t until;   /* of a wait that began; 0 none */
	int64_t gave_boot_ms; /* when it last said something: waits begin there, whenever the reader comes; 0 never */
	struct str typed, reply; /* reply: octets of no record, given first */
	const char *prompt;
	bool answered_prompt; /* the answer under way brought its own */
	int status;
};

#define REPLAY(l) ((struct replay *)(l))
#define CHANNEL(c) ((struct replay_channel *)(c))

static struct item *add_item(struct replay *r, enum item_kind kind)
{
	MEM_GROW(r->items, r->cap, r->count + 1);
	r->items[r->count] = (struct item){ .kind = kind, .text = "", .number = 1 };
	return &r->items[r->count++];
}

static void add_text(struct replay *r, enum item_kind kind, struct slice s, uint64_t times, bool line)
{
	struct item *it = add_item(r, kind);
	char *copy = arena_alloc(r->arena, s.len + 2);

	memcpy(copy, s.p, s.len);
	if (line)
		copy[s.len] = '\n';
	it->text = copy;
	it->len = s.len + (line ? 1 : 0);
	it->number = times;
}

static bool add_directive(struct replay *r, struct slice s)
{
	static const struct {
		const char *word;
		enum item_kind kind;
		bool number;
	} words[] = { { "echo", ITEM_ECHO, false }, { "keys", ITEM_KEYS, false }, { "wait", ITEM_WAIT, true }, { "hang", ITEM_HANG, false },
		{ "cut", ITEM_CUT, false }, { "exit", ITEM_EXIT, true } };
	static const char *const of_recordings[] = { "recording", "look", "done", "not", "end", "link" };
	struct scan c = scan_of(s);
	struct slice word;
	uint64_t n = 0;

	if (!scan_word(&c, &word))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(of_recordings); i++)
		if (slice_eq(word, of_recordings[i]))
			return true;
	if (slice_eq(word, "repeat")) {
		scan_blanks(&c);
		if (!scan_u64(&c, &n) || !scan_lit(&c, " "))
			return false;
		add_text(r, ITEM_TEXT, scan_rest(&c), n, true);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (!slice_eq(word, words[i].word))
			continue;
		scan_blanks(&c);
		if (words[i].number && !scan_u64(&c, &n))
			return false;
		add_item(r, words[i].kind)->number = n;
		return slice_trim(scan_rest(&c)).len == 0;
	}
	return false;
}

static bool add_line(struct replay *r, struct slice line)
{
	struct slice text;

	if (line.len == 0 || line.p[0] == '#')
		return true;
	text = slice_from(line, line.len > 1 && line.p[1] == ' ' ? 2 : 1);
	switch (line.p[0]) {
	case '>':
		add_text(r, ITEM_ASK, text, 1, false);
		return true;
	case '|':
		add_text(r, ITEM_TEXT, text, 1, true);
		return true;
	case '!':
		add_text(r, ITEM_STDERR, text, 1, true);
		return true;
	case '$':
		add_text(r, ITEM_PROMPT, text, 1, false);
		return true;
	case '@':
		return add_directive(r, text);
	default:
		return false;
	}
}

/* Index after the record of `ask`, searching on from the last one; 0 if there is none. */
static size_t find_record(struct replay *r, const char *ask)
{
	for (size_t i = 1; i <= r->count; i++) {
		size_t at = (r->last + i) % r->count;

		if (r->items[at].kind == ITEM_ASK && strcmp(r->items[at].text, ask) == 0) {
			r->last = at;
			return at + 1;
		}
	}
	return 0;
}

static struct replay_channel *chan_new(struct replay *r)
{
	struct replay_channel *c = MEM_NEW(struct replay_channel);

	c->channel.link = &r->link;
	c->at = r->count;
	str_init(&c->typed, TYPED_MAX);
	str_init(&c->reply, TYPED_MAX);
	return c;
}

static int op_exec(struct link *l, const char *command, int64_t deadline, struct channel **out,
    struct err *e)
{
	struct replay *r = REPLAY(l);
	struct replay_channel *c;
	size_t at = find_record(r, command);

	(void)deadline;
	if (r->lost)
		return err_set(e, ERR_NET, "connection lost");
	c = chan_new(r);
	if (at > 0) {
		c->at = at;
	} else {
		c->status = 127;
		add_text(r, ITEM_ASK, SLICE(""), 1, false);
		add_text(r, ITEM_STDERR, slice_of("not in the transcript: "), 1, false);
		add_text(r, ITEM_STDERR, slice_of(command), 1, true);
		c->at = r->count - 2;
	}
	*out = &c->channel;
	return 0;
}

static int op_shell(struct link *l, int cols, int rows, int64_t deadline, struct channel **out,
    struct err *e)
{
	(void)cols;
	(void)rows;
	return op_exec(l, "shell", deadline, out, e);
}

/* A whole typed line, if there is one, starts the next answer. */
static bool take_typed(struct replay *r, struct replay_channel *c)
{
	char *end = memchr(c->typed.p, '\n', c->typed.len);
	size_t n, at;

	if (end == NULL)
		return false;
	*end = '\0';
	n = (size_t)(end - c->typed.p) + 1;
	if (r->echo)
		str_addf(&c->reply, "%s\n", r->keys ? "" : c->typed.p);
	at = find_record(r, c->typed.p);
	c->answered_prompt = false;
	if (at == 0) {
		if (c->typed.p[0] != '\0')
			str_addf(&c->reply, "%% Unknown command: %s\n", c->typed.p);
		str_puts(&c->reply, c->prompt);
		c->answered_prompt = true;
		at = r->count;
	}
	c->at = at;
	c->from = 0;
	memmove(c->typed.p, c->typed.p + n, c->typed.len - n + 1);
	c->typed.len -= n;
	return true;
}

/* Octets of the present item from `from` on, at most n. */
static size_t give_text(struct replay_channel *c, const struct item *it, char *buf, size_t n)
{
	uint64_t all = (uint64_t)it->len * it->number;
	size_t got = 0, off;

	while (got < n && c->from < all) {
		size_t piece;

		off = c->from % it->len;
		piece = it->len - off < n - got ? it->len - off : n - got;
		memcpy(buf + got, it->text + off, piece);
		got += piece;
		c->from += piece;
	}
	if (c->from >= all) {
		c->at++;
		c->from = 0;
	}
	return got;
}

/* What was to come before the deadline has come, however late this thread runs again: so it is with a socket. */
static int silence(struct replay *r, int64_t until, int64_t deadline, struct err *e)
{
	struct pollfd none = { .fd = -1 };
	struct err waited = ERR_INIT;

	if (link_wait(&none, 1, r->link.cancel_fd, until < deadline ? until : deadline, "answer", &waited) < 0 &&
	    (waited.code != ERR_TIMEOUT || until > deadline))
		return err_set(e, waited.code, "%s", waited.text);
	return 0;
}

static int lose(struct replay *r, struct err *e)
{
	r->lost = true;
	return err_set(e, ERR_NET, "connection lost");
}

/* The end of an answer: the CLI waits for the next line, a command ends. 1 go on, 0 end of stream, -1 error. */
static int after_answer(struct replay *r, struct replay_channel *c, int64_t deadline, struct err *e)
{
	if (c->prompt == NULL)
		return 0;
	if (!c->answered_prompt) {
		str_puts(&c->reply, c->prompt);
		c->answered_prompt = true;
		return 1;
	}
	if (take_typed(r, c))
		return 1;
	return silence(r, INT64_MAX, deadline, e) < 0 ? -1 : 1;
}

/* What is not text. 1 go on, 0 end of stream, -1 error. */
static int act_on(struct replay *r, struct replay_channel *c, const struct item *it, int64_t deadline,
    struct err *e)
{
	switch (it->kind) {
	case ITEM_WAIT:
		if (c->until == 0)
			c->until = (c->gave_boot_ms > 0 ? c->gave_boot_ms : clock_boot_ms()) + (int64_t)it->number;
		if (silence(r, c->until, deadline, e) < 0)
			return -1;
		if (clock_boot_ms() < c->until)
			return 1;
		c->gave_boot_ms = c->until;
		c->until = 0;
		break;
	case ITEM_HANG:
		return silence(r, INT64_MAX, deadline, e) < 0 ? -1 : 1;
	case ITEM_CUT:
		return lose(r, e);
	case ITEM_EXIT:
		c->status = (int)it->number;
		c->at = r->count;
		c->prompt = NULL;
		return 0;
	case ITEM_ECHO:
		r->echo = true;
		break;
	case ITEM_KEYS:
		r->echo = r->keys = true;
		break;
	default:
		break;
	}
	c->at++;
	return 1;
}

static size_t limit(const struct replay *r, size_t n)
{
	if (r->chunk > 0 && n > r->chunk)
		n = r->chunk;
	if (r->cut_after - r->octets < n)
		n = r->cut_after - r->octets;
	return n;
}

static ssize_t op_read(struct channel *channel, char *buf, size_t n, bool *is_err, int64_t deadline,
    struct err *e)
{
	struct replay_channel *c = CHANNEL(channel);
	struct replay *r = REPLAY(channel->link);
	size_t got = 0;
	int rc;

	while (got == 0) {
		n = limit(r, n);
		if (r->lost || n == 0)
			return lose(r, e);
		*is_err = false;
		if (c->reply.len > 0) {
			got = c->reply.len < n ? c->reply.len : n;
			memcpy(buf, c->reply.p, got);
			memmove(c->reply.p, c->reply.p + got, c->reply.len - got + 1);
			c->reply.len -= got;
		} else if (c->at >= r->count || r->items[c->at].kind == ITEM_ASK) {
			rc = after_answer(r, c, deadline, e);
			if (rc <= 0)
				return rc;
		} else if (r->items[c->at].kind <= ITEM_PROMPT) {
			const struct item *it = &r->items[c->at];

			*is_err = it->kind == ITEM_STDERR;
			if (it->kind == ITEM_PROMPT) {
				c->prompt = it->text;
				c->answered_prompt = true;
			}
			got = give_text(c, it, buf, n);
		} else {
			rc = act_on(r, c, &r->items[c->at], deadline, e);
			if (rc <= 0)
				return rc;
		}
	}
	r->octets += got;
	c->gave_boot_ms = clock_boot_ms();
	return (ssize_t)got;
}

static int op_write(struct channel *channel, const char *p, size_t n, int64_t deadline, struct err *e)
{
	struct replay *r = REPLAY(channel->link);

	(void)deadline;
	if (r->lost)
		return err_set(e, ERR_NET, "connection lost");
	for (size_t i = 0; r->keys && i < n; i++)
		if (p[i] != '\n')
			str_putc(&CHANNEL(channel)->reply, p[i]);
	return str_add(&CHANNEL(channel)->typed, p, n) < 0 ? err_set(e, ERR_LIMIT, "too much was typed") : 0;
}

static int op_end(struct channel *channel)
{
	(void)channel;
	return 0;
}

static int op_status(struct channel *channel)
{
	return CHANNEL(channel)->status;
}

static void op_close(struct channel *channel)
{
	struct replay_channel *c = CHANNEL(channel);

	str_fini(&c->typed);
	str_fini(&c->reply);
	free(c);
}

static int op_pump(struct link *l, int wake_fd, int64_t until, struct err *e)
{
	struct pollfd wake = { .fd = wake_fd, .events = POLLIN };
	struct err waited = ERR_INIT;

	if (REPLAY(l)->lost)
		return err_set(e, ERR_NET, "connection lost");
	if (link_wait(&wake, 1, l->cancel_fd, until, "", &waited) < 0 && waited.code != ERR_TIMEOUT)
		return err_set(e, waited.code, "%s", waited.text);
	return 0;
}

static void op_describe(struct link *l, struct link_status *st)
{
	st->octets_in = REPLAY(l)->octets;
}

static void op_free(struct link *l)
{
	struct replay *r = REPLAY(l);

	arena_free(r->arena);
	free(r->items);
	free(r);
}

static const struct link_ops replay_ops = {
	.exec = op_exec,
	.shell = op_shell,
	.read = op_read,
	.write = op_write,
	.end = op_end,
	.status = op_status,
	.close = op_close,
	.pump = op_pump,
	.describe = op_describe,
	.free = op_free,
};

void replay_chunk(struct link *l, size_t n)
{
	REPLAY(l)->chunk = n;
}

void replay_cut_after(struct link *l, size_t n)
{
	REPLAY(l)->cut_after = n;
}

int replay_parse(const char *name, struct slice text, int cancel_fd, struct link **out, struct err *e)
{
	struct replay *r = MEM_NEW(struct replay);
	struct scan c = scan_of(text);
	struct slice line;
	size_t number = 0;

	r->link = (struct link){ .ops = &replay_ops, .cancel_fd = cancel_fd };
	r->arena = arena_new();
	r->cut_after = SIZE_MAX;
	while (scan_line(&c, &line)) {
		number++;
		if (!add_line(r, line)) {
			op_free(&r->link);
			return err_set(e, ERR_PARSE, "%s:%zu: not a line of a transcript", name, number);
		}
	}
	r->last = r->count > 0 ? r->count - 1 : 0; /* so that the first search begins at the top */
	*out = &r->link;
	return 0;
}

int replay_load(const char *path, int cancel_fd, struct link **out, struct err *e)
{
	char buf[16384];
	struct str text;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = -1;

	if (fd < 0)
		return err_errno(e, ERR_IO, "%s", path);
	str_init(&text, FILE_MAX);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (str_add(&text, buf, (size_t)n) < 0)
			break;
	if (n < 0)
		err_errno(e, ERR_IO, "%s", path);
	else if (text.over)
		err_set(e, ERR_LIMIT, "%s is longer than a transcript may be", path);
	else
		rc = replay_parse(path, str_slice(&text), cancel_fd, out, e);
	close(fd);
	str_fini(&text);
	return rc;
}
