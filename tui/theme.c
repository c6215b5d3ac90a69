/* The palettes; see theme.h. */
#include "tui/theme.h"
#include "core/base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PLAIN(f)     { (f), -1, 0 }
#define STRONG(f)    { (f), -1, ATTR_BOLD }
#define ON(f, b)     { (f), (b), 0 }
#define STRONG_ON(f, b) { (f), (b), ATTR_BOLD }
#define LOOK(a)      { -1, -1, (a) }

static const struct theme themes[] = {
	{
		.name = "dark",
		.styles = {
			[ROLE_NORMAL] = PLAIN(-1), [ROLE_DIM] = PLAIN(248), [ROLE_STALE] = PLAIN(245),
			[ROLE_TITLE] = STRONG_ON(255, 24), [ROLE_HEADER] = STRONG(250),
			[ROLE_SORTED] = { 117, -1, ATTR_BOLD | ATTR_UNDERLINE },
			[ROLE_GOOD] = PLAIN(114), [ROLE_WARN] = STRONG(221), [ROLE_BAD] = STRONG(203),
			[ROLE_ADMIN] = PLAIN(147), [ROLE_HELD] = STRONG(177), [ROLE_ACCENT] = STRONG(117),
			[ROLE_MARK] = STRONG(221), [ROLE_MATCH] = ON(16, 221),
			[ROLE_STATUS] = ON(252, 237), [ROLE_BADGE] = STRONG_ON(16, 221),
			[ROLE_ALARM] = STRONG_ON(231, 160), [ROLE_HINT] = PLAIN(245),
			[ROLE_KEY] = STRONG(252), [ROLE_POPUP] = ON(252, 235),
			[ROLE_POPUP_TITLE] = STRONG_ON(231, 24), [ROLE_BUTTON] = ON(252, 239),
			[ROLE_FOCUS] = STRONG_ON(16, 117), [ROLE_INPUT] = ON(231, 238),
			[ROLE_ROUTER] = ON(229, 235),
		},
		.cursor = { -1, 237, ATTR_BOLD },
		.faint = { -1, 235, 0 },
	},
	{
		.name = "light",
		.styles = {
			[ROLE_NORMAL] = PLAIN(-1), [ROLE_DIM] = PLAIN(240), [ROLE_STALE] = PLAIN(242),
			[ROLE_TITLE] = STRONG_ON(231, 25), [ROLE_HEADER] = STRONG(236),
			[ROLE_SORTED] = { 25, -1, ATTR_BOLD | ATTR_UNDERLINE },
			[ROLE_GOOD] = PLAIN(28), [ROLE_WARN] = STRONG(130), [ROLE_BAD] = STRONG(160),
			[ROLE_ADMIN] = PLAIN(61), [ROLE_HELD] = STRONG(90), [ROLE_ACCENT] = STRONG(25),
			[ROLE_MARK] = STRONG(130), [ROLE_MATCH] = ON(16, 220),
			[ROLE_STATUS] = ON(235, 253), [ROLE_BADGE] = STRONG_ON(16, 220),
			[ROLE_ALARM] = STRONG_ON(231, 160), [ROLE_HINT] = PLAIN(240),
			[ROLE_KEY] = STRONG(236), [ROLE_POPUP] = ON(235, 255),
			[ROLE_POPUP_TITLE] = STRONG_ON(231, 25), [ROLE_BUTTON] = ON(235, 250),
			[ROLE_FOCUS] = STRONG_ON(231, 25), [ROLE_INPUT] = ON(16, 252),
			[ROLE_ROUTER] = ON(52, 255),
		},
		.cursor = { -1, 253, ATTR_BOLD },
		.faint = { -1, 255, 0 },
	},
	{
		/* Blue against orange, after Okabe and Ito: told apart with every common deficiency. */
		.name = "colour-blind",
		.styles = {
			[ROLE_NORMAL] = PLAIN(-1), [ROLE_DIM] = PLAIN(248), [ROLE_STALE] = PLAIN(245),
			[ROLE_TITLE] = STRONG_ON(231, 24), [ROLE_HEADER] = STRONG(250),
			[ROLE_SORTED] = { 231, -1, ATTR_BOLD | ATTR_UNDERLINE },
			[ROLE_GOOD] = PLAIN(75), [ROLE_WARN] = STRONG(228), [ROLE_BAD] = STRONG(208),
			[ROLE_ADMIN] = PLAIN(250), [ROLE_HELD] = { 175, -1, ATTR_BOLD | ATTR_UNDERLINE },
			[ROLE_ACCENT] = STRONG(231), [ROLE_MARK] = STRONG(228), [ROLE_MATCH] = ON(16, 228),
			[ROLE_STATUS] = ON(252, 237), [ROLE_BADGE] = STRONG_ON(16, 228),
			[ROLE_ALARM] = STRONG_ON(16, 208), [ROLE_HINT] = PLAIN(245),
			[ROLE_KEY] = STRONG(252), [ROLE_POPUP] = ON(252, 235),
			[ROLE_POPUP_TITLE] = STRONG_ON(231, 24), [ROLE_BUTTON] = ON(252, 239),
			[ROLE_FOCUS] = STRONG_ON(16, 75), [ROLE_INPUT] = ON(231, 238),
			[ROLE_ROUTER] = ON(231, 235),
		},
		.cursor = { -1, 237, ATTR_BOLD },
		.faint = { -1, 235, 0 },
	},
	{
		.name = "mono",
		.styles = {
			[ROLE_NORMAL] = LOOK(0), [ROLE_DIM] = LOOK(0), [ROLE_STALE] = LOOK(ATTR_DIM),
			[ROLE_TITLE] = LOOK(ATTR_REVERSE | ATTR_BOLD), [ROLE_HEADER] = LOOK(ATTR_BOLD),
			[ROLE_SORTED] = LOOK(ATTR_BOLD | ATTR_UNDERLINE), [ROLE_GOOD] = LOOK(0),
			[ROLE_WARN] = LOOK(ATTR_BOLD), [ROLE_BAD] = LOOK(ATTR_BOLD),
			[ROLE_ADMIN] = LOOK(0), [ROLE_HELD] = LOOK(ATTR_UNDERLINE),
			[ROLE_ACCENT] = LOOK(ATTR_BOLD), [ROLE_MARK] = LOOK(ATTR_BOLD),
			[ROLE_MATCH] = LOOK(ATTR_UNDERLINE | ATTR_BOLD), [ROLE_STATUS] = LOOK(ATTR_REVERSE),
			[ROLE_BADGE] = LOOK(ATTR_BOLD | ATTR_UNDERLINE),
			[ROLE_ALARM] = LOOK(ATTR_BOLD | ATTR_REVERSE), [ROLE_HINT] = LOOK(0),
			[ROLE_KEY] = LOOK(ATTR_BOLD), [ROLE_POPUP] = LOOK(0),
			[ROLE_POPUP_TITLE] = LOOK(ATTR_REVERSE | ATTR_BOLD), [ROLE_BUTTON] = LOOK(0),
			[ROLE_FOCUS] = LOOK(ATTR_REVERSE), [ROLE_INPUT] = LOOK(ATTR_UNDERLINE),
			[ROLE_ROUTER] = LOOK(ATTR_BOLD),
		},
		.cursor = { -1, -1, ATTR_REVERSE },
		.faint = { -1, -1, ATTR_UNDERLINE },
	},
};

const char *const *theme_names(void)
{
	static const char *const names[] = { "dark", "light", "colour-blind", "mono", NULL };

	return names;
}

/* Terminals of the rxvt line tell "foreground;background"; all others stay dark. */
static const char *guess(void)
{
	const char *v = getenv("COLORFGBG"), *semicolon = v ? strrchr(v, ';') : NULL;

	if (semicolon != NULL && (strcmp(semicolon, ";7") == 0 || strcmp(semicolon, ";15") == 0))
		return "light";
	return "dark";
}

const struct theme *theme_find(const char *name, struct err *e)
{
	if (name == NULL || strcmp(name, "auto") == 0)
		name = guess();
	if (strcasecmp(name, "color-blind") == 0)
		name = "colour-blind";
	for (size_t i = 0; i < ARRAY_LEN(themes); i++)
		if (strcasecmp(themes[i].name, name) == 0)
			return &themes[i];
	err_set(e, ERR_CONFIG, "no theme '%s': auto, dark, light, colour-blind, mono", name);
	return NULL;
}

static bool is_grey(int colour)
{
	return colour >= 232;
}

static int basic_colour(int colour)
{
	static const struct {
		int16_t from, to;
	} map[] = {
		{ 16, 0 }, { 24, 4 }, { 25, 4 }, { 28, 2 }, { 52, 1 }, { 61, 4 }, { 75, 6 }, { 90, 5 },
		{ 114, 2 }, { 117, 6 }, { 130, 3 }, { 147, 6 }, { 160, 1 }, { 175, 5 }, { 177, 5 },
		{ 203, 1 }, { 208, 3 }, { 220, 3 }, { 221, 3 }, { 228, 3 }, { 229, 3 }, { 231, 7 },
	};

	if (colour < 8)
		return colour;
	for (size_t i = 0; i < ARRAY_LEN(map); i++)
		if (map[i].from == colour)
			return map[i].to;
	return colour < 244 ? 0 : 7; /* the grey ramp */
}

struct style theme_basic(struct style st)
{
	if (st.bg < 0 && (is_grey(st.fg) || st.fg == 231))
		st.fg = -1;
	st.fg = (int16_t)basic_colour(st.fg);
	st.bg = (int16_t)basic_colour(st.bg);
	return st;
}

const struct glyphs *glyphs_of(bool ascii)
{
	static const struct glyphs wide = {
		.up = "●", .down = "✗", .admin = "■", .held = "◆", .limit = "▲", .opening = "◌",
		.unknown = "?", .mark = "*", .cursor = "▌", .ellipsis = "…", .ascending = "▲",
		.descending = "▼", .dash = "–", .full = "█", .empty = "░", .tick = "┃",
		.horizontal = "─", .vertical = "│", .top_left = "┌", .top_right = "┐",
		.bottom_left = "└", .bottom_right = "┘", .warn = "!",
		.here = "▶",
	};
	static const struct glyphs plain = {
		.up = "+", .down = "x", .admin = "#", .held = "@", .limit = "^", .opening = "o",
		.unknown = "?", .mark = "*", .cursor = ">", .ellipsis = "~", .ascending = "^",
		.descending = "v", .dash = "-", .full = "#", .empty = ".", .tick = "|",
		.horizontal = "-", .vertical = "|", .top_left = "+", .top_right = "+",
		.bottom_left = "+", .bottom_right = "+", .warn = "!",
		.here = ">",
	};

	return ascii ? &plain : &wide;
}
