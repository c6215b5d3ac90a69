/* "show router bgp neighbor": "Key : value", twice a line; see sros_read.h. */
#include "backends/drivers/sros_read.h"
#include "backends/parse/detail.h"
#include "backends/parse/duration.h"
#include "backends/parse/family.h"
#include "backends/parse/refusal.h"
#include "backends/parse/summary.h"
#include "backends/parse/words.h"

#include <stddef.h>
#include <string.h>

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
		row_of(d, sros_by_address(d->neighbor));
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
		session_take_remote_as(&d->all, v);
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

/* A key of counters, "VPN-IPv6 Active Pfxs", as family and what is counted; NULL if it is none. */
static count_t *counter_of(struct detail *d, struct slice key, int64_t n)
{
	static const struct {
		const char *words;
		size_t field;
	} counted[] = {
		{ " Recd. Prefixes", offsetof(struct session, received) }, { " Recd. Pfxs", offsetof(struct session, received) },
		{ " Recd Pfxs", offsetof(struct session, received) }, { " received", offsetof(struct session, received) },
		{ " receiv*", offsetof(struct session, received) },
		{ " Active Prefixes", offsetof(struct session, active) }, { " Active Pfxs", offsetof(struct session, active) },
		{ " active", offsetof(struct session, active) },
		{ " Sent Prefixes", offsetof(struct session, advertised) }, { " Sent Pfxs", offsetof(struct session, advertised) },
		{ " Adv. Pfxs", offsetof(struct session, advertised) }, { " sent", offsetof(struct session, advertised) },
		{ " advertised", offsetof(struct session, advertised) },
	};

	for (size_t i = 0; i < ARRAY_LEN(counted); i++) {
		enum afi_safi f;

		if (!slice_ends(key, counted[i].words))
			continue;
		f = family_of(slice_upto(key, key.len - strlen(counted[i].words)));
		/* every family is listed; those that the peer does not have say 0 */
		if (f == AF_UNKNOWN || (n == 0 && d->rows[f].family != f))
			return NULL;
		return (count_t *)(void *)((char *)row_of(d, f) + counted[i].field);
	}
	return NULL;
}

/* "IPv4 Recd. Prefixes : 5     IPv4 Active Prefixes : 2", "IPv4 received        : 0                IPv6 received : 0" */
static void take_family_counts(struct detail *d, struct slice line)
{
	struct scan c = scan_of(line);
	struct slice key, value;

	while (scan_until(&c, ':', &key)) {
		int64_t n;
		count_t *to;

		scan_lit(&c, ":");
		if (!scan_word(&c, &value))
			return;
		if (!word_count(value, &n))
			continue;
		to = counter_of(d, slice_trim(key), n);
		if (to != NULL)
			*to = n;
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

int sros_poll_neighbors(struct snap_builder *b, struct slice out, struct err *e)
{
	return details(b, out, true, e);
}

int sros_neighbors(struct report *r, struct slice out, struct err *e)
{
	return details(r->sessions, out, false, e);
}
