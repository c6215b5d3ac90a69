/*
 * transcript - what was said between us and a router, for a bug report, in the form that replay plays.
 *
 * Secrets are taken out of every line (core/act/redact.h); when each answer came and how long it took stands in
 * comments.
 */
#ifndef PEERDECK_LINK_TRANSCRIPT_H
#define PEERDECK_LINK_TRANSCRIPT_H

#include "backends/link/cli.h"
#include "core/model/snap.h"

/* The head: which OS, how the CLI is reached, its prompt.  `cli` is open. */
void transcript_begin(struct str *out, const struct router_conf *conf, const struct driver *driver, const struct cli *cli);
/* Runs all queries of the driver once, appends questions and answers, and reads the answers as a poll does, from
 * their redacted form: what the transcript says is what is returned.  `poll` counts from 1.  -1: nothing more can be
 * asked; an answer that cannot be read is a note in the snapshot and in the transcript. */
int transcript_poll(struct str *out, const struct router_conf *conf, const struct driver *driver, struct cli *cli,
    unsigned poll, struct snap **snap, struct err *e);

/* The driver that the head of a transcript names; NULL if it names none. */
const struct driver *transcript_driver(struct slice text);

#endif
