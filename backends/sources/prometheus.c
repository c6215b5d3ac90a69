/* Asking Prometheus; see prometheus.h. */
#include "backends/sources/prometheus.h"
#include "backends/sources/fetch.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/base/text.h"

#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { QUERY_MAX = 380, ANSWER_MAX = 32 << 20, SAMPLES_MAX = 10000 /* Prometheus itself gives 11,000 */, RETRY_S = 30, GAP_MS = 50, TOKEN_MAX = 4096 };

/* ---- queries ---- */

static const char *place_of(const struct prom_places *p, struct slice name, char asn[16])
{
	snprintf(asn, 16, "%u", p->asn);
	if (slice_eq(name, "asn"))
		return p->asn != ASN_UNKNOWN ? asn : NULL;
	if (slice_eq(name, "router"))
		return p->router;
	if (slice_eq(name, "neighbor"))
		return p->neighbor;
	if (slice_eq(name, "interface"))
		return p->interface;
	return p->description;
}

static bool is_place(struct slice name)
{
	return slice_eq(name, "asn") || slice_eq(name, "router") || slice_eq(name, "neighbor") || slice_eq(name, "interface") ||
	       slice_eq(name, "description");
}

/* A description is what somebody wrote on a router: it must not write our queries. */
static bool harmless(const char *value)
{
	for (const char *p = value; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || strchr("\"'`\\{}", *p) != NULL)
			return false;
	return *value != '\0';
}

int prom_fill(struct str *out, const char *query, const struct prom_places *p, struct err *e)
{
	for (const char *at = query; *at != '\0'; at++) {
		const char *end = *at == '{' ? strchr(at, '}') : NULL;
		struct slice name = { at + 1, end != NULL ? (size_t)(end - at - 1) : 0 };
		const char *value;
		char asn[16];

		if (end == NULL || !is_place(name)) {
			str_putc(out, *at);
			continue;
		}
		value = place_of(p, name, asn);
		if (value == NULL)
			return err_set(e, ERR_REFUSED, "the query's {%.*s} is not known", (int)name.len, name.p);
		if (!harmless(value))
			return err_set(e, ERR_REFUSED, "the %.*s \"%.60s\" cannot stand in a query", (int)name.len, name.p, value);
		str_puts(out, value);
		at = end;
	}
	return out->over || out->len > QUERY_MAX ? err_set(e, ERR_LIMIT, "a query of more than %d octets", QUERY_MAX) : 0;
}

/* ---- answers ---- */

static void safe_words(const json_t *o, const char *key, char *out, size_t size)
{
	const char *s = json_string_value(json_object_get(o, key));
	struct str safe;

	str_init(&safe, 4096);
	text_append(&safe, slice_upto(slice_of(s != NULL ? s : ""), 200));
	snprintf(out, size, "%s", safe.p);
	str_fini(&safe);
}

/* "1.5e9" as a whole; NaN, Inf and negative rates are no measurement. */
static bool number(const json_t *v, double *out)
{
	const char *s = json_string_value(v);
	char *end;

	if (s == NULL || strlen(s) > 60)
		return false;
	*out = strtod(s, &end);
	return *s != '\0' && *end == '\0' && isfinite(*out) && *out >= 0;
}

static int by_value(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return a < b ? -1 : a > b;
}

static void keep_recent(struct prom_series *out, int64_t wall_ms, double value)
{
	if (out->recent_count == PROM_RECENT)
		memmove(out->recent, out->recent + 1, (--out->recent_count) * sizeof(*out->recent));
	out->recent[out->recent_count++] = (struct prom_sample){ wall_ms, value };
}

static int take_samples(const json_t *values, unsigned step_s, struct prom_series *out, struct err *e)
{
	size_t n = 0, all = json_array_size(values), at;
	double *v, sum = 0;

	if (all > SAMPLES_MAX)
		return err_set(e, ERR_LIMIT, "Prometheus: more than %d samples: a longer step is needed", SAMPLES_MAX);
	v = mem_calloc(all + 1, sizeof(*v));
	for (size_t i = 0; i < all; i++) {
		const json_t *pair = json_array_get(values, i), *t = json_array_get(pair, 0);

		if (!json_is_number(t) || !number(json_array_get(pair, 1), &v[n]))
			continue;
		out->last = v[n];
		out->last_wall_ms = (int64_t)(json_number_value(t) * 1000);
		keep_recent(out, out->last_wall_ms, v[n]);
		sum += v[n++];
	}
	if (n == 0) {
		free(v);
		return err_set(e, ERR_PARSE, "Prometheus: %s", all > 0 ? "every sample is NaN or infinite" : "the series has no samples");
	}
	qsort(v, n, sizeof(*v), by_value);
	at = (n * 95 + 99) / 100 - 1;
	out->p95 = v[at];
	out->most = v[n - 1];
	out->mean = sum / (double)n;
	out->samples = n;
	out->covered_s = (int64_t)n * step_s;
	free(v);
	return 0;
}

static int take_result(const json_t *data, unsigned step_s, struct prom_series *out, struct err *e)
{
	const json_t *result = json_object_get(data, "result");
	const char *type = json_string_value(json_object_get(data, "resultType"));

	if (type == NULL || strcmp(type, "matrix") != 0 || !json_is_array(result))
		return err_set(e, ERR_PARSE, "Prometheus: the answer is no matrix");
	if (json_array_size(result) == 0)
		return err_set(e, ERR_DEVICE, "Prometheus: no series fits the query");
	if (json_array_size(result) > 1)
		return err_set(e, ERR_DEVICE, "Prometheus: %zu series fit the query: add sum() or narrow it", json_array_size(result));
	return take_samples(json_object_get(json_array_get(result, 0), "values"), step_s, out, e);
}

int prom_read(struct slice body, int status, unsigned step_s, struct prom_series *out, struct err *e)
{
	json_error_t fault;
	json_t *top = json_loadb(body.p, body.len, JSON_REJECT_DUPLICATES, &fault);
	const char *word = json_string_value(json_object_get(top, "status"));
	char type[60], words[220];
	int rc = -1;

	*out = (struct prom_series){ .p95 = -1, .mean = -1, .most = -1, .last = -1 };
	if (word != NULL && strcmp(word, "error") == 0) {
		safe_words(top, "errorType", type, sizeof(type));
		safe_words(top, "error", words, sizeof(words));
		err_set(e, ERR_DEVICE, "Prometheus: %s (%d): %s", type[0] ? type : "error", status, words);
	} else if (status != 200) {
		err_set(e, ERR_DEVICE, "Prometheus: status %d", status);
	} else if (word == NULL || strcmp(word, "success") != 0) {
		err_set(e, ERR_PARSE, "Prometheus: the answer cannot be read%s%.100s", top == NULL ? ": " : "", top == NULL ? fault.text : "");
	} else {
		rc = take_result(json_object_get(top, "data"), step_s, out, e);
	}
	json_decref(top);
	return rc;
}

/* ---- the keeper ---- */

struct prom {
	const struct prometheus_conf *conf;
	struct http *http;
};

/* "Bearer TOKEN" from the file; NULL none. *bad: it cannot be read. */
static char *authorization(const struct prometheus_conf *conf, struct err *e)
{
	char buf[TOKEN_MAX + 1], *out;
	ssize_t n;
	int fd;

	if (conf->token_file == NULL)
		return NULL;
	fd = open(conf->token_file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	n = fd >= 0 ? read(fd, buf, TOKEN_MAX) : -1;
	if (n < 0)
		err_errno(e, ERR_CONFIG, "%s", conf->token_file);
	if (fd >= 0)
		close(fd);
	if (n < 0)
		return NULL;
	buf[n] = '\0';
	buf[strcspn(buf, "\r\n")] = '\0';
	out = mem_printf("Bearer %s", buf);
	explicit_bzero(buf, sizeof(buf));
	return out;
}

static int ask(void *ctx, const char *key, int cancel_fd, void **answer, int64_t *as_of, struct err *e)
{
	struct prom *p = ctx;
	int64_t now = clock_wall_ms();
	char *token = authorization(p->conf, e);
	struct http_request rq = { .authorization = token, .ca_file = p->conf->ca_file, .timeout_ms = p->conf->timeout_s * 1000,
		.ceiling = ANSWER_MAX };
	struct prom_series *out = NULL;
	struct http_reply reply;
	struct str url;
	int rc = -1;

	if (token == NULL && p->conf->token_file != NULL)
		return -1;
	str_init(&url, 8192);
	str_addf(&url, "%s/api/v1/query_range?query=", p->conf->url);
	http_escape(&url, slice_of(key));
	str_addf(&url, "&start=%lld&end=%lld&step=%u", (long long)(now / 1000 - p->conf->window_s), (long long)(now / 1000), p->conf->step_s);
	rq.url = url.p;
	if (fetch(p->http, &rq, cancel_fd, &reply, e) == 0) {
		out = MEM_NEW(struct prom_series);
		rc = prom_read(str_slice(&reply.body), reply.status, p->conf->step_s, out, e);
		http_reply_fini(&reply);
	}
	str_fini(&url);
	if (token != NULL)
		explicit_bzero(token, strlen(token));
	free(token);
	if (rc < 0) {
		free(out);
		return -1;
	}
	*answer = out;
	*as_of = out->last_wall_ms;
	return 0;
}

struct keeper *prom_keeper(const struct prometheus_conf *conf, struct http *http, struct err *e)
{
	static const struct keeper_ops ops = { ask, free, free };
	const struct keeper_times times = { conf->every_s, RETRY_S, GAP_MS };
	struct prom *p;
	struct keeper *k;

	if (conf->url == NULL || http == NULL)
		return NULL;
	p = MEM_NEW(struct prom);
	*p = (struct prom){ conf, http };
	k = keeper_start("Prometheus", &ops, p, &times, e);
	if (k == NULL)
		free(p);
	return k;
}
