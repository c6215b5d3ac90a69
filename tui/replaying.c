/* A replay's time: the keys that move it, and what the status bar says of it. */
#include "core/base/clock.h"
#include "tui/state.h"

#include <stdio.h>
#include <string.h>

bool ui_replay(struct ui *u, const struct command *c, const char *words, struct request *rq)
{
	static const struct {
		enum command_id id;
		enum replay_op op;
	} ops[] = { { CMD_REPLAY_PAUSE, REPLAY_PAUSE }, { CMD_REPLAY_FASTER, REPLAY_FASTER }, { CMD_REPLAY_SLOWER, REPLAY_SLOWER },
		{ CMD_REPLAY_NEXT, REPLAY_NEXT }, { CMD_REPLAY_PREV, REPLAY_PREV }, { CMD_REPLAY_JUMP, REPLAY_JUMP } };
	size_t i = 0;

	while (i < ARRAY_LEN(ops) && ops[i].id != c->id)
		i++;
	if (i == ARRAY_LEN(ops))
		return false;
	if (u->world->replay == NULL) {
		ui_say(u, "no recording is replayed here: peerdeck replay FILE does");
	} else if (c->id == CMD_REPLAY_JUMP && words == NULL) {
		prompt_open(&u->prompt, PROMPT_PALETTE, "replay-jump ");
	} else {
		snprintf(u->sought, sizeof(u->sought), "%s", words != NULL ? words : "");
		rq->kind = REQ_REPLAY;
		rq->replay_op = ops[i].op;
		rq->words = u->sought;
	}
	return true;
}

/* "REPLAY 11-20 03:12:45Z x10 paused": the day is said because it is another than today. */
void ui_replay_words(const struct replay_state *r, char *out, size_t n)
{
	char now[CLOCK_ISO_LEN], speed[24];
	unsigned whole = r->speed_permille / 1000, part = r->speed_permille % 1000;

	clock_iso(r->now_ms, now);
	snprintf(speed, sizeof(speed), "x%u.%03u", whole, part);
	for (size_t i = strlen(speed); i > 0 && (speed[i - 1] == '0' || speed[i - 1] == '.') && strchr(speed, '.') != NULL; i--)
		speed[i - 1] = '\0';
	snprintf(out, n, "REPLAY %.5s %.8sZ %s%s", now + 5, now + 11, speed,
	    r->behind ? " seeking" : r->ended ? " END" : r->paused ? " PAUSED" : "");
}
