/*
 * Messages in the console: composed, shown, edited, written, handed to the mailer.
 *
 * The draft lives here and the screen shows it; every change is shown before
 * anything can be done with it.  Editor and mailer run beside the loop, so
 * that routers are watched and actions proven meanwhile.
 */
#include "app/console_priv.h"
#include "app/maintenance.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EDIT_MAX = 512 * 1024 };

void console_message_start(struct console *c)
{
	struct message_work *m = &c->message;

	*m = (struct message_work){ .child = CHILD_NONE, .arena = arena_new() };
	draft_init(&m->draft);
}

static void forget_many(struct message_work *m)
{
	for (size_t i = 0; i < m->many_count; i++)
		draft_fini(&m->many[i]);
	free(m->many);
	m->many = NULL;
	m->many_count = 0;
}

void console_message_stop(struct console *c)
{
	struct message_work *m = &c->message;

	child_stop(&m->child);
	if (m->edit_path != NULL)
		unlink(m->edit_path);
	free(m->edit_path);
	forget_many(m);
	draft_fini(&m->draft);
	arena_free(m->arena);
}

static const char *mailer_name(const struct console *c)
{
	return c->config->mail.command != NULL && c->config->mail.from != NULL ? c->config->mail.command : NULL;
}

static void show(struct console *c, const char *note)
{
	const struct draft *d = &c->message.draft;
	char recipient[160];
	struct message_view v = { .template = d->template, .to = d->to.p, .subject = d->subject.p, .body = d->body.p,
		.recipient = recipient, .mailer = mailer_name(c), .note = note, .rung = d->rung };

	snprintf(recipient, sizeof(recipient), "%s", c->message.others_mail ? "it has no mail address of its own; r takes the exchange's, the "
	    "facility's or the registry's" : "nobody on the ladder has a mail address");
	if (d->rung > 0)
		snprintf(recipient, sizeof(recipient), "to rung %u: %s, %s", d->rung, text_or(d->role, "contact"), text_or(d->name, "no name"));
	ui_message_show(c->ui, &v);
}

/* ---- composing ---- */

static bool is_member(const struct incident *i, const struct world_session *r)
{
	for (size_t k = 0; k < i->count; k++)
		if (strcmp(i->members[k].router, r->router->conf->name) == 0 && strcmp(i->members[k].vrf, text_or(r->s->vrf, "")) == 0 &&
		    strcmp(i->members[k].neighbor, text_or(r->s->neighbor, "")) == 0)
			return true;
	return false;
}

/* One session, else what fell of the network in the incident, else all of the network's. */
static bool is_about(const struct console *c, const struct world_session *r)
{
	const struct message_work *m = &c->message;
	const struct incident *i = m->incident[0] != '\0' ? incidents_now(c->incidents.set, m->incident) : NULL;

	if (m->asn == ASN_UNKNOWN) /* of a place's incident: whoever fell */
		return i != NULL && is_member(i, r);
	if (r->s->remote_as != m->asn)
		return false;
	if (m->neighbor[0] == '\0')
		return i == NULL || is_member(i, r);
	return strcmp(r->router->conf->name, m->router) == 0 && strcmp(text_or(r->s->vrf, ""), m->vrf) == 0 &&
	    strcmp(text_or(r->s->neighbor, ""), m->neighbor) == 0;
}

/* The next rung with an address behind this one, round about. */
static size_t other_rung(const struct ladder *l, unsigned number)
{
	for (size_t i = 0; i < l->count; i++) {
		size_t at = (number + i) % l->count;

		if (!text_empty(l->rungs[at].email))
			return at;
	}
	return l->count;
}

/* The verdict that the message is about, while it is still one that is not met. */
static const struct verdict *breach_of(const struct console *c)
{
	const struct network_verdicts *n = c->judging.book != NULL ? verdict_book_find(c->judging.book, c->message.asn) : NULL;

	for (size_t i = 0; n != NULL && c->message.clause[0] != '\0' && i < n->count; i++)
		if (strcmp(n->verdicts[i].clause->id, c->message.clause) == 0 && n->verdicts[i].value == VERDICT_FAIL)
			return &n->verdicts[i];
	return NULL;
}

/* Does a failing line speak of this session?  A verdict about the network as a whole names none: it is about all. */
static bool breaches(const struct verdict *v, const struct world_session *s)
{
	bool any = false;
	char name[240];
	size_t n = (size_t)snprintf(name, sizeof(name), "%s %s", s->router->conf->name, text_or(s->s->neighbor, "?"));

	for (size_t i = 0; i < v->line_count; i++) {
		const char *about = v->lines[i].about.s;

		if (v->lines[i].value != LINE_FAIL)
			continue;
		if (strncmp(about, name, n) == 0 && (about[n] == '\0' || about[n] == ' '))
			return true;
		any = any || strchr(about, ' ') != NULL;
	}
	return !any;
}

/* template NULL: what fits.  rung: index, or SIZE_MAX what fits; `after`: the one behind that number. */
static int compose(struct console *c, const char *template, bool next_rung, struct err *e)
{
	struct message_work *m = &c->message;
	const struct world *w = &c->present.w;
	struct world_session *rows = NULL;
	size_t n = world_sessions(w, &rows), count = 0;
	const struct world_session **list = mem_calloc(n + 1, sizeof(*list));
	struct message_about about = { .w = w, .asn = m->asn, .sessions = list };
	const struct verdict *breach = breach_of(c);
	const struct incident *in = m->incident[0] != '\0' ? incidents_now(c->incidents.set, m->incident) : NULL;
	struct venue venue = { .kind = VENUE_NONE };
	struct ladder l;
	int rc;

	if (template == NULL && breach != NULL)
		template = "policy-breach";
	if (template != NULL && strcmp(template, "policy-breach") == 0)
		about.breach = breach;

	for (size_t i = 0; i < n; i++)
		if (is_about(c, &rows[i]) && (about.breach == NULL || breaches(about.breach, &rows[i])))
			list[count++] = &rows[i];
	about.session_count = count;
	if (m->asn == ASN_UNKNOWN && in != NULL)
		venue_of_incident(w, in, &venue);
	about.venue = venue.kind != VENUE_NONE ? &venue : NULL;
	about.incident = in;
	if (about.venue != NULL)
		ladder_of_venue(m->arena, w, &venue, &l);
	else
		ladder_of_world(m->arena, w, m->asn, m->neighbor[0] != '\0' && count > 0 ? list[0] : NULL, &l);
	about.ladder = &l;
	m->others_mail = other_rung(&l, 0) < l.count;
	if (template == NULL && about.venue != NULL)
		template = "outage";
	if (template == NULL)
		template = message_template(count > 0 ? list[0] : NULL);
	about.rung = next_rung ? other_rung(&l, m->draft.rung) : m->chosen > 0 && m->chosen <= l.count ? m->chosen - 1 :
	    message_rung(&l, template);
	if (next_rung)
		m->chosen = about.rung < l.count ? (unsigned)about.rung + 1 : 0;
	rc = message_compose(m->arena, &about, template, &m->draft, e);
	free(list);
	free(rows);
	return rc;
}

void console_message(struct console *c, const struct request *rq)
{
	struct message_work *m = &c->message;
	const struct target *t = rq->target_count > 0 ? &rq->targets[0] : NULL;
	struct err e = ERR_INIT;

	if (m->child.pid != 0) {
		console_notice(c, "%s is still at work on the last message", m->child.name);
		return;
	}
	forget_many(m);
	arena_free(m->arena);
	m->arena = arena_new();
	m->asn = rq->asn;
	m->chosen = 0;
	snprintf(m->clause, sizeof(m->clause), "%s", rq->clause != NULL ? rq->clause : "");
	snprintf(m->incident, sizeof(m->incident), "%s", rq->incident != NULL ? rq->incident : "");
	snprintf(m->router, sizeof(m->router), "%s", t != NULL ? t->router : "");
	snprintf(m->vrf, sizeof(m->vrf), "%s", t != NULL ? t->vrf : "");
	snprintf(m->neighbor, sizeof(m->neighbor), "%s", t != NULL ? t->neighbor : "");
	if (rq->rung > 0) /* the ladder's cursor stands on somebody who has an address */
		m->chosen = rq->rung;
	if (compose(c, NULL, false, &e) != 0)
		console_notice(c, "%s", e.text);
	else
		show(c, NULL);
}

/* ---- a maintenance ---- */

/* The list of all, and the text of the first. */
static void show_many(struct console *c, const char *note)
{
	const struct message_work *m = &c->message;
	struct message_view v = { .template = "maintenance", .to = "", .recipient = "", .note = note, .many = true };
	struct str body;
	char words[80];
	size_t without = 0;

	str_init(&body, 1 << 20);
	for (size_t i = 0; i < m->many_count; i++) {
		const struct draft *d = &m->many[i];

		str_addf(&body, "AS%u  %s\n", d->asn, d->to.len > 0 ? d->to.p : "NO MAIL ADDRESS: is left out");
		without += d->to.len == 0;
	}
	str_addf(&body, "\nThe first of them:\n\n%s", m->many[0].body.p);
	snprintf(words, sizeof(words), "%zu networks, %zu without a mail address", m->many_count, without);
	v.recipient = words;
	v.subject = m->many[0].subject.p;
	v.body = body.p;
	ui_message_show(c->ui, &v);
	str_fini(&body);
}

static int compose_many(struct console *c, const struct maintenance_ask *ask, struct err *e)
{
	struct message_work *m = &c->message;
	const struct world *w = &c->present.w;
	struct world_session *rows = NULL;
	const struct world_session **list = NULL;
	size_t row_count = world_sessions(w, &rows), n = 0;
	struct maintenance_place place;
	int rc = -1;

	if (maintenance_place_find(ask->place, w, &place, e) != 0 || maintenance_pick(&place, rows, row_count, &list, &n, e) != 0)
		goto out;
	m->many = mem_calloc(n, sizeof(*m->many));
	for (size_t i = 0, k; i < n; i = k) {
		struct message_about about = { .w = w, .asn = list[i]->s->remote_as, .sessions = list + i, .ticket = ask->ticket,
			.from = ask->from, .until = ask->until, .work = ask->work };
		struct ladder l;

		k = maintenance_end(list, n, i);
		about.session_count = k - i;
		ladder_of_world(m->arena, w, about.asn, NULL, &l);
		about.ladder = &l;
		about.rung = message_rung(&l, "maintenance");
		draft_init(&m->many[m->many_count++]);
		if (message_compose(m->arena, &about, "maintenance", &m->many[m->many_count - 1], e) != 0)
			goto out;
	}
	rc = 0;
out:
	free(list);
	free(rows);
	return rc;
}

void console_maintenance(struct console *c, const struct maintenance_ask *ask)
{
	struct message_work *m = &c->message;
	struct err e = ERR_INIT;

	if (m->child.pid != 0) {
		console_notice(c, "%s is still at work on the last message", m->child.name);
		return;
	}
	forget_many(m);
	arena_free(m->arena);
	m->arena = arena_new();
	if (compose_many(c, ask, &e) == 0) {
		show_many(c, NULL);
	} else {
		forget_many(m);
		console_notice(c, "%s", e.text);
	}
}

/* ---- what is done with it ---- */

static void note_mail(struct console *c)
{
	const struct draft *d = &c->message.draft;
	const struct call call = { .outcome = CALL_MAIL, .asn = d->asn, .venue = { d->venue }, .router = { d->router }, .vrf = { d->vrf },
		.neighbor = { d->neighbor }, .rung = d->rung, .role = d->role, .contact = d->name, .way = { d->to.p },
		.note = { d->subject.p }, .incident = { c->message.incident }, .ack_wall_ms = -1 };

	console_call(c, &call);
}

static void send(struct console *c)
{
	struct message_work *m = &c->message;
	struct err e = ERR_INIT;
	struct str text;

	str_init(&text, 2 << 20);
	if (mailer_name(c) == NULL)
		err_set(&e, ERR_CONFIG, "no mailer: mail { from = ... command = ... } in the configuration");
	if (e.code == ERR_NONE && draft_eml(&m->draft, c->config, false, &text, &e) == 0 &&
	    child_start(&m->child, c->config->mail.command, NULL, &text, &e) == 0)
		m->work = MESSAGE_SENDING;
	str_fini(&text);
	show(c, e.code != ERR_NONE ? e.text : "the mailer is at work ...");
}

static char *mail_folder(const struct console *c, struct err *e)
{
	char *dir = c->config->mail.folder != NULL ? mem_strdup(c->config->mail.folder) : options_path(c->config, "mail");

	if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
		err_errno(e, ERR_IO, "%s", dir);
		free(dir);
		return NULL;
	}
	return dir;
}

/* A folder of its own for each maintenance; what is there already is never overwritten. */
static void write_many(struct console *c)
{
	struct message_work *m = &c->message;
	struct err e = ERR_INIT;
	char *dir = mail_folder(c, &e), *sub = NULL, note[240];
	size_t written = 0, without = 0;

	if (dir != NULL) {
		sub = mem_printf("%s/maintenance-%.17s", dir, m->many[0].id);
		if (mkdir(sub, 0700) != 0)
			err_errno(&e, ERR_IO, "%s", sub);
	}
	for (size_t i = 0; e.code == ERR_NONE && i < m->many_count; i++) {
		char *path = mem_printf("%s/AS%u.eml", sub, m->many[i].asn);

		if (m->many[i].to.len == 0)
			without++;
		else if (draft_write(&m->many[i], c->config, path, &e) == 0)
			written++;
		free(path);
	}
	if (e.code != ERR_NONE)
		snprintf(note, sizeof(note), "%zu written, then: %.200s", written, e.text);
	else
		snprintf(note, sizeof(note), "%zu written, not sent, %zu without address: %.160s", written, without, sub);
	free(sub);
	free(dir);
	show_many(c, note);
}

static void write_file(struct console *c)
{
	const struct draft *d = &c->message.draft;
	struct err e = ERR_INIT;
	char *dir = mail_folder(c, &e), *path = NULL, note[240], slug[80];

	if (dir != NULL) {
		draft_slug(d, slug);
		path = mem_printf("%s/%s-%s-%.17s.eml", dir, slug, d->template, d->id);
		draft_write(d, c->config, path, &e);
	}
	snprintf(note, sizeof(note), e.code != ERR_NONE ? "NOT written: %.200s" : "written, not sent: %.200s", e.code != ERR_NONE ?
	    e.text : path);
	free(path);
	free(dir);
	show(c, note);
}

/* A file of its own in the data directory, where nobody else reads. */
static void edit(struct console *c)
{
	struct message_work *m = &c->message;
	const char *editor = getenv("VISUAL");
	struct err e = ERR_INIT;
	struct str text;
	int fd;

	if (editor == NULL || *editor == '\0')
		editor = getenv("EDITOR");
	if (editor == NULL || *editor == '\0')
		editor = "vi";
	free(m->edit_path);
	m->edit_path = mem_printf("%s/message-%s.txt", c->config->data_dir, m->draft.id);
	str_init(&text, EDIT_MAX);
	draft_print(&m->draft, &text);
	fd = open(m->edit_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || write(fd, text.p, text.len) != (ssize_t)text.len)
		err_errno(&e, ERR_IO, "%s", m->edit_path);
	if (fd >= 0)
		close(fd);
	str_fini(&text);
	if (e.code == ERR_NONE) {
		ui_suspend(c->ui);
		if (child_start(&m->child, editor, m->edit_path, NULL, &e) == 0) {
			m->work = MESSAGE_EDITING;
			c->screen_lent = true;
			return;
		}
		ui_resume(c->ui);
	}
	show(c, e.text);
}

static void take_edited(struct console *c, bool ok, const struct err *why)
{
	struct message_work *m = &c->message;
	char *raw = mem_calloc(EDIT_MAX, 1);
	struct err e = ERR_INIT;
	int fd = open(m->edit_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = fd >= 0 ? read(fd, raw, EDIT_MAX) : -1;

	if (fd >= 0)
		close(fd);
	c->screen_lent = false;
	ui_resume(c->ui);
	if (!ok)
		err_set(&e, ERR_IO, "%s; the message is as before", why->text);
	else if (n < 0)
		err_errno(&e, ERR_IO, "%s", m->edit_path);
	else
		draft_read(&m->draft, (struct slice){ raw, (size_t)n }, &e);
	unlink(m->edit_path);
	free(raw);
	show(c, e.code != ERR_NONE ? e.text : NULL);
}

void console_message_step(struct console *c, const struct request *rq)
{
	struct err e = ERR_INIT;

	if (rq->step == MESSAGE_CLOSE)
		return;
	if (c->message.many != NULL) {
		if (rq->step == MESSAGE_WRITE)
			write_many(c);
		return;
	}
	if (c->message.child.pid != 0) {
		show(c, "the mailer is at work ...");
		return;
	}
	switch (rq->step) {
	case MESSAGE_TEMPLATE:
	case MESSAGE_RECIPIENT:
		compose(c, rq->step == MESSAGE_TEMPLATE ? rq->template : c->message.draft.template, rq->step == MESSAGE_RECIPIENT, &e);
		show(c, e.code != ERR_NONE ? e.text : NULL);
		break;
	case MESSAGE_EDIT:
		edit(c);
		break;
	case MESSAGE_WRITE:
		write_file(c);
		break;
	case MESSAGE_SEND:
		send(c);
		break;
	case MESSAGE_CLOSE:
		break;
	}
}

void console_message_tick(struct console *c)
{
	struct message_work *m = &c->message;
	struct err e = ERR_INIT;
	bool ok = false;

	if (child_take(&m->child, &ok, &e) == 0)
		return;
	if (m->work == MESSAGE_EDITING) {
		take_edited(c, ok, &e);
	} else if (ok) {
		ui_message_close(c->ui);
		note_mail(c);
	} else {
		char note[240];

		snprintf(note, sizeof(note), "NOT sent: %.220s", e.text);
		show(c, note);
	}
	m->work = MESSAGE_IDLE;
}
