/*
 * process - which process did something, told so that it can be asked later whether it still lives.
 *
 * A pid alone is given out again; with the time the process was started and the boot it was started in it names one
 * process for good.
 */
#ifndef PEERDECK_BASE_PROCESS_H
#define PEERDECK_BASE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PROCESS_BOOT_LEN 40 /* boot_id and NUL */

struct process {
	pid_t pid;
	uint64_t start;              /* clock ticks since boot, proc(5) stat field 22; 0 unknown */
	char boot[PROCESS_BOOT_LEN]; /* /proc/sys/kernel/random/boot_id; "" unknown */
};

void process_self(struct process *p);
/* The boot that we run in; "" unknown.  Read once. */
const char *process_boot(void);
/* False only when it is certain that this very process has ended: another boot, no such pid, a zombie, or the pid of
 * somebody who was started at another time. */
bool process_alive(const struct process *p);
bool process_same(const struct process *a, const struct process *b);

#endif
