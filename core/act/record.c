/* Journal records, built and read; see record.h. */
#include "core/act/record.h"
#include "core/act/chain.h"
#include "core/act/redact.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void record_actor_fill(struct record_actor *a, const char *operator_name)
{
	const char *sudo = getenv("SUDO_USER");
	struct passwd pw, *found = NULL;
	char buf[4096];

	*a = (struct record_actor){ .uid = getuid() };
	process_self(&a->process);
	if (getpwuid_r(a->uid, &pw, buf, sizeof(buf), &found) == 0 && found != NULL)
		snprintf(a->login, sizeof(a->login), "%s", found->pw_name);
	else
		snprintf(a->login, sizeof(a->login), "uid %u", (unsigned)a->uid);
	snprintf(a->sudo_user, sizeof(a->sudo_user), "%s", sudo == NULL ? "" : sudo);
	snprintf(a->name, sizeof(a->name), "%s", operator_name == NULL ? "" : operator_name);
	if (gethostname(a->host, sizeof(a->host) - 1) < 0)
		a->host[0] = '\0';
	if (ttyname_r(STDIN_FILENO, a->tty, sizeof(a->tty)) != 0)
		a->tty[0] = '\0';
}

enum { IMPACT_MOST = 16 }; /* lines of a plan that stand in each of its intents */

/* ---- building ---- */

static json_t *record_new(const struct record_actor *a, const char *kind)
{
	json_t *rec = json_object(), *who = json_object();
	char iso[CLOCK_ISO_LEN];
	int64_t now = clock_wall_ms();

	chain_put(rec, "kind", kind);
	chain_put(rec, "time", clock_iso(now, iso));
	json_object_set_new(rec, "time_ms", json_integer(now));
	chain_put(who, "login", a->login);
	json_object_set_new(who, "uid", json_integer(a->uid));
	json_object_set_new(who, "pid", json_integer(a->process.pid));
	chain_put(who, "sudo_user", a->sudo_user);
	chain_put(who, "name", a->name);
	chain_put(who, "host", a->host);
	chain_put(who, "tty", a->tty);
	json_object_set_new(rec, "who", who);
	return rec;
}

static void put_count(json_t *rec, const char *key, count_t v)
{
	if (v != COUNT_UNKNOWN)
		json_object_set_new(rec, key, json_integer(v));
}

/* Whether the process still lives is asked when its action has no outcome. */
static void put_process(json_t *rec, const struct process *p)
{
	json_t *who = json_object_get(rec, "who");

	chain_put(who, "boot", p->boot);
	if (p->start != 0)
		json_object_set_new(who, "start", json_integer((json_int_t)p->start));
}

static const char *tri_word(enum tri t)
{
	return t == TRI_YES ? "yes" : t == TRI_NO ? "no" : "";
}

/* The session as it was planned on: what a later reading is judged by. */
static void put_state(json_t *rec, const struct plan_item *i)
{
	json_t *s = json_object();

	chain_put(s, "proof", claim_proof_word(i->proof));
	chain_put(s, "check", i->check);
	chain_put(s, "check_match", i->check_match);
	json_object_set_new(s, "established", json_boolean(i->established));
	json_object_set_new(s, "nothing_to_send", json_boolean(i->apply_count == 0));
	json_object_set_new(s, "trial", json_boolean(i->confirm_count > 0));
	chain_put(s, "admin_down", tri_word(i->admin_down));
	put_count(s, "former_advertised", i->former_advertised);
	put_count(s, "others", i->others);
	put_count(s, "flaps", i->flaps);
	if (i->since_s >= 0)
		json_object_set_new(s, "since_s", json_integer(i->since_s));
	json_object_set_new(s, "boot_ms", json_integer(i->taken_boot_ms));
	json_object_set_new(s, "wall_ms", json_integer(clock_wall_ms() - (clock_boot_ms() - i->taken_boot_ms)));
	json_object_set_new(s, "deadline_s", json_integer(i->deadline_s));
	json_object_set_new(rec, "state", s);
}

/* Held until then, by the clock that people read and by the one that does not jump. */
static void put_until(json_t *rec, const struct plan *p)
{
	char iso[CLOCK_ISO_LEN];

	if (p->until_wall_ms == 0)
		return;
	chain_put(rec, "until", clock_iso(p->until_wall_ms, iso));
	json_object_set_new(rec, "until_ms", json_integer(p->until_wall_ms));
	json_object_set_new(rec, "until_boot_ms", json_integer(p->until_boot_ms));
}

static void put_prefixes(json_t *rec, struct chosen c)
{
	json_t *list;

	if (c.count == 0)
		return;
	list = json_array();
	for (size_t i = 0; i < c.count; i++) {
		char text[PREFIX_STRLEN];

		json_array_append_new(list, json_string(prefix_print(&c.p[i], text)));
	}
	json_object_set_new(rec, "prefixes", list);
}

static void put_session(json_t *rec, const char *id, const struct plan *p, const struct plan_item *i)
{
	chain_put(rec, "op", p->op);
	chain_put(rec, "id", id);
	chain_put(rec, "plan", p->id);
	chain_put(rec, "digest", p->digest);
	chain_put(rec, "verb", verb_info(i->verb)->name);
	if (p->lasting)
		json_object_set_new(rec, "lasting", json_true());
	chain_put(rec, "scope", p->scope);
	chain_put(rec, "router", i->router);
	chain_put(rec, "vrf", i->vrf);
	chain_put(rec, "neighbor", i->neighbor);
	chain_put(rec, "handle", i->handle);
	chain_put(rec, "network", i->network);
	if (i->remote_as != ASN_UNKNOWN)
		json_object_set_new(rec, "remote_as", json_integer(i->remote_as));
	put_prefixes(rec, i->prefixes);
	chain_put(rec, "reason", p->reason);
	chain_put(rec, "ticket", p->ticket);
}

static json_t *step_record(const struct step *s)
{
	static const char *const kind[] = { [STEP_CLI] = "line", [STEP_FILE] = "file", [STEP_RUN] = "run",
		[STEP_PAUSE] = "pause_ms" };
	json_t *v = json_object();
	struct str safe;

	if (s->kind == STEP_PAUSE) {
		json_object_set_new(v, kind[s->kind], json_integer(s->ms));
		return v;
	}
	str_init(&safe, CHAIN_LINE_MAX);
	redact_text(&safe, s->line);
	if (s->kind == STEP_FILE) {
		chain_put(v, "file", s->path);
		chain_put(v, "content", safe.p);
	} else {
		chain_put(v, kind[s->kind], safe.p);
	}
	str_fini(&safe);
	return v;
}

static void put_steps(json_t *rec, const char *key, const struct step *steps, size_t n)
{
	json_t *list;

	if (n == 0)
		return;
	list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, step_record(&steps[i]));
	json_object_set_new(rec, key, list);
}

static void put_list(json_t *rec, const char *key, const char *const *texts, size_t n)
{
	json_t *list;

	if (n == 0)
		return;
	list = json_array();
	for (size_t i = 0; i < n; i++) {
		json_t *one = json_object(), *v;
		struct str safe;

		str_init(&safe, CHAIN_LINE_MAX);
		redact_text(&safe, texts[i]);
		chain_put(one, "t", safe.p);
		v = json_object_get(one, "t");
		json_array_append(list, v != NULL ? v : json_null());
		str_fini(&safe);
		json_decref(one);
	}
	json_object_set_new(rec, key, list);
}

static size_t list_len(const char *const *texts)
{
	size_t n = 0;

	while (texts != NULL && texts[n] != NULL)
		n++;
	return n;
}

/* Is the line about this network: "... AS64501 ..."? */
static bool names_network(const char *line, const char *asn)
{
	const char *at = strstr(line, asn);

	return at != NULL && strspn(at + strlen(asn), "0123456789") == 0;
}

/* Of a large plan only what is about this session's network: a thousand intents must not each hold a thousand lines. */
static void put_impact(json_t *rec, const struct plan *p, const struct plan_item *i)
{
	size_t n = list_len(p->impact), kept = 0;
	const char **own;
	char asn[24];

	if (n <= IMPACT_MOST) {
		put_list(rec, "impact", p->impact, n);
		return;
	}
	own = mem_calloc(n, sizeof(*own));
	snprintf(asn, sizeof(asn), "AS%u", i->remote_as);
	for (size_t k = 0; k < n; k++)
		if (names_network(p->impact[k], asn))
			own[kept++] = p->impact[k];
	put_list(rec, "impact", own, kept);
	free(own);
}

json_t *record_intent(const struct record_actor *a, const char *id, const struct plan *p,
    const struct plan_item *i)
{
	json_t *rec = record_new(a, "intent");
	struct str proof;

	put_process(rec, &a->process);
	put_session(rec, id, p, i);
	put_until(rec, p);
	put_state(rec, i);
	chain_put(rec, "message", i->message);
	chain_put(rec, "prepare_only", i->prepare_only);
	put_steps(rec, i->prepare_only != NULL ? "paste" : "send", i->apply, i->apply_count);
	put_steps(rec, "confirm", i->confirm, i->confirm_count);
	put_steps(rec, "undo", i->undo, i->undo_count);
	chain_put(rec, "before", i->touched);
	chain_put(rec, "saved", i->saved);
	put_count(rec, "advertised", i->advertised);
	put_count(rec, "received", i->received);
	put_list(rec, "warnings", i->warnings, list_len(i->warnings));
	put_impact(rec, p, i);
	str_init(&proof, 0);
	plan_print_proof(&proof, i);
	chain_put(rec, "proof", proof.p);
	str_fini(&proof);
	return rec;
}

json_t *record_outcome(const struct record_actor *a, const char *id, const struct plan *p,
    const struct plan_item *i, const struct journal_outcome *o)
{
	json_t *rec = record_new(a, "outcome");

	put_session(rec, id, p, i);
	chain_put(rec, "outcome", run_state_word(o->state));
	chain_put(rec, "words", o->words);
	json_object_set_new(rec, "steps_sent", json_integer((json_int_t)o->sent));
	json_object_set_new(rec, "reverted", json_boolean(o->reverted));
	put_count(rec, "advertised", o->advertised_after);
	put_list(rec, "replies", o->replies, o->reply_count);
	return rec;
}

json_t *record_settled(const struct record_actor *a, const struct claim *c, const struct journal_outcome *o)
{
	struct plan p = { .reason = c->reason, .ticket = c->ticket };
	const struct plan_item i = { .router = c->router, .vrf = c->vrf, .neighbor = c->neighbor, .handle = c->handle,
		.network = c->network, .remote_as = c->remote_as, .verb = c->verb };
	json_t *rec;

	snprintf(p.id, sizeof(p.id), "%s", c->plan);
	snprintf(p.op, sizeof(p.op), "%s", c->op);
	snprintf(p.digest, sizeof(p.digest), "%s", c->digest);
	rec = record_outcome(a, c->id, &p, &i, o);
	json_object_del(rec, "steps_sent"); /* nobody knows */
	json_object_del(rec, "reverted");
	json_object_set_new(rec, "settled", json_true());
	return rec;
}

json_t *record_note(const struct record_actor *a, const char *kind, const char *router, const char *words)
{
	json_t *rec = record_new(a, kind);

	chain_put(rec, "router", router);
	chain_put(rec, "words", words);
	return rec;
}

json_t *record_fact(const struct record_actor *a, const struct journal_fact *f)
{
	json_t *rec = record_new(a, f->kind), *more = json_object();
	struct str safe;

	chain_put(rec, "id", f->id);
	chain_put(rec, "router", f->router);
	chain_put(rec, "vrf", f->vrf);
	chain_put(rec, "neighbor", f->neighbor);
	chain_put(rec, "network", f->network);
	if (f->remote_as != ASN_UNKNOWN)
		json_object_set_new(rec, "remote_as", json_integer(f->remote_as));
	chain_put(rec, "reason", f->reason);
	chain_put(rec, "ticket", f->ticket);
	chain_put(rec, "words", f->words);
	str_init(&safe, CHAIN_LINE_MAX);
	for (size_t i = 0; i < f->more_count; i++) {
		str_clear(&safe);
		redact_text(&safe, f->more[i].value != NULL ? f->more[i].value : "");
		chain_put(more, f->more[i].key, safe.p);
	}
	str_fini(&safe);
	if (json_object_size(more) > 0)
		json_object_set(rec, "more", more);
	json_decref(more);
	return rec;
}

json_t *record_torn(const struct record_actor *a, size_t octets)
{
	json_t *rec = record_new(a, "torn");

	json_object_set_new(rec, "octets", json_integer((json_int_t)octets));
	chain_put(rec, "words", "half a record at the end, left by a crash, was cut");
	return rec;
}

/* ---- reading ---- */

static const char *get(const json_t *rec, const char *key)
{
	const char *s = json_string_value(json_object_get(rec, key));

	return s == NULL ? "" : s;
}

static int64_t get_int(const json_t *rec, const char *key, int64_t otherwise)
{
	const json_t *v = json_object_get(rec, key);

	return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

void record_read(const json_t *rec, const char *line, size_t len, struct journal_entry *out)
{
	const json_t *who = json_object_get(rec, "who");
	int64_t asn = get_int(rec, "remote_as", 0);

	*out = (struct journal_entry){
	    .seq = (uint64_t)get_int(rec, "seq", 0),
	    .wall_ms = get_int(rec, "time_ms", 0),
	    .kind = get(rec, "kind"),
	    .id = get(rec, "id"),
	    .plan = get(rec, "plan"),
	    .op = get(rec, "op"),
	    .boot = get(who, "boot"),
	    .login = get(who, "login"),
	    .uid = get_int(who, "uid", -1),
	    .pid = get_int(who, "pid", -1),
	    .name = get(who, "name"),
	    .host = get(who, "host"),
	    .tty = get(who, "tty"),
	    .router = get(rec, "router"),
	    .vrf = get(rec, "vrf"),
	    .neighbor = get(rec, "neighbor"),
	    .handle = get(rec, "handle"),
	    .network = get(rec, "network"),
	    .verb = get(rec, "verb"),
	    .remote_as = asn > 0 && asn <= UINT32_MAX ? (asn_t)asn : ASN_UNKNOWN,
	    .reason = get(rec, "reason"),
	    .ticket = get(rec, "ticket"),
	    .message = get(rec, "message"),
	    .digest = get(rec, "digest"),
	    .scope = get(rec, "scope"),
	    .lasting = json_is_true(json_object_get(rec, "lasting")),
	    .outcome = get(rec, "outcome"),
	    .words = get(rec, "words"),
	    .saved = get(rec, "saved"),
	    .advertised = get_int(rec, "advertised", COUNT_UNKNOWN),
	    .received = get_int(rec, "received", COUNT_UNKNOWN),
	    .until_wall_ms = get_int(rec, "until_ms", 0),
	    .until_boot_ms = get_int(rec, "until_boot_ms", 0),
	    .settled = json_is_true(json_object_get(rec, "settled")),
	    .has_prefixes = json_array_size(json_object_get(rec, "prefixes")) > 0,
	    .line = line,
	    .line_len = len,
	    .rec = rec,
	};
}

struct chosen entry_prefixes(const struct journal_entry *entry, struct arena *a)
{
	const json_t *list = json_object_get(entry->rec, "prefixes");
	size_t n = json_array_size(list);
	struct prefix *p = arena_alloc(a, (n + 1) * sizeof(*p));
	size_t count = 0;

	for (size_t i = 0; i < n && count < CHOSEN_MAX; i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (text != NULL && prefix_parse(slice_of(text), &p[count]))
			count++;
	}
	return (struct chosen){ p, count };
}

const char *entry_more(const struct journal_entry *entry, const char *key)
{
	return get(json_object_get(entry->rec, "more"), key);
}
