/*
 * ahead - loaded before a program, sets its wall clock AHEAD_S seconds ahead.  What waits for minutes by the wall clock
 * (an unconfirmed change has surely been taken back) need not be waited for.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t id, struct timespec *t)
{
	const char *words = getenv("AHEAD_S");
	int rc = (int)syscall(SYS_clock_gettime, id, t);

	if (rc == 0 && id == CLOCK_REALTIME && words != NULL)
		t->tv_sec += strtol(words, NULL, 10);
	return rc;
}
