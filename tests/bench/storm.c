/*
 * storm - the whole console while sessions flap by the thousand: is any event lost, and how long does a key take?
 *
 * usage: storm DATADIR ROUTERS SESSIONS SECONDS SHARE
 *
 * The console is the real one, loop, threads, files and terminal; only the workers are replaced (the pool's functions
 * and the workers' are defined here, all of them: what is missing does not link), so that a thread posts the looks at ROUTERS routers with SESSIONS neighbors each that their workers
 * would.  In a minute of 12 polls every session goes down once and comes up again, SHARE percent of them at one time;
 * SECONDS 60 is that minute in real time, less compresses it, and 0 is calm: the same looks, nothing changes.
 *
 * The far side is a terminal (libvterm) that types all the while and measures from the write of a key to the
 * screen that shows what the key does.  Prints "name value" lines for storm.py.
 */
#include "app/console.h"
#include "backends/link/question.h"
#include "backends/link/worker.h"
#include "core/base/clock.h"
#include "core/model/history.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vterm.h>

enum { POLLS = 12, CALM_S = 12, ROWS = 50, COLS = 200, KEYS_MAX = 100000, ANSWER_MS = 20000 };

/* What both sides of the fork see. */
static struct shared {
	_Atomic uint64_t downs, ups; /* transitions that the looks contain */
	_Atomic int64_t begun_ms, ended_ms;
	_Atomic bool over;
} *shared;

static struct storm {
	int routers, sessions, seconds, share;
	const char *dir;
} storm;

/* ---- the workers' stead ---- */

struct pool {
	const struct config *config;
	struct inbox *inbox;
	pthread_t weather;
	_Atomic bool stop;
	bool running;
};

struct pool *pool_new(const struct config *c, struct inbox *inbox, const char *hostkey_dir, int handshakes)
{
	struct pool *p = MEM_NEW(struct pool);

	(void)hostkey_dir;
	(void)handshakes;
	p->config = c;
	p->inbox = inbox;
	return p;
}

void pool_use_reach(struct pool *p, pool_reach_fn *reach, void *ctx)
{
	(void)p;
	(void)reach;
	(void)ctx;
}

void pool_use_recorder(struct pool *p, struct recorder *r)
{
	(void)p;
	(void)r;
}

struct worker {
	struct inbox *inbox;
};
static struct worker all_workers;

struct worker *pool_worker(struct pool *p, const char *router)
{
	(void)router;
	all_workers.inbox = p->inbox;
	return &all_workers;
}

void worker_poll_now(struct worker *w)
{
	(void)w;
}

void worker_act(struct worker *w, struct act_job *job)
{
	(void)w;
	(void)job;
	abort(); /* no key that is pressed here acts */
}

/* The collecting of evidence asks by itself. */
void worker_ask(struct worker *w, struct question *q)
{
	struct msg *m = MEM_NEW(struct msg);

	err_set(&q->err, ERR_IO, "nobody answers here");
	m->kind = MSG_ASKED;
	m->asked = q;
	inbox_post(w->inbox, m);
}

static void post_link(struct pool *p, const char *router)
{
	struct msg *m = MEM_NEW(struct msg);

	m->kind = MSG_LINK;
	m->router = router;
	m->link = (struct link_status){ .state = LINK_READY, .since_wall_ms = clock_wall_ms(), .since_boot_ms = clock_boot_ms(),
		.polls = 1, .last_good_boot_ms = clock_boot_ms() };
	inbox_post(p->inbox, m);
}

/* Session i of a router at its poll: down in one poll of the storm, which one depends on i and the share. */
static bool is_down(int i, int poll)
{
	int waves = 100 / storm.share; /* 10 percent: ten waves */

	return storm.seconds > 0 && poll > 0 && poll < POLLS && (i % waves) % (POLLS - 2) + 1 == poll;
}

static struct snap *look(const char *router, int number, int poll, uint64_t generation)
{
	struct snap_builder *b = snap_builder_new(router);
	char words[40];

	for (int i = 0; i < storm.sessions; i++) {
		struct session *s;
		bool down = is_down(i, poll);

		snprintf(words, sizeof(words), "10.%d.%d.%d", number + 1, i / 250, i % 250 + 1);
		s = snap_builder_session(b, slice_of(""), slice_of(words), AF_IPV4_UNICAST);
		s->remote_as = 64600u + (asn_t)(i % 700);
		s->state = down ? BGP_ACTIVE : BGP_ESTABLISHED;
		s->admin_down = TRI_NO;
		s->since_s = 100000 + poll;
		s->received = s->accepted = down ? COUNT_UNKNOWN : 100 + i % 900;
		s->max_prefixes = 2000;
		if (down)
			s->last_error = (struct last_error){ .code = 4, .subcode = 0, .dir = DIR_SENT, .ago_s = 1 };
		if (is_down(i, poll - 1) && !down)
			shared->ups++;
		if (down && !is_down(i, poll - 1))
			shared->downs++;
	}
	snap_builder_rows(b, (unsigned)storm.sessions, (unsigned)storm.sessions);
	return snap_builder_freeze(b, generation);
}

static void post_look(struct pool *p, int number, int poll, uint64_t generation)
{
	struct msg *m = MEM_NEW(struct msg);

	m->kind = MSG_SNAP;
	m->router = p->config->routers[number].name;
	m->snap = look(m->router, number, poll, generation);
	inbox_post(p->inbox, m);
}

static void sleep_until(struct pool *p, int64_t boot_ms)
{
	while (!p->stop && clock_boot_ms() < boot_ms)
		usleep(1000);
}

/* Each router's polls are spread over the interval, as they are when it answers when it does. */
static void *weather(void *pool)
{
	struct pool *p = pool;
	int64_t interval_ms = (int64_t)(storm.seconds > 0 ? storm.seconds : CALM_S) * 1000 / POLLS, begin;

	for (int r = 0; r < storm.routers; r++) {
		post_link(p, p->config->routers[r].name);
		post_look(p, r, 0, 1);
	}
	sleep_until(p, clock_boot_ms() + 3000); /* all is drawn once */
	begin = clock_boot_ms();
	shared->begun_ms = begin;
	for (int poll = 1; poll <= POLLS && !p->stop; poll++)
		for (int r = 0; r < storm.routers && !p->stop; r++) {
			sleep_until(p, begin + (poll - 1) * interval_ms + r * interval_ms / storm.routers);
			post_look(p, r, poll, (uint64_t)poll + 1);
		}
	shared->ended_ms = clock_boot_ms();
	shared->over = true;
	return NULL;
}

int pool_start(struct pool *p, const char *only, struct err *e)
{
	(void)only;
	p->running = pthread_create(&p->weather, NULL, weather, p) == 0;
	return p->running ? 0 : err_set(e, ERR_IO, "no thread");
}

void pool_free(struct pool *p)
{
	p->stop = true;
	if (p->running)
		pthread_join(p->weather, NULL);
	free(p);
}

static int free_port(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, n) != 0 || getsockname(fd, (struct sockaddr *)&a, &n) != 0)
		exit(1);
	close(fd);
	return ntohs(a.sin_port);
}

static void write_config(const char *path)
{
	FILE *f = fopen(path, "w");

	if (f == NULL)
		exit(1);
	fchmod(fileno(f), 0600);
	fprintf(f, "local-as = 64500\npeeringdb { enabled = false }\nmetrics { listen = \"127.0.0.1:%d\" }\n"
	    "alert down { on = state\n for = 1s }\nalert limit { on = headroom }\nalert lost { on = router-lost }\n"
	    "alert old { on = stale }\nalert incident { on = incident }\n", free_port());
	for (int r = 0; r < storm.routers; r++)
		fprintf(f, "router r%d {\n os = frr\n address = 127.0.0.1\n user = nobody\n exchange = \"IX%d\"\n facility = \"F%d\"\n interval = 60s\n}\n",
		    r, r / 4, r / 2);
	fclose(f);
}

static void console_main(void)
{
	char *config = mem_printf("%s/peerdeck.conf", storm.dir);
	const struct options o = { .config = config, .data_dir = storm.dir };
	int status;

	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("XDG_CONFIG_HOME", storm.dir, 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	setlocale(LC_ALL, "");
	status = console_run(&o);
	free(config);
	exit(status);
}

/* ---- the far side ---- */

struct terminal {
	int fd;
	pid_t child;
	VTerm *vt;
	VTermScreen *screen;
};

/* A key, and how the screen shows that it was carried out. */
static const struct step {
	const char *keys;
	int row; /* -1 the last */
	const char *begins;
} steps[] = {
	{ "6", 0, " Sessions > Events  " }, { "1", 0, " Sessions  " },
	{ "/", -1, "filter:" }, { "r", -1, "filter: r" }, { "1", -1, "filter: r1" }, { "\177", -1, "filter: r" },
	{ "\177", -1, "filter:" }, { "\r", -1, " " },
	{ "0", 0, " Sessions > Incidents  " }, { "5", 0, " Sessions > Routers  " }, { "2", 0, " Sessions > Networks  " },
	{ ":", -1, ":" }, { "x", -1, ":x" }, { "\177", -1, ":" }, { "\r", -1, " " },
	{ "Z", 0, " Sessions > Alerts  " }, { "1", 0, " Sessions  " },
};

static bool shows(const struct terminal *t, const struct step *s)
{
	int y = s->row < 0 ? ROWS - 1 : s->row;
	VTermRect r = { .start_row = y, .end_row = y + 1, .start_col = 0, .end_col = 40 };
	char buf[200];
	size_t n = vterm_screen_get_text(t->screen, buf, sizeof(buf) - 1, r), want = strlen(s->begins);

	for (size_t i = 0; i < n; i++)
		if (buf[i] == '\0')
			buf[i] = ' ';
	while (n > 0 && buf[n - 1] == ' ')
		n--;
	buf[n] = '\0';
	if (s->row < 0 && strcmp(s->begins, " ") != 0)
		return strcmp(buf, s->begins) == 0;
	return strncmp(buf, s->begins, want) == 0;
}

/* False at the end. */
static bool pump(struct terminal *t, int ms)
{
	struct pollfd p = { .fd = t->fd, .events = POLLIN };
	char buf[65536];
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return true;
	n = read(t->fd, buf, sizeof(buf));
	if (n <= 0)
		return false;
	vterm_input_write(t->vt, buf, (size_t)n);
	return true;
}

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* How long a process' main thread has waited for a processor so far, in microseconds: other programs' doing. */
static int64_t waited_us(pid_t pid)
{
	char path[64], line[128] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat", (int)pid, (int)pid);
	f = fopen(path, "r");
	if (f == NULL)
		return 0;
	if (fgets(line, sizeof(line), f) == NULL)
		line[0] = '\0';
	fclose(f);
	return strchr(line, ' ') != NULL ? strtoll(strchr(line, ' '), NULL, 10) / 1000 : 0;
}

struct took {
	int64_t *us, *own_us; /* from key to screen; the same without what both sides waited for a processor */
	size_t n;
};

/* False: no answer came. */
static bool press(struct terminal *t, const struct step *s, struct took *k)
{
	int64_t waited = waited_us(t->child) + waited_us(getpid()), begin = now_us(), own;

	if (write(t->fd, s->keys, strlen(s->keys)) < 0)
		return false;
	while (!shows(t, s))
		if (!pump(t, 1000) || now_us() - begin > ANSWER_MS * 1000LL)
			return false;
	k->us[k->n] = now_us() - begin;
	own = k->us[k->n] - (waited_us(t->child) + waited_us(getpid()) - waited);
	k->own_us[k->n++] = own > 0 ? own : 0;
	return true;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static int rest(struct terminal *t, unsigned *seed, int least)
{
	int64_t end = now_us() + 1000 * (least + (int)(*seed = *seed * 1103515245u + 12345u) % 40 / 2 + 20);

	while (now_us() < end)
		if (!pump(t, (int)((end - now_us()) / 1000)))
			return -1;
	return 0;
}

static void print_times(const char *name, int64_t *us, size_t n)
{
	size_t late = 0;

	qsort(us, n, sizeof(*us), by_value);
	while (late < n && us[n - 1 - late] > 30000)
		late++;
	printf("%s_p50_ms %.2f\n%s_p99_ms %.2f\n%s_max_ms %.2f\n%s_late %zu\n", name, (double)us[n / 2] / 1e3, name,
	    (double)us[n * 99 / 100] / 1e3, name, (double)us[n - 1] / 1e3, name, late);
}

static int type_through(struct terminal *t)
{
	struct took k = { mem_calloc(KEYS_MAX, sizeof(int64_t)), mem_calloc(KEYS_MAX, sizeof(int64_t)), 0 };
	unsigned seed = 1;
	int rc = -1;

	while (shared->begun_ms == 0)
		if (!pump(t, 50))
			goto out;
	while (!shared->over && k.n < KEYS_MAX) {
		const struct step *s = &steps[k.n % ARRAY_LEN(steps)];

		if (!press(t, s, &k)) {
			fprintf(stderr, "storm: '%s' was not answered\n", s->keys);
			goto out;
		}
		if (rest(t, &seed, 10) != 0)
			goto out;
	}
	if (k.n == 0)
		goto out;
	printf("keys %zu\n", k.n);
	print_times("key", k.us, k.n);
	print_times("own", k.own_us, k.n);
	rc = 0;
out:
	free(k.us);
	free(k.own_us);
	return rc;
}

static void print_screen(const struct terminal *t)
{
	for (int y = 0; y < ROWS; y++) {
		char buf[2000];
		VTermRect r = { .start_row = y, .end_row = y + 1, .start_col = 0, .end_col = COLS };
		size_t n = vterm_screen_get_text(t->screen, buf, sizeof(buf) - 1, r);

		fprintf(stderr, "%.*s\n", (int)n, buf);
	}
}

struct tally {
	uint64_t downs, ups;
};

static int count_event(void *ctx, const struct event *ev)
{
	struct tally *t = ctx;

	t->downs += ev->kind == EVENT_DOWN;
	t->ups += ev->kind == EVENT_UP;
	return 0;
}

static int report(const struct rusage *u)
{
	struct tally t = { 0 };
	struct err e = ERR_INIT;
	double seconds = (double)(shared->ended_ms - shared->begun_ms) / 1000;
	uint64_t made = shared->downs + shared->ups;

	if (history_events(storm.dir, 0, INT64_MAX, 0, count_event, &t, &e) != 0) {
		fprintf(stderr, "storm: %s\n", e.text);
		return 1;
	}
	printf("made %" PRIu64 "\nkept %" PRIu64 "\nlost %" PRId64 "\nseconds %.2f\nper_second %.0f\npeak_kib %ld\ncpu_s %.2f\n", made, t.downs + t.ups,
	    (int64_t)made - (int64_t)(t.downs + t.ups), seconds, (double)made / seconds, u->ru_maxrss,
	    (double)u->ru_utime.tv_sec + (double)u->ru_utime.tv_usec / 1e6 + (double)u->ru_stime.tv_sec + (double)u->ru_stime.tv_usec / 1e6);
	return t.downs == shared->downs && t.ups == shared->ups ? 0 : 2;
}

int main(int argc, char **argv)
{
	static const VTermScreenCallbacks none = { 0 };
	struct winsize ws = { .ws_row = ROWS, .ws_col = COLS };
	struct terminal t = { 0 };
	struct rusage u;
	int status, rc;
	char *config;

	if (argc != 6) {
		fprintf(stderr, "usage: storm DATADIR ROUTERS SESSIONS SECONDS SHARE\n");
		return 1;
	}
	storm = (struct storm){ (int)strtol(argv[2], NULL, 10), (int)strtol(argv[3], NULL, 10), (int)strtol(argv[4], NULL, 10),
		(int)strtol(argv[5], NULL, 10), argv[1] };
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || storm.share < 1 || storm.share > 100 || storm.routers < 1 || storm.routers > 250)
		return 1;
	config = mem_printf("%s/peerdeck.conf", storm.dir);
	write_config(config);
	free(config);
	t.child = forkpty(&t.fd, NULL, NULL, &ws);
	if (t.child == 0)
		console_main();
	t.vt = vterm_new(ROWS, COLS);
	vterm_set_utf8(t.vt, 1);
	t.screen = vterm_obtain_screen(t.vt);
	vterm_screen_enable_altscreen(t.screen, 1);
	vterm_screen_set_callbacks(t.screen, &none, NULL);
	vterm_screen_reset(t.screen, 1);
	rc = type_through(&t);
	if (rc != 0)
		print_screen(&t);
	kill(t.child, SIGTERM);
	while (pump(&t, 1000) && waitpid(t.child, &status, WNOHANG) == 0)
		;
	if (wait4(t.child, &status, 0, &u) < 0)
		getrusage(RUSAGE_CHILDREN, &u);
	vterm_free(t.vt);
	if (rc != 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "storm: the console ended with status %x\n", (unsigned)status);
		return 1;
	}
	return report(&u);
}
