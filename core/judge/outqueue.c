/* See outqueue.h. */
#include "core/judge/outqueue.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct item {
	struct item *prev, *next;
	uint64_t id;
	unsigned attempts; /* the other side may have seen it when not 0 */
	bool saved, stored, flying; /* saved: the store has it as it is; stored: it has some form of it */
	struct notice notice;
};

/* What is known of one alert here; kept while the output has got it, or something waits. */
struct key {
	char *name;
	bool got;
	struct item *last; /* the newest that waits; NULL none */
	unsigned waiting;
	UT_hash_handle hh;
};

struct outqueue {
	const struct output_conf *conf;
	struct item *first, *last;
	size_t count;
	uint64_t next_id, sent, dropped, refused, unsaid, unsaid_flying;
	size_t singles; /* so many are sent one by one: one of them was refused among others */
	struct key *keys;
	struct outstore_changes gone;
};

/* ---- keys ---- */

static struct key *find_key(const struct outqueue *q, const char *name)
{
	struct key *k;

	HASH_FIND_STR(q->keys, name, k);
	return k;
}

static struct key *need_key(struct outqueue *q, const char *name)
{
	struct key *k = find_key(q, name);

	if (k != NULL)
		return k;
	k = MEM_NEW(struct key);
	k->name = mem_strdup(name);
	HASH_ADD_KEYPTR(hh, q->keys, k->name, strlen(k->name), k);
	return k;
}

static void forget_idle(struct outqueue *q, struct key *k)
{
	if (k->got || k->waiting > 0)
		return;
	HASH_DEL(q->keys, k);
	free(k->name);
	free(k);
}

static void set_got(struct outqueue *q, struct key *k, bool got)
{
	if (k->got == got)
		return;
	k->got = got;
	outstore_change_add(&q->gone, got ? OUTSTORE_GOT : OUTSTORE_GOT_GONE, q->conf->name)->key = mem_strdup(k->name);
}

/* ---- items ---- */

static bool fires(const struct item *it)
{
	return it->notice.news != ALERT_NEWS_RESOLVED;
}

/* Nobody can have seen it yet. */
static bool unseen(const struct item *it)
{
	return it->attempts == 0 && !it->flying;
}

static struct item *append(struct outqueue *q, struct key *k, const struct notice *n, uint64_t id)
{
	struct item *it = MEM_NEW(struct item);

	it->id = id;
	it->notice = *n;
	it->prev = q->last;
	if (q->last != NULL)
		q->last->next = it;
	else
		q->first = it;
	q->last = it;
	q->count++;
	k->last = it;
	k->waiting++;
	return it;
}

static struct item *newest_of(const struct outqueue *q, const char *key)
{
	for (struct item *it = q->last; it != NULL; it = it->prev)
		if (strcmp(it->notice.key, key) == 0)
			return it;
	return NULL;
}

/* Its key stays, so that the caller can go on with it. */
static void take_out(struct outqueue *q, struct key *k, struct item *it)
{
	if (it->prev != NULL)
		it->prev->next = it->next;
	else
		q->first = it->next;
	if (it->next != NULL)
		it->next->prev = it->prev;
	else
		q->last = it->prev;
	q->count--;
	k->waiting--;
	if (k->last == it)
		k->last = k->waiting > 0 ? newest_of(q, k->name) : NULL;
	if (it->stored)
		outstore_change_add(&q->gone, OUTSTORE_ITEM_GONE, q->conf->name)->id = it->id;
	free(it);
}

/* What will never be told.  Who is not told of an end gets the next beginning anew. */
static void lose(struct outqueue *q, struct item *it)
{
	struct key *k = find_key(q, it->notice.key);

	if (!fires(it))
		set_got(q, k, false);
	take_out(q, k, it);
	forget_idle(q, k);
}

static void make_room(struct outqueue *q)
{
	struct item *it = q->first;

	if (q->count < OUTQUEUE_MAX)
		return;
	while (it != NULL && (it->flying || !fires(it)))
		it = it->next;
	for (struct item *i = q->first; it == NULL && i != NULL; i = i->next)
		it = i->flying ? NULL : i;
	if (it == NULL)
		return;
	q->dropped++;
	q->unsaid++;
	lose(q, it);
}

static void renew(struct item *it, const struct notice *n)
{
	memcpy(it->notice.words, n->words, sizeof(it->notice.words));
	it->notice.severity = n->severity;
	it->saved = false;
}

static void add_firing(struct outqueue *q, const struct notice *n)
{
	struct key *k = need_key(q, n->key);
	struct notice copy = *n;

	/* its end was not told yet, and now it is not over */
	if (k->last != NULL && !fires(k->last) && unseen(k->last)) {
		take_out(q, k, k->last);
		copy.news = ALERT_NEWS_REPEATED;
	}
	if (k->last != NULL && fires(k->last)) {
		if (unseen(k->last))
			renew(k->last, n);
		return;
	}
	if (k->last == NULL && k->got && copy.news == ALERT_NEWS_FIRING)
		return; /* told before a restart, or by another console */
	if (k->last == NULL && !k->got)
		copy.news = ALERT_NEWS_FIRING; /* whatever it is to others, here it is new */
	k->waiting++; /* stays while room is made */
	make_room(q);
	k->waiting--;
	append(q, k, &copy, ++q->next_id);
}

static void add_resolved(struct outqueue *q, const struct notice *n)
{
	struct key *k = find_key(q, n->key);

	if (k == NULL)
		return; /* nobody was told */
	if (k->last != NULL && fires(k->last) && unseen(k->last))
		take_out(q, k, k->last);
	if (k->last != NULL ? fires(k->last) : k->got) {
		k->waiting++;
		make_room(q);
		k->waiting--;
		append(q, k, n, ++q->next_id);
	}
	forget_idle(q, k);
}

void outqueue_add(struct outqueue *q, const struct notice *n)
{
	if (n->news == ALERT_NEWS_RESOLVED)
		add_resolved(q, n);
	else if (n->severity >= q->conf->severity)
		add_firing(q, n);
}

/* ---- sending ---- */

static void expire(struct outqueue *q, int64_t wall_ms)
{
	while (q->first != NULL && !q->first->flying && wall_ms - q->first->notice.at_wall_ms > OUTQUEUE_KEEP_MS) {
		q->dropped++;
		q->unsaid++;
		lose(q, q->first);
	}
}

/* In quiet hours.  Who keeps a list of what is open is not woken by an end; but never before its beginning. */
static bool held_back(const struct outqueue *q, const struct item *it)
{
	bool keeps_list = q->conf->kind == OUTPUT_WEBHOOK && (q->conf->template == TEMPLATE_PAGERDUTY || q->conf->template == TEMPLATE_ALERTMANAGER);

	if (it->notice.severity >= q->conf->quiet_severity)
		return false;
	return fires(it) || !keeps_list || find_key(q, it->notice.key)->waiting > 1;
}

size_t outqueue_take(struct outqueue *q, int64_t wall_ms, const struct notice **out, size_t most)
{
	bool quiet = quiet_now(&q->conf->quiet, wall_ms);
	size_t n = 0;

	expire(q, wall_ms);
	if (q->singles > 0)
		most = 1;
	for (struct item *it = q->first; it != NULL && n < most; it = it->next) {
		if (quiet && held_back(q, it))
			continue;
		it->flying = true;
		it->attempts++;
		it->saved = false;
		out[n++] = &it->notice;
	}
	q->unsaid_flying = n > 0 ? q->unsaid : 0;
	return n;
}

static void took(struct outqueue *q, struct item *it)
{
	struct key *k = find_key(q, it->notice.key);

	set_got(q, k, fires(it));
	q->sent++;
	take_out(q, k, it);
	forget_idle(q, k);
}

void outqueue_done(struct outqueue *q, enum delivery_fate fate)
{
	struct item *next;
	size_t flew = 0;

	for (const struct item *it = q->first; it != NULL; it = it->next)
		flew += it->flying;
	if (fate == DELIVERY_REFUSED && flew > 1) { /* one of them: which one, the next attempts tell */
		q->singles = flew;
		fate = DELIVERY_LATER;
	} else if (q->singles > 0 && fate != DELIVERY_LATER) {
		q->singles--;
	}
	for (struct item *it = q->first; it != NULL; it = next) {
		next = it->next;
		if (!it->flying)
			continue;
		it->flying = false;
		if (fate == DELIVERY_DONE) {
			took(q, it);
		} else if (fate == DELIVERY_REFUSED) {
			q->refused++;
			lose(q, it);
		}
	}
	if (fate == DELIVERY_DONE)
		q->unsaid -= q->unsaid_flying;
	q->unsaid_flying = 0;
}

/* ---- keeping ---- */

void outqueue_restore(struct outqueue *q, uint64_t id, unsigned attempts, const struct notice *n)
{
	struct item *it;

	if (q->count >= OUTQUEUE_MAX)
		return;
	it = append(q, need_key(q, n->key), n, id);
	it->attempts = attempts;
	it->saved = it->stored = true;
	if (id > q->next_id)
		q->next_id = id;
}

void outqueue_restore_got(struct outqueue *q, const char *key)
{
	need_key(q, key)->got = true;
}

void outqueue_restore_state(struct outqueue *q, const struct output_state *s)
{
	q->sent = s->sent;
	q->dropped = s->dropped;
	q->refused = s->refused;
}

void outqueue_changes(struct outqueue *q, struct outstore_changes *out)
{
	for (struct item *it = q->first; it != NULL; it = it->next) {
		struct outstore_change *c;

		if (it->saved)
			continue;
		c = outstore_change_add(out, OUTSTORE_ITEM, q->conf->name);
		c->id = it->id;
		c->attempts = it->attempts;
		c->notice = MEM_NEW(struct notice);
		*c->notice = it->notice;
		it->saved = it->stored = true;
	}
	for (size_t i = 0; i < q->gone.count; i++) {
		struct outstore_change *c = outstore_change_add(out, q->gone.all[i].what, q->conf->name);

		*c = q->gone.all[i];
		q->gone.all[i].key = NULL;
	}
	q->gone.count = 0;
}

void outqueue_state(const struct outqueue *q, struct output_state *out)
{
	out->sent = q->sent;
	out->dropped = q->dropped;
	out->refused = q->refused;
	out->queued = q->count;
	out->oldest_wall_ms = q->first != NULL ? q->first->notice.at_wall_ms : 0;
}

bool outqueue_got(const struct outqueue *q, const char *key)
{
	const struct key *k = find_key(q, key);

	return k != NULL && k->got;
}

uint64_t outqueue_unsaid(const struct outqueue *q)
{
	return q->unsaid;
}

struct outqueue *outqueue_new(const struct output_conf *o)
{
	struct outqueue *q = MEM_NEW(struct outqueue);

	q->conf = o;
	return q;
}

void outqueue_clear(struct outqueue *q)
{
	const struct output_conf *conf = q->conf;
	struct key *k, *next_key;

	for (struct item *it = q->first, *next; it != NULL; it = next) {
		next = it->next;
		free(it);
	}
	HASH_ITER(hh, q->keys, k, next_key) {
		HASH_DEL(q->keys, k);
		free(k->name);
		free(k);
	}
	outstore_changes_fini(&q->gone);
	*q = (struct outqueue){ .conf = conf };
}

void outqueue_free(struct outqueue *q)
{
	if (q == NULL)
		return;
	outqueue_clear(q);
	free(q);
}
