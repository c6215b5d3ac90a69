/*
 * A registry's answers kept by a keeper, and on disk from run to run; see rdap.h.
 *
 * On disk an answer is the body as it came: what a later peerdeck reads out of it may be more.
 */
#include "backends/sources/rdap.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/model/answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RETRY_S = 600, GAP_MS = 2000, BODY_MAX = 4 << 20 };
#define SOURCE "rdap"

struct rdap_keep {
	const struct rdap_conf *conf;
	struct answers *answers;
	struct http *http;
};

void rdap_key(char out[KEEPER_KEY_MAX + 1], asn_t asn)
{
	snprintf(out, KEEPER_KEY_MAX + 1, "%u", asn);
}

/* However old; NULL: nothing is kept that can be read. */
static struct rdap_answer *kept(struct answers *answers, asn_t asn, const char *key)
{
	struct rdap_answer *x = NULL;
	struct err ignored = ERR_INIT;
	struct str body;
	int64_t at = 0;

	str_init(&body, BODY_MAX);
	if (answers_get(answers, SOURCE, key, &at, &body) && at <= clock_wall_ms())
		x = rdap_parse(asn, str_slice(&body), at, &ignored);
	str_fini(&body);
	return x;
}

static bool fresh(const struct rdap_conf *conf, const struct rdap_answer *x)
{
	return x != NULL && clock_wall_ms() - x->r.asked_wall_ms < (int64_t)conf->refresh_s * 1000;
}

static struct rdap_answer *ask_and_keep(const struct rdap_keep *k, asn_t asn, const char *key, int cancel_fd, struct err *e)
{
	struct rdap_answer *x;
	struct str body;

	str_init(&body, BODY_MAX);
	x = rdap_ask(k->conf, k->http, asn, cancel_fd, &body, e);
	if (x != NULL)
		answers_put(k->answers, SOURCE, key, x->r.asked_wall_ms, str_slice(&body));
	str_fini(&body);
	return x;
}

/* ---- the keeper ---- */

static int keep_ask(void *ctx, const char *key, int cancel_fd, void **answer, int64_t *as_of, struct err *e)
{
	struct rdap_keep *k = ctx;
	struct rdap_answer *x;
	asn_t asn;

	if (!asn_parse(slice_of(key), &asn))
		return err_set(e, ERR_USAGE, "RDAP: \"%s\" is no AS number", key);
	x = kept(k->answers, asn, key);
	if (!fresh(k->conf, x)) {
		rdap_answer_free(x);
		x = ask_and_keep(k, asn, key, cancel_fd, e);
	}
	*answer = x;
	*as_of = x != NULL ? x->r.asked_wall_ms : 0;
	return x != NULL ? 0 : -1;
}

static void keep_free(void *answer)
{
	rdap_answer_free(answer);
}

static void keep_end(void *ctx)
{
	struct rdap_keep *k = ctx;

	answers_close(k->answers);
	free(k);
}

struct keeper *rdap_keeper(const struct rdap_conf *conf, const char *data_dir, struct http *http, struct err *e)
{
	static const struct keeper_ops ops = { keep_ask, keep_free, keep_end };
	const struct keeper_times times = { conf->refresh_s, RETRY_S, GAP_MS };
	struct rdap_keep *k;
	struct keeper *keeper;

	if (!conf->enabled || http == NULL)
		return NULL;
	k = MEM_NEW(struct rdap_keep);
	*k = (struct rdap_keep){ conf, answers_open(data_dir), http };
	keeper = keeper_start("RDAP", &ops, k, &times, e);
	if (keeper == NULL)
		keep_end(k);
	return keeper;
}

/* ---- for commands that end ---- */

static struct text copy(struct arena *a, struct text t)
{
	return (struct text){ t.s != NULL ? arena_strdup(a, t.s) : NULL };
}

void registered_copy(struct registered *to, const struct registered *from, struct arena *a)
{
	struct contact *list = arena_alloc(a, (from->count + 1) * sizeof(*list));

	*to = *from;
	to->trouble = copy(a, from->trouble);
	for (size_t i = 0; i < from->count; i++) {
		list[i] = from->contacts[i];
		list[i].role = copy(a, list[i].role);
		list[i].name = copy(a, list[i].name);
		list[i].phone = copy(a, list[i].phone);
		list[i].email = copy(a, list[i].email);
		list[i].url = copy(a, list[i].url);
		list[i].visible = copy(a, list[i].visible);
	}
	to->contacts = list;
}

static int by_asn(const void *a, const void *b)
{
	const struct registered *x = a, *y = b;

	return x->asn < y->asn ? -1 : x->asn > y->asn;
}

const struct registered_set *rdap_lookup(const struct rdap_conf *conf, const char *data_dir, struct http *http, const asn_t *asns, size_t n,
    struct arena *a)
{
	const struct rdap_keep k = { conf, answers_open(data_dir), http };
	struct registered *list = arena_alloc(a, (n + 1) * sizeof(*list));
	struct registered_set *set = arena_alloc(a, sizeof(*set));
	int left = http != NULL ? RDAP_ASKED_MAX : 0;

	for (size_t i = 0; i < n; i++) {
		char key[KEEPER_KEY_MAX + 1];
		struct rdap_answer *old, *new = NULL;
		struct err e = ERR_INIT;

		rdap_key(key, asns[i]);
		old = kept(k.answers, asns[i], key);
		if (!fresh(conf, old) && left-- > 0)
			new = ask_and_keep(&k, asns[i], key, -1, &e);
		list[i] = (struct registered){ .asn = asns[i], .asked_wall_ms = -1 };
		if (new != NULL || old != NULL)
			registered_copy(&list[i], new != NULL ? &new->r : &old->r, a);
		if (e.code != ERR_NONE) {
			list[i].trouble = text_safez(a, e.text);
			left = 0;
		}
		rdap_answer_free(new);
		rdap_answer_free(old);
	}
	answers_close(k.answers);
	qsort(list, n, sizeof(*list), by_asn);
	*set = (struct registered_set){ list, n };
	return set;
}
