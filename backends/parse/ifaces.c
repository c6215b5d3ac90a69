/* Interfaces as Cisco-like and Huawei-like CLIs print them; see ifaces.h. */
#include "backends/parse/ifaces.h"
#include "backends/parse/refusal.h"
#include "backends/parse/words.h"

#include <string.h>
#include <strings.h>

struct reader {
	struct report *r;
	struct iface *now; /* NULL before the first; the array may move when one is added */
	bool output;       /* inside the part on what was sent (NX-OS "TX", VRP "Output:") */
	bool counters;     /* one of NX-OS's parts has begun */
	bool sided;        /* that, or the one on what was received, has begun with a line of VRP's */
};

/* The count that stands before the first `words`: "3 input errors, 1 CRC". */
static void count_before(struct slice line, const char *words, count_t *n)
{
	ptrdiff_t at = slice_find(line, words);
	struct words w;

	if (at <= 0)
		return;
	words_cut(&w, slice_upto(line, (size_t)at));
	if (w.n > 0)
		word_count(w.w[w.n - 1], n);
}

/* The same where none has been read yet. */
static void count_first(struct slice line, const char *words, count_t *n)
{
	if (*n == COUNT_UNKNOWN)
		count_before(line, words, n);
}

static bool same(struct slice s, const char *word)
{
	return s.len == strlen(word) && strncasecmp(s.p, word, s.len) == 0;
}

/* "14.3 kbps", "1000 bits/sec", "25 Mbps", "BW 1000000 Kbit" as bit/s. */
static void take_rate(struct slice words, count_t *bps)
{
	struct scan c = scan_of(words);
	struct slice unit;
	uint64_t whole, part = 0;
	double v, scale = 1;
	const char *from;

	scan_blanks(&c);
	if (!scan_u64(&c, &whole))
		return;
	v = (double)whole;
	if (scan_lit(&c, ".")) {
		from = c.p;
		scan_u64(&c, &part);
		for (; from < c.p; from++)
			scale *= 10;
		v += (double)part / scale;
	}
	if (!scan_word(&c, &unit))
		return;
	if (unit.p[0] == 'k' || unit.p[0] == 'K')
		v *= 1e3;
	else if (unit.p[0] == 'M' || unit.p[0] == 'm')
		v *= 1e6;
	else if (unit.p[0] == 'G' || unit.p[0] == 'g')
		v *= 1e9;
	else if (unit.p[0] != 'b')
		return;
	*bps = v < 9e18 ? (count_t)v : COUNT_UNKNOWN;
}

static void take_megabits(struct slice word, count_t *bps)
{
	int64_t n;

	if (word_count(word, &n) && n < 1000000000)
		*bps = n * 1000000;
}

static void begin(struct reader *rd, struct slice name, struct slice link, struct slice protocol)
{
	rd->now = report_iface(rd->r);
	rd->output = rd->sided = rd->counters = false;
	rd->now->name = report_text(rd->r, name);
	rd->now->link = report_text(rd->r, link);
	if (protocol.len > 0)
		rd->now->protocol = report_text(rd->r, protocol);
}

/* "NAME is STATE[, line protocol is STATE]", VRP "NAME current state : UP"; prompts and timestamps are none. */
static bool take_begin(struct reader *rd, struct slice line)
{
	struct scan c = scan_of(line);
	struct slice name, link, protocol = SLICE("");
	ptrdiff_t at;

	if (line.len == 0 || line.p[0] == ' ' || line.p[0] == '\t' || !scan_word(&c, &name))
		return false;
	if (slice_eq(name, "admin") || slice_eq(name, "Line") || slice_eq(name, "Dedicated"))
		return false;
	if (scan_lit(&c, " current state") || scan_lit(&c, " state")) {
		scan_blanks(&c);
		if (!scan_lit(&c, ":"))
			return false;
		begin(rd, name, slice_trim(scan_rest(&c)), SLICE(""));
		return true;
	}
	if (!scan_lit(&c, " is "))
		return false;
	link = slice_trim(scan_rest(&c));
	at = slice_find(link, ", line protocol is ");
	if (at >= 0) {
		protocol = words_behind(link, ", line protocol is ");
		link = slice_upto(link, (size_t)at);
	}
	if (!slice_starts(link, "up") && !slice_starts(link, "down") && !slice_starts(link, "admin") &&
	    !slice_starts(link, "deleted") && !slice_starts(link, "reset") &&
	    !slice_starts(link, "standby") && !slice_starts(link, "not"))
		return false;
	while (link.len > 0 && link.p[link.len - 1] == ',')
		link.len--;
	begin(rd, name, link, protocol);
	return true;
}

static void take_words(struct reader *rd, struct slice line)
{
	struct iface *f = rd->now;
	struct slice d = words_behind(line, "Description: ");

	if (d.len == 0)
		d = words_behind(line, "Description:");
	if (slice_starts(line, "Port description is "))
		d = words_behind(line, "Port description is ");
	if (d.len > 0 && !text_known(f->description) &&
	    (slice_starts(line, "Desc") || slice_starts(line, "Port desc")))
		f->description = report_text(rd->r, d);
	d = words_behind(line, "ine protocol current state :");
	if (d.len == 0)
		d = words_behind(line, "ine protocol state:");
	if (d.len > 0)
		f->protocol = report_text(rd->r, d);
	/* NX-OS: where no line protocol is printed the admin state is all there is */
	d = words_upto(words_behind(line, "dmin state is "), ",");
	if (d.len == 0)
		d = words_upto(words_behind(line, "dmin State: "), ",");
	if (d.len > 0 && (line.p[0] | 0x20) == 'a' && !text_known(f->protocol))
		f->protocol = report_text(rd->r, d);
}

static void take_rates(struct reader *rd, struct slice line)
{
	struct iface *f = rd->now;
	ptrdiff_t at = slice_find(line, "BW ");

	if (at >= 0)
		take_rate(slice_from(line, (size_t)at + 3), &f->speed_bps);
	if (slice_starts(line, "Speed :")) /* VRP, in Mbit/s */
		take_megabits(words_upto(slice_from(line, 7), ","), &f->speed_bps);
	take_rate(words_behind(line, "input rate "), &f->input_bps);
	take_rate(words_behind(line, "output rate "), &f->output_bps);
	take_rate(words_behind(line, "input rate: "), &f->input_bps);
	take_rate(words_behind(line, "output rate: "), &f->output_bps);
}

/* VRP: "Total Error:    0", "0 errors,0 unknownprotocol" below "Input:" and "Output:". */
static void take_totals(struct reader *rd, struct slice line)
{
	count_t *to = rd->output ? &rd->now->output_errors : &rd->now->input_errors;
	struct words w;

	words_cut(&w, words_behind(line, "Total Error:"));
	if (w.n > 0)
		word_count(w.w[0], to);
	if (rd->sided && slice_find(line, " errors") > 0 && line.p[0] >= '0' && line.p[0] <= '9')
		count_before(line, " errors", to);
}

static void take_counts(struct reader *rd, struct slice line)
{
	struct iface *f = rd->now;

	if (same(line, "TX") || slice_starts(line, "Output:") || slice_starts(line, "Output (total)") ||
	    slice_find(line, "packets output,") >= 0 || slice_find(line, "frames output,") >= 0)
		rd->output = true;
	else if (same(line, "RX") || slice_starts(line, "Input:") || slice_starts(line, "Input (total)"))
		rd->output = false;
	rd->counters = rd->counters || same(line, "RX") || same(line, "TX");
	rd->sided = rd->sided || slice_starts(line, "Input:") || slice_starts(line, "Output:");
	if (slice_find(line, "packets input,") >= 0 || slice_find(line, "input packets ") >= 0 ||
	    slice_starts(line, "Input:") || slice_find(line, "frames input,") >= 0)
		count_before(line, " bytes", &f->input_octets);
	else if (slice_find(line, "packets output,") >= 0 || slice_find(line, "output packets ") >= 0 ||
	         slice_starts(line, "Output:") || slice_find(line, "frames output,") >= 0)
		count_before(line, " bytes", &f->output_octets);
	else if (rd->counters && slice_find(line, "suppression") < 0)
		count_first(line, " bytes", rd->output ? &f->output_octets : &f->input_octets);
	take_totals(rd, line);
	count_before(line, " input error", &f->input_errors);
	count_before(line, " output error", &f->output_errors);
	if (!rd->output)
		count_before(line, " CRC", &f->crc_errors);
	if (slice_starts(line, "CRC:") && !rd->output) {
		struct words w;

		words_cut(&w, slice_from(line, 4));
		if (w.n > 0) {
			if (w.w[0].p[w.w[0].len - 1] == ',')
				w.w[0].len--;
			word_count(w.w[0], &f->crc_errors);
		}
	}
}

int ifaces_read(struct report *r, struct slice out, struct err *e)
{
	struct reader rd = { .r = r };
	struct scan c = scan_of(out);
	struct slice line;

	r->kind = REPORT_INTERFACES;
	while (scan_line(&c, &line)) {
		if (take_begin(&rd, line)) {
			r->rows_seen++;
			r->rows_parsed++;
			continue;
		}
		line = slice_trim(line);
		if (rd.now == NULL || line.len == 0)
			continue;
		take_words(&rd, line);
		take_rates(&rd, line);
		take_counts(&rd, line);
	}
	return r->iface_count > 0 ? 0 : refusal_or_not_found(out, "interface", e);
}
