/* Verdicts for scripts and for people; see output_verdicts.h. */
#include "app/output_verdicts.h"

#include <stdlib.h>
#include <string.h>

static json_t *json_of_line(const struct verdict_line *l)
{
	static const char *const values[] = { "note", "pass", "unknown", "fail" };
	json_t *o = json_object();

	json_put(o, "value", json_of_words(values[l->value]));
	json_put(o, "about", json_of_nonempty(l->about.s));
	json_put(o, "words", json_of_text(l->words));
	json_put(o, "source", json_of_text(l->source));
	json_put(o, "time", json_of_time(l->wall_ms));
	json_put(o, "missing", json_of_text(l->missing));
	return o;
}

json_t *json_of_clause(const struct clause *c)
{
	json_t *o = json_object(), *params = json_object();
	char words[PARAM_WORDS_LEN];

	for (size_t i = 0; i < check_param_count(c->check); i++)
		json_put(params, c->check->params[i].key, json_of_words(param_words(&c->check->params[i], c->values[i], words)));
	json_put(o, "id", json_of_words(c->id));
	json_put(o, "check", json_of_words(c->check->name));
	json_put(o, "text", json_of_words(c->text));
	json_put(o, "from", json_of_words(c->from));
	json_put(o, "severity", json_of_words(clause_severity_word(c->severity)));
	json_put(o, "on_fail", json_of_words(on_fail_word(c->on_fail)));
	json_put(o, "automatic", json_boolean(c->automatic));
	json_put(o, "values", params);
	return o;
}

json_t *json_of_verdict(const struct verdict *v, const struct verdict_trend *t)
{
	json_t *o = json_object(), *lines = json_array(), *waived = NULL;

	for (size_t i = 0; i < v->line_count; i++)
		json_array_append_new(lines, json_of_line(&v->lines[i]));
	if (v->waived_until_ms > 0) {
		waived = json_object();
		json_put(waived, "by", json_of_text(v->waived_by));
		json_put(waived, "reason", json_of_text(v->waived_why));
		json_put(waived, "until", json_of_time(v->waived_until_ms));
	}
	json_put(o, "clause", json_of_words(v->clause->id));
	json_put(o, "check", json_of_words(v->clause->check->name));
	json_put(o, "severity", json_of_words(clause_severity_word(v->clause->severity)));
	json_put(o, "verdict", json_of_words(verdict_word(v->value)));
	json_put(o, "words", json_of_text(v->words));
	json_put(o, "missing", json_of_text(v->missing));
	json_put(o, "source", json_of_text(v->source));
	json_put(o, "time", json_of_time(v->wall_ms));
	json_put(o, "attested", json_boolean(v->attested));
	json_put(o, "waived", waived != NULL ? waived : json_null());
	json_put(o, "evidence", lines);
	if (t != NULL) {
		json_put(o, "changed", json_of_time(t->changed_wall_ms));
		json_put(o, "changes", json_integer((json_int_t)t->changes));
	}
	return o;
}

json_t *json_of_proposal(const struct proposal *p)
{
	json_t *o = json_object(), *targets = json_array();

	for (size_t i = 0; i < p->target_count; i++) {
		json_t *t = json_object();

		json_put(t, "router", json_of_text(p->targets[i].router));
		json_put(t, "vrf", json_of_text(p->targets[i].vrf));
		json_put(t, "neighbor", json_of_text(p->targets[i].neighbor));
		json_array_append_new(targets, t);
	}
	json_put(o, "clause", json_of_words(p->clause->id));
	json_put(o, "verb", json_of_words(p->what == ON_FAIL_PROPOSE_WITHDRAW ? "withdraw" : "suspend"));
	json_put(o, "reason", json_of_text(p->reason));
	json_put(o, "targets", targets);
	json_put(o, "refused", json_of_nonempty(p->refused.s));
	return o;
}

static int worse(const void *a, const void *b)
{
	return verdict_worse(a, b);
}

struct verdict *verdicts_sorted(const struct verdict *v, size_t n)
{
	struct verdict *out = mem_calloc(n + 1, sizeof(*out));

	memcpy(out, v, n * sizeof(*out));
	qsort(out, n, sizeof(*out), worse);
	return out;
}

void verdict_sum_words(const struct verdict_sum *s, char *out, size_t n)
{
	snprintf(out, n, "%zu not met, %zu not known, %zu waived, %zu met", s->failed, s->unknown, s->waived, s->passed);
}
