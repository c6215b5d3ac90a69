/*
 * Judging a fresh look; see proof.h.
 *
 * "Since not reset": the time up must have grown as much as the clock, but
 * for the roundings of systems that tell it in minutes, hours, days or weeks;
 * the flap counter, where known, must not have moved.
 */
#include "core/act/proof.h"

#include <string.h>

enum { SINCE_SLACK_S = 3 };

struct proof_seen proof_seen_of(const struct plan_item *item, const struct snap *now)
{
	struct proof_seen seen = { .all_established = true, .received = COUNT_UNKNOWN,
		.advertised = COUNT_UNKNOWN, .flaps = COUNT_UNKNOWN, .since_s = -1, .state = "gone" };
	bool unknown_out = false, unknown_in = false;

	for (size_t i = 0; i < now->count; i++) {
		const struct session *s = &now->sessions[i];

		if (strcmp(text_or(s->neighbor, ""), item->neighbor) != 0 ||
		    strcmp(text_or(s->vrf, ""), item->vrf) != 0)
			continue;
		seen.families++;
		seen.state = session_state_words(s);
		seen.established |= s->state == BGP_ESTABLISHED;
		seen.all_established &= s->state == BGP_ESTABLISHED;
		if (s->admin_down != TRI_UNKNOWN)
			seen.admin_down = s->admin_down;
		if (s->since_s >= 0)
			seen.since_s = s->since_s;
		if (s->flaps != COUNT_UNKNOWN)
			seen.flaps = s->flaps;
		unknown_out |= s->advertised == COUNT_UNKNOWN;
		unknown_in |= s->received == COUNT_UNKNOWN;
		if (s->advertised != COUNT_UNKNOWN)
			seen.advertised = (seen.advertised < 0 ? 0 : seen.advertised) + s->advertised;
		if (s->received != COUNT_UNKNOWN)
			seen.received = (seen.received < 0 ? 0 : seen.received) + s->received;
	}
	if (unknown_out)
		seen.advertised = COUNT_UNKNOWN;
	if (unknown_in)
		seen.received = COUNT_UNKNOWN;
	return seen;
}

/* Many systems count the time up in seconds at first, then in minutes, hours, days or weeks, always rounded down. */
static bool time_is_coarse(int64_t before, int64_t now, int64_t missing)
{
	static const int64_t units[] = { 60, 3600, 86400, 604800 };

	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (before % units[i] == 0 && now % units[i] == 0 && now >= before && missing < units[i])
			return true;
	return false;
}

/* TRI_YES: came up again since the plan.  TRI_UNKNOWN: the router does not tell. */
static enum tri was_reset(const struct plan_item *item, const struct proof_seen *seen, const struct snap *now)
{
	int64_t missing; /* seconds that the time up would have to be longer */

	if (item->flaps != COUNT_UNKNOWN && seen->flaps != COUNT_UNKNOWN && seen->flaps > item->flaps)
		return TRI_YES;
	if (item->since_s < 0 || seen->since_s < 0)
		return item->flaps != COUNT_UNKNOWN && seen->flaps != COUNT_UNKNOWN ? TRI_NO : TRI_UNKNOWN;
	missing = item->since_s + now->taken_boot_ms / 1000 - item->taken_boot_ms / 1000 - seen->since_s;
	if (missing <= SINCE_SLACK_S || time_is_coarse(item->since_s, seen->since_s, missing))
		return TRI_NO;
	return TRI_YES;
}

static enum proof_finding judge_down(const struct proof_seen *seen, struct str *words)
{
	if (seen->established) {
		str_puts(words, "the session is still Established");
		return PROOF_NOT_YET;
	}
	if (seen->admin_down == TRI_YES) {
		str_puts(words, "shut by us and no longer Established");
		return PROOF_HOLDS;
	}
	str_addf(words, "the router does not say that the session is shut (%s)", seen->state);
	return seen->admin_down == TRI_NO ? PROOF_NOT_YET : PROOF_MISSING;
}

static enum proof_finding judge_not_up(const struct proof_seen *seen, struct str *words)
{
	if (seen->established) {
		str_puts(words, "the session is still Established");
		return PROOF_NOT_YET;
	}
	str_addf(words, "shut in the configuration and no longer Established (%s)", seen->state);
	return PROOF_HOLDS;
}

static enum proof_finding judge_open(const struct proof_seen *seen, struct str *words)
{
	if (seen->admin_down == TRI_NO || seen->established) {
		str_addf(words, "no longer shut, %s", seen->established ? "Established" : "not yet Established");
		return PROOF_HOLDS;
	}
	str_addf(words, "the router still says %s", seen->state);
	return seen->admin_down == TRI_YES ? PROOF_NOT_YET : PROOF_MISSING;
}

static bool counts_routes(const struct plan_item *item)
{
	return item->proof == PROOF_NOTHING_SENT || item->proof == PROOF_SENT_AGAIN;
}

/* Up all the time, and the count as wanted. */
static enum proof_finding judge_up(const struct plan_item *item, const struct proof_seen *seen,
    const struct snap *now, struct str *words)
{
	enum tri reset = was_reset(item, seen, now);

	if (!seen->all_established || reset == TRI_YES) {
		str_addf(words, "the session was reset (%s)", seen->state);
		return PROOF_BROKEN;
	}
	if (counts_routes(item) && seen->advertised == COUNT_UNKNOWN) {
		str_puts(words, "the router does not tell how much it advertises");
		return PROOF_MISSING;
	}
	if (item->proof == PROOF_NOTHING_SENT && seen->advertised != 0) {
		str_addf(words, "%lld prefixes are still advertised", (long long)seen->advertised);
		return PROOF_NOT_YET;
	}
	if (item->proof == PROOF_SENT_AGAIN && seen->advertised == 0 && item->former_advertised != 0) {
		str_puts(words, "nothing is advertised yet");
		return PROOF_NOT_YET;
	}
	if (reset == TRI_UNKNOWN) {
		str_puts(words, "the router does not tell whether the session was reset");
		return PROOF_MISSING;
	}
	str_puts(words, "Established all the time");
	if (counts_routes(item))
		str_addf(words, ", %lld prefixes advertised", (long long)seen->advertised);
	if (item->proof == PROOF_SENT_AGAIN && item->former_advertised != COUNT_UNKNOWN &&
	    seen->advertised != item->former_advertised)
		str_addf(words, " (before the withdraw: %lld)", (long long)item->former_advertised);
	return PROOF_HOLDS;
}

enum proof_finding proof_judge(const struct plan_item *item, const struct snap *now, struct str *words)
{
	struct proof_seen seen = proof_seen_of(item, now);

	if (item->proof == PROOF_TEXT) {
		str_puts(words, "the router's answer is as expected");
		return PROOF_HOLDS;
	}
	if (item->proof == PROOF_SHOWN) {
		str_puts(words, "the configuration is as intended");
		return PROOF_HOLDS;
	}
	if (seen.families == 0) {
		str_puts(words, "the router does not show the session any more");
		return PROOF_MISSING;
	}
	switch (item->proof) {
	case PROOF_ADMIN_DOWN:
		return judge_down(&seen, words);
	case PROOF_NOT_UP:
		return judge_not_up(&seen, words);
	case PROOF_ADMIN_UP:
		return judge_open(&seen, words);
	default:
		return judge_up(item, &seen, now, words);
	}
}

bool proof_as_planned(const struct plan_item *item, const struct snap *now, struct str *words)
{
	struct proof_seen seen = proof_seen_of(item, now);

	if (seen.families == 0)
		str_puts(words, "the session is gone");
	else if (seen.established != item->established)
		str_addf(words, "the session is now %s", seen.established ? "Established" : seen.state);
	else if (seen.admin_down != item->admin_down)
		str_addf(words, "the session is now %s", seen.state);
	else if (item->established && was_reset(item, &seen, now) == TRI_YES)
		str_puts(words, "the session was reset");
	else
		return true;
	return false;
}
