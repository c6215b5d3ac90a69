/*
 * FRR's neighbors as text.
 *
 * Every fact is a line that begins in its own way, so the reader is a table
 * of beginnings; what is said of a family stands below its "For address
 * family", the rest of the session comes after the families.
 */
#include "backends/drivers/frr.h"
#include "backends/drivers/frr_neighbor.h"
#include "backends/parse/duration.h"
#include "core/base/scan.h"

#include <string.h>

struct reader {
	struct frr_neighbor n;
	unsigned neighbors;
	bool open, no_neighbors;
	struct slice refusal;
};

/* The word at the beginning of s, without a comma at its end. */
static struct slice first_word(struct slice s)
{
	struct scan c = scan_of(s);
	struct slice w = SLICE("");

	scan_word(&c, &w);
	while (w.len > 0 && (w.p[w.len - 1] == ',' || w.p[w.len - 1] == ';'))
		w.len--;
	return w;
}

/* The word behind `lit`, wherever it stands. */
static struct slice word_after(struct slice s, const char *lit)
{
	ptrdiff_t at = slice_find(s, lit);

	return at < 0 ? SLICE("") : first_word(slice_from(s, (size_t)at + strlen(lit)));
}

static count_t count_of(struct slice s)
{
	uint64_t n;

	return slice_u64(s, &n) && n <= INT64_MAX ? (count_t)n : COUNT_UNKNOWN;
}

static void finish_neighbor(struct reader *t)
{
	if (t->open)
		frr_neighbor_end(&t->n);
	t->open = false;
}

/* "BGP neighbor is 10.0.0.1, remote AS 65200, local AS 65100, external link", "BGP neighbor on eth0: fe80::1, ..." */
static void begin_line(struct reader *t, struct slice rest, bool by_interface)
{
	struct slice name = first_word(rest);
	bool dynamic = slice_starts(name, "*");

	finish_neighbor(t);
	if (dynamic)
		name = slice_from(name, 1);
	if (by_interface && slice_ends(name, ":"))
		name.len--;
	frr_neighbor_begin(&t->n, name);
	t->open = true;
	t->neighbors++;
	if (dynamic)
		t->n.all.dynamic = TRI_YES;
	asn_parse(word_after(rest, "remote AS "), &t->n.all.remote_as);
	asn_parse(word_after(rest, "local AS "), &t->n.all.local_as);
}

static void on_is(struct reader *t, struct slice rest)
{
	begin_line(t, rest, false);
}

static void on_on(struct reader *t, struct slice rest)
{
	begin_line(t, rest, true);
}

static void on_instance(struct reader *t, struct slice rest)
{
	finish_neighbor(t);
	str_clear(&t->n.vrf);
	if (rest.len > 0)
		str_add(&t->n.vrf, rest.p, rest.len - 1);
}

static void on_description(struct reader *t, struct slice rest)
{
	t->n.all.description = snap_builder_text(t->n.b, rest);
}

static void on_group(struct reader *t, struct slice rest)
{
	t->n.all.group = snap_builder_text(t->n.b, first_word(rest));
}

static void on_range_group(struct reader *t, struct slice rest)
{
	t->n.all.dynamic = TRI_YES;
	on_group(t, rest);
}

static void on_state(struct reader *t, struct slice rest)
{
	ptrdiff_t comma = slice_find(rest, ",");
	struct slice up = word_after(rest, "up for ");

	frr_state(&t->n.all, comma < 0 ? rest : slice_upto(rest, (size_t)comma));
	t->n.up_s = up.len > 0 ? duration_s(up) : -1;
}

static void on_shut(struct reader *t, struct slice rest)
{
	(void)rest;
	t->n.all.admin_down = TRI_YES;
}

static void on_overflow(struct reader *t, struct slice rest)
{
	(void)rest;
	t->n.overflow = true;
}

static void on_hold(struct reader *t, struct slice rest)
{
	count_t n = count_of(first_word(rest));

	if (n >= 0 && n <= 65535)
		t->n.all.hold_time_s = (int)n;
}

/* "Last read 11:37:17, hold time is 180, ...": how Quagga said it. */
static void on_last_read(struct reader *t, struct slice rest)
{
	on_hold(t, word_after(rest, "hold time is "));
}

static void on_total(struct reader *t, struct slice rest)
{
	struct scan c = scan_of(rest);
	struct slice sent, received;

	if (!scan_word(&c, &sent) || !scan_word(&c, &received))
		return;
	t->n.all.messages_out = count_of(sent);
	t->n.all.messages_in = count_of(received);
}

static void on_connections(struct reader *t, struct slice rest)
{
	t->n.all.flaps = count_of(word_after(rest, "dropped "));
}

/* "Last reset 04:41:43,   Notification received (Cease/Administrative Shutdown)" */
static void on_reset(struct reader *t, struct slice rest)
{
	struct scan c = scan_of(rest);
	struct slice when, why;

	if (!scan_until(&c, ',', &when))
		return;
	why = slice_trim(slice_from(rest, when.len + 1));
	if (slice_starts(why, "due to "))
		why = slice_from(why, 7);
	t->n.reset_s = duration_s(when);
	t->n.due_to = snap_builder_text(t->n.b, why);
	frr_error_direction(&t->n.all.last_error, why);
	if (t->n.all.last_error.dir != DIR_UNKNOWN && slice_find(why, "(") >= 0)
		t->n.all.last_error.words = t->n.due_to;
}

static void on_peer_text(struct reader *t, struct slice rest)
{
	if (rest.len >= 2 && slice_ends(rest, "\""))
		t->n.all.shutdown_message = frr_peer_text(snap_builder_arena(t->n.b),
		    slice_upto(rest, rest.len - 1));
}

static void on_local(struct reader *t, struct slice rest)
{
	addr_parse(first_word(rest), &t->n.all.local);
}

static void on_auth(struct reader *t, struct slice rest)
{
	(void)rest;
	t->n.all.auth = AUTH_MD5;
}

static void on_family(struct reader *t, struct slice rest)
{
	frr_neighbor_family(&t->n, rest);
}

static const struct {
	const char *begins;
	void (*read)(struct reader *t, struct slice rest);
} session_lines[] = {
	{ "BGP neighbor is ", on_is },
	{ "BGP neighbor on ", on_on },
	{ "Instance ", on_instance },
	{ "Description: ", on_description },
	{ "Member of peer-group ", on_group },
	{ "Belongs to the subnet range group: ", on_range_group },
	{ "BGP state = ", on_state },
	{ "Administratively shut down", on_shut },
	{ "Peer had exceeded the max. no. of prefixes", on_overflow },
	{ "Hold time is ", on_hold },
	{ "Last read ", on_last_read },
	{ "Total: ", on_total },
	{ "Connections established ", on_connections },
	{ "Last reset ", on_reset },
	{ "Message: \"", on_peer_text },
	{ "Local host: ", on_local },
	{ "Peer Authentication Enabled", on_auth },
	{ "For address family: ", on_family },
};

static void on_max(struct reader *t, struct slice rest)
{
	struct session *s = &t->n.part->s;

	s->max_prefixes = count_of(first_word(rest));
	s->limit_action = slice_find(rest, "warning-only") >= 0 ? LIMIT_WARN :
	    slice_find(rest, "forced") >= 0 ? LIMIT_BLOCK : LIMIT_TEARDOWN;
}

/* "Threshold for warning message 80%, restart interval 5 min" */
static void on_threshold(struct reader *t, struct slice rest)
{
	struct session *s = &t->n.part->s;
	struct scan c = scan_of(rest);
	uint64_t pct;
	count_t minutes = count_of(word_after(rest, "restart interval "));

	if (scan_u64(&c, &pct) && pct <= 100)
		s->limit_warn_pct = (int)pct;
	if (minutes >= 0) {
		s->limit_action = LIMIT_RESTART;
		s->limit_restart_s = minutes * 60;
	}
}

static void on_soft(struct reader *t, struct slice rest)
{
	(void)rest;
	t->n.part->s.soft_reconfig = TRI_YES;
}

/* A name is marked with * if what it names exists. */
static struct slice policy_name(struct slice rest)
{
	struct slice name = first_word(rest);

	return slice_starts(name, "*") ? slice_from(name, 1) : name;
}

#define POLICY(fn, list, kind)                                                            \
	static void fn(struct reader *t, struct slice rest)                               \
	{                                                                                 \
		frr_neighbor_policy(&t->n.part->list, kind, policy_name(rest));           \
	}

POLICY(on_map_in, in, "")
POLICY(on_map_out, out, "")
POLICY(on_list_in, in, "prefix-list ")
POLICY(on_list_out, out, "prefix-list ")
POLICY(on_path_in, in, "filter-list ")
POLICY(on_path_out, out, "filter-list ")
POLICY(on_net_in, in, "distribute-list ")
POLICY(on_net_out, out, "distribute-list ")

static const struct {
	const char *begins;
	void (*read)(struct reader *t, struct slice rest);
} family_lines[] = {
	{ "Maximum prefixes allowed ", on_max },
	{ "Threshold for warning message ", on_threshold },
	{ "Inbound soft reconfiguration allowed", on_soft },
	{ "Route map for incoming advertisements is ", on_map_in },
	{ "Route map for outgoing advertisements is ", on_map_out },
	{ "Incoming update prefix filter list is ", on_list_in },
	{ "Outgoing update prefix filter list is ", on_list_out },
	{ "Incoming update AS path filter list is ", on_path_in },
	{ "Outgoing update AS path filter list is ", on_path_out },
	{ "Incoming update network filter list is ", on_net_in },
	{ "Outgoing update network filter list is ", on_net_out },
};

/* "6370 accepted prefixes, 12 sent prefixes" */
static void on_counts(struct reader *t, struct slice line)
{
	struct scan c = scan_of(line);
	struct slice part, n, word, noun;

	while (scan_until(&c, ',', &part) || part.len > 0) {
		struct scan p = scan_of(part);

		if (!scan_done(&c))
			c.p++;
		if (!scan_word(&p, &n) || !scan_word(&p, &word) || !scan_word(&p, &noun) ||
		    !slice_starts(noun, "prefix"))
			continue;
		if (slice_eq(word, "accepted"))
			t->n.part->s.accepted = count_of(n);
		else if (slice_eq(word, "sent"))
			t->n.part->s.advertised = count_of(n);
	}
}

static void neighbor_line(struct reader *t, struct slice s)
{
	for (size_t i = 0; i < ARRAY_LEN(session_lines); i++)
		if (slice_starts(s, session_lines[i].begins) &&
		    (t->open || session_lines[i].read == on_is || session_lines[i].read == on_on ||
		    session_lines[i].read == on_instance)) {
			session_lines[i].read(t, slice_from(s, strlen(session_lines[i].begins)));
			return;
		}
	if (t->n.part == NULL || !t->open)
		return;
	for (size_t i = 0; i < ARRAY_LEN(family_lines); i++)
		if (slice_starts(s, family_lines[i].begins)) {
			family_lines[i].read(t, slice_from(s, strlen(family_lines[i].begins)));
			return;
		}
	on_counts(t, s);
}

int frr_neighbors_text(struct report *r, struct slice out, struct err *e)
{
	struct reader t = { .refusal = SLICE("") };
	struct scan c = scan_of(out);
	struct slice line, s, vrf = frr_asked_vrf(r);

	r->kind = REPORT_SESSIONS;
	frr_neighbor_init(&t.n, r->sessions, true);
	str_add(&t.n.vrf, vrf.p, vrf.len);
	while (scan_line(&c, &line)) {
		s = slice_trim(line);
		if (slice_starts(s, "% No BGP neighbors"))
			t.no_neighbors = true;
		else if (slice_starts(s, "%") && t.refusal.len == 0)
			t.refusal = s;
		else
			neighbor_line(&t, s);
	}
	finish_neighbor(&t);
	frr_neighbor_fini(&t.n);
	if (t.neighbors > 0 || t.no_neighbors)
		return 0;
	if (t.refusal.len > 0)
		return err_set(e, ERR_DEVICE, "the router says: %.*s", (int)t.refusal.len, t.refusal.p);
	return err_set(e, ERR_PARSE, "no BGP neighbor in this");
}
