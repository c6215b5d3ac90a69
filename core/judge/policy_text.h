/*
 * policy_text - the grammar of policy files: one statement a line.
 *
 *	WORD [NAME] {      a block begins
 *	KEY = VALUE        words up to the end of the line or a '#', or "strings"; strings on following lines are joined
 *	}                  a block ends
 *
 * It looks like peerdeck.conf(5).  An own reader, because every value needs its line and reading must go on after a
 * fault: an author of a policy wants all of them at once.
 */
#ifndef PEERDECK_JUDGE_POLICY_TEXT_H
#define PEERDECK_JUDGE_POLICY_TEXT_H

#include "core/base/mem.h"
#include "core/base/scan.h"

enum statement_kind { STATEMENT_END, STATEMENT_OPEN, STATEMENT_CLOSE, STATEMENT_SET, STATEMENT_FAULT };

struct statement {
	enum statement_kind kind;
	unsigned line;
	const char *word; /* block or key */
	const char *rest; /* name of the block, "" none; the value; what is wrong */
};

struct policy_text {
	struct scan at;
	unsigned line;
	struct arena *arena; /* owns the words */
};

/* The next statement; STATEMENT_END again and again at the end. */
struct statement policy_text_next(struct policy_text *t);

#endif
