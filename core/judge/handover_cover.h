/*
 * handover_cover - which incident an event belongs to.
 *
 * Forty sessions that fell together are told once, as their incident, and not as forty lines again.
 */
#ifndef PEERDECK_JUDGE_HANDOVER_COVER_H
#define PEERDECK_JUDGE_HANDOVER_COVER_H

#include "core/judge/incident.h"
#include "core/model/event.h"

struct cover;

/* Of those of several sessions that are open, or closed since `from_wall_ms`.  `set` may be NULL and must not change meanwhile. */
struct cover *cover_new(const struct incidents *set, int64_t from_wall_ms);
void cover_free(struct cover *c);
const struct incident *cover_of(const struct cover *c, const struct event *ev); /* NULL none */

#endif
