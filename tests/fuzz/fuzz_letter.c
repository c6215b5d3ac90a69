/* Any text as a template, as the values in it, and as a message: refused in words, or a message whose headers are ours. */
#include "core/judge/eml.h"
#include "core/judge/letter.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_message(const char *subject, const char *body)
{
	struct eml m = { .from = "noc@us.example", .from_name = subject, .to = "a@b.example", .subject = subject, .body = body,
		.id = "1", .wall_ms = INT64_C(1793155512000) };
	struct err e = ERR_INIT;
	struct str out;
	const char *end, *bcc;

	str_init(&out, 4u << 20);
	if (eml_write(&out, &m, false, &e) == 0) {
		end = strstr(out.p, "\n\n");
		if (end == NULL)
			abort();
		bcc = strstr(out.p, "\nBcc");
		if (bcc != NULL && bcc < end)
			abort();
	}
	m.to = subject;
	str_clear(&out);
	(void)eml_write(&out, &m, true, &e);
	str_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char *text = mem_strndup((const char *)data, size);
	struct letter_template t;
	struct letter_facts f = { .value = { [PLACE_OUR_AS] = "AS64500", [PLACE_SESSIONS] = "a\nb" } };
	struct err e = ERR_INIT;
	struct str subject, body;

	str_init(&subject, 0);
	str_init(&body, 0);
	f.value[PLACE_CONTACT] = text;
	if (letter_parse(a, "fuzz", "fuzz.letter", text, &t, &e) == 0) {
		letter_compose(&t, &f, &subject, &body);
		if (strchr(subject.p, '\n') != NULL)
			abort();
		try_message(subject.p, body.p);
	} else if (strstr(e.text, "fuzz.letter") == NULL) {
		abort();
	}
	try_message(text, text);
	str_fini(&subject);
	str_fini(&body);
	free(text);
	arena_free(a);
	return 0;
}
