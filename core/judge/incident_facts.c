/* What people do to incidents, and what the journal is told; see incident.h. */
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/judge/incident_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Two consoles see one thing within this time of each other. */
enum { SAME_THING_MS = 900000, CALM_MS = 15000 };
/* Members whose words the journal keeps: of forty that fell together the words are alike, and the events have them. */
enum { WORDS_MOST = 40 };

static const char *const op_words[INCIDENT_OPS] = {
	[INCIDENT_OPEN] = "open", [INCIDENT_ACK] = "ack", [INCIDENT_NAME] = "name", [INCIDENT_NOTE] = "note",
	[INCIDENT_ASSIGN] = "assign", [INCIDENT_MERGE] = "merge", [INCIDENT_SPLIT] = "split", [INCIDENT_CLOSE] = "close",
};

const char *incident_op_word(enum incident_op op)
{
	return op_words[op];
}

bool incident_op_parse(const char *word, enum incident_op *op)
{
	for (int i = 0; i < INCIDENT_OPS; i++)
		if (strcmp(op_words[i], word) == 0) {
			*op = (enum incident_op)i;
			return true;
		}
	return false;
}

/* ---- taking facts ---- */

static void cut(char *out, size_t size, const char *words)
{
	size_t n = strlen(words);

	if (n >= size) {
		n = size - 1;
		while (n > 0 && ((unsigned char)words[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(out, words, n);
	out[n] = '\0';
}

static void add_note(struct incident *i, const struct incident_fact *f, const char *words)
{
	struct incident_note *n;

	MEM_GROW(i->notes, i->note_cap, i->note_count + 1);
	n = &i->notes[i->note_count++];
	*n = (struct incident_note){ .wall_ms = f->wall_ms };
	cut(n->who, sizeof(n->who), f->who);
	cut(n->words, sizeof(n->words), words);
}

static const char *const what_words[] = {
	[INCIDENT_DOWN] = "down", [INCIDENT_TRIPPED] = "tripped", [INCIDENT_LOST] = "lost", [INCIDENT_PREFIXES] = "prefixes",
};

static enum incident_what what_of(struct slice word)
{
	for (size_t k = 0; k < ARRAY_LEN(what_words); k++)
		if (slice_eq(word, what_words[k]))
			return (enum incident_what)k;
	return INCIDENT_DOWN;
}

/* Members as lines of a fact, tabs between: router, vrf, neighbor, ASN; what, prefixes before, of which kind and family, and
 * the router's words, which journals of before have not. */
static bool member_line(struct scan *c, struct incident_member *m)
{
	struct slice line, part[9];
	char *const to[] = { m->router, m->vrf, m->neighbor };
	uint64_t before;

	if (!scan_line(c, &line) || line.len == 0)
		return false;
	for (size_t k = 0; k < ARRAY_LEN(part); k++) {
		const char *tab = memchr(line.p, '\t', line.len);
		size_t n = tab != NULL ? (size_t)(tab - line.p) : line.len;

		part[k] = (struct slice){ line.p, n };
		line.p += tab != NULL ? n + 1 : n;
		line.len -= tab != NULL ? n + 1 : n;
	}
	for (size_t k = 0; k < ARRAY_LEN(to); k++)
		snprintf(to[k], 64, "%.*s", (int)part[k].len, part[k].p);
	if (!asn_parse(part[3], &m->asn))
		m->asn = ASN_UNKNOWN;
	m->what = part[4].len > 0 ? what_of(part[4]) : m->neighbor[0] == '\0' ? INCIDENT_LOST : INCIDENT_DOWN;
	m->before = slice_u64(part[5], &before) && before <= INT64_MAX ? (count_t)before : COUNT_UNKNOWN;
	m->of_accepted = slice_eq(part[6], "accepted");
	if (!afi_safi_parse(part[7], &m->family))
		m->family = AF_UNKNOWN;
	snprintf(m->words, sizeof(m->words), "%.*s", (int)part[8].len, part[8].p);
	return m->router[0] != '\0';
}

/* Takes the members that are marked out of it. */
static void drop_marked(struct incident *i)
{
	size_t kept = 0;

	for (size_t k = 0; k < i->count; k++)
		if (i->members[k].router[0] != '\0')
			i->members[kept++] = i->members[k];
	i->count = kept;
	incident_recount(i);
}

/* Those that an earlier fact had put elsewhere, while they were being sorted, come over. */
static void add_members(struct incidents *s, struct incident *i, const struct incident_fact *f)
{
	struct scan c = scan_of(slice_of(f->members != NULL ? f->members : ""));
	bool moved = false;

	for (;;) {
		struct incident_member m = { .since_wall_ms = f->wall_ms, .drops = 1, .before = COUNT_UNKNOWN }, *own;
		struct incident *in = NULL;

		if (!member_line(&c, &m))
			break;
		own = incident_place_find(s, m.router, m.vrf, m.neighbor, &in);
		if (own == NULL) {
			incident_member_add(s, i, &m);
		} else if (in != i && in->provisional && in->formed == 0) {
			m = *own;
			own->router[0] = '\0';
			incident_member_add(s, i, &m);
			moved = true;
		}
	}
	for (size_t k = s->count; moved && k-- > 0;) {
		struct incident *in = s->all[k];

		if (!in->provisional || in->formed != 0 || !incident_is_open(in))
			continue;
		drop_marked(in);
		if (in->count == 0) {
			incident_became(s, in->id, i->id);
			incident_drop(s, in);
		}
	}
	if (moved)
		incident_places_rebuild(s);
	incident_recount(i);
}

static struct incident *own_like(struct incidents *s, const struct incident_fact *f)
{
	for (size_t k = 0; k < s->count; k++) {
		struct incident *own = s->all[k];
		int64_t apart = own->opened_wall_ms - f->wall_ms;

		if (incident_is_open(own) && !own->shared && own->by == f->by && strcmp(own->key, f->key) == 0 &&
		    apart < SAME_THING_MS && apart > -SAME_THING_MS)
			return own;
	}
	return NULL;
}

/* What another console tells is ours too, under one name: the first that was told.  What is formed here is known better
 * here, and read back it changes nothing. */
static void take_open(struct incidents *s, const struct incident_fact *f)
{
	struct incident *i = incident_named(s, f->id);

	if (i == NULL)
		i = own_like(s, f);
	if (i == NULL) {
		i = incident_add(s, f->by, f->key, f->wall_ms);
		i->settled = true;
	}
	if (i->formed == 0) {
		i->by = f->by;
		cut(i->key, sizeof(i->key), f->key);
		i->whole = f->whole;
		i->provisional = f->provisional;
		i->opened_wall_ms = f->wall_ms;
	}
	if (strcmp(i->id, f->id) != 0)
		incident_became(s, i->id, f->id);
	cut(i->id, sizeof(i->id), f->id);
	i->shared = true;
	if (i->formed == 0 || i->settled)
		add_members(s, i, f);
	incident_touch(s, i);
	if (i->count == 0 && incident_is_open(i))
		incident_drop(s, i); /* all of it is in others already */
}

static void merge(struct incidents *s, struct incident *i, const struct incident_fact *f)
{
	struct incident *to = incident_named(s, f->words);
	char words[160];

	if (to == NULL || to == i || !incident_is_open(to))
		return;
	for (size_t k = 0; k < i->count; k++)
		incident_member_add(s, to, &i->members[k]); /* whose places are then the other's */
	if (to->by != i->by || strcmp(to->key, i->key) != 0)
		to->by = GROUP_NONE; /* what the one shared is not true of the other's sessions */
	snprintf(words, sizeof(words), "took in %s", i->id);
	add_note(to, f, words);
	to->settled = true;
	snprintf(i->merged_into, sizeof(i->merged_into), "%s", to->id);
	snprintf(words, sizeof(words), "merged into %s", to->id);
	incident_recount(to);
	incident_touch(s, to);
	incident_close(s, i, f->who, words, f->wall_ms);
}

static void split(struct incidents *s, struct incident *i, const struct incident_fact *f)
{
	struct scan c = scan_of(slice_of(f->words));
	struct incident_member m = { 0 };
	struct incident *to = NULL;

	if (f->other[0] == '\0' || incident_named(s, f->other) != NULL)
		return;
	while (member_line(&c, &m)) {
		struct incident *in = NULL;
		struct incident_member *own = incident_place_find(s, m.router, m.vrf, m.neighbor, &in);

		if (own == NULL || in != i)
			continue;
		if (to == NULL) {
			to = incident_add(s, GROUP_NONE, i->key, f->wall_ms);
			cut(to->id, sizeof(to->id), f->other);
			to->settled = to->shared = true;
			to->whole = 1;
		}
		m = *own;
		own->router[0] = '\0';
		incident_member_add(s, to, &m);
	}
	if (to == NULL)
		return;
	drop_marked(i);
	i->settled = true;
	add_note(to, f, "split off");
	incident_places_rebuild(s);
	incident_recount(to);
	incident_recount(i);
	incident_touch(s, i);
}

void incidents_fact(struct incidents *s, const struct incident_fact *f)
{
	struct incident *i = incident_named(s, f->id);

	if (f->op == INCIDENT_OPEN) {
		take_open(s, f);
		return;
	}
	if (i == NULL || (!incident_is_open(i) && f->op != INCIDENT_NOTE && f->op != INCIDENT_NAME))
		return;
	switch (f->op) {
	case INCIDENT_ACK:
		if (i->acked_wall_ms != 0)
			return;
		i->acked_wall_ms = f->wall_ms;
		cut(i->acked_by, sizeof(i->acked_by), f->who);
		break;
	case INCIDENT_NAME:
		cut(i->name, sizeof(i->name), f->words);
		break;
	case INCIDENT_NOTE:
		add_note(i, f, f->words);
		break;
	case INCIDENT_ASSIGN:
		cut(i->owner, sizeof(i->owner), f->words);
		break;
	case INCIDENT_MERGE:
		merge(s, i, f);
		return;
	case INCIDENT_SPLIT:
		split(s, i, f);
		return;
	case INCIDENT_CLOSE:
		i->settled = i->shared = true;
		incident_close(s, i, f->who, f->words, f->wall_ms);
		return;
	default:
		return;
	}
	i->settled = true; /* somebody works on it: it is not formed anew under their hands */
	incident_touch(s, i);
}

/* ---- telling ---- */

static void members_as_lines(struct incidents *s, const struct incident *i)
{
	str_clear(&s->told_members);
	for (size_t k = 0; k < i->count; k++) {
		const struct incident_member *m = &i->members[k];
		const char *family = afi_safi_word(m->family);

		str_addf(&s->told_members, "%s\t%s\t%s\t%u\t%s\t", m->router, m->vrf, m->neighbor, m->asn, what_words[m->what]);
		if (m->before != COUNT_UNKNOWN)
			str_addf(&s->told_members, "%" PRId64 "\t%s", m->before, m->of_accepted ? "accepted" : "received");
		else
			str_puts(&s->told_members, "\t");
		str_addf(&s->told_members, "\t%s\t%s\n", family != NULL ? family : "", k < WORDS_MOST ? m->words : "");
	}
}

void incidents_share(struct incidents *s, const char *id)
{
	struct incident *i = incident_named(s, id);

	if (i != NULL)
		i->settled = true;
}

/* Changes with what others are told of it. */
static uint64_t shape_of(const struct incident *i)
{
	uint64_t h = 14695981039346656037u;

	for (const char *p = i->key; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 1099511628211u;
	h = (h ^ (uint64_t)i->by) * 1099511628211u;
	h = (h ^ i->count) * 1099511628211u;
	return (h ^ i->whole) * 1099511628211u;
}

/* While it forms, only what has been calm for a while: then whoever asks from elsewhere does not hear that nothing is. */
static bool is_to_tell(const struct incidents *s, const struct incident *i)
{
	if (!i->settled && (!incident_is_open(i) || s->now_boot_ms - i->changed_boot_ms < CALM_MS))
		return false;
	return !i->shared || (i->provisional && i->formed != 0 && (i->settled || shape_of(i) != i->told_shape));
}

const struct incident_fact *incidents_untold(struct incidents *s)
{
	for (size_t k = 0; k < s->count; k++) {
		struct incident *i = s->all[k];

		if (is_to_tell(s, i)) {
			i->shared = true;
			i->provisional = !i->settled;
			i->told_shape = shape_of(i);
			members_as_lines(s, i);
			s->told = (struct incident_fact){ .op = INCIDENT_OPEN, .id = i->id, .who = "", .words = "", .other = "",
				.wall_ms = i->opened_wall_ms, .by = i->by, .key = i->key, .whole = i->whole, .provisional = i->provisional,
				.members = s->told_members.p };
			return &s->told;
		}
		if (i->shared && !i->told_closed && !incident_is_open(i)) {
			i->told_closed = true;
			if (i->closed_by[0] != '\0')
				continue; /* by somebody: that is how we know */
			s->told = (struct incident_fact){ .op = INCIDENT_CLOSE, .id = i->id, .who = "",
				.words = i->closed_words, .other = "", .wall_ms = i->closed_wall_ms };
			return &s->told;
		}
	}
	return NULL;
}

/* ---- words ---- */

static const char *guess(const struct incident *i)
{
	switch (i->by) {
	case GROUP_EXCHANGE:
	case GROUP_LAN:
		return "the fabric or our port";
	case GROUP_FACILITY:
		return "power or cabling there";
	case GROUP_INTERFACE:
		return "the port or what it is plugged into";
	case GROUP_ROUTER:
		return "the router itself";
	case GROUP_ASN:
		return "most likely the network itself";
	default:
		return NULL;
	}
}

static const char *matter(const struct incident *i)
{
	size_t lost = 0;

	for (size_t k = 0; k < i->count; k++)
		lost += i->members[k].what == INCIDENT_PREFIXES;
	return lost == 0 ? "" : lost == i->count ? " lost prefixes" : " fell or lost prefixes";
}

static const char *where_word(enum group_by by)
{
	static const char *const words[GROUP_BYS] = { [GROUP_EXCHANGE] = "on exchange", [GROUP_LAN] = "in",
		[GROUP_FACILITY] = "in facility", [GROUP_INTERFACE] = "on our port", [GROUP_ROUTER] = "of router",
		[GROUP_ASN] = "with", [GROUP_NONE] = "of" };

	return words[by];
}

static void group_words(const struct incident *i, struct str *out)
{
	str_addf(out, "%zu", i->count);
	if (i->whole > 0) /* else nobody has written down of how many */
		str_addf(out, " of %zu", i->whole > i->count ? i->whole : i->count);
	str_addf(out, " sessions %s %s%s: %s", where_word(i->by), i->key, matter(i), guess(i));
}

/* The event begins with what the sentence says already. */
static const char *without_lead(const char *words)
{
	static const char *const leads[] = { "cannot be read: ", "lost: " };

	for (size_t k = 0; k < ARRAY_LEN(leads); k++)
		if (strncmp(words, leads[k], strlen(leads[k])) == 0)
			return words + strlen(leads[k]);
	return words;
}

/* Of sessions that somebody parted or merged. */
static asn_t shared_asn(const struct incident *i)
{
	for (size_t k = 1; k < i->count; k++)
		if (i->members[k].asn != i->members[0].asn)
			return ASN_UNKNOWN;
	return i->count > 0 ? i->members[0].asn : ASN_UNKNOWN;
}

void incident_words(const struct incident *i, struct str *out)
{
	if (i->count > 0 && i->members[0].what == INCIDENT_LOST && i->by == GROUP_ROUTER) {
		str_addf(out, "router %s cannot be read: %s", i->key, without_lead(i->members[0].words));
		return;
	}
	if (i->by == GROUP_NONE && i->count == 1) {
		str_addf(out, "%s: %s", i->key, i->members[0].words);
		if (i->members[0].drops > 1)
			str_addf(out, "; fell %u times", i->members[0].drops);
		return;
	}
	if (i->by == GROUP_NONE) {
		str_addf(out, "%zu sessions", i->count);
		if (shared_asn(i) != ASN_UNKNOWN)
			str_addf(out, " with AS%u", shared_asn(i));
		str_puts(out, matter(i));
	} else {
		group_words(i, out);
	}
	if (i->down < i->count)
		str_addf(out, "; %zu back", i->count - i->down);
}
