/*
 * Expanding macros; see irr.h.
 *
 * A macro is asked for as a whole (!a), its members beside it in the same breath; a server that does not know !a, or
 * takes too long over it, is asked for the prefixes of each member in one pipeline.  The members of a macro that names its
 * registry are asked there and resolved by the sources, as bgpq4 does: what a registry calls AS-X may hold sets that only
 * others have.
 */
#include "backends/sources/irr.h"
#include "backends/sources/irr_wire.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/base/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	MACROS_MAX = 64,
	ORIGINS_MAX = 200000,
	SETS_MAX = 20000,
	AHEAD = 256, /* queries under way at once */
};

/* A set that is still to be asked for. */
struct wanted_set {
	char source[41], macro[201]; /* source "": the sources */
	bool named; /* by whoever asked: must be there.  A set that only another set speaks of may be missing. */
};

struct expansion {
	const struct irr_conf *conf;
	const char *sources; /* NULL: the server's order */
	int cancel_fd;
	struct irr_wire *wire;
	bool narrowed; /* the wire asks another source than `sources` */
	bool no_whole; /* the server does not know !a, or is too slow at it */
	struct wanted_set *sets;
	size_t set_count, set_cap;
	asn_t *origins; /* whose prefixes are to be asked for */
	size_t count, cap;
	asn_t *joined; /* whose prefixes came with a macro as a whole */
	size_t joined_count, joined_cap;
	struct prefixset_builder *v4, *v6;
	size_t prefixes; /* words of prefixes seen */
};

void irr_expansion_free(struct irr_expansion *x)
{
	if (x == NULL)
		return;
	prefixset_unref(x->v4);
	prefixset_unref(x->v6);
	free(x);
}

/* ---- names ---- */

static bool between(char c)
{
	return c == ' ' || c == ',' || c == '\t' || c == '\n' || c == '\r' || c == ';';
}

bool irr_macro_next(struct slice *rest, struct slice *source, struct slice *macro)
{
	size_t n = 0;
	ptrdiff_t colons;

	while (rest->len > 0 && between(rest->p[0]))
		*rest = slice_from(*rest, 1);
	while (n < rest->len && !between(rest->p[n]))
		n++;
	*macro = slice_upto(*rest, n);
	*rest = slice_from(*rest, n);
	*source = slice_upto(*macro, 0);
	colons = slice_find(*macro, "::");
	if (colons >= 0) {
		*source = slice_upto(*macro, (size_t)colons);
		*macro = slice_from(*macro, (size_t)colons + 2);
	}
	return n > 0;
}

static bool only(struct slice s, const char *more)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c != '\0' && strchr(more, c) != NULL)))
			return false;
	}
	return s.len > 0;
}

/* RFC 2622: a hierarchical name has a set name in at least one of its parts. */
bool irr_macro_valid(struct slice macro)
{
	asn_t asn;

	if (macro.len > 200 || !only(macro, "-_:"))
		return false;
	if (asn_parse(macro, &asn))
		return asn != ASN_UNKNOWN && (macro.p[0] == 'A' || macro.p[0] == 'a');
	for (size_t i = 0; i + 3 <= macro.len; i++)
		if ((i == 0 || macro.p[i - 1] == ':') && macro.p[i + 2] == '-' &&
		    ((macro.p[i] | 32) == 'a' || (macro.p[i] | 32) == 'r') && (macro.p[i + 1] | 32) == 's')
			return true;
	return false;
}

/* ---- talking ---- */

static int reconnect(struct expansion *x, struct err *e)
{
	irr_wire_close(x->wire);
	x->narrowed = false;
	x->wire = irr_wire_open(x->conf->host, x->conf->port, x->conf->timeout_s, x->cancel_fd, e);
	if (x->wire == NULL)
		return -1;
	irr_wire_query(x->wire, "!!");
	irr_wire_query(x->wire, "!npeerdeck-" PEERDECK_VERSION);
	return 0;
}

/* One small question and its answer, which must be good. */
static int ask_done(struct expansion *x, const char *about, struct err *e)
{
	enum irr_answer a = IRR_DONE;
	char words[200] = "";

	if (irr_wire_answer(x->wire, NULL, NULL, &a, words, e) < 0)
		return -1;
	if (a != IRR_DONE && a != IRR_DATA)
		return err_set(e, ERR_DEVICE, "%s is refused: %s", about, words[0] ? words : "no reason is given");
	return 0;
}

static int set_sources(struct expansion *x, const char *sources, struct err *e)
{
	irr_wire_query(x->wire, "!s%s", sources);
	return ask_done(x, sources, e);
}

/* A fresh connection that asks the sources that are meant for prefixes. */
static int begin(struct expansion *x, struct err *e)
{
	if (reconnect(x, e) < 0 || ask_done(x, "!n", e) < 0)
		return -1;
	return x->sources != NULL ? set_sources(x, x->sources, e) : 0;
}

static int add_origin(struct expansion *x, asn_t asn, struct err *e)
{
	if (x->count >= ORIGINS_MAX)
		return err_set(e, ERR_LIMIT, "more than %d AS numbers", ORIGINS_MAX);
	MEM_GROW(x->origins, x->cap, x->count + 1);
	x->origins[x->count++] = asn;
	return 0;
}

static int add_prefix(struct expansion *x, struct slice word, struct err *e)
{
	struct prefix p;
	struct prefixset_builder *b;

	if (!prefix_parse(word, &p))
		return err_set(e, ERR_PARSE, "\"%.*s\" is no prefix", (int)(word.len < 60 ? word.len : 60), word.p);
	b = p.net.family == ADDR_IP6 ? x->v6 : x->v4;
	x->prefixes++;
	if (!prefixset_add(b, &p, ASN_UNKNOWN) && prefixset_builder_full(b))
		return err_set(e, ERR_LIMIT, "more than %d prefixes", PREFIXES_MAX);
	return 0;
}

static int on_prefix(void *ctx, struct slice word, struct err *e)
{
	return add_prefix(ctx, word, e);
}

/* Each set once. */
static int want_set(struct expansion *x, bool named, struct slice source, struct slice macro, struct err *e)
{
	struct wanted_set *w;

	if (!irr_macro_valid(macro) || (source.len > 0 && (source.len > 40 || !only(source, "-_"))))
		return err_set(e, ERR_USAGE, "\"%.*s\" is no as-set, route-set or AS number", (int)(macro.len < 80 ? macro.len : 80),
		    macro.p);
	for (size_t i = 0; i < x->set_count; i++)
		if (strncasecmp(x->sets[i].macro, macro.p, macro.len) == 0 && x->sets[i].macro[macro.len] == '\0' &&
		    strncasecmp(x->sets[i].source, source.p, source.len) == 0 && x->sets[i].source[source.len] == '\0')
			return 0;
	if (x->set_count >= SETS_MAX)
		return err_set(e, ERR_LIMIT, "more than %d sets", SETS_MAX);
	MEM_GROW(x->sets, x->set_cap, x->set_count + 1);
	w = &x->sets[x->set_count++];
	*w = (struct wanted_set){ .named = named };
	memcpy(w->source, source.p, source.len);
	memcpy(w->macro, macro.p, macro.len);
	return 0;
}

static int no_member(struct slice word, struct err *e)
{
	return err_set(e, ERR_PARSE, "\"%.*s\" is no member of a set", (int)(word.len < 60 ? word.len : 60), word.p);
}

/* A member: an AS number; a prefix of a route-set; or a set that the server could not resolve, which has no members. */
static int on_member(void *ctx, struct slice word, struct err *e)
{
	struct expansion *x = ctx;
	asn_t asn;

	if (slice_find(word, "/") >= 0)
		return add_prefix(x, word, e);
	if (asn_parse(word, &asn))
		return add_origin(x, asn, e);
	return irr_macro_valid(word) ? 0 : no_member(word, e);
}

/* The same, but sets are still to be resolved. */
static int on_direct_member(void *ctx, struct slice word, struct err *e)
{
	struct slice rest = word, source, macro;
	asn_t asn;

	if (slice_find(word, "/") >= 0 || asn_parse(word, &asn))
		return on_member(ctx, word, e);
	return irr_macro_next(&rest, &source, &macro) && irr_macro_valid(macro) ? want_set(ctx, false, source, macro, e) : no_member(word, e);
}

static int check_members(const struct wanted_set *w, const char *at, enum irr_answer a, const char *words, struct err *e)
{
	if (a == IRR_ERROR || a == IRR_SEVERAL)
		return err_set(e, ERR_DEVICE, "%s: %s", w->macro, a == IRR_ERROR ? words : "the server knows several of this name");
	return a == IRR_NO_KEY && w->named ? err_set(e, ERR_DEVICE, "%s is not known at %s", w->macro, at) : 0;
}

/* The members that one registry lists, not followed further. */
static int members_at(struct expansion *x, const struct wanted_set *w, struct err *e)
{
	char words[200] = "";
	enum irr_answer a;

	if (set_sources(x, w->source, e) < 0)
		return -1;
	x->narrowed = true;
	irr_wire_query(x->wire, "!i%s", w->macro);
	if (irr_wire_answer(x->wire, on_direct_member, x, &a, words, e) < 0)
		return -1;
	return check_members(w, w->source, a, words, e);
}

/* Takes the answers of both families of a macro as a whole; without them its members stay to be asked one by one. */
static int take_whole(struct expansion *x, size_t origins_before, struct err *e)
{
	enum irr_answer a[2] = { IRR_ERROR, IRR_ERROR };
	char words[200];

	for (int i = 0; i < 2; i++)
		if (irr_wire_answer(x->wire, on_prefix, x, &a[i], words, e) < 0)
			return -1;
	if ((a[0] == IRR_DATA || a[0] == IRR_DONE) && (a[1] == IRR_DATA || a[1] == IRR_DONE)) {
		size_t n = x->count - origins_before;

		MEM_GROW(x->joined, x->joined_cap, x->joined_count + n);
		if (n > 0)
			memcpy(x->joined + x->joined_count, x->origins + origins_before, n * sizeof(*x->joined));
		x->joined_count += n;
		x->count = origins_before;
	} else if (a[0] == IRR_ERROR || a[1] == IRR_ERROR) {
		x->no_whole = true;
	}
	return 0;
}

static int members(struct expansion *x, const struct wanted_set *w, struct err *e)
{
	size_t before = x->count;
	struct err slow = ERR_INIT;
	char words[200] = "";
	bool whole = !x->no_whole;
	enum irr_answer a;

	if (x->narrowed && begin(x, e) < 0)
		return -1;
	irr_wire_query(x->wire, "!i%s,1", w->macro);
	if (whole) {
		irr_wire_query(x->wire, "!a4%s", w->macro);
		irr_wire_query(x->wire, "!a6%s", w->macro);
	}
	if (irr_wire_answer(x->wire, on_member, x, &a, words, e) < 0 ||
	    check_members(w, x->sources != NULL ? x->sources : "the server", a, words, e) < 0)
		return -1;
	if (!whole || take_whole(x, before, &slow) == 0)
		return 0;
	x->no_whole = true;
	return slow.code == ERR_TIMEOUT ? begin(x, e) : err_set(e, slow.code, "%s: %s", w->macro, slow.text);
}

static int asn_cmp(const void *p, const void *q)
{
	asn_t a = *(const asn_t *)p, b = *(const asn_t *)q;

	return a < b ? -1 : a > b;
}

/* Sorted, each once; the number of them. */
static size_t tidy(asn_t *asns, size_t count)
{
	size_t n = 0;

	if (count > 0)
		qsort(asns, count, sizeof(*asns), asn_cmp);
	for (size_t i = 0; i < count; i++)
		if (n == 0 || asns[n - 1] != asns[i])
			asns[n++] = asns[i];
	return n;
}

static size_t all_origins(struct expansion *x)
{
	MEM_GROW(x->joined, x->joined_cap, x->joined_count + x->count);
	if (x->count > 0)
		memcpy(x->joined + x->joined_count, x->origins, x->count * sizeof(*x->joined));
	return tidy(x->joined, x->joined_count + x->count);
}

static int origin_answer(struct expansion *x, asn_t asn, struct err *e)
{
	enum irr_answer a;
	char words[200] = "";

	if (irr_wire_answer(x->wire, on_prefix, x, &a, words, e) < 0)
		return err_prefix(e, "AS%u", asn);
	if (a == IRR_ERROR || a == IRR_SEVERAL)
		return err_set(e, ERR_DEVICE, "AS%u: %s", asn, a == IRR_ERROR ? words : "the server knows several of this name");
	return 0;
}

/* Both families of every AS number, AHEAD of them under way at once. */
static int prefixes(struct expansion *x, struct err *e)
{
	size_t asked = 0;

	if (x->narrowed && begin(x, e) < 0)
		return -1;
	for (size_t got = 0; got < x->count; got++) {
		for (; asked < x->count && asked < got + AHEAD; asked++) {
			irr_wire_query(x->wire, "!gAS%u", x->origins[asked]);
			irr_wire_query(x->wire, "!6AS%u", x->origins[asked]);
		}
		if (origin_answer(x, x->origins[got], e) < 0 || origin_answer(x, x->origins[got], e) < 0)
			return -1;
	}
	return 0;
}

static int expand_all(struct expansion *x, const char *macros, struct err *e)
{
	struct slice rest = slice_of(macros), source, macro;
	asn_t asn;
	int n = 0;

	for (; irr_macro_next(&rest, &source, &macro); n++) {
		bool alone = source.len == 0 && asn_parse(macro, &asn) && irr_macro_valid(macro);

		if (n >= MACROS_MAX)
			return err_set(e, ERR_LIMIT, "more than %d macros", MACROS_MAX);
		if ((alone ? add_origin(x, asn, e) : want_set(x, true, source, macro, e)) < 0)
			return -1;
	}
	if (n == 0)
		return err_set(e, ERR_USAGE, "there is no macro to ask for");
	if (begin(x, e) < 0)
		return -1;
	for (size_t i = 0; i < x->set_count; i++) { /* grows while it is walked */
		const struct wanted_set w = x->sets[i];

		if ((w.source[0] != '\0' ? members_at(x, &w, e) : members(x, &w, e)) < 0)
			return -1;
	}
	x->count = tidy(x->origins, x->count);
	return prefixes(x, e);
}

struct irr_expansion *irr_expand(const struct irr_conf *conf, const char *macros, const char *sources, int cancel_fd,
    struct err *e)
{
	struct expansion x = { .conf = conf, .cancel_fd = cancel_fd, .sources = sources != NULL && *sources ? sources : conf->sources };
	struct irr_expansion *out = NULL;

	x.v4 = prefixset_builder_new(ADDR_IP4);
	x.v6 = prefixset_builder_new(ADDR_IP6);
	if (expand_all(&x, macros, e) == 0 && x.prefixes == 0 && x.set_count > 0)
		err_set(e, ERR_DEVICE, "%.100s: the server has no route object behind it", macros);
	else if (e->code == ERR_NONE) {
		out = MEM_NEW(struct irr_expansion);
		*out = (struct irr_expansion){ prefixset_freeze(x.v4, false), prefixset_freeze(x.v6, false), all_origins(&x) };
		x.v4 = x.v6 = NULL;
	}
	if (out == NULL)
		err_prefix(e, "IRR");
	prefixset_builder_free(x.v4);
	prefixset_builder_free(x.v6);
	irr_wire_close(x.wire);
	free(x.origins);
	free(x.sets);
	free(x.joined);
	return out;
}
