/*
 * clock - the two times that matter, and a fake for tests.
 *
 * Ages and deadlines use boottime (goes on during suspend, never jumps):
 * stale must not look fresh after the laptop slept.  Wall time is only for
 * showing and for records, always UTC.
 *
 * While a recording is replayed both stand at a recorded moment, which whoever
 * replays moves on; all ages, timers and "since" follow.  Only what waits for
 * this process itself (keys, frames) asks clock_steady_ms.
 */
#ifndef PEERDECK_BASE_CLOCK_H
#define PEERDECK_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int64_t clock_boot_ms(void); /* CLOCK_BOOTTIME in milliseconds */
int64_t clock_wall_ms(void); /* CLOCK_REALTIME, milliseconds since the epoch */

/* A recording's moment, milliseconds since the epoch: from now on both clocks stand there, until held elsewhere. */
void clock_hold(int64_t wall_ms);
/* CLOCK_BOOTTIME whatever is replayed. */
int64_t clock_steady_ms(void);

/* Tests: from now on both clocks stand at these values until moved again. */
void clock_fake(int64_t boot_ms, int64_t wall_ms);
void clock_fake_advance(int64_t ms);
void clock_real(void); /* neither faked nor held */

/* "2026-11-20T03:12:45Z" (20 octets and NUL) of milliseconds since the epoch. */
#define CLOCK_ISO_LEN 21
char *clock_iso(int64_t wall_ms, char out[CLOCK_ISO_LEN]);
/* "2026-11-20T03:12:45.678Z"; reads either. */
#define CLOCK_ISO_MS_LEN 25
char *clock_iso_ms(int64_t wall_ms, char out[CLOCK_ISO_MS_LEN]);
bool clock_iso_read(const char *p, size_t n, int64_t *wall_ms);
/* A duration for people, at most 6 cells: "45s" "12m" "3h07" "5d03h" "2y11w"; "-" if negative. */
#define CLOCK_SPAN_LEN 24
char *clock_span(int64_t seconds, char out[CLOCK_SPAN_LEN]);

#endif
