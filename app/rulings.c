/* Rulings and verdicts out of the journal and into it; see rulings.h. */
#include "app/rulings.h"
#include "core/base/clock.h"
#include "core/base/scan.h"
#include "core/model/book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RULINGS_MOST = 10000, ACTED_KEPT = 256 };

struct kept {
	struct ruling r; /* strings owned */
	char *who;
	uint64_t seq;
	int64_t wall_ms;
};
/* Something that a policy did by itself. */
struct acted {
	char clause[48];
	asn_t asn;
	int64_t wall_ms;
};
struct rulings {
	char *path;
	uint64_t offset;
	struct kept *kept;
	size_t count, cap;
	struct acted acted[ACTED_KEPT]; /* a ring */
	size_t acted_count;
	struct verdict_book *book; /* while reading */
	bool changed;
};

struct rulings *rulings_open(const char *journal_path)
{
	struct rulings *r = MEM_NEW(struct rulings);

	r->path = mem_strdup(journal_path);
	return r;
}

static void kept_fini(struct kept *k)
{
	free((void *)(uintptr_t)k->r.subject);
	free((void *)(uintptr_t)k->r.words);
	free((void *)(uintptr_t)k->r.ticket);
	free(k->who);
}

void rulings_close(struct rulings *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->count; i++)
		kept_fini(&r->kept[i]);
	free(r->kept);
	free(r->path);
	free(r);
}

static struct kept *place_for(struct rulings *r, asn_t asn, const char *subject, bool waiver)
{
	for (size_t i = 0; i < r->count; i++) {
		struct kept *k = &r->kept[i];

		if (k->r.asn == asn && k->r.waiver == waiver && strcmp(k->r.subject, subject) == 0) {
			kept_fini(k);
			return k;
		}
	}
	if (r->count == RULINGS_MOST)
		return NULL;
	MEM_GROW(r->kept, r->cap, r->count + 1);
	return &r->kept[r->count++];
}

static void take_ruling(struct rulings *r, const struct journal_entry *j, bool waiver)
{
	const char *subject = entry_more(j, "clause"), *until = entry_more(j, "until");
	struct kept *k;
	int64_t expires;

	if (*subject == '\0' || j->remote_as == ASN_UNKNOWN || !book_date(slice_of(until), true, &expires))
		return;
	k = place_for(r, j->remote_as, subject, waiver);
	if (k == NULL)
		return;
	*k = (struct kept){
		.r = { .asn = j->remote_as, .subject = mem_strdup(subject), .words = mem_strdup(*j->reason ? j->reason : j->words),
			.ticket = *j->ticket ? mem_strdup(j->ticket) : NULL, .waiver = waiver,
			.holds = strcmp(entry_more(j, "holds"), "yes") == 0, .expires_wall_ms = expires },
		.who = mem_strdup(*j->name ? j->name : j->login), .seq = j->seq, .wall_ms = j->wall_ms,
	};
	r->changed = true;
}

static bool value_of(const char *word, enum verdict_value *v)
{
	for (int i = VERDICT_UNKNOWN; i <= VERDICT_FAIL; i++)
		if (strcmp(word, verdict_word((enum verdict_value)i)) == 0) {
			*v = (enum verdict_value)i;
			return true;
		}
	return false;
}

static void take_verdict(struct rulings *r, const struct journal_entry *j)
{
	enum verdict_value before, after;

	if (r->book != NULL && value_of(entry_more(j, "before"), &before) && value_of(entry_more(j, "after"), &after))
		verdict_book_past(r->book, j->remote_as, entry_more(j, "clause"), before, after, j->wall_ms);
}

static void take_automatic(struct rulings *r, const struct journal_entry *j)
{
	struct acted *a = &r->acted[r->acted_count++ % ACTED_KEPT];

	*a = (struct acted){ .asn = j->remote_as, .wall_ms = j->wall_ms };
	snprintf(a->clause, sizeof(a->clause), "%s", entry_more(j, "clause"));
}

unsigned rulings_automatic(const struct rulings *r, const char *clause, asn_t asn, int64_t since_wall_ms)
{
	unsigned n = 0;

	for (size_t i = 0; i < r->acted_count && i < ACTED_KEPT; i++)
		n += r->acted[i].wall_ms >= since_wall_ms && (clause == NULL || strcmp(r->acted[i].clause, clause) == 0) && (asn == ASN_UNKNOWN || r->acted[i].asn == asn);
	return n;
}

static int on_entry(void *ctx, const struct journal_entry *j)
{
	struct rulings *r = ctx;

	if (strcmp(j->kind, "waiver") == 0)
		take_ruling(r, j, true);
	else if (strcmp(j->kind, "attest") == 0)
		take_ruling(r, j, false);
	else if (strcmp(j->kind, "verdict") == 0)
		take_verdict(r, j);
	else if (strcmp(j->kind, "automatic") == 0)
		take_automatic(r, j);
	return 0;
}

bool rulings_refresh(struct rulings *r, struct verdict_book *b)
{
	struct err ignored = ERR_INIT; /* the records tell of a journal that cannot be read */

	r->changed = false;
	r->book = b;
	journal_read(r->path, &r->offset, on_entry, r, &ignored);
	r->book = NULL;
	return r->changed;
}

static struct text copied(struct evidence *ev, const char *s)
{
	return text_safez(ev->arena, s != NULL ? s : "");
}

void rulings_into(const struct rulings *r, struct evidence *ev)
{
	struct attestation *attestations = arena_alloc(ev->arena, (r->count + 1) * sizeof(*attestations));
	struct waiver *waivers = arena_alloc(ev->arena, (r->count + 1) * sizeof(*waivers));

	for (size_t i = 0; i < r->count; i++) {
		const struct kept *k = &r->kept[i];

		if (k->r.asn != ev->asn)
			continue;
		if (k->r.waiver)
			waivers[ev->waiver_count++] = (struct waiver){ .subject = copied(ev, k->r.subject), .who = copied(ev, k->who),
				.reason = copied(ev, k->r.words), .wall_ms = k->wall_ms, .expires_wall_ms = k->r.expires_wall_ms };
		else
			attestations[ev->attestation_count++] = (struct attestation){ .subject = copied(ev, k->r.subject), .who = copied(ev, k->who),
				.words = copied(ev, k->r.words), .holds = k->r.holds, .wall_ms = k->wall_ms, .expires_wall_ms = k->r.expires_wall_ms };
	}
	ev->attestations = attestations;
	ev->waivers = waivers;
}

int rulings_write(struct journal *j, const struct ruling *r, struct err *e)
{
	char until[CLOCK_ISO_LEN];
	struct journal_more more[3] = { { "clause", r->subject }, { "until", clock_iso(r->expires_wall_ms, until) }, { "holds", r->holds ? "yes" : "no" } };
	struct journal_fact f = { .kind = r->waiver ? "waiver" : "attest", .remote_as = r->asn, .reason = r->words, .ticket = r->ticket,
		.more = more, .more_count = r->waiver ? 2 : 3 };

	return journal_fact(j, &f, e);
}

void rulings_each(const struct rulings *r, void (*visit)(void *ctx, const struct ruling *one, const char *who, int64_t wall_ms), void *ctx)
{
	for (size_t i = 0; i < r->count; i++)
		visit(ctx, &r->kept[i].r, r->kept[i].who, r->kept[i].wall_ms);
}
