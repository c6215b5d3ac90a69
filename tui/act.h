/*
 * act - the dialogue of an action: form, waiting, plan, confirmation, progress.
 *
 * It holds no power: it makes requests.  What is confirmed is named by the
 * digest of the plan that was shown, and by nothing else.  Pasted text
 * reaches the fields of the form only; a confirmation is typed.
 */
#ifndef PEERDECK_TUI_ACT_H
#define PEERDECK_TUI_ACT_H

#include "core/act/confirm.h"
#include "tui/edit.h"
#include "tui/popup.h"
#include "tui/request.h"

enum act_state { ACT_NONE, ACT_FORM, ACT_WAITING, ACT_SHOWN, ACT_REFUSED, ACT_RUNNING, ACT_ENDED };
enum { ACT_PREFIXES, ACT_REASON, ACT_TICKET, ACT_WAIT, ACT_FLOOR, ACT_MESSAGE, ACT_FIELDS }; /* as they stand in the form */

struct act_item {
	struct target target;
	enum act_mark mark;
	const char *name; /* of the network */
	char words[400];
};

struct act {
	enum act_state state;
	bool hidden; /* running behind the views */
	bool stopping; /* no further session is begun */
	enum verb verb;
	bool lasting; /* a suspend for good */
	bool drain;   /* a graceful shutdown that a suspend follows */
	char scope[200], scope_name[80]; /* how the targets were chosen; "" one by one */
	struct arena *arena; /* owns the targets' strings */
	struct target *targets;
	size_t target_count, target_cap;
	struct edit fields[ACT_FIELDS];
	int field;
	char error[200]; /* what is wrong with what was typed */
	char words[400]; /* waiting for; why refused; how it ended */
	struct page page; /* the plan */
	char digest[PLAN_DIGEST_LEN];
	struct confirm confirm; /* what must be typed */
	enum plan_approval approval;
	char approval_words[160];
	struct str plan_text, blast_text; /* what the page is made of */
	bool can_blast;
	enum plan_blast blast;
	char blast_words[200];
	struct edit answer;
	bool on_act; /* the focus is on Act, not on Cancel */
	struct act_item *items;
	size_t item_count;
	int page_rows;
};

/* Whether the form of the verb has the field. */
bool act_has_field(const struct act *a, int field);
void act_form_key(struct act *a, keycode k, struct request *rq);

void act_init(struct act *a);
void act_fini(struct act *a);
bool act_is_modal(const struct act *a); /* takes all keys */
bool act_is_running(const struct act *a);

/* Begins anew with no target. Not while one is running. */
void act_begin(struct act *a, enum verb v, bool lasting);
void act_begin_drain(struct act *a);
/* What the operator called it: "suspend", "terminate", "drain". */
const char *act_name(const struct act *a);
/* Waits for a plan that app makes by itself: what takes back the last action. */
void act_begin_undo(struct act *a);
/* Names what the targets are as a whole. */
void act_set_scope(struct act *a, const char *words, const char *name);
void act_add_target(struct act *a, const struct target *t); /* copied; a second of the same is ignored */

/* Asks for the plan with this reason, without a form; after act_begin and act_add_target. */
void act_propose(struct act *a, const char *reason, struct request *rq);

void act_key(struct act *a, keycode k, struct request *rq);
void act_paste(struct act *a, struct slice raw);

/* Asks for no further session to be begun; nothing when none is under way. */
void act_stop(struct act *a, struct request *rq);

void act_waiting(struct act *a, const char *words);
void act_show(struct act *a, const struct plan *p);
void act_approval(struct act *a, enum plan_approval state, const char *words);
void act_blast(struct act *a, enum plan_blast state, const char *words, const char *lines);
/* The key that asks, as it is called: "b", or another where what must be typed begins with b. */
const char *act_blast_key(const struct act *a);
void act_refuse(struct act *a, const char *words);
void act_progress_item(struct act *a, const struct target *t, enum act_mark mark, const char *words);
void act_end(struct act *a, const char *words);

void act_draw(struct act *a, struct canvas *c, const struct glyphs *g);
/* "suspend 1/3" for the status line; "" when nothing runs. */
void act_badge(const struct act *a, char *out, size_t n);

#endif
