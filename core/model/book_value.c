/* What may stand behind the keys of a contact book, and the words of refusal; see book.h. */
#include "core/base/hours.h"
#include "core/base/scan.h"
#include "core/model/book_priv.h"
#include "core/model/setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

bool book_date(struct slice s, bool end, int64_t *wall_ms)
{
	struct tm tm = { 0 };
	struct scan c = scan_of(s);
	uint64_t v[6] = { 0, 0, 0, 0, 0, 0 };
	time_t t;

	if (!scan_u64(&c, &v[0]) || !scan_lit(&c, "-") || !scan_u64(&c, &v[1]) || !scan_lit(&c, "-") || !scan_u64(&c, &v[2]))
		return false;
	if (!scan_done(&c)) {
		if (!scan_lit(&c, "T") || !scan_u64(&c, &v[3]) || !scan_lit(&c, ":") || !scan_u64(&c, &v[4]))
			return false;
		if (scan_lit(&c, ":") && !scan_u64(&c, &v[5]))
			return false;
		if (!scan_lit(&c, "Z") || !scan_done(&c))
			return false;
		end = false;
	}
	if (v[0] < 1970 || v[0] > 9999 || v[1] < 1 || v[1] > 12 || v[2] < 1 || v[2] > 31 || v[3] > 23 || v[4] > 59 || v[5] > 59)
		return false;
	tm.tm_year = (int)v[0] - 1900;
	tm.tm_mon = (int)v[1] - 1;
	tm.tm_mday = (int)v[2];
	tm.tm_hour = (int)v[3];
	tm.tm_min = (int)v[4];
	tm.tm_sec = (int)v[5];
	t = timegm(&tm);
	if (tm.tm_mday != (int)v[2]) /* the 31st of February */
		return false;
	*wall_ms = ((int64_t)t + (end ? 86399 : 0)) * 1000;
	return true;
}

bool book_speed(struct slice s, int64_t *mbit)
{
	static const struct {
		const char *unit;
		int64_t mbit;
	} units[] = { { "", 1 }, { "M", 1 }, { "G", 1000 }, { "T", 1000000 }, { "Mbit", 1 }, { "Gbit", 1000 } };
	struct scan c = scan_of(s);
	uint64_t whole, tenth = 0;
	struct slice unit;

	if (!scan_u64(&c, &whole) || whole == 0 || whole > 100000000)
		return false;
	if (scan_lit(&c, ".") && (!scan_u64(&c, &tenth) || tenth > 9))
		return false;
	unit = slice_trim(scan_rest(&c));
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (slice_eq(unit, units[i].unit)) {
			*mbit = (int64_t)whole * units[i].mbit + (int64_t)tenth * units[i].mbit / 10;
			return true;
		}
	return false;
}

/* An address that may stand behind "To:" as it is. */
static bool good_mail(struct slice s)
{
	const char *at = s.len > 0 ? memchr(s.p, '@', s.len) : NULL;

	if (at == NULL || at == s.p || at + 1 == s.p + s.len || s.len > 254)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f || strchr("<>()[]\\,;:\"", s.p[i]) != NULL)
			return false;
	return true;
}

static int put_proven(struct book *b, struct book_contact *c, struct slice value, struct err *e)
{
	struct scan s = scan_of(value);
	struct slice date;

	if (!scan_word(&s, &date) || !book_date(date, false, &c->proven_wall_ms))
		return err_set(e, ERR_CONFIG, "proven = \"%.*s\": allowed is a date and how: 2026-11-27 phone, Kim answered",
		    (int)(value.len < 60 ? value.len : 60), value.p);
	c->proven_how = text_safe(b->arena, slice_trim(scan_rest(&s)));
	return 0;
}

static int put_when(int64_t *out, bool end, const char *key, struct slice value, struct err *e)
{
	if (book_date(value, end, out))
		return 0;
	return err_set(e, ERR_CONFIG, "%s = \"%.*s\": allowed is a day (2026-11-27) or a time in UTC (2026-11-27T03:00Z)", key,
	    (int)(value.len < 60 ? value.len : 60), value.p);
}

static int put_zone(struct book *b, struct book_contact *c, struct slice value, struct err *e)
{
	char *name = mem_strndup(value.p, value.len);

	c->zone = zone_load(b->arena, b->zone_dir, name, e);
	free(name);
	return c->zone != NULL ? 0 : -1;
}

static const char *const contact_keys[] = { "role", "name", "phone", "mail", "url", "hours", "zone", "languages", "note",
	"proven", "written", "expires", "by" };

static int unknown_key(const char *what, struct slice key, const char *const *known, size_t n, struct err *e)
{
	char word[48], list[200] = "";
	const char *near;
	size_t at = 0;

	snprintf(word, sizeof(word), "%.*s", (int)(key.len < 40 ? key.len : 40), key.p);
	near = setting_closest(word, known, n);
	for (size_t i = 0; i < n && at < sizeof(list); i++)
		at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%s", i ? " " : "", known[i]);
	return err_set(e, ERR_CONFIG, "\"%s\" is no key of %s%s%s%s; known are: %s", word, what, near ? " (is \"" : "",
	    near ? near : "", near ? "\" meant?)" : "", list);
}

int book_contact_put(struct book *b, struct book_contact *c, struct slice key, struct slice value, struct err *e)
{
	const struct {
		const char *key;
		struct text *to;
	} plain[] = { { "role", &c->role }, { "name", &c->name }, { "phone", &c->phone }, { "mail", &c->email },
		{ "url", &c->url }, { "hours", &c->hours }, { "languages", &c->languages }, { "note", &c->note },
		{ "by", &c->author } };
	struct text t = text_safe(b->arena, value);

	if (slice_eq(key, "zone"))
		return put_zone(b, c, value, e);
	if (slice_eq(key, "proven"))
		return put_proven(b, c, value, e);
	if (slice_eq(key, "written"))
		return put_when(&c->written_wall_ms, false, "written", value, e);
	if (slice_eq(key, "expires"))
		return put_when(&c->expires_wall_ms, true, "expires", value, e);
	if (slice_eq(key, "mail") && !good_mail(value))
		return err_set(e, ERR_CONFIG, "mail = \"%.80s\": allowed is one address, noc@example.net", t.s);
	if (slice_eq(key, "hours") && !hours_valid(t.s))
		return err_set(e, ERR_CONFIG, "hours = \"%.80s\": allowed are 24x7, or days and times: Mo-Fr 08:00-18:00", t.s);
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		if (slice_eq(key, plain[i].key)) {
			*plain[i].to = t;
			return 0;
		}
	return unknown_key("a contact", key, contact_keys, ARRAY_LEN(contact_keys), e);
}

int book_port_put(struct book *b, struct book_port *p, struct slice key, struct slice value, struct err *e)
{
	static const char *const known[] = { "router", "address", "speed", "note" };
	struct text t = text_safe(b->arena, value);

	if (slice_eq(key, "speed"))
		return book_speed(value, &p->speed_mbit) ? 0 :
		    err_set(e, ERR_CONFIG, "speed = \"%.40s\": allowed is 100G, 2.5G, 400M or a number of Mbit/s", t.s);
	if (slice_eq(key, "address"))
		return addr_parse(value, &p->address) ? 0 :
		    err_set(e, ERR_CONFIG, "address = \"%.60s\": allowed is one IPv4 or IPv6 address", t.s);
	if (slice_eq(key, "router"))
		p->router = t;
	else if (slice_eq(key, "note"))
		p->note = t;
	else
		return unknown_key("a port", key, known, ARRAY_LEN(known), e);
	return 0;
}

int book_network_put(struct book *b, struct book_network *n, struct slice key, struct slice value, struct err *e)
{
	static const char *const known[] = { "name", "tags", "note", "warn", "auth", "contact {}", "port {}" };
	char word[16];
	enum book_field f;

	snprintf(word, sizeof(word), "%.*s", (int)(key.len < 15 ? key.len : 15), key.p);
	if (slice_eq(key, "name"))
		n->name = text_safe(b->arena, value);
	else if (book_field_find(word, &f))
		n->field[f] = text_safe(b->arena, value);
	else
		return unknown_key("a network", key, known, ARRAY_LEN(known), e);
	return 0;
}
