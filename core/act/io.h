/*
 * io - the way to one router, as acting sees it.
 *
 * All decisions of planning and performing need no socket: the worker lends
 * an act_io over its link, tests lend one over a script.
 */
#ifndef PEERDECK_ACT_IO_H
#define PEERDECK_ACT_IO_H

#include "core/base/err.h"
#include "core/base/str.h"
#include "core/model/snap.h"

struct session;
struct step;
struct act_io {
	void *ctx;
	/* Types one CLI line (exec CLIs: runs one command) and gives its whole answer.  A line of the answer that is
	 * one of the driver's error lines makes it -1 with ERR_DEVICE and those words; `out` holds the answer even then.
	 * Any other error says that the answer is not complete: whether the line took effect is not known. */
	int (*cli)(void *ctx, const char *line, struct str *out, struct err *e);
	/* The same for a step of an action: typed with the care that lines need that change something, its question
	 * answered by its reply.  NULL: as cli. */
	int (*step)(void *ctx, const struct step *step, struct str *out, struct err *e);
	/* Runs a program that is not the router's CLI, with the router's prefix: "bgpd -n -f /etc/bgpd.conf".  `line` is
	 * split at blanks, double quotes group; each word is quoted for the shell.  `out` gets stdout, then stderr.
	 * -1 with ERR_DEVICE when it ends with another status than 0 (`out` holds what it said). */
	int (*run)(void *ctx, const char *line, struct str *out, struct err *e);
	/* Files on the router, with the router's prefix ("sudo -n"). write: beside it, synced, renamed over it, mode
	 * and owner kept. */
	int (*read_file)(void *ctx, const char *path, struct str *out, struct err *e);
	int (*write_file)(void *ctx, const char *path, const char *content, struct err *e);
	/* Hands over each prefix that the router says it advertises to this session's neighbor in its family, as printed.
	 * ERR_REFUSED: this OS cannot tell; so does NULL. */
	int (*advertised)(void *ctx, const struct session *s, void (*take)(void *take_ctx, struct slice prefix),
	    void *take_ctx, struct err *e);
	/* A fresh and complete look, all queries (SLOW ones too). One reference. */
	int (*look)(void *ctx, struct snap **out, struct err *e);
	/* Waits; false when the worker is to stop. */
	bool (*wait)(void *ctx, unsigned ms);
};

#endif
