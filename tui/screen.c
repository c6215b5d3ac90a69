/* Canvas to ncurses; see screen.h.  Input is not curses': decode.c reads the bytes. */
#include "tui/screen.h"
#include "core/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

enum { PAIRS_MAX = 200, COPY_MAX = 64 * 1024, RESTORE_MAX = 256 };

struct screen {
	SCREEN *curses;
	bool utf8, colour, links;
	const struct theme *theme;
	struct {
		short fg, bg;
	} pairs[PAIRS_MAX]; /* pair i + 1 */
	int pair_count;
};

/* What a signal handler needs: plain memory, filled before the handlers are installed. */
static struct {
	volatile sig_atomic_t taken;
	struct termios before;
	char bytes[RESTORE_MAX];
	size_t len;
} restore;

static const int fatal_signals[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTERM, SIGHUP, SIGQUIT, SIGINT,
	SIGXCPU, SIGALRM };
static struct sigaction former[ARRAY_LEN(fatal_signals)];

/* Async-signal-safe: write and tcsetattr only. */
static void restore_terminal(void)
{
	if (!restore.taken)
		return;
	restore.taken = 0;
	if (write(STDOUT_FILENO, restore.bytes, restore.len) < 0) {
		/* the terminal is gone: nothing is left to restore */
	}
	tcsetattr(STDIN_FILENO, TCSANOW, &restore.before);
}

static void on_fatal(int sig)
{
	restore_terminal();
	raise(sig); /* SA_RESETHAND: this time it ends the process */
}

static void catch_fatal(void)
{
	static char stack[32768]; /* a stack overflow has no stack of its own left */
	stack_t alt = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction sa = { .sa_handler = on_fatal, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER | SA_ONSTACK) };

	sigaltstack(&alt, NULL);
	for (size_t i = 0; i < ARRAY_LEN(fatal_signals); i++) {
		sigaction(fatal_signals[i], NULL, &former[i]);
		/* What the program handles or ignores by itself is left to it. */
		if (former[i].sa_handler == SIG_DFL)
			sigaction(fatal_signals[i], &sa, NULL);
	}
}

static void release_fatal(void)
{
	for (size_t i = 0; i < ARRAY_LEN(fatal_signals); i++) {
		struct sigaction now;

		sigaction(fatal_signals[i], NULL, &now);
		if (now.sa_handler == on_fatal)
			sigaction(fatal_signals[i], &former[i], NULL);
	}
}

/* terminfo strings may hold delays like $<5>: they are not for the terminal. */
static void add_restore(const char *s)
{
	if (s == NULL || s == (char *)-1)
		return;
	while (*s != '\0' && restore.len + 1 < sizeof(restore.bytes)) {
		if (s[0] == '$' && s[1] == '<') {
			const char *end = strchr(s, '>');

			if (end != NULL) {
				s = end + 1;
				continue;
			}
		}
		restore.bytes[restore.len++] = *s++;
	}
}

static void prepare_restore(void)
{
	char name[8];

	restore.len = 0;
	add_restore("\033[?2004l");
	for (int i = 0; i < 4; i++) {
		static const char *const caps[] = { "sgr0", "op", "cnorm", "rmcup" };

		memcpy(name, caps[i], strlen(caps[i]) + 1);
		add_restore(tigetstr(name));
	}
	add_restore("\r\n");
}

static void say(const char *bytes)
{
	fflush(stdout);
	if (write(STDOUT_FILENO, bytes, strlen(bytes)) < 0) {
		/* a terminal that is gone is found by the next read */
	}
}

static void set_modes(struct screen *s)
{
	raw();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	typeahead(-1);
	curs_set(0);
	s->colour = has_colors();
	if (s->colour) {
		start_color();
		use_default_colors();
	}
	say("\033[?2004h");
}

struct screen *screen_new(struct err *e)
{
	struct screen *s;
	const char *term = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		err_set(e, ERR_USAGE, "the console needs a terminal; without one use a command (peerdeck --help)");
		return NULL;
	}
	setlocale(LC_CTYPE, "");
	s = MEM_NEW(struct screen);
	s->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	tcgetattr(STDIN_FILENO, &restore.before);
	/* Before newterm: curses leaves signals alone that have a handler, else a SIGTERM would end in its exit(1). */
	catch_fatal();
	s->curses = newterm(NULL, stdout, stdin);
	signal(SIGTSTP, SIG_DFL); /* app stops the process, after screen_suspend */
	if (s->curses == NULL) {
		release_fatal();
		err_set(e, ERR_USAGE, "the terminal type '%s' (TERM) is not known here", term ? term : "");
		free(s);
		return NULL;
	}
	prepare_restore();
	restore.taken = 1;
	atexit(restore_terminal);
	set_modes(s);
	return s;
}

void screen_free(struct screen *s)
{
	if (s == NULL)
		return;
	if (restore.taken) {
		say("\033[?2004l");
		curs_set(1);
		endwin();
		tcsetattr(STDIN_FILENO, TCSANOW, &restore.before);
		restore.taken = 0;
	}
	release_fatal();
	delscreen(s->curses);
	free(s);
}

bool screen_is_utf8(const struct screen *s)
{
	return s->utf8;
}

bool screen_has_colour(const struct screen *s)
{
	return s->colour;
}

int screen_fd(const struct screen *s)
{
	(void)s;
	return STDIN_FILENO;
}

void screen_size(const struct screen *s, int *width, int *height)
{
	(void)s;
	*width = COLS > 0 ? COLS : 1;
	*height = LINES > 0 ? LINES : 1;
}

void screen_resize(struct screen *s)
{
	struct winsize ws;

	(void)s;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_row > 0 && ws.ws_col > 0)
		resizeterm(ws.ws_row, ws.ws_col);
	clearok(curscr, TRUE);
}

void screen_theme(struct screen *s, const struct theme *t)
{
	s->theme = t;
	s->pair_count = 0;
}

void screen_show_links(struct screen *s)
{
	s->links = true;
}

static int pair_of(struct screen *s, int fg, int bg)
{
	if (fg < 0 && bg < 0)
		return 0;
	for (int i = 0; i < s->pair_count; i++)
		if (s->pairs[i].fg == fg && s->pairs[i].bg == bg)
			return i + 1;
	if (s->pair_count >= PAIRS_MAX || s->pair_count + 1 >= COLOR_PAIRS)
		return 0;
	s->pairs[s->pair_count].fg = (short)fg;
	s->pairs[s->pair_count].bg = (short)bg;
	s->pair_count++;
	init_pair((short)s->pair_count, (short)fg, (short)bg);
	return s->pair_count;
}

/* With few colours a background of its own cannot be told from the terminal's: the row is shown reversed. */
static struct style basic_style_of(const struct screen *s, const struct cell *c)
{
	struct style st = theme_basic(s->theme->styles[c->role]);

	if (c->role == ROLE_STALE)
		st.attrs |= ATTR_DIM;
	if (c->flags & CELL_CURSOR)
		return (struct style){ -1, -1, ATTR_REVERSE | ATTR_BOLD };
	if (c->flags & CELL_FAINT)
		st.attrs |= ATTR_UNDERLINE;
	return st;
}

static struct style style_of(const struct screen *s, const struct cell *c)
{
	struct style st = s->theme->styles[c->role];
	const struct style *over = c->flags & CELL_CURSOR ? &s->theme->cursor :
	    c->flags & CELL_FAINT ? &s->theme->faint : NULL;

	if (s->colour && COLORS < 256)
		return basic_style_of(s, c);
	if (over == NULL)
		return st;
	if (over->fg >= 0)
		st.fg = over->fg;
	if (over->bg >= 0)
		st.bg = over->bg;
	st.attrs = (uint8_t)((st.attrs & ~(over->attrs & ATTR_REVERSE ? ATTR_DIM : 0)) | over->attrs);
	return st;
}

static attr_t curses_attrs(const struct style *st)
{
	attr_t attrs = A_NORMAL;

	attrs |= st->attrs & ATTR_BOLD ? A_BOLD : 0;
	attrs |= st->attrs & ATTR_REVERSE ? A_REVERSE : 0;
	attrs |= st->attrs & ATTR_UNDERLINE ? A_UNDERLINE : 0;
	attrs |= st->attrs & ATTR_DIM ? A_DIM : 0;
	return attrs;
}

/* curses has no word for a link: the cells are written once more, the same, between the marks of OSC 8.  What curses
 * knows of the terminal stays true, since cursor and attributes are put back. */
static void write_link(struct screen *s, const struct canvas *c, const struct canvas_link *l)
{
	const struct cell *first = canvas_at(c, l->x, l->y);
	struct style st = style_of(s, first);

	mvcur(-1, -1, l->y, l->x);
	vid_puts(curses_attrs(&st), (short)(s->colour ? pair_of(s, st.fg, st.bg) : 0), NULL, putchar);
	printf("\033]8;;%s\033\\", l->uri);
	for (int x = l->x; x < l->x + l->n; x++) {
		const char *ch = canvas_at(c, x, l->y)->ch;

		fputs(!s->utf8 && ((unsigned char)ch[0] & 0x80) ? "?" : ch, stdout);
	}
	fputs("\033]8;;\033\\", stdout);
}

static void write_links(struct screen *s, const struct canvas *c)
{
	const struct canvas_link *links;
	size_t n = s->links ? canvas_links(c, &links) : 0;
	int x, y;

	if (n == 0)
		return;
	for (size_t i = 0; i < n; i++)
		if (links[i].y < LINES && links[i].x + links[i].n < COLS) /* never the last column: it may wrap */
			write_link(s, c, &links[i]);
	vid_puts(A_NORMAL, 0, NULL, putchar);
	getyx(curscr, y, x);
	mvcur(-1, -1, y, x);
	fflush(stdout);
}

static void put_cell(struct screen *s, int x, int y, const struct cell *c)
{
	struct style st = style_of(s, c);
	const char *ch = c->ch;

	attr_set(curses_attrs(&st), (short)(s->colour ? pair_of(s, st.fg, st.bg) : 0), NULL);
	if (!s->utf8 && ((unsigned char)ch[0] & 0x80))
		ch = "?";
	mvaddstr(y, x, ch);
}

void screen_draw(struct screen *s, const struct canvas *c)
{
	int x, y;

	if (s->theme == NULL)
		return;
	erase();
	for (y = 0; y < canvas_height(c) && y < LINES; y++)
		for (x = 0; x < canvas_width(c) && x < COLS; x++) {
			const struct cell *cell = canvas_at(c, x, y);

			/* The right half of a wide character was drawn with its left. */
			if (cell->ch[0] != '\0' && (cell->ch[0] != ' ' || cell->role != 0 || cell->flags != 0))
				put_cell(s, x, y, cell);
		}
	canvas_caret_at(c, &x, &y);
	curs_set(x >= 0);
	if (x >= 0)
		move(y, x);
	refresh();
	write_links(s, c);
}

void screen_redraw(struct screen *s)
{
	(void)s;
	clearok(curscr, TRUE);
}

long screen_read(struct screen *s, char *buf, size_t n)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	ssize_t got;

	(void)s;
	if (poll(&p, 1, 0) <= 0)
		return 0;
	got = read(STDIN_FILENO, buf, n);
	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : -1;
	return got == 0 ? -1 : (long)got;
}

void screen_flush_input(struct screen *s)
{
	(void)s;
	tcflush(STDIN_FILENO, TCIFLUSH);
}

void screen_suspend(struct screen *s)
{
	(void)s;
	say("\033[?2004l");
	curs_set(1);
	endwin();
	tcsetattr(STDIN_FILENO, TCSANOW, &restore.before);
	restore.taken = 0;
}

void screen_resume(struct screen *s)
{
	restore.taken = 1;
	reset_prog_mode();
	set_modes(s);
	screen_resize(s);
	refresh();
}

static void add_base64(struct str *out, const unsigned char *p, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		unsigned v = (unsigned)p[i] << 16 | (i + 1 < n ? (unsigned)p[i + 1] << 8 : 0) | (i + 2 < n ? p[i + 2] : 0);

		str_putc(out, digits[v >> 18]);
		str_putc(out, digits[v >> 12 & 63]);
		str_putc(out, i + 1 < n ? digits[v >> 6 & 63] : '=');
		str_putc(out, i + 2 < n ? digits[v & 63] : '=');
	}
}

void screen_copy(struct screen *s, const struct str *text)
{
	struct str out;

	(void)s;
	if (text->len > COPY_MAX)
		return;
	str_init(&out, 2 * COPY_MAX);
	str_puts(&out, "\033]52;c;");
	add_base64(&out, (const unsigned char *)text->p, text->len);
	str_puts(&out, "\a");
	say(out.p);
	str_fini(&out);
}

void screen_bell(struct screen *s)
{
	(void)s;
	say("\a");
}

/* Of OSC 777 a semicolon would end the words; OSC 9 with a number first means other things to some terminals. */
void screen_notice(struct str *out, bool osc777, const char *words)
{
	str_puts(out, osc777 ? "\033]777;notify;peerdeck;" : "\033]9;peerdeck: ");
	for (const char *p = words; *p != '\0'; p++)
		if ((unsigned char)*p >= ' ' && *p != 0x7f)
			str_putc(out, *p == ';' ? ',' : *p);
	str_putc(out, '\a');
}

void screen_notify(struct screen *s, const char *words)
{
	const char *term = getenv("TERM");
	bool osc777 = getenv("VTE_VERSION") != NULL || (term != NULL && (strncmp(term, "rxvt", 4) == 0 || strncmp(term, "foot", 4) == 0));
	struct str out;

	(void)s;
	str_init(&out, 4096);
	screen_notice(&out, osc777, words);
	if (!out.over)
		say(out.p);
	str_fini(&out);
}
