/* A handover as text for a terminal or a mail, and as Markdown for a ticket; see handover.h. */
#include "core/base/clock.h"
#include "core/judge/handover.h"

#include <string.h>

static void add_item(const struct handover_item *it, bool markdown, struct str *out)
{
	char iso[CLOCK_ISO_LEN];

	str_puts(out, markdown ? (it->open ? "- [ ] " : "- ") : it->open ? "  ! " : "    ");
	if (it->wall_ms != 0)
		str_addf(out, "%.5s %.5sZ  ", clock_iso(it->wall_ms, iso) + 5, iso + 11);
	if (it->subject[0] != '\0')
		str_addf(out, markdown ? "**%s** " : "%s  ", it->subject);
	str_addf(out, "%s\n", it->words);
}

static void print(const struct handover *h, bool markdown, struct str *out)
{
	char from[CLOCK_ISO_LEN], to[CLOCK_ISO_LEN];

	str_addf(out, "%sHandover by %s: %s to %s\n", markdown ? "# " : "", h->by, clock_iso(h->from_wall_ms, from),
	    clock_iso(h->to_wall_ms, to));
	if (h->caveat[0] != '\0')
		str_addf(out, "\n%s\n", h->caveat);
	for (int p = 0; p < HANDOVER_PARTS; p++) {
		str_addf(out, "\n%s%s%s\n", markdown ? "## " : "", handover_part_title((enum handover_part)p),
		    h->parts[p].count == 0 ? ": none" : "");
		if (markdown && h->parts[p].count > 0)
			str_putc(out, '\n');
		for (size_t i = 0; i < h->parts[p].count; i++)
			add_item(&h->parts[p].items[i], markdown, out);
	}
}

void handover_text(const struct handover *h, struct str *out)
{
	print(h, false, out);
}

void handover_markdown(const struct handover *h, struct str *out)
{
	print(h, true, out);
}
