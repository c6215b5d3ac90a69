/*
 * config_keys - the blocks of the configuration file as tables of settings.
 *
 * Three shapes of block: the file itself and routers are read by config.c in
 * their own way; a block without a title stands at most once and is read into
 * struct config at `at` (its fallbacks also when it is not written); a titled
 * one with a `size` may stand many times and becomes an array.
 */
#ifndef PEERDECK_MODEL_CONFIG_KEYS_H
#define PEERDECK_MODEL_CONFIG_KEYS_H

#include "core/model/config.h"
#include "core/model/setting.h"

enum config_block_kind {
	BLOCK_TOP,
	BLOCK_ROUTER,
	BLOCK_JUMP,
	BLOCK_PDB, BLOCK_ROLE, BLOCK_APPROVAL,
	BLOCK_FLAP,
	BLOCK_INCIDENT,
	BLOCK_HISTORY,
	BLOCK_EVIDENCE,
	BLOCK_IRR,
	BLOCK_RPKI,
	BLOCK_PROMETHEUS,
	BLOCK_RIPESTAT,
	BLOCK_RDAP,
	BLOCK_LADDER,
	BLOCK_MAIL,
	BLOCK_METRICS,
	BLOCK_ALERT,
	BLOCK_OUTPUT,
	BLOCK_MAINTENANCE,
	BLOCK_NETWORK,
	BLOCK_KINDS,
};
enum { CONFIG_KEYS_MAX = 40 }; /* no block has more */

struct config_block {
	const char *name; /* as written; NULL: the file itself */
	const struct setting *keys;
	size_t count;
	bool titled;   /* "router NAME {": many, their names differ */
	size_t at;     /* in struct config: of the block's struct or, with a size, of the array's pointer */
	/* Titled blocks that are read into an array: */
	size_t size;     /* of one element; 0: not read this way */
	size_t count_at; /* in struct config: of a size_t */
	size_t name_at;  /* in the element: of a const char * that gets the title */
	size_t line_at;  /* in the element: of an unsigned that gets the line, for messages */
};
/* What a table cannot say of alerts and maintenance; fills in what their words mean. */
int config_check_alerts(struct config *c, struct err *e);
/* The same of outputs; before the alerts, which name them.  In config_outputs.c. */
int config_check_outputs(struct config *c, struct err *e);
/* "22:00-06:00"; NULL: no quiet hours.  False: it is neither. */
bool config_quiet(const char *words, struct quiet_hours *out);

extern const struct config_block config_blocks[BLOCK_KINDS];

#endif
