/* Processes by pid, start and boot; see process.h. */
#include "core/base/process.h"
#include "core/base/scan.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char boot_id[PROCESS_BOOT_LEN];

static void read_boot(void)
{
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (f == NULL)
		return;
	if (fgets(boot_id, sizeof(boot_id), f) == NULL)
		boot_id[0] = '\0';
	boot_id[strcspn(boot_id, "\n")] = '\0';
	fclose(f);
}

const char *process_boot(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, read_boot);
	return boot_id;
}

/* State letter and start time of a pid; the name before them may hold anything, its last ")" ends it. */
static bool read_stat(pid_t pid, char *state, uint64_t *start)
{
	char name[40], buf[1024], *p;
	struct slice word;
	struct scan c;
	size_t n;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%ld/stat", (long)pid);
	f = fopen(name, "re");
	if (f == NULL)
		return false;
	n = fread(buf, 1, sizeof(buf) - 1, f);
	fclose(f);
	buf[n] = '\0';
	p = strrchr(buf, ')');
	if (p == NULL)
		return false;
	c = scan_of(slice_of(p + 1));
	for (int field = 3; field <= 22; field++) {
		if (!scan_word(&c, &word))
			return false;
		if (field == 3)
			*state = word.p[0];
	}
	return slice_u64(word, start);
}

void process_self(struct process *p)
{
	char state;

	*p = (struct process){ .pid = getpid() };
	if (!read_stat(p->pid, &state, &p->start))
		p->start = 0;
	snprintf(p->boot, sizeof(p->boot), "%s", process_boot());
}

bool process_alive(const struct process *p)
{
	uint64_t start = 0;
	char state = 0;

	if (p->boot[0] != '\0' && process_boot()[0] != '\0' && strcmp(p->boot, process_boot()) != 0)
		return false;
	if (!read_stat(p->pid, &state, &start)) /* gone, or /proc does not show other users' processes */
		return kill(p->pid, 0) == 0 || errno == EPERM;
	return state != 'Z' && state != 'X' && (p->start == 0 || p->start == start);
}

bool process_same(const struct process *a, const struct process *b)
{
	return a->pid == b->pid && a->start == b->start && strcmp(a->boot, b->boot) == 0;
}
