/*
 * Neighbors in detail; see detail.h.
 *
 * What is said of the neighbor is gathered in one session (`all`) and given to each of its rows when the next
 * neighbor begins; what is said of a family goes to its row at once.  detail_lines.c knows the single lines.
 */
#include "backends/parse/detail_priv.h"
#include "backends/parse/family.h"
#include "backends/parse/refusal.h"
#include "backends/parse/words.h"

#include <string.h>

/* ---- neighbors and families ---- */

static void add_row(struct detail_reader *rd, struct session *s)
{
	for (size_t i = 0; i < rd->row_count; i++)
		if (rd->rows[i] == s)
			return;
	if (rd->row_count < FAMILIES_MAX)
		rd->rows[rd->row_count++] = s;
}

static struct slice vrf_of(const struct detail_reader *rd)
{
	return rd->vrf.len > 0 ? rd->vrf : rd->asked.vrf;
}

/* What a family's part said, over the row's. */
static void give_family(struct session *s, const struct session *own, int64_t denied)
{
	if (own->accepted != COUNT_UNKNOWN)
		s->accepted = own->accepted;
	if (own->advertised != COUNT_UNKNOWN)
		s->advertised = own->advertised;
	if (own->active != COUNT_UNKNOWN)
		s->active = own->active;
	if (own->received != COUNT_UNKNOWN)
		s->received = own->received;
	else if (own->accepted != COUNT_UNKNOWN && denied >= 0)
		s->received = own->accepted + denied;
	if (own->max_prefixes != COUNT_UNKNOWN) {
		s->max_prefixes = own->max_prefixes;
		s->limit_action = own->limit_action;
		s->limit_warn_pct = own->limit_warn_pct;
		s->limit_restart_s = own->limit_restart_s;
	}
	if (text_known(own->import_policy))
		s->import_policy = own->import_policy;
	if (text_known(own->export_policy))
		s->export_policy = own->export_policy;
	if (own->soft_reconfig != TRI_UNKNOWN)
		s->soft_reconfig = own->soft_reconfig;
}

/* The row that a fill means, NULL if none or more than one is. */
static struct session *row_meant(struct detail_reader *rd, enum afi_safi f)
{
	struct session *s, *found = NULL;
	struct addr a = { 0 };

	if (vrf_of(rd).len > 0)
		return snap_builder_find(rd->b, vrf_of(rd), rd->neighbor, f);
	addr_parse(words_upto(rd->neighbor, "%"), &a);
	for (size_t i = 0; (s = snap_builder_at(rd->b, i)) != NULL; i++) {
		if (s->family != f || !addr_equal(&s->peer, &a) || s->remote_as != rd->all.remote_as)
			continue;
		if (found != NULL)
			return NULL;
		found = s;
	}
	return found;
}

static void end_family(struct detail_reader *rd)
{
	struct session *s = NULL;

	if (!rd->open || rd->family == AF_UNKNOWN)
		return;
	if (rd->fill)
		s = row_meant(rd, rd->family);
	else if (rd->body || !rd->poll)
		s = snap_builder_session(rd->b, vrf_of(rd), rd->neighbor, rd->family);
	if (s != NULL) {
		give_family(s, &rd->own, rd->denied);
		add_row(rd, s);
	}
	rd->family = AF_UNKNOWN;
}

/* What the neighbor's part said, over the row's. */
static void give_neighbor(struct session *s, const struct session *all)
{
	s->remote_as = all->remote_as != ASN_UNKNOWN ? all->remote_as : s->remote_as;
	s->remote_as_zero = s->remote_as == ASN_UNKNOWN && (all->remote_as_zero || s->remote_as_zero);
	s->local_as = all->local_as != ASN_UNKNOWN ? all->local_as : s->local_as;
	if (all->local.family != ADDR_NONE)
		s->local = all->local;
	if (all->state != BGP_UNKNOWN)
		s->state = all->state;
	if (all->admin_down != TRI_UNKNOWN)
		s->admin_down = all->admin_down;
	if (all->dynamic != TRI_UNKNOWN)
		s->dynamic = all->dynamic;
	if (all->since_s >= 0)
		s->since_s = all->since_s;
	if (text_known(all->description))
		s->description = all->description;
	if (text_known(all->group))
		s->group = all->group;
	if (all->auth != AUTH_UNKNOWN)
		s->auth = all->auth;
	if (all->hold_time_s >= 0)
		s->hold_time_s = all->hold_time_s;
	if (all->messages_in != COUNT_UNKNOWN)
		s->messages_in = all->messages_in;
	if (all->messages_out != COUNT_UNKNOWN)
		s->messages_out = all->messages_out;
	if (all->flaps != COUNT_UNKNOWN)
		s->flaps = all->flaps;
	if (text_known(all->last_error.words) || all->last_error.code >= 0)
		s->last_error = all->last_error;
	if (s->last_error.code == 6 && s->last_error.subcode == 1 && s->state != BGP_ESTABLISHED)
		s->limit_tripped = TRI_YES;
}

static enum afi_safi only_family(const struct detail_reader *rd)
{
	return rd->above != AF_UNKNOWN ? rd->above : rd->asked.family;
}

static void end_neighbor(struct detail_reader *rd)
{
	struct session *s;

	end_family(rd);
	if (!rd->open)
		return;
	for (int f = AF_UNKNOWN; rd->fill && f < AF_COUNT; f++) /* families that the detail does not name */
		if ((s = row_meant(rd, (enum afi_safi)f)) != NULL)
			add_row(rd, s);
	if (!rd->fill && (rd->row_count == 0 || (!rd->has_body && rd->above != AF_UNKNOWN)))
		add_row(rd, snap_builder_session(rd->b, vrf_of(rd), rd->neighbor, only_family(rd)));
	for (size_t i = 0; i < rd->row_count; i++)
		give_neighbor(rd->rows[i], &rd->all);
	if (snap_builder_local_as(rd->b) == ASN_UNKNOWN)
		snap_builder_router(rd->b, rd->all.local_as, NULL);
	rd->open = false;
	if (!rd->fill)
		snap_builder_rows(rd->b, 1, 1);
}

/* "BGP neighbor is 192.0.2.1,  vrf RED,  remote AS 64500, local AS 64501 no-prepend, external link" */
static bool begin_neighbor(struct detail_reader *rd, struct slice line)
{
	struct slice v = words_behind(line, "BGP neighbor is "), name;
	struct addr peer;

	if (!slice_starts(line, "BGP neighbor is "))
		return false;
	end_neighbor(rd);
	name = words_upto(v, ", ");
	session_init(&rd->all);
	rd->row_count = 0;
	rd->above = rd->heading;
	rd->has_body = false;
	rd->reset_s = -1;
	rd->in_messages = rd->in_prefixes = rd->in_denied = false;
	rd->vrf = SLICE("");
	if (name.len == 0 && !(slice_find(v, "remote AS") >= 0)) {
		snap_builder_rows(rd->b, 1, 0);
		return true;
	}
	if (name.len > 0 && name.p[0] == '*')
		rd->all.dynamic = TRI_YES;
	if (!word_is_neighbor(name, &rd->neighbor, &peer))
		rd->neighbor = name;
	rd->vrf = words_upto(words_behind(v, "vrf "), ", ");
	session_take_remote_as(&rd->all, words_upto(words_behind(v, "remote AS "), ", "));
	asn_parse(words_upto(words_behind(v, "local AS "), ", "), &rd->all.local_as);
	rd->open = rd->seen = true;
	return true;
}

/* True if nothing but blank lines stands between here and the next neighbor, heading or the end. */
static bool bodiless(struct scan ahead)
{
	struct slice line;

	while (scan_line(&ahead, &line)) {
		line = slice_trim(line);
		if (line.len > 0)
			return slice_starts(line, "BGP neighbor is") || (slice_find(line, "ddress family: ") >= 0) ||
			       (slice_find(line, "ddress Family: ") >= 0);
	}
	return true;
}

static bool begin_family(struct detail_reader *rd, struct slice line, struct scan ahead)
{
	struct slice name = words_behind(line, "or address family: ");

	if (name.len == 0)
		name = words_behind(line, "or Address Family: ");
	if (name.len == 0)
		return false;
	end_family(rd);
	session_init(&rd->own);
	rd->family = family_of(name);
	rd->denied = -1;
	rd->body = !bodiless(ahead);
	rd->in_messages = rd->in_prefixes = rd->in_denied = false;
	if (rd->body)
		rd->has_body = true;
	else
		rd->heading = rd->family;
	rd->seen = true;
	return true;
}

/* NX-OS "1 accepted paths consume ...", "2 sent paths"; XR and FRR "13 accepted prefixes, 0 are bestpaths" */
static bool take_counted(struct detail_reader *rd, struct slice line)
{
	struct scan c = scan_of(line);
	uint64_t n;

	if (rd->family == AF_UNKNOWN || !scan_u64(&c, &n) || n > INT64_MAX)
		return false;
	if (scan_lit(&c, " accepted p")) {
		struct slice best = words_behind(line, ", ");

		rd->own.accepted = (count_t)n;
		c = scan_of(best);
		if ((slice_find(best, "bestpath") >= 0) && scan_u64(&c, &n) && n <= INT64_MAX)
			rd->own.active = (count_t)n;
		return true;
	}
	if (scan_lit(&c, " sent p")) {
		rd->own.advertised = (count_t)n;
		return true;
	}
	return false;
}

/* EOS: in "Prefix statistics:" every family has a line, "IPv4 Unicast:   2   8"; those without sessions say 0. */
static bool take_statistic(struct detail_reader *rd, struct slice line)
{
	ptrdiff_t colon = slice_find(line, ":");
	enum afi_safi f;
	struct words w;
	int64_t sent, got;

	if (!rd->in_prefixes || colon <= 0)
		return false;
	f = family_of(slice_upto(line, (size_t)colon));
	words_cut(&w, slice_from(line, (size_t)colon + 1));
	if (f == AF_UNKNOWN || w.n < 2 || !word_count(w.w[0], &sent) || !word_count(w.w[1], &got))
		return false;
	if (sent == 0 && got == 0 && rd->row_count > 0)
		return true;
	session_init(&rd->own);
	rd->family = f;
	rd->body = true;
	rd->denied = -1;
	rd->own.advertised = sent;
	rd->own.received = got;
	end_family(rd);
	return true;
}

static void take_line(struct detail_reader *rd, struct slice raw, struct scan ahead)
{
	struct slice line = slice_trim(raw);

	if (begin_neighbor(rd, line) || begin_family(rd, line, ahead) || !rd->open)
		return;
	if (take_counted(rd, line) || take_statistic(rd, line))
		return;
	detail_line(rd, line);
}

static int read(struct detail_reader *rd, struct slice out, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line;

	session_init(&rd->own);
	while (scan_line(&c, &line))
		take_line(rd, line, c);
	end_neighbor(rd);
	return rd->seen ? 0 : refusal_or_not_found(out, "BGP neighbor", e);
}

int detail_read(struct snap_builder *b, struct slice out, struct asked asked, struct err *e)
{
	struct detail_reader rd = { .b = b, .asked = asked };

	return read(&rd, out, e);
}

int detail_poll(struct snap_builder *b, struct slice out, struct asked asked, struct err *e)
{
	struct detail_reader rd = { .b = b, .asked = asked, .poll = true };

	return read(&rd, out, e);
}

int detail_fill(struct snap_builder *b, struct slice out, struct asked asked, struct err *e)
{
	struct detail_reader rd = { .b = b, .asked = asked, .fill = true };

	return read(&rd, out, e);
}
