/* The host-key store; see hostkey.h for the file format. */
#include "backends/link/hostkey.h"
#include "core/base/shared.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 64 * 1024, BLOB_MAX = 8192 };

bool hostkey_router_ok(const char *router)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789._:-";

	return router[0] != '\0' && router[0] != '-' && router[0] != '.' &&
	       strspn(router, allowed) == strlen(router);
}

const char *hostkey_path(struct arena *a, const char *dir, const char *router)
{
	return arena_printf(a, "%s/%s.hostkey", dir, router);
}

bool hostkey_fingerprint(const char *base64, char out[HOSTKEY_FINGERPRINT_LEN])
{
	unsigned char blob[BLOB_MAX], hash[EVP_MAX_MD_SIZE];
	size_t len = strlen(base64), pad = 0;
	unsigned hash_len;
	char text[HOSTKEY_FINGERPRINT_LEN - 8];
	int n;

	if (len == 0 || len % 4 != 0 || len / 4 * 3 > sizeof(blob))
		return false;
	n = EVP_DecodeBlock(blob, (const unsigned char *)base64, (int)len);
	while (pad < 2 && base64[len - 1 - pad] == '=')
		pad++;
	if (n < 4 || !EVP_Digest(blob, (size_t)n - pad, hash, &hash_len, EVP_sha256(), NULL))
		return false;
	n = EVP_EncodeBlock((unsigned char *)text, hash, (int)hash_len);
	while (n > 0 && text[n - 1] == '=')
		text[--n] = '\0';
	snprintf(out, HOSTKEY_FINGERPRINT_LEN, "SHA256:%.55s", text);
	return true;
}

static int read_whole(int fd, struct str *s, const char *path, struct err *e)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (str_add(s, buf, (size_t)n) < 0)
			return err_set(e, ERR_HOSTKEY, "%s is longer than any host-key file", path);
	return n < 0 ? err_errno(e, ERR_IO, "%s", path) : 0;
}

static char *word(struct arena *a, struct scan *line)
{
	struct slice w;

	return scan_word(line, &w) ? arena_strndup(a, w.p, w.len) : arena_strdup(a, "");
}

/* A line that cannot be read is an error and not skipped: a damaged store must not look like "unknown key". */
static int read_lines(struct slice text, const char *path, struct hostkeys *out, struct err *e)
{
	struct scan file = scan_of(text);
	char fp[HOSTKEY_FINGERPRINT_LEN];
	struct hostkey *keys = NULL, k;
	struct slice line;
	size_t cap = 0, number = 0;
	int rc = 0;

	while (rc == 0 && scan_line(&file, &line)) {
		struct scan c = scan_of(slice_trim(line));
		struct slice how;

		number++;
		if (scan_done(&c) || *c.p == '#')
			continue;
		k.type = word(out->arena, &c);
		k.base64 = word(out->arena, &c);
		k.when = word(out->arena, &c);
		k.who = word(out->arena, &c);
		how = slice_trim(scan_rest(&c));
		k.how = arena_strndup(out->arena, how.p, how.len);
		if (!hostkey_fingerprint(k.base64, fp)) {
			rc = err_set(e, ERR_HOSTKEY, "%s:%zu: not a host key; enroll the router again",
			    path, number);
			break;
		}
		MEM_GROW(keys, cap, out->count + 1);
		keys[out->count++] = k;
	}
	if (out->count > 0) {
		struct hostkey *kept = arena_alloc(out->arena, out->count * sizeof(*kept));

		memcpy(kept, keys, out->count * sizeof(*kept));
		out->keys = kept;
	}
	free(keys);
	return rc;
}

int hostkey_store_find(const char *dir, const char *router, struct hostkeys *out, struct err *e)
{
	const char *path;
	struct stat st;
	struct str text;
	int fd = -1, rc = -1;

	*out = (struct hostkeys){ .arena = arena_new() };
	str_init(&text, FILE_MAX);
	if (!hostkey_router_ok(router)) {
		err_set(e, ERR_USAGE, "router name \"%s\": only letters, digits and . _ : - are allowed",
		    router);
		goto out;
	}
	path = hostkey_path(out->arena, dir, router);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) {
		rc = errno == ENOENT ? 0 : err_errno(e, ERR_HOSTKEY, "%s", path);
		goto out;
	}
	if (fstat(fd, &st) == 0 && (st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		err_set(e, ERR_HOSTKEY, "%s can be written by others: chmod 600 it, and look at what it says",
		    path);
		goto out;
	}
	rc = read_whole(fd, &text, path, e);
	if (rc == 0)
		rc = read_lines(str_slice(&text), path, out, e);
out:
	if (fd >= 0)
		close(fd);
	str_fini(&text);
	if (rc < 0)
		hostkey_store_free(out);
	return rc;
}

void hostkey_store_free(struct hostkeys *k)
{
	arena_free(k->arena);
	*k = (struct hostkeys){ 0 };
}

/* Words that will be one field, or the rest of the line: no line ends, and no blanks where a field must not end. */
static void add_clean(struct str *s, const char *words, bool field)
{
	for (; *words != '\0'; words++) {
		unsigned char c = (unsigned char)*words;

		str_putc(s, c < 0x20 || c == 0x7f || (field && c == ' ') ? '_' : (char)c);
	}
}

static void add_line(struct str *s, const struct hostkey *k)
{
	add_clean(s, k->type, true);
	str_putc(s, ' ');
	add_clean(s, k->base64, true);
	str_putc(s, ' ');
	add_clean(s, k->when, true);
	str_putc(s, ' ');
	add_clean(s, k->who, true);
	str_putc(s, ' ');
	add_clean(s, k->how, false);
	str_putc(s, '\n');
}

static int make_dirs(struct arena *a, const char *dir, struct err *e)
{
	char *path = arena_strdup(a, dir);

	for (char *p = path + 1; *p != '\0'; p++)
		if (*p == '/') {
			*p = '\0';
			(void)mkdir(path, 0700); /* the last one tells */
			*p = '/';
		}
	if (mkdir(path, shared_bits_beside(path, 0700)) < 0 && errno != EEXIST)
		return err_errno(e, ERR_IO, "%s", dir);
	return 0;
}

static void sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
}

/* The group that shares the folder reads the keys, and replaces them by a new file; none is written in place. */
static int write_file(struct arena *a, const char *dir, const char *path, struct slice text,
    struct err *e)
{
	char *beside = arena_printf(a, "%s.XXXXXX", path);
	int fd = mkostemp(beside, O_CLOEXEC);

	if (fd < 0)
		return err_errno(e, ERR_IO, "%s", beside);
	if (write(fd, text.p, text.len) != (ssize_t)text.len ||
	    fchmod(fd, shared_bits(dir, 0600) & ~(mode_t)S_IWGRP) < 0 || fsync(fd) < 0 || rename(beside, path) < 0) {
		err_errno(e, ERR_IO, "%s", path);
		unlink(beside);
		close(fd);
		return -1;
	}
	close(fd);
	sync_dir(dir);
	return 0;
}

static int store(const char *dir, const char *router, const struct hostkey *key, const char *who,
    const char *how, bool keep_others, struct err *e)
{
	struct hostkeys old;
	struct hostkey now = *key;
	char when[CLOCK_ISO_LEN], fp[HOSTKEY_FINGERPRINT_LEN];
	struct str text;
	int rc = -1;

	if (!hostkey_fingerprint(key->base64, fp))
		return err_set(e, ERR_USAGE, "this is not a host key");
	if (hostkey_store_find(dir, router, &old, e) < 0)
		return -1;
	str_init(&text, FILE_MAX);
	str_puts(&text, "# Host keys accepted for this router: type, key, when, who, how.\n");
	for (size_t i = 0; keep_others && i < old.count; i++)
		if (strcmp(old.keys[i].type, key->type) != 0)
			add_line(&text, &old.keys[i]);
	now.when = clock_iso(clock_wall_ms(), when);
	now.who = who != NULL && *who != '\0' ? who : "?";
	now.how = how != NULL ? how : "";
	add_line(&text, &now);
	if (text.over)
		err_set(e, ERR_LIMIT, "too many host keys for %s", router);
	else if (make_dirs(old.arena, dir, e) == 0)
		rc = write_file(old.arena, dir, hostkey_path(old.arena, dir, router), str_slice(&text), e);
	str_fini(&text);
	hostkey_store_free(&old);
	return rc;
}

int hostkey_store_accept(const char *dir, const char *router, const struct hostkey *key,
    const char *who, const char *how, struct err *e)
{
	return store(dir, router, key, who, how, true, e);
}

int hostkey_store_replace(const char *dir, const char *router, const struct hostkey *key,
    const char *who, const char *how, struct err *e)
{
	return store(dir, router, key, who, how, false, e);
}

int hostkey_check(const struct hostkeys *accepted, const char *router,
    const struct hostkey *offered, struct err *e)
{
	char seen[HOSTKEY_FINGERPRINT_LEN] = "?", known[HOSTKEY_FINGERPRINT_LEN] = "?";
	const struct hostkey *former = NULL;

	hostkey_fingerprint(offered->base64, seen);
	for (size_t i = 0; i < accepted->count; i++) {
		const struct hostkey *k = &accepted->keys[i];

		if (strcmp(k->type, offered->type) == 0 && strcmp(k->base64, offered->base64) == 0)
			return 0;
		if (former == NULL || strcmp(k->type, offered->type) == 0)
			former = k;
	}
	if (former == NULL)
		return err_set(e, ERR_HOSTKEY, "unknown host key %s (%s): run peerdeck enroll %s", seen,
		    offered->type, router);
	hostkey_fingerprint(former->base64, known);
	return err_set(e, ERR_HOSTKEY,
	    "HOST KEY CHANGED: enrolled %s (%s), offered %s (%s): another machine may answer as %s",
	    known, former->type, seen, offered->type, router);
}
