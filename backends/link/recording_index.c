/* What the lines of a recording say; see recording.h. */
#include "backends/link/recording_priv.h"
#include "core/base/clock.h"
#include "core/base/scan.h"
#include "core/model/setting.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAME_MAX_LEN = 64, WORDS_MAX = 400 };

void index_begin(struct index_state *ix, struct recording *r, const char *name)
{
	*ix = (struct index_state){ .r = r, .name = name };
}

static int bad(struct index_state *ix, struct err *e, const char *why)
{
	return err_set(e, ERR_PARSE, "%s:%" PRIu64 ": %s", ix->name, ix->number, why);
}

static uint32_t router_of(struct recording *r, const char *name, const char *os)
{
	for (size_t i = 0; i < r->router_count; i++)
		if (strcmp(r->routers[i].name, name) == 0)
			return (uint32_t)i;
	MEM_GROW(r->routers, r->router_cap, r->router_count + 1);
	r->routers[r->router_count] = (struct recorded_router){ arena_strdup(r->arena, name), arena_strdup(r->arena, os) };
	return (uint32_t)r->router_count++;
}

static void drop_open(struct index_state *ix)
{
	ix->r->cut += ix->is_open;
	ix->is_open = false;
}

static bool take_time(struct scan *c, int64_t *ms)
{
	struct slice w;

	return scan_word(c, &w) && clock_iso_read(w.p, w.len, ms);
}

static bool take_name(struct scan *c, char out[NAME_MAX_LEN])
{
	struct slice w;

	if (!scan_word(c, &w) || w.len >= NAME_MAX_LEN || memchr(w.p, '\0', w.len) != NULL)
		return false;
	memcpy(out, w.p, w.len);
	out[w.len] = '\0';
	return setting_name_valid(out);
}

static bool take_code(struct scan *c, enum err_code *code)
{
	struct slice w;

	*code = ERR_NONE;
	if (!scan_word(c, &w))
		return false;
	for (int i = ERR_USAGE; i <= ERR_CANCELLED; i++)
		if (slice_eq(w, err_code_word((enum err_code)i)))
			*code = (enum err_code)i;
	return *code != ERR_NONE;
}

/* Words of a file become text that is safe to draw. */
static const char *take_words(struct recording *r, struct scan *c)
{
	struct slice rest = slice_trim(scan_rest(c));
	struct str safe;
	const char *kept;

	str_init(&safe, 4 * WORDS_MAX);
	text_append(&safe, slice_upto(rest, rest.len < WORDS_MAX ? rest.len : WORDS_MAX));
	kept = arena_strdup(r->arena, safe.p);
	str_fini(&safe);
	return kept;
}

static void add_look(struct index_state *ix, struct look l)
{
	struct recording *r = ix->r;

	MEM_GROW(r->looks, r->cap, r->count + 1);
	r->looks[r->count++] = l;
}

static int on_recording(struct index_state *ix, struct scan *c, struct err *e)
{
	uint64_t n = 0;
	char words[80];

	drop_open(ix);
	scan_blanks(c);
	if (!scan_u64(c, &n) || n == 0)
		return bad(ix, e, "no version of a recording");
	snprintf(words, sizeof(words), "version %" PRIu64 ": this peerdeck reads up to %d", n, RECORDING_VERSION);
	if (n > RECORDING_VERSION)
		return bad(ix, e, words);
	ix->version = (int)n;
	scan_blanks(c);
	if (scan_lit(c, "local-as ") && scan_u64(c, &n) && n > 0 && n <= UINT32_MAX)
		ix->r->local_as = (asn_t)n;
	return 0;
}

static int on_look(struct index_state *ix, struct scan *c, uint64_t at, struct err *e)
{
	char router[NAME_MAX_LEN], os[NAME_MAX_LEN], kind[NAME_MAX_LEN];
	struct look l = { .at = at, .words = "" };

	drop_open(ix);
	if (!take_time(c, &l.begin_ms) || !take_name(c, router) || !take_name(c, os) || !take_name(c, kind))
		return bad(ix, e, "wanted: @ look TIME ROUTER OS KIND");
	l.router = router_of(ix->r, router, os);
	if (strcmp(ix->r->routers[l.router].os, os) != 0)
		return bad(ix, e, "the router was of another OS before");
	l.file = (uint32_t)ix->r->file_count - 1;
	l.kind = strcmp(kind, "poll") == 0 ? LOOK_POLL : LOOK_ASKED;
	ix->open = l;
	ix->is_open = true;
	return 0;
}

static int on_end(struct index_state *ix, struct scan *c, uint64_t at, struct err *e)
{
	if (!ix->is_open)
		return bad(ix, e, "the end of a look that has not begun");
	if (!take_time(c, &ix->open.end_ms))
		return bad(ix, e, "wanted: @ end TIME");
	scan_blanks(c);
	if (!scan_done(c)) {
		if (!take_code(c, &ix->open.code))
			return bad(ix, e, "an unknown word for what went wrong");
		ix->open.words = take_words(ix->r, c);
	}
	ix->open.len = at - ix->open.at;
	if (ix->open.len > RECORDING_LOOK_MAX)
		return bad(ix, e, "the look that ends here is too long");
	ix->is_open = false;
	add_look(ix, ix->open);
	return 0;
}

static int on_link(struct index_state *ix, struct scan *c, struct err *e)
{
	char router[NAME_MAX_LEN], os[NAME_MAX_LEN], state[NAME_MAX_LEN];
	struct look l = { .kind = LOOK_LINK, .state = LINK_WAITING };

	if (!take_time(c, &l.end_ms) || !take_name(c, router) || !take_name(c, os) || !take_name(c, state) ||
	    !take_code(c, &l.code))
		return bad(ix, e, "wanted: @ link TIME ROUTER OS STATE CODE WORDS");
	l.begin_ms = l.end_ms;
	l.router = router_of(ix->r, router, os);
	l.file = (uint32_t)ix->r->file_count - 1;
	if (strcmp(state, link_state_word(LINK_LOCKED)) == 0)
		l.state = LINK_LOCKED;
	l.words = take_words(ix->r, c);
	add_look(ix, l);
	return 0;
}

/* "@ ...": words that replay alone knows say nothing about time. */
static int on_word(struct index_state *ix, struct scan *c, uint64_t at, struct err *e)
{
	static const char *const others[] = { "done", "not", "echo", "keys", "wait", "hang", "cut", "exit", "repeat" };
	struct slice word;

	if (!scan_word(c, &word))
		return bad(ix, e, "not a line of a recording");
	if (slice_eq(word, "recording"))
		return on_recording(ix, c, e);
	if (slice_eq(word, "look"))
		return on_look(ix, c, at, e);
	if (slice_eq(word, "end"))
		return on_end(ix, c, at, e);
	if (slice_eq(word, "link"))
		return on_link(ix, c, e);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (slice_eq(word, others[i]))
			return 0;
	return bad(ix, e, "not a line of a recording");
}

/* Version 1: "# peerdeck transcript: os frr, router r1, ..." */
static int on_old_head(struct index_state *ix, struct scan *c, struct err *e)
{
	char os[NAME_MAX_LEN], router[NAME_MAX_LEN];
	struct slice w;

	for (int i = 0; i < 2; i++) {
		char *to = i == 0 ? os : router;

		if ((i == 1 && !scan_lit(c, " router ")) || !scan_until(c, ',', &w) || w.len >= NAME_MAX_LEN)
			return bad(ix, e, "wanted: os NAME, router NAME");
		scan_lit(c, ",");
		memcpy(to, w.p, w.len);
		to[w.len] = '\0';
		if (!setting_name_valid(to))
			return bad(ix, e, "wanted: os NAME, router NAME");
	}
	drop_open(ix);
	ix->version = 1;
	ix->router = router_of(ix->r, router, os);
	return 0;
}

/* Version 1: "# TIME poll 2, summary: ..." goes before each question, "# poll 2: ..." behind the last. */
static void on_old_comment(struct index_state *ix, struct scan *c, uint64_t at)
{
	struct slice w;
	uint64_t n;
	int64_t ms;

	if (scan_lit(c, "poll ")) {
		if (ix->is_open && scan_u64(c, &n) && scan_lit(c, ":")) {
			ix->open.end_ms = ix->last_ms;
			ix->open.len = at - ix->open.at;
			ix->is_open = false;
			add_look(ix, ix->open);
		}
		return;
	}
	if (!scan_word(c, &w) || !clock_iso_read(w.p, w.len, &ms))
		return;
	scan_blanks(c);
	if (!scan_lit(c, "poll ") || !scan_u64(c, &n))
		return;
	ix->last_ms = ms;
	if (ix->is_open && ix->poll == n)
		return;
	drop_open(ix);
	ix->open = (struct look){ .begin_ms = ms, .router = ix->router, .file = (uint32_t)ix->r->file_count - 1, .at = at, .words = "" };
	ix->is_open = true;
	ix->poll = n;
}

static void on_question(struct index_state *ix, struct slice line)
{
	struct look *l = &ix->open;

	if (ix->is_open && l->kind == LOOK_ASKED && l->about == NULL)
		l->about = arena_strndup(ix->r->arena, line.p + 2, line.len > 2 ? line.len - 2 : 0);
}

static int understand(struct index_state *ix, struct slice line, uint64_t at, struct err *e)
{
	struct scan c = scan_of(line);

	if (line.len == 0)
		return 0;
	if (ix->version == 0 && !slice_starts(line, "@ recording ") && line.p[0] != '#')
		return bad(ix, e, "a recording begins with \"@ recording\"");
	switch (line.p[0]) {
	case '>':
		on_question(ix, line);
		return 0;
	case '|':
	case '!':
	case '$':
		return 0;
	case '#':
		if (scan_lit(&c, "# peerdeck transcript: os "))
			return on_old_head(ix, &c, e);
		if (ix->version == 1 && scan_lit(&c, "# "))
			on_old_comment(ix, &c, at);
		return 0;
	case '@':
		scan_lit(&c, "@");
		return on_word(ix, &c, at, e);
	default:
		return bad(ix, e, "not a line of a recording");
	}
}

/* A line that makes no sense is the end of a file that was cut, if it has no line end or the file is begun anew after it:
 * what it belonged to is counted as cut. */
int index_line(struct index_state *ix, struct slice line, uint64_t at, bool whole, struct err *e)
{
	struct err own = ERR_INIT;

	ix->number++;
	if (!whole) {
		ix->r->cut += !ix->is_open;
		return 0;
	}
	if (ix->bad.code != ERR_NONE && !slice_starts(line, "@ recording "))
		return err_set(e, ix->bad.code, "%s", ix->bad.text);
	err_clear(&ix->bad);
	if (understand(ix, line, at, &own) == 0)
		return 0;
	if (ix->version == 0 || slice_starts(line, "@ recording "))
		return err_set(e, own.code, "%s", own.text);
	ix->bad = own;
	ix->r->cut += !ix->is_open;
	return 0;
}

int index_end(struct index_state *ix, struct err *e)
{
	if (ix->bad.code != ERR_NONE)
		return err_set(e, ix->bad.code, "%s", ix->bad.text);
	drop_open(ix);
	return ix->version == 0 ? bad(ix, e, "a recording begins with \"@ recording\"") : 0;
}
