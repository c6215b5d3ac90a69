/* Expanding macros on a real socket: what is right, and every way in which a server can be wrong. */
#include "backends/sources/irr.h"
#include "backends/sources/irr_wire.h"
#include "core/model/answers.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "tests/unit/spawned.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/eventfd.h>
#include <cmocka.h>

static const char database[] =
    "{\"sources\": {"
    "\"RADB\": {\"sets\": {\"AS-TOP\": [\"AS64501\", \"AS-SUB\", \"AS-NOWHERE\"], \"AS-SUB\": [\"AS64502\", \"AS-TOP\"],"
    " \"AS-EMPTY\": [], \"AS-ROUTELESS\": [\"AS64590\"], \"AS64500:AS-CUST\": [\"AS64502\"], \"AS-TWENTY\": [\"AS64999\"],"
    " \"AS-BOTH\": [\"AS64501\"], \"RS-ROUTES\": [\"203.0.113.0/24\"]},"
    " \"routes\": {\"64501\": [\"192.0.2.0/24\", \"198.51.100.0/24\"], \"64502\": [\"203.0.113.0/25\", \"2001:db8:2::/48\"]}},"
    "\"TC\": {\"sets\": {\"AS-BOTH\": [\"AS64502\"], \"AS-ONLYTC\": [\"AS64503\"]},"
    " \"routes\": {\"64503\": [\"100.64.0.0/10\"], \"64501\": [\"198.18.0.0/15\"]}}}}";

static struct spawned server;
static struct irr_conf conf;
static char dir[64];

static int start(void **state)
{
	char path[96];
	FILE *f;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/peerdeck-irr-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/irr.json", dir);
	f = fopen(path, "w");
	if (f == NULL)
		return -1;
	fputs(database, f);
	fclose(f);
	if (spawned_start(&server, "tests/data/irr_server.py", path) < 0)
		return -1;
	conf = (struct irr_conf){ .host = "127.0.0.1", .port = server.port, .timeout_s = 1, .refresh_s = 86400 };
	return 0;
}

static int stop(void **state)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	(void)state;
	spawned_stop(&server);
	while (d != NULL && (entry = readdir(d)) != NULL)
		unlinkat(dirfd(d), entry->d_name, 0);
	if (d != NULL)
		closedir(d);
	return rmdir(dir);
}

static void expect(const char *macros, const char *sources, size_t v4, size_t v6, size_t origins)
{
	struct err e = ERR_INIT;
	struct irr_expansion *x = irr_expand(&conf, macros, sources, -1, &e);

	if (x == NULL)
		fail_msg("%s: %s", macros, e.text);
	assert_int_equal(prefixset_count(x->v4), v4);
	assert_int_equal(prefixset_count(x->v6), v6);
	assert_int_equal(x->origins, origins);
	irr_expansion_free(x);
}

static void refused(const char *macros, const char *sources, enum err_code code, const char *words)
{
	struct err e = ERR_INIT;
	struct irr_expansion *x = irr_expand(&conf, macros, sources, -1, &e);

	if (x != NULL)
		fail_msg("%s: was taken", macros);
	if (e.code != code || strstr(e.text, words) == NULL)
		fail_msg("%s: %d %s", macros, (int)e.code, e.text);
	assert_int_equal(strncmp(e.text, "IRR: ", 5), 0);
	assert_null(strchr(e.text, '\x1b'));
}

static void macros_become_prefixes(void **state)
{
	(void)state;
	expect("AS-TOP", "RADB", 3, 1, 2);
	expect("AS-TOP", NULL, 4, 1, 2); /* the server's own order: both registries' route objects */
	expect("as-sub", "RADB", 3, 1, 2);
	expect("AS64502", "RADB", 1, 1, 1);
	expect("AS64500:AS-CUST", "RADB", 1, 1, 1);
	expect("RADB::AS-TOP, TC::AS-ONLYTC", "RADB,TC", 5, 1, 3);
	expect("TC::AS-BOTH", "RADB", 1, 1, 1);
	expect("TC::AS-BOTH AS-BOTH", "RADB", 3, 1, 2);
	expect("TC::AS-BOTH AS-BOTH", NULL, 4, 1, 2);
	expect("RS-ROUTES", "RADB", 1, 0, 0);
}

static void what_is_no_macro_is_not_sent(void **state)
{
	(void)state;
	refused("", NULL, ERR_USAGE, "no macro");
	refused("  ,, ", NULL, ERR_USAGE, "no macro");
	refused("AS-TOP !sTC", NULL, ERR_USAGE, "\"!sTC\"");
	refused("AS-TOP\\n!q", NULL, ERR_USAGE, "no as-set");
	refused("http://example.net/", NULL, ERR_USAGE, "no as-set");
	refused("FOO", NULL, ERR_USAGE, "\"FOO\"");
	refused("64501", NULL, ERR_USAGE, "\"64501\"");
	refused("AS0", NULL, ERR_USAGE, "AS0");
	refused("R DB::AS-TOP", NULL, ERR_USAGE, "\"R\"");
	refused("R!::AS-TOP", NULL, ERR_USAGE, "AS-TOP");
}

static void faults_are_told_apart(void **state)
{
	(void)state;
	refused("AS-D", NULL, ERR_DEVICE, "AS-D is not known");
	refused("AS-MISSING", "RADB", ERR_DEVICE, "not known at RADB");
	refused("AS-E", NULL, ERR_DEVICE, "several");
	refused("AS-F", NULL, ERR_DEVICE, "being");
	refused("AS-STALL", NULL, ERR_TIMEOUT, "no answer for 1 s");
	refused("AS-SHORT", NULL, ERR_PARSE, "length");
	refused("AS-LONG", NULL, ERR_PARSE, "is no member"); /* what comes behind is no data */
	refused("AS-CLOSE", NULL, ERR_NET, "closed");
	refused("AS-GARBAGE", NULL, ERR_PARSE, "no answer of an IRR server");
	refused("AS-NOEND", NULL, ERR_PARSE, "length");
	refused("AS-HTML", NULL, ERR_PARSE, "<html>");
	refused("AS-HUGE", NULL, ERR_LIMIT, "99999999999");
	refused("AS-TOP", "NOSUCH", ERR_DEVICE, "unavailable");
	refused("AS-ROUTELESS", NULL, ERR_DEVICE, "no route object");
	refused("AS-EMPTY", NULL, ERR_DEVICE, "no route object");
}

/* It announces nothing that anybody has registered: that is an answer. */
static void an_as_number_without_route_objects_has_none(void **state)
{
	struct err e = ERR_INIT;
	struct irr_expansion *x = irr_expand(&conf, "AS64590", NULL, -1, &e);

	(void)state;
	assert_non_null(x);
	assert_int_equal(prefixset_count(x->v4) + prefixset_count(x->v6), 0);
	irr_expansion_free(x);
}

static void twenty_megabytes_pass(void **state)
{
	struct err e = ERR_INIT;
	struct irr_conf patient = conf;
	struct irr_expansion *x;

	(void)state;
	patient.timeout_s = 30;
	x = irr_expand(&patient, "AS64999", NULL, -1, &e);
	if (x == NULL)
		fail_msg("%s", e.text);
	assert_true(prefixset_count(x->v4) > 1000000);
	irr_expansion_free(x);
}

static void nobody_there(void **state)
{
	struct irr_conf gone = conf;
	struct err e = ERR_INIT;

	(void)state;
	gone.port = 1;
	assert_null(irr_expand(&gone, "AS-TOP", NULL, -1, &e));
	assert_int_equal(e.code, ERR_NET);
	assert_non_null(strstr(e.text, "127.0.0.1 port 1"));
}

static void a_stall_can_be_cancelled(void **state)
{
	int fd = eventfd(1, 0);
	struct irr_conf patient = conf;
	struct err e = ERR_INIT;
	int64_t start_ms = clock_boot_ms();

	(void)state;
	patient.timeout_s = 60;
	assert_null(irr_expand(&patient, "AS-STALL", NULL, fd, &e));
	assert_int_equal(e.code, ERR_CANCELLED);
	assert_true(clock_boot_ms() - start_ms < 10000);
	close(fd);
}

/* Each source has a time of its own: what one forgets is not another's. */
static void a_source_forgets_its_own_only(void **state)
{
	char folder[] = "/tmp/peerdeck-answers-XXXXXX", path[80];
	int64_t at;
	struct str body;
	struct answers *a;

	(void)state;
	assert_non_null(mkdtemp(folder));
	a = answers_open(folder);
	str_init(&body, 0);
	assert_true(answers_put(a, "one", "key", 1000, SLICE("old")));
	assert_true(answers_put(a, "one", "other", 3000, SLICE("new")));
	assert_true(answers_put(a, "two", "key", 1000, SLICE("old too")));
	answers_forget(a, "one", 2000);
	assert_false(answers_get(a, "one", "key", &at, &body));
	assert_true(answers_get(a, "one", "other", &at, &body));
	assert_true(answers_get(a, "two", "key", &at, &body));
	answers_close(a);
	str_fini(&body);
	snprintf(path, sizeof(path), "%s/answers.db", folder);
	unlink(path);
	rmdir(folder);
}

static void answers_outlive_a_run(void **state)
{
	char key[KEEPER_KEY_MAX + 1], file[100];
	struct kept_view v;
	struct keeper *k;
	struct irr_conf gone = conf;

	(void)state;
	irr_key(key, "AS-TOP", "RADB");
	for (int run = 0; run < 2; run++) {
		const struct irr_expansion *x;

		gone.port = run == 0 ? conf.port : 1; /* the second finds nobody, and needs nobody */
		k = irr_keeper(&gone, dir, NULL);
		keeper_want_also(k, key);
		assert_true(keeper_settled(k, clock_boot_ms() + 10000));
		assert_true(keeper_get(k, key, &v));
		if (v.hold == NULL)
			fail_msg("run %d: %s", run, v.err.text);
		x = v.answer;
		assert_int_equal(prefixset_count(x->v4), 3);
		assert_int_equal(prefixset_count(x->v6), 1);
		assert_int_equal(x->origins, 2);
		keeper_release(v.hold);
		keeper_stop(k);
	}
	/* A damaged file is no answer: asked again, and kept in a new one. */
	snprintf(file, sizeof(file), "%s/answers.db", dir);
	assert_int_equal(truncate(file, 0), 0);
	{
		int fd = open(file, O_WRONLY);

		for (int i = 0; i < 200; i++)
			assert_int_equal(write(fd, "garbage instead of a database\n", 30), 30);
		close(fd);
	}
	k = irr_keeper(&conf, dir, NULL);
	keeper_want_also(k, key);
	assert_true(keeper_settled(k, clock_boot_ms() + 10000));
	assert_true(keeper_get(k, key, &v) && v.hold != NULL);
	keeper_release(v.hold);
	keeper_stop(k);
}

static void macros_are_parted(void **state)
{
	struct slice rest = SLICE("RADB::AS-ONE  AS-TWO,RIPE::AS64500:AS-THREE"), source, macro;

	(void)state;
	assert_true(irr_macro_next(&rest, &source, &macro) && slice_eq(source, "RADB") && slice_eq(macro, "AS-ONE"));
	assert_true(irr_macro_next(&rest, &source, &macro) && source.len == 0 && slice_eq(macro, "AS-TWO"));
	assert_true(irr_macro_next(&rest, &source, &macro) && slice_eq(source, "RIPE") && slice_eq(macro, "AS64500:AS-THREE"));
	assert_false(irr_macro_next(&rest, &source, &macro));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(macros_become_prefixes),
		cmocka_unit_test(what_is_no_macro_is_not_sent),
		cmocka_unit_test(faults_are_told_apart),
		cmocka_unit_test(an_as_number_without_route_objects_has_none),
		cmocka_unit_test(twenty_megabytes_pass),
		cmocka_unit_test(nobody_there),
		cmocka_unit_test(a_stall_can_be_cancelled),
		cmocka_unit_test(a_source_forgets_its_own_only),
		cmocka_unit_test(answers_outlive_a_run),
		cmocka_unit_test(macros_are_parted),
	};

	const struct CMUnitTest older[] = {
		cmocka_unit_test(macros_become_prefixes),
		cmocka_unit_test(faults_are_told_apart),
	};
	int failed = cmocka_run_group_tests(tests, start, stop);

	/* An older server, which does not know !a: the same sets come by another way. */
	setenv("IRR_NO_WHOLE", "1", 1);
	return failed + cmocka_run_group_tests(older, start, stop);
}
