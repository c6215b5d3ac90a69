/* Last states by kind and id; see mark.h. */
#include "core/act/mark.h"
#include "core/base/mem.h"

#include <stdlib.h>
#include <string.h>

struct mark {
	char *kind, *id, *state;
};
struct marks {
	struct mark *all;
	size_t count, cap;
};

struct marks *marks_new(void)
{
	return MEM_NEW(struct marks);
}

void marks_free(struct marks *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->count; i++) {
		free(m->all[i].kind);
		free(m->all[i].id);
		free(m->all[i].state);
	}
	free(m->all);
	free(m);
}

/* The newest are looked for most. */
static struct mark *find(const struct marks *m, const char *kind, const char *id)
{
	for (size_t i = m->count; i > 0; i--)
		if (strcmp(m->all[i - 1].id, id) == 0 && strcmp(m->all[i - 1].kind, kind) == 0)
			return &m->all[i - 1];
	return NULL;
}

void marks_take(struct marks *m, const struct journal_entry *e)
{
	const char *state = entry_more(e, "state");
	struct mark *mark;

	if (*state == '\0' || *e->id == '\0')
		return;
	mark = find(m, e->kind, e->id);
	if (mark == NULL) {
		MEM_GROW(m->all, m->cap, m->count + 1);
		mark = &m->all[m->count++];
		*mark = (struct mark){ .kind = mem_strdup(e->kind), .id = mem_strdup(e->id) };
	}
	free(mark->state);
	mark->state = mem_strdup(state);
}

const char *marks_state(const struct marks *m, const char *kind, const char *id)
{
	const struct mark *mark = find(m, kind, id);

	return mark == NULL ? "" : mark->state;
}
