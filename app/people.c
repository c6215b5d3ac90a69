/* Facts of the journal as calls and edits; see people.h. */
#include "app/people.h"
#include "app/options.h"
#include "core/act/id.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct people {
	const char *path;         /* of the book; NULL none */
	char *journal_path;
	uint64_t offset, stamp;   /* read so far; of the book's files when they were read */
	struct book *book;
	struct calls *calls;
	struct arena *arena;      /* of the edits */
	struct book_edit *edits;  /* all of the journal, so that a book read anew gets them again */
	size_t edit_count, edit_cap;
	char token[ACT_ID_LEN];   /* of the edit being written; "" none */
	enum { TOKEN_UNSEEN, TOKEN_WON, TOKEN_LOST } token_state;
	bool changed;
};

/* ---- from the journal ---- */

static struct text more(struct arena *a, const struct journal_entry *j, const char *key)
{
	return text_safez(a, entry_more(j, key));
}

static uint64_t number(const char *s)
{
	uint64_t v = 0;

	return slice_u64(slice_of(s), &v) ? v : 0;
}

static void take_call(struct people *p, const struct journal_entry *j)
{
	struct arena *a = arena_new();
	struct call c = { .seq = j->seq, .wall_ms = j->wall_ms, .asn = j->remote_as };

	if (call_outcome_find(entry_more(j, "outcome"), &c.outcome)) {
		c.who = text_safez(a, *j->name != '\0' ? j->name : j->login);
		c.router = text_safez(a, j->router);
		c.vrf = text_safez(a, j->vrf);
		c.neighbor = text_safez(a, j->neighbor);
		c.ticket = text_safez(a, j->ticket);
		c.incident = more(a, j, "incident");
		c.venue = more(a, j, "venue");
		c.rung = (unsigned)number(entry_more(j, "rung"));
		c.role = more(a, j, "role");
		c.contact = more(a, j, "contact");
		c.way = more(a, j, "way");
		c.by = more(a, j, "by");
		c.note = more(a, j, "note");
		if (!book_date(slice_of(entry_more(j, "acked")), false, &c.ack_wall_ms))
			c.ack_wall_ms = j->wall_ms;
		calls_add(p->calls, &c);
	}
	arena_free(a);
}

static const char *const contact_fields[] = { "role", "name", "phone", "mail", "url", "hours", "languages", "note",
	"proven", "expires" };

/* What an older or newer peerdeck wrote and this one does not take is left out of the entry, not the entry. */
static void read_contact(struct people *p, const struct journal_entry *j, struct book_contact *c)
{
	book_contact_init(c);
	for (size_t i = 0; i < ARRAY_LEN(contact_fields); i++) {
		const char *value = entry_more(j, contact_fields[i]);
		struct err ignored = ERR_INIT;

		if (*value != '\0')
			book_contact_put(p->book, c, slice_of(contact_fields[i]), slice_of(value), &ignored);
	}
}

static struct text own(struct people *p, struct text t)
{
	return (struct text){ arena_strdup(p->arena, t.s) };
}

/* The contact's texts lie in the book that is there now: a copy outlives it. */
static void own_contact(struct people *p, struct book_contact *c)
{
	c->role = own(p, c->role);
	c->name = own(p, c->name);
	c->phone = own(p, c->phone);
	c->email = own(p, c->email);
	c->url = own(p, c->url);
	c->hours = own(p, c->hours);
	c->languages = own(p, c->languages);
	c->note = own(p, c->note);
	c->proven_how = own(p, c->proven_how);
}

static bool read_edit(struct people *p, const struct journal_entry *j, struct book_edit *e)
{
	const char *op = entry_more(j, "op");

	*e = (struct book_edit){ .asn = j->remote_as, .version = (unsigned)number(entry_more(j, "version")), .wall_ms = j->wall_ms,
		.author = arena_strdup(p->arena, *j->name != '\0' ? j->name : j->login) };
	if (strcmp(j->kind, "network") == 0) {
		e->op = BOOK_FIELD;
		e->value = arena_strdup(p->arena, entry_more(j, "value"));
		return book_field_find(entry_more(j, "field"), &e->field);
	}
	e->op = strcmp(op, "expire") == 0 ? BOOK_EXPIRE : BOOK_SET;
	e->key = arena_strdup(p->arena, entry_more(j, "key"));
	e->zone = arena_strdup(p->arena, entry_more(j, "zone"));
	read_contact(p, j, &e->contact);
	own_contact(p, &e->contact);
	return *e->key != '\0' && (strcmp(op, "set") == 0 || strcmp(op, "expire") == 0);
}

static void take_edit(struct people *p, const struct journal_entry *j)
{
	struct book_edit e;
	bool won;

	if (!read_edit(p, j, &e))
		return;
	won = book_apply(p->book, &e);
	if (p->token[0] != '\0' && strcmp(entry_more(j, "token"), p->token) == 0)
		p->token_state = won ? TOKEN_WON : TOKEN_LOST;
	if (!won)
		return;
	MEM_GROW(p->edits, p->edit_cap, p->edit_count + 1);
	p->edits[p->edit_count++] = e;
}

static int on_entry(void *ctx, const struct journal_entry *j)
{
	struct people *p = ctx;

	if (strcmp(j->kind, "call") == 0)
		take_call(p, j);
	else if (strcmp(j->kind, "contact") == 0 || strcmp(j->kind, "network") == 0)
		take_edit(p, j);
	else
		return 0;
	p->changed = true;
	return 0;
}

/* ---- the files ---- */

static uint64_t mix(uint64_t h, uint64_t v)
{
	return (h ^ v) * 0x100000001b3u;
}

static uint64_t stamp_of(const char *path)
{
	struct stat st;
	uint64_t h = 1;

	if (stat(path, &st) != 0)
		return h;
	h = mix(h, (uint64_t)st.st_ino);
	h = mix(h, (uint64_t)st.st_size);
	h = mix(h, (uint64_t)st.st_mtim.tv_sec);
	return mix(h, (uint64_t)st.st_mtim.tv_nsec);
}

/* Changes when the file does, or any *.contacts of the folder. */
static uint64_t stamp(const char *path)
{
	uint64_t h = stamp_of(path);
	DIR *d = opendir(path);
	const struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL)
		if (slice_ends(slice_of(entry->d_name), ".contacts")) {
			char *full = mem_printf("%s/%s", path, entry->d_name);

			h ^= stamp_of(full); /* whatever the order */
			free(full);
		}
	if (d != NULL)
		closedir(d);
	return h;
}

static void read_book(struct people *p)
{
	uint64_t former = p->book != NULL ? p->book->revision : 0;

	book_free(p->book);
	p->book = book_new();
	p->book->revision = former + 1;
	if (p->path != NULL)
		book_read_path(p->book, p->path);
	for (size_t i = 0; i < p->edit_count; i++)
		book_apply(p->book, &p->edits[i]);
	p->changed = true;
}

bool people_refresh(struct people *p)
{
	uint64_t now = p->path != NULL ? stamp(p->path) : 0;
	struct err e = ERR_INIT;

	p->changed = false;
	if (p->book == NULL || now != p->stamp)
		read_book(p);
	p->stamp = now;
	if (access(p->journal_path, F_OK) == 0)
		journal_read(p->journal_path, &p->offset, on_entry, p, &e);
	return p->changed;
}

struct people *people_open(const struct config *c, const char *journal_path)
{
	struct people *p = MEM_NEW(struct people);

	p->path = c->contacts;
	p->journal_path = mem_strdup(journal_path);
	p->calls = calls_new();
	p->arena = arena_new();
	people_refresh(p);
	return p;
}

void people_close(struct people *p)
{
	if (p == NULL)
		return;
	book_free(p->book);
	calls_free(p->calls);
	arena_free(p->arena);
	free(p->edits);
	free(p->journal_path);
	free(p);
}

const struct book *people_book(const struct people *p)
{
	return p != NULL ? p->book : NULL;
}

const struct calls *people_calls(const struct people *p)
{
	return p != NULL ? p->calls : NULL;
}

/* ---- into the journal ---- */

enum { MORE_MAX = 24 };

struct more_list {
	struct journal_more items[MORE_MAX];
	size_t n;
};

static void put(struct more_list *l, const char *key, const char *value)
{
	if (value != NULL && *value != '\0' && l->n < MORE_MAX)
		l->items[l->n++] = (struct journal_more){ key, value };
}

int people_call(struct people *p, struct journal *j, const struct call *c, struct err *e)
{
	struct more_list m = { .n = 0 };
	char rung[16] = "", acked[CLOCK_ISO_LEN] = "", id[CALL_SUBJECT_LEN], words[300];
	struct journal_fact f = { .kind = "call", .id = id, .router = text_or(c->router, NULL), .vrf = text_or(c->vrf, NULL),
		.neighbor = text_or(c->neighbor, NULL), .remote_as = c->asn, .ticket = text_or(c->ticket, NULL), .words = words,
		.more = m.items };

	call_subject(c->asn, c->venue, id);
	snprintf(words, sizeof(words), "%s: %s%s%s%s%s", call_outcome_words(c->outcome), text_or(c->role, ""),
	    text_empty(c->way) ? "" : " ", text_or(c->way, ""), text_empty(c->by) ? "" : ", by ", text_or(c->by, ""));
	if (c->rung > 0)
		snprintf(rung, sizeof(rung), "%u", c->rung);
	if (c->outcome == CALL_ACK)
		clock_iso(c->ack_wall_ms > 0 ? c->ack_wall_ms : clock_wall_ms(), acked);
	put(&m, "outcome", call_outcome_word(c->outcome));
	put(&m, "rung", rung);
	put(&m, "role", text_or(c->role, ""));
	put(&m, "contact", text_or(c->contact, ""));
	put(&m, "way", text_or(c->way, ""));
	put(&m, "by", text_or(c->by, ""));
	put(&m, "acked", acked);
	put(&m, "incident", text_or(c->incident, ""));
	put(&m, "venue", text_or(c->venue, ""));
	put(&m, "note", text_or(c->note, ""));
	f.more_count = m.n;
	if (journal_fact(j, &f, e) != 0)
		return -1;
	people_refresh(p);
	return 0;
}

static void put_contact(struct more_list *m, const struct book_contact *c, char dates[2][CLOCK_ISO_LEN], char **proven)
{
	put(m, "role", text_or(c->role, ""));
	put(m, "name", text_or(c->name, ""));
	put(m, "phone", text_or(c->phone, ""));
	put(m, "mail", text_or(c->email, ""));
	put(m, "url", text_or(c->url, ""));
	put(m, "hours", text_or(c->hours, ""));
	put(m, "languages", text_or(c->languages, ""));
	put(m, "note", text_or(c->note, ""));
	if (c->proven_wall_ms >= 0)
		*proven = mem_printf("%s %s", clock_iso(c->proven_wall_ms, dates[0]), text_or(c->proven_how, ""));
	if (c->expires_wall_ms >= 0)
		clock_iso(c->expires_wall_ms, dates[1]);
	put(m, "proven", *proven);
	put(m, "expires", dates[1]);
}

int people_edit(struct people *p, struct journal *j, const struct book_edit *edit, struct err *e)
{
	struct more_list m = { .n = 0 };
	char version[16], id[80], words[400], dates[2][CLOCK_ISO_LEN] = { "", "" }, *proven = NULL;
	bool field = edit->op == BOOK_FIELD;
	const char *key = field ? book_field_word(edit->field) : edit->key;
	struct journal_fact f = { .kind = field ? "network" : "contact", .id = id, .remote_as = edit->asn, .words = words,
		.more = m.items };
	int rc;

	act_id_new(p->token);
	p->token_state = TOKEN_UNSEEN;
	snprintf(version, sizeof(version), "%u", edit->version);
	if (edit->asn == BOOK_OURS)
		snprintf(id, sizeof(id), "ours/%.60s", key);
	else
		snprintf(id, sizeof(id), "AS%u/%.60s", edit->asn, key);
	snprintf(words, sizeof(words), "%s: %s", id, field ? edit->value : edit->op == BOOK_EXPIRE ? "expired" :
	    text_or(edit->contact.phone, text_or(edit->contact.email, "")));
	put(&m, "token", p->token);
	put(&m, "version", version);
	put(&m, field ? "field" : "key", key);
	put(&m, "value", field ? edit->value : NULL);
	put(&m, "op", field ? NULL : edit->op == BOOK_EXPIRE ? "expire" : "set");
	put(&m, "zone", field ? NULL : edit->zone);
	if (!field)
		put_contact(&m, &edit->contact, dates, &proven);
	f.more_count = m.n;
	rc = journal_fact(j, &f, e);
	free(proven);
	if (rc == 0)
		people_refresh(p);
	p->token[0] = '\0';
	if (rc == 0 && p->token_state == TOKEN_LOST)
		return err_set(e, ERR_REFUSED, "%s was changed by somebody else meanwhile: look at it, then change it again", id);
	if (rc == 0 && p->token_state == TOKEN_UNSEEN)
		return err_set(e, ERR_IO, "%s: the journal cannot be read back", id);
	return rc;
}
