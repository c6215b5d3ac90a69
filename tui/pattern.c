/* PCRE2 with bounds; see pattern.h. */
#include "tui/pattern.h"
#include "core/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { MATCH_LIMIT = 20000, DEPTH_LIMIT = 1000, PATTERN_MAX = 512 };

struct pattern {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *bounds;
};

static bool has_capital(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] >= 'A' && s.p[i] <= 'Z' && (i == 0 || s.p[i - 1] != '\\'))
			return true;
	return false;
}

struct pattern *pattern_new(struct slice text, struct err *e)
{
	uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C;
	struct pattern *p;
	int code;
	PCRE2_SIZE at;
	PCRE2_UCHAR words[128];

	if (text.len > PATTERN_MAX) {
		err_set(e, ERR_USAGE, "the expression is longer than %d octets", PATTERN_MAX);
		return NULL;
	}
	p = MEM_NEW(struct pattern);
	if (!has_capital(text))
		options |= PCRE2_CASELESS;
	p->code = pcre2_compile((PCRE2_SPTR)text.p, text.len, options, &code, &at, NULL);
	if (p->code == NULL) {
		pcre2_get_error_message(code, words, sizeof(words));
		err_set(e, ERR_USAGE, "%.*s: %s", (int)text.len, text.p, (const char *)words);
		free(p);
		return NULL;
	}
	p->data = pcre2_match_data_create(1, NULL);
	p->bounds = pcre2_match_context_create(NULL);
	if (p->data == NULL || p->bounds == NULL)
		abort();
	pcre2_set_match_limit(p->bounds, MATCH_LIMIT);
	pcre2_set_depth_limit(p->bounds, DEPTH_LIMIT);
	return p;
}

void pattern_free(struct pattern *p)
{
	if (p == NULL)
		return;
	pcre2_match_context_free(p->bounds);
	pcre2_match_data_free(p->data);
	pcre2_code_free(p->code);
	free(p);
}

bool pattern_match(const struct pattern *p, const char *s, size_t at[2])
{
	PCRE2_SIZE *ends;

	if (pcre2_match(p->code, (PCRE2_SPTR)s, strlen(s), 0, 0, p->data, p->bounds) < 0)
		return false;
	ends = pcre2_get_ovector_pointer(p->data);
	if (at != NULL) {
		at[0] = ends[0];
		at[1] = ends[1] > ends[0] ? ends[1] - ends[0] : 0;
	}
	return true;
}
