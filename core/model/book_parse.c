/*
 * The contact book's files; peerdeck-contacts(5) describes them for who writes them.
 *
 *	ours {                          our own escalation
 *		contact Lead { ... }
 *	}
 *	exchange "X-IX" {               people of a place; facility "FR5" { likewise
 *		contact NOC { ... }
 *	}
 *	network AS64501 "Alpha" {
 *		tags = transit-free, content
 *		warn = do not suspend without asking Kim
 *		contact NOC {
 *			phone = +49 30 5550 100
 *		}
 *		port "PNI Frankfurt" { speed = 100G }     each key on its own line
 *	}
 *
 * The grammar looks like peerdeck.conf's, but it is our own: there a mistake
 * must stop the program, here it must cost one line and no more.
 */
#include "core/base/scan.h"
#include "core/model/book_priv.h"

#include <string.h>

enum { LINE_MAX_OCTETS = 1024 };
enum block { IN_FILE, IN_NETWORK, IN_OURS, IN_VENUE, IN_CONTACT, IN_PORT, IN_SKIPPED };

struct reader {
	struct book *book;
	const char *file;
	unsigned line;
	enum block stack[8]; /* what is open; stack[0] is the file */
	unsigned opened[8];  /* in which line */
	int depth;
	int skipped;         /* how deep in what is not understood */
	asn_t asn;           /* of the network that is open */
	struct text venue;   /* of the place that is open; unknown: a network */
	struct book_contact contact;
	struct book_port port;
};

static void fault(struct reader *r, const char *words)
{
	book_fault(r->book, "%s:%u: %s", r->file, r->line, words);
}

/* Takes the quotes off a value; what follows them may only be a comment. */
static int unquote(struct slice *v, struct err *e)
{
	const char *end;
	struct slice rest;

	if (v->len == 0 || v->p[0] != '"')
		return 0;
	end = memchr(v->p + 1, '"', v->len - 1);
	if (end == NULL)
		return err_set(e, ERR_CONFIG, "the quote is not closed");
	rest = slice_trim((struct slice){ end + 1, (size_t)(v->p + v->len - end - 1) });
	if (rest.len > 0 && rest.p[0] != '#')
		return err_set(e, ERR_CONFIG, "something stands behind the closing quote");
	*v = (struct slice){ v->p + 1, (size_t)(end - v->p - 1) };
	return 0;
}

static void open_block(struct reader *r, enum block what)
{
	r->depth++;
	r->stack[r->depth] = what;
	r->opened[r->depth] = r->line;
}

/* What is open now: a network, ours, a place. */
static struct book_network *owner(struct reader *r)
{
	return text_known(r->venue) ? book_venue_get(r->book, r->venue.s) : book_network_get(r->book, r->asn);
}

static void close_contact(struct reader *r)
{
	struct book_network *n = owner(r);
	struct book_contact *c = &r->contact;
	char key[BOOK_KEY_LEN];

	book_new_key(n, c->role.s, key);
	c->key = text_safez(r->book->arena, key);
	MEM_GROW(n->contacts, n->contact_cap, n->contact_count + 1);
	n->contacts[n->contact_count++] = *c;
}

static void close_block(struct reader *r)
{
	enum block what = r->stack[r->depth];

	if (what == IN_CONTACT) {
		close_contact(r);
	} else if (what == IN_PORT) {
		struct book_network *n = owner(r);

		MEM_GROW(n->ports, n->port_cap, n->port_count + 1);
		n->ports[n->port_count++] = r->port;
	}
	r->depth--;
}

static int open_network(struct reader *r, struct slice title, struct err *e)
{
	struct scan c = scan_of(title);
	struct slice word, name;
	asn_t asn;

	if (!scan_word(&c, &word) || !asn_parse(word, &asn) || asn == ASN_UNKNOWN)
		return err_set(e, ERR_CONFIG, "network \"%.*s\": allowed is an AS number, AS64501, and a name behind it",
		    (int)(title.len < 60 ? title.len : 60), title.p);
	name = slice_trim(scan_rest(&c));
	if (unquote(&name, e) != 0)
		return -1;
	r->asn = asn;
	r->venue = (struct text){ NULL };
	if (name.len > 0)
		book_network_get(r->book, asn)->name = text_safe(r->book->arena, name);
	else
		book_network_get(r->book, asn);
	open_block(r, IN_NETWORK);
	return 0;
}

static int open_venue(struct reader *r, struct slice word, struct slice name, struct err *e)
{
	if (unquote(&name, e) != 0)
		return -1;
	if (name.len == 0)
		return err_set(e, ERR_CONFIG, "%.*s needs a name, as PeeringDB has it: %.*s \"X\" {", (int)word.len, word.p, (int)word.len,
		    word.p);
	r->asn = ASN_UNKNOWN;
	r->venue = text_safez(r->book->arena, arena_printf(r->book->arena, "%.*s %.*s", (int)word.len, word.p, (int)name.len, name.p));
	book_venue_get(r->book, r->venue.s);
	open_block(r, IN_VENUE);
	return 0;
}

static bool opens_top(struct slice word)
{
	return slice_eq(word, "network") || slice_eq(word, "ours") || slice_eq(word, "exchange") || slice_eq(word, "facility");
}

static int open_within(struct reader *r, struct slice word, struct slice title, struct err *e)
{
	if (unquote(&title, e) != 0)
		return -1;
	if (title.len == 0)
		return err_set(e, ERR_CONFIG, "%.*s needs a %s: %s", (int)word.len, word.p,
		    slice_eq(word, "port") ? "place" : "role", slice_eq(word, "port") ? "port \"PNI Frankfurt\" {" : "contact NOC {");
	if (slice_eq(word, "contact")) {
		book_contact_init(&r->contact);
		r->contact.role = text_safe(r->book->arena, title);
		r->contact.file = text_safez(r->book->arena, r->file);
		r->contact.line = r->line;
		open_block(r, IN_CONTACT);
	} else {
		r->port = (struct book_port){ .where = text_safe(r->book->arena, title), .speed_mbit = -1 };
		open_block(r, IN_PORT);
	}
	return 0;
}

/* `head` is the line without its "{". */
static int take_open(struct reader *r, struct slice head, struct err *e)
{
	struct scan c = scan_of(head);
	struct slice word, title;
	enum block in = r->stack[r->depth];

	scan_word(&c, &word);
	title = slice_trim(scan_rest(&c));
	if (opens_top(word)) {
		if (in != IN_FILE) { /* a brace was forgotten: what was open ends here */
			book_fault(r->book, "%s:%u: the block of line %u is not closed before this: } is missing", r->file, r->line,
			    r->opened[r->depth]);
			while (r->depth > 0)
				close_block(r);
		}
		if (slice_eq(word, "network"))
			return open_network(r, title, e);
		if (!slice_eq(word, "ours"))
			return open_venue(r, word, title, e);
		r->asn = BOOK_OURS;
		r->venue = (struct text){ NULL };
		book_network_get(r->book, BOOK_OURS);
		open_block(r, IN_OURS);
		return 0;
	}
	if ((slice_eq(word, "contact") && (in == IN_NETWORK || in == IN_OURS || in == IN_VENUE)) || (slice_eq(word, "port") && in == IN_NETWORK))
		return open_within(r, word, title, e);
	return err_set(e, ERR_CONFIG, "\"%.*s {\" does not stand here: %s", (int)(word.len < 40 ? word.len : 40), word.p,
	    in == IN_FILE ? "at the top are network AS64501 {, exchange NAME {, facility NAME { and ours {" : in == IN_NETWORK ?
	    "in a network are contact ROLE { and port PLACE {" : in == IN_OURS ? "in ours is contact ROLE {" : in == IN_VENUE ? "in a place is contact ROLE {" :
	    "nothing opens in a contact or a port");
}

static int take_key(struct reader *r, struct slice line, struct err *e)
{
	struct slice key, value;
	size_t n = 0;

	while (n < line.len && line.p[n] != ' ' && line.p[n] != '\t' && line.p[n] != '=')
		n++;
	key = slice_upto(line, n);
	value = slice_trim(slice_from(line, n));
	if (value.len > 0 && value.p[0] == '=')
		value = slice_trim(slice_from(value, 1));
	if (unquote(&value, e) != 0)
		return -1;
	if (value.len == 0)
		return err_set(e, ERR_CONFIG, "\"%.*s\" has no value", (int)(key.len < 40 ? key.len : 40), key.p);
	switch (r->stack[r->depth]) {
	case IN_CONTACT:
		return book_contact_put(r->book, &r->contact, key, value, e);
	case IN_PORT:
		return book_port_put(r->book, &r->port, key, value, e);
	case IN_NETWORK:
	case IN_VENUE:
		return book_network_put(r->book, owner(r), key, value, e);
	default:
		return err_set(e, ERR_CONFIG, "\"%.*s\" stands in no block: network AS64501 { or ours { comes before",
		    (int)(key.len < 40 ? key.len : 40), key.p);
	}
}

/* A block that is not understood is passed over as a whole, and named once. */
static void take_skipped(struct reader *r, struct slice line)
{
	if (slice_ends(line, "{"))
		r->skipped++;
	else if (slice_eq(line, "}"))
		r->skipped--;
}

static bool starts_top(struct slice line)
{
	struct scan c = scan_of(line);
	struct slice word;

	return scan_word(&c, &word) && (opens_top(word) || slice_eq(word, "ours{"));
}

static void take_line(struct reader *r, struct slice line)
{
	struct err e = ERR_INIT;
	bool opens;

	line = slice_trim(line);
	if (line.len == 0 || line.p[0] == '#')
		return;
	if (line.len > LINE_MAX_OCTETS) {
		fault(r, "the line is longer than 1024 octets");
		return;
	}
	opens = slice_ends(line, "{");
	if (r->skipped > 0 && !(opens && starts_top(line))) {
		take_skipped(r, line);
		return;
	}
	r->skipped = 0;
	if (slice_eq(line, "}")) {
		if (r->depth > 0)
			close_block(r);
		else
			fault(r, "} closes nothing");
	} else if (opens) {
		if (take_open(r, slice_trim(slice_upto(line, line.len - 1)), &e) != 0) {
			r->skipped = 1;
			fault(r, e.text);
		}
	} else if (take_key(r, line, &e) != 0) {
		fault(r, e.text);
	}
}

void book_read(struct book *b, const char *name, struct slice text)
{
	struct reader r = { .book = b, .file = name };
	struct scan c = scan_of(text);
	struct slice line;

	b->revision++;
	while (scan_line(&c, &line)) {
		r.line++;
		take_line(&r, line);
	}
	if (r.depth > 0)
		book_fault(b, "%s: the block of line %u is not closed: } is missing", name, r.opened[r.depth]);
	while (r.depth > 0)
		close_block(&r);
}
