/*
 * Facts that are written behind: a verdict that changed is worth a record, and not worth a screen that stands still
 * while the disk syncs.  Order is kept.  What is not yet written when the program ends is judged anew by the next.
 */
#include "app/rulings.h"
#include "core/base/clock.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	QUEUE_MOST = 20000,
	LAST_MOMENT_MS = 1000, /* for what waits when the console ends: each record syncs, and thousands may wait */
};

struct item {
	struct item *next;
	asn_t asn;
	char *clause, *policy, *words;
	enum verdict_value before, after;
};
struct fact_writer {
	struct journal *journal;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct item *first, **last;
	size_t queued;
	bool ending;
	int64_t end_steady_ms; /* once ending */
	char trouble[300];
};

static void item_free(struct item *i)
{
	free(i->clause);
	free(i->policy);
	free(i->words);
	free(i);
}

static int write_item(struct journal *j, const struct item *i, struct err *e)
{
	const struct journal_more more[] = { { "after", verdict_word(i->after) }, { "before", verdict_word(i->before) }, { "clause", i->clause },
		{ "policy", i->policy } };
	const struct journal_fact f = { .kind = "verdict", .remote_as = i->asn, .words = i->words, .more = more, .more_count = ARRAY_LEN(more) };

	return journal_fact(j, &f, e);
}

static void *run(void *arg)
{
	struct fact_writer *w = arg;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		struct item *i = w->first;
		struct err e = ERR_INIT;

		if (w->ending && (i == NULL || clock_steady_ms() >= w->end_steady_ms))
			break;
		if (i == NULL) {
			pthread_cond_wait(&w->wake, &w->lock);
			continue;
		}
		w->first = i->next;
		if (w->first == NULL)
			w->last = &w->first;
		w->queued--;
		pthread_mutex_unlock(&w->lock);
		write_item(w->journal, i, &e);
		item_free(i);
		pthread_mutex_lock(&w->lock);
		if (e.code != ERR_NONE && w->trouble[0] == '\0')
			snprintf(w->trouble, sizeof(w->trouble), "%.290s", e.text);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct fact_writer *fact_writer_start(struct journal *j)
{
	struct fact_writer *w = MEM_NEW(struct fact_writer);

	w->journal = j;
	w->last = &w->first;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	if (pthread_create(&w->thread, NULL, run, w) == 0)
		return w;
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
	return NULL;
}

void fact_writer_stop(struct fact_writer *w)
{
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->ending = true;
	w->end_steady_ms = clock_steady_ms() + LAST_MOMENT_MS;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	for (struct item *i = w->first, *next; i != NULL; i = next) {
		next = i->next;
		item_free(i);
	}
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

void fact_writer_verdict(struct fact_writer *w, const struct policy *p, const struct verdict_change *c)
{
	struct item *i;

	if (w == NULL)
		return;
	i = MEM_NEW(struct item);
	*i = (struct item){ .asn = c->asn, .clause = mem_strdup(c->clause->id), .policy = mem_printf("AS%u", p->asn), .words = mem_strdup(c->words),
		.before = c->before, .after = c->after };
	pthread_mutex_lock(&w->lock);
	if (w->queued == QUEUE_MOST) {
		snprintf(w->trouble, sizeof(w->trouble), "more than %d changed verdicts wait to be written: some are not kept", QUEUE_MOST);
		item_free(i);
	} else {
		*w->last = i;
		w->last = &i->next;
		w->queued++;
		pthread_cond_signal(&w->wake);
	}
	pthread_mutex_unlock(&w->lock);
}

void fact_writer_trouble(struct fact_writer *w, char *out, size_t n)
{
	out[0] = '\0';
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	snprintf(out, n, "%s", w->trouble);
	w->trouble[0] = '\0';
	pthread_mutex_unlock(&w->lock);
}
