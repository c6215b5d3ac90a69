/*
 * memory - the answers of one look of a recording, for a cli that remembers.
 *
 * The same question asked again takes the next answer to it, in a circle.
 */
#ifndef PEERDECK_LINK_MEMORY_H
#define PEERDECK_LINK_MEMORY_H

#include "backends/link/cli.h"
#include "backends/link/recording.h"

struct memory {
	struct cli_memory give; /* for cli_remembering; its ctx is this */
	const struct recording *recording;
	const struct driver *driver;
	struct patterns *errors; /* of the driver's dialogue, for version 1 */
	struct str text, answer; /* the look; the answer given last */
	struct answer_walk walk;
	enum err_code missing;   /* of what was not recorded */
	/* NULL, or finds the look that a first question is answered from; then `look` is it */
	const struct look *(*find)(void *ctx, const char *question);
	void *find_ctx;
	const struct look *look;
};
void memory_init(struct memory *m, const struct recording *r, const struct driver *driver, enum err_code missing);
void memory_fini(struct memory *m);
/* What is asked from now on is answered from this look. */
int memory_open(struct memory *m, const struct look *l, struct err *e);

#endif
