/* The words that FRR uses in JSON and text alike. */
#include "backends/drivers/frr.h"
#include "backends/parse/family.h"
#include "core/base/scan.h"

#include <ctype.h>

void frr_state(struct session *s, struct slice words)
{
	struct scan c = scan_of(words);
	struct slice first;

	if (!scan_word(&c, &first))
		return;
	if (slice_eq(first, "Clearing") || slice_eq(first, "Deleted"))
		s->state = BGP_IDLE;
	else if (!bgp_state_parse(first, &s->state))
		return;
	s->admin_down = slice_find(words, "(Admin)") >= 0 ? TRI_YES : TRI_NO;
	s->limit_tripped = slice_find(words, "(PfxCt)") >= 0 ? TRI_YES : TRI_NO;
}

static int hex_digit(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch = (char)tolower((unsigned char)ch);
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

/* Two hexadecimal digits at s[at], or -1. */
static int hex_octet(struct slice s, size_t at)
{
	int high, low;

	if (at + 2 > s.len)
		return -1;
	high = hex_digit(s.p[at]);
	low = hex_digit(s.p[at + 1]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

void frr_error_code(struct last_error *le, struct slice hex)
{
	if (hex.len == 4 && hex_octet(hex, 0) > 0) {
		le->code = hex_octet(hex, 0);
		le->subcode = hex_octet(hex, 2);
	}
}

void frr_error_direction(struct last_error *le, struct slice due_to)
{
	if (slice_find(due_to, "otification received") >= 0)
		le->dir = DIR_RECEIVED;
	else if (slice_find(due_to, "otification sen") >= 0)
		le->dir = DIR_SENT;
}

struct text frr_peer_text(struct arena *a, struct slice in)
{
	struct str plain;
	struct text t;

	str_init(&plain, TEXT_MAX * 2);
	for (size_t i = 0; i < in.len; i++) {
		int octet = in.p[i] == '\\' && i + 1 < in.len && in.p[i + 1] == 'x' ?
		    hex_octet(in, i + 2) : -1;

		if (octet >= 0)
			i += 3;
		str_putc(&plain, octet >= 0 ? (char)octet : in.p[i]);
	}
	t = text_safe(a, str_slice(&plain));
	str_fini(&plain);
	return t;
}

/* "show bgp ipv6 [unicast] summary json": ipv6, and what follows it if that is no other word. */
enum afi_safi frr_asked_family(const struct report *r)
{
	static const char *const afis[] = { "ipv4", "ipv6", "l2vpn", "vpnv4", "vpnv6" };
	enum afi_safi af = AF_UNKNOWN;

	for (size_t i = 0; i < ARRAY_LEN(afis); i++) {
		struct slice safi = report_asked_after(r, afis[i]);
		struct str both;

		if (!report_asked(r, afis[i]))
			continue;
		str_init(&both, 64);
		str_puts(&both, afis[i]);
		family_parse(str_slice(&both), &af);
		str_add(&both, safi.p, safi.len);
		family_parse(str_slice(&both), &af);
		str_fini(&both);
		return af;
	}
	return report_asked(r, "ip") ? AF_IPV4_UNICAST : AF_UNKNOWN;
}

struct slice frr_asked_vrf(const struct report *r)
{
	struct slice name = report_asked_after(r, "vrf");

	if (name.len == 0)
		name = report_asked_after(r, "view");
	return slice_eq(name, "all") ? SLICE("") : name;
}
