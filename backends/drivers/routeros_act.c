/*
 * Acting on RouterOS 6 and 7: each command on a channel of its own, in effect at once and for good.
 *
 * A connection (a peer, in version 6) is named, never numbered, and the name must fit exactly one.  Announcing nothing
 * means another filter chain; whether that restarts the session nobody has yet seen for every version, so those lines
 * are prepared.  An unset chain would advertise every active route: the former name is put back, and where there is
 * none of its own nothing is done at all.
 */
#include "backends/drivers/flat.h"
#include "backends/drivers/recipes.h"
#include "backends/drivers/routeros_act.h"
#include "backends/drivers/version.h"

#include <string.h>

#define DENY "noc-deny"
#define GSHUT "-gshut"
#define UNSEEN "Whether another filter chain restarts the session has not been seen on this version."

static const struct routeros_menu menus[] = {
	{ 7, "/routing/bgp/connection/set [find name=\"{handle}\"] ", "output.filter-chain" },
	{ 6, "/routing bgp peer set [find name=\"{handle}\"] ", "out-filter" },
};

/* ---- reading ---- */

static const struct routeros_menu *menu_of(const struct act_context *ctx)
{
	const char *version = strstr(ctx->pre.answers[ROUTEROS_VERSION], "version:");
	unsigned major, minor;

	if (version == NULL || !version_read(version, &major, &minor))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(menus); i++)
		if (menus[i].major == major)
			return &menus[i];
	return NULL;
}

const char *routeros_answer(const struct act_context *ctx, const struct routeros_menu *m, size_t at7, size_t at6)
{
	return ctx->pre.answers[m->major == 7 ? at7 : at6];
}

/* "output.procid=20 .filter-chain=x": a key that begins with a dot goes on with the group before. */
static bool is_key(struct slice key, struct slice group, const char *want)
{
	if (key.len == 0 || key.p[0] != '.')
		return slice_eq(key, want);
	return strlen(want) == group.len + key.len && memcmp(want, group.p, group.len) == 0 &&
	    memcmp(want + group.len, key.p, key.len) == 0;
}

static bool closed(struct slice v)
{
	return v.len >= 2 && v.p[0] == '"' && v.p[v.len - 1] == '"';
}

/* The key's value on one line; the group of keys goes on from line to line. */
static bool find_value(struct slice line, const char *want, struct slice *group, struct slice *value)
{
	ptrdiff_t remark = slice_find(line, ";;;");
	struct scan c = scan_of(remark >= 0 ? slice_upto(line, (size_t)remark) : line);
	struct slice word, key;
	bool quoted = false;

	while (scan_word(&c, &word)) {
		const char *equals = memchr(word.p, '=', word.len), *dot;

		if (quoted || equals == NULL) {
			quoted = quoted && word.p[word.len - 1] != '"';
			continue;
		}
		key = slice_upto(word, (size_t)(equals - word.p));
		*value = slice_from(word, key.len + 1);
		quoted = value->len > 0 && value->p[0] == '"' && !closed(*value);
		if (closed(*value))
			*value = slice_upto(slice_from(*value, 1), value->len - 2);
		if (is_key(key, *group, want))
			return true;
		dot = memchr(key.p, '.', key.len);
		if (dot != NULL && dot != key.p)
			*group = slice_upto(key, (size_t)(dot - key.p));
	}
	return false;
}

/* "" when it is not there.  A value with blanks keeps its quote, which no line can take. */
static const char *value_of(struct arena *a, const char *print, const char *want)
{
	struct scan c = scan_of(slice_of(print));
	struct slice line, value, group = SLICE("");

	while (scan_line(&c, &line))
		if (find_value(line, want, &group, &value))
			return arena_strndup(a, value.p, value.len);
	return "";
}

/* Flags stand behind the number of the record: " 0 X ;;; words". */
static bool is_disabled(const char *print)
{
	struct scan c = scan_of(slice_of(print));
	struct slice line, word;
	uint64_t n;

	while (scan_line(&c, &line)) {
		struct scan d = scan_of(line);

		scan_blanks(&d);
		if (!scan_u64(&d, &n) || !scan_word(&d, &word))
			continue;
		return word.len <= 3 && memchr(word.p, 'X', word.len) != NULL && memchr(word.p, '=', word.len) == NULL;
	}
	return false;
}

bool routeros_read_place(const struct act_context *ctx, struct routeros_place *p)
{
	const char *print;

	*p = (struct routeros_place){ .m = menu_of(ctx) };
	if (p->m == NULL)
		return false;
	print = routeros_answer(ctx, p->m, ROUTEROS_PRINT7, ROUTEROS_PRINT6);
	p->disabled = is_disabled(print);
	p->chain = value_of(ctx->arena, print, p->m->chain);
	return slice_eq(slice_trim(slice_of(routeros_answer(ctx, p->m, ROUTEROS_COUNT7, ROUTEROS_COUNT6))), "1");
}

int routeros_need_place(struct build *b, struct routeros_place *p)
{
	const struct act_context *ctx = b->ctx;

	if (text_empty(ctx->sessions[0]->handle))
		return build_refuse(b, "the connection of this session is not known: the names of connections could not be read");
	if (routeros_read_place(ctx, p)) {
		b->item->persists = true;
		return 0;
	}
	if (p->m == NULL)
		return build_refuse(b, "neither version 6 nor 7: `/system resource print` says no such version");
	return build_refuse(b, "%s names not exactly one connection", ctx->sessions[0]->handle.s);
}

struct step *routeros_set_line(struct build *b, const struct routeros_place *p, enum build_list l, const char *what)
{
	return build_line(b, l, arena_printf(b->ctx->arena, "%s%s", p->m->set, what));
}

/* ---- suspend and resume ---- */

static int set_disabled(struct build *b, const struct routeros_place *p, bool on)
{
	routeros_set_line(b, p, BUILD_APPLY, on ? "disabled=yes" : "disabled=no");
	routeros_set_line(b, p, BUILD_UNDO, on ? "disabled=no" : "disabled=yes");
	return build_end(b, on ? PROOF_ADMIN_DOWN : PROOF_ADMIN_UP, BUILD_SHUT_S);
}

static int suspend(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct routeros_place p;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (routeros_need_place(&b, &p) < 0)
		return -1;
	if (p.disabled)
		return build_refuse(&b, "already disabled");
	item->touched = "disabled=no";
	return set_disabled(&b, &p, true);
}

static int resume(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct routeros_place p;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (routeros_need_place(&b, &p) < 0)
		return -1;
	item->touched = p.disabled ? "disabled=yes" : "disabled=no";
	if (!p.disabled && ctx->own == NULL)
		return build_refuse(&b, "not disabled");
	if (p.disabled)
		return set_disabled(&b, &p, false);
	build_warn(&b, "no longer disabled: somebody else enabled it; only read back");
	return build_end(&b, PROOF_ADMIN_UP, BUILD_SHUT_S);
}

/* ---- filter chains ---- */

bool routeros_chain_is_ours(const char *chain)
{
	size_t n = strlen(chain), tail = strlen(GSHUT);

	return strcmp(chain, DENY) == 0 || (n > tail && strcmp(chain + n - tail, GSHUT) == 0);
}

/* Whether the filter rules, all of them, have the chain, with the word in it and no accept. */
static bool chain_does(const struct act_context *ctx, const struct routeros_place *p, const char *chain, const char *word,
    bool passes)
{
	struct scan c = scan_of(slice_of(routeros_answer(ctx, p->m, ROUTEROS_MORE7, ROUTEROS_MORE6)));
	const char *bare = arena_printf(ctx->arena, "chain=%s ", chain), *quoted = arena_printf(ctx->arena, "chain=\"%s\" ", chain);
	struct slice line;
	bool does = false;

	while (scan_line(&c, &line)) {
		const char *text = arena_printf(ctx->arena, "%.*s ", (int)line.len, line.p);
		struct scan words = scan_of(slice_of(text));
		struct slice number, flags;

		if (scan_word(&words, &number) && scan_word(&words, &flags) && flags.len <= 3 &&
		    memchr(flags.p, 'X', flags.len) != NULL)
			continue; /* a disabled rule */
		if (strstr(text, bare) == NULL && strstr(text, quoted) == NULL)
			continue;
		if (!passes && strstr(text, "accept") != NULL)
			return false;
		does |= strstr(text, word) != NULL;
	}
	return does;
}

static int need_chain(struct build *b, const struct routeros_place *p, const char *chain, bool gshut)
{
	bool seven = p->m->major == 7;
	const char *word = gshut ? (seven ? "graceful-shutdown" : "65535:0") : seven ? "reject" : "discard";

	if (chain_does(b->ctx, p, chain, word, gshut))
		return 0;
	if (gshut && seven)
		return build_refuse(b, "not provisioned: needed, once:\n"
		    "  /routing/filter/rule/add chain=%s rule=\"append bgp-communities graceful-shutdown; jump %s\"", chain, p->chain);
	if (gshut)
		return build_refuse(b, "not provisioned: needed, once:\n"
		    "  /routing filter add chain=%s action=jump jump-target=%s append-bgp-communities=65535:0", chain, p->chain);
	return build_refuse(b, "not provisioned: needed, once:\n  %s",
	    seven ? "/routing/filter/rule/add chain=" DENY " rule=\"reject\"" : "/routing filter add chain=" DENY " action=discard");
}

static int set_chain(struct build *b, const struct routeros_place *p, const char *to)
{
	const char *tmpl = arena_printf(b->ctx->arena, "%s={name}", p->m->chain);

	b->item->touched = arena_printf(b->ctx->arena, "%s=%s", p->m->chain, p->chain);
	b->args.name = to;
	routeros_set_line(b, p, BUILD_APPLY, tmpl);
	b->args.name = p->chain;
	routeros_set_line(b, p, BUILD_UNDO, tmpl);
	if (b->item->verb == VERB_WITHDRAW)
		build_warn(b, "RouterOS does not tell what it advertises: proven is that the chain is set and the session stayed up");
	return build_end(b, PROOF_STILL_UP, BUILD_ROUTES_S);
}

static int change_chain(const struct act_context *ctx, struct plan_item *item, bool gshut, struct err *e)
{
	const char *to;
	struct routeros_place p;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (routeros_need_place(&b, &p) < 0)
		return -1;
	if (p.chain[0] == '\0')
		return build_refuse(&b, "has no %s of its own: restoring would have to unset it, which advertises everything",
		    p.m->chain);
	if (routeros_chain_is_ours(p.chain))
		return build_refuse(&b, "%s is %s already", p.m->chain, p.chain);
	to = gshut ? arena_printf(ctx->arena, "%s" GSHUT, p.chain) : DENY;
	if (need_chain(&b, &p, to, gshut) < 0)
		return -1;
	item->saved = p.chain;
	return set_chain(&b, &p, to);
}

static int withdraw(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	return change_chain(ctx, item, false, e);
}

static int gshut(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	return change_chain(ctx, item, true, e);
}

static int restore(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct routeros_place p;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (routeros_need_place(&b, &p) < 0)
		return -1;
	item->saved = ctx->own->saved;
	if (routeros_chain_is_ours(p.chain))
		return set_chain(&b, &p, item->saved);
	item->touched = arena_printf(ctx->arena, "%s=%s", p.m->chain, p.chain);
	build_warn(&b, "%s is %s: somebody else changed it; only read back", p.m->chain, p.chain[0] != '\0' ? p.chain : "unset");
	return build_end(&b, PROOF_STILL_UP, BUILD_ROUTES_S);
}

static bool shows_chain(const struct act_context *ctx, const struct plan_item *item, struct str *words)
{
	const char *want = item->verb == VERB_WITHDRAW ? DENY : item->saved;
	struct routeros_place p;

	if (!routeros_read_place(ctx, &p)) {
		str_puts(words, "the connection cannot be read any more");
		return false;
	}
	if (item->verb == VERB_GSHUT)
		want = arena_printf(ctx->arena, "%s" GSHUT, item->saved);
	if (strcmp(p.chain, want) == 0)
		return true;
	str_addf(words, "%s is %s, not %s", p.m->chain, p.chain[0] != '\0' ? p.chain : "unset", want);
	return false;
}

/* ---- refresh ---- */

/* A session of version 7 is named after its connection. */
static int refresh(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct routeros_place p;
	struct build b;

	build_start(&b, ctx, item, 0, e);
	if (routeros_need_place(&b, &p) < 0)
		return -1;
	item->persists = false;
	if (p.m->major == 6)
		return build_refuse(&b, "version 6 asks only all peers together for their routes again");
	if (!slice_eq(slice_trim(slice_of(ctx->pre.answers[ROUTEROS_MORE7])), "1"))
		return build_refuse(&b, "%s-1 names not exactly one session", ctx->sessions[0]->handle.s);
	build_line(&b, BUILD_APPLY, "/routing/bgp/session/refresh [find name=\"{handle}-1\"]");
	item->touched = "";
	return build_end(&b, PROOF_STILL_UP, BUILD_SHUT_S);
}

#define CONNECTION "/system resource print", \
	"try:/routing/bgp/connection/print detail without-paging where name=\"{handle}\"", \
	"try:/routing/bgp/connection/print count-only where name=\"{handle}\"", \
	"try:/routing bgp peer print detail without-paging where name=\"{handle}\"", \
	"try:/routing bgp peer print count-only where name=\"{handle}\""
static const char *const connection[] = { CONNECTION, NULL };
static const char *const with_filters[] = { CONNECTION, "try:/routing/filter/rule/print without-paging",
	"try:/routing filter print without-paging", NULL };
static const char *const with_session[] = { CONNECTION,
	"try:/routing/bgp/session/print count-only where name=\"{handle}-1\"", NULL };

#define CHAIN .shows = shows_chain, .prepare_only = UNSEEN
#define PREFIXES .shows = routeros_shows_prefixes, .prepare_only = UNSEEN

static const struct recipe recipe[] = {
    { .verb = VERB_SUSPEND, .reads = connection, .build = suspend },
    { .verb = VERB_RESUME, .reads = connection, .build = resume },
    { .verb = VERB_WITHDRAW, .reads = with_filters, .build = withdraw, CHAIN },
    { .verb = VERB_RESTORE, .reads = with_filters, .build = restore, CHAIN },
    { .verb = VERB_GSHUT, .reads = with_filters, .build = gshut, CHAIN },
    { .verb = VERB_REFRESH, .reads = with_session, .build = refresh },
    { .verb = VERB_WITHDRAW_PREFIXES, .reads = with_filters, .build = routeros_withdraw_prefixes, PREFIXES },
    { .verb = VERB_RESTORE, .of_prefixes = true, .reads = with_filters, .build = routeros_restore_prefixes, PREFIXES },
};

const struct recipe *const routeros_recipes[] = { &recipe[0], &recipe[1], &recipe[2], &recipe[3], &recipe[4],
	&recipe[5], &recipe[6], &recipe[7], NULL };
