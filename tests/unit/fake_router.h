/*
 * fake_router - routers made of a few variables, for planning and performing without a network.
 *
 * They answer as the daemons of the lab did.  Faults come at a chosen line: refused, no answer, or no effect.  Time is
 * the fake clock, moved by io.wait.
 */
#ifndef PEERDECK_TESTS_FAKE_ROUTER_H
#define PEERDECK_TESTS_FAKE_ROUTER_H

#include "backends/drivers/outlist.h"
#include "backends/drivers/recipes.h"
#include "core/act/action.h"
#include "core/act/journal.h"
#include "core/act/ledger.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAKE_MAX = 8, FAKE_DEFS = 64 };

struct fake_session {
	const char *neighbor, *handle;
	asn_t asn;
	bool v6_too;       /* both families over one session (FRR) */
	bool up, shut, tripped;
	char message[300];
	char list[2][64];  /* FRR: out prefix-list, IPv4 and IPv6; "" none */
	char map[2][64];   /* FRR: out route-map, likewise */
	count_t sends;     /* prefixes when nothing holds them back */
	int64_t since_boot_ms;
};

/* FAKE_NOISE: carried out, and the answer looks like a refusal. */
enum fake_fault { FAKE_FINE, FAKE_REFUSES, FAKE_SILENT, FAKE_NO_EFFECT, FAKE_LOOK_FAILS, FAKE_NOISE };

struct fake {
	const char *os;
	struct router_conf conf;
	struct driver driver;
	struct fake_session s[FAKE_MAX];
	size_t count;
	bool list_defined[2];
	const char *extra_config; /* FRR: more lines of the running configuration */
	char defs[FAKE_DEFS][160]; /* FRR: lines of prefix-lists and route-maps defined by what was sent */
	size_t def_count;
	bool in_map;
	char *hook;               /* content of the hook file; NULL none */
	char *applied, *former;   /* the hook content as configured, and before that (BIRD's undo) */
	int context;              /* FRR: 0 top, 1 config, 2 bgp, 3 address-family */
	int family;
	/* faults */
	enum fake_fault fault;
	size_t fault_at;          /* number of the sent line, from 1 */
	bool stop;                /* io.wait says so */
	void (*meanwhile)(struct fake *f); /* what somebody else does during io.wait; NULL nothing */
	/* what happened */
	char *sent[200];
	size_t sent_count, looks;
	uint64_t generation;
	char intents_at_first_line; /* was the intent durable when the first line came? */
	const char *journal_path;
	const char *chosen; /* prefixes of a withdraw of chosen ones; NULL: the first of each kind */
	struct arena *arena;
};

static void fake_free(struct fake *f)
{
	for (size_t i = 0; i < f->sent_count; i++)
		free(f->sent[i]);
	f->sent_count = 0;
	free(f->hook);
	free(f->applied);
	free(f->former);
	f->hook = f->applied = f->former = NULL;
	arena_free(f->arena);
	f->arena = NULL;
}

static struct fake_session *fake_add(struct fake *f, const char *neighbor, const char *handle, asn_t asn)
{
	struct fake_session *s = &f->s[f->count++];

	*s = (struct fake_session){ .neighbor = neighbor, .handle = handle, .asn = asn, .up = true, .sends = 12,
		.since_boot_ms = clock_boot_ms() - 3600000 };
	return s;
}

static struct fake_session *fake_find(struct fake *f, struct slice who)
{
	for (size_t i = 0; i < f->count; i++)
		if (slice_eq(who, f->s[i].neighbor) || slice_eq(who, f->s[i].handle))
			return &f->s[i];
	return NULL;
}

static void fake_shut(struct fake_session *s, bool shut)
{
	if (s->shut != shut || s->up == shut)
		s->since_boot_ms = clock_boot_ms();
	s->shut = shut;
	s->up = !shut && !s->tripped;
	if (!shut)
		s->message[0] = '\0';
}

/* ---- FRR ---- */

static void fake_frr_config(struct fake *f, struct str *out)
{
	static const char *const af[2] = { "ipv4", "ipv6" };

	str_puts(out, "Building configuration...\n\nCurrent configuration:\n!\nfrr version 8.4.4\n!\nrouter bgp 64500\n"
	              " no bgp default ipv4-unicast\n");
	for (size_t i = 0; i < f->count; i++) {
		str_addf(out, " neighbor %s remote-as %u\n neighbor %s password north-pier\n", f->s[i].neighbor,
		    f->s[i].asn, f->s[i].neighbor);
		if (f->s[i].shut)
			str_addf(out, " neighbor %s shutdown%s%s\n", f->s[i].neighbor,
			    f->s[i].message[0] != '\0' ? " message " : "", f->s[i].message);
	}
	for (int v = 0; v < 2; v++) {
		str_addf(out, " !\n address-family %s unicast\n", af[v]);
		for (size_t i = 0; i < f->count; i++) {
			str_addf(out, "  neighbor %s activate\n", f->s[i].neighbor);
			if (f->s[i].list[v][0] != '\0')
				str_addf(out, "  neighbor %s prefix-list %s out\n", f->s[i].neighbor, f->s[i].list[v]);
			if (f->s[i].map[v][0] != '\0')
				str_addf(out, "  neighbor %s route-map %s out\n", f->s[i].neighbor, f->s[i].map[v]);
		}
		str_puts(out, " exit-address-family\n");
	}
	str_puts(out, "exit\n!\n");
	if (f->extra_config != NULL)
		str_puts(out, f->extra_config);
	for (int v = 0; v < 2; v++)
		if (f->list_defined[v])
			str_addf(out, "%s prefix-list PEERDECK-DENY-ALL seq 5 deny any\n!\n", v == 0 ? "ip" : "ipv6");
	for (size_t i = 0; i < f->def_count; i++)
		str_addf(out, "%s\n", f->defs[i]);
	str_puts(out, "end\n");
}

/* A line of a prefix-list or route-map, kept as the configuration shows it. */
static void fake_frr_define(struct fake *f, struct slice line)
{
	if (f->def_count < FAKE_DEFS)
		snprintf(f->defs[f->def_count++], sizeof(f->defs[0]), "%.*s", (int)line.len, line.p);
}

/* All lines that begin so, and what stands under them. */
static void fake_frr_undefine(struct fake *f, struct slice head)
{
	bool under = false;
	size_t n = 0;

	for (size_t i = 0; i < f->def_count; i++) {
		const char *d = f->defs[i];

		under = d[0] == ' ' ? under : strncmp(d, head.p, head.len) == 0 && d[head.len] == ' ';
		if (!under)
			memmove(f->defs[n++], d, sizeof(f->defs[0]));
	}
	f->def_count = n;
}

static void fake_frr_neighbor(struct fake *f, struct scan c, bool no)
{
	struct slice who, what, name;
	struct fake_session *s;

	if (!scan_word(&c, &who) || (s = fake_find(f, who)) == NULL || !scan_word(&c, &what))
		return;
	if (slice_eq(what, "shutdown")) {
		fake_shut(s, !no);
		if (!no && scan_word(&c, &what)) {
			name = slice_trim(scan_rest(&c));
			snprintf(s->message, sizeof(s->message), "%.*s", (int)name.len, name.p);
		}
	} else if (slice_eq(what, "prefix-list") && scan_word(&c, &name)) {
		snprintf(s->list[f->family], sizeof(s->list[0]), "%.*s", no ? 0 : (int)name.len, name.p);
	} else if (slice_eq(what, "route-map") && scan_word(&c, &name)) {
		snprintf(s->map[f->family], sizeof(s->map[0]), "%.*s", no ? 0 : (int)name.len, name.p);
	}
}

/* NULL, or the device's words. */
static const char *fake_frr_line(struct fake *f, struct slice line, struct str *out)
{
	struct scan c = scan_of(line);
	struct slice w;
	bool no = scan_lit(&c, "no ");

	scan_word(&c, &w);
	if (slice_eq(line, "show running-config bgpd"))
		fake_frr_config(f, out);
	else if (slice_eq(w, "configure"))
		f->context = 1;
	else if (slice_eq(line, "end"))
		f->context = 0;
	else if (slice_eq(line, "exit") && f->in_map)
		f->in_map = false;
	else if (slice_eq(line, "exit") || slice_eq(line, "exit-address-family"))
		f->context--;
	else if (f->in_map && !slice_eq(w, "router"))
		fake_frr_define(f, slice_of(arena_printf(f->arena, " %.*s", (int)line.len, line.p)));
	else if (slice_eq(w, "route-map") && f->context >= 1) {
		f->in_map = !no;
		if (no)
			fake_frr_undefine(f, slice_from(line, 3));
		else
			fake_frr_define(f, line);
	} else if ((slice_eq(w, "ip") || slice_eq(w, "ipv6")) && f->context >= 1 &&
	    slice_find(line, "PEERDECK-DENY-ALL") < 0) {
		if (no)
			fake_frr_undefine(f, slice_from(line, 3));
		else
			fake_frr_define(f, line);
	}
	else if (slice_starts(line, "router bgp 64500") && f->context >= 1)
		f->context = 2;
	else if (slice_eq(w, "address-family") && f->context == 2) {
		f->family = slice_find(line, "ipv6") >= 0;
		f->context = 3;
	} else if (slice_eq(w, "neighbor") && f->context >= 2)
		fake_frr_neighbor(f, c, no);
	else if ((slice_eq(w, "ip") || slice_eq(w, "ipv6")) && f->context >= 1)
		f->list_defined[slice_eq(w, "ipv6")] = !no;
	else if (!slice_starts(line, "clear bgp "))
		return "% Unknown command";
	return NULL;
}

/* ---- BIRD ---- */

static unsigned fake_bird_value(const struct fake *f, const struct fake_session *s)
{
	char name[96];
	const char *at;

	snprintf(name, sizeof(name), "PD_%s = ", s->handle);
	at = f->applied == NULL ? NULL : strstr(f->applied, name);
	return at == NULL ? 0 : (unsigned)(at[strlen(name)] - '0');
}

static void fake_bird_apply(struct fake *f, const char *content)
{
	char *now = mem_strdup(content == NULL ? "" : content);

	free(f->applied);
	f->applied = now;
	for (size_t i = 0; i < f->count; i++) /* the trap */
		if (f->s[i].shut)
			fake_shut(&f->s[i], false);
}

static const char *fake_bird_line(struct fake *f, struct slice line, struct str *out)
{
	struct scan c = scan_of(line);
	struct slice verb, who;
	struct fake_session *s;

	str_puts(out, "BIRD 2.0.12 ready.\n");
	if (slice_eq(line, "show protocols")) {
		str_puts(out, "Name       Proto      Table      State  Since         Info\n"
		              "device1    Device     ---        up     20:09:28.636  \n");
		for (size_t i = 0; i < f->count; i++)
			str_addf(out, "%-10s BGP        ---        %s   20:09:29.490  %s\n", f->s[i].handle,
			    f->s[i].up ? "up  " : f->s[i].shut || f->s[i].tripped ? "down" : "start",
			    f->s[i].up ? "Established   " : f->s[i].tripped ? "Automatic shutdown: Route limit exceeded" : "");
	} else if (slice_eq(line, "configure check")) {
		str_puts(out, "Reading configuration from /etc/bird/bird.conf\nConfiguration OK\n");
	} else if (slice_starts(line, "configure timeout")) {
		free(f->former);
		f->former = mem_strdup(f->applied == NULL ? "" : f->applied);
		fake_bird_apply(f, f->hook);
		str_puts(out, "Reading configuration from /etc/bird/bird.conf\nUndo scheduled in 60 s\nReconfigured\n");
	} else if (slice_eq(line, "configure confirm")) {
		str_puts(out, "Reconfiguration confirmed\n");
	} else if (slice_eq(line, "configure undo")) {
		fake_bird_apply(f, f->former);
		str_puts(out, "Undo requested\nReconfigured\n");
	} else if (scan_word(&c, &verb) && scan_word(&c, &who) && (s = fake_find(f, who)) != NULL) {
		struct slice text = slice_trim(scan_rest(&c));
		bool disable = slice_eq(verb, "disable");

		str_addf(out, "%s: %s%s\n", s->handle, s->shut == disable ? "already " : "",
		    disable ? "disabled" : "enabled");
		fake_shut(s, disable);
		if (disable)
			snprintf(s->message, sizeof(s->message), "%.*s", (int)text.len, text.p);
	} else {
		return "syntax error";
	}
	return NULL;
}

/* ---- OpenBGPD and GoBGP ---- */

static const char *fake_argv_line(struct fake *f, struct slice line, struct str *out)
{
	struct scan c = scan_of(line);
	struct slice w, who, what;
	struct fake_session *s;

	if (slice_eq(line, "reload")) {
		free(f->applied);
		f->applied = mem_strdup(f->hook == NULL ? "" : f->hook);
		for (size_t i = 0; i < f->count; i++) { /* the mark goes, the session stays down */
			f->s[i].shut = false;
			f->s[i].message[0] = '\0';
		}
		str_puts(out, "reload request sent.\nrequest processed\n");
		return NULL;
	}
	if (!scan_word(&c, &w) || !slice_eq(w, "neighbor") || !scan_word(&c, &who) ||
	    (s = fake_find(f, who)) == NULL || !scan_word(&c, &what)) {
		str_puts(out, "no such neighbor\n");
		return NULL;
	}
	if (slice_eq(what, "down") || slice_eq(what, "disable"))
		fake_shut(s, true);
	else if (slice_eq(what, "up") || slice_eq(what, "enable"))
		fake_shut(s, false);
	if (strcmp(f->os, "openbgpd") == 0)
		str_puts(out, "request processed\n");
	return NULL;
}

/* ---- the way to it ---- */

static count_t fake_advertised(const struct fake *f, const struct fake_session *s, int v)
{
	char rule[80];

	if (!s->up || strcmp(s->list[v], "PEERDECK-DENY-ALL") == 0 || fake_bird_value(f, s) == 2)
		return 0;
	snprintf(rule, sizeof(rule), "deny quick to %s\n", s->neighbor);
	return f->applied != NULL && strstr(f->applied, rule) != NULL ? 0 : s->sends;
}

static void fake_row(struct fake *f, struct snap_builder *b, const struct fake_session *f_s, enum afi_safi family)
{
	struct session *s = snap_builder_session(b, SLICE(""), slice_of(f_s->neighbor), family);

	(void)addr_parse(slice_of(f_s->neighbor), &s->peer);
	s->handle = snap_builder_text(b, slice_of(f_s->handle));
	s->remote_as = f_s->asn;
	s->local_as = 64500;
	s->state = f_s->up ? BGP_ESTABLISHED : BGP_IDLE;
	s->admin_down = f_s->shut ? TRI_YES : TRI_NO;
	s->limit_tripped = f_s->tripped ? TRI_YES : TRI_NO;
	s->since_s = (clock_boot_ms() - f_s->since_boot_ms) / 1000;
	s->received = f_s->up ? 300 : 0;
	s->advertised = fake_advertised(f, f_s, family == AF_IPV6_UNICAST);
	s->own_message = snap_builder_text(b, slice_of(f_s->message));
}

static int fake_look(void *ctx, struct snap **out, struct err *e)
{
	struct fake *f = ctx;
	struct snap_builder *b;

	f->looks++;
	if (f->fault == FAKE_LOOK_FAILS && f->sent_count >= f->fault_at)
		return err_set(e, ERR_NET, "the connection broke off");
	b = snap_builder_new(f->conf.name);
	snap_builder_version(b, slice_of(f->os));
	snap_builder_router(b, 64500, NULL);
	for (size_t i = 0; i < f->count; i++) {
		bool v6 = strchr(f->s[i].neighbor, ':') != NULL;

		fake_row(f, b, &f->s[i], v6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST);
		if (f->s[i].v6_too)
			fake_row(f, b, &f->s[i], AF_IPV6_UNICAST);
	}
	*out = snap_builder_freeze(b, ++f->generation);
	return 0;
}

/* What it has to announce, and would with nothing in the way. */
static const char *const fake_prefixes[2][3] = { { "203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24" },
	{ "2001:db8:113::/48", "2001:db8:100::/48", "2001:db8:2::/48" } };

static bool fake_entry_takes(const struct outlist_entry *e, const struct prefix *p)
{
	unsigned most = p->net.family == ADDR_IP4 ? 32 : 128;
	unsigned from = e->ge > 0 ? e->ge : e->p.len, to = e->le > 0 ? e->le : e->ge > 0 ? most : e->p.len;

	return prefix_holds(&e->p, &p->net) && p->len >= from && p->len <= to;
}

static bool fake_list_lets(struct fake *f, const char *list, const struct prefix *p)
{
	struct outlist l;
	struct str config;
	bool lets = false;

	if (list[0] == '\0')
		return true;
	str_init(&config, 0);
	fake_frr_config(f, &config);
	outlist_read(f->arena, arena_strndup(f->arena, config.p, config.len), p->net.family, list, &l);
	str_fini(&config);
	for (size_t i = 0; i < l.count; i++)
		if (fake_entry_takes(&l.e[i], p)) {
			lets = l.e[i].permit;
			break;
		}
	return l.defined && (lets || l.count == 0);
}

static bool fake_hook_lets(struct fake *f, const struct fake_session *s, const char *prefix)
{
	const char *line, *end, *at, *rule = arena_printf(f->arena, "deny quick to %s prefix %s\n", s->neighbor, prefix);

	if (f->applied == NULL)
		return true;
	if (strcmp(f->os, "openbgpd") == 0)
		return strstr(f->applied, rule) == NULL;
	line = strstr(f->applied, arena_printf(f->arena, "PD_WD_%s = [", s->handle));
	end = line == NULL ? NULL : strchr(line, ']');
	at = end == NULL ? NULL : strstr(line, prefix);
	return at == NULL || at > end;
}

static int fake_routes(void *ctx, const struct session *row, void (*take)(void *, struct slice), void *take_ctx,
    struct err *e)
{
	int v6 = row->family == AF_IPV6_UNICAST;
	struct fake *f = ctx;
	struct fake_session *s = fake_find(f, slice_of(text_or(row->neighbor, "")));

	if (strcmp(f->os, "gobgp") == 0)
		return err_set(e, ERR_REFUSED, "adv routes cannot be trusted here");
	for (size_t i = 0; s != NULL && fake_advertised(f, s, v6) > 0 && i < ARRAY_LEN(fake_prefixes[0]); i++) {
		struct prefix p;

		if (prefix_parse(slice_of(fake_prefixes[v6][i]), &p) && fake_list_lets(f, s->list[v6], &p) &&
		    fake_hook_lets(f, s, fake_prefixes[v6][i]))
			take(take_ctx, slice_of(fake_prefixes[v6][i]));
	}
	return 0;
}

static int fake_each_intent(void *ctx, const struct journal_entry *e)
{
	char *seen = ctx;

	*seen |= strcmp(e->kind, "intent") == 0;
	return 0;
}

/* Notes the line; true when the fault of this test strikes now. */
static bool fake_note(struct fake *f, const char *line)
{
	uint64_t at = 0;

	if (f->sent_count == 0 && f->journal_path != NULL)
		(void)journal_read(f->journal_path, &at, fake_each_intent, &f->intents_at_first_line, NULL);
	f->sent[f->sent_count++] = mem_strdup(line);
	return f->fault != FAKE_FINE && f->fault != FAKE_LOOK_FAILS && f->sent_count == f->fault_at;
}

static int fake_cli(void *ctx, const char *line, struct str *out, struct err *e)
{
	struct fake *f = ctx;
	const char *wrong;
	bool strikes = strncmp(line, "show ", 5) != 0 && fake_note(f, line);

	if (strikes && f->fault != FAKE_NOISE) {
		if (f->fault == FAKE_REFUSES)
			return err_set(e, ERR_DEVICE, "%% not now");
		if (f->fault == FAKE_SILENT)
			return err_set(e, ERR_TIMEOUT, "no answer within 15 s");
		return 0; /* no effect */
	}
	wrong = strcmp(f->os, "frr") == 0 ? fake_frr_line(f, slice_of(line), out)
	    : strcmp(f->os, "bird") == 0 ? fake_bird_line(f, slice_of(line), out)
	                                 : fake_argv_line(f, slice_of(line), out);
	return wrong == NULL && !strikes ? 0 : err_set(e, ERR_DEVICE, "%s", wrong != NULL ? wrong : "rpc error: but it was done");
}

static int fake_run(void *ctx, const char *line, struct str *out, struct err *e)
{
	struct fake *f = ctx;

	if (fake_note(f, line) && f->fault == FAKE_REFUSES)
		return err_set(e, ERR_DEVICE, "/etc/bgpd.conf:3: syntax error");
	str_puts(out, "configuration OK\n");
	return 0;
}

static int fake_read_file(void *ctx, const char *path, struct str *out, struct err *e)
{
	struct fake *f = ctx;

	return f->hook == NULL ? err_set(e, ERR_DEVICE, "%s: no such file", path) : str_puts(out, f->hook);
}

static int fake_write_file(void *ctx, const char *path, const char *content, struct err *e)
{
	struct fake *f = ctx;

	if (fake_note(f, path) && f->fault != FAKE_NO_EFFECT)
		return f->fault == FAKE_REFUSES ? err_set(e, ERR_DEVICE, "permission denied")
		                                : err_set(e, ERR_TIMEOUT, "no answer within 15 s");
	free(f->hook);
	f->hook = mem_strdup(content);
	return 0;
}

static bool fake_wait(void *ctx, unsigned ms)
{
	struct fake *f = ctx;

	clock_fake_advance(ms);
	if (f->meanwhile != NULL)
		f->meanwhile(f);
	return !f->stop;
}

static struct act_io fake_io(struct fake *f)
{
	return (struct act_io){ .ctx = f, .cli = fake_cli, .run = fake_run, .read_file = fake_read_file,
		.write_file = fake_write_file, .advertised = fake_routes, .look = fake_look, .wait = fake_wait };
}

static void fake_init(struct fake *f, const char *name, const char *os)
{
	const struct recipe *const *r = strcmp(os, "frr") == 0 ? frr_recipes
	    : strcmp(os, "bird") == 0                          ? bird_recipes
	    : strcmp(os, "openbgpd") == 0                      ? openbgpd_recipes
	                                                       : gobgp_recipes;

	*f = (struct fake){ .os = os, .arena = arena_new() };
	f->conf = (struct router_conf){ .name = name, .os = os };
	f->driver = (struct driver){ .name = os, .title = os, .recipes = r };
}

__attribute__((unused)) static void fake_hook(struct fake *f, const char *content)
{
	f->conf.hook_file = strcmp(f->os, "bird") == 0 ? "/etc/bird/peerdeck.conf" : "/etc/bgpd/peerdeck.conf";
	f->hook = mem_strdup(content);
	f->applied = mem_strdup(content);
}

/* The last message of a job, earlier ones dropped. */
static struct act_progress *fake_final(struct inbox *in)
{
	struct act_progress *last = NULL;
	struct msg *m;

	while ((m = inbox_take(in)) != NULL) {
		if (m->act != NULL && m->act->final) {
			last = m->act;
			m->act = NULL;
		}
		msg_free(m);
	}
	return last;
}

static struct chosen fake_chosen(struct fake *f, enum verb verb)
{
	const char *words = f->chosen != NULL ? f->chosen : "203.0.113.0/24, 2001:db8:113::/48";
	struct chosen c = { NULL, 0 };
	struct err e = ERR_INIT;

	if (verb_info(verb)->takes_prefixes && chosen_parse(f->arena, slice_of(words), &c, &e) < 0)
		abort();
	return c;
}

/* Plans one verb for neighbors of one fake and seals it. */
static struct plan *fake_plan(struct fake *f, enum verb verb, const char *message,
    const char *const *neighbors, size_t n, const struct ledger *held)
{
	struct act_request req = { .verb = verb, .message = message, .several = n > 1, .prefixes = fake_chosen(f, verb) };
	struct plan *plan = plan_new(verb, "fibre works", "CHG-1", message);
	struct act_target targets[FAKE_MAX];
	struct act_io io = fake_io(f);
	struct inbox *in = inbox_new();
	struct act_progress *p;
	struct act_job *job;

	for (size_t i = 0; i < n; i++)
		targets[i] = (struct act_target){ .vrf = "", .neighbor = neighbors[i], .network = "Example Net" };
	job = act_job_plan(&req, f->conf.name, targets, n, held);
	act_job_run(job, &io, &f->conf, &f->driver, in);
	act_job_free(job);
	p = fake_final(in);
	plan_join(plan, act_progress_take_part(p));
	act_progress_free(p);
	plan_seal(plan, NULL, 0);
	inbox_free(in);
	return plan;
}

/* Carries a plan out; the final message. */
__attribute__((unused)) static struct act_progress *fake_perform(struct fake *f, struct plan *plan, struct journal *j,
    const struct ledger *held, struct err *e)
{
	struct act_job *job = act_job_perform(plan, plan->digest, f->conf.name, j, held, e);
	struct act_io io = fake_io(f);
	struct inbox *in;
	struct act_progress *p;

	if (job == NULL)
		return NULL;
	in = inbox_new();
	act_job_run(job, &io, &f->conf, &f->driver, in);
	act_job_free(job);
	p = fake_final(in);
	inbox_free(in);
	return p;
}

#endif
