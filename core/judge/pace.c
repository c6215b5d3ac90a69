/* The arithmetic of not being noticed; see pace.h. */
#include "core/judge/pace.h"

bool pace_free(const struct pace *p, int64_t now_boot_ms)
{
	return !p->asking && now_boot_ms >= p->free_boot_ms;
}

void pace_asked(struct pace *p, int64_t now_boot_ms)
{
	p->asking = true;
	p->asked_boot_ms = now_boot_ms;
}

void pace_answered(struct pace *p, int64_t gap_ms, int64_t now_boot_ms)
{
	int64_t rest = (now_boot_ms - p->asked_boot_ms) * (PACE_SHARE - 1);

	p->asking = false;
	p->free_boot_ms = now_boot_ms + (rest > gap_ms ? rest : gap_ms);
}

int64_t pace_due(int64_t now_boot_ms, int64_t every_ms, unsigned failures)
{
	return now_boot_ms + (every_ms << (failures < PACE_DOUBLINGS ? failures : PACE_DOUBLINGS));
}
