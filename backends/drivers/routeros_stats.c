/*
 * RouterOS 7: the table of "/interface/print stats"; see routeros_read.h.
 *
 *     #    NAME    RX-BYTE      TX-BYTE  ...  RX-ERROR  TX-ERROR
 *     0 R  ether1  123 456 789  987 654  ...         3         1
 *
 * One blank parts the thousands of a number, two or more part columns.
 */
#include "backends/drivers/routeros_read.h"
#include "backends/parse/words.h"

#include <string.h>

enum { CELLS_MAX = 24 };

struct cells {
	struct slice cell[CELLS_MAX];
	size_t n;
};

static void cut(struct slice line, struct cells *out)
{
	size_t from = 0;

	out->n = 0;
	line = slice_trim(line);
	for (size_t i = 0; i <= line.len && out->n < CELLS_MAX; i++) {
		bool ends = i == line.len || (line.p[i] == ' ' && i + 1 < line.len && line.p[i + 1] == ' ');

		if (!ends)
			continue;
		out->cell[out->n++] = slice_trim((struct slice){ line.p + from, i - from });
		while (i < line.len && line.p[i] == ' ')
			i++;
		from = i;
	}
}

static count_t number_of(struct slice cell)
{
	char digits[24];
	size_t n = 0;
	int64_t v;

	for (size_t i = 0; i < cell.len; i++)
		if (cell.p[i] != ' ' && n < sizeof(digits))
			digits[n++] = cell.p[i];
	return word_count((struct slice){ digits, n }, &v) ? v : COUNT_UNKNOWN;
}

/* "0 R", or "0" with "RS" in a cell of its own. */
static bool take_flags(struct cells *row, size_t columns, struct slice *flags)
{
	struct slice first = row->n > 0 ? row->cell[0] : SLICE(""), number;
	struct scan c = scan_of(first);
	uint64_t n;

	*flags = SLICE("");
	if (!scan_word(&c, &number) || !slice_u64(number, &n))
		return false;
	*flags = slice_trim(scan_rest(&c));
	if (flags->len == 0 && row->n == columns + 1) {
		*flags = row->cell[1];
		memmove(&row->cell[1], &row->cell[2], (row->n - 2) * sizeof(row->cell[0]));
		row->n--;
	}
	return true;
}

static bool take_row(struct report *r, const struct cells *head, struct cells *row)
{
	struct slice flags;
	struct iface *f;

	if (!take_flags(row, head->n, &flags))
		return false; /* a remark, the end */
	r->rows_seen++;
	if (row->n != head->n)
		return false;
	r->rows_parsed++;
	f = report_iface(r);
	f->link = report_text(r, memchr(flags.p, 'X', flags.len) != NULL ? SLICE("disabled") :
	    memchr(flags.p, 'R', flags.len) != NULL ? SLICE("up") : SLICE("down"));
	for (size_t i = 1; i < row->n; i++) {
		if (slice_eq(head->cell[i], "NAME"))
			f->name = report_text(r, row->cell[i]);
		else if (slice_eq(head->cell[i], "RX-BYTE"))
			f->input_octets = number_of(row->cell[i]);
		else if (slice_eq(head->cell[i], "TX-BYTE"))
			f->output_octets = number_of(row->cell[i]);
		else if (slice_eq(head->cell[i], "RX-ERROR"))
			f->input_errors = number_of(row->cell[i]);
		else if (slice_eq(head->cell[i], "TX-ERROR"))
			f->output_errors = number_of(row->cell[i]);
	}
	return true;
}

void routeros_stats(struct report *r, struct slice out)
{
	struct scan lines = scan_of(out);
	struct cells head = { .n = 0 }, row;
	struct slice line;

	while (scan_line(&lines, &line)) {
		if (slice_starts(slice_trim(line), "# ")) {
			cut(line, &head);
			continue;
		}
		if (head.n < 3)
			continue;
		cut(line, &row);
		take_row(r, &head, &row);
	}
}
