/* The dialogue of an action: keys and state; see act.h.  The form is in act_form.c, drawing in act_draw.c. */
#include "tui/act.h"
#include "core/base/scan.h"
#include "core/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MESSAGE_MAX = 255, TERM_MAX = 24, PREFIXES_MAX = 2000, PLAN_TEXT_MAX = 4 << 20 }; /* octets, RFC 9003; of what is typed; shown */

void act_init(struct act *a)
{
	*a = (struct act){ .state = ACT_NONE, .arena = arena_new() };
	edit_init(&a->fields[ACT_PREFIXES], PREFIXES_MAX);
	edit_init(&a->fields[ACT_REASON], 200);
	edit_init(&a->fields[ACT_TICKET], 64);
	edit_init(&a->fields[ACT_WAIT], TERM_MAX);
	edit_init(&a->fields[ACT_FLOOR], TERM_MAX);
	edit_init(&a->fields[ACT_MESSAGE], MESSAGE_MAX);
	edit_init(&a->answer, 96);
	page_init(&a->page);
	str_init(&a->plan_text, PLAN_TEXT_MAX);
	str_init(&a->blast_text, 0);
}

void act_fini(struct act *a)
{
	for (int i = 0; i < ACT_FIELDS; i++)
		edit_fini(&a->fields[i]);
	edit_fini(&a->answer);
	page_fini(&a->page);
	str_fini(&a->plan_text);
	str_fini(&a->blast_text);
	free(a->targets);
	free(a->items);
	arena_free(a->arena);
}

bool act_is_running(const struct act *a)
{
	return a->state == ACT_RUNNING;
}

bool act_is_modal(const struct act *a)
{
	return a->state != ACT_NONE && !a->hidden;
}

void act_set_scope(struct act *a, const char *words, const char *name)
{
	snprintf(a->scope, sizeof(a->scope), "%s", words);
	snprintf(a->scope_name, sizeof(a->scope_name), "%s", name);
}

void act_begin(struct act *a, enum verb v, bool lasting)
{
	arena_free(a->arena);
	a->arena = arena_new();
	a->target_count = 0;
	a->item_count = 0;
	a->verb = v;
	a->lasting = lasting;
	a->drain = false;
	a->scope[0] = a->scope_name[0] = '\0';
	a->state = ACT_FORM;
	a->hidden = false;
	a->field = act_has_field(a, ACT_PREFIXES) ? ACT_PREFIXES : ACT_REASON;
	a->error[0] = a->words[0] = a->digest[0] = '\0';
	for (int i = 0; i < ACT_FIELDS; i++)
		edit_set(&a->fields[i], "");
}

const char *act_name(const struct act *a)
{
	return a->drain ? "drain" : verb_word(a->verb, a->lasting);
}

void act_begin_undo(struct act *a)
{
	act_begin(a, VERB_COUNT, false);
	a->state = ACT_WAITING;
	snprintf(a->words, sizeof(a->words), "looking for your last action ...");
}

static bool same_target(const struct target *a, const struct target *b)
{
	return strcmp(a->router, b->router) == 0 && strcmp(a->vrf, b->vrf) == 0 &&
	       strcmp(a->neighbor, b->neighbor) == 0;
}

void act_add_target(struct act *a, const struct target *t)
{
	for (size_t i = 0; i < a->target_count; i++)
		if (same_target(&a->targets[i], t))
			return;
	MEM_GROW(a->targets, a->target_cap, a->target_count + 1);
	a->targets[a->target_count++] = (struct target){
		.router = arena_strdup(a->arena, t->router), .vrf = arena_strdup(a->arena, t->vrf),
		.neighbor = arena_strdup(a->arena, t->neighbor), .remote_as = t->remote_as,
	};
}

static void cancel(struct act *a, struct request *rq)
{
	a->state = ACT_NONE;
	a->digest[0] = '\0';
	rq->kind = REQ_CANCEL_PLAN;
}

static void confirm(struct act *a, struct request *rq)
{
	snprintf(rq->digest, sizeof(rq->digest), "%s", a->digest);
	if (a->approval == PLAN_NEEDS_APPROVAL) { /* the same answer, first as a proposal */
		rq->kind = REQ_PROPOSE;
		a->approval = PLAN_PROPOSED;
		edit_set(&a->answer, "");
		return;
	}
	if (a->approval == PLAN_PROPOSED) {
		snprintf(a->error, sizeof(a->error), "not yet: a second person must approve it first");
		edit_set(&a->answer, "");
		return;
	}
	rq->kind = REQ_CONFIRM;
	a->state = ACT_RUNNING;
	a->stopping = false;
	a->page.top = 0;
	a->words[0] = '\0';
}

/* One session may also be confirmed by moving the focus on purpose; not what was terminated for good. */
static bool has_button(const struct act *a)
{
	return a->confirm.todo == 1 && !a->confirm.terminated;
}

static void enter_on_plan(struct act *a, struct request *rq)
{
	char words[128];

	if (a->answer.text.len > 0 && !confirm_holds(&a->confirm, a->answer.text.p)) {
		confirm_words(&a->confirm, words, sizeof(words));
		snprintf(a->error, sizeof(a->error), "that is not it, nothing was sent: type %s", words);
		edit_set(&a->answer, "");
	} else if (a->answer.text.len > 0 || (a->on_act && has_button(a))) {
		confirm(a, rq);
	} else {
		cancel(a, rq);
	}
}

static bool scroll_key(struct act *a, keycode k)
{
	int page = a->page_rows > 1 ? a->page_rows - 1 : 1;

	switch (k) {
	case K_UP:
		page_scroll(&a->page, -1);
		return true;
	case K_DOWN:
		page_scroll(&a->page, 1);
		return true;
	case K_PGUP:
	case 'b' | MOD_CTRL:
		page_scroll(&a->page, -page);
		return true;
	case K_PGDN:
	case 'f' | MOD_CTRL:
		page_scroll(&a->page, page);
		return true;
	default:
		return false;
	}
}

/* A name to be typed may begin with b: there it is the other key. */
const char *act_blast_key(const struct act *a)
{
	return a->confirm.name[0] == 'b' || a->confirm.name[0] == 'B' ? "C-o" : "b";
}

static bool asks_blast(const struct act *a, keycode k)
{
	bool plain = a->answer.text.len == 0 && act_blast_key(a)[0] == 'b';

	return a->can_blast && (k == ('o' | MOD_CTRL) || (k == 'b' && plain));
}

static void plan_key(struct act *a, keycode k, struct request *rq)
{
	if (scroll_key(a, k))
		return;
	a->error[0] = '\0';
	if (asks_blast(a, k)) {
		rq->kind = REQ_BLAST;
		return;
	}
	switch (k) {
	case K_ESC:
	case 'c' | MOD_CTRL:
	case 'g' | MOD_CTRL:
		cancel(a, rq);
		break;
	case K_ENTER:
		enter_on_plan(a, rq);
		break;
	case K_TAB:
	case K_TAB | MOD_SHIFT:
	case K_LEFT:
	case K_RIGHT:
		a->on_act = has_button(a) && !a->on_act;
		break;
	default:
		if (a->confirm.todo > 0)
			edit_key(&a->answer, k);
	}
}

static void closing_key(struct act *a, keycode k)
{
	if (!scroll_key(a, k) && (k == K_ESC || k == K_ENTER || k == 'q' || k == ('c' | MOD_CTRL)))
		a->state = ACT_NONE;
}

void act_stop(struct act *a, struct request *rq)
{
	if (a->state != ACT_RUNNING)
		return;
	a->stopping = true;
	rq->kind = REQ_STOP_BATCH;
}

void act_key(struct act *a, keycode k, struct request *rq)
{
	switch (a->state) {
	case ACT_NONE:
		break;
	case ACT_FORM:
		act_form_key(a, k, rq);
		break;
	case ACT_WAITING:
		if (k == K_ESC || k == ('c' | MOD_CTRL) || k == ('g' | MOD_CTRL))
			cancel(a, rq);
		break;
	case ACT_SHOWN:
		plan_key(a, k, rq);
		break;
	case ACT_RUNNING: /* nothing ends a session midway: it can be put behind, or stopped before the next */
		if (scroll_key(a, k))
			break;
		if (k == K_ESC || k == 'q')
			a->hidden = true;
		else if (k == ('c' | MOD_CTRL))
			act_stop(a, rq);
		break;
	case ACT_REFUSED:
	case ACT_ENDED:
		closing_key(a, k);
		break;
	}
}

void act_paste(struct act *a, struct slice raw)
{
	if (a->state == ACT_FORM)
		edit_paste(&a->fields[a->field], raw);
}

void act_waiting(struct act *a, const char *words)
{
	if (a->state == ACT_WAITING)
		snprintf(a->words, sizeof(a->words), "%s", words);
}

/* plan_print's lines have their label in the first twelve cells. */
static void add_plan_line(struct page *p, const char *line, enum role *role)
{
	char label[16] = "";
	size_t n = 0;

	if (strncmp(line, "  ", 2) != 0 || strlen(line) < 12) {
		*role = strncmp(line, "digest ", 7) == 0 || line[0] == '\0' ? ROLE_DIM : ROLE_ACCENT;
		page_line(p, *role, "%s", line);
		return;
	}
	while (n < 10 && line[2 + n] != '\0') {
		label[n] = line[2 + n];
		n++;
	}
	if (label[0] == '\0' || strspn(label, " ") == strlen(label))
		; /* goes on with the line before */
	else if (strncmp(label, "send", 4) == 0 || strncmp(label, "undo", 4) == 0 || strncmp(label, "if proven", 9) == 0)
		*role = ROLE_ROUTER;
	else if (strncmp(label, "WARNING", 7) == 0 || strncmp(label, "SKIPPED", 7) == 0)
		*role = ROLE_WARN;
	else
		*role = ROLE_NORMAL;
	page_field(p, label, *role, "%s", line + 12);
}

static void copy_items(struct act *a, const struct plan *p)
{
	free(a->items);
	a->items = mem_calloc(p->count + 1, sizeof(*a->items));
	a->item_count = p->count;
	for (size_t i = 0; i < p->count; i++) {
		const struct plan_item *from = &p->items[i];
		struct act_item *to = &a->items[i];

		to->target = (struct target){ arena_strdup(a->arena, from->router),
			arena_strdup(a->arena, from->vrf ? from->vrf : ""), arena_strdup(a->arena, from->neighbor),
			from->remote_as };
		to->name = arena_strdup(a->arena, from->network ? from->network : "");
		to->mark = from->skip ? ACT_SKIPPED : ACT_WAITS;
		if (from->skip != NULL)
			snprintf(to->words, sizeof(to->words), "%.*s", (int)strcspn(from->skip, "\n"), from->skip);
	}
}

static void add_lines(struct act *a, struct scan *c, bool to_first_blank)
{
	enum role role = ROLE_NORMAL;
	struct slice line;
	struct str safe;

	str_init(&safe, 0);
	while (scan_line(c, &line)) {
		str_clear(&safe);
		text_append(&safe, line);
		if (to_first_blank && safe.len == 0)
			break;
		add_plan_line(&a->page, safe.p, &role);
	}
	str_fini(&safe);
}

/* What was asked about the whole stands with what is said of the whole, before the sessions. */
static void fill_plan_page(struct act *a)
{
	struct scan plan = scan_of(str_slice(&a->plan_text)), blast = scan_of(str_slice(&a->blast_text));

	page_clear(&a->page);
	a->page.label_width = 12;
	add_lines(a, &plan, true);
	add_lines(a, &blast, false);
	page_blank(&a->page);
	add_lines(a, &plan, false);
	if (a->plan_text.over)
		page_line(&a->page, ROLE_WARN, "the plan is longer than can be shown here: peerdeck plan prints all of it");
}

void act_show(struct act *a, const struct plan *p)
{
	if (a->state != ACT_WAITING) /* the operator cancelled meanwhile: it must not come up by itself */
		return;
	str_clear(&a->plan_text);
	str_clear(&a->blast_text);
	plan_print(&a->plan_text, p);
	a->page.top = 0;
	fill_plan_page(a);
	a->can_blast = p->count > p->skipped && verb_info(p->verb)->opens_ledger;
	a->blast = PLAN_BLAST_NONE;
	snprintf(a->blast_words, sizeof(a->blast_words), "not asked");
	a->approval = PLAN_FREE;
	a->approval_words[0] = '\0';
	a->verb = p->verb;
	a->lasting = p->lasting;
	copy_items(a, p);
	confirm_of(p, &a->confirm);
	snprintf(a->digest, sizeof(a->digest), "%s", p->digest);
	edit_set(&a->answer, "");
	a->on_act = false;
	a->error[0] = '\0';
	a->state = ACT_SHOWN;
	a->hidden = false;
}

void act_blast(struct act *a, enum plan_blast state, const char *words, const char *lines)
{
	if (a->state != ACT_SHOWN)
		return;
	a->blast = state;
	snprintf(a->blast_words, sizeof(a->blast_words), "%s", words);
	str_clear(&a->blast_text);
	str_puts(&a->blast_text, state == PLAN_BLAST_KNOWN ? lines : "");
	fill_plan_page(a);
}

void act_approval(struct act *a, enum plan_approval state, const char *words)
{
	if (a->state != ACT_SHOWN)
		return;
	a->approval = state;
	snprintf(a->approval_words, sizeof(a->approval_words), "%s", words);
}

void act_refuse(struct act *a, const char *words)
{
	if (a->state == ACT_NONE || a->state == ACT_FORM)
		return;
	snprintf(a->words, sizeof(a->words), "%s", words);
	a->state = ACT_REFUSED;
	a->hidden = false;
	a->digest[0] = '\0';
}

void act_progress_item(struct act *a, const struct target *t, enum act_mark mark, const char *words)
{
	for (size_t i = 0; i < a->item_count; i++)
		if (same_target(&a->items[i].target, t)) {
			a->items[i].mark = mark;
			snprintf(a->items[i].words, sizeof(a->items[i].words), "%s", words);
			return;
		}
}

void act_end(struct act *a, const char *words)
{
	if (a->state != ACT_RUNNING)
		return;
	snprintf(a->words, sizeof(a->words), "%s", words);
	a->state = ACT_ENDED;
	a->hidden = false;
}

void act_badge(const struct act *a, char *out, size_t n)
{
	size_t over = 0;

	out[0] = '\0';
	if (a->state != ACT_RUNNING)
		return;
	for (size_t i = 0; i < a->item_count; i++)
		over += a->items[i].mark >= ACT_DONE && a->items[i].mark != ACT_SKIPPED && a->items[i].mark != ACT_LEFT;
	snprintf(out, n, "%s %zu/%zu", act_name(a), over, a->confirm.todo);
}
