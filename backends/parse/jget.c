/* Structured answers as a tree; see jget.h. */
#include "backends/parse/jget.h"
#include "backends/parse/jstream.h"
#include "backends/parse/refusal.h"
#include "backends/parse/words.h"

#include <string.h>

/* What is open at each depth of the path: a list is no node of its own, its elements hang below what it stands in,
 * under its name. */
struct tree {
	struct arena *a;
	struct jnode *root;
	struct jnode *open[JPATH_MAX + 1], *last[JPATH_MAX + 1]; /* last: its newest child */
	size_t owner[JPATH_MAX + 1];                             /* the depth whose `last` counts */
};

static struct slice name_at(const struct jpath *at)
{
	for (size_t i = at->depth; i > 0; i--)
		if (!slice_eq(at->key[i - 1], "[]"))
			return at->key[i - 1];
	return SLICE("item");
}

/* A child of what is open above; elements of one list share their name. */
static struct jnode *add(struct tree *t, const struct jpath *at)
{
	size_t up = at->depth > 0 ? t->owner[at->depth - 1] : 0;
	struct jnode *n = arena_alloc(t->a, sizeof(*n)), *before = t->last[up];
	struct slice name = name_at(at);

	n->name = before != NULL && slice_eq(name, before->name) ? before->name : arena_strndup(t->a, name.p, name.len);
	if (before == NULL)
		t->open[up]->down = n;
	else
		before->next = n;
	t->last[up] = n;
	return n;
}

static void enter(void *ctx, const struct jpath *at)
{
	struct tree *t = ctx;
	size_t d = at->depth;

	if (d == 0 || d > JPATH_MAX)
		return;
	if (at->array) {
		t->owner[d] = t->owner[d - 1];
		return;
	}
	t->open[d] = add(t, at);
	t->last[d] = NULL;
	t->owner[d] = d;
}

static void value(void *ctx, const struct jpath *at, const struct jvalue *v)
{
	struct tree *t = ctx;
	struct jnode *n;

	if (v->type == JNULL || at->depth == 0)
		return;
	n = add(t, at);
	n->text = (struct slice){ arena_strndup(t->a, v->text.p, v->text.len), v->text.len };
	if (slice_eq(at->key[at->depth - 1], "data"))
		t->open[t->owner[at->depth - 1]]->text = n->text;
}

/* From the first brace or bracket to the one that closes it: a CLI may have echoed the command before and printed a
 * prompt behind. */
static struct slice document(struct slice out)
{
	size_t from = 0, depth = 0;
	bool in_string = false;

	while (from < out.len && out.p[from] != '{' && out.p[from] != '[')
		from++;
	for (size_t i = from; i < out.len; i++) {
		char ch = out.p[i];

		if (in_string) {
			if (ch == '\\')
				i++;
			else if (ch == '"')
				in_string = false;
		} else if (ch == '"') {
			in_string = true;
		} else if (ch == '{' || ch == '[') {
			depth++;
		} else if ((ch == '}' || ch == ']') && --depth == 0) {
			return (struct slice){ out.p + from, i + 1 - from };
		}
	}
	return slice_from(out, from);
}

int jget_json(struct arena *a, struct slice out, struct jnode **root, struct err *e)
{
	static const struct jstream_ops ops = { .enter = enter, .value = value };
	struct slice body = document(out), head;
	struct err why = ERR_INIT;
	struct tree t = { .a = a };
	const char *to;

	if (body.len == 0)
		return refusal_or_not_found(out, "JSON", e);
	*root = t.root = t.open[0] = arena_alloc(a, sizeof(**root));
	(*root)->name = "";
	if (jstream_whole(&ops, &t, body, false, &why) == 0)
		return 0;
	to = memchr(body.p, '\n', (size_t)(out.p + out.len - body.p)); /* "Options are ['bgp']" is of the device's words */
	head = slice_upto(out, to != NULL ? (size_t)(to - out.p) : out.len);
	if (slice_trim(head).len > 0 && refusal_or_not_found(head, "JSON", e) != 0 && e != NULL && e->code == ERR_DEVICE)
		return -1;
	err_clear(e);
	return err_set(e, why.code, "the answer is no JSON: %s", why.text);
}

static const struct jnode *find(const struct jnode *from, const char *name, size_t n)
{
	for (; from != NULL; from = from->next)
		if (from->name[0] == name[0] && strncmp(from->name, name, n) == 0 && from->name[n] == '\0')
			return from;
	return NULL;
}

const struct jnode *jget(const struct jnode *n, const char *path)
{
	while (n != NULL) {
		const char *slash = strchr(path, '/');

		if (slash == NULL)
			return find(n->down, path, strlen(path));
		n = find(n->down, path, (size_t)(slash - path));
		path = slash + 1;
	}
	return NULL;
}

const struct jnode *jget_again(const struct jnode *n)
{
	return find(n->next, n->name, strlen(n->name));
}

struct slice jget_text(const struct jnode *n, const char *path)
{
	const struct jnode *at = jget(n, path);

	return at != NULL && at->text.p != NULL ? slice_trim(at->text) : SLICE("");
}

count_t jget_count(const struct jnode *n, const char *path)
{
	int64_t v;

	return word_count(jget_text(n, path), &v) ? v : COUNT_UNKNOWN;
}

enum tri jget_bool(const struct jnode *n, const char *path)
{
	struct slice s = jget_text(n, path);

	if (slice_eq(s, "true") || slice_eq(s, "True") || slice_eq(s, "1") || slice_eq(s, "yes"))
		return TRI_YES;
	if (slice_eq(s, "false") || slice_eq(s, "False") || slice_eq(s, "0") || slice_eq(s, "no"))
		return TRI_NO;
	return TRI_UNKNOWN;
}

asn_t jget_asn(const struct jnode *n, const char *path)
{
	asn_t as;

	return asn_parse(jget_text(n, path), &as) ? as : ASN_UNKNOWN;
}

struct addr jget_addr(const struct jnode *n, const char *path)
{
	struct addr a = { 0 };
	struct slice bare;

	if (word_is_address(jget_text(n, path), &bare))
		addr_parse(bare, &a);
	return a;
}
