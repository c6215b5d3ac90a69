/* Pairs of RouterOS; see routeros_pairs.h. */
#include "backends/drivers/routeros_pairs.h"

#include <string.h>

static struct slice take_value(struct scan *c)
{
	struct slice v = { c->p, 0 };

	if (scan_done(c) || *c->p != '"') {
		if (!scan_done(c) && *c->p != ' ' && *c->p != '\t')
			scan_word(c, &v);
		return v;
	}
	c->p++;
	v.p = c->p;
	while (!scan_done(c) && *c->p != '"')
		c->p += *c->p == '\\' && c->p + 1 < c->end ? 2 : 1;
	v.len = (size_t)(c->p - v.p);
	scan_lit(c, "\"");
	return v;
}

/* The key with the group it belongs to; false if it is longer than any that we know. */
static bool full_key(struct ros_pairs *p, struct slice key, struct slice *full)
{
	const char *dot = memrchr(key.p, '.', key.len);
	size_t group = 0;

	if (key.len == 0 || key.len >= ROS_GROUP_MAX)
		return false;
	if (key.p[0] == '.') {
		group = strlen(p->group);
		key = slice_from(key, 1);
	} else if (dot != NULL) {
		memcpy(p->group, key.p, (size_t)(dot - key.p) + 1);
		p->group[dot - key.p + 1] = '\0';
	}
	memcpy(p->key, p->group, group);
	memcpy(p->key + group, key.p, key.len);
	*full = (struct slice){ p->key, group + key.len };
	return true;
}

bool ros_pair(struct ros_pairs *p, struct scan *c, struct slice *key, struct slice *value)
{
	while (scan_blanks(c), !scan_done(c)) {
		struct slice word = { c->p, 0 };

		while (!scan_done(c) && *c->p != '=' && *c->p != ' ' && *c->p != '\t')
			c->p++;
		word.len = (size_t)(c->p - word.p);
		if (!scan_lit(c, "="))
			continue;
		*value = take_value(c);
		if (full_key(p, word, key))
			return true;
	}
	return false;
}
