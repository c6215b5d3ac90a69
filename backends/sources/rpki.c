/* File or cache; see rpki.h. */
#include "backends/sources/rpki.h"
#include "backends/sources/rtr.h"
#include "backends/sources/vrp_file.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_LOOK_S = 30, CACHE_LOOK_S = 300, RETRY_S = 10, TIMEOUT_S = 30 };

struct rpki {
	const struct rpki_conf *conf;
	struct rtr_state rtr;
	struct vrp_table *table; /* of the file as it was */
	struct timespec changed;
	off_t size;
	int64_t made_ms;
};

/* Replaced files are new files; the time and the size tell. */
static struct vrp_table *from_file(struct rpki *r, int64_t *as_of, struct err *e)
{
	struct stat st;
	struct vrp_table *t;

	if (stat(r->conf->vrp_file, &st) != 0) {
		err_errno(e, ERR_IO, "%s", r->conf->vrp_file);
		return NULL;
	}
	if (r->table == NULL || memcmp(&st.st_mtim, &r->changed, sizeof(st.st_mtim)) != 0 || st.st_size != r->size) {
		t = vrp_file_read(r->conf->vrp_file, &r->made_ms, e);
		if (t == NULL)
			return NULL;
		vrp_unref(r->table);
		r->table = t;
		r->changed = st.st_mtim;
		r->size = st.st_size;
		if (r->made_ms < 0 || r->made_ms > clock_wall_ms())
			r->made_ms = (int64_t)st.st_mtim.tv_sec * 1000;
	}
	*as_of = r->made_ms;
	return vrp_ref(r->table);
}

static int ask(void *ctx, const char *key, int cancel_fd, void **answer, int64_t *as_of, struct err *e)
{
	struct rpki *r = ctx;
	struct vrp_table *t;

	(void)key;
	if (r->conf->vrp_file != NULL) {
		t = from_file(r, as_of, e);
	} else {
		*as_of = clock_wall_ms();
		t = rtr_look(&r->rtr, r->conf->rtr_host, r->conf->rtr_port, TIMEOUT_S, cancel_fd, e) == 0 ? vrp_ref(r->rtr.table) : NULL;
	}
	*answer = t;
	return t != NULL ? 0 : -1;
}

static void answer_free(void *answer)
{
	vrp_unref(answer);
}

static void end(void *ctx)
{
	struct rpki *r = ctx;

	rtr_state_fini(&r->rtr);
	vrp_unref(r->table);
	free(r);
}

struct keeper *rpki_keeper(const struct rpki_conf *conf, struct err *e)
{
	static const struct keeper_ops ops = { ask, answer_free, end };
	const struct keeper_times times = { conf->vrp_file != NULL ? FILE_LOOK_S : CACHE_LOOK_S, RETRY_S, 0 };
	struct rpki *r;
	struct keeper *k;

	if (conf->vrp_file == NULL && conf->rtr_host == NULL)
		return NULL;
	r = MEM_NEW(struct rpki);
	r->conf = conf;
	k = keeper_start("RPKI", &ops, r, &times, e);
	if (k == NULL)
		end(r);
	return k;
}
