/* What is held as lines of the world: rows on the screen point into them, so they stay until the revision tells. */
#include "app/records.h"
#include "core/base/mem.h"
#include "tui/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

struct desk {
	char dir[64];
	struct config *config;
	struct records records;
	struct world w;
	struct plan *plan;
};

static int open_desk(void **state)
{
	struct desk *d = MEM_NEW(struct desk);
	struct err e = ERR_INIT;
	char text[200];

	snprintf(d->dir, sizeof(d->dir), "/tmp/peerdeck-records-XXXXXX");
	if (mkdtemp(d->dir) == NULL)
		return -1;
	snprintf(text, sizeof(text), "local-as = 64500\ndata-dir = \"%s\"\nrouter r1 {\n os = frr\n address = 192.0.2.1\n user = noc\n}\n", d->dir);
	d->config = config_parse("test.conf", text, &e);
	if (d->config == NULL)
		return -1;
	records_open(&d->records, d->config);
	d->plan = plan_new(VERB_SUSPEND, "fibre works", "CHG-1", "");
	plan_seal(d->plan, NULL, 0);
	*state = d;
	return 0;
}

static int close_desk(void **state)
{
	struct desk *d = *state;
	char path[2][120];

	snprintf(path[0], sizeof(path[0]), "%s", d->records.path);
	snprintf(path[1], sizeof(path[1]), "%s.head", d->records.path);
	records_close(&d->records);
	plan_unref(d->plan);
	config_free(d->config);
	unlink(path[0]);
	unlink(path[1]);
	rmdir(d->dir);
	free(d);
	return 0;
}

static void hold(struct desk *d, const char *id, const char *neighbor)
{
	const struct plan_item i = { .router = "r1", .vrf = "", .neighbor = neighbor, .handle = "", .network = "Example Net",
		.remote_as = 64501, .verb = VERB_SUSPEND, .message = "", .saved = "", .advertised = 12, .received = 100 };
	const struct journal_outcome o = { .state = RUN_DONE, .words = "so", .advertised_after = COUNT_UNKNOWN };
	struct err e = ERR_INIT;

	if (journal_intent(d->records.journal, id, d->plan, &i, &e) < 0 || journal_outcome(d->records.journal, id, d->plan, &i, &o, &e) < 0)
		fail_msg("%s", e.text);
}

/* As a table does it: rows once, drawn while the revision is the same. */
static void expect_row(const struct desk *d, const void *row, const char *want)
{
	const struct view_ctx cx = { .w = &d->w, .g = glyphs_of(true) };
	struct field f;

	for (size_t i = 0; i < view_held.column_count; i++) {
		view_held.columns[i].show(&cx, row, 20, &f);
		if (strcmp(view_held.columns[i].id, "neighbor") == 0)
			assert_string_equal(f.s, want);
	}
}

static void rows_outlive_a_refresh(void **state)
{
	struct desk *d = *state;
	const struct view_ctx cx = { .w = &d->w, .g = glyphs_of(true) };
	uint64_t revision;
	void *rows;

	hold(d, "a", "192.0.2.7");
	records_refresh(&d->records, &d->w);
	revision = world_revision(&d->w);
	assert_int_equal(view_held.rows(&cx, &rows), 1);
	for (int i = 0; i < 3; i++) {
		records_refresh(&d->records, &d->w);
		assert_true(world_revision(&d->w) == revision);
		expect_row(d, rows, "192.0.2.7");
	}
	free(rows);
}

/* One line more is told; a look that finds the same is not. */
static void changes_are_told(void **state)
{
	struct desk *d = *state;
	uint64_t first, second;

	records_refresh(&d->records, &d->w);
	assert_int_equal(d->w.ledger_count, 0);
	hold(d, "a", "192.0.2.7");
	records_refresh(&d->records, &d->w);
	first = d->w.ledger_revision;
	assert_int_equal(d->w.ledger_count, 1);
	assert_string_equal(d->w.ledger[0].neighbor.s, "192.0.2.7");
	hold(d, "b", "192.0.2.8");
	records_refresh(&d->records, &d->w);
	second = d->w.ledger_revision;
	assert_true(second != first);
	assert_int_equal(d->w.ledger_count, 2);
	records_refresh(&d->records, &d->w);
	assert_true(d->w.ledger_revision == second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rows_outlive_a_refresh, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(changes_are_told, open_desk, close_desk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
