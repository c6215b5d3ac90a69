/* Asking RIPEstat; see ripestat.h. */
#include "backends/sources/ripestat.h"
#include "backends/sources/fetch.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/base/text.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_MAX = 64 << 20, RETRY_S = 600, GAP_MS = 1000 };

static const char *const calls[] = { [RIPESTAT_STATUS] = "routing-status", [RIPESTAT_ANNOUNCED] = "announced-prefixes" };

void ripestat_answer_free(struct ripestat_answer *a)
{
	if (a == NULL)
		return;
	prefixset_unref(a->v4);
	prefixset_unref(a->v6);
	free(a);
}

/* ---- answers ---- */

/* 64501, "64501" or "AS64501". */
static bool is_about(const json_t *resource, asn_t asn)
{
	const char *s = json_string_value(resource);
	asn_t read;

	if (json_is_integer(resource))
		return json_integer_value(resource) == (json_int_t)asn;
	return s != NULL && asn_parse(slice_of(s), &read) && read == asn;
}

static count_t count_of(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return json_is_integer(v) && json_integer_value(v) >= 0 ? (count_t)json_integer_value(v) : COUNT_UNKNOWN;
}

static int read_status(const json_t *data, struct ripestat_answer *a, struct err *e)
{
	static const char *const families[] = { "v4", "v6" };
	const json_t *visibility = json_object_get(data, "visibility");

	for (int i = 0; i < 2; i++) {
		const json_t *v = json_object_get(visibility, families[i]);

		a->seeing[i] = count_of(v, "ris_peers_seeing");
		a->total[i] = count_of(v, "total_ris_peers");
		if (a->total[i] == 0 || a->seeing[i] > a->total[i])
			a->seeing[i] = COUNT_UNKNOWN;
	}
	return a->seeing[0] == COUNT_UNKNOWN && a->seeing[1] == COUNT_UNKNOWN ?
		err_set(e, ERR_PARSE, "the answer does not say who sees it") : 0;
}

static int read_announced(const json_t *data, struct ripestat_answer *a, struct err *e)
{
	const json_t *list = json_object_get(data, "prefixes"), *one;
	struct prefixset_builder *v4, *v6;
	size_t i;
	int rc = 0;

	if (!json_is_array(list))
		return err_set(e, ERR_PARSE, "the answer has no list of prefixes");
	v4 = prefixset_builder_new(ADDR_IP4);
	v6 = prefixset_builder_new(ADDR_IP6);
	json_array_foreach(list, i, one) {
		const char *s = json_string_value(json_object_get(one, "prefix"));
		struct prefix p;

		if (rc == 0 && (s == NULL || !prefix_parse(slice_of(s), &p) || !prefixset_add(p.net.family == ADDR_IP6 ? v6 : v4, &p, ASN_UNKNOWN)))
			rc = err_set(e, ERR_PARSE, "entry %zu of the prefixes is none", i + 1);
	}
	a->v4 = prefixset_freeze(v4, false);
	a->v6 = prefixset_freeze(v6, false);
	return rc;
}

/* The server's own words: "messages": [["error", "..."]]. */
static int refusal(const json_t *top, int status, struct err *e)
{
	const char *words = json_string_value(json_array_get(json_array_get(json_object_get(top, "messages"), 0), 1));
	struct str safe;

	str_init(&safe, 2048);
	text_append(&safe, slice_upto(slice_of(words != NULL ? words : ""), 200));
	err_set(e, ERR_DEVICE, "status %d%s%s", status, safe.len > 0 ? ": " : "", safe.p);
	str_fini(&safe);
	return -1;
}

struct ripestat_answer *ripestat_read(enum ripestat_call call, asn_t asn, int status, struct slice body, struct err *e)
{
	json_t *top = json_loadb(body.p, body.len, 0, NULL);
	const json_t *data = json_object_get(top, "data");
	const char *word = json_string_value(json_object_get(top, "status"));
	struct ripestat_answer *a = MEM_NEW(struct ripestat_answer);
	int rc;

	a->seeing[0] = a->seeing[1] = a->total[0] = a->total[1] = COUNT_UNKNOWN;
	if (status != 200 || (word != NULL && strcmp(word, "ok") != 0))
		rc = refusal(top, status, e);
	else if (!json_is_object(data))
		rc = err_set(e, ERR_PARSE, "the answer cannot be read");
	else if (!is_about(json_object_get(data, "resource"), asn))
		rc = err_set(e, ERR_PARSE, "the answer is about something else");
	else
		rc = call == RIPESTAT_STATUS ? read_status(data, a, e) : read_announced(data, a, e);
	json_decref(top);
	if (rc == 0)
		return a;
	err_prefix(e, "RIPEstat %s AS%u", calls[call], asn);
	ripestat_answer_free(a);
	return NULL;
}

/* ---- the keeper ---- */

struct stat_keep {
	const struct ripestat_conf *conf;
	struct http *http;
};

void ripestat_key(char out[KEEPER_KEY_MAX + 1], enum ripestat_call call, asn_t asn)
{
	snprintf(out, KEEPER_KEY_MAX + 1, "%d|%u", (int)call, asn);
}

static int ask(void *ctx, const char *key, int cancel_fd, void **answer, int64_t *as_of, struct err *e)
{
	struct stat_keep *s = ctx;
	enum ripestat_call call = key[0] == '0' ? RIPESTAT_STATUS : RIPESTAT_ANNOUNCED;
	asn_t asn = (asn_t)strtoul(key + 2, NULL, 10);
	struct http_request rq = { .ca_file = s->conf->ca_file, .timeout_ms = s->conf->timeout_s * 1000, .ceiling = ANSWER_MAX };
	struct ripestat_answer *a = NULL;
	struct http_reply reply;
	char *url = mem_printf("%s/%s/data.json?resource=AS%u&sourceapp=peerdeck", s->conf->url, calls[call], asn);

	rq.url = url;
	if (fetch(s->http, &rq, cancel_fd, &reply, e) == 0) {
		a = ripestat_read(call, asn, reply.status, str_slice(&reply.body), e);
		http_reply_fini(&reply);
	} else {
		err_prefix(e, "RIPEstat");
	}
	free(url);
	*answer = a;
	*as_of = clock_wall_ms();
	return a != NULL ? 0 : -1;
}

static void answer_free(void *answer)
{
	ripestat_answer_free(answer);
}

struct keeper *ripestat_keeper(const struct ripestat_conf *conf, struct http *http, struct err *e)
{
	static const struct keeper_ops ops = { ask, answer_free, free };
	const struct keeper_times times = { conf->refresh_s, RETRY_S, GAP_MS };
	struct stat_keep *s;
	struct keeper *k;

	if (!conf->enabled || http == NULL)
		return NULL;
	s = MEM_NEW(struct stat_keep);
	*s = (struct stat_keep){ conf, http };
	k = keeper_start("RIPEstat", &ops, s, &times, e);
	if (k == NULL)
		free(s);
	return k;
}
