/* A plan as text; see plan.h.  The operator must be able to read here all that will happen, and nothing else. */
#include "core/act/plan.h"
#include "core/act/plan_print.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <string.h>

void plan_print_label(struct str *out, const char *name)
{
	str_addf(out, "  %-*s", PLAN_LABEL, name);
}

static void lines(struct str *out, const char *name, const char *text)
{
	struct scan c = scan_of(slice_of(text));
	struct slice line;

	while (scan_line(&c, &line)) {
		plan_print_label(out, name);
		str_addf(out, "%.*s\n", (int)line.len, line.p);
		name = "";
	}
}

/* ---- one session ---- */

static void count_words(struct str *out, const char *what, count_t v)
{
	if (v == COUNT_UNKNOWN)
		str_addf(out, ", %s unknown", what);
	else
		str_addf(out, ", %s %lld", what, (long long)v);
}

static void print_head(struct str *out, const struct plan_item *i)
{
	str_addf(out, "%s  %s", i->router, i->neighbor);
	if (i->vrf[0] != '\0')
		str_addf(out, "  vrf %s", i->vrf);
	if (i->handle[0] != '\0')
		str_addf(out, "  (%s)", i->handle);
	if (i->remote_as != ASN_UNKNOWN)
		str_addf(out, "  AS%u", i->remote_as);
	if (i->network[0] != '\0')
		str_addf(out, " %s", i->network);
	str_putc(out, '\n');
}

static void print_now(struct str *out, const struct plan_item *i)
{
	char span[CLOCK_SPAN_LEN];

	plan_print_label(out, "now");
	str_puts(out, i->established ? "Established" : i->admin_down == TRI_YES ? "shut" : "not Established");
	if (i->since_s >= 0)
		str_addf(out, " for %s", clock_span(i->since_s, span));
	count_words(out, "received", i->received);
	count_words(out, "advertised", i->advertised);
	str_putc(out, '\n');
}

/* A few to the line, so that a narrow screen shows them all. */
static void print_prefixes(struct str *out, const struct plan_item *i)
{
	char text[PREFIX_STRLEN];

	for (size_t k = 0; k < i->prefixes.count; k++) {
		if (k % 3 == 0)
			plan_print_label(out, k > 0 ? "" : i->verb == VERB_RESTORE ? "back" : "prefixes");
		str_addf(out, "%s%s", prefix_print(&i->prefixes.p[k], text),
		    k + 1 == i->prefixes.count ? "" : k % 3 == 2 ? "," : ", ");
		if (k % 3 == 2 && k + 1 < i->prefixes.count)
			str_putc(out, '\n');
	}
	if (i->prefixes.count == 0)
		return;
	if (i->others != COUNT_UNKNOWN && i->verb != VERB_RESTORE)
		str_addf(out, "  (%lld other%s)", (long long)i->others, i->others == 1 ? " stays" : "s stay");
	str_putc(out, '\n');
}

void plan_print_proof(struct str *out, const struct plan_item *i)
{
	static const char *const words[] = {
	    [PROOF_ADMIN_DOWN] = "the router says that the session is shut, and it left Established",
	    [PROOF_ADMIN_UP] = "the router says that the session is no longer shut",
	    [PROOF_NOTHING_SENT] = "the session stayed Established and nothing is advertised",
	    [PROOF_SENT_AGAIN] = "the session stayed Established and prefixes are advertised again",
	    [PROOF_STILL_UP] = "the session stayed Established",
	    [PROOF_PREFIXES_GONE] = "the session stayed Established, the prefixes are no longer advertised, the others are",
	    [PROOF_PREFIXES_BACK] = "the session stayed Established and the prefixes are advertised again",
	    [PROOF_NOT_UP] = "the configuration, read again, shows it shut, and the session left Established",
	    [PROOF_SHOWN] = "the configuration, read again, is as intended",
	    [PROOF_TEXT] = "the router's answer",
	};

	str_puts(out, words[i->proof]);
	if (i->check != NULL)
		str_addf(out, "; \"%s\" answers as expected", i->check);
	str_addf(out, ", within %u s", i->deadline_s);
	if (i->undo_unproven)
		str_puts(out, "; else it is undone");
}

static void print_item(struct str *out, const struct plan_item *i)
{
	print_head(out, i);
	if (i->skip != NULL) {
		lines(out, "SKIPPED", i->skip);
		return;
	}
	print_now(out, i);
	print_prefixes(out, i);
	if (i->apply_count == 0)
		lines(out, "send", "nothing");
	if (i->prepare_only != NULL)
		lines(out, "PREPARED", i->prepare_only);
	if (i->prepare_only != NULL)
		lines(out, "", "Nothing is sent. Paste the lines yourself; peerdeck reads until they took effect.");
	plan_print_steps(out, i->prepare_only != NULL ? "paste" : "send", i->apply, i->apply_count, i->undo, i->undo_count);
	plan_print_steps(out, "if proven", i->confirm, i->confirm_count, NULL, 0);
	plan_print_steps(out, "undo", i->undo, i->undo_count, i->apply, i->apply_count);
	plan_print_label(out, "success");
	plan_print_proof(out, i);
	str_putc(out, '\n');
}

/* ---- the whole ---- */

static size_t routers(const struct plan *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->count; i++) {
		size_t k = 0;

		while (k < i && (p->items[k].skip != NULL || strcmp(p->items[k].router, p->items[i].router) != 0))
			k++;
		n += p->items[i].skip == NULL && k == i;
	}
	return n;
}

static void print_title(struct str *out, const struct plan *p)
{
	size_t todo = plan_todo(p, NULL), where = routers(p);

	str_addf(out, "%s %zu session%s on %zu router%s", p->then[0] != '\0' ? "drain" : verb_word(p->verb, p->lasting), todo, todo == 1 ? "" : "s",
	    where, where == 1 ? "" : "s");
	if (p->skipped > 0)
		str_addf(out, ", %zu skipped", p->skipped);
	str_putc(out, '\n');
	if (p->then[0] != '\0') { /* not only at the end, behind all those lines */
		plan_print_label(out, "then");
		str_addf(out, "%.*s\n", (int)strcspn(p->then, "\n"), p->then);
	}
	if (p->scope[0] != '\0')
		lines(out, "scope", p->scope);
	lines(out, "", p->scope_note);
	if (p->reason[0] != '\0')
		lines(out, "reason", p->reason);
	if (p->ticket[0] != '\0')
		lines(out, "ticket", p->ticket);
	if (p->until_wall_ms != 0) {
		char iso[CLOCK_ISO_LEN], span[CLOCK_SPAN_LEN];

		plan_print_label(out, "until");
		str_addf(out, "%s (in %s): a running console ends it then\n", clock_iso(p->until_wall_ms, iso),
		    clock_span((p->until_boot_ms - clock_boot_ms()) / 1000, span));
	}
	if (p->message[0] != '\0') {
		plan_print_label(out, "message");
		str_addf(out, "\"%s\" (%zu octets to the peer)\n", p->message, strlen(p->message));
	}
	if (p->lasting)
		lines(out, "lasting", "for good: nobody is reminded of it, and resuming asks for the word \"terminated\"");
}

/* A sum that one unknown makes unknown is told as at least so many. */
struct sum {
	count_t known;
	size_t unknown;
};

static void add(struct sum *s, count_t v)
{
	if (v == COUNT_UNKNOWN)
		s->unknown++;
	else
		s->known += v;
}

static void sum_words(struct str *out, const char *what, const struct sum *s, size_t of)
{
	if (s->unknown == of)
		str_addf(out, ", %s unknown", what);
	else if (s->unknown > 0)
		str_addf(out, ", %s at least %lld (unknown of %zu)", what, (long long)s->known, s->unknown);
	else
		str_addf(out, ", %s %lld", what, (long long)s->known);
}

/* All that will be done, added up: one session tells it in its own lines. */
static void print_sums(struct str *out, const struct plan *p)
{
	size_t todo = plan_todo(p, NULL), up = 0;
	struct sum received = { 0, 0 }, advertised = { 0, 0 };

	if (todo < 2)
		return;
	for (size_t i = 0; i < p->count; i++) {
		if (p->items[i].skip != NULL)
			continue;
		up += p->items[i].established;
		add(&received, p->items[i].received);
		add(&advertised, p->items[i].advertised);
	}
	plan_print_label(out, "now");
	str_addf(out, "%zu of %zu Established", up, todo);
	sum_words(out, "received", &received, todo);
	sum_words(out, "advertised", &advertised, todo);
	str_putc(out, '\n');
}

/* ---- warnings, before anything else can push them off the screen ---- */

static bool has_warning(const struct plan_item *i, const char *words)
{
	for (size_t k = 0; i->skip == NULL && i->warnings != NULL && i->warnings[k] != NULL; k++)
		if (strcmp(i->warnings[k], words) == 0)
			return true;
	return false;
}

/* The same words on many sessions are one warning; it says where. */
static void print_warning(struct str *out, const struct plan *p, size_t first, const char *words)
{
	const struct plan_item *one = &p->items[first];
	bool one_router = true;
	size_t n = 0;
	struct str text;

	for (size_t i = 0; i < first; i++)
		if (has_warning(&p->items[i], words))
			return; /* told there */
	for (size_t i = first; i < p->count; i++) {
		if (!has_warning(&p->items[i], words))
			continue;
		n++;
		one_router = one_router && strcmp(p->items[i].router, one->router) == 0;
	}
	str_init(&text, 0);
	if (plan_todo(p, NULL) == 1)
		str_addf(&text, "%s", words);
	else if (n == 1)
		str_addf(&text, "%s %s: %s", one->router, one->neighbor, words);
	else
		str_addf(&text, "%s (%zu sessions): %s", one_router ? one->router : "on several routers", n, words);
	lines(out, "WARNING", text.p);
	str_fini(&text);
}

static void print_warnings(struct str *out, const struct plan *p)
{
	for (size_t i = 0; i < p->last_count; i++)
		lines(out, "WARNING", p->impact[i]);
	for (size_t i = 0; i < p->warning_count; i++)
		lines(out, "WARNING", p->warnings[i]);
	for (size_t i = 0; i < p->count; i++)
		for (size_t k = 0; p->items[i].skip == NULL && p->items[i].warnings != NULL &&
		     p->items[i].warnings[k] != NULL; k++)
			print_warning(out, p, i, p->items[i].warnings[k]);
}

/* What stays: told at once when it is short, else counted here and listed at the end. */
enum { LEFT_SHORT = 3 };

static size_t left_count(const struct plan *p)
{
	size_t n = 0;

	while (p->impact != NULL && p->impact[p->last_count + n] != NULL)
		n++;
	return n;
}

static void print_left(struct str *out, const struct plan *p)
{
	size_t n = left_count(p);

	if (n > LEFT_SHORT) {
		plan_print_label(out, "keeps");
		str_addf(out, "%zu other networks keep a session with us: listed at the end\n", n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		lines(out, i == 0 ? "keeps" : "", p->impact[p->last_count + i]);
}

static void print_left_at_end(struct str *out, const struct plan *p)
{
	size_t n = left_count(p);

	if (n <= LEFT_SHORT)
		return;
	str_puts(out, "what stays\n");
	for (size_t i = 0; i < n; i++)
		lines(out, "", p->impact[p->last_count + i]);
	str_putc(out, '\n');
}

static void print_lasting(struct str *out, const struct plan *p)
{
	bool runtime = false, startup = false;

	for (size_t i = 0; i < p->count; i++) {
		bool changes = p->items[i].skip == NULL && p->verb != VERB_REFRESH;

		startup |= changes && p->items[i].persists;
		runtime |= changes && !p->items[i].persists;
	}
	if (startup && runtime)
		lines(out, "restart", "on some of these routers the change survives a restart, on others it does not");
	else
		lines(out, "restart", startup ? "the change survives a restart of the router"
		                              : "no startup configuration is saved: a restart of the router ends it");
}

void plan_print(struct str *out, const struct plan *p)
{
	print_title(out, p);
	print_sums(out, p);
	print_warnings(out, p);
	for (size_t i = 0; i < p->traffic_count; i++)
		lines(out, i == 0 ? "traffic" : "", p->traffic[i]);
	print_left(out, p);
	if (plan_todo(p, NULL) > 0)
		print_lasting(out, p);
	str_putc(out, '\n');
	for (int skipped = 0; skipped < 2; skipped++)
		for (size_t i = 0; i < p->count; i++) {
			if ((p->items[i].skip != NULL) != (skipped == 1))
				continue;
			print_item(out, &p->items[i]);
			str_putc(out, '\n');
		}
	print_left_at_end(out, p);
	if (p->then[0] != '\0')
		lines(out, "then", p->then); /* whole, with its lines */
	if (plan_todo(p, NULL) == 0)
		str_puts(out, "nothing to do\n");
	else
		str_addf(out, "digest %s\n", p->digest);
}
