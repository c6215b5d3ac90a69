/* What a policy may do by itself; see guard.h. */
#include "app/guard.h"
#include "core/act/approval.h"
#include "core/act/role.h"
#include "core/base/mem.h"

#include <stdlib.h>

enum verb guard_verb(const struct proposal *p)
{
	return p->what == ON_FAIL_PROPOSE_WITHDRAW ? VERB_WITHDRAW : VERB_SUSPEND;
}

bool guard_leave(const struct config *c, bool (*is_member)(const char *group), const struct proposal *p, struct str *why)
{
	const char **routers = mem_calloc(p->target_count + 1, sizeof(*routers));
	bool may = true;

	for (size_t i = 0; i < p->target_count; i++)
		routers[i] = p->targets[i].router.s;
	for (size_t i = 0; may && i < p->target_count; i++)
		may = role_allows_member(c, is_member, routers[i], guard_verb(p), false, why);
	may = may && !approval_needed_for(c, routers, p->target_count, why);
	free(routers);
	return may;
}
