/* First words with an unknown router; see probe.h. */
#include "backends/link/probe.h"
#include "backends/drivers/detect.h"
#include "backends/link/dialog.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <string.h>

enum { SAID_MAX = 65536, PROMPT_LEN = 256, STEP_MS = 10000, COLUMNS = 200, ROWS = 1000 };

/* Any CLI: what a prompt may look like, and pagers, which are left after their first page. */
static const struct dialogue any_cli = {
	.prompt = "(^|[\\w\\]) ])[\\w.:/~@*<>\\[\\]()-]*[>#$%\\]] ?$",
	.pager = "-+ ?\\(?[Mm]ore( \\d+%)?\\)? ?-+ ?$|^Press any key|<--- More --->",
	.pager_answer = "q",
	.bye = "exit",
	.echoes = true,
};

void probe_init(struct probe *p)
{
	str_init(&p->prompt, PROMPT_LEN);
	str_init(&p->version, SAID_MAX);
}

void probe_fini(struct probe *p)
{
	str_fini(&p->prompt);
	str_fini(&p->version);
}

static int64_t step(int64_t deadline)
{
	int64_t until = clock_boot_ms() + STEP_MS;

	return until < deadline ? until : deadline;
}

static bool known(const struct probe *p)
{
	const struct detect_seen seen = { .banner = SLICE(""), .prompt = SLICE(""), .version = str_slice(&p->version) };
	struct detect_found found[DETECT_MAX];

	return detect_os(&seen, found) > 0;
}

/* What a command on an exec channel says, wherever it says it. True if a channel was given. */
static bool ask_exec(struct link *l, const char *command, int64_t deadline, struct probe *out)
{
	struct str complaint;
	struct err own = ERR_INIT;
	bool ok;

	str_init(&complaint, SAID_MAX);
	str_clear(&out->version);
	ok = link_run(l, command, step(deadline), &out->version, &complaint, NULL, &own) == 0;
	str_add(&out->version, complaint.p, complaint.len < out->version.max - out->version.len ? complaint.len : 0);
	str_fini(&complaint);
	return ok;
}

static int ask_terminal(struct link *l, int64_t deadline, struct probe *out, struct err *e)
{
	static const char *const commands[] = { "show version", "display version" };
	struct link_sink sink = link_sink_str(&out->version);
	struct channel *c;
	struct dialog *d;

	if (l->ops->shell(l, COLUMNS, ROWS, step(deadline), &c, e) < 0 ||
	    dialog_open(c, &any_cli, step(deadline), &d, e) < 0)
		return -1;
	str_clear(&out->prompt);
	str_puts(&out->prompt, dialog_prompt(d));
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]) && !known(out) && !dialog_broken(d); i++) {
		str_clear(&out->version);
		dialog_run(d, commands[i], &sink, SAID_MAX, step(deadline), NULL);
	}
	dialog_close(d);
	return 0;
}

int probe_run(struct link *l, int64_t deadline, struct probe *out, struct err *e)
{
	bool exec = ask_exec(l, "show version", deadline, out);

	if (exec && !known(out) && slice_find(str_slice(&out->version), "not found") >= 0)
		ask_exec(l, detect_host_command, deadline, out);
	else if (exec && !known(out) && slice_find(str_slice(&out->version), "bad command") >= 0)
		ask_exec(l, "/system resource print", deadline, out);
	if (known(out))
		return 0;
	return ask_terminal(l, deadline, out, e);
}
