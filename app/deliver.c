/* See deliver.h. */
#include "app/deliver.h"
#include "app/child.h"
#include "backends/sources/webhook.h"
#include "core/judge/alert_mail.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

enum { MESSAGE_MAX = 1 << 20 };

static char host[256];

static void read_host(void)
{
	if (gethostname(host, sizeof(host) - 1) != 0 || host[0] == '\0')
		snprintf(host, sizeof(host), "?");
}

const char *deliver_host(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, read_host);
	return host;
}

size_t deliver_most(const struct output_conf *o)
{
	return o->kind == OUTPUT_MAIL ? ALERT_MAIL_MOST : webhook_most(o->template);
}

/* A mailer says by its exit status only whether it took the message: whatever went wrong may be mended. */
static void by_mail(const struct config *c, const struct output_conf *o, const struct notice_batch *b, int cancel_fd, struct delivery *out)
{
	struct err e = ERR_INIT;
	struct str message;

	*out = (struct delivery){ .fate = DELIVERY_LATER, .retry_after_s = -1 };
	str_init(&message, MESSAGE_MAX);
	if (alert_mail(&message, o, c->mail.name, b, &e) == 0 && child_run(o->command, &message, o->timeout_s, cancel_fd, &e) == 0) {
		out->fate = DELIVERY_DONE;
		snprintf(out->words, sizeof(out->words), "the mailer took it (exit status 0)");
	} else {
		snprintf(out->words, sizeof(out->words), "%.290s", e.text);
	}
	str_fini(&message);
}

void deliver(const struct config *c, const struct output_conf *o, struct http *http, const struct notice_batch *b, int cancel_fd,
    struct delivery *out)
{
	if (o->kind == OUTPUT_MAIL)
		by_mail(c, o, b, cancel_fd, out);
	else
		webhook_send(http, o, b, cancel_fd, out);
}
