/* What would take an action back; see undo.h. */
#include "core/act/undo.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool belongs(const struct ledger_entry *l, const char *plan)
{
	return strcmp(l->plan, plan) == 0;
}

/* The plan of the action that is meant; NULL with the reason. */
static const char *plan_meant(const struct ledger *l, int64_t uid, const char *id, struct err *e)
{
	const struct ledger_last *last = ledger_last(l, uid);

	for (size_t i = 0; id != NULL && i < ledger_count(l); i++) {
		const struct ledger_entry *h = ledger_at(l, i);

		if (strcmp(h->id, id) == 0 || strcmp(h->plan, id) == 0)
			return h->plan;
	}
	if (id != NULL) {
		err_set(e, ERR_REFUSED, "%.60s: nothing of this action is held now (peerdeck held lists what is)", id);
		return NULL;
	}
	if (last == NULL) {
		err_set(e, ERR_REFUSED, "you have done nothing that is in the journal: there is nothing to undo");
		return NULL;
	}
	if (!verb_info(last->verb)->opens_ledger) {
		err_set(e, ERR_REFUSED, "your last action was %s: it holds nothing, so that there is nothing to undo",
		    verb_info(last->verb)->name);
		return NULL;
	}
	return last->plan;
}

static void describe(struct undo *u)
{
	const struct ledger_entry *l = u->entries[0];
	char iso[CLOCK_ISO_LEN];

	snprintf(u->scope, sizeof(u->scope), "undo of %s, begun %s by %.40s%s%.60s", verb_word(l->verb, l->lasting),
	    clock_iso(l->wall_ms, iso), l->login, l->scope[0] != '\0' ? ": " : "", l->scope);
	snprintf(u->reason, sizeof(u->reason), "undo: %.180s", l->reason);
}

int undo_find(const struct ledger *l, int64_t uid, const char *id, struct undo *out, struct err *e)
{
	const char *plan = plan_meant(l, uid, id, e);

	*out = (struct undo){ .verb = VERB_COUNT };
	if (plan == NULL)
		return -1;
	out->entries = mem_calloc(ledger_count(l) + 1, sizeof(struct ledger_entry *));
	for (size_t i = 0; i < ledger_count(l); i++) {
		const struct ledger_entry *h = ledger_at(l, i);

		if (!belongs(h, plan) || (id != NULL && strcmp(h->id, id) != 0 && strcmp(h->plan, id) != 0))
			continue;
		out->verb = verb_info(h->verb)->inverse;
		out->entries[out->count++] = h;
	}
	if (out->count == 0) {
		free(out->entries);
		out->entries = NULL;
		return err_set(e, ERR_REFUSED, "nothing of your last action is held any more: there is nothing to undo");
	}
	describe(out);
	return 0;
}
