/* Names of keys; see key.h. */
#include "tui/key.h"
#include "core/base/mem.h"
#include "core/base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *name;
	keycode k;
} names[] = {
	{ "Enter", K_ENTER }, { "Esc", K_ESC }, { "Tab", K_TAB }, { "Backspace", K_BACKSPACE },
	{ "Delete", K_DELETE }, { "Insert", K_INSERT }, { "Up", K_UP }, { "Down", K_DOWN },
	{ "Left", K_LEFT }, { "Right", K_RIGHT }, { "Home", K_HOME }, { "End", K_END },
	{ "PgUp", K_PGUP }, { "PgDn", K_PGDN }, { "Space", ' ' }, { "F1", K_F1 },
	{ "F2", K_F1 + 1 }, { "F3", K_F1 + 2 }, { "F4", K_F1 + 3 }, { "F5", K_F1 + 4 },
	{ "F6", K_F1 + 5 }, { "F7", K_F1 + 6 }, { "F8", K_F1 + 7 }, { "F9", K_F1 + 8 },
	{ "F10", K_F1 + 9 }, { "F11", K_F1 + 10 }, { "F12", K_F1 + 11 },
};

static bool base_parse(const char *name, keycode *k)
{
	uint32_t cp;
	size_t n;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcasecmp(names[i].name, name) == 0) {
			*k = names[i].k;
			return true;
		}
	n = text_decode(slice_of(name), &cp);
	if (n == 0 || name[n] != '\0' || cp < 0x20 || cp == 0x7f)
		return false;
	*k = cp;
	return true;
}

/* Modifiers that terminals cannot send apart are refused here rather than never matching. */
static bool combine(keycode mods, keycode base, keycode *k)
{
	bool letter = base < 0x80 && ((base >= 'a' && base <= 'z') || strchr("@[\\]^_ ", (int)base));

	if ((mods & MOD_CTRL) && base < K_ENTER) {
		if (base >= 'A' && base <= 'Z')
			base += 'a' - 'A';
		else if (!letter)
			return false;
	}
	if ((mods & MOD_SHIFT) && base < K_ENTER)
		return false;
	*k = base | mods;
	return true;
}

bool key_parse(const char *name, keycode *k)
{
	keycode mods = 0, base;

	while (name[0] != '\0' && name[1] == '-' && name[2] != '\0') {
		if (name[0] == 'C')
			mods |= MOD_CTRL;
		else if (name[0] == 'M')
			mods |= MOD_ALT;
		else if (name[0] == 'S')
			mods |= MOD_SHIFT;
		else
			return false;
		name += 2;
	}
	return base_parse(name, &base) && combine(mods, base, k);
}

char *key_name(keycode k, char out[KEY_NAME_LEN])
{
	keycode base = k & 0xffffff;
	char tail[12] = "?";

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].k == base)
			snprintf(tail, sizeof(tail), "%s", names[i].name);
	if (base > ' ' && base < K_ENTER) {
		char buf[4];
		int n = (int)text_encode(base, buf);

		snprintf(tail, sizeof(tail), "%.*s", n, buf);
	}
	snprintf(out, KEY_NAME_LEN, "%s%s%s%s", k & MOD_CTRL ? "C-" : "", k & MOD_ALT ? "M-" : "",
	    k & MOD_SHIFT ? "S-" : "", tail);
	return out;
}

uint32_t key_char(keycode k)
{
	return k >= 0x20 && k != 0x7f && k < K_ENTER ? k : 0;
}
