/*
 * Questions of workers (passphrases) while the screen is open.
 *
 * The worker's thread waits; the main thread gives the terminal back, asks
 * there without echo, and takes it again.  So no secret walks through the
 * screen's own input.
 */
#include "app/ask.h"
#include "app/console_priv.h"
#include "backends/link/secret.h"

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* In a worker's thread; one at a time. */
static int ask_main_thread(void *ctx, const char *words, char *buf, size_t n, struct err *e)
{
	struct tty_question *q = ctx;
	int rc;

	pthread_mutex_lock(&q->lock);
	if (q->closed || q->declined || q->nobody) {
		rc = q->closed ? err_set(e, ERR_CANCELLED, "the console is closing")
			       : q->nobody ? err_set(e, ERR_AUTH, "a passphrase is needed, and a wallboard asks nobody")
			       : err_set(e, ERR_AUTH, "no passphrase was given; a refresh asks again");
		pthread_mutex_unlock(&q->lock);
		return rc;
	}
	q->words = words;
	q->answer = buf;
	q->size = n;
	q->e = e;
	q->waiting = true;
	q->done = false;
	eventfd_write(q->wake_fd, 1);
	while (!q->done && !q->closed)
		pthread_cond_wait(&q->answered, &q->lock);
	rc = q->done ? q->rc : err_set(e, ERR_CANCELLED, "the console is closing");
	q->waiting = false;
	pthread_mutex_unlock(&q->lock);
	return rc;
}

void tty_question_open(struct tty_question *q)
{
	*q = (struct tty_question){ .wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->answered, NULL);
	secret_on_ask(ask_main_thread, q);
}

void tty_question_close(struct tty_question *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->answered);
	pthread_mutex_unlock(&q->lock);
}

void tty_question_fini(struct tty_question *q)
{
	secret_on_ask(NULL, NULL);
	close(q->wake_fd);
	pthread_cond_destroy(&q->answered);
	pthread_mutex_destroy(&q->lock);
}

void tty_question_again(struct tty_question *q)
{
	pthread_mutex_lock(&q->lock);
	q->declined = false;
	pthread_mutex_unlock(&q->lock);
}

void tty_question_serve(struct tty_question *q, struct ui *ui)
{
	char words[300] = "", answer[1024] = "";
	struct err e = ERR_INIT;
	eventfd_t count;
	size_t size;
	int rc;

	pthread_mutex_lock(&q->lock);
	eventfd_read(q->wake_fd, &count);
	size = q->size < sizeof(answer) ? q->size : sizeof(answer);
	if (q->waiting && !q->done)
		strncat(words, q->words, sizeof(words) - 1);
	pthread_mutex_unlock(&q->lock);
	if (words[0] == '\0')
		return;
	ui_suspend(ui);
	rc = ask_secret(words, answer, size, &e);
	ui_resume(ui);
	pthread_mutex_lock(&q->lock);
	if (q->waiting && !q->done) {
		memcpy(q->answer, answer, size);
		if (rc != 0)
			err_set(q->e, ERR_AUTH, "no passphrase was given; a refresh asks again");
		q->declined = rc != 0;
		q->rc = rc;
		q->done = true;
		pthread_cond_broadcast(&q->answered);
	}
	pthread_mutex_unlock(&q->lock);
	explicit_bzero(answer, sizeof(answer));
}
