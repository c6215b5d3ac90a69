/* The ledger beside the router's last look; see held.h. */
#include "core/act/held.h"

#include <string.h>

/* All families of the entry's neighbor. */
struct seen {
	size_t families;
	bool any_up, all_up;
	enum tri admin_down;
	count_t received, advertised;
};

static void add(count_t *sum, count_t v)
{
	if (*sum != COUNT_UNKNOWN)
		*sum = v == COUNT_UNKNOWN ? COUNT_UNKNOWN : *sum + v;
}

static struct seen see(const struct ledger_entry *l, const struct snap *snap)
{
	struct seen s = { .all_up = true };

	for (size_t i = 0; i < snap->count; i++) {
		const struct session *row = &snap->sessions[i];

		if (strcmp(text_or(row->neighbor, ""), l->neighbor) != 0 || strcmp(text_or(row->vrf, ""), l->vrf) != 0)
			continue;
		s.families++;
		s.any_up |= row->state == BGP_ESTABLISHED;
		s.all_up &= row->state == BGP_ESTABLISHED;
		if (row->admin_down != TRI_UNKNOWN)
			s.admin_down = row->admin_down;
		add(&s.received, row->received);
		add(&s.advertised, row->advertised);
	}
	return s;
}

enum held_finding held_look(const struct ledger_entry *l, const struct snap *snap)
{
	struct seen s;

	if (snap == NULL)
		return HELD_UNSEEN;
	s = see(l, snap);
	if (s.families == 0)
		return HELD_GONE;
	if (l->verb == VERB_SUSPEND) {
		if (s.any_up)
			return HELD_CAME_BACK;
		return s.admin_down == TRI_YES ? HELD_SO : s.admin_down == TRI_NO ? HELD_UNMARKED : HELD_UNSEEN;
	}
	if (l->verb == VERB_WITHDRAW && s.all_up && s.advertised > 0)
		return HELD_ANNOUNCES;
	return HELD_SO;
}

const char *held_word(const struct ledger_entry *l, const struct snap *snap)
{
	static const char *const word[HELD_FINDINGS] = {
	    [HELD_SO] = "held",
	    [HELD_UNSEEN] = "held",
	    [HELD_CAME_BACK] = "came back",
	    [HELD_UNMARKED] = "mark lost",
	    [HELD_ANNOUNCES] = "announced",
	    [HELD_GONE] = "gone",
	};
	enum held_finding f;

	if (l->inverse_id[0] != '\0')
		return "undo open";
	if (l->state != LEDGER_HELD)
		return ledger_state_word(l->state);
	f = held_look(l, snap);
	if (f == HELD_SO || f == HELD_UNSEEN)
		return l->overdue ? "overdue" : word[f];
	return word[f];
}

const char *held_word_in(const struct ledger *in, const struct ledger_entry *l, const struct snap *snap)
{
	const char *word = held_word(l, snap);
	const struct drain_entry *d = l->op[0] != '\0' ? drains_find(ledger_drains(in), l->op) : NULL;

	return d != NULL && d->waiting && l->verb == VERB_GSHUT && strcmp(word, "held") == 0 ? "draining" : word;
}

const char *held_sentence(enum held_finding f)
{
	static const char *const sentence[HELD_FINDINGS] = {
	    [HELD_SO] = "it is as we left it",
	    [HELD_UNSEEN] = "the router does not tell whether it is as we left it",
	    [HELD_CAME_BACK] = "the session is Established again: somebody opened it, or a reload did",
	    [HELD_UNMARKED] = "the session is down, but no longer shut: a reload wiped the mark, or somebody opened it",
	    [HELD_ANNOUNCES] = "routes are announced to it again: somebody put them back",
	    [HELD_GONE] = "the router does not know the session any more",
	};

	return sentence[f];
}

/* Is `now` enough of what was there before?  What is not known is not missed. */
static bool enough(count_t before, count_t now)
{
	if (before == COUNT_UNKNOWN || now == COUNT_UNKNOWN)
		return true;
	return now * 100 >= before * HELD_BACK_PERCENT;
}

static void count_words(struct str *words, const char *what, count_t now, count_t before)
{
	if (now == COUNT_UNKNOWN)
		return;
	str_addf(words, ", %lld", (long long)now);
	if (before != COUNT_UNKNOWN)
		str_addf(words, " of %lld", (long long)before);
	str_addf(words, " prefixes %s", what);
}

enum held_back held_back(const struct ledger_return *r, const struct snap *snap, struct str *words)
{
	struct seen s;

	if (snap == NULL || snap->taken_wall_ms < r->back_wall_ms) {
		str_puts(words, "not read since");
		return BACK_UNSEEN;
	}
	s = see(&r->was, snap);
	if (s.families == 0 || !s.all_up) {
		str_puts(words, s.families == 0 ? "the router does not know the session any more" : "not Established");
		return BACK_NOT_UP;
	}
	str_puts(words, "Established");
	count_words(words, "received", s.received, r->was.received);
	count_words(words, "advertised", s.advertised, r->was.advertised);
	return enough(r->was.received, s.received) && enough(r->was.advertised, s.advertised) ? BACK_YES : BACK_SHORT;
}

bool held_due(const struct ledger_entry *l, const char *boot, int64_t now_boot_ms, int64_t now_wall_ms)
{
	if (l->until_wall_ms == 0)
		return false;
	if (l->boot[0] != '\0' && strcmp(l->boot, boot) == 0)
		return now_boot_ms >= l->until_boot_ms;
	return now_wall_ms >= l->until_wall_ms;
}
