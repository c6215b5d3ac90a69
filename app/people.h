/*
 * people - the contact book and what was called, as files and journal tell them.
 *
 * The one place where facts of the journal become calls and edits of the book,
 * and the other way round.  Consoles and commands hold one; who writes reads
 * back, so that an edit knows whether it won.
 */
#ifndef PEERDECK_APP_PEOPLE_H
#define PEERDECK_APP_PEOPLE_H

#include "core/act/journal.h"
#include "core/model/book.h"
#include "core/model/calls.h"
#include "core/model/config.h"

struct people;

/* Reads both.  What is wrong with the book is in its faults. */
struct people *people_open(const struct config *c, const char *journal_path);
void people_close(struct people *p); /* NULL is fine */
/* Reads what was appended to the journal, and the book's files if they changed.  True if anything is new.  -1 is not
 * needed: a journal that cannot be read is told by the records. */
bool people_refresh(struct people *p);
const struct book *people_book(const struct people *p);
const struct calls *people_calls(const struct people *p);

/* Durable when it returns 0, and seen by people_calls. */
int people_call(struct people *p, struct journal *j, const struct call *call, struct err *e);
/* Writes the edit; edit->version says what it builds on.  ERR_REFUSED when somebody else's edit came first. */
int people_edit(struct people *p, struct journal *j, const struct book_edit *edit, struct err *e);

#endif
