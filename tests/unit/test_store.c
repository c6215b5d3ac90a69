/* The cache on disk: whole after a crash, healed when damaged, in memory when it cannot be written. */
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/model/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static char dir[64], file[80];

static int make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/peerdeck-store-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(file, sizeof(file), "%s/cache.db", dir);
	return 0;
}

static int remove_dir(void **state)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	(void)state;
	while (d != NULL && (entry = readdir(d)) != NULL)
		unlinkat(dirfd(d), entry->d_name, 0);
	if (d != NULL)
		closedir(d);
	return rmdir(dir);
}

static struct pdb_row net_row(int64_t id, int64_t asn, const char *name, int64_t updated_ms)
{
	struct pdb_row r = { .tag = PDB_NET };

	r.v[PDB_AT_ID] = (struct pdb_value){ .is = PDB_IS_INT, .i = id };
	r.v[PDB_AT_STATUS] = (struct pdb_value){ .is = PDB_IS_TEXT, .s = SLICE("ok") };
	r.v[PDB_AT_UPDATED] = (struct pdb_value){ .is = PDB_IS_INT, .i = updated_ms };
	r.v[pdb_field_find(PDB_NET, SLICE("asn"), -1)] = (struct pdb_value){ .is = PDB_IS_INT, .i = asn };
	r.v[pdb_field_find(PDB_NET, SLICE("name"), -1)] =
	    (struct pdb_value){ .is = PDB_IS_TEXT, .s = slice_of(name) };
	return r;
}

static int64_t add_reading(struct store *s, int64_t at_ms)
{
	struct store_reading r = { .at_wall_ms = at_ms, .with_key = true, .origin = "test" };
	int64_t id = -1;

	assert_int_equal(store_reading_add(s, &r, &id, NULL), 0);
	return id;
}

/* Puts one net in a transaction of its own. */
static int put_net(struct store *s, struct pdb_row row, int64_t at_ms, struct err *e)
{
	if (store_begin(s, e) < 0)
		return -1;
	if (store_put(s, &row, add_reading(s, at_ms), NULL, e) < 0) {
		store_rollback(s);
		return -1;
	}
	return store_commit(s, e);
}

struct seen {
	int rows;
	char name[64];
	int64_t prefixes4, read_at;
	bool with_key;
};

static int look(void *arg, const struct pdb_row *row)
{
	struct seen *seen = arg;
	struct slice name = pdb_row_text(row, "name");

	seen->rows++;
	snprintf(seen->name, sizeof(seen->name), "%.*s", (int)name.len, name.p);
	seen->prefixes4 = pdb_row_int(row, "info_prefixes4", -1);
	seen->read_at = row->read_wall_ms;
	seen->with_key = row->with_key;
	return 0;
}

static struct seen find_net(struct store *s, int64_t asn)
{
	struct seen seen = { 0 };

	assert_int_equal(store_rows(s, PDB_NET, "asn", &asn, 1, look, &seen, NULL), 0);
	return seen;
}

static size_t count_nets(struct store *s)
{
	size_t n = 0;

	assert_int_equal(store_count(s, PDB_NET, &n, NULL, NULL, NULL), 0);
	return n;
}

static void rows_come_back_with_their_age(void **state)
{
	struct store *s = store_open(dir);
	struct seen seen;

	(void)state;
	assert_string_equal(store_note(s), "");
	assert_int_equal(put_net(s, net_row(1, 4294967295, "Example Net", 10), 5000, NULL), 0);
	store_close(s);
	s = store_open(dir);
	seen = find_net(s, 4294967295);
	assert_int_equal(seen.rows, 1);
	assert_string_equal(seen.name, "Example Net");
	assert_int_equal(seen.prefixes4, -1); /* null is not zero */
	assert_int_equal(seen.read_at, 5000);
	assert_true(seen.with_key);
	assert_int_equal(find_net(s, 1).rows, 0);
	store_close(s);
}

static void later_row_wins_and_older_does_not(void **state)
{
	struct store *s = store_open(dir);

	(void)state;
	assert_int_equal(put_net(s, net_row(1, 64500, "first", 1000), 1, NULL), 0);
	assert_int_equal(put_net(s, net_row(1, 64500, "second", 2000), 2, NULL), 0);
	assert_int_equal(put_net(s, net_row(1, 64500, "stale", 1500), 3, NULL), 0);
	assert_string_equal(find_net(s, 64500).name, "second");
	assert_int_equal(count_nets(s), 1);
	store_close(s);
}

static void deleted_rows_are_not_shown(void **state)
{
	struct store *s = store_open(dir);
	struct pdb_row gone = net_row(1, 64500, "", 3000);

	(void)state;
	assert_int_equal(put_net(s, net_row(1, 64500, "here", 1000), 1, NULL), 0);
	gone.v[PDB_AT_STATUS].s = SLICE("deleted");
	assert_int_equal(put_net(s, gone, 2, NULL), 0);
	assert_int_equal(find_net(s, 64500).rows, 0);
	assert_int_equal(count_nets(s), 0);
	store_close(s);
}

static void unknown_column_is_refused(void **state)
{
	struct store *s = store_open(dir);
	struct err e = ERR_INIT;
	int64_t key = 1;

	(void)state;
	assert_int_equal(store_rows(s, PDB_NET, "asn\" OR 1=1 --", &key, 1, look, NULL, &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
	store_close(s);
}

static void hostile_text_is_only_text(void **state)
{
	static const char evil[] = "x'); DROP TABLE pdb_net; --\x1b[2J\xff";
	struct store *s = store_open(dir);

	(void)state;
	assert_int_equal(put_net(s, net_row(1, 64500, evil, 1), 1, NULL), 0);
	assert_string_equal(find_net(s, 64500).name, evil);
	store_close(s);
}

static void asked_and_marks_are_kept(void **state)
{
	struct store *s = store_open(dir);
	struct store_asked a = { PDB_NET, 64500, 1000, true, true }, b;
	struct store_mark m = { 7, 8, 9 }, n;
	struct store_asked *all;
	size_t count;

	(void)state;
	assert_int_equal(store_asked_get(s, PDB_NET, 64500, &b, NULL), 0);
	assert_int_equal(store_asked_put(s, &a, NULL), 0);
	a = (struct store_asked){ PDB_NET, 64500, 2000, true, false };
	assert_int_equal(store_asked_put(s, &a, NULL), 0);
	assert_int_equal(store_asked_get(s, PDB_NET, 64500, &b, NULL), 1);
	assert_int_equal(b.at_wall_ms, 2000);
	assert_true(b.with_key); /* once read with a key, the hidden ones are known */
	assert_int_equal(store_asked_all(s, PDB_NET, &all, &count, NULL), 0);
	assert_int_equal(count, 1);
	free(all);
	assert_int_equal(store_asked_get(s, PDB_IX, 64500, &b, NULL), 0); /* an id is no ASN */
	assert_int_equal(store_mark_get(s, PDB_POC, true, &n, NULL), 0);
	assert_int_equal(store_mark_put(s, PDB_POC, true, &m, NULL), 0);
	assert_int_equal(store_mark_get(s, PDB_POC, true, &n, NULL), 1);
	assert_int_equal(n.updated_wall_ms, 7);
	assert_int_equal(store_mark_get(s, PDB_POC, false, &n, NULL), 0);
	store_close(s);
}

static void file_is_private(void **state)
{
	struct store *s = store_open(dir);
	struct stat st;

	(void)state;
	assert_int_equal(put_net(s, net_row(1, 64500, "x", 1), 1, NULL), 0);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 077, 0);
	store_close(s);
}

/* kill -9 between the rows of a transaction. */
static void crash_in_the_middle_leaves_the_old_data(void **state)
{
	struct store *s = store_open(dir);
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(put_net(s, net_row(1, 64500, "old", 1), 1, NULL), 0);
	store_close(s);
	pid = fork();
	if (pid == 0) {
		struct store *mine = store_open(dir);

		store_begin(mine, NULL);
		for (int i = 1; i < 5000; i++) {
			struct pdb_row row = net_row(i, 64500 + i, "a name long enough to spill the page cache to disk", 2);

			store_put(mine, &row, 0, NULL, NULL);
		}
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	s = store_open(dir);
	assert_string_equal(store_note(s), "");
	assert_int_equal(count_nets(s), 1);
	assert_string_equal(find_net(s, 64500).name, "old");
	store_close(s);
}

static void overwrite(const char *path, off_t at, size_t n)
{
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(pwrite(fd, "\xa5", 1, at + (off_t)i), 1);
	close(fd);
}

static void damaged_header_is_set_aside(void **state)
{
	struct store *s = store_open(dir);
	char aside[100];

	(void)state;
	assert_int_equal(put_net(s, net_row(1, 64500, "x", 1), 1, NULL), 0);
	store_close(s);
	overwrite(file, 0, 100);
	s = store_open(dir);
	assert_non_null(strstr(store_note(s), "set aside"));
	snprintf(aside, sizeof(aside), "%s.damaged", file);
	assert_int_equal(access(aside, F_OK), 0);
	assert_int_equal(count_nets(s), 0);
	assert_int_equal(put_net(s, net_row(1, 64500, "y", 1), 1, NULL), 0);
	store_close(s);
	s = store_open(dir);
	assert_string_equal(store_note(s), ""); /* said once */
	assert_string_equal(find_net(s, 64500).name, "y");
	store_close(s);
}

static void damage_found_later_is_healed(void **state)
{
	struct store *s = store_open(dir);
	struct seen seen = { 0 };
	struct stat st;

	(void)state;
	assert_int_equal(store_begin(s, NULL), 0);
	for (int i = 1; i < 2000; i++) {
		struct pdb_row row = net_row(i, i, "filler filler filler filler filler", 1);

		assert_int_equal(store_put(s, &row, 0, NULL, NULL), 0);
	}
	assert_int_equal(store_commit(s, NULL), 0);
	store_close(s);
	assert_int_equal(stat(file, &st), 0);
	overwrite(file, 4096 * 40L, (size_t)(st.st_size - 4096 * 40L));
	s = store_open(dir);
	assert_string_equal(store_note(s), "");
	assert_int_equal(store_rows(s, PDB_NET, NULL, NULL, 0, look, &seen, NULL), -1);
	assert_true(store_heal(s));
	assert_non_null(strstr(store_note(s), "set aside"));
	assert_int_equal(put_net(s, net_row(1, 64500, "new", 1), 1, NULL), 0);
	assert_int_equal(count_nets(s), 1);
	assert_false(store_heal(s)); /* nothing left to heal */
	store_close(s);
}

static void set_version(const char *path, uint32_t version)
{
	uint32_t be = __builtin_bswap32(version);
	int fd = open(path, O_WRONLY);

	assert_int_equal(pwrite(fd, &be, 4, 60), 4); /* SQLite file format: user_version at octet 60 */
	close(fd);
}

static void newer_schema_is_left_alone(void **state)
{
	struct store *s = store_open(dir);
	struct stat before, after;

	(void)state;
	store_close(s);
	set_version(file, 99);
	assert_int_equal(stat(file, &before), 0);
	s = store_open(dir);
	assert_non_null(strstr(store_note(s), "newer peerdeck"));
	assert_int_equal(put_net(s, net_row(1, 64500, "x", 1), 1, NULL), 0);
	assert_int_equal(count_nets(s), 1);
	store_close(s);
	assert_int_equal(stat(file, &after), 0);
	assert_int_equal(before.st_size, after.st_size);
	assert_int_equal(before.st_ino, after.st_ino);
}

static void older_schema_is_brought_up(void **state)
{
	struct store *s = store_open(dir);

	(void)state;
	assert_int_equal(put_net(s, net_row(1, 64500, "kept", 1), 77, NULL), 0);
	store_close(s);
	set_version(file, 0);
	s = store_open(dir);
	assert_string_equal(store_note(s), "");
	assert_string_equal(find_net(s, 64500).name, "kept");
	assert_int_equal(find_net(s, 64500).read_at, 77);
	store_close(s);
}

static void no_directory_means_memory(void **state)
{
	struct store *s;
	char in_file[100];

	(void)state;
	close(open(file, O_CREAT | O_WRONLY, 0600));
	snprintf(in_file, sizeof(in_file), "%s/deeper", file);
	s = store_open(in_file);
	assert_non_null(strstr(store_note(s), "memory only"));
	assert_int_equal(put_net(s, net_row(1, 64500, "x", 1), 1, NULL), 0);
	assert_int_equal(count_nets(s), 1);
	store_close(s);
}

static void full_disk_keeps_all_in_memory(void **state)
{
	struct store *s = store_open(dir);
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(put_net(s, net_row(1, 64500, "old", 1), 1, NULL), 0);
	store_close(s);
	pid = fork();
	if (pid == 0) {
		struct rlimit none = { 4096, 4096 };
		struct err e = ERR_INIT;

		/* A file that cannot grow: what a full disk is to SQLite. */
		signal(SIGXFSZ, SIG_IGN);
		s = store_open(dir);
		setrlimit(RLIMIT_FSIZE, &none);
		if (put_net(s, net_row(2, 64501, "new", 1), 1, &e) == 0 || !store_heal(s))
			_exit(1);
		if (strstr(store_note(s), "memory only") == NULL || put_net(s, net_row(2, 64501, "new", 1), 1, NULL) < 0)
			_exit(2);
		_exit(count_nets(s) == 2 ? 0 : 3); /* the old one came along */
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	s = store_open(dir);
	assert_int_equal(count_nets(s), 1);
	store_close(s);
}

static void fill(int from, int to)
{
	struct store *s = store_open(dir);
	int rc = 0;

	for (int i = from; i < to; i++)
		rc |= put_net(s, net_row(i, i, "x", 1), 1, NULL);
	store_close(s);
	_exit(rc == 0 ? 0 : 1);
}

static void two_processes_write_at_once(void **state)
{
	pid_t pids[2];
	struct store *s;

	(void)state;
	for (int i = 0; i < 2; i++)
		if ((pids[i] = fork()) == 0)
			fill(1 + i * 100, 101 + i * 100);
	for (int i = 0; i < 2; i++) {
		int status;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	s = store_open(dir);
	assert_int_equal(count_nets(s), 200);
	store_close(s);
}

static void times_are_read(void **state)
{
	int64_t ms = 0;

	(void)state;
	assert_true(pdb_time_parse(SLICE("2026-11-20T03:12:45Z"), &ms));
	assert_int_equal(ms, 1795144365000);
	assert_true(pdb_time_parse(SLICE("2026-11-20T03:12:45.123456Z"), &ms));
	assert_false(pdb_time_parse(SLICE("2026-11-20"), &ms));
	assert_false(pdb_time_parse(SLICE("2026-13-20T03:12:45Z"), &ms));
	assert_false(pdb_time_parse(SLICE(""), &ms));
}

#define ON_DISK(f) cmocka_unit_test_setup_teardown(f, make_dir, remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DISK(rows_come_back_with_their_age),
		ON_DISK(later_row_wins_and_older_does_not),
		ON_DISK(deleted_rows_are_not_shown),
		ON_DISK(unknown_column_is_refused),
		ON_DISK(hostile_text_is_only_text),
		ON_DISK(asked_and_marks_are_kept),
		ON_DISK(file_is_private),
		ON_DISK(crash_in_the_middle_leaves_the_old_data),
		ON_DISK(damaged_header_is_set_aside),
		ON_DISK(damage_found_later_is_healed),
		ON_DISK(newer_schema_is_left_alone),
		ON_DISK(older_schema_is_brought_up),
		ON_DISK(no_directory_means_memory),
		ON_DISK(full_disk_keeps_all_in_memory),
		ON_DISK(two_processes_write_at_once),
		cmocka_unit_test(times_are_read),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
