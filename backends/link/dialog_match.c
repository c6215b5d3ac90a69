/* Compiled patterns; see dialog_match.h. */
#include "backends/link/dialog_match.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* What a prompt shows at least of a long host name. */
enum { CUT_NAME = 16 };

struct patterns {
	pcre2_code **codes, **codes_end; /* plain, and anchored at the end */
	size_t count;
	pcre2_match_data *match;
};

static int compile(const char *pattern, uint32_t options, pcre2_code **out, struct err *e)
{
	PCRE2_UCHAR why[120];
	PCRE2_SIZE at;
	int code;

	*out = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &code, &at, NULL);
	if (*out != NULL)
		return 0;
	pcre2_get_error_message(code, why, sizeof(why));
	return err_set(e, ERR_CONFIG, "pattern \"%s\", at %zu: %s", pattern, at, (const char *)why);
}

int patterns_new(const char *const *list, struct patterns **out, struct err *e)
{
	struct patterns *p = MEM_NEW(struct patterns);
	size_t n = 0;

	while (list != NULL && list[n] != NULL)
		n++;
	p->codes = mem_calloc(n + 1, sizeof(*p->codes));
	p->codes_end = mem_calloc(n + 1, sizeof(*p->codes_end));
	p->match = pcre2_match_data_create(1, NULL);
	p->count = n;
	for (size_t i = 0; i < n; i++)
		if (compile(list[i], 0, &p->codes[i], e) < 0 ||
		    compile(list[i], PCRE2_ENDANCHORED, &p->codes_end[i], e) < 0) {
			patterns_free(p);
			return -1;
		}
	*out = p;
	return 0;
}

void patterns_free(struct patterns *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->count; i++) {
		pcre2_code_free(p->codes[i]);
		pcre2_code_free(p->codes_end[i]);
	}
	pcre2_match_data_free(p->match);
	free(p->codes);
	free(p->codes_end);
	free(p);
}

int patterns_find(const struct patterns *p, struct slice s, bool at_end, size_t *from)
{
	pcre2_code *const *codes = at_end ? p->codes_end : p->codes;

	for (size_t i = 0; i < p->count; i++) {
		if (pcre2_match(codes[i], (PCRE2_SPTR)s.p, s.len, 0, 0, p->match, NULL) < 0)
			continue;
		if (from != NULL)
			*from = pcre2_get_ovector_pointer(p->match)[0];
		return (int)i;
	}
	return -1;
}

/* Marks before the name: VRP and Comware bracket it, SR OS and VRP mark pending changes. */
static struct slice without_marks(struct slice s)
{
	size_t n = 0;

	while (n < s.len && strchr("<[*~", s.p[n]) != NULL)
		n++;
	return slice_from(s, n);
}

struct slice prompt_host(struct slice prompt)
{
	struct slice s = without_marks(prompt);
	size_t n = 0;

	/* a shell's prompt goes on with the directory: "vyos@r1:~$" */
	while (n < s.len && strchr("(#>]$% ", s.p[n]) == NULL &&
	    !(s.p[n] == ':' && n + 1 < s.len && (s.p[n + 1] == '~' || s.p[n + 1] == '/')))
		n++;
	return slice_upto(s, n);
}

bool prompt_of_host(struct slice line, struct slice host)
{
	struct slice s = without_marks(line);

	size_t n = 0;

	while (n < s.len && n < host.len && s.p[n] == host.p[n])
		n++;
	if (host.len == 0 || n == s.len)
		return false;
	/* inside configuration, where the mode takes room, Cisco's CLIs cut a long name */
	return n == host.len ? strchr("(#>]$%-:", s.p[n]) != NULL : n >= CUT_NAME && s.p[n] == '(';
}
