/* The thread that writes facts down; see scribe.h. */
#include "app/scribe.h"
#include "core/base/mem.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct note {
	struct note *next;
	struct arena *arena; /* owns all of it */
	struct journal_fact fact;
};

struct scribe {
	struct journal *journal;
	struct inbox *inbox;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct note *first, **last;
	bool stop;
};

static const char *copy(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_strdup(a, s);
}

static struct note *note_of(const struct journal_fact *f)
{
	struct arena *a = arena_new();
	struct note *n = arena_alloc(a, sizeof(*n));
	struct journal_more *more = arena_alloc(a, f->more_count * sizeof(*more));

	for (size_t i = 0; i < f->more_count; i++)
		more[i] = (struct journal_more){ copy(a, f->more[i].key), copy(a, f->more[i].value) };
	n->arena = a;
	n->fact = (struct journal_fact){ .kind = copy(a, f->kind), .id = copy(a, f->id), .router = copy(a, f->router),
		.vrf = copy(a, f->vrf), .neighbor = copy(a, f->neighbor), .network = copy(a, f->network),
		.remote_as = f->remote_as, .reason = copy(a, f->reason), .ticket = copy(a, f->ticket),
		.words = copy(a, f->words), .more = more, .more_count = f->more_count };
	return n;
}

static void write_note(struct scribe *s, struct note *n)
{
	struct err e = ERR_INIT;

	if (journal_fact(s->journal, &n->fact, &e) != 0) {
		struct msg *m = MEM_NEW(struct msg);

		m->kind = MSG_TEXT;
		snprintf(m->words, sizeof(m->words), "not written down (%s): %.150s", n->fact.kind, e.text);
		inbox_post(s->inbox, m);
	}
	arena_free(n->arena);
}

static void *writing(void *arg)
{
	struct scribe *s = arg;

	pthread_mutex_lock(&s->lock);
	for (;;) {
		struct note *n = s->first;

		if (n == NULL && s->stop)
			break;
		if (n == NULL) {
			pthread_cond_wait(&s->wake, &s->lock);
			continue;
		}
		s->first = n->next;
		if (s->first == NULL)
			s->last = &s->first;
		pthread_mutex_unlock(&s->lock);
		write_note(s, n);
		pthread_mutex_lock(&s->lock);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

struct scribe *scribe_start(struct journal *journal, struct inbox *inbox)
{
	struct scribe *s = MEM_NEW(struct scribe);

	s->journal = journal;
	s->inbox = inbox;
	s->last = &s->first;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->wake, NULL);
	if (pthread_create(&s->thread, NULL, writing, s) == 0)
		return s;
	pthread_cond_destroy(&s->wake);
	pthread_mutex_destroy(&s->lock);
	free(s);
	return NULL;
}

void scribe_stop(struct scribe *s)
{
	if (s == NULL)
		return;
	pthread_mutex_lock(&s->lock);
	s->stop = true;
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	pthread_cond_destroy(&s->wake);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

void scribe_fact(struct scribe *s, const struct journal_fact *f)
{
	struct note *n;

	if (s == NULL)
		return;
	n = note_of(f);
	pthread_mutex_lock(&s->lock);
	*s->last = n;
	s->last = &n->next;
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
}
