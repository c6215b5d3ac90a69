/* Reading exports of validators; see vrp_file.h. */
#include "backends/sources/vrp_file.h"
#include "backends/parse/jstream.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/model/pdbrow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static const off_t FILE_MAX = (off_t)2 << 30;

struct export {
	struct vrp_builder *b;
	int64_t made_ms;
	/* the row that is being read */
	struct prefix prefix;
	int64_t max_length, asn;
	bool has_prefix;
	size_t rows;
	bool roas; /* the list was there */
	struct err bad; /* the first row that is none */
	struct vrp_table *table;
};

static bool in_row(const struct jpath *at)
{
	return at->depth >= 2 && slice_eq(at->key[0], "roas") && slice_eq(at->key[1], "[]");
}

static void enter(void *ctx, const struct jpath *at)
{
	struct export *r = ctx;

	if (at->depth == 1 && slice_eq(at->key[0], "roas"))
		r->roas = true;
	if (at->depth == 2 && in_row(at)) {
		r->has_prefix = false;
		r->max_length = r->asn = -1;
		r->rows++;
	}
}

static void take_asn(struct export *r, const struct jvalue *v)
{
	asn_t asn;

	if (asn_parse(v->text, &asn)) /* AS0 is a payload of its own kind (RFC 6483 section 4) */
		r->asn = asn;
	else if (slice_eq(v->text, "AS0") || slice_eq(v->text, "0"))
		r->asn = 0;
}

static void take_metadata(struct export *r, struct slice key, const struct jvalue *v)
{
	int64_t n;

	if (r->made_ms >= 0)
		return;
	if (slice_eq(key, "generated") && v->type == JNUMBER && jvalue_int(v, &n) && n > 0 && n < INT64_MAX / 1000)
		r->made_ms = n * 1000;
	else if ((slice_eq(key, "generatedTime") || slice_eq(key, "buildtime")) && !pdb_time_parse(v->text, &r->made_ms))
		r->made_ms = -1;
}

static void value(void *ctx, const struct jpath *at, const struct jvalue *v)
{
	struct export *r = ctx;

	if (at->depth == 2 && slice_eq(at->key[0], "metadata"))
		take_metadata(r, at->key[1], v);
	if (at->depth == 2 && in_row(at)) /* a scalar where a row should be */
		err_set(&r->bad, ERR_PARSE, "row %zu of roas is no payload", r->rows + 1);
	if (at->depth != 3 || !in_row(at))
		return;
	if (slice_eq(at->key[2], "prefix"))
		r->has_prefix = prefix_parse(v->text, &r->prefix);
	else if (slice_eq(at->key[2], "asn"))
		take_asn(r, v);
	else if (slice_eq(at->key[2], "maxLength") && !jvalue_int(v, &r->max_length))
		r->max_length = -1;
}

static void leave(void *ctx, const struct jpath *at)
{
	struct export *r = ctx;

	if (at->depth != 2 || !in_row(at) || r->bad.code != ERR_NONE)
		return;
	if (vrp_builder_count(r->b) >= VRPS_MAX)
		err_set(&r->bad, ERR_LIMIT, "more than %d payloads", VRPS_MAX);
	else if (!r->has_prefix || r->asn < 0 || r->max_length < 0 || r->max_length > 128 ||
	    !vrp_add(r->b, &r->prefix, (int)r->max_length, (asn_t)r->asn))
		err_set(&r->bad, ERR_PARSE, "row %zu of roas: prefix, maxLength or asn is missing or makes no sense", r->rows);
}

static int done(void *ctx, struct err *e)
{
	struct export *r = ctx;

	if (r->bad.code != ERR_NONE)
		return err_set(e, r->bad.code, "%s", r->bad.text);
	if (!r->roas)
		return err_set(e, ERR_PARSE, "there is no list \"roas\": this is no JSON export of a validator");
	if (r->rows == 0)
		return err_set(e, ERR_PARSE, "it holds no payload: has the validator finished its first run?");
	r->table = vrp_freeze(r->b);
	r->b = NULL;
	return 0;
}

static const struct jstream_ops ops = { .enter = enter, .value = value, .leave = leave, .done = done };

static struct vrp_table *end(struct export *r, int64_t *made_wall_ms)
{
	*made_wall_ms = r->made_ms;
	vrp_builder_free(r->b);
	return r->table;
}

struct vrp_table *vrp_file_parse(struct slice text, int64_t *made_wall_ms, struct err *e)
{
	struct export r = { .b = vrp_builder_new(), .made_ms = -1 };

	if (jstream_whole(&ops, &r, text, false, e) < 0) {
		vrp_unref(r.table);
		r.table = NULL;
	}
	return end(&r, made_wall_ms);
}

static int feed_file(int fd, struct jstream *js, struct err *e)
{
	char buf[65536];
	off_t all = 0;
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, ERR_IO, "reading");
		if ((all += n) > FILE_MAX)
			return err_set(e, ERR_LIMIT, "the file is larger than 2 GB");
		if (jstream_feed(js, buf, (size_t)n, e) < 0)
			return -1;
	}
	return 0;
}

struct vrp_table *vrp_file_read(const char *path, int64_t *made_wall_ms, struct err *e)
{
	struct export r = { .b = vrp_builder_new(), .made_ms = -1 };
	struct jstream *js = jstream_new(&ops, &r);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), rc;

	if (fd < 0)
		err_errno(e, ERR_IO, "cannot be opened");
	rc = fd < 0 ? -1 : feed_file(fd, js, e);
	if (rc == 0)
		rc = jstream_finish(js, e);
	else
		jstream_free(js);
	if (fd >= 0)
		close(fd);
	if (rc < 0) {
		err_prefix(e, "%s", path);
		vrp_unref(r.table);
		r.table = NULL;
	}
	return end(&r, made_wall_ms);
}
