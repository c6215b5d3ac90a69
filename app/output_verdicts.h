/*
 * output_verdicts - verdicts as printed by one-shot commands.
 */
#ifndef PEERDECK_APP_OUTPUT_VERDICTS_H
#define PEERDECK_APP_OUTPUT_VERDICTS_H

#include "app/output_json.h"
#include "core/judge/verdict_book.h"

/* One verdict, with its lines; trend may be NULL. */
json_t *json_of_verdict(const struct verdict *v, const struct verdict_trend *t);
json_t *json_of_clause(const struct clause *c);
json_t *json_of_proposal(const struct proposal *p);

/* Copies sorted worst first; free(). */
struct verdict *verdicts_sorted(const struct verdict *v, size_t n);
/* "3 not met, 2 not known, 1 waived, 12 met". */
void verdict_sum_words(const struct verdict_sum *s, char *out, size_t n);

#endif
