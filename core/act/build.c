/* Steps and warnings of one item; see build.h. */
#include "core/act/build.h"

#include <stdio.h>
#include <string.h>

/* Room for one more and an end mark, inside the arena: the old array stays there until the plan is freed. */
static void *grown(struct arena *a, void *old, size_t count, size_t *cap, size_t size)
{
	void *now;

	if (count + 1 < *cap)
		return old;
	*cap = *cap == 0 ? 16 : *cap * 2;
	now = arena_alloc(a, *cap * size);
	if (count > 0)
		memcpy(now, old, count * size);
	return now;
}

void build_start(struct build *b, const struct act_context *ctx, struct plan_item *item, size_t message_max,
    struct err *e)
{
	const struct session *s = ctx->sessions[0];

	*b = (struct build){ .ctx = ctx, .item = item, .e = e };
	b->args = (struct tmpl_args){
	    .neighbor = &s->peer,
	    .interface = text_or(s->neighbor, ""),
	    .protocol = text_or(s->handle, ""),
	    .handle = text_or(s->handle, ""),
	    .vrf = text_or(s->vrf, ""),
	    .asn = s->local_as != ASN_UNKNOWN ? s->local_as : ctx->local_as,
	    .hook_file = ctx->router->hook_file,
	    .message = ctx->message,
	    .message_max = message_max,
	};
	for (size_t i = 0; ctx->notes != NULL && ctx->notes[i] != NULL; i++)
		build_warn(b, "%s", ctx->notes[i]);
	if (ctx->verb == VERB_RESUME && ctx->own == NULL)
		build_warn(b, "not suspended by us: somebody else shut it%s%s",
		    text_empty(s->own_message) ? "" : ", saying: ", text_or(s->own_message, ""));
	if (ctx->verb == VERB_SUSPEND && !item->established && ctx->message != NULL)
		build_warn(b, "the session is not Established: the message will not reach the peer");
	if (ctx->text_dropped)
		build_warn(b, "this OS cannot tell the peer a text: the message is not sent");
	if (ctx->message != NULL && strlen(ctx->message) > 128)
		build_warn(b, "the message has %zu octets: older systems take 128 (RFC 8203)",
		    strlen(ctx->message));
}

static struct step *add(struct build *b, enum build_list l, const struct step *s)
{
	b->list[l].steps = grown(
	    b->ctx->arena, b->list[l].steps, b->list[l].count, &b->list[l].cap, sizeof(struct step));
	b->list[l].steps[b->list[l].count] = *s;
	return &b->list[l].steps[b->list[l].count++];
}

static struct step *add_filled(struct build *b, enum build_list l, enum step_kind kind, const char *tmpl)
{
	const char *line = b->bad ? NULL : tmpl_line(b->ctx->arena, tmpl, &b->args, b->e);

	if (line == NULL) {
		b->bad = true;
		return &b->nowhere;
	}
	return add(b, l, &(struct step){ .kind = kind, .line = line });
}

struct step *build_line(struct build *b, enum build_list l, const char *tmpl)
{
	return add_filled(b, l, STEP_CLI, tmpl);
}

struct step *build_run(struct build *b, enum build_list l, const char *tmpl)
{
	return add_filled(b, l, STEP_RUN, tmpl);
}

struct step *build_file(struct build *b, enum build_list l, const char *path, const char *content)
{
	if (b->bad)
		return &b->nowhere;
	return add(b, l,
	    &(struct step){ .kind = STEP_FILE, .path = arena_strdup(b->ctx->arena, path), .line = content });
}

size_t build_at(const struct build *b, enum build_list l)
{
	return b->list[l].count;
}

void build_warn(struct build *b, const char *fmt, ...)
{
	char text[900];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	b->warnings = grown(
	    b->ctx->arena, b->warnings, b->warning_count, &b->warning_cap, sizeof(*b->warnings));
	b->warnings[b->warning_count++] = arena_strdup(b->ctx->arena, text);
}

int build_refuse(struct build *b, const char *fmt, ...)
{
	char text[1200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	b->bad = true;
	b->item->skip = arena_strdup(b->ctx->arena, text); /* whole and with its lines, which an err does not keep */
	return err_set(b->e, ERR_REFUSED, "%s", text);
}

int build_end(struct build *b, enum proof_kind proof, unsigned deadline_s)
{
	struct plan_item *i = b->item;

	if (b->bad)
		return -1;
	i->apply = b->list[BUILD_APPLY].steps;
	i->apply_count = b->list[BUILD_APPLY].count;
	i->undo = b->list[BUILD_UNDO].steps;
	i->undo_count = b->list[BUILD_UNDO].count;
	i->confirm = b->list[BUILD_CONFIRM].steps;
	i->confirm_count = b->list[BUILD_CONFIRM].count;
	if (b->warning_count > 0)
		b->warnings[b->warning_count] = NULL;
	i->warnings = b->warnings;
	i->proof = proof;
	i->deadline_s = deadline_s;
	return 0;
}
