/*
 * output_json - values of the model as JSON, null for unknown.
 */
#ifndef PEERDECK_APP_OUTPUT_JSON_H
#define PEERDECK_APP_OUTPUT_JSON_H

#include "core/base/err.h"
#include "core/model/session.h"

#include <jansson.h>

json_t *json_of_text(struct text t);
json_t *json_of_words(const char *words);   /* NULL: null; bad UTF-8 is made safe */
json_t *json_of_nonempty(const char *words); /* NULL and "": null */
json_t *json_of_count(count_t n);           /* negative: null */
json_t *json_of_tri(enum tri t);
json_t *json_of_asn(asn_t asn);
json_t *json_of_addr(const struct addr *a);
json_t *json_of_last_error(const struct session *s);
json_t *json_of_time(int64_t wall_ms); /* "2026-11-20T03:12:45Z"; 0 and less: null */
void json_put(json_t *o, const char *key, json_t *value); /* takes value over */

/* Prints to stdout, indented, and frees. -1: ERR_IO. */
int json_print(json_t *top, struct err *e);

#endif
