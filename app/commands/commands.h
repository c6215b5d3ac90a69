/*
 * commands - the one-shot commands: one file and one function each.
 *
 * argv[0] is the command's own name.  The result is the exit status, the
 * same for all: 0 done, 1 failed, 2 wrong usage.
 */
#ifndef PEERDECK_APP_COMMANDS_H
#define PEERDECK_APP_COMMANDS_H

int cmd_parse(int argc, char **argv);

#endif
