/* Networks for commands that end; see lookup.h. */
#include "app/lookup.h"
#include "backends/sources/pdb_set.h"
#include "backends/sources/pdb_sync.h"
#include "backends/sources/rdap.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int lookup_open(struct lookup *l, const struct options *o, struct err *e)
{
	*l = (struct lookup){ .config = options_config(o, e) };
	if (l->config == NULL)
		return -1;
	l->store = store_open(l->config->data_dir);
	if (*store_note(l->store) != '\0')
		fprintf(stderr, "peerdeck: %s\n", store_note(l->store));
	return 0;
}

void lookup_close(struct lookup *l)
{
	pdb_ask_free(l->ask);
	http_stop(l->http);
	store_close(l->store);
	config_free(l->config);
	*l = (struct lookup){ 0 };
}

static void on_progress(void *arg, const char *words)
{
	(void)arg;
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "%s\n", words);
}

int lookup_source(struct lookup *l, const char *from, struct err *e)
{
	bool url = from != NULL && strstr(from, "://") != NULL;

	if (from != NULL && !url)
		return 0;
	if (from == NULL && !l->config->pdb.enabled)
		return err_set(e, ERR_REFUSED, "PeeringDB is disabled in %s", l->config->path);
	if (l->http == NULL)
		l->http = http_start(e);
	if (l->http == NULL)
		return -1;
	if (l->ask == NULL) {
		l->ask = pdb_ask_new(&l->config->pdb, l->http);
		pdb_ask_share(l->ask, l->config->data_dir);
	}
	return 0;
}

int lookup_ask(struct lookup *l, const asn_t *asns, size_t n, const struct addr *addrs, size_t addr_count,
    unsigned refresh_s, struct err *e)
{
	const struct pdb_sync_ops ops = { .progress = on_progress };
	const struct pdb_wanted w = { .asns = asns, .asn_count = n, .addrs = addrs, .addr_count = addr_count,
		.local_as = l->config->local_as, .refresh_s = refresh_s };

	if (lookup_source(l, NULL, e) != 0)
		return -1;
	return pdb_sync(l->ask, l->store, &w, &ops, e);
}

struct peer_set *lookup_set(struct lookup *l, const asn_t *asns, size_t n, struct err *e)
{
	return pdb_load(l->store, asns, n, l->config->local_as, e);
}

const struct registered_set *lookup_registered(struct lookup *l, const asn_t *asns, size_t n, bool ask, struct arena *a)
{
	const struct registered_set *s;
	struct err e = ERR_INIT;

	if (!l->config->rdap.enabled)
		return NULL;
	if (ask && l->http == NULL)
		l->http = http_start(&e);
	s = rdap_lookup(&l->config->rdap, l->config->data_dir, ask ? l->http : NULL, asns, n, a);
	for (size_t i = 0; ask && i < s->count; i++)
		if (!text_empty(s->list[i].trouble)) {
			fprintf(stderr, "peerdeck: %s\n", s->list[i].trouble.s);
			break; /* the others were not asked after it */
		}
	return s;
}

char *lookup_age(int64_t wall_ms, char out[LOOKUP_AGE_LEN])
{
	char span[CLOCK_SPAN_LEN];
	int64_t age_s = (clock_wall_ms() - wall_ms) / 1000;

	if (wall_ms <= 0)
		snprintf(out, LOOKUP_AGE_LEN, "never");
	else
		snprintf(out, LOOKUP_AGE_LEN, "%s ago", clock_span(age_s > 0 ? age_s : 0, span));
	return out;
}
