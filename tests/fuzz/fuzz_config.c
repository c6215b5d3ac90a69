/* Any text as a configuration file: refused in words, or settings that hold together. */
#include "core/model/config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_strndup((const char *)data, size);
	struct err e = ERR_INIT;
	struct config *c = config_parse("fuzz.conf", text, &e);

	if (c == NULL && (e.code != ERR_CONFIG || e.text[0] == '\0'))
		abort();
	for (size_t i = 0; c != NULL && i < c->router_count; i++)
		if (config_router(c, c->routers[i].name) != &c->routers[i] || c->routers[i].address == NULL)
			abort();
	config_free(c);
	free(text);
	return 0;
}
