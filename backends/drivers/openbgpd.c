/*
 * OpenBGPD through bgpctl, one exec channel per command.
 *
 * bgpctl 7.7 writes texts into its JSON as they are, a peer's shutdown text
 * too: every string is therefore made sound before it is parsed.
 */
#include "backends/drivers/openbgpd.h"
#include "backends/drivers/recipes.h"
#include "backends/drivers/drivers.h"
#include "backends/drivers/host.h"
#include "core/base/scan.h"

#include <string.h>

static const char *const refusals[] = {
	"bgpctl:", "unknown argument", "missing argument", "valid commands/args", "ambiguous argument", "neighbor not found",
	"no such neighbor", "permission denied", "sudo:", "bash:", "sh:", "doas:", "usage:", "operation not permitted",
};

int openbgpd_refusal(struct slice out, struct err *e)
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

/* errnames and suberrnames in bgpd.h. */
static const struct {
	int code;
	const char *words;
	const char *subcodes[13]; /* from 1 on */
} errors[] = {
	{ 1, "Header error", { "synchronization error", "wrong length", "unknown message type" } },
	{ 2, "error in OPEN message", { "version mismatch", "AS unacceptable", "BGPID invalid",
	    "optional parameter error", "Authentication error", "unacceptable holdtime",
	    "unsupported capability", "group membership conflict", "group membership required", NULL,
	    "role mismatch" } },
	{ 3, "error in UPDATE message", { "attribute list error", "unknown well-known attribute",
	    "well-known attribute missing", "attribute flags error", "attribute length wrong",
	    "origin unacceptable", "loop detected", "nexthop unacceptable", "optional attribute error",
	    "network unacceptable", "AS-Path unacceptable" } },
	{ 4, "HoldTimer expired", { NULL } },
	{ 5, "Finite State Machine error", { "received unexpected message in OpenSent",
	    "received unexpected message in OpenConfirm", "received unexpected message in Established" } },
	{ 6, "Cease", { "received max-prefix exceeded", "administratively down", "peer unconfigured",
	    "administrative reset", "connection rejected", "other config change", "collision",
	    "resource exhaustion", "hard reset", "BFD down" } },
	{ 7, "error in ROUTE-REFRESH message", { "invalid message length" } },
	{ 8, "SendHoldTimer expired", { NULL } },
};

static int subcode_of(const char *const *names, size_t count, struct slice words)
{
	for (size_t i = 0; i < count; i++)
		if (names[i] != NULL && slice_eq(words, names[i]))
			return (int)i + 1;
	return 0;
}

void openbgpd_error(struct snap_builder *b, struct last_error *le, struct slice words, enum direction dir)
{
	struct scan c = scan_of(words);
	struct slice name, sub;

	if (slice_trim(words).len == 0 || slice_starts(words, "none"))
		return;
	le->words = snap_builder_text(b, words);
	le->dir = dir;
	scan_until(&c, ',', &name);
	sub = slice_trim(slice_from(words, name.len + 1));
	for (size_t i = 0; i < ARRAY_LEN(errors); i++)
		if (slice_eq(name, errors[i].words)) {
			le->code = errors[i].code;
			le->subcode = subcode_of(errors[i].subcodes, ARRAY_LEN(errors[i].subcodes), sub);
		}
}

static bool is_octal(char ch)
{
	return ch >= '0' && ch <= '7';
}

/* The octet of "\303" at s[at], or -1. */
static int octal_at(struct slice s, size_t at)
{
	int octet;

	if (at + 3 >= s.len || s.p[at] != '\\' || !is_octal(s.p[at + 1]) || !is_octal(s.p[at + 2]) ||
	    !is_octal(s.p[at + 3]))
		return -1;
	octet = (s.p[at + 1] - '0') * 64 + (s.p[at + 2] - '0') * 8 + (s.p[at + 3] - '0');
	return octet > 255 ? -1 : octet;
}

struct text openbgpd_text(struct arena *a, struct slice in)
{
	struct str plain;
	struct text t;

	str_init(&plain, TEXT_MAX * 2);
	for (size_t i = 0; i < in.len; i++) {
		int octet = octal_at(in, i);

		if (octet >= 0)
			i += 3;
		else if (in.p[i] == '\\' && i + 1 < in.len && in.p[i + 1] == '\\')
			i++;
		str_putc(&plain, octet >= 0 ? (char)octet : in.p[i]);
	}
	t = text_safe(a, str_slice(&plain));
	str_fini(&plain);
	return t;
}

/* Writes the inside of a string so that any JSON parser takes it; what was sound stays as it was. */
static bool repair_string(struct slice s, struct str *out)
{
	bool changed = false;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		int octet = octal_at(s, i);

		if (octet >= 0x20) {
			str_putc(out, (char)octet);
			i += 3;
		} else if (ch == '\\' && i + 1 < s.len && strchr("\"\\/bfnrtu", s.p[i + 1]) != NULL) {
			str_add(out, s.p + i++, 2);
			continue;
		} else if (ch == '"' || ch == '\\') {
			str_putc(out, '\\');
			str_putc(out, (char)ch);
		} else if (ch < 0x20) {
			str_addf(out, "\\u%04x", ch);
		} else {
			str_putc(out, (char)ch);
			continue;
		}
		changed = true;
	}
	return changed;
}

/* `		"key": "text",`: a string runs to the last quote of its line, because no text holds a line end. */
static bool repair_line(struct slice line, struct str *out)
{
	ptrdiff_t colon = slice_find(line, "\": \"");
	size_t from, to = line.len;
	bool changed;

	if (colon < 0)
		return str_add(out, line.p, line.len) != 0;
	from = (size_t)colon + 4;
	while (to > from && line.p[to - 1] != '"')
		to--;
	if (to == from)
		return str_add(out, line.p, line.len) != 0;
	str_add(out, line.p, from);
	changed = repair_string((struct slice){ line.p + from, to - 1 - from }, out);
	str_add(out, line.p + to - 1, line.len - (to - 1));
	return changed;
}

bool openbgpd_repair(struct slice in, struct str *out)
{
	struct scan c = scan_of(in);
	struct slice line;
	bool changed = false;

	while (scan_line(&c, &line)) {
		if (repair_line(line, out))
			changed = true;
		str_putc(out, '\n');
	}
	return changed;
}

/* "bgpctl -j show neighbor", each word quoted where the shell would take it apart. */
static int shell_line(struct str *out, const char *cli, const char *command)
{
	struct scan c = scan_of(slice_of(command));
	struct slice w;

	str_puts(out, cli);
	while (scan_word(&c, &w)) {
		bool plain = true;

		for (size_t i = 0; i < w.len; i++)
			plain = plain && strchr("\"'\\$`;&|<>()*?[]{}!#~", w.p[i]) == NULL;
		if (!plain)
			break;
		str_putc(out, ' ');
		str_add(out, w.p, w.len);
	}
	if (w.len > 0) {
		str_putc(out, ' ');
		str_add(out, w.p, (size_t)(c.end - w.p));
	}
	return out->over ? -1 : 0;
}

static const char *const error_lines[] = {
	"^bgpctl: ", "^unknown argument", "^missing argument", "^ambiguous argument", "neighbor not found",
	"^no such neighbor", "ermission denied", "reload failed", NULL,
};

static const struct dialogue dialogue = { .errors = error_lines };

static const struct query queries[] = {
	{ .name = "neighbors", .command = "-j show neighbor", .when = QUERY_ALWAYS,
	    .ceiling = 64 << 20, .parse = openbgpd_neighbors_query },
};

#define RIB(which) "-j show rib " which "neighbor {neighbor}", "-j show rib " which "neighbor {neighbor}"
static const struct route_query route_queries[] = {
	{ ROUTES_RECEIVED, 0, RIB("in "), openbgpd_rib_intake, NULL, NULL },
	{ ROUTES_ACCEPTED, 0, RIB(""), openbgpd_rib_intake, NULL, NULL },
	{ ROUTES_ADVERTISED, 0, RIB("out "), openbgpd_rib_intake, NULL, NULL },
};

static const struct reading readings[] = {
	{ "-j show neighbor|neighbors [<neighbor>]", openbgpd_neighbors_json },
	{ "-j show [summary]", openbgpd_neighbors_json },
	{ "show neighbor|neighbors [<neighbor>] [messages|timers]", openbgpd_neighbors_text },
	{ "show [summary]", openbgpd_summary },
	{ "show summary terse", openbgpd_terse },
	{ "-j show rib [in|out|best|selected] [<x>] [<x>] [<x>] [<x>]", openbgpd_rib_json },
	{ "show rib [in|out|best|selected] [<x>] [<x>] [<x>] [<x>]", openbgpd_rib },
};

const struct driver driver_openbgpd = {
	.name = "openbgpd",
	.title = "OpenBGPD (bgpctl)",
	.aliases = (const char *const[]){ "obgpd", "openbgp", NULL },
	.transport = DRIVER_EXEC,
	.cli = "bgpctl",
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
	.recipes = openbgpd_recipes,
	.limit_lines = "in bgpd.conf, neighbor {neighbor}: max-prefix {limit}\n"
	    "bgpd -n && bgpctl reload",
	.doctor = "show summary",
};
