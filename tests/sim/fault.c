/* The faults of the command line; see fault.h. */
#include "tests/sim/fault.h"

#include <stdlib.h>
#include <string.h>

struct fault faults[FAULT_COUNT];

static const char *const names[FAULT_COUNT] = { "cut", "half-open", "hang", "reload", "error", "slow", "flood",
	"no-prompt", "changed-prompt", "syslog", "pager-refused", "auth-failed", "late-echo", "dup-echo", "no-echo",
	"slow-aaa", "vty-full", "commit-refused", "locked" };

bool fault_read(const char *words)
{
	size_t n = strcspn(words, "=/");

	for (int i = 0; i < FAULT_COUNT; i++) {
		if (strlen(names[i]) != n || strncmp(names[i], words, n) != 0)
			continue;
		faults[i] = (struct fault){ .on = true, .once = strstr(words, "/once") != NULL,
			.arg = words[n] == '=' ? strtol(words + n + 1, NULL, 10) : 0 };
		return true;
	}
	return false;
}

bool fault_take(enum fault_kind k)
{
	bool on = faults[k].on;

	if (on && faults[k].once)
		faults[k].on = false;
	return on;
}
