/* What can get into a line for a router, and what the last gate stops. */
#include "core/act/tmpl.h"
#include "core/base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const char forbidden[] = "\"';|\\?!{}<>&$`";

static void fills_typed_places(void **state)
{
	struct addr a;
	struct arena *arena = arena_new();
	struct tmpl_args args = { .neighbor = &a, .asn = 4200000001u, .vrf = "red", .name = "AS64496-OUT",
		.protocol = "as1_v4", .family = "ipv6 unicast", .message = "CHG-1 back 06:00 UTC", .message_max = 255 };
	struct err e = ERR_INIT;

	(void)state;
	assert_true(addr_parse(slice_of("2001:DB8:0:0::0:a"), &a));
	assert_string_equal(tmpl_line(arena, "router bgp {asn} vrf {vrf}", &args, &e), "router bgp 4200000001 vrf red");
	assert_string_equal(tmpl_line(arena, "neighbor {neighbor} prefix-list {name} out", &args, &e),
	    "neighbor 2001:db8::a prefix-list AS64496-OUT out");
	assert_string_equal(tmpl_line(arena, "address-family {family}", &args, &e), "address-family ipv6 unicast");
	assert_string_equal(tmpl_line(arena, "disable {protocol} \"{message}\"", &args, &e),
	    "disable as1_v4 \"CHG-1 back 06:00 UTC\"");
	args.protocol = "as1-v4";
	assert_string_equal(tmpl_line(arena, "enable {protocol}", &args, &e), "enable 'as1-v4'");
	assert_int_equal(e.code, ERR_NONE);
	arena_free(arena);
}

static void refuses(const char *tmpl, const struct tmpl_args *args)
{
	struct arena *arena = arena_new();
	struct err e = ERR_INIT;

	assert_null(tmpl_line(arena, tmpl, args, &e));
	assert_int_not_equal(e.code, ERR_NONE);
	arena_free(arena);
}

static void refuses_what_is_not_of_the_type(void **state)
{
	struct addr none = { .family = ADDR_NONE }, zoned;
	struct tmpl_args args = { .neighbor = &none };

	(void)state;
	refuses("{asn}", &args);
	refuses("{message}", &args);
	refuses("{nonsense}", &args);
	refuses("{asn", &args);
	args.interface = "eth0 shutdown";
	refuses("{neighbor}", &args);
	assert_true(addr_parse(slice_of("fe80::1"), &zoned));
	args.neighbor = &zoned;
	args.interface = "fe80::1%ge-0/0/0.0"; /* there may be a second fe80::1 */
	refuses("{neighbor}", &args);
	args.neighbor = &none;
	args.name = "-x";
	refuses("{name}", &args);
	args.name = "a\nb";
	refuses("{name}", &args);
	args.vrf = "";
	refuses("{vrf}", &args);
	args.protocol = "a'b";
	refuses("{protocol}", &args);
	args.protocol = "a*";
	refuses("{protocol}", &args);
	args.hook_file = "etc/relative";
	refuses("{hook_file}", &args);
	args.hook_file = "/etc/../etc/x";
	refuses("{hook_file}", &args);
	args.path = "/etc/x;y";
	refuses("{path}", &args);
}

static void message_words(void **state)
{
	struct err e = ERR_INIT;
	char text[300];

	(void)state;
	assert_int_equal(tmpl_message_check("CHG-1: fibre works (2 h), back 06:00 UTC = ok", 128, &e), 0);
	assert_int_equal(tmpl_message_check("what now?", 128, &e), -1);
	assert_non_null(strstr(e.text, "has ? at position 9"));
	err_clear(&e);
	assert_int_equal(tmpl_message_check("a\tb", 128, &e), -1);
	assert_non_null(strstr(e.text, "position 2"));
	err_clear(&e);
	assert_int_equal(tmpl_message_check("K\xc3\xb6ln", 128, &e), -1);
	err_clear(&e);
	memset(text, 'x', sizeof(text));
	text[129] = '\0';
	assert_int_equal(tmpl_message_check(text, 128, &e), -1);
	assert_non_null(strstr(e.text, "129 octets, 1 more"));
	text[128] = '\0';
	assert_int_equal(tmpl_message_check(text, 128, NULL), 0);
	assert_int_equal(tmpl_message_check("", 128, NULL), -1);
	assert_int_equal(tmpl_message_check(" x", 128, NULL), -1);
	assert_int_equal(tmpl_message_check("x", 0, NULL), -1);
}

static uint64_t random_next(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

/* 100,000 hostile texts: each is refused, or comes out as it went in, in one line without one octet that acts. */
static void no_text_makes_another_line(void **state)
{
	static const char *const seeds[] = { "\n", "\r", "\"", "'", "|", "?", ";", "\x1b[2J", "\t", "`", "$(x)",
		"\xe2\x80\xae", "\x80", "CHG-1 ", "until 06:00", "write memory", "\x00x", "!", "{message}", "\\n" };
	uint64_t seed = 20261120;
	unsigned taken = 0;

	(void)state;
	for (int round = 0; round < 100000; round++) {
		struct addr a = { .family = ADDR_IP4, .b = { 192, 0, 2, 1 } };
		struct arena *arena = arena_new();
		char text[400];
		size_t n = 0, want = random_next(&seed) % 300;
		struct tmpl_args args = { .neighbor = &a, .message = text, .message_max = 255 };
		const char *line;

		while (n < want) {
			if (random_next(&seed) % 97 == 0) {
				const char *s = seeds[random_next(&seed) % ARRAY_LEN(seeds)];

				while (*s != '\0' && n < sizeof(text) - 1)
					text[n++] = *s++;
			} else {
				text[n++] = (char)(random_next(&seed) % 200 == 0 ? random_next(&seed) % 255 + 1
				                                                 : 'a' + random_next(&seed) % 26);
			}
		}
		text[n] = '\0';
		line = tmpl_line(arena, "neighbor {neighbor} shutdown message {message}", &args, NULL);
		if (line != NULL) {
			const struct step step = { .kind = STEP_CLI, .line = line };

			taken++;
			assert_memory_equal(line, "neighbor 192.0.2.1 shutdown message ", 36);
			assert_string_equal(line + 36, text);
			for (const char *p = line; *p != '\0'; p++)
				assert_true(*p >= 0x20 && *p <= 0x7e && strchr(forbidden, *p) == NULL);
			assert_int_equal(tmpl_gate(&step, NULL), 0);
		}
		arena_free(arena);
	}
	assert_in_range(taken, 1000, 99000); /* the test tests both ways */
}

static void hostile_word(uint64_t *seed, char *out, size_t size)
{
	static const char *const pieces[] = { "\n", "\r\n", "\"", "'", "|", "?", ";", "\x1b[2J", "\t", "`", "$(x)", "\xe2\x80\xae", "\x80",
		" ", "\\", "{", "}", "[", "]", "<", ">", "&", "!", "#", "*", "..", "/", "-", "_", ".", ":", "no router bgp 64500", "write" };
	size_t n = 0, want = random_next(seed) % 70 + 1;
	bool odd = random_next(seed) % 3 != 0;

	while (n < want) {
		const char *s = odd && random_next(seed) % 12 == 0 ? pieces[random_next(seed) % ARRAY_LEN(pieces)] : NULL;

		if (s == NULL)
			out[n++] = (char)('a' + random_next(seed) % 26);
		for (; s != NULL && *s != '\0' && n < size - 1; s++)
			out[n++] = *s;
	}
	out[n] = '\0';
}

/* 100,000 hostile names in every place that takes one: each is refused, or stands in its one line as it is. */
static void no_name_makes_another_line(void **state)
{
	static const char *const places[] = { "neighbor", "vrf", "instance", "name", "names", "handle", "protocol", "family", "path",
		"hook_file", "session" };
	uint64_t seed = 20261127;
	unsigned taken = 0;

	(void)state;
	for (int round = 0; round < 100000; round++) {
		struct arena *arena = arena_new();
		char word[160], tmpl[64];
		struct tmpl_args args = { .interface = word, .vrf = word, .name = word, .names = word, .handle = word,
			.protocol = word, .family = word, .path = word, .hook_file = word, .session = word };
		const char *line;

		hostile_word(&seed, word, sizeof(word));
		snprintf(tmpl, sizeof(tmpl), "set x {%s} end", places[(size_t)round % ARRAY_LEN(places)]);
		line = tmpl_line(arena, tmpl, &args, NULL);
		if (line != NULL) {
			size_t quoted = line[6] == '\'' ? 1 : 0;

			taken++;
			assert_memory_equal(line, "set x ", 6);
			assert_string_equal(line + strlen(line) - 4, " end");
			if (strcmp(places[(size_t)round % ARRAY_LEN(places)], "names") != 0) { /* of which the blanks are made single */
				assert_int_equal(strlen(line), 10 + 2 * quoted + strlen(word));
				assert_memory_equal(line + 6 + quoted, word, strlen(word));
			}
			for (const char *p = line + 6 + quoted; p < line + strlen(line) - 4 - quoted; p++)
				assert_true((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
				    strchr("_.:-/ ", *p) != NULL);
		}
		arena_free(arena);
	}
	assert_in_range(taken, 10000, 90000);
}

static int gate(const char *line)
{
	const struct step step = { .kind = STEP_CLI, .line = line };

	return tmpl_gate(&step, NULL);
}

static void the_gate_stops_the_black_list(void **state)
{
	static const char *const never[] = { "commit replace", "commit force", "rollback clean-config",
		"clear ip bgp all", "clear bgp *", "no router bgp 64500", "down", "disable all", "disable \"as*\"",
		"neighbor group ix down", "write erase", "write memory", "write", "isolate", "bgp shutdown",
		"copy running-config startup-config", "configure", "restart all", "", "neighbor 192.0.2.1 shutdown?",
		"show version | include x", "a;b", "a\nb", "a\x1b", "disable x \"a\" b", "disable x \"a",
		"neighbor 192.0.2.1 shutdown message a|b", "neighbor 192.0.2.1 shutdown message a?", "no neighbor group", "no neighbor 192.0.2.1",
		"clear bgp ipv4 unicast 192.0.2.1", "clear bgp neighbor 192.0.2.1", "commit-confirm 5",
		"rollback configuration last 1", "configure replace flash:x", "commit best-effort",
		"default neighbor 192.0.2.1 shutdown", "neighbor 192.0.2.1 shutdown reason a|b",
	    "delete flash:startup.cfg", "delete protocols bgp group IX neighbor 192.0.2.1", "delete protocols bgp",
	    "delete protocols bgp group IX neighbor 192.0.2.1 shutdown delete", "run file delete neighbor 192.0.2.1 x",
	    "set [find name=\"a b\"] disabled=yes", "set [find name=\"a\"] remove \"x", "set [find name~\"a\"] disabled=yes",
	    "/routing/filter/rule/add chain=x rule=\"if (dst==203.0.113.0/24) {accept}\"",
	    "/routing/filter/rule/add chain=x rule=\"if (dst in 203.0.113.0/24) {reject}\"",
	    "/routing/filter/rule/add chain=x rule=\"if (dst==203.0.113.0/24) {reject}; reject\"",
	    "/routing/filter/rule/add chain=x rule=\"if (dst==203.0.113.0/24 || true) {reject}\"",
	    "/routing/filter/rule/add chain=x rule=\"jump a; reject\"", "delete /configure policy-options policy-statement PEER-OUT",
	    "delete /configure policy-options", "/system/script/add chain=x rule=\"jump a\" {",
	    "/system/script/add source rule=\"if (dst==203.0.113.0/24) {reject}\"",
	};
	static const char *const fine[] = { "configure terminal", "router bgp 64500 vrf red", "end",
		"neighbor 2001:db8::1 shutdown message isolate the fault, write memory later", "no neighbor 192.0.2.1 shutdown",
		"disable 'as1-v4' \"down until 06:00\"", "neighbor 192.0.2.1 down \"x\"", "neighbor 192.0.2.1 down",
		"configure check", "configure timeout 60", "configure confirm", "configure undo", "reload",
		"clear bgp ipv4 unicast 192.0.2.1 soft in", "neighbor 192.0.2.1 shutdown --reason \"a b\"",
		"neighbor 192.0.2.1 prefix-list write-list out",
	    "delete protocols bgp group IX neighbor 192.0.2.1 shutdown",
	    "delete / network-instance default protocols bgp neighbor 2001:db8::1 admin-state",
	    "/routing/bgp/connection/set [find name=\"as64501-v4\"] disabled=yes",
	    "/routing/filter/rule/add chain=PEERDECK-WD-x rule=\"if (dst==2001:db8::/32) {reject}\"",
	    "/routing/filter/rule/add chain=PEERDECK-WD-x rule=\"jump ix-out\"",
	    "delete /configure policy-options policy-statement PEERDECK-WD-192.0.2.10",
	    "/routing/filter/rule/remove [find chain=\"PEERDECK-WD-x\"]",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(never); i++)
		if (gate(never[i]) == 0)
			fail_msg("the gate let through: %s", never[i]);
	for (size_t i = 0; i < ARRAY_LEN(fine); i++)
		if (gate(fine[i]) != 0)
			fail_msg("the gate stopped: %s", fine[i]);
}

static void the_gate_looks_at_files(void **state)
{
	struct step s = { .kind = STEP_FILE, .path = "/etc/bird/peerdeck.conf", .line = "define PD_x = 2;\n# K\xc3\xb6ln\n" };

	(void)state;
	assert_int_equal(tmpl_gate(&s, NULL), 0);
	s.line = "define \x1b";
	assert_int_equal(tmpl_gate(&s, NULL), -1);
	s.line = "x";
	s.path = "relative";
	assert_int_equal(tmpl_gate(&s, NULL), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fills_typed_places),
	    cmocka_unit_test(refuses_what_is_not_of_the_type),
	    cmocka_unit_test(message_words),
	    cmocka_unit_test(no_text_makes_another_line),
		cmocka_unit_test(no_name_makes_another_line),
	    cmocka_unit_test(the_gate_stops_the_black_list),
	    cmocka_unit_test(the_gate_looks_at_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
