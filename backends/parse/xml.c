/* XML as a tree; see xml.h. */
#include "backends/parse/xml.h"
#include "backends/parse/refusal.h"

#include <expat.h>
#include <limits.h>
#include <string.h>

enum { DEPTH_MAX = 64 };

struct builder {
	struct arena *a;
	struct jnode *open[DEPTH_MAX];
	struct jnode *last[DEPTH_MAX]; /* last child of open[i] */
	size_t depth;
	struct str text; /* of the innermost element */
	bool refused;
	XML_Parser parser;
};

static const char *bare(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon != NULL ? colon + 1 : name;
}

static struct jnode *add(struct builder *b, const char *name)
{
	struct jnode *n = arena_alloc(b->a, sizeof(*n)), **last = &b->last[b->depth];

	n->name = name;
	if (*last == NULL)
		b->open[b->depth]->down = n;
	else
		(*last)->next = n;
	*last = n;
	return n;
}

static void on_start(void *user, const XML_Char *name, const XML_Char **attrs)
{
	struct builder *b = user;
	struct jnode *n = add(b, arena_strdup(b->a, bare(name)));

	if (b->depth + 1 == DEPTH_MAX) {
		b->refused = true;
		XML_StopParser(b->parser, XML_FALSE);
		return;
	}
	b->depth++;
	b->open[b->depth] = n;
	b->last[b->depth] = NULL;
	str_clear(&b->text);
	for (; *attrs != NULL; attrs += 2) {
		struct jnode *at = add(b, arena_printf(b->a, "@%s", bare(attrs[0])));

		at->text = slice_of(arena_strdup(b->a, attrs[1]));
	}
}

static void on_end(void *user, const XML_Char *name)
{
	struct builder *b = user;
	struct slice text = slice_trim(str_slice(&b->text));

	(void)name;
	if (text.len > 0)
		b->open[b->depth]->text = (struct slice){ arena_strndup(b->a, text.p, text.len), text.len };
	str_clear(&b->text);
	b->depth--;
	if (b->depth == 0)
		XML_StopParser(b->parser, XML_FALSE); /* a prompt may stand behind the end */
}

static void on_text(void *user, const XML_Char *s, int n)
{
	str_add(&((struct builder *)user)->text, s, (size_t)n);
}

static void on_doctype(void *user, const XML_Char *name, const XML_Char *sys, const XML_Char *pub, int sub)
{
	struct builder *b = user;

	(void)name, (void)sys, (void)pub, (void)sub;
	b->refused = true;
	XML_StopParser(b->parser, XML_FALSE);
}

static struct slice past_echo(struct slice out)
{
	for (size_t i = 0; i + 1 < out.len; i++)
		if (out.p[i] == '<' && (out.p[i + 1] == '?' || out.p[i + 1] == '_' ||
		    (out.p[i + 1] >= 'A' && out.p[i + 1] <= 'Z') || (out.p[i + 1] >= 'a' && out.p[i + 1] <= 'z')))
			return slice_from(out, i);
	return SLICE("");
}

int xml_tree(struct arena *a, struct slice out, struct jnode **root, struct err *e)
{
	struct builder b = { .a = a };
	struct slice body = past_echo(out);
	enum XML_Status st;
	int rc = 0;

	if (body.len == 0 || body.len > INT_MAX)
		return refusal_or_not_found(out, "XML", e);
	b.open[0] = *root = arena_alloc(a, sizeof(**root));
	(*root)->name = "";
	b.parser = XML_ParserCreate(NULL);
	str_init(&b.text, 0);
	XML_SetUserData(b.parser, &b);
	XML_SetElementHandler(b.parser, on_start, on_end);
	XML_SetCharacterDataHandler(b.parser, on_text);
	XML_SetStartDoctypeDeclHandler(b.parser, on_doctype);
	st = XML_Parse(b.parser, body.p, (int)body.len, 1);
	if (b.refused)
		rc = err_set(e, ERR_PARSE, "the answer is XML of a kind that no router sends");
	else if (st != XML_STATUS_OK && (b.depth > 0 || (*root)->down == NULL))
		rc = err_set(e, ERR_PARSE, "the answer is no XML: line %lu: %s",
		    (unsigned long)XML_GetCurrentLineNumber(b.parser),
		    XML_ErrorString(XML_GetErrorCode(b.parser)));
	XML_ParserFree(b.parser);
	str_fini(&b.text);
	return rc;
}
