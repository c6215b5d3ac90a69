/* peerdeck contacts add, edit, expire, check - entries of the contact book that everybody on this host sees at once. */
#include "app/climb.h"
#include "app/commands/commands.h"
#include "app/exit.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <string.h>

enum { OPT_KEY = 1, OPT_FIELD = 10, OPT_HELP = 30 }; /* the fields follow each other from OPT_FIELD on */
static const struct option_def options[] = {
	{ "key", "KEY", "edit, expire: which entry, as peerdeck ladder --json names it", OPT_KEY },
	{ "role", "ROLE", "NOC, Technical, or a word of your own", OPT_FIELD },
	{ "name", "NAME", "of a person or a team", OPT_FIELD + 1 },
	{ "phone", "NUMBER", "\"\" takes it away", OPT_FIELD + 2 },
	{ "mail", "ADDRESS", "\"\" takes it away", OPT_FIELD + 3 },
	{ "url", "URL", "a page of theirs", OPT_FIELD + 4 },
	{ "hours", "HOURS", "24x7, or Mo-Fr 08:00-18:00", OPT_FIELD + 5 },
	{ "zone", "ZONE", "Europe/Berlin", OPT_FIELD + 6 },
	{ "languages", "WORDS", "en, de", OPT_FIELD + 7 },
	{ "proven", "DATE HOW", "2026-11-27 phone, Kim answered", OPT_FIELD + 8 },
	{ "expires", "DATE", "the entry is no rung after this day", OPT_FIELD + 9 },
	{ "note", "TEXT", "why", OPT_FIELD + 10 },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};
enum { FIELDS = 11 };

struct args {
	const char *key, *field[FIELDS];
};

static const char *field_name(int i)
{
	return options[1 + i].name;
}

static bool whose(const char *word, asn_t *asn)
{
	*asn = BOOK_OURS;
	return strcmp(word, "ours") == 0 || (asn_parse(slice_of(word), asn) && *asn != ASN_UNKNOWN);
}

/* What is not said stays as it is: editing one number must not lose the hours. */
static int fill(struct climb *c, const struct args *a, const struct book_contact *old, struct book_edit *e, struct err *err)
{
	struct book *scratch = book_new();
	int rc = 0;

	if (old != NULL) {
		e->contact = *old;
		e->zone = old->zone != NULL ? zone_name(old->zone) : NULL;
	} else {
		book_contact_init(&e->contact);
	}
	for (int i = 0; i < FIELDS && rc == 0; i++) {
		struct book_contact *to = &e->contact;

		if (a->field[i] == NULL)
			continue;
		if (*a->field[i] == '\0' && strcmp(field_name(i), "phone") == 0)
			to->phone = TEXT_LIT("");
		else if (*a->field[i] == '\0' && strcmp(field_name(i), "mail") == 0)
			to->email = TEXT_LIT("");
		else
			rc = book_contact_put(scratch, to, slice_of(field_name(i)), slice_of(a->field[i]), err);
		if (strcmp(field_name(i), "zone") == 0)
			e->zone = a->field[i];
	}
	/* the texts outlive the scratch book */
	struct text *const texts[] = { &e->contact.role, &e->contact.name, &e->contact.phone, &e->contact.email, &e->contact.url,
		&e->contact.hours, &e->contact.languages, &e->contact.note, &e->contact.proven_how };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = (struct text){ arena_strdup(c->arena, texts[i]->s) };
	e->contact.zone = NULL;
	book_free(scratch);
	return rc;
}

static int make(struct climb *c, const char *verb, const struct args *a, struct book_edit *e, struct err *err)
{
	const struct book_network *n = book_find(c->book, e->asn);
	const struct book_contact *old = a->key != NULL ? book_contact_find(n, a->key) : NULL;

	if (strcmp(verb, "add") == 0) {
		char key[BOOK_KEY_LEN];

		if (a->field[0] == NULL)
			return err_set(err, ERR_USAGE, "contacts add needs --role");
		book_new_key(n, a->field[0], key);
		e->key = a->key != NULL ? a->key : arena_strdup(c->arena, key);
		if (old != NULL)
			return err_set(err, ERR_USAGE, "there is an entry %s already: contacts edit", a->key);
	} else if (old == NULL) {
		return err_set(err, ERR_USAGE, "%s %s: there is no such entry; peerdeck ladder --json names them (--key)", verb,
		    a->key != NULL ? a->key : "");
	} else {
		e->key = a->key;
	}
	if (fill(c, a, old, e, err) != 0)
		return -1;
	if (e->op == BOOK_SET && text_empty(e->contact.phone) && text_empty(e->contact.email))
		return err_set(err, ERR_USAGE, "an entry needs --phone or --mail");
	if (e->op == BOOK_EXPIRE)
		e->contact.expires_wall_ms = a->field[9] != NULL ? e->contact.expires_wall_ms : clock_wall_ms();
	e->version = book_next_version(c->book, e);
	return 0;
}

static int check_book(const struct options *o, struct err *e)
{
	struct climb c = { 0 };
	int rc = -1;

	if (climb_open(&c, o, NULL, false, e) == 0) {
		rc = c.book->fault_count > 0;
		printf("%zu networks in the contact book, %zu faults\n", c.book->network_count,
		    c.book->fault_count + c.book->faults_more);
	}
	climb_close(&c);
	return rc;
}

static int change(const struct options *o, const char *verb, const char *network, const struct args *a, struct err *e)
{
	struct book_edit edit = { .op = strcmp(verb, "expire") == 0 ? BOOK_EXPIRE : BOOK_SET };
	struct climb c = { 0 };
	int rc = -1;

	if (!whose(network, &edit.asn))
		return err_set(e, ERR_USAGE, "\"%.40s\": allowed is a network (AS64501), or ours", network);
	if (climb_open(&c, o, NULL, false, e) == 0 && make(&c, verb, a, &edit, e) == 0 &&
	    people_edit(c.people, c.journal, &edit, e) == 0) {
		printf("%s: %s%s, version %u\n", network, edit.key, edit.op == BOOK_EXPIRE ? " expires" : "", edit.version);
		rc = 0;
	}
	climb_close(&c);
	return rc;
}

int cmd_book(const struct options *o, int argc, char **argv)
{
	const char *verb = argv[0], *value;
	struct args a = { 0 };
	struct option_walk w;
	struct err e = ERR_INIT;
	int id, rc;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("contacts add|edit|expire NETWORK --key KEY ... | contacts check",
			    "Changes an entry of the contact book for everybody on this host, with author and version, in the "
			    "journal.\nNETWORK is AS64501, or ours.  The book's files are not written; check reads them and names "
			    "what is wrong.\n", options);
		if (id == OPT_KEY)
			a.key = value;
		else
			a.field[id - OPT_FIELD] = value;
	}
	if (e.code == ERR_NONE && strcmp(verb, "check") != 0 && w.operands != 1)
		err_set(&e, ERR_USAGE, "contacts %s of whom? peerdeck contacts %s AS64501 ..., or --help", verb, verb);
	if (e.code != ERR_NONE)
		return exit_say(&e);
	rc = strcmp(verb, "check") == 0 ? check_book(o, &e) : change(o, verb, argv[1], &a, &e);
	if (rc < 0)
		return exit_say(&e);
	return rc == 0 ? STATUS_DONE : STATUS_FAILED;
}
