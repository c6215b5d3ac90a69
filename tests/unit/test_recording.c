/* Recordings: written without secrets, read back whatever is in them, and played in their time. */
#include "app/replaying.h"
#include "backends/link/player.h"
#include "backends/link/question.h"
#include "backends/link/recorder.h"
#include "backends/link/recording.h"
#include "core/base/clock.h"
#include "core/model/driver.h"

#include <dirent.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define FIRST "@ recording 2 local-as 64500 peerdeck test\n"
#define LOOK(AT) "@ look 2026-11-20T03:12:" AT ".000Z r1 gobgp poll\n"
#define END(AT) "@ end 2026-11-20T03:12:" AT ".500Z\n"
#define VERSION "> env PATH=\"$PATH\":/usr/sbin:/sbin gobgp --version\n| gobgp version 3.10.0\n@ done 2026-11-20T03:12:45.100Z\n"
#define PEER(AT, STATE) "> env PATH=\"$PATH\":/usr/sbin:/sbin gobgp -j neighbor\n" \
	"| [{\"conf\":{\"neighbor_address\":\"192.0.2.1\",\"peer_asn\":64501},\"state\":{\"session_state\":" STATE "," \
	"\"neighbor_address\":\"192.0.2.1\",\"peer_asn\":64501},\"afi_safis\":[{\"config\":{\"family\":{\"afi\":1,\"safi\":1}," \
	"\"enabled\":true},\"state\":{\"received\":3,\"accepted\":3}}]}]\n@ done 2026-11-20T03:12:" AT ".200Z\n" \
	"> env PATH=\"$PATH\":/usr/sbin:/sbin gobgp neighbor\n| Peer       AS Up/Down State       |#Received  Accepted\n" \
	"| 192.0.2.1 64501 00:10:00 Establ      |        3         3\n@ done 2026-11-20T03:12:" AT ".300Z\n"
#define WHOLE FIRST LOOK("45") VERSION PEER("45", "6") END("45") LOOK("55") PEER("55", "1") END("55") \
	"@ link 2026-11-20T03:12:58.000Z r1 gobgp waiting network connection lost\n"

static struct recording *parsed(const char *text)
{
	struct recording *r = NULL;
	struct err e = ERR_INIT;

	if (recording_parse("f", slice_of(text), &r, &e) < 0)
		fail_msg("%s", e.text);
	return r;
}

static void refused(const char *text, const char *words)
{
	struct recording *r = NULL;
	struct err e = ERR_INIT;

	assert_int_equal(recording_parse("f", slice_of(text), &r, &e), -1);
	if (strstr(e.text, words) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", words, e.text);
}

static void test_what_is_in_a_file(void **state)
{
	struct recording *r = parsed(WHOLE);

	(void)state;
	assert_int_equal(r->router_count, 1);
	assert_string_equal(r->routers[0].name, "r1");
	assert_int_equal(r->local_as, 64500);
	assert_int_equal(r->count, 3);
	assert_int_equal(r->looks[1].end_ms - r->looks[0].end_ms, 10000);
	assert_int_equal(r->looks[2].kind, LOOK_LINK);
	assert_string_equal(r->looks[2].words, "connection lost");
	assert_int_equal(r->cut, 0);
	recording_free(r);
}

static void test_faults_name_file_and_line(void **state)
{
	(void)state;
	refused("", "f:0: a recording begins");
	refused("> show version\n", "f:1: a recording begins");
	refused("@ recording 3\n", "f:1: version 3");
	refused("@ recording x\n", "f:1: no version");
	refused(FIRST LOOK("45") "what\n" END("45"), "f:3: not a line of a recording");
	refused(FIRST LOOK("45") "@ nonsense\n" END("45"), "f:3: not a line of a recording");
	refused(FIRST END("45") LOOK("50") END("51"), "f:2: the end of a look that has not begun");
	refused(FIRST "@ look yesterday r1 gobgp poll\n" END("45"), "f:2: wanted: @ look");
	refused(FIRST "@ look 2026-11-20T03:12:45.000Z ../r1 gobgp poll\n" END("45"), "f:2: wanted: @ look");
	refused(FIRST LOOK("45") END("45") "@ look 2026-11-20T03:12:55.000Z r1 bird poll\n" END("56"), "f:4: the router was of another OS");
	refused(FIRST LOOK("45") "@ end 2026-11-20T03:12:45Z nosuch words\n" END("56"), "f:3: an unknown word");
	refused(FIRST, "no whole look");
	refused(FIRST LOOK("45"), "only one that is cut");
}

/* Cut at any octet: no fault, and never more looks than before; only within the first line nothing is a recording. */
static void test_a_cut_tail_is_told(void **state)
{
	static const char whole[] = WHOLE;
	size_t first = strlen(FIRST LOOK("45") VERSION PEER("45", "6") END("45"));

	(void)state;
	for (size_t n = first; n < strlen(whole); n++) {
		char *text = mem_strndup(whole, n);
		struct recording *r = parsed(text);
		bool between = text[n - 1] == '\n' && (strncmp(&whole[n], "@ look", 6) == 0 || strncmp(&whole[n], "@ link", 6) == 0);

		assert_in_range(r->count, 1, 2);
		if (r->cut != (between ? 0u : 1u))
			fail_msg("cut at %zu: %zu told", n, r->cut);
		recording_free(r);
		free(text);
	}
}

/* Somebody went on with a file that was cut in the middle of a line. */
static void test_a_cut_in_the_middle(void **state)
{
	struct recording *r = parsed(FIRST LOOK("45") VERSION "@ don\n" WHOLE);

	(void)state;
	assert_int_equal(r->count, 3);
	assert_int_equal(r->cut, 1);
	recording_free(r);
}

static void test_answers_of_a_look(void **state)
{
	struct recording *r = parsed(FIRST LOOK("45") "> one\n| a\n| \n@ done 2026-11-20T03:12:45.100Z\n> two\n! no such\n"
		"@ not 2026-11-20T03:12:45.200Z device no such thing\n> one\n" END("45"));
	struct answer_walk w = { 0 };
	struct str text, answer;
	struct answer a;
	struct err e = ERR_INIT;

	(void)state;
	str_init(&text, 1 << 20);
	str_init(&answer, 1 << 20);
	assert_int_equal(recording_text(r, &r->looks[0], &text, &e), 0);
	w.rest = str_slice(&text);
	assert_true(recording_answer(&w, &a, &answer));
	assert_string_equal(answer.p, "a\n\n");
	assert_int_equal(a.code, ERR_NONE);
	assert_int_equal(a.at_ms - r->looks[0].begin_ms, 100);
	assert_true(recording_answer(&w, &a, &answer));
	assert_int_equal(a.code, ERR_DEVICE);
	assert_int_equal(a.words.len, strlen("no such thing"));
	assert_true(recording_answer(&w, &a, &answer));
	assert_false(a.told);
	assert_false(recording_answer(&w, &a, &answer));
	str_fini(&text);
	str_fini(&answer);
	recording_free(r);
}

/* Transcripts that were written before recordings had a version. */
static void test_version_one(void **state)
{
	struct recording *r = parsed("# peerdeck transcript: os frr, router r7, peerdeck 0.9\n"
		"# 2026-11-20T03:12:45Z begun; passwords, keys and communities of SNMP are taken out\n"
		"> env PATH=\"$PATH\":/usr/sbin:/sbin vtysh\n$ r1# \n@ echo\n> terminal length 0\n"
		"# 2026-11-20T03:12:46Z poll 1, version: 20 octets in 3 ms\n> show version\n| FRRouting 8.4.4 (r1).\n"
		"# 2026-11-20T03:12:47Z poll 1, summary: 20 octets in 3 ms\n> show bgp vrf all summary json\n| {}\n"
		"# poll 1: 1 of 1 rows read, 1 sessions\n"
		"# 2026-11-20T03:12:57Z poll 2, version: 20 octets in 3 ms\n> show version\n| FRR\n");

	(void)state;
	assert_int_equal(r->count, 1);
	assert_int_equal(r->cut, 1);
	assert_string_equal(r->routers[0].name, "r7");
	assert_int_equal(r->looks[0].end_ms - r->looks[0].begin_ms, 1000);
	recording_free(r);
}

/* Any octets in answers and words: none of them becomes a line of its own, a NUL does not end it, words are safe to draw. */
static void test_hostile_octets(void **state)
{
	static const char answer[] = "a\0b\r\n@ end 2026-11-20T03:12:45.000Z\n> x\n\033]0;owned\007\xff\xfe\n";
	const struct err why = { ERR_DEVICE, "\033[2Jbad\nlines\x9b" };
	struct recording *r;
	struct str out, text, got;
	struct answer_walk w = { 0 };
	struct answer a;
	struct err e = ERR_INIT;

	(void)state;
	str_init(&out, 1 << 20);
	str_init(&text, 1 << 20);
	str_init(&got, 1 << 20);
	clock_hold(1795144365000);
	recording_put_first(&out, 64500);
	recording_put_look(&out, "r1", "frr", "poll");
	recording_put_answer(&out, "q", (struct slice){ answer, sizeof(answer) - 1 }, NULL);
	recording_put_end(&out, &why);
	clock_real();
	assert_int_equal(recording_parse("f", str_slice(&out), &r, &e), 0);
	assert_int_equal(r->count, 1);
	assert_null(strchr(r->looks[0].words, '\033'));
	assert_null(strchr(r->looks[0].words, '\x9b'));
	assert_int_equal(recording_text(r, &r->looks[0], &text, &e), 0);
	w.rest = str_slice(&text);
	assert_true(recording_answer(&w, &a, &got));
	assert_int_equal(got.len, sizeof(answer) - 1 - 1); /* the CR before the line end */
	assert_memory_equal(got.p, "a\0b\n@ end", 9);
	assert_false(recording_answer(&w, &a, &got));
	recording_free(r);
	str_fini(&out);
	str_fini(&text);
	str_fini(&got);
}

/* ---- writing ---- */

static char *temp_folder(void)
{
	char *dir = mem_strdup("/tmp/peerdeck-test-XXXXXX");

	assert_non_null(mkdtemp(dir));
	return dir;
}

static char *slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "re");
	char *text = mem_calloc(1, 1 << 20);

	assert_non_null(f);
	*n = fread(text, 1, (1 << 20) - 1, f);
	fclose(f);
	return text;
}

static const char *const secrets[] = {
	" neighbor 192.0.2.1 password HUSH", " neighbor 192.0.2.1 password 7 HUSH", "enable secret 9 $9$HUSH",
	"snmp-server community HUSH RO", "set snmp community HUSH authorization read-only",
	"authentication-key \"$9$HUSH\"; ## SECRET-DATA", "peer 192.0.2.1 password cipher %^%#HUSH%^%#",
	"{\"auth_password\":\"HUSH\",\"x\":1}", "<authentication-key>HUSH</authentication-key>", " 0 E tcp-md5-key=\"HUSH\"",
	"tcp md5sig key ascii HUSH", "  key-string HUSH",
};

/* Of every OS, in answers and in the words of errors. */
static void test_no_secret_is_written(void **state)
{
	char *dir = temp_folder(), *path = mem_printf("%s/r", dir), *text;
	const struct recorder_way way = { .file = path, .local_as = 64500 };
	const struct err why = { ERR_DEVICE, "refused: password HUSH" };
	struct recorder *rec = recorder_new();
	struct err e = ERR_INIT;
	size_t n, os = 0;

	(void)state;
	assert_int_equal(recorder_start(rec, &way, &e), 0);
	for (const struct driver *const *d = driver_all(); *d != NULL; d++, os++) {
		struct take t;

		take_init(&t, rec, "r1", *d);
		assert_true(take_begin(&t, "poll"));
		for (size_t i = 0; i < ARRAY_LEN(secrets); i++)
			t.ear.heard(t.ear.ctx, "show it", slice_of(secrets[i]), 0, NULL);
		t.ear.heard(t.ear.ctx, "show it", slice_of(""), 0, &why);
		t.ear.heard(t.ear.ctx, "long", slice_of("x"), 99, NULL);
		take_end(&t, &why);
		take_link(&t, LINK_WAITING, &why);
		take_fini(&t);
	}
	recorder_free(rec);
	text = slurp(path, &n);
	assert_null(strstr(text, "HUSH"));
	assert_true(os > 10);
	assert_non_null(strstr(text, "limit the answer of 100 octets was too long to be kept"));
	free(text);
	unlink(path);
	rmdir(dir);
	free(path);
	free(dir);
}

/* A folder keeps within its size, the newest stays, and each of its files can be read alone. */
static void test_a_folder_is_bounded(void **state)
{
	char *dir = temp_folder();
	const struct recorder_way way = { .folder = dir, .most = 80000, .local_as = 64500 };
	struct recorder *rec = recorder_new();
	struct recorder_state st;
	struct recording *r = NULL;
	uint64_t sum = 0;
	struct err e = ERR_INIT;
	struct dirent *d;
	size_t files = 0, firsts = 0;
	struct take t;
	DIR *all;

	(void)state;
	assert_int_equal(recorder_start(rec, &way, &e), 0);
	take_init(&t, rec, "r1", driver_find("gobgp"));
	for (int i = 0; i < 300; i++) {
		char answer[1001];

		memset(answer, 'x', 1000);
		answer[1000] = '\0';
		firsts += take_begin(&t, "poll");
		t.ear.heard(t.ear.ctx, "q", slice_of(answer), 0, NULL);
		take_end(&t, NULL);
		usleep(2000); /* files are named after milliseconds */
	}
	recorder_state(rec, &st);
	assert_true(st.on);
	assert_int_equal(access(st.path, R_OK), 0);
	all = opendir(dir);
	while ((d = readdir(all)) != NULL) {
		char *path = mem_printf("%s/%s", dir, d->d_name);
		struct stat s;

		if (d->d_name[0] != '.' && stat(path, &s) == 0) {
			sum += (uint64_t)s.st_size;
			files++;
		}
		free(path);
	}
	closedir(all);
	assert_in_range(sum, 40000, 80000 + 11000);
	assert_in_range(files, 4, 10);
	assert_in_range(firsts, 20, 40); /* everything is asked anew for each file */
	assert_int_equal(recording_open((const char *const[]){ dir }, 1, &r, &e), 0);
	assert_true(r->count > 30);
	recording_free(r);
	take_fini(&t);
	recorder_free(rec);
	all = opendir(dir);
	while ((d = readdir(all)) != NULL) {
		char *path = mem_printf("%s/%s", dir, d->d_name);

		if (d->d_name[0] != '.')
			unlink(path);
		free(path);
	}
	closedir(all);
	rmdir(dir);
	free(dir);
}

/* A full disk ends the recording, with words, and the file stays readable. */
static void test_a_full_disk(void **state)
{
	const struct recorder_way way = { .file = "/dev/full" };
	struct recorder *rec = recorder_new();
	struct recorder_state st;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(recorder_start(rec, &way, &e), -1);
	assert_non_null(strstr(e.text, "/dev/full"));
	recorder_state(rec, &st);
	assert_false(st.on);
	recorder_free(rec);
}

/* ---- playing ---- */

static struct config *config_of(void)
{
	struct err e = ERR_INIT;
	struct config *c = config_parse("test", "local-as = 64500\nrouter r1 {\n os = gobgp\n address = recording\n user = x\n agent = true\n}\n", &e);

	if (c == NULL)
		fail_msg("%s", e.text);
	return c;
}

static enum player_next soon(struct player *p, int64_t until, struct played *out)
{
	player_wait(p);
	return player_take(p, until, out);
}

static void play_through(struct player *p, const struct recording *r)
{
	struct played pl;

	assert_int_equal(soon(p, r->looks[0].end_ms - 1, &pl), PLAYER_LATER);
	assert_int_equal(soon(p, r->looks[0].end_ms, &pl), PLAYER_GAVE);
	assert_int_equal(pl.snap->count, 1);
	assert_int_equal(pl.snap->sessions[0].state, BGP_ESTABLISHED);
	assert_int_equal(pl.snap->sessions[0].received, 3);
	assert_int_equal(pl.snap->taken_wall_ms, r->looks[0].end_ms);
	assert_int_equal(pl.snap->taken_boot_ms, r->looks[0].end_ms);
	assert_int_equal(pl.link.state, LINK_READY);
	snap_unref(pl.snap);
	assert_int_equal(soon(p, r->looks[0].end_ms, &pl), PLAYER_LATER);
	assert_int_equal(soon(p, INT64_MAX - 1, &pl), PLAYER_GAVE);
	assert_int_equal(pl.snap->sessions[0].state, BGP_IDLE);
	assert_string_equal(pl.snap->version.s, "3.10.0"); /* said once, in the first look */
	snap_unref(pl.snap);
	assert_int_equal(soon(p, INT64_MAX - 1, &pl), PLAYER_GAVE);
	assert_null(pl.snap);
	assert_int_equal(pl.link.state, LINK_WAITING);
	assert_string_equal(pl.link.words, "connection lost");
	assert_int_equal(soon(p, INT64_MAX - 1, &pl), PLAYER_ENDED);
}

static void test_played_and_played_again(void **state)
{
	struct recording *r = parsed(WHOLE);
	struct config *c = config_of();
	struct inbox *in = inbox_new();
	struct err e = ERR_INIT;
	struct player *p = player_start(r, c, in, &e);
	struct played pl;

	(void)state;
	assert_non_null(p);
	play_through(p, r);
	player_rewind(p, in);
	play_through(p, r);
	player_rewind(p, in);
	assert_int_equal(soon(p, INT64_MAX - 1, &pl), PLAYER_GAVE);
	snap_unref(pl.snap);
	player_rewind(p, in); /* in the middle */
	play_through(p, r);
	player_stop(p);
	inbox_free(in);
	config_free(c);
	recording_free(r);
}

/* What was not asked then is not known now: a look without its answers shows nothing, and says which. */
static void test_what_was_not_recorded(void **state)
{
	struct recording *r = parsed(FIRST LOOK("45") VERSION END("45"));
	struct config *c = config_of();
	struct inbox *in = inbox_new();
	struct err e = ERR_INIT;
	struct player *p = player_start(r, c, in, &e);
	struct played pl;

	(void)state;
	assert_int_equal(soon(p, INT64_MAX - 1, &pl), PLAYER_GAVE);
	assert_null(pl.snap);
	assert_non_null(strstr(pl.link.words, "not in the recording"));
	player_stop(p);
	inbox_free(in);
	config_free(c);
	recording_free(r);
}

static struct question *ask(struct player *p, struct inbox *in, int64_t until)
{
	struct question *q = MEM_NEW(struct question);
	struct pollfd fd = { .fd = inbox_fd(in), .events = POLLIN };
	struct msg *m;

	q->kind = ASK_PING;
	q->count = 2;
	addr_parse(SLICE("192.0.2.1"), &q->peer);
	str_init(&q->asked, 1024);
	player_ask(p, "r1", until, q);
	assert_int_equal(poll(&fd, 1, 10000), 1);
	m = inbox_take(in);
	assert_non_null(m);
	assert_ptr_equal(m->asked, q);
	m->asked = NULL; /* ours again */
	msg_free(m);
	return q;
}

/* A ping is answered with what was heard then, as old as it is; before it was asked nothing is known of it. */
static void test_questions(void **state)
{
	struct recording *r = parsed(WHOLE "@ look 2026-11-20T03:12:50.000Z r1 gobgp asked\n"
		"> env PATH=\"$PATH\":/usr/sbin:/sbin 'ping' '-n' '-c' '2' '-i' '0.2' '-W' '1' '192.0.2.1' \n"
		"| 2 packets transmitted, 2 received, 0% packet loss, time 201ms\n| rtt min/avg/max/mdev = 1.000/2.000/3.000/0.500 ms\n"
		"@ done 2026-11-20T03:12:51.000Z\n@ end 2026-11-20T03:12:51.000Z\n");
	struct config *c = config_of();
	struct inbox *in = inbox_new();
	struct err e = ERR_INIT;
	struct player *p = player_start(r, c, in, &e);
	int64_t at;
	struct question *q;

	(void)state;
	assert_true(clock_iso_read("2026-11-20T03:12:51.000Z", 24, &at));
	q = ask(p, in, at - 1);
	assert_int_equal(q->err.code, ERR_NET);
	assert_non_null(strstr(q->err.text, "not in the recording"));
	question_free(q);
	q = ask(p, in, at + 60000);
	if (q->err.code != ERR_NONE)
		fail_msg("%s", q->err.text);
	assert_int_equal(q->answered_wall_ms, at);
	question_free(q);
	player_stop(p);
	inbox_free(in);
	config_free(c);
	recording_free(r);
}

static void expect_time(const struct replaying *r, const char *words, const char *iso)
{
	char got[CLOCK_ISO_LEN];
	struct err e = ERR_INIT;
	int64_t ms;

	if (replaying_time(r, words, r->recording->looks[0].end_ms, &ms, &e) < 0)
		fail_msg("%s", e.text);
	if (strcmp(clock_iso(ms, got), iso) != 0)
		fail_msg("%s is %s, not %s", words, got, iso);
}

static void test_times(void **state)
{
	struct replaying r = { .recording = parsed(WHOLE) };
	struct err e = ERR_INIT;
	int64_t ms;

	(void)state;
	expect_time(&r, "03:12:50", "2026-11-20T03:12:50Z");
	expect_time(&r, "+5s", "2026-11-20T03:12:50Z");
	expect_time(&r, "-5m", "2026-11-20T03:12:45Z"); /* not before it begins */
	expect_time(&r, "23:00", "2026-11-20T03:12:58Z");
	expect_time(&r, "2026-11-20T03:12:51Z", "2026-11-20T03:12:51Z");
	assert_int_equal(replaying_time(&r, "noon", 0, &ms, &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
	assert_false(clock_iso_read("2026-13-20T03:12:51Z", 20, &ms));
	assert_false(clock_iso_read("2026-11-20 03:12:51Z", 20, &ms));
	recording_free(r.recording);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_in_a_file),
		cmocka_unit_test(test_faults_name_file_and_line),
		cmocka_unit_test(test_a_cut_tail_is_told),
		cmocka_unit_test(test_a_cut_in_the_middle),
		cmocka_unit_test(test_answers_of_a_look),
		cmocka_unit_test(test_version_one),
		cmocka_unit_test(test_hostile_octets),
		cmocka_unit_test(test_no_secret_is_written),
		cmocka_unit_test(test_a_folder_is_bounded),
		cmocka_unit_test(test_a_full_disk),
		cmocka_unit_test(test_played_and_played_again),
		cmocka_unit_test(test_what_was_not_recorded),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
