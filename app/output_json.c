/* Values as JSON; see output_json.h. */
#include "app/output_json.h"
#include "core/base/clock.h"

#include <stdio.h>

json_t *json_of_words(const char *words)
{
	struct str safe;
	json_t *j;

	if (words == NULL)
		return json_null();
	j = json_string(words);
	if (j != NULL)
		return j;
	str_init(&safe, 0);
	text_append(&safe, slice_of(words));
	j = json_string(safe.p);
	str_fini(&safe);
	return j;
}

json_t *json_of_nonempty(const char *words)
{
	return words != NULL && *words != '\0' ? json_of_words(words) : json_null();
}

json_t *json_of_text(struct text t)
{
	return json_of_words(t.s);
}

json_t *json_of_count(count_t n)
{
	return n >= 0 ? json_integer(n) : json_null();
}

json_t *json_of_tri(enum tri t)
{
	return t == TRI_UNKNOWN ? json_null() : json_boolean(t == TRI_YES);
}

json_t *json_of_asn(asn_t asn)
{
	return asn != ASN_UNKNOWN ? json_integer(asn) : json_null();
}

json_t *json_of_addr(const struct addr *a)
{
	char buf[ADDR_STRLEN];

	return a->family != ADDR_NONE ? json_string(addr_print(a, buf)) : json_null();
}

json_t *json_of_time(int64_t wall_ms)
{
	char buf[CLOCK_ISO_LEN];

	return wall_ms > 0 ? json_string(clock_iso(wall_ms, buf)) : json_null();
}

json_t *json_of_last_error(const struct session *s)
{
	const struct last_error *le = &s->last_error;
	json_t *o;

	if (le->code < 0 && text_empty(le->words))
		return json_null();
	o = json_object();
	json_put(o, "code", json_of_count(le->code));
	json_put(o, "subcode", json_of_count(le->subcode));
	json_put(o, "direction",
	    json_of_words(le->dir == DIR_SENT ? "sent" : le->dir == DIR_RECEIVED ? "received" : NULL));
	json_put(o, "meaning", json_of_words(le->code > 0 ? bgp_error_word(le->code, le->subcode) : NULL));
	json_put(o, "words", json_of_text(le->words));
	json_put(o, "ago_s", json_of_count(le->ago_s));
	return o;
}

void json_put(json_t *o, const char *key, json_t *value)
{
	json_object_set_new(o, key, value);
}

int json_print(json_t *top, struct err *e)
{
	int rc = json_dumpf(top, stdout, JSON_INDENT(2));

	json_decref(top);
	if (rc != 0 || putchar('\n') == EOF || fflush(stdout) != 0)
		return err_errno(e, ERR_IO, "standard output");
	return 0;
}
