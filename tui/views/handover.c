/* The handover: what the next shift must know, since the last one was acknowledged. */
#include "core/base/clock.h"
#include "core/judge/handover.h"
#include "tui/view.h"

#include <stdio.h>

static void add_item(struct page *p, const struct handover_item *it)
{
	char iso[CLOCK_ISO_LEN], when[20] = "";

	if (it->wall_ms != 0)
		snprintf(when, sizeof(when), "%.5s %.5sZ", clock_iso(it->wall_ms, iso) + 5, iso + 11);
	page_line(p, it->open ? ROLE_WARN : ROLE_NORMAL, "%s %s  %s%s%s", it->open ? "!" : " ", when, it->subject,
	    it->subject[0] ? "  " : "", it->words);
}

static void handover_page(const struct view_ctx *cx, struct page *p)
{
	struct handover *h = handover_new(cx->w, cx->w->handed_wall_ms);
	char from[CLOCK_ISO_LEN], head[160], key[KEY_NAME_LEN];

	page_line(p, ROLE_ACCENT, "Since %s. The next shift has read it: %s", clock_iso(h->from_wall_ms, from),
	    keymap_key(cx->keys, CMD_HANDOVER_ACK, "handover", key)[0] ? key : ":handover-ack");
	if (h->caveat[0] != '\0')
		page_line(p, ROLE_WARN, "%s", h->caveat);
	for (int part = 0; part < HANDOVER_PARTS; part++) {
		snprintf(head, sizeof(head), "%s%s", handover_part_title((enum handover_part)part),
		    h->parts[part].count == 0 ? ": none" : "");
		if (h->parts[part].count == 0) {
			page_line(p, ROLE_DIM, "%s", head);
			continue;
		}
		page_head(p, head);
		for (size_t i = 0; i < h->parts[part].count; i++)
			add_item(p, &h->parts[part].items[i]);
	}
	handover_free(h);
}

const struct view view_handover = {
	.name = "handover", .title = "Handover", .about = "what the next shift must know; acknowledged, it begins anew",
	.page = handover_page,
};
