/*
 * Appending: lock, catch up, cut what a crash left, write, sync; see journal.h.
 *
 * The lock is taken per record and not for the life of the process, so that
 * several consoles of one host share the file; whoever holds it first reads
 * what the others appended, and checks it.  After a failed fdatasync nothing
 * more is written: what the kernel then holds cannot be known.
 */
#include "core/act/journal.h"
#include "core/act/chain.h"
#include "core/act/mark.h"
#include "core/act/record.h"
#include "core/base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

enum {
	FREE_MIN = 1 << 20, /* octets that must be left for an intent and its outcome */
	LOCK_MS = 10000,
	LOCK_TRIES = 2000,  /* where the clock stands still, in tests */
};

struct journal {
	pthread_mutex_t lock;
	char *path, *head_path;
	int fd; /* -1: could not be opened */
	mode_t mode; /* of the file and its head: 0660 in a directory that a group shares */
	struct record_actor actor;
	struct chain chain; /* after the record that ends at `offset` */
	uint64_t offset;
	struct claims *claims; /* as of `chain` */
	struct marks *marks;
	struct err broken; /* why nothing may be written any more */
};

const char *journal_path(const struct journal *j)
{
	return j->path;
}

/* ---- reading on ---- */

static int read_all(int fd, uint64_t from, char **out, size_t *len, struct err *e)
{
	struct stat st;
	size_t want, got = 0;
	char *buf;

	if (fstat(fd, &st) < 0)
		return err_errno(e, ERR_IO, "journal");
	if ((uint64_t)st.st_size < from)
		return err_set(e, ERR_IO, "the journal became shorter: somebody cut it");
	want = (size_t)((uint64_t)st.st_size - from);
	buf = mem_calloc(want + 1, 1);
	while (got < want) {
		ssize_t n = pread(fd, buf + got, want - got, (off_t)(from + got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			free(buf);
			return err_errno(e, ERR_IO, "reading the journal");
		}
		got += (size_t)n;
	}
	*out = buf;
	*len = want;
	return 0;
}

/* Checks one record against the chain and takes it in. */
static int take_record(struct journal *j, const char *line, size_t len, struct err *e)
{
	struct journal_entry entry;
	json_t *rec;

	if (chain_check(&j->chain, line, len, &rec, e) < 0)
		return err_prefix(e, "%s: record %" PRIu64, j->path, j->chain.seq + 1);
	record_read(rec, line, len, &entry);
	claims_take(j->claims, &entry);
	marks_take(j->marks, &entry);
	json_decref(rec);
	return 0;
}

/* Takes in what was appended since; *torn gets the octets of a half line at the end. */
static int catch_up(struct journal *j, size_t *torn, struct err *e)
{
	char *buf = NULL, *p, *nl;
	size_t len = 0;

	if (read_all(j->fd, j->offset, &buf, &len, e) < 0)
		return -1;
	for (p = buf; (nl = memchr(p, '\n', len - (size_t)(p - buf))) != NULL; p = nl + 1) {
		if (take_record(j, p, (size_t)(nl - p), e) < 0) {
			free(buf);
			return -1;
		}
		j->offset += (uint64_t)(nl - p) + 1;
	}
	*torn = len - (size_t)(p - buf);
	free(buf);
	return 0;
}

/* ---- the head beside it ---- */

static void head_write(const struct journal *j)
{
	char text[96];
	int n = snprintf(text, sizeof(text), "%020" PRIu64 ":%s\n", j->chain.seq, j->chain.hash);
	int fd = open(j->head_path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, j->mode);

	/* Best effort, and of fixed length: it only helps to find a cut tail, and may be one record behind. */
	if (fd < 0)
		return;
	if (pwrite(fd, text, (size_t)n, 0) != n)
		unlink(j->head_path);
	close(fd);
}

static int head_check(struct journal *j, struct err *e)
{
	struct journal_report r;

	if (journal_verify(j->path, NULL, &r, e) < 0)
		return -1;
	if (!r.ok)
		return err_set(e, ERR_REFUSED, "%s", r.words);
	return 0;
}

/* ---- opening ---- */

/* Not for ever: a console that was stopped (SIGSTOP, a debugger) in the middle of an append holds it. */
static int lock_file(int fd, struct err *e)
{
	int64_t until = clock_boot_ms() + LOCK_MS;
	struct timespec pause = { 0, 500000 };

	for (unsigned tries = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; tries++) {
		if (errno != EINTR && errno != EWOULDBLOCK)
			return err_errno(e, ERR_IO, "locking the journal");
		if (clock_boot_ms() >= until || tries >= LOCK_TRIES)
			return err_set(e, ERR_TIMEOUT, "the journal is locked by another process, for more than %d s: is a console "
			    "stopped?", LOCK_MS / 1000);
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < 10000000)
			pause.tv_nsec *= 2;
	}
	return 0;
}

static void sync_folder(const char *path)
{
	char copy[PATH_MAX];
	int fd;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
}

/* A directory that a group may write in (data-group) is shared by it, and so is the journal. */
static mode_t shared_mode(const char *path, gid_t *group)
{
	char copy[PATH_MAX];
	struct stat st;

	snprintf(copy, sizeof(copy), "%s", path);
	if (stat(dirname(copy), &st) != 0 || (st.st_mode & S_IWGRP) == 0)
		return 0600;
	*group = st.st_gid;
	return 0660;
}

static int open_file(struct journal *j, struct err *e)
{
	gid_t group = (gid_t)-1;
	struct stat st;

	j->mode = shared_mode(j->path, &group);
	j->fd = open(j->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, j->mode);
	if (j->fd < 0)
		return err_errno(e, ERR_IO, "journal %s", j->path);
	if (fstat(j->fd, &st) < 0 || !S_ISREG(st.st_mode))
		return err_set(e, ERR_IO, "journal %s: not a plain file", j->path);
	if ((st.st_mode & S_IWOTH) != 0 || ((st.st_mode & S_IWGRP) != 0 && (j->mode != 0660 || st.st_gid != group)))
		return err_set(e, ERR_REFUSED, "journal %s: others can write it (mode %04o; %04o is right)",
		    j->path, (unsigned)st.st_mode & 07777, (unsigned)j->mode);
	sync_folder(j->path);
	return 0;
}

struct journal *journal_open(const char *path, const char *operator_name)
{
	struct journal *j = MEM_NEW(struct journal);
	size_t torn = 0;

	pthread_mutex_init(&j->lock, NULL);
	j->path = mem_strdup(path);
	j->head_path = mem_printf("%s.head", path);
	j->fd = -1;
	record_actor_fill(&j->actor, operator_name);
	j->claims = claims_new();
	j->marks = marks_new();
	chain_start(&j->chain);
	if (open_file(j, &j->broken) < 0 || lock_file(j->fd, &j->broken) < 0)
		return j;
	if (head_check(j, &j->broken) == 0)
		(void)catch_up(j, &torn, &j->broken);
	flock(j->fd, LOCK_UN);
	if (torn > 0 && j->broken.code == ERR_NONE)
		(void)journal_note(j, "open", NULL, "opened after a crash", &j->broken);
	return j;
}

void journal_free(struct journal *j)
{
	if (j == NULL)
		return;
	if (j->fd >= 0)
		close(j->fd);
	pthread_mutex_destroy(&j->lock);
	claims_free(j->claims);
	marks_free(j->marks);
	free(j->path);
	free(j->head_path);
	free(j);
}

/* ---- may we, can we ---- */

static int check_usable(struct journal *j, struct err *e)
{
	struct stat mine, now;

	if (j->broken.code != ERR_NONE)
		return err_set(e, j->broken.code, "%s", j->broken.text);
	if (fstat(j->fd, &mine) < 0 || stat(j->path, &now) < 0)
		return err_errno(e, ERR_IO, "journal %s", j->path);
	if (mine.st_ino != now.st_ino || mine.st_dev != now.st_dev)
		return err_set(e, ERR_IO, "journal %s was replaced: start peerdeck again", j->path);
	return 0;
}

static int check_room(struct journal *j, struct err *e)
{
	struct statvfs fs;

	if (fstatvfs(j->fd, &fs) < 0)
		return err_errno(e, ERR_IO, "journal %s", j->path);
	if ((fs.f_flag & ST_RDONLY) != 0)
		return err_set(e, ERR_IO, "journal %s is on a read-only file system", j->path);
	if ((uint64_t)fs.f_bavail * fs.f_frsize < FREE_MIN)
		return err_set(e, ERR_IO, "journal %s: the disk is full", j->path);
	return 0;
}

/* Under lock. */
static int writable(struct journal *j, struct err *e)
{
	int rc = check_usable(j, e) < 0 ? -1 : check_room(j, e);

	if (rc < 0)
		err_prefix(e, "no action is possible");
	if (rc < 0 && e != NULL)
		e->code = ERR_REFUSED; /* whatever it was: we will not act */
	return rc;
}

int journal_writable(struct journal *j, struct err *e)
{
	int rc;

	pthread_mutex_lock(&j->lock);
	rc = writable(j, e);
	pthread_mutex_unlock(&j->lock);
	return rc;
}

int journal_writable_now(struct journal *j, struct err *e)
{
	int rc;

	if (pthread_mutex_trylock(&j->lock) != 0)
		return JOURNAL_BUSY;
	rc = writable(j, e);
	pthread_mutex_unlock(&j->lock);
	return rc;
}

/* ---- appending ---- */

static int write_synced(struct journal *j, const struct str *text, struct err *e)
{
	size_t done = 0;

	while (done < text->len) {
		ssize_t n = write(j->fd, text->p + done, text->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			err_errno(e, ERR_IO, "writing the journal %s", j->path);
			if (ftruncate(j->fd, (off_t)j->offset) < 0)
				err_set(&j->broken, ERR_IO, "the journal %s could not be written", j->path);
			return -1;
		}
		done += (size_t)n;
	}
	if (fdatasync(j->fd) < 0) {
		err_errno(e, ERR_IO, "syncing the journal %s", j->path);
		err_set(&j->broken, ERR_IO, "%s", e == NULL ? "syncing the journal failed" : e->text);
		return -1;
	}
	return 0;
}

static int add_line(struct chain *c, json_t *rec, struct str *text, struct err *e)
{
	char *line = chain_seal(c, rec, e);
	int rc = -1;

	if (line != NULL && str_puts(text, line) == 0 && str_putc(text, '\n') == 0)
		rc = 0;
	free(line);
	return rc < 0 ? err_set(e, ERR_LIMIT, "the journal record is too long") : 0;
}

/* May this record follow what is there now?  A session is one action's at a time; an action ends once; a mark goes on
 * from the state that its writer knew (NULL: no mark). */
static int check_claims(struct journal *j, const json_t *rec, const char *from, struct err *e)
{
	struct journal_entry entry;
	const struct claim *c;
	enum claim_life life;
	struct str words;

	record_read(rec, "", 0, &entry);
	if (strcmp(entry.kind, "outcome") == 0)
		return claims_find(j->claims, entry.id) != NULL ? 0
		    : err_set(e, ERR_REFUSED, "the action has an outcome already");
	if (from != NULL && strcmp(marks_state(j->marks, entry.kind, entry.id), from) != 0)
		return err_set(e, ERR_REFUSED, "another console was first: it is \"%s\" now",
		    marks_state(j->marks, entry.kind, entry.id));
	if (strcmp(entry.kind, "intent") != 0)
		return 0;
	c = claims_on(j->claims, entry.router, entry.vrf, entry.neighbor);
	if (c == NULL || (life = claims_life(j->claims, c)) == CLAIM_OURS)
		return 0;
	str_init(&words, 400);
	claim_words(&words, c, life);
	err_set(e, ERR_REFUSED, "%s", words.p);
	str_fini(&words);
	return -1;
}

static void take_own(struct journal *j, const json_t *rec)
{
	struct journal_entry entry;

	record_read(rec, "", 0, &entry);
	claims_take(j->claims, &entry);
	marks_take(j->marks, &entry);
}

/* Under lock and flock. Keeps the chain as it was when anything fails. */
static int append_locked(struct journal *j, json_t *rec, const char *from, struct err *e)
{
	struct chain next;
	struct str text;
	size_t torn = 0;
	int rc = -1;

	if (catch_up(j, &torn, e) < 0) {
		err_set(&j->broken, ERR_REFUSED, "%s", e == NULL ? "the journal does not verify" : e->text);
		return -1;
	}
	if (check_claims(j, rec, from, e) < 0)
		return -1;
	next = j->chain;
	str_init(&text, 2 * CHAIN_LINE_MAX);
	if (torn > 0) {
		json_t *cut = record_torn(&j->actor, torn);

		if (ftruncate(j->fd, (off_t)j->offset) < 0) {
			err_errno(e, ERR_IO, "cutting the half record at the end of %s", j->path);
			json_decref(cut);
			goto done;
		}
		(void)add_line(&next, cut, &text, e);
		json_decref(cut);
	}
	if (add_line(&next, rec, &text, e) < 0 || write_synced(j, &text, e) < 0)
		goto done;
	j->chain = next;
	j->offset += text.len;
	take_own(j, rec);
	head_write(j);
	rc = 0;
done:
	str_fini(&text);
	return rc;
}

/* Takes rec over.  `room`: something will be done because of it, so its outcome must find room too. */
static int append_from(struct journal *j, json_t *rec, const char *from, bool room, struct err *e)
{
	struct err mine = ERR_INIT;
	struct chain now;
	int rc = -1;

	pthread_mutex_lock(&j->lock);
	if (check_usable(j, &mine) == 0 && (!room || check_room(j, &mine) == 0) &&
	    lock_file(j->fd, &mine) == 0) {
		rc = append_locked(j, rec, from, &mine);
		flock(j->fd, LOCK_UN);
	}
	now = j->chain;
	pthread_mutex_unlock(&j->lock);
	json_decref(rec);
	if (rc < 0)
		return err_set(e, mine.code, "%s", mine.text);
	syslog(LOG_NOTICE | LOG_USER, "peerdeck journal %s head %" PRIu64 ":%s", j->path, now.seq, now.hash);
	return 0;
}

static int append(struct journal *j, json_t *rec, bool room, struct err *e)
{
	return append_from(j, rec, NULL, room, e);
}

int journal_intent(struct journal *j, const char *id, const struct plan *p, const struct plan_item *i,
    struct err *e)
{
	return append(j, record_intent(&j->actor, id, p, i), true, e);
}

int journal_outcome(struct journal *j, const char *id, const struct plan *p, const struct plan_item *i,
    const struct journal_outcome *o, struct err *e)
{
	if (append(j, record_outcome(&j->actor, id, p, i, o), false, e) == 0)
		return 0;
	pthread_mutex_lock(&j->lock);
	claims_give_up(j->claims, id);
	pthread_mutex_unlock(&j->lock);
	return -1;
}

int journal_settle(struct journal *j, const struct claim *c, const struct journal_outcome *o, struct err *e)
{
	return append(j, record_settled(&j->actor, c, o), false, e);
}

/* Only reads: a half line that somebody is writing now is left for later. */
/* Under lock. */
static int tell_claims(struct journal *j, journal_claim each, void *ctx, struct err *e)
{
	size_t torn;
	int rc = check_usable(j, e) < 0 ? -1 : catch_up(j, &torn, e);

	for (size_t i = 0; rc == 0 && i < claims_count(j->claims); i++)
		each(ctx, claims_at(j->claims, i), claims_life(j->claims, claims_at(j->claims, i)));
	return rc;
}

int journal_claims(struct journal *j, journal_claim each, void *ctx, struct err *e)
{
	int rc;

	pthread_mutex_lock(&j->lock);
	rc = tell_claims(j, each, ctx, e);
	pthread_mutex_unlock(&j->lock);
	return rc;
}

int journal_claims_now(struct journal *j, journal_claim each, void *ctx, struct err *e)
{
	int rc;

	if (pthread_mutex_trylock(&j->lock) != 0)
		return JOURNAL_BUSY;
	rc = tell_claims(j, each, ctx, e);
	pthread_mutex_unlock(&j->lock);
	return rc;
}

int journal_note(struct journal *j, const char *kind, const char *router, const char *words, struct err *e)
{
	return append(j, record_note(&j->actor, kind, router, words), false, e);
}

int journal_fact(struct journal *j, const struct journal_fact *f, struct err *e)
{
	return append(j, record_fact(&j->actor, f), false, e);
}

int journal_mark(struct journal *j, const struct journal_fact *f, const char *from, const char *to, struct err *e)
{
	struct journal_more *more = mem_calloc(f->more_count + 1, sizeof(*more));
	struct journal_fact with = *f;
	int rc;

	for (size_t i = 0; i < f->more_count; i++)
		more[i] = f->more[i];
	more[f->more_count] = (struct journal_more){ "state", to };
	with.more = more;
	with.more_count = f->more_count + 1;
	rc = append_from(j, record_fact(&j->actor, &with), from, false, e);
	free(more);
	return rc;
}
