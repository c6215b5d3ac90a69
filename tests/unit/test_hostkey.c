/* The host-key store: format, refusals, and the words of unknown and changed. */
#include "backends/link/hostkey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Made with ssh-keygen for this test; the fingerprint is what `ssh-keygen -l` printed. */
static const struct hostkey one = { .type = "ssh-ed25519",
	.base64 = "AAAAC3NzaC1lZDI1NTE5AAAAIM6s6z2gw6VMaszZVbs1DwktVE/7TuqIsZ8FmI0gxvTU" };
static const struct hostkey two = { .type = "ssh-ed25519",
	.base64 = "AAAAC3NzaC1lZDI1NTE5AAAAIO5GX0IFkS8yL6xh5bnSBa9pkHhaJPCjxtgQFzutc/bK" };
static const struct hostkey ec = { .type = "ecdsa-sha2-nistp256",
	.base64 = "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBP5cheBnktgA6qHSRdf/33wkzxr55uXDH4/fCvuKpZ8f1IprxpzrqR1fOxvp6vYXu2cTqQBYl6alM+3aaEp9Z0c=" };
#define ONE_FINGERPRINT "SHA256:9ZxiPtDHKMkt69sKQyA9jm5xTomT7Zrc+7P+yqtNN0U"

static int make_dir(void **state)
{
	char *dir = strdup("/tmp/peerdeck-hostkey.XXXXXX");

	*state = mkdtemp(dir);
	return *state != NULL ? 0 : -1;
}

static void path_of(char *out, size_t n, const char *dir, const char *name)
{
	snprintf(out, n, "%s/%s", dir, name);
}

static int remove_dir(void **state)
{
	static const char *const names[] = { "s/r1.hostkey", "s/jump:1.hostkey", "s", "r1.hostkey", "" };
	char path[512];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		path_of(path, sizeof(path), *state, names[i]);
		remove(path);
	}
	free(*state);
	return 0;
}

static void write_text(const char *dir, const char *text, mode_t mode)
{
	char path[512];
	FILE *f;

	path_of(path, sizeof(path), dir, "r1.hostkey");
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(path, mode), 0);
}

static void test_fingerprint_as_openssh(void **state)
{
	char fp[HOSTKEY_FINGERPRINT_LEN];

	(void)state;
	assert_true(hostkey_fingerprint(one.base64, fp));
	assert_string_equal(fp, ONE_FINGERPRINT);
	assert_false(hostkey_fingerprint("", fp));
	assert_false(hostkey_fingerprint("AAA", fp));
	assert_false(hostkey_fingerprint("AAA*", fp));
}

static void test_accept_and_find(void **state)
{
	struct err e = ERR_INIT;
	struct hostkeys k;
	char dir[512], path[560];
	struct stat st;

	path_of(dir, sizeof(dir), *state, "s");
	assert_int_equal(hostkey_store_find(dir, "r1", &k, &e), 0);
	assert_int_equal(k.count, 0);
	assert_int_equal(hostkey_check(&k, "r1", &one, &e), -1);
	assert_int_equal(e.code, ERR_HOSTKEY);
	assert_non_null(strstr(e.text, "unknown host key " ONE_FINGERPRINT));
	assert_non_null(strstr(e.text, "peerdeck enroll r1"));
	hostkey_store_free(&k);

	err_clear(&e);
	assert_int_equal(hostkey_store_accept(dir, "r1", &one, "noc 1\n", "typed\nthe fingerprint", &e), 0);
	assert_int_equal(hostkey_store_accept(dir, "r1", &ec, "noc1", "second", &e), 0);
	assert_int_equal(hostkey_store_find(dir, "r1", &k, &e), 0);
	assert_int_equal(k.count, 2);
	assert_string_equal(k.keys[0].who, "noc_1_");
	assert_string_equal(k.keys[0].how, "typed_the fingerprint");
	assert_int_equal(strlen(k.keys[0].when), 20);
	assert_int_equal(hostkey_check(&k, "r1", &one, &e), 0);
	assert_int_equal(hostkey_check(&k, "r1", &ec, &e), 0);
	hostkey_store_free(&k);

	snprintf(path, sizeof(path), "%s/r1.hostkey", dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
}

/* What a group shares it can read, and replace; nobody writes in it. */
static void test_a_shared_store_follows_its_folder(void **state)
{
	struct err e = ERR_INIT;
	struct hostkeys k;
	struct stat st;
	char dir[200], file[300];
	mode_t before = umask(007);

	snprintf(dir, sizeof(dir), "%s/hostkeys", (char *)*state);
	snprintf(file, sizeof(file), "%s/r1.hostkey", dir);
	assert_int_equal(chmod(*state, 0770), 0);
	assert_int_equal(hostkey_store_accept(dir, "r1", &one, "alice", "test", &e), 0);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0770);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(hostkey_store_find(dir, "r1", &k, &e), 0);
	assert_int_equal(k.count, 1);
	hostkey_store_free(&k);
	unlink(file);
	rmdir(dir);
	chmod(*state, 0700);
	umask(before);
}

static void test_changed_key_names_both(void **state)
{
	struct err e = ERR_INIT;
	struct hostkeys k;
	char fp[HOSTKEY_FINGERPRINT_LEN];

	assert_int_equal(hostkey_store_accept(*state, "r1", &one, "noc1", "", &e), 0);
	assert_int_equal(hostkey_store_find(*state, "r1", &k, &e), 0);
	assert_int_equal(hostkey_check(&k, "r1", &two, &e), -1);
	assert_int_equal(e.code, ERR_HOSTKEY);
	assert_true(hostkey_fingerprint(two.base64, fp));
	assert_non_null(strstr(e.text, "CHANGED"));
	assert_non_null(strstr(e.text, ONE_FINGERPRINT));
	assert_non_null(strstr(e.text, fp));
	err_clear(&e);
	/* a type never accepted is a change too: the enrolled one was asked for first */
	assert_int_equal(hostkey_check(&k, "r1", &ec, &e), -1);
	assert_non_null(strstr(e.text, "CHANGED"));
	hostkey_store_free(&k);
}

static void test_accept_replaces_its_type_only(void **state)
{
	struct err e = ERR_INIT;
	struct hostkeys k;

	assert_int_equal(hostkey_store_accept(*state, "r1", &one, "a", "", &e), 0);
	assert_int_equal(hostkey_store_accept(*state, "r1", &ec, "a", "", &e), 0);
	assert_int_equal(hostkey_store_accept(*state, "r1", &two, "a", "", &e), 0);
	assert_int_equal(hostkey_store_find(*state, "r1", &k, &e), 0);
	assert_int_equal(k.count, 2);
	assert_int_equal(hostkey_check(&k, "r1", &two, &e), 0);
	assert_int_equal(hostkey_check(&k, "r1", &one, NULL), -1);
	hostkey_store_free(&k);
	assert_int_equal(hostkey_store_replace(*state, "r1", &one, "a", "", &e), 0);
	assert_int_equal(hostkey_store_find(*state, "r1", &k, &e), 0);
	assert_int_equal(k.count, 1);
	hostkey_store_free(&k);
}

static void test_a_damaged_or_open_store_is_no_unknown_key(void **state)
{
	struct err e = ERR_INIT;
	struct hostkeys k;

	write_text(*state, "# fine\n\nssh-ed25519 garbage! when who how\n", 0600);
	assert_int_equal(hostkey_store_find(*state, "r1", &k, &e), -1);
	assert_int_equal(e.code, ERR_HOSTKEY);
	assert_non_null(strstr(e.text, "r1.hostkey:3"));
	err_clear(&e);
	write_text(*state, "", 0620);
	assert_int_equal(hostkey_store_find(*state, "r1", &k, &e), -1);
	assert_int_equal(e.code, ERR_HOSTKEY);
	assert_non_null(strstr(e.text, "written by others"));
}

static void test_names_stay_inside_the_store(void **state)
{
	static const char *const bad[] = { "", "../x", "a/b", "-r1", ".r1", "r 1", "r\n", NULL };
	struct err e;
	struct hostkeys k;

	for (size_t i = 0; bad[i] != NULL; i++) {
		err_clear(&e);
		assert_false(hostkey_router_ok(bad[i]));
		assert_int_equal(hostkey_store_find(*state, bad[i], &k, &e), -1);
		assert_int_equal(e.code, ERR_USAGE);
	}
	assert_true(hostkey_router_ok("core1.fra:2_x-y"));
}

int main(void)
{
#define IN_DIR(f) cmocka_unit_test_setup_teardown(f, make_dir, remove_dir)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fingerprint_as_openssh),
		IN_DIR(test_accept_and_find),
		IN_DIR(test_a_shared_store_follows_its_folder),
		IN_DIR(test_changed_key_names_both),
		IN_DIR(test_accept_replaces_its_type_only),
		IN_DIR(test_a_damaged_or_open_store_is_no_unknown_key),
		IN_DIR(test_names_stay_inside_the_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
