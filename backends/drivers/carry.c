/* Keeping what a seldom query said; see carry.h. */
#include "backends/drivers/carry.h"

static void keep_text(struct text *to, struct text from, struct arena *a)
{
	if (!text_known(*to))
		*to = (struct text){ arena_strdup(a, from.s) };
}

static void keep_count(count_t *to, count_t from)
{
	if (*to == COUNT_UNKNOWN)
		*to = from;
}

static void carry_texts(struct session *now, const struct session *before, struct arena *a)
{
	keep_text(&now->handle, before->handle, a);
	keep_text(&now->group, before->group, a);
	keep_text(&now->description, before->description, a);
	keep_text(&now->import_policy, before->import_policy, a);
	keep_text(&now->export_policy, before->export_policy, a);
	keep_text(&now->shutdown_message, before->shutdown_message, a);
	keep_text(&now->own_message, before->own_message, a);
}

static void carry_limit(struct session *now, const struct session *before)
{
	if (now->max_prefixes != COUNT_UNKNOWN && now->max_prefixes != before->max_prefixes)
		return; /* another limit: what was said of the former does not belong to it */
	now->max_prefixes = before->max_prefixes;
	if (now->limit_action == LIMIT_UNKNOWN)
		now->limit_action = before->limit_action;
	if (now->limit_warn_pct < 0)
		now->limit_warn_pct = before->limit_warn_pct;
	if (now->limit_restart_s < 0)
		now->limit_restart_s = before->limit_restart_s;
}

static void carry_error(struct session *now, const struct session *before, bool same, struct arena *a)
{
	if (text_known(now->last_error.words) || now->last_error.code >= 0)
		return;
	now->last_error = before->last_error;
	now->last_error.words = (struct text){ arena_strdup(a, before->last_error.words.s) };
	if (before->last_error.ago_s >= 0)
		now->last_error.ago_s = same && now->since_s >= 0 && before->since_s >= 0 ?
		    before->last_error.ago_s + now->since_s - before->since_s : -1;
}

void carry_unknown(struct session *now, const struct session *before, struct arena *a)
{
	bool same = now->state == before->state;

	carry_texts(now, before, a);
	carry_limit(now, before);
	carry_error(now, before, same, a);
	if (now->local.family == ADDR_NONE)
		now->local = before->local;
	if (now->local_as == ASN_UNKNOWN)
		now->local_as = before->local_as;
	if (now->auth == AUTH_UNKNOWN)
		now->auth = before->auth;
	if (now->dynamic == TRI_UNKNOWN)
		now->dynamic = before->dynamic;
	if (now->soft_reconfig == TRI_UNKNOWN)
		now->soft_reconfig = before->soft_reconfig;
	if (now->hold_time_s < 0)
		now->hold_time_s = before->hold_time_s;
	if (same && now->admin_down == TRI_UNKNOWN)
		now->admin_down = before->admin_down;
	if (same && now->limit_tripped == TRI_UNKNOWN)
		now->limit_tripped = before->limit_tripped;
	if (!same)
		return;
	keep_count(&now->received, before->received);
	keep_count(&now->accepted, before->accepted);
	keep_count(&now->advertised, before->advertised);
	keep_count(&now->active, before->active);
	keep_count(&now->flaps, before->flaps);
	keep_count(&now->messages_in, before->messages_in);
	keep_count(&now->messages_out, before->messages_out);
}
