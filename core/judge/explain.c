/* A verdict in words: for the operator, or for the peer's NOC, who must be able to check every word of it. */
#include "core/base/clock.h"
#include "core/judge/verdict.h"

static void put_when(struct str *out, int64_t wall_ms)
{
	char iso[CLOCK_ISO_LEN];

	if (wall_ms > 0)
		str_addf(out, " at %s", clock_iso(wall_ms, iso));
}

static void put_rule(const struct clause *c, struct str *out)
{
	char words[PARAM_WORDS_LEN];

	str_addf(out, "rule: %s (%s)\n", c->check->name, c->check->asks);
	for (size_t i = 0; i < check_param_count(c->check); i++)
		str_addf(out, "  %s = %s  (%s)\n", c->check->params[i].key, param_words(&c->check->params[i], c->values[i], words), c->check->params[i].help);
	str_addf(out, "  judged by: %s\n", c->check->sees);
	str_addf(out, "  severity %s; when not met: %s%s\n", clause_severity_word(c->severity), on_fail_word(c->on_fail), c->automatic ? ", automatically" : "");
}

static void put_line(const struct verdict_line *l, bool for_peer, struct str *out)
{
	static const char *const marks[] = { "      note", "        ok", "   unknown", "NOT MET   " };

	str_addf(out, "%s%s%s%s%s", for_peer ? "- " : marks[l->value], for_peer ? "" : "  ", l->about.s, *l->about.s ? ": " : "", l->words.s);
	if (!text_empty(l->source)) {
		str_addf(out, " [%s", l->source.s);
		put_when(out, l->wall_ms);
		str_puts(out, "]");
	}
	str_puts(out, "\n");
	if (l->value == LINE_UNKNOWN && !for_peer)
		str_addf(out, "            to know it: %s\n", text_or(l->missing, "?"));
}

static void explain_here(const struct verdict *v, const struct policy *p, asn_t asn, struct str *out)
{
	char iso[CLOCK_ISO_LEN];

	str_addf(out, "%s of AS%u %s toward AS%u: %s\n", v->clause->id, p->asn, p->name, asn, verdict_state_word(v));
	str_addf(out, "\"%s\"\n", v->clause->text);
	if (v->clause->from != NULL)
		str_addf(out, "(%s)\n", v->clause->from);
	if (v->waived_until_ms > 0)
		str_addf(out, "waived until %s by %s: %s\n", clock_iso(v->waived_until_ms, iso), text_or(v->waived_by, "?"), text_or(v->waived_why, "?"));
	str_puts(out, "\n");
	put_rule(v->clause, out);
	str_puts(out, "\nfound:\n");
	for (size_t i = 0; i < v->line_count; i++)
		put_line(&v->lines[i], false, out);
	if (v->lines_left > 0)
		str_addf(out, "  %zu more lines\n", v->lines_left);
	if (v->value == VERDICT_FAIL)
		str_addf(out, "\nhow to fix it: %s\n", v->clause->check->remedy);
	else if (v->value == VERDICT_UNKNOWN)
		str_addf(out, "\nto know it: %s\n", text_or(v->missing, "?"));
}

void verdict_failures(const struct verdict *v, struct str *out)
{
	for (size_t i = 0; i < v->line_count; i++)
		if (v->lines[i].value == LINE_FAIL)
			put_line(&v->lines[i], true, out);
}

static void explain_to_peer(const struct verdict *v, const struct policy *p, asn_t asn, struct str *out)
{
	str_addf(out, "The peering policy of AS%u (%s) asks:\n  \"%s\"\n", p->asn, p->name, v->clause->text);
	if (v->clause->from != NULL)
		str_addf(out, "  (%s)\n", v->clause->from);
	str_addf(out, "\nWhat we see of AS%u:\n", asn);
	verdict_failures(v, out);
	str_addf(out, "\nWhat would help: %s.\n", v->clause->check->remedy);
}

void verdict_explain(const struct verdict *v, const struct policy *p, asn_t asn, bool for_peer, struct str *out)
{
	if (for_peer)
		explain_to_peer(v, p, asn, out);
	else
		explain_here(v, p, asn, out);
}
