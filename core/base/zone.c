/* TZif files; see zone.h.  Every index out of the file is checked against what the file holds. */
#include "core/base/zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEADER = 44, FILE_MAX = 1 << 18, OFFSET_MAX = 26 * 3600 };

struct zone {
	const char *name;
	const int64_t *at;     /* transitions, UTC seconds, ascending */
	const uint8_t *type;   /* which type begins with each */
	size_t count;
	const int32_t *offset; /* of each type */
	size_t type_count;
	struct slice rule;     /* after the last transition; empty: that one's type stays */
};

struct counts {
	uint32_t isut, isstd, leap, time, type, chars;
};

static int64_t big_endian(const char *p, size_t n)
{
	uint64_t v = (unsigned char)p[0] >= 0x80 ? UINT64_MAX : 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | (unsigned char)p[i];
	return (int64_t)v;
}

static bool read_header(struct slice s, struct counts *c)
{
	uint32_t v[6];

	if (s.len < HEADER || memcmp(s.p, "TZif", 4) != 0)
		return false;
	for (size_t i = 0; i < 6; i++)
		v[i] = (uint32_t)big_endian(s.p + 20 + 4 * i, 4);
	*c = (struct counts){ v[0], v[1], v[2], v[3], v[4], v[5] };
	for (size_t i = 0; i < 6; i++)
		if (v[i] > FILE_MAX)
			return false;
	return c->type > 0 && c->type <= 256;
}

static size_t body_length(const struct counts *c, size_t time_size)
{
	return c->time * (time_size + 1) + (size_t)c->type * 6 + c->chars + c->leap * (time_size + 4) + c->isstd + c->isut;
}

/* The body begins at s; its length was checked. */
static bool read_body(struct arena *a, struct slice s, const struct counts *c, size_t time_size, struct zone *z)
{
	const char *types = s.p + c->time * time_size, *rows = types + c->time;
	int64_t *at = arena_alloc(a, (c->time + 1) * sizeof(*at));
	uint8_t *type = arena_alloc(a, c->time + 1);
	int32_t *offset = arena_alloc(a, c->type * sizeof(*offset));

	for (uint32_t i = 0; i < c->time; i++) {
		at[i] = big_endian(s.p + i * time_size, time_size);
		type[i] = (uint8_t)types[i];
		if (type[i] >= c->type || (i > 0 && at[i] <= at[i - 1]))
			return false;
	}
	for (uint32_t i = 0; i < c->type; i++) {
		offset[i] = (int32_t)big_endian(rows + i * 6, 4);
		if (offset[i] > OFFSET_MAX || offset[i] < -OFFSET_MAX)
			return false;
	}
	z->at = at;
	z->type = type;
	z->count = c->time;
	z->offset = offset;
	z->type_count = c->type;
	return true;
}

static struct slice footer(struct arena *a, struct slice s)
{
	const char *end;

	if (s.len < 2 || s.p[0] != '\n' || (end = memchr(s.p + 1, '\n', s.len - 1)) == NULL)
		return (struct slice){ "", 0 };
	return slice_of(arena_strndup(a, s.p + 1, (size_t)(end - s.p - 1)));
}

const struct zone *zone_parse(struct arena *a, const char *name, struct slice s, struct err *e)
{
	struct zone *z = arena_alloc(a, sizeof(*z));
	struct counts c;
	size_t size = 4, len;
	bool newer;

	z->name = arena_strdup(a, name);
	if (!read_header(s, &c) || s.len - HEADER < (len = body_length(&c, 4)))
		goto bad;
	newer = s.p[4] >= '2';
	if (newer) { /* the second part says the same with 64 bits */
		s = (struct slice){ s.p + HEADER + len, s.len - HEADER - len };
		size = 8;
		if (!read_header(s, &c) || s.len - HEADER < (len = body_length(&c, 8)))
			goto bad;
	}
	s = (struct slice){ s.p + HEADER, s.len - HEADER };
	if (!read_body(a, s, &c, size, z))
		goto bad;
	z->rule = newer ? footer(a, (struct slice){ s.p + len, s.len - len }) : (struct slice){ "", 0 };
	return z;
bad:
	err_set(e, ERR_PARSE, "%s: not the file of a time zone", name);
	return NULL;
}

static bool good_name(const char *name)
{
	for (const char *p = name; *p != '\0'; p++)
		if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
		    strchr("_+-/", *p) != NULL))
			return false;
	return *name != '\0' && *name != '/' && strlen(name) < 64;
}

const struct zone *zone_load(struct arena *a, const char *dir, const char *name, struct err *e)
{
	const struct zone *z = NULL;
	char *path, *octets;
	ssize_t n = -1;
	int fd;

	if (!good_name(name)) {
		err_set(e, ERR_USAGE, "\"%.60s\" is no name of a time zone (Europe/Berlin, UTC)", name);
		return NULL;
	}
	path = mem_printf("%s/%s", dir != NULL ? dir : "/usr/share/zoneinfo", name);
	octets = mem_calloc(FILE_MAX, 1);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0) {
		n = read(fd, octets, FILE_MAX);
		close(fd);
	}
	if (n <= 0)
		err_set(e, ERR_USAGE, "\"%s\" is no time zone known here (Europe/Berlin, UTC; is tzdata installed?)", name);
	else
		z = zone_parse(a, name, (struct slice){ octets, (size_t)n }, e);
	free(octets);
	free(path);
	return z;
}

/* Before the first transition the first type holds (RFC 8536 section 3.2). */
static int offset_at(const struct zone *z, int64_t s)
{
	size_t lo = 0, hi = z->count;
	int offset;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (z->at[mid] <= s)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == z->count && z->rule.len > 0 && zone_rule_offset(z->rule, s, &offset))
		return offset;
	return z->offset[lo == 0 ? 0 : z->type[lo - 1]];
}

struct zone_time zone_at(const struct zone *z, int64_t wall_ms)
{
	int64_t s = wall_ms / 1000, day, rest;
	int offset = offset_at(z, s);

	s += offset;
	day = s / 86400;
	rest = s % 86400;
	if (rest < 0) {
		rest += 86400;
		day--;
	}
	return (struct zone_time){
		.weekday = (int)(((day + 3) % 7 + 7) % 7), /* 1970-01-01 was a Thursday */
		.hour = (int)(rest / 3600), .minute = (int)(rest / 60 % 60), .offset_s = offset,
	};
}

const char *zone_name(const struct zone *z)
{
	return z->name;
}
