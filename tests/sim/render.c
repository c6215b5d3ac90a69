/* Filling templates; see render.h. */
#include "tests/sim/render.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_LEN = 40 };

/* ---- forms of a duration in seconds ---- */

static void form_cisco(struct str *o, long long s)
{
	if (s < 86400)
		str_addf(o, "%02lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
	else if (s < 604800)
		str_addf(o, "%lldd%02lldh", s / 86400, s / 3600 % 24);
	else
		str_addf(o, "%lldw%lldd", s / 604800, s / 86400 % 7);
}

static void form_iso(struct str *o, long long s)
{
	str_addf(o, "P%lldDT%lldH%lldM%lldS", s / 86400, s / 3600 % 24, s / 60 % 60, s % 60);
}

static void form_vrp(struct str *o, long long s)
{
	if (s < 86400)
		str_addf(o, "%02lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
	else
		str_addf(o, "%04lldh%02lldm", s / 3600, s / 60 % 60);
}

static void form_vrp_long(struct str *o, long long s)
{
	str_addf(o, "%02lldh%02lldm%02llds", s / 3600, s / 60 % 60, s % 60);
}

static void form_sros(struct str *o, long long s)
{
	str_addf(o, "%02lldd%02lldh%02lldm", s / 86400, s / 3600 % 24, s / 60 % 60);
}

static void form_routeros(struct str *o, long long s)
{
	if (s >= 86400)
		str_addf(o, "%lldd", s / 86400);
	str_addf(o, "%lldh%lldm%llds", s / 3600 % 24, s / 60 % 60, s % 60);
}

static void form_junos(struct str *o, long long s)
{
	if (s >= 604800)
		str_addf(o, "%lldw%lldd ", s / 604800, s / 86400 % 7);
	else if (s >= 86400)
		str_addf(o, "%lldd ", s / 86400);
	str_addf(o, "%lld:%02lld:%02lld", s / 3600 % 24, s / 60 % 60, s % 60);
}

static void form_epoch(struct str *o, long long s)
{
	str_addf(o, "%lld", (long long)(clock_wall_ms() / 1000) - s);
}

static void form_utc(struct str *o, long long s)
{
	char iso[CLOCK_ISO_LEN];

	str_puts(o, clock_iso(clock_wall_ms() - s * 1000, iso));
}

static void form_ms(struct str *o, long long s)
{
	str_addf(o, "%lld", s * 1000);
}

static const struct {
	const char *name;
	void (*put)(struct str *o, long long seconds);
} times[] = { { "cisco", form_cisco }, { "iso", form_iso }, { "vrp", form_vrp }, { "vrplong", form_vrp_long },
	{ "sros", form_sros }, { "routeros", form_routeros }, { "junos", form_junos }, { "epoch", form_epoch },
	{ "utc", form_utc }, { "ms", form_ms } };

/* A list of names: without brackets and quotes, or each in quotes. */
static bool put_list(struct str *o, const char *form, const char *value)
{
	bool quoted = strcmp(form, "quoted") == 0;
	struct words w;

	if (!quoted && strcmp(form, "bare") != 0)
		return false;
	words_cut(&w, value);
	for (size_t i = 0; i < w.count; i++) {
		char *word = w.word[i] + strspn(w.word[i], "[");

		word[strcspn(word, "]")] = '\0';
		if (*word != '\0')
			str_addf(o, "%s%s%s%s", o->len > 0 ? " " : "", quoted ? "\"" : "", word, quoted ? "\"" : "");
	}
	words_fini(&w);
	return true;
}

static void put_form(struct str *o, const char *form, const char *value)
{
	for (size_t i = 0; i < ARRAY_LEN(times); i++)
		if (strcmp(times[i].name, form) == 0) {
			times[i].put(o, strtoll(value, NULL, 10));
			return;
		}
	if (put_list(o, form, value))
		return;
	for (const char *p = value; *p != '\0'; p++) /* lower, upper */
		str_putc(o, strcmp(form, "lower") == 0 && *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) :
		    strcmp(form, "upper") == 0 && *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p);
}

/* ---- names ---- */

static bool has_field(const struct record *r, const char *name)
{
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->fields[i].name, name) == 0)
			return true;
	return false;
}

static const char *value_of(const struct scene *s, const char *name, char buf[32])
{
	const char *v;

	if (s->on != NULL) {
		v = state_value(s->on, s->state, name, s->now_ms, buf);
		if (*v != '\0' || has_field(s->on, name))
			return v;
	}
	return record_get(s->vars, name);
}

/* "{name:-15/form}" at p; its length, 0 when it is none. */
static size_t expression(const char *p, char name[NAME_MAX_LEN], int *width, char form[NAME_MAX_LEN])
{
	size_t n = strcspn(p, "}"), i = 1, k;

	name[0] = form[0] = '\0';
	*width = 0;
	if (p[n] == '\0' || n > NAME_MAX_LEN || n < 2)
		return 0;
	k = strspn(p + i, "abcdefghijklmnopqrstuvwxyz_0123456789.");
	if (k == 0 || k >= NAME_MAX_LEN)
		return 0;
	memcpy(name, p + i, k);
	name[k] = '\0';
	i += k;
	if (p[i] == '/') {
		k = strspn(p + i + 1, "abcdefghijklmnopqrstuvwxyz");
		memcpy(form, p + i + 1, k);
		form[k] = '\0';
		i += k + 1;
	}
	if (p[i] == ':') {
		char *end;

		*width = (int)strtol(p + i + 1, &end, 10);
		i = (size_t)(end - p);
	}
	return i == n ? n + 1 : 0;
}

void render_text(const struct scene *s, const char *text, struct str *out)
{
	char name[NAME_MAX_LEN], form[NAME_MAX_LEN], buf[32];
	struct str value;
	int width;

	str_init(&value, 0);
	while (*text != '\0') {
		size_t n = *text == '{' ? expression(text, name, &width, form) : 0;

		if (strncmp(text, "{,}", 3) == 0) {
			str_puts(out, s->last ? "" : ",");
			text += 3;
		} else if (n > 0) {
			str_clear(&value);
			put_form(&value, form, value_of(s, name, buf));
			str_addf(out, "%*s", width, value.p);
			text += n;
		} else {
			str_putc(out, *text++);
		}
	}
	str_fini(&value);
}

/* ---- conditions ---- */

static bool fits_one(const struct scene *s, const struct record *r, const char *cond)
{
	struct scene inner = *s;
	const char *eq = strchr(cond, '=');
	char *name, buf[32];
	struct str want;
	bool not, equal;

	if (eq == NULL)
		return false;
	not = eq > cond && eq[-1] == '!';
	name = mem_strndup(cond, (size_t)(eq - cond) - not);
	inner.on = r;
	str_init(&want, 0);
	render_text(s, eq + 1, &want);
	equal = strcmp(value_of(&inner, name, buf), want.p) == 0;
	str_fini(&want);
	free(name);
	return equal != not;
}

bool render_fits(const struct scene *s, const struct record *r, const struct words *conds, size_t from)
{
	for (size_t i = from; i < conds->count; i++)
		if (!fits_one(s, r, conds->word[i]))
			return false;
	return true;
}

static bool chosen(const struct scene *s, const struct record *r, const struct words *w, size_t kind)
{
	return w->count > kind && strcmp(r->kind, w->word[kind]) == 0 && render_fits(s, r, w, kind + 1);
}

/* ---- blocks ---- */

static size_t block_end(const struct template *t, size_t from, size_t *middle)
{
	unsigned depth = 1;

	*middle = 0;
	for (size_t i = from; i < t->count; i++) {
		if (strncmp(t->lines[i], "@for", 4) == 0 || strncmp(t->lines[i], "@if", 3) == 0)
			depth++;
		else if (strcmp(t->lines[i], "@else") == 0 && depth == 1)
			*middle = i;
		else if (strcmp(t->lines[i], "@end") == 0 && --depth == 0)
			return i;
	}
	return t->count;
}

static void render_lines(const struct scene *s, const struct template *t, size_t from, size_t to, struct str *out);

static void render_for(const struct scene *s, const struct template *t, size_t from, size_t to, const struct words *w,
    struct str *out)
{
	struct scene inner = *s;
	size_t last = s->state->count;

	for (size_t i = 0; i < s->state->count; i++)
		if (chosen(s, &s->state->records[i], w, 1))
			last = i;
	for (size_t i = 0; i < s->state->count; i++) {
		if (!chosen(s, &s->state->records[i], w, 1))
			continue;
		inner.on = &s->state->records[i];
		inner.last = i == last;
		render_lines(&inner, t, from, to, out);
	}
}

static void render_count(const struct scene *s, const struct words *w)
{
	size_t n = 0;
	char buf[24];

	for (size_t i = 0; i < s->state->count; i++)
		n += chosen(s, &s->state->records[i], w, 2) ? 1 : 0;
	snprintf(buf, sizeof(buf), "%zu", n);
	record_set(s->vars, w->count > 1 ? w->word[1] : "count", buf);
}

/* One @ line; gives the line behind what it rules. */
static size_t render_block(const struct scene *s, const struct template *t, size_t at, struct str *out)
{
	struct words w;
	size_t end, middle, next = at + 1;

	words_cut(&w, t->lines[at] + 1);
	if (w.count == 0)
		goto out;
	if (strcmp(w.word[0], "include") == 0 && w.count == 2)
		render_template(s, w.word[1], out);
	if (strcmp(w.word[0], "count") == 0)
		render_count(s, &w);
	if (strcmp(w.word[0], "for") != 0 && strcmp(w.word[0], "if") != 0)
		goto out;
	end = block_end(t, at + 1, &middle);
	next = end + 1;
	if (w.word[0][0] == 'f')
		render_for(s, t, at + 1, end, &w, out);
	else if (render_fits(s, s->on, &w, 1))
		render_lines(s, t, at + 1, middle ? middle : end, out);
	else if (middle)
		render_lines(s, t, middle + 1, end, out);
out:
	words_fini(&w);
	return next;
}

static void render_lines(const struct scene *s, const struct template *t, size_t from, size_t to, struct str *out)
{
	for (size_t i = from; i < to;) {
		if (t->lines[i][0] == '@') {
			i = render_block(s, t, i, out);
			continue;
		}
		render_text(s, t->lines[i] + 1, out);
		if (t->lines[i][0] == '|')
			str_putc(out, '\n');
		i++;
	}
}

void render_template(const struct scene *s, const char *name, struct str *out)
{
	const struct template *t = script_template(s->script, name);

	if (t != NULL)
		render_lines(s, t, 0, t->count, out);
}
