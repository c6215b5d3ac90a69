/* References to snapshots and peers, counted together; see pin.h. */
#include "core/model/pin.h"
#include "core/base/mem.h"

#include <stdlib.h>

struct pin {
	unsigned refs;
	struct snap **snaps;
	size_t count;
	struct peer_set *peers;
};

struct pin *pin_new(const struct world *w)
{
	struct pin *p = MEM_NEW(struct pin);

	p->refs = 1;
	p->snaps = mem_calloc(w->router_count + 1, sizeof(struct snap *));
	for (size_t i = 0; i < w->router_count; i++)
		if (w->routers[i].snap != NULL)
			p->snaps[p->count++] = snap_ref(w->routers[i].snap);
	if (w->peers != NULL)
		p->peers = peer_set_ref(w->peers);
	return p;
}

struct pin *pin_ref(struct pin *p)
{
	if (p != NULL)
		p->refs++;
	return p;
}

void pin_unref(struct pin *p)
{
	if (p == NULL || --p->refs > 0)
		return;
	for (size_t i = 0; i < p->count; i++)
		snap_unref(p->snaps[i]);
	peer_set_unref(p->peers);
	free(p->snaps);
	free(p);
}

uint64_t pin_solid(const struct world *w)
{
	uint64_t h = (uint64_t)(uintptr_t)w->ledger * 0x9e3779b97f4a7c15u + w->ledger_count;

	for (size_t i = 0; i < w->ledger_count; i++)
		for (const char *p = text_or(w->ledger[i].id, ""); *p != '\0'; p++)
			h = (h ^ (unsigned char)*p) * 0x100000001b3u;
	return h ^ (uint64_t)(uintptr_t)w->routers;
}
