/* Mirror: do we meet the policy of the selected network?  All clauses, worst first, with what is missing. */
#include "core/base/clock.h"
#include "core/judge/verdict_book.h"
#include "tui/view.h"

#include <stdlib.h>

static const struct mirror_line *line_of(const struct view_ctx *cx)
{
	for (size_t i = 0; i < cx->w->mirror_count; i++)
		if (cx->w->mirrors[i].asn == cx->focus->asn)
			return &cx->w->mirrors[i];
	return NULL;
}

static int worse(const void *a, const void *b)
{
	return verdict_worse(*(const struct verdict *const *)a, *(const struct verdict *const *)b);
}

static void add_verdict(const struct view_ctx *cx, const struct verdict *v, struct page *p)
{
	char at[16];

	page_line(p, verdict_role(v), "%s %-8s %-20s %s", verdict_glyph(v, cx->g), v->value == VERDICT_FAIL ? "NOT MET" : verdict_state_word(v),
	    v->clause->id, v->words.s);
	if (v->value == VERDICT_UNKNOWN) {
		page_line(p, ROLE_DIM, "    to know it: %s", text_or(v->missing, "?"));
		return;
	}
	if (v->value == VERDICT_FAIL)
		page_line(p, ROLE_NORMAL, "    \"%s\"", v->clause->text);
	time_words(v->wall_ms, cx->w->now_wall_ms, at, sizeof(at));
	page_line(p, ROLE_DIM, "    %s%s%s", text_or(v->source, "-"), v->wall_ms > 0 ? ", " : "", v->wall_ms > 0 ? at : "");
}

static void page_of_mirror(const struct view_ctx *cx, struct page *p)
{
	const struct mirror_line *line = line_of(cx);
	const struct network_verdicts *n = line != NULL && line->book != NULL ? verdict_book_find(line->book, cx->w->config->local_as) : NULL;
	const struct policy *policy = line != NULL && line->book != NULL ? verdict_book_policy(line->book) : NULL;
	const struct verdict **sorted;
	char span[CLOCK_SPAN_LEN];

	if (cx->focus->asn == ASN_UNKNOWN) {
		page_line(p, ROLE_DIM, "no network is selected");
	} else if (cx->w->verdicts == NULL) {
		page_line(p, ROLE_WARN, "%s", cx->w->no_verdicts != NULL ? cx->w->no_verdicts : "no policy is configured");
	} else if (line == NULL) {
		page_line(p, ROLE_DIM, "which policy has AS%u? write network AS%u { policy = FILE } into %s", cx->focus->asn, cx->focus->asn,
		    cx->w->config->path != NULL ? cx->w->config->path : "the configuration");
	} else if (line->trouble != NULL) {
		page_line(p, ROLE_WARN, "%s", line->trouble);
	} else if (n == NULL) {
		page_line(p, ROLE_DIM, "not judged yet against the policy of AS%u", cx->focus->asn);
	}
	if (n == NULL)
		return;
	page_line(p, n->sum.failed > 0 ? ROLE_BAD : ROLE_NORMAL, "Do we, AS%u, meet the policy of AS%u %s?  %zu not met, %zu not known, %zu met", n->asn,
	    policy->asn, policy->name, n->sum.failed, n->sum.unknown, n->sum.passed);
	page_line(p, ROLE_DIM, "judged %s ago, by what we send it and publish", clock_span((cx->w->now_wall_ms - n->judged_wall_ms) / 1000, span));
	page_blank(p);
	sorted = mem_calloc(n->count + 1, sizeof(const struct verdict *));
	for (size_t i = 0; i < n->count; i++)
		sorted[i] = &n->verdicts[i];
	qsort(sorted, n->count, sizeof(const struct verdict *), worse);
	for (size_t i = 0; i < n->count; i++)
		add_verdict(cx, sorted[i], p);
	free(sorted);
}

const struct view view_mirror = {
	.name = "mirror", .title = "Mirror", .about = "do we meet the policy of the selected network, which its block in the configuration names?",
	.page = page_of_mirror,
};
