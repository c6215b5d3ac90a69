/*
 * param - a parameter of a check: what a policy file may write there, and in which unit.
 *
 * A value is kept as one integer in the unit named beside its kind, so that checks compare integers; it is written with
 * its unit in the file and is shown with it.  A number without a unit is refused where a unit belongs: "500" of what?
 */
#ifndef PEERDECK_JUDGE_PARAM_H
#define PEERDECK_JUDGE_PARAM_H

#include "core/base/err.h"
#include "core/base/str.h"

#include <stdint.h>

enum param_kind {
	PARAM_COUNT,   /* 250 */
	PARAM_BITS,    /* /24: length of a prefix */
	PARAM_PERCENT, /* 80%, 0.5%: hundredths of a percent */
	PARAM_RATE,    /* 500M, 10G: bit/s, decimal units K M G T */
	PARAM_SPAN,    /* 30d, 1h, 90s: seconds */
	PARAM_MS,      /* 150ms: microseconds */
	PARAM_RATIO,   /* 2:1: thousandths */
	PARAM_QUORUM,  /* 3 of 5: first * 1000 + second */
	PARAM_BOOL,    /* yes, no */
	PARAM_CHOICE,  /* one of `words`: its index */
	PARAM_SET,     /* some of `words`, commas between: bits by index */
};

struct param {
	const char *key;
	enum param_kind kind;
	const char *fallback; /* as it would be written; never NULL */
	int64_t min, max;     /* both 0: any that the kind allows */
	const char *const *words; /* NULL-terminated */
	const char *help;     /* one line */
};

enum { PARAM_WORDS_LEN = 120 };

/* Reads a value.  -1: ERR_CONFIG with key, value and what is allowed. */
int param_read(const struct param *p, const char *value, int64_t *out, struct err *e);
/* As it would be written in a file. */
char *param_words(const struct param *p, int64_t value, char out[PARAM_WORDS_LEN]);

/* "9.4 Gbit/s"; "?" for a negative rate.  For evidence as well as for parameters. */
char *rate_words(double bps, char out[PARAM_WORDS_LEN]);

#endif
