/* Open intents as a replay of the journal; see claim.h. */
#include "core/act/claim.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct open_claim {
	struct claim c;
	struct arena *arena;
	bool given_up;
};
struct claims {
	struct open_claim *open;
	size_t count, cap;
	struct process self;
};

struct claims *claims_new(void)
{
	struct claims *c = MEM_NEW(struct claims);

	process_self(&c->self);
	return c;
}

static void drop(struct claims *c, size_t at)
{
	arena_free(c->open[at].arena);
	memmove(&c->open[at], &c->open[at + 1], (c->count - at - 1) * sizeof(*c->open));
	c->count--;
}

void claims_free(struct claims *c)
{
	if (c == NULL)
		return;
	while (c->count > 0)
		drop(c, c->count - 1);
	free(c->open);
	free(c);
}

static const char *const proof_words[] = {
    [PROOF_ADMIN_DOWN] = "admin-down",
    [PROOF_ADMIN_UP] = "admin-up",
    [PROOF_NOTHING_SENT] = "nothing-sent",
    [PROOF_SENT_AGAIN] = "sent-again",
    [PROOF_STILL_UP] = "still-up",
    [PROOF_NOT_UP] = "not-up",
    [PROOF_SHOWN] = "shown",
    [PROOF_TEXT] = "text",
    [PROOF_PREFIXES_GONE] = "prefixes-gone",
    [PROOF_PREFIXES_BACK] = "prefixes-back",
};

const char *claim_proof_word(enum proof_kind p)
{
	return (size_t)p < ARRAY_LEN(proof_words) ? proof_words[p] : "";
}

bool claim_proof_parse(const char *word, enum proof_kind *p)
{
	for (size_t i = 0; i < ARRAY_LEN(proof_words); i++)
		if (proof_words[i] != NULL && strcmp(proof_words[i], word) == 0) {
			*p = (enum proof_kind)i;
			return true;
		}
	return false;
}

const struct claim *claim_copy(struct arena *a, const struct claim *from)
{
	struct claim *c = arena_alloc(a, sizeof(*c));
	const char **texts[] = { &c->id, &c->plan, &c->digest, &c->op, &c->router, &c->vrf, &c->neighbor, &c->handle,
		&c->network, &c->reason, &c->ticket, &c->message, &c->touched, &c->saved, &c->login, &c->name, &c->host,
		&c->before.check, &c->before.check_match };

	*c = *from;
	c->prefixes = chosen_copy(a, from->prefixes);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = arena_strdup(a, *texts[i]);
	return c;
}

static const char *get(const json_t *rec, const char *key)
{
	const char *s = json_string_value(json_object_get(rec, key));

	return s == NULL ? "" : s;
}

static int64_t get_int(const json_t *rec, const char *key, int64_t otherwise)
{
	const json_t *v = json_object_get(rec, key);

	return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

static enum tri get_tri(const json_t *rec, const char *key)
{
	const char *s = get(rec, key);

	return strcmp(s, "yes") == 0 ? TRI_YES : strcmp(s, "no") == 0 ? TRI_NO : TRI_UNKNOWN;
}

static struct claim_before read_state(const json_t *s, const struct journal_entry *e)
{
	struct claim_before b = {
	    .check = get(s, "check"),
	    .check_match = get(s, "check_match"),
	    .established = json_is_true(json_object_get(s, "established")),
	    .nothing_to_send = json_is_true(json_object_get(s, "nothing_to_send")),
	    .trial = json_is_true(json_object_get(s, "trial")),
	    .admin_down = get_tri(s, "admin_down"),
	    .received = get_int(e->rec, "received", COUNT_UNKNOWN),
	    .advertised = e->advertised,
	    .former_advertised = get_int(s, "former_advertised", COUNT_UNKNOWN),
	    .others = get_int(s, "others", COUNT_UNKNOWN),
	    .flaps = get_int(s, "flaps", COUNT_UNKNOWN),
	    .since_s = get_int(s, "since_s", -1),
	    .taken_boot_ms = get_int(s, "boot_ms", 0),
	    .taken_wall_ms = get_int(s, "wall_ms", e->wall_ms),
	    .deadline_s = (unsigned)get_int(s, "deadline_s", 15),
	};

	b.told = s != NULL && claim_proof_parse(get(s, "proof"), &b.proof);
	return b;
}

/* What an intent claims; its strings live as long as the entry. */
static bool read_claim(const struct journal_entry *e, struct claim *c)
{
	const json_t *who = json_object_get(e->rec, "who"), *state = json_object_get(e->rec, "state");
	enum verb verb;

	if (strcmp(e->kind, "intent") != 0 || !verb_parse(e->verb, &verb))
		return false;
	*c = (struct claim){
	    .id = e->id, .plan = e->plan, .digest = e->digest, .op = e->op, .verb = verb, .router = e->router,
	    .vrf = e->vrf, .neighbor = e->neighbor, .handle = e->handle, .network = e->network,
	    .remote_as = e->remote_as, .reason = e->reason, .ticket = e->ticket, .message = e->message,
	    .touched = get(e->rec, "before"), .saved = e->saved, .login = e->login, .name = e->name, .host = e->host,
	    .wall_ms = e->wall_ms,
	    .owner = { .pid = (pid_t)get_int(who, "pid", 0), .start = (uint64_t)get_int(who, "start", 0) },
	    .owner_told = get(who, "boot")[0] != '\0',
	    .before = read_state(state, e),
	};
	snprintf(c->owner.boot, sizeof(c->owner.boot), "%s", get(who, "boot"));
	return true;
}

static void open_intent(struct claims *c, const struct journal_entry *e)
{
	struct arena *arena = arena_new();
	struct claim read;

	if (!read_claim(e, &read)) {
		arena_free(arena);
		return;
	}
	read.prefixes = entry_prefixes(e, arena);
	MEM_GROW(c->open, c->cap, c->count + 1);
	c->open[c->count++] = (struct open_claim){ .c = *claim_copy(arena, &read), .arena = arena };
}

void claims_take(struct claims *c, const struct journal_entry *e)
{
	if (strcmp(e->kind, "intent") == 0) {
		open_intent(c, e);
		return;
	}
	if (strcmp(e->kind, "outcome") != 0)
		return;
	for (size_t i = c->count; i > 0; i--)
		if (strcmp(c->open[i - 1].c.id, e->id) == 0)
			drop(c, i - 1);
}

size_t claims_count(const struct claims *c)
{
	return c->count;
}

const struct claim *claims_at(const struct claims *c, size_t i)
{
	return i < c->count ? &c->open[i].c : NULL;
}

const struct claim *claims_find(const struct claims *c, const char *id)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->open[i].c.id, id) == 0)
			return &c->open[i].c;
	return NULL;
}

const struct claim *claims_on(const struct claims *c, const char *router, const char *vrf, const char *neighbor)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct claim *one = &c->open[i].c;

		if (strcmp(one->router, router) == 0 && strcmp(one->vrf, vrf) == 0 &&
		    strcmp(one->neighbor, neighbor) == 0)
			return one;
	}
	return NULL;
}

void claims_give_up(struct claims *c, const char *id)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->open[i].c.id, id) == 0)
			c->open[i].given_up = true;
}

enum claim_life claims_life(const struct claims *c, const struct claim *one)
{
	for (size_t i = 0; i < c->count; i++)
		if (&c->open[i].c == one && c->open[i].given_up)
			return CLAIM_LEFT;
	if (!one->owner_told)
		return CLAIM_LEFT;
	if (process_same(&one->owner, &c->self))
		return CLAIM_OURS;
	return process_alive(&one->owner) ? CLAIM_LIVE : CLAIM_LEFT;
}

void claim_words(struct str *out, const struct claim *c, enum claim_life life)
{
	char iso[CLOCK_ISO_LEN];

	clock_iso(c->wall_ms, iso);
	if (life == CLAIM_LEFT)
		str_addf(out, "the %s of %s%s%s by %s, begun %s, has no outcome yet: the router is read first to settle it",
		    verb_info(c->verb)->name, c->neighbor, c->vrf[0] != '\0' ? " vrf " : "", c->vrf,
		    c->name[0] != '\0' ? c->name : c->login, iso);
	else
		str_addf(out, "%s is acting on %s %s%s%s (%s) since %.8s UTC", c->name[0] != '\0' ? c->name : c->login,
		    c->router, c->neighbor, c->vrf[0] != '\0' ? " vrf " : "", c->vrf, verb_info(c->verb)->name, iso + 11);
}
