/*
 * The program on a real terminal: a pty whose far side is libvterm.
 *
 * What ncurses makes of a canvas must be what the canvas says; and whatever
 * ends the process, the terminal is as it was before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#include "core/base/scan.h"
#include "tests/screen/night.h"
#include "tui/canvas.h"
#include "tui/link.h"
#include "tui/ui.h"

enum { DEADLINE_MS = 20000 };

struct terminal {
	int fd;
	pid_t child;
	VTerm *vt;
	VTermScreen *screen;
	struct str seen; /* all bytes */
	int rows, cols;
};

/* What somebody who wants to own the terminal writes into a contact. */
static const char hostile[] = "network AS64503 {\n contact NOC {\n  name = evil \033]52;c;QUJD\a \xc2\x9b" "31m \033]0;owned\a\n"
	"  phone = +44 20 5550 666\n  mail = a\033]8;;http://evil.example\033\\b@x.example\n  note = \033[2J \xe2\x80\xae txt\n }\n}\n";
static bool with_links = true, with_hostile;

/* The console's loop, small: until killed, or until it is told to crash (key X) or to quit. */
static void child_main(const char *theme)
{
	struct ui_settings s = { .theme = theme, .links = link_terminal_knows() };
	struct err e = ERR_INIT;
	struct night *n = night_new();
	struct ui *u = ui_new(&s, &e);
	struct request rq;

	if (with_hostile)
		book_read(n->book, "hostile", slice_of(hostile));
	if (u == NULL) {
		fprintf(stderr, "%s\n", e.text);
		_exit(1);
	}
	for (;;) {
		struct pollfd p = { .fd = ui_fd(u), .events = POLLIN };

		ui_resize(u, 0, 0);
		ui_draw(u, &n->w);
		if (poll(&p, 1, 1000) < 0 && errno != EINTR)
			break;
		clock_fake_advance(100);
		while (ui_input(u, &n->w, &rq)) {
			if (rq.kind == REQ_JOURNAL_VERIFY)
				raise(SIGSEGV);
			if (rq.kind == REQ_QUIT)
				goto out;
		}
		clock_fake(NIGHT_BOOT, NIGHT_WALL);
	}
out:
	ui_free(u);
	night_free(n);
	_exit(0);
}

static void on_winch(int sig)
{
	(void)sig;
}

/* Caught by cmocka, or ignored by whoever started the tests (nohup): as a shell would have them. */
static const int to_default[] = { SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGSYS, SIGABRT, SIGHUP, SIGTERM, SIGINT };

static const char *const telling[] = { "VTE_VERSION", "KITTY_WINDOW_ID", "WEZTERM_PANE", "KONSOLE_VERSION", "WT_SESSION",
	"ITERM_SESSION_ID", "ALACRITTY_WINDOW_ID", "GHOSTTY_RESOURCES_DIR" };

static void start(struct terminal *t, int cols, int rows, const char *theme)
{
	struct winsize ws = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };
	static const VTermScreenCallbacks none = { 0 }; /* libvterm keeps the pointer */

	*t = (struct terminal){ .rows = rows, .cols = cols };
	t->child = forkpty(&t->fd, NULL, NULL, &ws);
	assert_true(t->child >= 0);
	if (t->child == 0) {
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		if (with_links)
			setenv("VTE_VERSION", "7000", 1); /* a terminal that knows links */
		for (size_t i = 0; !with_links && i < ARRAY_LEN(telling); i++)
			unsetenv(telling[i]);
		unsetenv("TMUX");
		unsetenv("STY");
		unsetenv("LINES");
		unsetenv("COLUMNS");
		signal(SIGWINCH, on_winch);
		for (size_t i = 0; i < ARRAY_LEN(to_default); i++)
			signal(to_default[i], SIG_DFL);
		child_main(theme);
	}
	t->vt = vterm_new(rows, cols);
	vterm_set_utf8(t->vt, 1);
	t->screen = vterm_obtain_screen(t->vt);
	vterm_screen_enable_altscreen(t->screen, 1);
	vterm_screen_set_callbacks(t->screen, &none, NULL);
	vterm_screen_reset(t->screen, 1);
	str_init(&t->seen, 16u << 20);
}

/* Takes what the child wrote within ms; false at its end. */
#define LINK "\033]8;;tel:+442055503"

static bool pump(struct terminal *t, int ms)
{
	struct pollfd p = { .fd = t->fd, .events = POLLIN };
	char buf[8192];
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return true;
	n = read(t->fd, buf, sizeof(buf));
	if (n <= 0)
		return false;
	str_add(&t->seen, buf, (size_t)n);
	vterm_input_write(t->vt, buf, (size_t)n);
	return true;
}

static void screen_of(const struct terminal *t, struct str *out)
{
	char buf[4096];

	str_clear(out);
	for (int y = 0; y < t->rows; y++) {
		VTermRect r = { .start_row = y, .end_row = y + 1, .start_col = 0, .end_col = t->cols };
		size_t n = vterm_screen_get_text(t->screen, buf, sizeof(buf), r);

		while (n > 0 && (buf[n - 1] == ' ' || buf[n - 1] == '\0'))
			n--;
		str_add(out, buf, n);
		str_putc(out, '\n');
	}
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void wait_for(struct terminal *t, const char *words)
{
	int64_t deadline = now_ms() + DEADLINE_MS;
	struct str s;

	str_init(&s, 0);
	do {
		screen_of(t, &s);
		if (strstr(s.p, words) != NULL)
			break;
		if (!pump(t, 100) || now_ms() > deadline)
			fail_msg("'%s' did not come:\n%s", words, s.p);
	} while (true);
	str_fini(&s);
}

static void type(struct terminal *t, const char *keys)
{
	assert_int_equal(write(t->fd, keys, strlen(keys)), (ssize_t)strlen(keys));
}

/* Reads to the end and gives the wait status. */
static int finish(struct terminal *t)
{
	int64_t deadline = now_ms() + DEADLINE_MS;
	int status = 0;

	while (pump(t, 100) && now_ms() < deadline)
		if (waitpid(t->child, &status, WNOHANG) == t->child) {
			while (pump(t, 50) && poll(&(struct pollfd){ .fd = t->fd, .events = POLLIN }, 1, 50) > 0)
				;
			t->child = -1;
			break;
		}
	if (t->child > 0) {
		if (now_ms() >= deadline)
			kill(t->child, SIGKILL);
		waitpid(t->child, &status, 0);
	}
	return status;
}

static void stop(struct terminal *t)
{
	close(t->fd);
	vterm_free(t->vt);
	str_fini(&t->seen);
}

/* After the last frame: paste mode off, cursor shown, the other screen back. */
static void expect_restored(const struct terminal *t)
{
	const char *on = NULL, *p = t->seen.p;

	while ((p = strstr(p, "\033[?2004")) != NULL)
		on = p++;
	assert_non_null(on);
	assert_memory_equal(on, "\033[?2004l", 8);
	assert_non_null(strstr(on, "\033[?1049l"));
	assert_non_null(strstr(t->seen.p, "\033[?1049h"));
}

static void test_terminal_shows_the_canvas(void **state)
{
	static const struct {
		int w, h;
		const char *keys, *words;
	} cases[] = { { 80, 24, "", "edge2" }, { 200, 50, "", "Ladder of AS64503" }, { 80, 24, "3", "PDB" }, { 80, 24, "c", "AS64503 Charlie" },
		{ 120, 30, "9", "Moving" } };
	struct ui_settings s = { .theme = "dark" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct terminal t;
		struct err e = ERR_INIT;
		struct night *n = night_new();
		struct ui *u = ui_new_offscreen(&s, cases[i].w, cases[i].h, &e);
		struct request rq;
		struct str want, got;

		ui_draw(u, &n->w);
		ui_feed(u, cases[i].keys, strlen(cases[i].keys));
		ui_input(u, &n->w, &rq);
		ui_draw(u, &n->w);
		str_init(&want, 0);
		str_init(&got, 0);
		canvas_text(ui_canvas(u), &want);
		start(&t, cases[i].w, cases[i].h, "dark");
		wait_for(&t, "Sessions");
		type(&t, cases[i].keys);
		wait_for(&t, cases[i].words);
		for (int64_t until = now_ms() + DEADLINE_MS; now_ms() < until;) {
			screen_of(&t, &got);
			if (strcmp(got.p, want.p) == 0)
				break;
			pump(&t, 100);
		}
		assert_string_equal(got.p, want.p);
		if (strcmp(cases[i].keys, "c") == 0) { /* links come after the cells, and move nothing */
			for (int64_t until = now_ms() + DEADLINE_MS; now_ms() < until && strstr(t.seen.p, LINK) == NULL;)
				pump(&t, 100);
			assert_non_null(strstr(t.seen.p, LINK));
		}
		type(&t, "\x03");
		wait_for(&t, "Leave peerdeck?");
		type(&t, "y");
		assert_int_equal(finish(&t), 0);
		expect_restored(&t);
		stop(&t);
		str_fini(&want);
		str_fini(&got);
		ui_free(u);
		night_free(n);
	}
}

static void test_crash_gives_the_terminal_back(void **state)
{
	struct terminal t;
	struct termios before, after;
	int status;

	(void)state;
	start(&t, 80, 24, "mono");
	tcgetattr(t.fd, &before);
	wait_for(&t, "Sessions");
	type(&t, "7v"); /* the child crashes on this request */
	status = finish(&t);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	expect_restored(&t);
	if (tcgetattr(t.fd, &after) == 0)
		assert_int_equal(after.c_lflag & (ICANON | ECHO), ICANON | ECHO);
	stop(&t);
}

static void test_signals_give_the_terminal_back(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGABRT };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		struct terminal t;
		int status;

		start(&t, 80, 24, "mono");
		wait_for(&t, "Sessions");
		kill(t.child, signals[i]);
		status = finish(&t);
		if (!WIFSIGNALED(status) || WTERMSIG(status) != signals[i])
			fail_msg("signal %d ended it with status %x", signals[i], (unsigned)status);
		expect_restored(&t);
		stop(&t);
	}
}

static void test_resize_storm(void **state)
{
	struct terminal t;

	(void)state;
	start(&t, 80, 24, "mono");
	wait_for(&t, "Sessions");
	for (int i = 0; i < 60; i++) {
		struct winsize ws = { .ws_row = (unsigned short)(1 + i * 7 % 60), .ws_col = (unsigned short)(1 + i * 31 % 220) };

		ioctl(t.fd, TIOCSWINSZ, &ws);
		pump(&t, 1);
	}
	ioctl(t.fd, TIOCSWINSZ, &(struct winsize){ .ws_row = 5, .ws_col = 20 });
	vterm_set_size(t.vt, t.rows = 5, t.cols = 20);
	wait_for(&t, "terminal too small");
	ioctl(t.fd, TIOCSWINSZ, &(struct winsize){ .ws_row = 24, .ws_col = 80 });
	vterm_set_size(t.vt, t.rows = 24, t.cols = 80);
	wait_for(&t, "RCVD/MAX");
	type(&t, "\x03");
	wait_for(&t, "Leave peerdeck?");
	type(&t, "y");
	assert_int_equal(finish(&t), 0);
	stop(&t);
}

static bool is_uri(struct slice s)
{
	bool tel = slice_starts(s, "tel:");
	size_t i = tel ? 4 : 7;

	if (!tel && !slice_starts(s, "mailto:"))
		return false;
	for (; i < s.len; i++)
		if (strchr(tel ? "+0123456789" : "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@._-%", s.p[i]) == NULL)
			return false;
	return true;
}

/* Every OSC that went out is one of ours, whole: a link to a phone or mail and its end, the clipboard.  Counts them. */
static void judge_oscs(const struct terminal *t, size_t *links, struct slice *clipboard)
{
	size_t open = 0, copies = 0;

	*links = 0;
	for (const char *p = t->seen.p; (p = memmem(p, (size_t)(t->seen.p + t->seen.len - p), "\033]", 2)) != NULL;) {
		size_t left = (size_t)(t->seen.p + t->seen.len - p);
		const char *st = memmem(p, left, "\033\\", 2), *bel = memchr(p, '\a', left);
		const char *end = bel == NULL || (st != NULL && st < bel) ? st : bel;
		struct slice body = { p + 2, 0 };

		assert_non_null(end);
		body.len = (size_t)(end - body.p);
		if (slice_eq(body, "8;;")) {
			assert_int_equal(open, 1);
			open = 0;
		} else if (slice_starts(body, "8;;")) {
			assert_int_equal(open, 0);
			assert_true(is_uri(slice_from(body, 3)));
			open = 1;
			++*links;
		} else if (slice_starts(body, "52;c;")) {
			*clipboard = slice_from(body, 5);
			copies++;
		} else {
			fail_msg("an OSC that is none of ours: %.*s", (int)body.len, body.p);
		}
		p = end;
	}
	assert_int_equal(open, 0);
	assert_int_equal(copies, 1);
}

static void decode64(struct slice in, struct str *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned v = 0;
	int bits = 0;

	assert_int_equal(in.len % 4, 0);
	for (size_t i = 0; i < in.len && in.p[i] != '='; i++) {
		const char *at = memchr(digits, in.p[i], 64);

		assert_non_null(at);
		v = v << 6 | (unsigned)(at - digits);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			str_putc(out, (char)(v >> bits & 255));
		}
	}
}

/* OSC 52 and OSC 8 byte by byte, with a contact that wants to write its own; no link where the terminal has none. */
static void test_links_and_clipboard_are_ours(void **state)
{
	(void)state;
	with_hostile = true;
	for (int knows = 0; knows < 2; knows++) {
		struct terminal t;
		struct slice clipboard = { "", 0 };
		struct str text;
		size_t links;

		with_links = knows == 1;
		start(&t, 200, 50, "dark");
		wait_for(&t, "Sessions");
		type(&t, "c");
		wait_for(&t, "+44 20 5550 666");
		type(&t, "jj");
		wait_for(&t, "3. NOC");
		type(&t, "y");
		for (int64_t until = now_ms() + DEADLINE_MS; now_ms() < until && strstr(t.seen.p, "\033]52;") == NULL;)
			pump(&t, 100);
		type(&t, "\x03");
		wait_for(&t, "Leave peerdeck?");
		type(&t, "y");
		assert_int_equal(finish(&t), 0);
		judge_oscs(&t, &links, &clipboard);
		if (knows)
			assert_non_null(strstr(t.seen.p, "\033]8;;tel:+44205550666\033\\+44 20 5550 666\033]8;;\033\\"));
		assert_true(knows ? links > 0 : links == 0);
		str_init(&text, 0);
		decode64(clipboard, &text);
		if (strstr(text.p, "+44 20 5550 666") == NULL)
			fail_msg("copied: %s", text.p);
		assert_non_null(strstr(text.p, "evil"));
		for (size_t i = 0; i < text.len; i++)
			if ((unsigned char)text.p[i] < ' ' && text.p[i] != '\t' && text.p[i] != '\n')
				fail_msg("octet %02x goes onto the clipboard", (unsigned char)text.p[i]);
		assert_null(strstr(text.p, "\xc2\x9b"));
		assert_null(strstr(text.p, "\xe2\x80\xae"));
		str_fini(&text);
		stop(&t);
	}
	with_links = true;
	with_hostile = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terminal_shows_the_canvas),
		cmocka_unit_test(test_crash_gives_the_terminal_back),
		cmocka_unit_test(test_signals_give_the_terminal_back),
		cmocka_unit_test(test_resize_storm),
		cmocka_unit_test(test_links_and_clipboard_are_ours),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
