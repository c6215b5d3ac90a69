/* What must be typed; see confirm.h. */
#include "core/act/confirm.h"
#include "core/base/scan.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

void confirm_of(const struct plan *p, struct confirm *out)
{
	*out = (struct confirm){ .asn = ASN_UNKNOWN };
	for (size_t i = 0; i < p->count; i++) {
		const struct plan_item *item = &p->items[i];

		if (item->skip != NULL)
			continue;
		out->terminated = out->terminated || item->held_lasting;
		if (out->todo++ == 0)
			out->asn = item->remote_as;
		else if (out->asn != item->remote_as)
			out->asn = ASN_UNKNOWN;
	}
	/* A name that looks like a number or like another answer would confirm something else. */
	if (p->scope_name[0] != '\0' && strlen(p->scope_name) < sizeof(out->name) &&
	    strspn(p->scope_name, "0123456789") < strlen(p->scope_name) && strcasecmp(p->scope_name, "yes") != 0)
		snprintf(out->name, sizeof(out->name), "%s", p->scope_name);
}

bool confirm_holds(const struct confirm *c, const char *typed)
{
	struct slice t = slice_trim(slice_of(typed));
	char word[96];
	uint64_t n;
	asn_t asn;

	if (t.len == 0 || t.len >= sizeof(word))
		return false;
	memcpy(word, t.p, t.len);
	word[t.len] = '\0';
	if (c->terminated)
		return strcasecmp(word, "terminated") == 0;
	if (c->todo == 1)
		return strcasecmp(word, "yes") == 0;
	if (slice_u64(t, &n))
		return n == c->todo;
	if (c->name[0] != '\0' && strcasecmp(word, c->name) == 0)
		return true;
	return c->asn != ASN_UNKNOWN && strncasecmp(word, "as", 2) == 0 && asn_parse(t, &asn) && asn == c->asn;
}

void confirm_words(const struct confirm *c, char *out, size_t size)
{
	char as[24] = "";

	if (c->terminated) {
		snprintf(out, size, "terminated");
		return;
	}
	if (c->todo == 1) {
		snprintf(out, size, "yes");
		return;
	}
	if (c->asn != ASN_UNKNOWN)
		snprintf(as, sizeof(as), "AS%u", c->asn);
	if (as[0] != '\0' && c->name[0] != '\0' && strcasecmp(as, c->name) != 0)
		snprintf(out, size, "%zu, %s or %s", c->todo, as, c->name);
	else if (as[0] != '\0' || c->name[0] != '\0')
		snprintf(out, size, "%zu or %s", c->todo, as[0] != '\0' ? as : c->name);
	else
		snprintf(out, size, "%zu", c->todo);
}
