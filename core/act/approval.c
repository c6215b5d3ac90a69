/* Four eyes; see approval.h. */
#include "core/act/approval.h"
#include "core/act/role.h"
#include "core/base/shared.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PLAN_TEXT_MAX = 8 << 20, DIGEST_LEAST = 8 };

struct approvals {
	char *path;
	uint64_t offset;
	struct approval *proposals;
	size_t count, cap;
};

/* ---- who ---- */

static bool read_login_uid(char *out, size_t size)
{
	FILE *f = fopen("/proc/self/loginuid", "re");
	char word[24] = "";
	uint64_t uid;

	if (f != NULL) {
		if (fgets(word, sizeof(word), f) == NULL)
			word[0] = '\0';
		fclose(f);
	}
	if (!slice_u64(slice_trim(slice_of(word)), &uid) || uid >= UINT32_MAX)
		return false;
	snprintf(out, size, "%llu", (unsigned long long)uid);
	return true;
}

void approval_person(char out[APPROVAL_PERSON_LEN])
{
	const char *sudo = getenv("SUDO_UID");
	uint64_t uid;

	if (read_login_uid(out, APPROVAL_PERSON_LEN))
		return;
	/* Where the system keeps no login uid: a person who became another by sudo is still who asked for it. */
	if (sudo != NULL && slice_u64(slice_of(sudo), &uid) && uid < UINT32_MAX)
		snprintf(out, APPROVAL_PERSON_LEN, "%llu", (unsigned long long)uid);
	else
		snprintf(out, APPROVAL_PERSON_LEN, "%lu", (unsigned long)getuid());
}

bool approval_needed_for(const struct config *c, const char *const *routers, size_t n, struct str *why)
{
	if (c->approval.sessions > 0 && n > c->approval.sessions) {
		str_addf(why, "more than %u session%s need a second person", c->approval.sessions,
		    c->approval.sessions == 1 ? "" : "s");
		return true;
	}
	for (size_t i = 0; c->approval.routers != NULL && i < n; i++)
		if (role_list_holds(c->approval.routers, routers[i])) {
			str_addf(why, "actions on %s need a second person", routers[i]);
			return true;
		}
	return false;
}

bool approval_needed(const struct config *c, const struct plan *p, struct str *why)
{
	const char **routers = mem_calloc(p->count + 1, sizeof(*routers));
	size_t todo = 0;
	bool needed;

	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].skip == NULL)
			routers[todo++] = p->items[i].router;
	needed = approval_needed_for(c, routers, todo, why);
	free(routers);
	return needed;
}

/* ---- replay ---- */

struct approvals *approvals_new(const char *journal_path)
{
	struct approvals *a = MEM_NEW(struct approvals);

	a->path = mem_strdup(journal_path);
	return a;
}

void approvals_free(struct approvals *a)
{
	if (a == NULL)
		return;
	free(a->proposals);
	free(a->path);
	free(a);
}

static struct approval *by_digest(struct approvals *a, const char *digest)
{
	for (size_t i = a->count; i > 0; i--)
		if (strcmp(a->proposals[i - 1].digest, digest) == 0)
			return &a->proposals[i - 1];
	return NULL;
}

static int64_t number(const char *text)
{
	uint64_t v;

	return slice_u64(slice_of(text), &v) && v < INT64_MAX ? (int64_t)v : 0;
}

static void take_proposal(struct approvals *a, const struct journal_entry *j)
{
	struct approval *p = by_digest(a, j->id);

	if (p == NULL) {
		MEM_GROW(a->proposals, a->cap, a->count + 1);
		p = &a->proposals[a->count++];
	}
	*p = (struct approval){ .wall_ms = j->wall_ms, .expires_wall_ms = number(entry_more(j, "expires_ms")) };
	snprintf(p->digest, sizeof(p->digest), "%s", j->id);
	snprintf(p->text_sha256, sizeof(p->text_sha256), "%s", entry_more(j, "text_sha256"));
	snprintf(p->person, sizeof(p->person), "%s", entry_more(j, "person"));
	snprintf(p->login, sizeof(p->login), "%s", j->login);
	snprintf(p->words, sizeof(p->words), "%s", j->words);
	snprintf(p->reason, sizeof(p->reason), "%s", j->reason);
	snprintf(p->scope, sizeof(p->scope), "%s", entry_more(j, "scope"));
}

/* What the record says is checked again: whoever wrote it may have been another version, or have meant another text. */
static void take_approval(struct approvals *a, const struct journal_entry *j)
{
	struct approval *p = by_digest(a, j->id);

	if (p == NULL || p->approver[0] != '\0' || j->wall_ms > p->expires_wall_ms ||
	    strcmp(entry_more(j, "text_sha256"), p->text_sha256) != 0 || *entry_more(j, "person") == '\0' ||
	    strcmp(entry_more(j, "person"), p->person) == 0)
		return;
	snprintf(p->approver, sizeof(p->approver), "%s", j->login);
	p->approved_wall_ms = j->wall_ms;
}

static int replay(void *ctx, const struct journal_entry *j)
{
	struct approvals *a = ctx;
	struct approval *p;

	if (strcmp(j->kind, "propose") == 0 && strlen(j->id) == PLAN_DIGEST_LEN - 1) {
		take_proposal(a, j);
	} else if (strcmp(j->kind, "approve") == 0) {
		take_approval(a, j);
	} else if (strcmp(j->kind, "intent") == 0 && a->count > 0) {
		p = by_digest(a, j->digest);
		if (p != NULL) {
			p->used = true;
			snprintf(p->op, sizeof(p->op), "%s", j->op);
		}
	}
	return 0;
}

int approvals_refresh(struct approvals *a, struct err *e)
{
	return journal_read(a->path, &a->offset, replay, a, e);
}

size_t approvals_count(const struct approvals *a)
{
	return a->count;
}

const struct approval *approvals_at(const struct approvals *a, size_t i)
{
	return i < a->count ? &a->proposals[i] : NULL;
}

const struct approval *approvals_find(const struct approvals *a, const char *digest)
{
	const struct approval *found = NULL;
	size_t len = strlen(digest);

	for (size_t i = 0; len >= DIGEST_LEAST && i < a->count; i++) {
		if (strncmp(a->proposals[i].digest, digest, len) != 0)
			continue;
		if (found != NULL)
			return NULL;
		found = &a->proposals[i];
	}
	return found;
}

enum approval_state approval_state(const struct approval *p, int64_t now_wall_ms)
{
	if (p->used)
		return APPROVAL_USED;
	if (now_wall_ms > p->expires_wall_ms)
		return APPROVAL_LAPSED;
	return p->approver[0] != '\0' ? APPROVAL_GIVEN : APPROVAL_WAITS;
}

const char *approval_state_word(enum approval_state s)
{
	static const char *const words[] = { [APPROVAL_WAITS] = "waits", [APPROVAL_GIVEN] = "approved",
		[APPROVAL_USED] = "carried out", [APPROVAL_LAPSED] = "lapsed" };

	return words[s];
}

/* ---- the text ---- */

static char *text_path(const char *dir, const char *digest)
{
	return mem_printf("%s/plans/%s", dir, digest);
}

static int write_all(int fd, const struct str *text, const char *path, struct err *e)
{
	size_t done = 0;

	while (done < text->len) {
		ssize_t n = write(fd, text->p + done, text->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_errno(e, ERR_IO, "%s", path);
		done += (size_t)n;
	}
	return fsync(fd) < 0 ? err_errno(e, ERR_IO, "%s", path) : 0;
}

/* A plan's digest names its bytes: a file that is there already holds the same plan, and is written anew all the same. */
static int write_text(const char *dir, const struct plan *p, const struct str *text, struct err *e)
{
	char *folder = mem_printf("%s/plans", dir), *path = text_path(dir, p->digest), *fresh = mem_printf("%s.%ld", path, (long)getpid());
	int fd = -1, rc = -1;

	if (mkdir(folder, shared_bits(dir, 0700)) < 0 && errno != EEXIST) {
		err_errno(e, ERR_IO, "%s", folder);
		goto out;
	}
	unlink(fresh);
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, shared_bits(dir, 0600));
	if (fd < 0) {
		err_errno(e, ERR_IO, "%s", fresh);
		goto out;
	}
	rc = write_all(fd, text, fresh, e);
	if (rc == 0 && rename(fresh, path) < 0)
		rc = err_errno(e, ERR_IO, "%s", path);
	if (rc != 0)
		unlink(fresh);
out:
	if (fd >= 0)
		close(fd);
	free(fresh);
	free(path);
	free(folder);
	return rc;
}

static void sha_of(const struct str *text, char out[SHA256_HEX_LEN])
{
	sha256_of(text->p, text->len, out);
}

int approval_propose(struct journal *j, const char *dir, const struct plan *p, int64_t expires_wall_ms, struct err *e)
{
	char sha[SHA256_HEX_LEN], person[APPROVAL_PERSON_LEN], expires[24], words[160];
	const struct journal_more more[] = { { "text_sha256", sha }, { "person", person }, { "expires_ms", expires },
		{ "scope", p->scope } };
	const struct journal_fact fact = { .kind = "propose", .id = p->digest, .reason = p->reason, .ticket = p->ticket,
		.words = words, .more = more, .more_count = ARRAY_LEN(more) };
	struct str text;
	int rc;

	str_init(&text, PLAN_TEXT_MAX);
	plan_print(&text, p);
	if (text.over) {
		str_fini(&text);
		return err_set(e, ERR_LIMIT, "the plan is too long to be shown to a second person: do it in parts");
	}
	sha_of(&text, sha);
	approval_person(person);
	snprintf(expires, sizeof(expires), "%lld", (long long)expires_wall_ms);
	snprintf(words, sizeof(words), "%.*s", (int)strcspn(text.p, "\n"), text.p);
	rc = write_text(dir, p, &text, e) == 0 ? journal_fact(j, &fact, e) : -1;
	str_fini(&text);
	return rc;
}

int approval_text(const struct approval *p, const char *dir, struct str *out, struct err *e)
{
	char *path = text_path(dir, p->digest), buf[65536], sha[SHA256_HEX_LEN];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), rc = 0;
	ssize_t n = 0;

	if (fd < 0)
		rc = err_errno(e, ERR_IO, "the plan's text %s", path);
	while (rc == 0 && (n = read(fd, buf, sizeof(buf))) != 0)
		if (n < 0 && errno != EINTR)
			rc = err_errno(e, ERR_IO, "%s", path);
		else if (n > 0 && str_add(out, buf, (size_t)n) != 0)
			rc = err_set(e, ERR_LIMIT, "%s is too long", path);
	if (rc == 0) {
		sha_of(out, sha);
		if (strcmp(sha, p->text_sha256) != 0)
			rc = err_set(e, ERR_REFUSED, "%s is not the text that %s proposed: it was changed", path, p->login);
	}
	if (fd >= 0)
		close(fd);
	free(path);
	return rc;
}

/* ---- the second person ---- */

int approval_check(const struct approval *p, const char *person, int64_t now_wall_ms, struct err *e)
{
	switch (approval_state(p, now_wall_ms)) {
	case APPROVAL_USED:
		return err_set(e, ERR_REFUSED, "this plan is being carried out or was: there is nothing to approve");
	case APPROVAL_LAPSED:
		return err_set(e, ERR_REFUSED, "this plan lapsed: %s must propose it again", p->login);
	case APPROVAL_GIVEN:
		return err_set(e, ERR_REFUSED, "%s has approved this plan already", p->approver);
	case APPROVAL_WAITS:
		break;
	}
	if (strcmp(p->person, person) == 0)
		return err_set(e, ERR_REFUSED, "you proposed this plan yourself (as %s): a second person must approve it",
		    p->login);
	return 0;
}

int approval_give(struct journal *j, const struct approval *p, const char *dir, struct err *e)
{
	char person[APPROVAL_PERSON_LEN];
	const struct journal_more more[] = { { "text_sha256", p->text_sha256 }, { "person", person } };
	const struct journal_fact fact = { .kind = "approve", .id = p->digest, .words = p->words, .more = more,
		.more_count = ARRAY_LEN(more) };
	struct str text;
	int rc;

	approval_person(person);
	str_init(&text, PLAN_TEXT_MAX);
	rc = approval_check(p, person, clock_wall_ms(), e) == 0 ? approval_text(p, dir, &text, e) : -1;
	str_fini(&text);
	return rc == 0 ? journal_fact(j, &fact, e) : -1;
}

int approval_holds(const struct approvals *a, const struct plan *p, int64_t now_wall_ms, struct err *e)
{
	const struct approval *given = approvals_find(a, p->digest);
	char sha[SHA256_HEX_LEN];
	struct str text;

	if (given == NULL || approval_state(given, now_wall_ms) == APPROVAL_WAITS)
		return err_set(e, ERR_REFUSED, "a second person has not approved this plan yet: peerdeck approve %.12s",
		    p->digest);
	if (approval_state(given, now_wall_ms) != APPROVAL_GIVEN)
		return err_set(e, ERR_REFUSED, "the approval of this plan %s: plan again",
		    given->used ? "was used" : "lapsed");
	str_init(&text, PLAN_TEXT_MAX);
	plan_print(&text, p);
	sha_of(&text, sha);
	str_fini(&text);
	return strcmp(sha, given->text_sha256) == 0 ? 0 :
	    err_set(e, ERR_REFUSED, "the plan is not the one that %s approved", given->approver);
}

bool approval_covers(const struct approvals *a, const char *dir, const char *op, const char *seal)
{
	for (size_t i = 0; op[0] != '\0' && i < a->count; i++) {
		const struct approval *p = &a->proposals[i];
		struct str text;
		bool covers;

		if (strcmp(p->op, op) != 0 || p->approver[0] == '\0')
			continue;
		str_init(&text, PLAN_TEXT_MAX);
		covers = approval_text(p, dir, &text, NULL) == 0 && strstr(text.p, seal) != NULL;
		str_fini(&text);
		if (covers)
			return true;
	}
	return false;
}
