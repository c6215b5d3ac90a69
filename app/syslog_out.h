/*
 * syslog_out - a line to the system's log, never waiting for it.
 *
 * syslog(3) blocks when the daemon does not read; here such a line is lost, and the caller is told.
 */
#ifndef PEERDECK_APP_SYSLOG_OUT_H
#define PEERDECK_APP_SYSLOG_OUT_H

#include "core/base/err.h"
#include "core/model/event.h"

#define SYSLOG_SOCKET "/dev/log"

/* One datagram in the form of RFC 3164 without its date, which the daemon adds: facility daemon.  words: safe text, one
 * line.  -1: ERR_IO, not sent. */
int syslog_out(const char *socket_path, enum severity severity, const char *words, struct err *e);

#endif
