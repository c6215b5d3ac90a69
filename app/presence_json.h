/*
 * presence_json - where two networks meet, as JSON; null is unknown.
 */
#ifndef PEERDECK_APP_PRESENCE_JSON_H
#define PEERDECK_APP_PRESENCE_JSON_H

#include "app/output_json.h"
#include "core/judge/presence.h"

/* online false: no router was asked, sessions and missing are null. */
json_t *presence_json(const struct presence_view *v, bool online);
/* Name, contacts and status page of an exchange; x may be NULL. */
json_t *presence_json_exchange(const struct exchange *x, uint32_t ix_id);

#endif
