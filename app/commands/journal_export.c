/*
 * Records for others; see journal_export.h.
 *
 * Lines go out byte for byte, so that whoever gets a whole journal, or a range without a gap, can check the chain.  In
 * the table a cell that a spreadsheet would take for a formula is led in by an apostrophe.
 */
#include "app/commands/journal_export.h"
#include "core/act/journal.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct sink {
	const struct journal_range *range;
	bool failed;
};

static void cell(const char *words, bool last)
{
	struct str safe;

	str_init(&safe, 0);
	text_append(&safe, slice_of(words));
	putchar('"');
	if (safe.len > 0 && strchr("=+-@", safe.p[0]) != NULL)
		putchar('\'');
	for (const char *p = safe.p; *p != '\0'; p++) {
		if (*p == '"')
			putchar('"');
		putchar(*p);
	}
	fputs(last ? "\"\r\n" : "\",", stdout);
	str_fini(&safe);
}

static void row(const struct journal_entry *j)
{
	char seq[24], when[CLOCK_ISO_LEN], asn[16] = "";
	const char *cells[] = { seq, when, j->login, j->name, j->host, j->kind, j->verb, j->router, j->vrf, j->neighbor, asn,
		j->network, j->outcome, j->reason, j->ticket, j->id, j->words };

	snprintf(seq, sizeof(seq), "%" PRIu64, j->seq);
	clock_iso(j->wall_ms, when);
	if (j->remote_as != ASN_UNKNOWN)
		snprintf(asn, sizeof(asn), "%u", j->remote_as);
	for (size_t i = 0; i < ARRAY_LEN(cells); i++)
		cell(cells[i], i + 1 == ARRAY_LEN(cells));
}

static int on_entry(void *ctx, const struct journal_entry *j)
{
	struct sink *s = ctx;

	if ((s->range->from_ms != 0 && j->wall_ms < s->range->from_ms) || (s->range->to_ms != 0 && j->wall_ms >= s->range->to_ms))
		return 0;
	if (s->range->csv)
		row(j);
	else
		s->failed = fwrite(j->line, 1, j->line_len, stdout) != j->line_len || putchar('\n') == EOF;
	s->failed = s->failed || ferror(stdout);
	return s->failed;
}

int journal_export(const char *path, const struct journal_range *range, struct err *e)
{
	struct sink s = { .range = range };
	uint64_t at = 0;

	if (range->csv)
		fputs("seq,time,login,name,host,kind,verb,router,vrf,neighbor,remote_as,network,outcome,reason,ticket,id,words\r\n",
		    stdout);
	if (journal_read(path, &at, on_entry, &s, e) != 0)
		return -1;
	if (s.failed || fflush(stdout) != 0)
		return err_errno(e, ERR_IO, "standard output");
	return 0;
}
