/*
 * script - how one router OS talks, read from tests/sim/os/OS.sim.
 *
 * A line of a script is one of:
 *
 *     # words                         a remark
 *     var NAME=VALUE ...              first values of variables; every terminal has its own copy
 *     policies undefined=deny|permit none=deny|permit effect=now|soft
 *     delay MS                        from "opened" until a session is up
 *     pager LINES "WORDS"             a pager that is on at login; variable `pager` holds its words
 *     mode NAME "PROMPT" [in PARENT] [noecho]
 *     start MODE                      after login; `exec MODE`: for a command on an exec channel
 *     KIND field=value ...            a first record (state.h): neighbor, policy, ...
 *     template NAME                   followed by its lines, see render.h; `banner` and `unknown` have a meaning
 *     on MODE[,MODE] PATTERN          a command (words.h), followed by what it does, each line begun by blanks:
 *
 *     if COND ...                     the rule holds only then (else the next that fits is looked for)
 *     print TEMPLATE | say WORDS      output;  fail WORDS: output, and the rest is not done
 *     go MODE | leave                 modes; leave goes to the parent
 *     let NAME=VALUE ...
 *     with KIND COND ... [:: WORDS]   chooses records; WORDS is the error when there is none
 *     set NAME=VALUE ... | drop       changes or removes what was chosen
 *     new KIND NAME=VALUE ...         chooses the record whose first field has that value, makes it if needed
 *     begin | commit [SECONDS] | confirm | discard | rollback | save
 *     refresh                         policies take effect on what was chosen
 *     pager on|off | close
 */
#ifndef SIM_SCRIPT_H
#define SIM_SCRIPT_H

#include "tests/sim/state.h"
#include "tests/sim/words.h"

struct mode {
	char *name, *prompt, *parent;
	bool noecho;
};
struct op {
	char *verb, *rest;
};
struct rule {
	struct words modes, pattern;
	struct op *ops;
	size_t count, cap;
};
struct template {
	char *name;
	char **lines;
	size_t count, cap;
};
struct script {
	struct record vars;
	struct state state;
	struct mode *modes;
	size_t mode_count, mode_cap;
	struct rule *rules;
	size_t rule_count, rule_cap;
	struct template *templates;
	size_t template_count, template_cap;
	char *start, *exec;
	bool effect_soft;
	unsigned pager_lines; /* 0: none */
};

/* NULL, having said why on stderr. */
struct script *script_read(const char *path);
const struct mode *script_mode(const struct script *s, const char *name);
const struct template *script_template(const struct script *s, const char *name);

#endif
