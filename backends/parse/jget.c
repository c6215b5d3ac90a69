/* Structured answers as a tree; see jget.h. */
#include "backends/parse/jget.h"
#include "backends/parse/refusal.h"
#include "backends/parse/words.h"

#include <jansson.h>
#include <string.h>

static struct jnode *add(struct arena *a, struct jnode *to, struct jnode **last, const char *name)
{
	struct jnode *n = arena_alloc(a, sizeof(*n));

	n->name = name;
	if (*last == NULL)
		to->down = n;
	else
		(*last)->next = n;
	*last = n;
	return n;
}

static void take(struct arena *a, struct jnode *n, const json_t *v);

static void take_scalar(struct arena *a, struct jnode *n, const json_t *v)
{
	const char *s;

	switch (json_typeof(v)) {
	case JSON_STRING:
		s = arena_strndup(a, json_string_value(v), json_string_length(v));
		n->text = (struct slice){ s, json_string_length(v) };
		break;
	case JSON_INTEGER:
		n->text = slice_of(arena_printf(a, "%lld", (long long)json_integer_value(v)));
		break;
	case JSON_REAL:
		n->text = slice_of(arena_printf(a, "%.6f", json_real_value(v)));
		break;
	case JSON_TRUE:
		n->text = SLICE("true");
		break;
	case JSON_FALSE:
		n->text = SLICE("false");
		break;
	default:
		break;
	}
}

/* Members of an object as children; those of a list stand side by side under the list's name. */
static void take_members(struct arena *a, struct jnode *n, struct jnode **last, const char *name,
    const json_t *v)
{
	size_t i;
	json_t *item;

	if (!json_is_array(v)) {
		if (!json_is_null(v))
			take(a, add(a, n, last, name), v);
		return;
	}
	json_array_foreach(v, i, item)
		take_members(a, n, last, name, item);
}

static void take(struct arena *a, struct jnode *n, const json_t *v)
{
	struct jnode *last = NULL;
	const char *key;
	json_t *member;

	if (!json_is_object(v) && !json_is_array(v)) {
		take_scalar(a, n, v);
		return;
	}
	if (json_is_array(v)) {
		take_members(a, n, &last, "item", v);
		return;
	}
	json_object_foreach((json_t *)v, key, member) {
		if (strcmp(key, "data") == 0 && !json_is_object(member) && !json_is_array(member))
			take_scalar(a, n, member);
		take_members(a, n, &last, arena_strdup(a, key), member);
	}
}

/* From the first brace or bracket on: a CLI may have echoed the command. */
static struct slice past_echo(struct slice out)
{
	for (size_t i = 0; i < out.len; i++)
		if (out.p[i] == '{' || out.p[i] == '[')
			return slice_from(out, i);
	return SLICE("");
}

int jget_json(struct arena *a, struct slice out, struct jnode **root, struct err *e)
{
	struct slice body = past_echo(out);
	json_error_t why;
	json_t *v;

	if (body.len == 0)
		return refusal_or_not_found(out, "JSON", e);
	v = json_loadb(body.p, body.len, JSON_DISABLE_EOF_CHECK, &why);
	if (v == NULL) {
		struct slice head = slice_upto(out, (size_t)(body.p - out.p));

		if (slice_trim(head).len > 0 && refusal_or_not_found(head, "JSON", e) != 0 && e != NULL &&
		    e->code == ERR_DEVICE)
			return -1;
		err_clear(e);
		return err_set(e, ERR_PARSE, "the answer is no JSON: line %d: %s", why.line, why.text);
	}
	*root = arena_alloc(a, sizeof(**root));
	(*root)->name = "";
	take(a, *root, v);
	json_decref(v);
	return 0;
}

static const struct jnode *find(const struct jnode *from, const char *name, size_t n)
{
	for (; from != NULL; from = from->next)
		if (strncmp(from->name, name, n) == 0 && from->name[n] == '\0')
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
