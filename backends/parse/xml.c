/* XML as a tree; see xml.h. */
#include "backends/parse/xml.h"
#include "backends/parse/refusal.h"

#include <expat.h>
#include <limits.h>
#include <stdlib.h>
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

/* "syntax error, expecting <command>." is no XML. */
static bool refused_in_words(struct slice out, struct slice body)
{
	struct scan c = scan_of(out);
	struct slice line;

	while (scan_line(&c, &line) && line.p <= body.p)
		if (refusal_line(line))
			return true;
	return false;
}

int xml_tree(struct arena *a, struct slice out, struct jnode **root, struct err *e)
{
	struct builder b = { .a = a };
	struct slice body = past_echo(out);
	enum XML_Status st;
	int rc = 0;

	if (body.len == 0 || body.len > INT_MAX || refused_in_words(out, body))
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

enum { HEAD_MAX = 4096, TEXT_OCTETS = 65536 };

struct stream {
	const struct jstream_ops *ops;
	void *ctx;
	XML_Parser parser;
	struct jpath at;
	char keys[JPATH_OCTETS]; /* the names of `at` */
	size_t keys_used;
	struct str text; /* of the innermost element, from its last child on */
	struct str head; /* until the first element comes */
	bool begun, ended, refused;
};

static void stop(struct stream *s, bool refused)
{
	s->refused = s->refused || refused;
	XML_StopParser(s->parser, XML_FALSE);
}

static void stream_start(void *user, const XML_Char *name, const XML_Char **attrs)
{
	struct stream *s = user;
	const char *word = bare(name);
	size_t len = strlen(word);

	(void)attrs;
	if (s->at.depth == JPATH_MAX || len > sizeof(s->keys) - s->keys_used) {
		stop(s, true);
		return;
	}
	s->at.key[s->at.depth++] = (struct slice){ memcpy(s->keys + s->keys_used, word, len), len };
	s->keys_used += len;
	str_clear(&s->text);
	if (s->ops->enter != NULL)
		s->ops->enter(s->ctx, &s->at);
}

static void stream_end(void *user, const XML_Char *name)
{
	struct stream *s = user;
	struct jvalue v = { JSTRING, slice_trim(str_slice(&s->text)) };

	(void)name;
	if (v.text.len > 0 && s->ops->value != NULL)
		s->ops->value(s->ctx, &s->at, &v);
	if (s->ops->leave != NULL)
		s->ops->leave(s->ctx, &s->at);
	str_clear(&s->text);
	s->at.depth--;
	s->keys_used -= s->at.key[s->at.depth].len;
	if (s->at.depth == 0) {
		s->ended = true;
		stop(s, false);
	}
}

static void stream_text(void *user, const XML_Char *words, int n)
{
	str_add(&((struct stream *)user)->text, words, (size_t)n);
}

static void stream_doctype(void *user, const XML_Char *name, const XML_Char *sys, const XML_Char *pub, int sub)
{
	(void)name, (void)sys, (void)pub, (void)sub;
	stop(user, true);
}

static int stream_parse(struct stream *s, struct slice in, struct err *e)
{
	enum { PIECE = 1 << 20 };

	while (in.len > 0 && !s->ended) {
		struct slice piece = slice_upto(in, PIECE);

		in = slice_from(in, piece.len);
		if (s->refused || (XML_Parse(s->parser, piece.p, (int)piece.len, 0) != XML_STATUS_OK && !s->ended))
			return err_set(e, ERR_PARSE, "unreadable XML in line %lu",
			    (unsigned long)XML_GetCurrentLineNumber(s->parser));
	}
	return 0;
}

static int stream_feed(void *state, const char *p, size_t n, struct err *e)
{
	struct stream *s = state;
	struct slice in = { p, n }, body;
	size_t room = HEAD_MAX - s->head.len;

	if (s->begun)
		return stream_parse(s, in, e);
	str_add(&s->head, p, n < room ? n : room);
	body = past_echo(str_slice(&s->head));
	if (body.len == 0)
		return 0;
	s->begun = true;
	if (stream_parse(s, body, e) != 0)
		return -1;
	return n > room ? stream_parse(s, slice_from(in, room), e) : 0;
}

static void stream_drop(void *state)
{
	struct stream *s = state;

	if (s->ops->free != NULL)
		s->ops->free(s->ctx);
	XML_ParserFree(s->parser);
	str_fini(&s->text);
	str_fini(&s->head);
	free(s);
}

static int stream_finish(void *state, struct err *e)
{
	struct stream *s = state;
	int rc = 0;

	if (!s->begun)
		rc = refusal_or_not_found(str_slice(&s->head), "XML", e);
	else if (!s->ended)
		rc = err_set(e, ERR_PARSE, "the XML ends early, after %zu open elements", s->at.depth);
	else if (s->ops->done != NULL)
		rc = s->ops->done(s->ctx, e);
	stream_drop(s);
	return rc;
}

struct intake xml_intake(const struct jstream_ops *ops, void *ctx)
{
	struct stream *s = MEM_NEW(struct stream);

	s->ops = ops;
	s->ctx = ctx;
	s->parser = XML_ParserCreate(NULL);
	if (s->parser == NULL)
		abort();
	str_init(&s->text, TEXT_OCTETS);
	str_init(&s->head, HEAD_MAX);
	XML_SetUserData(s->parser, s);
	XML_SetElementHandler(s->parser, stream_start, stream_end);
	XML_SetCharacterDataHandler(s->parser, stream_text);
	XML_SetStartDoctypeDeclHandler(s->parser, stream_doctype);
	return (struct intake){ s, stream_feed, stream_finish, stream_drop };
}
