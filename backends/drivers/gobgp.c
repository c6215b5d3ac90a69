/*
 * GoBGP through the gobgp CLI, one exec channel per command.
 *
 * Its JSON leaves out what is zero and tells moments of the router's clock;
 * the table beside it tells durations.
 */
#include "backends/drivers/gobgp.h"
#include "backends/drivers/recipes.h"
#include "backends/drivers/drivers.h"
#include "backends/drivers/host.h"
#include "core/base/scan.h"

#include <string.h>

static const char *const refusals[] = {
	"context deadline exceeded", "Error:", "error:", "not found neighbor", "rpc error", "failed to connect",
	"neighbor ", "connection refused", "sudo:", "bash:", "sh:", "gobgp:",
};

int gobgp_refusal(struct slice out, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line, s = SLICE("");

	while (s.len == 0 && scan_line(&c, &line))
		s = slice_trim(line);
	if (s.len == 0)
		return err_set(e, ERR_PARSE, "empty answer");
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
		if (slice_starts(s, refusals[i]))
			return err_set(e, ERR_DEVICE, "the router says: %.*s", (int)s.len, s.p);
	return 0;
}

/* "gobgp version 3.10.0" */
int gobgp_version(struct snap_builder *b, struct slice out, struct err *e)
{
	struct slice s = slice_trim(out);

	if (!slice_starts(s, "gobgp version "))
		return gobgp_refusal(out, e) != 0 ? -1 : err_set(e, ERR_PARSE, "no version in the answer");
	s = slice_from(s, strlen("gobgp version "));
	snap_builder_version(b, s);
	return 0;
}

static const char *const error_lines[] = {
	"^context deadline exceeded", "^[Ee]rror: ", "^not found neighbor", "^rpc error", "^failed to connect",
	"connection refused", NULL,
};

static const struct dialogue dialogue = { .errors = error_lines };

static const struct query queries[] = {
	{ .name = "version", .command = "--version", .when = QUERY_ONCE, .optional = true,
	    .parse = gobgp_version },
	{ .name = "neighbors", .command = "-j neighbor", .when = QUERY_ALWAYS, .ceiling = 64 << 20,
	    .open = gobgp_neighbors_intake },
	{ .name = "durations", .command = "neighbor", .when = QUERY_ALWAYS, .optional = true,
	    .parse = gobgp_table_query },
	{ .name = "advertised", .command = "-j neighbor {neighbor}", .when = QUERY_SLOW, .optional = true,
	    .each = true, .parse = gobgp_advertised_query },
};

#define ADJ(which) "-j neighbor {neighbor} " which " -a {name}", "-j neighbor {neighbor} " which " -a {name}"
static const struct route_query route_queries[] = {
	{ ROUTES_RECEIVED, 0, ADJ("adj-in"), gobgp_routes_intake, NULL, NULL },
	{ ROUTES_ADVERTISED, 0, ADJ("adj-out"), gobgp_routes_intake, NULL,
	    "what the export policy lets pass now: before 4.6.0 the peer may hold more" },
};

static const struct reading readings[] = {
	{ "-j neighbor [<neighbor>]", gobgp_neighbors_json },
	{ "neighbor -j [<neighbor>]", gobgp_neighbors_json },
	{ "neighbor <neighbor> -j", gobgp_neighbors_json },
	{ "neighbor", gobgp_table },
	{ "neighbor <neighbor>", gobgp_neighbor_text },
	{ "-j neighbor <neighbor> adj-in|adj-out|local [<x>] [<x>] [<x>]", gobgp_routes_json },
	{ "neighbor -j <neighbor> adj-in|adj-out|local [<x>] [<x>] [<x>]", gobgp_routes_json },
	{ "neighbor <neighbor> adj-in|adj-out|local -j", gobgp_routes_json },
	{ "neighbor <neighbor> adj-in|adj-out|local -a <family> -j", gobgp_routes_json },
	{ "neighbor <neighbor> adj-in|adj-out|local -j -a <family>", gobgp_routes_json },
	{ "neighbor <neighbor> adj-in|adj-out|local [<x>] [<x>] [<x>]", gobgp_routes_text },
	{ "-j global rib [<x>] [<x>] [<x>]", gobgp_routes_json },
	{ "global rib -j [<x>] [<x>]", gobgp_routes_json },
	{ "global rib -a <family> -j", gobgp_routes_json },
	{ "global rib [<x>] [<x>] [<x>]", gobgp_routes_text },
};

static void carry(struct session *now, const struct session *before, struct arena *a)
{
	(void)a;
	if (now->state == BGP_ESTABLISHED && before->state == BGP_ESTABLISHED && now->advertised == COUNT_UNKNOWN)
		now->advertised = before->advertised;
}

const struct driver driver_gobgp = {
	.name = "gobgp",
	.title = "GoBGP 3 and 4 (gobgp)",
	.aliases = (const char *const[]){ "gobgpd", NULL },
	.transport = DRIVER_EXEC,
	.cli = "gobgp",
	.dialogue = &dialogue,
	.queries = queries,
	.query_count = ARRAY_LEN(queries),
	.ping = host_ping,
	.ping_count = ARRAY_LEN(host_ping),
	.iface = host_iface,
	.iface_count = ARRAY_LEN(host_iface),
	.routes = route_queries,
	.route_count = ARRAY_LEN(route_queries),
	.readings = readings,
	.reading_count = ARRAY_LEN(readings),
	.carry = carry,
	.recipes = gobgp_recipes,
	.limit_lines = "in gobgpd.conf, neighbor {neighbor}: [neighbors.afi-safis.prefix-limit.config] max-prefixes = {limit}\n"
	    "systemctl reload gobgpd",
	.doctor = "neighbor",
};
