/* Turns among processes; see pdb_turn.h. */
#include "backends/sources/pdb_turn.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/shared.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Times further ahead than that are a clock that was set back, or no times. */
enum { AHEAD_MS = 86400000 };

struct pdb_turn {
	char *turns, *lock; /* paths */
	mode_t mode;
	int held;           /* fd of the lock; -1 not held */
};

/* Wall clock: processes of several boots read it. */
struct turns {
	int64_t next_ms, pause_ms;
};

struct pdb_turn *pdb_turn_new(const char *dir, bool keyed)
{
	struct pdb_turn *t = MEM_NEW(struct pdb_turn);

	t->turns = mem_printf("%s/peeringdb%s.turn", dir, keyed ? "-key" : "");
	t->lock = mem_printf("%s/peeringdb%s.lock", dir, keyed ? "-key" : "");
	t->mode = shared_bits(dir, 0600);
	t->held = -1;
	return t;
}

void pdb_turn_free(struct pdb_turn *t)
{
	if (t == NULL)
		return;
	pdb_turn_release(t);
	free(t->turns);
	free(t->lock);
	free(t);
}

static int open_file(const struct pdb_turn *t, const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, t->mode);

	if (fd >= 0)
		(void)fchmod(fd, t->mode); /* umask; not ours to change: then it was made by somebody who did */
	return fd;
}

/* Opened, locked for the moment that it takes, and read; -1: there is no such file to be had. */
static int begin(const struct pdb_turn *t, struct turns *now)
{
	int64_t wall = clock_wall_ms(), next = 0, pause = 0;
	int fd = open_file(t, t->turns);
	char buf[64] = "", *end;
	ssize_t n;

	*now = (struct turns){ 0 };
	if (fd < 0)
		return -1;
	if (flock(fd, LOCK_EX) < 0) {
		close(fd);
		return -1;
	}
	n = pread(fd, buf, sizeof(buf) - 1, 0);
	if (n > 0) {
		next = strtoll(buf, &end, 10);
		pause = strtoll(end, NULL, 10);
	}
	now->next_ms = next > wall && next - wall <= AHEAD_MS ? next : 0;
	now->pause_ms = pause > wall && pause - wall <= AHEAD_MS ? pause : 0;
	return fd;
}

static void finish(int fd, const struct turns *now)
{
	char buf[64];
	int n = snprintf(buf, sizeof(buf), "%" PRId64 " %" PRId64 "\n", now->next_ms, now->pause_ms);

	/* What cannot be written is one pace too fast, no more; it need not outlive the machine. */
	if (pwrite(fd, buf, (size_t)n, 0) == n)
		(void)!ftruncate(fd, n);
	close(fd);
}

int64_t pdb_turn_take(struct pdb_turn *t, int64_t gap_ms)
{
	struct turns now;
	int fd = begin(t, &now);
	int64_t wall = clock_wall_ms(), left;

	if (fd < 0)
		return 0;
	left = (now.next_ms > now.pause_ms ? now.next_ms : now.pause_ms) - wall;
	if (left > 0) {
		close(fd);
		return left;
	}
	now.next_ms = wall + gap_ms;
	finish(fd, &now);
	return 0;
}

static void later(struct pdb_turn *t, int64_t next_ms, int64_t pause_ms)
{
	struct turns now;
	int fd = begin(t, &now);
	int64_t wall = clock_wall_ms();

	if (fd < 0)
		return;
	if (next_ms > 0 && wall + next_ms > now.next_ms)
		now.next_ms = wall + next_ms;
	if (pause_ms > 0 && wall + pause_ms > now.pause_ms)
		now.pause_ms = wall + pause_ms;
	finish(fd, &now);
}

void pdb_turn_answered(struct pdb_turn *t, int64_t gap_ms)
{
	later(t, gap_ms, 0);
}

void pdb_turn_pause(struct pdb_turn *t, int64_t ms)
{
	later(t, 0, ms);
}

int64_t pdb_turn_paused_ms(struct pdb_turn *t)
{
	struct turns now;
	int fd = begin(t, &now);

	if (fd < 0)
		return 0;
	close(fd);
	return now.pause_ms > 0 ? now.pause_ms - clock_wall_ms() : 0;
}

bool pdb_turn_hold(struct pdb_turn *t)
{
	int fd;

	if (t->held >= 0)
		return true;
	fd = open_file(t, t->lock);
	if (fd < 0)
		return true;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		close(fd);
		return false;
	}
	t->held = fd;
	return true;
}

void pdb_turn_release(struct pdb_turn *t)
{
	if (t->held >= 0)
		close(t->held);
	t->held = -1;
}
