/* All workers of a process: starting, finding, stopping; see worker.h. */
#include "backends/link/worker_priv.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Address space only: pages are taken as they are touched.  The sanitizers need most of it. */
enum { WORKER_STACK = 1 << 20 };

struct pool *pool_new(const struct config *c, struct inbox *inbox, const char *hostkey_dir,
    int handshakes)
{
	struct pool *p = MEM_NEW(struct pool);

	p->config = c;
	p->inbox = inbox;
	p->hostkey_dir = mem_strdup(hostkey_dir);
	p->handshakes = places_new(handshakes > 0 ? (unsigned)handshakes : 1);
	return p;
}

void pool_use_reach(struct pool *p, pool_reach_fn *reach, void *ctx)
{
	p->reach = reach;
	p->reach_ctx = ctx;
}

void pool_use_recorder(struct pool *p, struct recorder *r)
{
	p->recorder = r;
}

static void worker_free(struct worker *w)
{
	if (w->cancel_fd >= 0)
		close(w->cancel_fd);
	if (w->wake_fd >= 0)
		close(w->wake_fd);
	str_fini(&w->slow_notes);
	str_fini(&w->answer);
	take_fini(&w->take);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

static int run_thread(struct worker *w)
{
	pthread_attr_t attr;
	int rc;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, WORKER_STACK);
	rc = pthread_create(&w->thread, &attr, worker_main, w);
	pthread_attr_destroy(&attr);
	return rc;
}

static int worker_start(struct pool *p, const struct router_conf *conf, struct err *e)
{
	struct worker *w = MEM_NEW(struct worker);

	w->pool = p;
	w->conf = w->login = conf;
	w->driver = driver_find(conf->os);
	w->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	w->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&w->lock, NULL);
	str_init(&w->slow_notes, 512);
	str_init(&w->answer, 0);
	take_init(&w->take, p->recorder, conf->name, w->driver);
	if (w->driver == NULL)
		err_set(e, ERR_CONFIG, "router %s: there is no driver \"%s\"", conf->name, conf->os);
	else if (w->cancel_fd < 0 || w->wake_fd < 0)
		err_errno(e, ERR_IO, "router %s", conf->name);
	else if (run_thread(w) != 0)
		err_set(e, ERR_IO, "router %s: no thread left for it", conf->name);
	else {
		MEM_GROW(p->workers, p->cap, p->count + 1);
		p->workers[p->count++] = w;
		return 0;
	}
	worker_free(w);
	return -1;
}

int pool_start(struct pool *p, const char *only, struct err *e)
{
	bool found = false;

	for (size_t i = 0; i < p->config->router_count; i++) {
		const struct router_conf *r = &p->config->routers[i];

		if (r->is_jump || (only != NULL && strcmp(r->name, only) != 0))
			continue;
		found = true;
		if (pool_worker(p, r->name) == NULL && worker_start(p, r, e) < 0)
			return -1;
	}
	if (only != NULL && !found)
		return err_set(e, ERR_USAGE, "there is no router \"%s\"", only);
	return 0;
}

struct worker *pool_worker(struct pool *p, const char *router)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->workers[i]->conf->name, router) == 0)
			return p->workers[i];
	return NULL;
}

static void worker_stop(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	eventfd_write(w->cancel_fd, 1);
	eventfd_write(w->wake_fd, 1);
	pthread_mutex_unlock(&w->lock);
}

void pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->count; i++)
		worker_stop(p->workers[i]);
	for (size_t i = 0; i < p->count; i++) {
		pthread_join(p->workers[i]->thread, NULL);
		worker_free(p->workers[i]);
	}
	places_free(p->handshakes);
	ssh_keys_forget();
	free(p->hostkey_dir);
	free(p->workers);
	free(p);
}
