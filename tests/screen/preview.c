/*
 * preview - the console on a world that stands still, without any router.
 *
 *	preview                         interactively, in this terminal
 *	preview WIDTH HEIGHT [KEYS]     prints one screen as text; KEYS as they would be typed
 *
 * For looking at the screen while working on it.  An action's plan and
 * progress are played, nothing is ever connected.
 */
#include "tests/screen/night.h"
#include "tui/canvas.h"
#include "tui/ui.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t resized;

static void on_resize(int sig)
{
	(void)sig;
	resized = 1;
}

static bool answer(struct ui *u, struct night *n, const struct request *rq)
{
	static struct plan *plan;

	switch (rq->kind) {
	case REQ_QUIT:
		plan_unref(plan);
		plan = NULL;
		return false;
	case REQ_STOP_PROCESS:
		ui_suspend(u);
		raise(SIGTSTP);
		ui_resume(u);
		break;
	case REQ_PLAN:
		plan_unref(plan);
		plan = night_plan(NULL, rq->verb, rq->reason, rq->message, rq->targets, rq->target_count);
		ui_plan_show(u, plan);
		break;
	case REQ_CONFIRM:
		ui_act_progress(u, plan->items[0].router, "", plan->items[0].neighbor, ACT_DONE,
		    "the router says that it is shut, after 1.2 s");
		ui_act_finished(u, "1 done");
		break;
	case REQ_READ_ONLY:
		n->w.read_only = rq->read_only;
		break;
	case REQ_ACK_EVENTS:
		for (size_t i = 0; i < rq->event_count; i++)
			event_log_ack(n->w.events, rq->events[i]);
		break;
	case REQ_ACK_ALL:
		event_log_ack_all(n->w.events);
		break;
	default:
		break;
	}
	return true;
}

static void print(struct ui *u, struct night *n, const char *keys)
{
	struct request rq;
	struct str out;

	ui_draw(u, &n->w);
	ui_feed(u, keys, strlen(keys));
	while (ui_input(u, &n->w, &rq))
		answer(u, n, &rq);
	ui_draw(u, &n->w);
	str_init(&out, 0);
	canvas_text(ui_canvas(u), &out);
	fputs(out.p, stdout);
	str_fini(&out);
}

static void interact(struct ui *u, struct night *n)
{
	struct request rq;
	bool on = true;

	signal(SIGWINCH, on_resize);
	while (on) {
		struct pollfd p = { .fd = ui_fd(u), .events = POLLIN };

		ui_draw(u, &n->w);
		poll(&p, 1, 50);
		clock_fake_advance(50);
		if (resized) {
			resized = 0;
			ui_resize(u, 0, 0);
		}
		while (on && ui_input(u, &n->w, &rq))
			on = answer(u, n, &rq);
	}
}

int main(int argc, char **argv)
{
	struct ui_settings s = { .keymap = getenv("PREVIEW_KEYMAP"), .theme = getenv("PREVIEW_THEME"),
		.no_color = getenv("NO_COLOR") != NULL, .links = true };
	struct err e = ERR_INIT;
	struct night *n = night_new();
	struct ui *u;

	n->w.read_only = getenv("PREVIEW_READ_ONLY") != NULL;
	u = argc > 2 ? ui_new_offscreen(&s, (int)strtol(argv[1], NULL, 10), (int)strtol(argv[2], NULL, 10), &e) :
	    ui_new(&s, &e);
	if (u == NULL) {
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	if (argc > 2)
		print(u, n, argc > 3 ? argv[3] : "");
	else
		interact(u, n);
	ui_free(u);
	night_free(n);
	return 0;
}
