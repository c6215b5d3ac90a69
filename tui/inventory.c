/* Notes and contacts typed in a console; see inventory.h. */
#include "tui/inventory.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <string.h>

/* Order of the contact's fields in the form, by the names that the book's files have. */
static const char *const contact_keys[] = { "role", "name", "phone", "mail", "hours", "zone", "languages", "note", "expires" };

void inventory_init(struct inventory *v)
{
	*v = (struct inventory){ .arena = arena_new() };
	form_init(&v->form);
}

void inventory_fini(struct inventory *v)
{
	form_fini(&v->form);
	book_free(v->scratch);
	arena_free(v->arena);
}

static void begin(struct inventory *v, asn_t asn)
{
	arena_free(v->arena);
	book_free(v->scratch);
	v->arena = arena_new();
	v->scratch = book_new();
	v->asn = asn;
}

void inventory_network(struct inventory *v, const struct view_ctx *cx)
{
	const struct book_network *n = book_find(cx->w->book, cx->focus->asn);
	static const char *const labels[BOOK_FIELDS] = { "note", "warn", "auth", "tags" };

	begin(v, cx->focus->asn);
	form_begin(&v->form, "keep it", "AS%u %s: what we know", v->asn, network_name(peer_set_find(cx->w->peers, v->asn)));
	snprintf(v->form.note, sizeof(v->form.note), "warn is shown before every action on this network");
	for (int f = 0; f < BOOK_FIELDS; f++) {
		form_add(&v->form, labels[f], n != NULL ? text_or(n->field[f], "") : "");
		v->version[f] = n != NULL ? n->version[f] + 1 : 1;
	}
	v->open = INVENTORY_NETWORK;
}

static void add_day(struct form *f, int64_t wall_ms)
{
	char iso[CLOCK_ISO_LEN] = "";

	if (wall_ms > 0)
		clock_iso(wall_ms, iso);
	iso[10] = '\0';
	form_add(f, "expires", iso);
}

void inventory_contact(struct inventory *v, const struct view_ctx *cx, const struct rung *r)
{
	const struct book_network *n = book_find(cx->w->book, cx->focus->asn);
	const struct book_contact *c = r != NULL ? r->entry : NULL;
	const char *role = r != NULL ? text_or(r->role, "NOC") : "NOC";
	char key[BOOK_KEY_LEN];

	begin(v, cx->focus->asn);
	if (c == NULL)
		book_new_key(n, role, key);
	v->key = arena_strdup(v->arena, c != NULL ? c->key.s : key);
	v->version[0] = c != NULL ? c->version + 1 : 1;
	form_begin(&v->form, "keep it", "AS%u: %s contact %s", v->asn, c != NULL ? "change" : "new", v->key);
	if (r != NULL && c == NULL)
		snprintf(v->form.note, sizeof(v->form.note), "becomes an entry of our own book; what %s says stays visible",
		    rung_source_word(r->source));
	form_add(&v->form, "role", role);
	form_add(&v->form, "name", r != NULL ? text_or(r->name, "") : "");
	form_add(&v->form, "phone", r != NULL ? text_or(r->phone, "") : "");
	form_add(&v->form, "mail", r != NULL ? text_or(r->email, "") : "");
	form_add(&v->form, "hours", r != NULL ? text_or(r->hours, "") : "");
	form_add(&v->form, "zone", r != NULL ? text_or(r->zone, "") : "");
	form_add(&v->form, "languages", r != NULL ? text_or(r->languages, "") : "");
	form_add(&v->form, "note", r != NULL ? text_or(r->note, "") : "");
	add_day(&v->form, r != NULL ? r->expires_wall_ms : -1);
	if (v->form.count > 0 && role[0] != '\0')
		v->form.at = 1;
	v->open = INVENTORY_CONTACT;
}

/* Only what was changed, so that another field's editor is not in the way. */
static void keep_network(struct inventory *v, const struct view_ctx *cx, struct request *rq)
{
	const struct book_network *n = book_find(cx->w->book, v->asn);
	size_t count = 0;

	for (int f = 0; f < BOOK_FIELDS; f++) {
		const char *was = n != NULL ? text_or(n->field[f], "") : "", *now = form_text(&v->form, f);

		if (strcmp(was, now) != 0)
			v->edits[count++] = (struct book_edit){ .op = BOOK_FIELD, .asn = v->asn, .field = (enum book_field)f,
				.value = arena_strdup(v->arena, now), .version = v->version[f] };
	}
	v->open = INVENTORY_CLOSED;
	if (count == 0)
		return;
	rq->kind = REQ_EDIT_BOOK;
	rq->edits = v->edits;
	rq->edit_count = count;
}

static void keep_contact(struct inventory *v, struct request *rq)
{
	struct book_edit *e = &v->edits[0];
	struct err why = ERR_INIT;

	*e = (struct book_edit){ .op = BOOK_SET, .asn = v->asn, .key = v->key, .version = v->version[0] };
	book_contact_init(&e->contact);
	for (int i = 0; i < v->form.count; i++) {
		const char *text = form_text(&v->form, i);

		if (text[0] == '\0')
			continue;
		if (book_contact_put(v->scratch, &e->contact, slice_of(contact_keys[i]), slice_of(text), &why) != 0) {
			snprintf(v->form.error, sizeof(v->form.error), "%.199s", why.text);
			v->form.at = i;
			return;
		}
		if (strcmp(contact_keys[i], "zone") == 0)
			e->zone = arena_strdup(v->arena, text);
	}
	if (text_empty(e->contact.role) || (text_empty(e->contact.phone) && text_empty(e->contact.email))) {
		snprintf(v->form.error, sizeof(v->form.error), "an entry needs a role, and a phone or a mail address");
		return;
	}
	v->open = INVENTORY_CLOSED;
	rq->kind = REQ_EDIT_BOOK;
	rq->edits = v->edits;
	rq->edit_count = 1;
}

void inventory_key(struct inventory *v, const struct view_ctx *cx, keycode k, struct request *rq)
{
	switch (form_key(&v->form, k)) {
	case FORM_DONE:
		if (v->open == INVENTORY_NETWORK)
			keep_network(v, cx, rq);
		else
			keep_contact(v, rq);
		break;
	case FORM_LEFT:
		v->open = INVENTORY_CLOSED;
		break;
	case FORM_GOES_ON:
		break;
	}
}
