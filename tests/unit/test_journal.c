/* The journal: durable, chained, shared, torn, tampered with, full, and killed at any moment. */
#include "core/act/journal.h"
#include "core/act/redact.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

struct place {
	char dir[64], path[96], head[104];
};

static int make_place(void **state)
{
	struct place *p = MEM_NEW(struct place);

	snprintf(p->dir, sizeof(p->dir), "/tmp/peerdeck-journal-XXXXXX");
	if (mkdtemp(p->dir) == NULL)
		return -1;
	snprintf(p->path, sizeof(p->path), "%s/journal.jsonl", p->dir);
	snprintf(p->head, sizeof(p->head), "%s.head", p->path);
	*state = p;
	return 0;
}

static int drop_place(void **state)
{
	struct place *p = *state;

	unlink(p->path);
	unlink(p->head);
	rmdir(p->dir);
	free(p);
	return 0;
}

static void write_notes(const char *path, int n)
{
	struct journal *j = journal_open(path, "Night Shift");

	for (int i = 0; i < n; i++) {
		char words[32];
		struct err e = ERR_INIT;

		snprintf(words, sizeof(words), "note %d", i);
		if (journal_note(j, "note", "r1", words, &e) < 0)
			fail_msg("%s", e.text);
	}
	journal_free(j);
}

static struct journal_report verify(const char *path)
{
	struct journal_report r;
	struct err e = ERR_INIT;

	if (journal_verify(path, NULL, &r, &e) < 0)
		fail_msg("%s", e.text);
	return r;
}

static char *slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "r");
	char *buf = mem_calloc(1 << 20, 1);

	assert_non_null(f);
	*n = fread(buf, 1, (1 << 20) - 1, f);
	fclose(f);
	return buf;
}

static void spit(const char *path, const char *buf, size_t n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(buf, 1, n, f), n);
	fclose(f);
}

/* Start of line `k` (from 1). */
static char *line_at(char *buf, int k)
{
	while (--k > 0)
		buf = strchr(buf, '\n') + 1;
	return buf;
}

static void records_follow_each_other(void **state)
{
	struct place *p = *state;
	struct journal_report r;
	struct stat st;

	write_notes(p->path, 3);
	write_notes(p->path, 2); /* another process later */
	r = verify(p->path);
	assert_true(r.ok);
	assert_int_equal(r.records, 5);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void two_consoles_share_it(void **state)
{
	struct place *p = *state;
	struct journal *a = journal_open(p->path, NULL), *b = journal_open(p->path, NULL);
	struct err e = ERR_INIT;

	for (int i = 0; i < 10; i++) {
		assert_int_equal(journal_note(a, "note", NULL, "a", &e), 0);
		assert_int_equal(journal_note(b, "note", NULL, "b", &e), 0);
	}
	journal_free(a);
	journal_free(b);
	assert_true(verify(p->path).ok);
	assert_int_equal(verify(p->path).records, 20);
}

static void finds(struct place *p, const char *buf, size_t n, uint64_t bad)
{
	struct journal_report r;
	struct journal *j;
	struct err e = ERR_INIT;

	spit(p->path, buf, n);
	r = verify(p->path);
	assert_false(r.ok);
	assert_int_equal(r.first_bad, bad);
	j = journal_open(p->path, NULL);
	assert_int_equal(journal_writable(j, &e), -1); /* and no action is possible on it */
	assert_non_null(strstr(e.text, "no action is possible"));
	journal_free(j);
}

static void tampering_is_found(void **state)
{
	struct place *p = *state;
	char *buf, *two, *three, *four;
	size_t n;

	write_notes(p->path, 5);
	buf = slurp(p->path, &n);
	two = line_at(buf, 2);
	three = line_at(buf, 3);
	four = line_at(buf, 4);
	{ /* edited */
		char *copy = mem_strndup(buf, n), *at = strstr(line_at(copy, 3), "note 2");

		at[5] = '9';
		finds(p, copy, n, 3);
		free(copy);
	}
	{ /* deleted */
		char *copy = mem_printf("%.*s%s", (int)(two - buf), buf, three);

		finds(p, copy, strlen(copy), 2);
		free(copy);
	}
	{ /* reordered */
		char *copy = mem_printf("%.*s%.*s%.*s%s", (int)(two - buf), buf, (int)(four - three), three,
		    (int)(three - two), two, four);

		finds(p, copy, strlen(copy), 2);
		free(copy);
	}
	finds(p, buf, (size_t)(four - buf), 4); /* tail cut: the head beside it knows */
	{ /* a blank put in: same content, other bytes */
		char *copy = mem_printf("%.*s{ %s", (int)(two - buf), buf, two + 1);

		finds(p, copy, strlen(copy), 2);
		free(copy);
	}
	spit(p->path, buf, n);
	assert_true(verify(p->path).ok);
	free(buf);
}

static void a_known_head_finds_a_cut_tail(void **state)
{
	struct place *p = *state;
	struct journal_report r;
	struct err e = ERR_INIT;
	char head[128], *buf;
	size_t n;

	write_notes(p->path, 4);
	r = verify(p->path);
	snprintf(head, sizeof(head), "%llu:%s", (unsigned long long)r.head_seq, r.head);
	buf = slurp(p->path, &n);
	spit(p->path, buf, (size_t)(line_at(buf, 3) - buf));
	unlink(p->head);
	assert_true(verify(p->path).ok); /* alone, the chain cannot know */
	assert_int_equal(journal_verify(p->path, head, &r, &e), 0);
	assert_false(r.ok);
	assert_int_equal(r.first_bad, 3);
	assert_int_equal(journal_verify(p->path, "nonsense", &r, &e), -1);
	free(buf);
}

static void a_torn_tail_is_cut_and_recorded(void **state)
{
	struct place *p = *state;
	char *buf;
	size_t n;

	write_notes(p->path, 3);
	buf = slurp(p->path, &n);
	for (size_t cut = 1; cut < 60; cut += 7) {
		struct journal_report r;
		char *whole = line_at(buf, 3);

		spit(p->path, buf, (size_t)(whole - buf) + cut); /* the third record broke off */
		unlink(p->head);
		r = verify(p->path);
		assert_true(r.ok);
		assert_int_equal(r.records, 2);
		assert_int_equal(r.torn_octets, cut);
		write_notes(p->path, 1);
		r = verify(p->path);
		assert_true(r.ok);
		assert_int_equal(r.records, 5); /* 2, torn, open, the note */
		assert_int_equal(r.torn_octets, 0);
	}
	free(buf);
}

static int count_each(void *ctx, const struct journal_entry *e)
{
	int *n = ctx;

	assert_int_equal(e->seq, ++*n);
	assert_string_equal(e->kind, "note");
	assert_string_equal(e->name, "Night Shift");
	assert_true(e->login[0] != '\0');
	return 0;
}

static void reading_goes_on_where_it_stopped(void **state)
{
	struct place *p = *state;
	struct err e = ERR_INIT;
	uint64_t at = 0;
	int n = 0;

	write_notes(p->path, 3);
	assert_int_equal(journal_read(p->path, &at, count_each, &n, &e), 0);
	assert_int_equal(n, 3);
	write_notes(p->path, 2);
	assert_int_equal(journal_read(p->path, &at, count_each, &n, &e), 0);
	assert_int_equal(n, 5);
}

/* A disk that takes no more: the append fails in words, and what stands there stays whole. */
static void a_full_disk(void **state)
{
	struct place *p = *state;
	struct rlimit old, small;
	struct journal *j;
	struct err e = ERR_INIT;
	int i;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	j = journal_open(p->path, NULL);
	small = (struct rlimit){ 2000, old.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (i = 0; i < 100 && journal_note(j, "note", NULL, "x", &e) == 0; i++)
		continue;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_in_range(i, 1, 99);
	assert_int_equal(e.code, ERR_IO);
	assert_true(verify(p->path).ok);
	assert_int_equal(verify(p->path).torn_octets, 0);
	assert_int_equal(journal_note(j, "note", NULL, "room again", NULL), 0);
	assert_int_equal(verify(p->path).records, i + 1);
	journal_free(j);
}

static void refuses(const char *path, const char *words)
{
	struct journal *j = journal_open(path, NULL);
	struct err e = ERR_INIT;

	assert_int_equal(journal_writable(j, &e), -1);
	if (strstr(e.text, words) == NULL)
		fail_msg("not said: %s, in: %s", words, e.text);
	err_clear(&e);
	assert_int_equal(journal_note(j, "note", NULL, "x", &e), -1);
	journal_free(j);
}

static void unusable_files_are_named(void **state)
{
	struct place *p = *state;
	char other[128];

	refuses("/nonexistent/journal.jsonl", "/nonexistent/journal.jsonl");
	write_notes(p->path, 1);
	chmod(p->path, 0666);
	refuses(p->path, "others can write it");
	chmod(p->path, 0600);
	snprintf(other, sizeof(other), "%s/link", p->dir);
	assert_int_equal(symlink(p->path, other), 0);
	refuses(other, other);
	unlink(other);
}

static void a_replaced_file_is_noticed(void **state)
{
	struct place *p = *state;
	struct journal *j;
	struct err e = ERR_INIT;
	char other[128];

	write_notes(p->path, 1);
	j = journal_open(p->path, NULL);
	snprintf(other, sizeof(other), "%s/old", p->dir);
	assert_int_equal(rename(p->path, other), 0);
	assert_int_equal(journal_writable(j, &e), -1);
	write_notes(other, 1);
	err_clear(&e);
	assert_int_equal(rename(other, p->path), 0);
	assert_int_equal(journal_writable(j, &e), 0);
	journal_free(j);
	snprintf(other, sizeof(other), "%s/old.head", p->dir);
	unlink(other);
}

/* Killed with -9 again and again while appending: it verifies each time, and goes on. */
static void killed_at_any_moment(void **state)
{
	struct place *p = *state;
	uint64_t before = 0;

	for (int round = 0; round < 12; round++) {
		struct timespec run = { 0, 2000000L + 1700000L * round };
		struct journal_report r;
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			struct journal *j = journal_open(p->path, NULL);

			for (;;)
				if (journal_note(j, "note", NULL, "over and over", NULL) < 0)
					_exit(1);
		}
		nanosleep(&run, NULL); /* the moment is arbitrary: that is the point */
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		if (access(p->path, F_OK) != 0)
			continue;
		r = verify(p->path);
		if (!r.ok)
			fail_msg("%s", r.words);
		assert_true(r.records >= before);
		before = r.records;
	}
	write_notes(p->path, 1);
	assert_true(verify(p->path).ok);
	assert_true(verify(p->path).records > before);
}

static int take_call(void *ctx, const struct journal_entry *j)
{
	assert_string_equal(j->kind, "call");
	assert_string_equal(j->id, "inc-7");
	assert_int_equal(j->remote_as, 64501);
	assert_string_equal(j->words, "no answer");
	assert_string_equal(entry_more(j, "phone"), "+1 202 555 0100");
	assert_string_equal(entry_more(j, "told"), "the password <redacted>");
	assert_string_equal(entry_more(j, "nothing"), "");
	++*(int *)ctx;
	return 0;
}

static void facts_are_kept_with_what_belongs_to_them(void **state)
{
	struct place *p = *state;
	const struct journal_more more[] = { { "phone", "+1 202 555 0100" }, { "told", "the password tulip" }, { "empty", "" } };
	const struct journal_fact call = { .kind = "call", .id = "inc-7", .remote_as = 64501, .words = "no answer",
		.more = more, .more_count = ARRAY_LEN(more) };
	struct journal *j = journal_open(p->path, NULL);
	struct err e = ERR_INIT;
	uint64_t offset = 0;
	int seen = 0;

	assert_int_equal(journal_fact(j, &call, &e), 0);
	journal_free(j);
	assert_true(verify(p->path).ok);
	assert_int_equal(journal_read(p->path, &offset, take_call, &seen, &e), 0);
	assert_int_equal(seen, 1);
}

static void secrets_are_redacted(void **state)
{
	struct str out;

	(void)state;
	str_init(&out, 0);
	redact_text(&out, " neighbor 192.0.2.1 password north pier\n tcp md5sig password x\nplain line\nkey \"a b\"\n password\n");
	assert_string_equal(out.p, " neighbor 192.0.2.1 password <redacted>\n tcp md5sig password <redacted>\nplain line\n"
	                           "key <redacted>\n password\n");
	str_fini(&out);
}

int main(void)
{
#define WITH_PLACE(f) cmocka_unit_test_setup_teardown(f, make_place, drop_place)
	const struct CMUnitTest tests[] = {
	    WITH_PLACE(records_follow_each_other),
	    WITH_PLACE(two_consoles_share_it),
	    WITH_PLACE(tampering_is_found),
	    WITH_PLACE(a_known_head_finds_a_cut_tail),
	    WITH_PLACE(a_torn_tail_is_cut_and_recorded),
	    WITH_PLACE(reading_goes_on_where_it_stopped),
	    WITH_PLACE(a_full_disk),
	    WITH_PLACE(unusable_files_are_named),
	    WITH_PLACE(a_replaced_file_is_noticed),
	    WITH_PLACE(killed_at_any_moment),
	    WITH_PLACE(facts_are_kept_with_what_belongs_to_them),
	    cmocka_unit_test(secrets_are_redacted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
