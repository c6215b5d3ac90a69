/*
 * The ui as a whole: made, fed, drawn; see ui.h.  Keys are carried out in
 * operate.c, what stands around the views is drawn in frame.c, what the console
 * tells of plans, actions and messages is taken in told.c.
 */
#include "tui/ui.h"
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/model/track.h"
#include "tui/link.h"
#include "tui/state.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void ui_say(struct ui *u, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(u->notice, sizeof(u->notice), fmt, ap);
	va_end(ap);
	u->said_after = u->world != NULL ? u->world->notices : 0;
}

static int read_keys(struct ui *u, const struct ui_settings *s, struct err *e)
{
	const char *name = s->keymap ? s->keymap : "default";
	const char *text = keymap_builtin(name);

	u->keys = keymap_new(&view_keymap_names);
	if (text == NULL && strchr(name, '/') == NULL)
		return err_set(e, ERR_CONFIG, "no keymap '%s': default, vi, emacs, or a path with a /", name);
	if (keymap_read(u->keys, text ? name : "default", text ? text : keymap_builtin("default"), e) != 0)
		return -1;
	if (text == NULL && keymap_read_file(u->keys, name, e) != 0)
		return -1;
	if (s->keys != NULL && access(s->keys, F_OK) == 0)
		return keymap_read_file(u->keys, s->keys, e);
	return 0;
}

/* Views by name, one part of the screen each. */
static int read_layout(struct ui *u, const char *layout, struct err *e)
{
	struct str names;
	int rc = 0;

	for (const char *p = layout != NULL ? layout : ""; rc == 0 && *(p += strspn(p, " ,")) != '\0'; p += strcspn(p, " ,")) {
		char name[40];
		const struct view *v;

		snprintf(name, sizeof(name), "%.*s", (int)strcspn(p, " ,"), p);
		v = view_find(name);
		if (v == NULL || v->page != NULL || v->of_focus || u->layout_count == PARTS_MAX) {
			str_init(&names, 0);
			view_names(&names);
			rc = err_set(e, ERR_CONFIG, "layout: '%s': at most %d lists of: %s", name, PARTS_MAX, names.p);
			str_fini(&names);
		} else {
			u->layout[u->layout_count++] = v->name;
		}
	}
	return rc;
}

/* Once the size of the screen is known. */
static void begin_layout(struct ui *u)
{
	if (u->layout_count == 0)
		return;
	part_fini(&u->part);
	part_init(&u->part, view_find(u->layout[0]));
	for (size_t i = 1; i < u->layout_count && part_add(u, u->layout[i]); i++)
		;
	part_select(u, 0);
}

static struct ui *make(const struct ui_settings *s, int width, int height, struct err *e)
{
	struct ui *u = MEM_NEW(struct ui);

	u->canvas = canvas_new(width, height);
	u->glyphs = glyphs_of(s->ascii);
	u->mono = s->no_color;
	u->plot = plot_style_of(s->plot, s->ascii, NULL);
	u->range_s = TRACK_HOUR;
	u->history = mem_strdup(s->history);
	decoder_init(&u->decoder);
	prompt_init(&u->prompt);
	act_init(&u->act);
	approve_init(&u->approve);
	call_init(&u->call);
	compose_init(&u->compose);
	inventory_init(&u->inventory);
	form_init(&u->maintenance.form);
	str_init(&u->copied, 1 << 20);
	str_init(&u->alert_keys, 1 << 20);
	board_init(&u->board);
	u->wallboard = u->only_wallboard = s->wallboard;
	part_init(&u->part, view_at(0));
	u->part_count = 1;
	u->shares[0] = u->shares[1] = u->shares[2] = 100;
	u->theme = theme_find(u->mono ? "mono" : s->theme, e);
	if (u->theme == NULL || read_keys(u, s, e) != 0) {
		ui_free(u);
		return NULL;
	}
	if (read_layout(u, s->layout, e) != 0) {
		ui_free(u);
		return NULL;
	}
	if (s->history != NULL)
		prompt_load(&u->prompt, s->history);
	return u;
}

struct ui *ui_new_offscreen(const struct ui_settings *s, int width, int height, struct err *e)
{
	struct ui *u = make(s, width, height, e);

	if (u != NULL)
		begin_layout(u);
	return u;
}

struct ui *ui_new(const struct ui_settings *s, struct err *e)
{
	struct ui *u = make(s, 80, 24, e); /* what is wrong in the settings is said on an unharmed terminal */
	int width, height;

	if (u == NULL)
		return NULL;
	u->screen = screen_new(e);
	if (u->screen == NULL) {
		ui_free(u);
		return NULL;
	}
	if (s->links && link_terminal_knows())
		screen_show_links(u->screen);
	if (!screen_is_utf8(u->screen))
		u->glyphs = glyphs_of(true);
	u->plot = plot_style_of(s->plot, s->ascii || !screen_is_utf8(u->screen), getenv("TERM"));
	if (!screen_has_colour(u->screen) || u->mono) {
		u->mono = true;
		u->theme = theme_find("mono", e);
	}
	screen_theme(u->screen, u->theme);
	screen_size(u->screen, &width, &height);
	canvas_resize(u->canvas, width, height);
	begin_layout(u);
	return u;
}

void ui_free(struct ui *u)
{
	if (u == NULL)
		return;
	screen_free(u->screen);
	if (u->history != NULL && u->prompt.history_count > 0)
		prompt_save(&u->prompt, u->history);
	for (size_t i = 0; i < u->part_count; i++)
		part_fini(i == u->part_at ? &u->part : &u->parts[i]);
	act_fini(&u->act);
	approve_fini(&u->approve);
	call_fini(&u->call);
	compose_fini(&u->compose);
	inventory_fini(&u->inventory);
	form_fini(&u->maintenance.form);
	prompt_fini(&u->prompt);
	decoder_fini(&u->decoder);
	keymap_free(u->keys);
	canvas_free(u->canvas);
	board_fini(&u->board);
	str_fini(&u->copied);
	str_fini(&u->alert_keys);
	free(u->sessions);
	pin_unref(u->pin);
	damped_free(u->damped);
	free(u->acked);
	free(u->history);
	free(u);
}

int ui_fd(const struct ui *u)
{
	return u->screen ? screen_fd(u->screen) : -1;
}

int ui_timeout_ms(const struct ui *u, int64_t now_steady_ms)
{
	int wait = decoder_wait_ms(&u->decoder, now_steady_ms);
	int tick = 1000 - (int)(now_steady_ms % 1000); /* ages are shown in seconds */

	return wait >= 0 && wait < tick ? wait : tick;
}

struct view_ctx ui_ctx(const struct ui *u)
{
	const struct level *below = u->depth > 1 ? &u->levels[u->depth - 2] : &u->levels[0];

	return (struct view_ctx){
		.w = u->world, .sessions = u->sessions, .session_count = u->session_count, .g = u->glyphs,
		.keys = u->keys, .focus = &u->focus, .home = below->view->name, .pin = u->pin, .solid = u->solid,
		.plot = u->plot, .range_s = u->range_s, .older_page = u->past_page > 0, .damped = u->damped,
	};
}

/* The selection of a list is what detail, contacts and panes are about. */
static void take_focus(struct ui *u)
{
	struct level *l = ui_level(u);
	const void *row;
	struct focus f = { .router = "" };

	if (l->table == NULL || l->view->focus == NULL)
		return;
	row = table_selected(l->table);
	if (row == NULL)
		return;
	l->view->focus(row, &f);
	if (f.neighbor[0] != '\0' || f.asn != ASN_UNKNOWN || f.incident[0] != '\0')
		u->focus = f;
}

static uint64_t focus_mark(const struct focus *f)
{
	uint64_t h = 0x9e3779b97f4a7c15u + f->asn;

	for (const char *p = f->router; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 0x100000001b3u;
	for (const char *p = f->neighbor; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 0x100000001b3u;
	return h;
}

/* What is not looked at keeps no old snapshots, and is not shown as it was when it is looked at again. */
static void rest_others(struct ui *u)
{
	const struct table *shown = ui_level(u)->table;

	for (size_t i = 0; i < VIEWS_MAX; i++)
		if (u->tables[i].pin != NULL && &u->tables[i] != shown)
			table_rest(&u->tables[i]);
	for (size_t i = 0; i < u->depth; i++)
		if (u->levels[i].table != NULL && u->levels[i].table->pin != NULL && u->levels[i].table != shown)
			table_rest(u->levels[i].table);
}

/* A mark that comes a second later is early enough, and all events are gone through for it. */
static void follow_flaps(struct ui *u, const struct world *w)
{
	int64_t ago_ms = w->now_boot_ms - u->damped_boot_ms;

	if (u->damped != NULL && ago_ms >= 0 && ago_ms < 1000)
		return;
	damped_free(u->damped);
	u->damped = damped_new(w->events, &w->config->flap, w->now_wall_ms);
	u->damped_boot_ms = w->now_boot_ms;
}

void ui_follow(struct ui *u, const struct world *w)
{
	uint64_t revision = world_revision(w), rows;
	struct view_ctx cx;

	u->world = w;
	if (!u->seen_world || revision != u->revision) {
		u->turn++;
		free(u->sessions);
		u->session_count = world_sessions(w, &u->sessions);
		pin_unref(u->pin);
		u->pin = pin_new(w);
		u->solid = pin_solid(w);
		follow_flaps(u, w);
		u->revision = revision;
		u->seen_world = true;
	}
	cx = ui_ctx(u);
	rows = u->turn;
	if (ui_level(u)->view->of_focus) /* the same world, another selection: other rows */
		rows ^= focus_mark(&u->focus);
	rest_others(u);
	if (ui_level(u)->table != NULL)
		table_update(ui_level(u)->table, &cx, rows);
	take_focus(u);
}

void ui_set_theme(struct ui *u, const char *name)
{
	struct err e = ERR_INIT;
	const struct theme *t = theme_find(name, &e);

	if (t == NULL) {
		ui_say(u, "%s", e.text);
	} else if (u->mono) {
		ui_say(u, "NO_COLOR is set or the terminal has none: it stays mono");
	} else {
		u->theme = t;
		if (u->screen != NULL)
			screen_theme(u->screen, t);
	}
}

void ui_feed(struct ui *u, const char *p, size_t n)
{
	decoder_feed(&u->decoder, p, n, clock_steady_ms());
}

bool ui_input(struct ui *u, const struct world *w, struct request *rq)
{
	char buf[4096];
	struct input in;
	long n = 0;

	*rq = (struct request){ .kind = REQ_NONE, .verb = VERB_COUNT };
	if (u->screen != NULL)
		n = screen_read(u->screen, buf, sizeof(buf));
	if (n > 0)
		ui_feed(u, buf, (size_t)n);
	if (n < 0)
		rq->kind = REQ_QUIT; /* the terminal is gone */
	while (rq->kind == REQ_NONE && decoder_next(&u->decoder, clock_steady_ms(), &in)) {
		ui_follow(u, w);
		if (in.kind == INPUT_PASTE)
			ui_paste(u, in.paste);
		else
			ui_key(u, in.key, rq);
		ui_follow(u, w); /* a key may have led back to a table that was made of an earlier world */
	}
	if (u->copied.len > 0 && u->screen != NULL) {
		screen_copy(u->screen, &u->copied);
		str_clear(&u->copied);
	}
	return rq->kind != REQ_NONE;
}

static bool work_on_part(struct ui *u, const struct world *w, int64_t budget_us)
{
	struct table *t = ui_level(u)->table;
	struct view_ctx cx;

	if (t == NULL || t->next == NULL)
		return false;
	ui_follow(u, w);
	cx = ui_ctx(u);
	return table_work(t, &cx, budget_us);
}

bool ui_work(struct ui *u, const struct world *w, int64_t budget_us)
{
	size_t focused = u->part_at;
	bool more = false;

	for (size_t i = 0; i < u->part_count; i++) {
		part_select(u, i);
		more = work_on_part(u, w, budget_us / (int64_t)u->part_count) || more;
	}
	part_select(u, focused);
	return more;
}

void ui_draw(struct ui *u, const struct world *w)
{
	ui_follow(u, w);
	ui_frame(u);
	if (u->screen != NULL)
		screen_draw(u->screen, u->canvas);
}

void ui_resize(struct ui *u, int width, int height)
{
	if (u->screen != NULL) {
		screen_resize(u->screen);
		screen_size(u->screen, &width, &height);
	}
	canvas_resize(u->canvas, width, height);
}

void ui_suspend(struct ui *u)
{
	if (u->screen != NULL)
		screen_suspend(u->screen);
}

void ui_resume(struct ui *u)
{
	if (u->screen == NULL)
		return;
	screen_resume(u->screen);
	ui_resize(u, 0, 0);
}

const struct canvas *ui_canvas(const struct ui *u)
{
	return u->canvas;
}

int ui_commands_dump(struct str *out)
{
	str_puts(out, ".Bl -tag -width Ds\n");
	for (int i = 0; i < CMD_COUNT; i++) {
		const struct command *c = command_at((enum command_id)i);
		static const char *const args[] = { "", " Op Ar view", " Ar view", " Ar column", " Ar theme", " Op Ar words" };

		str_addf(out, ".It Ic %s%s\n%c%s.\n", c->name, args[c->arg], c->help[0] >= 'a' ? c->help[0] - 32 : c->help[0],
		    c->help + 1);
	}
	return str_puts(out, ".El\n");
}
