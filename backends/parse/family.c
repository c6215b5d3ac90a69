/* Spellings of address families; see family.h. */
#include "backends/parse/family.h"
#include "core/base/scan.h"

#include <ctype.h>
#include <string.h>

static const struct {
	const char *word; /* letters and digits, lower case */
	enum afi_safi af;
} spellings[] = {
	{ "ipv4unicast", AF_IPV4_UNICAST }, { "ipv4", AF_IPV4_UNICAST }, { "inet", AF_IPV4_UNICAST },
	{ "inetunicast", AF_IPV4_UNICAST },
	{ "ipv6unicast", AF_IPV6_UNICAST }, { "ipv6", AF_IPV6_UNICAST }, { "inet6", AF_IPV6_UNICAST },
	{ "inet6unicast", AF_IPV6_UNICAST },
	{ "ipv4multicast", AF_IPV4_MULTICAST }, { "ipv6multicast", AF_IPV6_MULTICAST },
	{ "inetmulticast", AF_IPV4_MULTICAST }, { "inet6multicast", AF_IPV6_MULTICAST },
	{ "ipv4mc", AF_IPV4_MULTICAST }, { "ipv6mc", AF_IPV6_MULTICAST },
	{ "ipv4labeledunicast", AF_IPV4_LABELED }, { "ipv6labeledunicast", AF_IPV6_LABELED },
	{ "ipv4labelledunicast", AF_IPV4_LABELED }, { "ipv6labelledunicast", AF_IPV6_LABELED },
	{ "inetlabeledunicast", AF_IPV4_LABELED }, { "inet6labeledunicast", AF_IPV6_LABELED },
	{ "ipv4mpls", AF_IPV4_LABELED }, { "ipv6mpls", AF_IPV6_LABELED },
	{ "ipv4vpn", AF_VPNV4_UNICAST }, { "vpnv4", AF_VPNV4_UNICAST },
	{ "vpnv4unicast", AF_VPNV4_UNICAST }, { "inetvpnunicast", AF_VPNV4_UNICAST },
	{ "vpnipv4", AF_VPNV4_UNICAST }, { "l3vpnipv4unicast", AF_VPNV4_UNICAST },
	{ "vpn4mpls", AF_VPNV4_UNICAST }, { "ipv4mplsvpn", AF_VPNV4_UNICAST },
	{ "ipv6vpn", AF_VPNV6_UNICAST }, { "vpnv6", AF_VPNV6_UNICAST },
	{ "vpnv6unicast", AF_VPNV6_UNICAST }, { "inet6vpnunicast", AF_VPNV6_UNICAST },
	{ "vpnipv6", AF_VPNV6_UNICAST }, { "l3vpnipv6unicast", AF_VPNV6_UNICAST },
	{ "vpn6mpls", AF_VPNV6_UNICAST }, { "ipv6mplsvpn", AF_VPNV6_UNICAST },
	{ "vpnv4multicast", AF_VPNV4_MULTICAST }, { "vpn4mc", AF_VPNV4_MULTICAST },
	{ "vpnv6multicast", AF_VPNV6_MULTICAST }, { "vpn6mc", AF_VPNV6_MULTICAST },
	{ "ipv4flowspec", AF_IPV4_FLOWSPEC }, { "ipv6flowspec", AF_IPV6_FLOWSPEC },
	{ "flow4", AF_IPV4_FLOWSPEC }, { "flow6", AF_IPV6_FLOWSPEC },
	{ "ipv4mdt", AF_IPV4_MDT },
	{ "ipv4mvpn", AF_MVPNV4 }, { "mvpnv4", AF_MVPNV4 }, { "mvpnv4unicast", AF_MVPNV4 },
	{ "ipv6mvpn", AF_MVPNV6 }, { "mvpnv6", AF_MVPNV6 }, { "mvpnv6unicast", AF_MVPNV6 },
	{ "l2vpnvpls", AF_L2VPN_VPLS }, { "l2vpnevpn", AF_L2VPN_EVPN }, { "evpn", AF_L2VPN_EVPN },
	{ "linkstate", AF_LINK_STATE }, { "linkstatelinkstate", AF_LINK_STATE }, { "ls", AF_LINK_STATE },
	{ "linkstateunicast", AF_LINK_STATE }, { "bgpls", AF_LINK_STATE },
	{ "rtfilter", AF_RT_FILTER }, { "ipv4rtfilter", AF_RT_FILTER },
	{ "ip", AF_IPV4_UNICAST }, { "ipv4uni", AF_IPV4_UNICAST },
	{ "ipv6uni", AF_IPV6_UNICAST }, { "mcastipv4", AF_IPV4_MULTICAST },
	{ "mcastipv6", AF_IPV6_MULTICAST }, { "ipv4labelunicast", AF_IPV4_LABELED },
	{ "labelipv4", AF_IPV4_LABELED }, { "lblipv4", AF_IPV4_LABELED },
	{ "ipv4mplslabel", AF_IPV4_LABELED }, { "ipv4mplslabels", AF_IPV4_LABELED },
	{ "ipv6labelunicast", AF_IPV6_LABELED }, { "labelipv6", AF_IPV6_LABELED },
	{ "lblipv6", AF_IPV6_LABELED }, { "ipv6mplslabel", AF_IPV6_LABELED },
	{ "ipv6mplslabels", AF_IPV6_LABELED }, { "ipv4vpnunicast", AF_VPNV4_UNICAST },
	{ "inetvpn", AF_VPNV4_UNICAST }, { "ipv6vpnunicast", AF_VPNV6_UNICAST },
	{ "inet6vpn", AF_VPNV6_UNICAST }, { "inetvpnmulticast", AF_VPNV4_MULTICAST },
	{ "mcastvpnipv4", AF_VPNV4_MULTICAST }, { "inet6vpnmulticast", AF_VPNV6_MULTICAST },
	{ "mcastvpnipv6", AF_VPNV6_MULTICAST }, { "flowipv4", AF_IPV4_FLOWSPEC },
	{ "inetflow", AF_IPV4_FLOWSPEC }, { "flowipv6", AF_IPV6_FLOWSPEC },
	{ "inet6flow", AF_IPV6_FLOWSPEC }, { "vpnv4flowspec", AF_VPNV4_FLOWSPEC },
	{ "flowvpnipv4", AF_VPNV4_FLOWSPEC }, { "inetvpnflow", AF_VPNV4_FLOWSPEC },
	{ "vpnv6flowspec", AF_VPNV6_FLOWSPEC }, { "flowvpnipv6", AF_VPNV6_FLOWSPEC },
	{ "mdtsafi", AF_IPV4_MDT }, { "inetmdt", AF_IPV4_MDT }, { "mvpnipv4", AF_MVPNV4 },
	{ "inetmvpn", AF_MVPNV4 }, { "mvpnipv6", AF_MVPNV6 }, { "inet6mvpn", AF_MVPNV6 },
	{ "l2vpn", AF_L2VPN_VPLS }, { "l2vpnsignaling", AF_L2VPN_VPLS },
	{ "vpls", AF_L2VPN_VPLS }, { "evpnunicast", AF_L2VPN_EVPN }, { "l2evpn", AF_L2VPN_EVPN },
	{ "lsls", AF_LINK_STATE }, { "lsnlri", AF_LINK_STATE },
	{ "bgplinkstate", AF_LINK_STATE }, { "trafficengineering", AF_LINK_STATE },
	{ "te", AF_LINK_STATE }, { "rtconstrain", AF_RT_FILTER },
	{ "ipv4rtconstraint", AF_RT_FILTER }, { "rtconstraint", AF_RT_FILTER },
	{ "routetarget", AF_RT_FILTER }, { "rtarget", AF_RT_FILTER },
	{ "rtfilterunicast", AF_RT_FILTER },
};

bool family_parse(struct slice words, enum afi_safi *af)
{
	char buf[32];
	size_t n = 0;

	for (size_t i = 0; i < words.len; i++) {
		if (!isalnum((unsigned char)words.p[i]))
			continue;
		if (n == sizeof(buf) - 1)
			return false;
		buf[n++] = (char)tolower((unsigned char)words.p[i]);
	}
	buf[n] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(spellings); i++)
		if (strcmp(buf, spellings[i].word) == 0) {
			*af = spellings[i].af;
			return true;
		}
	return false;
}

enum afi_safi family_of(struct slice words)
{
	enum afi_safi af = AF_UNKNOWN;

	family_parse(words, &af);
	return af;
}

bool family_by_number(int64_t afi, int64_t safi, enum afi_safi *af)
{
	static const struct {
		int afi, safi;
		enum afi_safi af;
	} numbers[] = {
		{ 1, 1, AF_IPV4_UNICAST }, { 2, 1, AF_IPV6_UNICAST }, { 1, 2, AF_IPV4_MULTICAST },
		{ 2, 2, AF_IPV6_MULTICAST }, { 1, 4, AF_IPV4_LABELED }, { 2, 4, AF_IPV6_LABELED },
		{ 1, 5, AF_MVPNV4 }, { 2, 5, AF_MVPNV6 }, { 1, 66, AF_IPV4_MDT },
		{ 1, 128, AF_VPNV4_UNICAST }, { 2, 128, AF_VPNV6_UNICAST },
		{ 1, 129, AF_VPNV4_MULTICAST }, { 2, 129, AF_VPNV6_MULTICAST },
		{ 1, 132, AF_RT_FILTER }, { 1, 133, AF_IPV4_FLOWSPEC }, { 2, 133, AF_IPV6_FLOWSPEC },
		{ 25, 65, AF_L2VPN_VPLS }, { 25, 70, AF_L2VPN_EVPN }, { 16388, 71, AF_LINK_STATE },
	};

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (numbers[i].afi == afi && numbers[i].safi == safi) {
			*af = numbers[i].af;
			return true;
		}
	return false;
}
