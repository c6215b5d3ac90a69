/* Which views there are, and the selection that they share; see view.h. */
#include "tui/view.h"
#include "core/judge/venue.h"
#include "core/base/mem.h"

#include <string.h>

/* In the order of the digits; the first is home. */
static const struct view *const views[] = {
	&view_sessions, &view_networks, &view_prefixes, &view_contacts, &view_routers, &view_events,
	&view_journal, &view_held, &view_help, &view_detail,
	&view_policy, &view_matrix, &view_clause, &view_mirror, &view_incidents, &view_incident,
	&view_handover,
	&view_collectors, &view_presence, &view_found, &view_alerts,
	&view_plot, &view_timeline,
};

const struct view *view_at(size_t i)
{
	return i < ARRAY_LEN(views) ? views[i] : NULL;
}

const struct view *view_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(views); i++)
		if (strcmp(views[i]->name, name) == 0)
			return views[i];
	return NULL;
}

void view_names(struct str *out)
{
	for (size_t i = 0; i < ARRAY_LEN(views); i++)
		str_addf(out, "%s%s", i ? ", " : "", views[i]->name);
}

bool view_has_column(const char *view, const char *column)
{
	for (size_t i = 0; i < ARRAY_LEN(views); i++)
		if ((view == NULL || strcmp(view, views[i]->name) == 0) &&
		    column_find(views[i]->columns, views[i]->column_count, column) != NULL)
			return true;
	return false;
}

static bool is_view(const char *name)
{
	return view_find(name) != NULL;
}

const struct keymap_names view_keymap_names = {
	.is_view = is_view, .has_column = view_has_column, .views = view_names,
};

const struct world_session *view_focus_session(const struct view_ctx *cx)
{
	const struct focus *f = cx->focus;
	const struct world_session *near = NULL;

	if (f->neighbor[0] == '\0')
		return NULL;
	for (size_t i = 0; i < cx->session_count; i++) {
		const struct world_session *r = &cx->sessions[i];

		if (strcmp(r->router->conf->name, f->router) != 0 ||
		    strcmp(text_or(r->s->neighbor, ""), f->neighbor) != 0 ||
		    strcmp(text_or(r->s->vrf, ""), f->vrf) != 0)
			continue;
		if (r->s->family == f->family)
			return r;
		if (f->family == AF_UNKNOWN)
			near = r;
	}
	return near;
}

const struct incident *view_focus_incident(const struct view_ctx *cx)
{
	const struct focus *f = cx->focus;
	const struct incident *i = NULL;

	if (cx->w->incidents != NULL)
		i = f->incident[0] != '\0' ? incidents_now(cx->w->incidents, f->incident) :
		    incidents_of(cx->w->incidents, f->router, f->vrf, f->neighbor);
	return i != NULL && i->closed_wall_ms == 0 ? i : NULL;
}

bool view_venue(const struct view_ctx *cx, struct venue *out)
{
	const struct incident *i = cx->focus->asn == ASN_UNKNOWN && cx->focus->incident[0] != '\0' ? view_focus_incident(cx) : NULL;

	*out = (struct venue){ .kind = VENUE_NONE };
	if (i != NULL)
		venue_of_incident(cx->w, i, out);
	return out->kind != VENUE_NONE;
}

const struct world_router *view_focus_router(const struct view_ctx *cx)
{
	for (size_t i = 0; i < cx->w->router_count; i++)
		if (strcmp(cx->w->routers[i].conf->name, cx->focus->router) == 0)
			return &cx->w->routers[i];
	return NULL;
}
