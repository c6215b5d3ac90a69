/* Templates read, and letters composed; see letter.h. */
#include "core/judge/letter.h"
#include "core/base/scan.h"
#include "core/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEMPLATE_MAX = 64 * 1024, LETTER_MAX = 256 * 1024, SUBJECT_MAX = 400 };

const struct letter_place_info letter_places[PLACES] = {
	[PLACE_OUR_AS] = { "our_as", "our AS number: AS64500" },
	[PLACE_OUR_NAME] = { "our_name", "mail { name } of the configuration" },
	[PLACE_OPERATOR] = { "operator", "who writes: operator of the configuration" },
	[PLACE_PEER_AS] = { "peer_as", "the peer's AS number" },
	[PLACE_PEER_NAME] = { "peer_name", "the peer's name" },
	[PLACE_CONTACT] = { "contact", "name of the rung written to" },
	[PLACE_OUR_ADDRESS] = { "our_address", "our address of the session" },
	[PLACE_PEER_ADDRESS] = { "peer_address", "the peer's address" },
	[PLACE_EXCHANGE] = { "exchange", "name of the exchange" },
	[PLACE_ROUTER] = { "router", "our router" },
	[PLACE_FAMILY] = { "family", "address family" },
	[PLACE_SESSIONS] = { "sessions", "a paragraph a session: addresses, AS numbers, exchange, state" },
	[PLACE_STATE] = { "state", "state of the session in words" },
	[PLACE_SINCE] = { "since", "since when it is so" },
	[PLACE_REASON] = { "reason", "why the session is down" },
	[PLACE_EVIDENCE] = { "evidence", "what the router shows: last error, counters" },
	[PLACE_WHAT_WE_DID] = { "what_we_did", "suspended or withdrawn, when" },
	[PLACE_WHY_WE_DID] = { "why_we_did", "the reason given for it" },
	[PLACE_LIMIT] = { "limit", "our prefix limit" },
	[PLACE_PUBLISHED] = { "published", "the prefix limit that PeeringDB shows" },
	[PLACE_CLAUSE] = { "clause", "what our policy asks, of a clause that is not met" },
	[PLACE_REMEDY] = { "remedy", "what would put it right" },
	[PLACE_WHERE] = { "where", "the place of an incident: exchange EXAMPLE-IX" },
	[PLACE_SUMMARY] = { "summary", "an incident in one line: how many sessions, where" },
	[PLACE_INCIDENT] = { "incident", "name of the incident: I-20261120-0312-4f1" },
	[PLACE_TICKET] = { "ticket", "our ticket" },
	[PLACE_NOW] = { "now", "the time of writing" },
	[PLACE_FROM] = { "from", "begin of a maintenance" },
	[PLACE_UNTIL] = { "until", "its end; of an action: until when it is held" },
	[PLACE_WORK] = { "work", "what is done in a maintenance" },
};

const char *letter_builtin(const char *name)
{
	for (const struct letter_builtin *b = letter_builtins; b->name != NULL; b++)
		if (strcmp(b->name, name) == 0)
			return b->text;
	return NULL;
}

/* ---- reading ---- */

static int place_find(struct slice name)
{
	for (int i = 0; i < PLACES; i++)
		if (slice_eq(name, letter_places[i].name))
			return i;
	return -1;
}

static int unknown_place(struct slice name, struct err *e)
{
	struct str known;
	int rc;

	str_init(&known, 400);
	for (int i = 0; i < PLACES; i++)
		str_addf(&known, "%s%s", i ? " " : "", letter_places[i].name);
	rc = err_set(e, ERR_CONFIG, "{%.*s} is no place; there are: %s", (int)(name.len < 40 ? name.len : 40), name.p, known.p);
	str_fini(&known);
	return rc;
}

/* Every place of a line is known, every brace and bracket closed. */
static int check_line(struct slice line, struct err *e)
{
	struct scan c = scan_of(line);
	bool optional = false;

	while (!scan_done(&c)) {
		if (scan_lit(&c, "[[")) {
			if (optional)
				return err_set(e, ERR_CONFIG, "[[ stands within [[");
			optional = true;
		} else if (scan_lit(&c, "]]")) {
			if (!optional)
				return err_set(e, ERR_CONFIG, "]] without [[");
			optional = false;
		} else if (scan_lit(&c, "{")) {
			struct slice inside, name;
			struct scan in;

			if (!scan_until(&c, '}', &inside))
				return err_set(e, ERR_CONFIG, "{ is not closed");
			scan_lit(&c, "}");
			in = scan_of(inside);
			scan_until(&in, '|', &name);
			if (place_find(name) < 0)
				return unknown_place(name, e);
		} else {
			c.p++;
		}
	}
	return optional ? err_set(e, ERR_CONFIG, "[[ is not closed in its line") : 0;
}

int letter_parse(struct arena *a, const char *name, const char *file, const char *text, struct letter_template *out,
    struct err *e)
{
	struct scan c = scan_of(slice_of(text));
	struct slice line;
	struct str body;
	unsigned number = 0;
	int rc = -1;

	*out = (struct letter_template){ .name = arena_strdup(a, name) };
	str_init(&body, TEMPLATE_MAX);
	while (scan_line(&c, &line)) {
		struct err why = ERR_INIT;

		number++;
		if (line.len > 0 && line.p[0] == '#' && body.len == 0)
			continue;
		if (check_line(line, &why) != 0) {
			err_set(e, ERR_CONFIG, "%s:%u: %s", file, number, why.text);
			goto out;
		}
		if (out->subject == NULL && slice_starts(line, "Subject:")) {
			struct slice subject = slice_trim(slice_from(line, 8));

			out->subject = arena_strndup(a, subject.p, subject.len);
		} else if (out->subject == NULL && line.len > 0) {
			err_set(e, ERR_CONFIG, "%s:%u: a template begins with \"Subject: ...\" and an empty line", file, number);
			goto out;
		} else if (out->subject != NULL && (body.len > 0 || line.len > 0)) {
			str_add(&body, line.p, line.len);
			str_putc(&body, '\n');
		}
	}
	if (out->subject == NULL || body.len == 0 || body.over) {
		err_set(e, ERR_CONFIG, "%s: %s", file, body.over ? "longer than 64 KiB" : "has no subject or no text");
		goto out;
	}
	out->body = arena_strdup(a, body.p);
	rc = 0;
out:
	str_fini(&body);
	return rc;
}

/* 1 read, 0 not there, -1 error. */
static int read_override(const char *path, char **text, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n, got = 0;

	*text = NULL;
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : err_errno(e, ERR_IO, "%s", path);
	*text = mem_calloc(TEMPLATE_MAX + 1, 1);
	while (got < TEMPLATE_MAX && (n = read(fd, *text + got, (size_t)(TEMPLATE_MAX - got))) > 0)
		got += n;
	close(fd);
	return 1;
}

int letter_load(struct arena *a, const char *dir, const char *name, struct letter_template *out, struct err *e)
{
	char *path = NULL, *text = NULL;
	const char *builtin = letter_builtin(name);
	int rc = 0;

	if (*name == '\0' || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(name))
		return err_set(e, ERR_USAGE, "\"%.40s\" is no name of a template: small letters, digits and -", name);
	if (dir != NULL) {
		path = mem_printf("%s/%s.letter", dir, name);
		rc = read_override(path, &text, e);
	}
	if (rc > 0) {
		rc = letter_parse(a, name, path, text, out, e);
	} else if (rc == 0 && builtin != NULL) {
		rc = letter_parse(a, name, name, builtin, out, e);
	} else if (rc == 0) {
		struct str known;

		str_init(&known, 300);
		for (const struct letter_builtin *b = letter_builtins; b->name != NULL; b++)
			str_addf(&known, " %s", b->name);
		rc = err_set(e, ERR_USAGE, "there is no template \"%s\"; shipped are:%s", name, known.p);
		str_fini(&known);
	}
	free(path);
	free(text);
	return rc;
}

/* ---- composing ---- */

/* Appends a piece with its places filled in; false if one of them is not known: then `out` is as before. */
static bool fill(struct slice piece, const struct letter_facts *f, struct str *out);

static bool fill_place(struct slice inside, const struct letter_facts *f, struct str *out)
{
	struct scan in = scan_of(inside);
	struct slice name;
	bool otherwise;
	const char *value;
	int place;

	otherwise = scan_until(&in, '|', &name);
	place = place_find(name);
	value = place >= 0 ? f->value[place] : NULL;
	if (value != NULL && *value != '\0') {
		str_puts(out, value);
	} else if (otherwise) {
		scan_lit(&in, "|");
		str_add(out, in.p, (size_t)(in.end - in.p));
	} else {
		return false;
	}
	return true;
}

static void back_to(struct str *out, size_t len)
{
	out->len = len;
	out->p[len] = '\0';
}

static bool fill(struct slice piece, const struct letter_facts *f, struct str *out)
{
	struct scan c = scan_of(piece);
	size_t before = out->len;
	struct slice inside;

	while (!scan_done(&c)) {
		if (scan_lit(&c, "[[")) {
			const char *from = c.p;
			ptrdiff_t end = slice_find((struct slice){ c.p, (size_t)(c.end - c.p) }, "]]");

			if (end < 0)
				break;
			fill((struct slice){ from, (size_t)end }, f, out);
			c.p = from + end + 2;
		} else if (scan_lit(&c, "{")) {
			scan_until(&c, '}', &inside);
			scan_lit(&c, "}");
			if (!fill_place(inside, f, out)) {
				back_to(out, before);
				return false;
			}
		} else {
			str_putc(out, *c.p++);
		}
	}
	return true;
}

/* A place can hold lines; a subject is one. */
static void one_line(struct str *s)
{
	for (size_t i = 0; i < s->len; i++)
		if ((unsigned char)s->p[i] < ' ')
			s->p[i] = ' ';
	if (s->len > SUBJECT_MAX)
		back_to(s, text_fit(s->p, SUBJECT_MAX / 2, NULL));
}

void letter_compose(const struct letter_template *t, const struct letter_facts *f, struct str *subject, struct str *body)
{
	struct scan c = scan_of(slice_of(t->body));
	struct slice line;

	if (!fill(slice_of(t->subject), f, subject))
		str_puts(subject, "(a fact of the subject is not known)");
	one_line(subject);
	while (scan_line(&c, &line) && body->len < LETTER_MAX) {
		size_t before = body->len;

		/* a line of one optional piece that is not there leaves no empty line behind */
		if (!fill(line, f, body) || (body->len == before && line.len > 0))
			continue;
		if (line.len == 0 && (before == 0 || (before > 1 && body->p[before - 1] == '\n' && body->p[before - 2] == '\n')))
			continue; /* what stood between two empty lines was left out */
		str_putc(body, '\n');
	}
}
