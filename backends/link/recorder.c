/* Writing recordings; see recorder.h. */
#include "backends/link/recorder.h"
#include "backends/link/recording.h"
#include "core/act/redact.h"
#include "core/base/clock.h"
#include "core/base/scan.h"
#include "core/base/version.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_OF_A_FOLDER = 8, TAKE_MAX = 128 << 20, TAKE_KEPT = 256 * 1024 };

struct recorder {
	pthread_mutex_t lock;
	int fd; /* -1: off */
	bool own_fd;
	char *folder;
	uint64_t most, octets, file; /* file: counts files begun, so that each gets a head of every router */
	asn_t local_as;
	char path[300], trouble[200];
};

/* ---- lines ---- */

static void put_time(struct str *out, const char *word)
{
	char when[CLOCK_ISO_MS_LEN];

	str_addf(out, "@ %s %s", word, clock_iso_ms(clock_wall_ms(), when));
}

/* Octet by octet: an answer may hold any, a NUL too.  Its own line ends are all that is changed. */
static void put_lines(struct str *out, const char *mark, struct slice text)
{
	struct scan c = scan_of(text);
	struct slice line;

	while (scan_line(&c, &line)) {
		str_puts(out, mark);
		str_add(out, line.p, line.len);
		str_putc(out, '\n');
	}
}

/* A code and words on the rest of the line. */
static void put_why(struct str *out, const struct err *why)
{
	struct str safe;

	str_init(&safe, 4096);
	redact_text(&safe, why->text);
	str_addf(out, " %s ", err_code_word(why->code));
	for (size_t i = 0; i < safe.len; i++)
		str_putc(out, (unsigned char)safe.p[i] < ' ' ? ' ' : safe.p[i]);
	str_fini(&safe);
}

void recording_put_first(struct str *out, asn_t local_as)
{
	str_addf(out, "@ recording %d", RECORDING_VERSION);
	if (local_as != ASN_UNKNOWN)
		str_addf(out, " local-as %u", local_as);
	str_puts(out, " peerdeck " PEERDECK_VERSION "\n# passwords, keys and communities of SNMP are taken out\n");
}

void recording_put_look(struct str *out, const char *router, const char *os, const char *kind)
{
	put_time(out, "look");
	str_addf(out, " %s %s %s\n", router, os, kind);
}

void recording_put_head(struct str *out, const struct driver *driver, const struct cli *cli)
{
	struct str line;

	if (cli_prompt(cli) == NULL)
		return;
	str_init(&line, 8192);
	cli_question(driver, NULL, &line);
	str_addf(out, "> %s\n$ %s\n", line.p, cli_prompt(cli));
	if (driver->dialogue->echoes)
		str_puts(out, "@ echo\n");
	for (size_t i = 0; driver->dialogue->setup != NULL && driver->dialogue->setup[i] != NULL; i++)
		str_addf(out, "> %s\n", driver->dialogue->setup[i]);
	str_fini(&line);
}

void recording_put_answer(struct str *out, const char *question, struct slice safe, const struct err *why)
{
	bool whole = why == NULL || why->code == ERR_NONE;

	str_addf(out, "> %s\n", question);
	put_lines(out, "| ", safe);
	if (!whole && safe.len == 0) {
		struct str complaint;

		str_init(&complaint, 4096);
		redact_text(&complaint, why->text);
		put_lines(out, "! ", str_slice(&complaint));
		str_fini(&complaint);
	}
	put_time(out, whole ? "done" : "not");
	if (!whole)
		put_why(out, why);
	str_putc(out, '\n');
}

void recording_put_end(struct str *out, const struct err *why)
{
	put_time(out, "end");
	if (why != NULL && why->code != ERR_NONE)
		put_why(out, why);
	str_putc(out, '\n');
}

/* ---- files ---- */

struct recorder *recorder_new(void)
{
	struct recorder *r = MEM_NEW(struct recorder);

	pthread_mutex_init(&r->lock, NULL);
	r->fd = -1;
	return r;
}

static void shut(struct recorder *r)
{
	if (r->fd >= 0 && r->own_fd)
		close(r->fd);
	r->fd = -1;
	free(r->folder);
	r->folder = NULL;
}

void recorder_stop(struct recorder *r)
{
	pthread_mutex_lock(&r->lock);
	shut(r);
	pthread_mutex_unlock(&r->lock);
}

void recorder_free(struct recorder *r)
{
	if (r == NULL)
		return;
	shut(r);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

void recorder_state(struct recorder *r, struct recorder_state *out)
{
	pthread_mutex_lock(&r->lock);
	*out = (struct recorder_state){ .on = r->fd >= 0, .octets = r->octets };
	snprintf(out->path, sizeof(out->path), "%s", r->path);
	snprintf(out->trouble, sizeof(out->trouble), "%s", r->trouble);
	pthread_mutex_unlock(&r->lock);
}

/* All of it, or the file as it was: half a look in the middle of a file could not be told from a whole one. */
static int write_all(struct recorder *r, const char *p, size_t n, struct err *e)
{
	size_t done = 0;

	while (done < n) {
		ssize_t wrote = write(r->fd, p + done, n - done);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0) {
			err_errno(e, ERR_IO, "%s", r->path);
			if (r->own_fd && done > 0 && ftruncate(r->fd, (off_t)r->octets) != 0)
				err_prefix(e, "its end is cut");
			return -1;
		}
		done += (size_t)wrote;
	}
	r->octets += n;
	return 0;
}

/* A file that was cut in the middle of a line gets its line end first. */
static int begin_file(struct recorder *r, int flags, struct err *e)
{
	struct str first;
	struct stat st;
	char last = '\n';
	int rc = -1;

	r->fd = open(r->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
	r->own_fd = true;
	r->octets = 0;
	if (r->fd < 0)
		return err_errno(e, ERR_IO, "%s", r->path);
	str_init(&first, 512);
	if (fstat(r->fd, &st) != 0) {
		err_errno(e, ERR_IO, "%s", r->path);
	} else {
		r->octets = (uint64_t)st.st_size;
		if (S_ISREG(st.st_mode) && st.st_size > 0 && pread(r->fd, &last, 1, st.st_size - 1) == 1 && last != '\n')
			str_putc(&first, '\n');
		recording_put_first(&first, r->local_as);
		rc = write_all(r, first.p, first.len, e);
	}
	str_fini(&first);
	r->file++;
	return rc;
}

static int next_file(struct recorder *r, struct err *e)
{
	char when[CLOCK_ISO_MS_LEN], plain[CLOCK_ISO_MS_LEN];
	size_t n = 0;
	int fd = r->fd;

	clock_iso_ms(clock_wall_ms(), when);
	for (const char *p = when; *p != '\0'; p++)
		if (*p != '-' && *p != ':')
			plain[n++] = *p;
	plain[n] = '\0';
	snprintf(r->path, sizeof(r->path), "%s/%s-%ld" RECORDING_SUFFIX, r->folder, plain, (long)getpid());
	if (begin_file(r, O_EXCL, e) < 0)
		return -1;
	if (fd >= 0)
		close(fd);
	recorder_tidy(r->folder, r->most, r->path);
	return 0;
}

int recorder_start(struct recorder *r, const struct recorder_way *way, struct err *e)
{
	int rc = 0;

	pthread_mutex_lock(&r->lock);
	shut(r);
	r->most = way->most;
	r->local_as = way->local_as;
	r->trouble[0] = '\0';
	if (way->folder != NULL) {
		r->folder = mem_strdup(way->folder);
		if (mkdir(r->folder, 0700) != 0 && errno != EEXIST)
			rc = err_errno(e, ERR_IO, "%s", r->folder);
		else
			rc = next_file(r, e);
	} else if (strcmp(way->file, "-") == 0) {
		struct str first;

		r->fd = STDOUT_FILENO;
		r->own_fd = false;
		r->octets = 0;
		r->file++;
		snprintf(r->path, sizeof(r->path), "stdout");
		str_init(&first, 512);
		recording_put_first(&first, r->local_as);
		rc = write_all(r, first.p, first.len, e);
		str_fini(&first);
	} else {
		snprintf(r->path, sizeof(r->path), "%s", way->file);
		rc = begin_file(r, 0, e);
	}
	if (rc < 0)
		shut(r);
	pthread_mutex_unlock(&r->lock);
	return rc;
}

static void give_up(struct recorder *r, const struct err *why)
{
	snprintf(r->trouble, sizeof(r->trouble), "recording ended: %.180s", why->text);
	shut(r);
}

static void keep(struct recorder *r, const struct str *text)
{
	struct err e = ERR_INIT;

	pthread_mutex_lock(&r->lock);
	if (r->fd >= 0 && r->folder == NULL && r->most > 0 && r->octets + text->len > r->most) {
		err_set(&e, ERR_LIMIT, "%s holds as much as it may", r->path);
		give_up(r, &e);
	}
	if (r->fd >= 0 && write_all(r, text->p, text->len, &e) < 0)
		give_up(r, &e);
	if (r->fd >= 0 && r->folder != NULL && r->octets > r->most / FILES_OF_A_FOLDER && next_file(r, &e) < 0)
		give_up(r, &e);
	pthread_mutex_unlock(&r->lock);
}

/* ---- what one worker hears ---- */

static void heard(void *ctx, const char *question, struct slice answer, size_t left_out, const struct err *why)
{
	struct take *t = ctx;
	struct err large = ERR_INIT;
	struct str safe;

	if (!t->on)
		return;
	str_init(&safe, TAKE_MAX);
	if (left_out > 0)
		err_set(&large, ERR_LIMIT, "the answer of %zu octets was too long to be kept", answer.len + left_out);
	else
		redact_answer(&safe, answer);
	recording_put_answer(&t->text, question, str_slice(&safe), left_out > 0 ? &large : why);
	str_fini(&safe);
}

void take_init(struct take *t, struct recorder *r, const char *router, const struct driver *driver)
{
	*t = (struct take){ .recorder = r, .router = router, .driver = driver, .ear = { heard, t } };
	str_init(&t->text, TAKE_MAX);
}

void take_fini(struct take *t)
{
	str_fini(&t->text);
}

bool take_begin(struct take *t, const char *kind)
{
	uint64_t file = 0;
	bool first;

	if (t->recorder == NULL)
		return false;
	pthread_mutex_lock(&t->recorder->lock);
	t->on = t->recorder->fd >= 0;
	file = t->recorder->file;
	pthread_mutex_unlock(&t->recorder->lock);
	if (!t->on)
		return false;
	str_clear(&t->text);
	recording_put_look(&t->text, t->router, t->driver->name, kind);
	first = t->file != file && strcmp(kind, "poll") == 0;
	if (first)
		t->file = file;
	return first;
}

void take_head(struct take *t, const struct cli *cli)
{
	if (t->on)
		recording_put_head(&t->text, t->driver, cli);
}

void take_drop(struct take *t)
{
	t->on = false;
	if (t->text.cap > TAKE_KEPT) {
		str_fini(&t->text);
		str_init(&t->text, TAKE_MAX);
	}
}

void take_end(struct take *t, const struct err *why)
{
	if (!t->on)
		return;
	recording_put_end(&t->text, why);
	if (!t->text.over)
		keep(t->recorder, &t->text);
	take_drop(t);
}

void take_link(struct take *t, enum link_state state, const struct err *why)
{
	struct str line;

	if (t->recorder == NULL)
		return;
	str_init(&line, 8192);
	put_time(&line, "link");
	str_addf(&line, " %s %s %s", t->router, t->driver->name, link_state_word(state));
	put_why(&line, why);
	str_putc(&line, '\n');
	keep(t->recorder, &line);
	str_fini(&line);
}
