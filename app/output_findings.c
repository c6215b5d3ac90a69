/* Lines of a check-up; see output_findings.h. */
#include "app/output_findings.h"
#include "app/output_json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct findings {
	json_t *list; /* NULL: lines are printed as they come */
	size_t counts[FINDING_FAIL + 1];
};

static const char *const words[] = { [FINDING_OK] = "ok", [FINDING_WARN] = "warn", [FINDING_FAIL] = "FAIL" };

struct findings *findings_new(bool json)
{
	struct findings *f = MEM_NEW(struct findings);

	f->list = json ? json_array() : NULL;
	return f;
}

static void print(enum finding level, const char *about, const char *text, const char *advice)
{
	printf("%-4s  %-12s %s\n", words[level], about, text);
	if (advice != NULL && level != FINDING_OK)
		printf("%-6s%-12s -> %s\n", "", "", advice);
	fflush(stdout);
}

void findings_add(struct findings *f, enum finding level, const char *about, const char *advice, const char *fmt, ...)
{
	struct str safe;
	char *text;
	va_list ap;
	json_t *o;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	str_init(&safe, 0);
	text_append(&safe, slice_of(text));
	f->counts[level]++;
	if (f->list == NULL) {
		print(level, about, safe.p, advice);
	} else {
		o = json_object();
		json_put(o, "level", json_of_words(words[level]));
		json_put(o, "about", json_of_words(about));
		json_put(o, "words", json_of_words(safe.p));
		json_put(o, "advice", json_of_words(level == FINDING_OK ? NULL : advice));
		json_array_append_new(f->list, o);
	}
	str_fini(&safe);
	free(text);
}

size_t findings_count(const struct findings *f, enum finding level)
{
	return f->counts[level];
}

int findings_end(struct findings *f, struct err *e)
{
	int rc = 0;

	if (f->list != NULL)
		rc = json_print(f->list, e);
	else
		printf("%zu ok, %zu to look at, %zu failed\n", f->counts[FINDING_OK], f->counts[FINDING_WARN],
		    f->counts[FINDING_FAIL]);
	free(f);
	return rc;
}
