/* Rows out of PeeringDB's JSON; see pdb_read.h. */
#include "backends/sources/pdb_read.h"
#include "backends/parse/jstream.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows come with their keys in one order: the n-th key is compared with the n-th of the row before. */
enum { ORDER_MAX = 64, ORDER_KEY = 40 };
struct key_order {
	char key[ORDER_KEY];
	size_t len;
	int field; /* -1: none of ours */
};

struct pdb_read {
	struct jstream *json;
	struct pdb_read_ops ops;
	struct pdb_read_end end;
	enum pdb_tag given; /* of a plain answer */
	bool begun, data_seen;
	size_t base;        /* keys before "[]" of the rows that we are among; 0: among none */
	enum pdb_tag tag;   /* whose rows they are */
	struct err failed;  /* of the row sink, or ours */
	size_t quiet;       /* octets since the last value */
	/* The row being read. */
	struct pdb_row row;
	size_t at[PDB_FIELDS_MAX]; /* where its texts begin: the buffer may move */
	struct str text;
	size_t number;      /* counted from 1 over all of the input */
	size_t keys;        /* of this row, so far */
	struct key_order order[ORDER_MAX];
};

static void fault(struct pdb_read *r, const char *words)
{
	char line[300];

	r->end.faults++;
	if (r->ops.fault == NULL)
		return;
	snprintf(line, sizeof(line), "row %zu: %s", r->number, words);
	r->ops.fault(r->ops.arg, line);
}

/* How many keys stand before "[]" of a row, and whose rows they are; 0 if no rows begin here. */
static size_t row_base(const struct pdb_read *r, const struct jpath *at, enum pdb_tag *tag)
{
	if (at->depth == 1 && slice_eq(at->key[0], "data")) {
		*tag = r->given;
		return *tag == PDB_TAGS ? 0 : 1;
	}
	if (at->depth == 2 && slice_eq(at->key[1], "data")) {
		*tag = pdb_tag_find(at->key[0]);
		return *tag == PDB_TAGS ? 0 : 2;
	}
	return 0;
}

static void row_begin(struct pdb_read *r)
{
	memset(r->row.v, 0, pdb_kinds[r->tag].field_count * sizeof(r->row.v[0]));
	r->row.tag = r->tag;
	r->number++;
	r->keys = 0;
	str_clear(&r->text);
}

/* Points the texts at the buffer, now that it no longer moves. */
static void row_settle(struct pdb_read *r)
{
	for (size_t i = 0; i < pdb_kinds[r->row.tag].field_count; i++)
		if (r->row.v[i].is == PDB_IS_TEXT)
			r->row.v[i].s.p = r->text.p + r->at[i];
}

static void row_end(struct pdb_read *r)
{
	const struct pdb_kind *k = &pdb_kinds[r->row.tag];
	char words[120];

	if (r->text.over) {
		r->end.dropped++;
		fault(r, "longer than 1 MiB; row dropped");
		return;
	}
	for (size_t i = 0; i < k->field_count; i++)
		if (k->fields[i].flags & PDB_NEEDED && r->row.v[i].is == PDB_NULL) {
			r->end.dropped++;
			snprintf(words, sizeof(words), "%s has no usable %s; row dropped", k->tag, k->fields[i].name);
			fault(r, words);
			return;
		}
	row_settle(r);
	r->end.rows++;
	if (r->failed.code == ERR_NONE)
		r->ops.row(r->ops.arg, &r->row, &r->failed);
}

static bool whole_number(const struct jvalue *v, int64_t low, int64_t high, struct pdb_value *out)
{
	out->is = PDB_IS_INT;
	return jvalue_int(v, &out->i) && out->i >= low && out->i <= high;
}

static bool real_number(const struct jvalue *v, struct pdb_value *out)
{
	char buf[64], *end;

	if (v->type != JNUMBER || v->text.len >= sizeof(buf))
		return false;
	memcpy(buf, v->text.p, v->text.len);
	buf[v->text.len] = '\0';
	out->is = PDB_IS_REAL;
	out->r = strtod(buf, &end);
	return *end == '\0' && isfinite(out->r);
}

static bool truth(const struct jvalue *v, struct pdb_value *out)
{
	out->is = PDB_IS_INT;
	out->i = slice_eq(v->text, "true");
	return v->type == JBOOL;
}

static bool moment(const struct jvalue *v, struct pdb_value *out)
{
	out->is = PDB_IS_INT;
	return v->type == JSTRING && pdb_time_parse(v->text, &out->i);
}

static bool words_of(struct pdb_read *r, int field, const struct jvalue *v, struct pdb_value *out)
{
	r->at[field] = r->text.len;
	out->is = PDB_IS_TEXT;
	out->s.len = v->text.len;
	str_add(&r->text, v->text.p, v->text.len);
	return v->type == JSTRING;
}

/* Reads a value as the field wants it; false if it is something else. */
static bool convert(struct pdb_read *r, int field, const struct jvalue *v, struct pdb_value *out)
{
	switch (pdb_kinds[r->row.tag].fields[field].type) {
	case PDB_ID:
		return whole_number(v, 1, INT32_MAX, out);
	case PDB_ASN:
		return whole_number(v, 0, UINT32_MAX, out);
	case PDB_COUNT:
		return whole_number(v, 0, (int64_t)1 << 53, out);
	case PDB_REAL:
		return real_number(v, out);
	case PDB_BOOL:
		return truth(v, out);
	case PDB_TEXT:
		return words_of(r, field, v, out);
	case PDB_TIME:
		return moment(v, out);
	}
	return false;
}

static const char *wanted(enum pdb_type t)
{
	static const char *const words[] = {
		[PDB_ID] = "an id", [PDB_ASN] = "an AS number", [PDB_COUNT] = "a count",
		[PDB_REAL] = "a number", [PDB_BOOL] = "true or false", [PDB_TEXT] = "text", [PDB_TIME] = "a time",
	};

	return words[t];
}

static void field_fault(struct pdb_read *r, int field, const char *is)
{
	const struct pdb_field *f = &pdb_kinds[r->row.tag].fields[field];
	char words[160];

	snprintf(words, sizeof(words), "%s is %s, wanted is %s; left unknown", f->name, is, wanted(f->type));
	fault(r, words);
}

/* The field of the next key of the row; -1: none of ours. */
static int next_field(struct pdb_read *r, struct slice key)
{
	struct key_order *o = r->keys < ORDER_MAX ? &r->order[r->keys++] : NULL;
	int field;

	if (o != NULL && o->len == key.len && memcmp(o->key, key.p, key.len) == 0)
		return o->field;
	field = pdb_field_find(r->tag, key, -1);
	if (o != NULL && key.len <= ORDER_KEY) {
		memcpy(o->key, key.p, key.len);
		o->len = key.len;
		o->field = field;
	}
	return field;
}

static void field_value(struct pdb_read *r, struct slice key, const struct jvalue *v)
{
	static const char *const types[] = { [JNULL] = "null", [JBOOL] = "a truth value",
		[JNUMBER] = "a number out of range or of another kind", [JSTRING] = "text of another kind" };
	int i = next_field(r, key);
	struct pdb_value out = { 0 };

	if (i < 0)
		return;
	if (v->type != JNULL && !convert(r, i, v, &out)) {
		out = (struct pdb_value){ 0 };
		field_fault(r, i, types[v->type]);
	}
	r->row.v[i] = out;
}

static void meta_value(struct pdb_read *r, struct slice key, const struct jvalue *v)
{
	struct pdb_value seconds;

	if (slice_eq(key, "generated") && real_number(v, &seconds) && seconds.r > 0 && seconds.r < 1e11)
		r->end.generated_wall_ms = llround(seconds.r * 1000);
	else if (slice_eq(key, "with_key"))
		r->end.with_key = jvalue_true(v);
	else if (slice_eq(key, "truncated"))
		r->end.truncated = v->type != JNULL && !slice_eq(v->text, "false");
	else if (slice_eq(key, "error") && v->type == JSTRING)
		snprintf(r->end.said, sizeof(r->end.said), "%.*s", (int)(v->text.len < 199 ? v->text.len : 199),
		    v->text.p);
}

static void on_enter(void *ctx, const struct jpath *at)
{
	struct pdb_read *r = ctx;
	int field;

	r->quiet = 0;
	if (r->base == 0) {
		enum pdb_tag tag;
		size_t base = row_base(r, at, &tag);

		if (base == 0 || !at->array)
			return;
		if (tag != r->tag)
			memset(r->order, 0, sizeof(r->order));
		r->base = base;
		r->tag = tag;
		r->data_seen = true;
		return;
	}
	if (at->depth == r->base + 1)
		row_begin(r);
	if (at->depth != r->base + 2)
		return;
	field = next_field(r, at->key[r->base + 1]);
	if (field >= 0)
		field_fault(r, field, "a list or an object");
}

static void on_leave(void *ctx, const struct jpath *at)
{
	struct pdb_read *r = ctx;

	r->quiet = 0;
	if (r->base > 0 && at->depth == r->base + 1)
		row_end(r);
	else if (r->base > 0 && at->depth == r->base)
		r->base = 0;
}

static void on_value(void *ctx, const struct jpath *at, const struct jvalue *v)
{
	struct pdb_read *r = ctx;

	r->quiet = 0;
	if (r->base > 0) {
		if (at->depth == r->base + 2) {
			field_value(r, at->key[r->base + 1], v);
		} else if (at->depth == r->base + 1) {
			r->number++;
			r->end.dropped++;
			fault(r, "is no object; row dropped");
		}
		return;
	}
	if (at->depth == 2 && slice_eq(at->key[0], "meta"))
		meta_value(r, at->key[1], v);
	else if (at->depth == 3 && slice_eq(at->key[1], "meta"))
		meta_value(r, at->key[2], v);
}

static const struct jstream_ops json_ops = { .enter = on_enter, .value = on_value, .leave = on_leave };

struct pdb_read *pdb_read_new(enum pdb_tag tag, const struct pdb_read_ops *ops)
{
	struct pdb_read *r = MEM_NEW(struct pdb_read);

	r->ops = *ops;
	r->given = r->tag = tag;
	r->end.generated_wall_ms = -1;
	str_init(&r->text, PDB_ROW_OCTETS);
	r->json = jstream_new(&json_ops, r);
	return r;
}

/* Looks at the first octet.  Web pages of a proxy or a broken server are common enough to be named. */
static int look_first(struct pdb_read *r, struct slice in, struct err *e)
{
	size_t i = 0;

	while (i < in.len && (in.p[i] == ' ' || in.p[i] == '\t' || in.p[i] == '\r' || in.p[i] == '\n'))
		i++;
	if (i == in.len)
		return 0;
	r->begun = true;
	if (in.p[i] == '{')
		return 0;
	return err_set(e, ERR_PARSE, in.p[i] == '<' ? "a web page instead of data" : "no JSON object");
}

int pdb_read_feed(struct pdb_read *r, const char *p, size_t n, struct err *e)
{
	enum { STEP = 65536 };

	if (!r->begun && look_first(r, (struct slice){ p, n }, e) < 0)
		return -1;
	/* In steps, so that a token without end is noticed while it is small. */
	for (size_t done = 0; done < n;) {
		size_t part = n - done < STEP ? n - done : STEP;

		r->quiet += part;
		if (jstream_feed(r->json, p + done, part, e) < 0)
			return err_prefix(e, "after row %zu", r->number);
		if (r->failed.code != ERR_NONE)
			return err_set(e, r->failed.code, "%s", r->failed.text);
		if (r->quiet > PDB_GAP_OCTETS)
			return err_set(e, ERR_LIMIT, "after row %zu: a single value longer than %d octets", r->number,
			    PDB_GAP_OCTETS);
		done += part;
	}
	return 0;
}

int pdb_read_finish(struct pdb_read *r, struct pdb_read_end *end, struct err *e)
{
	int rc = jstream_finish(r->json, e);

	r->json = NULL;
	if (rc < 0)
		err_prefix(e, "after row %zu", r->number);
	else if (r->failed.code != ERR_NONE)
		rc = err_set(e, r->failed.code, "%s", r->failed.text);
	else if (!r->data_seen)
		rc = err_set(e, ERR_PARSE, r->given == PDB_TAGS ? "no tag with a list of rows, and the name tells none" :
		    "there is no list \"data\"");
	if (end != NULL)
		*end = r->end;
	pdb_read_free(r);
	return rc;
}

void pdb_read_free(struct pdb_read *r)
{
	if (r == NULL)
		return;
	jstream_free(r->json);
	str_fini(&r->text);
	free(r);
}

static int ignore_row(void *arg, const struct pdb_row *row, struct err *e)
{
	(void)arg, (void)row, (void)e;
	return 0;
}

void pdb_read_said(struct slice body, char *out, size_t size)
{
	const struct pdb_read_ops ops = { .row = ignore_row };
	struct pdb_read *r = pdb_read_new(PDB_NET, &ops);
	struct pdb_read_end end = { .said = "" };

	if (pdb_read_feed(r, body.p, body.len, NULL) == 0)
		pdb_read_finish(r, &end, NULL);
	else
		pdb_read_free(r);
	snprintf(out, size, "%s", end.said);
}
