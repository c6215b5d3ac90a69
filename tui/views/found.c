/* Found: networks that find-network found in PeeringDB's cache, also those that we have no session with. */
#include "core/base/mem.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	const struct found_peer *found;
	const struct peer *peer; /* may be NULL */
	size_t sessions;
} row;

static void show_asn(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_putf(out, ROLE_NORMAL, "%u", ((const row *)v)->found->asn);
}

static bool asn_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const row *)v)->found->asn;
	return true;
}

static void show_name(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_ACCENT, network_name(((const row *)v)->peer));
}

static void put_text(const struct view_ctx *cx, struct field *out, struct text t)
{
	field_put(out, text_empty(t) ? ROLE_DIM : ROLE_NORMAL, text_empty(t) ? cx->g->dash : t.s);
}

static void show_policy(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)width;
	put_text(cx, out, r->peer != NULL ? r->peer->policy_general : (struct text){ NULL });
}

static void show_type(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)width;
	put_text(cx, out, r->peer != NULL ? r->peer->info_type : (struct text){ NULL });
}

static bool session_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = (int64_t)((const row *)v)->sessions;
	return true;
}

static void show_sessions(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)width;
	if (r->sessions > 0)
		field_putf(out, ROLE_NORMAL, "%zu", r->sessions);
	else
		field_put(out, ROLE_DIM, cx->g->dash);
}

static void show_how(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)width;
	put_text(cx, out, ((const row *)v)->found->how);
}

static const struct column columns[] = {
	{ .id = "asn", .title = "ASN", .help = "AS number", .min = 6, .max = 10, .right = true, .show = show_asn, .number = asn_number },
	{ .id = "name", .title = "NETWORK", .help = "its name in PeeringDB", .min = 14, .max = 0, .show = show_name },
	{ .id = "policy", .title = "POLICY", .help = "its general peering policy", .min = 6, .max = 11, .rank = 1, .show = show_policy },
	{ .id = "type", .title = "TYPE", .help = "what kind of network", .min = 6, .max = 20, .rank = 3, .show = show_type },
	{ .id = "sessions", .title = "SESS", .help = "sessions that we have with it", .min = 4, .max = 5, .right = true, .rank = 1,
	  .show = show_sessions, .number = session_number },
	{ .id = "how", .title = "FOUND BY", .help = "what of it matched", .min = 8, .max = 9, .rank = 2, .show = show_how },
};

static size_t rows_of(const struct view_ctx *cx, void **out)
{
	const struct peer_set *set = cx->w->peers;
	size_t n = set != NULL ? set->found_count : 0;
	row *rows = mem_calloc(n + 1, sizeof(*rows));

	for (size_t i = 0; i < n; i++) {
		rows[i] = (row){ &set->found[i], peer_set_find(set, set->found[i].asn), 0 };
		for (size_t k = 0; k < cx->session_count; k++)
			rows[i].sessions += cx->sessions[k].s->remote_as == set->found[i].asn;
	}
	*out = rows;
	return n;
}

static void key_of(const void *v, struct str *out)
{
	str_addf(out, "%u", ((const row *)v)->found->asn);
}

static void focus_of(const void *v, struct focus *out)
{
	out->asn = ((const row *)v)->found->asn;
}

static const char *open_row(const void *v, struct str *filter)
{
	(void)v, (void)filter;
	return "presence";
}

const struct view view_found = {
	.name = "found", .title = "Found", .about = "networks that find-network found, sessions or not; Enter: where we meet them",
	.columns = columns, .column_count = ARRAY_LEN(columns), .row_size = sizeof(row),
	.rows = rows_of, .key = key_of, .focus = focus_of, .open = open_row, .paned = true,
	.empty = "no network is found: :find-network AS64501, a name, an address, ix:NAME or an AS macro",
};
