/* What events say of incidents that the journal told: for those who see no routers. */
#include "core/base/mem.h"
#include "core/judge/incident_priv.h"

#include <stdio.h>
#include <string.h>

enum { EARLIER_MS = 5000 }; /* the first event may be a little older than the incident */

static bool is_fall(const struct event *ev)
{
	return ev->kind == EVENT_DOWN || ev->kind == EVENT_LIMIT_TRIPPED || ev->kind == EVENT_ROUTER_LOST || ev->kind == EVENT_HOSTKEY ||
	    (ev->kind == EVENT_PREFIX_JUMP && ev->severity >= SEV_WARN);
}

static bool is_return(const struct event *ev, const struct incident_member *m)
{
	if (m->what == INCIDENT_PREFIXES)
		return ev->kind == EVENT_PREFIX_JUMP && ev->after != COUNT_UNKNOWN && m->before != COUNT_UNKNOWN &&
		    ev->after * 10 >= m->before * 9;
	return ev->kind == EVENT_UP || ev->kind == EVENT_ROUTER_BACK;
}

static void recall(struct incidents *s, const struct event *ev)
{
	struct incident *in = NULL;
	struct incident_member *m = incident_place_find(s, ev->router, ev->vrf, ev->neighbor, &in);

	if (m == NULL || ev->wall_ms < in->opened_wall_ms - EARLIER_MS)
		return;
	if (is_fall(ev)) {
		m->drops += m->back;
		m->back = false;
		snprintf(m->words, sizeof(m->words), "%s", ev->words);
	} else if (ev->kind == EVENT_ADMIN) {
		m->back = strncmp(ev->words, "shut", 4) == 0; /* nobody waits for it */
		m->back_wall_ms = ev->wall_ms;
	} else if (is_return(ev, m)) {
		m->back = true;
		m->back_wall_ms = ev->wall_ms;
	}
}

void incidents_recall(struct incidents *s, const struct event_log *log)
{
	for (size_t k = event_log_count(log); k-- > 0;)
		recall(s, event_log_at(log, k));
	for (size_t i = 0; i < s->count; i++)
		if (incident_is_open(s->all[i]))
			incident_recount(s->all[i]);
}
