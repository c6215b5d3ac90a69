/* Our own case before the policies of others; see mirrors.h. */
#include "app/mirrors.h"
#include "core/base/mem.h"
#include "core/judge/assemble.h"
#include "core/judge/verdict_book.h"

#include <stdlib.h>

struct mirror {
	struct policy *policy; /* NULL: it is wrong */
	struct verdict_book *book;
	struct err err;
};
struct mirrors {
	struct mirror *all;
	struct mirror_line *lines; /* in the same order */
	size_t count;
};

struct mirrors *mirrors_open(const struct config *config)
{
	struct mirrors *m = MEM_NEW(struct mirrors);

	m->all = mem_calloc(config->network_count + 1, sizeof(*m->all));
	m->lines = mem_calloc(config->network_count + 1, sizeof(*m->lines));
	for (size_t i = 0; i < config->network_count; i++) {
		const struct network_conf *n = &config->networks[i];
		struct mirror *to = &m->all[m->count];
		asn_t asn;

		if (n->policy == NULL || !asn_parse(slice_of(n->name), &asn))
			continue;
		to->policy = policy_load(n->policy, NULL, &to->err);
		if (to->policy != NULL)
			to->book = verdict_book_new(to->policy);
		m->lines[m->count++] = (struct mirror_line){ .asn = asn, .book = to->book, .trouble = to->policy == NULL ? to->err.text : NULL };
	}
	return m;
}

void mirrors_close(struct mirrors *m)
{
	for (size_t i = 0; m != NULL && i < m->count; i++) {
		verdict_book_free(m->all[i].book);
		policy_free(m->all[i].policy);
	}
	if (m != NULL) {
		free(m->all);
		free(m->lines);
	}
	free(m);
}

size_t mirrors_lines(const struct mirrors *m, const struct mirror_line **out)
{
	*out = m->lines;
	return m->count;
}

uint64_t mirrors_revision(const struct mirrors *m)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < m->count; i++)
		sum += m->all[i].book != NULL ? verdict_book_revision(m->all[i].book) : 0;
	return sum;
}

void mirrors_evidence(const struct evidence *ev, const struct world *w, struct arena *a, struct evidence *out)
{
	struct ladder *ours = arena_alloc(a, sizeof(*ours));

	ladder_build(a, &(struct ladder_input){ .asn = w->config->local_as, .peers = w->peers, .now_wall_ms = w->now_wall_ms }, ours);
	evidence_mirror(ev, w->peers, ours, out, a);
}

void mirrors_judge(struct mirrors *m, const struct evidence *ev, const struct world *w)
{
	for (size_t i = 0; m != NULL && i < m->count; i++)
		if (m->lines[i].asn == ev->asn && m->all[i].book != NULL) {
			struct evidence seen;

			mirrors_evidence(ev, w, ev->arena, &seen);
			verdict_book_judge(m->all[i].book, &seen, NULL, NULL);
		}
}

void mirrors_forget(struct mirrors *m, int64_t before_wall_ms)
{
	for (size_t i = 0; m != NULL && i < m->count; i++)
		if (m->all[i].book != NULL)
			verdict_book_forget(m->all[i].book, before_wall_ms);
}
