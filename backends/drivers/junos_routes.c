/*
 * Routes of Junos as they come, in whichever of its three forms; see junos_read.h.
 *
 * XML and JSON have the same names; JSON wraps each of them in an array and each word in an object:
 *
 *     <rt><rt-destination>10.0.0.0/8</rt-destination><rt-entry><nh><to>192.0.2.1</to></nh>
 *         <as-path>65001 I</as-path></rt-entry></rt>
 *     "rt":[{"rt-destination":[{"data":"10.0.0.0/8"}],"rt-entry":[{"nh":[{"to":[{"data":"192.0.2.1"}]}], ...
 */
#include "backends/drivers/junos_read.h"
#include "backends/parse/jstream.h"
#include "backends/parse/xml.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD_MAX = 4096, PREFIX_OCTETS = 256, PATH_OCTETS = 65536 };

struct routes {
	struct route_out *out;
	bool seen;
	size_t entry; /* depth of the path that is being read; 0: none */
	struct str prefix, length, hop, path;
};

/* The innermost name: places in arrays and the "data" around a word are none. */
static struct slice name_of(const struct jpath *at)
{
	size_t i = at->depth;

	while (i > 0 && (slice_eq(at->key[i - 1], "[]") || slice_eq(at->key[i - 1], "data")))
		i--;
	return i > 0 ? at->key[i - 1] : SLICE("");
}

static void enter(void *ctx, const struct jpath *at)
{
	struct routes *t = ctx;
	struct slice name = name_of(at);

	if (at->array)
		return;
	if (slice_eq(name, "route-information")) {
		t->seen = true;
	} else if (slice_eq(name, "rt")) {
		str_clear(&t->prefix);
		str_clear(&t->length);
	} else if (slice_eq(name, "rt-entry")) {
		t->entry = at->depth;
		str_clear(&t->hop);
		str_clear(&t->path);
	}
}

static void keep_first(struct str *to, struct slice words)
{
	if (to->len == 0)
		str_add(to, words.p, words.len);
}

static void value(void *ctx, const struct jpath *at, const struct jvalue *v)
{
	struct routes *t = ctx;
	struct slice name = name_of(at);

	if (v->type != JSTRING && v->type != JNUMBER)
		return;
	if (slice_eq(name, "rt-destination"))
		keep_first(&t->prefix, v->text);
	else if (slice_eq(name, "rt-prefix-length"))
		keep_first(&t->length, v->text);
	else if (t->entry != 0 && (slice_eq(name, "to") || slice_eq(name, "bgp-next-hop") ||
	    slice_eq(name, "protocol-nh")))
		keep_first(&t->hop, v->text);
	else if (t->entry != 0 && slice_eq(name, "as-path"))
		keep_first(&t->path, v->text);
}

/* "AS path: 65001 65002 I" of a detailed answer, "65001 65002 I" of another: without those words and the origin. */
static struct slice plain_path(struct slice path)
{
	struct scan c = scan_of(slice_trim(path));

	scan_lit(&c, "AS path:");
	scan_until(&c, '\n', &path);
	path = slice_trim(path);
	if (path.len > 0 && strchr("IE?", path.p[path.len - 1]) != NULL && (path.len == 1 || path.p[path.len - 2] == ' '))
		path.len--;
	return slice_trim(path);
}

static void leave(void *ctx, const struct jpath *at)
{
	struct routes *t = ctx;

	if (t->entry == 0 || at->depth != t->entry)
		return;
	t->entry = 0;
	if (t->length.len > 0 && memchr(t->prefix.p, '/', t->prefix.len) == NULL)
		str_addf(&t->prefix, "/%s", t->length.p);
	route_out_row(t->out, t->prefix.len > 0, str_slice(&t->prefix), str_slice(&t->hop), plain_path(str_slice(&t->path)));
}

static int done(void *ctx, struct err *e)
{
	struct routes *t = ctx;

	return t->seen ? 0 : err_set(e, ERR_PARSE, "no route-information in the answer");
}

static void routes_free(void *ctx)
{
	struct routes *t = ctx;

	str_fini(&t->prefix);
	str_fini(&t->length);
	str_fini(&t->hop);
	str_fini(&t->path);
	free(t);
}

static const struct jstream_ops ops = { enter, value, leave, done, routes_free };

static struct routes *routes_new(struct route_out *out)
{
	struct routes *t = MEM_NEW(struct routes);

	t->out = out;
	str_init(&t->prefix, PREFIX_OCTETS);
	str_init(&t->length, 16);
	str_init(&t->hop, PREFIX_OCTETS);
	str_init(&t->path, PATH_OCTETS);
	return t;
}

/* The answer before it is known which form it has. */
struct either {
	struct route_out *out;
	struct intake in; /* once it is; its state NULL before */
	struct str head;
};

static bool begins_xml(struct slice line)
{
	return line.len > 1 && line.p[0] == '<' && (line.p[1] == '?' || (line.p[1] | 0x20) >= 'a');
}

/* "{" or "{\"route-information\"": "{master:0}" is a line of its prompt. */
static bool begins_json(struct slice line)
{
	struct slice rest = line.len > 0 && line.p[0] == '{' ? slice_trim(slice_from(line, 1)) : SLICE("no");

	return rest.len == 0 || rest.p[0] == '"';
}

static struct intake intake_for(struct either *s, struct slice line)
{
	if (begins_xml(line))
		return xml_intake(&ops, routes_new(s->out));
	if (begins_json(line))
		return jstream_intake(&ops, routes_new(s->out));
	return slice_find(line, " destinations, ") > 0 ? junos_text_routes_intake(s->out) : (struct intake){ 0 };
}

/* Opens the reader of the form once a line tells it and feeds it that line and what was held behind it.  A line that is
 * not whole tells nothing, unless no more can be held or there is no more (`all`). */
static int choose(struct either *s, bool all, struct err *e)
{
	struct slice held = str_slice(&s->head), line;
	struct scan c = scan_of(held);
	const char *from = held.p;

	all = all || held.len == HEAD_MAX;
	while (s->in.state == NULL && scan_line(&c, &line))
		if (all || !scan_done(&c) || held.p[held.len - 1] == '\n') {
			s->in = intake_for(s, slice_trim(line));
			from = line.p;
		}
	if (s->in.state == NULL && all) {
		s->in = junos_text_routes_intake(s->out);
		from = held.p;
	}
	return s->in.state != NULL ? s->in.feed(s->in.state, from, (size_t)(held.p + held.len - from), e) : 0;
}

static int either_feed(void *state, const char *p, size_t n, struct err *e)
{
	struct either *s = state;
	size_t room = HEAD_MAX - s->head.len, part = n < room ? n : room;

	if (s->in.state == NULL) {
		str_add(&s->head, p, part);
		p += part;
		n -= part;
		if (choose(s, false, e) != 0)
			return -1;
	}
	return s->in.state != NULL && n > 0 ? s->in.feed(s->in.state, p, n, e) : 0;
}

static void either_free(struct either *s)
{
	str_fini(&s->head);
	free(s);
}

static void either_drop(void *state)
{
	struct either *s = state;

	if (s->in.state != NULL)
		s->in.drop(s->in.state);
	either_free(s);
}

static int either_finish(void *state, struct err *e)
{
	struct either *s = state;
	int rc;

	if (s->in.state == NULL && choose(s, true, e) != 0) {
		either_drop(s);
		return -1;
	}
	rc = s->in.finish(s->in.state, e);
	either_free(s);
	return rc;
}

struct intake junos_routes_intake(struct route_out *out)
{
	struct either *s = MEM_NEW(struct either);

	s->out = out;
	str_init(&s->head, HEAD_MAX);
	return (struct intake){ s, either_feed, either_finish, either_drop };
}

int junos_routes(struct report *r, struct slice text, struct err *e)
{
	struct route_out out = route_out_report(r);
	struct intake in = junos_routes_intake(&out);
	int rc = in.feed(in.state, text.p, text.len, e);

	if (rc == 0)
		rc = in.finish(in.state, e);
	else
		in.drop(in.state);
	route_out_report_end(&out);
	return rc;
}
