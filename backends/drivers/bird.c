/*
 * BIRD through birdc, one exec channel per command.
 *
 * birdc has no JSON and tells moments, not durations: so the status, which
 * has the router's clock, is read before the protocols.
 */
#include "backends/drivers/bird.h"
#include "backends/drivers/recipes.h"
#include "backends/drivers/drivers.h"
#include "backends/drivers/host.h"
#include "core/base/scan.h"

#include <string.h>

/* What birdc and the daemon say when they do not answer (reply codes 8xxx and 9xxx have no prefix of their own). */
static const char *const refusals[] = {
	"Unable to connect to server control socket", "Connection closed by server", "syntax error",
	"No such command", "Ambiguous command", "Incomplete command", "Access denied", "Unknown command",
	"runtime error", "No import table", "No export table", "Permission denied", "birdc:", "sudo:", "bash:", "sh:", "birdc: command not found",
};

static bool is_refusal(struct slice line)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
		if (slice_starts(line, refusals[i]))
			return true;
	return slice_ends(line, "command not found");
}

/* "BIRD 2.0.12 ready." or "0001 BIRD 2.0.12 ready." */
static bool take_version(struct snap_builder *b, struct slice line)
{
	if (slice_starts(line, "0001 "))
		line = slice_from(line, 5);
	if (!slice_starts(line, "BIRD ") || !slice_ends(line, " ready."))
		return false;
	if (b != NULL)
		snap_builder_version(b, slice_upto(line, line.len - strlen(" ready.")));
	return true;
}

int bird_greeting(struct snap_builder *b, struct slice *out, struct err *e)
{
	struct scan c = scan_of(*out), before = c;
	struct slice line, s;

	while (scan_line(&c, &line)) {
		s = slice_trim(line);
		if (is_refusal(s))
			return err_set(e, ERR_DEVICE, "the router says: %.*s", (int)s.len, s.p);
		if (s.len > 0 && !take_version(b, s) && !slice_starts(s, "Access restricted"))
			break;
		before = c;
	}
	*out = (struct slice){ before.p, (size_t)(before.end - before.p) };
	return out->len > 0 ? 0 : err_set(e, ERR_PARSE, "empty answer");
}

static bool take_date(struct scan *c, int64_t *days)
{
	uint64_t y, m, d;
	int64_t era;

	if (!scan_u64(c, &y) || !scan_lit(c, "-") || !scan_u64(c, &m) || !scan_lit(c, "-") ||
	    !scan_u64(c, &d) || y < 1970 || y > 9999 || m < 1 || m > 12 || d < 1 || d > 31)
		return false;
	/* Days since 1970-01-01 of the proleptic Gregorian calendar, years from March (Hinnant). */
	if (m <= 2)
		y--;
	era = (int64_t)(y / 400);
	y -= (uint64_t)era * 400;
	*days = era * 146097 + (int64_t)(y * 365 + y / 4 - y / 100 + (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1) -
	    719468;
	return true;
}

static bool take_time(struct scan *c, int64_t *seconds)
{
	uint64_t h, m, s, fraction;

	if (!scan_u64(c, &h) || !scan_lit(c, ":") || !scan_u64(c, &m) || !scan_lit(c, ":") ||
	    !scan_u64(c, &s) || h > 23 || m > 59 || s > 60)
		return false;
	if (scan_lit(c, "."))
		scan_u64(c, &fraction);
	*seconds = (int64_t)(h * 3600 + m * 60 + s);
	return true;
}

bool bird_moment(struct slice s, int64_t *seconds, bool *day, bool *exact)
{
	struct scan c = scan_of(s);
	int64_t days = 0;

	*day = s.len >= 5 && s.p[4] == '-';
	*exact = true;
	*seconds = 0;
	if (*day && !take_date(&c, &days))
		return false;
	scan_blanks(&c);
	if (scan_done(&c) && *day)
		*exact = false;
	else if (!take_time(&c, seconds))
		return false;
	*seconds += days * 86400;
	return scan_done(&c);
}

/* The lines of `show status`, by how they begin. */
static const struct {
	const char *begins, *key;
} status_lines[] = {
	{ "Router ID is ", "router_id" },
	{ "Hostname is ", "hostname" },
	{ "Current server time is ", "current_server" },
	{ "Last reboot on ", "last_reboot" },
	{ "Last reconfiguration on ", "last_reconfig" },
	{ "BIRD ", "version" },
};

/* Calls `found` for every line; "message" is what is none of the above. -1 if it is no status at all. */
static int read_status(struct slice out, void (*found)(void *ctx, const char *key, struct slice value),
    void *ctx, struct err *e)
{
	struct scan c;
	struct slice line, s;
	bool router_id = false;

	if (bird_greeting(NULL, &out, e) != 0)
		return -1;
	c = scan_of(out);
	while (scan_line(&c, &line)) {
		const char *key = "message";

		s = slice_trim(line);
		for (size_t i = 0; i < ARRAY_LEN(status_lines); i++)
			if (slice_starts(s, status_lines[i].begins)) {
				key = status_lines[i].key;
				s = slice_from(s, strlen(status_lines[i].begins));
				router_id = router_id || i == 0;
				break;
			}
		if (s.len > 0)
			found(ctx, key, s);
	}
	return router_id ? 0 : err_set(e, ERR_PARSE, "the status names no router ID");
}

static void status_to_builder(void *ctx, const char *key, struct slice value)
{
	struct snap_builder *b = ctx;
	struct addr id;
	int64_t seconds;
	bool day, exact;

	if (strcmp(key, "router_id") == 0 && addr_parse(value, &id))
		snap_builder_router(b, ASN_UNKNOWN, &id);
	else if (strcmp(key, "current_server") == 0 && bird_moment(value, &seconds, &day, &exact) && day)
		snap_builder_clock(b, seconds);
}

static int status_query(struct snap_builder *b, struct slice out, struct err *e)
{
	return read_status(out, status_to_builder, b, e);
}

static void status_to_report(void *ctx, const char *key, struct slice value)
{
	report_status(ctx, key, value);
}

static int status_reading(struct report *r, struct slice out, struct err *e)
{
	return read_status(out, status_to_report, r, e);
}

/* birdc takes the command as one or many arguments; one keeps quotes and brackets out of the shell's sight. */
static int shell_line(struct str *out, const char *cli, const char *command)
{
	str_puts(out, cli);
	str_puts(out, " '");
	for (const char *p = command; *p != '\0'; p++)
		if (*p == '\'')
			str_puts(out, "'\\''");
		else
			str_putc(out, *p);
	return str_putc(out, '\'');
}

static const char *const errors[] = {
	"^Unable to connect to server control socket", "^syntax error", "^No such command",
	"^(Ambiguous|Incomplete|Unknown) command", "^Access denied", "^runtime error", NULL,
};

static const struct dialogue dialogue = { .errors = errors };

static const struct query queries[] = {
	{ .name = "status", .command = "show status", .when = QUERY_ALWAYS, .parse = status_query },
	{ .name = "protocols", .command = "show protocols all", .when = QUERY_ALWAYS,
	    .parse = bird_protocols_query },
};

static const struct route_query route_queries[] = {
	{ ROUTES_RECEIVED, 0, "show route import table {protocol}.{name} all", "show route import table {protocol}.{name} all",
	    bird_routes_intake, "routes before filters are kept only with \"import table on;\" in the channel {name}", NULL },
	{ ROUTES_ACCEPTED, 0, "show route protocol {protocol} all", "show route protocol {protocol} all", bird_routes_intake,
	    NULL, NULL },
	{ ROUTES_ADVERTISED, 0, "show route export {protocol} all", "show route export {protocol} all", bird_routes_intake,
	    NULL, "what the export filter lets pass now, not what was sent" },
};

static const struct reading readings[] = {
	{ "show protocols|protocol [all] [<name>]", bird_protocols },
	{ "show status", status_reading },
	{ "show route [all]", bird_routes },
	{ "show route [all] [for|in|table|protocol|export|noexport|filtered|preexport|import <x>] "
	    "[table|protocol|export|noexport|all|filtered|primary] [<x>] [all]", bird_routes },
	{ "show route <x> [all]", bird_routes },
};

const struct driver driver_bird = {
	.name = "bird",
	.title = "BIRD 1.6, 2 and 3 (birdc)",
	.aliases = (const char *const[]){ "bird2", "bird3", NULL },
	.transport = DRIVER_EXEC,
	.cli = "birdc",
	.shell_line = shell_line,
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
	.recipes = bird_recipes,
	.limit_lines = "in the file that holds protocol {handle}: ipv{ip} { import limit {limit} action restart; };\n"
	    "birdc configure",
	.doctor = "show status",
};
