/* JSON as it comes; see jstream.h. */
#include "backends/parse/jstream.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

/* What a device says instead of JSON is kept up to this many octets. */
enum { WORDS_MAX = 200 };

struct jstream {
	yajl_handle yajl;
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
	const char *fault; /* ours, not yajl's */
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

static int on_null(void *ctx)
{
	return hand_over(ctx, JNULL, "null", 4);
}

static int on_bool(void *ctx, int b)
{
	return hand_over(ctx, JBOOL, b ? "true" : "false", b ? 4 : 5);
}

static int on_number(void *ctx, const char *p, size_t n)
{
	return hand_over(ctx, JNUMBER, p, n);
}

static int on_string(void *ctx, const unsigned char *p, size_t n)
{
	return hand_over(ctx, JSTRING, (const char *)p, n);
}

static int on_key(void *ctx, const unsigned char *p, size_t n)
{
	return put_key(ctx, (const char *)p, n);
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

static int end(void *ctx)
{
	struct jstream *js = ctx;

	js->nesting--;
	js->path.depth = js->nesting;
	if (js->ops->leave != NULL)
		js->ops->leave(js->ctx, &js->path);
	return 1;
}

static int on_map(void *ctx)
{
	return begin(ctx, false);
}

static int on_array(void *ctx)
{
	return begin(ctx, true);
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null, .yajl_boolean = on_bool, .yajl_number = on_number,
	.yajl_string = on_string, .yajl_start_map = on_map, .yajl_map_key = on_key,
	.yajl_end_map = end, .yajl_start_array = on_array, .yajl_end_array = end,
};

struct jstream *jstream_new(const struct jstream_ops *ops, void *ctx)
{
	struct jstream *js = MEM_NEW(struct jstream);

	js->ops = ops;
	js->ctx = ctx;
	js->yajl = yajl_alloc(&callbacks, NULL, js);
	if (js->yajl == NULL)
		abort();
	yajl_config(js->yajl, yajl_allow_multiple_values, 1);
	yajl_config(js->yajl, yajl_dont_validate_strings, 1);
	str_init(&js->words, WORDS_MAX);
	return js;
}

void jstream_free(struct jstream *js)
{
	if (js == NULL)
		return;
	if (js->ops->free != NULL)
		js->ops->free(js->ctx);
	yajl_free(js->yajl);
	str_fini(&js->words);
	free(js);
}

static int malformed(struct jstream *js, struct err *e)
{
	unsigned long at = (unsigned long)yajl_get_bytes_consumed(js->yajl);
	unsigned char *why;

	if (js->fault != NULL)
		return err_set(e, ERR_PARSE, "unreadable JSON at octet %lu: %s", at, js->fault);
	why = yajl_get_error(js->yajl, 0, NULL, 0);
	err_set(e, ERR_PARSE, "unreadable JSON at octet %lu: %s", at, (const char *)why);
	yajl_free_error(js->yajl, why);
	return -1;
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
	if (!js->begun)
		look(js, &p, &n);
	if (js->refused) {
		str_add(&js->words, p, n < WORDS_MAX - js->words.len ? n : WORDS_MAX - js->words.len);
		return 0;
	}
	if (n > 0 && yajl_parse(js->yajl, (const unsigned char *)p, n) != yajl_status_ok)
		return malformed(js, e);
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
	else if (yajl_complete_parse(js->yajl) != yajl_status_ok || js->nesting > 0)
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
