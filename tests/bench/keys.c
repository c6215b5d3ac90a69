/*
 * keys ROUTERS SESSIONS ROUNDS - what keys cost while looks come in, without a terminal, threads or a clock's noise: for
 * valgrind --tool=callgrind, which counts instructions by function.  Prints milliseconds of CPU of each kind of key.
 */
#include "app/present.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "tui/ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const keys[] = { "6", "1", "/", "r", "1", "\r", "/", "\177", "\177", "\r", "0", "5", "2", "Z", "1" };

static double spent_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static struct config *house(int routers)
{
	struct err e = ERR_INIT;
	struct config *c;
	struct str text;

	str_init(&text, 1 << 20);
	str_puts(&text, "local-as = 64500\npeeringdb { enabled = no }\ndata-dir = \"/nonexistent\"\n");
	for (int i = 0; i < routers; i++)
		str_addf(&text, "router r%d { os = frr\n address = 127.0.0.1 }\n", i);
	c = config_parse("bench", text.p, &e);
	str_fini(&text);
	if (c != NULL)
		return c;
	fprintf(stderr, "keys: %s\n", e.text);
	exit(1);
}

/* Each look finds other sessions down: one in ten. */
static void look(struct present *p, int router, int sessions, unsigned turn)
{
	struct msg *m = MEM_NEW(struct msg), *l = MEM_NEW(struct msg);
	struct snap_builder *b = snap_builder_new(p->w.routers[router].conf->name);
	char words[40];

	for (int i = 0; i < sessions; i++) {
		bool down = turn > 0 && (unsigned)i % 10 == turn % 10;
		struct session *s;

		snprintf(words, sizeof(words), "10.%d.%d.%d", router + 1, i / 250, i % 250 + 1);
		s = snap_builder_session(b, slice_of(""), slice_of(words), AF_IPV4_UNICAST);
		s->remote_as = 64600u + (asn_t)(i % 700);
		s->state = down ? BGP_ACTIVE : BGP_ESTABLISHED;
		s->admin_down = TRI_NO;
		s->since_s = 100000 + (int64_t)turn;
		s->received = s->accepted = down ? COUNT_UNKNOWN : 100 + i % 900;
		s->max_prefixes = 2000;
	}
	snap_builder_rows(b, (unsigned)sessions, (unsigned)sessions);
	l->kind = MSG_LINK;
	m->kind = MSG_SNAP;
	l->router = m->router = p->w.routers[router].conf->name;
	l->link = (struct link_status){ .state = LINK_READY, .since_wall_ms = clock_wall_ms(), .since_boot_ms = clock_boot_ms(),
		.polls = 1, .last_good_boot_ms = clock_boot_ms() };
	m->snap = snap_builder_freeze(b, turn + 1);
	present_take(p, l);
	present_take(p, m);
}

static double press(struct ui *u, struct present *p, const char *key)
{
	double begin = spent_ms();
	struct request rq;

	ui_feed(u, key, strlen(key));
	while (ui_input(u, &p->w, &rq))
		;
	ui_draw(u, &p->w);
	return spent_ms() - begin;
}

int main(int argc, char **argv)
{
	const struct ui_settings settings = { .theme = "dark" };
	int routers = argc == 4 ? (int)strtol(argv[1], NULL, 10) : 0, sessions = routers > 0 ? (int)strtol(argv[2], NULL, 10) : 0;
	unsigned rounds = routers > 0 ? (unsigned)strtoul(argv[3], NULL, 10) : 0, turn = 0;
	double sum[ARRAY_LEN(keys)] = { 0 }, most[ARRAY_LEN(keys)] = { 0 };
	struct err e = ERR_INIT;
	struct present p;
	struct ui *u;

	if (routers < 1 || sessions < 1 || rounds < 1) {
		fprintf(stderr, "usage: keys ROUTERS SESSIONS ROUNDS\n");
		return 1;
	}
	present_init(&p, house(routers), 5000);
	u = ui_new_offscreen(&settings, 200, 50, &e);
	if (u == NULL) {
		fprintf(stderr, "keys: %s\n", e.text);
		return 1;
	}
	for (int r = 0; r < routers; r++)
		look(&p, r, sessions, 0);
	for (unsigned round = 0; round < rounds; round++)
		for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
			double ms;

			turn++;
			present_now(&p);
			look(&p, (int)(turn % (unsigned)routers), sessions, 1 + turn / (unsigned)routers);
			ms = press(u, &p, keys[k]);
			sum[k] += ms;
			most[k] = ms > most[k] ? ms : most[k];
		}
	for (size_t k = 0; k < ARRAY_LEN(keys); k++)
		printf("%zu %s mean %.2f ms, most %.2f ms\n", k, keys[k][0] == '\r' ? "Enter" : keys[k][0] == '\177' ? "BackSpace" : keys[k],
		    sum[k] / rounds, most[k]);
	ui_free(u);
	return 0;
}
