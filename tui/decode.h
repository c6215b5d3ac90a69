/*
 * decode - bytes from a terminal become keystrokes and pastes.
 *
 * Own and not curses' decoder, because two promises depend on it: an escape
 * sequence that is not known is discarded whole (and none of its bytes is
 * ever taken for a key), and pasted text arrives as one piece that cannot
 * reach action keys (bracketed paste, xterm's DECSET 2004).
 */
#ifndef PEERDECK_TUI_DECODE_H
#define PEERDECK_TUI_DECODE_H

#include "core/base/str.h"
#include "tui/key.h"

enum input_kind { INPUT_NONE, INPUT_KEY, INPUT_PASTE };

struct input {
	enum input_kind kind;
	keycode key;
	struct slice paste; /* raw bytes, valid until the next call; at most DECODE_PASTE_MAX */
};

enum { DECODE_PASTE_MAX = 4096, DECODE_ESC_MS = 40 };

struct decoder {
	struct str pending, paste;
	size_t at; /* consumed of pending */
	bool pasting, swallowing;
	int64_t fed_ms;
};

void decoder_init(struct decoder *d);
void decoder_fini(struct decoder *d);
/* now_ms: any clock that only goes forward. */
void decoder_feed(struct decoder *d, const char *p, size_t n, int64_t now_ms);
/* False when nothing is complete yet. */
bool decoder_next(struct decoder *d, int64_t now_ms, struct input *out);
/* When the next call could tell more without new bytes (a lone ESC); -1 never. */
int decoder_wait_ms(const struct decoder *d, int64_t now_ms);
/* Forgets what was typed ahead. A paste under way is swallowed to its end. */
void decoder_flush(struct decoder *d);

#endif
