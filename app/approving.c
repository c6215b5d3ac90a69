/* Waiting for four eyes; see approving.h. */
#include "app/approving.h"
#include "core/act/approval.h"
#include "core/base/clock.h"

#include <stdio.h>

enum { LOOK_MS = 500 };

static bool approved(const struct operation *op)
{
	struct err not_yet = ERR_INIT;

	return approval_holds(op->way.approvals, op->plan, clock_wall_ms(), &not_yet) == 0;
}

static int propose(struct operation *op, const char *why, struct err *e)
{
	if (approvals_refresh(op->way.approvals, e) != 0)
		return -1;
	if (approved(op))
		return 0;
	if (operation_propose(op, op->plan->digest, e) != 0)
		return -1;
	fprintf(stderr, "peerdeck: %s. Waiting for: peerdeck approve %.12s\n", why, op->plan->digest);
	return 0;
}

static int wait(struct operation *op, struct gather *g, const volatile sig_atomic_t *interrupted, struct err *e)
{
	for (;;) {
		struct msg *m;

		if (approvals_refresh(op->way.approvals, e) != 0)
			return -1;
		if (approved(op))
			return 0;
		if (*interrupted != 0)
			return err_set(e, ERR_CANCELLED, "interrupted while waiting for approval: nothing was sent");
		if (plan_confirm(op->plan, op->plan->digest, e) != 0)
			return err_prefix(e, "not approved in time, nothing was sent");
		m = gather_wait(g, clock_boot_ms() + LOOK_MS);
		if (m != NULL)
			msg_free(m);
	}
}

int approving_wait(struct operation *op, struct gather *g, const volatile sig_atomic_t *interrupted, struct err *e)
{
	struct str why;
	int rc = 0;

	str_init(&why, 300);
	if (operation_needs_approval(op, &why)) {
		rc = propose(op, why.p, e) == 0 ? wait(op, g, interrupted, e) : -1;
		if (rc == 0)
			fprintf(stderr, "peerdeck: approved by %s\n", approvals_find(op->way.approvals, op->plan->digest)->approver);
	}
	str_fini(&why);
	return rc;
}
