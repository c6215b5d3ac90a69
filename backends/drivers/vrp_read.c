/* Neighbors of VRP and Comware in detail; see vrp_read.h. */
#include "backends/drivers/vrp_read.h"
#include "backends/parse/asked.h"
#include "backends/parse/detail.h"
#include "backends/parse/duration.h"
#include "backends/parse/refusal.h"
#include "backends/parse/summary.h"
#include "backends/parse/words.h"

#include <string.h>

const char *const vrp_errors[] = { "^\\s*Error:", "^\\s*% ?(Unrecognized|Incomplete|Ambiguous|Wrong|Too many|Permission)",
	"^\\s*Permission denied", NULL };

struct reader {
	struct snap_builder *b;
	struct asked asked;
	bool adding; /* fill only rows that stand already */
	bool open, seen;
	struct slice neighbor, vrf;
	enum afi_safi family; /* of the part of a VPN instance; AF_UNKNOWN: as asked */
	struct session s;
};

/* Everything that was said, over the row's. */
static void give(struct session *to, const struct session *s)
{
	struct session row = *s;

	row.vrf = to->vrf;
	row.neighbor = to->neighbor;
	row.peer = to->peer;
	row.family = to->family;
	if (row.remote_as == ASN_UNKNOWN)
		row.remote_as = to->remote_as;
	if (row.received == COUNT_UNKNOWN)
		row.received = to->received;
	if (row.state == BGP_UNKNOWN)
		row.state = to->state;
	if (row.since_s < 0)
		row.since_s = to->since_s;
	if (row.admin_down == TRI_UNKNOWN)
		row.admin_down = to->admin_down;
	*to = row;
}

static void end(struct reader *rd)
{
	enum afi_safi f = rd->family != AF_UNKNOWN ? rd->family : rd->asked.family;
	struct slice vrf = rd->vrf.len > 0 ? rd->vrf : rd->asked.vrf;
	struct session *to;
	struct addr a;

	if (!rd->open)
		return;
	rd->open = false;
	if (f == AF_UNKNOWN)
		f = addr_parse(rd->neighbor, &a) && a.family == ADDR_IP6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST;
	to = rd->adding ? snap_builder_find(rd->b, vrf, rd->neighbor, f) :
	    snap_builder_session(rd->b, vrf, rd->neighbor, f);
	if (to != NULL)
		give(to, &rd->s);
	if (!rd->adding)
		snap_builder_rows(rd->b, 1, 1);
}

static bool begin(struct reader *rd, struct slice line)
{
	struct slice v = SLICE(""), name;

	if (slice_starts(line, "BGP Peer is "))
		v = slice_from(line, 12);
	else if (slice_starts(line, "Peer: ") || slice_starts(line, "Peer : "))
		v = slice_trim(slice_from(line, 6));
	else
		return false;
	name = words_upto(v, ", \t");
	if (!word_is_address(name, &name))
		return false;
	end(rd);
	session_init(&rd->s);
	rd->neighbor = name;
	asn_parse(words_upto(words_behind(v, "remote AS "), ", "), &rd->s.remote_as);
	addr_parse(words_upto(words_behind(v, "Local: "), ", "), &rd->s.local);
	rd->open = rd->seen = true;
	return true;
}

static void take_state(struct reader *rd, struct slice v)
{
	struct slice up = words_behind(v, "Up for ");

	summary_state(words_upto(v, ","), &rd->s);
	if (rd->s.state == BGP_ESTABLISHED)
		rd->s.admin_down = TRI_NO;
	if (up.len > 0)
		rd->s.since_s = duration_s(words_upto(up, ","));
}

static void take_description(struct reader *rd, struct slice v)
{
	if (v.len >= 2 && v.p[0] == '"' && v.p[v.len - 1] == '"')
		v = (struct slice){ v.p + 1, v.len - 2 };
	rd->s.description = snap_builder_text(rd->b, v);
}

static void take_count(struct slice v, count_t *n)
{
	int64_t c;

	if (word_count(words_upto(v, " ,\t"), &c))
		*n = c;
}

static void take_received(struct reader *rd, struct slice v) { take_count(v, &rd->s.received); }
static void take_active(struct reader *rd, struct slice v) { take_count(v, &rd->s.active); }
static void take_advertised(struct reader *rd, struct slice v) { take_count(v, &rd->s.advertised); }

static void take_hold(struct reader *rd, struct slice v)
{
	count_t n = COUNT_UNKNOWN;

	take_count(words_behind(v, "Active Hold Time:"), &n);
	if (n >= 0 && n <= 65535)
		rd->s.hold_time_s = (int)n;
}

static void take_auth(struct reader *rd, struct slice v)
{
	rd->s.auth = slice_starts(v, "None") ? AUTH_NONE : slice_starts(v, "MD5") ? AUTH_MD5 : AUTH_OTHER;
}

static void take_up_count(struct reader *rd, struct slice v)
{
	count_t n = COUNT_UNKNOWN;

	take_count(v, &n);
	if (n > 0)
		rd->s.flaps = n - (rd->s.state == BGP_ESTABLISHED ? 1 : 0);
}

static void take_import(struct reader *rd, struct slice v)
{
	rd->s.import_policy = snap_builder_text(rd->b, words_upto(v, " "));
}

static void take_export(struct reader *rd, struct slice v)
{
	rd->s.export_policy = snap_builder_text(rd->b, words_upto(v, " "));
}

static void take_maximum(struct reader *rd, struct slice v) { take_count(v, &rd->s.max_prefixes); }

static void take_messages_in(struct reader *rd, struct slice v) { take_count(v, &rd->s.messages_in); }
static void take_messages_out(struct reader *rd, struct slice v) { take_count(v, &rd->s.messages_out); }

static void take_error(struct reader *rd, struct slice v)
{
	rd->s.last_error.words = snap_builder_text(rd->b, v);
	detail_error_words(v, &rd->s.last_error);
}

static void take_group(struct reader *rd, struct slice v)
{
	rd->s.group = snap_builder_text(rd->b, words_upto(v, " ,"));
}

static const struct {
	const char *beginning;
	void (*take)(struct reader *rd, struct slice behind);
} lines[] = {
	{ "BGP current state:", take_state }, { "Peer's description:", take_description },
	{ "Description:", take_description }, { "Received total routes:", take_received },
	{ "Received active routes total:", take_active }, { "Advertised total routes:", take_advertised },
	{ "Negotiated:", take_hold }, { "Negotiated :", take_hold },
	{ "Authentication type configured:", take_auth }, { "BGP Peer Up count:", take_up_count },
	{ "Import route policy is:", take_import }, { "Export route policy is:", take_export },
	{ "Import routing policy is:", take_import }, { "Export routing policy is:", take_export },
	{ "Maximum allowed prefix number:", take_maximum }, { "Maximum allowed route limit:", take_maximum },
	{ "Received: Total ", take_messages_in }, { "Sent: Total ", take_messages_out },
	{ "Last error:", take_error }, { "Error:", take_error }, { "Group name:", take_group },
	{ "Member of peer-group ", take_group }, { "Member of peer group ", take_group },
};

static void take_line(struct reader *rd, struct slice raw)
{
	struct slice line = slice_trim(raw);

	if (begin(rd, line))
		return;
	if (slice_starts(line, "VPN-Instance ")) {
		end(rd);
		rd->vrf = words_upto(slice_from(line, 13), ",: ");
		return;
	}
	if (slice_find(line, "-family for VPN instance:") >= 0) { /* "IPv4-family for VPN instance:   red" */
		end(rd);
		rd->vrf = words_behind(line, "VPN instance:");
		rd->family = slice_starts(line, "IPv6") ? AF_IPV6_UNICAST : AF_IPV4_UNICAST;
		return;
	}
	if (!rd->open)
		return;
	if (slice_starts(line, "Remote VPN-Instance")) /* of VRP 8: the peer's own */
		return;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		if (slice_starts(line, lines[i].beginning)) {
			lines[i].take(rd, slice_trim(slice_from(line, strlen(lines[i].beginning))));
			return;
		}
	if (rd->s.remote_as == ASN_UNKNOWN && slice_find(line, "remote AS ") >= 0)
		asn_parse(words_upto(words_behind(line, "remote AS "), ", "), &rd->s.remote_as);
}

static int verbose(struct snap_builder *b, struct slice out, struct asked asked, bool adding,
    struct err *e)
{
	struct reader rd = { .b = b, .asked = asked, .adding = adding };
	struct scan c = scan_of(out);
	struct slice line;

	if (adding && slice_trim(out).len == 0)
		return 0;
	while (scan_line(&c, &line))
		take_line(&rd, line);
	end(&rd);
	return rd.seen ? 0 : refusal_or_not_found(out, "BGP peer", e);
}

int vrp_verbose(struct report *r, struct slice out, struct err *e)
{
	return verbose(r->sessions, out, asked_of(slice_of(r->command)), false, e);
}

int vrp_summary(struct report *r, struct slice out, struct err *e)
{
	return summary_read(r->sessions, out, asked_of(slice_of(r->command)), e);
}

static struct asked only(enum afi_safi f)
{
	return (struct asked){ SLICE(""), f };
}

int vrp_poll_summary4(struct snap_builder *b, struct slice out, struct err *e)
{
	return summary_read(b, out, only(AF_IPV4_UNICAST), e);
}

int vrp_poll_summary6(struct snap_builder *b, struct slice out, struct err *e)
{
	return summary_read(b, out, only(AF_IPV6_UNICAST), e);
}

int vrp_poll_vpnv4(struct snap_builder *b, struct slice out, struct err *e)
{
	return summary_read(b, out, only(AF_VPNV4_UNICAST), e);
}

int vrp_poll_verbose4(struct snap_builder *b, struct slice out, struct err *e)
{
	return verbose(b, out, only(AF_IPV4_UNICAST), true, e);
}

int vrp_poll_verbose6(struct snap_builder *b, struct slice out, struct err *e)
{
	return verbose(b, out, only(AF_IPV6_UNICAST), true, e);
}
