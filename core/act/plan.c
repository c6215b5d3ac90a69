/* The plan as an object: joining the parts, blast radius, digest; see plan.h. */
#include "core/act/plan.h"
#include "core/act/id.h"
#include "core/base/clock.h"
#include "core/base/sha256.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void plan_part_free(struct plan_part *p)
{
	if (p == NULL)
		return;
	arena_free(p->arena);
	free(p);
}

struct plan *plan_new(enum verb verb, const char *reason, const char *ticket, const char *message)
{
	struct plan *p = MEM_NEW(struct plan);

	p->arena = arena_new();
	p->verb = verb;
	p->reason = arena_strdup(p->arena, reason == NULL ? "" : reason);
	p->ticket = arena_strdup(p->arena, ticket == NULL ? "" : ticket);
	p->message = arena_strdup(p->arena, message == NULL ? "" : message);
	p->scope = p->scope_name = p->scope_note = "";
	p->then = "";
	act_id_new(p->id);
	atomic_init(&p->stop, false);
	atomic_init(&p->refs, 1);
	return p;
}

void plan_until(struct plan *p, int64_t until_wall_ms)
{
	p->until_wall_ms = until_wall_ms;
	p->until_boot_ms = clock_boot_ms() + (until_wall_ms - clock_wall_ms());
}

void plan_then(struct plan *p, const char *text)
{
	p->then = arena_strdup(p->arena, text);
}

void plan_op(struct plan *p, const char *op)
{
	snprintf(p->op, sizeof(p->op), "%s", op);
}

void plan_set_scope(struct plan *p, const char *words, const char *name)
{
	p->scope = arena_strdup(p->arena, words == NULL ? "" : words);
	p->scope_name = arena_strdup(p->arena, name == NULL ? "" : name);
}

void plan_scope_note(struct plan *p, const char *text)
{
	p->scope_note = arena_strdup(p->arena, text);
}

void plan_set_lasting(struct plan *p)
{
	p->lasting = true;
}

void plan_warn(struct plan *p, const char *fmt, ...)
{
	char words[500];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	MEM_GROW(p->warnings, p->warning_cap, p->warning_count + 1);
	p->warnings[p->warning_count++] = arena_strdup(p->arena, words);
}

void plan_traffic(struct plan *p, const char *fmt, ...)
{
	char words[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	MEM_GROW(p->traffic, p->traffic_cap, p->traffic_count + 1);
	p->traffic[p->traffic_count++] = arena_strdup(p->arena, words);
}

void plan_join(struct plan *p, struct plan_part *part)
{
	p->parts = mem_realloc(p->parts, p->part_count + 1, sizeof(*p->parts));
	p->parts[p->part_count++] = part;
}

struct plan *plan_ref(struct plan *p)
{
	atomic_fetch_add(&p->refs, 1);
	return p;
}

void plan_unref(struct plan *p)
{
	if (p == NULL || atomic_fetch_sub(&p->refs, 1) != 1)
		return;
	for (size_t i = 0; i < p->part_count; i++)
		plan_part_free(p->parts[i]);
	free(p->parts);
	free(p->warnings);
	free(p->traffic);
	arena_free(p->arena);
	free(p);
}

void plan_stop(struct plan *p)
{
	atomic_store(&p->stop, true);
}

size_t plan_todo(const struct plan *p, const char *router)
{
	size_t n = 0;

	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].skip == NULL && (router == NULL || strcmp(p->items[i].router, router) == 0))
			n++;
	return n;
}

static void digest_number(struct sha256 *h, uint64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)v);
	sha256_add_field(h, text);
}

static void digest_steps(struct sha256 *h, const struct step *s, size_t n)
{
	digest_number(h, n);
	for (size_t i = 0; i < n; i++) {
		digest_number(h, (uint64_t)s[i].kind);
		sha256_add_field(h, s[i].path);
		sha256_add_field(h, s[i].line);
		sha256_add_field(h, s[i].expect);
		if (s[i].question != NULL) {
			sha256_add_field(h, s[i].question);
			sha256_add_field(h, s[i].reply);
		}
		digest_number(h, s[i].ms);
		digest_number(h, s[i].leave);
		digest_number(h, s[i].needs);
		if (s[i].rescue)
			sha256_add_field(h, "rescue");
	}
}

void plan_item_digest(const struct plan_item *i, char out[PLAN_DIGEST_LEN])
{
	struct sha256 *h = sha256_new();

	sha256_add_field(h, i->router);
	sha256_add_field(h, i->vrf);
	sha256_add_field(h, i->neighbor);
	sha256_add_field(h, verb_info(i->verb)->name);
	sha256_add_field(h, i->skip);
	for (size_t k = 0; k < i->prefixes.count; k++) {
		char text[PREFIX_STRLEN];

		sha256_add_field(h, prefix_print(&i->prefixes.p[k], text));
	}
	digest_steps(h, i->apply, i->apply_count);
	digest_steps(h, i->confirm, i->confirm_count);
	digest_steps(h, i->undo, i->undo_count);
	sha256_add_field(h, i->saved);
	sha256_add_field(h, i->touched);
	digest_number(h, (uint64_t)i->proof);
	sha256_add_field(h, i->check);
	sha256_add_field(h, i->check_match);
	if (i->prepare_only != NULL)
		sha256_add_field(h, "prepare only");
	sha256_end(h, out);
}

/* Order: by router in the order of joining, then as asked for.  Scope, reason and ticket are part of what is approved. */
static void plan_digest(const struct plan *p, char out[PLAN_DIGEST_LEN])
{
	struct sha256 *h = sha256_new();
	char one[PLAN_DIGEST_LEN];

	sha256_add_field(h, verb_info(p->verb)->name);
	sha256_add_field(h, p->reason);
	sha256_add_field(h, p->ticket);
	sha256_add_field(h, p->message);
	if (p->until_wall_ms != 0) {
		sha256_add_field(h, "until");
		digest_number(h, (uint64_t)p->until_wall_ms);
	}
	sha256_add_field(h, p->scope);
	digest_number(h, p->lasting);
	if (p->then[0] != '\0')
		sha256_add_field(h, p->then);
	for (size_t i = 0; i < p->count; i++) {
		plan_item_digest(&p->items[i], one);
		sha256_add_field(h, one);
	}
	sha256_end(h, out);
}

int plan_confirm(const struct plan *p, const char *digest, struct err *e)
{
	char now[PLAN_DIGEST_LEN];
	int64_t age_s = (clock_boot_ms() - p->made_boot_ms) / 1000;

	if (!p->sealed)
		return err_set(e, ERR_REFUSED, "the plan is not complete");
	plan_digest(p, now);
	if (strcmp(now, p->digest) != 0 || strcmp(now, digest) != 0)
		return err_set(e, ERR_REFUSED, "the confirmation is for another plan (%.12s, this one is %.12s)",
		    digest, now);
	if (age_s > PLAN_LIFE_S)
		return err_set(e, ERR_REFUSED, "the plan is %lld s old and lapsed after %d s: plan again",
		    (long long)age_s, PLAN_LIFE_S);
	return 0;
}

void plan_seal(struct plan *p, const struct plan_seen *seen, size_t seen_count)
{
	struct plan_item *all;
	size_t total = 0;

	for (size_t i = 0; i < p->part_count; i++)
		total += p->parts[i]->count;
	all = arena_alloc(p->arena, (total + 1) * sizeof(*all));
	p->items = all;
	for (size_t i = 0; i < p->part_count; i++) {
		memcpy(&all[p->count], p->parts[i]->items, p->parts[i]->count * sizeof(*all));
		p->count += p->parts[i]->count;
	}
	p->skipped = p->count - plan_todo(p, NULL);
	plan_impact(p, seen, seen_count);
	p->made_boot_ms = clock_boot_ms();
	p->sealed = true;
	plan_digest(p, p->digest);
}
