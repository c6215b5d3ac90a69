/* A journal changed at random: edits, deletions, repetitions, moves and cut tails are found, and the first bad record is
 * named; an untouched one never is. */
#include "core/act/journal.h"
#include "core/base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

enum { RECORDS = 20, ROUNDS = 800 };

static uint64_t seed = 20261127;

static uint32_t chance(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 33) % below;
}

struct file {
	char dir[64], path[96], head[112];
	char *line[RECORDS]; /* without line ends */
};

static void make_file(struct file *f)
{
	struct journal *j;
	char *buf = NULL;
	size_t cap = 0;
	FILE *in;

	snprintf(f->dir, sizeof(f->dir), "/tmp/peerdeck-tamper-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/journal.jsonl", f->dir);
	snprintf(f->head, sizeof(f->head), "%s.head", f->path);
	j = journal_open(f->path, "Night Shift");
	for (int i = 0; i < RECORDS; i++) {
		char words[32];

		snprintf(words, sizeof(words), "note %d", i);
		assert_int_equal(journal_note(j, "note", "r1", words, NULL), 0);
	}
	journal_free(j);
	in = fopen(f->path, "r");
	for (int i = 0; i < RECORDS; i++) {
		ssize_t n = getline(&buf, &cap, in);

		assert_true(n > 1);
		f->line[i] = mem_strndup(buf, (size_t)n - 1);
	}
	fclose(in);
	free(buf);
}

static void drop_file(struct file *f)
{
	for (int i = 0; i < RECORDS; i++)
		free(f->line[i]);
	unlink(f->path);
	unlink(f->head);
	rmdir(f->dir);
}

/* Another octet at a random place of a copy; never a line end, never the same. */
static char *edited(const char *line)
{
	char *copy = mem_strdup(line), *at = &copy[chance((uint32_t)strlen(copy))], was = *at;

	while (*at == was)
		*at = (char)(0x20 + chance(95));
	return copy;
}

/* Writes a changed journal; the number of the first record that must be called bad. */
static uint64_t change(struct file *f, const char **what)
{
	const char *lines[RECORDS + 1];
	uint32_t a = chance(RECORDS), b, n = RECORDS;
	char *copy = NULL;
	uint64_t bad = a + 1;
	FILE *out;

	memcpy(lines, f->line, sizeof(f->line));
	switch (chance(5)) {
	case 0:
		*what = "edited";
		lines[a] = copy = edited(lines[a]);
		break;
	case 1:
		*what = "deleted";
		memmove(&lines[a], &lines[a + 1], (n - a - 1) * sizeof(lines[0]));
		n--;
		break;
	case 2:
		*what = "repeated";
		memmove(&lines[a + 1], &lines[a], (n - a) * sizeof(lines[0]));
		n++;
		bad = a + 2;
		break;
	case 3:
		*what = "moved";
		b = (a + 1 + chance(RECORDS - 1)) % RECORDS;
		lines[a] = f->line[b];
		lines[b] = f->line[a];
		bad = (a < b ? a : b) + 1;
		break;
	default:
		*what = "cut";
		n = a;
		break;
	}
	out = fopen(f->path, "w");
	assert_non_null(out);
	for (uint32_t i = 0; i < n; i++)
		fprintf(out, "%s\n", lines[i]);
	fclose(out);
	free(copy);
	return bad;
}

static void every_change_is_found_and_named(void **state)
{
	struct journal_report r;
	struct file f;

	(void)state;
	make_file(&f);
	assert_int_equal(journal_verify(f.path, NULL, &r, NULL), 0);
	assert_true(r.ok);
	for (int i = 0; i < ROUNDS; i++) {
		const char *what;
		uint64_t bad = change(&f, &what);

		assert_int_equal(journal_verify(f.path, NULL, &r, NULL), 0);
		if (r.ok || r.first_bad != bad)
			fail_msg("round %d, %s: ok %d, first bad %llu, not %llu (%s)", i, what, r.ok,
			    (unsigned long long)r.first_bad, (unsigned long long)bad, r.words);
	}
	drop_file(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_change_is_found_and_named) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
