/* Records of a simulated router; see state.h. */
#include "tests/sim/state.h"
#include "core/base/mem.h"
#include "tests/sim/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct field *find_field(const struct record *r, const char *name)
{
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->fields[i].name, name) == 0)
			return &r->fields[i];
	return NULL;
}

const char *record_get(const struct record *r, const char *name)
{
	const struct field *f = find_field(r, name);

	return f != NULL ? f->value : "";
}

void record_set(struct record *r, const char *name, const char *value)
{
	struct field *f = find_field(r, name);
	char *copy = mem_strdup(value);

	if (f == NULL) {
		MEM_GROW(r->fields, r->cap, r->count + 1);
		f = &r->fields[r->count++];
		*f = (struct field){ .name = mem_strdup(name) };
	}
	free(f->value);
	f->value = copy;
}

static void record_fini(struct record *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free(r->fields[i].name);
		free(r->fields[i].value);
	}
	free(r->fields);
	free(r->kind);
}

struct record *state_add(struct state *s, const char *kind)
{
	MEM_GROW(s->records, s->cap, s->count + 1);
	s->records[s->count] = (struct record){ .kind = mem_strdup(kind) };
	return &s->records[s->count++];
}

void state_remove(struct state *s, struct record *r)
{
	size_t at = (size_t)(r - s->records);

	record_fini(r);
	memmove(r, r + 1, (s->count - at - 1) * sizeof(*r));
	s->count--;
}

struct record *state_find(const struct state *s, const char *kind, const char *name, const char *value)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->records[i].kind, kind) == 0 && strcmp(record_get(&s->records[i], name), value) == 0)
			return &s->records[i];
	return NULL;
}

struct state *state_copy(const struct state *s)
{
	struct state *n = MEM_NEW(struct state);

	*n = *s;
	n->records = NULL;
	n->count = n->cap = 0;
	for (size_t i = 0; i < s->count; i++) {
		struct record *r = state_add(n, s->records[i].kind);

		for (size_t k = 0; k < s->records[i].count; k++)
			record_set(r, s->records[i].fields[k].name, s->records[i].fields[k].value);
	}
	return n;
}

void state_free(struct state *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->count; i++)
		record_fini(&s->records[i]);
	free(s->records);
	free(s);
}

bool state_read_line(struct state *s, const char *line)
{
	struct words w;
	struct record *r;
	bool ok = true;

	words_cut(&w, line);
	if (w.count > 0 && w.word[0][0] != '#') {
		r = state_add(s, w.word[0]);
		for (size_t i = 1; i < w.count && ok; i++) {
			char *eq = strchr(w.word[i], '=');

			ok = eq != NULL;
			if (ok) {
				*eq = '\0';
				record_set(r, w.word[i], eq + 1);
			}
		}
	}
	words_fini(&w);
	return ok;
}

void state_print(const struct state *s, struct str *out)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct record *r = &s->records[i];

		str_puts(out, r->kind);
		for (size_t k = 0; k < r->count; k++)
			if (strcmp(r->fields[k].name, "changed_ms") != 0)
				str_addf(out, " %s=\"%s\"", r->fields[k].name, r->fields[k].value);
		str_putc(out, '\n');
	}
}

static int64_t changed(const struct record *r)
{
	return strtoll(record_get(r, "changed_ms"), NULL, 10);
}

static const char *session_state(const struct record *r, const struct state *s, int64_t now_ms)
{
	const char *target = record_get(r, "target");

	if (strcmp(record_get(r, "admin"), "down") == 0)
		return "Idle";
	if (now_ms < changed(r) + s->delay_ms)
		return "Active";
	return *target != '\0' ? target : "Established";
}

const char *state_value(const struct record *r, const struct state *s, const char *name, int64_t now_ms,
    char buf[32])
{
	static const char *const counters[][2] = { { "received", "routes_in" }, { "accepted", "routes_kept" },
		{ "advertised", "routes_out" } };
	bool up;

	if (strcmp(r->kind, "neighbor") != 0)
		return record_get(r, name);
	up = strcmp(session_state(r, s, now_ms), "Established") == 0;
	if (strcmp(name, "state") == 0)
		return session_state(r, s, now_ms);
	if (strcmp(name, "since_s") == 0) {
		int64_t base = strtoll(record_get(r, "up_s"), NULL, 10);

		snprintf(buf, 32, "%lld", (long long)(base + (now_ms - changed(r)) / 1000));
		return buf;
	}
	for (size_t i = 0; i < ARRAY_LEN(counters); i++)
		if (strcmp(name, counters[i][0]) == 0) {
			if (!up || (i == 2 && strcmp(record_get(r, "denied"), "yes") == 0))
				return "0";
			return record_get(r, counters[i][1]);
		}
	return record_get(r, name);
}

void state_reset(const struct state *s, struct record *r, int64_t now_ms)
{
	char buf[32];

	snprintf(buf, sizeof(buf), "%lld", (long long)now_ms);
	record_set(r, "changed_ms", buf);
	record_set(r, "up_s", "0");
	state_refresh(s, r);
}

static bool policy_denies(const struct state *s, const char *name)
{
	const struct record *p = state_find(s, "policy", "name", name);

	if (p == NULL)
		return s->undefined_denies;
	return strcmp(record_get(p, "denies"), "yes") == 0 && strcmp(record_get(p, "active"), "no") != 0;
}

void state_refresh(const struct state *s, struct record *r)
{
	const char *slots = record_get(r, "slots");
	struct words fields, names;
	bool denied = false, any = false;

	words_cut(&fields, *slots != '\0' ? slots : "plist policy");
	for (size_t i = 0; i < fields.count; i++) {
		words_cut(&names, record_get(r, fields.word[i]));
		for (size_t k = 0; k < names.count; k++) {
			any = true;
			denied |= policy_denies(s, names.word[k]);
		}
		words_fini(&names);
	}
	words_fini(&fields);
	record_set(r, "denied", denied || (!any && s->none_denies) ? "yes" : "no");
}
