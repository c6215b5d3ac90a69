/* Incidents in the journal; see incident_book.h.  peerdeck-journal(5) lists the fields. */
#include "app/incident_book.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool group_of(const char *word, enum group_by *by)
{
	for (int i = 0; i < GROUP_BYS; i++)
		if (strcmp(group_by_word((enum group_by)i), word) == 0) {
			*by = (enum group_by)i;
			return true;
		}
	return false;
}

static void take_alert(struct alerts *a, const struct journal_entry *j, const char *who)
{
	uint64_t until;

	if (strcmp(entry_more(j, "op"), "ack") == 0)
		alerts_ack(a, entry_more(j, "key"), who, j->wall_ms);
	else if (strcmp(entry_more(j, "op"), "silence") == 0 && slice_u64(slice_of(entry_more(j, "until_ms")), &until))
		alerts_silence(a, entry_more(j, "key"), who, j->wall_ms, (int64_t)until);
}

static int take(void *ctx, const struct journal_entry *j)
{
	struct incident_book *b = ctx;
	struct incident_fact f = { .id = j->id, .who = *j->name != '\0' ? j->name : j->login, .words = j->words,
		.other = entry_more(j, "other"), .key = entry_more(j, "key"), .members = entry_more(j, "members"),
		.wall_ms = j->wall_ms };

	uint64_t whole, opened;

	if (strcmp(j->kind, "handover") == 0 && strcmp(entry_more(j, "op"), "ack") == 0)
		b->handed_wall_ms = j->wall_ms;
	if (b->alerts != NULL && strcmp(j->kind, "alert") == 0)
		take_alert(b->alerts, j, f.who);
	if (strcmp(j->kind, "incident") != 0 || !incident_op_parse(entry_more(j, "op"), &f.op))
		return 0;
	if (slice_u64(slice_of(entry_more(j, "whole")), &whole))
		f.whole = (size_t)whole;
	if (slice_u64(slice_of(entry_more(j, "opened_ms")), &opened) && opened <= INT64_MAX)
		f.wall_ms = (int64_t)opened; /* it is written down later */
	f.provisional = strcmp(entry_more(j, "forming"), "yes") == 0;
	if (f.op == INCIDENT_OPEN && !group_of(entry_more(j, "by"), &f.by))
		return 0;
	if (strcmp(entry_more(j, "itself"), "yes") == 0)
		f.who = "";
	incidents_fact(b->set, &f);
	return 0;
}

/* A journal that cannot be read says so where it is shown; here nothing comes of it. */
void incident_book_refresh(struct incident_book *b)
{
	(void)journal_read(b->path, &b->offset, take, b, NULL);
}

void incident_book_write(struct scribe *s, const struct incident_fact *f)
{
	char whole[24] = "", opened[24] = "";
	bool itself = f->op == INCIDENT_OPEN || (f->op == INCIDENT_CLOSE && f->who[0] == '\0');
	const struct journal_more more[] = {
		{ "op", incident_op_word(f->op) },
		{ "itself", itself ? "yes" : "" },
		{ "other", f->other },
		{ "by", f->op == INCIDENT_OPEN ? group_by_word(f->by) : "" },
		{ "key", f->key },
		{ "whole", whole },
		{ "opened_ms", opened },
		{ "forming", f->op == INCIDENT_OPEN && f->provisional ? "yes" : "" },
		{ "members", f->members },
	};
	const struct journal_fact fact = { .kind = "incident", .id = f->id, .remote_as = ASN_UNKNOWN, .words = f->words,
		.more = more, .more_count = ARRAY_LEN(more) };

	if (f->op == INCIDENT_OPEN) {
		snprintf(whole, sizeof(whole), "%zu", f->whole);
		snprintf(opened, sizeof(opened), "%" PRId64, f->wall_ms);
	}
	scribe_fact(s, &fact);
}
