/* Keymaps: the three that are compiled in, overriding, conflicts by file and line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tui/ui.h"
#include "tui/view.h"

static struct keymap *loaded(const char *text)
{
	struct keymap *k = keymap_new(&view_keymap_names);
	struct err e = ERR_INIT;

	if (keymap_read(k, "t.keys", text, &e) != 0)
		fail_msg("%s", e.text);
	return k;
}

static const char *name_of(const struct keymap *k, keycode key, const char *view)
{
	const struct binding *b = keymap_find(k, key, view);

	return b ? b->command->name : "none";
}

static void test_builtin_ones_are_whole(void **state)
{
	static const char *const names[] = { "default", "vi", "emacs" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct keymap *k = loaded(keymap_builtin(names[i]));
		struct str keys;

		str_init(&keys, 0);
		/* Without these nobody gets out, gets help, or gets on. */
		assert_true(keymap_keys(k, command_at(CMD_QUIT), NULL, "sessions", &keys));
		assert_true(keymap_keys(k, command_at(CMD_BACK), NULL, "detail", &keys));
		assert_true(keymap_keys(k, command_at(CMD_HELP), NULL, "events", &keys));
		assert_true(keymap_keys(k, command_at(CMD_PALETTE), NULL, "routers", &keys));
		assert_true(keymap_keys(k, command_at(CMD_FILTER), NULL, "sessions", &keys));
		assert_true(keymap_keys(k, command_at(CMD_SUSPEND), NULL, "sessions", &keys));
		assert_string_equal(name_of(k, '1', "events"), "view");
		str_fini(&keys);
		keymap_free(k);
	}
	assert_null(keymap_builtin("nano"));
}

static void test_view_goes_before_general(void **state)
{
	struct keymap *k = loaded("bind P pane\nbind P sort:used prefixes\nunbind P events\n");

	(void)state;
	assert_string_equal(name_of(k, 'P', "sessions"), "pane");
	assert_string_equal(name_of(k, 'P', "prefixes"), "sort");
	assert_string_equal(name_of(k, 'P', "events"), "none");
	keymap_free(k);
}

static void test_later_file_overrides(void **state)
{
	struct keymap *k = loaded("bind s suspend\nbind x copy\n");
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(keymap_read(k, "mine", "bind s search\nunbind x\n", &e), 0);
	assert_string_equal(name_of(k, 's', "sessions"), "search");
	assert_string_equal(name_of(k, 'x', "sessions"), "none");
	keymap_free(k);
}

static void expect_refused(const char *text, const char *words)
{
	struct keymap *k = loaded("bind s suspend\n");
	struct err e = ERR_INIT;

	assert_int_equal(keymap_read(k, "my.keys", text, &e), -1);
	assert_int_equal(e.code, ERR_CONFIG);
	if (strstr(e.text, words) == NULL)
		fail_msg("'%s' does not say '%s'", e.text, words);
	assert_string_equal(name_of(k, 's', "sessions"), "suspend"); /* nothing of a wrong file is taken */
	assert_string_equal(name_of(k, 'j', "sessions"), "none");
	keymap_free(k);
}

static void test_faults_name_file_and_line(void **state)
{
	(void)state;
	expect_refused("bind j down\n# c\nbind j up\n", "my.keys:3: key j is bound already in line 1");
	expect_refused("bind j down\nbind Hyper-j up\n", "my.keys:2: no key 'Hyper-j'");
	expect_refused("bind j fly\n", "my.keys:1: no command 'fly'");
	expect_refused("bind j down nowhere\n", "my.keys:1: no view 'nowhere': sessions, networks");
	expect_refused("bind j sort:colour sessions\n", "my.keys:1: no column 'colour'");
	expect_refused("bind j view\n", "my.keys:1: view needs a view");
	expect_refused("map j down\n", "my.keys:1: 'map' is neither");
	expect_refused("bind j\n", "my.keys:1: write `bind KEY COMMAND [VIEW]`");
}

/* A key may name a command; it may not carry words that could reach a router or answer a question. */
static void test_no_key_carries_words(void **state)
{
	(void)state;
	expect_refused("bind j suspend:yes\n", "cannot carry an argument");
	expect_refused("bind j filter:state:down\n", "cannot carry an argument");
	expect_refused("bind j suspend --yes now please\n", "too many words");
}

static void test_missing_file_is_said(void **state)
{
	struct keymap *k = keymap_new(&view_keymap_names);
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(keymap_read_file(k, "/nonexistent/k.keys", &e), -1);
	assert_non_null(strstr(e.text, "/nonexistent/k.keys"));
	keymap_free(k);
}

static void test_every_command_has_name_help_and_place(void **state)
{
	struct str dump;

	(void)state;
	str_init(&dump, 0);
	assert_int_equal(ui_commands_dump(&dump), 0);
	for (int i = 0; i < CMD_COUNT; i++) {
		const struct command *c = command_at((enum command_id)i);

		assert_int_equal(c->id, i);
		assert_true(strlen(c->help) > 8);
		assert_ptr_equal(command_find(c->name), c);
		assert_non_null(strstr(dump.p, c->name));
	}
	str_fini(&dump);
}

/* The man page must not fall behind the table. */
static void test_man_page_holds_the_table(void **state)
{
	FILE *f = fopen("man/peerdeck-keys.5", "re");
	struct str page;
	char buf[4096];
	size_t n;

	(void)state;
	assert_non_null(f);
	str_init(&page, 0);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		str_add(&page, buf, n);
	fclose(f);
	for (int i = 0; i < CMD_COUNT; i++) {
		const struct command *c = command_at((enum command_id)i);

		snprintf(buf, sizeof(buf), ".It Ic %s", c->name);
		if (strstr(page.p, buf) == NULL)
			fail_msg("man/peerdeck-keys.5 lacks %s", c->name);
	}
	str_fini(&page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_builtin_ones_are_whole),
		cmocka_unit_test(test_view_goes_before_general),
		cmocka_unit_test(test_later_file_overrides),
		cmocka_unit_test(test_faults_name_file_and_line),
		cmocka_unit_test(test_no_key_carries_words),
		cmocka_unit_test(test_missing_file_is_said),
		cmocka_unit_test(test_every_command_has_name_help_and_place),
		cmocka_unit_test(test_man_page_holds_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
