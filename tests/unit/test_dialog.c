/* Question and answer with a prompting CLI, over transcripts with faults. */
#include "backends/link/dialog.h"
#include "backends/link/replay.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

enum { SOON_MS = 5000, SHORT_MS = 150 };

static const char *const errors[] = { "^% ", NULL };
static const char *const setup[] = { "terminal length 0", NULL };

static const struct dialogue quiet_cli = {
	.prompt = "[\\w.-]+(\\([\\w-]+\\))?[#>] ?$",
	.errors = errors,
	.bye = "exit",
};
static const struct dialogue echoing_cli = {
	.prompt = "[\\w.-]+(\\([\\w-]+\\))?[#>] ?$",
	.config_prompt = "[\\w.-]+\\(config[\\w-]*\\)# ?$",
	.errors = errors,
	.setup = setup,
	.pager = "--More-- ?$",
	.pager_answer = " ",
	.bye = "exit",
	.echoes = true,
};

struct fixture {
	struct link *link;
	struct dialog *dialog;
	struct str out;
	struct err e;
};

static int64_t soon(void)
{
	return clock_boot_ms() + SOON_MS;
}

static void begin(struct fixture *f, const char *transcript)
{
	memset(f, 0, sizeof(*f));
	str_init(&f->out, 1 << 20);
	assert_int_equal(replay_parse("test", slice_of(transcript), -1, &f->link, &f->e), 0);
}

static int log_in(struct fixture *f, const struct dialogue *d)
{
	struct channel *c;

	if (f->link->ops->exec(f->link, "vtysh", soon(), &c, &f->e) < 0)
		return -1;
	return dialog_open(c, d, soon(), &f->dialog, &f->e);
}

static int ask_until(struct fixture *f, const char *line, size_t ceiling, int64_t deadline)
{
	struct link_sink sink = link_sink_str(&f->out);

	str_clear(&f->out);
	err_clear(&f->e);
	return dialog_run(f->dialog, line, &sink, ceiling, deadline, &f->e);
}

static int ask(struct fixture *f, const char *line)
{
	return ask_until(f, line, 1 << 20, soon());
}

static void finish(struct fixture *f)
{
	dialog_close(f->dialog);
	f->link->ops->free(f->link);
	str_fini(&f->out);
}

#define BANNER "> vtysh\n| Hello, this is a router.\n| not-a-prompt>\n$ r1# \n"

static void test_answers_without_echo(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, BANNER "> show one\n| first\n| second\n> show two\n| 2\n");
	assert_int_equal(log_in(&f, &quiet_cli), 0);
	assert_string_equal(dialog_prompt(f.dialog), "r1# ");
	assert_int_equal(ask(&f, "show one"), 0);
	assert_string_equal(f.out.p, "first\nsecond\n");
	assert_int_equal(ask(&f, "show two"), 0);
	assert_string_equal(f.out.p, "2\n");
	finish(&f);
}

static void test_answers_with_echo_octet_by_octet(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, BANNER "@ echo\n> show one\n| first\n| r1# is not the end\n| second\n");
	replay_chunk(f.link, 1);
	assert_int_equal(log_in(&f, &echoing_cli), 0);
	assert_int_equal(ask(&f, "show one"), 0);
	assert_string_equal(f.out.p, "first\nr1# is not the end\nsecond\n");
	finish(&f);
}

static void test_mode_changes_keep_the_host(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, BANNER "@ echo\n> configure terminal\n$ r1(config)# \n> router bgp 1\n$ r1(config-router)# \n"
			 "> x\n| r2(config)# \n$ r1(config)# \n> end\n$ r1# \n");
	assert_int_equal(log_in(&f, &echoing_cli), 0);
	assert_int_equal(ask(&f, "configure terminal"), 0);
	assert_int_equal(ask(&f, "router bgp 1"), 0);
	assert_int_equal(ask(&f, "x"), 0);
	assert_string_equal(f.out.p, "r2(config)# \n");
	assert_int_equal(ask(&f, "end"), 0);
	finish(&f);
}

static void test_device_errors_are_its_words(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, BANNER "@ echo\n> bad\n| % Authorization failed\n> good\n| fine\n");
	assert_int_equal(log_in(&f, &echoing_cli), 0);
	assert_int_equal(ask(&f, "bad"), -1);
	assert_int_equal(f.e.code, ERR_DEVICE);
	assert_string_equal(f.e.text, "% Authorization failed");
	assert_string_equal(f.out.p, "% Authorization failed\n");
	assert_false(dialog_broken(f.dialog));
	assert_int_equal(ask(&f, "good"), 0);
	finish(&f);
}

/* Junos and SR OS put a mark below the fault before they say what is wrong: the words are shown, not the mark. */
static void test_words_behind_the_mark(void **state)
{
	static const char *const marks[] = { "^\\s*\\^\\s*$", "^error: ", NULL };
	static const struct dialogue cli = { .prompt = "[\\w.-]+[#>] ?$", .errors = marks, .bye = "exit", .echoes = true };
	struct fixture f;

	(void)state;
	for (size_t step = 1; step <= 64; step += 21) {
		begin(&f, BANNER "@ echo\n> show foo\n|          ^\n| \n| 'foo' is no word of mine\n> bad\n|     ^\n> good\n| fine\n");
		replay_chunk(f.link, step);
		assert_int_equal(log_in(&f, &cli), 0);
		assert_int_equal(ask(&f, "show foo"), -1);
		assert_int_equal(f.e.code, ERR_DEVICE);
		assert_string_equal(f.e.text, "'foo' is no word of mine");
		assert_int_equal(ask(&f, "bad"), -1);
		assert_string_equal(f.e.text, "^");
		assert_int_equal(ask(&f, "good"), 0);
		finish(&f);
	}
}

static void test_pager_is_answered(void **state)
{
	struct fixture f;

	(void)state;
	/* the typed blank is consumed by the next question's line, as a terminal would */
	begin(&f, BANNER "@ echo\n> show long\n| one\n$  --More-- \n@ wait 20\n| \b\b\b\b    \b\b\b\btwo\n$ r1# \n");
	assert_int_equal(log_in(&f, &echoing_cli), 0);
	assert_int_equal(ask(&f, "show long"), 0);
	assert_string_equal(f.out.p, "one\ntwo\n");
	finish(&f);
}

static void test_log_lines_before_the_echo_are_dropped(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "> vtysh\n$ r1# \n> terminal length 0\n| terminal length 0\n$ r1# \n"
		  "> show one\n| \n| %LINK-3-UPDOWN: changed\n| r1# show one\n| answer\n$ r1# \n");
	assert_int_equal(log_in(&f, &echoing_cli), 0);
	assert_int_equal(ask(&f, "show one"), 0);
	assert_string_equal(f.out.p, "answer\n");
	finish(&f);
}

static void test_a_late_prompt_is_not_an_empty_answer(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "> vtysh\n$ r1# \n> terminal length 0\n| terminal length 0\n$ r1# \n"
		  "> show one\n$ r1# \n@ wait 30\n| show one\n| answer\n$ r1# \n");
	assert_int_equal(log_in(&f, &echoing_cli), 0);
	assert_int_equal(ask(&f, "show one"), 0);
	assert_string_equal(f.out.p, "answer\n");
	finish(&f);
}

static void test_an_echo_that_comes_twice(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "> vtysh\n$ r1# \n> terminal length 0\n| terminal length 0\n$ r1# \n"
		  "> show one\n| show one\n$ r1# \n@ wait 10\n| show one\n| answer\n$ r1# \n");
	assert_int_equal(log_in(&f, &echoing_cli), 0);
	assert_int_equal(ask(&f, "show one"), 0);
	assert_string_equal(f.out.p, "answer\n");
	finish(&f);
}

/* A machine under load runs the reader late: what the router said meanwhile is there, as in a socket. */
static void test_a_late_reader_finds_what_came_in_time(void **state)
{
	struct fixture f;
	struct channel *c;
	char buf[16];
	bool is_err;

	(void)state;
	begin(&f, "> vtysh\n$ one\n@ wait 10\n$ two\n@ wait 60000\n$ three\n");
	assert_int_equal(f.link->ops->exec(f.link, "vtysh", soon(), &c, &f.e), 0);
	assert_int_equal(c->link->ops->read(c, buf, 3, &is_err, soon(), &f.e), 3);
	usleep(30000);
	assert_int_equal(c->link->ops->read(c, buf, 3, &is_err, clock_boot_ms(), &f.e), 3);
	assert_memory_equal(buf, "two", 3);
	assert_int_equal(c->link->ops->read(c, buf, 3, &is_err, clock_boot_ms() + 10, &f.e), -1);
	assert_int_equal(f.e.code, ERR_TIMEOUT);
	c->link->ops->close(c);
	f.link->ops->free(f.link);
	str_fini(&f.out);
}

static void test_prompts_that_bracket_the_host(void **state)
{
	static const struct dialogue cli = { .prompt = "(<[^<>\\s]+>|\\[[~*]?[^\\[\\]\\s]+\\]) ?$", .errors = errors,
		.bye = "quit", .echoes = true };
	struct fixture f;

	(void)state;
	begin(&f, "> vtysh\n$ <r1>\n> system-view\n| system-view\n$ [~r1]\n> bgp 1\n| bgp 1\n$ [*r1-bgp]\n"
		  "> return\n| return\n$ <r1>\n");
	assert_int_equal(log_in(&f, &cli), 0);
	assert_int_equal(ask(&f, "system-view"), 0);
	assert_int_equal(ask(&f, "bgp 1"), 0);
	assert_int_equal(ask(&f, "return"), 0);
	finish(&f);
}

static const struct dialogue plain_cli = { .prompt = "[\\w.-]+[#>] ?$", .errors = errors,
	.bye = "exit", .echoes = true };

/* The clock before the host differs every time; the host, which was learned, does not. */
static void test_prompts_that_hold_a_clock(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "> vtysh\n$ 10:31:05 r1#\n> show one\n| show one\n| answer at 10:31:06\n$ 10:31:07 r1#\n"
		  "> show two\n| show two\n| more\n$ 10:32:00 r1#\n");
	assert_int_equal(log_in(&f, &plain_cli), 0);
	assert_int_equal(ask(&f, "show one"), 0);
	assert_string_equal(f.out.p, "answer at 10:31:06\n");
	assert_int_equal(ask(&f, "show two"), 0);
	assert_string_equal(f.out.p, "more\n");
	finish(&f);
}

/* Lines of a banner end as prompts do; what is learned is what stands at the tail when it falls silent. */
static void test_a_banner_that_looks_like_a_prompt(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "> vtysh\n| ####################\n| Property of Example>\n| old-name#\n$ r1#\n> show one\n| show one\n"
		  "| old-name#\n| answer\n$ r1#\n");
	assert_int_equal(log_in(&f, &plain_cli), 0);
	assert_int_equal(ask(&f, "show one"), 0);
	assert_string_equal(f.out.p, "old-name#\nanswer\n");
	finish(&f);
}

static const struct dialogue privileged_cli = { .prompt = "[\\w.-]+[#>] ?$", .errors = errors, .enable = "enable",
	.password_prompt = "[Pp]assword: ?$", .bye = "exit", .echoes = true };

static void test_privileged_mode(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "> vtysh\n$ r1>\n> enable\n| enable\n$ Password: \n> letmein\n| \n$ r1#\n> show one\n| show one\n"
		  "| answer\n$ r1#\n");
	assert_int_equal(log_in(&f, &privileged_cli), 0);
	assert_int_equal(dialog_enable(f.dialog, "letmein", soon(), &f.e), 0);
	assert_int_equal(ask(&f, "show one"), 0);
	assert_string_equal(f.out.p, "answer\n");
	finish(&f);
}

static void test_a_refused_secret(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "> vtysh\n$ r1>\n> enable\n| enable\n$ Password: \n> wrong\n| \n| % Access denied\n$ r1>\n");
	assert_int_equal(log_in(&f, &privileged_cli), 0);
	assert_int_equal(dialog_enable(f.dialog, "wrong", soon(), &f.e), -1);
	assert_int_equal(f.e.code, ERR_AUTH);
	assert_true(dialog_broken(f.dialog));
	finish(&f);
}

static void test_a_secret_asked_for_twice_is_given_once(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "> vtysh\n$ r1>\n> enable\n| enable\n$ Password: \n> wrong\n| \n$ Password: \n> \n$ r1>\n");
	assert_int_equal(log_in(&f, &privileged_cli), 0);
	assert_int_equal(dialog_enable(f.dialog, "wrong", soon(), &f.e), -1);
	assert_int_equal(f.e.code, ERR_AUTH);
	assert_non_null(strstr(f.e.text, "again"));
	finish(&f);
}

static void test_no_secret_for_words_that_only_end_alike(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "> vtysh\n$ r1>\n> enable\n| enable\n$ Send me your Password: \n> letmein\n$ r1#\n");
	assert_int_equal(log_in(&f, &privileged_cli), 0);
	assert_int_equal(dialog_enable(f.dialog, "letmein", clock_boot_ms() + SHORT_MS, &f.e), -1);
	assert_int_equal(f.e.code, ERR_TIMEOUT);
	finish(&f);
}

/* One family of prompts each: what is typed, and which prompt follows. */
static const struct family {
	const char *os, *transcript;
	const char *const asks[5], *const answers[5];
} families[] = {
	{ "ios", "> vtysh\n$ a-very-long-host-name-of-a-router#\n> terminal length 0\n| terminal length 0\n> terminal width 511\n"
	  "| terminal width 511\n> configure terminal\n| configure terminal\n| Enter configuration commands.\n"
	  "$ a-very-long-host-na(config)#\n> router bgp 64500\n| router bgp 64500\n$ a-very-long-host-na(config-router)#\n"
	  "> end\n| end\n$ a-very-long-host-name-of-a-router#\n",
	  { "configure terminal", "router bgp 64500", "end" }, { "Enter configuration commands.\n", "", "" } },
	{ "iosxr", "> vtysh\n$ RP/0/RP0/CPU0:xr1#\n> show x\n| show x\n| Fri Nov 20 20:49:34.123 UTC\n| answer\n> configure\n"
	  "| configure\n| Fri Nov 20 20:49:35.001 UTC\n$ RP/0/RP0/CPU0:xr1(config)#\n> router bgp 64500\n| router bgp 64500\n"
	  "$ RP/0/RP0/CPU0:xr1(config-bgp)#\n> abort\n| abort\n$ RP/0/RP0/CPU0:xr1#\n",
	  { "show x", "configure", "router bgp 64500", "abort" }, { "answer\n", "", "", "" } },
	{ "nxos", "> vtysh\n$ nx1(maint-mode)# \n> configure terminal\n| configure terminal\n$ nx1(maint-mode)(config)# \n> end\n"
	  "| end\n$ nx1(maint-mode)# \n", { "configure terminal", "end" }, { "", "" } },
	{ "junos", "> vtysh\n| {master}\n$ noc@mx1> \n> show x\n| show x\n| one\n| \n| {master}\n$ noc@mx1> \n> configure private\n"
	  "| configure private\n| warning: uncommitted changes will be discarded on exit\n| \n| {master}[edit]\n$ noc@mx1# \n"
	  "> set x\n| set x\n| \n| [edit protocols bgp]\n$ noc@mx1# \n> exit\n| exit\n| Exiting configuration mode\n| \n| {master}\n"
	  "$ noc@mx1> \n", { "show x", "configure private", "set x", "exit" },
	  { "one\n", "warning: uncommitted changes will be discarded on exit\n", "", "Exiting configuration mode\n" } },
	{ "sros", "> vtysh\n| \n| [/]\n$ A:noc@sr1# \n> show x\n| show x\n| one\n| \n| two\n| \n| [/]\n$ A:noc@sr1# \n"
	  "> edit-config private\n| edit-config private\n| INFO: CLI #2070: Entering private configuration mode\n| \n| (pr)[/]\n"
	  "$ A:noc@sr1# \n> configure router \"Base\"\n| configure router \"Base\"\n| \n| *(pr)[/configure router \"Base\"]\n"
	  "$ A:noc@sr1# \n> quit-config\n| quit-config\n| \n| [/]\n$ A:noc@sr1# \n",
	  { "show x", "edit-config private", "configure router \"Base\"", "quit-config" },
	  { "one\n\ntwo\n", "INFO: CLI #2070: Entering private configuration mode\n", "", "" } },
	{ "sros", "> vtysh\n$ *A:sr1# \n> configure router bgp\n| configure router bgp\n$ *A:sr1>config>router>bgp# \n"
	  "> exit all\n| exit all\n$ *A:sr1# \n", { "configure router bgp", "exit all" }, { "", "" } },
	{ "srlinux", "> vtysh\n| --{ running }--[  ]--\n$ A:leaf1# \n> info x\n| info x\n| {\n| }\n| --{ running }--[  ]--\n"
	  "$ A:leaf1# \n> enter candidate private\n| enter candidate private\n| --{ candidate private private-noc }--[  ]--\n"
	  "$ A:leaf1# \n> set x\n| set x\n| --{ * candidate private private-noc }--[  ]--\n$ A:leaf1# \n> discard now\n"
	  "| discard now\n| All changes have been discarded.\n| --{ running }--[  ]--\n$ A:leaf1# \n",
	  { "info x", "enter candidate private", "set x", "discard now" },
	  { "{\n}\n", "", "", "All changes have been discarded.\n" } },
	{ "vrp", "> vtysh\n$ <ne1>\n> system-view\n| system-view\n$ [~ne1]\n> bgp 64500\n| bgp 64500\n$ [*ne1-bgp]\n"
	  "> return\n| return\n$ <ne1>\n", { "system-view", "bgp 64500", "return" }, { "", "", "" } },
	{ "eos", "> vtysh\n$ eos1#\n> configure session noc\n| configure session noc\n$ eos1(config-s-noc)#\n> router bgp 1\n"
	  "| router bgp 1\n$ eos1(config-s-noc-router-bgp)#\n> abort\n| abort\n$ eos1#\n",
	  { "configure session noc", "router bgp 1", "abort" }, { "", "", "" } },
};

static void test_prompts_of_every_family(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		const struct family *fam = &families[i];
		struct dialogue plain = *driver_find(fam->os)->dialogue;
		struct fixture f;

		plain.setup = NULL;
		begin(&f, fam->transcript);
		assert_int_equal(log_in(&f, &plain), 0);
		for (size_t j = 0; j < ARRAY_LEN(fam->asks) && fam->asks[j] != NULL; j++) {
			assert_int_equal(ask(&f, fam->asks[j]), 0);
			assert_string_equal(f.out.p, fam->answers[j]);
		}
		finish(&f);
	}
}

static int act(struct fixture *f, const char *line, const struct dialog_reply *reply, int64_t deadline)
{
	struct link_sink sink = link_sink_str(&f->out);

	str_clear(&f->out);
	err_clear(&f->e);
	return dialog_act(f->dialog, line, reply, &sink, 1 << 20, deadline, &f->e);
}

static void test_enter_only_after_the_echo(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, BANNER "@ keys\n> shutdown\n| done\n");
	replay_chunk(f.link, 1);
	assert_int_equal(log_in(&f, &echoing_cli), 0);
	assert_int_equal(act(&f, "shutdown", NULL, soon()), 0);
	assert_string_equal(f.out.p, "done\n");
	finish(&f);
}

/* This transcript repeats nothing before Enter: what it would then answer must never be asked for. */
static void test_no_enter_without_an_echo(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, BANNER "@ echo\n> shutdown\n| done\n");
	assert_int_equal(log_in(&f, &echoing_cli), 0);
	assert_int_equal(act(&f, "shutdown", NULL, clock_boot_ms() + SHORT_MS), -1);
	assert_non_null(strstr(f.e.text, "Enter was not pressed"));
	assert_string_equal(f.out.p, "");
	assert_true(dialog_broken(f.dialog));
	finish(&f);
}

#define COMMIT BANNER "@ keys\n> commit\n| One or more commits have occurred\n" \
	"$ Do you wish to proceed with this commit anyway? [no]: \n> no\n| nothing was committed\n$ r1# \n" \
	"> yes\n| committed\n$ r1# \n"

static void test_a_question_gets_the_expected_answer(void **state)
{
	static const struct dialog_reply no = { "wish to proceed.*\\[no\\]", "no" };
	struct fixture f;

	(void)state;
	begin(&f, COMMIT);
	assert_int_equal(log_in(&f, &echoing_cli), 0);
	assert_int_equal(act(&f, "commit", &no, soon()), 0);
	assert_non_null(strstr(f.out.p, "One or more commits"));
	assert_non_null(strstr(f.out.p, "nothing was committed\n"));
	finish(&f);
}

static void test_other_questions_are_not_answered(void **state)
{
	static const struct dialog_reply other = { "save first", "yes" };
	const struct dialog_reply *const replies[] = { NULL, &other };
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(replies); i++) {
		begin(&f, COMMIT);
		assert_int_equal(log_in(&f, &echoing_cli), 0);
		assert_int_equal(act(&f, "commit", replies[i], soon()), -1);
		assert_int_equal(f.e.code, ERR_NET);
		assert_non_null(strstr(f.e.text, "wish to proceed"));
		assert_null(strstr(f.out.p, "committed\n"));
		assert_true(dialog_broken(f.dialog));
		finish(&f);
	}
}

static void test_questions_as_routers_put_them(void **state)
{
	static const char *const asked[] = { "Proceed? [confirm]", "Continue? [Y/N]:", "Are you sure (y/n)? ",
		"Uncommitted changes found, commit them before exiting(yes/no/cancel)? [cancel]:", "Discard? [yes,no] (no) ",
		"Do you wish to proceed? [no]: ", "Warning: save first? [y/n]:" };
	struct fixture f;
	struct str t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
		str_init(&t, 0);
		str_addf(&t, BANNER "@ echo\n> clear\n$ %s\n", asked[i]);
		begin(&f, t.p);
		assert_int_equal(log_in(&f, &echoing_cli), 0);
		assert_int_equal(ask(&f, "clear"), -1);
		if (f.e.code != ERR_NET)
			fail_msg("not seen as a question: %s (%s)", asked[i], f.e.text);
		finish(&f);
		str_fini(&t);
	}
}

static void test_a_question_at_login_is_for_people(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "> vtysh\n| Your password is old.\n$ Change now? [Y/N]:\n");
	assert_int_equal(log_in(&f, &echoing_cli), -1);
	assert_int_equal(f.e.code, ERR_NET);
	assert_non_null(strstr(f.e.text, "Change now"));
	f.link->ops->free(f.link);
	str_fini(&f.out);
}

static void test_echo_shortened_by_readline(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "> vtysh\n$ r1# \n> terminal length 0\n| terminal length 0\n$ r1# \n"
		  "> a long question of which only the tail is shown on eighty columns\n"
		  "| r1# \r<tail is shown on eighty columns\n| answer\n$ r1# \n");
	assert_int_equal(log_in(&f, &echoing_cli), 0);
	assert_int_equal(ask(&f, "a long question of which only the tail is shown on eighty columns"), 0);
	assert_string_equal(f.out.p, "answer\n");
	finish(&f);
}

static void test_answer_without_a_line_end(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, BANNER "> show\n$ no line end r1# \n");
	assert_int_equal(log_in(&f, &quiet_cli), 0);
	assert_int_equal(ask(&f, "show"), 0);
	assert_string_equal(f.out.p, "no line end ");
	finish(&f);
}

static void test_silence_ends_at_the_deadline(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, BANNER "@ echo\n> show\n| half\n@ hang\n");
	assert_int_equal(log_in(&f, &echoing_cli), 0);
	assert_int_equal(ask_until(&f, "show", 1000, clock_boot_ms() + SHORT_MS), -1);
	assert_int_equal(f.e.code, ERR_TIMEOUT);
	assert_true(dialog_broken(f.dialog));
	assert_int_equal(ask(&f, "show"), -1);
	finish(&f);
}

static void test_a_changed_prompt_is_no_end(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, BANNER "@ echo\n> show\n| half\n$ other# \n");
	assert_int_equal(log_in(&f, &echoing_cli), 0);
	assert_int_equal(ask_until(&f, "show", 1000, clock_boot_ms() + SHORT_MS), -1);
	assert_int_equal(f.e.code, ERR_TIMEOUT);
	finish(&f);
}

static void test_no_prompt_at_login(void **state)
{
	struct fixture f;
	struct channel *c;

	(void)state;
	begin(&f, "> vtysh\n| Welcome\n@ hang\n");
	assert_int_equal(f.link->ops->exec(f.link, "vtysh", soon(), &c, &f.e), 0);
	assert_int_equal(dialog_open(c, &quiet_cli, clock_boot_ms() + SHORT_MS, &f.dialog, &f.e), -1);
	assert_int_equal(f.e.code, ERR_TIMEOUT);
	finish(&f);
}

static void test_cli_that_ends_says_its_last_words(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "> vtysh\n! sudo: a password is required\n@ exit 1\n");
	assert_int_equal(log_in(&f, &quiet_cli), -1);
	assert_int_equal(f.e.code, ERR_NET);
	assert_non_null(strstr(f.e.text, "a password is required"));
	finish(&f);
}

static int count_octets(void *ctx, const char *p, size_t n, struct err *e)
{
	(void)p;
	(void)e;
	*(size_t *)ctx += n;
	return 0;
}

static void test_a_hundred_megabytes(void **state)
{
	size_t taken = 0;
	struct link_sink sink = { count_octets, &taken };
	struct fixture f;

	(void)state;
	begin(&f, BANNER "@ echo\n> show\n@ repeat 2000000 ..................................................\n");
	assert_int_equal(log_in(&f, &echoing_cli), 0);
	assert_int_equal(dialog_run(f.dialog, "show", &sink, 1 << 20, soon(), &f.e), -1);
	assert_int_equal(f.e.code, ERR_LIMIT);
	assert_true(taken <= 1 << 20);
	assert_true(dialog_broken(f.dialog));
	finish(&f);
}

static void test_one_endless_line(void **state)
{
	struct fixture f;
	struct str t;

	(void)state;
	str_init(&t, 1 << 20);
	str_puts(&t, BANNER "> show\n| ");
	for (int i = 0; i < 300000; i++)
		str_putc(&t, 'x');
	str_puts(&t, "\n");
	begin(&f, t.p);
	assert_int_equal(log_in(&f, &quiet_cli), 0);
	assert_int_equal(ask(&f, "show"), 0);
	assert_int_equal(f.out.len, 300001);
	str_fini(&t);
	finish(&f);
}

/* Whatever the octet after which the line is cut, there is an error in words and never a short answer. */
static void test_cut_at_every_octet(void **state)
{
	static const char transcript[] = BANNER "@ echo\n> show one\n| first\n| second\n";
	struct fixture f;
	size_t n = 0;
	int rc;

	(void)state;
	do {
		begin(&f, transcript);
		replay_cut_after(f.link, n);
		rc = log_in(&f, &echoing_cli);
		if (rc == 0)
			rc = ask(&f, "show one");
		if (rc < 0) {
			assert_int_equal(f.e.code, ERR_NET);
			assert_true(f.e.text[0] != '\0');
		} else {
			assert_string_equal(f.out.p, "first\nsecond\n");
		}
		finish(&f);
		n++;
	} while (rc < 0 && n < 1000);
	assert_int_equal(rc, 0);
	assert_true(n > sizeof(transcript) / 2);
}

static void test_cancelled_while_waiting(void **state)
{
	struct fixture f;
	int fd = eventfd(0, EFD_CLOEXEC);

	(void)state;
	begin(&f, BANNER "> show\n@ hang\n");
	assert_int_equal(log_in(&f, &quiet_cli), 0);
	f.link->cancel_fd = fd;
	eventfd_write(fd, 1);
	assert_int_equal(ask_until(&f, "show", 1000, INT64_MAX), -1);
	assert_int_equal(f.e.code, ERR_CANCELLED);
	finish(&f);
	close(fd);
}

static void test_lines_that_no_cli_may_get(void **state)
{
	static const char *const bad[] = { "show\tx", "a\nb", "neighbor ?", "x\003", NULL };
	struct fixture f;

	(void)state;
	begin(&f, BANNER);
	assert_int_equal(log_in(&f, &quiet_cli), 0);
	for (size_t i = 0; bad[i] != NULL; i++) {
		assert_int_equal(ask(&f, bad[i]), -1);
		assert_int_equal(f.e.code, ERR_USAGE);
	}
	assert_false(dialog_broken(f.dialog));
	finish(&f);
}

static void test_terminal_controls_are_removed(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, BANNER "> show\n| \033[1mbold\033[0m\033[K\r\n");
	replay_chunk(f.link, 3);
	assert_int_equal(log_in(&f, &quiet_cli), 0);
	assert_int_equal(ask(&f, "show"), 0);
	assert_string_equal(f.out.p, "bold\n");
	finish(&f);
}

static void test_transcripts_with_errors(void **state)
{
	static const char *const bad[] = { "hello\n", "@ dance\n", "@ wait\n", "@ repeat x y\n", NULL };
	struct err e;
	struct link *l;

	(void)state;
	for (size_t i = 0; bad[i] != NULL; i++) {
		err_clear(&e);
		assert_int_equal(replay_parse("t", slice_of(bad[i]), -1, &l, &e), -1);
		assert_int_equal(e.code, ERR_PARSE);
		assert_non_null(strstr(e.text, "t:1"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers_without_echo),
		cmocka_unit_test(test_answers_with_echo_octet_by_octet),
		cmocka_unit_test(test_mode_changes_keep_the_host),
		cmocka_unit_test(test_device_errors_are_its_words),
		cmocka_unit_test(test_words_behind_the_mark),
		cmocka_unit_test(test_pager_is_answered),
		cmocka_unit_test(test_log_lines_before_the_echo_are_dropped),
		cmocka_unit_test(test_a_late_prompt_is_not_an_empty_answer),
		cmocka_unit_test(test_an_echo_that_comes_twice),
		cmocka_unit_test(test_a_late_reader_finds_what_came_in_time),
		cmocka_unit_test(test_prompts_that_bracket_the_host),
		cmocka_unit_test(test_prompts_that_hold_a_clock),
		cmocka_unit_test(test_a_banner_that_looks_like_a_prompt),
		cmocka_unit_test(test_privileged_mode),
		cmocka_unit_test(test_a_refused_secret),
		cmocka_unit_test(test_a_secret_asked_for_twice_is_given_once),
		cmocka_unit_test(test_no_secret_for_words_that_only_end_alike),
		cmocka_unit_test(test_prompts_of_every_family),
		cmocka_unit_test(test_enter_only_after_the_echo),
		cmocka_unit_test(test_no_enter_without_an_echo),
		cmocka_unit_test(test_a_question_gets_the_expected_answer),
		cmocka_unit_test(test_other_questions_are_not_answered),
		cmocka_unit_test(test_questions_as_routers_put_them),
		cmocka_unit_test(test_a_question_at_login_is_for_people),
		cmocka_unit_test(test_echo_shortened_by_readline),
		cmocka_unit_test(test_answer_without_a_line_end),
		cmocka_unit_test(test_silence_ends_at_the_deadline),
		cmocka_unit_test(test_a_changed_prompt_is_no_end),
		cmocka_unit_test(test_no_prompt_at_login),
		cmocka_unit_test(test_cli_that_ends_says_its_last_words),
		cmocka_unit_test(test_a_hundred_megabytes),
		cmocka_unit_test(test_one_endless_line),
		cmocka_unit_test(test_cut_at_every_octet),
		cmocka_unit_test(test_cancelled_while_waiting),
		cmocka_unit_test(test_lines_that_no_cli_may_get),
		cmocka_unit_test(test_terminal_controls_are_removed),
		cmocka_unit_test(test_transcripts_with_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
