/* Summaries of ping; see ping.h. */
#include "backends/parse/ping.h"
#include "backends/parse/refusal.h"
#include "backends/parse/words.h"

#include <string.h>

/* A decimal with a fraction; moves the cursor. */
static bool take_decimal(struct scan *c, double *v)
{
	uint64_t whole, part;
	double scale = 1;
	const char *from;

	if (!scan_u64(c, &whole))
		return false;
	*v = (double)whole;
	if (!scan_lit(c, "."))
		return true;
	from = c->p;
	if (!scan_u64(c, &part))
		return true;
	for (; from < c->p; from++)
		scale *= 10;
	*v += (double)part / scale;
	return true;
}

/* "157ms", "1ms234us", "1s20ms", "1.70ms" as milliseconds; a bare number is milliseconds. */
static bool take_time(struct scan *c, double *ms)
{
	double part, total = 0;
	bool any = false;

	while (take_decimal(c, &part)) {
		any = true;
		if (scan_lit(c, "ms"))
			total += part;
		else if (scan_lit(c, "us"))
			total += part / 1000;
		else if (scan_lit(c, "s"))
			total += part * 1000;
		else
			return *ms = total + part, true;
	}
	if (any)
		*ms = total;
	return any;
}

static struct scan behind(struct slice line, const char *words)
{
	ptrdiff_t at = slice_find(line, words);

	return scan_of(at < 0 ? SLICE("") : slice_from(line, (size_t)at + strlen(words)));
}

/* "min/avg/max[/mdev] = a/b/c[/d] ms" */
static void take_slashed(struct ping *p, struct slice line)
{
	struct scan c = behind(line, "min/avg/max");
	struct slice names;
	double *const to[] = { &p->min_ms, &p->avg_ms, &p->max_ms, &p->mdev_ms };

	if (!scan_until(&c, '=', &names))
		return;
	scan_lit(&c, "=");
	for (size_t i = 0; i < 4; i++) {
		scan_blanks(&c);
		if (!take_decimal(&c, to[i]) || !scan_lit(&c, "/"))
			return;
	}
}

/* "min = 1.70ms, avg = ...", "min-rtt=1ms avg-rtt=..." */
static void take_named(struct ping *p, struct slice line)
{
	static const struct {
		const char *name;
		size_t which;
	} names[] = {
		{ "min = ", 0 }, { "avg = ", 1 }, { "max = ", 2 }, { "stddev = ", 3 },
		{ "min-rtt=", 0 }, { "avg-rtt=", 1 }, { "max-rtt=", 2 },
	};
	double *const to[] = { &p->min_ms, &p->avg_ms, &p->max_ms, &p->mdev_ms };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct scan c = behind(line, names[i].name);

		take_time(&c, to[names[i].which]);
	}
}

/* The number that stands before `words`, as in "5 packets transmitted"; words between them are passed. */
static void take_before(struct slice line, const char *words, count_t *n)
{
	ptrdiff_t at = slice_find(line, words);
	struct words w;

	if (at < 0)
		return;
	words_cut(&w, slice_upto(line, (size_t)at));
	for (size_t i = w.n; i-- > 0 && w.n - i <= 2;)
		if (word_count(w.w[i], n))
			return;
}

static void take_counts(struct ping *p, struct slice line)
{
	struct scan c = behind(line, "Success rate is ");
	struct slice skipped;
	uint64_t n;

	if (scan_until(&c, '(', &skipped)) {
		scan_lit(&c, "(");
		if (scan_u64(&c, &n))
			p->received = (count_t)n;
		if (scan_lit(&c, "/") && scan_u64(&c, &n))
			p->sent = (count_t)n;
	}
	c = behind(line, "sent=");
	if (scan_u64(&c, &n))
		p->sent = (count_t)n;
	c = behind(line, "received=");
	if (scan_u64(&c, &n))
		p->received = (count_t)n;
	take_before(line, "transmitted", &p->sent);
	take_before(line, "received", &p->received);
}

/* "Sending 5, 100-byte ICMP Echos to 10.0.0.1, timeout", "PING 10.0.0.1 (10.0.0.1)", "PING 10.0.0.1: 56 data",
 * "PING6(56=40+8+8 bytes) 2001:db8::1 --> 2001:db8::2" */
static void take_destination(struct report *r, struct slice line)
{
	struct scan c = behind(line, "Echos to ");
	struct slice word;

	if (scan_done(&c) && (slice_starts(line, "PING ") || slice_starts(line, "Ping ")))
		c = scan_of(slice_from(line, 5));
	if (slice_starts(line, "PING6(") || slice_starts(line, "PING6 ("))
		c = behind(line, "-->");
	if (!scan_word(&c, &word))
		return;
	while (word.len > 0 && strchr(",:", word.p[word.len - 1]) != NULL)
		word.len--;
	if (word.len > 0)
		r->ping.destination = report_text(r, word);
}

int ping_read(struct report *r, struct slice out, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line;

	r->kind = REPORT_PING;
	while (scan_line(&c, &line)) {
		line = slice_trim(line);
		if (!text_known(r->ping.destination))
			take_destination(r, line);
		take_counts(&r->ping, line);
		take_slashed(&r->ping, line);
		if (slice_find(line, "min = ") >= 0 || slice_find(line, "min-rtt=") >= 0)
			take_named(&r->ping, line);
	}
	if (r->ping.sent == COUNT_UNKNOWN || r->ping.received == COUNT_UNKNOWN)
		return refusal_or_not_found(out, "result of a ping", e);
	return 0;
}
