/* PCRE2 behind one call; see match.h.  The match limit keeps hostile text from costing more than a moment. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "core/base/match.h"

#include <pcre2.h>

enum { MATCH_LIMIT = 200000 };

int match_text(const char *pattern, struct slice text, struct err *e)
{
	int code, rc = -1;
	PCRE2_SIZE at;
	pcre2_code *re;
	pcre2_match_data *data;
	pcre2_match_context *limits;

	re = pcre2_compile(
	    (PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_MULTILINE, &code, &at, NULL);
	if (re == NULL)
		return err_set(e, ERR_USAGE, "pattern \"%s\" is wrong at %zu", pattern, (size_t)at);
	data = pcre2_match_data_create_from_pattern(re, NULL);
	limits = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(limits, MATCH_LIMIT);
	code = pcre2_match(re, (PCRE2_SPTR)text.p, text.len, 0, 0, data, limits);
	if (code == PCRE2_ERROR_NOMATCH)
		rc = 0;
	else if (code >= 0)
		rc = 1;
	else
		err_set(e, ERR_LIMIT, "pattern \"%s\" could not be matched (%d)", pattern, code);
	pcre2_match_context_free(limits);
	pcre2_match_data_free(data);
	pcre2_code_free(re);
	return rc;
}
