/* See openset.h. */
#include "core/judge/openset.h"
#include "core/base/mem.h"

#include <stdlib.h>
#include <uthash.h>

struct open_alert {
	struct notice notice;
	uint64_t round;
	UT_hash_handle hh;
};

struct openset {
	struct open_alert *all; /* by key */
	uint64_t round;
};

struct openset *openset_new(void)
{
	return MEM_NEW(struct openset);
}

void openset_clear(struct openset *s)
{
	struct open_alert *o, *next;

	HASH_ITER(hh, s->all, o, next) {
		HASH_DEL(s->all, o);
		free(o);
	}
}

void openset_free(struct openset *s)
{
	if (s == NULL)
		return;
	openset_clear(s);
	free(s);
}

bool openset_put(struct openset *s, const struct notice *n)
{
	struct open_alert *o;
	bool fresh;

	HASH_FIND_STR(s->all, n->key, o);
	fresh = o == NULL;
	if (fresh) {
		o = MEM_NEW(struct open_alert);
		o->notice = *n;
		HASH_ADD_STR(s->all, notice.key, o);
	} else {
		memcpy(o->notice.words, n->words, sizeof(o->notice.words));
		o->notice.at_wall_ms = n->at_wall_ms;
	}
	o->round = s->round;
	return fresh;
}

bool openset_end(struct openset *s, const char *key)
{
	struct open_alert *o;

	HASH_FIND_STR(s->all, key, o);
	if (o == NULL)
		return false;
	HASH_DEL(s->all, o);
	free(o);
	return true;
}

void openset_sync_begin(struct openset *s)
{
	s->round++;
}

void openset_sync_end(struct openset *s, void (*over)(void *ctx, const struct notice *n), void *ctx)
{
	struct open_alert *o, *next;

	HASH_ITER(hh, s->all, o, next) {
		if (o->round == s->round)
			continue;
		HASH_DEL(s->all, o);
		over(ctx, &o->notice);
		free(o);
	}
}

size_t openset_count(const struct openset *s)
{
	return HASH_COUNT(s->all);
}
