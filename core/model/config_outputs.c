/*
 * Outputs of alerts in the configuration: what tables of keys cannot say.
 *
 * An output that could never send is refused when the file is read, not found out when something fires.
 */
#include "core/base/scan.h"
#include "core/model/config_keys.h"

#include <string.h>

const char *const output_template_words[TEMPLATES + 1] = {
	[TEMPLATE_JSON] = "json", [TEMPLATE_SLACK] = "slack", [TEMPLATE_PAGERDUTY] = "pagerduty",
	[TEMPLATE_ALERTMANAGER] = "alertmanager",
};

bool quiet_now(const struct quiet_hours *q, int64_t wall_ms)
{
	int now = (int)((wall_ms / 60000 % 1440 + 1440) % 1440);

	if (q->from < 0)
		return false;
	if (q->from < q->to)
		return now >= q->from && now < q->to;
	return now >= q->from || now < q->to; /* over midnight */
}

/* "22:30" as minutes of the day. */
static bool minutes(struct slice s, int *out)
{
	uint64_t hour, minute;
	ptrdiff_t colon = slice_find(s, ":");

	if (colon < 1 || !slice_u64(slice_upto(s, (size_t)colon), &hour) || !slice_u64(slice_from(s, (size_t)colon + 1), &minute) ||
	    hour > 23 || minute > 59)
		return false;
	*out = (int)(hour * 60 + minute);
	return true;
}

bool config_quiet(const char *words, struct quiet_hours *out)
{
	struct slice s = slice_of(words != NULL ? words : "");
	ptrdiff_t dash = slice_find(s, "-");

	*out = (struct quiet_hours){ -1, -1 };
	if (words == NULL)
		return true;
	return dash >= 0 && minutes(slice_upto(s, (size_t)dash), &out->from) && minutes(slice_from(s, (size_t)dash + 1), &out->to) &&
	    out->from != out->to;
}

static int fail(const struct config *c, const struct output_conf *o, const char *words, struct err *e)
{
	return err_set(e, ERR_CONFIG, "%s:%u: output %s: %s", c->path, o->line, o->name, words);
}

static int check_webhook(const struct config *c, struct output_conf *o, struct err *e)
{
	for (int t = 0; t < TEMPLATES; t++)
		if (o->template_word != NULL && strcmp(output_template_words[t], o->template_word) == 0)
			o->template = (enum output_template)t;
	if ((o->url != NULL) == (o->url_file != NULL))
		return fail(c, o, "a webhook needs either url or url-file (where the address itself is the secret)", e);
	if (o->template == TEMPLATE_PAGERDUTY && o->token_file == NULL)
		return fail(c, o, "the template pagerduty needs token-file, with the routing key", e);
	if (o->command != NULL || o->to != NULL || o->from != NULL)
		return fail(c, o, "command, to and from are keys of kind = mail", e);
	return 0;
}

static int check_mail(const struct config *c, struct output_conf *o, struct err *e)
{
	if (o->url != NULL || o->url_file != NULL || o->token_file != NULL || o->header_file != NULL || o->ca_file != NULL ||
	    o->template_word != NULL)
		return fail(c, o, "template, url, url-file, token-file, header-file and ca-file are keys of kind = webhook", e);
	o->command = o->command != NULL ? o->command : c->mail.command;
	o->from = o->from != NULL ? o->from : c->mail.from;
	if (o->command == NULL)
		return fail(c, o, "mail needs a command here or in the mail block, as \"/usr/sbin/sendmail -t -i\"", e);
	if (o->from == NULL)
		return fail(c, o, "mail needs a sender: from here or in the mail block", e);
	if (o->to == NULL)
		return fail(c, o, "mail needs to: addresses joined by commas", e);
	return 0;
}

static bool name_taken(const struct config *c, const struct output_conf *o)
{
	static const char *const ours[] = { "screen", "bell", "terminal", "syslog" };

	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		if (strcmp(o->name, ours[i]) == 0)
			return true;
	return config_output(c, o->name) != o;
}

static int check_output(const struct config *c, struct output_conf *o, struct err *e)
{
	if (!setting_name_valid(o->name))
		return fail(c, o, "allowed in a name are letters, digits and ._:-", e);
	if (name_taken(c, o))
		return fail(c, o, "that name is taken already", e);
	if (!config_quiet(o->quiet_words, &o->quiet))
		return fail(c, o, "quiet is hours of the UTC day as 22:00-06:00", e);
	severity_parse(o->severity_word, &o->severity);
	severity_parse(o->quiet_severity_word, &o->quiet_severity);
	o->kind = strcmp(o->kind_word, "mail") == 0 ? OUTPUT_MAIL : OUTPUT_WEBHOOK;
	return o->kind == OUTPUT_MAIL ? check_mail(c, o, e) : check_webhook(c, o, e);
}

int config_check_outputs(struct config *c, struct err *e)
{
	if (c->output_count > OUTPUTS_MAX)
		return err_set(e, ERR_CONFIG, "%s: more than %d outputs", c->path, OUTPUTS_MAX);
	for (size_t i = 0; i < c->output_count; i++)
		if (check_output(c, &c->outputs[i], e) != 0)
			return -1;
	return 0;
}

const struct output_conf *config_output(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->output_count; i++)
		if (strcmp(c->outputs[i].name, name) == 0)
			return &c->outputs[i];
	return NULL;
}
