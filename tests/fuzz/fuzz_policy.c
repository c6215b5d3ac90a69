/* Any text as a policy file: all that is wrong is told with its line, or a policy that holds together. */
#include "core/judge/verdict.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* About nobody anything is known: no policy may find a fault in that but for the number. */
static void judge_nobody(const struct policy *p)
{
	struct arena *a = arena_new();
	struct evidence ev;
	struct verdict *v;

	evidence_init(&ev, a, 3333, 64500, 1);
	v = judge_network(p, &ev, a);
	for (size_t i = 0; i < p->clause_count; i++)
		if (v[i].value != VERDICT_UNKNOWN || text_empty(v[i].missing))
			abort();
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy_faults faults;
	struct policy *p;
	unsigned line = 0;

	policy_faults_init(&faults);
	p = policy_parse("fuzz.policy", (struct slice){ (const char *)data, size }, &faults);
	if ((p == NULL) != (faults.count > 0))
		abort();
	for (size_t i = 0; i < faults.count; i++) {
		if (faults.faults[i].line < line || faults.faults[i].words[0] == '\0')
			abort();
		line = faults.faults[i].line;
	}
	if (p != NULL) {
		if (p->asn == ASN_UNKNOWN || p->name == NULL || p->clause_count == 0)
			abort();
		judge_nobody(p);
	}
	policy_free(p);
	policy_faults_fini(&faults);
	return 0;
}
