/*
 * fault - what goes wrong, by name; injected where octets leave the router.
 *
 *     cut=N            the connection is closed after N octets of output
 *     half-open=N      after N octets nothing is said or heard any more; the connection stays
 *     hang=N           command number N is never answered
 *     reload=N         command number N ends all connections; the router comes back with what was saved
 *     error=N          command number N is answered by the device's error
 *     commit-refused   a commit is answered by the script's template commit_refused, and nothing is committed
 *     locked           configuration cannot be entered: the script's template locked
 *     slow=MS          one octet each MS milliseconds
 *     flood=OCTETS     the first command that shows anything is answered with that many octets of rows
 *     no-prompt        there is never a prompt
 *     changed-prompt=N after command number N the router has another name
 *     syslog=N         a log line stands before octet N of the output, and then every N octets (0: before prompts)
 *     pager-refused    the pager cannot be switched off
 *     auth-failed      every command is answered "% Authorization failed"
 *     late-echo=MS, dup-echo, no-echo
 *     slow-aaa=SECONDS the login takes that long
 *     vty-full         the login is accepted, a terminal is not given
 *
 * "/once" behind it: only until it has happened.
 */
#ifndef SIM_FAULT_H
#define SIM_FAULT_H

#include <stdbool.h>

enum fault_kind {
	FAULT_CUT, FAULT_HALF_OPEN, FAULT_HANG, FAULT_RELOAD, FAULT_ERROR, FAULT_SLOW, FAULT_FLOOD, FAULT_NO_PROMPT,
	FAULT_CHANGED_PROMPT, FAULT_SYSLOG, FAULT_PAGER_REFUSED, FAULT_AUTH_FAILED, FAULT_LATE_ECHO, FAULT_DUP_ECHO,
	FAULT_NO_ECHO, FAULT_SLOW_AAA, FAULT_VTY_FULL, FAULT_COMMIT_REFUSED, FAULT_LOCKED, FAULT_COUNT,
};
struct fault {
	bool on, once;
	long arg; /* 0 when none was given */
};
extern struct fault faults[FAULT_COUNT];

/* False: no such fault. */
bool fault_read(const char *words);
/* It is on; with "once" it is not from now on. */
bool fault_take(enum fault_kind k);

#endif
