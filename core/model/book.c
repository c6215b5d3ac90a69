/* The contact book in memory: networks, edits, versions; see book.h.  Reading files is in book_parse.c. */
#include "core/model/book.h"
#include "core/base/scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FAULTS_MAX = 100 };

static const char *const field_words[BOOK_FIELDS] = {
	[BOOK_NOTE] = "note", [BOOK_WARN] = "warn", [BOOK_AUTH] = "auth", [BOOK_TAGS] = "tags",
};

const char *book_field_word(enum book_field f)
{
	return field_words[f];
}

bool book_field_find(const char *word, enum book_field *f)
{
	for (int i = 0; i < BOOK_FIELDS; i++)
		if (strcmp(field_words[i], word) == 0) {
			*f = (enum book_field)i;
			return true;
		}
	return false;
}

struct book *book_new(void)
{
	struct book *b = MEM_NEW(struct book);

	b->arena = arena_new();
	return b;
}

void book_free(struct book *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < b->network_count; i++) {
		free(b->networks[i].contacts);
		free(b->networks[i].ports);
	}
	free(b->networks);
	for (size_t i = 0; i < b->place_count; i++)
		free(b->places[i].contacts);
	free(b->places);
	free(b->faults);
	arena_free(b->arena);
	free(b);
}

void book_fault(struct book *b, const char *fmt, ...)
{
	char words[512];
	va_list ap;

	if (b->fault_count == FAULTS_MAX) {
		b->faults_more++;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	MEM_GROW(b->faults, b->fault_cap, b->fault_count + 1);
	b->faults[b->fault_count++].words = text_safez(b->arena, words);
}

/* ---- networks ---- */

static size_t place_of(const struct book *b, asn_t asn)
{
	size_t lo = 0, hi = b->network_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (b->networks[mid].asn < asn)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const struct book_network *book_find(const struct book *b, asn_t asn)
{
	size_t at = b != NULL ? place_of(b, asn) : 0;

	return b != NULL && at < b->network_count && b->networks[at].asn == asn ? &b->networks[at] : NULL;
}

struct book_network *book_network_get(struct book *b, asn_t asn)
{
	size_t at = place_of(b, asn);

	if (at < b->network_count && b->networks[at].asn == asn)
		return &b->networks[at];
	MEM_GROW(b->networks, b->network_cap, b->network_count + 1);
	memmove(b->networks + at + 1, b->networks + at, (b->network_count - at) * sizeof(*b->networks));
	b->network_count++;
	b->networks[at] = (struct book_network){ .asn = asn };
	return &b->networks[at];
}

static size_t venue_at(const struct book *b, const char *venue)
{
	size_t i = 0;

	while (i < b->place_count && strcasecmp(b->places[i].venue.s, venue) != 0)
		i++;
	return i;
}

const struct book_network *book_find_venue(const struct book *b, const char *venue)
{
	size_t at = b != NULL ? venue_at(b, venue) : 0;

	return b != NULL && at < b->place_count ? &b->places[at] : NULL;
}

struct book_network *book_venue_get(struct book *b, const char *venue)
{
	size_t at = venue_at(b, venue);

	if (at < b->place_count)
		return &b->places[at];
	MEM_GROW(b->places, b->place_cap, b->place_count + 1);
	b->places[b->place_count] = (struct book_network){ .asn = ASN_UNKNOWN, .venue = text_safez(b->arena, venue) };
	return &b->places[b->place_count++];
}

const struct book_contact *book_contact_find(const struct book_network *n, const char *key)
{
	for (size_t i = 0; n != NULL && i < n->contact_count; i++)
		if (strcmp(text_or(n->contacts[i].key, ""), key) == 0)
			return &n->contacts[i];
	return NULL;
}

const char *book_warning(const struct book *b, asn_t asn)
{
	const struct book_network *n = asn != BOOK_OURS ? book_find(b, asn) : NULL;

	return n != NULL ? text_or(n->field[BOOK_WARN], NULL) : NULL;
}

void book_contact_init(struct book_contact *c)
{
	*c = (struct book_contact){ .proven_wall_ms = -1, .written_wall_ms = -1, .expires_wall_ms = -1,
		.file = TEXT_LIT(""), .differs = TEXT_LIT("") };
}

/* Lower case, what is no letter or digit becomes one "-". */
static void slug(const char *role, char *out, size_t n)
{
	size_t at = 0;

	for (; *role != '\0' && at + 1 < n; role++) {
		char c = *role;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[at++] = c;
		else if (at > 0 && out[at - 1] != '-')
			out[at++] = '-';
	}
	while (at > 0 && out[at - 1] == '-')
		at--;
	out[at] = '\0';
	if (at == 0)
		snprintf(out, n, "contact");
}

void book_new_key(const struct book_network *n, const char *role, char out[BOOK_KEY_LEN])
{
	char base[40];

	slug(role, base, sizeof(base));
	snprintf(out, BOOK_KEY_LEN, "%s", base);
	for (unsigned i = 2; book_contact_find(n, out) != NULL; i++)
		snprintf(out, BOOK_KEY_LEN, "%s-%u", base, i);
}

/* ---- edits ---- */

static unsigned present_version(const struct book *b, const struct book_edit *e)
{
	const struct book_network *n = book_find(b, e->asn);
	const struct book_contact *c;

	if (e->op == BOOK_FIELD)
		return n != NULL ? n->version[e->field] : 0;
	c = book_contact_find(n, e->key);
	return c != NULL ? c->version : 0;
}

unsigned book_next_version(const struct book *b, const struct book_edit *e)
{
	return present_version(b, e) + 1;
}

static struct text keep(struct book *b, struct text t)
{
	return text_known(t) ? text_safez(b->arena, t.s) : t;
}

static void keep_all(struct book *b, struct book_contact *c)
{
	struct text *const texts[] = { &c->role, &c->name, &c->phone, &c->email, &c->url, &c->hours, &c->languages,
		&c->note, &c->proven_how };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = keep(b, *texts[i]);
}

static void one_difference(struct str *out, const char *word, struct text ours, struct text theirs)
{
	if (!text_empty(theirs) && strcmp(text_or(ours, ""), theirs.s) != 0)
		str_addf(out, "%s%s %s", out->len > 0 ? ", " : "", word, theirs.s);
}

/* What the file said of the entry that a console's now stands for. */
static struct text file_differs(struct book *b, const struct book_contact *c, const struct book_contact *file)
{
	struct str out;
	struct text t;

	if (text_empty(file->file))
		return file->differs;
	str_init(&out, 500);
	one_difference(&out, "phone", c->phone, file->phone);
	one_difference(&out, "mail", c->email, file->email);
	one_difference(&out, "name", c->name, file->name);
	t = TEXT_LIT("");
	if (out.len > 0) {
		char *words = mem_printf("%s:%u says %s", file->file.s, file->line, out.p);

		t = text_safez(b->arena, words);
		free(words);
	}
	str_fini(&out);
	return t;
}

static void set_contact(struct book *b, struct book_network *n, const struct book_edit *e)
{
	struct book_contact *old = (struct book_contact *)book_contact_find(n, e->key), c = e->contact;
	struct err no_zone = ERR_INIT;

	keep_all(b, &c);
	c.key = text_safez(b->arena, e->key);
	c.file = TEXT_LIT("");
	c.line = 0;
	c.version = e->version;
	c.author = text_safez(b->arena, e->author);
	c.written_wall_ms = e->wall_ms;
	c.zone = e->zone != NULL && *e->zone != '\0' ? zone_load(b->arena, b->zone_dir, e->zone, &no_zone) : NULL;
	c.differs = old != NULL ? file_differs(b, &c, old) : TEXT_LIT("");
	if (old != NULL) {
		*old = c;
		return;
	}
	MEM_GROW(n->contacts, n->contact_cap, n->contact_count + 1);
	n->contacts[n->contact_count++] = c;
}

static void expire_contact(struct book *b, struct book_network *n, const struct book_edit *e)
{
	struct book_contact *c = (struct book_contact *)book_contact_find(n, e->key);

	if (c == NULL)
		return;
	c->expires_wall_ms = e->contact.expires_wall_ms >= 0 ? e->contact.expires_wall_ms : e->wall_ms;
	c->version = e->version;
	c->author = text_safez(b->arena, e->author);
	if (!text_empty(e->contact.note))
		c->note = keep(b, e->contact.note);
}

bool book_apply(struct book *b, const struct book_edit *e)
{
	struct book_network *n;

	if (e->version != book_next_version(b, e))
		return false;
	n = book_network_get(b, e->asn);
	b->revision++;
	if (e->op == BOOK_SET) {
		set_contact(b, n, e);
	} else if (e->op == BOOK_EXPIRE) {
		expire_contact(b, n, e);
	} else {
		n->field[e->field] = text_safez(b->arena, e->value != NULL ? e->value : "");
		n->version[e->field] = e->version;
		n->author[e->field] = text_safez(b->arena, e->author);
		n->edited_wall_ms[e->field] = e->wall_ms;
	}
	return true;
}
