/* The contact book: what is read, what one broken line costs, and whose edit wins. */
#include "core/base/scan.h"
#include "core/model/book.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct book *read_text(const char *text)
{
	struct book *b = book_new();

	book_read(b, "peers.contacts", slice_of(text));
	return b;
}

static void expect_fault(const struct book *b, size_t i, const char *words)
{
	if (i >= b->fault_count)
		fail_msg("only %zu faults, wanted: %s", b->fault_count, words);
	if (strstr(b->faults[i].words.s, words) == NULL)
		fail_msg("fault %zu is: %s\nwanted: %s", i, b->faults[i].words.s, words);
}

static const char whole[] =
    "# our peers\n"
    "ours {\n"
    "\tcontact Lead {\n"
    "\t\tname = Kim\n"
    "\t\tphone = +1 202 555 0100\n"
    "\t}\n"
    "}\n"
    "network AS64501 \"Alpha\" {\n"
    "  tags = transit-free, content\n"
    "  warn = \"do not suspend without asking Kim\"  # agreed 2025\n"
    "  auth md5, key of 2025-03\n"
    "  contact NOC {\n"
    "    name Alpha NOC\n"
    "    phone = +49 30 5550 100\n"
    "    mail = noc@alpha.example\n"
    "    hours = 24x7\n"
    "    zone = UTC\n"
    "    languages = en, de\n"
    "    proven = 2026-11-01 phone, Kim answered\n"
    "    expires = 2027-01-31\n"
    "  }\n"
    "  contact NOC {\n"
    "    phone = +49 30 5550 101\n"
    "  }\n"
    "  port \"PNI Frankfurt\" {\n"
    "    router = r1\n"
    "    address = 2001:db8::1\n"
    "    speed = 2.5G\n"
    "  }\n"
    "}\n";

static void reads_the_whole(void **state)
{
	struct book *b = read_text(whole);
	const struct book_network *n = book_find(b, 64501);
	const struct book_contact *c = book_contact_find(n, "noc");
	struct addr a;

	(void)state;
	if (b->fault_count > 0)
		fail_msg("%s", b->faults[0].words.s);
	assert_string_equal(n->name.s, "Alpha");
	assert_string_equal(book_warning(b, 64501), "do not suspend without asking Kim");
	assert_string_equal(n->field[BOOK_AUTH].s, "md5, key of 2025-03");
	assert_string_equal(c->phone.s, "+49 30 5550 100");
	assert_string_equal(zone_name(c->zone), "UTC");
	assert_string_equal(c->proven_how.s, "phone, Kim answered");
	assert_true(c->proven_wall_ms == INT64_C(1793491200000));
	assert_true(c->expires_wall_ms == INT64_C(1801439999000)); /* the end of that day */
	assert_int_equal(c->line, 12);
	assert_non_null(book_contact_find(n, "noc-2"));
	assert_int_equal(n->port_count, 1);
	assert_true(n->ports[0].speed_mbit == 2500);
	assert_true(addr_parse(SLICE("2001:db8::1"), &a) && addr_equal(&a, &n->ports[0].address));
	assert_string_equal(book_contact_find(book_find(b, BOOK_OURS), "lead")->name.s, "Kim");
	assert_null(book_find(b, 64502));
	assert_null(book_warning(b, 64502));
	assert_null(book_warning(NULL, 64501));
	book_free(b);
}

static void a_broken_line_costs_itself(void **state)
{
	struct book *b = read_text("network AS64501 {\n"
				   "  contact NOC {\n"
				   "    phonne = 1\n"
				   "    mail = not an address\n"
				   "    hours = sometimes\n"
				   "    zone = Europe/Nowhere\n"
				   "    expires = 2026-02-31\n"
				   "    phone\n"
				   "    name = \"open quote\n"
				   "    phone = 7\n"
				   "  }\n"
				   "}\n"
				   "phone = 8\n"
				   "}\n"
				   "network AS0 {\n"
				   "  contact NOC {\n"
				   "    phone = 9\n"
				   "  }\n"
				   "}\n"
				   "network AS64502 {\n"
				   "  note = whole\n"
				   "}\n");
	static const char *const faults[] = {
		"peers.contacts:3: \"phonne\" is no key of a contact (is \"phone\" meant?)",
		"peers.contacts:4: mail = \"not an address\": allowed is one address",
		"peers.contacts:5: hours = \"sometimes\": allowed are 24x7",
		"peers.contacts:6: \"Europe/Nowhere\" is no time zone known here",
		"peers.contacts:7: expires = \"2026-02-31\": allowed is a day",
		"peers.contacts:8: \"phone\" has no value",
		"peers.contacts:9: the quote is not closed",
		"peers.contacts:13: \"phone\" stands in no block",
		"peers.contacts:14: } closes nothing",
		"peers.contacts:15: network \"AS0\": allowed is an AS number",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		expect_fault(b, i, faults[i]);
	assert_int_equal(b->fault_count, ARRAY_LEN(faults));
	assert_string_equal(book_contact_find(book_find(b, 64501), "noc")->phone.s, "7");
	assert_string_equal(book_find(b, 64502)->field[BOOK_NOTE].s, "whole");
	book_free(b);
}

static void a_forgotten_brace_is_named(void **state)
{
	struct book *b = read_text("network AS64501 {\n"
				   "  contact NOC {\n"
				   "    phone = 7\n"
				   "network AS64502 {\n"
				   "  contact NOC {\n"
				   "    phone = 8\n"
				   "  }\n");

	(void)state;
	expect_fault(b, 0, "peers.contacts:4: the block of line 2 is not closed before this");
	expect_fault(b, 1, "peers.contacts: the block of line 4 is not closed");
	assert_string_equal(book_contact_find(book_find(b, 64501), "noc")->phone.s, "7");
	assert_string_equal(book_contact_find(book_find(b, 64502), "noc")->phone.s, "8");
	book_free(b);
}

static void words_from_outside_are_made_safe(void **state)
{
	struct book *b = read_text("network AS64501 {\n  note = evil \x1b]52;c;AAAA\x07 \xe2\x80\xae txt \xff\n}\n");

	(void)state;
	assert_null(strchr(book_find(b, 64501)->field[BOOK_NOTE].s, 0x1b));
	assert_non_null(strstr(book_find(b, 64501)->field[BOOK_NOTE].s, "<U+202E>"));
	book_free(b);
}

static struct book_edit edit(unsigned version, const char *phone)
{
	struct book_edit e = { .op = BOOK_SET, .asn = 64501, .key = "noc", .version = version, .author = "alice",
		.wall_ms = INT64_C(1793491200000) };

	book_contact_init(&e.contact);
	e.contact.role = TEXT_LIT("NOC");
	e.contact.phone = (struct text){ phone };
	return e;
}

static void the_first_of_two_edits_wins(void **state)
{
	struct book *b = read_text(whole);
	struct book_edit alice = edit(1, "1"), bob = edit(1, "2"), later = edit(2, "3"), gap = edit(9, "4");
	const struct book_contact *c;

	(void)state;
	assert_int_equal(book_next_version(b, &alice), 1);
	assert_true(book_apply(b, &alice));
	assert_false(book_apply(b, &bob));
	assert_false(book_apply(b, &gap));
	c = book_contact_find(book_find(b, 64501), "noc");
	assert_string_equal(c->phone.s, "1");
	assert_string_equal(c->author.s, "alice");
	/* the file's numbers are not lost: they are told as a difference */
	assert_non_null(strstr(c->differs.s, "peers.contacts:12 says phone +49 30 5550 100"));
	assert_true(book_apply(b, &later));
	c = book_contact_find(book_find(b, 64501), "noc");
	assert_string_equal(c->phone.s, "3");
	assert_non_null(strstr(c->differs.s, "peers.contacts:12"));
	later.op = BOOK_EXPIRE;
	later.version = 3;
	assert_true(book_apply(b, &later));
	assert_true(book_contact_find(book_find(b, 64501), "noc")->expires_wall_ms == later.wall_ms);
	book_free(b);
}

static void fields_have_versions_too(void **state)
{
	struct book *b = read_text(whole);
	struct book_edit e = { .op = BOOK_FIELD, .asn = 64501, .field = BOOK_WARN, .value = "", .version = 1, .author = "bob" };

	(void)state;
	assert_true(book_apply(b, &e));
	assert_null(book_warning(b, 64501));
	assert_false(book_apply(b, &e));
	e.asn = 64999;
	e.value = "ask first";
	assert_true(book_apply(b, &e));
	assert_string_equal(book_warning(b, 64999), "ask first");
	assert_non_null(book_find(b, 64501)); /* still sorted */
	book_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_whole),
		cmocka_unit_test(a_broken_line_costs_itself),
		cmocka_unit_test(a_forgotten_brace_is_named),
		cmocka_unit_test(words_from_outside_are_made_safe),
		cmocka_unit_test(the_first_of_two_edits_wins),
		cmocka_unit_test(fields_have_versions_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
