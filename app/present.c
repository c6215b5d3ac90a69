/* The world and what changes it; see present.h. */
#include "app/present.h"
#include "core/base/clock.h"
#include "core/model/driver.h"

#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *login_name(void)
{
	const struct passwd *pw = getpwuid(getuid());

	return pw != NULL ? pw->pw_name : "?";
}

void present_init(struct present *p, const struct config *c, size_t events)
{
	size_t n = 0;

	*p = (struct present){ .rules = diff_defaults };
	p->rules.near_pct = (int)c->near_pct;
	p->w = (struct world){ .config = c, .read_only = c->read_only, .operator_name = c->operator_name };
	p->w.operator_login = mem_strdup(login_name());
	p->w.routers = mem_calloc(c->router_count, sizeof(*p->w.routers));
	p->lost = mem_calloc(c->router_count, sizeof(*p->lost));
	for (size_t i = 0; i < c->router_count; i++) {
		const struct driver *d;

		if (c->routers[i].is_jump)
			continue;
		d = driver_find(c->routers[i].os);
		p->w.routers[n].conf = &c->routers[i];
		p->w.routers[n].os_title = d != NULL ? d->title : c->routers[i].os;
		n++;
	}
	p->w.router_count = n;
	if (events > 0)
		p->w.events = event_log_new(events);
	present_now(p);
}

void present_fini(struct present *p)
{
	for (size_t i = 0; i < p->w.router_count; i++)
		snap_unref(p->w.routers[i].snap);
	peer_set_unref(p->w.peers);
	event_log_free(p->w.events);
	free(p->w.routers);
	free(p->lost);
	free((char *)p->w.operator_login);
}

void present_now(struct present *p)
{
	p->w.now_boot_ms = clock_boot_ms();
	p->w.now_wall_ms = clock_wall_ms();
}

struct world_router *present_router(struct present *p, const char *name)
{
	for (size_t i = 0; name != NULL && i < p->w.router_count; i++)
		if (strcmp(p->w.routers[i].conf->name, name) == 0)
			return &p->w.routers[i];
	return NULL;
}

void present_event(struct present *p, const char *router, enum event_kind kind, enum severity severity,
    const char *fmt, ...)
{
	struct event ev = { .kind = kind, .severity = severity };
	va_list ap;

	if (p->w.events == NULL)
		return;
	if (router != NULL)
		snprintf(ev.router, sizeof(ev.router), "%s", router);
	va_start(ap, fmt);
	vsnprintf(ev.words, sizeof(ev.words), fmt, ap);
	va_end(ap);
	event_log_add(p->w.events, ev);
}

/* A link that fails again and again is lost once, and comes back once. */
static void link_events(struct present *p, const struct world_router *r, const struct link_status *now)
{
	bool *lost = &p->lost[r - p->w.routers];
	const char *name = r->conf->name;

	if (now->state == LINK_LOCKED && r->link.state != LINK_LOCKED) {
		present_event(p, name, EVENT_HOSTKEY, SEV_ALARM, "%s", now->words);
		*lost = true;
	} else if (now->state == LINK_WAITING && !*lost) {
		present_event(p, name, EVENT_ROUTER_LOST, SEV_ALARM, "%s%s", r->snap != NULL ? "lost: " : "",
		    now->words);
		*lost = true;
	} else if (now->state == LINK_READY && now->cause != ERR_NONE && !*lost) {
		present_event(p, name, EVENT_ROUTER_LOST, SEV_WARN, "cannot be read: %s", now->words);
		*lost = true;
	}
}

static void take_snap(struct present *p, struct world_router *r, struct snap *snap)
{
	bool *lost = &p->lost[r - p->w.routers];

	if (p->w.events != NULL)
		diff_snaps(r->snap, snap, &p->rules, p->w.events);
	if (*lost)
		present_event(p, r->conf->name, EVENT_ROUTER_BACK, SEV_NOTICE, "read again");
	*lost = false;
	snap_unref(r->snap);
	r->snap = snap;
}

bool present_take(struct present *p, struct msg *m)
{
	struct world_router *r = present_router(p, m->router);

	switch (m->kind) {
	case MSG_LINK:
		if (r != NULL) {
			link_events(p, r, &m->link);
			r->link = m->link;
		}
		break;
	case MSG_SNAP:
		if (r != NULL) {
			take_snap(p, r, m->snap);
			m->snap = NULL;
		}
		break;
	case MSG_PEERS:
		peer_set_unref(p->w.peers);
		p->w.peers = m->peers;
		m->peers = NULL;
		break;
	case MSG_TEXT:
		snprintf(p->w.notice, sizeof(p->w.notice), "%s", m->words);
		p->w.notices++;
		break;
	default:
		return false;
	}
	msg_free(m);
	return true;
}
