/*
 * Nokia SR OS, classic CLI and MD-CLI.  Text.
 *
 * A row of the summary takes two lines and more: the address, perhaps a description, then AS, packets, the time
 * and received/active/sent of the first family, then one line for each further family.  An AS number that is too
 * long for its column is cut and marked with "*": it stays unknown here.
 */
#include "backends/drivers/carry.h"
#include "backends/drivers/cisco.h"
#include "backends/drivers/drivers.h"
#include "backends/parse/detail.h"
#include "backends/parse/duration.h"
#include "backends/parse/family.h"
#include "backends/parse/refusal.h"
#include "backends/parse/summary.h"
#include "backends/parse/words.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct reader {
	struct snap_builder *b;
	bool seen, in_table, open, whole;
	struct slice neighbor, vrf, description;
	struct session all; /* what all families of the open neighbor share */
	unsigned families;
};

static struct slice behind(struct slice line, const char *words)
{
	ptrdiff_t at = slice_find(line, words);

	return at < 0 ? SLICE("") : slice_trim(slice_from(line, (size_t)at + strlen(words)));
}

/* "47/0/2" */
static bool take_triplet(struct slice w, count_t n[3])
{
	struct scan c = scan_of(w);

	for (int i = 0; i < 3; i++) {
		uint64_t v;

		if ((i > 0 && !scan_lit(&c, "/")) || !scan_u64(&c, &v) || v > INT64_MAX)
			return false;
		n[i] = (count_t)v;
	}
	return scan_done(&c);
}

static enum afi_safi by_address(struct slice neighbor)
{
	struct addr a;

	return addr_parse(neighbor, &a) && a.family == ADDR_IP6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST;
}

static struct session *add_row(struct reader *rd, enum afi_safi f)
{
	struct session *s = snap_builder_session(rd->b, rd->vrf, rd->neighbor, f);

	s->remote_as = rd->all.remote_as;
	s->state = rd->all.state;
	s->admin_down = rd->all.admin_down;
	s->dynamic = rd->all.dynamic;
	s->since_s = rd->all.since_s;
	s->messages_in = rd->all.messages_in;
	if (rd->description.len > 0)
		s->description = snap_builder_text(rd->b, rd->description);
	rd->families++;
	return s;
}

static void end(struct reader *rd)
{
	if (!rd->open)
		return;
	rd->open = false;
	if (rd->whole && rd->families == 0)
		add_row(rd, by_address(rd->neighbor));
	snap_builder_rows(rd->b, 1, rd->whole ? 1 : 0);
}

/* Every "r/a/s (Family)" of the line; false if there is none. */
static bool take_families(struct reader *rd, const struct words *w, size_t from)
{
	count_t n[3];
	bool any = false;

	for (size_t i = from; i + 1 < w->n; i++) {
		struct slice f = w->w[i + 1];

		if (f.len < 3 || f.p[0] != '(' || !take_triplet(w->w[i], n))
			continue;
		f = (struct slice){ f.p + 1, f.len - 1 };
		if (f.p[f.len - 1] == ')')
			f.len--;
		rd->all.state = BGP_ESTABLISHED;
		rd->all.admin_down = TRI_NO;
		struct session *s = add_row(rd, family_of(f));
		s->received = n[0];
		s->active = n[1];
		s->advertised = n[2];
		any = true;
	}
	return any;
}

/* "Def. Inst       65000   14004    0 04d19h41m 47/0/2 (IPv4)", "Svc: 100  65001 ... Active" */
static bool take_values(struct reader *rd, const struct words *w, size_t from)
{
	struct session probe;
	count_t n[3];
	size_t k;

	for (k = from + 3; k < w->n; k++) {
		session_init(&probe);
		if (duration_s(w->w[k - 1]) >= 0 && (take_triplet(w->w[k], n) || slice_eq(w->w[k], "Disabled") ||
		    summary_state(w->w[k], &probe)))
			break;
	}
	if (k >= w->n)
		return false;
	if (slice_eq(w->w[from], "Svc:") && from + 1 < k)
		rd->vrf = w->w[from + 1];
	else if (slice_starts(w->w[from], "Svc:"))
		rd->vrf = slice_from(w->w[from], 4);
	if (k >= from + 4)
		asn_parse(w->w[k - 4], &rd->all.remote_as);
	word_count(w->w[k - 3], &rd->all.messages_in);
	rd->all.since_s = duration_s(w->w[k - 1]);
	rd->whole = true;
	if (slice_eq(w->w[k], "Disabled")) {
		rd->all.state = BGP_IDLE;
		rd->all.admin_down = TRI_YES;
	} else if (!take_triplet(w->w[k], n)) {
		summary_state(w->w[k], &rd->all);
	}
	take_families(rd, w, k);
	return true;
}

/* "BGP Router ID:10.0.0.1       AS:65000       Local AS:65000" */
static void take_router(struct reader *rd, struct slice line)
{
	struct addr id = { 0 };
	asn_t as = ASN_UNKNOWN;
	struct words w;
	struct slice v = behind(line, "Local AS");

	words_cut(&w, behind(line, "Router ID"));
	for (size_t i = 0; i < w.n && i < 2 && id.family == ADDR_NONE; i++)
		addr_parse(w.w[i].p[0] == ':' ? slice_from(w.w[i], 1) : w.w[i], &id);
	words_cut(&w, v);
	for (size_t i = 0; i < w.n && i < 2 && as == ASN_UNKNOWN; i++)
		asn_parse(w.w[i].p[0] == ':' ? slice_from(w.w[i], 1) : w.w[i], &as);
	snap_builder_router(rd->b, as, &id);
}

static void take_summary_line(struct reader *rd, struct slice line)
{
	struct words w;
	struct slice bare;

	words_cut(&w, line);
	if (w.n == 0)
		return;
	if (slice_find(line, "Router ID") >= 0)
		take_router(rd, line);
	if (slice_find(line, "PktRcvd") >= 0 || slice_starts(slice_trim(line), "BGP Summary")) {
		rd->seen = true;
		rd->in_table = rd->in_table || slice_find(line, "PktRcvd") >= 0;
		return;
	}
	if (!rd->in_table)
		return;
	if (slice_starts(line, "----") || slice_starts(line, "====")) {
		end(rd);
		return;
	}
	if (line.p[0] != ' ' && word_is_address(w.w[0], &bare)) {
		end(rd);
		session_init(&rd->all);
		rd->neighbor = bare;
		rd->vrf = rd->description = SLICE("");
		rd->families = 0;
		rd->whole = false;
		rd->open = true;
		if (w.n > 1 && slice_starts(w.w[1], "(D"))
			rd->all.dynamic = TRI_YES;
		take_values(rd, &w, 1);
		return;
	}
	if (!rd->open || take_values(rd, &w, 0) || take_families(rd, &w, 0) || rd->whole)
		return;
	rd->description = slice_trim(line);
}

static int poll_summary(struct snap_builder *b, struct slice out, struct err *e)
{
	struct reader rd = { .b = b };
	struct scan c = scan_of(out);
	struct slice line;

	while (scan_line(&c, &line))
		take_summary_line(&rd, line);
	end(&rd);
	return rd.seen ? 0 : refusal_or_not_found(out, "summary of BGP neighbors", e);
}

static int read_summary(struct report *r, struct slice out, struct err *e)
{
	return poll_summary(r->sessions, out, e);
}

/* ---- show router bgp neighbor [X] [detail]: "Key : value" twice a line ---- */

struct detail {
	struct snap_builder *b;
	bool adding, seen, open, in_limits;
	struct slice neighbor, vrf;
	struct session all;
	struct session rows[AF_COUNT]; /* by family; family is set in those that are used */
};

/* The value behind "Key    :", up to two blanks; an empty slice if the key is not in the line. */
static struct slice value_of(struct slice line, const char *key)
{
	ptrdiff_t at = slice_find(line, key);
	size_t n = strlen(key);
	struct scan c;
	struct slice v;

	if (at < 0 || (at > 0 && line.p[at - 1] != ' '))
		return SLICE("");
	c = scan_of(slice_from(line, (size_t)at + n));
	scan_blanks(&c);
	if (!scan_lit(&c, ":"))
		return SLICE("");
	v = slice_trim(scan_rest(&c));
	at = slice_find(v, "  ");
	if (at > 0)
		v = slice_upto(v, (size_t)at);
	return v;
}

static struct session *row_of(struct detail *d, enum afi_safi f)
{
	struct session *s = &d->rows[f];

	if (s->family != f || f == AF_UNKNOWN) {
		session_init(s);
		s->family = f;
	}
	return s;
}

static void give(struct session *to, const struct session *all, const struct session *own)
{
	struct session s = *all;

	s.vrf = to->vrf;
	s.neighbor = to->neighbor;
	s.peer = to->peer;
	s.family = to->family;
	s.received = own->received != COUNT_UNKNOWN ? own->received : to->received;
	s.active = own->active != COUNT_UNKNOWN ? own->active : to->active;
	s.advertised = own->advertised != COUNT_UNKNOWN ? own->advertised : to->advertised;
	s.max_prefixes = own->max_prefixes;
	s.limit_action = own->limit_action;
	s.limit_warn_pct = own->limit_warn_pct;
	if (s.remote_as == ASN_UNKNOWN)
		s.remote_as = to->remote_as;
	if (s.state == BGP_UNKNOWN)
		s.state = to->state;
	*to = s;
}

static void end_detail(struct detail *d)
{
	bool any = false;

	if (!d->open)
		return;
	d->open = d->in_limits = false;
	for (int f = AF_UNKNOWN + 1; f < AF_COUNT; f++)
		any = any || d->rows[f].family != AF_UNKNOWN;
	if (!any)
		row_of(d, by_address(d->neighbor));
	for (int f = AF_UNKNOWN + 1; f < AF_COUNT; f++) {
		struct session *to;

		if (d->rows[f].family == AF_UNKNOWN)
			continue;
		to = d->adding ? snap_builder_find(d->b, d->vrf, d->neighbor, (enum afi_safi)f) :
		    snap_builder_session(d->b, d->vrf, d->neighbor, (enum afi_safi)f);
		if (to != NULL)
			give(to, &d->all, &d->rows[f]);
	}
	if (snap_builder_local_as(d->b) == ASN_UNKNOWN)
		snap_builder_router(d->b, d->all.local_as, NULL);
	if (!d->adding)
		snap_builder_rows(d->b, 1, 1);
}

static void take_texts(struct detail *d, struct slice line)
{
	static const struct {
		const char *key;
		size_t field;
	} texts[] = {
		{ "Description", offsetof(struct session, description) },
		{ "Group", offsetof(struct session, group) },
		{ "Import Policy", offsetof(struct session, import_policy) },
		{ "Export Policy", offsetof(struct session, export_policy) },
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct slice v = value_of(line, texts[i].key);
		struct text *to = (struct text *)(void *)((char *)&d->all + texts[i].field);

		if (v.len == 0 || text_known(*to))
			continue;
		*to = snap_builder_text(d->b, slice_starts(v, "(Not Specified)") || slice_starts(v, "None Specified") ?
		    SLICE("") : v);
	}
}

static void take_state(struct detail *d, struct slice v)
{
	if (slice_eq(v, "Disabled")) {
		d->all.state = BGP_IDLE;
		d->all.admin_down = TRI_YES;
	} else {
		summary_state(v, &d->all);
		if (d->all.state == BGP_ESTABLISHED)
			d->all.admin_down = TRI_NO;
	}
}

static void take_numbers(struct detail *d, struct slice line)
{
	struct slice v;
	int64_t n;

	v = value_of(line, "Peer AS");
	if (v.len > 0)
		asn_parse(v, &d->all.remote_as);
	v = value_of(line, "Local AS");
	if (v.len > 0)
		asn_parse(v, &d->all.local_as);
	v = value_of(line, "Local Address");
	if (v.len > 0 && addr_parse(v, &d->all.local) && slice_eq(v, "0.0.0.0"))
		d->all.local.family = ADDR_NONE;
	v = value_of(line, "Fsm Est. Time");
	if (v.len > 0)
		d->all.since_s = duration_s(v);
	if (word_count(value_of(line, "Active Hold Time"), &n) && n > 0 && n <= 65535)
		d->all.hold_time_s = (int)n;
	if (word_count(value_of(line, "Fsm Est. Trans"), &n) && n > 0)
		d->all.flaps = n - (d->all.state == BGP_ESTABLISHED ? 1 : 0);
	if (word_count(value_of(line, "Input Messages"), &n))
		d->all.messages_in = n;
	if (word_count(value_of(line, "Output Messages"), &n))
		d->all.messages_out = n;
	v = value_of(line, "Dynamic Peer");
	if (v.len > 0)
		d->all.dynamic = slice_eq(v, "Yes") ? TRI_YES : TRI_NO;
	v = value_of(line, "Authentication");
	if (v.len > 0)
		d->all.auth = slice_eq(v, "None") ? AUTH_NONE : slice_starts(v, "MD5") ? AUTH_MD5 : AUTH_OTHER;
}

static void take_last_error(struct detail *d, struct slice v)
{
	if (v.len == 0 || slice_eq(v, "None") || slice_starts(v, "Unrecognized"))
		return;
	d->all.last_error.words = snap_builder_text(d->b, v);
	detail_error_words(v, &d->all.last_error);
}

/* "IPv4 Recd. Prefixes : 5", "VPN-IPv6 Active Pfxs : 2" */
static void take_family_counts(struct detail *d, struct slice line)
{
	static const char *const names[] = { "VPN-IPv4", "VPN-IPv6", "IPv4", "IPv6", "Evpn", "EVPN",
		"L2-VPN", "MVPN-IPv4" };
	static const char *const got[] = { " Recd. Prefixes", " Recd. Pfxs", " Recd Pfxs" };
	static const char *const active[] = { " Active Prefixes", " Active Pfxs" };
	static const char *const sent[] = { " Sent Prefixes", " Sent Pfxs", " Adv. Pfxs" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		enum afi_safi f = family_of(slice_of(names[i]));
		char key[40];
		int64_t n;

		if (slice_find(line, names[i]) < 0 || f == AF_UNKNOWN)
			continue;
		for (size_t k = 0; k < 3; k++) {
			snprintf(key, sizeof(key), "%s%s", names[i], got[k]);
			if (word_count(value_of(line, key), &n) && (n > 0 || d->rows[f].family == f))
				row_of(d, f)->received = n;
			snprintf(key, sizeof(key), "%s%s", names[i], sent[k]);
			if (word_count(value_of(line, key), &n) && (n > 0 || d->rows[f].family == f))
				row_of(d, f)->advertised = n;
			if (k == 2)
				continue;
			snprintf(key, sizeof(key), "%s%s", names[i], active[k]);
			if (word_count(value_of(line, key), &n) && (n > 0 || d->rows[f].family == f))
				row_of(d, f)->active = n;
		}
	}
}

/* "Local Family         : IPv4 VPN-IPv4" */
static void take_family_list(struct detail *d, struct slice v)
{
	struct words w;

	words_cut(&w, v);
	for (size_t i = 0; i < w.n; i++)
		if (family_of(w.w[i]) != AF_UNKNOWN)
			row_of(d, family_of(w.w[i]));
}

/* "ipv4           1000000000     forever        90        Disabled  Disabled" */
static bool take_limit(struct detail *d, struct slice line)
{
	struct words w;
	enum afi_safi f;
	struct session *s;
	int64_t n;

	words_cut(&w, line);
	if (!d->in_limits || w.n < 4)
		return false;
	f = family_of(w.w[0]);
	if (f == AF_UNKNOWN || !word_count(w.w[1], &n))
		return false;
	s = row_of(d, f);
	s->max_prefixes = n;
	s->limit_action = w.n > 4 && slice_eq(w.w[4], "Enabled") ? LIMIT_WARN : LIMIT_TEARDOWN;
	if (word_count(w.w[3], &n) && n <= 100)
		s->limit_warn_pct = (int)n;
	return true;
}

static void take_detail_line(struct detail *d, struct slice raw)
{
	struct slice line = slice_trim(raw), v = value_of(line, "Peer"), bare;

	if (slice_starts(line, "Peer ") && word_is_address(v, &bare) && slice_find(line, "Peer Address") < 0 &&
	    slice_find(line, "Peer AS") < 0) {
		end_detail(d);
		memset(d->rows, 0, sizeof(d->rows));
		session_init(&d->all);
		d->neighbor = bare;
		d->vrf = SLICE("");
		d->open = d->seen = true;
		return;
	}
	if (!d->open)
		return;
	if (slice_starts(line, "Prefix Limits Per Address Family"))
		d->in_limits = true;
	else if (slice_starts(line, "Neighbors shown"))
		d->in_limits = false;
	if (take_limit(d, line))
		return;
	take_texts(d, line);
	if (slice_starts(line, "State "))
		take_state(d, value_of(line, "State"));
	take_numbers(d, line);
	take_last_error(d, value_of(line, "Last Error"));
	take_family_list(d, value_of(line, "Local Family"));
	take_family_counts(d, line);
}

static int details(struct snap_builder *b, struct slice out, bool adding, struct err *e)
{
	struct detail d = { .b = b, .adding = adding };
	struct scan c = scan_of(out);
	struct slice line;

	while (scan_line(&c, &line))
		take_detail_line(&d, line);
	end_detail(&d);
	return d.seen || slice_find(out, "BGP Neighbor") >= 0 ? 0 : refusal_or_not_found(out, "BGP neighbor", e);
}

static int poll_detail(struct snap_builder *b, struct slice out, struct err *e)
{
	return details(b, out, true, e);
}

static int read_detail(struct report *r, struct slice out, struct err *e)
{
	return details(r->sessions, out, false, e);
}

static const char *const setup[] = { "environment no more", "environment more false",
	"environment command-completion space false", NULL };
static const char *const errors[] = { "^(MINOR|MAJOR|CRITICAL): ", "^Error: ", "^\\s*\\^\\s*$", NULL };

static const struct dialogue dialogue = {
	.prompt = "\\*?[AB]:(\\S+@)?[\\w.-]+(>\\S+)?[#$] ?$",
	.setup = setup,
	.pager = "^Press any key to continue \\(Q to quit\\) ?$",
	.pager_answer = " ",
	.errors = errors,
	.config_prompt = ">config\\S*[#$] ?$|^\\*?\\((ex|pr|gl|ro)\\)",
	.bye = "logout",
	.echoes = true,
};

static const struct query queries[] = {
	{ .name = "version", .command = "show version", .when = QUERY_ONCE, .optional = true,
	    .parse = cisco_poll_version },
	{ .name = "summary", .command = "show router bgp summary all", .when = QUERY_ALWAYS,
	    .parse = poll_summary },
	{ .name = "neighbors", .command = "show router bgp neighbor", .when = QUERY_SLOW, .optional = true,
	    .timeout_s = 60, .parse = poll_detail },
};

static const struct reading readings[] = {
	{ "show router [<i>] bgp summary [all] [family <f>] [neighbor <ip>]", read_summary },
	{ "show router [<i>] bgp neighbor [<ip>] [detail]", read_detail },
	{ PING_ANY, cisco_ping },
};

static const char *const aliases[] = { "nokia_sros", "alcatel_sros", "sr-os", "nokia_sros_md", NULL };

const struct driver driver_sros = {
	.name = "sros",
	.title = "Nokia SR OS (classic and MD-CLI)",
	.aliases = aliases,
	.transport = DRIVER_SHELL,
	.dialogue = &dialogue,
	.queries = queries,
	.query_count = ARRAY_LEN(queries),
	.readings = readings,
	.reading_count = ARRAY_LEN(readings),
	.carry = carry_unknown,
	.no_recipes = "acting on this OS is not offered yet",
	.doctor = "show users",
};
