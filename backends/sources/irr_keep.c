/*
 * Expansions kept by a keeper, and on disk from run to run; see irr.h.
 *
 * On disk an expansion is a line of numbers and the two packed sets behind it.  What does not read back is asked again.
 */
#include "backends/sources/irr.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/model/answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RETRY_S = 300, GAP_MS = 500 };
#define SOURCE "irr"
#define HEADER "irr1"

struct irr_keep {
	const struct irr_conf *conf;
	struct answers *answers;
};

void irr_key(char out[KEEPER_KEY_MAX + 1], const char *macros, const char *sources)
{
	snprintf(out, KEEPER_KEY_MAX + 1, "%s|%s", macros, sources != NULL ? sources : "");
}

static void put(struct irr_keep *k, const char *key, const struct irr_expansion *x, int64_t now)
{
	struct slice v4 = prefixset_packed(x->v4), v6 = prefixset_packed(x->v6);
	struct str body;

	str_init(&body, ANSWER_BODY_MAX);
	str_addf(&body, HEADER " %s %zu %zu %zu\n", k->conf->host, x->origins, v4.len, v6.len);
	str_add(&body, v4.p, v4.len);
	str_add(&body, v6.p, v6.len);
	if (!body.over)
		answers_put(k->answers, SOURCE, key, now, str_slice(&body));
	str_fini(&body);
}

static struct irr_expansion *unpack(const struct irr_conf *conf, struct slice body)
{
	struct irr_expansion *x = MEM_NEW(struct irr_expansion);
	struct scan c = scan_of(body), head;
	uint64_t origins = 0, n4 = 0, n6 = 0;
	struct slice line = { NULL, 0 }, host, rest;

	if (scan_line(&c, &line)) {
		head = scan_of(line);
		rest = scan_rest(&c);
		if (scan_lit(&head, HEADER " ") && scan_word(&head, &host) && slice_eq(host, conf->host) && scan_lit(&head, " ") &&
		    scan_u64(&head, &origins) && scan_lit(&head, " ") && scan_u64(&head, &n4) && scan_lit(&head, " ") &&
		    scan_u64(&head, &n6) && n4 <= rest.len && n6 == rest.len - n4) {
			x->v4 = prefixset_unpack(ADDR_IP4, slice_upto(rest, (size_t)n4));
			x->v6 = prefixset_unpack(ADDR_IP6, slice_from(rest, (size_t)n4));
		}
	}
	x->origins = (size_t)origins;
	if (x->v4 != NULL && x->v6 != NULL)
		return x;
	irr_expansion_free(x);
	return NULL;
}

static struct irr_expansion *kept(struct irr_keep *k, const char *key, int64_t now, int64_t *at)
{
	struct irr_expansion *x = NULL;
	struct str body;

	str_init(&body, ANSWER_BODY_MAX);
	if (answers_get(k->answers, SOURCE, key, at, &body) && *at <= now && now - *at < (int64_t)k->conf->refresh_s * 1000)
		x = unpack(k->conf, str_slice(&body));
	str_fini(&body);
	return x;
}

static int ask(void *ctx, const char *key, int cancel_fd, void **answer, int64_t *as_of, struct err *e)
{
	struct irr_keep *k = ctx;
	const char *bar = strrchr(key, '|');
	char *macros = mem_strndup(key, bar != NULL ? (size_t)(bar - key) : strlen(key));
	int64_t now = clock_wall_ms();
	struct irr_expansion *x = kept(k, key, now, as_of);

	if (x == NULL) {
		x = irr_expand(k->conf, macros, bar != NULL && bar[1] != '\0' ? bar + 1 : NULL, cancel_fd, e);
		*as_of = now;
		if (x != NULL)
			put(k, key, x, now);
	}
	free(macros);
	*answer = x;
	return x != NULL ? 0 : -1;
}

static void answer_free(void *answer)
{
	irr_expansion_free(answer);
}

static void end(void *ctx)
{
	struct irr_keep *k = ctx;

	answers_forget(k->answers, SOURCE, clock_wall_ms() - (int64_t)k->conf->refresh_s * 10000);
	answers_close(k->answers);
	free(k);
}

struct keeper *irr_keeper(const struct irr_conf *conf, const char *data_dir, struct err *e)
{
	static const struct keeper_ops ops = { ask, answer_free, end };
	const struct keeper_times times = { conf->refresh_s, RETRY_S, GAP_MS };
	struct irr_keep *k;
	struct keeper *keeper;

	if (conf->host == NULL)
		return NULL;
	k = MEM_NEW(struct irr_keep);
	k->conf = conf;
	k->answers = answers_open(data_dir);
	keeper = keeper_start("IRR", &ops, k, &times, e);
	if (keeper == NULL)
		end(k);
	return keeper;
}
