/* Junos: "show interfaces | display xml" and "| display json"; see junos_read.h. */
#include "backends/drivers/junos_read.h"
#include "backends/parse/jget.h"
#include "backends/parse/refusal.h"
#include "core/base/scan.h"

/* "10Gbps", "1000mbps"; "Unspecified" and "Auto" are no speed. */
static count_t speed_of(struct slice v)
{
	struct scan c = scan_of(v);
	uint64_t n;

	if (!scan_u64(&c, &n) || scan_done(&c) || n > 1000000)
		return COUNT_UNKNOWN;
	return (*c.p | 0x20) == 'g' ? (count_t)n * 1000000000 : (*c.p | 0x20) == 'm' ? (count_t)n * 1000000 : COUNT_UNKNOWN;
}

static void take_port(struct report *r, const struct jnode *p)
{
	struct iface *f = report_iface(r);
	struct slice link = jget_text(p, "oper-status");

	r->rows_seen++;
	r->rows_parsed++;
	if (slice_eq(jget_text(p, "admin-status"), "down"))
		link = SLICE("administratively down");
	f->name = report_text(r, jget_text(p, "name"));
	if (link.len > 0)
		f->link = report_text(r, link);
	if (jget_text(p, "description").len > 0)
		f->description = report_text(r, jget_text(p, "description"));
	f->speed_bps = speed_of(jget_text(p, "speed"));
	f->input_octets = jget_count(p, "traffic-statistics/input-bytes");
	f->output_octets = jget_count(p, "traffic-statistics/output-bytes");
	f->input_bps = jget_count(p, "traffic-statistics/input-bps");
	f->output_bps = jget_count(p, "traffic-statistics/output-bps");
	f->input_errors = jget_count(p, "input-error-list/input-errors");
	f->output_errors = jget_count(p, "output-error-list/output-errors");
	f->crc_errors = jget_count(p, "ethernet-mac-statistics/input-crc-errors");
}

/* The answers of several routing engines or members stand beside each other. */
static void take_ports(struct report *r, const struct jnode *n, unsigned depth)
{
	for (; n != NULL && depth > 0; n = n->next) {
		const struct jnode *p = jget(n, "physical-interface");

		if (p == NULL)
			p = jget(n, "logical-interface");
		if (p == NULL)
			take_ports(r, n->down, depth - 1);
		for (; p != NULL; p = jget_again(p))
			take_port(r, p);
	}
}

int junos_ports(struct report *r, struct slice out, struct err *e)
{
	struct arena *scratch = arena_new();
	struct jnode *root;
	int rc = junos_tree(scratch, out, &root, e);

	r->kind = REPORT_INTERFACES;
	if (rc == 0)
		take_ports(r, root, 6);
	if (rc == 0 && r->iface_count == 0)
		rc = refusal_or_not_found(out, "interface-information", e);
	arena_free(scratch);
	return rc;
}
