/* Policy files from the disk, and what the words of a policy are; see policy.h. */
#include "core/judge/policy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { POLICY_FILE_MAX = 256 * 1024 };

const char *clause_severity_word(enum clause_severity s)
{
	static const char *const words[] = { "info", "minor", "major", "critical" };

	return words[s];
}

const char *on_fail_word(enum on_fail f)
{
	static const char *const words[] = { "note", "warn", "propose-suspend", "propose-withdraw" };

	return words[f];
}

void policy_faults_init(struct policy_faults *f)
{
	*f = (struct policy_faults){ .arena = arena_new() };
}

void policy_faults_fini(struct policy_faults *f)
{
	arena_free(f->arena);
	free(f->faults);
	*f = (struct policy_faults){ 0 };
}

void policy_free(struct policy *p)
{
	if (p != NULL)
		arena_free(p->arena);
}

const struct clause *policy_clause(const struct policy *p, const char *id)
{
	for (size_t i = 0; i < p->clause_count; i++)
		if (strcmp(p->clauses[i].id, id) == 0)
			return &p->clauses[i];
	return NULL;
}

static int slurp(int fd, const char *path, struct str *out, struct err *e)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, ERR_CONFIG, "%s", path);
		if (str_add(out, buf, (size_t)n) != 0)
			return err_set(e, ERR_CONFIG, "%s: is larger than %d octets, no policy is", path, POLICY_FILE_MAX);
	}
	return 0;
}

static bool acts_alone(const struct policy *p)
{
	for (size_t i = 0; i < p->clause_count; i++)
		if (p->clauses[i].automatic)
			return true;
	return false;
}

/* Who can write a policy that acts by itself can shut our sessions. */
static int check_writers(int fd, const char *path, const struct policy *p, struct err *e)
{
	struct stat st;

	if (!acts_alone(p))
		return 0;
	if (fstat(fd, &st) != 0)
		return err_errno(e, ERR_CONFIG, "%s", path);
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0 || (st.st_uid != geteuid() && st.st_uid != 0))
		return err_set(e, ERR_CONFIG,
		    "%s: acts automatically, and others can write it (owner %u, mode %04o): chown it to you or root and "
		    "chmod go-w, or take \"automatic\" out", path, (unsigned)st.st_uid, (unsigned)st.st_mode & 07777);
	return 0;
}

struct policy *policy_load(const char *path, struct policy_faults *faults, struct err *e)
{
	struct policy_faults own;
	struct policy *p = NULL;
	struct str text;
	int fd;

	policy_faults_init(&own);
	str_init(&text, POLICY_FILE_MAX);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		err_errno(e, ERR_CONFIG, "policy %s", path);
		goto out;
	}
	if (slurp(fd, path, &text, e) != 0)
		goto out;
	if (faults == NULL)
		faults = &own;
	p = policy_parse(path, str_slice(&text), faults);
	if (p == NULL)
		err_set(e, ERR_CONFIG, "%s:%u: %s", path, faults->count ? faults->faults[0].line : 0,
		    faults->count ? faults->faults[0].words : "is no policy");
	else if (check_writers(fd, path, p, e) != 0) {
		policy_free(p);
		p = NULL;
	}
out:
	if (fd >= 0)
		close(fd);
	str_fini(&text);
	policy_faults_fini(&own);
	return p;
}
