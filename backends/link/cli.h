/*
 * cli - a router's command line, whichever way its driver talks to it.
 *
 * DRIVER_EXEC: a channel per command, `PREFIX CLI COMMAND`.  DRIVER_KEPT: the
 * program is started once and kept, a dialog over it.  DRIVER_SHELL: a dialog
 * over the login itself.
 *
 * An exec command of an SSH server often has a PATH without the sbin
 * directories, where birdc and bgpctl live.  The driver's own program is
 * therefore started through env(1) with them added; with a prefix (sudo has
 * its secure_path) or a configured `cli` the words are sent as they stand, so
 * that an operator can name exactly what a forced command allows.
 */
#ifndef PEERDECK_LINK_CLI_H
#define PEERDECK_LINK_CLI_H

#include "backends/link/link.h"
#include "core/model/config.h"
#include "core/model/driver.h"

struct cli;

/* Opens what must be open before commands can be run; the link stays the caller's. */
int cli_open(struct link *l, const struct router_conf *conf, const struct driver *driver, int64_t deadline,
    struct cli **out, struct err *e);
void cli_close(struct cli *c); /* NULL is fine */
/* One command; the rules of dialog_run.  An exec command that printed nothing but a complaint on stderr is
 * ERR_DEVICE with it.  The exit status is not trusted. */
int cli_run(struct cli *c, const char *command, const struct link_sink *sink, size_t ceiling, int64_t deadline,
    struct err *e);
/* As cli_run, for lines that change something: dialog_act where the CLI is the login itself. */
struct dialog_reply;
int cli_act(struct cli *c, const char *command, const struct dialog_reply *reply, const struct link_sink *sink,
    size_t ceiling, int64_t deadline, struct err *e);
/* The prompt that was learnt; NULL where there is none (exec channels). */
const char *cli_prompt(const struct cli *c);
/* After a failure of cli_run: whether the next command needs a new cli (the link may be fine). */
bool cli_broken(const struct cli *c);

/* Told of every command and its answer, complete or with what went wrong; `left_out` octets of a very long one are not
 * in it.  Not of cli_act. */
struct cli_ear {
	void (*heard)(void *ctx, const char *question, struct slice answer, size_t left_out, const struct err *why);
	void *ctx;
};
void cli_listen(struct cli *c, const struct cli_ear *ear); /* NULL: nobody; it outlives the cli */

/* Answers without a router: of a recording. */
struct cli_memory {
	/* As cli_run; *at_ms is when the answer was there, milliseconds since the epoch. */
	int (*answer)(void *ctx, const char *question, const struct link_sink *sink, int64_t *at_ms, struct err *e);
	void *ctx;
};
struct cli *cli_remembering(const struct cli_memory *m, const struct router_conf *conf, const struct driver *driver);
/* When the last answer was there; without a memory: now.  In CLOCK_BOOTTIME milliseconds or others: for differences. */
int64_t cli_answered_ms(const struct cli *c);
bool cli_remembers(const struct cli *c);

/* How a question is written down: what an exec channel would be asked, without the prefix and program of a router's
 * block, because local paths are nobody's business and whoever replays has another block.  NULL: the CLI itself. */
void cli_question(const struct driver *driver, const char *command, struct str *out);
/* remote_run over the link of this cli (NULL: none is needed, it remembers). */
int cli_host(struct cli *c, struct link *l, const struct router_conf *conf, const char *line, int64_t deadline,
    struct str *out, struct err *e);

/* The shell command line for an exec channel; `command` NULL: the bare CLI program. */
int cli_command_line(const struct router_conf *conf, const struct driver *driver, const char *command,
    struct str *out, struct err *e);
/* The words that go before a program: the prefix, or env(1) with a longer PATH. */
void cli_prefix(const struct router_conf *conf, struct str *out);
/* Appends words as one word of a POSIX shell. */
void cli_quote(struct str *out, const char *words);

/* Files on the router, with the router's prefix; deadlines as everywhere.  Paths are absolute and hold only
 * [A-Za-z0-9._/-], without "..": ERR_REFUSED. */
int remote_read_file(struct link *l, const struct router_conf *conf, const char *path, int64_t deadline,
    struct str *out, struct err *e);
/* Replaces an existing file by `content`, keeping mode and owner: written beside, counted, synced, renamed.  Where
 * the directory does not allow that (or the file is a symbolic link), the same content is staged elsewhere and then
 * copied over: *in_place says so. */
int remote_write_file(struct link *l, const struct router_conf *conf, const char *path, const char *content,
    int64_t deadline, bool *in_place, struct err *e);

/* Runs a program that is not the CLI, with the prefix.  `line` is split at blanks, double quotes group, each word is
 * quoted for the shell.  `out` gets stdout, then stderr.  Another exit status than 0 is ERR_DEVICE. */
int remote_line(const struct router_conf *conf, const char *line, struct str *out, struct err *e);
int remote_run(struct link *l, const struct router_conf *conf, const char *line, int64_t deadline, struct str *out,
    struct err *e);

#endif
