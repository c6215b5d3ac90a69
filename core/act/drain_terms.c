/* What a drain was confirmed to do: its floor as it is typed, and the lines of its suspend; see drain.h. */
#include "core/act/drain.h"
#include "core/base/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FLOOR_MOST = 1000000000, DECIMALS_MOST = 3 };

/* "1.5" as 1500 thousandths. */
static bool take_thousandths(struct scan *c, uint64_t *out)
{
	uint64_t whole, part = 0, scale = 1000;
	const char *from;

	if (!scan_u64(c, &whole) || whole >= FLOOR_MOST)
		return false;
	if (scan_lit(c, ".")) {
		from = c->p;
		if (!scan_u64(c, &part) || c->p - from > DECIMALS_MOST)
			return false;
		for (ptrdiff_t i = c->p - from; i > 0; i--)
			scale /= 10;
	}
	*out = whole * 1000 + part * (part > 0 ? scale : 0);
	return true;
}

int drain_floor_parse(const char *text, struct drain_terms *t, struct err *e)
{
	static const struct {
		const char *letter;
		uint64_t times;
	} units[] = { { "k", 1000 }, { "M", 1000000 }, { "G", 1000000000 }, { "", 1 } };
	struct scan c = scan_of(slice_trim(slice_of(text)));
	uint64_t n;

	t->floor_bps = COUNT_UNKNOWN;
	t->share = 0;
	if (scan_done(&c))
		return 0;
	if (take_thousandths(&c, &n)) {
		struct scan percent = c;

		if (scan_lit(&percent, "%") && scan_done(&percent) && n % 1000 == 0 && n >= 1000 && n < 100000) {
			t->share = (unsigned)(n / 1000);
			return 0;
		}
		for (size_t i = 0; i < ARRAY_LEN(units); i++) {
			struct scan rest = c;

			if (scan_lit(&rest, units[i].letter) && scan_done(&rest) && n * units[i].times % 1000 == 0) {
				t->floor_bps = (count_t)(n / 1000 * units[i].times + n % 1000 * units[i].times / 1000);
				return 0;
			}
		}
	}
	return err_set(e, ERR_USAGE, "floor \"%.16s\": a rate (500k, 20M, 1.5G) or a share of now (10%%)", text);
}

void drain_floor_of(struct drain_terms *t, count_t now_bps)
{
	if (t->share > 0)
		t->floor_bps = now_bps == COUNT_UNKNOWN || now_bps == 0 ? COUNT_UNKNOWN : now_bps / 100 * t->share + now_bps % 100 * t->share / 100;
}

/* ---- lines ---- */

/* "r1/192.0.2.1=<SHA-256 of its lines>" */
static void name_lines(const struct plan_item *item, struct str *out)
{
	struct sha256 *h = sha256_new();
	char hash[SHA256_HEX_LEN];

	for (size_t k = 0; k < item->apply_count; k++)
		sha256_add_field(h, item->apply[k].line);
	sha256_end(h, hash);
	str_addf(out, "%s/%s%s%s=%s", item->router, item->vrf, item->vrf[0] != '\0' ? "/" : "", item->neighbor, hash);
}

void drain_name_lines(const struct plan *suspend, struct str *out)
{
	for (size_t i = 0; i < suspend->count; i++) {
		if (suspend->items[i].skip != NULL)
			continue;
		if (out->len > 0)
			str_putc(out, ' ');
		name_lines(&suspend->items[i], out);
	}
}

static bool has_word(const char *words, struct slice wanted)
{
	struct scan c = scan_of(slice_of(words));
	struct slice w;

	while (scan_word(&c, &w))
		if (w.len == wanted.len && memcmp(w.p, wanted.p, w.len) == 0)
			return true;
	return false;
}

bool drain_as_confirmed(const struct drain_entry *d, const struct plan *suspend)
{
	bool same = true;
	struct str name;

	str_init(&name, 0);
	for (size_t i = 0; same && i < suspend->count; i++) {
		if (suspend->items[i].skip != NULL)
			continue;
		str_clear(&name);
		name_lines(&suspend->items[i], &name);
		same = has_word(d->lines, str_slice(&name));
	}
	str_fini(&name);
	return same;
}

void drain_seal(const char *lines, char out[DRAIN_SEAL_LEN])
{
	char sha[SHA256_HEX_LEN];

	sha256_of(lines, strlen(lines), sha);
	snprintf(out, DRAIN_SEAL_LEN, "sealed %s", sha);
}
