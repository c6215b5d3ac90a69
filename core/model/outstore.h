/*
 * outstore - what must outlive the console about alerts that are told beyond it.
 *
 * Which alerts are open and were told, what waits for each output, and which keys each output has got, so that a restart
 * neither forgets an alert nor tells it twice, and the end of one goes to whoever got it.  Implemented over SQLite in
 * <data_dir>/outbox.db (backends/store/outstore.c).  A damaged file is set aside and a new one begun; one that cannot be
 * written stops nothing: the note says that a restart will forget.  One thread at a time.
 */
#ifndef PEERDECK_MODEL_OUTSTORE_H
#define PEERDECK_MODEL_OUTSTORE_H

#include "core/model/notice.h"

/* How it goes with one output. */
struct output_state {
	int64_t sent_wall_ms;    /* when the other side last took something; 0 never */
	int64_t failed_wall_ms;  /* of the last attempt that it did not take; 0 never */
	char error[300];         /* of that, safe text; "" when the last attempt went well */
	unsigned failures;       /* in a row */
	int64_t retry_wall_ms;   /* the next attempt; 0 none waits for its time */
	uint64_t sent;           /* notices that were taken */
	uint64_t dropped;        /* notices that did not fit, or waited for more than a day */
	uint64_t refused;        /* notices that the other side will never take */
	size_t queued;
	int64_t oldest_wall_ms;  /* of those that wait; 0 none */
};

enum outstore_what {
	OUTSTORE_ITEM,      /* output, id, attempts, notice: waits; replaces the one of that id */
	OUTSTORE_ITEM_GONE, /* output, id */
	OUTSTORE_GOT,       /* output, key: it was told that this fires */
	OUTSTORE_GOT_GONE,  /* output, key */
	OUTSTORE_OPEN,      /* notice: this alert is open; replaces the one of its key */
	OUTSTORE_OPEN_GONE, /* key */
	OUTSTORE_STATE,     /* output, state */
};

struct outstore_change {
	enum outstore_what what;
	const char *output;    /* the configuration's */
	uint64_t id;
	unsigned attempts;
	char *key;             /* owned; NULL none */
	struct notice *notice; /* likewise */
	struct output_state *state; /* likewise */
};

struct outstore_changes {
	struct outstore_change *all;
	size_t count, cap;
};
/* The next one, zeroed but for `what` and `output`. */
struct outstore_change *outstore_change_add(struct outstore_changes *c, enum outstore_what what, const char *output);
void outstore_changes_fini(struct outstore_changes *c); /* empty and usable again */

struct outstore;
/* Never NULL.  dir NULL: nothing is kept. */
struct outstore *outstore_open(const char *dir);
void outstore_close(struct outstore *s); /* NULL is fine */
/* What is not as it should be; "" when all is well.  Valid until the next call. */
const char *outstore_note(const struct outstore *s);
/* All or nothing; a failure is in the note. */
int outstore_write(struct outstore *s, const struct outstore_changes *c);

/* Each in the order of putting.  Without a file there is nothing. */
void outstore_each_open(struct outstore *s, void (*each)(void *ctx, const struct notice *n), void *ctx);
void outstore_each_item(struct outstore *s, const char *output, void (*each)(void *ctx, uint64_t id, unsigned attempts,
    const struct notice *n), void *ctx);
void outstore_each_got(struct outstore *s, const char *output, void (*each)(void *ctx, const char *key), void *ctx);
/* False: none is kept. */
bool outstore_state(struct outstore *s, const char *output, struct output_state *out);

#endif
