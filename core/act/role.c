/* Operator groups; see role.h. */
#include "core/act/role.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool role_list_holds(const char *list, const char *word)
{
	size_t len = strlen(word);

	if (list == NULL)
		return true;
	for (const char *p = list; *p != '\0';) {
		size_t n = strcspn(p, " ,");

		if ((n == len && strncmp(p, word, n) == 0) || (n == 1 && *p == '*'))
			return true;
		p += n;
		p += strspn(p, " ,");
	}
	return false;
}

bool role_in_group(const char *group)
{
	int n = getgroups(0, NULL);
	gid_t *mine = n > 0 ? mem_calloc((size_t)n, sizeof(*mine)) : NULL;
	struct group gr, *found = NULL;
	char buf[16384];
	bool member = false;

	if (getgrnam_r(group, &gr, buf, sizeof(buf), &found) == 0 && found != NULL) {
		member = getgid() == gr.gr_gid;
		n = n > 0 ? getgroups(n, mine) : 0;
		for (int i = 0; i < n; i++)
			member = member || mine[i] == gr.gr_gid;
	}
	free(mine);
	return member;
}

static bool gives(const struct role_conf *r, const char *router, const char *verb)
{
	return role_list_holds(r->routers, router) && role_list_holds(r->verbs, verb);
}

/* "you are in noc, which may not withdraw on edge1; peering may" */
static void refuse(const struct config *c, bool (*is_member)(const char *group), const char *router, const char *verb,
    struct str *why)
{
	struct str mine, others;

	str_init(&mine, 200);
	str_init(&others, 200);
	for (size_t i = 0; i < c->role_count; i++) {
		const struct role_conf *r = &c->roles[i];

		if (is_member(r->group))
			str_addf(&mine, "%s%s", mine.len > 0 ? ", " : "", r->name);
		if (gives(r, router, verb))
			str_addf(&others, "%s%s (group %s)", others.len > 0 ? ", " : "", r->name, r->group);
	}
	if (mine.len > 0)
		str_addf(why, "your role %s may not %s on %s", mine.p, verb, router);
	else
		str_addf(why, "you have no role, so that you may not %s on %s", verb, router);
	if (others.len > 0)
		str_addf(why, "; who may: %s", others.p);
	else
		str_puts(why, "; no role may");
	str_fini(&mine);
	str_fini(&others);
}

bool role_allows_member(const struct config *c, bool (*is_member)(const char *group), const char *router, enum verb verb,
    bool lasting, struct str *why)
{
	const char *word = verb_word(verb, lasting);

	if (c->role_count == 0)
		return true;
	for (size_t i = 0; i < c->role_count; i++)
		if (gives(&c->roles[i], router, word) && is_member(c->roles[i].group))
			return true;
	refuse(c, is_member, router, word, why);
	return false;
}

bool role_allows(const struct config *c, const char *router, enum verb verb, bool lasting, struct str *why)
{
	return role_allows_member(c, role_in_group, router, verb, lasting, why);
}

/* ---- is what is written meant? ---- */

static bool is_router(const struct config *c, const char *word)
{
	const struct router_conf *r = config_router(c, word);

	return strcmp(word, "*") == 0 || (r != NULL && !r->is_jump);
}

static bool is_verb(const struct config *c, const char *word)
{
	enum verb v;
	bool lasting;

	(void)c;
	return strcmp(word, "*") == 0 || verb_parse_lasting(word, &v, &lasting);
}

static int check_list(const struct config *c, const char *block, const char *name, unsigned line, const char *key,
    const char *list, bool (*known)(const struct config *c, const char *word), const char *allowed, struct err *e)
{
	for (const char *p = list; p != NULL && *p != '\0';) {
		size_t n = strcspn(p, " ,");
		char word[80] = "";

		memcpy(word, p, n < sizeof(word) ? n : sizeof(word) - 1);
		if (n > 0 && !known(c, word))
			return err_set(e, ERR_CONFIG, "%s:%u: %s%s%s: %s = \"%s\": %s", c->path, line, block,
			    *name != '\0' ? " " : "", name, key, word, allowed);
		p += n;
		p += strspn(p, " ,");
	}
	return 0;
}

int role_check(const struct config *c, struct err *e)
{
	static const char routers[] = "there is no router of that name (names with blanks between, * for all)",
			  verbs[] = "known are suspend, terminate, resume, withdraw, withdraw-prefixes, restore, gshut, refresh and *";

	for (size_t i = 0; i < c->role_count; i++) {
		const struct role_conf *r = &c->roles[i];

		if (check_list(c, "role", r->name, r->line, "routers", r->routers, is_router, routers, e) != 0 ||
		    check_list(c, "role", r->name, r->line, "verbs", r->verbs, is_verb, verbs, e) != 0)
			return -1;
	}
	return check_list(c, "approval", "", 1, "routers", c->approval.routers, is_router, routers, e);
}
