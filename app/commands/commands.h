/*
 * commands - the one-shot commands: one file and one function each.
 *
 * argv[0] is the command's own name; the common options are taken out of
 * argv already.  The result is an exit status as in app/exit.h.
 */
#ifndef PEERDECK_APP_COMMANDS_H
#define PEERDECK_APP_COMMANDS_H

#include "app/options.h"

int cmd_sessions(const struct options *o, int argc, char **argv);
int cmd_routes(const struct options *o, int argc, char **argv);
int cmd_ping(const struct options *o, int argc, char **argv);
int cmd_interface(const struct options *o, int argc, char **argv);
int cmd_collect(const struct options *o, int argc, char **argv);
int cmd_replay(const struct options *o, int argc, char **argv);
int cmd_record(const struct options *o, int argc, char **argv);
int cmd_plan(const struct options *o, int argc, char **argv);
int cmd_evidence(const struct options *o, int argc, char **argv);
int cmd_approve(const struct options *o, int argc, char **argv);
int cmd_undo(const struct options *o, int argc, char **argv);
int cmd_act(const struct options *o, int argc, char **argv); /* every verb */
int cmd_enroll(const struct options *o, int argc, char **argv);
int cmd_doctor(const struct options *o, int argc, char **argv);
int cmd_drain(const struct options *o, int argc, char **argv);
int cmd_held(const struct options *o, int argc, char **argv);
int cmd_handover(const struct options *o, int argc, char **argv);
int cmd_note(const struct options *o, int argc, char **argv);
int cmd_incidents(const struct options *o, int argc, char **argv);
int cmd_events(const struct options *o, int argc, char **argv);
int cmd_why(const struct options *o, int argc, char **argv);
int cmd_alerts(const struct options *o, int argc, char **argv);
int cmd_metrics(const struct options *o, int argc, char **argv);
int cmd_journal(const struct options *o, int argc, char **argv);
int cmd_contacts(const struct options *o, int argc, char **argv);
int cmd_book(const struct options *o, int argc, char **argv); /* contacts add, edit, expire, check */
int cmd_ladder(const struct options *o, int argc, char **argv);
int cmd_message(const struct options *o, int argc, char **argv);
int cmd_call(const struct options *o, int argc, char **argv);
int cmd_network(const struct options *o, int argc, char **argv);
int cmd_presence(const struct options *o, int argc, char **argv);
int cmd_pdb(const struct options *o, int argc, char **argv);
int cmd_policy(const struct options *o, int argc, char **argv);
int cmd_verdicts(const struct options *o, int argc, char **argv);
int cmd_evaluate(const struct options *o, int argc, char **argv);
int cmd_drivers(const struct options *o, int argc, char **argv);
int cmd_parse(const struct options *o, int argc, char **argv);

#endif
