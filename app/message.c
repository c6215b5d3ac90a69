/* From what is seen to a draft; see message.h. */
#include "app/message.h"
#include "core/act/id.h"
#include "core/base/clock.h"
#include "core/base/scan.h"
#include "core/judge/eml.h"
#include "core/judge/why.h"
#include "tui/view.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { BODY_MAX = 256 * 1024 };

void draft_init(struct draft *d)
{
	*d = (struct draft){ .asn = ASN_UNKNOWN };
	str_init(&d->to, 1024);
	str_init(&d->subject, 1024);
	str_init(&d->body, BODY_MAX);
}

void draft_fini(struct draft *d)
{
	str_fini(&d->to);
	str_fini(&d->subject);
	str_fini(&d->body);
}

/* ---- what is chosen ---- */

static bool held_by(const struct world_session *s, const char *verb)
{
	return s->held != NULL && strcmp(text_or(s->held->verb, ""), verb) == 0;
}

const char *message_template(const struct world_session *s)
{
	if (s == NULL)
		return "maintenance";
	if (held_by(s, "suspend"))
		return "suspend";
	if (held_by(s, "withdraw") || held_by(s, "gshut"))
		return "withdraw";
	if (s->s->limit_tripped == TRI_YES)
		return "max-prefix";
	return s->s->state != BGP_ESTABLISHED ? "session-down" : "maintenance";
}

size_t message_rung(const struct ladder *l, const char *template)
{
	const char *wanted = strcmp(template, "maintenance") == 0 ? "Maintenance" :
	    strcmp(template, "policy-breach") == 0 ? "Policy" : NULL;
	size_t found = l->count;

	for (size_t i = l->count; i-- > 0;) {
		const struct rung *r = &l->rungs[i];
		bool own = *l->venue != '\0' ? r->source != RUNG_OURS : r->source == RUNG_BOOK || r->source == RUNG_PEERINGDB;

		if (text_empty(r->email) || r->wrong_wall_ms > 0 || !own)
			continue;
		if (found < l->count && wanted != NULL && strcasecmp(text_or(l->rungs[found].role, ""), wanted) == 0 &&
		    strcasecmp(text_or(r->role, ""), wanted) != 0)
			continue;
		found = i;
	}
	return found;
}

/* ---- facts ---- */

static const char *moment(struct arena *a, int64_t wall_ms)
{
	char iso[CLOCK_ISO_LEN];

	clock_iso(wall_ms, iso);
	return arena_printf(a, "%.10s %.5sZ", iso, iso + 11);
}

static const char *since(struct arena *a, const struct world *w, const struct world_session *s)
{
	if (s->s->since_s < 0)
		return NULL;
	return moment(a, w->now_wall_ms - s->age_ms - s->s->since_s * 1000);
}

static void add_session(struct arena *a, const struct world *w, const struct world_session *s, struct str *out)
{
	char peer[ADDR_STRLEN], local[ADDR_STRLEN], span[CLOCK_SPAN_LEN];
	const char *from = since(a, w, s), *family = afi_safi_word(s->s->family);

	addr_print(&s->s->peer, peer);
	addr_print(&s->s->local, local);
	str_addf(out, "%s  you %s AS%u  -  we %s AS%u\n", out->len > 0 ? "\n" : "", peer[0] ? peer : text_or(s->s->neighbor, "?"),
	    s->s->remote_as, local[0] ? local : "(address unknown)", s->s->local_as != ASN_UNKNOWN ? s->s->local_as : w->config->local_as);
	str_addf(out, "  %s%s%s, our router %s: %s", s->exchange != NULL ? text_or(s->exchange->name, "") : "",
	    s->exchange != NULL ? ", " : "", family != NULL ? family : "family unknown", s->router->conf->name,
	    session_state_words(s->s));
	if (from != NULL)
		str_addf(out, " since %s", from);
	if (s->stale)
		str_addf(out, " (as last read %s ago)", clock_span(s->age_ms / 1000, span));
}

static const char *sessions(struct arena *a, const struct message_about *m)
{
	struct str s;
	const char *kept;

	str_init(&s, BODY_MAX / 2);
	for (size_t i = 0; i < m->session_count; i++) {
		if (i > 0)
			str_putc(&s, '\n');
		add_session(a, m->w, m->sessions[i], &s);
	}
	kept = arena_strdup(a, s.p);
	str_fini(&s);
	return kept;
}

static const char *reason(struct arena *a, const struct world_session *s)
{
	struct why y = why_find(s, NULL);
	struct str words;
	const char *kept;

	str_init(&words, 1000);
	why_words(s, &y, &words);
	kept = arena_strdup(a, words.p);
	str_fini(&words);
	return kept;
}

/* What the router shows, in numbers; what it does not tell is not there. */
static const char *evidence(struct arena *a, const struct world_session *s)
{
	char error[400];
	struct str out;
	const char *kept;

	str_init(&out, 1000);
	last_error_words(s->s, error, sizeof(error));
	if (error[0] != '\0')
		str_addf(&out, "last error %s; ", error);
	if (s->s->state == BGP_ESTABLISHED && s->s->received != COUNT_UNKNOWN)
		str_addf(&out, "%" PRId64 " prefixes received; ", s->s->received);
	if (s->s->max_prefixes != COUNT_UNKNOWN && s->s->max_prefixes > 0)
		str_addf(&out, "our limit is %" PRId64 " prefixes; ", s->s->max_prefixes);
	if (s->s->flaps != COUNT_UNKNOWN)
		str_addf(&out, "%" PRId64 " drops counted; ", s->s->flaps);
	if (out.len >= 2)
		out.p[out.len - 2] = '\0';
	kept = arena_strdup(a, out.p);
	str_fini(&out);
	return kept;
}

static const char *count_fact(struct arena *a, count_t n)
{
	return n != COUNT_UNKNOWN && n > 0 ? arena_printf(a, "%" PRId64 " prefixes", n) : NULL;
}

static void session_facts(struct arena *a, const struct message_about *m, struct letter_facts *f)
{
	const struct world_session *s = m->sessions[0];
	char addr[ADDR_STRLEN];
	const struct exchange *x = s->exchange;

	for (size_t i = 1; i < m->session_count; i++) /* one exchange only is "the" exchange */
		if (m->sessions[i]->exchange != x)
			x = NULL;
	f->value[PLACE_EXCHANGE] = x != NULL ? text_or(x->name, NULL) : NULL;
	f->value[PLACE_SESSIONS] = sessions(a, m);
	if (m->session_count > 1)
		return; /* what differs from session to session stands in the list */
	f->value[PLACE_OUR_ADDRESS] = arena_strdup(a, addr_print(&s->s->local, addr));
	f->value[PLACE_PEER_ADDRESS] = arena_strdup(a, addr_print(&s->s->peer, addr));
	f->value[PLACE_ROUTER] = s->router->conf->name;
	f->value[PLACE_FAMILY] = afi_safi_word(s->s->family);
	f->value[PLACE_STATE] = arena_strdup(a, session_state_words(s->s));
	f->value[PLACE_SINCE] = since(a, m->w, s);
	f->value[PLACE_REASON] = reason(a, s);
	f->value[PLACE_EVIDENCE] = evidence(a, s);
	f->value[PLACE_LIMIT] = count_fact(a, s->s->max_prefixes);
	if (s->peer != NULL)
		f->value[PLACE_PUBLISHED] = count_fact(a, peer_published_limit(s->peer, s->s->family));
}

static void held_facts(struct arena *a, const struct message_about *m, struct letter_facts *f)
{
	for (size_t i = 0; i < m->session_count; i++) {
		const struct ledger_line *h = m->sessions[i]->held;

		if (h == NULL)
			continue;
		f->value[PLACE_WHAT_WE_DID] = arena_printf(a, "%s at %s", strcmp(text_or(h->verb, ""), "suspend") == 0 ?
		    "shut the session administratively" : strcmp(text_or(h->verb, ""), "withdraw") == 0 ?
		    "withdrew our prefixes" : "drained the session", moment(a, h->since_wall_ms));
		f->value[PLACE_WHY_WE_DID] = text_or(h->reason, NULL);
		return;
	}
}

static void breach_facts(struct arena *a, const struct verdict *v, struct letter_facts *f)
{
	const struct clause *c = v->clause;
	struct str found;

	str_init(&found, BODY_MAX / 2);
	verdict_failures(v, &found);
	f->value[PLACE_CLAUSE] = arena_printf(a, "\"%s\"%s%s%s", c->text, c->from != NULL ? " (" : "", c->from != NULL ? c->from : "",
	    c->from != NULL ? ")" : "");
	f->value[PLACE_EVIDENCE] = found.len > 0 ? arena_printf(a, "\n%.*s", (int)(found.len - 1), found.p) : arena_strdup(a, v->words.s);
	f->value[PLACE_REMEDY] = c->check->remedy;
	str_fini(&found);
}

/* To somebody who is no peer: which ports and addresses there, and what became of each. */
static const char *venue_sessions(struct arena *a, const struct message_about *m)
{
	char peer[ADDR_STRLEN], local[ADDR_STRLEN];
	const char *kept, *name;
	struct str s;

	str_init(&s, BODY_MAX / 2);
	for (size_t i = 0; i < m->session_count; i++) {
		const struct world_session *r = m->sessions[i];
		const char *from = since(a, m->w, r), *family = afi_safi_word(r->s->family);

		name = r->peer != NULL ? text_or(r->peer->name, "") : "";
		addr_print(&r->s->peer, peer);
		addr_print(&r->s->local, local);
		str_addf(&s, "%s%s  to AS%u%s%s at %s, our router %s%s%s: %s%s%s", i > 0 ? "\n" : "", local[0] ? local : "(our address unknown)",
		    r->s->remote_as, *name ? " " : "", name, peer[0] ? peer : text_or(r->s->neighbor, "?"), r->router->conf->name,
		    family != NULL ? ", " : "", family != NULL ? family : "", session_state_words(r->s), from != NULL ? " since " : "",
		    from != NULL ? from : "");
	}
	kept = arena_strdup(a, s.p);
	str_fini(&s);
	return kept;
}

/* Our addresses there, each once. */
static const char *our_addresses(struct arena *a, const struct message_about *m)
{
	char local[ADDR_STRLEN];
	const char *all = "";

	for (size_t i = 0; i < m->session_count; i++) {
		addr_print(&m->sessions[i]->s->local, local);
		if (local[0] != '\0' && strstr(arena_printf(a, " %s,", all), arena_printf(a, " %s,", local)) == NULL)
			all = arena_printf(a, "%s%s%s", all, *all ? ", " : "", local);
	}
	return all;
}

static void venue_facts(struct arena *a, const struct message_about *m, struct letter_facts *f)
{
	const struct incident *i = m->incident;
	char words[VENUE_WORDS_LEN];
	struct str s;

	f->value[PLACE_WHERE] = arena_strdup(a, venue_words(m->venue, words));
	f->value[PLACE_EXCHANGE] = m->venue->kind == VENUE_EXCHANGE ? arena_strdup(a, m->venue->name) : NULL;
	f->value[PLACE_SESSIONS] = venue_sessions(a, m);
	f->value[PLACE_OUR_ADDRESS] = our_addresses(a, m);
	if (i == NULL)
		return;
	str_init(&s, 1000);
	str_addf(&s, "%zu of %zu of our sessions%s%s fell", i->count, i->whole > i->count ? i->whole : i->count,
	    m->venue->name[0] != '\0' ? " at " : "", m->venue->name);
	if (i->down < i->count)
		str_addf(&s, ", %zu are back", i->count - i->down);
	f->value[PLACE_SUMMARY] = arena_strdup(a, s.p);
	str_fini(&s);
	f->value[PLACE_SINCE] = moment(a, i->opened_wall_ms);
	f->value[PLACE_INCIDENT] = arena_strdup(a, i->id);
}

static void facts_of(struct arena *a, const struct message_about *m, struct letter_facts *f)
{
	const struct config *c = m->w->config;
	const struct peer *p = peer_set_find(m->w->peers, m->asn);

	*f = (struct letter_facts){ .value = { NULL } };
	f->value[PLACE_OUR_AS] = arena_printf(a, "AS%u", c->local_as);
	f->value[PLACE_OUR_NAME] = c->mail.name;
	f->value[PLACE_OPERATOR] = m->w->operator_name;
	f->value[PLACE_PEER_AS] = m->asn != ASN_UNKNOWN ? arena_printf(a, "AS%u", m->asn) : NULL;
	f->value[PLACE_PEER_NAME] = p != NULL ? text_or(p->name, NULL) : NULL;
	if (m->rung < m->ladder->count)
		f->value[PLACE_CONTACT] = text_or(m->ladder->rungs[m->rung].name, NULL);
	if (m->session_count > 0 && m->venue == NULL)
		session_facts(a, m, f);
	held_facts(a, m, f);
	if (m->breach != NULL)
		breach_facts(a, m->breach, f);
	if (m->venue != NULL)
		venue_facts(a, m, f);
	f->value[PLACE_TICKET] = m->ticket;
	f->value[PLACE_NOW] = moment(a, m->w->now_wall_ms);
	f->value[PLACE_FROM] = m->from;
	f->value[PLACE_UNTIL] = m->until;
	f->value[PLACE_WORK] = m->work;
	if (m->evidence != NULL && *m->evidence != '\0')
		f->value[PLACE_EVIDENCE] = m->evidence;
}

int message_compose(struct arena *a, const struct message_about *m, const char *template, struct draft *d, struct err *e)
{
	const struct rung *r = m->rung < m->ladder->count ? &m->ladder->rungs[m->rung] : NULL;
	const struct world_session *s = m->session_count == 1 ? m->sessions[0] : NULL;
	struct letter_template t;
	struct letter_facts f;
	char venue[VENUE_WORDS_LEN];

	if (letter_load(a, m->w->config->mail.templates, template, &t, e) != 0)
		return -1;
	facts_of(a, m, &f);
	str_clear(&d->to);
	str_clear(&d->subject);
	str_clear(&d->body);
	letter_compose(&t, &f, &d->subject, &d->body);
	snprintf(d->template, sizeof(d->template), "%s", template);
	d->asn = m->asn;
	snprintf(d->venue, sizeof(d->venue), "%s", m->venue != NULL ? venue_words(m->venue, venue) : "");
	snprintf(d->router, sizeof(d->router), "%s", s != NULL ? s->router->conf->name : "");
	snprintf(d->vrf, sizeof(d->vrf), "%s", s != NULL ? text_or(s->s->vrf, "") : "");
	snprintf(d->neighbor, sizeof(d->neighbor), "%s", s != NULL ? text_or(s->s->neighbor, "") : "");
	d->rung = r != NULL ? (unsigned)m->rung + 1 : 0;
	d->role = r != NULL ? (struct text){ arena_strdup(a, text_or(r->role, "")) } : TEXT_LIT("");
	d->name = r != NULL ? (struct text){ arena_strdup(a, text_or(r->name, "")) } : TEXT_LIT("");
	str_puts(&d->to, r != NULL ? text_or(r->email, "") : "");
	d->wall_ms = m->w->now_wall_ms;
	act_id_new(d->id);
	return 0;
}

void draft_slug(const struct draft *d, char out[80])
{
	char subject[CALL_SUBJECT_LEN];

	snprintf(out, 80, "%.79s", call_subject(d->asn, (struct text){ d->venue }, subject));
	for (char *c = out; *c != '\0'; c++)
		if (!((*c >= '0' && *c <= '9') || ((*c | 32) >= 'a' && (*c | 32) <= 'z')))
			*c = '-';
}

/* ---- as text, and back ---- */

void draft_print(const struct draft *d, struct str *out)
{
	str_addf(out, "To: %s\nSubject: %s\n\n%s", d->to.p, d->subject.p, d->body.p);
}

static void take(struct str *to, struct slice value)
{
	str_clear(to);
	text_append(to, slice_trim(value));
}

int draft_read(struct draft *d, struct slice text, struct err *e)
{
	struct scan c = scan_of(text);
	struct slice line;
	struct str body;
	unsigned n = 0;

	while (scan_line(&c, &line) && slice_trim(line).len > 0) {
		n++;
		if (slice_starts(line, "To:"))
			take(&d->to, slice_from(line, 3));
		else if (slice_starts(line, "Subject:"))
			take(&d->subject, slice_from(line, 8));
		else
			return err_set(e, ERR_USAGE, "line %u: before the first empty line stand \"To: ...\" and \"Subject: ...\"", n);
	}
	str_init(&body, BODY_MAX);
	while (scan_line(&c, &line)) {
		text_append(&body, line);
		str_putc(&body, '\n');
	}
	str_clear(&d->body);
	str_add(&d->body, body.p, body.len);
	str_fini(&body);
	return d->body.over ? err_set(e, ERR_LIMIT, "the text is longer than 256 KiB") : 0;
}

int draft_eml(const struct draft *d, const struct config *c, bool crlf, struct str *out, struct err *e)
{
	const struct eml m = { .from = c->mail.from, .from_name = c->mail.name, .to = d->to.p, .subject = d->subject.p,
		.body = d->body.p, .id = d->id, .wall_ms = d->wall_ms };
	char subject[CALL_SUBJECT_LEN];

	if (d->to.len == 0)
		return err_set(e, ERR_USAGE, "%s: no mail address on the ladder: type one behind To:", call_subject(d->asn, (struct text){ d->venue },
		    subject));
	return eml_write(out, &m, crlf, e);
}

int draft_write(const struct draft *d, const struct config *c, const char *path, struct err *e)
{
	struct str out;
	int rc = -1, fd = -1;
	size_t at = 0;
	ssize_t n;

	str_init(&out, 2 << 20);
	if (draft_eml(d, c, true, &out, e) != 0)
		goto out;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		err_errno(e, ERR_IO, "%s", path);
		goto out;
	}
	while (at < out.len && (n = write(fd, out.p + at, out.len - at)) > 0)
		at += (size_t)n;
	rc = at == out.len ? 0 : err_errno(e, ERR_IO, "%s", path);
	if (close(fd) != 0 && rc == 0)
		rc = err_errno(e, ERR_IO, "%s", path);
	if (rc != 0)
		unlink(path); /* half a message is none */
out:
	str_fini(&out);
	return rc;
}
