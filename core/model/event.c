/* The ring of what happened; see event.h. */
#include "core/model/event.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <stdlib.h>
#include <string.h>

struct event_log {
	struct event *ring;
	size_t capacity, count, next; /* `next` is where the next one goes */
	size_t unacked;               /* kept up, because every frame asks */
	uint64_t last_id;
	void (*sink)(void *ctx, const struct event *ev);
	void *sink_ctx;
};

struct event_log *event_log_new(size_t capacity)
{
	struct event_log *l = MEM_NEW(struct event_log);

	l->capacity = capacity > 0 ? capacity : 1;
	l->ring = mem_calloc(l->capacity, sizeof(*l->ring));
	return l;
}

void event_log_free(struct event_log *l)
{
	if (l == NULL)
		return;
	free(l->ring);
	free(l);
}

static bool counts(const struct event *ev)
{
	return ev->severity >= SEV_WARN && !ev->acked;
}

void event_log_add(struct event_log *l, struct event ev)
{
	ev.id = ++l->last_id;
	if (ev.wall_ms == 0)
		ev.wall_ms = clock_wall_ms();
	if (l->count == l->capacity)
		l->unacked -= counts(&l->ring[l->next]);
	l->unacked += counts(&ev);
	l->ring[l->next] = ev;
	l->next = (l->next + 1) % l->capacity;
	if (l->count < l->capacity)
		l->count++;
	if (l->sink != NULL)
		l->sink(l->sink_ctx, &ev);
}

void event_log_sink(struct event_log *l, void (*sink)(void *ctx, const struct event *ev), void *ctx)
{
	l->sink = sink;
	l->sink_ctx = ctx;
}

size_t event_log_count(const struct event_log *l)
{
	return l->count;
}

static struct event *at(const struct event_log *l, size_t i)
{
	return i < l->count ? &l->ring[(l->next + l->capacity - 1 - i) % l->capacity] : NULL;
}

const struct event *event_log_at(const struct event_log *l, size_t i)
{
	return at(l, i);
}

size_t event_log_unacked(const struct event_log *l)
{
	return l->unacked;
}

void event_log_ack(struct event_log *l, uint64_t id)
{
	/* ids are gapless, so the place follows from the id */
	if (id != 0 && id <= l->last_id && l->last_id - id < l->count) {
		struct event *ev = at(l, (size_t)(l->last_id - id));

		l->unacked -= counts(ev);
		ev->acked = true;
	}
}

void event_log_ack_all(struct event_log *l)
{
	for (size_t i = 0; i < l->count; i++)
		at(l, i)->acked = true;
	l->unacked = 0;
}

uint64_t event_log_lost(const struct event_log *l)
{
	return l->last_id - l->count;
}

const char *event_kind_word(enum event_kind k)
{
	static const char *const words[EVENT_KINDS] = {
		[EVENT_UP] = "up", [EVENT_DOWN] = "down", [EVENT_ADMIN] = "admin",
		[EVENT_PREFIX_JUMP] = "prefix jump", [EVENT_LIMIT_NEAR] = "limit near",
		[EVENT_LIMIT_TRIPPED] = "limit tripped", [EVENT_NEW] = "new", [EVENT_GONE] = "gone",
		[EVENT_ROUTER_LOST] = "router lost", [EVENT_ROUTER_BACK] = "router back",
		[EVENT_HOSTKEY] = "host key", [EVENT_ACTION] = "action", [EVENT_NOTE] = "note", [EVENT_VERDICT] = "policy",
	};

	return words[k];
}

static const char *const severity_words[] = {
	[SEV_INFO] = "info", [SEV_NOTICE] = "notice", [SEV_WARN] = "warning", [SEV_ALARM] = "alarm",
};

const char *severity_word(enum severity s)
{
	return severity_words[s];
}

bool severity_parse(const char *word, enum severity *s)
{
	for (size_t i = 0; i < ARRAY_LEN(severity_words); i++)
		if (strcmp(severity_words[i], word) == 0) {
			*s = (enum severity)i;
			return true;
		}
	return false;
}

bool event_kind_parse(const char *word, enum event_kind *k)
{
	for (int i = 0; i < EVENT_KINDS; i++)
		if (strcmp(event_kind_word((enum event_kind)i), word) == 0) {
			*k = (enum event_kind)i;
			return true;
		}
	return false;
}
