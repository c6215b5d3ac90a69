/* Interfaces of a Linux host; see linux_link.h. */
#include "backends/parse/linux_link.h"
#include "backends/parse/jget.h"

#include <string.h>

static const struct jnode *first_of(struct arena *a, struct slice out, struct err *e)
{
	struct jnode *root;

	if (jget_json(a, out, &root, e) != 0)
		return NULL;
	return root->down != NULL && root->down->down != NULL ? root->down : root;
}

static bool has_flag(const struct jnode *link, const char *flag)
{
	for (const struct jnode *f = jget(link, "flags"); f != NULL; f = jget_again(f)) {
		if (slice_eq(f->text, flag))
			return true;
		for (const struct jnode *d = f->down; d != NULL; d = d->next)
			if (slice_eq(d->text, flag))
				return true;
	}
	return false;
}

int linux_link_read(struct report *r, struct slice out, struct err *e)
{
	const struct jnode *link = first_of(report_arena(r), out, e);
	struct slice name = jget_text(link, "ifname");
	struct iface *f;

	r->kind = REPORT_INTERFACES;
	if (link == NULL)
		return -1;
	if (name.len == 0)
		return err_set(e, ERR_PARSE, "no interface in the answer");
	f = report_iface(r);
	f->name = report_text(r, name);
	f->description = report_text(r, jget_text(link, "ifalias"));
	f->link = has_flag(link, "LOWER_UP") ? TEXT_LIT("up") : TEXT_LIT("down");
	if (!has_flag(link, "UP"))
		f->link = TEXT_LIT("administratively down");
	f->protocol = report_text(r, jget_text(link, "operstate"));
	f->input_octets = jget_count(link, "stats64/rx/bytes");
	f->output_octets = jget_count(link, "stats64/tx/bytes");
	f->input_errors = jget_count(link, "stats64/rx/errors");
	f->output_errors = jget_count(link, "stats64/tx/errors");
	f->crc_errors = jget_count(link, "stats64/rx/crc_errors");
	r->rows_seen++;
	r->rows_parsed++;
	return 0;
}

int linux_route_device(struct slice out, struct str *name, struct err *e)
{
	struct arena *a = arena_new();
	const struct jnode *route = first_of(a, out, e);
	struct slice dev = jget_text(route, "dev");
	int rc = 0;

	if (route == NULL)
		rc = -1;
	else if (dev.len == 0)
		rc = err_set(e, ERR_PARSE, "no device in the answer");
	else
		str_add(name, dev.p, dev.len);
	arena_free(a);
	return rc;
}

count_t linux_speed(struct slice out)
{
	struct scan c = scan_of(slice_trim(out));
	uint64_t megabits;

	if (!scan_u64(&c, &megabits) || megabits == 0 || megabits > 100000000)
		return COUNT_UNKNOWN;
	return (count_t)megabits * 1000000;
}
