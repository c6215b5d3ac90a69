/*
 * pollprint - starts the workers of a configuration and prints what they post.
 *
 *     pollprint CONF HOSTKEY_DIR SECONDS [ROUTER]
 *
 * For looking at states and snapshots without a screen; tests read its lines:
 * "ROUTER state WORD: words" and "ROUTER snap N sessions ...".
 */
#include "backends/link/ssh.h"
#include "backends/link/worker.h"
#include "core/base/clock.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_session(const struct session *s)
{
	printf("    %-40s %-14s AS%-10u %-20s in %lld acc %lld out %lld max %lld %s\n", text_or(s->neighbor, "?"),
	    afi_safi_word(s->family) ? afi_safi_word(s->family) : "?", s->remote_as, session_state_words(s),
	    (long long)s->received, (long long)s->accepted, (long long)s->advertised,
	    (long long)s->max_prefixes, text_or(s->description, "-"));
}

static void print_msg(const struct msg *m)
{
	switch (m->kind) {
	case MSG_LINK:
		printf("%s state %s%s%s [%s] polls %u, %u ms, %llu octets%s%s\n", m->router,
		    link_state_word(m->link.state), m->link.words[0] ? ": " : "", m->link.words,
		    err_code_word(m->link.cause), m->link.polls, m->link.poll_ms,
		    (unsigned long long)m->link.octets_in, m->link.algorithms[0] ? ", " : "",
		    m->link.algorithms);
		break;
	case MSG_SNAP:
		printf("%s snap %zu sessions, rows %u/%u, generation %llu, %s; note: %s\n", m->router,
		    m->snap->count, m->snap->rows_parsed, m->snap->rows_seen,
		    (unsigned long long)m->snap->generation, text_or(m->snap->version, "?"),
		    text_or(m->snap->note, ""));
		for (size_t i = 0; i < m->snap->count; i++)
			print_session(&m->snap->sessions[i]);
		break;
	default:
		printf("%s message %s\n", m->router ? m->router : "-", m->words);
	}
	fflush(stdout);
}

static void drain(struct inbox *in)
{
	struct msg *m;

	while ((m = inbox_take(in)) != NULL) {
		print_msg(m);
		msg_free(m);
	}
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct inbox *in = inbox_new();
	struct config *c = NULL;
	struct pool *p = NULL;
	int64_t end;
	int rc = 1;

	if (argc < 4) {
		fprintf(stderr, "usage: pollprint CONF HOSTKEY_DIR SECONDS [ROUTER]\n");
		goto out;
	}
	signal(SIGPIPE, SIG_IGN);
	end = clock_boot_ms() + (int64_t)(strtod(argv[3], NULL) * 1000);
	c = config_load(argv[1], &e);
	if (c == NULL)
		goto out;
	p = pool_new(c, in, argv[2], 32);
	if (pool_start(p, argc > 4 ? argv[4] : NULL, &e) < 0)
		goto out;
	while (clock_boot_ms() < end) {
		struct pollfd fd = { .fd = inbox_fd(in), .events = POLLIN };

		if (poll(&fd, 1, (int)(end - clock_boot_ms())) < 0 && errno != EINTR)
			break;
		drain(in);
	}
	rc = 0;
out:
	pool_free(p);
	drain(in);
	if (e.code != ERR_NONE)
		fprintf(stderr, "pollprint: %s\n", e.text);
	config_free(c);
	inbox_free(in);
	return rc;
}
