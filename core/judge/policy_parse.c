/*
 * Statements of a policy file -> struct policy.
 *
 * Three blocks: `network` (once), `clause ID`, `right ID`.  Faults are gathered and reading goes on; what contradicts
 * itself is a fault as well, because a policy that can be read in two ways cannot be defended before a peer.
 */
#include "core/base/text.h"
#include "core/judge/policy.h"
#include "core/judge/policy_text.h"
#include "core/model/setting.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAULTS_MOST = 50, CLAUSES_MOST = 200, RIGHTS_MOST = 50, FAULT_WORDS = 1500, SETS_MOST = 24 };
enum block { BLOCK_NONE, BLOCK_NETWORK, BLOCK_CLAUSE, BLOCK_RIGHT, BLOCK_UNKNOWN };

/* A key of the block that is being read; looked at as a whole when the block ends, because what a clause may say
 * depends on its check, wherever that stands. */
struct set {
	const char *key, *value;
	unsigned line;
	bool used;
};
struct parse {
	struct policy *p;
	struct policy_faults *faults;
	enum block block;
	unsigned block_line;
	const char *block_name;
	struct set sets[SETS_MOST];
	size_t set_count;
	bool network_seen;
	struct clause clauses[CLAUSES_MOST];
	struct policy_right rights[RIGHTS_MOST];
};

static void fault(struct parse *ps, unsigned line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void fault(struct parse *ps, unsigned line, const char *fmt, ...)
{
	struct policy_faults *f = ps->faults;
	char words[FAULT_WORDS];
	va_list ap;

	if (f->count >= FAULTS_MOST)
		return;
	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	MEM_GROW(f->faults, f->cap, f->count + 1);
	f->faults[f->count++] = (struct policy_fault){ line, text_safez(f->arena, words).s };
}

/* --- keys of the block under way --- */

static struct set *set_of(struct parse *ps, const char *key)
{
	for (size_t i = 0; i < ps->set_count; i++)
		if (strcmp(ps->sets[i].key, key) == 0) {
			ps->sets[i].used = true;
			return &ps->sets[i];
		}
	return NULL;
}

static void add_set(struct parse *ps, const struct statement *st)
{
	struct set *before = set_of(ps, st->word);

	if (before != NULL) {
		before->used = false;
		fault(ps, st->line, "%s is set twice in this block (before in line %u): leave one out", st->word, before->line);
		return;
	}
	if (ps->set_count == SETS_MOST) {
		fault(ps, st->line, "more than %d keys in one block", SETS_MOST);
		return;
	}
	ps->sets[ps->set_count++] = (struct set){ .key = st->word, .value = st->rest, .line = st->line };
}

/* The value as one safe line of text, NULL if the key is not set. */
static const char *text_of(struct parse *ps, const char *key)
{
	struct set *s = set_of(ps, key);

	return s != NULL ? text_safez(ps->p->arena, s->value).s : NULL;
}

static const char *needed_text(struct parse *ps, const char *key, const char *what)
{
	const char *t = text_of(ps, key);

	if (t == NULL || *t == '\0') {
		fault(ps, ps->block_line, "%s %s has no %s: %s", ps->block == BLOCK_CLAUSE ? "clause" : "right", ps->block_name, key, what);
		return "";
	}
	return t;
}

/* Index of the value in words; `otherwise` when it is not set or wrong (told). */
static int choice_of(struct parse *ps, const char *key, const char *const *words, int otherwise)
{
	struct set *s = set_of(ps, key);
	struct str allowed;

	if (s == NULL)
		return otherwise;
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], s->value) == 0)
			return i;
	str_init(&allowed, 400);
	for (int i = 0; words[i] != NULL; i++)
		str_addf(&allowed, "%s%s", i ? ", " : "", words[i]);
	fault(ps, s->line, "%s = %.60s: allowed is %s", key, s->value, allowed.p);
	str_fini(&allowed);
	return otherwise;
}

/* Whatever of the block nobody asked for. */
static void refuse_unused(struct parse *ps, const char *allowed, const char *in)
{
	for (size_t i = 0; i < ps->set_count; i++)
		if (!ps->sets[i].used)
			fault(ps, ps->sets[i].line, "%s does not take \"%.60s\"; it takes %s", in, ps->sets[i].key, allowed);
}

/* --- network --- */

static const char *mail_of(struct parse *ps, const char *key)
{
	struct set *s = set_of(ps, key);
	const char *at = s != NULL ? strchr(s->value, '@') : NULL;

	if (s == NULL)
		return NULL;
	if (at == NULL || at == s->value || strchr(at, '.') == NULL || strpbrk(s->value, " <>,;") != NULL) {
		fault(ps, s->line, "%s = %.60s: allowed is one mail address", key, s->value);
		return NULL;
	}
	return text_safez(ps->p->arena, s->value).s;
}

/* Names of IRR objects or sources; commas and blanks between are the same. */
static const char *names_of(struct parse *ps, const char *key, const char *chars, char between)
{
	struct set *s = set_of(ps, key);
	char *out, *to;

	if (s == NULL)
		return NULL;
	out = to = arena_alloc(ps->p->arena, strlen(s->value) + 1);
	for (const char *c = s->value; *c != '\0'; c++) {
		bool gap = *c == ' ' || *c == ',';

		if (!gap && strchr(chars, *c) == NULL) {
			fault(ps, s->line, "%s = %.60s: allowed are names of letters, digits and %s, commas between", key, s->value,
			    strchr(chars, ':') != NULL ? "._:-" : "._-");
			return NULL;
		}
		if (!gap)
			*to++ = *c;
		else if (to > out && to[-1] != between)
			*to++ = between;
	}
	while (to > out && to[-1] == between)
		*--to = '\0';
	return *out != '\0' ? out : NULL;
}

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

static void take_number(struct parse *ps, const char *key, unsigned *out)
{
	struct set *s = set_of(ps, key);
	uint64_t v;

	if (s == NULL)
		return;
	if (!slice_u64(slice_of(s->value), &v) || v == 0 || v > INT32_MAX)
		fault(ps, s->line, "%s = %.60s: allowed is the id of a PeeringDB network, a number above 0", key, s->value);
	else
		*out = (unsigned)v;
}

static void end_network(struct parse *ps)
{
	static const char *const generals[] = { "open", "selective", "restrictive", NULL };
	struct policy *p = ps->p;
	struct set *asn = set_of(ps, "asn");
	int general = choice_of(ps, "general", generals, -1);

	if (ps->network_seen)
		fault(ps, ps->block_line, "a second network block: a file holds the policy of one network");
	ps->network_seen = true;
	if (asn == NULL)
		fault(ps, ps->block_line, "network has no asn: write asn = AS-NUMBER");
	else if (!asn_parse(slice_of(asn->value), &p->asn) || p->asn == ASN_UNKNOWN)
		fault(ps, asn->line, "asn = %.60s: allowed is an AS number from 1 to 4294967295", asn->value);
	p->name = text_of(ps, "name");
	if (p->name == NULL || *p->name == '\0')
		fault(ps, ps->block_line, "network has no name: write name = \"NAME\"");
	take_number(ps, "peeringdb-net", &p->net_id);
	p->general = general >= 0 ? generals[general] : NULL;
	p->as_set = names_of(ps, "as-set", NAME_CHARS ":", ' ');
	p->irr_sources = names_of(ps, "irr-sources", NAME_CHARS, ',');
	p->policy_contact = mail_of(ps, "policy-contact");
	p->operations_contact = mail_of(ps, "operations-contact");
	p->url = text_of(ps, "url");
	p->document = text_of(ps, "document");
	refuse_unused(ps, "asn, name, peeringdb-net, general, as-set, irr-sources, policy-contact, operations-contact, url, document",
	    "network");
}

/* --- clause --- */

static const struct check *check_of(struct parse *ps)
{
	struct set *s = set_of(ps, "check");
	const char *names[64], *near;
	size_t n = 0;
	const struct check *c = s != NULL ? check_find(s->value) : NULL;
	struct str all;

	if (c != NULL)
		return c;
	str_init(&all, 1000);
	for (; n < check_count() && n < ARRAY_LEN(names); n++) {
		names[n] = checks[n].name;
		str_addf(&all, "%s%s", n ? ", " : "", names[n]);
	}
	near = s != NULL ? setting_closest(s->value, names, n) : NULL;
	if (s == NULL)
		fault(ps, ps->block_line, "clause %s names no check: write check = NAME, one of %s", ps->block_name, all.p);
	else
		fault(ps, s->line, "there is no check \"%.60s\"%s%s%s; the checks are %s", s->value, near ? " (is \"" : "",
		    near ? near : "", near ? "\" meant?)" : "", all.p);
	str_fini(&all);
	return NULL;
}

static void take_params(struct parse *ps, struct clause *c)
{
	for (size_t i = 0; i < check_param_count(c->check); i++) {
		const struct param *p = &c->check->params[i];
		struct set *s = set_of(ps, p->key);
		struct err e = ERR_INIT;

		if (param_read(p, s != NULL ? s->value : p->fallback, &c->values[i], &e) != 0)
			fault(ps, s != NULL ? s->line : ps->block_line, "%s", e.text);
	}
}

static void refuse_params(struct parse *ps, const struct clause *c)
{
	struct str allowed, in;

	str_init(&allowed, 1000);
	str_init(&in, 200);
	for (size_t i = 0; i < check_param_count(c->check); i++)
		str_addf(&allowed, "%s, ", c->check->params[i].key);
	str_puts(&allowed, "and as any clause check, text, from, severity, on-fail, automatic, at-most");
	str_addf(&in, "a clause with check = %s", c->check->name);
	refuse_unused(ps, allowed.p, in.p);
	str_fini(&allowed);
	str_fini(&in);
}

/* Acting without asking: only on what is measured again and again, and only so often. */
static void take_automatic(struct parse *ps, struct clause *c)
{
	static const char *const words[] = { "no", "yes", NULL };
	struct set *most = set_of(ps, "at-most");
	uint64_t n = 0;
	struct scan s;

	c->automatic = choice_of(ps, "automatic", words, 0) == 1;
	if (most != NULL) {
		s = scan_of(slice_of(most->value));
		if (!scan_u64(&s, &n) || n == 0 || n > 60 || !slice_eq(slice_trim(scan_rest(&s)), "per hour"))
			fault(ps, most->line, "at-most = %.60s: allowed is a number from 1 to 60 and its unit, as 2 per hour", most->value);
	}
	c->per_hour = (unsigned)n;
	if (most != NULL && !c->automatic)
		fault(ps, most->line, "at-most without automatic = yes contradicts itself: nothing would be done to count");
	if (!c->automatic)
		return;
	if (most == NULL)
		fault(ps, set_of(ps, "automatic")->line, "automatic = yes needs a limit: write at-most = N per hour");
	if (c->on_fail != ON_FAIL_PROPOSE_SUSPEND && c->on_fail != ON_FAIL_PROPOSE_WITHDRAW)
		fault(ps, set_of(ps, "automatic")->line,
		    "automatic = yes with on-fail = %s contradicts itself: there is no action; write propose-suspend or propose-withdraw",
		    on_fail_word(c->on_fail));
	if (strcmp(c->check->name, "quality") != 0)
		fault(ps, set_of(ps, "automatic")->line, "automatic = yes is allowed with check = quality only, not with %s", c->check->name);
}

/* The same check twice is fine where it leads to different things (warn at 2 %, suspend at 10 %). */
static void refuse_contradiction(struct parse *ps, const struct clause *c)
{
	char a[PARAM_WORDS_LEN], b[PARAM_WORDS_LEN];

	for (size_t i = 0; i < ps->p->clause_count; i++) {
		const struct clause *o = &ps->clauses[i];

		if (strcmp(o->id, c->id) == 0)
			fault(ps, ps->block_line, "a second clause %s (the first is in line %u): names differ", c->id, o->line);
		if (o->check != c->check || o->on_fail != c->on_fail || o->severity != c->severity)
			continue;
		for (size_t k = 0; k < check_param_count(c->check); k++)
			if (o->values[k] != c->values[k]) {
				const struct param *p = &c->check->params[k];

				fault(ps, ps->block_line, "clause %s contradicts clause %s (line %u): %s = %s here and %s there, both %s",
				    c->id, o->id, o->line, p->key, param_words(p, c->values[k], a), param_words(p, o->values[k], b),
				    on_fail_word(c->on_fail));
				break;
			}
	}
}

static void end_clause(struct parse *ps)
{
	static const char *const severities[] = { "info", "minor", "major", "critical", NULL };
	static const char *const fails[] = { "note", "warn", "propose-suspend", "propose-withdraw", NULL };
	struct clause c = { .id = ps->block_name, .line = ps->block_line };

	c.check = check_of(ps);
	if (c.check == NULL)
		return;
	c.text = needed_text(ps, "text", "write what is asked, in the meaning of the policy");
	c.from = text_of(ps, "from");
	c.severity = (enum clause_severity)choice_of(ps, "severity", severities, CLAUSE_MAJOR);
	c.on_fail = (enum on_fail)choice_of(ps, "on-fail", fails, ON_FAIL_WARN);
	take_params(ps, &c);
	take_automatic(ps, &c);
	refuse_params(ps, &c);
	refuse_contradiction(ps, &c);
	if (ps->p->clause_count == CLAUSES_MOST)
		fault(ps, ps->block_line, "more than %d clauses", CLAUSES_MOST);
	else
		ps->clauses[ps->p->clause_count++] = c;
}

static void end_right(struct parse *ps)
{
	struct policy_right r = { .id = ps->block_name };

	r.text = needed_text(ps, "text", "write which right is kept");
	r.from = text_of(ps, "from");
	r.command = text_of(ps, "command");
	refuse_unused(ps, "text, from, command", "a right");
	if (ps->p->right_count == RIGHTS_MOST)
		fault(ps, ps->block_line, "more than %d rights", RIGHTS_MOST);
	else
		ps->rights[ps->p->right_count++] = r;
}

/* --- blocks --- */

static void begin_block(struct parse *ps, const struct statement *st)
{
	static const char *const words[] = { "network", "clause", "right" };
	static const enum block blocks[] = { BLOCK_NETWORK, BLOCK_CLAUSE, BLOCK_RIGHT };

	if (ps->block != BLOCK_NONE)
		fault(ps, st->line, "a block begins inside the block of line %u: a \"}\" is missing before", ps->block_line);
	ps->block = BLOCK_UNKNOWN;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i], st->word) == 0)
			ps->block = blocks[i];
	if (ps->block == BLOCK_UNKNOWN)
		fault(ps, st->line, "there is no block \"%.40s\": allowed are network, clause NAME and right NAME", st->word);
	if ((ps->block == BLOCK_CLAUSE || ps->block == BLOCK_RIGHT) && *st->rest == '\0')
		fault(ps, st->line, "a %s without a name: write %s NAME {", st->word, st->word);
	if (ps->block == BLOCK_NETWORK && *st->rest != '\0')
		fault(ps, st->line, "network takes no name before its \"{\": name = stands inside");
	ps->block_line = st->line;
	ps->block_name = arena_strdup(ps->p->arena, st->rest);
	ps->set_count = 0;
}

static void end_block(struct parse *ps, const struct statement *st)
{
	if (ps->block == BLOCK_NONE)
		fault(ps, st->line, "a \"}\" that ends no block");
	else if (ps->block == BLOCK_NETWORK)
		end_network(ps);
	else if (ps->block == BLOCK_CLAUSE)
		end_clause(ps);
	else if (ps->block == BLOCK_RIGHT)
		end_right(ps);
	ps->block = BLOCK_NONE;
}

static void take(struct parse *ps, const struct statement *st)
{
	switch (st->kind) {
	case STATEMENT_OPEN:
		begin_block(ps, st);
		break;
	case STATEMENT_CLOSE:
		end_block(ps, st);
		break;
	case STATEMENT_SET:
		if (ps->block == BLOCK_NONE)
			fault(ps, st->line, "%.40s stands outside of a block: allowed are network, clause NAME and right NAME", st->word);
		else
			add_set(ps, st);
		break;
	default:
		fault(ps, st->line, "%s", st->rest);
		break;
	}
}

static int by_line(const void *a, const void *b)
{
	const struct policy_fault *x = a, *y = b;

	return x->line < y->line ? -1 : x->line > y->line;
}

static void finish(struct parse *ps, unsigned line)
{
	struct policy *p = ps->p;
	struct clause *clauses = arena_alloc(p->arena, p->clause_count * sizeof(*clauses));
	struct policy_right *rights = arena_alloc(p->arena, p->right_count * sizeof(*rights));

	if (ps->block != BLOCK_NONE)
		fault(ps, ps->block_line, "this block does not end: a \"}\" is missing");
	if (!ps->network_seen && ps->faults->count == 0)
		fault(ps, line, "no network block: whose policy is it?");
	if (p->clause_count == 0 && ps->faults->count == 0)
		fault(ps, line, "no clause: a policy that asks nothing is met by everybody");
	memcpy(clauses, ps->clauses, p->clause_count * sizeof(*clauses));
	memcpy(rights, ps->rights, p->right_count * sizeof(*rights));
	p->clauses = clauses;
	p->rights = rights;
	if (ps->faults->count > 1)
		qsort(ps->faults->faults, ps->faults->count, sizeof(*ps->faults->faults), by_line);
}

struct policy *policy_parse(const char *name, struct slice text, struct policy_faults *faults)
{
	struct arena *a = arena_new();
	struct parse *ps = MEM_NEW(struct parse);
	struct policy_text t = { .at = scan_of(text), .arena = a };
	struct policy *p = arena_alloc(a, sizeof(*p));
	struct statement st;

	p->arena = a;
	p->path = arena_strdup(a, name);
	ps->p = p;
	ps->faults = faults;
	while ((st = policy_text_next(&t)).kind != STATEMENT_END)
		take(ps, &st);
	finish(ps, st.line ? st.line : 1);
	free(ps);
	if (faults->count == 0)
		return p;
	arena_free(a);
	return NULL;
}
