/*
 * Alerts and maintenance windows of the configuration: what tables of keys cannot say.
 *
 * Which matches a rule can have depends on what it watches; a rule that could never fire, or a window that never
 * opens, is refused here and not found out in the night.
 */
#include "core/base/scan.h"
#include "core/model/book.h"
#include "core/model/config_keys.h"

#include <string.h>

const char *const alert_on_words[ALERT_ONS + 1] = {
	[ALERT_STATE] = "state", [ALERT_HEADROOM] = "headroom", [ALERT_VERDICT] = "verdict",
	[ALERT_ROUTER_LOST] = "router-lost", [ALERT_LEDGER_OVERDUE] = "ledger-overdue", [ALERT_STALE] = "stale",
	[ALERT_PREFIXES] = "prefixes-lost", [ALERT_INCIDENT] = "incident",
};

/* What can be matched, and whether there is a threshold. */
static const struct {
	bool asn, exchange, router;
	unsigned threshold_max; /* 0: none */
} knows[ALERT_ONS] = {
	[ALERT_STATE] = { true, true, true, 0 },
	[ALERT_HEADROOM] = { true, true, true, 100 },
	[ALERT_VERDICT] = { true, false, false, 0 },
	[ALERT_ROUTER_LOST] = { false, false, true, 0 },
	[ALERT_LEDGER_OVERDUE] = { true, false, true, 0 },
	[ALERT_STALE] = { false, false, true, 86400 },
	[ALERT_PREFIXES] = { true, false, true, 0 },
	[ALERT_INCIDENT] = { false, false, false, 0 },
};

static int fail(const struct config *c, const struct alert_conf *a, const char *words, const char *value, struct err *e)
{
	return err_set(e, ERR_CONFIG, "%s:%u: alert %s: %s \"%.60s\"", c->path, a->line, a->name, words, value);
}

static int read_quiet(const struct config *c, struct alert_conf *a, struct err *e)
{
	return config_quiet(a->quiet_words, &a->quiet) ? 0 :
	    fail(c, a, "quiet is hours of the UTC day as 22:00-06:00, not", a->quiet_words, e);
}

/* A word of `to`: one of ours, else an output of the configuration; 0 it is neither. */
static unsigned output_of(const struct config *c, struct slice word)
{
	static const struct {
		const char *word;
		enum alert_output output;
	} outputs[] = { { "screen", ALERT_TO_SCREEN }, { "bell", ALERT_TO_BELL }, { "terminal", ALERT_TO_TERMINAL },
		{ "syslog", ALERT_TO_SYSLOG } };

	for (size_t i = 0; i < ARRAY_LEN(outputs); i++)
		if (slice_eq(word, outputs[i].word))
			return outputs[i].output;
	for (size_t i = 0; i < c->output_count; i++)
		if (slice_eq(word, c->outputs[i].name))
			return ALERT_TO_OUTPUT(i);
	return 0;
}

static int read_outputs(const struct config *c, struct alert_conf *a, struct err *e)
{
	struct scan s = scan_of(slice_of(a->to_words));
	struct slice word;

	while (scan_word(&s, &word)) {
		unsigned output = output_of(c, word);

		if (output == 0)
			return fail(c, a, "to takes screen, bell, terminal, syslog and names of output blocks, with blanks between, not",
			    a->to_words, e);
		a->outputs |= output;
	}
	a->outputs |= ALERT_TO_SCREEN; /* nothing that fires is hidden from who looks */
	return 0;
}

static int check_router(const struct config *c, const char *what, const char *name, unsigned line, const char *router, struct err *e)
{
	const struct router_conf *r = router != NULL ? config_router(c, router) : NULL;

	if (router == NULL || (r != NULL && !r->is_jump))
		return 0;
	return err_set(e, ERR_CONFIG, "%s:%u: %s %s: there is no router \"%.60s\"", c->path, line, what, name, router);
}

static int check_alert(const struct config *c, struct alert_conf *a, struct err *e)
{
	for (int k = 0; k < ALERT_ONS; k++)
		if (strcmp(alert_on_words[k], a->on_word) == 0)
			a->on = (enum alert_on)k;
	severity_parse(a->severity_word, &a->severity);
	if (a->asn != ASN_UNKNOWN && !knows[a->on].asn)
		return fail(c, a, "asn can not be matched with on =", a->on_word, e);
	if (a->exchange != NULL && !knows[a->on].exchange)
		return fail(c, a, "exchange can not be matched with on =", a->on_word, e);
	if (a->router != NULL && !knows[a->on].router)
		return fail(c, a, "router can not be matched with on =", a->on_word, e);
	if (a->threshold > knows[a->on].threshold_max)
		return fail(c, a, knows[a->on].threshold_max == 0 ? "there is no threshold with on =" :
		    "the threshold is at most 100 (percent) with on =", a->on_word, e);
	if (check_router(c, "alert", a->name, a->line, a->router, e) != 0 || read_quiet(c, a, e) != 0)
		return -1;
	return read_outputs(c, a, e);
}

static int check_window(const struct config *c, struct window_conf *w, struct err *e)
{
	const char *wrong = !book_date(slice_of(w->from_words), false, &w->from_wall_ms) ? w->from_words :
	    !book_date(slice_of(w->until_words), true, &w->until_wall_ms) ? w->until_words : NULL;

	if (wrong != NULL)
		return err_set(e, ERR_CONFIG, "%s:%u: maintenance %s: \"%.40s\" is no UTC time as 2026-11-20 or 2026-11-20T03:12Z",
		    c->path, w->line, w->name, wrong);
	if (w->until_wall_ms <= w->from_wall_ms)
		return err_set(e, ERR_CONFIG, "%s:%u: maintenance %s ends (%s) before it begins (%s)", c->path, w->line, w->name,
		    w->until_words, w->from_words);
	if (w->asn == ASN_UNKNOWN && w->exchange == NULL && w->router == NULL)
		return err_set(e, ERR_CONFIG, "%s:%u: maintenance %s needs an asn, an exchange or a router", c->path, w->line, w->name);
	return check_router(c, "maintenance", w->name, w->line, w->router, e);
}

int config_check_alerts(struct config *c, struct err *e)
{
	for (size_t i = 0; i < c->alert_count; i++)
		if (check_alert(c, &c->alerts[i], e) != 0)
			return -1;
	for (size_t i = 0; i < c->window_count; i++)
		if (check_window(c, &c->windows[i], e) != 0)
			return -1;
	return 0;
}
