/*
 * What the console hears from the routers, kept for a replay: by the configuration, or switched on by the operator.
 */
#include "app/console_priv.h"
#include "backends/link/recorder.h"

#include <stdlib.h>

enum { MIB = 1 << 20 };

static void begin(struct console *c)
{
	const struct config *conf = c->config;
	char *own = mem_printf("%s/recordings", conf->data_dir);
	const struct recorder_way way = { .folder = conf->record_folder != NULL ? conf->record_folder : own,
		.most = (uint64_t)conf->record_most_mib * MIB, .local_as = conf->local_as };
	struct err e = ERR_INIT;

	if (recorder_start(c->recorder, &way, &e) < 0)
		console_notice(c, "nothing is recorded: %s", e.text);
	free(own);
}

void console_record_start(struct console *c)
{
	c->recorder = recorder_new();
	pool_use_recorder(c->pool, c->recorder);
	if (c->config->record)
		begin(c);
}

/* A recording that ended by itself (a full disk) is said once. */
void console_record_tick(struct console *c)
{
	struct recorder_state st;

	if (c->recorder == NULL)
		return;
	recorder_state(c->recorder, &st);
	if (c->present.w.recording && !st.on && st.trouble[0] != '\0')
		console_notice(c, "%s", st.trouble);
	c->present.w.recording = st.on;
}

void console_record(struct console *c)
{
	struct recorder_state st;

	if (c->recorder == NULL)
		return;
	recorder_state(c->recorder, &st);
	if (st.on) {
		c->present.w.recording = false;
		recorder_stop(c->recorder);
		console_notice(c, "recording ended: %s", st.path);
		return;
	}
	begin(c);
	recorder_state(c->recorder, &st);
	if (st.on)
		console_notice(c, "recording into %s", st.path);
}
