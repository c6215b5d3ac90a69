/* AS numbers, addresses and prefixes; see net.h. */
#include "core/model/net.h"
#include "core/base/scan.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

bool asn_parse(struct slice s, asn_t *asn)
{
	struct scan c = scan_of(s);
	uint64_t high, low;

	if (!scan_lit(&c, "AS"))
		scan_lit(&c, "as");
	if (!scan_u64(&c, &high) || high > UINT32_MAX)
		return false;
	if (scan_done(&c)) {
		*asn = (asn_t)high;
		return true;
	}
	if (!scan_lit(&c, ".") || !scan_u64(&c, &low) || !scan_done(&c) || high > 65535 || low > 65535)
		return false;
	*asn = (asn_t)(high << 16 | low);
	return true;
}

bool asn_is_special(asn_t asn)
{
	/* IANA "Special-Purpose Autonomous System Numbers", and the unallocated block after it. */
	static const struct {
		asn_t from, to;
	} ranges[] = {
		{ 0, 0 }, { 23456, 23456 }, { 64496, 131071 }, { 4200000000u, 4294967295u },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (asn >= ranges[i].from && asn <= ranges[i].to)
			return true;
	return false;
}

/* Four decimal octets without leading zeros, as inet_pton wants them; tables hold them by the hundred thousand. */
static bool ip4_parse(struct slice s, uint8_t out[4])
{
	char text[16] = ""; /* ends in what is no digit: each one is looked at without asking for the end */
	const char *p = text;
	unsigned n, d;

	if (s.len >= sizeof(text))
		return false;
	memcpy(text, s.p, s.len);
	for (int i = 0; i < 4; i++) {
		n = (unsigned)*p++ - '0';
		if (n > 9)
			return false;
		if (n > 0 && (d = (unsigned)*p - '0') <= 9) {
			n = n * 10 + d;
			if ((d = (unsigned)*++p - '0') <= 9) {
				n = n * 10 + d;
				p++;
			}
		}
		if (n > 255 || *p++ != (i < 3 ? '.' : '\0'))
			return false;
		out[i] = (uint8_t)n;
	}
	return p == text + s.len + 1;
}

/* What an address cannot begin with needs no closer look: most words of a table are none. */
static bool may_be_addr(struct slice s)
{
	return s.len > 1 && s.len < ADDR_STRLEN && (s.p[0] == ':' || (s.p[0] >= '0' && s.p[0] <= '9') ||
	    ((s.p[0] | 0x20) >= 'a' && (s.p[0] | 0x20) <= 'f'));
}

bool addr_parse(struct slice s, struct addr *a)
{
	char buf[ADDR_STRLEN];

	*a = (struct addr){ .family = ADDR_NONE };
	if (!may_be_addr(s))
		return false;
	if (ip4_parse(s, a->b)) {
		a->family = ADDR_IP4;
		return true;
	}
	*a = (struct addr){ .family = ADDR_NONE };
	if (memchr(s.p, ':', s.len) == NULL)
		return false;
	memcpy(buf, s.p, s.len);
	buf[s.len] = '\0';
	if (inet_pton(AF_INET6, buf, a->b) == 1) {
		a->family = ADDR_IP6;
		return true;
	}
	*a = (struct addr){ .family = ADDR_NONE };
	return false;
}

char *addr_print(const struct addr *a, char out[ADDR_STRLEN])
{
	out[0] = '\0';
	if (a->family != ADDR_NONE)
		inet_ntop(a->family == ADDR_IP4 ? AF_INET : AF_INET6, a->b, out, ADDR_STRLEN);
	return out;
}

int addr_cmp(const struct addr *a, const struct addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->b, b->b, sizeof(a->b));
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
	return addr_cmp(a, b) == 0;
}

bool addr_is_loopback(const struct addr *a)
{
	static const uint8_t one[16] = { [15] = 1 };

	return (a->family == ADDR_IP4 && a->b[0] == 127) || (a->family == ADDR_IP6 && memcmp(a->b, one, sizeof(one)) == 0);
}

bool endpoint_parse(struct slice s, struct addr *a, uint16_t *port)
{
	struct slice host, digits;
	size_t colon = s.len;
	uint64_t v;

	while (colon > 0 && s.p[colon - 1] != ':')
		colon--;
	if (colon < 2)
		return false;
	host = slice_upto(s, colon - 1);
	digits = slice_from(s, colon);
	if (host.p[0] == '[' && host.p[host.len - 1] == ']')
		host = slice_upto(slice_from(host, 1), host.len - 2);
	else if (memchr(host.p, ':', host.len) != NULL)
		return false;
	if (!slice_u64(digits, &v) || v == 0 || v > UINT16_MAX || !addr_parse(host, a))
		return false;
	*port = (uint16_t)v;
	return true;
}

void prefix_mask(struct prefix *p)
{
	size_t whole = p->len / 8;

	if (whole >= sizeof(p->net.b))
		return;
	p->net.b[whole] &= (uint8_t)(0xff00 >> p->len % 8);
	for (size_t i = whole + 1, end = p->net.family == ADDR_IP4 ? 4 : sizeof(p->net.b); i < end; i++)
		p->net.b[i] = 0;
}

/* "/0" to "/128" at the end of s: its length in bits and where it begins. */
static bool take_length(struct slice s, size_t *at, unsigned *len)
{
	unsigned n = 0, d, place = 1;

	for (size_t i = s.len; i-- > 0 && s.len - i <= 4; place *= 10) {
		if (s.p[i] == '/') {
			*at = i;
			*len = n;
			return i + 1 < s.len;
		}
		if ((d = (unsigned)s.p[i] - '0') > 9)
			return false;
		n += d * place;
	}
	return false;
}

bool prefix_parse(struct slice s, struct prefix *p)
{
	size_t slash;
	unsigned len;

	if (!take_length(s, &slash, &len) || !addr_parse(slice_upto(s, slash), &p->net) ||
	    len > (p->net.family == ADDR_IP4 ? 32 : 128))
		return false;
	p->len = (uint8_t)len;
	prefix_mask(p);
	return true;
}

char *prefix_print(const struct prefix *p, char out[PREFIX_STRLEN])
{
	char a[ADDR_STRLEN];

	snprintf(out, PREFIX_STRLEN, "%s/%u", addr_print(&p->net, a), p->len);
	return out;
}

bool prefix_holds(const struct prefix *p, const struct addr *a)
{
	struct prefix q = { *a, p->len };

	if (a->family != p->net.family)
		return false;
	prefix_mask(&q);
	return addr_equal(&q.net, &p->net);
}
