/* JSON as it comes; see jstream.h. */
#include "backends/parse/jstream.h"
#include "backends/parse/jlex.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>

enum {
	WORDS_MAX = 200,     /* what a device says instead of JSON is kept up to this many octets */
	TOKEN_MAX = 8 << 20, /* octets of one string or number that comes in pieces */
};

/* What may stand next. */
enum expect {
	EXPECT_VALUE,  /* behind a colon, or a comma of a list */
	EXPECT_FIRST,  /* behind [ */
	EXPECT_MORE,   /* behind a value: a comma or the end; behind a document another one */
	EXPECT_KEY,    /* behind a comma of an object */
	EXPECT_MEMBER, /* behind { */
	EXPECT_COLON,
};

struct jstream {
	struct jlex lex;
	enum expect expect;
	unsigned long octets; /* of the pieces before this one */
	const char *piece;
	const struct jstream_ops *ops;
	void *ctx;
	struct jpath path;
	char keys[JPATH_OCTETS]; /* what path.key points into */
	size_t keys_used[JPATH_MAX + 1];
	bool in_array[JPATH_MAX + 1];
	size_t nesting; /* open objects and arrays; path.depth follows it */
	bool begun;     /* the first octet of JSON was seen */
	bool refused;   /* the answer is words */
	struct str words;
	const char *fault;
};

bool jvalue_int(const struct jvalue *v, int64_t *n)
{
	struct scan c = scan_of(v->text);
	bool neg = scan_lit(&c, "-");
	uint64_t u;

	if ((v->type != JNUMBER && v->type != JSTRING) || !scan_u64(&c, &u) || u > INT64_MAX)
		return false;
	if (scan_lit(&c, "."))
		while (scan_lit(&c, "0"))
			;
	if (!scan_done(&c))
		return false;
	*n = neg ? -(int64_t)u : (int64_t)u;
	return true;
}

bool jvalue_true(const struct jvalue *v)
{
	int64_t n;

	if (v->type == JBOOL || v->type == JSTRING)
		return slice_eq(v->text, "true");
	return jvalue_int(v, &n) && n != 0;
}

bool jfield_set(const struct jfield *fields, size_t count, struct slice key, void *row,
    const struct jvalue *v)
{
	for (size_t i = 0; i < count; i++)
		if (fields[i].len == key.len && memcmp(fields[i].name, key.p, key.len) == 0) {
			fields[i].set(row, v);
			return true;
		}
	return false;
}

bool jpath_is(const struct jpath *at, size_t from, const char *const *keys)
{
	size_t i = from;

	for (; *keys != NULL; keys++, i++)
		if (i >= at->depth || (strcmp(*keys, "*") != 0 && !slice_eq(at->key[i], *keys)))
			return false;
	return i == at->depth;
}

/* Sets the key at the present nesting; path.depth counts it. */
static int put_key(struct jstream *js, const char *p, size_t n)
{
	size_t level = js->nesting - 1, at = js->keys_used[level];

	if (n > sizeof(js->keys) - at) {
		js->fault = "keys too long";
		return 0;
	}
	memcpy(js->keys + at, p, n);
	js->path.key[level] = (struct slice){ js->keys + at, n };
	js->keys_used[level + 1] = at + n;
	js->path.depth = js->nesting;
	return 1;
}

/* In an object the key has been put by on_key; in an array each value stands at "[]". */
static int place(struct jstream *js)
{
	return js->nesting > 0 && js->in_array[js->nesting] ? put_key(js, "[]", 2) : 1;
}

static int hand_over(struct jstream *js, enum jtype type, const char *p, size_t n)
{
	struct jvalue v = { type, { p, n } };

	if (js->nesting == 0) { /* behind a document: "{} 5" */
		js->fault = "a value that is in nothing";
		return 0;
	}
	if (!place(js))
		return 0;
	if (js->ops->value != NULL)
		js->ops->value(js->ctx, &js->path, &v);
	return 1;
}

static int begin(struct jstream *js, bool array)
{
	if (!place(js))
		return 0;
	if (js->nesting == JPATH_MAX) {
		js->fault = "nested too deep";
		return 0;
	}
	js->path.array = array;
	if (js->ops->enter != NULL)
		js->ops->enter(js->ctx, &js->path);
	js->nesting++;
	js->in_array[js->nesting] = array;
	js->keys_used[js->nesting] = js->nesting > 1 ? js->keys_used[js->nesting - 1] : 0;
	return 1;
}

static int end(struct jstream *js)
{
	js->nesting--;
	js->path.depth = js->nesting;
	if (js->ops->leave != NULL)
		js->ops->leave(js->ctx, &js->path);
	return 1;
}

static int wrong(struct jstream *js, const char *why)
{
	js->fault = why;
	return 0;
}

/* A value where one may stand. */
static int on_value(struct jstream *js, enum jtoken t)
{
	const struct slice text = js->lex.text;

	js->expect = EXPECT_MORE;
	switch (t) {
	case JTOKEN_STRING:
		return hand_over(js, JSTRING, text.p, text.len);
	case JTOKEN_NUMBER:
		return hand_over(js, JNUMBER, text.p, text.len);
	case JTOKEN_TRUE:
		return hand_over(js, JBOOL, "true", 4);
	case JTOKEN_FALSE:
		return hand_over(js, JBOOL, "false", 5);
	case JTOKEN_NULL:
		return hand_over(js, JNULL, "null", 4);
	case JTOKEN_OPEN:
		js->expect = EXPECT_MEMBER;
		return begin(js, false);
	case JTOKEN_OPEN_LIST:
		js->expect = EXPECT_FIRST;
		return begin(js, true);
	default:
		return wrong(js, "a value was to come here");
	}
}

/* Behind a value. */
static int on_more(struct jstream *js, enum jtoken t)
{
	bool list = js->in_array[js->nesting];

	if (js->nesting == 0)
		return on_value(js, t); /* one more document */
	if (t == JTOKEN_COMMA) {
		js->expect = list ? EXPECT_VALUE : EXPECT_KEY;
		return 1;
	}
	return t == (list ? JTOKEN_CLOSE_LIST : JTOKEN_CLOSE) ? end(js) : wrong(js, "a comma or the end of this was to come here");
}

static int on_token(struct jstream *js, enum jtoken t)
{
	switch (js->expect) {
	case EXPECT_MORE:
		return on_more(js, t);
	case EXPECT_FIRST:
	case EXPECT_MEMBER:
		if (t == (js->expect == EXPECT_FIRST ? JTOKEN_CLOSE_LIST : JTOKEN_CLOSE)) {
			js->expect = EXPECT_MORE;
			return end(js);
		}
		if (js->expect == EXPECT_FIRST)
			return on_value(js, t);
		/* fall through */
	case EXPECT_KEY:
		js->expect = EXPECT_COLON;
		return t == JTOKEN_STRING ? put_key(js, js->lex.text.p, js->lex.text.len) : wrong(js, "a key was to come here");
	case EXPECT_COLON:
		js->expect = EXPECT_VALUE;
		return t == JTOKEN_COLON || wrong(js, "a colon was to come here");
	case EXPECT_VALUE:
		return on_value(js, t);
	}
	return 0;
}

struct jstream *jstream_new(const struct jstream_ops *ops, void *ctx)
{
	struct jstream *js = MEM_NEW(struct jstream);

	js->ops = ops;
	js->ctx = ctx;
	js->expect = EXPECT_MORE;
	jlex_init(&js->lex, TOKEN_MAX);
	str_init(&js->words, WORDS_MAX);
	return js;
}

void jstream_free(struct jstream *js)
{
	if (js == NULL)
		return;
	if (js->ops->free != NULL)
		js->ops->free(js->ctx);
	jlex_fini(&js->lex);
	str_fini(&js->words);
	free(js);
}

static int malformed(struct jstream *js, struct err *e)
{
	return err_set(e, ERR_PARSE, "unreadable JSON at octet %lu: %s", js->octets + (unsigned long)(js->lex.p - js->piece),
	    js->fault != NULL ? js->fault : js->lex.fault);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Looks at the first octet that is not a blank: JSON, or words. */
static void look(struct jstream *js, const char **p, size_t *n)
{
	while (*n > 0 && is_space(**p)) {
		++*p;
		--*n;
	}
	if (*n == 0)
		return;
	js->begun = true;
	js->refused = **p != '{' && **p != '[';
}

int jstream_feed(struct jstream *js, const char *p, size_t n, struct err *e)
{
	enum jtoken t;

	if (!js->begun)
		look(js, &p, &n);
	if (js->refused) {
		str_add(&js->words, p, n < WORDS_MAX - js->words.len ? n : WORDS_MAX - js->words.len);
		return 0;
	}
	if (js->fault != NULL || js->lex.fault != NULL)
		return malformed(js, e);
	js->piece = p;
	jlex_piece(&js->lex, p, n);
	while ((t = jlex_next(&js->lex)) != JTOKEN_MORE)
		if (t == JTOKEN_FAULT || !on_token(js, t))
			return malformed(js, e);
	js->octets += n;
	return 0;
}

/* A device may say several lines ("% Unknown command", a prompt): the first counts. */
static int refusal(struct jstream *js, struct err *e)
{
	struct scan c = scan_of(str_slice(&js->words));
	struct slice line = SLICE("");

	scan_line(&c, &line);
	line = slice_trim(line);
	return err_set(e, ERR_DEVICE, "the router says: %.*s", (int)line.len, line.p);
}

int jstream_finish(struct jstream *js, struct err *e)
{
	int rc = 0;

	if (!js->begun)
		rc = err_set(e, ERR_PARSE, "empty answer");
	else if (js->refused)
		rc = refusal(js, e);
	else if (js->fault != NULL || js->lex.fault != NULL)
		rc = malformed(js, e);
	else if (jlex_cut(&js->lex) || js->nesting > 0)
		rc = err_set(e, ERR_PARSE, "the JSON ends early, after %zu open brackets", js->nesting);
	else if (js->ops->done != NULL)
		rc = js->ops->done(js->ctx, e);
	jstream_free(js);
	return rc;
}

static int intake_feed(void *state, const char *p, size_t n, struct err *e)
{
	return jstream_feed(state, p, n, e);
}

static int intake_finish(void *state, struct err *e)
{
	return jstream_finish(state, e);
}

static void intake_drop(void *state)
{
	jstream_free(state);
}

struct intake jstream_intake(const struct jstream_ops *ops, void *ctx)
{
	return (struct intake){ jstream_new(ops, ctx), intake_feed, intake_finish, intake_drop };
}

/* From the first line that begins like JSON, if there is one. */
static struct slice past_lead(struct slice in)
{
	struct scan c = scan_of(in);
	struct slice line, t;

	while (scan_line(&c, &line)) {
		t = slice_trim(line);
		if (t.len > 0 && (t.p[0] == '{' || t.p[0] == '['))
			return (struct slice){ line.p, (size_t)(in.p + in.len - line.p) };
	}
	return in;
}

int jstream_whole(const struct jstream_ops *ops, void *ctx, struct slice in, bool lead, struct err *e)
{
	struct jstream *js = jstream_new(ops, ctx);

	if (lead)
		in = past_lead(in);
	if (jstream_feed(js, in.p, in.len, e) != 0) {
		jstream_free(js);
		return -1;
	}
	return jstream_finish(js, e);
}
