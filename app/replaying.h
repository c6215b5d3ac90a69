/*
 * replaying - what a replay stands on: the recording, a configuration that reaches nobody, and a folder of its own.
 *
 * The operator's configuration says how things are looked at (policy, alerts, exchanges, contacts); everything that
 * would reach out is taken from it: routers, PeeringDB, registries, mailer, metrics, logs.  Journal, ledger and history
 * are those of the replay and go away with it.
 */
#ifndef PEERDECK_APP_REPLAYING_H
#define PEERDECK_APP_REPLAYING_H

#include "app/options.h"
#include "backends/link/recording.h"

struct replaying {
	struct recording *recording;
	struct config *config;
	char *dir;
	char note[300]; /* what must be said about the recording or the configuration; "" nothing */
};

int replaying_open(struct replaying *r, const struct options *o, const char *const *files, size_t count, struct err *e);
void replaying_close(struct replaying *r); /* fine on a zeroed struct */
/* Empties the folder, for a start from the beginning; the cache of PeeringDB stays. */
void replaying_forget(const struct replaying *r);
int64_t replaying_begin_ms(const struct replaying *r);
int64_t replaying_end_ms(const struct replaying *r);

/* A moment of the recording: "03:12", "03:12:45" (the day of `now`, or one beside it), "2026-11-20T03:12:45Z", "+5m",
 * "-90s" from now.  What lies outside becomes its begin or end. */
int replaying_time(const struct replaying *r, const char *words, int64_t now_ms, int64_t *out, struct err *e);

#endif
