/* One thread, two lists; see collect_work.h. */
#include "app/collect_work.h"
#include "core/base/mem.h"

#include <pthread.h>
#include <stdlib.h>

struct list {
	struct job *first, **end;
};
struct work {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct list given, done;
	bool stop;
};

static void list_init(struct list *l)
{
	l->first = NULL;
	l->end = &l->first;
}

static void list_add(struct list *l, struct job *j)
{
	j->next = NULL;
	*l->end = j;
	l->end = &j->next;
}

static struct job *list_pop(struct list *l)
{
	struct job *j = l->first;

	if (j != NULL)
		l->first = j->next;
	if (l->first == NULL)
		l->end = &l->first;
	return j;
}

static void *work_main(void *arg)
{
	struct work *w = arg;

	pthread_mutex_lock(&w->lock);
	while (!w->stop) {
		struct job *j = list_pop(&w->given);

		if (j == NULL) {
			pthread_cond_wait(&w->wake, &w->lock);
			continue;
		}
		pthread_mutex_unlock(&w->lock);
		j->run(j);
		pthread_mutex_lock(&w->lock);
		list_add(&w->done, j);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

static void work_free(struct work *w)
{
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

struct work *work_start(const char *what, struct err *e)
{
	struct work *w = MEM_NEW(struct work);

	list_init(&w->given);
	list_init(&w->done);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	if (pthread_create(&w->thread, NULL, work_main, w) == 0)
		return w;
	err_set(e, ERR_IO, "%s: cannot start its thread", what);
	work_free(w);
	return NULL;
}

static void drop_all(struct list *l)
{
	struct job *j;

	while ((j = list_pop(l)) != NULL)
		j->drop(j);
}

void work_stop(struct work *w)
{
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	drop_all(&w->given);
	drop_all(&w->done);
	work_free(w);
}

void work_give(struct work *w, struct job *j, void *ctx)
{
	if (w == NULL) {
		j->run(j);
		j->take(ctx, j);
		j->drop(j);
		return;
	}
	pthread_mutex_lock(&w->lock);
	list_add(&w->given, j);
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

void work_take(struct work *w, void *ctx)
{
	struct list mine;
	struct job *j;

	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	list_init(&mine);
	while ((j = list_pop(&w->done)) != NULL)
		list_add(&mine, j);
	pthread_mutex_unlock(&w->lock);
	while ((j = list_pop(&mine)) != NULL) {
		j->take(ctx, j);
		j->drop(j);
	}
}
