/* One question to PeeringDB at a time; see pdb_ask.h. */
#include "backends/sources/pdb_ask.h"
#include "backends/sources/pdb_read.h"
#include "backends/sources/pdb_turn.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	KEY_MAX = 512,
	GAP_FLOOR_MS = 1,
	/* Pauses in units of the gap between queries, so that a test with a short gap is short: with the
	 * usual 3 s they are 30 s and an hour. */
	PAUSE_FIRST = 10,
	PAUSE_LAST = 1200,
	RETRY_AFTER_MAX_S = 86400,
	/* A refusal without Retry-After comes from a cache that keeps it so long. */
	THROTTLED_MS = 10000,
	THROTTLED_LAST_MS = 3600000,
	TABLE_MS = 900000, /* a whole table over a slow line */
	TABLE_STALL_MS = 30000,
	HOLD_LOOK_MS = 100,
};

struct pdb_ask {
	const struct pdb_conf *conf;
	struct http *http;
	char *authorization; /* "Api-Key ..." or NULL */
	char key_note[300];  /* why the key is not used */
	char state[400];
	int64_t next_boot_ms;  /* the gap */
	int64_t pause_boot_ms; /* after a failure */
	bool demanded;         /* the server itself asked for the pause */
	unsigned failures, count;
	struct pdb_turn *turn; /* NULL: nobody else is thought of */
	pthread_mutex_t lock;  /* of what follows */
	pthread_cond_t wake;
	bool cancelled;
	struct http_call *call;
};

/* --- the key ----------------------------------------------------------------------- */

static int check_key_file(int fd, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_errno(e, ERR_CONFIG, "API key file %s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_CONFIG, "API key file %s is no regular file", path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return err_set(e, ERR_CONFIG, "API key file %s belongs to another user", path);
	if (st.st_mode & 077)
		return err_set(e, ERR_CONFIG, "API key file %s can be read by others (mode %03o): chmod 600 it", path,
		    (unsigned)(st.st_mode & 0777));
	return 0;
}

char *pdb_key_read(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char buf[KEY_MAX + 1] = "", *key = NULL;
	struct slice s;
	ssize_t n;

	if (fd < 0) {
		err_errno(e, ERR_CONFIG, "API key file %s", path);
		return NULL;
	}
	if (check_key_file(fd, path, e) < 0)
		goto out;
	n = read(fd, buf, sizeof(buf));
	s = slice_trim((struct slice){ buf, n > 0 ? (size_t)n : 0 });
	if (s.len == 0 || s.len >= KEY_MAX)
		err_set(e, ERR_CONFIG, "API key file %s holds no key", path);
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			err_set(e, ERR_CONFIG, "API key file %s holds more than one word of plain ASCII", path);
	if (e->code == ERR_NONE)
		key = mem_strndup(s.p, s.len);
	explicit_bzero(buf, sizeof(buf));
out:
	close(fd);
	return key;
}

static void load_key(struct pdb_ask *a)
{
	struct err e = ERR_INIT;
	char *key;

	if (a->conf->api_key_file == NULL)
		return;
	key = pdb_key_read(a->conf->api_key_file, &e);
	if (key == NULL) {
		snprintf(a->key_note, sizeof(a->key_note), "PeeringDB is read without a key: %.250s", e.text);
		return;
	}
	a->authorization = mem_printf("Api-Key %s", key);
	explicit_bzero(key, strlen(key));
	free(key);
}

/* --- life -------------------------------------------------------------------------- */

struct pdb_ask *pdb_ask_new(const struct pdb_conf *conf, struct http *http)
{
	struct pdb_ask *a = MEM_NEW(struct pdb_ask);
	pthread_condattr_t attr;

	a->conf = conf;
	a->http = http;
	pthread_mutex_init(&a->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&a->wake, &attr);
	pthread_condattr_destroy(&attr);
	load_key(a);
	return a;
}

void pdb_ask_free(struct pdb_ask *a)
{
	if (a == NULL)
		return;
	if (a->authorization != NULL)
		explicit_bzero(a->authorization, strlen(a->authorization));
	free(a->authorization);
	pdb_turn_free(a->turn);
	pthread_cond_destroy(&a->wake);
	pthread_mutex_destroy(&a->lock);
	free(a);
}

void pdb_ask_share(struct pdb_ask *a, const char *data_dir)
{
	pdb_turn_free(a->turn);
	a->turn = pdb_turn_new(data_dir, a->authorization != NULL);
}

bool pdb_ask_keyed(const struct pdb_ask *a)
{
	return a->authorization != NULL;
}

bool pdb_ask_public(const struct pdb_ask *a)
{
	return slice_find(slice_of(a->conf->url), "peeringdb.com") >= 0;
}

const char *pdb_ask_state(const struct pdb_ask *a)
{
	return a->state[0] != '\0' ? a->state : a->key_note;
}

int64_t pdb_ask_pause_ms(const struct pdb_ask *a)
{
	int64_t left = a->pause_boot_ms - clock_boot_ms();

	return left > 0 ? left : 0;
}

void pdb_ask_retry(struct pdb_ask *a)
{
	if (a->demanded)
		return;
	a->pause_boot_ms = 0;
	a->failures = 0;
}

unsigned pdb_ask_count(const struct pdb_ask *a)
{
	return a->count;
}

void pdb_ask_cancel(struct pdb_ask *a)
{
	pthread_mutex_lock(&a->lock);
	a->cancelled = true;
	if (a->call != NULL)
		http_cancel(a->call);
	pthread_cond_signal(&a->wake);
	pthread_mutex_unlock(&a->lock);
}

/* --- failures ---------------------------------------------------------------------- */

static int64_t gap_ms(const struct pdb_ask *a)
{
	return a->conf->query_gap_ms > GAP_FLOOR_MS ? a->conf->query_gap_ms : GAP_FLOOR_MS;
}

/* No question for `ms`, and the line that says why. */
static void pause_for(struct pdb_ask *a, int64_t ms, const char *why)
{
	char until[CLOCK_ISO_LEN];

	a->pause_boot_ms = clock_boot_ms() + ms;
	clock_iso(clock_wall_ms() + ms, until);
	snprintf(a->state, sizeof(a->state), "%.250s; showing the cache, next try %s", why, until);
}

/* 10, 20, 40 ... 1200 gaps. */
static int64_t growing_pause(struct pdb_ask *a)
{
	int64_t units = PAUSE_FIRST;

	for (unsigned i = 0; i < a->failures && units < PAUSE_LAST; i++)
		units *= 2;
	a->failures++;
	return (units < PAUSE_LAST ? units : PAUSE_LAST) * gap_ms(a);
}

static int failed(struct pdb_ask *a, enum err_code code, int64_t pause_ms, const char *why, struct err *e)
{
	struct str safe;

	/* The server's own words are in it, and a status line shows it. */
	str_init(&safe, 0);
	text_append(&safe, slice_of(why));
	pause_for(a, pause_ms, safe.p);
	err_set(e, code, "%s", safe.p);
	str_fini(&safe);
	return -1;
}

int pdb_ask_bad(struct pdb_ask *a, enum pdb_tag tag, const struct err *why)
{
	char words[300];

	if (why->code == ERR_CANCELLED)
		return -1;
	snprintf(words, sizeof(words), "PeeringDB's answer about %s cannot be read (%.200s)", pdb_kinds[tag].tag,
	    why->text);
	a->demanded = false;
	return failed(a, ERR_PARSE, growing_pause(a), words, NULL);
}

static int throttled(struct pdb_ask *a, const struct http_reply *r, struct err *e)
{
	int64_t ms = THROTTLED_MS;

	for (unsigned i = 0; i < a->failures && ms < THROTTLED_LAST_MS; i++)
		ms *= 2;
	a->failures++;
	/* The words of the answer are not read: at exactly a minute they say "0 hours". */
	if (r->retry_after_s > 0)
		ms = (r->retry_after_s < RETRY_AFTER_MAX_S ? r->retry_after_s : RETRY_AFTER_MAX_S) * 1000;
	a->demanded = true;
	if (a->turn != NULL)
		pdb_turn_pause(a->turn, ms);
	return failed(a, ERR_REFUSED, ms, "PeeringDB asks us to wait (too many questions)", e);
}

static int redirected(struct pdb_ask *a, const struct http_reply *r, struct err *e)
{
	char words[300];

	snprintf(words, sizeof(words), "%.80s redirects to %.120s: not followed, set url in the peeringdb block",
	    a->conf->url, r->location[0] != '\0' ? r->location : "elsewhere");
	return failed(a, ERR_NET, PAUSE_LAST * gap_ms(a), words, e);
}

/* Any status that is no answer. */
static int refused(struct pdb_ask *a, const struct http_reply *r, struct err *e)
{
	char said[160], words[300];

	a->demanded = false;
	if (r->status == 429)
		return throttled(a, r, e);
	if (r->status >= 300 && r->status < 400)
		return redirected(a, r, e);
	pdb_read_said(str_slice(&r->body), said, sizeof(said));
	if (r->status == 401 || r->status == 403 || (r->status == 400 && a->authorization != NULL)) {
		snprintf(words, sizeof(words), "PeeringDB refuses %s (%d%s%s)",
		    a->authorization != NULL ? "our API key" : "access", r->status, said[0] ? ": " : "", said);
		return failed(a, ERR_AUTH, PAUSE_LAST * gap_ms(a), words, e);
	}
	snprintf(words, sizeof(words), "PeeringDB answers with an error (%d%s%s)", r->status, said[0] ? ": " : "", said);
	return failed(a, ERR_NET, growing_pause(a), words, e);
}

/* --- one question ------------------------------------------------------------------ */

static char *make_url(const struct pdb_ask *a, enum pdb_tag tag, const char *column, const int64_t *keys, size_t n)
{
	struct str url;

	str_init(&url, 0);
	str_addf(&url, "%s/%s", a->conf->url, pdb_kinds[tag].tag);
	if (column != NULL)
		str_addf(&url, "?%s__in=", column);
	for (size_t i = 0; column != NULL && i < n; i++)
		str_addf(&url, "%s%lld", i ? "," : "", (long long)keys[i]);
	return url.p;
}

/* Sleeps for so long, or until cancelled; the lock is held. */
static void doze(struct pdb_ask *a, int64_t ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_cond_timedwait(&a->wake, &a->lock, &until);
}

/* Sleeps until the gap since the last question is over; false if cancelled.  `take`: a question follows. */
static bool wait_turn(struct pdb_ask *a, bool take)
{
	bool go;

	pthread_mutex_lock(&a->lock);
	while (!a->cancelled) {
		int64_t left = a->next_boot_ms - clock_boot_ms();

		if (left <= 0 && take && a->turn != NULL)
			left = pdb_turn_take(a->turn, gap_ms(a));
		if (left <= 0)
			break;
		doze(a, left);
	}
	go = !a->cancelled;
	pthread_mutex_unlock(&a->lock);
	return go;
}

bool pdb_ask_hold(struct pdb_ask *a, int64_t max_ms)
{
	int64_t end = clock_boot_ms() + max_ms;
	bool held = a->turn == NULL;

	pthread_mutex_lock(&a->lock);
	while (!held && !a->cancelled) {
		held = pdb_turn_hold(a->turn);
		if (held || clock_boot_ms() >= end)
			break;
		doze(a, HOLD_LOOK_MS);
	}
	pthread_mutex_unlock(&a->lock);
	return held;
}

void pdb_ask_release(struct pdb_ask *a)
{
	if (a->turn != NULL)
		pdb_turn_release(a->turn);
}

/* What the server demanded of another one counts for us. */
static void share_pause(struct pdb_ask *a)
{
	int64_t ms = a->turn != NULL ? pdb_turn_paused_ms(a->turn) : 0;

	if (ms <= pdb_ask_pause_ms(a))
		return;
	a->demanded = true;
	pause_for(a, ms, "PeeringDB asks us to wait (too many questions, also of others here)");
}

/* Sends and waits; the call can be cancelled by another thread meanwhile. */
static int exchange(struct pdb_ask *a, const struct http_request *rq, struct http_reply *reply, struct err *e)
{
	struct http_call *call = http_send(a->http, rq);
	int rc;

	pthread_mutex_lock(&a->lock);
	a->call = call;
	if (a->cancelled)
		http_cancel(call);
	pthread_mutex_unlock(&a->lock);
	rc = http_wait(call, reply, e);
	pthread_mutex_lock(&a->lock);
	a->call = NULL;
	pthread_mutex_unlock(&a->lock);
	http_end(call);
	return rc;
}

/* Turns a reply into a body, or a failure with its pause. */
static int judge(struct pdb_ask *a, struct http_reply *r, struct str *body, struct err *e)
{
	char said[40] = "";

	if (r->status == 404)
		pdb_read_said(str_slice(&r->body), said, sizeof(said));
	if (r->status != 200 && said[0] == '\0')
		return refused(a, r, e);
	if (r->status == 404) /* "Entity not found": an answer, and it is empty */
		str_puts(body, "{\"data\":[]}");
	else
		str_add(body, r->body.p, r->body.len);
	a->failures = 0;
	a->state[0] = '\0';
	return 0;
}

/* No reply at all: a failure with its pause. */
static int unreached(struct pdb_ask *a, const struct err *why, struct err *e)
{
	char words[300];

	if (why->code == ERR_CANCELLED || why->code == ERR_IO)
		return err_set(e, why->code, "%s", why->text);
	a->demanded = false;
	snprintf(words, sizeof(words), why->code == ERR_LIMIT ? "PeeringDB's answer is not taken (%.200s)" :
	    "PeeringDB is not reached (%.200s)", why->text);
	return failed(a, why->code, growing_pause(a), words, e);
}

/* One question in its turn.  0: *reply is there, whatever its status. */
static int ask(struct pdb_ask *a, const struct http_request *rq, struct http_reply *reply, struct err *e)
{
	struct err why = ERR_INIT;
	int rc;

	share_pause(a);
	if (pdb_ask_pause_ms(a) > 0)
		return err_set(e, ERR_REFUSED, "%s", a->state);
	if (!wait_turn(a, true))
		return err_set(e, ERR_CANCELLED, "cancelled");
	a->count++;
	rc = exchange(a, rq, reply, &why);
	a->next_boot_ms = clock_boot_ms() + gap_ms(a);
	if (a->turn != NULL)
		pdb_turn_answered(a->turn, gap_ms(a));
	return rc == 0 ? 0 : unreached(a, &why, e);
}

int pdb_ask_get(struct pdb_ask *a, enum pdb_tag tag, const char *column, const int64_t *keys, size_t n,
    struct str *body, struct err *e)
{
	char *url = make_url(a, tag, column, keys, n);
	const struct http_request rq = { .url = url, .authorization = a->authorization, .ca_file = a->conf->ca_file,
		.timeout_ms = a->conf->timeout_ms, .ceiling = PDB_BODY_MAX };
	struct http_reply reply;
	int rc = ask(a, &rq, &reply, e);

	free(url);
	if (rc < 0)
		return -1;
	rc = judge(a, &reply, body, e);
	http_reply_fini(&reply);
	return rc;
}

int pdb_ask_table(struct pdb_ask *a, enum pdb_tag tag, int64_t since_s, const char *from, const struct http_sink *sink,
    struct err *e)
{
	char *url = from != NULL ? mem_printf("%s/%s-0.json", from, pdb_kinds[tag].tag) :
	    since_s >= 0 ? mem_printf("%s/%s?since=%lld", a->conf->url, pdb_kinds[tag].tag, (long long)since_s) :
	    mem_printf("%s/%s", a->conf->url, pdb_kinds[tag].tag);
	const struct http_request rq = { .url = url, .authorization = from == NULL ? a->authorization : NULL,
		.ca_file = a->conf->ca_file, .timeout_ms = TABLE_MS,
		.stall_ms = a->conf->timeout_ms > 0 && a->conf->timeout_ms < TABLE_STALL_MS ? a->conf->timeout_ms : TABLE_STALL_MS,
		.ceiling = PDB_TABLE_MAX, .sink = sink };
	struct http_reply reply;
	int rc = ask(a, &rq, &reply, e);

	free(url);
	if (rc < 0)
		return -1;
	if (reply.status == 200) {
		a->failures = 0;
		a->state[0] = '\0';
	} else {
		rc = refused(a, &reply, e);
	}
	http_reply_fini(&reply);
	return rc;
}

bool pdb_ask_sit_out(struct pdb_ask *a, int64_t max_ms)
{
	if (pdb_ask_pause_ms(a) > max_ms)
		return false;
	if (a->next_boot_ms < a->pause_boot_ms)
		a->next_boot_ms = a->pause_boot_ms;
	return wait_turn(a, false);
}
