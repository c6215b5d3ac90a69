/*
 * How findings become a verdict.
 *
 * One line that fails is enough to fail; one that is unknown keeps a clause from being met; where nothing was said at
 * all nothing is known.  So no missing piece can turn a pass into a fail, nor hide one.  A person's attestation counts
 * only where it says more than the machine: "it holds" settles what is unknown and never overrules a fact that was
 * read; "it does not hold" outweighs a pass, because a person tried.
 */
#include "core/judge/verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MOST = 200, LINE_WORDS = 600 };

struct judgement {
	struct arena *arena;
	struct verdict_line *lines;
	size_t count, cap, left;
	size_t of[LINE_FAIL + 1]; /* how many of each value */
};

const char *verdict_word(enum verdict_value v)
{
	static const char *const words[] = { "unknown", "pass", "fail" };

	return words[v];
}

static struct text copied(struct arena *a, struct text t)
{
	return (struct text){ arena_strdup(a, t.s) };
}

/* What does not decide goes first when there is no room. */
static struct verdict_line *place_for(struct judgement *j, enum line_value value)
{
	if (j->count < LINES_MOST) {
		MEM_GROW(j->lines, j->cap, j->count + 1);
		return &j->lines[j->count++];
	}
	j->left++;
	for (size_t i = j->count; i > 0; i--)
		if (j->lines[i - 1].value < value)
			return &j->lines[i - 1];
	return NULL;
}

static void add(struct judgement *j, enum line_value value, const char *about, const struct basis *b, const char *fmt, va_list ap)
    __attribute__((format(printf, 5, 0)));
static void add(struct judgement *j, enum line_value value, const char *about, const struct basis *b, const char *fmt, va_list ap)
{
	char words[LINE_WORDS];
	struct verdict_line *l;

	j->of[value]++;
	l = place_for(j, value);
	if (l == NULL)
		return;
	vsnprintf(words, sizeof(words), fmt, ap);
	*l = (struct verdict_line){
		.value = value,
		.about = text_safez(j->arena, about != NULL ? about : ""),
		.words = text_safez(j->arena, words),
		.source = b != NULL ? copied(j->arena, b->source) : (struct text){ NULL },
		.wall_ms = b != NULL ? b->wall_ms : -1,
	};
	if (value == LINE_UNKNOWN)
		l->missing = b != NULL && text_known(b->missing) ? copied(j->arena, b->missing) : TEXT_LIT("read it again");
}

#define FIND(name, value) \
	void name(struct judgement *j, const char *about, const struct basis *b, const char *fmt, ...) \
	{ \
		va_list ap; \
\
		va_start(ap, fmt); \
		add(j, value, about, b, fmt, ap); \
		va_end(ap); \
	}
FIND(find_pass, LINE_PASS)
FIND(find_fail, LINE_FAIL)
FIND(find_unknown, LINE_UNKNOWN)
FIND(find_note, LINE_NOTE)

const char *find_session(struct judgement *j, const struct evidence_session *s)
{
	const char *family = afi_safi_word(s->s->family);

	return arena_printf(j->arena, "%s %s%s%s", s->router, text_or(s->s->neighbor, "?"), family != NULL ? " " : "",
	    s->s->family == AF_IPV4_UNICAST ? "ipv4" : s->s->family == AF_IPV6_UNICAST ? "ipv6" : family != NULL ? family : "");
}

const char *find_examples(struct judgement *j, const struct text *examples, size_t n, count_t of)
{
	enum { SHOWN = 3 };
	struct str out;
	char *kept;
	size_t shown = n < SHOWN ? n : SHOWN;

	str_init(&out, 0);
	for (size_t i = 0; i < shown; i++)
		str_addf(&out, "%s%s", i ? ", " : "", text_or(examples[i], "?"));
	if (shown > 0 && of > (count_t)shown)
		str_addf(&out, " (and %lld more)", (long long)of - (long long)shown);
	kept = arena_strdup(j->arena, out.p);
	str_fini(&out);
	return kept;
}

const struct evidence_session *find_live(const struct evidence *ev, struct judgement *j, size_t *at)
{
	while (*at < ev->session_count) {
		const struct evidence_session *s = &ev->sessions[(*at)++];

		if (s->s->state != BGP_ESTABLISHED)
			continue;
		if (!s->stale)
			return s;
		find_unknown(j, find_session(j, s), &(struct basis){ .wall_ms = s->basis.wall_ms, .source = s->basis.source,
			.missing = { arena_printf(j->arena, "reach %s again", s->router) } },
		    "its router's data is too old to be judged");
	}
	return NULL;
}

bool find_silent(const struct judgement *j)
{
	return j->count == 0;
}

void find_no_session(const struct evidence *ev, struct judgement *j, const char *what)
{
	const struct basis b = { .wall_ms = -1, .missing = TEXT_LIT("a session that is Established") };

	if (j->count == 0)
		find_unknown(j, NULL, &b, "%s: no session is up", ev->session_count ? what : "not a peer yet");
}

static int deciding_first(const void *a, const void *b)
{
	const struct verdict_line *x = a, *y = b;

	return (int)y->value - (int)x->value;
}

/* Stable: lines stay in the order in which they were found. */
static const struct verdict_line *sorted_lines(struct judgement *j)
{
	struct verdict_line *out = arena_alloc(j->arena, (j->count + 1) * sizeof(*out));
	size_t n = 0;

	for (int v = LINE_FAIL; v >= LINE_NOTE; v--)
		for (size_t i = 0; i < j->count; i++)
			if (deciding_first(&j->lines[i], &(struct verdict_line){ .value = (enum line_value)v }) == 0)
				out[n++] = j->lines[i];
	return out;
}

static struct text headline(struct judgement *j, const struct verdict_line *first, size_t alike)
{
	char more[40] = "";

	if (alike > 1)
		snprintf(more, sizeof(more), " (%zu more)", alike - 1);
	return (struct text){ arena_printf(j->arena, "%s%s%s%s", first->about.s, *first->about.s ? ": " : "", first->words.s, more) };
}

static void settle(struct judgement *j, struct verdict *v)
{
	enum line_value decides = j->of[LINE_FAIL] ? LINE_FAIL : j->of[LINE_UNKNOWN] ? LINE_UNKNOWN : LINE_PASS;

	v->value = decides == LINE_FAIL ? VERDICT_FAIL : decides == LINE_PASS && j->of[LINE_PASS] ? VERDICT_PASS : VERDICT_UNKNOWN;
	v->wall_ms = -1;
	v->lines = sorted_lines(j);
	v->line_count = j->count;
	v->lines_left = j->left;
	if (j->of[decides] == 0) {
		v->words = TEXT_LIT("nothing was found to judge by");
		v->missing = TEXT_LIT("evidence about this network");
		return;
	}
	v->words = headline(j, &v->lines[0], j->of[decides]);
	v->source = v->lines[0].source;
	v->wall_ms = v->lines[0].wall_ms;
	v->missing = decides == LINE_UNKNOWN ? v->lines[0].missing : (struct text){ NULL };
}

static bool is_about(const struct clause *c, struct text subject)
{
	return text_known(subject) && (strcmp(subject.s, c->id) == 0 || strcmp(subject.s, c->check->name) == 0);
}

/* The newest word that a person gave about this clause. */
static const struct attestation *attestation_of(const struct clause *c, const struct evidence *ev)
{
	const struct attestation *last = NULL;

	for (size_t i = 0; i < ev->attestation_count; i++)
		if (is_about(c, ev->attestations[i].subject) && (last == NULL || ev->attestations[i].wall_ms >= last->wall_ms))
			last = &ev->attestations[i];
	return last;
}

static void attest(struct judgement *j, const struct clause *c, const struct evidence *ev, bool *decided)
{
	const struct attestation *t = attestation_of(c, ev);
	struct basis b;

	*decided = false;
	if (t == NULL)
		return;
	b = (struct basis){ .known = true, .wall_ms = t->wall_ms,
		.source = { arena_printf(j->arena, "attested by %s", text_or(t->who, "?")) } };
	if (t->expires_wall_ms > 0 && t->expires_wall_ms <= ev->now_wall_ms) {
		find_note(j, NULL, &b, "attestation expired: %s", text_or(t->words, ""));
		return;
	}
	if (!t->holds && j->of[LINE_FAIL] == 0) {
		find_fail(j, NULL, &b, "attested as not met: %s", text_or(t->words, ""));
		*decided = true;
	} else if (t->holds && j->of[LINE_FAIL] == 0 && (j->of[LINE_UNKNOWN] > 0 || j->of[LINE_PASS] == 0)) {
		for (size_t i = 0; i < j->count; i++)
			if (j->lines[i].value == LINE_UNKNOWN)
				j->lines[i].value = LINE_NOTE;
		j->of[LINE_NOTE] += j->of[LINE_UNKNOWN];
		j->of[LINE_UNKNOWN] = 0;
		find_pass(j, NULL, &b, "attested as met: %s", text_or(t->words, ""));
		*decided = true;
	} else {
		find_note(j, NULL, &b, "attested as %s: %s", t->holds ? "met, against what was found" : "not met", text_or(t->words, ""));
	}
}

static void waive(struct judgement *j, const struct clause *c, const struct evidence *ev, struct verdict *v)
{
	for (size_t i = 0; i < ev->waiver_count; i++) {
		const struct waiver *w = &ev->waivers[i];

		if (!is_about(c, w->subject) || w->expires_wall_ms <= ev->now_wall_ms || w->expires_wall_ms <= v->waived_until_ms)
			continue;
		v->waived_by = copied(j->arena, w->who);
		v->waived_why = copied(j->arena, w->reason);
		v->waived_until_ms = w->expires_wall_ms;
	}
}

/* An attested line decides, so it is told first although others have its value. */
static void attested_first(struct judgement *j)
{
	struct verdict_line last = j->lines[j->count - 1];

	memmove(j->lines + 1, j->lines, (j->count - 1) * sizeof(*j->lines));
	j->lines[0] = last;
}

struct verdict judge_clause(const struct clause *c, const struct evidence *ev, struct arena *a)
{
	struct verdict v = { .clause = c };
	struct judgement j = { .arena = a };

	c->check->judge(ev, c, &j);
	attest(&j, c, ev, &v.attested);
	if (v.attested)
		attested_first(&j);
	settle(&j, &v);
	waive(&j, c, ev, &v);
	free(j.lines);
	return v;
}

struct verdict *judge_network(const struct policy *p, const struct evidence *ev, struct arena *a)
{
	struct verdict *out = arena_alloc(a, p->clause_count * sizeof(*out));

	for (size_t i = 0; i < p->clause_count; i++)
		out[i] = judge_clause(&p->clauses[i], ev, a);
	return out;
}

bool verdict_waived(const struct verdict *v)
{
	return v->value == VERDICT_FAIL && v->waived_until_ms > 0;
}

const char *verdict_state_word(const struct verdict *v)
{
	return verdict_waived(v) ? "waived" : verdict_word(v->value);
}

static int rank(const struct verdict *v)
{
	if (v->value == VERDICT_PASS)
		return 0;
	if (v->value == VERDICT_UNKNOWN)
		return 2;
	return verdict_waived(v) ? 1 : 3 + (int)v->clause->severity;
}

int verdict_worse(const struct verdict *a, const struct verdict *b)
{
	int by = rank(b) - rank(a);

	if (by == 0 && a->value == VERDICT_UNKNOWN)
		by = (int)b->clause->severity - (int)a->clause->severity;
	if (by == 0)
		by = a->clause->line < b->clause->line ? -1 : a->clause->line > b->clause->line;
	return by;
}

struct verdict_sum verdict_sum_of(const struct verdict *v, size_t n)
{
	struct verdict_sum s = { .worst = CLAUSE_INFO };

	for (size_t i = 0; i < n; i++) {
		if (verdict_waived(&v[i])) {
			s.waived++;
		} else if (v[i].value == VERDICT_FAIL) {
			s.failed++;
			s.worst = v[i].clause->severity > s.worst ? v[i].clause->severity : s.worst;
		} else if (v[i].value == VERDICT_PASS) {
			s.passed++;
		} else {
			s.unknown++;
		}
	}
	return s;
}
