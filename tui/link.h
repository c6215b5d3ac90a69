/*
 * link - phone numbers and mail addresses as what a terminal can open (RFC 3966, RFC 6068), for OSC 8.
 *
 * The words come from outside: only digits go into a tel:, everything unusual in a mailto: is percent-encoded.
 */
#ifndef PEERDECK_TUI_LINK_H
#define PEERDECK_TUI_LINK_H

#include "core/base/str.h"

#include <stdbool.h>

/* Nothing is appended where there is no number, or no address. */
void link_tel(const char *phone, struct str *out);
void link_mail(const char *address, struct str *out);
/* Does this terminal know OSC 8?  From what such terminals say about themselves in the environment; no: unknown. */
bool link_terminal_knows(void);

#endif
