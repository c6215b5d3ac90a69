/*
 * key - one keystroke as a number, and its name in keymap files.
 */
#ifndef PEERDECK_TUI_KEY_H
#define PEERDECK_TUI_KEY_H

#include <stdbool.h>
#include <stdint.h>

/* A Unicode code point, or one of these, with modifiers or-ed in. */
typedef uint32_t keycode;

enum {
	K_NONE = 0,
	K_ENTER = 0x110000,
	K_ESC,
	K_TAB,
	K_BACKSPACE,
	K_DELETE,
	K_INSERT,
	K_UP,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_HOME,
	K_END,
	K_PGUP,
	K_PGDN,
	K_F1, /* to K_F1 + 11 */
	K_LAST = K_F1 + 12,
};
#define MOD_CTRL  (1u << 24)
#define MOD_ALT   (1u << 25)
#define MOD_SHIFT (1u << 26) /* with named keys only: a letter is its own capital */

/* "C-l" "M-x" "S-Tab" "Space" "F1" "PgUp" "<" "é"; false if it is no key. */
bool key_parse(const char *name, keycode *k);
#define KEY_NAME_LEN 24
char *key_name(keycode k, char out[KEY_NAME_LEN]);
/* The code point if it is one that can be typed into a line, else 0. */
uint32_t key_char(keycode k);

#endif
