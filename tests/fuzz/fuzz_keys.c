/* Any bytes from a terminal, and any text as keymap and as filter, drive the whole screen of an empty world. */
#include "core/base/mem.h"
#include "tui/canvas.h"
#include "tui/ui.h"
#include "tui/view.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_keymap(const char *text)
{
	struct keymap *k = keymap_new(&view_keymap_names);
	struct err e = ERR_INIT;

	if (keymap_read(k, "fuzz.keys", text, &e) != 0 && (e.code != ERR_CONFIG || keymap_at(k, 0) != NULL))
		abort(); /* a refusal has words, and takes nothing */
	keymap_free(k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char conf[] = "local-as = 64500\nrouter r1 {\n os = frr\n address = 192.0.2.1\n user = noc\n}\n";
	static struct config *config;
	struct world_router router = { 0 };
	struct world w = { .router_count = 1, .routers = &router };
	struct ui_settings s = { .theme = "dark" };
	struct err e = ERR_INIT;
	struct request rq;
	struct ui *u;
	char *text;

	if (config == NULL)
		config = config_parse("fuzz.conf", conf, &e);
	if (config == NULL)
		abort();
	w.config = config;
	router.conf = &config->routers[0];
	text = mem_strndup((const char *)data, size);
	try_keymap(text);
	free(text);
	u = ui_new_offscreen(&s, 90, 25, &e);
	if (u == NULL)
		abort();
	ui_feed(u, (const char *)data, size);
	while (ui_input(u, &w, &rq))
		if (rq.kind == REQ_CONFIRM)
			abort(); /* no plan was ever shown */
	ui_draw(u, &w);
	ui_free(u);
	return 0;
}
