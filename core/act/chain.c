/* The canonical form and its hash; see chain.h. */
#include "core/act/chain.h"
#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { CANONICAL = JSON_COMPACT | JSON_SORT_KEYS | JSON_ENSURE_ASCII };

void chain_start(struct chain *c)
{
	c->seq = 0;
	memcpy(c->hash, CHAIN_START, sizeof(c->hash));
}

static char *canonical(const json_t *rec)
{
	char *line = json_dumps(rec, CANONICAL);

	if (line == NULL)
		abort(); /* only when memory is out: every value was made by us */
	return line;
}

static void hash_without(json_t *rec, char out[SHA256_HEX_LEN])
{
	char *line;

	json_object_del(rec, "hash");
	line = canonical(rec);
	sha256_of(line, strlen(line), out);
	free(line);
}

char *chain_seal(struct chain *c, json_t *rec, struct err *e)
{
	char hash[SHA256_HEX_LEN], *line;

	json_object_set_new(rec, "seq", json_integer((json_int_t)(c->seq + 1)));
	json_object_set_new(rec, "prev", json_string(c->hash));
	hash_without(rec, hash);
	json_object_set_new(rec, "hash", json_string(hash));
	line = canonical(rec);
	if (strlen(line) > CHAIN_LINE_MAX) {
		free(line);
		err_set(e, ERR_LIMIT, "a journal record of more than %zu octets", CHAIN_LINE_MAX);
		return NULL;
	}
	c->seq++;
	memcpy(c->hash, hash, sizeof(c->hash));
	return line;
}

static const char *field(const json_t *rec, const char *key)
{
	const char *s = json_string_value(json_object_get(rec, key));

	return s == NULL ? "" : s;
}

static int check_parsed(const struct chain *c, json_t *rec, const char *line, size_t len,
    char hash[SHA256_HEX_LEN], struct err *e)
{
	json_t *whole = json_deep_copy(rec);
	char *again = canonical(whole);
	bool same = strlen(again) == len && memcmp(again, line, len) == 0;

	free(again);
	hash_without(whole, hash);
	json_decref(whole);
	if (!same)
		return err_set(e, ERR_PARSE, "is not in canonical form: it was changed by other means");
	if (strcmp(hash, field(rec, "hash")) != 0)
		return err_set(e, ERR_PARSE, "was changed: its hash does not fit its content");
	if (json_integer_value(json_object_get(rec, "seq")) != (json_int_t)(c->seq + 1))
		return err_set(e, ERR_PARSE, "has number %lld where %llu must stand: records are missing or moved",
		    (long long)json_integer_value(json_object_get(rec, "seq")), (unsigned long long)(c->seq + 1));
	if (strcmp(field(rec, "prev"), c->hash) != 0)
		return err_set(e, ERR_PARSE, "does not follow the record before it: one of the two was replaced");
	return 0;
}

int chain_check(struct chain *c, const char *line, size_t len, json_t **out, struct err *e)
{
	char hash[SHA256_HEX_LEN];
	json_error_t je;
	json_t *rec = json_loadb(line, len, JSON_REJECT_DUPLICATES, &je);

	if (out != NULL)
		*out = NULL;
	if (!json_is_object(rec)) {
		json_decref(rec);
		return err_set(e, ERR_PARSE, "is not a JSON object");
	}
	if (check_parsed(c, rec, line, len, hash, e) < 0) {
		json_decref(rec);
		return -1;
	}
	c->seq++;
	memcpy(c->hash, hash, sizeof(c->hash));
	if (out != NULL)
		*out = rec;
	else
		json_decref(rec);
	return 0;
}

/* Line by line, because a safe text has no line ends. */
static json_t *safe_string(const char *text)
{
	struct str out;
	json_t *v;

	str_init(&out, CHAIN_LINE_MAX);
	for (const char *p = text; *p != '\0';) {
		size_t n = strcspn(p, "\n");

		text_append(&out, (struct slice){ p, n });
		p += n;
		if (*p == '\n') {
			str_putc(&out, '\n');
			p++;
		}
	}
	v = json_string(out.p);
	str_fini(&out);
	return v;
}

void chain_put(json_t *rec, const char *key, const char *text)
{
	json_t *v;

	if (text == NULL || text[0] == '\0')
		return;
	v = json_string(text);
	if (v == NULL)
		v = safe_string(text);
	json_object_set_new(rec, key, v);
}
