/*
 * check - what a clause of a policy can ask for, as a table.
 *
 * A check is a pure function over the evidence about one network.  It says what it found, line by line, each line with
 * a value, words and a basis; the judgement makes the verdict of them: one failing line fails the clause, one unknown
 * line leaves it unknown, else it is met.  A check that finds nothing to say leaves it unknown.
 *
 * To add a check: a function in a check_*.c, a row in check_table.c, its paragraph in peerdeck-policy(5), a test.
 */
#ifndef PEERDECK_JUDGE_CHECK_H
#define PEERDECK_JUDGE_CHECK_H

#include "core/judge/evidence.h"
#include "core/judge/param.h"

enum { PARAMS_MAX = 8 };

struct clause;
struct judgement;

struct check {
	const char *name;  /* "max-length": in policy files */
	const char *brief; /* the column's title in the matrix, at most 8 cells */
	const char *asks;  /* one line: what must be so */
	const char *sees;  /* one line: what it is judged by */
	const char *remedy; /* what the peer or we can do about a failure */
	void (*judge)(const struct evidence *ev, const struct clause *c, struct judgement *j);
	struct param params[PARAMS_MAX]; /* ends with key NULL */
};

/* In the order of design; the last is NULL-named. */
extern const struct check checks[];
size_t check_count(void);
const struct check *check_find(const char *name); /* NULL if there is none */
size_t check_param_count(const struct check *c);

/* --- what a check says --- */
/* `about` is what the line is about: a session, a port, a contact; NULL the network as a whole. */
void find_pass(struct judgement *j, const char *about, const struct basis *b, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void find_fail(struct judgement *j, const char *about, const struct basis *b, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* The basis says what would make it known; words say what is not known. */
void find_unknown(struct judgement *j, const char *about, const struct basis *b, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Worth telling, decides nothing. */
void find_note(struct judgement *j, const char *about, const struct basis *b, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* "r1 192.0.2.7 ipv4": names a session in a line; as long as the judgement. */
const char *find_session(struct judgement *j, const struct evidence_session *s);
/* "a, b, c (and 5 more)" of examples; as long as the judgement. */
const char *find_examples(struct judgement *j, const struct text *examples, size_t n, count_t of);
/* The sessions that can say something: up, and read lately.  What of a session that is up but stale is unknown is said
 * here, once.  Gives the next from *at on, NULL at the end. */
const struct evidence_session *find_live(const struct evidence *ev, struct judgement *j, size_t *at);
bool find_silent(const struct judgement *j); /* nothing was found so far */
/* No session spoke: says that one must be up before this can be known. */
void find_no_session(const struct evidence *ev, struct judgement *j, const char *what);

#endif
