/* Reading and proving the journal; see journal.h.  Takes no lock: records are whole lines that never change. */
#include "core/act/chain.h"
#include "core/act/journal.h"
#include "core/act/record.h"
#include "core/base/scan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Next line into *buf without its end; 1 whole, 0 end of file or half a line (*len its octets), -1 error. */
static int next_line(FILE *f, char **buf, size_t *cap, size_t *len, struct err *e)
{
	ssize_t n;

	*len = 0;
	errno = 0;
	n = getline(buf, cap, f);
	if (n < 0)
		return ferror(f) ? err_errno(e, ERR_IO, "reading the journal") : 0;
	if ((*buf)[n - 1] != '\n') {
		*len = (size_t)n;
		return 0;
	}
	*len = (size_t)n - 1;
	return 1;
}

static FILE *open_at(const char *path, uint64_t offset, struct err *e)
{
	FILE *f = fopen(path, "re");

	if (f == NULL) {
		err_errno(e, ERR_IO, "journal %s", path);
		return NULL;
	}
	if (fseeko(f, (off_t)offset, SEEK_SET) < 0) {
		err_errno(e, ERR_IO, "journal %s", path);
		fclose(f);
		return NULL;
	}
	return f;
}

static int give(const char *line, size_t len, journal_each each, void *ctx, int *stop, struct err *e)
{
	struct journal_entry entry;
	json_error_t je;
	json_t *rec = json_loadb(line, len, 0, &je);

	if (!json_is_object(rec)) {
		json_decref(rec);
		return err_set(e, ERR_PARSE, "is not a JSON object");
	}
	record_read(rec, line, len, &entry);
	*stop = each(ctx, &entry);
	json_decref(rec);
	return 0;
}

int journal_read(const char *path, uint64_t *offset, journal_each each, void *ctx, struct err *e)
{
	FILE *f = open_at(path, *offset, e);
	char *buf = NULL;
	size_t cap = 0, len;
	int rc, stop = 0;

	if (f == NULL)
		return -1;
	while ((rc = next_line(f, &buf, &cap, &len, e)) == 1 && !stop) {
		if (give(buf, len, each, ctx, &stop, e) < 0) {
			rc = err_prefix(e, "%s: the record at octet %" PRIu64, path, *offset);
			break;
		}
		*offset += len + 1;
	}
	free(buf);
	fclose(f);
	return rc < 0 ? -1 : 0;
}

/* ---- verify ---- */

static bool parse_head(struct slice text, struct chain *head)
{
	struct scan c = scan_of(slice_trim(text));
	struct slice hash;

	if (!scan_u64(&c, &head->seq) || !scan_lit(&c, ":"))
		return false;
	hash = scan_rest(&c);
	if (hash.len != sizeof(head->hash) - 1)
		return false;
	memcpy(head->hash, hash.p, hash.len);
	head->hash[hash.len] = '\0';
	return true;
}

/* True when a head is known: the caller's, or that of the file beside the journal. */
static int find_head(const char *path, const char *known, struct chain *head, struct err *e)
{
	char *name, buf[128];
	size_t n = 0;
	FILE *f;

	if (known != NULL)
		return parse_head(slice_of(known), head)
		           ? 1
		           : err_set(e, ERR_USAGE, "\"%.80s\" is not a head: SEQ:HASH is", known);
	name = mem_printf("%s.head", path);
	f = fopen(name, "re");
	free(name);
	if (f != NULL) {
		n = fread(buf, 1, sizeof(buf), f);
		fclose(f);
	}
	return parse_head((struct slice){ buf, n }, head) ? 1 : 0;
}

static void found(struct journal_report *r, uint64_t at, const char *words)
{
	r->ok = false;
	r->first_bad = at;
	snprintf(r->words, sizeof(r->words), "record %" PRIu64 " %.340s", at, words);
}

static int walk(FILE *f, const struct chain *head, bool known, struct journal_report *r, struct err *e)
{
	struct chain c;
	char *buf = NULL;
	size_t cap = 0, len = 0;
	int rc = 0;

	chain_start(&c);
	while (r->ok && (rc = next_line(f, &buf, &cap, &len, e)) == 1) {
		struct err why = ERR_INIT;

		if (chain_check(&c, buf, len, NULL, &why) < 0)
			found(r, c.seq + 1, why.text);
		else if (known && c.seq == head->seq && strcmp(c.hash, head->hash) != 0)
			found(r, c.seq, "is not the one of the known head: it was replaced");
	}
	if (rc == 0 && r->ok)
		r->torn_octets = len;
	r->records = r->head_seq = c.seq;
	memcpy(r->head, c.hash, sizeof(r->head));
	free(buf);
	return rc < 0 ? -1 : 0;
}

int journal_verify(const char *path, const char *known_head, struct journal_report *r, struct err *e)
{
	struct chain head;
	int known = find_head(path, known_head, &head, e);
	FILE *f;
	int rc;

	*r = (struct journal_report){ .ok = true };
	if (known < 0 || (f = open_at(path, 0, e)) == NULL)
		return -1;
	rc = walk(f, &head, known == 1, r, e);
	fclose(f);
	if (rc < 0 || !r->ok)
		return rc;
	if (known == 1 && head.seq > r->records)
		found(r, r->records + 1, "is missing: the tail was cut, the known head is later");
	else if (r->torn_octets > 0)
		snprintf(r->words, sizeof(r->words),
		    "%" PRIu64 " records, all whole; behind them %" PRIu64 " octets of a record that a crash broke off",
		    r->records, r->torn_octets);
	else
		snprintf(r->words, sizeof(r->words), "%" PRIu64 " records, all whole", r->records);
	return 0;
}
