/* URIs of phones and mail addresses; see link.h. */
#include "tui/link.h"
#include "core/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS_LEAST = 3, DIGITS_MOST = 20 };

void link_tel(const char *phone, struct str *out)
{
	char digits[DIGITS_MOST + 2];
	size_t n = 0;

	phone += strspn(phone, " ");
	if (*phone == '+')
		digits[n++] = '+';
	for (; *phone != '\0' && n <= DIGITS_MOST; phone++) {
		if (*phone >= '0' && *phone <= '9')
			digits[n++] = *phone;
		else if (strchr("+ -./()", *phone) == NULL)
			break; /* "ext. 45", "or", another number: the first is called */
	}
	digits[n] = '\0';
	if (n >= DIGITS_LEAST)
		str_addf(out, "tel:%s", digits);
}

void link_mail(const char *address, struct str *out)
{
	const char *at = strchr(address, '@');

	if (at == NULL || at == address || at[1] == '\0' || strlen(address) > 254 || strchr(address, ' ') != NULL)
		return;
	str_puts(out, "mailto:");
	for (; *address != '\0'; address++) {
		unsigned char c = (unsigned char)*address;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("@._-", c) != NULL)
			str_putc(out, (char)c);
		else
			str_addf(out, "%%%02X", c);
	}
}

bool link_terminal_knows(void)
{
	static const char *const said[] = { "KITTY_WINDOW_ID", "WEZTERM_PANE", "KONSOLE_VERSION", "WT_SESSION",
		"ITERM_SESSION_ID", "ALACRITTY_WINDOW_ID", "GHOSTTY_RESOURCES_DIR" };
	static const char *const terms[] = { "foot", "xterm-kitty", "alacritty", "wezterm", "contour", "xterm-ghostty" };
	const char *vte = getenv("VTE_VERSION"), *term = getenv("TERM");

	/* A multiplexer stands between: what is outside of it is not known. */
	if (term == NULL || strncmp(term, "screen", 6) == 0 || getenv("STY") != NULL || getenv("TMUX") != NULL)
		return false;
	if (vte != NULL && strtol(vte, NULL, 10) >= 5000)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(said); i++)
		if (getenv(said[i]) != NULL)
			return true;
	for (size_t i = 0; i < ARRAY_LEN(terms); i++)
		if (strncmp(term, terms[i], strlen(terms[i])) == 0)
			return true;
	return false;
}
