/*
 * ask - questions to the operator at the terminal, outside of the screen.
 *
 * Always /dev/tty, never stdin: what is piped in can neither confirm nor
 * answer for a person.  ERR_REFUSED when there is no terminal.
 */
#ifndef PEERDECK_APP_ASK_H
#define PEERDECK_APP_ASK_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* Is there a terminal to ask at? */
bool ask_possible(void);
/* One line, without its end; typed-ahead input is thrown away before. */
int ask_line(const char *question, char *buf, size_t n, struct err *e);
/* The same without echo. */
int ask_secret(const char *question, char *buf, size_t n, struct err *e);
/* From now on passphrases that a worker needs are asked with ask_secret. */
void ask_secrets_on_terminal(void);

#endif
