/* From selectors to networks; see subject.h. */
#include "app/subject.h"
#include "app/gather.h"
#include "app/selector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 60000 };

static struct subject *subject_add(struct subjects *s, asn_t asn)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->p[i].asn == asn)
			return &s->p[i];
	MEM_GROW(s->p, s->cap, s->n + 1);
	s->p[s->n] = (struct subject){ .asn = asn };
	return &s->p[s->n++];
}

static void subject_address(struct subject *s, const struct addr *a)
{
	for (size_t i = 0; i < s->addr_count; i++)
		if (addr_equal(&s->addrs[i], a))
			return;
	MEM_GROW(s->addrs, s->addr_cap, s->addr_count + 1);
	s->addrs[s->addr_count++] = *a;
}

void subjects_fini(struct subjects *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->p[i].addrs);
	free(s->p);
}

/* "AS64501" alone needs no router. */
static bool plain_asn(const char *word, asn_t *asn)
{
	return (word[0] == 'A' || word[0] == 'a') && asn_parse(slice_of(word), asn) && *asn != ASN_UNKNOWN;
}

/* Selectors that name sessions: the routers are read for them. */
static int subjects_of_sessions(const struct options *o, const char *const *words, size_t n, struct subjects *out,
    struct err *e)
{
	const struct world_session **picked = NULL;
	struct world_session *rows = NULL;
	struct gather g = { 0 };
	size_t row_count, count = 0;
	int rc = -1;

	if (gather_open(&g, o, e) != 0 || gather_look(&g, NULL, LOOK_MS, e) != 0)
		goto out;
	gather_report(&g, NULL);
	row_count = world_sessions(&g.present.w, &rows);
	rc = selector_pick(words, n, &g.present.w, rows, row_count, &picked, &count, e);
	for (size_t i = 0; rc == 0 && i < count; i++)
		if (picked[i]->s->remote_as != ASN_UNKNOWN)
			subject_address(subject_add(out, picked[i]->s->remote_as), &picked[i]->s->peer);
out:
	free(picked);
	free(rows);
	gather_stop(&g);
	return rc;
}

int subjects_find(const struct options *o, const char *const *words, size_t count, struct subjects *out, struct err *e)
{
	const char **others = mem_calloc(count, sizeof(*others));
	size_t n = 0;
	asn_t asn;
	int rc = 0;

	for (size_t i = 0; i < count; i++)
		if (plain_asn(words[i], &asn))
			subject_add(out, asn);
		else
			others[n++] = words[i];
	if (n > 0)
		rc = subjects_of_sessions(o, others, n, out, e);
	free(others);
	return rc;
}

void subjects_ask(struct lookup *l, const struct subjects *s)
{
	asn_t *asns = mem_calloc(s->n, sizeof(*asns));
	struct err e = ERR_INIT;
	struct addr *addrs = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < s->n; i++) {
		asns[i] = s->p[i].asn;
		for (size_t k = 0; k < s->p[i].addr_count; k++) {
			MEM_GROW(addrs, cap, n + 1);
			addrs[n++] = s->p[i].addrs[k];
		}
	}
	if (lookup_ask(l, asns, s->n, addrs, n, l->config->pdb.refresh_s, &e) != 0)
		fprintf(stderr, "peerdeck: %s\n", e.text);
	free(asns);
	free(addrs);
}
