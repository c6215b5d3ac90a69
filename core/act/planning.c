/*
 * Planning on one router: read the pre-image, look, build one item per target.
 *
 * Runs in the worker's thread.  A target that cannot be done is an item all
 * the same, with the reason: nothing that was asked for disappears.
 */
#include "core/act/action_priv.h"
#include "core/act/build.h"
#include "core/act/tmpl.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FAMILIES = 32, MAX_READS = 8, READ_CEILING = 16 << 20 };

static const struct recipe *recipe_of(const struct driver *d, enum verb verb, struct chosen prefixes)
{
	bool of_prefixes = verb == VERB_RESTORE && prefixes.count > 0;

	for (const struct recipe *const *r = d->recipes; r != NULL && *r != NULL; r++)
		if ((*r)->verb == verb && (*r)->of_prefixes == of_prefixes)
			return *r;
	return NULL;
}

/* The first row of this VRF and address, in the order of session_key_cmp; where it would stand if there is none. */
static size_t first_row(const struct snap *snap, const char *vrf, const struct addr *peer)
{
	size_t from = 0, to = snap->count;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int c = strcmp(text_or(snap->sessions[mid].vrf, ""), vrf);

		if (c == 0)
			c = addr_cmp(&snap->sessions[mid].peer, peer);
		if (c < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static size_t rows_of(const struct snap *snap, const struct act_target *t,
    const struct session *rows[MAX_FAMILIES])
{
	struct addr peer;
	bool known = addr_parse(slice_of(t->neighbor), &peer);
	size_t n = 0, from = known ? first_row(snap, t->vrf, &peer) : 0;

	if (from == snap->count || strcmp(text_or(snap->sessions[from].neighbor, ""), t->neighbor) != 0)
		from = 0; /* written in another way than read: looked for among all */
	for (size_t i = from; i < snap->count && n < MAX_FAMILIES; i++) {
		const struct session *s = &snap->sessions[i];

		if (strcmp(text_or(s->neighbor, ""), t->neighbor) == 0 && strcmp(text_or(s->vrf, ""), t->vrf) == 0)
			rows[n++] = s;
		else if (known && n > 0 && addr_cmp(&s->peer, &peer) != 0)
			break; /* those of one address stand together */
	}
	return n;
}

static void add_count(count_t *sum, count_t v, bool first)
{
	if (first)
		*sum = v;
	else if (*sum != COUNT_UNKNOWN)
		*sum = v == COUNT_UNKNOWN ? COUNT_UNKNOWN : *sum + v;
}

/* What the item says about the session, from all its families. */
static void item_state(struct plan_item *item, const struct snap *snap, const struct session *const *rows,
    size_t n)
{
	item->generation = snap->generation;
	item->taken_boot_ms = snap->taken_boot_ms;
	item->established = false;
	item->since_s = -1;
	item->received = item->advertised = item->flaps = COUNT_UNKNOWN;
	for (size_t i = 0; i < n; i++) {
		item->remote_as = rows[i]->remote_as;
		item->established |= rows[i]->state == BGP_ESTABLISHED;
		if (rows[i]->admin_down != TRI_UNKNOWN)
			item->admin_down = rows[i]->admin_down;
		if (rows[i]->since_s >= 0)
			item->since_s = rows[i]->since_s;
		if (rows[i]->flaps != COUNT_UNKNOWN)
			item->flaps = rows[i]->flaps;
		add_count(&item->received, rows[i]->received, i == 0);
		add_count(&item->advertised, rows[i]->advertised, i == 0);
	}
}

static bool holds(const struct act_held *h, enum verb verb, const struct act_target *t)
{
	return verb_info(h->verb)->inverse == verb && strcmp(h->neighbor, t->neighbor) == 0 &&
	    strcmp(h->vrf, t->vrf) == 0;
}

static const struct act_held *own_of(const struct act_job *job, const struct act_target *t)
{
	for (size_t i = job->held_count; i > 0; i--)
		if (holds(&job->held[i - 1], job->verb, t))
			return &job->held[i - 1];
	return NULL;
}

/* A file that an earlier item of this job will have rewritten is read as it will be. */
static const char *file_as_planned(const char *path, const struct plan_item *earlier, size_t n)
{
	const char *content = NULL;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; earlier[i].skip == NULL && k < earlier[i].apply_count; k++)
			if (earlier[i].apply[k].kind == STEP_FILE && strcmp(earlier[i].apply[k].path, path) == 0)
				content = earlier[i].apply[k].line;
	return content;
}

static const char *read_file(const struct act_run *run, const char *what, const struct act_context *ctx,
    bool live, struct err *e)
{
	struct tmpl_args args = { .hook_file = run->conf->hook_file };
	const char *path, *content = NULL;
	struct str out;

	if (strcmp(what, "{hook_file}") == 0 && run->conf->hook_file == NULL)
		return "";
	path = tmpl_line(ctx->arena, what, &args, e);
	if (path == NULL)
		return NULL;
	if (!live)
		content = file_as_planned(path, ctx->earlier, ctx->earlier_count);
	if (content != NULL)
		return content;
	str_init(&out, READ_CEILING);
	if (run->io->read_file(run->io->ctx, path, &out, e) == 0)
		content = arena_strndup(ctx->arena, out.p, out.len);
	str_fini(&out);
	return content;
}

static const char *known_answer(const struct act_answers *known, const char *line)
{
	for (size_t i = 0; known != NULL && i < known->count; i++)
		if (strcmp(known->kept[i].line, line) == 0)
			return known->kept[i].answer;
	return NULL;
}

static void keep_answer(struct act_answers *known, const char *line, const char *answer)
{
	if (known == NULL || answer == NULL)
		return;
	MEM_GROW(known->kept, known->cap, known->count + 1);
	known->kept[known->count].line = line;
	known->kept[known->count++].answer = answer;
}

/* may_refuse: an answer of one of several versions of an OS; the others refuse the command, which answers "". */
static const char *read_cli(const struct act_run *run, const char *command, bool may_refuse,
    const struct act_context *ctx, struct err *e)
{
	const struct session *s = ctx->sessions[0];
	struct tmpl_args args = { .neighbor = &s->peer, .interface = text_or(s->neighbor, ""),
		.protocol = text_or(s->handle, ""), .handle = text_or(s->handle, ""), .vrf = text_or(s->vrf, ""),
		.asn = s->local_as != ASN_UNKNOWN ? s->local_as : ctx->local_as };
	const char *line = tmpl_line(ctx->arena, command, &args, e), *answer = NULL;
	struct err why = ERR_INIT;
	struct str out;

	if (line == NULL)
		return NULL;
	answer = known_answer(run->answers, line);
	if (answer != NULL)
		return answer;
	str_init(&out, READ_CEILING);
	if (run->io->cli(run->io->ctx, line, &out, &why) == 0)
		answer = arena_strndup(ctx->arena, out.p, out.len);
	else if (may_refuse && why.code == ERR_DEVICE)
		answer = "";
	else
		err_set(e, why.code, "%s", why.text);
	str_fini(&out);
	keep_answer(run->answers, line, answer);
	return answer;
}

static int read_preimage(const struct act_run *run, const struct recipe *r, struct act_context *ctx,
    bool live, struct err *e)
{
	const char **answers = arena_alloc(ctx->arena, MAX_READS * sizeof(*answers));

	ctx->pre.answers = answers;
	for (size_t i = 0; r->reads != NULL && r->reads[i] != NULL && i < MAX_READS; i++) {
		const char *what = r->reads[i];

		if (strncmp(what, "file:", 5) == 0)
			answers[i] = read_file(run, what + 5, ctx, live, e);
		else if (strncmp(what, "try:", 4) == 0)
			answers[i] = read_cli(run, what + 4, true, ctx, e);
		else
			answers[i] = read_cli(run, what, false, ctx, e);
		if (answers[i] == NULL)
			return err_prefix(e, "reading \"%s\"", strncmp(what, "try:", 4) == 0 ? what + 4 : what);
		ctx->pre.count++;
	}
	return 0;
}

static const char *skip_reason(const struct act_run *run, const struct act_context *ctx,
    const struct plan_item *item)
{
	const struct act_job *job = run->job;
	const struct session *s = ctx->session_count == 0 ? NULL : ctx->sessions[0];

	if (job->read_only)
		return "peerdeck is read-only";
	if (run->conf->read_only)
		return "this router is read-only in the configuration";
	if (s == NULL)
		return "the router does not know this session any more";
	if (s->dynamic == TRI_YES)
		return "made by a listen range: such a session cannot be acted on alone";
	if (job->verb == VERB_SUSPEND && item->admin_down == TRI_YES)
		return "already shut";
	if (job->verb == VERB_SUSPEND && job->several && !item->established)
		return arena_printf(ctx->arena, "already down for another reason: %s", session_state_words(s));
	if ((job->verb == VERB_WITHDRAW || job->verb == VERB_WITHDRAW_PREFIXES || job->verb == VERB_GSHUT ||
	        job->verb == VERB_REFRESH) &&
	    !item->established)
		return arena_printf(ctx->arena, "not Established (%s): nothing is announced on it",
		    session_state_words(s));
	if (job->verb == VERB_RESUME && item->admin_down == TRI_NO && ctx->own == NULL)
		return arena_printf(ctx->arena, "not shut (%s)", session_state_words(s));
	if (job->verb == VERB_RESTORE && ctx->own == NULL)
		return "nothing of ours is withdrawn here";
	return NULL;
}

/* An undo that could not be sent is found out before anything is. */
static int gate(const struct step *steps, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (tmpl_gate(&steps[i], e) < 0)
			return -1;
	return 0;
}

/* An OS that does not tell what it advertises proves by its configuration. */
static void prove_without_routes(const struct recipe *r, struct plan_item *item)
{
	if (item->skip != NULL || item->others != COUNT_UNKNOWN ||
	    (item->proof != PROOF_PREFIXES_GONE && item->proof != PROOF_PREFIXES_BACK))
		return;
	if (r->shows == NULL)
		item->skip = "it could not be proven: the router does not tell what it advertises";
	item->proof = PROOF_STILL_UP;
}

static void build(const struct act_run *run, const struct recipe *r, struct act_context *ctx,
    bool live, struct plan_item *item)
{
	struct err why = ERR_INIT;

	if (r == NULL) {
		item->skip = arena_printf(ctx->arena, "%s: %s cannot %s", run->conf->name, run->driver->title,
		    verb_info(item->verb)->name);
		return;
	}
	if (r->message_max == 0) {
		ctx->text_dropped = ctx->message != NULL && verb_info(item->verb)->takes_message;
		ctx->message = NULL;
	}
	item->message = ctx->message == NULL ? NULL : arena_strdup(ctx->arena, ctx->message);
	if (ctx->message != NULL && tmpl_message_check(ctx->message, r->message_max, &why) < 0) {
		item->skip = arena_strdup(ctx->arena, why.text);
		return;
	}
	ctx->recipe = r;
	item->prepare_only = r->prepare_only;
	if ((read_preimage(run, r, ctx, live, &why) < 0 || r->build(ctx, item, &why) < 0) && item->skip == NULL)
		item->skip = arena_strdup(ctx->arena, why.text);
	prove_without_routes(r, item);
	item->saved = item->saved == NULL ? NULL : arena_strdup(ctx->arena, item->saved); /* may be the job's */
	item->touched = item->touched == NULL ? NULL : arena_strdup(ctx->arena, item->touched);
	if (item->apply_count == 0)
		item->prepare_only = NULL; /* already so: only read back */
	if (item->prepare_only != NULL)
		item->deadline_s = BUILD_PASTE_S;
	if (item->skip == NULL && (gate(item->apply, item->apply_count, &why) < 0 ||
	        gate(item->undo, item->undo_count, &why) < 0 || gate(item->confirm, item->confirm_count, &why) < 0))
		item->skip = arena_strdup(ctx->arena, why.text);
}

static struct act_context context_of(const struct act_run *run, const struct act_target *t,
    const struct snap *snap, struct arena *arena)
{
	const struct session **rows = arena_alloc(arena, MAX_FAMILIES * sizeof(*rows));

	return (struct act_context){
	    .verb = run->job->verb,
	    .router = run->conf,
	    .local_as = snap->local_as,
	    .version = text_or(snap->version, ""),
	    .snap = snap,
	    .sessions = rows,
	    .session_count = rows_of(snap, t, rows),
	    .own = own_of(run->job, t),
	    .held = run->job->held,
	    .held_count = run->job->held_count,
	    .memo = run->answers != NULL ? &run->answers->memo : NULL,
	    .arena = arena,
	};
}

void planning_item(const struct act_run *run, const struct act_target *t, struct item_choice choice,
    const struct snap *snap, const struct plan_item *earlier, size_t earlier_count, bool live,
    struct arena *arena,
    struct plan_item *item)
{
	struct act_context ctx = context_of(run, t, snap, arena);

	ctx.message = choice.message;
	ctx.earlier = earlier;
	ctx.earlier_count = earlier_count;
	*item = (struct plan_item){ .verb = run->job->verb, .former_advertised = COUNT_UNKNOWN, .others = COUNT_UNKNOWN };
	item->router = arena_strdup(arena, run->job->router);
	item->vrf = arena_strdup(arena, t->vrf);
	item->neighbor = arena_strdup(arena, t->neighbor);
	item->network = arena_strdup(arena, t->network == NULL ? "" : t->network);
	item->handle = ctx.session_count > 0 ? arena_strdup(arena, text_or(ctx.sessions[0]->handle, "")) : "";
	item_state(item, snap, ctx.sessions, ctx.session_count);
	if (ctx.own != NULL)
		item->former_advertised = ctx.own->advertised;
	item->held_lasting = ctx.own != NULL && ctx.own->lasting;
	item->skip = t->refused != NULL ? arena_strdup(arena, t->refused) : skip_reason(run, &ctx, item);
	if (item->skip == NULL)
		choose_prefixes(run->io, &ctx, item, ctx.own != NULL ? ctx.own->prefixes : choice.prefixes);
	if (item->skip == NULL)
		build(run, recipe_of(run->driver, item->verb, ctx.prefixes), &ctx, live, item);
}

bool planning_shows(const struct act_run *run, const struct plan_item *item, const struct snap *snap,
    struct str *words)
{
	const struct act_target t = { .vrf = item->vrf, .neighbor = item->neighbor, .network = item->network };
	const struct recipe *r = recipe_of(run->driver, item->verb, item->prefixes);
	struct arena *arena; /* one each time: a wait may take many */
	struct act_context ctx;
	struct err why = ERR_INIT;
	struct str missing;
	bool shown = false;

	if (r == NULL)
		return true;
	if (r->shows == NULL && item->prefixes.count == 0)
		return true;
	arena = arena_new();
	str_init(&missing, 0);
	ctx = context_of(run, &t, snap, arena);
	ctx.recipe = r;
	ctx.prefixes = item->prefixes;
	if (ctx.session_count == 0)
		str_puts(&missing, "the router does not show the session any more");
	else if (read_preimage(run, r, &ctx, true, &why) < 0)
		str_puts(&missing, why.text);
	else
		shown = (r->shows == NULL || r->shows(&ctx, item, &missing)) && routes_show(run->io, &ctx, item, &missing);
	if (!shown || missing.len > 0) {
		str_clear(words);
		str_add(words, missing.p, missing.len);
	}
	str_fini(&missing);
	arena_free(arena);
	return shown;
}

static struct plan_part *part_new(const struct act_job *job)
{
	struct plan_part *part = MEM_NEW(struct plan_part);

	part->arena = arena_new();
	part->items = arena_alloc(part->arena, (job->target_count + 1) * sizeof(*part->items));
	return part;
}

static void planning_end(struct act_job *job, struct inbox *inbox, struct plan_part *part, const char *words)
{
	struct act_progress *p = job_progress(job);

	p->state = RUN_PLANNED;
	p->final = true;
	p->part = part;
	snprintf(p->words, sizeof(p->words), "%s", words);
	job_post(job, inbox, p);
}

void planning_refuse(struct act_job *job, const char *why, struct inbox *inbox)
{
	struct plan_part *part = part_new(job);

	for (size_t i = 0; i < job->target_count; i++) {
		const struct act_target *t = &job->targets[i];

		part->items[part->count++] = (struct plan_item){
		    .router = arena_strdup(part->arena, job->router),
		    .vrf = arena_strdup(part->arena, t->vrf),
		    .neighbor = arena_strdup(part->arena, t->neighbor),
		    .network = arena_strdup(part->arena, t->network),
		    .handle = "",
		    .verb = job->verb,
		    .skip = arena_strdup(part->arena, why),
		    .received = COUNT_UNKNOWN,
		    .advertised = COUNT_UNKNOWN,
		    .former_advertised = COUNT_UNKNOWN,
		    .others = COUNT_UNKNOWN,
		    .flaps = COUNT_UNKNOWN,
		    .since_s = -1,
		};
	}
	planning_end(job, inbox, part, why);
}

void planning_run(const struct act_run *way)
{
	struct act_answers answers = { .kept = NULL };
	const struct act_run asks = { way->job, way->io, way->conf, way->driver, way->inbox, &answers };
	const struct act_run *run = &asks;
	struct act_job *job = run->job;
	struct plan_part *part;
	struct snap *snap = NULL;
	struct err e = ERR_INIT;
	char words[64];

	if (run->io->look(run->io->ctx, &snap, &e) < 0) {
		planning_refuse(job, e.text, run->inbox);
		return;
	}
	part = part_new(job);
	answers.memo.arena = part->arena;
	for (size_t i = 0; i < job->target_count; i++) {
		planning_item(run, &job->targets[i], (struct item_choice){ job->message, job->prefixes }, snap, part->items, part->count,
		    false, part->arena, &part->items[part->count]);
		part->count++;
	}
	snap_unref(snap);
	free(answers.kept);
	snprintf(words, sizeof(words), "%s: %zu planned", job->router, part->count);
	planning_end(job, run->inbox, part, words);
}
